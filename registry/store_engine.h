/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_ENGINE_H
#define JIG_REGISTRY_STORE_ENGINE_H
/*
 * What the store is made of: an engine (transactions over tables) and a queue with the committer.
 * Only the store*.c files include this. The engine also implements reading, putting and cursors of
 * registry/store.h.
 */
#include "registry/store.h"

struct store_engine;
struct store_queue;

struct store {
    struct store_engine *engine;
    struct store_queue *queue;
};

/* Opens the engine's files in an existing folder. */
ERR_MUST_USE enum err_code engine_open(
    const struct store_options *options, struct store_engine **engine, struct err *err);
void engine_close(struct store_engine *engine);

/* Begins the write transaction; there is one at a time in the whole process, the others wait.
 * `alone`: it is of a single change, and its end is waited for by one only; a small one is not
 * written to the journal then. */
ERR_MUST_USE enum err_code engine_write_begin(
    struct store *store, bool alone, struct store_txn *txn, struct err *err);
/* Puts the new state in place of the old one, or leaves no trace. Ends the transaction in both
 * cases. All of the state is on the disk then but the page that names it: it is durable after
 * engine_confirm of `state`, and shown to no reader before. A kill of the process
 * in between loses nothing, a loss of power goes back to the state before. */
ERR_MUST_USE enum err_code engine_write_commit(
    struct store_txn *txn, uint64_t *state, struct err *err);
/* Ends it without a trace; `state`, unless NULL, is the one that it has seen. */
void engine_write_abort(struct store_txn *txn, uint64_t *state);

/* Waits until the disk has this state and all before it; beside a write transaction of another
 * thread. ERR_STORE when the disk refuses: what was written may be lost with the power, and from
 * then on every change is refused until the store is opened anew. */
ERR_MUST_USE enum err_code engine_confirm(
    struct store_engine *engine, uint64_t state, struct err *err);

/* True when the write transaction failed only because the reserved address space is used up;
 * engine_grow doubles it, as soon as no transaction of this process is active. */
bool engine_is_full(const struct store_engine *engine);
ERR_MUST_USE enum err_code engine_grow(struct store_engine *engine, struct err *err);

/* Puts the engine's words for the failure of the write transaction into `err`. */
enum err_code engine_explain(const struct store_txn *txn, struct err *err);

/* Copies one moment into an existing folder. */
ERR_MUST_USE enum err_code engine_copy(
    struct store_engine *engine, const char *dir, struct err *err);

const char *engine_folder(const struct store_engine *engine);

void engine_statistics(struct store_engine *engine, struct store_stats *stats);

ERR_MUST_USE enum err_code queue_start(
    struct store *store, bool no_group, struct store_queue **queue, struct err *err);
/* Waits until everything queued is answered, then ends the committer. */
void queue_stop(struct store_queue *queue);
void queue_statistics(struct store_queue *queue, struct store_stats *stats);

#endif

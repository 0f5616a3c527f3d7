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

/* Begins the write transaction; there is one at a time in the whole process, the others wait. */
ERR_MUST_USE enum err_code engine_write_begin(
    struct store *store, struct store_txn *txn, struct err *err);
/* Makes it durable, or leaves no trace. Ends the transaction in both cases. */
ERR_MUST_USE enum err_code engine_write_commit(struct store_txn *txn, struct err *err);
void engine_write_abort(struct store_txn *txn);

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

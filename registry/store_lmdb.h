/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_LMDB_H
#define JIG_REGISTRY_STORE_LMDB_H
/*
 * The inside of the LMDB engine, shared by store_lmdb.c (environment, transactions),
 * store_durable.c (what the disk has) and store_tables.c (reading, putting, cursors) only.
 */
#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "registry/store_engine.h"
#include "registry/store_journal.h"

enum {
    READER_PLACES = 32,
    READERS_OF_PLACE = 8, /* as many as stand in one line of the processor's cache */
};

/* Where the threads that share it leave their reset read transactions for the next time. */
struct reader_place {
    _Atomic(MDB_txn *) readers[READERS_OF_PLACE];
};

struct store_engine {
    MDB_env *env; /* NULL after a failed reopening */
    MDB_dbi dbis[STORE_TABLE_COUNT];
    char *dir;
    int lock_fd; /* of LMDB's table of readers, -1: none; see reserve_readers */
    size_t map_bytes;
    unsigned readers;
    pthread_rwlock_t growing;    /* shared: a transaction is active; alone: resizing */
    struct reader_place *places; /* READER_PLACES of them */
    int failure; /* LMDB's first failure in the write transaction; by its thread only */

    /* Numbers of transactions; see engine_write_commit. */
    _Atomic uint64_t visible; /* the newest of this process, shown or about to be */
    _Atomic uint64_t durable; /* the newest that is known to be on the disk, … */
    _Atomic uint64_t synced;  /* … in LMDB's file, without the journal */
    _Atomic bool refused;     /* the disk did not take a state that was shown already */
    pthread_mutex_t durable_lock;
    pthread_cond_t durable_moved; /* any of the three, for readers that wait */
    /* Of LMDB's file, to wait for the disk with: what the disk refuses is told once to each open
     * file, and LMDB has to hear it from its own. -1: none. */
    int confirm_fd;
    pthread_mutex_t confirm_lock; /* one thread at a time waits with it */
    struct journal *journal;
};

/* What a result of LMDB means to callers, without and with words. */
enum err_code engine_code(int rc);
enum err_code engine_say(struct err *err, int rc, const char *doing);

/* States that are durable or not, in store_durable.c. */

/* All states up to this one are: those who wait for it go on. */
void durable_move(struct store_engine *engine, uint64_t state);
/* … in LMDB's file. */
void durable_move_synced(struct store_engine *engine, uint64_t state);
/* After a commit that failed behind the state `before`. */
void durable_forget_refusal(struct store_engine *engine, uint64_t before);
enum err_code durable_say_refused(struct err *err, const char *reason);
/* Waits until an answer may tell of this state, a `_to_show` one also when another process has made
 * it. */
void durable_wait(struct store_engine *engine, uint64_t state);
void durable_wait_to_show(struct store_engine *engine, uint64_t state);
/* What is there when the environment is opened becomes so. */
enum err_code durable_opened(struct store_engine *engine, struct err *err);

#endif

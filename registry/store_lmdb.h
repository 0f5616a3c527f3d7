/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_LMDB_H
#define JIG_REGISTRY_STORE_LMDB_H
/*
 * The inside of the LMDB engine, shared by store_lmdb.c (environment, transactions) and
 * store_tables.c (reading, putting, cursors) only.
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
    struct journal *journal;      /* NULL: none is kept */
};

/* What a result of LMDB means to callers. */
enum err_code engine_code(int rc);

#endif

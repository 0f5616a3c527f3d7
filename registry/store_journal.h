/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_JOURNAL_H
#define JIG_REGISTRY_STORE_JOURNAL_H
/*
 * What the last transactions have changed, once more, in a small file beside LMDB's.
 *
 * LMDB's file is always whole, but it names the newest state only after a second wait for the disk.
 * Instead the changes of a transaction are written here while LMDB waits for its pages: when both
 * are on the disk, a loss of power loses nothing, because opening the store makes the changes again
 * that LMDB's file does not name yet. The file never decides whether LMDB's is whole.
 *
 * The file has two slots of JOURNAL_SLOT bytes, which take turns:
 *
 *     check sum of all that follows (16 bytes), magic (8), number of the transaction before (8),
 * mark of the state before (8), bytes of changes (8), changes (store_redo.h)
 *
 * Numbers are those of the machine, as in LMDB's file. Every transaction, also one that is not
 * written here, puts a new random mark into the table of counters; what is in a slot is made again
 * only in the very state that it was written after, not in another one of the same number. Who puts
 * an older copy in the place of LMDB's file removes the journal that was left beside it.
 *
 * One process at a time keeps the file of a store, by a lock that ends with the process; others
 * wait for the disk twice. So does a transaction that does not fit into a slot, and one of a single
 * small change: it would be written twice to wait a little less.
 */
#include <lmdb.h>
#include <stdbool.h>
#include <stdint.h>

#include "registry/store_redo.h"

enum {
    JOURNAL_SLOT = 256 * 1024, /* bytes */
    JOURNAL_AFTER = 16,        /* transactions of a process that would be noted before one is */
    JOURNAL_ALONE = 32 * 1024, /* bytes of large values that make a single change worth it */
};

struct journal;

/* Opens a file of the store's folder, closed in other programs; -1 with errno. */
int store_open_in(const char *dir, const char *name, int flags);

/* NULL without memory. No file is touched before it is begun; the caller frees it. */
struct journal *journal_new(const char *dir);

/* Ends it. `synced`: all that it has is on the disk in LMDB's file, so that it may be emptied. NULL
 * is fine here, nowhere else. */
void journal_free(struct journal *journal, bool synced);

/* Begins to note the changes of a transaction, which are `alone` when nobody else has some; by the
 * thread that writes, like all of the next. */
void journal_begin(struct journal *journal, bool alone);
/* As redo_put and redo_delete. */
void journal_put(struct journal *journal, enum store_table table, const void *key, size_t key_len,
    const void *value, size_t len);
void journal_delete(
    struct journal *journal, enum store_table table, const void *key, size_t key_len);

/* Marks the new state and begins to write what was noted, right before LMDB commits `txn`. A result
 * of LMDB: what is not MDB_SUCCESS failed the transaction. */
int journal_start(struct journal *journal, MDB_txn *txn, const MDB_dbi *tables);

/* After that commit has failed: what was begun is undone. False when the disk refuses, so that the
 * changes could still be made when the store is opened again. */
bool journal_take_back(struct journal *journal);

/* Waits until this state is on the disk, if it is one that was written here; false: it is not. By
 * any thread. */
bool journal_has(struct journal *journal, uint64_t state);

/* A file that was left behind, and its lock. */
struct journal_left {
    int file; /* -1: there is none, or another process keeps it */
};

/* Looks for it when a store is opened; waits for others who do until they are done. A result of
 * LMDB. */
int journal_left_open(const char *dir, struct journal_left *left);
/* Makes the changes that follow the state which `txn` has begun with; MDB_NOTFOUND when there are
 * none. To be asked again in the next transaction. */
int journal_left_replay(const struct journal_left *left, MDB_txn *txn, const MDB_dbi *tables);
/* Lets go of it. `synced` as for journal_free. */
void journal_left_close(struct journal_left *left, bool synced);

#endif

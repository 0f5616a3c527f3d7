/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_REDO_H
#define JIG_REGISTRY_STORE_REDO_H
/*
 * The changes of one transaction as bytes, from which they can be made again in the state that it
 * began with. A change is:
 *
 *     kind (1 byte), table (1), bytes of the key (2), bytes of the value (4), key, value
 *
 * Numbers are those of the machine, as in LMDB's file. Of a large value that took the place of one
 * of the same size only what differs is kept: any number of offset (4), length (4) and bytes.
 */
#include <lmdb.h>
#include <stdbool.h>

#include "registry/store.h"

enum { REDO_LARGE = 512 }; /* bytes of a value that is looked at when the transaction ends */

/* In the caller's memory; zeroed: nothing is noted, only counted. */
struct redo {
    unsigned char *bytes; /* NULL: they did not fit */
    size_t len;
    size_t room;
    size_t large;    /* bytes of all values that are looked at at the end, … */
    bool unfinished; /* … of which there are some */
};

/* Notes a value that is put; NULL: one that the caller fills in later. */
void redo_put(struct redo *redo, enum store_table table, const void *key, size_t key_len,
    const void *value, size_t len);
void redo_delete(struct redo *redo, enum store_table table, const void *key, size_t key_len);

/* Adds what was left for the end. `before`: a transaction that reads the state before, or NULL.
 * False: they do not fit. */
bool redo_finish(struct redo *redo, MDB_txn *before, MDB_txn *txn, const MDB_dbi *tables);

/* Makes them in `txn`. A result of LMDB, MDB_CORRUPTED for bytes that are no changes of the state
 * `before`. */
int redo_apply(const struct redo *redo, MDB_txn *before, MDB_txn *txn, const MDB_dbi *tables);

#endif

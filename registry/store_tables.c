/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading, putting and cursors over the tables of an LMDB transaction. The first failure sticks in
 * the transaction: every later call gives it back and changes nothing.
 */
#include "registry/store_lmdb.h"

#include <string.h>

/* LMDB takes keys by a pointer that is not const but never writes through it. */
static MDB_val val_of(const void *bytes, size_t len)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = bytes};
    return (MDB_val){.mv_size = len, .mv_data = pointer.out};
}

static MDB_dbi dbi_of(const struct store_txn *txn, enum store_table table)
{
    return txn->store->engine->dbis[table];
}

static enum err_code fail(struct store_txn *txn, int rc)
{
    txn->failed = engine_code(rc);
    if (txn->writing) {
        txn->store->engine->failure = rc;
    }
    return txn->failed;
}

static bool may_change(struct store_txn *txn)
{
    if (txn->failed == ERR_OK && !txn->writing) {
        txn->failed = ERR_INTERNAL;
    }
    return txn->failed == ERR_OK;
}

enum err_code store_get(struct store_txn *txn, enum store_table table, const void *key,
    size_t key_len, struct store_bytes *value)
{
    if (txn->failed != ERR_OK) {
        return txn->failed;
    }
    MDB_val k = val_of(key, key_len);
    MDB_val v;
    int rc = mdb_get(txn->txn, dbi_of(txn, table), &k, &v);
    if (rc == MDB_NOTFOUND) {
        return ERR_NOT_FOUND;
    }
    if (rc != MDB_SUCCESS) {
        return fail(txn, rc);
    }
    *value = (struct store_bytes){.bytes = v.mv_data, .len = v.mv_size};
    return ERR_OK;
}

enum err_code store_put(struct store_txn *txn, enum store_table table, const void *key,
    size_t key_len, const void *value, size_t len)
{
    if (!may_change(txn)) {
        return txn->failed;
    }
    MDB_val k = val_of(key, key_len);
    MDB_val v = val_of(value, len);
    txn->changed = true;
    journal_put(txn->store->engine->journal, table, key, key_len, value, len);
    int rc = mdb_put(txn->txn, dbi_of(txn, table), &k, &v, 0);
    return rc == MDB_SUCCESS ? ERR_OK : fail(txn, rc);
}

enum err_code store_reserve(struct store_txn *txn, enum store_table table, const void *key,
    size_t key_len, size_t len, void **value)
{
    if (!may_change(txn)) {
        return txn->failed;
    }
    MDB_val k = val_of(key, key_len);
    MDB_val v = {.mv_size = len};
    txn->changed = true;
    journal_put(txn->store->engine->journal, table, key, key_len, NULL, len);
    int rc = mdb_put(txn->txn, dbi_of(txn, table), &k, &v, MDB_RESERVE);
    if (rc != MDB_SUCCESS) {
        return fail(txn, rc);
    }
    *value = v.mv_data;
    return ERR_OK;
}

enum err_code store_delete(
    struct store_txn *txn, enum store_table table, const void *key, size_t key_len)
{
    if (!may_change(txn)) {
        return txn->failed;
    }
    MDB_val k = val_of(key, key_len);
    journal_delete(txn->store->engine->journal, table, key, key_len);
    int rc = mdb_del(txn->txn, dbi_of(txn, table), &k, NULL);
    if (rc == MDB_NOTFOUND) {
        return ERR_NOT_FOUND;
    }
    txn->changed = true;
    return rc == MDB_SUCCESS ? ERR_OK : fail(txn, rc);
}

/* ------------------------------------------------------------------ cursors */

enum err_code store_cursor_open(
    struct store_txn *txn, enum store_table table, struct store_cursor *cursor)
{
    *cursor = (struct store_cursor){.txn = txn};
    if (txn->failed != ERR_OK) {
        return txn->failed;
    }
    MDB_cursor *opened = NULL;
    int rc = mdb_cursor_open(txn->txn, dbi_of(txn, table), &opened);
    cursor->cursor = opened;
    return rc == MDB_SUCCESS ? ERR_OK : fail(txn, rc);
}

void store_cursor_close(struct store_cursor *cursor)
{
    if (cursor != NULL && cursor->cursor != NULL) {
        mdb_cursor_close(cursor->cursor);
        cursor->cursor = NULL;
    }
}

/* `key` NULL: an operation without one. */
static bool move(struct store_cursor *cursor, const void *key, size_t key_len, MDB_cursor_op op)
{
    if (cursor->cursor == NULL || cursor->txn->failed != ERR_OK) {
        return false;
    }
    MDB_val k = val_of(key, key_len);
    MDB_val v;
    int rc = mdb_cursor_get(cursor->cursor, &k, &v, op);
    if (rc != MDB_SUCCESS) {
        if (rc != MDB_NOTFOUND) {
            fail(cursor->txn, rc);
        }
        return false;
    }
    cursor->key = (struct store_bytes){.bytes = k.mv_data, .len = k.mv_size};
    cursor->value = (struct store_bytes){.bytes = v.mv_data, .len = v.mv_size};
    return true;
}

bool store_cursor_seek(struct store_cursor *cursor, const void *key, size_t key_len)
{
    return key_len == 0 ? move(cursor, NULL, 0, MDB_FIRST)
                        : move(cursor, key, key_len, MDB_SET_RANGE);
}

bool store_cursor_next(struct store_cursor *cursor)
{
    return move(cursor, NULL, 0, MDB_NEXT);
}

bool store_cursor_previous(struct store_cursor *cursor)
{
    return move(cursor, NULL, 0, MDB_PREV);
}

bool store_cursor_last(struct store_cursor *cursor)
{
    return move(cursor, NULL, 0, MDB_LAST);
}

bool store_cursor_seek_back(struct store_cursor *cursor, const void *key, size_t key_len)
{
    if (!store_cursor_seek(cursor, key, key_len)) {
        return store_cursor_last(cursor);
    }
    if (cursor->key.len == key_len && memcmp(cursor->key.bytes, key, key_len) == 0) {
        return true;
    }
    return store_cursor_previous(cursor);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/store_redo.h"

#include <stdint.h>
#include <string.h>

enum {
    CHANGE_HEAD = 8,
    RANGE_HEAD = 8,
    COARSE = 4096, /* bytes that are compared at once */
    FINE = 64,     /* of which a range is made */
};

enum { CHANGE_NONE, CHANGE_PUT, CHANGE_DELETE, CHANGE_LARGE, CHANGE_RANGES };

struct change {
    int kind;
    enum store_table table;
    MDB_val key;
    MDB_val value;
};

/* ------------------------------------------------------------------ bytes */

static unsigned char *take(struct redo *redo, size_t len)
{
    if (redo->bytes == NULL || len > redo->room - redo->len) {
        redo->bytes = NULL;
        return NULL;
    }
    redo->len += len;
    return redo->bytes + redo->len - len;
}

static void set_u32(unsigned char *to, size_t value)
{
    const uint32_t number = (uint32_t)value;
    memcpy(to, &number, sizeof number);
}

static size_t u32_at(const unsigned char *from)
{
    uint32_t number;
    memcpy(&number, from, sizeof number);
    return number;
}

/* Where the value is written; NULL: it does not fit. */
static unsigned char *add(struct redo *redo, int kind, enum store_table table, const void *key,
    size_t key_len, size_t len)
{
    const uint16_t key_bytes = (uint16_t)key_len;
    unsigned char *to = len > UINT32_MAX ? NULL : take(redo, CHANGE_HEAD + key_len + len);
    if (to == NULL) {
        redo->bytes = NULL;
        return NULL;
    }
    to[0] = (unsigned char)kind;
    to[1] = (unsigned char)table;
    memcpy(to + 2, &key_bytes, sizeof key_bytes);
    set_u32(to + 4, len);
    memcpy(to + CHANGE_HEAD, key, key_len);
    return to + CHANGE_HEAD + key_len;
}

/* The change at `*at`, which moves behind it; false at `end`, or when there is none. */
static bool next(const struct redo *redo, size_t end, size_t *at, struct change *change)
{
    uint16_t key_len;
    if (end - *at < CHANGE_HEAD) {
        return false;
    }
    unsigned char *from = redo->bytes + *at;
    memcpy(&key_len, from + 2, sizeof key_len);
    size_t len = u32_at(from + 4);
    size_t rest = end - *at - CHANGE_HEAD;
    if (from[1] >= STORE_TABLE_COUNT || key_len > rest || len > rest - key_len) {
        return false;
    }
    *change = (struct change){.kind = from[0],
        .table = from[1],
        .key = {.mv_size = key_len, .mv_data = from + CHANGE_HEAD},
        .value = {.mv_size = len, .mv_data = from + CHANGE_HEAD + key_len}};
    *at += CHANGE_HEAD + key_len + len;
    return true;
}

/* ------------------------------------------------------------------ noting */

void redo_put(struct redo *redo, enum store_table table, const void *key, size_t key_len,
    const void *value, size_t len)
{
    bool large = value == NULL || len >= REDO_LARGE;
    redo->large += large ? len : 0;
    redo->unfinished = redo->unfinished || large;
    if (redo->bytes == NULL) {
        return;
    }
    unsigned char *to =
        add(redo, large ? CHANGE_LARGE : CHANGE_PUT, table, key, key_len, large ? 0 : len);
    if (to != NULL && !large && len > 0) {
        memcpy(to, value, len);
    }
}

void redo_delete(struct redo *redo, enum store_table table, const void *key, size_t key_len)
{
    if (redo->bytes != NULL) {
        add(redo, CHANGE_DELETE, table, key, key_len, 0);
    }
}

/* ------------------------------------------------------------------ what differs */

/* The end of what is the same from `at` on, in steps of FINE bytes. */
static size_t same_until(const unsigned char *old, const unsigned char *new, size_t len, size_t at)
{
    while (len - at >= COARSE && memcmp(old + at, new + at, COARSE) == 0) {
        at += COARSE;
    }
    while (len - at >= FINE && memcmp(old + at, new + at, FINE) == 0) {
        at += FINE;
    }
    return len - at < FINE && memcmp(old + at, new + at, len - at) == 0 ? len : at;
}

static size_t different_until(
    const unsigned char *old, const unsigned char *new, size_t len, size_t at)
{
    do {
        at = len - at > FINE ? at + FINE : len;
    } while (at < len && len - at >= FINE && memcmp(old + at, new + at, FINE) != 0);
    return at;
}

/* Adds the ranges to the change that was added last; false when they are more than half of it all,
 * or do not fit. */
static bool add_ranges(
    struct redo *redo, unsigned char *len_at, const MDB_val *old, const MDB_val *new)
{
    const unsigned char *bytes = new->mv_data;
    size_t len = new->mv_size;
    size_t begun = redo->len;
    size_t at = same_until(old->mv_data, bytes, len, 0);
    while (at < len) {
        size_t end = different_until(old->mv_data, bytes, len, at);
        unsigned char *to = NULL;
        if (redo->len - begun < len / 2) {
            to = take(redo, RANGE_HEAD + end - at);
        }
        if (to == NULL) {
            return false;
        }
        set_u32(to, at);
        set_u32(to + 4, end - at);
        memcpy(to + RANGE_HEAD, bytes + at, end - at);
        at = same_until(old->mv_data, bytes, len, end);
    }
    set_u32(len_at, redo->len - begun);
    return true;
}

/* The value of a key as it is at the end. What was removed since then has noted that itself. */
static void add_large(struct redo *redo, const struct change *change, MDB_txn *before, MDB_txn *txn,
    const MDB_dbi *tables)
{
    MDB_val key = change->key;
    MDB_val new;
    MDB_val old;
    const MDB_dbi table = tables[change->table];
    if (mdb_get(txn, table, &key, &new) != MDB_SUCCESS) {
        return;
    }
    struct redo undone = *redo;
    if (before != NULL && mdb_get(before, table, &key, &old) == MDB_SUCCESS &&
        old.mv_size == new.mv_size) {
        unsigned char *to = add(redo, CHANGE_RANGES, change->table, key.mv_data, key.mv_size, 0);
        if (to != NULL && add_ranges(redo, to - key.mv_size - 4, &old, &new)) {
            return;
        }
        *redo = undone;
    }
    unsigned char *to = add(redo, CHANGE_PUT, change->table, key.mv_data, key.mv_size, new.mv_size);
    if (to != NULL) {
        memcpy(to, new.mv_data, new.mv_size);
    }
}

bool redo_finish(struct redo *redo, MDB_txn *before, MDB_txn *txn, const MDB_dbi *tables)
{
    struct change change;
    size_t at = 0;
    const size_t end = redo->len;
    while (redo->bytes != NULL && redo->unfinished && next(redo, end, &at, &change)) {
        if (change.kind == CHANGE_LARGE) {
            add_large(redo, &change, before, txn, tables);
        }
    }
    return redo->bytes != NULL;
}

/* ------------------------------------------------------------------ making them again */

static bool fill_ranges(unsigned char *to, size_t len, const MDB_val *ranges)
{
    const unsigned char *from = ranges->mv_data;
    size_t rest = ranges->mv_size;
    while (rest >= RANGE_HEAD) {
        size_t at = u32_at(from);
        size_t part = u32_at(from + 4);
        if (part > rest - RANGE_HEAD || at > len || part > len - at) {
            return false;
        }
        memcpy(to + at, from + RANGE_HEAD, part);
        from += RANGE_HEAD + part;
        rest -= RANGE_HEAD + part;
    }
    return rest == 0;
}

static int put_ranges(struct change *change, MDB_txn *before, MDB_txn *txn, MDB_dbi table)
{
    MDB_val old;
    int rc = mdb_get(before, table, &change->key, &old);
    if (rc != MDB_SUCCESS) {
        return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
    }
    MDB_val new = {.mv_size = old.mv_size};
    rc = mdb_put(txn, table, &change->key, &new, MDB_RESERVE);
    if (rc != MDB_SUCCESS) {
        return rc;
    }
    memcpy(new.mv_data, old.mv_data, old.mv_size);
    return fill_ranges(new.mv_data, new.mv_size, &change->value) ? MDB_SUCCESS : MDB_CORRUPTED;
}

int redo_apply(const struct redo *redo, MDB_txn *before, MDB_txn *txn, const MDB_dbi *tables)
{
    struct change change;
    size_t at = 0;
    int rc = MDB_SUCCESS;
    while (rc == MDB_SUCCESS && next(redo, redo->len, &at, &change)) {
        const MDB_dbi table = tables[change.table];
        if (table == 0) { /* there is no such table */
            rc = MDB_CORRUPTED;
        } else if (change.kind == CHANGE_PUT) {
            rc = mdb_put(txn, table, &change.key, &change.value, 0);
        } else if (change.kind == CHANGE_RANGES) {
            rc = put_ranges(&change, before, txn, table);
        } else if (change.kind == CHANGE_DELETE) {
            rc = mdb_del(txn, table, &change.key, NULL);
            rc = rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
        }
    }
    return rc == MDB_SUCCESS && at != redo->len ? MDB_CORRUPTED : rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The log of a store that was made before there was one. */
#include <stdlib.h>
#include <string.h>

#include "registry/document_record.h"
#include "registry/log.h"

struct entries {
    struct log_entry *list;
    size_t count;
    size_t room;
};

static enum err_code add(struct entries *entries, const struct log_entry *entry)
{
    if (entries->count == entries->room) {
        size_t room = entries->room == 0 ? 1024 : 2 * entries->room;
        struct log_entry *list = realloc(entries->list, room * sizeof *list);
        if (list == NULL) {
            return ERR_NO_MEMORY;
        }
        entries->list = list;
        entries->room = room;
    }
    entries->list[entries->count++] = *entry;
    return ERR_OK;
}

static int compare_place(const void *left, const void *right)
{
    const struct log_entry *a = left;
    const struct log_entry *b = right;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_time(const void *left, const void *right)
{
    const struct log_entry *a = left;
    const struct log_entry *b = right;
    if (a->time_ms != b->time_ms) {
        return a->time_ms < b->time_ms ? -1 : 1;
    }
    int place = compare_place(a, b);
    return place != 0 ? place : (a->revision > b->revision) - (a->revision < b->revision);
}

static enum err_code add_id(const struct store_cursor *cursor, struct entries *ids)
{
    const unsigned char *key = cursor->key.bytes;
    if (cursor->key.len != 2 + STORE_HASH_BYTES || cursor->value.len <= 8) {
        return ERR_STORE;
    }
    struct log_entry entry = {
        .kind = (enum registry_kind)key[0], .number = value_u64(cursor->value.bytes)};
    memcpy(entry.id, key + 1, STORE_HASH_BYTES);
    return add(ids, &entry);
}

static enum err_code add_revision(const struct store_cursor *cursor, struct entries *revisions)
{
    const unsigned char *key = cursor->key.bytes;
    struct revision_record record;
    if (cursor->key.len != 17 ||
        !revision_read(cursor->value, key_number_at(cursor->key, 9), &record)) {
        return ERR_STORE;
    }
    struct log_entry entry = {.kind = (enum registry_kind)key[0],
        .number = key_number_at(cursor->key, 1),
        .revision = record.said.revision,
        .time_ms = record.said.time_ms};
    store_hash(cursor->value.bytes, cursor->value.len, entry.record);
    return add(revisions, &entry);
}

static enum err_code collect(struct store_txn *txn, enum store_table table, struct entries *entries,
    enum err_code (*take)(const struct store_cursor *cursor, struct entries *entries))
{
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(txn, table, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    for (bool more = store_cursor_seek(&cursor, "", 0); more && code == ERR_OK;
         more = store_cursor_next(&cursor)) {
        code = take(&cursor, entries);
    }
    store_cursor_close(&cursor);
    return code == ERR_OK ? txn->failed : code;
}

static enum err_code append_all(
    struct store_txn *txn, const struct entries *ids, struct entries *revisions)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < revisions->count && code == ERR_OK; i++) {
        struct log_entry *entry = &revisions->list[i];
        const struct log_entry *id =
            bsearch(entry, ids->list, ids->count, sizeof *ids->list, compare_place);
        if (id == NULL) {
            return ERR_STORE;
        }
        memcpy(entry->id, id->id, STORE_HASH_BYTES);
        code = log_append(txn, entry);
    }
    return code;
}

/* Revisions of one thing follow each other in time, unless a clock was set back: then their order
 * in the log is that of the clock, and the chain is as good. */
static enum err_code upgrade(struct store_txn *txn, void *context, struct err *err)
{
    struct entries ids = {.list = NULL};
    struct entries revisions = {.list = NULL};
    struct log_entry last;
    (void)context;
    enum err_code code = log_last(txn, &last);
    if (code == ERR_NOT_FOUND) {
        code = collect(txn, STORE_IDS, &ids, add_id);
        if (code == ERR_OK) {
            code = collect(txn, STORE_REVISIONS, &revisions, add_revision);
        }
        if (code == ERR_OK && revisions.count > 0) {
            qsort(ids.list, ids.count, sizeof *ids.list, compare_place);
            qsort(revisions.list, revisions.count, sizeof *revisions.list, compare_time);
            code = append_all(txn, &ids, &revisions);
        }
    }
    free(ids.list);
    free(revisions.list);
    return code == ERR_OK ? ERR_OK
                          : err_set(err, code, "the log cannot be made from the histories");
}

/* True when there are revisions and no log. */
static enum err_code is_needed(struct store *store, bool *needed, struct err *err)
{
    struct store_txn txn;
    struct store_cursor cursor;
    struct log_entry last;
    enum err_code code = store_read(store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    *needed = false;
    if (log_last(&txn, &last) == ERR_NOT_FOUND &&
        store_cursor_open(&txn, STORE_REVISIONS, &cursor) == ERR_OK) {
        *needed = store_cursor_last(&cursor);
        store_cursor_close(&cursor);
    }
    code = txn.failed;
    store_end(&txn);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
}

enum err_code log_upgrade(struct store *store, struct err *err)
{
    bool needed = false;
    enum err_code code = is_needed(store, &needed, err);
    return code == ERR_OK && needed ? store_write(store, upgrade, NULL, err) : code;
}

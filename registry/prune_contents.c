/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/prune_contents.h"

#include <stdlib.h>
#include <string.h>

#include "registry/log.h"

enum {
    FIRST_ROOM = 64,
    LOOKED_THROUGH = 4096, /* entries of the log, inside a transaction that others wait for */
};

/* ------------------------------------------------------------------ hashes */

static int compare(const void *a, const void *b)
{
    return memcmp(((const struct prune_hash *)a)->hash, ((const struct prune_hash *)b)->hash,
        STORE_HASH_BYTES);
}

static enum err_code add(struct prune_hashes *hashes, const unsigned char *hash)
{
    if (hashes->count == hashes->room) {
        size_t room = hashes->room == 0 ? FIRST_ROOM : 2 * hashes->room;
        struct prune_hash *more = realloc(hashes->list, room * sizeof *more);
        if (more == NULL) {
            return ERR_NO_MEMORY;
        }
        hashes->list = more;
        hashes->room = room;
    }
    struct prune_hash *to = &hashes->list[hashes->count++];
    memcpy(to->hash, hash, STORE_HASH_BYTES);
    to->count = 1;
    return ERR_OK;
}

/* Sorts a list and makes each hash stand in it once. */
static void settle(struct prune_hashes *hashes)
{
    size_t kept = 0;
    if (hashes->count > 0) {
        qsort(hashes->list, hashes->count, sizeof *hashes->list, compare);
    }
    for (size_t i = 0; i < hashes->count; i++) {
        if (kept > 0 && compare(&hashes->list[kept - 1], &hashes->list[i]) == 0) {
            hashes->list[kept - 1].count += hashes->list[i].count;
        } else {
            hashes->list[kept++] = hashes->list[i];
        }
    }
    hashes->count = kept;
}

static struct prune_hash *find(const struct prune_hashes *hashes, const unsigned char *hash)
{
    struct prune_hash key;
    memcpy(key.hash, hash, STORE_HASH_BYTES);
    return hashes->count == 0
               ? NULL
               : bsearch(&key, hashes->list, hashes->count, sizeof *hashes->list, compare);
}

/* ------------------------------------------------------------------ counting */

static enum err_code count_others(struct store_txn *txn, struct prune_hashes *others)
{
    struct store_cursor cursor;
    struct store_key from;
    enum err_code code = store_cursor_open(txn, STORE_REVISIONS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    key_start(&from);
    key_add_byte(&from, REGISTRY_TEMPLATE_VERSION);
    bool more = store_cursor_seek(&cursor, from.bytes, from.len);
    for (; more && code == ERR_OK; more = store_cursor_next(&cursor)) {
        struct revision_record record;
        const unsigned char *key = cursor.key.bytes;
        if (key[0] == REGISTRY_PRUNING) {
            break; /* the last kind; its records refer to nothing */
        }
        if (!revision_read(cursor.value, key_number_at(cursor.key, 9), &record)) {
            code = ERR_STORE;
        } else if (record.form == REVISION_FULL) {
            code = add(others, record.said.after);
        }
    }
    store_cursor_close(&cursor);
    settle(others);
    return code == ERR_OK ? txn->failed : code;
}

enum err_code prune_contents_start(struct store_txn *txn, struct prune_contents *contents)
{
    struct log_entry last = {.sequence = 0};
    enum err_code code = log_last(txn, &last);
    contents->seen = last.sequence;
    return code == ERR_OK || code == ERR_NOT_FOUND ? count_others(txn, &contents->others) : code;
}

void prune_contents_finish(struct prune_contents *contents)
{
    free(contents->others.list);
    free(contents->own.list);
    *contents = (struct prune_contents){.seen = 0};
}

/* A compact revision has one when it is the oldest that is left, or a full one said the same. */
static bool has_content(struct store_txn *txn, const struct revision_record *record)
{
    struct store_bytes content;
    return record->form == REVISION_FULL ||
           (record->form == REVISION_COMPACT && store_get(txn, STORE_CONTENT, record->said.after,
                                                    STORE_HASH_BYTES, &content) == ERR_OK);
}

enum err_code prune_contents_of(struct store_txn *txn, struct prune_contents *contents,
    enum registry_kind kind, uint64_t number)
{
    struct revision_record record;
    uint64_t at = UINT64_MAX;
    enum err_code code = prune_contents_go_on(txn, contents);
    contents->own.count = 0;
    contents->kind = kind;
    contents->number = number;
    while (code == ERR_OK && at > 0) {
        code = revision_last(txn, kind, number, at, &record);
        if (code == ERR_OK && has_content(txn, &record)) {
            code = add(&contents->own, record.said.after);
        }
        at = record.said.revision - 1;
    }
    settle(&contents->own);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code prune_contents_go_on(struct store_txn *txn, struct prune_contents *contents)
{
    struct log_entry last = {.sequence = 0};
    enum err_code code = log_last(txn, &last);
    bool grown = false;
    code = code == ERR_NOT_FOUND ? ERR_OK : code;
    while (code == ERR_OK && contents->seen < last.sequence) {
        struct log_entry entry;
        struct revision_record record;
        code = log_at(txn, contents->seen + 1, &entry);
        if (code != ERR_OK) {
            break;
        }
        bool other = entry.kind >= REGISTRY_TEMPLATE_VERSION;
        bool own = entry.kind == contents->kind && entry.number == contents->number;
        if ((other || own) &&
            revision_find(txn, entry.kind, entry.number, entry.revision, &record) == ERR_OK &&
            record.form == REVISION_FULL) {
            code = add(&contents->others, record.said.after); /* too young to go */
            grown = true;
        }
        contents->seen++;
    }
    if (grown) {
        settle(&contents->others);
    }
    return code;
}

bool prune_contents_drop(
    struct prune_contents *contents, const unsigned char hash[STORE_HASH_BYTES])
{
    struct prune_hash *own = find(&contents->own, hash);
    if (own == NULL || own->count == 0) {
        return false;
    }
    own->count--;
    return own->count == 0 && find(&contents->others, hash) == NULL;
}

size_t prune_contents_unused(struct store_txn *txn, const struct prune_contents *contents,
    unsigned char (*hashes)[STORE_HASH_BYTES], size_t count)
{
    struct log_entry last = {.sequence = 0};
    if (count == 0 || log_last(txn, &last) != ERR_OK ||
        last.sequence - contents->seen > LOOKED_THROUGH) {
        return 0;
    }
    for (uint64_t at = contents->seen + 1; at <= last.sequence; at++) {
        struct log_entry entry;
        struct revision_record record;
        if (log_at(txn, at, &entry) != ERR_OK ||
            revision_find(txn, entry.kind, entry.number, entry.revision, &record) != ERR_OK) {
            return 0;
        }
        for (size_t i = 0; i < count;) {
            if (memcmp(hashes[i], record.said.after, STORE_HASH_BYTES) == 0) {
                memcpy(hashes[i], hashes[--count], STORE_HASH_BYTES);
            } else {
                i++;
            }
        }
    }
    return count;
}

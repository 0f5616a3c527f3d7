/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revisions. A full one names its content by hash; one that changed little keeps only the bytes it
 * changed, and its content is made from the last full one. At most REVISION_CHAIN_MAX compact ones
 * follow each other, so that reading an old state stays cheap.
 */
#include <stdlib.h>
#include <string.h>

#include "aas/path.h"
#include "registry/content_hash.h"
#include "registry/document_record.h"
#include "registry/log.h"
#include "registry/pruned.h"

enum revision_offset {
    AT_LAYOUT = 0,
    AT_FORM = 4,
    AT_TIME = 8,
    AT_BEFORE = 16,
    AT_AFTER = 32,
    AT_CHAIN = 48,
    AT_OFFSET = 52,
    AT_OLD_LEN = 56,
    AT_NEW_LEN = 60,
    AT_TEXTS = 64, /* four lengths */
};

enum { TEXTS = 4 };

static size_t kept_length(const char *text)
{
    if (text == NULL) {
        return 0;
    }
    return (size_t)text_shown(text, strnlen(text, REVISION_TEXT_MAX + 1), REVISION_TEXT_MAX);
}

bool revision_read(struct store_bytes value, uint64_t revision, struct revision_record *record)
{
    const unsigned char *at = value.bytes;
    if (value.len < REVISION_HEAD || value_u32(at + AT_LAYOUT) != REVISION_LAYOUT) {
        return false;
    }
    const char *texts[TEXTS];
    size_t place = REVISION_HEAD;
    for (int i = 0; i < TEXTS; i++) {
        size_t len = value_u32(at + AT_TEXTS + 4 * i);
        if (len >= value.len - place || at[place + len] != '\0') {
            return false;
        }
        texts[i] = (const char *)at + place;
        place += len + 1;
    }
    struct revision_record read = {.form = (enum revision_form)value_u32(at + AT_FORM),
        .chain = value_u32(at + AT_CHAIN),
        .offset = value_u32(at + AT_OFFSET),
        .old_bytes = (const char *)at + place,
        .old_len = value_u32(at + AT_OLD_LEN),
        .new_len = value_u32(at + AT_NEW_LEN)};
    if (value.len - place != (size_t)read.old_len + read.new_len) {
        return false;
    }
    read.new_bytes = read.old_bytes + read.old_len;
    read.said = (struct registry_revision){.revision = revision,
        .time_ms = (int64_t)value_u64(at + AT_TIME),
        .operation = texts[0],
        .author = texts[1],
        .message = texts[2],
        .summary = texts[3]};
    memcpy(read.said.before, at + AT_BEFORE, STORE_HASH_BYTES);
    memcpy(read.said.after, at + AT_AFTER, STORE_HASH_BYTES);
    *record = read;
    return true;
}

bool document_sets_value(const char *log_operation)
{
    return log_operation != NULL && strcmp(log_operation, DOCUMENT_LOG_VALUE) == 0;
}

bool revision_sets_value(const struct revision_record *record)
{
    return document_sets_value(record->said.operation);
}

bool revision_may_follow(const struct revision_record *last, bool sets_value)
{
    return last->chain < REVISION_CHAIN_MAX && (sets_value || !revision_sets_value(last));
}

bool revision_is_little(size_t old_len, size_t new_len, size_t same)
{
    return old_len - same + new_len - same <= new_len / 16 + 256;
}

static void fill_head(unsigned char *at, const struct revision_record *record)
{
    memset(at, 0, REVISION_HEAD);
    value_set_u32(at + AT_LAYOUT, REVISION_LAYOUT);
    value_set_u32(at + AT_FORM, (uint32_t)record->form);
    value_set_u64(at + AT_TIME, (uint64_t)record->said.time_ms);
    memcpy(at + AT_BEFORE, record->said.before, STORE_HASH_BYTES);
    memcpy(at + AT_AFTER, record->said.after, STORE_HASH_BYTES);
    value_set_u32(at + AT_CHAIN, record->chain);
    value_set_u32(at + AT_OFFSET, record->offset);
    value_set_u32(at + AT_OLD_LEN, record->old_len);
    value_set_u32(at + AT_NEW_LEN, record->new_len);
}

/* What a header field or a terminal has given can be any bytes; a history is text. */
static void make_text(char *bytes, size_t len)
{
    size_t bad = 0;
    for (size_t at = 0; !aas_utf8_valid(bytes + at, len - at, &bad); at += bad + 1) {
        bytes[at + bad] = '?';
    }
}

enum err_code revision_put(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const unsigned char id[STORE_HASH_BYTES], const struct revision_record *record)
{
    const char *texts[TEXTS] = {
        record->said.operation, record->said.author, record->said.message, record->said.summary};
    size_t lens[TEXTS];
    size_t len = REVISION_HEAD + (size_t)record->old_len + record->new_len;
    for (int i = 0; i < TEXTS; i++) {
        lens[i] = kept_length(texts[i]);
        len += lens[i] + 1;
    }
    struct store_key key;
    void *room = NULL;
    key_revision(&key, kind, number, record->said.revision);
    enum err_code code = store_reserve(txn, STORE_REVISIONS, key.bytes, key.len, len, &room);
    if (code != ERR_OK) {
        return code;
    }
    unsigned char *at = room;
    size_t place = REVISION_HEAD;
    fill_head(at, record);
    for (int i = 0; i < TEXTS; i++) {
        value_set_u32(at + AT_TEXTS + 4 * i, (uint32_t)lens[i]);
        if (lens[i] > 0) {
            memcpy(at + place, texts[i], lens[i]);
            make_text((char *)at + place, lens[i]);
        }
        at[place + lens[i]] = '\0';
        place += lens[i] + 1;
    }
    if (record->old_len > 0) {
        memcpy(at + place, record->old_bytes, record->old_len);
    }
    if (record->new_len > 0) {
        memcpy(at + place + record->old_len, record->new_bytes, record->new_len);
    }
    struct log_entry entry = {.kind = kind,
        .number = number,
        .revision = record->said.revision,
        .time_ms = record->said.time_ms};
    memcpy(entry.id, id, STORE_HASH_BYTES);
    store_hash(at, len, entry.record);
    return log_append(txn, &entry);
}

/* The first one of a document, or the last one that is not beyond `at_most`. */
static enum err_code find_end(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const uint64_t *at_most, struct revision_record *record)
{
    struct store_key prefix;
    struct store_key key;
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(txn, STORE_REVISIONS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    key_document(&prefix, kind, number);
    if (at_most != NULL) {
        key_revision(&key, kind, number, *at_most);
    }
    bool found = at_most != NULL ? store_cursor_seek_back(&cursor, key.bytes, key.len)
                                 : store_cursor_seek(&cursor, prefix.bytes, prefix.len);
    if (!found || !key_starts_with(cursor.key, &prefix)) {
        code = txn->failed != ERR_OK ? txn->failed : ERR_NOT_FOUND;
    } else if (!revision_read(cursor.value, key_number_at(cursor.key, prefix.len), record)) {
        code = ERR_STORE;
    }
    store_cursor_close(&cursor);
    return code;
}

enum err_code revision_last(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    uint64_t at_most, struct revision_record *record)
{
    return find_end(txn, kind, number, &at_most, record);
}

enum err_code revision_find(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    uint64_t revision, struct revision_record *record)
{
    struct store_key key;
    struct store_bytes value;
    key_revision(&key, kind, number, revision);
    enum err_code code = store_get(txn, STORE_REVISIONS, key.bytes, key.len, &value);
    return code == ERR_OK && !revision_read(value, revision, record) ? ERR_STORE : code;
}

enum err_code revision_first(
    struct store_txn *txn, enum registry_kind kind, uint64_t number, struct revision_record *record)
{
    return find_end(txn, kind, number, NULL, record);
}

enum err_code revision_at(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    int64_t time_ms, struct revision_record *record)
{
    uint64_t low = 1;
    enum err_code code = revision_last(txn, kind, number, UINT64_MAX, record);
    uint64_t high = code == ERR_OK ? record->said.revision + 1 : 1;
    /* The first revision that is younger lies in low … high; of those taken out, the one before
     * them speaks. */
    while (code == ERR_OK && low < high) {
        uint64_t middle = low + (high - low) / 2;
        code = revision_last(txn, kind, number, middle, record);
        if (code == ERR_NOT_FOUND || record->said.time_ms <= time_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
        code = code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    return code == ERR_OK ? revision_last(txn, kind, number, low - 1, record) : code;
}

enum err_code history_number(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, uint64_t *number, struct err *err)
{
    struct id_place place;
    struct revision_record last;
    enum err_code code = id_find(txn, kind, id, id_len, &place, err);
    bool known = code == ERR_OK && place.known && /* to more than a registration */
                 revision_last(txn, kind, place.number, UINT64_MAX, &last) != ERR_NOT_FOUND;
    if (code == ERR_OK && !known) {
        return err_set(err, ERR_NOT_FOUND, "there never was a thing with the id '%.*s'",
            text_shown(id, id_len, 200), id);
    }
    *number = place.number;
    return code;
}

/* ------------------------------------------------------------------ content */

void bytes_differ(
    const char *a, size_t a_len, const char *b, size_t b_len, size_t *prefix, size_t *suffix)
{
    static const size_t steps[] = {4096, 16, 1};
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t same = 0;
    size_t tail = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        while (shorter - same >= steps[i] && memcmp(a + same, b + same, steps[i]) == 0) {
            same += steps[i];
        }
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        while (shorter - same - tail >= steps[i] &&
               memcmp(a + a_len - tail - steps[i], b + b_len - tail - steps[i], steps[i]) == 0) {
            tail += steps[i];
        }
    }
    *prefix = same;
    *suffix = tail;
}

enum err_code bytes_replace(
    char **text, size_t *len, size_t offset, struct bytes old, struct bytes new)
{
    size_t end = offset + old.len;
    if (end > *len || memcmp(*text + offset, old.at, old.len) != 0) {
        return ERR_STORE;
    }
    size_t changed = *len - old.len + new.len;
    if (changed > *len) {
        char *more = realloc(*text, changed);
        if (more == NULL) {
            return ERR_NO_MEMORY;
        }
        *text = more;
    }
    memmove(*text + offset + new.len, *text + end, *len - end);
    memcpy(*text + offset, new.at, new.len);
    *len = changed;
    return ERR_OK;
}

/* Applies one compact revision in place; false when it does not fit the text or memory is short. */
static bool apply(const struct revision_record *record, char **json, size_t *len)
{
    return bytes_replace(json, len, record->offset,
               (struct bytes){record->old_bytes, record->old_len},
               (struct bytes){record->new_bytes, record->new_len}) == ERR_OK;
}

/* The content of a full revision, malloc'd. */
static enum err_code full_content(struct store_txn *txn, const struct revision_record *record,
    char **json, size_t *len, struct err *err)
{
    struct arena arena;
    const char *text = NULL;
    arena_init(&arena, SIZE_MAX);
    enum err_code code = content_get(txn, &arena, record->said.after, &text, len, err);
    if (code == ERR_OK) {
        *json = malloc(*len + 1);
        code = *json == NULL ? err_set(err, ERR_NO_MEMORY, "not enough memory") : ERR_OK;
    }
    if (code == ERR_OK) {
        memcpy(*json, text, *len);
    }
    arena_finish(&arena);
    return code;
}

/* The revision whose whole content a compact one is made from: the full one, or when that was
 * pruned the oldest that is left, whose content was stored then. */
static enum err_code find_base(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct revision_record *wanted, struct revision_record *base)
{
    uint64_t at = wanted->said.revision;
    enum err_code code =
        revision_find(txn, kind, number, at - (wanted->chain < at ? wanted->chain : 0), base);
    if (code != ERR_NOT_FOUND) {
        return code == ERR_OK && base->form != REVISION_FULL ? ERR_STORE : code;
    }
    struct revision_record older = *wanted;
    for (code = ERR_OK; code == ERR_OK && older.form == REVISION_COMPACT;) {
        *base = older;
        code = revision_find(txn, kind, number, --at, &older);
    }
    return code == ERR_NOT_FOUND ? ERR_OK : ERR_STORE;
}

/* Starts at the last whole content and applies what came after; the text is malloc'd. */
static enum err_code rebuild(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct revision_record *wanted, char **json, size_t *len, struct err *err)
{
    struct revision_record record;
    uint64_t revision = wanted->said.revision;
    if (find_base(txn, kind, number, wanted, &record) != ERR_OK) {
        return err_set(err, ERR_STORE, "the last full content before revision %llu is missing",
            (unsigned long long)revision);
    }
    uint64_t at = record.said.revision;
    enum err_code code = full_content(txn, &record, json, len, err);
    while (code == ERR_OK && at < revision) {
        code = revision_find(txn, kind, number, ++at, &record);
        if (code != ERR_OK || record.form != REVISION_COMPACT || !apply(&record, json, len)) {
            code = err_set(err, ERR_STORE, "revision %llu does not fit the one before",
                (unsigned long long)at);
        }
    }
    return code;
}

enum err_code revision_content(struct store_txn *txn, struct arena *arena, enum registry_kind kind,
    uint64_t number, uint64_t revision, const char **json, size_t *len, struct err *err)
{
    struct revision_record wanted;
    enum err_code code = revision_find(txn, kind, number, revision, &wanted);
    if (code != ERR_OK) {
        return pruned_refuse(txn, kind, number, revision, code, err);
    }
    if (wanted.form == REVISION_NONE || wanted.form == REVISION_PRUNING) {
        return err_set(err, ERR_NOT_FOUND, "revision %llu is a %s and has no content",
            (unsigned long long)revision, wanted.form == REVISION_NONE ? "deletion" : "pruning");
    }
    if (wanted.form == REVISION_FULL) {
        return content_get(txn, arena, wanted.said.after, json, len, err);
    }
    char *text = NULL;
    size_t text_len = 0;
    code = rebuild(txn, kind, number, &wanted, &text, &text_len, err);
    if (code == ERR_OK) {
        const char *copy = NULL;
        if (!content_hash_fits(text, text_len, wanted.said.after)) {
            code = err_set(err, ERR_STORE, "the content of revision %llu cannot be restored",
                (unsigned long long)revision);
        } else if ((copy = arena_copy(arena, text, text_len)) == NULL) {
            code = err_set(err, ERR_TOO_LARGE, "the content is too large for this request");
        } else {
            *json = copy;
            *len = text_len;
        }
    }
    free(text);
    return code;
}

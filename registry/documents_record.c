/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "registry/document_record.h"

/* ------------------------------------------------------------------ record */

enum head_offset {
    AT_LAYOUT = 0,
    AT_ID_LEN = 4,
    AT_JSON_LEN = 8,
    AT_INDEX_LEN = 12,
    AT_ROWS_LEN = 16,
    AT_REVISION = 24,
    AT_CREATED = 32,
    AT_UPDATED = 40,
    AT_HASH = 48,
    AT_SEARCH_HASH = 64,
};

static size_t index_offset(size_t id_len, size_t rows_len)
{
    return (RECORD_HEAD + id_len + rows_len + 7) / 8 * 8;
}

bool record_read(struct store_bytes value, enum registry_kind kind, uint64_t number,
    struct document_record *record)
{
    const unsigned char *at = value.bytes;
    if (value.len < RECORD_HEAD || value_u32(at + AT_LAYOUT) != RECORD_LAYOUT) {
        return false;
    }
    size_t id_len = value_u32(at + AT_ID_LEN);
    size_t json_len = value_u32(at + AT_JSON_LEN);
    size_t index_len = value_u32(at + AT_INDEX_LEN);
    size_t rows_len = value_u32(at + AT_ROWS_LEN);
    size_t index = index_offset(id_len, rows_len);
    if (index + index_len + json_len != value.len || index_len % PATH_ENTRY_BYTES != 0) {
        return false;
    }
    *record = (struct document_record){.document = {.kind = kind,
                                           .number = number,
                                           .revision = value_u64(at + AT_REVISION),
                                           .created_ms = (int64_t)value_u64(at + AT_CREATED),
                                           .updated_ms = (int64_t)value_u64(at + AT_UPDATED),
                                           .id = (const char *)at + RECORD_HEAD,
                                           .id_len = id_len,
                                           .json = (const char *)at + index + index_len,
                                           .json_len = json_len,
                                           .index = at + index,
                                           .index_len = index_len},
        .rows = at + RECORD_HEAD + id_len,
        .rows_len = rows_len,
        .search_hash = at + AT_SEARCH_HASH};
    memcpy(record->document.hash, at + AT_HASH, STORE_HASH_BYTES);
    return true;
}

bool record_is_padded(struct store_bytes value, const struct document_record *record)
{
    const unsigned char *at = value.bytes;
    bool zero = value_u32(at + AT_ROWS_LEN + 4) == 0;
    for (const unsigned char *pad = record->rows + record->rows_len;
         pad < (const unsigned char *)record->document.index; pad++) {
        zero &= *pad == 0;
    }
    return zero;
}

enum err_code record_put(
    struct store_txn *txn, const struct document_prepared *prepared, const struct record_head *head)
{
    struct store_key key;
    void *room = NULL;
    size_t index = index_offset(prepared->id_len, prepared->rows_len);
    size_t len = index + prepared->index_len + prepared->json_len;
    key_document(&key, prepared->kind, head->number);
    enum err_code code = store_reserve(txn, STORE_DOCUMENTS, key.bytes, key.len, len, &room);
    if (code != ERR_OK) {
        return code;
    }
    unsigned char *at = room;
    size_t behind = RECORD_HEAD + prepared->id_len + prepared->rows_len;
    memset(at, 0, RECORD_HEAD);
    value_set_u32(at + AT_LAYOUT, RECORD_LAYOUT);
    value_set_u32(at + AT_ID_LEN, (uint32_t)prepared->id_len);
    value_set_u32(at + AT_JSON_LEN, (uint32_t)prepared->json_len);
    value_set_u32(at + AT_INDEX_LEN, (uint32_t)prepared->index_len);
    value_set_u32(at + AT_ROWS_LEN, (uint32_t)prepared->rows_len);
    value_set_u64(at + AT_REVISION, head->revision);
    value_set_u64(at + AT_CREATED, (uint64_t)head->created_ms);
    value_set_u64(at + AT_UPDATED, (uint64_t)head->updated_ms);
    memcpy(at + AT_HASH, prepared->hash, STORE_HASH_BYTES);
    memcpy(at + AT_SEARCH_HASH, prepared->search_hash, STORE_HASH_BYTES);
    memcpy(at + RECORD_HEAD, prepared->id, prepared->id_len);
    if (prepared->rows_len > 0) {
        memcpy(at + RECORD_HEAD + prepared->id_len, prepared->rows, prepared->rows_len);
    }
    memset(at + behind, 0, index - behind);
    memcpy(at + index, prepared->index, prepared->index_len);
    memcpy(at + index + prepared->index_len, prepared->json, prepared->json_len);
    return ERR_OK;
}

struct path_index record_path_index(const struct registry_document *document)
{
    return (struct path_index){.entries = document->index,
        .count = document->index_len / PATH_ENTRY_BYTES,
        .json = document->json,
        .json_len = document->json_len};
}

int text_shown(const char *text, size_t len, size_t limit)
{
    if (len <= limit) {
        return (int)len;
    }
    while (limit > 0 && ((unsigned char)text[limit] & 0xC0) == 0x80) {
        limit--;
    }
    return (int)limit;
}

/* ------------------------------------------------------------------ rows */

enum { ROW_HEAD = 5 };

bool record_row_next(const unsigned char *rows, size_t rows_len, size_t *at, struct record_row *row)
{
    if (rows == NULL || *at + ROW_HEAD > rows_len) {
        return false;
    }
    size_t len = value_u32(rows + *at + 1);
    if (len > rows_len - *at - ROW_HEAD) {
        return false;
    }
    *row = (struct record_row){.index = (enum key_index)rows[*at],
        .text = (const char *)rows + *at + ROW_HEAD,
        .len = len};
    *at += ROW_HEAD + len;
    return true;
}

bool record_has_row(const unsigned char *rows, size_t rows_len, const struct record_row *row)
{
    struct record_row other;
    for (size_t at = 0; record_row_next(rows, rows_len, &at, &other);) {
        if (other.index == row->index && other.len == row->len &&
            memcmp(other.text, row->text, row->len) == 0) {
            return true;
        }
    }
    return false;
}

static int by_value(const void *a, const void *b)
{
    const struct record_row *x = a;
    const struct record_row *y = b;
    size_t shorter = x->len < y->len ? x->len : y->len;
    int order = (x->index > y->index) - (x->index < y->index);
    order = order != 0 ? order : memcmp(x->text, y->text, shorter);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

enum err_code record_make_rows(struct arena *arena, struct record_row *rows, size_t count,
    struct document_prepared *prepared, struct err *err)
{
    size_t room = 1;
    for (size_t i = 0; i < count; i++) {
        room += ROW_HEAD + rows[i].len;
    }
    unsigned char *bytes = arena_alloc(arena, room);
    if (bytes == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large");
    }
    size_t at = 0;
    if (count > 0) {
        qsort(rows, count, sizeof *rows, by_value);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && by_value(&rows[i], &rows[i - 1]) == 0) {
            continue;
        }
        bytes[at] = (unsigned char)rows[i].index;
        value_set_u32(bytes + at + 1, (uint32_t)rows[i].len);
        memcpy(bytes + at + ROW_HEAD, rows[i].text, rows[i].len);
        at += ROW_HEAD + rows[i].len;
    }
    prepared->rows = bytes;
    prepared->rows_len = at;
    return ERR_OK;
}

const char *record_asset_text(struct arena *arena, const char *name, const char *value)
{
    return arena_printf(arena, "%s%c%s", name, KEY_ASSET_SEPARATOR, value);
}

enum err_code record_change_rows(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const unsigned char *before, size_t before_len, const unsigned char *after, size_t after_len)
{
    struct record_row row;
    struct store_key key;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = ERR_OK;
    if (before_len == after_len && (after_len == 0 || memcmp(before, after, after_len) == 0)) {
        return ERR_OK;
    }
    for (size_t at = 0; code == ERR_OK && record_row_next(before, before_len, &at, &row);) {
        if (!record_has_row(after, after_len, &row)) {
            store_hash(row.text, row.len, hash);
            key_index_row(&key, row.index, hash, kind, number);
            code = store_delete(txn, STORE_INDEX, key.bytes, key.len);
            code = code == ERR_NOT_FOUND ? ERR_OK : code;
        }
    }
    for (size_t at = 0; code == ERR_OK && record_row_next(after, after_len, &at, &row);) {
        if (!record_has_row(before, before_len, &row)) {
            store_hash(row.text, row.len, hash);
            key_index_row(&key, row.index, hash, kind, number);
            code = store_put(txn, STORE_INDEX, key.bytes, key.len, "", 0);
        }
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aas/aasx_write.h"
#include "registry/families.h"
#include "registry/kept.h"
#include "registry/keys.h"

enum { HEAD = STORE_HASH_BYTES + 8, FIRST_ROOM = 16 };

/* ------------------------------------------------------------------ what leads to files */

struct sought {
    struct arena *arena;
    const char **values;
    size_t count;
    size_t room;
};

static enum err_code add_value(const struct aas_node *node, void *context)
{
    struct sought *f = context;
    const char *value = aasx_file_value(node);
    if (value == NULL) {
        return ERR_OK;
    }
    if (f->count == f->room) {
        size_t room = f->room == 0 ? FIRST_ROOM : 2 * f->room;
        const char **values = arena_alloc(f->arena, room * sizeof *values);
        if (values == NULL) {
            return ERR_TOO_LARGE;
        }
        if (f->count > 0) {
            memcpy(values, f->values, f->count * sizeof *values);
        }
        f->values = values;
        f->room = room;
    }
    f->values[f->count++] = value;
    return ERR_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err_code document_files_find(
    struct arena *arena, const struct aas_node *tree, struct document_files *files, struct err *err)
{
    struct sought f = {.arena = arena};
    size_t kept = 0;
    if (aas_walk_to(tree, AASX_NAMES_FILES, add_value, &f) != ERR_OK) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large");
    }
    if (f.count > 0) {
        qsort(f.values, f.count, sizeof *f.values, by_text);
    }
    for (size_t i = 0; i < f.count; i++) {
        if (kept == 0 || strcmp(f.values[kept - 1], f.values[i]) != 0) {
            f.values[kept++] = f.values[i];
        }
    }
    *files = (struct document_files){.values = f.values, .count = kept};
    return ERR_OK;
}

bool document_files_have(const struct document_files *files, const char *value)
{
    return files->count > 0 &&
           bsearch(&value, files->values, files->count, sizeof *files->values, by_text) != NULL;
}

/* ------------------------------------------------------------------ records */

static void key_files(struct store_key *key, enum registry_kind kind, uint64_t number)
{
    key_start(key);
    key_add_byte(key, FILES_ATTACHED);
    key_add_byte(key, (unsigned)kind);
    key_add_number(key, number);
}

static void key_file(
    struct store_key *key, enum registry_kind kind, uint64_t number, const char *value)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(value, strlen(value), hash);
    key_files(key, kind, number);
    key_add(key, hash, sizeof hash);
}

static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;
    const char *nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
    *at = nul == NULL ? end : nul + 1;
    return nul == NULL ? NULL : text;
}

bool file_record_read(struct store_bytes value, const char **text, struct registry_file *file)
{
    const char *bytes = value.bytes;
    if (value.len < HEAD + 3) {
        return false;
    }
    const char *at = bytes + HEAD;
    const char *end = bytes + value.len;
    memcpy(file->blob, bytes, STORE_HASH_BYTES);
    file->size = value_u64((const unsigned char *)value.bytes + STORE_HASH_BYTES);
    *text = next_text(&at, end);
    file->content_type = next_text(&at, end);
    file->name = next_text(&at, end);
    return *text != NULL && file->content_type != NULL && file->name != NULL && at == end;
}

enum err_code file_find(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const char *value, struct registry_file *file)
{
    struct store_key key;
    struct store_bytes stored;
    const char *text = NULL;
    key_file(&key, kind, number, value);
    enum err_code code = store_get(txn, STORE_FILES, key.bytes, key.len, &stored);
    if (code == ERR_OK && !file_record_read(stored, &text, file)) {
        code = ERR_STORE;
    }
    return code == ERR_OK && strcmp(text, value) != 0 ? ERR_NOT_FOUND : code;
}

enum err_code file_record_put(struct store_txn *txn, const struct store_key *key, const char *value,
    const struct registry_file *file)
{
    struct buf buf;
    unsigned char size[8];
    enum err_code code = ERR_NO_MEMORY;
    buf_init(&buf, STORE_MAX_KEY * 1000);
    value_set_u64(size, file->size);
    buf_add(&buf, file->blob, STORE_HASH_BYTES);
    buf_add(&buf, size, sizeof size);
    buf_add(&buf, value, strlen(value) + 1);
    buf_add(&buf, file->content_type, strnlen(file->content_type, FILE_TYPE_MAX));
    buf_add_char(&buf, '\0');
    buf_add(&buf, file->name, strlen(file->name) + 1);
    if (!buf_failed(&buf)) {
        code = store_put(txn, STORE_FILES, key->bytes, key->len, buf.bytes, buf.len);
    }
    buf_finish(&buf);
    return code;
}

enum err_code file_put(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const char *value, const struct registry_file *file, int64_t time_ms)
{
    struct store_key key;
    struct registry_file before;
    char name[FILE_NAME_MAX + 1];
    char type[FILE_TYPE_MAX + 1];
    enum err_code code = file_find(txn, kind, number, value, &before);
    bool replaces = code == ERR_OK;
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return code;
    }
    if (replaces) { /* its texts point into the store, which is changed now */
        snprintf(name, sizeof name, "%s", before.name);
        snprintf(type, sizeof type, "%s", before.content_type);
        before.name = name;
        before.content_type = type;
    }
    code = blob_refer(txn, file->blob);
    if (code == ERR_OK) {
        key_file(&key, kind, number, value);
        code = file_record_put(txn, &key, value, file);
    }
    bool keep = replaces && kept_rule(txn) > 0;
    if (code == ERR_OK && keep) {
        return kept_drop(txn, kind, number, value, &before, time_ms);
    }
    return code == ERR_OK && replaces ? blob_forget(txn, before.blob) : code;
}

/* ------------------------------------------------------------------ following a document */

/* A URL leads out of the store whatever it ends with. */
static bool leads_outside(const char *text)
{
    return strstr(text, "://") != NULL && strncasecmp(text, "file:", 5) != 0;
}

static const char *last_part(const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] != '/' && text[len - 1] != '\\') {
        len--;
    }
    return text + len;
}

/* A text of the document that leads to no file yet and names the same one: its last part is that of
 * the old text or the name that was sent. */
static const char *find_respelled(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct document_files *files, const char *text, const struct registry_file *file)
{
    struct registry_file other;
    for (size_t i = 0; i < files->count; i++) {
        const char *part = last_part(files->values[i]);
        bool same = strcmp(part, last_part(text)) == 0 || strcmp(part, file->name) == 0;
        if (same && !leads_outside(files->values[i]) &&
            file_find(txn, kind, number, files->values[i], &other) == ERR_NOT_FOUND) {
            return files->values[i];
        }
    }
    return NULL;
}

/* A row that is looked at; a copy, because the table is changed meanwhile. */
struct row {
    struct store_key key;
    struct store_bytes value; /* malloc'd */
};

/* The first row behind `after` to which nothing of the document leads. */
static enum err_code next_orphan(struct store_txn *txn, const struct store_key *prefix,
    const struct document_files *files, struct row *row, bool *found)
{
    struct store_cursor cursor;
    struct registry_file file;
    const char *text = NULL;
    enum err_code code = store_cursor_open(txn, STORE_FILES, &cursor);
    *found = false;
    if (code != ERR_OK) {
        return code;
    }
    bool more = store_cursor_seek(&cursor, row->key.bytes, row->key.len);
    while (more && !*found && key_starts_with(cursor.key, prefix)) {
        bool whole = file_record_read(cursor.value, &text, &file);
        if (!whole || files == NULL || !document_files_have(files, text)) {
            *found = true;
            key_start(&row->key);
            key_add(&row->key, cursor.key.bytes, cursor.key.len);
            void *copy = malloc(cursor.value.len + 1);
            if (copy != NULL) {
                memcpy(copy, cursor.value.bytes, cursor.value.len);
            } else {
                code = ERR_NO_MEMORY;
            }
            row->value = (struct store_bytes){.bytes = copy, .len = cursor.value.len};
        } else {
            more = store_cursor_next(&cursor);
        }
    }
    store_cursor_close(&cursor);
    return code == ERR_OK ? txn->failed : code;
}

bool file_is_there(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct document_files *files, const char *value)
{
    struct store_key prefix;
    struct store_cursor cursor;
    bool there = false;
    if (store_cursor_open(txn, STORE_FILES, &cursor) != ERR_OK) {
        return false;
    }
    key_files(&prefix, kind, number);
    for (bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && !there && key_starts_with(cursor.key, &prefix);
         more = store_cursor_next(&cursor)) {
        struct registry_file file;
        const char *text = NULL;
        const char *part = last_part(value);
        bool whole = file_record_read(cursor.value, &text, &file);
        bool free = whole && !document_files_have(files, text);
        bool like = free && (strcmp(last_part(text), part) == 0 || strcmp(file.name, part) == 0);
        there = whole && (like || strcmp(text, value) == 0);
    }
    store_cursor_close(&cursor);
    return there;
}

static enum err_code drop_row(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct document_files *files, bool respelled, const struct row *row, int64_t time_ms)
{
    struct registry_file file;
    struct store_key key;
    const char *text = NULL;
    bool whole = file_record_read(row->value, &text, &file);
    const char *now =
        whole && respelled ? find_respelled(txn, kind, number, files, text, &file) : NULL;
    enum err_code code = store_delete(txn, STORE_FILES, row->key.bytes, row->key.len);
    if (code == ERR_OK && now != NULL) {
        key_file(&key, kind, number, now);
        return file_record_put(txn, &key, now, &file);
    }
    return code == ERR_OK && whole ? kept_drop(txn, kind, number, text, &file, time_ms) : code;
}

enum err_code files_follow(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct document_files *files, bool respelled, int64_t time_ms)
{
    struct store_key prefix;
    struct row row = {.value = {NULL, 0}};
    bool found = true;
    enum err_code code = ERR_OK;
    key_files(&prefix, kind, number);
    row.key = prefix;
    while (code == ERR_OK && found) {
        code = next_orphan(txn, &prefix, files, &row, &found);
        if (code == ERR_OK && found) {
            code = drop_row(txn, kind, number, files, respelled && files != NULL, &row, time_ms);
        }
        void *copy = NULL;
        memcpy(&copy, &row.value.bytes, sizeof copy);
        free(copy);
        row.value.bytes = NULL;
    }
    return code;
}

/* ------------------------------------------------------------------ reading */

enum err_code registry_file_find(struct registry_view *view,
    const struct registry_document *document, const char *value, struct registry_file *file,
    struct err *err)
{
    enum err_code code = value == NULL
                             ? ERR_NOT_FOUND
                             : file_find(&view->txn, document->kind, document->number, value, file);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "no file is stored for %s%.300s%s", value == NULL ? "" : "\"",
            value == NULL ? "an empty value" : value, value == NULL ? "" : "\"");
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the stored file cannot be read");
}

enum err_code registry_version_package(
    struct registry_view *view, const char *family, const char *label, struct registry_file *file)
{
    struct version_record record;
    struct blob_head head;
    enum err_code code = version_find(&view->txn, family, label, &record);
    if (code == ERR_OK && !blob_head_find(&view->txn, record.package, &head)) {
        code = ERR_NOT_FOUND;
    }
    if (code == ERR_OK) {
        *file = (struct registry_file){.size = head.size,
            .content_type = "application/asset-administration-shell-package",
            .name = record.version.source};
        memcpy(file->blob, record.package, STORE_HASH_BYTES);
    }
    return code;
}

enum err_code registry_blob_read(struct registry *registry,
    const unsigned char blob[STORE_HASH_BYTES], uint64_t offset, char *to, size_t len,
    struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code == ERR_OK) {
        code = blob_read(&view.txn, blob, offset, to, len, err);
        registry_view_end(&view);
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/packages.h"

#include <string.h>

#include "registry/document_record.h"
#include "registry/packages_inside.h"
#include "registry/registry_inside.h"

enum { HEAD = STORE_HASH_BYTES + 8 + 8 + 8 + 4, RECORD_CEILING = 64 << 20, ID_SHOWN = 300 };

/* ------------------------------------------------------------------ keys */

void key_package(struct store_key *key, uint64_t number)
{
    key_start(key);
    key_add_byte(key, FILES_PACKAGE);
    key_add_number(key, number);
}

void key_package_id(struct store_key *key, const char *id)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(id, strlen(id), hash);
    key_start(key);
    key_add_byte(key, FILES_PACKAGE_ID);
    key_add(key, hash, sizeof hash);
}

void key_package_shell(struct store_key *key, const char *shell, uint64_t number)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(shell, strlen(shell), hash);
    key_start(key);
    key_add_byte(key, FILES_PACKAGE_SHELL);
    key_add(key, hash, sizeof hash);
    key_add_number(key, number);
}

void key_package_content(
    struct store_key *key, const unsigned char hash[STORE_HASH_BYTES], uint64_t number)
{
    key_start(key);
    key_add_byte(key, FILES_PACKAGE_CONTENT);
    key_add(key, hash, STORE_HASH_BYTES);
    key_add_number(key, number);
}

/* ------------------------------------------------------------------ records */

static const char *next_text(const char **at, const char *end)
{
    const char *text = *at;
    const char *nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;
    *at = nul == NULL ? end : nul + 1;
    return nul == NULL ? NULL : text;
}

bool package_record_read(struct store_bytes value, uint64_t number, struct arena *arena,
    struct registry_package *package)
{
    const unsigned char *head = value.bytes;
    if (value.len < HEAD + 2) {
        return false;
    }
    const char *at = (const char *)value.bytes + HEAD;
    const char *end = (const char *)value.bytes + value.len;
    *package = (struct registry_package){.number = number,
        .size = value_u64(head + STORE_HASH_BYTES),
        .created_ms = (int64_t)value_u64(head + STORE_HASH_BYTES + 8),
        .updated_ms = (int64_t)value_u64(head + STORE_HASH_BYTES + 16),
        .shell_count = value_u32(head + STORE_HASH_BYTES + 24)};
    memcpy(package->blob, head, STORE_HASH_BYTES);
    package->id = next_text(&at, end);
    package->file_name = next_text(&at, end);
    bool whole =
        package->id != NULL && package->file_name != NULL && package->shell_count <= value.len;
    const char **shells = whole && arena != NULL
                              ? arena_alloc(arena, (package->shell_count + 1) * sizeof *shells)
                              : NULL;
    whole = whole && (arena == NULL || shells != NULL);
    for (size_t i = 0; whole && i < package->shell_count; i++) {
        const char *shell = next_text(&at, end);
        whole = shell != NULL;
        if (shells != NULL) {
            shells[i] = shell;
        }
    }
    package->shells = shells;
    return whole && at == end;
}

enum err_code package_record_put(struct store_txn *txn, const struct registry_package *package)
{
    struct buf buf;
    struct store_key key;
    unsigned char head[HEAD];
    enum err_code code = ERR_NO_MEMORY;
    buf_init(&buf, RECORD_CEILING);
    memcpy(head, package->blob, STORE_HASH_BYTES);
    value_set_u64(head + STORE_HASH_BYTES, package->size);
    value_set_u64(head + STORE_HASH_BYTES + 8, (uint64_t)package->created_ms);
    value_set_u64(head + STORE_HASH_BYTES + 16, (uint64_t)package->updated_ms);
    value_set_u32(head + STORE_HASH_BYTES + 24, (uint32_t)package->shell_count);
    buf_add(&buf, head, sizeof head);
    buf_add(&buf, package->id, strlen(package->id) + 1);
    buf_add(&buf, package->file_name, strlen(package->file_name) + 1);
    for (size_t i = 0; i < package->shell_count; i++) {
        buf_add(&buf, package->shells[i], strlen(package->shells[i]) + 1);
    }
    if (!buf_failed(&buf)) {
        key_package(&key, package->number);
        code = store_put(txn, STORE_FILES, key.bytes, key.len, buf.bytes, buf.len);
    }
    buf_finish(&buf);
    return code;
}

enum err_code package_find(
    struct store_txn *txn, struct arena *arena, const char *id, struct registry_package *package)
{
    struct store_key key;
    struct store_bytes value;
    key_package_id(&key, id);
    enum err_code code = store_get(txn, STORE_FILES, key.bytes, key.len, &value);
    if (code != ERR_OK) {
        return code;
    }
    uint64_t number = value.len == 8 ? value_u64(value.bytes) : 0;
    key_package(&key, number);
    code = store_get(txn, STORE_FILES, key.bytes, key.len, &value);
    if (code != ERR_OK || !package_record_read(value, number, arena, package)) {
        return ERR_STORE;
    }
    return strcmp(package->id, id) == 0 ? ERR_OK : ERR_NOT_FOUND;
}

enum err_code package_next_number(struct store_txn *txn, uint64_t *number)
{
    return store_next_number(txn, PACKAGE_COUNTER, number);
}

/* ------------------------------------------------------------------ reading */

enum err_code package_say(enum err_code code, const char *id, struct err *err)
{
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no package with the id '%.*s'",
            text_shown(id, strlen(id), ID_SHOWN), id);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the packages cannot be read");
}

enum err_code registry_package_get(struct registry_view *view, struct arena *arena, const char *id,
    struct registry_package *package, struct err *err)
{
    return package_say(package_find(&view->txn, arena, id, package), id, err);
}

/* The number of the row a cursor stands on, when it is one of the list. */
static uint64_t listed_number(const struct store_cursor *cursor, const struct store_key *prefix)
{
    bool listed = key_starts_with(cursor->key, prefix) && cursor->key.len == prefix->len + 8;
    return listed ? key_number_at(cursor->key, prefix->len) : 0;
}

static enum err_code read_one(struct registry_view *view, struct arena *arena, uint64_t number,
    struct registry_package *package, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_package(&key, number);
    enum err_code code = store_get(&view->txn, STORE_FILES, key.bytes, key.len, &value);
    if (code == ERR_OK && package_record_read(value, number, arena, package)) {
        return ERR_OK;
    }
    return err_set(
        err, ERR_STORE, "the stored package number %llu is damaged", (unsigned long long)number);
}

enum err_code registry_package_list(struct registry_view *view, struct arena *arena,
    const char *shell, uint64_t after, size_t limit, struct registry_package **packages,
    size_t *count, uint64_t *next, struct err *err)
{
    struct store_cursor cursor;
    struct store_key prefix;
    struct store_key key;
    struct registry_package *list = arena_alloc(arena, (limit + 1) * sizeof *list);
    size_t found = 0;
    if (list == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the page is too large for this request");
    }
    enum err_code code = store_cursor_open(&view->txn, STORE_FILES, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the packages cannot be read");
    }
    if (shell != NULL) {
        key_package_shell(&prefix, shell, 0);
        prefix.len -= 8;
    } else {
        key_start(&prefix);
        key_add_byte(&prefix, FILES_PACKAGE);
    }
    key = prefix;
    key_add_number(&key, after + 1);
    bool more = after < UINT64_MAX && store_cursor_seek(&cursor, key.bytes, key.len);
    uint64_t number = more ? listed_number(&cursor, &prefix) : 0;
    while (number != 0 && found < limit && code == ERR_OK) {
        code = read_one(view, arena, number, &list[found++], err);
        more = store_cursor_next(&cursor);
        number = more ? listed_number(&cursor, &prefix) : 0;
    }
    store_cursor_close(&cursor);
    if (code == ERR_OK) {
        *packages = list;
        *count = found;
        *next = number != 0 && found > 0 ? list[found - 1].number : 0;
    }
    return code;
}

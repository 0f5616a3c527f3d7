/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/kept.h"

#include <string.h>

#include "registry/document_record.h"
#include "registry/keys.h"
#include "registry/prune.h"
#include "registry/registry_inside.h"

static const char rule_key[] = "keep-files";
static const unsigned char no_blob[STORE_HASH_BYTES];

/* ------------------------------------------------------------------ the rule */

int64_t kept_rule(struct store_txn *txn)
{
    struct store_bytes value;
    bool there = store_get(txn, STORE_META, rule_key, sizeof rule_key - 1, &value) == ERR_OK;
    return there && value.len == 8 ? (int64_t)value_u64(value.bytes) : 0;
}

static enum err_code write_rule(struct store_txn *txn, void *context, struct err *err)
{
    unsigned char value[8];
    const int64_t *age_ms = context;
    (void)err;
    value_set_u64(value, (uint64_t)*age_ms);
    return store_put(txn, STORE_META, rule_key, sizeof rule_key - 1, value, sizeof value);
}

enum err_code kept_set_rule(struct registry *registry, const char *rule, struct err *err)
{
    struct registry_view view;
    int64_t age_ms = 0;
    if (strcmp(rule, "none") != 0 && !prune_read_age(rule, &age_ms)) {
        err_set(err, ERR_BAD_INPUT, "\"%.60s\" is no time for which files are kept", rule);
        err_rule(err, NULL, "Write a number of days, hours, minutes or seconds (90d), or none.");
        return ERR_BAD_INPUT;
    }
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    bool same = kept_rule(&view.txn) == age_ms;
    registry_view_end(&view);
    return same ? ERR_OK : store_write(registry_store(registry), write_rule, &age_ms, err);
}

/* ------------------------------------------------------------------ rows */

static void key_kept(struct store_key *key, enum registry_kind kind, uint64_t number,
    const char *text, int64_t until_ms)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(text, strlen(text), hash);
    key_start(key);
    key_add_byte(key, FILES_KEPT);
    key_add_byte(key, (unsigned)kind);
    key_add_number(key, number);
    key_add(key, hash, sizeof hash);
    key_add_number(key, (uint64_t)until_ms);
}

/* Of two within a millisecond, the last one counts. */
static enum err_code forget_earlier(struct store_txn *txn, const struct store_key *key)
{
    struct store_bytes value;
    struct registry_file file;
    const char *text = NULL;
    enum err_code code = store_get(txn, STORE_FILES, key->bytes, key->len, &value);
    bool kept = code == ERR_OK && file_record_read(value, &text, &file) &&
                memcmp(file.blob, no_blob, sizeof no_blob) != 0;
    code = code == ERR_NOT_FOUND ? ERR_OK : code;
    return kept ? blob_forget(txn, file.blob) : code;
}

enum err_code kept_drop(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const char *text, const struct registry_file *file, int64_t time_ms)
{
    struct store_key key;
    struct registry_file kept = *file;
    bool keep = kept_rule(txn) > 0;
    key_kept(&key, kind, number, text, time_ms);
    if (!keep) {
        memset(kept.blob, 0, sizeof kept.blob);
    }
    enum err_code code = forget_earlier(txn, &key);
    if (code == ERR_OK) {
        code = file_record_put(txn, &key, text, &kept);
    }
    return code == ERR_OK && !keep ? blob_forget(txn, file->blob) : code;
}

/* ------------------------------------------------------------------ restoring */

/* When the revision behind this one was made: until then it was valid. */
static int64_t end_of(
    struct store_txn *txn, enum registry_kind kind, uint64_t number, uint64_t revision)
{
    struct store_key key;
    struct store_key prefix;
    struct store_cursor cursor;
    struct revision_record next;
    int64_t end_ms = INT64_MAX;
    if (store_cursor_open(txn, STORE_REVISIONS, &cursor) != ERR_OK) {
        return end_ms;
    }
    key_document(&prefix, kind, number);
    key_revision(&key, kind, number, revision + 1);
    if (store_cursor_seek(&cursor, key.bytes, key.len) && key_starts_with(cursor.key, &prefix) &&
        revision_read(cursor.value, key_number_at(cursor.key, prefix.len), &next)) {
        end_ms = next.said.time_ms;
    }
    store_cursor_close(&cursor);
    return end_ms;
}

/* What a text led to at the end of a revision; copies in the arena. False when nothing is known. */
static bool find_one(struct store_txn *txn, struct arena *arena, enum registry_kind kind,
    uint64_t number, int64_t end_ms, struct kept_file *kept)
{
    struct store_key key;
    struct store_cursor cursor;
    const char *text = NULL;
    if (end_ms == INT64_MAX || store_cursor_open(txn, STORE_FILES, &cursor) != ERR_OK) {
        return false;
    }
    key_kept(&key, kind, number, kept->text, end_ms);
    bool found =
        store_cursor_seek(&cursor, key.bytes, key.len) && cursor.key.len == KEPT_KEY_BYTES &&
        memcmp(cursor.key.bytes, key.bytes, FILE_KEY_BYTES) == 0 &&
        file_record_read(cursor.value, &text, &kept->file) && strcmp(text, kept->text) == 0;
    if (found) {
        struct registry_file *file = &kept->file;
        kept->bytes = memcmp(file->blob, no_blob, sizeof no_blob) != 0;
        file->content_type = arena_copy(arena, file->content_type, strlen(file->content_type));
        file->name = arena_copy(arena, file->name, strlen(file->name));
        found = file->content_type != NULL && file->name != NULL;
    }
    store_cursor_close(&cursor);
    return found;
}

enum err_code kept_find(struct store_txn *txn, struct arena *arena, enum registry_kind kind,
    uint64_t number, uint64_t revision, const struct document_files *files, struct kept_file **list,
    size_t *count)
{
    int64_t end_ms = end_of(txn, kind, number, revision);
    struct kept_file *found = arena_alloc(arena, (files->count + 1) * sizeof *found);
    size_t known = 0;
    if (found == NULL) {
        return ERR_TOO_LARGE;
    }
    for (size_t i = 0; i < files->count && txn->failed == ERR_OK; i++) {
        found[known] = (struct kept_file){.text = files->values[i]};
        known += !file_is_there(txn, kind, number, files, files->values[i]) &&
                 find_one(txn, arena, kind, number, end_ms, &found[known]);
    }
    *list = found;
    *count = known;
    return txn->failed;
}

enum err_code kept_bring_back(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct kept_file *list, size_t count, int64_t time_ms)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        struct registry_file there;
        if (!list[i].bytes) {
            continue;
        }
        code = file_find(txn, kind, number, list[i].text, &there);
        if (code == ERR_NOT_FOUND) {
            code = file_put(txn, kind, number, list[i].text, &list[i].file, time_ms);
        }
    }
    return code;
}

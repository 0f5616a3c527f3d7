/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/families.h"

#include <stdlib.h>
#include <string.h>

#include "registry/documents.h"
#include "registry/family_record.h"
#include "templates/identity.h"

enum { FAMILIES_PAGE = 1000 };

const char *template_state_text(enum template_state state)
{
    static const char *const texts[] = {
        "draft", "in review", "published", "deprecated", "withdrawn"};
    return (unsigned)state < sizeof texts / sizeof *texts ? texts[state] : "";
}

/* ------------------------------------------------------------------ reading */

static enum err_code out_of_room(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "there are too many families or versions for this request");
}

static enum err_code give_family(struct arena *arena, struct store_bytes key,
    struct store_bytes value, struct registry_family *family, struct err *err)
{
    struct family_record record;
    if (!family_record_read(value, &record)) {
        return err_set(err, ERR_STORE, "the record of a family is damaged");
    }
    family->family = arena_copy(arena, key.bytes, key.len);
    family->title = arena_copy(arena, record.title, strlen(record.title));
    family->latest = arena_copy(arena, record.latest, strlen(record.latest));
    family->versions = record.versions;
    bool full = family->family == NULL || family->title == NULL || family->latest == NULL;
    return full ? out_of_room(err) : ERR_OK;
}

static enum err_code find_family(struct registry_view *view, struct arena *arena, const char *name,
    struct registry_family *family, struct err *err)
{
    struct store_bytes key = {.bytes = name, .len = strlen(name)};
    struct store_bytes value;
    bool possible = key.len > 0 && key.len <= STORE_MAX_KEY && name[0] != FAMILY_SHOWN_MARK;
    enum err_code code = possible
                             ? store_get(&view->txn, STORE_FAMILIES, key.bytes, key.len, &value)
                             : ERR_NOT_FOUND;
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no template family '%.200s'", name);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the families cannot be read");
    }
    return give_family(arena, key, value, family, err);
}

/* Copies the texts of a version into the arena. */
static enum err_code give_version(struct arena *arena, const char *family, struct store_bytes label,
    const struct version_record *record, struct registry_version *version, struct err *err)
{
    struct version_record kept = *record;
    const char *name = arena_copy(arena, label.bytes, label.len);
    if (name == NULL || version_keep(arena, &kept) != ERR_OK) {
        return out_of_room(err);
    }
    *version = kept.version;
    version->family = family;
    version->label = name;
    return ERR_OK;
}

static int compare_versions(const void *a, const void *b)
{
    const struct registry_version *left = a;
    const struct registry_version *right = b;
    return template_label_compare(right->label, left->label);
}

static enum err_code read_versions(struct store_cursor *cursor, struct arena *arena,
    const char *family, struct registry_version *list, size_t room, size_t *count, struct err *err)
{
    struct store_key prefix;
    struct version_record record;
    enum err_code code = ERR_OK;
    key_version(&prefix, family, "");
    bool more = store_cursor_seek(cursor, prefix.bytes, prefix.len);
    for (*count = 0;
         more && code == ERR_OK && *count < room && key_starts_with(cursor->key, &prefix);
         (*count)++) {
        struct store_bytes label = {.bytes = (const char *)cursor->key.bytes + prefix.len,
            .len = cursor->key.len - prefix.len};
        code = version_record_read(cursor->value, &record)
                   ? give_version(arena, family, label, &record, &list[*count], err)
                   : err_set(err, ERR_STORE, "the record of a version is damaged");
        more = store_cursor_next(cursor);
    }
    return code == ERR_OK ? cursor->txn->failed : code;
}

enum err_code registry_family(struct registry_view *view, struct arena *arena, const char *family,
    struct registry_family *result, struct registry_version **versions, size_t *count,
    struct err *err)
{
    struct registry_family found;
    struct store_cursor cursor;
    size_t read = 0;
    enum err_code code = find_family(view, arena, family, &found, err);
    if (code == ERR_OK) {
        code = store_cursor_open(&view->txn, STORE_VERSIONS, &cursor);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct registry_version *list = arena_alloc(arena, (found.versions + 1) * sizeof *list);
    code = list == NULL
               ? out_of_room(err)
               : read_versions(&cursor, arena, found.family, list, found.versions, &read, err);
    store_cursor_close(&cursor);
    if (code == ERR_OK) {
        qsort(list, read, sizeof *list, compare_versions);
        *result = found;
        *versions = list;
        *count = read;
    }
    return code;
}

enum err_code registry_version(struct registry_view *view, struct arena *arena, const char *family,
    const char *label, struct registry_version *version, const char **json, size_t *json_len,
    struct err *err)
{
    struct registry_family found;
    struct version_record record;
    enum err_code code = find_family(view, arena, family, &found, err);
    if (code != ERR_OK) {
        return code;
    }
    label = label == NULL ? found.latest : label;
    if (label[0] == '\0') {
        return err_set(err, ERR_NOT_FOUND, "no version of '%.200s' is published", family);
    }
    code = version_find(&view->txn, family, label, &record);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no version '%.100s' of '%.200s'", label, family);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the version cannot be read");
    }
    struct store_bytes name = {.bytes = label, .len = strlen(label)};
    struct registry_version given;
    code = give_version(arena, found.family, name, &record, &given, err);
    if (code == ERR_OK && json != NULL) {
        code = content_get(&view->txn, arena, given.content, json, json_len, err);
    }
    if (code == ERR_OK) {
        *version = given;
    }
    return code;
}

enum err_code registry_families(struct registry_view *view, struct arena *arena, const char *after,
    size_t limit, struct registry_family **families, size_t *count, struct err *err)
{
    static const char first[] = {FAMILY_SHOWN_MARK + 1};
    struct store_cursor cursor;
    size_t room = limit > 0 && limit < FAMILIES_PAGE ? limit : FAMILIES_PAGE;
    struct registry_family *list = arena_alloc(arena, room * sizeof *list);
    if (list == NULL) {
        return out_of_room(err);
    }
    enum err_code code = store_cursor_open(&view->txn, STORE_FAMILIES, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    bool named = after != NULL && (unsigned char)after[0] > FAMILY_SHOWN_MARK;
    size_t after_len = named ? strnlen(after, STORE_MAX_KEY) : 0;
    bool more = after_len > 0 ? store_cursor_seek(&cursor, after, after_len)
                              : store_cursor_seek(&cursor, first, sizeof first);
    if (more && after_len > 0 && cursor.key.len == after_len &&
        memcmp(cursor.key.bytes, after, after_len) == 0) {
        more = store_cursor_next(&cursor);
    }
    size_t read = 0;
    for (; more && code == ERR_OK && read < room; more = store_cursor_next(&cursor)) {
        code = give_family(arena, cursor.key, cursor.value, &list[read++], err);
    }
    store_cursor_close(&cursor);
    if (code == ERR_OK) {
        *families = list;
        *count = read;
    }
    return code == ERR_OK ? view->txn.failed : code;
}

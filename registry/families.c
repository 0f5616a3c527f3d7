/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/families.h"

#include <stdlib.h>
#include <string.h>

#include "registry/documents.h"
#include "registry/search.h"
#include "templates/identity.h"

enum {
    RECORD_LAYOUT = 1,
    /* version: layout, state, errors, warnings, created, content, package; then five texts */
    VERSION_HEAD = 4 + 4 + 4 + 4 + 8 + 2 * STORE_HASH_BYTES,
    AT_CONTENT = 24,
    AT_PACKAGE = AT_CONTENT + STORE_HASH_BYTES,
    VERSION_TEXTS = 5,
    /* family: layout, versions; then title and newest published label */
    FAMILY_HEAD = 8,
    FAMILY_TEXTS = 2,
    SHOWN_MARK = 0x01,
    TITLE_MAX = 1000,
    VALUE_CEILING = 64 * 1024,
    FAMILIES_PAGE = 1000,
    FIRST_ROOM = 16,
};

const char *template_state_text(enum template_state state)
{
    static const char *const texts[] = {
        "draft", "in review", "published", "deprecated", "withdrawn"};
    return (unsigned)state < sizeof texts / sizeof *texts ? texts[state] : "";
}

/* ------------------------------------------------------------------ keys and values */

void key_version(struct store_key *key, const char *family, const char *label)
{
    key_start(key);
    key_add(key, family, strlen(family));
    key_add_byte(key, 0);
    key_add(key, label, strlen(label));
}

void key_version_searched(struct store_key *key, const char *family, const char *label)
{
    key_start(key);
    key_add_byte(key, 'v');
    key_add(key, family, strlen(family));
    key_add_byte(key, 0);
    key_add(key, label, strlen(label));
}

static void key_shown(struct store_key *key, const char *id, size_t id_len)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(id, id_len, hash);
    key_start(key);
    key_add_byte(key, SHOWN_MARK);
    key_add(key, hash, sizeof hash);
}

/* Reads `count` texts with a NUL behind each; false when they are not there. */
static bool read_texts(struct store_bytes value, size_t at, const char **texts, size_t count)
{
    const char *bytes = value.bytes;
    for (size_t i = 0; i < count; i++) {
        const char *end = at < value.len ? memchr(bytes + at, '\0', value.len - at) : NULL;
        if (end == NULL) {
            return false;
        }
        texts[i] = bytes + at;
        at = (size_t)(end - bytes) + 1;
    }
    return true;
}

/* `key` is the family, NUL, the label, without a NUL behind. */
static bool version_read(struct store_bytes value, struct version_record *record)
{
    const unsigned char *head = value.bytes;
    const char *texts[VERSION_TEXTS];
    if (value.len < VERSION_HEAD || value_u32(head) != RECORD_LAYOUT ||
        !read_texts(value, VERSION_HEAD, texts, VERSION_TEXTS)) {
        return false;
    }
    struct registry_version *version = &record->version;
    version->state = (enum template_state)value_u32(head + 4);
    version->errors = value_u32(head + 8);
    version->warnings = value_u32(head + 12);
    version->created_ms = (int64_t)value_u64(head + 16);
    memcpy(version->content, head + AT_CONTENT, STORE_HASH_BYTES);
    memcpy(record->package, head + AT_PACKAGE, STORE_HASH_BYTES);
    version->title = texts[0];
    version->publisher = texts[1];
    version->submodel_id = texts[2];
    version->semantic_id = texts[3];
    version->source = texts[4];
    return true;
}

enum err_code version_find(
    struct store_txn *txn, const char *family, const char *label, struct version_record *record)
{
    struct store_key key;
    struct store_bytes value;
    key_version(&key, family, label);
    if (key.cut) {
        return ERR_NOT_FOUND;
    }
    enum err_code code = store_get(txn, STORE_VERSIONS, key.bytes, key.len, &value);
    if (code != ERR_OK) {
        return code;
    }
    if (!version_read(value, record)) {
        return ERR_STORE;
    }
    record->version.family = family;
    record->version.label = label;
    return ERR_OK;
}

enum err_code version_put(struct store_txn *txn, const struct version_record *record)
{
    const struct registry_version *version = &record->version;
    const char *const texts[VERSION_TEXTS] = {version->title, version->publisher,
        version->submodel_id, version->semantic_id, version->source};
    unsigned char head[VERSION_HEAD];
    struct store_key key;
    struct buf buf;
    value_set_u32(head, RECORD_LAYOUT);
    value_set_u32(head + 4, version->state);
    value_set_u32(head + 8, version->errors);
    value_set_u32(head + 12, version->warnings);
    value_set_u64(head + 16, (uint64_t)version->created_ms);
    memcpy(head + AT_CONTENT, version->content, STORE_HASH_BYTES);
    memcpy(head + AT_PACKAGE, record->package, STORE_HASH_BYTES);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, head, sizeof head);
    for (size_t i = 0; i < VERSION_TEXTS; i++) {
        buf_add(&buf, texts[i], strlen(texts[i]) + 1);
    }
    key_version(&key, version->family, version->label);
    enum err_code code = key.cut || buf_failed(&buf) ? ERR_TOO_LARGE
                                                     : store_put(txn, STORE_VERSIONS, key.bytes,
                                                           key.len, buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
}

/* ------------------------------------------------------------------ families */

struct family_record {
    size_t versions;
    const char *title;
    const char *latest;
};

static bool family_read(struct store_bytes value, struct family_record *record)
{
    const char *texts[FAMILY_TEXTS];
    if (value.len < FAMILY_HEAD || value_u32(value.bytes) != RECORD_LAYOUT ||
        !read_texts(value, FAMILY_HEAD, texts, FAMILY_TEXTS)) {
        return false;
    }
    record->versions = value_u32((const unsigned char *)value.bytes + 4);
    record->title = texts[0];
    record->latest = texts[1];
    return true;
}

/* Copies a text that the next change of the store would move. */
static void keep_text(char *to, size_t room, const char *text, size_t len)
{
    len = len < room - 1 ? len : room - 1;
    memcpy(to, text, len);
    to[len] = '\0';
}

/* What a walk over the versions of a family finds. */
struct survey {
    uint32_t versions;
    char newest[LABEL_BYTES_MAX + 1]; /* of all versions */
    char latest[LABEL_BYTES_MAX + 1]; /* of the published ones, "" */
    char title[TITLE_MAX + 1];        /* of the latest, else of the newest */
};

static void survey_add(
    struct survey *survey, const char *label, const struct version_record *record)
{
    bool published = record->version.state == TEMPLATE_PUBLISHED;
    bool newest = survey->versions == 0 || template_label_compare(label, survey->newest) > 0;
    bool latest = published &&
                  (survey->latest[0] == '\0' || template_label_compare(label, survey->latest) > 0);
    survey->versions++;
    if (newest) {
        keep_text(survey->newest, sizeof survey->newest, label, strlen(label));
    }
    if (latest) {
        keep_text(survey->latest, sizeof survey->latest, label, strlen(label));
    }
    if (latest || (newest && survey->latest[0] == '\0')) {
        const char *title = record->version.title;
        keep_text(survey->title, sizeof survey->title, title, strlen(title));
    }
}

static enum err_code survey_family(struct store_txn *txn, const char *family, struct survey *survey)
{
    struct store_key prefix;
    struct store_cursor cursor;
    struct version_record record;
    char label[LABEL_BYTES_MAX + 1];
    *survey = (struct survey){.versions = 0};
    key_version(&prefix, family, "");
    enum err_code code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
    while (more && code == ERR_OK && key_starts_with(cursor.key, &prefix)) {
        keep_text(label, sizeof label, (const char *)cursor.key.bytes + prefix.len,
            cursor.key.len - prefix.len);
        if (version_read(cursor.value, &record)) {
            survey_add(survey, label, &record);
        } else {
            code = ERR_STORE;
        }
        more = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    return code == ERR_OK ? txn->failed : code;
}

static enum err_code mark_newest(struct store_txn *txn, const char *family, const char *label,
    const char *value, struct err *err)
{
    struct store_key key;
    if (label[0] == '\0') {
        return ERR_OK;
    }
    key_version_searched(&key, family, label);
    enum err_code code = search_set_facet(txn, key.bytes, key.len, SEARCH_NEWEST, value, err);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static enum err_code family_put(
    struct store_txn *txn, const char *family, const struct survey *survey)
{
    unsigned char head[FAMILY_HEAD];
    struct buf buf;
    value_set_u32(head, RECORD_LAYOUT);
    value_set_u32(head + 4, survey->versions);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, head, sizeof head);
    buf_add(&buf, survey->title, strlen(survey->title) + 1);
    buf_add(&buf, survey->latest, strlen(survey->latest) + 1);
    enum err_code code = buf_failed(&buf) ? ERR_NO_MEMORY
                                          : store_put(txn, STORE_FAMILIES, family, strlen(family),
                                                buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
}

enum err_code family_refresh(struct store_txn *txn, const char *family, struct err *err)
{
    struct store_bytes value;
    struct family_record before;
    char latest[LABEL_BYTES_MAX + 1] = "";
    struct survey *survey = malloc(sizeof *survey);
    if (survey == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to count the versions");
    }
    enum err_code code = survey_family(txn, family, survey);
    if (code == ERR_OK &&
        store_get(txn, STORE_FAMILIES, family, strlen(family), &value) == ERR_OK &&
        family_read(value, &before)) {
        keep_text(latest, sizeof latest, before.latest, strlen(before.latest));
    }
    if (code == ERR_OK && strcmp(latest, survey->latest) != 0) {
        code = mark_newest(txn, family, latest, NULL, err);
    }
    if (code == ERR_OK) {
        code = mark_newest(txn, family, survey->latest, "1", err);
    }
    if (code == ERR_OK) {
        code = family_put(txn, family, survey);
    }
    free(survey);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the family cannot be stored");
}

/* ------------------------------------------------------------------ shown versions */

enum err_code version_shown_find(
    struct store_txn *txn, const char *id, size_t id_len, struct version_shown *shown)
{
    struct store_key key;
    struct store_bytes value;
    const char *texts[2];
    key_shown(&key, id, id_len);
    enum err_code code = store_get(txn, STORE_FAMILIES, key.bytes, key.len, &value);
    if (code == ERR_OK && !read_texts(value, 0, texts, 2)) {
        code = ERR_STORE;
    }
    if (code == ERR_OK) {
        keep_text(shown->family, sizeof shown->family, texts[0], strlen(texts[0]));
        keep_text(shown->label, sizeof shown->label, texts[1], strlen(texts[1]));
    }
    return code;
}

enum err_code version_shown_put(
    struct store_txn *txn, const char *id, size_t id_len, const char *family, const char *label)
{
    struct store_key key;
    struct buf buf;
    key_shown(&key, id, id_len);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, family, strlen(family) + 1);
    buf_add(&buf, label, strlen(label) + 1);
    enum err_code code =
        buf_failed(&buf) ? ERR_NO_MEMORY
                         : store_put(txn, STORE_FAMILIES, key.bytes, key.len, buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
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
    if (!family_read(value, &record)) {
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
    bool possible = key.len > 0 && key.len <= STORE_MAX_KEY && name[0] != SHOWN_MARK;
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
    *version = record->version;
    version->family = family;
    version->label = arena_copy(arena, label.bytes, label.len);
    const char **const texts[] = {&version->title, &version->publisher, &version->submodel_id,
        &version->semantic_id, &version->source};
    bool full = version->label == NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_copy(arena, *texts[i], strlen(*texts[i]));
        full |= *texts[i] == NULL;
    }
    return full ? out_of_room(err) : ERR_OK;
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
        code = version_read(cursor->value, &record)
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
    static const char first[] = {SHOWN_MARK + 1};
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
    bool named = after != NULL && (unsigned char)after[0] > SHOWN_MARK;
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

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of families and versions, and what is counted of a family.
 */
#include "registry/family_record.h"

#include <stdlib.h>
#include <string.h>

#include "aas/buf.h"
#include "registry/blobs.h"
#include "registry/search.h"
#include "templates/identity.h"

enum {
    RECORD_LAYOUT = 1,
    /* version: layout, state, errors, warnings, created, content, package; in the second layout
     * also published, changed, seen, zero; then the texts */
    VERSION_LAYOUT = 2,
    VERSION_HEAD_OLD = 4 + 4 + 4 + 4 + 8 + 2 * STORE_HASH_BYTES,
    VERSION_HEAD = VERSION_HEAD_OLD + 8 + 8 + 4 + 4,
    AT_CONTENT = 24,
    AT_PACKAGE = AT_CONTENT + STORE_HASH_BYTES,
    AT_PUBLISHED = AT_PACKAGE + STORE_HASH_BYTES,
    AT_CHANGED = AT_PUBLISHED + 8,
    AT_SEEN = AT_CHANGED + 8,
    VERSION_TEXTS_OLD = 5,
    VERSION_TEXTS = 9,
    /* family: layout, versions; then title and newest published label */
    FAMILY_HEAD = 8,
    FAMILY_TEXTS = 2,
    VALUE_CEILING = 64 * 1024,
};

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

void key_version_shown(struct store_key *key, const char *id, size_t id_len)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(id, id_len, hash);
    key_start(key);
    key_add_byte(key, FAMILY_SHOWN_MARK);
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
bool version_record_read(struct store_bytes value, struct version_record *record)
{
    const unsigned char *head = value.bytes;
    const char *texts[VERSION_TEXTS] = {"", "", "", "", "", "", "", "", ""};
    uint32_t layout = value.len < VERSION_HEAD_OLD ? 0 : value_u32(head);
    bool old = layout == 1; /* before versions had a life cycle */
    size_t start = old ? VERSION_HEAD_OLD : VERSION_HEAD;
    if ((!old && layout != VERSION_LAYOUT) || value.len < start ||
        !read_texts(value, start, texts, old ? VERSION_TEXTS_OLD : VERSION_TEXTS)) {
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
    version->base = texts[5];
    version->author = texts[6];
    version->successor = texts[7];
    version->overruled = texts[8];
    version->published_ms = old ? version->created_ms : (int64_t)value_u64(head + AT_PUBLISHED);
    version->changed_ms = old ? version->created_ms : (int64_t)value_u64(head + AT_CHANGED);
    version->seen = old ? 0 : value_u32(head + AT_SEEN);
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
    if (!version_record_read(value, record)) {
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
        version->submodel_id, version->semantic_id, version->source, version->base, version->author,
        version->successor, version->overruled};
    unsigned char head[VERSION_HEAD];
    struct store_key key;
    struct buf buf;
    memset(head, 0, sizeof head);
    value_set_u32(head, VERSION_LAYOUT);
    value_set_u32(head + 4, version->state);
    value_set_u32(head + 8, version->errors);
    value_set_u32(head + 12, version->warnings);
    value_set_u64(head + 16, (uint64_t)version->created_ms);
    memcpy(head + AT_CONTENT, version->content, STORE_HASH_BYTES);
    memcpy(head + AT_PACKAGE, record->package, STORE_HASH_BYTES);
    value_set_u64(head + AT_PUBLISHED, (uint64_t)version->published_ms);
    value_set_u64(head + AT_CHANGED, (uint64_t)version->changed_ms);
    value_set_u32(head + AT_SEEN, version->seen);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, head, sizeof head);
    for (size_t i = 0; i < VERSION_TEXTS; i++) {
        const char *text = texts[i] == NULL ? "" : texts[i];
        buf_add(&buf, text, strlen(text) + 1);
    }
    key_version(&key, version->family, version->label);
    enum err_code code = key.cut || buf_failed(&buf) ? ERR_TOO_LARGE
                                                     : store_put(txn, STORE_VERSIONS, key.bytes,
                                                           key.len, buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
}

enum err_code version_keep(struct arena *arena, struct version_record *record)
{
    struct registry_version *version = &record->version;
    const char **const texts[] = {&version->title, &version->publisher, &version->submodel_id,
        &version->semantic_id, &version->source, &version->base, &version->author,
        &version->successor, &version->overruled};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_copy(arena, *texts[i], strlen(*texts[i]));
        if (*texts[i] == NULL) {
            return ERR_NO_MEMORY;
        }
    }
    return ERR_OK;
}

enum err_code version_drop_package(struct store_txn *txn, struct version_record *record)
{
    static const unsigned char none[STORE_HASH_BYTES];
    unsigned char package[STORE_HASH_BYTES];
    memcpy(package, record->package, sizeof package);
    memset(record->package, 0, sizeof record->package);
    return memcmp(package, none, sizeof none) == 0 ? ERR_OK : blob_forget(txn, package);
}

enum err_code version_remove(
    struct store_txn *txn, const char *family, const char *label, struct err *err)
{
    struct store_key key;
    struct version_record record;
    enum err_code code = version_find(txn, family, label, &record);
    if (code == ERR_OK) {
        code = version_drop_package(txn, &record);
    }
    key_version(&key, family, label);
    if (code == ERR_OK) {
        code = store_delete(txn, STORE_VERSIONS, key.bytes, key.len);
    }
    if (code == ERR_OK) {
        key_version_searched(&key, family, label);
        code = search_remove(txn, key.bytes, key.len, err);
    }
    return code;
}

/* ------------------------------------------------------------------ families */

bool family_record_read(struct store_bytes value, struct family_record *record)
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

static void survey_add(
    struct family_survey *survey, const char *label, const struct version_record *record)
{
    bool published = record->version.state == TEMPLATE_PUBLISHED;
    survey->published += record->version.state >= TEMPLATE_PUBLISHED;
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

enum err_code family_survey(struct store_txn *txn, const char *family, struct family_survey *survey)
{
    struct store_key prefix;
    struct store_cursor cursor;
    struct version_record record;
    char label[LABEL_BYTES_MAX + 1];
    *survey = (struct family_survey){.versions = 0};
    key_version(&prefix, family, "");
    enum err_code code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
    while (more && code == ERR_OK && key_starts_with(cursor.key, &prefix)) {
        keep_text(label, sizeof label, (const char *)cursor.key.bytes + prefix.len,
            cursor.key.len - prefix.len);
        if (version_record_read(cursor.value, &record)) {
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

/* A family without versions is none. */
static enum err_code family_put(
    struct store_txn *txn, const char *family, const struct family_survey *survey)
{
    unsigned char head[FAMILY_HEAD];
    struct buf buf;
    if (survey->versions == 0) {
        enum err_code code = store_delete(txn, STORE_FAMILIES, family, strlen(family));
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
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
    struct family_survey *survey = malloc(sizeof *survey);
    if (survey == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to count the versions");
    }
    enum err_code code = family_survey(txn, family, survey);
    if (code == ERR_OK &&
        store_get(txn, STORE_FAMILIES, family, strlen(family), &value) == ERR_OK &&
        family_record_read(value, &before)) {
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

bool version_shown_read(struct store_bytes value, struct version_shown *shown)
{
    const char *texts[2];
    if (!read_texts(value, 0, texts, 2)) {
        return false;
    }
    keep_text(shown->family, sizeof shown->family, texts[0], strlen(texts[0]));
    keep_text(shown->label, sizeof shown->label, texts[1], strlen(texts[1]));
    return true;
}

enum err_code version_shown_find(
    struct store_txn *txn, const char *id, size_t id_len, struct version_shown *shown)
{
    struct store_key key;
    struct store_bytes value;
    key_version_shown(&key, id, id_len);
    enum err_code code = store_get(txn, STORE_FAMILIES, key.bytes, key.len, &value);
    return code == ERR_OK && !version_shown_read(value, shown) ? ERR_STORE : code;
}

enum err_code version_shown_put(
    struct store_txn *txn, const char *id, size_t id_len, const char *family, const char *label)
{
    struct store_key key;
    struct buf buf;
    key_version_shown(&key, id, id_len);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, family, strlen(family) + 1);
    buf_add(&buf, label, strlen(label) + 1);
    enum err_code code =
        buf_failed(&buf) ? ERR_NO_MEMORY
                         : store_put(txn, STORE_FAMILIES, key.bytes, key.len, buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
}

enum err_code version_shown_remove(struct store_txn *txn, const char *id, size_t id_len)
{
    struct store_key key;
    key_version_shown(&key, id, id_len);
    enum err_code code = store_delete(txn, STORE_FAMILIES, key.bytes, key.len);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

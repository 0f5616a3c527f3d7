/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/lifecycle_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/curated.h"
#include "registry/document_record.h"
#include "registry/event.h"
#include "templates/identity.h"

enum { TEXT_SHOWN = 200, NOTE_HEAD = 8, NAMES_AT_ONCE = 64 };

enum err_code life_may(struct store_txn *txn, const struct registry_author *author,
    enum access_right right, const char *family, struct err *err)
{
    const struct access_object object = {.cls = ACCESS_TEMPLATE, .family = family};
    return access_decide(author == NULL ? NULL : author->principal, right, &object, txn, err);
}

enum err_code life_load(struct store_txn *txn, struct arena *arena, const char *family,
    const char *label, struct version_record *record, struct err *err)
{
    enum err_code code = version_find(txn, family, label, record);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no version '%.100s' of '%.200s'", label, family);
    }
    if (code == ERR_OK) {
        code = version_keep(arena, record);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the version cannot be read");
}

static enum err_code refuse_in_review(const struct registry_version *version, struct err *err)
{
    err_set(err, ERR_STATE, "version %.100s of %.200s is in review, its content stays as it is",
        version->label, version->family);
    err_rule(err, "immutable", "Recall it, then change the draft.");
    return ERR_STATE;
}

enum err_code life_refuse_change(
    struct store_txn *txn, const struct registry_version *version, struct err *err)
{
    struct err way = {0};
    char next[LABEL_BYTES_MAX + 1];
    if (version->state == TEMPLATE_IN_REVIEW) {
        return refuse_in_review(version, err);
    }
    enum err_code code = life_next_label(txn, version->family, version->label, next, err);
    if (code != ERR_OK) {
        return code;
    }
    err_set(err, ERR_STATE, "version %.100s of %.200s is %s, its content does not change any more",
        version->label, version->family, template_state_text(version->state));
    err_set(&way, ERR_STATE,
        "Make a new version from it, for example %s: POST /templates/%.150s/versions with "
        "{\"from\":\"%.60s\",\"version\":\"%s\"}, or propose a change.",
        next, version->family, version->label, next);
    err_rule(err, "immutable", way.text);
    return ERR_STATE;
}

enum err_code life_is_draft(struct store_txn *txn, const struct version_record *record,
    const unsigned char *if_match, struct err *err)
{
    if (record->version.state != TEMPLATE_DRAFT) {
        return life_refuse_change(txn, &record->version, err);
    }
    if (if_match != NULL && memcmp(if_match, record->version.content, STORE_HASH_BYTES) != 0) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ storing */

enum err_code life_event(struct store_txn *txn, const struct registry_version *version,
    const char *operation, const char *summary, const unsigned char *content, bool ended,
    const struct registry_author *author, int64_t time_ms, struct err *err)
{
    char id[FAMILY_BYTES_MAX + LABEL_BYTES_MAX + 2];
    size_t family = strlen(version->family);
    size_t label = strlen(version->label);
    if (family > FAMILY_BYTES_MAX || label > LABEL_BYTES_MAX) {
        return err_set(err, ERR_BAD_INPUT, "the name of the family or version is too long");
    }
    memcpy(id, version->family, family);
    id[family] = '@';
    memcpy(id + family + 1, version->label, label + 1);
    const struct event event = {.kind = REGISTRY_TEMPLATE_VERSION,
        .id = id,
        .id_len = family + 1 + label,
        .operation = operation,
        .summary = summary,
        .content = content,
        .ended = ended,
        .time_ms = time_ms};
    return event_put(txn, &event, author, err);
}

enum err_code life_put(struct store_txn *txn, const struct version_record *record,
    const struct version_prepared *prepared, const struct registry_author *author, struct err *err)
{
    const struct registry_version *version = &record->version;
    struct store_key key;
    key_version_searched(&key, version->family, version->label);
    enum err_code code =
        content_put(txn, prepared->content, prepared->packed, prepared->packed_len);
    if (code == ERR_OK) {
        code = version_put(txn, record);
    }
    if (code == ERR_OK) {
        code = search_put(txn, key.bytes, key.len, &prepared->search, err);
    }
    if (code == ERR_OK) {
        code = family_refresh(txn, version->family, err);
    }
    if (code == ERR_OK && curated_generation(txn) != prepared->curated) {
        code = curated_renew_version(txn, version->family, version->label, err);
    }
    return code == ERR_OK ? life_note(txn, version, 'e', author, version->changed_ms) : code;
}

enum err_code life_put_content(struct store_txn *txn, struct version_record *record,
    const struct version_prepared *prepared, const char *operation, const char *summary,
    const struct registry_author *author, int64_t time_ms, struct err *err)
{
    memcpy(record->version.content, prepared->content, STORE_HASH_BYTES);
    record->version.title = prepared->title;
    record->version.semantic_id = prepared->semantic_id;
    record->version.errors = prepared->errors;
    record->version.warnings = prepared->warnings;
    record->version.changed_ms = time_ms;
    enum err_code code = version_drop_package(txn, record);
    if (code == ERR_OK) {
        code = life_put(txn, record, prepared, author, err);
    }
    return code == ERR_OK ? life_event(txn, &record->version, operation, summary, prepared->content,
                                false, author, time_ms, err)
                          : code;
}

enum err_code life_show(struct store_txn *txn, const struct registry_version *version,
    const struct document_prepared *document, const char *log_operation,
    const struct registry_author *author, int64_t time_ms, struct err *err)
{
    enum registry_outcome outcome;
    enum err_code code = document_put(
        txn, document, REGISTRY_UPSERT, NULL, log_operation, author, NULL, time_ms, &outcome, err);
    return code == ERR_OK ? version_shown_put(txn, document->id, document->id_len, version->family,
                                version->label)
                          : code;
}

enum err_code life_remove(struct store_txn *txn, const struct registry_version *version,
    const struct registry_author *author, int64_t time_ms, struct err *err)
{
    struct version_shown shown;
    const char *id = version->submodel_id;
    enum err_code code = version_remove(txn, version->family, version->label, err);
    if (code == ERR_OK) {
        code = life_forget(txn, version, 'a');
    }
    if (code == ERR_OK) {
        code = life_forget(txn, version, 'e');
    }
    if (code == ERR_OK && version_shown_find(txn, id, strlen(id), &shown) == ERR_OK &&
        strcmp(shown.family, version->family) == 0 && strcmp(shown.label, version->label) == 0) {
        code = version_shown_remove(txn, id, strlen(id));
    }
    if (code == ERR_OK) {
        code = family_refresh(txn, version->family, err);
    }
    return code == ERR_OK
               ? life_event(txn, version, "discard", NULL, NULL, true, author, time_ms, err)
               : code;
}

bool life_says(const char *text)
{
    return text != NULL && text[strspn(text, " \t\r\n")] != '\0';
}

/* ------------------------------------------------------------------ the family */

enum err_code life_published(
    struct store_txn *txn, const char *family, uint32_t *count, struct err *err)
{
    struct family_survey *survey = malloc(sizeof *survey);
    enum err_code code = survey == NULL ? ERR_NO_MEMORY : family_survey(txn, family, survey);
    *count = code == ERR_OK ? survey->published : 0;
    free(survey);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the versions cannot be counted");
}

/* What is asked about each version of a family; the record's texts point into the store. */
typedef void (*life_each)(const char *label, const struct version_record *record, void *context);

static enum err_code each_version(
    struct store_txn *txn, const char *family, life_each each, void *context, struct err *err)
{
    struct store_key prefix;
    struct store_cursor cursor;
    struct version_record record;
    key_version(&prefix, family, "");
    enum err_code code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the versions cannot be read");
    }
    for (bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && key_starts_with(cursor.key, &prefix); more = store_cursor_next(&cursor)) {
        char label[LABEL_BYTES_MAX + 1] = "";
        size_t len = cursor.key.len - prefix.len;
        memcpy(label, (const char *)cursor.key.bytes + prefix.len,
            len <= LABEL_BYTES_MAX ? len : LABEL_BYTES_MAX);
        if (version_record_read(cursor.value, &record)) {
            each(label, &record, context);
        }
    }
    store_cursor_close(&cursor);
    return txn->failed == ERR_OK ? ERR_OK
                                 : err_set(err, txn->failed, "the versions cannot be read");
}

struct below {
    const char *label;
    char *highest;
};

static void look_below(const char *label, const struct version_record *record, void *context)
{
    const struct below *below = context;
    bool may =
        record->version.state == TEMPLATE_PUBLISHED || record->version.state == TEMPLATE_DEPRECATED;
    if (may && template_label_compare(label, below->label) < 0 &&
        (below->highest[0] == '\0' || template_label_compare(label, below->highest) > 0)) {
        memcpy(below->highest, label, strlen(label) + 1);
    }
}

enum err_code life_predecessor(struct store_txn *txn, const char *family, const char *label,
    char predecessor[LABEL_BYTES_MAX + 1], struct err *err)
{
    struct below below = {label, predecessor};
    predecessor[0] = '\0';
    return each_version(txn, family, look_below, &below, err);
}

/* The highest numbers in a family. */
struct highest {
    unsigned version;  /* whose revisions are looked at */
    unsigned revision; /* among them */
    unsigned any;      /* of all versions */
};

static void look_for_highest(const char *label, const struct version_record *record, void *context)
{
    struct highest *highest = context;
    struct compare_number number = compare_number_of(label, NULL);
    (void)record;
    if (number.version > highest->any) {
        highest->any = number.version;
    }
    if (number.version == highest->version && number.revision > highest->revision) {
        highest->revision = number.revision;
    }
}

enum err_code life_next_label(struct store_txn *txn, const char *family, const char *label,
    char next[LABEL_BYTES_MAX + 1], struct err *err)
{
    struct compare_number number = compare_number_of(label, NULL);
    struct highest highest = {.version = number.version, .revision = number.revision};
    const char *variant = strchr(label, '+');
    size_t len = variant == NULL ? 0 : strcspn(variant, "~");
    enum err_code code = each_version(txn, family, look_for_highest, &highest, err);
    bool room = highest.revision < LIFE_NUMBER_MOST;
    snprintf(next, LABEL_BYTES_MAX + 1, "%u.%u%.*s", room ? highest.version : highest.any + 1,
        room ? highest.revision + 1 : 0, (int)len, variant == NULL ? "" : variant);
    return code;
}

/* ------------------------------------------------------------------ who */

static void key_life(struct store_key *key, const struct registry_version *version, char what)
{
    key_start(key);
    key_add(key, version->family, strlen(version->family));
    key_add_byte(key, 0);
    key_add(key, version->label, strlen(version->label));
    key_add_byte(key, 0);
    key_add_byte(key, (unsigned char)what);
}

/* Long names share their beginning's hash: they only have to be told apart. */
static void key_name(struct store_key *key, const char *name)
{
    size_t len = strlen(name);
    if (len <= NAMES_AT_ONCE) {
        key_add(key, name, len);
        return;
    }
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(name, len, hash);
    key_add(key, name, (size_t)text_shown(name, len, NAMES_AT_ONCE));
    key_add(key, hash, sizeof hash);
}

enum err_code life_note(struct store_txn *txn, const struct registry_version *version, char what,
    const struct registry_author *author, int64_t time_ms)
{
    struct store_key key;
    const char *name = author == NULL || author->name == NULL ? "" : author->name;
    const char *message = author == NULL || author->message == NULL ? "" : author->message;
    size_t len = strlen(message);
    len = (size_t)text_shown(message, len, REVISION_TEXT_MAX);
    unsigned char value[NOTE_HEAD + REVISION_TEXT_MAX];
    key_life(&key, version, what);
    key_name(&key, name);
    value_set_u64(value, (uint64_t)time_ms);
    memcpy(value + NOTE_HEAD, message, len);
    return key.cut ? ERR_TOO_LARGE
                   : store_put(txn, STORE_LIFE, key.bytes, key.len, value, NOTE_HEAD + len);
}

bool life_noted(
    struct store_txn *txn, const struct registry_version *version, char what, const char *name)
{
    struct store_key key;
    struct store_bytes value;
    key_life(&key, version, what);
    key_name(&key, name);
    return !key.cut && store_get(txn, STORE_LIFE, key.bytes, key.len, &value) == ERR_OK;
}

unsigned life_count_approvals(struct store_txn *txn, const struct registry_version *version)
{
    unsigned count = 0;
    struct store_key prefix;
    struct store_cursor cursor;
    key_life(&prefix, version, 'a');
    if (store_cursor_open(txn, STORE_LIFE, &cursor) != ERR_OK) {
        return 0;
    }
    for (bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && key_starts_with(cursor.key, &prefix); more = store_cursor_next(&cursor)) {
        struct store_key edited;
        struct store_bytes value;
        key_life(&edited, version, 'e');
        key_add(&edited, (const char *)cursor.key.bytes + prefix.len, cursor.key.len - prefix.len);
        count += store_get(txn, STORE_LIFE, edited.bytes, edited.len, &value) == ERR_NOT_FOUND;
    }
    store_cursor_close(&cursor);
    return count;
}

enum err_code life_forget(struct store_txn *txn, const struct registry_version *version, char what)
{
    struct store_key prefix;
    enum err_code code = ERR_OK;
    key_life(&prefix, version, what);
    for (bool more = true; more && code == ERR_OK;) {
        struct store_cursor cursor;
        struct store_key key;
        code = store_cursor_open(txn, STORE_LIFE, &cursor);
        if (code != ERR_OK) {
            break;
        }
        more = store_cursor_seek(&cursor, prefix.bytes, prefix.len) &&
               key_starts_with(cursor.key, &prefix);
        key_start(&key);
        if (more) {
            key_add(&key, cursor.key.bytes, cursor.key.len);
        }
        store_cursor_close(&cursor);
        if (more) {
            code = store_delete(txn, STORE_LIFE, key.bytes, key.len);
        }
    }
    return code;
}

enum err_code lifecycle_approvals(struct registry_view *view, struct arena *arena,
    const char *family, const char *label, struct lifecycle_approval **approvals, size_t *count,
    struct err *err)
{
    enum { MOST = 100 };
    const struct registry_version version = {.family = family, .label = label};
    struct store_key prefix;
    struct store_cursor cursor;
    struct lifecycle_approval *list = arena_alloc(arena, MOST * sizeof *list);
    size_t found = 0;
    if (list == NULL) {
        return err_set(err, ERR_TOO_LARGE, "%s", err_default_text(ERR_TOO_LARGE));
    }
    key_life(&prefix, &version, 'a');
    enum err_code code = store_cursor_open(&view->txn, STORE_LIFE, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the approvals cannot be read");
    }
    for (bool more = store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && found < MOST && key_starts_with(cursor.key, &prefix);
         more = store_cursor_next(&cursor)) {
        size_t name = cursor.key.len - prefix.len;
        const unsigned char *value = cursor.value.bytes;
        if (cursor.value.len < NOTE_HEAD) {
            continue;
        }
        list[found++] = (struct lifecycle_approval){
            .name = arena_copy(arena, (const char *)cursor.key.bytes + prefix.len,
                name < NAMES_AT_ONCE ? name : NAMES_AT_ONCE),
            .message =
                arena_copy(arena, (const char *)value + NOTE_HEAD, cursor.value.len - NOTE_HEAD),
            .time_ms = (int64_t)value_u64(value)};
    }
    store_cursor_close(&cursor);
    *approvals = list;
    *count = found;
    return ERR_OK;
}

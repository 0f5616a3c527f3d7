/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/upgrade.h"

#include <string.h>

#include "aas/json.h"
#include "registry/curated.h"
#include "registry/document_record.h"
#include "registry/families.h"
#include "registry/lifecycle_inside.h"
#include "registry/log.h"
#include "registry/search_record.h"
#include "templates/identity.h"

enum {
    UPGRADE_BATCH = 256,      /* documents in one transaction */
    FORMAT_FOUND_BY_MORE = 4, /* the first one whose search entries are today's */
    FORMAT_LIVES = 3,         /* the first one whose versions have a history */
    FORMAT_KEEPS_PHRASES = 5, /* the first one that lists phrases and names */
};

static const char format_key[] = "format";

/* ------------------------------------------------------------------ what is derived */

/* Makes what is derived from the thing under a key again. */
typedef enum err_code (*renew_fn)(
    struct store_txn *txn, const struct store_key *key, struct err *err);

/* One stretch of a table in key order. */
struct stretch {
    enum store_table table;
    renew_fn renew;
    struct store_key after; /* last key that is done; empty: from the start */
    struct store_key reached;
    bool more;
};

static bool same_search(
    const struct document_record *record, const struct document_prepared *prepared)
{
    return memcmp(record->search_hash, prepared->search_hash, STORE_HASH_BYTES) == 0;
}

static bool same_rows(
    const struct document_record *record, const struct document_prepared *prepared)
{
    return record->rows_len == prepared->rows_len &&
           (record->rows_len == 0 || memcmp(record->rows, prepared->rows, record->rows_len) == 0);
}

/* The document with what would be derived from it if it were stored now; it stays itself. */
static enum err_code store_derived(struct store_txn *txn, struct arena *arena,
    const struct document_record *record, struct document_prepared *prepared, struct err *err)
{
    struct store_key key;
    const struct registry_document *document = &record->document;
    const struct record_head head = {.number = document->number,
        .revision = document->revision,
        .created_ms = document->created_ms,
        .updated_ms = document->updated_ms};
    const unsigned char *before =
        (const unsigned char *)arena_copy(arena, (const char *)record->rows, record->rows_len);
    size_t before_len = record->rows_len;
    enum registry_kind kind = document->kind;
    if (before == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err_code code = record_put(txn, prepared, &head);
    if (code == ERR_OK) {
        code = record_change_rows(
            txn, kind, head.number, before, before_len, prepared->rows, prepared->rows_len);
    }
    if (code == ERR_OK) {
        key_searched(&key, kind, head.number);
        code = search_put(txn, key.bytes, key.len, &prepared->search, err);
    }
    return code == ERR_OK && curated_is_model(txn, kind, head.number)
               ? curated_renew_model(txn, kind, head.number, err)
               : code;
}

/* A document that cannot be read is left to the verification. */
static enum err_code renew_document(
    struct store_txn *txn, const struct store_key *key, struct err *err)
{
    struct store_bytes value;
    struct document_record record;
    struct document_prepared prepared;
    struct aas_node *tree = NULL;
    struct arena arena;
    enum registry_kind kind = (enum registry_kind)key->bytes[0];
    const struct store_bytes bytes = {key->bytes, key->len};
    enum err_code code = store_get(txn, STORE_DOCUMENTS, key->bytes, key->len, &value);
    if (code != ERR_OK || registry_class(kind) == NULL ||
        !record_read(value, kind, key_number_at(bytes, 1), &record)) {
        return code;
    }
    arena_init(&arena, WRITE_ARENA_BYTES);
    if (aas_json_read(&arena, record.document.json, record.document.json_len, registry_class(kind),
            NULL, &tree, NULL) == ERR_OK &&
        document_prepare_unpacked(&arena, tree, &prepared, NULL) == ERR_OK &&
        !(same_rows(&record, &prepared) && same_search(&record, &prepared))) {
        /* Its revisions name it by the hash that it has. */
        memcpy(prepared.hash, record.document.hash, STORE_HASH_BYTES);
        code = store_derived(txn, &arena, &record, &prepared, err);
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ template versions */

/* Takes the key of a version apart; false when it is none. */
static bool name_version(const struct store_key *key, struct version_shown *name)
{
    size_t family_len = strnlen((const char *)key->bytes, key->len);
    size_t label_len = family_len < key->len ? key->len - family_len - 1 : 0;
    *name = (struct version_shown){.family = ""};
    if (family_len >= sizeof name->family || label_len == 0 || label_len >= sizeof name->label) {
        return false;
    }
    memcpy(name->family, key->bytes, family_len);
    memcpy(name->label, key->bytes + family_len + 1, label_len);
    return true;
}

/* As with documents: one that cannot be read is left to the verification. */
static enum err_code renew_version(
    struct store_txn *txn, const struct store_key *key, struct err *err)
{
    struct version_shown name;
    if (!name_version(key, &name)) {
        return ERR_OK;
    }
    enum err_code code = curated_renew_version(txn, name.family, name.label, NULL);
    if (code == ERR_OK) {
        code = family_refresh(txn, name.family, err);
    }
    return txn->failed != ERR_OK ? txn->failed : ERR_OK;
}

static const struct registry_author before = {.message = "was there before"};

/* The log is in the order of time, so that the first entry of the history is from now; the version
 * itself knows when it came. */
static enum err_code put_first_event(
    struct store_txn *txn, const struct registry_version *version, const char *id, struct err *err)
{
    struct id_place place;
    enum err_code code = id_find(txn, REGISTRY_TEMPLATE_VERSION, id, strlen(id), &place, err);
    return code == ERR_OK && !place.known /* the step may be a repeated one */
               ? life_event(txn, version, DOCUMENT_LOG_IMPORT, NULL, version->content, false,
                     &before, write_now_ms(), err)
               : code;
}

/* What was deleted under the id of a version that is shown there is shown again, because nobody
 * could put anything else there now; what somebody has put there instead is no version's. */
static enum err_code settle_shown(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct err *err)
{
    struct aas_node *environment = NULL;
    struct aas_node *submodel = NULL;
    struct document_prepared prepared;
    struct registry_document stored;
    struct version_shown shown;
    const struct registry_version *version = &record->version;
    const char *id = version->submodel_id;
    size_t len = strlen(id);
    if (version_shown_find(txn, id, len, &shown) != ERR_OK ||
        strcmp(shown.family, version->family) != 0 || strcmp(shown.label, version->label) != 0) {
        return ERR_OK;
    }
    if (document_find(txn, REGISTRY_SUBMODEL, id, len, &stored, NULL) == ERR_OK) {
        return aas_json_read(arena, stored.json, stored.json_len, meta_class(CLASS_Submodel), NULL,
                   &submodel, NULL) == ERR_OK &&
                       !template_is(submodel)
                   ? version_shown_remove(txn, id, len)
                   : ERR_OK;
    }
    if (version_read(txn, arena, record, &environment, NULL) == ERR_OK) {
        submodel = version_submodel(environment, id);
    }
    return submodel != NULL && document_prepare(arena, submodel, &prepared, NULL) == ERR_OK
               ? life_show(
                     txn, version, &prepared, DOCUMENT_LOG_IMPORT, &before, write_now_ms(), err)
               : ERR_OK;
}

/* A version from before versions had a history gets its first entry. */
static enum err_code begin_history(
    struct store_txn *txn, const struct store_key *key, struct err *err)
{
    struct version_shown name;
    struct version_record record;
    struct arena arena;
    if (!name_version(key, &name) ||
        version_find(txn, name.family, name.label, &record) != ERR_OK) {
        return ERR_OK;
    }
    arena_init(&arena, SIZE_MAX);
    const char *id = arena_printf(&arena, "%s@%s", name.family, name.label);
    enum err_code code = id == NULL ? ERR_NO_MEMORY : version_keep(&arena, &record);
    if (code == ERR_OK) {
        code = put_first_event(txn, &record.version, id, err);
    }
    if (code == ERR_OK) {
        code = settle_shown(txn, &arena, &record, err);
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ search entries */

/* An entry that cannot be read is left to the verification; other rows lead to entries. */
static enum err_code list_entry(struct store_txn *txn, const struct store_key *key, struct err *err)
{
    struct store_bytes value;
    struct search_record record;
    const struct store_bytes bytes = {key->bytes, key->len};
    enum err_code code = store_get(txn, STORE_SEARCHED, key->bytes, key->len, &value);
    if (code != ERR_OK || key->bytes[0] != 'n' ||
        !search_record_read(value, key_number_at(bytes, 1), &record)) {
        return code;
    }
    return search_put_derived(txn, &record, err);
}

/* ------------------------------------------------------------------ all of them */

/* The next keys; a cursor does not live through changes. */
static size_t next_keys(struct store_cursor *cursor, const struct stretch *stretch,
    struct store_key keys[UPGRADE_BATCH])
{
    size_t count = 0;
    bool more = store_cursor_seek(cursor, stretch->after.bytes, stretch->after.len);
    const struct store_bytes after = {stretch->after.bytes, stretch->after.len};
    while (more && count < UPGRADE_BATCH) {
        bool done = cursor->key.len == after.len && after.len > 0 &&
                    memcmp(cursor->key.bytes, after.bytes, after.len) == 0;
        if (!done) {
            key_start(&keys[count]);
            key_add(&keys[count++], cursor->key.bytes, cursor->key.len);
        }
        more = store_cursor_next(cursor);
    }
    return count;
}

static enum err_code renew_stretch(struct store_txn *txn, void *context, struct err *err)
{
    struct stretch *stretch = context;
    struct store_cursor cursor;
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    struct store_key *keys = arena_alloc(&arena, UPGRADE_BATCH * sizeof *keys);
    enum err_code code = keys == NULL ? ERR_NO_MEMORY : ERR_OK;
    if (code == ERR_OK) {
        code = store_cursor_open(txn, stretch->table, &cursor);
    }
    if (code == ERR_OK) {
        size_t count = next_keys(&cursor, stretch, keys);
        store_cursor_close(&cursor);
        for (size_t i = 0; i < count && code == ERR_OK; i++) {
            code = stretch->renew(txn, &keys[i], err);
        }
        stretch->more = count == UPGRADE_BATCH;
        stretch->reached = count > 0 ? keys[count - 1] : stretch->after;
    }
    arena_finish(&arena);
    return code;
}

static enum err_code renew_all(
    struct registry *registry, enum store_table table, renew_fn renew, struct err *err)
{
    struct stretch stretch = {.table = table, .renew = renew, .more = true};
    key_start(&stretch.after);
    enum err_code code = ERR_OK;
    while (code == ERR_OK && stretch.more) {
        code = store_write(registry->store, renew_stretch, &stretch, err);
        stretch.after = stretch.reached;
    }
    return code;
}

/* ------------------------------------------------------------------ the format */

static enum err_code write_format(struct store_txn *txn, void *context, struct err *err)
{
    unsigned char bytes[8];
    (void)context;
    (void)err;
    value_set_u64(bytes, STORE_FORMAT);
    return store_put(txn, STORE_META, format_key, sizeof format_key - 1, bytes, sizeof bytes);
}

enum err_code registry_renew_search(struct registry *registry, struct err *err)
{
    enum err_code code = renew_all(registry, STORE_DOCUMENTS, renew_document, err);
    return code == ERR_OK ? renew_all(registry, STORE_VERSIONS, renew_version, err) : code;
}

enum err_code registry_upgrade(struct registry *registry, struct err *err)
{
    struct store_txn txn;
    enum err_code code = log_upgrade(registry->store, err);
    if (code == ERR_OK) {
        code = store_read(registry->store, &txn, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    uint64_t format = store_last_number(&txn, format_key);
    store_end(&txn);
    if (format >= STORE_FORMAT) {
        return ERR_OK;
    }
    if (format < FORMAT_FOUND_BY_MORE) {
        code = registry_renew_search(registry, err);
    }
    if (code == ERR_OK && format < FORMAT_LIVES) {
        code = renew_all(registry, STORE_VERSIONS, begin_history, err);
    }
    if (code == ERR_OK && format < FORMAT_KEEPS_PHRASES) {
        code = renew_all(registry, STORE_SEARCHED, list_entry, err);
    }
    if (code == ERR_OK) {
        code = store_write(registry->store, write_format, NULL, err);
    }
    return code == ERR_OK || (err != NULL && err->code == code)
               ? code
               : err_set(err, code, "the store cannot be brought up to date");
}

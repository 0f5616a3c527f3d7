/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registered_record.h"

#include <string.h>

#include "aas/json.h"

enum head_offset {
    AT_LAYOUT = 0,
    AT_FORM = 4,
    AT_ID_LEN = 8,
    AT_ROWS_LEN = 12,
    AT_JSON_LEN = 16,
    AT_CREATED = 24,
    AT_UPDATED = 32,
    AT_HIDES = 40,
    AT_HASH = 48,
};

enum registry_kind registered_about(enum registered_kind kind)
{
    return kind == REGISTERED_SUBMODEL ? REGISTRY_SUBMODEL : REGISTRY_SHELL;
}

const struct meta_class *registered_class(enum registered_kind kind)
{
    static const enum meta_class_id classes[REGISTERED_KIND_END] = {
        [REGISTERED_SHELL] = CLASS_AssetAdministrationShellDescriptor,
        [REGISTERED_SUBMODEL] = CLASS_SubmodelDescriptor,
        [REGISTERED_LINKS] = CLASS_AssetLinks,
    };
    return meta_class(classes[kind]);
}

void key_registered(struct store_key *key, enum registered_kind kind, uint64_t number)
{
    key_document(key, kind, number);
}

void key_registered_id(struct store_key *key, enum registry_kind about, uint64_t number)
{
    key_document(key, REGISTERED_ID | (unsigned)about, number);
}

enum registry_kind registered_index(enum registered_kind kind)
{
    return (enum registry_kind)(REGISTERED_INDEX | (unsigned)kind);
}

/* ------------------------------------------------------------------ records */

bool registered_read(struct store_bytes value, struct registered_record *record)
{
    const unsigned char *at = value.bytes;
    if (value.len < REGISTERED_HEAD || value_u32(at + AT_LAYOUT) != REGISTERED_LAYOUT) {
        return false;
    }
    uint32_t form = value_u32(at + AT_FORM);
    size_t id_len = value_u32(at + AT_ID_LEN);
    size_t rows_len = value_u32(at + AT_ROWS_LEN);
    size_t json_len = value_u32(at + AT_JSON_LEN);
    if (REGISTERED_HEAD + id_len + rows_len + json_len != value.len || id_len == 0 ||
        (form != REGISTERED_GIVEN && form != REGISTERED_HIDDEN)) {
        return false;
    }
    *record = (struct registered_record){.form = (enum registered_form)form,
        .created_ms = (int64_t)value_u64(at + AT_CREATED),
        .updated_ms = (int64_t)value_u64(at + AT_UPDATED),
        .hides_ms = (int64_t)value_u64(at + AT_HIDES),
        .id = (const char *)at + REGISTERED_HEAD,
        .id_len = id_len,
        .rows = at + REGISTERED_HEAD + id_len,
        .rows_len = rows_len,
        .json = (const char *)at + REGISTERED_HEAD + id_len + rows_len,
        .json_len = json_len};
    memcpy(record->hash, at + AT_HASH, STORE_HASH_BYTES);
    return true;
}

static unsigned char *add(unsigned char *to, const void *bytes, size_t len)
{
    if (len > 0) {
        memcpy(to, bytes, len);
    }
    return to + len;
}

enum err_code registered_put(struct store_txn *txn, enum registered_kind kind, uint64_t number,
    const struct registered_record *record)
{
    struct store_key key;
    void *room = NULL;
    size_t len = REGISTERED_HEAD + record->id_len + record->rows_len + record->json_len;
    key_registered(&key, kind, number);
    enum err_code code = store_reserve(txn, STORE_REGISTERED, key.bytes, key.len, len, &room);
    if (code != ERR_OK) {
        return code;
    }
    unsigned char *at = room;
    memset(at, 0, REGISTERED_HEAD);
    value_set_u32(at + AT_LAYOUT, REGISTERED_LAYOUT);
    value_set_u32(at + AT_FORM, record->form);
    value_set_u32(at + AT_ID_LEN, (uint32_t)record->id_len);
    value_set_u32(at + AT_ROWS_LEN, (uint32_t)record->rows_len);
    value_set_u32(at + AT_JSON_LEN, (uint32_t)record->json_len);
    value_set_u64(at + AT_CREATED, (uint64_t)record->created_ms);
    value_set_u64(at + AT_UPDATED, (uint64_t)record->updated_ms);
    value_set_u64(at + AT_HIDES, (uint64_t)record->hides_ms);
    memcpy(at + AT_HASH, record->hash, STORE_HASH_BYTES);
    at = add(at + REGISTERED_HEAD, record->id, record->id_len);
    at = add(at, record->rows, record->rows_len);
    add(at, record->json, record->json_len);
    return ERR_OK;
}

enum err_code registered_find(struct store_txn *txn, enum registered_kind kind, uint64_t number,
    struct registered_record *record, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_registered(&key, kind, number);
    enum err_code code = store_get(txn, STORE_REGISTERED, key.bytes, key.len, &value);
    if (code == ERR_OK && !registered_read(value, record)) {
        return err_set(
            err, ERR_STORE, "the registration number %llu is damaged", (unsigned long long)number);
    }
    return code;
}

bool registered_names(struct store_txn *txn, enum registry_kind about, uint64_t number)
{
    struct store_key key;
    struct store_bytes value;
    key_registered_id(&key, about, number);
    return store_get(txn, STORE_REGISTERED, key.bytes, key.len, &value) == ERR_OK;
}

/* ------------------------------------------------------------------ preparing */

enum { ROWS_FIXED = 3, JSON_MAX_BYTES = 1 << 28, ID_MAX_BYTES = 8192 };

static void add_row(struct record_row *rows, size_t *count, enum key_index index, const char *text)
{
    if (text != NULL) {
        rows[(*count)++] = (struct record_row){.index = index, .text = text, .len = strlen(text)};
    }
}

/* By what it is found: the asset's kind and type, or the links. */
static enum err_code make_rows(struct arena *arena, enum registered_kind kind,
    const struct aas_node *tree, struct document_prepared *made, struct err *err)
{
    size_t links = 0;
    size_t count = 0;
    struct aas_node **ids = aas_list(tree, PROP_specificAssetIds, &links);
    struct record_row *rows = arena_alloc(arena, (links + ROWS_FIXED) * sizeof *rows);
    if (rows == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the registration is too large");
    }
    if (kind == REGISTERED_SHELL) {
        add_row(rows, &count, KEY_INDEX_ASSET_KIND, aas_text(tree, PROP_assetKind));
        add_row(rows, &count, KEY_INDEX_ASSET_TYPE, aas_text(tree, PROP_assetType));
    }
    for (size_t i = 0; kind == REGISTERED_LINKS && i < links; i++) {
        const char *name = aas_text(ids[i], PROP_name);
        const char *value = aas_text(ids[i], PROP_value);
        if (name == NULL || value == NULL) {
            continue;
        }
        const char *text = record_asset_text(arena, name, value);
        if (text == NULL) {
            return err_set(err, ERR_TOO_LARGE, "the registration is too large");
        }
        add_row(rows, &count, KEY_INDEX_ASSET, text);
    }
    return record_make_rows(arena, rows, count, made, err);
}

enum err_code registered_prepare(struct arena *arena, enum registered_kind kind,
    const struct aas_node *tree, struct registered_prepared *prepared, struct err *err)
{
    struct buf buf;
    struct document_prepared *made = &prepared->made;
    *made = (struct document_prepared){.kind = registered_about(kind)};
    if (prepared->id_len == 0 || prepared->id_len > ID_MAX_BYTES) {
        return err_set(
            err, ERR_BAD_INPUT, "the id is empty or longer than %d bytes", (int)ID_MAX_BYTES);
    }
    buf_init(&buf, JSON_MAX_BYTES);
    aas_json_write(&buf, tree, 0, NULL);
    made->json = buf_failed(&buf) ? NULL : arena_copy(arena, buf.bytes, buf.len);
    made->json_len = buf.len;
    buf_finish(&buf);
    if (made->json == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the registration is too large");
    }
    store_hash(made->json, made->json_len, made->hash);
    return make_rows(arena, kind, tree, made, err);
}

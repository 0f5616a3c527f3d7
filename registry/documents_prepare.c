/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry/document_record.h"

/* Canonical bytes are kept in 32-bit offsets; requests are cut far below by the API. */
enum { DOCUMENT_MAX_BYTES = 1 << 30, ID_MAX_BYTES = 8192 };

enum {
    LONGER = 1024, /* bytes that a change may add without the buffer growing */
    GUESS_MAX = 1 << 20,
};

/* ------------------------------------------------------------------ what it is found by */

/* Rows for the index table, collected in the arena. */
struct finder {
    struct arena *arena;
    struct record_row *rows;
    size_t count;
    size_t room;
    bool full; /* the arena is */
};

static void add_row(struct finder *finder, enum key_index index, const char *text)
{
    if (text == NULL || finder->full) {
        return;
    }
    if (finder->count == finder->room) {
        size_t room = finder->room == 0 ? 16 : 2 * finder->room;
        struct record_row *rows = arena_alloc(finder->arena, room * sizeof *rows);
        if (rows == NULL) {
            finder->full = true;
            return;
        }
        if (finder->count > 0) {
            memcpy(rows, finder->rows, finder->count * sizeof *rows);
        }
        finder->rows = rows;
        finder->room = room;
    }
    finder->rows[finder->count++] =
        (struct record_row){.index = index, .text = text, .len = strlen(text)};
}

static void add_keys(struct finder *finder, enum key_index index, const struct aas_node *reference)
{
    size_t keys = 0;
    struct aas_node **nodes = reference == NULL ? NULL : aas_list(reference, PROP_keys, &keys);
    for (size_t i = 0; i < keys; i++) {
        add_row(finder, index, aas_text(nodes[i], PROP_value));
    }
}

static void add_references(struct finder *finder, enum key_index index, const struct aas_node *tree,
    enum meta_prop_id list)
{
    size_t count = 0;
    struct aas_node **nodes = aas_list(tree, list, &count);
    for (size_t i = 0; i < count; i++) {
        add_keys(finder, index, nodes[i]);
    }
}

static void add_asset(struct finder *finder, const char *name, const char *value)
{
    if (name != NULL && value != NULL) {
        const char *text = record_asset_text(finder->arena, name, value);
        finder->full = finder->full || text == NULL;
        add_row(finder, KEY_INDEX_ASSET, text);
    }
}

static void add_assets(struct finder *finder, const struct aas_node *tree)
{
    size_t count = 0;
    const struct aas_node *asset = aas_child(tree, PROP_assetInformation);
    if (asset == NULL) {
        return;
    }
    struct aas_node **ids = aas_list(asset, PROP_specificAssetIds, &count);
    add_asset(finder, KEY_ASSET_GLOBAL, aas_text(asset, PROP_globalAssetId));
    add_row(finder, KEY_INDEX_ASSET_KIND, aas_text(asset, PROP_assetKind));
    add_row(finder, KEY_INDEX_ASSET_TYPE, aas_text(asset, PROP_assetType));
    for (size_t i = 0; i < count; i++) {
        add_asset(finder, aas_text(ids[i], PROP_name), aas_text(ids[i], PROP_value));
    }
}

/* Attributes that a class has not are simply absent. */
static enum err_code find_rows(struct arena *arena, const struct aas_node *tree,
    struct document_prepared *prepared, struct err *err)
{
    struct finder finder = {.arena = arena};
    size_t count = 0;
    struct aas_node **embedded = aas_list(tree, PROP_embeddedDataSpecifications, &count);
    const char *kind = aas_text(tree, PROP_kind);
    add_row(&finder, KEY_INDEX_ID_SHORT, aas_text(tree, PROP_idShort));
    add_row(&finder, KEY_INDEX_KIND, kind != NULL && strcmp(kind, "Template") == 0 ? kind : NULL);
    add_keys(&finder, KEY_INDEX_SEMANTIC, aas_child(tree, PROP_semanticId));
    add_references(&finder, KEY_INDEX_SEMANTIC, tree, PROP_supplementalSemanticIds);
    add_references(&finder, KEY_INDEX_IS_CASE_OF, tree, PROP_isCaseOf);
    for (size_t i = 0; i < count; i++) {
        add_keys(
            &finder, KEY_INDEX_DATA_SPECIFICATION, aas_child(embedded[i], PROP_dataSpecification));
    }
    add_assets(&finder, tree);
    if (finder.full) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large");
    }
    return record_make_rows(arena, finder.rows, finder.count, prepared, err);
}

/* ------------------------------------------------------------------ preparing */

static bool name_json(
    const struct document_before *before, struct document_prepared *prepared, bool *whole)
{
    struct document_alike *alike = &prepared->alike;
    *whole = true;
    if (before == NULL) {
        return content_hash(prepared->json, prepared->json_len, prepared->hash);
    }
    bytes_differ(before->json, before->json_len, prepared->json, prepared->json_len, &alike->same,
        &alike->tail);
    alike->known = true;
    memcpy(alike->with, before->hash, STORE_HASH_BYTES);
    *whole = !before->followed ||
             !revision_is_little(before->json_len, prepared->json_len, alike->same + alike->tail);
    const struct content_change change = {.old_len = before->json_len,
        .old_hash = before->hash,
        .json = prepared->json,
        .len = prepared->json_len,
        .from = alike->same,
        .to = before->json_len - alike->tail,
        .new_to = prepared->json_len - alike->tail};
    return content_hash_change(before->contents, &change, prepared->hash);
}

/* Writes the canonical bytes and names them; `*whole`: too much has changed for a compact revision.
 */
static enum err_code write_json(struct arena *arena, const struct aas_node *tree,
    const struct document_before *before, struct document_prepared *prepared, bool *whole,
    struct err *err)
{
    struct buf buf;
    struct aas_json_marks marks;
    struct path_index_builder builder;
    buf_init(&buf, DOCUMENT_MAX_BYTES);
    buf_count(&buf, arena->meter);
    if (before != NULL) {
        size_t about = before->json_len + before->json_len / 64 + LONGER;
        buf_reserve(&buf, about < GUESS_MAX ? about : GUESS_MAX);
        buf_clear(&buf); /* no room for a guess is no failure */
    }
    path_index_start(&builder, arena, &buf, tree, &marks);
    aas_json_write(&buf, tree, 0, &marks);
    enum err_code code = path_index_finish(&builder, &prepared->index, &prepared->index_len, err);
    if (code == ERR_OK) {
        prepared->json = arena_copy(arena, buf.bytes, buf.len);
        prepared->json_len = buf.len;
        code = prepared->json == NULL ? err_set(err, ERR_TOO_LARGE, "the document is too large")
                                      : ERR_OK;
    }
    buf_finish(&buf);
    if (code == ERR_OK && !name_json(before, prepared, whole)) {
        code = err_set(err, ERR_NO_MEMORY, "not enough memory to name the document");
    }
    return code;
}

static enum err_code read_identity(
    const struct aas_node *tree, struct document_prepared *prepared, struct err *err)
{
    prepared->kind = registry_kind_of(tree->cls);
    if (prepared->kind == 0) {
        return err_set(err, ERR_BAD_INPUT, "%s is no identifiable", tree->cls->name);
    }
    const struct aas_slot *id = aas_slot(tree, PROP_id);
    if (id == NULL || id->state != AAS_TEXT || id->len == 0) {
        return err_set(err, ERR_BAD_INPUT, "the %s has no id", tree->cls->name);
    }
    if (id->len > ID_MAX_BYTES) {
        return err_set(err, ERR_BAD_INPUT, "the id is longer than %d bytes", (int)ID_MAX_BYTES);
    }
    prepared->id = id->u.text;
    prepared->id_len = id->len;
    return ERR_OK;
}

enum err_code document_prepare_search(
    struct arena *arena, struct document_prepared *prepared, struct err *err)
{
    if (prepared->search_made) {
        return ERR_OK;
    }
    enum err_code code =
        search_prepare(arena, prepared->tree, NULL, NULL, 0, &prepared->search, err);
    prepared->search_made = code == ERR_OK;
    return code;
}

/* All but `packed` and the search entry. */
static enum err_code prepare_bare(struct arena *arena, const struct aas_node *tree,
    const struct document_before *before, struct document_prepared *prepared, bool *whole,
    struct err *err)
{
    *prepared = (struct document_prepared){.tree = tree};
    enum err_code code = read_identity(tree, prepared, err);
    if (code == ERR_OK) {
        code = write_json(arena, tree, before, prepared, whole, err);
    }
    if (code == ERR_OK) {
        code = find_rows(arena, tree, prepared, err);
    }
    if (code == ERR_OK) {
        code = document_files_find(arena, tree, &prepared->files, err);
        prepared->files_known = true;
    }
    if (code == ERR_OK) {
        search_hash(tree, prepared->search_hash);
    }
    return code;
}

enum err_code document_prepare_change(struct arena *arena, const struct aas_node *tree,
    const struct document_before *before, struct document_prepared *prepared, struct err *err)
{
    struct document_prepared made;
    bool whole = true;
    enum err_code code = prepare_bare(arena, tree, before, &made, &whole, err);
    bool found_by_same = code == ERR_OK && before != NULL &&
                         memcmp(before->search_hash, made.search_hash, STORE_HASH_BYTES) == 0;
    if (code == ERR_OK && !found_by_same) {
        code = document_prepare_search(arena, &made, err);
    }
    if (code == ERR_OK && whole) {
        code = document_pack(arena, &made, err);
    }
    if (code == ERR_OK) {
        *prepared = made;
    }
    return code;
}

enum err_code document_prepare_unpacked(struct arena *arena, const struct aas_node *tree,
    struct document_prepared *prepared, struct err *err)
{
    struct document_prepared made;
    bool whole = true;
    enum err_code code = prepare_bare(arena, tree, NULL, &made, &whole, err);
    if (code == ERR_OK) {
        code = document_prepare_search(arena, &made, err);
    }
    if (code == ERR_OK) {
        *prepared = made;
    }
    return code;
}

enum err_code document_pack(
    struct arena *arena, struct document_prepared *prepared, struct err *err)
{
    return content_pack(
        arena, prepared->json, prepared->json_len, &prepared->packed, &prepared->packed_len, err);
}

enum err_code document_prepare(struct arena *arena, const struct aas_node *tree,
    struct document_prepared *prepared, struct err *err)
{
    return document_prepare_change(arena, tree, NULL, prepared, err);
}

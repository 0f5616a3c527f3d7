/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting values of one element. Only its slice of the document is read and judged; the new bytes
 * are put between those before and behind it, and the path index is moved along. What a document
 * is found by hardly depends on values, so the index rows and postings stay; what holds entities
 * (their globalAssetId), texts in languages or files takes the way of registry_edit.
 */
#include <string.h>

#include "aas/path.h"
#include "registry/document_record.h"
#include "registry/registry_inside.h"
#include "registry/search_values.h"

enum { VALUE_ELEMENT_MAX_BYTES = 1 << 30, VALUE_PATH_SHOWN = 400 };

struct value_edit {
    struct registry *registry;
    const struct registry_change *change; /* kind and id; if_match is the caller's */
    const char *path;
    size_t path_len;
    registry_edit_fn edit;
    void *context;
    const struct registry_author *author;
    struct report *report;
    bool whole; /* found out: the whole document has to be edited */
};

/* An edit of the whole document that changes the same element. */
static enum err_code edit_below(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err)
{
    const struct value_edit *edit = context;
    struct aas_path path;
    struct aas_node *element = NULL;
    enum err_code code = aas_path_parse(edit->path, edit->path_len, &path, err);
    if (code == ERR_OK) {
        code = aas_path_resolve(identifiable, &path, &element, err);
    }
    return code == ERR_OK ? edit->edit(arena, element, edit->context, err) : code;
}

/* The asset of an entity and the languages of a text are both values and what is searched by; the
 * value of a File element leads to what is stored for it. */
static bool holds_searched(const struct path_index *index, const struct path_entry *entry)
{
    static const char *const kinds[] = {"{\"modelType\":\"Entity\"",
        "{\"modelType\":\"MultiLanguageProperty\"", "{\"modelType\":\"File\""};
    bool holds = search_values_may(index->json + entry->offset, entry->len);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !holds; i++) {
        const char *json = index->json + entry->offset;
        holds = memmem(json, entry->len, kinds[i], strlen(kinds[i])) != NULL;
    }
    return holds;
}

/* The element as it is: its place, its tree. */
struct value_element {
    struct document_record record;
    struct path_index index;
    struct path_entry entry;
    size_t at;
    struct aas_node *tree; /* NULL when the whole document has to be edited */
};

/* A node that stands for one above the element: what it is and what it is called. */
static struct aas_node *stand_in(
    struct arena *arena, const struct path_index *index, const struct path_entry *entry)
{
    const struct meta_class *cls = path_index_class(index, entry);
    struct aas_node *node = cls == NULL ? NULL : aas_node_new(arena, cls);
    if (node != NULL && entry->name_len != PATH_NO_NAME &&
        aas_set_text(arena, node, PROP_idShort, index->json + entry->name_offset,
            entry->name_len) != ERR_OK) {
        return NULL;
    }
    return node;
}

static bool hang(
    struct arena *arena, struct aas_node *parent, struct aas_node *child, uint32_t place)
{
    int slot = meta_children_slot(parent->cls);
    if (slot < 0 || aas_set_list(arena, parent, parent->cls->props[slot].id, &child, 1) != ERR_OK) {
        return false;
    }
    child->index = place;
    return true;
}

/* What rules about elements ask of the identifiable: its id, and whether it is a template. Only
 * the bytes before the elements are looked at; qualifiers have other kinds. */
static bool describe_root(
    struct arena *arena, const struct value_element *element, struct aas_node *root)
{
    static const char kind[] = "\"kind\":\"Template\"";
    const struct registry_document *document = &element->record.document;
    struct path_entry first;
    bool head = path_index_entry(&element->index, 1, &first);
    return aas_set_text(arena, root, PROP_id, document->id, document->id_len) == ERR_OK &&
           (!head || memmem(document->json, first.offset, kind, sizeof kind - 1) == NULL ||
               aas_set_text(arena, root, PROP_kind, "Template", 8) == ERR_OK);
}

/* Rules look up from an element (is it in a list, in a template?) and findings name its path:
 * everything above stands there without what does not matter. */
static enum err_code hang_up(struct arena *arena, struct value_element *element, struct err *err)
{
    struct path_entry entry;
    uint32_t place = 0;
    size_t at = 0;
    bool fine = path_index_entry(&element->index, 0, &entry);
    struct aas_node *parent = fine ? stand_in(arena, &element->index, &entry) : NULL;
    fine = parent != NULL && describe_root(arena, element, parent);
    while (fine && path_index_towards(&element->index, at, element->at, &at, &entry, &place)) {
        struct aas_node *node =
            at == element->at ? element->tree : stand_in(arena, &element->index, &entry);
        fine = node != NULL && hang(arena, parent, node, place);
        parent = node;
    }
    return fine ? ERR_OK : err_set(err, ERR_TOO_LARGE, "the document is too large");
}

static enum err_code find_element(const struct value_edit *edit, struct registry_view *view,
    struct arena *arena, struct value_element *element, struct err *err)
{
    const struct registry_change *change = edit->change;
    enum err_code code =
        record_find(&view->txn, change->kind, change->id, change->id_len, &element->record, err);
    if (code != ERR_OK) {
        return code;
    }
    if (change->if_match != NULL &&
        memcmp(change->if_match, element->record.document.hash, STORE_HASH_BYTES) != 0) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    element->index = record_path_index(&element->record.document);
    code = path_index_find(
        &element->index, edit->path, edit->path_len, &element->at, &element->entry, err);
    /* The draft of a template is kept as a whole. */
    struct version_shown shown;
    bool draft = change->kind == REGISTRY_SUBMODEL &&
                 version_shown_find(&view->txn, change->id, change->id_len, &shown) == ERR_OK;
    if (code != ERR_OK || draft || holds_searched(&element->index, &element->entry)) {
        return code;
    }
    code = aas_json_read(arena, element->index.json + element->entry.offset, element->entry.len,
        path_index_class(&element->index, &element->entry), NULL, &element->tree, err);
    return code == ERR_OK ? hang_up(arena, element, err) : code;
}

/* Only the element can differ. */
static struct document_alike compare(
    const struct value_element *element, const struct buf *bytes, size_t rest)
{
    struct document_alike alike = {.known = true};
    const struct path_entry *entry = &element->entry;
    const struct registry_document *document = &element->record.document;
    memcpy(alike.with, document->hash, STORE_HASH_BYTES);
    bytes_differ(document->json + entry->offset, entry->len, bytes->bytes, bytes->len, &alike.same,
        &alike.tail);
    alike.same += entry->offset;
    alike.tail += rest;
    return alike;
}

/* The document with the new bytes in the place of the old ones. */
static enum err_code splice(struct registry *registry, struct arena *arena,
    const struct value_element *element, const struct buf *bytes, const struct path_index *part,
    struct document_prepared *prepared, struct err *err)
{
    const struct document_record *record = &element->record;
    const struct path_entry *entry = &element->entry;
    const char *json = record->document.json;
    size_t behind = (size_t)entry->offset + entry->len;
    size_t rest = record->document.json_len - behind;
    char *made = arena_take(arena, entry->offset + bytes->len + rest + 1, 1);
    char *rows = arena_copy(arena, (const char *)record->rows, record->rows_len);
    prepared->index = path_index_splice(
        arena, &element->index, element->at, part, bytes->len, &prepared->index_len);
    if (made == NULL || rows == NULL || prepared->index == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large");
    }
    memcpy(made, json, entry->offset);
    memcpy(made + entry->offset, bytes->bytes, bytes->len);
    memcpy(made + entry->offset + bytes->len, json + behind, rest);
    prepared->json = made;
    prepared->json_len = entry->offset + bytes->len + rest;
    made[prepared->json_len] = '\0';
    prepared->rows = rows;
    prepared->rows_len = record->rows_len;
    prepared->alike = compare(element, bytes, rest);
    memcpy(prepared->search_hash, record->search_hash, STORE_HASH_BYTES);
    const struct content_change change = {.old_len = record->document.json_len,
        .old_hash = record->document.hash,
        .json = made,
        .len = prepared->json_len,
        .from = entry->offset,
        .to = behind,
        .new_to = entry->offset + bytes->len};
    return content_hash_change(&registry->contents, &change, prepared->hash)
               ? ERR_OK
               : err_set(err, ERR_NO_MEMORY, "not enough memory to name the document");
}

/* Only values may have changed: what the element is called and is made of stays. */
static bool same_shape(const struct value_element *element, const struct path_index *part)
{
    struct path_entry now;
    const struct path_entry *was = &element->entry;
    const char *name = element->index.json + was->name_offset;
    return path_index_entry(part, 0, &now) && now.name_len == was->name_len &&
           now.skip == was->skip &&
           path_index_class(part, &now) == path_index_class(&element->index, was) &&
           (now.name_len == PATH_NO_NAME ||
               memcmp(part->json + now.name_offset, name, now.name_len) == 0);
}

static enum err_code prepare_value(struct registry *registry, struct arena *arena,
    const struct value_element *element, struct document_prepared *prepared, struct err *err)
{
    struct buf bytes;
    struct aas_json_marks marks;
    struct path_index_builder builder;
    const void *entries = NULL;
    size_t entries_len = 0;
    buf_init(&bytes, VALUE_ELEMENT_MAX_BYTES);
    path_index_start(&builder, arena, &bytes, element->tree, &marks);
    aas_json_write(&bytes, element->tree, 0, &marks);
    enum err_code code = path_index_finish(&builder, &entries, &entries_len, err);
    if (code == ERR_OK) {
        struct path_index part = {.entries = entries,
            .count = entries_len / PATH_ENTRY_BYTES,
            .json = bytes.bytes,
            .json_len = bytes.len};
        code = same_shape(element, &part)
                   ? splice(registry, arena, element, &bytes, &part, prepared, err)
                   : err_set(err, ERR_BAD_INPUT, "only values can be set here");
    }
    buf_finish(&bytes);
    return code;
}

/* Reads, edits, judges and prepares; the view ends before anything is waited for. */
static enum err_code prepare_edit(const struct value_edit *edit, struct arena *arena,
    struct document_prepared *prepared, unsigned char before[STORE_HASH_BYTES], bool *whole,
    struct err *err)
{
    struct registry_view view;
    struct value_element element = {.tree = NULL};
    enum err_code code = registry_view_begin(edit->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = find_element(edit, &view, arena, &element, err);
    *whole = code == ERR_OK && element.tree == NULL;
    if (code != ERR_OK || *whole) {
        registry_view_end(&view);
        return code;
    }
    memcpy(before, element.record.document.hash, STORE_HASH_BYTES);
    code = edit->edit(arena, element.tree, edit->context, err);
    if (code == ERR_OK) {
        code = write_judge(edit->registry, element.tree, NULL, err);
        /* Whether the error is an old one is told by an edit of the whole document. */
        *whole = code == ERR_INVALID;
        code = *whole ? ERR_OK : code;
    }
    if (code == ERR_OK && !*whole) {
        code = prepare_value(edit->registry, arena, &element, prepared, err);
    }
    registry_view_end(&view);
    return code;
}

static enum err_code try_value(struct arena *arena, void *context, bool *lost, struct err *err)
{
    struct value_edit *edit = context;
    unsigned char before[STORE_HASH_BYTES];
    struct registry_change change = *edit->change;
    struct write write = {.change = &change, .author = edit->author};
    write.prepared =
        (struct document_prepared){.kind = change.kind, .id = change.id, .id_len = change.id_len};
    enum err_code code = prepare_edit(edit, arena, &write.prepared, before, &edit->whole, err);
    if (code != ERR_OK || edit->whole) {
        return code;
    }
    change.if_match = before;
    write.summary = arena_printf(arena, "changed %.*s",
        text_shown(edit->path, edit->path_len, VALUE_PATH_SHOWN), edit->path);
    code = write_store(edit->registry, &write, err);
    *lost = code == ERR_PRECONDITION;
    return code;
}

enum err_code registry_edit_value(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, const char *path, size_t path_len, const unsigned char *if_match,
    registry_edit_fn edit, void *context, const struct registry_author *author,
    struct report *report, struct err *err)
{
    struct registry_change change = {.operation = REGISTRY_REPLACE,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .if_match = if_match,
        .log_operation = DOCUMENT_LOG_VALUE};
    struct value_edit what = {.registry = registry,
        .change = &change,
        .path = path,
        .path_len = path_len,
        .edit = edit,
        .context = context,
        .author = author,
        .report = report};
    if (registry_class(kind) == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the change names nothing to write");
    }
    enum err_code code =
        write_until_stored(registry, id, id_len, report_meter(report), try_value, &what, err);
    if (what.whole && code == ERR_OK) {
        return registry_edit(registry, kind, id, id_len, if_match, DOCUMENT_LOG_VALUE, edit_below,
            &what, author, report, err);
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was registered by hand, as JSON and back:
 *
 *   {"shellDescriptors":[…],"submodelDescriptors":[…],"assetLinks":[{"id":…,"links":[…]}],
 *    "hidden":[{"kind":"AssetAdministrationShellDescriptor","id":…}]}
 */
#include <string.h>

#include "aas/json.h"
#include "registry/registered_record.h"
#include "registry/registry_inside.h"
#include "registry/span.h"

static const char *const lists[REGISTERED_KIND_END] = {
    [REGISTERED_SHELL] = "shellDescriptors",
    [REGISTERED_SUBMODEL] = "submodelDescriptors",
    [REGISTERED_LINKS] = "assetLinks",
};

/* ------------------------------------------------------------------ writing */

static void write_record(
    struct buf *buf, enum registered_kind kind, const struct registered_record *record)
{
    if (kind != REGISTERED_LINKS) {
        buf_add(buf, record->json, record->json_len);
        return;
    }
    const struct span whole = {record->json, record->json_len};
    struct span links = span_find(whole, meta_prop_name(PROP_specificAssetIds));
    buf_add_text(buf, "{\"id\":");
    buf_add_json_string(buf, record->id, record->id_len);
    buf_add_text(buf, ",\"links\":");
    buf_add(buf, links.at == NULL ? "[]" : links.at, links.at == NULL ? 2 : links.len);
    buf_add_char(buf, '}');
}

static void write_hidden(
    struct buf *buf, enum registered_kind kind, const struct registered_record *record)
{
    buf_printf(buf, "{\"kind\":\"%s\",\"id\":", registered_class(kind)->name);
    buf_add_json_string(buf, record->id, record->id_len);
    buf_add_char(buf, '}');
}

/* All records of one kind and form, separated by commas. */
static enum err_code write_all(struct store_cursor *cursor, enum registered_kind kind,
    enum registered_form form, struct buf *buf, size_t *count, struct err *err)
{
    struct store_key key;
    bool any = form == REGISTERED_HIDDEN && buf->len > 0 && buf->bytes[buf->len - 1] != '[';
    key_registered(&key, kind, 0);
    for (bool more = store_cursor_seek(cursor, key.bytes, key.len);
         more && ((const unsigned char *)cursor->key.bytes)[0] == (unsigned)kind;
         more = store_cursor_next(cursor)) {
        struct registered_record record;
        if (!registered_read(cursor->value, &record)) {
            return err_set(err, ERR_STORE, "a registration is damaged");
        }
        if (record.form != form) {
            continue;
        }
        if (any) {
            buf_add_char(buf, ',');
        }
        any = true;
        ++*count;
        (form == REGISTERED_GIVEN ? write_record : write_hidden)(buf, kind, &record);
    }
    return cursor->txn->failed;
}

enum err_code registered_export(
    struct registry_view *view, struct buf *buf, size_t *count, struct err *err)
{
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(&view->txn, STORE_REGISTERED, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the registrations cannot be read");
    }
    *count = 0;
    for (unsigned kind = 1; kind < REGISTERED_KIND_END && code == ERR_OK; kind++) {
        buf_printf(buf, "%s\"%s\":[", kind == 1 ? "{" : ",\n", lists[kind]);
        code = write_all(&cursor, (enum registered_kind)kind, REGISTERED_GIVEN, buf, count, err);
        buf_add_char(buf, ']');
    }
    buf_add_text(buf, ",\n\"hidden\":[");
    for (unsigned kind = 1; kind < REGISTERED_KIND_END && code == ERR_OK; kind++) {
        code = write_all(&cursor, (enum registered_kind)kind, REGISTERED_HIDDEN, buf, count, err);
    }
    buf_add_text(buf, "]}\n");
    store_cursor_close(&cursor);
    return code;
}

/* ------------------------------------------------------------------ reading back */

struct taking {
    struct registry *registry;
    struct registry_view view;
    struct arena arena;
    struct report *report;
    bool replace;
    struct registered_change *changes;
    size_t count;
    size_t room;
};

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "there is too much to be registered at once");
}

static bool make_room(struct taking *taking)
{
    if (taking->count < taking->room) {
        return true;
    }
    size_t room = taking->room == 0 ? 64 : 2 * taking->room;
    struct registered_change *changes = arena_alloc(&taking->arena, room * sizeof *changes);
    if (changes == NULL) {
        return false;
    }
    if (taking->count > 0) {
        memcpy(changes, taking->changes, taking->count * sizeof *changes);
    }
    taking->changes = changes;
    taking->room = room;
    return true;
}

static enum err_code add(
    struct taking *taking, const struct registered_change *change, struct err *err)
{
    struct registered now;
    const char *id = change->id != NULL ? change->id : aas_text(change->tree, PROP_id);
    size_t id_len = id == NULL ? 0 : strlen(id);
    if (!make_room(taking)) {
        return full(err);
    }
    if (id != NULL) {
        enum err_code code = registered_look(&taking->view, change->kind, id, id_len, &now, err);
        bool kept = now.state.given && !taking->replace;
        bool gone = change->tree == NULL && (!now.visible || now.state.given);
        if (code != ERR_OK || kept || gone) {
            return code;
        }
    }
    taking->changes[taking->count++] = *change;
    return ERR_OK;
}

static const char *member_text(const struct json *object, const char *name)
{
    const struct json *member = object->kind == JSON_OBJECT ? json_member(object, name) : NULL;
    return member != NULL && member->kind == JSON_STRING ? member->text : NULL;
}

static enum err_code take_links(struct taking *taking, const struct json *item, struct err *err)
{
    struct json *links = arena_alloc(&taking->arena, sizeof *links);
    struct json *object = arena_alloc(&taking->arena, sizeof *object);
    const struct json *given = item->kind == JSON_OBJECT ? json_member(item, "links") : NULL;
    const char *id = member_text(item, "id");
    if (links == NULL || object == NULL) {
        return full(err);
    }
    if (id == NULL || given == NULL || given->kind != JSON_ARRAY) {
        return err_set(err, ERR_BAD_INPUT, "line %u: asset links need an id and an array of links",
            item->line);
    }
    /* the same array under the name it is kept by */
    *links = *given;
    json_name(links, PROP_specificAssetIds);
    links->next = NULL;
    *object = *item;
    object->first = links;
    object->count = 1;
    struct aas_node *tree = NULL;
    struct aas_sink sink = report_sink(taking->report);
    enum err_code code = aas_json_read_value(
        &taking->arena, object, registered_class(REGISTERED_LINKS), &sink, &tree, err);
    const struct registered_change change = {.kind = REGISTERED_LINKS,
        .operation = REGISTRY_UPSERT,
        .id = id,
        .id_len = strlen(id),
        .tree = tree};
    return code == ERR_OK ? add(taking, &change, err) : code;
}

static enum err_code take_descriptor(
    struct taking *taking, enum registered_kind kind, const struct json *item, struct err *err)
{
    struct registered_change change = {.kind = kind, .operation = REGISTRY_UPSERT};
    struct aas_sink sink = report_sink(taking->report);
    enum err_code code =
        aas_json_read_value(&taking->arena, item, registered_class(kind), &sink, &change.tree, err);
    return code == ERR_OK ? add(taking, &change, err) : code;
}

static enum err_code take_hidden(struct taking *taking, const struct json *item, struct err *err)
{
    const char *name = member_text(item, "kind");
    const char *id = member_text(item, "id");
    for (unsigned kind = 1; kind < REGISTERED_KIND_END && name != NULL && id != NULL; kind++) {
        if (strcmp(name, registered_class((enum registered_kind)kind)->name) == 0) {
            const struct registered_change change = {.kind = (enum registered_kind)kind,
                .operation = REGISTRY_DELETE,
                .id = id,
                .id_len = strlen(id)};
            return add(taking, &change, err);
        }
    }
    return err_set(
        err, ERR_BAD_INPUT, "line %u: what is hidden needs a kind and an id", item->line);
}

static enum err_code take_list(
    struct taking *taking, const struct json *whole, unsigned kind, struct err *err)
{
    bool hidden = kind == REGISTERED_KIND_END;
    const char *name = hidden ? "hidden" : lists[kind];
    const struct json *list = json_member(whole, name);
    enum err_code code = ERR_OK;
    if (list != NULL && list->kind != JSON_ARRAY) {
        return err_set(err, ERR_BAD_INPUT, "%s must be an array", name);
    }
    for (const struct json *item = list == NULL ? NULL : list->first;
         item != NULL && code == ERR_OK; item = item->next) {
        code = hidden ? take_hidden(taking, item, err)
               : kind == REGISTERED_LINKS
                   ? take_links(taking, item, err)
                   : take_descriptor(taking, (enum registered_kind)kind, item, err);
    }
    return code;
}

static enum err_code take_all(struct taking *taking, const char *bytes, size_t len, struct err *err)
{
    struct json *whole = NULL;
    enum err_code code = json_read(&taking->arena, bytes, len, &whole, err);
    if (code == ERR_OK && whole->kind != JSON_OBJECT) {
        code = err_set(err, ERR_BAD_INPUT, "registrations are an object of lists");
    }
    for (unsigned kind = 1; kind <= REGISTERED_KIND_END && code == ERR_OK; kind++) {
        code = take_list(taking, whole, kind, err);
    }
    return code;
}

enum err_code registered_import(struct registry *registry, const char *bytes, size_t len,
    bool replace, struct report *report, size_t *stored, struct err *err)
{
    struct report own;
    struct taking taking = {.registry = registry, .replace = replace};
    enum err_code code = registry_view_begin(registry, &taking.view, err);
    if (code != ERR_OK) {
        return code;
    }
    report_init(&own);
    taking.report = report != NULL ? report : &own;
    arena_init(&taking.arena, WRITE_ARENA_BYTES);
    code = take_all(&taking, bytes, len, err);
    registry_view_end(&taking.view);
    if (code == ERR_OK && taking.count > 0) {
        code = registered_change(
            registry, taking.changes, taking.count, taking.report, NULL, NULL, err);
    }
    if (code == ERR_OK) {
        *stored = taking.count;
    }
    arena_finish(&taking.arena);
    report_finish(&own);
    return code;
}

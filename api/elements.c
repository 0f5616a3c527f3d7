/* SPDX-License-Identifier: Apache-2.0 */
/* Submodel elements: reading slices of the stored document, adding, replacing, removing. */
#include "api/handlers.h"

#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/element.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum { METHOD_NOT_FOR_ELEMENT = 1u << API_GET | 1u << API_PUT | 1u << API_DELETE };

/* ------------------------------------------------------------------ reading */

static enum err_code send_element(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, const struct api_modifiers *modifiers, struct err *err)
{
    bool blobs = !modifiers->with_blob && blobs_in(slice->json, slice->len);
    if (reply_etag(request, response, slice->document.hash, "")) {
        return ERR_OK;
    }
    if (!modifiers->core && !blobs) {
        reply_ok(response, "application/json");
        buf_add(&response->body, slice->json, slice->len);
        return ERR_OK;
    }
    if (!blobs && cut_core(&response->body, &slice->index, slice->at)) {
        reply_ok(response, "application/json");
        return ERR_OK;
    }
    struct aas_node *tree;
    enum err_code code = support_tree(request, slice->json, slice->len, slice->cls, &tree, err);
    if (code == ERR_OK) {
        support_write_tree(response, tree,
            (modifiers->core ? AAS_JSON_CORE : 0u) | (blobs ? AAS_JSON_WITHOUT_BLOB : 0u));
    }
    return code;
}

enum err_code handle_element_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_modifiers modifiers;
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice(request, &view, &slice, err);
    if (code == ERR_OK) {
        code = send_element(request, response, &slice, &modifiers, err);
    }
    registry_view_end(&view);
    return code;
}

struct elements_page {
    struct api_modifiers modifiers;
    size_t limit;
    struct api_place place; /* as the client gave it */
    size_t from;            /* where that is now */
};

static enum err_code read_page(
    struct api_request *request, struct elements_page *page, struct err *err)
{
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &page->modifiers, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &page->limit, err);
    }
    return code == ERR_OK ? parameter_place(request, &page->place, err) : code;
}

/* Behind the last element of the page before; when that is gone, where it stood. */
static void find_place(const struct element_slice *slice, struct elements_page *page)
{
    const struct api_place *place = &page->place;
    size_t before = (size_t)place->position;
    size_t at;
    page->from = before;
    if (place->last.len > 0) {
        bool there = cut_find(&slice->index, place->last.text, place->last.len, before, &at);
        page->from = there ? at + 1 : before - (before > 0);
    }
}

static void end_page(struct api_request *request, struct buf *buf,
    const struct element_slice *slice, size_t next, bool more)
{
    struct api_place place = {.position = next, .last = {"", 0}};
    if (more) {
        (void)cut_name(&slice->index, next - 1, &place.last.text, &place.last.len);
    }
    page_end_place(request, buf, more ? &place : NULL);
}

/* Elements as stored are slices; any other form is written from the tree. */
static enum err_code write_elements(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, const struct elements_page *page, struct err *err)
{
    struct buf *buf = &response->body;
    const struct registry_document *document = &slice->document;
    bool blobs =
        !page->modifiers.with_blob && blobs_in_document(&request->context->blobs, document->json,
                                          document->json_len, document->hash);
    bool more = false;
    reply_ok(response, "application/json");
    buf_add_text(buf, PAGE_BEGIN);
    if (!blobs && !page->modifiers.core) {
        if (!cut_children(buf, &slice->index, page->from, page->limit, &more)) {
            return err_set(err, ERR_STORE, "the path index of the submodel is damaged");
        }
        end_page(request, buf, slice, page->from + page->limit, more);
        return ERR_OK;
    }
    struct aas_node *submodel;
    size_t count;
    enum err_code code = support_tree(request, slice->json, slice->len, slice->cls, &submodel, err);
    if (code != ERR_OK) {
        return code;
    }
    struct aas_node **elements = aas_children(submodel, &count);
    unsigned flags =
        (page->modifiers.core ? AAS_JSON_CORE : 0u) | (blobs ? AAS_JSON_WITHOUT_BLOB : 0u);
    size_t at = page->from;
    for (; at < count && at - page->from < page->limit; at++) {
        if (at > page->from) {
            buf_add_char(buf, ',');
        }
        aas_json_write(buf, elements[at], flags, NULL);
    }
    end_page(request, buf, slice, at, at < count);
    return ERR_OK;
}

enum err_code handle_elements_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct elements_page page;
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = read_page(request, &page, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice(request, &view, &slice, err);
    if (code == ERR_OK && !reply_etag(request, response, slice.document.hash, "")) {
        find_place(&slice, &page);
        code = write_elements(request, response, &slice, &page, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ changing */

/* What an edit needs; the same for every attempt. */
struct element_edit {
    struct aas_path path; /* empty: the submodel itself */
    const struct aas_node *element;
    bool created;
    bool wrong_kind; /* the addressed element takes no children */
    size_t position; /* of a new list item */
    bool in_list;
};

static enum err_code check_unique(const struct aas_node *parent, const struct aas_node *element,
    const struct aas_node *except, struct err *err)
{
    const char *id_short = aas_text(element, PROP_idShort);
    int slot = meta_children_slot(parent->cls);
    if (id_short == NULL || (parent->cls->props[slot].flags & META_INDEXED)) {
        return ERR_OK;
    }
    size_t count;
    struct aas_node **children = aas_children(parent, &count);
    for (size_t i = 0; i < count; i++) {
        const char *other = aas_text(children[i], PROP_idShort);
        if (children[i] != except && other != NULL && strcmp(other, id_short) == 0) {
            return err_set(err, ERR_EXISTS, "there is an element \"%.128s\" already", id_short);
        }
    }
    return ERR_OK;
}

static enum err_code append(
    struct arena *arena, struct aas_node *parent, struct element_edit *edit, struct err *err)
{
    int slot = meta_children_slot(parent->cls);
    edit->wrong_kind = slot < 0;
    if (slot < 0) {
        return err_set(err, ERR_METHOD, "a %s has no elements below it", parent->cls->name);
    }
    enum err_code code = check_unique(parent, edit->element, NULL, err);
    struct aas_node *copy = code == ERR_OK ? aas_copy(arena, edit->element) : NULL;
    if (copy == NULL) {
        return code != ERR_OK ? code : support_full(err);
    }
    size_t count;
    aas_children(parent, &count);
    edit->position = count;
    edit->in_list = (parent->cls->props[slot].flags & META_INDEXED) != 0;
    edit->created = true;
    return aas_list_insert(arena, parent, parent->cls->props[slot].id, count, copy);
}

static enum err_code post_edit(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    struct element_edit *edit = context;
    struct aas_node *parent = submodel;
    if (edit->path.count > 0) {
        enum err_code code = aas_path_resolve(submodel, &edit->path, &parent, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return append(arena, parent, edit, err);
}

/* A missing element is created when its parent is there and the path says its place. */
static enum err_code put_new(
    struct arena *arena, struct aas_node *submodel, struct element_edit *edit, struct err *err)
{
    struct aas_path above = edit->path;
    const struct aas_step *last = &above.steps[--above.count];
    struct aas_node *parent = submodel;
    if (above.count > 0) {
        enum err_code code = aas_path_resolve(submodel, &above, &parent, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    size_t count;
    aas_children(parent, &count);
    const char *id_short = aas_text(edit->element, PROP_idShort);
    bool indexed = meta_children_slot(parent->cls) >= 0 &&
                   (parent->cls->props[meta_children_slot(parent->cls)].flags & META_INDEXED) != 0;
    if (indexed != (last->id_short == NULL) || (indexed && last->index != count)) {
        return err_set(err, ERR_NOT_FOUND,
            "there is no element at this path, and none can be "
            "created there");
    }
    if (!indexed && (id_short == NULL || strlen(id_short) != last->len ||
                        memcmp(id_short, last->id_short, last->len) != 0)) {
        return err_set(err, ERR_BAD_INPUT,
            "there is no element at this path; to create one, its idShort must be the last part of "
            "the path");
    }
    return append(arena, parent, edit, err);
}

static enum err_code put_edit(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    struct element_edit *edit = context;
    struct aas_node *old;
    edit->created = false;
    enum err_code code = aas_path_resolve(submodel, &edit->path, &old, err);
    if (code == ERR_NOT_FOUND) {
        return put_new(arena, submodel, edit, err);
    }
    if (code == ERR_OK) {
        code = check_unique(old->parent, edit->element, old, err);
    }
    struct aas_node *copy = code == ERR_OK ? aas_copy(arena, edit->element) : NULL;
    if (copy == NULL) {
        return code != ERR_OK ? code : support_full(err);
    }
    struct aas_node *parent = old->parent;
    aas_list_replace(parent, parent->cls->props[old->parent_slot].id, old->index, copy);
    return ERR_OK;
}

static enum err_code delete_edit(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    (void)arena;
    struct element_edit *edit = context;
    struct aas_node *old;
    enum err_code code = aas_path_resolve(submodel, &edit->path, &old, err);
    if (code == ERR_OK) {
        struct aas_node *parent = old->parent;
        aas_list_remove(parent, parent->cls->props[old->parent_slot].id, old->index);
    }
    return code;
}

static enum err_code read_edit(
    struct api_request *request, bool with_body, struct element_edit *edit, struct err *err)
{
    *edit = (struct element_edit){0};
    enum err_code code = ERR_OK;
    if (request->capture_count > 1) {
        const struct api_text *path = &request->captures[1];
        code = aas_path_parse(path->text, path->len, &edit->path, err);
    }
    struct aas_node *element = NULL;
    if (code == ERR_OK && with_body) {
        code = support_body(request, meta_class(CLASS_SubmodelElement), &element, err);
    }
    edit->element = element;
    return code;
}

/* The path of a new element, percent-encoded where a list index needs it. */
static void locate(
    struct api_request *request, struct api_response *response, const struct element_edit *edit)
{
    const char *above = request->capture_count > 1 ? request->captures[1].text : "";
    const char *path;
    if (edit->in_list) {
        path = arena_printf(&request->arena, "%s[%zu]", above, edit->position);
    } else {
        const char *id_short = aas_text(edit->element, PROP_idShort);
        path = arena_printf(&request->arena, "%s%s%s", above, above[0] != '\0' ? "." : "",
            id_short != NULL ? id_short : "");
    }
    const char *encoded = path == NULL ? NULL : element_encode_path(&request->arena, path);
    if (encoded != NULL) {
        support_location(request, response, "/submodels/%s/submodel-elements/%s",
            request->captures[0].text, encoded);
    }
}

static void element_created(
    struct api_request *request, struct api_response *response, const struct element_edit *edit)
{
    support_write_tree(response, edit->element, 0);
    response->status = 201;
    locate(request, response, edit);
}

enum err_code handle_element_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct element_edit edit;
    enum err_code code = read_edit(request, true, &edit, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", post_edit, &edit, err);
    }
    if (code == ERR_METHOD && edit.wrong_kind) {
        api_response_field(response, "Allow", api_allow(&request->arena, METHOD_NOT_FOR_ELEMENT));
    }
    if (code == ERR_OK) {
        element_created(request, response, &edit);
    }
    return code;
}

enum err_code handle_element_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct element_edit edit;
    enum err_code code = read_edit(request, true, &edit, err);
    if (code == ERR_OK) {
        code = element_apply_new(request, "replace", put_edit, &edit, &edit.created, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (!edit.created) {
        reply_no_content(response);
        return ERR_OK;
    }
    support_write_tree(response, edit.element, 0);
    response->status = 201;
    const char *encoded = element_encode_path(&request->arena, request->captures[1].text);
    if (encoded != NULL) {
        support_location(request, response, "/submodels/%s/submodel-elements/%s",
            request->captures[0].text, encoded);
    }
    return ERR_OK;
}

enum err_code handle_element_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct element_edit edit;
    enum err_code code = read_edit(request, false, &edit, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", delete_edit, &edit, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

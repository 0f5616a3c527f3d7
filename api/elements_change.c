/* SPDX-License-Identifier: Apache-2.0 */
/* Submodel elements: adding, replacing, removing. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/element.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum {
    METHOD_NOT_FOR_ELEMENT = 1u << API_GET | 1u << API_PUT | 1u << API_PATCH | 1u << API_DELETE
};

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
    struct api_modifiers ignored;
    *edit = (struct element_edit){0};
    enum err_code code = parameter_modifiers(request, &ignored, err);
    if (code == ERR_OK && request->capture_count > 1) {
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

/* `path` NULL: the arena is full; the answer does without Location then. */
static void locate_at(struct api_request *request, struct api_response *response, const char *path)
{
    const char *submodel = support_address(request);
    const char *encoded = path == NULL ? NULL : element_encode_path(&request->arena, path);
    if (encoded != NULL && submodel != NULL) {
        support_location(request, response, "%s/submodel-elements/%s", submodel, encoded);
    }
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
    locate_at(request, response, path);
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
    locate_at(request, response, request->captures[1].text);
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

/* SPDX-License-Identifier: Apache-2.0 */
/* Content modifiers: $value, $metadata, $reference and $path of submodels and elements. */
#include "api/handlers.h"

#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/value.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/element.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

/* ------------------------------------------------------------------ reading */

enum err_code handle_content_value(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_modifiers modifiers;
    struct registry_document document;
    struct aas_node *tree;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = element_tree(request, &document, &tree, err);
    }
    if (code != ERR_OK || reply_etag(request, response, document.hash, "")) {
        return code;
    }
    unsigned flags = (modifiers.core ? AAS_VALUE_CORE : 0u) |
                     (modifiers.with_blob ? 0u : AAS_VALUE_WITHOUT_BLOB);
    reply_ok(response, "application/json");
    return aas_value_write(&response->body, tree, flags, err);
}

/* `level=core` beside $metadata is refused by the specification, but a real client sends it. */
static enum err_code check_metadata_modifiers(const struct api_request *request, struct err *err)
{
    struct api_modifiers modifiers;
    const char *level;
    const char *extent;
    enum err_code code = parameter_modifiers(request, &modifiers, err);
    if (code == ERR_OK) {
        code = parameter_text(request, "level", &level, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "extent", &extent, err);
    }
    if (code == ERR_OK && (extent != NULL || (level != NULL && !modifiers.core))) {
        return err_set(err, ERR_BAD_INPUT, "$metadata takes neither level=deep nor extent");
    }
    return code;
}

static enum err_code write_metadata(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, struct err *err)
{
    if (cut_metadata(&response->body, &slice->index, slice->at)) {
        reply_ok(response, "application/json");
        return ERR_OK;
    }
    struct aas_node *tree;
    enum err_code code = support_tree(request, slice->json, slice->len, slice->cls, &tree, err);
    if (code == ERR_OK) {
        support_write_tree(response, tree, AAS_JSON_METADATA);
    }
    return code;
}

enum err_code handle_content_metadata(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = check_metadata_modifiers(request, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice(request, &view, &slice, err);
    if (code == ERR_OK && !reply_etag(request, response, slice.document.hash, "")) {
        code = write_metadata(request, response, &slice, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ $reference */

static void add_key(struct buf *buf, const char *type, const char *value, size_t len)
{
    buf_printf(buf, "{\"type\":\"%s\",\"value\":", type);
    buf_add_json_string(buf, value, len);
    buf_add_char(buf, '}');
}

/* One key per step (AASd-125); a list item's key is its position (AASd-128). */
static void add_steps(struct buf *buf, const struct aas_node *submodel, const struct aas_path *path)
{
    struct aas_path upto = *path;
    for (size_t i = 0; i < path->count; i++) {
        struct aas_node *node;
        upto.count = i + 1;
        if (aas_path_resolve(submodel, &upto, &node, NULL) != ERR_OK) {
            return;
        }
        char index[16];
        const struct aas_step *step = &path->steps[i];
        snprintf(index, sizeof index, "%u", step->index);
        buf_add_char(buf, ',');
        add_key(buf, node->cls->name, step->id_short != NULL ? step->id_short : index,
            step->id_short != NULL ? step->len : strlen(index));
    }
}

enum err_code handle_element_reference(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_document document;
    struct aas_node *submodel;
    struct aas_node *element;
    struct aas_path path;
    const struct api_text *text = &request->captures[1];
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_level_only(request, "$reference", err);
    }
    if (code == ERR_OK) {
        code = aas_path_parse(text->text, text->len, &path, err);
    }
    if (code == ERR_OK) {
        code = element_submodel(request, &document, &submodel, err);
    }
    if (code == ERR_OK) {
        code = aas_path_resolve(submodel, &path, &element, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *id = aas_text(submodel, PROP_id);
    reply_ok(response, "application/json");
    buf_add_text(&response->body, "{\"type\":\"ModelReference\",\"keys\":[");
    add_key(&response->body, "Submodel", id, strlen(id));
    add_steps(&response->body, submodel, &path);
    buf_add_text(&response->body, "]}");
    return ERR_OK;
}

/* ------------------------------------------------------------------ $path */

enum { PATH_BYTES = 4096 };

struct path_list {
    struct buf *buf;
    char *room; /* PATH_BYTES, in the arena: not on the stack of a worker */
    const struct aas_node *top;
    bool core;
    bool any;
};

static bool is_element(const struct aas_node *node)
{
    return (node->cls->is & META_IS_SUBMODEL_ELEMENT) != 0;
}

/* Operation variables are elements too, but no idShort path leads to them. */
static bool is_addressed(const struct aas_node *node, const struct aas_node *top)
{
    for (; node != top && node != NULL; node = node->parent) {
        const struct aas_node *parent = node->parent;
        if (parent == NULL || (int)node->parent_slot != meta_children_slot(parent->cls)) {
            return false;
        }
    }
    return true;
}

static enum err_code add_path(const struct aas_node *node, void *context)
{
    struct path_list *list = context;
    if (!is_element(node) || !is_addressed(node, list->top)) {
        return ERR_OK;
    }
    if (list->core && node != list->top && node->parent != list->top) {
        return ERR_OK;
    }
    aas_print_path(node, list->room, PATH_BYTES);
    if (list->any) {
        buf_add_char(list->buf, ',');
    }
    list->any = true;
    buf_add_json_string(list->buf, list->room, strlen(list->room));
    return ERR_OK;
}

enum err_code handle_content_paths(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_modifiers modifiers;
    struct registry_document document;
    struct aas_node *submodel = NULL;
    struct aas_node *top;
    struct aas_path path;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = element_submodel(request, &document, &submodel, err);
    }
    top = submodel;
    if (code == ERR_OK && request->capture_count > 1) {
        const struct api_text *text = &request->captures[1];
        code = aas_path_parse(text->text, text->len, &path, err);
        if (code == ERR_OK) {
            code = aas_path_resolve(submodel, &path, &top, err);
        }
    }
    if (code != ERR_OK) {
        return code;
    }
    struct path_list list = {.buf = &response->body,
        .room = arena_alloc(&request->arena, PATH_BYTES),
        .top = top,
        .core = modifiers.core};
    if (list.room == NULL) {
        return support_full(err);
    }
    reply_ok(response, "application/json");
    buf_add_char(&response->body, '[');
    code = aas_walk(top, add_path, &list);
    buf_add_char(&response->body, ']');
    return code;
}

/* ------------------------------------------------------------------ changing values */

static enum err_code apply_value(
    struct arena *arena, struct aas_node *node, void *context, struct err *err)
{
    return aas_value_apply(arena, node, context, err);
}

/* A value of one element is set without reading the rest of the submodel. */
static enum err_code patch_element(struct api_request *request, struct json *value, struct err *err)
{
    struct api_text id;
    struct precondition condition;
    const struct api_text *path = &request->captures[1];
    struct registry_author author = support_author(request);
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = precondition_read(request, id.text, id.len, &condition, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct precondition_edit run = {.condition = &condition, .edit = apply_value, .context = value};
    return registry_edit_value(request->context->registry, request->route->kind, id.text, id.len,
        path->text, path->len, condition.if_match, precondition_run, &run, &author,
        &request->report, err);
}

enum err_code handle_content_value_patch(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct json *value;
    if (accept_body_media(request) != API_MEDIA_JSON) {
        return err_set(err, ERR_MEDIA_TYPE, "values are taken as application/json only");
    }
    enum err_code code = parameter_level_only(request, "a change of values", err);
    if (code == ERR_OK) {
        code = json_read(&request->arena, request->body, request->body_len, &value, err);
    }
    if (code == ERR_OK) {
        code = request->capture_count > 1
                   ? patch_element(request, value, err)
                   : element_apply(request, "value", apply_value, value, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

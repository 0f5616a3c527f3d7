/* SPDX-License-Identifier: Apache-2.0 */
/* Content modifiers: $value, $metadata, $reference and $path of submodels and elements. */
#include "api/handlers.h"

#include "aas/json.h"
#include "aas/value.h"
#include "api/addresses.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/cut_value.h"
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
    code = element_slice_read(request, response, &view, &slice, err);
    if (code == ERR_OK && !reply_etag(request, response, slice.document.hash, "")) {
        unsigned flags = (modifiers.core ? AAS_VALUE_CORE : 0u) |
                         (modifiers.with_blob ? 0u : AAS_VALUE_WITHOUT_BLOB);
        reply_ok(response, "application/json");
        support_allow(request, slice.len);
        code = cut_value(&request->arena, &response->body, &slice.index, slice.at, flags, err);
    }
    registry_view_end(&view);
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
    struct api_modifiers modifiers;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_form_modifiers(request, FORM_METADATA, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice_read(request, response, &view, &slice, err);
    if (code == ERR_OK && !reply_etag(request, response, slice.document.hash, "")) {
        code = write_metadata(request, response, &slice, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ $reference and $path */

/* Both are drawn from the path index; the rest of the document is not looked at. */
static enum err_code send_address(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, bool core, struct err *err)
{
    struct buf *buf = &response->body;
    const struct registry_document *document = &slice->document;
    if (reply_etag(request, response, document->hash, "")) {
        return ERR_OK;
    }
    reply_ok(response, "application/json");
    if (parameter_form(request) == FORM_REFERENCE) {
        return addresses_reference(buf, &slice->index, slice->at, registry_class(document->kind),
            document->id, document->id_len, err);
    }
    bool any = false;
    buf_add_char(buf, '[');
    enum err_code code = addresses_paths(
        addresses_room(&request->arena), buf, &slice->index, slice->at, core, &any, err);
    buf_add_char(buf, ']');
    return code;
}

static enum err_code give_address(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_modifiers modifiers;
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_form_modifiers(request, parameter_form(request), &modifiers, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice_read(request, response, &view, &slice, err);
    if (code == ERR_OK) {
        code = send_address(request, response, &slice, modifiers.core, err);
    }
    registry_view_end(&view);
    return code;
}

enum err_code handle_content_reference(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return give_address(request, response, err);
}

enum err_code handle_content_paths(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return give_address(request, response, err);
}

/* ------------------------------------------------------------------ changing values */

struct value_change {
    const struct json *value;
    bool core;
};

static enum err_code apply_value(
    struct arena *arena, struct aas_node *node, void *context, struct err *err)
{
    const struct value_change *change = context;
    return change->core ? aas_value_apply_core(arena, node, change->value, err)
                        : aas_value_apply(arena, node, change->value, err);
}

/* A value of one element is set without reading the rest of the submodel. */
static enum err_code patch_element(
    struct api_request *request, struct value_change *change, struct err *err)
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
    struct precondition_edit run = {.condition = &condition,
        .edit = apply_value,
        .context = change,
        .templates_only = request->templates};
    return registry_edit_value(request->context->registry, request->route->kind, id.text, id.len,
        path->text, path->len, condition.if_match, precondition_run, &run, &author,
        &request->report, err);
}

enum err_code handle_content_value_patch(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct json *value;
    struct api_modifiers modifiers = {0};
    enum err_code code = accept_json_patch(request, err);
    if (code == ERR_OK) {
        code = parameter_level_only(request, "a change of values", err);
    }
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = json_read(&request->arena, request->body, request->body_len, &value, err);
    }
    if (code == ERR_OK) {
        struct value_change change = {.value = value, .core = modifiers.core};
        code = request->capture_count > 1
                   ? patch_element(request, &change, err)
                   : element_apply(request, "value", apply_value, &change, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

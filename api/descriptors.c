/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors of shells and submodels: lists, and one by its id. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/base_url.h"
#include "api/context.h"
#include "api/listing.h"
#include "api/registrations.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

static enum registered_kind kind_of(const struct api_request *request)
{
    return request->route->kind == REGISTRY_SUBMODEL ? REGISTERED_SUBMODEL : REGISTERED_SHELL;
}

/* ------------------------------------------------------------------ lists */

static enum err_code read_asset_kind(
    struct api_request *request, struct registered_filter *filter, struct err *err)
{
    const struct meta_class *cls = meta_class(CLASS_AssetInformation);
    const struct meta_enum *kinds = cls->props[meta_slot(cls, PROP_assetKind)].enumeration;
    enum err_code code = parameter_text(request, "assetKind", &filter->asset_kind, err);
    if (code != ERR_OK || filter->asset_kind == NULL ||
        meta_enum_has(kinds, filter->asset_kind, strlen(filter->asset_kind), META_V_ANY)) {
        return code;
    }
    return err_set(err, ERR_BAD_INPUT,
        "assetKind must be Instance, NotApplicable, Role or Type, not \"%.40s\"",
        filter->asset_kind);
}

static enum err_code read_asset_type(
    struct api_request *request, struct registered_filter *filter, struct err *err)
{
    const char *text = NULL;
    char *decoded;
    size_t len;
    struct err inner;
    enum err_code code = parameter_text(request, "assetType", &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    if (parameter_decode(request, text, strlen(text), &decoded, &len, &inner) != ERR_OK) {
        return err_set(
            err, ERR_BAD_INPUT, "assetType must be base64url without padding: %s", inner.text);
    }
    if (aas_utf8_length(decoded, len) > API_MAX_IDENTIFIER) {
        return err_set(
            err, ERR_BAD_INPUT, "assetType has more than %d characters", API_MAX_IDENTIFIER);
    }
    filter->asset_type = decoded;
    return ERR_OK;
}

static enum err_code read_filter(
    struct api_request *request, struct registered_filter *filter, struct err *err)
{
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &filter->after, err);
    }
    if (code == ERR_OK && kind_of(request) == REGISTERED_SHELL) {
        code = read_asset_kind(request, filter, err);
    }
    if (code == ERR_OK && kind_of(request) == REGISTERED_SHELL) {
        code = read_asset_type(request, filter, err);
    }
    return code;
}

static enum err_code write_page(struct api_request *request, struct registry_view *view,
    const struct registered_filter *filter, const char *base, struct buf *buf, struct err *err)
{
    struct registered_page page;
    size_t i = 0;
    enum err_code code =
        registered_list(view, &request->arena, kind_of(request), filter, &page, err);
    buf_add_text(buf, PAGE_BEGIN);
    for (; code == ERR_OK && i < page.count && buf->len < LISTING_PAGE_BYTES; i++) {
        if (i > 0) {
            buf_add_char(buf, ',');
        }
        registered_write(buf, view, &page.entries[i], base);
    }
    if (code == ERR_OK) {
        page_end(buf, i < page.count ? page.entries[i - 1].number : page.next);
    }
    return code;
}

enum err_code handle_descriptors_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registered_filter filter = {.limit = 0};
    struct registry_view view;
    const char *base = NULL;
    enum err_code code = read_filter(request, &filter, err);
    if (code == ERR_OK) {
        code = base_url(request, &base, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    code = write_page(request, &view, &filter, base, &response->body, err);
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ one */

enum err_code handle_descriptor_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct registry_view view;
    struct registered entry;
    const char *base = NULL;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code == ERR_OK) {
        code = base_url(request, &base, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registered_look(&view, kind_of(request), id.text, id.len, &entry, err);
    if (code == ERR_OK && !entry.visible) {
        code = registered_missing(kind_of(request), id.text, id.len, err);
    }
    if (code == ERR_OK) {
        registered_write(&response->body, &view, &entry, base);
        registrations_answer(request, response, &entry);
    }
    registry_view_end(&view);
    return code;
}

/* Carries out one change under the request's conditions. */
static enum err_code change_one(struct api_request *request, enum registry_operation operation,
    const struct api_text *id, struct aas_node *tree, enum registry_outcome *outcome,
    struct err *err)
{
    struct registered_change change = {.kind = kind_of(request),
        .operation = operation,
        .id = id->len > 0 ? id->text : NULL,
        .id_len = id->len,
        .tree = tree};
    enum err_code code = ERR_OK;
    if (id->len > 0) { /* what has no id is refused by the judgement */
        code = registrations_conditions(request, change.kind, id, NULL, &change.expected, err);
    }
    return code == ERR_OK ? registered_change(request->context->registry, &change, 1,
                                &request->report, outcome, NULL, err)
                          : code;
}

static enum err_code created(struct api_request *request, struct api_response *response,
    const struct aas_node *tree, struct err *err)
{
    const char *id = aas_text(tree, PROP_id);
    char *encoded = id == NULL ? NULL : aas_base64url_encode(&request->arena, id, strlen(id));
    if (encoded == NULL) {
        return support_full(err);
    }
    support_write_tree(response, tree, 0);
    response->status = 201;
    support_location(request, response, "/%s-descriptors/%s",
        kind_of(request) == REGISTERED_SHELL ? "shell" : "submodel", encoded);
    return ERR_OK;
}

enum err_code handle_descriptor_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *tree = NULL;
    enum registry_outcome outcome;
    enum err_code code =
        registrations_body(request, registered_class(kind_of(request)), &tree, err);
    if (code != ERR_OK) {
        return code;
    }
    const char *id = aas_text(tree, PROP_id);
    const struct api_text said = {id, id == NULL ? 0 : strlen(id)};
    code = change_one(request, REGISTRY_CREATE, &said, tree, &outcome, err);
    return code == ERR_OK ? created(request, response, tree, err) : code;
}

enum err_code handle_descriptor_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct aas_node *tree = NULL;
    enum registry_outcome outcome;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = registrations_body(request, registered_class(kind_of(request)), &tree, err);
    }
    if (code == ERR_OK) {
        code = change_one(request, REGISTRY_UPSERT, &id, tree, &outcome, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (outcome == REGISTRY_CREATED) {
        return created(request, response, tree, err);
    }
    reply_no_content(response);
    return ERR_OK;
}

enum err_code handle_descriptor_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    enum registry_outcome outcome;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = change_one(request, REGISTRY_DELETE, &id, NULL, &outcome, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Shells, submodels and concept descriptions: lists, and one thing by its id. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/xml.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/listing.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "api/template_life.h"

/* The address of a kind's list. */
static const char *root_of(enum registry_kind kind)
{
    switch (kind) {
    case REGISTRY_SHELL:
        return "/shells";
    case REGISTRY_SUBMODEL:
        return "/submodels";
    case REGISTRY_CONCEPT_DESCRIPTION:
        return "/concept-descriptions";
    default:
        return "";
    }
}

enum err_code handle_identifiables_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct listing listing;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = listing_read(request, &listing, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct registry_view view;
    code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    code = listing_write(request, &listing, &view, &response->body, err);
    registry_view_end(&view);
    return code;
}

/* Sends stored bytes when they are what was asked for, else a form written from the tree. */
static enum err_code send_document(struct api_request *request, struct api_response *response,
    const struct registry_document *document, struct err *err)
{
    enum api_media media;
    struct api_modifiers modifiers = {0};
    enum err_code code = accept_json_or_xml(request, &media, err);
    if (code == ERR_OK && document->kind == REGISTRY_SUBMODEL) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    api_response_field(response, "Vary", "Accept");
    if (reply_etag(request, response, document->hash, media == API_MEDIA_XML ? "-xml" : "")) {
        return ERR_OK;
    }
    bool blobs = document->kind == REGISTRY_SUBMODEL && !modifiers.with_blob &&
                 blobs_in_document(
                     &request->context->blobs, document->json, document->json_len, document->hash);
    if (media == API_MEDIA_JSON && !modifiers.core && !blobs) {
        reply_ok(response, "application/json");
        buf_add(&response->body, document->json, document->json_len);
        return ERR_OK;
    }
    struct path_index index = cut_index(document);
    if (media == API_MEDIA_JSON && !blobs && cut_core(&response->body, &index, 0)) {
        reply_ok(response, "application/json");
        return ERR_OK;
    }
    unsigned flags = (modifiers.core ? AAS_JSON_CORE : 0u) | (blobs ? AAS_JSON_WITHOUT_BLOB : 0u);
    return support_write_document(request, response, document, flags, media, err);
}

enum err_code handle_identifiable_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct registry_document document;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = support_document(request, &view, &document, err);
    if (code == ERR_OK) {
        template_life_warn_reader(request, response, &view, &document);
        code = send_document(request, response, &document, err);
    }
    registry_view_end(&view);
    return code;
}

/* Below /templates-api: what is written is a template, and what it replaces was one. */
static enum err_code check_template(
    struct api_request *request, const struct registry_change *change, struct err *err)
{
    struct registry_view view;
    struct registry_document document;
    enum err_code code = change->tree == NULL ? ERR_OK : precondition_template(change->tree, err);
    if (code != ERR_OK || change->id == NULL) {
        return code;
    }
    code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, REGISTRY_SUBMODEL, change->id, change->id_len, &document, err);
    bool instance = code == ERR_OK && !cut_is_template(&document);
    registry_view_end(&view);
    if (instance && change->tree != NULL) {
        return err_set(err, ERR_EXISTS, "an instance has this id; it cannot be replaced here");
    }
    if (instance) {
        return err_set(err, ERR_NOT_FOUND, "the submodel with this id is no template");
    }
    return code == ERR_NOT_FOUND && change->tree != NULL ? ERR_OK : code;
}

static enum err_code write_tree(struct api_request *request, struct registry_change *change,
    enum registry_outcome *outcome, struct err *err)
{
    struct registry_author author = support_author(request);
    struct precondition condition;
    const char *id = change->id != NULL ? change->id : aas_text(change->tree, PROP_id);
    size_t id_len = change->id != NULL ? change->id_len : id != NULL ? strlen(id) : 0;
    change->kind = request->route->kind;
    enum err_code code = request->templates ? check_template(request, change, err) : ERR_OK;
    if (code == ERR_OK) {
        code = precondition_read(request, id != NULL ? id : "", id_len, &condition, err);
    }
    if (code == ERR_OK) {
        code = precondition_apply(&condition, change, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code =
        registry_write(request->context->registry, change, &author, &request->report, outcome, err);
    return precondition_outcome(&condition, change, code, err);
}

static enum err_code created(struct api_request *request, struct api_response *response,
    const struct aas_node *tree, struct err *err)
{
    support_write_tree(response, tree, 0);
    response->status = 201;
    if (request->below != NULL) {
        support_location(request, response, "%s", request->below);
        return ERR_OK;
    }
    const char *id = aas_text(tree, PROP_id);
    char *encoded = id == NULL ? NULL : aas_base64url_encode(&request->arena, id, strlen(id));
    if (encoded == NULL) {
        return support_full(err);
    }
    support_location(request, response, "%s/%s", root_of(request->route->kind), encoded);
    return ERR_OK;
}

enum err_code handle_identifiable_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *tree;
    enum registry_outcome outcome;
    enum err_code code = support_body(request, registry_class(request->route->kind), &tree, err);
    if (code != ERR_OK) {
        return code;
    }
    struct registry_change change = {.operation = REGISTRY_CREATE, .tree = tree};
    code = write_tree(request, &change, &outcome, err);
    return code == ERR_OK ? created(request, response, tree, err) : code;
}

enum err_code handle_identifiable_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct aas_node *tree;
    enum registry_outcome outcome;
    struct api_modifiers ignored;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK && request->route->kind == REGISTRY_SUBMODEL) {
        code = parameter_modifiers(request, &ignored, err);
    }
    if (code == ERR_OK) {
        code = support_body(request, registry_class(request->route->kind), &tree, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *body_id = aas_text(tree, PROP_id);
    if (body_id != NULL && strcmp(body_id, id.text) != 0) {
        return err_set(err, ERR_BAD_INPUT,
            "the body has the id \"%.200s\", the address names \"%.200s\"", body_id, id.text);
    }
    struct registry_change change = {
        .operation = REGISTRY_UPSERT, .id = id.text, .id_len = id.len, .tree = tree};
    code = write_tree(request, &change, &outcome, err);
    if (code != ERR_OK) {
        return code;
    }
    if (outcome == REGISTRY_CREATED) {
        return created(request, response, tree, err);
    }
    reply_no_content(response);
    return ERR_OK;
}

enum err_code handle_identifiable_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    enum registry_outcome outcome;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code != ERR_OK) {
        return code;
    }
    struct registry_change change = {.operation = REGISTRY_DELETE, .id = id.text, .id_len = id.len};
    code = write_tree(request, &change, &outcome, err);
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

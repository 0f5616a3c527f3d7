/* SPDX-License-Identifier: Apache-2.0 */
#include "api/listing.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/context.h"
#include "api/routes.h"
#include "api/support.h"

/* ------------------------------------------------------------------ parameters */

static enum err_code add_asset_id(
    const struct json *object, struct listing *listing, struct err *err)
{
    const struct json *name = object->kind == JSON_OBJECT ? json_member(object, "name") : NULL;
    const struct json *value = object->kind == JSON_OBJECT ? json_member(object, "value") : NULL;
    if (name == NULL || value == NULL || name->kind != JSON_STRING || value->kind != JSON_STRING) {
        return err_set(
            err, ERR_BAD_INPUT, "assetIds must hold SpecificAssetId objects with name and value");
    }
    if (listing->asset_id_count == LISTING_MAX_ASSET_IDS) {
        return err_set(
            err, ERR_BAD_INPUT, "assetIds has more than %d asset ids", LISTING_MAX_ASSET_IDS);
    }
    listing->asset_ids[listing->asset_id_count++] =
        (struct listing_asset_id){name->text, value->text};
    return ERR_OK;
}

/* Both forms are in use: repeated encoded objects, and one encoded array. */
static enum err_code read_asset_ids(struct api_request *request, const struct api_text *text,
    struct listing *listing, struct err *err)
{
    char *decoded;
    size_t len;
    struct json *json;
    struct err inner;
    if (aas_base64url_decode(&request->arena, text->text, text->len, &decoded, &len, &inner) !=
            ERR_OK ||
        json_read(&request->arena, decoded, len, &json, &inner) != ERR_OK) {
        return err_set(err, ERR_BAD_INPUT, "assetIds is no base64url-encoded JSON: %s", inner.text);
    }
    if (json->kind != JSON_ARRAY) {
        return add_asset_id(json, listing, err);
    }
    enum err_code code = ERR_OK;
    for (const struct json *item = json->first; item != NULL && code == ERR_OK; item = item->next) {
        code = add_asset_id(item, listing, err);
    }
    return code;
}

static enum err_code read_shell_filter(
    struct api_request *request, struct listing *listing, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < request->parameter_count && code == ERR_OK; i++) {
        const struct api_parameter *parameter = &request->parameters[i];
        if (strcmp(parameter->name.text, "assetIds") == 0 && parameter->value.len > 0) {
            code = read_asset_ids(request, &parameter->value, listing, err);
        }
    }
    return code;
}

enum err_code listing_read(struct api_request *request, struct listing *listing, struct err *err)
{
    *listing = (struct listing){0};
    enum registry_kind kind = request->route->kind;
    enum err_code code = parameter_limit(request, API_DEFAULT_LIMIT, &listing->limit, err);
    if (code == ERR_OK) {
        code = parameter_cursor(request, &listing->filter.after, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "idShort", &listing->filter.id_short, err);
    }
    if (code == ERR_OK && kind == REGISTRY_SUBMODEL) {
        code = parameter_reference(request, "semanticId", &listing->filter.semantic_id, err);
    }
    if (code == ERR_OK && kind == REGISTRY_SUBMODEL) {
        code = parameter_modifiers(request, &listing->modifiers, err);
    }
    if (code == ERR_OK && kind == REGISTRY_SHELL) {
        code = read_shell_filter(request, listing, err);
    }
    if (code == ERR_OK && kind == REGISTRY_CONCEPT_DESCRIPTION) {
        code = parameter_reference(request, "isCaseOf", &listing->is_case_of, err);
    }
    if (code == ERR_OK && kind == REGISTRY_CONCEPT_DESCRIPTION) {
        code =
            parameter_reference(request, "dataSpecificationRef", &listing->data_specification, err);
    }
    return code;
}

/* ------------------------------------------------------------------ comparing */

static bool same_text(const struct aas_node *node, enum meta_prop_id id, const char *text)
{
    const char *own = node == NULL ? NULL : aas_text(node, id);
    return own != NULL && strcmp(own, text) == 0;
}

static bool has_asset_id(const struct aas_node *shell, const struct listing_asset_id *asset_id)
{
    const struct aas_node *information = aas_child(shell, PROP_assetInformation);
    if (information == NULL) {
        return false;
    }
    if (strcmp(asset_id->name, "globalAssetId") == 0) {
        return same_text(information, PROP_globalAssetId, asset_id->value);
    }
    size_t count;
    struct aas_node **ids = aas_list(information, PROP_specificAssetIds, &count);
    for (size_t i = 0; i < count; i++) {
        if (same_text(ids[i], PROP_name, asset_id->name) &&
            same_text(ids[i], PROP_value, asset_id->value)) {
            return true;
        }
    }
    return false;
}

static bool refers_to(const struct aas_node *reference, const char *value)
{
    size_t count;
    struct aas_node **keys = reference == NULL ? NULL : aas_list(reference, PROP_keys, &count);
    return keys != NULL && count > 0 && same_text(keys[0], PROP_value, value);
}

static bool is_case_of(const struct aas_node *concept, const char *value)
{
    size_t count;
    struct aas_node **references = aas_list(concept, PROP_isCaseOf, &count);
    for (size_t i = 0; i < count; i++) {
        if (refers_to(references[i], value)) {
            return true;
        }
    }
    return false;
}

static bool has_data_specification(const struct aas_node *concept, const char *value)
{
    size_t count;
    struct aas_node **embedded = aas_list(concept, PROP_embeddedDataSpecifications, &count);
    for (size_t i = 0; i < count; i++) {
        if (refers_to(aas_child(embedded[i], PROP_dataSpecification), value)) {
            return true;
        }
    }
    return false;
}

static bool compares(const struct listing *listing)
{
    return listing->asset_id_count > 0 || listing->is_case_of != NULL ||
           listing->data_specification != NULL;
}

static bool tree_fits(const struct aas_node *tree, const struct listing *listing)
{
    for (size_t i = 0; i < listing->asset_id_count; i++) {
        if (!has_asset_id(tree, &listing->asset_ids[i])) {
            return false;
        }
    }
    return (listing->is_case_of == NULL || is_case_of(tree, listing->is_case_of)) &&
           (listing->data_specification == NULL ||
               has_data_specification(tree, listing->data_specification));
}

/* A text that stands in the document at all; saves reading most of the others. */
static bool mentions(const struct registry_document *document, const char *text)
{
    struct buf json;
    if (text == NULL) {
        return true;
    }
    buf_init(&json, 64 * 1024);
    buf_add_json_string(&json, text, strlen(text));
    bool found = !buf_failed(&json) &&
                 memmem(document->json, document->json_len, json.bytes, json.len) != NULL;
    buf_finish(&json);
    return found;
}

static bool document_fits(const struct registry_document *document, const struct listing *listing)
{
    for (size_t i = 0; i < listing->asset_id_count; i++) {
        if (!mentions(document, listing->asset_ids[i].value)) {
            return false;
        }
    }
    if (!mentions(document, listing->is_case_of) ||
        !mentions(document, listing->data_specification)) {
        return false;
    }
    struct arena arena;
    struct report ignored;
    struct aas_node *tree;
    arena_init(&arena, 64 * document->json_len + 65536);
    report_init(&ignored);
    struct aas_sink sink = report_sink(&ignored);
    bool fits = aas_json_read(&arena, document->json, document->json_len,
                    registry_class(document->kind), &sink, &tree, NULL) == ERR_OK &&
                tree_fits(tree, listing);
    report_finish(&ignored);
    arena_finish(&arena);
    return fits;
}

/* ------------------------------------------------------------------ writing */

static enum err_code write_one(struct api_request *request, const struct listing *listing,
    const struct registry_document *document, struct buf *buf, struct err *err)
{
    bool without_blob = document->kind == REGISTRY_SUBMODEL && !listing->modifiers.with_blob &&
                        blobs_in_document(&request->context->blobs, document->json,
                            document->json_len, document->hash);
    if (!without_blob && !listing->modifiers.core) {
        buf_add(buf, document->json, document->json_len);
        return ERR_OK;
    }
    struct arena arena;
    struct aas_node *tree;
    arena_init(&arena, 64 * document->json_len + 65536);
    struct aas_sink sink = report_sink(&request->report);
    enum err_code code = aas_json_read(&arena, document->json, document->json_len,
        registry_class(document->kind), &sink, &tree, err);
    if (code == ERR_OK) {
        aas_json_write(buf, tree,
            (listing->modifiers.core ? AAS_JSON_CORE : 0u) |
                (without_blob ? AAS_JSON_WITHOUT_BLOB : 0u),
            NULL);
    }
    arena_finish(&arena);
    return code;
}

enum err_code listing_write(struct api_request *request, const struct listing *listing,
    struct registry_view *view, struct buf *buf, struct err *err)
{
    struct registry_filter filter = listing->filter;
    bool comparing = compares(listing);
    size_t written = 0;
    uint64_t next = filter.after;
    filter.limit = comparing ? LISTING_MAX_COMPARED : listing->limit;
    struct registry_page page;
    enum err_code code =
        registry_list(view, &request->arena, request->route->kind, &filter, &page, err);
    if (code != ERR_OK) {
        return code;
    }
    buf_add_text(buf, PAGE_BEGIN);
    size_t i = 0;
    for (; i < page.count && written < listing->limit && buf->len < LISTING_PAGE_BYTES; i++) {
        const struct registry_document *document = &page.documents[i];
        next = document->number;
        if (comparing && !document_fits(document, listing)) {
            continue;
        }
        if (written++ > 0) {
            buf_add_char(buf, ',');
        }
        code = write_one(request, listing, document, buf, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    page_end(buf, i < page.count ? next : page.next);
    return ERR_OK;
}

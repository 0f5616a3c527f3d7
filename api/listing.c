/* SPDX-License-Identifier: Apache-2.0 */
#include "api/listing.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/value.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/cut_value.h"
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
    if (listing->filter.asset_id_count == REGISTRY_FILTER_ASSET_IDS) {
        return err_set(
            err, ERR_BAD_INPUT, "assetIds has more than %d asset ids", REGISTRY_FILTER_ASSET_IDS);
    }
    listing->asset_ids[listing->filter.asset_id_count++] =
        (struct registry_asset_id){name->text, value->text};
    return ERR_OK;
}

/* Both forms are in use: encoded objects, and one encoded array. */
static enum err_code read_asset_ids(struct api_request *request, const char *text, size_t text_len,
    struct listing *listing, struct err *err)
{
    char *decoded;
    size_t len;
    struct json *json;
    struct err inner;
    if (parameter_decode(request, text, text_len, &decoded, &len, &inner) != ERR_OK ||
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

/* The parameter is repeated, or has commas between its values (IDTA-01002, Identifiers in
 * addresses). */
enum err_code listing_asset_ids(
    struct api_request *request, struct listing *listing, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < request->parameter_count && code == ERR_OK; i++) {
        const struct api_parameter *parameter = &request->parameters[i];
        const char *at = parameter->value.text;
        if (strcmp(parameter->name.text, "assetIds") != 0) {
            continue;
        }
        while (*at != '\0' && code == ERR_OK) {
            size_t len = strcspn(at, ",");
            code = len == 0 ? ERR_OK : read_asset_ids(request, at, len, listing, err);
            at += len + (at[len] == ',' ? 1 : 0);
        }
    }
    return code;
}

enum err_code listing_read(struct api_request *request, struct listing *listing, struct err *err)
{
    *listing = (struct listing){0};
    enum registry_kind kind = request->route->kind;
    enum err_code code = parameter_limit(request, API_DEFAULT_LIMIT, &listing->filter.limit, err);
    if (code == ERR_OK) {
        code = parameter_cursor(request, &listing->filter.after, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "idShort", &listing->filter.id_short, err);
    }
    if (code == ERR_OK && kind == REGISTRY_SUBMODEL) {
        code = parameter_reference(request, "semanticId", &listing->filter.semantic_id, err);
    }
    listing->form = parameter_form(request);
    listing->filter.templates_only = request->templates;
    if (code == ERR_OK && (kind == REGISTRY_SUBMODEL || listing->form != FORM_NORMAL)) {
        code = parameter_form_modifiers(request, listing->form, &listing->modifiers, err);
    }
    if (code == ERR_OK && kind == REGISTRY_SHELL) {
        code = listing_asset_ids(request, listing, err);
    }
    if (code == ERR_OK && kind == REGISTRY_CONCEPT_DESCRIPTION) {
        code = parameter_reference(request, "isCaseOf", &listing->filter.is_case_of, err);
    }
    if (code == ERR_OK && kind == REGISTRY_CONCEPT_DESCRIPTION) {
        code = parameter_reference(
            request, "dataSpecificationRef", &listing->filter.data_specification, err);
    }
    return code;
}

/* ------------------------------------------------------------------ writing */

/* What the bytes of the document hold is enough for most forms. */
static bool write_cut(const struct listing *listing, const struct registry_document *document,
    bool without_blob, struct buf *buf)
{
    struct path_index index = cut_index(document);
    bool any = false;
    switch (listing->form) {
    case FORM_METADATA:
        return cut_metadata(buf, &index, 0);
    case FORM_REFERENCE:
        return addresses_reference(buf, &index, 0, registry_class(document->kind), document->id,
                   document->id_len, NULL) == ERR_OK;
    case FORM_PATH:
        return addresses_paths(
                   listing->room, buf, &index, 0, listing->modifiers.core, &any, NULL) == ERR_OK;
    case FORM_VALUE:
        return false;
    default:
        break;
    }
    if (without_blob) {
        return false;
    }
    if (listing->modifiers.core) {
        return cut_core(buf, &index, 0);
    }
    buf_add(buf, document->json, document->json_len);
    return true;
}

static enum err_code write_value(struct arena *arena, const struct listing *listing,
    const struct registry_document *document, bool without_blob, struct buf *buf)
{
    struct path_index index = cut_index(document);
    unsigned flags = (listing->modifiers.core ? AAS_VALUE_CORE : 0u) |
                     (without_blob ? AAS_VALUE_WITHOUT_BLOB : 0u);
    return cut_value(arena, buf, &index, 0, flags, NULL);
}

static void write_tree(
    const struct listing *listing, const struct aas_node *tree, bool without_blob, struct buf *buf)
{
    unsigned form = listing->form == FORM_METADATA ? AAS_JSON_METADATA : 0u;
    unsigned core = listing->modifiers.core ? AAS_JSON_CORE : 0u;
    aas_json_write(buf, tree, form | core | (without_blob ? AAS_JSON_WITHOUT_BLOB : 0u), NULL);
}

/* One document that cannot be read must not take the list down: it is left out. */
static bool write_one(struct api_request *request, const struct listing *listing,
    const struct registry_document *document, struct buf *buf)
{
    bool without_blob = document->kind == REGISTRY_SUBMODEL && !listing->modifiers.with_blob &&
                        blobs_in_document(&request->context->blobs, document->json,
                            document->json_len, document->hash);
    size_t start = buf->len;
    if (write_cut(listing, document, without_blob, buf)) {
        return true;
    }
    buf->len = start;
    if (listing->form == FORM_REFERENCE || listing->form == FORM_PATH) {
        return false;
    }
    struct arena arena;
    struct aas_node *tree;
    arena_init(&arena, 64 * document->json_len + 65536);
    arena.meter = request->arena.meter;
    enum err_code code;
    if (listing->form == FORM_VALUE) {
        code = write_value(&arena, listing, document, without_blob, buf);
    } else {
        code = aas_json_read(&arena, document->json, document->json_len,
            registry_class(document->kind), NULL, &tree, NULL);
        if (code == ERR_OK) {
            write_tree(listing, tree, without_blob, buf);
        }
    }
    arena_finish(&arena);
    buf->len = code == ERR_OK ? buf->len : start;
    return code == ERR_OK;
}

enum err_code listing_write(struct api_request *request, struct listing *listing,
    struct registry_view *view, struct buf *buf, struct err *err)
{
    struct registry_filter filter = listing->filter;
    struct registry_page page;
    filter.asset_ids = listing->asset_ids;
    listing->room = listing->form == FORM_PATH ? addresses_room(&request->arena) : NULL;
    enum err_code code =
        registry_list(view, &request->arena, request->route->kind, &filter, &page, err);
    buf_add_text(buf, PAGE_BEGIN);
    size_t i = 0;
    for (; code == ERR_OK && i < page.count && buf->len < LISTING_PAGE_BYTES; i++) {
        size_t before = buf->len;
        buf_add(buf, ",", listing->any ? 1 : 0);
        size_t start = buf->len;
        if (write_one(request, listing, &page.documents[i], buf) && buf->len > start) {
            listing->any = true;
        } else {
            buf->len = before;
        }
    }
    if (code == ERR_OK) {
        page_end(buf, i < page.count ? page.documents[i - 1].number : page.next);
    }
    return code;
}

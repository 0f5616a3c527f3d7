/* SPDX-License-Identifier: Apache-2.0 */
/* Discovery: shells by asset links, and the asset links of a shell. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "api/context.h"
#include "api/listing.h"
#include "api/registrations.h"
#include "api/reply.h"
#include "api/support.h"

/* ------------------------------------------------------------------ looking up */

/* Appends a page of ids of shells that have all these links. */
static enum err_code write_ids(struct api_request *request, struct registry_view *view,
    const struct registered_filter *filter, struct buf *buf, struct err *err)
{
    struct registered_page page;
    enum err_code code =
        registered_list(view, &request->arena, REGISTERED_LINKS, filter, &page, err);
    buf_add_text(buf, PAGE_BEGIN);
    for (size_t i = 0; code == ERR_OK && i < page.count; i++) {
        if (i > 0) {
            buf_add_char(buf, ',');
        }
        buf_add_json_string(buf, page.entries[i].id, page.entries[i].id_len);
    }
    if (code == ERR_OK) {
        page_end(buf, page.next);
    }
    return code;
}

static enum err_code answer_ids(struct api_request *request, struct api_response *response,
    struct registered_filter *filter, struct err *err)
{
    struct registry_view view;
    enum err_code code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    if (code == ERR_OK) {
        code = parameter_cursor(request, &filter->after, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    code = write_ids(request, &view, filter, &response->body, err);
    registry_view_end(&view);
    return code;
}

enum err_code handle_lookup_shells(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct listing listing = {.filter = {.limit = 0}};
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = listing_asset_ids(request, &listing, err);
    }
    struct registered_filter filter = {
        .asset_ids = listing.asset_ids, .asset_id_count = listing.filter.asset_id_count};
    return code == ERR_OK ? answer_ids(request, response, &filter, err) : code;
}

enum err_code handle_lookup_by_links(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registrations_items items;
    struct registry_asset_id links[REGISTRY_FILTER_ASSET_IDS];
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = registrations_items(request, meta_class(CLASS_AssetLink), true, &items, err);
    }
    if (code == ERR_OK && items.count > REGISTRY_FILTER_ASSET_IDS) {
        code = err_set(err, ERR_BAD_INPUT, "the body has %zu asset links; at most %d are taken",
            items.count, (int)REGISTRY_FILTER_ASSET_IDS);
    }
    if (code != ERR_OK) {
        return code;
    }
    for (size_t i = 0; i < items.count; i++) {
        links[i] = (struct registry_asset_id){
            aas_text(items.nodes[i], PROP_name), aas_text(items.nodes[i], PROP_value)};
    }
    struct registered_filter filter = {.asset_ids = links, .asset_id_count = items.count};
    return answer_ids(request, response, &filter, err);
}

/* ------------------------------------------------------------------ the links of one shell */

enum err_code handle_links_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct registry_view view;
    struct registered entry;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registered_look(&view, REGISTERED_LINKS, id.text, id.len, &entry, err);
    if (code == ERR_OK && !entry.visible) {
        code = registered_missing(REGISTERED_LINKS, id.text, id.len, err);
    }
    if (code == ERR_OK) {
        registered_write(&response->body, &view, &entry, "");
        registrations_answer(request, response, &entry);
    }
    registry_view_end(&view);
    return code;
}

static enum err_code change_links(struct api_request *request, const struct api_text *id,
    enum registry_operation operation, struct aas_node *tree, struct err *err)
{
    struct registered_change change = {.kind = REGISTERED_LINKS,
        .operation = operation,
        .id = id->text,
        .id_len = id->len,
        .tree = tree};
    enum err_code code =
        registrations_conditions(request, REGISTERED_LINKS, id, NULL, &change.expected, err);
    return code == ERR_OK ? registered_change(request->context->registry, &change, 1,
                                &request->report, NULL, NULL, err)
                          : code;
}

/* The links as they are kept; an empty list stays one, it is not the same as none. */
static struct aas_node *links_tree(
    struct api_request *request, const struct registrations_items *items)
{
    struct aas_node *tree = aas_node_new(&request->arena, registered_class(REGISTERED_LINKS));
    struct aas_slot *slot = tree == NULL ? NULL : aas_slot_mut(tree, PROP_specificAssetIds);
    if (slot == NULL ||
        (items->count > 0 && aas_set_list(&request->arena, tree, PROP_specificAssetIds,
                                 items->nodes, items->count) != ERR_OK)) {
        return NULL;
    }
    if (items->count == 0) {
        slot->state = AAS_NODES;
        slot->u.nodes = items->nodes;
        slot->len = 0;
    }
    return tree;
}

enum err_code handle_links_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct registrations_items items;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = registrations_items(request, meta_class(CLASS_SpecificAssetId), true, &items, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct aas_node *tree = links_tree(request, &items);
    if (tree == NULL) {
        return support_full(err);
    }
    code = change_links(request, &id, REGISTRY_UPSERT, tree, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        response->status = 201;
        support_location(request, response, "/lookup/shells/%s", request->captures[0].text);
        buf_add_char(&response->body, '[');
        for (size_t i = 0; i < items.count; i++) {
            if (i > 0) {
                buf_add_char(&response->body, ',');
            }
            aas_json_write(&response->body, items.nodes[i], 0, NULL);
        }
        buf_add_char(&response->body, ']');
    }
    return code;
}

enum err_code handle_links_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = change_links(request, &id, REGISTRY_DELETE, NULL, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

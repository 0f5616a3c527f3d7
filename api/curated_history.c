/* SPDX-License-Identifier: Apache-2.0 */
/* Who changed tags, names and categories, when and how. */
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/history.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "registry/changes.h"
#include "registry/curated.h"

/* ------------------------------------------------------------------ of one thing */

/* What is asked about: its name in the history, and whether it is there without one. */
struct asked {
    const char *id;
    bool (*is_there)(struct api_request *request, struct registry_view *view);
};

static enum err_code send(struct api_request *request, struct api_response *response,
    struct registry_view *view, const struct asked *asked, struct err *err)
{
    size_t limit = 0;
    uint64_t before = 0;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    enum err_code code = parameter_limit(request, API_DEFAULT_LIMIT, &limit, err);
    code = code == ERR_OK ? parameter_cursor(request, &before, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    code = registry_history(view, &request->arena, REGISTRY_CURATION, asked->id, strlen(asked->id),
        before, limit, &revisions, &count, err);
    if (code == ERR_NOT_FOUND && asked->is_there(request, view)) {
        code = ERR_OK; /* nobody has ever said anything of it */
        count = 0;
    }
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    buf_add_text(&response->body, PAGE_BEGIN);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&response->body, i > 0 ? ",{" : "{");
        history_members(&response->body, &revisions[i]);
        buf_add_char(&response->body, '}');
    }
    uint64_t last = count > 0 ? revisions[count - 1].revision : 0;
    page_end(&response->body, count == limit && last > 1 ? last : 0);
    return ERR_OK;
}

static enum err_code answer(struct api_request *request, struct api_response *response,
    const struct asked *asked, struct err *err)
{
    struct registry_view view;
    enum err_code code = asked->id == NULL ? support_full(err) : accept_json(request, err);
    code = code == ERR_OK ? registry_view_begin(request->context->registry, &view, err) : code;
    if (code == ERR_OK) {
        code = send(request, response, &view, asked, err);
        registry_view_end(&view);
    }
    return code;
}

static bool family_is_there(struct api_request *request, struct registry_view *view)
{
    (void)request;
    (void)view;
    return true; /* tags need no version */
}

enum err_code handle_tags_history(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct asked asked = {
        arena_printf(&request->arena, "family/%s", request->captures[0].text), family_is_there};
    return answer(request, response, &asked, err);
}

static bool model_is_there(struct api_request *request, struct registry_view *view)
{
    struct api_text id;
    struct registry_document document;
    return support_identifier(request, 0, &id, NULL) == ERR_OK &&
           registry_get(view, request->route->kind, id.text, id.len, &document, NULL) == ERR_OK;
}

enum err_code handle_model_tags_history(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct asked asked = {NULL, model_is_there};
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        asked.id = arena_printf(&request->arena, "%s/%.*s",
            request->route->kind == REGISTRY_SHELL ? "shell" : "submodel", (int)id.len, id.text);
        code = answer(request, response, &asked, err);
    }
    return code;
}

static bool value_is_there(struct api_request *request, struct registry_view *view)
{
    enum overlay_tree tree;
    struct curated_node node;
    return curated_tree_read(request->captures[0].text, &tree) &&
           curated_node_find(&view->txn, &request->arena, tree, request->captures[1].text, &node) ==
               ERR_OK;
}

enum err_code handle_category_history(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct asked asked = {arena_printf(&request->arena, "tree/%s/%s",
                                    request->captures[0].text, request->captures[1].text),
        value_is_there};
    return answer(request, response, &asked, err);
}

/* ------------------------------------------------------------------ of whole trees */

static enum err_code read_filter(
    struct api_request *request, struct registry_change_filter *filter, struct err *err)
{
    enum overlay_tree tree;
    const char *name = request->capture_count > 0 ? request->captures[0].text : NULL;
    enum err_code code = name == NULL ? ERR_OK : curated_tree_find(name, &tree, err);
    if (code != ERR_OK) {
        return code;
    }
    *filter = (struct registry_change_filter){.kind = REGISTRY_CURATION,
        .id_prefix = name == NULL ? "tree/" : arena_printf(&request->arena, "tree/%s/", name),
        .newest_first = true};
    if (filter->id_prefix == NULL) {
        return support_full(err);
    }
    code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    return code == ERR_OK ? parameter_cursor(request, &filter->after, err) : code;
}

/* The id is "tree/TREE/VALUE". */
static void add_change(
    struct api_request *request, struct buf *buf, const struct registry_changed *change)
{
    const char *tree = change->id + strlen("tree/");
    const char *slash = strchr(tree, '/');
    size_t len = slash == NULL ? strlen(tree) : (size_t)(slash - tree);
    const char *name = arena_copy(&request->arena, tree, len);
    buf_add_char(buf, '{');
    support_member(buf, true, "facet", name == NULL ? "" : name);
    support_member(buf, false, "value", slash == NULL ? "" : slash + 1);
    buf_add_text(buf, ",\"deleted\":");
    buf_add_text(buf, strcmp(change->revision.operation, "delete") == 0 ? "true," : "false,");
    history_members(buf, &change->revision);
    buf_add_char(buf, '}');
}

enum err_code handle_categories_history(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return history_page(request, response, read_filter, add_change, err);
}

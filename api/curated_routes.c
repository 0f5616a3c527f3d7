/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept beside templates and models: the trees of values, tags, names. */
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "registry/curated_json.h"

/* ------------------------------------------------------------------ answers */

static void add_row(struct buf *buf, const struct curated_row *row)
{
    buf_add_char(buf, '{');
    curated_json_row(buf, row);
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ bodies */

static enum err_code read_object(struct api_request *request, struct json **object, struct err *err)
{
    if (accept_body_media(request) != API_MEDIA_JSON) {
        return err_set(err, ERR_MEDIA_TYPE, "the body must be application/json");
    }
    if (request->body_len == 0) {
        return err_set(err, ERR_BAD_INPUT, "the body is empty");
    }
    enum err_code code = json_read(&request->arena, request->body, request->body_len, object, err);
    return code == ERR_OK && (*object)->kind != JSON_OBJECT
               ? curated_json_refuse(*object, "must be a JSON object", err)
               : code;
}

static enum err_code read_row(struct api_request *request, struct curated_row *row, struct err *err)
{
    struct json *object = NULL;
    *row = (struct curated_row){.words = ""};
    enum err_code code = read_object(request, &object, err);
    for (const struct json *at = code == ERR_OK ? object->first : NULL;
         at != NULL && code == ERR_OK; at = at->next) {
        code = curated_json_take_row(&request->arena, at, row, err);
    }
    return code;
}

/* ------------------------------------------------------------------ the trees */

enum err_code handle_categories(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = curated_nodes(&view.txn, &request->arena, &nodes, &count, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&response->body, i > 0 ? "," : "");
            curated_json_node(&response->body, &nodes[i]);
        }
        page_end(&response->body, 0);
    }
    return code;
}

static enum err_code read_place(
    const struct api_request *request, struct curated_node *node, struct err *err)
{
    *node = (struct curated_node){.value = request->captures[1].text, .parent = ""};
    return curated_tree_read(request->captures[0].text, &node->tree)
               ? ERR_OK
               : err_set(err, ERR_NOT_FOUND,
                     "there is no tree \"%.60s\"; there are category, equipment, process and phase",
                     request->captures[0].text);
}

enum err_code handle_category_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct json *object = NULL;
    struct curated_node node;
    struct registry_author author = support_author(request);
    enum err_code code = read_place(request, &node, err);
    code = code == ERR_OK ? read_object(request, &object, err) : code;
    for (const struct json *at = code == ERR_OK ? object->first : NULL;
         at != NULL && code == ERR_OK; at = at->next) {
        code = curated_json_take_node(&request->arena, at, &node, err);
    }
    if (code == ERR_OK) {
        code = curated_node_put(request->context->registry, &node, &author, err);
    }
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        curated_json_node(&response->body, &node);
    }
    return code;
}

enum err_code handle_category_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct curated_node node;
    struct registry_author author = support_author(request);
    enum err_code code = read_place(request, &node, err);
    if (code == ERR_OK) {
        code = curated_node_delete(request->context->registry, node.tree, node.value, &author, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

/* ------------------------------------------------------------------ tags */

/* The thing that an address is about: a family, or a model. */
struct subject {
    const char *family; /* NULL: a model */
    struct api_text id;
};

static enum err_code read_subject(
    struct api_request *request, struct subject *subject, struct err *err)
{
    *subject = (struct subject){.family = NULL};
    if (request->route->kind == 0) {
        subject->family = request->captures[0].text;
        return ERR_OK;
    }
    return support_identifier(request, 0, &subject->id, err);
}

static enum err_code read_now(struct api_request *request, const struct subject *subject,
    struct curated_row *row, struct err *err)
{
    struct registry_view view;
    struct registry_document document = {.number = 0};
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    if (subject->family != NULL) {
        code = curated_family(&view.txn, &request->arena, subject->family, row, err);
    } else {
        code = registry_get(
            &view, request->route->kind, subject->id.text, subject->id.len, &document, err);
        code = code == ERR_OK ? curated_model(&view.txn, &request->arena, request->route->kind,
                                    document.number, row, err)
                              : code;
    }
    registry_view_end(&view);
    return code;
}

static void answer(
    struct api_request *request, struct api_response *response, const struct curated_row *row)
{
    unsigned char hash[STORE_HASH_BYTES];
    curated_row_hash(row, hash);
    if (!reply_etag(request, response, hash, "")) {
        reply_ok(response, "application/json");
        add_row(&response->body, row);
    }
}

enum err_code handle_tags_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct subject subject;
    struct curated_row row;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? read_subject(request, &subject, err) : code;
    code = code == ERR_OK ? read_now(request, &subject, &row, err) : code;
    if (code == ERR_OK) {
        answer(request, response, &row);
    }
    return code;
}

enum err_code handle_tags_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct subject subject;
    struct curated_row now;
    struct curated_row row;
    unsigned char hash[STORE_HASH_BYTES];
    const unsigned char *if_match = NULL;
    struct registry_author author = support_author(request);
    struct registry *registry = request->context->registry;
    enum err_code code = read_subject(request, &subject, err);
    code = code == ERR_OK ? read_row(request, &row, err) : code;
    code = code == ERR_OK ? read_now(request, &subject, &now, err) : code;
    if (code == ERR_OK && api_request_header(request, "If-Match") != NULL) {
        curated_row_hash(&now, hash);
        const struct precondition_tags tags = precondition_tags(request, "If-Match", false, hash);
        if_match = tags.any ? NULL : hash;
        code = tags.any || tags.current
                   ? ERR_OK
                   : err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    if (code == ERR_OK && subject.family != NULL) {
        code = curated_family_put(registry, subject.family, &row, if_match, &author, err);
    } else if (code == ERR_OK) {
        code = curated_model_put(registry, request->route->kind, subject.id.text, subject.id.len,
            &row, if_match, &author, err);
    }
    if (code == ERR_OK) {
        answer(request, response, &row);
        response->status = 200;
    }
    return code;
}

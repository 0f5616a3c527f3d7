/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept beside templates and models: the trees of values, tags, names. */
#include <string.h>

#include "aas/json.h"
#include "api/context.h"
#include "api/handlers.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "registry/curated.h"

/* ------------------------------------------------------------------ answers */

static void add_names(struct buf *buf, const struct curated_name *names, size_t count)
{
    buf_add_text(buf, ",\"names\":{");
    for (size_t i = 0; i < count; i++) {
        support_member(buf, i == 0, names[i].language, names[i].text);
    }
    buf_add_char(buf, '}');
}

static void add_node(struct buf *buf, const struct curated_node *node)
{
    buf_add_char(buf, '{');
    support_member(buf, true, "facet", curated_tree_name(node->tree));
    support_member(buf, false, "value", node->value);
    if (node->parent[0] != '\0') {
        support_member(buf, false, "parent", node->parent);
    }
    add_names(buf, node->names, node->name_count);
    buf_add_char(buf, '}');
}

static void add_row(struct buf *buf, const struct curated_row *row)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        buf_printf(
            buf, "%s\"%s\":[", tree == 0 ? "{" : ",", curated_tree_name((enum overlay_tree)tree));
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            const char *tag = row->tags[tree][i];
            buf_add_text(buf, i > 0 ? "," : "");
            buf_add_json_string(buf, tag, strlen(tag));
        }
        buf_add_char(buf, ']');
    }
    add_names(buf, row->names, row->name_count);
    support_member(buf, false, "words", row->words);
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ bodies */

static enum err_code refuse(const struct json *at, const char *wanted, struct err *err)
{
    err_set(err, ERR_BAD_INPUT, "%s%.60s%s%s", at->name != NULL ? "\"" : "",
        at->name != NULL ? at->name : "the body", at->name != NULL ? "\" " : " ", wanted);
    err_place(err, at->name, at->line, at->column);
    return ERR_BAD_INPUT;
}

static enum err_code read_names(struct api_request *request, const struct json *object,
    const struct curated_name **names, size_t *count, struct err *err)
{
    if (object->kind != JSON_OBJECT || object->count > CURATED_NAMES_MOST) {
        return refuse(object, "must be an object with a name for each language", err);
    }
    struct curated_name *list = arena_alloc(&request->arena, (object->count + 1) * sizeof *list);
    if (list == NULL) {
        return support_full(err);
    }
    *count = 0;
    for (const struct json *at = object->first; at != NULL; at = at->next) {
        if (at->kind != JSON_STRING) {
            return refuse(at, "must be a text", err);
        }
        list[(*count)++] = (struct curated_name){at->name, at->text};
    }
    *names = list;
    return ERR_OK;
}

static enum err_code read_tags(struct api_request *request, const struct json *array,
    struct curated_row *row, enum overlay_tree tree, struct err *err)
{
    if (array->kind != JSON_ARRAY || array->count > CURATED_TAGS_MOST) {
        return refuse(array, "must be an array of at most 32 values", err);
    }
    const char **tags = arena_alloc(&request->arena, (array->count + 1) * sizeof *tags);
    size_t count = 0;
    if (tags == NULL) {
        return support_full(err);
    }
    for (const struct json *at = array->first; at != NULL; at = at->next) {
        if (at->kind != JSON_STRING) {
            return refuse(array, "must be an array of texts", err);
        }
        bool twice = false;
        for (size_t i = 0; i < count; i++) {
            twice |= strcmp(tags[i], at->text) == 0;
        }
        if (!twice) {
            tags[count++] = at->text;
        }
    }
    row->tags[tree] = tags;
    row->tag_count[tree] = count;
    return ERR_OK;
}

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
               ? refuse(*object, "must be a JSON object", err)
               : code;
}

static enum err_code read_row(struct api_request *request, struct curated_row *row, struct err *err)
{
    struct json *object = NULL;
    *row = (struct curated_row){.words = ""};
    enum err_code code = read_object(request, &object, err);
    for (const struct json *at = code == ERR_OK ? object->first : NULL;
         at != NULL && code == ERR_OK; at = at->next) {
        enum overlay_tree tree;
        if (curated_tree_read(at->name, &tree)) {
            code = read_tags(request, at, row, tree, err);
        } else if (strcmp(at->name, "names") == 0) {
            code = read_names(request, at, &row->names, &row->name_count, err);
        } else if (strcmp(at->name, "words") == 0 && at->kind == JSON_STRING) {
            row->words = at->text;
        } else {
            code = refuse(at, "is not known here, or no text", err);
        }
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
            add_node(&response->body, &nodes[i]);
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
        if (strcmp(at->name, "names") == 0) {
            code = read_names(request, at, &node.names, &node.name_count, err);
        } else if (strcmp(at->name, "parent") == 0 && at->kind == JSON_STRING) {
            node.parent = at->text;
        } else {
            code = refuse(at, "is not known here, or no text", err);
        }
    }
    if (code == ERR_OK) {
        code = curated_node_put(request->context->registry, &node, &author, err);
    }
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        add_node(&response->body, &node);
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

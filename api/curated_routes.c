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

/* ------------------------------------------------------------------ conditions */

/* What If-Match and If-None-Match are compared with: a thing, or also what it is a part of. */
struct current {
    unsigned char hashes[3][STORE_HASH_BYTES];
    size_t count;
    bool there;
};

static enum err_code refuse_changed(struct err *err)
{
    err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
    return ERR_PRECONDITION;
}

static enum err_code refuse_there(struct err *err)
{
    return err_set(err, ERR_PRECONDITION, "it exists; If-None-Match allows a new one only");
}

/* What the store refuses in the same words as what is refused before. */
static enum err_code outcome(enum err_code code, struct err *err)
{
    return code == ERR_EXISTS         ? refuse_there(err)
           : code == ERR_PRECONDITION ? refuse_changed(err)
                                      : code;
}

/* The match points into `current`. */
static enum err_code read_match(const struct api_request *request, const struct current *current,
    struct curated_match *match, struct err *err)
{
    struct precondition_tags none = {.present = false};
    bool fits = false;
    *match = (struct curated_match){.hash = NULL};
    for (size_t i = 0; i < current->count; i++) {
        struct precondition_tags one =
            precondition_tags(request, "If-Match", false, current->hashes[i]);
        none = precondition_tags(request, "If-None-Match", true, current->hashes[i]);
        match->must_exist = one.present;
        if (one.current && !one.any && !fits) {
            match->hash = current->hashes[i];
        }
        fits |= one.any || one.current;
        if (none.current && !none.any) {
            return err_set(
                err, ERR_PRECONDITION, "what is there now is what If-None-Match excludes");
        }
    }
    match->must_be_new = none.any;
    if (match->must_be_new && match->must_exist) {
        return err_set(err, ERR_PRECONDITION, "If-Match and If-None-Match exclude each other");
    }
    if (match->must_exist && !fits) {
        return refuse_changed(err);
    }
    return match->must_be_new && current->there ? refuse_there(err) : ERR_OK;
}

/* ------------------------------------------------------------------ the trees */

/* The values of all trees as they are now. */
static enum err_code read_nodes(
    struct api_request *request, struct curated_node **nodes, size_t *count, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code == ERR_OK) {
        code = curated_nodes(&view.txn, &request->arena, nodes, count, err);
        registry_view_end(&view);
    }
    return code;
}

static void answer_nodes(struct api_request *request, struct api_response *response,
    const struct curated_node *nodes, size_t count)
{
    unsigned char hash[STORE_HASH_BYTES];
    curated_nodes_hash(nodes, count, hash);
    if (reply_etag(request, response, hash, "")) {
        return;
    }
    reply_ok(response, "application/json");
    buf_add_text(&response->body, PAGE_BEGIN);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&response->body, i > 0 ? "," : "");
        curated_json_node(&response->body, &nodes[i]);
    }
    page_end(&response->body, 0);
}

enum err_code handle_categories(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? read_nodes(request, &nodes, &count, err) : code;
    if (code == ERR_OK) {
        answer_nodes(request, response, nodes, count);
    }
    return code;
}

enum err_code handle_category_tree(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum overlay_tree tree;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? curated_tree_find(request->captures[0].text, &tree, err) : code;
    code = code == ERR_OK ? read_nodes(request, &nodes, &count, err) : code;
    if (code == ERR_OK) {
        count = curated_tree_of(&nodes, count, tree);
        answer_nodes(request, response, nodes, count);
    }
    return code;
}

static enum err_code read_place(
    const struct api_request *request, struct curated_node *node, struct err *err)
{
    *node = (struct curated_node){.value = request->captures[1].text, .parent = ""};
    return curated_tree_find(request->captures[0].text, &node->tree, err);
}

static const struct curated_node *find_node(
    const struct curated_node *nodes, size_t count, const struct curated_node *place)
{
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].tree == place->tree && strcmp(nodes[i].value, place->value) == 0) {
            return &nodes[i];
        }
    }
    return NULL;
}

/* The tags of the value, of its tree and of all trees: whoever has read any of them knows it. */
static enum err_code read_current(struct api_request *request, const struct curated_node *place,
    struct current *current, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = read_nodes(request, &nodes, &count, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct curated_node *now = find_node(nodes, count, place);
    curated_nodes_hash(nodes, count, current->hashes[0]);
    count = curated_tree_of(&nodes, count, place->tree);
    curated_nodes_hash(nodes, count, current->hashes[1]);
    current->count = 2;
    current->there = now != NULL;
    if (now != NULL) {
        curated_nodes_hash(now, 1, current->hashes[current->count++]);
    }
    return ERR_OK;
}

enum err_code handle_category_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct curated_node *nodes = NULL;
    struct curated_node place;
    size_t count = 0;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? read_place(request, &place, err) : code;
    code = code == ERR_OK ? read_nodes(request, &nodes, &count, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    const struct curated_node *node = find_node(nodes, count, &place);
    if (node == NULL) {
        return err_set(err, ERR_NOT_FOUND, "there is no value '%.64s' in the tree '%s'",
            place.value, curated_tree_name(place.tree));
    }
    curated_nodes_hash(node, 1, hash);
    if (!reply_etag(request, response, hash, "")) {
        reply_ok(response, "application/json");
        curated_json_node(&response->body, node);
    }
    return ERR_OK;
}

/* A body may say where it belongs, as an answer does; then it must be there. */
static enum err_code take_member(struct api_request *request, const struct json *member,
    struct curated_node *node, struct err *err)
{
    bool facet = strcmp(member->name, "facet") == 0;
    if (!facet && strcmp(member->name, "value") != 0) {
        return curated_json_take_node(&request->arena, member, node, err);
    }
    bool same = member->kind == JSON_STRING &&
                strcmp(member->text, facet ? curated_tree_name(node->tree) : node->value) == 0;
    return same ? ERR_OK : curated_json_refuse(member, "is not what the address says", err);
}

enum err_code handle_category_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct json *object = NULL;
    struct curated_node node;
    struct current current;
    struct curated_match match;
    unsigned char hash[STORE_HASH_BYTES];
    struct registry_author author = support_author(request);
    enum err_code code = read_place(request, &node, err);
    code = code == ERR_OK ? read_object(request, &object, err) : code;
    for (const struct json *at = code == ERR_OK ? object->first : NULL;
         at != NULL && code == ERR_OK; at = at->next) {
        code = take_member(request, at, &node, err);
    }
    code = code == ERR_OK ? read_current(request, &node, &current, err) : code;
    code = code == ERR_OK ? read_match(request, &current, &match, err) : code;
    if (code == ERR_OK) {
        code =
            outcome(curated_node_put(request->context->registry, &node, &match, &author, err), err);
    }
    if (code == ERR_OK) {
        curated_nodes_hash(&node, 1, hash);
        (void)reply_etag(request, response, hash, "");
        reply_ok(response, "application/json");
        curated_json_node(&response->body, &node);
    }
    return code;
}

enum err_code handle_category_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct curated_node node;
    struct current current;
    struct curated_match match = {.hash = NULL};
    struct registry_author author = support_author(request);
    enum err_code code = read_place(request, &node, err);
    code = code == ERR_OK ? read_current(request, &node, &current, err) : code;
    if (code == ERR_OK && current.there) { /* what is not there keeps its answer */
        code = read_match(request, &current, &match, err);
    }
    if (code == ERR_OK) {
        code = outcome(curated_node_delete(
                           request->context->registry, node.tree, node.value, &match, &author, err),
            err);
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
    if (request->route->kind == REGISTRY_CURATION) {
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

/* A row that says nothing counts as one that is not there. */
static void read_row_current(const struct curated_row *now, struct current *current)
{
    static const struct curated_row nothing = {.words = ""};
    unsigned char empty[STORE_HASH_BYTES];
    curated_row_hash(&nothing, empty);
    curated_row_hash(now, current->hashes[0]);
    current->count = 1;
    current->there = memcmp(current->hashes[0], empty, sizeof empty) != 0;
}

enum err_code handle_tags_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct subject subject;
    struct curated_row now;
    struct curated_row row;
    struct current current;
    struct curated_match match;
    struct registry_author author = support_author(request);
    struct registry *registry = request->context->registry;
    enum err_code code = read_subject(request, &subject, err);
    code = code == ERR_OK ? read_row(request, &row, err) : code;
    code = code == ERR_OK ? read_now(request, &subject, &now, err) : code;
    if (code == ERR_OK) {
        read_row_current(&now, &current);
        code = read_match(request, &current, &match, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const unsigned char *if_match = match.must_be_new ? current.hashes[0] : match.hash;
    code = subject.family != NULL
               ? curated_family_put(registry, subject.family, &row, if_match, &author, err)
               : curated_model_put(registry, request->route->kind, subject.id.text, subject.id.len,
                     &row, if_match, &author, err);
    code = outcome(code, err);
    if (code == ERR_OK) {
        unsigned char hash[STORE_HASH_BYTES];
        curated_row_hash(&row, hash);
        (void)reply_etag(request, response, hash, "");
        reply_ok(response, "application/json");
        add_row(&response->body, &row);
    }
    return code;
}

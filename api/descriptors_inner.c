/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors of submodels inside the descriptor of a shell. A change makes the descriptor of the
 * shell one that is registered by hand: what was derived is taken over as it stood.
 */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/base_url.h"
#include "api/context.h"
#include "api/listing.h"
#include "api/registrations.h"
#include "api/reply.h"
#include "api/support.h"
#include "conformance/judge.h"
#include "registry/span.h"

/* ------------------------------------------------------------------ reading */

/* The descriptor of the shell in the address as it is sent, in a buffer of the caller's. */
static enum err_code read_shell(struct api_request *request, struct buf *buf, struct err *err)
{
    struct api_text id;
    struct registry_view view;
    struct registered entry;
    const char *base = NULL;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = base_url(request, &base, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registered_look(&view, REGISTERED_SHELL, id.text, id.len, &entry, err);
    if (code == ERR_OK && !entry.visible) {
        code = registered_missing(REGISTERED_SHELL, id.text, id.len, err);
    }
    if (code == ERR_OK) {
        registered_write(buf, &view, &entry, base);
        code = buf_failed(buf) ? support_full(err) : ERR_OK;
    }
    registry_view_end(&view);
    return code;
}

static struct span_walk inner_walk(const char *json, size_t len)
{
    const struct span whole = {json, len};
    return span_inside(span_find(whole, meta_prop_name(PROP_submodelDescriptors)));
}

/* Whether a descriptor has the id; `quoted` is the id as it stands in canonical JSON. */
static bool has_id(struct span item, struct span quoted)
{
    return span_is(span_find(item, "id"), quoted.at, quoted.len);
}

/* A text as it stands in canonical JSON, in the arena; absent when that is full. */
static struct span quote(struct api_request *request, const char *text, size_t len)
{
    struct buf buf;
    buf_init(&buf, 64 * 1024);
    buf_add_json_string(&buf, text, len);
    struct span quoted = {
        buf_failed(&buf) ? NULL : arena_copy(&request->arena, buf.bytes, buf.len), buf.len};
    buf_finish(&buf);
    return quoted;
}

/* registrations_part: the descriptor with the id (a struct span, quoted). */
static bool pick(
    const char *json, size_t len, const void *context, const char **part, size_t *part_len)
{
    const struct span *quoted = context;
    struct span item;
    struct span_walk walk = inner_walk(json, len);
    while (span_item(&walk, &item)) {
        if (has_id(item, *quoted)) {
            *part = item.at;
            *part_len = item.len;
            return true;
        }
    }
    return false;
}

/* The walk behind the last descriptor that was seen; when it is gone, behind as many as there were.
 */
static uint64_t go_behind(struct span_walk *walk, const struct api_place *place, struct span last)
{
    struct span item;
    struct span_walk start = *walk;
    uint64_t position = 0;
    while (last.at != NULL && span_item(walk, &item)) {
        position++;
        if (has_id(item, last)) {
            return position;
        }
    }
    *walk = start;
    for (position = 0; position < place->position && span_item(walk, &item); position++) {
    }
    return position;
}

static enum err_code write_page(struct api_request *request, const struct buf *shell, size_t limit,
    const struct api_place *place, struct buf *to, struct err *err)
{
    struct span item;
    struct span last = {NULL, 0};
    struct api_place next = {.position = 0};
    struct span_walk walk = inner_walk(shell->bytes, shell->len);
    size_t count = 0;
    if (place->last.text != NULL) {
        last = quote(request, place->last.text, place->last.len);
    }
    next.position = go_behind(&walk, place, last);
    buf_add_text(to, PAGE_BEGIN);
    bool more = span_item(&walk, &item);
    for (; more && count < limit; more = span_item(&walk, &item)) {
        if (count++ > 0) {
            buf_add_char(to, ',');
        }
        buf_add(to, item.at, item.len);
        next.position++;
        if (!span_text(&request->arena, span_find(item, "id"), &next.last.text, &next.last.len)) {
            return support_full(err);
        }
    }
    page_end_place(request, to, ']', more ? &next : NULL);
    return ERR_OK;
}

enum err_code handle_inner_descriptors_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_place place;
    struct buf shell;
    size_t limit = 0;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_place(request, &place, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&shell, LISTING_PAGE_BYTES);
    code = read_shell(request, &shell, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        code = write_page(request, &shell, limit, &place, &response->body, err);
    }
    buf_finish(&shell);
    return code;
}

static enum err_code missing(const struct api_text *id, struct err *err)
{
    return err_set(err, ERR_NOT_FOUND,
        "the descriptor of the shell has none of a submodel with the id \"%.200s\"", id->text);
}

enum err_code handle_inner_descriptor_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct buf shell;
    const char *part = NULL;
    size_t len = 0;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 1, &id, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct span quoted = quote(request, id.text, id.len);
    buf_init(&shell, LISTING_PAGE_BYTES);
    code = read_shell(request, &shell, err);
    if (code == ERR_OK && !pick(shell.bytes, shell.len, &quoted, &part, &len)) {
        code = missing(&id, err);
    }
    if (code == ERR_OK) {
        buf_add(&response->body, part, len);
        registrations_answer(request, response, NULL);
    }
    buf_finish(&shell);
    return code;
}

/* ------------------------------------------------------------------ changing */

struct inner_edit {
    enum registry_operation operation;
    struct api_text id;
    const struct aas_node *tree; /* NULL to delete */
    bool created;
};

/* What is derived may be replaced by what is registered by hand, as everywhere. */
static bool is_derived(const struct aas_node *descriptor)
{
    size_t count = 0;
    struct aas_node **list = aas_list(descriptor, PROP_extensions, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = aas_text(list[i], PROP_name);
        if (name != NULL && strcmp(name, REGISTERED_MARK) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code apply_edit(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    struct inner_edit *edit = context;
    size_t count = 0;
    size_t at = 0;
    struct aas_node **list = aas_list(shell, PROP_submodelDescriptors, &count);
    while (at < count && strcmp(aas_text(list[at], PROP_id), edit->id.text) != 0) {
        at++;
    }
    if (edit->tree == NULL) {
        if (at == count) {
            return missing(&edit->id, err);
        }
        aas_list_remove(shell, PROP_submodelDescriptors, at);
        return ERR_OK;
    }
    if (at < count && edit->operation == REGISTRY_CREATE && !is_derived(list[at])) {
        return err_set(
            err, ERR_EXISTS, "the submodel \"%.200s\" is registered there already", edit->id.text);
    }
    struct aas_node *copy = aas_copy(arena, edit->tree);
    if (copy == NULL) {
        return support_full(err);
    }
    edit->created = at == count;
    if (at == count) {
        return aas_list_insert(arena, shell, PROP_submodelDescriptors, at, copy);
    }
    aas_list_replace(shell, PROP_submodelDescriptors, at, copy);
    return ERR_OK;
}

static enum err_code change_inner(
    struct api_request *request, struct inner_edit *edit, struct err *err)
{
    struct api_text shell;
    const struct registered_state *expected = NULL;
    const char *base = NULL;
    enum err_code code = support_identifier(request, 0, &shell, err);
    if (code == ERR_OK) {
        code = base_url(request, &base, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct span quoted = quote(request, edit->id.text, edit->id.len);
    const struct registrations_part part = {pick, &quoted};
    code = registrations_conditions(request, REGISTERED_SHELL, &shell, &part, &expected, err);
    return code == ERR_OK ? registered_edit_shell(request->context->registry, shell.text, shell.len,
                                expected, base, apply_edit, edit, &request->report, err)
                          : code;
}

/* Judged by itself first, so that findings name places in the body. */
static enum err_code read_body(struct api_request *request, struct aas_node **tree, struct err *err)
{
    enum err_code code =
        registrations_body(request, registered_class(REGISTERED_SUBMODEL), tree, err);
    if (code == ERR_OK) {
        code = judge_tree(*tree, 0, true, &request->report, NULL, err);
    }
    if (code == ERR_OK && request->report.errors > 0) {
        code = err_set(err, ERR_INVALID, "%s", err_default_text(ERR_INVALID));
    }
    return code;
}

static enum err_code created(struct api_request *request, struct api_response *response,
    const struct inner_edit *edit, struct err *err)
{
    char *encoded = aas_base64url_encode(&request->arena, edit->id.text, edit->id.len);
    if (encoded == NULL) {
        return support_full(err);
    }
    support_write_tree(response, edit->tree, 0);
    response->status = 201;
    support_location(request, response, "/shell-descriptors/%s/submodel-descriptors/%s",
        request->captures[0].text, encoded);
    return ERR_OK;
}

enum err_code handle_inner_descriptor_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *tree = NULL;
    enum err_code code = read_body(request, &tree, err);
    if (code != ERR_OK) {
        return code;
    }
    const char *id = aas_text(tree, PROP_id);
    struct inner_edit edit = {.operation = REGISTRY_CREATE, .id = {id, strlen(id)}, .tree = tree};
    code = change_inner(request, &edit, err);
    return code == ERR_OK ? created(request, response, &edit, err) : code;
}

enum err_code handle_inner_descriptor_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct inner_edit edit = {.operation = REGISTRY_UPSERT};
    struct aas_node *tree = NULL;
    enum err_code code = support_identifier(request, 1, &edit.id, err);
    if (code == ERR_OK) {
        code = read_body(request, &tree, err);
    }
    if (code == ERR_OK && strcmp(aas_text(tree, PROP_id), edit.id.text) != 0) {
        code = err_set(err, ERR_BAD_INPUT,
            "the body has the id \"%.200s\", the address names \"%.200s\"", aas_text(tree, PROP_id),
            edit.id.text);
    }
    edit.tree = tree;
    if (code == ERR_OK) {
        code = change_inner(request, &edit, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (edit.created) {
        return created(request, response, &edit, err);
    }
    reply_no_content(response);
    return ERR_OK;
}

enum err_code handle_inner_descriptor_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct inner_edit edit = {.operation = REGISTRY_DELETE};
    enum err_code code = support_identifier(request, 1, &edit.id, err);
    if (code == ERR_OK) {
        code = change_inner(request, &edit, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

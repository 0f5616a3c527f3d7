/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two revisions of a shell or concept description, attribute by attribute. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aas/difference.h"
#include "aas/json.h"
#include "api/context.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum { POINTER_BYTES = 1024, MEMORY_PER_BYTE = 64, MEMORY_LEAST = 4 * 1024 * 1024 };

struct answer {
    struct buf *buf;
    size_t count;
};

/* An attribute as JSON; a whole object for `slot` -1. */
static void write_side(struct buf *buf, const char *name, const struct aas_node *node, int slot)
{
    buf_printf(buf, ",\"%s\":", name);
    if (slot < 0) {
        aas_json_write(buf, node, 0, NULL);
        return;
    }
    const struct aas_slot *of = &node->slots[slot];
    if (of->state == AAS_TEXT) {
        buf_add_json_string(buf, of->u.text, of->len);
    } else if (of->state == AAS_NODE) {
        aas_json_write(buf, of->u.node, 0, NULL);
    } else {
        buf_add_char(buf, '[');
        for (size_t i = 0; i < of->len; i++) {
            buf_add_text(buf, i > 0 ? "," : "");
            aas_json_write(buf, of->u.nodes[i], 0, NULL);
        }
        buf_add_char(buf, ']');
    }
}

static enum err_code write_difference(const struct aas_difference *difference, void *context)
{
    static const char *const words[] = {"added", "removed", "changed", "reordered"};
    struct answer *answer = context;
    char pointer[POINTER_BYTES];
    const struct aas_node *node = difference->node;
    aas_print_pointer(node, difference->slot, pointer, sizeof pointer);
    buf_add_text(answer->buf, answer->count++ > 0 ? ",{" : "{");
    support_member(answer->buf, true, "change", words[difference->kind]);
    support_member(answer->buf, false, "path", pointer);
    if (difference->kind == AAS_DIFFERENCE_REMOVED) {
        write_side(answer->buf, "old", node, difference->slot);
    } else if (difference->kind != AAS_DIFFERENCE_REORDERED) {
        if (difference->old != NULL) {
            write_side(answer->buf, "old", difference->old, difference->slot);
        }
        write_side(answer->buf, "new", node, difference->slot);
    }
    buf_add_char(answer->buf, '}');
    return buf_failed(answer->buf) ? ERR_TOO_LARGE : ERR_OK;
}

static enum err_code read_number(
    const struct api_request *request, const char *name, uint64_t *revision, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, name, &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    size_t digits = strspn(text, "0123456789");
    *revision = digits <= 18 && text[digits] == '\0' ? strtoull(text, NULL, 10) : 0;
    return *revision > 0 ? ERR_OK
                         : err_set(err, ERR_BAD_INPUT,
                               "%s=%.40s is no revision number; they begin at 1", name, text);
}

/* The revisions that are asked for; without `to`, the newest one. */
static enum err_code read_numbers(
    struct api_request *request, struct registry_view *view, uint64_t number[2], struct err *err)
{
    struct registry_document document;
    number[0] = number[1] = 0;
    enum err_code code = read_number(request, "from", &number[0], err);
    if (code == ERR_OK) {
        code = read_number(request, "to", &number[1], err);
    }
    if (code == ERR_OK && number[0] == 0) {
        code = err_set(err, ERR_BAD_INPUT, "the parameter from is missing");
        err_rule(err, NULL, "Name the old revision, as in from=1&to=2.");
    }
    if (code == ERR_OK && number[1] == 0) {
        code = support_document(request, view, &document, err);
        number[1] = code == ERR_OK ? document.revision : 0;
    }
    return code;
}

static enum err_code read_tree(struct api_request *request, struct registry_view *view,
    const struct api_text *id, uint64_t revision, struct aas_node **tree, struct err *err)
{
    const char *json = NULL;
    size_t len = 0;
    enum registry_kind kind = request->route->kind;
    enum err_code code = registry_revision_content(
        view, &request->arena, kind, id->text, id->len, revision, &json, &len, err);
    if (code != ERR_OK) {
        return code;
    }
    request->arena.ceiling += MEMORY_LEAST + MEMORY_PER_BYTE * len;
    return support_tree(request, json, len, registry_class(kind), tree, err);
}

enum err_code handle_revision_diff(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct registry_view view;
    uint64_t number[2];
    struct aas_node *tree[2] = {NULL, NULL};
    struct answer answer = {.buf = &response->body};
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
    code = read_numbers(request, &view, number, err);
    for (int i = 0; i < 2 && code == ERR_OK; i++) {
        code = read_tree(request, &view, &id, number[i], &tree[i], err);
    }
    registry_view_end(&view);
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    buf_printf(
        answer.buf, "{\"from\":%" PRIu64 ",\"to\":%" PRIu64 ",\"changes\":[", number[0], number[1]);
    code = aas_differences(tree[0], tree[1], write_difference, &answer);
    buf_add_text(answer.buf, "]}");
    return code == ERR_OK ? ERR_OK : support_full(err);
}

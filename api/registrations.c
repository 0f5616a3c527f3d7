/* SPDX-License-Identifier: Apache-2.0 */
#include "api/registrations.h"

#include <string.h>

#include "aas/json.h"
#include "api/base_url.h"
#include "api/context.h"
#include "api/listing.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/support.h"
#include "conformance/judge.h"

/* ------------------------------------------------------------------ bodies */

enum err_code registrations_check_media(
    const struct api_request *request, const char *what, struct err *err)
{
    if (accept_body_media(request) != API_MEDIA_JSON) {
        return err_set(err, ERR_MEDIA_TYPE, "the body must be application/json, not %.100s",
            api_request_header(request, "Content-Type"));
    }
    return request->body_len > 0
               ? ERR_OK
               : err_set(err, ERR_BAD_INPUT, "the body is empty; it must hold a %s", what);
}

enum err_code registrations_body(struct api_request *request, const struct meta_class *cls,
    struct aas_node **tree, struct err *err)
{
    struct aas_sink sink = report_sink(&request->report);
    enum err_code code = registrations_check_media(request, cls->name, err);
    return code == ERR_OK ? aas_json_read(&request->arena, request->body, request->body_len, cls,
                                &sink, tree, err)
                          : code;
}

/* Puts the findings about one item to the others, with its position in their pointers. */
static void take_findings(struct report *to, struct report *from, size_t index, bool array)
{
    for (size_t i = 0; array && i < from->count; i++) {
        struct finding *finding = &from->findings[i];
        const char *pointer = arena_printf(&from->arena, "/%zu%s", index, finding->pointer);
        finding->pointer = pointer != NULL ? pointer : finding->pointer;
    }
    from->count = from->count < REGISTRATIONS_FINDINGS ? from->count : REGISTRATIONS_FINDINGS;
    report_merge(to, from);
}

static enum err_code judge_item(struct api_request *request, const struct json *item,
    const struct meta_class *cls, struct report *report, struct aas_node **node, struct err *err)
{
    struct aas_sink sink = report_sink(report);
    enum err_code code = aas_json_read_value(&request->arena, item, cls, &sink, node, err);
    if (code == ERR_OK) {
        code = judge_tree(*node, 0, true, report, NULL, err);
    }
    return code == ERR_OK && report->errors > 0 ? ERR_INVALID : code;
}

static enum err_code read_items(struct api_request *request, const struct json *list,
    const struct meta_class *cls, struct registrations_items *items, struct err *err)
{
    bool array = list->kind == JSON_ARRAY;
    enum err_code worst = ERR_OK;
    size_t index = 0;
    for (const struct json *item = array ? list->first : list; item != NULL;
         item = array ? item->next : NULL, index++) {
        struct report report;
        struct err first = {.code = ERR_OK};
        report_init(&report);
        enum err_code code =
            judge_item(request, item, cls, &report, &items->nodes[items->count], &first);
        items->count += code == ERR_OK;
        take_findings(&request->report, &report, index, array);
        report_finish(&report);
        bool told = code == ERR_INVALID || code == ERR_UNREADABLE;
        if (code != ERR_OK && worst == ERR_OK) {
            worst = code;
            if (err != NULL) {
                *err = first;
                err->code = code;
            }
        }
        if ((code != ERR_OK && !told) || request->report.errors >= REGISTRATIONS_FINDINGS) {
            break;
        }
    }
    return worst;
}

enum err_code registrations_items(struct api_request *request, const struct meta_class *cls,
    bool one, struct registrations_items *items, struct err *err)
{
    struct json *list = NULL;
    *items = (struct registrations_items){.count = 0};
    enum err_code code = registrations_check_media(request, cls->name, err);
    if (code == ERR_OK) {
        code = json_read(&request->arena, request->body, request->body_len, &list, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (list->kind != JSON_ARRAY && !(one && list->kind == JSON_OBJECT)) {
        return err_set(err, ERR_BAD_INPUT, "the body must be an array of %s", cls->name);
    }
    size_t count = list->kind == JSON_ARRAY ? list->count : 1;
    items->nodes = arena_alloc(&request->arena, (count + 1) * sizeof(struct aas_node *));
    return items->nodes == NULL ? support_full(err) : read_items(request, list, cls, items, err);
}

/* ------------------------------------------------------------------ preconditions */

/* The entry as it is sent now, and the hash that tags it; *there is false when it is not shown. */
static enum err_code current_tag(struct api_request *request, enum registered_kind kind,
    const struct api_text *id, const struct registrations_part *part,
    struct registered_state *state, unsigned char hash[STORE_HASH_BYTES], bool *there,
    struct err *err)
{
    struct registry_view view;
    struct registered entry;
    struct buf buf;
    const char *base = "";
    enum err_code code = base_url(request, &base, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&buf, LISTING_PAGE_BYTES);
    code = registered_look(&view, kind, id->text, id->len, &entry, err);
    if (code == ERR_OK && entry.visible) {
        registered_write(&buf, &view, &entry, base);
        code = buf_failed(&buf) ? support_full(err) : ERR_OK;
    }
    registry_view_end(&view);
    if (code == ERR_OK) {
        const char *json = buf_text(&buf);
        size_t len = buf.len;
        *there =
            entry.visible && (part == NULL || part->pick(json, len, part->context, &json, &len));
        *state = entry.state;
        if (*there) {
            store_hash(json, len, hash);
        }
    }
    buf_finish(&buf);
    return code;
}

static enum err_code compare_tags(
    const struct api_request *request, const unsigned char *now, struct err *err)
{
    struct precondition_tags match = precondition_tags(request, "If-Match", false, now);
    struct precondition_tags none = precondition_tags(request, "If-None-Match", true, now);
    if (match.present && now == NULL) {
        return err_set(
            err, ERR_PRECONDITION, "it does not exist; If-Match allows a present one only");
    }
    if (match.present && !match.any && !match.current) {
        err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
        err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
        return ERR_PRECONDITION;
    }
    if (none.present && none.any && now != NULL) {
        return err_set(err, ERR_PRECONDITION, "it exists; If-None-Match allows a new one only");
    }
    if (none.present && none.current) {
        return err_set(err, ERR_PRECONDITION, "what is there now is what If-None-Match excludes");
    }
    return ERR_OK;
}

enum err_code registrations_conditions(struct api_request *request, enum registered_kind kind,
    const struct api_text *id, const struct registrations_part *part,
    const struct registered_state **expected, struct err *err)
{
    unsigned char hash[STORE_HASH_BYTES];
    bool there = false;
    *expected = NULL;
    if (api_request_header(request, "If-Match") == NULL &&
        api_request_header(request, "If-None-Match") == NULL) {
        return ERR_OK;
    }
    struct registered_state *state = arena_alloc(&request->arena, sizeof *state);
    if (state == NULL) {
        return support_full(err);
    }
    enum err_code code = current_tag(request, kind, id, part, state, hash, &there, err);
    if (code == ERR_OK) {
        code = compare_tags(request, there ? hash : NULL, err);
    }
    *expected = code == ERR_OK ? state : NULL;
    return code;
}

/* ------------------------------------------------------------------ answers */

void registrations_answer(
    struct api_request *request, struct api_response *response, const struct registered *entry)
{
    unsigned char hash[STORE_HASH_BYTES];
    reply_ok(response, "application/json");
    if (entry != NULL) {
        api_response_field(response, "X-Descriptor-Source",
            entry->state.given ? "registered" : REGISTERED_MARK_VALUE);
    }
    if (buf_failed(&response->body)) {
        return;
    }
    store_hash(response->body.bytes + API_HEAD_ROOM, api_response_length(response), hash);
    if (reply_etag(request, response, hash, "")) {
        api_response_clear(response);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of an identifiable, also of a deleted one. */
#include "api/handlers.h"
#include "api/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/context.h"
#include "api/element.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "conformance/language.h"
#include "registry/content_hash.h"
#include "registry/changes.h"

static bool is_zero(const unsigned char hash[STORE_HASH_BYTES])
{
    static const unsigned char zero[STORE_HASH_BYTES];
    return memcmp(hash, zero, sizeof zero) == 0;
}

static void add_hash(struct buf *buf, const char *name, const unsigned char *hash)
{
    if (is_zero(hash)) {
        return;
    }
    buf_printf(buf, ",\"%s\":\"", name);
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        buf_printf(buf, "%02x", hash[i]);
    }
    buf_add_char(buf, '"');
}

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        support_member(buf, false, name, text);
    }
}

void history_members(struct buf *buf, const struct registry_revision *revision)
{
    buf_printf(buf, "\"revision\":%" PRIu64 ",\"time\":", revision->revision);
    support_time(buf, revision->time_ms);
    add_text(buf, "operation", revision->operation);
    add_text(buf, "author", revision->author);
    add_text(buf, "message", revision->message);
    add_text(buf, "summary", revision->summary);
    add_hash(buf, "before", revision->before);
    add_hash(buf, "after", revision->after);
}

static void add_revision(struct buf *buf, const struct registry_revision *revision)
{
    buf_add_char(buf, '{');
    history_members(buf, revision);
    buf_add_char(buf, '}');
}

/* What the address is about: an identifiable, a version of a template, or an account. */
static enum err_code read_id(struct api_request *request, struct api_text *id, struct err *err)
{
    if (request->route->kind == REGISTRY_PROPOSAL) {
        *id = request->captures[0];
        return ERR_OK;
    }
    const char *first = request->captures[0].text;
    if (request->route->kind == REGISTRY_ACCOUNT) {
        bool user = strncmp(request->route->pattern, "/users/", 7) == 0;
        id->text = arena_printf(&request->arena, "%s/%s", user ? "user" : "token", first);
    } else if (request->route->kind == REGISTRY_TEMPLATE_VERSION) {
        id->text = arena_printf(&request->arena, "%s@%s", first, request->captures[1].text);
    } else {
        return support_identifier(request, 0, id, err);
    }
    id->len = id->text == NULL ? 0 : strlen(id->text);
    return id->text == NULL ? support_full(err) : ERR_OK;
}

/* The content after a revision, with its ETag. */
static enum err_code send_revision(struct api_request *request, struct api_response *response,
    struct registry_view *view, const struct api_text *id, uint64_t revision, struct err *err)
{
    const char *json;
    size_t len;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = registry_revision_content(
        view, &request->arena, request->route->kind, id->text, id->len, revision, &json, &len, err);
    if (code != ERR_OK) {
        return code;
    }
    if (!content_hash(json, len, hash)) {
        return support_full(err);
    }
    if (!reply_etag(request, response, hash, "")) {
        reply_ok(response, "application/json");
        buf_add(&response->body, json, len);
    }
    return ERR_OK;
}

/* `?date=`: the state that was valid then. */
static enum err_code send_state(struct api_request *request, struct api_response *response,
    const struct api_text *id, int64_t time_ms, struct err *err)
{
    struct registry_view view;
    uint64_t revision;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_revision_at(
        &view, request->route->kind, id->text, id->len, time_ms, &revision, err);
    if (code == ERR_OK) {
        code = send_revision(request, response, &view, id, revision, err);
    }
    if (code == ERR_OK) {
        char *number = arena_printf(&request->arena, "%" PRIu64, revision);
        api_response_field(response, "X-Revision", number != NULL ? number : "");
    }
    registry_view_end(&view);
    return code;
}

enum err_code handle_history_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    size_t limit;
    uint64_t before;
    int64_t date = PARAMETER_NO_TIME;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_id(request, &id, err);
    }
    if (code == ERR_OK) {
        code = parameter_time(request, "date", &date, err);
    }
    if (code == ERR_OK && date != PARAMETER_NO_TIME) {
        return send_state(request, response, &id, date, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &before, err);
    }
    struct registry_view view;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct registry_revision *revisions;
    size_t count;
    code = registry_history(&view, &request->arena, request->route->kind, id.text, id.len, before,
        limit, &revisions, &count, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            if (i > 0) {
                buf_add_char(&response->body, ',');
            }
            add_revision(&response->body, &revisions[i]);
        }
        uint64_t last = count > 0 ? revisions[count - 1].revision : 0;
        page_end(&response->body, count == limit && last > 1 ? last : 0);
    }
    registry_view_end(&view);
    return code;
}

static enum err_code read_revision(const struct api_text *text, uint64_t *revision, struct err *err)
{
    size_t digits = strspn(text->text, "0123456789");
    *revision = digits == text->len && digits <= 18 ? strtoull(text->text, NULL, 10) : 0;
    return *revision > 0 ? ERR_OK
                         : err_set(err, ERR_BAD_INPUT,
                               "\"%.40s\" is no revision number; they begin at 1", text->text);
}

enum err_code handle_history_revision(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    uint64_t revision;
    struct registry_view view;
    enum err_code code =
        read_revision(&request->captures[request->capture_count - 1], &revision, err);
    if (code == ERR_OK) {
        code = accept_json(request, err);
    }
    if (code == ERR_OK) {
        code = read_id(request, &id, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = send_revision(request, response, &view, &id, revision, err);
    registry_view_end(&view);
    return code;
}

/* Nothing to say, or what did not come back. */
static void answer_restored(const struct api_request *request, struct api_response *response)
{
    if (request->report.count == 0) {
        reply_no_content(response);
        return;
    }
    reply_ok(response, "application/json");
    buf_add_text(&response->body, "{\"findings\":");
    report_write_findings_in(&response->body, &request->report,
        language_by_header(api_request_header(request, "Accept-Language")));
    buf_add_char(&response->body, '}');
}

enum err_code handle_history_restore(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    uint64_t revision;
    struct precondition condition;
    enum registry_outcome outcome;
    struct registry_author author = support_author(request);
    enum err_code code = read_revision(&request->captures[1], &revision, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code == ERR_OK) {
        code = support_room_to_edit(request, err);
    }
    if (code == ERR_OK) {
        code = precondition_read(request, id.text, id.len, &condition, err);
    }
    if (code == ERR_OK && condition.must_be_new && condition.exists) {
        code = err_set(err, ERR_PRECONDITION, "it is there, and If-None-Match asks that it is not");
    }
    if (code == ERR_OK && condition.must_exist && !condition.exists) {
        code = err_set(err, ERR_PRECONDITION, "it is deleted, and If-Match asks that it is there");
    }
    /* What is there can be another by the time it is stored. */
    struct registry_change change = {.operation = REGISTRY_UPSERT};
    if (code == ERR_OK) {
        code = precondition_apply(&condition, &change, err);
    }
    if (code == ERR_OK) {
        code = registry_restore(request->context->registry, request->route->kind, id.text, id.len,
            revision, change.operation, change.if_match, &author, &request->report, &outcome, err);
    }
    if (code == ERR_EXISTS) {
        code = precondition_outcome(&condition, &change, code, err);
    }
    if (code == ERR_OK) {
        answer_restored(request, response);
    }
    return code;
}

/* ------------------------------------------------------------------ annotations */

enum err_code handle_annotate(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    const char *text = NULL;
    uint64_t at = 0;
    struct registry_view view;
    struct registry_annotation *list;
    size_t count;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "revision", &text, err);
    }
    if (code == ERR_OK && text != NULL) {
        const struct api_text wanted = {text, strlen(text)};
        code = read_revision(&wanted, &at, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_annotate(
        &view, &request->arena, request->route->kind, id.text, id.len, at, &list, &count, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&response->body, i > 0 ? ",{" : "{");
            support_member(&response->body, true, "idShortPath", list[i].path);
            buf_add_char(&response->body, ',');
            history_members(&response->body, list[i].revision);
            if (list[i].pruned_from != 0) {
                buf_printf(&response->body, ",\"prunedFrom\":%" PRIu64, list[i].pruned_from);
            }
            buf_add_char(&response->body, '}');
        }
        page_end(&response->body, 0);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ what changed lately */

static enum err_code read_filter(
    struct api_request *request, struct registry_change_filter *filter, struct err *err)
{
    int64_t created = PARAMETER_NO_TIME;
    int64_t updated = PARAMETER_NO_TIME;
    *filter = (struct registry_change_filter){.kind = request->route->kind};
    enum err_code code = parameter_time(request, "createdFrom", &created, err);
    if (code == ERR_OK) {
        code = parameter_time(request, "updatedFrom", &updated, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &filter->after, err);
    }
    filter->created_from = created == PARAMETER_NO_TIME ? 0 : created;
    filter->updated_from = updated == PARAMETER_NO_TIME ? 0 : updated;
    return code;
}

enum err_code history_page(struct api_request *request, struct api_response *response,
    history_filter read, history_change add, struct err *err)
{
    struct registry_change_filter filter;
    struct registry_view view;
    struct registry_changed *list = NULL;
    size_t count = 0;
    uint64_t next = 0;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? read(request, &filter, err) : code;
    code = code == ERR_OK ? registry_view_begin(request->context->registry, &view, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    code = registry_changes(&view, &request->arena, &filter, &list, &count, &next, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&response->body, i > 0 ? "," : "");
            add(request, &response->body, &list[i]);
        }
        page_end(&response->body, next);
    }
    registry_view_end(&view);
    return code;
}

static void add_change(
    struct api_request *request, struct buf *buf, const struct registry_changed *change)
{
    (void)request;
    buf_add_char(buf, '{');
    support_member(buf, true, "id", change->id);
    buf_printf(buf, ",\"deleted\":%s,", change->deleted ? "true" : "false");
    history_members(buf, &change->revision);
    buf_add_char(buf, '}');
}

enum err_code handle_recent_changes(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return history_page(request, response, read_filter, add_change, err);
}

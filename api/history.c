/* SPDX-License-Identifier: Apache-2.0 */
/* Revisions of an identifiable, also of a deleted one. */
#include "api/handlers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/context.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

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

static void add_revision(struct buf *buf, const struct registry_revision *revision)
{
    buf_printf(buf, "{\"revision\":%" PRIu64 ",\"time\":", revision->revision);
    support_time(buf, revision->time_ms);
    add_text(buf, "operation", revision->operation);
    add_text(buf, "author", revision->author);
    add_text(buf, "message", revision->message);
    add_text(buf, "summary", revision->summary);
    add_hash(buf, "before", revision->before);
    add_hash(buf, "after", revision->after);
    buf_add_char(buf, '}');
}

enum err_code handle_history_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    size_t limit;
    uint64_t before;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
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

enum err_code handle_history_revision(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    const struct api_text *text = &request->captures[1];
    size_t digits = strspn(text->text, "0123456789");
    uint64_t revision = digits == text->len && digits <= 18 ? strtoull(text->text, NULL, 10) : 0;
    if (revision == 0) {
        return err_set(
            err, ERR_BAD_INPUT, "\"%.40s\" is no revision number; they begin at 1", text->text);
    }
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    struct registry_view view;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *json;
    size_t len;
    code = registry_revision_content(
        &view, &request->arena, request->route->kind, id.text, id.len, revision, &json, &len, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add(&response->body, json, len);
    }
    registry_view_end(&view);
    return code;
}

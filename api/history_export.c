/* SPDX-License-Identifier: Apache-2.0 */
/* The whole history as lines of JSON, in pages. */
#include <inttypes.h>
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/history_line.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

static enum err_code read_kind(
    const struct api_request *request, enum registry_kind *kind, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, "kind", &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    for (unsigned i = REGISTRY_SHELL; i < REGISTRY_KIND_END; i++) {
        if (strcmp(registry_kind_name((enum registry_kind)i), text) == 0) {
            *kind = (enum registry_kind)i;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_BAD_INPUT, "there is no kind \"%.60s\"", text);
}

static enum err_code read_filter(
    struct api_request *request, struct registry_change_filter *filter, struct err *err)
{
    static const char *const offered[] = {"application/jsonl", "application/x-ndjson"};
    *filter = (struct registry_change_filter){.with_pruned = true};
    enum err_code code = ERR_OK;
    if (accept_choose(api_request_header(request, "Accept"), offered, 2) < 0) {
        code = err_set(err, ERR_NOT_ACCEPTABLE, "the history is given as application/jsonl");
    }
    if (code == ERR_OK) {
        code = read_kind(request, &filter->kind, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "id", &filter->id, err);
    }
    if (code == ERR_OK) {
        code = parameter_time(request, "from", &filter->updated_from, err);
    }
    if (code == ERR_OK) {
        code = parameter_time(request, "to", &filter->updated_to, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    }
    return code == ERR_OK ? parameter_cursor(request, &filter->after, err) : code;
}

enum err_code handle_history_export(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_change_filter filter;
    struct registry_view view;
    struct registry_changed *list = NULL;
    size_t count = 0;
    uint64_t next = 0;
    enum err_code code = read_filter(request, &filter, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_changes(&view, &request->arena, &filter, &list, &count, &next, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/jsonl");
        for (size_t i = 0; i < count; i++) {
            if (list[i].kind != REGISTRY_ACCOUNT) { /* nothing that every reader has to know */
                history_line(&response->body, &list[i]);
            }
        }
        if (next > 0) { /* lines have no place for it */
            char *cursor = arena_printf(&request->arena, "c%" PRIx64, next);
            api_response_field(response, "X-Cursor", cursor != NULL ? cursor : "");
        }
    }
    registry_view_end(&view);
    return code;
}

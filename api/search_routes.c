/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for things of every kind: who uses a semantic id. */
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/hits.h"
#include "api/reply.h"
#include "api/support.h"

enum { DEFAULT_HITS = 20 };

static enum err_code read_id(
    struct api_request *request, const char **id, bool *any_version, struct err *err)
{
    const char *encoded = NULL;
    const char *mode = NULL;
    enum err_code code = parameter_text(request, "id", id, err);
    if (code == ERR_OK) {
        code = parameter_reference(request, "semanticId", &encoded, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "mode", &mode, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if ((*id == NULL) == (encoded == NULL)) {
        err_set(err, ERR_BAD_INPUT, "exactly one of id and semanticId must say what to look for");
        err_rule(err, NULL, "Give id percent-encoded as it is, or semanticId as base64url.");
        return ERR_BAD_INPUT;
    }
    *any_version = mode != NULL && strcmp(mode, "ignore-version") == 0;
    if (mode != NULL && !*any_version && strcmp(mode, "exact") != 0) {
        return err_set(
            err, ERR_BAD_INPUT, "mode is exact or ignore-version here, not \"%.100s\"", mode);
    }
    *id = *id == NULL ? encoded : *id;
    return ERR_OK;
}

enum err_code handle_semantic_id_lookup(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const char *id = NULL;
    bool any_version = false;
    size_t limit = 0;
    uint64_t after = 0;
    struct registry_view view;
    struct registry_users users;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_id(request, &id, &any_version, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, DEFAULT_HITS, &limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &after, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_uses(&view, &request->arena, id, any_version, after, limit, &users, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < users.count; i++) {
            buf_add_text(&response->body, i > 0 ? "," : "");
            hits_write_user(&response->body, &users.users[i]);
        }
        page_end(&response->body, users.next);
    }
    return code;
}

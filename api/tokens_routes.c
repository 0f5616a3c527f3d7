/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: made, listed and revoked by whoever they belong to, and by administrators. */
#include <string.h>

#include "api/accept.h"
#include "api/accounts.h"
#include "api/context.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/support.h"
#include "registry/secret.h"

/* `secret`: NULL when it is not known any more. */
static void write_token(struct buf *buf, const struct token *token, const char *secret)
{
    buf_add_char(buf, '{');
    support_member(buf, true, "name", token->name);
    support_member(buf, false, "user", token->user);
    accounts_write_grants(buf, token->grants, token->grant_count);
    buf_add_text(buf, ",\"created\":");
    support_time(buf, token->created_ms);
    buf_add_text(buf, ",\"expires\":");
    support_time(buf, token->expires_ms);
    if (secret != NULL) {
        support_member(buf, false, "secret", secret);
    }
    buf_add_char(buf, '}');
}

/* Whose tokens are shown: NULL for whoever may see those of all. */
static const char *shown_of(const struct api_request *request)
{
    const struct access_object all = {.cls = ACCESS_SERVER};
    bool any = access_decide(request->principal, RIGHT_TOKENS, &all, NULL, NULL) == ERR_OK;
    return any ? NULL : request->principal->name;
}

/* Whose token it is shows only here. */
static enum err_code may_see(
    const struct api_request *request, const struct token *token, struct err *err)
{
    const struct access_object object = {.cls = ACCESS_SERVER, .user = token->user};
    return access_decide(request->principal, RIGHT_TOKENS, &object, NULL, err);
}

enum err_code handle_tokens_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct accounts_page page;
    struct token *tokens = NULL;
    size_t count = 0;
    enum err_code code = accounts_page(request, &page, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = tokens_list(&view.txn, &request->arena, shown_of(request), page.after, page.limit + 1,
        &tokens, &count, err);
    registry_view_end(&view);
    if (code != ERR_OK) {
        return code;
    }
    bool more = count > page.limit;
    reply_ok(response, "application/json");
    accounts_private(response);
    buf_add_text(&response->body, PAGE_BEGIN);
    for (size_t i = 0; i < count - (more ? 1 : 0); i++) {
        buf_add_text(&response->body, i > 0 ? "," : "");
        write_token(&response->body, &tokens[i], NULL);
    }
    accounts_page_end(request, &response->body, more ? tokens[count - 2].name : NULL);
    return ERR_OK;
}

static enum err_code send_token(struct api_request *request, struct api_response *response,
    const char *name, const char *secret, struct err *err)
{
    struct registry_view view;
    struct token token;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = tokens_find(&view.txn, &request->arena, name, &token, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        code = may_see(request, &token, err);
    }
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        accounts_private(response);
        write_token(&response->body, &token, secret);
    }
    return code;
}

enum err_code handle_token_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum err_code code = accept_json(request, err);
    return code == ERR_OK ? send_token(request, response, request->captures[0].text, NULL, err)
                          : code;
}

static enum err_code read_end(const char *text, int64_t *time_ms, struct err *err)
{
    if (parameter_moment(text, time_ms)) {
        return ERR_OK;
    }
    err_set(err, ERR_BAD_INPUT, "\"expires\" is no moment: \"%.60s\"", text);
    err_rule(err, NULL, "Write it with its time zone, for example 2027-03-01T08:00:00Z.");
    return ERR_BAD_INPUT;
}

enum err_code handle_token_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct token_new token = {.name = NULL};
    struct users_grants grants;
    const struct json *roles = NULL;
    const char *expires = NULL;
    char secret[TOKENS_SECRET];
    const struct field fields[] = {{"name", FIELD_TEXT, true, &token.name},
        {"user", FIELD_TEXT, false, &token.user}, {"expires", FIELD_TEXT, true, &expires},
        {"roles", FIELD_TEXTS, false, &roles}};
    struct registry_author author = support_author(request);
    enum err_code code = fields_read(request, fields, sizeof fields / sizeof *fields, err);
    if (code == ERR_OK) {
        code = accounts_grants(roles, &grants, err);
    }
    if (code == ERR_OK) {
        code = read_end(expires, &token.expires_ms, err);
    }
    if (code == ERR_OK && token.user == NULL) {
        code = request->principal->known
                   ? ERR_OK
                   : err_set(err, ERR_BAD_INPUT, "nobody is known whose token it would be");
        token.user = request->principal->name;
    }
    if (code != ERR_OK) {
        return code;
    }
    token.grants = grants.list;
    token.grant_count = grants.count;
    code = tokens_add(request->context->registry, &token, &author, secret, err);
    if (code == ERR_OK) {
        code = send_token(request, response, token.name, secret, err);
        response->status = 201;
        support_location(request, response, "/tokens/%s", token.name);
        secret_wipe(secret, sizeof secret);
    }
    return code;
}

enum err_code handle_token_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_author author = support_author(request);
    enum err_code code =
        tokens_revoke(request->context->registry, request->captures[0].text, &author, err);
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

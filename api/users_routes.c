/* SPDX-License-Identifier: Apache-2.0 */
/* Users: administrators make and change them, everybody reads and changes what is his own. */
#include <string.h>

#include "api/accept.h"
#include "api/accounts.h"
#include "api/auth.h"
#include "api/context.h"
#include "api/credentials.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/support.h"

enum { ROLE_BYTES = 512 };

/* ------------------------------------------------------------------ shared with tokens */

enum err_code accounts_grants(
    const struct json *texts, struct users_grants *grants, struct err *err)
{
    enum err_code code = ERR_OK;
    grants->count = 0;
    const struct json *item = texts == NULL ? NULL : texts->first;
    for (; code == ERR_OK && item != NULL; item = item->next) {
        code = item->len == 0 ? err_set(err, ERR_BAD_INPUT, "a role is empty")
                              : users_grants_add(grants, item->text, item->len, err);
    }
    return code;
}

void accounts_write_grants(struct buf *buf, const struct access_grant *grants, size_t count)
{
    buf_add_text(buf, ",\"roles\":[");
    for (size_t i = 0; i < count; i++) {
        struct buf text;
        buf_init(&text, ROLE_BYTES);
        access_grant_write(&text, &grants[i]);
        buf_add_text(buf, i > 0 ? "," : "");
        buf_add_json_string(buf, text.bytes, text.len);
        buf_finish(&text);
    }
    buf_add_char(buf, ']');
}

enum err_code accounts_page(
    struct api_request *request, struct accounts_page *page, struct err *err)
{
    struct api_place place;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &page->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_place(request, &place, err);
    }
    page->after = code == ERR_OK && place.last.text != NULL ? place.last.text : "";
    return code;
}

void accounts_page_end(struct api_request *request, struct buf *buf, const char *last)
{
    const struct api_place place = {.last = {last, last == NULL ? 0 : strlen(last)}};
    page_end_place(request, buf, ']', last == NULL ? NULL : &place);
}

void accounts_private(struct api_response *response)
{
    api_response_field(response, "Cache-Control", "no-store");
}

/* ------------------------------------------------------------------ reading */

/* `one_time`: a password that was made just now, NULL: none. */
static void write_user(struct buf *buf, const struct user *user, const char *one_time)
{
    buf_add_char(buf, '{');
    support_member(buf, true, "name", user->name);
    buf_printf(buf, ",\"disabled\":%s,\"hasOneTimePassword\":%s", user->disabled ? "true" : "false",
        user->one_time ? "true" : "false");
    accounts_write_grants(buf, user->grants, user->grant_count);
    buf_add_text(buf, ",\"created\":");
    support_time(buf, user->created_ms);
    buf_add_text(buf, ",\"changed\":");
    support_time(buf, user->changed_ms);
    if (one_time != NULL) {
        support_member(buf, false, "oneTimePassword", one_time);
    }
    buf_add_char(buf, '}');
}

/* The answer with a user as it is now. */
static enum err_code send_user(struct api_request *request, struct api_response *response,
    const char *name, const char *one_time, struct err *err)
{
    struct registry_view view;
    struct user user;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = users_find(&view.txn, &request->arena, name, &user, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        accounts_private(response);
        write_user(&response->body, &user, one_time);
    }
    return code;
}

enum err_code handle_users_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct accounts_page page;
    struct user *users = NULL;
    size_t count = 0;
    enum err_code code = accounts_page(request, &page, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = users_list(&view.txn, &request->arena, page.after, page.limit + 1, &users, &count, err);
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
        write_user(&response->body, &users[i], NULL);
    }
    accounts_page_end(request, &response->body, more ? users[count - 2].name : NULL);
    return ERR_OK;
}

enum err_code handle_user_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum err_code code = accept_json(request, err);
    return code == ERR_OK ? send_user(request, response, request->captures[0].text, NULL, err)
                          : code;
}

/* ------------------------------------------------------------------ changing */

/* The password of a body, or a new one for one use. */
struct given {
    const char *password;
    enum field_flag one_time;
    char made[USERS_ONE_TIME];
};

static void complete(struct given *given)
{
    if (given->password == NULL) {
        users_make_password(given->made);
        given->password = given->made;
        given->one_time = FLAG_TRUE;
    }
}

static const char *made(const struct given *given)
{
    return given->password == given->made ? given->made : NULL;
}

enum err_code handle_user_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct given given = {.password = NULL};
    struct user_new user = {.name = NULL};
    struct users_grants grants;
    const struct json *roles = NULL;
    const struct field fields[] = {{"name", FIELD_TEXT, true, &user.name},
        {"roles", FIELD_TEXTS, true, &roles}, {"password", FIELD_TEXT, false, &given.password},
        {"oneTime", FIELD_FLAG, false, &given.one_time}};
    struct registry_author author = support_author(request);
    enum err_code code = fields_read(request, fields, sizeof fields / sizeof *fields, err);
    if (code == ERR_OK) {
        code = accounts_grants(roles, &grants, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    complete(&given);
    user.password = given.password;
    user.one_time = given.one_time == FLAG_TRUE;
    user.grants = grants.list;
    user.grant_count = grants.count;
    code = users_add(request->context->registry, &user, &author, err);
    if (code == ERR_OK) {
        code = send_user(request, response, user.name, made(&given), err);
        response->status = 201;
        support_location(request, response, "/users/%s", user.name);
    }
    return code;
}

enum err_code handle_user_patch(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const char *name = request->captures[0].text;
    enum field_flag disabled = FLAG_ABSENT;
    const struct json *roles = NULL;
    struct users_grants grants;
    const struct field fields[] = {
        {"roles", FIELD_TEXTS, false, &roles}, {"disabled", FIELD_FLAG, false, &disabled}};
    struct registry_author author = support_author(request);
    enum err_code code = fields_read(request, fields, sizeof fields / sizeof *fields, err);
    if (code == ERR_OK) {
        code = accounts_grants(roles, &grants, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    bool flag = disabled == FLAG_TRUE;
    const struct user_edit edit = {.disabled = disabled != FLAG_ABSENT ? &flag : NULL,
        .grants = roles != NULL ? grants.list : NULL,
        .grant_count = grants.count};
    if (edit.disabled != NULL || edit.grants != NULL) {
        code = users_edit(request->context->registry, name, &edit, &author, err);
    }
    return code == ERR_OK ? send_user(request, response, name, NULL, err) : code;
}

enum err_code handle_user_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_author author = support_author(request);
    enum err_code code =
        users_remove(request->context->registry, request->captures[0].text, &author, err);
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

enum err_code handle_user_password_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const char *name = request->captures[0].text;
    struct given given = {.password = NULL};
    const struct field fields[] = {{"password", FIELD_TEXT, false, &given.password},
        {"oneTime", FIELD_FLAG, false, &given.one_time}};
    struct registry_author author = support_author(request);
    enum err_code code = fields_read(request, fields, sizeof fields / sizeof *fields, err);
    if (code != ERR_OK) {
        return code;
    }
    complete(&given);
    code = users_set_password(request->context->registry, name, given.password,
        given.one_time == FLAG_TRUE, &author, err);
    return code == ERR_OK ? send_user(request, response, name, made(&given), err) : code;
}

/* ------------------------------------------------------------------ one's own */

enum err_code handle_whoami(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct access_principal *principal = request->principal;
    struct buf *buf = &response->body;
    enum err_code code = accept_json(request, err);
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    accounts_private(response);
    buf_add_char(buf, '{');
    support_member(buf, true, "name", principal->name);
    if (principal->token != NULL) {
        support_member(buf, false, "token", principal->token);
    }
    buf_printf(buf, ",\"known\":%s,\"hasOneTimePassword\":%s,\"unrestricted\":%s",
        principal->known ? "true" : "false", principal->one_time ? "true" : "false",
        principal->unrestricted ? "true" : "false");
    accounts_write_grants(buf, principal->grants, principal->grant_count);
    buf_add_char(buf, '}');
    return ERR_OK;
}

/* Whoever has found an open screen does not take the account over: the old password is asked for,
 * and guessed no faster than when it is sent with a request. */
static enum err_code check_old(
    struct api_request *request, const char *name, const char *old, struct err *err)
{
    struct registry_view view;
    struct user user;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = users_find(&view.txn, &request->arena, name, &user, err);
    registry_view_end(&view);
    if (code != ERR_OK) {
        return code;
    }
    const struct auth_attempt attempt = {
        .name = name, .password = old, .hash = user.hash, .peer = credentials_peer(request)};
    code = auth_check(request->context->auth, &attempt, &request->retry_s, err);
    return code == ERR_UNAUTHENTICATED ? err_set(err, ERR_BAD_INPUT, "the old password is wrong")
                                       : code;
}

enum err_code handle_own_password_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct access_principal *principal = request->principal;
    const char *old = NULL;
    const char *new = NULL;
    const struct field fields[] = {
        {"old", FIELD_TEXT, true, &old}, {"new", FIELD_TEXT, true, &new}};
    struct registry_author author = support_author(request);
    if (!principal->known) {
        return err_set(err, ERR_UNAUTHENTICATED, "nobody is known whose password it would be");
    }
    enum err_code code = fields_read(request, fields, sizeof fields / sizeof *fields, err);
    if (code == ERR_OK && strcmp(old, new) == 0) {
        code = err_set(err, ERR_BAD_INPUT, "the new password is the old one");
    }
    if (code == ERR_OK) {
        code = check_old(request, principal->name, old, err);
    }
    if (code == ERR_OK) {
        code = users_set_password(
            request->context->registry, principal->name, new, false, &author, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

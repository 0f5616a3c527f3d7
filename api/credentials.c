/* SPDX-License-Identifier: Apache-2.0 */
#include "api/credentials.h"

#include <stdalign.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "api/auth.h"
#include "api/context.h"
#include "api/support.h"
#include "registry/secret.h"
#include "registry/users.h"

enum { SHOWN_BYTES = 2048 }; /* of what stands behind the scheme */

static enum err_code wrong(struct err *err, const char *text, const char *remedy)
{
    err_set(err, ERR_UNAUTHENTICATED, "%s", text);
    err_rule(err, NULL, remedy);
    return ERR_UNAUTHENTICATED;
}

static enum err_code wrong_password(struct err *err)
{
    return wrong(err, "the name or the password is wrong",
        "Check both; an administrator can set a new password.");
}

/* ------------------------------------------------------------------ names and passwords */

/* "name:password" out of base64, with or without padding, in the arena. */
static char *decode(struct api_request *request, const char *shown, size_t len)
{
    char *text = arena_alloc(&request->arena, len + 1);
    return text != NULL && secret_base64(shown, len, text) ? text : NULL;
}

const char *credentials_peer(struct api_request *request)
{
    enum { ADDRESS_BYTES = 64 };
    const char *list =
        request->context->trust_proxy ? api_request_header(request, "X-Forwarded-For") : NULL;
    const char *peer = request->peer != NULL ? request->peer : "";
    if (list == NULL) {
        return peer;
    }
    const char *comma = strrchr(list, ',');
    const char *last = comma != NULL ? comma + 1 : list;
    last += strspn(last, " \t");
    size_t len = strcspn(last, " \t");
    const char *copy =
        len > 0 && len < ADDRESS_BYTES ? arena_copy(&request->arena, last, len) : NULL;
    return copy != NULL ? copy : peer;
}

/* The account, which need not exist; the transaction ends before anything slow begins. */
static enum err_code find_user(
    struct api_request *request, const char *name, struct user *user, bool *found, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = users_find(&view.txn, &request->arena, name, user, err);
    registry_view_end(&view);
    *found = code == ERR_OK && !user->disabled;
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static void fill(struct access_principal *principal, const struct user *user)
{
    principal->name = user->name;
    principal->known = true;
    principal->one_time = user->one_time;
    principal->grants = user->grants;
    principal->grant_count = user->grant_count;
}

/* Somebody who does not exist, or no longer, takes as long as a wrong password. */
static enum err_code check_password(struct api_request *request, const char *name,
    const char *password, struct access_principal *principal, struct err *err)
{
    struct user user;
    bool found = false;
    enum err_code code = find_user(request, name, &user, &found, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct auth_attempt attempt = {.name = name,
        .password = password,
        .hash = found ? user.hash : users_no_hash(),
        .peer = credentials_peer(request)};
    code = auth_check(request->context->auth, &attempt, &request->retry_s, err);
    if (code == ERR_UNAUTHENTICATED || (code == ERR_OK && !found)) {
        return wrong_password(err);
    }
    if (code == ERR_OK) {
        fill(principal, &user);
    }
    return code;
}

static enum err_code read_basic(struct api_request *request, const char *shown, size_t len,
    struct access_principal *principal, struct err *err)
{
    char *text = decode(request, shown, len);
    char *colon = text == NULL ? NULL : strchr(text, ':');
    if (colon == NULL) {
        return wrong(err, "the field Authorization cannot be read",
            "Send Basic and the base64 of name:password, in UTF-8.");
    }
    *colon = '\0';
    enum err_code code = check_password(request, text, colon + 1, principal, err);
    secret_wipe(colon + 1, strlen(colon + 1));
    return code;
}

/* ------------------------------------------------------------------ tokens */

static enum err_code take_token(struct api_request *request, const struct token *token,
    const struct user *user, struct access_principal *principal, struct err *err)
{
    struct access_principal *owner = NULL;
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    if (token->expires_ms <= now_ms) {
        return wrong(err, "the token has expired", "Ask an administrator for a new one.");
    }
    if (user->disabled) {
        return wrong(err, "the user of the token is disabled", "Ask an administrator.");
    }
    fill(principal, user);
    principal->token = token->name;
    if (token->grant_count == 0) {
        return ERR_OK;
    }
    owner = arena_alloc(&request->arena, sizeof *owner);
    if (owner == NULL) {
        return support_full(err);
    }
    *owner = *principal;
    principal->owner = owner;
    principal->grants = token->grants;
    principal->grant_count = token->grant_count;
    return ERR_OK;
}

static enum err_code read_bearer(struct api_request *request, const char *shown, size_t len,
    struct access_principal *principal, struct err *err)
{
    struct registry_view view;
    struct token token;
    struct user user;
    const char *secret = arena_copy(&request->arena, shown, len);
    if (secret == NULL) {
        return support_full(err);
    }
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = tokens_find_secret(&view.txn, &request->arena, secret, &token, err);
    if (code == ERR_OK) {
        code = users_find(&view.txn, &request->arena, token.user, &user, err);
    }
    registry_view_end(&view);
    if (code == ERR_NOT_FOUND) {
        return wrong(err, "there is no such token (any more)", "Check it, or ask for a new one.");
    }
    return code == ERR_OK ? take_token(request, &token, &user, principal, err)
                          : err_set(err, code, "the accounts cannot be read");
}

/* ------------------------------------------------------------------ either */

/* What stands behind a scheme, NULL when it is another. */
static const char *behind(const char *field, const char *scheme)
{
    size_t len = strlen(scheme);
    if (strncasecmp(field, scheme, len) != 0 || field[len] != ' ') {
        return NULL;
    }
    return field + len + strspn(field + len, " ");
}

static enum err_code read_shown(
    struct api_request *request, struct access_principal *principal, struct err *err)
{
    const char *field = api_request_header(request, "Authorization");
    if (field == NULL || request->context->auth == NULL) {
        return ERR_OK;
    }
    const char *basic = behind(field, "Basic");
    const char *bearer = behind(field, "Bearer");
    const char *shown = basic != NULL ? basic : bearer;
    size_t len = shown == NULL ? 0 : strcspn(shown, " \t");
    if (len == 0 || len > SHOWN_BYTES) {
        return wrong(err, "the field Authorization cannot be read",
            "Send Basic with a name and a password, or Bearer with a token.");
    }
    return basic != NULL ? read_basic(request, basic, len, principal, err)
                         : read_bearer(request, bearer, len, principal, err);
}

/* What somebody unknown may do. */
static void fill_unknown(const struct api_context *context, struct access_principal *principal)
{
    *principal = (struct access_principal){.name = "", .unrestricted = context->open};
    if (context->has_anonymous) {
        principal->grants = &context->anonymous;
        principal->grant_count = 1;
    }
}

enum err_code credentials_read(struct api_request *request, struct err *err)
{
    const struct api_context *context = request->context;
    struct access_principal *principal =
        arena_take(&request->arena, sizeof *principal, alignof(struct access_principal));
    if (principal == NULL) {
        return support_full(err);
    }
    fill_unknown(context, principal);
    enum err_code code = read_shown(request, principal, err);
    if (code != ERR_OK && context->open) {
        fill_unknown(context, principal);
        code = ERR_OK;
    }
    request->principal = principal;
    return code;
}

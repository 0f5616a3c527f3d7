/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/access.h"

#include <string.h>

#include "registry/curated.h"

#define TEXT_ROW(symbol, name) name,
static const char *const role_names[] = {ACCESS_ROLES(TEXT_ROW)};
static const char *const right_names[] = {ACCESS_RIGHTS(TEXT_ROW)};
#undef TEXT_ROW

const char *access_role_name(enum access_role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role] : "";
}

bool access_role_read(const char *name, enum access_role *role)
{
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(name, role_names[i]) == 0) {
            *role = (enum access_role)i;
            return true;
        }
    }
    return false;
}

const char *access_right_name(enum access_right right)
{
    return (unsigned)right < RIGHT_COUNT ? right_names[right] : "";
}

/* ------------------------------------------------------------------ the table */

#define READ_ONLY (1U << RIGHT_READ)
#define CHANGE (1U << RIGHT_CREATE | 1U << RIGHT_UPDATE | 1U << RIGHT_DELETE)
#define RUN (1U << RIGHT_EXECUTE)
#define PROPOSE (1U << RIGHT_PROPOSE)
#define DECIDE (1U << RIGHT_REVIEW | 1U << RIGHT_PUBLISH)
#define CURATE (1U << RIGHT_CURATE)
#define EVERYTHING (~0U)

/* Rights of each role on each class of objects, as masks 1 << right. */
static const unsigned table[ROLE_COUNT][ACCESS_CLASS_COUNT] = {
    [ROLE_READER] = {[ACCESS_MODEL] = READ_ONLY,
        [ACCESS_CONCEPT] = READ_ONLY,
        [ACCESS_TEMPLATE] = READ_ONLY,
        [ACCESS_SERVER] = READ_ONLY},
    [ROLE_INTEGRATOR] = {[ACCESS_MODEL] = READ_ONLY | CHANGE | RUN | CURATE,
        [ACCESS_CONCEPT] = READ_ONLY | CHANGE,
        [ACCESS_TEMPLATE] = READ_ONLY | PROPOSE,
        [ACCESS_SERVER] = READ_ONLY},
    [ROLE_MODELLER] = {[ACCESS_MODEL] = READ_ONLY,
        [ACCESS_CONCEPT] = READ_ONLY | CHANGE,
        [ACCESS_TEMPLATE] = READ_ONLY | CHANGE | PROPOSE | CURATE,
        [ACCESS_SERVER] = READ_ONLY},
    [ROLE_REVIEWER] = {[ACCESS_MODEL] = READ_ONLY,
        [ACCESS_CONCEPT] = READ_ONLY,
        [ACCESS_TEMPLATE] = READ_ONLY | PROPOSE | DECIDE | CURATE,
        [ACCESS_SERVER] = READ_ONLY},
    [ROLE_ADMINISTRATOR] = {[ACCESS_MODEL] = EVERYTHING,
        [ACCESS_CONCEPT] = EVERYTHING,
        [ACCESS_TEMPLATE] = EVERYTHING,
        [ACCESS_SERVER] = EVERYTHING},
};

static bool role_has(enum access_role role, enum access_right right, enum access_class cls)
{
    if (cls != ACCESS_ANYTHING) {
        return (table[role][cls] >> right & 1) != 0;
    }
    bool any = false;
    for (unsigned i = ACCESS_MODEL; i < ACCESS_CLASS_COUNT; i++) {
        any |= (table[role][i] >> right & 1) != 0;
    }
    return any;
}

/* A role that is limited to some templates is none for anything else but reading: whoever builds
 * templates of one family sees the models and the other templates. */
static bool within(const struct access_grant *grant, enum access_right right,
    const struct access_object *object, struct store_txn *txn)
{
    if (grant->limit == ACCESS_UNLIMITED || right == RIGHT_READ || object->cls == ACCESS_ANYTHING) {
        return true;
    }
    if (object->cls != ACCESS_TEMPLATE || object->family == NULL) {
        return object->cls == ACCESS_TEMPLATE && object->undecided;
    }
    return grant->limit == ACCESS_LIMIT_FAMILY
               ? strcmp(grant->value, object->family) == 0
               : txn != NULL && curated_has_tag(txn, object->family, grant->value);
}

static const char *describe(const struct access_object *object)
{
    static const char *const words[] = {
        "", "shells and submodels", "concept descriptions", "templates", "this server"};
    return words[object->cls];
}

static enum err_code refuse(const struct access_principal *principal, enum access_right right,
    const struct access_object *object, struct err *err)
{
    const char *on = object->cls == ACCESS_ANYTHING ? "" : " on ";
    if (!principal->known) {
        err_set(err, ERR_UNAUTHENTICATED, "the right \"%s\"%s%s needs a user or a token",
            access_right_name(right), on, describe(object));
        err_rule(err, NULL, "Send a user's name and password, or a token, with the request.");
        return ERR_UNAUTHENTICATED;
    }
    err_set(err, ERR_FORBIDDEN, "%.100s does not have the right \"%s\"%s%s%s%.200s",
        principal->name, access_right_name(right), on, describe(object),
        object->family != NULL ? ", family " : "", object->family != NULL ? object->family : "");
    err_rule(err, NULL, "Ask an administrator for a role that has it, or somebody who has.");
    return ERR_FORBIDDEN;
}

/* One's own tokens are for whoever shows his password, with every role: they give nothing that he
 * does not have. */
static bool is_own(const struct access_principal *principal, enum access_right right,
    const struct access_object *object)
{
    bool may = right == RIGHT_TOKENS && principal->known && principal->token == NULL;
    return may && (object->undecided ||
                      (object->user != NULL && strcmp(object->user, principal->name) == 0));
}

/* The user of a token may have what the token lacks. */
static enum err_code refuse_token(const struct access_principal *token, enum access_right right,
    const struct access_object *object, struct store_txn *txn, struct err *err)
{
    bool user_may = access_decide(token->owner, right, object, txn, NULL) == ERR_OK;
    enum err_code code = refuse(token, right, object, err);
    if (user_may) {
        err_rule(
            err, NULL, "This token has fewer roles than its user; use one that has the right.");
    }
    return code;
}

static enum err_code refuse_one_time(const struct access_principal *principal, struct err *err)
{
    err_set(err, ERR_FORBIDDEN, "%.100s has a one-time password, which must be changed first",
        principal->name);
    err_rule(err, NULL,
        "Choose a password with PUT /whoami/password, or with jig user password on the machine of "
        "the store.");
    return ERR_FORBIDDEN;
}

enum err_code access_decide(const struct access_principal *principal, enum access_right right,
    const struct access_object *object, struct store_txn *txn, struct err *err)
{
    if (principal == NULL || principal->unrestricted || right == RIGHT_NONE) {
        return ERR_OK;
    }
    if (right == RIGHT_SELF) {
        return principal->known ? ERR_OK : refuse(principal, right, object, err);
    }
    if (principal->one_time) {
        return refuse_one_time(principal, err);
    }
    if (is_own(principal, right, object)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < principal->grant_count; i++) {
        const struct access_grant *grant = &principal->grants[i];
        if (role_has(grant->role, right, object->cls) && within(grant, right, object, txn)) {
            return principal->owner == NULL
                       ? ERR_OK
                       : access_decide(principal->owner, right, object, txn, err);
        }
    }
    return principal->owner == NULL ? refuse(principal, right, object, err)
                                    : refuse_token(principal, right, object, txn, err);
}

/* ------------------------------------------------------------------ grants as text */

static const char *const limit_names[] = {"", "category", "family"};

static bool read_limit(const char *text, size_t len, struct access_grant *grant)
{
    for (unsigned i = ACCESS_LIMIT_CATEGORY; i <= ACCESS_LIMIT_FAMILY; i++) {
        if (strlen(limit_names[i]) == len && memcmp(limit_names[i], text, len) == 0) {
            grant->limit = (enum access_limit)i;
            return true;
        }
    }
    return false;
}

/* No control character and nothing that stands between grants. */
static bool is_value(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == ',' || text[i] == 0x7f) {
            return false;
        }
    }
    return len > 0 && len <= ACCESS_GRANT_VALUE;
}

enum err_code access_grant_read(const char *text, size_t len, struct access_grant *grant,
    char value[ACCESS_GRANT_VALUE + 1], struct err *err)
{
    char role[32] = "";
    const char *colon = memchr(text, ':', len);
    size_t role_len = colon == NULL ? len : (size_t)(colon - text);
    *grant = (struct access_grant){.limit = ACCESS_UNLIMITED, .value = value};
    value[0] = '\0';
    if (role_len < sizeof role) {
        memcpy(role, text, role_len);
    }
    if (!access_role_read(role, &grant->role)) {
        err_set(err, ERR_BAD_INPUT, "there is no role \"%.*s\"",
            (int)(role_len < 100 ? role_len : 100), text);
        err_rule(err, NULL, "Roles are reader, integrator, modeller, reviewer, administrator.");
        return ERR_BAD_INPUT;
    }
    if (colon == NULL) {
        return ERR_OK;
    }
    const char *end = text + len;
    const char *equals = memchr(colon, '=', (size_t)(end - colon));
    if (equals == NULL || !read_limit(colon + 1, (size_t)(equals - colon) - 1, grant) ||
        !is_value(equals + 1, (size_t)(end - equals) - 1)) {
        err_set(err, ERR_BAD_INPUT, "the role \"%.*s\" is limited by nothing that can be read",
            (int)(len < 200 ? len : 200), text);
        err_rule(err, NULL, "Write modeller:family=NAME or modeller:category=NAME.");
        return ERR_BAD_INPUT;
    }
    memcpy(value, equals + 1, (size_t)(end - equals) - 1);
    value[end - equals - 1] = '\0';
    return ERR_OK;
}

void access_grant_write(struct buf *buf, const struct access_grant *grant)
{
    buf_add_text(buf, access_role_name(grant->role));
    if (grant->limit != ACCESS_UNLIMITED) {
        buf_printf(buf, ":%s=", limit_names[grant->limit]);
        buf_add_text(buf, grant->value);
    }
}

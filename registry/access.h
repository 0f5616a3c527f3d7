/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_ACCESS_H
#define JIG_REGISTRY_ACCESS_H
/*
 * Who may do what. One function decides for everybody: principal, right, object → allowed, or
 * refused with the reason. Roles and rights are a table (access.c); the right that an operation
 * asks for is in its row of the route table, the object is what it is about.
 *
 * Rights are those of IDTA-01004 ("Rights"), and those that only a registry of templates has.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/buf.h"
#include "aas/err.h"
#include "registry/store.h"

/* symbol, name */
/* clang-format off */
#define ACCESS_ROLES(X)                                                                            \
    X(ROLE_READER, "reader") X(ROLE_INTEGRATOR, "integrator") X(ROLE_MODELLER, "modeller")         \
    X(ROLE_REVIEWER, "reviewer") X(ROLE_ADMINISTRATOR, "administrator")
#define ACCESS_RIGHTS(X)                                                                           \
    X(RIGHT_NONE, "none") X(RIGHT_READ, "read") X(RIGHT_CREATE, "create")                          \
    X(RIGHT_UPDATE, "update") X(RIGHT_DELETE, "delete") X(RIGHT_EXECUTE, "execute")                \
    X(RIGHT_PROPOSE, "propose") /* a change that others decide about */                            \
    X(RIGHT_REVIEW, "review") /* approve, refuse, decide about proposals */                        \
    X(RIGHT_PUBLISH, "publish") /* publish, deprecate, withdraw */                                 \
    X(RIGHT_CURATE, "curate") /* categories, tags and names beside the templates */                \
    X(RIGHT_ADMINISTER, "administer") /* users and tokens */                                       \
    X(RIGHT_TOKENS, "tokens") /* one's own, by name and password; administrators: everybody's */  \
    X(RIGHT_SELF, "self") /* one's own password and name: whoever is known */
/* clang-format on */

#define ACCESS_SYMBOL(symbol, name) symbol,
enum access_role { ACCESS_ROLES(ACCESS_SYMBOL) ROLE_COUNT };
enum access_right { ACCESS_RIGHTS(ACCESS_SYMBOL) RIGHT_COUNT };
#undef ACCESS_SYMBOL

const char *access_role_name(enum access_role role);
bool access_role_read(const char *name, enum access_role *role);
const char *access_right_name(enum access_right right);

/* What a right is wanted on. */
enum access_class {
    ACCESS_ANYTHING, /* not known yet: allowed when any of the others could be */
    ACCESS_MODEL,    /* shells, submodels that are no templates, descriptors, files, packages */
    ACCESS_CONCEPT,  /* concept descriptions */
    ACCESS_TEMPLATE, /* template families, their versions, submodels of kind Template */
    ACCESS_SERVER,   /* users, tokens, the server itself */
    ACCESS_CLASS_COUNT
};

struct access_object {
    enum access_class cls;
    const char *family; /* of a template, NULL: not (yet) in one */
    const char *user;   /* whose tokens, NULL: everybody's */
    bool undecided;     /* of which family, or whose tokens, shows later: any one will do until it
                         * is decided again */
};

/* A role, everywhere or only for templates of one category or family. */
enum access_limit { ACCESS_UNLIMITED, ACCESS_LIMIT_CATEGORY, ACCESS_LIMIT_FAMILY };
struct access_grant {
    enum access_role role;
    enum access_limit limit;
    const char *value; /* "" when unlimited */
};

/* "modeller", "modeller:family=idta-02006", "reviewer:category=metal-forming". */
enum { ACCESS_GRANT_VALUE = 200, ACCESS_GRANTS = 16 };
/* Reads the text of a grant; its value is put into `value`. ERR_BAD_INPUT with a sentence. */
ERR_MUST_USE enum err_code access_grant_read(const char *text, size_t len,
    struct access_grant *grant, char value[ACCESS_GRANT_VALUE + 1], struct err *err);
/* Appends the text. */
void access_grant_write(struct buf *buf, const struct access_grant *grant);

/* Somebody, or a program that has somebody's token. Lives as long as the request. */
struct access_principal {
    const char *name;  /* of the user, "" for somebody unknown */
    const char *token; /* name of the token that was shown, NULL: none */
    bool known;        /* has shown a password or a token */
    bool unrestricted; /* everybody may do everything here (--open) */
    bool one_time;     /* has a one-time password, which must be changed before anything else */
    const struct access_grant *grants;
    size_t grant_count;
    const struct access_principal *owner; /* of a token with grants of its own: it may do what both
                                           * may; NULL: no further limit */
};

/* Decides. `txn` (any transaction; NULL: categories are not looked up and do not match) tells the
 * tags of a family. ERR_OK; ERR_UNAUTHENTICATED for somebody unknown, ERR_FORBIDDEN for somebody
 * known, with a reason that names right and object. A NULL principal may do everything: whoever
 * has the files of the store. */
ERR_MUST_USE enum err_code access_decide(const struct access_principal *principal,
    enum access_right right, const struct access_object *object, struct store_txn *txn,
    struct err *err);

#endif

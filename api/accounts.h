/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ACCOUNTS_H
#define JIG_API_ACCOUNTS_H
/* What the operations on users and on tokens share. */
#include "aas/json.h"
#include "api/http.h"
#include "registry/users.h"

/* The grants that an array of strings says; NULL: none. */
ERR_MUST_USE enum err_code accounts_grants(
    const struct json *texts, struct users_grants *grants, struct err *err);

/* Appends `,"roles":[…]`. */
void accounts_write_grants(struct buf *buf, const struct access_grant *grants, size_t count);

/* The page that is asked for: how many, behind which name. */
struct accounts_page {
    size_t limit;
    const char *after;
};
ERR_MUST_USE enum err_code accounts_page(
    struct api_request *request, struct accounts_page *page, struct err *err);
/* Ends the page; `last`: name of its last account, NULL when there is nothing behind it. */
void accounts_page_end(struct api_request *request, struct buf *buf, const char *last);

/* Passwords and secrets are for one pair of eyes: no cache keeps the answer. */
void accounts_private(struct api_response *response);

#endif

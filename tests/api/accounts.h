/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_API_ACCOUNTS_H
#define JIG_TESTS_API_ACCOUNTS_H
/* Accounts for tests of a guarded server. */
#include "tests/api/client.h"

/* A user with one role without limits and the password "long enough pw". */
void account_user(struct registry *registry, const char *name, const char *role);
/* A token of a user that is over after `seconds`; the field with its secret, in a static buffer. */
const char *account_token(
    struct registry *registry, const char *name, const char *user, int seconds);
/* The field with a name and a password, in a static ring of buffers. */
const char *account_basic(const char *name, const char *password);

#endif

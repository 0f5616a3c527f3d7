/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api/accounts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "registry/users.h"

void account_user(struct registry *registry, const char *name, const char *role)
{
    struct err err = {0};
    struct access_grant grant = {.limit = ACCESS_UNLIMITED, .value = ""};
    const struct user_new user = {name, "long enough pw", &grant, 1, false};
    cr_assert(access_role_read(role, &grant.role));
    cr_assert_eq(users_add(registry, &user, NULL, &err), ERR_OK, "%s", err.text);
}

const char *account_token(
    struct registry *registry, const char *name, const char *user, int seconds)
{
    static char field[200];
    char secret[TOKENS_SECRET];
    struct err err = {0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const struct token_new token = {.name = name,
        .user = user,
        .expires_ms = ((int64_t)now.tv_sec + seconds) * 1000 + now.tv_nsec / 1000000};
    cr_assert_eq(tokens_add(registry, &token, NULL, secret, &err), ERR_OK, "%s", err.text);
    snprintf(field, sizeof field, "Authorization: Bearer %s\r\n", secret);
    return field;
}

const char *account_basic(const char *name, const char *password)
{
    static char ring[8][500];
    static unsigned next;
    char *field = ring[next++ % 8];
    char both[200];
    snprintf(both, sizeof both, "%s:%s", name, password);
    snprintf(field, sizeof ring[0], "Authorization: Basic %s\r\n", id64(both));
    for (char *at = field + strlen("Authorization: Basic "); *at != '\0'; at++) {
        *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    }
    return field;
}

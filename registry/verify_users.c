/* SPDX-License-Identifier: Apache-2.0 */
/* Users and tokens: readable, with a history, and each token found by its secret. An account that
 * has come into the store by another way than the front door has no history. */
#include <stdio.h>
#include <string.h>

#include "registry/users_inside.h"
#include "registry/verify_inside.h"

enum { ARENA_BYTES = 1024 * 1024, ID_BYTES = 16 + STORE_MAX_KEY };

struct account {
    struct verification *v;
    struct arena arena;
    const char *name;
    size_t name_len;
    struct store_bytes value;
};

static void check_history(const struct account *account, const char *kind)
{
    char id[ID_BYTES];
    uint64_t number = 0;
    int len = snprintf(id, sizeof id, "%s/%.*s", kind, (int)account->name_len, account->name);
    if (history_number(&account->v->view.txn, REGISTRY_ACCOUNT, id, (size_t)len, &number, NULL) !=
        ERR_OK) {
        verify_problem(account->v, "%s: it has no history", id);
    }
}

static void check_user(struct account *account)
{
    struct user user;
    check_history(account, "user");
    if (user_read(&account->arena, account->name, account->name_len, account->value, &user, NULL) !=
            ERR_OK ||
        users_check_name(user.name, "user", NULL) != ERR_OK || user.grant_count == 0) {
        verify_problem(
            account->v, "user '%.*s': it is damaged", (int)account->name_len, account->name);
    }
}

static void check_token(struct account *account)
{
    struct token token;
    struct user user;
    struct store_key key;
    struct store_bytes named;
    struct store_txn *txn = &account->v->view.txn;
    check_history(account, "token");
    if (token_read(&account->arena, account->name, account->name_len, account->value, &token,
            NULL) != ERR_OK) {
        verify_problem(
            account->v, "token '%.*s': it is damaged", (int)account->name_len, account->name);
        return;
    }
    key_secret(&key, token.hash);
    if (store_get(txn, STORE_USERS, key.bytes, key.len, &named) != ERR_OK ||
        named.len != account->name_len || memcmp(named.bytes, account->name, named.len) != 0) {
        verify_problem(account->v, "token '%s': it is not found by its secret", token.name);
    }
    if (users_find(txn, &account->arena, token.user, &user, NULL) != ERR_OK) {
        verify_problem(account->v, "token '%s': there is no user '%s'", token.name, token.user);
    }
}

/* A secret leads to a token that has it. */
static void check_secret(struct account *account)
{
    struct token token;
    const char *name = arena_copy(&account->arena, account->value.bytes, account->value.len);
    if (account->name_len != KEY_SECRET_BYTES || name == NULL ||
        tokens_find(&account->v->view.txn, &account->arena, name, &token, NULL) != ERR_OK ||
        memcmp(token.hash, account->name, KEY_SECRET_BYTES) != 0) {
        verify_problem(account->v, "a secret of a token leads to none");
    }
}

static void check_row(struct verification *v, const struct store_cursor *cursor)
{
    const char *key = cursor->key.bytes;
    struct account account = {.v = v, .value = cursor->value};
    if (cursor->key.len == 0) {
        return;
    }
    account.name = key + 1;
    account.name_len = cursor->key.len - 1;
    arena_init(&account.arena, ARENA_BYTES);
    switch (key[0]) {
    case KEY_USER:
        check_user(&account);
        break;
    case KEY_TOKEN:
        check_token(&account);
        break;
    case KEY_SECRET:
        check_secret(&account);
        break;
    default:
        verify_problem(v, "a row of the accounts is of no kind");
        break;
    }
    arena_finish(&account.arena);
}

enum err_code verify_users(struct verification *v, struct err *err)
{
    return verify_each(v, STORE_USERS, check_row, err);
}

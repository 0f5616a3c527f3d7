/* SPDX-License-Identifier: Apache-2.0 */
/* Removing a user: secrets go, what was done stays under the name. */
#include <stdio.h>
#include <string.h>

#include "registry/registry_inside.h"
#include "registry/users_inside.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, TOKENS_AT_ONCE = 100, SUMMARY_BYTES = USERS_NAME + 40 };

struct removing {
    const char *name;
    const struct registry_author *author;
};

/* Some of the user's tokens at a time; `*more` when there may be others. */
static enum err_code remove_some(
    struct store_txn *txn, const struct removing *removing, bool *more, struct err *err)
{
    struct arena arena;
    struct token *tokens = NULL;
    size_t count = 0;
    char summary[SUMMARY_BYTES];
    snprintf(summary, sizeof summary, "%s is removed", removing->name);
    arena_init(&arena, ARENA_BYTES);
    enum err_code code =
        tokens_list(txn, &arena, removing->name, "", TOKENS_AT_ONCE, &tokens, &count, err);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        code = token_remove(txn, &tokens[i], summary, removing->author, err);
    }
    *more = code == ERR_OK && count == TOKENS_AT_ONCE;
    arena_finish(&arena);
    return code;
}

static enum err_code remove_in(
    struct store_txn *txn, struct arena *arena, const struct removing *removing, struct err *err)
{
    struct user user;
    struct store_key key;
    enum err_code code = users_find(txn, arena, removing->name, &user, err);
    if (code == ERR_OK) {
        const struct user nobody = {.name = user.name};
        code = users_check_administrator(txn, arena, &user, &nobody, err);
    }
    for (bool more = true; more && code == ERR_OK;) {
        code = remove_some(txn, removing, &more, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    key_account(&key, KEY_USER, user.name);
    code = store_delete(txn, STORE_USERS, key.bytes, key.len);
    return code == ERR_OK
               ? users_event(txn, "user", user.name, "remove", NULL, true, removing->author, err)
               : err_set(err, ERR_STORE, "the user cannot be removed");
}

static enum err_code remove_it(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum err_code code = remove_in(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

enum err_code users_remove(struct registry *registry, const char *name,
    const struct registry_author *author, struct err *err)
{
    struct removing removing = {name, author};
    return store_write(registry_store(registry), remove_it, &removing, err);
}

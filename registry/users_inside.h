/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_USERS_INSIDE_H
#define JIG_REGISTRY_USERS_INSIDE_H
/*
 * What STORE_USERS holds; only the files of this area and the verification include it. Little
 * endian; texts end with a NUL.
 *
 *   KEY_USER, name          → layout (1), flags (1), created (8), changed (8), hash, grants
 *   KEY_TOKEN, name         → layout (1), flags (1), created (8), expires (8), hash (32), user,
 *                             grants
 *   KEY_SECRET, hash (32)   → name of the token
 *
 * Grants are one text, as users_grants_add reads it.
 */
#include "registry/keys.h"
#include "registry/users.h"

enum { USERS_LAYOUT = 1, USERS_HEAD = 18, USERS_DISABLED = 1, USERS_IS_ONE_TIME = 2 };

/* Takes a stored value apart; the texts come into the arena. ERR_STORE when damaged, ERR_TOO_LARGE
 * when the arena is full. */
ERR_MUST_USE enum err_code user_read(struct arena *arena, const char *name, size_t name_len,
    struct store_bytes value, struct user *user, struct err *err);
ERR_MUST_USE enum err_code token_read(struct arena *arena, const char *name, size_t name_len,
    struct store_bytes value, struct token *token, struct err *err);

ERR_MUST_USE enum err_code user_put(struct store_txn *txn, const struct user *user);
ERR_MUST_USE enum err_code token_put(struct store_txn *txn, const struct token *token);

/* ERR_BAD_INPUT with a sentence for what is no name of a user or token (`what`). */
ERR_MUST_USE enum err_code users_check_name(const char *name, const char *what, struct err *err);
ERR_MUST_USE enum err_code users_check_grants(
    const struct access_grant *grants, size_t count, struct err *err);

/* How many rows of a kind there are. */
size_t users_count(struct store_txn *txn, enum key_account kind);
/* How many tokens a user has. */
size_t tokens_of(struct store_txn *txn, const char *user);
/* Whether the stored value of a token says that it is this user's. */
bool token_is_of(struct store_bytes value, const char *user);

/* May the author do this with the tokens of a user? */
ERR_MUST_USE enum err_code tokens_may(
    struct store_txn *txn, const struct registry_author *author, const char *user, struct err *err);
/* Takes a token out, with its entry in the history. */
ERR_MUST_USE enum err_code token_remove(struct store_txn *txn, const struct token *token,
    const char *summary, const struct registry_author *author, struct err *err);

/* ERR_EXISTS when nobody would be left who can give roles: `after` is what becomes of `before`. */
ERR_MUST_USE enum err_code users_check_administrator(struct store_txn *txn, struct arena *arena,
    const struct user *before, const struct user *after, struct err *err);

void token_hash(const char *secret, unsigned char hash[KEY_SECRET_BYTES]);

/* The history of an account: `id` "user/NAME". */
ERR_MUST_USE enum err_code users_event(struct store_txn *txn, const char *kind, const char *name,
    const char *operation, const char *summary, bool ended, const struct registry_author *author,
    struct err *err);

#endif

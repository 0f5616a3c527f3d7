/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_USERS_H
#define JIG_REGISTRY_USERS_H
/*
 * Users and their tokens. Of a password the store keeps an Argon2id hash, of a token's secret a
 * BLAKE2b hash: a secret of 256 random bits cannot be guessed, so that a fast hash does. Neither
 * ever stands in the history, which says of every account what was done to it and by whom
 * (REGISTRY_ACCOUNT, "user/NAME" and "token/NAME").
 *
 * What is read lives in the caller's arena. Thread-safe.
 */
#include "registry/access.h"
#include "registry/registry.h"

enum {
    USERS_NAME = 64,            /* bytes of a name; letters, digits and ._- only */
    USERS_MOST = 10000,         /* users */
    TOKENS_MOST = 10000,        /* tokens */
    TOKENS_OF_ONE = 50,         /* of a user, beyond which only administrators make more */
    USERS_PASSWORD_LEAST = 10,  /* characters */
    USERS_PASSWORD_MOST = 512,  /* bytes */
    USERS_ONE_TIME = 24,        /* room for a one-time password and its NUL */
    TOKENS_SECRET = 4 + 43 + 1, /* "jig_", 256 bits as base64url, NUL */
    TOKENS_DAYS_MOST = 3650,
};

/* The first account of a store. */
#define USERS_FIRST "administrator"
#define TOKENS_PREFIX "jig_"

struct user {
    const char *name;
    const char *hash; /* of the password, as crypto_pwhash_str writes it */
    bool disabled;
    bool one_time; /* the password must be changed before anything else is allowed */
    const struct access_grant *grants;
    size_t grant_count;
    int64_t created_ms; /* Unix time */
    int64_t changed_ms;
};

struct token {
    const char *name;
    const char *user; /* whose it is: may do no more than that user, and nothing when disabled */
    const struct access_grant *grants; /* none: those of the user */
    size_t grant_count;
    int64_t created_ms;
    int64_t expires_ms;
    unsigned char hash[32]; /* of the secret */
};

/* ------------------------------------------------------------------ reading */

/* True when there is any user. */
bool users_any(struct store_txn *txn);

/* ERR_NOT_FOUND with a sentence, ERR_STORE. */
ERR_MUST_USE enum err_code users_find(struct store_txn *txn, struct arena *arena, const char *name,
    struct user *user, struct err *err);
ERR_MUST_USE enum err_code tokens_find(struct store_txn *txn, struct arena *arena, const char *name,
    struct token *token, struct err *err);

/* The token with this secret, expired or not: ERR_NOT_FOUND without words. */
ERR_MUST_USE enum err_code tokens_find_secret(struct store_txn *txn, struct arena *arena,
    const char *secret, struct token *token, struct err *err);

/* In the order of their names, behind `after` ("": from the first). */
ERR_MUST_USE enum err_code users_list(struct store_txn *txn, struct arena *arena, const char *after,
    size_t limit, struct user **users, size_t *count, struct err *err);
/* `user`: only the tokens of this one, NULL: of all. */
ERR_MUST_USE enum err_code tokens_list(struct store_txn *txn, struct arena *arena, const char *user,
    const char *after, size_t limit, struct token **tokens, size_t *count, struct err *err);

/* True when this is the password that the hash was made of. Slow and large by design: some hundred
 * milliseconds and USERS_HASH_BYTES of memory. */
#define USERS_HASH_BYTES ((size_t)64 << 20)
enum { USERS_HASH_PASSES = 3 };
bool users_check(const char *hash, const char *password);

/* A hash that no password fits and that takes as long to check as any other. */
const char *users_no_hash(void);

/* ------------------------------------------------------------------ changing
 * Each is one durable transaction together with its entry in the history; `author` may be NULL.
 * ERR_BAD_INPUT with a sentence for names, passwords and grants that cannot be, ERR_NOT_FOUND,
 * ERR_EXISTS, ERR_TOO_LARGE above the number of accounts. The last administrator who is not
 * disabled and not limited stays one: ERR_EXISTS. */

struct user_new {
    const char *name;
    const char *password;
    const struct access_grant *grants;
    size_t grant_count;
    bool one_time; /* the password must be changed before anything else is allowed */
};
ERR_MUST_USE enum err_code users_add(struct registry *registry, const struct user_new *user,
    const struct registry_author *author, struct err *err);

/* A password of about 100 random bits, in letters that are not taken for others. */
void users_make_password(char password[USERS_ONE_TIME]);

/* Makes the first administrator when there is no user yet; `*made` says whether. The password,
 * which must be changed before anything else is allowed, is written to `password`. */
ERR_MUST_USE enum err_code users_add_first(
    struct registry *registry, char password[USERS_ONE_TIME], bool *made, struct err *err);

/* Sets a password, for good or (one_time) until its first use. */
ERR_MUST_USE enum err_code users_set_password(struct registry *registry, const char *name,
    const char *password, bool one_time, const struct registry_author *author, struct err *err);

ERR_MUST_USE enum err_code users_set_disabled(struct registry *registry, const char *name,
    bool disabled, const struct registry_author *author, struct err *err);

ERR_MUST_USE enum err_code users_set_grants(struct registry *registry, const char *name,
    const struct access_grant *grants, size_t count, const struct registry_author *author,
    struct err *err);

/* Both of these, or one, in one transaction. */
struct user_edit {
    const bool *disabled;              /* NULL: stays */
    const struct access_grant *grants; /* NULL: stay */
    size_t grant_count;
};
ERR_MUST_USE enum err_code users_edit(struct registry *registry, const char *name,
    const struct user_edit *edit, const struct registry_author *author, struct err *err);

/* Takes a user out with the password and all tokens. The history keeps the name, which nobody gets
 * again: what stands under it was done by whoever had it. */
ERR_MUST_USE enum err_code users_remove(struct registry *registry, const char *name,
    const struct registry_author *author, struct err *err);

struct token_new {
    const char *name;
    const char *user;
    const struct access_grant *grants; /* none: those of the user */
    size_t grant_count;
    int64_t expires_ms; /* in the future, at most TOKENS_DAYS_MOST days away */
};
/* Makes a token and gives its secret, which cannot be had again. ERR_FORBIDDEN when the author
 * shows a token (a token makes no tokens), or is no administrator and it is for somebody else. */
ERR_MUST_USE enum err_code tokens_add(struct registry *registry, const struct token_new *token,
    const struct registry_author *author, char secret[TOKENS_SECRET], struct err *err);

/* ERR_FORBIDDEN for the token of somebody else, unless the author is an administrator. */
ERR_MUST_USE enum err_code tokens_revoke(struct registry *registry, const char *name,
    const struct registry_author *author, struct err *err);

/* Puts down that something was refused to somebody known: `what` in one line. */
ERR_MUST_USE enum err_code users_note_refusal(struct registry *registry,
    const struct access_principal *principal, const char *what, struct err *err);

/* ------------------------------------------------------------------ grants */

/* A list of grants with room for their values. */
struct users_grants {
    struct access_grant list[ACCESS_GRANTS];
    char values[ACCESS_GRANTS][ACCESS_GRANT_VALUE + 1];
    size_t count;
};
/* Adds what a comma-separated text says ("integrator,modeller:family=idta-02006"). */
ERR_MUST_USE enum err_code users_grants_add(
    struct users_grants *grants, const char *text, size_t len, struct err *err);
/* Appends the text of a list. */
void users_grants_write(struct buf *buf, const struct access_grant *grants, size_t count);

#endif

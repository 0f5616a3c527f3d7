/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_AUTH_H
#define JIG_API_AUTH_H
/*
 * Passwords at the speed of requests. Checking one is slow and takes much memory by design, so a
 * few at a time are checked and what came of it is remembered for some minutes: under a keyed hash
 * (of a random key that only this process has) of name, password and stored hash, so that a new
 * password makes the old one unknown at once, whoever changed it.
 *
 * Whoever guesses is slowed down: a name from one address after some attempts, an address with many
 * names, and all together by the number of checks at once. What was found right goes on being
 * right meanwhile. Thread-safe.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "aas/err.h"

enum {
    AUTH_AT_ONCE = 2,           /* checks, each with USERS_HASH_BYTES of memory */
    AUTH_WAITING = 64,          /* requests that wait for one */
    AUTH_WAIT_MS = 10000,       /* each of them */
    AUTH_RIGHT_MS = 300 * 1000, /* what was right is remembered for */
    AUTH_WRONG_MS = 30 * 1000,  /* what was wrong */
    AUTH_FREE_OF_NAME = 5,      /* attempts with a name before it is slowed down */
    AUTH_FREE_OF_ADDRESS = 20,  /* attempts from an address */
    AUTH_NAME_MS = 60 * 1000,   /* wait between attempts with a name at most */
    AUTH_ADDRESS_MS = 2 * 1000, /* between attempts from an address */
};

struct auth;

/* NULL without memory. */
struct auth *auth_new(void);
void auth_free(struct auth *auth);

/* What somebody has shown. `hash` is the stored one, or users_no_hash. */
struct auth_attempt {
    const char *name;
    const char *password;
    const char *hash;
    const char *peer; /* address of the client, "" when not known */
};

/* ERR_OK when the password is right, ERR_UNAUTHENTICATED when not, both without words;
 * ERR_TOO_OFTEN, ERR_BUSY with a sentence. `*retry_s`: seconds after which it is worth trying
 * again, for these two. */
ERR_MUST_USE enum err_code auth_check(
    struct auth *auth, const struct auth_attempt *attempt, unsigned *retry_s, struct err *err);

/* How many passwords were checked by hashing since the start. */
uint64_t auth_checks(const struct auth *auth);

#endif

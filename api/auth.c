/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/throttle.h"
#include "registry/secret.h"
#include "registry/users.h"

enum { WAYS = 4, SETS = 128 };

enum verdict { UNKNOWN, BEING_CHECKED, RIGHT, WRONG };

struct remembered {
    unsigned char mark[SECRET_MARK];
    enum verdict verdict;
    int64_t until_ms; /* of RIGHT and WRONG */
};

struct auth {
    unsigned char key[SECRET_KEY];
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t ended; /* a check has */
    struct remembered entries[SETS][WAYS];
    struct throttle throttle;
    unsigned running;
    unsigned waiting;
    atomic_ullong checks;
};

struct auth *auth_new(void)
{
    struct auth *auth = calloc(1, sizeof *auth);
    pthread_condattr_t attributes;
    if (auth == NULL) {
        return NULL;
    }
    secret_random(auth->key, sizeof auth->key);
    pthread_mutex_init(&auth->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&auth->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    return auth;
}

void auth_free(struct auth *auth)
{
    if (auth == NULL) {
        return;
    }
    pthread_cond_destroy(&auth->ended);
    pthread_mutex_destroy(&auth->lock);
    secret_wipe(auth, sizeof *auth);
    free(auth);
}

uint64_t auth_checks(const struct auth *auth)
{
    return atomic_load_explicit(&auth->checks, memory_order_relaxed);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Under which somebody is counted; never 0. */
static uint64_t count_key(
    const struct auth *auth, const char *kind, const char *peer, const char *name)
{
    const char *const texts[] = {kind, peer, name};
    unsigned char mark[SECRET_MARK];
    uint64_t key;
    secret_mark(auth->key, texts, 3, mark);
    memcpy(&key, mark, sizeof key);
    return key | 1;
}

/* ------------------------------------------------------------------ what is remembered */

static struct remembered *set_of(struct auth *auth, const unsigned char mark[SECRET_MARK])
{
    return auth->entries[(mark[0] | (unsigned)mark[1] << 8) % SETS];
}

static struct remembered *find(
    struct auth *auth, const unsigned char mark[SECRET_MARK], int64_t now)
{
    struct remembered *set = set_of(auth, mark);
    for (size_t i = 0; i < WAYS; i++) {
        if (secret_equal(set[i].mark, mark, SECRET_MARK) && set[i].verdict != UNKNOWN) {
            bool over = set[i].verdict != BEING_CHECKED && set[i].until_ms <= now;
            return over ? NULL : &set[i];
        }
    }
    return NULL;
}

/* How gladly an entry is given up: what is not needed any more, then what was wrong, then what was
 * right; what is being checked is kept. */
static int rank(const struct remembered *entry, int64_t now)
{
    if (entry->verdict == BEING_CHECKED) {
        return 3;
    }
    if (entry->verdict == UNKNOWN || entry->until_ms <= now) {
        return 0;
    }
    return entry->verdict == WRONG ? 1 : 2;
}

/* The place for a mark. Of AUTH_AT_ONCE checks no set is full. */
static struct remembered *take(
    struct auth *auth, const unsigned char mark[SECRET_MARK], int64_t now)
{
    _Static_assert((int)AUTH_AT_ONCE < (int)WAYS, "a set always has a place");
    struct remembered *set = set_of(auth, mark);
    struct remembered *best = &set[0];
    for (size_t i = 1; i < WAYS; i++) {
        int a = rank(&set[i], now);
        int b = rank(best, now);
        if (a < b || (a == b && set[i].until_ms < best->until_ms)) {
            best = &set[i];
        }
    }
    memcpy(best->mark, mark, SECRET_MARK);
    best->verdict = BEING_CHECKED;
    return best;
}

/* ------------------------------------------------------------------ checking */

struct check {
    const struct auth_attempt *attempt;
    unsigned char mark[SECRET_MARK];
    uint64_t by_name;
    uint64_t by_address;
};

static enum err_code too_often(int64_t wait_ms, unsigned *retry_s, struct err *err)
{
    *retry_s = (unsigned)((wait_ms + 999) / 1000);
    err_set(err, ERR_TOO_OFTEN, "there were too many attempts with wrong passwords");
    err_rule(err, NULL, "Wait a little before the next one, or use a token.");
    return ERR_TOO_OFTEN;
}

static enum err_code busy(unsigned *retry_s, struct err *err)
{
    *retry_s = 2;
    return err_set(err, ERR_BUSY, "too many passwords are being checked at the moment");
}

/* Waits for the end of some check; false when it took too long. The lock is held. */
static bool wait_for_one(struct auth *auth, int64_t deadline)
{
    const struct timespec until = {
        .tv_sec = (time_t)(deadline / 1000), .tv_nsec = (long)(deadline % 1000) * 1000000};
    if (auth->waiting >= AUTH_WAITING) {
        return false;
    }
    auth->waiting++;
    int rc = pthread_cond_timedwait(&auth->ended, &auth->lock, &until);
    auth->waiting--;
    return rc == 0;
}

/* Until there is a verdict (`*verdict`), or it is ours to find out (BEING_CHECKED). The lock is
 * held. */
static enum err_code begin(struct auth *auth, const struct check *check, enum verdict *verdict,
    unsigned *retry_s, struct err *err)
{
    int64_t deadline = now_ms() + AUTH_WAIT_MS;
    for (;;) {
        int64_t now = now_ms();
        const struct remembered *entry = find(auth, check->mark, now);
        if (entry != NULL && entry->verdict != BEING_CHECKED) {
            *verdict = entry->verdict;
            return ERR_OK;
        }
        if (entry == NULL) {
            int64_t of_name = throttle_wait(&auth->throttle, check->by_name, now);
            int64_t of_address = throttle_wait(&auth->throttle, check->by_address, now);
            if (of_name > 0 || of_address > 0) {
                return too_often(of_name > of_address ? of_name : of_address, retry_s, err);
            }
            if (auth->running < AUTH_AT_ONCE) {
                *verdict = BEING_CHECKED;
                return ERR_OK;
            }
        }
        if (!wait_for_one(auth, deadline)) {
            return busy(retry_s, err);
        }
    }
}

/* Hashes without the lock. Attempts are counted before they are known to be wrong, so that many at
 * the same time are many. */
static enum verdict find_out(struct auth *auth, const struct check *check)
{
    static const struct throttle_limit of_name = {AUTH_FREE_OF_NAME, AUTH_NAME_MS};
    static const struct throttle_limit of_address = {AUTH_FREE_OF_ADDRESS, AUTH_ADDRESS_MS};
    int64_t now = now_ms();
    struct remembered *entry = take(auth, check->mark, now);
    throttle_note(&auth->throttle, check->by_name, of_name, now);
    throttle_note(&auth->throttle, check->by_address, of_address, now);
    auth->running++;
    pthread_mutex_unlock(&auth->lock);
    bool right = users_check(check->attempt->hash, check->attempt->password);
    atomic_fetch_add_explicit(&auth->checks, 1, memory_order_relaxed);
    pthread_mutex_lock(&auth->lock);
    auth->running--;
    entry->verdict = right ? RIGHT : WRONG;
    entry->until_ms = now_ms() + (right ? AUTH_RIGHT_MS : AUTH_WRONG_MS);
    if (right) {
        throttle_forgive(&auth->throttle, check->by_name, true);
        throttle_forgive(&auth->throttle, check->by_address, false);
    }
    pthread_cond_broadcast(&auth->ended);
    return entry->verdict;
}

enum err_code auth_check(
    struct auth *auth, const struct auth_attempt *attempt, unsigned *retry_s, struct err *err)
{
    struct check check = {.attempt = attempt,
        .by_name = count_key(auth, "name", attempt->peer, attempt->name),
        .by_address = count_key(auth, "address", attempt->peer, "")};
    const char *const texts[] = {attempt->name, attempt->password, attempt->hash};
    enum verdict verdict = UNKNOWN;
    secret_mark(auth->key, texts, 3, check.mark);
    pthread_mutex_lock(&auth->lock);
    enum err_code code = begin(auth, &check, &verdict, retry_s, err);
    if (code == ERR_OK && verdict == BEING_CHECKED) {
        verdict = find_out(auth, &check);
    }
    pthread_mutex_unlock(&auth->lock);
    secret_wipe(check.mark, sizeof check.mark);
    if (code != ERR_OK) {
        return code;
    }
    return verdict == RIGHT ? ERR_OK : ERR_UNAUTHENTICATED;
}

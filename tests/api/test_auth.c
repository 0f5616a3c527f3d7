/* SPDX-License-Identifier: Apache-2.0 */
/* Checking passwords with many threads, and how attempts are counted. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "api/auth.h"
#include "api/throttle.h"
#include "registry/users.h"
#include "tests/api/accounts.h"

enum { THREADS = 24, USERS = 6 };

/* ------------------------------------------------------------------ counting */

Test(throttle, some_attempts_are_free_and_then_each_waits_twice_as_long)
{
    static struct throttle throttle;
    const struct throttle_limit limit = {.free = 3, .most_ms = 10000};
    static const int64_t waits[] = {0, 0, 0, 1000, 2000, 4000, 8000, 10000, 10000};
    int64_t now = 1000000;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        cr_assert_eq(throttle_wait(&throttle, 7, now), 0);
        throttle_note(&throttle, 7, limit, now);
        cr_expect_eq(throttle_wait(&throttle, 7, now), waits[i], "attempt %zu", i + 1);
        cr_expect_eq(throttle_wait(&throttle, 8, now), 0, "somebody else");
        now += waits[i];
    }
}

Test(throttle, who_was_right_or_quiet_for_long_begins_anew)
{
    static struct throttle throttle;
    const struct throttle_limit limit = {.free = 1, .most_ms = 60000};
    throttle_note(&throttle, 7, limit, 1000);
    throttle_note(&throttle, 7, limit, 1000);
    cr_expect_eq(throttle_wait(&throttle, 7, 1000), 1000);
    throttle_forgive(&throttle, 7, true);
    cr_expect_eq(throttle_wait(&throttle, 7, 1000), 0);
    throttle_note(&throttle, 7, limit, 1000);
    throttle_note(&throttle, 7, limit, 1000);
    throttle_note(&throttle, 7, limit, 1000 + THROTTLE_FORGET_MS + 1);
    cr_expect_eq(throttle_wait(&throttle, 7, 1000 + THROTTLE_FORGET_MS + 1), 0);
}

Test(throttle, the_table_stays_as_large_as_it_is)
{
    static struct throttle throttle;
    const struct throttle_limit limit = {.free = 0, .most_ms = 60000};
    for (uint64_t key = 1; key < 100000; key++) {
        throttle_note(&throttle, key, limit, (int64_t)key);
    }
    cr_expect_eq(throttle_wait(&throttle, 99999, 99999), 1000, "the newest is remembered");
    cr_expect_eq(throttle_wait(&throttle, 1, 500), 0, "the oldest is not");
}

/* ------------------------------------------------------------------ checking */

struct worker {
    struct auth *auth;
    const char *hash;
    char name[20];
    char password[40];
    enum err_code code;
};

static void *work(void *context)
{
    struct worker *worker = context;
    struct err err = {0};
    unsigned retry_s = 0;
    const struct auth_attempt attempt = {
        .name = worker->name, .password = worker->password, .hash = worker->hash, .peer = "1"};
    worker->code = auth_check(worker->auth, &attempt, &retry_s, &err);
    return NULL;
}

static void run_all(struct worker *workers)
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* The hash of "long enough pw", out of a store. */
static void make_hash(char hash[200])
{
    struct test_server server;
    struct registry_view view;
    struct arena arena;
    struct user user;
    arena_init(&arena, 1 << 20);
    server_up(&server, NULL);
    account_user(server.registry, "rita", "reader");
    cr_assert_eq(registry_view_begin(server.registry, &view, NULL), ERR_OK);
    cr_assert_eq(users_find(&view.txn, &arena, "rita", &user, NULL), ERR_OK);
    snprintf(hash, 200, "%s", user.hash);
    registry_view_end(&view);
    arena_finish(&arena);
    server_down(&server);
}

Test(auth, many_who_show_the_same_at_once_wait_for_one_check, .timeout = 60)
{
    struct worker workers[THREADS];
    char hash[200];
    make_hash(hash);
    struct auth *auth = auth_new();
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){
            .auth = auth, .hash = hash, .name = "rita", .password = "long enough pw"};
    }
    run_all(workers);
    for (size_t i = 0; i < THREADS; i++) {
        cr_expect_eq(workers[i].code, ERR_OK);
    }
    cr_expect_eq(auth_checks(auth), 1);
    auth_free(auth);
}

Test(auth, many_guesses_at_once_are_few_checks, .timeout = 60)
{
    struct worker workers[THREADS];
    size_t slowed = 0;
    struct auth *auth = auth_new();
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.auth = auth, .hash = users_no_hash(), .name = "rita"};
        snprintf(workers[i].password, sizeof workers[i].password, "guess number %zu", i);
    }
    run_all(workers);
    for (size_t i = 0; i < THREADS; i++) {
        cr_expect(workers[i].code == ERR_UNAUTHENTICATED || workers[i].code == ERR_TOO_OFTEN);
        slowed += workers[i].code == ERR_TOO_OFTEN;
    }
    cr_expect_leq(auth_checks(auth), 8);
    cr_expect_geq(slowed, 16U);
    auth_free(auth);
}

Test(auth, different_users_at_once_are_all_let_in, .timeout = 60)
{
    struct worker workers[THREADS];
    char hash[200];
    make_hash(hash);
    struct auth *auth = auth_new();
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.auth = auth, .hash = hash, .password = "long enough pw"};
        snprintf(workers[i].name, sizeof workers[i].name, "user%zu", i % USERS);
    }
    run_all(workers);
    for (size_t i = 0; i < THREADS; i++) {
        cr_expect_eq(workers[i].code, ERR_OK, "user %zu: %d", i % USERS, (int)workers[i].code);
    }
    cr_expect_eq(auth_checks(auth), (uint64_t)USERS);
    auth_free(auth);
}

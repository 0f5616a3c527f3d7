/* SPDX-License-Identifier: Apache-2.0 */
/* Prunings beside each other and beside those who write: nothing goes that is needed. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <time.h>

#include "registry/prune.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(prune_together, .init = fixture_start, .fini = fixture_stop, .timeout = 240);

enum { LONG = 2600, WRITES = 300, ROUNDS = 6 };

static const char id[] = "urn:a";

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* States that were there before come back, in full and as what they changed. */
static void *write_on(void *context)
{
    for (int i = 0; i < WRITES; i++) {
        if (i % 7 == 0) {
            fixture_put(context, id, i % 5);
        } else {
            fixture_set(context, id, i % 70);
        }
    }
    return NULL;
}

static void prune_often(struct registry *registry, bool structure)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct prune_result result;
        int64_t now = now_ms();
        const struct prune_rule rule = {
            .values_before_ms = structure ? 0 : now, .structure_before_ms = structure ? now : 0};
        cr_assert_eq(registry_prune(registry, &rule, NULL, NULL, &result, NULL), ERR_OK);
    }
}

static void *prune_values(void *context)
{
    prune_often(context, false);
    return NULL;
}

static void *prune_structure(void *context)
{
    prune_often(context, true);
    return NULL;
}

Test(prune_together, nothing_goes_that_is_needed)
{
    void *(*const threads[])(void *) = {write_on, prune_values, prune_structure};
    enum { THREADS = sizeof threads / sizeof *threads };
    struct registry *registry = fixture_open();
    struct registry_verification found;
    pthread_t running[THREADS];
    fixture_put(registry, id, 0);
    for (int i = 0; i < LONG; i++) {
        fixture_set(registry, id, i % 70);
    }
    for (size_t i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&running[i], NULL, threads[i], registry), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(running[i], NULL);
    }
    /* Two prunings can leave a content to each other, which is no loss. */
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    registry_close(registry);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is answered survives a loss of power: writers, and at any moment a look at what the disk is
 * sure to have by then, which must be a store with all that was answered.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/registry/journal_fixture.h"

enum { WRITERS = 6, LOSSES = 50 };

TestSuite(journal_moments, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

static struct store *shared;
static atomic_ullong asked[WRITERS];
static atomic_ullong answered[WRITERS];
static atomic_bool over;

static void *write_on(void *context)
{
    int writer = *(int *)context;
    while (!atomic_load(&over)) {
        unsigned long long number = atomic_fetch_add(&asked[writer], 1) + 1;
        cr_assert_eq(journal_write_alone(shared, writer, number), ERR_OK);
        atomic_store(&answered[writer], number);
    }
    return NULL;
}

/* Of each writer all that was answered before, and nothing that was not asked for. */
static void expect_all(const char *dir, const unsigned long long before[WRITERS])
{
    struct store *store = journal_open(dir);
    for (int i = 1; i < WRITERS; i++) {
        uint64_t number = journal_number(store, i);
        cr_expect_leq(number, atomic_load(&asked[i]));
        cr_expect_geq(number, before[i], "%s: writer %d", dir, i);
    }
    store_close(store);
}

Test(journal_moments, at_any_moment_what_was_answered_survives)
{
    static unsigned long long before[LOSSES][WRITERS];
    static char dirs[LOSSES][JOURNAL_PATH];
    pthread_t threads[WRITERS];
    int names[WRITERS];
    uint64_t number;
    shared = journal_start_store(&number);
    for (int i = 1; i < WRITERS; i++) {
        names[i] = i;
        pthread_create(&threads[i], NULL, write_on, &names[i]);
    }
    for (int loss = 0; loss < LOSSES; loss++) {
        usleep(10 * JOURNAL_STEP_US);
        for (int i = 1; i < WRITERS; i++) {
            before[loss][i] = atomic_load(&answered[i]);
        }
        journal_lose_power(dirs[loss], loss, (unsigned)loss % JOURNAL_FORMS);
    }
    atomic_store(&over, true);
    for (int i = 1; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    store_close(shared);
    for (int loss = 0; loss < LOSSES; loss++) {
        expect_all(dirs[loss], before[loss]);
    }
    for (int i = 1; i < WRITERS; i++) {
        cr_expect_gt(before[LOSSES - 1][i], before[0][i], "writer %d stands still", i);
    }
}

static struct registry *registry_of_all;

/* Puts a submodel of its own and sets its Speed, which is the number. */
static void *edit_on(void *context)
{
    int writer = *(int *)context;
    char id[40];
    snprintf(id, sizeof id, "urn:writer:%d", writer);
    while (!atomic_load(&over)) {
        unsigned long long number = atomic_fetch_add(&asked[writer], 1) + 1;
        if (number % 3 == 0) {
            fixture_set(registry_of_all, id, (int)number);
        } else {
            fixture_put(registry_of_all, id, (int)number);
        }
        atomic_store(&answered[writer], number);
    }
    return NULL;
}

static unsigned long long speed_of(struct registry *registry, int writer)
{
    struct registry_view view;
    struct registry_document document = {.json_len = 0};
    char id[40];
    char text[FIXTURE_JSON] = "";
    int len = snprintf(id, sizeof id, "urn:writer:%d", writer);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    if (registry_get(&view, REGISTRY_SUBMODEL, id, (size_t)len, &document, NULL) == ERR_OK) {
        memcpy(text, document.json, document.json_len);
    }
    registry_view_end(&view);
    const char *speed = strstr(text, "\"Speed\"");
    const char *value = speed == NULL ? NULL : strstr(speed, "\"value\":\"");
    return value == NULL ? 0 : strtoull(value + strlen("\"value\":\""), NULL, 10);
}

Test(journal_moments, documents_and_all_that_derives_from_them_agree_after_a_loss_of_power)
{
    enum { REGISTRY_LOSSES = 16 };
    static unsigned long long before[REGISTRY_LOSSES][WRITERS];
    static char dirs[REGISTRY_LOSSES][JOURNAL_PATH];
    pthread_t threads[WRITERS];
    int names[WRITERS];
    char *own_dir = fixture_dir;
    registry_of_all = fixture_open();
    for (int i = 0; i < WRITERS; i++) {
        names[i] = i;
        pthread_create(&threads[i], NULL, edit_on, &names[i]);
    }
    while (journal_size(fixture_dir) < 2 * JOURNAL_SLOT) {
        usleep(JOURNAL_STEP_US);
    }
    disk_watch(fixture_dir);
    for (int loss = 0; loss < REGISTRY_LOSSES; loss++) {
        usleep(20 * JOURNAL_STEP_US);
        for (int i = 0; i < WRITERS; i++) {
            before[loss][i] = atomic_load(&answered[i]);
        }
        journal_lose_power(dirs[loss], loss, (unsigned)loss % JOURNAL_FORMS);
    }
    atomic_store(&over, true);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    registry_close(registry_of_all);
    for (int loss = 0; loss < REGISTRY_LOSSES; loss++) {
        fixture_dir = dirs[loss];
        struct registry *registry = fixture_open();
        fixture_verify(registry);
        for (int i = 0; i < WRITERS; i++) {
            unsigned long long speed = speed_of(registry, i);
            cr_expect_geq(speed, before[loss][i], "writer %d", i);
            cr_expect_leq(speed, atomic_load(&asked[i]));
        }
        registry_close(registry);
    }
    fixture_dir = own_dir;
}

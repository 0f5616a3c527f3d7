/* SPDX-License-Identifier: Apache-2.0 */
/* Stores from before versions had a history, and many who work on one draft at once. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "registry/changes.h"
#include "registry/families.h"
#include "registry/keys.h"
#include "tests/registry/life_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(lifecycle_upgrade, .init = life_start, .fini = life_stop, .timeout = 120);
TestSuite(lifecycle_crowd, .init = life_start, .fini = life_stop, .timeout = 300);

/* ------------------------------------------------------------------ older stores */

static enum err_code clear(struct store_txn *txn, enum store_table table, unsigned char kind)
{
    for (;;) {
        struct store_cursor cursor;
        struct store_key key;
        enum err_code code = store_cursor_open(txn, table, &cursor);
        if (code != ERR_OK) {
            return code;
        }
        bool found = store_cursor_seek(&cursor, &kind, kind > 0);
        found = found && (kind == 0 || *(const unsigned char *)cursor.key.bytes == kind);
        key_start(&key);
        if (found) {
            key_add(&key, cursor.key.bytes, cursor.key.len);
        }
        store_cursor_close(&cursor);
        if (!found) {
            return ERR_OK;
        }
        code = store_delete(txn, table, key.bytes, key.len);
        if (code != ERR_OK) {
            return code;
        }
    }
}

/* Takes out all that format 2 did not have, and the log, which is made again; the number of the
 * format goes back. */
static enum err_code make_old(struct store_txn *txn, void *context, struct err *err)
{
    unsigned char bytes[8];
    (void)context;
    (void)err;
    enum err_code code = clear(txn, STORE_REVISIONS, REGISTRY_TEMPLATE_VERSION);
    if (code == ERR_OK) {
        code = clear(txn, STORE_IDS, REGISTRY_TEMPLATE_VERSION);
    }
    if (code == ERR_OK) {
        code = clear(txn, STORE_LIFE, 0);
    }
    if (code == ERR_OK) {
        code = clear(txn, STORE_LOG, 0);
    }
    value_set_u64(bytes, 2);
    return code == ERR_OK ? store_put(txn, STORE_META, "format", 6, bytes, sizeof bytes) : code;
}

static size_t history(void)
{
    static const char id[] = "a.example-smt-press@1.0";
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    enum err_code code = registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id,
        strlen(id), 0, 0, &revisions, &count, NULL);
    registry_view_end(&view);
    return code == ERR_OK ? count : 0;
}

Test(lifecycle_upgrade, an_old_store_is_opened_and_agrees_with_itself)
{
    char json[TEMPLATE_JSON];
    life.family = "a.example-smt-press";
    template_json(json, "press", 1);
    cr_assert_eq(template_import(life.registry, json, strlen(json), "a.json", NULL), ERR_OK);
    const char *before = life_content("1.0");
    cr_assert_eq(store_write(registry_store(life.registry), make_old, NULL, NULL), ERR_OK);
    cr_assert_eq(history(), 0);
    for (int i = 0; i < 2; i++) {
        registry_close(life.registry);
        life.registry = fixture_open();
        fixture_verify(life.registry);
        cr_expect_eq(history(), 1, "its first entry, once");
        cr_expect_eq(life_state("1.0"), TEMPLATE_PUBLISHED);
        cr_expect_str_eq(life_content("1.0"), before);
    }
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
}

/* ------------------------------------------------------------------ a crowd */

enum { THREADS = 8, ROUNDS = 12 };

struct worker {
    pthread_t thread;
    int number;
    int stored;
    int refused;
    int others; /* answers that nobody should get */
};

/* Adds one to the value of Force, so that a lost update would show in the sum. */
static void *count_up(void *context)
{
    struct worker *worker = context;
    const struct registry_author author = {.name = "crowd"};
    for (int i = 0; i < ROUNDS; i++) {
        struct err err = {0};
        enum err_code code = registry_edit(life.registry, REGISTRY_SUBMODEL, LIFE_ID,
            strlen(LIFE_ID), NULL, NULL, fixture_add_one, NULL, &author, NULL, &err);
        worker->stored += code == ERR_OK;
        worker->refused += code == ERR_STATE;
        worker->others += code != ERR_OK && code != ERR_STATE;
    }
    return NULL;
}

/* Sends the draft to review and takes it back, again and again; publishes it in the end. */
static void *go_through(void *context)
{
    struct worker *worker = context;
    static const enum lifecycle_step steps[] = {STEP_SUBMIT, STEP_RECALL};
    const struct registry_author author = {.name = "rita", .message = "x"};
    for (int i = 0; i <= 2 * ROUNDS + 1; i++) {
        struct arena arena;
        struct report report;
        struct err err = {0};
        struct registry_version version;
        struct lifecycle_request request = life.request;
        request.family = LIFE_FAMILY;
        request.label = "1.0";
        request.step = i > 2 * ROUNDS ? STEP_PUBLISH : steps[i % 2];
        arena_init(&arena, (size_t)64 << 20);
        report_init(&report);
        enum err_code code =
            lifecycle_step(life.registry, &arena, &request, &author, &report, &version, &err);
        worker->others += code != ERR_OK;
        report_finish(&report);
        arena_finish(&arena);
    }
    return NULL;
}

Test(lifecycle_crowd, loses_no_update_and_changes_nothing_published)
{
    static const char first[] =
        LIFE_PRESS(LIFE_ID, "{\"modelType\":\"Property\",\"idShort\":\"Force\",\"valueType\":"
                            "\"xs:int\",\"value\":\"0\"}");
    struct worker workers[THREADS] = {{.number = 0}};
    int stored = 0;
    char wanted[40];
    LIFE_OK(life_make("anna", "1.0", NULL, first));
    for (int i = 0; i < THREADS; i++) {
        workers[i].number = i;
        cr_assert_eq(
            pthread_create(&workers[i].thread, NULL, i == 0 ? go_through : count_up, &workers[i]),
            0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        stored += workers[i].stored;
        cr_expect_eq(workers[i].others, 0, "worker %d", i);
    }
    snprintf(wanted, sizeof wanted, "\"value\":\"%d\"", stored);
    cr_expect_eq(life_state("1.0"), TEMPLATE_PUBLISHED);
    cr_expect_not_null(strstr(life_content("1.0"), wanted), "%s %s", wanted, life_content("1.0"));
    cr_expect_not_null(strstr(life_shown(LIFE_ID), wanted));
}

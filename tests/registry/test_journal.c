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
#include <sys/stat.h>
#include <unistd.h>

#include "registry/keys.h"
#include "registry/store_engine.h"
#include "registry/store_journal.h"
#include "tests/registry/disk.h"
#include "tests/registry/registry_fixture.h"

enum { WRITERS = 6, LOSSES = 48, FORMS = 4, VALUE = 600, STEP_US = 1000 };

TestSuite(journal, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

/* ------------------------------------------------------------------ writing */

struct step {
    char key[16];
    uint64_t number;
    size_t beside; /* bytes of another value that are put as well */
};

/* One number in three tables, in every way in which a table is changed: a value, a value whose room
 * is filled later, a key that is there for odd numbers only. What is put twice counts once. */
static enum err_code take_step(struct store_txn *txn, void *context, struct err *err)
{
    static char much[2 * JOURNAL_SLOT];
    const struct step *step = context;
    unsigned char value[VALUE] = {0};
    void *room = NULL;
    size_t len = strlen(step->key);
    (void)err;
    value_set_u64(value, step->number);
    enum err_code code = store_reserve(txn, STORE_INDEX, step->key, len, 8, &room);
    if (code == ERR_OK) {
        memcpy(room, value, 8);
        code = store_reserve(txn, STORE_FILES, step->key, len, 1, &room);
    }
    if (code == ERR_OK) {
        memset(room, 'x', 1);
        code = store_put(txn, STORE_BLOBS, step->key, len, value, sizeof value);
    }
    if (code == ERR_OK && step->number % 2 == 0) {
        code = store_delete(txn, STORE_FILES, step->key, len);
    }
    if (code == ERR_OK && step->beside > 0) {
        code = store_put(txn, STORE_TERMS, "much", 4, much, step->beside);
    }
    return code;
}

/* As one of several that wait, which is when a journal is kept. */
static enum err_code write_step(struct store *store, int writer, uint64_t number, size_t beside)
{
    struct err err;
    struct store_txn txn;
    uint64_t state = 0;
    struct step step = {.number = number, .beside = beside};
    snprintf(step.key, sizeof step.key, "w%d", writer);
    enum err_code code = engine_write_begin(store, false, &txn, &err);
    if (code != ERR_OK) {
        return code;
    }
    code = take_step(&txn, &step, &err);
    if (code != ERR_OK) {
        engine_write_abort(&txn, NULL);
        return code;
    }
    code = engine_write_commit(&txn, &state, &err);
    return code == ERR_OK ? engine_confirm(store->engine, state, &err) : code;
}

static enum err_code write_alone(struct store *store, int writer, uint64_t number)
{
    struct err err;
    struct step step = {.number = number};
    snprintf(step.key, sizeof step.key, "w%d", writer);
    return store_write(store, take_step, &step, &err);
}

static struct store *open_store(const char *dir)
{
    struct store *store = NULL;
    struct err err = {0};
    const struct store_options options = {.dir = dir};
    cr_assert_eq(store_open(&options, &store, &err), ERR_OK, "%s", err.text);
    return store;
}

/* The number that a writer's key has, which all tables must agree on. */
static uint64_t number_of(struct store *store, int writer)
{
    struct store_txn txn;
    struct store_bytes blob = {.bytes = NULL};
    struct store_bytes index;
    struct store_bytes file;
    uint64_t number = 0;
    char key[16];
    size_t len = (size_t)snprintf(key, sizeof key, "w%d", writer);
    cr_assert_eq(store_read(store, &txn, NULL), ERR_OK);
    if (store_get(&txn, STORE_BLOBS, key, len, &blob) == ERR_OK) {
        number = value_u64(blob.bytes);
        cr_expect_eq(blob.len, VALUE);
        cr_expect_eq(store_get(&txn, STORE_INDEX, key, len, &index), ERR_OK);
        cr_expect_eq(value_u64(index.bytes), number, "%s", key);
    }
    cr_expect_eq(store_get(&txn, STORE_FILES, key, len, &file),
        number % 2 == 1 ? ERR_OK : ERR_NOT_FOUND, "%s", key);
    store_end(&txn);
    return number;
}

static void path_in(char path[1100], const char *dir, const char *name)
{
    snprintf(path, 1100, "%.1000s/%s", dir, name);
}

static off_t journal_size(const char *dir)
{
    struct stat st;
    char path[1100];
    path_in(path, dir, "journal");
    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* A store with as many transactions that it keeps a journal, and the number reached. */
static struct store *open_with_journal(uint64_t *number)
{
    struct store *store = open_store(fixture_dir);
    *number = 0;
    while (journal_size(fixture_dir) < 2 * JOURNAL_SLOT || *number < 2 * JOURNAL_AFTER) {
        cr_assert_eq(write_step(store, 0, ++*number, 0), ERR_OK);
        usleep(STEP_US);
    }
    usleep(100 * STEP_US); /* it has its size a moment before it is used */
    cr_assert_eq(write_step(store, 0, ++*number, 0), ERR_OK);
    disk_watch(fixture_dir);
    return store;
}

/* ------------------------------------------------------------------ losing power */

/* The folder of what a loss of power leaves. */
static void lose_power(char dir[1100], int loss, unsigned got)
{
    char name[40];
    snprintf(name, sizeof name, "loss-%d-%u", loss, got);
    path_in(dir, fixture_dir, name);
    cr_assert_eq(mkdir(dir, 0700), 0);
    disk_lose_power(dir, got);
}

static uint64_t number_after(const char *dir, int writer)
{
    struct store *store = open_store(dir);
    uint64_t number = number_of(store, writer);
    store_close(store);
    return number;
}

static void remove_journal(const char *dir)
{
    char path[1100];
    path_in(path, dir, "journal");
    cr_assert_eq(unlink(path), 0);
}

Test(journal, what_it_has_is_there_after_a_loss_of_power)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    cr_assert_eq(write_step(store, 0, ++number, 0), ERR_OK);
    lose_power(dir, 0, 0);
    remove_journal(dir);
    cr_expect_eq(number_after(dir, 0), number - 1, "LMDB's file alone does not have it");
    lose_power(dir, 1, 0);
    cr_expect_eq(number_after(dir, 0), number);
    cr_expect_eq(journal_size(dir), 0, "it is no longer needed");
    cr_expect_eq(number_after(dir, 0), number);
    lose_power(dir, 2, DISK_GOT_DATA);
    cr_expect_eq(number_after(dir, 0), number);
    store_close(store);
    cr_expect_eq(journal_size(fixture_dir), 0, "nor after the store was closed");
    cr_expect_eq(number_after(fixture_dir, 0), number);
}

Test(journal, a_change_that_comes_alone_needs_none)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(
            i % 2 == 0 ? write_alone(store, 0, ++number) : write_step(store, 0, ++number, 0),
            ERR_OK);
        lose_power(dir, i, 0);
        cr_expect_eq(number_after(dir, 0), number);
        lose_power(dir, 10 + i, 0);
        remove_journal(dir);
        cr_expect_eq(number_after(dir, 0), number - (uint64_t)i % 2);
    }
    store_close(store);
}

/* A large value that has changed in a few bytes is worth it. */
Test(journal, a_large_change_that_comes_alone_is_written_as_what_differs)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    struct step step = {.key = "w0", .beside = 2 * JOURNAL_SLOT};
    for (int i = 0; i < 2; i++) {
        step.number = ++number;
        cr_assert_eq(store_write(store, take_step, &step, NULL), ERR_OK);
    }
    lose_power(dir, 0, 0);
    cr_expect_eq(number_after(dir, 0), number);
    lose_power(dir, 1, 0);
    remove_journal(dir);
    cr_expect_eq(number_after(dir, 0), number - 1);
    store_close(store);
}

Test(journal, what_was_made_again_can_be_changed_and_made_again)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    cr_assert_eq(write_step(store, 0, ++number, 0), ERR_OK);
    lose_power(dir, 0, 0);
    store_close(store);
    store = open_store(dir);
    cr_assert_eq(number_of(store, 0), number);
    for (int i = 0; i < 3 * JOURNAL_AFTER; i++) {
        cr_assert_eq(write_step(store, 0, ++number, 0), ERR_OK);
        usleep(STEP_US);
    }
    store_close(store);
    cr_expect_eq(number_after(dir, 0), number);
}

Test(journal, a_change_that_does_not_fit_is_durable_all_the_same)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    static const size_t sizes[] = {
        JOURNAL_SLOT - 2000, JOURNAL_SLOT - 100, JOURNAL_SLOT, JOURNAL_SLOT + 1, 2 * JOURNAL_SLOT};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cr_assert_eq(write_step(store, 0, ++number, sizes[i]), ERR_OK);
        lose_power(dir, (int)i, 0);
        cr_expect_eq(number_after(dir, 0), number, "%zu", sizes[i]);
    }
    store_close(store);
}

/* ------------------------------------------------------------------ a disk that refuses */

Test(journal, a_change_that_failed_does_not_come_back)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    disk_meet_file("data.mdb", DISK_FAIL, 0);
    cr_expect_neq(write_step(store, 0, number + 1, 0), ERR_OK);
    for (unsigned got = 0; got < FORMS; got++) {
        lose_power(dir, 0, got);
        cr_expect_eq(number_after(dir, 0), number, "%u", got);
    }
    cr_expect_eq(write_step(store, 1, 1, 0), ERR_OK);
    lose_power(dir, 1, 0);
    cr_expect_eq(number_after(dir, 0), number);
    cr_expect_eq(number_after(dir, 1), 1);
    store_close(store);
}

Test(journal, when_it_could_come_back_nothing_is_changed_any_more)
{
    uint64_t number;
    struct store *store = open_with_journal(&number);
    disk_meet(DISK_BREAK, 0);
    cr_expect_neq(write_step(store, 0, number + 1, 0), ERR_OK);
    disk_meet(DISK_PASS, 0);
    cr_expect_eq(write_step(store, 0, number + 1, 0), ERR_STORE);
    cr_expect_eq(number_of(store, 0), number);
    store_close(store);
    store = open_store(fixture_dir);
    cr_expect_eq(number_of(store, 0), number);
    cr_expect_eq(write_step(store, 0, number + 1, 0), ERR_OK);
    store_close(store);
}

Test(journal, what_it_cannot_take_is_waited_for_twice)
{
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    disk_meet_file("journal", DISK_FAIL, 0);
    cr_expect_eq(write_step(store, 0, ++number, 0), ERR_OK);
    lose_power(dir, 0, 0);
    cr_expect_eq(number_after(dir, 0), number);
    remove_journal(dir);
    cr_expect_eq(number_after(dir, 0), number, "LMDB's file has it");
    cr_expect_eq(write_step(store, 0, ++number, 0), ERR_OK);
    lose_power(dir, 1, 0);
    cr_expect_eq(number_after(dir, 0), number);
    store_close(store);
}

/* ------------------------------------------------------------------ damage */

static void damage(const char *dir, long at)
{
    char path[1100];
    path_in(path, dir, "journal");
    FILE *file = fopen(path, "r+b");
    cr_assert_not_null(file);
    for (long slot = 0; slot < 2; slot++) {
        cr_assert_eq(fseek(file, slot * JOURNAL_SLOT + at, SEEK_SET), 0);
        int byte = fgetc(file);
        cr_assert_eq(fseek(file, slot * JOURNAL_SLOT + at, SEEK_SET), 0);
        cr_assert_neq(fputc(byte ^ 0x11, file), EOF);
    }
    cr_assert_eq(fclose(file), 0);
}

Test(journal, what_is_not_whole_is_not_made_again)
{
    static const long places[] = {0, 8, 16, 24, 32, 40, 46, 48, 50, 52, 60, 100, 150, 200};
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    cr_assert_eq(write_step(store, 0, ++number, 0), ERR_OK);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        lose_power(dir, (int)i, 0);
        damage(dir, places[i]);
        cr_expect_eq(number_after(dir, 0), number - 1, "%ld", places[i]);
    }
    for (off_t len = 0; len < 2 * JOURNAL_SLOT; len += JOURNAL_SLOT / 2 - 1) {
        char path[1100];
        lose_power(dir, 100 + (int)(len / 1000), 0);
        path_in(path, dir, "journal");
        cr_assert_eq(truncate(path, len), 0);
        uint64_t found = number_after(dir, 0);
        cr_expect(found == number || found == number - 1);
    }
    store_close(store);
}

static void copy_data(const char *from, const char *to)
{
    char command[2300];
    snprintf(command, sizeof command, "cp '%s/data.mdb' '%s/data.mdb'", from, to);
    cr_assert_eq(system(command), 0);
}

/* A folder whose data file was replaced by an older one, and by one that has gone another way from
 * there and has as many transactions. */
Test(journal, it_follows_only_the_state_that_it_was_written_after)
{
    enum { OTHER = 1000001 };
    char old[1100];
    char dir[1100];
    uint64_t number;
    struct store *store = open_with_journal(&number);
    cr_assert_eq(write_step(store, 0, ++number, 0), ERR_OK);
    lose_power(old, 0, 0);
    cr_assert_eq(write_step(store, 0, number + 1, 0), ERR_OK);
    cr_assert_eq(write_step(store, 0, number + 2, 0), ERR_OK);
    lose_power(dir, 1, 0);
    copy_data(old, dir);
    cr_expect_eq(number_after(dir, 0), number - 1);
    lose_power(dir, 2, 0);
    store_close(store);
    store = open_store(old);
    cr_assert_eq(number_of(store, 0), number);
    cr_assert_eq(write_alone(store, 0, OTHER), ERR_OK);
    store_close(store);
    copy_data(old, dir);
    cr_expect_eq(number_after(dir, 0), OTHER);
}

/* ------------------------------------------------------------------ any changes */

enum { KEYS = 5, MOST_CHANGES = 14, MOST_VALUE = 3000, RANDOM_ROUNDS = 60 };

static const enum store_table random_tables[] = {STORE_BLOBS, STORE_INDEX, STORE_FILES};

/* Puts, fills later, removes, and changes a few bytes of what is there, again and again of the same
 * few keys. */
static void change_any(struct store_txn *txn, unsigned *seed)
{
    static char value[MOST_VALUE];
    struct store_bytes old;
    void *room = NULL;
    enum store_table table = random_tables[rand_r(seed) % 3];
    char key[2] = {'k', (char)('a' + rand_r(seed) % KEYS)};
    size_t len = (size_t)rand_r(seed) % (rand_r(seed) % 2 == 0 ? 20 : MOST_VALUE);
    memset(value, rand_r(seed), sizeof value);
    if (rand_r(seed) % 2 == 0 && store_get(txn, table, key, 2, &old) == ERR_OK && old.len > 0) {
        len = old.len;
        memcpy(value, old.bytes, len);
        for (int i = rand_r(seed) % 4; i >= 0; i--) {
            value[(size_t)rand_r(seed) % len] ^= 1;
        }
    }
    enum err_code code;
    switch (rand_r(seed) % 4) {
    case 0:
        code = store_delete(txn, table, key, 2);
        cr_assert(code == ERR_OK || code == ERR_NOT_FOUND);
        break;
    case 1:
        cr_assert_eq(store_reserve(txn, table, key, 2, len + 1, &room), ERR_OK);
        memcpy(room, value, len);
        memset((char *)room + len, 'e', 1);
        break;
    default:
        cr_assert_eq(store_put(txn, table, key, 2, value, len), ERR_OK);
    }
}

static void make_any(struct store *store, unsigned *seed, bool alone)
{
    struct store_txn txn;
    uint64_t state = 0;
    cr_assert_eq(engine_write_begin(store, alone, &txn, NULL), ERR_OK);
    for (int i = rand_r(seed) % MOST_CHANGES; i >= 0; i--) {
        change_any(&txn, seed);
    }
    cr_assert_eq(engine_write_commit(&txn, &state, NULL), ERR_OK);
    cr_assert_eq(engine_confirm(store->engine, state, NULL), ERR_OK);
}

static void expect_same(struct store *a, struct store *b)
{
    for (size_t i = 0; i < STORE_TABLE_COUNT; i++) {
        struct store_txn txn[2];
        struct store_cursor at[2];
        cr_assert_eq(store_read(a, &txn[0], NULL), ERR_OK);
        cr_assert_eq(store_read(b, &txn[1], NULL), ERR_OK);
        bool there[2];
        for (int k = 0; k < 2; k++) {
            cr_assert_eq(store_cursor_open(&txn[k], (enum store_table)i, &at[k]), ERR_OK);
            there[k] = store_cursor_seek(&at[k], NULL, 0);
        }
        while (there[0] && there[1]) {
            cr_assert_eq(at[0].key.len, at[1].key.len);
            cr_assert_eq(memcmp(at[0].key.bytes, at[1].key.bytes, at[0].key.len), 0);
            cr_assert_eq(at[0].value.len, at[1].value.len);
            cr_assert_eq(memcmp(at[0].value.bytes, at[1].value.bytes, at[0].value.len), 0);
            there[0] = store_cursor_next(&at[0]);
            there[1] = store_cursor_next(&at[1]);
        }
        cr_assert(!there[0] && !there[1], "table %zu", i);
        for (int k = 0; k < 2; k++) {
            store_cursor_close(&at[k]);
            store_end(&txn[k]);
        }
    }
}

Test(journal, any_changes_are_made_again_as_they_were)
{
    unsigned seed = 20261130;
    uint64_t number;
    struct store *store = open_with_journal(&number);
    for (int i = 0; i < RANDOM_ROUNDS; i++) {
        char dir[1100];
        make_any(store, &seed, i % 5 == 0);
        lose_power(dir, i, i % 7 == 0 ? DISK_GOT_DATA : 0);
        struct store *found = open_store(dir);
        expect_same(store, found);
        store_close(found);
    }
    store_close(store);
}

/* ------------------------------------------------------------------ at any moment */

static struct store *shared;
static atomic_ullong asked[WRITERS];
static atomic_ullong answered[WRITERS];
static atomic_bool over;

static void *write_on(void *context)
{
    int writer = *(int *)context;
    while (!atomic_load(&over)) {
        unsigned long long number = atomic_fetch_add(&asked[writer], 1) + 1;
        cr_assert_eq(write_alone(shared, writer, number), ERR_OK);
        atomic_store(&answered[writer], number);
    }
    return NULL;
}

/* Of each writer all that was answered before, and nothing that was not asked for. */
static void expect_all(const char *dir, const unsigned long long before[WRITERS])
{
    struct store *store = open_store(dir);
    for (int i = 1; i < WRITERS; i++) {
        uint64_t number = number_of(store, i);
        cr_expect_leq(number, atomic_load(&asked[i]));
        cr_expect_geq(number, before[i], "%s: writer %d", dir, i);
    }
    store_close(store);
}

Test(journal, at_any_moment_what_was_answered_survives)
{
    static unsigned long long before[LOSSES][WRITERS];
    static char dirs[LOSSES][1100];
    pthread_t threads[WRITERS];
    int names[WRITERS];
    uint64_t number;
    shared = open_with_journal(&number);
    for (int i = 1; i < WRITERS; i++) {
        names[i] = i;
        pthread_create(&threads[i], NULL, write_on, &names[i]);
    }
    for (int loss = 0; loss < LOSSES; loss++) {
        usleep(10 * STEP_US);
        for (int i = 1; i < WRITERS; i++) {
            before[loss][i] = atomic_load(&answered[i]);
        }
        lose_power(dirs[loss], loss, (unsigned)loss % FORMS);
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

Test(journal, documents_and_all_that_derives_from_them_agree_after_a_loss_of_power)
{
    enum { REGISTRY_LOSSES = 16 };
    static unsigned long long before[REGISTRY_LOSSES][WRITERS];
    static char dirs[REGISTRY_LOSSES][1100];
    pthread_t threads[WRITERS];
    int names[WRITERS];
    char *own_dir = fixture_dir;
    registry_of_all = fixture_open();
    for (int i = 0; i < WRITERS; i++) {
        names[i] = i;
        pthread_create(&threads[i], NULL, edit_on, &names[i]);
    }
    while (journal_size(fixture_dir) < 2 * JOURNAL_SLOT) {
        usleep(STEP_US);
    }
    disk_watch(fixture_dir);
    for (int loss = 0; loss < REGISTRY_LOSSES; loss++) {
        usleep(20 * STEP_US);
        for (int i = 0; i < WRITERS; i++) {
            before[loss][i] = atomic_load(&answered[i]);
        }
        lose_power(dirs[loss], loss, (unsigned)loss % FORMS);
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

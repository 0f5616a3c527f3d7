/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal has is there after a loss of power, and what it must not have is not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/registry/journal_fixture.h"

TestSuite(journal, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

Test(journal, what_it_has_is_there_after_a_loss_of_power)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    journal_remove(dir);
    cr_expect_eq(journal_number_after(dir, 0), number - 1, "LMDB's file alone does not have it");
    journal_lose_power(dir, 1, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    cr_expect_eq(journal_size(dir), 0, "it is no longer needed");
    cr_expect_eq(journal_number_after(dir, 0), number);
    journal_lose_power(dir, 2, DISK_GOT_DATA);
    cr_expect_eq(journal_number_after(dir, 0), number);
    store_close(store);
    cr_expect_eq(journal_size(fixture_dir), 0, "nor after the store was closed");
    cr_expect_eq(journal_number_after(fixture_dir, 0), number);
}

Test(journal, a_change_that_comes_alone_needs_none)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(i % 2 == 0 ? journal_write_alone(store, 0, ++number)
                                : journal_write(store, 0, ++number, 0),
            ERR_OK);
        journal_lose_power(dir, i, 0);
        cr_expect_eq(journal_number_after(dir, 0), number);
        journal_lose_power(dir, 10 + i, 0);
        journal_remove(dir);
        cr_expect_eq(journal_number_after(dir, 0), number - (uint64_t)i % 2);
    }
    store_close(store);
}

/* A large value that has changed in a few bytes is worth it. */
Test(journal, a_large_change_that_comes_alone_is_written_as_what_differs)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    struct journal_step step = {.key = "w0", .beside = 2 * JOURNAL_SLOT};
    for (int i = 0; i < 2; i++) {
        step.number = ++number;
        cr_assert_eq(store_write(store, journal_step_take, &step, NULL), ERR_OK);
    }
    journal_lose_power(dir, 0, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    journal_lose_power(dir, 1, 0);
    journal_remove(dir);
    cr_expect_eq(journal_number_after(dir, 0), number - 1);
    store_close(store);
}

Test(journal, what_was_made_again_can_be_changed_and_made_again)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    store_close(store);
    store = journal_open(dir);
    cr_assert_eq(journal_number(store, 0), number);
    for (int i = 0; i < 3 * JOURNAL_AFTER; i++) {
        cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
        usleep(JOURNAL_STEP_US);
    }
    store_close(store);
    cr_expect_eq(journal_number_after(dir, 0), number);
}

Test(journal, a_change_that_does_not_fit_is_durable_all_the_same)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    static const size_t sizes[] = {
        JOURNAL_SLOT - 2000, JOURNAL_SLOT - 100, JOURNAL_SLOT, JOURNAL_SLOT + 1, 2 * JOURNAL_SLOT};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cr_assert_eq(journal_write(store, 0, ++number, sizes[i]), ERR_OK);
        journal_lose_power(dir, (int)i, 0);
        cr_expect_eq(journal_number_after(dir, 0), number, "%zu", sizes[i]);
    }
    store_close(store);
}

/* ------------------------------------------------------------------ a disk that refuses */

Test(journal, a_change_that_failed_does_not_come_back)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    disk_fail("data.mdb", 0);
    cr_expect_neq(journal_write(store, 0, number + 1, 0), ERR_OK);
    for (unsigned got = 0; got < JOURNAL_FORMS; got++) {
        journal_lose_power(dir, 0, got);
        cr_expect_eq(journal_number_after(dir, 0), number, "%u", got);
    }
    cr_expect_eq(journal_write(store, 1, 1, 0), ERR_OK);
    journal_lose_power(dir, 1, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    cr_expect_eq(journal_number_after(dir, 1), 1);
    store_close(store);
}

Test(journal, when_it_could_come_back_nothing_is_changed_any_more)
{
    uint64_t number;
    struct store *store = journal_start_store(&number);
    disk_meet(DISK_BREAK, 0);
    cr_expect_neq(journal_write(store, 0, number + 1, 0), ERR_OK);
    disk_meet(DISK_PASS, 0);
    cr_expect_eq(journal_write(store, 0, number + 1, 0), ERR_STORE);
    cr_expect_eq(journal_number(store, 0), number);
    store_close(store);
    store = journal_open(fixture_dir);
    cr_expect_eq(journal_number(store, 0), number);
    cr_expect_eq(journal_write(store, 0, number + 1, 0), ERR_OK);
    store_close(store);
}

/* The disk refuses the pages, and then that the journal forgets them. */
Test(journal, what_is_not_taken_back_stops_all_changes)
{
    uint64_t number;
    struct store *store = journal_start_store(&number);
    disk_fail("data.mdb", 0);
    disk_fail("journal", 1);
    cr_expect_neq(journal_write(store, 0, number + 1, 0), ERR_OK);
    cr_expect_eq(journal_write(store, 0, number + 1, 0), ERR_STORE);
    cr_expect_eq(journal_number(store, 0), number);
    store_close(store);
}

/* What was answered before is in the journal only, and LMDB's file could have lost it. */
Test(journal, when_the_pages_are_refused_twice_all_changes_stop)
{
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    disk_fail("data.mdb", 0);
    disk_meet(DISK_BREAK, 2); /* behind it and the slot: the slot that is taken back, … */
    cr_expect_neq(journal_write(store, 0, number + 1, 0), ERR_OK);
    disk_meet(DISK_PASS, 0);
    cr_expect_eq(journal_write(store, 0, number + 1, 0), ERR_STORE);
    store_close(store);
    cr_expect_eq(journal_number_after(fixture_dir, 0), number);
}

Test(journal, what_it_cannot_take_is_waited_for_twice)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    disk_fail("journal", 0);
    cr_expect_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    journal_remove(dir);
    cr_expect_eq(journal_number_after(dir, 0), number, "LMDB's file has it");
    cr_expect_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 1, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    store_close(store);
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

static enum err_code change_some(struct store_txn *txn, void *context, struct err *err)
{
    unsigned *seed = context;
    (void)err;
    for (int i = rand_r(seed) % MOST_CHANGES; i >= 0; i--) {
        change_any(txn, seed);
    }
    return ERR_OK;
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
    struct store *store = journal_start_store(&number);
    for (int i = 0; i < RANDOM_ROUNDS; i++) {
        char dir[JOURNAL_PATH];
        cr_assert_eq(journal_make(store, i % 5 == 0, change_some, &seed), ERR_OK);
        journal_lose_power(dir, i, i % 7 == 0 ? DISK_GOT_DATA : 0);
        struct store *found = journal_open(dir);
        expect_same(store, found);
        store_close(found);
    }
    store_close(store);
}

/* ------------------------------------------------------------------ keys and room */

static enum err_code delete_by_cursor(struct store_txn *txn, void *context, struct err *err)
{
    struct store_cursor cursor;
    (void)context;
    (void)err;
    enum err_code code = store_put(txn, STORE_INDEX, "w9", 2, "x", 1);
    if (code == ERR_OK) {
        code = store_cursor_open(txn, STORE_INDEX, &cursor);
    }
    if (code == ERR_OK && store_cursor_seek(&cursor, "", 0)) {
        code = store_delete(txn, STORE_INDEX, cursor.key.bytes, cursor.key.len);
    }
    store_cursor_close(&cursor);
    return code;
}

/* The key is a place in a page from which it is removed. */
Test(journal, a_key_that_is_removed_where_a_cursor_stands_is_noted_as_it_was)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    for (int i = 1; i < 6; i++) {
        cr_assert_eq(journal_write(store, i, 1, 0), ERR_OK);
    }
    cr_assert_eq(journal_make(store, false, delete_by_cursor, NULL), ERR_OK);
    journal_lose_power(dir, 0, 0);
    struct store *found = journal_open(dir);
    expect_same(store, found);
    store_close(found);
    store_close(store);
}

static enum err_code fill(struct store_txn *txn, void *context, struct err *err)
{
    static char much[JOURNAL_SLOT / 2];
    uint64_t *number = context;
    (void)err;
    return store_put(txn, STORE_BLOBS, number, sizeof *number, much, sizeof much);
}

Test(journal, what_made_the_map_grow_is_made_again_in_a_small_one)
{
    enum { GROWING = 24 };
    const struct store_options small = {.dir = fixture_dir, .map_bytes = 1 << 20};
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    store_close(store);
    cr_assert_eq(store_open(&small, &store, NULL), ERR_OK);
    for (int i = 0; i < 2 * JOURNAL_AFTER || journal_size(fixture_dir) == 0; i++) {
        cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    }
    usleep(100 * JOURNAL_STEP_US);
    for (uint64_t i = 0; i < GROWING; i++) {
        cr_assert_eq(store_write(store, fill, &i, NULL), ERR_OK);
        journal_lose_power(dir, (int)i, 0);
        const struct store_options again = {.dir = dir, .map_bytes = 1 << 20};
        struct store *found = NULL;
        struct err err = {0};
        cr_assert_eq(store_open(&again, &found, &err), ERR_OK, "%s", err.text);
        expect_same(store, found);
        store_close(found);
    }
    store_close(store);
}

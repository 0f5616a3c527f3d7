/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a change is answered and shown: not before the disk has it. One of the calls that wait for
 * the disk is held back or fails.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "registry/store.h"
#include "tests/registry/disk.h"
#include "tests/registry/registry_fixture.h"

enum { LONG_MS = 100, STEP_MS = 1 };

static void wait_ms(int ms)
{
    usleep((useconds_t)ms * 1000);
}

/* ------------------------------------------------------------------ the store */

TestSuite(durable, .init = fixture_start, .fini = fixture_stop, .timeout = 60);

static struct store *open_store(void)
{
    struct store *store = NULL;
    const struct store_options options = {.dir = fixture_dir};
    cr_assert_eq(store_open(&options, &store, NULL), ERR_OK);
    return store;
}

/* One call in a thread of its own. */
struct call {
    struct store *store;
    const char *value; /* to put; NULL: reads into `found` */
    char found[16];
    enum err_code code;
    struct err err;
    atomic_bool done;
    pthread_t thread;
};

static atomic_bool waits; /* the next change, until a call to the disk is held */

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    const char *value = context;
    (void)err;
    if (atomic_exchange(&waits, false)) {
        disk_wait_until_held();
    }
    return store_put(txn, STORE_BLOBS, "a", 1, value, strlen(value));
}

static void read_value(struct call *call)
{
    struct store_txn txn;
    struct store_bytes bytes;
    call->code = store_read(call->store, &txn, &call->err);
    cr_assert_eq(call->code, ERR_OK);
    call->code = store_get(&txn, STORE_BLOBS, "a", 1, &bytes);
    if (call->code == ERR_OK && bytes.len < sizeof call->found) {
        memcpy(call->found, bytes.bytes, bytes.len);
    }
    store_end(&txn);
}

static void *make(void *context)
{
    struct call *call = context;
    if (call->value == NULL) {
        read_value(call);
    } else {
        char value[16];
        strcpy(value, call->value);
        call->code = store_write(call->store, change, value, &call->err);
    }
    atomic_store(&call->done, true);
    return NULL;
}

static void begin(struct call *call, struct store *store, const char *value)
{
    memset(call, 0, sizeof *call);
    call->store = store;
    call->value = value;
    cr_assert_eq(pthread_create(&call->thread, NULL, make, call), 0);
}

static enum err_code end(struct call *call)
{
    pthread_join(call->thread, NULL);
    return call->code;
}

static enum err_code put(struct store *store, const char *value)
{
    struct call call;
    begin(&call, store, value);
    return end(&call);
}

static void expect_value(struct store *store, const char *value)
{
    struct call call;
    begin(&call, store, NULL);
    cr_expect_eq(end(&call), ERR_OK);
    cr_expect_str_eq(call.found, value);
}

Test(durable, what_the_disk_has_not_confirmed_is_neither_answered_nor_shown)
{
    struct store *store = open_store();
    struct call writer;
    struct call reader;
    cr_assert_eq(put(store, "one"), ERR_OK);
    disk_meet(DISK_HOLD, 1); /* behind the pages, before the one that names the state */
    begin(&writer, store, "two");
    disk_wait_until_held();
    begin(&reader, store, NULL);
    wait_ms(LONG_MS);
    cr_expect(!atomic_load(&writer.done));
    cr_expect(!atomic_load(&reader.done));
    disk_release(false);
    cr_expect_eq(end(&writer), ERR_OK);
    cr_expect_eq(end(&reader), ERR_OK);
    cr_expect_str_eq(reader.found, "two");
    store_close(store);
}

Test(durable, before_its_pages_are_on_the_disk_a_state_is_not_waited_for)
{
    struct store *store = open_store();
    struct call writer;
    cr_assert_eq(put(store, "one"), ERR_OK);
    disk_meet(DISK_HOLD, 0);
    begin(&writer, store, "two");
    disk_wait_until_held();
    expect_value(store, "one");
    cr_expect(!atomic_load(&writer.done));
    disk_release(false);
    cr_expect_eq(end(&writer), ERR_OK);
    expect_value(store, "two");
    store_close(store);
}

static void wait_until_queued(struct store *store)
{
    struct store_stats stats = {.queue = 0};
    while (stats.queue == 0) {
        wait_ms(STEP_MS);
        store_statistics(store, &stats);
    }
}

/* The committer has handed the first change over, whose confirmation is held, and has brought the
 * pages of the second one to the disk. */
static void make_second_while_first_is_confirmed(
    struct store *store, struct call *first, struct call *second)
{
    disk_meet(DISK_HOLD, 0);
    begin(first, store, "one");
    disk_wait_until_held();
    begin(second, store, "two"); /* so that the first one is handed over */
    wait_until_queued(store);
    disk_meet(DISK_HOLD_OTHERS, 0);
    int before = disk_passed();
    atomic_store(&waits, true);
    disk_release(false);
    disk_wait_until_held();
    while (disk_passed() < before + 2) {
        wait_ms(STEP_MS);
    }
}

Test(durable, the_next_change_is_made_while_the_disk_confirms_the_last)
{
    struct store *store = open_store();
    struct call first;
    struct call second;
    make_second_while_first_is_confirmed(store, &first, &second);
    wait_ms(LONG_MS);
    cr_expect(!atomic_load(&first.done));
    cr_expect(!atomic_load(&second.done));
    disk_release(false);
    cr_expect_eq(end(&first), ERR_OK);
    cr_expect_eq(end(&second), ERR_OK);
    expect_value(store, "two");
    store_close(store);
}

Test(durable, what_was_made_meanwhile_is_refused_with_what_the_disk_refuses)
{
    struct store *store = open_store();
    struct call first;
    struct call second;
    make_second_while_first_is_confirmed(store, &first, &second);
    disk_release(true);
    cr_expect_eq(end(&first), ERR_STORE);
    cr_expect_eq(end(&second), ERR_STORE);
    cr_expect_not_null(strstr(second.err.text, "refused the one before"), "%s", second.err.text);
    store_close(store);
}

Test(durable, a_disk_that_refuses_to_confirm_stops_all_changes)
{
    struct store *store = open_store();
    struct call writer;
    cr_assert_eq(put(store, "one"), ERR_OK);
    disk_meet(DISK_FAIL, 1);
    begin(&writer, store, "two");
    cr_expect_eq(end(&writer), ERR_STORE);
    cr_expect_not_null(strstr(writer.err.text, "did not confirm"), "%s", writer.err.text);
    cr_expect_not_null(strstr(writer.err.remedy, "start the program again"));
    begin(&writer, store, "three");
    cr_expect_eq(end(&writer), ERR_STORE);
    cr_expect_not_null(strstr(writer.err.text, "did not confirm"), "%s", writer.err.text);
    expect_value(store, "two");
    store_close(store);
    store = open_store();
    cr_expect_eq(put(store, "three"), ERR_OK);
    expect_value(store, "three");
    store_close(store);
}

Test(durable, pages_that_the_disk_refuses_are_no_change)
{
    struct store *store = open_store();
    cr_assert_eq(put(store, "one"), ERR_OK);
    disk_meet(DISK_FAIL, 0);
    cr_expect_neq(put(store, "two"), ERR_OK);
    expect_value(store, "one");
    cr_expect_eq(put(store, "three"), ERR_OK);
    expect_value(store, "three");
    store_close(store);
}

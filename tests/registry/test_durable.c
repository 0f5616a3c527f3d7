/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a change is answered and shown: not before the disk has it. The calls that wait for the disk
 * go through this file, which holds one of them back or lets it fail.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "registry/store.h"
#include "tests/registry/registry_fixture.h"

enum { LONG_MS = 100, STEP_MS = 1 };

/* ------------------------------------------------------------------ the disk */

enum { PASS, HOLD, HOLD_OTHERS, FAIL };

static atomic_int calls_until; /* calls that pass before the one that is meant */
static atomic_int then;        /* what becomes of that one */
static atomic_long holder;     /* the thread that was held first; HOLD_OTHERS lets it pass */
static atomic_int passed;      /* its calls that have passed */
static atomic_bool held;
static atomic_bool fails; /* the call that is held, when it is released */
static atomic_int releases;

static void wait_ms(int ms)
{
    usleep((useconds_t)ms * 1000);
}

static void hold(void)
{
    int before = atomic_load(&releases);
    atomic_store(&held, true);
    while (atomic_load(&releases) == before) {
        wait_ms(STEP_MS);
    }
}

/* Stands before the one of the C library, also for LMDB. */
int fdatasync(int file)
{
    long thread = syscall(SYS_gettid);
    int what = atomic_load(&then);
    bool meant = what == HOLD_OTHERS ? thread != atomic_load(&holder)
                                     : what != PASS && atomic_fetch_sub(&calls_until, 1) == 0;
    if (meant) {
        atomic_store(&then, PASS);
        if (what == FAIL) {
            errno = EIO;
            return -1;
        }
        if (what == HOLD) {
            atomic_store(&holder, thread);
        }
        hold();
        if (atomic_exchange(&fails, false)) {
            errno = EIO;
            return -1;
        }
    }
    int result = (int)syscall(SYS_fdatasync, file);
    if (thread == atomic_load(&holder)) {
        atomic_fetch_add(&passed, 1);
    }
    return result;
}

static void meet(int what, int calls)
{
    atomic_store(&held, false);
    atomic_store(&calls_until, calls);
    atomic_store(&then, what);
}

static void release(void)
{
    atomic_fetch_add(&releases, 1);
}

static void wait_until_held(void)
{
    while (!atomic_load(&held)) {
        wait_ms(STEP_MS);
    }
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

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    const char *value = context;
    (void)err;
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
    meet(HOLD, 1); /* behind the pages, before the one that names the state */
    begin(&writer, store, "two");
    wait_until_held();
    begin(&reader, store, NULL);
    wait_ms(LONG_MS);
    cr_expect(!atomic_load(&writer.done));
    cr_expect(!atomic_load(&reader.done));
    release();
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
    meet(HOLD, 0);
    begin(&writer, store, "two");
    wait_until_held();
    expect_value(store, "one");
    cr_expect(!atomic_load(&writer.done));
    release();
    cr_expect_eq(end(&writer), ERR_OK);
    expect_value(store, "two");
    store_close(store);
}

/* The committer has handed the first change over, whose confirmation is held, and has brought the
 * pages of the second one to the disk. */
static void make_second_while_first_is_confirmed(
    struct store *store, struct call *first, struct call *second)
{
    meet(HOLD, 0);
    begin(first, store, "one");
    wait_until_held();
    begin(second, store, "two"); /* so that the first one is handed over */
    wait_ms(LONG_MS);
    meet(HOLD_OTHERS, 0);
    int before = atomic_load(&passed);
    release();
    wait_until_held();
    while (atomic_load(&passed) < before + 2) {
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
    release();
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
    atomic_store(&fails, true);
    release();
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
    meet(FAIL, 1);
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
    meet(FAIL, 0);
    cr_expect_neq(put(store, "two"), ERR_OK);
    expect_value(store, "one");
    cr_expect_eq(put(store, "three"), ERR_OK);
    expect_value(store, "three");
    store_close(store);
}

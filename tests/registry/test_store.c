/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "registry/keys.h"
#include "registry/store.h"
#include "tests/support/corpus.h"

static char *dir;

static void set_up(void)
{
    dir = scratch_new();
    cr_assert_not_null(dir);
}

static void tear_down(void)
{
    scratch_remove(dir);
}

TestSuite(store, .init = set_up, .fini = tear_down, .timeout = 120);

static struct store *open_with(struct store_options options)
{
    struct store *store = NULL;
    struct err err = {0};
    options.dir = dir;
    cr_assert_eq(store_open(&options, &store, &err), ERR_OK, "%s", err.text);
    return store;
}

static struct store *open_plain(void)
{
    return open_with((struct store_options){0});
}

/* One write of the tests: `times` puts under a key, then the result it is told to give. */
struct put {
    const char *key;
    const char *value;
    size_t len; /* of the value; 0: strlen */
    enum err_code then;
    bool without_change;
};

static enum err_code change_put(struct store_txn *txn, void *context, struct err *err)
{
    const struct put *put = context;
    if (!put->without_change) {
        size_t len = put->len ? put->len : strlen(put->value);
        enum err_code code =
            store_put(txn, STORE_BLOBS, put->key, strlen(put->key), put->value, len);
        if (code != ERR_OK) {
            return code;
        }
    }
    return put->then == ERR_OK ? ERR_OK : err_set(err, put->then, "told to fail");
}

static enum err_code put_text(struct store *store, const char *key, const char *value)
{
    struct put put = {.key = key, .value = value};
    return store_write(store, change_put, &put, NULL);
}

static bool holds(struct store *store, const char *key, const char *value)
{
    struct store_txn txn;
    struct store_bytes found;
    cr_assert_eq(store_read(store, &txn, NULL), ERR_OK);
    enum err_code code = store_get(&txn, STORE_BLOBS, key, strlen(key), &found);
    bool same = value == NULL ? code == ERR_NOT_FOUND
                              : code == ERR_OK && found.len == strlen(value) &&
                                    memcmp(found.bytes, value, found.len) == 0;
    store_end(&txn);
    return same;
}

Test(store, what_was_written_is_there_after_opening_again)
{
    struct store *store = open_plain();
    cr_expect_eq(put_text(store, "a", "one"), ERR_OK);
    cr_expect(holds(store, "a", "one"));
    store_close(store);
    store = open_plain();
    cr_expect(holds(store, "a", "one"));
    cr_expect(holds(store, "b", NULL));
    store_close(store);
}

Test(store, folder_is_made_with_its_parents)
{
    char *top = dir;
    char deep[256];
    snprintf(deep, sizeof deep, "%s/x/y/z", top);
    struct store_options options = {.dir = deep};
    struct store *store = NULL;
    cr_assert_eq(store_open(&options, &store, NULL), ERR_OK);
    store_close(store);
    options.must_exist = true;
    cr_expect_eq(store_open(&options, &store, NULL), ERR_OK);
    store_close(store);
}

Test(store, missing_store_is_not_made_when_it_must_exist)
{
    struct store_options options = {.dir = dir, .must_exist = true};
    struct store *store = NULL;
    struct err err = {0};
    cr_expect_eq(store_open(&options, &store, &err), ERR_NOT_FOUND);
    cr_expect_not_null(strstr(err.text, dir));
}

static enum err_code change_format(struct store_txn *txn, void *context, struct err *err)
{
    (void)context;
    (void)err;
    unsigned char bytes[8];
    value_set_u64(bytes, 77);
    return store_put(txn, STORE_META, "format", 6, bytes, sizeof bytes);
}

Test(store, another_format_is_refused_with_both_numbers)
{
    struct store *store = open_plain();
    cr_assert_eq(store_write(store, change_format, NULL, NULL), ERR_OK);
    store_close(store);
    struct store_options options = {.dir = dir};
    struct err err = {0};
    cr_expect_eq(store_open(&options, &store, &err), ERR_STORE);
    cr_expect_not_null(strstr(err.text, "77"));
    cr_expect_not_null(strstr(err.text, "up to 7"));
}

Test(store, damaged_file_is_refused_and_not_overwritten)
{
    char path[256];
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    FILE *file = fopen(path, "wb");
    for (int i = 0; i < 10000; i++) {
        fputc('x', file);
    }
    fclose(file);
    struct store_options options = {.dir = dir};
    struct store *store = NULL;
    struct err err = {0};
    cr_expect_eq(store_open(&options, &store, &err), ERR_STORE);
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_expect_eq(len, 10000);
    cr_expect_eq(bytes[5000], 'x');
    free(bytes);
}

Test(store, failed_change_leaves_no_trace)
{
    struct store *store = open_plain();
    struct err err = {0};
    struct put put = {.key = "a", .value = "one", .then = ERR_EXISTS};
    cr_expect_eq(store_write(store, change_put, &put, &err), ERR_EXISTS);
    cr_expect_str_eq(err.text, "told to fail");
    cr_expect(holds(store, "a", NULL));
    put = (struct put){.without_change = true, .then = ERR_PRECONDITION};
    cr_expect_eq(store_write(store, change_put, &put, &err), ERR_PRECONDITION);
    cr_expect_eq(put_text(store, "b", "two"), ERR_OK);
    cr_expect(holds(store, "b", "two"));
    store_close(store);
}

Test(store, first_failure_sticks_in_the_transaction)
{
    struct store *store = open_plain();
    char long_key[600];
    memset(long_key, 'k', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = '\0';
    struct err err = {0};
    struct put put = {.key = long_key, .value = "x"};
    cr_expect_eq(store_write(store, change_put, &put, &err), ERR_STORE);
    cr_expect_neq(err.text[0], '\0');
    cr_expect_eq(put_text(store, "b", "two"), ERR_OK);
    store_close(store);
}

Test(store, writing_inside_a_read_transaction_is_refused)
{
    struct store *store = open_plain();
    struct store_txn txn;
    cr_assert_eq(store_read(store, &txn, NULL), ERR_OK);
    cr_expect_eq(store_put(&txn, STORE_BLOBS, "a", 1, "b", 1), ERR_INTERNAL);
    cr_expect_eq(store_delete(&txn, STORE_BLOBS, "a", 1), ERR_INTERNAL);
    store_end(&txn);
    cr_expect(holds(store, "a", NULL));
    store_close(store);
}

/* ------------------------------------------------------------------ many writers */

enum { WRITERS = 64, WRITES_EACH = 20 };

struct writer {
    pthread_t thread;
    struct store *store;
    int number;
    int wrong;
};

/* Every third write fails after a change, every third before one. */
static void *write_mixed(void *context)
{
    static const enum err_code results[] = {ERR_OK, ERR_EXISTS, ERR_PRECONDITION};
    struct writer *writer = context;
    for (int i = 0; i < WRITES_EACH; i++) {
        char key[32];
        struct err err = {0};
        enum err_code expected = results[i % 3];
        snprintf(key, sizeof key, "%d-%d", writer->number, i);
        struct put put = {.key = key, .value = key, .then = expected, .without_change = i % 3 == 2};
        enum err_code code = store_write(writer->store, change_put, &put, &err);
        bool told = expected == ERR_OK || strcmp(err.text, "told to fail") == 0;
        bool stored = holds(writer->store, key, expected == ERR_OK ? key : NULL);
        writer->wrong += code != expected || !told || !stored;
    }
    return NULL;
}

static int run_writers(struct store *store, void *(*work)(void *))
{
    static struct writer writers[WRITERS];
    int wrong = 0;
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.store = store, .number = i};
        pthread_create(&writers[i].thread, NULL, work, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        wrong += writers[i].wrong;
    }
    return wrong;
}

Test(store, each_of_many_writers_gets_its_own_result)
{
    struct store *store = open_plain();
    cr_expect_eq(run_writers(store, write_mixed), 0);
    store_close(store);
}

static void *write_good(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < WRITES_EACH; i++) {
        char key[32];
        snprintf(key, sizeof key, "%d-%d", writer->number, i);
        writer->wrong += put_text(writer->store, key, key) != ERR_OK;
    }
    return NULL;
}

Test(store, many_writers_share_commits)
{
    struct store *store = open_plain();
    struct store_stats stats;
    cr_expect_eq(run_writers(store, write_good), 0);
    store_statistics(store, &stats);
    cr_expect_eq(stats.writes, WRITERS * WRITES_EACH);
    cr_expect_lt(stats.commits, stats.writes / 2);
    cr_expect_eq(stats.queue, 0);
    cr_expect_gt(stats.map_used_bytes, 0);
    cr_expect_geq(stats.map_bytes, stats.map_used_bytes);
    store_close(store);
}

static enum err_code change_count(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    return store_next_number(txn, "test/counter", context);
}

static void *count_up(void *context)
{
    struct writer *writer = context;
    uint64_t last = 0;
    for (int i = 0; i < WRITES_EACH; i++) {
        uint64_t number = 0;
        writer->wrong += store_write(writer->store, change_count, &number, NULL) != ERR_OK;
        writer->wrong += number <= last;
        last = number;
    }
    return NULL;
}

Test(store, numbers_start_at_one_and_none_is_given_twice)
{
    struct store *store = open_plain();
    uint64_t number = 0;
    cr_assert_eq(store_write(store, change_count, &number, NULL), ERR_OK);
    cr_expect_eq(number, 1);
    cr_expect_eq(run_writers(store, count_up), 0);
    cr_assert_eq(store_write(store, change_count, &number, NULL), ERR_OK);
    cr_expect_eq(number, WRITERS * WRITES_EACH + 2);
    store_close(store);
}

/* ------------------------------------------------------------------ readers and cursors */

Test(store, reader_sees_one_moment)
{
    struct store *store = open_plain();
    struct store_txn before;
    struct store_bytes value;
    cr_assert_eq(put_text(store, "a", "one"), ERR_OK);
    cr_assert_eq(store_read(store, &before, NULL), ERR_OK);
    cr_assert_eq(put_text(store, "a", "two"), ERR_OK);
    cr_assert_eq(store_get(&before, STORE_BLOBS, "a", 1, &value), ERR_OK);
    cr_expect_eq(memcmp(value.bytes, "one", 3), 0);
    store_end(&before);
    cr_expect(holds(store, "a", "two"));
    store_close(store);
}

static char first_of(const struct store_cursor *cursor, bool moved)
{
    return moved ? *(const char *)cursor->key.bytes : '-';
}

Test(store, cursor_walks_in_key_order_both_ways)
{
    struct store *store = open_plain();
    struct store_txn txn;
    struct store_cursor cursor;
    for (const char *key = "fbdh"; *key != '\0'; key++) {
        cr_assert_eq(put_text(store, (char[]){*key, '\0'}, "x"), ERR_OK);
    }
    cr_assert_eq(store_read(store, &txn, NULL), ERR_OK);
    cr_assert_eq(store_cursor_open(&txn, STORE_BLOBS, &cursor), ERR_OK);
    cr_expect_eq(first_of(&cursor, store_cursor_seek(&cursor, "", 0)), 'b');
    cr_expect_eq(first_of(&cursor, store_cursor_seek(&cursor, "c", 1)), 'd');
    cr_expect_eq(first_of(&cursor, store_cursor_next(&cursor)), 'f');
    cr_expect_eq(first_of(&cursor, store_cursor_previous(&cursor)), 'd');
    cr_expect_eq(first_of(&cursor, store_cursor_last(&cursor)), 'h');
    cr_expect_eq(first_of(&cursor, store_cursor_next(&cursor)), '-');
    cr_expect_eq(first_of(&cursor, store_cursor_seek_back(&cursor, "e", 1)), 'd');
    cr_expect_eq(first_of(&cursor, store_cursor_seek_back(&cursor, "d", 1)), 'd');
    cr_expect_eq(first_of(&cursor, store_cursor_seek_back(&cursor, "z", 1)), 'h');
    cr_expect_eq(first_of(&cursor, store_cursor_seek_back(&cursor, "a", 1)), '-');
    store_cursor_close(&cursor);
    store_end(&txn);
    store_close(store);
}

/* ------------------------------------------------------------------ space */

static enum err_code fill(struct store *store, const char *prefix, int count)
{
    enum { BLOCK = 64 * 1024 };
    char *block = malloc(BLOCK);
    memset(block, 'v', BLOCK);
    enum err_code code = ERR_OK;
    for (int i = 0; i < count && code == ERR_OK; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s%d", prefix, i);
        struct put put = {.key = key, .value = block, .len = BLOCK};
        code = store_write(store, change_put, &put, NULL);
    }
    free(block);
    return code;
}

Test(store, map_grows_by_itself)
{
    struct store *store = open_with((struct store_options){.map_bytes = 1 << 20});
    struct store_stats stats;
    cr_expect_eq(fill(store, "k", 100), ERR_OK);
    store_statistics(store, &stats);
    cr_expect_gt(stats.map_bytes, 6400 * 1024);
    store_close(store);
}

Test(store, full_disk_loses_nothing_and_ends_when_there_is_room)
{
    struct store *store = open_plain();
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(put_text(store, "a", "one"), ERR_OK);
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    struct rlimit small = {.rlim_cur = 1 << 20, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    cr_expect_eq(fill(store, "k", 64), ERR_NO_SPACE);
    cr_expect(holds(store, "a", "one"));
    cr_expect_eq(put_text(store, "b", "two"), ERR_OK, "what fits is taken");
    setrlimit(RLIMIT_FSIZE, &before);
    cr_expect_eq(fill(store, "k", 64), ERR_OK);
    cr_expect(holds(store, "b", "two"));
    store_close(store);
}

static void *write_on(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < 300; i++) {
        char key[32];
        snprintf(key, sizeof key, "on-%d", i);
        writer->wrong += put_text(writer->store, key, key) != ERR_OK;
    }
    return NULL;
}

Test(store, backup_is_a_store_of_its_own_made_while_others_write)
{
    struct store *store = open_plain();
    struct writer writer = {.store = store};
    struct err err = {0};
    char copy[256];
    snprintf(copy, sizeof copy, "%s/backups/today", dir);
    cr_assert_eq(put_text(store, "a", "one"), ERR_OK);
    pthread_create(&writer.thread, NULL, write_on, &writer);
    cr_expect_eq(store_backup(store, copy, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(store_backup(store, copy, &err), ERR_EXISTS);
    pthread_join(writer.thread, NULL);
    cr_expect_eq(writer.wrong, 0);
    cr_assert_eq(put_text(store, "a", "two"), ERR_OK);
    store_close(store);
    struct store_options options = {.dir = copy, .must_exist = true};
    cr_assert_eq(store_open(&options, &store, &err), ERR_OK, "%s", err.text);
    cr_expect(holds(store, "a", "one"));
    cr_expect_eq(put_text(store, "b", "three"), ERR_OK);
    store_close(store);
}

/* ------------------------------------------------------------------ several processes */

static pid_t in_child(void (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        work();
        _exit(0);
    }
    return pid;
}

static bool ended_well(pid_t pid)
{
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void count_in_child(void)
{
    struct store_options options = {.dir = dir};
    struct store *store = NULL;
    uint64_t number = 0;
    if (store_open(&options, &store, NULL) != ERR_OK) {
        _exit(1);
    }
    for (int i = 0; i < 200; i++) {
        if (store_write(store, change_count, &number, NULL) != ERR_OK) {
            _exit(2);
        }
    }
    store_close(store);
}

Test(store, two_processes_write_at_the_same_time)
{
    pid_t first = in_child(count_in_child);
    pid_t second = in_child(count_in_child);
    cr_expect(ended_well(first));
    cr_expect(ended_well(second));
    struct store *store = open_plain();
    uint64_t number = 0;
    cr_assert_eq(store_write(store, change_count, &number, NULL), ERR_OK);
    cr_expect_eq(number, 401);
    store_close(store);
}

static int go[2]; /* the child starts when a byte arrives */

static void grow_in_child(void)
{
    struct store_options options = {.dir = dir, .map_bytes = 1 << 20};
    struct store *store = NULL;
    char byte;
    if (read(go[0], &byte, 1) != 1 || store_open(&options, &store, NULL) != ERR_OK ||
        fill(store, "child", 100) != ERR_OK) {
        _exit(1);
    }
    store_close(store);
}

Test(store, growth_by_another_process_is_taken_over)
{
    cr_assert_eq(pipe(go), 0);
    pid_t child = in_child(grow_in_child);
    struct store *store = open_with((struct store_options){.map_bytes = 1 << 20});
    cr_assert_eq(put_text(store, "a", "one"), ERR_OK);
    cr_assert_eq(write(go[1], "g", 1), 1);
    cr_expect(ended_well(child));
    cr_expect(holds(store, "a", "one"));
    cr_expect_not(holds(store, "child99", NULL));
    cr_expect_eq(put_text(store, "b", "two"), ERR_OK);
    store_close(store);
}

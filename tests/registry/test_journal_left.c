/* SPDX-License-Identifier: Apache-2.0 */
/* A journal that was left behind: damaged, beside another state, found by several at once. */
#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "registry/keys.h"
#include "tests/registry/journal_fixture.h"

TestSuite(journal_left, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

/* ------------------------------------------------------------------ damage */

static void damage(const char *dir, long at)
{
    char path[JOURNAL_PATH];
    journal_path(path, dir, "journal");
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

Test(journal_left, what_is_not_whole_is_not_made_again)
{
    static const long places[] = {0, 8, 16, 24, 32, 40, 46, 48, 50, 52, 60, 100, 150, 200};
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        journal_lose_power(dir, (int)i, 0);
        damage(dir, places[i]);
        cr_expect_eq(journal_number_after(dir, 0), number - 1, "%ld", places[i]);
    }
    for (off_t len = 0; len < 2 * JOURNAL_SLOT; len += JOURNAL_SLOT / 2 - 1) {
        char path[JOURNAL_PATH];
        journal_lose_power(dir, 100 + (int)(len / 1000), 0);
        journal_path(path, dir, "journal");
        cr_assert_eq(truncate(path, len), 0);
        uint64_t found = journal_number_after(dir, 0);
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
Test(journal_left, it_follows_only_the_state_that_it_was_written_after)
{
    enum { OTHER = 1000001 };
    char old[JOURNAL_PATH];
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(old, 0, 0);
    cr_assert_eq(journal_write(store, 0, number + 1, 0), ERR_OK);
    cr_assert_eq(journal_write(store, 0, number + 2, 0), ERR_OK);
    journal_lose_power(dir, 1, 0);
    copy_data(old, dir);
    cr_expect_eq(journal_number_after(dir, 0), number - 1);
    journal_lose_power(dir, 2, 0);
    store_close(store);
    store = journal_open(old);
    cr_assert_eq(journal_number(store, 0), number);
    cr_assert_eq(journal_write_alone(store, 0, OTHER), ERR_OK);
    store_close(store);
    copy_data(old, dir);
    cr_expect_eq(journal_number_after(dir, 0), OTHER);
}

/* ------------------------------------------------------------------ beside another state */

static void copy_journal(const char *from, const char *to)
{
    char command[2300];
    snprintf(command, sizeof command, "cp '%s/journal' '%s/journal'", from, to);
    cr_assert_eq(system(command), 0);
}

/* The state before it was lost with the power, the journal got to the disk, and its emptying did
 * not before the power was lost again. */
Test(journal_left, what_followed_a_lost_state_follows_no_other_one_of_its_number)
{
    char dir[JOURNAL_PATH];
    char later[JOURNAL_PATH];
    uint64_t number;
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    cr_assert_eq(journal_number_after(dir, 0), number);
    cr_assert_eq(journal_write_alone(store, 0, number + 1), ERR_OK);
    cr_assert_eq(journal_write(store, 0, number + 2, 0), ERR_OK);
    journal_lose_power(later, 1, 0);
    store_close(store);
    copy_journal(later, dir);
    cr_expect_eq(journal_number_after(dir, 0), number);
    store = journal_open(dir);
    cr_assert_eq(journal_write_alone(store, 1, 77), ERR_OK);
    store_close(store);
    copy_journal(later, dir);
    cr_expect_eq(journal_number_after(dir, 1), 77);
    cr_expect_eq(journal_number_after(dir, 0), number);
}

/* ------------------------------------------------------------------ several processes */

/* Another process, which waits for an order. It is begun before this one has threads, and says by
 * its end alone whether all went well. */
struct other {
    pid_t process;
    int orders;
};

struct order {
    char dir[JOURNAL_PATH];
    uint64_t number;
};

static struct other begin_other(bool (*act)(const char *dir, uint64_t number))
{
    int ends[2];
    struct order order;
    cr_assert_eq(pipe(ends), 0);
    pid_t process = fork();
    if (process == 0) {
        bool ordered = read(ends[0], &order, sizeof order) == (ssize_t)sizeof order;
        _exit(ordered && act(order.dir, order.number) ? 0 : 1);
    }
    cr_assert_gt(process, 0);
    close(ends[0]);
    return (struct other){.process = process, .orders = ends[1]};
}

static void order_other(struct other *other, const char *dir, uint64_t number)
{
    struct order order = {.number = number};
    snprintf(order.dir, sizeof order.dir, "%s", dir);
    cr_assert_eq(write(other->orders, &order, sizeof order), (ssize_t)sizeof order);
    close(other->orders);
}

static bool ended_well(const struct other *other)
{
    int status = -1;
    return waitpid(other->process, &status, 0) == other->process && status == 0;
}

static struct store *open_there(const char *dir)
{
    struct store *store = NULL;
    const struct store_options options = {.dir = dir};
    return store_open(&options, &store, NULL) == ERR_OK ? store : NULL;
}

static bool has_number(struct store *store, uint64_t number)
{
    struct store_txn txn;
    struct store_bytes found;
    if (store_read(store, &txn, NULL) != ERR_OK) {
        return false;
    }
    bool has =
        store_get(&txn, STORE_BLOBS, "w0", 2, &found) == ERR_OK && value_u64(found.bytes) == number;
    store_end(&txn);
    return has;
}

static bool open_slowly(const char *dir, uint64_t number)
{
    disk_slow_down(500);
    struct store *store = open_there(dir);
    bool has = store != NULL && has_number(store, number);
    store_close(store);
    return has;
}

Test(journal_left, two_that_open_at_the_same_time_both_have_what_was_answered)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct other other = begin_other(open_slowly);
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    order_other(&other, dir, number);
    usleep(150 * JOURNAL_STEP_US);
    struct store *second = journal_open(dir);
    cr_expect_eq(journal_number(second, 0), number, "shown by the second");
    cr_expect_eq(journal_write(second, 1, 77, 0), ERR_OK);
    store_close(second);
    cr_expect(ended_well(&other));
    cr_expect_eq(journal_number_after(dir, 0), number);
    cr_expect_eq(journal_number_after(dir, 1), 77);
    store_close(store);
}

static bool write_many(const char *dir, uint64_t number)
{
    struct store *store = open_there(dir);
    bool fine = store != NULL;
    for (uint64_t i = 1; i <= number && fine; i++) {
        fine = journal_write(store, 1, i, 0) == ERR_OK;
    }
    off_t size = journal_size(dir);
    store_close(store);
    return fine && size == 2 * JOURNAL_SLOT && journal_size(dir) == size;
}

/* The other one has made more than enough changes to begin one of its own. */
Test(journal_left, of_two_processes_one_keeps_it_and_the_other_leaves_it_alone)
{
    char dir[JOURNAL_PATH];
    uint64_t number;
    struct other other = begin_other(write_many);
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    order_other(&other, fixture_dir, 4 * JOURNAL_AFTER);
    cr_expect(ended_well(&other));
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
        journal_lose_power(dir, i, 0);
        cr_expect_eq(journal_number_after(dir, 0), number);
        cr_expect_eq(journal_number_after(dir, 1), 4 * JOURNAL_AFTER);
    }
    store_close(store);
}

static bool die_with_a_journal(const char *dir, uint64_t number)
{
    struct store *store = open_there(dir);
    bool fine = store != NULL;
    for (uint64_t i = 1; fine && (i <= number || journal_size(dir) == 0); i++) {
        fine = journal_write(store, 1, i, 0) == ERR_OK;
    }
    _exit(fine && journal_write(store, 2, 1, 0) == ERR_OK ? 0 : 1); /* nothing is closed */
}

Test(journal_left, who_takes_it_over_keeps_what_the_last_one_has_answered)
{
    char dir[JOURNAL_PATH];
    uint64_t number = 0;
    struct other other = begin_other(die_with_a_journal);
    struct store *store = journal_open(fixture_dir); /* before, and does not look again */
    order_other(&other, fixture_dir, 4 * JOURNAL_AFTER);
    cr_expect(ended_well(&other));
    cr_expect_eq(journal_size(fixture_dir), 2 * JOURNAL_SLOT);
    disk_watch(fixture_dir);
    for (int i = 0; i < 4 * JOURNAL_AFTER; i++) {
        cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    }
    journal_lose_power(dir, 0, 0);
    cr_expect_eq(journal_number_after(dir, 0), number);
    cr_expect_eq(journal_number_after(dir, 2), 1);
    store_close(store);
}

/* ------------------------------------------------------------------ what cannot be read */

Test(journal_left, one_that_cannot_be_opened_is_not_passed_over)
{
    char dir[JOURNAL_PATH];
    char path[JOURNAL_PATH];
    uint64_t number;
    struct err err = {0};
    struct store *store = journal_start_store(&number);
    cr_assert_eq(journal_write(store, 0, ++number, 0), ERR_OK);
    journal_lose_power(dir, 0, 0);
    journal_remove(dir);
    journal_path(path, dir, "journal");
    cr_assert_eq(symlink(path, path), 0);
    struct store *other = NULL;
    const struct store_options options = {.dir = dir};
    cr_expect_neq(store_open(&options, &other, &err), ERR_OK);
    cr_expect_not_null(strstr(err.text, "journal of the store cannot be read"), "%s", err.text);
    store_close(other);
    store_close(store);
}

Test(journal_left, it_belongs_to_the_owner_of_the_store)
{
    enum { OWNER = 12345 };
    struct stat found;
    char path[JOURNAL_PATH];
    uint64_t number;
    if (geteuid() != 0) {
        cr_skip_test("only an administrator can make files of others");
    }
    struct store *store = journal_open(fixture_dir);
    journal_path(path, fixture_dir, "data.mdb");
    cr_assert_eq(chown(path, OWNER, OWNER), 0);
    cr_assert_eq(chmod(path, 0660), 0);
    store_close(store);
    store = journal_start_store(&number);
    journal_path(path, fixture_dir, "journal");
    cr_assert_eq(stat(path, &found), 0);
    cr_expect_eq(found.st_uid, OWNER);
    cr_expect_eq(found.st_gid, OWNER);
    cr_expect_eq(found.st_mode & 0777, 0660);
    store_close(store);
}

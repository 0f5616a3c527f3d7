/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_JOURNAL_FIXTURE_H
#define JIG_TESTS_JOURNAL_FIXTURE_H
/*
 * Writers of numbers in a store that keeps a journal, and what is left of it after a loss of power.
 * In the folder of tests/registry/registry_fixture.h; everything asserts on its own.
 */
#include <sys/types.h>

#include "registry/store_engine.h"
#include "registry/store_journal.h"
#include "tests/registry/disk.h"
#include "tests/registry/registry_fixture.h"

enum {
    JOURNAL_PATH = 1100,
    JOURNAL_VALUE = 600, /* bytes of the largest value of a step */
    JOURNAL_STEP_US = 1000,
    JOURNAL_FORMS = 5, /* of what the disk has got: see disk_lose_power */
};

struct journal_step {
    char key[16];
    uint64_t number;
    size_t beside; /* bytes of another value that are put as well */
};

/* A change for store_write: one number in three tables, in every way in which a table is changed.
 */
enum err_code journal_step_take(struct store_txn *txn, void *context, struct err *err);

/* Makes a change as the committer does: as one of several that wait, which is when a journal is
 * kept, or `alone`. */
enum err_code journal_make(struct store *store, bool alone, store_change change, void *context);

/* A number that takes the place of a writer's last one, as one of several changes that wait, or
 * alone. */
enum err_code journal_write(struct store *store, int writer, uint64_t number, size_t beside);
enum err_code journal_write_alone(struct store *store, int writer, uint64_t number);

struct store *journal_open(const char *dir);
/* The store of the fixture after as many transactions that it keeps a journal, and the number that
 * writer 0 has reached. From now on what its disk has is remembered. */
struct store *journal_start_store(uint64_t *number);

/* The number of a writer, on which all tables must agree, 0: none; in a store, and in one that is
 * opened for that. */
uint64_t journal_number(struct store *store, int writer);
uint64_t journal_number_after(const char *dir, int writer);

void journal_path(char path[JOURNAL_PATH], const char *dir, const char *name);
off_t journal_size(const char *dir);
void journal_remove(const char *dir);

/* Puts what a loss of power leaves into a folder of this number. */
void journal_lose_power(char dir[JOURNAL_PATH], int loss, unsigned got);

#endif

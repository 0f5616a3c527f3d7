/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/registry/journal_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry/keys.h"

/* One number in three tables, in every way in which a table is changed: a value, a value whose room
 * is filled later, a key that is there for odd numbers only. What is put twice counts once. */
enum err_code journal_step_take(struct store_txn *txn, void *context, struct err *err)
{
    static char much[2 * JOURNAL_SLOT];
    const struct journal_step *step = context;
    unsigned char value[JOURNAL_VALUE] = {0};
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

enum err_code journal_make(struct store *store, bool alone, store_change change, void *context)
{
    struct err err;
    struct store_txn txn;
    uint64_t state = 0;
    enum err_code code = engine_write_begin(store, alone, &txn, &err);
    if (code != ERR_OK) {
        return code;
    }
    code = change(&txn, context, &err);
    if (code != ERR_OK) {
        engine_write_abort(&txn, NULL);
        return code;
    }
    code = engine_write_commit(&txn, &state, &err);
    return code == ERR_OK ? engine_confirm(store->engine, state, &err) : code;
}

enum err_code journal_write(struct store *store, int writer, uint64_t number, size_t beside)
{
    struct journal_step step = {.number = number, .beside = beside};
    snprintf(step.key, sizeof step.key, "w%d", writer);
    return journal_make(store, false, journal_step_take, &step);
}

enum err_code journal_write_alone(struct store *store, int writer, uint64_t number)
{
    struct err err;
    struct journal_step step = {.number = number};
    snprintf(step.key, sizeof step.key, "w%d", writer);
    return store_write(store, journal_step_take, &step, &err);
}

struct store *journal_open(const char *dir)
{
    struct store *store = NULL;
    struct err err = {0};
    const struct store_options options = {.dir = dir};
    cr_assert_eq(store_open(&options, &store, &err), ERR_OK, "%s", err.text);
    return store;
}

/* The number that a writer's key has, which all tables must agree on. */
uint64_t journal_number(struct store *store, int writer)
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
        cr_expect_eq(blob.len, JOURNAL_VALUE);
        cr_expect_eq(store_get(&txn, STORE_INDEX, key, len, &index), ERR_OK);
        cr_expect_eq(value_u64(index.bytes), number, "%s", key);
    }
    cr_expect_eq(store_get(&txn, STORE_FILES, key, len, &file),
        number % 2 == 1 ? ERR_OK : ERR_NOT_FOUND, "%s", key);
    store_end(&txn);
    return number;
}

void journal_path(char path[JOURNAL_PATH], const char *dir, const char *name)
{
    snprintf(path, JOURNAL_PATH, "%.1000s/%s", dir, name);
}

off_t journal_size(const char *dir)
{
    struct stat st;
    char path[JOURNAL_PATH];
    journal_path(path, dir, "journal");
    return stat(path, &st) == 0 ? st.st_size : 0;
}

static bool has_slot(const char *dir)
{
    char path[JOURNAL_PATH];
    char bytes[2 * JOURNAL_SLOT];
    journal_path(path, dir, "journal");
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);
    if (file != NULL) {
        fclose(file);
    }
    return len > 0 && memmem(bytes, len, "JIGREDO", 7) != NULL;
}

struct store *journal_start_store(uint64_t *number)
{
    struct store *store = journal_open(fixture_dir);
    *number = 0;
    while (!has_slot(fixture_dir)) {
        cr_assert_eq(journal_write(store, 0, ++*number, 0), ERR_OK);
        usleep(JOURNAL_STEP_US);
    }
    disk_watch(fixture_dir);
    return store;
}

void journal_lose_power(char dir[JOURNAL_PATH], int loss, unsigned got)
{
    char name[40];
    snprintf(name, sizeof name, "loss-%d-%u", loss, got);
    journal_path(dir, fixture_dir, name);
    cr_assert_eq(mkdir(dir, 0700), 0);
    disk_lose_power(dir, got);
}

uint64_t journal_number_after(const char *dir, int writer)
{
    struct store *store = journal_open(dir);
    uint64_t number = journal_number(store, writer);
    store_close(store);
    return number;
}

void journal_remove(const char *dir)
{
    char path[JOURNAL_PATH];
    journal_path(path, dir, "journal");
    cr_assert_eq(unlink(path), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry/keys.h"
#include "registry/store_engine.h"

/* ------------------------------------------------------------------ opening */

/* Makes a folder and its parents; `path` is changed meanwhile and the same afterwards. */
static enum err_code make_each(char *path, size_t len, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 1; i <= len && code == ERR_OK; i++) {
        char end = path[i];
        if (end != '/' && end != '\0') {
            continue;
        }
        path[i] = '\0';
        if (mkdir(path, 0750) != 0 && errno != EEXIST) {
            code = err_set(err, errno == ENOSPC ? ERR_NO_SPACE : ERR_STORE,
                "the folder '%s' cannot be made: %s", path, strerror(errno));
        }
        path[i] = end;
    }
    return code;
}

static enum err_code make_folder(const char *dir, struct err *err)
{
    size_t len = strlen(dir);
    if (len == 0 || len >= PATH_MAX) {
        return err_set(err, ERR_BAD_INPUT, "the folder of the store has no usable name");
    }
    char *path = strdup(dir);
    if (path == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to make the folder");
    }
    enum err_code code = make_each(path, len, err);
    free(path);
    return code;
}

/* The file that holds everything, malloc'd; NULL: no memory. */
static char *data_path(const char *dir)
{
    char *path = NULL;
    return asprintf(&path, "%s/data.mdb", dir) < 0 ? NULL : path;
}

static bool store_exists(const char *dir)
{
    struct stat st;
    char *path = data_path(dir);
    bool exists = path != NULL && stat(path, &st) == 0;
    free(path);
    return exists;
}

enum err_code store_open(const struct store_options *options, struct store **store, struct err *err)
{
    if (options->must_exist && !store_exists(options->dir)) {
        return err_set(err, ERR_NOT_FOUND, "there is no store in '%s'", options->dir);
    }
    if (sodium_init() < 0) {
        return err_set(err, ERR_INTERNAL, "the cryptographic library cannot be used");
    }
    enum err_code code = make_folder(options->dir, err);
    if (code != ERR_OK) {
        return code;
    }
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to open the store");
    }
    code = engine_open(options, &s->engine, err);
    if (code == ERR_OK) {
        code = queue_start(s, options->no_group, &s->queue, err);
    }
    if (code != ERR_OK) {
        store_close(s);
        return code;
    }
    *store = s;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (store != NULL) {
        queue_stop(store->queue);
        engine_close(store->engine);
        free(store);
    }
}

/* ------------------------------------------------------------------ copying */

/* The copy counts only when it is on the disk, its name in the folder included. */
static enum err_code sync_path(const char *path, int flags, struct err *err)
{
    int file = open(path, flags | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    int reason = errno;
    if (file >= 0) {
        close(file);
    }
    return synced ? ERR_OK
                  : err_set(err, reason == ENOSPC ? ERR_NO_SPACE : ERR_IO,
                        "the copy in '%s' cannot be made durable: %s", path, strerror(reason));
}

enum err_code store_backup(struct store *store, const char *dir, struct err *err)
{
    enum err_code code = make_folder(dir, err);
    if (code != ERR_OK) {
        return code;
    }
    if (store_exists(dir)) {
        return err_set(err, ERR_EXISTS, "there is a store in '%s' already", dir);
    }
    char *path = data_path(dir);
    if (path == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to copy the store");
    }
    code = engine_copy(store->engine, dir, err);
    if (code == ERR_OK) {
        code = sync_path(path, O_RDONLY, err);
    }
    if (code == ERR_OK) {
        code = sync_path(dir, O_RDONLY | O_DIRECTORY, err);
    }
    if (code != ERR_OK) {
        unlink(path); /* half a copy must not pass for a store */
    }
    free(path);
    return code;
}

/* ------------------------------------------------------------------ small things */

const char *store_folder(const struct store *store)
{
    return engine_folder(store->engine);
}

enum err_code store_next_number(struct store_txn *txn, const char *counter, uint64_t *number)
{
    struct store_bytes value;
    unsigned char bytes[8];
    uint64_t next = 1;
    enum err_code code = store_get(txn, STORE_META, counter, strlen(counter), &value);
    if (code == ERR_OK && value.len == sizeof bytes) {
        next = value_u64(value.bytes) + 1;
    } else if (code != ERR_NOT_FOUND) {
        return code == ERR_OK ? ERR_STORE : code;
    }
    value_set_u64(bytes, next);
    code = store_put(txn, STORE_META, counter, strlen(counter), bytes, sizeof bytes);
    if (code == ERR_OK) {
        *number = next;
    }
    return code;
}

uint64_t store_last_number(struct store_txn *txn, const char *counter)
{
    struct store_bytes value;
    bool there = store_get(txn, STORE_META, counter, strlen(counter), &value) == ERR_OK;
    return there && value.len == 8 ? value_u64(value.bytes) : 0;
}

void store_hash(const void *bytes, size_t len, unsigned char hash[STORE_HASH_BYTES])
{
    crypto_generichash(hash, STORE_HASH_BYTES, bytes, len, NULL, 0);
}

void store_statistics(struct store *store, struct store_stats *stats)
{
    *stats = (struct store_stats){0};
    queue_statistics(store->queue, stats);
    engine_statistics(store->engine, stats);
}

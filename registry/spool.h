/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SPOOL_H
#define JIG_REGISTRY_SPOOL_H
/*
 * A file without a name in the folder of the store: for what is too large to be held in memory and
 * gone by itself when it is closed, also after a crash. First bytes are added, then all of them are
 * looked at through a map. One thread at a time.
 */
#include <stddef.h>

#include "aas/err.h"
#include "registry/store.h"

struct spool {
    int fd; /* -1: none */
    char *map;
    size_t len; /* bytes */
};

/* An empty one. ERR_NO_SPACE, ERR_IO. */
ERR_MUST_USE enum err_code spool_open(
    const struct store *store, struct spool *spool, struct err *err);
/* Closes it; free to repeat, and for one that was not opened (fd -1). */
void spool_finish(struct spool *spool);

ERR_MUST_USE enum err_code spool_add(
    struct spool *spool, const char *bytes, size_t len, struct err *err);

/* All bytes, for reading, until spool_finish; nothing more can be added. "" when there are none. */
ERR_MUST_USE enum err_code spool_map(struct spool *spool, const char **bytes, struct err *err);

/* Takes over the file `path`, which loses its name: ERR_IO. */
ERR_MUST_USE enum err_code spool_take(const char *path, struct spool *spool, struct err *err);

/* A new empty file with a name in the folder of the store, for those who can only write to a name;
 * `path` has room for `size` bytes. */
ERR_MUST_USE enum err_code spool_name(
    const struct store *store, char *path, size_t size, struct err *err);

/* Removes files with such names that a process which died has left in the folder of the store. */
void spool_sweep(const struct store *store);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SPOOL_BEGIN "spool-"
#define SPOOL_NAME "/" SPOOL_BEGIN "XXXXXX"

enum { SPOOL_SECONDS_MAX = 24 * 3600 }; /* nobody writes to one for longer */

static enum err_code fail(const char *doing, struct err *err)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    err_set(err, full ? ERR_NO_SPACE : ERR_IO, "%s: %s", doing, strerror(errno));
    if (full) {
        err_rule(err, NULL, "Free some space on the disk of the store; nothing was lost.");
    }
    return full ? ERR_NO_SPACE : ERR_IO;
}

enum err_code spool_name(const struct store *store, char *path, size_t size, struct err *err)
{
    int len = snprintf(path, size, "%s" SPOOL_NAME, store_folder(store));
    if (len < 0 || (size_t)len >= size) {
        return err_set(err, ERR_IO, "the name of the store's folder is too long");
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        return fail("a temporary file cannot be made", err);
    }
    close(fd);
    return ERR_OK;
}

enum err_code spool_open(const struct store *store, struct spool *spool, struct err *err)
{
    char path[1024];
    *spool = (struct spool){.fd = -1};
    spool->fd = open(store_folder(store), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spool->fd >= 0) {
        return ERR_OK;
    }
    /* Not every file system has files without a name. */
    enum err_code code = spool_name(store, path, sizeof path, err);
    if (code == ERR_OK) {
        spool->fd = open(path, O_RDWR | O_CLOEXEC);
        code = spool->fd < 0 ? fail("a temporary file cannot be opened", err) : ERR_OK;
        unlink(path);
    }
    return code;
}

void spool_finish(struct spool *spool)
{
    if (spool->map != NULL) {
        munmap(spool->map, spool->len);
    }
    if (spool->fd >= 0) {
        close(spool->fd);
    }
    *spool = (struct spool){.fd = -1};
}

enum err_code spool_add(struct spool *spool, const char *bytes, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t put = write(spool->fd, bytes, len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return fail("a temporary file cannot be written", err);
        }
        bytes += put;
        len -= (size_t)put;
        spool->len += (size_t)put;
    }
    return ERR_OK;
}

enum err_code spool_map(struct spool *spool, const char **bytes, struct err *err)
{
    if (spool->len == 0) {
        *bytes = "";
        return ERR_OK;
    }
    if (spool->map == NULL) {
        void *map = mmap(NULL, spool->len, PROT_READ, MAP_SHARED, spool->fd, 0);
        if (map == MAP_FAILED) {
            return fail("a temporary file cannot be read", err);
        }
        spool->map = map;
    }
    *bytes = spool->map;
    return ERR_OK;
}

enum err_code spool_take(const char *path, struct spool *spool, struct err *err)
{
    struct stat st;
    *spool = (struct spool){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    bool fine = spool->fd >= 0 && fstat(spool->fd, &st) == 0;
    unlink(path);
    if (!fine) {
        enum err_code code = fail("a temporary file cannot be read", err);
        spool_finish(spool);
        return code;
    }
    spool->len = (size_t)st.st_size;
    return ERR_OK;
}

void spool_sweep(const struct store *store)
{
    DIR *dir = opendir(store_folder(store));
    time_t now = time(NULL);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        struct stat st;
        bool ours = strncmp(entry->d_name, SPOOL_BEGIN, sizeof SPOOL_BEGIN - 1) == 0;
        if (ours && fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && now - st.st_mtime > SPOOL_SECONDS_MAX) {
            unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    closedir(dir);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/registry/disk.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 2, STEP_US = 1000, SECTOR = 512 };

static const char *const names[FILES] = {"data.mdb", "journal"};

/* ------------------------------------------------------------------ one wait */

static atomic_int calls_until;     /* calls that pass before the one that is meant */
static atomic_int then;            /* what becomes of that one */
static atomic_int fails_in[FILES]; /* calls until one fails, 0: none does */
static atomic_long holder;         /* the thread that was held first; HOLD_OTHERS lets it pass */
static atomic_int passed;          /* its calls that have passed */
static atomic_bool held;
static atomic_bool fails; /* the call that is held, when it is released */
static atomic_int releases;

void disk_meet(enum disk_fate fate, int calls)
{
    atomic_store(&then, DISK_PASS);
    atomic_store(&held, false);
    atomic_store(&calls_until, calls);
    atomic_store(&then, fate);
}

void disk_fail(const char *name, int calls)
{
    atomic_store(&fails_in[strcmp(name, names[0]) == 0 ? 0 : 1], calls + 1);
}

bool disk_is_held(void)
{
    return atomic_load(&held);
}

void disk_wait_until_held(void)
{
    while (!disk_is_held()) {
        usleep(STEP_US);
    }
}

void disk_release(bool refused)
{
    atomic_store(&fails, refused);
    atomic_fetch_add(&releases, 1);
}

int disk_passed(void)
{
    return atomic_load(&passed);
}

static void hold(void)
{
    int before = atomic_load(&releases);
    atomic_store(&held, true);
    while (atomic_load(&releases) == before) {
        usleep(STEP_US);
    }
}

static char folder[1024]; /* of the store that is watched; "": none is */

/* Which of the files it is, in any store, or in that which is watched; FILES: none of them. */
static int which(int file, bool in_watched)
{
    char link[40];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t len = readlink(link, path, sizeof path - 1);
    path[len < 0 ? 0 : len] = '\0';
    const char *name = strrchr(path, '/');
    bool here = in_watched && name != NULL && strlen(folder) == (size_t)(name - path) &&
                memcmp(folder, path, strlen(folder)) == 0;
    for (int i = 0; i < FILES && name != NULL && (here || !in_watched); i++) {
        if (strcmp(name + 1, names[i]) == 0) {
            return i;
        }
    }
    return FILES;
}

static bool fails_now(int file)
{
    int i = which(file, false);
    return i < FILES && atomic_load(&fails_in[i]) > 0 && atomic_fetch_sub(&fails_in[i], 1) == 1;
}

/* False: the disk refuses. */
static bool pass(int file)
{
    int what = atomic_load(&then);
    if (fails_now(file)) {
        return false;
    }
    if (what == DISK_PASS) {
        return true;
    }
    long thread = syscall(SYS_gettid);
    bool meant = what == DISK_HOLD_OTHERS ? thread != atomic_load(&holder)
                                          : atomic_fetch_sub(&calls_until, 1) == 0;
    if (what == DISK_BREAK) {
        return atomic_load(&calls_until) >= 0;
    }
    if (!meant) {
        return true;
    }
    atomic_store(&then, DISK_PASS);
    if (what == DISK_FAIL) {
        return false;
    }
    if (what == DISK_HOLD) {
        atomic_store(&holder, thread);
    }
    hold();
    return !atomic_exchange(&fails, false);
}

/* ------------------------------------------------------------------ what the disk has */

struct image {
    char *bytes;
    size_t len;
    uint64_t order;
};

static pthread_rwlock_t writing = PTHREAD_RWLOCK_INITIALIZER; /* alone: a file is being copied */
static atomic_bool watched;
static struct image images[FILES]; /* by who copies */
static atomic_ullong copies;

static struct image copy(int i)
{
    struct stat st = {.st_size = 0};
    char path[1100];
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct image image = {.order = atomic_fetch_add(&copies, 1) + 1};
    if (file >= 0 && fstat(file, &st) == 0) {
        image.bytes = malloc((size_t)st.st_size + 1);
        ssize_t got = pread(file, image.bytes, (size_t)st.st_size, 0);
        if (got != st.st_size) { /* also in processes of which no test can be told */
            abort();
        }
        image.len = (size_t)st.st_size;
        close(file);
    }
    return image;
}

static void keep(int i, struct image image)
{
    pthread_rwlock_wrlock(&writing);
    if (image.order > images[i].order) {
        struct image older = images[i];
        images[i] = image;
        image = older;
    }
    pthread_rwlock_unlock(&writing);
    free(image.bytes);
}

void disk_watch(const char *dir)
{
    char *whole = realpath(dir, NULL);
    cr_assert_not_null(whole);
    snprintf(folder, sizeof folder, "%s", whole);
    free(whole);
    for (int i = 0; i < FILES; i++) {
        pthread_rwlock_wrlock(&writing);
        struct image image = copy(i);
        pthread_rwlock_unlock(&writing);
        keep(i, image);
    }
    atomic_store(&watched, true);
}

static void put_file(const char *dir, const char *name, const struct image *image)
{
    char path[1100];
    if (image->bytes == NULL) {
        return;
    }
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(image->bytes, 1, image->len, file), image->len);
    cr_assert_eq(fclose(file), 0);
}

/* Sectors come to the disk in any order. */
static void mix(struct image *now, const struct image *synced)
{
    static unsigned short seed[3];
    for (size_t at = 0; at < now->len; at += SECTOR) {
        size_t len = now->len - at < SECTOR ? now->len - at : SECTOR;
        size_t there = at < synced->len ? synced->len - at : 0;
        if (nrand48(seed) % 2 == 0) {
            memset(now->bytes + at, 0, len);
            if (there > 0) {
                memcpy(now->bytes + at, synced->bytes + at, there < len ? there : len);
            }
        }
    }
}

/* With the lock. */
static struct image take(int i, unsigned got)
{
    struct image image;
    if (got & (1U << i | DISK_GOT_SOME)) {
        image = copy(i);
    } else {
        image = images[i];
        image.bytes = images[i].bytes == NULL ? NULL : malloc(image.len + 1);
    }
    if (image.bytes != NULL && got & DISK_GOT_SOME) {
        mix(&image, &images[i]);
    } else if (image.bytes != NULL && (got & 1U << i) == 0) {
        memcpy(image.bytes, images[i].bytes, image.len);
    }
    return image;
}

void disk_lose_power(const char *to, unsigned got)
{
    struct image taken[FILES];
    pthread_rwlock_wrlock(&writing);
    for (int i = 0; i < FILES; i++) {
        taken[i] = take(i, got);
    }
    pthread_rwlock_unlock(&writing);
    for (int i = 0; i < FILES; i++) {
        put_file(to, names[i], &taken[i]);
        free(taken[i].bytes);
    }
}

/* ------------------------------------------------------------------ in place of the C library's */

static int wait_for_disk(long call, int file)
{
    struct image image = {.order = 0};
    int i = atomic_load(&watched) ? which(file, true) : FILES;
    if (!pass(file)) {
        errno = EIO;
        return -1;
    }
    if (i < FILES) {
        pthread_rwlock_wrlock(&writing);
        image = copy(i);
        pthread_rwlock_unlock(&writing);
    }
    int result = (int)syscall(call, file);
    if (result == 0 && i < FILES) {
        keep(i, image);
    } else {
        free(image.bytes);
    }
    if (syscall(SYS_gettid) == atomic_load(&holder)) {
        atomic_fetch_add(&passed, 1);
    }
    return result;
}

int fdatasync(int file)
{
    return wait_for_disk(SYS_fdatasync, file);
}

int fsync(int file)
{
    return wait_for_disk(SYS_fsync, file);
}

ssize_t pwrite(int file, const void *bytes, size_t len, off_t at)
{
    pthread_rwlock_rdlock(&writing);
    ssize_t written = syscall(SYS_pwrite64, file, bytes, len, at);
    pthread_rwlock_unlock(&writing);
    return written;
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    pthread_rwlock_rdlock(&writing);
    ssize_t written = syscall(SYS_writev, file, parts, count);
    pthread_rwlock_unlock(&writing);
    return written;
}

static atomic_uint slowed_ms;

void disk_slow_down(unsigned ms)
{
    atomic_store(&slowed_ms, ms);
}

int fallocate(int file, int mode, off_t at, off_t len)
{
    usleep(1000 * atomic_load(&slowed_ms));
    return (int)syscall(SYS_fallocate, file, mode, at, len);
}

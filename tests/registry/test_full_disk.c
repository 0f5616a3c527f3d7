/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is full: what does not fit is refused as ERR_NO_SPACE, nothing is lost, reading goes
 * on, and writing too as soon as there is room. Once with a limit of this process on the size of
 * files, which works everywhere, once with a small file system of its own where that is allowed.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(full_disk, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { FILLER = 900000, ROOM = 8 << 20, ATTEMPTS = 100 };

static enum err_code import_version(struct registry *registry, int version, struct err *err)
{
    char json[TEMPLATE_JSON];
    size_t len = 0;
    *err = (struct err){.code = ERR_OK};
    template_json(json, "press", version);
    char *package = template_package(json, FILLER + (size_t)version, &len);
    enum err_code code = template_import(registry, package, len, "a.aasx", err);
    free(package);
    return code;
}

/* Imports until nothing fits; gives how many versions are in. */
static int fill(struct registry *registry)
{
    struct err err;
    for (int version = 1; version <= ATTEMPTS; version++) {
        enum err_code code = import_version(registry, version, &err);
        if (code != ERR_OK) {
            cr_expect_eq(code, ERR_NO_SPACE, "%s: %s", err_symbol(code), err.text);
            cr_expect_eq(err_http_status(code), 507);
            cr_expect_neq(err.remedy[0], '\0');
            return version - 1;
        }
    }
    cr_expect_fail("the disk has not become full");
    return ATTEMPTS;
}

static void expect_versions(struct registry *registry, int count)
{
    for (int version = 1; version <= count; version++) {
        cr_expect(template_version_exists(registry, "press", version), "version %d", version);
    }
    cr_expect_not(template_version_exists(registry, "press", count + 1));
    fixture_verify(registry);
}

static bool write_small(struct registry *registry, int value, enum err_code *code)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, "urn:small", "Small", value);
    *code = fixture_write(registry, REGISTRY_UPSERT, "urn:small", json, NULL);
    return *code == ERR_OK || *code == ERR_NO_SPACE;
}

Test(full_disk, of_limited_files_refuses_imports_and_loses_nothing)
{
    struct registry *registry = fixture_open();
    struct rlimit before;
    struct err err;
    enum err_code code = ERR_OK;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    struct rlimit small = {.rlim_cur = ROOM, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    int stored = fill(registry);
    cr_expect_gt(stored, 2);
    expect_versions(registry, stored);
    cr_expect(write_small(registry, 1, &code), "%s", err_symbol(code));
    setrlimit(RLIMIT_FSIZE, &before);
    expect_versions(registry, stored);
    cr_expect_eq(import_version(registry, stored + 1, &err), ERR_OK, "%s", err.text);
    cr_expect(write_small(registry, 2, &code) && code == ERR_OK);
    expect_versions(registry, stored + 1);
    registry_close(registry);
    registry = fixture_open();
    expect_versions(registry, stored + 1);
    registry_close(registry);
}

/* ------------------------------------------------------------------ a file system of its own */

/* Only this process sees it. */
static bool mount_small(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", fixture_dir, "tmpfs", 0, "size=8m") == 0;
}

static void path_of_filler(char path[256])
{
    snprintf(path, 256, "%s/filler", fixture_dir);
}

/* Takes the last byte that is free. */
static void take_rest(void)
{
    char path[256];
    char block[512];
    memset(block, 'x', sizeof block);
    path_of_filler(path);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    while (fwrite(block, 1, sizeof block, file) == sizeof block) {
    }
    fclose(file);
    struct statvfs stat;
    cr_assert_eq(statvfs(fixture_dir, &stat), 0);
    cr_assert_eq(stat.f_bavail, 0);
}

enum { READERS = 500 };
static pthread_barrier_t all_reading;

/* Each needs a slot of its own in the table of readers, which is a file too. */
static void *read_together(void *context)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(context, &view, NULL);
    pthread_barrier_wait(&all_reading);
    if (code == ERR_OK) {
        registry_view_end(&view);
    }
    return code == ERR_OK ? NULL : context;
}

static void expect_many_readers(struct registry *registry)
{
    static pthread_t threads[READERS];
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    pthread_barrier_init(&all_reading, NULL, READERS);
    for (int i = 0; i < READERS; i++) {
        cr_assert_eq(pthread_create(&threads[i], &small, read_together, registry), 0);
    }
    for (int i = 0; i < READERS; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        cr_expect_null(wrong);
    }
    pthread_attr_destroy(&small);
}

Test(full_disk, of_its_own_keeps_readers_and_gives_room_back)
{
    char path[256];
    struct err err;
    enum err_code code = ERR_OK;
    if (!mount_small()) {
        cr_skip_test("no file system may be mounted here");
    }
    struct registry *registry = fixture_open();
    int stored = fill(registry);
    cr_expect_gt(stored, 2);
    take_rest();
    cr_expect_eq(import_version(registry, stored + 1, &err), ERR_NO_SPACE, "%s", err.text);
    cr_expect(write_small(registry, 1, &code), "%s", err_symbol(code));
    expect_many_readers(registry);
    expect_versions(registry, stored);
    path_of_filler(path);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(mount("tmpfs", fixture_dir, NULL, MS_REMOUNT, "size=64m"), 0);
    cr_expect_eq(import_version(registry, stored + 1, &err), ERR_OK, "%s", err.text);
    cr_expect(write_small(registry, 2, &code) && code == ERR_OK);
    expect_versions(registry, stored + 1);
    registry_close(registry);
    cr_expect_eq(umount(fixture_dir), 0);
}

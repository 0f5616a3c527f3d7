/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two processes on one store: a server and an import from the command line. Both begin with a map
 * that is much too small, so that each takes over the growth of the other again and again.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "registry/documents.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(processes, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { SMALL_MAP = 1 << 20, VERSIONS = 24, FILLER = 1200000, EDITS = 60, WRITES = 60 };

static struct registry *open_small(void)
{
    struct registry_options options = {
        .store = {.dir = fixture_dir, .map_bytes = SMALL_MAP}, .without_library = true};
    struct registry *registry = NULL;
    return registry_open(&options, &registry, NULL) == ERR_OK ? registry : NULL;
}

/* Edits of another process are met by trying again, now and then until the caller has to. */
static int edit_shared(struct registry *registry)
{
    int wrong = 0;
    for (int i = 0; i < EDITS; i++) {
        enum err_code code = ERR_BUSY;
        while (code == ERR_BUSY) {
            code = registry_edit(registry, REGISTRY_SUBMODEL, "urn:shared", 10, NULL,
                DOCUMENT_LOG_VALUE, fixture_add_one, NULL, NULL, NULL, NULL);
        }
        wrong += code != ERR_OK;
    }
    return wrong;
}

static int import_all(struct registry *registry, const char *name)
{
    int wrong = 0;
    char json[TEMPLATE_JSON];
    for (int version = 1; version <= VERSIONS; version++) {
        size_t len = 0;
        template_json(json, name, version);
        char *package = template_package(json, FILLER + (size_t)version, &len);
        wrong += template_import(registry, package, len, "a.aasx", NULL) != ERR_OK;
        free(package);
    }
    return wrong;
}

static pid_t in_child(int (*work)(struct registry *registry))
{
    pid_t child = fork();
    if (child == 0) {
        struct registry *registry = open_small();
        int wrong = registry == NULL ? 1 : work(registry);
        registry_close(registry);
        _exit(wrong > 0);
    }
    return child;
}

static bool ended_well(pid_t child)
{
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int child_imports(struct registry *registry)
{
    return import_all(registry, "child") + edit_shared(registry);
}

/* What a reader meets while both write: every version that a family counts can be read. */
struct reader {
    struct registry *registry;
    _Atomic int stop;
    int wrong;
    int reads;
};

static void read_once(struct reader *reader)
{
    struct arena arena;
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions = NULL;
    struct registry_version newest;
    const char *json = NULL;
    size_t count = 0;
    size_t len = 0;
    arena_init(&arena, (size_t)64 << 20);
    bool begun = registry_view_begin(reader->registry, &view, NULL) == ERR_OK;
    reader->wrong += !begun;
    if (begun) {
        enum err_code code =
            registry_family(&view, &arena, "a.example-smt-child", &family, &versions, &count, NULL);
        reader->wrong += code != ERR_OK && code != ERR_NOT_FOUND;
        reader->wrong += code == ERR_OK && count != family.versions;
        reader->wrong += code == ERR_OK && registry_version(&view, &arena, "a.example-smt-child",
                                               NULL, &newest, &json, &len, NULL) != ERR_OK;
        reader->reads++;
        registry_view_end(&view);
    }
    arena_finish(&arena);
}

static void *read_on(void *context)
{
    struct reader *reader = context;
    while (!reader->stop) {
        read_once(reader);
        usleep(1000);
    }
    return NULL;
}

static int write_own(struct registry *registry)
{
    int wrong = 0;
    char json[FIXTURE_JSON];
    char id[32];
    for (int i = 0; i < WRITES; i++) {
        snprintf(id, sizeof id, "urn:own:%d", i % 20);
        fixture_submodel(json, id, i % 2 == 0 ? "Even" : "Odd", i);
        wrong += fixture_write(registry, REGISTRY_UPSERT, id, json, NULL) != ERR_OK;
    }
    return wrong;
}

static void check_shared(struct registry *registry)
{
    struct registry_view view;
    struct registry_document document;
    char wanted[32];
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, "urn:shared", 10, &document, NULL), ERR_OK);
    snprintf(wanted, sizeof wanted, "\"value\":\"%d\"", 2 * EDITS);
    cr_expect_not_null(memmem(document.json, document.json_len, wanted, strlen(wanted)));
    cr_expect_eq(document.revision, 1 + 2 * EDITS);
    registry_view_end(&view);
}

Test(processes, import_beside_a_server_that_reads_and_writes)
{
    char json[FIXTURE_JSON];
    struct reader reader = {.wrong = 0};
    struct store_stats stats;
    pthread_t thread;
    struct registry *registry = open_small();
    cr_assert_not_null(registry);
    fixture_submodel(json, "urn:shared", "Shared", 0);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:shared", json, NULL), ERR_OK);
    registry_close(registry);
    pid_t child = in_child(child_imports);
    registry = open_small();
    cr_assert_not_null(registry);
    reader.registry = registry;
    pthread_create(&thread, NULL, read_on, &reader);
    cr_expect_eq(write_own(registry), 0);
    cr_expect_eq(import_all(registry, "parent"), 0);
    cr_expect_eq(edit_shared(registry), 0);
    cr_expect(ended_well(child), "the child had failures");
    reader.stop = 1;
    pthread_join(thread, NULL);
    cr_expect_eq(reader.wrong, 0);
    cr_expect_gt(reader.reads, 10);
    check_shared(registry);
    for (int version = 1; version <= VERSIONS; version++) {
        cr_expect(template_version_exists(registry, "child", version), "child %d", version);
        cr_expect(template_version_exists(registry, "parent", version), "parent %d", version);
    }
    store_statistics(registry_store(registry), &stats);
    cr_expect_gt(stats.map_bytes, 2 * VERSIONS * FILLER, "the map has grown");
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ the same things */

static int child_same(struct registry *registry)
{
    return import_all(registry, "same");
}

Test(processes, same_files_imported_by_two_are_stored_once)
{
    pid_t child = in_child(child_same);
    struct registry *registry = open_small();
    cr_assert_not_null(registry);
    cr_expect_eq(import_all(registry, "same"), 0);
    cr_expect(ended_well(child), "the child had failures");
    for (int version = 1; version <= VERSIONS; version++) {
        cr_expect(template_version_exists(registry, "same", version), "version %d", version);
    }
    cr_expect_not(template_version_exists(registry, "same", VERSIONS + 1));
    fixture_verify(registry);
    registry_close(registry);
}

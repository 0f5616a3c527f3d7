/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 at any moment: what was acknowledged is there, and all parts of the store agree. A child
 * writes documents and imports templates, plain and as packages, with several threads and reports
 * each acknowledged write through a pipe.
 */
#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "registry/documents.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(kill, .init = fixture_start, .fini = fixture_stop, .timeout = 600);

enum {
    WRITERS = 6,
    IMPORTERS = 2,
    IDS_EACH = 5,
    ROUNDS = 10,
    PACKAGE_EVERY = 3,
    FILLER = 1500000, /* bytes of a package, so that it has two chunks */
};

/* "This id had this many acknowledged writes", or its deletion. Smaller than PIPE_BUF: atomic. */
struct acknowledged {
    bool template; /* version `value` of the writer's template in this round */
    int writer;
    int id;
    int value;
    bool deleted;
};

struct writer {
    pthread_t thread;
    struct registry *registry;
    int number;
    int pipe;
    int start; /* values go on from round to round */
    int round;
};

static enum err_code set_speed(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err)
{
    (void)err;
    size_t count = 0;
    struct aas_node **elements = aas_children(identifiable, &count);
    return aas_set_text(arena, elements[0], PROP_value, context, strlen(context));
}

static enum err_code write_one(struct registry *registry, const char *id, int value, bool deletes)
{
    char json[FIXTURE_JSON];
    char text[16];
    if (deletes) {
        return fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL);
    }
    if (value % 3 == 1) {
        snprintf(text, sizeof text, "%d", value);
        enum err_code code = registry_edit(registry, REGISTRY_SUBMODEL, id, strlen(id), NULL,
            DOCUMENT_LOG_VALUE, set_speed, text, NULL, NULL, NULL);
        if (code != ERR_NOT_FOUND) {
            return code;
        }
    }
    fixture_submodel(json, id, value % 2 == 0 ? "Even" : "Odd", value);
    return fixture_write(registry, REGISTRY_UPSERT, id, json, NULL);
}

static void *write_for_ever(void *context)
{
    struct writer *writer = context;
    for (int value = writer->start;; value++) {
        char id[32];
        struct acknowledged done = {
            .writer = writer->number, .id = value % IDS_EACH, .value = value};
        done.deleted = value % 17 == 0;
        snprintf(id, sizeof id, "urn:%d:%d", done.writer, done.id);
        enum err_code code = write_one(writer->registry, id, value, done.deleted);
        if (code != ERR_OK && !(done.deleted && code == ERR_NOT_FOUND)) {
            _exit(3);
        }
        if (write(writer->pipe, &done, sizeof done) != (ssize_t)sizeof done) {
            _exit(4);
        }
    }
    return NULL;
}

static void template_name(char name[32], int importer, int round)
{
    snprintf(name, 32, "press%c-round%d", 'a' + importer, round);
}

/* Every so often a template comes as a package, which is stored in several chunks. */
static enum err_code import_one(struct registry *registry, const char *name, int version)
{
    char json[TEMPLATE_JSON];
    size_t len = 0;
    template_json(json, name, version);
    if (version % PACKAGE_EVERY != 0) {
        return template_import(registry, json, strlen(json), "template.json", NULL);
    }
    char *package = template_package(json, FILLER, &len);
    enum err_code code = template_import(registry, package, len, "template.aasx", NULL);
    free(package);
    return code;
}

static void *import_for_ever(void *context)
{
    struct writer *writer = context;
    char name[32];
    template_name(name, writer->number, writer->round);
    for (int version = 1;; version++) {
        struct acknowledged done = {.template = true, .writer = writer->number, .value = version};
        if (import_one(writer->registry, name, version) != ERR_OK) {
            _exit(5);
        }
        if (write(writer->pipe, &done, sizeof done) != (ssize_t)sizeof done) {
            _exit(4);
        }
    }
    return NULL;
}

static void run_child(int pipe, int start, int round)
{
    static struct writer writers[WRITERS];
    static struct writer importers[IMPORTERS];
    struct registry *registry = fixture_open();
    for (int i = 0; i < WRITERS; i++) {
        writers[i] =
            (struct writer){.registry = registry, .number = i, .pipe = pipe, .start = start};
        pthread_create(&writers[i].thread, NULL, write_for_ever, &writers[i]);
    }
    for (int i = 0; i < IMPORTERS; i++) {
        importers[i] =
            (struct writer){.registry = registry, .number = i, .pipe = pipe, .round = round};
        pthread_create(&importers[i].thread, NULL, import_for_ever, &importers[i]);
    }
    for (;;) {
        pause();
    }
}

/* The newest acknowledged write of each id. */
static struct acknowledged newest[WRITERS][IDS_EACH];
static int highest;
static int versions[IMPORTERS]; /* acknowledged in this round */
static size_t acknowledged_count;
static size_t version_count;

static void take(const struct acknowledged *done)
{
    if (done->template) {
        versions[done->writer] = done->value;
        version_count++;
        return;
    }
    newest[done->writer][done->id] = *done;
    highest = done->value > highest ? done->value : highest;
    acknowledged_count++;
}

static void read_for(int pipe, int milliseconds)
{
    struct timespec start;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        long passed = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
        struct pollfd ready = {.fd = pipe, .events = POLLIN};
        struct acknowledged done;
        if (passed >= milliseconds) {
            return;
        }
        if (poll(&ready, 1, milliseconds - (int)passed) > 0) {
            cr_assert_eq(read(pipe, &done, sizeof done), (ssize_t)sizeof done);
            take(&done);
        }
    }
}

/* Each writer has one write under way when it is killed: it may be there or not. */
static void check_one(struct registry_view *view, const struct acknowledged *done)
{
    struct registry_document document;
    char id[32];
    char wanted[64];
    snprintf(id, sizeof id, "urn:%d:%d", done->writer, done->id);
    enum err_code code = registry_get(view, REGISTRY_SUBMODEL, id, strlen(id), &document, NULL);
    int next = done->value + IDS_EACH; /* what this writer would write to it after that */
    if (code == ERR_NOT_FOUND) {
        cr_expect(done->deleted || next % 17 == 0, "%s is lost", id);
        return;
    }
    cr_assert_eq(code, ERR_OK);
    snprintf(wanted, sizeof wanted, "\"value\":\"%d\"", done->value);
    bool is_newest = memmem(document.json, document.json_len, wanted, strlen(wanted)) != NULL;
    snprintf(wanted, sizeof wanted, "\"value\":\"%d\"", next);
    bool is_next = memmem(document.json, document.json_len, wanted, strlen(wanted)) != NULL;
    cr_expect((is_newest && !done->deleted) || is_next, "%s has lost value %d", id, done->value);
}

static void check_templates(struct registry *registry, int round)
{
    char name[32];
    for (int i = 0; i < IMPORTERS; i++) {
        template_name(name, i, round);
        for (int version = 1; version <= versions[i]; version++) {
            cr_expect(template_version_exists(registry, name, version), "%s version %d is lost",
                name, version);
        }
        cr_expect_not(template_version_exists(registry, name, versions[i] + 2));
    }
}

static void check_all(int round)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (int w = 0; w < WRITERS; w++) {
        for (int i = 0; i < IDS_EACH; i++) {
            if (newest[w][i].value > 0) {
                check_one(&view, &newest[w][i]);
            }
        }
    }
    registry_view_end(&view);
    check_templates(registry, round);
    fixture_verify(registry);
    registry_close(registry);
}

static void one_round(int milliseconds, int round)
{
    int ends[2];
    int status = 0;
    struct acknowledged done;
    cr_assert_eq(pipe(ends), 0);
    memset(newest, 0, sizeof newest);
    memset(versions, 0, sizeof versions);
    int start = (highest / IDS_EACH + 2) * IDS_EACH;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_child(ends[1], start, round);
    }
    close(ends[1]);
    read_for(ends[0], milliseconds);
    kill(child, SIGKILL);
    while (read(ends[0], &done, sizeof done) == (ssize_t)sizeof done) {
        take(&done);
    }
    close(ends[0]);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child ended by itself");
    check_all(round);
}

Test(kill, acknowledged_writes_survive_and_everything_agrees)
{
    const char *wanted = getenv("JIG_KILL_ROUNDS");
    int rounds = wanted != NULL ? atoi(wanted) : ROUNDS;
    unsigned seed = (unsigned)time(NULL);
    unsigned random = seed;
    /* A machine that is busy otherwise gets more rounds. */
    for (int i = 0; i < rounds || (i < 10 * rounds && version_count <= (size_t)rounds); i++) {
        one_round(30 + rand_r(&random) % 200, i);
    }
    cr_expect_gt(acknowledged_count, (size_t)rounds);
    cr_expect_gt(version_count, (size_t)rounds);
    fprintf(stderr, "kill: %d rounds, %zu acknowledged writes, %zu imported versions (seed %u)\n",
        rounds, acknowledged_count, version_count, seed);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 while lists are being registered: an acknowledged list is there, and of no list only a
 * part is there. Each writer registers lists of the same ids with ever higher values; after the
 * kill all ids of a writer have one value, the last acknowledged one or the one under way.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aas/json.h"
#include "registry/registered.h"
#include "tests/registry/registry_fixture.h"

TestSuite(kill_registered, .init = fixture_start, .fini = fixture_stop, .timeout = 300);

enum { WRITERS = 4, IDS = 3, ROUNDS = 6, SHORTEST_MS = 40, LONGEST_MS = 240 };

struct acknowledged {
    int writer;
    int value;
};

struct writer {
    pthread_t thread;
    struct registry *registry;
    int number;
    int pipe;
    int start;
};

/* Shells, so that links and descriptors change together; the second id is stored as well. */
static enum err_code register_list(struct registry *registry, int writer, int value)
{
    struct registered_change changes[IDS];
    struct arena arena;
    char json[300];
    char ids[IDS][40];
    arena_init(&arena, SIZE_MAX);
    for (int i = 0; i < IDS; i++) {
        enum registered_kind kind = i == 2 ? REGISTERED_LINKS : REGISTERED_SHELL;
        snprintf(ids[i], sizeof ids[i], "urn:%d:%d", writer, i);
        changes[i] = (struct registered_change){
            .kind = kind, .operation = REGISTRY_UPSERT, .id = ids[i], .id_len = strlen(ids[i])};
        snprintf(json, sizeof json,
            kind == REGISTERED_LINKS
                ? "{\"specificAssetIds\":[{\"name\":\"value%.0s\",\"value\":\"V%d\"}]}"
                : "{\"assetType\":\"V%2$d\",\"id\":\"%1$s\"}",
            ids[i], value);
        if (aas_json_read(&arena, json, strlen(json), registered_class(kind), NULL,
                &changes[i].tree, NULL) != ERR_OK) {
            _exit(2);
        }
    }
    enum err_code code = registered_change(registry, changes, IDS, NULL, NULL, NULL, NULL);
    arena_finish(&arena);
    return code;
}

static void *register_for_ever(void *context)
{
    struct writer *writer = context;
    for (int value = writer->start;; value++) {
        struct acknowledged done = {.writer = writer->number, .value = value};
        if (register_list(writer->registry, writer->number, value) != ERR_OK) {
            _exit(3);
        }
        if (write(writer->pipe, &done, sizeof done) != (ssize_t)sizeof done) {
            _exit(4);
        }
    }
    return NULL;
}

static void run_child(int pipe, int start)
{
    static struct writer writers[WRITERS];
    struct registry *registry = fixture_open();
    for (int i = 0; i < WRITERS; i++) {
        writers[i] =
            (struct writer){.registry = registry, .number = i, .pipe = pipe, .start = start};
        pthread_create(&writers[i].thread, NULL, register_for_ever, &writers[i]);
    }
    for (;;) {
        pause();
    }
}

/* The value of one registration, 0 when there is none. */
static int value_of(struct registry_view *view, enum registered_kind kind, int writer, int i)
{
    struct registered entry;
    char id[40];
    int value = 0;
    snprintf(id, sizeof id, "urn:%d:%d", writer, i);
    cr_assert_eq(registered_look(view, kind, id, strlen(id), &entry, NULL), ERR_OK);
    if (entry.state.given) {
        const char *at = memmem(entry.json, entry.json_len, "\"V", 2);
        cr_assert_not_null(at);
        value = atoi(at + 2);
    }
    return value;
}

static void check(const int newest[WRITERS])
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (int w = 0; w < WRITERS; w++) {
        int value = value_of(&view, REGISTERED_SHELL, w, 0);
        cr_expect(newest[w] == 0 || value == newest[w] || value == newest[w] + 1,
            "writer %d: %d was acknowledged, %d is there", w, newest[w], value);
        cr_expect_eq(value_of(&view, REGISTERED_SHELL, w, 1), value, "a part of a list is there");
        cr_expect_eq(value_of(&view, REGISTERED_LINKS, w, 2), value, "a part of a list is there");
    }
    registry_view_end(&view);
    fixture_verify(registry);
    registry_close(registry);
}

Test(kill_registered, an_acknowledged_list_survives_and_none_is_there_in_part)
{
    unsigned random = (unsigned)getpid();
    int highest = 0;
    size_t count = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        int status = 0;
        int newest[WRITERS] = {0};
        struct acknowledged done;
        cr_assert_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            run_child(ends[1], highest + 2);
        }
        close(ends[1]);
        usleep(1000 * (SHORTEST_MS + (unsigned)rand_r(&random) % (LONGEST_MS - SHORTEST_MS)));
        kill(child, SIGKILL);
        while (read(ends[0], &done, sizeof done) == (ssize_t)sizeof done) {
            newest[done.writer] = done.value;
            highest = done.value > highest ? done.value : highest;
            count++;
        }
        close(ends[0]);
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child ended by itself");
        check(newest);
    }
    cr_expect_gt(count, (size_t)ROUNDS);
    fprintf(stderr, "kill: %d rounds, %zu acknowledged lists\n", ROUNDS, count);
}

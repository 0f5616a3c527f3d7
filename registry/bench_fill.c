/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made-up sets as files, and into a store: through the import, like files that come from outside.
 * Several threads, because a commit carries whatever is waiting.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>

#include "registry/bench_data.h"

enum { THREADS = 16, FILE_CEILING = 64 << 20, TOLD_EVERY = 100 };

size_t bench_data_files(const struct bench_fill *asked)
{
    return (size_t)(asked->templates + (asked->submodels + BENCH_SUBMODELS - 1) / BENCH_SUBMODELS);
}

void bench_data_file(
    struct buf *to, char *name, size_t name_size, const struct bench_fill *asked, size_t at)
{
    if (at < asked->templates) {
        snprintf(name, name_size, "template-%07zu.json", at);
        bench_data_template(to, asked->seed, at);
        return;
    }
    uint64_t part = at - asked->templates;
    uint64_t first = part * BENCH_SUBMODELS;
    uint64_t left = asked->submodels - first;
    snprintf(name, name_size, "submodels-%07" PRIu64 ".json", part);
    bench_data_submodels(to, asked->seed, first,
        left < BENCH_SUBMODELS ? (size_t)left : BENCH_SUBMODELS,
        asked->templates > 0 ? asked->templates : 1);
}

struct filling {
    struct registry *registry;
    const struct bench_fill *asked;
    pthread_mutex_t lock;
    size_t next;
    size_t done;
    size_t total;
    enum err_code code;
    struct err *err;
};

static bool claim(struct filling *filling, size_t *at)
{
    pthread_mutex_lock(&filling->lock);
    bool there = filling->code == ERR_OK && filling->next < filling->total;
    *at = there ? filling->next++ : 0;
    pthread_mutex_unlock(&filling->lock);
    return there;
}

static void note(struct filling *filling, enum err_code code, const struct err *err)
{
    pthread_mutex_lock(&filling->lock);
    filling->done++;
    if (code != ERR_OK && filling->code == ERR_OK) {
        filling->code = code;
        if (filling->err != NULL) {
            *filling->err = *err;
        }
    }
    bool due = filling->done % TOLD_EVERY == 0 || filling->done == filling->total;
    if (due && filling->asked->told != NULL) {
        filling->asked->told(filling->done, filling->total);
    }
    pthread_mutex_unlock(&filling->lock);
}

static enum err_code import_one(struct filling *filling, size_t at, struct err *err)
{
    char name[64];
    struct buf bytes;
    struct arena arena;
    struct report report;
    struct registry_import_result result;
    buf_init(&bytes, FILE_CEILING);
    arena_init(&arena, SIZE_MAX);
    report_init(&report);
    bench_data_file(&bytes, name, sizeof name, filling->asked, at);
    const struct registry_import input = {
        .bytes = bytes.bytes, .len = bytes.len, .strict = true, .format = JUDGE_JSON};
    enum err_code code =
        buf_failed(&bytes)
            ? err_set(err, ERR_NO_MEMORY, "not enough memory for %s", name)
            : registry_import(filling->registry, &arena, &input, NULL, &report, &result, err);
    report_finish(&report);
    arena_finish(&arena);
    buf_finish(&bytes);
    return code;
}

static void *fill(void *context)
{
    struct filling *filling = context;
    size_t at = 0;
    while (claim(filling, &at)) {
        struct err err = {.code = ERR_OK};
        note(filling, import_one(filling, at, &err), &err);
    }
    return NULL;
}

/* One part of the set; the parts follow each other. */
static enum err_code fill_part(struct filling *filling, size_t end)
{
    pthread_t threads[THREADS];
    size_t started = 0;
    filling->total = end;
    while (started < THREADS && pthread_create(&threads[started], NULL, fill, filling) == 0) {
        started++;
    }
    if (started == 0) {
        fill(filling);
    }
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return filling->code;
}

enum err_code bench_data_fill(
    struct registry *registry, const struct bench_fill *asked, struct err *err)
{
    struct filling filling = {.registry = registry, .asked = asked, .err = err};
    pthread_mutex_init(&filling.lock, NULL);
    enum err_code code = fill_part(&filling, (size_t)asked->templates);
    code = code == ERR_OK ? fill_part(&filling, bench_data_files(asked)) : code;
    pthread_mutex_destroy(&filling.lock);
    return code;
}

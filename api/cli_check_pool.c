/* SPDX-License-Identifier: Apache-2.0 */
/* Judging many files at the same time, printing in their order. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/cli_check.h"

enum {
    MAX_THREADS = 16,
    AHEAD = 64,                      /* files judged or waiting per thread beyond the one printed */
    HELD_CEILING = 64 * 1024 * 1024, /* bytes of outcomes that wait for one before them */
    KEPT_ROOM = 256 * 1024           /* bytes that an outcome keeps for the next file */
};

struct slot {
    struct check_outcome outcome;
    bool ready;
};

struct pool {
    const struct check_settings *settings;
    const struct cli_files *files;
    struct slot *slots;
    size_t window; /* slots */
    size_t next;   /* file to be judged next */
    size_t printed;
    size_t held; /* bytes of outcomes that are ready */
    pthread_mutex_t lock;
    pthread_cond_t ready;
    pthread_cond_t room;
};

/* Called with the lock. The file that is waited for is always taken up. */
static bool has_room(const struct pool *pool)
{
    return pool->next == pool->printed ||
           (pool->next < pool->printed + pool->window && pool->held < HELD_CEILING);
}

/* The next file to judge, or the number of files when none is left. */
static size_t claim(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->next < pool->files->count && !has_room(pool)) {
        pthread_cond_wait(&pool->room, &pool->lock);
    }
    size_t position = pool->next < pool->files->count ? pool->next++ : pool->files->count;
    pthread_mutex_unlock(&pool->lock);
    return position;
}

static void *work(void *context)
{
    struct pool *pool = context;
    for (size_t at = claim(pool); at < pool->files->count; at = claim(pool)) {
        struct slot *slot = &pool->slots[at % pool->window];
        check_run(pool->settings, pool->files->paths[at], &slot->outcome);
        pthread_mutex_lock(&pool->lock);
        slot->ready = true;
        pool->held += slot->outcome.out.len;
        if (at == pool->printed) {
            pthread_cond_signal(&pool->ready);
        }
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

static void wait_for(struct pool *pool, struct slot *slot)
{
    pthread_mutex_lock(&pool->lock);
    while (!slot->ready) {
        pthread_cond_wait(&pool->ready, &pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
}

static void give_back(struct pool *pool, struct slot *slot, bool threads)
{
    size_t len = slot->outcome.out.len;
    if (slot->outcome.out.room > KEPT_ROOM) {
        buf_finish(&slot->outcome.out);
        buf_init(&slot->outcome.out, CLI_OUTPUT_ROOM);
    }
    buf_clear(&slot->outcome.out);
    pthread_mutex_lock(&pool->lock);
    slot->ready = false;
    pool->printed++;
    pool->held -= threads ? len : 0;
    if (pool->printed % (pool->window / 4 + 1) == 0 || pool->printed == pool->next) {
        pthread_cond_broadcast(&pool->room);
    }
    pthread_mutex_unlock(&pool->lock);
}

static size_t start(struct pool *pool, pthread_t *threads, size_t wanted)
{
    size_t started = 0;
    while (started < wanted && pthread_create(&threads[started], NULL, work, pool) == 0) {
        started++;
    }
    return started;
}

/* One thread for each processor; none when there is one file or one processor. */
static size_t threads_for(size_t files)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = online < 1 ? 1 : online > MAX_THREADS ? MAX_THREADS : (size_t)online;
    threads = threads > files ? files : threads;
    return threads > 1 ? threads : 0;
}

void check_pool(const struct check_settings *settings, const struct cli_files *files,
    void (*each)(struct check_outcome *outcome, size_t position, void *context), void *context)
{
    pthread_t threads[MAX_THREADS];
    struct slot one = {.ready = false};
    struct pool pool = {.settings = settings, .files = files, .window = 1, .slots = &one};
    size_t wanted = threads_for(files->count);
    struct slot *slots = wanted == 0 ? NULL : calloc(wanted * AHEAD, sizeof *slots);
    if (slots != NULL) {
        pool.slots = slots;
        pool.window = wanted * AHEAD;
    }
    for (size_t i = 0; i < pool.window; i++) {
        buf_init(&pool.slots[i].outcome.out, CLI_OUTPUT_ROOM);
    }
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.ready, NULL);
    pthread_cond_init(&pool.room, NULL);
    size_t started = slots == NULL ? 0 : start(&pool, threads, wanted);
    for (size_t i = 0; i < files->count; i++) {
        struct slot *slot = &pool.slots[i % pool.window];
        if (started > 0) {
            wait_for(&pool, slot);
        } else {
            check_run(settings, files->paths[i], &slot->outcome);
        }
        each(&slot->outcome, i, context);
        give_back(&pool, slot, started > 0);
    }
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < pool.window; i++) {
        buf_finish(&pool.slots[i].outcome.out);
    }
    free(slots);
    pthread_cond_destroy(&pool.room);
    pthread_cond_destroy(&pool.ready);
    pthread_mutex_destroy(&pool.lock);
}

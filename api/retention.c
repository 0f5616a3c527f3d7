/* SPDX-License-Identifier: Apache-2.0 */
#include "api/retention.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "registry/prune.h"

enum { EVERY_SECONDS = 3600 };

struct retention {
    struct registry *registry;
    int64_t keep_ms;
    char said[64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    atomic_bool stop;
};

static void prune_once(struct retention *retention)
{
    static const struct registry_author author = {.name = "jig serve"};
    struct timespec now;
    struct prune_result result;
    struct err err = {.code = ERR_OK};
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    const struct prune_rule rule = {
        .values_before_ms = now_ms - retention->keep_ms, .said = retention->said};
    if (rule.values_before_ms > 0 && registry_prune(retention->registry, &rule, &author,
                                         &retention->stop, &result, &err) != ERR_OK) {
        fprintf(stderr, "jig serve: old values stay: %s\n",
            err.text[0] != '\0' ? err.text : err_default_text(err.code));
    }
}

static void *run(void *context)
{
    struct retention *retention = context;
    while (!atomic_load(&retention->stop)) {
        struct timespec until;
        prune_once(retention);
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += EVERY_SECONDS;
        pthread_mutex_lock(&retention->lock);
        while (!atomic_load(&retention->stop) &&
               pthread_cond_timedwait(&retention->ended, &retention->lock, &until) == 0) {
        }
        pthread_mutex_unlock(&retention->lock);
    }
    return NULL;
}

enum err_code retention_start(struct registry *registry, int64_t keep_ms, const char *said,
    struct retention **retention, struct err *err)
{
    pthread_condattr_t monotonic;
    struct retention *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to keep the rule for values");
    }
    made->registry = registry;
    made->keep_ms = keep_ms;
    snprintf(made->said, sizeof made->said, "values are kept for %s", said);
    pthread_mutex_init(&made->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&made->thread, NULL, run, made) != 0) {
        pthread_cond_destroy(&made->ended);
        pthread_mutex_destroy(&made->lock);
        free(made);
        return err_set(err, ERR_NO_MEMORY, "no thread can be started");
    }
    *retention = made;
    return ERR_OK;
}

void retention_stop(struct retention *retention)
{
    if (retention == NULL) {
        return;
    }
    pthread_mutex_lock(&retention->lock);
    atomic_store(&retention->stop, true);
    pthread_cond_signal(&retention->ended);
    pthread_mutex_unlock(&retention->lock);
    pthread_join(retention->thread, NULL);
    pthread_cond_destroy(&retention->ended);
    pthread_mutex_destroy(&retention->lock);
    free(retention);
}

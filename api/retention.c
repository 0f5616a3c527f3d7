/* SPDX-License-Identifier: Apache-2.0 */
#include "api/retention.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "registry/kept.h"
#include "registry/prune.h"

enum { EVERY_MS = 3600 * 1000 };

struct retention {
    struct registry *registry;
    int64_t values_ms;
    int64_t every_ms;
    char said[64];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    atomic_bool stop;
};

static void complain(const char *what, const struct err *err)
{
    fprintf(stderr, "jig serve: %s stay: %s\n", what,
        err->text[0] != '\0' ? err->text : err_default_text(err->code));
}

static void prune_values(struct retention *retention, int64_t now_ms)
{
    static const struct registry_author author = {.name = "jig serve"};
    struct prune_result result;
    struct err err = {.code = ERR_OK};
    const struct prune_rule rule = {
        .values_before_ms = now_ms - retention->values_ms, .said = retention->said};
    if (retention->values_ms > 0 && rule.values_before_ms > 0 &&
        registry_prune(retention->registry, &rule, &author, &retention->stop, &result, &err) !=
            ERR_OK) {
        complain("old values", &err);
    }
}

/* By the rule that the store has by now. */
static void prune_files(struct retention *retention, int64_t now_ms)
{
    struct registry_view view;
    struct kept_result result;
    struct err err = {.code = ERR_OK};
    struct kept_pruning pruning = {.stop = &retention->stop};
    enum err_code code = registry_view_begin(retention->registry, &view, &err);
    if (code == ERR_OK) {
        pruning.bytes_before_ms = now_ms - kept_rule(&view.txn);
        registry_view_end(&view);
        code = kept_prune(retention->registry, &pruning, &result, &err);
    }
    if (code != ERR_OK) {
        complain("old files", &err);
    }
}

static void prune_once(struct retention *retention)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    prune_values(retention, now_ms);
    prune_files(retention, now_ms);
}

static struct timespec later(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

static void *run(void *context)
{
    struct retention *retention = context;
    while (!atomic_load(&retention->stop)) {
        prune_once(retention);
        const struct timespec until = later(retention->every_ms);
        pthread_mutex_lock(&retention->lock);
        while (!atomic_load(&retention->stop) &&
               pthread_cond_timedwait(&retention->ended, &retention->lock, &until) == 0) {
        }
        pthread_mutex_unlock(&retention->lock);
    }
    return NULL;
}

enum err_code retention_start(struct registry *registry, const struct retention_rules *rules,
    struct retention **retention, struct err *err)
{
    pthread_condattr_t monotonic;
    struct retention *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to look after old values");
    }
    made->registry = registry;
    made->values_ms = rules->values_ms;
    made->every_ms = rules->every_ms > 0 ? rules->every_ms : EVERY_MS;
    snprintf(made->said, sizeof made->said, "values are kept for %s",
        rules->said == NULL ? "ever" : rules->said);
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

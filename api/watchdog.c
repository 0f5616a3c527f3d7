/* SPDX-License-Identifier: Apache-2.0 */
#include "api/watchdog.h"

#include <sys/socket.h>
#include <time.h>

enum { TICK_MS = 200 };

int64_t watchdog_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void fire_late(struct watchdog *watchdog)
{
    int64_t now = watchdog_now_ms();
    for (struct watch *watch = watchdog->first; watch != NULL; watch = watch->next) {
        if (!watch->fired && watch->deadline_ms <= now) {
            watch->fired = true;
            shutdown(watch->fd, watch->how);
        }
    }
}

/* Sleeps without end while nothing is armed, else in ticks: deadlines are seconds, so the tick's
 * error does not matter and arming stays cheap. */
static void *run(void *context)
{
    struct watchdog *watchdog = context;
    pthread_mutex_lock(&watchdog->lock);
    while (!watchdog->stopping) {
        if (watchdog->first == NULL) {
            pthread_cond_wait(&watchdog->changed, &watchdog->lock);
            continue;
        }
        fire_late(watchdog);
        pthread_mutex_unlock(&watchdog->lock);
        nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
        pthread_mutex_lock(&watchdog->lock);
    }
    pthread_mutex_unlock(&watchdog->lock);
    return NULL;
}

enum err_code watchdog_start(struct watchdog *watchdog, struct err *err)
{
    *watchdog = (struct watchdog){0};
    pthread_mutex_init(&watchdog->lock, NULL);
    pthread_cond_init(&watchdog->changed, NULL);
    if (pthread_create(&watchdog->thread, NULL, run, watchdog) != 0) {
        return err_set(err, ERR_INTERNAL, "the thread that watches deadlines cannot be started");
    }
    watchdog->running = true;
    return ERR_OK;
}

void watchdog_stop(struct watchdog *watchdog)
{
    if (!watchdog->running) {
        return;
    }
    pthread_mutex_lock(&watchdog->lock);
    watchdog->stopping = true;
    pthread_cond_signal(&watchdog->changed);
    pthread_mutex_unlock(&watchdog->lock);
    pthread_join(watchdog->thread, NULL);
    pthread_cond_destroy(&watchdog->changed);
    pthread_mutex_destroy(&watchdog->lock);
    watchdog->running = false;
}

void watchdog_arm(struct watchdog *watchdog, struct watch *watch, int64_t deadline_ms)
{
    if (watch->fd < 0) {
        return;
    }
    pthread_mutex_lock(&watchdog->lock);
    watch->deadline_ms = deadline_ms;
    if (!watch->armed) {
        watch->armed = true;
        watch->fired = false;
        watch->previous = NULL;
        watch->next = watchdog->first;
        if (watch->next != NULL) {
            watch->next->previous = watch;
        } else {
            pthread_cond_signal(&watchdog->changed);
        }
        watchdog->first = watch;
    }
    pthread_mutex_unlock(&watchdog->lock);
}

bool watchdog_disarm(struct watchdog *watchdog, struct watch *watch)
{
    if (!watch->armed) {
        return false;
    }
    pthread_mutex_lock(&watchdog->lock);
    if (watch->previous != NULL) {
        watch->previous->next = watch->next;
    } else {
        watchdog->first = watch->next;
    }
    if (watch->next != NULL) {
        watch->next->previous = watch->previous;
    }
    watch->armed = false;
    pthread_mutex_unlock(&watchdog->lock);
    return watch->fired;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/budget.h"

#include <time.h>

void budget_init(struct budget *budget, size_t most)
{
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&budget->lock, NULL);
    pthread_cond_init(&budget->given, &clock);
    pthread_condattr_destroy(&clock);
    budget->waiting = NULL;
    budget->most = most;
    budget->used = 0;
    budget->peak = 0;
    budget->lately = 0;
}

void budget_finish(struct budget *budget)
{
    pthread_cond_destroy(&budget->given);
    pthread_mutex_destroy(&budget->lock);
}

static struct timespec after(unsigned ms)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += ms / 1000;
    end.tv_nsec += (long)(ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    return end;
}

/* On the stack of the one who waits. */
struct budget_waiter {
    struct budget_waiter *next;
};

static bool fits(const struct budget *budget, size_t bytes)
{
    return budget->most - budget->used >= bytes;
}

/* Until it is the first in the queue and there is room, or the time is over; under the lock. */
static void wait_for(struct budget *budget, size_t bytes, unsigned wait_ms)
{
    const struct timespec end = after(wait_ms);
    struct budget_waiter self = {.next = NULL};
    struct budget_waiter **at = &budget->waiting;
    int waited = 0;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = &self;
    while (waited == 0 && (budget->waiting != &self || !fits(budget, bytes))) {
        waited = pthread_cond_timedwait(&budget->given, &budget->lock, &end);
    }
    for (at = &budget->waiting; *at != &self; at = &(*at)->next) {
    }
    *at = self.next;
    pthread_cond_broadcast(&budget->given); /* the next one may have room, too */
}

bool budget_take(struct budget *budget, size_t bytes, unsigned wait_ms)
{
    pthread_mutex_lock(&budget->lock);
    if (wait_ms > 0 && (budget->waiting != NULL || !fits(budget, bytes))) {
        wait_for(budget, bytes, wait_ms);
    }
    bool taken = fits(budget, bytes);
    if (taken) {
        budget->used += bytes;
        budget->lately = budget->used > budget->lately ? budget->used : budget->lately;
        budget->peak = budget->used > budget->peak ? budget->used : budget->peak;
    }
    pthread_mutex_unlock(&budget->lock);
    return taken;
}

void budget_give_some(struct budget *budget, size_t bytes)
{
    pthread_mutex_lock(&budget->lock);
    budget->used -= bytes;
    pthread_cond_broadcast(&budget->given);
    pthread_mutex_unlock(&budget->lock);
}

bool budget_rests(struct budget *budget, size_t least)
{
    pthread_mutex_lock(&budget->lock);
    bool rests = budget->used == 0 && budget->lately >= least;
    if (rests) {
        budget->lately = 0;
    }
    pthread_mutex_unlock(&budget->lock);
    return rests;
}

void budget_state(struct budget *budget, size_t *used, size_t *peak)
{
    pthread_mutex_lock(&budget->lock);
    *used = budget->used;
    *peak = budget->peak;
    pthread_mutex_unlock(&budget->lock);
}

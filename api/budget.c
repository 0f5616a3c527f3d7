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
    budget->most = most;
    budget->used = 0;
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

bool budget_take(struct budget *budget, size_t bytes, unsigned wait_ms)
{
    const struct timespec end = after(wait_ms);
    int waited = wait_ms > 0 ? 0 : 1;
    pthread_mutex_lock(&budget->lock);
    while (waited == 0 && budget->most - budget->used < bytes) {
        waited = pthread_cond_timedwait(&budget->given, &budget->lock, &end);
    }
    bool fits = budget->most - budget->used >= bytes;
    if (fits) {
        budget->used += bytes;
    }
    pthread_mutex_unlock(&budget->lock);
    return fits;
}

void budget_give(struct budget *budget, size_t bytes)
{
    if (bytes == 0) {
        return;
    }
    pthread_mutex_lock(&budget->lock);
    budget->used -= bytes;
    pthread_cond_broadcast(&budget->given);
    pthread_mutex_unlock(&budget->lock);
}

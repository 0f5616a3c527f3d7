/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BUDGET_H
#define JIG_API_BUDGET_H
/*
 * A budget of bytes that requests share, so that many large bodies at once cannot take all memory.
 * Who finds it used up waits for a while or is told to come back. Thread-safe.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct budget {
    pthread_mutex_t lock;
    pthread_cond_t given;
    size_t most; /* bytes */
    size_t used;
};

void budget_init(struct budget *budget, size_t most);
void budget_finish(struct budget *budget);

/* Takes bytes, waiting up to `wait_ms`; false when there was no room in time. More than `most` is
 * never given. */
bool budget_take(struct budget *budget, size_t bytes, unsigned wait_ms);

/* Gives back what was taken, in one or several parts. */
void budget_give(struct budget *budget, size_t bytes);

#endif

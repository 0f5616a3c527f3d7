/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BUDGET_H
#define JIG_API_BUDGET_H
/*
 * A budget of bytes that requests share, so that many large ones at once cannot take all memory.
 * Who finds it used up waits for a while or is told to come back. Those who wait are served in
 * their order, so that a large one is not passed over for ever. Thread-safe.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct budget_waiter;

struct budget {
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct budget_waiter *waiting; /* oldest first */
    size_t most;                   /* bytes */
    size_t used;
    size_t peak;   /* the most that was ever used */
    size_t lately; /* the most since budget_rests was true */
};

void budget_init(struct budget *budget, size_t most);
void budget_finish(struct budget *budget);

/* Takes bytes, waiting up to `wait_ms` for room and for those who came before; false when there was
 * no room in time. Who does not wait (0) is served before those who do. More than `most` is never
 * given. Who waits should hold nothing of the budget. */
bool budget_take(struct budget *budget, size_t bytes, unsigned wait_ms);

/* Gives back what was taken, in one or several parts; nothing is given back without asking. */
void budget_give_some(struct budget *budget, size_t bytes);
static inline void budget_give(struct budget *budget, size_t bytes)
{
    if (bytes > 0) {
        budget_give_some(budget, bytes);
    }
}

/* True when nothing is used any more and at least `least` bytes were since it was last true. */
bool budget_rests(struct budget *budget, size_t least);

/* What is used now, and the most that ever was. */
void budget_state(struct budget *budget, size_t *used, size_t *peak);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_POOL_H
#define JIG_API_POOL_H
/*
 * Buffers for answers, kept for the next request: fresh memory of a few hundred kilobytes costs
 * page faults on every answer. Last in, first out, so that the memory stays warm. Thread-safe.
 */
#include <pthread.h>

#include "aas/buf.h"

enum {
    POOL_BUFFERS = 32,
    POOL_BUFFER_BYTES = 2 * 1024 * 1024,  /* larger ones are given back to the system */
    POOL_ANSWER_BYTES = 512 * 1024 * 1024 /* ceiling of one answer */
};

struct pool {
    pthread_mutex_t lock;
    struct buf buffers[POOL_BUFFERS];
    size_t count;
};

void pool_init(struct pool *pool);
void pool_finish(struct pool *pool);

/* An empty buffer, with or without memory. */
struct buf pool_take(struct pool *pool);

/* Gives it back (or frees it). */
void pool_give(struct pool *pool, struct buf *buf);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_POOL_H
#define JIG_API_POOL_H
/*
 * Buffers for answers, kept for the next request: fresh memory of a few hundred kilobytes costs
 * page faults on every answer. Last in, first out, so that the memory stays warm. Thread-safe.
 *
 * Each thread has one small buffer of its own, so that small answers take no lock.
 */
#include <pthread.h>

#include "aas/buf.h"

enum {
    POOL_BUFFERS = 32,
    POOL_OWN_BYTES = 32 * 1024,           /* a thread's own is not larger */
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

/* What pool_take and pool_give do without a thread's own. */
struct buf pool_take_common(struct pool *pool);
void pool_give_common(struct pool *pool, struct buf *buf);

/* An empty buffer, with or without memory: the thread's own (NULL: it has none) or a common one. */
static inline struct buf pool_take(struct pool *pool, struct buf *own)
{
    if (own == NULL || own->bytes == NULL) {
        return pool_take_common(pool);
    }
    struct buf buf = *own;
    own->bytes = NULL; /* the caller's now */
    return buf;
}

/* Gives it back (or frees it). */
static inline void pool_give(struct pool *pool, struct buf *own, struct buf *buf)
{
    buf_clear(buf);
    buf_count(buf, NULL);
    if (own != NULL && own->bytes == NULL && buf->room <= POOL_OWN_BYTES) {
        *own = *buf;
    } else {
        pool_give_common(pool, buf);
    }
}

#endif

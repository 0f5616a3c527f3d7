/* SPDX-License-Identifier: Apache-2.0 */
#include "api/pool.h"

void pool_init(struct pool *pool)
{
    pool->count = 0;
    pthread_mutex_init(&pool->lock, NULL);
}

void pool_finish(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        buf_finish(&pool->buffers[i]);
    }
    pthread_mutex_destroy(&pool->lock);
}

struct buf pool_take_common(struct pool *pool)
{
    struct buf buf;
    buf_init(&buf, POOL_ANSWER_BYTES);
    pthread_mutex_lock(&pool->lock);
    if (pool->count > 0) {
        buf = pool->buffers[--pool->count];
    }
    pthread_mutex_unlock(&pool->lock);
    return buf;
}

void pool_give_common(struct pool *pool, struct buf *buf)
{
    bool kept = false;
    pthread_mutex_lock(&pool->lock);
    if (buf->bytes != NULL && buf->room <= POOL_BUFFER_BYTES && pool->count < POOL_BUFFERS) {
        pool->buffers[pool->count++] = *buf;
        kept = true;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!kept) {
        buf_finish(buf);
    }
}

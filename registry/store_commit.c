/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of writes and its one committer thread: what waits is run in one transaction and synced
 * once, so that a hundred writers share the cost of one sync.
 *
 * A group is taken apart when one of its members fails after it has changed something or the engine
 * fails: nothing of the group is kept, and each member is run again in a transaction of its own.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "registry/store_engine.h"

enum {
    GROUP_MAX = 512,   /* writes in one transaction */
    GROW_ATTEMPTS = 8, /* doublings for one write */
};

struct request {
    struct request *next;
    store_change change;
    void *context;
    struct err *err;
    enum err_code result;
    sem_t answered; /* the caller waits for this alone and returns without the lock */
};

struct store_queue {
    struct store *store;
    pthread_t committer;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t filled;
    struct request *first; /* waiting, oldest first */
    struct request **end;
    uint64_t waiting;
    bool closing;
    size_t group_max;
    uint64_t commits;
    uint64_t writes;
};

/* ------------------------------------------------------------------ committer */

/* Runs one request inside the transaction. False: the transaction cannot be kept. */
static bool run(struct store_txn *txn, struct request *request)
{
    txn->changed = false;
    enum err_code code = request->change(txn, request->context, request->err);
    request->result = code;
    if (txn->failed != ERR_OK) {
        request->result = engine_explain(txn, request->err);
        return false;
    }
    return code == ERR_OK || !txn->changed;
}

/* One transaction over a group. On false nothing of it is stored; the caller takes it apart. */
static bool commit_group(struct store_queue *queue, struct request *group, struct err *err)
{
    struct store_txn txn;
    if (engine_write_begin(queue->store, &txn, err) != ERR_OK) {
        return false;
    }
    for (struct request *r = group; r != NULL; r = r->next) {
        if (!run(&txn, r)) {
            engine_write_abort(&txn);
            return false;
        }
    }
    return engine_write_commit(&txn, err) == ERR_OK;
}

/* One attempt for one request; its result and words are in the request. */
static bool commit_alone(struct store_queue *queue, struct request *request)
{
    struct store_txn txn;
    enum err_code code = engine_write_begin(queue->store, &txn, request->err);
    if (code != ERR_OK) {
        request->result = code;
        return false;
    }
    bool fine = run(&txn, request);
    if (request->result != ERR_OK) { /* also when it has changed nothing */
        engine_write_abort(&txn);
        return fine;
    }
    code = engine_write_commit(&txn, request->err);
    if (code != ERR_OK) {
        request->result = code;
    }
    return code == ERR_OK;
}

static bool write_alone(struct store_queue *queue, struct request *request)
{
    for (int i = 0; i < GROW_ATTEMPTS; i++) {
        if (commit_alone(queue, request)) {
            return true;
        }
        if (!engine_is_full(queue->store->engine)) {
            return false;
        }
        enum err_code code = engine_grow(queue->store->engine, request->err);
        if (code != ERR_OK) {
            request->result = code;
            return false;
        }
    }
    return false;
}

/* Returns how many transactions were synced. */
static uint64_t write_group(struct store_queue *queue, struct request *group)
{
    if (group->next == NULL) {
        return write_alone(queue, group) && group->result == ERR_OK ? 1 : 0;
    }
    if (commit_group(queue, group, NULL)) {
        return 1;
    }
    uint64_t commits = 0;
    for (struct request *r = group; r != NULL; r = r->next) {
        commits += write_alone(queue, r) && r->result == ERR_OK ? 1 : 0;
    }
    return commits;
}

/* Takes the oldest waiting requests out of the queue; the lock is held. */
static struct request *take_group(struct store_queue *queue)
{
    struct request *group = queue->first;
    struct request *last = group;
    size_t count = 1;
    while (count < queue->group_max && last->next != NULL) {
        last = last->next;
        count++;
    }
    queue->first = last->next;
    if (queue->first == NULL) {
        queue->end = &queue->first;
    }
    last->next = NULL;
    queue->waiting -= count;
    return group;
}

static uint64_t count_written(const struct request *group)
{
    uint64_t written = 0;
    for (; group != NULL; group = group->next) {
        written += group->result == ERR_OK ? 1 : 0;
    }
    return written;
}

/* Tells every caller. A request is its caller's memory and gone after that. */
static void answer_group(struct request *group)
{
    while (group != NULL) {
        struct request *next = group->next;
        sem_post(&group->answered);
        group = next;
    }
}

static void *committer(void *context)
{
    struct store_queue *queue = context;
    pthread_mutex_lock(&queue->lock);
    for (;;) {
        while (queue->first == NULL && !queue->closing) {
            pthread_cond_wait(&queue->filled, &queue->lock);
        }
        if (queue->first == NULL) {
            break;
        }
        struct request *group = take_group(queue);
        pthread_mutex_unlock(&queue->lock);
        uint64_t commits = write_group(queue, group);
        pthread_mutex_lock(&queue->lock);
        queue->commits += commits;
        queue->writes += count_written(group);
        pthread_mutex_unlock(&queue->lock);
        answer_group(group);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* ------------------------------------------------------------------ callers */

static bool enqueue(struct store_queue *queue, struct request *request)
{
    pthread_mutex_lock(&queue->lock);
    bool open = !queue->closing;
    if (open) {
        *queue->end = request;
        queue->end = &request->next;
        queue->waiting++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    return open;
}

enum err_code store_write(struct store *store, store_change change, void *context, struct err *err)
{
    struct request request = {.change = change, .context = context, .err = err};
    sem_init(&request.answered, 0, 0);
    if (enqueue(store->queue, &request)) {
        while (sem_wait(&request.answered) != 0 && errno == EINTR) {
        }
    } else {
        request.result = err_set(err, ERR_BUSY, "the store is being closed");
    }
    sem_destroy(&request.answered);
    return request.result;
}

enum err_code queue_start(
    struct store *store, bool no_group, struct store_queue **queue, struct err *err)
{
    struct store_queue *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to open the store");
    }
    q->store = store;
    q->end = &q->first;
    q->group_max = no_group ? 1 : GROUP_MAX;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->filled, NULL);
    int rc = pthread_create(&q->committer, NULL, committer, q);
    if (rc != 0) {
        pthread_cond_destroy(&q->filled);
        pthread_mutex_destroy(&q->lock);
        free(q);
        return err_set(err, ERR_STORE, "the committer cannot be started: %s", strerror(rc));
    }
    *queue = q;
    return ERR_OK;
}

void queue_stop(struct store_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    pthread_mutex_lock(&queue->lock);
    queue->closing = true;
    pthread_cond_signal(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
    pthread_join(queue->committer, NULL);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

void queue_statistics(struct store_queue *queue, struct store_stats *stats)
{
    pthread_mutex_lock(&queue->lock);
    stats->commits = queue->commits;
    stats->writes = queue->writes;
    stats->queue = queue->waiting;
    pthread_mutex_unlock(&queue->lock);
}

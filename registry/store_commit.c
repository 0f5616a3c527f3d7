/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of writes and its one committer thread: what waits is run in one transaction and synced
 * once, so that a hundred writers share the cost of one sync. While others wait already, a second
 * thread waits for the disk to confirm the new state and answers its writers; the committer goes on
 * with the next transaction.
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
    uint64_t state; /* what has to be durable before it is answered */
    sem_t answered; /* the caller waits for this alone and returns without the lock */
};

/* Requests in the order in which they came. */
struct line {
    struct request *first;
    struct request **end;
    uint64_t count;
    bool closed;
    pthread_cond_t filled;
};

struct store_queue {
    struct store *store;
    bool one_by_one;
    pthread_t committer;
    pthread_t confirmer;
    pthread_mutex_t lock;  /* guards everything below */
    struct line waiting;   /* for the committer */
    struct line committed; /* for the confirmer */
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

static void ends_in(struct request *group, uint64_t state)
{
    for (; group != NULL; group = group->next) {
        group->state = state;
    }
}

/* One transaction over a group. On false nothing of it is stored; the caller takes it apart. */
static bool commit_group(struct store_queue *queue, struct request *group)
{
    struct store_txn txn;
    uint64_t state = 0;
    bool changed = false;
    if (engine_write_begin(queue->store, false, &txn, NULL) != ERR_OK) {
        return false;
    }
    for (struct request *r = group; r != NULL; r = r->next) {
        if (!run(&txn, r)) {
            engine_write_abort(&txn, NULL);
            return false;
        }
        changed = changed || txn.changed;
    }
    if (!changed) {
        engine_write_abort(&txn, &state);
    } else if (engine_write_commit(&txn, &state, NULL) != ERR_OK) {
        return false;
    }
    ends_in(group, state);
    return true;
}

/* One attempt for one request; its result and words are in the request. */
static bool commit_alone(struct store_queue *queue, struct request *request)
{
    struct store_txn txn;
    enum err_code code = engine_write_begin(queue->store, true, &txn, request->err);
    if (code != ERR_OK) {
        request->result = code;
        return false;
    }
    bool fine = run(&txn, request);
    if (request->result != ERR_OK || !txn.changed) {
        engine_write_abort(&txn, &request->state);
        return fine;
    }
    code = engine_write_commit(&txn, &request->state, request->err);
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

/* Returns how many transactions were made. */
static uint64_t write_group(struct store_queue *queue, struct request *group)
{
    if (group->next == NULL) {
        return write_alone(queue, group) && group->result == ERR_OK ? 1 : 0;
    }
    if (commit_group(queue, group)) {
        return 1;
    }
    uint64_t commits = 0;
    for (struct request *r = group; r != NULL; r = r->next) {
        commits += write_alone(queue, r) && r->result == ERR_OK ? 1 : 0;
    }
    return commits;
}

/* ------------------------------------------------------------------ lines */

static void line_start(struct line *line)
{
    line->end = &line->first;
    pthread_cond_init(&line->filled, NULL);
}

/* Adds a list of requests; the lock is held. */
static void line_add(struct line *line, struct request *group)
{
    *line->end = group;
    while (*line->end != NULL) {
        line->end = &(*line->end)->next;
        line->count++;
    }
    pthread_cond_signal(&line->filled);
}

/* Waits for requests and takes the oldest out, at most `max`; NULL when the line is closed and
 * empty. The lock is held. */
static struct request *line_take(struct line *line, pthread_mutex_t *lock, size_t max)
{
    while (line->first == NULL && !line->closed) {
        pthread_cond_wait(&line->filled, lock);
    }
    struct request *group = line->first;
    struct request **end = &line->first;
    for (size_t taken = 0; taken < max && *end != NULL; taken++) {
        end = &(*end)->next;
        line->count--;
    }
    struct request *rest = *end;
    *end = NULL;
    line->first = rest;
    if (rest == NULL) {
        line->end = &line->first;
    }
    return group;
}

/* ------------------------------------------------------------------ the two threads */

static uint64_t count_written(const struct request *group)
{
    uint64_t written = 0;
    for (; group != NULL; group = group->next) {
        written += group->result == ERR_OK ? 1 : 0;
    }
    return written;
}

/* Waits for the disk and tells every caller. A request is its caller's memory and gone after that.
 */
static void confirm_and_answer(struct store_queue *queue, struct request *group)
{
    uint64_t state = 0;
    for (struct request *r = group; r != NULL; r = r->next) {
        state = r->state > state ? r->state : state;
    }
    struct err err = {0};
    enum err_code code = engine_confirm(queue->store->engine, state, &err);
    for (struct request *r = group; r != NULL && code != ERR_OK; r = r->next) {
        if (r->result == ERR_OK) {
            r->result = code;
            if (r->err != NULL) {
                *r->err = err;
            }
        }
    }
    pthread_mutex_lock(&queue->lock);
    queue->writes += count_written(group);
    pthread_mutex_unlock(&queue->lock);
    while (group != NULL) {
        struct request *next = group->next;
        sem_post(&group->answered);
        group = next;
    }
}

static void *confirmer(void *context)
{
    struct store_queue *queue = context;
    struct request *group = NULL;
    pthread_mutex_lock(&queue->lock);
    while ((group = line_take(&queue->committed, &queue->lock, SIZE_MAX)) != NULL) {
        pthread_mutex_unlock(&queue->lock);
        confirm_and_answer(queue, group);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

static uint64_t count(const struct request *group)
{
    uint64_t members = 0;
    for (; group != NULL; group = group->next) {
        members++;
    }
    return members;
}

/* Hands the group to the confirmer when as many others wait for the committer. Without them there
 * is time to wait for the disk: a lonely writer is answered sooner, and groups do not become small.
 * The lock is held. */
static bool hand_over(struct store_queue *queue, struct request *group)
{
    if (queue->one_by_one || queue->waiting.count < count(group)) {
        return false;
    }
    line_add(&queue->committed, group);
    return true;
}

static void *committer(void *context)
{
    struct store_queue *queue = context;
    size_t group_max = queue->one_by_one ? 1 : GROUP_MAX;
    struct request *group = NULL;
    pthread_mutex_lock(&queue->lock);
    while ((group = line_take(&queue->waiting, &queue->lock, group_max)) != NULL) {
        pthread_mutex_unlock(&queue->lock);
        uint64_t commits = write_group(queue, group);
        pthread_mutex_lock(&queue->lock);
        queue->commits += commits;
        if (!hand_over(queue, group)) {
            pthread_mutex_unlock(&queue->lock);
            confirm_and_answer(queue, group);
            pthread_mutex_lock(&queue->lock);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

/* ------------------------------------------------------------------ callers */

static bool enqueue(struct store_queue *queue, struct request *request)
{
    pthread_mutex_lock(&queue->lock);
    bool open = !queue->waiting.closed;
    if (open) {
        line_add(&queue->waiting, request);
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

/* Ends a thread as soon as its line is empty. */
static void end_line(struct store_queue *queue, struct line *line, pthread_t thread)
{
    pthread_mutex_lock(&queue->lock);
    line->closed = true;
    pthread_cond_signal(&line->filled);
    pthread_mutex_unlock(&queue->lock);
    pthread_join(thread, NULL);
}

static void free_queue(struct store_queue *queue)
{
    pthread_cond_destroy(&queue->waiting.filled);
    pthread_cond_destroy(&queue->committed.filled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

enum err_code queue_start(
    struct store *store, bool no_group, struct store_queue **queue, struct err *err)
{
    struct store_queue *q = calloc(1, sizeof *q);
    if (q == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to open the store");
    }
    q->store = store;
    q->one_by_one = no_group;
    line_start(&q->waiting);
    line_start(&q->committed);
    pthread_mutex_init(&q->lock, NULL);
    int rc = pthread_create(&q->confirmer, NULL, confirmer, q);
    if (rc == 0) {
        rc = pthread_create(&q->committer, NULL, committer, q);
        if (rc != 0) {
            end_line(q, &q->committed, q->confirmer);
        }
    }
    if (rc != 0) {
        free_queue(q);
        return err_set(err, ERR_STORE, "the committer cannot be started: %s", strerror(rc));
    }
    *queue = q;
    return ERR_OK;
}

void queue_stop(struct store_queue *queue)
{
    if (queue != NULL) {
        end_line(queue, &queue->waiting, queue->committer);
        end_line(queue, &queue->committed, queue->confirmer);
        free_queue(queue);
    }
}

void queue_statistics(struct store_queue *queue, struct store_stats *stats)
{
    pthread_mutex_lock(&queue->lock);
    stats->commits = queue->commits;
    stats->writes = queue->writes;
    stats->queue = queue->waiting.count;
    pthread_mutex_unlock(&queue->lock);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t work;  /* there is something to do, or the end has come */
    pthread_cond_t ended; /* an awaited job has ended */
    pthread_t threads[JOBS_THREADS];
    size_t thread_count;
    size_t idle;
    struct job *waiting; /* oldest first */
    struct job *running;
    struct job *kept; /* oldest first */
    size_t waiting_count;
    size_t kept_count;
    size_t kept_bytes;
    size_t keep_bytes; /* at most */
    atomic_bool stopped;
    job_run run;
    job_give_up give_up;
    const void *context;
};

const char *job_state_text(enum job_state state)
{
    static const char *const texts[] = {
        "Initiated", "Running", "Completed", "Canceled", "Failed", "Timeout"};
    return texts[state];
}

int64_t jobs_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------ one job */

struct job *job_new(struct budget *memory)
{
    unsigned char bytes[JOBS_HANDLE_BYTES / 2];
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL || getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        free(job);
        return NULL;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        job->handle[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        job->handle[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    share_init(&job->share, memory);
    arena_init(&job->arena, JOBS_MEMORY);
    buf_init(&job->full, JOBS_MEMORY);
    buf_init(&job->value, JOBS_MEMORY);
    job->arena.meter = &job->share.meter;
    buf_count(&job->full, &job->share.meter);
    buf_count(&job->value, &job->share.meter);
    return job;
}

/* What it took to do it is no longer needed. */
static void job_done(struct job *job)
{
    arena_finish(&job->arena);
    share_settle(&job->share);
    job->url = NULL;
    job->body = NULL;
    job->operation = NULL;
    job->sent = NULL;
    job->task = NULL;
}

void job_free(struct job *job)
{
    if (job != NULL) {
        job_done(job);
        buf_finish(&job->full);
        buf_finish(&job->value);
        share_end(&job->share);
        free(job->subject);
        free(job);
    }
}

void job_must_tell(struct job *job)
{
    buf_count(&job->full, NULL);
    buf_count(&job->value, NULL);
}

static size_t job_bytes(const struct job *job)
{
    return job->full.room + job->value.room;
}

/* ------------------------------------------------------------------ lists, under the lock */

static void append(struct job **list, struct job *job)
{
    while (*list != NULL) {
        list = &(*list)->next;
    }
    job->next = NULL;
    *list = job;
}

static bool unlink_job(struct job **list, const struct job *job)
{
    for (; *list != NULL; list = &(*list)->next) {
        if (*list == job) {
            *list = job->next;
            return true;
        }
    }
    return false;
}

static void drop_oldest(struct jobs *jobs)
{
    struct job *oldest = jobs->kept;
    jobs->kept = oldest->next;
    jobs->kept_count--;
    jobs->kept_bytes -= job_bytes(oldest);
    job_free(oldest);
}

static void make_room(struct jobs *jobs)
{
    int64_t now = jobs_now_ms();
    while (jobs->kept != NULL &&
           (jobs->kept_count > JOBS_KEPT || jobs->kept_bytes > jobs->keep_bytes ||
               now - jobs->kept->finished_ms > JOBS_KEPT_MS)) {
        drop_oldest(jobs);
    }
}

/* Results that are kept are bounded by themselves. */
static void keep(struct jobs *jobs, struct job *job)
{
    job_must_tell(job);
    share_end(&job->share);
    append(&jobs->kept, job);
    jobs->kept_count++;
    jobs->kept_bytes += job_bytes(job);
}

/* A job that is in no list any more has come to its end. */
static void settle(struct jobs *jobs, struct job *job, enum job_state state)
{
    job_done(job);
    job->finished_ms = jobs_now_ms();
    if (job->keep && !job->awaited) {
        keep(jobs, job);
        job->state = state;
        make_room(jobs);
        return;
    }
    job->state = state; /* the one who waits has it from here on */
    pthread_cond_broadcast(&jobs->ended);
}

static void give_up(struct jobs *jobs, struct job *job, enum job_state state)
{
    unlink_job(&jobs->waiting, job);
    jobs->waiting_count--;
    jobs->give_up(job, state);
    settle(jobs, job, state);
}

/* ------------------------------------------------------------------ threads */

static void run_one(struct jobs *jobs)
{
    struct job *job = jobs->waiting;
    if (job->deadline_ms <= jobs_now_ms()) {
        give_up(jobs, job, JOB_TIMEOUT);
        return;
    }
    jobs->waiting = job->next;
    jobs->waiting_count--;
    job->state = JOB_RUNNING;
    append(&jobs->running, job);
    pthread_mutex_unlock(&jobs->lock);
    enum job_state state = jobs->run(job, jobs->context, &jobs->stopped);
    pthread_mutex_lock(&jobs->lock);
    unlink_job(&jobs->running, job);
    settle(jobs, job, state);
}

static void *work(void *context)
{
    struct jobs *jobs = context;
    pthread_mutex_lock(&jobs->lock);
    while (!atomic_load(&jobs->stopped)) {
        if (jobs->waiting != NULL) {
            run_one(jobs);
            continue;
        }
        jobs->idle++;
        pthread_cond_wait(&jobs->work, &jobs->lock);
        jobs->idle--;
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

/* One more thread when all have something to do; without it, the job waits for the others. */
static bool start_thread(struct jobs *jobs)
{
    pthread_attr_t attr;
    if (jobs->idle >= jobs->waiting_count || jobs->thread_count == JOBS_THREADS) {
        return true;
    }
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, JOBS_STACK);
    if (pthread_create(&jobs->threads[jobs->thread_count], &attr, work, jobs) == 0) {
        jobs->thread_count++;
    }
    pthread_attr_destroy(&attr);
    return jobs->thread_count > 0;
}

/* ------------------------------------------------------------------ for the handlers */

struct jobs *jobs_new(job_run run, job_give_up give_up_, const void *context)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (jobs == NULL) {
        return NULL;
    }
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->work, NULL);
    pthread_cond_init(&jobs->ended, &clock);
    pthread_condattr_destroy(&clock);
    jobs->run = run;
    jobs->give_up = give_up_;
    jobs->context = context;
    jobs->keep_bytes = JOBS_KEPT_BYTES;
    return jobs;
}

void jobs_keep(struct jobs *jobs, size_t bytes)
{
    jobs->keep_bytes = bytes > JOBS_KEPT_LEAST ? bytes : JOBS_KEPT_LEAST;
}

void jobs_cancel(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->stopped, true);
    while (jobs->waiting != NULL) {
        give_up(jobs, jobs->waiting, JOB_CANCELED);
    }
    pthread_cond_broadcast(&jobs->work);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_free(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    jobs_cancel(jobs);
    for (size_t i = 0; i < jobs->thread_count; i++) {
        pthread_join(jobs->threads[i], NULL);
    }
    while (jobs->kept != NULL) {
        drop_oldest(jobs);
    }
    pthread_cond_destroy(&jobs->ended);
    pthread_cond_destroy(&jobs->work);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

static enum err_code submit(struct jobs *jobs, struct job *job, struct err *err)
{
    if (atomic_load(&jobs->stopped)) {
        return err_set(err, ERR_BUSY, "the server is stopping");
    }
    if (jobs->waiting_count == JOBS_WAITING) {
        return err_set(err, ERR_BUSY,
            "%d operations are waiting to be run already; try again later", (int)JOBS_WAITING);
    }
    append(&jobs->waiting, job);
    jobs->waiting_count++;
    job->state = JOB_INITIATED;
    if (!start_thread(jobs)) {
        unlink_job(&jobs->waiting, job);
        jobs->waiting_count--;
        return err_set(err, ERR_BUSY, "no thread can be started to run the operation");
    }
    pthread_cond_signal(&jobs->work);
    return ERR_OK;
}

enum err_code jobs_submit(struct jobs *jobs, struct job **job, struct err *err)
{
    pthread_mutex_lock(&jobs->lock);
    (*job)->keep = true;
    enum err_code code = submit(jobs, *job, err);
    if (code == ERR_OK) {
        *job = NULL; /* the jobs' now */
    }
    pthread_mutex_unlock(&jobs->lock);
    return code;
}

static bool has_ended(const struct job *job)
{
    return job->state != JOB_INITIATED && job->state != JOB_RUNNING;
}

enum err_code jobs_run(struct jobs *jobs, struct job *job, struct err *err)
{
    struct timespec end = {.tv_sec = (time_t)(job->deadline_ms / 1000),
        .tv_nsec = (long)(job->deadline_ms % 1000) * 1000000};
    pthread_mutex_lock(&jobs->lock);
    job->awaited = true;
    enum err_code code = submit(jobs, job, err);
    while (code == ERR_OK && !has_ended(job)) {
        if (job->state == JOB_RUNNING) {
            pthread_cond_wait(&jobs->ended, &jobs->lock); /* it watches the time itself */
        } else if (pthread_cond_timedwait(&jobs->ended, &jobs->lock, &end) == ETIMEDOUT &&
                   job->state == JOB_INITIATED) {
            give_up(jobs, job, JOB_TIMEOUT);
        }
    }
    pthread_mutex_unlock(&jobs->lock);
    return code;
}

static struct job *find(struct job *list, const char *handle)
{
    while (list != NULL && strcmp(list->handle, handle) != 0) {
        list = list->next;
    }
    return list;
}

static struct job *find_anywhere(struct jobs *jobs, const char *handle)
{
    struct job *job = find(jobs->waiting, handle);
    if (job != NULL && job->keep && job->deadline_ms <= jobs_now_ms()) {
        give_up(jobs, job, JOB_TIMEOUT);
    }
    if (job == NULL) {
        job = find(jobs->running, handle);
    }
    return job != NULL ? job : find(jobs->kept, handle);
}

enum err_code jobs_find(struct jobs *jobs, const char *handle, const char *subject,
    struct job_view *view, struct buf *full, struct buf *value, struct err *err)
{
    enum err_code code = ERR_OK;
    pthread_mutex_lock(&jobs->lock);
    make_room(jobs);
    struct job *job = find_anywhere(jobs, handle);
    if (job == NULL || !job->keep || strcmp(job->subject, subject) != 0) {
        code = err_set(err, ERR_NOT_FOUND,
            "there is no invocation with this handle here, or its result is no longer kept");
    } else {
        *view = (struct job_view){job->state, job->value_only};
    }
    if (code == ERR_OK && full != NULL && has_ended(job)) {
        buf_add(full, job->full.bytes, job->full.len);
    }
    if (code == ERR_OK && value != NULL && has_ended(job)) {
        buf_add(value, job->value.bytes, job->value.len);
    }
    pthread_mutex_unlock(&jobs->lock);
    return code;
}

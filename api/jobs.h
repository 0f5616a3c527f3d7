/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_JOBS_H
#define JIG_API_JOBS_H
/*
 * Work that goes on while requests come and go: invocations of operations (IDTA-01002,
 * "InvokeOperationSync", "InvokeOperationAsync"), lists of descriptors (api/bulk.h). Threads are
 * started when they are needed and stay; their number, that of waiting jobs, and the results that
 * are kept are bounded. A finished job is kept until somebody newer needs its place or its time is
 * over.
 *
 * Ownership: a job belongs to the caller until jobs_submit takes it, from then on to the jobs. What
 * a job needs and gives is its own memory, counted as one share of what all requests have together
 * until it has ended; results that are kept have a ceiling of their own. Thread-safe.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "api/share.h"

enum {
    JOBS_THREADS = 16,                  /* jobs running at once */
    JOBS_WAITING = 128,                 /* jobs that wait for a thread */
    JOBS_KEPT = 1000,                   /* finished jobs */
    JOBS_KEPT_BYTES = 32 * 1024 * 1024, /* of results of finished jobs, unless told otherwise */
    JOBS_KEPT_LEAST = 8 * 1024 * 1024,  /* the largest result has room in it */
    JOBS_KEPT_MS = 60 * 60 * 1000,      /* age of a result */
    JOBS_STACK = 512 * 1024,            /* bytes of a thread's stack */
    JOBS_MEMORY = 32 * 1024 * 1024,     /* bytes of a job's arena */
    JOBS_HANDLE_BYTES = 32,             /* letters of a handle */
};

/* ExecutionState of IDTA-01002, in its order. */
enum job_state {
    JOB_INITIATED,
    JOB_RUNNING,
    JOB_COMPLETED,
    JOB_CANCELED,
    JOB_FAILED,
    JOB_TIMEOUT,
};
const char *job_state_text(enum job_state state);

struct job {
    char handle[JOBS_HANDLE_BYTES + 1]; /* made by job_new */
    char *subject;                      /* malloc'd: who asks for the job has to name the same */
    bool value_only;                    /* asked for by value */
    bool keep;                          /* its result is looked up later */
    int64_t deadline_ms;                /* of jobs_now_ms */
    char request_id[72];

    struct share share; /* of memory: counts what follows */

    /* what there is to do; freed when it is done */
    struct arena arena;
    const char *url;
    const char *body;
    size_t body_len;
    const struct aas_node *operation; /* as declared when it was invoked */
    const struct aas_node *sent;      /* an Operation with the arguments as its variables */
    const void *task;                 /* of jobs that are no invocations: what they are about */

    /* what came of it: JSON of an OperationResult and OperationResultValueOnly */
    enum job_state state;
    struct buf full;
    struct buf value;

    /* kept by the jobs */
    bool awaited; /* a request waits for it */
    int64_t finished_ms;
    struct job *next;
};

struct jobs;

/* Does a job: fills full and value and gives the state it ends in. `stopped` becomes true when the
 * server ends. */
typedef enum job_state (*job_run)(struct job *job, const void *context, const atomic_bool *stopped);

/* Fills full and value of a job that ended without having been run: JOB_TIMEOUT, JOB_CANCELED. */
typedef void (*job_give_up)(struct job *job, enum job_state state);

/* NULL without memory. `context` must outlive the jobs. */
struct jobs *jobs_new(job_run run, job_give_up give_up, const void *context);

/* Bytes that kept results may have, at least JOBS_KEPT_LEAST; said before there are any. */
void jobs_keep(struct jobs *jobs, size_t bytes);

/* Ends all jobs as JOB_CANCELED, so that nobody waits for them any more. NULL is fine. */
void jobs_cancel(struct jobs *jobs);

/* Cancels, waits for the threads and frees everything. NULL is fine. */
void jobs_free(struct jobs *jobs);

/* An empty job with a new handle; NULL without memory. It takes its share of `memory`, which must
 * outlive it; NULL: there is no limit but its own. */
struct job *job_new(struct budget *memory);
void job_free(struct job *job);

/* What a job says from now on is not refused for want of memory: it is about a failure. */
void job_must_tell(struct job *job);

/* Takes over the job: *job is NULL after ERR_OK. ERR_BUSY when too many are waiting. */
ERR_MUST_USE enum err_code jobs_submit(struct jobs *jobs, struct job **job, struct err *err);

/* The same, and waits until it has ended; the finished job is the caller's again, to be freed. */
ERR_MUST_USE enum err_code jobs_run(struct jobs *jobs, struct job *job, struct err *err);

/* What is known of a job: its state and, when it has ended, its result as appended text. */
struct job_view {
    enum job_state state;
    bool value_only;
};
/* ERR_NOT_FOUND when there is none with this handle and subject (any more). `full` and `value` may
 * be NULL. */
ERR_MUST_USE enum err_code jobs_find(struct jobs *jobs, const char *handle, const char *subject,
    struct job_view *view, struct buf *full, struct buf *value, struct err *err);

/* Milliseconds of a clock that only goes forward. */
int64_t jobs_now_ms(void);

#endif

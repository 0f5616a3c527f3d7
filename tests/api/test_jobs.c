/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs end, are kept as long as there is room, and are known to who began them only. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/jobs.h"
#include "tests/api/client.h"

enum { LARGE = 1024 * 1024 };

/* The number in the url is how many bytes the result has; "wait" lasts until the end. */
static enum job_state run(struct job *job, const void *context, const atomic_bool *stopped)
{
    (void)context;
    if (strcmp(job->url, "wait") == 0) {
        while (!atomic_load(stopped)) {
            usleep(1000);
        }
        return JOB_CANCELED;
    }
    long bytes = strtol(job->url, NULL, 10);
    char *text = calloc(1, (size_t)bytes + 1);
    memset(text, 'x', (size_t)bytes);
    buf_add(&job->full, text, (size_t)bytes);
    buf_add_text(&job->value, "v");
    free(text);
    return JOB_COMPLETED;
}

static void give_up(struct job *job, enum job_state state)
{
    buf_add_text(&job->full, job_state_text(state));
}

static struct job *new_job(const char *what, int64_t ms)
{
    struct job *job = job_new(NULL);
    cr_assert_not_null(job);
    job->subject = strdup("me");
    job->url = arena_copy(&job->arena, what, strlen(what));
    job->deadline_ms = jobs_now_ms() + ms;
    return job;
}

static void submit(struct jobs *jobs, const char *what, char handle[JOBS_HANDLE_BYTES + 1])
{
    struct err err = {0};
    struct job *job = new_job(what, 60000);
    strcpy(handle, job->handle);
    enum err_code code = jobs_submit(jobs, &job, &err);
    cr_assert_eq(code, ERR_OK, "%s", err.text);
    cr_assert_null(job, "it is the jobs' now");
}

static enum err_code state_of(struct jobs *jobs, const char *handle, enum job_state *state)
{
    struct job_view view = {.state = JOB_INITIATED};
    enum err_code code = jobs_find(jobs, handle, "me", &view, NULL, NULL, NULL);
    *state = view.state;
    return code;
}

static void wait_for(struct jobs *jobs, const char *handle)
{
    enum job_state state;
    while (state_of(jobs, handle, &state) == ERR_OK &&
           (state == JOB_INITIATED || state == JOB_RUNNING)) {
        usleep(500);
    }
}

Test(jobs, a_finished_job_gives_its_result_to_who_began_it)
{
    struct jobs *jobs = jobs_new(run, give_up, NULL);
    char handle[JOBS_HANDLE_BYTES + 1];
    struct job_view view;
    struct buf full, value;
    buf_init(&full, 100);
    buf_init(&value, 100);
    submit(jobs, "3", handle);
    wait_for(jobs, handle);
    cr_assert_eq(jobs_find(jobs, handle, "me", &view, &full, &value, NULL), ERR_OK);
    cr_assert_eq(view.state, JOB_COMPLETED);
    cr_assert_str_eq(buf_text(&full), "xxx");
    cr_assert_str_eq(buf_text(&value), "v");
    cr_assert_eq(jobs_find(jobs, handle, "you", &view, &full, &value, NULL), ERR_NOT_FOUND);
    cr_assert_eq(jobs_find(jobs, "other", "me", &view, &full, &value, NULL), ERR_NOT_FOUND);
    buf_finish(&full);
    buf_finish(&value);
    jobs_free(jobs);
}

Test(jobs, the_oldest_results_make_room_for_new_ones)
{
    struct jobs *jobs = jobs_new(run, give_up, NULL);
    char first[JOBS_HANDLE_BYTES + 1];
    char handle[JOBS_HANDLE_BYTES + 1];
    enum job_state state;
    submit(jobs, "1", first);
    wait_for(jobs, first);
    for (int i = 0; i < JOBS_KEPT - 1; i++) {
        submit(jobs, "1", handle);
        wait_for(jobs, handle);
    }
    cr_assert_eq(state_of(jobs, first, &state), ERR_OK, "there was still room");
    submit(jobs, "1", handle);
    wait_for(jobs, handle);
    cr_assert_eq(state_of(jobs, first, &state), ERR_NOT_FOUND);
    cr_assert_eq(state_of(jobs, handle, &state), ERR_OK);
    jobs_free(jobs);
}

Test(jobs, large_results_are_kept_up_to_a_ceiling_of_bytes)
{
    struct jobs *jobs = jobs_new(run, give_up, NULL);
    enum { COUNT = 2 * JOBS_KEPT_BYTES / LARGE };
    static char handles[COUNT][JOBS_HANDLE_BYTES + 1];
    char text[20];
    size_t kept = 0;
    enum job_state state;
    snprintf(text, sizeof text, "%d", (int)LARGE);
    for (size_t i = 0; i < COUNT; i++) {
        submit(jobs, text, handles[i]);
        wait_for(jobs, handles[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        kept += state_of(jobs, handles[i], &state) == ERR_OK;
    }
    cr_assert_gt(kept, 0);
    cr_assert_leq(kept * LARGE, (size_t)JOBS_KEPT_BYTES);
    cr_assert_eq(state_of(jobs, handles[COUNT - 1], &state), ERR_OK, "the newest is there");
    jobs_free(jobs);
}

Test(jobs, who_waits_gets_the_job_back_at_its_end_or_at_its_time)
{
    struct jobs *jobs = jobs_new(run, give_up, NULL);
    char handle[JOBS_HANDLE_BYTES + 1];
    struct err err = {0};
    struct job *job = new_job("2", 60000);
    cr_assert_eq(jobs_run(jobs, job, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(job->state, JOB_COMPLETED);
    cr_assert_str_eq(buf_text(&job->full), "xx");
    job_free(job);
    for (int i = 0; i < JOBS_THREADS; i++) {
        submit(jobs, "wait", handle);
    }
    job = new_job("2", 100);
    double start = client_now();
    cr_assert_eq(jobs_run(jobs, job, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(job->state, JOB_TIMEOUT, "%s", job_state_text(job->state));
    cr_assert_geq(client_now() - start, 0.09);
    job_free(job);
    jobs_free(jobs);
}

Test(jobs, the_end_cancels_what_waits_and_what_runs)
{
    struct jobs *jobs = jobs_new(run, give_up, NULL);
    char running[JOBS_HANDLE_BYTES + 1];
    char waiting[JOBS_HANDLE_BYTES + 1];
    enum job_state state;
    struct err err = {0};
    for (int i = 0; i < JOBS_THREADS; i++) {
        submit(jobs, "wait", running);
    }
    submit(jobs, "1", waiting);
    jobs_cancel(jobs);
    cr_assert_eq(state_of(jobs, waiting, &state), ERR_OK);
    cr_assert_eq(state, JOB_CANCELED);
    wait_for(jobs, running);
    cr_assert_eq(state_of(jobs, running, &state), ERR_OK);
    cr_assert_eq(state, JOB_CANCELED);
    struct job *late = new_job("1", 60000);
    cr_assert_eq(jobs_submit(jobs, &late, &err), ERR_BUSY);
    cr_assert_not_null(late, "it stays with who has it");
    job_free(late);
    jobs_free(jobs);
}

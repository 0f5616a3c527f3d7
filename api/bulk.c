/* SPDX-License-Identifier: Apache-2.0 */
#include "api/bulk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/context.h"
#include "api/handlers.h"
#include "api/jobs.h"
#include "api/registrations.h"
#include "api/reply.h"
#include "api/result.h"
#include "api/routes.h"
#include "api/support.h"

/* A list is taken, however long it waits. */
#define BULK_TIME_MS ((int64_t)24 * 60 * 60 * 1000)
/* Seconds after which to ask for the state again. */
#define BULK_RETRY_AFTER "1"

#define BULK_SUBJECT "bulk"

/* What a list may wait for its share of memory; nobody waits for it. */
enum { ROOM_WAIT_MS = 60000 };

struct bulk {
    struct api_context *context;
    struct jobs *jobs;
    atomic_size_t bytes;
    pthread_mutex_t one; /* one list at a time: they are large and the store takes one anyway */
};

/* What there is to do, in the job's arena. */
struct task {
    struct bulk *bulk;
    enum registry_operation operation;
    enum registered_kind kind;
    struct api_header language; /* of the findings */
    size_t bytes;
};

/* ------------------------------------------------------------------ the work */

/* The changes that a list of descriptors asks for. */
static enum err_code read_descriptors(struct api_request *request, const struct task *task,
    struct registered_change **changes, size_t *count, struct err *err)
{
    struct registrations_items items;
    enum err_code code =
        registrations_items(request, registered_class(task->kind), false, &items, err);
    struct registered_change *list =
        code != ERR_OK ? NULL : arena_alloc(&request->arena, (items.count + 1) * sizeof *list);
    if (code == ERR_OK && list == NULL) {
        return support_full(err);
    }
    for (size_t i = 0; code == ERR_OK && i < items.count; i++) {
        list[i] = (struct registered_change){
            .kind = task->kind, .operation = task->operation, .tree = items.nodes[i]};
    }
    *changes = list;
    *count = items.count;
    return code;
}

/* The same for a list of ids. */
static enum err_code read_ids(struct api_request *request, const struct task *task,
    struct registered_change **changes, size_t *count, struct err *err)
{
    struct json *list = NULL;
    size_t at = 0;
    enum err_code code = json_read(&request->arena, request->body, request->body_len, &list, err);
    if (code != ERR_OK) {
        return code;
    }
    *changes = arena_alloc(&request->arena, ((size_t)list->count + 1) * sizeof **changes);
    if (*changes == NULL) {
        return support_full(err);
    }
    for (const struct json *item = list->first; item != NULL; item = item->next, at++) {
        if (item->kind != JSON_STRING || item->len == 0) {
            err_set(err, ERR_BAD_INPUT, "item %zu must be the id of what is to be removed", at);
            err_place(err, NULL, item->line, item->column);
            return ERR_BAD_INPUT;
        }
        (*changes)[at] = (struct registered_change){.kind = task->kind,
            .operation = REGISTRY_DELETE,
            .id = item->text,
            .id_len = item->len};
    }
    *count = at;
    return ERR_OK;
}

/* Says which item of the list the error is about. */
static void name_item(struct err *err, size_t item, size_t count)
{
    char pointer[32];
    if (item < count && err->path[0] == '\0') {
        snprintf(pointer, sizeof pointer, "/%zu", item);
        err_place(err, pointer, err->line, err->column);
    }
}

static enum err_code perform(struct api_request *request, const struct task *task, struct err *err)
{
    struct registered_change *changes = NULL;
    size_t count = 0;
    size_t failed = 0;
    enum err_code code = task->operation == REGISTRY_DELETE
                             ? read_ids(request, task, &changes, &count, err)
                             : read_descriptors(request, task, &changes, &count, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registered_change(request->context->registry, changes, count, NULL, NULL, &failed, err);
    if (code != ERR_OK && err->code == code) {
        name_item(err, failed, count);
    }
    return code;
}

/* A list was taken and is not refused because others are large: it is tried with more and more
 * room, holding nothing while it waits. */
static enum err_code perform_with_room(
    struct api_request *request, const struct task *task, struct err *err)
{
    struct share *share = &request->share;
    size_t wanted = SHARE_WRITE * request->body_len;
    int64_t end_ms = jobs_now_ms() + ROOM_WAIT_MS;
    int64_t left = ROOM_WAIT_MS;
    for (;;) {
        (void)share_reserve(share, wanted, (unsigned)left);
        share->missed = 0; /* perhaps it takes less */
        enum err_code code = perform(request, task, err);
        left = end_ms - jobs_now_ms();
        if (code == ERR_OK || share->missed == 0) {
            return code;
        }
        if (share_hopeless(share) || left <= 0) {
            return share_refusal(share, err);
        }
        wanted = SHARE_FREE + share->missed + share->missed / 2;
        report_clear(&request->report);
        arena_finish(&request->arena);
        share_settle(share);
    }
}

/* What is wrong with the list is 400 here, whatever it would be for a single one. */
static void write_refusal(struct job *job, struct api_request *request, struct err *err)
{
    struct api_response response;
    struct buf body;
    int status = err_http_status(err->code);
    if (status < 500 && err->code != ERR_INVALID && err->code != ERR_UNREADABLE) {
        err->code = ERR_BAD_INPUT;
    }
    buf_init(&body, JOBS_MEMORY);
    api_response_init(&response, body);
    result_error(request, &response, err);
    job_must_tell(job);
    buf_printf(&job->value, "%d", err_http_status(err->code));
    buf_add(&job->full, response.body.bytes + API_HEAD_ROOM, api_response_length(&response));
    buf_finish(&response.body);
}

static enum job_state run(struct job *job, const void *context, const atomic_bool *stopped)
{
    const struct task *task = job->task;
    struct bulk *bulk = task->bulk;
    struct err err = {.code = ERR_OK};
    struct api_request request;
    (void)context;
    (void)stopped;
    api_request_init(&request, bulk->context, 64 * job->body_len + ((size_t)16 << 20));
    api_request_take_headers(&request, &task->language, task->language.value != NULL);
    request.body = job->body;
    request.body_len = job->body_len;
    memcpy(request.id, job->request_id, sizeof request.id);
    pthread_mutex_lock(&bulk->one);
    enum err_code code = perform_with_room(&request, task, &err);
    pthread_mutex_unlock(&bulk->one);
    if (code != ERR_OK) {
        err.code = code;
        write_refusal(job, &request, &err);
    }
    atomic_fetch_sub(&bulk->bytes, task->bytes);
    api_request_finish(&request);
    return code == ERR_OK ? JOB_COMPLETED : JOB_FAILED;
}

/* Only the end of the server gives a list up. */
static void give_up(struct job *job, enum job_state state)
{
    const struct task *task = job->task;
    (void)state;
    atomic_fetch_sub(&task->bulk->bytes, task->bytes);
    job_must_tell(job);
    buf_add_text(&job->value, "503");
    buf_add_text(&job->full, "{\"code\":503,\"messages\":[{\"messageType\":\"Error\",\"code\":"
                             "\"ServerErrorBusy\",\"text\":\"the server ended before the list was "
                             "begun\"}]}");
}

/* ------------------------------------------------------------------ start and end */

struct bulk *bulk_start(struct api_context *context)
{
    struct bulk *bulk = calloc(1, sizeof *bulk);
    if (bulk == NULL) {
        return NULL;
    }
    bulk->context = context;
    pthread_mutex_init(&bulk->one, NULL);
    bulk->jobs = jobs_new(run, give_up, NULL);
    if (bulk->jobs == NULL) {
        bulk_stop(bulk);
        return NULL;
    }
    return bulk;
}

void bulk_stop(struct bulk *bulk)
{
    if (bulk != NULL) {
        jobs_free(bulk->jobs);
        pthread_mutex_destroy(&bulk->one);
        free(bulk);
    }
}

/* ------------------------------------------------------------------ asking for it */

/* What can be said at once: the body is no list, or an empty one. */
static enum err_code check_list(struct api_request *request, struct err *err)
{
    struct json *list = NULL;
    enum err_code code = registrations_check_media(request, "list", err);
    if (code == ERR_OK) {
        code = json_read(&request->arena, request->body, request->body_len, &list, err);
    }
    if (code == ERR_OK && (list->kind != JSON_ARRAY || list->count == 0)) {
        code = err_set(err, ERR_BAD_INPUT, "the body must be an array of at least one item");
    }
    return code;
}

static struct job *no_room(struct job *job, struct err *err)
{
    if (job != NULL && job->share.missed > 0) {
        (void)share_refusal(&job->share, err);
    } else {
        err_set(err, ERR_NO_MEMORY, "%s", err_default_text(ERR_NO_MEMORY));
    }
    job_free(job);
    return NULL;
}

/* The job with copies of all it needs; NULL without memory, said in `err`. */
static struct job *make_job(
    struct api_request *request, enum registry_operation operation, struct err *err)
{
    struct job *job = job_new(request->context->memory);
    if (job == NULL) {
        return no_room(NULL, err);
    }
    const char *language = api_request_header(request, "Accept-Language");
    share_pass(&request->share, &job->share);
    job->arena.ceiling = request->body_len + 64 * 1024;
    struct task *task = arena_alloc(&job->arena, sizeof *task);
    job->subject = strdup(BULK_SUBJECT);
    job->body = arena_copy(&job->arena, request->body, request->body_len);
    job->body_len = request->body_len;
    if (task == NULL || job->subject == NULL || job->body == NULL) {
        return no_room(job, err);
    }
    *task = (struct task){.bulk = request->context->bulk,
        .operation = operation,
        .kind = request->route->kind == REGISTRY_SUBMODEL ? REGISTERED_SUBMODEL : REGISTERED_SHELL,
        .language = {.name = "Accept-Language"},
        .bytes = request->body_len};
    if (language != NULL && strlen(language) < 1000) {
        task->language.value = arena_copy(&job->arena, language, strlen(language));
    }
    share_pass(&job->share, &request->share);
    job->task = task;
    job->keep = true;
    job->deadline_ms = jobs_now_ms() + BULK_TIME_MS;
    memcpy(job->request_id, request->id, sizeof request->id);
    return job;
}

static enum err_code locate(struct api_request *request, struct api_response *response,
    const char *what, const char *handle, struct err *err)
{
    const char *encoded = aas_base64url_encode(&request->arena, handle, strlen(handle));
    if (encoded == NULL) {
        return support_full(err);
    }
    support_location(request, response, "/bulk/%s/%s", what, encoded);
    return ERR_OK;
}

static enum err_code busy(struct err *err)
{
    return err_set(err, ERR_BUSY, "too many lists wait to be worked on, try again");
}

static enum err_code submit(struct api_request *request, struct api_response *response,
    enum registry_operation operation, struct err *err)
{
    struct bulk *bulk = request->context->bulk;
    enum err_code code = check_list(request, err);
    if (code != ERR_OK) {
        return code;
    }
    if (atomic_fetch_add(&bulk->bytes, request->body_len) + request->body_len > BULK_BYTES) {
        atomic_fetch_sub(&bulk->bytes, request->body_len);
        return busy(err);
    }
    struct job *job = make_job(request, operation, err);
    code = job == NULL ? err->code : locate(request, response, "status", job->handle, err);
    if (code == ERR_OK) {
        code = jobs_submit(bulk->jobs, &job, err) == ERR_OK ? ERR_OK : busy(err);
    }
    if (code != ERR_OK) {
        atomic_fetch_sub(&bulk->bytes, request->body_len);
        job_free(job);
        return code;
    }
    response->status = 202;
    response->content_type = NULL;
    return ERR_OK;
}

enum err_code handle_bulk_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return submit(request, response, REGISTRY_CREATE, err);
}

enum err_code handle_bulk_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return submit(request, response, REGISTRY_UPSERT, err);
}

enum err_code handle_bulk_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return submit(request, response, REGISTRY_DELETE, err);
}

/* ------------------------------------------------------------------ status and result */

/* Handles come as the Location has them (base64url), or plain. */
static const char *handle_of(struct api_request *request)
{
    const struct api_text *given = &request->captures[0];
    char *decoded = NULL;
    size_t len = 0;
    if (given->len == JOBS_HANDLE_BYTES || aas_base64url_decode(&request->arena, given->text,
                                               given->len, &decoded, &len, NULL) != ERR_OK) {
        return given->text;
    }
    return decoded;
}

static bool is_running(const struct job_view *view)
{
    return view->state == JOB_INITIATED || view->state == JOB_RUNNING;
}

static void write_running(struct api_response *response, const struct job_view *view)
{
    reply_ok(response, "application/json");
    api_response_field(response, "Retry-After", BULK_RETRY_AFTER);
    buf_printf(&response->body, "{\"executionState\":\"%s\",\"messages\":[]}",
        job_state_text(view->state));
}

enum err_code handle_bulk_status(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job_view view;
    const char *handle = handle_of(request);
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code =
            jobs_find(request->context->bulk->jobs, handle, BULK_SUBJECT, &view, NULL, NULL, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (is_running(&view)) {
        write_running(response, &view);
        return ERR_OK;
    }
    response->status = 302;
    response->content_type = NULL;
    return locate(request, response, "result", handle, err);
}

enum err_code handle_bulk_result(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job_view view;
    struct buf status;
    buf_init(&status, 64);
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = jobs_find(request->context->bulk->jobs, handle_of(request), BULK_SUBJECT, &view,
            &response->body, &status, err);
    }
    if (code == ERR_OK && is_running(&view)) {
        write_running(response, &view);
    } else if (code == ERR_OK && view.state == JOB_COMPLETED) {
        reply_no_content(response);
    } else if (code == ERR_OK) {
        reply_ok(response, "application/json");
        response->status = atoi(buf_text(&status));
    }
    buf_finish(&status);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Invocation of operations: sync, async, status and results. */
#include "api/operations.h"

#include <stdlib.h>
#include <string.h>

#include "aas/path.h"
#include "api/context.h"
#include "api/element.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum {
    MEMORY_PER_BYTE = SHARE_TREE + 3, /* of an answer: its tree and both forms of the result */
    KEPT_SHARE = 16, /* results are kept in the memory of all requests divided by this, beside it */
};

/* ------------------------------------------------------------------ the jobs */

static enum job_state state_of(enum err_code code)
{
    return code == ERR_OK        ? JOB_COMPLETED
           : code == ERR_TIMEOUT ? JOB_TIMEOUT
           : code == ERR_BUSY    ? JOB_CANCELED
                                 : JOB_FAILED;
}

static void give_up(struct job *job, enum job_state state)
{
    operations_write_failure(job, state,
        state == JOB_TIMEOUT ? "the operation's time was over before it could be started"
                             : "the server is stopping");
}

/* Once its target has done the work an answer is worth waiting for: until there is room for it. */
static enum err_code take_answer(struct job *job, const struct buf *answer, struct err *err)
{
    struct err found = {0};
    struct share *share = &job->share;
    bool room = share_reserve(share, share->used + MEMORY_PER_BYTE * answer->len, SHARE_WAIT_MS);
    enum err_code code =
        room ? operations_take_answer(job, answer->bytes, answer->len, &found) : ERR_BUSY;
    if (code != ERR_OK && share->missed > 0) {
        code = share_refusal(share, &found);
    }
    return code == ERR_OK
               ? ERR_OK
               : err_set(err, code, "the answer of the operation's target cannot be used: %s",
                     found.text);
}

static enum job_state run(struct job *job, const void *context, const atomic_bool *stopped)
{
    const struct operations *operations = context;
    struct err err = {0};
    struct buf answer;
    int64_t left = job->deadline_ms - jobs_now_ms();
    const struct delegate_call call = {.hosts = &operations->hosts,
        .url = job->url,
        .body = job->body,
        .body_len = job->body_len,
        .request_id = job->request_id,
        .timeout_ms = left > 0 ? left : 1,
        .stopped = stopped};
    buf_init(&answer, DELEGATE_MAX_ANSWER);
    buf_count(&answer, &job->share.meter);
    enum err_code code = delegate_post(&call, &answer, &err);
    enum job_state state = state_of(code);
    if (code == ERR_OK) {
        code = take_answer(job, &answer, &err);
        state = code == ERR_OK ? state : JOB_FAILED;
    }
    if (code != ERR_OK) {
        operations_write_failure(job, state, err.text);
    }
    buf_finish(&answer);
    return state;
}

enum err_code operations_start(
    const char *delegate, size_t memory, struct operations **operations, struct err *err)
{
    struct operations *o = calloc(1, sizeof *o);
    if (o == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory for operations");
    }
    enum err_code code = delegate_hosts_read(delegate, &o->hosts, err);
    if (code == ERR_OK) {
        o->jobs = jobs_new(run, give_up, o);
        code = o->jobs == NULL ? err_set(err, ERR_NO_MEMORY, "not enough memory for operations")
                               : ERR_OK;
    }
    if (code != ERR_OK) {
        free(o);
        return code;
    }
    jobs_keep(o->jobs, memory / KEPT_SHARE);
    *operations = o;
    return ERR_OK;
}

void operations_cancel(struct operations *operations)
{
    if (operations != NULL) {
        jobs_cancel(operations->jobs);
    }
}

void operations_stop(struct operations *operations)
{
    if (operations != NULL) {
        jobs_free(operations->jobs);
        free(operations);
    }
}

/* ------------------------------------------------------------------ invoking */

static const char *target_of(const struct aas_node *operation)
{
    size_t count;
    struct aas_node **qualifiers = aas_list(operation, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        const char *type = aas_text(qualifiers[i], PROP_type);
        if (type != NULL && strcmp(type, OPERATIONS_TARGET) == 0) {
            return aas_text(qualifiers[i], PROP_value);
        }
    }
    return NULL;
}

/* The element must be an Operation and somebody must do its work. */
static enum err_code check_operation(const struct api_request *request,
    struct api_response *response, const struct aas_node *operation, struct err *err)
{
    if (operation->cls->id != CLASS_Operation) {
        api_response_field(response, "Allow", "OPTIONS");
        return err_set(
            err, ERR_METHOD, "a %s cannot be invoked, only an Operation can", operation->cls->name);
    }
    const char *target = target_of(operation);
    if (target == NULL || target[0] == '\0') {
        enum err_code code =
            err_set(err, ERR_NOT_OFFERED, "the operation does not say which server does its work");
        err_rule(err, NULL,
            "Give it a qualifier of type \"" OPERATIONS_TARGET
            "\" with an http or https URL as value.");
        return code;
    }
    if (request->context->operations == NULL) {
        return err_set(err, ERR_NOT_OFFERED, "this server runs no operations");
    }
    return delegate_check(&request->context->operations->hosts, target, err);
}

static bool by_value(const struct api_request *request)
{
    const char *pattern = request->route->pattern;
    size_t len = strlen(pattern);
    return len > 7 && strcmp(pattern + len - 7, "/$value") == 0;
}

/* Who asks for an invocation later has to name the same submodel and path. */
static enum err_code subject_of(struct api_request *request, const char **subject, struct err *err)
{
    struct api_text id;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code != ERR_OK) {
        return code;
    }
    *subject = arena_printf(&request->arena, "%s\n%s", id.text, request->captures[1].text);
    return *subject != NULL ? ERR_OK : support_full(err);
}

static enum err_code fill_job(struct api_request *request, const struct aas_node *operation,
    const struct aas_node *sent, struct job *job, struct err *err)
{
    const char *subject = NULL;
    struct buf body;
    enum err_code code = subject_of(request, &subject, err);
    if (code != ERR_OK) {
        return code;
    }
    share_pass(&request->share, &job->share);
    buf_init(&body, JOBS_MEMORY / 4);
    buf_count(&body, &job->share.meter);
    operations_write_sent(&body, sent);
    const char *target = target_of(operation);
    job->subject = strdup(subject);
    job->body_len = body.len;
    job->body = buf_failed(&body) ? NULL : arena_copy(&job->arena, body.bytes, body.len);
    job->url = arena_copy(&job->arena, target, strlen(target));
    job->operation = aas_copy(&job->arena, operation);
    job->sent = aas_copy(&job->arena, sent);
    memcpy(job->request_id, request->id, sizeof request->id);
    buf_finish(&body);
    share_pass(&job->share, &request->share);
    bool full = job->subject == NULL || job->body == NULL || job->url == NULL ||
                job->operation == NULL || job->sent == NULL;
    if (full && job->share.missed > 0) {
        return share_refusal(&job->share, err);
    }
    return full ? support_full(err) : ERR_OK;
}

/* Reads and checks the request; the job is the caller's. */
static enum err_code prepare(
    struct api_request *request, struct api_response *response, struct job **job, struct err *err)
{
    struct registry_document document;
    struct aas_node *operation;
    struct aas_node *sent;
    int64_t timeout_ms;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK && accept_body_media(request) != API_MEDIA_JSON) {
        code = err_set(err, ERR_MEDIA_TYPE, "arguments are taken as application/json only");
    }
    if (code == ERR_OK) {
        code = element_tree(request, &document, &operation, err);
    }
    if (code == ERR_OK) {
        code = check_operation(request, response, operation, err);
    }
    if (code == ERR_OK) {
        code = operations_read(request, operation, by_value(request), &sent, &timeout_ms, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct job *made = job_new(request->context->memory);
    if (made == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to run the operation");
    }
    made->deadline_ms = jobs_now_ms() + timeout_ms;
    made->value_only = by_value(request);
    code = fill_job(request, operation, sent, made, err);
    if (code != ERR_OK) {
        job_free(made);
        return code;
    }
    *job = made;
    return ERR_OK;
}

enum err_code handle_operation_invoke(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job *job = NULL;
    enum err_code code = prepare(request, response, &job, err);
    if (code == ERR_OK) {
        code = jobs_run(request->context->operations->jobs, job, err);
    }
    if (code == ERR_OK) {
        const struct buf *result = by_value(request) ? &job->value : &job->full;
        reply_ok(response, "application/json");
        buf_add(&response->body, result->bytes, result->len);
    }
    job_free(job);
    return code;
}

/* Location of an invocation; `what` is "operation-status" or "operation-results". */
static enum err_code locate(struct api_request *request, struct api_response *response,
    const char *what, const char *handle, bool value_only, struct err *err)
{
    struct arena *arena = &request->arena;
    const char *below = request->below != NULL
                            ? request->below
                            : arena_printf(arena, "/submodels/%s", request->captures[0].text);
    const char *path = element_encode_path(arena, request->captures[1].text);
    const char *name = aas_base64url_encode(arena, handle, strlen(handle));
    if (below == NULL || path == NULL || name == NULL) {
        return support_full(err);
    }
    support_location(request, response, "%s/submodel-elements/%s/%s/%s%s", below, path, what, name,
        value_only ? "/$value" : "");
    return ERR_OK;
}

enum err_code handle_operation_invoke_async(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job *job = NULL;
    enum err_code code = prepare(request, response, &job, err);
    if (code == ERR_OK) {
        code = locate(request, response, "operation-status", job->handle, false, err);
    }
    if (code == ERR_OK) {
        code = jobs_submit(request->context->operations->jobs, &job, err);
    }
    if (code == ERR_OK) {
        response->status = 202;
        response->content_type = NULL;
    }
    job_free(job);
    return code;
}

/* ------------------------------------------------------------------ status and results */

/* Handles come as the Location has them (base64url), or encoded once more by clients that take the
 * part of the Location for the handle itself. */
static const char *handle_of(struct api_request *request)
{
    enum { MOST_ENCODED = 2 };
    const char *handle = request->captures[2].text;
    size_t len = request->captures[2].len;
    for (int i = 0; i < MOST_ENCODED && len != JOBS_HANDLE_BYTES; i++) {
        char *decoded;
        if (aas_base64url_decode(&request->arena, handle, len, &decoded, &len, NULL) != ERR_OK) {
            return "";
        }
        handle = decoded;
    }
    return handle;
}

static enum err_code find_job(struct api_request *request, struct job_view *view, struct buf *full,
    struct buf *value, struct err *err)
{
    const char *subject = NULL;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = subject_of(request, &subject, err);
    }
    if (code == ERR_OK && request->context->operations == NULL) {
        code = err_set(err, ERR_NOT_OFFERED, "this server runs no operations");
    }
    return code == ERR_OK ? jobs_find(request->context->operations->jobs, handle_of(request),
                                subject, view, full, value, err)
                          : code;
}

static bool is_running(const struct job_view *view)
{
    return view->state == JOB_INITIATED || view->state == JOB_RUNNING;
}

enum err_code handle_operation_status(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job_view view;
    enum err_code code = find_job(request, &view, NULL, NULL, err);
    if (code != ERR_OK) {
        return code;
    }
    if (!is_running(&view)) {
        response->status = 302;
        response->content_type = NULL;
        return locate(
            request, response, "operation-results", handle_of(request), view.value_only, err);
    }
    reply_ok(response, "application/json");
    buf_printf(
        &response->body, "{\"executionState\":\"%s\",\"messages\":[]}", job_state_text(view.state));
    return ERR_OK;
}

enum err_code handle_operation_result(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct job_view view;
    bool value = by_value(request);
    struct buf *body = &response->body;
    enum err_code code = find_job(request, &view, value ? NULL : body, value ? body : NULL, err);
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    if (is_running(&view)) {
        buf_printf(body, "{\"executionState\":\"%s\",\"messages\":[]}", job_state_text(view.state));
    }
    return ERR_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/dispatch.h"

#include <string.h>

#include "aas/rare.h"
#include "api/accept.h"
#include "api/authorize.h"
#include "api/context.h"
#include "api/host.h"
#include "api/jobs.h"
#include "api/parameters.h"
#include "api/precondition.h"
#include "api/refusals.h"
#include "api/reply.h"
#include "api/result.h"
#include "api/routes.h"
#include "api/stream.h"

/* Seconds after which a client may try again when the server is too busy. */
#define RETRY_AFTER "2"

enum {
    NUMBERS_AT_ONCE = 256, /* a multiple of 16 */
    NUMBER_BYTES = 40,     /* two numbers in hexadecimal digits, a dash, a NUL */
};

static RARE bool is_plain(const char *text)
{
    size_t len = strlen(text);
    size_t plain =
        strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_");
    return len > 0 && plain == len && len <= API_REQUEST_ID_BYTES;
}

/* What a thread makes ids from. Numbers are taken from the common counter many at a time: all
 * threads write to it. */
struct numbers {
    uint64_t next;
    uint64_t end;
    uint64_t run;
    char text[NUMBER_BYTES]; /* the last id, with a NUL behind it */
    size_t len;
};

static const char hex_digits[] = "0123456789abcdef";

static char *add_hex(char *to, uint64_t number)
{
    size_t digits = number == 0 ? 1 : (67 - (size_t)__builtin_clzll(number)) / 4;
    for (size_t i = digits; i-- > 0; number >>= 4) {
        to[i] = hex_digits[number & 15];
    }
    return to + digits;
}

/* More than the last digit changes. */
static RARE void write_number(struct numbers *numbers, struct api_context *context)
{
    if (numbers->next == numbers->end || numbers->run != context->boot) {
        numbers->next = atomic_fetch_add_explicit(
            &context->request_number, NUMBERS_AT_ONCE, memory_order_relaxed);
        numbers->end = numbers->next + NUMBERS_AT_ONCE;
        numbers->run = context->boot;
    }
    char *end = add_hex(numbers->text, context->boot);
    *end++ = '-';
    end = add_hex(end, numbers->next);
    *end = '\0';
    numbers->len = (size_t)(end - numbers->text);
}

void dispatch_identify(struct api_request *request)
{
    static _Thread_local struct numbers numbers;
    const char *given = api_request_header(request, "X-Request-ID");
    if (given != NULL && is_plain(given)) {
        memcpy(request->id, given, strlen(given) + 1);
        return;
    }
    unsigned digit = numbers.next & 15;
    if (digit == 0 || numbers.run != request->context->boot) {
        write_number(&numbers, request->context);
    } else {
        numbers.text[numbers.len - 1] = hex_digits[digit];
    }
    numbers.next++;
    memcpy(request->id, numbers.text, NUMBER_BYTES);
}

bool dispatch_brings_file(const struct api_request *request)
{
    if (request->route == NULL || !request->route->file) {
        return false;
    }
    enum api_media media = accept_body_media(request);
    return media == API_MEDIA_FORM || media == API_MEDIA_AASX;
}

/* A page that asks first is let through to an address without operation, too: only then it gets to
 * see the answer, which is 404; after a refused question there is just a failed request. */
static enum err_code find_route(struct api_request *request, struct err *err)
{
    enum err_code code = api_route_find(request, err);
    bool asks = request->method == API_OPTIONS && api_request_header(request, "Origin") != NULL &&
                api_request_header(request, "Access-Control-Request-Method") != NULL;
    return code == ERR_NO_OPERATION && asks ? ERR_OK : code;
}

enum err_code dispatch_prepare(
    struct api_request *request, const struct guard_body *body, struct err *err)
{
    enum err_code code = find_route(request, err);
    if (code == ERR_OK && request->query != NULL) {
        code = parameters_read(request, err);
    }
    bool changes = api_method_changes(request->method);
    if (code == ERR_OK && changes) {
        code = reply_check_origin(request, err);
    }
    if (code == ERR_OK && changes) {
        code = host_check(request, err);
    }
    if (code == ERR_OK) {
        code = authorize(request, err);
    }
    const struct api_context *context = request->context;
    size_t most = dispatch_brings_file(request) ? context->max_file : context->max_body;
    if (code == ERR_OK && !body->chunked && body->length > most) {
        code = err_set(err, ERR_TOO_LARGE, "the body has %llu bytes, at most %zu are taken",
            body->length, most);
    }
    return code;
}

/* Most requests do not come from a page. */
static inline void let_pages_read(struct api_request *request, struct api_response *response)
{
    if (api_request_header(request, "Origin") != NULL) {
        reply_cors(request, response);
    }
}

/* Both ways to say who one is (RFC 9110, 11.6.1). */
static RARE void ask_who(struct api_response *response)
{
    api_response_field(response, "WWW-Authenticate", "Basic realm=\"Jig\", charset=\"UTF-8\"");
    api_response_field(response, "WWW-Authenticate", "Bearer realm=\"Jig\"");
}

static RARE void say_when(struct api_request *request, struct api_response *response)
{
    const char *seconds =
        request->retry_s == 0 ? RETRY_AFTER : arena_printf(&request->arena, "%u", request->retry_s);
    api_response_field(response, "Retry-After", seconds != NULL ? seconds : RETRY_AFTER);
}

void dispatch_refuse(
    struct api_request *request, struct api_response *response, const struct err *err)
{
    /* What a handler has prepared for success (ETag, Location) is not true of a refusal; what it
     * says about the refusal is kept. */
    size_t kept = 0;
    if (response->stream != NULL) {
        response->stream->left = 0;
    }
    for (size_t i = 0; i < response->field_count; i++) {
        const char *name = response->fields[i].name;
        if (strcmp(name, "Allow") == 0 || strcmp(name, "Content-Range") == 0) {
            response->fields[kept++] = response->fields[i];
        }
    }
    response->field_count = kept;
    buf_count(&response->body, NULL); /* it must be said even when there is no room at all */
    result_error(request, response, err);
    if (err->code == ERR_METHOD && kept == 0) {
        api_response_field(response, "Allow", api_allow(&request->arena, request->allowed));
    }
    if (err->code == ERR_UNAUTHENTICATED) {
        ask_who(response);
    }
    if (err->code == ERR_BUSY || err->code == ERR_NO_MEMORY || err->code == ERR_TOO_OFTEN) {
        say_when(request, response);
    }
    let_pages_read(request, response);
}

/* Answers to those who read can be large. What answers a change is as large as its body at most,
 * and nobody may be told that it was refused when it was done. */
static bool only_reads(const struct api_request *request)
{
    return request->method == API_GET || request->method == API_HEAD ||
           request->route->right == RIGHT_READ;
}

/* As before the handler, with as little memory. */
static RARE void start_over(
    struct api_request *request, struct api_response *response, const struct arena *before)
{
    struct api_stream *stream = response->stream;
    if (stream != NULL) {
        stream_finish(stream);
        stream->left = 0;
    }
    buf_finish(&response->body);
    api_response_init(response, response->body);
    response->stream = stream;
    report_clear(&request->report);
    arena_back(&request->arena, before);
    share_settle(&request->share);
}

/* Waits for the room that was missing and half as much more: how far it would have gone is not
 * known. */
static RARE bool wait_for_room(struct api_request *request, int64_t end_ms)
{
    struct share *share = &request->share;
    int64_t left = end_ms - jobs_now_ms();
    size_t wanted = SHARE_FREE + share->missed + share->missed / 2;
    if (request->body_len > 0 || share_hopeless(share) || left <= 0 ||
        !share_reserve(share, wanted, (unsigned)left)) {
        return false;
    }
    share->missed = 0;
    return true;
}

/* The handler; what is sent piece by piece gets its buffer while it can still be refused. */
static enum err_code make_answer(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct api_stream *stream = response->stream;
    enum err_code code = request->route->handler(request, response, err);
    if (code == ERR_OK && stream != NULL && stream->left > 0) {
        buf_reserve(&response->body, stream->left < STREAM_FROM ? stream->left : STREAM_FROM);
    }
    return code;
}

/* When there was not enough memory for an answer, it is made anew when there is; so nobody waits
 * with a half-made one or a view of the store. */
static enum err_code handle(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct arena before = request->arena;
    struct share *share = &request->share;
    int64_t end_ms = 0;
    bool reads = only_reads(request);
    buf_count(&response->body, reads ? &share->meter : NULL);
    enum err_code code = make_answer(request, response, err);
    while (reads && share->missed > 0) {
        start_over(request, response, &before);
        end_ms = end_ms > 0 ? end_ms : jobs_now_ms() + SHARE_WAIT_MS;
        if (!wait_for_room(request, end_ms)) {
            return share_refusal(share, err);
        }
        code = make_answer(request, response, err);
    }
    return code != ERR_OK && share->missed > 0 ? share_refusal(share, err) : code;
}

void dispatch_run(struct api_request *request, struct api_response *response)
{
    if (request->route == NULL) {
        reply_options(request, response);
        let_pages_read(request, response);
        return;
    }
    struct err err;
    err_clear(&err);
    enum err_code code = request->route->root == ROOT_NONE ? ERR_OK : api_target(request, &err);
    if (code == ERR_OK) {
        code = handle(request, response, &err);
    }
    bool reads = request->method == API_GET || request->method == API_HEAD;
    if (code == ERR_OK && reads && api_request_header(request, "If-Match") != NULL) {
        code = precondition_of_read(request, response, &err);
        response->field_count = code == ERR_OK ? response->field_count : 0;
    }
    if (code == ERR_OK && buf_failed(&response->body)) {
        code = err_set(&err, ERR_NO_MEMORY, "the answer is larger than this server can give");
    }
    if (code != ERR_OK) {
        if (err.code != code) {
            err_set(&err, code, "%s", err_default_text(code));
        }
        if (code == ERR_FORBIDDEN) {
            refusals_note(request, &err);
        }
        dispatch_refuse(request, response, &err);
        return;
    }
    let_pages_read(request, response);
}

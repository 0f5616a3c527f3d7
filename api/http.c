/* SPDX-License-Identifier: Apache-2.0 */
#include "api/http.h"

#include <string.h>
#include <strings.h>

#include "api/context.h"

static const char *const method_names[] = {
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

const char *api_method_name(enum api_method method)
{
    return method < API_METHOD_UNKNOWN ? method_names[method] : "?";
}

enum api_method api_method_of(const char *name)
{
    if (name[0] == 'G' && name[1] == 'E' && name[2] == 'T' && name[3] == '\0') {
        return API_GET; /* nearly always */
    }
    for (size_t i = 0; i < API_METHOD_UNKNOWN; i++) {
        if (strcmp(method_names[i], name) == 0) {
            return (enum api_method)i;
        }
    }
    return API_METHOD_UNKNOWN;
}

/* Each member: clearing all of it in one go takes longer, and twice for the larger ones. */
void api_request_init(struct api_request *request, struct api_context *context, size_t memory)
{
    request->context = context;
    request->method = API_GET;
    request->path = request->body = request->prefix = "";
    request->query = request->peer = request->below = NULL;
    request->http_1_0 = request->templates = false;
    request->headers = NULL;
    request->header_count = request->body_len = request->capture_count = 0;
    request->header_marks = 0;
    request->id[0] = '\0';
    arena_init(&request->arena, memory);
    report_init(&request->report);
    share_init(&request->share, context != NULL ? context->memory : NULL);
    request->arena.meter = &request->share.meter;
    request->report.arena.meter = &request->share.meter;
    request->route = NULL;
    request->allowed = request->retry_s = 0;
    memset(request->captures, 0, sizeof request->captures);
    request->shell = (struct api_text){NULL, 0};
    request->principal = NULL;
    request->parameters = NULL;
    request->parameter_count = 0;
}

void api_request_finish(struct api_request *request)
{
    if (request->report.arena.blocks != NULL) {
        report_finish(&request->report);
    }
    arena_finish(&request->arena);
    share_settle(&request->share);
}

void api_request_take_headers(
    struct api_request *request, const struct api_header *headers, size_t count)
{
    request->headers = headers;
    request->header_count = count;
    request->header_marks = 0;
    for (size_t i = 0; i < count; i++) {
        request->header_marks |= api_header_mark(headers[i].name, strlen(headers[i].name));
    }
}

const char *api_request_find_header(const struct api_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            return request->headers[i].value;
        }
    }
    return NULL;
}

void api_response_init(struct api_response *response, struct buf body)
{
    response->status = 200;
    response->content_type = NULL;
    response->body = body;
    response->stream = NULL;
    response->field_count = 0;
    response->close = false;
    api_response_clear(response);
}

void api_response_field(struct api_response *response, const char *name, const char *value)
{
    if (value != NULL && response->field_count < API_MAX_FIELDS) {
        response->fields[response->field_count++] = (struct api_field){name, value};
    }
}

/* clang-format off */
#define STATUS(status, reason) [status] = {#status " " reason, sizeof #status " " reason - 1}
static const struct api_text statuses[] = {
    STATUS(200, "OK"),
    STATUS(201, "Created"),
    STATUS(202, "Accepted"),
    STATUS(204, "No Content"),
    STATUS(206, "Partial Content"),
    STATUS(302, "Found"),
    STATUS(304, "Not Modified"),
    STATUS(400, "Bad Request"),
    STATUS(401, "Unauthorized"),
    STATUS(403, "Forbidden"),
    STATUS(404, "Not Found"),
    STATUS(405, "Method Not Allowed"),
    STATUS(406, "Not Acceptable"),
    STATUS(408, "Request Timeout"),
    STATUS(409, "Conflict"),
    STATUS(411, "Length Required"),
    STATUS(412, "Precondition Failed"),
    STATUS(413, "Content Too Large"),
    STATUS(414, "URI Too Long"),
    STATUS(415, "Unsupported Media Type"),
    STATUS(416, "Range Not Satisfiable"),
    STATUS(417, "Expectation Failed"),
    STATUS(429, "Too Many Requests"),
    STATUS(431, "Request Header Fields Too Large"),
    STATUS(500, "Internal Server Error"),
    STATUS(501, "Not Implemented"),
    STATUS(503, "Service Unavailable"),
    STATUS(505, "HTTP Version Not Supported"),
    STATUS(507, "Insufficient Storage"),
};
#undef STATUS
/* clang-format on */

struct api_text api_status_text(int status)
{
    size_t at = (size_t)status;
    return at < sizeof statuses / sizeof *statuses ? statuses[at] : (struct api_text){NULL, 0};
}

bool api_list_has(const char *list, const char *word)
{
    size_t len = strlen(word);
    while (list != NULL && *list != '\0') {
        list += strspn(list, ", \t");
        size_t item = strcspn(list, ", \t");
        if (item == len && strncasecmp(list, word, len) == 0) {
            return true;
        }
        list += item;
    }
    return false;
}

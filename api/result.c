/* SPDX-License-Identifier: Apache-2.0 */
#include "api/result.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Message codes in the words of IDTA-01002 ("StatusCode") for what has one there. */
static const struct {
    enum err_code code;
    const char *text;
} message_codes[] = {
    {ERR_BAD_INPUT, "ClientErrorBadRequest"},
    {ERR_UNREADABLE, "ClientErrorBadRequest"},
    {ERR_INVALID, "ClientErrorBadRequest"},
    {ERR_UNAUTHENTICATED, "ClientNotAuthorized"},
    {ERR_FORBIDDEN, "ClientForbidden"},
    {ERR_NOT_FOUND, "ClientErrorResourceNotFound"},
    {ERR_NO_OPERATION, "NoSuchOperation"},
    {ERR_METHOD, "ClientMethodNotAllowed"},
    {ERR_NOT_ACCEPTABLE, "ClientNotAcceptable"},
    {ERR_TIMEOUT, "ClientRequestTimeout"},
    {ERR_EXISTS, "ClientResourceConflict"},
    {ERR_PRECONDITION, "ClientPreconditionFailed"},
    {ERR_TOO_LARGE, "ClientContentTooLarge"},
    {ERR_MEDIA_TYPE, "ClientUnsupportedMediaType"},
    {ERR_INTERNAL, "ServerInternalError"},
    {ERR_NOT_OFFERED, "ServerNotImplemented"},
    {ERR_BUSY, "ServerErrorBusy"},
    {ERR_NO_MEMORY, "ServerErrorBusy"},
    {ERR_NO_SPACE, "ServerInsufficientStorage"},
};

static const char *message_code(enum err_code code)
{
    for (size_t i = 0; i < sizeof message_codes / sizeof *message_codes; i++) {
        if (message_codes[i].code == code) {
            return message_codes[i].text;
        }
    }
    return err_symbol(code);
}

/* Each thread keeps the last second it has formatted. */
static void time_stamp(char to[40])
{
    static _Thread_local time_t last;
    static _Thread_local char second[24];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != last) {
        struct tm utc;
        gmtime_r(&now.tv_sec, &utc);
        strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S", &utc);
        last = now.tv_sec;
    }
    size_t len = strlen(second);
    long ms = now.tv_nsec / 1000000;
    memcpy(to, second, len);
    to[len] = '.';
    to[len + 1] = (char)('0' + ms / 100);
    to[len + 2] = (char)('0' + ms / 10 % 10);
    to[len + 3] = (char)('0' + ms % 10);
    memcpy(to + len + 4, "Z", 2);
}

static void text_member(struct buf *buf, const char *name, const char *text)
{
    buf_add_char(buf, '"');
    buf_add_text(buf, name);
    buf_add(buf, "\":", 2);
    buf_add_json_string(buf, text, strlen(text));
}

static void add_message(struct buf *buf, const char *type, const char *code, const char *text,
    const char *request_id, const char *stamp)
{
    buf_add_char(buf, '{');
    text_member(buf, "messageType", type);
    buf_add_char(buf, ',');
    text_member(buf, "code", code);
    buf_add_char(buf, ',');
    text_member(buf, "text", text);
    buf_add_char(buf, ',');
    text_member(buf, "correlationId", request_id);
    buf_add_char(buf, ',');
    text_member(buf, "timestamp", stamp);
    buf_add_char(buf, '}');
}

static void begin(struct api_response *response, int status)
{
    response->status = status;
    response->content_type = "application/json";
    api_response_clear(response);
    /* three digits; printf would cost as much as the rest of the answer */
    char digits[4] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
        (char)('0' + status % 10), '\0'};
    buf_add_text(&response->body, "{\"code\":");
    buf_add_text(&response->body, digits);
    buf_add_text(&response->body, ",\"messages\":[");
}

void result_plain(const char *request_id, struct api_response *response, int status,
    const char *code, const char *text)
{
    char stamp[40];
    time_stamp(stamp);
    begin(response, status);
    add_message(&response->body, "Error", code, text, request_id, stamp);
    buf_add_text(&response->body, "]}");
}

/* What stands between a sentence and the next: nothing after its own full stop. */
static const char *between(const char *text, const char *next)
{
    size_t len = strlen(text);
    if (next[0] == '\0') {
        return "";
    }
    return len > 0 && strchr(".!?", text[len - 1]) != NULL ? " " : ". ";
}

static const char *place_of(const struct finding *finding)
{
    return finding->path[0] != '\0' ? finding->path : finding->pointer;
}

static void add_finding(struct api_response *response, const struct api_request *request,
    const struct finding *finding, const char *stamp)
{
    const char *place = place_of(finding);
    char line[32] = "";
    if (finding->line > 0) {
        snprintf(line, sizeof line, "%sline %u", place[0] != '\0' ? ", " : "", finding->line);
    }
    struct buf text;
    buf_init(&text, 64 * 1024);
    buf_printf(&text, "%s%s%s%s%s%s", place, line, place[0] != '\0' || line[0] != '\0' ? ": " : "",
        finding->text, between(finding->text, finding->remedy), finding->remedy);
    bool error = finding->severity >= AAS_ERROR;
    add_message(&response->body,
        error                              ? "Error"
        : finding->severity == AAS_WARNING ? "Warning"
                                           : "Info",
        finding->rule, buf_text(&text), request->id, stamp);
    buf_finish(&text);
}

/* Errors first in the order they were found; warnings only explain, so they are left out. */
static size_t add_findings(
    const struct api_request *request, struct api_response *response, const char *stamp)
{
    size_t told = 0;
    for (size_t i = 0; i < request->report.count && told < API_MAX_MESSAGES; i++) {
        const struct finding *finding = &request->report.findings[i];
        if (finding->severity < AAS_ERROR) {
            continue;
        }
        if (told++ > 0) {
            buf_add_char(&response->body, ',');
        }
        add_finding(response, request, finding, stamp);
    }
    if (told > 0 && request->report.errors > told) {
        char text[80];
        snprintf(text, sizeof text, "and %zu more findings", request->report.errors - told);
        buf_add_char(&response->body, ',');
        add_message(&response->body, "Error", "MoreFindings", text, request->id, stamp);
    }
    return told;
}

static void add_err(const struct api_request *request, struct api_response *response,
    const struct err *err, const char *stamp)
{
    const char *said = err->text[0] != '\0' ? err->text : err_default_text(err->code);
    char text[sizeof err->path + sizeof err->text + sizeof err->remedy + 40];
    if (err->path[0] != '\0' || err->line > 0 || err->remedy[0] != '\0') {
        char line[32] = "";
        if (err->line > 0) {
            snprintf(line, sizeof line, "%sline %u", err->path[0] != '\0' ? ", " : "", err->line);
        }
        snprintf(text, sizeof text, "%s%s%s%s%s%s", err->path, line,
            err->path[0] != '\0' || line[0] != '\0' ? ": " : "", said, between(said, err->remedy),
            err->remedy);
        said = text;
    }
    add_message(&response->body, "Error",
        err->rule[0] != '\0' ? err->rule : message_code(err->code), said, request->id, stamp);
}

void result_error(
    const struct api_request *request, struct api_response *response, const struct err *err)
{
    char stamp[40];
    time_stamp(stamp);
    begin(response, err_http_status(err->code));
    size_t told = 0;
    if (err->code == ERR_INVALID || err->code == ERR_UNREADABLE) {
        told = add_findings(request, response, stamp);
    }
    if (told == 0) {
        add_err(request, response, err, stamp);
    }
    buf_add_text(&response->body, "]}");
}

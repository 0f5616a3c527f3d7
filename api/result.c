/* SPDX-License-Identifier: Apache-2.0 */
#include "api/result.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aas/rare.h"
#include "conformance/sentences.h"

enum { TEXT_ROOM = 64 * 1024 }; /* bytes of one message */

/* Message codes in the words of IDTA-01002 ("StatusCode") for what has one there. */
static const char *const message_codes[] = {
    [ERR_BAD_INPUT] = "ClientErrorBadRequest",
    [ERR_UNREADABLE] = "ClientErrorBadRequest",
    [ERR_INVALID] = "ClientErrorBadRequest",
    [ERR_UNAUTHENTICATED] = "ClientNotAuthorized",
    [ERR_FORBIDDEN] = "ClientForbidden",
    [ERR_NOT_FOUND] = "ClientErrorResourceNotFound",
    [ERR_NO_OPERATION] = "NoSuchOperation",
    [ERR_METHOD] = "ClientMethodNotAllowed",
    [ERR_NOT_ACCEPTABLE] = "ClientNotAcceptable",
    [ERR_TIMEOUT] = "ClientRequestTimeout",
    [ERR_EXISTS] = "ClientResourceConflict",
    [ERR_STATE] = "ClientResourceConflict",
    [ERR_PRECONDITION] = "ClientPreconditionFailed",
    [ERR_TOO_LARGE] = "ClientContentTooLarge",
    [ERR_MEDIA_TYPE] = "ClientUnsupportedMediaType",
    [ERR_TOO_OFTEN] = "ClientTooManyRequests",
    [ERR_RANGE] = "ClientRangeNotSatisfiable",
    [ERR_INTERNAL] = "ServerInternalError",
    [ERR_NOT_OFFERED] = "ServerNotImplemented",
    [ERR_BUSY] = "ServerErrorBusy",
    [ERR_NO_MEMORY] = "ServerErrorBusy",
    [ERR_NO_SPACE] = "ServerInsufficientStorage",
};

static const char *message_code(enum err_code code)
{
    size_t at = (size_t)code;
    const char *text = at < sizeof message_codes / sizeof *message_codes ? message_codes[at] : NULL;
    return text != NULL ? text : err_symbol(code);
}

enum {
    SECOND_BYTES = sizeof "1970-01-01T00:00:00" - 1,
    STAMP_BYTES = sizeof "1970-01-01T00:00:00.000Z" - 1,
};

static RARE void format_second(time_t now, char to[SECOND_BYTES + 1])
{
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(to, SECOND_BYTES + 1, "%Y-%m-%dT%H:%M:%S", &utc);
}

/* Each thread keeps the last second it has formatted; the clock that is cheap to read is behind by
 * some milliseconds at most. */
static void time_stamp(char to[STAMP_BYTES])
{
    static _Thread_local time_t last;
    static _Thread_local char second[SECOND_BYTES + 1];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != last) {
        format_second(now.tv_sec, second);
        last = now.tv_sec;
    }
    unsigned ms = (unsigned)now.tv_nsec / 1000000;
    memcpy(to, second, SECOND_BYTES);
    to += SECOND_BYTES;
    to[0] = '.';
    to[1] = (char)('0' + ms / 100);
    to[2] = (char)('0' + ms / 10 % 10);
    to[3] = (char)('0' + ms % 10);
    to[4] = 'Z';
}

/* How every message of an answer ends. */
struct ending {
    size_t len;
    char text[API_REQUEST_ID_BYTES + STAMP_BYTES +
              sizeof ",\"correlationId\":\"\",\"timestamp\":\"\"}"];
};

static char *put(char *to, const char *text, size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

static void end_with(struct ending *ending, const char *request_id)
{
    static const char name[] = ",\"correlationId\":\"";
    static const char next[] = "\",\"timestamp\":\"";
    char *to = put(ending->text, name, sizeof name - 1);
    to = put(to, request_id, strnlen(request_id, API_REQUEST_ID_BYTES));
    to = put(to, next, sizeof next - 1);
    time_stamp(to);
    to = put(to + STAMP_BYTES, "\"}", 2);
    ending->len = (size_t)(to - ending->text);
}

/* Only what others may have said is looked through for characters that JSON escapes. */
static void add_message(
    struct buf *buf, const char *code, const char *text, const struct ending *ending)
{
    buf_add_text(buf, "{\"messageType\":\"Error\",\"code\":");
    buf_add_json_string(buf, code, strlen(code));
    buf_add_text(buf, ",\"text\":");
    buf_add_json_string(buf, text, strlen(text));
    buf_add(buf, ending->text, ending->len);
}

static void begin(struct api_response *response, int status)
{
    response->status = status;
    response->content_type = "application/json";
    api_response_clear(response);
    buf_printf(&response->body, "{\"code\":%d,\"messages\":[", status);
}

void result_plain(const char *request_id, struct api_response *response, int status,
    const char *code, const char *text)
{
    struct ending ending;
    end_with(&ending, request_id);
    begin(response, status);
    add_message(&response->body, code, text, &ending);
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

/* A refusal while it is being written. */
struct telling {
    const struct api_request *request;
    struct buf *body;
    enum language language; /* asked for */
    bool translated;        /* something was said in it */
    struct ending ending;
};

static void add_finding(struct telling *tell, const struct finding *finding)
{
    struct buf text;
    struct buf remedy;
    buf_init(&text, TEXT_ROOM);
    buf_init(&remedy, TEXT_ROOM);
    report_write_line(&text, finding, tell->language);
    sentence_remedy(&remedy, finding, tell->language);
    buf_add_text(&text, between(buf_text(&text), buf_text(&remedy)));
    buf_add_text(&text, buf_text(&remedy));
    add_message(tell->body, finding->rule, buf_text(&text), &tell->ending);
    buf_finish(&remedy);
    buf_finish(&text);
    tell->translated = true;
}

static void add_rest(struct telling *tell, size_t more)
{
    static const char *const formats[LANGUAGE_COUNT] = {
        "and %zu more findings", "그 밖에 %zu개의 결과", "und %zu weitere Befunde"};
    char text[80];
    snprintf(text, sizeof text, formats[tell->language], more);
    buf_add_char(tell->body, ',');
    add_message(tell->body, "MoreFindings", text, &tell->ending);
}

/* In the order they were found; warnings only explain, so they are left out. */
static size_t add_findings(struct telling *tell)
{
    const struct report *report = &tell->request->report;
    size_t told = 0;
    for (size_t i = 0; i < report->count && told < API_MAX_MESSAGES; i++) {
        if (report->findings[i].severity < AAS_ERROR) {
            continue;
        }
        if (told++ > 0) {
            buf_add_char(tell->body, ',');
        }
        add_finding(tell, &report->findings[i]);
    }
    if (told > 0 && report->errors > told) {
        add_rest(tell, report->errors - told);
    }
    return told;
}

/* In the language asked for when there are words for it; true then. */
static bool translate(struct telling *tell, struct buf *text, const char *said)
{
    if (tell->language != LANGUAGE_EN && sentence_translate(text, said, tell->language)) {
        return true;
    }
    buf_add_text(text, said);
    return false;
}

static void add_err(struct telling *tell, const struct err *err)
{
    static const char *const lines[LANGUAGE_COUNT] = {"line %u", "%u행", "Zeile %u"};
    const char *said = err->text[0] != '\0' ? err->text : err_default_text(err->code);
    const char *rule = err->rule[0] != '\0' ? err->rule : message_code(err->code);
    struct buf sentence;
    struct buf text;
    buf_init(&sentence, TEXT_ROOM);
    buf_init(&text, TEXT_ROOM);
    tell->translated = translate(tell, &sentence, said);
    if (err->remedy[0] != '\0') {
        buf_add_text(&sentence, between(buf_text(&sentence), err->remedy));
        (void)translate(tell, &sentence, err->remedy);
    }
    buf_add_text(&text, err->path);
    if (err->line > 0) {
        char line[40];
        enum language language = tell->translated ? tell->language : LANGUAGE_EN;
        snprintf(line, sizeof line, lines[language], (unsigned)err->line);
        buf_printf(&text, err->path[0] != '\0' ? " (%s)" : "(%s)", line);
    }
    if (text.len > 0) {
        buf_add_text(&text, ": ");
        buf_add(&text, sentence.bytes, sentence.len);
    }
    add_message(tell->body, rule, buf_text(text.len > 0 ? &text : &sentence), &tell->ending);
    buf_finish(&text);
    buf_finish(&sentence);
}

/* ------------------------------------------------------------------ one sentence */

#define COUNT_ROW(symbol, http, exit_code, text) +1
enum { BEGINNING_BYTES = 160, CODES = 0 ERR_TABLE(COUNT_ROW) };
#undef COUNT_ROW

/* How an answer with one message begins, up to its text. */
static struct beginning {
    int status;
    size_t len;
    char text[BEGINNING_BYTES];
} beginnings[CODES];
static pthread_once_t written = PTHREAD_ONCE_INIT;
static atomic_bool are_written; /* known without a call */

static RARE void write_beginnings(void)
{
    for (size_t i = 0; i < CODES; i++) {
        enum err_code code = (enum err_code)i;
        beginnings[i].status = err_http_status(code);
        beginnings[i].len = (size_t)snprintf(beginnings[i].text, BEGINNING_BYTES,
            "{\"code\":%d,\"messages\":[{\"messageType\":\"Error\",\"code\":\"%s\",\"text\":",
            beginnings[i].status, message_code(code));
    }
    atomic_store_explicit(&are_written, true, memory_order_release);
}

/* Without place, rule, remedy and findings, in the language it was written in. */
static bool is_sentence(const struct telling *tell, const struct err *err)
{
    const struct report *report = &tell->request->report;
    return tell->language == LANGUAGE_EN && err->rule[0] == '\0' && err->remedy[0] == '\0' &&
           err->path[0] == '\0' && err->line == 0 && report->count == 0 && report->errors == 0;
}

/* Most refusals are one, and those are given as often as answers. */
static void say_sentence(
    const struct telling *tell, struct api_response *response, const struct err *err)
{
    const struct beginning *beginning = &beginnings[err->code];
    if (!atomic_load_explicit(&are_written, memory_order_acquire)) {
        pthread_once(&written, write_beginnings);
    }
    const char *said = err->text[0] != '\0' ? err->text : err_default_text(err->code);
    response->status = beginning->status;
    response->content_type = "application/json";
    api_response_clear(response);
    buf_add(&response->body, beginning->text, beginning->len);
    buf_add_json_string(&response->body, said, strlen(said));
    buf_add(&response->body, tell->ending.text, tell->ending.len);
}

/* ------------------------------------------------------------------ any refusal */

static RARE void say_all(struct telling *tell, struct api_response *response, const struct err *err)
{
    size_t told = 0;
    begin(response, err_http_status(err->code));
    if (err->code == ERR_INVALID || err->code == ERR_UNREADABLE) {
        told = add_findings(tell);
    }
    if (told == 0) {
        add_err(tell, err);
    }
    if (err->code == ERR_STATE && tell->request->report.errors > 0) { /* missing to publish */
        buf_add_char(&response->body, ',');
        (void)add_findings(tell);
    }
}

void result_error(
    const struct api_request *request, struct api_response *response, const struct err *err)
{
    const char *languages = api_request_header(request, "Accept-Language");
    struct telling tell;
    tell.request = request;
    tell.body = &response->body;
    tell.language = languages != NULL ? language_by_header(languages) : LANGUAGE_EN;
    tell.translated = false;
    end_with(&tell.ending, request->id);
    if (is_sentence(&tell, err)) {
        say_sentence(&tell, response, err);
    } else {
        say_all(&tell, response, err);
    }
    buf_add_text(&response->body, "]}");
    api_response_field(
        response, "Content-Language", language_tag(tell.translated ? tell.language : LANGUAGE_EN));
    api_response_field(response, "Vary", "Accept-Language");
}

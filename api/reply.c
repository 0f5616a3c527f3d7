/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reply.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "aas/rare.h"
#include "api/context.h"
#include "api/routes.h"
#include "api/stream.h"

enum { DATE_BYTES = sizeof "\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n" - 1 };

static RARE void format_date(time_t now, char to[DATE_BYTES + 1])
{
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(to, DATE_BYTES + 1, "\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
}

/* The field and the line ends around it. Formatting a date costs more than the rest of a small
 * answer, so each thread keeps its last one. */
static const char *date_now(void)
{
    static _Thread_local time_t last;
    static _Thread_local char text[DATE_BYTES + 1];
    time_t now = time(NULL);
    if (now != last) {
        format_date(now, text);
        last = now;
    }
    return text;
}

static bool has_body(const struct api_response *response)
{
    return response->status != 204 && response->status != 304;
}

/* A header is put together of dozens of pieces. For those that every header has there is room; each
 * of the others is asked for once. */
enum {
    DIGITS = 20, /* of a number */
    BEFORE_FIELDS =
        2 * DIGITS + DATE_BYTES + sizeof "HTTP/1.1  StatusContent-Type: \r\nContent-Length: \r\n",
    BEHIND_FIELDS =
        API_REQUEST_ID_BYTES + sizeof "X-Request-ID: \r\nConnection: keep-alive\r\n\r\n",
};

static inline char *add(char *to, const char *bytes, size_t len)
{
    memcpy(to, bytes, len);
    return to + len;
}

/* Of a literal, whose length is known. */
static inline char *add_text(char *to, const char *text)
{
    size_t len = strlen(text);
    memcpy(to, text, len);
    return to + len;
}

/* printf would cost as much as the rest of a small answer. */
static char *add_number(char *to, size_t number)
{
    char digits[DIGITS];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memcpy(to, digits + at, sizeof digits - at);
    return to + (sizeof digits - at);
}

/* NULL when they do not fit. */
static char *add_fields(char *to, const char *end, const struct api_response *response)
{
    for (size_t i = 0; i < response->field_count; i++) {
        const struct api_field *field = &response->fields[i];
        size_t name = strlen(field->name);
        size_t value = strlen(field->value);
        size_t room = (size_t)(end - to);
        if (value > room || name + sizeof ": \r\n" > room - value) {
            return NULL;
        }
        to = add_text(add(to, field->name, name), ": ");
        to = add_text(add(to, field->value, value), "\r\n");
    }
    return to;
}

/* Gives the end of the header, or `end` when it does not fit. */
static char *write_header(char *to, char *end, const struct api_request *request,
    const struct api_response *response, bool keep_alive)
{
    struct api_text status = api_status_text(response->status);
    size_t type = response->content_type != NULL ? strlen(response->content_type) : 0;
    if (status.len + type + BEFORE_FIELDS + BEHIND_FIELDS > (size_t)(end - to)) {
        return end;
    }
    to = add_text(to, "HTTP/1.1 ");
    to = status.len > 0 ? add(to, status.text, status.len)
                        : add_text(add_number(to, (size_t)response->status), " Status");
    memcpy(to, date_now(), DATE_BYTES);
    to += DATE_BYTES;
    if (response->content_type != NULL) {
        to = add(add_text(to, "Content-Type: "), response->content_type, type);
        to = add_text(to, "\r\n");
    }
    if (has_body(response)) {
        to = add_number(add_text(to, "Content-Length: "),
            api_response_length(response) +
                (response->stream == NULL ? 0 : (size_t)response->stream->left));
        to = add_text(to, "\r\n");
    }
    to = add_fields(to, end - BEHIND_FIELDS, response);
    if (to == NULL) {
        return end;
    }
    to = add(add_text(to, "X-Request-ID: "), request->id, strlen(request->id));
    return keep_alive ? add_text(to, "\r\nConnection: keep-alive\r\n\r\n")
                      : add_text(to, "\r\nConnection: close\r\n\r\n");
}

/* A header that does not fit into the room before the body; `whole` has failed when there is no
 * memory for it. */
static RARE void write_large_header(struct buf *whole, const struct api_request *request,
    const struct api_response *response, bool keep_alive)
{
    char *start;
    char *end;
    size_t room = API_HEAD_ROOM;
    do {
        room *= 4;
        buf_clear(whole);
        buf_skip(whole, room);
        if (buf_failed(whole)) {
            return;
        }
        start = whole->bytes;
        end = write_header(start, start + room, request, response, keep_alive);
    } while (end == start + room);
    whole->len = (size_t)(end - start);
}

/* The same with room of its own. */
static RARE enum err_code reply_large(const struct api_request *request,
    struct api_response *response, bool keep_alive, size_t body, struct buf *whole)
{
    buf_init(whole, response->body.ceiling);
    write_large_header(whole, request, response, keep_alive);
    buf_add(whole, response->body.bytes + API_HEAD_ROOM, body);
    if (buf_failed(whole)) {
        buf_finish(whole);
        return ERR_TOO_LARGE;
    }
    buf_finish(&response->body);
    response->body = *whole;
    return ERR_OK;
}

enum err_code reply_bytes(const struct api_request *request, struct api_response *response,
    bool keep_alive, const char **bytes, size_t *len)
{
    bool sends = has_body(response) && request->method != API_HEAD;
    size_t body = sends ? api_response_length(response) : 0;
    if (buf_failed(&response->body)) {
        return ERR_TOO_LARGE;
    }
    /* Written elsewhere first: the header's length is not known before it is written. */
    char stack[API_HEAD_ROOM];
    char *end = write_header(stack, stack + sizeof stack, request, response, keep_alive);
    size_t head = (size_t)(end - stack);
    if (head < sizeof stack) {
        char *start = response->body.bytes + API_HEAD_ROOM - head;
        memcpy(start, stack, head);
        *bytes = start;
        *len = head + body;
        return ERR_OK;
    }
    struct buf whole;
    enum err_code code = reply_large(request, response, keep_alive, body, &whole);
    if (code == ERR_OK) {
        *bytes = whole.bytes;
        *len = whole.len;
    }
    return code;
}

/* ------------------------------------------------------------------ CORS */

static bool same_origin(const struct api_request *request, const char *origin)
{
    const char *host = api_request_header(request, "Host");
    const char *at = strstr(origin, "://");
    return host != NULL && at != NULL && strcasecmp(at + 3, host) == 0;
}

/* Pages served from the machine itself: by a development server or a viewer installed there. */
static bool is_loopback(const char *origin)
{
    static const char *const schemes[] = {"http://", "https://"};
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(origin, schemes[i], strlen(schemes[i])) == 0) {
            host = origin + strlen(schemes[i]);
        }
    }
    for (size_t i = 0; host != NULL && i < sizeof hosts / sizeof *hosts; i++) {
        size_t len = strlen(hosts[i]);
        if (strncasecmp(host, hosts[i], len) != 0) {
            continue;
        }
        const char *port = host + len;
        if (*port == '\0' ||
            (*port == ':' && port[1] != '\0' && port[1 + strspn(port + 1, "0123456789")] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool allowed(const struct api_request *request, const char *origin, enum api_method method)
{
    const char *origins = request->context->cors_origins;
    if (origins == NULL) {
        return !api_method_changes(method) || is_loopback(origin);
    }
    return strcmp(origins, "*") == 0 || api_list_has(origins, origin);
}

void reply_cors(struct api_request *request, struct api_response *response)
{
    const char *origin = api_request_header(request, "Origin");
    if (origin == NULL || !allowed(request, origin, API_GET)) {
        return;
    }
    const char *origins = request->context->cors_origins;
    bool anybody = origins == NULL || strcmp(origins, "*") == 0;
    api_response_field(response, "Access-Control-Allow-Origin", anybody ? "*" : origin);
    api_response_field(response, "Access-Control-Expose-Headers",
        "Location, ETag, X-Request-ID, Content-Disposition, X-FileName, X-Revision, X-Cursor");
    if (!anybody) {
        api_response_field(response, "Vary", "Origin");
    }
}

enum err_code reply_check_origin(const struct api_request *request, struct err *err)
{
    if (!api_method_changes(request->method)) {
        return ERR_OK;
    }
    const char *origin = api_request_header(request, "Origin");
    if (origin == NULL || same_origin(request, origin) ||
        allowed(request, origin, request->method)) {
        return ERR_OK;
    }
    return err_set(err, ERR_FORBIDDEN,
        "pages of %.200s may not change anything here; the operator can allow their origin",
        origin);
}

/* It is the origin that is allowed something; with which fields it asks is its own affair. */
static const char *allowed_fields(struct api_request *request)
{
    static const char own[] = "content-type, authorization, accept, if-match, if-none-match";
    static const char names[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_, \t";
    const char *asked = api_request_header(request, "Access-Control-Request-Headers");
    if (asked == NULL || asked[0] == '\0' || asked[strspn(asked, names)] != '\0') {
        return own;
    }
    const char *all = arena_printf(&request->arena, "%s, %s", own, asked);
    return all != NULL ? all : own;
}

void reply_options(struct api_request *request, struct api_response *response)
{
    const char *origin = api_request_header(request, "Origin");
    reply_no_content(response);
    api_response_field(response, "Allow", api_allow(&request->arena, request->allowed));
    if (origin == NULL || !allowed(request, origin, API_GET) ||
        api_request_header(request, "Access-Control-Request-Method") == NULL) {
        return;
    }
    api_response_field(response, "Access-Control-Allow-Methods",
        allowed(request, origin, API_PUT) ? "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD"
                                          : "GET, OPTIONS, HEAD");
    api_response_field(response, "Access-Control-Allow-Headers", allowed_fields(request));
    api_response_field(response, "Access-Control-Max-Age", "600");
}

/* ------------------------------------------------------------------ filling responses */

void reply_ok(struct api_response *response, const char *content_type)
{
    response->status = 200;
    response->content_type = content_type;
}

void reply_no_content(struct api_response *response)
{
    response->status = 204;
    response->content_type = NULL;
}

/* Both digits of every byte. */
#define BESIDE(high)                                                                               \
    high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" high "8" high "9" high \
         "a" high "b" high "c" high "d" high "e" high "f"
static const char hex_pairs[] = BESIDE("0") BESIDE("1") BESIDE("2") BESIDE("3") BESIDE("4")
    BESIDE("5") BESIDE("6") BESIDE("7") BESIDE("8") BESIDE("9") BESIDE("a") BESIDE("b") BESIDE("c")
        BESIDE("d") BESIDE("e") BESIDE("f");
#undef BESIDE

static void hex(const unsigned char hash[STORE_HASH_BYTES], char to[2 * STORE_HASH_BYTES])
{
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        memcpy(to + 2 * i, hex_pairs + 2 * (size_t)hash[i], 2);
    }
}

/* True when the item is the tag, as it is or as that of the packed answer. */
static bool is_tag(const char *item, size_t len, const char *etag, bool *packed)
{
    static const char ending[] = API_GZIP_TAG "\"";
    size_t plain = strlen(etag);
    if (len < plain || memcmp(item, etag, plain - 1) != 0) {
        return false;
    }
    *packed = len == plain + sizeof API_GZIP_TAG - 1 &&
              memcmp(item + plain - 1, ending, sizeof ending - 1) == 0;
    return *packed || (len == plain && item[len - 1] == '"');
}

/* Weak comparison (RFC 9110, 13.1.2): `W/` is passed over. */
static bool names(const char *list, const char *etag, bool *packed)
{
    while (*list != '\0') {
        list += strspn(list, ", \t");
        if (*list == '*') {
            return true;
        }
        if (strncmp(list, "W/", 2) == 0) {
            list += 2;
        }
        size_t item = strcspn(list, ", \t");
        if (is_tag(list, item, etag, packed)) {
            return true;
        }
        list += item;
    }
    return false;
}

bool reply_etag(struct api_request *request, struct api_response *response,
    const unsigned char hash[STORE_HASH_BYTES], const char *variant)
{
    bool packed = false;
    size_t len = strlen(variant);
    char *etag =
        arena_take(&request->arena, 2 * STORE_HASH_BYTES + len + sizeof "\"\"" API_GZIP_TAG, 1);
    if (etag == NULL) {
        return false;
    }
    char *end = etag + 1 + 2 * STORE_HASH_BYTES;
    etag[0] = '"';
    hex(hash, etag + 1);
    memcpy(end, variant, len);
    memcpy(end + len, "\"", 2);
    api_response_field(response, "ETag", etag);
    const char *list = api_request_header(request, "If-None-Match");
    if (list == NULL || !names(list, etag, &packed)) {
        return false;
    }
    if (packed) {
        strcpy(etag + strlen(etag) - 1, API_GZIP_TAG "\"");
    }
    response->status = 304;
    response->content_type = NULL;
    return true;
}

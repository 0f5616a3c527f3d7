/* SPDX-License-Identifier: Apache-2.0 */
#include "api/file_reply.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/accept.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/stream.h"
#include "api/support.h"

#define OCTETS "application/octet-stream"

/* ------------------------------------------------------------------ names */

/* Letters, digits and the marks that need no escape in an extended value (RFC 8187, 3.2.1). */
static const char *percent_name(struct arena *arena, const char *name)
{
    static const char plain[] = "-._~!#$&+^`|";
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_alloc(arena, 3 * strlen(name) + 1);
    size_t len = 0;
    for (; text != NULL && *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x80 && (isalnum(c) || strchr(plain, c) != NULL)) {
            text[len++] = (char)c;
        } else {
            text[len++] = '%';
            text[len++] = digits[c >> 4];
            text[len++] = digits[c & 15];
        }
    }
    return text;
}

/* What a client makes of it must be one harmless file name: no folder, no quote, no escape. */
static const char *ascii_name(struct arena *arena, const char *name)
{
    char *text = arena_copy(arena, name, strlen(name));
    size_t len = 0;
    for (; text != NULL && *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        bool harmless = c >= 0x20 && c < 0x7F && strchr("\"\\/%:*?<>|", c) == NULL;
        if (harmless) {
            text[len++] = (char)c;
        } else if ((c & 0xC0) != 0x80) { /* one for each character */
            text[len++] = '_';
        }
    }
    if (text != NULL) {
        text[len] = '\0';
    }
    return text;
}

const char *file_disposition(struct arena *arena, const char *name)
{
    const char *ascii = ascii_name(arena, name);
    const char *exact = percent_name(arena, name);
    if (ascii == NULL || exact == NULL) {
        return NULL;
    }
    return strcmp(ascii, name) == 0
               ? arena_printf(arena, "attachment; filename=\"%s\"", ascii)
               : arena_printf(
                     arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii, exact);
}

/* ------------------------------------------------------------------ media type */

/* A type that could not stand in a header field is none. */
static const char *own_type(const struct file_reply *file)
{
    const char *type = file->type == NULL || file->type[0] == '\0' ? OCTETS : file->type;
    for (const char *at = type; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7E) {
            return OCTETS;
        }
    }
    return strchr(type, '/') == NULL ? OCTETS : type;
}

/* Without parameters, as Accept names it. */
static const char *bare(struct arena *arena, const char *type)
{
    return arena_copy(arena, type, strcspn(type, "; \t"));
}

static enum err_code choose_type(
    struct api_request *request, const struct file_reply *file, const char **type, struct err *err)
{
    const char *accept = api_request_header(request, "Accept");
    const char *own = own_type(file);
    const char *plain = bare(&request->arena, own);
    if (plain == NULL) {
        return support_full(err);
    }
    /* An explicit wish for the very type counts before what is only taken along. */
    bool bytes_first = file->prefer_bytes && accept != NULL && strstr(accept, plain) == NULL;
    const char *const offered[] = {bytes_first ? OCTETS : plain, bytes_first ? plain : OCTETS};
    int chosen = accept_choose(accept, offered, 2);
    if (chosen < 0) {
        return err_set(err, ERR_NOT_ACCEPTABLE,
            "the request accepts only \"%.200s\"; the file is %.100s", accept, own);
    }
    *type = (chosen == 1) == bytes_first ? own : OCTETS;
    return ERR_OK;
}

/* ------------------------------------------------------------------ ranges */

enum range { RANGE_NONE, RANGE_PART, RANGE_BEYOND };

/* Digits at *at, of at most 18 places; false when there are none or more. */
static bool read_number(const char **at, uint64_t *number)
{
    size_t len = strspn(*at, "0123456789");
    *number = 0;
    for (size_t i = 0; i < len && len <= 18; i++) {
        *number = *number * 10 + (uint64_t)((*at)[i] - '0');
    }
    *at += len;
    return len > 0 && len <= 18;
}

/* "bytes=first-last", "bytes=first-", "bytes=-suffix"; what is none of them or several is as if it
 * were not there (RFC 9110, 14.2). */
static enum range read_range(const char *text, uint64_t size, uint64_t *first, uint64_t *last)
{
    static const char unit[] = "bytes=";
    if (text == NULL || strncasecmp(text, unit, sizeof unit - 1) != 0) {
        return RANGE_NONE;
    }
    text += sizeof unit - 1;
    text += strspn(text, " \t");
    bool has_first = *text != '-';
    if (has_first && !read_number(&text, first)) {
        return RANGE_NONE;
    }
    if (*text++ != '-') {
        return RANGE_NONE;
    }
    bool has_last = *text >= '0' && *text <= '9';
    if (has_last && !read_number(&text, last)) {
        return RANGE_NONE;
    }
    text += strspn(text, " \t");
    if (*text != '\0' || (!has_first && !has_last) || (has_first && has_last && *last < *first)) {
        return RANGE_NONE;
    }
    if (!has_first) {
        uint64_t suffix = *last < size ? *last : size;
        *first = size - suffix;
        *last = size - 1;
        return suffix == 0 ? RANGE_BEYOND : RANGE_PART;
    }
    *last = has_last && *last < size ? *last : size - 1;
    return *first < size ? RANGE_PART : RANGE_BEYOND;
}

/* A range of something else must not be given: If-Range has to name what is there now. */
static bool range_holds(const struct api_request *request, const char *etag)
{
    const char *condition = api_request_header(request, "If-Range");
    return condition == NULL || strcmp(condition, etag) == 0;
}

static const char *etag_of(const struct api_response *response)
{
    for (size_t i = 0; i < response->field_count; i++) {
        if (strcmp(response->fields[i].name, "ETag") == 0) {
            return response->fields[i].value;
        }
    }
    return "";
}

/* ------------------------------------------------------------------ the answer */

/* Clients take X-FileName as it is; what a field cannot hold is percent-encoded UTF-8. */
static const char *field_name(struct arena *arena, const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7E) {
            return percent_name(arena, name);
        }
    }
    return name;
}

static enum err_code add_fields(struct api_request *request, struct api_response *response,
    const struct file_reply *file, struct err *err)
{
    const char *disposition = file_disposition(&request->arena, file->name);
    const char *name = field_name(&request->arena, file->name);
    if (disposition == NULL || name == NULL) {
        return support_full(err);
    }
    api_response_field(response, "Content-Disposition", disposition);
    if (file->x_file_name) {
        api_response_field(response, "X-FileName", name);
    }
    /* What somebody has uploaded must not run as a page of this server. */
    api_response_field(response, "X-Content-Type-Options", "nosniff");
    api_response_field(response, "Content-Security-Policy", "default-src 'none'; sandbox");
    api_response_field(response, "Accept-Ranges", "bytes");
    return ERR_OK;
}

static enum err_code refuse_range(struct api_request *request, struct api_response *response,
    const struct file_reply *file, struct err *err)
{
    const char *range =
        arena_printf(&request->arena, "bytes */%llu", (unsigned long long)file->size);
    if (range != NULL) {
        api_response_field(response, "Content-Range", range);
    }
    return err_set(err, ERR_RANGE, "the file has %llu bytes; none of the range is among them",
        (unsigned long long)file->size);
}

/* Small ones go out with the header. */
static enum err_code put_body(struct api_request *request, struct api_response *response,
    const struct file_reply *file, uint64_t from, uint64_t len, struct err *err)
{
    if (len > STREAM_FROM && response->stream != NULL) {
        *response->stream = (struct api_stream){.from = from, .left = len};
        memcpy(response->stream->blob, file->blob, STORE_HASH_BYTES);
        return ERR_OK;
    }
    size_t start = response->body.len;
    buf_skip(&response->body, (size_t)len);
    if (buf_failed(&response->body)) {
        return err_set(err, ERR_NO_MEMORY, "the answer is larger than this server can give");
    }
    return registry_blob_read(request->context->registry, file->blob, from,
        response->body.bytes + start, (size_t)len, err);
}

enum err_code file_reply_send(struct api_request *request, struct api_response *response,
    const struct file_reply *file, struct err *err)
{
    const char *type = NULL;
    uint64_t first = 0;
    uint64_t last = file->size == 0 ? 0 : file->size - 1;
    enum err_code code = choose_type(request, file, &type, err);
    if (code != ERR_OK || reply_etag(request, response, file->blob, "")) {
        return code;
    }
    enum range range = RANGE_NONE;
    if (request->method == API_GET && file->size > 0 && range_holds(request, etag_of(response))) {
        range = read_range(api_request_header(request, "Range"), file->size, &first, &last);
    }
    if (range == RANGE_BEYOND) {
        return refuse_range(request, response, file, err);
    }
    if (range == RANGE_NONE) {
        first = 0;
        last = file->size == 0 ? 0 : file->size - 1;
    }
    uint64_t len = file->size == 0 ? 0 : last - first + 1;
    code = add_fields(request, response, file, err);
    if (code == ERR_OK) {
        code = put_body(request, response, file, first, len, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, type);
    if (range == RANGE_PART) {
        const char *said = arena_printf(&request->arena, "bytes %llu-%llu/%llu",
            (unsigned long long)first, (unsigned long long)last, (unsigned long long)file->size);
        response->status = 206;
        api_response_field(response, "Content-Range", said != NULL ? said : "bytes */*");
    }
    return ERR_OK;
}

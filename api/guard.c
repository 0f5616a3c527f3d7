/* SPDX-License-Identifier: Apache-2.0 */
#include "api/guard.h"

#include <string.h>
#include <strings.h>

#include "aas/path.h"
#include "aas/plain.h"
#include "aas/rare.h"

enum { MAX_LENGTH_DIGITS = 18 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Not zero when one of the eight bytes is no visible ASCII character (0x21 to 0x7e), or one of two
 * others. */
static inline uint64_t unlike_visible(uint64_t word, unsigned char a, unsigned char b)
{
    uint64_t outside = (word - PLAIN_ONES * 0x21) | (word + PLAIN_ONES) | word;
    return (outside & PLAIN_HIGH) | plain_has(word, a) | plain_has(word, b);
}

/* How many bytes at the start are visible ASCII characters other than these two, or some fewer:
 * nearly all of an address. */
static inline size_t visible_run(const char *text, size_t len, unsigned char a, unsigned char b)
{
    uint64_t word;
    size_t at = 0;
    for (; len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (unlike_visible(word, a, b) != 0) {
            return at;
        }
    }
    if (at == 0) {
        return 0;
    }
    memcpy(&word, text + (len - sizeof word), sizeof word); /* the end, some of it once more */
    return unlike_visible(word, a, b) == 0 ? len : at;
}

enum err_code guard_unescape(
    const char *text, size_t len, bool plus, char *to, size_t *decoded, struct err *err)
{
    size_t plain = visible_run(text, len, '%', '+');
    size_t at = plain;
    memcpy(to, text, plain);
    for (size_t i = plain; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            bool whole = len - i > 2;
            int high = whole ? hex_digit(text[i + 1]) : -1;
            int low = whole ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return err_set(err, ERR_BAD_INPUT,
                    "the address has a percent sign that is not followed by two hexadecimal "
                    "digits");
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f) {
            return err_set(
                err, ERR_BAD_INPUT, "the address contains a control character (0x%02x)", c);
        }
        to[at++] = c;
    }
    to[at] = '\0';
    if (at > plain && !aas_utf8_valid(to + plain, at - plain, NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the address is not UTF-8 when decoded");
    }
    *decoded = at;
    return ERR_OK;
}

static RARE enum err_code check_visible(const char *at, struct err *err)
{
    for (; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f || *at == '#') {
            return err_set(err, ERR_BAD_INPUT,
                "the address contains the byte 0x%02x, which must be percent-encoded",
                (unsigned char)*at);
        }
    }
    return ERR_OK;
}

static enum err_code check_target(const struct api_request *request, struct err *err)
{
    size_t path = strlen(request->path);
    size_t len = path + (request->query != NULL ? strlen(request->query) : 0);
    if (len > API_MAX_TARGET) {
        return err_set(err, ERR_URI_TOO_LONG, "the address has %zu bytes, at most %d are taken",
            len, API_MAX_TARGET);
    }
    if (request->path[0] != '/') {
        return err_set(err, ERR_BAD_INPUT, "the address must begin with a slash");
    }
    size_t visible = visible_run(request->path, path, '#', '#');
    return visible == path ? ERR_OK : check_visible(request->path + visible, err);
}

/* The bytes of a token (RFC 9110, 5.6.2), 0 for what is none. */
static size_t token_length(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    size_t len = 0;
    for (; text[len] != '\0'; len++) {
        unsigned char c = (unsigned char)text[len];
        bool letter = (unsigned char)((c | 0x20) - 'a') < 26;
        if (!letter && (unsigned char)(c - '0') >= 10 && strchr(others, c) == NULL) {
            return 0;
        }
    }
    return len;
}

/* RFC 9110, 8.6: digits only; one digit more than fits is refused rather than wrapped. */
static enum err_code read_length(const char *text, unsigned long long *length, struct err *err)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > MAX_LENGTH_DIGITS || text[digits] != '\0') {
        return err_set(err, ERR_BAD_INPUT,
            "Content-Length must be a plain decimal number, not \"%.40s\"", text);
    }
    *length = 0;
    for (size_t i = 0; i < digits; i++) {
        *length = *length * 10 + (unsigned long long)(text[i] - '0');
    }
    return ERR_OK;
}

/* The fields that may occur once only. */
enum once { ONCE_HOST, ONCE_LENGTH, ONCE_TRANSFER, ONCE_TYPE, ONCE_EXPECT, ONCE_COUNT };

static const struct api_text once_names[ONCE_COUNT] = {{"Host", 4}, {"Content-Length", 14},
    {"Transfer-Encoding", 17}, {"Content-Type", 12}, {"Expect", 6}};

/* Their values; NULL for those that are not there. */
struct seen {
    const char *values[ONCE_COUNT];
};

static enum err_code collect(const struct api_request *request, struct seen *seen, struct err *err)
{
    for (size_t i = 0; i < request->header_count; i++) {
        const struct api_header *header = &request->headers[i];
        size_t len = token_length(header->name);
        if (len == 0) {
            return err_set(
                err, ERR_BAD_INPUT, "\"%.40s\" is no name of a header field", header->name);
        }
        for (size_t k = 0; k < ONCE_COUNT; k++) {
            if (once_names[k].len != len ||
                (!plain_equal(once_names[k].text, header->name, len) &&
                    strcasecmp(once_names[k].text, header->name) != 0)) {
                continue;
            }
            if (seen->values[k] != NULL) {
                return err_set(
                    err, ERR_BAD_INPUT, "the header field %s occurs twice", once_names[k].text);
            }
            seen->values[k] = header->value;
        }
    }
    return ERR_OK;
}

static RARE enum err_code check_framing(const struct seen *seen, const struct api_request *request,
    struct guard_body *body, struct err *err)
{
    if (seen->values[ONCE_TRANSFER] != NULL) {
        if (seen->values[ONCE_LENGTH] != NULL) {
            return err_set(err, ERR_BAD_INPUT,
                "Content-Length and Transfer-Encoding contradict each other; send one of them");
        }
        if (request->http_1_0) {
            return err_set(err, ERR_BAD_INPUT, "HTTP/1.0 has no Transfer-Encoding");
        }
        if (strcasecmp(seen->values[ONCE_TRANSFER], "chunked") != 0) {
            return err_set(err, ERR_NOT_OFFERED,
                "the transfer encoding \"%.40s\" is not offered, only chunked",
                seen->values[ONCE_TRANSFER]);
        }
        body->chunked = true;
    } else if (seen->values[ONCE_LENGTH] != NULL) {
        enum err_code code = read_length(seen->values[ONCE_LENGTH], &body->length, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    if (seen->values[ONCE_EXPECT] != NULL) {
        if (strcasecmp(seen->values[ONCE_EXPECT], "100-continue") != 0) {
            return err_set(err, ERR_BAD_INPUT, "the expectation \"%.40s\" cannot be met",
                seen->values[ONCE_EXPECT]);
        }
        body->expects_continue = !request->http_1_0;
    }
    return ERR_OK;
}

enum err_code guard_check(
    const struct api_request *request, struct guard_body *body, struct err *err)
{
    struct seen seen = {0};
    *body = (struct guard_body){0};
    if (request->header_count > API_MAX_HEADERS) {
        return err_set(
            err, ERR_HEADERS_TOO_LARGE, "there are more than %d header fields", API_MAX_HEADERS);
    }
    enum err_code code = check_target(request, err);
    if (code == ERR_OK) {
        code = collect(request, &seen, err);
    }
    if (code == ERR_OK && seen.values[ONCE_HOST] == NULL && !request->http_1_0) {
        code = err_set(err, ERR_BAD_INPUT, "the header field Host is missing");
    }
    bool framed = seen.values[ONCE_LENGTH] != NULL || seen.values[ONCE_TRANSFER] != NULL ||
                  seen.values[ONCE_EXPECT] != NULL;
    return code == ERR_OK && framed ? check_framing(&seen, request, body, err) : code;
}

/* The parser zeroes the colon, the CR and the LF of each field: "Name\0 value\0\0Next". A bare line
 * feed leaves one zero only; a space before the colon leaves a zero between name and colon. */
static enum err_code check_field_layout(
    const struct api_header *header, const char *next, const char **end, struct err *err)
{
    const char *colon = header->name + strlen(header->name);
    if (header->value != colon + 1 && colon[1] == '\0') {
        return err_set(
            err, ERR_BAD_INPUT, "there is a space before the colon of %.40s", header->name);
    }
    *end = header->value + strlen(header->value);
    if ((*end)[1] != '\0' || (next != NULL && next != *end + 2)) {
        return err_set(err, ERR_BAD_INPUT,
            "the header field %.40s ends with a bare line feed; lines end with CR LF",
            header->name);
    }
    return ERR_OK;
}

enum err_code guard_layout(
    const char *version, const struct api_header *headers, size_t count, struct err *err)
{
    if (count == 0) {
        return ERR_OK;
    }
    if (headers[0].name != version + strlen(version) + 2) {
        return err_set(err, ERR_BAD_INPUT, "the request line does not end with CR LF");
    }
    const char *end = version; /* of the last field */
    for (size_t i = 0; i < count; i++) {
        const char *next = i + 1 < count ? headers[i + 1].name : NULL;
        enum err_code code = check_field_layout(&headers[i], next, &end, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    if (end[2] == '\r') {
        return ERR_OK;
    }
    if (count >= API_MAX_HEADERS) {
        return err_set(
            err, ERR_HEADERS_TOO_LARGE, "there are more than %d header fields", API_MAX_HEADERS);
    }
    return err_set(err, ERR_BAD_INPUT,
        "the line after the header field %.40s is no header field (folded lines are not taken)",
        headers[count - 1].name);
}

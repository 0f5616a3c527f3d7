/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "aas/path.h"
#include "aas/plain.h"
#include "aas/rare.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The values of the characters as digits and one more; 0 for those that are none. */
static const unsigned char digits[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                /* control characters */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                /* control characters */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0,               /* - */
    53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0,      /* 0 to 9 */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,          /* A to O */
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 64,    /* P to Z, _ */
    0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, /* a to o */
    42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0, 0, 0, 0, 0,     /* p to z */
};

/* -1 for what is no digit */
static int digit_value(char c)
{
    return digits[(unsigned char)c] - 1;
}

static RARE enum err_code refuse(struct err *err, size_t at, const char *what, const char *remedy)
{
    err_set(err, ERR_BAD_INPUT, "this is not base64url: %s at position %zu", what, at + 1);
    err_rule(err, "base64url", remedy);
    return ERR_BAD_INPUT;
}

static enum err_code refuse_character(struct err *err, size_t at, char c)
{
    switch (c) {
    case '=':
        return refuse(err, at, "padding", "Leave out the \"=\" at the end.");
    case '+':
    case '/':
        return refuse(err, at, "a character of plain base64",
            "Use the alphabet for URLs: \"-\" instead of \"+\" and \"_\" instead of \"/\".");
    default:
        return refuse(err, at, "a foreign character",
            "Encode the UTF-8 bytes of the identifier as base64url without padding.");
    }
}

/* Decodes groups of four digits, three bytes each, up to the first that has something else; returns
 * how many digits that were. */
static size_t decode_groups(const char *text, size_t len, char *to)
{
    enum { ONE = 1 << 18 | 1 << 12 | 1 << 6 | 1 }; /* what four digits of value 0 add up to */
    size_t at = 0;
    for (; len - at >= 4; at += 4) {
        uint32_t a = digits[(unsigned char)text[at]];
        uint32_t b = digits[(unsigned char)text[at + 1]];
        uint32_t c = digits[(unsigned char)text[at + 2]];
        uint32_t d = digits[(unsigned char)text[at + 3]];
        if (a == 0 || b == 0 || c == 0 || d == 0) {
            break;
        }
        uint32_t bits = (a << 18) + (b << 12) + (c << 6) + d - ONE;
        *to++ = (char)(bits >> 16);
        *to++ = (char)(bits >> 8);
        *to++ = (char)bits;
    }
    return at;
}

static RARE enum err_code refuse_rest(const char *text, size_t len, size_t at, struct err *err)
{
    for (; at < len; at++) {
        if (digit_value(text[at]) < 0) {
            return refuse_character(err, at, text[at]);
        }
    }
    return refuse(err, len, "bits left over in the last character",
        "Encode the UTF-8 bytes of the identifier as base64url without padding.");
}

/* Decodes into `to`, which has room for len / 4 * 3 + 2 bytes. */
static enum err_code decode_digits(
    const char *text, size_t len, char *to, size_t *to_len, struct err *err)
{
    size_t at = decode_groups(text, len, to);
    size_t out = at / 4 * 3;
    size_t rest = len - at;
    int a = rest > 1 ? digit_value(text[at]) : 0;
    int b = rest > 1 ? digit_value(text[at + 1]) : 0;
    int c = rest > 2 ? digit_value(text[at + 2]) : 0;
    if (rest == 1 && digit_value(text[at]) >= 0) {
        return refuse(err, len, "a lone last character", "Send the whole encoded text.");
    }
    /* A group of four has a foreign one; two digits have 4 bits too many, three have 2. */
    if (rest > 3 || rest == 1 || (a | b | c) < 0 || (rest == 2 && (b & 15) != 0) || (c & 3) != 0) {
        return refuse_rest(text, len, at, err);
    }
    if (rest > 1) {
        to[out++] = (char)(a << 2 | b >> 4);
    }
    if (rest > 2) {
        to[out++] = (char)(b << 4 | c >> 2);
    }
    *to_len = out;
    return ERR_OK;
}

/* Not zero when one of the eight bytes is no ASCII character or a NUL. */
static inline uint64_t unlike_text(uint64_t word)
{
    return (word | (word - PLAIN_ONES)) & PLAIN_HIGH;
}

static RARE enum err_code check_text(const char *bytes, size_t len, struct err *err)
{
    size_t bad = 0;
    if (!aas_utf8_valid(bytes, len, &bad)) {
        return refuse(err, bad / 3 * 4, "bytes that are not UTF-8",
            "Encode the UTF-8 bytes of the identifier.");
    }
    const char *nul = memchr(bytes, '\0', len);
    if (nul != NULL) {
        return refuse(err, (size_t)(nul - bytes) / 3 * 4, "a NUL character",
            "Identifiers have no control characters.");
    }
    return ERR_OK;
}

enum err_code aas_base64url_decode(struct arena *arena, const char *text, size_t len,
    char **decoded, size_t *decoded_len, struct err *err)
{
    char *bytes = arena_take(arena, len / 4 * 3 + 3, 1);
    if (bytes == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the encoded text is longer than allowed");
    }
    size_t bytes_len = 0;
    enum err_code code = decode_digits(text, len, bytes, &bytes_len, err);
    if (code == ERR_OK && plain_find(bytes, bytes_len, unlike_text) != 0) {
        code = check_text(bytes, bytes_len, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    bytes[bytes_len] = '\0';
    *decoded = bytes;
    *decoded_len = bytes_len;
    return ERR_OK;
}

char *aas_base64url_encode(struct arena *arena, const char *bytes, size_t len)
{
    if (len > SIZE_MAX / 4 * 3 - 4) {
        return NULL;
    }
    char *text = arena_alloc(arena, len / 3 * 4 + 5);
    char *to = text;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; text != NULL && i < len; i++) {
        bits = (bits << 8 | (unsigned char)bytes[i]) & 0xFFFF;
        for (held += 8; held >= 6; held -= 6) {
            *to++ = alphabet[bits >> (held - 6) & 0x3F];
        }
    }
    if (held > 0) {
        *to = alphabet[bits << (6 - held) & 0x3F];
    }
    return text;
}

void aas_base64url_write(struct buf *buf, const char *bytes, size_t len)
{
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8 | (unsigned char)bytes[i]) & 0xFFFF;
        for (held += 8; held >= 6; held -= 6) {
            buf_add_char(buf, alphabet[bits >> (held - 6) & 0x3F]);
        }
    }
    if (held > 0) {
        buf_add_char(buf, alphabet[bits << (6 - held) & 0x3F]);
    }
}

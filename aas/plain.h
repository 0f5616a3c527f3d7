/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_PLAIN_H
#define JIG_AAS_PLAIN_H
/*
 * Looking through texts eight bytes at a time for the few that JSON treats specially; whoever reads
 * or writes a document looks at all of it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PLAIN_ONES UINT64_C(0x0101010101010101)
#define PLAIN_HIGH UINT64_C(0x8080808080808080)

enum { PLAIN_SHORT = 64 }; /* bytes up to which texts are copied here */

/* Not zero when one of the eight bytes is `byte` (below 0x80). */
static inline uint64_t plain_has(uint64_t word, unsigned char byte)
{
    uint64_t x = word ^ (PLAIN_ONES * byte);
    return (x - PLAIN_ONES) & ~x & PLAIN_HIGH;
}

/* Bytes before the first one whose high bit is set in `marks`, which is not zero. */
static inline size_t plain_before(uint64_t marks)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(marks) / 8;
#else
    (void)marks;
    return 0;
#endif
}

/* Marks control characters, quotes and backslashes: what JSON escapes. Turning the bit of 2 round
 * brings the quote to 0x20, beside the control characters, and leaves nothing else there. */
static inline uint64_t plain_json_marks(uint64_t word)
{
    uint64_t turned = word ^ (PLAIN_ONES * 2);
    uint64_t low = (turned - PLAIN_ONES * 0x21) & ~turned & PLAIN_HIGH;
    return low | plain_has(word, '\\');
}

/* A word of all bytes of a text that has 1 to 7; some stand in it more than once. */
static inline uint64_t plain_short(const char *text, size_t len)
{
    uint32_t low;
    uint32_t high;
    if (len < sizeof low) {
        low = (uint32_t)(unsigned char)text[0] << 24 | (uint32_t)(unsigned char)text[0] |
              (uint32_t)(unsigned char)text[len / 2] << 8 |
              (uint32_t)(unsigned char)text[len - 1] << 16;
        high = low;
    } else {
        memcpy(&low, text, sizeof low);
        memcpy(&high, text + (len - sizeof high), sizeof high);
    }
    return (uint64_t)high << 32 | low;
}

/* memcpy and memcmp == 0 of texts that are mostly shorter than what calling those costs. */
static inline void plain_copy(char *to, const char *from, size_t len)
{
    uint64_t word;
    if (len < sizeof word || len > PLAIN_SHORT) {
        memcpy(to, from, len);
        return;
    }
    for (size_t at = 0; at + sizeof word < len; at += sizeof word) {
        memcpy(&word, from + at, sizeof word);
        memcpy(to + at, &word, sizeof word);
    }
    memcpy(&word, from + (len - sizeof word), sizeof word);
    memcpy(to + (len - sizeof word), &word, sizeof word);
}
static inline bool plain_equal(const char *a, const char *b, size_t len)
{
    uint64_t differ = 0;
    uint64_t x;
    uint64_t y;
    if (len < sizeof x) {
        return len == 0 || plain_short(a, len) == plain_short(b, len);
    }
    for (size_t at = 0; at + sizeof x < len; at += sizeof x) {
        memcpy(&x, a + at, sizeof x);
        memcpy(&y, b + at, sizeof y);
        differ |= x ^ y;
    }
    memcpy(&x, a + (len - sizeof x), sizeof x);
    memcpy(&y, b + (len - sizeof y), sizeof y);
    return (differ | (x ^ y)) == 0;
}

/* How many bytes at the start are neither a control character nor a quote nor a backslash, or some
 * fewer. Those of 0x80 and more leave their high bit in `*seen`. */
static inline size_t plain_json_run(const char *text, size_t len, uint64_t *seen)
{
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        uint64_t marks = plain_json_marks(word);
        if (marks != 0) {
            size_t before = plain_before(marks);
            *seen |= before == 0 ? 0 : word << (64 - 8 * before);
            return at + before;
        }
        *seen |= word;
    }
    return at;
}

/* What `marks` finds in the words of a text together: zero when it finds nothing in any of its
 * bytes. The last word reaches back into the one before. */
static inline uint64_t plain_find(const char *text, size_t len, uint64_t (*marks)(uint64_t word))
{
    uint64_t found = 0;
    uint64_t word;
    if (len < sizeof word) {
        return len == 0 ? 0 : marks(plain_short(text, len));
    }
    for (size_t at = 0; at + sizeof word < len; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        found |= marks(word);
    }
    memcpy(&word, text + (len - sizeof word), sizeof word);
    return found | marks(word);
}

/* The quote that ends a JSON string of ASCII without escapes; NULL when it is none, or ends too
 * close to `end` to tell. */
static inline const char *plain_string_end(const char *at, const char *end)
{
    for (; (size_t)(end - at) >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t stops = plain_json_marks(word) | (word & PLAIN_HIGH);
        if (stops != 0) {
            at += plain_before(stops);
            return *at == '"' ? at : NULL;
        }
    }
    return NULL;
}

/* Copies a text while looking for what JSON escapes; false when there is something, which leaves
 * `to` in disorder. */
static inline bool plain_json_copy(char *to, const char *text, size_t len)
{
    uint64_t found = 0;
    uint64_t word;
    if (len < sizeof word) {
        for (size_t i = 0; i < len; i++) {
            to[i] = text[i];
        }
        return len == 0 || plain_json_marks(plain_short(text, len)) == 0;
    }
    for (size_t at = 0; at + sizeof word < len; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        memcpy(to + at, &word, sizeof word);
        found |= plain_json_marks(word);
    }
    memcpy(&word, text + (len - sizeof word), sizeof word);
    memcpy(to + (len - sizeof word), &word, sizeof word);
    return (found | plain_json_marks(word)) == 0;
}

static inline uint64_t plain_high(uint64_t word)
{
    return word & PLAIN_HIGH;
}

/* True when all bytes are below 0x80. */
static inline bool plain_is_ascii(const char *text, size_t len)
{
    return plain_find(text, len, plain_high) == 0;
}

#endif

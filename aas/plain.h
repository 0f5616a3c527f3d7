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

/* How many bytes at the start are neither a control character nor a quote nor a backslash, or some
 * fewer. Those of 0x80 and more leave their high bit in `*seen`. */
static inline size_t plain_json_run(const char *text, size_t len, uint64_t *seen)
{
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        uint64_t control = (word - PLAIN_ONES * 0x20) & ~word & PLAIN_HIGH;
        uint64_t marks = control | plain_has(word, '"') | plain_has(word, '\\');
        if (marks != 0) {
            size_t before = plain_before(marks);
            *seen |= before == 0 ? 0 : word << (64 - 8 * before);
            return at + before;
        }
        *seen |= word;
    }
    return at;
}

/* True when all bytes are below 0x80. */
static inline bool plain_is_ascii(const char *text, size_t len)
{
    uint64_t seen = 0;
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        seen |= word;
    }
    for (; at < len; at++) {
        seen |= (unsigned char)text[at];
    }
    return (seen & PLAIN_HIGH) == 0;
}

#endif

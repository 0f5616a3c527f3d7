/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VARINT_H
#define JIG_REGISTRY_VARINT_H
/*
 * Varints: small numbers in few bytes, seven bits each, the lowest first; the top bit says that
 * more follow.
 */
#include <stddef.h>
#include <stdint.h>

enum { VARINT_MAX = 10 }; /* bytes */

/* Gives the bytes written. */
static inline size_t varint_put(unsigned char to[VARINT_MAX], uint64_t value)
{
    size_t len = 0;
    while (value >= 0x80) {
        to[len++] = (unsigned char)(value | 0x80);
        value >>= 7;
    }
    to[len++] = (unsigned char)value;
    return len;
}

/* Reads one and moves `*at` behind it, never beyond `end`. */
static inline uint64_t varint_get(const unsigned char **at, const unsigned char *end)
{
    uint64_t value = 0;
    if (*at < end && **at < 0x80) { /* most are small */
        return *(*at)++;
    }
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        unsigned char byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    return value;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_FNV_H
#define JIG_AAS_FNV_H
/*
 * FNV-1a of 32 bits: tells short texts apart quickly, but not from those that somebody chose to be
 * alike; whoever finds two alike compares them. Some of its values are stored.
 */
#include <stddef.h>
#include <stdint.h>

#define FNV_START UINT32_C(2166136261)

/* The hash of what was hashed so far, FNV_START at first, and one more byte. */
static inline uint32_t fnv_add(uint32_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT32_C(16777619);
}

static inline uint32_t fnv_bytes(const char *bytes, size_t len)
{
    uint32_t hash = FNV_START;
    for (size_t i = 0; i < len; i++) {
        hash = fnv_add(hash, (unsigned char)bytes[i]);
    }
    return hash;
}

#endif

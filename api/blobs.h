/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BLOBS_H
#define JIG_API_BLOBS_H
/*
 * Which stored documents contain Blob elements: extent=withoutBlobValue is the default of the API,
 * and a document without a Blob can be sent as it is stored. The answer is remembered by content
 * hash, so that it never goes stale and a large document is searched once, not on every read.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "registry/store.h"

enum { BLOBS_REMEMBERED = 8192 };

struct blobs {
    atomic_ullong remembered[BLOBS_REMEMBERED]; /* part of the hash, lowest bit: has one */
};

/* True when canonical JSON holds a Blob. */
bool blobs_in(const char *json, size_t len);

/* The same for a whole document whose hash is known. Thread-safe. */
bool blobs_in_document(
    struct blobs *blobs, const char *json, size_t len, const unsigned char hash[STORE_HASH_BYTES]);

#endif

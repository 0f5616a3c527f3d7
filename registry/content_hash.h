/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CONTENT_HASH_H
#define JIG_REGISTRY_CONTENT_HASH_H
/*
 * The hash of a document's canonical bytes: what its entity tag and its revisions name it by.
 *
 * A short document is hashed as it is (store_hash). A long one is cut into chunks at places that
 * the bytes around them decide, and its hash is that of the chunks' lengths and hashes: so a change
 * somewhere leaves the other chunks what they are, and a value written into a large document does
 * not cost reading all of it again. The same bytes have the same hash whatever way they came about.
 *
 * Documents stored before this was so are named by store_hash, which content_hash_fits knows.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registry/store.h"

/* Hashes canonical bytes. False without memory. */
bool content_hash(const char *json, size_t len, unsigned char hash[STORE_HASH_BYTES]);

/* True when `hash` names these bytes, in either way. */
bool content_hash_fits(const char *json, size_t len, const unsigned char hash[STORE_HASH_BYTES]);

/* What is known of the chunks of documents that were changed lately, by the hash of
 * the document: nothing that could become wrong. Thread-safe. */
enum { CONTENT_CACHED = 64 };
struct content_chunks;
struct content_cache {
    pthread_mutex_t lock;
    struct content_chunks *chunks[CONTENT_CACHED];
};
void content_cache_init(struct content_cache *cache);
void content_cache_finish(struct content_cache *cache);

/* A document before and after the bytes [from, to) of the old one were replaced; in the new one
 * `new_to` is where they end. */
struct content_change {
    size_t old_len;
    const unsigned char *old_hash;
    const char *json;
    size_t len;
    size_t from;
    size_t to;
    size_t new_to;
};

/* The hash of the new document, as content_hash gives it. False without memory. */
bool content_hash_change(struct content_cache *cache, const struct content_change *change,
    unsigned char hash[STORE_HASH_BYTES]);

#endif

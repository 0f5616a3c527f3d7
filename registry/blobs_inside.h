/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_BLOBS_INSIDE_H
#define JIG_REGISTRY_BLOBS_INSIDE_H
/*
 * Inside of blobs.c (heads, chunks, reading) and blobs_stage.c (coming in, holds).
 */
#include "registry/blobs.h"
#include "registry/keys.h"

enum { BLOB_HEAD_BYTES = 17 };

void key_blob_chunk(
    struct store_key *key, const unsigned char hash[STORE_HASH_BYTES], uint64_t chunk);
void key_blob_head(struct store_key *key, const unsigned char hash[STORE_HASH_BYTES]);

/* How many chunks a blob of that size has; an empty one has one without bytes. */
uint64_t blob_chunks(uint64_t size);

ERR_MUST_USE enum err_code blob_head_put(struct store_txn *txn,
    const unsigned char hash[STORE_HASH_BYTES], const struct blob_head *head);

/* Removes head and chunks when nothing refers to the blob and nobody holds it. */
ERR_MUST_USE enum err_code blob_free_unused(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES]);

/* Bytes of all chunks; false when there are none. */
bool blob_measure(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], uint64_t *size);

#endif

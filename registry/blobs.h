/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_BLOBS_H
#define JIG_REGISTRY_BLOBS_H
/*
 * Blobs by hash: packages and attachments, in chunks so that no value of the store grows without
 * bounds. The key is the hash (16) and the chunk (8, big endian, from 0).
 */
#include "aas/arena.h"
#include "registry/store.h"

enum { BLOB_CHUNK_BYTES = 1 << 20 };

/* Stores bytes under their hash; nothing happens when they are there already. */
ERR_MUST_USE enum err_code blob_put(struct store_txn *txn,
    const unsigned char hash[STORE_HASH_BYTES], const void *bytes, size_t len);

/* The bytes of a blob, put together in the arena. ERR_NOT_FOUND, ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code blob_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_BLOBS_H
#define JIG_REGISTRY_BLOBS_H
/*
 * Blobs by hash: packages and attachments, in chunks so that no value of the store grows without
 * bounds and no transaction holds more than a few of them in memory.
 *
 * A blob counts what refers to it, and is gone with the last reference, in the same transaction.
 * It comes into the store before the transaction that refers to it, under a hold that keeps it
 * meanwhile: blob_stage, then blob_refer and blob_let_go inside of the transaction, or
 * blob_release when nothing came of it. Holds of processes that died are found at the next opening.
 *
 * STORE_BLOBS: hash (16), chunk (8, big endian, from 0) → bytes.
 * STORE_FILES: 'b', hash → references (8), size (8), complete (1);
 *              'h', hash, number of the hold (8), process (8) → time (8).
 */
#include "aas/arena.h"
#include "registry/store.h"

enum { BLOB_CHUNK_BYTES = 1 << 20 };

/* A blob that somebody is about to refer to. */
struct blob_hold {
    unsigned char hash[STORE_HASH_BYTES];
    uint64_t size; /* bytes */
    uint64_t number;
    bool held; /* there is something to let go */
};

struct blob_content {
    const char *bytes;
    size_t len;
    struct blob_hold hold; /* filled by blob_stage */
};

/* Stores contents and holds them; durable on return. All or none is held. */
ERR_MUST_USE enum err_code blob_stage(
    struct store *store, struct blob_content *contents, size_t count, struct err *err);

/* Lets go of what was not referred to, in a transaction of its own. Free to call for holds that are
 * not held. */
void blob_release(struct store *store, struct blob_content *contents, size_t count);

/* Counts one more reference. ERR_NOT_FOUND without words when the blob is not (wholly) there. */
ERR_MUST_USE enum err_code blob_refer(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES]);
/* One reference less; with the last one (and without holds) the blob is gone. */
ERR_MUST_USE enum err_code blob_forget(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES]);
/* Ends a hold inside a transaction; `hold` itself stays as it is, since a transaction may be run
 * again. Free to repeat. */
ERR_MUST_USE enum err_code blob_let_go(struct store_txn *txn, const struct blob_hold *hold);

/* What is known of a blob; false when there is none. */
struct blob_head {
    uint64_t references;
    uint64_t size;
    bool complete;
};
bool blob_head_find(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], struct blob_head *head);
/* True while somebody holds it. */
bool blob_is_held(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES]);

/* Copies `len` bytes from `offset` on. ERR_NOT_FOUND with words when they are not there (any more).
 */
ERR_MUST_USE enum err_code blob_read(struct store_txn *txn,
    const unsigned char hash[STORE_HASH_BYTES], uint64_t offset, char *to, size_t len,
    struct err *err);

/* The bytes of a blob, put together in the arena. ERR_NOT_FOUND, ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code blob_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err);

/* After opening a store: ends holds of processes that are gone, and counts the references of a
 * store that was made before they were counted. */
ERR_MUST_USE enum err_code blobs_open(struct store *store, struct err *err);

/* Rows of STORE_FILES begin with one of these; the files of attachments and packages have more. */
enum { FILES_BLOB = 'b', FILES_HOLD = 'h' };
bool blob_head_read(struct store_bytes value, struct blob_head *head);

#endif

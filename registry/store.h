/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_STORE_H
#define JIG_REGISTRY_STORE_H
/*
 * The store: an ordered key-value interface with transactions. LMDB is the engine; nothing of it
 * shows here, so that another engine fits behind the same interface.
 *
 * Reading: a read transaction sees one moment; what it gives out points into the map and is valid
 * until store_end. Keep it short: never across a slow client.
 * Writing: store_write queues a function; one committer thread runs many of them in one LMDB
 * transaction and syncs once; each caller returns after the sync. A queued function must either
 * fail before its first change or succeed; it may be run again when its group had to be taken
 * apart, so it must not keep results of a first run. Several processes may open the same store at
 * the same time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/err.h"

enum {
    STORE_FORMAT = 7,        /* of stores that are made; see upgrade.h */
    STORE_FORMAT_OLDEST = 1, /* that can be brought to it */
    STORE_MAX_KEY = 500,     /* bytes */
};

/* The tables and what their keys are; each key is drawn in registry/keys.h. New ones come last: the
 * journal names a table by its place. */
/* clang-format off */
#define STORE_TABLES(X)                                                                            \
    X(STORE_META, "meta") /* name → value: format, counters */                                     \
    X(STORE_IDS, "ids") /* kind, hash of id, probe → number */                                     \
    X(STORE_DOCUMENTS, "documents") /* kind, number → head, id, JSON, path index */                \
    X(STORE_REVISIONS, "revisions") /* kind, number, revision → revision record */                 \
    X(STORE_LOG, "log") /* sequence → which revision, chain hash */                                \
    X(STORE_CONTENT, "content") /* hash → compressed canonical bytes */                            \
    X(STORE_INDEX, "index") /* index kind, hash of value, kind, number → "" */                     \
    X(STORE_FAMILIES, "families") /* family → family record */                                     \
    X(STORE_VERSIONS, "versions") /* family, version → version record */                           \
    X(STORE_IMPORTS, "imports") /* hash of file → what came of it */                               \
    X(STORE_TERMS, "terms") /* term → document frequency */                                        \
    X(STORE_POSTINGS, "postings") /* term, first document → block */                               \
    X(STORE_SEARCHED, "searched") /* search document → what it is, terms, facets */                \
    X(STORE_PHRASES, "phrases") /* search documents → terms beside each other, search_phrases.h */ \
    X(STORE_NAMES, "names") /* title, search document → "", see search_names.h */                  \
    X(STORE_REGISTERED, "registered") /* kind, number → descriptor or links, see registered.h */   \
    X(STORE_BLOBS, "blobs") /* hash, chunk → bytes */                                              \
    X(STORE_FILES, "files") /* of blobs, attachments, packages; see blobs.h, files.h, kept.h */       \
    X(STORE_USERS, "users") /* users and tokens, see users.h */                                    \
    X(STORE_CURATED, "curated") /* categories, tags and names of families, see curated.h */        \
    X(STORE_PROPOSALS, "proposals") /* changes that wait for a decision, see proposals.h */        \
    X(STORE_LIFE, "life") /* approvals and successors of versions, see lifecycle.h */
/* clang-format on */

enum store_table {
#define STORE_TABLE_SYMBOL(symbol, name) symbol,
    STORE_TABLES(STORE_TABLE_SYMBOL)
#undef STORE_TABLE_SYMBOL
        STORE_TABLE_COUNT
};

struct store;

struct store_options {
    const char *dir;    /* folder of the store; made (with parents) when missing */
    uint64_t map_bytes; /* address space to reserve; 0: 1 TiB, or 8 GiB under a sanitizer */
    unsigned readers;   /* threads that read at the same time; 0: 2,400 */
    bool must_exist;    /* ERR_NOT_FOUND instead of making a new one */
    bool no_group;      /* one commit per write: only for the benchmark that measures grouping */
};

/* Opens or makes a store. ERR_STORE with the reason (other format number, damaged, no rights). */
ERR_MUST_USE enum err_code store_open(
    const struct store_options *options, struct store **store, struct err *err);
/* Waits for queued writes, then closes. NULL is fine. */
void store_close(struct store *store);

struct store_bytes {
    const void *bytes;
    size_t len;
};

/* The folder of the store, until it is closed. */
const char *store_folder(const struct store *store);

/* A transaction in the caller's memory; opaque. */
struct store_txn {
    struct store *store;
    void *txn; /* engine's transaction */
    bool writing;
    bool changed;         /* the current queued function has written */
    enum err_code failed; /* first failure sticks; every later call gives it back */
};

/* Begins a read transaction. End it with store_end in every case. */
ERR_MUST_USE enum err_code store_read(struct store *store, struct store_txn *txn, struct err *err);
void store_end(struct store_txn *txn);

/* Runs `change` in a write transaction and returns when it is durable (or has failed and left no
 * trace). Called from any thread. ERR_NO_SPACE when the disk is full. */
typedef enum err_code (*store_change)(struct store_txn *txn, void *context, struct err *err);
ERR_MUST_USE enum err_code store_write(
    struct store *store, store_change change, void *context, struct err *err);

/* The value of a key: ERR_NOT_FOUND without words when there is none. Inside a write transaction
 * the bytes are valid until the next change. */
ERR_MUST_USE enum err_code store_get(struct store_txn *txn, enum store_table table, const void *key,
    size_t key_len, struct store_bytes *value);
/* Sets or replaces a value; ERR_STORE, ERR_NO_SPACE. */
ERR_MUST_USE enum err_code store_put(struct store_txn *txn, enum store_table table, const void *key,
    size_t key_len, const void *value, size_t len);
/* Room of `len` bytes for a value that the caller fills at once (no copy). */
ERR_MUST_USE enum err_code store_reserve(struct store_txn *txn, enum store_table table,
    const void *key, size_t key_len, size_t len, void **value);
/* Removes a key; ERR_NOT_FOUND when there is none. */
ERR_MUST_USE enum err_code store_delete(
    struct store_txn *txn, enum store_table table, const void *key, size_t key_len);

/* A cursor over a table in key order. Valid until closed or the transaction ends; keys and values
 * as for store_get. */
struct store_cursor {
    struct store_txn *txn;
    void *cursor;
    struct store_bytes key;
    struct store_bytes value;
};
ERR_MUST_USE enum err_code store_cursor_open(
    struct store_txn *txn, enum store_table table, struct store_cursor *cursor);
void store_cursor_close(struct store_cursor *cursor);
/* Moves to the first key ≥ `key`, to the next or the previous one, to the last; false at the end
 * (and after a failure, which sticks in the transaction). */
bool store_cursor_seek(struct store_cursor *cursor, const void *key, size_t key_len);
bool store_cursor_next(struct store_cursor *cursor);
bool store_cursor_previous(struct store_cursor *cursor);
bool store_cursor_last(struct store_cursor *cursor);
/* Moves to the last key ≤ `key` */
bool store_cursor_seek_back(struct store_cursor *cursor, const void *key, size_t key_len);

/* The next number of a counter kept in STORE_META, starting at 1 (write transactions only). */
ERR_MUST_USE enum err_code store_next_number(
    struct store_txn *txn, const char *counter, uint64_t *number);
/* The last number it has given, 0: none. */
uint64_t store_last_number(struct store_txn *txn, const char *counter);

/* Copies one moment of the store to an empty or missing folder, where it is a store of its own and
 * durable, while everybody goes on reading and writing. ERR_EXISTS when there is a store already,
 * ERR_NO_SPACE, ERR_STORE. Writes during the copy make this store's file grow: not for every
 * minute. */
ERR_MUST_USE enum err_code store_backup(struct store *store, const char *dir, struct err *err);

/* Hash used for content and keys: BLAKE2b with 16 bytes of output. */
enum { STORE_HASH_BYTES = 16 };
void store_hash(const void *bytes, size_t len, unsigned char hash[STORE_HASH_BYTES]);

struct store_stats {
    uint64_t commits;        /* synced transactions since opening */
    uint64_t writes;         /* acknowledged writes since opening */
    uint64_t queue;          /* writes waiting now */
    uint64_t map_used_bytes; /* bytes of the map in use */
    uint64_t map_bytes;      /* bytes of address space */
};
void store_statistics(struct store *store, struct store_stats *stats);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_PHRASES_H
#define JIG_REGISTRY_SEARCH_PHRASES_H
/*
 * Which search documents have which two, or three, terms beside each other.
 *
 * STORE_PHRASES has a row for PHRASES_DOCUMENTS documents with numbers after each other, so that
 * what documents share stands there once and a document is found with all its neighbours. The key
 * is their number divided by that. The value has the hashes of what any of them has, sorted, six
 * bytes each, big endian, and behind each one a bit for each document that has it: four bytes,
 * little endian, the lowest one for the first document. When some documents have too much to be
 * listed, it begins with bits that say which; such a document may have anything.
 *
 * Listed are pairs and triples of units of a stream (search_record.h) with no beginning of an
 * attribute between. Of 48 bits that are spread evenly none are taken for others, in practice.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registry/store.h"

enum {
    PHRASES_DOCUMENTS = 32,
    PHRASES_LEAST = 2,     /* units whose hash is listed */
    PHRASES_MOST = 3,      /* the same */
    PHRASES_LISTED = 2048, /* hashes of one document */
    PHRASES_AHEAD = 8
};

/* The hash of PHRASES_LEAST to PHRASES_MOST units. */
uint64_t phrases_hash(const unsigned char *units, size_t count);

/* The hashes of a stream, sorted, each once, and how many; in memory of the caller's that
 * phrases_room says the size of, in numbers. */
size_t phrases_room(size_t stream_len);
size_t phrases_of(struct store_bytes stream, uint64_t *hashes);

/* Makes these the hashes of a document in place of those it had, none: it has nothing; more than
 * PHRASES_LISTED (not read then): it is not listed. */
ERR_MUST_USE enum err_code phrases_put(
    struct store_txn *txn, uint64_t document, const uint64_t *hashes, size_t count);

/* Reads which documents have one hash, in order of documents. Rows lie far apart: those that come
 * next are fetched while one is looked into. */
struct phrases_row {
    uint64_t number;
    struct store_bytes value;
};
struct phrases {
    struct store_cursor cursor; /* stands on the last one of those that come next */
    uint64_t hash;
    struct phrases_row next[PHRASES_AHEAD]; /* a ring */
    unsigned first;
    unsigned count;
    uint64_t row;      /* looked into, when `valid` */
    uint32_t having;   /* documents of the row that have it or are not listed */
    uint32_t unlisted; /* documents of the row that are not listed */
    bool valid;
    bool done; /* there are no more rows */
};

/* Opens it before the first document; close it in every case. */
ERR_MUST_USE enum err_code phrases_open(
    struct store_txn *txn, uint64_t hash, struct phrases *phrases);
void phrases_close(struct phrases *phrases);
/* The first document ≥ `document` that has the hash or is not listed; false at the end. Never goes
 * back. */
bool phrases_seek(struct phrases *phrases, uint64_t document, uint64_t *found);
/* True when the document that was just found is listed: it has the hash. */
bool phrases_prove(const struct phrases *phrases, uint64_t document);

/* True when the row that a document belongs to says exactly what the streams of its documents do;
 * for the verification. */
bool phrases_are_whole(struct store_txn *txn, uint64_t document);

#endif

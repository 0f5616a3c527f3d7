/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_POSTINGS_H
#define JIG_REGISTRY_POSTINGS_H
/*
 * Postings: which documents have a term, in blocks of about a kilobyte.
 *
 * A block's key is the term, a NUL and the number of its first document, big endian. Its value is
 * the distance from the first to the last document, then for each document the distance to the one
 * before (not for the first), its weight, and a byte that stands for the document's length. Numbers
 * are varints. The document frequency of a term is kept beside, in STORE_TERMS.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registry/keys.h"
#include "registry/store.h"

enum { POSTINGS_BLOCK_BYTES = 1024 };

struct posting {
    uint64_t document;
    uint32_t weight;
    uint8_t length; /* as search_length_code gives it */
};

/* Sets or replaces the posting of a document. `cursor` is one over STORE_POSTINGS of the same
 * transaction; the caller keeps it over many calls. */
ERR_MUST_USE enum err_code postings_set(
    struct store_cursor *cursor, const char *term, size_t len, const struct posting *posting);
/* Removes it; nothing happens when there is none. */
ERR_MUST_USE enum err_code postings_unset(
    struct store_cursor *cursor, const char *term, size_t len, uint64_t document);

/* In how many documents a term is; 0 for an unknown one (and after a failure, which sticks). */
uint64_t postings_frequency(struct store_txn *txn, const char *term, size_t len);

/* Reads the postings of one term in order of documents. */
struct postings {
    struct store_cursor cursor;
    struct store_key prefix; /* the term and a NUL */
    const unsigned char *next;
    const unsigned char *end;
    uint64_t last; /* document of the block */
    struct posting at;
    bool valid; /* `at` is a posting */
    bool done;  /* there are no more */
};

/* Opens it before its first posting; close it in every case. */
ERR_MUST_USE enum err_code postings_open(
    struct store_txn *txn, const char *term, size_t len, struct postings *postings);
void postings_close(struct postings *postings);
/* The next posting, or the first one of a document ≥ `document`; false at the end. Never goes
 * back. */
bool postings_next(struct postings *postings);
bool postings_seek(struct postings *postings, uint64_t document);

/* Reads single blocks of whatever terms, one after the other with one cursor over STORE_POSTINGS:
 * cheaper than opening each of many rare terms. */
struct postings_block {
    const char *term;
    size_t len;
    const unsigned char *next;
    const unsigned char *end;
    struct posting at;
    uint64_t last; /* document of the block */
    bool begun;
};
/* The block the cursor stands on, before its first posting. */
void postings_block_open(const struct store_cursor *cursor, struct postings_block *block);
bool postings_block_next(struct postings_block *block);
/* How many documents of an opened block have their bit in `found`, which has a bit for each
 * document below `end`. */
uint64_t postings_block_count(
    const struct postings_block *block, const unsigned char *found, uint64_t end);

/* False when the block the cursor stands on does not end where its last posting does. */
bool postings_block_whole(const struct store_cursor *cursor);

#endif

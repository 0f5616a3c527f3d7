/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_QUERY_H
#define JIG_REGISTRY_SEARCH_QUERY_H
/*
 * A query under way: its terms, the documents that have them all, the best of them. Shared by
 * search_query.c (words to terms), search_match.c (terms to documents) and search_facets.c
 * (counts) only.
 */
#include "registry/registry.h"
#include "registry/search_record.h"

enum {
    SEARCH_MAX_TERMS = 64,      /* of one query, facets included */
    SEARCH_MAX_PHRASES = 16,    /* words looked for as a whole */
    SEARCH_MAX_WINDOW = 100000, /* offset + limit */
    SEARCH_FACET_VALUES = 100,  /* listed per facet, the most frequent ones */
};

struct query_term {
    const char *term;
    size_t len;
    uint64_t frequency;
    bool scored; /* a word; false: a facet */
    double idf;
};

struct query_phrase {
    const char *text;
    size_t len;
    struct postings whole; /* documents with this very run; the others are looked into */
};

struct ranked {
    uint64_t document;
    double score;
};

struct query {
    struct arena *arena;
    struct store_txn *txn;
    struct query_term terms[SEARCH_MAX_TERMS];
    size_t term_count;
    struct query_phrase phrases[SEARCH_MAX_PHRASES];
    size_t phrase_count;
    bool too_long; /* more terms than a query may have */
    bool words;    /* something was asked for that is not blank */
    struct search_totals totals;
    double norms[256]; /* BM25's share of the length, by length code */

    /* what was found */
    struct ranked *heap; /* worst first; sorted best first in the end */
    size_t heap_count;
    size_t window; /* room of the heap */
    uint64_t total;
    unsigned char *found; /* a bit per document, NULL when no counts are asked for */
    uint64_t found_bits;
};

/* Reads what is shown of a search document. ERR_STORE when it is damaged. */
ERR_MUST_USE enum err_code query_read_hit(struct registry_view *view, struct arena *arena,
    uint64_t document, struct registry_hit *hit, struct err *err);

/* Finds all documents with every term, keeps the best `window`. */
ERR_MUST_USE enum err_code query_match(struct query *query, struct err *err);

/* Counts the facet values of what was found. */
ERR_MUST_USE enum err_code query_count_facets(
    struct query *query, struct registry_result *result, struct err *err);

#endif

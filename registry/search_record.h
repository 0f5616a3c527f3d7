/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_RECORD_H
#define JIG_REGISTRY_SEARCH_RECORD_H
/*
 * What STORE_SEARCHED holds, shared by putting and asking; only the search*.c files and their
 * tests include it.
 *
 * Keys: "k" and the search key give the search document's number; "n" and that number give the
 * record: head, key, title, description, text, facets (number, value, NUL each), terms (length
 * in one byte, weight as varint, bytes; each). Everything a record says is little endian. A value
 * of a facet is a term too: 0x01, the facet's number counted from 'a', the value.
 */
#include "registry/keys.h"
#include "registry/postings.h"
#include "registry/search.h"
#include "registry/search_text.h"

enum {
    SEARCH_RECORD_LAYOUT = 1,
    SEARCH_FACET_MARK = 0x01,
    SEARCH_FACET_BYTES = SEARCH_TERM_MAX - 2, /* of a value; the rest is cut */
};

struct search_record {
    uint64_t number;
    uint32_t length; /* total weight */
    struct store_bytes key;
    const char *title;
    const char *description;
    struct store_bytes text;
    struct store_bytes facets;
    struct store_bytes terms;
};

/* Takes a stored value apart; everything points into it. False: damaged. */
bool search_record_read(struct store_bytes value, uint64_t number, struct search_record *record);

/* One after the other: `*at` starts at 0; false at the end. */
bool search_record_term(const struct search_record *record, size_t *at, struct search_term *term);
bool search_record_facet(
    const struct search_record *record, size_t *at, struct search_facet *facet);

/* The counter that numbers search entries, for store_next_number. */
#define SEARCH_COUNTER "search-number"

/* Keys of STORE_SEARCHED. */
void key_search_number(struct store_key *key, uint64_t number);
void key_search_thing(struct store_key *key, const void *thing, size_t len);

/* The term of a facet's value; gives its length. */
size_t search_facet_term(unsigned facet, const char *value, char term[SEARCH_TERM_MAX]);

/* What a posting says of its document in one byte: the kind of thing (2 bits) and the total weight,
 * three steps for each doubling (6 bits). */
uint8_t search_length_code(uint32_t length, const char *kind);
uint8_t search_record_length_code(const struct search_record *record);
double search_length_of(uint8_t code);
/* By how much a thing counts more than a concept description with the same words: whoever searches
 * a registry wants templates. */
double search_boost_of(uint8_t code);

/* How many things are searched and their total weight, for BM25. */
struct search_totals {
    uint64_t count;
    uint64_t length;
};
void search_totals_read(struct store_txn *txn, struct search_totals *totals);

#endif

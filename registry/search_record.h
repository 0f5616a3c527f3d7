/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_RECORD_H
#define JIG_REGISTRY_SEARCH_RECORD_H
/*
 * What STORE_SEARCHED holds, shared by putting and asking; only the search*.c files and their
 * tests include it.
 *
 * Keys: "k" and the search key give the search document's number; "n" and that number give the
 * record: head, key, title, description, text, names, stream, facets (number, value, NUL each),
 * terms (length in one byte, weight as varint, bytes; each). Everything a record says is little
 * endian. A value of a facet is a term too: 0x01, the facet's number counted from 'a', the value;
 * and so is an id that is used, without its version: 0x02, the id.
 *
 * The text has the Korean, Chinese and Japanese runs, those of one attribute behind a mark that
 * says the fields. The stream has a unit of three bytes for each term that the attributes would be
 * asked for by, in their order: a hash, or for the beginning of an attribute two zeroes and the
 * fields. Records of layout 1 have no names and no stream.
 */
#include "registry/keys.h"
#include "aas/buf.h"
#include "registry/postings.h"
#include "registry/search.h"
#include "registry/search_text.h"

enum {
    SEARCH_RECORD_LAYOUT = 2,
    SEARCH_FACET_MARK = 0x01,
    SEARCH_PLAIN_ID_MARK = 0x02,
    SEARCH_TEXT_MARK = 0x10,                  /* plus the fields: below every character */
    SEARCH_UNIT = 3,                          /* bytes */
    SEARCH_FACET_BYTES = SEARCH_TERM_MAX - 2, /* of a value; the rest is cut */
};

struct search_record {
    uint64_t number;
    uint32_t length; /* total weight */
    struct store_bytes key;
    const char *title;
    const char *description;
    struct store_bytes text;
    struct store_bytes names;
    struct store_bytes stream;
    struct store_bytes facets;
    struct store_bytes terms;
};

/* Takes a stored value apart; everything points into it. False: damaged. */
bool search_record_read(struct store_bytes value, uint64_t number, struct search_record *record);

/* Only key, text and stream, and without looking at the others: cheaper where many are read. */
bool search_record_texts(struct store_bytes value, uint64_t number, struct search_record *record);

/* Puts what is derived from the record of a document, phrases and its place among the names, in
 * place of what there is; for stores of older formats. */
ERR_MUST_USE enum err_code search_put_derived(
    struct store_txn *txn, const struct search_record *record, struct err *err);

/* One after the other: `*at` starts at 0; false at the end. */
bool search_record_term(const struct search_record *record, size_t *at, struct search_term *term);
bool search_record_facet(
    const struct search_record *record, size_t *at, struct search_facet *facet);

/* True for attributes whose texts are searched: their own, those of the references and the texts in
 * languages that stand there. */
bool search_reads(enum meta_prop_id prop);

/* The counter that numbers search entries, for store_next_number. */
#define SEARCH_COUNTER "search-number"

/* Keys of STORE_SEARCHED. */
void key_search_number(struct store_key *key, uint64_t number);
void key_search_thing(struct store_key *key, const void *thing, size_t len);

/* The term of a facet's value; gives its length. */
size_t search_facet_term(unsigned facet, const char *value, char term[SEARCH_TERM_MAX]);

/* The term that leads to whatever uses an id in any version; gives its length. */
size_t search_plain_id_term(const char *id, size_t len, char term[SEARCH_TERM_MAX]);

/* The dictionary that an id is out of ("ECLASS"), by how it begins; "" for none we know. */
const char *search_dictionary_of(const char *id);

/* Units of the stream. */
uint32_t search_term_hash(const char *term, size_t len);
void search_stream_unit(const char *term, size_t len, unsigned char unit[SEARCH_UNIT]);
void search_stream_break(struct buf *stream, uint8_t fields);
/* True when the units stand beside each other in an attribute of these fields. */
bool search_stream_has(
    struct store_bytes stream, const unsigned char *units, size_t len, uint8_t fields);
/* True when the run stands in the text of an attribute of these fields. */
bool search_text_has(struct store_bytes text, const char *run, size_t len, uint8_t fields);

/* What a posting says of its document in one byte: the kind of thing (2 bits) and the total weight,
 * three steps for each doubling (6 bits). */
uint8_t search_length_code(uint32_t length, const char *kind);
uint8_t search_record_length_code(const struct search_record *record);
double search_length_of(uint8_t code);
/* By how much a thing counts more than a concept description with the same words: whoever searches
 * a registry wants templates. */
double search_boost_of(uint8_t code);

/* How often things are used, see search_count.c. A value of SEARCH_MADE_FOR or SEARCH_NAMED: an id,
 * or with `other` (NULL: none) two of them; long ones end with a hash. */
enum {
    SEARCH_NAME_ROOM = 190,
    SEARCH_MOST_NAMED = 256, /* templates under one name whose counts are kept */
};
void search_name(const char *id, const char *other, char text[SEARCH_NAME_ROOM]);
/* The term under which counts are kept. */
size_t search_count_term(char term[SEARCH_TERM_MAX]);
/* Counts what uses a thing: submodels made for a template, whatever has the id of a concept
 * description. */
uint64_t search_count_of(struct store_txn *txn, const struct search_record *record);
/* Keeps the counts after the facets of a thing have become those of `entry`; `old` (zeroes for a
 * new one) is what it was. `postings` is a cursor over STORE_POSTINGS. */
ERR_MUST_USE enum err_code search_count_change(struct store_cursor *postings, uint64_t number,
    const struct search_record *old, const struct search_entry *entry);
/* Reads counts, of one document after the other in their order. */
struct search_counts {
    struct store_txn *txn;
    struct postings templates;
    struct postings concepts;
};
ERR_MUST_USE enum err_code search_counts_open(struct store_txn *txn, struct search_counts *counts);
void search_counts_close(struct search_counts *counts);
uint64_t search_counts_get(struct search_counts *counts, uint64_t document);

/* How many things are searched and their total weight, for BM25. */
struct search_totals {
    uint64_t count;
    uint64_t length;
};
void search_totals_read(struct store_txn *txn, struct search_totals *totals);

#endif

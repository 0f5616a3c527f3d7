/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_H
#define JIG_REGISTRY_SEARCH_H
/*
 * Search postings: which terms and facet values a thing has. A thing is a template version or an
 * identifiable; its search key names it. Entries are prepared outside the transaction and put in
 * the same transaction as the thing itself.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "registry/store.h"

/* Where a term is: what "name:pump" asks for. */
enum search_field {
    SEARCH_IN_NAME = 1,
    SEARCH_IN_DESCRIPTION = 2,
    SEARCH_IN_ID_SHORT = 4,
    SEARCH_IN_SEMANTIC_ID = 8,
    SEARCH_IN_ANY = 0,
};
enum { SEARCH_FIELD_BITS = 4 };

static inline uint32_t search_weight(uint32_t weight, uint8_t fields)
{
    uint32_t most = UINT32_MAX >> SEARCH_FIELD_BITS;
    return (weight > most ? most : weight) << SEARCH_FIELD_BITS | fields;
}

struct search_term {
    const char *term; /* normalised: lower case word, or Korean bigram */
    uint32_t len;
    uint32_t weight; /* as search_weight packs it: occurrences, weighted by attribute (name over
                      * description), and the fields they are in */
};

struct search_facet {
    unsigned facet; /* enum registry_facet */
    const char *value;
};

/* What a thing is found by. Lives in an arena. */
struct search_entry {
    const struct search_term *terms; /* sorted by term, each once */
    size_t term_count;
    uint32_t length; /* total weight, for BM25 */
    const struct search_facet *facets;
    size_t facet_count;
    const char *title;       /* shown with the hit */
    const char *description; /* shown with the hit, cut to some 300 bytes, "" */
    const char *text;        /* normalised text for the substring check of Korean words */
    size_t text_len;
    const char *names; /* language, NUL, name, NUL; each */
    size_t names_len;
    const char *stream; /* what phrases are looked for in, see search_record.h */
    size_t stream_len;
    const uint64_t *phrases; /* what stands beside each other in it, see search_phrases.h; too many
                              * to be listed are only counted */
    size_t phrase_count;
};

/* Extracts terms and facets from an identifiable or, with `environment` given, from a template
 * submodel with the concept descriptions of its environment. `extra` (count may be 0) are facets
 * that the tree does not say (family, state, publisher). */
ERR_MUST_USE enum err_code search_prepare(struct arena *arena, const struct aas_node *identifiable,
    const struct aas_node *environment, const struct search_facet *extra, size_t extra_count,
    struct search_entry *entry, struct err *err);

/* The hash of all texts that search_prepare reads of an identifiable alone, and of where in it they
 * stand: as long as it stays the same, so does the entry. It costs a small part of making one. */
void search_hash(const struct aas_node *identifiable, unsigned char hash[STORE_HASH_BYTES]);

/* Puts or replaces the entry of a thing (nothing is written when it is the same); removes it. The
 * key is "d" + kind + number (big endian) for identifiables and "v" + family + NUL + label for
 * versions. */
ERR_MUST_USE enum err_code search_put(struct store_txn *txn, const void *key, size_t key_len,
    const struct search_entry *entry, struct err *err);
ERR_MUST_USE enum err_code search_remove(
    struct store_txn *txn, const void *key, size_t key_len, struct err *err);

/* True when exactly this entry is stored for the thing; for the verification. */
bool search_is(
    struct store_txn *txn, const void *key, size_t key_len, const struct search_entry *entry);

/* The same, whatever the order of the facets and of the one that search_set_facet gives to it
 * (`without`). */
bool search_is_but(struct store_txn *txn, const void *key, size_t key_len,
    const struct search_entry *entry, unsigned without);

/* Gives a thing one value of a facet in place of those it has, NULL: none; for what changes without
 * the thing itself, such as the state of a version. ERR_NOT_FOUND. */
ERR_MUST_USE enum err_code search_set_facet(struct store_txn *txn, const void *key, size_t key_len,
    unsigned facet, const char *value, struct err *err);

/* Facets that are never listed. Identifiables and the newest published version of each family have
 * the value "1" of SEARCH_NEWEST (registry_query.newest_only). The value of SEARCH_WORDS, only
 * given as extra to search_prepare, is text that the thing is found by as by its name; the last
 * three, only given as extras, too, are names beside the content, words that count half of them,
 * and names of tags. */
enum {
    SEARCH_NEWEST = 31,
    SEARCH_WORDS = 30,
    SEARCH_MADE_FOR = 29, /* what a submodel names as its template, see search_count.c */
    SEARCH_NAMED = 28,    /* what a template is named by */
    SEARCH_CONCEPT = 27,  /* term of the id of a concept description */
    SEARCH_COUNTED = 26,  /* one term; the weight is how many submodels were made for a template */
    SEARCH_OTHER_NAME = 25,
    SEARCH_OTHER_WORDS = 24,
    SEARCH_TAG_NAME = 23,
};

#endif

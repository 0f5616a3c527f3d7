/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_QUERY_H
#define JIG_REGISTRY_SEARCH_QUERY_H
/*
 * A query under way. It is made of sources (lists of documents: of one term, of several put
 * together, or of terms beside each other) and checks (what a document's record must hold besides);
 * what must not occur is a clause of its own with both. Shared by search_words.c (words to
 * sources), search_source.c, search_spelling.c, search_match.c (sources to documents),
 * search_look.c, search_names.c, search_rank.c, search_facets.c (counts) and search_query.c (hits)
 * only.
 */
#include "registry/registry.h"
#include "registry/search_phrases.h"
#include "registry/search_record.h"

enum {
    SEARCH_MAX_TERMS = 64,       /* of one query, facets included */
    SEARCH_MAX_CHECKS = 16,      /* phrases and words looked for as a whole */
    SEARCH_MAX_PHRASES = 16,     /* sources of a clause that are parts of phrases */
    SEARCH_PHRASE_PARTS = 4,     /* the same of one phrase */
    SEARCH_MAX_WITHOUT = 16,     /* clauses that must not hold */
    SEARCH_MAX_SOUGHT = 128,     /* words that are highlighted */
    SEARCH_MAX_WINDOW = 100000,  /* offset + limit */
    SEARCH_MAX_UNION = 2000000,  /* postings of all words with the beginnings of a query */
    SEARCH_LOOSE_UNION = 100000, /* the same while somebody is typing */
    SEARCH_FACET_VALUES = 100,   /* listed per facet, the most frequent ones */
    SEARCH_LOOKED_INTO = 4000,   /* candidates of phrases at once; see look_finish */
};

/* What a union knows of a document; weight 0: it is not in it. */
struct union_entry {
    uint8_t weight;
    uint8_t length;
};

struct query_source {
    const char *term;
    size_t len;
    const char *word; /* as it was written, when it may be misspelled; NULL */
    uint8_t fields;   /* SEARCH_IN_ANY, or where it must occur */
    bool scored;      /* a word; false: a facet */
    uint64_t frequency;
    double idf;
    struct postings list;
    bool open;
    struct union_entry *all; /* by document, in place of the list */
    struct phrases *phrases; /* of terms beside each other, in place of the list */
    struct posting at;
};

struct query_check {
    const char *run; /* of syllables, NULL: units */
    const unsigned char *units;
    size_t len;
    uint8_t fields;
    struct postings whole; /* documents with this very run; the others are looked into */
    bool open;
    const struct phrases *proof; /* says as much as the units; of a source of the clause, NULL */
};

/* What must, or must not, occur together. */
struct query_clause {
    struct query_source *sources; /* SEARCH_MAX_TERMS + SEARCH_MAX_PHRASES at most */
    size_t source_count;
    size_t phrase_count; /* of them */
    struct query_check *checks;
    size_t check_count;
};

struct ranked {
    uint64_t document;
    double score;
    const char *title; /* when sorted by it */
};

/* Documents that may hold what the checks ask for, sorted by document. */
struct candidates {
    struct ranked *list;
    size_t count;
};

struct query {
    struct arena *arena;
    struct store_txn *txn;
    struct query_clause with;
    struct query_clause *without; /* SEARCH_MAX_WITHOUT of them */
    size_t without_count;
    struct registry_sought *sought;
    size_t sought_count;
    struct registry_correction *corrections;
    size_t correction_count;
    size_t term_count; /* of all clauses */
    size_t united;     /* postings read for unions */
    enum err_code failed;
    struct err *err;
    bool words; /* something was asked for that is not blank */
    bool loose;
    enum registry_sort sort;
    struct search_totals totals;
    uint64_t numbers;   /* search documents have smaller ones */
    double norms[256];  /* BM25's share of the length, by length code */
    double boosts[256]; /* of the kind of thing, by the same */

    /* what was found */
    size_t offset;
    size_t window;       /* how many of the best are wanted, from the first one on */
    struct ranked *best; /* the first `window` are the best in the end, sorted from `offset` on */
    size_t best_count;
    size_t room;
    struct ranked worst; /* what is worse need not be kept; when `cut` */
    bool cut;
    struct candidates candidates;
    struct candidates named;      /* all hits, when sorted by name */
    bool more;                    /* there may be more hits than `total` */
    struct search_counts *counts; /* when sorted by use */
    uint64_t total;
    unsigned char *found; /* a bit per document, NULL when no counts are asked for */
};

/* The words and facets as sources and checks. */
ERR_MUST_USE enum err_code query_read_words(struct query *query, const char *words);
struct query_source *query_add_source(struct query *query, struct query_clause *clause,
    const char *term, size_t len, uint8_t fields, bool scored);
/* The documents that have units beside each other, PHRASES_LEAST to PHRASES_MOST of them. NULL:
 * there are enough of such sources. */
struct query_source *query_add_phrase(
    struct query *query, struct query_clause *clause, const unsigned char *units, size_t count);
void query_add_facet(struct query *query, unsigned facet, const char *value);
void query_seek(struct query *query, int how, const char *text, size_t len);
ERR_MUST_USE enum err_code query_fail(
    struct query *query, enum err_code code, const char *sentence, const char *remedy);

/* Puts all documents of a term into a source; of all terms with a beginning. False: too many, or
 * no memory (query->failed). */
bool source_unite_term(
    struct query *query, struct query_source *source, const char *term, size_t len);
bool source_unite_beginning(
    struct query *query, struct query_source *source, const char *start, size_t len);
ERR_MUST_USE enum err_code source_open(struct query *query, struct query_source *source);
void source_close(struct query_source *source);
/* The next document, or the first one ≥ `document`, in source->at; false at the end. */
bool source_seek(struct query_source *source, const struct query *query, uint64_t document);

/* The one after source->at. */
bool source_next(struct query_source *source, const struct query *query);

/* After nothing was found: puts words that are one edit away in place of those that are nowhere.
 * True when there are some for each of them. */
bool query_correct(struct query *query);

/* registry_search without parting. */
ERR_MUST_USE enum err_code query_search(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct registry_result *result, struct err *err);

/* search_split.c: searches for a Korean run in two parts; the result stays as it is when nothing
 * is found by that. */
ERR_MUST_USE enum err_code query_search_parts(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct registry_result *result, struct err *err);

/* Reads what is shown of a search document. ERR_STORE when it is damaged. */
ERR_MUST_USE enum err_code query_read_hit(struct registry_view *view, struct arena *arena,
    uint64_t document, struct registry_hit *hit, struct err *err);

/* Gives a hit its title in a language (NULL: English, as far as there is one), out of the names of
 * its record or out of those given to it. */
void query_choose_title(struct store_txn *txn, struct arena *arena,
    const struct search_record *record, const char *language, struct registry_hit *hit);

/* The record of a search document; false when it is not there or damaged. */
bool query_read_record(struct query *query, uint64_t document, struct search_record *record);

/* Counts a hit, and keeps it when it is good enough. */
void query_keep(struct query *query, const struct ranked *ranked);

/* search_rank.c: the best of `most` documents at most. */
ERR_MUST_USE enum err_code rank_start(struct query *query, uint64_t most, struct err *err);
void rank_keep(struct query *query, const struct ranked *ranked);
void rank_finish(struct query *query);
bool rank_is_worse(const struct query *query, const struct ranked *a, const struct ranked *b);
/* Brings the best ones to the front of a list, in any order. */
void rank_select(const struct query *query, struct ranked *list, size_t count, size_t best);

/* search_names.c: hits sorted by name are collected (names_keep), sorted by document but for those
 * that were looked into, which come behind; then the best ones are chosen. */
ERR_MUST_USE enum err_code names_start(struct query *query);
void names_keep(struct query *query, const struct ranked *ranked);
ERR_MUST_USE enum err_code names_finish(struct query *query);
/* The window of everything there is, in the order of names. */
ERR_MUST_USE enum err_code names_first(struct query *query);

/* search_look.c: candidates are collected sorted by document (room for as many as the rarest source
 * has), then looked into. Of more than SEARCH_LOOKED_INTO only the best are, unless facets are
 * counted: the page is right all the same, and `more` is set. */
ERR_MUST_USE enum err_code look_start(struct query *query);
ERR_MUST_USE enum err_code look_finish(struct query *query);
/* The same with one document and any clause, at once. */
bool look_one(struct query *query, const struct query_clause *clause, uint64_t document);

/* Finds all documents that the clauses ask for, keeps the best `window`. */
ERR_MUST_USE enum err_code query_match(struct query *query, struct err *err);

/* Counts the facet values of what was found. */
ERR_MUST_USE enum err_code query_count_facets(
    struct query *query, struct registry_result *result, const char *language, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All terms must occur: the rarest one leads, the others are asked to skip to its documents. Scores
 * are BM25 over weighted occurrences.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "registry/search_query.h"

static const double bm25_k1 = 1.2;
static const double bm25_b = 0.75;

/* ------------------------------------------------------------------ keeping the best */

/* Newer documents come first among equals. */
static bool is_worse(const struct ranked *a, const struct ranked *b)
{
    return a->score != b->score ? a->score < b->score : a->document < b->document;
}

static void swap(struct ranked *a, struct ranked *b)
{
    struct ranked kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(struct ranked *heap, size_t at)
{
    for (; at > 0 && is_worse(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2) {
        swap(&heap[at], &heap[(at - 1) / 2]);
    }
}

static void sift_down(struct ranked *heap, size_t count)
{
    for (size_t at = 0, child = 1; child < count; at = child, child = 2 * at + 1) {
        if (child + 1 < count && is_worse(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_worse(&heap[child], &heap[at])) {
            break;
        }
        swap(&heap[at], &heap[child]);
    }
}

static void keep(struct query *query, uint64_t document, double score)
{
    struct ranked ranked = {.document = document, .score = score};
    query->total++;
    if (query->found != NULL && document < query->found_bits) {
        query->found[document / 8] |= (unsigned char)(1u << document % 8);
    }
    if (query->heap_count < query->window) {
        query->heap[query->heap_count] = ranked;
        sift_up(query->heap, query->heap_count++);
    } else if (query->window > 0 && is_worse(&query->heap[0], &ranked)) {
        query->heap[0] = ranked;
        sift_down(query->heap, query->heap_count);
    }
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a;
    const struct ranked *right = b;
    return is_worse(left, right) ? 1 : is_worse(right, left) ? -1 : 0;
}

/* ------------------------------------------------------------------ matching */

static double score_of(
    const struct query *query, const struct query_term *term, const struct posting *posting)
{
    double weight = posting->weight >> SEARCH_FIELD_BITS;
    double share = weight * (bm25_k1 + 1) / (weight + query->norms[posting->length]);
    return term->idf * share * search_boost_of(posting->length);
}

/* True when the word stands in the document's text, alone or inside of another one. */
static bool is_in_text(struct query *query, const struct query_phrase *phrase, uint64_t document)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    key_search_number(&key, document);
    return store_get(query->txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
           search_record_read(value, document, &record) &&
           search_text_has(record.text, phrase->text, phrase->len, SEARCH_IN_ANY);
}

/* Pairs of syllables may stand in a document without the word that they are asked for. */
static bool has_phrases(struct query *query, uint64_t document)
{
    for (size_t i = 0; i < query->phrase_count; i++) {
        struct query_phrase *phrase = &query->phrases[i];
        bool whole =
            postings_seek(&phrase->whole, document) && phrase->whole.at.document == document;
        if (!whole && !is_in_text(query, phrase, document)) {
            return false;
        }
    }
    return true;
}

/* Brings every list to `document`; *next gets where to go on when one of them lacks it. */
static bool all_have(
    const struct query *query, struct postings *lists, uint64_t document, uint64_t *next)
{
    for (size_t i = 1; i < query->term_count; i++) {
        if (!postings_seek(&lists[i], document)) {
            *next = 0;
            return false;
        }
        if (lists[i].at.document != document) {
            *next = lists[i].at.document;
            return false;
        }
    }
    return true;
}

static void intersect(struct query *query, struct postings *lists)
{
    bool more = postings_next(&lists[0]);
    while (more) {
        uint64_t document = lists[0].at.document;
        uint64_t next = 0;
        if (all_have(query, lists, document, &next)) {
            if (has_phrases(query, document)) {
                double score = 0;
                for (size_t i = 0; i < query->term_count; i++) {
                    const struct query_term *term = &query->terms[i];
                    score += term->scored ? score_of(query, term, &lists[i].at) : 0;
                }
                keep(query, document, score);
            }
            more = postings_next(&lists[0]);
        } else {
            more = next > 0 && postings_seek(&lists[0], next);
        }
    }
}

static int compare_frequency(const void *a, const void *b)
{
    const struct query_term *left = a;
    const struct query_term *right = b;
    return (left->frequency > right->frequency) - (left->frequency < right->frequency);
}

/* False when one of the terms is nowhere. */
static bool weigh_terms(struct query *query)
{
    double count = (double)query->totals.count;
    double average = count > 0 ? (double)query->totals.length / count : 1;
    for (size_t i = 0; i < query->term_count; i++) {
        struct query_term *term = &query->terms[i];
        term->frequency = postings_frequency(query->txn, term->term, term->len);
        if (term->frequency == 0) {
            return false;
        }
        double frequency = (double)term->frequency;
        term->idf = log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    }
    for (unsigned code = 0; code < 256; code++) {
        double share = search_length_of((uint8_t)code) / (average > 0 ? average : 1);
        query->norms[code] = bm25_k1 * (1 - bm25_b + bm25_b * share);
    }
    qsort(query->terms, query->term_count, sizeof *query->terms, compare_frequency);
    return true;
}

static enum err_code make_heap(struct query *query, uint64_t most, struct err *err)
{
    query->window = most < query->window ? (size_t)most : query->window;
    query->heap = arena_alloc(query->arena, (query->window + 1) * sizeof *query->heap);
    return query->heap == NULL ? err_set(err, ERR_TOO_LARGE, "too many hits are asked for")
                               : ERR_OK;
}

/* Without words and facets everything is found, newest first; only the window is looked at. */
static enum err_code match_everything(struct query *query, struct err *err)
{
    struct store_key key;
    struct store_cursor cursor;
    enum err_code code = make_heap(query, query->totals.count, err);
    if (code == ERR_OK) {
        code = store_cursor_open(query->txn, STORE_SEARCHED, &cursor);
    }
    if (code != ERR_OK) {
        return code;
    }
    key_search_number(&key, UINT64_MAX);
    bool more = store_cursor_seek_back(&cursor, key.bytes, key.len);
    while (more && query->heap_count < query->window && cursor.key.len == 9 &&
           *(const char *)cursor.key.bytes == 'n') {
        query->heap[query->heap_count++].document = key_number_at(cursor.key, 1);
        more = store_cursor_previous(&cursor);
    }
    store_cursor_close(&cursor);
    query->total = query->totals.count;
    return ERR_OK;
}

enum err_code query_match(struct query *query, struct err *err)
{
    search_totals_read(query->txn, &query->totals);
    if (query->term_count == 0) {
        return query->words ? ERR_OK : match_everything(query, err);
    }
    if (!weigh_terms(query)) {
        return ERR_OK;
    }
    enum err_code code = make_heap(query, query->terms[0].frequency, err);
    struct postings *lists = arena_alloc(query->arena, query->term_count * sizeof *lists);
    if (code != ERR_OK || lists == NULL) {
        return code != ERR_OK ? code : err_set(err, ERR_TOO_LARGE, "the query is too large");
    }
    size_t open = 0;
    size_t phrases = 0;
    for (; code == ERR_OK && open < query->term_count; open += code == ERR_OK) {
        const struct query_term *term = &query->terms[open];
        code = postings_open(query->txn, term->term, term->len, &lists[open]);
    }
    for (; code == ERR_OK && phrases < query->phrase_count; phrases += code == ERR_OK) {
        struct query_phrase *phrase = &query->phrases[phrases];
        code = postings_open(query->txn, phrase->text, phrase->len, &phrase->whole);
    }
    if (code == ERR_OK) {
        intersect(query, lists);
        qsort(query->heap, query->heap_count, sizeof *query->heap, compare_ranked);
        code = query->txn->failed;
    }
    for (size_t i = 0; i < phrases; i++) {
        postings_close(&query->phrases[i].whole);
    }
    for (size_t i = 0; i < open; i++) {
        postings_close(&lists[i]);
    }
    return code;
}

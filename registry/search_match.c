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

bool query_read_record(struct query *query, uint64_t document, struct search_record *record)
{
    struct store_key key;
    struct store_bytes value;
    key_search_number(&key, document);
    return store_get(query->txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
           search_record_read(value, document, record);
}

void query_keep(struct query *query, const struct ranked *ranked)
{
    uint64_t document = ranked->document;
    query->total++;
    if (query->found != NULL && document < query->numbers) {
        query->found[document / 8] |= (unsigned char)(1u << document % 8);
    }
    if (query->sort == REGISTRY_BY_NAME) {
        names_keep(query, ranked);
    } else {
        rank_keep(query, ranked);
    }
}

/* ------------------------------------------------------------------ matching */

static double score_of(const struct query *query, const struct query_source *source)
{
    const struct posting *posting = &source->at;
    double weight = posting->weight >> SEARCH_FIELD_BITS;
    double share = weight * (bm25_k1 + 1) / (weight + query->norms[posting->length]);
    return source->idf * share * query->boosts[posting->length];
}

/* What pairs of syllables or single words cannot say: that they stand beside each other. True when
 * the document has the very runs as words and short phrases as a whole. */
static bool is_known(struct query_clause *clause, uint64_t document)
{
    bool known = true;
    for (size_t i = 0; i < clause->check_count && known; i++) {
        struct query_check *check = &clause->checks[i];
        if (check->proof != NULL) {
            known = phrases_prove(check->proof, document);
            continue;
        }
        known = check->open && postings_seek(&check->whole, document) &&
                check->whole.at.document == document &&
                (check->fields == SEARCH_IN_ANY || (check->whole.at.weight & check->fields) != 0);
    }
    return known;
}

/* Brings every source from `first` on to `document`; *next gets where to go on when one of them
 * lacks it, 0: nowhere. */
static bool all_have(struct query *query, const struct query_clause *clause, size_t first,
    uint64_t document, uint64_t *next)
{
    for (size_t i = first; i < clause->source_count; i++) {
        struct query_source *source = &clause->sources[i];
        *next = source_seek(source, query, document) ? source->at.document : 0;
        if (*next != document) {
            return false;
        }
    }
    return true;
}

static bool is_left_out(struct query *query, uint64_t document)
{
    uint64_t next = 0;
    for (size_t i = 0; i < query->without_count; i++) {
        if (all_have(query, &query->without[i], 0, document, &next) &&
            (is_known(&query->without[i], document) ||
                look_one(query, &query->without[i], document))) {
            return true;
        }
    }
    return false;
}

/* Versions that are not, or no more, to be used come behind. */
static const struct {
    const char *state;
    double share;
} states[] = {{"draft", 0.8}, {"in review", 0.9}, {"deprecated", 0.6}, {"withdrawn", 0.4}};
enum { STATES = sizeof states / sizeof *states };

struct state_lists {
    struct postings lists[STATES];
    size_t open;
};

static enum err_code states_open(struct query *query, struct state_lists *lists)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < STATES && code == ERR_OK; i++) {
        char term[SEARCH_TERM_MAX];
        size_t len = search_facet_term(FACET_STATE, states[i].state, term);
        code = postings_open(query->txn, term, len, &lists->lists[i]);
        lists->open += code == ERR_OK;
    }
    return code;
}

static double share_of(struct state_lists *lists, uint64_t document)
{
    for (size_t i = 0; i < lists->open; i++) {
        struct postings *list = &lists->lists[i];
        if (postings_seek(list, document) && list->at.document == document) {
            return states[i].share;
        }
    }
    return 1;
}

/* Most of what is found is not shown: its state does not matter. */
static bool may_be_kept(const struct query *query, double score)
{
    return !query->cut || query->sort != REGISTRY_BY_RELEVANCE || score >= query->worst.score;
}

static void take(struct query *query, struct state_lists *lists, uint64_t document)
{
    const struct query_clause *with = &query->with;
    struct ranked ranked = {.document = document, .title = ""};
    for (size_t i = 0; i < with->source_count; i++) {
        ranked.score += with->sources[i].scored ? score_of(query, &with->sources[i]) : 0;
    }
    bool known = is_known(&query->with, document);
    if (query->counts != NULL) {
        ranked.score = (double)search_counts_get(query->counts, document);
    } else if (ranked.score > 0 && (!known || may_be_kept(query, ranked.score))) {
        ranked.score *= share_of(lists, document);
    }
    if (known) {
        query_keep(query, &ranked);
    } else {
        query->candidates.list[query->candidates.count++] = ranked;
    }
}

static void intersect(struct query *query, struct state_lists *lists)
{
    const struct query_clause *with = &query->with;
    struct query_source *leader = &with->sources[0];
    bool more = source_seek(leader, query, 1);
    while (more) {
        uint64_t document = leader->at.document;
        uint64_t next = 0;
        if (!all_have(query, with, 1, document, &next)) {
            more = next > 0 && source_seek(leader, query, next);
            continue;
        }
        if (!is_left_out(query, document)) {
            take(query, lists, document);
        }
        more = source_next(leader, query);
    }
}

static int compare_frequency(const void *a, const void *b)
{
    const struct query_source *left = a;
    const struct query_source *right = b;
    int order = (left->frequency > right->frequency) - (left->frequency < right->frequency);
    return order != 0 ? order : (left->phrases == NULL) - (right->phrases == NULL);
}

/* Nothing has a phrase that has not its rarest word. Phrases come before it, and lead, unless that
 * would mean to go through more of their rows than it has documents. */
static void weigh_phrases(struct query *query)
{
    struct query_clause *with = &query->with;
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < with->source_count; i++) {
        const struct query_source *source = &with->sources[i];
        least = source->phrases == NULL && source->frequency < least ? source->frequency : least;
    }
    for (size_t i = 0; i < with->source_count; i++) {
        struct query_source *source = &with->sources[i];
        if (source->phrases != NULL) {
            source->frequency = least + (least < query->numbers / PHRASES_DOCUMENTS);
        }
    }
}

/* False when one of the sources has nothing. */
static bool weigh(struct query *query)
{
    double count = (double)query->totals.count;
    double average = count > 0 ? (double)query->totals.length / count : 1;
    bool all = true;
    for (size_t i = 0; i < query->with.source_count; i++) {
        struct query_source *source = &query->with.sources[i];
        if (source->phrases != NULL) {
            continue;
        }
        if (source->all == NULL) {
            source->frequency = postings_frequency(query->txn, source->term, source->len);
        }
        all = all && source->frequency > 0;
        double frequency = (double)source->frequency;
        source->idf = log(1 + (count - frequency + 0.5) / (frequency + 0.5));
    }
    weigh_phrases(query);
    for (unsigned code = 0; code < 256; code++) {
        double share = search_length_of((uint8_t)code) / (average > 0 ? average : 1);
        query->norms[code] = bm25_k1 * (1 - bm25_b + bm25_b * share);
        query->boosts[code] = search_boost_of((uint8_t)code);
    }
    return all;
}

static enum err_code newest_first(struct query *query)
{
    struct store_key key;
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(query->txn, STORE_SEARCHED, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    key_search_number(&key, UINT64_MAX);
    bool more = store_cursor_seek_back(&cursor, key.bytes, key.len);
    while (more && query->best_count < query->window && cursor.key.len == 9 &&
           *(const char *)cursor.key.bytes == 'n') {
        query->best[query->best_count++].document = key_number_at(cursor.key, 1);
        more = store_cursor_previous(&cursor);
    }
    store_cursor_close(&cursor);
    return ERR_OK;
}

/* Without words and facets everything is found; only the window is looked at. */
static enum err_code match_everything(struct query *query, struct err *err)
{
    enum err_code code = rank_start(query, query->totals.count, err);
    if (code == ERR_OK) {
        code = query->sort == REGISTRY_BY_NAME ? names_first(query) : newest_first(query);
    }
    query->total = query->totals.count;
    return code;
}

static enum err_code open_clause(struct query *query, struct query_clause *clause)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < clause->source_count && code == ERR_OK; i++) {
        code = source_open(query, &clause->sources[i]);
    }
    for (size_t i = 0; i < clause->check_count && code == ERR_OK; i++) {
        struct query_check *check = &clause->checks[i];
        if (check->run != NULL) {
            check->open = true;
            code = postings_open(query->txn, check->run, check->len, &check->whole);
        }
    }
    return code;
}

static void close_clause(struct query_clause *clause)
{
    for (size_t i = 0; i < clause->source_count; i++) {
        source_close(&clause->sources[i]);
    }
    for (size_t i = 0; i < clause->check_count; i++) {
        if (clause->checks[i].open) {
            postings_close(&clause->checks[i].whole);
            clause->checks[i].open = false;
        }
    }
}

/* Everything that is stored has a kind. */
static bool add_everything(struct query *query)
{
    static const char start[] = {SEARCH_FACET_MARK, 'a' + FACET_KIND};
    struct query_source *source =
        query_add_source(query, &query->with, start, sizeof start, SEARCH_IN_ANY, false);
    return source != NULL && source_unite_beginning(query, source, start, sizeof start);
}

static enum err_code open_counts(struct query *query)
{
    struct search_counts *counts = arena_alloc(query->arena, sizeof *counts);
    enum err_code code = counts == NULL ? ERR_TOO_LARGE : search_counts_open(query->txn, counts);
    query->counts = code == ERR_OK ? counts : NULL;
    return code;
}

enum err_code query_match(struct query *query, struct err *err)
{
    struct query_clause *with = &query->with;
    search_totals_read(query->txn, &query->totals);
    if (with->source_count == 0 && query->without_count == 0 && !query->words &&
        query->sort != REGISTRY_BY_USE) {
        return match_everything(query, err);
    }
    if (with->source_count == 0 && query->words && query->without_count == 0) {
        return ERR_OK; /* only signs */
    }
    if (with->source_count == 0 && !add_everything(query)) {
        return query->failed != ERR_OK ? query->failed : ERR_STORE;
    }
    if (!weigh(query)) {
        return ERR_OK;
    }
    qsort(with->sources, with->source_count, sizeof *with->sources, compare_frequency);
    enum err_code code = rank_start(query, with->sources[0].frequency, err);
    struct state_lists *lists = arena_alloc(query->arena, sizeof *lists);
    if (code != ERR_OK || lists == NULL) {
        return code != ERR_OK ? code : err_set(err, ERR_TOO_LARGE, "the query is too large");
    }
    code = states_open(query, lists);
    if (code == ERR_OK && query->sort == REGISTRY_BY_USE) {
        code = open_counts(query);
    }
    code = code == ERR_OK ? open_clause(query, with) : code;
    for (size_t i = 0; i < query->without_count && code == ERR_OK; i++) {
        code = open_clause(query, &query->without[i]);
    }
    if (code == ERR_OK) {
        code = look_start(query);
    }
    if (code == ERR_OK) {
        code = names_start(query);
    }
    if (code == ERR_OK) {
        intersect(query, lists);
        code = look_finish(query);
    }
    if (code == ERR_OK) {
        code = names_finish(query);
    }
    if (code == ERR_OK) {
        rank_finish(query);
        code = query->txn->failed;
    }
    close_clause(with);
    for (size_t i = 0; i < query->without_count; i++) {
        close_clause(&query->without[i]);
    }
    if (query->counts != NULL) {
        search_counts_close(query->counts);
        query->counts = NULL;
    }
    for (size_t i = 0; i < lists->open; i++) {
        postings_close(&lists->lists[i]);
    }
    return code;
}

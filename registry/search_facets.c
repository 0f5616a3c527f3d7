/* SPDX-License-Identifier: Apache-2.0 */
/* How often each value of a facet occurs among what a query found. */
#include <stdlib.h>
#include <string.h>

#include "registry/curated.h"
#include "registry/search_query.h"

enum { FIRST_ROOM = 64 };

/* Values being counted, of one facet after the other: the terms of facets are sorted by facet. */
struct tally {
    struct arena *arena;
    struct registry_facet_count *rows;
    size_t count;
    size_t room;
    size_t start; /* of the facet being counted */
};

static bool tally_add(
    struct tally *tally, enum registry_facet facet, const char *value, size_t len, uint64_t count)
{
    if (tally->count == tally->room) {
        size_t room = tally->room == 0 ? FIRST_ROOM : tally->room * 2;
        struct registry_facet_count *rows = arena_alloc(tally->arena, room * sizeof *rows);
        if (rows == NULL) {
            return false;
        }
        if (tally->count > 0) {
            memcpy(rows, tally->rows, tally->count * sizeof *rows);
        }
        tally->rows = rows;
        tally->room = room;
    }
    const char *copy = arena_copy(tally->arena, value, len);
    if (copy == NULL) {
        return false;
    }
    tally->rows[tally->count++] =
        (struct registry_facet_count){.facet = facet, .value = copy, .count = (size_t)count};
    return true;
}

static int compare_counts(const void *a, const void *b)
{
    const struct registry_facet_count *left = a;
    const struct registry_facet_count *right = b;
    if (left->count != right->count) {
        return left->count < right->count ? 1 : -1;
    }
    return strcmp(left->value, right->value);
}

/* The most frequent values of the facet just counted stay. */
static void tally_close(struct tally *tally)
{
    size_t count = tally->count - tally->start;
    if (count > 0) {
        qsort(tally->rows + tally->start, count, sizeof *tally->rows, compare_counts);
    }
    tally->count = tally->start + (count < SEARCH_FACET_VALUES ? count : SEARCH_FACET_VALUES);
    tally->start = tally->count;
}

/* The facet of a term; false when it is no value of a facet that is listed. */
static bool read_term(const char *term, size_t len, enum registry_facet *facet)
{
    if (len < 2 || term[0] != SEARCH_FACET_MARK || (unsigned char)(term[1] - 'a') >= FACET_COUNT) {
        return false;
    }
    *facet = (enum registry_facet)(term[1] - 'a');
    return true;
}

/* Adds to the count of a value, which is the last one when it is known already. */
static bool tally_count(struct tally *tally, const char *term, size_t len, uint64_t count)
{
    enum registry_facet facet = (enum registry_facet)(term[1] - 'a');
    struct registry_facet_count *last =
        tally->count > tally->start ? &tally->rows[tally->count - 1] : NULL;
    if (count == 0) {
        return true;
    }
    if (last != NULL && last->facet != facet) {
        tally_close(tally);
        last = NULL;
    }
    if (last != NULL && strlen(last->value) == len - 2 &&
        memcmp(last->value, term + 2, len - 2) == 0) {
        last->count += (size_t)count;
        return true;
    }
    return tally_add(tally, facet, term + 2, len - 2, count);
}

/* Everything was found: the frequencies of the terms are the counts. */
static enum err_code count_everything(struct query *query, struct tally *tally)
{
    static const char first[] = {SEARCH_FACET_MARK};
    enum registry_facet facet = FACET_COUNT;
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(query->txn, STORE_TERMS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    bool more = store_cursor_seek(&cursor, first, sizeof first);
    while (more && code == ERR_OK && read_term(cursor.key.bytes, cursor.key.len, &facet)) {
        uint64_t count = cursor.value.len == 8 ? value_u64(cursor.value.bytes) : 0;
        code = tally_count(tally, cursor.key.bytes, cursor.key.len, count) ? ERR_OK : ERR_TOO_LARGE;
        more = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    return code;
}

/* True when something was found among these documents. */
static bool any_found(const struct query *query, uint64_t first, uint64_t last)
{
    const unsigned char *at = query->found + first / 8;
    const unsigned char *end =
        query->found + (last < query->numbers ? last : query->numbers - 1) / 8 + 1;
    while (at < end && *at == 0) {
        at++;
    }
    return at < end;
}

/* Looks through all postings of facets for documents that were found. */
static enum err_code count_found(struct query *query, struct tally *tally)
{
    static const char first[] = {SEARCH_FACET_MARK};
    enum registry_facet facet = FACET_COUNT;
    struct store_cursor cursor;
    struct postings_block block;
    enum err_code code = store_cursor_open(query->txn, STORE_POSTINGS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    bool more = store_cursor_seek(&cursor, first, sizeof first);
    while (more && code == ERR_OK) {
        uint64_t count = 0;
        postings_block_open(&cursor, &block);
        if (!read_term(block.term, block.len, &facet)) {
            break;
        }
        if (any_found(query, block.at.document, block.last)) {
            count = postings_block_count(&block, query->found, query->numbers);
        }
        code = tally_count(tally, block.term, block.len, count) ? ERR_OK : ERR_TOO_LARGE;
        more = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    return code;
}

/* Values of the trees have names. */
static void name_tags(const struct query *query, struct tally *tally, const char *language)
{
    static const struct {
        enum registry_facet facet;
        enum overlay_tree tree;
    } trees[] = {{FACET_CATEGORY, OVERLAY_CATEGORY}, {FACET_EQUIPMENT, OVERLAY_EQUIPMENT},
        {FACET_PROCESS, OVERLAY_PROCESS}, {FACET_PHASE, OVERLAY_PHASE}};
    for (size_t i = 0; i < tally->count; i++) {
        struct registry_facet_count *row = &tally->rows[i];
        row->name = "";
        for (size_t k = 0; k < sizeof trees / sizeof *trees; k++) {
            struct curated_node node;
            if (trees[k].facet == row->facet && curated_node_find(query->txn, query->arena,
                                                    trees[k].tree, row->value, &node) == ERR_OK) {
                row->name = curated_node_name(&node, language);
            }
        }
    }
}

enum err_code query_count_facets(
    struct query *query, struct registry_result *result, const char *language, struct err *err)
{
    struct tally tally = {.arena = query->arena};
    bool everything = query->with.source_count == 0 && query->without_count == 0 && !query->words;
    if (query->total == 0) {
        return ERR_OK;
    }
    enum err_code code = everything ? count_everything(query, &tally) : count_found(query, &tally);
    if (code == ERR_OK) {
        code = query->txn->failed;
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the facets cannot be counted");
    }
    tally_close(&tally);
    name_tags(query, &tally, language);
    result->facets = tally.rows;
    result->facet_count = tally.count;
    return ERR_OK;
}

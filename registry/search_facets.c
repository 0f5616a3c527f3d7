/* SPDX-License-Identifier: Apache-2.0 */
/* How often each value of a facet occurs among what a query found. */
#include <stdlib.h>
#include <string.h>

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

/* How many of the documents of a term were found. */
static enum err_code count_found(struct query *query, const char *term, size_t len, uint64_t *count)
{
    struct postings list;
    *count = 0;
    enum err_code code = postings_open(query->txn, term, len, &list);
    while (code == ERR_OK && postings_next(&list)) {
        uint64_t document = list.at.document;
        *count +=
            document < query->found_bits && (query->found[document / 8] >> document % 8 & 1) != 0;
    }
    if (code == ERR_OK) {
        postings_close(&list);
    }
    return code;
}

/* The value the cursor stands on; false when it is no value of a facet that is listed. */
static bool read_term(const struct store_cursor *cursor, enum registry_facet *facet)
{
    const char *term = cursor->key.bytes;
    if (cursor->key.len < 2 || term[0] != SEARCH_FACET_MARK ||
        (unsigned char)(term[1] - 'a') >= FACET_COUNT) {
        return false;
    }
    *facet = (enum registry_facet)(term[1] - 'a');
    return true;
}

static enum err_code count_all(
    struct query *query, struct store_cursor *cursor, struct tally *tally)
{
    static const char first[] = {SEARCH_FACET_MARK};
    enum registry_facet facet = FACET_COUNT;
    enum registry_facet before = FACET_COUNT;
    bool everything = query->term_count == 0 && !query->words;
    bool more = store_cursor_seek(cursor, first, sizeof first);
    for (; more && read_term(cursor, &facet); more = store_cursor_next(cursor)) {
        const char *term = cursor->key.bytes;
        uint64_t count = everything ? value_u64(cursor->value.bytes) : 0;
        enum err_code code =
            everything ? ERR_OK : count_found(query, term, cursor->key.len, &count);
        if (code != ERR_OK) {
            return code;
        }
        if (facet != before) {
            tally_close(tally);
            before = facet;
        }
        if (count > 0 && !tally_add(tally, facet, term + 2, cursor->key.len - 2, count)) {
            return ERR_TOO_LARGE;
        }
    }
    tally_close(tally);
    return query->txn->failed;
}

enum err_code query_count_facets(
    struct query *query, struct registry_result *result, struct err *err)
{
    struct store_cursor cursor;
    struct tally tally = {.arena = query->arena};
    if (query->total == 0) {
        return ERR_OK;
    }
    enum err_code code = store_cursor_open(query->txn, STORE_TERMS, &cursor);
    if (code == ERR_OK) {
        code = count_all(query, &cursor, &tally);
        store_cursor_close(&cursor);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the facets cannot be counted");
    }
    result->facets = tally.rows;
    result->facet_count = tally.count;
    return ERR_OK;
}

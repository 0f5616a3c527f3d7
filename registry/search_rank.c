/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The best of what is found. They are collected in twice the room that is needed; when it is full,
 * the better half stays, and its worst one says what need not be collected any more.
 */
#include <stdlib.h>
#include <string.h>

#include "registry/search_names.h"
#include "registry/search_query.h"

enum { LEAST_ROOM = 64 };

/* Newer documents come first among equals. */
bool rank_is_worse(const struct query *query, const struct ranked *a, const struct ranked *b)
{
    if (query->sort == REGISTRY_BY_NAME) {
        int order = names_compare(a->title, b->title);
        if (order != 0) {
            return order > 0;
        }
    } else if (query->sort != REGISTRY_BY_DATE && a->score != b->score) {
        return a->score < b->score;
    }
    return a->document < b->document;
}

static void swap(struct ranked *a, struct ranked *b)
{
    struct ranked kept = *a;
    *a = *b;
    *b = kept;
}

/* The middle one of three moves to the front. */
static void choose_pivot(const struct query *query, struct ranked *list, size_t count)
{
    struct ranked *a = list;
    struct ranked *b = list + count / 2;
    struct ranked *c = list + count - 1;
    bool ab = rank_is_worse(query, a, b);
    bool bc = rank_is_worse(query, b, c);
    bool ac = rank_is_worse(query, a, c);
    struct ranked *middle = ab == bc ? b : ab == ac ? c : a;
    swap(list, middle);
}

void rank_select(const struct query *query, struct ranked *list, size_t count, size_t best)
{
    while (best > 0 && best < count) {
        size_t left = 0;
        size_t right = count;
        choose_pivot(query, list, count);
        struct ranked pivot = list[0];
        for (size_t i = 1; i < right;) {
            if (rank_is_worse(query, &pivot, &list[i])) {
                swap(&list[left++], &list[i++]);
            } else {
                swap(&list[i], &list[--right]);
            }
        }
        /* better ones, the pivot, worse ones */
        if (best <= left) {
            count = left;
        } else {
            list += left + 1;
            count -= left + 1;
            best -= left + 1;
        }
    }
}

enum err_code rank_start(struct query *query, uint64_t most, struct err *err)
{
    query->window = most < query->window ? (size_t)most : query->window;
    query->room = 2 * query->window < LEAST_ROOM ? LEAST_ROOM : 2 * query->window;
    query->best = arena_alloc(query->arena, query->room * sizeof *query->best);
    query->best_count = 0;
    query->cut = false;
    return query->best == NULL ? err_set(err, ERR_TOO_LARGE, "too many hits are asked for")
                               : ERR_OK;
}

static void cut(struct query *query)
{
    size_t worst = 0;
    rank_select(query, query->best, query->best_count, query->window);
    query->best_count = query->window;
    for (size_t i = 1; i < query->window; i++) {
        worst = rank_is_worse(query, &query->best[i], &query->best[worst]) ? i : worst;
    }
    query->worst = query->best[worst];
    query->cut = true;
}

void rank_keep(struct query *query, const struct ranked *ranked)
{
    if (query->window == 0 || (query->cut && rank_is_worse(query, ranked, &query->worst))) {
        return;
    }
    query->best[query->best_count++] = *ranked;
    if (query->best_count == query->room) {
        cut(query);
    }
}

static int compare_ranked(const void *a, const void *b, void *query)
{
    return rank_is_worse(query, a, b) ? 1 : rank_is_worse(query, b, a) ? -1 : 0;
}

void rank_finish(struct query *query)
{
    if (query->best_count > query->window) {
        rank_select(query, query->best, query->best_count, query->window);
        query->best_count = query->window;
    }
    size_t offset = query->offset < query->best_count ? query->offset : query->best_count;
    rank_select(query, query->best, query->best_count, offset);
    qsort_r(query->best + offset, query->best_count - offset, sizeof *query->best, compare_ranked,
        query);
}

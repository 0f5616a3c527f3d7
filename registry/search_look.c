/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking into candidates: documents that have the words of a phrase or the pairs of a run, of
 * which only their records know whether these stand beside each other. Records lie far apart, so
 * those that come soon are fetched while one is looked into.
 */
#include <string.h>

#include "registry/search_query.h"

enum {
    AHEAD = 16, /* records on their way */
    LINE = 64,  /* bytes of the processor's memory that are fetched at once */
    LINES = 4,  /* fetched of a text; the processor goes on by itself */
    STEPS = 8,  /* to the next record, rather than looking it up */
    NUMBER_KEY = 9,
};

enum err_code look_start(struct query *query)
{
    struct candidates *candidates = &query->candidates;
    size_t room = (size_t)query->with.sources[0].frequency;
    if (query->with.check_count == 0) {
        return ERR_OK;
    }
    candidates->list = arena_alloc(query->arena, (room + 1) * sizeof *candidates->list);
    candidates->count = 0;
    return candidates->list == NULL ? ERR_TOO_LARGE : ERR_OK;
}

/* ------------------------------------------------------------------ records */

static bool check_holds(const struct search_record *record, const struct query_check *check)
{
    return check->run != NULL
               ? search_text_has(record->text, check->run, check->len, check->fields)
               : search_stream_has(record->stream, check->units, check->len, check->fields);
}

static bool record_holds(const struct search_record *record, const struct query_clause *clause)
{
    for (size_t i = 0; i < clause->check_count; i++) {
        if (!check_holds(record, &clause->checks[i])) {
            return false;
        }
    }
    return true;
}

bool look_one(struct query *query, const struct query_clause *clause, uint64_t document)
{
    struct search_record record;
    return query_read_record(query, document, &record) && record_holds(&record, clause);
}

/* ------------------------------------------------------------------ many of them */

/* A record on its way. */
struct coming {
    struct store_bytes value;
    struct search_record record;
    bool there;
};

static void fetch(const void *bytes, size_t len)
{
    for (size_t at = 0; at < len && at < (size_t)LINES * LINE; at += LINE) {
        __builtin_prefetch((const char *)bytes + at);
    }
}

/* Close ones are reached step by step. */
static bool move_to(struct store_cursor *cursor, uint64_t *at, uint64_t document)
{
    struct store_key key;
    bool there = *at > 0 && *at <= document && document - *at <= STEPS;
    while (there && *at < document) {
        there = store_cursor_next(cursor) && cursor->key.len == NUMBER_KEY;
        *at = there ? key_number_at(cursor->key, 1) : 0;
    }
    if (!there) {
        key_search_number(&key, document);
        there = store_cursor_seek(cursor, key.bytes, key.len) && cursor->key.len == NUMBER_KEY;
        *at = there ? key_number_at(cursor->key, 1) : 0;
    }
    return there && *at == document;
}

static void find_value(
    struct store_cursor *cursor, uint64_t *at, uint64_t document, struct coming *coming)
{
    coming->there = move_to(cursor, at, document);
    if (coming->there) {
        coming->value = cursor->value;
        fetch(coming->value.bytes, LINE);
    }
}

static void find_texts(const struct query *query, uint64_t document, struct coming *coming)
{
    coming->there = coming->there && search_record_texts(coming->value, document, &coming->record);
    for (size_t i = 0; i < query->with.check_count && coming->there; i++) {
        const struct store_bytes *text =
            query->with.checks[i].run != NULL ? &coming->record.text : &coming->record.stream;
        fetch(text->bytes, text->len);
    }
}

/* Looks into all of a list that is sorted by document, keeps those that hold. */
static enum err_code look_into_all(struct query *query, const struct ranked *list, size_t count)
{
    struct coming coming[AHEAD];
    struct store_cursor cursor;
    uint64_t reached = 0;
    enum err_code code = store_cursor_open(query->txn, STORE_SEARCHED, &cursor);
    for (size_t i = 0; code == ERR_OK && i < count + AHEAD; i++) {
        if (i >= AHEAD) {
            const struct coming *now = &coming[i % AHEAD];
            if (now->there && record_holds(&now->record, &query->with)) {
                query_keep(query, &list[i - AHEAD]);
            }
        }
        if (i < count) {
            find_value(&cursor, &reached, list[i].document, &coming[i % AHEAD]);
        }
        if (i >= AHEAD / 2 && i - AHEAD / 2 < count) {
            size_t at = i - AHEAD / 2;
            find_texts(query, list[at].document, &coming[at % AHEAD]);
        }
    }
    if (code == ERR_OK) {
        store_cursor_close(&cursor);
    }
    return code;
}

/* ------------------------------------------------------------------ the best first */

/* Moves those that are not worse than `worst` to the front; both parts stay sorted. */
static size_t part(const struct query *query, struct ranked *list, size_t count,
    const struct ranked *worst, struct ranked *scratch)
{
    size_t front = 0;
    size_t behind = 0;
    for (size_t i = 0; i < count; i++) {
        if (rank_is_worse(query, &list[i], worst)) {
            scratch[behind++] = list[i];
        } else {
            list[front++] = list[i];
        }
    }
    memcpy(list + front, scratch, behind * sizeof *list);
    return front;
}

/* The best `most` of the list come to the front. */
static size_t best_first(const struct query *query, struct ranked *list, size_t count, size_t most,
    struct ranked *scratch)
{
    size_t worst = 0;
    if (count <= most) {
        return count;
    }
    memcpy(scratch, list, count * sizeof *list);
    rank_select(query, scratch, count, most);
    for (size_t i = 1; i < most; i++) {
        worst = rank_is_worse(query, &scratch[i], &scratch[worst]) ? i : worst;
    }
    const struct ranked bound = scratch[worst];
    return part(query, list, count, &bound, scratch);
}

enum err_code look_finish(struct query *query)
{
    struct candidates *candidates = &query->candidates;
    struct ranked *list = candidates->list;
    size_t count = candidates->count;
    bool all = query->found != NULL || query->sort == REGISTRY_BY_NAME ||
               count <= SEARCH_LOOKED_INTO || query->window > SEARCH_LOOKED_INTO;
    struct ranked *scratch = all ? NULL : arena_alloc(query->arena, (count + 1) * sizeof *scratch);
    enum err_code code = all || scratch != NULL ? ERR_OK : ERR_TOO_LARGE;
    for (bool more = count > 0; more && code == ERR_OK;) {
        size_t now = all ? count : best_first(query, list, count, SEARCH_LOOKED_INTO, scratch);
        code = look_into_all(query, list, now);
        list += now;
        count -= now;
        more = count > 0 && query->best_count < query->window;
    }
    query->more = count > 0;
    return code;
}

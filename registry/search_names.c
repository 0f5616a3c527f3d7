/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hits in the order of their titles. Of few hits the titles are read; otherwise all titles are gone
 * through in their order until enough of them are hits.
 */
#include "registry/search_names.h"

#include <stdlib.h>
#include <string.h>

#include "registry/search_query.h"

enum {
    NUMBER_BYTES = 8,
    READ_HITS = 256,   /* so many titles are read rather than gone through */
    STEPS_PER_HIT = 8, /* through the titles at most; to read one costs more than so many */
};

void key_name(struct store_key *key, const char *title, uint64_t document)
{
    size_t len = strnlen(title, NAMES_TITLE);
    key_start(key);
    for (size_t i = 0; i < len; i++) {
        char c = title[i];
        key_add_byte(key, (unsigned char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c));
    }
    key_add_byte(key, 0);
    key_add_number(key, ~document);
}

bool key_name_read(struct store_bytes key, uint64_t *document)
{
    if (key.len < 1 + NUMBER_BYTES || strnlen(key.bytes, key.len) != key.len - 1 - NUMBER_BYTES) {
        return false;
    }
    *document = ~key_number_at(key, key.len - NUMBER_BYTES);
    return true;
}

int names_compare(const char *a, const char *b)
{
    return strncasecmp(a, b, NAMES_TITLE);
}

/* ------------------------------------------------------------------ hits */

enum err_code names_start(struct query *query)
{
    struct candidates *hits = &query->named;
    size_t room = (size_t)query->with.sources[0].frequency;
    if (query->sort != REGISTRY_BY_NAME) {
        return ERR_OK;
    }
    hits->list = arena_alloc(query->arena, (room + 1) * sizeof *hits->list);
    hits->count = 0;
    return hits->list == NULL ? ERR_TOO_LARGE : ERR_OK;
}

void names_keep(struct query *query, const struct ranked *ranked)
{
    query->named.list[query->named.count++] = *ranked;
}

static void read_titles(struct query *query)
{
    struct search_record record;
    for (size_t i = 0; i < query->named.count; i++) {
        struct ranked *hit = &query->named.list[i];
        hit->title = query_read_record(query, hit->document, &record) ? record.title : "";
        rank_keep(query, hit);
    }
}

static int compare_document(const void *a, const void *b)
{
    const struct ranked *left = a;
    const struct ranked *right = b;
    return (left->document > right->document) - (left->document < right->document);
}

/* Hits that were looked into come behind those that were not; both parts are sorted. */
static size_t second_part(const struct candidates *hits)
{
    size_t at = 1;
    while (at < hits->count && hits->list[at - 1].document < hits->list[at].document) {
        at++;
    }
    return at < hits->count ? at : hits->count;
}

static const struct ranked *find_hit(
    const struct candidates *hits, size_t second, uint64_t document)
{
    const struct ranked wanted = {.document = document};
    const struct ranked *hit =
        bsearch(&wanted, hits->list, second, sizeof *hits->list, compare_document);
    return hit != NULL ? hit
                       : bsearch(&wanted, hits->list + second, hits->count - second,
                             sizeof *hits->list, compare_document);
}

/* Takes a document out of the hits. */
static void take_named(struct query *query, size_t second, uint64_t document, const char *title)
{
    const struct ranked *hit = find_hit(&query->named, second, document);
    if (hit != NULL) {
        query->best[query->best_count] = *hit;
        query->best[query->best_count++].title = title;
    }
}

static bool is_hit(const unsigned char *bits, const struct query *query, uint64_t document)
{
    return document < query->numbers && (bits[document / 8] >> document % 8 & 1) != 0;
}

/* Goes through the titles for the first hits; `bits` NULL: all are. False when these would be too
 * many titles. */
static bool walk(struct query *query, const unsigned char *bits, uint64_t steps)
{
    struct store_cursor cursor;
    uint64_t document = 0;
    size_t second = second_part(&query->named);
    if (store_cursor_open(query->txn, STORE_NAMES, &cursor) != ERR_OK) {
        return false;
    }
    bool more = store_cursor_seek(&cursor, "", 0);
    for (; more && steps > 0 && query->best_count < query->window; steps--) {
        if (!key_name_read(cursor.key, &document)) {
            /* the verification tells */
        } else if (bits == NULL) {
            query->best[query->best_count++] =
                (struct ranked){.document = document, .title = cursor.key.bytes};
        } else if (is_hit(bits, query, document)) {
            take_named(query, second, document, cursor.key.bytes);
        }
        more = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    return query->best_count == query->window || !more;
}

static unsigned char *make_bits(struct query *query)
{
    const struct candidates *hits = &query->named;
    unsigned char *bits = arena_alloc(query->arena, (size_t)(query->numbers / 8 + 1));
    for (size_t i = 0; i < hits->count && bits != NULL; i++) {
        uint64_t document = hits->list[i].document;
        if (document < query->numbers) {
            bits[document / 8] |= (unsigned char)(1u << document % 8);
        }
    }
    return bits;
}

enum err_code names_finish(struct query *query)
{
    size_t count = query->named.count;
    if (query->sort != REGISTRY_BY_NAME) {
        return ERR_OK;
    }
    if (count > READ_HITS) {
        query->window = count < query->window ? count : query->window;
        const unsigned char *bits = query->found != NULL ? query->found : make_bits(query);
        if (bits == NULL) {
            return ERR_TOO_LARGE;
        }
        if (walk(query, bits, (uint64_t)count * STEPS_PER_HIT)) {
            return ERR_OK;
        }
        query->best_count = 0;
    }
    read_titles(query);
    return ERR_OK;
}

enum err_code names_first(struct query *query)
{
    return walk(query, NULL, UINT64_MAX) ? ERR_OK : ERR_STORE;
}

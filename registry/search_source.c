/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of documents: of one term straight out of the postings, of several put together, of terms
 * beside each other. */
#include <string.h>

#include "registry/search_query.h"

static bool make_union(struct query *query, struct query_source *source)
{
    if (source->all == NULL) {
        source->all = arena_alloc(query->arena, (size_t)query->numbers * sizeof *source->all);
        source->frequency = 0;
    }
    if (source->all == NULL) {
        (void)!query_fail(query, ERR_TOO_LARGE, "there is too much to be looked through at once",
            "Search for whole words.");
    }
    return query->failed == ERR_OK;
}

static void unite_posting(
    struct query *query, struct query_source *source, const struct posting *posting)
{
    bool here = source->fields == SEARCH_IN_ANY || (posting->weight & source->fields) != 0;
    if (!here || posting->document >= query->numbers) {
        return;
    }
    struct union_entry *entry = &source->all[posting->document];
    uint32_t weight = entry->weight + (posting->weight >> SEARCH_FIELD_BITS);
    source->frequency += entry->weight == 0;
    entry->weight = (uint8_t)(weight > 255 ? 255 : weight < 1 ? 1 : weight);
    entry->length = posting->length;
}

/* Goes through blocks of all terms with a beginning; `exact`: of this one term only. */
static bool unite(
    struct query *query, struct query_source *source, const char *start, size_t len, bool exact)
{
    struct store_cursor cursor;
    struct postings_block block;
    size_t most = query->loose ? SEARCH_LOOSE_UNION : SEARCH_MAX_UNION;
    bool bounded = !exact && (unsigned char)start[0] > SEARCH_PLAIN_ID_MARK; /* words */
    if (!make_union(query, source) ||
        store_cursor_open(query->txn, STORE_POSTINGS, &cursor) != ERR_OK) {
        return false;
    }
    bool more = store_cursor_seek(&cursor, start, len);
    while (more && (!bounded || query->united <= most)) {
        postings_block_open(&cursor, &block);
        if (block.len < len || memcmp(block.term, start, len) != 0 || (exact && block.len != len)) {
            break; /* blocks of the term itself come first */
        }
        while (postings_block_next(&block)) {
            unite_posting(query, source, &block.at);
            query->united += bounded;
        }
        more = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    if (query->united > most && bounded && !query->loose) {
        (void)!query_fail(query, ERR_BAD_INPUT, "too many words begin like that",
            "Write more letters before the *.");
    }
    return query->failed == ERR_OK;
}

bool source_unite_term(
    struct query *query, struct query_source *source, const char *term, size_t len)
{
    return unite(query, source, term, len, true);
}

bool source_unite_beginning(
    struct query *query, struct query_source *source, const char *start, size_t len)
{
    return unite(query, source, start, len, false);
}

enum err_code source_open(struct query *query, struct query_source *source)
{
    if (source->all != NULL) {
        return ERR_OK;
    }
    source->open = true;
    if (source->phrases != NULL) {
        return phrases_open(query->txn, source->phrases->hash, source->phrases);
    }
    return postings_open(query->txn, source->term, source->len, &source->list);
}

void source_close(struct query_source *source)
{
    if (source->open && source->phrases != NULL) {
        phrases_close(source->phrases);
    } else if (source->open) {
        postings_close(&source->list);
    }
    source->open = false;
}

static bool seek_in_union(struct query_source *source, const struct query *query, uint64_t document)
{
    static const struct union_entry nothing[8];
    const struct union_entry *all = source->all;
    uint64_t at = document;
    while (at + 8 <= query->numbers && memcmp(all + at, nothing, sizeof nothing) == 0) {
        at += 8;
    }
    while (at < query->numbers && all[at].weight == 0) {
        at++;
    }
    if (at >= query->numbers) {
        return false;
    }
    source->at = (struct posting){.document = at,
        .weight = search_weight(all[at].weight, source->fields),
        .length = all[at].length};
    return true;
}

bool source_seek(struct query_source *source, const struct query *query, uint64_t document)
{
    if (source->all != NULL) {
        return seek_in_union(source, query, document);
    }
    if (source->phrases != NULL) {
        return phrases_seek(source->phrases, document, &source->at.document);
    }
    bool found = postings_seek(&source->list, document);
    while (found && source->fields != SEARCH_IN_ANY &&
           (source->list.at.weight & source->fields) == 0) {
        found = postings_next(&source->list);
    }
    if (found) {
        source->at = source->list.at;
    }
    return found;
}

bool source_next(struct query_source *source, const struct query *query)
{
    if (source->all != NULL || source->phrases != NULL) {
        return source_seek(source, query, source->at.document + 1);
    }
    bool found = postings_next(&source->list);
    while (found && source->fields != SEARCH_IN_ANY &&
           (source->list.at.weight & source->fields) == 0) {
        found = postings_next(&source->list);
    }
    if (found) {
        source->at = source->list.at;
    }
    return found;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search part of the verification: every entry has its postings, its phrases and its name,
 * there are no others, and what is counted beside agrees.
 */
#include <string.h>

#include "registry/search_names.h"
#include "registry/search_phrases.h"
#include "registry/search_record.h"
#include "registry/verify_inside.h"

static bool has_posting(
    struct verification *v, const char *term, size_t len, const struct posting *wanted)
{
    struct postings postings;
    if (postings_open(&v->view.txn, term, len, &postings) != ERR_OK) {
        return false;
    }
    bool found = postings_seek(&postings, wanted->document) &&
                 postings.at.document == wanted->document && postings.at.weight == wanted->weight &&
                 postings.at.length == wanted->length;
    postings_close(&postings);
    return found;
}

/* Postings of facets say no length: nothing is ranked by them. */
static void check_terms(struct verification *v, const struct search_record *record)
{
    char facet_term[SEARCH_TERM_MAX];
    struct search_term term;
    struct search_facet facet;
    struct posting wanted = {
        .document = record->number, .length = search_record_length_code(record)};
    for (size_t at = 0; search_record_term(record, &at, &term);) {
        wanted.weight = term.weight;
        if (!has_posting(v, term.term, term.len, &wanted)) {
            verify_problem(v, "search entry %llu is not found by '%.*s'",
                (unsigned long long)record->number, (int)term.len, term.term);
        }
    }
    wanted.weight = 1;
    wanted.length = 0;
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        size_t len = search_facet_term(facet.facet, facet.value, facet_term);
        if (!has_posting(v, facet_term, len, &wanted)) {
            verify_problem(v, "search entry %llu is not found by its facet '%s'",
                (unsigned long long)record->number, facet.value);
        }
    }
}

/* True when so many have a name of this template that not all are counted. */
static bool is_crowded(struct verification *v, const struct search_record *record)
{
    char term[SEARCH_TERM_MAX];
    struct search_facet facet;
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        if (facet.facet == SEARCH_NAMED) {
            size_t len = search_facet_term(facet.facet, facet.value, term);
            if (postings_frequency(&v->view.txn, term, len) > SEARCH_MOST_NAMED) {
                return true;
            }
        }
    }
    return false;
}

/* How many submodels were made for a template; nothing else is counted. */
static void check_count(struct verification *v, const struct search_record *record)
{
    char term[SEARCH_TERM_MAX];
    struct search_facet facet;
    bool named = false;
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        named |= facet.facet == SEARCH_NAMED;
    }
    uint64_t count = named ? search_count_of(&v->view.txn, record) : 0;
    const struct posting wanted = {.document = record->number, .weight = (uint32_t)count};
    size_t len = search_count_term(term);
    if (count > 0 && !is_crowded(v, record) && !has_posting(v, term, len, &wanted)) {
        verify_problem(v, "search entry %llu is used %llu times, which is not what is noted",
            (unsigned long long)record->number, (unsigned long long)count);
    }
}

/* What is searched must be there: an identifiable or a template version. */
static void check_thing(struct verification *v, const struct search_record *record)
{
    const unsigned char *key = record->key.bytes;
    struct document_record document;
    struct store_bytes version;
    if (record->key.len == 10 && key[0] == 'd') {
        if (!verify_document(
                v, (enum registry_kind)key[1], key_number_at(record->key, 2), &document)) {
            verify_problem(v, "search entry %llu belongs to a document that is not there",
                (unsigned long long)record->number);
        }
    } else if (record->key.len < 2 || key[0] != 'v' ||
               store_get(&v->view.txn, STORE_VERSIONS, key + 1, record->key.len - 1, &version) !=
                   ERR_OK) {
        verify_problem(v, "search entry %llu belongs to a template version that is not there",
            (unsigned long long)record->number);
    }
}

/* The other way round: from a thing to its number. */
static void check_lead(struct verification *v, const struct store_cursor *cursor)
{
    struct store_key key;
    struct store_bytes value;
    uint64_t number = cursor->value.len == 8 ? value_u64(cursor->value.bytes) : 0;
    key_search_number(&key, number);
    if (store_get(&v->view.txn, STORE_SEARCHED, key.bytes, key.len, &value) != ERR_OK) {
        verify_problem(v, "something leads to search entry %llu, which is not there",
            (unsigned long long)number);
    }
}

/* What is kept beside an entry. */
static void check_derived(struct verification *v, const struct search_record *record)
{
    struct store_key key;
    struct store_bytes value;
    unsigned long long number = record->number;
    uint64_t row = record->number / PHRASES_DOCUMENTS;
    if (row != v->phrases_row && !phrases_are_whole(&v->view.txn, record->number)) {
        verify_problem(
            v, "the phrases of search entry %llu and its neighbours are not as listed", number);
    }
    v->phrases_row = row;
    key_name(&key, record->title, record->number);
    if (store_get(&v->view.txn, STORE_NAMES, key.bytes, key.len, &value) != ERR_OK ||
        value.len != 0) {
        verify_problem(v, "search entry %llu is not found by its name", number);
    }
}

/* The other way round: phrases and names belong to entries. */
static void check_phrases(struct verification *v, const struct store_cursor *cursor)
{
    uint64_t row = key_number_at(cursor->key, 0);
    if (cursor->key.len != 8 || row > UINT64_MAX / PHRASES_DOCUMENTS ||
        !phrases_are_whole(&v->view.txn, row * PHRASES_DOCUMENTS)) {
        verify_problem(v, "the phrases listed in row %llu are not those of its entries",
            (unsigned long long)row);
    }
}

static void check_name(struct verification *v, const struct store_cursor *cursor)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    uint64_t number = 0;
    bool right = key_name_read(cursor->key, &number);
    key_search_number(&key, number);
    right = right &&
            store_get(&v->view.txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
            search_record_read(value, number, &record);
    if (right) {
        key_name(&key, record.title, number);
        right = key.len == cursor->key.len && memcmp(key.bytes, cursor->key.bytes, key.len) == 0;
    }
    if (!right) {
        verify_problem(v, "a name leads to search entry %llu, which is called otherwise",
            (unsigned long long)number);
    }
}

static void check_entry(struct verification *v, const struct store_cursor *cursor)
{
    struct search_record record;
    struct store_key thing;
    struct store_bytes value;
    const unsigned char *key = cursor->key.bytes;
    if (key[0] != 'n') {
        check_lead(v, cursor);
        return;
    }
    uint64_t number = key_number_at(cursor->key, 1);
    v->search_largest = number > v->search_largest ? number : v->search_largest;
    v->found.searched++;
    if (!search_record_read(cursor->value, number, &record)) {
        verify_problem(v, "search entry %llu is damaged", (unsigned long long)number);
        return;
    }
    v->search_length += record.length;
    key_search_thing(&thing, record.key.bytes, record.key.len);
    if (store_get(&v->view.txn, STORE_SEARCHED, thing.bytes, thing.len, &value) != ERR_OK ||
        value.len != 8 || value_u64(value.bytes) != number) {
        verify_problem(
            v, "search entry %llu is not the one of its thing", (unsigned long long)number);
    }
    check_thing(v, &record);
    check_terms(v, &record);
    check_count(v, &record);
    check_derived(v, &record);
}

/* Every document has an entry. */
static void check_searched(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    struct store_key searched;
    struct store_key thing;
    struct store_bytes value;
    const unsigned char *key = cursor->key.bytes;
    enum registry_kind kind = (enum registry_kind)key[0];
    uint64_t number = key_number_at(cursor->key, 1);
    key_searched(&searched, kind, number);
    key_search_thing(&thing, searched.bytes, searched.len);
    if (store_get(&v->view.txn, STORE_SEARCHED, thing.bytes, thing.len, &value) != ERR_OK) {
        verify_problem(v, "%s: it is not searched", verify_place(kind, number, place));
    }
}

static bool entry_has_term(
    struct verification *v, const struct search_record *record, const char *term, size_t len)
{
    char facet_term[SEARCH_TERM_MAX];
    if (search_count_term(facet_term) == len && memcmp(facet_term, term, len) == 0) {
        return is_crowded(v, record) || search_count_of(&v->view.txn, record) > 0;
    }
    struct search_term own;
    struct search_facet facet;
    for (size_t at = 0; search_record_term(record, &at, &own);) {
        if (own.len == len && memcmp(own.term, term, len) == 0) {
            return true;
        }
    }
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        if (search_facet_term(facet.facet, facet.value, facet_term) == len &&
            memcmp(facet_term, term, len) == 0) {
            return true;
        }
    }
    return false;
}

/* The postings of one term lead to entries that have it, and are as many as is said. */
static void check_frequency(struct verification *v, const struct store_cursor *cursor)
{
    const char *term = cursor->key.bytes;
    size_t len = cursor->key.len;
    uint64_t count = 0;
    struct postings postings;
    if (postings_open(&v->view.txn, term, len, &postings) != ERR_OK) {
        return;
    }
    while (postings_next(&postings)) {
        struct store_key key;
        struct store_bytes value;
        struct search_record record;
        uint64_t number = postings.at.document;
        count++;
        key_search_number(&key, number);
        if (store_get(&v->view.txn, STORE_SEARCHED, key.bytes, key.len, &value) != ERR_OK ||
            !search_record_read(value, number, &record) || !entry_has_term(v, &record, term, len)) {
            verify_problem(v, "'%.*s' leads to search entry %llu, which has it not", (int)len, term,
                (unsigned long long)number);
        }
    }
    postings_close(&postings);
    v->found.postings += count;
    if (count != postings_frequency(&v->view.txn, term, len)) {
        verify_problem(v, "'%.*s' is in %llu search entries, not in as many as is said", (int)len,
            term, (unsigned long long)count);
    }
}

/* Blocks of a term that is not counted would never be looked at. */
static void check_block(struct verification *v, const struct store_cursor *cursor)
{
    const char *term = cursor->key.bytes;
    size_t len = cursor->key.len > 9 ? cursor->key.len - 9 : 0;
    if (postings_frequency(&v->view.txn, term, len) == 0) {
        verify_problem(
            v, "there are postings of '%.*s', which nothing is found by", (int)len, term);
    }
    if (!postings_block_whole(cursor)) {
        verify_problem(v, "a block of the postings of '%.*s' is not whole", (int)len, term);
    }
}

enum err_code verify_search(struct verification *v, struct err *err)
{
    struct search_totals totals;
    v->phrases_row = UINT64_MAX;
    enum err_code code = verify_each(v, STORE_SEARCHED, check_entry, err);
    if (code == ERR_OK) {
        code = verify_each(v, STORE_DOCUMENTS, check_searched, err);
    }
    if (code == ERR_OK) {
        code = verify_each(v, STORE_TERMS, check_frequency, err);
    }
    if (code == ERR_OK) {
        code = verify_each(v, STORE_POSTINGS, check_block, err);
    }
    if (code == ERR_OK) {
        code = verify_each(v, STORE_PHRASES, check_phrases, err);
    }
    if (code == ERR_OK) {
        code = verify_each(v, STORE_NAMES, check_name, err);
    }
    search_totals_read(&v->view.txn, &totals);
    if (code == ERR_OK &&
        (totals.count != v->found.searched || totals.length != v->search_length)) {
        verify_problem(v,
            "the totals of the search say %llu entries of weight %llu, there are "
            "%llu of weight %llu",
            (unsigned long long)totals.count, (unsigned long long)totals.length,
            (unsigned long long)v->found.searched, (unsigned long long)v->search_length);
    }
    uint64_t last = store_last_number(&v->view.txn, SEARCH_COUNTER);
    if (code == ERR_OK && last < v->search_largest) {
        verify_problem(v, "search entry %llu: the next number to be given would be %llu",
            (unsigned long long)v->search_largest, (unsigned long long)last + 1);
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_verify.h"

#include <stdio.h>
#include <string.h>

#include "registry/search_record.h"

struct search_check {
    struct store_txn *txn;
    registry_verify_say say;
    void *context;
    uint64_t problems;
    uint64_t expected; /* postings that the records ask for */
    struct search_totals totals;
};

static void problem(
    struct search_check *check, const char *what, const char *term, size_t len, uint64_t number)
{
    char text[400];
    check->problems++;
    if (check->say != NULL) {
        snprintf(text, sizeof text, "search document %llu, term '%.*s': %s",
            (unsigned long long)number, (int)(len < SEARCH_TERM_MAX ? len : SEARCH_TERM_MAX), term,
            what);
        check->say(check->context, text);
    }
}

/* ------------------------------------------------------------------ from records to postings */

static void check_posting(
    struct search_check *check, uint64_t number, const char *term, size_t len, uint32_t weight)
{
    struct postings list;
    check->expected++;
    if (postings_open(check->txn, term, len, &list) != ERR_OK) {
        return;
    }
    if (!postings_seek(&list, number) || list.at.document != number) {
        problem(check, "there is no posting", term, len, number);
    } else if (list.at.weight != weight) {
        problem(check, "the posting has another weight", term, len, number);
    }
    postings_close(&list);
}

static void check_record(struct search_check *check, const struct search_record *record)
{
    struct search_term term;
    struct search_facet facet;
    char facet_term[SEARCH_TERM_MAX];
    struct store_key key;
    struct store_bytes value;
    uint64_t length = 0;
    for (size_t at = 0; search_record_term(record, &at, &term);) {
        check_posting(check, record->number, term.term, term.len, term.weight);
        length += term.weight;
    }
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        size_t len = search_facet_term(facet.facet, facet.value, facet_term);
        check_posting(check, record->number, facet_term, len, 1);
    }
    key_search_thing(&key, record->key.bytes, record->key.len);
    bool mapped = store_get(check->txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
                  value.len == 8 && value_u64(value.bytes) == record->number;
    if (!mapped) {
        problem(check, "its key leads elsewhere", "", 0, record->number);
    }
    if (length != record->length) {
        problem(check, "its length is not the sum of its weights", "", 0, record->number);
    }
    check->totals.count++;
    check->totals.length += record->length;
}

static enum err_code check_records(struct search_check *check)
{
    struct store_cursor cursor;
    struct search_record record;
    uint64_t keys = 0;
    enum err_code code = store_cursor_open(check->txn, STORE_SEARCHED, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    for (bool more = store_cursor_seek(&cursor, "", 1); more; more = store_cursor_next(&cursor)) {
        if (*(const char *)cursor.key.bytes != 'n') {
            keys++;
            continue;
        }
        uint64_t number = key_number_at(cursor.key, 1);
        if (search_record_read(cursor.value, number, &record)) {
            check_record(check, &record);
        } else {
            problem(check, "the record is damaged", "", 0, number);
        }
    }
    store_cursor_close(&cursor);
    if (keys != check->totals.count) {
        problem(check, "there are keys without records", "", 0, 0);
    }
    return check->txn->failed;
}

/* ------------------------------------------------------------------ from postings to records */

static uint64_t count_postings(struct search_check *check, const char *term, size_t len)
{
    struct postings list;
    uint64_t count = 0;
    uint64_t before = 0;
    if (postings_open(check->txn, term, len, &list) != ERR_OK) {
        return 0;
    }
    for (; postings_next(&list); count++) {
        if (list.at.document <= before) {
            problem(check, "the postings are out of order", term, len, list.at.document);
        }
        before = list.at.document;
    }
    postings_close(&list);
    return count;
}

static enum err_code check_terms(struct search_check *check)
{
    struct store_cursor cursor;
    uint64_t found = 0;
    enum err_code code = store_cursor_open(check->txn, STORE_TERMS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    for (bool more = store_cursor_seek(&cursor, "", 1); more; more = store_cursor_next(&cursor)) {
        const char *term = cursor.key.bytes;
        uint64_t count = count_postings(check, term, cursor.key.len);
        found += count;
        if (cursor.value.len != 8 || value_u64(cursor.value.bytes) != count || count == 0) {
            problem(check, "the frequency is wrong", term, cursor.key.len, 0);
        }
    }
    store_cursor_close(&cursor);
    if (found != check->expected) {
        problem(check, "there are postings that no record asks for", "", 0, 0);
    }
    return check->txn->failed;
}

static enum err_code check_blocks(struct search_check *check)
{
    struct store_cursor cursor;
    struct store_bytes value;
    enum err_code code = store_cursor_open(check->txn, STORE_POSTINGS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    for (bool more = store_cursor_seek(&cursor, "", 1); more; more = store_cursor_next(&cursor)) {
        const char *term = cursor.key.bytes;
        size_t len = cursor.key.len > 9 ? cursor.key.len - 9 : 0;
        if (store_get(check->txn, STORE_TERMS, term, len, &value) != ERR_OK) {
            problem(check, "there is a block without a term", term, len, 0);
        }
    }
    store_cursor_close(&cursor);
    return check->txn->failed == ERR_NOT_FOUND ? ERR_OK : check->txn->failed;
}

enum err_code search_verify(struct store_txn *txn, registry_verify_say say, void *context,
    uint64_t *problems, struct err *err)
{
    struct search_check check = {.txn = txn, .say = say, .context = context};
    struct search_totals totals;
    enum err_code code = check_records(&check);
    if (code == ERR_OK) {
        code = check_terms(&check);
    }
    if (code == ERR_OK) {
        code = check_blocks(&check);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the search index cannot be read");
    }
    search_totals_read(txn, &totals);
    if (totals.count != check.totals.count || totals.length != check.totals.length) {
        problem(&check, "the totals are wrong", "", 0, 0);
    }
    *problems += check.problems;
    return ERR_OK;
}

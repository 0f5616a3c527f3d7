/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often things are used. Each submodel that is made for a template has what it names (its
 * semantic id, its template id, and both together) as values of a facet, and each template what it
 * is named by: so a count is a few frequencies, also where two names lead to the same template. The
 * count stands as the weight of the template's posting under one term, and is made anew when
 * somebody begins or ceases to name it.
 */
#include <string.h>

#include "registry/registry.h"
#include "registry/search_record.h"

enum {
    NAMES = 3, /* of a template: semantic id, id, template id */
    BOTH_MARK = 0x1f,
    ID_WHOLE = 90, /* bytes; of a longer id only the beginning and a hash */
    ID_BEGINNING = 56,
};

/* ------------------------------------------------------------------ values */

static size_t name_text(const char *id, char text[SEARCH_NAME_ROOM])
{
    size_t len = strlen(id);
    if (len <= ID_WHOLE) {
        memcpy(text, id, len + 1);
        return len;
    }
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(id, len, hash);
    memcpy(text, id, ID_BEGINNING);
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        text[ID_BEGINNING + 2 * i] = digits[hash[i] >> 4];
        text[ID_BEGINNING + 2 * i + 1] = digits[hash[i] & 15];
    }
    text[ID_BEGINNING + 2 * STORE_HASH_BYTES] = '\0';
    return ID_BEGINNING + 2 * STORE_HASH_BYTES;
}

void search_name(const char *id, const char *other, char text[SEARCH_NAME_ROOM])
{
    size_t len = name_text(id, text);
    if (other != NULL) {
        text[len] = BOTH_MARK;
        name_text(other, text + len + 1);
    }
}
_Static_assert(2 * ID_WHOLE + 2 <= SEARCH_NAME_ROOM, "two names fit");
_Static_assert(2 * ID_WHOLE + 1 <= SEARCH_FACET_BYTES, "two names are a value of a facet");
_Static_assert(ID_BEGINNING + 2 * STORE_HASH_BYTES <= ID_WHOLE, "a long one is not longer");

/* ------------------------------------------------------------------ counting */

/* What a template is named by; the texts are those of its facets. */
struct names {
    const char *list[NAMES];
    size_t count;
};

static void add_name(struct names *names, const struct search_facet *facet)
{
    if (facet->facet == SEARCH_NAMED && names->count < NAMES) {
        names->list[names->count++] = facet->value;
    }
}

static uint64_t users(struct store_txn *txn, const char *value)
{
    char term[SEARCH_TERM_MAX];
    size_t len = search_facet_term(SEARCH_MADE_FOR, value, term);
    return postings_frequency(txn, term, len);
}

static uint64_t users_of_both(struct store_txn *txn, const char *name, const char *other)
{
    char both[2 * SEARCH_NAME_ROOM];
    size_t len = strlen(name);
    size_t other_len = strlen(other);
    if (len + other_len + 2 > sizeof both) {
        return 0;
    }
    memcpy(both, name, len);
    both[len] = BOTH_MARK;
    memcpy(both + len + 1, other, other_len + 1);
    return users(txn, both);
}

/* Nobody names more than two, so whoever is counted twice names a pair. */
static uint64_t count_users(struct store_txn *txn, const struct names *names)
{
    uint64_t count = 0;
    uint64_t twice = 0;
    for (size_t i = 0; i < names->count; i++) {
        count += users(txn, names->list[i]);
        for (size_t k = 0; k < names->count; k++) {
            twice += k != i ? users_of_both(txn, names->list[i], names->list[k]) : 0;
        }
    }
    return count > twice ? count - twice : 0;
}

uint64_t search_count_of(struct store_txn *txn, const struct search_record *record)
{
    struct names names = {.count = 0};
    struct search_facet facet;
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        if (facet.facet == SEARCH_CONCEPT) { /* it is found by its own id, too */
            uint64_t frequency = postings_frequency(txn, facet.value, strlen(facet.value));
            return frequency > 0 ? frequency - 1 : 0;
        }
        add_name(&names, &facet);
    }
    return count_users(txn, &names);
}

/* ------------------------------------------------------------------ keeping */

size_t search_count_term(char term[SEARCH_TERM_MAX])
{
    return search_facet_term(SEARCH_COUNTED, "", term);
}

static enum err_code set_count(struct store_cursor *postings, uint64_t number, uint64_t count)
{
    char term[SEARCH_TERM_MAX];
    size_t len = search_count_term(term);
    struct posting posting = {
        .document = number, .weight = (uint32_t)(count > UINT32_MAX ? UINT32_MAX : count)};
    return count > 0 ? postings_set(postings, term, len, &posting)
                     : postings_unset(postings, term, len, number);
}

static enum err_code recount(struct store_cursor *postings, uint64_t number)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    key_search_number(&key, number);
    if (store_get(postings->txn, STORE_SEARCHED, key.bytes, key.len, &value) != ERR_OK ||
        !search_record_read(value, number, &record)) {
        return ERR_STORE;
    }
    return set_count(postings, number, search_count_of(postings->txn, &record));
}

/* The templates under a name, collected before anything is changed. */
static enum err_code recount_named(
    struct store_cursor *postings, const char *name, uint64_t besides)
{
    uint64_t owners[SEARCH_MOST_NAMED];
    char term[SEARCH_TERM_MAX];
    struct postings list;
    size_t count = 0;
    size_t len = search_facet_term(SEARCH_NAMED, name, term);
    if (postings_frequency(postings->txn, term, len) == 0) {
        return ERR_OK;
    }
    enum err_code code = postings_open(postings->txn, term, len, &list);
    while (code == ERR_OK && count < SEARCH_MOST_NAMED && postings_next(&list)) {
        owners[count] = list.at.document;
        count += owners[count] != besides;
    }
    if (code == ERR_OK) {
        postings_close(&list);
    }
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        code = recount(postings, owners[i]);
    }
    return code;
}

static bool record_has(const struct search_record *record, unsigned facet, const char *value)
{
    struct search_facet own;
    for (size_t at = 0; search_record_facet(record, &at, &own);) {
        if (own.facet == facet && strcmp(own.value, value) == 0) {
            return true;
        }
    }
    return false;
}

static bool entry_has(const struct search_entry *entry, unsigned facet, const char *value)
{
    for (size_t i = 0; i < entry->facet_count; i++) {
        if (entry->facets[i].facet == facet && strcmp(entry->facets[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

static bool names_both(const char *value)
{
    return strchr(value, BOTH_MARK) != NULL;
}

/* Those that are named now and were not, or the other way round. */
static enum err_code recount_changed(struct store_cursor *postings, uint64_t number,
    const struct search_record *old, const struct search_entry *entry)
{
    struct search_facet facet;
    enum err_code code = ERR_OK;
    for (size_t at = 0; code == ERR_OK && search_record_facet(old, &at, &facet);) {
        if (facet.facet == SEARCH_MADE_FOR && !names_both(facet.value) &&
            !entry_has(entry, SEARCH_MADE_FOR, facet.value)) {
            code = recount_named(postings, facet.value, number);
        }
    }
    for (size_t i = 0; code == ERR_OK && i < entry->facet_count; i++) {
        facet = entry->facets[i];
        if (facet.facet == SEARCH_MADE_FOR && !names_both(facet.value) &&
            !record_has(old, SEARCH_MADE_FOR, facet.value)) {
            code = recount_named(postings, facet.value, number);
        }
    }
    return code;
}

enum err_code search_count_change(struct store_cursor *postings, uint64_t number,
    const struct search_record *old, const struct search_entry *entry)
{
    struct names names = {.count = 0};
    struct search_facet facet;
    bool was_named = false;
    for (size_t at = 0; search_record_facet(old, &at, &facet);) {
        was_named |= facet.facet == SEARCH_NAMED;
    }
    for (size_t i = 0; i < entry->facet_count; i++) {
        add_name(&names, &entry->facets[i]);
    }
    enum err_code code = ERR_OK;
    if (names.count > 0 || was_named) {
        code = set_count(postings, number, count_users(postings->txn, &names));
    }
    return code == ERR_OK ? recount_changed(postings, number, old, entry) : code;
}

/* ------------------------------------------------------------------ reading */

enum err_code search_counts_open(struct store_txn *txn, struct search_counts *counts)
{
    char term[SEARCH_TERM_MAX];
    counts->txn = txn;
    enum err_code code = postings_open(txn, term, search_count_term(term), &counts->templates);
    if (code != ERR_OK) {
        return code;
    }
    size_t len = search_facet_term(FACET_KIND, "concept description", term);
    code = postings_open(txn, term, len, &counts->concepts);
    if (code != ERR_OK) {
        postings_close(&counts->templates);
    }
    return code;
}

void search_counts_close(struct search_counts *counts)
{
    postings_close(&counts->templates);
    postings_close(&counts->concepts);
}

uint64_t search_counts_get(struct search_counts *counts, uint64_t document)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    struct postings *templates = &counts->templates;
    if (postings_seek(templates, document) && templates->at.document == document) {
        return templates->at.weight;
    }
    if (!postings_seek(&counts->concepts, document) || counts->concepts.at.document != document) {
        return 0;
    }
    key_search_number(&key, document);
    bool read = store_get(counts->txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
                search_record_read(value, document, &record);
    return read ? search_count_of(counts->txn, &record) : 0;
}

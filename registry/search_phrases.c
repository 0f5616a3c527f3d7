/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_phrases.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "registry/search_record.h"

enum {
    HASH_BYTES = 6,
    HASH_CUT = 64 - 8 * HASH_BYTES,
    BITS_BYTES = 4,
    ENTRY_BYTES = HASH_BYTES + BITS_BYTES,
    UNIT_BITS = 8 * SEARCH_UNIT,
    SPREAD_MOST = 4 * PHRASES_LISTED, /* hashes that are sorted by where they should be */
};
_Static_assert(PHRASES_DOCUMENTS == 8 * BITS_BYTES, "a bit for each document");

/* ------------------------------------------------------------------ hashes */

/* Changes every bit by every other one (the end of splitmix64). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static uint64_t unit_at(const unsigned char *unit)
{
    return (uint64_t)unit[0] << 16 | (uint64_t)unit[1] << 8 | unit[2];
}

uint64_t phrases_hash(const unsigned char *units, size_t count)
{
    uint64_t pair = mix(unit_at(units) << UNIT_BITS | unit_at(units + SEARCH_UNIT));
    return (count < PHRASES_MOST ? pair : mix(pair + unit_at(units + 2 * SEARCH_UNIT))) >> HASH_CUT;
}

/* In the order of the text; gives how many. */
static size_t list_hashes(struct store_bytes stream, uint64_t *hashes)
{
    const unsigned char *units = stream.bytes;
    size_t count = 0;
    size_t behind_break = 0; /* units of the attribute so far */
    for (size_t at = 0; at + SEARCH_UNIT <= stream.len; at += SEARCH_UNIT) {
        const unsigned char *unit = units + at;
        behind_break = unit[0] == 0 && unit[1] == 0 ? 0 : behind_break + 1;
        for (size_t len = PHRASES_LEAST; len <= PHRASES_MOST && len <= behind_break; len++) {
            hashes[count++] = phrases_hash(unit - (len - 1) * SEARCH_UNIT, len);
        }
    }
    return count;
}

/* Where a hash comes among `count` others: hashes are spread evenly, it is not far from there. */
static size_t guess(uint64_t hash, size_t count)
{
    enum { UPPER = 8 * HASH_BYTES - 32 };
    return (size_t)((hash >> UPPER) * count >> 32);
}

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Puts every hash nearly into its place, then those right that stand close to each other; that
 * would take long if somebody chose words whose hashes are close. */
static void sort_hashes(uint64_t *hashes, size_t count, uint64_t *sorted, uint32_t *places)
{
    if (count > SPREAD_MOST) {
        memcpy(sorted, hashes, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_hashes);
        return;
    }
    memset(places, 0, (count + 1) * sizeof *places);
    for (size_t i = 0; i < count; i++) {
        places[guess(hashes[i], count) + 1]++;
    }
    for (size_t i = 1; i <= count; i++) {
        places[i] += places[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        sorted[places[guess(hashes[i], count)]++] = hashes[i];
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t hash = sorted[i];
        size_t at = i;
        for (; at > 0 && sorted[at - 1] > hash; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = hash;
    }
}

size_t phrases_room(size_t stream_len)
{
    size_t most = (PHRASES_MOST - PHRASES_LEAST + 1) * (stream_len / SEARCH_UNIT) + 1;
    return 3 * most; /* the hashes, the same sorted, places */
}

size_t phrases_of(struct store_bytes stream, uint64_t *hashes)
{
    size_t count = list_hashes(stream, hashes);
    uint64_t *sorted = hashes + count;
    sort_hashes(hashes, count, sorted, (uint32_t *)(sorted + count));
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || sorted[i] != hashes[kept - 1]) {
            hashes[kept++] = sorted[i];
        }
    }
    return kept;
}

/* ------------------------------------------------------------------ rows */

/* A row taken apart. */
struct row {
    uint32_t unlisted;
    const unsigned char *entries; /* a hash and its bits each */
    size_t count;
};

/* Looks into the value for documents that are not listed only. A damaged one has nothing. */
static bool row_read(struct store_bytes value, struct row *row)
{
    size_t head = value.len % ENTRY_BYTES;
    *row = (struct row){.count = 0};
    if (value.len == 0 || (head != 0 && head != BITS_BYTES)) {
        return false;
    }
    row->unlisted = head == 0 ? 0 : value_u32(value.bytes);
    row->entries = (const unsigned char *)value.bytes + head;
    row->count = value.len / ENTRY_BYTES;
    return true;
}

static uint64_t hash_at(const struct row *row, size_t i)
{
    uint64_t bytes = 0; /* with the first of the bits */
    memcpy(&bytes, row->entries + i * ENTRY_BYTES, sizeof bytes);
    return be64toh(bytes) >> HASH_CUT;
}
_Static_assert(ENTRY_BYTES >= 8, "what is read of the last hash is there");

static uint32_t bits_at(const struct row *row, size_t i)
{
    return value_u32(row->entries + i * ENTRY_BYTES + HASH_BYTES);
}

/* The documents that have a hash. */
static uint32_t row_find(const struct row *row, uint64_t hash)
{
    size_t at = guess(hash, row->count);
    while (at > 0 && hash_at(row, at) > hash) {
        at--;
    }
    while (at < row->count && hash_at(row, at) < hash) {
        at++;
    }
    return at < row->count && hash_at(row, at) == hash ? bits_at(row, at) : 0;
}

static void key_row(struct store_key *key, uint64_t document)
{
    key_start(key);
    key_add_number(key, document / PHRASES_DOCUMENTS);
}

/* ------------------------------------------------------------------ changing */

/* A row being written: there is room for all hashes that it can have. */
struct draft {
    unsigned char *bytes;
    size_t len;
};

static void draft_add(struct draft *draft, uint64_t hash, uint32_t bits)
{
    unsigned char *to = draft->bytes + draft->len;
    uint64_t bytes = htobe64(hash << HASH_CUT);
    memcpy(to, &bytes, HASH_BYTES);
    value_set_u32(to + HASH_BYTES, bits);
    draft->len += ENTRY_BYTES;
}

/* Both lists are sorted. */
static void draft_merge(
    struct draft *draft, const struct row *row, uint32_t bit, const uint64_t *hashes, size_t count)
{
    size_t next = 0;
    for (size_t i = 0; i < row->count; i++) {
        uint64_t hash = hash_at(row, i);
        uint32_t bits = bits_at(row, i) & ~bit;
        for (; next < count && hashes[next] < hash; next++) {
            draft_add(draft, hashes[next], bit);
        }
        if (next < count && hashes[next] == hash) {
            bits |= bit;
            next++;
        }
        if (bits != 0) {
            draft_add(draft, hash, bits);
        }
    }
    for (; next < count; next++) {
        draft_add(draft, hashes[next], bit);
    }
}

/* Changes what a row says of the document with this bit. */
static void draft_make(
    struct draft *draft, const struct row *row, uint32_t bit, const uint64_t *hashes, size_t count)
{
    bool listed = count <= PHRASES_LISTED;
    uint32_t unlisted = listed ? row->unlisted & ~bit : row->unlisted | bit;
    if (unlisted != 0) {
        value_set_u32(draft->bytes, unlisted);
        draft->len = BITS_BYTES;
    }
    draft_merge(draft, row, bit, hashes, listed ? count : 0);
}

static bool draft_open(struct draft *draft, const struct row *row, size_t count)
{
    draft->len = 0;
    draft->bytes = malloc(BITS_BYTES + (row->count + count) * ENTRY_BYTES);
    return draft->bytes != NULL;
}

static uint32_t bit_of(uint64_t document)
{
    return UINT32_C(1) << document % PHRASES_DOCUMENTS;
}

enum err_code phrases_put(
    struct store_txn *txn, uint64_t document, const uint64_t *hashes, size_t count)
{
    struct store_key key;
    struct store_bytes value = {.len = 0};
    struct row row = {.count = 0};
    struct draft draft;
    key_row(&key, document);
    enum err_code code = store_get(txn, STORE_PHRASES, key.bytes, key.len, &value);
    bool there = code == ERR_OK;
    if (!there && code != ERR_NOT_FOUND) {
        return code;
    }
    if (there && !row_read(value, &row)) {
        return ERR_STORE;
    }
    if (!there && count == 0) {
        return ERR_OK;
    }
    if (!draft_open(&draft, &row, count <= PHRASES_LISTED ? count : 0)) {
        return ERR_NO_MEMORY;
    }
    draft_make(&draft, &row, bit_of(document), hashes, count);
    if (draft.len > 0) {
        code = store_put(txn, STORE_PHRASES, key.bytes, key.len, draft.bytes, draft.len);
    } else if (there) {
        code = store_delete(txn, STORE_PHRASES, key.bytes, key.len);
    }
    free(draft.bytes);
    return code;
}

/* ------------------------------------------------------------------ reading */

enum err_code phrases_open(struct store_txn *txn, uint64_t hash, struct phrases *phrases)
{
    *phrases = (struct phrases){.hash = hash};
    return store_cursor_open(txn, STORE_PHRASES, &phrases->cursor);
}

void phrases_close(struct phrases *phrases)
{
    store_cursor_close(&phrases->cursor);
}

/* The row the cursor stands on comes behind the others. */
static void push_row(struct phrases *phrases)
{
    struct row row;
    struct phrases_row *next = &phrases->next[(phrases->first + phrases->count) % PHRASES_AHEAD];
    next->number = key_number_at(phrases->cursor.key, 0);
    next->value = phrases->cursor.value;
    phrases->count++;
    (void)row_read(next->value, &row);
    if (row.count > 0) {
        __builtin_prefetch(row.entries + guess(phrases->hash, row.count) * ENTRY_BYTES);
    }
}

static void pop_row(struct phrases *phrases)
{
    phrases->row = phrases->next[phrases->first].number;
    phrases->first = (phrases->first + 1) % PHRASES_AHEAD;
    phrases->count--;
}

/* Makes the first row ≥ `wanted` the next one; false: there is none. */
static bool reach_row(struct phrases *phrases, uint64_t wanted)
{
    struct store_key key;
    while (phrases->count > 0 && phrases->next[phrases->first].number < wanted) {
        pop_row(phrases);
    }
    if (phrases->count > 0) {
        return true;
    }
    key_row(&key, wanted * PHRASES_DOCUMENTS);
    bool there = phrases->valid && phrases->row + 1 == wanted
                     ? store_cursor_next(&phrases->cursor)
                     : store_cursor_seek(&phrases->cursor, key.bytes, key.len);
    if (there) {
        push_row(phrases);
    }
    return there;
}

/* Moves to a row, or to the first one behind. */
static bool enter_row(struct phrases *phrases, uint64_t wanted)
{
    struct row row;
    if (phrases->done || (phrases->valid && phrases->row >= wanted)) {
        return !phrases->done;
    }
    bool in_order = phrases->valid && phrases->row + 1 == wanted;
    phrases->done = !reach_row(phrases, wanted);
    if (phrases->done) {
        return false;
    }
    while (in_order && phrases->count < PHRASES_AHEAD && store_cursor_next(&phrases->cursor)) {
        push_row(phrases);
    }
    (void)row_read(phrases->next[phrases->first].value, &row); /* a damaged one has nothing */
    pop_row(phrases);
    phrases->unlisted = row.unlisted;
    phrases->having = row.unlisted | row_find(&row, phrases->hash);
    phrases->valid = true;
    return true;
}

bool phrases_seek(struct phrases *phrases, uint64_t document, uint64_t *found)
{
    uint64_t row = document / PHRASES_DOCUMENTS;
    uint32_t from = UINT32_MAX << document % PHRASES_DOCUMENTS;
    for (; enter_row(phrases, row); row = phrases->row + 1, from = UINT32_MAX) {
        uint32_t having = phrases->having & (phrases->row == row ? from : UINT32_MAX);
        if (having != 0) {
            *found = phrases->row * PHRASES_DOCUMENTS + (uint64_t)__builtin_ctz(having);
            return true;
        }
    }
    return false;
}

bool phrases_prove(const struct phrases *phrases, uint64_t document)
{
    return phrases->valid && phrases->row == document / PHRASES_DOCUMENTS &&
           (phrases->having & ~phrases->unlisted & bit_of(document)) != 0;
}

/* ------------------------------------------------------------------ verification */

/* Adds what a document has to a row; false without memory. */
static bool row_extend(struct store_txn *txn, uint64_t document, struct draft *draft)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    struct row row;
    struct draft after = {.len = 0};
    key_search_number(&key, document);
    if (store_get(txn, STORE_SEARCHED, key.bytes, key.len, &value) != ERR_OK ||
        !search_record_texts(value, document, &record)) {
        return true;
    }
    uint64_t *hashes = malloc(phrases_room(record.stream.len) * sizeof *hashes);
    size_t count = hashes == NULL ? 0 : phrases_of(record.stream, hashes);
    (void)row_read((struct store_bytes){.bytes = draft->bytes, .len = draft->len}, &row);
    bool made = hashes != NULL && draft_open(&after, &row, count);
    if (made) {
        draft_make(&after, &row, bit_of(document), hashes, count);
        free(draft->bytes);
        *draft = after;
    }
    free(hashes);
    return made;
}

bool phrases_are_whole(struct store_txn *txn, uint64_t document)
{
    struct store_key key;
    struct store_bytes value = {.len = 0};
    struct draft draft = {.len = 0};
    bool made = true;
    uint64_t first = document - document % PHRASES_DOCUMENTS;
    for (uint64_t i = 0; i < PHRASES_DOCUMENTS && made; i++) {
        made = row_extend(txn, first + i, &draft);
    }
    key_row(&key, document);
    bool there = store_get(txn, STORE_PHRASES, key.bytes, key.len, &value) == ERR_OK;
    bool same = made && there == (draft.len > 0) && value.len == draft.len &&
                (value.len == 0 || memcmp(value.bytes, draft.bytes, value.len) == 0);
    free(draft.bytes);
    return same;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"
#include "registry/search_names.h"
#include "registry/search_phrases.h"
#include "registry/search_record.h"
#include "registry/varint.h"

enum {
    HEAD_1 = 32, /* of layout 1 */
    HEAD = 40,   /* layout, length, and the sizes of key, title, description, text, facets, terms,
                  * names, stream */
    RECORD_CEILING = 64 << 20,
    TERM_HEAD = 2, /* at least */
};
static const char totals_key[] = "search-totals";

/* ------------------------------------------------------------------ keys, terms, lengths */

void key_search_number(struct store_key *key, uint64_t number)
{
    key_start(key);
    key_add_byte(key, 'n');
    key_add_number(key, number);
}

void key_search_thing(struct store_key *key, const void *thing, size_t len)
{
    key_start(key);
    key_add_byte(key, 'k');
    key_add(key, thing, len);
}

size_t search_facet_term(unsigned facet, const char *value, char term[SEARCH_TERM_MAX])
{
    size_t len = strnlen(value, SEARCH_FACET_BYTES);
    term[0] = SEARCH_FACET_MARK;
    term[1] = (char)('a' + facet);
    memcpy(term + 2, value, len);
    return len + 2;
}

static const struct {
    const char *kind;
    double boost;
} boosts[] = {{"concept description", 1}, {"shell", 1.25}, {"submodel", 1.5}, {"template", 2}};
enum { BOOSTS = sizeof boosts / sizeof *boosts, LENGTH_BITS = 6, LENGTH_MAX = 63, STEPS = 3 };

uint8_t search_length_code(uint32_t length, const char *kind)
{
    unsigned rank = 0;
    while (rank + 1 < BOOSTS && strcmp(boosts[rank].kind, kind) != 0) {
        rank++;
    }
    double code = STEPS * log2((double)length + 1) + 0.5;
    return (uint8_t)(rank << LENGTH_BITS | (code > LENGTH_MAX ? LENGTH_MAX : (unsigned)code));
}

double search_length_of(uint8_t code)
{
    return exp2((code & LENGTH_MAX) / (double)STEPS) - 1;
}

double search_boost_of(uint8_t code)
{
    return boosts[code >> LENGTH_BITS].boost;
}

/* ------------------------------------------------------------------ totals */

void search_totals_read(struct store_txn *txn, struct search_totals *totals)
{
    struct store_bytes value;
    *totals = (struct search_totals){.count = 0};
    if (store_get(txn, STORE_META, totals_key, sizeof totals_key - 1, &value) == ERR_OK &&
        value.len == 16) {
        totals->count = value_u64(value.bytes);
        totals->length = value_u64((const unsigned char *)value.bytes + 8);
    }
}

static enum err_code totals_change(struct store_txn *txn, int things, int64_t weight)
{
    unsigned char value[16];
    struct search_totals totals;
    search_totals_read(txn, &totals);
    value_set_u64(value, totals.count + (uint64_t)things);
    value_set_u64(value + 8, totals.length + (uint64_t)weight);
    return store_put(txn, STORE_META, totals_key, sizeof totals_key - 1, value, sizeof value);
}

/* ------------------------------------------------------------------ records */

static struct store_bytes cut(const unsigned char **at, uint32_t len)
{
    struct store_bytes bytes = {.bytes = *at, .len = len};
    *at += len;
    return bytes;
}

static bool ends_with_nul(struct store_bytes text)
{
    return text.len > 0 && ((const char *)text.bytes)[text.len - 1] == '\0';
}

static bool read_parts(struct store_bytes value, uint64_t number, struct search_record *record,
    struct store_bytes *title, struct store_bytes *description)
{
    const unsigned char *head = value.bytes;
    uint32_t layout = value.len < HEAD_1 ? 0 : value_u32(head);
    size_t size = layout == 1 ? HEAD_1 : HEAD;
    if (layout == 0 || layout > SEARCH_RECORD_LAYOUT || value.len < size) {
        return false;
    }
    uint64_t sum = size;
    for (size_t i = 8; i < size; i += 4) {
        sum += value_u32(head + i);
    }
    if (sum != value.len) {
        return false;
    }
    const unsigned char *at = head + size;
    record->number = number;
    record->length = value_u32(head + 4);
    record->key = cut(&at, value_u32(head + 8));
    *title = cut(&at, value_u32(head + 12));
    *description = cut(&at, value_u32(head + 16));
    record->text = cut(&at, value_u32(head + 20));
    record->names = cut(&at, layout == 1 ? 0 : value_u32(head + 32));
    record->stream = cut(&at, layout == 1 ? 0 : value_u32(head + 36));
    record->facets = cut(&at, value_u32(head + 24));
    record->terms = cut(&at, value_u32(head + 28));
    return true;
}

bool search_record_texts(struct store_bytes value, uint64_t number, struct search_record *record)
{
    struct store_bytes title;
    struct store_bytes description;
    bool read = read_parts(value, number, record, &title, &description);
    record->title = record->description = "";
    return read;
}

bool search_record_read(struct store_bytes value, uint64_t number, struct search_record *record)
{
    struct store_bytes title;
    struct store_bytes description;
    if (!read_parts(value, number, record, &title, &description)) {
        return false;
    }
    record->title = title.bytes;
    record->description = description.bytes;
    return ends_with_nul(title) && ends_with_nul(description) &&
           (record->names.len == 0 || ends_with_nul(record->names)) &&
           (record->facets.len == 0 || ends_with_nul(record->facets));
}

bool search_record_term(const struct search_record *record, size_t *at, struct search_term *term)
{
    if (record->terms.len - *at < TERM_HEAD) {
        return false;
    }
    const unsigned char *start = record->terms.bytes;
    const unsigned char *bytes = start + *at;
    const unsigned char *end = start + record->terms.len;
    term->len = *bytes++;
    term->weight = (uint32_t)varint_get(&bytes, end);
    if ((size_t)(end - bytes) < term->len) {
        return false;
    }
    term->term = (const char *)bytes;
    *at = (size_t)(bytes - start) + term->len;
    return true;
}

bool search_record_facet(const struct search_record *record, size_t *at, struct search_facet *facet)
{
    if (record->facets.len - *at < 2) {
        return false;
    }
    const unsigned char *bytes = (const unsigned char *)record->facets.bytes + *at;
    facet->facet = bytes[0];
    facet->value = (const char *)bytes + 1;
    *at += 2 + strlen(facet->value);
    return true;
}

static void add_text(struct buf *buf, unsigned char *size, const char *text)
{
    size_t len = strlen(text) + 1;
    value_set_u32(size, (uint32_t)len);
    buf_add(buf, text, len);
}

static void add_terms(struct buf *buf, const struct search_entry *entry)
{
    for (size_t i = 0; i < entry->term_count; i++) {
        const struct search_term *term = &entry->terms[i];
        unsigned char head[1 + VARINT_MAX];
        head[0] = (unsigned char)term->len;
        buf_add(buf, head, 1 + varint_put(head + 1, term->weight));
        buf_add(buf, term->term, term->len);
    }
}

/* Makes a record; false without memory. */
static bool record_write(struct buf *buf, struct store_bytes key, const struct search_entry *entry)
{
    unsigned char head[HEAD];
    memset(head, 0, sizeof head);
    buf_add(buf, head, sizeof head);
    value_set_u32(head, SEARCH_RECORD_LAYOUT);
    value_set_u32(head + 4, entry->length);
    value_set_u32(head + 8, (uint32_t)key.len);
    buf_add(buf, key.bytes, key.len);
    add_text(buf, head + 12, entry->title == NULL ? "" : entry->title);
    add_text(buf, head + 16, entry->description == NULL ? "" : entry->description);
    value_set_u32(head + 20, (uint32_t)entry->text_len);
    buf_add(buf, entry->text, entry->text_len);
    value_set_u32(head + 32, (uint32_t)entry->names_len);
    buf_add(buf, entry->names, entry->names_len);
    value_set_u32(head + 36, (uint32_t)entry->stream_len);
    buf_add(buf, entry->stream, entry->stream_len);
    size_t start = buf->len;
    for (size_t i = 0; i < entry->facet_count; i++) {
        const char *value = entry->facets[i].value;
        buf_add_char(buf, (char)entry->facets[i].facet);
        buf_add(buf, value, strnlen(value, SEARCH_FACET_BYTES));
        buf_add_char(buf, '\0');
    }
    value_set_u32(head + 24, (uint32_t)(buf->len - start));
    start = buf->len;
    add_terms(buf, entry);
    value_set_u32(head + 28, (uint32_t)(buf->len - start));
    if (buf_failed(buf)) {
        return false;
    }
    memcpy(buf->bytes, head, sizeof head);
    return true;
}

/* ------------------------------------------------------------------ changing */

/* A put or removal under way. The old record is a copy, because changes move what is stored. */
struct change {
    struct store_txn *txn;
    struct store_cursor cursor;
    uint64_t number; /* 0: not searched so far */
    void *old_bytes;
    size_t old_len;
    struct search_record old;
};

static enum err_code change_begin(
    struct store_txn *txn, const void *thing, size_t thing_len, struct change *change)
{
    struct store_key key;
    struct store_bytes value;
    *change = (struct change){.txn = txn};
    key_search_thing(&key, thing, thing_len);
    if (key.cut) {
        return ERR_BAD_INPUT;
    }
    enum err_code code = store_get(txn, STORE_SEARCHED, key.bytes, key.len, &value);
    if (code == ERR_NOT_FOUND) {
        return store_cursor_open(txn, STORE_POSTINGS, &change->cursor);
    }
    if (code != ERR_OK || value.len != 8) {
        return code != ERR_OK ? code : ERR_STORE;
    }
    change->number = value_u64(value.bytes);
    key_search_number(&key, change->number);
    code = store_get(txn, STORE_SEARCHED, key.bytes, key.len, &value);
    if (code != ERR_OK) {
        return ERR_STORE;
    }
    change->old_bytes = malloc(value.len);
    if (change->old_bytes == NULL) {
        return ERR_NO_MEMORY;
    }
    memcpy(change->old_bytes, value.bytes, value.len);
    change->old_len = value.len;
    value.bytes = change->old_bytes;
    if (!search_record_read(value, change->number, &change->old)) {
        return ERR_STORE;
    }
    return store_cursor_open(txn, STORE_POSTINGS, &change->cursor);
}

static enum err_code change_end(struct change *change, enum err_code code, struct err *err)
{
    store_cursor_close(&change->cursor);
    free(change->old_bytes);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the search index cannot be changed");
}

static int compare_terms(const struct search_term *a, const struct search_term *b)
{
    int order = memcmp(a->term, b->term, a->len < b->len ? a->len : b->len);
    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static enum err_code set_term(struct change *change, const struct search_term *term, uint8_t length)
{
    struct posting posting = {.document = change->number, .weight = term->weight, .length = length};
    return postings_set(&change->cursor, term->term, term->len, &posting);
}

static const char *kind_of(const struct search_facet *facets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (facets[i].facet == FACET_KIND) {
            return facets[i].value;
        }
    }
    return "";
}

uint8_t search_record_length_code(const struct search_record *record)
{
    struct search_facet facet;
    for (size_t at = 0; search_record_facet(record, &at, &facet);) {
        if (facet.facet == FACET_KIND) {
            return search_length_code(record->length, facet.value);
        }
    }
    return search_length_code(record->length, "");
}

/* Both lists are sorted: only what differs is written. */
static enum err_code change_terms(struct change *change, const struct search_entry *entry)
{
    const char *kind = kind_of(entry->facets, entry->facet_count);
    uint8_t length = search_length_code(entry->length, kind);
    bool same_length = length == search_record_length_code(&change->old);
    struct search_term old;
    size_t at = 0;
    size_t next = 0;
    bool more = search_record_term(&change->old, &at, &old);
    enum err_code code = ERR_OK;
    while (code == ERR_OK && (more || next < entry->term_count)) {
        const struct search_term *term = next < entry->term_count ? &entry->terms[next] : NULL;
        int order = term == NULL ? -1 : !more ? 1 : compare_terms(&old, term);
        if (order < 0) {
            code = postings_unset(&change->cursor, old.term, old.len, change->number);
        } else if (order > 0 || !same_length || old.weight != term->weight) {
            code = set_term(change, term, length);
        }
        next += order >= 0;
        more = order <= 0 ? search_record_term(&change->old, &at, &old) : more;
    }
    return code;
}

static bool entry_has(const struct search_entry *entry, const struct search_facet *facet)
{
    for (size_t i = 0; i < entry->facet_count; i++) {
        if (entry->facets[i].facet == facet->facet &&
            strncmp(entry->facets[i].value, facet->value, SEARCH_FACET_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static bool record_has(const struct search_record *record, const struct search_facet *facet)
{
    struct search_facet own;
    for (size_t at = 0; search_record_facet(record, &at, &own);) {
        if (own.facet == facet->facet &&
            strncmp(own.value, facet->value, SEARCH_FACET_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code change_facets(struct change *change, const struct search_entry *entry)
{
    char term[SEARCH_TERM_MAX];
    struct search_facet old;
    enum err_code code = ERR_OK;
    for (size_t at = 0; code == ERR_OK && search_record_facet(&change->old, &at, &old);) {
        if (!entry_has(entry, &old)) {
            size_t len = search_facet_term(old.facet, old.value, term);
            code = postings_unset(&change->cursor, term, len, change->number);
        }
    }
    for (size_t i = 0; code == ERR_OK && i < entry->facet_count; i++) {
        struct posting posting = {.document = change->number, .weight = 1};
        if (record_has(&change->old, &entry->facets[i])) {
            continue;
        }
        size_t len = search_facet_term(entry->facets[i].facet, entry->facets[i].value, term);
        code = postings_set(&change->cursor, term, len, &posting);
    }
    return code;
}

static enum err_code change_phrases(struct change *change, const struct search_entry *entry)
{
    const struct store_bytes *old = &change->old.stream;
    bool same = change->old_bytes != NULL && old->len == entry->stream_len &&
                (old->len == 0 || memcmp(old->bytes, entry->stream, old->len) == 0);
    return same ? ERR_OK
                : phrases_put(change->txn, change->number, entry->phrases, entry->phrase_count);
}

/* NULL: it has none. */
static enum err_code change_name(struct change *change, const char *title)
{
    struct store_key key;
    const char *old = change->old.title;
    enum err_code code = ERR_OK;
    if (old != NULL && title != NULL && strcmp(old, title) == 0) {
        return ERR_OK;
    }
    if (old != NULL) {
        key_name(&key, old, change->number);
        code = store_delete(change->txn, STORE_NAMES, key.bytes, key.len);
        code = code == ERR_NOT_FOUND ? ERR_OK : code; /* while an older store is brought up */
    }
    if (code == ERR_OK && title != NULL) {
        key_name(&key, title, change->number);
        code = store_put(change->txn, STORE_NAMES, key.bytes, key.len, "", 0);
    }
    return code;
}

enum err_code search_put_derived(
    struct store_txn *txn, const struct search_record *record, struct err *err)
{
    struct store_key key;
    uint64_t *phrases = malloc(phrases_room(record->stream.len) * sizeof *phrases);
    if (phrases == NULL) {
        return err_set(err, ERR_NO_MEMORY, "too little memory for the search index");
    }
    size_t count = phrases_of(record->stream, phrases);
    key_name(&key, record->title, record->number); /* the record may move with the first change */
    enum err_code code = phrases_put(txn, record->number, phrases, count);
    free(phrases);
    return code == ERR_OK ? store_put(txn, STORE_NAMES, key.bytes, key.len, "", 0) : code;
}

static enum err_code put_record(struct change *change, const struct buf *record)
{
    struct store_key key;
    key_search_number(&key, change->number);
    return store_put(change->txn, STORE_SEARCHED, key.bytes, key.len, record->bytes, record->len);
}

static enum err_code begin_new(struct change *change, const void *thing, size_t thing_len)
{
    struct store_key key;
    unsigned char value[8];
    enum err_code code = store_next_number(change->txn, SEARCH_COUNTER, &change->number);
    if (code != ERR_OK) {
        return code;
    }
    value_set_u64(value, change->number);
    key_search_thing(&key, thing, thing_len);
    return store_put(change->txn, STORE_SEARCHED, key.bytes, key.len, value, sizeof value);
}

/* `record` is what `entry` is stored as. */
static enum err_code change_to(struct change *change, struct store_bytes thing,
    const struct search_entry *entry, const struct buf *record)
{
    bool new = change->number == 0;
    int64_t weight = (int64_t)entry->length - (int64_t)change->old.length;
    enum err_code code = new ? begin_new(change, thing.bytes, thing.len) : ERR_OK;
    if (code == ERR_OK) {
        code = change_terms(change, entry);
    }
    if (code == ERR_OK) {
        code = change_facets(change, entry);
    }
    if (code == ERR_OK) {
        code = change_phrases(change, entry);
    }
    if (code == ERR_OK) {
        code = change_name(change, entry->title == NULL ? "" : entry->title);
    }
    if (code == ERR_OK) {
        code = search_count_change(&change->cursor, change->number, &change->old, entry);
    }
    if (code == ERR_OK && (new || weight != 0)) {
        code = totals_change(change->txn, new, weight);
    }
    return code == ERR_OK ? put_record(change, record) : code;
}

enum err_code search_put(struct store_txn *txn, const void *key, size_t key_len,
    const struct search_entry *entry, struct err *err)
{
    struct change change;
    struct buf record;
    struct store_bytes thing = {.bytes = key, .len = key_len};
    buf_init(&record, RECORD_CEILING);
    enum err_code code = change_begin(txn, key, key_len, &change);
    if (code == ERR_OK && !record_write(&record, thing, entry)) {
        code = ERR_NO_MEMORY;
    }
    bool same = code == ERR_OK && record.len == change.old_len &&
                memcmp(record.bytes, change.old_bytes, record.len) == 0;
    if (code == ERR_OK && !same) {
        code = change_to(&change, thing, entry, &record);
    }
    buf_finish(&record);
    return change_end(&change, code, err);
}

static bool find_stored(
    struct store_txn *txn, const void *key, size_t key_len, struct store_bytes *value)
{
    struct store_key lead;
    key_search_thing(&lead, key, key_len);
    enum err_code code = store_get(txn, STORE_SEARCHED, lead.bytes, lead.len, value);
    if (code != ERR_OK || value->len != 8) {
        return false;
    }
    key_search_number(&lead, value_u64(value->bytes));
    return store_get(txn, STORE_SEARCHED, lead.bytes, lead.len, value) == ERR_OK;
}

bool search_is(
    struct store_txn *txn, const void *key, size_t key_len, const struct search_entry *entry)
{
    struct buf record;
    struct store_bytes value;
    struct store_bytes thing = {.bytes = key, .len = key_len};
    buf_init(&record, RECORD_CEILING);
    bool is = find_stored(txn, key, key_len, &value) && record_write(&record, thing, entry) &&
              record.len == value.len && memcmp(record.bytes, value.bytes, value.len) == 0;
    buf_finish(&record);
    return is;
}

static bool same_bytes(struct store_bytes a, struct store_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

/* All facets of one record are facets of the other. */
static bool has_facets(
    const struct search_record *record, const struct search_record *other, unsigned without)
{
    struct search_facet facet;
    for (size_t at = 0; search_record_facet(other, &at, &facet);) {
        if (facet.facet != without && !record_has(record, &facet)) {
            return false;
        }
    }
    return true;
}

bool search_is_but(struct store_txn *txn, const void *key, size_t key_len,
    const struct search_entry *entry, unsigned without)
{
    struct buf buf;
    struct store_bytes value;
    struct search_record is;
    struct search_record wanted;
    struct store_bytes thing = {.bytes = key, .len = key_len};
    buf_init(&buf, RECORD_CEILING);
    bool read = find_stored(txn, key, key_len, &value) && search_record_read(value, 0, &is) &&
                record_write(&buf, thing, entry) &&
                search_record_read((struct store_bytes){buf.bytes, buf.len}, 0, &wanted);
    bool same = read && is.length == wanted.length && same_bytes(is.key, wanted.key) &&
                strcmp(is.title, wanted.title) == 0 &&
                strcmp(is.description, wanted.description) == 0 &&
                same_bytes(is.text, wanted.text) && same_bytes(is.names, wanted.names) &&
                same_bytes(is.stream, wanted.stream) && same_bytes(is.terms, wanted.terms) &&
                has_facets(&is, &wanted, without) && has_facets(&wanted, &is, without);
    buf_finish(&buf);
    return same;
}

enum err_code search_remove(
    struct store_txn *txn, const void *thing, size_t thing_len, struct err *err)
{
    const struct search_entry nothing = {.term_count = 0};
    struct change change;
    struct store_key key;
    enum err_code code = change_begin(txn, thing, thing_len, &change);
    if (code != ERR_OK || change.number == 0) {
        return change_end(&change, code, err);
    }
    code = change_terms(&change, &nothing);
    if (code == ERR_OK) {
        code = change_facets(&change, &nothing);
    }
    if (code == ERR_OK) {
        code = phrases_put(txn, change.number, NULL, 0);
    }
    if (code == ERR_OK) {
        code = change_name(&change, NULL);
    }
    if (code == ERR_OK) {
        code = search_count_change(&change.cursor, change.number, &change.old, &nothing);
    }
    if (code == ERR_OK) {
        code = totals_change(txn, -1, -(int64_t)change.old.length);
    }
    if (code == ERR_OK) {
        key_search_number(&key, change.number);
        code = store_delete(txn, STORE_SEARCHED, key.bytes, key.len);
    }
    if (code == ERR_OK) {
        key_search_thing(&key, thing, thing_len);
        code = store_delete(txn, STORE_SEARCHED, key.bytes, key.len);
    }
    return change_end(&change, code, err);
}

/* ------------------------------------------------------------------ facets on their own */

/* The record with another set of facets; its other parts are copied as they are. */
static enum err_code replace_facets(
    struct change *change, const char *facets, size_t facets_len, size_t old_len)
{
    struct buf buf;
    struct store_key key;
    unsigned char size[4];
    const char *old = change->old_bytes;
    size_t before = (size_t)((const char *)change->old.facets.bytes - old);
    buf_init(&buf, RECORD_CEILING);
    buf_add(&buf, old, before);
    buf_add(&buf, facets, facets_len);
    buf_add(&buf, old + before + old_len, change->old.terms.len);
    enum err_code code = ERR_NO_MEMORY;
    if (!buf_failed(&buf)) {
        value_set_u32(size, (uint32_t)facets_len);
        memcpy(buf.bytes + 24, size, sizeof size);
        key_search_number(&key, change->number);
        code = store_put(change->txn, STORE_SEARCHED, key.bytes, key.len, buf.bytes, buf.len);
    }
    buf_finish(&buf);
    return code;
}

enum err_code search_set_facet(struct store_txn *txn, const void *key, size_t key_len,
    unsigned facet, const char *value, struct err *err)
{
    struct change change;
    char term[SEARCH_TERM_MAX];
    enum err_code code = change_begin(txn, key, key_len, &change);
    if (code != ERR_OK || change.number == 0) {
        return change_end(&change, code != ERR_OK ? code : ERR_NOT_FOUND, err);
    }
    struct buf kept;
    struct search_facet old;
    buf_init(&kept, RECORD_CEILING);
    for (size_t at = 0; code == ERR_OK && search_record_facet(&change.old, &at, &old);) {
        if (old.facet != facet) {
            buf_add_char(&kept, (char)old.facet);
            buf_add(&kept, old.value, strlen(old.value) + 1);
        } else if (value == NULL || strcmp(old.value, value) != 0) {
            size_t len = search_facet_term(facet, old.value, term);
            code = postings_unset(&change.cursor, term, len, change.number);
        }
    }
    if (code == ERR_OK && value != NULL) {
        struct posting posting = {.document = change.number, .weight = 1};
        size_t len = search_facet_term(facet, value, term);
        code = postings_set(&change.cursor, term, len, &posting);
        buf_add_char(&kept, (char)facet);
        buf_add(&kept, value, strnlen(value, SEARCH_FACET_BYTES));
        buf_add_char(&kept, '\0');
    }
    if (code == ERR_OK) {
        code = buf_failed(&kept)
                   ? ERR_NO_MEMORY
                   : replace_facets(&change, kept.bytes, kept.len, change.old.facets.len);
    }
    buf_finish(&kept);
    return change_end(&change, code, err);
}

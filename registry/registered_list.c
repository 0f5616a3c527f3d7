/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at registrations and documents as one: by id, and as lists in the order of the numbers
 * that both share. A filter is a walk over the rows of two kinds in the index, those of documents
 * and those of registrations; the entry itself has the last word.
 */
#include <string.h>

#include "registry/registered_record.h"

/* ------------------------------------------------------------------ one entry */

bool registered_same(const struct registered_state *a, const struct registered_state *b)
{
    return a->given == b->given && a->hidden == b->hidden && a->document == b->document &&
           memcmp(a->given_hash, b->given_hash, STORE_HASH_BYTES) == 0 &&
           memcmp(a->document_hash, b->document_hash, STORE_HASH_BYTES) == 0;
}

static enum err_code read_document(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    struct document_record *record, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_document(&key, kind, number);
    enum err_code code = store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    if (code == ERR_OK && !record_read(value, kind, number, record)) {
        return err_set(err, ERR_STORE, "the stored document number %llu is damaged",
            (unsigned long long)number);
    }
    return code;
}

static void take_record(struct registered *entry, const struct registered_record *record)
{
    entry->id = record->id;
    entry->id_len = record->id_len;
    if (record->form == REGISTERED_GIVEN) {
        entry->state.given = true;
        entry->json = record->json;
        entry->json_len = record->json_len;
        memcpy(entry->state.given_hash, record->hash, STORE_HASH_BYTES);
    }
    entry->state.hidden = record->form == REGISTERED_HIDDEN && entry->state.document &&
                          record->hides_ms == entry->stored.created_ms;
}

enum err_code registered_entry(struct store_txn *txn, enum registered_kind kind, uint64_t number,
    struct registered *entry, struct registered_record *record, struct document_record *document,
    struct err *err)
{
    *entry = (struct registered){.kind = kind, .number = number};
    enum err_code code = read_document(txn, registered_about(kind), number, document, err);
    if (code == ERR_OK) {
        entry->state.document = true;
        entry->stored = document->document;
        entry->id = document->document.id;
        entry->id_len = document->document.id_len;
        memcpy(entry->state.document_hash, document->document.hash, STORE_HASH_BYTES);
    }
    if (code == ERR_OK || code == ERR_NOT_FOUND) {
        code = registered_find(txn, kind, number, record, err);
    }
    if (code == ERR_OK) {
        take_record(entry, record);
    }
    entry->visible = entry->state.given || (entry->state.document && !entry->state.hidden);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code registered_look_in(struct store_txn *txn, enum registered_kind kind, const char *id,
    size_t id_len, struct registered *entry, struct err *err)
{
    struct id_place place;
    struct registered_record record;
    struct document_record document;
    enum err_code code = id_find(txn, registered_about(kind), id, id_len, &place, err);
    if (code == ERR_OK && place.known) {
        return registered_entry(txn, kind, place.number, entry, &record, &document, err);
    }
    *entry = (struct registered){.kind = kind, .id = id, .id_len = id_len};
    return code;
}

enum err_code registered_look(struct registry_view *view, enum registered_kind kind, const char *id,
    size_t id_len, struct registered *entry, struct err *err)
{
    return registered_look_in(&view->txn, kind, id, id_len, entry, err);
}

enum err_code registered_missing(
    enum registered_kind kind, const char *id, size_t id_len, struct err *err)
{
    static const char *const what[REGISTERED_KIND_END] = {
        [REGISTERED_SHELL] = "no descriptor of a shell with the id",
        [REGISTERED_SUBMODEL] = "no descriptor of a submodel with the id",
        [REGISTERED_LINKS] = "no asset link of a shell with the id",
    };
    return err_set(
        err, ERR_NOT_FOUND, "there is %s '%.*s'", what[kind], text_shown(id, id_len, 200), id);
}

/* ------------------------------------------------------------------ walking */

struct walk {
    struct record_row row;
    struct store_key prefixes[2]; /* of documents, of registrations */
    struct store_cursor cursor;
    bool open;
};

struct listing {
    struct registry_view *view;
    struct arena *arena;
    enum registered_kind kind;
    struct walk *walks; /* REGISTERED_FILTERS of them, in the arena */
    size_t walk_count;
    struct store_cursor cursors[2]; /* without filters: documents, registrations */
    size_t cursor_count;            /* open */
    size_t steps;                   /* of the walks so far */
    uint64_t reached;               /* when these were too many: everything before is done */
    size_t room;
};

static uint64_t nearer(uint64_t a, uint64_t b)
{
    return a == 0 ? b : b == 0 || a < b ? a : b;
}

/* The first number ≥ `number` with a key that begins like `prefix`, 0 when there is none. */
static uint64_t seek(struct store_cursor *cursor, const struct store_key *prefix, uint64_t number)
{
    struct store_key key = *prefix;
    key_add_number(&key, number);
    bool found =
        store_cursor_seek(cursor, key.bytes, key.len) && key_starts_with(cursor->key, prefix);
    return found ? key_number_at(cursor->key, prefix->len) : 0;
}

static uint64_t walk_to(struct walk *walk, uint64_t number)
{
    uint64_t document = seek(&walk->cursor, &walk->prefixes[0], number);
    return nearer(document, seek(&walk->cursor, &walk->prefixes[1], number));
}

static uint64_t meet(struct listing *listing, uint64_t number)
{
    size_t agreed = 0;
    for (size_t i = 0; agreed < listing->walk_count; i = (i + 1) % listing->walk_count) {
        uint64_t found = walk_to(&listing->walks[i], number);
        if (found == 0) {
            return 0;
        }
        if (++listing->steps > REGISTERED_STEPS_MAX) { /* many have the one, many the other */
            listing->reached = found;
            return 0;
        }
        agreed = found == number ? agreed + 1 : 1;
        number = found;
    }
    return number;
}

static uint64_t next_number(struct listing *listing, uint64_t number)
{
    if (listing->walk_count > 0) {
        return meet(listing, number);
    }
    struct store_key document;
    struct store_key registration;
    key_start(&document);
    key_add_byte(&document, registered_about(listing->kind));
    key_start(&registration);
    key_add_byte(&registration, listing->kind);
    return nearer(seek(&listing->cursors[0], &document, number),
        seek(&listing->cursors[1], &registration, number));
}

/* ------------------------------------------------------------------ filling */

/* What counts are the rows of the registration when there is one, else those of the document. */
static bool fits(const struct listing *listing, const struct registered *entry,
    const struct registered_record *record, const struct document_record *document)
{
    const unsigned char *rows = entry->state.given ? record->rows : document->rows;
    size_t rows_len = entry->state.given ? record->rows_len : document->rows_len;
    for (size_t i = 0; entry->visible && i < listing->walk_count; i++) {
        if (!record_has_row(rows, rows_len, &listing->walks[i].row)) {
            return false;
        }
    }
    return entry->visible;
}

static bool add_entry(
    struct listing *listing, struct registered_page *page, const struct registered *entry)
{
    if (page->count == listing->room) {
        size_t room = listing->room == 0 ? 32 : 2 * listing->room;
        struct registered *list = arena_alloc(listing->arena, room * sizeof *list);
        if (list == NULL) {
            return false;
        }
        if (page->count > 0) {
            memcpy(list, page->entries, page->count * sizeof *list);
        }
        page->entries = list;
        listing->room = room;
    }
    page->entries[page->count++] = *entry;
    return true;
}

static enum err_code fill_page(struct listing *listing, const struct registered_filter *filter,
    struct registered_page *page, struct err *err)
{
    struct store_txn *txn = &listing->view->txn;
    size_t limit = filter->limit == 0 ? REGISTERED_PAGE : filter->limit;
    uint64_t last = filter->after;
    size_t looked = 0;
    for (uint64_t number = next_number(listing, filter->after + 1); number != 0;
         number = next_number(listing, number + 1)) {
        struct registered entry;
        struct registered_record record;
        struct document_record document;
        if (page->count == limit || looked++ == REGISTERED_LOOKED_MAX) { /* there is one more */
            page->next = last;
            break;
        }
        enum err_code code =
            registered_entry(txn, listing->kind, number, &entry, &record, &document, err);
        if (code != ERR_OK) {
            return code;
        }
        if (fits(listing, &entry, &record, &document) && !add_entry(listing, page, &entry)) {
            return err_set(err, ERR_TOO_LARGE, "the list is too long for this request");
        }
        last = number;
    }
    if (listing->reached > 0) {
        page->next = listing->reached - 1;
    }
    return txn->failed == ERR_OK ? ERR_OK : err_set(err, txn->failed, "the list cannot be read");
}

/* ------------------------------------------------------------------ opening */

static enum err_code add_walk(struct listing *listing, enum key_index index, const char *text)
{
    unsigned char hash[STORE_HASH_BYTES];
    if (text == NULL) {
        return ERR_OK;
    }
    struct walk *walk = &listing->walks[listing->walk_count++];
    walk->row = (struct record_row){.index = index, .text = text, .len = strlen(text)};
    store_hash(text, walk->row.len, hash);
    key_index_prefix(&walk->prefixes[0], index, hash, registered_about(listing->kind));
    key_index_prefix(&walk->prefixes[1], index, hash, registered_index(listing->kind));
    enum err_code code = store_cursor_open(&listing->view->txn, STORE_INDEX, &walk->cursor);
    walk->open = code == ERR_OK;
    return code;
}

static enum err_code open_plain(struct listing *listing)
{
    static const enum store_table tables[] = {STORE_DOCUMENTS, STORE_REGISTERED};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < 2 && code == ERR_OK; i++) {
        code = store_cursor_open(&listing->view->txn, tables[i], &listing->cursors[i]);
        listing->cursor_count += code == ERR_OK;
    }
    return code;
}

static enum err_code open_listing(
    struct listing *listing, const struct registered_filter *filter, struct err *err)
{
    if (filter->asset_id_count > REGISTRY_FILTER_ASSET_IDS) {
        return err_set(err, ERR_BAD_INPUT, "more than %d asset ids to look for",
            (int)REGISTRY_FILTER_ASSET_IDS);
    }
    listing->walks = arena_alloc(listing->arena, REGISTERED_FILTERS * sizeof *listing->walks);
    enum err_code code = listing->walks == NULL ? ERR_TOO_LARGE : ERR_OK;
    if (code == ERR_OK) {
        code = add_walk(listing, KEY_INDEX_ASSET_KIND, filter->asset_kind);
    }
    if (code == ERR_OK) {
        code = add_walk(listing, KEY_INDEX_ASSET_TYPE, filter->asset_type);
    }
    for (size_t i = 0; i < filter->asset_id_count && code == ERR_OK; i++) {
        const struct registry_asset_id *asset = &filter->asset_ids[i];
        const char *text = record_asset_text(listing->arena, asset->name, asset->value);
        code = text == NULL ? ERR_TOO_LARGE : add_walk(listing, KEY_INDEX_ASSET, text);
    }
    if (code == ERR_OK && listing->walk_count == 0) {
        code = open_plain(listing);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the list cannot be read");
}

enum err_code registered_list(struct registry_view *view, struct arena *arena,
    enum registered_kind kind, const struct registered_filter *filter, struct registered_page *page,
    struct err *err)
{
    struct listing listing = {.view = view, .arena = arena, .kind = kind};
    struct registered_page made = {0};
    enum err_code code = open_listing(&listing, filter, err);
    if (code == ERR_OK && filter->after < UINT64_MAX) {
        code = fill_page(&listing, filter, &made, err);
    }
    for (size_t i = 0; i < listing.walk_count; i++) {
        if (listing.walks[i].open) {
            store_cursor_close(&listing.walks[i].cursor);
        }
    }
    for (size_t i = 0; i < listing.cursor_count; i++) {
        store_cursor_close(&listing.cursors[i]);
    }
    if (code == ERR_OK) {
        *page = made;
    }
    return code;
}

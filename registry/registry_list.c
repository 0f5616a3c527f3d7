/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists: pages of documents in the order of their numbers. A filter is a walk over the rows of the
 * index that name its value; several take turns, each going on to the number the others have
 * reached. Nothing here depends on the size of the store.
 */
#include <string.h>

#include "registry/document_record.h"

enum { LIST_PAGE = 1000, FILTERS = 5 + REGISTRY_FILTER_ASSET_IDS };

/* The rows of one filter. */
struct walk {
    struct record_row row;
    struct store_key prefix;
    struct store_cursor cursor;
    bool open;
};

struct listing {
    struct registry_view *view;
    struct arena *arena;
    enum registry_kind kind;
    struct walk *walks; /* FILTERS of them, in the arena: too large for the stack of a worker */
    size_t walk_count;
    struct store_cursor documents; /* without filters */
    bool documents_open;
    size_t room;
};

static enum err_code add_walk(struct listing *listing, enum key_index index, const char *text)
{
    unsigned char hash[STORE_HASH_BYTES];
    if (text == NULL) {
        return ERR_OK;
    }
    struct walk *walk = &listing->walks[listing->walk_count++];
    walk->row = (struct record_row){.index = index, .text = text, .len = strlen(text)};
    store_hash(text, walk->row.len, hash);
    key_index_prefix(&walk->prefix, index, hash, listing->kind);
    enum err_code code = store_cursor_open(&listing->view->txn, STORE_INDEX, &walk->cursor);
    walk->open = code == ERR_OK;
    return code;
}

/* The first number ≥ `number` in the rows of a filter, 0 at their end. */
static uint64_t walk_to(struct walk *walk, uint64_t number)
{
    struct store_key key = walk->prefix;
    key_add_number(&key, number);
    if (!store_cursor_seek(&walk->cursor, key.bytes, key.len) ||
        !key_starts_with(walk->cursor.key, &walk->prefix)) {
        return 0;
    }
    return key_number_at(walk->cursor.key, KEY_INDEX_PREFIX);
}

/* The first number ≥ `number` that is in the rows of every filter, 0 when there is none. */
static uint64_t meet(struct listing *listing, uint64_t number)
{
    size_t agreed = 0;
    for (size_t i = 0; agreed < listing->walk_count; i = (i + 1) % listing->walk_count) {
        uint64_t found = walk_to(&listing->walks[i], number);
        if (found == 0) {
            return 0;
        }
        agreed = found == number ? agreed + 1 : 1;
        number = found;
    }
    return number;
}

/* The number of the first document ≥ `number`, 0 at the end. */
static uint64_t next_document(struct listing *listing, uint64_t number)
{
    if (listing->walk_count > 0) {
        return meet(listing, number);
    }
    struct store_key key;
    key_document(&key, listing->kind, number);
    if (!store_cursor_seek(&listing->documents, key.bytes, key.len) ||
        ((const unsigned char *)listing->documents.key.bytes)[0] != listing->kind) {
        return 0;
    }
    return key_number_at(listing->documents.key, 1);
}

static enum err_code read_number(
    struct listing *listing, uint64_t number, struct document_record *record, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_document(&key, listing->kind, number);
    enum err_code code =
        store_get(&listing->view->txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    if (code != ERR_OK || !record_read(value, listing->kind, number, record)) {
        return err_set(err, ERR_STORE, "the stored document number %llu is damaged",
            (unsigned long long)number);
    }
    return ERR_OK;
}

/* The index knows values by hash only: the document itself has the last word. */
static bool fits(const struct listing *listing, const struct document_record *record)
{
    for (size_t i = 0; i < listing->walk_count; i++) {
        if (!record_has_row(record->rows, record->rows_len, &listing->walks[i].row)) {
            return false;
        }
    }
    return true;
}

static bool add_document(
    struct listing *listing, struct registry_page *page, const struct registry_document *document)
{
    if (page->count == listing->room) {
        size_t room = listing->room == 0 ? 32 : 2 * listing->room;
        struct registry_document *list = arena_alloc(listing->arena, room * sizeof *list);
        if (list == NULL) {
            return false;
        }
        if (page->count > 0) {
            memcpy(list, page->documents, page->count * sizeof *list);
        }
        page->documents = list;
        listing->room = room;
    }
    page->documents[page->count++] = *document;
    return true;
}

static enum err_code fill_page(struct listing *listing, const struct registry_filter *filter,
    struct registry_page *page, struct err *err)
{
    size_t limit = filter->limit == 0 ? LIST_PAGE : filter->limit;
    uint64_t number = next_document(listing, filter->after + 1);
    uint64_t last = filter->after;
    for (; number != 0; number = next_document(listing, number + 1)) {
        struct document_record record;
        if (page->count == limit) { /* there is one more */
            page->next = last;
            break;
        }
        enum err_code code = read_number(listing, number, &record, err);
        if (code != ERR_OK) {
            return code;
        }
        if (fits(listing, &record) && !add_document(listing, page, &record.document)) {
            return err_set(err, ERR_TOO_LARGE, "the list is too long for this request");
        }
        last = number;
    }
    enum err_code failed = listing->view->txn.failed;
    return failed == ERR_OK ? ERR_OK : err_set(err, failed, "the list cannot be read");
}

static enum err_code add_assets(struct listing *listing, const struct registry_filter *filter)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < filter->asset_id_count && code == ERR_OK; i++) {
        const struct registry_asset_id *asset = &filter->asset_ids[i];
        const char *text = record_asset_text(listing->arena, asset->name, asset->value);
        code = text == NULL ? ERR_TOO_LARGE : add_walk(listing, KEY_INDEX_ASSET, text);
    }
    return code;
}

static enum err_code open_listing(
    struct listing *listing, const struct registry_filter *filter, struct err *err)
{
    const struct {
        enum key_index index;
        const char *text;
    } texts[] = {
        {KEY_INDEX_ID_SHORT, filter->id_short},
        {KEY_INDEX_SEMANTIC, filter->semantic_id},
        {KEY_INDEX_IS_CASE_OF, filter->is_case_of},
        {KEY_INDEX_DATA_SPECIFICATION, filter->data_specification},
        {KEY_INDEX_KIND, filter->templates_only ? "Template" : NULL},
    };
    if (filter->asset_id_count > REGISTRY_FILTER_ASSET_IDS) {
        return err_set(err, ERR_BAD_INPUT, "more than %d asset ids to look for",
            (int)REGISTRY_FILTER_ASSET_IDS);
    }
    listing->walks = arena_alloc(listing->arena, FILTERS * sizeof *listing->walks);
    enum err_code code = listing->walks == NULL ? ERR_TOO_LARGE : ERR_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && code == ERR_OK; i++) {
        code = add_walk(listing, texts[i].index, texts[i].text);
    }
    if (code == ERR_OK) {
        code = add_assets(listing, filter);
    }
    if (code == ERR_OK && listing->walk_count == 0) {
        code = store_cursor_open(&listing->view->txn, STORE_DOCUMENTS, &listing->documents);
        listing->documents_open = code == ERR_OK;
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the list cannot be read");
}

enum err_code registry_list(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const struct registry_filter *filter, struct registry_page *page,
    struct err *err)
{
    struct listing listing = {.view = view, .arena = arena, .kind = kind};
    struct registry_page made = {0};
    enum err_code code = open_listing(&listing, filter, err);
    if (code == ERR_OK && filter->after < UINT64_MAX) {
        code = fill_page(&listing, filter, &made, err);
    }
    for (size_t i = 0; i < listing.walk_count; i++) {
        if (listing.walks[i].open) {
            store_cursor_close(&listing.walks[i].cursor);
        }
    }
    if (listing.documents_open) {
        store_cursor_close(&listing.documents);
    }
    if (code == ERR_OK) {
        *page = made;
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/postings.h"

#include <string.h>

#include "registry/varint.h"

enum {
    POSTING_MAX = 2 * VARINT_MAX + 1,
    BLOCK_ROOM = POSTINGS_BLOCK_BYTES + 3 * POSTING_MAX,
    NUMBER_BYTES = 8,
};

/* ------------------------------------------------------------------ blocks */

static void key_term(struct store_key *key, const char *term, size_t len)
{
    key_start(key);
    key_add(key, term, len);
    key_add_byte(key, 0);
}

/* The first document of the block the cursor stands on; false when it is another term's. */
static bool block_first(
    const struct store_cursor *cursor, const struct store_key *prefix, uint64_t *first)
{
    if (cursor->key.len != prefix->len + NUMBER_BYTES || !key_starts_with(cursor->key, prefix)) {
        return false;
    }
    *first = key_number_at(cursor->key, prefix->len);
    return true;
}

/* A block taken apart into what stands before, at and behind a document. */
struct block {
    uint64_t first;
    uint64_t last;
    const unsigned char *body; /* behind the distance to the last document */
    const unsigned char *end;
    /* of the search */
    const unsigned char *cut;  /* the first posting of a document ≥ the one looked for */
    const unsigned char *rest; /* behind that posting, when `next` is a document */
    uint64_t before;           /* document before the cut, 0 at the start */
    uint64_t next;             /* document at the cut, 0 at the end */
    struct posting found;      /* at the cut */
};

static void block_open(struct store_bytes value, uint64_t first, struct block *block)
{
    const unsigned char *at = value.bytes;
    block->end = at + value.len;
    block->first = first;
    block->last = first + varint_get(&at, block->end);
    block->body = at;
}

static inline void read_posting(
    const unsigned char **at, const unsigned char *end, uint64_t document, struct posting *posting)
{
    posting->document = document;
    posting->weight = (uint32_t)varint_get(at, end);
    posting->length = *at < end ? *(*at)++ : 0;
}

static void block_find(struct block *block, uint64_t document)
{
    const unsigned char *at = block->body;
    uint64_t now = block->first;
    block->before = 0;
    for (block->cut = at; at < block->end; block->cut = at) {
        if (at != block->body) {
            now += varint_get(&at, block->end);
        }
        read_posting(&at, block->end, now, &block->found);
        if (now >= document) {
            block->next = now;
            block->rest = at;
            return;
        }
        block->before = now;
    }
    block->next = 0;
    block->rest = at;
}

/* A block being written. */
struct draft {
    unsigned char bytes[BLOCK_ROOM];
    size_t len;
    uint64_t first;
    uint64_t last;
};

static void draft_add(struct draft *draft, const struct posting *posting)
{
    if (draft->len > 0) {
        draft->len += varint_put(draft->bytes + draft->len, posting->document - draft->last);
    } else {
        draft->first = posting->document;
    }
    draft->last = posting->document;
    draft->len += varint_put(draft->bytes + draft->len, posting->weight);
    draft->bytes[draft->len++] = posting->length;
}

static void draft_copy(struct draft *draft, const unsigned char *from, const unsigned char *to,
    uint64_t first, uint64_t last)
{
    size_t len = (size_t)(to - from);
    if (len > 0 && len <= sizeof draft->bytes - draft->len) {
        draft->first = draft->len == 0 ? first : draft->first;
        memcpy(draft->bytes + draft->len, from, len);
        draft->len += len;
        draft->last = last;
    }
}

static enum err_code draft_put(
    struct store_txn *txn, const struct store_key *prefix, const struct draft *draft)
{
    struct store_key key = *prefix;
    unsigned char span[VARINT_MAX];
    size_t span_len = varint_put(span, draft->last - draft->first);
    void *value = NULL;
    key_add_number(&key, draft->first);
    enum err_code code =
        store_reserve(txn, STORE_POSTINGS, key.bytes, key.len, span_len + draft->len, &value);
    if (code == ERR_OK) {
        memcpy(value, span, span_len);
        memcpy((char *)value + span_len, draft->bytes, draft->len);
    }
    return code;
}

static enum err_code block_delete(
    struct store_txn *txn, const struct store_key *prefix, uint64_t first)
{
    struct store_key key = *prefix;
    key_add_number(&key, first);
    return store_delete(txn, STORE_POSTINGS, key.bytes, key.len);
}

/* Writes what was changed in place of the block that began with `first`. A block that has grown
 * too large is halved at a posting. */
static enum err_code draft_replace(struct store_txn *txn, const struct store_key *prefix,
    const struct draft *draft, uint64_t first)
{
    enum err_code code =
        draft->len == 0 || draft->first != first ? block_delete(txn, prefix, first) : ERR_OK;
    if (code != ERR_OK || draft->len == 0) {
        return code;
    }
    if (draft->len <= POSTINGS_BLOCK_BYTES) {
        return draft_put(txn, prefix, draft);
    }
    struct draft half = {.len = 0};
    struct posting posting;
    const unsigned char *at = draft->bytes;
    const unsigned char *end = draft->bytes + draft->len;
    uint64_t document = draft->first;
    while (at < end) {
        if (at != draft->bytes) {
            document += varint_get(&at, end);
        }
        read_posting(&at, end, document, &posting);
        draft_add(&half, &posting);
        if (half.first == draft->first && half.len > POSTINGS_BLOCK_BYTES / 2) {
            code = draft_put(txn, prefix, &half);
            if (code != ERR_OK) {
                return code;
            }
            half.len = 0;
        }
    }
    return draft_put(txn, prefix, &half);
}

/* The block a document is in or belongs into: the last one that begins at or before it, else the
 * first one; false when the term has none. */
static bool seek_block(
    struct store_cursor *cursor, const struct store_key *prefix, uint64_t document, uint64_t *first)
{
    struct store_key key = *prefix;
    key_add_number(&key, document);
    if (store_cursor_seek_back(cursor, key.bytes, key.len) && block_first(cursor, prefix, first)) {
        return true;
    }
    return store_cursor_seek(cursor, prefix->bytes, prefix->len) &&
           block_first(cursor, prefix, first);
}

/* ------------------------------------------------------------------ frequencies */

uint64_t postings_frequency(struct store_txn *txn, const char *term, size_t len)
{
    struct store_bytes value;
    if (store_get(txn, STORE_TERMS, term, len, &value) != ERR_OK || value.len != NUMBER_BYTES) {
        return 0;
    }
    return value_u64(value.bytes);
}

static enum err_code change_frequency(
    struct store_txn *txn, const char *term, size_t len, uint64_t now)
{
    if (now == 0) {
        enum err_code code = store_delete(txn, STORE_TERMS, term, len);
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    unsigned char value[NUMBER_BYTES];
    value_set_u64(value, now);
    return store_put(txn, STORE_TERMS, term, len, value, sizeof value);
}

/* ------------------------------------------------------------------ changing */

enum err_code postings_set(
    struct store_cursor *cursor, const char *term, size_t len, const struct posting *posting)
{
    struct store_txn *txn = cursor->txn;
    struct store_key prefix;
    struct draft draft;
    uint64_t first = 0;
    draft.len = 0;
    key_term(&prefix, term, len);
    bool there = seek_block(cursor, &prefix, posting->document, &first);
    if (!there) {
        draft_add(&draft, posting);
        enum err_code code = txn->failed != ERR_OK ? txn->failed : draft_put(txn, &prefix, &draft);
        return code != ERR_OK ? code : change_frequency(txn, term, len, 1);
    }
    struct block block;
    block_open(cursor->value, first, &block);
    block_find(&block, posting->document);
    bool replaces = block.next == posting->document;
    size_t size = (size_t)(block.end - block.body);
    enum err_code code;
    if (block.next == 0 && size + POSTING_MAX > POSTINGS_BLOCK_BYTES) {
        draft_add(&draft, posting); /* full blocks stay full when documents come in order */
        code = draft_put(txn, &prefix, &draft);
    } else {
        draft_copy(&draft, block.body, block.cut, block.first, block.before);
        draft_add(&draft, posting);
        if (block.next != 0 && !replaces) {
            draft_add(&draft, &block.found);
        }
        draft_copy(&draft, block.rest, block.end, 0, block.last);
        code = draft_replace(txn, &prefix, &draft, first);
    }
    if (code != ERR_OK || replaces) {
        return code;
    }
    return change_frequency(txn, term, len, postings_frequency(txn, term, len) + 1);
}

enum err_code postings_unset(
    struct store_cursor *cursor, const char *term, size_t len, uint64_t document)
{
    struct store_txn *txn = cursor->txn;
    struct store_key prefix;
    struct draft draft;
    struct block block;
    struct posting following;
    uint64_t first = 0;
    draft.len = 0;
    key_term(&prefix, term, len);
    if (!seek_block(cursor, &prefix, document, &first)) {
        return txn->failed;
    }
    block_open(cursor->value, first, &block);
    block_find(&block, document);
    if (block.next != document) {
        return ERR_OK;
    }
    draft_copy(&draft, block.body, block.cut, block.first, block.before);
    const unsigned char *at = block.rest;
    if (at < block.end) {
        uint64_t next = document + varint_get(&at, block.end);
        read_posting(&at, block.end, next, &following);
        draft_add(&draft, &following);
        draft_copy(&draft, at, block.end, 0, block.last);
    }
    enum err_code code = draft_replace(txn, &prefix, &draft, first);
    if (code != ERR_OK) {
        return code;
    }
    uint64_t frequency = postings_frequency(txn, term, len);
    return change_frequency(txn, term, len, frequency > 0 ? frequency - 1 : 0);
}

/* ------------------------------------------------------------------ reading */

static bool finish(struct postings *postings)
{
    postings->valid = false;
    postings->done = true;
    return false;
}

/* Makes the cursor's block the current one, at its first posting. */
static bool enter_block(struct postings *postings)
{
    uint64_t first = 0;
    if (!block_first(&postings->cursor, &postings->prefix, &first)) {
        return finish(postings);
    }
    struct block block;
    block_open(postings->cursor.value, first, &block);
    postings->next = block.body;
    postings->end = block.end;
    postings->last = block.last;
    read_posting(&postings->next, postings->end, first, &postings->at);
    postings->valid = true;
    return true;
}

enum err_code postings_open(
    struct store_txn *txn, const char *term, size_t len, struct postings *postings)
{
    *postings = (struct postings){.valid = false};
    key_term(&postings->prefix, term, len);
    return store_cursor_open(txn, STORE_POSTINGS, &postings->cursor);
}

void postings_close(struct postings *postings)
{
    store_cursor_close(&postings->cursor);
}

bool postings_next(struct postings *postings)
{
    if (postings->done) {
        return false;
    }
    if (postings->valid && postings->next < postings->end) {
        uint64_t document = postings->at.document + varint_get(&postings->next, postings->end);
        read_posting(&postings->next, postings->end, document, &postings->at);
        return true;
    }
    const struct store_key *prefix = &postings->prefix;
    bool moved = postings->valid ? store_cursor_next(&postings->cursor)
                                 : store_cursor_seek(&postings->cursor, prefix->bytes, prefix->len);
    return moved ? enter_block(postings) : finish(postings);
}

bool postings_seek(struct postings *postings, uint64_t document)
{
    if (postings->done) {
        return false;
    }
    if (!postings->valid || postings->last < document) {
        uint64_t first = 0;
        if (!seek_block(&postings->cursor, &postings->prefix, document, &first) ||
            !enter_block(postings)) {
            return finish(postings);
        }
        if (postings->last < document) { /* it would stand between two blocks */
            postings->next = postings->end;
            if (!postings_next(postings)) {
                return false;
            }
        }
    }
    while (postings->at.document < document) {
        if (!postings_next(postings)) {
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ blocks of many terms */

void postings_block_open(const struct store_cursor *cursor, struct postings_block *block)
{
    size_t behind = 1 + NUMBER_BYTES; /* NUL and first document */
    struct block opened;
    block->term = cursor->key.bytes;
    block->len = cursor->key.len > behind ? cursor->key.len - behind : 0;
    block_open(cursor->value, key_number_at(cursor->key, block->len + 1), &opened);
    block->next = opened.body;
    block->end = opened.end;
    block->at.document = opened.first;
    block->last = opened.last;
    block->begun = false;
}

bool postings_block_next(struct postings_block *block)
{
    if (block->next >= block->end) {
        return false;
    }
    uint64_t document = block->at.document;
    document += block->begun ? varint_get(&block->next, block->end) : 0;
    block->begun = true;
    read_posting(&block->next, block->end, document, &block->at);
    return true;
}

uint64_t postings_block_count(
    const struct postings_block *block, const unsigned char *found, uint64_t end)
{
    struct posting posting;
    const unsigned char *at = block->next;
    uint64_t document = block->at.document;
    uint64_t count = 0;
    while (at < block->end && document < end) {
        count += found[document / 8] >> document % 8 & 1;
        if (block->end - at > 3 && at[0] < 0x80 && at[2] < 0x80) { /* nearly all */
            document += at[2];
            at += 3;
            continue;
        }
        read_posting(&at, block->end, document, &posting);
        document += varint_get(&at, block->end);
    }
    return count;
}

bool postings_block_whole(const struct store_cursor *cursor)
{
    struct block block;
    struct posting posting;
    size_t behind = 1 + NUMBER_BYTES;
    if (cursor->key.len <= behind) {
        return false;
    }
    block_open(cursor->value, key_number_at(cursor->key, cursor->key.len - NUMBER_BYTES), &block);
    const unsigned char *at = block.body;
    uint64_t now = block.first;
    bool whole = at < block.end;
    while (whole && at < block.end) {
        now += at == block.body ? 0 : varint_get(&at, block.end);
        whole = block.end - at >= 2; /* weight and length */
        const unsigned char *from = at;
        read_posting(&at, block.end, now, &posting);
        whole = whole && at - from >= 2;
    }
    return whole && now == block.last;
}

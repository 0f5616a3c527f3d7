/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents and blobs are kept under the hash of their bytes: whether they still have it, and
 * whether anything refers to them.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/content_hash.h"
#include "registry/verify_inside.h"

#define CONTENT_ARENA_BYTES ((size_t)2 << 30) /* for one content at a time */

enum { FIRST_ROOM = 256, HEX_BYTES = 2 * STORE_HASH_BYTES + 1 };

/* ------------------------------------------------------------------ sets */

void verify_set_add(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES])
{
    if (set->count == set->room) {
        size_t room = set->room == 0 ? FIRST_ROOM : 2 * set->room;
        void *more = realloc(set->hashes, room * sizeof *set->hashes);
        if (more == NULL) {
            set->failed = true;
            return;
        }
        set->hashes = more;
        set->room = room;
    }
    memcpy(set->hashes[set->count++], hash, STORE_HASH_BYTES);
    set->sorted = false;
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, STORE_HASH_BYTES);
}

bool verify_set_has(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES])
{
    if (set->count == 0) {
        return false;
    }
    if (!set->sorted) {
        qsort(set->hashes, set->count, sizeof *set->hashes, compare_hashes);
        set->sorted = true;
    }
    return bsearch(hash, set->hashes, set->count, sizeof *set->hashes, compare_hashes) != NULL;
}

uint64_t verify_set_count(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES])
{
    if (!verify_set_has(set, hash)) { /* sorts it, too */
        return 0;
    }
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_hashes(set->hashes[middle], hash) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint64_t count = 0;
    while (low < set->count && compare_hashes(set->hashes[low], hash) == 0) {
        low++;
        count++;
    }
    return count;
}

void verify_set_finish(struct verify_set *set)
{
    free(set->hashes);
    *set = (struct verify_set){.count = 0};
}

/* ------------------------------------------------------------------ contents */

static const char *hex(const unsigned char hash[STORE_HASH_BYTES], char text[HEX_BYTES])
{
    return sodium_bin2hex(text, HEX_BYTES, hash, STORE_HASH_BYTES);
}

static void check_content(struct verification *v, const struct store_cursor *cursor)
{
    char name[HEX_BYTES];
    struct arena arena;
    const char *bytes = NULL;
    size_t len = 0;
    v->found.contents++;
    if (cursor->key.len != STORE_HASH_BYTES) {
        verify_problem(v, "a content has no hash as its key");
        return;
    }
    hex(cursor->key.bytes, name);
    arena_init(&arena, CONTENT_ARENA_BYTES);
    if (content_get(&v->view.txn, &arena, cursor->key.bytes, &bytes, &len, NULL) != ERR_OK) {
        verify_problem(v, "content %s cannot be inflated", name);
    } else {
        if (!content_hash_fits(bytes, len, cursor->key.bytes)) {
            verify_problem(v, "content %s has another hash than its key", name);
        }
    }
    arena_finish(&arena);
    if (!verify_set_has(&v->contents, cursor->key.bytes)) {
        verify_warning(v, "content %s belongs to no revision and no version", name);
    }
}

/* ------------------------------------------------------------------ blobs */

/* A blob whose chunks are being walked over. */
struct blob {
    unsigned char hash[STORE_HASH_BYTES];
    uint64_t chunks;
    uint64_t size;
    bool ended; /* by a chunk that is not full */
    bool gaps;
    crypto_generichash_state state;
};

static void blob_begin(struct blob *blob, const unsigned char *hash)
{
    *blob = (struct blob){.chunks = 0};
    memcpy(blob->hash, hash, STORE_HASH_BYTES);
    crypto_generichash_init(&blob->state, NULL, 0, STORE_HASH_BYTES);
}

static void blob_add(struct blob *blob, const struct store_cursor *cursor)
{
    blob->gaps |= blob->ended || cursor->value.len > BLOB_CHUNK_BYTES ||
                  key_number_at(cursor->key, STORE_HASH_BYTES) != blob->chunks;
    blob->ended = cursor->value.len < BLOB_CHUNK_BYTES;
    blob->chunks++;
    blob->size += cursor->value.len;
    crypto_generichash_update(&blob->state, cursor->value.bytes, cursor->value.len);
}

/* What counts the references agrees with what refers to it. */
static void check_counted(struct verification *v, const struct blob *blob, const char *name)
{
    struct blob_head head;
    uint64_t references = verify_set_count(&v->packages, blob->hash);
    bool held = blob_is_held(&v->view.txn, blob->hash);
    if (!blob_head_find(&v->view.txn, blob->hash, &head)) {
        if (references > 0) {
            verify_problem(v, "blob %s does not count its references", name);
        } else {
            verify_warning(v, "blob %s belongs to nothing", name);
        }
    } else if (head.references != references) {
        verify_problem(v, "blob %s counts %llu references, there are %llu", name,
            (unsigned long long)head.references, (unsigned long long)references);
    } else if (references == 0 && !held) {
        verify_problem(v, "blob %s is kept though nothing refers to it", name);
    } else if (head.complete && head.size != blob->size) {
        verify_problem(v, "blob %s has another size than it says", name);
    } else if (!head.complete && !held) {
        verify_problem(v, "blob %s has not come in wholly and nobody brings the rest", name);
    }
}

static void blob_end(struct verification *v, struct blob *blob)
{
    char name[HEX_BYTES];
    unsigned char hash[STORE_HASH_BYTES];
    struct blob_head head;
    v->found.blobs++;
    crypto_generichash_final(&blob->state, hash, sizeof hash);
    hex(blob->hash, name);
    bool coming = blob_head_find(&v->view.txn, blob->hash, &head) && !head.complete;
    if (!coming && (blob->gaps || memcmp(hash, blob->hash, sizeof hash) != 0)) {
        verify_problem(v, "blob %s is not whole", name);
    }
    check_counted(v, blob, name);
}

static void walk_blobs(struct verification *v, struct store_cursor *cursor)
{
    struct blob blob = {.chunks = 0};
    for (bool more = store_cursor_seek(cursor, "", 0); more; more = store_cursor_next(cursor)) {
        if (cursor->key.len != STORE_HASH_BYTES + 8) {
            verify_problem(v, "a chunk of a blob has no hash and number as its key");
            continue;
        }
        bool other = memcmp(cursor->key.bytes, blob.hash, STORE_HASH_BYTES) != 0;
        if (blob.chunks > 0 && other) {
            blob_end(v, &blob);
        }
        if (blob.chunks == 0 || other) {
            blob_begin(&blob, cursor->key.bytes);
        }
        blob_add(&blob, cursor);
    }
    if (blob.chunks > 0) {
        blob_end(v, &blob);
    }
}

enum err_code verify_contents(struct verification *v, struct err *err)
{
    struct store_cursor cursor;
    if (v->contents.failed || v->packages.failed || v->numbers.failed || v->pruned.failed) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to verify the store");
    }
    enum err_code code = verify_each(v, STORE_CONTENT, check_content, err);
    if (code != ERR_OK) {
        return code;
    }
    code = store_cursor_open(&v->view.txn, STORE_BLOBS, &cursor);
    if (code == ERR_OK) {
        walk_blobs(v, &cursor);
        store_cursor_close(&cursor);
        code = v->view.txn.failed;
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
}

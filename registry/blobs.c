/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/blobs.h"

#include <string.h>

#include "registry/blobs_inside.h"

void key_blob_chunk(
    struct store_key *key, const unsigned char hash[STORE_HASH_BYTES], uint64_t chunk)
{
    key_start(key);
    key_add(key, hash, STORE_HASH_BYTES);
    key_add_number(key, chunk);
}

void key_blob_head(struct store_key *key, const unsigned char hash[STORE_HASH_BYTES])
{
    key_start(key);
    key_add_byte(key, FILES_BLOB);
    key_add(key, hash, STORE_HASH_BYTES);
}

uint64_t blob_chunks(uint64_t size)
{
    return size == 0 ? 1 : (size + BLOB_CHUNK_BYTES - 1) / BLOB_CHUNK_BYTES;
}

/* ------------------------------------------------------------------ heads */

bool blob_head_read(struct store_bytes value, struct blob_head *head)
{
    const unsigned char *at = value.bytes;
    if (value.len != BLOB_HEAD_BYTES) {
        return false;
    }
    *head = (struct blob_head){
        .references = value_u64(at), .size = value_u64(at + 8), .complete = at[16] != 0};
    return true;
}

bool blob_head_find(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], struct blob_head *head)
{
    struct store_key key;
    struct store_bytes value;
    key_blob_head(&key, hash);
    return store_get(txn, STORE_FILES, key.bytes, key.len, &value) == ERR_OK &&
           blob_head_read(value, head);
}

enum err_code blob_head_put(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], const struct blob_head *head)
{
    struct store_key key;
    unsigned char value[BLOB_HEAD_BYTES];
    key_blob_head(&key, hash);
    value_set_u64(value, head->references);
    value_set_u64(value + 8, head->size);
    value[16] = head->complete;
    return store_put(txn, STORE_FILES, key.bytes, key.len, value, sizeof value);
}

static enum err_code delete_quietly(
    struct store_txn *txn, enum store_table table, const struct store_key *key)
{
    enum err_code code = store_delete(txn, table, key->bytes, key->len);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code blob_free_unused(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES])
{
    struct blob_head head;
    struct store_key key;
    if (!blob_head_find(txn, hash, &head) || head.references > 0 || blob_is_held(txn, hash)) {
        return txn->failed;
    }
    enum err_code code = ERR_OK;
    for (uint64_t chunk = 0; chunk < blob_chunks(head.size) && code == ERR_OK; chunk++) {
        key_blob_chunk(&key, hash, chunk);
        code = delete_quietly(txn, STORE_BLOBS, &key);
    }
    key_blob_head(&key, hash);
    return code == ERR_OK ? delete_quietly(txn, STORE_FILES, &key) : code;
}

enum err_code blob_refer(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES])
{
    struct blob_head head;
    if (!blob_head_find(txn, hash, &head) || !head.complete) {
        return txn->failed != ERR_OK ? txn->failed : ERR_NOT_FOUND;
    }
    head.references++;
    return blob_head_put(txn, hash, &head);
}

enum err_code blob_forget(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES])
{
    struct blob_head head;
    if (!blob_head_find(txn, hash, &head)) {
        return txn->failed;
    }
    head.references -= head.references > 0;
    enum err_code code = blob_head_put(txn, hash, &head);
    return code == ERR_OK ? blob_free_unused(txn, hash) : code;
}

/* ------------------------------------------------------------------ reading */

/* Copies from one chunk; *got bytes, at most `len`. */
static enum err_code read_chunk(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES],
    uint64_t offset, char *to, size_t len, size_t *got)
{
    struct store_key key;
    struct store_bytes value;
    size_t inside = (size_t)(offset % BLOB_CHUNK_BYTES);
    key_blob_chunk(&key, hash, offset / BLOB_CHUNK_BYTES);
    enum err_code code = store_get(txn, STORE_BLOBS, key.bytes, key.len, &value);
    if (code == ERR_OK && value.len <= inside) {
        code = ERR_NOT_FOUND;
    }
    if (code == ERR_OK) {
        *got = value.len - inside < len ? value.len - inside : len;
        memcpy(to, (const char *)value.bytes + inside, *got);
    }
    return code;
}

enum err_code blob_read(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES],
    uint64_t offset, char *to, size_t len, struct err *err)
{
    size_t at = 0;
    while (at < len) {
        size_t got = 0;
        enum err_code code = read_chunk(txn, hash, offset + at, to + at, len - at, &got);
        if (code != ERR_OK) {
            return code == ERR_NOT_FOUND
                       ? err_set(err, code, "the file is not in the store any more")
                       : err_set(err, code, "the stored file cannot be read");
        }
        at += got;
    }
    return ERR_OK;
}

/* Bytes of all chunks, for a blob without a head too. */
bool blob_measure(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], uint64_t *size)
{
    struct store_cursor cursor;
    struct store_key key;
    bool there = false;
    uint64_t sum = 0;
    if (store_cursor_open(txn, STORE_BLOBS, &cursor) != ERR_OK) {
        return false;
    }
    key_blob_chunk(&key, hash, 0);
    for (bool more = store_cursor_seek(&cursor, key.bytes, key.len);
         more && cursor.key.len == key.len && memcmp(cursor.key.bytes, hash, STORE_HASH_BYTES) == 0;
         more = store_cursor_next(&cursor)) {
        there = true;
        sum += cursor.value.len;
    }
    store_cursor_close(&cursor);
    *size = sum;
    return there;
}

enum err_code blob_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err)
{
    uint64_t size = 0;
    if (!blob_measure(txn, hash, &size)) {
        return err_set(err, ERR_NOT_FOUND, "the file is not in the store");
    }
    char *to = size < SIZE_MAX ? arena_alloc(arena, (size_t)size + 1) : NULL;
    if (to == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large for this request");
    }
    enum err_code code = blob_read(txn, hash, 0, to, (size_t)size, err);
    if (code == ERR_OK) {
        *bytes = to;
        *len = (size_t)size;
    }
    return code;
}

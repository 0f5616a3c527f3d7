/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/blobs.h"

#include <string.h>

#include "registry/keys.h"

static void key_chunk(
    struct store_key *key, const unsigned char hash[STORE_HASH_BYTES], uint64_t chunk)
{
    key_start(key);
    key_add(key, hash, STORE_HASH_BYTES);
    key_add_number(key, chunk);
}

enum err_code blob_put(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES],
    const void *bytes, size_t len)
{
    struct store_key key;
    struct store_bytes there;
    key_chunk(&key, hash, 0);
    enum err_code code = store_get(txn, STORE_BLOBS, key.bytes, key.len, &there);
    if (code != ERR_NOT_FOUND) {
        return code;
    }
    size_t at = 0;
    uint64_t chunk = 0;
    do {
        size_t part = len - at < BLOB_CHUNK_BYTES ? len - at : BLOB_CHUNK_BYTES;
        key_chunk(&key, hash, chunk++);
        code = store_put(txn, STORE_BLOBS, key.bytes, key.len, (const char *)bytes + at, part);
        at += part;
    } while (code == ERR_OK && at < len);
    return code;
}

/* Walks over the chunks; copies them when there is somewhere to copy to. */
static size_t read_chunks(
    struct store_cursor *cursor, const unsigned char hash[STORE_HASH_BYTES], char *to, size_t room)
{
    struct store_key key;
    size_t len = 0;
    key_chunk(&key, hash, 0);
    bool more = store_cursor_seek(cursor, key.bytes, key.len);
    while (more && cursor->key.len == key.len &&
           memcmp(cursor->key.bytes, hash, STORE_HASH_BYTES) == 0) {
        if (to != NULL && cursor->value.len <= room - len) {
            memcpy(to + len, cursor->value.bytes, cursor->value.len);
        }
        len += cursor->value.len;
        more = store_cursor_next(cursor);
    }
    return len;
}

enum err_code blob_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err)
{
    struct store_cursor cursor;
    struct store_key key;
    enum err_code code = store_cursor_open(txn, STORE_BLOBS, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the stored file cannot be read");
    }
    key_chunk(&key, hash, 0);
    bool there = store_cursor_seek(&cursor, key.bytes, key.len) && cursor.key.len == key.len &&
                 memcmp(cursor.key.bytes, key.bytes, key.len) == 0;
    size_t size = there ? read_chunks(&cursor, hash, NULL, 0) : 0;
    char *to = there ? arena_alloc(arena, size + 1) : NULL;
    if (to != NULL) {
        (void)read_chunks(&cursor, hash, to, size);
    }
    store_cursor_close(&cursor);
    if (!there) {
        return err_set(err, ERR_NOT_FOUND, "the file is not in the store");
    }
    if (to == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large for this request");
    }
    *bytes = to;
    *len = size;
    return ERR_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Content by hash: every state of a document once, compressed with zstd. Compression contexts are
 * costly to make and large, so a few are kept for whoever comes next instead of one per thread.
 */
#include <pthread.h>
#include <zstd.h>

#include "registry/documents.h"

enum {
    PACK_LEVEL = 1,
    /* Of small documents half the time would go into tables of how often each byte occurs, for a
     * seventh of the size. */
    PACK_LEVEL_SMALL = -1,
    PACK_SMALL = 16 * 1024, /* bytes */
    PACKERS_KEPT = 4,
};
#define CONTENT_MAX_BYTES (UINT64_C(1) << 30) /* of one document when inflated */

static pthread_mutex_t packers_lock = PTHREAD_MUTEX_INITIALIZER;
static ZSTD_CCtx *packers[PACKERS_KEPT];
static size_t packer_count;

static ZSTD_CCtx *take_packer(void)
{
    ZSTD_CCtx *packer = NULL;
    pthread_mutex_lock(&packers_lock);
    if (packer_count > 0) {
        packer = packers[--packer_count];
    }
    pthread_mutex_unlock(&packers_lock);
    return packer != NULL ? packer : ZSTD_createCCtx();
}

static void give_packer(ZSTD_CCtx *packer)
{
    pthread_mutex_lock(&packers_lock);
    if (packer_count < PACKERS_KEPT) {
        packers[packer_count++] = packer;
        packer = NULL;
    }
    pthread_mutex_unlock(&packers_lock);
    ZSTD_freeCCtx(packer);
}

enum err_code content_pack(struct arena *arena, const char *bytes, size_t len, const void **packed,
    size_t *packed_len, struct err *err)
{
    size_t room = ZSTD_compressBound(len);
    void *to = arena_take(arena, room, 1);
    if (to == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large");
    }
    ZSTD_CCtx *packer = take_packer();
    if (packer == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to compress the document");
    }
    int level = len <= PACK_SMALL ? PACK_LEVEL_SMALL : PACK_LEVEL;
    size_t made = ZSTD_compressCCtx(packer, to, room, bytes, len, level);
    give_packer(packer);
    if (ZSTD_isError(made)) {
        return err_set(
            err, ERR_INTERNAL, "the document cannot be compressed: %s", ZSTD_getErrorName(made));
    }
    *packed = to;
    *packed_len = made;
    return ERR_OK;
}

enum err_code content_put(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES],
    const void *packed, size_t packed_len)
{
    struct store_bytes there;
    enum err_code code = store_get(txn, STORE_CONTENT, hash, STORE_HASH_BYTES, &there);
    if (code != ERR_NOT_FOUND) {
        return code;
    }
    return store_put(txn, STORE_CONTENT, hash, STORE_HASH_BYTES, packed, packed_len);
}

enum err_code content_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err)
{
    struct store_bytes packed;
    enum err_code code = store_get(txn, STORE_CONTENT, hash, STORE_HASH_BYTES, &packed);
    if (code != ERR_OK) {
        return err_set(err, code, "the content is not in the store");
    }
    unsigned long long size = ZSTD_getFrameContentSize(packed.bytes, packed.len);
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ||
        size > CONTENT_MAX_BYTES) {
        return err_set(err, ERR_STORE, "the stored content is damaged");
    }
    char *to = arena_take(arena, (size_t)size + 1, 1);
    if (to == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the content is too large for this request");
    }
    size_t made = ZSTD_decompress(to, (size_t)size, packed.bytes, packed.len);
    if (ZSTD_isError(made) || made != size) {
        return err_set(err, ERR_STORE, "the stored content is damaged");
    }
    to[size] = '\0';
    *bytes = to;
    *len = (size_t)size;
    return ERR_OK;
}

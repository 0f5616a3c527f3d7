/* SPDX-License-Identifier: Apache-2.0 */
#include "api/blobs.h"

#include <string.h>

/* Below this a search costs less than the memory access of remembering. */
enum { SEARCH_BYTES = 1024 };

bool blobs_in(const char *json, size_t len)
{
    static const char mark[] = "\"modelType\":\"Blob\"";
    return memmem(json, len, mark, sizeof mark - 1) != NULL;
}

bool blobs_in_document(
    struct blobs *blobs, const char *json, size_t len, const unsigned char hash[STORE_HASH_BYTES])
{
    if (len <= SEARCH_BYTES) {
        return blobs_in(json, len);
    }
    unsigned long long key;
    unsigned slot;
    memcpy(&key, hash, sizeof key);
    memcpy(&slot, hash + sizeof key, sizeof slot);
    atomic_ullong *place = &blobs->remembered[slot % BLOBS_REMEMBERED];
    unsigned long long known = atomic_load_explicit(place, memory_order_relaxed);
    /* An untouched place is 0; a key of zero bits is merely never remembered. */
    if (known >> 1 == key >> 1 && key >> 1 != 0) {
        return (known & 1) != 0;
    }
    bool has = blobs_in(json, len);
    atomic_store_explicit(place, (key & ~1ull) | (has ? 1u : 0u), memory_order_relaxed);
    return has;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/content_hash.h"

#include <stdlib.h>
#include <string.h>

#include "aas/fnv.h"
#include "registry/keys.h"

enum {
    WHOLE_MAX = 32 * 1024, /* bytes that are hashed as they are */
    WINDOW = 64,           /* bytes that decide whether a chunk begins before them */
    SPACING = 32,          /* one of so many elements begins a chunk, about */
    CHUNK_BYTES = 8 + STORE_HASH_BYTES,
};

static const char element[] = "{\"modelType\":\"";

struct content_chunk {
    size_t len;
    unsigned char hash[STORE_HASH_BYTES];
};

struct content_chunks {
    unsigned char name[STORE_HASH_BYTES]; /* hash of the document */
    size_t count;
    size_t room;
    struct content_chunk *list;
};

/* ------------------------------------------------------------------ cutting */

/* FNV-1a of what stands behind the type's beginning: the type, mostly the idShort. */
static bool begins_chunk(const char *at)
{
    size_t from = sizeof element - 1;
    return (fnv_bytes(at + from, WINDOW - from) >> 8) % SPACING == 0;
}

/* The first place in (from, to) at which a chunk begins, `to` when there is none. */
static size_t next_cut(const char *json, size_t len, size_t from, size_t to)
{
    for (size_t at = from + 1; at < to; at++) {
        const char *found = memchr(json + at, element[0], to - at);
        if (found == NULL) {
            return to;
        }
        at = (size_t)(found - json);
        bool begins = to - at >= sizeof element - 1 && len - at >= WINDOW &&
                      memcmp(found, element, sizeof element - 1) == 0;
        if (begins && begins_chunk(found)) {
            return at;
        }
    }
    return to;
}

static bool add(struct content_chunks *chunks, const struct content_chunk *list, size_t count)
{
    if (chunks->count + count > chunks->room) {
        size_t room = 2 * (chunks->count + count) + 16;
        struct content_chunk *more = realloc(chunks->list, room * sizeof *more);
        if (more == NULL) {
            return false;
        }
        chunks->list = more;
        chunks->room = room;
    }
    if (count > 0) {
        memcpy(chunks->list + chunks->count, list, count * sizeof *list);
        chunks->count += count;
    }
    return true;
}

/* Cuts [from, to), both places where chunks begin, or the end. */
static bool cut(struct content_chunks *chunks, const char *json, size_t len, size_t from, size_t to)
{
    while (from < to) {
        size_t next = next_cut(json, len, from, to);
        struct content_chunk chunk = {.len = next - from};
        store_hash(json + from, chunk.len, chunk.hash);
        if (!add(chunks, &chunk, 1)) {
            return false;
        }
        from = next;
    }
    return true;
}

/* The hash of the document that consists of the chunks. No document begins as this text does. */
static bool name_chunks(struct content_chunks *chunks)
{
    static const char head[] = "chunks\n";
    size_t len = sizeof head - 1 + chunks->count * CHUNK_BYTES;
    unsigned char *text = malloc(len);
    if (text == NULL) {
        return false;
    }
    memcpy(text, head, sizeof head - 1);
    unsigned char *at = text + sizeof head - 1;
    for (size_t i = 0; i < chunks->count; i++, at += CHUNK_BYTES) {
        value_set_u64(at, chunks->list[i].len);
        memcpy(at + 8, chunks->list[i].hash, STORE_HASH_BYTES);
    }
    store_hash(text, len, chunks->name);
    free(text);
    return true;
}

static void chunks_free(struct content_chunks *chunks)
{
    if (chunks != NULL) {
        free(chunks->list);
        free(chunks);
    }
}

/* NULL without memory. */
static struct content_chunks *chunks_make(const char *json, size_t len)
{
    struct content_chunks *chunks = calloc(1, sizeof *chunks);
    if (chunks != NULL && cut(chunks, json, len, 0, len) && name_chunks(chunks)) {
        return chunks;
    }
    chunks_free(chunks);
    return NULL;
}

bool content_hash(const char *json, size_t len, unsigned char hash[STORE_HASH_BYTES])
{
    if (len <= WHOLE_MAX) {
        store_hash(json, len, hash);
        return true;
    }
    struct content_chunks *chunks = chunks_make(json, len);
    if (chunks != NULL) {
        memcpy(hash, chunks->name, STORE_HASH_BYTES);
    }
    chunks_free(chunks);
    return chunks != NULL;
}

bool content_hash_fits(const char *json, size_t len, const unsigned char hash[STORE_HASH_BYTES])
{
    unsigned char made[STORE_HASH_BYTES];
    if (content_hash(json, len, made) && memcmp(made, hash, sizeof made) == 0) {
        return true;
    }
    store_hash(json, len, made);
    return memcmp(made, hash, sizeof made) == 0;
}

/* ------------------------------------------------------------------ changing */

/* The chunks of the new document out of those of the old one. The chunk in which the change ends
 * is cut anew, and so is everything from the first one that could begin elsewhere now. */
static struct content_chunks *chunks_change(
    const struct content_chunks *old, const struct content_change *change)
{
    struct content_chunks *made = calloc(1, sizeof *made);
    size_t stable = change->from > WINDOW ? change->from - WINDOW : 0;
    size_t first = 0;
    size_t start = 0;
    while (first < old->count && start + old->list[first].len <= stable) {
        start += old->list[first++].len;
    }
    size_t end = start;
    size_t behind = first;
    while (behind < old->count && end <= change->to) {
        end += old->list[behind++].len;
    }
    size_t new_end = end - change->to + change->new_to;
    if (made != NULL && add(made, old->list, first) &&
        cut(made, change->json, change->len, start, new_end) &&
        add(made, old->list + behind, old->count - behind) && name_chunks(made)) {
        return made;
    }
    chunks_free(made);
    return NULL;
}

void content_cache_init(struct content_cache *cache)
{
    *cache = (struct content_cache){.chunks = {NULL}};
    pthread_mutex_init(&cache->lock, NULL);
}

void content_cache_finish(struct content_cache *cache)
{
    for (size_t i = 0; i < CONTENT_CACHED; i++) {
        chunks_free(cache->chunks[i]);
    }
    pthread_mutex_destroy(&cache->lock);
}

/* Takes out what is known, NULL when it is not. */
static struct content_chunks *cache_take(struct content_cache *cache, const unsigned char *name)
{
    struct content_chunks **place = &cache->chunks[name[0] % CONTENT_CACHED];
    struct content_chunks *found = NULL;
    pthread_mutex_lock(&cache->lock);
    if (*place != NULL && memcmp((*place)->name, name, STORE_HASH_BYTES) == 0) {
        found = *place;
        *place = NULL;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void cache_put(struct content_cache *cache, struct content_chunks *chunks)
{
    struct content_chunks **place = &cache->chunks[chunks->name[0] % CONTENT_CACHED];
    pthread_mutex_lock(&cache->lock);
    struct content_chunks *old = *place;
    *place = chunks;
    pthread_mutex_unlock(&cache->lock);
    chunks_free(old);
}

bool content_hash_change(struct content_cache *cache, const struct content_change *change,
    unsigned char hash[STORE_HASH_BYTES])
{
    if (change->len <= WHOLE_MAX || change->old_len <= WHOLE_MAX) {
        return content_hash(change->json, change->len, hash);
    }
    struct content_chunks *old = cache_take(cache, change->old_hash);
    struct content_chunks *made =
        old != NULL ? chunks_change(old, change) : chunks_make(change->json, change->len);
    chunks_free(old);
    if (made == NULL) {
        return false;
    }
    memcpy(hash, made->name, STORE_HASH_BYTES);
    cache_put(cache, made);
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of a document is the same whatever way its bytes came about. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/buf.h"
#include "registry/content_hash.h"

enum { ROOM = 1 << 20 };

/* A document of elements such as stand in a submodel. */
static void write_document(struct buf *buf, size_t bytes, const char *type)
{
    buf_add_text(buf, "{\"modelType\":\"Submodel\",\"id\":\"urn:test\",\"submodelElements\":[");
    for (int i = 0; buf->len < bytes; i++) {
        buf_printf(buf,
            "%s{\"modelType\":\"%s\",\"idShort\":\"Name%d\",\"valueType\":\"xs:string\",\"value\":"
            "\"%d\"}",
            i > 0 ? "," : "", type, i, i * 7);
    }
    buf_add_text(buf, "]}");
}

static void replace(struct buf *buf, size_t from, size_t to, const char *text)
{
    struct buf made;
    buf_init(&made, 2 * ROOM);
    buf_add(&made, buf->bytes, from);
    buf_add_text(&made, text);
    buf_add(&made, buf->bytes + to, buf->len - to);
    buf_finish(buf);
    *buf = made;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* One change somewhere, followed by the hash drawn from the change and the one drawn from all. */
static void change_once(struct content_cache *cache, struct buf *buf, uint32_t *random,
    unsigned char hash[STORE_HASH_BYTES])
{
    static const char *const texts[] = {"", "x",
        "{\"modelType\":\"Property\",\"idShort\":\"New\"},", "{\"modelType\":\"",
        "a somewhat longer text that fills more than one window of bytes"};
    unsigned char whole[STORE_HASH_BYTES];
    const char *text = texts[next_random(random) % 5];
    size_t from = next_random(random) % buf->len;
    size_t to = from + next_random(random) % 400;
    to = to > buf->len ? buf->len : to;
    size_t old_len = buf->len;
    replace(buf, from, to, text);
    const struct content_change change = {.old_len = old_len,
        .old_hash = hash,
        .json = buf->bytes,
        .len = buf->len,
        .from = from,
        .to = to,
        .new_to = from + strlen(text)};
    cr_assert(content_hash_change(cache, &change, hash));
    cr_assert(content_hash(buf->bytes, buf->len, whole));
    cr_assert_arr_eq(hash, whole, STORE_HASH_BYTES, "bytes %zu to %zu by \"%s\"", from, to, text);
}

Test(content_hash, a_change_gives_the_hash_that_the_whole_gives)
{
    static const size_t sizes[] = {1000, 33000, 40000, 300000};
    uint32_t random = 4711;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct content_cache cache;
        struct buf buf;
        unsigned char hash[STORE_HASH_BYTES];
        content_cache_init(&cache);
        buf_init(&buf, ROOM);
        write_document(&buf, sizes[i], "Property");
        cr_assert(content_hash(buf.bytes, buf.len, hash));
        for (int k = 0; k < 400 && buf.len > 1000; k++) {
            change_once(&cache, &buf, &random, hash);
        }
        buf_finish(&buf);
        content_cache_finish(&cache);
    }
}

Test(content_hash, other_bytes_have_another_hash)
{
    struct buf buf;
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char other[STORE_HASH_BYTES];
    buf_init(&buf, ROOM);
    write_document(&buf, 200000, "Property");
    cr_assert(content_hash(buf.bytes, buf.len, hash));
    for (size_t at = 0; at < buf.len; at += 9973) {
        buf.bytes[at] ^= 1;
        cr_assert(content_hash(buf.bytes, buf.len, other));
        cr_assert_neq(memcmp(hash, other, STORE_HASH_BYTES), 0, "%zu", at);
        cr_assert_not(content_hash_fits(buf.bytes, buf.len, hash));
        buf.bytes[at] ^= 1;
    }
    cr_assert(content_hash_fits(buf.bytes, buf.len, hash));
    store_hash(buf.bytes, buf.len, other);
    cr_assert(content_hash_fits(buf.bytes, buf.len, other), "as documents were named before");
    buf_finish(&buf);
}

Test(content_hash, short_documents_and_those_without_elements_have_one)
{
    static const size_t sizes[] = {100, 32 * 1024, 32 * 1024 + 1, 200000};
    static char bytes[200000];
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char plain[STORE_HASH_BYTES];
    memset(bytes, 'a', sizeof bytes);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cr_assert(content_hash(bytes, sizes[i], hash));
        store_hash(bytes, sizes[i], plain);
        cr_assert_eq(memcmp(hash, plain, sizeof hash) == 0, i < 2, "%zu", sizes[i]);
        cr_assert(content_hash_fits(bytes, sizes[i], hash));
    }
}

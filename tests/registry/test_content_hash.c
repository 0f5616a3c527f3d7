/* SPDX-License-Identifier: Apache-2.0 */
/* The hash of a document is the same whatever way its bytes came about. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/buf.h"
#include "registry/content_hash.h"
#include "registry/document_record.h"
#include "tests/registry/registry_fixture.h"

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

/* ------------------------------------------------------------------ documents that are put again
 */

static void expect_named_by_its_bytes(struct registry *registry)
{
    struct registry_view view;
    struct registry_document document;
    unsigned char hash[STORE_HASH_BYTES];
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, "urn:test", 8, &document, NULL), ERR_OK);
    cr_assert(content_hash(document.json, document.json_len, hash));
    cr_expect_arr_eq(document.hash, hash, STORE_HASH_BYTES);
    registry_view_end(&view);
}

Test(content_hash, a_large_document_that_is_put_again_is_named_by_its_bytes_alone,
    .init = fixture_start, .fini = fixture_stop)
{
    static const char extra[] =
        "{\"modelType\":\"Property\",\"idShort\":\"Extra\",\"valueType\":\"xs:int\"},";
    struct registry *registry = fixture_open();
    struct buf json;
    buf_init(&json, ROOM);
    write_document(&json, 100000, "Property");
    size_t middle = (size_t)(strstr(buf_text(&json), "\"Name500\"") - json.bytes);
    size_t element = (size_t)(strstr(json.bytes + middle, "{\"modelType") - json.bytes);
    for (int round = 0; round < 4; round++) {
        cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, NULL, buf_text(&json), NULL), ERR_OK);
        expect_named_by_its_bytes(registry);
        if (round == 0) {
            replace(&json, middle + 1, middle + 2, "n");
        } else if (round == 1) {
            replace(&json, element, element, extra);
        } else if (round == 2) {
            replace(&json, element, element + sizeof extra - 1, "");
        }
    }
    fixture_verify(registry);
    registry_close(registry);
    buf_finish(&json);
}

/* ------------------------------------------------------------------ stores made before */

/* A large template as a program of the first format stored it: named by the hash of the whole,
 * and not found as a template. */
static enum err_code store_as_before(struct store_txn *txn, void *context, struct err *err)
{
    struct document_prepared *prepared = context;
    enum registry_outcome outcome;
    unsigned char format[8];
    store_hash(prepared->json, prepared->json_len, prepared->hash);
    prepared->rows_len = 0;
    cr_assert_eq(
        document_put(txn, prepared, REGISTRY_CREATE, NULL, NULL, NULL, "made", 1, &outcome, err),
        ERR_OK);
    value_set_u64(format, 1);
    return store_put(txn, STORE_META, "format", 6, format, sizeof format);
}

static enum err_code set_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

static void expect_template(struct registry *registry, const unsigned char *name)
{
    const struct registry_filter templates = {.templates_only = true};
    struct registry_view view;
    struct registry_page page;
    struct arena arena;
    const char *json;
    size_t len;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_list(&view, &arena, REGISTRY_SUBMODEL, &templates, &page, NULL), ERR_OK);
    cr_assert_eq(page.count, 1);
    cr_assert(name == NULL || memcmp(page.documents[0].hash, name, STORE_HASH_BYTES) == 0);
    cr_assert_eq(registry_revision_content(
                     &view, &arena, REGISTRY_SUBMODEL, "urn:test", 8, 1, &json, &len, NULL),
        ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(content_hash, what_was_stored_before_keeps_its_name_until_it_changes, .init = fixture_start,
    .fini = fixture_stop)
{
    struct arena arena;
    struct buf json;
    struct document_prepared prepared;
    arena_init(&arena, SIZE_MAX);
    buf_init(&json, ROOM);
    buf_add_text(&json, "{\"modelType\":\"Submodel\",\"id\":\"urn:test\",\"kind\":\"Template\","
                        "\"submodelElements\":[");
    for (int i = 0; i < 1000; i++) {
        buf_printf(&json,
            "%s{\"modelType\":\"Property\",\"idShort\":\"Name%d\",\"valueType\":\"xs:int\"}",
            i > 0 ? "," : "", i);
    }
    buf_add_text(&json, "]}");
    struct registry *registry = fixture_open();
    cr_assert_eq(
        document_prepare(&arena, fixture_tree(&arena, json.bytes), &prepared, NULL), ERR_OK);
    cr_assert_eq(store_write(registry_store(registry), store_as_before, &prepared, NULL), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    expect_template(registry, prepared.hash);
    fixture_verify(registry);
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, "urn:test", 8, "Name7", 5,
                     prepared.hash, set_value, "5", NULL, NULL, NULL),
        ERR_OK);
    expect_template(registry, NULL);
    fixture_verify(registry);
    registry_close(registry);
    buf_finish(&json);
    arena_finish(&arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Searching very many things: pages, and phrases that more have than are looked into. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/search_query.h"
#include "tests/registry/registry_fixture.h"

TestSuite(search_many, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { THINGS = 3 * SEARCH_LOOKED_INTO, PAGE = 7 };

/* Two of three have "spindle motor" beside each other, the third the other way round; the shorter
 * the text, the better the hit. */
static void describe(unsigned number, char *text, size_t size)
{
    int len = snprintf(text, size, "%s", number % 3 == 2 ? "motor spindle" : "spindle motor");
    for (unsigned i = 0; i < number % 11 && len > 0; i++) {
        len += snprintf(text + len, size - (size_t)len, " filler%c", (int)('a' + i));
    }
}

static enum err_code put_all(struct store_txn *txn, void *context, struct err *err)
{
    enum err_code code = ERR_OK;
    (void)context;
    for (unsigned i = 0; i < THINGS && code == ERR_OK; i++) {
        struct arena arena;
        struct search_entry entry;
        struct aas_node *root = NULL;
        char text[300];
        char json[800];
        char key[40];
        size_t count = 0;
        describe(i, text, sizeof text);
        int len = snprintf(json, sizeof json,
            "{\"submodels\":[{\"modelType\":\"Submodel\",\"idShort\":\"T%u\",\"id\":\"urn:%u\","
            "\"description\":[{\"language\":\"en\",\"text\":\"%s\"}]}]}",
            i * 7919 % THINGS, i, text);
        arena_init(&arena, SIZE_MAX);
        code = aas_json_read(
            &arena, json, (size_t)len, meta_class(CLASS_Environment), NULL, &root, err);
        struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
        if (code == ERR_OK) {
            code = search_prepare(&arena, submodels[0], root, NULL, 0, &entry, err);
        }
        if (code == ERR_OK) {
            int family = snprintf(key, sizeof key, "vfamily-%u", i);
            snprintf(key + family + 1, sizeof key - (size_t)family - 1, "1.0");
            code = search_put(txn, key, (size_t)family + 4, &entry, err);
        }
        arena_finish(&arena);
    }
    return code;
}

static struct registry *filled(void)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(
        store_write(registry_store(registry), put_all, NULL, &err), ERR_OK, "%s", err.text);
    return registry;
}

static void expect_same_hits(const struct registry_result *a, const struct registry_result *b)
{
    cr_assert_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        cr_assert_str_eq(a->hits[i].family, b->hits[i].family, "hit %zu", i);
        cr_assert_lt(fabs(a->hits[i].score - b->hits[i].score), 1e-9);
    }
}

Test(search_many, a_phrase_that_very_many_have_gives_the_right_page_and_says_that_there_are_more)
{
    static const size_t offsets[] = {0, 40, SEARCH_LOOKED_INTO - 5, SEARCH_LOOKED_INTO + 500};
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        for (unsigned sort = REGISTRY_BY_RELEVANCE; sort <= REGISTRY_BY_DATE; sort++) {
            struct arena arena;
            struct registry_result quick;
            struct registry_result whole;
            struct registry_query query = {.words = "\"spindle motor\"",
                .offset = offsets[i],
                .limit = PAGE,
                .sort = (enum registry_sort)sort};
            arena_init(&arena, SIZE_MAX);
            fixture_search(registry, &arena, &query, &quick);
            query.with_facets = true;
            fixture_search(registry, &arena, &query, &whole);
            cr_expect_eq(whole.total, THINGS / 3 * 2);
            cr_expect_not(whole.more);
            cr_expect_geq(quick.total, offsets[i] + PAGE);
            cr_expect_leq(quick.total, whole.total);
            cr_expect_eq(quick.more, quick.total < whole.total);
            expect_same_hits(&quick, &whole);
            arena_finish(&arena);
        }
    }
    registry_close(registry);
}

Test(search_many, a_phrase_that_fewer_have_than_are_asked_for_is_found_completely)
{
    struct registry *registry = filled();
    struct arena arena;
    struct registry_result result;
    const struct registry_query query = {.words = "\"motor spindle\" \"motor fillera\""};
    const struct registry_query other = {
        .words = "\"spindle fillera\" -\"filleri fillerj\"", .limit = SEARCH_LOOKED_INTO};
    arena_init(&arena, SIZE_MAX);
    fixture_search(registry, &arena, &query, &result);
    cr_expect_eq(result.total, 0);
    cr_expect_not(result.more);
    fixture_search(registry, &arena, &other, &result);
    size_t expected = 0;
    for (unsigned i = 0; i < THINGS; i++) {
        expected += i % 3 == 2 && i % 11 >= 1 && i % 11 < 10;
    }
    cr_expect_eq(result.total, expected);
    cr_expect_not(result.more);
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_many, pages_one_behind_the_other_have_every_hit_once_in_every_order)
{
    enum { STEP = 997 };
    struct registry *registry = filled();
    for (unsigned sort = REGISTRY_BY_RELEVANCE; sort <= REGISTRY_BY_DATE; sort++) {
        struct arena arena;
        struct registry_result all;
        struct registry_query query = {
            .words = "spindle", .limit = THINGS, .sort = (enum registry_sort)sort};
        arena_init(&arena, SIZE_MAX);
        fixture_search(registry, &arena, &query, &all);
        cr_assert_eq(all.count, THINGS);
        for (query.offset = 0; query.offset < THINGS; query.offset += STEP) {
            struct registry_result page;
            query.limit = STEP;
            fixture_search(registry, &arena, &query, &page);
            for (size_t i = 0; i < page.count; i++) {
                cr_assert_str_eq(page.hits[i].family, all.hits[query.offset + i].family);
            }
        }
        arena_finish(&arena);
    }
    registry_close(registry);
}

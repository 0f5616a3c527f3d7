/* SPDX-License-Identifier: Apache-2.0 */
/* Hits in the order of their names: few and many, early and late, after changes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/search_names.h"
#include "registry/search_record.h"
#include "tests/registry/registry_fixture.h"

TestSuite(search_names, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { THINGS = 4000, PUMPS = 400, TITLE_ROOM = 64, ENTRY_BYTES = 1 << 20 };

/* ------------------------------------------------------------------ many */

/* Pumps come behind all valves; every name is there twice, in other letters. */
static void make_title(unsigned number, char title[TITLE_ROOM])
{
    unsigned scrambled = number / 2 * 1237 % (THINGS / 2);
    if (number < PUMPS) {
        snprintf(
            title, TITLE_ROOM, number % 2 == 0 ? "Zeta pump %04u" : "zeta PUMP %04u", scrambled);
    } else {
        snprintf(title, TITLE_ROOM, number % 2 == 0 ? "alpha Valve %04u" : "Alpha valve %04u",
            scrambled);
    }
}

/* The run stands alone, in another one, or only its pairs do. */
static const char *const runs[] = {"실린더", "유압실린더유닛", "실린 린더"};
enum { RUNS = sizeof runs / sizeof *runs };

static bool is_any(unsigned number)
{
    return number < THINGS;
}

static bool is_pump(unsigned number)
{
    return number < PUMPS;
}

static bool is_valve(unsigned number)
{
    return number >= PUMPS;
}

static bool has_run(unsigned number)
{
    return number % RUNS != 2;
}

static enum err_code put_one(struct store_txn *txn, unsigned number, struct err *err)
{
    struct arena arena;
    struct search_entry entry;
    struct aas_node *root = NULL;
    char title[TITLE_ROOM];
    char json[400];
    char key[40];
    size_t count = 0;
    make_title(number, title);
    int len = snprintf(json, sizeof json,
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:%u\",\"displayName\":[{"
        "\"language\":\"en\",\"text\":\"%s\"}],\"description\":[{\"language\":\"ko\",\"text\":"
        "\"%s\"}]}]}",
        number, title, runs[number % RUNS]);
    arena_init(&arena, ENTRY_BYTES);
    enum err_code code =
        aas_json_read(&arena, json, (size_t)len, meta_class(CLASS_Environment), NULL, &root, err);
    if (code == ERR_OK) {
        struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
        code = search_prepare(&arena, submodels[0], root, NULL, 0, &entry, err);
    }
    if (code == ERR_OK) {
        int family = snprintf(key, sizeof key, "v%u", number);
        snprintf(key + family + 1, sizeof key - (size_t)family - 1, "1.0");
        code = search_put(txn, key, (size_t)family + 4, &entry, err);
    }
    arena_finish(&arena);
    return code;
}

static enum err_code put_all(struct store_txn *txn, void *context, struct err *err)
{
    enum err_code code = ERR_OK;
    (void)context;
    for (unsigned i = 0; i < THINGS && code == ERR_OK; i++) {
        code = put_one(txn, i, err);
    }
    return code;
}

/* By name; the later one of two comes first. */
static int compare_numbers(const void *a, const void *b)
{
    const unsigned *left = a;
    const unsigned *right = b;
    char left_title[TITLE_ROOM];
    char right_title[TITLE_ROOM];
    make_title(*left, left_title);
    make_title(*right, right_title);
    int order = strcasecmp(left_title, right_title);
    return order != 0 ? order : (*left < *right) - (*left > *right);
}

/* The pages of what is found are those of the wanted numbers in their order. */
static void expect_pages(
    struct registry *registry, const char *words, bool (*wanted)(unsigned number))
{
    static const size_t offsets[] = {0, 1, 17, 250, 390};
    static unsigned numbers[THINGS];
    size_t count = 0;
    for (unsigned i = 0; i < THINGS; i++) {
        numbers[count] = i;
        count += wanted(i);
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < 2 * sizeof offsets / sizeof *offsets; i++) {
        struct arena arena;
        struct registry_result result;
        const struct registry_query query = {.words = words,
            .offset = offsets[i / 2],
            .limit = 15,
            .with_facets = i % 2 == 1,
            .sort = REGISTRY_BY_NAME};
        arena_init(&arena, SIZE_MAX);
        fixture_search(registry, &arena, &query, &result);
        cr_expect_eq(result.total, count);
        size_t left = count > query.offset ? count - query.offset : 0;
        cr_expect_eq(result.count, left < query.limit ? left : query.limit);
        for (size_t k = 0; k < result.count; k++) {
            char title[TITLE_ROOM];
            unsigned number = numbers[query.offset + k];
            make_title(number, title);
            cr_expect_str_eq(result.hits[k].title, title, "%s: hit %zu", words, query.offset + k);
            cr_expect_eq((unsigned)atoi(result.hits[k].family), number);
        }
        arena_finish(&arena);
    }
}

static struct registry *filled(void)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(
        store_write(registry_store(registry), put_all, NULL, &err), ERR_OK, "%s", err.text);
    return registry;
}

Test(search_names, are_the_order_of_very_many_hits)
{
    struct registry *registry = filled();
    expect_pages(registry, "valve", is_valve);
    expect_pages(registry, "", is_any);
    expect_pages(registry, "-pump", is_valve);
    registry_close(registry);
}

Test(search_names, are_the_order_of_hits_that_come_behind_everything_else)
{
    struct registry *registry = filled();
    expect_pages(registry, "pump", is_pump);
    expect_pages(registry, "\"zeta pump\"", is_pump);
    registry_close(registry);
}

Test(search_names, are_the_order_of_hits_of_which_some_were_looked_into)
{
    struct registry *registry = filled();
    expect_pages(registry, "실린더", has_run);
    registry_close(registry);
}

Test(search_names, leave_the_scores_as_they_are)
{
    struct registry *registry = filled();
    struct arena arena;
    struct registry_result named;
    struct registry_result ranked;
    struct registry_query query = {.words = "유압실린더유닛", .sort = REGISTRY_BY_NAME, .limit = 5};
    arena_init(&arena, SIZE_MAX);
    fixture_search(registry, &arena, &query, &named);
    query.sort = REGISTRY_BY_RELEVANCE;
    fixture_search(registry, &arena, &query, &ranked);
    cr_expect_gt(named.hits[0].score, 0);
    cr_expect_lt(named.hits[0].score - ranked.hits[0].score, 1e-9, "all texts are as long");
    cr_expect_lt(ranked.hits[0].score - named.hits[0].score, 1e-9);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ few */

static void put(struct registry *registry, unsigned number, const char *name)
{
    char json[FIXTURE_JSON];
    struct err err = {0};
    snprintf(json, sizeof json,
        "{\"modelType\":\"Submodel\",\"id\":\"urn:%u\",\"displayName\":[{\"language\":\"en\","
        "\"text\":\"%s\"}]}",
        number, name);
    cr_assert_eq(
        fixture_write(registry, REGISTRY_UPSERT, NULL, json, &err), ERR_OK, "%s", err.text);
}

static void expect_order(struct registry *registry, const char *words, const char *digits)
{
    struct arena arena;
    struct registry_result result;
    char found[16] = "";
    const struct registry_query query = {.words = words, .sort = REGISTRY_BY_NAME};
    arena_init(&arena, SIZE_MAX);
    fixture_search(registry, &arena, &query, &result);
    for (size_t i = 0; i < result.count && i + 1 < sizeof found; i++) {
        found[i] = result.hits[i].id[4];
        found[i + 1] = '\0';
    }
    cr_expect_str_eq(found, digits, "%s: %s, not %s", words, found, digits);
    arena_finish(&arena);
}

Test(search_names, follow_a_change_and_go_with_the_document)
{
    struct registry *registry = fixture_open();
    put(registry, 1, "motor");
    put(registry, 2, "Axis motor");
    put(registry, 3, "MOTOR of the press");
    put(registry, 4, "축 motor");
    put(registry, 5, "MOTOR");
    expect_order(registry, "", "25134");
    expect_order(registry, "motor", "25134");
    put(registry, 1, "Zeta motor");
    expect_order(registry, "", "25314");
    expect_order(registry, "motor", "25314");
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:5", NULL, NULL), ERR_OK);
    expect_order(registry, "", "2314");
    expect_order(registry, "motor", "2314");
    fixture_verify(registry);
    registry_close(registry);
}

Test(search_names, decide_with_their_first_bytes)
{
    struct store_key key;
    uint64_t document = 0;
    char name[2 * NAMES_TITLE];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    key_name(&key, name, 77);
    cr_expect_not(key.cut);
    cr_expect(key_name_read((struct store_bytes){key.bytes, key.len}, &document));
    cr_expect_eq(document, 77);
    cr_expect_not(key_name_read((struct store_bytes){key.bytes, key.len - 1}, &document));
    name[NAMES_TITLE] = 'a';
    cr_expect_eq(names_compare(name, (const char *)key.bytes), 0);
    name[NAMES_TITLE - 1] = 'a';
    cr_expect_lt(names_compare(name, (const char *)key.bytes), 0);
}

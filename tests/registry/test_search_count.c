/* SPDX-License-Identifier: Apache-2.0 */
/* How often templates and concept descriptions are used, and the order by that. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "registry/search_record.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(search_count, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define SEMANTIC(id)                                                                               \
    "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","      \
    "\"value\":\"" id "\"}]},"
#define TEMPLATE_ID(id) "\"administration\":{\"templateId\":\"" id "\"},"
#define SUBMODEL(id, parts)                                                                        \
    "{\"modelType\":\"Submodel\",\"idShort\":\"S\"," parts "\"id\":\"" id "\"}"

static void import(struct registry *registry, const char *name, int version)
{
    struct err err = {0};
    char json[TEMPLATE_JSON];
    template_json(json, name, version);
    cr_assert_eq(template_import(registry, json, strlen(json), NULL, &err), ERR_OK, "%s", err.text);
}

static void put(struct registry *registry, const char *json)
{
    struct err err = {0};
    cr_assert_eq(
        fixture_write(registry, REGISTRY_UPSERT, NULL, json, &err), ERR_OK, "%s", err.text);
}

/* "family@label=uses" or "id=uses" of all hits, each with a blank behind. */
static void order(
    struct registry *registry, const struct registry_query *query, char *text, size_t size)
{
    struct arena arena;
    struct registry_view view;
    struct registry_result result;
    struct err err = {0};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, query, &result, &err), ERR_OK, "%s", err.text);
    text[0] = '\0';
    for (size_t i = 0, len = 0; i < result.count; i++) {
        const struct registry_hit *hit = &result.hits[i];
        len += (size_t)snprintf(text + len, size - len, "%s%s%s=%d ",
            hit->is_template ? hit->family : hit->id, hit->is_template ? "@" : "", hit->label,
            (int)hit->uses);
    }
    registry_view_end(&view);
    arena_finish(&arena);
}

static void expect_templates(struct registry *registry, const char *expected)
{
    char text[1000];
    const struct registry_query query = {.templates_only = true, .sort = REGISTRY_BY_USE};
    order(registry, &query, text, sizeof text);
    cr_expect_str_eq(text, expected);
    fixture_verify(registry);
}

Test(search_count, of_templates_is_the_number_of_submodels_that_name_them)
{
    struct registry *registry = fixture_open();
    import(registry, "pump", 1);
    import(registry, "valve", 1);
    expect_templates(registry, "a.example-smt-valve@1.0=0 a.example-smt-pump@1.0=0 ");

    put(registry, SUBMODEL("urn:1", SEMANTIC("https://a.example/smt/pump")));
    put(registry, SUBMODEL("urn:2", TEMPLATE_ID("https://a.example/pump")));
    put(registry, SUBMODEL("urn:3", SEMANTIC("https://a.example/smt/pump")
                                        TEMPLATE_ID("https://a.example/pump")));
    put(registry, SUBMODEL("urn:4", SEMANTIC("https://a.example/smt/valve")));
    put(registry, SUBMODEL("urn:5", SEMANTIC("https://a.example/other")));
    expect_templates(registry, "a.example-smt-pump@1.0=3 a.example-smt-valve@1.0=1 ");

    /* One changes to the other, one goes. */
    put(registry, SUBMODEL("urn:1", SEMANTIC("https://a.example/smt/valve")));
    put(registry, SUBMODEL("urn:2", SEMANTIC("https://a.example/smt/valve")));
    expect_templates(registry, "a.example-smt-valve@1.0=3 a.example-smt-pump@1.0=1 ");
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:3", NULL, NULL), ERR_OK);
    expect_templates(registry, "a.example-smt-valve@1.0=3 a.example-smt-pump@1.0=0 ");
    registry_close(registry);
}

Test(search_count, of_a_template_that_comes_behind_its_submodels_is_there_at_once)
{
    struct registry *registry = fixture_open();
    put(registry, SUBMODEL("urn:1", SEMANTIC("https://a.example/smt/pump")));
    put(registry, SUBMODEL("urn:2", SEMANTIC("https://a.example/smt/pump")
                                        TEMPLATE_ID("https://a.example/pump")));
    import(registry, "pump", 1);
    import(registry, "pump", 2);
    expect_templates(registry, "a.example-smt-pump@2.0=2 a.example-smt-pump@1.0=2 ");
    put(registry, SUBMODEL("urn:3", TEMPLATE_ID("https://a.example/pump")));
    expect_templates(registry, "a.example-smt-pump@2.0=3 a.example-smt-pump@1.0=3 ");
    registry_close(registry);
}

Test(search_count, of_ids_that_are_longer_than_a_term_is_kept)
{
    enum { LONG = 1500 };
    struct registry *registry = fixture_open();
    char id[LONG + 1];
    char json[4 * LONG];
    memset(id, 'x', LONG);
    id[LONG] = '\0';
    snprintf(json, sizeof json,
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"idShort\":\"T\",\"id\":\"urn:t\",\"kind\":"
        "\"Template\",\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
        "\"GlobalReference\",\"value\":\"%s\"}]}}]}",
        id);
    cr_assert_eq(template_import(registry, json, strlen(json), "long.json", NULL), ERR_OK);
    for (int i = 0; i < 2; i++) {
        id[LONG - 1] = i == 0 ? 'x' : 'y'; /* only the first is the same one */
        snprintf(json, sizeof json,
            "{\"modelType\":\"Submodel\",\"idShort\":\"S\",\"id\":\"urn:%d\",\"semanticId\":{"
            "\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"
            "\"%s\"}]}}",
            i, id);
        put(registry, json);
    }
    char text[1000];
    const struct registry_query query = {.templates_only = true, .sort = REGISTRY_BY_USE};
    order(registry, &query, text, sizeof text);
    cr_expect_not_null(strstr(text, "=1 "), "%s", text);
    fixture_verify(registry);
    registry_close(registry);
}

Test(search_count, of_concept_descriptions_is_the_number_of_things_that_have_their_id)
{
    struct registry *registry = fixture_open();
    char text[1000];
    struct registry_query query = {.sort = REGISTRY_BY_USE};
    put(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Mass\",\"id\":\"urn:c:mass\"}");
    put(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Speed\",\"id\":\"urn:c:speed\"}");
    put(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Time\",\"id\":\"urn:c:time\"}");
    put(registry, SUBMODEL("urn:1", SEMANTIC("urn:c:mass")));
    put(registry, SUBMODEL("urn:2", SEMANTIC("urn:c:speed")));
    put(registry, SUBMODEL("urn:3", SEMANTIC("urn:c:speed")));
    query.facets[FACET_KIND] = "concept description";
    order(registry, &query, text, sizeof text);
    cr_expect_str_eq(text, "urn:c:speed=2 urn:c:mass=1 urn:c:time=0 ");
    fixture_verify(registry);
    registry_close(registry);
}

Test(search_count, is_a_way_to_sort_what_words_and_filters_find)
{
    struct registry *registry = fixture_open();
    char text[1000];
    struct registry_query query = {.words = "a.example", .sort = REGISTRY_BY_USE, .limit = 1};
    import(registry, "pump", 1);
    import(registry, "valve", 1);
    import(registry, "motor", 1);
    put(registry, SUBMODEL("urn:1", SEMANTIC("https://a.example/smt/valve")));
    put(registry, SUBMODEL("urn:2", SEMANTIC("https://a.example/smt/pump")));
    put(registry, SUBMODEL("urn:3", SEMANTIC("https://a.example/smt/pump")));
    order(registry, &query, text, sizeof text);
    cr_expect_str_eq(text, "a.example-smt-pump@1.0=2 ");
    query.offset = 1;
    order(registry, &query, text, sizeof text);
    cr_expect_str_eq(text, "a.example-smt-valve@1.0=1 ");
    query.words = "-pump";
    query.templates_only = true;
    query.offset = 0;
    order(registry, &query, text, sizeof text);
    cr_expect_str_eq(text, "a.example-smt-valve@1.0=1 ");
    registry_close(registry);
}

/* The version as a store of the third format has it: without names. */
static enum err_code forget(struct store_txn *txn, void *context, struct err *err)
{
    static const struct search_entry nothing = {.title = "", .description = "", .text = ""};
    static const char version[] = "va.example-smt-pump\0"
                                  "1.0";
    unsigned char format[8];
    (void)context;
    enum err_code code = search_put(txn, version, sizeof version - 1, &nothing, err);
    value_set_u64(format, 3);
    return code == ERR_OK ? store_put(txn, STORE_META, "format", 6, format, sizeof format) : code;
}

Test(search_count, of_a_store_of_the_third_format_is_made_when_it_is_opened)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    import(registry, "pump", 1);
    put(registry, SUBMODEL("urn:1", SEMANTIC("https://a.example/smt/pump")));
    cr_assert_eq(store_write(registry_store(registry), forget, NULL, &err), ERR_OK, "%s", err.text);
    registry_close(registry);
    registry = fixture_open();
    expect_templates(registry, "a.example-smt-pump@1.0=1 ");
    registry_close(registry);
}

/* ------------------------------------------------------------------ states */

static const char *const states[] = {"withdrawn", "draft", "published", "deprecated", "in review"};
enum { STATES = sizeof states / sizeof *states };

static enum err_code set_states(struct store_txn *txn, void *context, struct err *err)
{
    enum err_code code = ERR_OK;
    (void)context;
    for (int i = 0; i < STATES && code == ERR_OK; i++) {
        char key[40];
        int len = snprintf(key, sizeof key, "va.example-smt-pump%c_%d.0", 'a' + i, i + 1);
        key[strcspn(key, "_")] = '\0';
        code = search_set_facet(txn, key, (size_t)len, FACET_STATE, states[i], err);
    }
    return code;
}

Test(search_count, of_states_published_ones_come_first_and_withdrawn_ones_last)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char text[1000];
    const struct registry_query plain = {.words = "force", .templates_only = true};
    for (int i = 0; i < STATES; i++) {
        char name[8];
        snprintf(name, sizeof name, "pump%c", 'a' + i);
        import(registry, name, i + 1);
    }
    order(registry, &plain, text, sizeof text);
    cr_expect_str_eq(text, "a.example-smt-pumpe@5.0=0 a.example-smt-pumpd@4.0=0 "
                           "a.example-smt-pumpc@3.0=0 a.example-smt-pumpb@2.0=0 "
                           "a.example-smt-pumpa@1.0=0 ");
    cr_assert_eq(
        store_write(registry_store(registry), set_states, NULL, &err), ERR_OK, "%s", err.text);
    order(registry, &plain, text, sizeof text);
    cr_expect_str_eq(text, "a.example-smt-pumpc@3.0=0 a.example-smt-pumpe@5.0=0 "
                           "a.example-smt-pumpb@2.0=0 a.example-smt-pumpd@4.0=0 "
                           "a.example-smt-pumpa@1.0=0 ");
    registry_close(registry);
}

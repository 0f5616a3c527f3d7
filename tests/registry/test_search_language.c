/* SPDX-License-Identifier: Apache-2.0 */
/* The language of the search field: phrases, -without, begin*, field:word, and forgiven slips. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(search_language, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

static void put(struct registry *registry, const char *id, const char *id_short,
    const char *language, const char *name, const char *description)
{
    char json[4096];
    snprintf(json, sizeof json,
        "{\"modelType\":\"Submodel\",\"idShort\":\"%s\",\"displayName\":[{\"language\":\"%s\","
        "\"text\":\"%s\"}],\"description\":[{\"language\":\"%s\",\"text\":\"%s\"}],\"id\":\"%s\","
        "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
        "\"value\":\"https://a.example/%s/1/0\"}]}}",
        id_short, language, name, language, description, id, id_short);
    struct err err = {0};
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, &err), ERR_OK, "%s", err.text);
}

static struct registry *filled(void)
{
    struct registry *registry = fixture_open();
    put(registry, "urn:a", "CarbonFootprint", "en", "Carbon footprint", "Emission of machines");
    put(registry, "urn:b", "WaterFootprint", "en", "Water footprint", "Carbon is not water");
    put(registry, "urn:c", "Nameplate", "en", "Digital nameplate", "Temperature of the spindle");
    put(registry, "urn:d", "Spindle", "ko", "주축온도센서", "주축 온도 측정");
    put(registry, "urn:e", "Pressure", "ko", "압력 센서", "온도 보정 압력");
    return registry;
}

static struct registry_result ask(
    struct registry *registry, struct arena *arena, const struct registry_query *query)
{
    struct registry_view view;
    struct registry_result result;
    struct err err = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, arena, query, &result, &err), ERR_OK, "%s", err.text);
    registry_view_end(&view);
    return result;
}

/* The last letters of the ids that are found, sorted. */
static void ids(const struct registry_result *result, char letters[27])
{
    size_t count = 0;
    for (char letter = 'a'; letter <= 'z'; letter++) {
        for (size_t i = 0; i < result->count; i++) {
            if (result->hits[i].id[4] == letter) {
                letters[count++] = letter;
            }
        }
    }
    letters[count] = '\0';
}

Test(search_language, says_what_must_occur_where_and_what_must_not)
{
    static const struct {
        const char *words;
        const char *found;
    } rows[] = {
        {"footprint", "ab"},
        {"carbon", "ab"},
        {"footprint -water", "a"},
        {"carbon -name:carbon", "b"},
        {"-footprint", "cde"},
        {"-footprint -spindle", "e"},
        {"\"carbon footprint\"", "a"},
        {"\"footprint carbon\"", ""},
        {"\"of machines\"", "a"},
        {"\"carbon emission\"", ""},
        {"footprint -\"carbon footprint\"", "b"},
        {"-\"of the spindle\" -footprint", "de"},
        {"name:water", "b"},
        {"description:water", "b"},
        {"description:footprint", ""},
        {"description:\"not water\"", "b"},
        {"name:\"not water\"", ""},
        {"idShort:CarbonFootprint", "a"},
        {"idshort:spindle", "d"},
        {"spindle", "cd"},
        {"semanticId:https://a.example/Nameplate/1/0", "c"},
        {"semanticId:nameplate", "c"},
        {"name:https://a.example/Nameplate/1/0", ""},
        {"temper*", "c"},
        {"machine*", "a"},
        {"foot* -wat*", "a"},
        {"name:temper*", ""},
        {"description:temper*", "c"},
        {"CarbonFoot*", "ab"},
        {"https://a.example/n*", "c"},
        {"온도", "de"},
        {"온도센서", "d"},
        {"name:온도", "d"},
        {"description:온도", "de"},
        {"description:온도센서", ""},
        {"\"온도 측정\"", "d"},
        {"\"온도 압력\"", ""},
        {"센서 -온도센서", "e"},
        {"온도*", "de"},
        {"-", ""},
        {"\"", ""},
        {"name:", ""},
        {"-nothinglikethis carbon", "ab"},
    };
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char found[27];
        arena_init(&arena, 1 << 24);
        const struct registry_query query = {.words = rows[i].words};
        const struct registry_result result = ask(registry, &arena, &query);
        ids(&result, found);
        cr_expect_str_eq(found, rows[i].found, "%s found %s", rows[i].words, found);
        cr_expect_eq(result.correction_count, 0, "%s", rows[i].words);
        arena_finish(&arena);
    }
    registry_close(registry);
}

Test(search_language, one_slip_in_a_long_word_is_forgiven_when_nothing_is_found_and_told)
{
    static const struct {
        const char *words;
        const char *found;
        const char *instead; /* NULL: not corrected */
    } rows[] = {
        {"temperatrue", "c", "temperature"},
        {"tempersture", "c", "temperature"},
        {"temprature", "c", "temperature"},
        {"tempperature", "c", "temperature"},
        {"carbn footprint", "ab", "carbon"},
        {"machinse", "a", "machines"},
        {"temperature", "c", NULL},
        {"watre", "b", "water"},
        {"wate", "", NULL},
        {"tmprature", "", NULL},
        {"carbon temperature", "", NULL},
        {"압력센사", "", NULL},
    };
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char found[27];
        arena_init(&arena, 1 << 24);
        const struct registry_query query = {.words = rows[i].words};
        const struct registry_result result = ask(registry, &arena, &query);
        ids(&result, found);
        cr_expect_str_eq(found, rows[i].found, "%s found %s", rows[i].words, found);
        cr_expect_eq(result.correction_count, rows[i].instead != NULL, "%s", rows[i].words);
        bool told = rows[i].instead == NULL;
        for (size_t k = 0; k < result.correction_count; k++) {
            const struct registry_correction *correction = &result.corrections[k];
            for (size_t j = 0; j < correction->instead_count && !told; j++) {
                told = strcmp(correction->instead[j], rows[i].instead) == 0;
            }
        }
        cr_expect(told, "%s", rows[i].words);
        arena_finish(&arena);
    }
    registry_close(registry);
}

Test(search_language, filters_ignore_case)
{
    struct registry *registry = filled();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    const struct registry_query upper = {.facets = {[FACET_LANGUAGE] = "KO"}};
    const struct registry_query mixed = {.facets = {[FACET_KIND] = "SubModel"}};
    const struct registry_query other = {.facets = {[FACET_KIND] = "shell"}};
    cr_expect_eq(ask(registry, &arena, &upper).total, 2);
    cr_expect_eq(ask(registry, &arena, &mixed).total, 5);
    cr_expect_eq(ask(registry, &arena, &other).total, 0);
    arena_finish(&arena);
    registry_close(registry);
}

static void expect_pieces(struct arena *arena, const struct registry_result *result,
    const char *text, const char *expected)
{
    char got[400] = "";
    size_t count = 0;
    struct registry_piece *pieces = registry_highlight(arena, result, text, &count);
    for (size_t i = 0; i < count; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), pieces[i].sought ? "[%.*s]" : "%.*s",
            (int)pieces[i].len, pieces[i].text);
    }
    cr_expect_str_eq(got, expected);
}

Test(search_language, what_was_looked_for_is_told_from_the_rest)
{
    static const struct {
        const char *words;
        const char *text;
        const char *pieces;
    } rows[] = {
        {"footprint", "A Carbon Footprint.", "A Carbon [Footprint]."},
        {"machine", "all machines", "all [machines]"},
        {"foot*", "CarbonFootprint of feet", "[CarbonFootprint] of feet"},
        {"온도", "주축온도센서", "주축[온도]센서"},
        {"온도 센서", "주축온도 센서, 온도", "주축[온도] [센서], [온도]"},
        {"-water footprint", "water footprint", "water [footprint]"},
        {"carbon", "", ""},
        {"<b>carbon", "<b>carbon</b>", "<[b]>[carbon]</[b]>"},
    };
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        arena_init(&arena, 1 << 24);
        const struct registry_query query = {.words = rows[i].words};
        const struct registry_result result = ask(registry, &arena, &query);
        expect_pieces(&arena, &result, rows[i].text, rows[i].pieces);
        arena_finish(&arena);
    }
    registry_close(registry);
}

Test(search_language, hits_are_sorted_by_name_or_age)
{
    struct registry *registry = filled();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    const struct registry_query names = {.sort = REGISTRY_BY_NAME, .limit = 3};
    const struct registry_query ages = {.words = "footprint", .sort = REGISTRY_BY_DATE};
    struct registry_result result = ask(registry, &arena, &names);
    cr_assert_eq(result.count, 3);
    cr_expect_str_eq(result.hits[0].title, "Carbon footprint");
    cr_expect_str_eq(result.hits[1].title, "Digital nameplate");
    cr_expect_str_eq(result.hits[2].title, "Water footprint");
    cr_expect_eq(result.total, 5);
    result = ask(registry, &arena, &ages);
    cr_assert_eq(result.count, 2);
    cr_expect_str_eq(result.hits[0].id, "urn:b");
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_language, titles_are_suggested_while_typing)
{
    static const struct {
        const char *words;
        const char *title; /* NULL: none */
    } rows[] = {{"dig", "Digital nameplate"}, {"carbon foot", "Carbon footprint"},
        {"주축", "주축온도센서"}, {"water f", "Water footprint"}, {"zz", NULL}, {"", NULL}};
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        struct registry_view view;
        struct registry_suggestion *list = NULL;
        size_t count = 0;
        const struct registry_query query = {.words = rows[i].words};
        arena_init(&arena, 1 << 24);
        cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
        cr_assert_eq(registry_suggest(&view, &arena, &query, &list, &count, NULL), ERR_OK);
        cr_expect_eq(count > 0, rows[i].title != NULL, "%s: %zu", rows[i].words, count);
        cr_expect(count == 0 || strcmp(list[0].title, rows[i].title) == 0, "%s", rows[i].words);
        registry_view_end(&view);
        arena_finish(&arena);
    }
    registry_close(registry);
}

Test(search_language, titles_that_have_the_word_are_suggested_first)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_view view;
    struct registry_suggestion *list = NULL;
    size_t count = 0;
    const struct registry_query query = {.words = "nam"};
    put(registry, "urn:a", "Contact", "en", "Contact",
        "Name, names and named things: nameservers, namesakes, the naming of names by name");
    put(registry, "urn:b", "Nameplate", "en", "Nameplate",
        "What is fixed to a machine so that everybody who walks by can read who has made it, where "
        "that was, in which year, and how it must be handled and moved");
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_suggest(&view, &arena, &query, &list, &count, NULL), ERR_OK);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(list[0].title, "Nameplate");
    cr_expect_str_eq(list[1].title, "Contact");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_language, overlay_is_searched_filtered_by_and_shown_as_ours)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct err err = {0};
    char json[TEMPLATE_JSON];
    arena_init(&arena, 1 << 24);
    template_json(json, "plate", 3);
    cr_assert_eq(template_import(registry, json, strlen(json),
                     "IDTA 02006-3-0_Template_Digital Nameplate.json", &err),
        ERR_OK, "%s", err.text);
    const struct registry_query korean = {.words = "디지털명판", .language = "ko-KR"};
    const struct registry_query german = {.words = "typenschild", .language = "de"};
    const struct registry_query tagged = {
        .facets = {[FACET_CATEGORY] = "Identification", [FACET_PHASE] = "service"}};
    const struct registry_query elsewhere = {.facets = {[FACET_CATEGORY] = "quality"}};
    struct registry_result result = ask(registry, &arena, &korean);
    cr_assert_eq(result.total, 1);
    cr_expect_str_eq(result.hits[0].title, "디지털 명판");
    cr_expect(result.hits[0].title_is_ours);
    result = ask(registry, &arena, &german);
    cr_assert_eq(result.total, 1);
    cr_expect_not(result.hits[0].title_is_ours);
    cr_expect_eq(ask(registry, &arena, &tagged).total, 1);
    cr_expect_eq(ask(registry, &arena, &elsewhere).total, 0);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_language, korean_nouns_that_nothing_has_together_are_looked_for_apart_and_told)
{
    static const struct {
        const char *words;
        const char *ids;
        const char *instead; /* "" when nothing is told */
    } rows[] = {
        {"온도보정", "e", "온도 보정"},
        {"압력센서", "e", ""},
        {"description:온도보정", "", ""},
        {"주축온도측정", "d", "주축온도 측정"},
        {"온도보정 압력", "e", "온도 보정"},
        {"주축온도", "d", ""},
        {"-온도보정 주축", "d", ""},
        {"\"온도보정\"", "", ""},
        {"없는낱말", "", ""},
    };
    struct registry *registry = filled();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char letters[27];
        const struct registry_query query = {.words = rows[i].words};
        arena_init(&arena, 1 << 24);
        struct registry_result result = ask(registry, &arena, &query);
        ids(&result, letters);
        cr_expect_str_eq(letters, rows[i].ids, "%s: %s", rows[i].words, letters);
        const char *told = result.correction_count > 0 ? result.corrections[0].instead[0] : "";
        cr_expect_str_eq(told, rows[i].instead, "%s: %s", rows[i].words, told);
        arena_finish(&arena);
    }
    registry_close(registry);
}

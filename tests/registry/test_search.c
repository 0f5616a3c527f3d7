/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/postings.h"
#include "registry/search_text.h"
#include "tests/registry/registry_fixture.h"

TestSuite(search_text);
TestSuite(postings, .init = fixture_start, .fini = fixture_stop, .timeout = 120);
TestSuite(search, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

/* ------------------------------------------------------------------ text */

static void join(void *context, const char *term, size_t len)
{
    struct buf *to = context;
    buf_add_char(to, ' ');
    buf_add(to, term, len);
}

struct text_case {
    const char *text;
    const char *terms; /* with a space before each */
};

static void check_terms(const struct text_case *rows, size_t count,
    void (*read)(const char *, size_t, const struct search_sink *))
{
    for (size_t i = 0; i < count; i++) {
        struct buf got;
        buf_init(&got, 4096);
        const struct search_sink sink = {.term = join, .context = &got};
        read(rows[i].text, strlen(rows[i].text), &sink);
        cr_expect_str_eq(buf_text(&got), rows[i].terms, "%s: %s", rows[i].text, buf_text(&got));
        buf_finish(&got);
    }
}

Test(search_text, is_indexed_by_words_parts_and_syllables)
{
    static const struct text_case rows[] = {
        {"Hello, world!", " hello world"},
        {"AssetInterfacesDescription", " asset interfac description assetinterfacesdescription"},
        {"snake_case_name", " snake case name"},
        {"MTPSubmodel", " mtp submodel mtpsubmodel"},
        {"IEC61360", " iec 61360 iec61360"},
        {"Phase__00__", " phase"},
        {"Document__01", " document"},
        {"Prüfung", " prufung pruefung"},
        {"Pru\xCC\x88"
         "fung",
            " prufung pruefung"},
        {"Straße", " strass"},
        {"ÆØÅ Œuvre", " aeoa aeoea oeuvr"},
        {"온도", " 온 온도 도"},
        {"주축온도", " 주 주축 축 축온 온 온도 도 주축온도"},
        {"\xE1\x84\x8B\xE1\x85\xA9\xE1\x86\xAB"
         "\xE1\x84\x83\xE1\x85\xA9",
            " 온 온도 도"},
        {"온도sensor", " 온 온도 도 sensor"},
        {"ＡＢＣ", " abc"},
        {"Температура", " температура"},
        {"", ""},
        {"-- !? --", ""},
    };
    check_terms(rows, sizeof rows / sizeof *rows, search_text_index);
}

Test(search_text, is_asked_for_by_parts)
{
    static const struct text_case rows[] = {
        {"AssetInterfacesDescription", " asset interfac description"},
        {"Prüfung", " prufung"},
        {"pruefung", " pruefung"},
        {"3D", " 3d"},
        {"온도센서", " 온도 도센 센서"},
        {"축", " 축"},
        {"온도 축", " 온도 축"},
    };
    check_terms(rows, sizeof rows / sizeof *rows, search_text_query);
}

Test(search_text, singular_and_plural_have_the_same_term)
{
    static const char *const pairs[][2] = {{"machine", "machines"}, {"Maschine", "Maschinen"},
        {"sensor", "Sensoren"}, {"sensor", "sensors"}, {"battery", "batteries"},
        {"process", "processes"}, {"box", "boxes"}, {"Anlage", "Anlagen"}, {"size", "sizes"},
        {"press", "presses"}, {"Presse", "Pressen"}, {"valve", "valves"}, {"axis", "axis"},
        {"status", "status"}, {"temperature", "Temperaturen"}, {"class", "classes"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buf got[2];
        for (size_t k = 0; k < 2; k++) {
            buf_init(&got[k], 4096);
            const struct search_sink sink = {.term = join, .context = &got[k]};
            search_text_query(pairs[i][k], strlen(pairs[i][k]), &sink);
        }
        cr_expect_str_eq(buf_text(&got[0]), buf_text(&got[1]), "%s, %s", pairs[i][0], pairs[i][1]);
        buf_finish(&got[0]);
        buf_finish(&got[1]);
    }
}

Test(search_text, different_words_keep_different_terms)
{
    static const char *const words[] = {"press", "pressure", "process", "processor", "station",
        "state", "status", "force", "for", "container", "content", "axis", "access"};
    enum { COUNT = sizeof words / sizeof *words };
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < i; k++) {
            struct buf a;
            struct buf b;
            buf_init(&a, 4096);
            buf_init(&b, 4096);
            const struct search_sink to_a = {.term = join, .context = &a};
            const struct search_sink to_b = {.term = join, .context = &b};
            search_text_query(words[i], strlen(words[i]), &to_a);
            search_text_query(words[k], strlen(words[k]), &to_b);
            cr_expect_str_neq(buf_text(&a), buf_text(&b), "%s, %s", words[i], words[k]);
            buf_finish(&a);
            buf_finish(&b);
        }
    }
}

Test(search_text, identifier_is_one_term_of_bounded_length)
{
    char term[SEARCH_TERM_MAX];
    char other[SEARCH_TERM_MAX];
    char id[1000];
    memset(id, 'x', sizeof id);
    size_t len = search_text_id("https://A.example/Nameplate/1/0/", 32, term);
    cr_expect_eq(len, 31);
    cr_expect_eq(memcmp(term, "https://a.example/nameplate/1/0", 31), 0);
    cr_expect(search_text_is_id("0173-1#02-AAO677#002", 20));
    cr_expect(search_text_is_id("urn:a:b", 7));
    cr_expect_not(search_text_is_id("nameplate", 9));
    len = search_text_id(id, sizeof id, term);
    id[999] = 'y';
    cr_expect_eq(search_text_id(id, sizeof id, other), len);
    cr_expect_neq(memcmp(term, other, len), 0);
}

/* ------------------------------------------------------------------ postings */

enum { MODEL = 3000, STEPS = 6000 };

struct model {
    uint32_t weights[MODEL]; /* of document i + 1; 0: not there */
    unsigned seed;
};

static unsigned next_random(struct model *model)
{
    model->seed = model->seed * 1664525u + 1013904223u;
    return model->seed >> 8;
}

static enum err_code change_at_random(struct store_txn *txn, void *context, struct err *err)
{
    struct model *model = context;
    struct store_cursor cursor;
    (void)err;
    enum err_code code = store_cursor_open(txn, STORE_POSTINGS, &cursor);
    for (int i = 0; i < STEPS && code == ERR_OK; i++) {
        unsigned at = next_random(model) % MODEL;
        uint32_t weight = next_random(model) % 3 == 0 ? 0 : 1 + next_random(model) % 500;
        struct posting posting = {.document = at + 1, .weight = weight, .length = 7};
        code = weight == 0 ? postings_unset(&cursor, "term", 4, at + 1)
                           : postings_set(&cursor, "term", 4, &posting);
        model->weights[at] = weight;
    }
    store_cursor_close(&cursor);
    return code;
}

static void check_against_model(struct store_txn *txn, const struct model *model)
{
    struct postings list;
    size_t count = 0;
    cr_assert_eq(postings_open(txn, "term", 4, &list), ERR_OK);
    for (unsigned i = 0; i < MODEL; i++) {
        if (model->weights[i] == 0) {
            continue;
        }
        cr_assert(postings_next(&list), "%u", i);
        cr_assert_eq(list.at.document, i + 1);
        cr_assert_eq(list.at.weight, model->weights[i]);
        cr_assert_eq(list.at.length, 7);
        count++;
    }
    cr_expect_not(postings_next(&list));
    cr_expect_not(postings_next(&list), "the end stays the end");
    cr_expect_eq(postings_frequency(txn, "term", 4), count);
    postings_close(&list);
}

Test(postings, are_what_a_plain_array_says_after_thousands_of_changes)
{
    struct registry *registry = fixture_open();
    struct model *model = calloc(1, sizeof *model);
    struct store_txn txn;
    for (unsigned round = 0; round < 4; round++) {
        cr_assert_eq(store_write(registry_store(registry), change_at_random, model, NULL), ERR_OK);
        cr_assert_eq(store_read(registry_store(registry), &txn, NULL), ERR_OK);
        check_against_model(&txn, model);
        store_end(&txn);
    }
    free(model);
    registry_close(registry);
}

Test(postings, seeking_gives_the_next_document_from_anywhere)
{
    struct registry *registry = fixture_open();
    struct model *model = calloc(1, sizeof *model);
    struct store_txn txn;
    cr_assert_eq(store_write(registry_store(registry), change_at_random, model, NULL), ERR_OK);
    cr_assert_eq(store_read(registry_store(registry), &txn, NULL), ERR_OK);
    for (unsigned step = 1; step < 400; step += 7) {
        struct postings list;
        cr_assert_eq(postings_open(&txn, "term", 4, &list), ERR_OK);
        for (unsigned target = 1; target <= MODEL; target += step) {
            unsigned expected = target - 1;
            while (expected < MODEL && model->weights[expected] == 0) {
                expected++;
            }
            bool found = postings_seek(&list, target);
            cr_assert_eq(found, expected < MODEL);
            cr_assert(!found || list.at.document == expected + 1);
        }
        postings_close(&list);
    }
    store_end(&txn);
    free(model);
    registry_close(registry);
}

/* ------------------------------------------------------------------ searching */

/* A submodel with a description in a language. */
static void put(struct registry *registry, const char *id, const char *id_short,
    const char *language, const char *description)
{
    char json[4096];
    snprintf(json, sizeof json,
        "{\"modelType\":\"Submodel\",\"idShort\":\"%s\",\"description\":[{\"language\":\"%s\","
        "\"text\":\"%s\"}],\"id\":\"%s\",\"submodelElements\":[{\"modelType\":\"Property\","
        "\"idShort\":\"Speed\",\"valueType\":\"xs:int\",\"value\":\"1\"}]}",
        id_short, language, description, id);
    struct err err = {0};
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, &err), ERR_OK, "%s", err.text);
}

static size_t search(struct registry *registry, struct arena *arena,
    const struct registry_query *query, struct registry_result *result)
{
    struct registry_view view;
    struct err err = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, arena, query, result, &err), ERR_OK, "%s", err.text);
    registry_view_end(&view);
    return result->total;
}

/* How many are found, and the id of the first one. */
static size_t find(struct registry *registry, const char *words, const char *first)
{
    struct arena arena;
    struct registry_result result;
    arena_init(&arena, 1 << 24);
    const struct registry_query query = {.words = words};
    size_t total = search(registry, &arena, &query, &result);
    if (first != NULL) {
        cr_assert_gt(result.count, 0, "%s", words);
        cr_expect_str_eq(result.hits[0].id, first, "%s", words);
    }
    arena_finish(&arena);
    return total;
}

Test(search, korean_noun_inside_a_word_is_found_and_others_are_not)
{
    struct registry *registry = fixture_open();
    put(registry, "urn:spindle", "Spindle", "ko", "주축온도센서");
    put(registry, "urn:split", "Split", "ko", "온도 도센서 센서");
    put(registry, "urn:other", "Other", "ko", "압력 측정");

    cr_expect_eq(find(registry, "온도", NULL), 2);
    cr_expect_eq(find(registry, "주축온도", "urn:spindle"), 1);
    cr_expect_eq(find(registry, "온도센서", "urn:spindle"), 1, "pairs alone would find two");
    cr_expect_eq(find(registry, "축", "urn:spindle"), 1);
    cr_expect_eq(find(registry, "온축", NULL), 0);
    cr_expect_eq(find(registry, "주축 센서", "urn:spindle"), 1);
    cr_expect_eq(find(registry, "주축 압력", NULL), 0);
    registry_close(registry);
}

Test(search, all_words_must_occur_in_any_order)
{
    struct registry *registry = fixture_open();
    put(registry, "urn:a", "CarbonFootprint", "en", "Greenhouse gases of a product");
    put(registry, "urn:b", "WaterFootprint", "en", "Water that a product uses");
    put(registry, "urn:c", "Typenschild", "de", "Prüfung der Größe");

    cr_expect_eq(find(registry, "carbon footprint", "urn:a"), 1);
    cr_expect_eq(find(registry, "FOOTPRINT Carbon", "urn:a"), 1);
    cr_expect_eq(find(registry, "footprints", NULL), 2);
    cr_expect_eq(find(registry, "carbon water", NULL), 0);
    cr_expect_eq(find(registry, "carbonfootprint", "urn:a"), 1);
    cr_expect_eq(find(registry, "pruefung groesse", "urn:c"), 1);
    cr_expect_eq(find(registry, "prufung", "urn:c"), 1);
    cr_expect_eq(find(registry, "Prüfung", "urn:c"), 1);
    cr_expect_eq(find(registry, "unheard-of", NULL), 0);
    cr_expect_eq(find(registry, "?!", NULL), 0);
    registry_close(registry);
}

Test(search, name_counts_more_than_description)
{
    struct registry *registry = fixture_open();
    put(registry, "urn:mentions", "Overview", "en", "A nameplate is mentioned here");
    put(registry, "urn:is", "Nameplate", "en", "What is on the machine");

    cr_expect_eq(find(registry, "nameplate", "urn:is"), 2);
    registry_close(registry);
}

Test(search, empty_query_lists_everything_newest_first)
{
    struct registry *registry = fixture_open();
    put(registry, "urn:1", "First", "en", "one");
    put(registry, "urn:2", "Second", "en", "two");
    put(registry, "urn:3", "Third", "en", "three");

    cr_expect_eq(find(registry, "", "urn:3"), 3);
    cr_expect_eq(find(registry, NULL, "urn:3"), 3);
    cr_expect_eq(find(registry, "  \t ", "urn:3"), 3);
    registry_close(registry);
}

Test(search, offset_and_limit_cut_the_same_order)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_result all;
    arena_init(&arena, 1 << 24);
    for (int i = 0; i < 30; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:%02d", i);
        put(registry, id, "Press", "en", i % 3 == 0 ? "press press force" : "force");
    }
    const struct registry_query query = {.words = "force press", .limit = 100};
    cr_assert_eq(search(registry, &arena, &query, &all), 30);
    for (size_t offset = 0; offset < 32; offset += 5) {
        struct registry_result part;
        const struct registry_query cut = {.words = "force press", .offset = offset, .limit = 7};
        cr_expect_eq(search(registry, &arena, &cut, &part), 30);
        size_t left = offset < 30 ? 30 - offset : 0;
        cr_assert_eq(part.count, left < 7 ? left : 7);
        for (size_t i = 0; i < part.count; i++) {
            cr_expect_str_eq(part.hits[i].id, all.hits[offset + i].id);
        }
    }
    arena_finish(&arena);
    registry_close(registry);
}

Test(search, identifier_is_found_as_a_whole)
{
    struct registry *registry = fixture_open();
    char json[FIXTURE_JSON];
    fixture_submodel(json, "https://a.example/sm/1", "Motor", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, json, NULL), ERR_OK);
    fixture_submodel(json, "https://a.example/sm/11", "Pump", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, json, NULL), ERR_OK);

    cr_expect_eq(find(registry, "https://a.example/sm/1", "https://a.example/sm/1"), 1);
    cr_expect_eq(find(registry, "urn:semantic:Motor", "https://a.example/sm/1"), 1);
    cr_expect_eq(find(registry, "https://a.example/sm", NULL), 0);
    registry_close(registry);
}

Test(search, replaced_and_deleted_things_leave_nothing_behind)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    for (int i = 0; i < 60; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:%d", i % 20);
        put(registry, id, i < 20 ? "Press" : "Lathe", i % 2 ? "en" : "de",
            i < 40 ? "old words about forces" : "neue Wörter über 온도");
    }
    fixture_verify(registry);
    cr_expect_eq(find(registry, "press", NULL), 0);
    cr_expect_eq(find(registry, "lathe", NULL), 20);
    for (int i = 0; i < 20; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:%d", i);
        struct registry_change change = {.operation = REGISTRY_DELETE,
            .kind = REGISTRY_SUBMODEL,
            .id = id,
            .id_len = strlen(id)};
        cr_assert_eq(
            registry_write(registry, &change, NULL, NULL, NULL, &err), ERR_OK, "%s", err.text);
    }
    fixture_verify(registry);
    cr_expect_eq(find(registry, "lathe", NULL), 0);
    cr_expect_eq(find(registry, "", NULL), 0);
    registry_close(registry);
}

Test(search, too_many_words_are_refused_with_a_reason)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_result result;
    struct arena arena;
    struct err err = {0};
    char words[2000] = "";
    for (int i = 0; i < 100; i++) {
        snprintf(words + strlen(words), sizeof words - strlen(words), "word%d ", i);
    }
    const struct registry_query query = {.words = words};
    const struct registry_query invalid = {.words = "\xFF\xFE"};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_expect_eq(registry_search(&view, &arena, &query, &result, &err), ERR_BAD_INPUT);
    cr_expect_gt(strlen(err.remedy), 0);
    cr_expect_eq(registry_search(&view, &arena, &invalid, &result, &err), ERR_BAD_INPUT);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ facets */

Test(search, facet_counts_are_those_of_a_naive_count)
{
    static const char *const languages[] = {"en", "de", "ko-KR"};
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_result result;
    arena_init(&arena, 1 << 24);
    for (int i = 0; i < 40; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:%d", i);
        put(registry, id, "Press", languages[i % 3], i % 4 == 0 ? "force" : "speed");
    }
    const struct registry_query query = {.words = "force", .with_facets = true};
    cr_assert_eq(search(registry, &arena, &query, &result), 10);
    size_t counted = 0;
    for (size_t i = 0; i < result.facet_count; i++) {
        const struct registry_facet_count *row = &result.facets[i];
        struct registry_query filtered = {.words = "force"};
        struct registry_result naive;
        filtered.facets[row->facet] = row->value;
        cr_expect_eq(search(registry, &arena, &filtered, &naive), row->count, "%s", row->value);
        counted += row->facet == FACET_LANGUAGE ? row->count : 0;
    }
    cr_expect_eq(counted, 10, "each has one language");
    arena_finish(&arena);
    registry_close(registry);
}

Test(search, facets_of_everything_are_the_frequencies)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_result result;
    arena_init(&arena, 1 << 24);
    put(registry, "urn:1", "A", "en", "x");
    put(registry, "urn:2", "B", "de", "y");
    put(registry, "urn:3", "C", "de", "z");
    const struct registry_query query = {.with_facets = true};
    cr_assert_eq(search(registry, &arena, &query, &result), 3);
    cr_assert_eq(result.facet_count, 4);
    cr_expect_str_eq(result.facets[0].value, "submodel");
    cr_expect_eq(result.facets[0].count, 3);
    cr_expect_str_eq(result.facets[1].value, "de", "the most frequent one first");
    cr_expect_eq(result.facets[1].count, 2);
    cr_expect_str_eq(result.facets[2].value, "en");
    cr_expect_str_eq(result.facets[3].value, "property");
    arena_finish(&arena);
    registry_close(registry);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up data: the same for the same seed, valid, and what is looked for in it is in it. */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/judge.h"
#include "registry/bench_data.h"
#include "tests/registry/registry_fixture.h"

TestSuite(bench_data, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { CEILING = 1 << 22, TEMPLATES = 40, SUBMODELS = 700 };

Test(bench_data, is_the_same_for_the_same_seed_and_number_only)
{
    struct buf texts[4];
    static const uint64_t made_of[4][2] = {{3, 17}, {3, 17}, {3, 18}, {4, 17}};
    for (size_t i = 0; i < 4; i++) {
        buf_init(&texts[i], CEILING);
        bench_data_template(&texts[i], made_of[i][0], made_of[i][1]);
    }
    cr_expect_str_eq(buf_text(&texts[0]), buf_text(&texts[1]));
    cr_expect_str_neq(buf_text(&texts[0]), buf_text(&texts[2]));
    cr_expect_str_neq(buf_text(&texts[0]), buf_text(&texts[3]));
    for (size_t i = 0; i < 4; i++) {
        buf_finish(&texts[i]);
    }
}

Test(bench_data, is_valid)
{
    const struct bench_fill asked = {.seed = 5, .templates = TEMPLATES, .submodels = SUBMODELS};
    for (size_t at = 0; at < bench_data_files(&asked); at++) {
        char name[64];
        struct buf bytes;
        struct arena arena;
        struct report report;
        struct judge_result judged;
        buf_init(&bytes, CEILING);
        arena_init(&arena, SIZE_MAX);
        report_init(&report);
        bench_data_file(&bytes, name, sizeof name, &asked, at);
        const struct judge_input input = {
            .bytes = bytes.bytes, .len = bytes.len, .schema_for_json = true};
        cr_assert_eq(judge_start(NULL), ERR_OK);
        cr_expect_eq(judge_document(&arena, &input, &report, &judged, NULL), ERR_OK);
        cr_expect_eq(report.errors + report.warnings, 0, "%s: %s", name,
            report.count > 0 ? report.findings[0].text : "");
        judge_stop();
        report_finish(&report);
        arena_finish(&arena);
        buf_finish(&bytes);
    }
}

static size_t find(struct registry *registry, const char *words, const char *kind)
{
    struct arena arena;
    struct registry_view view;
    struct registry_result result = {.total = 0};
    struct registry_query query = {.words = words};
    query.facets[FACET_KIND] = kind;
    arena_init(&arena, 1 << 26);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    return result.total;
}

Test(bench_data, fills_a_store_that_is_found_by_its_words_in_three_languages)
{
    const struct bench_fill asked = {.seed = 5, .templates = TEMPLATES, .submodels = SUBMODELS};
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(bench_data_fill(registry, &asked, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(find(registry, "", "template"), TEMPLATES);
    cr_expect_eq(find(registry, "", "submodel"), TEMPLATES + SUBMODELS);
    size_t found[BENCH_LANGUAGES] = {0};
    for (unsigned i = 0; i < BENCH_LANGUAGES * 40; i++) {
        struct buf words;
        buf_init(&words, CEILING);
        bench_data_words(&words, 5, i, (enum bench_language)(i % BENCH_LANGUAGES), 1);
        found[i % BENCH_LANGUAGES] += find(registry, buf_text(&words), "template");
        buf_finish(&words);
    }
    for (unsigned i = 0; i < BENCH_LANGUAGES; i++) {
        cr_expect_gt(found[i], 10, "language %u: %zu", i, found[i]);
    }
    registry_close(registry);
}

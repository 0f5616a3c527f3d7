/* SPDX-License-Identifier: Apache-2.0 */
/* Our own templates are valid by our own judgement, under both versions of the metamodel. */
#include <criterion/criterion.h>

#include "conformance/judge.h"
#include "conformance/report.h"
#include "templates/library.h"

enum { ROOM = 256 * 1024 * 1024 };

static void every_template_is_valid_under(enum meta_version version)
{
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t count = 0;
    const struct library_template *templates = library_templates(&count);
    cr_assert_geq(count, (size_t)4);
    for (size_t i = 0; i < count; i++) {
        struct arena arena;
        struct report report;
        struct judge_result result = {0};
        struct err err = {0};
        struct judge_input input = {
            .bytes = templates[i].bytes, .len = templates[i].len, .versions = version};
        arena_init(&arena, ROOM);
        report_init(&report);
        cr_expect_eq(judge_document(&arena, &input, &report, &result, &err), ERR_OK);
        cr_expect_eq(result.verdict, REPORT_VALID, "%s: %s %s at %s", templates[i].name, err.rule,
            err.text, err.path);
        cr_expect_eq(result.version, version);
        cr_expect_eq(report.warnings, (size_t)0, "%s has warnings", templates[i].name);
        report_finish(&report);
        arena_finish(&arena);
    }
    judge_stop();
}

Test(library, every_template_is_valid_under_3_1)
{
    every_template_is_valid_under(META_V31);
}

Test(library, every_template_is_valid_under_3_0)
{
    every_template_is_valid_under(META_V30);
}

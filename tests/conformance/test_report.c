/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "conformance/quote.h"

/* A submodel with one collection that holds one property, and the property. */
static const struct aas_node *property_in(struct arena *arena)
{
    static const char json[] =
        "{\"modelType\":\"Submodel\",\"id\":\"urn:sm\",\n"
        "\"submodelElements\":[\n"
        "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Outer\",\n"
        "\"value\":[{\"modelType\":\"Property\",\"idShort\":\"Inner\",\n"
        "\"valueType\":\"xs:int\"}]}]}";
    struct aas_node *root = NULL;
    size_t count = 0;
    cr_assert_eq(aas_json_read(arena, json, sizeof json - 1, NULL, NULL, &root, NULL), ERR_OK);
    struct aas_node **outer = aas_children(root, &count);
    cr_assert_eq(count, 1);
    struct aas_node **inner = aas_children(outer[0], &count);
    cr_assert_eq(count, 1);
    return inner[0];
}

Test(report, a_finding_knows_its_place_in_model_and_file)
{
    struct arena arena;
    struct report report;
    arena_init(&arena, 1 << 20);
    report_init(&report);
    const struct aas_node *property = property_in(&arena);
    report_add(&report, AAS_ERROR, "rule-a", property, meta_slot(property->cls, PROP_valueType),
        "Do %s.", "value %d is wrong", 7);
    cr_assert_eq(report.count, 1);
    const struct finding *finding = &report.findings[0];
    cr_expect_str_eq(finding->path, "Outer.Inner");
    cr_expect_str_eq(finding->id, "urn:sm");
    cr_expect_str_eq(finding->pointer, "/submodelElements/0/value/0/valueType");
    cr_expect_str_eq(finding->text, "value 7 is wrong");
    cr_expect_str_eq(finding->remedy, "Do %s.");
    cr_expect_eq(finding->line, 5);
    report_finish(&report);
    arena_finish(&arena);
}

Test(report, the_verdict_is_that_of_the_worst_finding)
{
    static const struct {
        enum aas_severity severity;
        enum report_verdict verdict;
    } steps[] = {{AAS_INFO, REPORT_VALID}, {AAS_WARNING, REPORT_VALID}, {AAS_ERROR, REPORT_INVALID},
        {AAS_UNREADABLE, REPORT_UNREADABLE}, {AAS_INFO, REPORT_UNREADABLE}};
    struct report report;
    report_init(&report);
    cr_expect_eq(report_verdict(&report), REPORT_VALID);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        report_add(&report, steps[i].severity, "rule", NULL, -1, NULL, "step %zu", i);
        cr_expect_eq(report_verdict(&report), steps[i].verdict, "step %zu", i);
    }
    cr_expect_eq(report.errors, 2);
    cr_expect_eq(report.unreadable, 1);
    cr_expect_eq(report.warnings, 1);
    cr_expect_eq(report.infos, 2);
    report_finish(&report);
}

Test(report, a_repeated_finding_is_kept_once)
{
    struct report report;
    report_init(&report);
    for (int i = 0; i < 50; i++) {
        report_add(&report, AAS_ERROR, "rule", NULL, -1, NULL, "text %d", i % 5);
        report_add(&report, AAS_ERROR, "other", NULL, -1, NULL, "text %d", i % 5);
    }
    cr_expect_eq(report.count, 10);
    cr_expect_eq(report.errors, 10);
    report_finish(&report);
}

Test(report, findings_beyond_the_cap_are_counted_and_not_kept)
{
    struct report report;
    report_init(&report);
    clock_t start = clock();
    for (int i = 0; i < REPORT_MAX_FINDINGS + 500; i++) {
        report_add(&report, AAS_ERROR, "rule", NULL, -1, NULL, "text %d", i);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    cr_expect_eq(report.count, REPORT_MAX_FINDINGS);
    cr_expect_eq(report.errors, REPORT_MAX_FINDINGS + 500);
    cr_expect_lt(seconds, 2.0, "10,000 findings took %g s", seconds);
    struct buf buf;
    buf_init(&buf, 4 << 20);
    report_write_text(&buf, &report, LANGUAGE_EN, false);
    cr_expect_not_null(strstr(buf_text(&buf), "  error rule (10500)\n      text 0\n"));
    cr_expect_not_null(strstr(buf_text(&buf), "      text 19\n      and 10480 more\n"));
    buf_finish(&buf);
    report_finish(&report);
}

Test(report, the_first_findings_of_a_rule_are_kept_however_many_others_there_are)
{
    struct report report;
    struct report all;
    struct report_group groups[REPORT_MAX_GROUPS];
    report_init(&report);
    report_init(&all);
    for (int i = 0; i < REPORT_MAX_FINDINGS + 5; i++) {
        report_add(&report, AAS_ERROR, "frequent", NULL, -1, NULL, "text %d", i);
    }
    for (int i = 0; i < REPORT_KEPT_OF_RULE + 7; i++) {
        report_add(&report, AAS_WARNING, "late", NULL, -1, NULL, "text %d", i);
    }
    report_merge(&all, &report);
    cr_expect_eq(all.count, REPORT_MAX_FINDINGS + REPORT_KEPT_OF_RULE);
    cr_expect_eq(all.errors, REPORT_MAX_FINDINGS + 5);
    cr_expect_eq(all.warnings, REPORT_KEPT_OF_RULE + 7);
    cr_expect_eq(report_group(&all, groups), 2);
    cr_expect_eq(groups[0].count, REPORT_MAX_FINDINGS + 5);
    cr_expect_str_eq(groups[1].first->rule, "late");
    cr_expect_eq(groups[1].count, REPORT_KEPT_OF_RULE + 7);
    report_finish(&all);
    report_finish(&report);
}

Test(report, json_has_only_what_is_known)
{
    struct report report;
    struct buf buf;
    report_init(&report);
    buf_init(&buf, 1 << 16);
    report_add(&report, AAS_UNREADABLE, "JSON-syntax", NULL, -1, NULL, "a \"quoted\" word");
    report_add(&report, AAS_WARNING, "w", NULL, -1, "Do it.", "text");
    report_write_findings(&buf, &report);
    cr_expect_str_eq(buf_text(&buf),
        "[{\"rule\":\"JSON-syntax\",\"clause\":\"RFC 8259; IDTA-01001, JSON serialisation\","
        "\"severity\":\"error\",\"text\":\"a \\\"quoted\\\" word\"},"
        "{\"rule\":\"w\",\"severity\":\"warning\",\"text\":\"text\",\"remedy\":\"Do it.\"}]");
    buf_finish(&buf);
    report_finish(&report);
}

Test(report, text_for_people_has_place_and_remedy_and_no_control_characters)
{
    struct arena arena;
    struct report report;
    struct buf buf;
    arena_init(&arena, 1 << 20);
    report_init(&report);
    buf_init(&buf, 1 << 16);
    report_add(&report, AAS_ERROR, "AASd-117", property_in(&arena), -1, "Mend it.", "bad\x1b[2J");
    report_write_text(&buf, &report, LANGUAGE_EN, false);
    cr_expect_str_eq(buf_text(&buf),
        "  error AASd-117 (1): A submodel element outside a list has an idShort.\n"
        "      Outer.Inner (line 4): bad?[2J\n      -> Mend it.\n");
    buf_finish(&buf);
    report_finish(&report);
    arena_finish(&arena);
}

Test(report, merging_copies_findings_and_counts)
{
    struct report to;
    struct report from;
    report_init(&to);
    report_init(&from);
    report_add(&to, AAS_ERROR, "rule", NULL, -1, NULL, "both have this");
    report_add(&from, AAS_ERROR, "rule", NULL, -1, NULL, "both have this");
    report_add(&from, AAS_WARNING, "rule", NULL, -1, NULL, "only one has this");
    report_add(&from, AAS_UNREADABLE, "rule", NULL, -1, NULL, "and this");
    report_merge(&to, &from);
    report_finish(&from);
    cr_expect_eq(to.count, 3);
    cr_expect_eq(to.errors, 2);
    cr_expect_eq(to.unreadable, 1);
    cr_expect_eq(to.warnings, 1);
    cr_expect_str_eq(to.findings[1].text, "only one has this");
    report_finish(&to);
}

Test(report, texts_are_cut_at_whole_characters)
{
    struct report report;
    char text[2000];
    report_init(&report);
    for (size_t i = 0; i + 2 < sizeof text; i += 3) {
        memcpy(text + i, "\xED\x95\x9C", 3);
    }
    text[sizeof text - 2] = '\0';
    report_add(&report, AAS_ERROR, "rule", NULL, -1, NULL, "x%s", text);
    size_t len = strlen(report.findings[0].text);
    cr_expect_geq(len, 700);
    cr_expect_eq((len - 1) % 3, 0, "%zu bytes", len);
    struct quote quote = quote_make(text, strlen(text));
    cr_expect_eq(strlen(quote.text), QUOTE_BYTES + 3);
    cr_expect_str_eq(quote.text + QUOTE_BYTES, "...");
    cr_expect_str_eq(quote_make("a\nb", 3).text, "a b");
    report_finish(&report);
}

Test(report, a_line_for_people_names_the_part_of_a_package)
{
    struct report report;
    struct buf line;
    report_init(&report);
    buf_init(&line, 1 << 16);
    report.part = "/aasx/data.json";
    report_add(&report, AAS_ERROR, "rule", NULL, -1, NULL, "what is wrong");
    const struct aas_sink sink = report_sink(&report);
    const struct aas_problem problem = {
        .severity = AAS_ERROR, .rule = "rule", .slot = -1, .line = 7, .text = "another"};
    sink.add(sink.context, &problem);
    report_write_line(&line, &report.findings[0], LANGUAGE_EN);
    cr_expect_str_eq(buf_text(&line), "(/aasx/data.json): what is wrong");
    buf_clear(&line);
    report_write_line(&line, &report.findings[1], LANGUAGE_EN);
    cr_expect_str_eq(buf_text(&line), "(line 7, /aasx/data.json): another");
    buf_finish(&line);
    report_finish(&report);
}

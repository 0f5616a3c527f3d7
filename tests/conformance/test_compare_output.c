/* SPDX-License-Identifier: Apache-2.0 */
/* How a comparison is written: for people and for programs. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "tests/conformance/compare_fixture.h"

static char *write_text(const char *old, const char *new, const struct compare_output *output)
{
    struct compared compared;
    struct buf buf;
    size_t len = 0;
    compared_init(&compared, old, new);
    buf_init(&buf, 1 << 20);
    compare_write_text(&buf, &compared.comparison, output);
    cr_assert_not(buf_failed(&buf));
    buf_add_char(&buf, '\0');
    char *text = buf_take(&buf, &len);
    compared_finish(&compared);
    return text;
}

#define OLD_ONE SUBMODEL(PROPERTY("Force", ",'value':'1'") "," PROPERTY("Gone", ""))
#define NEW_ONE SUBMODEL(PROPERTY("Force", ",'value':'2'"))

Test(compare_output, people_read_it_in_three_languages)
{
    static const struct {
        enum language language;
        const char *parts[3];
    } rows[] = {
        {LANGUAGE_EN, {"backward compatible", "2 pairs, 0 renamed", "(1 element)"}},
        {LANGUAGE_KO, {"하위 호환", "쌍 2개, 이름 변경 0개", "필수 요소 삭제 (1)"}},
        {LANGUAGE_DE, {"abwärtskompatibel", "2 Paare, 0 umbenannt", "entfallen (1)"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct compare_output output = {.language = rows[i].language};
        char *text = write_text(OLD_ONE, NEW_ONE, &output);
        for (size_t n = 0; n < 3; n++) {
            cr_expect_not_null(
                strstr(text, rows[i].parts[n]), "no %s in %s", rows[i].parts[n], text);
        }
        cr_expect_null(strchr(text, '\x1b'), "%s", text);
        free(text);
    }
}

Test(compare_output, colours_are_for_those_who_ask_and_names_cannot_bring_their_own)
{
    const struct compare_output plain = {.colour = false};
    const struct compare_output coloured = {.colour = true};
    static const char old[] = SUBMODEL(PROPERTY("A\\u001b[31m", ",'value':'\\u001b[2J'"));
    char *text = write_text(old, SUBMODEL(""), &plain);
    cr_expect_null(strchr(text, '\x1b'), "%s", text);
    cr_expect_not_null(strstr(text, "A?[31m"), "%s", text);
    free(text);
    text = write_text(old, SUBMODEL(PROPERTY("A\\u001b[31m", ",'value':'\\u0007'")), &plain);
    cr_expect_null(strchr(text, '\x1b'), "%s", text);
    cr_expect_null(strchr(text, '\x07'), "%s", text);
    free(text);
    text = write_text(OLD_ONE, NEW_ONE, &coloured);
    cr_expect_not_null(strstr(text, "\x1b[33mC05"), "%s", text);
    free(text);
}

Test(compare_output, many_harmless_findings_are_cut_short_and_breaking_ones_never)
{
    struct buf old;
    struct buf new;
    const struct compare_output output = {.mode = COMPARE_EXACT};
    buf_init(&old, 1 << 20);
    buf_init(&new, 1 << 20);
    for (unsigned i = 0; i < 50; i++) {
        buf_printf(&old, "%s" PROPERTY("P%02u_", ",'value':'x'"), i > 0 ? "," : "", i);
        buf_printf(&new, "%s" ELEMENT("Property", "P%02u_", ",'valueType':'xs:int','value':'1'"),
            i > 0 ? "," : "", i);
    }
    char *a = NULL;
    char *b = NULL;
    cr_assert_geq(asprintf(&a, SUBMODEL("%s"), buf_text(&old)), 0);
    cr_assert_geq(asprintf(&b, SUBMODEL("%s"), buf_text(&new)), 0);
    char *text = write_text(a, b, &output);
    cr_expect_not_null(strstr(text, "... 30 more of the kind"), "%s", text);
    cr_expect_not_null(strstr(text, "P49_, valueType: \"xs:string\""), "%s", text);
    cr_expect_null(strstr(text, "P20_, value:"), "%s", text);
    free(text);
    free(a);
    free(b);
    buf_finish(&old);
    buf_finish(&new);
}

Test(compare_output, long_values_are_shown_where_they_differ)
{
#define LONG "https://example.org/a/very/long/identifier/that/fills/the/whole/line/of/a/terminal/"
    const struct compare_output output = {.mode = COMPARE_EXACT};
    char *text = write_text(SUBMODEL(PROPERTY("P", ",'value':'" LONG "old'")),
        SUBMODEL(PROPERTY("P", ",'value':'" LONG "new'")), &output);
    cr_expect_not_null(strstr(text, "/a/terminal/old\" → \"..."), "%s", text);
    free(text);
}

static const struct json *member(const struct json *object, const char *name)
{
    const struct json *found = json_member(object, name);
    cr_assert_not_null(found, "no member %s", name);
    return found;
}

Test(compare_output, programs_read_status_places_rules_and_modes)
{
    struct compared compared;
    struct buf buf;
    struct json *json = NULL;
    const struct compare_output output = {.mode = COMPARE_IGNORE_VERSION};
    compared_init(&compared, SUBMODEL(PROPERTY("P", SEMANTIC("https://e.org/p/1/0"))),
        SUBMODEL(PROPERTY("Q", SEMANTIC("https://e.org/p/1/1"))));
    buf_init(&buf, 1 << 20);
    compare_write_json(&buf, &compared.comparison, &output);
    cr_assert_eq(json_read(&compared.arena, buf.bytes, buf.len, &json, NULL), ERR_OK);
    cr_expect_str_eq(member(json, "verdict")->text, "full");
    cr_expect_str_eq(member(member(json, "verdicts"), "exact")->text, "breaking");
    cr_expect_str_eq(member(member(json, "next"), "level")->text, "revision");
    cr_expect_null(json_member(json, "rows"));
    const struct json *change = member(json, "changes")->first;
    cr_expect_str_eq(member(change, "status")->first->text, "renamed");
    cr_expect_str_eq(member(change, "status")->first->next->text, "changed");
    cr_expect_str_eq(member(change, "from")->text, "P");
    cr_expect_str_eq(member(change, "to")->text, "Q");
    cr_expect_str_eq(member(change, "matchedBy")->text, "semanticId");
    const struct json *finding = member(change, "findings")->first;
    cr_expect_str_eq(member(finding, "rule")->text, "C08");
    cr_expect_eq(member(finding, "modes")->count, 3);
    cr_expect_eq(member(finding, "backward")->kind, JSON_FALSE);
    cr_expect_null(json_member(finding->next, "modes"), "C09 counts in every mode");
    buf_finish(&buf);
    compared_finish(&compared);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The gate in front of publication: each thing that can be missing, and all of them at once. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/registry/life_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(lifecycle_gate, .init = life_start, .fini = life_stop, .timeout = 120);

#define ENGLISH "\"displayName\":[{\"language\":\"en\",\"text\":\"Press\"}],"
#define KOREAN_SPOKEN_IN_KOREA "\"displayName\":[{\"language\":\"ko-KR\",\"text\":\"프레스\"}],"
#define WRONG                                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"Bad\",\"valueType\":\"xs:int\",\"value\":\"abc\"}"

/* The rules that findings of the last report name, each once, in order. */
static void expect_missing(const char *rules)
{
    char found[500] = "";
    for (size_t i = 0; i < life.report.count; i++) {
        const struct finding *finding = &life.report.findings[i];
        if (finding->severity >= AAS_ERROR && strstr(found, finding->rule) == NULL) {
            size_t len = strlen(found);
            snprintf(found + len, sizeof found - len, " %s", finding->rule);
            cr_expect_str_neq(finding->remedy, "", "%s has no remedy", finding->rule);
            life_explained(finding->rule, finding->text, finding->remedy);
        }
    }
    cr_expect_str_eq(found, rules, "%s instead of %s", found, rules);
}

/* ------------------------------------------------------------------ metadata and content */

Test(lifecycle_gate, names_what_is_missing)
{
    static const struct {
        const char *json;
        const char *family;
        const char *languages;
        unsigned approvals;
        const char *missing;
    } rows[] = {
        {LIFE_PRESS(LIFE_ID, LIFE_FORCE), LIFE_FAMILY, "ko,en", 0, ""},
        {LIFE_PRESS(LIFE_ID, LIFE_FORCE), LIFE_FAMILY, "ko,en", 1, " gate-approvals"},
        {LIFE_TEMPLATE(LIFE_ID, LIFE_NAMES, "", LIFE_FORCE), LIFE_FAMILY, "ko,en", 0,
            " gate-semantic-id"},
        {LIFE_PRESS(LIFE_ID, LIFE_FORCE), "nobody-knows", "ko,en", 0, " gate-category"},
        {LIFE_TEMPLATE(LIFE_ID, ENGLISH, LIFE_MEANING, LIFE_FORCE), LIFE_FAMILY, "ko,en", 0,
            " gate-name"},
        {LIFE_TEMPLATE(LIFE_ID, ENGLISH, LIFE_MEANING, LIFE_FORCE), "idta-02006", "ko,en", 0, ""},
        {LIFE_TEMPLATE(LIFE_ID, ENGLISH, LIFE_MEANING, LIFE_FORCE), LIFE_FAMILY, "en", 0, ""},
        {LIFE_TEMPLATE(LIFE_ID, "", LIFE_MEANING, LIFE_FORCE), LIFE_FAMILY, "", 0, ""},
        {LIFE_TEMPLATE(LIFE_ID, KOREAN_SPOKEN_IN_KOREA, LIFE_MEANING, LIFE_FORCE), LIFE_FAMILY,
            "ko", 0, ""},
        {LIFE_TEMPLATE(LIFE_ID, KOREAN_SPOKEN_IN_KOREA, LIFE_MEANING, LIFE_FORCE), LIFE_FAMILY, "k",
            0, " gate-name"},
        {LIFE_PRESS(LIFE_ID, LIFE_FORCE), LIFE_FAMILY, " ko , en ", 0, ""},
        {LIFE_PRESS(LIFE_ID, LIFE_FORCE "," WRONG), LIFE_FAMILY, "ko,en", 0, " value-type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char label[16];
        snprintf(label, sizeof label, "1.0.%zu", i + 1);
        life.family = rows[i].family;
        life.request.policy = (struct lifecycle_policy){
            .approvals = rows[i].approvals, .languages = rows[i].languages};
        LIFE_OK(life_make("anna", label, NULL, rows[i].json));
        LIFE_OK(life_gate(label));
        expect_missing(rows[i].missing);
        LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
        LIFE_OK(life_gate(label));
        expect_missing(rows[i].missing);
    }
}

Test(lifecycle_gate, a_name_is_missed_in_each_language)
{
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_TEMPLATE(LIFE_ID, "", LIFE_MEANING, LIFE_FORCE)));
    life.request.policy.languages = "ko,en,de";
    LIFE_OK(life_gate("1.0"));
    cr_assert_eq(life.report.errors, 3);
    static const char *const said[] = {"'ko'", "'en'", "'de'"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_not_null(strstr(life.report.findings[i].text, said[i]));
    }
}

Test(lifecycle_gate, a_refusal_lists_everything_at_once)
{
    static const char nothing[] = LIFE_TEMPLATE(
        "https://a.example/pump/1/1", "", "", WRONG "," LIFE_ELEMENT("New", "One", "x"));
    char json[TEMPLATE_JSON];
    life.family = "a.example-smt-pump";
    template_json(json, "pump", 1);
    cr_assert_eq(template_import(life.registry, json, strlen(json), "a.json", NULL), ERR_OK);
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
    LIFE_OK(life_change("anna", "1.1", nothing));
    template_json(json, "pump", 2);
    cr_assert_eq(template_import(life.registry, json, strlen(json), "b.json", NULL), ERR_OK);
    life.request.policy = (struct lifecycle_policy){.approvals = 2, .languages = "ko,en"};
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.1", NULL));
    life_refused(life_step("rita", STEP_PUBLISH, "1.1", NULL), ERR_STATE, "gate", "settled");
    expect_missing(" value-type gate-semantic-id gate-category gate-name gate-number "
                   "gate-published-meanwhile gate-approvals");
    cr_expect_not_null(strstr(life.err.text, "8 things are missing"), "%s", life.err.text);
    cr_expect_not_null(strstr(life_found("gate-approvals"), "0 of 2"));
    cr_expect_not_null(strstr(life_found("gate-published-meanwhile"), "1 version of "));
    cr_expect_eq(life_state("1.1"), TEMPLATE_IN_REVIEW);
    LIFE_OK(life_gate("1.1"));
    cr_expect_eq(life.report.errors, 8);
}

Test(lifecycle_gate, is_for_what_is_not_published_yet)
{
    life_release("1.0");
    cr_expect_eq(life_gate("1.0"), ERR_STATE);
    cr_expect_not_null(strstr(life.err.text, "is published already"));
    cr_expect_eq(life_gate("7.0"), ERR_NOT_FOUND);
}

/* ------------------------------------------------------------------ the number */

#define MANDATORY LIFE_FORCE "," LIFE_ELEMENT("New", "One", "added")
#define OPTIONAL LIFE_FORCE "," LIFE_ELEMENT("New", "ZeroToOne", "added")
#define ANOTHER LIFE_FORCE "," LIFE_ELEMENT("Another", "One", "added")
#define OTHER_TEXT LIFE_ELEMENT("Force", "One", "how very hard")

/* A draft from 1.0 with that content; its id stays what it is. */
static void derive(const char *label, const char *elements)
{
    char json[LIFE_JSON];
    LIFE_OK(life_make("anna", label, "1.0", NULL));
    snprintf(json, sizeof json, LIFE_PRESS("%s", "%s"), life.version.submodel_id, elements);
    LIFE_OK(life_change("anna", label, json));
    LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
}

Test(lifecycle_gate, the_number_fits_the_change)
{
    static const struct {
        const char *elements;
        const char *label;
        const char *least; /* NULL: it fits */
    } rows[] = {{MANDATORY, "1.0.1", "number 2.0 at"}, {MANDATORY, "1.1", "number 2.0 at"},
        {MANDATORY, "1.9.9", "number 2.0 at"}, {MANDATORY, "2.0", NULL}, {MANDATORY, "3.4", NULL},
        {OPTIONAL, "1.0.2", "number 1.1 at"}, {OPTIONAL, "1.2", NULL}, {OPTIONAL, "2.1", NULL},
        {OTHER_TEXT, "1.0+v", "number 1.0.1 at"}, {OTHER_TEXT, "1.0.3", NULL},
        {OTHER_TEXT, "1.3", NULL}, {LIFE_FORCE, "1.0+w", NULL},
        {OTHER_TEXT, "0.9", "number 1.0.1 at"}, {ANOTHER, "1.4", "number 2.0 at"}};
    life_release("1.0");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        derive(rows[i].label, rows[i].elements);
        LIFE_OK(life_gate(rows[i].label));
        expect_missing(rows[i].least == NULL ? "" : " gate-number");
        if (rows[i].least != NULL) {
            const char *text = life_found("gate-number");
            cr_assert_not_null(text);
            cr_expect_not_null(strstr(text, rows[i].least), "%s: %s", rows[i].label, text);
            cr_expect_not_null(strstr(text, rows[i].label));
        }
    }
}

Test(lifecycle_gate, names_a_number_that_would_do)
{
    life_release("1.0");
    derive("1.0+v", OTHER_TEXT);
    LIFE_OK(life_gate("1.0+v"));
    cr_expect_not_null(strstr(life.report.findings[0].remedy, "Make a draft 1.0.1 from this one"),
        "%s", life.report.findings[0].remedy);
    derive("1.0+w", MANDATORY);
    LIFE_OK(life_gate("1.0+w"));
    cr_expect_not_null(strstr(life.report.findings[0].remedy, "Make a draft 2.0 from this one"));
    LIFE_OK(life_make("anna", "2.0", "1.0+w", NULL));
    LIFE_OK(life_gate("1.0+w"));
    cr_expect_not_null(strstr(life.report.findings[0].remedy, "Make a draft 2.1 from this one"),
        "somebody has begun 2.0: %s", life.report.findings[0].remedy);
}

Test(lifecycle_gate, a_number_is_overruled_with_a_reason_that_is_kept)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    static const char id[] = LIFE_FAMILY "@1.1";
    life_release("1.0");
    derive("1.1", MANDATORY);
    static const char *const none[] = {NULL, "", " \n"};
    for (size_t i = 0; i < 3; i++) {
        life.request.overrule = none[i];
        life_refused(life_step("rita", STEP_PUBLISH, "1.1", NULL), ERR_STATE, "gate", "");
    }
    life.request.overrule = "nobody has used it yet";
    LIFE_OK(life_gate("1.1"));
    expect_missing("");
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.1", "go"));
    cr_expect_str_eq(life.version.overruled, "nobody has used it yet");
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     1, &revisions, &count, NULL),
        ERR_OK);
    registry_view_end(&view);
    cr_expect_str_eq(revisions[0].summary, "number overruled: nobody has used it yet");
}

Test(lifecycle_gate, a_reason_that_was_not_needed_is_not_kept)
{
    life_release("1.0");
    derive("2.0", MANDATORY);
    life.request.overrule = "just in case";
    LIFE_OK(life_step("rita", STEP_PUBLISH, "2.0", NULL));
    cr_expect_str_eq(life.version.overruled, "");
}

Test(lifecycle_gate, nobody_gets_around_the_number_by_following_an_old_version)
{
    life_release("1.0");
    derive("2.0", MANDATORY);
    LIFE_OK(life_step("rita", STEP_PUBLISH, "2.0", NULL));
    derive("2.1", OPTIONAL); /* what 2.0 asks for is no longer asked for */
    LIFE_OK(life_rebase("anna", "2.1", "1.0"));
    LIFE_OK(life_gate("2.1"));
    expect_missing("");
    derive("2.2", ANOTHER); /* as 2.0 is to 1.0, and 3.0 would be to 2.0 */
    LIFE_OK(life_rebase("anna", "2.2", "1.0"));
    LIFE_OK(life_gate("2.2"));
    expect_missing(" gate-number");
    cr_expect_not_null(strstr(life_found("gate-number"), "since 2.0 asks for the number 3.0"));
    LIFE_OK(life_make("anna", "2.3", NULL, LIFE_PRESS("urn:press:anew", ANOTHER)));
    cr_expect_str_eq(life.version.base, "2.0");
    LIFE_OK(life_gate("2.3"));
    expect_missing(" gate-number");
}

/* ------------------------------------------------------------------ the others */

Test(lifecycle_gate, who_was_overtaken_looks_at_what_came_out)
{
    life_release("1.0");
    derive("1.1", OPTIONAL);
    derive("1.2", OPTIONAL);
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.1", NULL));
    life_refused(life_step("rita", STEP_PUBLISH, "1.2", NULL), ERR_STATE, "gate", "");
    expect_missing(" gate-published-meanwhile");
    LIFE_OK(life_step("rita", STEP_REJECT, "1.2", "look at 1.1"));
    LIFE_OK(life_rebase("anna", "1.2", NULL));
    cr_expect_str_eq(life.version.base, "1.1");
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.2", NULL));
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.2", NULL));
}

Test(lifecycle_gate, a_withdrawal_meanwhile_does_not_overtake)
{
    life_release("1.0");
    derive("1.1", OPTIONAL);
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.1", NULL));
}

Test(lifecycle_gate, rebasing_asks_for_a_published_version)
{
    life_release("1.0");
    derive("1.1", OPTIONAL);
    derive("1.2", OPTIONAL);
    cr_expect_eq(life_rebase("anna", "1.2", "1.1"), ERR_STATE);
    cr_expect_eq(life_rebase("anna", "1.2", "1.2"), ERR_STATE);
    cr_expect_eq(life_rebase("anna", "1.2", "8.0"), ERR_NOT_FOUND);
    cr_expect_eq(life_rebase("anna", "7.0", NULL), ERR_NOT_FOUND);
    life_refused(life_rebase("anna", "1.0", NULL), ERR_STATE, "immutable", "new version");
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    LIFE_OK(life_rebase("anna", "1.2", NULL));
    cr_expect_str_eq(life.version.base, "");
}

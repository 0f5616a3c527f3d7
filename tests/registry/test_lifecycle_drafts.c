/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: made from any version, several at once, changed as a whole or through the submodel. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/families.h"
#include "registry/verify.h"
#include "registry/changes.h"
#include "tests/registry/life_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(lifecycle_drafts, .init = life_start, .fini = life_stop, .timeout = 120);

#define OTHER LIFE_ELEMENT("Force", "One", "how very hard")

/* The environment of a version is exactly its submodel as it is shown. */
static void expect_same(const char *label, const char *id)
{
    const char *shown = life_shown(id);
    char *wanted = arena_printf(&life.arena, "{\"submodels\":[%s]}", shown);
    cr_expect_str_neq(shown, "", "%s is not shown", id);
    cr_expect_str_eq(life_content(label), wanted);
}

/* ------------------------------------------------------------------ making */

Test(lifecycle_drafts, follow_any_version_under_an_id_of_their_own)
{
    static const struct {
        const char *from;
        const char *label;
        const char *id;
        const char *numbers;
    } rows[] = {
        {"1.0", "1.1", "https://a.example/press/1/1", "\"version\":\"1\",\"revision\":\"1\""},
        {"1.0", "2.0.3", "https://a.example/press/2/0/3", "\"version\":\"2\",\"revision\":\"0\""},
        {"1.1", "1.2+v", "https://a.example/press/1/2", "\"version\":\"1\",\"revision\":\"2\""},
        {"2.0.3", "10.20", "https://a.example/press/10/20",
            "\"version\":\"10\",\"revision\":\"20\""}};
    life_release("1.0");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        LIFE_OK(life_make("anna", rows[i].label, rows[i].from, NULL));
        cr_expect_eq(life.version.state, TEMPLATE_DRAFT);
        cr_expect_str_eq(life.version.submodel_id, rows[i].id);
        cr_expect_str_eq(life.version.base, "1.0", "what follows a draft is measured by its base");
        cr_expect_str_eq(life.version.author, "anna");
        cr_expect_not_null(strstr(life_content(rows[i].label), rows[i].numbers));
        expect_same(rows[i].label, rows[i].id);
    }
    life.request.successor = "1.1";
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.1", NULL));
    LIFE_OK(life_make("anna", "1.3", "1.1", NULL));
    cr_expect_eq(life_state("1.3"), TEMPLATE_DRAFT, "also from what is in review");
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.1", NULL));
    LIFE_OK(life_step("rita", STEP_DEPRECATE, "1.0", "old"));
    LIFE_OK(life_make("anna", "1.4", "1.0", NULL));
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    LIFE_OK(life_make("anna", "1.5", "1.0", NULL));
}

Test(lifecycle_drafts, are_refused_with_a_reason)
{
    static const struct {
        const char *label;
        const char *from;
        const char *json;
        enum err_code code;
        const char *said;
    } rows[] = {{"1.0", NULL, LIFE_PRESS("urn:x", LIFE_FORCE), ERR_EXISTS, "already"},
        {"1.0", "1.0", NULL, ERR_EXISTS, "it is published"},
        {"one", "1.0", NULL, ERR_BAD_INPUT, "is no version"},
        {NULL, "1.0", NULL, ERR_BAD_INPUT, "number of the new version is missing"},
        {"1.1", "0.9", NULL, ERR_NOT_FOUND, "no version '0.9'"},
        {"1.1", NULL, LIFE_INSTANCE("urn:x"), ERR_INVALID, "kind Template"},
        {"1.1", NULL, "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\"}", ERR_INVALID,
            "kind Template"},
        {"1.1", NULL,
            "{\"submodels\":[" LIFE_PRESS("urn:x", LIFE_FORCE) "," LIFE_PRESS(
                "urn:y", LIFE_FORCE) "]}",
            ERR_INVALID, "one submodel"}};
    life_release("1.0");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(life_make("anna", rows[i].label, rows[i].from, rows[i].json), rows[i].code,
            "%zu: %s", i, life.err.text);
        cr_expect_not_null(strstr(life.err.text, rows[i].said), "%s", life.err.text);
        cr_expect_eq(life_state("1.1"), -1);
    }
    life.family = "No Name";
    cr_expect_eq(life_make("anna", "1.1", NULL, LIFE_PRESS("urn:x", LIFE_FORCE)), ERR_BAD_INPUT);
}

Test(lifecycle_drafts, may_be_unfinished)
{
    static const char wrong[] = LIFE_TEMPLATE(LIFE_ID, "", "",
        "{\"modelType\":\"Property\",\"idShort\":\"Bad\",\"valueType\":\"xs:int\",\"value\":"
        "\"abc\"}");
    LIFE_OK(life_make("anna", "1.0", NULL, wrong));
    cr_expect_geq(life.version.errors, 1);
    cr_expect(life_found("value-type"));
    LIFE_OK(life_change("anna", "1.0", LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_expect_eq(life.version.errors, 0);
}

Test(lifecycle_drafts, of_one_family_stand_beside_each_other)
{
    static const char *const labels[] = {"2.2", "2.1", "2.0", "1.1", "1.0"};
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions = NULL;
    size_t count = 0;
    life_release("1.0");
    for (size_t i = 0; i < 4; i++) {
        LIFE_OK(life_make(i % 2 == 0 ? "anna" : "emil", labels[i], "1.0", NULL));
    }
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_family(&view, &life.arena, LIFE_FAMILY, &family, &versions, &count, NULL), ERR_OK);
    registry_view_end(&view);
    cr_assert_eq(count, 5);
    cr_expect_str_eq(family.latest, "1.0", "drafts are not the latest version");
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(versions[i].label, labels[i]);
        cr_expect_eq(versions[i].state, i < 4 ? TEMPLATE_DRAFT : TEMPLATE_PUBLISHED);
    }
}

Test(lifecycle_drafts, of_a_draft_know_no_more_than_it)
{
    life_release("1.0");
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
    LIFE_OK(life_make("emil", "1.2", "1.0", NULL));
    life_publish("1.1");
    LIFE_OK(life_make("emil", "1.3", "1.2", NULL));
    LIFE_OK(life_gate("1.3"));
    cr_expect(life_found("gate-published-meanwhile"), "1.2 was begun before 1.1 came out");
    LIFE_OK(life_make("emil", "1.4", "1.1", NULL));
    LIFE_OK(life_gate("1.4"));
    cr_expect_not(life_found("gate-published-meanwhile"));
}

/* ------------------------------------------------------------------ changing */

Test(lifecycle_drafts, follow_their_submodel_exactly)
{
    static const char meaning[] = "Speed";
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_write("emil", REGISTRY_REPLACE, LIFE_ID, LIFE_PRESS(LIFE_ID, OTHER)));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, OTHER));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_write("emil", REGISTRY_UPSERT, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_edit("emil", LIFE_ID, meaning));
    cr_expect_not_null(strstr(life_content("1.0"), "\"category\":\"Speed\""));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_change("anna", "1.0", LIFE_PRESS(LIFE_ID, OTHER)));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, OTHER));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_restore("anna", "1.0", 1));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    expect_same("1.0", LIFE_ID);
    enum registry_outcome outcome;
    LIFE_OK(registry_restore(life.registry, REGISTRY_SUBMODEL, LIFE_ID, strlen(LIFE_ID), 2,
        REGISTRY_UPSERT, NULL, NULL, NULL, &outcome, &life.err));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, OTHER));
    expect_same("1.0", LIFE_ID);
}

Test(lifecycle_drafts, keep_their_concept_descriptions_when_the_submodel_changes)
{
#define CONCEPT "{\"modelType\":\"ConceptDescription\",\"idShort\":\"C\",\"id\":\"urn:c\"}"
    LIFE_OK(life_make("anna", "1.0", NULL,
        "{\"submodels\":[" LIFE_PRESS(LIFE_ID, LIFE_FORCE) "],\"conceptDescriptions\":[" CONCEPT
                                                           "]}"));
    LIFE_OK(life_write("anna", REGISTRY_REPLACE, LIFE_ID, LIFE_PRESS(LIFE_ID, OTHER)));
    cr_expect_str_eq(life_content("1.0"),
        "{\"submodels\":[" LIFE_PRESS(LIFE_ID, OTHER) "],\"conceptDescriptions\":[" CONCEPT "]}");
    LIFE_OK(life_change("anna", "1.0", LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_expect_str_eq(life_content("1.0"),
        "{\"submodels\":[" LIFE_PRESS(LIFE_ID, LIFE_FORCE) "],\"conceptDescriptions\":[" CONCEPT
                                                           "]}");
}

Test(lifecycle_drafts, keep_kind_and_id)
{
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    const char *before = life_content("1.0");
    life_refused(life_write("anna", REGISTRY_REPLACE, LIFE_ID, LIFE_INSTANCE(LIFE_ID)), ERR_STATE,
        "template-kind", "Keep kind Template");
    life_refused(life_change("anna", "1.0", LIFE_INSTANCE(LIFE_ID)), ERR_BAD_INPUT, "template-id",
        "another draft");
    life_refused(life_change("anna", "1.0", LIFE_PRESS("urn:other", LIFE_FORCE)), ERR_BAD_INPUT,
        "template-id", "Keep the id");
    cr_expect_str_eq(life_content("1.0"), before);
}

Test(lifecycle_drafts, that_are_replaced_by_the_same_stay_as_they_are)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    static const char id[] = LIFE_FAMILY "@1.0";
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_change("emil", "1.0", LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_write("emil", REGISTRY_UPSERT, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     0, &revisions, &count, NULL),
        ERR_OK);
    registry_view_end(&view);
    cr_expect_eq(count, 1);
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    LIFE_OK(life_step("emil", STEP_APPROVE, "1.0", "has changed nothing"));
}

/* ------------------------------------------------------------------ through the submodel alone */

Test(lifecycle_drafts, are_made_by_a_new_template_submodel)
{
    struct registry_view view;
    struct registry_version version;
    LIFE_OK(life_write("anna", REGISTRY_CREATE, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_version(
                     &view, &life.arena, "a.example-smt-press", "1.0", &version, NULL, NULL, NULL),
        ERR_OK);
    registry_view_end(&view);
    cr_expect_eq(version.state, TEMPLATE_DRAFT);
    cr_expect_str_eq(version.author, "anna");
    life.family = version.family;
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_write("emil", REGISTRY_REPLACE, LIFE_ID, LIFE_PRESS(LIFE_ID, OTHER)));
    expect_same("1.0", LIFE_ID);
    LIFE_OK(life_write("emil", REGISTRY_DELETE, LIFE_ID, NULL));
    cr_expect_eq(life_state("1.0"), -1);
    cr_expect_str_eq(life_shown(LIFE_ID), "");
    LIFE_OK(life_write("emil", REGISTRY_CREATE, LIFE_ID, LIFE_PRESS(LIFE_ID, OTHER)));
    cr_expect_eq(life_state("1.0"), TEMPLATE_DRAFT, "and can be made again");
}

Test(lifecycle_drafts, of_an_instance_that_becomes_a_template_are_made)
{
    life.family = "a.example-smt-press";
    LIFE_OK(life_write("anna", REGISTRY_CREATE, LIFE_ID, LIFE_INSTANCE(LIFE_ID)));
    cr_expect_eq(life_state("1.0"), -1);
    LIFE_OK(life_write("anna", REGISTRY_REPLACE, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_expect_eq(life_state("1.0"), TEMPLATE_DRAFT);
    expect_same("1.0", LIFE_ID);
}

Test(lifecycle_drafts, that_are_discarded_leave_their_history_only)
{
    struct registry_view view;
    struct registry_family family;
    struct registry_family *families = NULL;
    struct registry_version *versions = NULL;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    static const char id[] = LIFE_FAMILY "@1.0";
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_discard("anna", "1.0"));
    cr_expect_str_eq(life_shown(LIFE_ID), "");
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_expect_eq(registry_family(&view, &life.arena, LIFE_FAMILY, &family, &versions, &count, NULL),
        ERR_NOT_FOUND, "a family without versions is none");
    cr_assert_eq(registry_families(&view, &life.arena, NULL, 0, &families, &count, NULL), ERR_OK);
    cr_expect_eq(count, 0);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     0, &revisions, &count, NULL),
        ERR_OK);
    registry_view_end(&view);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(revisions[0].operation, "discard");
    cr_expect_eq(life_restore("anna", "1.0", 1), ERR_NOT_FOUND);
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, OTHER)));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    LIFE_OK(life_step("rita", STEP_RECALL, "1.0", NULL));
    LIFE_OK(life_restore("anna", "1.0", 1));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    cr_expect_eq(life_restore("anna", "1.0", 2), ERR_NOT_FOUND, "there was nothing after it");
    cr_expect_eq(life_restore("anna", "1.0", 99), ERR_NOT_FOUND);
}

Test(lifecycle_drafts, who_worked_on_a_discarded_one_may_approve_the_next)
{
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_discard("anna", "1.0"));
    LIFE_OK(life_make("emil", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_step("emil", STEP_SUBMIT, "1.0", NULL));
    LIFE_OK(life_step("anna", STEP_APPROVE, "1.0", NULL));
}

/* ------------------------------------------------------------------ packages */

static bool has_package(const char *label)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct registry_view view;
    struct version_record record;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(version_find(&view.txn, life.family, label, &record), ERR_OK);
    bool has = memcmp(record.package, none, sizeof none) != 0;
    registry_view_end(&view);
    return has;
}

static void import_package(const char *name, bool drafts)
{
    const struct registry_author author = life_author("anna", NULL);
    struct registry_import_result result;
    char json[TEMPLATE_JSON];
    size_t len = 0;
    template_json(json, name, 1);
    char *bytes = template_package(json, 1000, &len);
    const struct registry_import input = {
        .bytes = bytes, .len = len, .source = "a.aasx", .drafts = drafts};
    LIFE_OK(registry_import(
        life.registry, &life.arena, &input, &author, &life.report, &result, &life.err));
    free(bytes);
}

Test(lifecycle_drafts, are_what_came_in_their_package_until_they_change)
{
    static const char id[] = "https://a.example/press";
    life.family = "a.example-smt-press";
    import_package("press", true);
    cr_expect_eq(life_state("1.0"), TEMPLATE_DRAFT);
    cr_expect(has_package("1.0"));
    LIFE_OK(life_edit("anna", id, "x"));
    cr_expect_not(has_package("1.0"));
    fixture_verify(life.registry);
    LIFE_OK(life_restore("anna", "1.0", 1));
    import_package("press", true);
    cr_expect(has_package("1.0"), "the same came again");
    LIFE_OK(life_change("anna", "1.0", LIFE_PRESS("https://a.example/press", LIFE_FORCE)));
    cr_expect_not(has_package("1.0"));
    fixture_verify(life.registry);
}

static size_t found_by(const char *words)
{
    struct registry_view view;
    struct registry_result result;
    const struct registry_query query = {.words = words, .templates_only = true};
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &life.arena, &query, &result, NULL), ERR_OK);
    registry_view_end(&view);
    return result.total;
}

Test(lifecycle_drafts, are_found_by_the_name_of_their_file_after_they_have_changed)
{
    char json[TEMPLATE_JSON];
    const struct registry_author author = life_author("anna", NULL);
    struct registry_import_result result;
    life.family = "a.example-smt-press";
    template_json(json, "press", 1);
    const struct registry_import input = {
        .bytes = json, .len = strlen(json), .source = "in/Hydraulikpresse.json", .drafts = true};
    LIFE_OK(registry_import(
        life.registry, &life.arena, &input, &author, &life.report, &result, &life.err));
    cr_expect_eq(found_by("hydraulikpresse"), 1);
    LIFE_OK(life_edit("anna", "https://a.example/press", "x"));
    cr_expect_eq(found_by("hydraulikpresse"), 1);
    LIFE_OK(life_change("anna", "1.0", LIFE_PRESS("https://a.example/press", LIFE_FORCE)));
    cr_expect_eq(found_by("hydraulikpresse"), 1);
    fixture_verify(life.registry);
}

Test(lifecycle_drafts, take_their_package_with_them)
{
    struct registry_verification found;
    life.family = "a.example-smt-press";
    import_package("press", true);
    LIFE_OK(life_discard("anna", "1.0"));
    cr_assert_eq(registry_verify(life.registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.blobs, 0);
    import_package("press", true);
    cr_expect(has_package("1.0"));
    LIFE_OK(life_write("anna", REGISTRY_DELETE, "https://a.example/press", NULL));
    cr_assert_eq(registry_verify(life.registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.blobs, 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown under the id of a version's submodel, what it is found by, and that nothing changes
 * it any more once it is in review or published. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/changes.h"
#include "registry/families.h"
#include "registry/files.h"
#include "tests/registry/life_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(lifecycle_shown, .init = life_start, .fini = life_stop, .timeout = 120);

#define OTHER LIFE_ELEMENT("Force", "One", "how very hard")
#define THIRD LIFE_ELEMENT("Force", "One", "how hard indeed")

/* The label of the version that is shown under LIFE_ID, "" for none. */
static const char *shown_label(void)
{
    struct registry_view view;
    struct version_shown shown = {.label = ""};
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    enum err_code code = version_shown_find(&view.txn, LIFE_ID, strlen(LIFE_ID), &shown);
    registry_view_end(&view);
    return code == ERR_OK ? arena_copy(&life.arena, shown.label, strlen(shown.label)) : "";
}

/* A draft with LIFE_ID although a version has it already. */
static void draft_with_the_same_id(const char *label, const char *from, const char *elements)
{
    char json[LIFE_JSON];
    const struct registry_author author = life_author("anna", NULL);
    const struct lifecycle_draft draft = {
        .family = LIFE_FAMILY, .label = label, .from = from, .submodel_id = LIFE_ID};
    LIFE_OK(lifecycle_draft_create(
        life.registry, &life.arena, &draft, &author, &life.report, &life.version, &life.err));
    snprintf(json, sizeof json, LIFE_PRESS(LIFE_ID, "%s"), elements);
    LIFE_OK(life_change("anna", label, json));
}

/* ------------------------------------------------------------------ what is shown */

Test(lifecycle_shown, is_the_published_version_until_a_newer_one_is_published)
{
    life_release("1.0");
    draft_with_the_same_id("1.0.1", "1.0", OTHER);
    cr_expect_str_eq(shown_label(), "1.0");
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    life_refused(life_edit("anna", LIFE_ID, "x"), ERR_STATE, "immutable", "POST /templates");
    life_publish("1.0.1");
    cr_expect_str_eq(shown_label(), "1.0.1");
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, OTHER));
    cr_expect_not_null(strstr(life_content("1.0"), "how hard"), "the old one stays");
}

Test(lifecycle_shown, falls_back_to_the_version_before_when_one_is_withdrawn)
{
    life_release("1.0");
    draft_with_the_same_id("1.0.1", "1.0", OTHER);
    life_publish("1.0.1");
    draft_with_the_same_id("1.0.2", "1.0.1", THIRD);
    life_publish("1.0.2");
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0.1", "wrong"));
    cr_expect_str_eq(shown_label(), "1.0.2", "another one is shown");
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0.2", "wrong"));
    cr_expect_str_eq(shown_label(), "1.0");
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    cr_expect_str_eq(shown_label(), "1.0", "what is withdrawn can still be read");
    life_refused(life_edit("anna", LIFE_ID, "x"), ERR_STATE, "immutable", "POST /templates");
}

Test(lifecycle_shown, is_no_draft_once_a_version_with_its_id_is_published)
{
    LIFE_OK(life_make("anna", "3.0", NULL, LIFE_PRESS(LIFE_ID, THIRD)));
    cr_expect_str_eq(shown_label(), "3.0");
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    cr_expect_str_eq(shown_label(), "3.0", "the first one stays");
    life_publish("1.0");
    cr_expect_str_eq(shown_label(), "1.0");
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    cr_expect_not_null(strstr(life_content("3.0"), "how hard indeed"), "the draft is kept");
    life_refused(life_edit("anna", LIFE_ID, "x"), ERR_STATE, "immutable", "POST /templates");
    LIFE_OK(life_discard("anna", "3.0"));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
}

Test(lifecycle_shown, leaves_an_instance_with_the_id_alone)
{
    LIFE_OK(life_write("ines", REGISTRY_CREATE, LIFE_ID, LIFE_INSTANCE(LIFE_ID)));
    life_release("1.0");
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_INSTANCE(LIFE_ID));
    LIFE_OK(life_edit("ines", LIFE_ID, "x"));
    LIFE_OK(life_write("ines", REGISTRY_DELETE, LIFE_ID, NULL));
    cr_expect_not_null(strstr(life_content("1.0"), "how hard"));
}

Test(lifecycle_shown, is_what_a_draft_says_only_where_it_is_shown)
{
    life_release("1.0");
    draft_with_the_same_id("1.0.1", "1.0", OTHER);
    LIFE_OK(life_discard("anna", "1.0.1"));
    cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    cr_expect_str_eq(shown_label(), "1.0");
}

/* ------------------------------------------------------------------ the way out */

Test(lifecycle_shown, the_way_out_is_a_number_that_nobody_has)
{
    static const struct {
        const char *made; /* as a draft, "": nothing */
        const char *way;
    } rows[] = {{"", "1.1"}, {"1.1", "1.2"}, {"1.0.4", "1.2"}, {"2.0", "1.2"}, {"1.7.1", "1.8"},
        {"1.12+wide", "1.13"}, {"1.9999", "3.0"}};
    life_release("1.0");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char way[80];
        if (rows[i].made[0] != '\0') {
            LIFE_OK(life_make("anna", rows[i].made, "1.0", NULL));
        }
        snprintf(way, sizeof way, "for example %s: POST", rows[i].way);
        life_refused(life_discard("eve", "1.0"), ERR_STATE, "immutable", way);
        snprintf(way, sizeof way, "\"version\":\"%s\"}", rows[i].way);
        life_refused(life_edit("eve", LIFE_ID, "x"), ERR_STATE, "immutable", way);
        LIFE_OK(life_make("anna", rows[i].way, "1.0", NULL));
        LIFE_OK(life_discard("anna", rows[i].way));
    }
}

Test(lifecycle_shown, the_way_out_of_a_variant_is_one_of_the_same_variant)
{
    LIFE_OK(life_make("anna", "1.0+wide", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    life_publish("1.0+wide");
    life_refused(life_edit("eve", LIFE_ID, "x"), ERR_STATE, "immutable", "for example 1.1+wide:");
    LIFE_OK(life_make("anna", "1.1+wide", "1.0+wide", NULL));
    life_refused(life_edit("eve", LIFE_ID, "x"), ERR_STATE, "immutable", "for example 1.2+wide:");
}

/* ------------------------------------------------------------------ by every way in */

static const char *target; /* id of the submodel that must stay */

static enum err_code by_replacing(void)
{
    return life_write("eve", REGISTRY_REPLACE, target, LIFE_PRESS(LIFE_ID, OTHER));
}
static enum err_code by_upserting(void)
{
    return life_write("eve", REGISTRY_UPSERT, target, LIFE_PRESS(LIFE_ID, OTHER));
}
static enum err_code by_creating(void)
{
    return life_write("eve", REGISTRY_CREATE, target, LIFE_PRESS(LIFE_ID, OTHER));
}
static enum err_code by_an_instance(void)
{
    return life_write("eve", REGISTRY_REPLACE, target, LIFE_INSTANCE(LIFE_ID));
}
static enum err_code by_the_same(void)
{
    return life_write("eve", REGISTRY_REPLACE, target, LIFE_PRESS(LIFE_ID, LIFE_FORCE));
}
static enum err_code by_deleting(void)
{
    return life_write("eve", REGISTRY_DELETE, target, NULL);
}
static enum err_code by_editing(void)
{
    return life_edit("eve", target, "x");
}

static enum err_code set_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return aas_set_text(arena, element, PROP_value, "7", 1);
}

static enum err_code by_a_value(void)
{
    const struct registry_author author = life_author("eve", NULL);
    return registry_edit_value(life.registry, REGISTRY_SUBMODEL, target, strlen(target), "Force", 5,
        NULL, set_value, NULL, &author, NULL, &life.err);
}

static enum err_code by_restoring(void)
{
    const struct registry_author author = life_author("eve", NULL);
    enum registry_outcome outcome;
    return registry_restore(life.registry, REGISTRY_SUBMODEL, target, strlen(target), 1,
        REGISTRY_UPSERT, NULL, &author, NULL, &outcome, &life.err);
}

static enum err_code leave(struct arena *arena, struct aas_node *shell, void *c, struct err *err)
{
    (void)c;
    (void)err;
    return aas_set_text(arena, shell, PROP_idShort, "Changed", 7);
}

/* As the submodel of a shell is deleted or replaced. */
static enum err_code with_companion(enum registry_operation operation, const char *json)
{
    const struct registry_author author = life_author("eve", NULL);
    const struct registry_companion companion = {
        .kind = REGISTRY_SHELL, .id = "urn:shell", .id_len = 9, .edit = leave};
    const struct registry_change change = {.operation = operation,
        .kind = REGISTRY_SUBMODEL,
        .id = target,
        .id_len = strlen(target),
        .tree = json == NULL ? NULL : fixture_tree(&life.arena, json)};
    enum registry_outcome outcome;
    return registry_write_with(
        life.registry, &change, &companion, &author, NULL, &outcome, &life.err);
}
static enum err_code below_a_shell(void)
{
    return with_companion(REGISTRY_UPSERT, LIFE_PRESS(LIFE_ID, OTHER));
}
static enum err_code deleted_below_a_shell(void)
{
    return with_companion(REGISTRY_DELETE, NULL);
}

static enum err_code by_attaching(void)
{
    const struct registry_author author = life_author("eve", NULL);
    struct blob_content content = {.bytes = "abc", .len = 3};
    struct registry_attachment attachment = {
        .content = &content, .value = "/a.txt", .content_type = "text/plain", .name = "a.txt"};
    cr_assert_eq(blob_stage(registry_store(life.registry), &content, 1, NULL), ERR_OK);
    enum err_code code = registry_edit_file(life.registry, REGISTRY_SUBMODEL, target,
        strlen(target), NULL, leave, NULL, &attachment, &author, NULL, &life.err);
    blob_release(registry_store(life.registry), &content, 1);
    return code;
}

static enum err_code (*const ways[])(void) = {by_replacing, by_upserting, by_creating,
    by_an_instance, by_the_same, by_deleting, by_editing, by_a_value, by_restoring, below_a_shell,
    deleted_below_a_shell, by_attaching};

static void expect_closed(const char *label, const char *way_out)
{
    const char *before = life_content(label);
    const char *shown = life_shown(target);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        life.err = (struct err){.code = ERR_OK};
        enum err_code code = ways[i]();
        cr_expect_eq(
            code, ERR_STATE, "way %zu of %s: %s %s", i, label, err_symbol(code), life.err.text);
        bool deletion = life_state(label) != TEMPLATE_WITHDRAWN &&
                        (ways[i] == by_deleting || ways[i] == deleted_below_a_shell);
        const char *way = deletion ? "Withdraw the version instead" : way_out;
        cr_expect_str_eq(life.err.rule, "immutable");
        cr_expect_not_null(strstr(life.err.remedy, way), "way %zu: %s", i, life.err.remedy);
        cr_expect_str_eq(life_content(label), before, "way %zu", i);
        cr_expect_str_eq(life_shown(target), shown, "way %zu", i);
    }
    life_refused(
        life_change("eve", label, LIFE_PRESS(LIFE_ID, OTHER)), ERR_STATE, "immutable", way_out);
    life_refused(life_discard("eve", label), ERR_STATE, "immutable", way_out);
    life_refused(life_restore("eve", label, 1), ERR_STATE, "immutable", way_out);
    cr_expect_str_eq(life_content(label), before);
}

static void make_shell(void)
{
    static const char shell[] =
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"assetInformation\":{"
        "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\"}}";
    cr_assert_eq(fixture_write(life.registry, REGISTRY_CREATE, NULL, shell, &life.err), ERR_OK);
}

Test(lifecycle_shown, is_changed_by_no_way_from_review_on)
{
    target = LIFE_ID;
    make_shell();
    LIFE_OK(life_make("anna", "2.0", NULL, LIFE_PRESS("urn:two", LIFE_FORCE)));
    life_publish("2.0");
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    life.err = (struct err){.code = ERR_OK};
    life_refused(by_replacing(), ERR_STATE, "immutable", "Recall it");
    life_refused(by_a_value(), ERR_STATE, "immutable", "Recall it");
    life_refused(by_deleting(), ERR_STATE, "immutable", "Recall it");
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.0", NULL));
    static const char way[] = "for example 1.1: POST /templates/" LIFE_FAMILY
                              "/versions with {\"from\":\"1.0\",\"version\":\"1.1\"}";
    expect_closed("1.0", way);
    life.request.successor = "2.0";
    LIFE_OK(life_step("rita", STEP_DEPRECATE, "1.0", "old"));
    expect_closed("1.0", way);
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    expect_closed("1.0", way);
}

static enum err_code import(const char *json, bool replace, bool drafts)
{
    const struct registry_author author = life_author("eve", NULL);
    struct registry_import_result result;
    const struct registry_import input = {.bytes = json,
        .len = strlen(json),
        .source = "eve.json",
        .replace = replace,
        .drafts = drafts};
    report_clear(&life.report);
    return registry_import(
        life.registry, &life.arena, &input, &author, &life.report, &result, &life.err);
}

Test(lifecycle_shown, is_changed_by_no_import)
{
    life_release("1.0");
    const char *before = life_content("1.0");
    for (int i = 0; i < 2; i++) {
        cr_expect_eq(import(LIFE_INSTANCE(LIFE_ID), i, false), ERR_EXISTS);
        cr_expect_str_eq(shown_label(), "1.0");
        cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
        LIFE_OK(import(i == 0 ? LIFE_PRESS(LIFE_ID, OTHER) : LIFE_PRESS(LIFE_ID, THIRD), i, true));
        cr_expect_str_eq(life_content("1.0"), before);
        cr_expect_str_eq(shown_label(), "1.0", "drafts hide nothing");
        cr_expect_str_eq(life_shown(LIFE_ID), LIFE_PRESS(LIFE_ID, LIFE_FORCE));
    }
}

/* ------------------------------------------------------------------ what it is found by */

static void expect_found(const char *state, const char *labels)
{
    struct registry_view view;
    struct registry_result result;
    char found[200] = "";
    struct registry_query query = {.words = "Force", .limit = 20};
    query.facets[FACET_STATE] = state;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &life.arena, &query, &result, &life.err), ERR_OK, "%s",
        life.err.text);
    for (size_t i = 0; i < result.count; i++) {
        if (result.hits[i].is_template) {
            size_t len = strlen(found);
            snprintf(found + len, sizeof found - len, " %s", result.hits[i].label);
        }
    }
    registry_view_end(&view);
    cr_expect_str_eq(found, labels, "%s:%s instead of%s", state, found, labels);
}

Test(lifecycle_shown, is_found_by_its_state)
{
    life_release("1.0");
    LIFE_OK(life_make("anna", "2.0", NULL, LIFE_PRESS("urn:two", LIFE_FORCE)));
    expect_found("published", " 1.0");
    expect_found("draft", " 2.0");
    LIFE_OK(life_edit("anna", "urn:two", "x"));
    expect_found("draft", " 2.0");
    LIFE_OK(life_step("anna", STEP_SUBMIT, "2.0", NULL));
    expect_found("draft", "");
    expect_found("in review", " 2.0");
    LIFE_OK(life_step("rita", STEP_REJECT, "2.0", "not yet"));
    expect_found("draft", " 2.0");
    life_publish("2.0");
    life.request.successor = "2.0";
    LIFE_OK(life_step("rita", STEP_DEPRECATE, "1.0", "old"));
    expect_found("published", " 2.0");
    expect_found("deprecated", " 1.0");
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "1.0", "wrong"));
    expect_found("deprecated", "");
    expect_found("withdrawn", " 1.0");
    LIFE_OK(life_make("anna", "3.0", "2.0", NULL));
    LIFE_OK(life_discard("anna", "3.0"));
    expect_found("draft", "");
}

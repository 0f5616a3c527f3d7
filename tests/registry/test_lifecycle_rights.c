/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what with templates: each role, on each step and each way in. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/access.h"
#include "registry/changes.h"
#include "registry/families.h"
#include "tests/registry/life_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(lifecycle_rights, .init = life_start, .fini = life_stop, .timeout = 120);

#define OTHER LIFE_ELEMENT("Force", "One", "how very hard")
#define ROLE(role_)                                                                                \
    {                                                                                              \
        .role = role_, .value = ""                                                                 \
    }
#define IN_FAMILY(role_, name)                                                                     \
    {                                                                                              \
        .role = role_, .limit = ACCESS_LIMIT_FAMILY, .value = name                                 \
    }
#define IN_CATEGORY(role_, name)                                                                   \
    {                                                                                              \
        .role = role_, .limit = ACCESS_LIMIT_CATEGORY, .value = name                               \
    }

static const struct access_grant readers[] = {ROLE(ROLE_READER)};
static const struct access_grant integrators[] = {ROLE(ROLE_INTEGRATOR)};
static const struct access_grant modellers[] = {ROLE(ROLE_MODELLER)};
static const struct access_grant reviewers[] = {ROLE(ROLE_REVIEWER)};
static const struct access_grant administrators[] = {ROLE(ROLE_ADMINISTRATOR)};
static const struct access_grant press_modellers[] = {IN_FAMILY(ROLE_MODELLER, LIFE_FAMILY)};
static const struct access_grant pump_modellers[] = {IN_FAMILY(ROLE_MODELLER, "pump")};
static const struct access_grant machine_modellers[] = {IN_CATEGORY(ROLE_MODELLER, "machine")};
static const struct access_grant time_modellers[] = {IN_CATEGORY(ROLE_MODELLER, "time-series")};

/* Somebody who is known with one role. */
#define SOMEBODY(who)                                                                              \
    {                                                                                              \
        .name = #who, .known = true, .grants = who, .grant_count = 1                               \
    }
static const struct access_principal reader = SOMEBODY(readers);
static const struct access_principal integrator = SOMEBODY(integrators);
static const struct access_principal modeller = SOMEBODY(modellers);
static const struct access_principal reviewer = SOMEBODY(reviewers);
static const struct access_principal administrator = SOMEBODY(administrators);
static const struct access_principal press_modeller = SOMEBODY(press_modellers);
static const struct access_principal pump_modeller = SOMEBODY(pump_modellers);
static const struct access_principal machine_modeller = SOMEBODY(machine_modellers);
static const struct access_principal time_modeller = SOMEBODY(time_modellers);
static const struct access_principal stranger = {.name = ""};
static const struct access_principal anybody = {.name = "", .unrestricted = true};

/* ------------------------------------------------------------------ steps and drafts */

struct chance {
    const struct access_principal *who;
    bool makes;   /* and changes, submits, recalls, rebases, discards drafts */
    bool decides; /* approves, rejects, publishes, deprecates, withdraws */
};
static const struct chance chances[] = {{NULL, true, true}, {&anybody, true, true},
    {&stranger, false, false}, {&reader, false, false}, {&integrator, false, false},
    {&modeller, true, false}, {&reviewer, false, true}, {&administrator, true, true},
    {&press_modeller, true, false}, {&pump_modeller, false, false},
    {&machine_modeller, true, false}, {&time_modeller, false, false}};

static void as(const struct access_principal *who)
{
    life.principal = who;
}

/* Whoever may not is told so, and nothing happens. */
static void expect_chance(const struct chance *chance, bool may, enum err_code code)
{
    const char *name = chance->who == NULL ? "whoever has the files" : chance->who->name;
    enum err_code refused = chance->who == &stranger ? ERR_UNAUTHENTICATED : ERR_FORBIDDEN;
    cr_expect_eq(code, may ? ERR_OK : refused, "%s: %s %s", name, err_symbol(code), life.err.text);
}

static void try_drafts(const struct chance *chance)
{
    as(chance->who);
    expect_chance(chance, chance->makes, life_make("x", "1.1", "1.0", NULL));
    as(NULL);
    cr_expect_eq(life_state("1.1") == TEMPLATE_DRAFT, chance->makes);
    if (!chance->makes) {
        LIFE_OK(life_make("x", "1.1", "1.0", NULL));
    }
    const char *id = life.version.submodel_id;
    as(chance->who);
    expect_chance(chance, chance->makes, life_edit("x", id, "x"));
    expect_chance(chance, chance->makes, life_restore("x", "1.1", 1));
    expect_chance(chance, chance->makes, life_rebase("x", "1.1", NULL));
    expect_chance(chance, chance->makes, life_step("x", STEP_SUBMIT, "1.1", NULL));
    as(NULL);
    if (!chance->makes) {
        LIFE_OK(life_step("x", STEP_SUBMIT, "1.1", NULL));
    }
    as(chance->who);
    expect_chance(chance, chance->makes, life_step("x", STEP_RECALL, "1.1", NULL));
    as(NULL);
    if (!chance->makes) {
        LIFE_OK(life_step("x", STEP_RECALL, "1.1", NULL));
    }
    as(chance->who);
    expect_chance(chance, chance->makes, life_discard("x", "1.1"));
    as(NULL);
    cr_expect_eq(life_state("1.1"), chance->makes ? -1 : TEMPLATE_DRAFT);
    if (!chance->makes) {
        LIFE_OK(life_discard("x", "1.1"));
    }
}

Test(lifecycle_rights, to_drafts_are_those_of_modellers)
{
    life_release("1.0");
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++) {
        try_drafts(&chances[i]);
    }
}

static void try_decisions(const struct chance *chance, size_t number)
{
    static const enum lifecycle_step steps[] = {
        STEP_REJECT, STEP_APPROVE, STEP_PUBLISH, STEP_DEPRECATE, STEP_WITHDRAW};
    char label[16];
    snprintf(label, sizeof label, "1.%zu", number + 1);
    as(NULL);
    LIFE_OK(life_make("anna", label, "1.0", NULL));
    LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        as(chance->who);
        expect_chance(chance, chance->decides, life_step("x", steps[i], label, "because"));
        as(NULL);
        if (!chance->decides) {
            LIFE_OK(life_step("rita", steps[i], label, "because"));
        }
        if (steps[i] == STEP_REJECT) {
            LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
        }
    }
    cr_expect_eq(life_state(label), TEMPLATE_WITHDRAWN);
}

Test(lifecycle_rights, to_decisions_are_those_of_reviewers)
{
    life_release("1.0");
    life.request.successor = "1.0";
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++) {
        try_decisions(&chances[i], i);
    }
}

Test(lifecycle_rights, are_asked_for_before_the_state)
{
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    as(&modeller);
    cr_expect_eq(life_step("x", STEP_PUBLISH, "1.0", NULL), ERR_FORBIDDEN);
    cr_expect_eq(life_step("x", STEP_WITHDRAW, "1.0", "y"), ERR_FORBIDDEN);
    cr_expect_not_null(strstr(life.err.text, "\"publish\" on templates, family " LIFE_FAMILY), "%s",
        life.err.text);
    as(&reviewer);
    cr_expect_eq(life_step("x", STEP_SUBMIT, "1.0", NULL), ERR_FORBIDDEN);
}

Test(lifecycle_rights, of_a_category_reach_the_families_in_it)
{
    static const struct access_grant grants[] = {IN_CATEGORY(ROLE_MODELLER, "equipment")};
    static const struct access_principal somebody = SOMEBODY(grants);
    as(&somebody);
    LIFE_OK(life_make("x", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    life.family = "idta-02006";
    cr_expect_eq(life_make("x", "1.0", NULL, LIFE_PRESS("urn:y", LIFE_FORCE)), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ ordinary writes */

struct writer {
    const struct access_principal *who;
    bool models;    /* writes instances */
    bool templates; /* writes templates of any family */
};
static const struct writer writers[] = {{NULL, true, true}, {&anybody, true, true},
    {&stranger, false, false}, {&reader, false, false}, {&integrator, true, false},
    {&modeller, false, true}, {&reviewer, false, false}, {&administrator, true, true},
    {&press_modeller, false, false}};

static void expect_write(const struct writer *writer, bool may, enum registry_operation operation,
    const char *id, const char *json)
{
    const struct chance chance = {.who = writer->who};
    as(writer->who);
    expect_chance(&chance, may, life_write("x", operation, id, json));
    as(NULL);
}

Test(lifecycle_rights, to_instances_are_those_of_integrators)
{
    static const char changed[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:i\"}";
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        const struct writer *w = &writers[i];
        expect_write(w, w->models, REGISTRY_CREATE, "urn:i", LIFE_INSTANCE("urn:i"));
        LIFE_OK(life_write("x", REGISTRY_UPSERT, "urn:i", LIFE_INSTANCE("urn:i")));
        expect_write(w, w->models, REGISTRY_REPLACE, "urn:i", changed);
        expect_write(w, w->models, REGISTRY_DELETE, "urn:i", NULL);
        if (!w->models) {
            LIFE_OK(life_write("x", REGISTRY_DELETE, "urn:i", NULL));
        }
    }
}

Test(lifecycle_rights, to_template_submodels_are_those_of_modellers)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        const struct writer *w = &writers[i];
        expect_write(w, w->templates, REGISTRY_CREATE, "urn:t", LIFE_PRESS("urn:t", LIFE_FORCE));
        LIFE_OK(life_write("x", REGISTRY_UPSERT, "urn:t", LIFE_PRESS("urn:t", LIFE_FORCE)));
        expect_write(w, w->templates, REGISTRY_REPLACE, "urn:t", LIFE_PRESS("urn:t", OTHER));
        expect_write(w, w->templates, REGISTRY_DELETE, "urn:t", NULL);
        if (!w->templates) {
            LIFE_OK(life_write("x", REGISTRY_DELETE, "urn:t", NULL));
        }
    }
}

Test(lifecycle_rights, to_both_are_needed_to_make_a_template_of_an_instance)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        const struct writer *w = &writers[i];
        LIFE_OK(life_write("x", REGISTRY_CREATE, "urn:b", LIFE_INSTANCE("urn:b")));
        expect_write(w, w->templates && w->models, REGISTRY_REPLACE, "urn:b",
            LIFE_PRESS("urn:b", LIFE_FORCE));
        LIFE_OK(life_write("x", REGISTRY_DELETE, "urn:b", NULL));
    }
}

Test(lifecycle_rights, to_one_family_are_no_rights_to_others)
{
    static const struct access_grant grants[] = {IN_FAMILY(ROLE_MODELLER, "a.example-smt-press")};
    static const struct access_principal somebody = SOMEBODY(grants);
    static const char other[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:o\",\"kind\":"
                                "\"Template\",\"semanticId\":{\"type\":\"ExternalReference\","
                                "\"keys\":[{\"type\":\"GlobalReference\",\"value\":"
                                "\"https://a.example/smt/other\"}]}}";
    as(&somebody);
    LIFE_OK(life_write("x", REGISTRY_CREATE, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_edit("x", LIFE_ID, "y"));
    cr_expect_eq(life_write("x", REGISTRY_CREATE, "urn:o", other), ERR_FORBIDDEN);
    cr_expect_eq(life_write("x", REGISTRY_CREATE, "urn:i", LIFE_INSTANCE("urn:i")), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ imports */

static enum err_code import(const struct access_principal *who, const char *bytes, size_t len)
{
    struct registry_import_result result;
    as(who);
    const struct registry_author author = life_author("x", NULL);
    const struct registry_import input = {.bytes = bytes, .len = len, .source = "a.json"};
    report_clear(&life.report);
    life.err = (struct err){.code = ERR_OK};
    enum err_code code = registry_import(
        life.registry, &life.arena, &input, &author, &life.report, &result, &life.err);
    as(NULL);
    return code;
}

Test(lifecycle_rights, decide_in_which_state_an_import_comes)
{
    static const struct {
        const struct access_principal *who;
        int state; /* -1: refused */
    } rows[] = {{NULL, TEMPLATE_PUBLISHED}, {&anybody, TEMPLATE_PUBLISHED}, {&stranger, -1},
        {&reader, -1}, {&integrator, -1}, {&modeller, TEMPLATE_DRAFT}, {&reviewer, -1},
        {&administrator, TEMPLATE_PUBLISHED}, {&pump_modeller, -1}};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    char json[TEMPLATE_JSON];
    char family[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        template_json(json, names[i], 1);
        snprintf(family, sizeof family, "a.example-smt-%s", names[i]);
        life.family = family;
        const struct chance chance = {.who = rows[i].who};
        expect_chance(&chance, rows[i].state >= 0, import(rows[i].who, json, strlen(json)));
        cr_expect_eq(life_state("1.0"), rows[i].state, "%zu", i);
    }
}

static bool has_package(void)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct registry_view view;
    struct version_record record;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(version_find(&view.txn, life.family, "1.0", &record), ERR_OK);
    bool has = memcmp(record.package, none, sizeof none) != 0;
    registry_view_end(&view);
    return has;
}

Test(lifecycle_rights, to_publish_are_needed_to_add_a_package_to_what_is_published)
{
    static const struct access_principal *const others[] = {
        &reader, &integrator, &modeller, &stranger};
    char json[TEMPLATE_JSON];
    size_t len = 0;
    life.family = "a.example-smt-press";
    template_json(json, "press", 1);
    char *bytes = template_package(json, 100, &len);
    cr_assert_eq(import(&administrator, json, strlen(json)), ERR_OK);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cr_expect_eq(import(others[i], bytes, len), ERR_OK, "the same is there");
        cr_expect_not(has_package(), "%s", others[i]->name);
        free(bytes);
        bytes = template_package(json, 101 + i, &len); /* another file, not one seen before */
    }
    cr_assert_eq(import(&administrator, bytes, len), ERR_OK);
    cr_expect(has_package());
    free(bytes);
}

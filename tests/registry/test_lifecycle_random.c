/* SPDX-License-Identifier: Apache-2.0 */
/* Random steps and edits of several versions of several families against a small model of what must
 * come of them: who may go where, what the gate misses, what a version follows. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/registry/life_fixture.h"

TestSuite(lifecycle_random, .init = life_start, .fini = life_stop, .timeout = 300);

enum {
    FAMILIES = 3,
    VERSIONS = 6,
    BATCHES = 6,
    DEEDS = 400,
    NONE = -1,
    WITHOUT_CATEGORY = 2,
    LABEL = 16,
    ID = 40
};

static const char *const families[FAMILIES] = {LIFE_FAMILY, "idta-02006", "nobody-knows"};

/* What a version must be. */
struct model {
    int state;     /* NONE: not there */
    int value;     /* that its element has */
    int seen;      /* versions that were published when it was begun or rebased */
    bool approved; /* by somebody who has not worked on it */
};

/* What is done: a step from one state to another, or something else. */
enum deed {
    SUBMIT,
    RECALL,
    REJECT,
    APPROVE,
    PUBLISH,
    DEPRECATE,
    WITHDRAW,
    REBASE,
    PUT_SUBMODEL,
    PUT_WHOLE,
    DEED_COUNT
};

static struct model models[FAMILIES][VERSIONS];
static int done[DEED_COUNT];                             /* how often with success */
static int missed_category, missed_new, missed_approval; /* refusals of the gate */

static unsigned next(unsigned *seed, unsigned below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

/* ------------------------------------------------------------------ names and contents */

struct which {
    int family;
    int version;
    char label[LABEL];
    char id[ID];
    struct model *model;
};

static struct which name(int family, int version)
{
    struct which which = {family, version, "", "", &models[family][version]};
    snprintf(which.label, sizeof which.label, "%d.0", version + 1);
    snprintf(which.id, sizeof which.id, "urn:f%d:v%d", family, version);
    life.family = families[family];
    return which;
}

static const char *content(const struct which *which, int value)
{
    return arena_printf(&life.arena,
        LIFE_PRESS("%s", "{\"modelType\":\"Property\",\"idShort\":\"Force\",\"valueType\":"
                         "\"xs:int\",\"value\":\"%d\"}"),
        which->id, value);
}

/* ------------------------------------------------------------------ what the model says */

static bool stands(int state)
{
    return state == TEMPLATE_PUBLISHED || state == TEMPLATE_DEPRECATED;
}

/* Versions of a family that are or were published. */
static int published(int family)
{
    int count = 0;
    for (int i = 0; i < VERSIONS; i++) {
        count += models[family][i].state >= TEMPLATE_PUBLISHED;
    }
    return count;
}

/* What a version follows when it is begun or rebased. */
static void expect_base(const struct which *which)
{
    char base[LABEL] = "";
    for (int i = 0; i < which->version; i++) {
        if (stands(models[which->family][i].state)) {
            snprintf(base, sizeof base, "%d.0", i + 1);
        }
    }
    cr_assert_str_eq(
        life.version.base, base, "%s follows %s, not %s", which->label, life.version.base, base);
}

/* ERR_OK from these states only. */
static enum err_code wanted(const struct model *model, unsigned from)
{
    return model->state == NONE               ? ERR_NOT_FOUND
           : (from >> model->state & 1U) != 0 ? ERR_OK
                                              : ERR_STATE;
}

/* ------------------------------------------------------------------ deeds */

/* Writes through the submodel, or the version as a whole. */
static enum err_code edit(const struct which *which, int value, bool whole)
{
    struct model *model = which->model;
    const char *json = content(which, value);
    bool makes = model->state == NONE;
    enum err_code code = makes   ? life_make("anna", which->label, NULL, json)
                         : whole ? life_change("emil", which->label, json)
                                 : life_write("emil", REGISTRY_REPLACE, which->id, json);
    enum err_code expected = makes ? ERR_OK : wanted(model, 1U << TEMPLATE_DRAFT);
    cr_assert_eq(code, expected, "%s %s", which->label, life.err.text);
    if (makes) {
        expect_base(which);
        *model = (struct model){.state = TEMPLATE_DRAFT, .seen = published(which->family)};
    }
    model->value = code == ERR_OK ? value : model->value;
    return code;
}

/* The steps that need nothing of other versions. */
static enum err_code step(const struct which *which, enum deed deed)
{
    static const struct {
        enum lifecycle_step step;
        unsigned from;
        int to;
    } rows[] = {[SUBMIT] = {STEP_SUBMIT, 1U << TEMPLATE_DRAFT, TEMPLATE_IN_REVIEW},
        [RECALL] = {STEP_RECALL, 1U << TEMPLATE_IN_REVIEW, TEMPLATE_DRAFT},
        [REJECT] = {STEP_REJECT, 1U << TEMPLATE_IN_REVIEW, TEMPLATE_DRAFT},
        [APPROVE] = {STEP_APPROVE, 1U << TEMPLATE_IN_REVIEW, TEMPLATE_IN_REVIEW},
        [WITHDRAW] = {STEP_WITHDRAW, 1U << TEMPLATE_PUBLISHED | 1U << TEMPLATE_DEPRECATED,
            TEMPLATE_WITHDRAWN}};
    struct model *model = which->model;
    enum err_code code = life_step("rita", rows[deed].step, which->label, "why");
    cr_assert_eq(code, wanted(model, rows[deed].from), "%s %s", which->label, life.err.text);
    if (code == ERR_OK) {
        model->state = rows[deed].to;
        model->approved = deed == APPROVE || (model->approved && deed == SUBMIT);
    }
    return code;
}

static void expect_missing(const char *rule, bool missing, int *count)
{
    cr_assert_eq(life_found(rule) != NULL, missing, "%s", rule);
    *count += missing;
}

static enum err_code publish(const struct which *which)
{
    struct model *model = which->model;
    bool reviewed = model->state == TEMPLATE_IN_REVIEW;
    bool nameless = which->family == WITHOUT_CATEGORY;
    bool overtaken = model->seen != published(which->family);
    enum err_code expected = wanted(model, 1U << TEMPLATE_IN_REVIEW);
    if (reviewed && (nameless || overtaken || !model->approved)) {
        expected = ERR_STATE;
    }
    enum err_code code = life_step("rita", STEP_PUBLISH, which->label, NULL);
    cr_assert_eq(code, expected, "%s %s", which->label, life.err.text);
    if (reviewed) {
        expect_missing("gate-category", nameless, &missed_category);
        expect_missing("gate-published-meanwhile", overtaken, &missed_new);
        expect_missing("gate-approvals", !model->approved, &missed_approval);
        cr_assert_null(life_found("gate-number"), "%s", life_found("gate-number"));
    }
    model->state = code == ERR_OK ? TEMPLATE_PUBLISHED : model->state;
    return code;
}

/* A successor is another published version of the family. */
static enum err_code deprecate(const struct which *which, int successor)
{
    char label[LABEL];
    struct model *model = which->model;
    bool fits =
        successor != which->version && models[which->family][successor].state == TEMPLATE_PUBLISHED;
    enum err_code expected = wanted(model, 1U << TEMPLATE_PUBLISHED);
    snprintf(label, sizeof label, "%d.0", successor + 1);
    life.request.successor = label;
    enum err_code code = life_step("rita", STEP_DEPRECATE, which->label, "old");
    life.request.successor = NULL;
    expected = expected == ERR_OK && !fits ? ERR_BAD_INPUT : expected;
    cr_assert_eq(code, expected, "%s %s", which->label, life.err.text);
    if (code == ERR_OK) {
        model->state = TEMPLATE_DEPRECATED;
        cr_assert_str_eq(life.version.successor, label);
    }
    return code;
}

static enum err_code rebase(const struct which *which)
{
    struct model *model = which->model;
    enum err_code code = life_rebase("anna", which->label, NULL);
    enum err_code expected = wanted(model, 1U << TEMPLATE_DRAFT | 1U << TEMPLATE_IN_REVIEW);
    cr_assert_eq(code, expected, "%s %s", which->label, life.err.text);
    if (code == ERR_OK) {
        expect_base(which);
        model->seen = published(which->family);
        model->approved = false;
    }
    return code;
}

static enum err_code carry_out(const struct which *which, enum deed deed, int value, unsigned other)
{
    switch (deed) {
    case PUBLISH:
        return publish(which);
    case DEPRECATE:
        return deprecate(which, (int)other);
    case REBASE:
        return rebase(which);
    case PUT_SUBMODEL:
    case PUT_WHOLE:
        return edit(which, value, deed == PUT_WHOLE);
    default:
        return step(which, deed);
    }
}

/* ------------------------------------------------------------------ what must be */

static void expect_model(const struct which *which)
{
    const struct model *model = which->model;
    cr_assert_eq(life_state(which->label), model->state);
    if (model->state != NONE) {
        const char *submodel = content(which, model->value);
        const char *whole = arena_printf(&life.arena, "{\"submodels\":[%s]}", submodel);
        cr_assert_str_eq(life_content(which->label), whole);
        cr_assert_str_eq(life_shown(which->id), submodel);
    }
}

static void expect_all(void)
{
    for (int family = 0; family < FAMILIES; family++) {
        for (int version = 0; version < VERSIONS; version++) {
            const struct which which = name(family, version);
            expect_model(&which);
        }
    }
    fixture_verify(life.registry);
}

/* Each revision of a draft, brought back, is exactly what it was; nothing brings another content
 * into what does not change any more. */
static size_t restore_each(const struct which *which)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    const char *id = arena_printf(&life.arena, "%s@%s", life.family, which->label);
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     0, &revisions, &count, NULL),
        ERR_OK);
    registry_view_end(&view);
    for (size_t i = 0; i < count; i++) {
        const char *json = NULL;
        size_t len = 0;
        cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
        cr_assert_eq(registry_revision_content(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id,
                         strlen(id), revisions[i].revision, &json, &len, NULL),
            ERR_OK);
        registry_view_end(&view);
        if (which->model->state != TEMPLATE_DRAFT) {
            cr_assert_eq(life_restore("anna", which->label, revisions[i].revision), ERR_STATE);
            continue;
        }
        LIFE_OK(life_restore("anna", which->label, revisions[i].revision));
        cr_assert_eq(strlen(life_content(which->label)), len);
        cr_assert_eq(memcmp(life_content(which->label), json, len), 0, "%s", which->id);
    }
    return count;
}

static void renew_arena(void)
{
    arena_finish(&life.arena);
    arena_init(&life.arena, (size_t)256 << 20);
}

Test(lifecycle_random, versions_are_what_was_done_to_them)
{
    unsigned seed = 20;
    size_t revisions = 0;
    life.request.policy.approvals = 1;
    for (int i = 0; i < FAMILIES * VERSIONS; i++) {
        models[i / VERSIONS][i % VERSIONS] = (struct model){.state = NONE};
    }
    for (int i = 0; i < BATCHES * DEEDS; i++) {
        renew_arena();
        const struct which which = name((int)next(&seed, FAMILIES), (int)next(&seed, VERSIONS));
        enum deed deed = (enum deed)next(&seed, DEED_COUNT);
        /* What ends a life is done now and then, so that there are lives to end. */
        deed = deed == WITHDRAW && next(&seed, 8) > 0 ? PUBLISH : deed;
        done[deed] += carry_out(&which, deed, i, next(&seed, VERSIONS)) == ERR_OK;
        expect_model(&which);
        if (i % DEEDS == DEEDS - 1) {
            expect_all();
        }
    }
    for (int deed = 0; deed < DEED_COUNT; deed++) {
        cr_expect_gt(done[deed], 0, "deed %d never came about", deed);
    }
    cr_expect_gt(missed_category, 0);
    cr_expect_gt(missed_new, 0);
    cr_expect_gt(missed_approval, 0);
    for (int i = 0; i < FAMILIES * VERSIONS; i++) {
        const struct which which = name(i / VERSIONS, i % VERSIONS);
        renew_arena();
        revisions += which.model->state != NONE ? restore_each(&which) : 0;
    }
    cr_expect_gt(revisions, 100);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Random steps and edits of several versions against a small model of what must come of them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/registry/life_fixture.h"

TestSuite(lifecycle_random, .init = life_start, .fini = life_stop, .timeout = 300);

enum { VERSIONS = 4, BATCHES = 6, DEEDS = 40, NONE = -1 };

/* What a version must be. */
struct model {
    int state; /* NONE: not there */
    int value; /* that its element has */
};

static unsigned next(unsigned *seed, unsigned below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

static const char *content(int version, int value)
{
    return arena_printf(&life.arena,
        LIFE_PRESS("urn:v%d", "{\"modelType\":\"Property\",\"idShort\":\"Force\",\"valueType\":"
                              "\"xs:int\",\"value\":\"%d\"}"),
        version, value);
}

/* Writes through the submodel, or the version as a whole. */
static void edit(struct model *model, int version, const char *label, int value, bool whole)
{
    char id[16];
    snprintf(id, sizeof id, "urn:v%d", version);
    const char *json = content(version, value);
    enum err_code code = model->state == NONE ? life_make("anna", label, NULL, json)
                         : whole              ? life_change("emil", label, json)
                                              : life_write("emil", REGISTRY_REPLACE, id, json);
    bool may = model->state == NONE || model->state == TEMPLATE_DRAFT;
    cr_assert_eq(code, may ? ERR_OK : ERR_STATE, "%s %s", label, life.err.text);
    model->value = may ? value : model->value;
    model->state = model->state == NONE ? TEMPLATE_DRAFT : model->state;
}

/* The steps that need nothing of other versions. */
static void take_step(struct model *model, const char *label, unsigned step)
{
    static const struct {
        enum lifecycle_step step;
        int from;
        int to;
    } rows[] = {{STEP_SUBMIT, TEMPLATE_DRAFT, TEMPLATE_IN_REVIEW},
        {STEP_RECALL, TEMPLATE_IN_REVIEW, TEMPLATE_DRAFT},
        {STEP_REJECT, TEMPLATE_IN_REVIEW, TEMPLATE_DRAFT},
        {STEP_APPROVE, TEMPLATE_IN_REVIEW, TEMPLATE_IN_REVIEW}};
    enum err_code code = life_step("rita", rows[step].step, label, "why");
    enum err_code wanted = model->state == NONE              ? ERR_NOT_FOUND
                           : model->state == rows[step].from ? ERR_OK
                                                             : ERR_STATE;
    cr_assert_eq(code, wanted, "%s %s", label, life.err.text);
    model->state = wanted == ERR_OK ? rows[step].to : model->state;
}

/* Each revision of a draft, brought back, is exactly what it was. */
static void restore_each(int version, const char *label)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    const char *id = arena_printf(&life.arena, "jig.example-smt-press@%s", label);
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
        LIFE_OK(life_restore("anna", label, revisions[i].revision));
        cr_assert_eq(strlen(life_content(label)), len);
        cr_assert_eq(memcmp(life_content(label), json, len), 0, "urn:v%d", version);
    }
    cr_expect_gt(count, 5);
}

Test(lifecycle_random, versions_are_what_was_done_to_them)
{
    struct model models[VERSIONS];
    unsigned seed = 20;
    for (int i = 0; i < VERSIONS; i++) {
        models[i] = (struct model){.state = NONE};
    }
    for (int i = 0; i < BATCHES * DEEDS; i++) {
        char label[16];
        int version = (int)next(&seed, VERSIONS);
        unsigned deed = next(&seed, 6);
        snprintf(label, sizeof label, "%d.0", version + 1);
        if (deed < 4) {
            take_step(&models[version], label, deed);
        } else {
            edit(&models[version], version, label, i, deed == 4);
        }
        cr_assert_eq(life_state(label), models[version].state);
        if (models[version].state != NONE) {
            cr_assert_str_eq(life_content(label), arena_printf(&life.arena, "{\"submodels\":[%s]}",
                                                      content(version, models[version].value)));
        }
        if (i % DEEDS == DEEDS - 1) {
            fixture_verify(life.registry);
        }
    }
    for (int i = 0; i < VERSIONS; i++) {
        char label[16];
        snprintf(label, sizeof label, "%d.0", i + 1);
        if (models[i].state == TEMPLATE_IN_REVIEW) {
            take_step(&models[i], label, 1);
        }
        restore_each(i, label);
    }
}

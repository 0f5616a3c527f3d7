/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a template version from one state to the next: who, why, and from where. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "registry/access.h"
#include "registry/families.h"
#include "tests/registry/life_fixture.h"

TestSuite(lifecycle, .init = life_start, .fini = life_stop, .timeout = 120);

enum { NOT = -1 };

/* ------------------------------------------------------------------ every state, every step */

/* Where a step leads from a state. */
static const int leads_to[][STEP_COUNT] = {
    /* submit, recall, approve, reject, publish, deprecate, withdraw */
    [TEMPLATE_DRAFT] = {TEMPLATE_IN_REVIEW, NOT, NOT, NOT, NOT, NOT, NOT},
    [TEMPLATE_IN_REVIEW] = {NOT, TEMPLATE_DRAFT, TEMPLATE_IN_REVIEW, TEMPLATE_DRAFT,
        TEMPLATE_PUBLISHED, NOT, NOT},
    [TEMPLATE_PUBLISHED] = {NOT, NOT, NOT, NOT, NOT, TEMPLATE_DEPRECATED, TEMPLATE_WITHDRAWN},
    [TEMPLATE_DEPRECATED] = {NOT, NOT, NOT, NOT, NOT, NOT, TEMPLATE_WITHDRAWN},
    [TEMPLATE_WITHDRAWN] = {NOT, NOT, NOT, NOT, NOT, NOT, NOT}};

/* A new version that has come as far as that state. */
static void bring_to(const char *label, int state)
{
    char json[LIFE_JSON];
    snprintf(json, sizeof json, LIFE_PRESS("https://a.example/press/%s", LIFE_FORCE), label);
    LIFE_OK(life_make("anna", label, NULL, json));
    if (state >= TEMPLATE_IN_REVIEW) {
        LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
    }
    if (state >= TEMPLATE_PUBLISHED) {
        LIFE_OK(life_step("rita", STEP_PUBLISH, label, NULL));
    }
    if (state == TEMPLATE_DEPRECATED) {
        LIFE_OK(life_step("rita", STEP_DEPRECATE, label, "old"));
    }
    if (state == TEMPLATE_WITHDRAWN) {
        LIFE_OK(life_step("rita", STEP_WITHDRAW, label, "wrong"));
    }
    cr_assert_eq(life_state(label), state);
}

static void try_step(const char *label, int state, enum lifecycle_step step)
{
    const char *name = lifecycle_row(step)->name;
    int target = leads_to[state][step];
    enum err_code code = life_step("rita", step, label, "because");
    if (target == NOT) {
        life_refused(code, ERR_STATE, "transition", "");
        cr_expect_eq(life_state(label), state, "%s changed a %s version", name,
            template_state_text((enum template_state)state));
        return;
    }
    cr_expect_eq(code, ERR_OK, "%s of a %s version: %s", name,
        template_state_text((enum template_state)state), life.err.text);
    cr_expect_eq(life_state(label), target, "%s", name);
    cr_expect_eq((int)life.version.state, target);
}

Test(lifecycle, leads_from_each_state_to_those_of_the_table_and_no_others)
{
    life_release("1.0");
    life.request.successor = "1.0";
    for (int state = TEMPLATE_DRAFT; state <= TEMPLATE_WITHDRAWN; state++) {
        for (unsigned step = 0; step < STEP_COUNT; step++) {
            char label[16];
            snprintf(label, sizeof label, "2.%d", state * STEP_COUNT + (int)step);
            bring_to(label, state);
            try_step(label, state, (enum lifecycle_step)step);
        }
    }
}

Test(lifecycle, a_refused_step_says_what_can_be_done_instead)
{
    static const struct {
        enum template_state state;
        enum lifecycle_step step;
        const char *way;
    } rows[] = {{TEMPLATE_DRAFT, STEP_PUBLISH, "What can be done now is: submit."},
        {TEMPLATE_IN_REVIEW, STEP_DEPRECATE,
            "What can be done now is: recall, approve, reject, publish."},
        {TEMPLATE_PUBLISHED, STEP_SUBMIT, "What can be done now is: deprecate, withdraw."},
        {TEMPLATE_DEPRECATED, STEP_DEPRECATE, "What can be done now is: withdraw."},
        {TEMPLATE_WITHDRAWN, STEP_PUBLISH, "make a new version"}};
    life_release("1.0");
    life.request.successor = "1.0";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char label[16];
        snprintf(label, sizeof label, "2.%zu", i);
        bring_to(label, (int)rows[i].state);
        life_refused(
            life_step("rita", rows[i].step, label, "why"), ERR_STATE, "transition", rows[i].way);
        cr_expect_not_null(strstr(life.err.text, template_state_text(rows[i].state)));
    }
}

Test(lifecycle, steps_of_what_is_not_there_are_not_found)
{
    for (unsigned step = 0; step < STEP_COUNT; step++) {
        cr_expect_eq(life_step("rita", (enum lifecycle_step)step, "1.0", "why"), ERR_NOT_FOUND);
        cr_expect_not_null(strstr(life.err.text, "there is no version '1.0'"), "%s", life.err.text);
    }
}

Test(lifecycle, steps_have_names_and_rights)
{
    static const struct {
        const char *name;
        const char *right;
        bool reason;
    } rows[] = {{"submit", "update", false}, {"recall", "update", false},
        {"approve", "review", false}, {"reject", "review", true}, {"publish", "publish", false},
        {"deprecate", "publish", true}, {"withdraw", "publish", true}};
    enum lifecycle_step step = STEP_COUNT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert(lifecycle_step_read(rows[i].name, &step), "%s", rows[i].name);
        const struct lifecycle_row *row = lifecycle_row(step);
        cr_expect_str_eq(row->name, rows[i].name);
        cr_expect_str_eq(access_right_name((enum access_right)row->right), rows[i].right);
        cr_expect_eq(row->needs_reason, rows[i].reason, "%s", row->name);
    }
    cr_expect_not(lifecycle_step_read("Publish", &step));
    cr_expect_not(lifecycle_step_read("", &step));
}

/* ------------------------------------------------------------------ why */

Test(lifecycle, who_takes_something_away_says_why)
{
    static const enum lifecycle_step steps[] = {STEP_REJECT, STEP_DEPRECATE, STEP_WITHDRAW};
    static const int states[] = {TEMPLATE_IN_REVIEW, TEMPLATE_PUBLISHED, TEMPLATE_PUBLISHED};
    static const char *const none[] = {NULL, "", "  ", "\t\n"};
    life_release("1.0");
    life.request.successor = "1.0";
    for (size_t i = 0; i < 3; i++) {
        char label[16];
        snprintf(label, sizeof label, "2.%zu", i);
        bring_to(label, states[i]);
        for (size_t k = 0; k < sizeof none / sizeof *none; k++) {
            life_refused(life_step("rita", steps[i], label, none[k]), ERR_BAD_INPUT, "reason",
                "\"message\"");
            cr_expect_eq(life_state(label), states[i]);
        }
        LIFE_OK(life_step("rita", steps[i], label, "It is wrong."));
    }
}

Test(lifecycle, who_when_and_why_stand_in_the_history)
{
    static const char *const rows[][3] = {{"withdraw", "rita", "wrong numbers"},
        {"deprecate", "rita", "there is a better one"}, {"publish", "rita", NULL},
        {"approve", "rita", "fine"}, {"submit", "anna", "done"}, {"reject", "rita", "not yet"},
        {"approve", "karl", NULL}, {"submit", "anna", NULL}, {"recall", "anna", NULL},
        {"submit", "anna", NULL}, {"edit", "anna", NULL}, {"create", "anna", NULL}};
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    static const char id[] = LIFE_FAMILY "@2.0";
    life_release("1.0");
    LIFE_OK(life_make("anna", "2.0", "1.0", NULL));
    LIFE_OK(life_edit("anna", life.version.submodel_id, "x"));
    life.request.successor = "1.0";
    for (size_t i = sizeof rows / sizeof *rows - 2; i-- > 0;) {
        enum lifecycle_step step;
        cr_assert(lifecycle_step_read(rows[i][0], &step));
        LIFE_OK(life_step(rows[i][1], step, "2.0", rows[i][2]));
    }
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     0, &revisions, &count, NULL),
        ERR_OK);
    registry_view_end(&view);
    cr_assert_eq(count, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(revisions[i].operation, rows[i][0]);
        cr_expect_str_eq(revisions[i].author, rows[i][1]);
        cr_expect_str_eq(revisions[i].message, rows[i][2] == NULL ? "" : rows[i][2]);
        cr_expect_gt(revisions[i].time_ms, 1600000000000);
        cr_expect_eq(revisions[i].revision, count - i);
    }
    cr_expect_str_eq(revisions[1].summary, "use 1.0 instead");
    cr_expect_str_eq(revisions[11].summary, "made from 1.0");
}

/* ------------------------------------------------------------------ who approves */

static unsigned approvals(const char *label)
{
    struct registry_view view;
    struct lifecycle_approval *list = NULL;
    size_t count = 0;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        lifecycle_approvals(&view, &life.arena, LIFE_FAMILY, label, &list, &count, NULL), ERR_OK);
    registry_view_end(&view);
    return (unsigned)count;
}

Test(lifecycle, authors_do_not_approve_their_own_work)
{
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_change("emil", "1.0", LIFE_PRESS(LIFE_ID, LIFE_ELEMENT("Force", "One", "a"))));
    LIFE_OK(life_write(
        "fred", REGISTRY_REPLACE, LIFE_ID, LIFE_PRESS(LIFE_ID, LIFE_ELEMENT("Force", "One", "b"))));
    LIFE_OK(life_edit("gina", LIFE_ID, "x"));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    static const char *const workers[] = {"anna", "emil", "fred", "gina"};
    for (size_t i = 0; i < sizeof workers / sizeof *workers; i++) {
        life_refused(life_step(workers[i], STEP_APPROVE, "1.0", NULL), ERR_FORBIDDEN, "approver",
            "somebody else");
        cr_expect_not_null(strstr(life.err.text, workers[i]));
    }
    life_refused(life_step(NULL, STEP_APPROVE, "1.0", NULL), ERR_BAD_INPUT, "approver", "user");
    life_refused(life_step("", STEP_APPROVE, "1.0", NULL), ERR_BAD_INPUT, "approver", "user");
    cr_expect_eq(approvals("1.0"), 0);
    LIFE_OK(life_step("rita", STEP_APPROVE, "1.0", NULL));
    cr_expect_eq(approvals("1.0"), 1);
}

static enum err_code set_description(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return aas_set_text(arena, element, PROP_value, "7", 1);
}

Test(lifecycle, who_has_set_a_value_has_worked_on_it)
{
    const struct registry_author hugo = {.name = "hugo"};
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(registry_edit_value(life.registry, REGISTRY_SUBMODEL, LIFE_ID, strlen(LIFE_ID), "Force",
        5, NULL, set_description, NULL, &hugo, NULL, &life.err));
    cr_expect_not_null(strstr(life_content("1.0"), "\"value\":\"7\""));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    life_refused(
        life_step("hugo", STEP_APPROVE, "1.0", NULL), ERR_FORBIDDEN, "approver", "somebody else");
}

Test(lifecycle, one_reviewer_counts_once)
{
    life.request.policy.approvals = 2;
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    LIFE_OK(life_step("rita", STEP_APPROVE, "1.0", "first look"));
    LIFE_OK(life_step("rita", STEP_APPROVE, "1.0", "second look"));
    cr_expect_eq(approvals("1.0"), 1);
    life_refused(life_step("rita", STEP_PUBLISH, "1.0", NULL), ERR_STATE, "gate", "messages");
    cr_expect(life_found("gate-approvals"));
    LIFE_OK(life_step("karl", STEP_APPROVE, "1.0", NULL));
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.0", NULL));
}

Test(lifecycle, approvals_are_for_what_was_seen)
{
    life_release("1.0");
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
    static const enum lifecycle_step back[] = {STEP_REJECT, STEP_RECALL};
    for (size_t i = 0; i < 2; i++) {
        LIFE_OK(life_step("anna", STEP_SUBMIT, "1.1", NULL));
        LIFE_OK(life_step("rita", STEP_APPROVE, "1.1", NULL));
        cr_expect_eq(approvals("1.1"), 1);
        LIFE_OK(life_step("rita", back[i], "1.1", "again"));
        cr_expect_eq(approvals("1.1"), 0);
    }
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.1", NULL));
    LIFE_OK(life_step("rita", STEP_APPROVE, "1.1", NULL));
    LIFE_OK(life_rebase("anna", "1.1", NULL));
    cr_expect_eq(approvals("1.1"), 0);
    cr_expect_eq(life_state("1.1"), TEMPLATE_IN_REVIEW);
}

Test(lifecycle, long_names_are_told_apart)
{
    enum { LONG = 200 };
    char one[LONG + 1];
    char two[LONG + 1];
    memset(one, 'n', LONG);
    one[LONG] = '\0';
    memcpy(two, one, sizeof two);
    two[LONG - 1] = 'm';
    LIFE_OK(life_make(one, "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    life_refused(
        life_step(one, STEP_APPROVE, "1.0", NULL), ERR_FORBIDDEN, "approver", "somebody else");
    LIFE_OK(life_step(two, STEP_APPROVE, "1.0", NULL));
}

/* ------------------------------------------------------------------ successors */

Test(lifecycle, a_successor_is_another_published_version)
{
    static const char *const wrong[] = {NULL, "", "9.9", "2.0", "1.0", LIFE_FAMILY "@1.0",
        "other@1.1", LIFE_FAMILY "@", "@1.1", "1.1@" LIFE_FAMILY, "3.0"};
    life_release("1.0");
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
    life_publish("1.1");
    LIFE_OK(life_make("anna", "2.0", "1.1", NULL));
    LIFE_OK(life_make("anna", "3.0", "1.1", NULL));
    life_publish("3.0");
    LIFE_OK(life_step("rita", STEP_WITHDRAW, "3.0", "wrong"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        life.request.successor = wrong[i];
        life_refused(
            life_step("rita", STEP_DEPRECATE, "1.0", "old"), ERR_BAD_INPUT, "successor", "VERSION");
        cr_expect_eq(life_state("1.0"), TEMPLATE_PUBLISHED, "%s", wrong[i]);
    }
    life.request.successor = LIFE_FAMILY "@1.1";
    LIFE_OK(life_step("rita", STEP_DEPRECATE, "1.0", "old"));
    cr_expect_str_eq(life.version.successor, LIFE_FAMILY "@1.1");
}

Test(lifecycle, a_deprecated_version_is_named_as_such_under_its_id)
{
    struct registry_view view;
    struct registry_version version;
    life_release("1.0");
    LIFE_OK(life_make("anna", "1.1", "1.0", NULL));
    const char *other = life.version.submodel_id;
    life_publish("1.1");
    life.request.successor = "1.1";
    LIFE_OK(life_step("rita", STEP_DEPRECATE, "1.0", "old"));
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_expect(lifecycle_outdated(&view, &life.arena, LIFE_ID, strlen(LIFE_ID), &version));
    cr_expect_str_eq(version.label, "1.0");
    cr_expect_str_eq(version.successor, "1.1");
    cr_expect_not(lifecycle_outdated(&view, &life.arena, other, strlen(other), &version));
    cr_expect_not(lifecycle_outdated(&view, &life.arena, "urn:x", 5, &version));
    registry_view_end(&view);
}

/* ------------------------------------------------------------------ conditions */

Test(lifecycle, a_step_is_about_the_content_that_was_named)
{
    unsigned char old[STORE_HASH_BYTES];
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    memcpy(old, life.version.content, sizeof old);
    LIFE_OK(life_edit("anna", LIFE_ID, "x"));
    life.request.if_match = old;
    cr_expect_eq(life_step("anna", STEP_SUBMIT, "1.0", NULL), ERR_PRECONDITION);
    cr_expect_eq(life_state("1.0"), TEMPLATE_DRAFT);
    LIFE_OK(life_edit("anna", LIFE_ID, "y"));
    life.request.if_match = NULL;
    LIFE_OK(life_step("anna", STEP_SUBMIT, "1.0", NULL));
    unsigned char now[STORE_HASH_BYTES];
    memcpy(now, life.version.content, sizeof now);
    life.request.if_match = now;
    LIFE_OK(life_step("rita", STEP_PUBLISH, "1.0", NULL));
}

/* ------------------------------------------------------------------ names */

Test(lifecycle, labels_are_numbers_and_perhaps_a_variant)
{
    static const char *const good[] = {"0.1", "1.0", "2.1", "2.1.3", "10.20.30", "2.1+variant",
        "2.1.3+aas-3.1", "9999.9999.9999", "1.0+a+b"};
    static const char *const bad[] = {"", "2", "2.", ".1", "2.1.", "2.1.3.", "2.1.3.4", "2.1.3.+x",
        "02.1", "2.01", "2.1+", "2.1 ", " 2.1", "2.1-x", "2.1+X", "2.1+x y", "2.1+x/y", "2.1+x@y",
        "v2.1", "2,1", "12345.0", "2.1+\xC3\xA4", "-1.0", "2.1~abc"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(lifecycle_label_fits(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(lifecycle_label_fits(bad[i]), "%s", bad[i]);
    }
    char longest[LABEL_BYTES_MAX + 2];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "1.0+", 4);
    longest[LABEL_BYTES_MAX] = '\0';
    cr_expect(lifecycle_label_fits(longest));
    longest[LABEL_BYTES_MAX] = 'x';
    longest[LABEL_BYTES_MAX + 1] = '\0';
    cr_expect_not(lifecycle_label_fits(longest));
}

Test(lifecycle, families_have_plain_names)
{
    static const char *const good[] = {"press", "idta-02006", "a.example-smt-press", "3d"};
    static const char *const bad[] = {
        "", "Press", "-press", ".press", "a b", "a/b", "a@b", "a+b", "a~b", "pr\xC3\xA4ss", "a_b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect(lifecycle_family_fits(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(lifecycle_family_fits(bad[i]), "%s", bad[i]);
    }
    life_refused(
        life_make("anna", "2.1.3.", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)), ERR_BAD_INPUT, "", "");
    cr_expect_not_null(strstr(life.err.text, "is no version"));
}

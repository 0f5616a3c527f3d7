/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/registry/life_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#include "aas/json.h"
#include "conformance/rules.h"
#include "conformance/sentences.h"

struct life life;

void life_start(void)
{
    fixture_start();
    life = (struct life){.family = LIFE_FAMILY,
        .registry = fixture_open(),
        .request = {.policy = {.approvals = 0, .languages = "ko,en"}}};
    arena_init(&life.arena, (size_t)256 << 20);
    report_init(&life.report);
}

void life_stop(void)
{
    fixture_verify(life.registry);
    registry_close(life.registry);
    report_finish(&life.report);
    arena_finish(&life.arena);
    fixture_stop();
}

static void forget(void)
{
    report_clear(&life.report);
    life.err = (struct err){.code = ERR_OK};
}

struct registry_author life_author(const char *who, const char *message)
{
    return (struct registry_author){.name = who, .message = message, .principal = life.principal};
}

enum err_code life_make(const char *who, const char *label, const char *from, const char *json)
{
    const struct registry_author author = life_author(who, NULL);
    const struct lifecycle_draft draft = {.family = life.family,
        .label = label,
        .from = from,
        .environment = json == NULL ? NULL : fixture_tree(&life.arena, json)};
    forget();
    return lifecycle_draft_create(
        life.registry, &life.arena, &draft, &author, &life.report, &life.version, &life.err);
}

enum err_code life_change(const char *who, const char *label, const char *json)
{
    const struct registry_author author = life_author(who, NULL);
    forget();
    return lifecycle_draft_replace(life.registry, &life.arena, life.family, label,
        fixture_tree(&life.arena, json), NULL, &author, &life.report, &life.version, &life.err);
}

enum err_code life_step(
    const char *who, enum lifecycle_step step, const char *label, const char *message)
{
    const struct registry_author author = life_author(who, message);
    life.request.family = life.family;
    life.request.label = label;
    life.request.step = step;
    forget();
    return lifecycle_step(
        life.registry, &life.arena, &life.request, &author, &life.report, &life.version, &life.err);
}

enum err_code life_gate(const char *label)
{
    life.request.family = life.family;
    life.request.label = label;
    life.request.step = STEP_PUBLISH;
    forget();
    return lifecycle_gate(life.registry, &life.arena, &life.request, &life.report, &life.err);
}

enum err_code life_rebase(const char *who, const char *label, const char *onto)
{
    const struct registry_author author = life_author(who, NULL);
    forget();
    return lifecycle_draft_rebase(
        life.registry, &life.arena, life.family, label, onto, &author, &life.version, &life.err);
}

enum err_code life_discard(const char *who, const char *label)
{
    const struct registry_author author = life_author(who, NULL);
    forget();
    return lifecycle_draft_discard(life.registry, life.family, label, NULL, &author, &life.err);
}

enum err_code life_restore(const char *who, const char *label, uint64_t revision)
{
    const struct registry_author author = life_author(who, NULL);
    forget();
    return lifecycle_draft_restore(life.registry, &life.arena, life.family, label, revision,
        &author, &life.report, &life.version, &life.err);
}

void life_publish(const char *label)
{
    LIFE_OK(life_step("anna", STEP_SUBMIT, label, NULL));
    if (life.request.policy.approvals > 0) {
        LIFE_OK(life_step("rita", STEP_APPROVE, label, "fine"));
    }
    enum err_code code = life_step("rita", STEP_PUBLISH, label, NULL);
    for (size_t i = 0; code != ERR_OK && i < life.report.count; i++) {
        cr_log_error("%s", life.report.findings[i].text);
    }
    LIFE_OK(code);
}

void life_release(const char *label)
{
    LIFE_OK(life_make("anna", label, NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    life_publish(label);
}

enum err_code life_write(
    const char *who, enum registry_operation operation, const char *id, const char *json)
{
    const struct registry_author author = life_author(who, NULL);
    const struct registry_change change = {.operation = operation,
        .kind = REGISTRY_SUBMODEL,
        .id = id,
        .id_len = strlen(id),
        .tree = json == NULL ? NULL : fixture_tree(&life.arena, json)};
    enum registry_outcome outcome;
    forget();
    return registry_write(life.registry, &change, &author, &life.report, &outcome, &life.err);
}

static enum err_code set_category(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    const char *text = context;
    (void)err;
    return aas_set_text(arena, submodel, PROP_category, text, strlen(text));
}

enum err_code life_edit(const char *who, const char *id, const char *category)
{
    const struct registry_author author = life_author(who, NULL);
    char *text = arena_copy(&life.arena, category, strlen(category));
    forget();
    return registry_edit(life.registry, REGISTRY_SUBMODEL, id, strlen(id), NULL, NULL, set_category,
        text, &author, &life.report, &life.err);
}

int life_state(const char *label)
{
    struct registry_view view;
    struct registry_version version;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    enum err_code code =
        registry_version(&view, &life.arena, life.family, label, &version, NULL, NULL, NULL);
    registry_view_end(&view);
    return code == ERR_OK ? (int)version.state : -1;
}

const char *life_content(const char *label)
{
    struct registry_view view;
    struct registry_version version;
    const char *json = NULL;
    size_t len = 0;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    enum err_code code =
        registry_version(&view, &life.arena, life.family, label, &version, &json, &len, NULL);
    const char *text = code == ERR_OK ? arena_copy(&life.arena, json, len) : "";
    registry_view_end(&view);
    return text;
}

const char *life_shown(const char *id)
{
    struct registry_view view;
    struct registry_document document;
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    enum err_code code = registry_get(&view, REGISTRY_SUBMODEL, id, strlen(id), &document, NULL);
    const char *text =
        code == ERR_OK ? arena_copy(&life.arena, document.json, document.json_len) : "";
    registry_view_end(&view);
    return text;
}

const char *life_found(const char *rule)
{
    for (size_t i = 0; i < life.report.count; i++) {
        if (strcmp(life.report.findings[i].rule, rule) == 0) {
            return life.report.findings[i].text;
        }
    }
    return NULL;
}

void life_explained(const char *rule, const char *text, const char *remedy)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    cr_expect(rule[0] == '\0' || rule_find(rule) != NULL, "no row for the rule %s", rule);
    for (int language = LANGUAGE_KO; language < LANGUAGE_COUNT; language++) {
        const char *tag = language_tag((enum language)language);
        cr_expect(sentence_translate(&buf, text, (enum language)language), "no %s: %s", tag, text);
        cr_expect(remedy[0] == '\0' || sentence_translate(&buf, remedy, (enum language)language),
            "no %s: %s", tag, remedy);
    }
    buf_finish(&buf);
}

void life_refused(
    enum err_code code, enum err_code wanted, const char *rule, const char *remedy_part)
{
    cr_expect_eq(
        code, wanted, "%s instead of %s: %s", err_symbol(code), err_symbol(wanted), life.err.text);
    cr_expect_str_eq(life.err.rule, rule, "%s instead of %s", life.err.rule, rule);
    cr_expect_not_null(
        strstr(life.err.remedy, remedy_part), "no %s in %s", remedy_part, life.err.remedy);
    life_explained(life.err.rule, life.err.text, life.err.remedy);
}

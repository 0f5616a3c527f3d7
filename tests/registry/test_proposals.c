/* SPDX-License-Identifier: Apache-2.0 */
/* Proposals: by those who may not change a template, decided by those who may. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "registry/access.h"
#include "registry/lifecycle.h"
#include "registry/proposals.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(proposals, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define FAMILY "a.example-smt-press"
#define SUBMODEL(description, more)                                                                \
    "{\"modelType\":\"Submodel\",\"idShort\":\"T_press\",\"description\":[{\"language\":\"en\","   \
    "\"text\":\"" description "\"}],\"administration\":{\"version\":\"1\",\"revision\":\"0\"},"    \
    "\"id\":\"https://a.example/press\",\"kind\":\"Template\",\"semanticId\":{\"type\":"           \
    "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"                     \
    "\"https://a.example/smt/press\"}]}" more "}"

static const struct access_grant integrator_grants[] = {{ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""}};
static const struct access_grant modeller_grants[] = {{ROLE_MODELLER, ACCESS_UNLIMITED, ""}};
static const struct access_grant reviewer_grants[] = {{ROLE_REVIEWER, ACCESS_UNLIMITED, ""}};
static const struct access_grant reader_grants[] = {{ROLE_READER, ACCESS_UNLIMITED, ""}};

static const struct access_principal kim_is = {
    .name = "kim", .known = true, .grants = integrator_grants, .grant_count = 1};
static const struct access_principal lee_is = {
    .name = "lee", .known = true, .grants = modeller_grants, .grant_count = 1};
static const struct access_principal han_is = {
    .name = "han", .known = true, .grants = reviewer_grants, .grant_count = 1};
static const struct access_principal park_is = {
    .name = "park", .known = true, .grants = reader_grants, .grant_count = 1};

static const struct registry_author kim = {"kim", "금형 번호가 필요합니다", &kim_is};
static const struct registry_author lee = {"lee", "fine", &lee_is};
static const struct registry_author han = {"han", "not needed", &han_is};
static const struct registry_author han_silent = {"han", NULL, &han_is};
static const struct registry_author park = {"park", "me, too", &park_is};

static void import(struct registry *registry)
{
    char json[TEMPLATE_JSON];
    struct err err = {0};
    template_json(json, "press", 1);
    cr_assert_eq(
        template_import(registry, json, strlen(json), "t.json", &err), ERR_OK, "%s", err.text);
}

static enum err_code make(struct registry *registry, const char *label, const char *json,
    const struct registry_author *author, uint64_t *number)
{
    struct arena arena;
    struct report report;
    struct proposal proposal = {.number = 0};
    struct err err = {0};
    arena_init(&arena, 1 << 26);
    report_init(&report);
    enum err_code code = proposal_make(registry, &arena, FAMILY, label, fixture_tree(&arena, json),
        author, &report, &proposal, &err);
    *number = proposal.number;
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

static enum err_code accept(struct registry *registry, uint64_t number, const char *label,
    bool even_so, const struct registry_author *author, char became[64])
{
    struct arena arena;
    struct report report;
    struct proposal proposal;
    struct err err = {0};
    arena_init(&arena, 1 << 26);
    report_init(&report);
    enum err_code code =
        proposal_accept(registry, &arena, number, label, even_so, author, &report, &proposal, &err);
    snprintf(became, 64, "%s", code == ERR_OK ? proposal.became : "");
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

static enum err_code refuse(
    struct registry *registry, uint64_t number, const struct registry_author *author)
{
    struct arena arena;
    struct proposal proposal;
    arena_init(&arena, 1 << 20);
    enum err_code code = proposal_refuse(registry, &arena, number, author, &proposal, NULL);
    arena_finish(&arena);
    return code;
}

static void expect_state(struct registry *registry, uint64_t number, enum proposal_state state,
    const char *decider, const char *reason)
{
    struct arena arena;
    struct registry_view view;
    struct proposal proposal;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(proposal_get(&view, &arena, number, &proposal, NULL, NULL, NULL), ERR_OK);
    cr_expect_eq(proposal.state, state);
    cr_expect_str_eq(proposal.author, "kim");
    cr_expect_str_eq(proposal.message, "금형 번호가 필요합니다");
    cr_expect_str_eq(proposal.decider, decider);
    cr_expect_str_eq(proposal.reason, reason);
    registry_view_end(&view);
    arena_finish(&arena);
}

static void expect_version(
    struct registry *registry, const char *label, enum template_state state, const char *part)
{
    struct arena arena;
    struct registry_view view;
    struct registry_version version;
    const char *json = NULL;
    size_t len = 0;
    struct err err = {0};
    arena_init(&arena, 1 << 22);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_version(&view, &arena, FAMILY, label, &version, &json, &len, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(version.state, state);
    cr_expect_not_null(memmem(json, len, part, strlen(part)), "%s: %.*s", label, (int)len, json);
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(proposals, change_of_a_published_version_becomes_a_draft_with_the_number_it_asks_for)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    char became[64];
    import(registry);
    cr_assert_eq(make(registry, "1.0", SUBMODEL("Better words", ""), &kim, &number), ERR_OK);
    cr_expect_eq(number, 1);
    expect_state(registry, number, PROPOSAL_OPEN, "", "");
    fixture_verify(registry);
    cr_assert_eq(accept(registry, number, "1.1", false, &lee, became), ERR_OK);
    cr_expect_str_eq(became, "1.1");
    expect_state(registry, number, PROPOSAL_ACCEPTED, "lee", "fine");
    expect_version(registry, "1.1", TEMPLATE_DRAFT, "Better words");
    expect_version(registry, "1.0", TEMPLATE_PUBLISHED, "T_press");
    cr_expect_eq(accept(registry, number, "1.2", false, &lee, became), ERR_STATE, "only once");
    fixture_verify(registry);
    registry_close(registry);
}

Test(proposals, number_of_the_new_draft_is_the_least_that_the_changes_ask_for)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    char became[64];
    import(registry);
    cr_assert_eq(make(registry, "1.0",
                     SUBMODEL("x", ",\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":"
                                   "\"DieNumber\",\"valueType\":\"xs:string\"}]"),
                     &kim, &number),
        ERR_OK);
    cr_assert_eq(accept(registry, number, NULL, false, &lee, became), ERR_OK);
    cr_expect_str_eq(became, "2.0", "a mandatory element breaks what followed 1.0");
    fixture_verify(registry);
    registry_close(registry);
}

Test(proposals, who_may_do_what)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    uint64_t none = 0;
    char became[64];
    struct arena arena;
    struct proposal proposal;
    import(registry);
    cr_expect_eq(make(registry, "1.0", SUBMODEL("a", ""), &park, &none), ERR_FORBIDDEN);
    cr_assert_eq(make(registry, "1.0", SUBMODEL("a", ""), &kim, &number), ERR_OK);
    cr_expect_eq(accept(registry, number, "1.1", false, &kim, became), ERR_FORBIDDEN);
    cr_expect_eq(accept(registry, number, "1.1", false, &han, became), ERR_FORBIDDEN);
    cr_expect_eq(refuse(registry, number, &kim), ERR_FORBIDDEN);
    cr_expect_eq(refuse(registry, number, &han_silent), ERR_BAD_INPUT, "a reason is needed");
    cr_expect_eq(refuse(registry, number, &han), ERR_OK);
    expect_state(registry, number, PROPOSAL_REFUSED, "han", "not needed");
    cr_assert_eq(make(registry, "1.0", SUBMODEL("b", ""), &kim, &number), ERR_OK);
    arena_init(&arena, 1 << 20);
    cr_expect_eq(
        proposal_take_back(registry, &arena, number, &park, &proposal, NULL), ERR_FORBIDDEN);
    cr_expect_eq(proposal_take_back(registry, &arena, number, &kim, &proposal, NULL), ERR_OK);
    cr_expect_eq(proposal.state, PROPOSAL_TAKEN_BACK);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

Test(proposals, what_cannot_be_proposed_is_refused)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    import(registry);
    cr_expect_eq(make(registry, "9.9", SUBMODEL("a", ""), &kim, &number), ERR_NOT_FOUND);
    cr_expect_eq(make(registry, "1.0",
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:other\",\"kind\":\"Template\"}",
                     &kim, &number),
        ERR_BAD_INPUT);
    cr_expect_eq(
        make(registry, "1.0", "{\"modelType\":\"Submodel\",\"id\":\"https://a.example/press\"}",
            &kim, &number),
        ERR_BAD_INPUT, "no template");
    cr_assert_eq(make(registry, "1.0", SUBMODEL("a", ""), &kim, &number), ERR_OK);
    registry_close(registry);
}

static void put_draft(struct registry *registry, const char *json)
{
    struct arena arena;
    struct report report;
    struct registry_version version;
    struct err err = {0};
    arena_init(&arena, 1 << 26);
    report_init(&report);
    cr_assert_eq(lifecycle_draft_replace(registry, &arena, FAMILY, "1.0",
                     fixture_tree(&arena, json), NULL, &lee, &report, &version, &err),
        ERR_OK, "%s", err.text);
    report_finish(&report);
    arena_finish(&arena);
}

Test(proposals, draft_that_has_changed_meanwhile_is_not_overwritten_unseen)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    uint64_t same = 0;
    char became[64];
    struct registry_view view;
    struct arena arena;
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "https://a.example/press",
                     SUBMODEL("first", ""), NULL),
        ERR_OK);
    cr_expect_eq(make(registry, "1.0", SUBMODEL("first", ""), &kim, &same), ERR_STATE, "the same");
    cr_assert_eq(make(registry, "1.0", SUBMODEL("by kim", ""), &kim, &number), ERR_OK);
    put_draft(registry, SUBMODEL("by lee", ""));
    cr_expect_eq(accept(registry, number, NULL, false, &lee, became), ERR_STATE);
    expect_version(registry, "1.0", TEMPLATE_DRAFT, "by lee");
    cr_expect_eq(accept(registry, number, NULL, true, &lee, became), ERR_OK);
    cr_expect_str_eq(became, "1.0");
    expect_version(registry, "1.0", TEMPLATE_DRAFT, "by kim");
    arena_init(&arena, 1 << 22);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    struct registry_document document;
    cr_assert_eq(
        registry_get(&view, REGISTRY_SUBMODEL, "https://a.example/press", 23, &document, NULL),
        ERR_OK);
    cr_expect_not_null(memmem(document.json, document.json_len, "by kim", 6), "shown, too");
    registry_view_end(&view);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

Test(proposals, whose_content_it_is_cannot_approve_it)
{
    static const struct access_grant both[] = {
        {ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""}, {ROLE_REVIEWER, ACCESS_UNLIMITED, ""}};
    static const struct access_principal kim_reviews = {
        .name = "kim", .known = true, .grants = both, .grant_count = 2};
    const struct registry_author reviewer = {"kim", "mine", &kim_reviews};
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    char became[64];
    struct arena arena;
    struct report report;
    struct registry_version version;
    struct err err = {0};
    import(registry);
    cr_assert_eq(make(registry, "1.0", SUBMODEL("a", ""), &kim, &number), ERR_OK);
    cr_assert_eq(accept(registry, number, "1.1", false, &lee, became), ERR_OK);
    arena_init(&arena, 1 << 26);
    report_init(&report);
    struct lifecycle_request request = {.family = FAMILY, .label = "1.1", .step = STEP_SUBMIT};
    cr_assert_eq(lifecycle_step(registry, &arena, &request, &lee, &report, &version, &err), ERR_OK);
    request.step = STEP_APPROVE;
    cr_expect_eq(lifecycle_step(registry, &arena, &request, &reviewer, &report, &version, &err),
        ERR_FORBIDDEN);
    report_finish(&report);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ side by side */

struct editing {
    struct registry *registry;
    atomic_bool stop;
};

/* Changes the draft again and again, with a breath between. */
static void *edit_on(void *context)
{
    static const struct timespec breath = {.tv_nsec = 500000};
    struct editing *editing = context;
    for (int i = 0; !atomic_load(&editing->stop); i++) {
        char json[1000];
        struct arena arena;
        struct registry_version version;
        snprintf(json, sizeof json, SUBMODEL("edited %d", ""), i);
        arena_init(&arena, 1 << 26);
        (void)!lifecycle_draft_replace(editing->registry, &arena, FAMILY, "1.0",
            fixture_tree(&arena, json), NULL, &lee, NULL, &version, NULL);
        arena_finish(&arena);
        nanosleep(&breath, NULL);
    }
    return NULL;
}

Test(proposals, who_accepts_what_is_being_edited_is_told_of_no_precondition)
{
    struct editing editing = {.registry = fixture_open()};
    struct registry *registry = editing.registry;
    struct arena arena;
    struct registry_version version;
    pthread_t thread;
    uint64_t number = 0;
    char became[64];
    int accepted = 0;
    int others = 0;
    arena_init(&arena, 1 << 26);
    const struct lifecycle_draft draft = {.family = FAMILY,
        .label = "1.0",
        .environment = fixture_tree(&arena, SUBMODEL("first", ""))};
    cr_assert_eq(
        lifecycle_draft_create(registry, &arena, &draft, &lee, NULL, &version, NULL), ERR_OK);
    cr_assert_eq(pthread_create(&thread, NULL, edit_on, &editing), 0);
    for (int i = 0; i < 30; i++) {
        char json[1000];
        snprintf(json, sizeof json, SUBMODEL("proposed %d", ""), i);
        cr_assert_eq(make(registry, "1.0", json, &kim, &number), ERR_OK);
        enum err_code code = accept(registry, number, NULL, true, &lee, became);
        accepted += code == ERR_OK;
        others += code != ERR_OK && code != ERR_BUSY;
    }
    atomic_store(&editing.stop, true);
    pthread_join(thread, NULL);
    cr_expect_eq(others, 0);
    cr_expect_gt(accepted, 0);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

struct race {
    struct registry *registry;
    uint64_t number;
    const char *label;
    enum err_code code;
};

static void *accept_it(void *context)
{
    struct race *race = context;
    char became[64];
    race->code = accept(race->registry, race->number, race->label, false, &lee, became);
    return NULL;
}

Test(proposals, of_two_who_accept_at_once_one_does)
{
    struct registry *registry = fixture_open();
    uint64_t number = 0;
    import(registry);
    for (int i = 0; i < 10; i++) {
        char labels[2][16];
        pthread_t threads[2];
        struct race races[2];
        char json[1000];
        snprintf(json, sizeof json, SUBMODEL("round %d", ""), i);
        cr_assert_eq(make(registry, "1.0", json, &kim, &number), ERR_OK);
        for (int k = 0; k < 2; k++) {
            snprintf(labels[k], sizeof labels[k], "1.%d", 1 + 2 * i + k);
            races[k] = (struct race){registry, number, labels[k], ERR_OK};
            cr_assert_eq(pthread_create(&threads[k], NULL, accept_it, &races[k]), 0);
        }
        pthread_join(threads[0], NULL);
        pthread_join(threads[1], NULL);
        cr_expect_eq((races[0].code == ERR_OK) + (races[1].code == ERR_OK), 1);
        cr_expect_eq((races[0].code == ERR_STATE) + (races[1].code == ERR_STATE), 1);
    }
    fixture_verify(registry);
    registry_close(registry);
}

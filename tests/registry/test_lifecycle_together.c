/* SPDX-License-Identifier: Apache-2.0 */
/* Several who change one draft at the same time: nobody's change is undone by another that was not
 * about it, and nobody is told of a precondition that he has not set. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "tests/registry/life_fixture.h"

TestSuite(lifecycle_together, .init = life_start, .fini = life_stop, .timeout = 120);

enum { WRITERS = 4, ROUNDS = 40, ATTEMPTS = 16 };

#define FORCE(value)                                                                               \
    "{\"modelType\":\"Property\",\"idShort\":\"Force\",\"valueType\":\"xs:int\",\"value\":"        \
    "\"" value "\"}"
#define CONCEPT(name)                                                                              \
    "{\"modelType\":\"ConceptDescription\",\"idShort\":\"" name "\",\"id\":\"urn:concept\"}"
#define ENVIRONMENT(submodel, concept)                                                             \
    "{\"submodels\":[" submodel "],\"conceptDescriptions\":[" concept "]}"

struct writer {
    pthread_t thread;
    int number;
    int stored;
    int busy;
    int others; /* answers that nobody should get */
    int lost;   /* own changes that were not there any more */
};

static void count(struct writer *writer, enum err_code code)
{
    writer->stored += code == ERR_OK;
    writer->busy += code == ERR_BUSY;
    writer->others += code != ERR_OK && code != ERR_BUSY;
}

static struct aas_node *read_tree(
    struct arena *arena, const char *json, enum meta_class_id cls, struct err *err)
{
    struct aas_node *tree = NULL;
    return aas_json_read(arena, json, strlen(json), meta_class(cls), NULL, &tree, err) == ERR_OK
               ? tree
               : NULL;
}

/* PUT of the version: a submodel, or an environment. */
static enum err_code put(const char *json, enum meta_class_id cls)
{
    struct arena arena;
    struct registry_version version;
    struct err err = {0};
    const struct registry_author author = {.name = "crowd"};
    arena_init(&arena, (size_t)64 << 20);
    struct aas_node *tree = read_tree(&arena, json, cls, &err);
    enum err_code code = tree == NULL ? ERR_BAD_INPUT
                                      : lifecycle_draft_replace(life.registry, &arena, LIFE_FAMILY,
                                            "1.0", tree, NULL, &author, NULL, &version, &err);
    arena_finish(&arena);
    return code;
}

/* PUT of the submodel that shows the draft. */
static enum err_code put_shown(const char *json)
{
    struct arena arena;
    struct err err = {0};
    enum registry_outcome outcome;
    const struct registry_author author = {.name = "crowd"};
    arena_init(&arena, (size_t)64 << 20);
    const struct registry_change change = {.operation = REGISTRY_REPLACE,
        .kind = REGISTRY_SUBMODEL,
        .id = LIFE_ID,
        .id_len = strlen(LIFE_ID),
        .tree = read_tree(&arena, json, CLASS_Submodel, &err)};
    enum err_code code = registry_write(life.registry, &change, &author, NULL, &outcome, &err);
    arena_finish(&arena);
    return code;
}

static bool draft_has(const char *part)
{
    struct arena arena;
    struct registry_view view;
    struct registry_version version;
    const char *json = NULL;
    size_t len = 0;
    arena_init(&arena, (size_t)1 << 20);
    bool has = registry_view_begin(life.registry, &view, NULL) == ERR_OK;
    if (has) {
        has = registry_version(&view, &arena, LIFE_FAMILY, "1.0", &version, &json, &len, NULL) ==
                  ERR_OK &&
              memmem(json, len, part, strlen(part)) != NULL;
        registry_view_end(&view);
    }
    arena_finish(&arena);
    return has;
}

/* ------------------------------------------------------------------ concept descriptions */

static void *put_submodels(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < ROUNDS; i++) {
        char json[LIFE_JSON];
        snprintf(json, sizeof json, LIFE_PRESS(LIFE_ID, FORCE("%d")), 1000 * writer->number + i);
        count(writer, put(json, CLASS_Submodel));
    }
    return NULL;
}

/* Brings an old content back as a whole. */
static enum err_code restore(uint64_t revision)
{
    struct arena arena;
    struct registry_version version;
    struct err err = {0};
    const struct registry_author author = {.name = "crowd"};
    arena_init(&arena, (size_t)64 << 20);
    enum err_code code = lifecycle_draft_restore(
        life.registry, &arena, LIFE_FAMILY, "1.0", revision, &author, NULL, &version, &err);
    arena_finish(&arena);
    return code;
}

/* Nobody else changes the concept description, which is Zero in revision 2 and One in revision 3:
 * what was stored stays. */
static void *put_concepts(void *context)
{
    static const char *const names[] = {"\"Zero\"", "\"One\""};
    static const struct timespec pause = {.tv_nsec = 5000000};
    struct writer *writer = context;
    for (int i = 0; i < ROUNDS; i++) {
        enum err_code code = restore(2 + (uint64_t)i % 2);
        count(writer, code);
        nanosleep(&pause, NULL); /* the others store what they had read before */
        writer->lost += code == ERR_OK && !draft_has(names[i % 2]);
    }
    return NULL;
}

Test(lifecycle_together, a_submodel_by_itself_undoes_no_concept_description)
{
    struct writer writers[WRITERS] = {{.number = 0}};
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    LIFE_OK(put(ENVIRONMENT(LIFE_PRESS(LIFE_ID, FORCE("1")), CONCEPT("Zero")), CLASS_Environment));
    LIFE_OK(put(ENVIRONMENT(LIFE_PRESS(LIFE_ID, FORCE("1")), CONCEPT("One")), CLASS_Environment));
    for (int i = 0; i < WRITERS; i++) {
        writers[i].number = i;
        cr_assert_eq(pthread_create(&writers[i].thread, NULL, i == 0 ? put_concepts : put_submodels,
                         &writers[i]),
            0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        cr_expect_eq(writers[i].others, 0, "writer %d", i);
        cr_expect_gt(writers[i].stored, 0, "writer %d", i);
    }
    cr_expect_eq(writers[0].lost, 0, "%d of %d are not there", writers[0].lost, writers[0].stored);
    cr_expect_eq(writers[0].stored, ROUNDS, "what is whole depends on nobody else");
}

Test(lifecycle_together, a_precondition_counts_for_a_submodel_by_itself)
{
    unsigned char before[STORE_HASH_BYTES];
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    memcpy(before, life.version.content, sizeof before);
    cr_assert_eq(
        put(ENVIRONMENT(LIFE_PRESS(LIFE_ID, FORCE("1")), CONCEPT("Kept")), CLASS_Environment),
        ERR_OK);
    const struct registry_author author = life_author("anna", NULL);
    enum err_code code = lifecycle_draft_replace(life.registry, &life.arena, LIFE_FAMILY, "1.0",
        fixture_tree(&life.arena, LIFE_PRESS(LIFE_ID, FORCE("2"))), before, &author, &life.report,
        &life.version, &life.err);
    cr_expect_eq(code, ERR_PRECONDITION);
    cr_expect(draft_has("\"Kept\""));
    cr_expect_not(draft_has("\"value\":\"2\""));
}

/* ------------------------------------------------------------------ the submodel that is shown */

static void *put_shown_ones(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < ROUNDS; i++) {
        char json[LIFE_JSON];
        snprintf(json, sizeof json, LIFE_PRESS(LIFE_ID, FORCE("%d")), 1000 * writer->number + i);
        count(writer, put_shown(json));
    }
    return NULL;
}

static int revisions_of(const char *label)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t found = 0;
    const char *id = arena_printf(&life.arena, LIFE_FAMILY "@%s", label);
    cr_assert_eq(registry_view_begin(life.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &life.arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), 0,
                     0, &revisions, &found, NULL),
        ERR_OK);
    registry_view_end(&view);
    return (int)found;
}

Test(lifecycle_together, who_sets_no_precondition_is_told_of_none)
{
    struct writer writers[WRITERS] = {{.number = 0}};
    int stored = 0;
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
    for (int i = 0; i < WRITERS; i++) {
        writers[i].number = i;
        cr_assert_eq(pthread_create(&writers[i].thread, NULL, put_shown_ones, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        cr_expect_eq(writers[i].others, 0, "writer %d", i);
        stored += writers[i].stored;
    }
    cr_expect_gt(stored, 0);
    cr_expect_eq(revisions_of("1.0"), stored + 1, "each that was answered is a revision");
}

/* ------------------------------------------------------------------ without a pause */

static int interruptions; /* that are still to come */
static int attempts;

/* Somebody changes the draft whenever the shell has been read. */
static enum err_code interrupt(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    char json[LIFE_JSON];
    (void)context;
    (void)err;
    attempts++;
    if (interruptions-- > 0) {
        snprintf(json, sizeof json, LIFE_PRESS(LIFE_ID, FORCE("%d")), 100 + attempts);
        cr_assert_eq(put(json, CLASS_Submodel), ERR_OK);
    }
    return aas_set_text(arena, shell, PROP_idShort, "Line", 4);
}

static enum err_code put_through_shell(void)
{
    const struct registry_author author = life_author("anna", NULL);
    const struct registry_companion companion = {
        .kind = REGISTRY_SHELL, .id = "urn:shell", .id_len = 9, .edit = interrupt};
    const struct registry_change change = {.operation = REGISTRY_UPSERT,
        .kind = REGISTRY_SUBMODEL,
        .id = LIFE_ID,
        .id_len = strlen(LIFE_ID),
        .tree = fixture_tree(&life.arena, LIFE_PRESS(LIFE_ID, FORCE("7")))};
    enum registry_outcome outcome;
    attempts = 0;
    life.err = (struct err){.code = ERR_OK};
    return registry_write_with(
        life.registry, &change, &companion, &author, NULL, &outcome, &life.err);
}

static void make_both(void)
{
    static const char shell[] =
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"assetInformation\":{"
        "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\"}}";
    cr_assert_eq(fixture_write(life.registry, REGISTRY_CREATE, NULL, shell, &life.err), ERR_OK);
    LIFE_OK(life_make("anna", "1.0", NULL, LIFE_PRESS(LIFE_ID, LIFE_FORCE)));
}

Test(lifecycle_together, who_is_overtaken_tries_again)
{
    make_both();
    interruptions = 3;
    LIFE_OK(put_through_shell());
    cr_expect_eq(attempts, 4);
    cr_expect(draft_has("\"value\":\"7\""));
}

Test(lifecycle_together, who_is_overtaken_without_a_pause_is_told_to_try_again)
{
    make_both();
    interruptions = 10 * ATTEMPTS;
    life_refused(put_through_shell(), ERR_BUSY, "", "");
    cr_expect_eq(attempts, ATTEMPTS);
    cr_expect_str_eq(life.err.text, "it is being changed by others without a pause, try again");
    cr_expect(draft_has("\"value\":\"116\""), "what the other has written last");
}

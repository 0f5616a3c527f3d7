/* SPDX-License-Identifier: Apache-2.0 */
/* Categories, tags and names beside templates and models: data that is searched at once. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "registry/access.h"
#include "registry/curated.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(curated, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define FAMILY "a.example-smt-press"

static void import(struct registry *registry, const char *name, int version)
{
    char json[TEMPLATE_JSON];
    struct err err = {0};
    template_json(json, name, version);
    cr_assert_eq(
        template_import(registry, json, strlen(json), "t.json", &err), ERR_OK, "%s", err.text);
}

static size_t hits(struct registry *registry, const struct registry_query *query)
{
    struct registry_view view;
    struct registry_result result;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, query, &result, &err), ERR_OK, "%s", err.text);
    size_t total = result.total;
    registry_view_end(&view);
    arena_finish(&arena);
    return total;
}

static size_t hits_by_equipment(struct registry *registry, const char *value)
{
    const struct registry_query query = {.facets = {[FACET_EQUIPMENT] = value}};
    return hits(registry, &query);
}

static size_t hits_by_words(struct registry *registry, const char *words)
{
    const struct registry_query query = {.words = words};
    return hits(registry, &query);
}

static const struct curated_name both[] = {{"ko", "다이캐스팅기"}, {"en", "Die casting machine"}};

static enum err_code put_node(
    struct registry *registry, const char *value, const char *parent, struct err *err)
{
    const struct curated_node node = {.tree = OVERLAY_EQUIPMENT,
        .value = value,
        .parent = parent,
        .names = both,
        .name_count = 2};
    return curated_node_put(registry, &node, NULL, NULL, err);
}

static enum err_code tag(struct registry *registry, const char *family, const char *value,
    const struct registry_author *author, struct err *err)
{
    static const struct curated_name names[] = {{"ko", "유압 성형 설비"}};
    const char *tags[] = {value};
    struct curated_row row = {.words = "Tiefziehen", .names = names, .name_count = 1};
    row.tags[OVERLAY_EQUIPMENT] = tags;
    row.tag_count[OVERLAY_EQUIPMENT] = 1;
    return curated_family_put(registry, family, &row, NULL, author, err);
}

Test(curated, new_store_begins_with_the_shipped_trees_and_keeps_what_was_changed)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct curated_node *nodes = NULL;
    struct arena arena;
    size_t shipped = 0;
    size_t count = 0;
    (void)overlay_nodes(&shipped);
    cr_assert_eq(put_node(registry, "die-casting-machine", "machine", NULL), ERR_OK);
    cr_assert_eq(put_node(registry, "second", "", NULL), ERR_OK);
    cr_assert_eq(
        curated_node_delete(registry, OVERLAY_EQUIPMENT, "second", NULL, NULL, NULL), ERR_OK);
    cr_assert_eq(put_node(registry, "robot", "", NULL), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(curated_nodes(&view.txn, &arena, &nodes, &count, NULL), ERR_OK);
    cr_expect_eq(count, shipped + 1, "one more");
    struct curated_node robot;
    cr_assert_eq(curated_node_find(&view.txn, &arena, OVERLAY_EQUIPMENT, "robot", &robot), ERR_OK);
    cr_expect_str_eq(curated_node_name(&robot, "ko-KR"), "다이캐스팅기");
    registry_view_end(&view);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, tag_finds_the_family_at_once_also_by_what_it_is_below_and_by_its_names)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    import(registry, "press", 1);
    cr_assert_eq(put_node(registry, "die-casting-machine", "machine", &err), ERR_OK);
    cr_expect_eq(hits_by_equipment(registry, "die-casting-machine"), 0);
    cr_assert_eq(tag(registry, FAMILY, "die-casting-machine", NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(hits_by_equipment(registry, "die-casting-machine"), 1);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 1);
    cr_expect_eq(hits_by_equipment(registry, "robot"), 0);
    static const char *const words[] = {"다이캐스팅", "유압 성형", "tiefziehen", "\"die casting\""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        cr_expect_eq(hits_by_words(registry, words[i]), 1, "%s", words[i]);
    }
    import(registry, "press", 2);
    cr_expect_eq(hits_by_equipment(registry, "die-casting-machine"), 2, "new versions, too");
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, moved_and_renamed_value_is_searched_as_it_is_now)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    import(registry, "press", 1);
    cr_assert_eq(put_node(registry, "die-casting-machine", "machine", &err), ERR_OK);
    cr_assert_eq(tag(registry, FAMILY, "die-casting-machine", NULL, &err), ERR_OK);
    static const struct curated_name others[] = {{"ko", "주조기"}, {"en", "Caster"}};
    const struct curated_node moved = {.tree = OVERLAY_EQUIPMENT,
        .value = "die-casting-machine",
        .parent = "process-plant",
        .names = others,
        .name_count = 2};
    cr_assert_eq(curated_node_put(registry, &moved, NULL, NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 0);
    cr_expect_eq(hits_by_equipment(registry, "process-plant"), 1);
    cr_expect_eq(hits_by_words(registry, "다이캐스팅"), 0);
    cr_expect_eq(hits_by_words(registry, "주조기"), 1);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, what_cannot_be_is_refused_and_changes_nothing)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    struct curated_node node = {.tree = OVERLAY_EQUIPMENT, .parent = "", .names = both};
    cr_assert_eq(put_node(registry, "caster", "machine", NULL), ERR_OK);
    static const struct {
        const char *value;
        const char *parent;
        size_t names;
        enum err_code code;
    } rows[] = {{"", "", 2, ERR_BAD_INPUT}, {"Caster", "", 2, ERR_BAD_INPUT},
        {"a b", "", 2, ERR_BAD_INPUT}, {"fine", "nowhere", 2, ERR_BAD_INPUT},
        {"fine", "", 1, ERR_BAD_INPUT}, {"fine", "", 0, ERR_BAD_INPUT},
        {"machine", "caster", 2, ERR_BAD_INPUT}, {"caster", "caster", 2, ERR_BAD_INPUT},
        {"a23456789012345678901234567890123456789012345678901234567890123456789", "", 2,
            ERR_BAD_INPUT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        node.value = rows[i].value;
        node.parent = rows[i].parent;
        node.name_count = rows[i].names;
        cr_expect_eq(curated_node_put(registry, &node, NULL, NULL, &err), rows[i].code, "%zu", i);
    }
    import(registry, "press", 1);
    cr_expect_eq(tag(registry, FAMILY, "nowhere", NULL, &err), ERR_BAD_INPUT);
    cr_expect_not_null(strstr(err.text, "nowhere"));
    cr_expect_eq(tag(registry, "No Family", "caster", NULL, &err), ERR_BAD_INPUT);
    cr_assert_eq(tag(registry, FAMILY, "caster", NULL, &err), ERR_OK);
    cr_expect_eq(
        curated_node_delete(registry, OVERLAY_EQUIPMENT, "caster", NULL, NULL, &err), ERR_STATE);
    cr_expect_not_null(strstr(err.text, FAMILY));
    cr_expect_eq(
        curated_node_delete(registry, OVERLAY_EQUIPMENT, "machine", NULL, NULL, &err), ERR_STATE);
    cr_expect_eq(
        curated_node_delete(registry, OVERLAY_EQUIPMENT, "never", NULL, NULL, &err), ERR_NOT_FOUND);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, subtree_is_not_moved_deeper_than_a_tree_may_be)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char names[2][8][4];
    for (int chain = 0; chain < 2; chain++) {
        for (int i = 0; i < 5; i++) {
            snprintf(names[chain][i], 4, "%c%d", 'a' + chain, i);
            cr_assert_eq(
                put_node(registry, names[chain][i], i > 0 ? names[chain][i - 1] : "", &err), ERR_OK,
                "%s", err.text);
        }
    }
    cr_expect_eq(put_node(registry, "a0", "b4", &err), ERR_BAD_INPUT, "5 below 5");
    cr_expect_eq(put_node(registry, "a0", "b2", &err), ERR_OK, "5 below 3: %s", err.text);
    cr_expect_eq(put_node(registry, "b0", "a4", &err), ERR_BAD_INPUT, "below itself");
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, tags_of_a_model_stay_when_the_model_changes)
{
    static const char id[] = "urn:curated:model";
    struct registry *registry = fixture_open();
    struct err err = {0};
    char json[FIXTURE_JSON];
    const char *tags[] = {"press"};
    struct curated_row row = {.words = "생산1호기"};
    row.tags[OVERLAY_EQUIPMENT] = tags;
    row.tag_count[OVERLAY_EQUIPMENT] = 1;
    cr_expect_eq(
        curated_model_put(registry, REGISTRY_SUBMODEL, id, strlen(id), &row, NULL, NULL, &err),
        ERR_NOT_FOUND);
    fixture_submodel(json, id, "Line1", 7);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_OK);
    cr_assert_eq(
        curated_model_put(registry, REGISTRY_SUBMODEL, id, strlen(id), &row, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 1);
    fixture_submodel(json, id, "Line2", 8);
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, id, json, NULL), ERR_OK);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 1);
    cr_expect_eq(hits_by_words(registry, "생산1호기"), 1);
    cr_expect_eq(hits_by_words(registry, "Line2"), 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 0);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_OK);
    cr_expect_eq(hits_by_equipment(registry, "machine"), 1, "it comes back with its tags");
    fixture_verify(registry);
    cr_assert_eq(put_node(registry, "caster", "", NULL), ERR_OK);
    tags[0] = "caster";
    cr_assert_eq(
        curated_model_put(registry, REGISTRY_SUBMODEL, id, strlen(id), &row, NULL, NULL, &err),
        ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect_eq(curated_node_delete(registry, OVERLAY_EQUIPMENT, "caster", NULL, NULL, &err),
        ERR_OK, "what is deleted holds no value: %s", err.text);
    fixture_verify(registry);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_OK);
    cr_expect_eq(hits_by_words(registry, "생산1호기"), 1);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, whoever_may_not_curate_is_refused)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    const struct access_grant grants[] = {{ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""}};
    const struct access_grant limited[] = {{ROLE_MODELLER, ACCESS_LIMIT_FAMILY, FAMILY}};
    const struct access_principal kim = {
        .name = "kim", .known = true, .grants = grants, .grant_count = 1};
    const struct access_principal lee = {
        .name = "lee", .known = true, .grants = limited, .grant_count = 1};
    const struct registry_author as_kim = {.name = "kim", .principal = &kim};
    const struct registry_author as_lee = {.name = "lee", .principal = &lee};
    import(registry, "press", 1);
    cr_expect_eq(tag(registry, FAMILY, "press", &as_kim, &err), ERR_FORBIDDEN);
    cr_expect_eq(tag(registry, FAMILY, "press", &as_lee, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(tag(registry, "other-family", "press", &as_lee, &err), ERR_FORBIDDEN);
    registry_close(registry);
}

/* ------------------------------------------------------------------ titles */

#define TITLED "urn:curated:titled"

static void put_titled(struct registry *registry, const char *names)
{
    char json[FIXTURE_JSON];
    snprintf(json, sizeof json,
        "{\"modelType\":\"Submodel\",\"id\":\"" TITLED "\",\"idShort\":\"Line1\"%s}", names);
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, TITLED, json, NULL), ERR_OK);
}

static void give_names(struct registry *registry, const struct curated_name *names, size_t count)
{
    struct err err = {0};
    const struct curated_row row = {.words = "", .names = names, .name_count = count};
    cr_assert_eq(curated_model_put(
                     registry, REGISTRY_SUBMODEL, TITLED, strlen(TITLED), &row, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
}

static void expect_title(
    struct registry *registry, const char *language, const char *title, bool given)
{
    struct registry_view view;
    struct registry_result result;
    struct arena arena;
    const struct registry_query query = {.words = "", .language = language};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    cr_assert_eq(result.count, 1);
    cr_expect_str_eq(result.hits[0].title, title, "in %s", language == NULL ? "none" : language);
    cr_expect_eq(
        result.hits[0].title_is_ours, given, "in %s", language == NULL ? "none" : language);
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(curated, title_is_the_own_name_else_the_given_one_else_the_same_in_english)
{
    static const struct curated_name three[] = {
        {"ko", "생산 1호기"}, {"en", "Line one"}, {"de", "Linie eins"}};
    struct registry *registry = fixture_open();
    put_titled(registry, "");
    expect_title(registry, "ko", "Line1", false);
    give_names(registry, three, 1);
    expect_title(registry, "ko-KR", "생산 1호기", true);
    expect_title(registry, "fr", "Line1", false);
    expect_title(registry, NULL, "Line1", false);
    give_names(registry, three, 3);
    expect_title(registry, "fr", "Line one", true);
    expect_title(registry, NULL, "Line one", true);
    put_titled(registry, ",\"displayName\":[{\"language\":\"de\",\"text\":\"Anlage\"}]");
    expect_title(registry, "de", "Anlage", false);
    expect_title(registry, "ko", "생산 1호기", true);
    expect_title(registry, "fr", "Line one", true);
    give_names(registry, three, 1);
    expect_title(registry, "fr", "Anlage", false);
    put_titled(registry, ",\"displayName\":[{\"language\":\"de\",\"text\":\"Anlage\"},"
                         "{\"language\":\"en\",\"text\":\"Plant\"}]");
    give_names(registry, three, 3);
    expect_title(registry, "fr", "Plant", false);
    expect_title(registry, NULL, "Plant", false);
    expect_title(registry, "ko", "생산 1호기", true);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, TITLED, NULL, NULL), ERR_OK);
    put_titled(registry, "");
    expect_title(registry, "ko", "생산 1호기", true);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ history */

static void expect_history(struct registry *registry, const char *id, const char *operation,
    const char *const *summaries, size_t count)
{
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t found = 0;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &arena, REGISTRY_CURATION, id, strlen(id), 0, 10,
                     &revisions, &found, &err),
        ERR_OK, "%s: %s", id, err.text);
    cr_assert_eq(found, count, "%s: %zu", id, found);
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(revisions[i].summary, summaries[i], "%s, %zu from the end", id, i);
    }
    cr_expect_str_eq(revisions[0].operation, operation);
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(curated, history_says_what_was_changed_of_tags_and_names)
{
    static const char *const summaries[] = {"equipment -press; ko: none; words: none",
        "equipment +press -robot", "", "equipment +robot; ko: 유압 성형 설비; words: Tiefziehen"};
    static const struct curated_row nothing = {.words = ""};
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(tag(registry, FAMILY, "robot", NULL, &err), ERR_OK);
    cr_assert_eq(tag(registry, FAMILY, "robot", NULL, &err), ERR_OK);
    cr_assert_eq(tag(registry, FAMILY, "press", NULL, &err), ERR_OK);
    cr_assert_eq(curated_family_put(registry, FAMILY, &nothing, NULL, NULL, &err), ERR_OK);
    expect_history(registry, "family/" FAMILY, "tag", summaries, 4);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated, history_says_what_was_changed_of_a_value)
{
    static const char *const summaries[] = {"", "en: Caster; de: Gießmaschine; at the top",
        "below process-plant", "다이캐스팅기, below machine"};
    static const struct curated_name others[] = {
        {"ko", "다이캐스팅기"}, {"en", "Caster"}, {"de", "Gießmaschine"}};
    const struct curated_node renamed = {.tree = OVERLAY_EQUIPMENT,
        .value = "caster",
        .parent = "",
        .names = others,
        .name_count = 3};
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(put_node(registry, "caster", "machine", &err), ERR_OK);
    cr_assert_eq(put_node(registry, "caster", "process-plant", &err), ERR_OK);
    cr_assert_eq(curated_node_put(registry, &renamed, NULL, NULL, &err), ERR_OK);
    cr_assert_eq(
        curated_node_delete(registry, OVERLAY_EQUIPMENT, "caster", NULL, NULL, &err), ERR_OK);
    expect_history(registry, "tree/equipment/caster", "delete", summaries, 4);
    registry_close(registry);
}

Test(curated, what_is_too_long_for_a_line_of_the_history_is_cut_between_characters)
{
    enum { MANY = 5, LONG = 999 };
    static char texts[MANY][LONG + 1];
    static const char *const languages[MANY] = {"ko", "en", "de", "fr", "it"};
    struct curated_name names[MANY];
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    size_t found = 0;
    struct arena arena;
    for (size_t i = 0; i < MANY; i++) {
        for (size_t at = 0; at < LONG; at += 3) {
            memcpy(&texts[i][at], "가", 3);
        }
        names[i] = (struct curated_name){languages[i], texts[i]};
    }
    const struct curated_row row = {.words = "", .names = names, .name_count = MANY};
    cr_assert_eq(curated_family_put(registry, FAMILY, &row, NULL, NULL, NULL), ERR_OK);
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &arena, REGISTRY_CURATION, "family/" FAMILY,
                     strlen("family/" FAMILY), 0, 10, &revisions, &found, NULL),
        ERR_OK);
    const char *summary = revisions[0].summary;
    size_t len = strlen(summary);
    cr_assert(len > 1990 && len < 2010, "%zu", len);
    cr_expect_str_eq(summary + len - strlen("가 …"), "가 …");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ side by side */

static void *import_many(void *context)
{
    for (int version = 1; version <= 20; version++) {
        import(context, "press", version);
    }
    return NULL;
}

Test(curated, imports_and_changes_of_tags_beside_each_other_leave_every_version_tagged)
{
    struct registry *registry = fixture_open();
    pthread_t importing;
    struct err err = {0};
    cr_assert_eq(pthread_create(&importing, NULL, import_many, registry), 0);
    for (int i = 0; i < 20; i++) {
        cr_expect_eq(tag(registry, FAMILY, i % 2 == 0 ? "robot" : "press", NULL, &err), ERR_OK,
            "%s", err.text);
    }
    pthread_join(importing, NULL);
    cr_expect_eq(hits_by_equipment(registry, "press"), 20);
    cr_expect_eq(hits_by_equipment(registry, "robot"), 0);
    fixture_verify(registry);
    registry_close(registry);
}

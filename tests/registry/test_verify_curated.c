/* SPDX-License-Identifier: Apache-2.0 */
/* The verification compares what is searched with the tags, names and categories that are kept
 * beside it: a store is changed behind its back. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "registry/curated_record.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(verify_curated, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define FAMILY "a.example-smt-press"
#define MODEL "urn:curated:model"
#define OF_VERSION "template " FAMILY " version 1.0: its search entry does not fit"
#define OF_MODEL "its search entry does not fit the document and its tags and names"

static const struct curated_name both[] = {{"ko", "주조기"}, {"en", "Caster"}};

static struct curated_node caster(const char *parent, const struct curated_name *names)
{
    return (struct curated_node){.tree = OVERLAY_EQUIPMENT,
        .value = "caster",
        .parent = parent,
        .names = names,
        .name_count = 2};
}

static void tag(struct registry *registry, const char *value)
{
    struct err err = {0};
    struct curated_row row = {.words = "Tiefziehen"};
    row.tags[OVERLAY_EQUIPMENT] = &value;
    row.tag_count[OVERLAY_EQUIPMENT] = 1;
    cr_assert_eq(
        curated_family_put(registry, FAMILY, &row, NULL, NULL, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(curated_model_put(
                     registry, REGISTRY_SUBMODEL, MODEL, strlen(MODEL), &row, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
}

/* A template and a model with a tag of our own. */
static struct registry *open_tagged(void)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char json[FIXTURE_JSON];
    const struct curated_node node = caster("machine", both);
    template_json(json, "press", 1);
    cr_assert_eq(
        template_import(registry, json, strlen(json), "t.json", &err), ERR_OK, "%s", err.text);
    fixture_submodel(json, MODEL, "Line1", 7);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, MODEL, json, NULL), ERR_OK);
    cr_assert_eq(curated_node_put(registry, &node, NULL, NULL, &err), ERR_OK, "%s", err.text);
    tag(registry, "caster");
    fixture_verify(registry);
    return registry;
}

/* ------------------------------------------------------------------ behind its back */

struct damage {
    struct store_key key;
    const struct curated_node *node; /* one of the two; none: the row is taken out */
    const struct curated_row *row;
};

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    const struct damage *damage = context;
    struct buf buf;
    (void)err;
    if (damage->node == NULL && damage->row == NULL) {
        return store_delete(txn, STORE_CURATED, damage->key.bytes, damage->key.len);
    }
    buf_init(&buf, 1 << 16);
    if (damage->node != NULL) {
        curated_node_write(&buf, damage->node);
    } else {
        curated_row_write(&buf, damage->row);
    }
    enum err_code code =
        store_put(txn, STORE_CURATED, damage->key.bytes, damage->key.len, buf.bytes, buf.len);
    buf_finish(&buf);
    return code;
}

static void do_damage(struct registry *registry, struct damage *damage)
{
    struct err err = {0};
    cr_assert_eq(
        store_write(registry_store(registry), change, damage, &err), ERR_OK, "%s", err.text);
}

static uint64_t number_of_model(struct registry *registry)
{
    struct registry_view view;
    struct registry_document document;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_get(&view, REGISTRY_SUBMODEL, MODEL, strlen(MODEL), &document, NULL), ERR_OK);
    registry_view_end(&view);
    return document.number;
}

struct told {
    size_t of_version;
    size_t of_model;
};

static void hear(void *context, const char *text)
{
    struct told *told = context;
    told->of_version += strstr(text, OF_VERSION) != NULL;
    told->of_model += strstr(text, OF_MODEL) != NULL;
}

static void expect_told(struct registry *registry, size_t of_version, size_t of_model)
{
    struct told told = {.of_version = 0};
    struct registry_verification found;
    struct err err = {0};
    cr_assert_eq(registry_verify(registry, hear, &told, &found, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(told.of_version, of_version);
    cr_expect_eq(told.of_model, of_model);
    cr_expect_eq(found.problems, of_version + of_model);
}

/* ------------------------------------------------------------------ tests */

Test(verify_curated, tag_names_and_words_of_a_family_that_the_search_does_not_know_are_found)
{
    struct registry *registry = open_tagged();
    const char *tags[] = {"caster", "robot"};
    struct curated_row rows[3];
    struct damage damage = {.row = NULL};
    key_curated_family(&damage.key, FAMILY);
    for (size_t i = 0; i < 3; i++) {
        rows[i] = (struct curated_row){.words = i == 1 ? "Stanzen" : "Tiefziehen"};
        rows[i].tags[OVERLAY_EQUIPMENT] = tags;
        rows[i].tag_count[OVERLAY_EQUIPMENT] = i == 0 ? 2 : 1;
        rows[i].names = both;
        rows[i].name_count = i == 2 ? 1 : 0;
        damage.row = &rows[i];
        do_damage(registry, &damage);
        expect_told(registry, 1, 0);
    }
    tag(registry, "robot");
    fixture_verify(registry);
    registry_close(registry);
}

Test(verify_curated, tag_that_is_only_in_the_search_is_found)
{
    struct registry *registry = open_tagged();
    struct damage of_family = {.row = NULL};
    struct damage of_model = {.row = NULL};
    key_curated_family(&of_family.key, FAMILY);
    key_curated_model(&of_model.key, REGISTRY_SUBMODEL, number_of_model(registry));
    do_damage(registry, &of_family);
    expect_told(registry, 1, 0);
    tag(registry, "caster");
    do_damage(registry, &of_model);
    expect_told(registry, 0, 1);
    registry_close(registry);
}

Test(verify_curated, value_that_was_renamed_or_moved_behind_the_search_is_found)
{
    static const struct curated_name others[] = {{"ko", "다이캐스팅기"}, {"en", "Die caster"}};
    struct registry *registry = open_tagged();
    const struct curated_node nodes[] = {caster("machine", others), caster("process-plant", both)};
    struct damage damage = {.row = NULL};
    key_curated_node(&damage.key, OVERLAY_EQUIPMENT, "caster");
    for (size_t i = 0; i < 2; i++) {
        damage.node = &nodes[i];
        do_damage(registry, &damage);
        expect_told(registry, 1, 1);
    }
    tag(registry, "caster");
    fixture_verify(registry);
    registry_close(registry);
}

Test(verify_curated, order_of_facets_and_the_newest_version_are_no_difference)
{
    struct registry *registry = open_tagged();
    struct err err = {0};
    char json[TEMPLATE_JSON];
    template_json(json, "press", 2);
    cr_assert_eq(
        template_import(registry, json, strlen(json), "t.json", &err), ERR_OK, "%s", err.text);
    fixture_verify(registry);
    tag(registry, "robot");
    fixture_verify(registry);
    registry_close(registry);
}

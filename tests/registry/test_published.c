/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is published does not change: whatever is done to the submodel that is shown under a
 * template's id, the version keeps its environment and its package.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/changes.h"
#include "registry/documents.h"
#include "registry/families.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(published, .init = fixture_start, .fini = fixture_stop, .timeout = 60);

static const char id[] = "https://a.example/press";
static const char family[] = "a.example-smt-press";

/* Everything that is given out of a version, as one hash. */
static void fingerprint(struct registry *registry, unsigned char hash[STORE_HASH_BYTES])
{
    struct arena arena;
    struct registry_view view;
    struct registry_version version;
    struct version_record record;
    struct buf all;
    const char *bytes = NULL;
    size_t len = 0;
    arena_init(&arena, (size_t)64 << 20);
    buf_init(&all, (size_t)64 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_version(&view, &arena, family, "1.0", &version, &bytes, &len, NULL), ERR_OK);
    buf_add(&all, bytes, len);
    cr_assert_eq(version_find(&view.txn, family, "1.0", &record), ERR_OK);
    cr_assert_eq(blob_get(&view.txn, &arena, record.package, &bytes, &len, NULL), ERR_OK);
    buf_add(&all, bytes, len);
    buf_printf(&all, "%d %lld %s %s", (int)version.state, (long long)version.created_ms,
        version.title, version.source);
    store_hash(all.bytes, all.len, hash);
    registry_view_end(&view);
    buf_finish(&all);
    arena_finish(&arena);
}

static void import(struct registry *registry)
{
    char json[TEMPLATE_JSON];
    struct err err = {0};
    size_t len = 0;
    template_json(json, "press", 1);
    char *package = template_package(json, 1000, &len);
    cr_assert_eq(
        template_import(registry, package, len, "press.aasx", &err), ERR_OK, "%s", err.text);
    free(package);
}

static void replace_all(struct registry *registry)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, id, "Other", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, id, json, NULL), ERR_STATE);
}

static void replace_template(struct registry *registry)
{
    static const char json[] =
        "{\"modelType\":\"Submodel\",\"id\":\"https://a.example/press\",\"idShort\":\"T_press\","
        "\"kind\":\"Template\",\"administration\":{\"version\":\"1\"}}";
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, id, json, NULL), ERR_STATE);
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, NULL), ERR_STATE);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_STATE);
}

static enum err_code set_force(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return aas_set_text(arena, element, PROP_value, "7", 1);
}

static enum err_code set_category(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return aas_set_text(arena, submodel, PROP_category, "x", 1);
}

static void set_value(struct registry *registry)
{
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, id, strlen(id), "Force1", 6, NULL,
                     set_force, NULL, NULL, NULL, NULL),
        ERR_STATE);
}

static void edit_it(struct registry *registry)
{
    cr_assert_eq(registry_edit(registry, REGISTRY_SUBMODEL, id, strlen(id), NULL, NULL,
                     set_category, NULL, NULL, NULL, NULL),
        ERR_STATE);
}

static void restore_it(struct registry *registry)
{
    enum registry_outcome outcome;
    cr_assert_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, strlen(id), 1, REGISTRY_UPSERT,
                     NULL, NULL, NULL, &outcome, NULL),
        ERR_STATE);
}

static void import_other(struct registry *registry)
{
    char json[FIXTURE_JSON];
    struct err err = {0};
    fixture_submodel(json, id, "Other", 1);
    cr_assert_neq(template_import_replacing(registry, json, strlen(json), "other.json", &err),
        ERR_OK, "an instance does not take the place of a template");
}

static void delete_it(struct registry *registry)
{
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_STATE);
}

static void replace_concept(struct registry *registry)
{
    static const char json[] = "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:concept:press\","
                               "\"idShort\":\"Changed\"}";
    cr_assert_eq(
        fixture_write(registry, REGISTRY_REPLACE, "urn:concept:press", json, NULL), ERR_OK);
}

Test(published, version_stays_whatever_is_done_to_what_is_shown)
{
    static void (*const deeds[])(struct registry *) = {set_value, edit_it, replace_template,
        replace_all, replace_concept, restore_it, import_other, delete_it, import};
    struct registry *registry = fixture_open();
    unsigned char before[STORE_HASH_BYTES];
    unsigned char after[STORE_HASH_BYTES];
    import(registry);
    fingerprint(registry, before);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        deeds[i](registry);
        fingerprint(registry, after);
        cr_expect_eq(memcmp(before, after, sizeof before), 0, "deed %zu changed the version", i);
        fixture_verify(registry);
    }
    registry_close(registry);
}

Test(published, submodel_of_a_draft_that_was_deleted_keeps_its_history_when_it_comes_back)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_view view;
    struct registry_revision *revisions = NULL;
    struct registry_version version;
    static const char *const said[] = {"create", "delete", "create"};
    static const char template[] =
        "{\"modelType\":\"Submodel\",\"id\":\"https://a.example/press\",\"idShort\":\"T_press\","
        "\"kind\":\"Template\",\"administration\":{\"version\":\"1\",\"revision\":\"0\"}}";
    char json[FIXTURE_JSON];
    size_t count = 0;
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, template, NULL), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    fixture_submodel(json, id, "Back", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_OK);
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &arena, REGISTRY_SUBMODEL, id, strlen(id), 0, 0,
                     &revisions, &count, NULL),
        ERR_OK);
    cr_assert_eq(count, 3);
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(revisions[i].operation, said[i]);
        cr_expect_eq(revisions[i].revision, 3 - i);
    }
    cr_expect_eq(
        registry_version(&view, &arena, "a.example-press", "1.0", &version, NULL, NULL, NULL),
        ERR_NOT_FOUND);
    registry_view_end(&view);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

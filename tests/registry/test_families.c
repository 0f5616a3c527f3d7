/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "registry/documents.h"
#include "registry/families.h"
#include "registry/search.h"
#include "templates/library.h"
#include "tests/registry/registry_fixture.h"

TestSuite(families, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

/* ------------------------------------------------------------------ the shipped library */

Test(families, new_store_has_the_shipped_library)
{
    struct registry_options options = {.store = {.dir = fixture_dir}};
    struct registry *registry = NULL;
    struct registry_view view;
    struct registry_family *families = NULL;
    struct arena arena;
    size_t shipped = 0;
    size_t count = 0;
    struct err err = {0};
    (void)library_templates(&shipped);
    cr_assert_gt(shipped, 0);
    arena_init(&arena, 1 << 26);
    for (int i = 0; i < 2; i++) { /* opening again seeds nothing twice */
        cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
        cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
        cr_assert_eq(registry_families(&view, &arena, NULL, 0, &families, &count, NULL), ERR_OK);
        cr_expect_eq(count, shipped);
        for (size_t k = 0; k < count; k++) {
            struct registry_version version;
            cr_assert_eq(registry_version(
                             &view, &arena, families[k].family, NULL, &version, NULL, NULL, NULL),
                ERR_OK);
            cr_expect_str_eq(version.publisher, "Jig");
            cr_expect_eq(version.errors, 0, "%s", families[k].family);
        }
        registry_view_end(&view);
        registry_close(registry);
    }
    arena_finish(&arena);
}

Test(families, version_gives_its_whole_environment_back)
{
    struct registry_options options = {.store = {.dir = fixture_dir}};
    struct registry *registry = NULL;
    struct registry_view view;
    struct registry_version version;
    struct arena arena;
    struct aas_node *shipped = NULL;
    struct buf canonical;
    const char *json = NULL;
    size_t len = 0;
    size_t count = 0;
    const struct library_template *template = library_templates(&count);
    arena_init(&arena, 1 << 28);
    buf_init(&canonical, 1 << 26);
    while (strcmp(template->name, "press.json") != 0) {
        template ++;
    }
    cr_assert_eq(
        aas_json_read(&arena, template->bytes, template->len, NULL, NULL, &shipped, NULL), ERR_OK);
    aas_json_write(&canonical, shipped, 0, NULL);
    cr_assert_eq(registry_open(&options, &registry, NULL), ERR_OK);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);

    cr_assert_eq(registry_version(
                     &view, &arena, "jig.example-smt-press", "1.0", &version, &json, &len, NULL),
        ERR_OK);

    cr_expect_eq(len, canonical.len);
    cr_expect_eq(memcmp(json, canonical.bytes, len), 0);
    registry_view_end(&view);
    registry_close(registry);
    buf_finish(&canonical);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ records */

struct put {
    const char *family;
    const char *label;
    const char *title;
    enum template_state state;
};

static enum err_code change_put(struct store_txn *txn, void *context, struct err *err)
{
    const struct put *put = context;
    struct version_record record = {.version = {.family = put->family,
                                        .label = put->label,
                                        .title = put->title,
                                        .publisher = "",
                                        .submodel_id = "urn:a",
                                        .semantic_id = "",
                                        .state = put->state,
                                        .created_ms = 1234567890123,
                                        .source = "a.json",
                                        .errors = 3,
                                        .warnings = 4}};
    enum err_code code = version_put(txn, &record);
    return code == ERR_OK ? family_refresh(txn, put->family, err) : code;
}

static void put(struct registry *registry, const char *family, const char *label, const char *title,
    enum template_state state)
{
    struct put what = {family, label, title, state};
    struct err err = {0};
    cr_assert_eq(
        store_write(registry_store(registry), change_put, &what, &err), ERR_OK, "%s", err.text);
}

Test(families, latest_is_the_newest_published_version)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions = NULL;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, 1 << 24);
    put(registry, "press", "1.0", "One", TEMPLATE_PUBLISHED);
    put(registry, "press", "2.0", "Two", TEMPLATE_DRAFT);
    put(registry, "press", "1.10", "Ten", TEMPLATE_PUBLISHED);
    put(registry, "press", "1.9", "Nine", TEMPLATE_PUBLISHED);
    put(registry, "press-brake", "9.0", "Other family", TEMPLATE_PUBLISHED);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);

    cr_assert_eq(registry_family(&view, &arena, "press", &family, &versions, &count, NULL), ERR_OK);

    static const char *const labels[] = {"2.0", "1.10", "1.9", "1.0"};
    cr_expect_str_eq(family.latest, "1.10");
    cr_expect_str_eq(family.title, "Ten");
    cr_assert_eq(count, 4);
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(versions[i].label, labels[i]);
        cr_expect_str_eq(versions[i].source, "a.json");
        cr_expect_eq(versions[i].created_ms, 1234567890123);
        cr_expect_eq(versions[i].errors, 3);
        cr_expect_eq(versions[i].warnings, 4);
    }
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(families, withdrawing_the_latest_gives_the_place_to_the_one_before)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_version version;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 1 << 24);
    put(registry, "press", "1.0", "One", TEMPLATE_PUBLISHED);
    put(registry, "press", "2.0", "Two", TEMPLATE_PUBLISHED);
    put(registry, "press", "2.0", "Two", TEMPLATE_WITHDRAWN);
    put(registry, "lathe", "1.0", "One", TEMPLATE_DRAFT);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);

    cr_expect_eq(
        registry_version(&view, &arena, "press", NULL, &version, NULL, NULL, &err), ERR_OK);
    cr_expect_str_eq(version.label, "1.0");
    cr_expect_eq(
        registry_version(&view, &arena, "press", "2.0", &version, NULL, NULL, &err), ERR_OK);
    cr_expect_eq(version.state, TEMPLATE_WITHDRAWN);
    cr_expect_eq(
        registry_version(&view, &arena, "lathe", NULL, &version, NULL, NULL, &err), ERR_NOT_FOUND);
    cr_expect_eq(
        registry_version(&view, &arena, "press", "3.0", &version, NULL, NULL, &err), ERR_NOT_FOUND);
    cr_expect_eq(
        registry_version(&view, &arena, "none", NULL, &version, NULL, NULL, &err), ERR_NOT_FOUND);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(families, are_listed_in_order_and_page_by_page)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_family *page = NULL;
    size_t count = 0;
    size_t seen = 0;
    const char *after = NULL;
    arena_init(&arena, 1 << 24);
    for (int i = 0; i < 25; i++) {
        char family[32];
        snprintf(family, sizeof family, "family-%02d", (i * 7) % 25);
        put(registry, family, "1.0", "T", TEMPLATE_PUBLISHED);
    }
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    do {
        cr_assert_eq(registry_families(&view, &arena, after, 10, &page, &count, NULL), ERR_OK);
        for (size_t i = 0; i < count; i++) {
            char family[32];
            snprintf(family, sizeof family, "family-%02zu", seen++);
            cr_expect_str_eq(page[i].family, family);
        }
        after = count > 0 ? page[count - 1].family : NULL;
    } while (count > 0 && seen < 100);
    cr_expect_eq(seen, 25);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

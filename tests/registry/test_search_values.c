/* SPDX-License-Identifier: Apache-2.0 */
/* Values are searched where the operator says so, and nowhere else. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/registry/registry_fixture.h"

TestSuite(search_values, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define MACHINE                                                                                    \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Machine\",\"id\":\"urn:m\",\"submodelElements\":["  \
    "{\"modelType\":\"Property\",\"idShort\":\"SerialNumber\",\"valueType\":\"xs:string\","        \
    "\"value\":\"KX-4711 alpha\"},{\"modelType\":\"SubmodelElementCollection\",\"idShort\":"       \
    "\"Place\",\"value\":[{\"modelType\":\"MultiLanguageProperty\",\"idShort\":\"Hall\","          \
    "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","      \
    "\"value\":\"urn:hall\"}]},\"value\":[{\"language\":\"ko\",\"text\":\"창원공장동\"}]}]}," \
    "{\"modelType\":\"Property\",\"idShort\":\"Secret\",\"valueType\":\"xs:string\",\"value\":"    \
    "\"hidden\"}]}"

static struct registry *open_with(const char *names)
{
    struct registry *registry = NULL;
    struct err err = {0};
    const struct registry_options options = {
        .store = {.dir = fixture_dir}, .without_library = true, .search_values = names};
    cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
    return registry;
}

static size_t find(struct registry *registry, const char *words)
{
    struct arena arena;
    struct registry_view view;
    struct registry_result result = {.total = 0};
    const struct registry_query query = {.words = words};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    return result.total;
}

static void expect(
    struct registry *registry, size_t serial, size_t hall, size_t secret, const char *when)
{
    cr_expect_eq(find(registry, "alpha"), serial, "%s", when);
    cr_expect_eq(find(registry, "\"KX-4711\""), serial, "%s", when);
    cr_expect_eq(find(registry, "공장"), hall, "%s", when);
    cr_expect_eq(find(registry, "hidden"), secret, "%s", when);
    fixture_verify(registry);
}

Test(search_values, are_found_where_the_setting_says_by_id_short_or_semantic_id)
{
    struct registry *registry = open_with(NULL);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, MACHINE, NULL), ERR_OK);
    expect(registry, 0, 0, 0, "without a setting");
    registry_close(registry);

    registry = open_with("SerialNumber, urn:hall");
    expect(registry, 1, 1, 0, "after a setting for what is there");
    registry_close(registry);
    registry = open_with(NULL);
    expect(registry, 1, 1, 0, "opened again");
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:m", NULL, NULL), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, MACHINE, NULL), ERR_OK);
    expect(registry, 1, 1, 0, "for what is new");
    registry_close(registry);

    registry = open_with("Secret");
    expect(registry, 0, 0, 1, "with another setting");
    registry_close(registry);
    registry = open_with("none");
    expect(registry, 0, 0, 0, "with none");
    registry_close(registry);
}

static enum err_code set_beta(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return aas_set_text(arena, element, PROP_value, "beta", 4);
}

Test(search_values, follow_when_a_value_is_set_on_its_own)
{
    static const char path[] = "SerialNumber";
    struct registry *registry = open_with("SerialNumber");
    struct err err = {0};
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, MACHINE, NULL), ERR_OK);
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, "urn:m", 5, path, sizeof path - 1,
                     NULL, set_beta, NULL, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(find(registry, "alpha"), 0);
    cr_expect_eq(find(registry, "beta"), 1);
    fixture_verify(registry);
    registry_close(registry);
}

Test(search_values, setting_that_is_too_long_is_refused)
{
    static char names[10000];
    struct registry *registry = NULL;
    struct err err = {0};
    memset(names, 'x', sizeof names - 1);
    const struct registry_options options = {
        .store = {.dir = fixture_dir}, .without_library = true, .search_values = names};
    cr_expect_eq(registry_open(&options, &registry, &err), ERR_BAD_INPUT);
    cr_expect_not_null(strstr(err.text, "longer than 8191 bytes"));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Who uses a semantic id, and as what. */
#include <criterion/criterion.h>
#include <string.h>

#include "registry/search_record.h"
#include "registry/upgrade.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"
#include "tests/support/corpus.h"

TestSuite(uses, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define REF(id)                                                                                    \
    "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"" id      \
    "\"}]}"
#define CODE "0173-1#02-AAO677"

static void write(struct registry *registry, const char *json)
{
    struct err err = {0};
    cr_assert_eq(
        fixture_write(registry, REGISTRY_CREATE, NULL, json, &err), ERR_OK, "%s", err.text);
}

/* One thing for each role. */
static void write_users(struct registry *registry)
{
    write(registry, "{\"modelType\":\"Submodel\",\"idShort\":\"Nameplate\",\"id\":\"urn:sm:1\","
                    "\"semanticId\":" REF(
                        "urn:nameplate") ",\"submodelElements\":[{\"modelType\":"
                                         "\"SubmodelElementCollection\",\"idShort\":\"Maker\","
                                         "\"value\":[{\"modelType\":"
                                         "\"Property\",\"idShort\":\"Name\",\"valueType\":\"xs:"
                                         "string\",\"semanticId\":" REF(CODE "#002") "}]}]}");
    write(registry, "{\"modelType\":\"Submodel\",\"idShort\":\"Other\",\"id\":\"urn:sm:2\","
                    "\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Name\","
                    "\"valueType\":\"xs:string\",\"semanticId\":" REF(
                        "urn:x") ",\"supplementalSemanticIds\":[" REF(CODE
                        "#003") "],\"value\":\"a\","
                                "\"valueId\":" REF(CODE "#002") "}]}");
    write(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Name\",\"id\":\"urn:cd:1\","
        "\"isCaseOf\":[" REF(CODE "#002") "]}");
    write(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Own\",\"id\":\"" CODE "#002\"}");
}

static struct registry_users ask(struct registry *registry, struct arena *arena, const char *id,
    bool any_version, uint64_t after, size_t limit)
{
    struct registry_view view;
    struct registry_users users;
    struct err err = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_uses(&view, arena, id, any_version, after, limit, &users, &err), ERR_OK,
        "%s", err.text);
    registry_view_end(&view);
    return users;
}

struct expected_use {
    const char *id; /* of the thing */
    const char *role;
    const char *path;
    const char *model_type;
};

static void expect_uses(
    const struct registry_users *users, const struct expected_use *rows, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < users->count; i++) {
        const struct registry_user *user = &users->users[i];
        cr_expect_eq(user->use_total, user->use_count);
        for (size_t k = 0; k < user->use_count; k++, at++) {
            cr_assert_lt(at, count, "more uses than expected");
            cr_expect_str_eq(user->hit.id, rows[at].id);
            cr_expect_str_eq(user->uses[k].role, rows[at].role);
            cr_expect_str_eq(user->uses[k].path, rows[at].path);
            cr_expect_str_eq(user->uses[k].model_type, rows[at].model_type);
        }
    }
    cr_expect_eq(at, count);
}

Test(uses, say_thing_path_and_role_exactly_and_in_any_version)
{
    static const struct expected_use exact[] = {
        {"urn:sm:1", "semanticId", "Maker.Name", "Property"},
        {"urn:sm:2", "valueId", "Name", "Property"},
        {"urn:cd:1", "isCaseOf", "", "ConceptDescription"},
        {CODE "#002", "id", "", "ConceptDescription"}};
    static const struct expected_use any[] = {{"urn:sm:1", "semanticId", "Maker.Name", "Property"},
        {"urn:sm:2", "supplementalSemanticId", "Name", "Property"},
        {"urn:sm:2", "valueId", "Name", "Property"},
        {"urn:cd:1", "isCaseOf", "", "ConceptDescription"},
        {CODE "#002", "id", "", "ConceptDescription"}};
    struct registry *registry = fixture_open();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    write_users(registry);

    struct registry_users users = ask(registry, &arena, CODE "#002", false, 0, 0);
    expect_uses(&users, exact, sizeof exact / sizeof *exact);
    users = ask(registry, &arena, CODE, true, 0, 0);
    expect_uses(&users, any, sizeof any / sizeof *any);
    users = ask(registry, &arena, CODE "#009", true, 0, 0);
    expect_uses(&users, any, sizeof any / sizeof *any);
    cr_expect_eq(ask(registry, &arena, CODE, false, 0, 0).count, 0);
    cr_expect_eq(ask(registry, &arena, "0173-1#02-AAO67", true, 0, 0).count, 0);
    arena_finish(&arena);
    registry_close(registry);
}

Test(uses, are_given_in_pages_without_losing_any)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    size_t found = 0;
    uint64_t after = 0;
    arena_init(&arena, 1 << 24);
    write_users(registry);
    do {
        struct registry_users users = ask(registry, &arena, CODE, true, after, 1);
        cr_assert_leq(users.count, 1);
        found += users.count;
        after = users.next;
    } while (after > 0);
    cr_expect_eq(found, 4);
    arena_finish(&arena);
    registry_close(registry);
}

Test(uses, of_unit_and_list_element_are_found)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    write(registry,
        "{\"modelType\":\"Submodel\",\"idShort\":\"Sm\",\"id\":\"urn:sm:1\",\"submodelElements\":[{"
        "\"modelType\":\"SubmodelElementList\",\"idShort\":\"Speeds\",\"typeValueListElement\":"
        "\"Property\",\"valueTypeListElement\":\"xs:int\",\"semanticIdListElement\":" REF(
            "urn:speed:1:0") "}]}");
    write(registry,
        "{\"modelType\":\"ConceptDescription\",\"idShort\":\"Speed\",\"id\":\"urn:cd:speed\","
        "\"embeddedDataSpecifications\":[{\"dataSpecification\":" REF(
            "https://admin-shell.io/"
            "DataSpecificationTemplates/DataSpecificationIec61360/3") ",\"dataSpecificationContent"
                                                                      "\":{\"modelType\":"
                                                                      "\"DataSpecificationIec61360"
                                                                      "\","
                                                                      "\"preferredName\":[{"
                                                                      "\"language\":\"en\","
                                                                      "\"text\":\"Speed\"}],"
                                                                      "\"unit\":\"1/min\","
                                                                      "\"dataType\":\"REAL_"
                                                                      "MEASURE\",\"definition\":[{"
                                                                      "\"language\":\"en\","
                                                                      "\"text\":\"How fast\"}],"
                                                                      "\"unitId\":" REF("0173-1#05-"
                                                                                        "AAA654#"
                                                                                        "003") "}}]"
                                                                                               "}");
    static const struct expected_use unit[] = {
        {"urn:cd:speed", "unitId", "", "DataSpecificationIec61360"}};
    static const struct expected_use list[] = {
        {"urn:sm:1", "semanticIdListElement", "Speeds", "SubmodelElementList"}};
    struct registry_users users = ask(registry, &arena, "0173-1#05-AAA654#003", false, 0, 0);
    expect_uses(&users, unit, 1);
    users = ask(registry, &arena, "urn:speed:2:1", true, 0, 0);
    expect_uses(&users, list, 1);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

Test(uses, in_template_versions_name_the_version_and_the_concept_description)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct err err = {0};
    char json[TEMPLATE_JSON];
    arena_init(&arena, 1 << 24);
    template_json(json, "pump", 1);
    cr_assert_eq(template_import(registry, json, strlen(json), "pump.json", &err), ERR_OK);
    struct registry_users users = ask(registry, &arena, "urn:concept:pump", false, 0, 0);
    bool version = false;
    for (size_t i = 0; i < users.count; i++) {
        const struct registry_user *user = &users.users[i];
        for (size_t k = 0; user->hit.is_template && k < user->use_count; k++) {
            if (strcmp(user->uses[k].role, "id") == 0) {
                cr_expect_str_eq(user->hit.family, "a.example-smt-pump");
                cr_expect_str_eq(user->hit.label, "1.0");
                cr_expect_str_eq(user->uses[k].inside, "urn:concept:pump");
                version = true;
            }
        }
    }
    cr_expect(version, "the version brings the concept description");
    arena_finish(&arena);
    registry_close(registry);
}

/* What an older store has: entries without anything that was added since, and its number. */
static enum err_code forget(struct store_txn *txn, void *context, struct err *err)
{
    static const struct search_entry nothing = {.title = "", .description = "", .text = ""};
    unsigned char format[8];
    (void)context;
    enum err_code code = search_put(txn,
        "va.example-smt-pump\0"
        "1.0",
        23, &nothing, err);
    value_set_u64(format, 1);
    return code == ERR_OK ? store_put(txn, STORE_META, "format", 6, format, sizeof format) : code;
}

Test(uses, of_a_store_of_the_first_format_are_found_after_opening_it)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct err err = {0};
    char json[TEMPLATE_JSON];
    arena_init(&arena, 1 << 24);
    template_json(json, "pump", 1);
    cr_assert_eq(template_import(registry, json, strlen(json), "pump.json", &err), ERR_OK);
    size_t before = ask(registry, &arena, "urn:concept:pump", true, 0, 0).count;
    cr_assert_eq(store_write(registry_store(registry), forget, NULL, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(ask(registry, &arena, "urn:concept:pump", true, 0, 0).count, before - 1);
    registry_close(registry);

    registry = fixture_open();
    cr_expect_eq(ask(registry, &arena, "urn:concept:pump", true, 0, 0).count, before);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What an import refers to is looked up in the store when the file does not have it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "aas/buf.h"

#include "tests/registry/registry_fixture.h"

TestSuite(concept_lookup, .init = fixture_start, .fini = fixture_stop, .timeout = 60);

#define TO(id)                                                                                     \
    "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"" id      \
    "\"}]}"
#define RED                                                                                        \
    "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:red\",\"embeddedDataSpecifications\":[{"   \
    "\"dataSpecification\":" TO(                                                                   \
        "https://admin-shell.io/DataSpecificationTemplates/"                                       \
        "DataSpecificationIec61360/3") ","                                                         \
                                       "\"dataSpecificationContent\":{\"modelType\":"              \
                                       "\"DataSpecificationIec61360\","                            \
                                       "\"preferredName\":[{\"language\":\"en\",\"text\":\"Red\"}" \
                                       "],\"value\":\"red\"}}]}"
#define PAINT(id, value)                                                                           \
    "{\"modelType\":\"Submodel\",\"id\":\"" id "\",\"submodelElements\":[{\"modelType\":"          \
    "\"Property\",\"idShort\":\"Paint\",\"valueType\":\"xs:string\",\"value\":\"" value            \
    "\",\"valueId\":" TO("urn:red") "}]}"

static void import_text(struct registry *registry, const char *json, struct report *report)
{
    const struct registry_import input = {.bytes = json, .len = strlen(json)};
    static const struct registry_author author = {.name = "tester"};
    struct registry_import_result result;
    struct arena arena;
    struct err err;
    arena_init(&arena, (size_t)64 << 20);
    report_clear(report);
    cr_expect_eq(registry_import(registry, &arena, &input, &author, report, &result, &err), ERR_OK,
        "%s", err.text);
    arena_finish(&arena);
}

Test(concept_lookup, a_value_is_compared_with_the_concept_in_the_store)
{
    struct registry *registry = fixture_open();
    struct report report;
    report_init(&report);
    import_text(registry, PAINT("urn:before", "rot"), &report);
    cr_expect_eq(report.errors, 0);
    cr_assert_eq(report.infos, 1, "the concept is not there yet");
    cr_expect_str_eq(report.findings[0].rule, "AASd-007");
    import_text(registry, RED, &report);
    import_text(registry, PAINT("urn:right", "red"), &report);
    cr_expect_eq(report.count, 0, "it is there now and agrees");
    import_text(registry, PAINT("urn:wrong", "rot"), &report);
    cr_assert_eq(report.errors, 1);
    cr_expect_str_eq(report.findings[0].rule, "AASd-007");
    report_finish(&report);
    registry_close(registry);
}

enum { PAINTS = 4000, DESCRIPTIONS = 60, DESCRIPTION = 900 };

/* "urn:large" with the value "red" and descriptions in many languages. */
static void large_concept(struct buf *buf)
{
    buf_add_text(
        buf, "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:large\",\"description\":[");
    for (int i = 0; i < DESCRIPTIONS; i++) {
        buf_printf(buf, "%s{\"language\":\"en-x-a%d\",\"text\":\"%0*d\"}", i > 0 ? "," : "", i,
            DESCRIPTION, i);
    }
    buf_add_text(buf, "],\"embeddedDataSpecifications\"");
    buf_add_text(buf,
        strstr(RED, "\"embeddedDataSpecifications\"") + strlen("\"embeddedDataSpecifications\""));
}

/* Many properties that refer to it; only the last one has another value. */
static void many_paints(struct buf *buf)
{
    buf_add_text(buf, "{\"modelType\":\"Submodel\",\"id\":\"urn:many\",\"submodelElements\":[");
    for (int i = 0; i < PAINTS; i++) {
        buf_printf(buf,
            "%s{\"modelType\":\"Property\",\"idShort\":\"Paint%d\",\"valueType\":\"xs:string\","
            "\"value\":\"%s\",\"valueId\":" TO("urn:large") "}",
            i > 0 ? "," : "", i, i + 1 < PAINTS ? "red" : "rot");
    }
    buf_add_text(buf, "]}");
}

Test(concept_lookup, a_large_concept_that_is_asked_for_thousands_of_times_is_read_once)
{
    struct registry *registry = fixture_open();
    struct report report;
    struct buf concept;
    struct buf model;
    buf_init(&concept, SIZE_MAX);
    buf_init(&model, SIZE_MAX);
    report_init(&report);
    large_concept(&concept);
    many_paints(&model);
    import_text(registry, buf_text(&concept), &report);
    cr_expect_eq(report.errors, 0);
    import_text(registry, buf_text(&model), &report);
    cr_expect_eq(report.errors, 1, "%zu errors", report.errors);
    cr_expect_eq(report.infos, 0, "all of them could be compared");
    buf_finish(&model);
    buf_finish(&concept);
    report_finish(&report);
    registry_close(registry);
}

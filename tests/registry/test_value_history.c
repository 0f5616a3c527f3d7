/* SPDX-License-Identifier: Apache-2.0 */
/* One answer about the values of an element takes no more than its share of the machine. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "registry/value_history.h"
#include "tests/registry/registry_fixture.h"

TestSuite(value_history, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { REVISIONS = 24, LARGE = 16 << 20 };

static const char id[] = "urn:large";

/* A submodel with a long text beside the element that is asked for. */
static char *large_submodel(void)
{
    static const char head[] =
        "{\"modelType\":\"Submodel\",\"id\":\"urn:large\",\"submodelElements\":["
        "{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\","
        "\"value\":\"10\"},{\"modelType\":\"Property\",\"idShort\":\"Long\","
        "\"valueType\":\"xs:string\",\"value\":\"";
    char *json = malloc(sizeof head + LARGE + 8);
    cr_assert_not_null(json);
    memcpy(json, head, sizeof head - 1);
    memset(json + sizeof head - 1, 'x', LARGE);
    strcpy(json + sizeof head - 1 + LARGE, "\"}]}");
    return json;
}

static void write_revisions(struct registry *registry)
{
    char *json = large_submodel();
    char *speed = strstr(json, "\"10\"") + 1;
    for (int i = 0; i < REVISIONS; i++) {
        speed[0] = (char)('1' + i / 10);
        speed[1] = (char)('0' + i % 10);
        cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, NULL), ERR_OK);
    }
    free(json);
}

/* A page of the values of "Speed". */
static size_t page(struct registry *registry, uint64_t before, uint64_t *next)
{
    struct registry_view view;
    struct arena arena;
    struct registry_values values;
    const struct registry_value_filter filter = {
        .from_ms = INT64_MIN, .to_ms = INT64_MAX, .before = before, .limit = 1000};
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_value_history(&view, &arena, REGISTRY_SUBMODEL, id, sizeof id - 1,
                     "Speed", 5, &filter, &values, NULL),
        ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    *next = values.next;
    return values.count;
}

Test(value_history, of_a_large_submodel_written_as_a_whole_comes_in_pages)
{
    struct registry *registry = fixture_open();
    uint64_t next = 0;
    write_revisions(registry);
    size_t values = page(registry, 0, &next);
    cr_expect_gt(values, 1);
    cr_expect_lt(values, REVISIONS);
    cr_expect_neq(next, 0);
    while (next != 0) {
        values += page(registry, next, &next);
    }
    cr_expect_eq(values, REVISIONS, "%zu values in all", values);
    registry_close(registry);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Value documents (PATCH $value) on their way through the registry: what they make of an element is
 * judged as any other write is.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/value.h"
#include "tests/registry/registry_fixture.h"

TestSuite(values, .init = fixture_start, .fini = fixture_stop, .timeout = 60);

static const char document[] =
    "{\"modelType\":\"Submodel\",\"id\":\"urn:v\",\"idShort\":\"Values\",\"submodelElements\":["
    "{\"modelType\":\"MultiLanguageProperty\",\"idShort\":\"Title\",\"value\":["
    "{\"language\":\"en\",\"text\":\"one\"},{\"language\":\"de\",\"text\":\"eins\"}]},"
    "{\"modelType\":\"File\",\"idShort\":\"Manual\",\"value\":\"/a.pdf\",\"contentType\":"
    "\"application/pdf\"},"
    "{\"modelType\":\"Blob\",\"idShort\":\"Icon\",\"value\":\"AAAA\",\"contentType\":"
    "\"image/png\"},"
    "{\"modelType\":\"Range\",\"idShort\":\"Span\",\"valueType\":\"xs:int\",\"min\":\"1\","
    "\"max\":\"2\"},"
    "{\"modelType\":\"ReferenceElement\",\"idShort\":\"Link\",\"value\":{\"type\":"
    "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:x\"}]}},"
    "{\"modelType\":\"Property\",\"idShort\":\"Name\",\"valueType\":\"xs:string\",\"value\":"
    "\"n\"},"
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Box\",\"value\":["
    "{\"modelType\":\"MultiLanguageProperty\",\"idShort\":\"Inner\",\"value\":["
    "{\"language\":\"en\",\"text\":\"in\"}]},"
    "{\"modelType\":\"Entity\",\"idShort\":\"Part\",\"entityType\":\"SelfManagedEntity\","
    "\"globalAssetId\":\"urn:part\"}]}]}";

static enum err_code apply(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    const char *text = context;
    struct json *value = NULL;
    enum err_code code = json_read(arena, text, strlen(text), &value, err);
    return code == ERR_OK ? aas_value_apply(arena, element, value, err) : code;
}

static enum err_code patch(
    struct registry *registry, const char *path, char *value, struct err *err)
{
    *err = (struct err){.code = ERR_OK};
    return registry_edit_value(registry, REGISTRY_SUBMODEL, "urn:v", 5, path, strlen(path), NULL,
        apply, value, NULL, NULL, err);
}

Test(values, what_breaks_a_rule_is_refused_with_the_rule)
{
    static const struct {
        const char *path;
        char *value;
        enum err_code code;
    } cases[] = {
        {"Title", "[{\"e n\":\"x\"}]", ERR_INVALID},
        {"Title", "[{\"\":\"x\"}]", ERR_BAD_INPUT},
        {"Title", "[{\"toolonglanguage\":\"x\"}]", ERR_INVALID},
        {"Title", "[{\"en\":\"\"}]", ERR_INVALID},
        {"Title", "[{\"en\":\"x\"},{\"en\":\"y\"}]", ERR_INVALID},
        {"Box.Inner", "[{\"-\":\"x\"}]", ERR_INVALID},
        {"Box", "{\"Inner\":[{\"-\":\"x\"}]}", ERR_INVALID},
        {"Box", "{\"Part\":{\"entityType\":\"SelfManagedEntity\",\"globalAssetId\":\"\"}}",
            ERR_INVALID},
        {"Manual", "{\"contentType\":\"no type\",\"value\":\"/b.pdf\"}", ERR_INVALID},
        {"Manual", "{\"contentType\":\"\",\"value\":\"/b.pdf\"}", ERR_INVALID},
        {"Icon", "{\"contentType\":\"image\",\"value\":\"AAAA\"}", ERR_INVALID},
        {"Link",
            "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"GlobalReference\","
            "\"value\":\"urn:x\"}]}",
            ERR_INVALID},
        {"Link",
            "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
            "\"value\":\"\"}]}",
            ERR_BAD_INPUT},
        {"Span", "{\"min\":\"x\",\"max\":\"2\"}", ERR_BAD_INPUT},
    };
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(
        fixture_write(registry, REGISTRY_CREATE, "urn:v", document, &err), ERR_OK, "%s", err.text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum err_code code = patch(registry, cases[i].path, cases[i].value, &err);
        cr_expect_eq(code, cases[i].code, "%s %s: %s %s", cases[i].path, cases[i].value,
            err_symbol(code), err.text);
        cr_expect_neq(err.rule[0], '\0', "%s %s: no rule", cases[i].path, cases[i].value);
        cr_expect_eq(strncmp(err.path, cases[i].path, strlen(cases[i].path)), 0, "%s is at %s",
            cases[i].value, err.path);
    }
    fixture_verify(registry);
    registry_close(registry);
}

Test(values, fitting_values_are_taken_and_refused_ones_leave_no_trace)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_document stored;
    struct err err = {0};
    cr_assert_eq(
        fixture_write(registry, REGISTRY_CREATE, "urn:v", document, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(patch(registry, "Title", "[{\"ko\":\"하나\"}]", &err), ERR_OK, "%s", err.text);
    cr_expect_eq(patch(registry, "Title", "[{\"e n\":\"two\"}]", &err), ERR_INVALID);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, "urn:v", 5, &stored, NULL), ERR_OK);
    cr_expect_eq(stored.revision, 2);
    cr_expect_not_null(memmem(stored.json, stored.json_len, "하나", strlen("하나")));
    cr_expect_null(memmem(stored.json, stored.json_len, "two", 3));
    registry_view_end(&view);
    fixture_verify(registry);
    registry_close(registry);
}

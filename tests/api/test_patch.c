/* SPDX-License-Identifier: Apache-2.0 */
/* PATCH in its three forms: what is named changes, the rest stays; all of it or nothing. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, more) "{\"modelType\":\"Property\",\"idShort\":\"" name "\"" more "}"
#define SPEED ",\"valueType\":\"xs:int\",\"value\":\"5\""
#define ITEM(text) "{\"modelType\":\"Property\",\"valueType\":\"xs:string\",\"value\":\"" text "\"}"
#define ITEMS(items)                                                                               \
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Items\",\"typeValueListElement\":"       \
    "\"Property\",\"valueTypeListElement\":\"xs:string\",\"value\":[" items "]}"
#define GROUP(elements)                                                                            \
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Group\",\"value\":[" elements "]}"
#define SUBMODEL(more, elements)                                                                   \
    "{\"modelType\":\"Submodel\"," more                                                            \
    "\"id\":\"urn:test:patch\",\"submodelElements\":[" elements "]}"
#define MODEL                                                                                      \
    SUBMODEL("\"idShort\":\"Test\",", PROPERTY("Speed", SPEED) "," ITEMS(ITEM("a") "," ITEM(       \
                                          "b")) "," GROUP(PROPERTY("Inner", SPEED)))

static struct answer ask(const struct test_server *s, const char *method, const char *rest,
    const char *headers, const char *body)
{
    char target[500];
    snprintf(target, sizeof target, "/submodels/%s%s", id64("urn:test:patch"), rest);
    return client_ask(s->port, method, target, headers, body);
}

static void up(struct test_server *s)
{
    server_up(s, NULL);
    cr_assert_eq(client_status(s->port, "POST", "/submodels", "", MODEL), 201);
}

static void expect(const struct test_server *s, const char *rest, const char *wanted)
{
    struct answer answer = ask(s, "GET", rest, "", NULL);
    cr_assert_str_eq(answer.body, wanted, "%s", rest);
    answer_free(&answer);
}

Test(patch, what_is_named_changes_and_the_rest_stays)
{
    static const struct {
        const char *rest; /* of the address that is changed */
        const char *body;
        const char *read; /* address to read afterwards */
        const char *wanted;
    } cases[] = {
        {"", "{\"idShort\":\"Other\",\"kind\":\"Instance\"}", "/$metadata",
            "{\"modelType\":\"Submodel\",\"idShort\":\"Other\",\"id\":\"urn:test:patch\","
            "\"kind\":\"Instance\"}"},
        {"", "{\"kind\":null}", "/$metadata",
            "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"urn:test:patch\"}"},
        {"", "{\"submodelElements\":[{\"idShort\":\"Speed\",\"value\":\"6\"}]}",
            "/submodel-elements/Speed",
            PROPERTY("Speed", ",\"valueType\":\"xs:int\",\"value\":\"6\"")},
        {"", "{\"submodelElements\":[{\"idShort\":\"Items\",\"value\":[{},{\"value\":\"z\"}]}]}",
            "/submodel-elements/Items", ITEMS(ITEM("a") "," ITEM("z"))},
        {"/submodel-elements/Group",
            "{\"modelType\":\"SubmodelElementCollection\",\"value\":[{\"modelType\":\"Property\","
            "\"idShort\":\"Inner\",\"valueType\":\"xs:double\",\"value\":\"0.50\"}]}",
            "/submodel-elements/Group",
            GROUP(PROPERTY("Inner", ",\"valueType\":\"xs:double\",\"value\":\"0.50\""))},
        {"/submodel-elements/Items%5B1%5D", "{\"value\":\"c\"}", "/submodel-elements/Items/$value",
            "[\"a\",\"c\"]"},
        {"/submodel-elements/Speed", "{\"idShort\":\"Rate\"}", "/submodel-elements/Rate",
            PROPERTY("Rate", SPEED)},
        {"/submodel-elements/Speed", "{\"value\":null}", "/submodel-elements/Speed",
            PROPERTY("Speed", ",\"valueType\":\"xs:int\"")},
        {"/submodel-elements/Group", "{\"value\":null}", "/submodel-elements/Group",
            "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Group\"}"},
        {"/$metadata",
            "{\"modelType\":\"Submodel\",\"submodelElements\":[{\"modelType\":\"Property\","
            "\"idShort\":\"Speed\",\"category\":\"VARIABLE\"}]}",
            "/submodel-elements/Speed",
            "{\"modelType\":\"Property\",\"category\":\"VARIABLE\",\"idShort\":\"Speed\"" SPEED
            "}"},
        {"/submodel-elements/Speed/$metadata", "{\"valueType\":\"xs:long\"}",
            "/submodel-elements/Speed",
            PROPERTY("Speed", ",\"valueType\":\"xs:long\",\"value\":\"5\"")},
    };
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(&s, "PUT", "", "", MODEL);
        cr_assert_eq(answer.status, 204, "%s", answer.body);
        answer_free(&answer);
        answer = ask(&s, "PATCH", cases[i].rest, "", cases[i].body);
        cr_assert_eq(
            answer.status, 204, "%s gave %d %s", cases[i].body, answer.status, answer.body);
        answer_free(&answer);
        expect(&s, cases[i].read, cases[i].wanted);
    }
    server_down(&s);
}

#define ONE(element) "{\"submodelElements\":[{\"idShort\":\"Speed\",\"value\":\"9\"}," element "]}"

Test(patch, one_wrong_part_leaves_everything_as_it_was)
{
    static const struct {
        const char *rest;
        const char *body;
        int status;
        const char *said; /* in the answer */
    } cases[] = {{"", ONE("{\"idShort\":\"None\"}"), 400, "patch-path"},
        {"", ONE("{\"modelType\":\"Range\",\"idShort\":\"Group\"}"), 400, "patch-type"},
        {"", ONE("{\"value\":\"1\"}"), 400, "patch-path"}, {"", ONE("7"), 400, "patch-structure"},
        {"", ONE("{\"idShort\":\"Items\",\"value\":[{},{},{}]}"), 400, "patch-path"},
        {"", ONE("{\"idShort\":\"Items\",\"value\":{}}"), 400, "patch-structure"},
        {"", ONE("{\"idShort\":\"Group\",\"colour\":1}"), 400, "colour"},
        {"", ONE("{\"idShort\":\"Group\",\"category\":1}"), 400, "category"},
        {"", "{\"submodelElements\":[{\"idShort\":\"Speed\",\"value\":\"fast\"}]}", 400,
            "value-type"},
        {"", "{\"id\":\"urn:test:other\"}", 400, "urn:test:other"},
        {"", "{\"id\":null}", 400, NULL}, {"", "[]", 400, NULL}, {"", "", 400, NULL},
        {"", "{\"idShort\":\"A\",}", 400, NULL}, {"?level=flat", "{}", 400, "level"},
        {"?extent=withBlobValue", "{}", 400, "extent"},
        {"/submodel-elements/None", "{}", 404, NULL},
        {"/submodel-elements/Items%5B2%5D", "{}", 404, NULL},
        {"/submodel-elements/Speed", "{\"idShort\":\"Group\"}", 400, "AASd-022"},
        {"/submodel-elements/Speed", "{\"idShort\":null}", 400, "AASd-117"},
        {"/$metadata", ONE("{\"idShort\":\"Items\"}"), 400, "which $metadata never changes"},
        {"/$metadata", "{\"submodelElements\":null}", 400, "patch-structure"},
        {"/submodel-elements/Speed/$metadata", "{\"value\":\"6\"}", 400, "$metadata"},
        {"/submodel-elements/Speed/$metadata", "{\"valueType\":\"xs:boolean\"}", 400, "value-type"},
        {"/$value", "{\"Speed\":6,\"None\":1}", 400, "value-path"},
        {"/$value", "{\"Speed\":6,\"Items\":[\"x\"]}", 400, "value-structure"}};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(&s, "PATCH", cases[i].rest, "", cases[i].body);
        cr_assert_eq(answer.status, cases[i].status, "%s gave %d %s", cases[i].body, answer.status,
            answer.body);
        if (cases[i].said != NULL) {
            cr_assert_not_null(
                strstr(answer.body, cases[i].said), "%s gave %s", cases[i].body, answer.body);
        }
        answer_free(&answer);
        expect(&s, "", MODEL);
    }
    server_down(&s);
}

Test(patch, level_core_leaves_what_is_deeper_alone)
{
    static const char body[] =
        "{\"submodelElements\":[{\"idShort\":\"Group\",\"category\":\"x\",\"value\":[{\"idShort\":"
        "\"Inner\",\"value\":\"99\"},{\"idShort\":\"None\"}]}]}";
    struct test_server s;
    up(&s);
    struct answer answer = ask(&s, "PATCH", "?level=core", "", body);
    cr_assert_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    expect(&s, "/submodel-elements/Group/$metadata",
        "{\"modelType\":\"SubmodelElementCollection\",\"category\":\"x\",\"idShort\":\"Group\"}");
    expect(&s, "/submodel-elements/Group/$value", "{\"Inner\":5}");
    server_down(&s);
}

Test(patch, level_core_leaves_values_that_are_deeper_alone)
{
    struct test_server s;
    up(&s);
    struct answer answer = ask(&s, "PATCH", "/$value?level=core", "",
        "{\"Speed\":7,\"Items\":[],\"Group\":{\"Inner\":99,\"None\":1}}");
    cr_assert_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    expect(&s, "/$value", "{\"Speed\":7,\"Items\":[\"a\",\"b\"],\"Group\":{\"Inner\":5}}");
    answer = ask(&s, "PATCH", "/submodel-elements/Group/$value?level=core", "", "{\"Inner\":6}");
    cr_assert_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    expect(&s, "/submodel-elements/Group/$value", "{\"Inner\":6}");
    server_down(&s);
}

Test(patch, json_and_merge_patches_are_taken_and_nothing_else)
{
    static const struct {
        const char *type;
        int status;
    } cases[] = {{"Content-Type: application/json\r\n", 204},
        {"Content-Type: application/merge-patch+json\r\n", 204},
        {"Content-Type: application/merge-patch+json; charset=utf-8\r\n", 204},
        {"Content-Type: application/merge-patch+json; charset=latin1\r\n", 415},
        {"Content-Type: application/json-patch+json\r\n", 415},
        {"Content-Type: application/xml\r\n", 415}, {"Content-Type: text/plain\r\n", 415}};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(&s, "PATCH", "", cases[i].type, "{\"category\":\"x\"}");
        cr_assert_eq(answer.status, cases[i].status, "%s gave %d", cases[i].type, answer.status);
        answer_free(&answer);
        answer = ask(&s, "PATCH", "/submodel-elements/Speed/$value", cases[i].type, "6");
        cr_assert_eq(answer.status, cases[i].status, "%s gave %d", cases[i].type, answer.status);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(patch, an_answer_of_get_can_be_sent_back_in_its_form)
{
    static const char *const forms[] = {"", "?level=core", "/$metadata", "/$value",
        "/submodel-elements/Group", "/submodel-elements/Group/$metadata",
        "/submodel-elements/Group/$value", "/submodel-elements/Items%5B0%5D",
        "/submodel-elements/Items", "/submodel-elements/Items/$value", "/$value?level=core",
        "/submodel-elements/Items/$value?level=core", "/submodel-elements/Group/$value?level=core"};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct answer answer = ask(&s, "GET", forms[i], "", NULL);
        struct answer changed = ask(&s, "PATCH", forms[i], "", answer.body);
        cr_assert_eq(
            changed.status, 204, "%s with %s gave %s", forms[i], answer.body, changed.body);
        answer_free(&answer);
        answer_free(&changed);
        expect(&s, "", MODEL);
    }
    server_down(&s);
}

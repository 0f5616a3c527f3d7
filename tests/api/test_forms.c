/* SPDX-License-Identifier: Apache-2.0 */
/* $metadata, $value, $reference and $path of lists, their modifiers and pages, and XML. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, more)                                                                       \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"xs:int\"" more "}"
#define VALUE(text) ",\"value\":\"" text "\""
#define COLLECTION(name, more)                                                                     \
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"" name "\"" more "}"
#define DEEP COLLECTION("Deep", ",\"value\":[" PROPERTY("Leaf", VALUE("3")) "]")
#define GROUP COLLECTION("Group", ",\"value\":[" PROPERTY("Inner", VALUE("2")) "," DEEP "]")
#define LIST(more)                                                                                 \
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Items\",\"typeValueListElement\":"       \
    "\"Capability\"" more "}"
#define ITEMS LIST(",\"value\":[{\"modelType\":\"Capability\"}]")
#define BLOB(more)                                                                                 \
    "{\"modelType\":\"Blob\",\"idShort\":\"Photo\"" more "\"contentType\":\"image/png\"}"
#define CAPABILITY "{\"modelType\":\"Capability\",\"idShort\":\"Can\"}"
#define SUBMODEL(id, more)                                                                         \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"" id "\"" more "}"
#define MODEL                                                                                      \
    SUBMODEL("urn:test:one",                                                                       \
        ",\"submodelElements\":[" PROPERTY("One", VALUE("1")) "," GROUP "," ITEMS "," BLOB(        \
            ",\"value\":\"AAAA\",") "," CAPABILITY "," PROPERTY("Empty", "") "]")
#define KEY(type, value) "{\"type\":\"" type "\",\"value\":\"" value "\"}"
#define REFERENCE(keys) "{\"type\":\"ModelReference\",\"keys\":[" keys "]}"
#define IN(type, name) REFERENCE(KEY("Submodel", "urn:test:one") "," KEY(type, name))
#define PAGE(result) "{\"result\":[" result "],\"paging_metadata\":{}}"
#define NEXT(result, cursor)                                                                       \
    "{\"result\":" result ",\"paging_metadata\":{\"cursor\":\"" cursor "\"}}"
#define LAST(result) "{\"result\":" result ",\"paging_metadata\":{}}"

struct read {
    const char *rest;
    int status;
    const char *body; /* NULL: any */
};

static void expect(const struct test_server *s, const char *address, const struct read *read)
{
    char target[600];
    snprintf(target, sizeof target, "%s%s", address, read->rest);
    struct answer answer = client_ask(s->port, "GET", target, "", NULL);
    cr_assert_eq(answer.status, read->status, "%s gave %d %s", target, answer.status, answer.body);
    if (read->body != NULL) {
        cr_assert_str_eq(answer.body, read->body, "%s", target);
    }
    answer_free(&answer);
}

Test(forms, elements_are_listed_in_all_forms)
{
    static const struct read reads[] = {
        {"/$metadata", 200,
            PAGE(PROPERTY("One", "") "," COLLECTION("Group", "") "," LIST(
                "") ",{\"modelType\":\"Blob\",\"idShort\":\"Photo\"}," CAPABILITY
                    "," PROPERTY("Empty", ""))},
        {"/$metadata?level=core&limit=1", 200, NEXT("[" PROPERTY("One", "") "]", "cDEuVDI1bA")},
        {"/$value", 200,
            LAST("{\"One\":1,\"Group\":{\"Inner\":2,\"Deep\":{\"Leaf\":3}},\"Items\":[null],"
                 "\"Photo\":{\"contentType\":\"image/png\"}}")},
        {"/$value?level=core&extent=withBlobValue", 200,
            LAST("{\"One\":1,\"Group\":{\"Inner\":2,\"Deep\":{}},\"Items\":[null],"
                 "\"Photo\":{\"contentType\":\"image/png\",\"value\":\"AAAA\"}}")},
        {"/$value?limit=1", 200, NEXT("{\"One\":1}", "cDEuVDI1bA")},
        {"/$value?limit=2&cursor=p3.SXRlbXM", 200,
            NEXT("{\"Photo\":{\"contentType\":\"image/png\"}}", "cDUuUTJGdQ")},
        {"/$value?cursor=p5.Q2Fu", 200, LAST("{}")},
        {"/$reference?limit=2", 200,
            NEXT("[" IN("Property", "One") "," IN("SubmodelElementCollection", "Group") "]",
                "cDIuUjNKdmRYQQ")},
        {"/$reference?level=core&cursor=p5.Q2Fu", 200, PAGE(IN("Property", "Empty"))},
        {"/$path", 200,
            PAGE("\"One\",\"Group\",\"Group.Inner\",\"Group.Deep\",\"Group.Deep.Leaf\",\"Items\","
                 "\"Items[0]\",\"Photo\",\"Can\",\"Empty\"")},
        {"/$path?level=core&limit=2", 200,
            NEXT("[\"One\",\"Group\",\"Group.Inner\",\"Group.Deep\"]", "cDIuUjNKdmRYQQ")},
        {"/$path?cursor=p9.Tm9uZQ", 200, PAGE("")}, {"/$metadata?level=deep", 400, NULL},
        {"/$metadata?extent=withoutBlobValue", 400, NULL}, {"/$reference?extent=x", 400, NULL},
        {"/$reference?extent=withBlobValue", 400, NULL}, {"/$path?level=x", 400, NULL},
        {"/$value?extent=x", 400, NULL}, {"/$value?limit=0", 400, NULL},
        {"/$path?cursor=c1", 400, NULL}, {"/$values", 404, NULL}};
    struct test_server s;
    char address[300];
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", MODEL), 201);
    snprintf(address, sizeof address, "/submodels/%s/submodel-elements", id64("urn:test:one"));
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        expect(&s, address, &reads[i]);
    }
    server_down(&s);
}

#define PUMP "{\"type\":\"ExternalReference\",\"keys\":[" KEY("GlobalReference", "urn:pump") "]}"
#define TWO                                                                                        \
    SUBMODEL("urn:test:two",                                                                       \
        ",\"semanticId\":" PUMP ",\"submodelElements\":[" PROPERTY("One", VALUE("7")) "]")
#define BARE SUBMODEL("urn:test:bare", "")
#define OF(id) REFERENCE(KEY("Submodel", id))

Test(forms, submodels_are_listed_in_all_forms_with_filters_and_pages)
{
    char semantic[300];
    snprintf(semantic, sizeof semantic, "/$reference?semanticId=%s", id64(PUMP));
    const struct read reads[] = {{"/$metadata", 200,
                                     PAGE(SUBMODEL("urn:test:one", "") "," SUBMODEL(
                                         "urn:test:two", ",\"semanticId\":" PUMP) "," BARE)},
        {"/$value?limit=2&level=core", 200,
            NEXT("[{\"One\":1,\"Group\":{},\"Items\":[],\"Photo\":{\"contentType\":\"image/png\"}},"
                 "{\"One\":7}]",
                "YzI")},
        {"/$value?cursor=c2", 200, PAGE("{}")},
        {"/$value?extent=withBlobValue&limit=1&cursor=c1", 200, NEXT("[{\"One\":7}]", "YzI")},
        {"/$reference", 200,
            PAGE(OF("urn:test:one") "," OF("urn:test:two") "," OF("urn:test:bare"))},
        {semantic, 200, PAGE(OF("urn:test:two"))}, {"/$reference?idShort=None", 200, PAGE("")},
        {"/$path?cursor=c1", 200, PAGE("\"One\"")},
        {"/$path?level=core&limit=1", 200,
            NEXT("[\"One\",\"Group\",\"Items\",\"Photo\",\"Can\",\"Empty\"]", "YzE")},
        {"/$path?extent=withBlobValue", 400, NULL}, {"/$metadata?level=deep", 400, NULL},
        {"/$reference?extent=withBlobValue", 400, NULL}, {"/$value?level=x", 400, NULL},
        {"/$path?cursor=p1.QQ", 400, NULL}, {"/$value?limit=-1", 400, NULL},
        {"/$path?cursor=&limit=undefined&unknown=1", 200, NULL}};
    struct test_server s;
    server_up(&s, NULL);
    static const char *const models[] = {MODEL, TWO, BARE};
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(client_status(s.port, "POST", "/submodels", "", models[i]), 201);
    }
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        expect(&s, "/submodels", &reads[i]);
    }
    server_down(&s);
}

Test(forms, shells_are_listed_as_references)
{
    static const char shell[] = "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:test:"
                                "shell\",\"assetInformation\":"
                                "{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:1\"}}";
    static const struct read reads[] = {
        {"/$reference", 200, PAGE(REFERENCE(KEY("AssetAdministrationShell", "urn:test:shell")))},
        {"/$reference?idShort=x", 200, PAGE("")}, {"/$reference?limit=0", 400, NULL},
        {"/$reference?assetIds=x", 400, NULL}, {"/$metadata", 404, NULL}, {"/$value", 404, NULL}};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/shells", "", shell), 201);
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        expect(&s, "/shells", &reads[i]);
    }
    server_down(&s);
}

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XML_NS " xmlns=\"https://admin-shell.io/aas/3/1\""
#define XML_PROPERTY(ns, name, value)                                                              \
    "<property" ns "><idShort>" name "</idShort><valueType>xs:int</valueType><value>" value        \
    "</value></property>"

static struct answer ask_xml(const struct test_server *s, const char *method, const char *rest,
    const char *headers, const char *body)
{
    char target[500];
    snprintf(target, sizeof target, "/submodels/%s%s", id64("urn:test:one"), rest);
    return client_ask(s->port, method, target, headers, body);
}

Test(forms, elements_are_read_and_written_as_xml)
{
    static const char sent[] = "Content-Type: application/xml\r\n";
    static const char *const accepts[] = {"Accept: application/xml\r\n", "Accept: text/xml\r\n"};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", MODEL), 201);
    for (size_t i = 0; i < 2; i++) {
        struct answer answer =
            ask_xml(&s, "GET", "/submodel-elements/Group.Inner", accepts[i], NULL);
        cr_assert_eq(answer.status, 200, "%s", answer.body);
        cr_assert_str_eq(answer_field(&answer, "Content-Type"), "application/xml");
        cr_assert_str_eq(answer.body, XML_HEAD XML_PROPERTY(XML_NS, "Inner", "2") "\n");
        answer_free(&answer);
    }
    struct answer answer = ask_xml(
        &s, "POST", "/submodel-elements/Group", sent, XML_HEAD XML_PROPERTY(XML_NS, "Added", "8"));
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    answer_free(&answer);
    answer = ask_xml(&s, "PUT", "/submodel-elements/Group.Inner", sent,
        XML_HEAD XML_PROPERTY(XML_NS, "Inner", "9"));
    cr_assert_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    answer = ask_xml(&s, "GET", "/submodel-elements/Group/$value", "", NULL);
    cr_assert_str_eq(answer.body, "{\"Inner\":9,\"Deep\":{\"Leaf\":3},\"Added\":8}");
    answer_free(&answer);
    server_down(&s);
}

Test(forms, what_has_no_xml_is_406)
{
    static const char *const rests[] = {"/$value", "/$metadata", "/$reference", "/$path",
        "/submodel-elements", "/submodel-elements/$value", "/submodel-elements/One/$value",
        "/submodel-elements/One/$metadata", "/submodel-elements/One/$path"};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", MODEL), 201);
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        struct answer answer = ask_xml(&s, "GET", rests[i], "Accept: application/xml\r\n", NULL);
        cr_assert_eq(answer.status, 406, "%s gave %d", rests[i], answer.status);
        answer_free(&answer);
    }
    cr_assert_eq(
        client_status(s.port, "GET", "/submodels", "Accept: application/xml\r\n", NULL), 406);
    server_down(&s);
}

Test(forms, suffixes_that_a_kind_has_not_are_400)
{
    static const struct read reads[] = {{"/Can/$value", 400, NULL},
        {"/Can/$metadata", 200, CAPABILITY}, {"/Can/$path", 200, "[\"Can\"]"},
        {"/Items%5B0%5D/$value", 400, NULL}, {"/Empty/$value", 200, "null"},
        {"/Photo/$value", 200, "{\"contentType\":\"image/png\"}"},
        {"/Photo/$value?extent=withBlobValue", 200,
            "{\"contentType\":\"image/png\",\"value\":\"AAAA\"}"},
        {"/Photo", 200, BLOB(",")},
        {"/Photo?extent=withBlobValue", 200, BLOB(",\"value\":\"AAAA\",")},
        {"/Photo/$path?extent=withBlobValue", 400, NULL},
        {"/Photo/$reference?extent=withBlobValue", 400, NULL},
        {"/Photo/$metadata?extent=withBlobValue", 400, NULL}, {"/Photo/$nothing", 404, NULL}};
    struct test_server s;
    char address[300];
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", MODEL), 201);
    snprintf(address, sizeof address, "/submodels/%s/submodel-elements", id64("urn:test:one"));
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        expect(&s, address, &reads[i]);
    }
    server_down(&s);
}

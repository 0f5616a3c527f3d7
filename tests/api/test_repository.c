/* SPDX-License-Identifier: Apache-2.0 */
/* Shells, submodels, elements and concept descriptions over HTTP, as clients use them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/buf.h"
#include "tests/api/client.h"

#define SPEED                                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\",\"value\":\"5\"}"
#define ITEM(value)                                                                                \
    "{\"modelType\":\"Property\",\"valueType\":\"xs:string\",\"value\":\"" value "\"}"
#define ITEMS                                                                                      \
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Items\","                                \
    "\"typeValueListElement\":\"Property\",\"valueTypeListElement\":\"xs:string\",\"value\":"      \
    "[" ITEM("a") "," ITEM("b") "]}"
#define PHOTO                                                                                      \
    "{\"modelType\":\"Blob\",\"idShort\":\"Photo\",\"value\":\"aGVsbG8=\","                        \
    "\"contentType\":\"image/png\"}"
#define GROUP(inside)                                                                              \
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Group\",\"value\":[" inside "]}"
#define SUBMODEL(id, elements)                                                                     \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"" id                                \
    "\",\"submodelElements\":[" elements "]}"
#define PRESS SUBMODEL("urn:test:press", SPEED "," ITEMS "," GROUP(SPEED))

static void path_of(char to[512], const char *id, const char *rest)
{
    snprintf(to, 512, "/submodels/%s%s", id64(id), rest);
}

static struct answer ask(
    const struct test_server *s, const char *method, const char *rest, const char *body)
{
    char path[512];
    path_of(path, "urn:test:press", rest);
    return client_ask(s->port, method, path, "", body);
}

static void expect(const struct test_server *s, const char *method, const char *rest,
    const char *body, int status, const char *answered)
{
    struct answer answer = ask(s, method, rest, body);
    cr_assert_eq(
        answer.status, status, "%s %s gave %d %s", method, rest, answer.status, answer.body);
    if (answered != NULL) {
        cr_assert_str_eq(answer.body, answered);
    }
    answer_free(&answer);
}

static void press_up(struct test_server *server)
{
    server_up(server, NULL);
    cr_assert_eq(client_status(server->port, "POST", "/submodels", "", PRESS), 201);
}

Test(repository, post_answers_201_with_a_location_that_resolves)
{
    struct test_server server;
    server_up(&server, NULL);
    struct answer answer = client_ask(server.port, "POST", "/api/v3/submodels", "", PRESS);
    char location[600];
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    cr_assert_str_eq(answer.body, PRESS);
    snprintf(location, sizeof location, "%s", answer_field(&answer, "Location"));
    cr_assert_eq(strncmp(location, "/api/v3/submodels/", 18), 0, "%s", location);
    answer_free(&answer);
    answer = client_ask(server.port, "GET", location, "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(answer.body, PRESS);
    answer_free(&answer);
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", PRESS), 409);
    server_down(&server);
}

Test(repository, put_creates_with_201_and_replaces_with_204)
{
    struct test_server server;
    server_up(&server, NULL);
    expect(&server, "PUT", "", PRESS, 201, PRESS);
    expect(&server, "PUT", "", SUBMODEL("urn:test:press", SPEED), 204, "");
    expect(&server, "GET", "", NULL, 200, SUBMODEL("urn:test:press", SPEED));
    expect(&server, "PUT", "", SUBMODEL("urn:test:other", SPEED), 400, NULL);
    expect(&server, "DELETE", "", NULL, 204, "");
    expect(&server, "DELETE", "", NULL, 404, NULL);
    expect(&server, "GET", "", NULL, 404, NULL);
    expect(&server, "GET", "/$history/1", NULL, 200, PRESS);
    server_down(&server);
}

Test(repository, an_invalid_submodel_is_refused_with_the_rule_and_the_place)
{
    struct test_server server;
    server_up(&server, NULL);
    struct answer answer = client_ask(server.port, "POST", "/submodels", "",
        SUBMODEL("urn:test:bad", "{\"modelType\":\"Property\",\"valueType\":\"xs:int\"}"));
    cr_assert_eq(answer.status, 400);
    cr_assert_not_null(strstr(answer.body, "\"code\":\"AASd-117\""), "%s", answer.body);
    answer_free(&answer);
    cr_assert_eq(client_status(server.port, "GET", "/submodels/dXJuOnRlc3Q6YmFk", "", NULL), 404);
    server_down(&server);
}

Test(repository, elements_are_read_by_path_and_by_index)
{
    static const struct {
        const char *rest;
        int status;
        const char *body;
    } cases[] = {{"/submodel-elements/Speed", 200, SPEED},
        {"/submodel-elements/Group.Speed", 200, SPEED},
        {"/submodel-elements/Items%5B1%5D", 200, ITEM("b")},
        {"/submodel-elements/Items[1]", 200, ITEM("b")},
        {"/submodel-elements/Items%5B2%5D", 404, NULL},
        {"/submodel-elements/Items%5B01%5D", 400, NULL}, {"/submodel-elements/speed", 404, NULL},
        {"/submodel-elements/Speed/$value", 200, "5"},
        {"/submodel-elements/Items/$value", 200, "[\"a\",\"b\"]"},
        {"/$value", 200, "{\"Speed\":5,\"Items\":[\"a\",\"b\"],\"Group\":{\"Speed\":5}}"},
        {"/$metadata", 200,
            "{\"modelType\":\"Submodel\",\"idShort\":\"Test\","
            "\"id\":\"urn:test:press\"}"},
        {"/$metadata?level=core", 200, NULL}, {"/$metadata?extent=withBlobValue", 400, NULL},
        {"/$path", 200,
            "[\"Speed\",\"Items\",\"Items[0]\",\"Items[1]\",\"Group\",\"Group.Speed\"]"},
        {"/$reference", 200,
            "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\","
            "\"value\":\"urn:test:press\"}]}"},
        {"/submodel-elements/Items%5B1%5D/$reference", 200,
            "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":"
            "\"urn:test:press\"},{\"type\":\"SubmodelElementList\",\"value\":\"Items\"},"
            "{\"type\":\"Property\",\"value\":\"1\"}]}"},
        {"/submodel-elements?limit=1&cursor=p1.U3BlZWQ", 200,
            "{\"result\":[" ITEMS "],\"paging_metadata\":{\"cursor\":\"cDIuU1hSbGJYTQ\"}}"},
        {"/submodel-elements?cursor=p99.Tm9uZQ", 200, "{\"result\":[],\"paging_metadata\":{}}"},
        {"?level=core", 200, NULL}, {"?level=flat", 400, NULL}, {"?extent=all", 400, NULL},
        {"?level=core&level=deep", 400, NULL}};
    struct test_server server;
    press_up(&server);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(&server, "GET", cases[i].rest, NULL, cases[i].status, cases[i].body);
    }
    server_down(&server);
}

Test(repository, elements_are_added_replaced_renamed_and_removed)
{
    static const char angle[] = "{\"modelType\":\"Property\",\"idShort\":\"Angle\","
                                "\"valueType\":\"xs:double\",\"value\":\"1.50\"}";
    static const char turned[] = "{\"modelType\":\"Property\",\"idShort\":\"Turn\","
                                 "\"valueType\":\"xs:double\",\"value\":\"1.50\"}";
    struct test_server s;
    press_up(&s);
    struct answer answer = ask(&s, "POST", "/submodel-elements/Group", angle);
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    cr_assert_not_null(strstr(answer_field(&answer, "Location"), "/submodel-elements/Group.Angle"));
    answer_free(&answer);
    expect(&s, "POST", "/submodel-elements/Group", angle, 409, NULL);
    expect(&s, "POST", "/submodel-elements/Speed", angle, 405, NULL);
    expect(&s, "PUT", "/submodel-elements/Group.Angle", turned, 204, "");
    expect(&s, "GET", "/submodel-elements/Group.Angle", NULL, 404, NULL);
    expect(&s, "GET", "/submodel-elements/Group.Turn", NULL, 200, turned);
    expect(&s, "PUT", "/submodel-elements/Group.Turn", SPEED, 409, NULL);
    expect(&s, "PUT", "/submodel-elements/Group.Angle", angle, 201, angle);
    expect(&s, "PUT", "/submodel-elements/Nowhere.Angle", angle, 404, NULL);
    expect(&s, "DELETE", "/submodel-elements/Group.Turn", NULL, 204, "");
    expect(&s, "DELETE", "/submodel-elements/Group.Turn", NULL, 404, NULL);
    expect(&s, "GET", "/submodel-elements/Group/$value", NULL, 200, "{\"Speed\":5,\"Angle\":1.50}");
    server_down(&s);
}

Test(repository, a_post_to_a_list_appends)
{
    struct test_server s;
    press_up(&s);
    struct answer answer = ask(&s, "POST", "/submodel-elements/Items", ITEM("c"));
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    cr_assert_not_null(
        strstr(answer_field(&answer, "Location"), "/submodel-elements/Items%5B2%5D"));
    answer_free(&answer);
    expect(&s, "GET", "/submodel-elements/Items/$value", NULL, 200, "[\"a\",\"b\",\"c\"]");
    expect(&s, "DELETE", "/submodel-elements/Items%5B0%5D", NULL, 204, "");
    expect(&s, "GET", "/submodel-elements/Items%5B0%5D/$value", NULL, 200, "\"b\"");
    server_down(&s);
}

Test(repository, values_are_patched_from_strings_and_numbers)
{
    struct test_server s;
    press_up(&s);
    expect(&s, "PATCH", "/submodel-elements/Speed/$value", "\"42\"", 204, "");
    expect(&s, "GET", "/submodel-elements/Speed/$value", NULL, 200, "42");
    expect(&s, "PATCH", "/submodel-elements/Group/$value", "{\"Speed\":7}", 204, "");
    expect(&s, "GET", "/submodel-elements/Group.Speed/$value", NULL, 200, "7");
    expect(&s, "PATCH", "/submodel-elements/Speed/$value", "\"fast\"", 400, NULL);
    expect(&s, "PATCH", "/$value", "{\"Speed\":1,\"None\":2}", 400, NULL);
    expect(&s, "GET", "/submodel-elements/Speed/$value", NULL, 200, "42");
    server_down(&s);
}

Test(repository, blob_values_are_given_only_when_asked_for)
{
    struct test_server s;
    server_up(&s, NULL);
    static const char with[] = SUBMODEL("urn:test:press", PHOTO);
    expect(&s, "PUT", "", with, 201, NULL);
    for (int i = 0; i < 2; i++) {
        expect(&s, "GET", "", NULL, 200,
            SUBMODEL("urn:test:press",
                "{\"modelType\":\"Blob\",\"idShort\":\"Photo\",\"contentType\":\"image/png\"}"));
        expect(&s, "GET", "?extent=withBlobValue", NULL, 200, with);
        expect(&s, "GET", "/submodel-elements/Photo", NULL, 200,
            "{\"modelType\":\"Blob\",\"idShort\":\"Photo\",\"contentType\":\"image/png\"}");
        expect(&s, "GET", "/submodel-elements/Photo?extent=withBlobValue", NULL, 200, PHOTO);
    }
    server_down(&s);
}

Test(repository, etags_guard_reading_and_writing)
{
    struct test_server s;
    char path[512];
    char etag[128];
    char header[256];
    press_up(&s);
    path_of(path, "urn:test:press", "");
    struct answer answer = client_ask(s.port, "GET", path, "", NULL);
    snprintf(etag, sizeof etag, "%s", answer_field(&answer, "ETag"));
    answer_free(&answer);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    cr_assert_eq(client_status(s.port, "GET", path, header, NULL), 304);
    snprintf(header, sizeof header, "If-Match: %s\r\n", etag);
    cr_assert_eq(
        client_status(s.port, "PUT", path, header, SUBMODEL("urn:test:press", SPEED)), 204);
    cr_assert_eq(client_status(s.port, "PUT", path, header, PRESS), 412);
    cr_assert_eq(client_status(s.port, "DELETE", path, header, NULL), 412);
    cr_assert_eq(client_status(s.port, "DELETE", path, "If-Match: \"x\"\r\n", NULL), 412);
    cr_assert_eq(client_status(s.port, "GET", path, "", NULL), 200);
    server_down(&s);
}

Test(repository, xml_is_given_and_taken)
{
    struct test_server s;
    char path[512];
    press_up(&s);
    path_of(path, "urn:test:press", "");
    struct answer xml = client_ask(s.port, "GET", path, "Accept: application/xml\r\n", NULL);
    cr_assert_eq(xml.status, 200);
    cr_assert_str_eq(answer_field(&xml, "Content-Type"), "application/xml");
    cr_assert_eq(client_status(s.port, "DELETE", path, "", NULL), 204);
    cr_assert_eq(
        client_status(s.port, "PUT", path, "Content-Type: application/xml\r\n", xml.body), 201);
    expect(&s, "GET", "", NULL, 200, PRESS);
    answer_free(&xml);
    server_down(&s);
}

#define XML_NAMESPACE "xmlns=\"https://admin-shell.io/aas/3/1\""
#define XML_SUBMODEL(inside) "<submodel " XML_NAMESPACE ">" inside "</submodel>"
#define XML_SPEED(inside) "<property " XML_NAMESPACE ">" inside "</property>"

Test(repository, xml_is_held_to_the_order_of_the_schema_and_to_its_types)
{
    static const struct {
        const char *target;
        const char *body;
        int status;
        const char *said;
    } cases[] = {
        {"/submodels", XML_SUBMODEL("<id>urn:x</id><idShort>Aa</idShort>"), 400,
            "\"code\":\"schema-order\""},
        {"/submodels", XML_SUBMODEL("<idShort>Aa</idShort><id>urn:x</id><more/>"), 400, "more"},
        {"/submodels", XML_SUBMODEL("<idShort>9</idShort><id>urn:x</id>"), 400, "AASd-002"},
        {"/submodels", XML_SUBMODEL("<idShort>Aa</idShort><id>urn:x</id>"), 201, "urn:x"},
        {"elements", XML_SPEED("<valueType>xs:int</valueType><idShort>Aa</idShort>"), 400,
            "\"code\":\"schema-order\""},
        {"elements", XML_SPEED("<idShort>Aa</idShort><valueType>xs:int</valueType>"), 201, "Aa"},
    };
    struct test_server s;
    char elements[512];
    char thing[512];
    press_up(&s);
    path_of(elements, "urn:test:press", "/submodel-elements");
    path_of(thing, "urn:x", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *target = cases[i].target[0] == '/' ? cases[i].target : elements;
        struct answer answer =
            client_ask(s.port, "POST", target, "Content-Type: application/xml\r\n", cases[i].body);
        cr_assert_eq(answer.status, cases[i].status, "%zu: %d %s", i, answer.status, answer.body);
        cr_assert_not_null(strstr(answer.body, cases[i].said), "%zu: %s", i, answer.body);
        answer_free(&answer);
        cr_assert_eq(client_status(s.port, "GET", thing, "", NULL), i < 3 ? 404 : 200);
    }
    server_down(&s);
}

static void fill(const struct test_server *s, int count)
{
    for (int i = 0; i < count; i++) {
        char body[300];
        snprintf(body, sizeof body,
            "{\"modelType\":\"Submodel\",\"id\":\"urn:test:%d\",\"idShort\":\"Number%d\"}", i,
            i % 2);
        cr_assert_eq(client_status(s->port, "POST", "/submodels", "", body), 201);
    }
}

static size_t occurrences(const char *text, const char *word)
{
    size_t count = 0;
    while ((text = strstr(text, word)) != NULL) {
        count++;
        text++;
    }
    return count;
}

Test(repository, lists_are_paged_with_cursors_and_whole_without_limit)
{
    struct test_server s;
    char target[200] = "/submodels?limit=3";
    size_t seen = 0;
    server_up(&s, NULL);
    fill(&s, 7);
    for (int page = 0; page < 3; page++) {
        struct answer answer = client_ask(s.port, "GET", target, "", NULL);
        const char *cursor = strstr(answer.body, "\"cursor\":\"");
        cr_assert_eq(answer.status, 200);
        seen += occurrences(answer.body, "\"modelType\"");
        cr_assert_eq(cursor != NULL, page < 2, "%s", answer.body);
        if (cursor != NULL) {
            cursor += strlen("\"cursor\":\"");
            snprintf(target, sizeof target, "/submodels?limit=3&cursor=%.*s",
                (int)strcspn(cursor, "\""), cursor);
        }
        answer_free(&answer);
    }
    cr_assert_eq(seen, 7);
    static const struct {
        const char *target;
        size_t count;
    } whole[] = {{"/submodels", 7}, {"/submodels?cursor=&limit=undefined", 7},
        {"/submodels?idShort=Number1", 3}, {"/submodels?cursor=cffff", 0}};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        struct answer answer = client_ask(s.port, "GET", whole[i].target, "", NULL);
        cr_assert_eq(occurrences(answer.body, "\"modelType\""), whole[i].count, "%s: %s",
            whole[i].target, answer.body);
        answer_free(&answer);
    }
    server_down(&s);
}

#define SHELL(id, asset)                                                                           \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"" id "\",\"assetInformation\":"          \
    "{\"assetKind\":\"Instance\",\"globalAssetId\":\"" asset "\"}}"
#define REFERENCE(id)                                                                              \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"" id "\"}]}"

Test(repository, shells_are_found_by_asset_id)
{
    struct test_server s;
    char target[1000];
    server_up(&s, NULL);
    cr_assert_eq(
        client_status(s.port, "POST", "/shells", "", SHELL("urn:a:1", "urn:asset:1")), 201);
    cr_assert_eq(
        client_status(s.port, "POST", "/shells", "", SHELL("urn:a:2", "urn:asset:2")), 201);
    snprintf(target, sizeof target, "/shells?assetIds=%s",
        id64("{\"name\":\"globalAssetId\",\"value\":\"urn:asset:2\"}"));
    struct answer answer = client_ask(s.port, "GET", target, "", NULL);
    cr_assert_str_eq(
        answer.body, "{\"result\":[" SHELL("urn:a:2", "urn:asset:2") "],\"paging_metadata\":{}}");
    answer_free(&answer);
    snprintf(target, sizeof target, "/shells?assetIds=%s",
        id64("[{\"name\":\"globalAssetId\",\"value\":\"urn:asset:3\"}]"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    cr_assert_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
    cr_assert_eq(client_status(s.port, "GET", "/shells?assetIds=e30", "", NULL), 400);
    server_down(&s);
}

Test(repository, references_of_a_shell_are_added_listed_and_removed)
{
    struct test_server s;
    char refs[200];
    char one[300];
    server_up(&s, NULL);
    cr_assert_eq(
        client_status(s.port, "POST", "/shells", "", SHELL("urn:a:1", "urn:asset:1")), 201);
    snprintf(refs, sizeof refs, "/shells/%s/submodel-refs", id64("urn:a:1"));
    snprintf(one, sizeof one, "%s/%s", refs, id64("urn:s:1"));
    cr_assert_eq(client_status(s.port, "POST", refs, "", REFERENCE("urn:s:1")), 201);
    cr_assert_eq(client_status(s.port, "POST", refs, "", REFERENCE("urn:s:1")), 409);
    struct answer answer = client_ask(s.port, "GET", refs, "", NULL);
    cr_assert_str_eq(answer.body, "{\"result\":[" REFERENCE("urn:s:1") "],\"paging_metadata\":{}}");
    answer_free(&answer);
    cr_assert_eq(client_status(s.port, "DELETE", one, "", NULL), 204);
    cr_assert_eq(client_status(s.port, "DELETE", one, "", NULL), 404);
    snprintf(refs, sizeof refs, "/shells/%s/asset-information", id64("urn:a:1"));
    cr_assert_eq(client_status(s.port, "PUT", refs, "",
                     "{\"assetKind\":\"Type\",\"globalAssetId\":\"urn:asset:9\"}"),
        204);
    answer = client_ask(s.port, "GET", refs, "", NULL);
    cr_assert_str_eq(answer.body, "{\"assetKind\":\"Type\",\"globalAssetId\":\"urn:asset:9\"}");
    answer_free(&answer);
    server_down(&s);
}

Test(repository, options_and_refused_methods_name_what_the_address_takes)
{
    struct test_server s;
    server_up(&s, NULL);
    struct answer answer = client_ask(s.port, "DELETE", "/submodels", "", NULL);
    cr_assert_eq(answer.status, 405);
    cr_assert_str_eq(answer_field(&answer, "Allow"), "GET, HEAD, POST, OPTIONS");
    answer_free(&answer);
    answer = client_ask(s.port, "OPTIONS", "/submodels/abc",
        "Origin: http://viewer.example\r\nAccess-Control-Request-Method: GET\r\n", NULL);
    cr_assert_eq(answer.status, 204);
    cr_assert_str_eq(answer_field(&answer, "Allow"), "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    cr_assert_str_eq(answer_field(&answer, "Access-Control-Allow-Origin"), "*");
    cr_assert_str_eq(answer_field(&answer, "Access-Control-Allow-Methods"), "GET, OPTIONS, HEAD");
    answer_free(&answer);
    cr_assert_eq(client_status(s.port, "DELETE", "/submodels/", "", NULL), 405);
    server_down(&s);
}

Test(repository, pages_of_foreign_origins_change_nothing_unless_allowed)
{
    struct test_server s;
    server_up(&s, NULL);
    static const char foreign[] = "Origin: http://evil.example\r\n";
    cr_assert_eq(client_status(s.port, "GET", "/submodels", foreign, NULL), 200);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", foreign, PRESS), 403);
    cr_assert_eq(
        client_status(s.port, "POST", "/submodels", "Origin: http://localhost\r\n", PRESS), 201);
    server_down(&s);
    server_up(&s, &(struct api_server_options){.cors_origins = "http://viewer.example"});
    cr_assert_eq(client_status(s.port, "POST", "/submodels", foreign, PRESS), 403);
    struct answer answer =
        client_ask(s.port, "POST", "/submodels", "Origin: http://viewer.example\r\n", PRESS);
    cr_assert_eq(answer.status, 201);
    cr_assert_str_eq(answer_field(&answer, "Access-Control-Allow-Origin"), "http://viewer.example");
    answer_free(&answer);
    server_down(&s);
}

Test(repository, pages_of_the_machine_itself_may_do_everything_unless_told_otherwise)
{
    static const struct {
        const char *origin;
        int status;
    } cases[] = {{"http://localhost", 201}, {"http://localhost:4200", 201},
        {"https://localhost:8443", 201}, {"http://127.0.0.1:3000", 201}, {"http://[::1]:5173", 201},
        {"HTTP://LOCALHOST:80", 201}, {"http://localhost.evil.example", 403},
        {"http://localhost:80.evil.example", 403}, {"http://127.0.0.10", 403},
        {"http://localhost:", 403}, {"ftp://127.0.0.1", 403}, {"null", 403},
        {"http://evil.example", 403}};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[200];
        snprintf(header, sizeof header, "Origin: %s\r\n", cases[i].origin);
        cr_assert_eq(client_status(s.port, "POST", "/submodels", header, PRESS), cases[i].status,
            "%s", cases[i].origin);
        expect(&s, "DELETE", "", NULL, cases[i].status == 201 ? 204 : 404, NULL);
    }
    server_down(&s);
    server_up(&s, &(struct api_server_options){.cors_origins = ""});
    cr_assert_eq(
        client_status(s.port, "POST", "/submodels", "Origin: http://localhost:1\r\n", PRESS), 403);
    server_down(&s);
}

Test(repository, a_preflight_names_methods_headers_and_what_is_exposed)
{
    static const char *const methods[] = {"PUT", "DELETE", "POST", "PATCH"};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char header[200];
        snprintf(header, sizeof header,
            "Origin: http://localhost:4200\r\nAccess-Control-Request-Method: %s\r\n", methods[i]);
        struct answer answer = client_ask(s.port, "OPTIONS", "/submodels/abc", header, NULL);
        cr_assert_eq(answer.status, 204);
        cr_assert_str_eq(answer_field(&answer, "Access-Control-Allow-Methods"),
            "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD");
        cr_assert_str_eq(answer_field(&answer, "Access-Control-Allow-Headers"),
            "content-type, authorization, accept, if-match, if-none-match");
        cr_assert_str_eq(answer_field(&answer, "Access-Control-Expose-Headers"),
            "Location, ETag, X-Request-ID, Content-Disposition, X-FileName, X-Revision, X-Cursor");
        answer_free(&answer);
    }
    server_down(&s);
}

Test(repository, a_preflight_allows_the_fields_that_a_page_asks_with)
{
    static const char base[] = "content-type, authorization, accept, if-match, if-none-match";
    static const struct {
        const char *asked;
        const char *more;
    } cases[] = {{"", ""}, {"content-type", ", content-type"},
        {"x-requested-with,x-change-message", ", x-requested-with,x-change-message"},
        {"traceparent, X-Request-ID", ", traceparent, X-Request-ID"}, {"a\"b", ""}, {"a;b", ""}};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[300];
        char wanted[300];
        snprintf(header, sizeof header,
            "Origin: http://localhost:4200\r\nAccess-Control-Request-Method: PUT\r\n"
            "Access-Control-Request-Headers: %s\r\n",
            cases[i].asked);
        snprintf(wanted, sizeof wanted, "%s%s", base, cases[i].more);
        struct answer answer = client_ask(s.port, "OPTIONS", "/submodels/abc", header, NULL);
        cr_assert_eq(answer.status, 204);
        cr_expect_str_eq(answer_field(&answer, "Access-Control-Allow-Headers"), wanted);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(repository, a_page_gets_to_see_that_there_is_no_operation)
{
    static const char asks[] = "Origin: http://localhost:4200\r\n"
                               "Access-Control-Request-Method: DELETE\r\n";
    struct test_server s;
    server_up(&s, NULL);
    struct answer answer = client_ask(s.port, "OPTIONS", "/nope", asks, NULL);
    cr_assert_eq(answer.status, 204);
    cr_expect_str_eq(answer_field(&answer, "Access-Control-Allow-Origin"), "*");
    cr_expect_str_eq(answer_field(&answer, "Allow"), "OPTIONS");
    answer_free(&answer);
    answer = client_ask(s.port, "DELETE", "/nope", "Origin: http://localhost:4200\r\n", NULL);
    cr_assert_eq(answer.status, 404);
    cr_expect_str_eq(answer_field(&answer, "Access-Control-Allow-Origin"), "*");
    answer_free(&answer);
    cr_expect_eq(client_status(s.port, "OPTIONS", "/nope", "", NULL), 404);
    cr_expect_eq(client_status(s.port, "OPTIONS", "/shells/%zz", asks, NULL), 400);
    server_down(&s);
}

Test(repository, modifiers_that_mean_nothing_are_refused)
{
    static const struct {
        const char *method;
        const char *rest;
        int status;
    } cases[] = {{"GET", "/$reference?level=core", 200}, /* deprecated, still sent */
        {"GET", "/$reference?level=some", 400}, {"GET", "/$reference?extent=withBlobValue", 400},
        {"GET", "/submodel-elements/Speed/$reference?extent=withBlobValue", 400},
        {"GET", "/submodel-elements/Speed/$reference", 200}, {"GET", "/$metadata?level=core", 200},
        {"PATCH", "/submodel-elements/Speed/$value?level=some", 400},
        {"PATCH", "/$value?extent=withBlobValue", 400}};
    struct test_server s;
    press_up(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool patch = cases[i].method[0] == 'P';
        expect(&s, cases[i].method, cases[i].rest, patch ? "7" : NULL, cases[i].status, NULL);
    }
    expect(&s, "GET", "/submodel-elements/Speed/$value", NULL, 200, "5");
    server_down(&s);
}

Test(repository, bodies_in_another_charset_are_415_and_caches_are_told_about_accept)
{
    static const struct {
        const char *type;
        int status;
    } cases[] = {{"application/json; charset=iso-8859-1", 415},
        {"application/xml; charset=\"utf-16\"", 415}, {"application/json; charset=UTF-8", 204},
        {"application/json;charset=\"utf-8\"", 204}};
    struct test_server s;
    char path[512];
    press_up(&s);
    path_of(path, "urn:test:press", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[200];
        snprintf(header, sizeof header, "Content-Type: %s\r\n", cases[i].type);
        cr_assert_eq(
            client_status(s.port, "PUT", path, header, PRESS), cases[i].status, "%s", header);
    }
    struct answer answer = client_ask(s.port, "GET", path, "", NULL);
    cr_assert_str_eq(answer_field(&answer, "Vary"), "Accept");
    answer_free(&answer);
    server_down(&s);
}

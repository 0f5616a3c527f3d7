/* SPDX-License-Identifier: Apache-2.0 */
/* The AASX file server, and packages made by /serialization and taken by /upload. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx_write.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "registry/verify.h"
#include "tests/api/client.h"
#include "tests/api/files_client.h"
#include "tests/support/corpus.h"

TestSuite(packages_api, .timeout = 120);

#define KEY(type, value) "{\"type\":\"" type "\",\"value\":\"" value "\"}"
#define REFERENCE(type, key) "{\"type\":\"" type "\",\"keys\":[" key "]}"
#define CONCEPT(id, content) "{\"modelType\":\"ConceptDescription\",\"id\":\"" id "\"" content "}"
#define VALUE_LIST                                                                                 \
    ",\"embeddedDataSpecifications\":[{\"dataSpecification\":" REFERENCE("ExternalReference",      \
        KEY("GlobalReference",                                                                     \
            "https://admin-shell.io/DataSpecificationTemplates/"                                   \
            "DataSpecificationIec61360/3")) ",\"dataSpecificationContent\":{"                      \
                                            "\"modelType\":"                                       \
                                            "\"DataSpecificationIec61360\","                       \
                                            "\"preferredName\":[{\"language\":"                    \
                                            "\"en\",\"text\":\"Colour\"}],"                        \
                                            "\"definition\":[{"                                    \
                                            "\"language\":\"en\",\"text\":"                        \
                                            "\"Its "                                               \
                                            "colour\"}],\"dataType\":"                             \
                                            "\"STRING\",\"valueList\":{"                           \
                                            "\"valueReferencePairs\":[{"                           \
                                            "\"value\":\"red\","                                   \
                                            "\"valueId\":" REFERENCE("ExternalReference",          \
                                                KEY("GlobalReference", "urn:cd:red")) "}]}}}]"
#define SUBMODEL                                                                                   \
    "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[{\"modelType\":\"File\","  \
    "\"idShort\":\"doc\",\"contentType\":\"application/pdf\"},{\"modelType\":\"Property\","        \
    "\"idShort\":\"colour\",\"semanticId\":" REFERENCE(                                            \
        "ExternalReference", KEY("GlobalReference", "urn:cd:colour")) ",\"valueType\":"            \
                                                                      "\"xs:string\","             \
                                                                      "\"value\":\"red\"}]}"
#define SHELL                                                                                      \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"assetInformation\":{"      \
    "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:a\"},\"submodels\":[" REFERENCE(           \
        "ModelReference", KEY("Submodel", "urn:s")) "]}"

#define AASX "application/asset-administration-shell-package"

static struct test_server s;

static void start(void)
{
    char target[300];
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", SUBMODEL), 201);
    cr_assert_eq(client_status(s.port, "POST", "/shells", "", SHELL), 201);
    cr_assert_eq(client_status(s.port, "POST", "/concept-descriptions", "",
                     CONCEPT("urn:cd:colour", VALUE_LIST)),
        201);
    cr_assert_eq(client_status(s.port, "POST", "/concept-descriptions", "",
                     CONCEPT("urn:cd:red", ",\"idShort\":\"Red\"")),
        201);
    cr_assert_eq(
        client_status(s.port, "POST", "/concept-descriptions", "", CONCEPT("urn:cd:unused", "")),
        201);
    snprintf(
        target, sizeof target, "/submodels/%s/submodel-elements/doc/attachment", id64("urn:s"));
    cr_assert_eq(files_put(s.port, target, "", "설명서.pdf", NULL, "the manual", 10), 204);
    snprintf(target, sizeof target, "/shells/%s/asset-information/thumbnail", id64("urn:shell"));
    cr_assert_eq(files_put(s.port, target, "", "t.png", NULL, "picture", 7), 204);
}

static struct answer serialize(const char *query, const char *accept)
{
    char target[400];
    char headers[200];
    snprintf(target, sizeof target, "/serialization?aasIds=%s&submodelIds=%s%s", id64("urn:shell"),
        id64("urn:s"), query);
    snprintf(headers, sizeof headers, "Accept: %s\r\n", accept);
    return client_ask(s.port, "GET", target, headers, NULL);
}

static void assert_holds(const struct answer *answer, int status, const char *text)
{
    cr_assert_eq(answer->status, status, "%d %.500s", answer->status, answer->body);
    cr_assert_not_null(strstr(answer->body, text), "'%s' is not in %.800s", text, answer->body);
}

/* ------------------------------------------------------------------ serialization */

Test(packages_api, concepts_are_reached_through_value_lists)
{
    start();
    struct answer answer = serialize("", "application/json");
    assert_holds(&answer, 200, "\"urn:cd:colour\"");
    assert_holds(&answer, 200, "\"idShort\":\"Red\"");
    cr_expect_null(strstr(answer.body, "urn:cd:unused"));
    answer_free(&answer);
    answer = serialize("&includeConceptDescriptions=false", "application/json");
    cr_expect_null(strstr(answer.body, "\"conceptDescriptions\""));
    answer_free(&answer);
    server_down(&s);
}

Test(packages_api, ids_are_repeated_or_have_commas_between)
{
    char target[400];
    start();
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "",
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:second\"}"),
        201);
    static const char *const between[] = {",", "&submodelIds="};
    for (size_t i = 0; i < 2; i++) {
        snprintf(target, sizeof target, "/serialization?submodelIds=%s%s%s", id64("urn:s"),
            between[i], id64("urn:second"));
        struct answer answer = client_ask(s.port, "GET", target, "", NULL);
        assert_holds(&answer, 200, "\"id\":\"urn:s\"");
        assert_holds(&answer, 200, "\"id\":\"urn:second\"");
        answer_free(&answer);
    }
    server_down(&s);
}

Test(packages_api, what_cannot_be_serialized_is_refused)
{
    static const struct {
        const char *query; /* %s: the submodel */
        int status;
    } rows[] = {{"", 400}, {"?submodelIds=", 400}, {"?submodelIds=%%21", 400},
        {"?submodelIds=dXJuOm5vbmU", 404}, {"?aasIds=%s", 404},
        {"?submodelIds=%s&includeConceptDescriptions=maybe", 400},
        {"?submodelIds=%s&metamodel=2.0", 400}, {"?submodelIds=%s&unknown=1", 200}};
    start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char target[300] = "/serialization";
        const char *format = rows[i].query;
        const char *hole = strstr(format, "%s");
        snprintf(target + strlen(target), 200, "%.*s%s%s",
            hole == NULL ? (int)strlen(format) : (int)(hole - format), format,
            hole == NULL ? "" : id64("urn:s"), hole == NULL ? "" : hole + 2);
        cr_expect_eq(
            client_status(s.port, "GET", target, "", NULL), rows[i].status, "%s", rows[i].query);
    }
    struct answer answer = serialize("", "image/png");
    cr_expect_eq(answer.status, 406);
    answer_free(&answer);
    server_down(&s);
}

Test(packages_api, a_package_has_each_of_its_names)
{
    static const char *const types[] = {AASX, AASX "+xml", "application/aasx+xml",
        "application/aas+zip", "application/octet-stream"};
    start();
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct answer answer = serialize("", types[i]);
        cr_assert_eq(answer.status, 200);
        cr_expect_str_eq(answer_field(&answer, "Content-Type"), types[i]);
        cr_expect(aasx_looks_like(answer.body, answer.body_len));
        answer_free(&answer);
    }
    struct answer xml = serialize("&metamodel=3.0", "application/xml");
    assert_holds(&xml, 200, "https://admin-shell.io/aas/3/0");
    answer_free(&xml);
    server_down(&s);
}

/* ------------------------------------------------------------------ there and back */

Test(packages_api, an_exported_package_is_imported_as_the_same_with_its_files)
{
    start();
    struct answer package = serialize("", AASX);
    struct answer before = serialize("", "application/json");
    cr_assert_eq(package.status, 200);
    server_down(&s);
    server_up(&s, NULL);
    struct answer answer = files_form(s.port, "POST", "/upload?ignore-duplicates=true", "", NULL,
        NULL, package.body, package.body_len);
    assert_holds(&answer, 201, "\"files\":2");
    answer_free(&answer);
    answer = serialize("", "application/json");
    cr_expect_str_eq(answer.body, before.body);
    answer_free(&answer);
    char target[300];
    snprintf(
        target, sizeof target, "/submodels/%s/submodel-elements/doc/attachment", id64("urn:s"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    assert_holds(&answer, 200, "the manual");
    answer_free(&answer);
    snprintf(target, sizeof target, "/shells/%s/asset-information/thumbnail", id64("urn:shell"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    assert_holds(&answer, 200, "picture");
    answer_free(&answer);
    answer = serialize("", AASX);
    cr_expect_eq(answer.body_len, package.body_len);
    cr_expect_eq(memcmp(answer.body, package.body, package.body_len), 0, "the same bytes again");
    answer_free(&answer);
    answer_free(&package);
    answer_free(&before);
    server_down(&s);
}

Test(packages_api, a_second_upload_changes_nothing)
{
    start();
    struct answer package = serialize("", AASX);
    for (int i = 0; i < 2; i++) {
        struct answer answer = files_form(s.port, "POST", "/upload?ignore-duplicates=true", "",
            NULL, NULL, package.body, package.body_len);
        assert_holds(&answer, 200, "\"unchanged\"");
        answer_free(&answer);
    }
    answer_free(&package);
    server_down(&s);
}

/* ------------------------------------------------------------------ file server */

static void post_package(const char *name, const struct answer *package, int status,
    const char *holds, char location[300])
{
    struct answer answer =
        files_form(s.port, "POST", "/packages", "", name, NULL, package->body, package->body_len);
    assert_holds(&answer, status, holds);
    const char *at = answer_field(&answer, "Location");
    snprintf(location, 300, "%s", at == NULL ? "" : at);
    answer_free(&answer);
}

Test(packages_api, a_package_is_kept_as_it_came)
{
    char location[300];
    char second[300];
    start();
    struct answer package = serialize("", AASX);
    post_package("기계.aasx", &package, 201,
        "{\"aasIds\":[\"urn:shell\"],\"packageId\":\"package-1\"}", location);
    post_package("other.aasx", &package, 409, "package-1", second);
    struct answer answer = client_ask(s.port, "GET", location, "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(answer_field(&answer, "Content-Type"), AASX);
    cr_expect_str_eq(answer_field(&answer, "X-FileName"), "%EA%B8%B0%EA%B3%84.aasx");
    cr_assert_eq(answer.body_len, package.body_len);
    cr_expect_eq(memcmp(answer.body, package.body, package.body_len), 0);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", location, "Accept: */*\r\nRange: bytes=0-1\r\n", NULL);
    cr_expect_eq(answer.status, 206);
    cr_expect_str_eq(answer.body, "PK");
    cr_expect_str_eq(answer_field(&answer, "Content-Type"), "application/octet-stream");
    answer_free(&answer);
    cr_expect_eq(client_status(s.port, "DELETE", location, "", NULL), 204);
    cr_expect_eq(client_status(s.port, "GET", location, "", NULL), 404);
    cr_expect_eq(client_status(s.port, "DELETE", location, "", NULL), 404);
    answer_free(&package);
    server_down(&s);
}

Test(packages_api, a_package_of_ones_own_id_is_made_and_replaced)
{
    char target[300];
    char headers[200];
    start();
    struct answer package = serialize("", AASX);
    struct answer smaller = serialize("&includeConceptDescriptions=false", AASX);
    snprintf(target, sizeof target, "/packages/%s", id64("https://x.example/p"));
    struct answer answer =
        files_form(s.port, "PUT", target, "", "p.aasx", NULL, package.body, package.body_len);
    assert_holds(&answer, 201, "\"packageId\":\"https://x.example/p\"");
    cr_expect_str_eq(answer_field(&answer, "Location"), target);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", target, "", NULL);
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    cr_expect_eq(files_put(s.port, target, "If-None-Match: *\r\n", "p.aasx", NULL, smaller.body,
                     smaller.body_len),
        412);
    cr_expect_eq(
        files_put(s.port, target, headers, "p.aasx", NULL, smaller.body, smaller.body_len), 204);
    cr_expect_eq(
        files_put(s.port, target, headers, "p.aasx", NULL, package.body, package.body_len), 412);
    cr_expect_eq(client_status(s.port, "DELETE", target, headers, NULL), 412);
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(s.registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    cr_expect_eq(found.blobs, 3, "one package, two attached files");
    answer_free(&package);
    answer_free(&smaller);
    server_down(&s);
}

Test(packages_api, packages_are_listed_by_page_and_shell)
{
    char target[300];
    char location[300];
    start();
    struct answer package = serialize("", AASX);
    post_package("a.aasx", &package, 201, "package-1", location);
    snprintf(target, sizeof target, "/packages/%s", id64("mine"));
    cr_assert_eq(
        files_put(s.port, target, "", "b.aasx", NULL, package.body, package.body_len), 201);
    struct answer answer = client_ask(s.port, "GET", "/packages", "", NULL);
    assert_holds(&answer, 200,
        "{\"result\":[{\"aasIds\":[\"urn:shell\"],\"packageId\":\"package-1\"},"
        "{\"aasIds\":[\"urn:shell\"],\"packageId\":\"mine\"}],\"paging_metadata\":{}}");
    answer_free(&answer);
    answer = client_ask(s.port, "GET", "/packages?limit=1", "", NULL);
    assert_holds(&answer, 200, "\"cursor\":\"");
    const char *cursor = strstr(answer.body, "\"cursor\":\"") + 10;
    snprintf(
        target, sizeof target, "/packages?limit=1&cursor=%.*s", (int)strcspn(cursor, "\""), cursor);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", target, "", NULL);
    assert_holds(&answer, 200, "\"packageId\":\"mine\"}],\"paging_metadata\":{}}");
    answer_free(&answer);
    snprintf(target, sizeof target, "/packages?aasId=%s", id64("urn:none"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    assert_holds(&answer, 200, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
    static const char *const wrong[] = {
        "?aasId=%21", "?limit=0", "?limit=-1", "?limit=x", "?cursor=%21", "?limit=1&limit=2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(target, sizeof target, "/packages%s", wrong[i]);
        cr_expect_eq(client_status(s.port, "GET", target, "", NULL), 400, "%s", wrong[i]);
    }
    answer_free(&package);
    server_down(&s);
}

Test(packages_api, what_is_no_package_is_refused)
{
    char target[300];
    char long_id[200];
    start();
    struct answer package = serialize("", AASX);
    struct answer answer = files_form(s.port, "POST", "/packages", "", "a.aasx", NULL, "no zip", 6);
    assert_holds(&answer, 400, "no AASX package");
    answer_free(&answer);
    answer = files_form(
        s.port, "POST", "/packages", "", "a.aasx", NULL, package.body, package.body_len - 30);
    cr_expect_eq(answer.status, 400, "%s", answer.body);
    answer_free(&answer);
    memset(long_id, 'i', sizeof long_id);
    long_id[129] = '\0';
    snprintf(target, sizeof target, "/packages/%s", id64(long_id));
    cr_expect_eq(
        files_put(s.port, target, "", "a.aasx", NULL, package.body, package.body_len), 400);
    cr_expect_eq(
        files_put(s.port, "/packages/a=b", "", "a.aasx", NULL, package.body, package.body_len),
        400);
    cr_expect_eq(client_status(s.port, "PATCH", "/packages/bWluZQ", "", "{}"), 405);
    answer_free(&package);
    server_down(&s);
}

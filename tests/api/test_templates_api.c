/* SPDX-License-Identifier: Apache-2.0 */
/* The service for templates refuses instances; every service says truly what it offers. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define SUBMODEL(id, more)                                                                         \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"" id "\"" more                      \
    ",\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":"      \
    "\"xs:int\",\"value\":\"5\"}]}"
#define TEMPLATE SUBMODEL("urn:test:template", ",\"kind\":\"Template\"")
#define INSTANCE SUBMODEL("urn:test:instance", ",\"kind\":\"Instance\"")
#define UNSAID SUBMODEL("urn:test:unsaid", "")

struct attempt {
    const char *method;
    const char *id; /* NULL: the list */
    const char *rest;
    const char *body;
    int status;
};

static void up(struct test_server *s)
{
    server_up(s, NULL);
    cr_assert_eq(client_status(s->port, "POST", "/submodels", "", INSTANCE), 201);
    cr_assert_eq(client_status(s->port, "POST", "/submodels", "", UNSAID), 201);
    cr_assert_eq(client_status(s->port, "POST", "/templates-api/submodels", "", TEMPLATE), 201);
}

static void try_each(const struct test_server *s, const struct attempt *attempts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct attempt *a = &attempts[i];
        char path[500] = "/templates-api/submodels";
        if (a->id != NULL) {
            snprintf(path, sizeof path, "/templates-api/submodels/%s%s", id64(a->id), a->rest);
        }
        struct answer answer = client_ask(s->port, a->method, path, "", a->body);
        cr_assert_eq(answer.status, a->status, "%zu: %s %s gave %d %s", i, a->method, path,
            answer.status, answer.body);
        answer_free(&answer);
    }
}

Test(templates_api, templates_are_read_and_changed)
{
    static const struct attempt attempts[] = {{"GET", "urn:test:template", "", NULL, 200},
        {"GET", "urn:test:template", "/$metadata", NULL, 200},
        {"GET", "urn:test:template", "/submodel-elements/Speed/$value", NULL, 200},
        {"PATCH", "urn:test:template", "", "{\"idShort\":\"Other\"}", 204},
        {"PATCH", "urn:test:template", "/submodel-elements/Speed/$value", "6", 204},
        {"POST", "urn:test:template", "/submodel-elements",
            "{\"modelType\":\"Capability\",\"idShort\":\"Can\"}", 201},
        {"DELETE", "urn:test:template", "/submodel-elements/Can", NULL, 204},
        {"PUT", "urn:test:template", "", TEMPLATE, 204},
        {"DELETE", "urn:test:template", "", NULL, 204},
        {"PUT", "urn:test:template", "", TEMPLATE, 201}};
    struct test_server s;
    up(&s);
    try_each(&s, attempts, sizeof attempts / sizeof *attempts);
    struct answer answer =
        client_ask(s.port, "GET", "/api/v3/templates-api/submodels/$reference", "", NULL);
    cr_assert_str_eq(answer.body,
        "{\"result\":[{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":"
        "\"urn:test:template\"}]}],\"paging_metadata\":{}}");
    answer_free(&answer);
    server_down(&s);
}

Test(templates_api, instances_are_neither_shown_nor_taken)
{
    static const char *const instances[] = {"urn:test:instance", "urn:test:unsaid"};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < 2; i++) {
        const char *id = instances[i];
        const struct attempt attempts[] = {{"GET", id, "", NULL, 404},
            {"GET", id, "/$value", NULL, 404}, {"GET", id, "/$path", NULL, 404},
            {"GET", id, "/submodel-elements", NULL, 404},
            {"GET", id, "/submodel-elements/Speed", NULL, 404},
            {"PATCH", id, "", "{\"kind\":\"Template\"}", 404},
            {"PATCH", id, "/$value", "{\"Speed\":6}", 404},
            {"PATCH", id, "/submodel-elements/Speed/$value", "6", 404},
            {"PUT", id, "/submodel-elements/Speed",
                "{\"modelType\":\"Capability\",\"idShort\":\"Speed\"}", 404},
            {"DELETE", id, "/submodel-elements/Speed", NULL, 404}, {"DELETE", id, "", NULL, 404}};
        try_each(&s, attempts, sizeof attempts / sizeof *attempts);
    }
    static const struct attempt refused[] = {{"POST", NULL, "", SUBMODEL("urn:test:new", ""), 400},
        {"PUT", "urn:test:new", "", SUBMODEL("urn:test:new", ""), 400},
        {"PUT", "urn:test:instance", "", SUBMODEL("urn:test:instance", ",\"kind\":\"Template\""),
            409},
        {"PUT", "urn:test:template", "", SUBMODEL("urn:test:template", ""), 400},
        {"PATCH", "urn:test:template", "", "{\"kind\":\"Instance\"}", 400},
        {"PATCH", "urn:test:template", "/$metadata", "{\"kind\":null}", 400},
        {"GET", "urn:test:template", "", NULL, 200}};
    try_each(&s, refused, sizeof refused / sizeof *refused);
    cr_assert_eq(client_status(s.port, "GET", "/templates-api/shells", "", NULL), 404);
    cr_assert_eq(client_status(s.port, "POST",
                     "/templates-api/submodels/x/submodel-elements/y/invoke", "", "{}"),
        404);
    server_down(&s);
}

Test(templates_api, only_templates_are_serialized)
{
    static const struct {
        const char *parameter;
        const char *id;
        int status;
    } cases[] = {{"submodelIds", "urn:test:template", 200},
        {"submodelIds", "urn:test:instance", 404}, {"submodelIds", "urn:test:unsaid", 404},
        {"aasIds", "urn:test:shell", 404}};
    static const char shell[] = "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:test:"
                                "shell\",\"assetInformation\":"
                                "{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:1\"}}";
    struct test_server s;
    up(&s);
    cr_assert_eq(client_status(s.port, "POST", "/shells", "", shell), 201);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[300];
        snprintf(path, sizeof path, "/templates-api/serialization?%s=%s", cases[i].parameter,
            id64(cases[i].id));
        cr_assert_eq(client_status(s.port, "GET", path, "Accept: application/json\r\n", NULL),
            cases[i].status, "%s", cases[i].id);
    }
    server_down(&s);
}

static void expect_profiles(const struct test_server *s, const char *path, const char *const *there,
    const char *const *missing)
{
    struct answer answer = client_ask(s->port, "GET", path, "", NULL);
    cr_assert_eq(answer.status, 200);
    for (; *there != NULL; there++) {
        cr_assert_not_null(strstr(answer.body, *there), "no %s in %s", *there, answer.body);
    }
    for (; *missing != NULL; missing++) {
        cr_assert_null(strstr(answer.body, *missing), "%s in %s", *missing, answer.body);
    }
    answer_free(&answer);
}

#define API "https://admin-shell.io/aas/API/"
#define CD "/ConceptDescriptionRepositoryServiceSpecification/"
#define SM "/SubmodelRepositoryServiceSpecification/"

Test(templates_api, the_description_names_what_works_and_nothing_else)
{
    static const char *const there[] = {API "3/1" CD "SSP-001\"", API "3/0" CD "SSP-001\"", NULL};
    static const char *const missing[] = {CD "SSP-002", SM "SSP-003", SM "SSP-004", SM "SSP-005",
        "AssetAdministrationShellRepositoryServiceSpecification/SSP-003",
        "AssetAdministrationShellRegistryServiceSpecification/SSP-004",
        "SubmodelRegistryServiceSpecification/SSP-004", "/SubmodelServiceSpecification/",
        "/AssetAdministrationShellServiceSpecification/", NULL};
    static const char *const other_kinds[] = {CD, SM "SSP-001", SM "SSP-002", SM "SSP-005", NULL};
    static const char *const none[] = {NULL};
    struct test_server s;
    up(&s);
    expect_profiles(&s, "/description", there, missing);
    expect_profiles(&s, "/templates-api/description", none, other_kinds);
    server_down(&s);
}

Test(templates_api, queries_are_refused_with_the_reason)
{
    static const char *const things[] = {
        "shells", "submodels", "concept-descriptions", "shell-descriptors", "submodel-descriptors"};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        char path[100];
        snprintf(path, sizeof path, "/query/%s", things[i]);
        struct answer answer = client_ask(s.port, "POST", path, "", "{\"$condition\":{}}");
        cr_assert_eq(answer.status, 501);
        cr_assert_not_null(strstr(answer.body, "query language"), "%s", answer.body);
        answer_free(&answer);
    }
    server_down(&s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* One submodel under its four addresses, and what changes shell and submodel together. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, value)                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"" name                                              \
    "\",\"valueType\":\"xs:int\",\"value\":\"" value "\"}"
#define GROUP(elements)                                                                            \
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Group\",\"value\":[" elements "]}"
#define SUBMODEL(elements)                                                                         \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"urn:test:sm\","                     \
    "\"submodelElements\":[" elements "]}"
#define MODEL SUBMODEL(PROPERTY("Speed", "5") "," GROUP(PROPERTY("Inner", "1")))
#define SHELL(more)                                                                                \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:test:shell\",\"assetInformation\":"  \
    "{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:1\"}" more "}"
#define REFERENCE(id)                                                                              \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"" id "\"}]}"
#define NO_MATCH "If-Match: \"00000000000000000000000000000000\"\r\n"

enum { ROOTS = 4 };

/* Addresses of the submodel. */
static const char *root(size_t i)
{
    static char roots[ROOTS][200];
    snprintf(roots[0], sizeof roots[0], "/submodels/%s", id64("urn:test:sm"));
    snprintf(roots[1], sizeof roots[1], "/shells/%s/submodels/%s", id64("urn:test:shell"),
        id64("urn:test:sm"));
    snprintf(roots[2], sizeof roots[2], "/aas/submodels/%s", id64("urn:test:sm"));
    snprintf(roots[3], sizeof roots[3], "/submodel");
    return roots[i];
}

static void up(struct test_server *s)
{
    static const struct api_server_options options = {
        .shell_id = "urn:test:shell", .submodel_id = "urn:test:sm"};
    server_up(s, &options);
    cr_assert_eq(client_status(s->port, "PUT", "/aas", "", SHELL("")), 201);
}

static struct answer ask_at(const struct test_server *s, const char *method, const char *address,
    const char *rest, const char *headers, const char *body)
{
    char target[600];
    snprintf(target, sizeof target, "%s%s", address, rest);
    return client_ask(s->port, method, target, headers, body);
}

static void expect(const struct test_server *s, const char *method, const char *address,
    const char *rest, const char *body, int status, const char *answered)
{
    struct answer answer = ask_at(s, method, address, rest, "", body);
    cr_assert_eq(answer.status, status, "%s %s%s gave %d %s", method, address, rest, answer.status,
        answer.body);
    if (answered != NULL) {
        cr_assert_str_eq(answer.body, answered, "%s %s%s", method, address, rest);
    }
    answer_free(&answer);
}

Test(roots, a_submodel_put_through_its_shell_is_created_and_referred_to)
{
    struct test_server s;
    up(&s);
    for (size_t i = 1; i <= 2; i++) {
        struct answer answer = ask_at(&s, "PUT", root(i), "", "", MODEL);
        cr_assert_eq(answer.status, 201, "%s", answer.body);
        cr_assert_str_eq(answer_field(&answer, "Location"), root(i));
        cr_assert_str_eq(answer.body, REFERENCE("urn:test:sm"));
        answer_free(&answer);
        expect(&s, "PUT", root(i), "", SUBMODEL(PROPERTY("Speed", "6")), 204, "");
        expect(&s, "GET", "/aas", "/submodel-refs", NULL, 200,
            "{\"result\":[" REFERENCE("urn:test:sm") "],\"paging_metadata\":{}}");
        expect(&s, "DELETE", root(i), "", NULL, 204, "");
        expect(&s, "GET", root(0), "", NULL, 404, NULL);
        expect(&s, "GET", "/aas", "", NULL, 200, SHELL(""));
        expect(&s, "DELETE", root(i), "", NULL, 404, NULL);
    }
    server_down(&s);
}

Test(roots, shell_and_submodel_change_together_or_not_at_all)
{
    struct test_server s;
    up(&s);
    static const char wrong[] = SUBMODEL("{\"modelType\":\"Property\",\"valueType\":\"xs:int\"}");
    char nowhere[300];
    snprintf(nowhere, sizeof nowhere, "/shells/%s/submodels/%s", id64("urn:test:none"),
        id64("urn:test:sm"));
    expect(&s, "PUT", nowhere, "", MODEL, 404, NULL);
    expect(&s, "PUT", root(2), "", wrong, 400, NULL);
    expect(&s, "PUT", root(2), "", "{", 400, NULL);
    struct answer answer = ask_at(&s, "PUT", root(2), "", "If-Match: *\r\n", MODEL);
    cr_assert_eq(answer.status, 412, "%s", answer.body);
    answer_free(&answer);
    expect(&s, "GET", root(0), "", NULL, 404, NULL);
    expect(&s, "GET", "/aas", "", NULL, 200, SHELL(""));
    expect(&s, "PUT", root(2), "", MODEL, 201, NULL);
    answer = ask_at(&s, "DELETE", root(2), "", NO_MATCH, NULL);
    cr_assert_eq(answer.status, 412, "%s", answer.body);
    answer_free(&answer);
    expect(&s, "GET", root(0), "", NULL, 200, MODEL);
    expect(
        &s, "GET", "/aas", "", NULL, 200, SHELL(",\"submodels\":[" REFERENCE("urn:test:sm") "]"));
    server_down(&s);
}

Test(roots, only_submodels_of_the_shell_are_found_through_it)
{
    struct test_server s;
    up(&s);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", MODEL), 201);
    for (size_t i = 0; i < ROOTS; i++) {
        int found = i == 1 || i == 2 ? 404 : 200;
        expect(&s, "GET", root(i), "", NULL, found, NULL);
        expect(&s, "GET", root(i), "/submodel-elements/Speed/$value", NULL, found, NULL);
    }
    expect(&s, "PUT", root(2), "", MODEL, 204, "");
    expect(&s, "GET", root(1), "/submodel-elements/Speed/$value", NULL, 200, "5");
    server_down(&s);
}

#define MEANS(id)                                                                                  \
    "\"referredSemanticId\":{\"type\":\"ExternalReference\",\"keys\":[" KEY(                       \
        "GlobalReference", id) "]},"
#define KEY(type, id) "{\"type\":\"" type "\",\"value\":\"" id "\"}"
#define TO(more, id) "{\"type\":\"ModelReference\"," more "\"keys\":[" KEY("Submodel", id) "]}"

Test(roots, what_a_shell_refers_to_is_told_by_its_references_only)
{
    static const struct {
        const char *references;
        const char *id;
        bool refers;
    } cases[] = {{TO("", "urn:a"), "urn:a", true}, {TO("", "urn:a"), "urn:b", false},
        {TO("", "urn:a"), "rn:a", false}, {TO("", "urn:a"), "urn:", false},
        {TO(MEANS("urn:b"), "urn:a"), "urn:a", true}, {TO(MEANS("urn:b"), "urn:a"), "urn:b", false},
        {TO(MEANS("urn:b"), "urn:a") "," TO("", "urn:b"), "urn:b", true},
        {TO("", "urn:\\\"q\\\""), "urn:\"q\"", true}, {TO("", "urn:a"), "urn:asset:1", false}};
    struct test_server s;
    up(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shell[2000];
        char path[400];
        snprintf(shell, sizeof shell, SHELL(",\"submodels\":[%s]"), cases[i].references);
        cr_assert_eq(client_status(s.port, "PUT", "/aas", "", shell), 204, "%s", shell);
        snprintf(path, sizeof path, "/aas/submodels/%s", id64(cases[i].id));
        struct answer answer = client_ask(s.port, "GET", path, "", NULL);
        bool refused = strstr(answer.body, "has no reference") != NULL;
        cr_assert_eq(refused, !cases[i].refers, "%zu: %s", i, answer.body);
        cr_assert_eq(answer.status, 404);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(roots, every_root_answers_alike_and_names_its_own_locations)
{
    static const struct {
        const char *method;
        const char *rest;
        const char *body;
        int status;
        const char *location; /* behind the root, NULL: none */
    } steps[] = {{"GET", "", NULL, 200, NULL}, {"GET", "/$metadata", NULL, 200, NULL},
        {"GET", "/$value", NULL, 200, NULL}, {"GET", "/$reference", NULL, 200, NULL},
        {"GET", "/$path", NULL, 200, NULL}, {"GET", "/submodel-elements", NULL, 200, NULL},
        {"GET", "/submodel-elements/$metadata", NULL, 200, NULL},
        {"GET", "/submodel-elements/$value", NULL, 200, NULL},
        {"GET", "/submodel-elements/$reference", NULL, 200, NULL},
        {"GET", "/submodel-elements/$path", NULL, 200, NULL},
        {"PATCH", "", "{\"idShort\":\"Other\"}", 204, NULL},
        {"PATCH", "/$metadata", "{\"idShort\":\"Test\"}", 204, NULL},
        {"PATCH", "/$value", "{\"Speed\":8}", 204, NULL},
        {"POST", "/submodel-elements", PROPERTY("More", "1"), 201, "/submodel-elements/More"},
        {"POST", "/submodel-elements/Group", PROPERTY("Deep", "1"), 201,
            "/submodel-elements/Group.Deep"},
        {"PUT", "/submodel-elements/Group.Next", PROPERTY("Next", "1"), 201,
            "/submodel-elements/Group.Next"},
        {"PUT", "/submodel-elements/Group.Next", PROPERTY("Last", "1"), 204, NULL},
        {"PATCH", "/submodel-elements/Group.Last", "{\"value\":\"2\"}", 204, NULL},
        {"PATCH", "/submodel-elements/Group.Last/$metadata", "{\"category\":\"x\"}", 204, NULL},
        {"PATCH", "/submodel-elements/Group.Last/$value", "3", 204, NULL},
        {"GET", "/submodel-elements/Group.Last/$reference", NULL, 200, NULL},
        {"GET", "/submodel-elements/Group.Last/$path", NULL, 200, NULL},
        {"DELETE", "/submodel-elements/Group.Last", NULL, 204, NULL},
        {"GET", "/submodel-elements/Group.Last", NULL, 404, NULL}};
    struct test_server s;
    up(&s);
    cr_assert_eq(client_status(s.port, "PUT", root(2), "", MODEL), 201);
    for (size_t i = 0; i < ROOTS; i++) {
        cr_assert_eq(client_status(s.port, "PUT", root(i), "", MODEL), 204, "%s", root(i));
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            char wanted[400];
            struct answer answer =
                ask_at(&s, steps[k].method, root(i), steps[k].rest, "", steps[k].body);
            cr_assert_eq(answer.status, steps[k].status, "%s %s%s gave %d %s", steps[k].method,
                root(i), steps[k].rest, answer.status, answer.body);
            if (steps[k].location != NULL) {
                snprintf(wanted, sizeof wanted, "%s%s", root(i), steps[k].location);
                cr_assert_str_eq(answer_field(&answer, "Location"), wanted);
            }
            answer_free(&answer);
        }
    }
    server_down(&s);
}

Test(roots, every_write_of_every_root_heeds_if_match)
{
    static const struct {
        const char *method;
        const char *rest;
        const char *body;
    } writes[] = {{"PUT", "", MODEL}, {"PATCH", "", "{\"idShort\":\"X2\"}"},
        {"PATCH", "/$metadata", "{\"idShort\":\"X2\"}"}, {"PATCH", "/$value", "{\"Speed\":9}"},
        {"POST", "/submodel-elements", PROPERTY("More", "1")},
        {"POST", "/submodel-elements/Group", PROPERTY("More", "1")},
        {"PUT", "/submodel-elements/Speed", PROPERTY("Speed", "1")},
        {"PATCH", "/submodel-elements/Speed", "{\"value\":\"9\"}"},
        {"PATCH", "/submodel-elements/Speed/$metadata", "{\"category\":\"x\"}"},
        {"PATCH", "/submodel-elements/Speed/$value", "9"},
        {"DELETE", "/submodel-elements/Speed", NULL}};
    struct test_server s;
    up(&s);
    cr_assert_eq(client_status(s.port, "PUT", root(2), "", MODEL), 201);
    for (size_t i = 0; i < ROOTS; i++) {
        for (size_t k = 0; k < sizeof writes / sizeof *writes; k++) {
            struct answer answer =
                ask_at(&s, writes[k].method, root(i), writes[k].rest, NO_MATCH, writes[k].body);
            cr_assert_eq(answer.status, 412, "%s %s%s gave %d %s", writes[k].method, root(i),
                writes[k].rest, answer.status, answer.body);
            answer_free(&answer);
        }
    }
    expect(&s, "GET", "/submodel", "", NULL, 200, MODEL);
    server_down(&s);
}

Test(roots, every_single_thing_has_an_etag_and_is_not_sent_twice)
{
    static const char *const rests[] = {"", "/$metadata", "/$value", "/$reference", "/$path",
        "/submodel-elements/Speed", "/submodel-elements/Speed/$metadata",
        "/submodel-elements/Speed/$value", "/submodel-elements/Speed/$reference",
        "/submodel-elements/Speed/$path"};
    struct test_server s;
    up(&s);
    cr_assert_eq(client_status(s.port, "PUT", root(2), "", MODEL), 201);
    for (size_t i = 0; i < ROOTS; i++) {
        for (size_t k = 0; k < sizeof rests / sizeof *rests; k++) {
            char header[200];
            struct answer answer = ask_at(&s, "GET", root(i), rests[k], "", NULL);
            cr_assert_not_null(answer_field(&answer, "ETag"), "%s%s", root(i), rests[k]);
            snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_field(&answer, "ETag"));
            answer_free(&answer);
            answer = ask_at(&s, "GET", root(i), rests[k], header, NULL);
            cr_assert_eq(answer.status, 304, "%s%s", root(i), rests[k]);
            answer_free(&answer);
        }
    }
    server_down(&s);
}

Test(roots, without_a_chosen_shell_the_address_is_not_offered)
{
    static const char *const addresses[] = {
        "/aas", "/submodel", "/aas/submodel-refs", "/submodel/$value", "/aas/asset-information"};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        expect(&s, "GET", addresses[i], "", NULL, 501, NULL);
    }
    server_down(&s);
}

static void put_under(const struct test_server *s, const char *host, int status)
{
    char request[1000];
    snprintf(request, sizeof request,
        "PUT /submodel HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
        host, strlen(MODEL), MODEL);
    struct answer answer = client_raw(s->port, request, strlen(request));
    cr_assert_eq(answer.status, status, "%s gave %d %s", host, answer.status, answer.body);
    answer_free(&answer);
}

Test(roots, nothing_is_changed_under_a_foreign_name)
{
    static const struct {
        const char *host;
        int status; /* 201 counts as 204 from the second time on */
    } cases[] = {{"127.0.0.1", 201}, {"localhost:8080", 204}, {"[::1]:8080", 204},
        {"10.1.2.3:80", 204}, {"jig.localhost", 204}, {"registry.example.com:81", 204},
        {"evil.example.org", 403}, {"localhost.evil.example.org", 403}, {"evillocalhost", 403},
        {"127.0.0.1.evil.example.org", 403}};
    static const struct api_server_options options = {
        .submodel_id = "urn:test:sm", .host_names = "jig.example.com, registry.example.com"};
    struct test_server s;
    server_up(&s, &options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_under(&s, cases[i].host, cases[i].status);
    }
    server_down(&s);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* If-Match and If-None-Match, as RFC 9110 (13.1) has them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, value)                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"" name                                              \
    "\",\"valueType\":\"xs:int\",\"value\":\"" value "\"}"
#define SUBMODEL(id, elements)                                                                     \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Test\",\"id\":\"" id                                \
    "\",\"submodelElements\":[" elements "]}"
#define THERE SUBMODEL("urn:test:there", PROPERTY("Speed", "5"))
#define OTHER SUBMODEL("urn:test:there", PROPERTY("Speed", "6"))
#define ABSENT SUBMODEL("urn:test:absent", PROPERTY("Speed", "5"))
#define NEW "If-None-Match: *\r\n"
#define PRESENT "If-Match: *\r\n"

struct attempt {
    const char *method;
    const char *id; /* NULL: the list */
    const char *rest;
    const char *headers;
    const char *body;
    int status;
};

static void try_each(const struct test_server *s, const struct attempt *attempts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct attempt *a = &attempts[i];
        char path[512] = "/submodels";
        if (a->id != NULL) {
            snprintf(path, sizeof path, "/submodels/%s%s", id64(a->id), a->rest);
        }
        struct answer answer = client_ask(s->port, a->method, path, a->headers, a->body);
        cr_assert_eq(answer.status, a->status, "%zu: %s %s %s gave %d %s", i, a->method, path,
            a->headers, answer.status, answer.body);
        answer_free(&answer);
    }
}

static void expect_value(const struct test_server *s, const char *expected)
{
    char path[512];
    snprintf(path, sizeof path, "/submodels/%s/$value", id64("urn:test:there"));
    struct answer answer = client_ask(s->port, "GET", path, "", NULL);
    cr_assert_str_eq(answer.body, expected);
    answer_free(&answer);
}

#define IN(name) "/submodel-elements/" name
#define NO_TAG "If-Match: \"0000000000000000000000000000000000000000000000000000000000000000\"\r\n"

Test(conditions, what_must_be_new_is_never_overwritten)
{
    static const struct attempt attempts[] = {{"PUT", "urn:test:there", "", NEW, OTHER, 412},
        {"POST", NULL, "", NEW, THERE, 412}, {"DELETE", "urn:test:there", "", NEW, NULL, 412},
        {"PUT", "urn:test:there", IN("Speed"), NEW, PROPERTY("Speed", "7"), 412},
        {"POST", "urn:test:there", "/submodel-elements", NEW, PROPERTY("Speed", "7"), 412},
        {"PATCH", "urn:test:there", IN("Speed/$value"), NEW, "7", 412},
        {"PATCH", "urn:test:there", "/$value", NEW, "{\"Speed\":7}", 412},
        {"DELETE", "urn:test:there", IN("Speed"), NEW, NULL, 412},
        {"DELETE", "urn:test:absent", "", NEW, NULL, 404},
        {"PUT", "urn:test:there", "", NEW PRESENT, OTHER, 412},
        {"PUT", "urn:test:absent", "", NEW PRESENT, ABSENT, 412}};
    static const struct attempt created[] = {{"PUT", "urn:test:absent", "", NEW, ABSENT, 201},
        {"DELETE", "urn:test:absent", "", "", NULL, 204}, {"POST", NULL, "", NEW, ABSENT, 201},
        {"PUT", "urn:test:there", IN("Extra"), NEW, PROPERTY("Extra", "7"), 201},
        {"POST", "urn:test:there", "/submodel-elements", NEW, PROPERTY("More", "8"), 201}};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", THERE), 201);
    try_each(&s, attempts, sizeof attempts / sizeof *attempts);
    expect_value(&s, "{\"Speed\":5}");
    try_each(&s, created, sizeof created / sizeof *created);
    expect_value(&s, "{\"Speed\":5,\"Extra\":7,\"More\":8}");
    server_down(&s);
}

Test(conditions, what_must_be_there_is_never_created)
{
    static const struct attempt attempts[] = {{"PUT", "urn:test:absent", "", PRESENT, ABSENT, 412},
        {"PUT", "urn:test:absent", "", NO_TAG, ABSENT, 412},
        {"POST", NULL, "", PRESENT, ABSENT, 412}, {"POST", NULL, "", NO_TAG, ABSENT, 412},
        {"DELETE", "urn:test:absent", "", PRESENT, NULL, 404},
        {"PUT", "urn:test:there", IN("Extra"), PRESENT, PROPERTY("Extra", "7"), 412},
        {"GET", "urn:test:absent", "", "", NULL, 404},
        {"GET", "urn:test:there", IN("Extra"), "", NULL, 404}};
    static const struct attempt changed[] = {{"PUT", "urn:test:there", "", PRESENT, OTHER, 204},
        {"PUT", "urn:test:there", IN("Speed"), PRESENT, PROPERTY("Speed", "7"), 204},
        {"PATCH", "urn:test:there", IN("Speed/$value"), PRESENT, "8", 204},
        {"DELETE", "urn:test:there", "", PRESENT, NULL, 204}};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", THERE), 201);
    try_each(&s, attempts, sizeof attempts / sizeof *attempts);
    try_each(&s, changed, sizeof changed / sizeof *changed);
    server_down(&s);
}

static void tag_of(const struct test_server *s, char tag[128])
{
    char path[512];
    snprintf(path, sizeof path, "/submodels/%s", id64("urn:test:there"));
    struct answer answer = client_ask(s->port, "GET", path, "", NULL);
    snprintf(tag, 128, "%s", answer_field(&answer, "ETag"));
    answer_free(&answer);
}

Test(conditions, a_list_of_tags_matches_when_one_is_current)
{
    static const struct {
        const char *format; /* of the header, with the current tag */
        int status;
    } cases[] = {{"If-Match: \"a\", %s\r\n", 204}, {"If-Match: %s, \"a,b\"\r\n", 204},
        {"If-Match: \"a\"\r\nIf-Match: %s\r\n", 204}, {"If-Match: \"a\", \"b\"\r\n", 412},
        {"If-Match: \"a, *\"\r\n", 412}, {"If-Match: W/%s\r\n", 412}, {"If-Match:\r\n", 412},
        {"If-None-Match: \"a\", %s\r\n", 412}, {"If-None-Match: W/%s\r\n", 412},
        {"If-None-Match: \"a\", \"b\"\r\n", 204}};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", THERE), 201);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char tag[128];
        char headers[300];
        tag_of(&s, tag);
        snprintf(headers, sizeof headers, cases[i].format, tag);
        const struct attempt attempts[] = {
            {"PATCH", "urn:test:there", IN("Speed/$value"), headers, "9", cases[i].status},
            {"PUT", "urn:test:there", "", "", i % 2 == 0 ? OTHER : THERE, 204}};
        try_each(&s, attempts, 2);
        tag_of(&s, tag);
        snprintf(headers, sizeof headers, cases[i].format, tag);
        const struct attempt whole = {"PUT", "urn:test:there", "", headers, THERE, cases[i].status};
        try_each(&s, &whole, 1);
    }
    server_down(&s);
}

/* A download that goes on must not be that of something else. */
Test(conditions, a_read_that_names_another_tag_is_412_and_the_connection_goes_on)
{
    static const struct {
        const char *format;
        int status;
    } cases[] = {{"If-Match: %s\r\n", 200}, {"If-Match: *\r\n", 200},
        {"If-Match: \"a\", %s\r\n", 200}, {"If-Match: W/%s\r\n", 412}, {"If-Match: \"a\"\r\n", 412},
        {"If-Match: \"a\"\r\nIf-None-Match: %s\r\n", 412}, {"If-None-Match: %s\r\n", 304}};
    static const char *const rests[] = {
        "", "/$value", "/$metadata", IN("Speed"), IN("Speed/$value"), "/$path"};
    struct test_server s;
    char tag[128];
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", THERE), 201);
    tag_of(&s, tag);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char headers[300];
        snprintf(headers, sizeof headers, cases[i].format, tag);
        for (size_t k = 0; k < sizeof rests / sizeof *rests; k++) {
            const struct attempt attempts[] = {
                {"GET", "urn:test:there", rests[k], headers, NULL, cases[i].status},
                {"HEAD", "urn:test:there", rests[k], headers, NULL, cases[i].status}};
            try_each(&s, attempts, 2);
        }
    }
    const struct attempt untagged[] = {{"GET", NULL, "", "If-Match: \"a\"\r\n", NULL, 200},
        {"GET", "urn:test:absent", "", "If-Match: *\r\n", NULL, 404}};
    try_each(&s, untagged, 2);
    server_down(&s);
}

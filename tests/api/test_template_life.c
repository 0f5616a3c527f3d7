/* SPDX-License-Identifier: Apache-2.0 */
/* The life of template versions over HTTP: drafts, steps, refusals, what readers are told. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/files_client.h"

#define FAMILY "/templates/jig.example-smt-press"
#define VERSIONS FAMILY "/versions"
#define PROPERTY(name, value)                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"" name                                              \
    "\",\"valueType\":\"xs:int\",\"value\":\"" value "\"}"
#define FILE_ELEMENT                                                                               \
    "{\"modelType\":\"File\",\"idShort\":\"Manual\",\"value\":\"/manual.txt\",\"contentType\":"    \
    "\"text/plain\"}"
#define TEMPLATE(id, names, elements)                                                              \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\"," names "\"id\":\"" id                      \
    "\",\"kind\":\"Template\",\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{"          \
    "\"type\":\"GlobalReference\",\"value\":\"https://a.example/smt/press\"}]},"                   \
    "\"submodelElements\":[" elements "]}"
#define NAMES                                                                                      \
    "\"displayName\":[{\"language\":\"en\",\"text\":\"Press\"},{\"language\":\"ko\",\"text\":"     \
    "\"프레스\"}],"
#define ID "https://a.example/press/1/0"
#define PRESS(force) TEMPLATE(ID, NAMES, PROPERTY("Force", force) "," FILE_ELEMENT)
#define INSTANCE                                                                                   \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"" ID                               \
    "\",\"submodelElements\":[" PROPERTY("Force", "1") "]}"
#define SHELL                                                                                      \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"assetInformation\":{"      \
    "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\"},\"submodels\":[{\"type\":"        \
    "\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"" ID "\"}]}]}"

static struct test_server server;

static void start(void)
{
    static const struct lifecycle_policy policy = {.approvals = 0, .languages = "ko,en"};
    const struct api_server_options options = {.policy = &policy};
    server_up(&server, &options);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(template_life, .init = start, .fini = stop, .timeout = 120);

/* Asks and expects a status and a part of the body; gives the answer, to be freed. */
static struct answer ask(const char *method, const char *path, const char *headers,
    const char *body, int status, const char *part)
{
    struct answer answer = client_ask(server.port, method, path, headers, body);
    cr_assert_eq(answer.status, status, "%s %s: %d %s", method, path, answer.status, answer.body);
    cr_expect_not_null(
        strstr(answer.body, part), "%s %s: no %s in %s", method, path, part, answer.body);
    return answer;
}

static void expect(const char *method, const char *path, const char *headers, const char *body,
    int status, const char *part)
{
    struct answer answer = ask(method, path, headers, body, status, part);
    answer_free(&answer);
}

static void post(const char *path, const char *body, int status, const char *part)
{
    expect("POST", path, "", body, status, part);
}

/* Version 1.0, published. */
static void publish_first(void)
{
    post("/templates?family=jig.example-smt-press&version=1.0", PRESS("1"), 201,
        "\"state\":\"draft\"");
    post(VERSIONS "/1.0/$submit", NULL, 200, "\"state\":\"in review\"");
    post(VERSIONS "/1.0/$publish", NULL, 200, "\"state\":\"published\"");
}

/* Version 1.1 from 1.0, published. */
static void publish_second(void)
{
    post(VERSIONS, "{\"from\":\"1.0\",\"version\":\"1.1\"}", 201, "\"base\":\"1.0\"");
    post(VERSIONS "/1.1/$submit", "{\"message\":\"done\"}", 200, "in review");
    post(VERSIONS "/1.1/$publish", "{\"message\":\"go\"}", 200, "published");
}

/* ------------------------------------------------------------------ the way of a version */

Test(template_life, from_draft_to_withdrawn)
{
    struct answer answer = ask("POST", "/templates?family=jig.example-smt-press&version=1.0", "",
        PRESS("1"), 201, "\"submodelId\":\"" ID "\"");
    cr_expect_not_null(strstr(answer_field(&answer, "Location"), VERSIONS "/1.0"));
    cr_expect_not_null(answer_field(&answer, "ETag"));
    answer_free(&answer);
    expect("PUT", VERSIONS "/1.0", "", PRESS("2"), 200, "\"state\":\"draft\"");
    expect("GET", VERSIONS "/1.0", "", NULL, 200, "\"value\":\"2\"");
    post(VERSIONS "/1.0/$submit", "{\"message\":\"done\"}", 200, "\"state\":\"in review\"");
    post(VERSIONS "/1.0/$reject", "{\"message\":\"3 is right\"}", 200, "\"state\":\"draft\"");
    post(VERSIONS "/1.0/$submit", "", 200, "in review");
    post(VERSIONS "/1.0/$recall", "{}", 200, "\"state\":\"draft\"");
    post(VERSIONS "/1.0/$submit", NULL, 200, "in review");
    post(VERSIONS "/1.0/$publish", NULL, 200, "\"published\":\"");
    publish_second();
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\",\"successor\":\"1.1\"}", 200,
        "\"successor\":\"1.1\"");
    post(VERSIONS "/1.0/$withdraw", "{\"message\":\"wrong\"}", 200, "\"state\":\"withdrawn\"");
    expect("GET", FAMILY, "", NULL, 200, "\"state\":\"withdrawn\"");
    expect("GET", VERSIONS "/1.0", "", NULL, 200, "\"value\":\"2\"");
    expect("GET", VERSIONS "/latest", "", NULL, 200, "https://a.example/press/1/1");
}

Test(template_life, a_step_that_is_not_possible_is_a_conflict)
{
    static const struct {
        const char *step;
        const char *body;
    } rows[] = {{"submit", NULL}, {"recall", NULL}, {"approve", NULL},
        {"reject", "{\"message\":\"x\"}"}, {"publish", NULL}};
    publish_first();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[200];
        snprintf(path, sizeof path, VERSIONS "/1.0/$%s", rows[i].step);
        post(path, rows[i].body, 409, "What can be done now is: deprecate, withdraw.");
        post(path, rows[i].body, 409, "\"code\":\"transition\"");
    }
    post(VERSIONS "/9.0/$submit", NULL, 404, "no version '9.0'");
    post("/templates/nobody/versions/9.0/$submit", NULL, 404, "nobody");
    post(VERSIONS "/1.0/$deprecate", "{\"successor\":\"1.1\"}", 400, "a reason is needed");
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\"}", 400, "\"code\":\"successor\"");
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\",\"successor\":\"1.0\"}", 400,
        "is no other published version");
    post(VERSIONS "/1.0/$withdraw", NULL, 400, "\"code\":\"reason\"");
    post(VERSIONS "/1.0/$withdraw", "{\"message\":\" \"}", 400, "\"code\":\"reason\"");
}

Test(template_life, a_reason_may_come_in_the_header)
{
    publish_first();
    expect(
        "POST", VERSIONS "/1.0/$withdraw", "X-Change-Message: wrong\r\n", NULL, 200, "withdrawn");
    expect("GET", VERSIONS "/1.0/$history?limit=1", "", NULL, 200, "\"message\":\"wrong\"");
}

Test(template_life, what_is_missing_is_told_at_once)
{
    post("/templates?family=plain&version=1.0", TEMPLATE("urn:plain", "", PROPERTY("Bad", "abc")),
        201, "\"errors\":1");
    static const char *const rules[] = {"\"rule\":\"value-type\"", "\"rule\":\"gate-category\"",
        "\"rule\":\"gate-name\"", "\"ready\":false", "\"needed\":0", "\"approvals\":[]", "'ko'",
        "'en'"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        expect("GET", "/templates/plain/versions/1.0/$gate", "", NULL, 200, rules[i]);
    }
    post("/templates/plain/versions/1.0/$submit", NULL, 200, "in review");
    static const char *const codes[] = {"\"code\":\"gate\"", "\"code\":\"value-type\"",
        "\"code\":\"gate-category\"", "\"code\":\"gate-name\"", "4 things are missing"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        post("/templates/plain/versions/1.0/$publish", NULL, 409, codes[i]);
    }
    expect(
        "GET", "/templates/plain/versions/1.0/$gate", "Accept-Language: ko\r\n", NULL, 200, "분류");
    publish_first();
    expect("GET", VERSIONS "/1.0/$gate", "", NULL, 409, "is published already");
}

Test(template_life, a_number_is_overruled_in_the_request)
{
    publish_first();
    post(
        VERSIONS, "{\"from\":\"1.0\",\"version\":\"1.0.1\"}", 201, "https://a.example/press/1/0/1");
    expect("PUT", VERSIONS "/1.0.1", "",
        TEMPLATE("https://a.example/press/1/0/1", NAMES, PROPERTY("Other", "1")), 200, "draft");
    post(VERSIONS "/1.0.1/$submit", NULL, 200, "in review");
    post(VERSIONS "/1.0.1/$publish", NULL, 409, "\"code\":\"gate-number\"");
    post(VERSIONS "/1.0.1/$publish", "{\"overrule\":\"nobody has it\"}", 200,
        "\"overruled\":\"nobody has it\"");
}

/* ------------------------------------------------------------------ bodies and conditions */

Test(template_life, bodies_say_what_is_meant_or_are_refused)
{
    static const struct {
        const char *path;
        const char *body;
        int status;
        const char *part;
    } rows[] = {{VERSIONS "/1.0/$submit", "{\"message\":5}", 400,
                    "\\\"message\\\" must be a string. Send a string."},
        {VERSIONS "/1.0/$submit", "{\"massage\":\"x\"}", 400, "massage"},
        {VERSIONS "/1.0/$submit", "[]", 400, "must be a JSON object"},
        {VERSIONS "/1.0/$submit", "{", 400, ""}, {VERSIONS "/1.0/$submit", "null", 400, "object"},
        {VERSIONS "/1.0/$submit", "{\"message\":\"a\",\"message\":\"b\"}", 400, "message"},
        {VERSIONS "/1.0/$rebase", "{\"onto\":{}}", 400,
            "\\\"onto\\\" must be a string. Send a string."},
        {VERSIONS "/1.0/$rebase", "{\"onto\":\"7.0\"}", 404, "7.0"},
        {VERSIONS "/1.0/$rebase", "{\"version\":\"7.0\"}", 400,
            "there is no member \\\"version\\\" here. Known are: message, onto."},
        {VERSIONS "/1.0/$submit", "{\"overrule\":\"x\"}", 400, "Known are: message."},
        {VERSIONS "/1.0/$withdraw", "{\"message\":\"x\",\"successor\":\"1.1\"}", 400,
            "Known are: message."},
        {VERSIONS "/1.0/$publish", "{\"onto\":\"1.1\"}", 400, "Known are: message, overrule."},
        {VERSIONS "/1.0/$deprecate", "{\"from\":\"1.1\"}", 400, "Known are: message, successor."},
        {VERSIONS, "{\"from\":\"1.0\",\"version\":\"1.1\",\"overrule\":\"x\"}", 400,
            "Known are: message, from, version, submodelId."},
        {VERSIONS, "{\"from\":\"1.0\"}", 400, "number of the new version is missing"},
        {VERSIONS, "{\"from\":1,\"version\":\"1.1\"}", 400,
            "\\\"from\\\" must be a string. Send a string."},
        {VERSIONS, "{\"from\":\"1.0\",\"version\":\"x\"}", 400, "is no version"},
        {VERSIONS, "{\"from\":\"1.0\",\"version\":\"1.0\"}", 409, "already"},
        {VERSIONS, "{\"from\":\"8.0\",\"version\":\"8.1\"}", 404, "8.0"}, {VERSIONS, "", 400, ""},
        {VERSIONS, INSTANCE, 400, "kind Template"}, {"/templates", INSTANCE, 400, "kind Template"},
        {"/templates?family=No%20Name&version=1.0", PRESS("1"), 400, "no name for a family"},
        {"/templates?family=x&version=1", PRESS("1"), 400, "is no version"}};
    post("/templates?family=jig.example-smt-press&version=1.0", PRESS("1"), 201, "draft");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        post(rows[i].path, rows[i].body, rows[i].status, rows[i].part);
    }
    expect("POST", VERSIONS "/1.0/$submit", "Accept-Language: de\r\n", "{\"massage\":\"x\"}", 400,
        "massage (Zeile 1): hier gibt es kein Feld \\\"massage\\\". Bekannt sind: message.");
    expect("POST", VERSIONS "/1.0/$submit", "Accept-Language: ko\r\n", "{\"message\":5}", 400,
        "message (1행): \\\"message\\\"은(는) 문자열이어야 합니다. 문자열을 보내십시오.");
    expect("POST", VERSIONS "/1.0/$submit", "Content-Type: text/plain\r\n", "x", 415, "");
    expect("PUT", VERSIONS "/1.0", "", INSTANCE, 400, "template-id");
    expect("GET", FAMILY, "", NULL, 200, "\"state\":\"draft\"");
}

Test(template_life, what_somebody_else_has_changed_is_not_overwritten)
{
    char headers[200];
    struct answer answer =
        ask("POST", "/templates?family=jig.example-smt-press&version=1.0", "", PRESS("1"), 201, "");
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    answer = ask("PUT", VERSIONS "/1.0", headers, PRESS("2"), 200, "draft");
    char now[200];
    snprintf(now, sizeof now, "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    expect("PUT", VERSIONS "/1.0", headers, PRESS("3"), 412, "");
    expect("DELETE", VERSIONS "/1.0", headers, NULL, 412, "");
    expect("POST", VERSIONS "/1.0/$submit", headers, NULL, 412, "");
    expect("POST", VERSIONS "/1.0/$submit", "If-Match: *\r\n", NULL, 200, "in review");
    expect("POST", VERSIONS "/1.0/$recall", now, NULL, 200, "draft");
    expect("DELETE", VERSIONS "/1.0", now, NULL, 204, "");
    expect("GET", FAMILY, "", NULL, 404, "");
    cr_expect_eq(client_status(server.port, "GET", "/submodels/aHR0", "", NULL), 404);
}

/* ------------------------------------------------------------------ what readers are told */

static void expect_told(const char *path, bool told)
{
    struct answer answer = ask("GET", path, "", NULL, 200, "");
    const char *since = answer_field(&answer, "Deprecation");
    cr_expect_eq(since != NULL, told, "%s", path);
    cr_expect(since == NULL || (since[0] == '@' && strtoll(since + 1, NULL, 10) > 1600000000));
    const char *link = answer_field(&answer, "Link");
    cr_expect_eq(link != NULL, told, "%s", path);
    if (told && link != NULL) {
        cr_expect_str_eq(link, "<" VERSIONS "/1.1>; rel=\"successor-version\"");
    }
    answer_free(&answer);
}

Test(template_life, readers_of_a_deprecated_version_are_told_its_successor)
{
    char path[4][200];
    publish_first();
    publish_second();
    snprintf(path[0], sizeof path[0], VERSIONS "/1.0");
    snprintf(path[1], sizeof path[1], "/submodels/%s", id64(ID));
    snprintf(path[2], sizeof path[2], "/templates-api/submodels/%s", id64(ID));
    snprintf(path[3], sizeof path[3], "/submodels/%s?level=core", id64(ID));
    for (size_t i = 0; i < 4; i++) {
        expect_told(path[i], false);
    }
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\",\"successor\":\"1.1\"}", 200, "1.1");
    for (size_t i = 0; i < 4; i++) {
        expect_told(path[i], true);
    }
    expect_told(VERSIONS "/1.1", false);
    snprintf(path[0], sizeof path[0], "/submodels/%s", id64("https://a.example/press/1/1"));
    expect_told(path[0], false);
    expect("GET", FAMILY, "", NULL, 200, "\"successor\":\"1.1\"");
    expect("GET", VERSIONS, "", NULL, 200, "\"state\":\"deprecated\"");
    expect("GET", "/templates?state=deprecated", "", NULL, 200,
        "\"state\":\"deprecated\",\"successor\":\"1.1\"");
}

Test(template_life, readers_of_a_part_of_a_deprecated_version_are_told_too)
{
    static const char *const parts[] = {"/$value", "/$metadata", "/$reference", "/$path",
        "/submodel-elements", "/submodel-elements/$value", "/submodel-elements/Force",
        "/submodel-elements/Force/$value", "/submodel-elements/Force/$path"};
    char path[200];
    publish_first();
    publish_second();
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\",\"successor\":\"1.1\"}", 200, "1.1");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "/submodels/%s%s", id64(ID), parts[i]);
        expect_told(path, true);
        snprintf(
            path, sizeof path, "/submodels/%s%s", id64("https://a.example/press/1/1"), parts[i]);
        expect_told(path, false);
    }
}

#define CONCEPT(id, name)                                                                          \
    "{\"modelType\":\"ConceptDescription\",\"idShort\":\"" name "\",\"id\":\"" id "\"}"

Test(template_life, with_a_version_its_concept_descriptions_are_published_unless_there_are_others)
{
    static const char mine[] = "/concept-descriptions/dXJuOm1pbmU";   /* urn:mine */
    static const char known[] = "/concept-descriptions/dXJuOmtub3du"; /* urn:known */
    post("/concept-descriptions", CONCEPT("urn:known", "Before"), 201, "");
    post("/templates?family=jig.example-smt-press&version=1.0",
        "{\"submodels\":[" PRESS("1") "],\"conceptDescriptions\":[" CONCEPT(
            "urn:mine", "Mine") "," CONCEPT("urn:known", "After") "]}",
        201, "draft");
    expect("GET", mine, "", NULL, 404, "urn:mine");
    post(VERSIONS "/1.0/$submit", NULL, 200, "in review");
    expect("GET", mine, "", NULL, 404, "urn:mine");
    post(VERSIONS "/1.0/$publish", NULL, 200, "published");
    expect("GET", mine, "", NULL, 200, "\"idShort\":\"Mine\"");
    expect("GET", known, "", NULL, 200, "\"idShort\":\"Before\"");
    expect("GET", "/concept-descriptions/dXJuOm1pbmU/$history", "", NULL, 200,
        "\"operation\":\"publish\"");
    expect("GET", "/search?q=mine&kind=concept%20description", "", NULL, 200, "urn:mine");
}

Test(template_life, a_discarded_draft_comes_back_from_its_history)
{
    post("/templates?family=jig.example-smt-press&version=1.0", PRESS("1"), 201, "draft");
    struct answer before = ask("GET", VERSIONS "/1.0", "", NULL, 200, "");
    expect("DELETE", VERSIONS "/1.0", "", NULL, 204, "");
    post(VERSIONS "/1.0/$history/2/$restore", NULL, 404, "is a deletion");
    post(VERSIONS "/1.0/$history/9/$restore", NULL, 404, "no revision 9");
    post(VERSIONS "/2.0/$history/1/$restore", NULL, 404, "2.0");
    post(VERSIONS "/1.0/$history/1/$restore", NULL, 200, "\"state\":\"draft\"");
    struct answer after = ask("GET", VERSIONS "/1.0", "", NULL, 200, "");
    cr_expect_str_eq(after.body, before.body);
    answer_free(&after);
    answer_free(&before);
    expect("GET", VERSIONS "/1.0/$history?limit=1", "", NULL, 200,
        "\"operation\":\"restore\",\"summary\":\"revision 1 is there again\"");
    char path[200];
    snprintf(path, sizeof path, "/submodels/%s", id64(ID));
    expect("GET", path, "", NULL, 200, "Template");
    post(VERSIONS "/1.0/$submit", NULL, 200, "in review");
}

Test(template_life, a_successor_may_be_of_another_family)
{
    publish_first();
    post("/templates?family=idta-02006&version=3.0",
        TEMPLATE("urn:other", NAMES, PROPERTY("Force", "1")), 201, "");
    post("/templates/idta-02006/versions/3.0/$submit", NULL, 200, "");
    post("/templates/idta-02006/versions/3.0/$publish", NULL, 200, "");
    post(VERSIONS "/1.0/$deprecate", "{\"message\":\"old\",\"successor\":\"idta-02006@3.0\"}", 200,
        "");
    struct answer answer = ask("GET", VERSIONS "/1.0", "", NULL, 200, "");
    cr_expect_str_eq(answer_field(&answer, "Link"),
        "</templates/idta-02006/versions/3.0>; rel=\"successor-version\"");
    answer_free(&answer);
}

/* ------------------------------------------------------------------ history */

Test(template_life, the_history_is_read_and_brought_back)
{
    post("/templates?family=jig.example-smt-press&version=1.0", PRESS("1"), 201, "draft");
    expect("PUT", VERSIONS "/1.0", "", PRESS("2"), 200, "draft");
    expect("GET", VERSIONS "/1.0/$history", "", NULL, 200, "\"operation\":\"edit\"");
    expect("GET", VERSIONS "/1.0/$history", "", NULL, 200, "\"operation\":\"create\"");
    expect("GET", VERSIONS "/1.0/$history/1", "", NULL, 200, PRESS("1"));
    expect("GET", VERSIONS "/1.0/$history/2", "", NULL, 200, PRESS("2"));
    expect("GET", VERSIONS "/1.0/$history/3", "", NULL, 404, "");
    expect("GET", VERSIONS "/1.0/$history/x", "", NULL, 400, "");
    post(VERSIONS "/1.0/$history/1/$restore", NULL, 200, "draft");
    expect("GET", VERSIONS "/1.0", "", NULL, 200, PRESS("1"));
    expect("GET", VERSIONS "/1.0/$history?limit=1", "", NULL, 200, "\"operation\":\"restore\"");
    post(VERSIONS "/1.0/$history/9/$restore", NULL, 404, "");
    post(VERSIONS "/1.0/$history/x/$restore", NULL, 400, "no revision number");
    post(VERSIONS "/1.0/$history/0/$restore", NULL, 404, "");
    expect("GET", "/templates/$recent-changes", "", NULL, 200, "jig.example-smt-press@1.0");
    expect("GET", "/templates/$recent-changes", "", NULL, 200, "\"operation\":\"restore\"");
    post(VERSIONS "/1.0/$submit", NULL, 200, "in review");
    post(VERSIONS "/1.0/$history/1/$restore", NULL, 409, "Recall it");
}

/* ------------------------------------------------------------------ nothing changes it */

struct way {
    const char *method;
    const char *rest;
    const char *body;
};
static const struct way ways[] = {{"PUT", "", PRESS("9")}, {"PUT", "", INSTANCE},
    {"PATCH", "", "{\"idShort\":\"Other\"}"}, {"DELETE", "", NULL},
    {"PATCH", "/$metadata", "{\"category\":\"x\"}"}, {"PATCH", "/$value", "{\"Force\":9}"},
    {"POST", "/submodel-elements", PROPERTY("New", "1")},
    {"PUT", "/submodel-elements/Force", PROPERTY("Force", "9")},
    {"POST", "/$history/1/$restore", NULL},
    {"PATCH", "/submodel-elements/Force", "{\"category\":\"x\"}"},
    {"PATCH", "/submodel-elements/Force/$value", "9"},
    {"PATCH", "/submodel-elements/Force/$metadata", "{\"category\":\"x\"}"},
    {"DELETE", "/submodel-elements/Force", NULL}};

/* Everything below an address of the submodel; where an address has no such way, 404 or 405. */
static void try_ways(const char *base, bool everything)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char path[400];
        snprintf(path, sizeof path, "%s%s", base, ways[i].rest);
        struct answer answer = client_ask(server.port, ways[i].method, path, "", ways[i].body);
        bool away =
            !everything && (answer.status == 404 || answer.status == 405 || answer.status == 400);
        cr_expect(answer.status == 409 || away, "%s %s: %d %s", ways[i].method, path, answer.status,
            answer.body);
        cr_expect(
            away || strstr(answer.body, "POST /templates/jig.example-smt-press/versions") != NULL ||
                strstr(answer.body, "Withdraw the version instead") != NULL,
            "no way out of %s %s: %s", ways[i].method, path, answer.body);
        answer_free(&answer);
        expect("GET", VERSIONS "/1.0", "", NULL, 200, PRESS("1"));
    }
}

Test(template_life, what_is_published_is_changed_by_no_address)
{
    char base[300];
    post("/shells", SHELL, 201, "");
    publish_first();
    snprintf(base, sizeof base, "/submodels/%s", id64(ID));
    try_ways(base, true);
    snprintf(base, sizeof base, "/templates-api/submodels/%s", id64(ID));
    try_ways(base, false);
    snprintf(base, sizeof base, "/shells/%s/submodels/%s", id64("urn:shell"), id64(ID));
    try_ways(base, false);
    post("/submodels", PRESS("9"), 409, "");
    post("/templates-api/submodels", PRESS("9"), 409, "");
    expect("PUT", VERSIONS "/1.0", "", PRESS("9"), 409, "\"code\":\"immutable\"");
    expect("DELETE", VERSIONS "/1.0", "", NULL, 409, "\"code\":\"immutable\"");
    post(VERSIONS "/1.0/$history/1/$restore", NULL, 409, "\"code\":\"immutable\"");
    post(VERSIONS "/1.0/$rebase", NULL, 409, "\"code\":\"immutable\"");
    snprintf(base, sizeof base, "/submodels/%s", id64(ID));
    expect("GET", base, "", NULL, 200, PRESS("1"));
}

Test(template_life, files_of_what_is_published_stay)
{
    char path[300];
    snprintf(path, sizeof path, "/submodels/%s/submodel-elements/Manual/attachment", id64(ID));
    post("/templates?family=jig.example-smt-press&version=1.0", PRESS("1"), 201, "draft");
    cr_assert_eq(files_put(server.port, path, "", "a.txt", "text/plain", "first", 5), 204);
    struct answer before = ask("GET", VERSIONS "/1.0", "", NULL, 200, "Manual");
    post(VERSIONS "/1.0/$submit", NULL, 200, "in review");
    cr_expect_eq(files_put(server.port, path, "", "b.txt", "text/plain", "second", 6), 409);
    post(VERSIONS "/1.0/$publish", NULL, 200, "published");
    struct answer answer =
        files_form(server.port, "PUT", path, "", "b.txt", "text/plain", "second", 6);
    cr_expect_eq(answer.status, 409, "%d %s", answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body, "POST /templates/jig.example-smt-press/versions"));
    answer_free(&answer);
    cr_expect_eq(files_put(server.port, path, "", "a.txt", "text/plain", "second", 6), 409);
    expect("DELETE", path, "", NULL, 409, "POST /templates/jig.example-smt-press/versions");
    expect("GET", path, "", NULL, 200, "first");
    expect("GET", VERSIONS "/1.0", "", NULL, 200, before.body);
    answer_free(&before);
}

/* ------------------------------------------------------------------ in other languages */

Test(template_life, refusals_speak_the_language_asked_for)
{
    publish_first();
    expect("PUT", VERSIONS "/1.0", "Accept-Language: ko\r\n", PRESS("9"), 409, "공개됨");
    expect("PUT", VERSIONS "/1.0", "Accept-Language: de\r\n", PRESS("9"), 409,
        "Legen Sie daraus eine neue Version an");
    expect("POST", VERSIONS "/1.0/$submit", "Accept-Language: de\r\n", NULL, 409,
        "der Schritt submit ist damit nicht möglich");
    expect("POST", VERSIONS "/1.0/$withdraw", "Accept-Language: ko\r\n", NULL, 400, "이유가");
    expect("POST", VERSIONS "/1.0/$deprecate", "Accept-Language: de\r\n", "{\"message\":\"x\"}",
        400, "es fehlt, was stattdessen zu verwenden ist");
}

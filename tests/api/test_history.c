/* SPDX-License-Identifier: Apache-2.0 */
/* Histories over HTTP: states of a moment, restoring, annotations, what changed lately. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, value)                                                                      \
    "{\"modelType\":\"Property\",\"idShort\":\"" name                                              \
    "\",\"valueType\":\"xs:int\",\"value\":\"" value "\"}"
#define SUBMODEL(elements)                                                                         \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"urn:press\",\"submodelElements\":" \
    "[" elements "]}"
#define FIRST SUBMODEL(PROPERTY("Force", "5") "," PROPERTY("Strokes", "1"))

static struct test_server server;

/* A submodel of three revisions: made, one value written, one element added. */
static void start(void)
{
    char path[256];
    server_up(&server, NULL);
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", FIRST), 201);
    snprintf(path, sizeof path, "/submodels/%s/submodel-elements/Force/$value", id64("urn:press"));
    cr_assert_eq(client_status(server.port, "PATCH", path, "", "7"), 204);
    snprintf(path, sizeof path, "/submodels/%s/submodel-elements", id64("urn:press"));
    cr_assert_eq(client_status(server.port, "POST", path, "X-Change-Message: heat\r\n",
                     PROPERTY("Heat", "2")),
        201);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(histories, .init = start, .fini = stop, .timeout = 60);

static struct answer ask(const char *method, const char *rest, const char *headers)
{
    char path[512];
    snprintf(path, sizeof path, "/submodels/%s%s", id64("urn:press"), rest);
    return client_ask(server.port, method, path, headers, NULL);
}

static int status(const char *method, const char *rest, const char *headers)
{
    struct answer answer = ask(method, rest, headers);
    int code = answer.status;
    answer_free(&answer);
    return code;
}

/* Places of words in a text, in the order in which they must stand. */
static void expect_order(const char *text, const char *const *words, size_t count)
{
    const char *at = text;
    for (size_t i = 0; i < count; i++) {
        at = strstr(at, words[i]);
        cr_assert_not_null(at, "'%s' is missing behind the ones before it in %s", words[i], text);
    }
}

Test(histories, annotations_name_the_revision_of_each_element)
{
    static const char *const words[] = {"\"idShortPath\":\"\"", "\"revision\":1",
        "\"idShortPath\":\"Force\"", "\"revision\":2", "\"idShortPath\":\"Strokes\"",
        "\"revision\":1", "\"idShortPath\":\"Heat\"", "\"revision\":3", "\"message\":\"heat\""};
    struct answer answer = ask("GET", "/$annotate", "");
    cr_assert_eq(answer.status, 200);
    expect_order(answer.body, words, sizeof words / sizeof *words);
    answer_free(&answer);
    answer = ask("GET", "/$annotate?revision=1", "");
    cr_expect_eq(answer.status, 200);
    cr_expect_null(strstr(answer.body, "Heat"));
    cr_expect_null(strstr(answer.body, "\"revision\":2"));
    answer_free(&answer);
    cr_expect_eq(status("GET", "/$annotate?revision=9", ""), 404);
    cr_expect_eq(status("GET", "/$annotate?revision=x", ""), 400);
}

Test(histories, a_restored_revision_is_the_newest_and_reads_as_it_was)
{
    cr_assert_eq(status("POST", "/$history/1/$restore", ""), 204);
    struct answer answer = ask("GET", "", "");
    cr_expect_str_eq(answer.body, FIRST);
    answer_free(&answer);
    answer = ask("GET", "/$history?limit=1", "");
    cr_expect_not_null(strstr(answer.body, "\"revision\":4"));
    cr_expect_not_null(strstr(answer.body, "\"operation\":\"restore\""));
    answer_free(&answer);
    cr_expect_eq(status("POST", "/$history/9/$restore", ""), 404);
    cr_expect_eq(status("POST", "/$history/0/$restore", ""), 400);
}

Test(histories, what_was_deleted_is_brought_back_once)
{
    cr_assert_eq(status("DELETE", "", ""), 204);
    cr_expect_eq(status("GET", "", ""), 404);
    cr_expect_eq(status("POST", "/$history/4/$restore", ""), 404, "a deletion has no content");
    cr_expect_eq(status("POST", "/$history/3/$restore", "If-Match: *\r\n"), 412);
    cr_expect_eq(status("POST", "/$history/3/$restore", "If-None-Match: *\r\n"), 204);
    cr_expect_eq(status("POST", "/$history/1/$restore", "If-None-Match: *\r\n"), 412);
    cr_expect_eq(status("GET", "/submodel-elements/Heat", ""), 200);
}

Test(histories, the_state_of_a_moment_is_given)
{
    struct answer answer = ask("GET", "/$history?date=2999-01-01", "");
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(answer_field(&answer, "X-Revision"), "3");
    cr_expect_not_null(strstr(answer.body, "\"Heat\""));
    answer_free(&answer);
    cr_expect_eq(status("GET", "/$history?date=2001-01-01T00:00:00Z", ""), 404);
    static const char *const wrong[] = {"yesterday", "2026-13-01", "2026-02-30",
        "2026-03-01T08:00:00", "2026-03-01T08:00", "2026-03-01T25:00:00Z", "2026-03-01Z",
        "2026-3-01", "2026-03-01T08:00:00Zx", "2026-03-01T08:00:00%2B0900"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char rest[128];
        snprintf(rest, sizeof rest, "/$history?date=%s", wrong[i]);
        cr_expect_eq(status("GET", rest, ""), 400, "%s", wrong[i]);
    }
    cr_expect_eq(status("GET", "/$history?date=2999-03-01T08:00:00.250%2B09:00", ""), 200);
}

Test(histories, changes_are_told_from_a_moment_on_in_pages)
{
    static const char *const words[] = {"\"id\":\"urn:press\"", "\"deleted\":false",
        "\"operation\":\"create\"", "\"operation\":\"value\""};
    struct answer answer = client_ask(
        server.port, "GET", "/submodels/$recent-changes?updatedFrom=2026-01-01&limit=2", "", NULL);
    cr_assert_eq(answer.status, 200);
    expect_order(answer.body, words, sizeof words / sizeof *words);
    const char *cursor = strstr(answer.body, "\"cursor\":\"");
    cr_assert_not_null(cursor);
    char path[256];
    snprintf(path, sizeof path, "/submodels/$recent-changes?updatedFrom=2026-01-01&cursor=%.*s",
        (int)strcspn(cursor + 10, "\""), cursor + 10);
    answer_free(&answer);
    cr_assert_eq(status("DELETE", "", ""), 204);
    answer = client_ask(server.port, "GET", path, "", NULL);
    cr_expect_not_null(strstr(answer.body, "\"revision\":3"));
    cr_expect_null(strstr(answer.body, "\"revision\":2"));
    cr_expect_not_null(strstr(answer.body, "\"deleted\":true"));
    cr_expect_null(strstr(answer.body, "cursor"));
    answer_free(&answer);
    answer = client_ask(server.port, "GET", "/shells/$recent-changes", "", NULL);
    cr_expect_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
    cr_expect_eq(
        client_status(server.port, "GET", "/submodels/$recent-changes?limit=-1", "", NULL), 400);
    cr_expect_eq(
        client_status(server.port, "GET", "/submodels/$recent-changes?createdFrom=x", "", NULL),
        400);
}

/* ------------------------------------------------------------------ shells, everything */

#define SHELL(name, language)                                                                      \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"idShort\":\"" name         \
    "\",\"displayName\":[{\"language\":\"en\",\"text\":\"Press\"},{\"language\":\"" language       \
    "\",\"text\":\"x\"}],\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":"      \
    "\"urn:asset\"}}"

Test(histories, revisions_of_a_shell_are_compared_attribute_by_attribute)
{
    char path[256];
    cr_assert_eq(client_status(server.port, "POST", "/shells", "", SHELL("One", "ko")), 201);
    snprintf(path, sizeof path, "/shells/%s", id64("urn:shell"));
    cr_assert_eq(client_status(server.port, "PUT", path, "", SHELL("Two", "ko")), 204);
    snprintf(path, sizeof path, "/shells/%s/$diff?from=1", id64("urn:shell"));
    struct answer answer = client_ask(server.port, "GET", path, "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(answer.body,
        "{\"from\":1,\"to\":2,\"changes\":[{\"change\":\"changed\",\"path\":\"/idShort\","
        "\"old\":\"One\",\"new\":\"Two\"}]}");
    answer_free(&answer);
    snprintf(path, sizeof path, "/shells/%s/$diff?from=1&to=9", id64("urn:shell"));
    cr_expect_eq(client_status(server.port, "GET", path, "", NULL), 404);
    snprintf(path, sizeof path, "/shells/%s/$diff", id64("urn:shell"));
    cr_expect_eq(client_status(server.port, "GET", path, "", NULL), 400);
}

Test(histories, what_came_and_went_in_a_list_is_told)
{
    char path[256];
    cr_assert_eq(client_status(server.port, "POST", "/shells", "", SHELL("One", "ko")), 201);
    snprintf(path, sizeof path, "/shells/%s", id64("urn:shell"));
    cr_assert_eq(client_status(server.port, "PUT", path, "", SHELL("One", "de")), 204);
    snprintf(path, sizeof path, "/shells/%s/$diff?from=2&to=1", id64("urn:shell"));
    struct answer answer = client_ask(server.port, "GET", path, "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_expect_not_null(
        strstr(answer.body, "{\"change\":\"changed\",\"path\":\"/displayName/1/language\",\"old\":"
                            "\"de\",\"new\":\"ko\"}"),
        "%s", answer.body);
    answer_free(&answer);
}

Test(histories, everything_is_given_as_lines_in_pages)
{
    static const char *const first[] = {"{\"sequence\":1,\"modelType\":\"Submodel\",",
        "\"id\":\"urn:press\",\"revision\":1", "\"chain\":\"", "}\n{\"sequence\":2,",
        "\"operation\":\"value\""};
    const char *all = "/history?kind=Submodel&id=urn:press&limit=2";
    struct answer answer = client_ask(server.port, "GET", all, "", NULL);
    cr_assert_eq(answer.status, 200);
    expect_order(answer.body, first, sizeof first / sizeof *first);
    cr_expect_null(strstr(answer.body, "\"sequence\":3"));
    answer_free(&answer);
    answer = client_ask(server.port, "GET", "/history?cursor=c2&limit=2", "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_expect_eq(strncmp(answer.body, "{\"sequence\":3,", 14), 0, "%s", answer.body);
    answer_free(&answer);
    cr_expect_eq(client_status(server.port, "GET", "/history?kind=Nothing", "", NULL), 400);
    cr_expect_eq(client_status(server.port, "GET", "/history", "Accept: text/html\r\n", NULL), 406);
}

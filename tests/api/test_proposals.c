/* SPDX-License-Identifier: Apache-2.0 */
/* Proposals over HTTP and on the command line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"
#include "tests/api/command.h"

TestSuite(proposals_http, .timeout = 120);
TestSuite(proposals_cli, .init = command_prepare, .fini = command_clean_up, .timeout = 120);

#define JSON "Content-Type: application/json\r\n"
#define PRESS(text)                                                                                \
    "{\"modelType\":\"Submodel\",\"id\":\"urn:prop:press\",\"idShort\":\"Press\",\"kind\":"        \
    "\"Template\",\"description\":[{\"language\":\"ko\",\"text\":\"" text "\"}]}"
#define VERSION "/templates/press/versions/1.0"

static void expect(const struct test_server *s, const char *method, const char *target,
    const char *headers, const char *body, int status, const char *part)
{
    struct answer answer = client_ask(s->port, method, target, headers, body);
    cr_expect_eq(answer.status, status, "%s %s %s: %d %s", method, target, body == NULL ? "" : body,
        answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body == NULL ? "" : answer.body, part), "%s %s: %s", method,
        target, answer.body);
    answer_free(&answer);
}

Test(proposals_http, are_made_compared_refused_and_accepted)
{
    struct test_server s;
    server_up(&s, NULL);
    expect(&s, "POST", "/templates?family=press&version=1.0", JSON, PRESS("처음"), 201, "draft");
    expect(&s, "POST", VERSION "/$proposals?message=%EC%A0%9C%EC%95%88", JSON, PRESS("둘째"), 201,
        "\"message\":\"제안\"");
    expect(&s, "POST", VERSION "/$proposals", JSON, PRESS("셋째"), 201, "\"proposal\":2");
    expect(&s, "POST", VERSION "/$proposals", JSON, PRESS("처음"), 409, "nothing is proposed");
    expect(&s, "GET", "/proposals?state=open&family=press", "", NULL, 200, "\"proposal\":2");
    expect(&s, "GET", "/proposals/1/$diff", "", NULL, 200, "C16");
    expect(&s, "GET", "/proposals/1/$diff", "Accept: text/plain\r\n", NULL, 200, "description");
    expect(&s, "GET", "/proposals/1/$content", "", NULL, 200, "둘째");
    expect(&s, "POST", "/proposals/1/$refuse", JSON, "{}", 400, "reason");
    expect(&s, "POST", "/proposals/1/$refuse", JSON, "{\"message\":\"필요 없음\"}", 200, "refused");
    expect(&s, "POST", "/proposals/1/$accept", JSON, "{}", 409, "refused already");
    expect(&s, "POST", "/proposals/2/$accept", JSON, "{\"message\":\"좋음\"}", 200,
        "\"became\":\"1.0\"");
    expect(&s, "GET", VERSION, "", NULL, 200, "셋째");
    expect(&s, "GET", "/proposals/2/$history", "", NULL, 200, "\"operation\":\"accept\"");
    expect(&s, "GET", VERSION "/$history", "", NULL, 200, "accept proposal");
    expect(&s, "GET", "/proposals?state=refused", "", NULL, 200, "필요 없음");
    server_down(&s);
}

Test(proposals_http, bad_requests_are_refused)
{
    static const struct {
        const char *method;
        const char *target;
        const char *body;
        int status;
        const char *part;
    } rows[] = {{"GET", "/proposals/0", NULL, 400, "begin at 1"},
        {"GET", "/proposals/x", NULL, 400, "begin at 1"}, {"GET", "/proposals/9", NULL, 404, "9"},
        {"GET", "/proposals?state=lost", NULL, 400, "lost"},
        {"GET", "/proposals/9/$diff", NULL, 404, "9"},
        {"POST", "/proposals/9/$accept", "{}", 404, "9"},
        {"POST", "/proposals/9/$accept", "{\"evenSo\":1}", 400,
            "evenSo (line 1): \\\"evenSo\\\" must be true or false. Send true or false."},
        {"POST", "/proposals/9/$accept", "{\"version\":[]}", 400,
            "version (line 1): \\\"version\\\" must be a string. Send a string."},
        {"POST", "/proposals/9/$accept", "{\"version\":\"1\",\"version\":\"2\"}", 400, "version"},
        {"POST", "/proposals/9/$accept", "[]", 400, "object"},
        {"POST", "/proposals/9/$accept", "{", 400, ""},
        {"POST", "/proposals/9/$refuse", "{\"colour\":\"red\"}", 400,
            "colour (line 1): there is no member \\\"colour\\\" here. Known are: message, version, "
            "evenSo."},
        {"POST", "/templates/press/versions/1.0/$proposals", PRESS("a"), 404, "1.0"}};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(
            &s, rows[i].method, rows[i].target, JSON, rows[i].body, rows[i].status, rows[i].part);
    }
    server_down(&s);
}

Test(proposals_cli, are_made_and_decided)
{
    command_file("press.json", PRESS("one"));
    command_file("other.json", PRESS("two"));
    command_file("third.json", PRESS("three"));
    command_expect("import --store s --drafts press.json", 0, "stored");
    command_expect("template show --store s urn-prop-press", 0, "draft");
    command_expect(
        "proposal --store s make urn-prop-press@0.0 other.json --author kim --message better", 0,
        "1  open  urn-prop-press@0.0  by kim  (better)");
    command_expect(
        "proposal --store s make urn-prop-press@0.0 third.json --author kim", 0, "2  open");
    command_expect("proposal --store s refuse 1 --author lee", 1, "reason");
    command_expect("proposal --store s refuse 1 --author lee --message no", 0, "decided by lee");
    command_expect("proposal --store s accept 2 --author lee", 0, "accepted");
    command_expect("proposal --store s list --state refused", 0, "1  refused");
    command_expect("proposal --store s take-back 2", 1, "accepted already");
    command_expect("proposal --store s", 0, "2  accepted");
    command_expect("proposal --store s make", 2, "say list");
    command_expect("verify-store --store s", 0, "0 problems");
}

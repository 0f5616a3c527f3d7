/* SPDX-License-Identifier: Apache-2.0 */
/* What was imported with errors can be changed elsewhere, and never made worse. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name, type, value)                                                                \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" type                   \
    "\",\"value\":\"" value "\"}"
#define SUBMODEL(elements)                                                                         \
    "{\"modelType\":\"Submodel\",\"idShort\":\"S\",\"id\":\"urn:s\",\"submodelElements\":"         \
    "[" elements "]}"
#define WRONG PROPERTY("Wrong", "xs:int", "many")
#define GOOD PROPERTY("Good", "xs:int", "5")
#define BAD PROPERTY("Bad", "xs:int", "few")

static struct test_server server;

static void start(void)
{
    static const char file[] = SUBMODEL(WRONG "," GOOD);
    server_up(&server, NULL);
    struct answer answer = client_post(
        server.port, "/upload", "Content-Type: application/json\r\n", file, sizeof file - 1);
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    cr_assert_not_null(strstr(answer.body, "stored_with_findings"));
    answer_free(&answer);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(old_errors, .init = start, .fini = stop, .timeout = 60);

static int ask(const char *method, const char *rest, const char *body)
{
    char target[256];
    snprintf(target, sizeof target, "/submodels/%s%s", id64("urn:s"), rest);
    return client_status(server.port, method, target, "", body);
}

Test(old_errors, are_no_reason_to_refuse_a_change_of_something_else)
{
    cr_expect_eq(ask("PATCH", "/submodel-elements/Good/$value", "6"), 204);
    cr_expect_eq(ask("PUT", "/submodel-elements/Good", PROPERTY("Good", "xs:int", "7")), 204);
    cr_expect_eq(ask("POST", "/submodel-elements", PROPERTY("More", "xs:int", "8")), 201);
    cr_expect_eq(ask("DELETE", "/submodel-elements/More", NULL), 204);
    cr_expect_eq(ask("PUT", "", SUBMODEL(WRONG "," PROPERTY("Good", "xs:int", "9"))), 204);
}

Test(old_errors, do_not_cover_new_ones)
{
    cr_expect_eq(ask("POST", "/submodel-elements", BAD), 400);
    cr_expect_eq(ask("PUT", "/submodel-elements/Good", PROPERTY("Good", "xs:int", "x")), 400);
    cr_expect_eq(ask("PUT", "/submodel-elements/Wrong", PROPERTY("Wrong", "xs:int", "lots")), 400);
    cr_expect_eq(ask("PUT", "", SUBMODEL(WRONG "," BAD)), 400);
    cr_expect_eq(ask("PATCH", "/submodel-elements/Wrong/$value", "\"lots\""), 400);
}

Test(old_errors, that_are_mended_count_from_then_on)
{
    cr_assert_eq(ask("PATCH", "/submodel-elements/Wrong/$value", "3"), 204);
    cr_expect_eq(ask("PUT", "/submodel-elements/Wrong", WRONG), 400);
    cr_expect_eq(ask("PUT", "", SUBMODEL(WRONG "," GOOD)), 400);
}

Test(old_errors, of_something_else_do_not_count)
{
    static const char other[] = "{\"modelType\":\"Submodel\",\"idShort\":\"S\",\"id\":\"urn:t\","
                                "\"submodelElements\":[" WRONG "]}";
    cr_expect_eq(client_status(server.port, "POST", "/submodels", "", other), 400);
}

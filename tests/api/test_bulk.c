/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of descriptors at once, all or nothing, with a handle. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/api/client.h"

TestSuite(bulk, .timeout = 120);

#define ENDPOINT                                                                                   \
    "\"endpoints\":[{\"interface\":\"SUBMODEL-3.0\",\"protocolInformation\":{\"href\":\"a:b\"}}]"
#define ONE(id) "{" ENDPOINT ",\"id\":\"" id "\"}"

enum { ATTEMPTS = 500, PAUSE_US = 10000 };

static struct test_server server;

/* Sends a list, follows status and result; the caller frees. */
static struct answer result_of(const char *method, const char *target, const char *body)
{
    char status[300];
    char result[300] = "";
    struct answer answer = client_ask(server.port, method, target, "", body);
    cr_assert_eq(answer.status, 202, "%d %s", answer.status, answer.body);
    snprintf(status, sizeof status, "%s", answer_field(&answer, "Location"));
    cr_expect_eq(strncmp(status, "/bulk/status/", 13), 0, "%s", status);
    answer_free(&answer);
    for (int i = 0; i < ATTEMPTS && result[0] == '\0'; i++) {
        answer = client_ask(server.port, "GET", status, "", NULL);
        cr_assert(answer.status == 200 || answer.status == 302, "%d", answer.status);
        if (answer.status == 302) {
            snprintf(result, sizeof result, "%s", answer_field(&answer, "Location"));
        } else {
            cr_expect_not_null(strstr(answer.body, "executionState"));
            usleep(PAUSE_US);
        }
        answer_free(&answer);
    }
    cr_expect_eq(strncmp(result, "/bulk/result/", 13), 0, "%s", result);
    return client_ask(server.port, "GET", result, "", NULL);
}

static void expect(
    const char *method, const char *target, const char *body, int status, const char *said)
{
    struct answer answer = result_of(method, target, body);
    cr_expect_eq(answer.status, status, "%s %s: %d %s", method, target, answer.status, answer.body);
    cr_expect(said == NULL || strstr(answer.body, said) != NULL, "%s", answer.body);
    answer_free(&answer);
}

static int status(const char *method, const char *target, const char *body)
{
    return client_status(server.port, method, target, "", body);
}

#define SHELLS "/bulk/shell-descriptors"
#define SUBMODELS "/bulk/submodel-descriptors"

Test(bulk, a_list_is_registered_replaced_and_removed)
{
    server_up(&server, NULL);
    expect("POST", SHELLS, "[" ONE("urn:a") "," ONE("urn:b") "]", 204, NULL);
    expect("PUT", SHELLS, "[" ONE("urn:a") "," ONE("urn:c") "]", 204, NULL);
    expect("DELETE", SHELLS, "[\"urn:a\",\"urn:b\"]", 204, NULL);
    cr_expect_eq(status("GET", "/shell-descriptors/dXJuOmE", NULL), 404);
    cr_expect_eq(status("GET", "/shell-descriptors/dXJuOmM", NULL), 200);
    expect("POST", SUBMODELS, "[" ONE("urn:a") "]", 204, NULL);
    expect("PUT", SUBMODELS, "[" ONE("urn:a") "]", 204, NULL);
    cr_expect_eq(status("GET", "/submodel-descriptors/dXJuOmE", NULL), 200);
    expect("DELETE", SUBMODELS, "[\"urn:a\"]", 204, NULL);
    cr_expect_eq(status("GET", "/submodel-descriptors/dXJuOmE", NULL), 404);
    server_down(&server);
}

Test(bulk, a_list_with_one_wrong_item_changes_nothing_and_says_which)
{
    server_up(&server, NULL);
    cr_assert_eq(status("POST", "/submodel-descriptors", ONE("urn:there")), 201);
    expect("POST", SUBMODELS, "[" ONE("urn:a") "," ONE("urn:there") "]", 400, "/1");
    expect("POST", SUBMODELS, "[" ONE("urn:a") ",{\"id\":\"urn:b\"},7]", 400, "/1 (line 1)");
    expect("POST", SUBMODELS, "[" ONE("urn:a") "," ONE("urn:a") "]", 400, "twice");
    expect("PUT", SUBMODELS, "[" ONE("urn:a") ",{\"id\":\"urn:b\",\"x\":1}]", 400, "\"x\\\"");
    expect("DELETE", SUBMODELS, "[\"urn:there\",\"urn:a\"]", 400, "/1");
    expect("DELETE", SUBMODELS, "[\"urn:there\",7]", 400, "item 1");
    cr_expect_eq(status("GET", "/submodel-descriptors/dXJuOmE", NULL), 404);
    cr_expect_eq(status("GET", "/submodel-descriptors/dXJuOnRoZXJl", NULL), 200);
    server_down(&server);
}

Test(bulk, what_is_no_list_is_refused_at_once)
{
    static const char *const bodies[] = {"", "{}", "[]", "[", "7"};
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        cr_expect_eq(status("POST", SHELLS, bodies[i]), 400, "%s", bodies[i]);
        cr_expect_eq(status("DELETE", SUBMODELS, bodies[i]), 400, "%s", bodies[i]);
    }
    cr_expect_eq(
        client_status(server.port, "PUT", SHELLS, "Content-Type: text/plain\r\n", "[1]"), 415);
    cr_expect_eq(status("GET", SHELLS, NULL), 405);
    cr_expect_eq(status("GET", "/bulk/status/bm9uZQ", NULL), 404);
    cr_expect_eq(status("GET", "/bulk/result/bm9uZQ", NULL), 404);
    cr_expect_eq(status("GET", "/bulk/result/=", NULL), 404);
    server_down(&server);
}

Test(bulk, findings_speak_the_language_of_the_client)
{
    server_up(&server, NULL);
    char status_at[300];
    struct answer answer = client_ask(server.port, "POST", SUBMODELS,
        "Content-Type: application/json\r\nAccept-Language: de\r\n", "[{\"id\":\"urn:a\"}]");
    cr_assert_eq(answer.status, 202, "%s", answer.body);
    snprintf(status_at, sizeof status_at, "%s", answer_field(&answer, "Location"));
    answer_free(&answer);
    char result[300];
    snprintf(result, sizeof result, "/bulk/result/%s", strrchr(status_at, '/') + 1);
    for (int i = 0; i < ATTEMPTS; i++) {
        answer = client_ask(server.port, "GET", result, "", NULL);
        if (answer.status != 200) {
            break;
        }
        answer_free(&answer);
        usleep(PAUSE_US);
    }
    cr_expect_eq(answer.status, 400);
    cr_expect_not_null(strstr(answer.body, "hat kein"), "%s", answer.body);
    answer_free(&answer);
    server_down(&server);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Operations are invoked at the server they name, if the operator allows it; whatever that server
 * does, the client gets an answer that says what happened. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/delegate.h"
#include "api/operations.h"
#include "tests/api/client.h"
#include "tests/api/target_server.h"

#define PROPERTY(name, more)                                                                       \
    "{\"value\":{\"modelType\":\"Property\",\"idShort\":\"" name "\"" more "}}"
#define INT ",\"valueType\":\"xs:int\""

/* Sum = Aa + Bb (10 when not given); Total is in and out, Note may be left out. */
static const char model[] =
    "{\"modelType\":\"Submodel\",\"id\":\"urn:machine\",\"idShort\":\"Machine\","
    "\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":"
    "\"xs:int\"},{\"modelType\":\"Operation\",\"idShort\":\"Untold\"},"
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"List\",\"typeValueListElement\":"
    "\"Operation\",\"value\":[{\"modelType\":\"Operation\",\"qualifiers\":[{\"type\":"
    "\"invocationDelegation\",\"valueType\":\"xs:string\",\"value\":\"http://127.0.0.1:%u/"
    "nothing\"}]}]},"
    "{\"modelType\":\"Operation\",\"idShort\":\"Add\",\"qualifiers\":[{\"type\":"
    "\"invocationDelegation\",\"valueType\":\"xs:string\",\"value\":\"%s\"}],"
    "\"inputVariables\":[" PROPERTY("Aa", INT) "," PROPERTY("Bb",
        INT ",\"value\":\"10\"") ","
                                 "{\"value\":{\"modelType\":\"Property\",\"idShort\":\"Note\","
                                 "\"valueType\":\"xs:string\","
                                 "\"qualifiers\":[{\"type\":\"SMT/"
                                 "Cardinality\",\"valueType\":\"xs:string\",\"value\":"
                                 "\"ZeroToOne\"}]}}],"
                                 "\"outputVariables\":[" PROPERTY("Sum",
                                     INT) "],"
                                          "\"inoutputVariables\":[" PROPERTY("Total", INT) "]}]}";

#define ADD "/submodels/dXJuOm1hY2hpbmU/submodel-elements/Add"
#define GOOD                                                                                       \
    "{\"inputArguments\":[" PROPERTY(                                                              \
        "Aa", INT ",\"value\":\"2\"") "],\"inoutputArguments\":[" PROPERTY("Total",                \
        INT ",\"value\":\"7\"") "]}"
#define GOOD_VALUES "{\"inputArguments\":{\"Aa\":2},\"inoutputArguments\":{\"Total\":7}}"

struct fixture {
    struct test_server server;
    struct target_server *target;
};

static void put_model(const struct fixture *fixture, const char *target)
{
    char body[8192];
    snprintf(body, sizeof body, model, target_port(fixture->target), target);
    int status = client_status(fixture->server.port, "PUT", "/submodels/dXJuOm1hY2hpbmU", "", body);
    cr_assert(status == 201 || status == 204, "%d", status);
}

/* The path of the loopback target that does the work of Add. */
static void set_path(const struct fixture *fixture, const char *path)
{
    char url[200];
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", target_port(fixture->target), path);
    put_model(fixture, url);
}

static void up(struct fixture *fixture, const char *delegate, const char *path)
{
    static char hosts[100];
    fixture->target = target_up();
    snprintf(hosts, sizeof hosts, "127.0.0.1:%u", target_port(fixture->target));
    server_up(&fixture->server, &(struct api_server_options){.threads = 40,
                                    .submodel_id = "urn:machine",
                                    .delegate = delegate != NULL ? delegate : hosts});
    set_path(fixture, path);
}

static void down(struct fixture *fixture)
{
    server_down(&fixture->server);
    target_down(fixture->target);
}

static struct answer invoke(const struct fixture *fixture, const char *suffix, const char *body)
{
    char target[300];
    snprintf(target, sizeof target, ADD "%s", suffix);
    return client_ask(fixture->server.port, "POST", target, "", body);
}

static void expect(struct answer answer, int status, const char *part)
{
    cr_assert_eq(answer.status, status, "%d instead of %d: %s", answer.status, status, answer.body);
    cr_assert_not_null(strstr(answer.body, part), "no %s in %s", part, answer.body);
    answer_free(&answer);
}

/* ------------------------------------------------------------------ sync */

Test(operations, an_invocation_gives_the_outputs_of_the_target)
{
    struct fixture f;
    up(&f, NULL, "/sum-and-total");
    expect(invoke(&f, "/invoke", GOOD), 200,
        "{\"executionState\":\"Completed\",\"success\":true,\"inoutputArguments\":["
        "{\"value\":{\"modelType\":\"Property\",\"idShort\":\"Total\",\"valueType\":\"xs:int\","
        "\"value\":\"15\"}}],\"outputArguments\":[{\"value\":{\"modelType\":\"Property\","
        "\"idShort\":\"Sum\",\"valueType\":\"xs:int\",\"value\":\"5\"}}]");
    expect(invoke(&f, "/invoke/$value", GOOD_VALUES), 200,
        "\"inoutputArguments\":{\"Total\":15},\"outputArguments\":{\"Sum\":5}");
    down(&f);
}

Test(operations, the_target_gets_inputs_then_in_outputs_in_declared_order)
{
    static const char sent[] =
        "[{\"value\":{\"modelType\":\"Property\",\"idShort\":\"Aa\",\"valueType\":\"xs:int\","
        "\"value\":\"2\"}},{\"value\":{\"modelType\":\"Property\",\"idShort\":\"Bb\",\"valueType\":"
        "\"xs:int\",\"value\":\"10\"}},{\"value\":{\"modelType\":\"Property\",\"idShort\":"
        "\"Total\",\"valueType\":\"xs:int\",\"value\":\"7\"}}]";
    struct fixture f;
    up(&f, NULL, "/sum");
    struct answer answer =
        client_ask(f.server.port, "POST", ADD "/invoke", "X-Request-ID: shift-3\r\n", GOOD);
    expect(answer, 200, "\"Completed\"");
    cr_assert_str_eq(target_body(f.target), sent);
    cr_assert_not_null(strstr(target_head(f.target), "Content-Type: application/json\r\n"));
    cr_assert_not_null(strstr(target_head(f.target), "X-Request-ID: shift-3\r\n"));
    expect(invoke(&f, "/invoke/$value", GOOD_VALUES), 200, "\"Total\":7");
    cr_assert_str_eq(target_body(f.target), sent);
    down(&f);
}

Test(operations, proxies_of_the_environment_are_not_asked)
{
    struct fixture f;
    setenv("http_proxy", "http://127.0.0.1:9/", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9/", 1);
    up(&f, NULL, "/sum");
    expect(invoke(&f, "/invoke", GOOD), 200, "\"Completed\"");
    down(&f);
}

Test(operations, an_operation_without_variables_takes_an_empty_body)
{
    struct fixture f;
    up(&f, NULL, "/sum");
    struct answer answer = client_ask(f.server.port, "POST",
        "/submodels/dXJuOm1hY2hpbmU/submodel-elements/List%5B0%5D/invoke", "", "");
    expect(answer, 200, "\"Completed\"");
    down(&f);
}

struct argument_case {
    const char *suffix;
    const char *body;
    const char *part; /* of the refusal */
};

#define AA(more) "{\"inputArguments\":[" PROPERTY("Aa", more) "]}"

static const struct argument_case wrong_arguments[] = {
    {"/invoke", "", "\\\"Aa\\\" is missing in inputArguments"},
    {"/invoke", "[]", "must be an object"},
    {"/invoke", "{\"inputArguments\":{}}", "must be an array"},
    {"/invoke", "{\"inputArguments\":[1]}", "item 0"},
    {"/invoke", "{\"inputArguments\":[{}]}", "value"},
    {"/invoke", "{", "line 1"},
    {"/invoke", "{\"arguments\":[]}", "has no \\\"arguments\\\""},
    {"/invoke", AA(INT ",\"value\":\"2\""), "\\\"Total\\\" is missing in inoutputArguments"},
    {"/invoke", AA(INT ",\"value\":\"two\""), "xs:int"},
    {"/invoke", AA(",\"valueType\":\"xs:double\",\"value\":\"2\""), "declared as xs:int"},
    {"/invoke", AA(",\"value\":\"2\""), "valueType"},
    {"/invoke", "{\"inputArguments\":[" PROPERTY("Xx", INT) "]}", "\\\"Xx\\\""},
    {"/invoke", "{\"inputArguments\":[" PROPERTY("Total", INT) "]}", "does not declare"},
    {"/invoke", "{\"inputArguments\":[" PROPERTY("Aa", INT) "," PROPERTY("Aa", INT) "]}", "Aa"},
    {"/invoke",
        "{\"inputArguments\":[{\"value\":{\"modelType\":\"Capability\",\"idShort\":\"Aa\"}}]}",
        "declared as Property, not as Capability"},
    {"/invoke", "{\"clientTimeoutDuration\":\"10\"}", "PT10S"},
    {"/invoke", "{\"clientTimeoutDuration\":10}", "PT10S"},
    {"/invoke/$value", "{\"inputArguments\":[]}", "object of values"},
    {"/invoke/$value", "{\"inputArguments\":{\"Aa\":\"two\"}}", "xs:int"},
    {"/invoke/$value", "{\"inputArguments\":{\"Aa\":{}}}", "Aa"},
    {"/invoke/$value", "{\"inputArguments\":{\"Xx\":1}}", "\\\"Xx\\\""},
    {"/invoke/$value", "{\"inputArguments\":{\"Aa\":1,\"Aa\":1}}", "Aa"},
    {"/invoke/$value", "{\"inputArguments\":{\"\":1}}", "does not declare"},
    {"/invoke/$value", "{\"inputArguments\":{\"Aa\":1}}", "\\\"Total\\\" is missing"},
    {"/invoke-async", "{}", "\\\"Aa\\\" is missing"},
    {"/invoke-async/$value", "{}", "\\\"Aa\\\" is missing"},
};

Test(operations, wrong_arguments_are_400_and_nothing_is_sent)
{
    struct fixture f;
    up(&f, NULL, "/sum");
    for (size_t i = 0; i < sizeof wrong_arguments / sizeof *wrong_arguments; i++) {
        const struct argument_case *c = &wrong_arguments[i];
        struct answer answer = invoke(&f, c->suffix, c->body);
        cr_assert_eq(
            answer.status, 400, "%s %s: %d %s", c->suffix, c->body, answer.status, answer.body);
        cr_assert_not_null(
            strstr(answer.body, c->part), "%s %s: %s", c->suffix, c->body, answer.body);
        answer_free(&answer);
    }
    cr_assert_eq(target_count(f.target), 0);
    down(&f);
}

Test(operations, arguments_that_are_no_json_are_415)
{
    struct fixture f;
    up(&f, NULL, "/sum");
    struct answer answer = client_ask(
        f.server.port, "POST", ADD "/invoke", "Content-Type: application/xml\r\n", "<a/>");
    expect(answer, 415, "application/json");
    answer = client_ask(f.server.port, "POST", ADD "/invoke", "Accept: text/html\r\n", GOOD);
    expect(answer, 406, "\"code\":406");
    cr_assert_eq(target_count(f.target), 0);
    down(&f);
}

/* ------------------------------------------------------------------ targets */

struct target_case {
    const char *path;
    const char *part;
};

static const struct target_case bad_targets[] = {
    {"/nothing", "the output \\\"Sum\\\" is missing"},
    {"/empty-list", "the output \\\"Sum\\\" is missing"},
    {"/words", "cannot be used"},
    {"/object", "no JSON array"},
    {"/undeclared", "\\\"Mean\\\", which the operation does not declare"},
    {"/twice", "Sum"},
    {"/other-type", "declared as xs:int, not as xs:double"},
    {"/other-kind", "declared as Property, not as Capability"},
    {"/no-number", "xs:int"},
    {"/broken", "status 500"},
    {"/absent", "status 404"},
    {"/found", "only 307 and 308"},
    {"/round", "more than 3 times"},
    {"/moved-by-name", "may not be delegated to localhost"},
    {"/moved-to-file", "http:// or https://"},
    {"/large", "more than 2097152 bytes"},
    {"/large-header", "more than"},
};

Test(operations, whatever_the_target_does_wrong_is_a_failure_with_its_reason, .timeout = 120)
{
    struct fixture f;
    up(&f, NULL, "/sum");
    for (size_t i = 0; i < sizeof bad_targets / sizeof *bad_targets; i++) {
        set_path(&f, bad_targets[i].path);
        struct answer answer = invoke(&f, "/invoke", GOOD);
        cr_assert_eq(answer.status, 200, "%s: %d", bad_targets[i].path, answer.status);
        cr_assert_not_null(strstr(answer.body, "{\"executionState\":\"Failed\",\"success\":false"),
            "%s: %s", bad_targets[i].path, answer.body);
        cr_assert_not_null(
            strstr(answer.body, bad_targets[i].part), "%s: %s", bad_targets[i].path, answer.body);
        answer_free(&answer);
    }
    down(&f);
}

Test(operations, a_redirect_to_an_allowed_host_is_followed)
{
    struct fixture f;
    up(&f, NULL, "/moved");
    expect(invoke(&f, "/invoke", GOOD), 200, "\"Completed\"");
    cr_assert_eq(target_count(f.target), 2);
    cr_assert_not_null(strstr(target_body(f.target), "\"Aa\""), "the body came along");
    down(&f);
}

Test(operations, a_target_that_cannot_be_reached_is_a_failure)
{
    struct fixture f;
    up(&f, "127.0.0.1", "/sum");
    put_model(&f, "http://127.0.0.1:9/");
    expect(invoke(&f, "/invoke", GOOD), 200, "could not be asked");
    down(&f);
}

/* Names below localhost lead to this machine everywhere, without asking a name server. */
Test(operations, a_name_must_not_lead_to_this_machine)
{
    struct fixture f;
    char url[100];
    up(&f, "press.localhost", "/sum");
    snprintf(url, sizeof url, "http://press.localhost:%u/sum", target_port(f.target));
    put_model(&f, url);
    expect(invoke(&f, "/invoke", GOOD), 200, "leads to this machine");
    cr_assert_eq(target_count(f.target), 0);
    down(&f);
}

struct rule_case {
    const char *delegate;
    const char *url;
    int status;
    const char *part;
};

static const struct rule_case rules[] = {
    {"", "http://127.0.0.1/x", 501, "--delegate"},
    {"press.example", "http://127.0.0.1/x", 403, "127.0.0.1:80"},
    {"press.example", "http://press.example.org/x", 403, "press.example.org"},
    {"press.example:8080", "http://press.example/x", 403, "press.example:80"},
    {"press.example:8080", "https://press.example/x", 403, "press.example:443"},
    {"press.example", "ftp://press.example/x", 400, "http://"},
    {"press.example", "file:///etc/passwd", 400, "http://"},
    {"press.example", "press.example/x", 400, "URL"},
    {"press.example", "http://press.example@127.0.0.1/x", 400, "user name"},
    {"press.example", "http://127.0.0.1/?press.example", 403, "127.0.0.1"},
    {"press.example", "http://127.0.0.1#press.example", 403, "127.0.0.1"},
    {"127.0.0.1", "http://[::1]/x", 403, "[::1]"},
    {"127.0.0.1", "http://2852039166/x", 403, "169.254.169.254"},
};

Test(operations, targets_that_are_not_allowed_are_refused_with_the_reason, .timeout = 120)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct fixture f;
        up(&f, rules[i].delegate, "/sum");
        put_model(&f, rules[i].url);
        struct answer answer = invoke(&f, "/invoke", GOOD);
        cr_assert_eq(
            answer.status, rules[i].status, "%s: %d %s", rules[i].url, answer.status, answer.body);
        cr_assert_not_null(strstr(answer.body, rules[i].part), "%s: %s", rules[i].url, answer.body);
        answer_free(&answer);
        cr_assert_eq(target_count(f.target), 0);
        down(&f);
    }
}

Test(operations, only_an_operation_with_a_target_is_invoked)
{
#define SPEED "/submodels/dXJuOm1hY2hpbmU/submodel-elements/Speed"
    struct fixture f;
    up(&f, NULL, "/sum");
    struct answer answer = client_ask(f.server.port, "POST", SPEED "/invoke", "", "{}");
    cr_assert_not_null(answer_field(&answer, "Allow"));
    expect(answer, 405, "only an Operation");
    expect(client_ask(f.server.port, "POST", SPEED "/invoke-async", "", "{}"), 405, "Property");
    expect(client_ask(f.server.port, "POST",
               "/submodels/dXJuOm1hY2hpbmU/submodel-elements/Untold/invoke", "", "{}"),
        501, "invocationDelegation");
    expect(client_ask(f.server.port, "POST",
               "/submodels/dXJuOm1hY2hpbmU/submodel-elements/Nobody/invoke", "", "{}"),
        404, "Nobody");
    expect(client_ask(f.server.port, "GET", ADD "/invoke", "", NULL), 405, "GET");
    down(&f);
}

/* ------------------------------------------------------------------ time */

Test(operations, the_time_the_client_gives_ends_an_invocation)
{
    struct fixture f;
    up(&f, NULL, "/slow");
    double start = client_now();
    expect(invoke(&f, "/invoke/$value",
               "{\"clientTimeoutDuration\":\"PT0.3S\",\"inputArguments\":{\"Aa\":2},"
               "\"inoutputArguments\":{\"Total\":1}}"),
        200, "{\"executionState\":\"Timeout\",\"success\":false");
    cr_assert_geq(client_now() - start, 0.25);
    cr_assert_lt(client_now() - start, 3.0);
    down(&f);
}

Test(operations, durations_are_those_of_iso_8601)
{
    static const struct {
        const char *text;
        long long ms; /* -1: none */
    } cases[] = {{"PT0S", 0}, {"PT10S", 10000}, {"PT1M30S", 90000}, {"PT0.25S", 250},
        {"PT.5S", 500}, {"P0DT1M", 60000}, {"P1D", OPERATIONS_MAX_MS},
        {"P1Y2M3DT4H5M6S", OPERATIONS_MAX_MS}, {"PT99999999999999999999999S", OPERATIONS_MAX_MS},
        {"", -1}, {"P", -1}, {"PT", -1}, {"P1S", -1}, {"PT1", -1}, {"PT1D", -1}, {"PT1S1M", -1},
        {"PT1S1S", -1}, {"-PT1S", -1}, {"PT1,5S", -1}, {"PT1.5M", -1}, {"PT1.S", -1}, {"PT1S ", -1},
        {"pt1s", -1}, {"10", -1}, {"P1DT", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = -1;
        bool read = operations_duration(cases[i].text, &ms);
        cr_assert_eq(read, cases[i].ms >= 0, "%s", cases[i].text);
        cr_assert(!read || ms == cases[i].ms, "%s: %lld", cases[i].text, (long long)ms);
    }
}

/* ------------------------------------------------------------------ async */

static char *location_of(const struct answer *answer)
{
    const char *location = answer_field(answer, "Location");
    cr_assert_not_null(location, "%d %s", answer->status, answer->body);
    return strdup(location);
}

static char *begin(const struct fixture *fixture, const char *suffix, const char *body)
{
    struct answer answer = invoke(fixture, suffix, body);
    cr_assert_eq(answer.status, 202, "%d %s", answer.status, answer.body);
    char *location = location_of(&answer);
    answer_free(&answer);
    return location;
}

/* Asks until it is done; the Location of the result. */
static char *finish(const struct fixture *fixture, const char *status)
{
    for (int i = 0; i < 200; i++) {
        struct answer answer = client_ask(fixture->server.port, "GET", status, "", NULL);
        if (answer.status == 302) {
            char *location = location_of(&answer);
            answer_free(&answer);
            return location;
        }
        cr_assert_eq(answer.status, 200, "%d %s", answer.status, answer.body);
        answer_free(&answer);
        usleep(20000);
    }
    cr_assert_fail("the invocation does not end");
    return NULL;
}

static void run_async(
    const struct fixture *fixture, const char *suffix, const char *body, const char *part)
{
    char *status = begin(fixture, suffix, body);
    char *result = finish(fixture, status);
    expect(client_ask(fixture->server.port, "GET", result, "", NULL), 200, part);
    cr_assert_eq(strstr(result, "/$value") != NULL, strstr(suffix, "/$value") != NULL);
    free(result);
    free(status);
}

Test(operations, an_invocation_in_the_background_has_a_status_and_then_a_result)
{
    struct fixture f;
    up(&f, NULL, "/sum");
    run_async(&f, "/invoke-async", GOOD, "\"outputArguments\":[{\"value\":");
    run_async(&f, "/invoke-asnyc", GOOD, "\"outputArguments\":[{\"value\":");
    run_async(&f, "/invoke-async/$value", GOOD_VALUES, "\"outputArguments\":{\"Sum\":5}");
    run_async(&f, "/invoke-asnyc/$value", GOOD_VALUES, "\"outputArguments\":{\"Sum\":5}");
    set_path(&f, "/broken");
    run_async(&f, "/invoke-async", GOOD, "{\"executionState\":\"Failed\"");
    down(&f);
}

Test(operations, a_running_invocation_says_so_and_times_out)
{
    struct fixture f;
    char target[600];
    up(&f, NULL, "/slow");
    char *status = begin(&f, "/invoke-async",
        "{\"clientTimeoutDuration\":\"PT0.5S\",\"inputArguments\":[" PROPERTY(
            "Aa", INT ",\"value\":\"2\"") "],\"inoutputArguments\":[" PROPERTY("Total",
            INT ",\"value\":\"7\"") "]}");
    expect(client_ask(f.server.port, "GET", status, "", NULL), 200, "{\"executionState\":\"");
    const char *handle = strrchr(status, '/') + 1;
    snprintf(target, sizeof target, ADD "/operation-results/%s", handle);
    expect(client_ask(f.server.port, "GET", target, "", NULL), 200, "{\"executionState\":\"");
    char *result = finish(&f, status);
    expect(client_ask(f.server.port, "GET", result, "", NULL), 200,
        "{\"executionState\":\"Timeout\",\"success\":false");
    free(result);
    free(status);
    down(&f);
}

Test(operations, a_handle_serves_its_own_operation_under_each_of_its_addresses)
{
    struct fixture f;
    char target[600];
    up(&f, NULL, "/sum");
    char *status = begin(&f, "/invoke-async", GOOD);
    const char *handle = strrchr(status, '/') + 1;
    free(finish(&f, status));
    static const char *const same[] = {"", "/api/v3"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(target, sizeof target, "%s" ADD "/operation-results/%s", same[i], handle);
        expect(client_ask(f.server.port, "GET", target, "", NULL), 200, "\"Completed\"");
        snprintf(target, sizeof target, "%s" ADD "/operation-results/%s", same[i], id64(handle));
        expect(client_ask(f.server.port, "GET", target, "", NULL), 200, "\"Completed\"");
    }
    snprintf(target, sizeof target, "/submodel/submodel-elements/Add/operation-status/%s", handle);
    struct answer answer = client_ask(f.server.port, "GET", target, "", NULL);
    cr_assert_eq(answer.status, 302);
    cr_assert_eq(strncmp(answer_field(&answer, "Location"), "/submodel/", 10), 0);
    answer_free(&answer);
    snprintf(target, sizeof target,
        "/submodels/dXJuOm1hY2hpbmU/submodel-elements/Untold/operation-status/%s", handle);
    expect(client_ask(f.server.port, "GET", target, "", NULL), 404, "handle");
    expect(client_ask(f.server.port, "GET", ADD "/operation-status/abc", "", NULL), 404, "handle");
    expect(client_ask(f.server.port, "GET", ADD "/operation-results/%2A", "", NULL), 404, "handle");
    free(status);
    down(&f);
}

/* ------------------------------------------------------------------ ceilings and the end */

Test(operations, beyond_the_ceiling_of_waiting_invocations_it_is_503, .timeout = 60)
{
    struct fixture f;
    up(&f, NULL, "/slow");
    for (int i = 0; i < JOBS_THREADS; i++) {
        free(begin(&f, "/invoke-async", GOOD));
    }
    while (target_count(f.target) < JOBS_THREADS) {
        usleep(10000);
    }
    /* the next finds no thread and its time is over before it gets one */
    double start = client_now();
    expect(invoke(&f, "/invoke/$value",
               "{\"clientTimeoutDuration\":\"PT0.2S\",\"inputArguments\":{\"Aa\":2},"
               "\"inoutputArguments\":{\"Total\":1}}"),
        200, "before it could be started");
    cr_assert_lt(client_now() - start, 2.0);
    for (int i = 0; i < JOBS_WAITING; i++) {
        free(begin(&f, "/invoke-async", GOOD));
    }
    struct answer answer = invoke(&f, "/invoke-async", GOOD);
    cr_assert_not_null(answer_field(&answer, "Retry-After"));
    expect(answer, 503, "waiting");
    start = client_now();
    down(&f);
    cr_assert_lt(client_now() - start, 4.0, "the end waits for nobody");
}

struct waiter {
    const struct fixture *fixture;
    struct answer answer;
};

static void *wait_for_it(void *context)
{
    struct waiter *waiter = context;
    waiter->answer = invoke(waiter->fixture, "/invoke", GOOD);
    return NULL;
}

Test(operations, the_end_of_the_server_waits_for_no_target)
{
    struct fixture f;
    pthread_t thread;
    up(&f, NULL, "/slow");
    struct waiter waiter = {.fixture = &f};
    pthread_create(&thread, NULL, wait_for_it, &waiter);
    while (target_count(f.target) < 1) {
        usleep(10000);
    }
    double start = client_now();
    server_down(&f.server);
    pthread_join(thread, NULL);
    cr_assert_lt(client_now() - start, 4.0);
    /* the library may have ended the connection already */
    if (waiter.answer.status != 0) {
        expect(waiter.answer, 200, "{\"executionState\":\"Canceled\"");
    }
    target_down(f.target);
}

Test(operations, the_list_of_hosts_is_read_as_written_or_refused)
{
    static const struct {
        const char *text;
        int count; /* -1: refused */
    } cases[] = {{"", 0}, {"a", 1}, {"a.example:80,b.example", 2}, {" a , b:1 ", 2},
        {"[::1]:80", 1}, {"10.0.0.1", 1}, {"a:0", -1}, {"a:65536", -1}, {"a:b", -1}, {"a:", -1},
        {":80", -1}, {"http://a", -1}, {"a/b", -1}, {"*", -1}, {"[::1", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct delegate_hosts hosts;
        struct err err = {0};
        bool read = delegate_hosts_read(cases[i].text, &hosts, &err) == ERR_OK;
        cr_assert_eq(read, cases[i].count >= 0, "%s", cases[i].text);
        cr_assert(!read || (int)hosts.count == cases[i].count, "%s", cases[i].text);
        cr_assert(read || err.text[0] != '\0');
    }
}

Test(operations, no_name_leads_to_this_machine_in_disguise)
{
    static const struct {
        const char *address;
        bool ordinary;
    } cases[] = {{"2001:db8::1", true}, {"fd00::1", true}, {"::1", false}, {"::", false},
        {"fe80::1", false}, {"ff02::1", false}, {"::ffff:127.0.0.1", false},
        {"::ffff:10.0.0.1", true}, {"::127.0.0.1", false}, {"64:ff9b::127.0.0.1", false},
        {"64:ff9b::169.254.169.254", false}, {"64:ff9b::10.0.0.1", true}, {"2002:7f00:1::1", false},
        {"2002:a9fe:a9fe::1", false}, {"2002:a00:1::1", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct in6_addr address;
        cr_assert_eq(inet_pton(AF_INET6, cases[i].address, &address), 1);
        cr_expect_eq(delegate_ordinary_v6(&address), cases[i].ordinary, "%s", cases[i].address);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What all requests together may use: many large ones at once wait or are told to come back, never
 * have more than there is, and leave nothing behind. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aas/arena.h"
#include "api/budget.h"
#include "api/share.h"
#include "tests/api/client.h"

enum { MIB = 1024 * 1024, CROWD = 24 };

/* ------------------------------------------------------------------ one share */

Test(memory, what_is_small_asks_nobody)
{
    struct budget budget;
    struct share share;
    budget_init(&budget, MIB);
    share_init(&share, &budget);
    cr_assert(meter_take(&share.meter, SHARE_FREE));
    cr_assert_eq(budget.used, 0);
    meter_give(&share.meter, SHARE_FREE);
    share_end(&share);
    budget_finish(&budget);
}

Test(memory, what_is_large_is_taken_from_the_budget_and_given_back)
{
    struct budget budget;
    struct share share;
    struct arena arena;
    budget_init(&budget, 4 * MIB);
    share_init(&share, &budget);
    arena_init(&arena, 64 * MIB);
    arena.meter = &share.meter;
    cr_assert_not_null(arena_alloc(&arena, 3 * MIB));
    cr_assert_geq(budget.used, 3 * MIB - SHARE_FREE);
    cr_assert_null(arena_alloc(&arena, 2 * MIB));
    cr_assert_gt(share.missed, 4 * MIB);
    cr_assert(share_hopeless(&share), "five are more than there will ever be");
    arena_finish(&arena);
    share_settle(&share);
    cr_assert_eq(budget.used, 0);
    cr_assert_leq(budget.peak, 4 * MIB);
    budget_finish(&budget);
}

Test(memory, what_a_request_has_waited_for_is_there_for_its_job)
{
    struct budget budget;
    struct share request;
    struct share job;
    budget_init(&budget, 8 * MIB);
    share_init(&request, &budget);
    share_init(&job, &budget);
    cr_assert(share_reserve(&request, 6 * MIB, 0));
    cr_assert(meter_take(&request.meter, 2 * MIB));
    cr_assert(budget_take(&budget, budget.most - budget.used, 0), "others take the rest");
    cr_assert_not(meter_take(&job.meter, 3 * MIB));
    share_pass(&request, &job);
    cr_assert(meter_take(&job.meter, 3 * MIB));
    cr_assert_not(meter_take(&request.meter, MIB));
    share_pass(&job, &request);
    cr_assert(meter_take(&request.meter, MIB));
    cr_assert_eq(budget.used, 8 * MIB);
    share_end(&request);
    share_end(&job);
    cr_assert_leq(budget.used, 2 * MIB + SHARE_FREE);
    budget_finish(&budget);
}

Test(memory, who_is_refused_hears_what_to_do)
{
    struct budget budget;
    struct share share;
    struct err err = {0};
    budget_init(&budget, 8 * MIB);
    share_init(&share, &budget);
    cr_assert(budget_take(&budget, 6 * MIB, 0));
    cr_assert_eq(share_expect(&share, 4 * MIB, &err), ERR_BUSY);
    cr_assert_str_eq(
        err.text, "other requests use the 8 MiB of memory that all of them together may use");
    cr_assert_str_eq(err.remedy,
        "Send it again after the seconds of Retry-After; if that happens often, have the server "
        "started with a larger --max-memory.");
    budget_give(&budget, 6 * MIB);
    cr_assert_eq(share_expect(&share, 4 * MIB, &err), ERR_OK);
    cr_assert_not(meter_take(&share.meter, 9 * MIB));
    cr_assert_eq(share_refusal(&share, &err), ERR_TOO_LARGE);
    cr_assert_str_eq(
        err.remedy, "Ask for less at once, or have the server started with a larger --max-memory.");
    share_end(&share);
    cr_assert_eq(budget.used, 0);
    budget_finish(&budget);
}

Test(memory, a_budget_rests_once_after_it_was_used_much)
{
    struct budget budget;
    budget_init(&budget, 100);
    cr_assert(budget_take(&budget, 80, 0));
    cr_assert_not(budget_rests(&budget, 50), "it is used");
    budget_give(&budget, 80);
    cr_assert(budget_rests(&budget, 50));
    cr_assert_not(budget_rests(&budget, 50), "that was said");
    cr_assert(budget_take(&budget, 40, 0));
    budget_give(&budget, 40);
    cr_assert_not(budget_rests(&budget, 50), "it was little");
    budget_finish(&budget);
}

struct waiter {
    struct budget *budget;
    size_t bytes;
    int *order; /* shared: the next place */
    int place;
    pthread_t thread;
};

static void *wait_in_line(void *context)
{
    struct waiter *waiter = context;
    if (budget_take(waiter->budget, waiter->bytes, 10000)) {
        waiter->place = __atomic_fetch_add(waiter->order, 1, __ATOMIC_SEQ_CST);
        budget_give(waiter->budget, waiter->bytes);
    }
    return NULL;
}

Test(memory, a_large_one_that_waits_is_not_passed_over, .timeout = 30)
{
    struct budget budget;
    int order = 1;
    struct waiter waiters[3] = {{.bytes = 100}, {.bytes = 10}, {.bytes = 10}};
    budget_init(&budget, 100);
    cr_assert(budget_take(&budget, 50, 0));
    for (int i = 0; i < 3; i++) {
        waiters[i].budget = &budget;
        waiters[i].order = &order;
        pthread_create(&waiters[i].thread, NULL, wait_in_line, &waiters[i]);
        usleep(100000);
    }
    cr_assert_eq(__atomic_load_n(&order, __ATOMIC_SEQ_CST), 1, "there is room for the small ones");
    budget_give(&budget, 50);
    for (int i = 0; i < 3; i++) {
        pthread_join(waiters[i].thread, NULL);
    }
    cr_assert_eq(waiters[0].place, 1);
    cr_assert_eq(budget.used, 0);
    cr_assert_null(budget.waiting);
    budget_finish(&budget);
}

/* ------------------------------------------------------------------ a server with little memory */

#define JSON "Content-Type: application/json\r\n"
#define PACKAGE "Accept: application/asset-administration-shell-package\r\n"
#define XML "Accept: application/xml\r\n"

/* A submodel of many elements: its tree is several times as large. */
static char *many_elements(const char *id, size_t count)
{
    char *text = malloc(150 * count + 200);
    char *at = text + sprintf(text,
                          "{\"modelType\":\"Submodel\",\"id\":\"%s\",\"submodelElements\":[", id);
    for (size_t i = 0; i < count; i++) {
        at += sprintf(at,
            "%s{\"modelType\":\"Property\",\"idShort\":\"Speed%zu\",\"valueType\":\"xs:int\","
            "\"value\":\"%zu\"}",
            i > 0 ? "," : "", i, i);
    }
    strcpy(at, "]}");
    return text;
}

/* A submodel of one long text. */
static char *long_text(const char *id, size_t bytes)
{
    char *text = malloc(bytes + 300);
    int len = sprintf(text,
        "{\"modelType\":\"Submodel\",\"id\":\"%s\",\"submodelElements\":[{\"modelType\":"
        "\"Property\",\"idShort\":\"Text\",\"valueType\":\"xs:string\",\"value\":\"",
        id);
    memset(text + len, 'x', bytes);
    strcpy(text + len + bytes, "\"}]}");
    return text;
}

static void put_in(const struct test_server *server, char *body)
{
    struct answer answer = client_post(server->port, "/submodels", JSON, body, strlen(body));
    cr_assert_eq(answer.status, 201, "%d %s", answer.status, answer.body);
    answer_free(&answer);
    free(body);
}

static size_t metric(const struct test_server *server, const char *name)
{
    char line[64];
    snprintf(line, sizeof line, "\n%s ", name);
    struct answer answer = client_ask(server->port, "GET", "/metrics", "", NULL);
    const char *at = strstr(answer.body, line);
    cr_assert_not_null(at, "%s", name);
    size_t value = strtoull(at + strlen(line), NULL, 10);
    answer_free(&answer);
    return value;
}

/* An answer is there a moment before its memory is given back. */
static void expect_all_given_back(const struct test_server *server)
{
    for (int i = 0; i < 1500 && metric(server, "jig_memory_bytes") > 0; i++) {
        usleep(20000);
    }
    cr_assert_eq(metric(server, "jig_memory_bytes"), 0);
    cr_assert_leq(
        metric(server, "jig_memory_peak_bytes"), metric(server, "jig_memory_limit_bytes"));
}

struct ask {
    uint16_t port;
    const char *method;
    char target[300];
    const char *headers;
    const char *body;
    int status;
    bool says_when; /* a refusal has Retry-After */
    pthread_t thread;
};

static void *ask(void *context)
{
    struct ask *a = context;
    struct answer answer = client_ask(a->port, a->method, a->target, a->headers, a->body);
    a->status = answer.status;
    a->says_when = answer_field(&answer, "Retry-After") != NULL;
    answer_free(&answer);
    return NULL;
}

/* All at once; gives how many were refused, which must be by 503. */
static int crowd(struct ask *asks, size_t count, int done)
{
    int refused = 0;
    for (size_t i = 0; i < count; i++) {
        pthread_create(&asks[i].thread, NULL, ask, &asks[i]);
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(asks[i].thread, NULL);
        cr_expect(asks[i].status == done || (asks[i].status == 503 && asks[i].says_when), "%s: %d",
            asks[i].target, asks[i].status);
        refused += asks[i].status == 503;
    }
    return refused;
}

static const struct {
    const char *format; /* of the target; %s: base64url of the id */
    const char *headers;
} forms[] = {{"/submodels/%s", XML}, {"/serialization?submodelIds=%s", ""},
    {"/serialization?submodelIds=%s", XML}, {"/serialization?submodelIds=%s", PACKAGE},
    {"/submodels/%s/$diff?from=1&to=1", ""}, {"/submodels/%s", ""},
    {"/submodels/%s/submodel-elements?limit=10000", ""}, {"/submodels/%s/$value", ""}};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

static void prepare(struct ask *a, const struct test_server *server, size_t form)
{
    *a = (struct ask){.port = server->port, .method = "GET", .headers = forms[form].headers};
    snprintf(a->target, sizeof a->target, forms[form].format, id64("urn:many"));
}

Test(memory, many_large_answers_at_once_stay_within_it, .timeout = 120)
{
    static struct ask asks[CROWD];
    struct test_server server;
    server_up(&server,
        &(struct api_server_options){.memory_bytes = 20 * MIB, .threads = 32, .body_ms = 30000});
    put_in(&server, many_elements("urn:many", 9000));
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < CROWD; i++) {
            prepare(&asks[i], &server, i % FORM_COUNT);
        }
        crowd(asks, CROWD, 200);
        expect_all_given_back(&server);
    }
    cr_assert_gt(metric(&server, "jig_memory_peak_bytes"), 15 * MIB, "there were many at once");
    for (size_t form = 0; form < FORM_COUNT; form++) {
        prepare(&asks[0], &server, form);
        ask(&asks[0]);
        cr_expect_eq(asks[0].status, 200, "alone, %s", asks[0].target);
    }
    expect_all_given_back(&server);
    server_down(&server);
}

Test(memory, many_large_writes_at_once_stay_within_it, .timeout = 120)
{
    static struct ask asks[CROWD];
    struct test_server server;
    server_up(&server,
        &(struct api_server_options){.memory_bytes = 20 * MIB, .threads = 32, .body_ms = 30000});
    char *body = many_elements("urn:many", 9000);
    put_in(&server, many_elements("urn:many", 9000));
    for (size_t i = 0; i < CROWD; i++) {
        prepare(&asks[i], &server, 0);
        asks[i].method = "PUT";
        asks[i].headers = JSON;
        asks[i].body = body;
    }
    crowd(asks, CROWD, 204);
    expect_all_given_back(&server);
    cr_assert_gt(metric(&server, "jig_memory_peak_bytes"), 10 * MIB, "there were many at once");
    ask(&asks[0]);
    cr_assert_eq(asks[0].status, 204);
    free(body);
    server_down(&server);
}

/* The body is small, what it changes is not. */
Test(memory, many_small_changes_of_a_large_one_stay_within_it, .timeout = 120)
{
    static const char element[] =
        "{\"modelType\":\"Property\",\"idShort\":\"Speed7\",\"valueType\":"
        "\"xs:int\",\"value\":\"8\"}";
    static struct ask asks[CROWD];
    struct test_server server;
    server_up(&server,
        &(struct api_server_options){.memory_bytes = 20 * MIB, .threads = 32, .body_ms = 30000});
    put_in(&server, many_elements("urn:many", 9000));
    for (size_t i = 0; i < CROWD; i++) {
        bool restores = i % 2 == 1;
        asks[i] = (struct ask){.port = server.port,
            .method = restores ? "POST" : "PUT",
            .headers = JSON,
            .body = restores ? "" : element};
        snprintf(asks[i].target, sizeof asks[i].target,
            restores ? "/submodels/%s/$history/1/$restore"
                     : "/submodels/%s/submodel-elements/Speed7",
            id64("urn:many"));
    }
    crowd(asks, CROWD, 204);
    expect_all_given_back(&server);
    cr_assert_gt(metric(&server, "jig_memory_peak_bytes"), 12 * MIB, "there were many at once");
    for (size_t i = 0; i < 2; i++) {
        ask(&asks[i]);
        cr_assert_eq(asks[i].status, 204, "alone, %s: %d", asks[i].target, asks[i].status);
    }
    server_down(&server);
}

/* Asks for a submodel and reads nothing. */
static int unread(uint16_t port, const char *id)
{
    char bytes[300];
    int small = 65536;
    int fd = client_connect(port);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    snprintf(
        bytes, sizeof bytes, "GET /submodels/%s HTTP/1.1\r\nHost: localhost\r\n\r\n", id64(id));
    client_send(fd, bytes, strlen(bytes));
    char first[64];
    cr_assert_gt(recv(fd, first, sizeof first, MSG_PEEK), 0);
    return fd;
}

/* Each of those who do not read holds its answer. */
Test(memory, who_finds_all_of_it_in_use_gets_503_and_small_ones_go_on, .timeout = 60)
{
    enum { SLOW = 5 };
    struct test_server server;
    struct ask large;
    int fds[SLOW];
    server_up(&server,
        &(struct api_server_options){
            .memory_bytes = 32 * MIB, .threads = 32, .body_ms = 50000, .header_ms = 50000});
    put_in(&server, long_text("urn:long", 5 * MIB));
    put_in(&server, many_elements("urn:many", 9000));
    put_in(&server, many_elements("urn:few", 10));
    for (size_t i = 0; i < SLOW; i++) {
        fds[i] = unread(server.port, "urn:long");
    }
    prepare(&large, &server, 0);
    double start = client_now();
    ask(&large);
    cr_assert_eq(large.status, 503);
    cr_assert(large.says_when);
    cr_assert_geq(client_now() - start, SHARE_WAIT_MS / 1000.0 - 0.1, "it waits before that");
    snprintf(large.target, sizeof large.target, "/submodels/%s", id64("urn:few"));
    start = client_now();
    ask(&large);
    cr_assert_eq(large.status, 200, "a small one needs nothing of it");
    cr_assert_lt(client_now() - start, 2.0);
    for (size_t i = 0; i < SLOW; i++) {
        client_close(fds[i]);
    }
    prepare(&large, &server, 0);
    ask(&large);
    cr_assert_eq(large.status, 200, "%d", large.status);
    expect_all_given_back(&server);
    server_down(&server);
}

Test(memory, what_does_not_fit_alone_is_413_and_says_what_to_do, .timeout = 60)
{
    struct test_server server;
    char target[400];
    server_up(&server, &(struct api_server_options){.memory_bytes = 16 * MIB, .body_ms = 30000});
    for (int i = 0; i < 4; i++) {
        char id[20];
        snprintf(id, sizeof id, "urn:%d", i);
        put_in(&server, long_text(id, 2 * MIB));
    }
    snprintf(target, sizeof target, "/serialization?submodelIds=%s,%s,%s,%s", id64("urn:0"),
        id64("urn:1"), id64("urn:2"), id64("urn:3"));
    struct answer answer = client_ask(server.port, "GET", target, XML, NULL);
    cr_assert_eq(answer.status, 413, "%d %s", answer.status, answer.body);
    cr_assert_not_null(strstr(answer.body,
        "this takes more memory than the 16 MiB that all requests together may use. Ask for less "
        "at once, or have the server started with a larger --max-memory."));
    answer_free(&answer);
    answer = client_ask(server.port, "GET", target, XML "Accept-Language: de\r\n", NULL);
    cr_assert_not_null(strstr(answer.body,
        "das braucht mehr Speicher als die 16 MiB, die alle Anfragen zusammen haben dürfen. Fragen "
        "Sie nach weniger auf einmal"));
    answer_free(&answer);
    expect_all_given_back(&server);
    server_down(&server);
}

/* ------------------------------------------------------------------ work beside the requests */

/* A target that takes connections and says nothing. */
static int silent_target(uint16_t *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t len = sizeof name;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    cr_assert_eq(listen(fd, 256), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &len), 0);
    *port = ntohs(name.sin_port);
    return fd;
}

static void put_operation(const struct test_server *server, uint16_t target)
{
    char *body = malloc(1000);
    snprintf(body, 1000,
        "{\"modelType\":\"Submodel\",\"id\":\"urn:many\",\"submodelElements\":[{\"modelType\":"
        "\"Operation\",\"idShort\":\"Say\",\"qualifiers\":[{\"type\":\"invocationDelegation\","
        "\"valueType\":\"xs:string\",\"value\":\"http://127.0.0.1:%u/\"}],\"inputVariables\":[{"
        "\"value\":{\"modelType\":\"Property\",\"idShort\":\"Note\",\"valueType\":\"xs:string\"}}]}"
        "]}",
        target);
    put_in(server, body);
}

/* What invocations wait with is 2 MiB each until their time is over, twice as long as a request
 * waits for room. */
Test(memory, arguments_that_wait_are_counted_until_their_time_is_over, .timeout = 60)
{
    static struct ask asks[CROWD];
    static char hosts[40];
    struct test_server server;
    uint16_t port = 0;
    int target = silent_target(&port);
    snprintf(hosts, sizeof hosts, "127.0.0.1:%u", port);
    server_up(
        &server, &(struct api_server_options){
                     .memory_bytes = 20 * MIB, .threads = 32, .body_ms = 30000, .delegate = hosts});
    put_operation(&server, port);
    char *note = malloc(MIB + 200);
    int len = sprintf(note, "{\"clientTimeoutDuration\":\"PT10S\",\"inputArguments\":{\"Note\":\"");
    memset(note + len, 'x', MIB);
    strcpy(note + len + MIB, "\"}}");
    for (size_t i = 0; i < CROWD; i++) {
        asks[i] = (struct ask){.port = server.port, .method = "POST", .headers = "", .body = note};
        snprintf(asks[i].target, sizeof asks[i].target,
            "/submodels/%s/submodel-elements/Say/invoke-async/$value", id64("urn:many"));
    }
    ask(&asks[0]);
    cr_assert_eq(asks[0].status, 202);
    cr_assert_gt(metric(&server, "jig_memory_bytes"), MIB);
    int refused = crowd(asks, CROWD, 202);
    cr_assert_gt(refused, 0, "there is not room for all of them");
    cr_assert_lt(refused, CROWD, "but for some");
    expect_all_given_back(&server);
    ask(&asks[0]);
    cr_assert_eq(asks[0].status, 202);
    free(note);
    server_down(&server);
    close(target);
}

/* Lists wait one after the other; each of them keeps its body. */
Test(memory, lists_that_wait_are_counted_and_all_are_done, .timeout = 60)
{
    static struct ask asks[CROWD];
    static char bodies[CROWD][200 * 1024];
    struct test_server server;
    server_up(&server,
        &(struct api_server_options){.memory_bytes = 20 * MIB, .threads = 32, .body_ms = 30000});
    for (size_t i = 0; i < CROWD; i++) {
        char *at = bodies[i];
        for (size_t k = 0; k < 800; k++) {
            at += sprintf(at,
                "%c{\"id\":\"urn:%zu:%zu\",\"endpoints\":[{\"interface\":\"SUBMODEL-3.0\","
                "\"protocolInformation\":{\"href\":\"http://a/%zu/%zu\"}}]}",
                k == 0 ? '[' : ',', i, k, i, k);
        }
        strcpy(at, "]");
        asks[i] =
            (struct ask){.port = server.port, .method = "POST", .headers = "", .body = bodies[i]};
        strcpy(asks[i].target, "/bulk/submodel-descriptors");
    }
    int refused = crowd(asks, CROWD, 202);
    expect_all_given_back(&server);
    size_t found = 0;
    for (size_t i = 0; i < CROWD; i++) {
        char id[40];
        char path[200];
        snprintf(id, sizeof id, "urn:%zu:799", i);
        snprintf(path, sizeof path, "/submodel-descriptors/%s", id64(id));
        int status = client_status(server.port, "GET", path, "", NULL);
        cr_expect(
            status == 200 || asks[i].status == 503, "%s: %d after %d", id, status, asks[i].status);
        found += status == 200;
    }
    cr_assert_eq(found, CROWD - (size_t)refused, "%zu of %d, %d refused", found, CROWD, refused);
    server_down(&server);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Much at once: idle connections, large and dense bodies, packed bombs, readers that do not read.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <sys/socket.h>
#include <zip.h>

#include "api/budget.h"
#include "tests/api/client.h"
#include "tests/support/corpus.h"

/* A sanitizer adds to memory: the process is measured without one only. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(UNDER_SANITIZER)
enum { MORE_MIB = 4096, PATIENT_S = 60 };
#else
enum { MORE_MIB = 800, PATIENT_S = 10 };
#endif

enum { MIB = 1024 * 1024, ARRIVAL_MS = 250 };

static long most_mib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static int ask_health(int fd)
{
    static const char bytes[] = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client_send(fd, bytes, sizeof bytes - 1);
    struct answer answer = client_read(fd, 5000, false);
    int status = answer.status;
    answer_free(&answer);
    return status;
}

/* ------------------------------------------------------------------ idle connections */

Test(load, a_thousand_idle_connections_leave_the_server_as_shipped_to_others, .timeout = 120)
{
    enum { IDLE = 1000 };
    static int idle[IDLE];
    struct test_server server;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_max < 3 * IDLE) {
        cr_skip_test("this process may not open enough files (ulimit -Hn)");
    }
    files.rlim_cur = 3 * IDLE;
    setrlimit(RLIMIT_NOFILE, &files);
    server_up_as_shipped(&server, &(struct api_server_options){.keep_alive_ms = 60000});
    for (int i = 0; i < IDLE; i++) {
        idle[i] = client_connect(server.port);
        cr_assert_eq(ask_health(idle[i]), 200, "connection %d", i);
    }
    double start = client_now();
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(client_status(server.port, "GET", "/health", "", NULL), 200);
    }
    cr_assert_lt(client_now() - start, 2.0);
    for (int i = 0; i < IDLE; i++) {
        cr_assert_eq(ask_health(idle[i]), 200, "connection %d is still served", i);
        client_close(idle[i]);
    }
    server_down(&server);
}

Test(load, the_soft_limit_of_open_files_is_raised_for_the_connections)
{
    struct test_server server;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_max < 4096) {
        cr_skip_test("this process may not open enough files (ulimit -Hn)");
    }
    files.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &files);
    server_up_as_shipped(&server, NULL);
    getrlimit(RLIMIT_NOFILE, &files);
    cr_assert_geq(files.rlim_cur, 1100 + 1024);
    server_down(&server);
}

/* ------------------------------------------------------------------ dense bodies */

static char *filled(const char *first, const char *again, size_t bytes, const char *last)
{
    size_t step = strlen(again);
    char *text = malloc(strlen(first) + bytes + strlen(last) + 1);
    char *at = stpcpy(text, first);
    for (size_t i = 0; i + step <= bytes; i += step) {
        at = stpcpy(at, again);
    }
    strcpy(at, last);
    return text;
}

#define XML "Content-Type: application/xml\r\n"
#define JSON "Content-Type: application/json\r\n"

/* As large as a body may be, and as dense as it gets. */
Test(load, the_densest_bodies_are_413_soon_and_in_bounded_memory, .timeout = 300)
{
    static const struct {
        const char *target;
        const char *type;
        const char *first, *again, *last;
    } cases[] = {{"/submodels", JSON, "[0", ",0", "]"},
        {"/submodels", JSON, "{\"id\":[[]", ",[]", "]}"},
        {"/submodels", XML, "<submodel xmlns=\"https://admin-shell.io/aas/3/1\">", "<a/>",
            "</submodel>"},
        {"/upload", JSON, "[0", ",0", "]"},
        {"/upload", XML, "<environment xmlns=\"https://admin-shell.io/aas/3/1\">", "<a b=\"\"/>",
            "</environment>"}};
    struct test_server server;
    server_up_as_shipped(&server, &(struct api_server_options){.threads = 16});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *body = filled(cases[i].first, cases[i].again, 64 * MIB - 200, cases[i].last);
        long before = most_mib();
        double start = client_now();
        struct answer answer =
            client_post(server.port, cases[i].target, cases[i].type, body, strlen(body));
        cr_assert_eq(answer.status, 413, "%zu: %d %s", i, answer.status, answer.body);
        cr_assert_lt(client_now() - start, PATIENT_S, "%zu", i);
        cr_assert_lt(most_mib() - before, MORE_MIB, "%zu: %ld MiB", i, most_mib() - before);
        answer_free(&answer);
        free(body);
    }
    server_down(&server);
}

/* ------------------------------------------------------------------ many bodies */

struct taker {
    struct budget *budget;
    bool got;
};

static void *take_later(void *context)
{
    struct taker *taker = context;
    taker->got = budget_take(taker->budget, 60, 5000);
    return NULL;
}

Test(load, a_budget_makes_wait_and_says_no_in_time)
{
    struct budget budget;
    budget_init(&budget, 100);
    struct taker taker = {.budget = &budget};
    pthread_t thread;
    cr_assert(budget_take(&budget, 50, 0));
    cr_assert_not(budget_take(&budget, 51, 0));
    double start = client_now();
    cr_assert_not(budget_take(&budget, 51, 200));
    cr_assert_geq(client_now() - start, 0.19);
    pthread_create(&thread, NULL, take_later, &taker);
    budget_give(&budget, 50);
    pthread_join(thread, NULL);
    cr_assert(taker.got);
    cr_assert_eq(budget.used, 60);
    budget_finish(&budget);
}

static int stalled(uint16_t port, const char *bytes, size_t len)
{
    static const char head[] =
        "POST /submodels HTTP/1.1\r\nHost: localhost\r\n" JSON "Content-Length: 1000000\r\n\r\n";
    int fd = client_connect(port);
    client_send(fd, head, sizeof head - 1);
    client_send(fd, bytes, len);
    return fd;
}

/* 2 MiB of bodies are kept at once: four senders that stop take all of it. */
Test(load, large_bodies_beyond_the_budget_are_503_and_small_ones_go_on, .timeout = 60)
{
    static const char small[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:small\"}";
    struct test_server server;
    int fds[4];
    server_up(&server,
        &(struct api_server_options){.max_body = MIB, .memory_bytes = 8 * MIB, .body_ms = 30000});
    char *body = filled("{\"modelType\":\"Submodel\",\"id\":\"urn:large\"", " ", 999000, "}");
    for (size_t i = 0; i < 4; i++) {
        /* One after the other: side by side two of them could be refused and leave room. */
        fds[i] = stalled(server.port, body, 900000);
        usleep(ARRIVAL_MS * 1000);
    }
    struct answer answer = client_post(server.port, "/submodels", JSON, body, strlen(body));
    cr_assert_eq(answer.status, 503, "%d %s", answer.status, answer.body);
    cr_assert_not_null(answer_field(&answer, "Retry-After"));
    answer_free(&answer);
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", small), 201);
    for (size_t i = 0; i < 4; i++) {
        client_close(fds[i]);
    }
    int status = 503;
    for (int i = 0; i < 50 && status == 503; i++) {
        answer = client_post(server.port, "/submodels", JSON, body, strlen(body));
        status = answer.status;
        answer_free(&answer);
    }
    cr_assert_eq(status, 201, "%d", status);
    free(body);
    server_down(&server);
}

/* ------------------------------------------------------------------ packed bombs */

static char *bomb(size_t entries, size_t *len)
{
    char *blanks = malloc(64 * MIB);
    memset(blanks, ' ', 64 * MIB);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i < entries; i++) {
        char name[40];
        snprintf(name, sizeof name, "aasx/%zu.xml", i);
        zip_file_add(zip, name, zip_source_buffer(zip, blanks, 64 * MIB, 0), ZIP_FL_ENC_UTF_8);
    }
    cr_assert_eq(zip_close(zip), 0);
    zip_stat_t stat;
    zip_source_stat(source, &stat);
    char *bytes = malloc(stat.size);
    zip_source_open(source);
    cr_assert_eq(zip_source_read(source, bytes, stat.size), (zip_int64_t)stat.size);
    zip_source_close(source);
    zip_source_free(source);
    free(blanks);
    *len = stat.size;
    return bytes;
}

Test(load, a_packed_bomb_is_refused_without_being_inflated, .timeout = 120)
{
    struct test_server server;
    size_t len;
    char *bytes = bomb(4, &len);
    server_up(&server, NULL);
    long before = most_mib();
    double start = client_now();
    struct answer answer = client_post(server.port, "/upload",
        "Content-Type: application/asset-administration-shell-package\r\n", bytes, len);
    cr_assert_eq(answer.status, 413, "%d %s", answer.status, answer.body);
    cr_assert_lt(client_now() - start, 2.0);
    cr_assert_lt(most_mib() - before, 64);
    answer_free(&answer);
    answer = client_ask(server.port, "GET", "/submodels", "", NULL);
    cr_assert_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
    free(bytes);
    server_down(&server);
}

/* ------------------------------------------------------------------ slow readers */

static char *large_submodel(size_t bytes)
{
    return filled("{\"modelType\":\"Submodel\",\"id\":\"urn:large\",\"submodelElements\":["
                  "{\"modelType\":\"Property\",\"idShort\":\"Text\",\"valueType\":\"xs:string\","
                  "\"value\":\"",
        "x", bytes, "\"}]}");
}

/* Asks for the large submodel and reads nothing. */
static int unread(uint16_t port)
{
    static char bytes[300];
    int small = 65536;
    int fd = client_connect(port);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    snprintf(bytes, sizeof bytes, "GET /submodels/%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
        id64("urn:large"));
    client_send(fd, bytes, strlen(bytes));
    return fd;
}

Test(load, readers_that_do_not_read_are_let_go, .timeout = 60)
{
    struct test_server server;
    int fds[2];
    server_up(&server, &(struct api_server_options){.threads = 2});
    char *body = large_submodel(16 * MIB);
    struct answer answer = client_post(server.port, "/submodels", JSON, body, strlen(body));
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    answer_free(&answer);
    for (size_t i = 0; i < 2; i++) {
        fds[i] = unread(server.port);
    }
    double start = client_now();
    cr_assert_eq(client_status(server.port, "GET", "/health", "", NULL), 200);
    cr_assert_lt(client_now() - start, 10.0);
    for (size_t i = 0; i < 2; i++) {
        client_close(fds[i]);
    }
    free(body);
    server_down(&server);
}

Test(load, a_slow_reader_gets_the_moment_it_asked_for_and_hinders_no_writer, .timeout = 60)
{
    struct test_server server;
    char target[200];
    server_up(&server, NULL);
    char *body = large_submodel(8 * MIB);
    struct answer answer = client_post(server.port, "/submodels", JSON, body, strlen(body));
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    answer_free(&answer);
    int fd = unread(server.port);
    char first[1024];
    cr_assert_gt(recv(fd, first, sizeof first, MSG_PEEK), 0);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:large"));
    double start = client_now();
    for (int i = 0; i < 20; i++) {
        char put[200];
        snprintf(put, sizeof put,
            "{\"modelType\":\"Submodel\",\"idShort\":\"Aa%d\",\"id\":\"urn:large\"}", i);
        cr_assert_eq(client_status(server.port, "PUT", target, "", put), 204);
    }
    cr_assert_lt(client_now() - start, 2.0);
    answer = client_read(fd, 5000, false);
    cr_assert_str_eq(answer.body, body);
    answer_free(&answer);
    client_close(fd);
    free(body);
    server_down(&server);
}

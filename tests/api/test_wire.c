/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP as it comes over the wire, well-formed or not: the server says no clearly, stores nothing of
 * it and stays alive. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aas/buf.h"
#include "tests/api/client.h"

#define HOST "Host: localhost\r\n"
#define JSON_TYPE "Content-Type: application/json\r\n"
#define EMPTY_LIST "{\"result\":[],\"paging_metadata\":{}}"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Alive, and nothing was stored. */
static void assert_untouched(const struct test_server *server)
{
    struct answer answer = client_ask(server->port, "GET", "/submodels", "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_assert_str_eq(answer.body, EMPTY_LIST);
    answer_free(&answer);
}

/* Every refusal is a Result with the status as numeric code. */
static void assert_result(const struct answer *answer, int status, const char *name)
{
    char code[40];
    snprintf(code, sizeof code, "{\"code\":%d,\"messages\":[{", status);
    cr_assert_eq(answer->status, status, "%s gave %d: %s", name, answer->status,
        answer->body != NULL ? answer->body : "(nothing)");
    cr_assert_eq(strncmp(answer->body, code, strlen(code)), 0, "%s: %s", name, answer->body);
}

struct raw_case {
    const char *name;
    const char *bytes;
    int status;
    bool closed;
};

static const struct raw_case broken[] = {
    {"length and transfer encoding",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400, true},
    {"two lengths",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        400, true},
    {"two different lengths",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Content-Length: 2\r\ncontent-length: 50\r\n\r\n{}",
        400, true},
    {"length with a sign",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: +2\r\n\r\n{}", 400, true},
    {"length with words",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: 2 or so\r\n\r\n{}", 400,
        true},
    {"negative length", "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: -1\r\n\r\n",
        400, true},
    {"unknown transfer encoding",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Transfer-Encoding: gzip\r\n\r\n", 400, true},
    {"two transfer encodings",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        400, true},
    {"no host", "GET /submodels HTTP/1.1\r\nAccept: */*\r\n\r\n", 400, true},
    {"two hosts", "GET /submodels HTTP/1.1\r\n" HOST "Host: other\r\n\r\n", 400, true},
    {"bare line feed behind the request line", "GET /submodels HTTP/1.1\n" HOST "\r\n", 400, true},
    {"bare line feed behind a field", "GET /submodels HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n", 400,
        true},
    {"bare line feeds only", "GET /submodels HTTP/1.1\nHost: a\n\n", 400, true},
    {"space before the colon",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length : 2\r\n\r\n{}", 400, true},
    {"folded line",
        "POST /submodels HTTP/1.1\r\n" HOST "X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", 400,
        true},
    {"line feed in the address", "GET /submodels%0d%0aX-A:b HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"NUL in the address", "GET /submodels/%00 HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"broken escape", "GET /submodels/%4 HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"escape of no hexadecimal", "GET /submodels/%zz HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"address that is no UTF-8", "GET /submodels/%ff HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"broken escape in the query", "GET /submodels?limit=%4 HTTP/1.1\r\n" HOST "\r\n", 400, false},
    {"raw byte beyond ASCII in the address", "GET /submodels/\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n",
        400, true},
    {"control character in the header", "GET /submodels HTTP/1.1\r\n" HOST "X-A: \x01\r\n\r\n", 400,
        true},
    {"no HTTP at all", "hello\r\n\r\n", 400, true},
    {"unknown version", "GET /submodels HTTP/3.0\r\n" HOST "\r\n", 505, true},
    {"unknown expectation",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}",
        400, true},
    {"chunk of no hexadecimal size",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        400, true},
    {"chunk without its line end",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
        400, true},
    {"body of a gigabyte",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: 1073741824\r\n\r\n{}", 413,
        true},
    {"announced body of a gigabyte",
        "POST /upload HTTP/1.1\r\n" HOST JSON_TYPE
        "Expect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n",
        413, true},
};

Test(wire, broken_http_is_refused_with_a_result_and_nothing_is_stored)
{
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct raw_case *c = &broken[i];
        int fd = client_connect(server.port);
        client_send(fd, c->bytes, strlen(c->bytes));
        struct answer answer = client_read(fd, 10000, false);
        client_close(fd);
        assert_result(&answer, c->status, c->name);
        cr_assert_eq(answer.closed, c->closed, "%s: connection %s", c->name,
            answer.closed ? "closed" : "kept");
        answer_free(&answer);
    }
    assert_untouched(&server);
    server_down(&server);
}

Test(wire, a_request_line_that_cannot_be_read_is_refused_in_words)
{
    static const struct {
        const char *bytes;
        int status;
        const char *words;
    } cases[] = {{"FOO /submodels HTTP/1.1\r\n" HOST "\r\n", 400, "the method is unknown"},
        {"GET / HTTP/1.1\r\n" HOST "X-A: \x01\r\n\r\n", 400, "control characters"},
        {"PROPFIND /submodels HTTP/1.1\r\n" HOST "\r\n", 405, "does not take this method"}};
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = client_raw(server.port, cases[i].bytes, strlen(cases[i].bytes));
        assert_result(&answer, cases[i].status, cases[i].words);
        cr_assert_not_null(strstr(answer.body, cases[i].words), "%s", answer.body);
        answer_free(&answer);
    }
    server_down(&server);
}

/* As Java's client offers HTTP/2 with every request. */
Test(wire, a_connection_is_kept_unless_the_client_says_close)
{
    static const struct {
        const char *version;
        const char *fields;
        bool closed;
    } cases[] = {{"1.1", "", false}, {"1.1", "Connection: close\r\n", true},
        {"1.1", "Connection: keep-alive\r\n", false},
        {"1.1",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
            false},
        {"1.1", "Connection: Upgrade, close\r\nUpgrade: h2c\r\n", true},
        {"1.1", "Connection: keep-alive, close\r\n", true}, {"1.0", "", true},
        {"1.0", "Connection: keep-alive\r\n", false},
        {"1.0", "Connection: HTTP2-Settings\r\n", true}};
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[400];
        snprintf(bytes, sizeof bytes, "GET /health HTTP/%s\r\n" HOST "%s\r\n", cases[i].version,
            cases[i].fields);
        int fd = client_connect(server.port);
        client_send(fd, bytes, strlen(bytes));
        struct answer answer = client_read(fd, 10000, false);
        cr_assert_eq(answer.status, 200);
        cr_expect_str_eq(answer_field(&answer, "Connection"),
            cases[i].closed ? "close" : "keep-alive", "%s", bytes);
        cr_expect_eq(answer.closed, cases[i].closed, "%s", bytes);
        answer_free(&answer);
        if (!cases[i].closed) {
            client_send(fd, bytes, strlen(bytes));
            answer = client_read(fd, 10000, false);
            cr_expect_eq(answer.status, 200, "%s", bytes);
            answer_free(&answer);
        }
        client_close(fd);
    }
    server_down(&server);
}

static char *with_headers(unsigned count)
{
    struct buf buf;
    buf_init(&buf, 1 << 20);
    buf_add_text(&buf, "GET /health HTTP/1.1\r\n" HOST);
    for (unsigned i = 1; i < count; i++) {
        buf_printf(&buf, "X-%u: y\r\n", i);
    }
    buf_add_text(&buf, "\r\n");
    (void)buf_text(&buf);
    return buf_take(&buf, NULL);
}

Test(wire, up_to_64_header_fields_are_taken_and_one_more_is_431)
{
    static const struct {
        unsigned count;
        int status;
    } cases[] = {{1, 200}, {63, 200}, {64, 200}, {65, 431}, {200, 431}};
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *bytes = with_headers(cases[i].count);
        struct answer answer = client_raw(server.port, bytes, strlen(bytes));
        cr_assert_eq(
            answer.status, cases[i].status, "%u fields gave %d", cases[i].count, answer.status);
        answer_free(&answer);
        free(bytes);
    }
    server_down(&server);
}

Test(wire, a_header_beyond_the_buffer_is_refused)
{
    struct test_server server;
    server_up(&server, NULL);
    struct buf buf;
    buf_init(&buf, 1 << 20);
    buf_add_text(&buf, "GET /health HTTP/1.1\r\n" HOST "X-Long: ");
    for (int i = 0; i < 100000; i++) {
        buf_add_char(&buf, 'a');
    }
    buf_add_text(&buf, "\r\n\r\n");
    struct answer answer = client_raw(server.port, buf.bytes, buf.len);
    assert_result(&answer, 400, "header of 100 kB");
    answer_free(&answer);
    assert_untouched(&server);
    buf_finish(&buf);
    server_down(&server);
}

Test(wire, refusals_keep_the_connection_for_the_next_request)
{
    static const char *const requests[] = {"GET /nothing HTTP/1.1\r\n" HOST "\r\n",
        "GET /submodels?limit=-1 HTTP/1.1\r\n" HOST "\r\n",
        "DELETE /submodels HTTP/1.1\r\n" HOST "\r\n",
        "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: 3\r\n\r\nabc",
        "GET /health HTTP/1.1\r\n" HOST "\r\n"};
    static const int statuses[] = {404, 400, 405, 404, 400, 200};
    struct test_server server;
    server_up(&server, NULL);
    int fd = client_connect(server.port);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        client_send(fd, requests[i], strlen(requests[i]));
        struct answer answer = client_read(fd, 5000, false);
        cr_assert_eq(answer.status, statuses[i], "%s gave %d", requests[i], answer.status);
        cr_assert_not(answer.closed);
        answer_free(&answer);
    }
    client_close(fd);
    server_down(&server);
}

Test(wire, head_gives_the_length_and_no_body)
{
    struct test_server server;
    server_up(&server, NULL);
    static const char two[] =
        "HEAD /submodels HTTP/1.1\r\n" HOST "\r\nGET /submodels HTTP/1.1\r\n" HOST "\r\n";
    int fd = client_connect(server.port);
    client_send(fd, two, sizeof two - 1);
    struct answer head = client_read(fd, 5000, true);
    cr_assert_eq(head.status, 200);
    cr_assert_str_eq(answer_field(&head, "Content-Length"), "34");
    client_close(fd);
    answer_free(&head);
    server_down(&server);
}

static const char submodel[] =
    "{\"modelType\":\"Submodel\",\"id\":\"urn:test:1\",\"idShort\":\"Test\"}";

Test(wire, a_chunked_body_is_read_completely)
{
    struct test_server server;
    server_up(&server, NULL);
    char bytes[1024];
    int len = snprintf(bytes, sizeof bytes,
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Transfer-Encoding: chunked\r\n\r\n5\r\n%.5s\r\n%zx\r\n%s\r\n0\r\n\r\n",
        submodel, strlen(submodel) - 5, submodel + 5);
    struct answer answer = client_raw(server.port, bytes, (size_t)len);
    cr_assert_eq(answer.status, 201, "%d %s", answer.status, answer.body);
    cr_assert_not(answer.closed);
    answer_free(&answer);
    server_down(&server);
}

Test(wire, a_client_that_waits_for_100_gets_it_before_its_body)
{
    struct test_server server;
    server_up(&server, NULL);
    char head[512];
    int len = snprintf(head, sizeof head,
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE
        "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
        strlen(submodel));
    int fd = client_connect(server.port);
    client_send(fd, head, (size_t)len);
    struct answer go_on = client_read(fd, 5000, true);
    cr_assert_eq(go_on.status, 100);
    client_send(fd, submodel, strlen(submodel));
    struct answer answer = client_read(fd, 5000, false);
    cr_assert_eq(answer.status, 201);
    client_close(fd);
    answer_free(&go_on);
    answer_free(&answer);
    server_down(&server);
}

Test(wire, a_cut_body_is_400_and_nothing_is_stored)
{
    struct test_server server;
    server_up(&server, NULL);
    char bytes[512];
    /* The bytes are a complete submodel; only the announced length says that more should come. */
    int len = snprintf(bytes, sizeof bytes,
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: %zu\r\n\r\n%s",
        strlen(submodel) + 10, submodel);
    int fd = client_connect(server.port);
    client_send(fd, bytes, (size_t)len);
    shutdown(fd, SHUT_WR);
    struct answer answer = client_read(fd, 5000, false);
    assert_result(&answer, 400, "cut body");
    client_close(fd);
    answer_free(&answer);
    assert_untouched(&server);
    server_down(&server);
}

Test(wire, a_body_that_trickles_is_cut_with_408_while_others_are_served)
{
    struct test_server server;
    server_up(&server, NULL);
    static const char head[] =
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Content-Length: 100000\r\n\r\n";
    int fd = client_connect(server.port);
    double start = now();
    client_send(fd, head, sizeof head - 1);
    struct answer answer = {0};
    for (int i = 0; i < 40 && answer.status == 0; i++) {
        if (!client_send(fd, " ", 1)) {
            break;
        }
        cr_assert_eq(client_status(server.port, "GET", "/health", "", NULL), 200);
        answer = client_read(fd, 200, false);
    }
    assert_result(&answer, 408, "trickling body");
    cr_assert_lt(now() - start, 4.0);
    client_close(fd);
    answer_free(&answer);
    assert_untouched(&server);
    server_down(&server);
}

Test(wire, a_trickling_chunked_body_is_cut_as_well)
{
    struct test_server server;
    server_up(&server, NULL);
    static const char head[] =
        "POST /submodels HTTP/1.1\r\n" HOST JSON_TYPE "Transfer-Encoding: chunked\r\n\r\n";
    int fd = client_connect(server.port);
    double start = now();
    client_send(fd, head, sizeof head - 1);
    struct answer answer = {0};
    for (int i = 0; i < 40 && answer.status == 0; i++) {
        if (!client_send(fd, "1\r\n \r\n", 6)) {
            break;
        }
        answer = client_read(fd, 200, false);
    }
    assert_result(&answer, 408, "trickling chunks");
    cr_assert_lt(now() - start, 4.0);
    client_close(fd);
    answer_free(&answer);
    server_down(&server);
}

Test(wire, a_header_that_trickles_is_cut)
{
    struct test_server server;
    server_up(&server, NULL);
    static const char head[] = "GET /health HTTP/1.1\r\n" HOST "X-Slow: ";
    int fd = client_connect(server.port);
    double start = now();
    client_send(fd, head, sizeof head - 1);
    struct answer answer = {0};
    for (int i = 0; i < 40 && !answer.closed && answer.status == 0; i++) {
        if (!client_send(fd, "a", 1)) {
            break;
        }
        cr_assert_eq(client_status(server.port, "GET", "/health", "", NULL), 200);
        answer = client_read(fd, 200, false);
    }
    cr_assert(answer.closed || answer.status >= 400, "the connection is still open");
    cr_assert_lt(now() - start, 5.0);
    client_close(fd);
    answer_free(&answer);
    server_down(&server);
}

/* More idle connections than threads: the others wait for a time-out at most. */
Test(wire, idle_connections_beyond_the_threads_are_let_go_in_time, .timeout = 60)
{
    struct test_server server;
    server_up(&server, &(struct api_server_options){.threads = 8, .header_ms = 1000});
    int idle[40];
    for (size_t i = 0; i < 40; i++) {
        idle[i] = client_connect(server.port);
    }
    double start = now();
    cr_assert_eq(client_status(server.port, "GET", "/health", "", NULL), 200);
    cr_assert_lt(now() - start, 10.0);
    for (size_t i = 0; i < 40; i++) {
        client_close(idle[i]);
    }
    server_down(&server);
}

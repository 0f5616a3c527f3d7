/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile and oversized input over HTTP: a clear 4xx, nothing stored, the server alive. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "aas/buf.h"
#include "tests/api/client.h"
#include "tests/support/corpus.h"

/* The address sanitizer adds to memory and to every frame: the process is measured without it only,
 * and the deepest documents do not fit into a worker's stack with it. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(UNDER_SANITIZER)
enum { MOST_KB = 4 * 1024 * 1024, LARGE_FRAMES = 1 };
#else
enum { MOST_KB = 700 * 1024, LARGE_FRAMES = 0 };
#endif

#define NEED_PLAIN_FRAMES()                                                                        \
    do {                                                                                           \
        if (LARGE_FRAMES) {                                                                        \
            cr_skip_test("frames of a sanitizer build are larger than a worker's stack");          \
        }                                                                                          \
    } while (0)

static void assert_refused(const struct answer *answer, const char *name)
{
    cr_assert(answer->status >= 400 && answer->status < 500, "%s gave %d", name, answer->status);
    cr_assert_eq(strncmp(answer->body, "{\"code\":4", 9), 0, "%s: %.200s", name, answer->body);
}

static void assert_empty(const struct test_server *server)
{
    static const char *const lists[] = {"/submodels", "/shells", "/concept-descriptions"};
    for (size_t i = 0; i < 3; i++) {
        struct answer answer = client_ask(server->port, "GET", lists[i], "", NULL);
        cr_assert_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
        answer_free(&answer);
    }
}

/* Collections inside each other; a level is an object and the array around it. */
static char *nested_submodel(size_t levels)
{
    struct buf buf;
    buf_init(&buf, 64 << 20);
    buf_add_text(&buf, "{\"modelType\":\"Submodel\",\"id\":\"urn:test:deep\"");
    for (size_t i = 0; i < levels; i++) {
        buf_add_text(&buf, i == 0 ? ",\"submodelElements\":[" : ",\"value\":[");
        buf_add_text(&buf, "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Level\"");
    }
    for (size_t i = 0; i < levels; i++) {
        buf_add_text(&buf, "}]");
    }
    buf_add_text(&buf, "}");
    (void)buf_text(&buf);
    return buf_take(&buf, NULL);
}

/* 1 + 2 × 63 = 127 levels of JSON are taken, 1 + 2 × 64 = 129 are not. */
Test(gates, nesting_up_to_the_ceiling_is_taken_and_beyond_it_refused)
{
    static const size_t refused[] = {64, 100, 300, 1000, 10000, 50000};
    struct test_server server;
    NEED_PLAIN_FRAMES();
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char *body = nested_submodel(refused[i]);
        struct answer answer = client_ask(server.port, "POST", "/submodels", "", body);
        assert_refused(&answer, "nested submodel");
        answer_free(&answer);
        free(body);
    }
    assert_empty(&server);
    char *body = nested_submodel(63);
    struct answer answer = client_ask(server.port, "POST", "/submodels", "", body);
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    answer_free(&answer);
    free(body);
    server_down(&server);
}

static char *repeated(const char *first, const char *again, size_t times, const char *last)
{
    struct buf buf;
    buf_init(&buf, 64 << 20);
    buf_add_text(&buf, first);
    for (size_t i = 0; i < times; i++) {
        buf_add_text(&buf, again);
    }
    buf_add_text(&buf, last);
    (void)buf_text(&buf);
    return buf_take(&buf, NULL);
}

Test(gates, plain_nesting_of_every_depth_is_no_crash)
{
    static const size_t depths[] = {127, 128, 129, 600, 1000, 10000, 100000};
    static const char *const openings[] = {"[", "{\"a\":"};
    static const char path[] = "/submodels/dXJuOng/submodel-elements/A/$value";
    struct test_server server;
    NEED_PLAIN_FRAMES();
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        for (size_t k = 0; k < 2; k++) {
            char *body = repeated("", openings[k], depths[i], "1");
            struct answer answer = client_ask(server.port, "POST", "/submodels", "", body);
            assert_refused(&answer, "nested arrays");
            answer_free(&answer);
            answer = client_ask(server.port, "PATCH", path, "", body);
            assert_refused(&answer, "nested value");
            answer_free(&answer);
            free(body);
        }
    }
    assert_empty(&server);
    server_down(&server);
}

/* 16 MB of the densest JSON there is; the request's memory is capped, and so is the process's. */
Test(gates, many_small_values_stay_within_the_memory_of_one_request, .timeout = 60)
{
    static const char path[] = "/submodels/dXJuOng/submodel-elements/A/$value";
    struct test_server server;
    struct rusage usage;
    server_up(&server, NULL);
    char *body = repeated("[0", ",0", 8 * 1024 * 1024, "]");
    struct answer answer = client_ask(server.port, "PATCH", path, "", body);
    assert_refused(&answer, "many zeroes");
    cr_assert_eq(answer.status, 413, "%d %.200s", answer.status, answer.body);
    answer_free(&answer);
    answer = client_ask(server.port, "POST", "/submodels", "", body);
    assert_refused(&answer, "many zeroes");
    answer_free(&answer);
    free(body);
    getrusage(RUSAGE_SELF, &usage);
    cr_assert_lt(usage.ru_maxrss, MOST_KB, "%ld kB", usage.ru_maxrss);
    assert_empty(&server);
    server_down(&server);
}

struct gate {
    const char *name;
    const char *method;
    const char *target;
    const char *headers;
    const char *body;
    int status;
};

static const struct gate gates[] = {
    {"negative limit", "GET", "/submodels?limit=-1", "", NULL, 400},
    {"limit of nothing", "GET", "/submodels?limit=0", "", NULL, 400},
    {"limit in words", "GET", "/submodels?limit=many", "", NULL, 400},
    {"two limits", "GET", "/submodels?limit=1&limit=2", "", NULL, 400},
    {"foreign cursor", "GET", "/submodels?cursor=abc", "", NULL, 400},
    {"semantic id that is no base64url", "GET", "/submodels?semanticId=%21", "", NULL, 400},
    {"semantic id that is no reference", "GET", "/submodels?semanticId=e30", "", NULL, 400},
    {"padded id", "GET", "/submodels/YQ==", "", NULL, 400},
    {"id that is no base64url", "GET", "/submodels/a*b", "", NULL, 400},
    {"unknown id", "GET", "/submodels/YQ", "", NULL, 404},
    {"unknown operation", "GET", "/assets", "", NULL, 404},
    {"unknown content modifier", "GET", "/submodels/YQ/$all", "", NULL, 404},
    {"revision 0", "GET", "/submodels/YQ/$history/0", "", NULL, 400},
    {"unknown accept", "GET", "/submodels", "Accept: image/png\r\n", NULL, 406},
    {"accept of weight 0", "GET", "/submodels", "Accept: application/json;q=0\r\n", NULL, 406},
    {"no JSON", "POST", "/submodels", "", "hello", 400},
    {"no AAS", "POST", "/submodels", "", "{\"a\":1}", 400},
    {"a shell among submodels", "POST", "/submodels", "",
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:x\"}", 400},
    {"empty body", "POST", "/submodels", "", "", 400},
    {"unknown media type", "POST", "/submodels", "Content-Type: text/csv\r\n", "a,b", 415},
    {"document type declaration", "POST", "/submodels", "Content-Type: application/xml\r\n",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>"
        "<submodel xmlns=\"https://admin-shell.io/aas/3/1\"><id>&b;</id></submodel>",
        400},
    {"XML that is no AAS", "POST", "/submodels", "Content-Type: application/xml\r\n", "<a/>", 400},
    {"duplicate keys", "POST", "/submodels", "",
        "{\"modelType\":\"Submodel\",\"id\":\"urn:x\",\"id\":\"urn:y\"}", 400},
    {"NUL escape", "POST", "/submodels", "", "{\"modelType\":\"Submodel\",\"id\":\"urn:\\u0000x\"}",
        400},
    {"trailing garbage", "POST", "/submodels", "",
        "{\"modelType\":\"Submodel\",\"id\":\"urn:x\"} {}", 400},
    {"form without boundary", "POST", "/upload", "Content-Type: multipart/form-data\r\n", "--",
        400},
    {"form without file", "POST", "/upload", "Content-Type: multipart/form-data; boundary=x\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n", 400},
    {"form without end", "POST", "/upload", "Content-Type: multipart/form-data; boundary=x\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}", 400},
    {"form that is only its boundary", "POST", "/upload",
        "Content-Type: multipart/form-data; boundary=x\r\n", "--x\r\n--x", 400},
    {"uploaded file that is no AAS", "POST", "/upload", "", "{\"hello\":\"world\"}", 400},
    {"uploaded broken ZIP", "POST", "/upload", "Content-Type: application/octet-stream\r\n",
        "PK\003\004 this is no archive", 400},
    {"uploaded picture", "POST", "/upload", "Content-Type: image/png\r\n", "PNG", 415},
};

Test(gates, each_slip_is_a_clear_4xx_and_nothing_is_stored)
{
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++) {
        const struct gate *g = &gates[i];
        struct answer answer = client_ask(server.port, g->method, g->target, g->headers, g->body);
        cr_assert_eq(answer.status, g->status, "%s gave %d %s", g->name, answer.status,
            answer.body != NULL ? answer.body : "");
        assert_refused(&answer, g->name);
        answer_free(&answer);
    }
    assert_empty(&server);
    server_down(&server);
}

Test(gates, an_identifier_beyond_2048_characters_is_400)
{
    static const struct {
        size_t characters;
        int status;
    } cases[] = {{2048, 404}, {2049, 400}, {5000, 400}};
    struct test_server server;
    server_up(&server, NULL);
    for (size_t i = 0; i < 3; i++) {
        char *id = repeated("", "a", cases[i].characters, "");
        char *target = malloc(16384);
        snprintf(target, 16384, "/submodels/%s", id64(id));
        cr_assert_eq(client_status(server.port, "GET", target, "", NULL), cases[i].status);
        free(target);
        free(id);
    }
    server_down(&server);
}

Test(gates, a_body_beyond_the_ceiling_is_413_also_when_chunked)
{
    struct test_server server;
    server_up(&server, &(struct api_server_options){.max_body = 10000});
    char *big = repeated("{\"a\":\"", "x", 10000, "\"}");
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", big), 413);
    struct buf buf;
    buf_init(&buf, 1 << 20);
    buf_add_text(
        &buf, "POST /submodels HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 200; i++) {
        buf_printf(&buf, "400\r\n%.1024s\r\n", big);
    }
    buf_add_text(&buf, "0\r\n\r\n");
    struct answer answer = client_raw(server.port, buf.bytes, buf.len);
    cr_assert_eq(answer.status, 413, "%d", answer.status);
    answer_free(&answer);
    buf_finish(&buf);
    free(big);
    assert_empty(&server);
    server_down(&server);
}

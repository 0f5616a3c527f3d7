/* SPDX-License-Identifier: Apache-2.0 */
/* Packed answers say the same as plain ones, to clients that asked for them only; packed requests
 * are taken up to the same ceiling as plain ones. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

#include "api/gzip.h"
#include "tests/api/client.h"

enum { ROOM = 1 << 20, GZIP = 15 + 16 };

#define LARGE "/submodels/dXJuOmxhcmdl"
#define SMALL "/submodels/dXJuOnNtYWxs"
#define ASK_GZIP "Accept-Encoding: gzip\r\n"

static char *large_submodel(size_t elements)
{
    char *text = malloc(200 * elements + 200);
    char *at = text;
    at += sprintf(at, "{\"modelType\":\"Submodel\",\"id\":\"urn:large\",\"submodelElements\":[");
    for (size_t i = 0; i < elements; i++) {
        at += sprintf(at,
            "%s{\"modelType\":\"Property\",\"idShort\":\"Speed%zu\",\"valueType\":\"xs:int\","
            "\"value\":\"%zu\"}",
            i > 0 ? "," : "", i, i * 37);
    }
    strcpy(at, "]}");
    return text;
}

static void up(struct test_server *server)
{
    char *large = large_submodel(200);
    server_up(server, &(struct api_server_options){.max_body = ROOM, .memory_bytes = 64 * ROOM});
    cr_assert_eq(client_status(server->port, "POST", "/submodels", "", large), 201);
    cr_assert_eq(client_status(server->port, "POST", "/submodels", "",
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:small\"}"),
        201);
    free(large);
}

static size_t inflated(const struct answer *answer, char *to, size_t room)
{
    z_stream z = {.next_in = (unsigned char *)answer->body,
        .avail_in = (uInt)answer->body_len,
        .next_out = (unsigned char *)to,
        .avail_out = (uInt)room - 1};
    cr_assert_eq(inflateInit2(&z, GZIP), Z_OK);
    cr_assert_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    to[z.total_out] = '\0';
    return z.total_out;
}

static size_t deflated(const char *text, size_t len, char *to, size_t room)
{
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)text,
        .avail_in = (uInt)len,
        .next_out = (unsigned char *)to,
        .avail_out = (uInt)room};
    cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
    cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return z.total_out;
}

static bool has_field(const struct answer *answer, const char *line)
{
    return strstr(answer->head, line) != NULL;
}

/* ------------------------------------------------------------------ asking */

Test(gzip, it_is_wanted_when_the_client_says_so)
{
    static const struct {
        const char *field;
        bool wanted;
    } cases[] = {{NULL, false}, {"", false}, {"gzip", true}, {"x-gzip", true}, {"GZIP", true},
        {"br, gzip", true}, {"gzip, deflate, br", true}, {"deflate", false}, {"gzipped", false},
        {"*", true}, {"*;q=0", false}, {"gzip;q=0", false}, {"gzip;q=0.0", false},
        {"gzip;q=0.000", false}, {"gzip;q=0.001", true}, {"gzip; q=0.5", true}, {"gzip;q=1", true},
        {"gzip;q=0, *", false}, {"*;q=0, gzip", true}, {"identity", false},
        {"identity, gzip", true}, {"identity;q=1, gzip;q=0.5", false},
        {"identity;q=0.5, gzip;q=0.8", true}, {"identity;q=0, *;q=0.1", true}, {"gzip;x=1", false},
        {",,gzip,,", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert_eq(gzip_is_wanted(cases[i].field), cases[i].wanted, "%s", cases[i].field);
    }
}

Test(gzip, a_packed_answer_says_the_same_as_a_plain_one)
{
    static const char *const targets[] = {
        LARGE, LARGE "/$value", LARGE "/submodel-elements", LARGE "/$metadata", "/submodels"};
    struct test_server server;
    char *plain = malloc(ROOM);
    up(&server);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct answer wanted = client_ask(server.port, "GET", targets[i], "", NULL);
        struct answer packed = client_ask(server.port, "GET", targets[i], ASK_GZIP, NULL);
        cr_assert_null(answer_field(&wanted, "Content-Encoding"));
        if (wanted.body_len >= GZIP_LEAST) {
            cr_assert_str_eq(answer_field(&packed, "Content-Encoding"), "gzip", "%s", targets[i]);
            cr_assert(has_field(&wanted, "\r\nVary: Accept-Encoding\r\n"), "%s", wanted.head);
            cr_assert(has_field(&packed, "\r\nVary: Accept-Encoding\r\n"), "%s", packed.head);
            cr_assert_lt(packed.body_len, wanted.body_len / 2);
            inflated(&packed, plain, ROOM);
            cr_assert_str_eq(plain, wanted.body, "%s", targets[i]);
        } else {
            cr_assert_null(answer_field(&packed, "Content-Encoding"), "%s", targets[i]);
        }
        answer_free(&wanted);
        answer_free(&packed);
    }
    free(plain);
    server_down(&server);
}

/* RFC 9110, 8.6: the length of an answer to HEAD is the one that GET would have. */
Test(gzip, head_tells_what_get_would_send)
{
    static const char *const fields[] = {
        "Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary"};
    static const char *const targets[] = {LARGE, LARGE "/$value", SMALL, "/submodels"};
    struct test_server server;
    up(&server);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct answer get = client_ask(server.port, "GET", targets[i], ASK_GZIP, NULL);
        struct answer head = client_ask(server.port, "HEAD", targets[i], ASK_GZIP, NULL);
        cr_assert_eq(head.status, 200);
        cr_assert_eq(head.body_len, 0);
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            const char *field = answer_field(&get, fields[k]);
            char wanted[200];
            snprintf(wanted, sizeof wanted, "%s", field != NULL ? field : "none");
            field = answer_field(&head, fields[k]);
            cr_assert_str_eq(
                field != NULL ? field : "none", wanted, "%s %s", targets[i], fields[k]);
        }
        answer_free(&get);
        answer_free(&head);
    }
    server_down(&server);
}

struct plain_case {
    const char *method;
    const char *target;
    const char *headers;
};

static const struct plain_case plain_cases[] = {
    {"GET", SMALL, ASK_GZIP},
    {"GET", "/submodels/dXJuOm5vbmU", ASK_GZIP},
    {"GET", LARGE, ""},
    {"GET", LARGE, "Accept-Encoding: gzip;q=0\r\n"},
    {"GET", LARGE, "Accept-Encoding: br, deflate\r\n"},
    {"GET", "/serialization?submodelIds=dXJuOmxhcmdl",
        ASK_GZIP "Accept: application/asset-administration-shell-package\r\n"},
};

Test(gzip, what_is_small_packed_already_or_not_asked_for_stays_plain)
{
    struct test_server server;
    up(&server);
    for (size_t i = 0; i < sizeof plain_cases / sizeof *plain_cases; i++) {
        const struct plain_case *c = &plain_cases[i];
        struct answer answer = client_ask(server.port, c->method, c->target, c->headers, NULL);
        cr_assert_null(answer_field(&answer, "Content-Encoding"), "%zu: %s", i, answer.head);
        const char *tag = answer_field(&answer, "ETag");
        cr_assert(tag == NULL || strstr(tag, "gzip") == NULL, "%zu: %s", i, answer.head);
        answer_free(&answer);
    }
    server_down(&server);
}

/* ------------------------------------------------------------------ entity tags */

static void keep_tag(const struct test_server *server, const char *headers, char tag[200])
{
    struct answer answer = client_ask(server->port, "GET", LARGE, headers, NULL);
    const char *field = answer_field(&answer, "ETag");
    cr_assert_not_null(field);
    snprintf(tag, 200, "%s", field);
    answer_free(&answer);
}

Test(gzip, a_packed_answer_has_a_tag_of_its_own_and_both_are_known)
{
    struct test_server server;
    char tags[4][200];
    char headers[500];
    up(&server);
    keep_tag(&server, "", tags[0]);
    keep_tag(&server, ASK_GZIP, tags[1]);
    keep_tag(&server, "Accept: application/xml\r\n", tags[2]);
    keep_tag(&server, "Accept: application/xml\r\n" ASK_GZIP, tags[3]);
    for (size_t i = 0; i < 4; i++) {
        for (size_t n = 0; n < i; n++) {
            cr_assert_str_neq(tags[i], tags[n]);
        }
        snprintf(headers, sizeof headers, "%s%sIf-None-Match: \"x\", W/%s\r\n",
            i >= 2 ? "Accept: application/xml\r\n" : "", i % 2 == 1 ? ASK_GZIP : "", tags[i]);
        struct answer answer = client_ask(server.port, "GET", LARGE, headers, NULL);
        cr_assert_eq(answer.status, 304, "%s: %d", headers, answer.status);
        cr_assert_str_eq(answer_field(&answer, "ETag"), tags[i]);
        cr_assert(has_field(&answer, "\r\nVary: Accept-Encoding\r\n"));
        answer_free(&answer);
    }
    server_down(&server);
}

Test(gzip, who_has_read_a_packed_answer_can_change_what_it_said)
{
    static const char changed[] =
        "{\"modelType\":\"Submodel\",\"id\":\"urn:large\",\"idShort\":\"Changed\"}";
    struct test_server server;
    char tag[200];
    char headers[300];
    up(&server);
    keep_tag(&server, ASK_GZIP, tag);
    cr_assert_not_null(strstr(tag, API_GZIP_TAG "\""));
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", tag);
    cr_assert_eq(client_status(server.port, "PUT", LARGE, headers, changed), 204);
    cr_assert_eq(client_status(server.port, "PUT", LARGE, headers, changed), 412);
    server_down(&server);
}

/* ------------------------------------------------------------------ packed requests */

static int post_packed(
    const struct test_server *server, const char *coding, const char *bytes, size_t len)
{
    char headers[200];
    snprintf(headers, sizeof headers, "Content-Type: application/json\r\nContent-Encoding: %s\r\n",
        coding);
    struct answer answer = client_post(server->port, "/submodels", headers, bytes, len);
    int status = answer.status;
    cr_assert(status == 201 || strstr(answer.body, "\"messages\":[{") != NULL, "%s", answer.body);
    answer_free(&answer);
    return status;
}

Test(gzip, a_packed_request_is_taken_like_a_plain_one)
{
    struct test_server server;
    char packed[8192];
    char *text = large_submodel(100);
    server_up(&server, NULL);
    size_t half = strlen(text) / 2;
    size_t len = deflated(text, half, packed, sizeof packed);
    len += deflated(text + half, strlen(text) - half, packed + len, sizeof packed - len);
    cr_assert_eq(post_packed(&server, "gzip", packed, len), 201);
    struct answer answer = client_ask(server.port, "GET", LARGE, "", NULL);
    cr_assert_str_eq(answer.body, text);
    answer_free(&answer);
    free(text);
    server_down(&server);
}

Test(gzip, a_damaged_or_foreign_request_is_refused)
{
    struct test_server server;
    char packed[8192];
    char *text = large_submodel(100);
    server_up(&server, NULL);
    size_t len = deflated(text, strlen(text), packed, sizeof packed);
    cr_assert_eq(post_packed(&server, "gzip", packed, len - 9), 400, "cut");
    cr_assert_eq(post_packed(&server, "gzip", packed, 4), 400, "cut in the header");
    cr_assert_eq(post_packed(&server, "gzip", text, strlen(text)), 400, "plain");
    cr_assert_eq(post_packed(&server, "br", packed, len), 415);
    cr_assert_eq(post_packed(&server, "deflate", packed, len), 415);
    cr_assert_eq(post_packed(&server, "gzip, gzip", packed, len), 415);
    cr_assert_eq(post_packed(&server, "identity", packed, len), 400, "as if nothing were said");
    memcpy(packed + len, "more", 4);
    cr_assert_eq(post_packed(&server, "gzip", packed, len + 4), 400, "something behind it");
    packed[len / 2] = (char)(packed[len / 2] ^ 0x55);
    cr_assert_eq(post_packed(&server, "gzip", packed, len), 400, "one byte changed");
    cr_assert_eq(client_status(server.port, "GET", LARGE, "", NULL), 404, "nothing is stored");
    free(text);
    server_down(&server);
}

/* Blanks around a document, so that its size can be chosen. */
static size_t padded(size_t size, char **packed)
{
    static const char document[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:padded\"}";
    char *text = malloc(size);
    memset(text, ' ', size);
    memcpy(text, document, sizeof document - 1);
    *packed = malloc(size / 100 + 1000);
    size_t len = deflated(text, size, *packed, size / 100 + 1000);
    free(text);
    return len;
}

Test(gzip, a_request_is_unpacked_up_to_the_ceiling_and_not_beyond)
{
    struct test_server server;
    char *packed;
    up(&server);
    size_t len = padded(ROOM + 1, &packed);
    cr_assert_eq(post_packed(&server, "gzip", packed, len), 413);
    free(packed);
    len = padded((size_t)256 << 20, &packed);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double start = client_now();
    cr_assert_eq(post_packed(&server, "gzip", packed, len), 413);
    getrusage(RUSAGE_SELF, &after);
    cr_assert_lt(client_now() - start, 10.0);
    cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 64 * 1024);
    free(packed);
    len = padded(ROOM, &packed);
    cr_assert_eq(post_packed(&server, "gzip", packed, len), 201);
    free(packed);
    server_down(&server);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Registry of shells and submodels over a socket. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/client.h"
#include "tests/support/corpus.h"

TestSuite(descriptors, .timeout = 120);

#define SHELL(id, submodels)                                                                       \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"" id                                     \
    "\",\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:" id        \
    "\"}" submodels "}"
#define REFERS(id)                                                                                 \
    ",\"submodels\":[{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":"     \
    "\"" id "\"}]}]"
#define SUBMODEL(id) "{\"modelType\":\"Submodel\",\"id\":\"" id "\",\"idShort\":\"Data\"}"
#define ENDPOINT                                                                                   \
    "\"endpoints\":[{\"interface\":\"AAS-3.0\",\"protocolInformation\":{\"href\":\"a:b\"}}]"
#define BY_HAND(id) "{" ENDPOINT ",\"id\":\"" id "\"}"

#define A "/shell-descriptors/dXJuOmE"
#define S "/submodel-descriptors/dXJuOnM"
#define INNER A "/submodel-descriptors"
#define DEEP INNER "/dXJuOnM"

static struct test_server server;

static void up(void)
{
    server_up(&server, NULL);
}

static int status(const char *method, const char *target, const char *headers, const char *body)
{
    return client_status(server.port, method, target, headers, body);
}

/* A request to a host of its own. */
static int status_at(const char *host, const char *method, const char *target, const char *body)
{
    char text[2000];
    int len = snprintf(text, sizeof text,
        "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        method, target, host, strlen(body), body);
    struct answer answer = client_raw(server.port, text, (size_t)len);
    int given = answer.status;
    answer_free(&answer);
    return given;
}

static void put_shell(const char *json)
{
    cr_assert_eq(status("POST", "/shells", "", json), 201);
}

/* The body of a GET that gives 200. */
static char *got(const char *target)
{
    struct answer answer = client_ask(server.port, "GET", target, "", NULL);
    cr_assert_eq(answer.status, 200, "%s gives %d: %s", target, answer.status, answer.body);
    char *body = strdup(answer.body);
    answer_free(&answer);
    return body;
}

static void expect_in(const char *target, const char *wanted, bool there)
{
    char *body = got(target);
    cr_expect_eq(strstr(body, wanted) != NULL, there, "%s in %s: %s", wanted, target, body);
    free(body);
}

static const char *path(const char *format, const char *a, const char *b)
{
    static char text[4][4000];
    static int at;
    char *to = text[at++ % 4];
    snprintf(to, sizeof text[0], format, id64(a), b == NULL ? "" : id64(b));
    return to;
}

/* ------------------------------------------------------------------ derived */

Test(descriptors, a_shell_appears_as_soon_as_it_is_stored_and_vanishes_with_it)
{
    up();
    put_shell(SHELL("urn:a", REFERS("urn:s")));
    cr_assert_eq(status("POST", "/submodels", "", SUBMODEL("urn:s")), 201);
    expect_in("/shell-descriptors", "\"interface\":\"AAS-3.0\"", true);
    expect_in("/shell-descriptors", "\"href\":\"http://localhost/shells/dXJuOmE\"", true);
    expect_in("/api/v3/shell-descriptors", "http://localhost/api/v3/shells/dXJuOmE", true);
    expect_in("/submodel-descriptors", "\"interface\":\"SUBMODEL-3.0\"", true);
    expect_in(path("/shell-descriptors/%s", "urn:a", NULL), "\"globalAssetId\":\"urn:asset:urn:a\"",
        true);
    expect_in(path("/shell-descriptors/%s/submodel-descriptors", "urn:a", NULL),
        "http://localhost/submodels/dXJuOnM", true);
    cr_expect_eq(status("DELETE", path("/shells/%s", "urn:a", NULL), "", NULL), 204);
    cr_expect_eq(status("GET", path("/shell-descriptors/%s", "urn:a", NULL), "", NULL), 404);
    expect_in("/shell-descriptors", "urn:a", false);
    server_down(&server);
}

Test(descriptors, hrefs_are_those_of_the_operator_or_of_a_trusted_proxy)
{
    static const struct {
        const char *external;
        bool trust;
        const char *fields;
        const char *href;
    } rows[] = {
        {"https://plant.example/aas/", false, "", "https://plant.example/aas/shells/dXJuOmE"},
        {NULL, false, "X-Forwarded-Host: evil.example\r\n", "http://localhost/shells/dXJuOmE"},
        {NULL, true,
            "X-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example, b\r\nX-Forwarded-Prefix: "
            "/jig/\r\n",
            "https://a.example/jig/shells/dXJuOmE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct api_server_options options = {
            .external_url = rows[i].external, .trust_proxy = rows[i].trust};
        server_up(&server, &options);
        put_shell(SHELL("urn:a", ""));
        struct answer answer = client_ask(
            server.port, "GET", path("/shell-descriptors/%s", "urn:a", NULL), rows[i].fields, NULL);
        cr_expect_eq(answer.status, 200);
        cr_expect_not_null(strstr(answer.body, rows[i].href), "%s", answer.body);
        answer_free(&answer);
        server_down(&server);
    }
}

/* What Location names has to be found by the client, through the same proxy. */
Test(descriptors, locations_are_below_the_path_of_the_operator_or_of_a_trusted_proxy)
{
    static const struct {
        const char *external;
        bool trust;
        const char *target;
        const char *fields;
        const char *location;
    } rows[] = {
        {"https://plant.example/aas/", false, "/shells", "", "/aas/shells/dXJuOmE"},
        {"https://plant.example", false, "/shells", "", "/shells/dXJuOmE"},
        {"https://plant.example/aas", false, "/api/v3/shells", "", "/aas/api/v3/shells/dXJuOmE"},
        {"https://plant.example/api/v3", false, "/api/v3/shells", "", "/api/v3/shells/dXJuOmE"},
        {"https://plant.example/api/v3", false, "/shells", "", "/api/v3/shells/dXJuOmE"},
        {NULL, false, "/shells", "X-Forwarded-Prefix: /jig\r\n", "/shells/dXJuOmE"},
        {NULL, true, "/shells", "X-Forwarded-Prefix: /jig/\r\n", "/jig/shells/dXJuOmE"},
        {NULL, true, "/shells", "X-Forwarded-Prefix: jig\r\n", "/shells/dXJuOmE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct api_server_options options = {
            .external_url = rows[i].external, .trust_proxy = rows[i].trust};
        server_up(&server, &options);
        struct answer answer =
            client_ask(server.port, "POST", rows[i].target, rows[i].fields, SHELL("urn:a", ""));
        cr_assert_eq(answer.status, 201, "%zu: %s", i, answer.body);
        cr_expect_str_eq(answer_field(&answer, "Location"), rows[i].location, "%zu", i);
        answer_free(&answer);
        server_down(&server);
    }
}

Test(descriptors, a_server_may_be_changed_under_the_name_it_is_known_by)
{
    const struct api_server_options options = {.external_url = "https://plant.example:8443/aas"};
    server_up(&server, &options);
    cr_expect_eq(status_at("plant.example", "PUT", A, BY_HAND("urn:a")), 201);
    cr_expect_eq(status_at("plant.example.org", "PUT", A, BY_HAND("urn:a")), 403);
    server_down(&server);
}

/* ------------------------------------------------------------------ by hand */

struct step {
    const char *method;
    const char *target;
    const char *body;
    int status;
};

static void walk(const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct answer answer =
            client_ask(server.port, steps[i].method, steps[i].target, "", steps[i].body);
        cr_expect_eq(answer.status, steps[i].status, "%s %s %s gives %d: %s", steps[i].method,
            steps[i].target, steps[i].body == NULL ? "" : steps[i].body, answer.status,
            answer.body);
        answer_free(&answer);
    }
}

Test(descriptors, are_registered_changed_and_removed_by_hand)
{
    static const struct step steps[] = {
        {"GET", A, NULL, 404},
        {"PUT", A, BY_HAND("urn:b"), 400},
        {"POST", "/shell-descriptors", BY_HAND("urn:a"), 201},
        {"POST", "/shell-descriptors", BY_HAND("urn:a"), 409},
        {"GET", A, NULL, 200},
        {"HEAD", A, NULL, 200},
        {"GET", "/shells/dXJuOmE", NULL, 404},
        {"GET", "/shells/dXJuOmE/$history", NULL, 404},
        {"PUT", A, "{\"id\":\"urn:a\"}", 204},
        {"GET", DEEP, NULL, 404},
        {"POST", INNER, BY_HAND("urn:s"), 201},
        {"POST", INNER, BY_HAND("urn:s"), 409},
        {"GET", DEEP, NULL, 200},
        {"PUT", DEEP, BY_HAND("urn:x"), 400},
        {"PUT", DEEP, BY_HAND("urn:s"), 204},
        {"PUT", INNER "/dXJuOng", BY_HAND("urn:x"), 201},
        {"DELETE", DEEP, NULL, 204},
        {"DELETE", DEEP, NULL, 404},
        {"DELETE", A, NULL, 204},
        {"DELETE", A, NULL, 404},
        {"GET", INNER, NULL, 404},
        {"POST", INNER, BY_HAND("urn:s"), 404},
        {"PUT", S, BY_HAND("urn:s"), 201},
        {"PUT", S, BY_HAND("urn:s"), 204},
        {"GET", S, NULL, 200},
        {"DELETE", S, NULL, 204},
        {"PATCH", A, "{}", 405},
        {"DELETE", "/shell-descriptors", NULL, 405},
    };
    up();
    walk(steps, sizeof steps / sizeof *steps);
    server_down(&server);
}

Test(descriptors, one_by_hand_comes_back_as_it_was_and_says_where_it_is_from)
{
    up();
    put_shell(SHELL("urn:a", ""));
    struct answer answer = client_ask(server.port, "GET", A, "", NULL);
    cr_expect_str_eq(answer_field(&answer, "X-Descriptor-Source"), "repository");
    answer_free(&answer);
    answer = client_ask(server.port, "PUT", A, "", BY_HAND("urn:a"));
    cr_expect_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    answer = client_ask(server.port, "GET", A, "", NULL);
    cr_expect_str_eq(answer.body, BY_HAND("urn:a"));
    cr_expect_str_eq(answer_field(&answer, "X-Descriptor-Source"), "registered");
    answer_free(&answer);
    server_down(&server);
}

Test(descriptors, a_created_one_is_told_with_its_place)
{
    up();
    struct answer answer = client_ask(server.port, "PUT", "/api/v3" A, "", BY_HAND("urn:a"));
    cr_expect_eq(answer.status, 201);
    cr_expect_str_eq(answer_field(&answer, "Location"), "/api/v3" A);
    cr_expect_str_eq(answer.body, BY_HAND("urn:a"));
    answer_free(&answer);
    answer = client_ask(server.port, "POST", INNER, "", BY_HAND("urn:s"));
    cr_expect_str_eq(answer_field(&answer, "Location"), DEEP);
    answer_free(&answer);
    server_down(&server);
}

Test(descriptors, an_inner_one_of_a_derived_descriptor_makes_it_one_by_hand)
{
    up();
    put_shell(SHELL("urn:a", REFERS("urn:s")));
    cr_assert_eq(status("POST", "/submodels", "", SUBMODEL("urn:s")), 201);
    cr_expect_eq(status("POST", INNER, "", BY_HAND("urn:s")), 201);
    cr_expect_eq(status("POST", INNER, "", BY_HAND("urn:s")), 409);
    expect_in(A, "jig-descriptor-source", false);
    expect_in(A, "\"href\":\"a:b\"", true);
    expect_in(S, "jig-descriptor-source", true);
    server_down(&server);
}

/* ------------------------------------------------------------------ conditions */

static char *etag_of(const char *target)
{
    struct answer answer = client_ask(server.port, "GET", target, "", NULL);
    cr_assert_eq(answer.status, 200);
    char *field = NULL;
    cr_assert(asprintf(&field, "%s", answer_field(&answer, "ETag")) > 0);
    answer_free(&answer);
    return field;
}

static int with(
    const char *method, const char *target, const char *field, const char *etag, const char *body)
{
    char headers[200];
    snprintf(headers, sizeof headers, "%s: %s\r\n", field, etag);
    return status(method, target, headers, body);
}

Test(descriptors, tags_guard_against_overwriting_what_somebody_else_has_changed)
{
    up();
    put_shell(SHELL("urn:a", ""));
    char *derived = etag_of(A);
    cr_expect_eq(with("GET", A, "If-None-Match", derived, NULL), 304);
    cr_expect_eq(with("PUT", A, "If-None-Match", "*", BY_HAND("urn:a")), 412);
    cr_expect_eq(with("PUT", A, "If-Match", "\"0123\"", BY_HAND("urn:a")), 412);
    cr_expect_eq(with("PUT", A, "If-Match", derived, BY_HAND("urn:a")), 204);
    cr_expect_eq(with("DELETE", A, "If-Match", derived, NULL), 412);
    cr_expect_eq(with("POST", INNER, "If-Match", "*", BY_HAND("urn:s")), 412);
    cr_expect_eq(with("POST", INNER, "If-None-Match", "*", BY_HAND("urn:s")), 201);
    char *deep = etag_of(DEEP);
    cr_expect_eq(with("GET", DEEP, "If-None-Match", deep, NULL), 304);
    cr_expect_eq(
        with("PUT", DEEP, "If-Match", deep, "{" ENDPOINT ",\"idShort\":\"Ab\",\"id\":\"urn:s\"}"),
        204);
    cr_expect_eq(with("DELETE", DEEP, "If-Match", deep, NULL), 412);
    char *now = etag_of(A);
    cr_expect_eq(with("DELETE", A, "If-Match", now, NULL), 204);
    cr_expect_eq(with("PUT", S, "If-Match", "*", BY_HAND("urn:s")), 412);
    cr_expect_eq(with("PUT", S, "If-None-Match", "*", BY_HAND("urn:s")), 201);
    free(derived);
    free(deep);
    free(now);
    server_down(&server);
}

/* ------------------------------------------------------------------ lists */

/* How often a text occurs. */
static int times(const char *in, const char *text)
{
    int count = 0;
    for (const char *at = in; (at = strstr(at, text)) != NULL; at += strlen(text)) {
        count++;
    }
    return count;
}

/* Follows the cursors of a list and counts its items; pages have at most `limit`. */
static int count_pages(const char *list, int limit, const char *item)
{
    char target[400];
    char cursor[300] = "";
    int count = 0;
    do {
        snprintf(target, sizeof target, "%s?limit=%d%s%s", list, limit,
            cursor[0] != '\0' ? "&cursor=" : "", cursor);
        char *body = got(target);
        int here = times(body, item);
        cr_expect_leq(here, limit);
        count += here;
        const char *at = strstr(body, "\"cursor\":\"");
        cursor[0] = '\0';
        if (at != NULL) {
            sscanf(at + 10, "%299[^\"]", cursor);
        }
        free(body);
    } while (cursor[0] != '\0');
    return count;
}

Test(descriptors, pages_hold_both_kinds_each_once)
{
    char json[300];
    up();
    for (int i = 0; i < 7; i++) {
        snprintf(json, sizeof json, SHELL("urn:shell:%d", ""), i, i);
        put_shell(json);
        snprintf(json, sizeof json, BY_HAND("urn:hand:%d"), i);
        cr_assert_eq(status("POST", "/shell-descriptors", "", json), 201);
    }
    cr_assert_eq(status("POST", "/shell-descriptors", "", BY_HAND("urn:shell:3")), 201);
    for (int limit = 1; limit <= 15; limit += 2) {
        cr_expect_eq(count_pages("/shell-descriptors", limit, "\"id\":\"urn:"), 14);
    }
    server_down(&server);
}

Test(descriptors, inner_pages_go_on_behind_the_last_one_seen)
{
    char json[300];
    up();
    cr_assert_eq(status("POST", "/shell-descriptors", "", BY_HAND("urn:a")), 201);
    for (int i = 0; i < 5; i++) {
        snprintf(json, sizeof json, BY_HAND("urn:s:%d"), i);
        cr_assert_eq(status("POST", INNER, "", json), 201);
    }
    for (int limit = 1; limit <= 6; limit++) {
        cr_expect_eq(count_pages(INNER, limit, "\"id\":\"urn:s:"), 5);
    }
    char *body = got(INNER "?limit=2");
    char cursor[300];
    cr_assert_eq(sscanf(strstr(body, "\"cursor\":\""), "\"cursor\":\"%299[^\"]", cursor), 1);
    free(body);
    cr_expect_eq(status("DELETE", path(INNER "/%s", "urn:s:0", NULL), "", NULL), 204);
    char target[400];
    snprintf(target, sizeof target, INNER "?limit=2&cursor=%s", cursor);
    expect_in(target, "urn:s:1", false);
    expect_in(target, "urn:s:2", true);
    server_down(&server);
}

Test(descriptors, are_filtered_by_kind_and_type_of_the_asset)
{
    up();
    put_shell("{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:a\",\"assetInformation\":{"
              "\"assetKind\":\"Type\",\"globalAssetId\":\"urn:g\",\"assetType\":\"urn:press\"}}");
    put_shell(SHELL("urn:b", ""));
    char target[200];
    snprintf(target, sizeof target, "/shell-descriptors?assetType=%s", id64("urn:press"));
    expect_in(target, "urn:a", true);
    expect_in(target, "\"id\":\"urn:b\"", false);
    expect_in("/shell-descriptors?assetKind=Instance", "\"id\":\"urn:a\"", false);
    expect_in("/shell-descriptors?assetKind=Instance", "urn:b", true);
    server_down(&server);
}

/* ------------------------------------------------------------------ bad input */

Test(descriptors, what_is_wrong_is_refused_in_words)
{
    static const struct {
        const char *method;
        const char *target;
        const char *body;
        int status;
        const char *said;
    } rows[] = {
        {"GET", "/shell-descriptors?limit=-1", NULL, 400, "limit"},
        {"GET", "/shell-descriptors?limit=0", NULL, 400, "limit"},
        {"GET", "/shell-descriptors?limit=2&limit=3", NULL, 400, "twice"},
        {"GET", "/shell-descriptors?cursor=abc", NULL, 400, "cursor"},
        {"GET", INNER "?cursor=c1", NULL, 400, "cursor"},
        {"GET", "/shell-descriptors?assetKind=instance", NULL, 400, "assetKind"},
        {"GET", "/shell-descriptors?assetType=%3D%3D", NULL, 400, "assetType"},
        {"GET", "/shell-descriptors/abc=", NULL, 400, "base64url"},
        {"GET", "/submodel-descriptors/_w", NULL, 400, "UTF-8"},
        {"POST", "/shell-descriptors", "", 400, "empty"},
        {"POST", "/shell-descriptors", "[]", 400, "must be an object"},
        {"POST", "/shell-descriptors", "{\"id\":\"a\",\"idd\":1}", 400, "idd"},
        {"POST", "/shell-descriptors", "{}", 400, "has no id"},
        {"POST", "/shell-descriptors", "{\"id\":7}", 400, "must be a string"},
        {"POST", "/submodel-descriptors", "{\"id\":\"a\"}", 400, "has no endpoints"},
        {"POST", "/submodel-descriptors", "{\"id\":\"a\",\"endpoints\":[{\"interface\":\"x\"}]}",
            400, "/endpoints/0"},
        {"POST", "/submodel-descriptors", "{\"id\":\"a\",", 400, ""},
        {"POST", INNER, "{\"id\":\"a\"}", 400, "has no endpoints"},
        {"PUT", S, "{\"id\":\"urn:s\",\"endpoints\":[]}", 400, "/endpoints"},
    };
    up();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer =
            client_ask(server.port, rows[i].method, rows[i].target, "", rows[i].body);
        cr_expect_eq(answer.status, rows[i].status, "%s %s: %d %s", rows[i].method, rows[i].target,
            answer.status, answer.body);
        cr_expect_not_null(
            strstr(answer.body, rows[i].said), "%s: %s", rows[i].target, answer.body);
        answer_free(&answer);
    }
    expect_in("/shell-descriptors?cursor=cffff", "\"result\":[]", true);
    cr_expect_eq(status("POST", "/shell-descriptors", "Content-Type: application/xml\r\n",
                     "<shellDescriptor/>"),
        415);
    cr_expect_eq(status("GET", "/shell-descriptors", "Accept: application/xml\r\n", NULL), 406);
    cr_expect_eq(status_at("a b", "GET", "/shell-descriptors", ""), 400);
    server_down(&server);
}

/* ------------------------------------------------------------------ taking along */

static int command(const char *format, const char *dir)
{
    char text[2000];
    char line[2400];
    snprintf(text, sizeof text, format, dir, dir);
    snprintf(line, sizeof line, "%s %s >/dev/null 2>&1", JIG_BINARY, text);
    return system(line);
}

Test(descriptors, an_exported_folder_brings_registrations_into_another_store)
{
    char *dir = scratch_new();
    char store[400];
    char text[1000];
    up();
    put_shell(SHELL("urn:hidden", ""));
    cr_assert_eq(status("PUT", A, "", BY_HAND("urn:a")), 201);
    cr_assert_eq(
        status("POST", "/lookup/shells/dXJuOmE", "", "{\"name\":\"n\",\"value\":\"v\"}"), 201);
    cr_assert_eq(
        status("DELETE", path("/shell-descriptors/%s", "urn:hidden", NULL), "", NULL), 204);
    snprintf(text, sizeof text, "export --store '%s' --output '%%s/out/'", server.dir);
    cr_assert_eq(command(text, dir), 0);
    server_down(&server);
    cr_assert_eq(command("import --store '%s/s' --without-library '%s/out'", dir), 0);
    cr_assert_eq(command("export --store '%s/s' --output '%s/again/'", dir), 0);
    snprintf(store, sizeof store, "diff -r '%s/out' '%s/again'", dir, dir);
    cr_expect_eq(system(store), 0);
    cr_expect_eq(command("verify-store --store '%s/s'", dir), 0);
    snprintf(text, sizeof text, "%s/out/_registered.json", dir);
    size_t len = 0;
    char *bytes = file_read(text, &len);
    cr_expect_not_null(strstr(bytes, BY_HAND("urn:a")), "%s", bytes);
    cr_expect_not_null(strstr(bytes, "urn:hidden"), "%s", bytes);
    free(bytes);
    scratch_remove(dir);
}

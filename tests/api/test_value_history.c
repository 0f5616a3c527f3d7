/* SPDX-License-Identifier: Apache-2.0 */
/* The values that an element has had. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/value_history.h"
#include "tests/api/client.h"

#define PROPERTY(name, type, value)                                                                \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" type                   \
    "\",\"value\":\"" value "\"}"
#define SUBMODEL                                                                                   \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"urn:press\",\"submodelElements\":" \
    "[" PROPERTY("Note", "xs:string", "a") "," PROPERTY("Oil", "xs:double", "37.88") "," PROPERTY( \
        "Force", "xs:int", "1000") ","                                                             \
                                   "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":"     \
                                   "\"Ram\",\"value\":[" PROPERTY("Speed", "xs:int", "5") "]}]}"

enum { WRITES = 150 };

static struct test_server server;

static void start(void)
{
    server_up(&server, NULL);
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", SUBMODEL), 201);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(value_history, .init = start, .fini = stop, .timeout = 120);

static void set(const char *path, const char *value)
{
    char target[256];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/%s/$value", id64("urn:press"),
        path);
    cr_assert_eq(client_status(server.port, "PATCH", target, "", value), 204, "%s %s", path, value);
}

static struct answer ask(const char *path, const char *query, const char *headers)
{
    char target[512];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/%s/$history%s",
        id64("urn:press"), path, query);
    return client_ask(server.port, "GET", target, headers, NULL);
}

/* The values of an answer, "7 5 1000 ", in its order. */
static void values_of(const char *body, char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (const char *at = strstr(body, "\"value\":"); at != NULL; at = strstr(at, "\"value\":")) {
        at += 8;
        used += (size_t)snprintf(to + used, size - used, "%.*s ", (int)strcspn(at, "}"), at);
        cr_assert_lt(used, size);
    }
}

/* Writes of other elements before, behind and around it, longer and shorter, and a run that is
 * longer than a chain of compact revisions. */
Test(value_history, each_value_is_told_once_newest_first_whatever_else_changed)
{
    char wanted[4096];
    char got[4096];
    size_t used = 0;
    for (int i = 0; i < WRITES; i++) {
        char value[16];
        snprintf(value, sizeof value, i % 3 == 0 ? "\"%d\"" : "\"text %d\"", i * i);
        set("Note", value);
        snprintf(value, sizeof value, "%d", i * 7);
        set("Force", value);
        snprintf(value, sizeof value, "%d", 100000 >> (i % 16));
        set("Ram.Speed", value);
    }
    for (int i = WRITES - 1; i >= 0; i--) {
        used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%d ", i * 7);
    }
    snprintf(wanted + used, sizeof wanted - used, "1000 ");
    struct answer answer = ask("Force", "", "");
    cr_assert_eq(answer.status, 200);
    values_of(answer.body, got, sizeof got);
    cr_expect_str_eq(got, wanted);
    answer_free(&answer);
}

Test(value_history, a_page_goes_on_behind_the_last_one)
{
    char got[256];
    for (int i = 1; i <= 5; i++) {
        char value[8];
        snprintf(value, sizeof value, "%d", i);
        set("Force", value);
    }
    struct answer answer = ask("Force", "?limit=2", "");
    values_of(answer.body, got, sizeof got);
    cr_expect_str_eq(got, "5 4 ");
    const char *cursor = strstr(answer.body, "\"cursor\":\"");
    cr_assert_not_null(cursor);
    char query[64];
    snprintf(
        query, sizeof query, "?limit=9&cursor=%.*s", (int)strcspn(cursor + 10, "\""), cursor + 10);
    answer_free(&answer);
    answer = ask("Force", query, "");
    values_of(answer.body, got, sizeof got);
    cr_expect_str_eq(got, "3 2 1 1000 ");
    cr_expect_null(strstr(answer.body, "cursor"));
    answer_free(&answer);
}

Test(value_history, behind_the_last_value_there_is_an_empty_page)
{
    char target[256];
    char query[64];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/Late", id64("urn:press"));
    cr_assert_eq(
        client_status(server.port, "PUT", target, "", PROPERTY("Late", "xs:int", "8")), 201);
    struct answer answer = ask("Late", "?limit=1", "");
    const char *cursor = strstr(answer.body, "\"cursor\":\"");
    cr_assert_not_null(cursor, "%s", answer.body);
    snprintf(
        query, sizeof query, "?limit=1&cursor=%.*s", (int)strcspn(cursor + 10, "\""), cursor + 10);
    answer_free(&answer);
    answer = ask("Late", query, "");
    cr_expect_eq(answer.status, 200, "%d", answer.status);
    cr_expect_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
}

Test(value_history, an_element_that_goes_and_comes_is_followed_by_its_path)
{
    char got[256];
    char target[256];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/Force", id64("urn:press"));
    set("Force", "7");
    cr_assert_eq(client_status(server.port, "DELETE", target, "", NULL), 204);
    cr_assert_eq(
        client_status(server.port, "PUT", target, "", PROPERTY("Force", "xs:int", "8")), 201);
    struct answer answer = ask("Force", "", "");
    values_of(answer.body, got, sizeof got);
    cr_expect_str_eq(got, "8 null 7 1000 ");
    answer_free(&answer);
    answer = ask("Force", "?from=2999-01-01", "");
    cr_expect_str_eq(answer.body, "{\"result\":[],\"paging_metadata\":{}}");
    answer_free(&answer);
    answer = ask("Nothing", "", "");
    cr_expect_eq(answer.status, 404);
    answer_free(&answer);
    answer = ask("Ram", "", "");
    values_of(answer.body, got, sizeof got);
    cr_expect_eq(strncmp(answer.body, "{\"result\":[{\"revision\":1,", 24), 0, "%s", answer.body);
    answer_free(&answer);
}

Test(value_history, a_table_for_spreadsheets_has_no_formulas)
{
    set("Note", "\"=1+\\\"1\\\"\"");
    set("Force", "-12");
    struct answer answer = ask("Note", "", "Accept: text/csv\r\n");
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(
        answer_field(&answer, "Content-Type"), "text/csv; charset=utf-8; header=present");
    cr_expect_eq(strncmp(answer.body, "time,revision,author,value\r\n", 28), 0);
    cr_expect_not_null(strstr(answer.body, ",2,\"\",\"'=1+\"\"1\"\"\"\r\n"), "%s", answer.body);
    cr_expect_not_null(strstr(answer.body, ",1,\"\",\"a\"\r\n"));
    answer_free(&answer);
    answer = ask("Force", "", "Accept: text/csv\r\n");
    cr_expect_not_null(strstr(answer.body, ",3,\"\",\"-12\"\r\n"), "%s", answer.body);
    answer_free(&answer);
    answer = ask("Force", "", "Accept: image/png\r\n");
    cr_expect_eq(answer.status, 406);
    answer_free(&answer);
}

Test(value_history, buckets_have_equal_counts_oldest_first)
{
    static const char *const writes[] = {"1", "5", "3", "8", "8000"};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        set("Force", writes[i]);
    }
    /* 1000 1 5 | 3 8 8000 */
    struct answer answer = ask("Force", "?buckets=2", "");
    cr_assert_eq(answer.status, 200);
    cr_expect_not_null(
        strstr(answer.body,
            "\"count\":3,\"first\":1000,\"last\":5,\"min\":1,\"max\":1000,\"mean\":335."),
        "%s", answer.body);
    cr_expect_not_null(
        strstr(answer.body,
            "\"count\":3,\"first\":3,\"last\":8000,\"min\":3,\"max\":8000,\"mean\":2670."),
        "%s", answer.body);
    answer_free(&answer);
    static const char *const wrong[] = {"?buckets=0", "?buckets=x", "?buckets=-1", "?buckets=10001",
        "?from=2026-01-02&to=2026-01-01", "?limit=0", "?cursor=zz", "?from=x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        answer = ask("Force", wrong[i], "");
        cr_expect_eq(answer.status, 400, "%s", wrong[i]);
        answer_free(&answer);
    }
}

Test(value_history, buckets_have_the_digits_that_the_values_have)
{
    set("Oil", "49.56");
    set("Oil", "0.1");
    set("Oil", "0.30000000000000004");
    struct answer answer = ask("Oil", "?buckets=2", "");
    cr_expect_not_null(
        strstr(answer.body,
            "\"first\":37.88,\"last\":49.56,\"min\":37.88,\"max\":49.56,\"mean\":43.72}"),
        "%s", answer.body);
    cr_expect_not_null(
        strstr(answer.body, "\"first\":0.1,\"last\":0.30000000000000004,"), "%s", answer.body);
    answer_free(&answer);
}

Test(value_history, buckets_come_as_a_table_too)
{
    set("Oil", "-2.5");
    set("Oil", "12");
    struct answer answer = ask("Oil", "?buckets=2", "Accept: text/csv\r\n");
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(
        answer_field(&answer, "Content-Type"), "text/csv; charset=utf-8; header=present");
    cr_expect_str_eq(answer_field(&answer, "Vary"), "Accept");
    cr_expect_eq(strncmp(answer.body, "from,to,count,first,last,min,max,mean\r\n\"20", 42), 0, "%s",
        answer.body);
    cr_expect_not_null(
        strstr(answer.body, "Z\",2,37.88,-2.5,-2.5,37.88,17.69\r\n"), "%s", answer.body);
    cr_expect_not_null(strstr(answer.body, "Z\",1,12,12,12,12,12\r\n"), "%s", answer.body);
    answer_free(&answer);
}

Test(value_history, what_is_no_number_is_in_no_bucket)
{
    static const struct registry_value values[] = {{.value = "\"INF\"", .len = 5},
        {.value = "true", .len = 4}, {.value = NULL}, {.value = "\"1e3\"", .len = 5},
        {.value = "2", .len = 1}, {.value = "\"2 bar\"", .len = 7}};
    struct registry_value_bucket *buckets = NULL;
    size_t count = 0;
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_value_buckets(&arena, values, 6, 10, &buckets, &count, NULL), ERR_OK);
    cr_assert_eq(count, 2);
    cr_expect_eq(buckets[0].first, 2);
    cr_expect_eq(buckets[1].first, 1000);
    cr_assert_eq(registry_value_buckets(&arena, values, 3, 10, &buckets, &count, NULL), ERR_OK);
    cr_expect_eq(count, 0);
    arena_finish(&arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Discovery over a socket. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

TestSuite(lookup, .timeout = 120);

#define SHELL(id, serial)                                                                          \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"" id "\",\"assetInformation\":{"         \
    "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:" id "\",\"specificAssetIds\":[{"    \
    "\"name\":\"serial\",\"value\":\"" serial "\"},{\"name\":\"plant\",\"value\":\"Ulsan\"}]}}"
#define LINK(name, value) "{\"name\":\"" name "\",\"value\":\"" value "\"}"

static struct test_server server;

static void up(void)
{
    server_up(&server, NULL);
    cr_assert_eq(client_status(server.port, "POST", "/shells", "", SHELL("urn:a", "1")), 201);
    cr_assert_eq(client_status(server.port, "POST", "/shells", "", SHELL("urn:b", "2")), 201);
}

struct step {
    const char *method;
    const char *target;
    const char *body;
    int status;
    const char *answer; /* exactly, NULL: not looked at */
};

static void walk(const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct answer answer =
            client_ask(server.port, steps[i].method, steps[i].target, "", steps[i].body);
        cr_expect_eq(answer.status, steps[i].status, "%s %s gives %d: %s", steps[i].method,
            steps[i].target, answer.status, answer.body);
        if (steps[i].answer != NULL) {
            cr_expect_str_eq(
                answer.body, steps[i].answer, "%s %s", steps[i].method, steps[i].target);
        }
        answer_free(&answer);
    }
}
#define WALK(steps) walk(steps, sizeof(steps) / sizeof *(steps))

#define IDS(ids) "{\"result\":[" ids "],\"paging_metadata\":{}}"
#define A "/lookup/shells/dXJuOmE"
#define BY "/lookup/shellsByAssetLink"
#define DERIVED                                                                                    \
    "[" LINK("globalAssetId", "urn:asset:urn:a") "," LINK("serial", "1") "," LINK(                 \
        "plant", "Ulsan") "]"

Test(lookup, finds_shells_by_all_links_together)
{
    static const struct step steps[] = {
        {"POST", BY, "[" LINK("plant", "Ulsan") "]", 200, IDS("\"urn:a\",\"urn:b\"")},
        {"POST", BY, "[" LINK("plant", "Ulsan") "," LINK("serial", "2") "]", 200, IDS("\"urn:b\"")},
        {"POST", BY, LINK("serial", "1"), 200, IDS("\"urn:a\"")},
        {"POST", BY, "[" LINK("globalAssetId", "urn:asset:urn:b") "]", 200, IDS("\"urn:b\"")},
        {"POST", BY, "[" LINK("serial", "1") "," LINK("serial", "2") "]", 200, IDS("")},
        {"POST", BY, "[]", 200, IDS("\"urn:a\",\"urn:b\"")},
        {"POST", BY "?limit=1", "[]", 200,
            "{\"result\":[\"urn:a\"],\"paging_metadata\":{\"cursor\":\"YzE\"}}"},
        {"POST", BY "?limit=1&cursor=c1", "[]", 200, IDS("\"urn:b\"")},
        {"POST", BY "?limit=1&cursor=YzE", "[]", 200, IDS("\"urn:b\"")},
        {"POST", BY "?limit=1&cursor=YzE=", "[]", 200, IDS("\"urn:b\"")},
        {"POST", BY "?limit=1&cursor=WXpF", "[]", 200, IDS("\"urn:b\"")}, /* encoded once more */
        {"POST", BY "?limit=1&cursor=V1hwRg", "[]", 400, NULL},           /* three times */
        {"GET", "/lookup/shells", NULL, 200, IDS("\"urn:a\",\"urn:b\"")},
    };
    up();
    WALK(steps);
    server_down(&server);
}

Test(lookup, asset_ids_come_as_one_array_or_as_repeated_objects)
{
    char target[1000];
    up();
    snprintf(target, sizeof target, "/lookup/shells?assetIds=%s",
        id64("[" LINK("plant", "Ulsan") "," LINK("serial", "2") "]"));
    const struct step array[] = {{"GET", target, NULL, 200, IDS("\"urn:b\"")}};
    WALK(array);
    snprintf(target, sizeof target, "/lookup/shells?assetIds=%s&assetIds=%s",
        id64(LINK("plant", "Ulsan")), id64(LINK("serial", "1")));
    const struct step repeated[] = {{"GET", target, NULL, 200, IDS("\"urn:a\"")}};
    WALK(repeated);
    server_down(&server);
}

/* {"name":"plant","value":"Ulsan"}, {"name":"serial","value":"1"} and
 * {"name":"serial","value":"2","x":"~~~???>>>"} in plain base64, as real clients send them. */
#define PLAIN_PLANT "eyJuYW1lIjoicGxhbnQiLCJ2YWx1ZSI6IlVsc2FuIn0="
#define PLAIN_SERIAL "eyJuYW1lIjoic2VyaWFsIiwidmFsdWUiOiIxIn0="
#define PLAIN_SIGNS "eyJuYW1lIjoic2VyaWFsIiwidmFsdWUiOiIyIiwieCI6In5+fj8/Pz4+PiJ9"
#define BY_IDS "/lookup/shells?assetIds="

Test(lookup, asset_ids_may_have_commas_between_and_be_plain_base64)
{
    static const struct step steps[] = {
        {"GET", BY_IDS PLAIN_PLANT, NULL, 200, IDS("\"urn:a\",\"urn:b\"")},
        {"GET", BY_IDS PLAIN_PLANT "," PLAIN_SERIAL, NULL, 200, IDS("\"urn:a\"")},
        {"GET", BY_IDS PLAIN_SERIAL "%2C" PLAIN_SIGNS, NULL, 200, IDS("")},
        {"GET", BY_IDS PLAIN_SIGNS, NULL, 200, IDS("\"urn:b\"")},
        {"GET", BY_IDS "," PLAIN_SIGNS ",", NULL, 200, IDS("\"urn:b\"")},
        {"GET", BY_IDS PLAIN_SERIAL "=", NULL, 400, NULL},
        {"GET", BY_IDS PLAIN_PLANT "====", NULL, 400, NULL},
        {"GET", BY_IDS "=", NULL, 400, NULL},
        {"GET", BY_IDS "invalid-base64url=====", NULL, 400, NULL},
    };
    up();
    WALK(steps);
    server_down(&server);
}

Test(lookup, links_are_replaced_all_at_once_and_removed)
{
    static const struct step steps[] = {
        {"GET", A, NULL, 200, DERIVED},
        {"POST", A, "[" LINK("batch", "7") "," LINK("globalAssetId", "urn:g") "]", 201,
            "[" LINK("batch", "7") "," LINK("globalAssetId", "urn:g") "]"},
        {"GET", A, NULL, 200, "[" LINK("batch", "7") "," LINK("globalAssetId", "urn:g") "]"},
        {"POST", BY, LINK("serial", "1"), 200, IDS("")},
        {"POST", BY, LINK("globalAssetId", "urn:g"), 200, IDS("\"urn:a\"")},
        {"POST", A, LINK("batch", "8"), 201, "[" LINK("batch", "8") "]"},
        {"POST", BY, LINK("batch", "7"), 200, IDS("")},
        {"POST", A, "[]", 201, "[]"},
        {"GET", A, NULL, 200, "[]"},
        {"DELETE", A, NULL, 204, NULL},
        {"GET", A, NULL, 200, DERIVED},
        {"DELETE", A, NULL, 204, NULL},
        {"GET", A, NULL, 404, NULL},
        {"DELETE", A, NULL, 404, NULL},
        {"POST", BY, LINK("serial", "1"), 200, IDS("")},
        {"POST", "/lookup/shells/dXJuOmZhcg", LINK("batch", "9"), 201, NULL},
        {"POST", BY, LINK("batch", "9"), 200, IDS("\"urn:far\"")},
        {"GET", "/lookup/shells/dXJuOng", NULL, 404, NULL},
        {"DELETE", "/lookup/shells/dXJuOng", NULL, 404, NULL},
    };
    up();
    WALK(steps);
    server_down(&server);
}

Test(lookup, what_is_wrong_is_refused)
{
    static const struct step steps[] = {
        {"POST", "/lookup/shells/", LINK("a", "b"), 405, NULL},
        {"DELETE", "/lookup/shells/", NULL, 405, NULL},
        {"GET", "/lookup/shells?limit=-1", NULL, 400, NULL},
        {"GET", "/lookup/shells?cursor=nope", NULL, 400, NULL},
        {"GET", "/lookup/shells?cursor=cffff", NULL, 200, IDS("")},
        {"GET", "/lookup/shells?assetIds=abc", NULL, 400, NULL},
        {"POST", BY, "", 400, NULL},
        {"POST", BY, "7", 400, NULL},
        {"POST", BY, "[{\"name\":\"a\"}]", 400, NULL},
        {"POST", BY, "[{\"name\":\"a\",\"value\":\"\"}]", 400, NULL},
        {"POST", A, "[7]", 400, NULL},
        {"POST", A, "[" LINK("", "b") "]", 400, NULL},
        {"POST", A, "[" LINK("a", "b") ",{\"name\":\"c\",\"value\":\"d\",\"x\":1}]", 400, NULL},
        {"GET", A, NULL, 200, DERIVED},
    };
    up();
    WALK(steps);
    struct answer answer =
        client_ask(server.port, "POST", A, "", "[" LINK("a", "b") "," LINK("c", "") "]");
    cr_expect_eq(answer.status, 400);
    cr_expect_not_null(strstr(answer.body, "/1/value"), "%s", answer.body);
    answer_free(&answer);
    server_down(&server);
}

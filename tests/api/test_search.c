/* SPDX-License-Identifier: Apache-2.0 */
/* Search over HTTP and on the command line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"
#include "tests/api/command.h"

TestSuite(search_command, .init = command_prepare, .fini = command_clean_up, .timeout = 120);

#define SUBMODEL                                                                                       \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Spindle\",\"id\":\"urn:test:spindle\","                 \
    "\"displayName\":[{\"language\":\"en\",\"text\":\"Main spindle\"},{\"language\":\"ko\","           \
    "\"text\":\"주축온도센서\"}],\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":" \
    "\"Maker\",\"valueType\":\"xs:string\",\"semanticId\":{\"type\":\"ExternalReference\","            \
    "\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"0173-1#02-AAO677#002\"}]}}]}"
#define USE                                                                                        \
    "{\"kind\":\"submodel\",\"id\":\"urn:test:spindle\",\"title\":\"Main spindle\",\"total\":1,"   \
    "\"uses\":[{\"role\":\"semanticId\",\"idShortPath\":\"Maker\",\"modelType\":\"Property\","     \
    "\"value\":\"0173-1#02-AAO677#002\"}]}"

static void expect(const struct test_server *s, const char *target, const char *headers, int status,
    const char *part)
{
    struct answer answer = client_ask(s->port, "GET", target, headers, NULL);
    cr_expect_eq(answer.status, status, "%s gave %d %s", target, answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body, part), "%s: no %s in %s", target, part, answer.body);
    answer_free(&answer);
}

Test(search_routes, uses_of_a_semantic_id_are_told_with_place_and_role)
{
    static const struct {
        const char *query;
        int status;
        const char *part;
    } rows[] = {
        {"id=0173-1%2302-AAO677%23002", 200, "{\"result\":[" USE "],\"paging_metadata\":{}}"},
        {"id=0173-1%2302-AAO677&mode=ignore-version", 200, USE},
        {"id=0173-1%2302-AAO677", 200, "{\"result\":[],"},
        {"id=0173-1%2302-AAO677%23003&mode=exact", 200, "{\"result\":[],"},
        {"", 400, "exactly one of id and semanticId"},
        {"id=a&semanticId=YQ", 400, "exactly one of id and semanticId"},
        {"id=a&mode=sloppy", 400, "mode is exact or ignore-version"},
        {"semanticId=!", 400, "base64url"},
    };
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", SUBMODEL), 201);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char target[300];
        snprintf(target, sizeof target, "/lookup/semantic-ids?%s", rows[i].query);
        expect(&s, target, "", rows[i].status, rows[i].part);
    }
    char encoded[300];
    snprintf(encoded, sizeof encoded, "/lookup/semantic-ids?semanticId=%s",
        id64("0173-1#02-AAO677#002"));
    expect(&s, encoded, "", 200, USE);
    server_down(&s);
}

static void import_spindle(void)
{
    command_file("spindle.json", "{\"submodels\":[" SUBMODEL "]}");
    command_expect("import --store store --without-library spindle.json", 0, "stored");
}

Test(search_command, tells_who_uses_a_semantic_id)
{
    import_spindle();
    command_expect("search --store store --semantic-id '0173-1#02-AAO677#002'", 0,
        "urn:test:spindle  Main spindle  [submodel]\n    semanticId of Property Maker  "
        "0173-1#02-AAO677#002\n1 things use it\n");
    command_expect("search --store store --semantic-id '0173-1#02-AAO677'", 0, "0 things use it");
    command_expect("search --store store --semantic-id '0173-1#02-AAO677' --mode ignore-version "
                   "--format json",
        0, "{\"result\":[" USE "]}\n");
    command_expect("search --store store --semantic-id a --mode value", 2, "--mode is exact or");
}

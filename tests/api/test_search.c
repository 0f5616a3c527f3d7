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

#define SPINDLE_HIT                                                                                \
    "\"kind\":\"submodel\",\"modelType\":\"Submodel\",\"id\":\"urn:test:spindle\",\"title\":"

Test(search_routes, everything_is_searched_with_highlights_and_titles_in_the_language)
{
    static const struct {
        const char *target;
        const char *headers;
        int status;
        const char *part;
    } rows[] = {
        {"/search?q=spindle", "", 200,
            SPINDLE_HIT "\"Main spindle\",\"highlights\":{\"title\":[{"
                        "\"text\":\"Main \"},{\"text\":\"spindle\","
                        "\"match\":true}]}}"},
        {"/search?q=%EC%98%A8%EB%8F%84&kind=submodel", "Accept-Language: ko-KR,en;q=0.5\r\n", 200,
            "\"title\":[{\"text\":\"주축\"},{\"text\":\"온도\",\"match\":true},{\"text\":\"센서\"}"
            "]"},
        {"/search?q=spidnle&facets=false", "", 200,
            "{\"total\":1,\"corrections\":[{\"word\":"
            "\"spidnle\",\"instead\":["},
        {"/search?kind=submodel", "", 200, "\"kind\":[{\"value\":\"submodel\",\"count\":1}]"},
        {"/search?dictionary=eclass", "", 200, "urn:test:spindle"},
        {"/search?kind=shell", "", 200, "{\"total\":0,"},
        {"/search?q=spindle&facets=false", "", 200, "{\"total\":1,\"result\":["},
        {"/search?kind=submodel&sort=uses&facets=false", "", 200, SPINDLE_HIT},
        {"/search?sort=size", "", 400, "sort is relevance, name, date or uses"},
        {"/search?kind=machine", "", 400, "there is no kind \\\"machine\\\". Kinds are shell"},
        {"/templates?state=new", "", 400, "there is no state \\\"new\\\". States are draft"},
        {"/search?state=in%20review&kind=concept%20description", "", 200, "\"total\":0"},
        {"/search/suggestions?q=main%20sp", "", 200,
            "{\"result\":[{\"title\":\"Main spindle\"}],\"paging_metadata\":{}}"},
        {"/search/suggestions?q=zzz", "", 200, "{\"result\":[],\"paging_metadata\":{}}"},
        {"/categories", "", 200,
            "{\"facet\":\"equipment\",\"value\":\"press\",\"parent\":"
            "\"machine\",\"names\":{\"ko\":\"프레스\",\"en\":\"Press\",\"de\":\"Presse\"}}"},
    };
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", SUBMODEL), 201);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(&s, rows[i].target, rows[i].headers, rows[i].status, rows[i].part);
    }
    server_down(&s);
}

Test(search_command, corrects_sorts_and_speaks_the_language_asked_for)
{
    import_spindle();
    command_expect("search --store store spidnle", 0,
        "Nothing has \"spidnle\"; found instead: spindle\nurn:test:spindle  Main spindle");
    command_expect("search --store store --titles ko spindle", 0,
        "urn:test:spindle  주축온도센서  [submodel]");
    command_expect("search --store store --dictionary eclass -- spindle", 0, "1 of 1 hits");
    command_expect(
        "search --store store --format json spindle", 0, "{\"text\":\"spindle\",\"match\":true}");
}

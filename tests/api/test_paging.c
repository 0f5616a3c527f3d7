/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of parts of a document whose members come and go between the pages. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define PROPERTY(name)                                                                             \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"xs:int\"}"
#define BLOB                                                                                       \
    ",{\"modelType\":\"Blob\",\"idShort\":\"Photo\",\"value\":\"aGVsbG8=\","                       \
    "\"contentType\":\"image/png\"}"
#define SUBMODEL(more)                                                                             \
    "{\"modelType\":\"Submodel\",\"id\":\"urn:test:pages\",\"submodelElements\":[" PROPERTY(       \
        "A1") "," PROPERTY("A2") "," PROPERTY("A3") "," PROPERTY("A4") "," PROPERTY("A5") more     \
        "]}"

/* One page with two members; `cursor` goes in and out, "" when there is no more. */
static void page(
    const struct test_server *s, const char *list, char cursor[200], const char *const wanted[2])
{
    char target[700];
    snprintf(target, sizeof target, "%s?limit=2&cursor=%s", list, cursor);
    struct answer answer = client_ask(s->port, "GET", target, "", NULL);
    cr_assert_eq(answer.status, 200, "%s %s", target, answer.body);
    for (size_t i = 0; i < 2; i++) {
        cr_assert(strstr(answer.body, wanted[i]) != NULL, "no %s in %s", wanted[i], answer.body);
    }
    const char *found = strstr(answer.body, "\"cursor\":\"");
    cursor[0] = '\0';
    if (found != NULL) {
        found += strlen("\"cursor\":\"");
        snprintf(cursor, 200, "%.*s", (int)strcspn(found, "\""), found);
    }
    answer_free(&answer);
}

static void remove_part(const struct test_server *s, const char *list, const char *name)
{
    char target[700];
    snprintf(target, sizeof target, "%s/%s", list, name);
    cr_assert_eq(client_status(s->port, "DELETE", target, "", NULL), 204, "%s", target);
}

Test(paging, no_element_is_skipped_or_repeated_when_others_are_removed)
{
    static const struct {
        const char *body;
        const char *removed; /* between the pages */
        const char *first;   /* of the second page */
    } cases[] = {{SUBMODEL(""), "A1", "A3"}, {SUBMODEL(""), "A2", "A3"}, {SUBMODEL(""), "A3", "A4"},
        {SUBMODEL(BLOB), "A1", "A3"}, {SUBMODEL(BLOB), "A2", "A3"}};
    struct test_server s;
    char list[300];
    server_up(&s, NULL);
    snprintf(list, sizeof list, "/submodels/%s/submodel-elements", id64("urn:test:pages"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char whole[300];
        char cursor[200] = "";
        snprintf(whole, sizeof whole, "/submodels/%s", id64("urn:test:pages"));
        int status = client_status(s.port, "PUT", whole, "", cases[i].body);
        cr_assert(status == 201 || status == 204);
        page(&s, list, cursor, (const char *const[]){"\"A1\"", "\"A2\""});
        remove_part(&s, list, cases[i].removed);
        page(&s, list, cursor, (const char *const[]){cases[i].first, "\"A4\""});
    }
    server_down(&s);
}

Test(paging, a_cursor_beyond_the_end_gives_an_empty_page_and_a_wrong_one_400)
{
    static const struct {
        const char *cursor;
        int status;
    } cases[] = {{"", 200}, {"undefined", 200}, {"p2.QTI", 200}, {"pffffffff.QTk", 200},
        {"p0.QTk", 200}, {"p1.", 200}, {"c2", 400}, {"p", 400}, {"p2", 400}, {"p2.!", 400},
        {"p123456789.QTk", 400}, {"pg.QTk", 400}, {"2", 400}, {"-1", 400},
        /* p2.QTI and c2, encoded once more by the client */
        {"cDIuUVRJ", 200}, {"cDIuUVRJ%3D", 400}, {"YzI", 400}};
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", SUBMODEL("")), 201);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char target[300];
        snprintf(target, sizeof target, "/submodels/%s/submodel-elements?cursor=%s",
            id64("urn:test:pages"), cases[i].cursor);
        cr_assert_eq(
            client_status(s.port, "GET", target, "", NULL), cases[i].status, "%s", cases[i].cursor);
    }
    server_down(&s);
}

#define REFERENCE(id)                                                                              \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"" id "\"}]}"
#define SHELL                                                                                      \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:test:shell\",\"assetInformation\":"  \
    "{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:1\"},\"submodels\":[" REFERENCE(    \
        "urn:s1") "," REFERENCE("urn:s2") "," REFERENCE("urn:s3") "," REFERENCE("urn:s4") "]}"

Test(paging, references_of_a_shell_go_on_behind_the_last_one_seen)
{
    struct test_server s;
    char list[300];
    char cursor[200] = "";
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/shells", "", SHELL), 201);
    snprintf(list, sizeof list, "/shells/%s/submodel-refs", id64("urn:test:shell"));
    page(&s, list, cursor, (const char *const[]){"urn:s1", "urn:s2"});
    remove_part(&s, list, id64("urn:s1"));
    page(&s, list, cursor, (const char *const[]){"urn:s3", "urn:s4"});
    cr_assert_str_eq(cursor, "");
    server_down(&s);
}

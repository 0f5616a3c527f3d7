/* SPDX-License-Identifier: Apache-2.0 */
/* Categories and tags over HTTP and on the command line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/client.h"
#include "tests/api/command.h"

TestSuite(curated_http, .timeout = 120);
TestSuite(curated_cli, .init = command_prepare, .fini = command_clean_up, .timeout = 120);

#define PRESS "/templates/jig.example-smt-press/tags"
#define JSON "Content-Type: application/json\r\n"

static void expect(const struct test_server *s, const char *method, const char *target,
    const char *headers, const char *body, int status, const char *part)
{
    struct answer answer = client_ask(s->port, method, target, headers, body);
    cr_expect_eq(answer.status, status, "%s %s %s: %d %s", method, target, body == NULL ? "" : body,
        answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body == NULL ? "" : answer.body, part), "%s %s: %s", method,
        target, answer.body);
    answer_free(&answer);
}

Test(curated_http, tags_are_read_replaced_and_found)
{
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(
        client_status(s.port, "POST", "/templates?family=jig.example-smt-press&version=1.0", JSON,
            "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"idShort\":\"Press\","
            "\"kind\":\"Template\"}"),
        201);
    expect(&s, "GET", PRESS, "", NULL, 200, "\"equipment\":[\"press\"]");
    expect(&s, "PUT", "/categories/equipment/caster", JSON,
        "{\"parent\":\"machine\",\"names\":{\"ko\":\"주조기\",\"en\":\"Caster\"}}", 200,
        "\"parent\":\"machine\"");
    expect(&s, "GET", "/categories", "", NULL, 200, "주조기");
    expect(&s, "PUT", PRESS, JSON,
        "{\"category\":[\"equipment\"],\"equipment\":[\"press\",\"caster\",\"press\"],"
        "\"names\":{\"ko\":\"프레스 설비\"},\"words\":\"Stanze\"}",
        200, "\"equipment\":[\"press\",\"caster\"]");
    expect(&s, "GET", "/templates?equipment=caster", "", NULL, 200, "jig.example-smt-press");
    expect(&s, "GET", "/templates?q=stanze", "", NULL, 200, "jig.example-smt-press");
    expect(&s, "GET", "/templates?equipment=caster&facets=true", "Accept-Language: ko\r\n", NULL,
        200, "\"name\":\"주조기\"");
    expect(&s, "DELETE", "/categories/equipment/caster", "", NULL, 409, "jig.example-smt-press");
    server_down(&s);
}

Test(curated_http, two_people_do_not_overwrite_each_other)
{
    struct test_server s;
    char headers[200];
    server_up(&s, NULL);
    struct answer answer = client_ask(s.port, "GET", PRESS, "", NULL);
    snprintf(headers, sizeof headers, JSON "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    expect(&s, "PUT", PRESS, headers, "{\"process\":[\"pressing\"]}", 200, "pressing");
    expect(&s, "PUT", PRESS, headers, "{\"process\":[\"welding\"]}", 412, "");
    expect(&s, "GET", PRESS, "", NULL, 200, "\"process\":[\"pressing\"]");
    server_down(&s);
}

/* The entity tag of an address. */
static void keep_tag(const struct test_server *s, const char *target, char tag[100])
{
    struct answer answer = client_ask(s->port, "GET", target, "", NULL);
    const char *field = answer_field(&answer, "ETag");
    cr_assert_not_null(field, "%s", target);
    snprintf(tag, 100, "%s", field);
    answer_free(&answer);
}

static const char *condition(const char *name, const char *tag)
{
    static char headers[600];
    snprintf(headers, sizeof headers, JSON "%s: %s\r\n", name, tag);
    return headers;
}

#define CASTER "/categories/equipment/caster"
#define CASTER_BODY "{\"parent\":\"machine\",\"names\":{\"ko\":\"주조기\",\"en\":\"Caster\"}}"

Test(curated_http, categories_are_sent_again_only_when_they_have_changed)
{
    static const char *const targets[] = {
        "/categories", "/categories/equipment", "/categories/equipment/press", PRESS};
    struct test_server s;
    char tags[4][100];
    char now[100];
    server_up(&s, NULL);
    for (size_t i = 0; i < 4; i++) {
        keep_tag(&s, targets[i], tags[i]);
        cr_expect_eq(
            client_status(s.port, "GET", targets[i], condition("If-None-Match", tags[i]), NULL),
            304, "%s", targets[i]);
    }
    expect(&s, "PUT", CASTER, JSON, CASTER_BODY, 200, "caster");
    for (size_t i = 0; i < 4; i++) {
        keep_tag(&s, targets[i], now);
        cr_expect_eq(strcmp(now, tags[i]) == 0, i >= 2, "%s", targets[i]);
    }
    keep_tag(&s, "/categories/phase", tags[0]);
    keep_tag(&s, "/categories/process", tags[1]);
    cr_expect_str_neq(tags[0], tags[1]);
    expect(&s, "GET", "/categories/colour", "", NULL, 404, "colour");
    expect(&s, "GET", "/categories/phase/never", "", NULL, 404, "never");
    expect(&s, "GET", "/categories/equipment", "", NULL, 200, "주조기");
    server_down(&s);
}

Test(curated_http, two_people_do_not_overwrite_each_others_categories)
{
    static const char *const targets[] = {"/categories", "/categories/equipment", CASTER};
    static const char other[] = "{\"names\":{\"ko\":\"다이캐스팅기\",\"en\":\"Die caster\"}}";
    struct test_server s;
    char tags[3][100];
    char mine[100];
    server_up(&s, NULL);
    keep_tag(&s, "/categories/phase", mine);
    expect(&s, "PUT", CASTER, condition("If-Match", mine), CASTER_BODY, 412, "");
    expect(&s, "PUT", CASTER, condition("If-Match", "*"), CASTER_BODY, 412, "");
    expect(&s, "PUT", CASTER, condition("If-None-Match", "*"), CASTER_BODY, 200, "caster");
    expect(&s, "PUT", CASTER, condition("If-None-Match", "*"), other, 412, "exists");
    for (size_t i = 0; i < 3; i++) {
        keep_tag(&s, targets[i], tags[i]);
        struct answer answer = client_ask(s.port, "PUT", CASTER, condition("If-Match", tags[i]),
            i % 2 == 0 ? other : CASTER_BODY);
        cr_expect_eq(answer.status, 200, "%s: %s", targets[i], answer.body);
        snprintf(mine, sizeof mine, "%s", answer_field(&answer, "ETag"));
        answer_free(&answer);
        keep_tag(&s, CASTER, tags[i]);
        cr_expect_str_eq(mine, tags[i], "%s", targets[i]);
    }
    expect(&s, "PUT", CASTER, condition("If-Match", tags[1]), CASTER_BODY, 412, "Read it again");
    expect(&s, "DELETE", CASTER, condition("If-Match", tags[1]), NULL, 412, "");
    expect(&s, "DELETE", CASTER, condition("If-None-Match", "*"), NULL, 412, "");
    expect(&s, "GET", CASTER, "", NULL, 200, "Die caster");
    cr_expect_eq(
        client_status(s.port, "DELETE", CASTER, condition("If-Match", tags[2]), NULL), 204);
    expect(&s, "DELETE", CASTER, condition("If-Match", tags[2]), NULL, 404, "caster");
    expect(&s, "PUT", CASTER, condition("If-Match", tags[2]), other, 412, "");
    server_down(&s);
}

Test(curated_http, what_was_read_can_be_sent_back)
{
    struct test_server s;
    server_up(&s, NULL);
    struct answer answer = client_ask(s.port, "GET", "/categories/equipment/press", "", NULL);
    expect(&s, "PUT", "/categories/equipment/press", JSON, answer.body, 200, "프레스");
    expect(&s, "PUT", "/categories/equipment/robot", JSON, answer.body, 400, "value");
    answer_free(&answer);
    server_down(&s);
}

Test(curated_http, tags_are_said_only_where_nothing_is_said_when_asked_for)
{
    static const char none[] = "/templates/some-family/tags";
    static const char words[] = "{\"words\":\"Stanze\"}";
    struct test_server s;
    server_up(&s, NULL);
    expect(&s, "PUT", PRESS, condition("If-None-Match", "*"), words, 412, "exists");
    expect(&s, "PUT", none, condition("If-None-Match", "*"), words, 200, "Stanze");
    expect(&s, "PUT", none, condition("If-None-Match", "*"), words, 412, "exists");
    expect(&s, "PUT", none, condition("If-Match", "*"), "{\"words\":\"Presse\"}", 200, "Presse");
    server_down(&s);
}

/* ------------------------------------------------------------------ titles */

#define OIL_PRESSURE "%EC%9C%A0%EC%95%95" /* 유압 */
#define IN(language) "Accept-Language: " language "\r\n"

Test(curated_http, given_names_are_titles_and_marked_and_what_was_looked_for_is_shown_in_them)
{
    static const char title[] = "\"title\":\"유압 성형 설비\",\"titleFromOverlay\":true";
    static const char pieces[] =
        "\"highlights\":{\"title\":[{\"text\":\"유압\",\"match\":true},{\"text\":\" 성형 설비\"}]}";
    static const char names[] =
        "{\"names\":{\"ko\":\"유압 성형 설비\",\"en\":\"Hydraulic former\"}}";
    char target[200];
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/templates?family=my-press&version=1.0", JSON,
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"idShort\":\"Press\","
                     "\"kind\":\"Template\"}"),
        201);
    expect(&s, "GET", "/templates", IN("ko"), NULL, 200, "\"title\":\"Press\"");
    expect(&s, "PUT", "/templates/my-press/tags", JSON, names, 200, "");
    expect(&s, "GET", "/templates", IN("ko-KR, en;q=0.5"), NULL, 200, title);
    expect(&s, "GET", "/templates?q=" OIL_PRESSURE, IN("ko"), NULL, 200, pieces);
    expect(&s, "GET", "/templates?q=hydraul*", IN("fr"), NULL, 200,
        "{\"title\":[{\"text\":\"Hydraulic\",\"match\":true},{\"text\":\" former\"}]}");
    cr_assert_eq(client_status(s.port, "POST", "/submodels", JSON,
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:tagged\",\"idShort\":\"A\"}"),
        201);
    snprintf(target, sizeof target, "/submodels/%s/$tags", id64("urn:tagged"));
    expect(&s, "PUT", target, JSON, names, 200, "");
    expect(&s, "GET", "/search?kind=submodel&q=" OIL_PRESSURE, IN("ko"), NULL, 200, title);
    expect(&s, "GET", "/search?kind=submodel&q=" OIL_PRESSURE, IN("ko"), NULL, 200, pieces);
    server_down(&s);
}

/* ------------------------------------------------------------------ history */

/* One page with one entry that has all of these parts; the cursor goes in and out, "" at the end.
 */
static void expect_page(const struct test_server *s, const char *target, char cursor[100],
    const char *const parts[], size_t count)
{
    char asked[300];
    snprintf(asked, sizeof asked, "%s?limit=1&cursor=%s", target, cursor);
    struct answer answer = client_ask(s->port, "GET", asked, "", NULL);
    cr_assert_eq(answer.status, 200, "%s: %s", asked, answer.body);
    for (size_t i = 0; i < count; i++) {
        cr_expect_not_null(strstr(answer.body, parts[i]), "%s: %s", parts[i], answer.body);
    }
    const char *next = strstr(answer.body, "\"cursor\":\"");
    snprintf(cursor, 100, "%.*s", next == NULL ? 0 : (int)strcspn(next + 10, "\""),
        next == NULL ? "" : next + 10);
    answer_free(&answer);
}

Test(curated_http, history_of_tags_says_who_changed_what_in_pages)
{
    static const char *const newest[] = {"\"revision\":2", "\"operation\":\"tag\"",
        "\"summary\":\"process +welding -pressing\"", "\"message\":\"it welds\""};
    static const char *const oldest[] = {"\"revision\":1", "equipment -press", "process"};
    struct test_server s;
    char cursor[100] = "";
    server_up(&s, NULL);
    expect(&s, "GET", PRESS "/$history", "", NULL, 200, "\"result\":[]");
    expect(&s, "PUT", PRESS, JSON, "{\"process\":[\"pressing\"]}", 200, "pressing");
    expect(&s, "PUT", PRESS, JSON "X-Change-Message: it welds\r\n", "{\"process\":[\"welding\"]}",
        200, "welding");
    expect_page(&s, PRESS "/$history", cursor, newest, 4);
    cr_expect_str_neq(cursor, "");
    expect_page(&s, PRESS "/$history", cursor, oldest, 2);
    cr_expect_str_eq(cursor, "");
    expect(&s, "GET", PRESS "/$history?limit=0", "", NULL, 400, "limit");
    expect(&s, "GET", "/templates/nobody/tags/$history", "", NULL, 200, "\"result\":[]");
    server_down(&s);
}

Test(curated_http, history_of_a_models_tags_stays_when_it_is_deleted)
{
    char model[200];
    char target[200];
    char history[200];
    struct test_server s;
    server_up(&s, NULL);
    snprintf(model, sizeof model, "/submodels/%s", id64("urn:tagged"));
    snprintf(target, sizeof target, "/submodels/%s/$tags", id64("urn:tagged"));
    snprintf(history, sizeof history, "/submodels/%s/$tags/$history", id64("urn:tagged"));
    expect(&s, "GET", history, "", NULL, 404, "urn:tagged");
    cr_assert_eq(client_status(s.port, "POST", "/submodels", JSON,
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:tagged\",\"idShort\":\"A\"}"),
        201);
    expect(&s, "GET", history, "", NULL, 200, "\"result\":[]");
    expect(&s, "PUT", target, JSON, "{\"equipment\":[\"robot\"]}", 200, "robot");
    cr_assert_eq(client_status(s.port, "DELETE", model, "", NULL), 204);
    expect(&s, "GET", history, "", NULL, 200, "\"summary\":\"equipment +robot\"");
    snprintf(history, sizeof history, "/shells/%s/$tags/$history", id64("urn:tagged"));
    expect(&s, "GET", history, "", NULL, 404, "urn:tagged");
    server_down(&s);
}

Test(curated_http, history_of_categories_is_told_of_a_value_a_tree_and_all)
{
    static const char *const deleted[] = {
        "\"facet\":\"phase\",\"value\":\"scrap\"", "\"deleted\":true", "\"operation\":\"delete\""};
    static const char *const changed[] = {
        "\"value\":\"caster\"", "\"deleted\":false", "\"summary\":\"at the top\""};
    static const char *const added[] = {
        "\"value\":\"scrap\"", "\"operation\":\"add\"", "\"summary\":\"a\""};
    static const char *const first[] = {"\"value\":\"caster\"", "주조기, below machine"};
    struct test_server s;
    char cursor[100] = "";
    server_up(&s, NULL);
    expect(&s, "GET", "/categories/phase/$history", "", NULL, 200, "\"result\":[]");
    expect(&s, "PUT", CASTER, JSON, CASTER_BODY, 200, "");
    expect(&s, "PUT", "/categories/phase/scrap", JSON, "{\"names\":{\"ko\":\"a\",\"en\":\"b\"}}",
        200, "");
    expect(&s, "PUT", PRESS, JSON, "{\"process\":[\"pressing\"]}", 200, "");
    expect(&s, "PUT", CASTER, JSON, "{\"names\":{\"ko\":\"주조기\",\"en\":\"Caster\"}}", 200, "");
    cr_assert_eq(client_status(s.port, "DELETE", "/categories/phase/scrap", "", NULL), 204);
    expect_page(&s, "/categories/$history", cursor, deleted, 3);
    expect_page(&s, "/categories/$history", cursor, changed, 3);
    expect_page(&s, "/categories/$history", cursor, added, 3);
    expect_page(&s, "/categories/$history", cursor, first, 2);
    cursor[0] = '\0';
    expect_page(&s, "/categories/equipment/$history", cursor, changed, 3);
    expect_page(&s, "/categories/equipment/$history", cursor, first, 2);
    cursor[0] = '\0';
    expect_page(&s, CASTER "/$history", cursor, changed + 2, 1);
    expect_page(&s, CASTER "/$history", cursor, first + 1, 1);
    cr_expect_str_eq(cursor, "");
    expect(&s, "GET", "/categories/phase/scrap/$history", "", NULL, 200, "delete");
    expect(&s, "GET", "/categories/phase/service/$history", "", NULL, 200, "\"result\":[]");
    expect(&s, "GET", "/categories/phase/never/$history", "", NULL, 404, "tree/phase/never");
    expect(&s, "GET", "/categories/colour/$history", "", NULL, 404, "colour");
    server_down(&s);
}

Test(curated_http, bad_bodies_are_refused_with_their_place)
{
    static const struct {
        const char *target;
        const char *headers;
        const char *body;
        int status;
        const char *part;
    } rows[] = {{PRESS, JSON, "[]", 400, "JSON object"}, {PRESS, JSON, "{", 400, ""},
        {PRESS, JSON, "{\"colour\":[]}", 400, "colour"},
        {PRESS, JSON, "{\"category\":\"quality\"}", 400, "category"},
        {PRESS, JSON, "{\"category\":[7]}", 400, "category"},
        {PRESS, JSON, "{\"category\":[\"never\"]}", 400, "'never'"},
        {PRESS, JSON, "{\"names\":{\"ko\":7}}", 400, "ko"},
        {PRESS, JSON, "{\"names\":{\"no language\":\"x\"}}", 400, "no language"},
        {PRESS, JSON, "{\"names\":{\"ko\":\"\"}}", 400, "empty"},
        {PRESS, JSON, "{\"words\":[]}", 400, "words"},
        {PRESS, JSON, "{\"words\":\"a\",\"words\":\"b\"}", 400, ""},
        {PRESS, "Content-Type: text/plain\r\n", "{}", 415, ""},
        {"/categories/colour/red", JSON, "{}", 404, "colour"},
        {"/categories/phase/Red", JSON, "{\"names\":{\"ko\":\"a\",\"en\":\"b\"}}", 400, "Red"},
        {"/categories/phase/red", JSON, "{}", 400, "ko and en"},
        {"/submodels/dXJuOm5vbmU/$tags", JSON, "{}", 404, "urn:none"}};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(
            &s, "PUT", rows[i].target, rows[i].headers, rows[i].body, rows[i].status, rows[i].part);
    }
    expect(&s, "PUT", PRESS, JSON, "", 400, "empty");
    expect(&s, "DELETE", "/categories/phase/never", "", NULL, 404, "never");
    expect(&s, "GET", PRESS, "", NULL, 200, "\"equipment\":[\"press\"]");
    server_down(&s);
}

Test(curated_http, a_shell_can_be_tagged)
{
    static const char shell[] =
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:tagged\",\"idShort\":\"Shell1\","
        "\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\"}}";
    char target[200];
    struct test_server s;
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/shells", JSON, shell), 201);
    snprintf(target, sizeof target, "/shells/%s/$tags", id64("urn:tagged"));
    expect(&s, "PUT", target, JSON, "{\"equipment\":[\"robot\"]}", 200, "robot");
    expect(&s, "GET", target, "", NULL, 200, "\"equipment\":[\"robot\"]");
    expect(&s, "GET", "/search?equipment=robot&kind=shell", "", NULL, 200, "urn:tagged");
    server_down(&s);
}

Test(curated_cli, categories_and_tags_are_changed)
{
    command_file("empty.json", "{}");
    command_expect("import --store s empty.json", 0, "");
    command_expect("categories --store s put equipment/caster --parent machine --names "
                   "'ko=주조기;en=Caster'",
        0, "");
    command_expect("categories --store s", 0, "equipment/caster < machine  ko=주조기  en=Caster");
    command_expect("tags --store s jig.example-smt-press --equipment 'press,caster'", 0,
        "equipment  press caster");
    command_expect("search --store s --equipment caster", 0, "jig.example-smt-press@1.0");
    command_expect("categories --store s delete equipment/caster", 1, "is used");
    command_expect("tags --store s jig.example-smt-press --equipment none --author kim", 0, "");
    command_expect("categories --store s delete equipment/caster", 0, "");
    command_expect("history --store s", 0, "by kim");
    command_expect("categories --store s put colour/red", 1, "TREE/VALUE");
    command_expect("tags --store s", 2, "name a template family");
    command_expect("verify-store --store s", 0, "0 problems");
}

static void same_folders(const char *a, const char *b)
{
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "diff -r '%s/%s' '%s/%s'", command_dir, a, command_dir, b), 0);
    cr_expect_eq(system(command), 0);
    free(command);
}

Test(curated_cli, an_exported_folder_takes_trees_tags_and_names_along)
{
    command_file("model.json", "{\"modelType\":\"Submodel\",\"id\":\"urn:m\",\"idShort\":\"M\"}");
    command_expect("import --store s model.json", 0, "");
    command_expect("categories --store s put equipment/caster --parent machine --names "
                   "'ko=주조기;en=Caster'",
        0, "");
    command_expect("tags --store s jig.example-smt-press --equipment caster --names de=Presse", 0,
        "de=Presse");
    command_expect("tags --store s jig.example-smt-welding-robot --equipment none", 0, "");
    command_expect("categories --store s delete equipment/welding-robot", 0, "");
    command_expect("export --store s --output out/", 0, "9 files in out/");
    command_expect(
        "import --store t --without-library out", 0, "stored                out/_curated.json");
    command_expect("search --store t --equipment caster", 0, "jig.example-smt-press@1.0");
    command_expect("categories --store t delete equipment/welding-robot", 1, "there is no value");
    command_expect("export --store t --output again/", 0, "");
    same_folders("out", "again");
    command_expect("import --store t out", 0, "unchanged             out/_curated.json");
    command_expect("history --store t --kind Curation", 0, "import: 주조기, below machine");
    command_expect("verify-store --store t", 0, "0 problems");
    command_expect("tags --store t jig.example-smt-press --names de=Stanze", 0, "");
    command_expect("import --store t out", 1, "are said of 'jig.example-smt-press' in the store");
    command_expect("tags --store t jig.example-smt-press", 0, "de=Stanze");
    command_expect("import --store t --replace out", 0, "");
    command_expect("tags --store t jig.example-smt-press", 0, "de=Presse");
}

Test(curated_cli, a_folder_whose_tags_cannot_be_read_is_not_imported_in_part)
{
    command_file("model.json", "{\"modelType\":\"Submodel\",\"id\":\"urn:m\",\"idShort\":\"M\"}");
    command_file("_curated.json", "{\"families\":[\n{\"family\":\"a\",\n\"phase\":7}]}");
    command_expect("import --store s .", 1, "./_curated.json: line 3: \"phase\" must be an array");
    cr_expect_not_null(strstr(command_output, "export the folder again"), "%s", command_output);
    command_expect("export --store s urn:m", 1, "no id");
    command_file("_curated.json", "{\"families\":[\n{\"family\":\"a\",\"phase\":[\"x\"]}]}");
    command_expect("import --store s .", 1, "(line 2): there is no value 'x' in the tree 'phase'");
    cr_expect_not_null(strstr(command_output, "trees of the file"), "%s", command_output);
    command_expect(
        "import --store s --language ko .", 1, "(2행): 'phase' 트리에 값 'x'이(가) 없습니다");
    command_expect("export --store s urn:m", 0, "urn:m");
}

Test(curated_cli, templates_are_listed_by_the_names_given_to_them)
{
    command_file("template.json",
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"https://a.example/smt/cell/1/0\","
        "\"idShort\":\"Cell\",\"kind\":\"Template\",\"administration\":{\"version\":\"1\","
        "\"revision\":\"0\"}}]}");
    command_expect("import --store s --without-library template.json", 0, "1 new template");
    char family[200] = "";
    command_expect("template list --store s", 0, "@1.0  Cell  [published]  1 version");
    snprintf(family, sizeof family, "%.*s", (int)strcspn(command_output, "@"), command_output);
    char command[400];
    snprintf(
        command, sizeof command, "tags --store s %s --names 'ko=작업 셀;en=Work cell'", family);
    command_expect(command, 0, "");
    command_expect("template list --store s --titles ko", 0, "@1.0  작업 셀 (given)  [published]");
    command_expect("template list --store s", 0, "@1.0  Work cell (given)  [published]");
    command_expect("search --store s --titles ko 작업", 0, "작업 셀 (given)  [published]");
    command_expect("template list --store s extra", 2, "name what to do");
    command_expect("template show --store s", 2, "name what to do");
}

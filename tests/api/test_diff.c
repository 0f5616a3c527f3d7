/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing versions and revisions over HTTP, and files and versions on the command line. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "aas/arena.h"
#include "aas/json.h"
#include "tests/api/client.h"
#include "tests/support/corpus.h"

#define TEMPLATE(revision, elements)                                                               \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:diff:press\",\"idShort\":\"Press\"," \
    "\"kind\":\"Template\",\"administration\":{\"version\":\"1\",\"revision\":\"" revision "\"},"  \
    "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","      \
    "\"value\":\"https://example.org/press/1/0\"}]},\"submodelElements\":[" elements "]}]}"
#define PROPERTY(name, value_type)                                                                 \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" value_type "\"}"

static const char version_10[] = TEMPLATE("0", PROPERTY("Force", "xs:double"));
static const char version_11[] =
    TEMPLATE("1", PROPERTY("Force", "xs:int") "," PROPERTY("Stroke", "xs:double"));

static char *folder;

static void put(const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void prepare(void)
{
    folder = scratch_new();
    put("old.json", version_10);
    put("new.json", version_11);
    put("broken.json", "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":null}]}");
    put("two.json", "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":"
                    "\"First\"},{\"modelType\":\"Submodel\",\"id\":\"urn:b\",\"idShort\":"
                    "\"Second\"}]}");
}

static void clean_up(void)
{
    scratch_remove(folder);
}

TestSuite(diff, .init = prepare, .fini = clean_up, .timeout = 120);

/* ------------------------------------------------------------------ command line */

static char output[256 * 1024];

static int run(const char *arguments)
{
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "cd '%s' && LC_ALL=C '%s' %s 2>&1 < /dev/null", folder,
                      JIG_BINARY, arguments),
        0);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    int status = pclose(pipe);
    free(command);
    cr_assert(WIFEXITED(status), "%s ended by a signal: %s", arguments, output);
    return WEXITSTATUS(status);
}

static void expect(const char *arguments, int exit_code, const char *part)
{
    int got = run(arguments);
    cr_expect_eq(got, exit_code, "jig %s: exit code %d\n%s", arguments, got, output);
    cr_expect_not_null(strstr(output, part), "jig %s: no \"%s\" in\n%s", arguments, part, output);
}

Test(diff, exit_codes_tell_equal_broken_and_unreadable_apart)
{
    expect("diff old.json old.json", 0, "nothing differs");
    expect("diff old.json new.json", 1, "C11 value type changed (1)");
    expect("diff new.json old.json", 1, "C05 mandatory element removed (1)");
    expect("diff old.json broken.json", 2, "JSON");
    expect("diff old.json broken.json", 2, "jig diff: broken.json, line 1: ");
    expect("diff old.json missing/none.json", 2, "cannot be read");
    expect("diff --store nowhere old.json none.json", 2,
        "there is neither a file 'none.json' nor a store in 'nowhere'");
    expect("diff old.json", 2, "name two files");
}

Test(diff, the_text_speaks_the_language_asked_for)
{
    expect("diff --language ko old.json new.json", 1, "값 형식 변경");
    expect("diff --language de old.json new.json", 1, "verpflichtendes Element hinzugekommen");
    expect("diff old.json new.json", 1,
        "what must grow: version (at least 2.0); what grew: "
        "revision  too little");
}

Test(diff, wrong_words_are_refused_with_what_is_allowed)
{
    expect("diff --mode sloppy old.json new.json", 2, "exact, value, ignore-version");
    expect("diff --format xml old.json new.json", 2, "it can be text json");
    expect("diff two.json two.json", 2, "several submodels: First, Second");
    expect("diff --submodel Third two.json two.json", 2, "no submodel \"Third\"");
    expect("diff --submodel urn:b two.json two.json", 0, "nothing differs");
}

Test(diff, versions_come_out_of_the_store_by_name)
{
    expect("import --store store --without-library old.json new.json", 0, "");
    expect("search --store store --kind template", 0, "@1.0");
    char family[100] = "";
    cr_assert_eq(sscanf(output, "%99[^@]", family), 1);
    char words[400];
    snprintf(words, sizeof words, "diff --store store %s@1.0 %s@1.1", family, family);
    expect(words, 1, "C11 value type changed (1)");
    snprintf(words, sizeof words, "diff --store store %s@1.0 new.json", family);
    expect(words, 1, "C11 value type changed (1)");
    snprintf(words, sizeof words, "diff --store store %s@1.1 %s", family, family);
    expect(words, 0, "nothing differs");
    snprintf(words, sizeof words, "diff --store store %s@9.9 %s", family, family);
    expect(words, 2, "9.9");
}

/* ------------------------------------------------------------------ server */

static const struct json *read_answer(struct arena *arena, const struct answer *answer)
{
    struct json *value = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(answer->status, 200, "%d %.500s", answer->status, answer->body);
    cr_assert_eq(
        json_read(arena, answer->body, answer->body_len, &value, &err), ERR_OK, "%s", err.text);
    return value;
}

static const char *member_text(const struct json *object, const char *name)
{
    const struct json *member = json_member(object, name);
    return member != NULL && (member->kind == JSON_STRING || member->kind == JSON_NUMBER)
               ? member->text
               : "";
}

static void put_revisions(const struct test_server *s)
{
    static const char *const elements[] = {PROPERTY("Force", "xs:double"),
        PROPERTY("Force", "xs:double") "," PROPERTY("Stroke", "xs:int"), PROPERTY("Way", "xs:int")};
    char target[200];
    char body[600];
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        snprintf(body, sizeof body,
            "{\"modelType\":\"Submodel\",\"id\":\"urn:diff:model\",\"submodelElements\":[%s]}",
            elements[i]);
        snprintf(target, sizeof target, "/submodels%s%s", i > 0 ? "/" : "",
            i > 0 ? id64("urn:diff:model") : "");
        int status = client_status(s->port, i > 0 ? "PUT" : "POST", target, "", body);
        cr_assert_eq(status, i > 0 ? 204 : 201, "%d", status);
    }
}

static struct answer ask_diff(const struct test_server *s, const char *query, const char *headers)
{
    char target[300];
    snprintf(target, sizeof target, "/submodels/%s/$diff%s", id64("urn:diff:model"), query);
    return client_ask(s->port, "GET", target, headers, NULL);
}

Test(diff, revisions_of_a_submodel_are_compared)
{
    struct test_server s;
    struct arena arena;
    server_up(&s, NULL);
    put_revisions(&s);
    arena_init(&arena, 16 << 20);
    struct answer answer = ask_diff(&s, "?from=1&to=2&rows=true", "");
    const struct json *diff = read_answer(&arena, &answer);
    cr_expect_str_eq(member_text(json_member(diff, "counts"), "matched"), "2");
    cr_expect_str_eq(member_text(json_member(diff, "counts"), "added"), "1");
    cr_expect_str_eq(member_text(json_member(diff, "from"), "name"), "1");
    const struct json *change = json_member(diff, "changes")->first;
    cr_expect_str_eq(member_text(change, "to"), "Stroke");
    cr_expect_str_eq(member_text(json_member(change, "findings")->first, "rule"), "C03");
    cr_expect_eq(json_member(diff, "rows")->count, 3);
    answer_free(&answer);
    answer = ask_diff(&s, "?from=1", "");
    diff = read_answer(&arena, &answer);
    cr_expect_str_eq(member_text(json_member(diff, "to"), "name"), "3");
    cr_expect_str_eq(member_text(json_member(diff, "counts"), "removed"), "1");
    answer_free(&answer);
    arena_finish(&arena);
    server_down(&s);
}

Test(diff, what_cannot_be_compared_is_told_with_its_reason)
{
    static const struct {
        const char *query;
        int status;
        const char *part;
    } rows[] = {{"?from=1&to=9", 404, "revision 9"}, {"?from=7&to=1", 404, "revision 7"},
        {"", 400, "the parameter from is missing"}, {"?from=0", 400, "is no revision number"},
        {"?from=x", 400, "is no revision number"}, {"?from=1&mode=loose", 400, "mode is exact"},
        {"?from=1&language=fr", 400, "language is en, ko or de"},
        {"?from=1&rows=perhaps", 400, "rows must be true or false"},
        {"?from=1&from=2", 400, "occurs twice"}};
    struct test_server s;
    server_up(&s, NULL);
    put_revisions(&s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = ask_diff(&s, rows[i].query, "");
        cr_expect_eq(answer.status, rows[i].status, "%s: %d", rows[i].query, answer.status);
        cr_expect_not_null(strstr(answer.body, rows[i].part), "%s: %s", rows[i].query, answer.body);
        answer_free(&answer);
    }
    struct answer answer = ask_diff(&s, "?from=1", "Accept: image/png\r\n");
    cr_expect_eq(answer.status, 406);
    answer_free(&answer);
    server_down(&s);
}

Test(diff, a_deleted_submodel_still_has_comparable_revisions)
{
    struct test_server s;
    char target[200];
    server_up(&s, NULL);
    put_revisions(&s);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:diff:model"));
    cr_assert_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    struct answer answer = ask_diff(&s, "?from=1&to=3", "");
    cr_expect_eq(answer.status, 200, "%d %s", answer.status, answer.body);
    answer_free(&answer);
    answer = ask_diff(&s, "?from=1&to=4", "");
    cr_expect_eq(answer.status, 404, "%d %s", answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body, "deletion"), "%s", answer.body);
    answer_free(&answer);
    server_down(&s);
}

static void upload(const struct test_server *s, const char *text)
{
    struct answer answer =
        client_post(s->port, "/upload", "Content-Type: application/json\r\n", text, strlen(text));
    cr_assert_eq(answer.status, 201, "%d %.500s", answer.status, answer.body);
    answer_free(&answer);
}

Test(diff, versions_of_a_template_are_compared_in_every_form)
{
    struct test_server s;
    server_up(&s, NULL);
    upload(&s, version_10);
    upload(&s, version_11);
    static const char address[] = "/templates/example.org-press";
    char target[200];
    snprintf(target, sizeof target, "%s/diff?from=1.0&to=1.1", address);
    struct answer answer = client_ask(s.port, "GET", target, "", NULL);
    cr_expect_eq(answer.status, 200, "%d %s", answer.status, answer.body);
    cr_expect_not_null(strstr(answer.body, "\"verdict\":\"breaking\""), "%s", answer.body);
    cr_expect_not_null(strstr(answer.body, "\"next\":{\"level\":\"version\",\"number\":\"2.0\","
                                           "\"declared\":\"revision\",\"enough\":false}"),
        "%s", answer.body);
    answer_free(&answer);
    answer =
        client_ask(s.port, "GET", target, "Accept: text/plain\r\nAccept-Language: de\r\n", NULL);
    cr_expect_not_null(strstr(answer.body, "nicht kompatibel"), "%s", answer.body);
    cr_expect_str_eq(answer_field(&answer, "Content-Type"), "text/plain; charset=utf-8");
    answer_free(&answer);
    snprintf(target, sizeof target, "%s/diff?from=1.1", address);
    answer = client_ask(s.port, "GET", target, "", NULL);
    cr_expect_not_null(strstr(answer.body, "\"equal\":true"), "%s", answer.body);
    answer_free(&answer);
    snprintf(target, sizeof target, "%s/diff?from=7.0", address);
    cr_expect_eq(client_status(s.port, "GET", target, "", NULL), 404);
    server_down(&s);
}

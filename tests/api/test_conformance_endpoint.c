/* SPDX-License-Identifier: Apache-2.0 */
/* POST /conformance: the report of a check over HTTP, without a trace in the store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/buf.h"
#include "aas/json.h"
#include "tests/api/client.h"
#include "tests/api/command.h"
#include "tests/support/corpus.h"

#define JSON "Content-Type: application/json\r\n"
#define XML "Content-Type: application/xml\r\n"
#define PACKAGE "Content-Type: application/asset-administration-shell-package\r\n"
#define FORM "Content-Type: multipart/form-data; boundary=cut-here\r\n"
#define PART                                                                                       \
    "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"press.json\"\r\n\r\n"

static const char valid[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:press\"}";
static const char invalid[] =
    "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"submodelElements\":[\n"
    "{\"modelType\":\"Property\",\"idShort\":\"Count\",\"valueType\":\"xs:int\",\"value\":\"one\"},"
    "\n{\"modelType\":\"Property\",\"valueType\":\"xs:int\"}]}";
static const char warned[] =
    "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\",\"embeddedDataSpecifications\":[{"
    "\"dataSpecification\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
    "\"GlobalReference\",\"value\":\"urn:mine\"}]},\"dataSpecificationContent\":{\"modelType\":"
    "\"DataSpecificationIec61360\",\"preferredName\":[{\"language\":\"en\",\"text\":\"A\"}],"
    "\"definition\":[{\"language\":\"en\",\"text\":\"A\"}]}}]}";

static struct test_server server;

static void start(void)
{
    command_prepare();
    server_up(&server, NULL);
}

static void stop(void)
{
    server_down(&server);
    command_clean_up();
}

TestSuite(conformance_endpoint, .init = start, .fini = stop, .timeout = 120);

static struct answer post(const char *query, const char *headers, const char *text)
{
    char target[300];
    snprintf(target, sizeof target, "/conformance%s", query);
    return client_post(server.port, target, headers, text, strlen(text));
}

static void expect(
    const char *query, const char *headers, const char *text, int status, const char *part)
{
    struct answer answer = post(query, headers, text);
    cr_expect_eq(answer.status, status, "%s: %d %.500s", query, answer.status, answer.body);
    cr_expect_not_null(
        strstr(answer.body, part), "%s: no \"%s\" in %.2000s", query, part, answer.body);
    answer_free(&answer);
}

Test(conformance_endpoint, judged_documents_are_200_whatever_the_verdict)
{
    static const struct {
        const char *headers;
        const char *text;
        const char *part;
    } rows[] = {
        {JSON, valid,
            "\"verdict\":\"valid\",\"passed\":true,\"format\":\"json\",\"metamodel\":\"3"
            ".1\",\"counts\":{\"errors\":0,\"warnings\":0,\"infos\":0},\"rules\":[],"
            "\"findings\":[]}"},
        {JSON, invalid, "\"verdict\":\"invalid\",\"passed\":false,"},
        {JSON, "{\"modelType\"", "\"verdict\":\"unreadable\",\"passed\":false,"},
        {JSON, "<x/>", "\"rule\":\"JSON-syntax\""},
        {XML, "<submodel xmlns=\"https://admin-shell.io/aas/3/0\"><id>urn:s</id></submodel>",
            "\"format\":\"xml\",\"metamodel\":\"3.0\""},
        {XML, "{}", "\"rule\":\"XML-syntax\""},
        {PACKAGE, "PK\003\004no package", "\"verdict\":\"unreadable\""},
        {"", "<submodel xmlns=\"https://admin-shell.io/aas/3/1\"/>", "\"format\":\"xml\""},
        {"Content-Type: application/octet-stream\r\n", valid, "\"verdict\":\"valid\""},
        {FORM, PART "{}\r\n--cut-here--\r\n", "{\"file\":\"press.json\",\"verdict\":\"valid\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect("", rows[i].headers, rows[i].text, 200, rows[i].part);
    }
}

Test(conformance_endpoint, a_finding_has_all_that_is_known_about_it)
{
    expect("", JSON, invalid, 200,
        "\"rules\":[{\"rule\":\"value-type\",\"severity\":\"error\",\"count\":1,\"title\":\"The "
        "value of a property, range or extension is a literal of its valueType.\"},{\"rule\":"
        "\"AASd-117\",");
    expect("", JSON, invalid, 200,
        "{\"rule\":\"value-type\",\"clause\":\"IDTA-01001, Property, Range and Extension\","
        "\"severity\":\"error\",\"path\":\"Count\",\"id\":\"urn:press\",\"pointer\":"
        "\"/submodelElements/0/value\",\"line\":2,\"column\":64,\"text\":\"value 'one' is no value "
        "of xs:int: it is not a whole number\",\"remedy\":\"Write a value of that type, leave it "
        "out, or choose the valueType that fits.\"}");
}

/* What jig check prints about the file in the scratch folder, without the end of the line. */
static void expect_same_as_check(const char *arguments, const char *query, const char *name)
{
    char command[200];
    char path[300];
    size_t len = 0;
    snprintf(command, sizeof command, "check --format jsonl %s %s", arguments, name);
    (void)command_run(command);
    command_output[strcspn(command_output, "\n")] = '\0';
    snprintf(path, sizeof path, "%s/%s", command_dir, name);
    char *bytes = file_read(path, &len);
    snprintf(path, sizeof path, "/conformance?fileName=%s%s", name, query);
    struct answer answer = client_post(server.port, path, "", bytes, len);
    cr_expect_eq(answer.status, 200);
    cr_expect_str_eq(answer.body, command_output, "%s %s", arguments, name);
    answer_free(&answer);
    free(bytes);
}

Test(conformance_endpoint, the_report_is_the_one_of_the_command_line)
{
    static const char reference[] =
        "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s\"}]}";
    command_file("a.json", invalid);
    command_file("b.json", "[1");
    command_file("c.json", reference);
    command_file("d.xml", "<submodel xmlns=\"https://admin-shell.io/aas/3/0\"><idShort>A</idShort>"
                          "<kind>Sample</kind></submodel>");
    command_file("e.json", warned);
    expect_same_as_check("", "", "a.json");
    expect_same_as_check("--language ko", "&language=ko", "a.json");
    expect_same_as_check("--metamodel 3.0", "&metamodel=3.0", "a.json");
    expect_same_as_check("", "", "b.json");
    expect_same_as_check("--as Reference --language de", "&as=Reference&language=de", "c.json");
    expect_same_as_check("", "", "d.xml");
    expect_same_as_check("--metamodel 3.1", "&metamodel=3.1", "d.xml");
    expect_same_as_check("", "", "e.json");
    expect_same_as_check("--fail-on warning", "&strict=true", "e.json");
}

static void compare_package(const char *path, void *context)
{
    char command[1200];
    size_t *left = context;
    size_t len = 0;
    if (*left == 0) {
        return;
    }
    --*left;
    snprintf(
        command, sizeof command, "--version > /dev/null; cp '%s' '%s/a.aasx'", path, command_dir);
    cr_assert_eq(command_run(command), 0);
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    expect_same_as_check("", "", "a.aasx");
    free(bytes);
}

Test(conformance_endpoint, published_packages_get_the_report_of_the_command_line)
{
    NEED_CORPUS();
    char *folder = corpus_path("corpus/templates");
    size_t left = 12;
    cr_expect_gt(files_each(folder, ".aasx", compare_package, &left), 12);
    free(folder);
}

Test(conformance_endpoint, it_speaks_the_language_asked_for_and_says_which)
{
    static const struct {
        const char *query;
        const char *header;
        const char *tag;
        const char *part;
    } rows[] = {
        {"", "", "en", "Add an idShort."},
        {"", "Accept-Language: ko-KR,ko;q=0.9,en;q=0.5\r\n", "ko", "idShort를 추가하십시오."},
        {"", "Accept-Language: fr, de;q=0.3\r\n", "de", "Fügen Sie eine idShort hinzu."},
        {"", "Accept-Language: fr\r\n", "en", "Add an idShort."},
        {"?language=ko", "Accept-Language: de\r\n", "ko", "idShort를 추가하십시오."},
        {"?language=de-AT&format=text", "", "de", "ungültig  document  (2 Fehler, 0 Warnungen)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char headers[200];
        snprintf(headers, sizeof headers, JSON "%s", rows[i].header);
        struct answer answer = post(rows[i].query, headers, invalid);
        cr_expect_eq(answer.status, 200);
        cr_expect_not_null(strstr(answer.body, rows[i].part), "%s", answer.body);
        const char *tag = answer_field(&answer, "Content-Language");
        cr_assert_not_null(tag);
        cr_expect_str_eq(tag, rows[i].tag);
        answer_free(&answer);
    }
}

Test(conformance_endpoint, the_forms_of_the_report_are_chosen_by_name_or_by_accept)
{
    static const struct {
        const char *query;
        const char *accept;
        const char *type;
        const char *part;
    } rows[] = {
        {"", "", "application/json", "{\"file\":\"document\","},
        {"", "Accept: text/html,*/*;q=0.8\r\n", "application/json", "{\"file\""},
        {"", "Accept: text/plain\r\n", "text/plain; charset=utf-8", "invalid  document  (2 err"},
        {"", "Accept: application/sarif+json\r\n", "application/sarif+json", "sarif-2.1.0"},
        {"?format=text", "", "text/plain; charset=utf-8", "      -> Add an idShort.\n"},
        {"?format=junit", "", "application/xml", "</testsuites>\n"},
        {"?format=sarif", "Accept: application/json\r\n", "application/sarif+json", "\n]}]}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char headers[200];
        snprintf(headers, sizeof headers, JSON "%s", rows[i].accept);
        struct answer answer = post(rows[i].query, headers, invalid);
        cr_expect_eq(answer.status, 200);
        cr_expect_str_eq(answer_field(&answer, "Content-Type"), rows[i].type);
        cr_expect_not_null(strstr(answer.body, rows[i].part), "%s", answer.body);
        answer_free(&answer);
    }
    expect("", JSON "Accept: image/png\r\n", invalid, 406, "with format=junit application/xml");
}

Test(conformance_endpoint, wrong_questions_are_400_with_what_is_possible)
{
    static const struct {
        const char *query;
        const char *part;
    } rows[] = {
        {"?metamodel=2.0", "metamodel is 3.0, 3.1 or any, not \\\"2.0\\\""},
        {"?language=fr", "language is en, ko or de, not \\\"fr\\\""},
        {"?as=Submodell", "no class \\\"Submodell\\\" (did you mean Submodel?)"},
        {"?strict=yes", "strict must be true or false"},
        {"?format=xml", "format is json, text, junit or sarif, not \\\"xml\\\""},
        {"?format=json&format=json", "the parameter format occurs twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(rows[i].query, JSON, valid, 400, rows[i].part);
    }
}

Test(conformance_endpoint, bodies_that_hold_no_file_are_refused)
{
    expect("", JSON, "", 400, "the file is empty");
    expect("", "Content-Type: image/png\r\n", valid, 415, "not image/png");
    expect("", "Content-Type: application/json; charset=utf-16\r\n", valid, 415, "not application");
    expect("", FORM, "--cut-here--\r\n", 400, "no part named \\\"file\\\"");
    expect("", FORM, PART "{}\r\n" PART "{}\r\n--cut-here--\r\n", 400, "2 parts named");
    cr_expect_eq(client_status(server.port, "GET", "/conformance", "", NULL), 405);
}

Test(conformance_endpoint, too_much_is_413)
{
    struct test_server small;
    const struct api_server_options options = {.max_body = 1000};
    char *text = calloc(1, 30 << 20);
    cr_assert_not_null(text);
    server_up(&small, &options);
    memset(text, ' ', 1001);
    struct answer answer = client_post(small.port, "/conformance", JSON, text, 1001);
    cr_expect_eq(answer.status, 413);
    answer_free(&answer);
    server_down(&small);
    for (size_t i = 0; i < 30 << 20; i += 4) { /* elements without content by the million */
        memcpy(text + i, "<a/>", 4);
    }
    answer = client_post(server.port, "/conformance", XML, text, 30 << 20);
    cr_expect_eq(answer.status, 413);
    answer_free(&answer);
    free(text);
}

static char *store_bytes(size_t *len)
{
    char path[300];
    snprintf(path, sizeof path, "%s/data.mdb", server.dir);
    char *bytes = file_read(path, len);
    cr_assert_not_null(bytes);
    return bytes;
}

Test(conformance_endpoint, nothing_is_stored)
{
    size_t before_len = 0;
    size_t after_len = 0;
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", valid), 201);
    char *before = store_bytes(&before_len);
    expect("", JSON, "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:new\"}]}", 200,
        "\"verdict\":\"valid\"");
    expect("", JSON, invalid, 200, "invalid");
    expect("", FORM,
        PART "{\"submodels\":[{\"modelType\":\"Submodel\",\"kind\":\"Template\",\"id\""
             ":\"urn:t\"}]}\r\n--cut-here--\r\n",
        200, "\"verdict\":\"valid\"");
    char *after = store_bytes(&after_len);
    cr_expect_eq(before_len, after_len);
    cr_expect(before_len == after_len && memcmp(before, after, after_len) == 0);
    free(before);
    free(after);
    struct answer answer = client_ask(server.port, "GET", "/submodels", "", NULL);
    cr_expect_null(strstr(answer.body, "urn:new"));
    answer_free(&answer);
}

Test(conformance_endpoint, ten_thousand_findings_are_one_answer)
{
    struct buf buf;
    buf_init(&buf, 64 << 20);
    buf_add_text(&buf, "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[");
    for (int i = 0; i < 12000; i++) {
        buf_printf(
            &buf, "%s{\"modelType\":\"Property\",\"valueType\":\"xs:int\"}", i > 0 ? "," : "");
    }
    buf_add_text(&buf, "]}");
    expect("", JSON, buf_text(&buf), 200,
        "\"counts\":{\"errors\":12000,\"warnings\":0,\"infos\":0},\"rules\":[{\"rule\":\"AASd-"
        "117\","
        "\"severity\":\"error\",\"count\":12000,");
    expect("?format=text", JSON, buf_text(&buf), 200, "      and 11980 more\n");
    expect("?format=sarif&language=ko", JSON, buf_text(&buf), 200, "\n]}]}\n");
    buf_finish(&buf);
}

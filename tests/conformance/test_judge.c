/* SPDX-License-Identifier: Apache-2.0 */
/* Judgement as a whole: formats, versions, what is told about a schema's refusal, threads. */
#include "conformance/judge.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aas/xml.h"
#include "tests/support/corpus.h"

#define NS_30 "https://admin-shell.io/aas/3/0"
#define NS_31 "https://admin-shell.io/aas/3/1"
#define XML(ns, elements)                                                                          \
    "<environment xmlns=\"" ns                                                                     \
    "\"><submodels><submodel><id>urn:sm</id><submodelElements>" elements                           \
    "</submodelElements></submodel></submodels></environment>"
#define JSON(elements)                                                                             \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\",\"submodelElements\":"          \
    "[" elements "]}]}"
#define NAMED(name) "{\"modelType\":\"Capability\",\"idShort\":\"" name "\"}"

struct outcome {
    struct arena arena;
    struct report report;
    struct judge_result result;
    struct err err;
    enum err_code code;
};

static void judge_text(const char *text, unsigned versions, struct outcome *outcome)
{
    struct judge_input input = {.bytes = text, .len = strlen(text), .versions = versions};
    memset(outcome, 0, sizeof *outcome);
    arena_init(&outcome->arena, 64 << 20);
    report_init(&outcome->report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    outcome->code =
        judge_document(&outcome->arena, &input, &outcome->report, &outcome->result, &outcome->err);
}

static void outcome_finish(struct outcome *outcome)
{
    report_finish(&outcome->report);
    arena_finish(&outcome->arena);
}

Test(judge, the_format_is_told_by_the_first_bytes)
{
    static const struct {
        const char *text;
        enum judge_format format;
    } samples[] = {
        {"{}", JUDGE_JSON},
        {"\xEF\xBB\xBF {}", JUDGE_JSON},
        {"", JUDGE_JSON},
        {"\xEF\xBB\xBF\n <environment xmlns=\"" NS_31 "\"/>", JUDGE_XML},
        {"\xFF\xFE<", JUDGE_XML},
        {"\xFE\xFF", JUDGE_XML},
        {"PK\x03\x04", JUDGE_AASX},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct outcome outcome;
        judge_text(samples[i].text, 0, &outcome);
        cr_expect_eq(outcome.result.format, samples[i].format, "sample %zu is taken for %s", i,
            judge_format_text(outcome.result.format));
        outcome_finish(&outcome);
    }
}

Test(judge, json_is_judged_by_the_version_that_accepts_it)
{
    static const struct {
        const char *text;
        enum meta_version version;
        enum report_verdict verdict;
    } samples[] = {
        {JSON(NAMED("ab")), META_V31, REPORT_VALID},
        {JSON(NAMED("a-b")), META_V31, REPORT_VALID},
        {JSON(NAMED("a")), META_V30, REPORT_VALID},
        {JSON(NAMED("a") "," NAMED("a-b")), META_V31, REPORT_INVALID},
        {JSON(NAMED("a") "," NAMED("a-b") "," NAMED("b")), META_V30, REPORT_INVALID},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct outcome outcome;
        judge_text(samples[i].text, 0, &outcome);
        cr_expect_eq(outcome.code, ERR_OK);
        cr_expect_eq(outcome.result.version, samples[i].version, "sample %zu", i);
        cr_expect_eq(outcome.result.verdict, samples[i].verdict, "sample %zu", i);
        cr_expect_eq(outcome.report.errors, samples[i].verdict == REPORT_VALID ? 0 : 1);
        outcome_finish(&outcome);
    }
}

Test(judge, xml_says_its_version_and_a_version_not_asked_for_is_refused)
{
    static const char *const text = XML(NS_30, "<capability><idShort>a</idShort></capability>");
    struct outcome outcome;
    judge_text(text, META_V_ANY, &outcome);
    cr_expect_eq(outcome.result.version, META_V30);
    cr_expect_eq(outcome.result.verdict, REPORT_VALID);
    outcome_finish(&outcome);
    judge_text(text, META_V31, &outcome);
    cr_expect_eq(outcome.result.verdict, REPORT_INVALID);
    cr_expect_str_eq(outcome.err.rule, "XML-namespace");
    cr_expect_not_null(outcome.result.root);
    outcome_finish(&outcome);
}

/* One element, the rule that finds it, and words of the finding and of its remedy. */
struct refusal {
    const char *xml;
    const char *rule;
    const char *text;
    const char *remedy;
};

static const struct refusal refusals[] = {
    {"<capability><idShort>1a</idShort></capability>", "AASd-002", "idShort '1a'", "letter"},
    {"<capability><category></category><idShort>ab</idShort></capability>", "schema-length",
        "category is empty", "leave the attribute out"},
    {"<property><idShort>ab</idShort></property>", "schema-required", "Property has no valueType",
        "Add the attribute valueType."},
    {"<property><idShort>ab</idShort><valueType>xs:elephant</valueType></property>",
        "schema-enumeration", "valueType 'xs:elephant'", "xs:anyURI, xs:base64Binary"},
    {"<blob><idShort>ab</idShort><value>a b c</value><contentType>a/b</contentType></blob>",
        "schema-type", "value is no base64", "base64"},
    {"<operation><idShort>ab</idShort><inputVariables/></operation>", "schema-empty-list",
        "inputVariables is an empty list", "at least one item"},
    {"<property><valueType>xs:int</valueType><idShort>ab</idShort></property>", "schema-order",
        "<idShort> stands at the wrong place", "order"},
    {"<file><idShort>ab</idShort><contentType>pdf</contentType></file>", "schema-pattern",
        "contentType 'pdf'", "application/pdf"},
    {"<submodelElementList><idShort>ab</idShort><orderRelevant>yes</orderRelevant>"
     "<typeValueListElement>Blob</typeValueListElement></submodelElementList>",
        "schema-type", "orderRelevant 'yes'", "true or false"},
};

Test(judge, what_the_schema_refuses_is_said_once_and_in_words)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        char text[1024];
        struct outcome outcome;
        snprintf(text, sizeof text, XML(NS_31, "%s"), refusals[i].xml);
        judge_text(text, META_V31, &outcome);
        cr_assert_eq(
            outcome.report.count, 1, "%s: %zu findings", refusals[i].xml, outcome.report.count);
        const struct finding *finding = &outcome.report.findings[0];
        cr_expect_str_eq(finding->rule, refusals[i].rule, "%s", refusals[i].xml);
        cr_expect_not_null(strstr(finding->text, refusals[i].text), "%s", finding->text);
        cr_expect_not_null(strstr(finding->remedy, refusals[i].remedy), "%s", finding->remedy);
        cr_expect_str_eq(outcome.err.rule, refusals[i].rule);
        cr_expect_eq(outcome.code, ERR_OK);
        outcome_finish(&outcome);
    }
}

Test(judge, a_too_long_text_is_told_with_its_length)
{
    char text[2048];
    char name[201];
    struct outcome outcome;
    memset(name, 'a', 200);
    name[200] = '\0';
    snprintf(text, sizeof text, JSON(NAMED("%s")), name);
    judge_text(text, META_V31, &outcome);
    cr_assert_eq(outcome.report.count, 1);
    cr_expect_str_eq(outcome.report.findings[0].rule, "schema-length");
    cr_expect_not_null(strstr(outcome.report.findings[0].text, "has 200 characters"));
    cr_expect_str_eq(outcome.report.findings[0].remedy, "Use at most 128 characters.");
    outcome_finish(&outcome);
}

Test(judge, an_endless_language_tag_costs_no_time)
{
    enum { PARTS = 200000, PART = 6 };
    static const char before[] = "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"u\","
                                 "\"description\":[{\"text\":\"t\",\"language\":\"en";
    char *text = malloc(sizeof before + PARTS * PART + 16);
    char *at = stpcpy(text, before);
    for (int i = 0; i < PARTS; i++) {
        at = stpcpy(at, "-abcde");
    }
    strcpy(at, "\"}]}]}");
    for (unsigned version = META_V30; version <= META_V31; version++) {
        struct outcome outcome;
        clock_t start = clock();
        judge_text(text, version, &outcome);
        cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 0.5);
        cr_assert_eq(outcome.report.count, 1);
        cr_expect_str_eq(outcome.report.findings[0].rule, "schema-length");
        outcome_finish(&outcome);
    }
    free(text);
}

Test(judge, a_language_tag_beyond_the_ceiling_is_refused_in_any_script)
{
    char text[2048] = "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"u\","
                      "\"description\":[{\"text\":\"t\",\"language\":\"";
    for (int i = 0; i < 100; i++) {
        strcat(text, "\xED\x95\x9C");
    }
    strcat(text, "\"}]}]}");
    struct outcome outcome;
    judge_text(text, META_V31, &outcome);
    cr_expect_eq(outcome.report.errors, 1);
    outcome_finish(&outcome);
}

Test(judge, an_unreadable_document_says_what_else_is_wrong_but_not_what_is_missing)
{
    struct outcome outcome;
    judge_text(JSON("{\"modelType\":\"Property\",\"idShort\":\"1\",\"valueType\":7}"), 0, &outcome);
    cr_expect_eq(outcome.code, ERR_UNREADABLE);
    cr_expect_eq(outcome.result.verdict, REPORT_UNREADABLE);
    bool about_id_short = false;
    for (size_t i = 0; i < outcome.report.count; i++) {
        about_id_short = about_id_short || strcmp(outcome.report.findings[i].rule, "AASd-002") == 0;
        cr_expect_str_neq(outcome.report.findings[i].rule, "schema-required");
    }
    cr_expect(about_id_short);
    outcome_finish(&outcome);
}

Test(judge, a_full_arena_is_too_large_and_not_invalid)
{
    static const char text[] = JSON(NAMED("ab"));
    struct judge_input input = {.bytes = text, .len = strlen(text)};
    struct judge_result result;
    struct report report;
    struct arena arena;
    struct err err;
    arena_init(&arena, 100);
    report_init(&report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_expect_eq(judge_document(&arena, &input, &report, &result, &err), ERR_TOO_LARGE);
    cr_expect_eq(err.code, ERR_TOO_LARGE);
    cr_assert_eq(report.count, 1);
    cr_expect_str_eq(report.findings[0].rule, "JSON-size");
    cr_expect_eq(result.verdict, REPORT_UNREADABLE);
    report_finish(&report);
    arena_finish(&arena);
}

Test(judge, elements_nested_too_deeply_are_told_as_that)
{
    enum { LEVELS = 400, ROOM = 64 * 1024 };
    char *text = malloc(ROOM);
    char *at = stpcpy(text, "<submodel xmlns=\"" NS_31 "\"><submodelElements>");
    for (int i = 0; i < LEVELS; i++) {
        at = stpcpy(at, "<submodelElementCollection><value>");
    }
    for (int i = 0; i < LEVELS; i++) {
        at = stpcpy(at, "</value></submodelElementCollection>");
    }
    strcpy(at, "</submodelElements></submodel>");
    struct outcome outcome;
    judge_text(text, 0, &outcome);
    cr_expect_eq(outcome.code, ERR_UNREADABLE);
    cr_assert_gt(outcome.report.count, 0);
    cr_expect_str_eq(outcome.report.findings[0].rule, "XML-depth");
    outcome_finish(&outcome);
    free(text);
}

Test(judge, a_tree_is_judged_after_an_edit)
{
    struct outcome outcome;
    enum meta_version version = META_V31;
    judge_text(JSON(NAMED("ab") "," NAMED("cd")), 0, &outcome);
    cr_assert_eq(outcome.result.verdict, REPORT_VALID);
    size_t count = 0;
    struct aas_node **submodels = aas_list(outcome.result.root, PROP_submodels, &count);
    struct aas_node **elements = aas_children(submodels[0], &count);
    cr_assert_eq(aas_set_text(&outcome.arena, elements[1], PROP_idShort, "ab", 2), ERR_OK);
    struct err err = {.code = ERR_OK};
    cr_expect_eq(judge_tree(submodels[0], 0, false, &outcome.report, &version, &err), ERR_OK);
    cr_expect_eq(outcome.report.errors, 1);
    cr_expect_eq(err.code, ERR_INVALID);
    cr_expect_str_eq(err.rule, "AASd-022");
    outcome_finish(&outcome);
}

/* A schema of the user's may know fewer root elements than the model has. */
#define OWN_SCHEMA                                                                                 \
    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"" NS_31            \
    "\"><xs:element name=\"environment\" type=\"xs:anyType\"/></xs:schema>"

Test(judge, a_root_that_the_users_schema_does_not_know_is_judged_by_the_table)
{
    static const char text[] = "<submodel xmlns=\"" NS_31 "\"><id>urn:sm</id></submodel>";
    struct judge_input input = {.bytes = text, .len = strlen(text)};
    struct outcome outcome = {.code = ERR_OK};
    unsigned versions = 0;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_assert_eq(judge_use_schema(OWN_SCHEMA, strlen(OWN_SCHEMA), &versions, NULL), ERR_OK);
    cr_expect_eq(versions, META_V31);
    arena_init(&outcome.arena, 1 << 20);
    report_init(&outcome.report);
    cr_expect_eq(
        judge_document(&outcome.arena, &input, &outcome.report, &outcome.result, NULL), ERR_OK);
    cr_expect_eq(outcome.result.verdict, REPORT_VALID);
    cr_assert_eq(outcome.report.count, 1);
    cr_expect_str_eq(outcome.report.findings[0].rule, "schema-root");
    outcome_finish(&outcome);
    judge_stop();
}

/* ------------------------------------------------------------------ packages */

struct packages {
    size_t readable;
    size_t with_submodels;
};

static void judge_package(const char *path, void *context)
{
    struct packages *packages = context;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    struct judge_input input = {.bytes = bytes, .len = len};
    struct judge_result result;
    struct report report;
    struct arena arena;
    arena_init(&arena, 512 << 20);
    report_init(&report);
    enum err_code code = judge_document(&arena, &input, &report, &result, NULL);
    size_t count = 0;
    if (result.root != NULL) {
        (void)aas_list(result.root, PROP_submodels, &count);
    }
    cr_expect_eq(result.format, JUDGE_AASX, "%s", path);
    packages->readable += code == ERR_OK;
    packages->with_submodels += count > 0;
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

Test(judge, published_packages_become_one_environment_each)
{
    NEED_CORPUS();
    struct packages packages = {0, 0};
    char *dir = corpus_path("corpus/templates");
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t files = files_each(dir, ".aasx", judge_package, &packages);
    free(dir);
    cr_expect_gt(files, 0);
    cr_expect_eq(packages.readable, files);
    cr_expect_eq(packages.with_submodels, files);
}

/* ------------------------------------------------------------------ threads */

enum { THREADS = 8, ROUNDS = 300 };

static void *judge_again_and_again(void *context)
{
    static const char *const texts[] = {JSON(NAMED("ab")), JSON(NAMED("1")),
        XML(NS_30, "<capability><idShort>a</idShort></capability>"),
        XML(NS_31, "<property><idShort>ab</idShort></property>")};
    static const size_t errors[] = {0, 1, 0, 1};
    size_t *wrong = context;
    for (size_t i = 0; i < ROUNDS; i++) {
        size_t at = i % 4;
        struct judge_input input = {.bytes = texts[at], .len = strlen(texts[at])};
        struct judge_result result;
        struct report report;
        struct arena arena;
        arena_init(&arena, 1 << 20);
        report_init(&report);
        *wrong += judge_document(&arena, &input, &report, &result, NULL) != ERR_OK;
        *wrong += report.errors != errors[at];
        report_finish(&report);
        arena_finish(&arena);
    }
    return NULL;
}

Test(judge, several_threads_share_the_schemas)
{
    pthread_t threads[THREADS];
    size_t wrong[THREADS] = {0};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 100 * 1024); /* as the server's workers have */
    cr_assert_eq(judge_start(NULL), ERR_OK);
    for (size_t i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&threads[i], &attributes, judge_again_and_again, &wrong[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(wrong[i], 0, "thread %zu: %zu wrong verdicts", i, wrong[i]);
    }
    judge_stop();
}

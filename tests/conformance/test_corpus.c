/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The official examples: valid ones are accepted, invalid ones refused for the reason their folder
 * names, and JSON and XML of the same document are judged alike.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge.h"
#include "tests/support/corpus.h"

enum { ARENA_CEILING = 256 << 20 };

struct verdict {
    enum err_code code;
    struct judge_result result;
    struct report report;
    struct arena arena;
};

static void judge_input(const struct judge_input *input, struct verdict *verdict)
{
    arena_init(&verdict->arena, ARENA_CEILING);
    report_init(&verdict->report);
    verdict->code =
        judge_document(&verdict->arena, input, &verdict->report, &verdict->result, NULL);
}

static void judge_bytes(const char *bytes, size_t len, unsigned versions, struct verdict *verdict)
{
    const struct judge_input input = {.bytes = bytes, .len = len, .versions = versions};
    judge_input(&input, verdict);
}

static void judge_file(const char *path, unsigned versions, struct verdict *verdict)
{
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s cannot be read", path);
    judge_bytes(bytes, len, versions, verdict);
    free(bytes);
}

static void verdict_finish(struct verdict *verdict)
{
    report_finish(&verdict->report);
    arena_finish(&verdict->arena);
}

static bool accepted(const struct verdict *verdict)
{
    return verdict->code == ERR_OK && verdict->result.verdict == REPORT_VALID;
}

static void print_findings(const char *path, const struct report *report)
{
    struct buf buf;
    buf_init(&buf, 1 << 20);
    report_write_text(&buf, report, LANGUAGE_EN, false);
    cr_log_error("%s\n%s", path, buf_text(&buf));
    buf_finish(&buf);
}

/* ------------------------------------------------------------------ counts per folder */

struct count {
    char name[64];
    size_t accepted;
    size_t refused;
};

struct table {
    struct count counts[64];
    size_t len;
    unsigned versions;
    bool want_accepted;
    size_t wrong;
};

static struct count *count_of(struct table *table, const char *name)
{
    for (size_t i = 0; i < table->len; i++) {
        if (strcmp(table->counts[i].name, name) == 0) {
            return &table->counts[i];
        }
    }
    cr_assert_lt(table->len, sizeof table->counts / sizeof *table->counts);
    snprintf(table->counts[table->len].name, sizeof table->counts->name, "%s", name);
    return &table->counts[table->len++];
}

/* The folder behind `mark` in a path: "MinLengthViolation" in ".../Invalid/MinLengthViolation/...".
 */
static void folder_behind(const char *path, const char *mark, char *to, size_t size)
{
    const char *at = strstr(path, mark);
    at = at == NULL ? "" : at + strlen(mark);
    snprintf(to, size, "%.*s", (int)strcspn(at, "/"), at);
}

static void print_table(const char *title, const struct table *table)
{
    size_t yes = 0;
    size_t no = 0;
    for (size_t i = 0; i < table->len; i++) {
        const struct count *count = &table->counts[i];
        printf(
            "  %-46s accepted %5zu refused %5zu\n", count->name, count->accepted, count->refused);
        yes += count->accepted;
        no += count->refused;
    }
    printf("%-48s accepted %5zu refused %5zu\n", title, yes, no);
}

static void expect_accepted(const char *path, void *context)
{
    struct table *table = context;
    struct verdict verdict;
    char folder[64];
    judge_file(path, table->versions, &verdict);
    folder_behind(path, strstr(path, "/Expected/") != NULL ? "/Expected/" : "metamodel-3.1/",
        folder, sizeof folder);
    struct count *count = count_of(table, folder);
    if (accepted(&verdict)) {
        count->accepted++;
    } else {
        count->refused++;
        table->wrong++;
        print_findings(path, &verdict.report);
    }
    verdict_finish(&verdict);
}

static void all_are_accepted(const char *folder, const char *ending, unsigned versions)
{
    struct table table = {.versions = versions};
    char *dir = corpus_path(folder);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t files = files_each(dir, ending, expect_accepted, &table);
    free(dir);
    print_table(folder, &table);
    cr_assert_gt(files, 0);
    cr_assert_eq(table.wrong, 0, "%zu of %zu are refused", table.wrong, files);
}

Test(corpus, every_valid_json_example_of_3_0_is_accepted)
{
    NEED_CORPUS();
    all_are_accepted(
        "corpus/metamodel-3.0/Json/ContainedInEnvironment/Expected", ".json", META_V30);
    all_are_accepted("corpus/metamodel-3.0/Json/SelfContained/Expected", ".json", META_V30);
}

Test(corpus, every_valid_xml_example_of_3_0_is_accepted)
{
    NEED_CORPUS();
    all_are_accepted("corpus/metamodel-3.0/Xml/ContainedInEnvironment/Expected", ".xml", META_V30);
    all_are_accepted("corpus/metamodel-3.0/Xml/SelfContained/Expected", ".xml", META_V30);
}

Test(corpus, every_example_of_3_1_is_accepted_as_3_1)
{
    NEED_CORPUS();
    all_are_accepted("corpus/metamodel-3.1/json", ".json", META_V31);
    all_are_accepted("corpus/metamodel-3.1/xml", ".xml", META_V31);
}

Test(corpus, every_example_of_3_1_is_accepted_as_either)
{
    NEED_CORPUS();
    all_are_accepted("corpus/metamodel-3.1/json", ".json", META_V_ANY);
    all_are_accepted("corpus/metamodel-3.1/xml", ".xml", META_V_ANY);
}

/* ------------------------------------------------------------------ refusals and their reasons */

/* What a folder of invalid examples must be refused for: one of these rules, each with a space
 * before and behind. */
struct reason {
    const char *folder;
    const char *rules;
};

static const struct reason reasons[] = {
    {"ConstraintViolation", " AASd-107 AASd-108 AASd-114 AASd-120 AASd-127 AASd-128 "},
    {"DateTimeUtcViolationOnFebruary29th", " real-date "},
    /* AASd-130: some examples hold U+0000, which no text can have. */
    {"InvalidMinMaxExample", " value-type AASd-130 "},
    {"InvalidValueExample", " value-type AASd-020 AASd-130 "},
    {"MaxLengthViolation", " schema-length "},
    {"MinLengthViolation", " schema-length schema-empty-list "},
    /* schema-length: some examples are empty, which is one finding, not two. */
    {"PatternViolation", " schema-pattern AASd-002 AASd-130 schema-length "},
    {"SetViolation", " AASd-090 "},
    {"EnumViolation", " schema-enumeration "},
    {"RequiredViolation", " schema-required "},
    {"InvalidModelType", " JSON-modelType "},
    {"MissingModelType", " JSON-modelType "},
    {"NullViolation", " JSON-null "},
    {"TypeViolation", " JSON-type XML-structure "},
    {"UnexpectedAdditionalProperty", " JSON-unknown-attribute XML-structure "},
};

static bool has_reason(const struct report *report, const char *rules)
{
    char rule[64];
    for (size_t i = 0; i < report->count; i++) {
        snprintf(rule, sizeof rule, " %s ", report->findings[i].rule);
        if (report->findings[i].severity >= AAS_ERROR && strstr(rules, rule) != NULL) {
            return true;
        }
    }
    return false;
}

/* NULL for a folder that nobody has thought about. */
static const char *reason_of(const char *folder)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].folder, folder) == 0) {
            return reasons[i].rules;
        }
    }
    return NULL;
}

static void expect_refused(const char *path, void *context)
{
    struct table *table = context;
    struct verdict verdict;
    char folder[64];
    judge_file(path, table->versions, &verdict);
    folder_behind(path, strstr(path, "/Invalid/") != NULL ? "/Invalid/" : "/Unserializable/",
        folder, sizeof folder);
    struct count *count = count_of(table, folder);
    const char *rules = reason_of(folder);
    bool right = !accepted(&verdict) && rules != NULL && has_reason(&verdict.report, rules);
    count->accepted += accepted(&verdict);
    count->refused += !accepted(&verdict);
    if (!right) {
        table->wrong++;
        print_findings(path, &verdict.report);
    }
    verdict_finish(&verdict);
}

static void all_are_refused(const char *folder, const char *ending)
{
    struct table table = {.versions = META_V30};
    char *dir = corpus_path(folder);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t files = files_each(dir, ending, expect_refused, &table);
    free(dir);
    print_table(folder, &table);
    cr_assert_gt(files, 0);
    cr_assert_eq(table.wrong, 0, "%zu of %zu are judged otherwise", table.wrong, files);
}

Test(corpus, every_invalid_json_example_is_refused_for_its_reason)
{
    NEED_CORPUS();
    all_are_refused("corpus/metamodel-3.0/Json/ContainedInEnvironment/Unexpected", ".json");
    all_are_refused("corpus/metamodel-3.0/Json/SelfContained/Unexpected", ".json");
}

Test(corpus, every_invalid_xml_example_is_refused_for_its_reason)
{
    NEED_CORPUS();
    all_are_refused("corpus/metamodel-3.0/Xml/ContainedInEnvironment/Unexpected", ".xml");
    all_are_refused("corpus/metamodel-3.0/Xml/SelfContained/Unexpected", ".xml");
}

/* ------------------------------------------------------------------ JSON and XML alike */

/* ".../Json/<kind>/<set>/.../Property/a.json" is ".../Xml/<kind>/<set>/.../property/a.xml": the
 * folder named after a class begins with a small letter. */
static char *xml_twin(const char *json_path)
{
    size_t room = strlen(json_path) + 1;
    char *path = malloc(room);
    const char *set = strstr(json_path, "/Json/");
    cr_assert_not_null(set);
    snprintf(path, room, "%.*s/Xml/%s", (int)(set - json_path), json_path, set + strlen("/Json/"));
    strcpy(path + strlen(path) - strlen("json"), "xml");
    char *at = strstr(path, "/Invalid/");
    /* behind the folder of the violation, or right behind Expected */
    at = at != NULL ? strchr(at + strlen("/Invalid/"), '/') : strstr(path, "/Expected") + 9;
    cr_assert_not_null(at);
    if (at[1] >= 'A' && at[1] <= 'Z') {
        at[1] = (char)(at[1] - 'A' + 'a');
    }
    return path;
}

static bool has_finding(const struct report *report, const struct finding *wanted)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        if (strcmp(finding->rule, wanted->rule) == 0 && strcmp(finding->path, wanted->path) == 0 &&
            strcmp(finding->pointer, wanted->pointer) == 0 &&
            strcmp(finding->id, wanted->id) == 0) {
            return true;
        }
    }
    return false;
}

static bool finds_all(const struct report *report, const struct report *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_finding(report, &wanted->findings[i])) {
            return false;
        }
    }
    return true;
}

struct pairs {
    size_t compared;
    size_t different;
};

static void compare_with_twin(const char *json_path, void *context)
{
    struct pairs *pairs = context;
    char *xml_path = xml_twin(json_path);
    size_t len = 0;
    char *bytes = file_read(xml_path, &len);
    if (bytes != NULL) {
        struct verdict json;
        struct verdict xml;
        judge_file(json_path, META_V30, &json);
        judge_bytes(bytes, len, META_V30, &xml);
        pairs->compared++;
        if (!finds_all(&json.report, &xml.report) || !finds_all(&xml.report, &json.report)) {
            pairs->different++;
            print_findings(json_path, &json.report);
            print_findings(xml_path, &xml.report);
        }
        verdict_finish(&json);
        verdict_finish(&xml);
    }
    free(bytes);
    free(xml_path);
}

static void pairs_are_alike(const char *folder, size_t at_least)
{
    struct pairs pairs = {0, 0};
    char *dir = corpus_path(folder);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    files_each(dir, ".json", compare_with_twin, &pairs);
    free(dir);
    printf("%-70s %zu pairs\n", folder, pairs.compared);
    cr_assert_geq(pairs.compared, at_least);
    cr_assert_eq(pairs.different, 0, "%zu of %zu pairs differ", pairs.different, pairs.compared);
}

Test(corpus, json_and_xml_of_valid_examples_have_the_same_findings)
{
    NEED_CORPUS();
    pairs_are_alike("corpus/metamodel-3.0/Json/ContainedInEnvironment/Expected", 1257);
    pairs_are_alike("corpus/metamodel-3.0/Json/SelfContained/Expected", 10);
}

Test(corpus, json_and_xml_of_invalid_examples_have_the_same_findings)
{
    NEED_CORPUS();
    pairs_are_alike("corpus/metamodel-3.0/Json/ContainedInEnvironment/Unexpected/Invalid", 700);
    pairs_are_alike("corpus/metamodel-3.0/Json/SelfContained/Unexpected/Invalid", 10);
}

/* ------------------------------------------------------------------ with and without the schema */

struct alike {
    unsigned versions;
    size_t files;
    size_t different;
};

static void compare_without_schema(const char *path, void *context)
{
    struct alike *alike = context;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    struct verdict with;
    cr_assert_not_null(bytes);
    struct judge_input input = {
        .bytes = bytes, .len = len, .versions = alike->versions, .schema_for_json = true};
    judge_input(&input, &with);
    input.schema_for_json = false;
    input.without_schema = true;
    struct verdict without;
    judge_input(&input, &without);
    alike->files++;
    if (with.result.verdict != without.result.verdict ||
        !finds_all(&with.report, &without.report) || !finds_all(&without.report, &with.report)) {
        alike->different++;
        print_findings(path, &with.report);
        print_findings("without the schema", &without.report);
    }
    verdict_finish(&with);
    verdict_finish(&without);
    free(bytes);
}

/* The walk along the table says what the schema says, so that a writer may leave the schema out. */
static void alike_without_schema(const char *folder, const char *ending, unsigned versions)
{
    struct alike alike = {.versions = versions};
    char *dir = corpus_path(folder);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    files_each(dir, ending, compare_without_schema, &alike);
    free(dir);
    cr_assert_gt(alike.files, 0);
    cr_assert_eq(alike.different, 0, "%zu of %zu differ", alike.different, alike.files);
}

Test(corpus, the_walk_along_the_table_finds_what_the_schema_finds)
{
    NEED_CORPUS();
    alike_without_schema("corpus/metamodel-3.0/Json", ".json", META_V30);
    alike_without_schema("corpus/metamodel-3.0/Xml", ".xml", META_V30);
}

Test(corpus, the_walk_along_the_table_agrees_on_published_templates)
{
    NEED_CORPUS();
    alike_without_schema("corpus/templates", ".json", META_V_ANY);
    alike_without_schema("corpus/templates", ".aasx", META_V_ANY);
}

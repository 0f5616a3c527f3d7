/* SPDX-License-Identifier: Apache-2.0 */
/* Packages: one right package, and for every rule one that breaks it and nothing else. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge.h"
#include "conformance/sentences.h"
#include "tests/conformance/packing.h"

#define FILE_AT(path)                                                                              \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\",\"submodelElements\":[\n"       \
    "{\"modelType\":\"File\",\"idShort\":\"Manual\",\"contentType\":\"application/pdf\","          \
    "\"value\":\"" path "\"}]}]}"
#define SHELL_WITH(thumbnail)                                                                      \
    "{\"assetAdministrationShells\":[{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:s\"" \
    ",\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\","           \
    "\"defaultThumbnail\":{\"path\":\"" thumbnail "\",\"contentType\":\"image/png\"}}}]}"
#define DATA(content)                                                                              \
    {                                                                                              \
        "aasx/data.json", content                                                                  \
    }
#define DATA_RELS(list)                                                                            \
    {                                                                                              \
        "aasx/_rels/data.json.rels", RELS(list)                                                    \
    }
#define MANUAL                                                                                     \
    {                                                                                              \
        "aasx/files/a.pdf", "%PDF"                                                                 \
    }
#define TO_MANUAL DATA_RELS(REL(AAS "aas-suppl", "/aasx/files/a.pdf"))
#define FRAME TYPES, ROOT_RELS, ORIGIN, ORIGIN_RELS
#define NAMED FILE_AT("/aasx/files/a.pdf")

/* ------------------------------------------------------------------ packing and judging */

enum { MAX_FILES = 12 };

struct outcome {
    struct arena arena;
    struct report report;
    struct judge_result result;
    enum err_code code;
};

static void judge_files(const struct file *files, struct outcome *outcome)
{
    size_t len = 0;
    char *bytes = pack(files, MAX_FILES, &len);
    struct judge_input input = {.bytes = bytes, .len = len};
    arena_init(&outcome->arena, 64 << 20);
    report_init(&outcome->report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    outcome->code =
        judge_document(&outcome->arena, &input, &outcome->report, &outcome->result, NULL);
    free(bytes);
}

static void outcome_finish(struct outcome *outcome)
{
    report_finish(&outcome->report);
    arena_finish(&outcome->arena);
}

/* ------------------------------------------------------------------ right packages */

struct good {
    const char *what;
    struct file files[MAX_FILES];
};

static const struct good goods[] = {
    {"a file", {FRAME, DATA(NAMED), TO_MANUAL, MANUAL}},
    {"a file with scheme", {FRAME, DATA(FILE_AT("file:///aasx/files/a.pdf")), TO_MANUAL, MANUAL}},
    {"a relative path", {FRAME, DATA(FILE_AT("files/a.pdf")), TO_MANUAL, MANUAL}},
    {"a path from the root", {FRAME, DATA(FILE_AT("aasx/files/a.pdf")), TO_MANUAL, MANUAL}},
    {"a percent escape", {FRAME, DATA(FILE_AT("/aasx/files/%61.pdf")), TO_MANUAL, MANUAL}},
    {"an address", {FRAME, DATA(FILE_AT("https://example.com/a.pdf"))}},
    {"a relative relationship",
        {FRAME, DATA(NAMED), DATA_RELS(REL(AAS "aas-suppl", "files/a.pdf")), MANUAL}},
    {"the shell's thumbnail",
        {FRAME, DATA(SHELL_WITH("/aasx/t.png")), DATA_RELS(REL(AAS "aas-suppl", "/aasx/t.png")),
            {"aasx/t.png", "PNG"}}},
    {"the thumbnail of the package",
        {TYPES,
            {"_rels/.rels", RELS(REL(AAS "aasx-origin", "/aasx/aasx-origin") REL(THUMB, "t.png"))},
            ORIGIN, ORIGIN_RELS, DATA(SHELL_WITH("/t.png")), {"t.png", "PNG"}}},
    {"digital signatures",
        {{"[Content_Types].xml",
             TYPES_OF(PLAIN_TYPES DEFAULT(
                 "psdsor", "application/vnd.openxmlformats-package.digital-signature-origin"))},
            {"_rels/.rels", RELS(REL(AAS "aasx-origin", "/aasx/aasx-origin")
                                    REL(SIGNATURE "origin", "/package/sign/o.psdsor"))},
            ORIGIN, ORIGIN_RELS, DATA("{}"), {"package/sign/o.psdsor", ""},
            {"package/sign/_rels/o.psdsor.rels", RELS(REL(SIGNATURE "signature", "s.xml"))},
            {"package/sign/s.xml", "<Signature/>"},
            {"package/services/digital-signature/certificate/c.cer", "C"}}},
    {"a file without type that readers of OPC do not see and that signatures bring",
        {FRAME, DATA("{}"), {"package/services/digital-signature/x.sigs", ""}}},
};

Test(package, right_ones_have_no_findings)
{
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        struct outcome outcome;
        judge_files(goods[i].files, &outcome);
        cr_expect_eq(outcome.code, ERR_OK);
        cr_expect_eq(outcome.report.count, 0, "%s: %s", goods[i].what,
            outcome.report.count == 0 ? "" : outcome.report.findings[0].text);
        outcome_finish(&outcome);
    }
}

/* ------------------------------------------------------------------ wrong packages */

struct wrong {
    const char *rule;
    enum aas_severity severity;
    const char *text; /* words of the finding */
    const char *part; /* part it is told about, "" for the package */
    unsigned line;
    struct file files[MAX_FILES];
};

#define RELS_FILE "/aasx/_rels/data.json.rels"

static const struct wrong wrongs[] = {
    {"AASX-content-type", AAS_ERROR, "no readable [Content_Types].xml", "", 0,
        {ROOT_RELS, ORIGIN, ORIGIN_RELS, DATA("{}")}},
    {"AASX-content-type", AAS_ERROR, "no readable [Content_Types].xml", "", 0,
        {{"[Content_Types].xml", "<oops"}, ROOT_RELS, ORIGIN, ORIGIN_RELS, DATA("{}")}},
    {"AASX-content-type", AAS_ERROR, "'/aasx/files/a.bin' has no content type", "", 0,
        {FRAME, DATA(FILE_AT("/aasx/files/a.bin")),
            DATA_RELS(REL(AAS "aas-suppl", "/aasx/files/a.bin")), {"aasx/files/a.bin", "A"}}},
    {"AASX-relationship-type", AAS_WARNING, "1 relationships are spelled with www.",
        "/aasx/_rels/aasx-origin.rels", 2,
        {TYPES, ROOT_RELS, ORIGIN,
            {"aasx/_rels/aasx-origin.rels", RELS(REL(WWW "aas-spec", "/aasx/data.json"))},
            DATA("{}")}},
    {"AASX-file-missing", AAS_WARNING, "the file '/aasx/files/a.pdf' is not in the package",
        "/aasx/data.json", 2, {FRAME, DATA(NAMED)}},
    {"AASX-file-missing", AAS_WARNING, "the file '/aasx/files/a.pdf' is not in the package",
        "/aasx/data.json", 2, {FRAME, DATA(NAMED), TO_MANUAL}},
    {"AASX-file-missing", AAS_WARNING, "the file '/aasx/files/a.pdf' is not in the package",
        "/aasx/data.json", 2,
        {FRAME, DATA(NAMED),
            DATA_RELS(REL(AAS "aas-suppl", "/aasx/files/a.pdf")
                    REL(AAS "aas-suppl", "/aasx/files/A.pdf"))}},
    {"AASX-file-missing", AAS_WARNING, "the file '../../x' is not in the package",
        "/aasx/data.json", 2, {FRAME, DATA(FILE_AT("../../x"))}},
    {"AASX-file-missing", AAS_WARNING, "the file '/t.png' is not in the package", "/aasx/data.json",
        1, {FRAME, DATA(SHELL_WITH("/t.png"))}},
    {"AASX-file-relationship", AAS_WARNING, "no relationship leads to the file", "/aasx/data.json",
        2, {FRAME, DATA(NAMED), MANUAL}},
    {"AASX-file-unreferenced", AAS_WARNING, "no element names the file '/aasx/files/a.pdf'", "", 0,
        {FRAME, DATA("{}"), TO_MANUAL, MANUAL}},
    {"AASX-file-unreferenced", AAS_WARNING, "no element names the file '/.DS_Store'", "", 0,
        {FRAME, DATA("{}"), {".DS_Store", "?"}}},
    {"AASX-structure", AAS_WARNING, "\"/aasx/files/a.pdf\" is named by a relationship", RELS_FILE,
        2, {FRAME, DATA("{}"), TO_MANUAL}},
    {"AASX-structure", AAS_WARNING, "\"t.png\" is named by a relationship", "/_rels/.rels", 3,
        {TYPES,
            {"_rels/.rels", RELS(REL(AAS "aasx-origin", "/aasx/aasx-origin") REL(THUMB, "t.png"))},
            ORIGIN, ORIGIN_RELS, DATA("{}")}},
    {"AASX-structure", AAS_WARNING, "\"../../x.pdf\" leads outside", RELS_FILE, 2,
        {FRAME, DATA("{}"), DATA_RELS(REL(AAS "aas-suppl", "../../x.pdf"))}},
    {"AASX-structure", AAS_WARNING, "\"http://a/b\" leads outside", RELS_FILE, 2,
        {FRAME, DATA("{}"),
            DATA_RELS(REL_TO(AAS "aas-suppl", "http://a/b", " TargetMode=\"External\""))}},
    {"AASX-structure", AAS_WARNING, "\"/aasx/aasx-origin\" is named by a relationship",
        "/_rels/.rels", 2, {TYPES, ROOT_RELS, ORIGIN_RELS, DATA("{}")}},
    {"AASX-structure", AAS_WARNING, "\"gone.json\" is named by a relationship", "", 0,
        {TYPES, ROOT_RELS, ORIGIN,
            {"aasx/_rels/aasx-origin.rels",
                RELS(REL(AAS "aas-spec", "/aasx/data.json") REL(AAS "aas-spec", "gone.json"))},
            DATA("{}")}},
    {"AASX-structure", AAS_WARNING, "more than one origin", "/_rels/.rels", 3,
        {TYPES,
            {"_rels/.rels", RELS(REL(AAS "aasx-origin", "/aasx/aasx-origin")
                                    REL(AAS "aasx-origin", "/aasx/aasx-origin"))},
            ORIGIN, ORIGIN_RELS, DATA("{}")}},
    {"AASX-structure", AAS_WARNING, "hangs at the package itself", "/_rels/.rels", 2,
        {TYPES, {"_rels/.rels", RELS(REL(AAS "aas-spec", "/aasx/data.json"))}, DATA("{}")}},
    {"AASX-structure", AAS_WARNING, "is taken as content because it begins like it", "", 0,
        {TYPES, DATA("{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\"}]}")}},
    {"AASX-name", AAS_ERROR, "the parts '/aasx/files/A.pdf' and '/aasx/files/a.pdf'", "", 0,
        {FRAME, DATA(NAMED), TO_MANUAL, MANUAL, {"aasx/files/A.pdf", "%PDF"}}},
    {"AASX-name", AAS_ERROR, "'/aasx/a%2Fb.pdf' has an encoded slash", "", 0,
        {FRAME, DATA(FILE_AT("/aasx/a%2Fb.pdf")),
            DATA_RELS(REL(AAS "aas-suppl", "/aasx/a%2Fb.pdf")), {"aasx/a%2Fb.pdf", "%PDF"}}},
    {"AASX-name", AAS_ERROR, "'/aasx/files./a.pdf' has a step that ends with a dot", "", 0,
        {FRAME, DATA(FILE_AT("/aasx/files./a.pdf")),
            DATA_RELS(REL(AAS "aas-suppl", "/aasx/files./a.pdf")), {"aasx/files./a.pdf", "%PDF"}}},
    {"AASX-name", AAS_UNREADABLE, "a name with a backslash", "", 0,
        {FRAME, DATA("{}"), {"aasx\\evil.pdf", ""}}},
    {"AASX-name", AAS_UNREADABLE, "a name with \"..\"", "", 0,
        {FRAME, DATA("{}"), {"aasx/../../evil.pdf", ""}}},
    {"AASX-name", AAS_UNREADABLE, "an absolute path", "", 0,
        {FRAME, DATA("{}"), {"/etc/passwd", ""}}},
};

static void expect_translated(const struct finding *finding)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    for (int language = LANGUAGE_KO; language < LANGUAGE_COUNT; language++) {
        cr_expect(sentence_translate(&buf, finding->text, (enum language)language), "no %s for: %s",
            language_tag((enum language)language), finding->text);
        cr_expect(sentence_translate(&buf, finding->remedy, (enum language)language),
            "no %s for: %s", language_tag((enum language)language), finding->remedy);
    }
    buf_finish(&buf);
}

/* Left-over files in twins and broken packages are told about, too: the rule asked for counts. */
static const struct finding *find_rule(const struct report *report, const char *rule)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].rule, rule) == 0) {
            return &report->findings[i];
        }
    }
    return NULL;
}

static void try_wrong(const struct wrong *wrong)
{
    struct outcome outcome;
    judge_files(wrong->files, &outcome);
    const struct finding *finding = find_rule(&outcome.report, wrong->rule);
    cr_assert_not_null(finding, "%s: %s is not found", wrong->rule, wrong->text);
    cr_expect_not_null(strstr(finding->text, wrong->text), "%s", finding->text);
    cr_expect_eq(finding->severity, wrong->severity, "%s", finding->text);
    cr_expect_str_eq(finding->part, wrong->part, "%s: %s", finding->text, finding->part);
    cr_expect_eq(finding->line, wrong->line, "%s: line %u", finding->text, finding->line);
    bool twin = strstr(wrong->text, "the parts") != NULL;
    cr_expect_eq(outcome.report.count, twin ? 2 : 1, "%s: %zu findings, the first: %s", wrong->text,
        outcome.report.count, outcome.report.findings[0].text);
    expect_translated(finding);
    outcome_finish(&outcome);
}

Test(package, every_rule_has_a_package_that_breaks_it_and_nothing_else)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        try_wrong(&wrongs[i]);
    }
}

/* ------------------------------------------------------------------ several specifications */

Test(package, every_specification_is_judged_and_named_with_its_line)
{
    static const struct file files[MAX_FILES] = {TYPES, ROOT_RELS, ORIGIN,
        {"aasx/_rels/aasx-origin.rels",
            RELS(REL(AAS "aas-spec", "/aasx/data.json") REL(AAS "aas-spec", "/aasx/more.xml"))},
        DATA("{\"submodels\":[\n{\"modelType\":\"Submodel\",\"id\":\"urn:sm\","
             "\"idShort\":\"1\"}]}"),
        {"aasx/more.xml", "<environment xmlns=\"https://admin-shell.io/aas/3/1\"><submodels>\n\n"
                          "<submodel><idShort>2</idShort><id>urn:two</id></submodel>\n"
                          "</submodels></environment>"}};
    struct outcome outcome;
    judge_files(files, &outcome);
    cr_assert_eq(outcome.report.count, 2);
    const struct finding *json = &outcome.report.findings[0];
    const struct finding *xml = &outcome.report.findings[1];
    cr_expect_str_eq(json->part, "/aasx/data.json");
    cr_expect_eq(json->line, 2);
    cr_expect_str_eq(xml->part, "/aasx/more.xml");
    cr_expect_eq(xml->line, 3);
    size_t count = 0;
    (void)aas_list(outcome.result.root, PROP_submodels, &count);
    cr_expect_eq(count, 2);
    outcome_finish(&outcome);
}

Test(package, ceilings_are_told_as_findings)
{
    static const struct file files[MAX_FILES] = {FRAME, DATA("{}")};
    static const struct {
        const char *rule;
        struct aasx_limits limits;
        size_t room; /* of the arena */
    } rows[] = {{"AASX-bomb", {.max_entries = 2}, 1 << 20},
        {"AASX-bomb", {.max_total = 100}, 1 << 20}, {"AASX-size", {.max_entries = 0}, 600}};
    size_t len = 0;
    char *bytes = pack(files, MAX_FILES, &len);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct judge_input input = {.bytes = bytes, .len = len, .limits = &rows[i].limits};
        struct outcome outcome;
        arena_init(&outcome.arena, rows[i].room);
        report_init(&outcome.report);
        cr_expect_eq(judge_document(&outcome.arena, &input, &outcome.report, &outcome.result, NULL),
            ERR_TOO_LARGE);
        cr_assert_eq(outcome.report.count, 1);
        cr_expect_str_eq(outcome.report.findings[0].rule, rows[i].rule);
        outcome_finish(&outcome);
    }
    free(bytes);
}

#define TWO_SPECS(json, xml)                                                                       \
    TYPES, ROOT_RELS, ORIGIN,                                                                      \
        {"aasx/_rels/aasx-origin.rels",                                                            \
            RELS(REL(AAS "aas-spec", "/aasx/data.json") REL(AAS "aas-spec", "/aasx/more.xml"))},   \
        DATA(json),                                                                                \
    {                                                                                              \
        "aasx/more.xml",                                                                           \
            "<environment xmlns=\"https://admin-shell.io/aas/3/1\">" xml "</environment>"          \
    }
#define SUBMODEL_XML(more) "<submodels><submodel>" more "<id>urn:sm</id></submodel></submodels>"

Test(package, two_specifications_may_say_the_same_but_not_differ)
{
    static const struct file same[MAX_FILES] = {TWO_SPECS(
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\"}]}", SUBMODEL_XML(""))};
    static const struct file other[MAX_FILES] = {
        TWO_SPECS("{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\"}]}",
            SUBMODEL_XML("<idShort>ab</idShort>"))};
    struct outcome outcome;
    judge_files(same, &outcome);
    cr_expect_eq(outcome.report.count, 0);
    outcome_finish(&outcome);
    judge_files(other, &outcome);
    cr_assert_eq(outcome.report.errors, 1);
    cr_expect_str_eq(outcome.report.findings[0].rule, "unique-id");
    cr_expect_str_eq(outcome.report.findings[0].part, "/aasx/more.xml");
    expect_translated(&outcome.report.findings[0]);
    outcome_finish(&outcome);
}

#define VALUE_ID                                                                                   \
    "\"valueId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","         \
    "\"value\":\"urn:red\"}]}"

Test(package, a_concept_in_another_specification_is_at_hand)
{
    static const struct file files[MAX_FILES] = {
        TWO_SPECS("{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\","
                  "\"qualifiers\":[{\"type\":\"q\",\"valueType\":\"xs:string\",\"value\":\"rot\","
                  "" VALUE_ID "}]}]}",
            "<conceptDescriptions><conceptDescription><id>urn:red</id>"
            "<embeddedDataSpecifications><embeddedDataSpecification><dataSpecification>"
            "<type>ExternalReference</type><keys><key><type>GlobalReference</type><value>"
            "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
            "</value></key></keys></dataSpecification><dataSpecificationContent>"
            "<dataSpecificationIec61360><preferredName><langStringPreferredNameTypeIec61360>"
            "<language>en</language><text>Red</text></langStringPreferredNameTypeIec61360>"
            "</preferredName><value>red</value></dataSpecificationIec61360>"
            "</dataSpecificationContent></embeddedDataSpecification></embeddedDataSpecifications>"
            "</conceptDescription></conceptDescriptions>")};
    struct outcome outcome;
    judge_files(files, &outcome);
    cr_assert_eq(outcome.report.count, 1, "%zu: %s", outcome.report.count,
        outcome.report.count == 0 ? "" : outcome.report.findings[0].text);
    cr_expect_str_eq(outcome.report.findings[0].rule, "AASd-006");
    cr_expect_str_eq(outcome.report.findings[0].part, "/aasx/data.json");
    cr_expect_str_eq(outcome.report.findings[0].pointer, "/submodels/0/qualifiers/0/value");
    outcome_finish(&outcome);
}

Test(package, an_arena_of_any_size_gives_a_verdict_or_is_too_small)
{
    size_t len = 0;
    char *bytes = pack(goods[0].files, MAX_FILES, &len);
    struct judge_input input = {.bytes = bytes, .len = len};
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t fine = 0;
    for (size_t room = 0; room < 400 * 1024 && fine < 3; room += 512) {
        struct arena arena;
        struct report report;
        struct judge_result result;
        arena_init(&arena, room);
        report_init(&report);
        enum err_code code = judge_document(&arena, &input, &report, &result, NULL);
        cr_expect(code == ERR_OK || code == ERR_TOO_LARGE, "%zu: %d", room, (int)code);
        cr_expect(code != ERR_OK || report.count == 0, "%zu: %s", room,
            report.count == 0 ? "" : report.findings[0].text);
        cr_expect(code == ERR_OK || report.errors > 0, "%zu: nothing is told", room);
        fine += code == ERR_OK;
        report_finish(&report);
        arena_finish(&arena);
    }
    cr_expect_eq(fine, 3);
    free(bytes);
}

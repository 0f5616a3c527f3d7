/* SPDX-License-Identifier: Apache-2.0 */
/* Repair: every remedy in JSON and in XML, alone and inside a package; the copy is judged again. */
#include "conformance/fix.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx.h"
#include "conformance/sentences.h"
#include "tests/conformance/packing.h"

/* ------------------------------------------------------------------ one document */

struct copy {
    struct arena arena;
    struct report report;  /* of the original */
    struct report changes; /* what was done */
    struct buf content;    /* empty: nothing was done */
    size_t left;           /* errors and warnings of the copy */
};

static size_t judge_again(const struct copy *copy, unsigned versions)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    const struct judge_input input = {
        .bytes = copy->content.bytes, .len = copy->content.len, .versions = versions};
    arena_init(&arena, 64 << 20);
    report_init(&report);
    cr_expect_eq(judge_document(&arena, &input, &report, &result, NULL), ERR_OK);
    size_t left = report.errors + report.warnings;
    for (size_t i = 0; i < report.count; i++) {
        cr_log_info("left: %s", report.findings[i].text);
    }
    report_finish(&report);
    arena_finish(&arena);
    return left;
}

static void fix_bytes(const char *bytes, size_t len, unsigned versions, struct copy *copy)
{
    struct judge_result result;
    struct err err;
    const struct judge_input input = {.bytes = bytes, .len = len, .versions = versions};
    char *original = malloc(len + 1);
    memcpy(original, bytes, len);
    *copy = (struct copy){.left = 0};
    arena_init(&copy->arena, 64 << 20);
    report_init(&copy->report);
    report_init(&copy->changes);
    buf_init(&copy->content, 64 << 20);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_assert_eq(
        judge_document(&copy->arena, &input, &copy->report, &result, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(fix_document(&copy->arena, &input, &result, &copy->report, &copy->content,
                     &copy->changes, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(memcmp(original, bytes, len), 0, "the original stays as it is");
    free(original);
    copy->left = copy->content.len > 0 ? judge_again(copy, versions) : 0;
}

static void copy_finish(struct copy *copy)
{
    buf_finish(&copy->content);
    report_finish(&copy->changes);
    report_finish(&copy->report);
    arena_finish(&copy->arena);
}

static bool has_change(const struct copy *copy, const char *text)
{
    for (size_t i = 0; i < copy->changes.count; i++) {
        if (strstr(copy->changes.findings[i].text, text) != NULL) {
            return true;
        }
    }
    return false;
}

static void expect_translated(const struct report *changes)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    for (size_t i = 0; i < changes->count; i++) {
        cr_expect(sentence_translate(&buf, changes->findings[i].text, LANGUAGE_KO), "%s",
            changes->findings[i].text);
        cr_expect(sentence_translate(&buf, changes->findings[i].text, LANGUAGE_DE));
    }
    buf_finish(&buf);
}

/* ------------------------------------------------------------------ remedies */

#define IN_JSON(rest) "{\"submodels\":[{\"modelType\":\"Submodel\"," rest "}]}"
#define IN_XML(rest)                                                                               \
    "<environment xmlns=\"https://admin-shell.io/aas/3/1\"><submodels><submodel>" rest             \
    "</submodel></submodels></environment>"
#define ID_JSON "\"id\":\"urn:sm\""
#define ID_XML "<id>urn:sm</id>"

struct remedy {
    const char *change; /* words of the change */
    const char *json;
    const char *xml; /* NULL: the format cannot be wrong this way */
};

static const struct remedy remedies[] = {
    {"spaces around id", IN_JSON("\"id\":\" urn:sm\\t\""), IN_XML("<id> urn:sm </id>")},
    {"spaces around idShort", IN_JSON("\"idShort\":\"Pump \"," ID_JSON),
        IN_XML("<idShort> Pump</idShort>" ID_XML)},
    {"spaces around language",
        IN_JSON(ID_JSON ",\"description\":[{\"language\":\"en \",\"text\":\"a\"}]"),
        IN_XML("<description><langStringTextType><language> en</language><text>a</text>"
               "</langStringTextType></description>" ID_XML)},
    {"spaces around kind", IN_JSON(ID_JSON ",\"kind\":\"Template \""),
        IN_XML(ID_XML "<kind> Template</kind>")},
    {"empty category removed", IN_JSON(ID_JSON ",\"category\":\"\""),
        IN_XML("<category></category>" ID_XML)},
    {"empty list qualifiers removed", IN_JSON(ID_JSON ",\"qualifiers\":[]"),
        IN_XML(ID_XML "<qualifiers/>")},
    {"item of description without text removed",
        IN_JSON(ID_JSON ",\"description\":[{\"language\":\"en\",\"text\":\"\"}]"),
        IN_XML("<description><langStringTextType><language>en</language><text></text>"
               "</langStringTextType></description>" ID_XML)},
    {"kind TemplateQualifier added",
        IN_JSON(ID_JSON ",\"kind\":\"Template\",\"qualifiers\":[{\"type\":\"SMT/Cardinality\","
                        "\"valueType\":\"xs:string\",\"value\":\"One\"}],\"idShort\":\"Pump \""),
        IN_XML("<idShort>Pump </idShort>" ID_XML "<kind>Template</kind><qualifiers><qualifier>"
               "<type>SMT/Cardinality</type><valueType>xs:string</valueType><value>One</value>"
               "</qualifier></qualifiers>")},
    {"elements written in the order of the schema", NULL, IN_XML(ID_XML "<idShort>Pump</idShort>")},
};

static void try_remedy(const struct remedy *remedy, const char *text)
{
    struct copy copy;
    fix_bytes(text, strlen(text), META_V31, &copy);
    cr_expect_gt(copy.content.len, 0, "nothing was changed in %s", text);
    cr_expect(has_change(&copy, remedy->change), "%s: %s", remedy->change, text);
    cr_expect_eq(copy.left, 0, "%s: %zu findings are left in %s", remedy->change, copy.left,
        buf_text(&copy.content));
    expect_translated(&copy.changes);
    copy_finish(&copy);
}

Test(fix, every_remedy_works_in_json_and_in_xml)
{
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (remedies[i].json != NULL) {
            try_remedy(&remedies[i], remedies[i].json);
        }
        try_remedy(&remedies[i], remedies[i].xml);
    }
}

Test(fix, what_is_right_or_leaves_a_choice_stays)
{
    static const char *const texts[] = {IN_JSON(ID_JSON), IN_XML(ID_XML), "{\"submodels\":[]}",
        IN_JSON("\"idShort\":\"1st\"," ID_JSON), IN_XML("<idShort>a b</idShort>" ID_XML),
        IN_JSON(ID_JSON ",\"kind\":\"Template\",\"qualifiers\":[{\"type\":\"Mine\","
                        "\"valueType\":\"xs:string\"}]"),
        IN_JSON(ID_JSON ",\"qualifiers\":[{\"type\":\"SMT/Cardinality\",\"valueType\":"
                        "\"xs:string\"}]")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct copy copy;
        fix_bytes(texts[i], strlen(texts[i]), META_V31, &copy);
        cr_expect_eq(copy.content.len, 0, "%s", texts[i]);
        cr_expect_eq(copy.changes.count, 0);
        copy_finish(&copy);
    }
}

/* ------------------------------------------------------------------ packages */

#define WWW_RELS                                                                                   \
    {"_rels/.rels", RELS(REL(WWW "aasx-origin", "/aasx/aasx-origin"))},                            \
    {                                                                                              \
        "aasx/_rels/aasx-origin.rels",                                                             \
            RELS(REL(WWW "aas-spec", "/aasx/data.json") REL(AAS "aas-spec", "/aasx/more.xml"))     \
    }

static void fix_files(const struct file *files, size_t count, struct copy *copy)
{
    size_t len = 0;
    char *bytes = pack(files, count, &len);
    fix_bytes(bytes, len, META_V_ANY, copy);
    free(bytes);
}

#define FIX(copy, ...)                                                                             \
    fix_files((const struct file[]){__VA_ARGS__},                                                  \
        sizeof((const struct file[]){__VA_ARGS__}) / sizeof(struct file), copy)

Test(fix, a_package_loses_its_www_and_every_specification_is_repaired)
{
    struct copy copy;
    FIX(&copy, TYPES, ORIGIN, WWW_RELS,
        {"aasx/data.json", "\xEF\xBB\xBF" IN_JSON("\"id\":\" urn:one\"")},
        {"aasx/more.xml", IN_XML(ID_XML "<idShort>Pump </idShort>")});
    cr_expect_eq(copy.report.warnings, 1, "one finding for both relationships with www.");
    cr_assert_gt(copy.content.len, 0);
    cr_expect_eq(copy.left, 0);
    cr_expect_eq(copy.changes.count, 5);
    cr_expect(has_change(&copy, "1 relationship types written without www."));
    cr_expect(has_change(&copy, "spaces around id 'urn:one'") ||
              has_change(&copy, "spaces around id ' urn:one'"));
    cr_expect(has_change(&copy, "spaces around idShort"));
    cr_expect(has_change(&copy, "elements written in the order of the schema"));
    for (size_t i = 0; i < copy.changes.count; i++) {
        cr_expect_neq(copy.changes.findings[i].part[0], '\0', "%s", copy.changes.findings[i].text);
    }
    expect_translated(&copy.changes);
    copy_finish(&copy);
}

/* Names and contents of the files of both packages, by the reader of packages. */
static void expect_same_file(const struct copy *copy, const char *name, const char *content)
{
    struct arena arena;
    struct aasx package;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(
        aasx_open(&arena, copy->content.bytes, copy->content.len, NULL, NULL, &package, NULL),
        ERR_OK);
    bool found = false;
    for (size_t i = 0; i < package.count; i++) {
        const struct aasx_part *part = &package.parts[i];
        const char *bytes = part->bytes;
        if (strcmp(part->name, name) == 0) {
            found = true;
            cr_assert(bytes != NULL || aasx_inflate(&arena, copy->content.bytes, copy->content.len,
                                           part, &bytes, NULL) == ERR_OK);
            cr_expect_eq(part->size, strlen(content));
            cr_expect_eq(memcmp(bytes, content, strlen(content)), 0, "%s", name);
        }
    }
    cr_expect(found, "%s is gone", name);
    arena_finish(&arena);
}

Test(fix, files_of_a_package_that_are_right_stay_byte_for_byte)
{
    static const char spaced[] =
        "{ \"submodels\" : [ { \"modelType\" : \"Submodel\" , " ID_JSON "} ] }";
    struct copy copy;
    FIX(&copy, TYPES, ORIGIN, {"_rels/.rels", RELS(REL(WWW "aasx-origin", "/aasx/aasx-origin"))},
        ORIGIN_RELS, {"aasx/data.json", spaced}, {"aasx/files/a.pdf", "%PDF of some length"});
    cr_expect_eq(copy.changes.count, 1);
    expect_same_file(&copy, "/aasx/data.json", spaced);
    expect_same_file(&copy, "/aasx/files/a.pdf", "%PDF of some length");
    copy_finish(&copy);
}

Test(fix, a_right_package_is_not_written_again)
{
    struct copy copy;
    FIX(&copy, TYPES, ORIGIN, ROOT_RELS, ORIGIN_RELS, {"aasx/data.json", IN_JSON(ID_JSON)});
    cr_expect_eq(copy.content.len, 0);
    cr_expect_eq(copy.changes.count, 0);
    copy_finish(&copy);
}

#define SIGNED_RELS                                                                                \
    RELS(REL(WWW "aasx-origin", "/aasx/aasx-origin")                                               \
            REL(RELS_NS "/digital-signature/origin", "/package/o.psdsor"))

Test(fix, a_signed_package_is_told_to_be_signed_again)
{
    struct copy copy;
    FIX(&copy,
        {"[Content_Types].xml", TYPES_OF(PLAIN_TYPES DEFAULT("psdsor", "application/x-signature"))},
        ORIGIN, {"_rels/.rels", SIGNED_RELS}, {"package/o.psdsor", ""}, ORIGIN_RELS,
        {"aasx/data.json", IN_JSON(ID_JSON)});
    cr_expect(has_change(&copy, "the package is signed"));
    cr_expect_eq(copy.left, 0);
    copy_finish(&copy);
}

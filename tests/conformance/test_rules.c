/* SPDX-License-Identifier: Apache-2.0 */
/* The table of rules and the catalogue of sentences: complete, and true to what is judged. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/constraint.h"
#include "conformance/judge.h"
#include "conformance/rules.h"
#include "conformance/sentences.h"
#include "tests/support/corpus.h"

enum { ARENA_CEILING = 256 << 20 };

/* ------------------------------------------------------------------ complete */

static const char *const families[] = {
    "AASd-", "AASc-3a-", "schema-", "JSON-", "XML-", "AASX-", "import-", "gate-"};

/* A word in quotes that begins like a rule id must be one. Prefixes that end a word are macros. */
static void check_word(const char *path, const char *word, size_t len)
{
    char id[64];
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t prefix = strlen(families[i]);
        if (len > prefix && len < sizeof id && strncmp(word, families[i], prefix) == 0 &&
            strcspn(word, " %<>(") >= len) {
            snprintf(id, sizeof id, "%.*s", (int)len, word);
            cr_expect_not_null(rule_find(id), "%s: no row for %s", path, id);
        }
    }
}

static void scan_source(const char *path, void *context)
{
    size_t *words = context;
    size_t len = 0;
    char *text = file_read(path, &len);
    cr_assert_not_null(text);
    for (char *at = strchr(text, '"'); at != NULL; at = strchr(at, '"')) {
        char *end = at + 1 + strcspn(at + 1, "\"\n");
        check_word(path, at + 1, (size_t)(end - at - 1));
        at = *end == '"' ? end + 1 : end;
        (*words)++;
    }
    free(text);
}

Test(rules, every_rule_that_the_source_names_has_a_row)
{
    static const char *const folders[] = {"/aas", "/conformance", "/registry"};
    size_t words = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char folder[400];
        snprintf(folder, sizeof folder, "%s%s", JIG_SOURCE, folders[i]);
        cr_assert_gt(files_each(folder, ".c", scan_source, &words), 0);
    }
    cr_expect_gt(words, 1000);
}

Test(rules, every_constraint_has_a_row_and_its_remedy_every_language)
{
    size_t count = 0;
    const struct constraint *rows = constraint_rows(&count);
    struct buf buf;
    buf_init(&buf, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        cr_expect_not_null(rule_find(rows[i].id), "%s", rows[i].id);
        cr_expect(sentence_translate(&buf, rows[i].remedy, LANGUAGE_KO), "%s", rows[i].remedy);
        cr_expect(sentence_translate(&buf, rows[i].remedy, LANGUAGE_DE), "%s", rows[i].remedy);
    }
    buf_finish(&buf);
}

Test(rules, every_rule_about_other_objects_has_a_row)
{
    size_t count = 0;
    const struct other_rule *rows = other_rules(&count);
    cr_assert_eq(count, 4);
    for (size_t i = 0; i < count; i++) {
        cr_expect_not_null(rule_find(rows[i].id), "%s", rows[i].id);
    }
}

Test(rules, every_row_says_everything_in_every_language)
{
    size_t count = 0;
    for (const struct rule *rule; (rule = rule_at(count)) != NULL; count++) {
        cr_expect_eq(rule_find(rule->id), rule, "%s is there twice", rule->id);
        cr_expect(rule->clause[0] != '\0' && rule->right[0] != '\0' && rule->wrong[0] != '\0');
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            const struct rule_words *words = &rule->words[language];
            cr_expect_gt(strlen(words->says), 10, "%s", rule->id);
            cr_expect_gt(strlen(words->why), 10, "%s", rule->id);
            cr_expect(language == 0 || strcmp(words->says, rule->words[0].says) != 0);
        }
    }
    cr_expect_gt(count, 60);
}

/* Paths and XML attributes are the same everywhere: what has no space is no sentence. */
static void expect_words(const struct rule *rule, const char *example)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    for (int language = LANGUAGE_KO; language < LANGUAGE_COUNT; language++) {
        cr_expect(rule_example_is_document(example) || strchr(example, ' ') == NULL ||
                      sentence_translate(&buf, example, (enum language)language),
            "%s: no %s for: %s", rule->id, language_tag((enum language)language), example);
    }
    buf_finish(&buf);
}

Test(rules, examples_in_words_are_there_in_every_language)
{
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        expect_words(rule_at(i), rule_at(i)->right);
        expect_words(rule_at(i), rule_at(i)->wrong);
    }
}

/* ------------------------------------------------------------------ examples */

static char *document_of(const char *example)
{
    char *copy = strdup(example);
    for (char *at = copy; copy != NULL && *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    return copy;
}

static bool has_rule(const struct report *report, const char *id)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].rule, id) == 0 && report->findings[i].severity != AAS_INFO) {
            return true;
        }
    }
    return false;
}

static void expect_translated(const struct finding *finding)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    for (int language = LANGUAGE_KO; language < LANGUAGE_COUNT; language++) {
        cr_expect(sentence_translate(&buf, finding->text, (enum language)language), "no %s for: %s",
            language_tag((enum language)language), finding->text);
        cr_expect(finding->remedy[0] == '\0' ||
                      sentence_translate(&buf, finding->remedy, (enum language)language),
            "no %s for: %s", language_tag((enum language)language), finding->remedy);
    }
    buf_finish(&buf);
}

static void judge_example(const struct rule *rule, const char *example, bool right)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    char *document = document_of(example);
    const struct judge_input input = {.bytes = document,
        .len = strlen(document),
        .versions = rule->versions,
        .as = rule->as == NULL ? NULL : meta_class_by_name(rule->as, strlen(rule->as))};
    arena_init(&arena, ARENA_CEILING);
    report_init(&report);
    (void)!judge_document(&arena, &input, &report, &result, NULL);
    cr_expect_eq(has_rule(&report, rule->id), !right, "%s: %s", rule->id, document);
    /* What an example refers to is not part of it: a note says so. */
    cr_expect(!right || report.count == report.infos, "%s: %s: %s", rule->id, document,
        report.count == 0 ? "" : report.findings[0].text);
    for (size_t i = 0; i < report.count; i++) {
        if (strcmp(report.findings[i].rule, "XML-syntax") != 0) {
            expect_translated(&report.findings[i]);
        }
    }
    report_finish(&report);
    arena_finish(&arena);
    free(document);
}

Test(rules, right_examples_are_right_and_wrong_ones_break_their_rule)
{
    size_t judged = 0;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        const struct rule *rule = rule_at(i);
        if (rule_example_is_document(rule->wrong)) {
            judge_example(rule, rule->wrong, false);
            judge_example(rule, rule->right, true);
            judged++;
        }
    }
    cr_expect_gt(judged, 50);
}

/* ------------------------------------------------------------------ languages */

static void translate_findings(const char *path, void *context)
{
    size_t *findings = context;
    struct arena arena;
    struct report report;
    struct judge_result result;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    const struct judge_input input = {.bytes = bytes, .len = len};
    arena_init(&arena, ARENA_CEILING);
    report_init(&report);
    (void)!judge_document(&arena, &input, &report, &result, NULL);
    for (size_t i = 0; i < report.count; i++) {
        if (strcmp(report.findings[i].rule, "XML-syntax") != 0) {
            expect_translated(&report.findings[i]);
        }
    }
    *findings += report.count;
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

Test(sentences, every_finding_in_the_corpora_is_there_in_korean_and_german)
{
    NEED_CORPUS();
    static const char *const folders[] = {"corpus/metamodel-3.0/Json/SelfContained/Unexpected",
        "corpus/metamodel-3.0/Json/ContainedInEnvironment/Unexpected",
        "corpus/metamodel-3.0/Xml/ContainedInEnvironment/Unexpected", "corpus/templates"};
    size_t findings = 0;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *dir = corpus_path(folders[i]);
        files_each(dir, ".json", translate_findings, &findings);
        files_each(dir, ".xml", translate_findings, &findings);
        files_each(dir, ".aasx", translate_findings, &findings);
        free(dir);
    }
    printf("%zu findings translated\n", findings);
    cr_expect_gt(findings, 1000);
}

Test(sentences, every_broken_package_and_document_among_the_fuzz_corpus_speaks_korean)
{
    size_t findings = 0;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    files_each(JIG_SOURCE "/tests/fuzz/corpus/judge", "", translate_findings, &findings);
    files_each(JIG_SOURCE "/tests/fuzz/corpus/aasx", "", translate_findings, &findings);
    files_each(JIG_SOURCE "/tests/fuzz/corpus/json", "", translate_findings, &findings);
    cr_expect_gt(findings, 10);
}

Test(sentences, values_keep_their_place)
{
    struct buf buf;
    buf_init(&buf, 1 << 16);
    cr_expect(sentence_translate(&buf,
        "value 'a' is no value of xs:int' is no value of xs:int: it is not a whole number",
        LANGUAGE_DE));
    cr_expect_str_eq(buf_text(&buf),
        "value 'a' is no value of xs:int' ist kein Wert von xs:int: es ist keine ganze Zahl");
    buf_clear(&buf);
    cr_expect(sentence_translate(&buf, "the first key has the type Submodel", LANGUAGE_KO));
    cr_expect_str_eq(buf_text(&buf), "첫 번째 키의 type이 Submodel입니다");
    cr_expect_not(sentence_translate(&buf, "nobody says this", LANGUAGE_KO));
    buf_finish(&buf);
}

Test(language, is_chosen_by_tag_locale_and_header)
{
    enum language language = LANGUAGE_EN;
    cr_expect(language_by_tag("ko_KR.UTF-8", 11, &language) && language == LANGUAGE_KO);
    cr_expect(language_by_tag("de-AT", 5, &language) && language == LANGUAGE_DE);
    cr_expect_not(language_by_tag("kok", 3, &language));
    cr_expect_not(language_by_tag("C", 1, &language));
    cr_expect_eq(language_by_header("fr, de;q=0.5, ko;q=0.9, en;q=0.1"), LANGUAGE_KO);
    cr_expect_eq(language_by_header("fr"), LANGUAGE_EN);
    cr_expect_eq(language_by_header("ko;q=0, de;q=0.001"), LANGUAGE_DE);
    cr_expect_eq(language_by_header(NULL), LANGUAGE_EN);
    cr_expect_eq(language_by_header("de;q=, ,;,"), LANGUAGE_EN);
}

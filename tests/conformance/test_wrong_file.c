/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are something else: one sentence says what, one what to do, in every language. */
#include "conformance/wrong_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge.h"
#include "conformance/sentences.h"

struct sample {
    const char *bytes;
    size_t len;
    const char *rule;
    const char *text; /* words of the finding */
};

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct sample samples[] = {
    {BYTES(""), "file-kind", "the file is empty"},
    {BYTES(" \r\n\t"), "file-kind", "nothing but white space"},
    {BYTES("\xEF\xBB\xBF"), "file-kind", "nothing but white space"},
    {BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "file-kind", "a PNG picture"},
    {BYTES("\xFF\xD8\xFF\xE0\0\x10JFIF"), "file-kind", "a JPEG picture"},
    {BYTES("GIF89a"), "file-kind", "a GIF picture"},
    {BYTES("%PDF-1.7\n%\xE2\xE3"), "file-kind", "a PDF file"},
    {BYTES("\x1F\x8B\x08\0\0\0\0\0\0\x03\xAB\xAE\x05\0\x43\xBF\xA6\xA3\x02\0\0\0"), "file-kind",
        "a gzip file, not the document"},
    {BYTES("\x1F\x8B\x08\0\0\0\0"), "file-kind", "a gzip file that was cut off"},
    {BYTES("7z\xBC\xAF\x27\x1C\0\x04"), "file-kind", "a 7-Zip archive"},
    {BYTES("\xFD"
           "7zXZ\0"),
        "file-kind", "an xz file"},
    {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0"), "file-kind", "older office program"},
    {BYTES("SQLite format 3\0"), "file-kind", "a database file"},
    {BYTES("<!DOCTYPE html>\n<html lang='en'></html>"), "file-kind", "a web page (HTML)"},
    {BYTES("\n<HTML><head></head></HTML>"), "file-kind", "a web page (HTML)"},
    {BYTES("submodels:\n  - id: urn:a\n"), "file-kind", "neither JSON nor XML"},
    {BYTES("\xFF\xFE{\0\"\0a\0\"\0:\0001\0}\0"), "JSON-utf8", "JSON in UTF-16"},
    {BYTES("\xFE\xFF\0 \0{\0}"), "JSON-utf8", "JSON in UTF-16"},
    {BYTES("{\0\"\0a\0\"\0"), "JSON-utf8", "JSON in UTF-16"},
    {BYTES("\0{\0\"\0a\0\""), "JSON-utf8", "JSON in UTF-16"},
    {BYTES("\xFF\xFE\0\0{\0\0\0}\0\0\0"), "JSON-utf8", "UTF-32"},
    {BYTES("PK\x03\x04 cut off in the middle"), "AASX-zip", "the ZIP archive is damaged"},
};

static void expect_words(const struct finding *finding, const struct sample *sample)
{
    struct buf buf;
    cr_expect_str_eq(finding->rule, sample->rule, "%s: %s", finding->rule, finding->text);
    cr_expect_not_null(strstr(finding->text, sample->text), "%s", finding->text);
    cr_expect_neq(finding->remedy[0], '\0');
    buf_init(&buf, 1 << 16);
    for (int language = LANGUAGE_KO; language < LANGUAGE_COUNT; language++) {
        cr_expect(
            sentence_translate(&buf, finding->text, (enum language)language), "%s", finding->text);
        cr_expect(sentence_translate(&buf, finding->remedy, (enum language)language), "%s",
            finding->remedy);
    }
    buf_finish(&buf);
}

static void judge_bytes(const struct sample *sample, struct report *report, struct arena *arena)
{
    struct judge_result result;
    struct err err;
    const struct judge_input input = {.bytes = sample->bytes, .len = sample->len};
    arena_init(arena, 1 << 20);
    report_init(report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_expect_eq(judge_document(arena, &input, report, &result, &err), ERR_UNREADABLE);
    cr_expect_eq(result.verdict, REPORT_UNREADABLE);
    cr_expect_eq(err.code, ERR_UNREADABLE);
}

Test(wrong_file, is_named_with_a_remedy_in_every_language)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct report report;
        struct arena arena;
        judge_bytes(&samples[i], &report, &arena);
        cr_assert_eq(report.count, 1, "%s: %zu findings", samples[i].text, report.count);
        expect_words(&report.findings[0], &samples[i]);
        report_finish(&report);
        arena_finish(&arena);
    }
}

Test(wrong_file, what_may_be_a_document_is_left_to_its_reader)
{
    static const char *const texts[] = {"{", "[1]", "\"a\"", "-1", "true", "null", "<a/>",
        "\xEF\xBB\xBF {}", "PK", "} {", "<!DOCTYPE a>", "<?xml version='1.0'?><html/>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cr_expect_null(wrong_file_find(texts[i], strlen(texts[i]), true), "%s", texts[i]);
    }
    cr_expect_null(wrong_file_find(BYTES("\xFF\xFE<\0a\0/\0>\0"), true), "XML may be UTF-16");
    cr_expect_null(wrong_file_find(BYTES("hello"), false), "when the format is told");
}

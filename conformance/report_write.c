/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "conformance/report.h"
#include "conformance/rules.h"
#include "conformance/sentences.h"

enum { TEXT_CEILING = 16 * 1024 };

static const char *const severity_texts[] = {
    [AAS_INFO] = "info",
    [AAS_WARNING] = "warning",
    [AAS_ERROR] = "error",
    [AAS_UNREADABLE] = "error",
};

static const char *const colours[] = {
    [AAS_INFO] = "\x1b[36m",
    [AAS_WARNING] = "\x1b[33m",
    [AAS_ERROR] = "\x1b[31m",
    [AAS_UNREADABLE] = "\x1b[31m",
};

const char *report_verdict_text(enum report_verdict verdict)
{
    return report_verdict_word(verdict, LANGUAGE_EN);
}

const char *report_verdict_word(enum report_verdict verdict, enum language language)
{
    static const char *const words[][LANGUAGE_COUNT] = {
        [REPORT_VALID] = {"valid", "적합", "gültig"},
        [REPORT_INVALID] = {"invalid", "부적합", "ungültig"},
        [REPORT_UNREADABLE] = {"unreadable", "읽을 수 없음", "unlesbar"},
    };
    return words[verdict][language];
}

const char *report_severity_text(enum aas_severity severity)
{
    return severity_texts[severity];
}

const char *report_severity_word(enum aas_severity severity, enum language language)
{
    static const char *const words[][LANGUAGE_COUNT] = {
        [AAS_INFO] = {"info", "정보", "Hinweis"},
        [AAS_WARNING] = {"warning", "경고", "Warnung"},
        [AAS_ERROR] = {"error", "오류", "Fehler"},
        [AAS_UNREADABLE] = {"error", "오류", "Fehler"},
    };
    return words[severity][language];
}

void report_write_counts(struct buf *buf, const struct report *report, enum language language)
{
    size_t errors = report->errors;
    size_t warnings = report->warnings;
    switch (language) {
    case LANGUAGE_KO:
        buf_printf(buf, "오류 %zu개, 경고 %zu개", errors, warnings);
        break;
    case LANGUAGE_DE:
        buf_printf(buf, "%zu Fehler, %zu Warnung%s", errors, warnings, warnings == 1 ? "" : "en");
        break;
    case LANGUAGE_EN:
    case LANGUAGE_COUNT:
        buf_printf(buf, "%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s", warnings,
            warnings == 1 ? "" : "s");
        break;
    }
}

/* ------------------------------------------------------------------ JSON */

/* A member unless it is empty; the caller has written at least one before. */
static void write_member(struct buf *buf, const char *name, const char *text)
{
    if (text[0] != '\0') {
        buf_printf(buf, ",\"%s\":", name);
        buf_add_json_string(buf, text, strlen(text));
    }
}

static void write_number(struct buf *buf, const char *name, uint32_t number)
{
    if (number != 0) {
        buf_printf(buf, ",\"%s\":%u", name, (unsigned)number);
    }
}

static void write_finding(
    struct buf *buf, const struct finding *finding, enum language language, struct buf *words)
{
    const struct rule *rule = rule_find(finding->rule);
    buf_add_text(buf, "{\"rule\":");
    buf_add_json_string(buf, finding->rule, strlen(finding->rule));
    write_member(buf, "clause", rule == NULL ? "" : rule->clause);
    buf_printf(buf, ",\"severity\":\"%s\"", report_severity_text(finding->severity));
    write_member(buf, "path", finding->path);
    write_member(buf, "id", finding->id);
    write_member(buf, "part", finding->part);
    write_member(buf, "pointer", finding->pointer);
    write_number(buf, "line", finding->line);
    write_number(buf, "column", finding->column);
    buf_add_text(buf, ",\"text\":");
    buf_clear(words);
    sentence_text(words, finding, language);
    buf_add_json_string(buf, buf_text(words), words->len);
    buf_clear(words);
    sentence_remedy(words, finding, language);
    write_member(buf, "remedy", buf_text(words));
    buf_add_char(buf, '}');
}

void report_write_findings_in(struct buf *buf, const struct report *report, enum language language)
{
    struct buf words;
    buf_init(&words, TEXT_CEILING);
    buf_add_char(buf, '[');
    for (size_t i = 0; i < report->count; i++) {
        if (i > 0) {
            buf_add_char(buf, ',');
        }
        write_finding(buf, &report->findings[i], language, &words);
    }
    buf_add_char(buf, ']');
    buf_finish(&words);
}

void report_write_findings(struct buf *buf, const struct report *report)
{
    report_write_findings_in(buf, report, LANGUAGE_EN);
}

/* ------------------------------------------------------------------ for people */

/* Texts quote the document, whose control characters must not reach a terminal. */
static void write_plain(struct buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        buf_add_char(buf, c < 0x20 || c == 0x7F ? '?' : *text);
    }
}

/* " (line 7, /aasx/data.json)", as far as it is known */
static void write_line_number(
    struct buf *buf, const struct finding *finding, enum language language, bool after_place)
{
    static const char *const formats[LANGUAGE_COUNT] = {"line %u", "%u행", "Zeile %u"};
    char line[40];
    snprintf(line, sizeof line, formats[language], (unsigned)finding->line);
    if (finding->line == 0 && finding->part[0] == '\0') {
        return;
    }
    buf_add_text(buf, after_place ? " (" : "(");
    if (finding->line != 0) {
        buf_add_text(buf, line);
    }
    if (finding->part[0] != '\0') {
        buf_add_text(buf, finding->line != 0 ? ", " : "");
        write_plain(buf, finding->part);
    }
    buf_add_char(buf, ')');
}

static void write_place(struct buf *buf, const struct finding *finding, enum language language)
{
    size_t before = buf->len;
    write_plain(buf, finding->path[0] != '\0' ? finding->path : finding->pointer);
    write_line_number(buf, finding, language, buf->len > before);
    if (buf->len > before) {
        buf_add_text(buf, ": ");
    }
}

void report_write_line(struct buf *buf, const struct finding *finding, enum language language)
{
    struct buf words;
    buf_init(&words, TEXT_CEILING);
    write_place(buf, finding, language);
    sentence_text(&words, finding, language);
    write_plain(buf, buf_text(&words));
    buf_finish(&words);
}

static void write_remedy(
    struct buf *buf, const struct finding *finding, enum language language, struct buf *words)
{
    if (finding->remedy[0] != '\0') {
        buf_clear(words);
        sentence_remedy(words, finding, language);
        buf_add_text(buf, "      -> ");
        write_plain(buf, buf_text(words));
        buf_add_char(buf, '\n');
    }
}

bool report_group_has(const struct report_group *group, const struct finding *finding)
{
    return group->first->severity == finding->severity &&
           strcmp(group->first->rule, finding->rule) == 0;
}

static struct report_group *group_of(
    struct report_group *groups, size_t count, const struct finding *finding)
{
    for (size_t i = 0; i < count; i++) {
        if (report_group_has(&groups[i], finding)) {
            return &groups[i];
        }
    }
    return NULL;
}

static size_t count_of(const struct report *report, const struct finding *finding)
{
    const struct report_tally *tally = report->tallies;
    while (tally->severity != finding->severity || strcmp(tally->rule, finding->rule) != 0) {
        tally++;
    }
    return tally->count;
}

size_t report_group(const struct report *report, struct report_group groups[REPORT_MAX_GROUPS])
{
    size_t count = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        struct report_group *group = group_of(groups, count, finding);
        if (group != NULL) {
            group->one_remedy &= strcmp(group->first->remedy, finding->remedy) == 0;
        } else if (count < report->tally_count) {
            groups[count++] = (struct report_group){finding, count_of(report, finding), true};
        }
    }
    return count;
}

static void write_heading(
    struct buf *buf, const struct report_group *group, enum language language, bool colour)
{
    const struct finding *first = group->first;
    const struct rule *rule = rule_find(first->rule);
    buf_printf(buf, "  %s%s%s %s (%zu)", colour ? colours[first->severity] : "",
        report_severity_word(first->severity, language), colour ? "\x1b[0m" : "", first->rule,
        group->count);
    if (rule != NULL) {
        buf_printf(buf, ": %s", rule->words[language].says);
    }
    buf_add_char(buf, '\n');
}

static void write_places(struct buf *buf, const struct report *report,
    const struct report_group *group, enum language language, struct buf *words)
{
    static const char *const more[LANGUAGE_COUNT] = {
        "      and %zu more\n", "      그 밖에 %zu개\n", "      und %zu weitere\n"};
    size_t shown = 0;
    for (size_t i = 0; i < report->count && shown < REPORT_TEXT_PLACES; i++) {
        const struct finding *finding = &report->findings[i];
        if (!report_group_has(group, finding)) {
            continue;
        }
        buf_add_text(buf, "      ");
        report_write_line(buf, finding, language);
        buf_add_char(buf, '\n');
        shown++;
        if (!group->one_remedy) {
            write_remedy(buf, finding, language, words);
        }
    }
    if (group->count > shown) {
        buf_printf(buf, more[language], group->count - shown);
    }
}

void report_write_text(
    struct buf *buf, const struct report *report, enum language language, bool colour)
{
    struct report_group groups[REPORT_MAX_GROUPS];
    struct buf words;
    buf_init(&words, TEXT_CEILING);
    size_t count = report_group(report, groups);
    for (size_t i = 0; i < count; i++) {
        write_heading(buf, &groups[i], language, colour);
        write_places(buf, report, &groups[i], language, &words);
        if (groups[i].one_remedy) {
            write_remedy(buf, groups[i].first, language, &words);
        }
    }
    buf_finish(&words);
}

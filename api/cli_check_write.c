/* SPDX-License-Identifier: Apache-2.0 */
/* The report of jig check as text and JSON, and what stands around all files. */
#include <string.h>

#include "api/check_names.h"
#include "api/cli_check.h"
#include "conformance/rules.h"

bool check_passes(const struct check_settings *settings, const struct report *report)
{
    return report_verdict(report) == REPORT_VALID &&
           !(settings->fail_on_warnings && report->warnings > 0);
}

/* ------------------------------------------------------------------ JSON */

/* What was found how often, by severity and by rule. */
static void write_counts(struct buf *out, const struct report *report, enum language language)
{
    struct report_group groups[REPORT_MAX_GROUPS];
    size_t count = report_group(report, groups);
    buf_printf(out, ",\"counts\":{\"errors\":%zu,\"warnings\":%zu,\"infos\":%zu},\"rules\":[",
        report->errors, report->warnings, report->infos);
    for (size_t i = 0; i < count; i++) {
        const struct finding *first = groups[i].first;
        const struct rule *rule = rule_find(first->rule);
        buf_add_text(out, i > 0 ? ",{\"rule\":" : "{\"rule\":");
        buf_add_json_string(out, first->rule, strlen(first->rule));
        buf_printf(out, ",\"severity\":\"%s\",\"count\":%zu", report_severity_text(first->severity),
            groups[i].count);
        if (rule != NULL) {
            const char *title = rule->words[language].says;
            buf_add_text(out, ",\"title\":");
            buf_add_json_string(out, title, strlen(title));
        }
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

void check_write_object(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    buf_add_text(out, "{\"file\":");
    buf_add_json_string(out, file->name, strlen(file->name));
    buf_printf(out, ",\"verdict\":\"%s\",\"passed\":%s", report_verdict_text(file->verdict),
        check_passes(settings, file->report) ? "true" : "false");
    if (file->result->format != JUDGE_AUTO) {
        buf_printf(out, ",\"format\":\"%s\"", judge_format_text(file->result->format));
    }
    if (file->result->root != NULL) {
        buf_printf(out, ",\"metamodel\":\"%s\"", check_versions_text(file->result->version));
    }
    write_counts(out, file->report, settings->language);
    buf_add_text(out, ",\"findings\":");
    report_write_findings_in(out, file->report, settings->language);
    if (file->fixed != NULL) {
        buf_add_text(out, ",\"fixed\":");
        buf_add_json_string(out, file->fixed, strlen(file->fixed));
        buf_add_text(out, ",\"changes\":");
        report_write_findings_in(out, file->changes, settings->language);
    }
    buf_add_char(out, '}');
}

/* ------------------------------------------------------------------ text */

static void write_changes(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    static const char *const titles[LANGUAGE_COUNT] = {
        "  corrected copy: ", "  고친 사본: ", "  korrigierte Kopie: "};
    if (file->fixed == NULL) {
        return;
    }
    buf_printf(out, "%s%s\n", titles[settings->language], file->fixed);
    for (size_t i = 0; i < file->changes->count; i++) {
        buf_add_text(out, "      ");
        report_write_line(out, &file->changes->findings[i], settings->language);
        buf_add_char(out, '\n');
    }
}

static void write_text(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    static const char *const colours[] = {"\033[32m", "\033[31m", "\033[35m"};
    buf_printf(out, "%s%s%s  %s", settings->colour ? colours[file->verdict] : "",
        report_verdict_word(file->verdict, settings->language), settings->colour ? "\033[0m" : "",
        file->name);
    if (file->report->errors + file->report->warnings > 0) {
        buf_add_text(out, "  (");
        report_write_counts(out, file->report, settings->language);
        buf_add_char(out, ')');
    }
    buf_add_char(out, '\n');
    report_write_text(out, file->report, settings->language, settings->colour);
    write_changes(out, settings, file);
}

void check_write_file(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    switch (settings->format) {
    case CLI_TEXT:
    case CLI_XML:
    case CLI_AASX:
        write_text(out, settings, file);
        break;
    case CLI_JSON:
        check_write_object(out, settings, file);
        break;
    case CLI_JSONL:
        check_write_object(out, settings, file);
        buf_add_char(out, '\n');
        break;
    case CLI_JUNIT:
        check_write_junit(out, settings, file);
        break;
    case CLI_SARIF:
        check_write_sarif(out, settings, file);
        break;
    }
}

/* ------------------------------------------------------------------ around the files */

void check_write_begin(struct buf *out, const struct check_settings *settings)
{
    if (settings->format == CLI_JSON) {
        buf_add_char(out, '[');
    } else if (settings->format == CLI_JUNIT) {
        buf_add_text(
            out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jig check\">\n");
    } else if (settings->format == CLI_SARIF) {
        check_write_sarif_begin(out, settings->language);
    }
}

static void write_total(
    struct buf *out, const struct check_settings *settings, const struct check_total *total)
{
    static const char *const formats[LANGUAGE_COUNT] = {
        "%zu files: %zu valid, %zu invalid, %zu unreadable\n",
        "파일 %zu개: 적합 %zu개, 부적합 %zu개, 읽을 수 없음 %zu개\n",
        "%zu Dateien: %zu gültig, %zu ungültig, %zu unlesbar\n"};
    buf_printf(out, formats[settings->language], total->files, total->by_verdict[REPORT_VALID],
        total->by_verdict[REPORT_INVALID], total->by_verdict[REPORT_UNREADABLE]);
}

void check_write_end(
    struct buf *out, const struct check_settings *settings, const struct check_total *total)
{
    if (settings->format == CLI_JSON) {
        buf_add_text(out, "]\n");
    } else if (settings->format == CLI_JUNIT) {
        buf_add_text(out, "</testsuites>\n");
    } else if (settings->format == CLI_SARIF) {
        buf_add_text(out, "\n]}]}\n");
    } else if (settings->format == CLI_TEXT && total->files > 1) {
        write_total(out, settings, total);
    }
}

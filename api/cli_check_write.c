/* SPDX-License-Identifier: Apache-2.0 */
/* The report of jig check as text and JSON, and what stands around all files. */
#include <string.h>

#include "api/cli_check.h"

void check_write_object(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    buf_add_text(out, "{\"file\":");
    buf_add_json_string(out, file->path, strlen(file->path));
    buf_printf(out, ",\"verdict\":\"%s\"", report_verdict_text(file->verdict));
    if (file->result->format != JUDGE_AUTO) {
        buf_printf(out, ",\"format\":\"%s\"", judge_format_text(file->result->format));
    }
    if (file->result->root != NULL) {
        buf_printf(out, ",\"metamodel\":\"%s\"", file->result->version == META_V30 ? "3.0" : "3.1");
    }
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
        file->path);
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

void check_write_begin(const struct check_settings *settings)
{
    if (settings->format == CLI_JSON) {
        putchar('[');
    } else if (settings->format == CLI_JUNIT) {
        fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jig check\">\n",
            stdout);
    } else if (settings->format == CLI_SARIF) {
        struct buf out;
        buf_init(&out, CLI_OUTPUT_ROOM);
        check_write_sarif_begin(&out, settings->language);
        fwrite(out.bytes, 1, out.len, stdout);
        buf_finish(&out);
    }
}

static void write_total(const struct check_settings *settings, const struct check_total *total)
{
    static const char *const formats[LANGUAGE_COUNT] = {
        "%zu files: %zu valid, %zu invalid, %zu unreadable\n",
        "파일 %zu개: 적합 %zu개, 부적합 %zu개, 읽을 수 없음 %zu개\n",
        "%zu Dateien: %zu gültig, %zu ungültig, %zu unlesbar\n"};
    printf(formats[settings->language], total->files, total->by_verdict[REPORT_VALID],
        total->by_verdict[REPORT_INVALID], total->by_verdict[REPORT_UNREADABLE]);
}

void check_write_end(const struct check_settings *settings, const struct check_total *total)
{
    if (settings->format == CLI_JSON) {
        fputs("]\n", stdout);
    } else if (settings->format == CLI_JUNIT) {
        fputs("</testsuites>\n", stdout);
    } else if (settings->format == CLI_SARIF) {
        fputs("]}]}\n", stdout);
    } else if (settings->format == CLI_TEXT && total->files > 1) {
        write_total(settings, total);
    }
    fflush(stdout);
}

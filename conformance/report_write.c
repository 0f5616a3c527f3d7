/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "conformance/report.h"

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
    static const char *const texts[] = {
        [REPORT_VALID] = "valid",
        [REPORT_INVALID] = "invalid",
        [REPORT_UNREADABLE] = "unreadable",
    };
    return texts[verdict];
}

const char *report_severity_text(enum aas_severity severity)
{
    return severity_texts[severity];
}

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

static void write_finding(struct buf *buf, const struct finding *finding)
{
    buf_add_text(buf, "{\"rule\":");
    buf_add_json_string(buf, finding->rule, strlen(finding->rule));
    buf_printf(buf, ",\"severity\":\"%s\"", report_severity_text(finding->severity));
    write_member(buf, "path", finding->path);
    write_member(buf, "id", finding->id);
    write_member(buf, "pointer", finding->pointer);
    write_number(buf, "line", finding->line);
    write_number(buf, "column", finding->column);
    buf_add_text(buf, ",\"text\":");
    buf_add_json_string(buf, finding->text, strlen(finding->text));
    write_member(buf, "remedy", finding->remedy);
    buf_add_char(buf, '}');
}

void report_write_findings(struct buf *buf, const struct report *report)
{
    buf_add_char(buf, '[');
    for (size_t i = 0; i < report->count; i++) {
        if (i > 0) {
            buf_add_char(buf, ',');
        }
        write_finding(buf, &report->findings[i]);
    }
    buf_add_char(buf, ']');
}

/* Texts quote the document, whose control characters must not reach a terminal. */
static void write_plain(struct buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        buf_add_char(buf, c < 0x20 || c == 0x7F ? '?' : *text);
    }
}

static void write_place(struct buf *buf, const struct finding *finding)
{
    const char *place = finding->path[0] != '\0' ? finding->path : finding->pointer;
    if (place[0] != '\0') {
        buf_add_text(buf, " at ");
        write_plain(buf, place);
    }
    if (finding->line != 0) {
        buf_printf(buf, " (line %u)", (unsigned)finding->line);
    }
}

static void write_line(struct buf *buf, const struct finding *finding, bool colour)
{
    buf_printf(buf, "  %s%s%s %s", colour ? colours[finding->severity] : "",
        report_severity_text(finding->severity), colour ? "\x1b[0m" : "", finding->rule);
    write_place(buf, finding);
    buf_add_text(buf, ": ");
    write_plain(buf, finding->text);
    buf_add_char(buf, '\n');
    if (finding->remedy[0] != '\0') {
        buf_add_text(buf, "      ");
        write_plain(buf, finding->remedy);
        buf_add_char(buf, '\n');
    }
}

void report_write_text(struct buf *buf, const struct report *report, bool colour)
{
    for (size_t i = 0; i < report->count; i++) {
        write_line(buf, &report->findings[i], colour);
    }
    size_t all = report->errors + report->warnings + report->infos;
    if (all > report->count) {
        buf_printf(buf, "  and %zu more\n", all - report->count);
    }
}

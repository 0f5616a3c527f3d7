/* SPDX-License-Identifier: Apache-2.0 */
/* jig check: judges files without storing them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli.h"
#include "conformance/judge.h"

struct check {
    enum cli_format format;
    unsigned versions;
    const struct meta_class *as;
    bool colour;
    size_t files;
    size_t by_verdict[3];
    struct buf out;
};

static bool read_options(const struct cli_values *values, struct check *check)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSON, CLI_JSONL};
    if (!cli_format(values, formats, 3, CLI_TEXT, &check->format)) {
        return false;
    }
    if (strcmp(values->metamodel, "any") == 0) {
        check->versions = META_V_ANY;
    } else if (strcmp(values->metamodel, "3.0") == 0) {
        check->versions = META_V30;
    } else if (strcmp(values->metamodel, "3.1") == 0) {
        check->versions = META_V31;
    } else {
        fprintf(
            stderr, "jig check: --metamodel is 3.0, 3.1 or any, not \"%s\"\n", values->metamodel);
        return false;
    }
    if (values->as != NULL) {
        check->as = meta_class_by_name(values->as, strlen(values->as));
        if (check->as == NULL) {
            fprintf(stderr, "jig check: the metamodel has no class \"%s\"\n", values->as);
            return false;
        }
    }
    check->colour = isatty(STDOUT_FILENO) == 1;
    return true;
}

static void write_object(struct check *check, const char *path, const struct report *report,
    enum report_verdict verdict, const struct judge_result *result)
{
    struct buf *out = &check->out;
    buf_add_text(out, "{\"file\":");
    buf_add_json_string(out, path, strlen(path));
    buf_printf(out, ",\"verdict\":\"%s\"", report_verdict_text(verdict));
    if (result->format != JUDGE_AUTO) {
        buf_printf(out, ",\"format\":\"%s\"", judge_format_text(result->format));
    }
    if (result->root != NULL) {
        buf_printf(out, ",\"metamodel\":\"%s\"", result->version == META_V30 ? "3.0" : "3.1");
    }
    buf_add_text(out, ",\"findings\":");
    report_write_findings(out, report);
    buf_add_char(out, '}');
}

static void write_text(
    struct check *check, const char *path, const struct report *report, enum report_verdict verdict)
{
    static const char *const colours[] = {"\033[32m", "\033[31m", "\033[35m"};
    struct buf *out = &check->out;
    buf_printf(out, "%s%s%s  %s", check->colour ? colours[verdict] : "",
        report_verdict_text(verdict), check->colour ? "\033[0m" : "", path);
    if (report->errors + report->warnings > 0) {
        buf_printf(out, "  (%zu error%s, %zu warning%s)", report->errors,
            report->errors == 1 ? "" : "s", report->warnings, report->warnings == 1 ? "" : "s");
    }
    buf_add_char(out, '\n');
    report_write_text(out, report, LANGUAGE_EN, check->colour);
}

static void write_result(struct check *check, const char *path, const struct report *report,
    enum report_verdict verdict, const struct judge_result *result)
{
    if (check->format == CLI_TEXT) {
        write_text(check, path, report, verdict);
    } else {
        if (check->format == CLI_JSON) {
            buf_add_text(&check->out, check->files == 1 ? "[" : ",\n");
        }
        write_object(check, path, report, verdict, result);
        if (check->format == CLI_JSONL) {
            buf_add_char(&check->out, '\n');
        }
    }
    cli_progress_clear();
    fwrite(check->out.bytes, 1, check->out.len, stdout);
    buf_clear(&check->out);
}

/* Adds an error that happened before or beside judgement as a finding of its own. */
static void add_error(struct report *report, const struct err *err)
{
    report_add(report, AAS_UNREADABLE, err->rule[0] != '\0' ? err->rule : "file", NULL, -1,
        err->remedy[0] != '\0' ? err->remedy : NULL, "%s",
        err->text[0] != '\0' ? err->text : err_default_text(err->code));
}

static void check_file(struct check *check, const char *path)
{
    char *bytes = NULL;
    size_t len = 0;
    struct err err = {.code = ERR_OK};
    struct report report;
    struct arena arena;
    struct judge_result result = {.format = JUDGE_AUTO};
    report_init(&report);
    arena_init(&arena, CLI_ARENA_ROOM);
    enum err_code code = cli_file_read(path, &bytes, &len, &err);
    if (code == ERR_OK) {
        struct judge_input input = {
            .bytes = bytes, .len = len, .as = check->as, .versions = check->versions};
        code = judge_document(&arena, &input, &report, &result, &err);
    }
    if (code != ERR_OK && report.unreadable == 0) {
        add_error(&report, &err);
    }
    enum report_verdict verdict = report_verdict(&report);
    check->files++;
    check->by_verdict[verdict]++;
    write_result(check, path, &report, verdict, &result);
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

static void finish_output(const struct check *check)
{
    if (check->format == CLI_JSON) {
        fputs(check->files == 0 ? "[]\n" : "]\n", stdout);
    } else if (check->format == CLI_TEXT && check->files > 1) {
        printf("%zu files: %zu valid, %zu invalid, %zu unreadable\n", check->files,
            check->by_verdict[REPORT_VALID], check->by_verdict[REPORT_INVALID],
            check->by_verdict[REPORT_UNREADABLE]);
    }
    fflush(stdout);
}

int cli_check(const struct cli_values *values)
{
    struct check check = {.files = 0};
    struct cli_files files = {.paths = NULL};
    struct err err = {.code = ERR_OK};
    if (!read_options(values, &check)) {
        return CLI_USAGE;
    }
    if (judge_start(&err) != ERR_OK) {
        return cli_fail("check", &err);
    }
    if (cli_files_collect(values, &files, &err) != ERR_OK) {
        cli_files_finish(&files);
        judge_stop();
        return cli_fail("check", &err);
    }
    buf_init(&check.out, CLI_OUTPUT_ROOM);
    for (size_t i = 0; i < files.count; i++) {
        cli_progress("checking", i, files.count, files.paths[i]);
        check_file(&check, files.paths[i]);
    }
    cli_progress_clear();
    finish_output(&check);
    buf_finish(&check.out);
    cli_files_finish(&files);
    judge_stop();
    if (check.files == 0) {
        fputs("jig check: no .json, .xml or .aasx file was found\n", stderr);
        return CLI_UNREADABLE;
    }
    return check.by_verdict[REPORT_UNREADABLE] > 0 ? CLI_UNREADABLE
           : check.by_verdict[REPORT_INVALID] > 0  ? CLI_FINDINGS
                                                   : CLI_OK;
}

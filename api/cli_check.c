/* SPDX-License-Identifier: Apache-2.0 */
/* jig check: judges files without storing them. */
#include "api/cli_check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/check_names.h"
#include "registry/curated_file.h"
#include "registry/registered.h"
#include "registry/versions_file.h"

/* ------------------------------------------------------------------ settings */

static bool read_metamodel(const struct cli_values *values, struct check_settings *settings)
{
    if (!check_versions(values->metamodel, &settings->versions)) {
        fprintf(
            stderr, "jig check: --metamodel is 3.0, 3.1 or any, not \"%s\"\n", values->metamodel);
        return false;
    }
    return true;
}

static bool read_class(const struct cli_values *values, struct check_settings *settings)
{
    struct buf suggestion;
    if (values->as == NULL) {
        return true;
    }
    settings->as = check_class(values->as);
    if (settings->as == NULL) {
        buf_init(&suggestion, CLI_OUTPUT_ROOM);
        check_suggest_class(&suggestion, values->as);
        fprintf(stderr, "jig check: the metamodel has no class \"%s\"%s\n", values->as,
            buf_text(&suggestion));
        buf_finish(&suggestion);
    }
    return settings->as != NULL;
}

static bool read_fail_on(const struct cli_values *values, struct check_settings *settings)
{
    if (values->fail_on == NULL || strcmp(values->fail_on, "error") == 0) {
        return true;
    }
    settings->fail_on_warnings = strcmp(values->fail_on, "warning") == 0;
    if (!settings->fail_on_warnings) {
        fprintf(stderr, "jig check: --fail-on is error or warning, not \"%s\"\n", values->fail_on);
    }
    return settings->fail_on_warnings;
}

static bool read_output(const struct cli_values *values, struct check_settings *settings)
{
    struct stat st;
    settings->fix = values->fix;
    settings->output = values->output;
    if (values->output != NULL && !values->fix) {
        fputs("jig check: --output is for the copies of --fix\n", stderr);
        return false;
    }
    if (values->output != NULL && (stat(values->output, &st) != 0 || !S_ISDIR(st.st_mode))) {
        fprintf(stderr, "jig check: --output %s is no folder\n", values->output);
        return false;
    }
    return true;
}

/* Colour is for people at a terminal who have not asked for none (no-color.org). */
static bool wants_colour(void)
{
    const char *none = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) == 1 && (none == NULL || none[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static bool read_settings(const struct cli_values *values, struct check_settings *settings)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSON, CLI_JSONL, CLI_JUNIT, CLI_SARIF};
    settings->colour = wants_colour();
    return cli_format(
               values, formats, sizeof formats / sizeof *formats, CLI_TEXT, &settings->format) &&
           read_metamodel(values, settings) && read_class(values, settings) &&
           cli_language("check", values, &settings->language) && read_fail_on(values, settings) &&
           read_output(values, settings);
}

/* The user's own schema takes the place of ours, and its version becomes the one judged by. */
static enum err_code use_schema(const char *path, const struct cli_values *values,
    struct check_settings *settings, struct err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    unsigned versions = 0;
    enum err_code code = cli_file_read(path, &bytes, &len, err);
    if (code == ERR_OK) {
        code = judge_use_schema(bytes, len, &versions, err);
    }
    free(bytes);
    if (code == ERR_OK && (settings->versions & versions) == 0) {
        return err_set(err, ERR_BAD_INPUT, "%s is for metamodel %s, --metamodel asks for %s", path,
            check_versions_text(versions), values->metamodel);
    }
    settings->versions = versions;
    return code;
}

/* ------------------------------------------------------------------ one file */

/* Adds an error that happened before or beside judgement as a finding of its own. */
static void add_error(struct report *report, const struct err *err)
{
    report_add(report, AAS_UNREADABLE, err->rule[0] != '\0' ? err->rule : "file", NULL, -1,
        err->remedy[0] != '\0' ? err->remedy : NULL, "%s",
        err->text[0] != '\0' ? err->text : err_default_text(err->code));
}

static void judge_file(const struct check_settings *settings, struct check_file *file,
    struct arena *arena, struct report *report, struct judge_result *result)
{
    char *bytes = NULL;
    struct err err = {.code = ERR_OK};
    enum err_code code = cli_file_read(file->path, &bytes, &file->len, &err);
    file->bytes = bytes;
    if (code == ERR_OK) {
        struct judge_input input = {
            .bytes = bytes, .len = file->len, .as = settings->as, .versions = settings->versions};
        code = judge_document(arena, &input, report, result, &err);
    }
    if (code != ERR_OK && report->unreadable == 0) {
        cli_printable(err.text);
        add_error(report, &err);
    }
}

void check_run(
    const struct check_settings *settings, const char *path, struct check_outcome *outcome)
{
    struct report report;
    struct report changes;
    struct arena arena;
    struct judge_result result = {.format = JUDGE_AUTO};
    struct check_file file = {
        .path = path, .name = "", .report = &report, .result = &result, .changes = &changes};
    char *name = strdup(path);
    char *fixed = NULL;
    if (name != NULL) {
        cli_printable(name);
        file.name = name;
    }
    report_init(&report);
    report_init(&changes);
    arena_init(&arena, CLI_ARENA_ROOM);
    judge_file(settings, &file, &arena, &report, &result);
    if (settings->fix) {
        fixed = check_fix(settings, &file, &arena, &report, &changes);
        if (fixed != NULL) {
            cli_printable(fixed);
        }
        file.fixed = fixed;
    }
    file.verdict = report_verdict(&report);
    outcome->verdict = file.verdict;
    outcome->failed = !check_passes(settings, &report);
    check_write_file(&outcome->out, settings, &file);
    free(fixed);
    free(name);
    /* The bytes are the file's own, read above. */
    free((void *)(uintptr_t)file.bytes);
    arena_finish(&arena);
    report_finish(&changes);
    report_finish(&report);
}

/* ------------------------------------------------------------------ all files */

struct run {
    const struct check_settings *settings;
    const struct cli_files *files;
    struct check_total total;
};

static void print_outcome(struct check_outcome *outcome, size_t position, void *context)
{
    struct run *run = context;
    struct check_total *total = &run->total;
    bool comma = run->settings->format == CLI_JSON || run->settings->format == CLI_SARIF;
    cli_progress_clear();
    if (outcome->out.len > 0) {
        if (comma && total->wrote) {
            fputs(",\n", stdout);
        }
        fwrite(outcome->out.bytes, 1, outcome->out.len, stdout);
        total->wrote = true;
    }
    total->files++;
    total->by_verdict[outcome->verdict]++;
    total->failed += outcome->failed;
    if (position + 1 < run->files->count) {
        cli_progress("checking", position + 1, run->files->count, run->files->paths[position + 1]);
    }
}

static void print(struct buf *out)
{
    fputs(buf_text(out), stdout);
    buf_clear(out);
}

static int check_all(const struct check_settings *settings, const struct cli_files *files)
{
    struct run run = {.settings = settings, .files = files};
    struct buf around;
    buf_init(&around, CLI_OUTPUT_ROOM);
    check_write_begin(&around, settings);
    print(&around);
    check_pool(settings, files, print_outcome, &run);
    cli_progress_clear();
    check_write_end(&around, settings, &run.total);
    print(&around);
    fflush(stdout);
    buf_finish(&around);
    if (files->count == 0) {
        fputs("jig check: no .json, .xml or .aasx file was found\n", stderr);
        return CLI_UNREADABLE;
    }
    return run.total.by_verdict[REPORT_UNREADABLE] > 0 ? CLI_UNREADABLE
           : run.total.failed > 0                      ? CLI_FINDINGS
                                                       : CLI_OK;
}

/* What an exported folder has beside documents is no document; an import reads it. */
static bool is_beside(const char *path)
{
    return cli_file_is(path, REGISTERED_FILE) || cli_file_is(path, VERSIONS_FILE) ||
           cli_file_is(path, CURATED_FILE);
}

static void leave_out(struct cli_files *files)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (is_beside(files->paths[i])) {
            fprintf(stderr, "jig check: %s is no document; jig import reads it\n", files->paths[i]);
            free(files->paths[i]);
        } else {
            files->paths[kept++] = files->paths[i];
        }
    }
    files->count = kept;
}

int cli_check(const struct cli_values *values)
{
    struct check_settings settings = {.format = CLI_TEXT};
    struct cli_files files = {.paths = NULL};
    struct err err = {.code = ERR_OK};
    if (!read_settings(values, &settings)) {
        return CLI_USAGE;
    }
    if (values->explain != NULL) {
        return check_explain(values->explain, settings.language);
    }
    enum err_code code = judge_start(&err);
    if (code == ERR_OK && values->schema != NULL) {
        code = use_schema(values->schema, values, &settings, &err);
    }
    if (code == ERR_OK) {
        code = cli_files_collect(values, &files, &err);
    }
    int exit_code;
    if (code == ERR_OK) {
        leave_out(&files);
        exit_code = check_all(&settings, &files);
    } else {
        exit_code = cli_fail("check", &err);
        exit_code = exit_code == CLI_FINDINGS ? CLI_USAGE : exit_code;
    }
    cli_files_finish(&files);
    judge_stop();
    return exit_code;
}

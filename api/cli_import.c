/* SPDX-License-Identifier: Apache-2.0 */
/* jig import: judges and stores files, a line per file and a summary. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/cli.h"
#include "registry/curated_file.h"
#include "registry/registered.h"
#include "registry/registry.h"
#include "registry/versions_file.h"

#define MOST_FILE ((uint64_t)1 << 30) /* bytes of one file inside of a package */

/* A file that was read before anything is stored, and is stored behind everything else. */
struct said_file {
    const char *path;
    struct curated_file file;
    struct said_file *next;
};

struct import {
    struct registry *registry;
    const struct cli_values *values;
    enum cli_format format;
    enum language language;
    size_t by_outcome[4];
    size_t versions;
    size_t identifiables;
    bool unreadable;
    bool failed; /* this machine failed, not the file */
    struct arena said_arena;
    struct registry_version *said; /* what exported folders say of their versions */
    size_t said_count;
    struct said_file *curated; /* … and beside all they hold; the last one first */
    struct buf out;
};

static void write_jsonl(struct import *import, const char *path,
    const struct registry_import_result *result, const struct report *report, const struct err *err)
{
    struct buf *out = &import->out;
    buf_add_text(out, "{\"file\":");
    buf_add_json_string(out, path, strlen(path));
    buf_printf(out, ",\"outcome\":\"%s\"", registry_import_outcome_text(result->outcome));
    if (result->family != NULL && result->family[0] != '\0') {
        buf_add_text(out, ",\"family\":");
        buf_add_json_string(out, result->family, strlen(result->family));
        buf_add_text(out, ",\"version\":");
        buf_add_json_string(out, result->label, strlen(result->label));
    }
    if (result->outcome == REGISTRY_IMPORT_REFUSED) {
        buf_add_text(out, ",\"reason\":");
        buf_add_json_string(out, err->text, strlen(err->text));
    }
    buf_add_text(out, ",\"findings\":");
    report_write_findings_in(out, report, import->language);
    buf_add_text(out, "}\n");
}

/* Why a file was refused is in its report. */
static void write_text(struct import *import, const char *path,
    const struct registry_import_result *result, const struct report *report)
{
    static const char *const words[] = {"stored", "stored with findings", "unchanged", "refused"};
    struct buf *out = &import->out;
    buf_printf(out, "%-20s  %s", words[result->outcome], path);
    if (result->family != NULL && result->family[0] != '\0') {
        buf_printf(out, "  → %s %s", result->family, result->label);
    }
    if (report->errors + report->warnings > 0) {
        buf_add_text(out, "  (");
        report_write_counts(out, report, import->language);
        buf_add_char(out, ')');
    }
    buf_add_char(out, '\n');
    if (result->outcome == REGISTRY_IMPORT_REFUSED ||
        result->outcome == REGISTRY_IMPORT_STORED_WITH_FINDINGS) {
        report_write_text(out, report, import->language, false);
    }
}

static void count(
    struct import *import, const struct registry_import_result *result, enum err_code code)
{
    import->by_outcome[result->outcome]++;
    import->versions += result->versions;
    import->identifiables += result->shells + result->submodels + result->concept_descriptions;
    import->unreadable |= code == ERR_UNREADABLE;
    import->failed |= code != ERR_OK && err_exit_code(code) == CLI_FAILED;
}

static bool tells(const struct report *report, const struct err *err)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].rule, err->rule) == 0 &&
            report->findings[i].severity >= AAS_ERROR) {
            return true;
        }
    }
    return false;
}

/* What an export has taken along of descriptors and asset links registered by hand. */
static bool is_registered(const char *path)
{
    return cli_file_is(path, REGISTERED_FILE);
}

static enum err_code import_registered(struct import *import, const char *bytes, size_t len,
    struct report *report, struct registry_import_result *result, struct err *err)
{
    size_t stored = 0;
    enum err_code code = registered_import(
        import->registry, bytes, len, import->values->replace, report, &stored, err);
    result->outcome = stored > 0 ? REGISTRY_IMPORT_STORED : REGISTRY_IMPORT_UNCHANGED;
    return code;
}

static enum err_code import_curated(struct import *import, struct curated_file *file,
    const struct registry_author *author, struct report *report,
    struct registry_import_result *result, struct err *err)
{
    size_t stored = 0;
    size_t warnings = report->warnings;
    enum err_code code = curated_file_store(
        import->registry, file, import->values->replace, author, report, &stored, err);
    result->outcome = stored == 0                   ? REGISTRY_IMPORT_UNCHANGED
                      : report->warnings > warnings ? REGISTRY_IMPORT_STORED_WITH_FINDINGS
                                                    : REGISTRY_IMPORT_STORED;
    return code;
}

/* ------------------------------------------------------------------ said before */

/* What a folder says of its versions, before they come. */
static enum err_code take_versions(
    struct import *import, const char *bytes, size_t len, struct err *err)
{
    struct registry_version *more = NULL;
    size_t count = 0;
    enum err_code code = versions_file_read(&import->said_arena, bytes, len, &more, &count, err);
    struct registry_version *all =
        code == ERR_OK
            ? arena_alloc(&import->said_arena, (import->said_count + count + 1) * sizeof *all)
            : NULL;
    if (all == NULL) {
        return code != ERR_OK ? code : err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    memcpy(all, more, count * sizeof *all);
    if (import->said_count > 0) {
        memcpy(all + count, import->said, import->said_count * sizeof *all);
    }
    import->said = all;
    import->said_count += count;
    return ERR_OK;
}

static enum err_code take_curated(
    struct import *import, const char *path, const char *bytes, size_t len, struct err *err)
{
    struct said_file *file = arena_alloc(&import->said_arena, sizeof *file);
    if (file == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    *file = (struct said_file){.path = path, .next = import->curated};
    enum err_code code = curated_file_read(&import->said_arena, bytes, len, &file->file, err);
    import->curated = code == ERR_OK ? file : import->curated;
    return code;
}

/* File and line stand in the sentence: there is nothing else that would show them. */
static void tell_place(struct err *err, const char *path)
{
    struct err told = *err;
    if (err->line > 0) {
        err_set(&told, err->code, "%.400s: line %u: %s", path, (unsigned)err->line, err->text);
    } else {
        err_set(&told, err->code, "%.400s: %s", path, err->text);
    }
    err_rule(&told, err->rule, err->remedy);
    *err = told;
}

static enum err_code read_said(struct import *import, const char *path, struct err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    enum err_code code = cli_file_read(path, &bytes, &len, err);
    if (code != ERR_OK) {
        return code;
    }
    code = cli_file_is(path, VERSIONS_FILE) ? take_versions(import, bytes, len, err)
                                            : take_curated(import, path, bytes, len, err);
    free(bytes);
    if (code != ERR_OK) {
        tell_place(err, path);
    }
    return code;
}

static bool is_said(const char *path)
{
    return cli_file_is(path, VERSIONS_FILE) || cli_file_is(path, CURATED_FILE);
}

static enum err_code read_all_said(
    struct import *import, const struct cli_files *files, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < files->count && code == ERR_OK; i++) {
        if (is_said(files->paths[i])) {
            code = read_said(import, files->paths[i], err);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ one file */

static struct registry_author author_of(const struct import *import)
{
    return (struct registry_author){
        .name = import->values->author, .message = import->values->message};
}

static void add_reason(struct report *report, const struct err *err)
{
    struct aas_sink sink = report_sink(report);
    const struct aas_problem problem = {.severity = AAS_ERROR,
        .rule = err->rule[0] != '\0' ? err->rule : "import",
        .slot = -1,
        .line = err->line,
        .column = err->column,
        .text = err->text,
        .remedy = err->remedy};
    sink.add(sink.context, &problem);
}

static void finish_file(struct import *import, const char *path, enum err_code code,
    struct registry_import_result *result, struct report *report, const struct err *err)
{
    if (code != ERR_OK) {
        result->outcome = REGISTRY_IMPORT_REFUSED;
        if (!tells(report, err)) { /* whoever reads only the findings is told the reason too */
            add_reason(report, err);
        }
    }
    count(import, result, code);
    if (import->format == CLI_JSONL) {
        write_jsonl(import, path, result, report, err);
    } else {
        write_text(import, path, result, report);
    }
    cli_progress_clear();
    fwrite(import->out.bytes, 1, import->out.len, stdout);
    fflush(stdout);
    buf_clear(&import->out);
}

static void import_file(struct import *import, const char *path)
{
    char *bytes = NULL;
    size_t len = 0;
    struct err err = {.code = ERR_OK};
    struct report report;
    struct arena arena;
    struct registry_import_result result = {
        .outcome = REGISTRY_IMPORT_REFUSED, .family = "", .label = ""};
    report_init(&report);
    arena_init(&arena, CLI_ARENA_ROOM);
    enum err_code code = cli_file_read(path, &bytes, &len, &err);
    if (code == ERR_OK && is_registered(path)) {
        code = import_registered(import, bytes, len, &report, &result, &err);
    } else if (code == ERR_OK) {
        const struct aasx_limits limits = {.max_entry = MOST_FILE, .max_total = 4 * MOST_FILE};
        const struct registry_import input = {.bytes = bytes,
            .limits = &limits,
            .len = len,
            .source = path,
            .strict = import->values->strict,
            .replace = import->values->replace,
            .drafts = import->values->drafts,
            .said = import->said,
            .said_count = import->said_count};
        const struct registry_author author = author_of(import);
        code = registry_import(import->registry, &arena, &input, &author, &report, &result, &err);
    }
    finish_file(import, path, code, &result, &report, &err);
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

static void import_said(struct import *import, struct said_file *said)
{
    struct err err = {.code = ERR_OK};
    struct report report;
    struct registry_import_result result = {
        .outcome = REGISTRY_IMPORT_REFUSED, .family = "", .label = ""};
    const struct registry_author author = author_of(import);
    report_init(&report);
    enum err_code code = import_curated(import, &said->file, &author, &report, &result, &err);
    finish_file(import, said->path, code, &result, &report, &err);
    report_finish(&report);
}

/* Behind what it may be about, in the order of the files. */
static void import_behind(struct import *import, const struct cli_files *files)
{
    struct said_file *first = NULL;
    for (size_t i = 0; i < files->count && !import->failed; i++) {
        if (is_registered(files->paths[i])) {
            import_file(import, files->paths[i]);
        }
    }
    for (struct said_file *at = import->curated, *next = NULL; at != NULL; at = next) {
        next = at->next;
        at->next = first;
        first = at;
    }
    for (struct said_file *at = first; at != NULL && !import->failed; at = at->next) {
        import_said(import, at);
    }
}

static void summarise(const struct import *import, size_t files, double seconds)
{
    FILE *to = import->format == CLI_TEXT ? stdout : stderr;
    fprintf(to,
        "%zu file%s in %.1f s: %zu stored, %zu stored with findings, %zu unchanged, %zu refused; "
        "%zu new template versions, %zu new or changed shells, submodels and concept "
        "descriptions\n",
        files, files == 1 ? "" : "s", seconds, import->by_outcome[REGISTRY_IMPORT_STORED],
        import->by_outcome[REGISTRY_IMPORT_STORED_WITH_FINDINGS],
        import->by_outcome[REGISTRY_IMPORT_UNCHANGED], import->by_outcome[REGISTRY_IMPORT_REFUSED],
        import->versions, import->identifiables);
}

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int exit_code_of(const struct import *import)
{
    if (import->failed) {
        return CLI_FAILED;
    }
    if (import->unreadable) {
        return CLI_UNREADABLE;
    }
    return import->by_outcome[REGISTRY_IMPORT_REFUSED] > 0 ? CLI_FINDINGS : CLI_OK;
}

int cli_import(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSONL};
    struct import import = {.values = values};
    struct cli_files files = {.paths = NULL};
    struct err err = {.code = ERR_OK};
    if (!cli_format(values, formats, 2, CLI_TEXT, &import.format) ||
        !cli_language("import", values, &import.language)) {
        return CLI_USAGE;
    }
    if (cli_files_collect(values, &files, &err) != ERR_OK) {
        cli_files_finish(&files);
        return cli_fail("import", &err);
    }
    const struct registry_options options = {.store = {.dir = values->store},
        .without_library = values->without_library,
        .search_values = values->search_values};
    if (registry_open(&options, &import.registry, &err) != ERR_OK) {
        cli_files_finish(&files);
        return cli_fail("import", &err);
    }
    arena_init(&import.said_arena, CLI_ARENA_ROOM);
    if (read_all_said(&import, &files, &err) != ERR_OK) {
        arena_finish(&import.said_arena);
        registry_close(import.registry);
        cli_files_finish(&files);
        return cli_fail("import", &err);
    }
    buf_init(&import.out, CLI_OUTPUT_ROOM);
    double start = now_seconds();
    for (size_t i = 0; i < files.count && !import.failed; i++) {
        cli_progress("importing", i, files.count, files.paths[i]);
        if (!is_registered(files.paths[i]) && !is_said(files.paths[i])) {
            import_file(&import, files.paths[i]);
        }
    }
    import_behind(&import, &files);
    cli_progress_clear();
    summarise(&import, files.count, now_seconds() - start);
    buf_finish(&import.out);
    registry_close(import.registry);
    arena_finish(&import.said_arena);
    cli_files_finish(&files);
    return exit_code_of(&import);
}

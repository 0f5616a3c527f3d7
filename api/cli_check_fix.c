/* SPDX-License-Identifier: Apache-2.0 */
/* jig check --fix: a corrected copy beside the original, which is never touched. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli_check.h"
#include "conformance/fix.h"

/* "dir/a.json" becomes "dir/a.fixed.json", or OUTPUT/a.json; malloc'd. */
static char *copy_name(const struct check_settings *settings, const char *path, const char *format)
{
    char *name = NULL;
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(base, '.');
    size_t stem = dot == NULL ? strlen(path) : (size_t)(dot - path);
    int len;
    if (strcmp(path, "-") == 0) {
        len =
            asprintf(&name, "%s%sstdin.fixed.%s", settings->output != NULL ? settings->output : "",
                settings->output != NULL ? "/" : "", format);
    } else if (settings->output != NULL) {
        len = asprintf(&name, "%s/%s", settings->output, base);
    } else {
        len = asprintf(&name, "%.*s.fixed%s", (int)stem, path, path + stem);
    }
    return len < 0 ? NULL : name;
}

/* A file that is there stays as it is, the original above all. */
static int write_new(const char *name, const struct buf *content)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    size_t done = 0;
    if (fd < 0) {
        return errno;
    }
    while (done < content->len) {
        ssize_t wrote = write(fd, content->bytes + done, content->len - done);
        if (wrote < 0 && errno != EINTR) {
            int error = errno;
            close(fd);
            unlink(name);
            return error;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return close(fd) == 0 ? 0 : errno;
}

static bool save(const char *name, const struct buf *content, struct report *report)
{
    int error = write_new(name, content);
    if (error != 0) {
        report_add(report, AAS_ERROR, "file", NULL, -1,
            error == EEXIST ? "Remove that file or name another folder with --output." : NULL,
            "%s cannot be written: %s", name, strerror(error));
    }
    return error == 0;
}

/* What is left to do in the copy is told behind what was done; false when nobody could read it. */
static bool judge_copy(
    const struct judge_input *original, const struct buf *content, struct report *changes)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    struct judge_input input = *original;
    input.bytes = content->bytes;
    input.len = content->len;
    arena_init(&arena, CLI_ARENA_ROOM);
    report_init(&report);
    bool readable = judge_document(&arena, &input, &report, &result, NULL) == ERR_OK;
    if (report.errors + report.warnings == 0) {
        report_add(changes, AAS_INFO, "file", NULL, -1, NULL, "the corrected copy is valid");
    } else {
        report_add(changes, AAS_INFO, "file", NULL, -1, NULL,
            "what is left in the corrected copy: errors %zu, warnings %zu", report.errors,
            report.warnings);
    }
    report_finish(&report);
    arena_finish(&arena);
    return readable;
}

char *check_fix(const struct check_settings *settings, const struct check_file *file,
    struct arena *arena, struct report *report, struct report *changes)
{
    const struct judge_result *result = file->result;
    const struct judge_input input = {
        .bytes = file->bytes, .len = file->len, .as = settings->as, .versions = settings->versions};
    struct err err = {.code = ERR_OK};
    struct buf content;
    char *name = NULL;
    if (result->root == NULL || report->unreadable > 0) {
        return NULL;
    }
    buf_init(&content, CLI_OUTPUT_ROOM);
    if (fix_document(arena, &input, result, report, &content, changes, &err) != ERR_OK) {
        report_add(report, AAS_ERROR, "file", NULL, -1, NULL, "%s", err.text);
    } else if (content.len > 0 && judge_copy(&input, &content, changes)) {
        name = copy_name(settings, file->path, judge_format_text(result->format));
    }
    if (name != NULL && !save(name, &content, report)) {
        free(name);
        name = NULL;
    }
    buf_finish(&content);
    return name;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* jig check --fix: a corrected copy beside the original, which is never touched. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aas/json.h"
#include "aas/xml.h"
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

static void new_line(struct buf *to, size_t depth)
{
    buf_add_char(to, '\n');
    for (size_t i = 0; i < depth; i++) {
        buf_add_text(to, "  ");
    }
}

/* Breaks and indents canonical JSON, which has no white space. */
static void indent(struct buf *to, const char *json, size_t len)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = json[i];
        bool opens = !quoted && (c == '{' || c == '[');
        bool closes = !quoted && (c == '}' || c == ']');
        bool empty = closes && i > 0 && (json[i - 1] == '{' || json[i - 1] == '[');
        depth -= closes;
        if (closes && !empty) {
            new_line(to, depth);
        }
        buf_add_char(to, c);
        depth += opens;
        if (quoted && c == '\\' && i + 1 < len) {
            buf_add_char(to, json[++i]);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ':') {
            buf_add_char(to, ' ');
        }
        bool next_closes = i + 1 < len && (json[i + 1] == '}' || json[i + 1] == ']');
        if ((opens && !next_closes) || (!quoted && c == ',')) {
            new_line(to, depth);
        }
    }
    buf_add_char(to, '\n');
}

static void write_document(struct buf *to, const struct judge_result *result)
{
    if (result->format == JUDGE_XML) {
        aas_xml_write(to, result->root, result->version, true);
        return;
    }
    struct buf json;
    buf_init(&json, CLI_OUTPUT_ROOM);
    aas_json_write(&json, result->root, 0, NULL);
    if (buf_failed(&json)) {
        to->failed = true;
    } else {
        indent(to, json.bytes, json.len);
    }
    buf_finish(&json);
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

static bool is_out_of_order(const struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].rule, "schema-order") == 0) {
            return true;
        }
    }
    return false;
}

static bool save(const char *name, const struct judge_result *result, struct report *report)
{
    struct buf content;
    buf_init(&content, CLI_OUTPUT_ROOM);
    write_document(&content, result);
    int error = buf_failed(&content) ? ENOMEM : write_new(name, &content);
    buf_finish(&content);
    if (error != 0) {
        report_add(report, AAS_ERROR, "file", NULL, -1,
            error == EEXIST ? "Remove that file or name another folder with --output." : NULL,
            "%s cannot be written: %s", name, strerror(error));
    }
    return error == 0;
}

char *check_fix(const struct check_settings *settings, const char *path,
    const struct judge_result *result, struct arena *arena, struct report *report,
    struct report *changes)
{
    if (result->root == NULL || result->format == JUDGE_AASX || report->unreadable > 0) {
        return NULL;
    }
    if (fix_tree(arena, result->root, result->version, changes) != ERR_OK) {
        report_add(report, AAS_ERROR, "file", NULL, -1, NULL,
            "there is not enough memory for a corrected copy");
        return NULL;
    }
    if (result->format == JUDGE_XML && is_out_of_order(report)) {
        report_add(changes, AAS_INFO, "schema-order", NULL, -1, NULL,
            "elements written in the order of the schema");
    }
    if (changes->count == 0) {
        return NULL;
    }
    char *name = copy_name(settings, path, judge_format_text(result->format));
    if (name != NULL && save(name, result, report)) {
        return name;
    }
    free(name);
    return NULL;
}

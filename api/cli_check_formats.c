/* SPDX-License-Identifier: Apache-2.0 */
/* The report of jig check as JUnit XML and as SARIF 2.1.0 (OASIS). */
#include <stdlib.h>
#include <string.h>

#include "api/cli_check.h"
#include "conformance/rules.h"
#include "conformance/sentences.h"

enum { WORDS_ROOM = 16 * 1024 };

/* ------------------------------------------------------------------ JUnit */

/* XML has no way to write control characters, U+FFFE and U+FFFF. */
static void add_xml(struct buf *out, const char *text)
{
    char *copy = strdup(text);
    for (char *at = copy; copy != NULL && *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 && c != '\n' && c != '\t') {
            *at = '?';
        } else if (strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0) {
            memcpy(at, "???", 3);
        }
    }
    if (copy != NULL) {
        buf_add_xml_text(out, copy, strlen(copy));
    }
    free(copy);
}

static bool fails(const struct check_settings *settings, const struct finding *finding)
{
    return finding->severity >= (settings->fail_on_warnings ? AAS_WARNING : AAS_ERROR);
}

static const char *element_of(const struct check_settings *settings, const struct finding *finding)
{
    if (!fails(settings, finding)) {
        return "system-out";
    }
    return finding->severity == AAS_UNREADABLE ? "error" : "failure";
}

static void add_remedy(struct buf *out, const struct check_settings *settings,
    const struct finding *finding, struct buf *line)
{
    if (finding->remedy[0] != '\0') {
        buf_clear(line);
        buf_add_text(line, "-> ");
        sentence_remedy(line, finding, settings->language);
        buf_add_char(line, '\n');
        add_xml(out, buf_text(line));
    }
}

/* Where to look and what to do: once below all places when it is the same for all. */
static void add_places(struct buf *out, const struct check_settings *settings,
    const struct report *report, const struct report_group *group, struct buf *line)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        if (!report_group_has(group, finding)) {
            continue;
        }
        shown++;
        buf_clear(line);
        report_write_line(line, finding, settings->language);
        buf_add_char(line, '\n');
        add_xml(out, buf_text(line));
        if (!group->one_remedy) {
            add_remedy(out, settings, finding, line);
        }
    }
    if (group->count > shown) {
        buf_printf(out, "... (%zu)\n", group->count);
    }
    if (group->one_remedy) {
        add_remedy(out, settings, group->first, line);
    }
}

static void write_case(struct buf *out, const struct check_settings *settings,
    const struct check_file *file, const struct report_group *group)
{
    const struct rule *rule = rule_find(group->first->rule);
    const char *element = element_of(settings, group->first);
    struct buf line;
    buf_init(&line, WORDS_ROOM);
    buf_add_text(out, "    <testcase classname=\"");
    add_xml(out, file->name);
    buf_printf(out, "\" name=\"%s\">\n      <%s", group->first->rule, element);
    if (fails(settings, group->first)) {
        buf_printf(out, " type=\"%s\" message=\"", group->first->rule);
        add_xml(out, rule == NULL ? group->first->text : rule->words[settings->language].says);
        buf_add_char(out, '"');
    }
    buf_add_char(out, '>');
    add_places(out, settings, file->report, group, &line);
    buf_printf(out, "</%s>\n    </testcase>\n", element);
    buf_finish(&line);
}

/* One suite for a file, one case for each rule that has findings, or one that passed. */
void check_write_junit(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    struct report_group groups[REPORT_MAX_GROUPS];
    size_t count = report_group(file->report, groups);
    size_t failures = 0;
    size_t errors = 0;
    for (size_t i = 0; i < count; i++) {
        bool unreadable = groups[i].first->severity == AAS_UNREADABLE;
        failures += fails(settings, groups[i].first) && !unreadable;
        errors += unreadable;
    }
    buf_add_text(out, "  <testsuite name=\"");
    add_xml(out, file->name);
    buf_printf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", count == 0 ? 1 : count,
        failures, errors);
    if (count == 0) {
        buf_add_text(out, "    <testcase classname=\"");
        add_xml(out, file->name);
        buf_add_text(out, "\" name=\"conforms\"/>\n");
    }
    for (size_t i = 0; i < count; i++) {
        write_case(out, settings, file, &groups[i]);
    }
    buf_add_text(out, "  </testsuite>\n");
}

/* ------------------------------------------------------------------ SARIF */

static void add_string(struct buf *out, const char *before, const char *text)
{
    buf_add_text(out, before);
    buf_add_json_string(out, text, strlen(text));
}

void check_write_sarif_begin(struct buf *out, enum language language)
{
    buf_add_text(out,
        "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
        "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"jig\",\"version\":\"" JIG_VERSION
        "\",\"rules\":[\n");
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        const struct rule *rule = rule_at(i);
        add_string(out, i > 0 ? ",\n{\"id\":" : "{\"id\":", rule->id);
        add_string(out, ",\"shortDescription\":{\"text\":", rule->words[language].says);
        add_string(out, "},\"fullDescription\":{\"text\":", rule->words[language].why);
        add_string(out, "},\"properties\":{\"clause\":", rule->clause);
        buf_add_text(out, "}}");
    }
    buf_printf(out,
        "\n]}},\"language\":\"%s\",\"columnKind\":\"unicodeCodePoints\",\"results\":[\n",
        language_tag(language));
}

/* Where the lines of a file begin, and how many characters come before every STEP bytes, so that
 * columns in bytes become columns in characters without reading long lines again and again. */
enum { STEP = 1024 };

struct lines {
    size_t *starts;
    size_t count;
    size_t *characters;
};

/* Each character has one byte that does not continue another (UTF-8). */
static size_t count_characters(const char *bytes, size_t from, size_t to)
{
    size_t count = 0;
    for (; from < to; from++) {
        count += ((unsigned char)bytes[from] & 0xC0) != 0x80;
    }
    return count;
}

static void find_lines(const struct check_file *file, struct lines *lines)
{
    size_t count = 1;
    *lines = (struct lines){.count = 0};
    if (file->bytes == NULL || file->result->format == JUDGE_AASX) {
        return;
    }
    for (size_t i = 0; i < file->len; i++) {
        count += file->bytes[i] == '\n';
    }
    lines->starts = malloc(count * sizeof *lines->starts);
    lines->characters = malloc((file->len / STEP + 1) * sizeof *lines->characters);
    if (lines->starts == NULL || lines->characters == NULL) {
        return;
    }
    lines->starts[lines->count++] = 0;
    for (size_t i = 0; i < file->len; i++) {
        if (file->bytes[i] == '\n') {
            lines->starts[lines->count++] = i + 1;
        }
    }
    lines->characters[0] = 0;
    for (size_t i = 1; i <= file->len / STEP; i++) {
        lines->characters[i] =
            lines->characters[i - 1] + count_characters(file->bytes, (i - 1) * STEP, i * STEP);
    }
}

static size_t characters_before(
    const struct check_file *file, const struct lines *lines, size_t offset)
{
    size_t step = offset / STEP;
    return lines->characters[step] + count_characters(file->bytes, step * STEP, offset);
}

static size_t column_in_characters(
    const struct check_file *file, const struct lines *lines, const struct finding *finding)
{
    if (finding->line == 0 || finding->line > lines->count) {
        return finding->column;
    }
    size_t start = lines->starts[finding->line - 1];
    size_t end = start + finding->column - 1;
    end = end > file->len ? file->len : end;
    return characters_before(file, lines, end) - characters_before(file, lines, start) + 1;
}

/* A path as a URI reference: relative ones stay relative. */
static void add_uri(struct buf *out, const char *path)
{
    static const char hex[] = "0123456789ABCDEF";
    buf_add_text(out, path[0] == '/' ? "\"file://" : "\"");
    for (; *path != '\0'; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     strchr("/-._~", c) != NULL;
        if (plain) {
            buf_add_char(out, (char)c);
        } else {
            buf_add_char(out, '%');
            buf_add_char(out, hex[c >> 4]);
            buf_add_char(out, hex[c & 15]);
        }
    }
    buf_add_char(out, '"');
}

/* Lines inside of a package are lines of one of its parts, which has no address of its own. */
static void add_location(struct buf *out, const struct check_file *file, const struct lines *lines,
    const struct finding *finding)
{
    buf_add_text(out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    add_uri(out, file->path);
    buf_add_char(out, '}');
    if (finding->line > 0 && finding->part[0] == '\0') {
        buf_printf(out, ",\"region\":{\"startLine\":%u", (unsigned)finding->line);
        if (finding->column > 0) {
            buf_printf(out, ",\"startColumn\":%zu", column_in_characters(file, lines, finding));
        }
        buf_add_char(out, '}');
    }
    buf_add_char(out, '}');
    const char *place = finding->path[0] != '\0' ? finding->path : finding->pointer;
    if (place[0] != '\0') {
        add_string(out, ",\"logicalLocations\":[{\"fullyQualifiedName\":", place);
        buf_add_text(out, "}]");
    }
    buf_add_text(out, "}]");
}

static void add_properties(struct buf *out, const struct finding *finding)
{
    const char *const members[][2] = {
        {"id", finding->id}, {"part", finding->part}, {"pointer", finding->pointer}};
    const char *separator = ",\"properties\":{";
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i][1][0] != '\0') {
            buf_printf(out, "%s\"%s\":", separator, members[i][0]);
            buf_add_json_string(out, members[i][1], strlen(members[i][1]));
            separator = ",";
        }
    }
    buf_add_text(out, separator[1] == '\0' ? "}" : "");
}

static void add_result(struct buf *out, const struct check_settings *settings,
    const struct check_file *file, const struct lines *lines, const struct finding *finding)
{
    static const char *const levels[] = {[AAS_INFO] = "note",
        [AAS_WARNING] = "warning",
        [AAS_ERROR] = "error",
        [AAS_UNREADABLE] = "error"};
    struct buf words;
    buf_init(&words, WORDS_ROOM);
    sentence_text(&words, finding, settings->language);
    if (finding->remedy[0] != '\0') {
        buf_add_text(&words, ". ");
        sentence_remedy(&words, finding, settings->language);
    }
    add_string(out, "{\"ruleId\":", finding->rule);
    buf_printf(out, ",\"level\":\"%s\",\"message\":{\"text\":", levels[finding->severity]);
    buf_add_json_string(out, buf_text(&words), words.len);
    buf_add_char(out, '}');
    add_location(out, file, lines, finding);
    add_properties(out, finding);
    buf_add_char(out, '}');
    buf_finish(&words);
}

void check_write_sarif(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    struct lines lines;
    find_lines(file, &lines);
    for (size_t i = 0; i < file->report->count; i++) {
        buf_add_text(out, i > 0 ? ",\n" : "");
        add_result(out, settings, file, &lines, &file->report->findings[i]);
    }
    free(lines.starts);
    free(lines.characters);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A comparison as JSON. Members that would be empty are left out where they are marked with "?".
 *
 * { "from": SIDE, "to": SIDE,
 *   "equal": bool,                    nothing differs at all
 *   "mode": "exact",                  the matching mode that verdict, level and next are about
 *   "verdict": "full" | "backward" | "forward" | "breaking",
 *   "verdicts": { "exact": …, "value": …, "ignore-version": …, "supplemental": … },
 *   "next": { "level": "none" | "bug-fix" | "revision" | "version",   what must grow at least
 *             "number"?: "2.1",                                      the number it then has
 *             "declared"?: "revision",  what really grew; both numbers must be known
 *             "enough"?: bool },
 *   "counts": { "matched", "renamed", "moved", "changed", "added", "removed" },
 *   "changes": [ CHANGE ],            in the order of the old document, added ones behind
 *   "rows"?: [ ROW ] }                both trees side by side, in the order of the new document
 *
 * SIDE:    { "name"?, "id"?, "idShort"?, "number"?, "elements" }
 * CHANGE:  { "status": [ "removed" | "added" | "moved" | "renamed" | "changed" | "reordered" |
 *            "concept" ], "modelType", "from"?: path, "to"?: path, "matchedBy"?: "semanticId" |
 *            "idShort" | "place", "findings": [ FINDING ] }   the path of the submodel is ""
 * FINDING: { "rule": "C06", "title", "severity", "backward": bool, "forward": bool,
 *            "modes"?: [ mode ]       when it is one in some of the matching modes only
 *            "attribute"?, "concept"?: id, "old"?, "new"?, "reason" }
 * ROW:     { "depth", "status": "same" | "changed" | "renamed" | "moved" | "added" | "removed",
 *            "change"?: position in "changes", "from"?: END, "to"?: END }
 *            What was moved has a row with "from" alone at its old place and one with both at the
 *            new one.
 * END:     { "path", "idShort"?, "modelType" }
 */
#include <string.h>

#include "conformance/compare_parts.h"
#include "conformance/report.h"

static void member(struct buf *buf, const char *name, const char *text)
{
    if (text != NULL) {
        buf_printf(buf, ",\"%s\":", name);
        buf_add_json_string(buf, text, strlen(text));
    }
}

static void add_path(
    struct buf *buf, const struct comparison *comparison, int side, uint32_t element)
{
    aas_print_path(
        comparison->side[side].elements[element].node, comparison->scratch, COMPARE_PATH_ROOM);
    buf_add_json_string(buf, comparison->scratch, strlen(comparison->scratch));
}

static void add_number(struct buf *buf, const struct compare_number *number)
{
    buf_printf(buf, "\"%u.%u", number->version, number->revision);
    if (number->bugfix > 0) {
        buf_printf(buf, ".%u", number->bugfix);
    }
    buf_add_char(buf, '"');
}

static void write_side(struct buf *buf, const struct comparison *comparison, int side)
{
    const struct compare_side *of = &comparison->side[side];
    buf_printf(buf, "{\"elements\":%u", of->count - 1);
    member(buf, "name", of->name[0] != '\0' ? of->name : NULL);
    member(buf, "id", aas_text(of->elements[0].node, PROP_id));
    member(buf, "idShort", aas_text(of->elements[0].node, PROP_idShort));
    if (comparison->number[side].known) {
        buf_add_text(buf, ",\"number\":");
        add_number(buf, &comparison->number[side]);
    }
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ findings and changes */

static void write_modes(struct buf *buf, unsigned modes)
{
    const char *separator = ",\"modes\":[";
    if (modes == COMPARE_ALL_MODES) {
        return;
    }
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        if (modes & 1U << mode) {
            buf_printf(buf, "%s\"%s\"", separator, compare_mode_text((enum compare_mode)mode));
            separator = ",";
        }
    }
    buf_add_char(buf, ']');
}

static void write_finding(
    struct buf *buf, const struct compare_finding *finding, enum language language)
{
    unsigned rule = compare_reason_rule(finding->reason);
    buf_printf(buf, "{\"rule\":\"%s\"", compare_rule_id(rule));
    member(buf, "title", compare_rule_title(rule, language));
    member(buf, "severity", report_severity_text(compare_finding_severity(finding)));
    buf_printf(buf, ",\"backward\":%s,\"forward\":%s", finding->backward ? "true" : "false",
        finding->forward ? "true" : "false");
    write_modes(buf, finding->modes);
    member(buf, "attribute", finding->attribute[0] != '\0' ? finding->attribute : NULL);
    member(buf, "concept", finding->concept);
    member(buf, "old", finding->old_value);
    member(buf, "new", finding->new_value);
    member(buf, "reason", compare_reason_text(finding->reason, language));
    buf_add_char(buf, '}');
}

static void write_status(struct buf *buf, const struct comparison *comparison, int side,
    const struct compare_element *element)
{
    bool reordered = false;
    bool concept = false;
    for (uint32_t i = 0; i < element->finding_count; i++) {
        const struct compare_finding *finding = &comparison->findings[element->findings + i];
        reordered = reordered || finding->reason == REASON_ORDER;
        concept = concept || finding->concept != NULL;
    }
    const struct {
        bool is;
        const char *text;
    } states[] = {{element->match == COMPARE_NONE, side == OLD ? "removed" : "added"},
        {element->moved, "moved"}, {element->renamed, "renamed"}, {element->changed, "changed"},
        {reordered, "reordered"}, {concept, "concept"}};
    const char *separator = "";
    buf_add_text(buf, "{\"status\":[");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (states[i].is) {
            buf_printf(buf, "%s\"%s\"", separator, states[i].text);
            separator = ",";
        }
    }
    buf_add_char(buf, ']');
}

static void write_change(struct buf *buf, const struct comparison *comparison, int side, uint32_t i,
    enum language language)
{
    const struct compare_element *element = &comparison->side[side].elements[i];
    write_status(buf, comparison, side, element);
    member(buf, "modelType", element->node->cls->name);
    if (side == OLD) {
        buf_add_text(buf, ",\"from\":");
        add_path(buf, comparison, OLD, i);
    }
    if (side == NEW || element->match != COMPARE_NONE) {
        buf_add_text(buf, ",\"to\":");
        add_path(buf, comparison, NEW, side == NEW ? i : element->match);
    }
    if (element->match != COMPARE_NONE && i > 0) {
        member(buf, "matchedBy", compare_how_text(element->how));
    }
    buf_add_text(buf, ",\"findings\":[");
    for (uint32_t n = 0; n < element->finding_count; n++) {
        buf_add_text(buf, n > 0 ? "," : "");
        write_finding(buf, &comparison->findings[element->findings + n], language);
    }
    buf_add_text(buf, "]}");
}

static void write_changes(
    struct buf *buf, const struct comparison *comparison, enum language language)
{
    bool first = true;
    buf_add_text(buf, ",\"changes\":[");
    for (int side = OLD; side <= NEW; side++) {
        const struct compare_side *of = &comparison->side[side];
        for (uint32_t i = 0; i < of->count; i++) {
            if (of->elements[i].change == COMPARE_NONE ||
                (side == NEW && of->elements[i].match != COMPARE_NONE)) {
                continue;
            }
            buf_add_text(buf, first ? "" : ",");
            write_change(buf, comparison, side, i, language);
            first = false;
        }
    }
    buf_add_char(buf, ']');
}

/* ------------------------------------------------------------------ rows */

struct rows {
    struct buf *buf;
    const struct comparison *comparison;
    bool any;
};

static void write_end(struct rows *rows, int side, uint32_t i)
{
    const struct aas_node *node = rows->comparison->side[side].elements[i].node;
    buf_printf(rows->buf, ",\"%s\":{\"path\":", side == OLD ? "from" : "to");
    add_path(rows->buf, rows->comparison, side, i);
    member(rows->buf, "idShort", aas_text(node, PROP_idShort));
    member(rows->buf, "modelType", node->cls->name);
    buf_add_char(rows->buf, '}');
}

/* Either may be COMPARE_NONE. */
static void write_row(struct rows *rows, unsigned depth, uint32_t from, uint32_t to)
{
    const struct compare_element *element = from != COMPARE_NONE
                                                ? &rows->comparison->side[OLD].elements[from]
                                                : &rows->comparison->side[NEW].elements[to];
    const char *status = element->match == COMPARE_NONE
                             ? (from != COMPARE_NONE ? "removed" : "added")
                         : element->moved   ? "moved"
                         : element->renamed ? "renamed"
                         : element->changed ? "changed"
                                            : "same";
    buf_printf(rows->buf, "%s{\"depth\":%u,\"status\":\"%s\"", rows->any ? "," : "", depth, status);
    if (element->change != COMPARE_NONE) {
        buf_printf(rows->buf, ",\"change\":%u", element->change);
    }
    if (from != COMPARE_NONE) {
        write_end(rows, OLD, from);
    }
    if (to != COMPARE_NONE) {
        write_end(rows, NEW, to);
    }
    buf_add_char(rows->buf, '}');
    rows->any = true;
}

/* An element of the old side that is not at the same place in the new one, with what is below it.
 * What was moved out of it is only mentioned. */
static void write_old(struct rows *rows, uint32_t from, unsigned depth)
{
    const struct compare_element *elements = rows->comparison->side[OLD].elements;
    write_row(rows, depth, from, COMPARE_NONE);
    if (elements[from].match != COMPARE_NONE) {
        return;
    }
    for (uint32_t i = from + 1; i < elements[from].end; i = elements[i].end) {
        write_old(rows, i, depth + 1);
    }
}

static bool stays(const struct comparison *comparison, uint32_t from, uint32_t to_parent)
{
    const struct compare_element *element = &comparison->side[OLD].elements[from];
    return element->match != COMPARE_NONE &&
           comparison->side[NEW].elements[element->match].parent == to_parent;
}

/* Old children in front of `until` that are not in the new parent. */
static uint32_t write_gone(
    struct rows *rows, uint32_t at, uint32_t until, uint32_t to_parent, unsigned depth)
{
    const struct compare_element *old = rows->comparison->side[OLD].elements;
    while (at < until) {
        if (!stays(rows->comparison, at, to_parent)) {
            write_old(rows, at, depth);
        }
        at = old[at].end;
    }
    return at;
}

/* An element of the new side with its pair and what is below both. */
static void write_new(struct rows *rows, uint32_t to, unsigned depth)
{
    const struct compare_element *old = rows->comparison->side[OLD].elements;
    const struct compare_element *new = rows->comparison->side[NEW].elements;
    uint32_t from = new[to].match;
    uint32_t at = from != COMPARE_NONE ? from + 1 : 0;
    uint32_t end = from != COMPARE_NONE ? old[from].end : 0;
    write_row(rows, depth, from, to);
    for (uint32_t i = to + 1; i < new[to].end; i = new[i].end) {
        if (new[i].match != COMPARE_NONE &&
            from != COMPARE_NONE &&old[new[i].match].parent == from &&new[i].match >= at) {
            at = write_gone(rows, at, new[i].match, to, depth + 1);
        }
        write_new(rows, i, depth + 1);
    }
    (void)write_gone(rows, at, end, to, depth + 1);
}

/* ------------------------------------------------------------------ all */

static void write_next(struct buf *buf, const struct comparison *comparison, enum compare_mode mode)
{
    struct compare_number next = compare_next(comparison, mode);
    enum compare_level declared = compare_declared(comparison);
    buf_printf(buf, ",\"next\":{\"level\":\"%s\"", compare_level_text(comparison->level[mode]));
    if (next.known) {
        buf_add_text(buf, ",\"number\":");
        add_number(buf, &next);
    }
    if (comparison->number[OLD].known && comparison->number[NEW].known) {
        buf_printf(buf, ",\"declared\":\"%s\",\"enough\":%s", compare_level_text(declared),
            declared >= comparison->level[mode] ? "true" : "false");
    }
    buf_add_char(buf, '}');
}

void compare_write_json(
    struct buf *buf, const struct comparison *comparison, const struct compare_output *output)
{
    const struct compare_counts *counts = &comparison->counts;
    buf_add_text(buf, "{\"from\":");
    write_side(buf, comparison, OLD);
    buf_add_text(buf, ",\"to\":");
    write_side(buf, comparison, NEW);
    buf_printf(buf, ",\"equal\":%s,\"mode\":\"%s\",\"verdict\":\"%s\",\"verdicts\":{",
        compare_equal(comparison) ? "true" : "false", compare_mode_text(output->mode),
        compare_verdict_text(comparison->verdict[output->mode]));
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        buf_printf(buf, "%s\"%s\":\"%s\"", mode > 0 ? "," : "",
            compare_mode_text((enum compare_mode)mode),
            compare_verdict_text(comparison->verdict[mode]));
    }
    buf_add_char(buf, '}');
    write_next(buf, comparison, output->mode);
    buf_printf(buf,
        ",\"counts\":{\"matched\":%u,\"renamed\":%u,\"moved\":%u,\"changed\":%u,\"added\":%u,"
        "\"removed\":%u}",
        counts->matched, counts->renamed, counts->moved, counts->changed, counts->added,
        counts->removed);
    write_changes(buf, comparison, output->language);
    if (output->rows) {
        struct rows rows = {.buf = buf, .comparison = comparison};
        buf_add_text(buf, ",\"rows\":[");
        write_new(&rows, 0, 0);
        buf_add_char(buf, ']');
    }
    buf_add_char(buf, '}');
}

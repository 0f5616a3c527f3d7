/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aas/path.h"
#include "aas/tree.h"

enum {
    ARENA_CEILING = 64 << 20, /* bytes for the texts of one report */
    TEXT_ROOM = 768,          /* bytes of one sentence */
    PLACE_ROOM = 1024,        /* bytes of a path or pointer */
    FIRST_ROOM = 16,
    BUCKETS_PER_FINDING = 2,
};

/* Each member: every request has a report, and clearing it in one go takes longer. */
void report_init(struct report *report)
{
    arena_init(&report->arena, ARENA_CEILING);
    report->findings = NULL;
    report->buckets = NULL;
    report->tallies = NULL;
    report->count = report->room = report->bucket_count = report->tally_count = 0;
    report->errors = report->unreadable = report->warnings = report->infos = 0;
    report->part = NULL;
}

void report_finish(struct report *report)
{
    if (report != NULL) {
        arena_finish(&report->arena);
        *report = (struct report){.count = 0};
    }
}

void report_clear(struct report *report)
{
    struct meter *meter = report->arena.meter;
    report_finish(report);
    report_init(report);
    report->arena.meter = meter;
}

struct meter *report_meter(const struct report *report)
{
    return report != NULL ? report->arena.meter : NULL;
}

/* ------------------------------------------------------------------ repeats */

/* FNV-1a over the texts that make two findings the same */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    }
    return (hash ^ 0xFF) * 1099511628211u;
}

static uint64_t hash_finding(const struct finding *finding)
{
    uint64_t hash = hash_text(14695981039346656037u, finding->rule);
    hash = hash_text(hash, finding->pointer);
    hash = hash_text(hash, finding->part);
    return hash_text(hash, finding->text) + finding->line;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->line == b->line && strcmp(a->rule, b->rule) == 0 &&
           strcmp(a->pointer, b->pointer) == 0 && strcmp(a->part, b->part) == 0 &&
           strcmp(a->text, b->text) == 0;
}

/* The bucket that holds this finding, or the free one where it belongs. */
static uint32_t *bucket_of(const struct report *report, const struct finding *finding)
{
    size_t at = (size_t)hash_finding(finding) & (report->bucket_count - 1);
    while (report->buckets[at] != 0 &&
           !same_finding(&report->findings[report->buckets[at] - 1], finding)) {
        at = (at + 1) & (report->bucket_count - 1);
    }
    return &report->buckets[at];
}

static bool grow(struct report *report)
{
    size_t room = report->room == 0 ? FIRST_ROOM : report->room * 2;
    struct finding *findings = arena_alloc(&report->arena, room * sizeof *findings);
    uint32_t *buckets = arena_alloc(&report->arena, room * BUCKETS_PER_FINDING * sizeof *buckets);
    if (findings == NULL || buckets == NULL) {
        return false;
    }
    if (report->count > 0) {
        memcpy(findings, report->findings, report->count * sizeof *findings);
    }
    report->findings = findings;
    report->room = room;
    report->buckets = buckets;
    report->bucket_count = room * BUCKETS_PER_FINDING;
    for (size_t i = 0; i < report->count; i++) {
        *bucket_of(report, &findings[i]) = (uint32_t)(i + 1);
    }
    return true;
}

/* ------------------------------------------------------------------ adding */

/* `tally` is NULL when there is no memory for it. */
static void count_findings(
    struct report *report, struct report_tally *tally, enum aas_severity severity, size_t count)
{
    report->errors += severity >= AAS_ERROR ? count : 0;
    report->unreadable += severity == AAS_UNREADABLE ? count : 0;
    report->warnings += severity == AAS_WARNING ? count : 0;
    report->infos += severity == AAS_INFO ? count : 0;
    if (tally != NULL) {
        tally->count += count;
    }
}

static const char *keep(struct report *report, const char *text)
{
    if (text[0] == '\0') {
        return "";
    }
    char *kept = arena_copy(&report->arena, text, strlen(text));
    if (kept != NULL) {
        aas_utf8_mend(kept);
    }
    return kept;
}

static bool is_tally(const struct report_tally *tally, const char *rule, enum aas_severity severity)
{
    return tally->severity == severity && strcmp(tally->rule, rule) == 0;
}

/* The tally of a rule, a new one when it is the first finding of its kind. */
static struct report_tally *tally_of(
    struct report *report, const char *rule, enum aas_severity severity)
{
    for (size_t i = 0; i < report->tally_count; i++) {
        if (is_tally(&report->tallies[i], rule, severity)) {
            return &report->tallies[i];
        }
    }
    if (report->tallies == NULL) {
        report->tallies = arena_alloc(&report->arena, REPORT_MAX_GROUPS * sizeof *report->tallies);
    }
    const char *kept = keep(report, rule);
    if (report->tallies == NULL || kept == NULL || report->tally_count == REPORT_MAX_GROUPS) {
        return NULL;
    }
    struct report_tally *tally = &report->tallies[report->tally_count++];
    *tally = (struct report_tally){.rule = kept, .severity = severity};
    return tally;
}

/* Neighbouring findings mostly share their identifiable. */
static const char *keep_id(struct report *report, const char *id)
{
    if (report->count > 0 && strcmp(report->findings[report->count - 1].id, id) == 0) {
        return report->findings[report->count - 1].id;
    }
    return keep(report, id);
}

static const char *keep_part(struct report *report, const char *part)
{
    if (report->count > 0 && strcmp(report->findings[report->count - 1].part, part) == 0) {
        return report->findings[report->count - 1].part;
    }
    return keep(report, part);
}

/* The first findings of a rule are kept however many others came before. What is kept has a tally.
 */
static bool has_room(const struct report *report, const struct report_tally *tally)
{
    return tally != NULL &&
           (report->count < REPORT_MAX_FINDINGS || tally->kept < REPORT_KEPT_OF_RULE);
}

/* Keeps a finding whose texts belong to somebody else. What cannot be kept is counted. */
static void add_finding(struct report *report, const struct finding *finding)
{
    struct report_tally *tally = tally_of(report, finding->rule, finding->severity);
    if (!has_room(report, tally) || (report->count == report->room && !grow(report))) {
        count_findings(report, tally, finding->severity, 1);
        return;
    }
    uint32_t *bucket = bucket_of(report, finding);
    if (*bucket != 0) {
        return;
    }
    count_findings(report, tally, finding->severity, 1);
    struct finding kept = *finding;
    kept.rule = tally->rule;
    kept.path = keep(report, finding->path);
    kept.id = keep_id(report, finding->id);
    kept.pointer = keep(report, finding->pointer);
    kept.part = keep_part(report, finding->part);
    kept.text = keep(report, finding->text);
    kept.remedy = keep(report, finding->remedy);
    if (kept.path != NULL && kept.id != NULL && kept.pointer != NULL && kept.part != NULL &&
        kept.text != NULL && kept.remedy != NULL) {
        report->findings[report->count++] = kept;
        *bucket = (uint32_t)report->count;
        tally->kept++;
    }
}

static const char *id_of(const struct aas_node *node)
{
    for (; node != NULL; node = node->parent) {
        if (node->cls->is & META_IS_IDENTIFIABLE) {
            const char *id = aas_text(node, PROP_id);
            return id == NULL ? "" : id;
        }
    }
    return "";
}

/* The place in the user's file, as near as it is known. */
static void place_of(const struct aas_node *node, int slot, struct finding *finding)
{
    if (slot >= 0 && node->slots[slot].line != 0) {
        finding->line = node->slots[slot].line;
        finding->column = node->slots[slot].column;
        return;
    }
    for (; node != NULL && finding->line == 0; node = node->parent) {
        finding->line = node->line;
        finding->column = node->column;
    }
}

/* Texts were cut at a size: takes away what is left of a character at either end. */
static const char *whole_characters(char *text)
{
    size_t len = strlen(text);
    size_t end = len;
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80) {
        end--;
    }
    if (end > 0) {
        unsigned char lead = (unsigned char)text[end - 1];
        size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (end - 1 + size > len) {
            text[end - 1] = '\0';
        }
    }
    while (((unsigned char)*text & 0xC0) == 0x80) {
        text++;
    }
    return text;
}

static void add_problem(struct report *report, const struct aas_problem *problem)
{
    char path[PLACE_ROOM] = "";
    char pointer[PLACE_ROOM] = "";
    struct finding finding = {.severity = problem->severity,
        .rule = problem->rule,
        .path = path,
        .id = "",
        .pointer = problem->pointer == NULL ? pointer : problem->pointer,
        .part = report->part == NULL ? "" : report->part,
        .line = problem->line,
        .column = problem->column,
        .text = problem->text,
        .remedy = problem->remedy == NULL ? "" : problem->remedy};
    if (problem->node != NULL) {
        aas_print_path(problem->node, path, sizeof path);
        aas_print_pointer(problem->node, problem->slot, pointer, sizeof pointer);
        finding.path = whole_characters(path);
        finding.pointer = problem->pointer == NULL ? whole_characters(pointer) : problem->pointer;
        finding.id = id_of(problem->node);
        if (finding.line == 0) {
            place_of(problem->node, problem->slot, &finding);
        }
    }
    add_finding(report, &finding);
}

static void sink_add(void *context, const struct aas_problem *problem)
{
    add_problem(context, problem);
}

struct aas_sink report_sink(struct report *report)
{
    return (struct aas_sink){.add = sink_add, .context = report};
}

void report_add(struct report *report, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const char *remedy, const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct aas_problem problem = {.severity = severity,
        .rule = rule,
        .node = node,
        .slot = slot,
        .text = whole_characters(text),
        .remedy = remedy};
    add_problem(report, &problem);
}

void report_merge(struct report *to, const struct report *from)
{
    for (size_t i = 0; i < from->count; i++) {
        add_finding(to, &from->findings[i]);
    }
    for (size_t i = 0; i < from->tally_count; i++) { /* what `from` did not keep */
        const struct report_tally *tally = &from->tallies[i];
        count_findings(to, tally_of(to, tally->rule, tally->severity), tally->severity,
            tally->count - tally->kept);
    }
}

enum report_verdict report_verdict(const struct report *report)
{
    if (report->unreadable > 0) {
        return REPORT_UNREADABLE;
    }
    return report->errors > 0 ? REPORT_INVALID : REPORT_VALID;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging any bytes, JSON, XML or a package: what the tree can hold is judged alike with and
 * without the schema, and a document whose elements stand in order is judged as XML like as JSON.
 * The report is written in every form and language, and the corrected copy can be read.
 */
#include <stdint.h>
#include <stdlib.h>

#include "aas/xml.h"
#include "conformance/constraint.h"
#include "conformance/facets.h"
#include "conformance/fix.h"
#include "conformance/judge.h"
#include "conformance/others.h"
#include "conformance/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024 };

/* Errors of a tree in one version, by the schema or by the walk along the table. */
static size_t errors_of(const struct aas_node *root, enum meta_version version, bool by_schema)
{
    struct report report;
    struct aas_xml xml = {.doc = NULL};
    report_init(&report);
    if (!by_schema || facets_beyond_ceiling(root)) {
        facets_walk(root, version, FACETS_ALL, &report, NULL);
    } else if (aas_xml_from_tree(root, version, &xml) != ERR_OK ||
               schema_validate(&xml, &report, NULL) != ERR_OK) {
        abort();
    }
    aas_xml_finish(&xml);
    constraint_walk(root, version, &report);
    const struct others_trees trees = {&root, 1};
    if (others_judge(root, &trees, NULL, true, &report) != ERR_OK) {
        abort();
    }
    size_t errors = report.errors;
    report_finish(&report);
    return errors;
}

/* XML made from a valid tree is valid. */
static void check_written(const struct aas_node *root, enum meta_version version)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    struct buf xml;
    arena_init(&arena, ROOM);
    report_init(&report);
    buf_init(&xml, ROOM);
    aas_xml_write(&xml, root, version, false);
    struct judge_input input = {
        .bytes = xml.bytes, .len = xml.len, .format = JUDGE_XML, .versions = version};
    if (!buf_failed(&xml) &&
        (judge_document(&arena, &input, &report, &result, NULL) != ERR_OK || report.errors > 0)) {
        abort();
    }
    buf_finish(&xml);
    report_finish(&report);
    arena_finish(&arena);
}

static void write_report(const struct report *report)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        report_write_findings_in(&buf, report, (enum language)language);
        report_write_text(&buf, report, (enum language)language, true);
        buf_clear(&buf);
    }
    buf_finish(&buf);
}

/* What could be read can be read again when it was mended. Changes the tree. */
static void check_copy(struct arena *arena, const struct judge_input *input,
    const struct judge_result *result, const struct report *report)
{
    struct report changes;
    struct report again;
    struct judge_result copy;
    struct buf to;
    report_init(&changes);
    report_init(&again);
    buf_init(&to, ROOM);
    enum err_code code = fix_document(arena, input, result, report, &to, &changes, NULL);
    if (code != ERR_OK && code != ERR_TOO_LARGE && code != ERR_UNREADABLE) {
        abort();
    }
    const struct judge_input mended = {
        .bytes = to.bytes, .len = to.len, .format = result->format, .as = result->root->cls};
    if (code == ERR_OK && to.len > 0 &&
        judge_document(arena, &mended, &again, &copy, NULL) == ERR_UNREADABLE) {
        abort();
    }
    buf_finish(&to);
    report_finish(&again);
    report_finish(&changes);
}

static void check(const char *bytes, size_t len)
{
    static const enum meta_version versions[] = {META_V30, META_V31};
    struct arena arena;
    struct report report;
    struct judge_result result;
    struct judge_input input = {.bytes = bytes, .len = len};
    arena_init(&arena, ROOM);
    report_init(&report);
    enum err_code code = judge_document(&arena, &input, &report, &result, NULL);
    for (size_t i = 0; code == ERR_OK && result.root != NULL && i < 2; i++) {
        size_t errors = errors_of(result.root, versions[i], false);
        if (errors != errors_of(result.root, versions[i], true)) {
            abort();
        }
        if (errors == 0) {
            check_written(result.root, versions[i]);
        }
    }
    write_report(&report);
    if (code == ERR_OK && result.root != NULL) {
        check_copy(&arena, &input, &result, &report);
    }
    report_finish(&report);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (judge_start(NULL) != ERR_OK) {
        abort();
    }
    check((const char *)data, size);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge.h"

#include <string.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/constraint.h"
#include "conformance/facets.h"
#include "conformance/judge_inside.h"
#include "conformance/schema.h"
#include "conformance/wrong_file.h"

enum err_code judge_start(struct err *err)
{
    enum err_code code = schema_start(err);
    if (code == ERR_OK) {
        code = facets_start(err);
    }
    return code;
}

void judge_stop(void)
{
    schema_stop();
    facets_stop();
}

enum err_code judge_use_schema(const char *bytes, size_t len, unsigned *versions, struct err *err)
{
    enum meta_version version = META_V31;
    enum err_code code = schema_replace(bytes, len, &version, err);
    if (code == ERR_OK) {
        *versions = version;
    }
    return code;
}

const char *judge_format_text(enum judge_format format)
{
    static const char *const texts[] = {
        [JUDGE_AUTO] = "auto",
        [JUDGE_JSON] = "json",
        [JUDGE_XML] = "xml",
        [JUDGE_AASX] = "aasx",
    };
    return texts[format];
}

/* ------------------------------------------------------------------ a tree */

/* Judges by one version. `xml` is the parsed document, NULL when the tree came from elsewhere. */
static enum err_code judge_by(const struct aas_node *root, enum meta_version version,
    const struct aas_xml *xml, bool without_schema, struct report *report, struct err *err)
{
    enum err_code code = ERR_OK;
    bool in_schema = (root->cls->is & META_IS_API) == 0;
    if (without_schema || !in_schema || (!schema_is_replaced() && facets_beyond_ceiling(root))) {
        facets_walk(root, version, FACETS_ALL, report, NULL);
    } else if (xml != NULL) {
        code = schema_validate(xml, report, err);
    } else {
        struct aas_xml made = {.doc = NULL};
        code = aas_xml_from_tree(root, version, &made);
        if (code == ERR_OK) {
            code = schema_validate(&made, report, err);
        }
        aas_xml_finish(&made);
    }
    if (code == ERR_OK) {
        constraint_walk(root, version, report);
    }
    return code;
}

/* Judges by 3.1 and, when that has errors, by 3.0; what one of the two accepts is accepted, else
 * the report with fewer errors is kept. */
static enum err_code judge_by_either(const struct aas_node *root, bool without_schema,
    struct report *report, enum meta_version *version, struct err *err)
{
    struct report newer;
    struct report older;
    report_init(&newer);
    report_init(&older);
    newer.part = report->part;
    older.part = report->part;
    enum err_code code = judge_by(root, META_V31, NULL, without_schema, &newer, err);
    bool take_older = false;
    if (code == ERR_OK && newer.errors > 0) {
        code = judge_by(root, META_V30, NULL, without_schema, &older, err);
        take_older = older.errors < newer.errors;
    }
    if (code == ERR_OK) {
        report_merge(report, take_older ? &older : &newer);
        *version = take_older ? META_V30 : META_V31;
    }
    report_finish(&older);
    report_finish(&newer);
    return code;
}

static enum err_code judge_plain(const struct aas_node *root, unsigned versions,
    bool without_schema, struct report *report, enum meta_version *version, struct err *err)
{
    if (versions == 0 || versions == META_V_ANY) {
        return judge_by_either(root, without_schema, report, version, err);
    }
    *version = versions & META_V31 ? META_V31 : META_V30;
    return judge_by(root, *version, NULL, without_schema, report, err);
}

/* Copies the first finding of severity error behind position `from` to `err`. */
static void tell_first(const struct report *report, size_t from, struct err *err)
{
    for (size_t i = from; i < report->count; i++) {
        const struct finding *finding = &report->findings[i];
        if (finding->severity >= AAS_ERROR) {
            err_set(err, finding->severity == AAS_UNREADABLE ? ERR_UNREADABLE : ERR_INVALID, "%s",
                finding->text);
            err_rule(err, finding->rule, finding->remedy);
            err_place(err, finding->path[0] != '\0' ? finding->path : finding->pointer,
                finding->line, finding->column);
            return;
        }
    }
}

static enum err_code no_memory(enum err_code code, struct err *err)
{
    return code == ERR_OK ? ERR_OK : err_set(err, code, "there is not enough memory to judge this");
}

/* Looks at the objects that the tree refers to: in itself, then where the caller says. */
static enum err_code judge_others(const struct aas_node *root, const struct judge_lookup *lookup,
    bool notes, struct report *report, struct err *err)
{
    const struct others_trees alone = {&root, 1};
    return no_memory(others_judge(root, &alone, lookup, notes, report), err);
}

enum err_code judge_tree(const struct aas_node *root, unsigned versions, bool without_schema,
    struct report *report, enum meta_version *version, struct err *err)
{
    return judge_tree_with(root, versions, without_schema, NULL, report, version, err);
}

enum err_code judge_tree_with(const struct aas_node *root, unsigned versions, bool without_schema,
    const struct judge_lookup *lookup, struct report *report, enum meta_version *version,
    struct err *err)
{
    enum meta_version by = META_V31;
    size_t from = report->count;
    enum err_code code = ERR_OK;
    if (aas_depth(root) > AAS_MAX_DEPTH(root->cls)) {
        /* An edit can put one deep tree into another; what is stored must be readable again. */
        report_add(report, AAS_ERROR, "JSON-depth", root, -1, "Flatten the structure.",
            "the document is nested deeper than %d levels", AAS_MAX_DEPTH(root->cls));
    } else {
        code = judge_plain(root, versions, without_schema, report, &by, err);
    }
    if (code == ERR_OK) {
        code = judge_others(root, lookup, lookup != NULL, report, err);
    }
    if (code == ERR_OK) {
        tell_first(report, from, err);
        if (version != NULL) {
            *version = by;
        }
    }
    return code;
}

/* ------------------------------------------------------------------ bytes */

/* A tree that lacks what was unreadable is looked at for what is there only. */
static void judge_rest(const struct judge_job *job, enum meta_version version)
{
    if (job->root != NULL) {
        facets_walk(job->root, version, FACETS_PRESENT, job->report, NULL);
    }
}

enum err_code judge_json(struct judge_job *job, const char *bytes, size_t len)
{
    const struct aas_sink sink = report_sink(job->report);
    unsigned versions = job->input->versions;
    enum err_code code =
        aas_json_read(job->arena, bytes, len, job->input->as, &sink, &job->root, job->err);
    if (code == ERR_UNREADABLE) {
        job->version = versions == META_V30 ? META_V30 : META_V31;
        judge_rest(job, job->version);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct judge_input *input = job->input;
    bool without = input->without_schema || (!input->schema_for_json && !schema_is_replaced());
    return judge_plain(job->root, versions, without, job->report, &job->version, job->err);
}

static enum err_code judge_read_xml(struct judge_job *job, const struct aas_xml *xml)
{
    unsigned wanted = job->input->versions == 0 ? META_V_ANY : job->input->versions;
    if ((xml->version & wanted) == 0) {
        report_add(job->report, AAS_ERROR, "XML-namespace", job->root, -1,
            xml->version == META_V30 ? "Use the namespace of metamodel 3.1."
                                     : "Use the namespace of metamodel 3.0.",
            "the document is of metamodel %s, which is not asked for",
            xml->version == META_V30 ? "3.0" : "3.1");
    }
    return judge_by(
        job->root, xml->version, xml, job->input->without_schema, job->report, job->err);
}

enum err_code judge_xml(struct judge_job *job, const char *bytes, size_t len)
{
    const struct aas_sink sink = report_sink(job->report);
    struct aas_xml xml = {.doc = NULL};
    enum err_code code =
        aas_xml_read(job->arena, bytes, len, job->input->as, &sink, &xml, job->err);
    job->root = xml.root;
    job->version = xml.version;
    if (code == ERR_OK) {
        code = judge_read_xml(job, &xml);
    } else if (code == ERR_UNREADABLE) {
        judge_rest(job, xml.version);
    }
    aas_xml_finish(&xml);
    return code;
}

/* ------------------------------------------------------------------ entry */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* By the first bytes: a ZIP archive, markup behind white space or in UTF-16, else JSON. */
static enum judge_format recognise(const char *bytes, size_t len)
{
    if (aasx_looks_like(bytes, len)) {
        return JUDGE_AASX;
    }
    if (len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        return JUDGE_XML;
    }
    size_t at = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < len && is_space(bytes[at])) {
        at++;
    }
    return at < len && bytes[at] == '<' ? JUDGE_XML : JUDGE_JSON;
}

enum err_code judge_document(struct arena *arena, const struct judge_input *input,
    struct report *report, struct judge_result *result, struct err *err)
{
    size_t from = report->count;
    struct err first = {.code = ERR_OK};
    struct judge_job job = {arena, input, report, &first, META_V31, NULL};
    *result = (struct judge_result){.verdict = REPORT_UNREADABLE, .format = input->format};
    if (input->format == JUDGE_AUTO) {
        result->format = recognise(input->bytes, input->len);
    }
    const struct wrong_file *wrong =
        wrong_file_find(input->bytes, input->len, input->format == JUDGE_AUTO);
    enum err_code code;
    if (wrong != NULL) {
        report_add(report, AAS_UNREADABLE, wrong->rule, NULL, -1, wrong->remedy, "%s", wrong->text);
        code = ERR_UNREADABLE;
    } else if (result->format == JUDGE_AASX) {
        code = judge_package(&job, &result->package);
    } else if (result->format == JUDGE_XML) {
        code = judge_xml(&job, input->bytes, input->len);
    } else {
        code = judge_json(&job, input->bytes, input->len);
    }
    if (code == ERR_OK && result->format != JUDGE_AASX) {
        code = judge_others(job.root, input->lookup, true, report, &first);
    }
    result->version = job.version;
    result->root = job.root;
    if (code != ERR_OK && report->errors == 0) {
        /* What failed before there was anything to report about. */
        report_add(report, AAS_UNREADABLE, first.rule[0] != '\0' ? first.rule : "unreadable", NULL,
            -1, first.remedy, "%s", first.text);
    }
    result->verdict = code == ERR_OK ? report_verdict(report) : REPORT_UNREADABLE;
    if (code == ERR_OK || code == ERR_UNREADABLE) {
        tell_first(report, from, &first);
    } else {
        first.code = code; /* a reader may have put its first problem there */
    }
    if (err != NULL && first.code != ERR_OK) {
        *err = first;
    }
    return code;
}

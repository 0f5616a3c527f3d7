/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge.h"

#include <string.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/constraint.h"
#include "conformance/facets.h"
#include "conformance/package.h"
#include "conformance/schema.h"

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

enum err_code judge_tree(const struct aas_node *root, unsigned versions, bool without_schema,
    struct report *report, enum meta_version *version, struct err *err)
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
        tell_first(report, from, err);
        if (version != NULL) {
            *version = by;
        }
    }
    return code;
}

/* ------------------------------------------------------------------ bytes */

/* One document while it is being judged. */
struct job {
    struct arena *arena;
    const struct judge_input *input;
    struct report *report;
    struct err *err;
    enum meta_version version;
    struct aas_node *root;
};

/* A tree that lacks what was unreadable is looked at for what is there only. */
static void judge_rest(const struct job *job, enum meta_version version)
{
    if (job->root != NULL) {
        facets_walk(job->root, version, FACETS_PRESENT, job->report, NULL);
    }
}

static enum err_code judge_json(struct job *job, const char *bytes, size_t len)
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
    return judge_plain(
        job->root, versions, job->input->without_schema, job->report, &job->version, job->err);
}

static enum err_code judge_read_xml(struct job *job, const struct aas_xml *xml)
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

static enum err_code judge_xml(struct job *job, const char *bytes, size_t len)
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

/* ------------------------------------------------------------------ packages */

/* Appends the identifiables of one specification part to the common Environment. */
static enum err_code take_part(struct arena *arena, struct aas_node *all, struct aas_node *part)
{
    const struct meta_class *environment = meta_class(CLASS_Environment);
    for (size_t i = 0; i < environment->prop_count; i++) {
        const struct meta_prop *prop = &environment->props[i];
        size_t count = 0;
        struct aas_node **nodes = aas_list(part, prop->id, &count);
        size_t before = 0;
        struct aas_node **old = aas_list(all, prop->id, &before);
        struct aas_node **joined = arena_alloc(arena, (before + count + 1) * sizeof *joined);
        if (joined == NULL) {
            return ERR_TOO_LARGE;
        }
        if (before > 0) {
            memcpy(joined, old, before * sizeof *joined);
        }
        if (count > 0) {
            memcpy(joined + before, nodes, count * sizeof *joined);
        }
        enum err_code code =
            count == 0 ? ERR_OK : aas_set_list(arena, all, prop->id, joined, before + count);
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

/* Specification parts hold an Environment (IDTA-01005, "Package"). */
static enum err_code judge_part(
    struct job *job, const struct aasx_part *part, struct package *structure, struct aas_node *all)
{
    struct judge_input input = *job->input;
    input.as = meta_class(CLASS_Environment);
    struct job inner = *job;
    inner.input = &input;
    inner.root = NULL;
    job->report->part = part->name;
    enum err_code code = part->kind == AASX_SPEC_JSON
                             ? judge_json(&inner, part->bytes, (size_t)part->size)
                             : judge_xml(&inner, part->bytes, (size_t)part->size);
    job->version = inner.version;
    if (inner.root != NULL && (code == ERR_OK || code == ERR_UNREADABLE)) {
        enum err_code files =
            package_judge_content(structure, part->name, inner.root, job->report, job->err);
        if (files == ERR_OK) {
            files = take_part(job->arena, all, inner.root);
        }
        if (files != ERR_OK) {
            code = err_set(job->err, files, "the package needs more memory than allowed");
        }
    }
    job->report->part = NULL;
    return code;
}

static enum err_code judge_aasx(struct job *job, struct aasx *package)
{
    const struct aas_sink sink = report_sink(job->report);
    enum err_code worst = ERR_OK;
    struct package *structure = NULL;
    enum err_code code = aasx_open(job->arena, job->input->bytes, job->input->len,
        job->input->limits, &sink, package, job->err);
    if (code == ERR_OK) {
        code = package_read(job->arena, job->input->bytes, job->input->len, job->input->limits,
            &structure, job->err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct aas_node *all = aas_node_new(job->arena, meta_class(CLASS_Environment));
    if (all == NULL) {
        return err_set(job->err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    }
    for (size_t i = 0; i < package->count; i++) {
        const struct aasx_part *part = &package->parts[i];
        if (part->kind != AASX_SPEC_JSON && part->kind != AASX_SPEC_XML) {
            continue;
        }
        code = judge_part(job, part, structure, all);
        if (code == ERR_UNREADABLE) {
            worst = code;
        } else if (code != ERR_OK) {
            return code;
        }
    }
    package_judge(structure, job->report);
    job->root = all;
    return worst;
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
    struct job job = {arena, input, report, &first, META_V31, NULL};
    *result = (struct judge_result){.verdict = REPORT_UNREADABLE, .format = input->format};
    if (input->format == JUDGE_AUTO) {
        result->format = recognise(input->bytes, input->len);
    }
    enum err_code code;
    if (result->format == JUDGE_AASX) {
        code = judge_aasx(&job, &result->package);
    } else if (result->format == JUDGE_XML) {
        code = judge_xml(&job, input->bytes, input->len);
    } else {
        code = judge_json(&job, input->bytes, input->len);
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

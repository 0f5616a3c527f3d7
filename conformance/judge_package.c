/* SPDX-License-Identifier: Apache-2.0 */
/* A package: its structure, every specification part, and what the parts say together. */
#include <stdlib.h>
#include <string.h>

#include "conformance/judge_inside.h"
#include "conformance/package.h"
#include "conformance/quote.h"

/* The specification parts that could be read. */
struct specs {
    const struct aas_node **roots;
    struct aas_node **trees; /* the same, to be joined */
    const char **names;      /* of the parts */
    size_t count;
    bool whole; /* all of them could be held */
};

static enum err_code no_room(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
}

static bool is_spec(const struct aasx_part *part)
{
    return part->kind == AASX_SPEC_JSON || part->kind == AASX_SPEC_XML;
}

/* ------------------------------------------------------------------ one part */

/* Specification parts hold an Environment (IDTA-01005, "Package"). */
static enum err_code judge_part(struct judge_job *job, const struct aasx_part *part,
    struct package *structure, struct specs *specs)
{
    struct judge_input input = *job->input;
    input.as = meta_class(CLASS_Environment);
    struct judge_job inner = *job;
    inner.input = &input;
    inner.root = NULL;
    enum err_code code = part->kind == AASX_SPEC_JSON
                             ? judge_json(&inner, part->bytes, (size_t)part->size)
                             : judge_xml(&inner, part->bytes, (size_t)part->size);
    job->version = inner.version;
    if (code != ERR_OK && code != ERR_UNREADABLE) {
        return code;
    }
    specs->whole = specs->whole && code == ERR_OK;
    if (inner.root == NULL) {
        return ERR_OK;
    }
    specs->roots[specs->count] = inner.root;
    specs->trees[specs->count] = inner.root;
    specs->names[specs->count++] = part->name;
    return package_judge_content(structure, part->name, inner.root, job->report, job->err);
}

static enum err_code judge_parts(struct judge_job *job, const struct aasx *package,
    struct package *structure, struct specs *specs)
{
    enum err_code code = ERR_OK;
    specs->roots = arena_alloc(job->arena, (package->count + 1) * sizeof *specs->roots);
    specs->trees = arena_alloc(job->arena, (package->count + 1) * sizeof *specs->trees);
    specs->names = arena_alloc(job->arena, (package->count + 1) * sizeof *specs->names);
    if (specs->roots == NULL || specs->trees == NULL || specs->names == NULL) {
        return no_room(job->err);
    }
    for (size_t i = 0; code == ERR_OK && i < package->count; i++) {
        if (is_spec(&package->parts[i])) {
            job->report->part = package->parts[i].name;
            code = judge_part(job, &package->parts[i], structure, specs);
            job->report->part = NULL;
        }
    }
    return code;
}

/* ------------------------------------------------------------------ the parts together */

/* An identifiable and the position of its part. */
struct known {
    const char *id;
    const struct aas_node *node;
    size_t part;
    size_t order;
};

static int by_id(const void *a, const void *b)
{
    const struct known *x = a;
    const struct known *y = b;
    int order = strcmp(x->id, y->id);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* Writes the identifiables of a part to `to` (NULL: only counts them). */
static size_t list_part(const struct specs *specs, size_t part, size_t order, struct known *to)
{
    const struct aas_node *root = specs->roots[part];
    size_t found = 0;
    for (size_t i = 0; i < root->cls->prop_count; i++) {
        size_t count = 0;
        struct aas_node **nodes = aas_list(root, root->cls->props[i].id, &count);
        for (size_t n = 0; n < count; n++) {
            const char *id = aas_text(nodes[n], PROP_id);
            if (id != NULL && to != NULL) {
                to[found] = (struct known){id, nodes[n], part, order + found};
            }
            found += id != NULL;
        }
    }
    return found;
}

/* One part may repeat what another one says, in another format for example, but not differ. */
static void judge_repeats(
    const struct specs *specs, const struct known *all, size_t count, struct report *report)
{
    for (size_t i = 1; i < count; i++) {
        const struct known *at = &all[i];
        const struct known *before = &all[i - 1];
        if (strcmp(before->id, at->id) != 0 || before->part == at->part ||
            aas_equal(before->node, at->node)) {
            continue;
        }
        report->part = specs->names[at->part];
        report_add(report, AAS_ERROR, "unique-id", at->node, meta_slot(at->node->cls, PROP_id),
            "Keep one of them.", "the id '%s' stands for something else in the part '%.200s'",
            quote_make(at->id, strlen(at->id)).text, specs->names[before->part]);
        report->part = NULL;
    }
}

static enum err_code judge_ids(const struct specs *specs, struct report *report)
{
    size_t count = 0;
    size_t at = 0;
    for (size_t i = 0; i < specs->count; i++) {
        count += list_part(specs, i, 0, NULL);
    }
    struct known *all = malloc((count + 1) * sizeof *all);
    if (all == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < specs->count; i++) {
        at += list_part(specs, i, at, all + at);
    }
    qsort(all, count, sizeof *all, by_id);
    judge_repeats(specs, all, count, report);
    free(all);
    return ERR_OK;
}

static enum err_code judge_together(struct judge_job *job, const struct specs *specs)
{
    const struct others_trees trees = {specs->roots, specs->count};
    enum err_code code = specs->count > 1 ? judge_ids(specs, job->report) : ERR_OK;
    for (size_t i = 0; code == ERR_OK && specs->whole && i < specs->count; i++) {
        job->report->part = specs->names[i];
        code = others_judge(specs->roots[i], &trees, job->input->lookup, true, job->report);
        job->report->part = NULL;
    }
    return code == ERR_OK ? ERR_OK
                          : err_set(job->err, code, "there is not enough memory to judge this");
}

/* One list of the common Environment: what all specification parts have in it. */
static enum err_code join_list(
    struct arena *arena, struct aas_node *all, const struct specs *specs, enum meta_prop_id id)
{
    size_t total = 0;
    size_t at = 0;
    size_t count = 0;
    for (size_t i = 0; i < specs->count; i++) {
        (void)aas_list(specs->trees[i], id, &count);
        total += count;
    }
    struct aas_node **joined = arena_alloc(arena, (total + 1) * sizeof *joined);
    if (joined == NULL) {
        return ERR_TOO_LARGE;
    }
    for (size_t i = 0; i < specs->count; i++) {
        struct aas_node **nodes = aas_list(specs->trees[i], id, &count);
        if (count > 0) {
            memcpy(joined + at, nodes, count * sizeof *joined);
        }
        at += count;
    }
    return total == 0 ? ERR_OK : aas_set_list(arena, all, id, joined, total);
}

static enum err_code join_parts(struct judge_job *job, const struct specs *specs)
{
    const struct meta_class *environment = meta_class(CLASS_Environment);
    struct aas_node *all = aas_node_new(job->arena, environment);
    enum err_code code = all == NULL ? ERR_TOO_LARGE : ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < environment->prop_count; i++) {
        code = join_list(job->arena, all, specs, environment->props[i].id);
    }
    if (code != ERR_OK) {
        return no_room(job->err);
    }
    job->root = all;
    return ERR_OK;
}

/* ------------------------------------------------------------------ the package */

enum err_code judge_package(struct judge_job *job, struct aasx *package)
{
    const struct aas_sink sink = report_sink(job->report);
    const struct judge_input *input = job->input;
    struct package *structure = NULL;
    struct specs specs = {.whole = true};
    enum err_code code =
        aasx_open(job->arena, input->bytes, input->len, input->limits, &sink, package, job->err);
    if (code == ERR_OK) {
        code =
            package_read(job->arena, input->bytes, input->len, input->limits, &structure, job->err);
    }
    if (code == ERR_OK) {
        code = judge_parts(job, package, structure, &specs);
    }
    if (code == ERR_OK) {
        code = judge_together(job, &specs);
    }
    if (code == ERR_OK) {
        package_judge(structure, job->report);
        code = join_parts(job, &specs);
    }
    return code == ERR_OK && !specs.whole ? ERR_UNREADABLE : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/package.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aas/aasx_opc.h"
#include "aas/meta_text.h"

enum { NOT_LED = AASX_OPC_NONE - 1 }; /* no position at all */

/* What is known about one part. */
struct use {
    bool linked;  /* a relationship leads to it */
    bool foreign; /* one that is none of AASX: core properties, digital signatures */
    bool spec;
    bool thumbnail;
    bool supplementary;
    bool named;         /* a path in the model leads to it */
    bool missing_suppl; /* told about the missing relationship */
    int led_from;       /* position of the content whose relationship was found last */
};

/* A relationship that leads to no part. */
struct lost_rel {
    const char *target;
    size_t rel;
};

struct package {
    struct arena *arena;
    struct aasx_opc opc;
    struct use *uses;      /* one per part */
    bool *rels_covered;    /* one per relationship: the model tells about its missing target */
    struct lost_rel *lost; /* by target: a model can name as many paths as there are of them */
    size_t lost_count;
};

/* Digital signatures sign parts and relationships by themselves (ECMA-376 part 2, clause 10). */
static const char signature_folder[] = "/package/services/digital-signature/";

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Split the package into smaller ones.");
    return ERR_TOO_LARGE;
}

static void note_use(struct package *package, const struct aasx_opc_rel *rel)
{
    if (rel->to == AASX_OPC_NONE) {
        return;
    }
    struct use *use = &package->uses[rel->to];
    use->linked = true;
    use->foreign |= rel->rel.type == AASX_REL_OTHER;
    use->spec |= rel->rel.type == AASX_REL_SPEC;
    use->thumbnail |= rel->rel.type == AASX_REL_THUMB;
    use->supplementary |= rel->rel.type == AASX_REL_SUPPL;
}

static int by_target(const void *a, const void *b)
{
    return strcasecmp(((const struct lost_rel *)a)->target, ((const struct lost_rel *)b)->target);
}

static void sort_lost(struct package *package)
{
    for (size_t i = 0; i < package->opc.rel_count; i++) {
        const struct aasx_opc_rel *rel = &package->opc.rels[i];
        if (rel->to == AASX_OPC_NONE && rel->rel.target != NULL) {
            package->lost[package->lost_count++] = (struct lost_rel){rel->rel.target, i};
        }
    }
    qsort(package->lost, package->lost_count, sizeof *package->lost, by_target);
}

enum err_code package_read(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, struct package **package, struct err *err)
{
    struct package *made = arena_alloc(arena, sizeof *made);
    if (made == NULL) {
        return no_room(err);
    }
    made->arena = arena;
    enum err_code code = aasx_opc_read(arena, bytes, len, limits, &made->opc, err);
    if (code != ERR_OK) {
        return code;
    }
    made->uses = arena_alloc(arena, (made->opc.count + 1) * sizeof *made->uses);
    made->rels_covered = arena_alloc(arena, (made->opc.rel_count + 1) * sizeof(bool));
    made->lost = arena_alloc(arena, (made->opc.rel_count + 1) * sizeof *made->lost);
    if (made->uses == NULL || made->rels_covered == NULL || made->lost == NULL) {
        return no_room(err);
    }
    for (size_t i = 0; i < made->opc.count; i++) {
        made->uses[i].led_from = NOT_LED;
    }
    for (size_t i = 0; i < made->opc.rel_count; i++) {
        note_use(made, &made->opc.rels[i]);
    }
    sort_lost(made);
    *package = made;
    return ERR_OK;
}

/* ------------------------------------------------------------------ files that the model names */

struct content {
    struct package *package;
    const char *source; /* name of the specification part */
    int from;           /* its position */
    struct report *report;
};

/* "file:" and its slashes mean the root of the package; another scheme, a query or nothing at all
 * means no part. The path in the package, or NULL. */
static const char *path_in_package(const char *value, char *to, size_t size)
{
    size_t scheme = strcspn(value, ":/?#");
    if (value[scheme] == ':') {
        if (strncasecmp(value, "file:", 5) != 0) {
            return NULL;
        }
        const char *path = value + 5 + strspn(value + 5, "/");
        snprintf(to, size, "/%s", path);
        return *path == '\0' || strlen(path) + 2 > size ? NULL : to;
    }
    if (value[0] == '\0' || value[0] == '?' || value[0] == '#' || strncmp(value, "//", 2) == 0) {
        return NULL;
    }
    return value;
}

/* The part that a path means, seen from the content; else seen from the root, as many write it. */
static enum err_code find_part(
    const struct content *content, const char *path, const char **name, int *part)
{
    const struct aasx_opc *opc = &content->package->opc;
    enum err_code code = aasx_opc_locate(opc, content->source, path, name, part);
    if (code == ERR_OK && *part == AASX_OPC_NONE && path[0] != '/') {
        const char *at_root = NULL;
        code = aasx_opc_locate(opc, "/", path, &at_root, part);
    }
    return code;
}

/* One cause, one finding: relationships that lead to the same missing file are not told again. */
static void cover_rels(struct package *package, const char *name)
{
    size_t low = 0;
    size_t high = name == NULL ? 0 : package->lost_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(package->lost[middle].target, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; name != NULL && low < package->lost_count &&
           strcasecmp(package->lost[low].target, name) == 0 &&
           !package->rels_covered[package->lost[low].rel];
         low++) {
        package->rels_covered[package->lost[low].rel] = true;
    }
}

static bool leads_from(const struct content *content, int part)
{
    const struct aasx_opc *opc = &content->package->opc;
    struct use *use = &content->package->uses[part];
    for (size_t i = 0; use->led_from != content->from && i < opc->rel_count; i++) {
        const struct aasx_opc_rel *rel = &opc->rels[i];
        if (rel->to == part && rel->from == content->from && rel->rel.type != AASX_REL_OTHER) {
            use->led_from = content->from;
        }
    }
    return use->led_from == content->from;
}

static enum err_code check_path(
    struct content *content, const struct aas_node *node, int slot, const char *value)
{
    char room[4096];
    const char *name = NULL;
    int part = AASX_OPC_NONE;
    const char *path = path_in_package(value, room, sizeof room);
    enum err_code code = path == NULL ? ERR_OK : find_part(content, path, &name, &part);
    if (path == NULL || code != ERR_OK) {
        return code;
    }
    if (part == AASX_OPC_NONE) {
        cover_rels(content->package, name);
        report_add(content->report, AAS_WARNING, "AASX-file-missing", node, slot,
            "Add the file to the package or correct the path.",
            "the file '%.300s' is not in the package", value);
        return ERR_OK;
    }
    struct use *use = &content->package->uses[part];
    use->named = true;
    if (!use->thumbnail && !use->missing_suppl && !leads_from(content, part)) {
        use->missing_suppl = true;
        report_add(content->report, AAS_WARNING, "AASX-file-relationship", node, slot,
            "Add a relationship of type aas-suppl to the content.",
            "no relationship leads to the file '%.300s'", value);
    }
    return ERR_OK;
}

static enum err_code look_for_paths(const struct aas_node *node, void *context)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        if (node->slots[i].state == AAS_TEXT && prop->kind == META_TEXT &&
            prop->text == &meta_text_path) {
            code = check_path(context, node, (int)i, node->slots[i].u.text);
        }
    }
    return code;
}

enum err_code package_judge_content(struct package *package, const char *name,
    const struct aas_node *root, struct report *report, struct err *err)
{
    struct content content = {package, name, aasx_opc_find(&package->opc, name), report};
    if (content.from != AASX_OPC_NONE) {
        package->uses[content.from].spec = true; /* also when nothing leads to it */
    }
    return aas_walk(root, look_for_paths, &content) == ERR_OK ? ERR_OK : no_room(err);
}

/* ------------------------------------------------------------------ telling */

/* Adds a finding about a place in a file that describes the package. */
static void tell(struct report *report, const struct package *package, enum aas_severity severity,
    const char *rule, const struct aasx_opc_rel *rel, const char *remedy, const char *text)
{
    const char *part = report->part;
    const struct aas_sink sink = report_sink(report);
    const struct aas_problem problem = {.severity = severity,
        .rule = rule,
        .slot = -1,
        .line = rel == NULL ? 0 : rel->rel.line,
        .text = text,
        .remedy = remedy};
    report->part = rel == NULL ? part : package->opc.parts[rel->file].name;
    sink.add(sink.context, &problem);
    report->part = part;
}

/* ------------------------------------------------------------------ names and content types */

static void judge_names(const struct package *package, struct report *report)
{
    const struct aasx_opc *opc = &package->opc;
    for (size_t i = 0; i < opc->count; i++) {
        const char *name = opc->parts[i].name;
        const char *fault = aasx_opc_name_fault(name);
        if (fault != NULL) {
            report_add(report, AAS_ERROR, "AASX-name", NULL, -1,
                "Pack the files under plain relative names with \"/\" between folders.",
                "the name of the part '%.300s' has %s", name, fault);
        }
        const char *twin = aasx_opc_twin(opc, (int)i);
        if (twin != NULL) {
            report_add(report, AAS_ERROR, "AASX-name", NULL, -1, "Give one of them another name.",
                "the parts '%.300s' and '%.300s' have the same name apart from case and percent "
                "escapes",
                twin, name);
        }
    }
}

/* What no relationship and no path leads to is not seen by readers of OPC, and needs no type. */
static bool needs_type(const struct package *package, size_t i)
{
    const struct aasx_opc_part *part = &package->opc.parts[i];
    return !part->is_types && part->content_type == NULL &&
           (part->is_rels || package->uses[i].linked || package->uses[i].named);
}

static void judge_content_types(const struct package *package, struct report *report)
{
    if (!package->opc.has_types) {
        report_add(report, AAS_ERROR, "AASX-content-type", NULL, -1,
            "Save the package again with a tool that writes AASX.",
            "the package has no readable [Content_Types].xml");
        return;
    }
    for (size_t i = 0; i < package->opc.count; i++) {
        if (needs_type(package, i)) {
            report_add(report, AAS_ERROR, "AASX-content-type", NULL, -1,
                "Add its extension or its name to [Content_Types].xml.",
                "'%.300s' has no content type", package->opc.parts[i].name);
        }
    }
}

/* ------------------------------------------------------------------ relationships */

static bool is_www(const struct aasx_rel *rel)
{
    const char *host = strstr(rel->uri, "://");
    return rel->type != AASX_REL_OTHER && rel->type != AASX_REL_THUMB && host != NULL &&
           strncasecmp(host + 3, "www.", 4) == 0;
}

static void judge_types(const struct package *package, struct report *report)
{
    const struct aasx_opc_rel *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < package->opc.rel_count; i++) {
        if (is_www(&package->opc.rels[i].rel)) {
            first = first == NULL ? &package->opc.rels[i] : first;
            count++;
        }
    }
    if (count > 0) {
        char text[512];
        snprintf(text, sizeof text,
            "%zu relationships are spelled with www., the first one leads to '%.300s'", count,
            first->rel.raw);
        tell(report, package, AAS_WARNING, "AASX-relationship-type", first,
            "Write the types without www. as the specification does.", text);
    }
}

/* Specifications that are missing are told about when the package is opened, and what leads out of
 * it by a relationship of another trade is not our concern. */
static void judge_target(
    const struct package *package, const struct aasx_opc_rel *rel, struct report *report)
{
    char text[512];
    bool outside = rel->rel.target == NULL;
    if (rel->to != AASX_OPC_NONE || rel->rel.type == AASX_REL_SPEC ||
        (outside && rel->rel.external && rel->rel.type == AASX_REL_OTHER)) {
        return;
    }
    snprintf(text, sizeof text, "\"%.300s\" %s", rel->rel.raw,
        outside ? "leads outside of the package and is left out"
                : "is named by a relationship but is not in the package");
    tell(report, package, AAS_WARNING, "AASX-structure", rel,
        rel->rel.type == AASX_REL_ORIGIN
            ? "Add the empty file to the package."
            : "Add the file to the package or remove the relationship.",
        text);
}

static bool at_root(const struct package *package, const struct aasx_opc_rel *rel)
{
    return rel->from == AASX_OPC_NONE &&
           strcasecmp(package->opc.parts[rel->file].name, "/_rels/.rels") == 0;
}

/* One origin at the package, specifications at the origin (IDTA-01005, "Relationships"). */
static void judge_origin(const struct package *package, struct report *report)
{
    const struct aasx_opc *opc = &package->opc;
    const struct aasx_opc_rel *spec = NULL;
    size_t origins = 0;
    for (size_t i = 0; i < opc->rel_count; i++) {
        const struct aasx_opc_rel *rel = &opc->rels[i];
        if (rel->rel.type == AASX_REL_ORIGIN && at_root(package, rel) && ++origins == 2) {
            tell(report, package, AAS_WARNING, "AASX-structure", rel, "Keep one of them.",
                "the package has more than one origin");
        }
        if (rel->rel.type == AASX_REL_SPEC && at_root(package, rel) && spec == NULL) {
            spec = rel;
        }
    }
    if (spec != NULL) {
        tell(report, package, AAS_WARNING, "AASX-structure", spec,
            "Move the aas-spec relationship to the origin.",
            "the content hangs at the package itself and not at its origin");
    }
}

/* ------------------------------------------------------------------ files nothing names */

static bool is_of_opc(const struct aasx_opc_part *part)
{
    return part->is_rels || part->is_types ||
           strncasecmp(part->name, signature_folder, sizeof signature_folder - 1) == 0 ||
           (part->content_type != NULL && strstr(part->content_type, "openxmlformats-package."));
}

static bool is_left_over(const struct package *package, size_t i)
{
    const struct use *use = &package->uses[i];
    bool ours = use->spec || use->thumbnail || use->named || use->foreign;
    bool origin = use->linked && !use->supplementary;
    return !is_of_opc(&package->opc.parts[i]) && !ours && !origin;
}

void package_judge(const struct package *package, struct report *report)
{
    judge_names(package, report);
    judge_content_types(package, report);
    judge_types(package, report);
    judge_origin(package, report);
    for (size_t i = 0; i < package->opc.rel_count; i++) {
        if (!package->rels_covered[i]) {
            judge_target(package, &package->opc.rels[i], report);
        }
    }
    for (size_t i = 0; i < package->opc.count; i++) {
        if (is_left_over(package, i)) {
            report_add(report, AAS_WARNING, "AASX-file-unreferenced", NULL, -1,
                "Remove the file or name it in a File element.",
                "no element names the file '%.300s'", package->opc.parts[i].name);
        }
    }
}

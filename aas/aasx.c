/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/aasx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aas/aasx_zip.h"

/* Bytes looked at to tell whether a file without relationship is an environment. */
enum { PEEK = 2048 };

struct opening {
    struct aasx_archive archive;
    struct aasx_content_types types;
    const struct aas_sink *sink;
    struct aasx_part *parts; /* room for every entry */
    size_t count;
};

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Split the package into smaller ones.");
    return ERR_TOO_LARGE;
}

static void warn(struct opening *o, const char *name, const char *what, const char *remedy)
{
    char text[512];
    snprintf(text, sizeof text, "\"%.300s\" %s", name, what);
    const struct aas_problem problem = {.severity = AAS_WARNING,
        .rule = "AASX-structure",
        .slot = -1,
        .text = text,
        .remedy = remedy};
    /* A full arena ends the opening soon, and what it hides is not missing. */
    if (o->sink != NULL && o->sink->add != NULL && !o->archive.full) {
        o->sink->add(o->sink->context, &problem);
    }
}

/* ------------------------------------------------------------------ what bytes begin like */

static const char *skip_blank(const char *bytes, const char *end)
{
    if (end - bytes >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
    }
    while (bytes < end && *bytes != '\0' && strchr(" \t\r\n", *bytes) != NULL) {
        bytes++;
    }
    return bytes;
}

static bool begins_like_xml(const char *bytes, size_t len)
{
    const char *first = skip_blank(bytes, bytes + len);
    bool utf16 =
        len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    return utf16 || (first < bytes + len && *first == '<');
}

static bool begins_like_json(const char *bytes, size_t len)
{
    const char *first = skip_blank(bytes, bytes + len);
    return first < bytes + len && *first == '{';
}

static bool holds_one_of(const char *bytes, size_t len, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (memmem(bytes, len, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    return false;
}

static bool begins_like_environment(const char *bytes, size_t len)
{
    static const char *const roots[] = {"environment", "aasenv"};
    static const char *const namespaces[] = {"admin-shell.io/aas/"};
    static const char *const members[] = {
        "\"assetAdministrationShells\"", "\"submodels\"", "\"conceptDescriptions\""};
    if (begins_like_json(bytes, len)) {
        return holds_one_of(bytes, len, members, 3);
    }
    return begins_like_xml(bytes, len) && holds_one_of(bytes, len, namespaces, 1) &&
           holds_one_of(bytes, len, roots, 2);
}

static bool has_ending(const char *name, const char *ending)
{
    size_t len = strlen(name);
    size_t end = strlen(ending);
    return len >= end && strcasecmp(name + len - end, ending) == 0;
}

/* The bytes decide; an empty or unknown beginning leaves it to content type and extension. */
static enum aasx_part_kind spec_kind(const struct aasx_part *part)
{
    if (begins_like_json(part->bytes, (size_t)part->size)) {
        return AASX_SPEC_JSON;
    }
    if (begins_like_xml(part->bytes, (size_t)part->size)) {
        return AASX_SPEC_XML;
    }
    bool typed = part->content_type != NULL && strstr(part->content_type, "json") != NULL;
    return typed || has_ending(part->name, ".json") ? AASX_SPEC_JSON : AASX_SPEC_XML;
}

bool aasx_looks_like(const char *bytes, size_t len)
{
    return len >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0);
}

/* ------------------------------------------------------------------ parts */

static struct aasx_part *new_part(
    struct opening *o, struct aasx_entry *entry, enum aasx_part_kind kind)
{
    struct aasx_part *part = &o->parts[o->count];
    entry->taken = true;
    o->count++;
    *part = (struct aasx_part){.kind = kind,
        .name = entry->name,
        .content_type = aasx_content_type_of(&o->types, entry->key),
        .size = entry->size,
        .zip_index = entry->index};
    return part;
}

static enum err_code add_spec(struct opening *o, struct aasx_entry *entry)
{
    if (entry->taken) {
        return ERR_OK;
    }
    char *bytes = NULL;
    enum err_code code = aasx_archive_read(&o->archive, entry, &bytes);
    if (code == ERR_OK) {
        struct aasx_part *part = new_part(o, entry, AASX_SPEC_XML);
        part->bytes = bytes;
        part->kind = spec_kind(part);
    }
    return code;
}

static struct aasx_entry *find_target(struct opening *o, const struct aasx_rel *rel)
{
    return rel->target == NULL ? NULL : aasx_archive_find(&o->archive, rel->target);
}

/* The specification a relationship leads to; NULL after a warning. */
static struct aasx_entry *target_of(struct opening *o, const struct aasx_rel *rel)
{
    struct aasx_entry *entry = find_target(o, rel);
    if (entry == NULL) {
        warn(o, rel->raw,
            rel->target == NULL ? "leads outside of the package and is left out"
                                : "is named by a relationship but is not in the package",
            "Add the file to the package or remove the relationship.");
    }
    return entry;
}

static enum err_code add_specs(struct opening *o, const struct aasx_rels *rels)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < rels->count; i++) {
        if (rels->list[i].type == AASX_REL_SPEC) {
            struct aasx_entry *entry = target_of(o, &rels->list[i]);
            code = entry == NULL ? ERR_OK : add_spec(o, entry);
        }
    }
    return code;
}

/* Files that are missing are for the judgement to tell about. */
static void add_files(struct opening *o, const struct aasx_rels *rels)
{
    for (size_t i = 0; i < rels->count; i++) {
        enum aasx_rel_type type = rels->list[i].type;
        if (type != AASX_REL_SUPPL && type != AASX_REL_THUMB) {
            continue;
        }
        struct aasx_entry *entry = find_target(o, &rels->list[i]);
        if (entry != NULL && !entry->taken) {
            new_part(o, entry, type == AASX_REL_THUMB ? AASX_THUMBNAIL : AASX_SUPPLEMENTARY);
        }
    }
}

/* ------------------------------------------------------------------ files of OPC */

/* *bytes stays NULL when the package has no such file. */
static enum err_code read_opc_file(struct opening *o, const char *name, char **bytes, size_t *len)
{
    struct aasx_entry *entry = name == NULL ? NULL : aasx_archive_find(&o->archive, name);
    if (entry == NULL) {
        return name == NULL ? no_room(o->archive.err) : ERR_OK;
    }
    if (entry->size > AASX_OPC_MAX_FILE) {
        err_set(o->archive.err, ERR_TOO_LARGE, "\"%.200s\" is larger than %d bytes", name,
            (int)AASX_OPC_MAX_FILE);
        err_rule(o->archive.err, "AASX-bomb", "Remove relationships that nothing needs.");
        return ERR_TOO_LARGE;
    }
    entry->taken = true;
    *len = (size_t)entry->size;
    return aasx_archive_read(&o->archive, entry, bytes);
}

static enum err_code read_content_types(struct opening *o)
{
    static const char name[] = "/[Content_Types].xml";
    char *bytes = NULL;
    size_t len = 0;
    enum err_code code = read_opc_file(o, name, &bytes, &len);
    if (code != ERR_OK) {
        return code;
    }
    code = bytes == NULL
               ? ERR_UNREADABLE
               : aasx_content_types_read(o->archive.arena, bytes, len, &o->types, o->archive.err);
    /* Without types, file extensions and first bytes do. */
    return code == ERR_UNREADABLE ? ERR_OK : code;
}

/* The relationships of a part; none, after a warning, when their file is no XML. */
static enum err_code read_rels(struct opening *o, const char *source, struct aasx_rels *rels)
{
    char *bytes = NULL;
    size_t len = 0;
    *rels = (struct aasx_rels){NULL, 0};
    enum err_code code = read_opc_file(o, aasx_rels_name(o->archive.arena, source), &bytes, &len);
    if (code != ERR_OK || bytes == NULL) {
        return code;
    }
    code = aasx_rels_read(o->archive.arena, bytes, len, source, rels, o->archive.err);
    if (code == ERR_UNREADABLE) {
        warn(o, source, "has relationships that are not readable XML",
            "Save the package again with a tool that writes AASX.");
        return ERR_OK;
    }
    return code;
}

/* ------------------------------------------------------------------ finding specifications */

static enum err_code specs_of_origins(struct opening *o, const struct aasx_rels *root)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < root->count; i++) {
        const struct aasx_rel *rel = &root->list[i];
        if (rel->type != AASX_REL_ORIGIN || rel->target == NULL) {
            continue;
        }
        struct aasx_rels rels;
        struct aasx_entry *origin = aasx_archive_find(&o->archive, rel->target);
        if (origin != NULL) {
            origin->taken = true;
        }
        code = read_rels(o, origin == NULL ? rel->target : origin->name, &rels);
        if (code == ERR_OK) {
            code = add_specs(o, &rels);
        }
    }
    return code;
}

/* Second choice: relationships to specifications, wherever they are kept. */
static enum err_code specs_of_any_rels(struct opening *o)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < o->archive.count; i++) {
        const struct aasx_entry *entry = &o->archive.entries[i];
        if (entry->taken || !aasx_is_rels(entry->name)) {
            continue;
        }
        const char *source = aasx_rels_source(o->archive.arena, entry->name);
        if (source == NULL) {
            return no_room(o->archive.err);
        }
        struct aasx_rels rels;
        size_t before = o->count;
        code = read_rels(o, source, &rels);
        if (code == ERR_OK) {
            code = add_specs(o, &rels);
        }
        if (o->count > before) {
            warn(o, source, "leads to the content, but nothing leads to it from the package",
                "Add the aasx-origin relationship to _rels/.rels.");
        }
    }
    return code;
}

/* Last choice: files that begin like an environment. */
static enum err_code specs_by_content(struct opening *o)
{
    char bytes[PEEK];
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < o->archive.count; i++) {
        struct aasx_entry *entry = &o->archive.entries[i];
        if (entry->taken ||
            (!has_ending(entry->name, ".xml") && !has_ending(entry->name, ".json"))) {
            continue;
        }
        size_t len = aasx_archive_peek(&o->archive, entry, bytes, sizeof bytes);
        if (begins_like_environment(bytes, len)) {
            warn(o, entry->name, "is taken as content because it begins like it",
                "Add the relationships that lead to it from _rels/.rels.");
            code = add_spec(o, entry);
        }
    }
    return code;
}

static enum err_code find_specs(struct opening *o, const struct aasx_rels *root)
{
    enum err_code code = specs_of_origins(o, root);
    if (code == ERR_OK && o->count == 0) {
        code = add_specs(o, root);
    }
    if (code == ERR_OK && o->count == 0) {
        code = specs_of_any_rels(o);
    }
    if (code == ERR_OK && o->count == 0) {
        code = specs_by_content(o);
    }
    if (code == ERR_OK && o->count == 0) {
        err_set(o->archive.err, ERR_UNREADABLE,
            "this ZIP archive is no AASX package: nothing in it is an environment");
        err_rule(o->archive.err, "AASX-structure",
            "Send an AASX package with metamodel 3.0 or later, or the environment itself as JSON "
            "or XML.");
        return ERR_UNREADABLE;
    }
    return code;
}

/* ------------------------------------------------------------------ the other files */

/* Files that nothing leads to still belong to the package: File elements name them by path. */
static void add_rest(struct opening *o)
{
    for (size_t i = 0; i < o->archive.count; i++) {
        struct aasx_entry *entry = &o->archive.entries[i];
        if (entry->taken || aasx_is_rels(entry->name)) {
            continue;
        }
        const char *type = aasx_content_type_of(&o->types, entry->key);
        if (type == NULL || strstr(type, "package.core-properties") == NULL) {
            new_part(o, entry, AASX_SUPPLEMENTARY);
        }
    }
}

static enum err_code find_files(struct opening *o, const struct aasx_rels *root)
{
    enum err_code code = ERR_OK;
    size_t specs = o->count;
    for (size_t i = 0; code == ERR_OK && i < specs; i++) {
        struct aasx_rels rels;
        code = read_rels(o, o->parts[i].name, &rels);
        if (code == ERR_OK) {
            add_files(o, &rels);
        }
    }
    add_files(o, root);
    add_rest(o);
    return code;
}

/* ------------------------------------------------------------------ the contract */

enum err_code aasx_open(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, const struct aas_sink *sink, struct aasx *package,
    struct err *err)
{
    struct opening o = {.archive = {.arena = arena, .err = err}, .sink = sink};
    if (limits != NULL) {
        o.archive.limits = *limits;
    }
    struct aasx_rels root;
    enum err_code code = aasx_archive_open(&o.archive, bytes, len);
    if (code != ERR_OK) {
        goto out;
    }
    o.parts = arena_alloc(arena, (o.archive.count + 1) * sizeof *o.parts);
    if (o.parts == NULL) {
        code = no_room(err);
        goto out;
    }
    code = read_content_types(&o);
    if (code == ERR_OK) {
        code = read_rels(&o, "/", &root);
    }
    if (code == ERR_OK) {
        code = find_specs(&o, &root);
    }
    if (code == ERR_OK) {
        code = find_files(&o, &root);
    }
    if (o.archive.full) {
        code = no_room(err);
    }
    if (code == ERR_OK) {
        package->parts = o.parts;
        package->count = o.count;
    }
out:
    aasx_archive_close(&o.archive);
    return code;
}

enum err_code aasx_inflate(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_part *part, const char **content, struct err *err)
{
    char *to = part->size < SIZE_MAX ? arena_alloc(arena, (size_t)part->size + 1) : NULL;
    if (to == NULL) {
        return no_room(err);
    }
    struct zip *zip = aasx_zip_open(bytes, len, err);
    if (zip == NULL) {
        return ERR_UNREADABLE;
    }
    enum err_code code = aasx_zip_inflate(zip, part->zip_index, part->name, to, part->size, err);
    aasx_zip_close(zip);
    if (code == ERR_OK) {
        *content = to;
    }
    return code;
}

enum err_code aasx_each_file(const char *bytes, size_t len, const struct aasx *package,
    aasx_visit visit, void *context, struct err *err)
{
    enum err_code code = ERR_OK;
    char *content = NULL;
    struct zip *zip = aasx_zip_open(bytes, len, err);
    if (zip == NULL) {
        return ERR_UNREADABLE;
    }
    for (size_t i = 0; code == ERR_OK && i < package->count; i++) {
        const struct aasx_part *part = &package->parts[i];
        if (part->bytes != NULL) {
            continue;
        }
        content = malloc((size_t)part->size + 1);
        code = content == NULL
                   ? err_set(err, ERR_NO_MEMORY, "not enough memory for a file")
                   : aasx_zip_inflate(zip, part->zip_index, part->name, content, part->size, err);
        if (code == ERR_OK) {
            code = visit(part, content, context);
        }
        free(content);
    }
    aasx_zip_close(zip);
    return code;
}

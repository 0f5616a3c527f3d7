/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/aasx_opc.h"

#include <string.h>
#include <strings.h>

#include "aas/aasx_zip.h"

static const char types_name[] = "/[Content_Types].xml";

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Split the package into smaller ones.");
    return ERR_TOO_LARGE;
}

/* ------------------------------------------------------------------ parts */

/* A small XML file of the package; *bytes stays NULL when it is larger than one may be. */
static enum err_code read_small(
    struct aasx_archive *archive, const struct aasx_entry *entry, char **bytes)
{
    return entry->size > AASX_OPC_MAX_FILE ? ERR_OK : aasx_archive_read(archive, entry, bytes);
}

static enum err_code read_types(
    struct aasx_archive *archive, struct aasx_content_types *types, bool *has)
{
    const struct aasx_entry *entry = aasx_archive_find(archive, types_name);
    char *bytes = NULL;
    enum err_code code = entry == NULL ? ERR_OK : read_small(archive, entry, &bytes);
    if (code == ERR_OK && bytes != NULL) {
        code = aasx_content_types_read(
            archive->arena, bytes, (size_t)entry->size, types, archive->err);
        *has = code == ERR_OK;
    }
    return code == ERR_UNREADABLE ? ERR_OK : code;
}

/* Parts have the positions of the archive's entries. */
static enum err_code make_parts(
    struct aasx_archive *archive, const struct aasx_content_types *types, struct aasx_opc *opc)
{
    opc->parts = arena_alloc(archive->arena, (archive->count + 1) * sizeof *opc->parts);
    if (opc->parts == NULL) {
        return no_room(archive->err);
    }
    for (size_t i = 0; i < archive->count; i++) {
        const struct aasx_entry *entry = &archive->entries[i];
        opc->parts[opc->count++] = (struct aasx_opc_part){.name = entry->name,
            .key = entry->key,
            .content_type = aasx_content_type_of(types, entry->key),
            .zip_index = entry->index,
            .size = entry->size,
            .is_rels = aasx_is_rels(entry->name),
            .is_types = strcasecmp(entry->name, types_name) == 0};
    }
    return ERR_OK;
}

int aasx_opc_find(const struct aasx_opc *opc, const char *name)
{
    const struct aasx_entry *entry = aasx_archive_find(opc->archive, name);
    return entry == NULL ? AASX_OPC_NONE : (int)(entry - opc->archive->entries);
}

/* ------------------------------------------------------------------ relationships */

static enum err_code make_room(struct aasx_opc *opc, size_t more)
{
    if (opc->rel_count + more <= opc->rel_room) {
        return ERR_OK;
    }
    size_t room = (opc->rel_count + more) * 2;
    struct aasx_opc_rel *rels = arena_alloc(opc->archive->arena, room * sizeof *rels);
    if (rels == NULL) {
        return no_room(opc->archive->err);
    }
    if (opc->rel_count > 0) {
        memcpy(rels, opc->rels, opc->rel_count * sizeof *rels);
    }
    opc->rels = rels;
    opc->rel_room = room;
    return ERR_OK;
}

static enum err_code add_rels(
    struct aasx_opc *opc, int file, const struct aasx_rels *rels, int from)
{
    enum err_code code = make_room(opc, rels->count);
    for (size_t i = 0; code == ERR_OK && i < rels->count; i++) {
        const struct aasx_rel *rel = &rels->list[i];
        int to = rel->target == NULL ? AASX_OPC_NONE : aasx_opc_find(opc, rel->target);
        opc->rels[opc->rel_count++] = (struct aasx_opc_rel){*rel, file, from, to};
    }
    return code;
}

static enum err_code read_rels(struct aasx_opc *opc, int file)
{
    struct aasx_archive *archive = opc->archive;
    const char *name = opc->parts[file].name;
    const struct aasx_entry *entry = aasx_archive_find(archive, name);
    const char *source = aasx_rels_source(archive->arena, name);
    struct aasx_rels rels = {NULL, 0};
    char *bytes = NULL;
    if (source == NULL || entry == NULL) {
        return no_room(archive->err);
    }
    enum err_code code = read_small(archive, entry, &bytes);
    if (code != ERR_OK || bytes == NULL) {
        return code;
    }
    code = aasx_rels_read(archive->arena, bytes, (size_t)entry->size, source, &rels, archive->err);
    if (code == ERR_OK) {
        code = add_rels(opc, file, &rels, aasx_opc_find(opc, source));
    }
    return code == ERR_UNREADABLE ? ERR_OK : code;
}

enum err_code aasx_opc_read(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, struct aasx_opc *opc, struct err *err)
{
    *opc = (struct aasx_opc){.archive = arena_alloc(arena, sizeof *opc->archive)};
    if (opc->archive == NULL) {
        return no_room(err);
    }
    *opc->archive = (struct aasx_archive){.arena = arena, .err = err};
    if (limits != NULL) {
        opc->archive->limits = *limits;
    }
    struct aasx_content_types types = {NULL, 0};
    enum err_code code = aasx_archive_open(opc->archive, bytes, len);
    if (code == ERR_OK) {
        code = read_types(opc->archive, &types, &opc->has_types);
    }
    if (code == ERR_OK) {
        code = make_parts(opc->archive, &types, opc);
    }
    for (size_t i = 0; code == ERR_OK && i < opc->count; i++) {
        if (opc->parts[i].is_rels) {
            code = read_rels(opc, (int)i);
        }
    }
    if (code == ERR_OK && opc->archive->full) {
        code = no_room(err);
    }
    aasx_archive_close(opc->archive);
    opc->archive->err = NULL;
    return code;
}

/* ------------------------------------------------------------------ names */

enum err_code aasx_opc_locate(
    const struct aasx_opc *opc, const char *source, const char *path, const char **name, int *part)
{
    bool full = false;
    *name = aasx_target_resolve(opc->archive->arena, source, path, &full);
    *part = *name == NULL ? AASX_OPC_NONE : aasx_opc_find(opc, *name);
    return full || opc->archive->full ? ERR_TOO_LARGE : ERR_OK;
}

const char *aasx_opc_twin(const struct aasx_opc *opc, int part)
{
    const struct aasx_archive *archive = opc->archive;
    const struct aasx_entry *entry = &archive->entries[part];
    size_t low = 0;
    size_t high = archive->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(archive->sorted[middle]->key, entry->key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return archive->sorted[low] == entry ? NULL : archive->sorted[low]->name;
}

static bool has_escaped(const char *name, const char *digits)
{
    for (const char *at = strchr(name, '%'); at != NULL; at = strchr(at + 1, '%')) {
        if (strncasecmp(at + 1, digits, 2) == 0) {
            return true;
        }
    }
    return false;
}

const char *aasx_opc_name_fault(const char *name)
{
    if (has_escaped(name, "2F") || has_escaped(name, "5C")) {
        return "an encoded slash";
    }
    for (const char *at = name; *at == '/';) {
        size_t len = strcspn(at + 1, "/");
        if (len == 0) {
            return "an empty step";
        }
        if (at[len] == '.' || (len >= 3 && strncasecmp(at + len - 2, "%2E", 3) == 0)) {
            return "a step that ends with a dot";
        }
        at += len + 1;
    }
    return NULL;
}

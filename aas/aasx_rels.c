/* SPDX-License-Identifier: Apache-2.0 */
/* The XML files of OPC: relationships and content types (ECMA-376 part 2, clauses 6.2 and 6.5). */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aas/aasx_zip.h"

/* Memory of one reading: an attribute for which there is no room must not pass for an absent one.
 */
struct room {
    struct arena *arena;
    bool full;
};

static char *keep(struct room *room, char *text)
{
    room->full = room->full || text == NULL;
    return text;
}

/* ------------------------------------------------------------------ safe XML */

/* Called before anything of a document type declaration is looked at: no entity, no fetching. */
static void refuse_dtd(
    void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
    (void)name;
    (void)external_id;
    (void)system_id;
    xmlStopParser(context);
}

static enum err_code unreadable(struct err *err)
{
    err_set(err, ERR_UNREADABLE, "a file that describes the package is not the XML it should be");
    err_rule(err, "AASX-structure", "Save the package again with a tool that writes AASX.");
    return ERR_UNREADABLE;
}

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Split the package into smaller ones.");
    return ERR_TOO_LARGE;
}

/* A parsed document without document type declaration, or NULL. */
static xmlDoc *parse(const char *bytes, size_t len)
{
    xmlParserCtxt *context = len > INT_MAX ? NULL : xmlNewParserCtxt();
    if (context == NULL) {
        return NULL;
    }
    context->sax->internalSubset = refuse_dtd;
    xmlDoc *doc = xmlCtxtReadMemory(context, bytes, (int)len, NULL, NULL,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(context);
    return doc;
}

static bool is_named(const xmlNode *node, const char *name)
{
    return node != NULL && node->type == XML_ELEMENT_NODE &&
           strcmp((const char *)node->name, name) == 0;
}

static size_t count_children(const xmlNode *root)
{
    size_t count = 0;
    for (const xmlNode *child = root->children; child != NULL; child = child->next) {
        count += child->type == XML_ELEMENT_NODE;
    }
    return count;
}

/* The text of an attribute in the arena; NULL when it is absent or the arena is full. */
static char *attribute(struct room *room, const xmlNode *node, const char *name)
{
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        if (strcmp((const char *)attr->name, name) != 0) {
            continue;
        }
        const xmlNode *text = attr->children;
        if (text == NULL) {
            return keep(room, arena_copy(room->arena, "", 0));
        }
        if (text->next != NULL || text->type != XML_TEXT_NODE || text->content == NULL) {
            return NULL; /* an entity reference: nothing of OPC has one */
        }
        const char *content = (const char *)text->content;
        return keep(room, arena_copy(room->arena, content, strlen(content)));
    }
    return NULL;
}

/* ------------------------------------------------------------------ names and targets */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    unsigned char letter = (unsigned char)c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

char *aasx_percent_decode(struct arena *arena, const char *text)
{
    char *decoded = arena_copy(arena, text, strlen(text));
    char *to = decoded;
    while (to != NULL && *text != '\0') {
        int high = text[0] == '%' ? hex_value(text[1]) : -1;
        int low = high >= 0 ? hex_value(text[2]) : -1;
        int c = low >= 0 ? high * 16 + low : 0;
        /* What would change the structure of the name stays encoded. */
        if (c >= 0x20 && c != '/' && c != '\\') {
            *to++ = (char)c;
            text += 3;
        } else {
            *to++ = *text++;
        }
    }
    if (to != NULL) {
        *to = '\0';
    }
    return decoded;
}

/* True for "http://host/x", "mailto:x" and "//host/x". */
static bool leads_outside(const char *target)
{
    size_t scheme = strcspn(target, ":/?#");
    return (scheme > 0 && target[scheme] == ':') || (target[0] == '/' && target[1] == '/');
}

/* Appends the steps of `path` to the name of length *len in `to`; false when it leaves the root. */
static bool append_steps(char *to, size_t *len, const char *path, size_t path_len)
{
    const char *end = path + path_len;
    while (path < end) {
        size_t step = 0;
        while (path + step < end && path[step] != '/' && path[step] != '\\') {
            step++;
        }
        if (step == 2 && memcmp(path, "..", 2) == 0) {
            if (*len == 0) {
                return false;
            }
            while (to[--*len] != '/') {
            }
        } else if (step > 0 && !(step == 1 && path[0] == '.')) {
            to[(*len)++] = '/';
            memcpy(to + *len, path, step);
            *len += step;
        }
        path += step + (path + step < end);
    }
    return true;
}

/* The part name that a target means, seen from the part `source`; NULL outside the package. */
static char *resolve(struct room *room, const char *source, const char *target)
{
    if (leads_outside(target)) {
        return NULL;
    }
    size_t target_len = strcspn(target, "#?");
    char *name = keep(room, arena_alloc(room->arena, strlen(source) + target_len + 3));
    size_t len = 0;
    if (name == NULL) {
        return NULL;
    }
    bool absolute = target[0] == '/' || target[0] == '\\';
    size_t folder = absolute ? 0 : (size_t)(strrchr(source, '/') - source);
    if (!append_steps(name, &len, source, folder) ||
        !append_steps(name, &len, target, target_len) || len == 0) {
        return NULL;
    }
    name[len] = '\0';
    return name;
}

char *aasx_target_resolve(struct arena *arena, const char *source, const char *target, bool *full)
{
    struct room room = {arena, false};
    char *name = resolve(&room, source, target);
    *full = room.full;
    return name;
}

char *aasx_rels_name(struct arena *arena, const char *part)
{
    const char *slash = strrchr(part, '/');
    return slash == NULL
               ? NULL
               : arena_printf(arena, "%.*s/_rels/%s.rels", (int)(slash - part), part, slash + 1);
}

/* Bytes of the folder in front of "/_rels/<file>.rels"; *file gets those of <file>. */
static bool split_rels_name(const char *name, size_t *folder, size_t *file)
{
    const char *slash = strrchr(name, '/');
    size_t before = slash == NULL ? 0 : (size_t)(slash - name);
    size_t after = slash == NULL ? 0 : strlen(slash + 1);
    if (before < 6 || strncmp(slash - 6, "/_rels", 6) != 0 || after < 5 ||
        strcasecmp(slash + 1 + after - 5, ".rels") != 0) {
        return false;
    }
    *folder = before - 6;
    *file = after - 5;
    return true;
}

bool aasx_is_rels(const char *name)
{
    size_t folder = 0;
    size_t file = 0;
    return split_rels_name(name, &folder, &file);
}

char *aasx_rels_source(struct arena *arena, const char *rels_name)
{
    size_t folder = 0;
    size_t file = 0;
    return split_rels_name(rels_name, &folder, &file)
               ? arena_printf(arena, "%.*s/%.*s", (int)folder, rels_name, (int)file,
                     strrchr(rels_name, '/') + 1)
               : NULL;
}

/* ------------------------------------------------------------------ relationships */

static enum aasx_rel_type type_of(const char *type)
{
    static const struct {
        const char *uri;
        enum aasx_rel_type type;
    } known[] = {{"admin-shell.io/aasx/relationships/aasx-origin", AASX_REL_ORIGIN},
        {"admin-shell.io/aasx/relationships/aas-spec", AASX_REL_SPEC},
        {"admin-shell.io/aasx/relationships/aas-spec-split", AASX_REL_SPEC},
        {"admin-shell.io/aasx/relationships/aas-suppl", AASX_REL_SUPPL},
        {"schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
            AASX_REL_THUMB}};
    static const char *const prefixes[] = {"http://", "https://", "www."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t len = strlen(prefixes[i]);
        type += strncasecmp(type, prefixes[i], len) == 0 ? len : 0;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcasecmp(type, known[i].uri) == 0) {
            return known[i].type;
        }
    }
    return AASX_REL_OTHER;
}

static bool read_relationship(
    struct room *room, const xmlNode *node, const char *source, void *item)
{
    struct aasx_rel *rel = item;
    if (!is_named(node, "Relationship")) {
        return false;
    }
    const char *type = attribute(room, node, "Type");
    const char *target = attribute(room, node, "Target");
    const char *mode = attribute(room, node, "TargetMode");
    if (type == NULL || target == NULL) {
        return false;
    }
    bool external = mode != NULL && strcasecmp(mode, "External") == 0;
    rel->type = type_of(type);
    rel->raw = target;
    rel->uri = type;
    rel->external = external;
    rel->line = (uint32_t)xmlGetLineNo(node);
    rel->target = external ? NULL : resolve(room, source, target);
    return true;
}

/* Reads one child of the root into `item`; false when it is none of the wanted. */
typedef bool (*read_item)(struct room *room, const xmlNode *node, const char *source, void *item);

/* What both kinds of part are: a root with items of one size. */
struct item_kind {
    const char *root;
    size_t size;
    read_item read;
};

static enum err_code read_items(struct arena *arena, const char *bytes, size_t len,
    const char *source, const struct item_kind *kind, void **items, size_t *items_count,
    struct err *err)
{
    xmlDoc *doc = parse(bytes, len);
    const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    enum err_code code = ERR_OK;
    struct room room = {arena, false};
    char *list = NULL;
    size_t count = 0;
    if (!is_named(root, kind->root)) {
        code = unreadable(err);
        goto out;
    }
    list = arena_alloc(arena, (count_children(root) + 1) * kind->size);
    if (list == NULL) {
        code = no_room(err);
        goto out;
    }
    for (const xmlNode *child = root->children; child != NULL; child = child->next) {
        count += kind->read(&room, child, source, list + count * kind->size);
    }
    if (room.full) {
        code = no_room(err);
        goto out;
    }
    *items = list;
    *items_count = count;
out:
    xmlFreeDoc(doc);
    return code;
}

enum err_code aasx_rels_read(struct arena *arena, const char *bytes, size_t len, const char *source,
    struct aasx_rels *rels, struct err *err)
{
    static const struct item_kind kind = {
        "Relationships", sizeof(struct aasx_rel), read_relationship};
    void *list = NULL;
    enum err_code code = read_items(arena, bytes, len, source, &kind, &list, &rels->count, err);
    if (code == ERR_OK) {
        rels->list = list;
    }
    return code;
}

/* ------------------------------------------------------------------ content types */

static int by_content_key(const void *x, const void *y)
{
    const struct aasx_content_type *a = x;
    const struct aasx_content_type *b = y;
    int order = (int)a->is_part - (int)b->is_part;
    return order != 0 ? order : strcasecmp(a->key, b->key);
}

static bool read_content_type(
    struct room *room, const xmlNode *node, const char *source, void *item)
{
    struct aasx_content_type *type = item;
    (void)source;
    type->is_part = is_named(node, "Override");
    if (!type->is_part && !is_named(node, "Default")) {
        return false;
    }
    const char *key = attribute(room, node, type->is_part ? "PartName" : "Extension");
    type->key = key == NULL ? NULL : keep(room, aasx_percent_decode(room->arena, key));
    type->type = attribute(room, node, "ContentType");
    return type->key != NULL && type->type != NULL && type->type[0] != '\0';
}

enum err_code aasx_content_types_read(struct arena *arena, const char *bytes, size_t len,
    struct aasx_content_types *types, struct err *err)
{
    static const struct item_kind kind = {
        "Types", sizeof(struct aasx_content_type), read_content_type};
    void *list = NULL;
    enum err_code code = read_items(arena, bytes, len, "", &kind, &list, &types->count, err);
    if (code == ERR_OK) {
        qsort(list, types->count, sizeof(struct aasx_content_type), by_content_key);
        types->list = list;
    }
    return code;
}

const char *aasx_content_type_of(const struct aasx_content_types *types, const char *part)
{
    const char *slash = strrchr(part, '/');
    const char *dot = slash == NULL ? NULL : strrchr(slash, '.');
    const struct aasx_content_type wanted[] = {
        {.key = part, .is_part = true}, {.key = dot == NULL ? "" : dot + 1, .is_part = false}};
    for (size_t i = 0; types->count > 0 && i < 2; i++) {
        const struct aasx_content_type *found =
            bsearch(&wanted[i], types->list, types->count, sizeof *types->list, by_content_key);
        if (found != NULL) {
            return found->type;
        }
    }
    return NULL;
}

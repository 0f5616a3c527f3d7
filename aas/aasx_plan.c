/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/aasx_plan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "aas/fnv.h"

enum { BUCKETS = 32768, FIRST_ROOM = 64 };

struct planning {
    struct arena *arena;
    const struct aasx_source *source;
    struct aasx_plan plan;
    size_t room;
    uint32_t *buckets; /* by name apart from case: position + 1, 0: free */
    struct err *err;
};

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Export in parts.");
    return ERR_TOO_LARGE;
}

/* ------------------------------------------------------------------ names */

/* What OPC keeps for itself: folders of relationships, content types, the parts we write. */
static bool is_reserved(const char *name)
{
    return strcasecmp(name, "/[Content_Types].xml") == 0 || strcasestr(name, "/_rels/") != NULL ||
           strcasecmp(name, AASX_ORIGIN) == 0 || strcasecmp(name, AASX_SPEC ".xml") == 0 ||
           strcasecmp(name, AASX_SPEC ".json") == 0;
}

/* OPC takes no segment that ends with a dot (ECMA-376 part 2, 6.2.2.3). */
static bool is_well_formed(const char *name)
{
    size_t len = strlen(name);
    return len > 1 && strstr(name, "./") == NULL && name[len - 1] != '.';
}

/* Letters, digits and what a path may hold without escape (RFC 3986, pchar) stay. */
static const char *to_uri(struct arena *arena, const char *name)
{
    static const char plain[] = "/-._~!$()*+,=@"; /* a colon would look like a drive */
    static const char digits[] = "0123456789ABCDEF";
    char *uri = arena_alloc(arena, 3 * strlen(name) + 1);
    size_t len = 0;
    for (; uri != NULL && *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x80 && (isalnum(c) || strchr(plain, c) != NULL)) {
            uri[len++] = (char)c;
        } else {
            uri[len++] = '%';
            uri[len++] = digits[c >> 4];
            uri[len++] = digits[c & 15];
        }
    }
    return uri;
}

/* "/a/b.pdf" becomes "/a/b-2.pdf". */
static char *numbered(struct arena *arena, const char *name, unsigned number)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash, '.');
    size_t stem = dot == NULL || dot == slash + 1 ? strlen(name) : (size_t)(dot - name);
    return arena_printf(arena, "%.*s-%u%s", (int)stem, name, number, name + stem);
}

/* ------------------------------------------------------------------ planned files */

static uint32_t *bucket_of(const struct planning *p, const char *name)
{
    uint32_t hash = FNV_START;
    for (const char *at = name; *at != '\0'; at++) {
        hash = fnv_add(hash, (unsigned char)tolower((unsigned char)*at));
    }
    uint32_t *bucket = &p->buckets[hash % BUCKETS];
    while (*bucket != 0 && strcasecmp(p->plan.files[*bucket - 1].name, name) != 0) {
        bucket = bucket + 1 < p->buckets + BUCKETS ? bucket + 1 : p->buckets;
    }
    return bucket;
}

static enum err_code add_file(struct planning *p, uint32_t *bucket, const char *name,
    const struct aasx_content *content, struct aasx_planned **file)
{
    if (p->plan.count == AASX_PLAN_FILES) {
        err_set(p->err, ERR_TOO_LARGE, "a package holds at most %d files", AASX_PLAN_FILES);
        err_rule(p->err, "AASX-size", "Export in parts.");
        return ERR_TOO_LARGE;
    }
    if (p->plan.count == p->room) {
        size_t room = p->room == 0 ? FIRST_ROOM : 2 * p->room;
        struct aasx_planned *files = arena_alloc(p->arena, room * sizeof *files);
        if (files == NULL) {
            return no_room(p->err);
        }
        if (p->plan.count > 0) {
            memcpy(files, p->plan.files, p->plan.count * sizeof *files);
        }
        p->plan.files = files;
        p->room = room;
    }
    const char *uri = to_uri(p->arena, name);
    if (uri == NULL) {
        return no_room(p->err);
    }
    struct aasx_planned *made = &p->plan.files[p->plan.count++];
    *made = (struct aasx_planned){.name = name, .uri = uri, .content = *content};
    *bucket = (uint32_t)p->plan.count;
    *file = made;
    return ERR_OK;
}

/* The planned file with this content under `wanted` or a name near it. */
static enum err_code place_file(struct planning *p, const char *wanted,
    const struct aasx_content *content, struct aasx_planned **file)
{
    const char *name = wanted;
    for (unsigned number = 2;; number++) {
        uint32_t *bucket = bucket_of(p, name);
        if (*bucket != 0) {
            struct aasx_planned *there = &p->plan.files[*bucket - 1];
            if (memcmp(there->content.key, content->key, AASX_KEY_BYTES) == 0 &&
                strcmp(there->name, name) == 0) {
                *file = there;
                return ERR_OK;
            }
        } else if (!is_reserved(name)) {
            return add_file(p, bucket, name, content, file);
        }
        name = numbered(p->arena, is_reserved(wanted) ? AASX_FOLDER "/files/file" : wanted, number);
        if (name == NULL) {
            return no_room(p->err);
        }
    }
}

/* ------------------------------------------------------------------ walking */

static enum err_code plan_node(struct planning *p, struct aas_node *node)
{
    struct aasx_content content = {.size = 0};
    struct aasx_planned *file = NULL;
    const char *value = aasx_file_value(node);
    const char *wanted = value == NULL ? NULL : aasx_value_name(p->arena, value, AASX_FOLDER);
    if (wanted == NULL) {
        return ERR_OK;
    }
    enum err_code code = p->source->find(p->source->context, node, value, &content, p->err);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    if (!is_well_formed(wanted)) {
        wanted = AASX_FOLDER "/files/file";
    }
    code = place_file(p, wanted, &content, &file);
    if (code != ERR_OK) {
        return code;
    }
    bool is_file = node->cls->id == CLASS_File;
    file->supplementary |= is_file;
    file->thumbnail |= !is_file;
    const char *meant = aasx_value_name(p->arena, value, AASX_FOLDER);
    if (meant != NULL && strcmp(meant, file->name) == 0) {
        return ERR_OK;
    }
    code = aas_set_text(
        p->arena, node, is_file ? PROP_value : PROP_path, file->uri, strlen(file->uri));
    return code == ERR_OK ? ERR_OK : no_room(p->err);
}

/* Depth is that of a document that was read: at most AAS_JSON_ENVIRONMENT_DEPTH. */
static enum err_code walk(struct planning *p, struct aas_node *node)
{
    enum err_code code = plan_node(p, node);
    for (size_t i = 0; i < node->cls->prop_count && code == ERR_OK; i++) {
        struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_NODE) {
            code = walk(p, slot->u.node);
        }
        for (uint32_t k = 0; slot->state == AAS_NODES && k < slot->len && code == ERR_OK; k++) {
            code = walk(p, slot->u.nodes[k]);
        }
    }
    return code;
}

enum err_code aasx_plan_make(struct arena *arena, struct aas_node *environment,
    const struct aasx_source *source, struct aasx_plan *plan, struct err *err)
{
    struct planning p = {.arena = arena, .source = source, .err = err};
    *plan = p.plan;
    if (source == NULL) {
        return ERR_OK;
    }
    p.buckets = arena_alloc(arena, BUCKETS * sizeof *p.buckets);
    if (p.buckets == NULL) {
        return no_room(err);
    }
    enum err_code code = walk(&p, environment);
    if (code == ERR_OK) {
        *plan = p.plan;
    }
    return code;
}

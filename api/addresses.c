/* SPDX-License-Identifier: Apache-2.0 */
#include "api/addresses.h"

#include <stdio.h>
#include <string.h>

#include "aas/path.h"

enum { DEEPEST = PATH_INDEX_DEPTH + 2 };

static enum err_code damaged(struct err *err)
{
    return err_set(err, ERR_STORE, "the path index of the document is damaged");
}

/* ------------------------------------------------------------------ $path */

/* An element whose children are being written. */
struct level {
    size_t end;      /* entry behind its last child */
    size_t path_len; /* of its own path */
    uint32_t place;  /* of the next child among its siblings */
    bool indexed;
};

struct addresses_room {
    const struct path_index *index;
    struct buf *buf;
    bool *any;
    size_t depth;
    struct level levels[DEEPEST];
    char path[AAS_PATH_MAX_BYTES];
};

static void add_path(struct addresses_room *paths, size_t len)
{
    buf_add(paths->buf, ",\"", *paths->any ? 2 : 0);
    buf_add(paths->buf, "\"", *paths->any ? 0 : 1);
    buf_add(paths->buf, paths->path, len);
    buf_add_char(paths->buf, '"');
    *paths->any = true;
}

/* The path of the next child behind that of its parent; names stand in the document as JSON writes
 * them. False when it is longer than any path may be. */
static bool extend(struct addresses_room *paths, const struct level *in,
    const struct path_entry *entry, size_t *len)
{
    char number[16];
    bool named = !in->indexed && entry->name_len != PATH_NO_NAME;
    int digits = snprintf(number, sizeof number, in->indexed ? "[%u]" : "?%u", in->place);
    const char *step = named ? paths->index->json + entry->name_offset : number;
    size_t step_len = named ? entry->name_len : (size_t)digits;
    size_t at = in->path_len;
    if (at + 1 + step_len > sizeof paths->path) {
        return false;
    }
    if (!in->indexed && at > 0) {
        paths->path[at++] = '.';
    }
    memcpy(paths->path + at, step, step_len);
    *len = at + step_len;
    return true;
}

static void push(
    struct addresses_room *paths, size_t at, const struct path_entry *entry, size_t path_len)
{
    paths->levels[paths->depth++] = (struct level){.end = at + entry->skip,
        .path_len = path_len,
        .indexed = (entry->flags & PATH_INDEXED) != 0};
}

static enum err_code write_below(
    struct addresses_room *paths, size_t at, bool core, struct err *err)
{
    struct path_entry entry;
    while (paths->depth > 0) {
        struct level *in = &paths->levels[paths->depth - 1];
        size_t len;
        if (at >= in->end) {
            paths->depth--;
            continue;
        }
        if (!path_index_entry(paths->index, at, &entry)) {
            return damaged(err);
        }
        if (!extend(paths, in, &entry, &len)) {
            return err_set(err, ERR_TOO_LARGE, "the submodel has a path of more than %d characters",
                (int)AAS_PATH_MAX_BYTES);
        }
        in->place++;
        add_path(paths, len);
        if (!core && entry.skip > 1 && paths->depth < DEEPEST) {
            push(paths, at, &entry, len);
            at++;
        } else {
            at += entry.skip;
        }
    }
    return ERR_OK;
}

struct addresses_room *addresses_room(struct arena *arena)
{
    return arena_alloc(arena, sizeof(struct addresses_room));
}

enum err_code addresses_paths(struct addresses_room *paths, struct buf *buf,
    const struct path_index *index, size_t at, bool core, bool *any, struct err *err)
{
    struct path_entry entry;
    if (paths == NULL) {
        return err_set(err, ERR_TOO_LARGE, "%s", err_default_text(ERR_TOO_LARGE));
    }
    paths->index = index;
    paths->buf = buf;
    paths->any = any;
    paths->depth = 0;
    if (!path_index_entry(index, at, &entry)) {
        return damaged(err);
    }
    size_t len = 0;
    if (at > 0) {
        path_index_print(index, at, paths->path, sizeof paths->path);
        len = strlen(paths->path);
        add_path(paths, len);
    }
    push(paths, at, &entry, len);
    return write_below(paths, at + 1, core, err);
}

/* ------------------------------------------------------------------ $reference */

static void begin_key(struct buf *buf, const char *type)
{
    buf_add_text(buf, "{\"type\":\"");
    buf_add_text(buf, type);
    buf_add_text(buf, "\",\"value\":");
}

static enum err_code add_steps(
    struct buf *buf, const struct path_index *index, size_t target, struct err *err)
{
    struct path_entry parent;
    struct path_entry child;
    uint32_t place = 0;
    size_t at = 0;
    while (at != target && path_index_entry(index, at, &parent) &&
           path_index_towards(index, at, target, &at, &child, &place)) {
        const struct meta_class *cls = path_index_class(index, &child);
        if (cls == NULL) {
            return damaged(err);
        }
        bool named = !(parent.flags & PATH_INDEXED) && child.name_len != PATH_NO_NAME;
        buf_add_char(buf, ',');
        begin_key(buf, cls->name);
        if (named) {
            buf_add_char(buf, '"');
            buf_add(buf, index->json + child.name_offset, child.name_len);
            buf_add_text(buf, "\"}");
        } else {
            buf_printf(buf, "\"%u\"}", place);
        }
    }
    return at == target ? ERR_OK : damaged(err);
}

enum err_code addresses_reference(struct buf *buf, const struct path_index *index, size_t at,
    const struct meta_class *cls, const char *id, size_t id_len, struct err *err)
{
    buf_add_text(buf, "{\"type\":\"ModelReference\",\"keys\":[");
    begin_key(buf, cls->name);
    buf_add_json_string(buf, id, id_len);
    buf_add_char(buf, '}');
    enum err_code code = add_steps(buf, index, at, err);
    buf_add_text(buf, "]}");
    return code;
}

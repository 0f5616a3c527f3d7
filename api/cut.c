/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cut.h"

#include <string.h>

struct path_index cut_index(const struct registry_document *document)
{
    return (struct path_index){.entries = document->index,
        .count = document->index_len / PATH_ENTRY_BYTES,
        .json = document->json,
        .json_len = document->json_len};
}

/* Qualifiers have other kinds, and quotes inside of texts are escaped. Heads are short: memmem
 * would take longer to prepare its search than this takes for all of it. */
bool cut_is_template(const struct registry_document *document)
{
    static const char kind[] = "\"kind\":\"Template\"";
    enum { BEFORE = sizeof "\"kind\":\"" - 1, LEN = sizeof kind - 1 };
    struct path_index index = cut_index(document);
    struct path_entry first;
    const char *start = document->json;
    const char *end =
        start + (path_index_entry(&index, 1, &first) ? first.offset : document->json_len);
    const char *at = start;
    while ((at = memchr(at, 'T', (size_t)(end - at))) != NULL) {
        if (at - start >= BEFORE && end - at >= LEN - BEFORE &&
            memcmp(at - BEFORE, kind, LEN) == 0) {
            return true;
        }
        at++;
    }
    return false;
}

/* The array of children of an entry, from the comma before its name to its closing bracket. */
struct span {
    size_t from;
    size_t to;
};

/* True with *found when there are children; the bytes around them are checked, so that a form is
 * never cut at a wrong place. */
static bool children_span(const struct path_index *index, size_t at, const struct path_entry *entry,
    struct span *span, bool *found)
{
    const struct meta_class *cls = path_index_class(index, entry);
    int slot = cls == NULL ? -1 : meta_children_slot(cls);
    *found = false;
    if (entry->skip <= 1 || slot < 0) {
        return cls != NULL;
    }
    struct path_entry child;
    size_t name = strlen(cls->props[slot].name);
    size_t end = at + entry->skip;
    size_t to = 0;
    for (size_t i = at + 1; i < end; i += child.skip) {
        if (!path_index_entry(index, i, &child) || child.skip == 0) {
            return false;
        }
        if (i == at + 1) {
            span->from = child.offset;
        }
        to = (size_t)child.offset + child.len;
    }
    const char *json = index->json;
    size_t before = name + 5; /* ,"name":[ */
    if (span->from < entry->offset + before || to >= index->json_len || json[to] != ']') {
        return false;
    }
    span->from -= before;
    span->to = to + 1;
    *found = memcmp(json + span->from, ",\"", 2) == 0 &&
             memcmp(json + span->from + 2, cls->props[slot].name, name) == 0 &&
             memcmp(json + span->from + 2 + name, "\":[", 3) == 0;
    return *found;
}

bool cut_core(struct buf *buf, const struct path_index *index, size_t at)
{
    struct path_entry entry;
    struct path_entry child;
    if (!path_index_entry(index, at, &entry) || entry.skip == 0) {
        return false;
    }
    size_t start = buf->len;
    size_t done = entry.offset;
    for (size_t i = at + 1; i < at + entry.skip; i += child.skip) {
        struct span span;
        bool found;
        if (!path_index_entry(index, i, &child) || child.skip == 0 ||
            !children_span(index, i, &child, &span, &found)) {
            buf->len = start;
            return false;
        }
        if (found) {
            buf_add(buf, index->json + done, span.from - done);
            done = span.to;
        }
    }
    buf_add(buf, index->json + done, (size_t)entry.offset + entry.len - done);
    return true;
}

static bool only_children_are_value(const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        unsigned flags = cls->props[i].flags;
        if ((flags & META_IS_VALUE) != 0 && (flags & META_CHILDREN) == 0) {
            return false;
        }
    }
    return meta_children_slot(cls) >= 0;
}

bool cut_metadata(struct buf *buf, const struct path_index *index, size_t at)
{
    struct path_entry entry;
    struct span span;
    bool found;
    if (!path_index_entry(index, at, &entry)) {
        return false;
    }
    const struct meta_class *cls = path_index_class(index, &entry);
    if (cls == NULL || !only_children_are_value(cls) ||
        !children_span(index, at, &entry, &span, &found)) {
        return false;
    }
    size_t end = (size_t)entry.offset + entry.len;
    if (!found) {
        span = (struct span){end, end};
    }
    buf_add(buf, index->json + entry.offset, span.from - entry.offset);
    buf_add(buf, index->json + span.to, end - span.to);
    return true;
}

bool cut_children(
    struct buf *buf, const struct path_index *index, size_t from, size_t limit, bool *more)
{
    struct path_entry child;
    size_t written = 0;
    size_t at;
    struct cut_walk walk = cut_walk_from(index, from);
    *more = false;
    while (cut_walk_next(&walk, &at, &child)) {
        if (written == limit) {
            *more = true;
            return true;
        }
        if (written++ > 0) {
            buf_add_char(buf, ',');
        }
        buf_add(buf, index->json + child.offset, child.len);
    }
    return !walk.damaged;
}

struct cut_walk cut_walk_from(const struct path_index *index, size_t from)
{
    struct path_entry entry;
    size_t at;
    struct cut_walk walk = {.index = index, .next = 1};
    walk.damaged = !path_index_entry(index, 0, &entry);
    walk.end = walk.damaged ? 0 : entry.skip;
    for (size_t place = 0; place < from && cut_walk_next(&walk, &at, &entry); place++) {
    }
    return walk;
}

bool cut_walk_next(struct cut_walk *walk, size_t *at, struct path_entry *entry)
{
    if (walk->damaged || walk->next >= walk->end) {
        return false;
    }
    if (!path_index_entry(walk->index, walk->next, entry)) {
        walk->damaged = true;
        return false;
    }
    *at = walk->next;
    walk->next += entry->skip;
    return true;
}

bool cut_find(const struct path_index *index, const char *id_short, size_t len, size_t before,
    size_t *position)
{
    struct path_entry entry;
    struct path_entry child;
    size_t place = 0;
    bool found = false;
    if (!path_index_entry(index, 0, &entry)) {
        return false;
    }
    for (size_t i = 1; i < entry.skip && (!found || place < before); i += child.skip, place++) {
        if (!path_index_entry(index, i, &child) || child.skip == 0) {
            return false;
        }
        if (child.name_len == len && memcmp(index->json + child.name_offset, id_short, len) == 0) {
            *position = place;
            found = true;
        }
    }
    return found;
}

bool cut_name(const struct path_index *index, size_t position, const char **id_short, size_t *len)
{
    struct path_entry entry;
    struct path_entry child;
    size_t place = 0;
    if (!path_index_entry(index, 0, &entry)) {
        return false;
    }
    for (size_t i = 1; i < entry.skip; i += child.skip, place++) {
        if (!path_index_entry(index, i, &child) || child.skip == 0) {
            return false;
        }
        if (place == position && child.name_len != PATH_NO_NAME) {
            *id_short = index->json + child.name_offset;
            *len = child.name_len;
            return true;
        }
    }
    return false;
}

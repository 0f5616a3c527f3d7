/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/path_index.h"

#include <stdio.h>
#include <string.h>

#include "aas/fnv.h"
#include "aas/path.h"
#include "registry/keys.h"

/* ------------------------------------------------------------------ building */

/* How many steps below the root an element is; -1 when it cannot be reached by a path, as what
 * stands in the variables of an operation. */
static int depth_of(const struct aas_node *root, const struct aas_node *node)
{
    int depth = 0;
    for (const struct aas_node *at = node; at != root; at = at->parent) {
        if (at->parent == NULL ||
            !(at->parent->cls->props[at->parent_slot].flags & META_CHILDREN)) {
            return -1;
        }
        depth++;
    }
    return depth;
}

/* The idShort stands before everything in which another "idShort" could be nested; quotes inside
 * of texts are escaped, so the first key found is the right one. Mostly it is the first behind the
 * type. */
static void find_name(
    const struct path_index_builder *b, const struct aas_node *node, struct path_entry *entry)
{
    static const char key[] = "\"idShort\":\"";
    const struct aas_slot *slot = aas_slot(node, PROP_idShort);
    const char *object = b->buf->bytes + entry->offset;
    const char *at = NULL;
    entry->name_len = PATH_NO_NAME;
    if (slot != NULL && slot->state == AAS_TEXT) {
        at = memchr(object, ',', entry->len);
        bool first = at != NULL && (size_t)(at + 1 - object) + sizeof key - 1 <= entry->len &&
                     memcmp(at + 1, key, sizeof key - 1) == 0;
        at = first ? at + 1 : memmem(object, entry->len, key, sizeof key - 1);
    }
    if (at == NULL) {
        return;
    }
    const char *name = at + sizeof key - 1;
    const char *end = name;
    while (*end != '"') {
        end += *end == '\\' ? 2 : 1;
    }
    if (end - name < PATH_NO_NAME) {
        entry->name_offset = (uint32_t)(name - b->buf->bytes);
        entry->name_len = (uint16_t)(end - name);
        entry->name_hash = fnv_bytes(name, entry->name_len);
    }
}

static bool make_room(struct path_index_builder *b)
{
    if (b->count < b->room) {
        return true;
    }
    size_t room = b->room == 0 ? 64 : 2 * b->room;
    struct path_entry *entries = arena_alloc(b->arena, room * sizeof *entries);
    uint32_t *depths = arena_alloc(b->arena, room * sizeof *depths);
    if (entries == NULL || depths == NULL) {
        return false;
    }
    if (b->count > 0) {
        memcpy(entries, b->entries, b->count * sizeof *entries);
        memcpy(depths, b->depths, b->count * sizeof *depths);
    }
    b->entries = entries;
    b->depths = depths;
    b->room = room;
    return true;
}

static void mark(void *context, const struct aas_node *node, size_t offset, size_t len)
{
    struct path_index_builder *b = context;
    if (b->failed || buf_failed(b->buf) ||
        (node != b->root && !(node->cls->is & META_IS_SUBMODEL_ELEMENT))) {
        return;
    }
    int depth = depth_of(b->root, node);
    if (depth < 0) {
        return;
    }
    if (depth > PATH_INDEX_DEPTH || offset + len > UINT32_MAX || !make_room(b)) {
        b->failed = true;
        return;
    }
    struct path_entry *entry = &b->entries[b->count];
    int children = meta_children_slot(node->cls);
    bool indexed = children >= 0 && (node->cls->props[children].flags & META_INDEXED);
    *entry = (struct path_entry){.offset = (uint32_t)offset,
        .len = (uint32_t)len,
        .skip = 1 + b->pending[depth + 1],
        .flags = indexed ? PATH_INDEXED : 0};
    b->pending[depth + 1] = 0;
    b->pending[depth] += entry->skip;
    find_name(b, node, entry);
    b->depths[b->count++] = (uint32_t)depth;
}

void path_index_start(struct path_index_builder *builder, struct arena *arena,
    const struct buf *buf, const struct aas_node *root, struct aas_json_marks *marks)
{
    *builder = (struct path_index_builder){.arena = arena, .buf = buf, .root = root};
    *marks = (struct aas_json_marks){.object = mark, .context = builder};
}

static void write_entry(unsigned char *to, const struct path_entry *entry)
{
    value_set_u32(to, entry->offset);
    value_set_u32(to + 4, entry->len);
    value_set_u32(to + 8, entry->skip);
    value_set_u32(to + 12, entry->name_offset);
    value_set_u32(to + 16, entry->name_hash);
    value_set_u32(to + 20, (uint32_t)entry->name_len | (uint32_t)entry->flags << 16);
}

/* Entries came in order of completion. Before an entry in document order stand all that were
 * complete when its subtree began, and its ancestors. */
enum err_code path_index_finish(
    struct path_index_builder *builder, const void **index, size_t *len, struct err *err)
{
    unsigned char *bytes = NULL;
    if (!builder->failed && !buf_failed(builder->buf)) {
        bytes = arena_alloc(builder->arena, builder->count * PATH_ENTRY_BYTES);
    }
    if (bytes == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the document is too large or nested too deeply");
    }
    for (size_t i = 0; i < builder->count; i++) {
        size_t at = i + 1 - builder->entries[i].skip + builder->depths[i];
        write_entry(bytes + at * PATH_ENTRY_BYTES, &builder->entries[i]);
    }
    *index = bytes;
    *len = builder->count * PATH_ENTRY_BYTES;
    return ERR_OK;
}

static void move_entry(struct path_entry *entry, size_t by)
{
    entry->offset += (uint32_t)by;
    if (entry->name_len != PATH_NO_NAME) {
        entry->name_offset += (uint32_t)by;
    }
}

/* Before the element only its ancestors change: they get longer by what it gets longer. Numbers
 * wrap around when it gets shorter. What begins beside an ancestor is passed over as a whole. */
static bool stretch_ancestors(const struct path_index *whole, size_t at,
    const struct path_entry *old, size_t count, size_t len, unsigned char *made)
{
    struct path_entry entry;
    size_t i = 0;
    while (i < at && path_index_entry(whole, i, &entry)) {
        size_t behind = i + entry.skip;
        if (behind > at) {
            entry.len += (uint32_t)(len - old->len);
            entry.skip += (uint32_t)(count - old->skip);
            write_entry(made + i * PATH_ENTRY_BYTES, &entry);
        }
        i = behind > at ? i + 1 : behind;
    }
    return i == at;
}

const void *path_index_splice(struct arena *arena, const struct path_index *whole, size_t at,
    const struct path_index *part, size_t len, size_t *index_len)
{
    struct path_entry old;
    struct path_entry entry;
    if (!path_index_entry(whole, at, &old)) {
        return NULL;
    }
    size_t behind = at + old.skip;
    size_t rest = whole->count - behind;
    size_t count = at + part->count + rest;
    unsigned char *made = arena_take(arena, count * PATH_ENTRY_BYTES, 1);
    if (made == NULL) {
        return NULL;
    }
    memcpy(made, whole->entries, at * PATH_ENTRY_BYTES);
    unsigned char *to = made + at * PATH_ENTRY_BYTES;
    for (size_t i = 0; path_index_entry(part, i, &entry); i++, to += PATH_ENTRY_BYTES) {
        move_entry(&entry, old.offset);
        write_entry(to, &entry);
    }
    memcpy(to, whole->entries + behind * PATH_ENTRY_BYTES, rest * PATH_ENTRY_BYTES);
    for (size_t i = behind; len != old.len && path_index_entry(whole, i, &entry); i++) {
        move_entry(&entry, len - old.len);
        write_entry(to + (i - behind) * PATH_ENTRY_BYTES, &entry);
    }
    *index_len = count * PATH_ENTRY_BYTES;
    bool whole_part = to == made + (at + part->count) * PATH_ENTRY_BYTES;
    return whole_part && stretch_ancestors(whole, at, &old, part->count, len, made) ? made : NULL;
}

/* ------------------------------------------------------------------ finding */

bool path_index_entry(const struct path_index *index, size_t at, struct path_entry *entry)
{
    if (at >= index->count) {
        return false;
    }
    const unsigned char *from = index->entries + at * PATH_ENTRY_BYTES;
    uint32_t name = value_u32(from + 20);
    *entry = (struct path_entry){.offset = value_u32(from),
        .len = value_u32(from + 4),
        .skip = value_u32(from + 8),
        .name_offset = value_u32(from + 12),
        .name_hash = value_u32(from + 16),
        .name_len = (uint16_t)(name & 0xffff),
        .flags = (uint16_t)(name >> 16)};
    bool named = entry->name_len != PATH_NO_NAME;
    return entry->skip > 0 && entry->skip <= index->count - at &&
           (uint64_t)entry->offset + entry->len <= index->json_len &&
           (!named || (uint64_t)entry->name_offset + entry->name_len <= index->json_len);
}

static bool has_name(const struct path_index *index, size_t at, uint32_t hash,
    const struct aas_step *step, struct path_entry *entry)
{
    return value_u32(index->entries + at * PATH_ENTRY_BYTES + 16) == hash &&
           path_index_entry(index, at, entry) && entry->name_len == step->len &&
           memcmp(index->json + entry->name_offset, step->id_short, step->len) == 0;
}

/* The child of entry `at` that a step names. */
static bool child_at(const struct path_index *index, size_t *at, struct path_entry *entry,
    const struct aas_step *step)
{
    bool indexed = entry->flags & PATH_INDEXED;
    if ((step->id_short == NULL) != indexed) {
        return false;
    }
    uint32_t hash = indexed ? 0 : fnv_bytes(step->id_short, step->len);
    uint32_t place = 0;
    size_t end = *at + entry->skip;
    for (size_t i = *at + 1; i < end; place++) {
        struct path_entry child;
        bool here = indexed ? place == step->index && path_index_entry(index, i, &child)
                            : has_name(index, i, hash, step, &child);
        if (here) {
            *at = i;
            *entry = child;
            return true;
        }
        uint32_t skip = value_u32(index->entries + i * PATH_ENTRY_BYTES + 8);
        i += skip > 0 ? skip : 1;
    }
    return false;
}

static enum err_code not_found(const struct path_index *index, size_t at,
    const struct path_entry *entry, const struct aas_step *step, struct err *err)
{
    char where[256];
    path_index_print(index, at, where, sizeof where);
    const struct meta_class *cls = path_index_class(index, entry);
    const char *in = where[0] != '\0' || cls == NULL ? where : cls->name;
    bool indexed = entry->flags & PATH_INDEXED;
    if (step->id_short == NULL) {
        err_set(err, ERR_NOT_FOUND, "%s has no element at index %u", in, step->index);
        err_rule(err, "idShortPath",
            !indexed ? "Only lists are addressed by index; use the idShort of the element."
            : entry->skip == 1 ? "The list is empty."
                               : "Use an index below the number of elements.");
    } else {
        size_t shown = step->len;
        while (shown > 128 || (shown < step->len && (step->id_short[shown] & 0xC0) == 0x80)) {
            shown--;
        }
        err_set(err, ERR_NOT_FOUND, "%s has no element \"%.*s\"", in, (int)shown, step->id_short);
        err_rule(err, "idShortPath",
            indexed ? "Elements of a list are addressed by index, for example [0]."
                    : "Check the spelling; upper and lower case count.");
    }
    err_place(err, where, 0, 0);
    return ERR_NOT_FOUND;
}

enum err_code path_index_find(const struct path_index *index, const char *path, size_t path_len,
    size_t *at, struct path_entry *entry, struct err *err)
{
    struct aas_path steps;
    enum err_code code = aas_path_parse(path, path_len, &steps, err);
    if (code != ERR_OK) {
        return code;
    }
    size_t here = 0;
    struct path_entry found;
    if (!path_index_entry(index, 0, &found)) {
        return err_set(err, ERR_STORE, "the path index of the document is damaged");
    }
    for (size_t i = 0; i < steps.count; i++) {
        if (!child_at(index, &here, &found, &steps.steps[i])) {
            return not_found(index, here, &found, &steps.steps[i], err);
        }
    }
    *at = here;
    *entry = found;
    return ERR_OK;
}

/* ------------------------------------------------------------------ telling */

static size_t add_text(char *to, size_t size, size_t used, const char *text, size_t len)
{
    size_t fits = used + 1 < size ? size - used - 1 : 0;
    len = len < fits ? len : fits;
    memcpy(to + used, text, len);
    to[used + len] = '\0';
    return used + len;
}

bool path_index_towards(const struct path_index *index, size_t from, size_t target, size_t *child,
    struct path_entry *entry, uint32_t *place)
{
    struct path_entry holder;
    if (!path_index_entry(index, from, &holder) || target <= from || target >= from + holder.skip) {
        return false;
    }
    *place = 0;
    *child = from + 1;
    while (path_index_entry(index, *child, entry)) {
        if (target < *child + entry->skip) {
            return true;
        }
        *child += entry->skip;
        (*place)++;
    }
    return false;
}

void path_index_print(const struct path_index *index, size_t target, char *to, size_t size)
{
    size_t used = 0;
    size_t at = 0;
    uint32_t place = 0;
    struct path_entry parent;
    struct path_entry child;
    to[0] = '\0';
    while (path_index_entry(index, at, &parent) &&
           path_index_towards(index, at, target, &at, &child, &place)) {
        char number[24];
        bool indexed = parent.flags & PATH_INDEXED;
        bool named = !indexed && child.name_len != PATH_NO_NAME;
        snprintf(number, sizeof number, indexed ? "[%u]" : "?%u", place);
        if (!indexed && used > 0) {
            used = add_text(to, size, used, ".", 1);
        }
        used = add_text(to, size, used, named ? index->json + child.name_offset : number,
            named ? child.name_len : strlen(number));
    }
}

const struct meta_class *path_index_class(
    const struct path_index *index, const struct path_entry *entry)
{
    static const char start[] = "{\"modelType\":\"";
    const char *object = index->json + entry->offset;
    if (entry->len < sizeof start || memcmp(object, start, sizeof start - 1) != 0) {
        return NULL;
    }
    const char *name = object + sizeof start - 1;
    const char *end = memchr(name, '"', entry->len - (sizeof start - 1));
    return end == NULL ? NULL : meta_class_by_name(name, (size_t)(end - name));
}

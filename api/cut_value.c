/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cut_value.h"

#include <string.h>

#include "aas/json.h"
#include "aas/value.h"

enum {
    FEW_SIBLINGS = 16, /* up to this many are looked through one by one */
    SHORT_TEXT = 64,   /* longer literals take room in the arena */
};

/* Out of line they do not weigh on every level of the recursion. */
#define APART __attribute__((noinline))

struct cutting {
    struct arena *arena;
    struct buf *buf;
    const struct path_index *index;
    unsigned flags;
    struct err *err;
};

static enum err_code damaged(const struct cutting *cutting)
{
    return err_set(cutting->err, ERR_STORE, "the path index of the document is damaged");
}

/* ------------------------------------------------------------------ Property */

/* A text between its quotes, as JSON writes it. */
struct raw {
    const char *bytes; /* NULL: absent */
    size_t len;
};

static struct raw raw_text(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && *at != '"') {
        at += *at == '\\' ? 2 : 1;
    }
    return at < end ? (struct raw){start, (size_t)(at - start)} : (struct raw){NULL, 0};
}

/* Behind the literal of an element stands its end, or its valueId and then its end; what belongs to
 * a qualifier stands deeper. */
static bool ends_element(const char *at, const char *end)
{
    static const char mark[] = ",\"valueId\":{";
    if ((size_t)(end - at) > sizeof mark && memcmp(at, mark, sizeof mark - 1) == 0) {
        size_t depth = 1;
        for (at += sizeof mark - 1; depth > 0 && at < end; at++) {
            if (*at == '"') {
                struct raw text = raw_text(at + 1, end);
                at = text.bytes == NULL ? end - 1 : text.bytes + text.len;
            } else {
                depth += *at == '{';
                depth -= *at == '}';
            }
        }
    }
    return end - at == 1;
}

/* The last `,"valueType":"` of a Property is its own when it has one: those of qualifiers stand
 * before it, and quotes inside of texts are escaped. The value stands right behind it (canonical
 * order). An invalid Property that was imported may have none. */
static APART bool find_literal(const char *json, size_t len, struct raw *type, struct raw *value)
{
    static const char type_mark[] = ",\"valueType\":\"";
    static const char value_mark[] = ",\"value\":\"";
    const char *end = json + len;
    const char *at = len < sizeof type_mark ? NULL : end - (sizeof type_mark - 1);
    while (at != NULL && memcmp(at, type_mark, sizeof type_mark - 1) != 0) {
        at = memrchr(json, ',', (size_t)(at - json));
    }
    if (at == NULL) {
        return false;
    }
    *type = raw_text(at + sizeof type_mark - 1, end);
    *value = (struct raw){NULL, 0};
    const char *behind = type->bytes == NULL ? end : type->bytes + type->len + 1;
    if ((size_t)(end - behind) > sizeof value_mark &&
        memcmp(behind, value_mark, sizeof value_mark - 1) == 0) {
        *value = raw_text(behind + sizeof value_mark - 1, end);
    }
    return type->bytes != NULL &&
           ends_element(value->bytes == NULL ? behind : value->bytes + value->len + 1, end);
}

/* NUL-terminated, in `room` or in the arena; NULL for what is surely a string. */
static const char *plain_text(struct cutting *cutting, const struct raw *text, char *room)
{
    if (memchr(text->bytes, '\\', text->len) != NULL) {
        return NULL;
    }
    char *to = text->len < SHORT_TEXT ? room : arena_alloc(cutting->arena, text->len + 1);
    if (to != NULL) {
        memcpy(to, text->bytes, text->len);
        to[text->len] = '\0';
    }
    return to;
}

static bool is_bare(struct cutting *cutting, const struct raw *type, const struct raw *value)
{
    char type_room[SHORT_TEXT];
    char value_room[SHORT_TEXT];
    /* What is long and begins like no number is not worth a copy. */
    if (value->len >= SHORT_TEXT && strchr("-0123456789", value->bytes[0]) == NULL) {
        return false;
    }
    const char *name = plain_text(cutting, type, type_room);
    const char *text = name == NULL ? NULL : plain_text(cutting, value, value_room);
    return text != NULL && aas_value_is_bare(name, text);
}

static APART void add_literal(
    struct cutting *cutting, const struct raw *type, const struct raw *value)
{
    bool bare = is_bare(cutting, type, value);
    buf_add(cutting->buf, "\"", bare ? 0 : 1);
    buf_add(cutting->buf, value->bytes, value->len);
    buf_add(cutting->buf, "\"", bare ? 0 : 1);
}

/* ------------------------------------------------------------------ anything */

static enum err_code read_tree(struct cutting *cutting, const struct path_entry *entry,
    const struct meta_class *cls, struct aas_node **tree)
{
    return aas_json_read(cutting->arena, cutting->index->json + entry->offset, entry->len, cls,
        NULL, tree, cutting->err);
}

/* `name` NULL: an item of a list or the addressed element itself, which is null without a value. */
struct named {
    const struct path_entry *name;
    bool *any; /* something stands before it */
};

static void add_name(struct cutting *cutting, const struct named *named)
{
    struct buf *buf = cutting->buf;
    if (named->name != NULL) {
        buf_add_text(buf, *named->any ? ",\"" : "\"");
        buf_add(buf, cutting->index->json + named->name->name_offset, named->name->name_len);
        buf_add_text(buf, "\":");
        *named->any = true;
    }
}

static enum err_code add_children(
    struct cutting *cutting, size_t at, const struct path_entry *entry, unsigned level);

static APART enum err_code add_read(struct cutting *cutting, const struct path_entry *entry,
    const struct meta_class *cls, unsigned level, const struct named *named)
{
    struct aas_node *tree;
    enum err_code code = read_tree(cutting, entry, cls, &tree);
    if (code != ERR_OK || (named->name != NULL && !aas_value_present(tree))) {
        return code;
    }
    add_name(cutting, named);
    return level == 0 ? aas_value_write(cutting->buf, tree, cutting->flags, cutting->err)
                      : aas_value_write_below(cutting->buf, tree, cutting->flags, cutting->err);
}

static enum err_code add_element(
    struct cutting *cutting, size_t at, unsigned level, const struct named *named)
{
    struct path_entry entry;
    struct raw type;
    struct raw value;
    if (!path_index_entry(cutting->index, at, &entry)) {
        return damaged(cutting);
    }
    const struct meta_class *cls = path_index_class(cutting->index, &entry);
    if (cls == NULL) {
        return damaged(cutting);
    }
    if (cls->form == META_FORM_PROPERTY &&
        find_literal(cutting->index->json + entry.offset, entry.len, &type, &value)) {
        if (value.bytes != NULL || named->name == NULL) {
            add_name(cutting, named);
        }
        if (value.bytes != NULL) {
            add_literal(cutting, &type, &value);
        } else if (named->name == NULL) {
            buf_add_text(cutting->buf, "null");
        }
        return ERR_OK;
    }
    bool container = cls->form == META_FORM_SUBMODEL || cls->form == META_FORM_COLLECTION ||
                     cls->form == META_FORM_LIST;
    if (!container || entry.skip == 1) {
        return add_read(cutting, &entry, cls, level, named);
    }
    add_name(cutting, named);
    return add_children(cutting, at, &entry, level);
}

/* ------------------------------------------------------------------ collections and lists */

/* Names of siblings so far: of several with one name the first counts. */
struct names {
    const struct path_index *index;
    struct path_entry few[FEW_SIBLINGS];
    struct path_entry *table; /* open addressing in the arena; name_len 0 is free */
    size_t room;              /* a power of two */
    size_t count;
};

static bool same_name(
    const struct names *names, const struct path_entry *a, const struct path_entry *b)
{
    return a->name_hash == b->name_hash && a->name_len == b->name_len &&
           memcmp(names->index->json + a->name_offset, names->index->json + b->name_offset,
               a->name_len) == 0;
}

/* The place of a name in the table, or the free one for it. */
static struct path_entry *table_place(const struct names *names, const struct path_entry *entry)
{
    size_t at = entry->name_hash & (names->room - 1);
    while (names->table[at].name_len != 0 && !same_name(names, &names->table[at], entry)) {
        at = (at + 1) & (names->room - 1);
    }
    return &names->table[at];
}

static bool is_taken(const struct names *names, const struct path_entry *entry)
{
    if (names->table != NULL) {
        return table_place(names, entry)->name_len != 0;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (same_name(names, &names->few[i], entry)) {
            return true;
        }
    }
    return false;
}

static void take_name(struct names *names, const struct path_entry *entry)
{
    if (names->table != NULL) {
        *table_place(names, entry) = *entry;
    } else {
        names->few[names->count++] = *entry;
    }
}

static size_t count_children(const struct path_index *index, size_t at, size_t end)
{
    struct path_entry child;
    size_t count = 0;
    for (; at < end && path_index_entry(index, at, &child); at += child.skip) {
        count++;
    }
    return count;
}

static struct names *names_begin(struct cutting *cutting, size_t at, size_t end)
{
    size_t count = count_children(cutting->index, at, end);
    struct names *names = arena_alloc(cutting->arena, sizeof *names);
    if (names == NULL || count <= FEW_SIBLINGS) {
        if (names != NULL) {
            names->index = cutting->index;
        }
        return names;
    }
    names->index = cutting->index;
    names->room = 4 * FEW_SIBLINGS;
    while (names->room < 2 * count) {
        names->room *= 2;
    }
    names->table = arena_alloc(cutting->arena, names->room * sizeof *names->table);
    return names->table == NULL ? NULL : names;
}

static enum err_code add_members(struct cutting *cutting, size_t at, size_t end, unsigned level)
{
    struct path_entry child;
    bool any = false;
    enum err_code code = ERR_OK;
    struct names *names = names_begin(cutting, at, end);
    if (names == NULL) {
        return err_set(cutting->err, ERR_TOO_LARGE, "%s", err_default_text(ERR_TOO_LARGE));
    }
    for (; code == ERR_OK && at < end; at += child.skip) {
        if (!path_index_entry(cutting->index, at, &child)) {
            return damaged(cutting);
        }
        bool named = child.name_len != PATH_NO_NAME && child.name_len > 0;
        size_t before = cutting->buf->len;
        if (named && !is_taken(names, &child)) {
            code =
                add_element(cutting, at, level + 1, &(struct named){.name = &child, .any = &any});
            if (cutting->buf->len > before) {
                take_name(names, &child);
            }
        }
    }
    return code;
}

static enum err_code add_items(struct cutting *cutting, size_t at, size_t end, unsigned level)
{
    struct path_entry child;
    size_t first = at;
    enum err_code code = ERR_OK;
    for (; code == ERR_OK && at < end; at += child.skip) {
        if (!path_index_entry(cutting->index, at, &child)) {
            return damaged(cutting);
        }
        buf_add(cutting->buf, ",", at > first ? 1 : 0);
        code = add_element(cutting, at, level + 1, &(struct named){.name = NULL});
    }
    return code;
}

static enum err_code add_children(
    struct cutting *cutting, size_t at, const struct path_entry *entry, unsigned level)
{
    bool list = (entry->flags & PATH_INDEXED) != 0;
    bool cut_off = (cutting->flags & AAS_VALUE_CORE) != 0 && level > 0;
    size_t end = at + entry->skip;
    enum err_code code = ERR_OK;
    buf_add_char(cutting->buf, list ? '[' : '{');
    if (!cut_off) {
        code = list ? add_items(cutting, at + 1, end, level)
                    : add_members(cutting, at + 1, end, level);
    }
    buf_add_char(cutting->buf, list ? ']' : '}');
    return code;
}

enum err_code cut_value(struct arena *arena, struct buf *buf, const struct path_index *index,
    size_t at, unsigned flags, struct err *err)
{
    struct cutting cutting = {
        .arena = arena, .buf = buf, .index = index, .flags = flags, .err = err};
    return add_element(&cutting, at, 0, &(struct named){.name = NULL});
}

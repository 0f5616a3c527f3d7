/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "aas/value.h"

struct value_writer {
    struct buf *buf;
    unsigned flags;
    bool no_memory;
};

/* ------------------------------------------------------------------ literals */

/* Digits that a double can have without an exponent. */
enum { LARGEST_PLAIN = 300 };

/* The types whose literals may be JSON numbers (IDTA-01001, "Data type to value mapping"). */
static bool is_numeric(const char *type)
{
    static const char *const types[] = {"xs:int", "xs:double", "xs:integer", "xs:float",
        "xs:decimal", "xs:long", "xs:short", "xs:byte", "xs:unsignedInt", "xs:unsignedLong",
        "xs:unsignedShort", "xs:unsignedByte", "xs:nonNegativeInteger", "xs:positiveInteger",
        "xs:nonPositiveInteger", "xs:negativeInteger"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *digits(const char *at)
{
    return at + strspn(at, "0123456789");
}

/* Integers beyond this are no longer told apart by readers that keep numbers as double. */
static bool beyond_exact(const char *first, size_t len)
{
    static const char limit[] = "9007199254740992"; /* 2^53 */
    size_t limit_len = sizeof limit - 1;
    return len > limit_len || (len == limit_len && memcmp(first, limit, len) > 0);
}

/* True when the literal, as it is spelled, is a JSON number (RFC 8259, section 6) that every reader
 * can hold. */
static bool spelled_as_number(const char *text)
{
    const char *whole = text + (*text == '-');
    const char *at = digits(whole);
    if (at == whole || (*whole == '0' && at - whole > 1)) {
        return false;
    }
    if (*at == '\0') {
        return !beyond_exact(whole, (size_t)(at - whole));
    }
    if (*at == '.') {
        const char *fraction = at + 1;
        at = digits(fraction);
        if (at == fraction) {
            return false;
        }
    }
    bool exponent = *at == 'e' || *at == 'E';
    if (exponent) {
        const char *power = at + 1;
        power += *power == '+' || *power == '-';
        at = digits(power);
        if (at == power) {
            return false;
        }
    }
    /* Only these can be beyond what a double holds. */
    bool large = exponent || at - text > LARGEST_PLAIN;
    return *at == '\0' && !(large && isinf(strtod(text, NULL)));
}

bool aas_value_is_bare(const char *type, const char *text)
{
    bool word = type != NULL && strcmp(type, "xs:boolean") == 0 &&
                (strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
    return word || (type != NULL && is_numeric(type) && spelled_as_number(text));
}

static void write_literal(
    struct value_writer *w, const struct aas_node *node, const struct aas_slot *slot)
{
    const char *text = slot->u.text;
    if (aas_value_is_bare(aas_text(node, PROP_valueType), text)) {
        buf_add(w->buf, text, slot->len);
    } else {
        buf_add_json_string(w->buf, text, slot->len);
    }
}

/* ------------------------------------------------------------------ leaves */

static void write_value(struct value_writer *w, const struct aas_node *node, unsigned level);

static const struct aas_slot *present(const struct aas_node *node, enum meta_prop_id id)
{
    const struct aas_slot *slot = aas_slot(node, id);
    return slot == NULL || slot->state == AAS_ABSENT ? NULL : slot;
}

static void write_name(struct value_writer *w, const char *name, bool *first)
{
    if (!*first) {
        buf_add_char(w->buf, ',');
    }
    *first = false;
    buf_add_json_string(w->buf, name, strlen(name));
    buf_add_char(w->buf, ':');
}

static void write_languages(struct value_writer *w, const struct aas_node *node)
{
    size_t count = 0;
    struct aas_node **texts = aas_list(node, PROP_value, &count);
    buf_add_char(w->buf, '[');
    for (size_t i = 0; i < count; i++) {
        const char *language = aas_text(texts[i], PROP_language);
        const struct aas_slot *text = present(texts[i], PROP_text);
        bool first = true;
        buf_add_text(w->buf, i > 0 ? ",{" : "{");
        write_name(w, language == NULL ? "" : language, &first);
        buf_add_json_string(w->buf, text == NULL ? "" : text->u.text, text == NULL ? 0 : text->len);
        buf_add_char(w->buf, '}');
    }
    buf_add_char(w->buf, ']');
}

/* A specific asset id is its name and its value; one that lacks them stands as it is. */
static void write_item(struct value_writer *w, const struct aas_node *item)
{
    const char *name = item->cls->id == CLASS_SpecificAssetId ? aas_text(item, PROP_name) : NULL;
    const struct aas_slot *value = name == NULL ? NULL : present(item, PROP_value);
    if (value == NULL) {
        aas_json_write(w->buf, item, 0, NULL);
        return;
    }
    bool first = true;
    buf_add_char(w->buf, '{');
    write_name(w, name, &first);
    buf_add_json_string(w->buf, value->u.text, value->len);
    buf_add_char(w->buf, '}');
}

/* One attribute as a member: text, Reference in its normal form, or list of such objects. */
static void write_member(
    struct value_writer *w, const struct aas_node *node, enum meta_prop_id id, bool *first)
{
    const struct aas_slot *slot = present(node, id);
    if (slot == NULL) {
        return;
    }
    write_name(w, meta_prop_name(id), first);
    if (slot->state == AAS_NODE) {
        aas_json_write(w->buf, slot->u.node, 0, NULL);
        return;
    }
    if (slot->state == AAS_TEXT) {
        const struct meta_prop *prop = &node->cls->props[slot - node->slots];
        if (prop->flags & META_TYPED_VALUE) {
            write_literal(w, node, slot);
        } else {
            buf_add_json_string(w->buf, slot->u.text, slot->len);
        }
        return;
    }
    buf_add_char(w->buf, '[');
    for (uint32_t i = 0; i < slot->len; i++) {
        buf_add(w->buf, ",", i > 0);
        write_item(w, slot->u.nodes[i]);
    }
    buf_add_char(w->buf, ']');
}

static void write_members(struct value_writer *w, const struct aas_node *node,
    const enum meta_prop_id *ids, size_t count, bool *first)
{
    for (size_t i = 0; i < count; i++) {
        bool blob = node->cls->form == META_FORM_BLOB && ids[i] == PROP_value;
        if (!blob || !(w->flags & AAS_VALUE_WITHOUT_BLOB)) {
            write_member(w, node, ids[i], first);
        }
    }
}

/* ------------------------------------------------------------------ children by name */

/* idShorts written so far into one object: published templates hold siblings of one name, JSON
 * cannot; the first one counts, as it does for paths. */
struct names {
    const char **table; /* open addressing, NULL is free */
    size_t room;        /* a power of two */
};

static size_t hash_of(const char *name)
{
    uint64_t hash = 14695981039346656037ULL;
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 1099511628211ULL;
    }
    return (size_t)(hash ^ hash >> 32);
}

static bool names_begin(struct names *names, size_t count)
{
    names->room = 4;
    while (names->room < 2 * count) {
        names->room *= 2;
    }
    names->table = count < 2 ? NULL : calloc(names->room, sizeof *names->table);
    return count < 2 || names->table != NULL;
}

static bool names_add(struct names *names, const char *name)
{
    if (names->table == NULL) {
        return true;
    }
    size_t at = hash_of(name) & (names->room - 1);
    for (; names->table[at] != NULL; at = (at + 1) & (names->room - 1)) {
        if (strcmp(names->table[at], name) == 0) {
            return false;
        }
    }
    names->table[at] = name;
    return true;
}

/* level=core: the children of the addressed element are there, theirs are not. */
static bool cut_off(const struct value_writer *w, unsigned level)
{
    return (w->flags & AAS_VALUE_CORE) && level > 0;
}

/* What stands for an element below: nothing when it has no value-only form or no value. */
bool aas_value_present(const struct aas_node *node)
{
    if (node->cls->form == META_FORM_NONE) {
        return false;
    }
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        unsigned flags = node->cls->props[i].flags;
        bool carries = (flags & META_IS_VALUE) && node->cls->props[i].id != PROP_valueId;
        if (carries && node->slots[i].state != AAS_ABSENT) {
            return true;
        }
    }
    return node->cls->form == META_FORM_ENTITY && present(node, PROP_entityType) != NULL;
}

/* The children as members of one object or, `one_by_one`, as a list of objects with one member. */
static void write_children(
    struct value_writer *w, const struct aas_node *node, unsigned level, bool one_by_one)
{
    struct names names;
    size_t count = 0;
    struct aas_node **children = aas_children(node, &count);
    if (!names_begin(&names, count)) {
        w->no_memory = true;
        return;
    }
    bool none = true;
    buf_add_char(w->buf, one_by_one ? '[' : '{');
    for (size_t i = 0; i < count && !cut_off(w, level); i++) {
        const char *id_short = aas_text(children[i], PROP_idShort);
        bool named = id_short != NULL && id_short[0] != '\0';
        if (!named || !aas_value_present(children[i]) || !names_add(&names, id_short)) {
            continue;
        }
        bool first = none || one_by_one;
        if (one_by_one) {
            buf_add_text(w->buf, none ? "{" : ",{");
        }
        none = false;
        write_name(w, id_short, &first);
        write_value(w, children[i], level + 1);
        buf_add(w->buf, "}", one_by_one);
    }
    buf_add_char(w->buf, one_by_one ? ']' : '}');
    free(names.table);
}

/* Items keep their places: the index in the array is the index in the list. */
static void write_items(struct value_writer *w, const struct aas_node *node, unsigned level)
{
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    buf_add_char(w->buf, '[');
    for (size_t i = 0; i < count && !cut_off(w, level); i++) {
        buf_add(w->buf, ",", i > 0);
        write_value(w, items[i], level + 1);
    }
    buf_add_char(w->buf, ']');
}

/* ------------------------------------------------------------------ elements */

#define MEMBERS(...)                                                                               \
    (const enum meta_prop_id[]){__VA_ARGS__},                                                      \
        sizeof((const enum meta_prop_id[]){__VA_ARGS__}) / sizeof(enum meta_prop_id)

static void write_entity(struct value_writer *w, const struct aas_node *node, unsigned level)
{
    bool first = true;
    if (present(node, PROP_statements) != NULL && !cut_off(w, level)) {
        write_name(w, "statements", &first);
        write_children(w, node, level, false);
    }
    write_members(
        w, node, MEMBERS(PROP_entityType, PROP_globalAssetId, PROP_specificAssetIds), &first);
}

static void write_object(struct value_writer *w, const struct aas_node *node, unsigned level)
{
    bool first = true;
    buf_add_char(w->buf, '{');
    switch (node->cls->form) {
    case META_FORM_RANGE:
        write_members(w, node, MEMBERS(PROP_min, PROP_max), &first);
        break;
    case META_FORM_FILE:
    case META_FORM_BLOB:
        write_members(w, node, MEMBERS(PROP_contentType, PROP_value), &first);
        break;
    case META_FORM_RELATIONSHIP:
    case META_FORM_ANNOTATED_RELATIONSHIP:
        write_members(w, node, MEMBERS(PROP_first, PROP_second), &first);
        if (present(node, PROP_annotations) != NULL && !cut_off(w, level)) {
            write_name(w, "annotations", &first);
            write_children(w, node, level, true);
        }
        break;
    case META_FORM_EVENT:
        write_members(w, node, MEMBERS(PROP_observed), &first);
        break;
    default:
        write_entity(w, node, level);
        break;
    }
    buf_add_char(w->buf, '}');
}

static void write_value(struct value_writer *w, const struct aas_node *node, unsigned level)
{
    switch (node->cls->form) {
    case META_FORM_SUBMODEL:
    case META_FORM_COLLECTION:
        write_children(w, node, level, false);
        return;
    case META_FORM_LIST:
        write_items(w, node, level);
        return;
    default:
        break;
    }
    if (!aas_value_present(node)) {
        /* Where elements stand inside, null would ask to clear them. */
        buf_add_text(w->buf, meta_children_slot(node->cls) >= 0 ? "{}" : "null");
        return;
    }
    switch (node->cls->form) {
    case META_FORM_PROPERTY:
        write_literal(w, node, aas_slot(node, PROP_value));
        return;
    case META_FORM_MULTI_LANGUAGE:
        write_languages(w, node);
        return;
    case META_FORM_REFERENCE:
        aas_json_write(w->buf, aas_child(node, PROP_value), 0, NULL);
        return;
    default:
        write_object(w, node, level);
    }
}

enum err_code aas_value_write(
    struct buf *buf, const struct aas_node *node, unsigned flags, struct err *err)
{
    struct value_writer w = {.buf = buf, .flags = flags};
    if (node->cls->form == META_FORM_NONE) {
        char path[256];
        aas_print_path(node, path, sizeof path);
        err_set(err, ERR_BAD_INPUT, "a %s has no value", node->cls->name);
        err_rule(err, "value-structure", "Read the element without $value.");
        err_place(err, path, 0, 0);
        return ERR_BAD_INPUT;
    }
    write_value(&w, node, 0);
    return w.no_memory ? err_set(err, ERR_NO_MEMORY, "not enough memory for the value") : ERR_OK;
}

enum err_code aas_value_write_below(
    struct buf *buf, const struct aas_node *node, unsigned flags, struct err *err)
{
    struct value_writer w = {.buf = buf, .flags = flags};
    write_value(&w, node, 1);
    return w.no_memory ? err_set(err, ERR_NO_MEMORY, "not enough memory for the value") : ERR_OK;
}

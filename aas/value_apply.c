/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/children.h"
#include "aas/path.h"
#include "aas/value_parts.h"

enum { SHOWN = 80 }; /* bytes of a name inside a message */

static enum err_code apply(
    struct value_applying *ap, struct aas_node *node, const struct json *value);

/* ------------------------------------------------------------------ refusing */

/* Completes an err whose sentence is set. */
enum err_code value_refuse(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *rule, const char *remedy)
{
    char path[512];
    aas_print_path(node, path, sizeof path);
    err_rule(ap->err, rule, remedy);
    err_place(ap->err, path, value->line, value->column);
    return ERR_BAD_INPUT;
}

enum err_code value_no_room(struct value_applying *ap)
{
    err_set(ap->err, ERR_TOO_LARGE, "the value needs more memory than allowed");
    err_rule(ap->err, "value-size", "Send the value in smaller pieces.");
    return ERR_TOO_LARGE;
}

const char *value_kind_name(const struct json *value)
{
    static const char *const names[] = {
        "null", "true", "false", "a number", "a string", "an array", "an object"};
    return names[value->kind];
}

enum err_code value_wrong_kind(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *wanted)
{
    char remedy[128];
    err_set(ap->err, ERR_BAD_INPUT, "the value of a %s cannot be %s", node->cls->name,
        value_kind_name(value));
    snprintf(remedy, sizeof remedy, "Send %s.", wanted);
    return value_refuse(ap, node, value, "value-structure", remedy);
}

/* ------------------------------------------------------------------ changes */

static enum err_code add_change(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, const struct aas_slot *value)
{
    struct value_change *one = arena_alloc(ap->arena, sizeof *one);
    if (one == NULL) {
        return value_no_room(ap);
    }
    one->slot = aas_slot_mut(node, id);
    one->value = *value;
    *ap->tail = one;
    ap->tail = &one->next;
    return ERR_OK;
}

enum err_code value_change_text(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, const char *text, size_t len)
{
    struct aas_slot slot = {.state = AAS_TEXT, .len = (uint32_t)len};
    slot.u.text = arena_copy(ap->arena, text, len);
    return slot.u.text == NULL ? value_no_room(ap) : add_change(ap, node, id, &slot);
}

enum err_code value_clear(struct value_applying *ap, struct aas_node *node, enum meta_prop_id id)
{
    return add_change(ap, node, id, &(struct aas_slot){.state = AAS_ABSENT});
}

static void adopt(
    struct aas_node *parent, enum meta_prop_id id, struct aas_node *child, size_t index)
{
    child->parent = parent;
    child->parent_slot = (uint32_t)meta_slot(parent->cls, id);
    child->index = (uint32_t)index;
}

enum err_code value_change_list(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, struct aas_node **list, size_t count)
{
    if (count == 0) {
        return value_clear(ap, node, id);
    }
    struct aas_slot slot = {.state = AAS_NODES, .len = (uint32_t)count, .u.nodes = list};
    for (size_t i = 0; i < count; i++) {
        adopt(node, id, list[i], i);
    }
    return add_change(ap, node, id, &slot);
}

enum err_code value_change_node(
    struct value_applying *ap, struct aas_node *node, enum meta_prop_id id, struct aas_node *child)
{
    adopt(node, id, child, 0);
    return add_change(
        ap, node, id, &(struct aas_slot){.state = AAS_NODE, .len = 1, .u.node = child});
}

/* ------------------------------------------------------------------ children */

static bool is_passed_over(const struct value_applying *ap)
{
    return ap->core && ap->level > 0;
}

static enum err_code apply_below(
    struct value_applying *ap, struct aas_node *child, const struct json *value)
{
    ap->level++;
    enum err_code code = apply(ap, child, value);
    ap->level--;
    return code;
}

static enum err_code apply_named(struct value_applying *ap, const struct aas_node *node,
    const struct aas_children_named *family, const struct json *object)
{
    enum err_code code = ERR_OK;
    for (const struct json *at = object->first; code == ERR_OK && at != NULL; at = at->next) {
        struct aas_node *child = at->name[0] == '\0' ? NULL : aas_children_find(family, at->name);
        if (child == NULL) {
            err_set(ap->err, ERR_BAD_INPUT, "there is no element \"%.*s\" here",
                aas_utf8_cut(at->name, at->name_len, SHOWN), at->name);
            return value_refuse(
                ap, node, at, "value-path", "Check the idShort; values cannot create elements.");
        }
        code = apply_below(ap, child, at);
    }
    return code;
}

/* Children by name: an object, or a list of objects with one member each (annotations). */
static enum err_code apply_children(
    struct value_applying *ap, const struct aas_node *node, const struct json *value)
{
    struct aas_children_named family;
    if (is_passed_over(ap)) {
        return ERR_OK;
    }
    enum err_code code = aas_children_gather(ap->arena, node, &family);
    if (code != ERR_OK) {
        return value_no_room(ap);
    }
    if (value->kind == JSON_OBJECT) {
        return apply_named(ap, node, &family, value);
    }
    bool annotations = node->cls->form == META_FORM_ANNOTATED_RELATIONSHIP;
    if (value->kind != JSON_ARRAY || !annotations) {
        return value_wrong_kind(ap, node, value, "an object with the idShorts of its elements");
    }
    for (const struct json *at = value->first; code == ERR_OK && at != NULL; at = at->next) {
        code = at->kind == JSON_OBJECT
                   ? apply_named(ap, node, &family, at)
                   : value_wrong_kind(ap, node, at, "objects such as {\"Rule\":\"A\"}");
    }
    return code;
}

static enum err_code apply_items(
    struct value_applying *ap, const struct aas_node *node, const struct json *value)
{
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    if (is_passed_over(ap)) {
        return ERR_OK;
    }
    if (value->kind != JSON_ARRAY) {
        return value_wrong_kind(ap, node, value, "an array with one value for each element");
    }
    if (value->count != count) {
        err_set(ap->err, ERR_BAD_INPUT, "the list has %zu elements, but %u values came", count,
            value->count);
        return value_refuse(ap, node, value, "value-structure",
            "Send one value for each element, or change single elements by their index; values "
            "cannot add or remove elements.");
    }
    enum err_code code = ERR_OK;
    size_t i = 0;
    for (const struct json *at = value->first; code == ERR_OK && at != NULL; at = at->next) {
        code = apply_below(ap, items[i++], at);
    }
    return code;
}

/* ------------------------------------------------------------------ objects of attributes */

/* What the value-only form of a class has: its values, and the type of an entity. */
static bool is_in_value(const struct meta_prop *prop)
{
    return prop->id == PROP_entityType ||
           ((prop->flags & META_IS_VALUE) && prop->id != PROP_valueId);
}

static void list_members(const struct meta_class *cls, char *to, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < cls->prop_count && len < size; i++) {
        if (is_in_value(&cls->props[i])) {
            int more =
                snprintf(to + len, size - len, "%s\"%s\"", len > 0 ? ", " : "", cls->props[i].name);
            len += more > 0 ? (size_t)more : 0;
        }
    }
}

static enum err_code apply_attribute(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value)
{
    if (prop->flags & META_CHILDREN) {
        return apply_children(ap, node, value);
    }
    if (value->kind == JSON_NULL) {
        return value_clear(ap, node, prop->id);
    }
    if (prop->flags & META_TYPED_VALUE) {
        return value_apply_literal(ap, node, prop->id, value);
    }
    switch (prop->kind) {
    case META_NODE:
        return value_apply_normal(ap, node, prop, value);
    case META_LIST:
        return value_apply_normals(ap, node, prop, value);
    default:
        return value_apply_text(ap, node, prop, value);
    }
}

static VALUE_APART enum err_code refuse_shape(
    struct value_applying *ap, const struct aas_node *node, const struct json *value)
{
    char members[128] = "";
    char wanted[192];
    list_members(node->cls, members, sizeof members);
    snprintf(wanted, sizeof wanted, "an object with %s", members);
    return value_wrong_kind(ap, node, value, wanted);
}

static VALUE_APART enum err_code refuse_member(
    struct value_applying *ap, const struct aas_node *node, const struct json *member)
{
    char members[128] = "";
    char remedy[192];
    list_members(node->cls, members, sizeof members);
    snprintf(remedy, sizeof remedy, "It has %s.", members);
    err_set(ap->err, ERR_BAD_INPUT, "the value of a %s has no \"%.*s\"", node->cls->name,
        aas_utf8_cut(member->name, member->name_len, SHOWN), member->name);
    return value_refuse(ap, node, member, "value-structure", remedy);
}

static enum err_code apply_object(
    struct value_applying *ap, struct aas_node *node, const struct json *value)
{
    if (value->kind != JSON_OBJECT) {
        return refuse_shape(ap, node, value);
    }
    enum err_code code = ERR_OK;
    for (const struct json *at = value->first; code == ERR_OK && at != NULL; at = at->next) {
        int slot = meta_slot_by_name(node->cls, at->name, at->name_len);
        bool known = slot >= 0 && is_in_value(&node->cls->props[slot]);
        code = known ? apply_attribute(ap, node, &node->cls->props[slot], at)
                     : refuse_member(ap, node, at);
    }
    return code;
}

/* null: what makes up the value goes, a content type stays because the element needs one. */
static enum err_code clear_value(
    struct value_applying *ap, struct aas_node *node, const struct json *value)
{
    if (meta_children_slot(node->cls) >= 0) {
        return value_wrong_kind(ap, node, value, "the values of the elements inside");
    }
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        if (is_in_value(prop) && prop->id != PROP_contentType) {
            code = value_clear(ap, node, prop->id);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ elements */

static enum err_code refuse_none(
    struct value_applying *ap, const struct aas_node *node, const struct json *value)
{
    err_set(ap->err, ERR_BAD_INPUT, "a %s has no value", node->cls->name);
    return value_refuse(ap, node, value, "value-structure", "Leave the element out.");
}

static enum err_code apply(
    struct value_applying *ap, struct aas_node *node, const struct json *value)
{
    enum meta_value_form form = node->cls->form;
    if (form == META_FORM_NONE) {
        /* A list has null in the place of an element without value. */
        return value->kind == JSON_NULL ? ERR_OK : refuse_none(ap, node, value);
    }
    if (value->kind == JSON_NULL) {
        return clear_value(ap, node, value);
    }
    switch (form) {
    case META_FORM_PROPERTY:
        return value_apply_literal(ap, node, PROP_value, value);
    case META_FORM_MULTI_LANGUAGE:
        return value_apply_languages(ap, node, value);
    case META_FORM_REFERENCE:
        return value_apply_normal(
            ap, node, &node->cls->props[meta_slot(node->cls, PROP_value)], value);
    case META_FORM_SUBMODEL:
    case META_FORM_COLLECTION:
        return apply_children(ap, node, value);
    case META_FORM_LIST:
        return apply_items(ap, node, value);
    default:
        return apply_object(ap, node, value);
    }
}

static enum err_code apply_all(struct arena *arena, struct aas_node *node, const struct json *value,
    bool core, struct err *err)
{
    struct value_applying ap = {.arena = arena, .err = err, .core = core};
    ap.tail = &ap.first;
    enum err_code code =
        node->cls->form == META_FORM_NONE ? refuse_none(&ap, node, value) : apply(&ap, node, value);
    if (code != ERR_OK) {
        return code;
    }
    for (const struct value_change *at = ap.first; at != NULL; at = at->next) {
        *at->slot = at->value;
    }
    return ERR_OK;
}

enum err_code aas_value_apply(
    struct arena *arena, struct aas_node *node, const struct json *value, struct err *err)
{
    return apply_all(arena, node, value, false, err);
}

enum err_code aas_value_apply_core(
    struct arena *arena, struct aas_node *node, const struct json *value, struct err *err)
{
    return apply_all(arena, node, value, true, err);
}

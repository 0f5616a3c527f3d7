/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PATCH of submodels and elements in their normal form and in $metadata. The body names what
 * changes: an attribute that is in it replaces the one that is there, null takes it away, and what
 * is not in it stays. Elements in it are found by idShort (items of lists by position), must be
 * there with the same type, and are changed in the same way. The whole is judged afterwards, so
 * that all of it happens or nothing.
 */
#include "api/handlers.h"

#include <string.h>

#include "aas/children.h"
#include "aas/json.h"
#include "aas/path.h"
#include "api/context.h"
#include "api/element.h"
#include "api/parameters.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum { SHOWN = 128 }; /* bytes of a name inside a message */

struct patch {
    struct aas_path path; /* empty: the submodel itself */
    const struct json *body;
    bool metadata;
    bool
        core; /* level=core: what stands below the children of the addressed thing is not changed */
};

/* Everything that one merge needs, for the levels of the recursion. */
struct merging {
    const struct patch *patch;
    struct arena *arena;
    struct err *err;
};

static enum err_code merge(
    struct merging *merging, struct aas_node *node, const struct json *body, unsigned level);

/* ------------------------------------------------------------------ refusing */

static __attribute__((noinline, cold)) enum err_code refuse(struct merging *merging,
    const struct aas_node *node, const struct json *at, const char *rule, const char *remedy)
{
    char path[512];
    aas_print_path(node, path, sizeof path);
    err_rule(merging->err, rule, remedy);
    err_place(merging->err, path, at->line, at->column);
    return ERR_BAD_INPUT;
}

static __attribute__((noinline, cold)) enum err_code refuse_kind(
    struct merging *merging, const struct aas_node *node, const struct json *at, const char *wanted)
{
    err_set(merging->err, ERR_BAD_INPUT, "%s is expected here", wanted);
    return refuse(merging, node, at, "patch-structure", "Send the form that GET answers.");
}

/* ------------------------------------------------------------------ attributes */

static const struct meta_prop *attribute(const struct aas_node *node, const struct json *member)
{
    int slot = meta_slot_by_name(node->cls, member->name, member->name_len);
    return slot < 0 ? NULL : &node->cls->props[slot];
}

static enum err_code check_member(
    struct merging *merging, const struct aas_node *node, const struct json *member)
{
    const struct meta_prop *prop = attribute(node, member);
    if (strcmp(member->name, "modelType") == 0) {
        if (member->kind == JSON_STRING && strcmp(member->text, node->cls->name) == 0) {
            return ERR_OK;
        }
        err_set(merging->err, ERR_BAD_INPUT, "the element here is a %s", node->cls->name);
        return refuse(merging, node, member, "patch-type",
            "A change keeps the type; use PUT to replace the element by one of another type.");
    }
    if (prop == NULL) {
        err_set(merging->err, ERR_BAD_INPUT, "a %s has no \"%.*s\"", node->cls->name,
            aas_utf8_cut(member->name, member->name_len, SHOWN), member->name);
        return refuse(merging, node, member, "patch-structure", "Check the spelling.");
    }
    bool value = (prop->flags & META_IS_VALUE) != 0 && (prop->flags & META_CHILDREN) == 0;
    if (merging->patch->metadata && value) {
        err_set(merging->err, ERR_BAD_INPUT, "\"%s\" is a value, which $metadata never changes",
            prop->name);
        return refuse(merging, node, member, "patch-structure",
            "Leave it out, or send it to the address without $metadata.");
    }
    return ERR_OK;
}

static bool is_plain(const struct aas_node *node, const struct json *member)
{
    const struct meta_prop *prop = attribute(node, member);
    return prop != NULL && member->kind != JSON_NULL && (prop->flags & META_CHILDREN) == 0;
}

/* The attributes of the body without what is treated apart: an object of their own for the reader.
 * NULL: the arena is full. */
static struct json *attributes_of(
    struct merging *merging, const struct aas_node *node, const struct json *body)
{
    struct json *object = arena_alloc(merging->arena, 2 * sizeof *object);
    if (object == NULL) {
        return NULL;
    }
    struct json *type = object + 1;
    *object = *body;
    object->first = type;
    object->count = 1;
    *type = (struct json){.name = "modelType",
        .name_len = 9,
        .text = node->cls->name,
        .len = (uint32_t)strlen(node->cls->name),
        .line = body->line,
        .column = body->column,
        .kind = JSON_STRING};
    struct json **tail = &type->next;
    for (const struct json *at = body->first; at != NULL; at = at->next) {
        if (is_plain(node, at)) {
            struct json *copy = arena_alloc(merging->arena, sizeof *copy);
            if (copy == NULL) {
                return NULL;
            }
            *copy = *at;
            copy->next = NULL;
            *tail = copy;
            tail = &copy->next;
            object->count++;
        }
    }
    return object;
}

static enum err_code read_attributes(struct merging *merging, const struct aas_node *node,
    const struct json *body, struct aas_node **made)
{
    struct err why = {.code = ERR_OK};
    struct json *object = attributes_of(merging, node, body);
    if (object == NULL) {
        return support_full(merging->err);
    }
    enum err_code code = aas_json_read_value(merging->arena, object, node->cls, NULL, made, &why);
    if (code == ERR_UNREADABLE) {
        err_set(merging->err, ERR_BAD_INPUT, "%s", why.text);
        return refuse(
            merging, node, body, why.rule[0] != '\0' ? why.rule : "patch-structure", why.remedy);
    }
    return code == ERR_OK ? ERR_OK : support_full(merging->err);
}

/* Moves one attribute over; what it consists of gets its new parent. */
static enum err_code move_slot(struct merging *merging, struct aas_node *to, struct aas_node *from,
    const struct meta_prop *prop)
{
    struct aas_slot *slot = aas_slot_mut(from, prop->id);
    switch (slot->state) {
    case AAS_NODE:
        return aas_set_node(to, prop->id, slot->u.node);
    case AAS_NODES:
        return aas_set_list(merging->arena, to, prop->id, slot->u.nodes, slot->len);
    default:
        *aas_slot_mut(to, prop->id) = *slot;
        return ERR_OK;
    }
}

static enum err_code set_attributes(
    struct merging *merging, struct aas_node *node, const struct json *body)
{
    struct aas_node *made = NULL;
    bool any = false;
    for (const struct json *at = body->first; at != NULL; at = at->next) {
        any = any || is_plain(node, at);
    }
    enum err_code code = any ? read_attributes(merging, node, body, &made) : ERR_OK;
    for (const struct json *at = body->first; code == ERR_OK && at != NULL; at = at->next) {
        const struct meta_prop *prop = attribute(node, at);
        if (prop != NULL && at->kind == JSON_NULL) {
            aas_clear(node, prop->id);
        } else if (is_plain(node, at)) {
            code = move_slot(merging, node, made, prop);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ elements below */

/* The elements below one, found by position or name. */
struct family {
    bool indexed;
    struct aas_children_named named;
};

static enum err_code gather(
    struct merging *merging, const struct aas_node *node, struct family *family)
{
    int slot = meta_children_slot(node->cls);
    *family = (struct family){.indexed = (node->cls->props[slot].flags & META_INDEXED) != 0};
    if (family->indexed) {
        family->named.children = aas_children(node, &family->named.count);
        return ERR_OK;
    }
    return aas_children_gather(merging->arena, node, &family->named) == ERR_OK
               ? ERR_OK
               : support_full(merging->err);
}

static struct aas_node *child_for(
    const struct family *family, size_t place, const struct json *item)
{
    if (family->indexed) {
        return place < family->named.count ? family->named.children[place] : NULL;
    }
    const struct json *name = json_member(item, "idShort");
    bool named = name != NULL && name->kind == JSON_STRING && name->len > 0;
    return named ? aas_children_find(&family->named, name->text) : NULL;
}

static __attribute__((noinline, cold)) enum err_code refuse_child(struct merging *merging,
    const struct aas_node *node, bool indexed, size_t place, const struct json *item)
{
    const struct json *name = json_member(item, "idShort");
    if (indexed) {
        err_set(merging->err, ERR_BAD_INPUT, "the list has no element at index %zu", place);
    } else if (name == NULL || name->kind != JSON_STRING) {
        err_set(merging->err, ERR_BAD_INPUT, "an element to be changed is named by its idShort");
    } else {
        err_set(merging->err, ERR_BAD_INPUT, "there is no element \"%.*s\" here",
            aas_utf8_cut(name->text, name->len, SHOWN), name->text);
    }
    return refuse(merging, node, item, "patch-path",
        "A change adds no elements: POST or PUT the new one, or PUT the whole.");
}

static enum err_code merge_children(
    struct merging *merging, struct aas_node *node, const struct json *list, unsigned level)
{
    struct family family;
    if (list->kind == JSON_NULL && merging->patch->metadata) {
        return refuse_kind(merging, node, list, "an array of elements");
    }
    if (list->kind == JSON_NULL) {
        return ERR_OK; /* taken away with the attributes */
    }
    if (list->kind != JSON_ARRAY) {
        return refuse_kind(merging, node, list, "an array of elements");
    }
    size_t place = 0;
    enum err_code code = gather(merging, node, &family);
    for (const struct json *item = list->first; code == ERR_OK && item != NULL;
         item = item->next, place++) {
        if (item->kind != JSON_OBJECT) {
            return refuse_kind(merging, node, item, "an element as an object");
        }
        struct aas_node *child = child_for(&family, place, item);
        code = child == NULL ? refuse_child(merging, node, family.indexed, place, item)
                             : merge(merging, child, item, level + 1);
    }
    return code;
}

static enum err_code merge(
    struct merging *merging, struct aas_node *node, const struct json *body, unsigned level)
{
    enum err_code code = ERR_OK;
    for (const struct json *at = body->first; code == ERR_OK && at != NULL; at = at->next) {
        code = check_member(merging, node, at);
        const struct meta_prop *prop = attribute(node, at);
        bool children = prop != NULL && (prop->flags & META_CHILDREN) != 0;
        if (code == ERR_OK && children && !(merging->patch->core && level > 0)) {
            code = merge_children(merging, node, at, level);
        }
    }
    return code == ERR_OK ? set_attributes(merging, node, body) : code;
}

/* ------------------------------------------------------------------ the operation */

static enum err_code apply(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    const struct patch *patch = context;
    struct merging merging = {.patch = patch, .arena = arena, .err = err};
    struct aas_node *node = submodel;
    if (patch->path.count > 0) {
        enum err_code code = aas_path_resolve(submodel, &patch->path, &node, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return merge(&merging, node, patch->body, 0);
}

static enum err_code read_patch(struct api_request *request, struct patch *patch, struct err *err)
{
    struct api_modifiers modifiers;
    struct json *body;
    *patch = (struct patch){.metadata = parameter_form(request) == FORM_METADATA};
    enum err_code code = accept_json_patch(request, err);
    if (code == ERR_OK) {
        code = parameter_level_only(request, "a change", err);
    }
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK && request->capture_count > 1) {
        const struct api_text *path = &request->captures[1];
        code = aas_path_parse(path->text, path->len, &patch->path, err);
    }
    if (code == ERR_OK) {
        code = json_read(&request->arena, request->body, request->body_len, &body, err);
    }
    if (code == ERR_OK && body->kind != JSON_OBJECT) {
        code = err_set(err, ERR_BAD_INPUT, "the body must be an object with what changes");
    }
    if (code == ERR_OK) {
        patch->core = modifiers.core;
        patch->body = body;
    }
    return code;
}

enum err_code handle_content_patch(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct patch patch;
    enum err_code code = read_patch(request, &patch, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", apply, &patch, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

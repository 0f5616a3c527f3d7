/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/tree.h"

#include <string.h>

struct aas_node *aas_node_new(struct arena *arena, const struct meta_class *cls)
{
    struct aas_node *node =
        arena_alloc(arena, sizeof *node + cls->prop_count * sizeof(struct aas_slot));
    if (node != NULL) {
        node->cls = cls;
    }
    return node;
}

const char *aas_last_key(const struct aas_node *reference)
{
    size_t count = 0;
    struct aas_node **keys = reference == NULL ? NULL : aas_list(reference, PROP_keys, &count);
    return count == 0 ? NULL : aas_text(keys[count - 1], PROP_value);
}

struct aas_node **aas_children(const struct aas_node *node, size_t *count)
{
    int slot = meta_children_slot(node->cls);
    return aas_nodes(slot < 0 ? NULL : &node->slots[slot], count);
}

/* ------------------------------------------------------------------ changing */

static void adopt(
    struct aas_node *parent, const struct aas_slot *slot, struct aas_node *child, size_t index)
{
    child->parent = parent;
    child->parent_slot = (uint32_t)(slot - parent->slots);
    child->index = (uint32_t)index;
}

enum err_code aas_set_text(
    struct arena *arena, struct aas_node *node, enum meta_prop_id id, const char *text, size_t len)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot == NULL) {
        return ERR_BAD_INPUT;
    }
    const char *copy = len > UINT32_MAX ? NULL : arena_copy(arena, text, len);
    if (copy == NULL) {
        return ERR_TOO_LARGE;
    }
    slot->state = AAS_TEXT;
    slot->u.text = copy;
    slot->len = (uint32_t)len;
    return ERR_OK;
}

enum err_code aas_set_node(struct aas_node *node, enum meta_prop_id id, struct aas_node *child)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot == NULL) {
        return ERR_BAD_INPUT;
    }
    slot->state = AAS_NODE;
    slot->u.node = child;
    slot->len = 1;
    adopt(node, slot, child, 0);
    return ERR_OK;
}

enum err_code aas_set_list(struct arena *arena, struct aas_node *node, enum meta_prop_id id,
    struct aas_node *const *nodes, size_t count)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot == NULL) {
        return ERR_BAD_INPUT;
    }
    struct aas_node **list =
        count > UINT32_MAX ? NULL : arena_alloc(arena, (count + 1) * sizeof *list);
    if (list == NULL) {
        return ERR_TOO_LARGE;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = nodes[i];
        adopt(node, slot, list[i], i);
    }
    slot->state = AAS_NODES;
    slot->u.nodes = list;
    slot->len = (uint32_t)count;
    return ERR_OK;
}

void aas_clear(struct aas_node *node, enum meta_prop_id id)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot != NULL) {
        memset(slot, 0, sizeof *slot);
    }
}

enum err_code aas_list_insert(struct arena *arena, struct aas_node *node, enum meta_prop_id id,
    size_t at, struct aas_node *child)
{
    size_t count = 0;
    struct aas_node **old = aas_list(node, id, &count);
    struct aas_node **list = arena_alloc(arena, (count + 1) * sizeof *list);
    if (list == NULL) {
        return ERR_TOO_LARGE;
    }
    if (at > count) {
        at = count;
    }
    if (count > 0) {
        memcpy(list, old, at * sizeof *list);
        memcpy(list + at + 1, old + at, (count - at) * sizeof *list);
    }
    list[at] = child;
    return aas_set_list(arena, node, id, list, count + 1);
}

void aas_list_remove(struct aas_node *node, enum meta_prop_id id, size_t at)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot == NULL || slot->state != AAS_NODES || at >= slot->len) {
        return;
    }
    for (size_t i = at; i + 1 < slot->len; i++) {
        slot->u.nodes[i] = slot->u.nodes[i + 1];
        slot->u.nodes[i]->index = (uint32_t)i;
    }
    slot->len--;
    if (slot->len == 0) {
        aas_clear(node, id);
    }
}

void aas_list_replace(
    struct aas_node *node, enum meta_prop_id id, size_t at, struct aas_node *child)
{
    struct aas_slot *slot = aas_slot_mut(node, id);
    if (slot != NULL && slot->state == AAS_NODES && at < slot->len) {
        slot->u.nodes[at] = child;
        adopt(node, slot, child, at);
    }
}

/* ------------------------------------------------------------------ whole trees */

static bool copy_slot(
    struct arena *arena, struct aas_node *to, const struct aas_slot *from, struct aas_slot *slot)
{
    *slot = *from;
    if (from->state == AAS_TEXT) {
        slot->u.text = arena_copy(arena, from->u.text, from->len);
        return slot->u.text != NULL;
    }
    if (from->state == AAS_NODE) {
        slot->u.node = aas_copy(arena, from->u.node);
        if (slot->u.node != NULL) {
            adopt(to, slot, slot->u.node, 0);
        }
        return slot->u.node != NULL;
    }
    if (from->state == AAS_NODES) {
        slot->u.nodes = arena_alloc(arena, (from->len + (size_t)1) * sizeof *slot->u.nodes);
        for (size_t i = 0; slot->u.nodes != NULL && i < from->len; i++) {
            slot->u.nodes[i] = aas_copy(arena, from->u.nodes[i]);
            if (slot->u.nodes[i] == NULL) {
                return false;
            }
            adopt(to, slot, slot->u.nodes[i], i);
        }
        return slot->u.nodes != NULL;
    }
    return true;
}

struct aas_node *aas_copy(struct arena *arena, const struct aas_node *node)
{
    struct aas_node *copy = aas_node_new(arena, node->cls);
    if (copy == NULL) {
        return NULL;
    }
    copy->line = node->line;
    copy->column = node->column;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        if (!copy_slot(arena, copy, &node->slots[i], &copy->slots[i])) {
            return NULL;
        }
    }
    return copy;
}

static bool slots_equal(const struct aas_slot *a, const struct aas_slot *b)
{
    if (a->state != b->state || (a->state != AAS_ABSENT && a->len != b->len)) {
        return false;
    }
    if (a->state == AAS_TEXT) {
        return memcmp(a->u.text, b->u.text, a->len) == 0;
    }
    if (a->state == AAS_NODE) {
        return aas_equal(a->u.node, b->u.node);
    }
    for (size_t i = 0; a->state == AAS_NODES && i < a->len; i++) {
        if (!aas_equal(a->u.nodes[i], b->u.nodes[i])) {
            return false;
        }
    }
    return true;
}

bool aas_equal(const struct aas_node *a, const struct aas_node *b)
{
    if (a->cls != b->cls) {
        return false;
    }
    for (size_t i = 0; i < a->cls->prop_count; i++) {
        if (!slots_equal(&a->slots[i], &b->slots[i])) {
            return false;
        }
    }
    return true;
}

static unsigned depth_below(const struct aas_slot *slot)
{
    if (slot->state == AAS_NODE) {
        return aas_depth(slot->u.node);
    }
    unsigned deepest = 0;
    for (size_t i = 0; i < slot->len; i++) {
        unsigned item = aas_depth(slot->u.nodes[i]);
        deepest = item > deepest ? item : deepest;
    }
    return deepest + 1;
}

unsigned aas_depth(const struct aas_node *node)
{
    const struct aas_slot *end = node->slots + node->cls->prop_count;
    unsigned deepest = 0;
    for (const struct aas_slot *slot = node->slots; slot < end; slot++) {
        unsigned below = slot->state >= AAS_NODE ? depth_below(slot) : 0;
        deepest = below > deepest ? below : deepest;
    }
    return deepest + 1;
}

static enum err_code walk_slot(
    const struct aas_slot *slot, uint64_t classes, aas_visit visit, void *context)
{
    enum err_code code = ERR_OK;
    if (slot->state == AAS_NODE) {
        return aas_walk_to(slot->u.node, classes, visit, context);
    }
    for (size_t i = 0; i < slot->len && code == ERR_OK; i++) {
        code = aas_walk_to(slot->u.nodes[i], classes, visit, context);
    }
    return code;
}

enum err_code aas_walk_to(
    const struct aas_node *node, uint64_t classes, aas_visit visit, void *context)
{
    const struct aas_slot *end = node->slots + node->cls->prop_count;
    enum err_code code = ERR_OK;
    if ((meta_within(node->cls) & classes) == 0) {
        return ERR_OK;
    }
    if (META_BIT(node->cls->id) & classes) {
        code = visit(node, context);
    }
    for (const struct aas_slot *slot = node->slots; slot < end && code == ERR_OK; slot++) {
        if (slot->state >= AAS_NODE) { /* most are not there, or texts */
            code = walk_slot(slot, classes, visit, context);
        }
    }
    return code;
}

enum err_code aas_walk(const struct aas_node *node, aas_visit visit, void *context)
{
    return aas_walk_to(node, UINT64_MAX, visit, context);
}

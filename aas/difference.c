/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/difference.h"

#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX

struct walk {
    aas_difference_found found;
    void *context;
};

static enum err_code compare_nodes(
    const struct walk *walk, const struct aas_node *old, const struct aas_node *now);

static enum err_code tell(const struct walk *walk, enum aas_difference_kind kind,
    const struct aas_node *node, const struct aas_node *old, int slot)
{
    const struct aas_difference difference = {.kind = kind, .node = node, .old = old, .slot = slot};
    return walk->found(&difference, walk->context);
}

/* What an item of a list is called, NULL when it has no name. */
static const char *name_of(const struct aas_node *node)
{
    static const enum meta_prop_id names[] = {PROP_language, PROP_name, PROP_idShort, PROP_type};
    const char *name = NULL;
    for (size_t i = 0; name == NULL && i < sizeof names / sizeof *names; i++) {
        name = aas_text(node, names[i]);
    }
    return name;
}

static bool same_name(const struct aas_node *a, const struct aas_node *b)
{
    const char *left = name_of(a);
    const char *right = name_of(b);
    return a->cls == b->cls && left != NULL && right != NULL && strcmp(left, right) == 0;
}

static bool any_pair(const struct aas_node *a, const struct aas_node *b)
{
    return a->cls == b->cls;
}

/* Pairs what has no partner yet: pairs[i] is the position in the old list of item i. */
static void pair(const struct aas_slot *old, const struct aas_slot *now, size_t *pairs, bool *taken,
    bool (*fits)(const struct aas_node *a, const struct aas_node *b))
{
    for (size_t i = 0; i < now->len; i++) {
        for (size_t j = 0; j < old->len && pairs[i] == NONE; j++) {
            /* most stand where they stood */
            size_t at = (i + j) % old->len;
            if (!taken[at] && fits(old->u.nodes[at], now->u.nodes[i])) {
                pairs[i] = at;
                taken[at] = true;
            }
        }
    }
}

/* Tells what came, went and changed; and when nothing did, whether the order is another. */
static enum err_code tell_items(const struct walk *walk, const struct aas_slot *old,
    const struct aas_slot *now, const size_t *pairs, const bool *taken)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < old->len && code == ERR_OK; i++) {
        if (!taken[i]) {
            code = tell(walk, AAS_DIFFERENCE_REMOVED, old->u.nodes[i], NULL, -1);
        }
    }
    for (size_t i = 0; i < now->len && code == ERR_OK; i++) {
        code = pairs[i] == NONE ? tell(walk, AAS_DIFFERENCE_ADDED, now->u.nodes[i], NULL, -1)
                                : compare_nodes(walk, old->u.nodes[pairs[i]], now->u.nodes[i]);
    }
    return code;
}

static bool in_order(const size_t *pairs, size_t count)
{
    size_t last = NONE;
    for (size_t i = 0; i < count; i++) {
        if (pairs[i] != NONE && last != NONE && pairs[i] < last) {
            return false;
        }
        last = pairs[i] != NONE ? pairs[i] : last;
    }
    return true;
}

static enum err_code compare_lists(const struct walk *walk, const struct aas_node *old_node,
    const struct aas_node *now_node, int slot)
{
    const struct aas_slot *old = &old_node->slots[slot];
    const struct aas_slot *now = &now_node->slots[slot];
    size_t *pairs = malloc((now->len + 1) * sizeof *pairs);
    bool *taken = calloc(old->len + 1, sizeof *taken);
    enum err_code code = pairs == NULL || taken == NULL ? ERR_NO_MEMORY : ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < now->len; i++) {
        pairs[i] = NONE;
    }
    if (code == ERR_OK) {
        pair(old, now, pairs, taken, aas_equal);
        pair(old, now, pairs, taken, same_name);
        pair(old, now, pairs, taken, any_pair);
        code = tell_items(walk, old, now, pairs, taken);
    }
    if (code == ERR_OK && !in_order(pairs, now->len)) {
        code = tell(walk, AAS_DIFFERENCE_REORDERED, now_node, NULL, slot);
    }
    free(pairs);
    free(taken);
    return code;
}

static bool same_text(const struct aas_slot *a, const struct aas_slot *b)
{
    return a->len == b->len && memcmp(a->u.text, b->u.text, a->len) == 0;
}

static enum err_code compare_slots(
    const struct walk *walk, const struct aas_node *old, const struct aas_node *now, int slot)
{
    const struct aas_slot *was = &old->slots[slot];
    const struct aas_slot *is = &now->slots[slot];
    if (was->state == AAS_ABSENT || is->state == AAS_ABSENT) {
        return was->state == is->state    ? ERR_OK
               : was->state == AAS_ABSENT ? tell(walk, AAS_DIFFERENCE_ADDED, now, NULL, slot)
                                          : tell(walk, AAS_DIFFERENCE_REMOVED, old, NULL, slot);
    }
    if (was->state == AAS_NODES && is->state == AAS_NODES) {
        return compare_lists(walk, old, now, slot);
    }
    if (was->state == AAS_NODE && is->state == AAS_NODE && was->u.node->cls == is->u.node->cls) {
        return compare_nodes(walk, was->u.node, is->u.node);
    }
    bool same = was->state == AAS_TEXT && is->state == AAS_TEXT && same_text(was, is);
    return same ? ERR_OK : tell(walk, AAS_DIFFERENCE_CHANGED, now, old, slot);
}

static enum err_code compare_nodes(
    const struct walk *walk, const struct aas_node *old, const struct aas_node *now)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < now->cls->prop_count && code == ERR_OK; i++) {
        code = compare_slots(walk, old, now, (int)i);
    }
    return code;
}

enum err_code aas_differences(const struct aas_node *old, const struct aas_node *now,
    aas_difference_found found, void *context)
{
    const struct walk walk = {.found = found, .context = context};
    return compare_nodes(&walk, old, now);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/compare.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

/* ------------------------------------------------------------------ elements in a row */

/* True for objects that hold an element besides the children attribute: variables of operations. */
static bool wraps_element(const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        if (prop->kind == META_NODE && prop->cls->is & META_IS_ABSTRACT &&
            prop->cls->accepts & (META_IS_SUBMODEL_ELEMENT | META_IS_DATA_ELEMENT)) {
            return true;
        }
    }
    return false;
}

struct flatten {
    struct compare_element *elements; /* NULL: only count */
    uint32_t count;
};

/* As deep as the document: readers stop at AAS_JSON_MAX_DEPTH. */
static void flatten_below(struct flatten *flatten, const struct aas_node *node, uint32_t parent);

static void flatten_element(struct flatten *flatten, const struct aas_node *node, uint32_t parent)
{
    uint32_t own = flatten->count++;
    if (flatten->elements != NULL) {
        flatten->elements[own] =
            (struct compare_element){.node = node, .parent = parent, .match = COMPARE_NONE};
    }
    flatten_below(flatten, node, own);
    if (flatten->elements != NULL) {
        flatten->elements[own].end = flatten->count;
    }
}

static void flatten_below(struct flatten *flatten, const struct aas_node *node, uint32_t parent)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        bool children = (prop->flags & META_CHILDREN) != 0;
        if (slot->state != AAS_NODES || !(children || wraps_element(prop->cls))) {
            continue;
        }
        for (uint32_t n = 0; n < slot->len; n++) {
            const struct aas_node *child =
                children ? slot->u.nodes[n] : aas_child(slot->u.nodes[n], PROP_value);
            if (child != NULL) {
                flatten_element(flatten, child, parent);
            }
        }
    }
}

static bool flatten_side(struct compare_work *work, int side)
{
    struct flatten flatten = {.elements = NULL, .count = 0};
    struct compare_side *to = &work->out->side[side];
    flatten_element(&flatten, work->input->submodel[side], COMPARE_NONE);
    to->elements = arena_alloc(work->arena, flatten.count * sizeof *to->elements);
    if (to->elements == NULL) {
        return false;
    }
    flatten = (struct flatten){.elements = to->elements, .count = 0};
    flatten_element(&flatten, work->input->submodel[side], COMPARE_NONE);
    to->count = flatten.count;
    to->name = work->input->name[side] != NULL ? work->input->name[side] : "";
    return true;
}

/* ------------------------------------------------------------------ findings in order */

struct ranked {
    uint32_t from;
    uint32_t to;
    uint32_t position; /* as it was found */
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    if (a->to != b->to && a->from == COMPARE_NONE) {
        return a->to < b->to ? -1 : 1;
    }
    return (a->position > b->position) - (a->position < b->position);
}

/* Sorts by place and notes at each element where its findings are. */
static bool sort_findings(struct compare_work *work)
{
    struct comparison *out = work->out;
    size_t count = out->finding_count;
    struct ranked *ranks = arena_alloc(work->arena, (count + 1) * sizeof *ranks);
    struct compare_finding *sorted = arena_alloc(work->arena, (count + 1) * sizeof *sorted);
    if (ranks == NULL || sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ranks[i] = (struct ranked){out->findings[i].from, out->findings[i].to, (uint32_t)i};
    }
    qsort(ranks, count, sizeof *ranks, compare_ranked);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = out->findings[ranks[i].position];
        int side = sorted[i].from != COMPARE_NONE ? OLD : NEW;
        struct compare_element *element =
            &out->side[side].elements[side == OLD ? sorted[i].from : sorted[i].to];
        element->findings = element->finding_count == 0 ? (uint32_t)i : element->findings;
        element->finding_count++;
    }
    out->findings = sorted;
    out->finding_room = count;
    return true;
}

/* ------------------------------------------------------------------ all */

enum err_code compare_run(struct arena *arena, const struct compare_input *input,
    struct comparison *comparison, struct err *err)
{
    struct comparison out = {.finding_count = 0};
    struct compare_work work = {.arena = arena, .out = &out, .input = input};
    work.names.arena = arena;
    memcpy(out.number, input->number, sizeof out.number);
    out.scratch = arena_alloc(arena, COMPARE_PATH_ROOM);
    bool fits = out.scratch != NULL && flatten_side(&work, OLD) && flatten_side(&work, NEW);
    for (int side = OLD; fits && side <= NEW; side++) {
        names_fill(&work, side);
        fits = !work.full && !work.names.full;
    }
    if (fits) {
        match_elements(&work);
        fits = !work.full;
    }
    if (fits) {
        rules_apply(&work);
        concepts_compare(&work);
        fits = !work.full && !work.names.full && sort_findings(&work);
    }
    if (!fits) {
        return err_set(err, ERR_TOO_LARGE, "the comparison needs more memory than it may have");
    }
    verdict_fill(&out);
    *comparison = out;
    return ERR_OK;
}

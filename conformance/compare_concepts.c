/* SPDX-License-Identifier: Apache-2.0 */
/* The concept descriptions that pairs refer to: units, value lists and definitions live there. */
#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

struct concept {
    const char *id;
    const struct aas_node *node;
    bool seen;
};

struct concepts {
    struct concept *list;
    size_t count;
};

static int compare_concepts(const void *left, const void *right)
{
    const struct concept *a = left;
    const struct concept *b = right;
    int order = strcmp(a->id, b->id);
    return order != 0 || a->node == NULL || b->node == NULL
               ? order
               : (a->node->index > b->node->index) - (a->node->index < b->node->index);
}

static struct concepts list_concepts(struct compare_work *work, int side)
{
    const struct aas_node *environment = work->input->environment[side];
    struct concepts concepts = {.count = 0};
    size_t count = 0;
    struct aas_node **nodes =
        environment != NULL ? aas_list(environment, PROP_conceptDescriptions, &count) : NULL;
    concepts.list = arena_alloc(work->arena, (count + 1) * sizeof *concepts.list);
    if (concepts.list == NULL) {
        work->full = true;
        return concepts;
    }
    for (size_t i = 0; i < count; i++) {
        const char *id = aas_text(nodes[i], PROP_id);
        if (id != NULL) {
            concepts.list[concepts.count++] = (struct concept){id, nodes[i], false};
        }
    }
    qsort(concepts.list, concepts.count, sizeof *concepts.list, compare_concepts);
    return concepts;
}

/* What a semantic id leads to; of several with one id whichever the search meets. */
static struct concept *concept_of(struct concepts *concepts, const struct aas_node *element)
{
    const struct concept wanted = {.id = aas_last_key(names_semantic_id(element))};
    return wanted.id == NULL || concepts->count == 0
               ? NULL
               : bsearch(&wanted, concepts->list, concepts->count, sizeof *concepts->list,
                     compare_concepts);
}

static void compare_concept(struct compare_work *work, const struct finding_place *place,
    const struct aas_node *a, const struct aas_node *b)
{
    attributes_of_texts(work, place, PROP_displayName, REASON_CONCEPT, a, b);
    attributes_of_texts(work, place, PROP_description, REASON_CONCEPT, a, b);
    attributes_of_specs(work, place, a, b);
}

static void compare_of_pair(
    struct compare_work *work, struct concepts concepts[2], uint32_t from, uint32_t to)
{
    struct concept *a = concept_of(&concepts[OLD], work->out->side[OLD].elements[from].node);
    struct concept *b = concept_of(&concepts[NEW], work->out->side[NEW].elements[to].node);
    const struct concept *either = b != NULL ? b : a;
    bool seen = (a == NULL || a->seen) && (b == NULL || b->seen);
    if (either == NULL || seen) {
        return;
    }
    struct finding_place place = {from, to, either->id};
    if (a != NULL && b != NULL) {
        compare_concept(work, &place, a->node, b->node);
    } else {
        finding_add(work, REASON_CONCEPT, &place, "conceptDescription", a != NULL ? a->id : NULL,
            b != NULL ? b->id : NULL);
    }
    if (a != NULL) {
        a->seen = true;
    }
    if (b != NULL) {
        b->seen = true;
    }
}

void concepts_compare(struct compare_work *work)
{
    if (work->input->environment[OLD] == NULL || work->input->environment[NEW] == NULL) {
        return;
    }
    struct concepts concepts[2] = {list_concepts(work, OLD), list_concepts(work, NEW)};
    const struct compare_side *old = &work->out->side[OLD];
    for (uint32_t i = 0; i < old->count && !work->full; i++) {
        if (old->elements[i].match != COMPARE_NONE) {
            compare_of_pair(work, concepts, i, old->elements[i].match);
        }
    }
}

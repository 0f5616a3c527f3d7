/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about elements as wholes: there or not, here or elsewhere, of another kind or meaning. */
#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

/* ------------------------------------------------------------------ findings */

static bool is_adrift(const struct compare_work *work, const struct finding_place *place)
{
    return (place->from != COMPARE_NONE && work->adrift[OLD][place->from]) ||
           (place->to != COMPARE_NONE && work->adrift[NEW][place->to]);
}

static struct compare_finding *next_finding(struct compare_work *work)
{
    struct comparison *out = work->out;
    if (out->finding_count == out->finding_room) {
        size_t room = out->finding_room == 0 ? 64 : out->finding_room * 2;
        struct compare_finding *findings = arena_alloc(work->arena, room * sizeof *findings);
        if (findings == NULL) {
            work->full = true;
            return NULL;
        }
        if (out->finding_count > 0) {
            memcpy(findings, out->findings, out->finding_count * sizeof *findings);
        }
        out->findings = findings;
        out->finding_room = room;
    }
    return &out->findings[out->finding_count++];
}

static void add(struct compare_work *work, const struct compare_finding *finding)
{
    struct compare_finding *to = finding->attribute != NULL ? next_finding(work) : NULL;
    if (to == NULL) {
        work->full = true;
        return;
    }
    *to = *finding;
}

void finding_add_in(struct compare_work *work, unsigned modes, enum compare_reason reason,
    const struct finding_place *place, const char *attribute, const char *old_value,
    const char *new_value)
{
    bool adrift = is_adrift(work, place);
    const struct compare_finding finding = {.reason = reason,
        .modes = modes,
        .backward = adrift || reason_backward(reason),
        .forward = adrift || reason_forward(reason),
        .from = place->from,
        .to = place->to,
        .concept = place->concept,
        .attribute = attribute,
        .old_value = old_value,
        .new_value = new_value};
    add(work, &finding);
}

void finding_add(struct compare_work *work, enum compare_reason reason,
    const struct finding_place *place, const char *attribute, const char *old_value,
    const char *new_value)
{
    finding_add_in(work, COMPARE_ALL_MODES, reason, place, attribute, old_value, new_value);
}

/* About an element that came, went or moved: what hangs below something that moved itself does not
 * count, but the moved one does. */
static void add_presence(
    struct compare_work *work, enum compare_reason reason, uint32_t from, uint32_t to, int side)
{
    const struct compare_side *of = &work->out->side[side];
    uint32_t parent = of->elements[side == OLD ? from : to].parent;
    bool adrift = work->adrift[side][parent];
    const struct compare_finding finding = {.reason = reason,
        .modes = COMPARE_ALL_MODES,
        .backward = adrift || reason_backward(reason),
        .forward = adrift || reason_forward(reason),
        .from = from,
        .to = to,
        .attribute = ""};
    add(work, &finding);
}

/* ------------------------------------------------------------------ alternatives */

/* Which classes of alternatives (SMT/EitherOr) the children of an element belong to. */
struct choice {
    uint32_t parent;
    const char *name;
};

struct choices {
    struct choice *list;
    size_t count;
};

static const char *choice_of(const struct aas_node *element)
{
    const struct aas_node *qualifier = qualifier_find(element, QUALIFIER_EITHER_OR);
    return qualifier != NULL ? aas_text(qualifier, PROP_value) : NULL;
}

static int compare_choices(const void *left, const void *right)
{
    const struct choice *a = left;
    const struct choice *b = right;
    return a->parent != b->parent ? (a->parent < b->parent ? -1 : 1) : strcmp(a->name, b->name);
}

static struct choices list_choices(struct compare_work *work, int side)
{
    const struct compare_side *of = &work->out->side[side];
    struct choices choices = {.list = NULL, .count = 0};
    size_t room = 0;
    for (uint32_t i = 1; i < of->count; i++) {
        room += choice_of(of->elements[i].node) != NULL;
    }
    choices.list = room > 0 ? arena_alloc(work->arena, room * sizeof *choices.list) : NULL;
    if (choices.list == NULL) {
        work->full |= room > 0;
        return choices;
    }
    for (uint32_t i = 1; i < of->count; i++) {
        const char *name = choice_of(of->elements[i].node);
        if (name != NULL) {
            choices.list[choices.count++] = (struct choice){of->elements[i].parent, name};
        }
    }
    qsort(choices.list, choices.count, sizeof *choices.list, compare_choices);
    return choices;
}

static bool has_choice(const struct choices *choices, uint32_t parent, const char *name)
{
    struct choice wanted = {parent, name};
    return choices->count > 0 && bsearch(&wanted, choices->list, choices->count,
                                     sizeof *choices->list, compare_choices) != NULL;
}

/* ------------------------------------------------------------------ came and went */

struct presence {
    enum compare_reason optional;
    enum compare_reason mandatory;
    enum compare_reason choice;      /* with its whole class of alternatives */
    enum compare_reason alternative; /* the class is on both sides */
};

static const struct presence removed = {REASON_OPTIONAL_REMOVED, REASON_MANDATORY_REMOVED,
    REASON_CHOICE_REMOVED, REASON_ALTERNATIVE_REMOVED};
static const struct presence added = {
    REASON_OPTIONAL_ADDED, REASON_MANDATORY_ADDED, REASON_CHOICE_ADDED, REASON_ALTERNATIVE_ADDED};
static const struct presence departed = {
    REASON_OPTIONAL_LEFT, REASON_MANDATORY_LEFT, REASON_CHOICE_REMOVED, REASON_ALTERNATIVE_REMOVED};
static const struct presence arrived = {REASON_OPTIONAL_ARRIVED, REASON_MANDATORY_ARRIVED,
    REASON_CHOICE_ADDED, REASON_ALTERNATIVE_ADDED};

/* `other`: the alternatives of the side that lacks the element, `parent` its parent there. */
static enum compare_reason presence_reason(const struct presence *presence,
    const struct aas_node *element, const struct choices *other, uint32_t parent)
{
    const char *choice = choice_of(element);
    if (choice != NULL) {
        return has_choice(other, parent, choice) ? presence->alternative : presence->choice;
    }
    return qualifier_cardinality(element).least > 0 ? presence->mandatory : presence->optional;
}

/* Below something that came, went or moved, only the root of it is told about. */
static void judge_presence(
    struct compare_work *work, int side, uint32_t i, const struct choices *other)
{
    const struct compare_side *of = &work->out->side[side];
    const struct compare_element *element = &of->elements[i];
    const struct compare_element *parent = &of->elements[element->parent];
    if (parent->match == COMPARE_NONE || (element->match != COMPARE_NONE && !element->moved)) {
        return;
    }
    const struct presence *presence = side == OLD      ? element->moved ? &departed : &removed
                                      : element->moved ? &arrived
                                                       : &added;
    add_presence(work, presence_reason(presence, element->node, other, parent->match),
        side == OLD ? i : element->match, side == OLD ? element->match : i, side);
}

/* ------------------------------------------------------------------ pairs */

static bool same_reference(const struct aas_node *a, const struct aas_node *b)
{
    return a == NULL || b == NULL ? a == b : aas_equal(a, b);
}

static void judge_semantic_id(struct compare_work *work, const struct finding_place *place)
{
    unsigned differs = (unsigned)COMPARE_ALL_MODES & ~names_linked(work, place->from, place->to);
    const struct aas_node *a =
        aas_child(work->out->side[OLD].elements[place->from].node, PROP_semanticId);
    const struct aas_node *b =
        aas_child(work->out->side[NEW].elements[place->to].node, PROP_semanticId);
    enum compare_reason reason = REASON_SEMANTIC_ID_CHANGED;
    if (differs == 0 && same_reference(a, b)) {
        return;
    }
    if (differs == 0) {
        differs = COMPARE_ALL_MODES;
        reason = REASON_SPELLING;
    } else if (place->from == 0) {
        reason = REASON_SUBMODEL_SEMANTIC_ID;
    } else if (work->keys[OLD][place->from].value == 0) {
        reason = REASON_SEMANTIC_ID_ADDED;
    } else if (work->keys[NEW][place->to].value == 0) {
        reason = REASON_SEMANTIC_ID_REMOVED;
    }
    finding_add_in(work, differs, reason, place, "semanticId", attribute_reference(work, a),
        attribute_reference(work, b));
}

static bool is_item(const struct aas_node *element)
{
    const struct aas_node *parent = element->parent;
    return parent != NULL && parent->cls->props[element->parent_slot].flags & META_INDEXED;
}

static void judge_name(struct compare_work *work, const struct finding_place *place)
{
    const struct aas_node *a = work->out->side[OLD].elements[place->from].node;
    const struct aas_node *b = work->out->side[NEW].elements[place->to].node;
    const char *x = aas_text(a, PROP_idShort);
    const char *y = aas_text(b, PROP_idShort);
    if ((x == NULL && y == NULL) || (x != NULL && y != NULL && strcmp(x, y) == 0)) {
        return;
    }
    enum compare_reason reason = place->from == 0 ? REASON_SUBMODEL_RENAMED : REASON_RENAMED;
    finding_add(work, is_item(a) && is_item(b) ? REASON_SPELLING : reason, place, "idShort", x, y);
}

static void judge_pair(struct compare_work *work, uint32_t from, uint32_t to)
{
    const struct finding_place place = {.from = from, .to = to};
    const struct aas_node *a = work->out->side[OLD].elements[from].node;
    const struct aas_node *b = work->out->side[NEW].elements[to].node;
    judge_semantic_id(work, &place);
    judge_name(work, &place);
    if (a->cls != b->cls) {
        finding_add(work, REASON_MODEL_TYPE, &place, "modelType", a->cls->name, b->cls->name);
    }
    attributes_compare(work, &place);
    qualifiers_compare(work, &place);
}

/* One finding for a parent whose pairs stand in another order. */
static void judge_order(struct compare_work *work, uint32_t from, uint32_t to)
{
    const struct compare_element *old = work->out->side[OLD].elements;
    const struct compare_element *new = work->out->side[NEW].elements;
    uint32_t last = 0;
    for (uint32_t i = to + 1; i < new[to].end; i = new[i].end) {
        if (new[i].match == COMPARE_NONE || old[new[i].match].parent != from || new[i].moved) {
            continue;
        }
        if (new[i].match < last) {
            const struct finding_place place = {.from = from, .to = to};
            finding_add(work, REASON_ORDER, &place, "", NULL, NULL);
            return;
        }
        last = new[i].match;
    }
}

/* ------------------------------------------------------------------ all */

/* Parents come before what is below them. */
static bool find_adrift(struct compare_work *work)
{
    for (int side = OLD; side <= NEW; side++) {
        const struct compare_side *of = &work->out->side[side];
        bool *adrift = arena_alloc(work->arena, of->count * sizeof *adrift);
        if (adrift == NULL) {
            work->full = true;
            return false;
        }
        for (uint32_t i = 1; i < of->count; i++) {
            adrift[i] = of->elements[i].moved || adrift[of->elements[i].parent];
        }
        work->adrift[side] = adrift;
    }
    return true;
}

void rules_apply(struct compare_work *work)
{
    if (!find_adrift(work)) {
        return;
    }
    struct choices choices[2] = {list_choices(work, OLD), list_choices(work, NEW)};
    const struct compare_side *old = &work->out->side[OLD];
    const struct compare_side *new = &work->out->side[NEW];
    for (uint32_t i = 0; i < old->count && !work->full; i++) {
        if (i > 0) {
            judge_presence(work, OLD, i, &choices[NEW]);
        }
        if (old->elements[i].match != COMPARE_NONE) {
            judge_pair(work, i, old->elements[i].match);
            judge_order(work, i, old->elements[i].match);
        }
    }
    for (uint32_t i = 1; i < new->count && !work->full; i++) {
        judge_presence(work, NEW, i, &choices[OLD]);
    }
}

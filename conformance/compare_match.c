/* SPDX-License-Identifier: Apache-2.0 */
/* Which element of the old submodel is which of the new one. */
#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

/* An element without a pair, with what one pass goes by. */
struct candidate {
    uint64_t what[2];
    uint32_t element;
    uint32_t place; /* among those given to the pass: keeps the order of equal ones */
};

struct matching {
    struct compare_work *work;
    struct candidate *candidates[2];
    uint32_t *lists[2];
    uint32_t counts[2];
};

enum by_semantic { SEMANTIC_ANY, SEMANTIC_EXACT, SEMANTIC_PLAIN, SEMANTIC_NONE };
enum by_name { NAME_ANY, NAME_WHOLE, NAME_STEM };
enum when_several { PAIR_IN_ORDER, PAIR_SINGLE, PAIR_SAME_NUMBER };

/* One pass: what must be equal, and what to do when several elements are. */
struct pass {
    enum by_semantic semantic;
    enum by_name name;
    bool any_class;
    bool nameless; /* also elements without idShort: items of lists */
    enum when_several several;
    bool items_only; /* of lists, where a place says more than a name */
};

/* Best evidence first. A semantic id that only one sibling has decides alone; siblings that share
 * one are told apart by name, then by place. */
static const struct pass passes[] = {
    {.semantic = SEMANTIC_EXACT, .name = NAME_WHOLE, .nameless = true},
    {.semantic = SEMANTIC_PLAIN, .name = NAME_WHOLE},
    {.semantic = SEMANTIC_PLAIN, .name = NAME_STEM},
    {.name = NAME_WHOLE},
    {.name = NAME_STEM},
    {.semantic = SEMANTIC_PLAIN, .nameless = true, .items_only = true},
    {.semantic = SEMANTIC_NONE, .nameless = true, .items_only = true},
    {.semantic = SEMANTIC_PLAIN, .nameless = true, .several = PAIR_SAME_NUMBER},
    {.name = NAME_WHOLE, .any_class = true},
    {.name = NAME_STEM, .any_class = true},
    {.name = NAME_WHOLE, .nameless = true},
};

static const struct pass unique_meaning = {
    .semantic = SEMANTIC_PLAIN, .nameless = true, .several = PAIR_SINGLE};

/* ------------------------------------------------------------------ one pass */

static uint32_t semantic_of(const struct element_key *key, enum by_semantic semantic)
{
    switch (semantic) {
    case SEMANTIC_EXACT:
        return key->exact;
    case SEMANTIC_PLAIN:
        return key->plain;
    case SEMANTIC_ANY:
    case SEMANTIC_NONE:
        break;
    }
    return 0;
}

static uint32_t name_of(const struct element_key *key, enum by_name name)
{
    return name == NAME_ANY ? 0 : name == NAME_WHOLE ? key->name : key->stem;
}

static bool takes_part(const struct element_key *key, const struct pass *pass)
{
    bool means =
        pass->semantic == SEMANTIC_ANY || (key->plain != 0) == (pass->semantic != SEMANTIC_NONE);
    bool named = pass->name == NAME_ANY || pass->nameless || key->name != 0;
    return means && named && (key->item || !pass->items_only);
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    for (size_t i = 0; i < 2; i++) {
        if (a->what[i] != b->what[i]) {
            return a->what[i] < b->what[i] ? -1 : 1;
        }
    }
    return (a->place > b->place) - (a->place < b->place);
}

static uint32_t collect(struct matching *matching, int side, const struct pass *pass)
{
    const struct element_key *keys = matching->work->keys[side];
    const struct compare_element *elements = matching->work->out->side[side].elements;
    uint32_t count = 0;
    bool sorted = true;
    for (uint32_t i = 0; i < matching->counts[side]; i++) {
        uint32_t element = matching->lists[side][i];
        const struct element_key *key = &keys[element];
        if (elements[element].match != COMPARE_NONE || !takes_part(key, pass)) {
            continue;
        }
        struct candidate *to = &matching->candidates[side][count++];
        to->what[0] = (uint64_t)semantic_of(key, pass->semantic) << 32 | name_of(key, pass->name);
        to->what[1] = (uint64_t)key->slot << 16 | (pass->any_class ? 0U : key->cls);
        to->element = element;
        to->place = i;
        sorted = sorted && (count == 1 || compare_candidates(to - 1, to) < 0);
    }
    if (!sorted) {
        qsort(matching->candidates[side], count, sizeof *matching->candidates[side],
            compare_candidates);
    }
    return count;
}

static bool same_what(const struct candidate *a, const struct candidate *b)
{
    return a->what[0] == b->what[0] && a->what[1] == b->what[1];
}

/* How many from `at` on are equal. */
static uint32_t run_of(const struct candidate *candidates, uint32_t at, uint32_t count)
{
    uint32_t end = at + 1;
    while (end < count && same_what(&candidates[at], &candidates[end])) {
        end++;
    }
    return end - at;
}

static void pair(struct compare_work *work, uint32_t from, uint32_t to)
{
    struct compare_element *a = &work->out->side[OLD].elements[from];
    struct compare_element *b = &work->out->side[NEW].elements[to];
    const struct element_key *x = &work->keys[OLD][from];
    const struct element_key *y = &work->keys[NEW][to];
    a->match = to;
    b->match = from;
    if (x->value == 0 && y->value == 0) {
        a->how = COMPARE_BY_PLACE;
    } else {
        a->how = x->cls == y->cls && names_linked(work, from, to) != 0 ? COMPARE_BY_SEMANTIC_ID
                                                                       : COMPARE_BY_NAME;
    }
    b->how = a->how;
}

static void run_pass(struct matching *matching, const struct pass *pass)
{
    const struct candidate *a = matching->candidates[OLD];
    const struct candidate *b = matching->candidates[NEW];
    uint32_t a_count = collect(matching, OLD, pass);
    uint32_t b_count = a_count > 0 ? collect(matching, NEW, pass) : 0;
    for (uint32_t i = 0, n = 0; i < a_count && n < b_count;) {
        if (!same_what(&a[i], &b[n])) {
            struct candidate other = b[n];
            other.place = a[i].place;
            if (compare_candidates(&a[i], &other) < 0) {
                i++;
            } else {
                n++;
            }
            continue;
        }
        uint32_t old_run = run_of(a, i, a_count);
        uint32_t new_run = run_of(b, n, b_count);
        uint32_t pairs = old_run < new_run ? old_run : new_run;
        if ((pass->several == PAIR_SINGLE && (old_run > 1 || new_run > 1)) ||
            (pass->several == PAIR_SAME_NUMBER && old_run != new_run)) {
            pairs = 0;
        }
        for (uint32_t k = 0; k < pairs; k++) {
            pair(matching->work, a[i + k].element, b[n + k].element);
        }
        i += old_run;
        n += new_run;
    }
}

/* Takes out of the lists what has a pair by now. */
static bool drop_matched(struct matching *matching)
{
    for (int side = OLD; side <= NEW; side++) {
        const struct compare_element *elements = matching->work->out->side[side].elements;
        uint32_t kept = 0;
        for (uint32_t i = 0; i < matching->counts[side]; i++) {
            uint32_t element = matching->lists[side][i];
            matching->lists[side][kept] = element;
            kept += elements[element].match == COMPARE_NONE;
        }
        matching->counts[side] = kept;
    }
    return matching->counts[OLD] > 0 && matching->counts[NEW] > 0;
}

/* ------------------------------------------------------------------ siblings */

static void list_children(struct matching *matching, int side, uint32_t parent)
{
    const struct compare_element *elements = matching->work->out->side[side].elements;
    uint32_t count = 0;
    for (uint32_t i = parent + 1; i < elements[parent].end; i = elements[i].end) {
        matching->lists[side][count++] = i;
    }
    matching->counts[side] = count;
}

/* The value of the old element's semantic id among the supplemental ids of a new one, or the other
 * way round. `flip`: keys and supplemental ids change sides. */
static void match_supplements(struct matching *matching, bool flip)
{
    struct compare_work *work = matching->work;
    int by_value = flip ? NEW : OLD;
    int by_supplement = flip ? OLD : NEW;
    struct candidate *values = matching->candidates[by_value];
    uint32_t count = 0;
    for (uint32_t i = 0; i < matching->counts[by_value]; i++) {
        uint32_t element = matching->lists[by_value][i];
        const struct element_key *key = &work->keys[by_value][element];
        if (key->value != 0) {
            values[count++] =
                (struct candidate){{key->value, (uint64_t)key->slot << 16 | key->cls}, element, 0};
        }
    }
    qsort(values, count, sizeof *values, compare_candidates);
    for (uint32_t i = 0; i < matching->counts[by_supplement]; i++) {
        uint32_t element = matching->lists[by_supplement][i];
        const struct element_key *key = &work->keys[by_supplement][element];
        const struct compare_element *own = &work->out->side[by_supplement].elements[element];
        for (uint32_t s = 0; s < key->supplement_count && own->match == COMPARE_NONE; s++) {
            struct candidate wanted = {{work->supplements[by_supplement][key->supplement + s],
                                           (uint64_t)key->slot << 16 | key->cls},
                0, 0};
            const struct candidate *found =
                bsearch(&wanted, values, count, sizeof *values, compare_candidates);
            if (found != NULL &&
                work->out->side[by_value].elements[found->element].match == COMPARE_NONE) {
                pair(work, flip ? element : found->element, flip ? found->element : element);
            }
        }
    }
}

static void match_children(struct matching *matching, uint32_t from, uint32_t to)
{
    list_children(matching, OLD, from);
    list_children(matching, NEW, to);
    if (!drop_matched(matching)) {
        return;
    }
    run_pass(matching, &unique_meaning);
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        if (!drop_matched(matching)) {
            return;
        }
        if (passes[i].several == PAIR_SAME_NUMBER) {
            match_supplements(matching, false);
            match_supplements(matching, true);
        }
        run_pass(matching, &passes[i]);
    }
}

/* ------------------------------------------------------------------ other parents */

/* Passes over everything that is left anywhere: only what is there once on both sides counts. */
static const struct pass moves[] = {
    {.semantic = SEMANTIC_PLAIN, .name = NAME_WHOLE, .several = PAIR_SINGLE},
    {.semantic = SEMANTIC_PLAIN, .name = NAME_STEM, .several = PAIR_SINGLE},
    {.semantic = SEMANTIC_PLAIN, .several = PAIR_SINGLE},
};

static void list_unmatched(struct matching *matching, int side)
{
    const struct compare_side *of = &matching->work->out->side[side];
    uint32_t count = 0;
    for (uint32_t i = 1; i < of->count; i++) {
        if (of->elements[i].match == COMPARE_NONE) {
            matching->lists[side][count++] = i;
        }
    }
    matching->counts[side] = count;
}

/* Elements without semantic id are only taken for moved when all inside is the same. */
static void match_same_content(struct matching *matching)
{
    static const struct pass named = {.name = NAME_WHOLE, .several = PAIR_SINGLE};
    struct compare_work *work = matching->work;
    struct candidate *a = matching->candidates[OLD];
    struct candidate *b = matching->candidates[NEW];
    uint32_t a_count = collect(matching, OLD, &named);
    uint32_t b_count = collect(matching, NEW, &named);
    for (uint32_t i = 0, n = 0; i < a_count && n < b_count;) {
        struct candidate other = b[n];
        other.place = a[i].place;
        int order = compare_candidates(&a[i], &other);
        uint32_t old_run = order <= 0 ? run_of(a, i, a_count) : 0;
        uint32_t new_run = order >= 0 ? run_of(b, n, b_count) : 0;
        if (old_run == 1 && new_run == 1 &&
            aas_equal(work->out->side[OLD].elements[a[i].element].node,
                work->out->side[NEW].elements[b[n].element].node)) {
            pair(work, a[i].element, b[n].element);
        }
        i += old_run;
        n += new_run;
    }
}

/* An operation's variables and other elements may change places, so the slot does not count. */
static void forget_slots(struct compare_work *work)
{
    for (int side = OLD; side <= NEW; side++) {
        for (uint32_t i = 0; i < work->out->side[side].count; i++) {
            work->keys[side][i].slot = 0;
        }
    }
}

static void match_moved(struct matching *matching)
{
    struct compare_work *work = matching->work;
    const struct compare_side *old = &work->out->side[OLD];
    list_unmatched(matching, OLD);
    list_unmatched(matching, NEW);
    if (matching->counts[OLD] == 0 || matching->counts[NEW] == 0) {
        return;
    }
    forget_slots(work);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        run_pass(matching, &moves[i]);
    }
    match_same_content(matching);
    for (uint32_t i = 1; i < old->count; i++) {
        uint32_t to = old->elements[i].match;
        if (to != COMPARE_NONE && old->elements[old->elements[i].parent].match !=
                                      work->out->side[NEW].elements[to].parent) {
            match_children(matching, i, to);
        }
    }
}

/* ------------------------------------------------------------------ all */

static void note_places(struct compare_work *work)
{
    struct compare_side *old = &work->out->side[OLD];
    struct compare_side *new = &work->out->side[NEW];
    for (uint32_t i = 0; i < old->count; i++) {
        struct compare_element *a = &old->elements[i];
        if (a->match == COMPARE_NONE) {
            continue;
        }
        struct compare_element *b = &new->elements[a->match];
        const struct aas_node *x = a->node->parent;
        const struct aas_node *y = b->node->parent;
        if (i > 0) {
            bool other_list =
                (x->cls->id == CLASS_OperationVariable || y->cls->id == CLASS_OperationVariable) &&
                x->parent_slot != y->parent_slot;
            a->moved = old->elements[a->parent].match != b->parent || other_list;
        }
        b->moved = a->moved;
    }
}

void match_elements(struct compare_work *work)
{
    struct matching matching = {.work = work};
    for (int side = OLD; side <= NEW; side++) {
        uint32_t count = work->out->side[side].count;
        matching.candidates[side] =
            arena_alloc(work->arena, count * sizeof *matching.candidates[side]);
        matching.lists[side] = arena_alloc(work->arena, count * sizeof *matching.lists[side]);
        if (matching.candidates[side] == NULL || matching.lists[side] == NULL) {
            work->full = true;
            return;
        }
    }
    pair(work, 0, 0);
    for (uint32_t i = 0; i < work->out->side[OLD].count; i++) {
        if (work->out->side[OLD].elements[i].match != COMPARE_NONE) {
            match_children(&matching, i, work->out->side[OLD].elements[i].match);
        }
    }
    match_moved(&matching);
    note_places(work);
}

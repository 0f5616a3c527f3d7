/* SPDX-License-Identifier: Apache-2.0 */
/* Qualifiers of a pair. Those that are for the same use stand for each other however their type is
 * spelled; what they ask for is compared, not how they are written. */
#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

enum { JOINED_ROOM = 64 << 20 };

struct entry {
    const struct aas_node *qualifier;
    const char *type;
    const char *value; /* trimmed by nobody: as it stands, "" when absent */
    enum qualifier_use use;
};

struct entries {
    struct entry *list;
    size_t count;
};

/* What belongs together: of one use, or other qualifiers of one type. */
struct group {
    const struct entry *first;
    size_t count;
};

static int compare_kind(const struct entry *a, const struct entry *b)
{
    if (a->use != b->use) {
        return a->use < b->use ? -1 : 1;
    }
    return a->use == QUALIFIER_OTHER || a->use == QUALIFIER_FORM_HINT ? strcmp(a->type, b->type)
                                                                      : 0;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = compare_kind(a, b);
    order = order != 0 ? order : strcmp(a->value, b->value);
    return order != 0 ? order : (a->qualifier > b->qualifier) - (a->qualifier < b->qualifier);
}

static struct entries read_entries(struct compare_work *work, const struct aas_node *element)
{
    struct entries entries = {.count = 0};
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(element, PROP_qualifiers, &count);
    entries.list = arena_alloc(work->arena, (count + 1) * sizeof *entries.list);
    if (entries.list == NULL) {
        work->full = true;
        return entries;
    }
    for (size_t i = 0; i < count; i++) {
        const char *type = aas_text(qualifiers[i], PROP_type);
        const char *value = aas_text(qualifiers[i], PROP_value);
        entries.list[i] = (struct entry){qualifiers[i], type != NULL ? type : "",
            value != NULL ? value : "", qualifier_use(qualifiers[i])};
    }
    entries.count = count;
    qsort(entries.list, count, sizeof *entries.list, compare_entries);
    return entries;
}

static struct group group_at(const struct entries *entries, size_t at)
{
    struct group group = {.first = &entries->list[at], .count = 0};
    while (at + group.count < entries->count &&
           compare_kind(group.first, &entries->list[at + group.count]) == 0) {
        group.count++;
    }
    return group;
}

/* The values of a group, as text; NULL for an empty one. */
static const char *joined(struct compare_work *work, const struct group *group)
{
    struct buf buf;
    if (group->count <= 1) {
        return group->count == 0 ? NULL : group->first->value;
    }
    buf_init(&buf, JOINED_ROOM);
    for (size_t i = 0; i < group->count; i++) {
        buf_printf(&buf, "%s%s", i > 0 ? " | " : "", group->first[i].value);
    }
    const char *text = buf_failed(&buf) ? NULL : arena_copy(work->arena, buf.bytes, buf.len);
    work->full |= text == NULL;
    buf_finish(&buf);
    return text;
}

/* ------------------------------------------------------------------ what is asked for */

struct asked {
    struct compare_work *work;
    const struct finding_place *place;
    const char *name;
    const char *old_value; /* NULL: nothing was asked for */
    const char *new_value;
};

static void tell(const struct asked *asked, enum compare_reason reason)
{
    finding_add(asked->work, reason, asked->place, asked->name, asked->old_value, asked->new_value);
}

/* Narrowed, widened, both, or only written otherwise. */
static void tell_bounds(const struct asked *asked, bool old_within_new, bool new_within_old,
    enum compare_reason narrowed, enum compare_reason widened)
{
    if (!old_within_new) {
        tell(asked, narrowed);
    }
    if (!new_within_old) {
        tell(asked, widened);
    }
    if (old_within_new && new_within_old) {
        tell(asked, REASON_SPELLING);
    }
}

static bool is_readable(const char *value)
{
    struct cardinality cardinality;
    return value == NULL || cardinality_read(value, strlen(value), &cardinality);
}

static void compare_cardinality(const struct asked *asked)
{
    if (!is_readable(asked->old_value) || !is_readable(asked->new_value)) {
        tell(asked, REASON_QUALIFIER); /* "TwoToMany": nobody knows what is checked */
        return;
    }
    const struct comparison *out = asked->work->out;
    struct cardinality a = qualifier_cardinality(out->side[OLD].elements[asked->place->from].node);
    struct cardinality b = qualifier_cardinality(out->side[NEW].elements[asked->place->to].node);
    tell_bounds(asked, b.least <= a.least && a.most <= b.most,
        a.least <= b.least && b.most <= a.most, REASON_CARDINALITY_TIGHTENED,
        REASON_CARDINALITY_LOOSENED);
}

static bool range_within(const char *inner, const char *outer)
{
    struct value_range a;
    struct value_range b;
    if (outer == NULL) {
        return true;
    }
    return inner != NULL &&
           (strcmp(inner, outer) == 0 ||
               (value_range_read(inner, strlen(inner), &a) &&
                   value_range_read(outer, strlen(outer), &b) && value_range_within(&a, &b)));
}

static bool values_within(struct arena *arena, const char *inner, const char *outer)
{
    return outer == NULL || (inner != NULL && allowed_value_within(arena, inner, outer));
}

static void compare_languages(const struct asked *asked)
{
    const char *a = asked->old_value != NULL ? asked->old_value : "";
    const char *b = asked->new_value != NULL ? asked->new_value : "";
    tell_bounds(asked, required_languages_within(b, a), required_languages_within(a, b),
        REASON_LANGUAGE_ADDED, REASON_LANGUAGE_REMOVED);
}

/* A class of alternatives that has another name now is another class. */
static void compare_choice(const struct asked *asked)
{
    if (asked->new_value != NULL) {
        tell(asked, REASON_CHOICE_ADDED);
    }
    if (asked->old_value != NULL) {
        tell(asked, REASON_CHOICE_REMOVED);
    }
}

static void compare_values(const struct asked *asked, enum qualifier_use use)
{
    struct arena *arena = asked->work->arena;
    const char *a = asked->old_value;
    const char *b = asked->new_value;
    switch (use) {
    case QUALIFIER_CARDINALITY:
        compare_cardinality(asked);
        break;
    case QUALIFIER_EITHER_OR:
        compare_choice(asked);
        break;
    case QUALIFIER_ALLOWED_RANGE:
        tell_bounds(asked, range_within(a, b), range_within(b, a), REASON_RANGE_NARROWED,
            REASON_RANGE_WIDENED);
        break;
    case QUALIFIER_ALLOWED_VALUE:
        tell_bounds(asked, values_within(arena, a, b), values_within(arena, b, a),
            REASON_VALUES_NARROWED, REASON_VALUES_WIDENED);
        break;
    case QUALIFIER_REQUIRED_LANG:
        compare_languages(asked);
        break;
    case QUALIFIER_INITIAL_VALUE:
    case QUALIFIER_DEFAULT_VALUE:
    case QUALIFIER_EXAMPLE_VALUE:
        tell(asked, REASON_VALUE);
        break;
    case QUALIFIER_FORM_HINT:
        tell(asked, REASON_FORM_HINT);
        break;
    case QUALIFIER_ACCESS_MODE:
    case QUALIFIER_ALLOWED_ID_SHORT:
    case QUALIFIER_OTHER:
        tell(asked, REASON_QUALIFIER);
        break;
    }
}

/* ------------------------------------------------------------------ groups */

/* How a qualifier is written: type, kind and what it means. */
static const char *written(struct compare_work *work, const struct aas_node *qualifier)
{
    const char *kind = aas_text(qualifier, PROP_kind);
    const char *type = aas_text(qualifier, PROP_type);
    const char *value_type = aas_text(qualifier, PROP_valueType);
    const char *semantic = attribute_reference(work, aas_child(qualifier, PROP_semanticId));
    const char *text = arena_printf(work->arena, "%s, %s, %s, %s", type != NULL ? type : "",
        kind != NULL ? kind : "no kind", value_type != NULL ? value_type : "no valueType",
        semantic != NULL ? semantic : "no semanticId");
    work->full |= text == NULL;
    return text;
}

/* Same values: the rest of the qualifiers may be written otherwise. */
static void compare_writing(struct asked *asked, const struct group *old, const struct group *new)
{
    for (size_t i = 0; i < old->count && i < new->count; i++) {
        const struct aas_node *a = old->first[i].qualifier;
        const struct aas_node *b = new->first[i].qualifier;
        if (aas_equal(a, b)) {
            continue;
        }
        asked->old_value = written(asked->work, a);
        asked->new_value = written(asked->work, b);
        tell(asked, REASON_SPELLING);
        return;
    }
}

static bool same_values(const struct group *a, const struct group *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->first[i].value, b->first[i].value) != 0) {
            return false;
        }
    }
    return true;
}

/* The usual case, which needs no sorting. */
static bool same_qualifiers(const struct aas_node *a, const struct aas_node *b)
{
    size_t a_count;
    size_t b_count;
    struct aas_node **x = aas_list(a, PROP_qualifiers, &a_count);
    struct aas_node **y = aas_list(b, PROP_qualifiers, &b_count);
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = aas_equal(x[i], y[i]);
    }
    return same;
}

void qualifiers_compare(struct compare_work *work, const struct finding_place *place)
{
    if (same_qualifiers(work->out->side[OLD].elements[place->from].node,
            work->out->side[NEW].elements[place->to].node)) {
        return;
    }
    struct entries a = read_entries(work, work->out->side[OLD].elements[place->from].node);
    struct entries b = read_entries(work, work->out->side[NEW].elements[place->to].node);
    for (size_t i = 0, n = 0; (i < a.count || n < b.count) && !work->full;) {
        struct group old = {.count = 0};
        struct group new = {.count = 0};
        int order = i == a.count ? 1 : n == b.count ? -1 : compare_kind(&a.list[i], &b.list[n]);
        if (order <= 0) {
            old = group_at(&a, i);
        }
        if (order >= 0) {
            new = group_at(&b, n);
        }
        struct asked asked = {.work = work,
            .place = place,
            .name = (new.count > 0 ? new.first : old.first)->type,
            .old_value = joined(work, &old),
            .new_value = joined(work, &new)};
        if (same_values(&old, &new)) {
            compare_writing(&asked, &old, &new);
        } else {
            compare_values(&asked, (old.count > 0 ? old.first : new.first)->use);
        }
        i += old.count;
        n += new.count;
    }
}

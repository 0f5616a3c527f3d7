/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of a pair: what differs, by which reason. One row per attribute that is special; the
 * others are values or behaviour, as the metamodel table says. */
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "conformance/compare_parts.h"

enum { TEXT_ROOM = 256 << 20 };

enum treatment {
    SKIP,  /* judged elsewhere */
    WHOLE, /* the value as a whole */
    TEXTS, /* by language */
    PARTS, /* attribute by attribute of the object */
    SPECS, /* embedded data specifications */
    SUPPLEMENTS,
    REFERENCE, /* a semantic id: the matching modes count */
};

struct attribute_row {
    enum meta_prop_id id;
    enum treatment treatment;
    enum compare_reason reason;
    const char *normal; /* what absence means, NULL: nothing */
};

static const struct attribute_row rows[] = {
    {PROP_idShort, SKIP, REASON_RENAMED, NULL},
    {PROP_semanticId, SKIP, REASON_SEMANTIC_ID_CHANGED, NULL},
    {PROP_qualifiers, SKIP, REASON_QUALIFIER, NULL},
    {PROP_inputVariables, SKIP, REASON_BEHAVIOUR, NULL},
    {PROP_outputVariables, SKIP, REASON_BEHAVIOUR, NULL},
    {PROP_inoutputVariables, SKIP, REASON_BEHAVIOUR, NULL},
    {PROP_supplementalSemanticIds, SUPPLEMENTS, REASON_SUPPLEMENTAL_REMOVED, NULL},
    {PROP_embeddedDataSpecifications, SPECS, REASON_CONCEPT, NULL},
    {PROP_displayName, TEXTS, REASON_TEXT, NULL},
    {PROP_description, TEXTS, REASON_TEXT, NULL},
    {PROP_category, WHOLE, REASON_TEXT, NULL},
    {PROP_administration, PARTS, REASON_ADMINISTRATION, NULL},
    {PROP_id, WHOLE, REASON_ADMINISTRATION, NULL},
    {PROP_kind, WHOLE, REASON_KIND, "Instance"},
    {PROP_valueType, WHOLE, REASON_VALUE_TYPE, NULL},
    {PROP_semanticIdListElement, REFERENCE, REASON_LIST_TYPE, NULL},
    {PROP_typeValueListElement, WHOLE, REASON_LIST_TYPE, NULL},
    {PROP_valueTypeListElement, WHOLE, REASON_LIST_TYPE, NULL},
    {PROP_entityType, WHOLE, REASON_ENTITY_TYPE, NULL},
    {PROP_contentType, WHOLE, REASON_CONTENT_TYPE, NULL},
    {PROP_orderRelevant, WHOLE, REASON_ORDER_RELEVANT, "true"},
};

/* Attributes of IEC 61360 content that are more than words. */
static const struct attribute_row content_rows[] = {
    {PROP_unit, WHOLE, REASON_UNIT, NULL},
    {PROP_unitId, WHOLE, REASON_UNIT, NULL},
    {PROP_dataType, WHOLE, REASON_UNIT, NULL},
    {PROP_levelType, WHOLE, REASON_UNIT, NULL},
    {PROP_valueList, WHOLE, REASON_VALUE_LIST, NULL},
    {PROP_value, WHOLE, REASON_VALUE_LIST, NULL},
    {PROP_preferredName, TEXTS, REASON_CONCEPT, NULL},
    {PROP_shortName, TEXTS, REASON_CONCEPT, NULL},
    {PROP_definition, TEXTS, REASON_CONCEPT, NULL},
};

static const struct attribute_row *find_row(
    const struct attribute_row *table, size_t count, enum meta_prop_id id)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].id == id) {
            return &table[i];
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ values as text */

static void add_reference(struct buf *buf, const struct aas_node *reference)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(reference, PROP_keys, &count);
    const char *type = aas_text(reference, PROP_type);
    buf_printf(buf, "%s", type != NULL ? type : "");
    for (size_t i = 0; i < count; i++) {
        const char *key_type = aas_text(keys[i], PROP_type);
        const char *value = aas_text(keys[i], PROP_value);
        buf_printf(buf, " (%s)%s", key_type != NULL ? key_type : "", value != NULL ? value : "");
    }
}

static void add_node(struct buf *buf, const struct aas_node *node)
{
    if (node->cls->id == CLASS_Reference) {
        add_reference(buf, node);
    } else {
        aas_json_write(buf, node, 0, NULL);
    }
}

static const char *keep(struct compare_work *work, struct buf *buf)
{
    const char *text =
        buf_failed(buf) ? NULL
                        : arena_copy(work->arena, buf->bytes != NULL ? buf->bytes : "", buf->len);
    work->full |= text == NULL;
    buf_finish(buf);
    return text;
}

const char *attribute_reference(struct compare_work *work, const struct aas_node *reference)
{
    struct buf buf;
    if (reference == NULL) {
        return NULL;
    }
    buf_init(&buf, TEXT_ROOM);
    add_reference(&buf, reference);
    return keep(work, &buf);
}

const char *attribute_text(struct compare_work *work, const struct aas_node *node, int i)
{
    const struct aas_slot *slot = i >= 0 ? &node->slots[i] : NULL;
    struct buf buf;
    if (slot == NULL || slot->state == AAS_ABSENT || (slot->state == AAS_NODES && slot->len == 0)) {
        return NULL;
    }
    if (slot->state == AAS_TEXT) {
        return slot->u.text;
    }
    buf_init(&buf, TEXT_ROOM);
    if (slot->state == AAS_NODE) {
        add_node(&buf, slot->u.node);
    }
    for (uint32_t n = 0; slot->state == AAS_NODES && n < slot->len; n++) {
        buf_add_text(&buf, n > 0 ? ", " : "");
        add_node(&buf, slot->u.nodes[n]);
    }
    return keep(work, &buf);
}

static bool slots_same(const struct aas_slot *a, const struct aas_slot *b)
{
    bool no_a = a->state == AAS_ABSENT || (a->state == AAS_NODES && a->len == 0);
    bool no_b = b->state == AAS_ABSENT || (b->state == AAS_NODES && b->len == 0);
    if (no_a || no_b || a->state != b->state) {
        return no_a && no_b;
    }
    if (a->state == AAS_NODE) {
        return aas_equal(a->u.node, b->u.node);
    }
    if (a->len != b->len) {
        return false;
    }
    if (a->state == AAS_TEXT) {
        return memcmp(a->u.text, b->u.text, a->len) == 0;
    }
    for (uint32_t i = 0; i < a->len; i++) {
        if (!aas_equal(a->u.nodes[i], b->u.nodes[i])) {
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ texts by language */

static int compare_languages(const void *left, const void *right)
{
    const struct aas_node *const *a = left;
    const struct aas_node *const *b = right;
    const char *x = aas_text(*a, PROP_language);
    const char *y = aas_text(*b, PROP_language);
    int order = strcmp(x != NULL ? x : "", y != NULL ? y : "");
    return order != 0 ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

static const struct aas_node **sorted_texts(
    struct compare_work *work, const struct aas_node *node, enum meta_prop_id id, size_t *count)
{
    *count = 0;
    struct aas_node **list = node != NULL ? aas_list(node, id, count) : NULL;
    const struct aas_node **sorted = arena_alloc(work->arena, (*count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        work->full = true;
        *count = 0;
        return NULL;
    }
    for (size_t i = 0; i < *count; i++) {
        sorted[i] = list[i];
    }
    qsort(sorted, *count, sizeof *sorted, compare_languages);
    return sorted;
}

static void add_language(struct compare_work *work, const struct finding_place *place,
    enum meta_prop_id id, enum compare_reason reason, const struct aas_node *a,
    const struct aas_node *b)
{
    const char *language = aas_text(a != NULL ? a : b, PROP_language);
    const char *x = a != NULL ? aas_text(a, PROP_text) : NULL;
    const char *y = b != NULL ? aas_text(b, PROP_text) : NULL;
    if (x != NULL && y != NULL && strcmp(x, y) == 0) {
        return;
    }
    const char *name =
        arena_printf(work->arena, "%s@%s", meta_prop_name(id), language != NULL ? language : "");
    finding_add(work, reason, place, name, x, y);
}

void attributes_of_texts(struct compare_work *work, const struct finding_place *place,
    enum meta_prop_id id, enum compare_reason reason, const struct aas_node *a,
    const struct aas_node *b)
{
    size_t a_count;
    size_t b_count;
    const struct aas_node **x = sorted_texts(work, a, id, &a_count);
    const struct aas_node **y = sorted_texts(work, b, id, &b_count);
    for (size_t i = 0, n = 0; i < a_count || n < b_count;) {
        int order = 0;
        if (i == a_count || n == b_count) {
            order = i == a_count ? 1 : -1;
        } else {
            const char *p = aas_text(x[i], PROP_language);
            const char *q = aas_text(y[n], PROP_language);
            order = strcmp(p != NULL ? p : "", q != NULL ? q : "");
        }
        add_language(work, place, id, reason, order <= 0 ? x[i] : NULL, order >= 0 ? y[n] : NULL);
        i += order <= 0;
        n += order >= 0;
    }
}

/* ------------------------------------------------------------------ treatments */

static void compare_supplements(struct compare_work *work, const struct finding_place *place)
{
    const struct element_key *keys[2] = {
        &work->keys[OLD][place->from], &work->keys[NEW][place->to]};
    const uint32_t elements[2] = {place->from, place->to};
    for (int side = OLD; side <= NEW; side++) {
        const struct element_key *own = keys[side];
        const struct element_key *other = keys[1 - side];
        size_t count = 0;
        struct aas_node **list = aas_list(work->out->side[side].elements[elements[side]].node,
            PROP_supplementalSemanticIds, &count);
        uint32_t *sorted = arena_alloc(work->arena, (other->supplement_count + 1) * sizeof *sorted);
        if (sorted == NULL) {
            work->full = true;
            return;
        }
        memcpy(sorted, &work->supplements[1 - side][other->supplement],
            other->supplement_count * sizeof *sorted);
        numbers_sort(sorted, other->supplement_count);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t value = work->supplements[side][own->supplement + i];
            if (!numbers_have(sorted, other->supplement_count, value)) {
                const char *text = attribute_reference(work, list[i]);
                finding_add(work,
                    side == OLD ? REASON_SUPPLEMENTAL_REMOVED : REASON_SUPPLEMENTAL_ADDED, place,
                    "supplementalSemanticIds", side == OLD ? text : NULL,
                    side == OLD ? NULL : text);
            }
        }
    }
}

static void compare_semantic_attribute(struct compare_work *work, const struct finding_place *place,
    enum compare_reason reason, const char *name, const struct aas_node *a,
    const struct aas_node *b)
{
    struct reference_numbers x = names_reference(&work->names, a);
    struct reference_numbers y = names_reference(&work->names, b);
    unsigned differs = 0;
    differs |= x.exact != y.exact ? 1U << COMPARE_EXACT : 0;
    differs |= x.value != y.value ? 1U << COMPARE_VALUE | 1U << COMPARE_SUPPLEMENTAL : 0;
    differs |= x.plain != y.plain ? 1U << COMPARE_IGNORE_VERSION : 0;
    if (differs != 0) {
        finding_add_in(work, differs, reason, place, name, attribute_reference(work, a),
            attribute_reference(work, b));
    }
}

static void attributes_of_content(struct compare_work *work, const struct finding_place *place,
    const struct aas_node *a, const struct aas_node *b)
{
    const struct aas_node *either = a != NULL ? a : b;
    if (either == NULL) {
        return;
    }
    const struct meta_class *cls = either->cls;
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        const struct attribute_row *row =
            find_row(content_rows, sizeof content_rows / sizeof *content_rows, prop->id);
        enum compare_reason reason = row != NULL ? row->reason : REASON_CONCEPT;
        if (a != NULL && b != NULL && slots_same(&a->slots[i], &b->slots[i])) {
            continue;
        }
        if (row != NULL && row->treatment == TEXTS) {
            attributes_of_texts(work, place, prop->id, reason, a, b);
            continue;
        }
        const char *x = a != NULL ? attribute_text(work, a, (int)i) : NULL;
        const char *y = b != NULL ? attribute_text(work, b, (int)i) : NULL;
        if (x != NULL || y != NULL) {
            finding_add(work, reason, place, prop->name, x, y);
        }
    }
}

static void compare_spec(struct compare_work *work, const struct finding_place *place,
    const struct aas_node *a, const struct aas_node *b)
{
    const char *x =
        a != NULL ? attribute_reference(work, aas_child(a, PROP_dataSpecification)) : NULL;
    const char *y =
        b != NULL ? attribute_reference(work, aas_child(b, PROP_dataSpecification)) : NULL;
    if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x, y) != 0)) {
        finding_add(work, REASON_CONCEPT, place, "dataSpecification", x, y);
    }
    attributes_of_content(work, place,
        a != NULL ? aas_child(a, PROP_dataSpecificationContent) : NULL,
        b != NULL ? aas_child(b, PROP_dataSpecificationContent) : NULL);
}

void attributes_of_specs(struct compare_work *work, const struct finding_place *place,
    const struct aas_node *a, const struct aas_node *b)
{
    size_t a_count;
    size_t b_count;
    struct aas_node **x = aas_list(a, PROP_embeddedDataSpecifications, &a_count);
    struct aas_node **y = aas_list(b, PROP_embeddedDataSpecifications, &b_count);
    for (size_t i = 0; i < a_count || i < b_count; i++) {
        compare_spec(work, place, i < a_count ? x[i] : NULL, i < b_count ? y[i] : NULL);
    }
}

static void compare_whole(struct compare_work *work, const struct finding_place *place,
    const struct attribute_row *row, enum compare_reason reason, const struct aas_node *a,
    const struct aas_node *b, enum meta_prop_id id)
{
    const char *x = attribute_text(work, a, meta_slot(a->cls, id));
    const char *y = attribute_text(work, b, meta_slot(b->cls, id));
    const char *normal = row != NULL ? row->normal : NULL;
    const char *p = x != NULL ? x : normal;
    const char *q = y != NULL ? y : normal;
    bool same = p != NULL && q != NULL && strcmp(p, q) == 0;
    finding_add(work, same ? REASON_SPELLING : reason, place, meta_prop_name(id), x, y);
}

static void compare_parts(struct compare_work *work, const struct finding_place *place,
    enum compare_reason reason, const char *name, const struct aas_node *a,
    const struct aas_node *b)
{
    const struct aas_node *either = a != NULL ? a : b;
    if (either == NULL) {
        return;
    }
    const struct meta_class *cls = either->cls;
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (a != NULL && b != NULL && slots_same(&a->slots[i], &b->slots[i])) {
            continue;
        }
        const char *x = a != NULL ? attribute_text(work, a, (int)i) : NULL;
        const char *y = b != NULL ? attribute_text(work, b, (int)i) : NULL;
        if (x != NULL || y != NULL) {
            finding_add(work, reason, place,
                arena_printf(work->arena, "%s.%s", name, cls->props[i].name), x, y);
        }
    }
}

static void compare_slot(struct compare_work *work, const struct finding_place *place,
    const struct attribute_row *row, const struct meta_prop *prop, const struct aas_node *a,
    const struct aas_node *b)
{
    enum compare_reason reason = row != NULL                   ? row->reason
                                 : prop->flags & META_IS_VALUE ? REASON_VALUE
                                                               : REASON_BEHAVIOUR;
    bool texts = prop->kind == META_LIST && prop->cls->is & META_IS_LANG_STRING;
    switch (row != NULL ? row->treatment : texts ? TEXTS : WHOLE) {
    case SKIP:
        break;
    case WHOLE:
        compare_whole(work, place, row, reason, a, b, prop->id);
        break;
    case TEXTS:
        attributes_of_texts(work, place, prop->id, reason, a, b);
        break;
    case PARTS:
        compare_parts(
            work, place, reason, prop->name, aas_child(a, prop->id), aas_child(b, prop->id));
        break;
    case SPECS:
        attributes_of_specs(work, place, a, b);
        break;
    case SUPPLEMENTS:
        compare_supplements(work, place);
        break;
    case REFERENCE:
        compare_semantic_attribute(
            work, place, reason, prop->name, aas_child(a, prop->id), aas_child(b, prop->id));
        break;
    }
}

/* Of two classes: the same name need not mean the same. Elements below are no attributes. */
static bool comparable(const struct meta_prop *a, const struct meta_prop *b)
{
    return a->kind == b->kind && a->cls == b->cls && !((a->flags | b->flags) & META_CHILDREN);
}

void attributes_compare(struct compare_work *work, const struct finding_place *place)
{
    const struct aas_node *a = work->out->side[OLD].elements[place->from].node;
    const struct aas_node *b = work->out->side[NEW].elements[place->to].node;
    for (size_t i = 0; i < a->cls->prop_count; i++) {
        const struct meta_prop *prop = &a->cls->props[i];
        int other = a->cls == b->cls ? (int)i : meta_slot(b->cls, prop->id);
        if (other < 0 || !comparable(prop, &b->cls->props[other]) ||
            slots_same(&a->slots[i], &b->slots[other])) {
            continue;
        }
        compare_slot(work, place, find_row(rows, sizeof rows / sizeof *rows, prop->id), prop, a, b);
    }
}

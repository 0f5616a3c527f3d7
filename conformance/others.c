/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/others.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/quote.h"

/* ------------------------------------------------------------------ what the rules compare */

/* The value that an IEC 61360 content of the concept description gives; NULL without one. */
static const char *value_of(const struct aas_node *concept)
{
    size_t count = 0;
    struct aas_node **specs = aas_list(concept, PROP_embeddedDataSpecifications, &count);
    for (size_t i = 0; i < count; i++) {
        const struct aas_node *content = aas_child(specs[i], PROP_dataSpecificationContent);
        const char *value = content == NULL ? NULL : aas_text(content, PROP_value);
        if (value != NULL && value[0] != '\0') {
            return value;
        }
    }
    return NULL;
}

/* A concept description without a value is no coded value, and nothing can be compared with it. */
static bool agrees(const struct aas_node *node, const struct aas_node *concept)
{
    const char *wanted = value_of(concept);
    const char *have = aas_text(node, PROP_value);
    return wanted == NULL || have == NULL || strcmp(wanted, have) == 0;
}

static bool has_value(const struct aas_node *node, const struct aas_node *concept)
{
    (void)node;
    return value_of(concept) != NULL;
}

#define TOGETHER "Judge it together with the concept descriptions it refers to."

static const struct other_rule rows[] = {
    {"AASd-006", CLASS_Qualifier, true, agrees,
        "the value of the qualifier is not that of the concept",
        "Use the value of the concept description or correct valueId.",
        "values of qualifiers not compared with their valueId", TOGETHER},
    {"AASd-007", CLASS_Property, true, agrees,
        "the value of the property is not that of the concept",
        "Use the value of the concept description or correct valueId.",
        "values of properties not compared with their valueId", TOGETHER},
    {"AASd-012", CLASS_MultiLanguageProperty, true, NULL, NULL, NULL,
        "multi-language values not compared with their valueId",
        "Let a person compare the texts with what valueId stands for."},
    {"AASc-3a-003", CLASS_ValueReferencePair, false, has_value,
        "a value list names a concept that has no value:",
        "Add the value to the IEC 61360 content of the concept description.",
        "concept descriptions of value lists not looked at", TOGETHER},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

const struct other_rule *other_rules(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

/* ------------------------------------------------------------------ finding the other object */

struct skipped {
    size_t count;
    const struct aas_node *first;
    const char *id;
};

struct others {
    const struct others_trees *trees;
    const struct judge_lookup *lookup;
    struct report *report;
    const struct aas_node **concepts; /* of all trees, by id; made when first asked for */
    size_t concept_count;
    bool indexed;
    struct skipped skipped[ROW_COUNT];
};

static const char *id_of(const struct aas_node *node)
{
    const char *id = aas_text(node, PROP_id);
    return id == NULL ? "" : id;
}

static int by_id(const void *a, const void *b)
{
    const struct aas_node *const *x = a;
    const struct aas_node *const *y = b;
    return strcmp(id_of(*x), id_of(*y));
}

static int is_id(const void *id, const void *item)
{
    const struct aas_node *const *node = item;
    return strcmp(id, id_of(*node));
}

static size_t concepts_in(const struct aas_node *root, const struct aas_node **to)
{
    size_t count = 0;
    struct aas_node **list = aas_list(root, PROP_conceptDescriptions, &count);
    if (root->cls->id == CLASS_ConceptDescription) {
        list = NULL;
        count = 1;
    }
    for (size_t i = 0; to != NULL && i < count; i++) {
        to[i] = list == NULL ? root : list[i];
    }
    return count;
}

static enum err_code make_index(struct others *others)
{
    size_t count = 0;
    for (size_t i = 0; i < others->trees->count; i++) {
        count += concepts_in(others->trees->roots[i], NULL);
    }
    others->indexed = true;
    others->concepts = malloc((count + 1) * sizeof *others->concepts);
    if (others->concepts == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < others->trees->count; i++) {
        others->concept_count +=
            concepts_in(others->trees->roots[i], others->concepts + others->concept_count);
    }
    qsort(others->concepts, count, sizeof *others->concepts, by_id);
    return ERR_OK;
}

static const struct aas_node *find_concept(const struct others *others, const char *id)
{
    const struct aas_node **found =
        bsearch(id, others->concepts, others->concept_count, sizeof *others->concepts, is_id);
    if (found != NULL) {
        return *found;
    }
    return others->lookup == NULL
               ? NULL
               : others->lookup->concept(others->lookup->context, id, strlen(id));
}

/* The id of the concept description that a reference of one key names; NULL when it names none. */
static const char *concept_id(const struct aas_node *reference)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(reference, PROP_keys, &count);
    const char *type = count == 1 ? aas_text(keys[0], PROP_type) : NULL;
    bool may = type != NULL &&
               (strcmp(type, "GlobalReference") == 0 || strcmp(type, "ConceptDescription") == 0);
    return may ? aas_text(keys[0], PROP_value) : NULL;
}

/* ------------------------------------------------------------------ the walk */

static bool concerns(const struct other_rule *row, const struct aas_node *node)
{
    const struct aas_slot *value = row->needs_value ? aas_slot(node, PROP_value) : NULL;
    return !row->needs_value || (value != NULL && value->state != AAS_ABSENT && value->len > 0);
}

static void skip(struct skipped *skipped, const struct aas_node *node, const char *id)
{
    if (skipped->count++ == 0) {
        skipped->first = node;
        skipped->id = id == NULL ? "" : id;
    }
}

static enum err_code check_row(struct others *others, size_t i, const struct aas_node *node)
{
    const struct other_rule *row = &rows[i];
    const char *id = concept_id(aas_child(node, PROP_valueId));
    const struct aas_node *concept = NULL;
    if (row->holds != NULL && id != NULL) {
        enum err_code code = others->indexed ? ERR_OK : make_index(others);
        if (code != ERR_OK) {
            return code;
        }
        concept = find_concept(others, id);
    }
    if (concept == NULL || (row->needs_value && value_of(concept) == NULL)) {
        skip(&others->skipped[i], node, id);
    } else if (!row->holds(node, concept)) {
        int slot = meta_slot(node->cls, row->needs_value ? PROP_value : PROP_valueId);
        report_add(others->report, AAS_ERROR, row->id, node, slot, row->remedy, "%s '%s'",
            row->wrong, quote_make(id, strlen(id)).text);
    }
    return ERR_OK;
}

static enum err_code visit(const struct aas_node *node, void *context)
{
    enum err_code code = ERR_OK;
    bool names_value = aas_child(node, PROP_valueId) != NULL;
    for (size_t i = 0; names_value && code == ERR_OK && i < ROW_COUNT; i++) {
        if (rows[i].cls == node->cls->id && concerns(&rows[i], node)) {
            code = check_row(context, i, node);
        }
    }
    return code;
}

static void tell_skipped(const struct others *others)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct skipped *skipped = &others->skipped[i];
        if (skipped->count > 0) {
            report_add(others->report, AAS_INFO, rows[i].id, skipped->first,
                meta_slot(skipped->first->cls, PROP_valueId), rows[i].note_remedy,
                "%s: %zu, the first one refers to '%s'", rows[i].note, skipped->count,
                quote_make(skipped->id, strlen(skipped->id)).text);
        }
    }
}

/* An edited submodel has no concept description in it: nothing to look for, nothing to walk. */
static bool has_concepts(const struct others_trees *trees)
{
    for (size_t i = 0; i < trees->count; i++) {
        if (concepts_in(trees->roots[i], NULL) > 0) {
            return true;
        }
    }
    return false;
}

enum err_code others_judge(const struct aas_node *root, const struct others_trees *trees,
    const struct judge_lookup *lookup, bool notes, struct report *report)
{
    if (!notes && lookup == NULL && !has_concepts(trees)) {
        return ERR_OK;
    }
    struct others others = {.trees = trees, .lookup = lookup, .report = report};
    uint64_t classes = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        classes |= META_BIT(rows[i].cls);
    }
    enum err_code code = aas_walk_to(root, classes, visit, &others);
    if (code == ERR_OK && notes) {
        tell_skipped(&others);
    }
    free(others.concepts);
    return code;
}

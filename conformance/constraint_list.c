/* SPDX-License-Identifier: Apache-2.0 */
/* Items of a SubmodelElementList agree with the list and with each other. */
#include <string.h>

#include "conformance/constraint_checks.h"
#include "conformance/quote.h"

bool constraint_same_reference(const struct aas_node *a, const struct aas_node *b)
{
    size_t a_count = 0;
    size_t b_count = 0;
    struct aas_node **a_keys = aas_list(a, PROP_keys, &a_count);
    struct aas_node **b_keys = aas_list(b, PROP_keys, &b_count);
    if (a_count != b_count) {
        return false;
    }
    for (size_t i = 0; i < a_count; i++) {
        const char *x = aas_text(a_keys[i], PROP_value);
        const char *y = aas_text(b_keys[i], PROP_value);
        if (x == NULL || y == NULL || strcmp(x, y) != 0) {
            return false;
        }
    }
    return true;
}

CONSTRAINT_CHECK(check_list_semantics)
{
    const struct aas_node *wanted = aas_child(node, PROP_semanticIdListElement);
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    for (size_t i = 0; i < count && wanted != NULL; i++) {
        const struct aas_node *semantic = aas_child(items[i], PROP_semanticId);
        if (semantic != NULL && !constraint_same_reference(semantic, wanted)) {
            BREACH(row, report, items[i], meta_slot(items[i]->cls, PROP_semanticId),
                "item %zu has another semanticId than the list asks for", i);
        }
    }
}

CONSTRAINT_CHECK(check_list_same_semantics)
{
    const struct aas_node *first = NULL;
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    if (aas_child(node, PROP_semanticIdListElement) != NULL) {
        return; /* AASd-107 compares every item with that */
    }
    for (size_t i = 0; i < count; i++) {
        const struct aas_node *semantic = aas_child(items[i], PROP_semanticId);
        if (semantic == NULL) {
            continue;
        }
        if (first == NULL) {
            first = semantic;
        } else if (!constraint_same_reference(first, semantic)) {
            BREACH(row, report, items[i], meta_slot(items[i]->cls, PROP_semanticId),
                "item %zu has another semanticId than the items before it", i);
        }
    }
}

/* True when an item of class `cls` is a `type`, which may be an abstract class of the metamodel. */
static bool is_a(const struct meta_class *cls, const char *type)
{
    static const struct {
        const char *type;
        unsigned bit;
    } groups[] = {
        {"SubmodelElement", META_IS_SUBMODEL_ELEMENT},
        {"DataElement", META_IS_DATA_ELEMENT},
        {"EventElement", META_IS_EVENT_ELEMENT},
        {"RelationshipElement", META_IS_RELATIONSHIP_ELEMENT},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (strcmp(groups[i].type, type) == 0) {
            return (cls->is & groups[i].bit) != 0;
        }
    }
    return strcmp(cls->name, type) == 0;
}

CONSTRAINT_CHECK(check_list_type)
{
    const char *type = aas_text(node, PROP_typeValueListElement);
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    for (size_t i = 0; i < count && type != NULL; i++) {
        if (!is_a(items[i]->cls, type)) {
            BREACH(row, report, items[i], -1, "item %zu is a %s in a list of %s", i,
                items[i]->cls->name, quote_make(type, strlen(type)).text);
        }
    }
}

CONSTRAINT_CHECK(check_list_value_type)
{
    const char *type = aas_text(node, PROP_typeValueListElement);
    if (type == NULL || (strcmp(type, "Property") != 0 && strcmp(type, "Range") != 0)) {
        return;
    }
    const char *wanted = aas_text(node, PROP_valueTypeListElement);
    if (wanted == NULL) {
        BREACH(row, report, node, -1, "a list of %s has no valueTypeListElement", type);
        return;
    }
    size_t count = 0;
    struct aas_node **items = aas_children(node, &count);
    for (size_t i = 0; i < count; i++) {
        const char *have = aas_text(items[i], PROP_valueType);
        if (have != NULL && strcmp(have, wanted) != 0) {
            BREACH(row, report, items[i], meta_slot(items[i]->cls, PROP_valueType),
                "item %zu has the valueType %s in a list of %s", i,
                quote_make(have, strlen(have)).text, quote_make(wanted, strlen(wanted)).text);
        }
    }
}

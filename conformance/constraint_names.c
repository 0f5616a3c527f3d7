/* SPDX-License-Identifier: Apache-2.0 */
/* Names: that they are there, that they are not, that they are unique. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conformance/constraint_checks.h"
#include "conformance/quote.h"

static const struct meta_prop *place_of(const struct aas_node *node)
{
    return node->parent == NULL ? NULL : &node->parent->cls->props[node->parent_slot];
}

static bool is_list_item(const struct aas_node *node)
{
    const struct meta_prop *place = place_of(node);
    return place != NULL && (place->flags & META_INDEXED);
}

/* An element that stands alone may be meant for a list; where it goes is checked there. */
CONSTRAINT_CHECK(check_id_short_there)
{
    if (node->parent != NULL && !is_list_item(node) && aas_text(node, PROP_idShort) == NULL) {
        BREACH(row, report, node, -1, "%s has no idShort", node->cls->name);
    }
}

/* An empty idShort is the schema's to complain about. */
CONSTRAINT_CHECK(check_id_short_in_list)
{
    const char *id_short = aas_text(node, PROP_idShort);
    if (id_short != NULL && id_short[0] != '\0' && is_list_item(node)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_idShort),
            "item %u of the list has the idShort '%s'", (unsigned)node->index,
            quote_make(id_short, strlen(id_short)).text);
    }
}

/* ------------------------------------------------------------------ unique */

/* A name and the node that has it. */
struct named {
    const char *name;
    const struct aas_node *node;
    size_t order;
};

/* Names in the order of the document, to be made unique. */
struct names {
    struct named *items;
    size_t count;
};

static int compare_exact(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* Language tags do not distinguish case (RFC 5646, 2.1.1). strcasecmp of ASCII in the C locale,
 * which this program never leaves. */
static int compare_caseless(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    int order = strcasecmp(x->name, y->name);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static void add_name(struct names *names, const struct aas_node *node, enum meta_prop_id id)
{
    const char *name = aas_text(node, id);
    if (name != NULL) {
        names->items[names->count] = (struct named){name, node, names->count};
        names->count++;
    }
}

/* Tells about every name that another one before it has; `what` names the attribute. */
static void tell_repeats(struct names *names, enum meta_prop_id id, bool caseless,
    const struct constraint *row, struct report *report)
{
    if (names->count > 1) {
        qsort(names->items, names->count, sizeof *names->items,
            caseless ? compare_caseless : compare_exact);
    }
    for (size_t i = 1; i < names->count; i++) {
        const struct named *at = &names->items[i];
        const char *before = names->items[i - 1].name;
        if ((caseless ? strcasecmp(before, at->name) : strcmp(before, at->name)) == 0) {
            BREACH(row, report, at->node, meta_slot(at->node->cls, id),
                "the %s '%s' is there more than once", meta_prop_name(id),
                quote_make(at->name, strlen(at->name)).text);
        }
    }
}

enum { FEW_NAMES = 16, MOST_PROBES = 100 };

static uint32_t hash_name(const char *name, size_t len, bool caseless)
{
    const uint64_t fold = caseless ? PLAIN_ONES * 0x20 : 0;
    uint64_t hash = len;
    for (size_t at = 0; at < len; at += sizeof hash) {
        uint64_t word;
        if (len - at < sizeof word) {
            word = plain_short(name + at, len - at);
        } else {
            memcpy(&word, name + at, sizeof word);
        }
        hash = (hash ^ (word | fold)) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash == 0 ? 1 : (uint32_t)hash;
}

/* Of names that hash alike, or were chosen to crowd, it cannot be told, nor without memory: false
 * then. */
static bool hashes_differ(
    struct aas_node *const *nodes, size_t count, enum meta_prop_id id, bool caseless)
{
    size_t room = 64;
    while (room < 2 * count) {
        room *= 2;
    }
    uint32_t *seen = calloc(room, sizeof *seen);
    bool differ = seen != NULL;
    for (size_t i = 0; i < count && differ; i++) {
        const struct aas_slot *name = aas_slot(nodes[i], id);
        if (name == NULL || name->state != AAS_TEXT) {
            continue;
        }
        uint32_t hash = hash_name(name->u.text, name->len, caseless);
        size_t at = hash & (room - 1);
        for (int n = 0; seen[at] != 0 && seen[at] != hash && n < MOST_PROBES; n++) {
            at = (at + 1) & (room - 1);
        }
        differ = seen[at] == 0;
        seen[at] = hash;
    }
    free(seen);
    return differ;
}

/* Few names are compared with each other, so that the usual list costs no memory. */
static bool all_differ(
    struct aas_node *const *nodes, size_t count, enum meta_prop_id id, bool caseless)
{
    if (count > FEW_NAMES) {
        return hashes_differ(nodes, count, id, caseless);
    }
    const char *seen[FEW_NAMES];
    size_t have = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = aas_text(nodes[i], id);
        for (size_t n = 0; name != NULL && n < have; n++) {
            if ((caseless ? strcasecmp(seen[n], name) : strcmp(seen[n], name)) == 0) {
                return false;
            }
        }
        if (name != NULL) {
            seen[have++] = name;
        }
    }
    return true;
}

static void check_unique(struct aas_node *const *nodes, size_t count, enum meta_prop_id id,
    bool caseless, const struct constraint *row, struct report *report)
{
    if (count < 2 || all_differ(nodes, count, id, caseless)) {
        return;
    }
    struct names names = {.items = malloc(count * sizeof *names.items)};
    if (names.items == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_name(&names, nodes[i], id);
    }
    tell_repeats(&names, id, caseless, row, report);
    free(names.items);
}

CONSTRAINT_CHECK(check_id_shorts_unique)
{
    size_t count = 0;
    struct aas_node **children = aas_children(node, &count);
    check_unique(children, count, PROP_idShort, false, row, report);
}

/* in, out and in-out variables share one namespace */
CONSTRAINT_CHECK(check_variables_unique)
{
    static const enum meta_prop_id lists[] = {
        PROP_inputVariables, PROP_outputVariables, PROP_inoutputVariables};
    size_t total = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t count = 0;
        (void)aas_list(node, lists[i], &count);
        total += count;
    }
    if (total < 2) {
        return;
    }
    struct names names = {.items = malloc(total * sizeof *names.items)};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && names.items != NULL; i++) {
        size_t count = 0;
        struct aas_node **variables = aas_list(node, lists[i], &count);
        for (size_t n = 0; n < count; n++) {
            const struct aas_node *element = aas_child(variables[n], PROP_value);
            if (element != NULL) {
                add_name(&names, element, PROP_idShort);
            }
        }
    }
    tell_repeats(&names, PROP_idShort, false, row, report);
    free(names.items);
}

/* By id, then by class: what has the same class stands together, in the order of the document. */
static int compare_ids(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0) {
        order = (int)x->node->cls->id - (int)y->node->cls->id;
    }
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* A repository keeps one object of a kind per id: another one with other content would be lost.
 * What is there twice, or is of another kind, does less harm and is a warning. */
static void tell_id(const struct named *before, const struct named *at,
    const struct constraint *row, struct report *report)
{
    const struct aas_node *node = at->node;
    int slot = meta_slot(node->cls, PROP_id);
    const struct quote id = quote_make(at->name, strlen(at->name));
    if (before->node->cls != node->cls) {
        report_add(report, AAS_WARNING, row->id, node, slot,
            "Give the concept description or the other object an id of its own.",
            "the id '%s' is also that of a %s", id.text, before->node->cls->name);
    } else if (aas_equal(before->node, node)) {
        report_add(report, AAS_WARNING, row->id, node, slot, row->remedy,
            "the %s with the id '%s' is there twice", node->cls->name, id.text);
    } else {
        BREACH(row, report, node, slot, "there is another %s with the id '%s'", node->cls->name,
            id.text);
    }
}

/* All identifiables of an environment share one space of ids. */
CONSTRAINT_CHECK(check_ids_unique)
{
    size_t total = 0;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        size_t count = 0;
        (void)aas_list(node, node->cls->props[i].id, &count);
        total += count;
    }
    struct names names = {.items = total < 2 ? NULL : malloc(total * sizeof *names.items)};
    for (size_t i = 0; i < node->cls->prop_count && names.items != NULL; i++) {
        size_t count = 0;
        struct aas_node **nodes = aas_list(node, node->cls->props[i].id, &count);
        for (size_t n = 0; n < count; n++) {
            add_name(&names, nodes[n], PROP_id);
        }
    }
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof *names.items, compare_ids);
    }
    for (size_t i = 1; i < names.count; i++) {
        if (strcmp(names.items[i - 1].name, names.items[i].name) == 0) {
            tell_id(&names.items[i - 1], &names.items[i], row, report);
        }
    }
    free(names.items);
}

/* References of a shell are told apart by what their last key says. */
CONSTRAINT_CHECK(check_submodels_unique)
{
    size_t count = 0;
    struct aas_node **references = aas_list(node, PROP_submodels, &count);
    struct names names = {.items = count < 2 ? NULL : malloc(count * sizeof *names.items)};
    for (size_t i = 0; i < count && names.items != NULL; i++) {
        const char *value = aas_last_key(references[i]);
        if (value != NULL && value[0] != '\0') {
            names.items[names.count] = (struct named){value, references[i], names.count};
            names.count++;
        }
    }
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof *names.items, compare_exact);
    }
    for (size_t i = 1; i < names.count; i++) {
        const struct named *at = &names.items[i];
        if (constraint_same_reference(names.items[i - 1].node, at->node)) {
            BREACH(row, report, at->node, -1,
                "the shell refers to the submodel '%s' more than once",
                quote_make(at->name, strlen(at->name)).text);
        }
    }
    free(names.items);
}

static void check_list(const struct aas_node *node, enum meta_prop_id list, enum meta_prop_id id,
    const struct constraint *row, struct report *report)
{
    size_t count = 0;
    struct aas_node **nodes = aas_list(node, list, &count);
    check_unique(nodes, count, id, false, row, report);
}

CONSTRAINT_CHECK(check_qualifiers_unique)
{
    check_list(node, PROP_qualifiers, PROP_type, row, report);
}

CONSTRAINT_CHECK(check_extensions_unique)
{
    check_list(node, PROP_extensions, PROP_name, row, report);
}

CONSTRAINT_CHECK(check_languages_unique)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_NODES && slot->len > 1 && (prop->cls->is & META_IS_LANG_STRING)) {
            check_unique(slot->u.nodes, slot->len, PROP_language, true, row, report);
        }
    }
}

/* ------------------------------------------------------------------ reserved */

/* The reserved name means the attribute globalAssetId of the owner: it must not say another. */
CONSTRAINT_CHECK(check_reserved_asset_id)
{
    const char *name = aas_text(node, PROP_name);
    if (name == NULL || strcasecmp(name, "globalAssetId") != 0 || node->parent == NULL) {
        return;
    }
    const char *value = aas_text(node, PROP_value);
    const char *global = aas_text(node->parent, PROP_globalAssetId);
    if (value != NULL && global != NULL && strcmp(value, global) != 0) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_name),
            "a specific asset id is named '%s' and differs from the attribute globalAssetId", name);
    }
}

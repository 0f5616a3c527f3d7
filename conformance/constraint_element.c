/* SPDX-License-Identifier: Apache-2.0 */
/* What the attributes of one object ask of each other. */
#include <string.h>

#include "conformance/constraint_checks.h"
#include "conformance/quote.h"

bool constraint_has_items(const struct aas_node *node, enum meta_prop_id id)
{
    size_t count = 0;
    (void)aas_list(node, id, &count);
    return count > 0;
}

CONSTRAINT_CHECK(check_revision)
{
    if (aas_text(node, PROP_revision) != NULL && aas_text(node, PROP_version) == NULL) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_revision),
            "there is a revision without a version");
    }
}

static bool has_asset_id(const struct aas_node *node)
{
    return aas_text(node, PROP_globalAssetId) != NULL ||
           constraint_has_items(node, PROP_specificAssetIds);
}

CONSTRAINT_CHECK(check_entity)
{
    if (constraint_text_is(node, PROP_entityType, "SelfManagedEntity") && !has_asset_id(node)) {
        BREACH(row, report, node, -1, "a self-managed entity names no asset");
    }
}

CONSTRAINT_CHECK(check_co_managed)
{
    if (constraint_text_is(node, PROP_entityType, "CoManagedEntity") && has_asset_id(node)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_entityType),
            "a co-managed entity names an asset");
    }
}

CONSTRAINT_CHECK(check_asset_information)
{
    if (!has_asset_id(node)) {
        BREACH(row, report, node, -1, "the asset information names no asset");
    }
}

CONSTRAINT_CHECK(check_supplemental)
{
    if (constraint_has_items(node, PROP_supplementalSemanticIds) &&
        aas_child(node, PROP_semanticId) == NULL) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_supplementalSemanticIds),
            "there are supplemental semantic ids without a semanticId");
    }
}

static const struct aas_node *template_qualifier(const struct aas_node *node)
{
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(node, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        if (constraint_text_is(qualifiers[i], PROP_kind, "TemplateQualifier")) {
            return qualifiers[i];
        }
    }
    return NULL;
}

static void tell_template(
    const struct aas_node *qualifier, const struct constraint *row, struct report *report)
{
    const char *type = aas_text(qualifier, PROP_type);
    BREACH(row, report, qualifier, meta_slot(qualifier->cls, PROP_kind),
        "the template qualifier '%s' stands in a submodel that is no template",
        type == NULL ? "" : quote_make(type, strlen(type)).text);
}

CONSTRAINT_CHECK(check_template_kind)
{
    const struct aas_node *qualifier = template_qualifier(node);
    if (qualifier != NULL && meta_slot(node->cls, PROP_kind) >= 0 &&
        !constraint_text_is(node, PROP_kind, "Template")) {
        tell_template(qualifier, row, report);
    }
}

/* An element that stands alone may belong to a template. */
CONSTRAINT_CHECK(check_template_element)
{
    const struct aas_node *qualifier = template_qualifier(node);
    if (qualifier == NULL) {
        return;
    }
    const struct aas_node *at = node;
    while (at != NULL && at->cls->id != CLASS_Submodel) {
        at = at->parent;
    }
    if (at != NULL && !constraint_text_is(at, PROP_kind, "Template")) {
        tell_template(qualifier, row, report);
    }
}

CONSTRAINT_CHECK(check_data_category)
{
    const char *category = aas_text(node, PROP_category);
    if (category != NULL && category[0] != '\0' && strcmp(category, "CONSTANT") != 0 &&
        strcmp(category, "PARAMETER") != 0 && strcmp(category, "VARIABLE") != 0) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_category),
            "the category '%s' of %s is none for data elements",
            quote_make(category, strlen(category)).text, node->cls->name);
    }
}

CONSTRAINT_CHECK(check_max_interval)
{
    if (aas_text(node, PROP_maxInterval) != NULL &&
        constraint_text_is(node, PROP_direction, "input")) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_maxInterval),
            "an event with direction input has a maxInterval");
    }
}

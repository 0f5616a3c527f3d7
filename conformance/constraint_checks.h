/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_CONSTRAINT_CHECKS_H
#define JIG_CONFORMANCE_CONSTRAINT_CHECKS_H
/*
 * The check functions of the rows in constraint.c, one per row, and what they share. Internal to
 * the constraint files. A check gets a node of a class its row asks for and reports what it finds;
 * everything it needs is in the tree.
 */
#include <string.h>

#include "aas/plain.h"
#include "conformance/constraint.h"

#define CONSTRAINT_CHECK(name)                                                                     \
    void name(const struct aas_node *node, const struct constraint *row, struct report *report)

/* constraint_names.c: names, idShorts, uniqueness */
CONSTRAINT_CHECK(check_id_short_there);
CONSTRAINT_CHECK(check_id_short_in_list);
CONSTRAINT_CHECK(check_id_shorts_unique);
CONSTRAINT_CHECK(check_variables_unique);
CONSTRAINT_CHECK(check_qualifiers_unique);
CONSTRAINT_CHECK(check_extensions_unique);
CONSTRAINT_CHECK(check_languages_unique);
CONSTRAINT_CHECK(check_ids_unique);
CONSTRAINT_CHECK(check_submodels_unique);
CONSTRAINT_CHECK(check_reserved_asset_id);

/* constraint_element.c: what attributes of one object ask of each other */
CONSTRAINT_CHECK(check_revision);
CONSTRAINT_CHECK(check_entity);
CONSTRAINT_CHECK(check_co_managed);
CONSTRAINT_CHECK(check_asset_information);
CONSTRAINT_CHECK(check_supplemental);
CONSTRAINT_CHECK(check_template_kind);
CONSTRAINT_CHECK(check_template_element);
CONSTRAINT_CHECK(check_data_category);
CONSTRAINT_CHECK(check_max_interval);

/* constraint_list.c: items of a SubmodelElementList */
CONSTRAINT_CHECK(check_list_semantics);
CONSTRAINT_CHECK(check_list_type);
CONSTRAINT_CHECK(check_list_value_type);
CONSTRAINT_CHECK(check_list_same_semantics);

/* constraint_reference.c: references and their keys */
CONSTRAINT_CHECK(check_first_key);
CONSTRAINT_CHECK(check_external_first_key);
CONSTRAINT_CHECK(check_model_first_key);
CONSTRAINT_CHECK(check_external_last_key);
CONSTRAINT_CHECK(check_fragment_keys);
CONSTRAINT_CHECK(check_generic_fragment);
CONSTRAINT_CHECK(check_fragment_after_file);
CONSTRAINT_CHECK(check_list_index);
CONSTRAINT_CHECK(check_subject);
CONSTRAINT_CHECK(check_reference_kinds);

/* constraint_text.c: texts and values */
CONSTRAINT_CHECK(check_characters);
CONSTRAINT_CHECK(check_typed_values);
CONSTRAINT_CHECK(check_text_lengths);
CONSTRAINT_CHECK(check_real_dates);
CONSTRAINT_CHECK(check_base64);

/* constraint_iec61360.c: the data specification template IEC 61360 (IDTA-01003-a) */
CONSTRAINT_CHECK(check_preferred_name);
CONSTRAINT_CHECK(check_property_data_type);
CONSTRAINT_CHECK(check_reference_data_type);
CONSTRAINT_CHECK(check_document_data_type);
CONSTRAINT_CHECK(check_qualifier_data_type);
CONSTRAINT_CHECK(check_definition);
CONSTRAINT_CHECK(check_unit);
CONSTRAINT_CHECK(check_value_or_list);
CONSTRAINT_CHECK(check_specification_id);

/* Reports a breach of `row` at an attribute (-1: the node) with the row's severity and remedy. */
#define BREACH(row, report, node, slot, ...)                                                       \
    report_add(report, (row)->severity, (row)->id, node, slot, (row)->remedy, __VA_ARGS__)

/* True when both references name the same thing: equal values of equally many keys. Kinds of key
 * are not compared: the same dictionary entry is named by both kinds of reference. */
bool constraint_same_reference(const struct aas_node *a, const struct aas_node *b);

/* The text of an attribute is this one. */
static inline bool constraint_text_is(
    const struct aas_node *node, enum meta_prop_id id, const char *text)
{
    const struct aas_slot *slot = aas_slot(node, id);
    size_t len = strlen(text);
    return slot != NULL && slot->state == AAS_TEXT && slot->len == len &&
           plain_equal(slot->u.text, text, len);
}

/* The list attribute is there and has items. */
bool constraint_has_items(const struct aas_node *node, enum meta_prop_id id);

#endif

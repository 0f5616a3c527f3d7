/* SPDX-License-Identifier: Apache-2.0 */
/* The data specification template IEC 61360 (IDTA-01003-a), and its use by concept descriptions. */
#include <string.h>
#include <strings.h>

#include "conformance/constraint_checks.h"
#include "conformance/quote.h"

/* The concept description a content stands in, NULL when it stands elsewhere. Several rules hold
 * for concept descriptions only. */
static const struct aas_node *description_of(const struct aas_node *content)
{
    const struct aas_node *embedded = content->parent;
    const struct aas_node *owner = embedded == NULL ? NULL : embedded->parent;
    return owner != NULL && owner->cls->id == CLASS_ConceptDescription ? owner : NULL;
}

static bool is_english(const char *tag)
{
    return strncasecmp(tag, "en", 2) == 0 && (tag[2] == '\0' || tag[2] == '-');
}

static bool has_english(const struct aas_node *node, enum meta_prop_id id)
{
    size_t count = 0;
    struct aas_node **texts = aas_list(node, id, &count);
    for (size_t i = 0; i < count; i++) {
        const char *language = aas_text(texts[i], PROP_language);
        if (language != NULL && is_english(language)) {
            return true;
        }
    }
    return false;
}

CONSTRAINT_CHECK(check_preferred_name)
{
    if (constraint_has_items(node, PROP_preferredName) && !has_english(node, PROP_preferredName)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_preferredName),
            "there is no preferred name in English");
    }
}

/* An empty text is no value: the schema complains about it, and nothing else follows from it. */
static bool has_value(const struct aas_node *node)
{
    const char *value = aas_text(node, PROP_value);
    return value != NULL && value[0] != '\0';
}

/* Where the content describes a value, its name says enough. */
CONSTRAINT_CHECK(check_definition)
{
    if (description_of(node) != NULL && !has_value(node) && !has_english(node, PROP_definition)) {
        BREACH(row, report, node, -1, "there is no definition in English");
    }
}

/* ------------------------------------------------------------------ data types by category */

static const char *const property_types[] = {"DATE", "STRING", "STRING_TRANSLATABLE",
    "INTEGER_MEASURE", "INTEGER_COUNT", "INTEGER_CURRENCY", "REAL_MEASURE", "REAL_COUNT",
    "REAL_CURRENCY", "BOOLEAN", "RATIONAL", "RATIONAL_MEASURE", "TIME", "TIMESTAMP", NULL};
static const char *const reference_types[] = {"STRING", "IRI", "IRDI", NULL};
static const char *const document_types[] = {"FILE", "BLOB", "HTML", NULL};

static bool is_among(const char *text, const char *const *list)
{
    for (; text != NULL && *list != NULL; list++) {
        if (strcmp(text, *list) == 0) {
            return true;
        }
    }
    return false;
}

/* `types` NULL: any data type will do, but there must be one. */
static void check_data_type(const struct aas_node *node, const char *category,
    const char *const *types, const struct constraint *row, struct report *report)
{
    const struct aas_node *description = description_of(node);
    if (description == NULL || !constraint_text_is(description, PROP_category, category)) {
        return;
    }
    const char *type = aas_text(node, PROP_dataType);
    if (type == NULL) {
        BREACH(row, report, node, -1, "a concept of category %s has no dataType", category);
    } else if (types != NULL && !is_among(type, types)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_dataType),
            "the dataType %s does not go with the category %s", quote_make(type, strlen(type)).text,
            category);
    }
}

CONSTRAINT_CHECK(check_property_data_type)
{
    check_data_type(node, "PROPERTY", property_types, row, report);
    check_data_type(node, "VALUE", property_types, row, report);
}

CONSTRAINT_CHECK(check_reference_data_type)
{
    check_data_type(node, "REFERENCE", reference_types, row, report);
}

CONSTRAINT_CHECK(check_document_data_type)
{
    check_data_type(node, "DOCUMENT", document_types, row, report);
}

CONSTRAINT_CHECK(check_qualifier_data_type)
{
    check_data_type(node, "QUALIFIER_TYPE", NULL, row, report);
}

/* ------------------------------------------------------------------ units and values */

CONSTRAINT_CHECK(check_unit)
{
    static const char *const measures[] = {"INTEGER_MEASURE", "REAL_MEASURE", "RATIONAL_MEASURE",
        "INTEGER_CURRENCY", "REAL_CURRENCY", NULL};
    const char *type = aas_text(node, PROP_dataType);
    if (is_among(type, measures) && aas_text(node, PROP_unit) == NULL &&
        aas_child(node, PROP_unitId) == NULL) {
        BREACH(row, report, node, -1, "the dataType %s has neither unit nor unitId", type);
    }
}

CONSTRAINT_CHECK(check_value_or_list)
{
    const struct aas_node *list = aas_child(node, PROP_valueList);
    if (has_value(node) && list != NULL && constraint_has_items(list, PROP_valueReferencePairs)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_valueList),
            "there are both a value and a value list");
    }
}

/* ------------------------------------------------------------------ the template's identifier */

/* Spellings found in published templates differ in scheme, version and fragment. */
static bool names_iec61360(const char *iri)
{
    return strstr(iri, "admin-shell.io/") != NULL &&
           strcasestr(iri, "DataSpecificationIec61360") != NULL;
}

CONSTRAINT_CHECK(check_specification_id)
{
    const struct aas_node *content = aas_child(node, PROP_dataSpecificationContent);
    const struct aas_node *reference = aas_child(node, PROP_dataSpecification);
    size_t count = 0;
    if (content == NULL || reference == NULL ||
        content->cls->id != CLASS_DataSpecificationIec61360) {
        return;
    }
    struct aas_node **keys = aas_list(reference, PROP_keys, &count);
    const char *iri = count == 0 ? NULL : aas_text(keys[0], PROP_value);
    if (iri != NULL && !names_iec61360(iri)) {
        BREACH(row, report, node, meta_slot(node->cls, PROP_dataSpecification),
            "an IEC 61360 content names '%s' as its data specification",
            quote_make(iri, strlen(iri)).text);
    }
}

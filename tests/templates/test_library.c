/* SPDX-License-Identifier: Apache-2.0 */
/* What our own templates owe their users: both languages, meaning, units, possible examples. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/literal.h"
#include "templates/library.h"

enum { MAX_TEMPLATES = 32, ROOM = 64 * 1024 * 1024 };

static const char own_prefix[] = "https://jig.example/";

static struct arena arena;
static struct aas_node *environments[MAX_TEMPLATES];
static const struct library_template *templates;
static size_t template_count;

static void read_library(void)
{
    arena_init(&arena, ROOM);
    templates = library_templates(&template_count);
    cr_assert_leq(template_count, (size_t)MAX_TEMPLATES);
    for (size_t i = 0; i < template_count; i++) {
        struct err err = {0};
        enum err_code code = aas_json_read(&arena, templates[i].bytes, templates[i].len,
            meta_class(CLASS_Environment), NULL, &environments[i], &err);
        cr_assert_eq(code, ERR_OK, "%s: %s", templates[i].name, err.text);
    }
}

static void forget_library(void)
{
    arena_finish(&arena);
}

TestSuite(library, .init = read_library, .fini = forget_library);

static struct aas_node *submodel_of(const struct aas_node *environment)
{
    size_t count = 0;
    struct aas_node **submodels = aas_list(environment, PROP_submodels, &count);
    cr_assert_eq(count, (size_t)1);
    return submodels[0];
}

/* Where a node stands, for messages; valid until the next call. */
static const char *place(const struct aas_node *node)
{
    static char text[1024];
    char path[512];
    const struct aas_node *root = node;
    while (root->parent != NULL) {
        root = root->parent;
    }
    aas_print_path(node, path, sizeof path);
    snprintf(text, sizeof text, "%s at %s", aas_text(submodel_of(root), PROP_idShort), path);
    return text;
}

static bool has_language(const struct aas_node *node, enum meta_prop_id id, const char *language)
{
    size_t count = 0;
    struct aas_node **texts = aas_list(node, id, &count);
    for (size_t i = 0; i < count; i++) {
        const char *text = aas_text(texts[i], PROP_text);
        if (strcmp(aas_text(texts[i], PROP_language), language) == 0 && text[0] != '\0') {
            return true;
        }
    }
    return false;
}

static bool in_both_languages(const struct aas_node *node, enum meta_prop_id id)
{
    return has_language(node, id, "ko") && has_language(node, id, "en");
}

/* The value of the last key of the semanticId; NULL without one. */
static const char *meaning_of(const struct aas_node *node)
{
    const struct aas_node *reference = aas_child(node, PROP_semanticId);
    size_t count = 0;
    struct aas_node **keys = reference == NULL ? NULL : aas_list(reference, PROP_keys, &count);
    return count == 0 ? NULL : aas_text(keys[count - 1], PROP_value);
}

static const struct aas_node *concept_in(const struct aas_node *environment, const char *id)
{
    size_t count = 0;
    struct aas_node **concepts = aas_list(environment, PROP_conceptDescriptions, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(aas_text(concepts[i], PROP_id), id) == 0) {
            return concepts[i];
        }
    }
    return NULL;
}

/* The IEC 61360 content of a concept description. */
static const struct aas_node *content_of(const struct aas_node *concept)
{
    size_t count = 0;
    struct aas_node **specifications = aas_list(concept, PROP_embeddedDataSpecifications, &count);
    cr_assert_eq(count, (size_t)1);
    return aas_child(specifications[0], PROP_dataSpecificationContent);
}

/* The value of the qualifier of this type; NULL without one. */
static const char *qualifier_of(const struct aas_node *node, const char *type)
{
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(node, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(aas_text(qualifiers[i], PROP_type), type) == 0) {
            return aas_text(qualifiers[i], PROP_value);
        }
    }
    return NULL;
}

static bool is_element(const struct aas_node *node)
{
    return (node->cls->is & META_IS_SUBMODEL_ELEMENT) != 0;
}

static void walk_all(aas_visit visit, void *context)
{
    for (size_t i = 0; i < template_count; i++) {
        cr_assert_eq(aas_walk(environments[i], visit, context), ERR_OK);
    }
}

Test(library, covers_the_machines_of_a_job_shop)
{
    static const char *const expected[] = {"heat-treatment-furnace.json",
        "injection-moulding-machine.json", "machine-tool.json", "press.json",
        "quality-inspection.json", "welding-robot.json"};
    cr_assert_eq(template_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < template_count; i++) {
        cr_expect_str_eq(templates[i].name, expected[i]);
    }
}

Test(library, every_file_is_one_template_with_version_and_template_id)
{
    for (size_t i = 0; i < template_count; i++) {
        const struct aas_node *submodel = submodel_of(environments[i]);
        const struct aas_node *administration = aas_child(submodel, PROP_administration);
        cr_assert_not_null(administration);
        cr_expect_str_eq(aas_text(submodel, PROP_kind), "Template");
        cr_expect_str_eq(aas_text(administration, PROP_version), "1");
        cr_expect_str_eq(aas_text(administration, PROP_revision), "0");
        cr_expect_str_eq(aas_text(administration, PROP_templateId), aas_text(submodel, PROP_id));
        cr_expect(in_both_languages(submodel, PROP_displayName));
        cr_expect(in_both_languages(submodel, PROP_description));
        cr_expect_neq(strcmp(meaning_of(submodel), aas_text(submodel, PROP_id)), 0);
    }
}

static enum err_code element_is_named(const struct aas_node *node, void *context)
{
    if (is_element(node)) {
        ++*(size_t *)context;
        cr_expect(in_both_languages(node, PROP_displayName), "%s has no name", place(node));
        cr_expect(in_both_languages(node, PROP_description), "%s has no text", place(node));
    }
    return ERR_OK;
}

Test(library, every_element_is_named_and_described_in_korean_and_english)
{
    size_t elements = 0;
    walk_all(element_is_named, &elements);
    cr_expect_geq(elements, 25 * template_count);
}

static enum err_code element_has_meaning(const struct aas_node *node, void *context)
{
    if (!is_element(node) && node->cls->id != CLASS_Submodel) {
        return ERR_OK;
    }
    ++*(size_t *)context;
    const struct aas_node *root = node;
    while (root->parent != NULL) {
        root = root->parent;
    }
    const char *meaning = meaning_of(node);
    cr_assert_not_null(meaning, "%s has no semanticId", place(node));
    if (strncmp(meaning, own_prefix, sizeof own_prefix - 1) == 0) {
        cr_expect_not_null(
            concept_in(root, meaning), "%s: no concept description %s", place(node), meaning);
    }
    return ERR_OK;
}

Test(library, every_element_has_a_semantic_id_with_its_concept_description)
{
    size_t seen = 0;
    walk_all(element_has_meaning, &seen);
    cr_expect_geq(seen, 26 * template_count);
}

static enum err_code element_has_cardinality(const struct aas_node *node, void *context)
{
    static const char *const allowed[] = {"One", "ZeroToOne", "OneToMany", "ZeroToMany"};
    if (is_element(node)) {
        ++*(size_t *)context;
        const char *cardinality = qualifier_of(node, "SMT/Cardinality");
        cr_assert_not_null(cardinality, "%s has no cardinality", place(node));
        size_t hits = 0;
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
            hits += strcmp(cardinality, allowed[i]) == 0;
        }
        cr_expect_eq(hits, (size_t)1, "%s: %s", place(node), cardinality);
    }
    return ERR_OK;
}

Test(library, every_element_says_how_often_it_may_stand)
{
    size_t seen = 0;
    walk_all(element_has_cardinality, &seen);
    cr_expect_geq(seen, 25 * template_count);
}

static enum err_code example_is_possible(const struct aas_node *node, void *context)
{
    const char *example = qualifier_of(node, "SMT/ExampleValue");
    if (node->cls->id != CLASS_Property) {
        return ERR_OK;
    }
    ++*(size_t *)context;
    cr_assert_not_null(example, "%s has no example value", place(node));
    cr_expect_null(aas_text(node, PROP_value), "%s has a value", place(node));
    const char *type = aas_text(node, PROP_valueType);
    cr_expect(
        aas_literal_valid(type, example, strlen(example), NULL), "%s: %s", place(node), example);
    double number = 0;
    double low = 0;
    double high = 0;
    const char *range = qualifier_of(node, "SMT/AllowedRange");
    if (range != NULL && sscanf(example, "%lf", &number) == 1 &&
        sscanf(range, "%*c%lf,%lf", &low, &high) == 2) {
        cr_expect(low <= number && number <= high, "%s: %s not in %s", place(node), example, range);
    }
    return ERR_OK;
}

Test(library, every_property_has_an_example_that_fits_its_type_and_range)
{
    size_t properties = 0;
    walk_all(example_is_possible, &properties);
    cr_expect_geq(properties, 20 * template_count);
}

Test(library, every_measure_has_a_unit_and_every_concept_its_texts)
{
    size_t measures = 0;
    for (size_t i = 0; i < template_count; i++) {
        size_t count = 0;
        struct aas_node **concepts = aas_list(environments[i], PROP_conceptDescriptions, &count);
        for (size_t c = 0; c < count; c++) {
            const struct aas_node *content = content_of(concepts[c]);
            const char *id = aas_text(concepts[c], PROP_id);
            const char *type = aas_text(content, PROP_dataType);
            cr_expect(in_both_languages(content, PROP_preferredName), "%s", id);
            cr_expect(aas_text(content, PROP_value) != NULL ||
                          in_both_languages(content, PROP_definition),
                "%s", id);
            if (type != NULL && strstr(type, "_MEASURE") != NULL) {
                measures++;
                cr_expect_not_null(aas_text(content, PROP_unit), "%s has no unit", id);
            }
        }
    }
    cr_expect_geq(measures, 10 * template_count);
}

Test(library, a_concept_used_by_several_templates_is_the_same_in_all)
{
    size_t shared = 0;
    for (size_t i = 1; i < template_count; i++) {
        size_t count = 0;
        struct aas_node **concepts = aas_list(environments[i], PROP_conceptDescriptions, &count);
        for (size_t c = 0; c < count; c++) {
            const char *id = aas_text(concepts[c], PROP_id);
            const struct aas_node *other = concept_in(environments[0], id);
            if (other != NULL) {
                shared++;
                cr_expect(aas_equal(concepts[c], other), "%s differs", id);
            }
        }
    }
    cr_expect_geq(shared, (size_t)10);
}

static enum err_code pair_is_a_concept(const struct aas_node *node, void *context)
{
    if (node->cls->id != CLASS_ValueReferencePair) {
        return ERR_OK;
    }
    ++*(size_t *)context;
    const struct aas_node *root = node;
    while (root->parent != NULL) {
        root = root->parent;
    }
    size_t keys = 0;
    struct aas_node **key = aas_list(aas_child(node, PROP_valueId), PROP_keys, &keys);
    cr_assert_eq(keys, (size_t)1);
    const struct aas_node *concept = concept_in(root, aas_text(key[0], PROP_value));
    cr_assert_not_null(concept, "no concept description %s", aas_text(key[0], PROP_value));
    cr_expect_str_eq(aas_text(content_of(concept), PROP_value), aas_text(node, PROP_value));
    return ERR_OK;
}

Test(library, every_allowed_value_is_a_concept_with_that_value)
{
    size_t pairs = 0;
    walk_all(pair_is_a_concept, &pairs);
    cr_expect_geq(pairs, 5 * template_count);
}

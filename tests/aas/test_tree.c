/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "aas/json.h"
#include "aas/tree.h"

static const char machine[] =
    "{\"modelType\":\"Submodel\",\"id\":\"urn:m\",\"submodelElements\":["
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Technical\",\"value\":["
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Zones\","
    "\"typeValueListElement\":\"SubmodelElementCollection\",\"value\":["
    "{\"modelType\":\"SubmodelElementCollection\",\"value\":["
    "{\"modelType\":\"Property\",\"idShort\":\"Temperature\",\"valueType\":\"xs:int\","
    "\"qualifiers\":[{\"type\":\"t\",\"valueType\":\"xs:int\"}]}]}]}]},"
    "{\"modelType\":\"Capability\"}]}";

static struct arena arena;
static struct aas_node *root;

static void read_machine(void)
{
    arena_init(&arena, 1024 * 1024);
    cr_assert_eq(
        aas_json_read(&arena, machine, sizeof machine - 1, NULL, NULL, &root, NULL), ERR_OK);
}

static void forget_machine(void)
{
    arena_finish(&arena);
}

TestSuite(tree, .init = read_machine, .fini = forget_machine);

static struct aas_node *child(const struct aas_node *node, size_t at)
{
    size_t count = 0;
    struct aas_node **children = aas_children(node, &count);
    cr_assert_lt(at, count);
    return children[at];
}

Test(tree, path_of_an_element_inside_a_list_has_its_index)
{
    struct aas_node *temperature = child(child(child(child(root, 0), 0), 0), 0);
    size_t count = 0;
    struct aas_node *qualifier = aas_list(temperature, PROP_qualifiers, &count)[0];
    char path[100];
    aas_print_path(temperature, path, sizeof path);
    cr_expect_str_eq(path, "Technical.Zones[0].Temperature");
    aas_print_path(qualifier, path, sizeof path);
    cr_expect_str_eq(path, "Technical.Zones[0].Temperature");
    aas_print_path(root, path, sizeof path);
    cr_expect_str_eq(path, "");
    aas_print_path(child(root, 1), path, sizeof path);
    cr_expect_str_eq(path, "?1");
}

Test(tree, pointer_leads_from_the_root_to_the_attribute)
{
    struct aas_node *temperature = child(child(child(child(root, 0), 0), 0), 0);
    char pointer[100];
    aas_print_pointer(
        temperature, meta_slot(temperature->cls, PROP_valueType), pointer, sizeof pointer);
    cr_expect_str_eq(pointer, "/submodelElements/0/value/0/value/0/value/0/valueType");
    aas_print_pointer(root, -1, pointer, sizeof pointer);
    cr_expect_str_eq(pointer, "");
}

Test(tree, a_long_path_keeps_its_end)
{
    char path[12];
    aas_print_path(child(child(child(child(root, 0), 0), 0), 0), path, sizeof path);
    cr_expect_str_eq(path, "Temperature");
}

Test(tree, copy_is_equal_until_one_text_differs)
{
    struct aas_node *copy = aas_copy(&arena, root);
    cr_assert_not_null(copy);
    cr_expect(aas_equal(root, copy));
    struct aas_node *temperature = child(child(child(child(copy, 0), 0), 0), 0);
    cr_assert_eq(aas_set_text(&arena, temperature, PROP_value, "5", 1), ERR_OK);
    cr_expect_not(aas_equal(root, copy));
    aas_clear(temperature, PROP_value);
    cr_expect(aas_equal(root, copy));
}

Test(tree, list_editing_keeps_indexes_and_empties_to_absent)
{
    struct aas_node *added = aas_node_new(&arena, meta_class(CLASS_Property));
    cr_assert_eq(aas_list_insert(&arena, root, PROP_submodelElements, 1, added), ERR_OK);
    size_t count = 0;
    struct aas_node **children = aas_children(root, &count);
    cr_assert_eq(count, 3);
    cr_expect_eq(children[1], added);
    cr_expect_eq(children[2]->index, 2);
    cr_expect_eq(added->parent, root);
    for (size_t i = 0; i < 3; i++) {
        aas_list_remove(root, PROP_submodelElements, 0);
    }
    cr_expect_eq(aas_slot(root, PROP_submodelElements)->state, AAS_ABSENT);
}

Test(tree, an_attribute_the_class_does_not_have_is_refused)
{
    cr_expect_null(aas_slot(root, PROP_valueType));
    cr_expect_eq(aas_set_text(&arena, root, PROP_valueType, "xs:int", 6), ERR_BAD_INPUT);
}

/* ------------------------------------------------------------------ walking */

static enum err_code add_class(const struct aas_node *node, void *context)
{
    strcat(context, node->cls->name);
    strcat(context, " ");
    return node->cls->id == CLASS_Qualifier ? ERR_BUSY : ERR_OK;
}

Test(tree, a_walk_to_some_classes_meets_them_in_order_and_no_others)
{
    char met[256] = "";
    uint64_t classes = META_BIT(CLASS_Capability) | META_BIT(CLASS_Property) |
                       META_BIT(CLASS_SubmodelElementList) | META_BIT(CLASS_Submodel);
    cr_expect_eq(aas_walk_to(root, classes, add_class, met), ERR_OK);
    cr_expect_str_eq(met, "Submodel SubmodelElementList Property Capability ");
    met[0] = '\0';
    cr_expect_eq(aas_walk_to(root, META_BIT(CLASS_Key), add_class, met), ERR_OK);
    cr_expect_str_eq(met, "");
}

Test(tree, a_walk_ends_where_its_visitor_says)
{
    char met[256] = "";
    cr_expect_eq(aas_walk(root, add_class, met), ERR_BUSY);
    cr_expect_str_eq(met, "Submodel SubmodelElementCollection SubmodelElementList "
                          "SubmodelElementCollection Property Qualifier ");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "aas/meta.h"

Test(meta, every_class_is_found_by_both_names_and_every_attribute_by_its_own)
{
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        cr_expect_eq(cls->id, (enum meta_class_id)id);
        if (cls->is & META_IS_ABSTRACT) {
            cr_expect_null(meta_class_by_name(cls->name, strlen(cls->name)));
            continue;
        }
        cr_expect_eq(meta_class_by_name(cls->name, strlen(cls->name)), cls);
        if (!(cls->is & META_IS_API)) {
            cr_expect_eq(meta_class_by_xml_name(cls->xml_name, strlen(cls->xml_name)), cls);
        }
        for (size_t i = 0; i < cls->prop_count; i++) {
            const struct meta_prop *prop = &cls->props[i];
            cr_expect_eq(meta_slot_by_name(cls, prop->name, strlen(prop->name)), (int)i);
            cr_expect_eq(meta_slot(cls, prop->id), (int)i);
        }
    }
}

Test(meta, a_row_has_what_its_kind_needs)
{
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        for (size_t i = 0; i < cls->prop_count; i++) {
            const struct meta_prop *prop = &cls->props[i];
            cr_expect_eq(prop->text != NULL, prop->kind == META_TEXT, "%s", prop->name);
            cr_expect_eq(prop->enumeration != NULL, prop->kind == META_ENUM, "%s", prop->name);
            cr_expect_eq(prop->cls != NULL, prop->kind == META_NODE || prop->kind == META_LIST,
                "%s", prop->name);
        }
    }
}

Test(meta, what_can_stand_below_is_told_through_all_levels)
{
    uint64_t list = meta_within(meta_class(CLASS_SubmodelElementList));
    cr_expect(list & META_BIT(CLASS_File));
    cr_expect(list & META_BIT(CLASS_ValueReferencePair), "in a data specification of an element");
    cr_expect(list & META_BIT(CLASS_SubmodelElementList), "in itself, too");
    cr_expect_eq(list & META_BIT(CLASS_Submodel), 0);
    cr_expect_eq(meta_within(meta_class(CLASS_Key)), META_BIT(CLASS_Key));
    cr_expect_eq(meta_within(meta_class(CLASS_Property)) & META_BIT(CLASS_File), 0);
}

Test(meta, fourteen_submodel_elements_six_of_them_data_elements)
{
    int elements = 0;
    int data = 0;
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        elements += !(cls->is & META_IS_ABSTRACT) &&
                    meta_class_fits(cls, meta_class(CLASS_SubmodelElement));
        data +=
            !(cls->is & META_IS_ABSTRACT) && meta_class_fits(cls, meta_class(CLASS_DataElement));
    }
    cr_expect_eq(elements, 14);
    cr_expect_eq(data, 6);
}

Test(meta, role_is_an_asset_kind_since_3_1_only)
{
    const struct meta_class *cls = meta_class(CLASS_AssetInformation);
    const struct meta_enum *kinds = cls->props[meta_slot(cls, PROP_assetKind)].enumeration;
    cr_expect(meta_enum_has(kinds, "Role", 4, META_V31));
    cr_expect_not(meta_enum_has(kinds, "Role", 4, META_V30));
    cr_expect(meta_enum_has(kinds, "Type", 4, META_V30));
    cr_expect_not(meta_enum_has(kinds, "type", 4, META_V_ANY));
}

Test(meta, names_of_attributes_are_found_and_nothing_like_them)
{
    static const char *const none[] = {
        "", "x", "idshort", "idShor", "idShortX", "modelType", "Value", "valu", "id Short", "값"};
    for (int id = 0; id < PROP_COUNT; id++) {
        const char *name = meta_prop_name((enum meta_prop_id)id);
        size_t len = strlen(name);
        cr_expect_eq(meta_prop_name_len((enum meta_prop_id)id), len);
        cr_expect_eq(meta_prop_by_name(name, len), id, "%s", name);
        cr_expect_neq(meta_prop_by_name(name, len - 1), id, "%s", name);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        cr_expect_eq(meta_prop_by_name(none[i], strlen(none[i])), -1, "%s", none[i]);
    }
}

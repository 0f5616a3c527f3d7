/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "templates/overlay.h"

static const struct overlay_node *find(const struct overlay_node *node)
{
    return overlay_find(node->tree, node->value, strlen(node->value));
}

Test(overlay, every_value_is_known_once_and_below_something_known)
{
    size_t count = 0;
    const struct overlay_node *nodes = overlay_nodes(&count);
    cr_assert_gt(count, 30);
    for (size_t i = 0; i < count; i++) {
        const struct overlay_node *node = &nodes[i];
        cr_expect_eq(find(node), node, "%s twice", node->value);
        for (size_t k = 0; k < OVERLAY_LANGUAGES; k++) {
            cr_expect_gt(strlen(node->names[k]), 0, "%s", node->value);
        }
        const struct overlay_node *parent =
            overlay_find(node->tree, node->parent, strlen(node->parent));
        cr_expect(node->parent[0] == '\0' || (parent != NULL && parent < node), "%s", node->value);
    }
}

Test(overlay, every_tag_of_a_family_is_in_its_tree)
{
    size_t count = 0;
    const struct overlay_family *families = overlay_families(&count);
    cr_assert_gt(count, 20);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(overlay_of(families[i].family), &families[i], "%s", families[i].family);
        for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
            const char *tags = families[i].tags[tree];
            for (size_t at = strspn(tags, " "); tags[at] != '\0'; at += strspn(tags + at, " ")) {
                size_t len = strcspn(tags + at, " ");
                cr_expect_not_null(overlay_find((enum overlay_tree)tree, tags + at, len), "%s: %s",
                    families[i].family, tags + at);
                at += len;
            }
        }
    }
}

Test(overlay, tag_brings_what_it_is_below)
{
    const struct overlay_family *family = overlay_of("idta-02053");
    static const char *const expected[] = {
        "numerical-control", "controller", "machine-tool", "machine"};
    const struct overlay_node *node = NULL;
    size_t count = 0;
    cr_assert_not_null(family);
    for (size_t at = 0; overlay_tag(family, OVERLAY_EQUIPMENT, &at, &node); count++) {
        cr_assert_lt(count, 4);
        cr_expect_str_eq(node->value, expected[count]);
    }
    cr_expect_eq(count, 4);
    cr_expect_null(overlay_of("unheard-of"));
}

Test(overlay, values_have_names_in_the_language_asked_for)
{
    const struct overlay_node *press = overlay_find(OVERLAY_EQUIPMENT, "press", 5);
    cr_assert_not_null(press);
    cr_expect_str_eq(overlay_node_name(press, "ko-KR"), "프레스");
    cr_expect_str_eq(overlay_node_name(press, "de"), "Presse");
    cr_expect_str_eq(overlay_node_name(press, "fr"), "Press");
    cr_expect_str_eq(overlay_node_name(press, NULL), "Press");
}

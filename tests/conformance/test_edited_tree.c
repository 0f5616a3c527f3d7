/* SPDX-License-Identifier: Apache-2.0 */
/* Trees as edits can leave them, which no reader would have made. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "conformance/judge.h"

enum { ROOM = 4 * 1024 * 1024 };

static struct arena arena;
static struct report report;

static void prepare(void)
{
    arena_init(&arena, ROOM);
    report_init(&report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
}

static void clean_up(void)
{
    judge_stop();
    report_finish(&report);
    arena_finish(&arena);
}

TestSuite(edited_tree, .init = prepare, .fini = clean_up);

static struct aas_node *read_text(const char *text)
{
    struct aas_node *root = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(
        aas_json_read(&arena, text, strlen(text), NULL, NULL, &root, &err), ERR_OK, "%s", err.text);
    return root;
}

Test(edited_tree, an_element_where_only_data_elements_may_stand_is_an_error_with_its_path)
{
    struct aas_node *relation =
        read_text("{\"modelType\":\"AnnotatedRelationshipElement\",\"idShort\":\"Joint\"}");
    struct aas_node *capability =
        read_text("{\"modelType\":\"Capability\",\"idShort\":\"Welding\"}");
    cr_assert_eq(aas_list_insert(&arena, relation, PROP_annotations, 0, capability), ERR_OK);
    cr_assert_eq(judge_tree(relation, META_V31, true, &report, NULL, NULL), ERR_OK);
    cr_assert_eq(report.count, 1);
    cr_expect_str_eq(report.findings[0].rule, "schema-unexpected");
    cr_expect_str_eq(report.findings[0].path, "Joint.Welding");
}

/* `levels` collections inside each other, each two levels of JSON, around one property. */
static struct aas_node *nested(unsigned levels)
{
    struct aas_node *inner =
        read_text("{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\"}");
    for (unsigned i = 0; i < levels; i++) {
        struct aas_node *outer =
            read_text("{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Part\"}");
        cr_assert_eq(aas_list_insert(&arena, outer, PROP_value, 0, inner), ERR_OK);
        inner = outer;
    }
    return inner;
}

Test(edited_tree, what_is_nested_deeper_than_can_be_read_again_is_an_error)
{
    cr_expect_eq(aas_depth(nested(63)), 127);
    cr_assert_eq(judge_tree(nested(63), META_V31, true, &report, NULL, NULL), ERR_OK);
    cr_expect_eq(report.errors, 0);
    cr_assert_eq(judge_tree(nested(64), META_V31, true, &report, NULL, NULL), ERR_OK);
    cr_assert_eq(report.errors, 1);
    cr_expect_str_eq(report.findings[0].rule, "JSON-depth");
}

Test(edited_tree, the_deepest_submodel_also_stands_in_an_environment)
{
    struct aas_node *submodel = read_text("{\"modelType\":\"Submodel\",\"id\":\"urn:deep\"}");
    cr_assert_eq(aas_list_insert(&arena, submodel, PROP_submodelElements, 0, nested(62)), ERR_OK);
    cr_expect_eq(aas_depth(submodel), 127);
    struct aas_node *environment = aas_node_new(&arena, meta_class(CLASS_Environment));
    cr_assert_eq(aas_list_insert(&arena, environment, PROP_submodels, 0, submodel), ERR_OK);
    struct buf buf;
    buf_init(&buf, ROOM);
    aas_json_write(&buf, environment, 0, NULL);
    cr_expect(aas_equal(environment, read_text(buf_text(&buf))));
    buf_finish(&buf);
}

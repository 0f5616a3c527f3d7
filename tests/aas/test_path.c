/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/path.h"

static struct arena arena;
static struct aas_path path;
static struct err err;

static void begin(void)
{
    arena_init(&arena, 16U << 20);
}

static void end(void)
{
    arena_finish(&arena);
}

TestSuite(path, .init = begin, .fini = end);

static enum err_code parse(const char *text)
{
    return aas_path_parse(text, strlen(text), &path, &err);
}

static void print(const struct aas_path *from, char *to, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < from->count; i++) {
        const struct aas_step *step = &from->steps[i];
        int more = step->id_short == NULL ? snprintf(to + len, size - len, "[%u]", step->index)
                                          : snprintf(to + len, size - len, "%s%.*s",
                                                i > 0 ? "." : "", (int)step->len, step->id_short);
        len += (size_t)more;
    }
}

Test(path, legal_paths_are_read_step_by_step)
{
    static const struct {
        const char *text;
        size_t steps;
    } good[] = {{"A", 1}, {"Nameplate.Phone", 2}, {"List[0]", 2}, {"List[0][12].Name", 4},
        {"[0]", 1}, {"[3].Name", 2}, {"a_b-c.D9", 2}, {"List[2147483647]", 2}, {"IEC CDD.x", 2},
        {"{arbitrary}", 1},
        {"Gr\xC3\xB6\xC3\x9F"
         "e[1]",
            2}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char printed[128] = "";
        cr_assert_eq(parse(good[i].text), ERR_OK, "%s: %s", good[i].text, err.text);
        cr_assert_eq(path.count, good[i].steps, "%s", good[i].text);
        print(&path, printed, sizeof printed);
        cr_assert_str_eq(printed, good[i].text);
    }
}

Test(path, steps_carry_names_and_indices)
{
    cr_assert_eq(parse("Motor.Speeds[42]"), ERR_OK);
    cr_assert_eq(path.steps[0].len, 5);
    cr_assert_arr_eq(path.steps[0].id_short, "Motor", 5);
    cr_assert_eq(path.steps[1].len, 6);
    cr_assert_null(path.steps[2].id_short);
    cr_assert_eq(path.steps[2].index, 42);
}

Test(path, slips_are_named_with_their_position)
{
    static const struct {
        const char *text;
        const char *says;
    } bad[] = {{"", "empty at position 1"}, {".A", "idShort is expected at position 1"},
        {"A.", "idShort is expected at position 3"}, {"A..B", "idShort is expected at position 3"},
        {"A[01]", "leading zero at position 3"}, {"A[00]", "leading zero"},
        {"A[]", "number is expected at position 3"}, {"A[-1]", "number is expected"},
        {"A[1", "\"]\" is expected at position 4"}, {"A[1x]", "\"]\" is expected at position 4"},
        {"A[2147483648]", "beyond 2147483647"}, {"A[99999999999999999999999]", "beyond"},
        {"A]", "character that no idShort has at position 2"}, {"A/B", "at position 2"},
        {"A%5B0%5D", "at position 2"}, {"A.[0]", "idShort is expected at position 3"},
        {"A[0]B", "\".\" or \"[\" is expected at position 5"}, {"A\nB", "at position 2"},
        {"A$value", "at position 2"}, {"A\xFF", "not UTF-8 at position 2"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert_eq(parse(bad[i].text), ERR_BAD_INPUT, "%s", bad[i].text);
        cr_assert(strstr(err.text, bad[i].says) != NULL, "%s: %s", bad[i].text, err.text);
        cr_assert_str_eq(err.rule, "idShortPath");
        cr_assert_str_neq(err.remedy, "");
    }
}

Test(path, the_remedy_for_a_leading_zero_names_the_index_that_was_meant)
{
    static const struct {
        const char *text;
        const char *remedy;
    } bad[] = {{"A[01]", "Write [1] instead of [01]."}, {"A[000]", "Write [0] instead of [000]."},
        {"A[00000000000000000042]", "Write [42] instead of [0000000000000000...]."}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert_eq(parse(bad[i].text), ERR_BAD_INPUT);
        cr_assert_str_eq(err.remedy, bad[i].remedy);
    }
}

Test(path, a_nul_inside_is_refused)
{
    cr_assert_eq(aas_path_parse("A\0B", 3, &path, &err), ERR_BAD_INPUT);
    cr_assert_eq(aas_path_parse("A\0", 2, &path, &err), ERR_BAD_INPUT);
}

Test(path, steps_and_bytes_have_ceilings)
{
    char text[AAS_PATH_MAX_BYTES + 2];
    for (size_t i = 0; i < 65; i++) {
        memcpy(text + 2 * i, "a.", 2);
    }
    cr_assert_eq(aas_path_parse(text, 127, &path, &err), ERR_OK);
    cr_assert_eq(path.count, 64);
    cr_assert_eq(aas_path_parse(text, 129, &path, &err), ERR_BAD_INPUT);
    memset(text, 'a', sizeof text);
    cr_assert_eq(aas_path_parse(text, AAS_PATH_MAX_BYTES, &path, &err), ERR_OK);
    cr_assert_eq(aas_path_parse(text, AAS_PATH_MAX_BYTES + 1, &path, &err), ERR_BAD_INPUT);
}

/* ------------------------------------------------------------------ resolving */

static struct aas_node *element(enum meta_class_id id, const char *id_short)
{
    struct aas_node *node = aas_node_new(&arena, meta_class(id));
    if (id_short != NULL) {
        cr_assert_eq(aas_set_text(&arena, node, PROP_idShort, id_short, strlen(id_short)), ERR_OK);
    }
    return node;
}

static void put(struct aas_node *parent, enum meta_prop_id id, struct aas_node *child)
{
    cr_assert_eq(aas_list_insert(&arena, parent, id, SIZE_MAX, child), ERR_OK);
}

/* Submodel { C: collection { P }, L: list [ property, collection { Q } ], E: entity { S },
 *            A: annotated relationship { N }, O: operation } */
static struct aas_node *sample(void)
{
    struct aas_node *submodel = element(CLASS_Submodel, "Sample");
    struct aas_node *collection = element(CLASS_SubmodelElementCollection, "C");
    struct aas_node *list = element(CLASS_SubmodelElementList, "L");
    struct aas_node *item = element(CLASS_SubmodelElementCollection, NULL);
    struct aas_node *entity = element(CLASS_Entity, "E");
    struct aas_node *annotated = element(CLASS_AnnotatedRelationshipElement, "A");
    put(collection, PROP_value, element(CLASS_Property, "P"));
    put(list, PROP_value, element(CLASS_Property, NULL));
    put(item, PROP_value, element(CLASS_Property, "Q"));
    put(list, PROP_value, item);
    put(entity, PROP_statements, element(CLASS_Property, "S"));
    put(annotated, PROP_annotations, element(CLASS_Property, "N"));
    put(submodel, PROP_submodelElements, collection);
    put(submodel, PROP_submodelElements, list);
    put(submodel, PROP_submodelElements, entity);
    put(submodel, PROP_submodelElements, annotated);
    put(submodel, PROP_submodelElements, element(CLASS_Operation, "O"));
    return submodel;
}

Test(path, every_kind_of_container_is_entered)
{
    static const char *const paths[] = {
        "C", "C.P", "L", "L[0]", "L[1]", "L[1].Q", "E.S", "A.N", "O"};
    struct aas_node *submodel = sample();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct aas_node *found = NULL;
        char printed[64];
        cr_assert_eq(parse(paths[i]), ERR_OK);
        cr_assert_eq(aas_path_resolve(submodel, &path, &found, &err), ERR_OK, "%s", paths[i]);
        aas_print_path(found, printed, sizeof printed);
        cr_assert_str_eq(printed, paths[i]);
    }
}

Test(path, the_first_step_that_leads_nowhere_is_named)
{
    static const struct {
        const char *path;
        const char *says;
        const char *at;
    } bad[] = {{"X", "Submodel has no element \"X\"", ""}, {"c", "no element \"c\"", ""},
        {"C.X.Y", "C has no element \"X\"", "C"}, {"L[2]", "L has no element at index 2", "L"},
        {"L.Q", "L has no element \"Q\"", "L"}, {"C[0]", "C has no element at index 0", "C"},
        {"[0]", "Submodel has no element at index 0", ""},
        {"L[0].Z", "L[0] has no element", "L[0]"}, {"C.P.Q", "C.P has no element", "C.P"},
        {"O.in", "O has no element", "O"}};
    struct aas_node *submodel = sample();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct aas_node *found = NULL;
        cr_assert_eq(parse(bad[i].path), ERR_OK);
        cr_assert_eq(aas_path_resolve(submodel, &path, &found, &err), ERR_NOT_FOUND);
        cr_assert(strstr(err.text, bad[i].says) != NULL, "%s: %s", bad[i].path, err.text);
        cr_assert_str_eq(err.path, bad[i].at);
        cr_assert_str_neq(err.remedy, "");
        cr_assert_null(found);
    }
}

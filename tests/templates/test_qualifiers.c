/* SPDX-License-Identifier: Apache-2.0 */
/* What the qualifiers of templates mean, in all the spellings that are in use. */
#include "templates/qualifiers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "tests/support/corpus.h"

static struct aas_node *read_json(struct arena *arena, const char *text)
{
    struct aas_node *root = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(aas_json_read(arena, text, strlen(text), NULL, NULL, &root, &err), ERR_OK,
        "%s in %s", err.text, text);
    return root;
}

static struct aas_node *element_with(struct arena *arena, const char *type, const char *value)
{
    char text[600];
    snprintf(text, sizeof text,
        "{\"modelType\":\"Capability\",\"idShort\":\"C\",\"qualifiers\":[{\"type\":\"Other\","
        "\"valueType\":\"xs:string\",\"value\":\"One\"},{\"type\":\"%s\",\"valueType\":"
        "\"xs:string\",\"value\":\"%s\"}]}",
        type, value);
    return read_json(arena, text);
}

Test(qualifiers, the_type_says_what_a_qualifier_is_for)
{
    static const struct {
        const char *type;
        enum qualifier_use use;
    } rows[] = {{"SMT/Cardinality", QUALIFIER_CARDINALITY}, {"Cardinality", QUALIFIER_CARDINALITY},
        {"Multiplicity", QUALIFIER_CARDINALITY}, {"SMT/SMT/Cardinality", QUALIFIER_CARDINALITY},
        {"smt/cardinality", QUALIFIER_CARDINALITY}, {" Cardinality ", QUALIFIER_CARDINALITY},
        {"SMT/EitherOr", QUALIFIER_EITHER_OR}, {"SMT/AllowedRange", QUALIFIER_ALLOWED_RANGE},
        {"SMT/AllowedValue", QUALIFIER_ALLOWED_VALUE},
        {"AllowedIdShort", QUALIFIER_ALLOWED_ID_SHORT},
        {"SMT/RequiredLang", QUALIFIER_REQUIRED_LANG}, {"SMT/AccessMode", QUALIFIER_ACCESS_MODE},
        {"SMT/InitialValue", QUALIFIER_INITIAL_VALUE},
        {"SMT/DefaultValue", QUALIFIER_DEFAULT_VALUE}, {"ExampleValue", QUALIFIER_EXAMPLE_VALUE},
        {"SMT/ExampleValue/ECLASS", QUALIFIER_EXAMPLE_VALUE}, {"FormTitle", QUALIFIER_FORM_HINT},
        {"EditIdShort", QUALIFIER_FORM_HINT}, {"PresetIdShort", QUALIFIER_FORM_HINT},
        {"Constraint", QUALIFIER_OTHER}, {"CardinalityOfSets", QUALIFIER_OTHER},
        {"SMT/", QUALIFIER_OTHER}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        arena_init(&arena, 1 << 20);
        size_t count = 0;
        const struct aas_node *element = element_with(&arena, rows[i].type, "x");
        struct aas_node **list = aas_list(element, PROP_qualifiers, &count);
        cr_assert_eq(count, 2);
        cr_expect_eq(qualifier_use(list[1]), rows[i].use, "%s", rows[i].type);
        cr_expect_eq(
            qualifier_is_for_template(list[1]), rows[i].use != QUALIFIER_OTHER, "%s", rows[i].type);
        arena_finish(&arena);
    }
}

Test(qualifiers, cardinality_is_read_in_any_case_and_one_without)
{
    static const struct {
        const char *type;
        const char *value;
        uint32_t least;
        uint32_t most;
    } rows[] = {{"SMT/Cardinality", "ZeroToOne", 0, 1},
        {"Cardinality", "ZerotoMany", 0, UINT32_MAX}, {"Multiplicity", "OneToMany", 1, UINT32_MAX},
        {"SMT/Cardinality", "ZeroToOne ", 0, 1}, {"SMT/Cardinality", "One", 1, 1},
        {"SMT/Cardinality", "Recursive", 1, 1}, {"SMT/Cardinality", "", 1, 1},
        {"Constraint", "ZeroToOne", 1, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        arena_init(&arena, 1 << 20);
        struct cardinality got =
            qualifier_cardinality(element_with(&arena, rows[i].type, rows[i].value));
        cr_expect_eq(got.least, rows[i].least, "%s %s", rows[i].type, rows[i].value);
        cr_expect_eq(got.most, rows[i].most, "%s %s", rows[i].type, rows[i].value);
        arena_finish(&arena);
    }
}

Test(qualifiers, a_prototype_in_a_list_says_nothing_about_its_length_without_cardinality)
{
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    const struct aas_node *list = read_json(&arena,
        "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"L\",\"typeValueListElement\":"
        "\"Capability\",\"value\":[{\"modelType\":\"Capability\"}]}");
    struct cardinality item = qualifier_cardinality(aas_children(list, &count)[0]);
    cr_expect_eq(item.least, 0);
    cr_expect_eq(item.most, QUALIFIER_MANY);
    cr_expect_eq(qualifier_cardinality(list).least, 1);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ ranges and values */

static bool read_range(const char *text, struct value_range *range)
{
    return value_range_read(text, strlen(text), range);
}

Test(qualifiers, ranges_are_read_with_open_and_excluded_ends)
{
    struct value_range range;
    cr_assert(read_range("[0,100)|(200;*]", &range));
    cr_expect_eq(range.count, 2);
    cr_expect_eq(range.intervals[0].low_len, 1);
    cr_expect_eq(range.intervals[0].high_len, 3);
    cr_expect(range.intervals[0].high_excluded);
    cr_expect(range.intervals[1].low_excluded);
    cr_expect_null(range.intervals[1].high);
    static const char *const wrong[] = {"", "0,100", "[0-100]", "[0,1]|", "[0,1", "|", "[]", "[0]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_not(read_range(wrong[i], &range), "%s", wrong[i]);
    }
}

Test(qualifiers, a_range_lies_within_another_when_all_its_values_do)
{
    static const struct {
        const char *inner;
        const char *outer;
        bool within;
    } rows[] = {{"[0,10]", "[0,10]", true}, {"[1,9]", "[0,10]", true}, {"[0,10]", "[1,9]", false},
        {"[0,10)", "[0,10]", true}, {"[0,10]", "[0,10)", false}, {"(0,10)", "[0,10)", true},
        {"[0,10]", "[*,*]", true}, {"[0,*]", "[0,1000000]", false}, {"[*,5]", "[*,6)", true},
        {"[0,10]", "[0,5)|[5,10]", true}, {"[0,10]", "[0,5)|(5,10]", false},
        {"[0,10]", "[7,10]|[0,4]|[3,8]", true}, {"[2,3]|[8,9]", "[0,4]|[7,10]", true},
        {"[2,3]|[5,6]", "[0,4]|[7,10]", false}, {"[9,10]", "[1,100]", true},
        {"[1.50,2]", "[1.5,2.0]", true}, {"[-5,-1]", "[-10,0]", true},
        {"[2024-01-01,2024-06-30]", "[2024-01-01,2024-12-31]", true},
        {"[2023-12-31,2024-06-30]", "[2024-01-01,2024-12-31]", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value_range inner;
        struct value_range outer;
        cr_assert(read_range(rows[i].inner, &inner) && read_range(rows[i].outer, &outer));
        cr_expect_eq(value_range_within(&inner, &outer), rows[i].within, "%s in %s", rows[i].inner,
            rows[i].outer);
    }
}

Test(qualifiers, allowed_values_are_lists_where_they_look_like_one)
{
    static const struct {
        const char *text;
        const char *members; /* joined with a slash; NULL: a regular expression */
    } rows[] = {{"True;False", "True/False"}, {"good | bad", "good/bad"}, {"True", "True"},
        {"0;1;2", "0/1/2"}, {"function check;out of order", "function check/out of order"},
        {"[a-z]+", NULL}, {"a|b*", NULL}, {"V1.2", NULL}, {"1.5|2.5", "1.5/2.5"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        size_t count = 0;
        char joined[200] = "";
        arena_init(&arena, 1 << 20);
        char **list = allowed_value_list(&arena, rows[i].text, &count);
        for (size_t n = 0; n < count; n++) {
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
                n > 0 ? "/" : "", list[n]);
        }
        cr_expect_eq(list == NULL, rows[i].members == NULL, "%s", rows[i].text);
        cr_expect_str_eq(joined, rows[i].members != NULL ? rows[i].members : "", "%s", joined);
        arena_finish(&arena);
    }
}

Test(qualifiers, of_regular_expressions_that_differ_nothing_can_be_told)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    cr_expect(allowed_value_within(&arena, "[a-z]+", "[a-z]+"));
    cr_expect_not(allowed_value_within(&arena, "[a-y]+", "[a-z]+"));
    cr_expect_not(allowed_value_within(&arena, "a;b", "[a-z]+"));
    cr_expect(allowed_value_within(&arena, "b;a", "a|b|c"));
    cr_expect_not(allowed_value_within(&arena, "a;d", "a|b|c"));
    arena_finish(&arena);
}

Test(qualifiers, required_languages_are_compared_as_sets)
{
    cr_expect(required_languages_within("en", "de, EN"));
    cr_expect(required_languages_within("", "de"));
    cr_expect_not(required_languages_within("en;ko", "en"));
    cr_expect(required_languages_within("ko|en", "en ko"));
    cr_expect_not(required_languages_within("en-US", "en"));
}

/* ------------------------------------------------------------------ what is published */

struct seen {
    size_t cardinalities;
    size_t odd; /* that cannot be read */
};

static enum err_code look(const struct aas_node *node, void *context)
{
    struct seen *seen = context;
    struct cardinality cardinality;
    const char *value = node->cls->id == CLASS_Qualifier ? aas_text(node, PROP_value) : NULL;
    if (value != NULL && qualifier_use(node) == QUALIFIER_CARDINALITY) {
        seen->cardinalities++;
        seen->odd += !cardinality_read(value, strlen(value), &cardinality);
    }
    return ERR_OK;
}

static void read_file(const char *path, void *context)
{
    struct arena arena;
    struct aas_node *root = NULL;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    arena_init(&arena, (size_t)1 << 30);
    cr_assert_eq(aas_json_read(&arena, bytes, len, NULL, NULL, &root, NULL), ERR_OK, "%s", path);
    cr_expect_eq(aas_walk(root, look, context), ERR_OK);
    arena_finish(&arena);
    free(bytes);
}

/* The three odd ones are "Recursive" twice and "TwoToMany". */
Test(qualifiers, of_all_published_cardinalities_three_cannot_be_read)
{
    NEED_CORPUS();
    struct seen seen = {0, 0};
    char *dir = corpus_path("corpus/templates");
    cr_expect_gt(files_each(dir, ".json", read_file, &seen), 0);
    cr_expect_gt(seen.cardinalities, 5000);
    cr_expect_eq(seen.odd, 3, "%zu", seen.odd);
    free(dir);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of every comparison: nothing differs from itself, the other way round everything is
 * the other way round, and an edit that was made is the finding that comes out. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "templates/library.h"
#include "tests/conformance/compare_fixture.h"
#include "tests/support/corpus.h"

enum { ROOM = 1 << 30, EDITS = 400, CHAINS = 60, CHAIN_EDITS = 6, MOST_ELEMENTS = 4096 };

/* ------------------------------------------------------------------ chance */

struct chance {
    uint64_t state;
};

static size_t pick(struct chance *chance, size_t count)
{
    chance->state ^= chance->state << 13;
    chance->state ^= chance->state >> 7;
    chance->state ^= chance->state << 17;
    return (size_t)(chance->state >> 11) % count;
}

/* ------------------------------------------------------------------ templates */

static struct aas_node *read_library(struct arena *arena, size_t position)
{
    size_t count = 0;
    size_t submodels = 0;
    struct aas_node *root = NULL;
    const struct library_template *templates = library_templates(&count);
    const struct library_template *one = &templates[position % count];
    cr_assert_eq(aas_json_read(arena, one->bytes, one->len, NULL, NULL, &root, NULL), ERR_OK);
    struct aas_node **list = aas_list(root, PROP_submodels, &submodels);
    cr_assert_gt(submodels, 0, "%s", one->name);
    return list[0];
}

struct elements {
    struct aas_node *list[MOST_ELEMENTS];
    size_t count;
};

static void collect(struct elements *elements, struct aas_node *node)
{
    size_t count = 0;
    struct aas_node **children = aas_children(node, &count);
    for (size_t i = 0; i < count && elements->count < MOST_ELEMENTS; i++) {
        elements->list[elements->count++] = children[i];
        collect(elements, children[i]);
    }
}

/* An element with a name of its own in a collection, whose siblings all mean something else. */
static bool is_plain(const struct aas_node *element)
{
    size_t count = 0;
    const struct aas_node *parent = element->parent;
    struct aas_node **siblings = aas_children(parent, &count);
    const struct aas_node *own = aas_child(element, PROP_semanticId);
    bool item = parent->cls->props[element->parent_slot].flags & META_INDEXED;
    for (size_t i = 0; own != NULL && i < count; i++) {
        const struct aas_node *other = aas_child(siblings[i], PROP_semanticId);
        if (siblings[i] != element && other != NULL && aas_equal(own, other)) {
            return false;
        }
    }
    return own != NULL && !item && aas_text(element, PROP_idShort) != NULL;
}

static struct aas_node *pick_plain(struct chance *chance, struct aas_node *submodel)
{
    static struct elements elements;
    elements.count = 0;
    collect(&elements, submodel);
    for (size_t tries = 0; tries < 1000; tries++) {
        struct aas_node *element = elements.list[pick(chance, elements.count)];
        if (is_plain(element)) {
            return element;
        }
    }
    cr_assert_fail("no element to edit");
    return NULL;
}

/* ------------------------------------------------------------------ edits */

enum edit {
    EDIT_REMOVE,
    EDIT_ADD,
    EDIT_RENAME,
    EDIT_SEMANTIC_ID,
    EDIT_VALUE_TYPE,
    EDIT_CARDINALITY,
    EDIT_TEXT,
    EDIT_COUNT
};

/* What a reader expects of the edit: rule, place, and what breaks. */
struct expected {
    char line[512]; /* beginning of the line of compared_describe */
    bool done;      /* the edit was possible */
};

static bool is_optional(const struct aas_node *element)
{
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(element, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        const char *type = aas_text(qualifiers[i], PROP_type);
        const char *value = aas_text(qualifiers[i], PROP_value);
        if (strstr(type, "Cardinality") != NULL) {
            return strstr(value, "Zero") != NULL;
        }
    }
    return false;
}

static void set_text(
    struct arena *arena, struct aas_node *node, enum meta_prop_id id, const char *text)
{
    cr_assert_eq(aas_set_text(arena, node, id, text, strlen(text)), ERR_OK);
}

static void edit_remove(struct aas_node *element, struct expected *expected, const char *path)
{
    enum meta_prop_id id = element->parent->cls->props[element->parent_slot].id;
    snprintf(expected->line, sizeof expected->line, "%s %s->%s\n",
        is_optional(element) ? "C04" : "C05", path, is_optional(element) ? "" : " f");
    aas_list_remove(element->parent, id, element->index);
    expected->done = true;
}

static void edit_add(
    struct arena *arena, struct aas_node *element, struct expected *expected, unsigned number)
{
    char text[300];
    char path[300];
    enum meta_prop_id id = element->parent->cls->props[element->parent_slot].id;
    snprintf(text, sizeof text, PROPERTY("Added%u", SEMANTIC("urn:added:n%u") "%s"), number, number,
        number % 2 == 0 ? OPTIONAL_ELEMENT : "");
    struct aas_node *child = read_quoted(arena, text);
    cr_assert_eq(aas_list_insert(arena, element->parent, id, element->index, child), ERR_OK);
    aas_print_path(child, path, sizeof path);
    snprintf(expected->line, sizeof expected->line, "%s ->%s%s\n", number % 2 == 0 ? "C02" : "C03",
        path, number % 2 == 0 ? "" : " b");
    expected->done = true;
}

static void edit_value_type(
    struct arena *arena, struct aas_node *element, struct expected *expected, const char *path)
{
    const char *old = aas_text(element, PROP_valueType);
    if (old != NULL) {
        const char *new = strcmp(old, "xs:date") == 0 ? "xs:time" : "xs:date";
        snprintf(
            expected->line, sizeof expected->line, "C11 %s valueType %s>%s bf\n", path, old, new);
        set_text(arena, element, PROP_valueType, new);
        expected->done = true;
    }
}

static void edit_cardinality(
    struct arena *arena, struct aas_node *element, struct expected *expected, const char *path)
{
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(element, PROP_qualifiers, &count);
    for (size_t i = 0; i < count && !expected->done; i++) {
        const char *type = aas_text(qualifiers[i], PROP_type);
        const char *value = aas_text(qualifiers[i], PROP_value);
        if (strcmp(type, "SMT/Cardinality") == 0 && strcmp(value, "ZeroToMany") != 0) {
            snprintf(expected->line, sizeof expected->line, "C07 %s %s %s>ZeroToMany f\n", path,
                type, value);
            set_text(arena, qualifiers[i], PROP_value, "ZeroToMany");
            expected->done = true;
        }
    }
}

static void edit_text(
    struct arena *arena, struct aas_node *element, struct expected *expected, const char *path)
{
    size_t count = 0;
    struct aas_node **texts = aas_list(element, PROP_description, &count);
    if (count > 0) {
        snprintf(expected->line, sizeof expected->line, "C16 %s description@%s %s>other\n", path,
            aas_text(texts[0], PROP_language), aas_text(texts[0], PROP_text));
        set_text(arena, texts[0], PROP_text, "other");
        expected->done = strlen(expected->line) < sizeof expected->line - 1;
    }
}

static void edit_meaning(struct arena *arena, struct aas_node *element, unsigned number)
{
    char text[200];
    snprintf(text, sizeof text, REF("urn:other:n%u"), number);
    struct aas_node *reference = read_quoted(arena, text);
    cr_assert_eq(aas_set_node(element, PROP_semanticId, reference), ERR_OK);
}

static struct expected apply(
    struct arena *arena, struct aas_node *element, enum edit edit, unsigned number)
{
    struct expected expected = {.done = false};
    char path[256];
    char name[40];
    aas_print_path(element, path, sizeof path);
    snprintf(name, sizeof name, "Renamed%u", number);
    switch (edit) {
    case EDIT_REMOVE:
        edit_remove(element, &expected, path);
        break;
    case EDIT_ADD:
        edit_add(arena, element, &expected, number);
        break;
    case EDIT_RENAME:
        snprintf(expected.line, sizeof expected.line, "C09 %s->", path);
        set_text(arena, element, PROP_idShort, name);
        expected.done = true;
        break;
    case EDIT_SEMANTIC_ID:
        snprintf(expected.line, sizeof expected.line, "C08 %s semanticId ", path);
        edit_meaning(arena, element, number);
        expected.done = true;
        break;
    case EDIT_VALUE_TYPE:
        edit_value_type(arena, element, &expected, path);
        break;
    case EDIT_CARDINALITY:
        edit_cardinality(arena, element, &expected, path);
        break;
    case EDIT_TEXT:
        edit_text(arena, element, &expected, path);
        break;
    case EDIT_COUNT:
        break;
    }
    return expected;
}

Test(compare_properties, one_edit_gives_exactly_its_finding, .timeout = 300)
{
    struct chance chance = {0x9E3779B97F4A7C15u};
    unsigned done[EDIT_COUNT] = {0};
    for (unsigned i = 0; i < EDITS; i++) {
        struct compared compared;
        arena_init(&compared.arena, ROOM);
        struct aas_node *old = read_library(&compared.arena, i);
        struct aas_node *new = aas_copy(&compared.arena, old);
        enum edit edit = (enum edit)pick(&chance, EDIT_COUNT);
        struct expected expected = apply(&compared.arena, pick_plain(&chance, new), edit, i);
        if (expected.done) {
            compared_trees(&compared, old, new);
            compared_describe(&compared);
            cr_expect_eq(compared.comparison.finding_count, 1, "edit %u: %sinstead of %s", i,
                compared.text, expected.line);
            cr_expect_eq(strncmp(compared.text, expected.line, strlen(expected.line)), 0,
                "edit %u: %sinstead of %s", i, compared.text, expected.line);
            done[edit]++;
        }
        arena_finish(&compared.arena);
    }
    for (int edit = 0; edit < EDIT_COUNT; edit++) {
        cr_expect_gt(done[edit], 10, "edit %d was made %u times", edit, done[edit]);
    }
}

/* ------------------------------------------------------------------ the other way round */

static enum compare_verdict mirrored(enum compare_verdict verdict)
{
    return verdict == COMPARE_BACKWARD  ? COMPARE_FORWARD
           : verdict == COMPARE_FORWARD ? COMPARE_BACKWARD
                                        : verdict;
}

static void expect_mirrored(
    struct arena *arena, const struct aas_node *a, const struct aas_node *b, const char *what)
{
    const struct compare_input there = {.submodel = {a, b}};
    const struct compare_input back = {.submodel = {b, a}};
    struct comparison x;
    struct comparison y;
    cr_assert_eq(compare_run(arena, &there, &x, NULL), ERR_OK);
    cr_assert_eq(compare_run(arena, &back, &y, NULL), ERR_OK);
    cr_expect_eq(x.counts.matched, y.counts.matched, "%s", what);
    cr_expect_eq(x.counts.added, y.counts.removed, "%s", what);
    cr_expect_eq(x.counts.removed, y.counts.added, "%s", what);
    cr_expect_eq(x.counts.moved, y.counts.moved, "%s", what);
    cr_expect_eq(x.counts.renamed, y.counts.renamed, "%s", what);
    cr_expect_eq(x.counts.changed, y.counts.changed, "%s", what);
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        cr_expect_eq(x.verdict[mode], mirrored(y.verdict[mode]), "%s: mode %d", what, mode);
    }
    for (uint32_t i = 0; i < x.side[0].count; i++) {
        cr_expect_eq(x.side[0].elements[i].match, y.side[1].elements[i].match, "%s: %u", what, i);
    }
}

Test(compare_properties, the_other_way_round_everything_is_the_other_way_round, .timeout = 300)
{
    struct chance chance = {0xD1B54A32D192ED03u};
    for (unsigned i = 0; i < CHAINS; i++) {
        struct arena arena;
        char what[40];
        arena_init(&arena, ROOM);
        struct aas_node *old = read_library(&arena, i);
        struct aas_node *new = aas_copy(&arena, old);
        for (unsigned n = 0; n < CHAIN_EDITS; n++) {
            enum edit edit = (enum edit)pick(&chance, EDIT_COUNT);
            (void)apply(&arena, pick_plain(&chance, new), edit, i * CHAIN_EDITS + n);
        }
        snprintf(what, sizeof what, "chain %u", i);
        expect_mirrored(&arena, old, new, what);
        arena_finish(&arena);
    }
}

/* ------------------------------------------------------------------ published templates */

struct walk {
    struct arena arena; /* of the last document */
    struct aas_node *last;
    size_t count;
};

static struct aas_node *first_submodel(struct arena *arena, const char *path)
{
    size_t len = 0;
    size_t count = 0;
    struct aas_node *root = NULL;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    cr_assert_eq(aas_json_read(arena, bytes, len, NULL, NULL, &root, NULL), ERR_OK, "%s", path);
    struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
    free(bytes);
    return count > 0 ? submodels[0] : NULL;
}

static void compare_with_itself_and_the_last(const char *path, void *context)
{
    struct walk *walk = context;
    struct arena arena;
    struct comparison comparison;
    arena_init(&arena, ROOM);
    struct aas_node *submodel = first_submodel(&arena, path);
    if (submodel == NULL) {
        arena_finish(&arena);
        return;
    }
    struct aas_node *copy = aas_copy(&arena, submodel);
    const struct compare_input same = {.submodel = {submodel, copy}};
    cr_assert_eq(compare_run(&arena, &same, &comparison, NULL), ERR_OK);
    cr_expect(compare_equal(&comparison), "%s", path);
    cr_expect_eq(comparison.counts.matched, comparison.side[0].count, "%s", path);
    if (walk->last != NULL) {
        expect_mirrored(&arena, walk->last, submodel, path);
        arena_finish(&walk->arena);
    }
    walk->arena = arena; /* handed over */
    walk->last = submodel;
    walk->count++;
}

Test(compare_properties, every_template_equals_itself_and_mirrors_against_its_neighbour,
    .timeout = 300)
{
    NEED_CORPUS();
    struct walk walk = {.last = NULL};
    char *dir = corpus_path("corpus/templates");
    files_each(dir, ".json", compare_with_itself_and_the_last, &walk);
    cr_expect_gt(walk.count, 50);
    arena_finish(&walk.arena);
    free(dir);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Trees, tags and names in an exported folder: out of one store and into another. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/access.h"
#include "registry/curated_file.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"
#include "tests/support/corpus.h"

TestSuite(curated_file, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define FAMILY "a.example-smt-press"
#define MODEL "urn:curated:model"
#define SHIPPED "jig.example-smt-press"

static const struct curated_name both[] = {{"ko", "주조기"}, {"en", "Caster"}};

static void put_node(struct registry *registry, const char *value, const char *parent)
{
    struct err err = {0};
    const struct curated_node node = {.tree = OVERLAY_EQUIPMENT,
        .value = value,
        .parent = parent,
        .names = both,
        .name_count = 2};
    cr_assert_eq(curated_node_put(registry, &node, NULL, NULL, &err), ERR_OK, "%s", err.text);
}

static struct curated_row row_of(const char *const *tag, const char *words)
{
    struct curated_row row = {.words = words};
    row.tags[OVERLAY_EQUIPMENT] = tag;
    row.tag_count[OVERLAY_EQUIPMENT] = tag == NULL ? 0 : 1;
    return row;
}

static void tag_family(
    struct registry *registry, const char *family, const char *tag, const char *words)
{
    struct err err = {0};
    const struct curated_row row = row_of(tag == NULL ? NULL : &tag, words);
    cr_assert_eq(
        curated_family_put(registry, family, &row, NULL, NULL, &err), ERR_OK, "%s", err.text);
}

static void tag_model(struct registry *registry, const char *tag)
{
    struct err err = {0};
    const struct curated_row row = row_of(&tag, "생산1호기");
    cr_assert_eq(curated_model_put(
                     registry, REGISTRY_SUBMODEL, MODEL, strlen(MODEL), &row, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
}

static void put_model(struct registry *registry)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, MODEL, "Line1", 7);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, MODEL, json, NULL), ERR_OK);
}

static void import_press(struct registry *registry)
{
    char json[TEMPLATE_JSON];
    struct err err = {0};
    template_json(json, "press", 1);
    cr_assert_eq(
        template_import(registry, json, strlen(json), "t.json", &err), ERR_OK, "%s", err.text);
}

static struct registry *open_other(const char *dir)
{
    struct registry *registry = NULL;
    struct err err = {0};
    const struct registry_options options = {.store = {.dir = dir}, .without_library = true};
    cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
    return registry;
}

/* The file of a store, NUL-terminated. */
static void write_file(struct registry *registry, struct buf *buf)
{
    struct registry_view view;
    struct err err = {0};
    buf_init(buf, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(curated_file_write(&view, buf, &err), ERR_OK, "%s", err.text);
    registry_view_end(&view);
}

/* Reads and stores a file; findings as text. */
static enum err_code store_as(struct registry *registry, const char *text, bool replace,
    const struct registry_author *author, size_t *stored, struct buf *findings, struct err *err)
{
    struct arena arena;
    struct curated_file file;
    struct report report;
    arena_init(&arena, 1 << 24);
    report_init(&report);
    *stored = 0;
    enum err_code code = curated_file_read(&arena, text, strlen(text), &file, err);
    if (code == ERR_OK) {
        code = curated_file_store(registry, &file, replace, author, &report, stored, err);
    }
    if (findings != NULL) {
        buf_init(findings, 1 << 16);
        report_write_text(findings, &report, LANGUAGE_EN, false);
    }
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

static enum err_code store(
    struct registry *registry, const char *text, size_t *stored, struct err *err)
{
    return store_as(registry, text, false, NULL, stored, NULL, err);
}

static size_t hits(struct registry *registry, const char *equipment, const char *words)
{
    struct registry_view view;
    struct registry_result result;
    struct arena arena;
    const struct registry_query query = {.words = words, .facets = {[FACET_EQUIPMENT] = equipment}};
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    size_t total = result.total;
    registry_view_end(&view);
    arena_finish(&arena);
    return total;
}

static bool has_node(struct registry *registry, enum overlay_tree tree, const char *value)
{
    struct registry_view view;
    struct arena arena;
    struct curated_node node;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    bool there = curated_node_find(&view.txn, &arena, tree, value, &node) == ERR_OK;
    registry_view_end(&view);
    arena_finish(&arena);
    return there;
}

/* A store in which something was said of everything. */
static struct registry *open_told(void)
{
    struct registry *registry = fixture_open();
    import_press(registry);
    put_model(registry);
    put_node(registry, "caster", "machine");
    put_node(registry, "robot", "caster"); /* shipped at the top */
    tag_family(registry, FAMILY, "caster", "Tiefziehen");
    tag_family(registry, SHIPPED, NULL, "");
    tag_family(registry, "not-yet-there", "robot", "");
    tag_family(registry, "taken-back", "robot", "");
    tag_family(registry, "taken-back", NULL, "");
    tag_model(registry, "robot");
    return registry;
}

Test(curated_file, what_is_said_in_one_store_is_said_and_found_in_another)
{
    char *dir = scratch_new();
    struct buf first;
    struct buf second;
    size_t stored = 0;
    struct err err = {0};
    struct registry *from = open_told();
    struct registry *to = open_other(dir);
    import_press(to);
    put_model(to);
    write_file(from, &first);
    cr_assert_eq(store(to, buf_text(&first), &stored, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(stored, 6, "two values, three families, a model: %zu", stored);
    cr_expect_eq(hits(to, "caster", NULL), 2, "the family, and the model by what it is below");
    cr_expect_eq(hits(to, "machine", NULL), 2);
    cr_expect_eq(hits(to, NULL, "tiefziehen"), 1);
    cr_expect_eq(hits(to, "robot", "생산1호기"), 1);
    write_file(to, &second);
    cr_expect_str_eq(buf_text(&second), buf_text(&first));
    cr_expect_null(strstr(buf_text(&first), "taken-back"), "what says nothing is left out");
    fixture_verify(to);
    cr_assert_eq(store(to, buf_text(&first), &stored, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(stored, 0, "nothing is new the second time");
    buf_finish(&second);
    buf_finish(&first);
    registry_close(to);
    registry_close(from);
    scratch_remove(dir);
}

Test(curated_file, shipped_value_that_was_taken_out_is_taken_out_there_too_unless_it_is_used)
{
    static const char text[] = "{\"removed\":[\n{\"facet\":\"equipment\",\"value\":\"robot\"},\n"
                               "{\"facet\":\"equipment\",\"value\":\"welding-robot\"},\n"
                               "{\"facet\":\"equipment\",\"value\":\"never-there\"}\n]}";
    struct registry *registry = fixture_open();
    struct buf findings;
    size_t stored = 0;
    struct err err = {0};
    cr_assert_eq(store_as(registry, text, false, NULL, &stored, &findings, &err), ERR_EXISTS);
    cr_expect_not_null(strstr(buf_text(&findings), "welding-robot"), "%s", buf_text(&findings));
    buf_finish(&findings);
    cr_expect(has_node(registry, OVERLAY_EQUIPMENT, "robot"), "something used stands below it");
    tag_family(registry, "jig.example-smt-welding-robot", NULL, "");
    cr_assert_eq(store(registry, text, &stored, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(stored, 2, "%zu", stored);
    cr_expect_not(has_node(registry, OVERLAY_EQUIPMENT, "robot"));
    cr_expect_not(has_node(registry, OVERLAY_EQUIPMENT, "welding-robot"));
    struct buf file;
    write_file(registry, &file);
    cr_expect_not_null(strstr(buf_text(&file), "\"removed\":[\n{\"facet\":\"equipment\",\"value\":"
                                               "\"robot\"}"),
        "%s", buf_text(&file));
    buf_finish(&file);
    fixture_verify(registry);
    registry_close(registry);
}

#define FAMILY_FILE "{\"families\":[\n{\"family\":\"" FAMILY "\",\"equipment\":[\"press\"]}\n]}"

Test(curated_file, what_somebody_has_said_here_stays_or_is_replaced_when_asked_for)
{
    struct registry *registry = fixture_open();
    struct buf findings;
    size_t stored = 0;
    struct err err = {0};
    import_press(registry);
    tag_family(registry, FAMILY, "robot", "");
    cr_expect_eq(
        store_as(registry, FAMILY_FILE, false, NULL, &stored, &findings, &err), ERR_EXISTS);
    cr_expect_not_null(strstr(buf_text(&findings), FAMILY), "%s", buf_text(&findings));
    cr_expect_not_null(strstr(buf_text(&findings), "line 2"), "%s", buf_text(&findings));
    cr_expect_not_null(strstr(err.remedy, "--replace"));
    buf_finish(&findings);
    cr_expect_eq(hits(registry, "robot", NULL), 1);
    cr_expect_eq(
        store_as(registry, FAMILY_FILE, true, NULL, &stored, NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(hits(registry, "robot", NULL), 0);
    cr_expect_eq(hits(registry, "press", NULL), 1);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated_file, one_that_stays_does_not_keep_the_others_out)
{
    static const char text[] =
        "{\"trees\":[{\"facet\":\"phase\",\"value\":\"scrap\",\"names\":{\"ko\":\"폐기\",\"en\":"
        "\"Scrap\"}}],\"families\":[{\"family\":\"" FAMILY "\",\"phase\":[\"scrap\"]}],"
        "\"models\":[{\"kind\":\"Submodel\",\"id\":\"urn:nobody\",\"phase\":[\"scrap\"]}]}";
    struct registry *registry = fixture_open();
    struct buf findings;
    size_t stored = 0;
    struct err err = {0};
    tag_family(registry, FAMILY, "robot", "");
    cr_expect_eq(
        store_as(registry, text, false, NULL, &stored, &findings, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(stored, 1);
    cr_expect(has_node(registry, OVERLAY_PHASE, "scrap"));
    cr_expect_not_null(strstr(buf_text(&findings), "urn:nobody"), "%s", buf_text(&findings));
    buf_finish(&findings);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated_file, models_that_are_not_there_alone_are_nothing_to_store)
{
    static const char text[] =
        "{\"models\":[{\"kind\":\"Submodel\",\"id\":\"urn:nobody\",\"words\":\"x\"}]}";
    struct registry *registry = fixture_open();
    size_t stored = 0;
    struct err err = {0};
    cr_expect_eq(store(registry, text, &stored, &err), ERR_NOT_FOUND);
    cr_expect_not_null(strstr(err.remedy, "Import the model"));
    registry_close(registry);
}

#define NAMES "\"names\":{\"ko\":\"a\",\"en\":\"b\"}"
#define NODE(value, parent)                                                                        \
    "{\"facet\":\"phase\",\"value\":\"" value "\",\"parent\":\"" parent "\"," NAMES "}"

Test(curated_file, what_cannot_be_is_refused_with_its_line_and_a_remedy_and_nothing_is_done)
{
    static const struct {
        const char *text;
        const char *part;
        unsigned line;
    } rows[] = {{"{", "", 1}, {"[]", "object of lists", 1}, {"{\n\"tree\":[]}", "tree", 2},
        {"{\n\"trees\":{}}", "array", 2}, {"{\"trees\":[\n7]}", "facet", 2},
        {"{\"trees\":[\n{\"facet\":\"colour\",\"value\":\"x\"," NAMES "}]}", "facet", 2},
        {"{\"trees\":[\n{\"facet\":\"phase\",\"value\":\"X\"," NAMES "}]}", "\"X\"", 2},
        {"{\"trees\":[\n{\"facet\":\"phase\",\"value\":\"x\"}]}", "ko and en", 2},
        {"{\"trees\":[\n{\"facet\":\"phase\",\"value\":\"x\",\n\"colour\":\"\"}]}", "colour", 3},
        {"{\"trees\":[\n" NODE("x", "") ",\n" NODE("x", "") "]}", "twice", 3},
        {"{\"trees\":[\n" NODE(
             "x", "") "],\n\"removed\":[\n{\"facet\":\"phase\",\"value\":\"x\"}]}",
            "twice", 4},
        {"{\"families\":[\n{\"family\":\"No Family\"}]}", "No Family", 2},
        {"{\"families\":[\n{\"family\":\"a\",\n\"phase\":7}]}", "phase", 3},
        {"{\"families\":[\n{\"family\":\"a\",\"kind\":\"Submodel\"}]}", "kind", 2},
        {"{\"families\":[\n{\"family\":\"a\"},\n{\"family\":\"a\"}]}", "twice", 3},
        {"{\"models\":[\n{\"kind\":\"ConceptDescription\",\"id\":\"a\"}]}", "Submodel", 2},
        {"{\"models\":[\n{\"kind\":\"Submodel\",\"id\":\"a\"},\n"
         "{\"kind\":\"Submodel\",\"id\":\"a\"}]}",
            "twice", 3},
        /* only the store knows */
        {"{\"trees\":[\n" NODE("x", "nowhere") "]}", "nowhere", 2},
        {"{\"trees\":[\n" NODE("x", "y") ",\n" NODE("y", "x") "]}", "below itself", 2},
        {"{\"trees\":[\n" NODE("x", "") "],\"families\":[\n{\"family\":\"a\","
                                        "\"phase\":[\"nowhere\"]}]}",
            "nowhere", 3}};
    struct registry *registry = fixture_open();
    struct buf before;
    struct buf after;
    write_file(registry, &before);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t stored = 0;
        struct err err = {0};
        cr_expect_neq(store(registry, rows[i].text, &stored, &err), ERR_OK, "%s", rows[i].text);
        cr_expect_not_null(strstr(err.text, rows[i].part), "%s: %s", rows[i].text, err.text);
        cr_expect_eq(err.line, rows[i].line, "%s: %s, line %u", rows[i].text, err.text, err.line);
        cr_expect_str_neq(err.remedy, "", "%s", rows[i].text);
    }
    write_file(registry, &after);
    cr_expect_str_eq(buf_text(&after), buf_text(&before));
    buf_finish(&after);
    buf_finish(&before);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated_file, values_may_swap_places_as_long_as_the_whole_is_a_tree)
{
    static const char text[] = "{\"trees\":[" NODE("b", "") "," NODE("a", "b") "]}";
    static const char chain[] = "{\"trees\":[" NODE("c8", "c7") "," NODE("c7", "c6") "," NODE(
        "c6", "c5") "," NODE("c5", "c4") "," NODE("c4", "c3") "," NODE("c3", "c2") "," NODE("c2",
        "c1") "," NODE("c1", "") "]}";
    static const char deeper[] = "{\"trees\":[" NODE("c1", "a") "]}";
    struct registry *registry = fixture_open();
    size_t stored = 0;
    struct err err = {0};
    cr_assert_eq(
        store(registry, "{\"trees\":[" NODE("a", "") "," NODE("b", "a") "]}", &stored, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(store(registry, text, &stored, &err), ERR_EXISTS, "somebody's word");
    cr_expect_eq(store_as(registry, text, true, NULL, &stored, NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(stored, 2);
    cr_expect_eq(store(registry, chain, &stored, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(store_as(registry, deeper, true, NULL, &stored, NULL, &err), ERR_BAD_INPUT);
    fixture_verify(registry);
    registry_close(registry);
}

Test(curated_file, whoever_may_curate_one_family_brings_no_values_of_trees)
{
    static const struct access_grant limited[] = {{ROLE_MODELLER, ACCESS_LIMIT_FAMILY, FAMILY}};
    static const struct access_principal lee = {
        .name = "lee", .known = true, .grants = limited, .grant_count = 1};
    static const struct registry_author as_lee = {.name = "lee", .principal = &lee};
    struct registry *registry = fixture_open();
    size_t stored = 0;
    struct err err = {0};
    cr_expect_eq(store_as(registry, FAMILY_FILE, false, &as_lee, &stored, NULL, &err), ERR_OK, "%s",
        err.text);
    cr_expect_eq(
        store_as(registry, "{\"trees\":[" NODE("x", "") "]}", false, &as_lee, &stored, NULL, &err),
        ERR_FORBIDDEN);
    cr_expect_eq(store_as(registry, "{\"families\":[{\"family\":\"b\",\"words\":\"x\"}]}", false,
                     &as_lee, &stored, NULL, &err),
        ERR_FORBIDDEN);
    cr_expect_not(has_node(registry, OVERLAY_PHASE, "x"));
    registry_close(registry);
}

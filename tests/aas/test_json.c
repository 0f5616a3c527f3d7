/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "tests/support/corpus.h"

enum { ROOM = 256 * 1024 * 1024 };

/* ------------------------------------------------------------------ any JSON */

struct trap {
    const char *text;
    size_t len; /* 0: strlen */
    const char *rule;
    uint32_t line;
    uint32_t column;
};

static const struct trap traps[] = {
    {"", 0, "JSON-syntax", 1, 1},
    {"   ", 0, "JSON-syntax", 1, 4},
    {"{\"a\":1,\n\"a\":2}", 0, "JSON-duplicate-key", 2, 1},
    {"{\"idShort\":1,\n\"idShort\":2}", 0, "JSON-duplicate-key", 2, 1},
    {"{\"idShort\":1,\n\"\\u0069dShort\":2}", 0, "JSON-duplicate-key", 2, 1},
    {"{\"modelType\":1,\n\"\\u006dodelType\":2}", 0, "JSON-duplicate-key", 2, 1},
    {"{\"a\":\"x\\u0000y\"}", 0, "AASd-130", 1, 8},
    {"{\"a\":\"\\ud800\"}", 0, "AASd-130", 1, 7},
    {"{\"a\":\"\\udc00\"}", 0, "AASd-130", 1, 7},
    {"{\"a\":\"\\ud800\\u0041\"}", 0, "AASd-130", 1, 7},
    {"{} {}", 0, "JSON-trailing", 1, 4},
    {"{}\n\nx", 0, "JSON-trailing", 3, 1},
    {"{}\0", 3, "JSON-trailing", 1, 3},
    {"\"\xff\"", 0, "JSON-utf8", 1, 2},
    {"\"\xc0\xaf\"", 0, "JSON-utf8", 1, 2},
    {"\"\xed\xa0\x80\"", 0, "JSON-utf8", 1, 2},
    {"\"a\x01\"", 0, "JSON-syntax", 1, 3},
    {"\"a\nb\"", 0, "JSON-syntax", 1, 3},
    {"[01]", 0, "JSON-number", 1, 2},
    {"[+1]", 0, "JSON-syntax", 1, 2},
    {"[1.]", 0, "JSON-number", 1, 2},
    {"[.5]", 0, "JSON-syntax", 1, 2},
    {"[0x10]", 0, "JSON-number", 1, 2},
    {"[1e]", 0, "JSON-number", 1, 2},
    {"[-]", 0, "JSON-number", 1, 2},
    {"[NaN]", 0, "JSON-syntax", 1, 2},
    {"[Infinity]", 0, "JSON-syntax", 1, 2},
    {"[1,]", 0, "JSON-syntax", 1, 4},
    {"[1 2]", 0, "JSON-syntax", 1, 4},
    {"{\"a\" 1}", 0, "JSON-syntax", 1, 6},
    {"{a:1}", 0, "JSON-syntax", 1, 2},
    {"{'a':1}", 0, "JSON-syntax", 1, 2},
    {"{\"a\":1,}", 0, "JSON-syntax", 1, 8},
    {"[1", 0, "JSON-syntax", 1, 3},
    {"\"abc", 0, "JSON-syntax", 1, 5},
    {"\"a\\", 0, "JSON-syntax", 1, 4},
    {"\"\\x41\"", 0, "JSON-syntax", 1, 2},
    {"\"\\u12g4\"", 0, "JSON-syntax", 1, 4},
    {"truex", 0, "JSON-trailing", 1, 5},
    {"nul", 0, "JSON-syntax", 1, 1},
    {"/* c */ 1", 0, "JSON-syntax", 1, 1},
};

Test(json_reader, every_trap_is_refused_with_rule_line_and_column)
{
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        const struct trap *trap = &traps[i];
        struct arena arena;
        arena_init(&arena, ROOM);
        struct json *value = NULL;
        struct err err = {.code = ERR_OK};
        size_t len = trap->len > 0 ? trap->len : strlen(trap->text);
        enum err_code code = json_read(&arena, trap->text, len, &value, &err);
        cr_expect_eq(code, ERR_UNREADABLE, "%s", trap->text);
        cr_expect_str_eq(err.rule, trap->rule, "%s: %s", trap->text, err.text);
        cr_expect_eq(err.line, trap->line, "%s: line %u", trap->text, err.line);
        cr_expect_eq(err.column, trap->column, "%s: column %u", trap->text, err.column);
        cr_expect_null(value);
        arena_finish(&arena);
    }
}

static const char *const fine[] = {
    "{}",
    "[]",
    "0",
    "-0",
    "1.0",
    "1e5",
    "1E+5",
    "-0.5e-3",
    "true",
    "false",
    "null",
    "\"\"",
    "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\"",
    " \t\r\n[ 1 , 2 ] ",
    "{\"a\":{\"a\":1},\"A\":2}",
    "\xEF\xBB\xBF{\"bom\":true}",
    "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"",
    "123456789012345678901234567890",
    "0.30000000000000004",
};

Test(json_reader, legal_documents_are_read)
{
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        struct arena arena;
        arena_init(&arena, ROOM);
        struct json *value = NULL;
        struct err err = {.code = ERR_OK};
        enum err_code code = json_read(&arena, fine[i], strlen(fine[i]), &value, &err);
        cr_expect_eq(code, ERR_OK, "%s: %s", fine[i], err.text);
        arena_finish(&arena);
    }
}

Test(json_reader, numbers_keep_their_lexical_text)
{
    struct arena arena;
    arena_init(&arena, ROOM);
    struct json *value = NULL;
    const char *text = "[1.0, 1e400, 9007199254740993, -0]";
    cr_assert_eq(json_read(&arena, text, strlen(text), &value, NULL), ERR_OK);
    const char *expected[] = {"1.0", "1e400", "9007199254740993", "-0"};
    size_t n = 0;
    for (const struct json *item = value->first; item != NULL; item = item->next, n++) {
        cr_expect_str_eq(item->text, expected[n]);
    }
    cr_expect_eq(n, 4);
    arena_finish(&arena);
}

static enum err_code read_nested(size_t depth, char open, char close)
{
    char *text = malloc(2 * depth + 1);
    memset(text, open, depth);
    memset(text + depth, close, depth);
    struct arena arena;
    arena_init(&arena, ROOM);
    struct json *value = NULL;
    struct err err = {.code = ERR_OK};
    enum err_code code = json_read(&arena, text, 2 * depth, &value, &err);
    if (code != ERR_OK) {
        cr_expect_str_eq(err.rule, "JSON-depth");
    }
    arena_finish(&arena);
    free(text);
    return code;
}

Test(json_reader, nesting_of_128_is_read_and_beyond_is_refused)
{
    cr_expect_eq(read_nested(128, '[', ']'), ERR_OK);
    cr_expect_eq(read_nested(129, '[', ']'), ERR_UNREADABLE);
    cr_expect_eq(read_nested(100000, '[', ']'), ERR_UNREADABLE);
}

/* A reference that refers `levels` times on, inside of a root of which it is one level more. */
static enum err_code read_references(const char *before, size_t levels, const char *after)
{
    static const char step[] = "{\"referredSemanticId\":";
    char *text = malloc(levels * (sizeof step + 1) + 200);
    size_t len = (size_t)sprintf(text, "%s", before);
    for (size_t i = 1; i < levels; i++) {
        len += (size_t)sprintf(text + len, "%s", step);
    }
    len += (size_t)sprintf(text + len, "{}");
    for (size_t i = 1; i < levels; i++) {
        text[len++] = '}';
    }
    len += (size_t)sprintf(text + len, "%s", after);
    struct arena arena;
    arena_init(&arena, ROOM);
    struct aas_node *root = NULL;
    enum err_code code = aas_json_read(&arena, text, len, NULL, NULL, &root, NULL);
    arena_finish(&arena);
    free(text);
    return code;
}

Test(json_tree, an_environment_may_be_two_levels_deeper_than_what_stands_in_it)
{
    const char *submodel = "{\"modelType\":\"Submodel\",\"semanticId\":";
    const char *wrapped = "{\"submodels\":[{\"modelType\":\"Submodel\",\"semanticId\":";
    cr_expect_eq(read_references(submodel, 127, "}"), ERR_OK);
    cr_expect_eq(read_references(submodel, 128, "}"), ERR_UNREADABLE);
    cr_expect_eq(read_references(wrapped, 127, "}]}"), ERR_OK);
    cr_expect_eq(read_references(wrapped, 128, "}]}"), ERR_UNREADABLE);
}

Test(json_reader, an_arena_that_is_too_small_ends_as_too_large)
{
    size_t count = 100000;
    char *text = malloc(2 * count + 2);
    size_t len = 0;
    text[len++] = '[';
    for (size_t i = 0; i < count; i++) {
        text[len++] = '0';
        text[len++] = i + 1 < count ? ',' : ']';
    }
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    struct json *value = NULL;
    cr_expect_eq(json_read(&arena, text, len, &value, NULL), ERR_TOO_LARGE);
    cr_expect_leq(arena.used, (size_t)1024 * 1024);
    arena_finish(&arena);
    free(text);
}

Test(json_reader, duplicate_among_many_keys_is_found)
{
    char *text = malloc(40 * 1000);
    size_t len = 1;
    text[0] = '{';
    for (int i = 0; i < 999; i++) {
        len += (size_t)sprintf(text + len, "\"key%d\":%d,", i, i);
    }
    len += (size_t)sprintf(text + len, "\"key7\":0}");
    struct arena arena;
    arena_init(&arena, ROOM);
    struct json *value = NULL;
    struct err err = {.code = ERR_OK};
    cr_expect_eq(json_read(&arena, text, len, &value, &err), ERR_UNREADABLE);
    cr_expect_str_eq(err.rule, "JSON-duplicate-key");
    cr_expect_str_eq(err.text, "the key \"key7\" stands twice in one object");
    arena_finish(&arena);
    free(text);
}

/* ------------------------------------------------------------------ the metamodel */

struct slip {
    const char *text;
    const char *rule;
    const char *pointer;
};

static const struct slip slips[] = {
    {"[]", "JSON-root", ""},
    {"{\"foo\":1}", "JSON-root", ""},
    {"{\"submodels\":{}}", "JSON-type", "/submodels"},
    {"{\"submodels\":null}", "JSON-null", "/submodels"},
    {"{\"submodels\":[1]}", "JSON-type", "/submodels"},
    {"{\"submodels\":[{\"id\":\"x\"}]}", "JSON-modelType", "/submodels"},
    {"{\"submodels\":[{\"modelType\":\"Property\"}]}", "JSON-modelType", "/submodels"},
    {"{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":5}]}", "JSON-type", "/submodels/0/id"},
    {"{\"submodels\":[{\"modelType\":\"Submodel\",\"ID\":\"x\"}]}", "JSON-unknown-attribute",
        "/submodels/0"},
    {"{\"submodels\":[],\"more\":[]}", "JSON-unknown-attribute", ""},
    {"{\"modelType\":\"Nothing\"}", "JSON-root", ""},
};

Test(json_tree, what_has_no_place_is_unreadable_with_rule_and_pointer)
{
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        struct arena arena;
        arena_init(&arena, ROOM);
        struct aas_node *root = NULL;
        struct err err = {.code = ERR_OK};
        enum err_code code =
            aas_json_read(&arena, slips[i].text, strlen(slips[i].text), NULL, NULL, &root, &err);
        cr_expect_eq(code, ERR_UNREADABLE, "%s", slips[i].text);
        cr_expect_str_eq(err.rule, slips[i].rule, "%s: %s", slips[i].text, err.rule);
        cr_expect_str_eq(err.path, slips[i].pointer, "%s: %s", slips[i].text, err.path);
        arena_finish(&arena);
    }
}

static void count_problem(void *context, const struct aas_problem *problem)
{
    size_t *count = context;
    *count += problem->severity == AAS_UNREADABLE;
}

Test(json_tree, every_problem_is_reported_not_only_the_first)
{
    const char *text = "{\"modelType\":\"Property\",\"idShort\":1,\"value\":2,\"foo\":3,"
                       "\"qualifiers\":[{\"type\":null}],\"description\":[7]}";
    struct arena arena;
    arena_init(&arena, ROOM);
    size_t count = 0;
    struct aas_sink sink = {.add = count_problem, .context = &count};
    struct aas_node *root = NULL;
    cr_expect_eq(
        aas_json_read(&arena, text, strlen(text), NULL, &sink, &root, NULL), ERR_UNREADABLE);
    cr_expect_eq(count, 5);
    arena_finish(&arena);
}

Test(json_tree, canonical_form_has_model_type_first_and_table_order)
{
    const char *text =
        "{ \"value\" : \"1.0\", \"valueType\":\"xs:double\", \"idShort\":\"P\\u0041\","
        "\"modelType\":\"Property\", \"category\":\"a/b\\\"\" }";
    const char *expected =
        "{\"modelType\":\"Property\",\"category\":\"a/b\\\"\",\"idShort\":\"PA\","
        "\"valueType\":\"xs:double\",\"value\":\"1.0\"}";
    struct arena arena;
    arena_init(&arena, ROOM);
    struct aas_node *root = NULL;
    cr_assert_eq(aas_json_read(&arena, text, strlen(text), NULL, NULL, &root, NULL), ERR_OK);
    struct buf buf;
    buf_init(&buf, ROOM);
    aas_json_write(&buf, root, 0, NULL);
    cr_expect_str_eq(buf_text(&buf), expected);
    buf_finish(&buf);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ the corpora */

/* Reads, writes, reads again: the same tree, and to an independent reader the same JSON. */
static void round_trip(const char *path, void *context)
{
    (void)context;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    struct arena arena;
    arena_init(&arena, ROOM);
    struct aas_node *first = NULL;
    struct aas_node *second = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(aas_json_read(&arena, bytes, len, NULL, NULL, &first, &err), ERR_OK, "%s: %s",
        path, err.text);
    struct buf buf;
    buf_init(&buf, ROOM);
    aas_json_write(&buf, first, 0, NULL);
    cr_assert_not(buf_failed(&buf));
    cr_assert_eq(aas_json_read(&arena, buf.bytes, buf.len, NULL, NULL, &second, &err), ERR_OK);
    cr_expect(aas_equal(first, second), "%s", path);
    size_t bom = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    cJSON *before = cJSON_ParseWithLength(bytes + bom, len - bom);
    cJSON *after = cJSON_Parse(buf_text(&buf));
    cr_expect(cJSON_Compare(before, after, true), "%s: not the same JSON", path);
    cJSON_Delete(before);
    cJSON_Delete(after);
    buf_finish(&buf);
    arena_finish(&arena);
    free(bytes);
}

static void round_trip_folder(const char *relative, size_t at_least)
{
    char *dir = corpus_path(relative);
    size_t count = files_each(dir, ".json", round_trip, NULL);
    printf("%s: %zu documents\n", relative, count);
    cr_expect_geq(count, at_least);
    free(dir);
}

Test(json_corpus, accepted_examples_of_metamodel_3_0_survive_a_round_trip)
{
    NEED_CORPUS();
    round_trip_folder("corpus/metamodel-3.0/Json/ContainedInEnvironment/Expected", 1257);
    round_trip_folder("corpus/metamodel-3.0/Json/SelfContained/Expected", 10);
}

Test(json_corpus, examples_of_metamodel_3_1_survive_a_round_trip)
{
    NEED_CORPUS();
    round_trip_folder("corpus/metamodel-3.1/json", 1295);
}

Test(json_corpus, published_templates_survive_a_round_trip)
{
    NEED_CORPUS();
    round_trip_folder("corpus/templates", 68);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The value-only form cut out of stored bytes is the one that is written from the tree. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/value.h"
#include "api/cut_value.h"
#include "tests/support/corpus.h"

enum { ROOM = 256 << 20 };

/* A submodel as the store keeps it. */
struct stored {
    struct arena arena;
    struct buf json;
    struct path_index index;
};

static void store(struct stored *stored, const struct aas_node *submodel)
{
    struct aas_json_marks marks;
    struct path_index_builder builder;
    const void *entries = NULL;
    size_t len = 0;
    arena_init(&stored->arena, ROOM);
    buf_init(&stored->json, ROOM);
    path_index_start(&builder, &stored->arena, &stored->json, submodel, &marks);
    aas_json_write(&stored->json, submodel, 0, &marks);
    cr_assert_eq(path_index_finish(&builder, &entries, &len, NULL), ERR_OK);
    stored->index = (struct path_index){.entries = entries,
        .count = len / PATH_ENTRY_BYTES,
        .json = stored->json.bytes,
        .json_len = stored->json.len};
}

static void store_finish(struct stored *stored)
{
    buf_finish(&stored->json);
    arena_finish(&stored->arena);
}

/* One entry in one form; the tree is read from its slice, as it was before. */
static void compare(const struct stored *stored, size_t at, unsigned flags, const char *path)
{
    struct path_entry entry;
    struct arena arena;
    struct aas_node *tree = NULL;
    struct buf wanted;
    struct buf cut;
    arena_init(&arena, ROOM);
    buf_init(&wanted, ROOM);
    buf_init(&cut, ROOM);
    cr_assert(path_index_entry(&stored->index, at, &entry));
    const char *json = stored->json.bytes + entry.offset;
    cr_assert_eq(aas_json_read(&arena, json, entry.len, path_index_class(&stored->index, &entry),
                     NULL, &tree, NULL),
        ERR_OK);
    enum err_code expected = aas_value_write(&wanted, tree, flags, NULL);
    enum err_code code = cut_value(&arena, &cut, &stored->index, at, flags, NULL);
    cr_assert_eq(code, expected, "%s: entry %zu", path, at);
    if (code == ERR_OK) {
        cr_assert_eq(cut.len, wanted.len, "%s: entry %zu, %.*s instead of %.*s", path, at,
            (int)cut.len, cut.bytes, (int)wanted.len, wanted.bytes);
        cr_assert_eq(memcmp(cut.bytes, wanted.bytes, cut.len), 0, "%s: entry %zu", path, at);
    }
    buf_finish(&wanted);
    buf_finish(&cut);
    arena_finish(&arena);
}

static size_t compare_all(const struct aas_node *submodel, const char *path)
{
    static const unsigned flags[] = {
        0, AAS_VALUE_CORE, AAS_VALUE_WITHOUT_BLOB, AAS_VALUE_CORE | AAS_VALUE_WITHOUT_BLOB};
    struct stored stored;
    store(&stored, submodel);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        /* Of large documents not every element, but the whole and some of each depth. */
        size_t step = stored.index.count / 200 + 1;
        for (size_t at = 0; at < stored.index.count; at += step) {
            compare(&stored, at, flags[i], path);
        }
    }
    size_t count = stored.index.count;
    store_finish(&stored);
    return count;
}

#define PROPERTY(name, type, more)                                                                 \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" type "\"" more "}"
#define VALUE(text) ",\"value\":\"" text "\""
#define KEYS "\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:x\"}]"
#define ID ",\"valueId\":{\"type\":\"ExternalReference\"," KEYS "}"
#define MEANING "\"semanticId\":{\"type\":\"ExternalReference\"," KEYS "},"
#define QUALIFIER "\"qualifiers\":[{\"type\":\"a\",\"valueType\":\"xs:int\",\"value\":\"7\"}],"

#define UNTYPED(more) "{\"modelType\":\"Property\",\"idShort\":\"A\"" more "}"
#define QUALIFIED(more)                                                                            \
    ",\"qualifiers\":[{\"type\":\"a\",\"valueType\":\"xs:int\",\"value\":\"7\"" more "}]"

static const char *const elements[] = {PROPERTY("A", "xs:int", VALUE("5")), UNTYPED(QUALIFIED("")),
    UNTYPED(QUALIFIED("") VALUE("own")), UNTYPED(QUALIFIED(ID) VALUE("own")),
    UNTYPED(QUALIFIED(ID) VALUE("own") ID), UNTYPED(QUALIFIED(ID)), UNTYPED(VALUE("own")),
    PROPERTY("A", "xs:int",
        VALUE("5") ",\"valueId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
                   "\"GlobalReference\",\"value\":\"}\\\"{{\"}]}"),
    PROPERTY("A", "xs:int", ""), PROPERTY("A", "xs:int", ID),
    PROPERTY("A", "xs:int", VALUE("5") ID), PROPERTY("A", "xs:double", VALUE("1.50")),
    PROPERTY("A", "xs:double", VALUE("INF")), PROPERTY("A", "xs:boolean", VALUE("true")),
    PROPERTY("A", "xs:boolean", VALUE("1")),
    PROPERTY("A", "xs:string", VALUE("a \\\"b\\\" ,\\\"valueType\\\":\\\"x \\\\")),
    PROPERTY("A", "xs:string", VALUE("")), PROPERTY("A", "xs:long", VALUE("9007199254740993")),
    PROPERTY("A", "xs:integer",
        VALUE("12345678901234567890123456789012345678901234567890123456789"
              "012345678901234567890")),
    "{\"modelType\":\"Property\",\"idShort\":\"A\"," MEANING QUALIFIER
    "\"valueType\":\"xs:string\"}",
    PROPERTY("A", "xs:int", VALUE("1")) "," PROPERTY("A", "xs:int", VALUE("2")),
    PROPERTY("A", "xs:int", "") "," PROPERTY("A", "xs:int", VALUE("2")),
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"C\"}",
    "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"C\",\"value\":[]}",
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"L\",\"typeValueListElement\":"
    "\"Capability\",\"value\":[{\"modelType\":\"Capability\"},{\"modelType\":\"Capability\"}]}",
    "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"L\",\"typeValueListElement\":"
    "\"Entity\",\"value\":[{\"modelType\":\"Entity\",\"entityType\":\"CoManagedEntity\","
    "\"statements\":[" PROPERTY("A", "xs:int", VALUE("5")) "]}]}",
    "{\"modelType\":\"Capability\",\"idShort\":\"K\"}"};

Test(cut_value, each_kind_of_literal_and_container)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        struct arena arena;
        struct aas_node *root = NULL;
        char json[2000];
        arena_init(&arena, ROOM);
        snprintf(json, sizeof json,
            "{\"modelType\":\"Submodel\",\"id\":\"urn:x\",\"submodelElements\":[%s,"
            "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Inside\",\"value\":[%s]}]}",
            elements[i], elements[i]);
        cr_assert_eq(
            aas_json_read(&arena, json, strlen(json), NULL, NULL, &root, NULL), ERR_OK, "%s", json);
        compare_all(root, elements[i]);
        arena_finish(&arena);
    }
}

Test(cut_value, of_many_siblings_with_one_name_the_first_counts)
{
    struct arena arena;
    struct buf json;
    struct aas_node *root = NULL;
    arena_init(&arena, ROOM);
    buf_init(&json, ROOM);
    buf_add_text(&json, "{\"modelType\":\"Submodel\",\"id\":\"urn:x\",\"submodelElements\":[");
    for (int i = 0; i < 300; i++) {
        buf_printf(&json,
            "%s{\"modelType\":\"Property\",\"idShort\":\"P%d\",\"valueType\":\"xs:int\"%s%d\"}",
            i > 0 ? "," : "", i % 70, i % 3 == 0 ? ",\"category\":\"" : ",\"value\":\"", i);
    }
    buf_add_text(&json, "]}");
    cr_assert_eq(aas_json_read(&arena, json.bytes, json.len, NULL, NULL, &root, NULL), ERR_OK);
    compare_all(root, "siblings");
    buf_finish(&json);
    arena_finish(&arena);
}

static void compare_file(const char *path, void *context)
{
    size_t *compared = context;
    size_t len = 0;
    size_t count = 0;
    struct arena arena;
    struct aas_node *root = NULL;
    char *bytes = file_read(path, &len);
    arena_init(&arena, ROOM);
    if (aas_json_read(&arena, bytes, len, meta_class(CLASS_Environment), NULL, &root, NULL) ==
        ERR_OK) {
        struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
        for (size_t i = 0; i < count; i++) {
            *compared += compare_all(submodels[i], path);
        }
    }
    arena_finish(&arena);
    free(bytes);
}

Test(cut_value, is_that_of_the_tree_for_all_corpora, .timeout = 120)
{
    NEED_CORPUS();
    static const char *const folders[] = {
        "corpus/templates", "corpus/metamodel-3.1/json", "corpus/metamodel-3.0/Json"};
    size_t compared = 0;
    for (size_t i = 0; i < 3; i++) {
        char *dir = corpus_path(folders[i]);
        files_each(dir, ".json", compare_file, &compared);
        free(dir);
    }
    fprintf(stderr, "%zu elements had their value cut\n", compared);
    cr_assert_gt(compared, 10000);
}

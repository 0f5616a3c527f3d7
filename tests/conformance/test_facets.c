/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk along the table against the XML Schema, on trees nobody wrote: corpus documents, each
 * damaged in one to three places. Both must refuse the same trees, so that a writer may leave the
 * schema out.
 */
#include "conformance/facets.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/constraint.h"
#include "conformance/judge.h"
#include "conformance/schema.h"
#include "tests/support/corpus.h"

enum { MUTANTS = 12000, MAX_SEEDS = 4096, MAX_NODES = 4096, ROOM = 64 << 20, DAMAGES = 3 };

static uint64_t chance_state = 4711;

/* splitmix64 */
static size_t chance(size_t below)
{
    chance_state += 0x9E3779B97F4A7C15u;
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)((z ^ (z >> 31)) % below);
}

struct seeds {
    char *paths[MAX_SEEDS];
    size_t count;
};

static void add_seed(const char *path, void *context)
{
    struct seeds *seeds = context;
    if (seeds->count < MAX_SEEDS) {
        seeds->paths[seeds->count++] = strdup(path);
    }
}

struct nodes {
    const struct aas_node *items[MAX_NODES];
    size_t count;
};

static enum err_code add_node(const struct aas_node *node, void *context)
{
    struct nodes *nodes = context;
    if (nodes->count < MAX_NODES) {
        nodes->items[nodes->count++] = node;
    }
    return ERR_OK;
}

static const char *const odd_texts[] = {"", " ", "a", "A_b", "a-b", "a-", "1", "0", "01", "00012",
    "en", "en-", "x-y", "de-DE-1901", "QUJD\xC3\xA9", "a/b", "a/b; c=\"d\"", "true", "TRUE", "P1D",
    "PT", "P1DT", "2023-02-29T00:00:00Z", "2023-02-30T24:00:00+00:00", "-0001-01-01T00:00:00Z",
    "2023-02-29T00:00:00+01:00", "http://a/b c", "http://a/b%20c", "#", "##", "mailto:x@y",
    "//[::1]/", "QUJD", "QUI=", "QU J\nD", "QR==", "=", "Instance", "ModelReference", "xs:int",
    "\xED\x95\x9C\xEA\xB8\x80", "zh-cmn-Hans-CN", "i-klingon", "../a/b?c#d", ":a", "a:b"};

/* A text of `len` characters, some of them of several bytes. */
static enum err_code set_long(
    struct arena *arena, struct aas_node *node, enum meta_prop_id id, size_t len)
{
    char *text = malloc(len * 2 + 1);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i % 7 == 3) {
            memcpy(text + at, "\xC3\xA9", 2);
            at += 2;
        } else {
            text[at++] = 'a';
        }
    }
    enum err_code code = aas_set_text(arena, node, id, text, at);
    free(text);
    return code;
}

static void damage_text(struct arena *arena, struct aas_node *node, const struct meta_prop *prop)
{
    static const size_t lengths[] = {
        4, 5, 64, 65, 100, 101, 128, 129, 255, 256, 2000, 2001, 2048, 2049};
    enum err_code code = ERR_OK;
    if (chance(3) == 0) {
        code = set_long(arena, node, prop->id, lengths[chance(sizeof lengths / sizeof *lengths)]);
    } else {
        const char *text = odd_texts[chance(sizeof odd_texts / sizeof *odd_texts)];
        code = aas_set_text(arena, node, prop->id, text, strlen(text));
    }
    cr_assert_eq(code, ERR_OK);
}

/* Damages one attribute of one node: takes it away, empties it, or writes something odd. */
static void damage(struct arena *arena, struct aas_node *root)
{
    static struct nodes nodes;
    nodes.count = 0;
    cr_assert_eq(aas_walk(root, add_node, &nodes), ERR_OK);
    struct aas_node *node = NULL;
    memcpy(&node, &nodes.items[chance(nodes.count)], sizeof node);
    const struct meta_prop *prop = &node->cls->props[chance(node->cls->prop_count)];
    switch (prop->kind) {
    case META_TEXT:
    case META_ENUM:
    case META_BOOL:
        if (chance(4) == 0) {
            aas_clear(node, prop->id);
        } else {
            damage_text(arena, node, prop);
        }
        break;
    case META_LIST:
        if (chance(2) == 0) {
            cr_assert_eq(aas_set_list(arena, node, prop->id, NULL, 0), ERR_OK);
            break;
        }
        aas_clear(node, prop->id);
        break;
    case META_NODE:
        aas_clear(node, prop->id);
        break;
    }
}

struct tally {
    size_t valid;
    size_t invalid;
    size_t different;
};

static void compare(const struct aas_node *root, enum meta_version version, struct tally *tally)
{
    struct report by_walk;
    struct report by_schema;
    struct aas_xml xml = {.doc = NULL};
    report_init(&by_walk);
    report_init(&by_schema);
    facets_walk(root, version, FACETS_ALL, &by_walk, NULL);
    constraint_walk(root, version, &by_walk);
    cr_assert_eq(aas_xml_from_tree(root, version, &xml), ERR_OK);
    cr_assert_eq(schema_validate(&xml, &by_schema, NULL), ERR_OK);
    constraint_walk(root, version, &by_schema); /* base64, which libxml2 takes too easily */
    aas_xml_finish(&xml);
    tally->valid += by_walk.errors == 0;
    tally->invalid += by_walk.errors > 0;
    /* what the schema refuses is explained by the same walk and must add nothing to it */
    if (by_walk.errors != by_schema.errors) {
        tally->different++;
        const struct report *longer = by_walk.errors > by_schema.errors ? &by_walk : &by_schema;
        const struct finding *last = &longer->findings[longer->count - 1];
        printf("only by the %s: %s %s: %s\n", longer == &by_walk ? "walk" : "schema", last->rule,
            last->pointer, last->text);
    }
    report_finish(&by_schema);
    report_finish(&by_walk);
}

static void try_mutant(const struct seeds *seeds, enum meta_version version, struct tally *tally)
{
    struct arena arena;
    struct aas_node *root = NULL;
    size_t len = 0;
    char *bytes = file_read(seeds->paths[chance(seeds->count)], &len);
    arena_init(&arena, ROOM);
    cr_assert_eq(aas_json_read(&arena, bytes, len, NULL, NULL, &root, NULL), ERR_OK);
    for (size_t i = 1 + chance(DAMAGES); i > 0; i--) {
        damage(&arena, root);
    }
    compare(root, version, tally);
    arena_finish(&arena);
    free(bytes);
}

Test(facets, damaged_trees_are_refused_by_walk_and_schema_alike)
{
    NEED_CORPUS();
    static struct seeds seeds;
    struct tally tally = {0, 0, 0};
    char *dir = corpus_path("corpus/metamodel-3.1/json");
    cr_assert_eq(judge_start(NULL), ERR_OK);
    files_each(dir, ".json", add_seed, &seeds);
    free(dir);
    cr_assert_gt(seeds.count, 0);
    for (size_t i = 0; i < MUTANTS; i++) {
        try_mutant(&seeds, i % 2 == 0 ? META_V30 : META_V31, &tally);
    }
    printf("mutants: %zu valid, %zu invalid\n", tally.valid, tally.invalid);
    cr_expect_gt(tally.valid, MUTANTS / 10);
    cr_expect_gt(tally.invalid, MUTANTS / 10);
    cr_expect_eq(tally.different, 0, "%zu trees are judged differently", tally.different);
    judge_stop();
}

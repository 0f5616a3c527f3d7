/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents of the official corpora: into the store, out of it as JSON, XML and AASX, into another
 * store, and the same again. A sample by default; JIG_WHOLE_CORPUS=1 in the environment takes all.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "api/package_make.h"
#include "conformance/judge.h"
#include "registry/files.h"
#include "registry/verify.h"
#include "tests/support/corpus.h"

TestSuite(round_trips, .timeout = 900);

#define ARENA_BYTES ((size_t)512 << 20)

enum { SAMPLE = 24 }; /* one document of so many */

struct trips {
    struct registry *first;
    struct registry *second;
    char *package; /* path of the file in between */
    size_t sample;
    size_t seen;
    size_t valid;
    size_t files;
};

static struct registry *open_at(const char *dir)
{
    struct registry *registry = NULL;
    struct err err;
    const struct registry_options options = {.store = {.dir = dir}, .without_library = true};
    cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
    return registry;
}

static enum err_code import_bytes(struct registry *registry, const char *bytes, size_t len,
    const char *source, bool strict, struct err *err)
{
    const struct registry_import input = {
        .bytes = bytes, .len = len, .source = source, .strict = strict, .replace = true};
    struct registry_import_result result;
    struct report report;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    report_init(&report);
    enum err_code code = registry_import(registry, &arena, &input, NULL, &report, &result, err);
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

/* What the store shows of everything in `environment`, as an environment of its own. */
static struct aas_node *stored(
    struct registry *registry, struct arena *arena, const struct aas_node *environment)
{
    static const struct {
        enum registry_kind kind;
        enum meta_prop_id list;
    } kinds[] = {{REGISTRY_SHELL, PROP_assetAdministrationShells},
        {REGISTRY_SUBMODEL, PROP_submodels},
        {REGISTRY_CONCEPT_DESCRIPTION, PROP_conceptDescriptions}};
    struct registry_view view;
    struct aas_node *root = aas_node_new(arena, meta_class(CLASS_Environment));
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count = 0;
        struct aas_node **nodes = aas_list(environment, kinds[k].list, &count);
        for (size_t i = 0; i < count; i++) {
            const char *id = aas_text(nodes[i], PROP_id);
            struct registry_document document;
            struct aas_node *node = NULL;
            cr_assert_eq(
                registry_get(&view, kinds[k].kind, id, strlen(id), &document, NULL), ERR_OK);
            cr_assert_eq(aas_json_read(arena, document.json, document.json_len,
                             registry_class(kinds[k].kind), NULL, &node, NULL),
                ERR_OK);
            cr_assert_eq(aas_list_insert(arena, root, kinds[k].list, i, node), ERR_OK);
        }
    }
    registry_view_end(&view);
    return root;
}

static void expect_same_json(struct arena *arena, const struct aas_node *root, const char *path)
{
    struct buf buf;
    struct aas_node *again = NULL;
    buf_init(&buf, 64 << 20);
    aas_json_write(&buf, root, 0, NULL);
    cr_expect_eq(aas_json_read(arena, buf.bytes, buf.len, root->cls, NULL, &again, NULL), ERR_OK);
    cr_expect(again != NULL && aas_equal(root, again), "JSON of %s", path);
    buf_finish(&buf);
}

static void expect_same_xml(struct arena *arena, const struct aas_node *root, const char *path)
{
    struct buf buf;
    struct aas_xml xml = {.doc = NULL};
    struct err err = {0};
    buf_init(&buf, 64 << 20);
    aas_xml_write(&buf, root, META_V31, false);
    cr_expect_eq(aas_xml_read(arena, buf.bytes, buf.len, root->cls, NULL, &xml, &err), ERR_OK,
        "%s: %s", path, err.text);
    cr_expect(xml.root != NULL && aas_equal(root, xml.root), "XML of %s", path);
    aas_xml_finish(&xml);
    buf_finish(&buf);
}

/* Every file of the first store is in the second one, byte for byte. */
static enum err_code compare_file(const struct aas_node *node, void *context)
{
    struct trips *trips = context;
    const char *value = aasx_file_value(node);
    const struct aas_node *owner = node;
    struct registry *const both[] = {trips->first, trips->second};
    unsigned char hashes[2][STORE_HASH_BYTES] = {{0}};
    while (owner->parent != NULL && registry_kind_of(owner->cls) == 0) {
        owner = owner->parent;
    }
    for (size_t i = 0; value != NULL && i < 2; i++) {
        struct registry_view view;
        struct registry_document document;
        struct registry_file file;
        const char *id = aas_text(owner, PROP_id);
        cr_assert_eq(registry_view_begin(both[i], &view, NULL), ERR_OK);
        if (registry_get(&view, registry_kind_of(owner->cls), id, strlen(id), &document, NULL) ==
                ERR_OK &&
            registry_file_find(&view, &document, value, &file, NULL) == ERR_OK) {
            memcpy(hashes[i], file.blob, STORE_HASH_BYTES);
            trips->files += i == 0;
        }
        registry_view_end(&view);
    }
    cr_expect_eq(memcmp(hashes[0], hashes[1], STORE_HASH_BYTES), 0, "%s", value);
    return ERR_OK;
}

static void through_package(
    struct trips *trips, struct arena *arena, struct aas_node *root, const char *path)
{
    struct err err = {0};
    size_t len = 0;
    struct aas_node *written = aas_copy(arena, root);
    cr_assert_eq(package_make(trips->first, arena, written, NULL, trips->package, &err), ERR_OK,
        "%s: %s", path, err.text);
    char *bytes = file_read(trips->package, &len);
    cr_assert_eq(import_bytes(trips->second, bytes, len, path, false, &err), ERR_OK, "%s: %s", path,
        err.text);
    free(bytes);
    struct aas_node *again = stored(trips->second, arena, written);
    cr_expect(aas_equal(written, again), "AASX of %s", path);
    cr_expect(aas_equal(root, again), "AASX of %s has other values", path);
    cr_assert_eq(aas_walk(root, compare_file, trips), ERR_OK);
}

static bool is_environment(const struct judge_result *judged)
{
    return judged->root != NULL && judged->root->cls->id == CLASS_Environment;
}

/* Only documents without a finding count: what breaks a rule need not come back. */
static void there_and_back(const char *path, void *context)
{
    struct trips *trips = context;
    struct arena arena;
    struct report report;
    struct err err = {0};
    size_t len = 0;
    if (trips->seen++ % trips->sample != 0) {
        return;
    }
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    arena_init(&arena, ARENA_BYTES);
    report_init(&report);
    const struct judge_input input = {.bytes = bytes, .len = len};
    struct judge_result judged = {.root = NULL};
    if (judge_document(&arena, &input, &report, &judged, &err) == ERR_OK &&
        judged.verdict == REPORT_VALID && is_environment(&judged) &&
        import_bytes(trips->first, bytes, len, path, true, &err) == ERR_OK) {
        struct aas_node *root = stored(trips->first, &arena, judged.root);
        trips->valid++;
        expect_same_json(&arena, root, path);
        expect_same_xml(&arena, root, path);
        through_package(trips, &arena, root, path);
    }
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

static void agree(struct registry *registry)
{
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
}

Test(round_trips, valid_documents_come_back_as_json_xml_and_package)
{
    NEED_CORPUS();
    static const struct {
        const char *dir;
        const char *ending;
        size_t sample;
    } rows[] = {{"corpus/metamodel-3.0", ".json", SAMPLE},
        {"corpus/metamodel-3.1", ".json", SAMPLE}, {"corpus/metamodel-3.0", ".xml", SAMPLE},
        {"corpus/metamodel-3.1", ".xml", SAMPLE}, {"corpus/templates", ".json", 2},
        {"corpus/templates", ".aasx", 1}};
    char *dirs[] = {scratch_new(), scratch_new()};
    char package[300];
    struct trips trips = {.first = open_at(dirs[0]), .second = open_at(dirs[1])};
    snprintf(package, sizeof package, "%s/between.aasx", dirs[0]);
    trips.package = package;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *dir = corpus_path(rows[i].dir);
        trips.seen = 0;
        trips.sample = getenv("JIG_WHOLE_CORPUS") != NULL ? 1 : rows[i].sample;
        files_each(dir, rows[i].ending, there_and_back, &trips);
        free(dir);
    }
    fprintf(
        stderr, "%zu valid documents there and back, with %zu files\n", trips.valid, trips.files);
    cr_expect_gt(trips.valid, 100);
    cr_expect_gt(trips.files, 0);
    agree(trips.first);
    agree(trips.second);
    registry_close(trips.first);
    registry_close(trips.second);
    scratch_remove(dirs[0]);
    scratch_remove(dirs[1]);
}

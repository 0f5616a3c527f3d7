/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/families.h"
#include "tests/registry/registry_fixture.h"
#include "tests/support/corpus.h"

TestSuite(import, .init = fixture_start, .fini = fixture_stop, .timeout = 240);

enum { OUTCOMES = 4 };
#define ARENA_BYTES ((size_t)512 << 20)

/* One import and what came of it; the texts stay in the arena. */
struct imported {
    struct arena arena;
    struct report report;
    struct registry_import_result result;
    struct err err;
    enum err_code code;
};

static void imported_finish(struct imported *imported)
{
    arena_finish(&imported->arena);
    report_finish(&imported->report);
}

static void import_bytes(struct registry *registry, const char *bytes, size_t len,
    const char *source, bool replace, struct imported *imported)
{
    const struct registry_import input = {
        .bytes = bytes, .len = len, .source = source, .replace = replace};
    static const struct registry_author author = {.name = "tester"};
    *imported = (struct imported){.code = ERR_OK};
    arena_init(&imported->arena, ARENA_BYTES);
    report_init(&imported->report);
    imported->code = registry_import(registry, &imported->arena, &input, &author, &imported->report,
        &imported->result, &imported->err);
}

/* Imports text and gives the outcome. */
static enum registry_import_outcome import_text(
    struct registry *registry, const char *json, const char *source, bool replace)
{
    struct imported imported;
    import_bytes(registry, json, strlen(json), source, replace, &imported);
    enum registry_import_outcome outcome = imported.result.outcome;
    imported_finish(&imported);
    return outcome;
}

static void import_path(struct registry *registry, const char *relative, struct imported *imported)
{
    size_t len = 0;
    char *path = corpus_path(relative);
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s", path);
    import_bytes(registry, bytes, len, path, false, imported);
    free(bytes);
    free(path);
}

/* ------------------------------------------------------------------ the whole corpus */

struct walk {
    struct registry *registry;
    size_t outcomes[OUTCOMES];
    size_t versions;
    size_t index;
    char *seen; /* outcome of each file in the first run, NULL then */
    char now[200];
};

static void import_each(const char *path, void *context)
{
    struct walk *walk = context;
    struct imported imported;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    import_bytes(walk->registry, bytes, len, path, false, &imported);
    enum registry_import_outcome outcome = imported.result.outcome;
    bool refused = outcome == REGISTRY_IMPORT_REFUSED;
    cr_expect_eq(imported.code != ERR_OK, refused, "%s", path);
    cr_expect(!refused || imported.err.text[0] != '\0', "%s is refused without a reason", path);
    cr_expect(!refused || imported.code == ERR_EXISTS, "%s: %s", path, imported.err.text);
    if (walk->seen != NULL) {
        bool was = walk->seen[walk->index] == REGISTRY_IMPORT_REFUSED;
        cr_expect_eq(
            outcome, was ? REGISTRY_IMPORT_REFUSED : REGISTRY_IMPORT_UNCHANGED, "%s", path);
    }
    walk->now[walk->index++] = (char)outcome;
    walk->outcomes[outcome]++;
    walk->versions += imported.result.versions;
    imported_finish(&imported);
    free(bytes);
}

static void walk_corpus(struct walk *walk)
{
    char *dir = corpus_path("corpus/templates");
    walk->index = 0;
    files_each(dir, "", import_each, walk);
    cr_assert_eq(walk->index, 138);
    free(dir);
}

/* Everything that an import must not change when it says "unchanged". */
static void fingerprint(struct registry *registry, unsigned char hash[STORE_HASH_BYTES])
{
    static const enum store_table tables[] = {STORE_DOCUMENTS, STORE_REVISIONS, STORE_CONTENT,
        STORE_FAMILIES, STORE_VERSIONS, STORE_TERMS, STORE_POSTINGS, STORE_SEARCHED, STORE_BLOBS,
        STORE_IMPORTS, STORE_INDEX, STORE_IDS};
    struct registry_view view;
    unsigned char chain[2 * STORE_HASH_BYTES] = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct store_cursor cursor;
        cr_assert_eq(store_cursor_open(&view.txn, tables[i], &cursor), ERR_OK);
        for (bool more = store_cursor_seek(&cursor, "", 1); more;
             more = store_cursor_next(&cursor)) {
            store_hash(cursor.key.bytes, cursor.key.len, chain + STORE_HASH_BYTES);
            store_hash(chain, sizeof chain, chain);
            store_hash(cursor.value.bytes, cursor.value.len, chain + STORE_HASH_BYTES);
            store_hash(chain, sizeof chain, chain);
        }
        store_cursor_close(&cursor);
    }
    registry_view_end(&view);
    memcpy(hash, chain, STORE_HASH_BYTES);
}

static void show(const char *run, const struct walk *walk)
{
    fprintf(stderr,
        "%s: %zu stored, %zu stored with findings, %zu unchanged, %zu refused, %zu versions\n", run,
        walk->outcomes[REGISTRY_IMPORT_STORED],
        walk->outcomes[REGISTRY_IMPORT_STORED_WITH_FINDINGS],
        walk->outcomes[REGISTRY_IMPORT_UNCHANGED], walk->outcomes[REGISTRY_IMPORT_REFUSED],
        walk->versions);
}

Test(import, corpus_twice_stores_everything_once)
{
    NEED_CORPUS();
    struct registry *registry = fixture_open();
    struct walk first = {.registry = registry};
    struct walk second = {.registry = registry};
    unsigned char before[STORE_HASH_BYTES];
    unsigned char after[STORE_HASH_BYTES];

    walk_corpus(&first);
    show("first", &first);
    fingerprint(registry, before);
    second.seen = first.now;
    walk_corpus(&second);
    show("second", &second);
    fingerprint(registry, after);

    cr_expect_eq(first.outcomes[REGISTRY_IMPORT_REFUSED], 0);
    cr_expect_eq(second.outcomes[REGISTRY_IMPORT_UNCHANGED], 138);
    cr_expect_eq(second.versions, 0);
    cr_expect_eq(memcmp(before, after, sizeof before), 0, "the second run changed the store");
    fixture_verify(registry);
    registry_close(registry);
}

static void expect_labels(struct registry_view *view, const char *family, const char *const *labels)
{
    struct arena arena;
    struct registry_family found;
    struct registry_version *versions = NULL;
    size_t count = 0;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    cr_assert_eq(registry_family(view, &arena, family, &found, &versions, &count, &err), ERR_OK,
        "%s", err.text);
    size_t plain = 0;
    for (size_t i = 0; i < count; i++) {
        if (strchr(versions[i].label, '~') == NULL) {
            cr_assert_not_null(labels[plain], "%s %s", family, versions[i].label);
            cr_expect_str_eq(versions[i].label, labels[plain++], "%s", family);
        }
        cr_expect_str_eq(versions[i].publisher, "IDTA");
    }
    cr_expect_null(labels[plain], "%s", family);
    cr_expect_str_eq(found.latest, labels[0], "%s", family);
    cr_expect_eq(found.versions, count);
    arena_finish(&arena);
}

static size_t count_families(struct registry_view *view)
{
    struct arena arena;
    struct registry_family *families = NULL;
    size_t count = 0;
    arena_init(&arena, ARENA_BYTES);
    cr_assert_eq(registry_families(view, &arena, NULL, 0, &families, &count, NULL), ERR_OK);
    for (size_t i = 1; i < count; i++) {
        cr_expect_lt(strcmp(families[i - 1].family, families[i].family), 0);
    }
    arena_finish(&arena);
    return count;
}

Test(import, families_of_the_corpus_have_the_versions_their_files_claim)
{
    NEED_CORPUS();
    struct registry *registry = fixture_open();
    struct walk walk = {.registry = registry};
    struct registry_view view;
    walk_corpus(&walk);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    expect_labels(&view, "idta-02006", (const char *[]){"3.0.1", "3.0", NULL});
    expect_labels(&view, "idta-02004",
        (const char *[]){"2.0.1", "2.0.1+sample", "2.0.1+aas-3.1+sample", "2.0.1+aas-3.1", "2.0",
            "2.0+sample", NULL});
    expect_labels(&view, "idta-02003",
        (const char *[]){"2.0.1", "2.0.1+sample", "2.0.1+aas-3.1+sample", "2.0.1+aas-3.1", "2.0",
            "2.0+sample", NULL});
    expect_labels(&view, "idta-02008",
        (const char *[]){"1.1.1", "1.1.1+with-operations", "1.1.1+aas-3.1+with-operations",
            "1.1.1+aas-3.1", "1.1", "1.1+with-operations", NULL});
    expect_labels(&view, "idta-02011", (const char *[]){"1.1.1", "1.1.1+aas-3.1", "1.1", NULL});
    expect_labels(&view, "idta-02011-1", (const char *[]){"1.0.1", "1.0.1+aas-3.1", "1.0", NULL});
    expect_labels(&view, "idta-02001.processequipmentassembly",
        (const char *[]){"1.0.1", "1.0.1+aas-3.1", "1.0", NULL});
    cr_expect_eq(count_families(&view), 25);
    registry_view_end(&view);
    registry_close(registry);
}

static void expect_first(struct registry *registry, const char *words, const char *family)
{
    struct registry_view view;
    struct registry_result result;
    struct arena arena;
    const struct registry_query query = {.words = words};
    arena_init(&arena, ARENA_BYTES);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    cr_assert_gt(result.count, 0, "%s", words);
    cr_expect_str_eq(result.hits[0].family, family, "%s", words);
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(import, templates_of_the_corpus_are_found_by_what_they_are_called)
{
    NEED_CORPUS();
    struct registry *registry = fixture_open();
    struct walk walk = {.registry = registry};
    walk_corpus(&walk);
    expect_first(registry, "nameplate", "idta-02006");
    expect_first(registry, "digital nameplate", "idta-02006");
    expect_first(registry, "carbon footprint", "idta-02023");
    expect_first(registry, "handover documentation", "idta-02004");
    expect_first(registry, "time series", "idta-02008");
    expect_first(registry, "TechnicalData", "idta-02003");
    expect_first(registry, "idta 02031-2", "idta-02031-2");
    expect_first(registry, "Wartung", "idta-02018");
    registry_close(registry);
}

static struct registry_result search_newest(
    struct registry *registry, struct arena *arena, const struct registry_query *query)
{
    struct registry_view view;
    struct registry_result result;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, arena, query, &result, NULL), ERR_OK);
    registry_view_end(&view);
    return result;
}

Test(import, newest_only_gives_each_family_once_with_its_newest_version)
{
    NEED_CORPUS();
    struct registry *registry = fixture_open();
    struct walk walk = {.registry = registry};
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    walk_corpus(&walk);
    const struct registry_query query = {
        .templates_only = true, .newest_only = true, .limit = 100, .with_facets = true};
    struct registry_result result = search_newest(registry, &arena, &query);
    struct registry_view view;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_expect_eq(result.total, count_families(&view));
    for (size_t i = 0; i < result.count; i++) {
        struct registry_version version;
        cr_assert_eq(registry_version(
                         &view, &arena, result.hits[i].family, NULL, &version, NULL, NULL, NULL),
            ERR_OK);
        cr_expect_str_eq(result.hits[i].label, version.label, "%s", version.family);
        cr_expect_str_eq(result.hits[i].state, "published");
    }
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ packages */

Test(import, package_comes_back_exactly_as_it_came)
{
    NEED_CORPUS();
    static const char name[] = "corpus/templates/Digital nameplate/3/0/1/"
                               "IDTA 02006-3-0-1_Template_Digital Nameplate.aasx";
    struct registry *registry = fixture_open();
    struct imported imported;
    struct registry_view view;
    struct version_record record;
    const char *bytes = NULL;
    size_t len = 0;
    size_t file_len = 0;
    char *path = corpus_path(name);
    char *file = file_read(path, &file_len);
    import_path(registry, name, &imported);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(version_find(&view.txn, "idta-02006", "3.0.1", &record), ERR_OK);
    cr_assert_eq(blob_get(&view.txn, &imported.arena, record.package, &bytes, &len, NULL), ERR_OK);
    cr_expect_eq(len, file_len);
    cr_expect_eq(memcmp(bytes, file, len), 0);
    registry_view_end(&view);
    imported_finish(&imported);
    free(file);
    free(path);
    registry_close(registry);
}

Test(import, json_and_aasx_of_one_template_are_one_version)
{
    NEED_CORPUS();
    static const char *const names[] = {"corpus/templates/Digital nameplate/3/0/1/"
                                        "IDTA 02006-3-0-1_Template_Digital Nameplate.json",
        "corpus/templates/Digital nameplate/3/0/1/"
        "IDTA 02006-3-0-1_Template_Digital Nameplate.aasx"};
    for (size_t first = 0; first < 2; first++) {
        struct registry *registry = fixture_open();
        struct imported a;
        struct imported b;
        import_path(registry, names[first], &a);
        import_path(registry, names[1 - first], &b);
        cr_expect_eq(a.result.versions, first == 0 ? 1 : 0);
        cr_expect_eq(b.result.outcome, REGISTRY_IMPORT_UNCHANGED);
        cr_expect_str_eq(b.result.family, "idta-02006");
        cr_expect_str_eq(b.result.label, "3.0.1");
        imported_finish(&a);
        imported_finish(&b);
        registry_close(registry);
    }
}

/* ------------------------------------------------------------------ small files */

#define TEMPLATE(kind, version, description)                                                       \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"description\":[{\"language\":\"en\","     \
    "\"text\":\"" description "\"}],\"administration\":{\"version\":\"" version "\"},"             \
    "\"id\":\"https://a.example/press\",\"kind\":\"" kind "\","                                    \
    "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","      \
    "\"value\":\"https://a.example/smt/press\"}]},\"submodelElements\":[{\"modelType\":"           \
    "\"Property\",\"idShort\":\"Force\",\"valueType\":\"xs:int\"}]}"
#define FAMILY "a.example-smt-press"

static void description_shown(struct registry *registry, char text[64])
{
    struct registry_view view;
    struct registry_document document;
    static const char id[] = "https://a.example/press";
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, id, strlen(id), &document, NULL), ERR_OK);
    const char *at = memmem(document.json, document.json_len, "\"text\":\"", 8);
    cr_assert_not_null(at);
    snprintf(text, 64, "%.*s", (int)strcspn(at + 8, "\""), at + 8);
    registry_view_end(&view);
}

Test(import, newest_version_is_shown_whatever_the_order)
{
    static const char *const files[] = {TEMPLATE("Template", "2", "two"),
        TEMPLATE("Template", "1", "one"), TEMPLATE("Template", "3", "three")};
    static const char *const shown[] = {"two", "two", "three"};
    struct registry *registry = fixture_open();
    for (size_t i = 0; i < 3; i++) {
        char text[64];
        cr_assert_eq(import_text(registry, files[i], NULL, false), REGISTRY_IMPORT_STORED);
        description_shown(registry, text);
        cr_expect_str_eq(text, shown[i]);
    }
    fixture_verify(registry);
    registry_close(registry);
}

Test(import, second_claim_to_a_version_is_kept_beside_it_with_a_warning)
{
    struct registry *registry = fixture_open();
    struct imported imported;
    struct registry_view view;
    struct registry_version version;
    const char *other = TEMPLATE("Template", "1", "other");
    cr_assert_eq(import_text(registry, TEMPLATE("Template", "1", "one"), NULL, false),
        REGISTRY_IMPORT_STORED);
    import_bytes(registry, other, strlen(other), NULL, false, &imported);
    cr_expect_eq(imported.result.outcome, REGISTRY_IMPORT_STORED_WITH_FINDINGS);
    cr_expect_eq(imported.report.warnings, 1);
    cr_assert_eq(strncmp(imported.result.label, "1.0~", 4), 0, "%s", imported.result.label);
    cr_expect_eq(strlen(imported.result.label), 10);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_version(&view, &imported.arena, FAMILY, NULL, &version, NULL, NULL, NULL), ERR_OK);
    cr_expect_str_eq(version.label, "1.0", "the first claim stays the newest");
    registry_view_end(&view);
    imported_finish(&imported);
    char text[64];
    description_shown(registry, text);
    cr_expect_str_eq(text, "one");
    registry_close(registry);
}

Test(import, instance_with_a_taken_id_is_refused_until_it_may_replace)
{
    struct registry *registry = fixture_open();
    struct imported imported;
    const char *other = TEMPLATE("Instance", "1", "other");
    char text[64];
    cr_assert_eq(import_text(registry, TEMPLATE("Instance", "1", "one"), NULL, false),
        REGISTRY_IMPORT_STORED);
    import_bytes(registry, other, strlen(other), NULL, false, &imported);
    cr_expect_eq(imported.code, ERR_EXISTS);
    cr_expect_eq(imported.result.outcome, REGISTRY_IMPORT_REFUSED);
    cr_expect_not_null(strstr(imported.err.text, "https://a.example/press"));
    cr_expect_not_null(strstr(imported.err.remedy, "--replace"));
    imported_finish(&imported);
    cr_expect_eq(import_text(registry, other, NULL, true), REGISTRY_IMPORT_STORED);
    description_shown(registry, text);
    cr_expect_str_eq(text, "other");
    cr_expect_eq(import_text(registry, other, NULL, true), REGISTRY_IMPORT_UNCHANGED);
    registry_close(registry);
}

Test(import, a_persons_draft_keeps_its_content_when_a_published_version_comes_under_its_id)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_version version;
    struct arena arena;
    struct err err = {0};
    const char *json = NULL;
    size_t len = 0;
    char text[64];
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "https://a.example/press",
                     TEMPLATE("Template", "1", "mine"), &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(import_text(registry, TEMPLATE("Template", "2", "two"), NULL, false),
        REGISTRY_IMPORT_STORED);
    description_shown(registry, text);
    cr_expect_str_eq(text, "two");
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_version(&view, &arena, "a.example-smt-press", "1.0", &version, &json, &len, &err),
        ERR_OK, "%s", err.text);
    cr_expect_eq(version.state, TEMPLATE_DRAFT);
    cr_expect_not_null(strstr(json, "mine"));
    registry_view_end(&view);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

Test(import, imported_again_after_a_deletion_it_is_stored_again)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    const char *file = TEMPLATE("Instance", "1", "one");
    cr_assert_eq(import_text(registry, file, "a.json", false), REGISTRY_IMPORT_STORED);
    cr_assert_eq(import_text(registry, file, "a.json", false), REGISTRY_IMPORT_UNCHANGED);
    struct registry_change change = {.operation = REGISTRY_DELETE,
        .kind = REGISTRY_SUBMODEL,
        .id = "https://a.example/press",
        .id_len = 23};
    cr_assert_eq(registry_write(registry, &change, NULL, NULL, NULL, &err), ERR_OK);
    cr_expect_eq(import_text(registry, file, "a.json", false), REGISTRY_IMPORT_STORED);
    registry_close(registry);
}

#define CONCEPT(id, text)                                                                          \
    "{\"modelType\":\"ConceptDescription\",\"description\":[{\"language\":\"en\",\"text\":\"" text \
    "\"}],\"id\":\"" id "\"}"

Test(import, concepts_that_differ_are_one_finding_for_the_file)
{
    struct registry *registry = fixture_open();
    struct imported imported;
    const char *first =
        "{\"conceptDescriptions\":[" CONCEPT("urn:c1", "one") "," CONCEPT("urn:c2", "two") "]}";
    const char *second = "{\"conceptDescriptions\":[" CONCEPT("urn:c1", "other") "," CONCEPT(
        "urn:c2", "other") "," CONCEPT("urn:c3", "three") "]}";
    cr_assert_eq(import_text(registry, first, NULL, false), REGISTRY_IMPORT_STORED);
    import_bytes(registry, second, strlen(second), NULL, false, &imported);
    cr_expect_eq(imported.result.outcome, REGISTRY_IMPORT_STORED, "%s", imported.err.text);
    cr_expect_eq(imported.result.concept_descriptions, 1);
    cr_expect_eq(imported.result.kept, 2);
    cr_expect_eq(imported.report.infos, 1);
    cr_expect_not_null(strstr(imported.report.findings[0].text, "2 concept descriptions"));
    imported_finish(&imported);
    registry_close(registry);
}

Test(import, unreadable_and_strictly_invalid_files_are_refused)
{
    struct registry *registry = fixture_open();
    struct imported imported;
    const char *invalid = "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":\"1 2\"}";
    cr_expect_eq(import_text(registry, "{\"a\":", NULL, false), REGISTRY_IMPORT_REFUSED);
    cr_expect_eq(import_text(registry, "", NULL, false), REGISTRY_IMPORT_REFUSED);
    import_bytes(registry, "{\"type\":\"ExternalReference\"}", 28, NULL, false, &imported);
    cr_expect_eq(imported.result.outcome, REGISTRY_IMPORT_REFUSED);
    imported_finish(&imported);
    const struct registry_import strict = {
        .bytes = invalid, .len = strlen(invalid), .strict = true};
    arena_init(&imported.arena, ARENA_BYTES);
    report_init(&imported.report);
    cr_expect_eq(registry_import(registry, &imported.arena, &strict, NULL, &imported.report,
                     &imported.result, &imported.err),
        ERR_INVALID);
    imported_finish(&imported);
    cr_expect_eq(import_text(registry, invalid, NULL, false), REGISTRY_IMPORT_STORED_WITH_FINDINGS);
    fixture_verify(registry);
    registry_close(registry);
}

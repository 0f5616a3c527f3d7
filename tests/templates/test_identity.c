/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "templates/identity.h"
#include "tests/support/corpus.h"
#include "tests/templates/identity_corpus.h"

enum { ARENA_BYTES = 1 << 29, EXPECTED = sizeof corpus_identities / sizeof *corpus_identities };

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena, ARENA_BYTES);
}

static void tear_down(void)
{
    arena_finish(&arena);
}

TestSuite(identity, .init = set_up, .fini = tear_down, .timeout = 120);

/* ------------------------------------------------------------------ the corpus */

static const struct aas_node *read_package(const char *bytes, size_t len)
{
    struct aasx package;
    struct aas_xml xml = {0};
    struct aas_node *root = NULL;
    aas_xml_start();
    cr_assert_eq(aasx_open(&arena, bytes, len, NULL, NULL, &package, NULL), ERR_OK);
    const struct aasx_part *part = &package.parts[0];
    if (part->kind == AASX_SPEC_JSON) {
        cr_assert_eq(aas_json_read(&arena, part->bytes, (size_t)part->size,
                         meta_class(CLASS_Environment), NULL, &root, NULL),
            ERR_OK);
        return root;
    }
    (void)!aas_xml_read(&arena, part->bytes, (size_t)part->size, NULL, NULL, &xml, NULL);
    root = xml.root;
    aas_xml_finish(&xml);
    return root;
}

static const struct aas_node *read_environment(const char *path)
{
    size_t len = 0;
    struct aas_node *root = NULL;
    char *file = file_read(path, &len);
    cr_assert_not_null(file, "%s", path);
    char *bytes = arena_copy(&arena, file, len);
    free(file);
    if (aasx_looks_like(bytes, len)) {
        return read_package(bytes, len);
    }
    (void)!aas_json_read(&arena, bytes, len, meta_class(CLASS_Environment), NULL, &root, NULL);
    return root;
}

static const struct expected_identity *expected_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    size_t len = (size_t)(dot - path);
    for (size_t i = 0; i < EXPECTED; i++) {
        const struct expected_identity *row = &corpus_identities[i];
        size_t name = strlen(row->name);
        if (name <= len && memcmp(path + len - name, row->name, name) == 0 &&
            strstr(row->endings, dot + 1) != NULL) {
            return row;
        }
    }
    return NULL;
}

/* Both templates of a file in either order: "a" or "b" must be the identity. */
static void check_submodel(const struct aas_node *submodel, const char *path,
    const struct expected_identity *row, size_t *first, size_t *second)
{
    struct template_identity identity;
    char got[300];
    cr_assert_eq(template_identify(&arena, submodel, path, &identity), ERR_OK);
    snprintf(got, sizeof got, "%s %s", identity.family, identity.label);
    bool is_second = row->second != NULL && strcmp(got, row->second) == 0;
    *first += strcmp(got, row->identity) == 0;
    *second += is_second;
    cr_expect(strcmp(got, row->identity) == 0 || is_second, "%s: %s", path, got);
    cr_expect_gt(strlen(identity.title), 0);
}

static void check_file(const char *path, void *context)
{
    size_t *seen = context;
    size_t count = 0;
    size_t first = 0;
    size_t second = 0;
    const struct expected_identity *row = expected_of(path);
    cr_assert_not_null(row, "%s is not in the table", path);
    const struct aas_node *environment = read_environment(path);
    cr_assert_not_null(environment, "%s", path);
    struct aas_node **submodels = aas_list(environment, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        if (template_is(submodels[i]) || count == 1) {
            check_submodel(submodels[i], path, row, &first, &second);
        }
    }
    cr_expect_eq(first, 1, "%s", path);
    cr_expect_eq(second, row->second != NULL, "%s", path);
    (*seen)++;
    tear_down();
    set_up();
}

Test(identity, of_every_published_file_is_as_read_by_hand)
{
    NEED_CORPUS();
    char *dir = corpus_path("corpus/templates");
    size_t seen = 0;

    files_each(dir, "json", check_file, &seen);
    files_each(dir, "aasx", check_file, &seen);

    cr_assert_eq(seen, 138);
    free(dir);
}

/* ------------------------------------------------------------------ without a corpus */

static const struct aas_node *submodel(
    const char *semantic_id, const char *id, const char *version, const char *template_id)
{
    struct aas_node *root = NULL;
    char *json = arena_printf(&arena,
        "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"%s\",\"kind\":\"Template\","
        "\"administration\":{\"version\":\"%s\",\"revision\":\"2\",\"templateId\":\"%s\"},"
        "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
        "\"value\":\"%s\"}]}}",
        id, version, template_id, semantic_id);
    cr_assert_eq(aas_json_read(&arena, json, strlen(json), NULL, NULL, &root, NULL), ERR_OK);
    return root;
}

Test(identity, without_file_name_comes_from_the_submodel)
{
    static const struct {
        const char *semantic, *template_id, *version, *identity;
    } rows[] = {
        {"https://a.example/x/1/0", "IDTA 02027-2-0", "2", "idta-02027 2.0"},
        {"https://a.example/x/1/0", "https://admin-shell.io/idta-02053-1-0", "1", "idta-02053 1.0"},
        {"https://a.example/x/1/0", "02017-1-1", "1", "idta-02017 1.1"},
        {"https://a.example/x/1/0", "https://admin-shell-io/IDTA-02031-2", "1", "idta-02031-2 1.2"},
        {"https://a.example/Press/Process_Data/1/0", "AssetLocation", "4",
            "a.example-press-process-data 4.2"},
        {"https://a.example/press/3/1/Submodel", "-", "3", "a.example-press-submodel 3.2"},
        {"urn:acme:press:v2.1", "-", "2", "urn-acme-press 2.2"},
        {"0173-1#01-AHX837#002", "-", "1", "0173-1-01-ahx837 1.2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct template_identity identity;
        char got[200];
        const struct aas_node *node = submodel(
            rows[i].semantic, "https://a.example/id", rows[i].version, rows[i].template_id);

        cr_assert_eq(template_identify(&arena, node, NULL, &identity), ERR_OK);

        snprintf(got, sizeof got, "%s %s", identity.family, identity.label);
        cr_expect_str_eq(got, rows[i].identity);
    }
}

Test(identity, takes_folders_for_versions_only_when_something_agrees)
{
    static const struct {
        const char *source, *identity;
    } rows[] = {
        {"/home/me/2024/11/press.json", "a.example-press 1.2"},
        {"/home/me/20/11/press.json", "a.example-press 1.2"},
        {"/home/me/1/2/4/press.json", "a.example-press 1.2.4"},
        {"templates\\1\\2\\4\\press.json", "a.example-press 1.2.4"},
        {"IDTA 02099-1-2-7_Template_Press.json", "idta-02099 1.2.7"},
        {"IDTA 02099-3-1_Template_Press.json", "idta-02099 3.1"},
        {"x/9/9/IDTA 02099_Template_Press.json", "idta-02099 1.2"},
        {"idta-02099-4-1-2-3.json", "idta-02099-4 1.2.3"},
        {"report-02099-1-2.json", "a.example-press 1.2"},
        {"press_sample_without_examplevalues.json",
            "a.example-press 1.2+without-examplevalues+sample"},
    };
    const struct aas_node *node = submodel("https://a.example/press/1/2", "urn:x", "1", "-");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct template_identity identity;
        char got[200];

        cr_assert_eq(template_identify(&arena, node, rows[i].source, &identity), ERR_OK);

        snprintf(got, sizeof got, "%s %s", identity.family, identity.label);
        cr_expect_str_eq(got, rows[i].identity);
    }
}

Test(identity, of_ids_in_other_scripts_does_not_fall_together)
{
    struct template_identity press;
    struct template_identity furnace;
    const struct aas_node *a = submodel("https://a.example/프레스/1/0", "urn:a", "1", "-");
    const struct aas_node *b = submodel("https://a.example/열처리로/1/0", "urn:b", "1", "-");

    cr_assert_eq(template_identify(&arena, a, NULL, &press), ERR_OK);
    cr_assert_eq(template_identify(&arena, b, NULL, &furnace), ERR_OK);

    cr_expect_str_neq(press.family, furnace.family);
    cr_expect_eq(
        strspn(press.family, "abcdefghijklmnopqrstuvwxyz0123456789.-"), strlen(press.family));
}

Test(identity, of_a_very_long_id_stays_a_key)
{
    struct template_identity identity;
    char id[2000];
    memset(id, 'a', sizeof id - 1);
    id[sizeof id - 1] = '\0';

    const struct aas_node *node = submodel(id, "urn:a", "1", "-");
    cr_assert_eq(template_identify(&arena, node, NULL, &identity), ERR_OK);

    cr_expect_lt(strlen(identity.family), 150);
}

Test(label_order, is_by_numbers_then_plain_before_variants)
{
    static const char *const ascending[] = {"0.0", "1.0+aas-3.1", "1.0+sample", "1.0~0a0a0a", "1.0",
        "1.0.1+sample", "1.0.1", "1.2", "1.10", "2.0+aas-3.1~ffffff", "2.0+aas-3.1", "10.0"};
    enum { COUNT = sizeof ascending / sizeof *ascending };
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < COUNT; k++) {
            int order = template_label_compare(ascending[i], ascending[k]);
            cr_expect_eq((order > 0) - (order < 0), (i > k) - (i < k), "%s and %s", ascending[i],
                ascending[k]);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Packages with files: what their elements lead to comes into the store, all or nothing. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx_write.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "registry/files.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"
#include "tests/support/corpus.h"

TestSuite(import_files, .init = fixture_start, .fini = fixture_stop, .timeout = 300);

#define MODEL(text)                                                                                \
    "{\"assetAdministrationShells\":[{\"modelType\":\"AssetAdministrationShell\",\"id\":"          \
    "\"urn:shell\",\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:a\","  \
    "\"defaultThumbnail\":{\"path\":\"/thumb.png\",\"contentType\":\"image/png\"}}}],"             \
    "\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[{"          \
    "\"modelType\":\"File\",\"idShort\":\"manual\",\"value\":\"/aasx/m.pdf\",\"contentType\":"     \
    "\"application/pdf\"},{\"modelType\":\"File\",\"idShort\":\"away\",\"value\":"                 \
    "\"https://x.example/m.pdf\",\"contentType\":\"application/pdf\"},{\"modelType\":"             \
    "\"Property\",\"idShort\":\"note\",\"valueType\":\"xs:string\",\"value\":\"" text "\"}]}]}"

static struct registry *registry;
static struct err err;

/* The shell's thumbnail and the submodel's manual. */
static enum err_code find_content(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *e)
{
    const char *const *texts = context;
    size_t which = strcmp(value, "/thumb.png") == 0 ? 0 : 1;
    (void)node;
    (void)e;
    *content = (struct aasx_content){.size = strlen(texts[which])};
    content->key[0] = (unsigned char)which;
    return ERR_OK;
}

static enum err_code read_content(void *context, const struct aasx_content *content,
    uint64_t offset, char *to, size_t len, struct err *e)
{
    const char *const *texts = context;
    (void)e;
    memcpy(to, texts[content->key[0]] + offset, len);
    return ERR_OK;
}

/* A package with both files, malloc'd. */
static char *package(const char *json, const char *thumbnail, const char *manual, size_t *len)
{
    const char *texts[] = {thumbnail, manual};
    const struct aasx_source source = {
        .context = texts, .find = find_content, .read = read_content};
    char path[300];
    struct arena arena;
    arena_init(&arena, 16 << 20);
    struct aas_node *root = NULL;
    cr_assert_eq(
        aas_json_read(&arena, json, strlen(json), meta_class(CLASS_Environment), NULL, &root, &err),
        ERR_OK, "%s", err.text);
    snprintf(path, sizeof path, "%s/package.aasx", fixture_dir);
    cr_assert_eq(aasx_write(&arena, root, NULL, &source, path, &err), ERR_OK, "%s", err.text);
    char *bytes = file_read(path, len);
    cr_assert_not_null(bytes);
    remove(path);
    arena_finish(&arena);
    return bytes;
}

static enum err_code import_bytes(const char *bytes, size_t len, const char *source, bool strict,
    bool replace, struct registry_import_result *result)
{
    const struct registry_import input = {
        .bytes = bytes, .len = len, .source = source, .strict = strict, .replace = replace};
    struct arena arena;
    struct report report;
    arena_init(&arena, 256 << 20);
    report_init(&report);
    enum err_code code = registry_import(registry, &arena, &input, NULL, &report, result, &err);
    result->family = "";
    result->label = "";
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

static void expect_file(
    enum registry_kind kind, const char *id, const char *value, const char *wanted)
{
    struct registry_view view;
    struct registry_document document;
    struct registry_file file;
    char got[64] = "";
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    enum err_code code = registry_get(&view, kind, id, strlen(id), &document, &err);
    if (code == ERR_OK) {
        code = registry_file_find(&view, &document, value, &file, &err);
    }
    cr_expect_eq(code, wanted == NULL ? ERR_NOT_FOUND : ERR_OK, "%s", value);
    if (code == ERR_OK && wanted != NULL) {
        cr_assert_eq(file.size, strlen(wanted));
        cr_expect_eq(blob_read(&view.txn, file.blob, 0, got, (size_t)file.size, &err), ERR_OK);
        cr_expect_str_eq(got, wanted);
    }
    registry_view_end(&view);
}

static struct registry_verification verified(void)
{
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    return found;
}

Test(import_files, elements_and_thumbnails_lead_to_their_files)
{
    struct registry_import_result result;
    size_t len = 0;
    char *bytes = package(MODEL("1"), "picture", "manual", &len);
    registry = fixture_open();
    cr_assert_eq(import_bytes(bytes, len, "a.aasx", true, false, &result), ERR_OK, "%s", err.text);
    cr_expect_eq(result.files, 2);
    expect_file(REGISTRY_SHELL, "urn:shell", "/thumb.png", "picture");
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/aasx/m.pdf", "manual");
    expect_file(REGISTRY_SUBMODEL, "urn:s", "https://x.example/m.pdf", NULL);
    cr_expect_eq(verified().blobs, 2, "the package itself is not kept");
    free(bytes);
    registry_close(registry);
}

Test(import_files, a_refused_package_leaves_nothing)
{
    struct registry_import_result result;
    size_t len = 0;
    size_t other_len = 0;
    char *bytes = package(MODEL("1"), "picture", "manual", &len);
    char *other = package(MODEL("2"), "other picture", "other manual", &other_len);
    registry = fixture_open();
    cr_assert_eq(import_bytes(bytes, len, "a.aasx", true, false, &result), ERR_OK);
    cr_assert_eq(import_bytes(other, other_len, "b.aasx", false, false, &result), ERR_EXISTS);
    cr_expect_eq(verified().blobs, 2);
    expect_file(REGISTRY_SHELL, "urn:shell", "/thumb.png", "picture");
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/aasx/m.pdf", "manual");
    char *last = memmem(other, other_len, "other manual", 12);
    cr_assert_not_null(last);
    last[0] = 'X'; /* its checksum is wrong now */
    cr_assert_eq(import_bytes(other, other_len, "c.aasx", false, true, &result), ERR_UNREADABLE);
    cr_expect_eq(verified().blobs, 2);
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/aasx/m.pdf", "manual");
    free(bytes);
    free(other);
    registry_close(registry);
}

Test(import_files, replacing_brings_the_new_files)
{
    struct registry_import_result result;
    size_t len = 0;
    size_t other_len = 0;
    char *bytes = package(MODEL("1"), "picture", "manual", &len);
    char *other = package(MODEL("2"), "picture", "other manual", &other_len);
    registry = fixture_open();
    cr_assert_eq(import_bytes(bytes, len, "a.aasx", true, false, &result), ERR_OK);
    cr_assert_eq(import_bytes(other, other_len, "a.aasx", true, true, &result), ERR_OK);
    cr_expect_eq(result.files, 1);
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/aasx/m.pdf", "other manual");
    cr_expect_eq(verified().blobs, 2);
    cr_assert_eq(import_bytes(MODEL("3"), strlen(MODEL("3")), "b.json", true, true, &result),
        ERR_OK, "%s", err.text);
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/aasx/m.pdf", "other manual");
    char *moved = strdup(MODEL("4"));
    memcpy(strstr(moved, "/aasx/m.pdf"), "/some/m.pdf", 11);
    cr_assert_eq(import_bytes(moved, strlen(moved), "c.json", true, true, &result), ERR_OK);
    expect_file(REGISTRY_SUBMODEL, "urn:s", "/some/m.pdf", NULL);
    cr_expect_eq(verified().blobs, 1, "another path of an import is another file");
    cr_assert_eq(import_bytes(other, other_len, "a.aasx", true, true, &result), ERR_OK);
    free(moved);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:s", NULL, &err), ERR_OK);
    cr_expect_eq(verified().blobs, 1);
    free(bytes);
    free(other);
    registry_close(registry);
}

Test(import_files, files_come_along_when_the_model_was_there_without)
{
    struct registry_import_result result;
    size_t len = 0;
    char *bytes = package(MODEL("1"), "picture", "manual", &len);
    registry = fixture_open();
    cr_assert_eq(import_bytes(MODEL("1"), strlen(MODEL("1")), "a.json", true, false, &result),
        ERR_OK, "%s", err.text);
    cr_expect_eq(verified().blobs, 0);
    cr_assert_eq(import_bytes(bytes, len, "a.aasx", true, false, &result), ERR_OK);
    cr_expect_eq(result.files, 2);
    cr_expect_eq(result.outcome, REGISTRY_IMPORT_STORED);
    cr_assert_eq(import_bytes(bytes, len, "b.aasx", true, false, &result), ERR_OK);
    cr_expect_eq(result.outcome, REGISTRY_IMPORT_UNCHANGED);
    cr_expect_eq(verified().blobs, 2);
    free(bytes);
    registry_close(registry);
}

/* ------------------------------------------------------------------ published packages */

struct counting {
    size_t packages;
    size_t files;
};

static void import_published(const char *path, void *context)
{
    struct counting *counting = context;
    struct registry_import_result result;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    cr_assert_eq(
        import_bytes(bytes, len, path, false, false, &result), ERR_OK, "%s: %s", path, err.text);
    counting->packages++;
    counting->files += result.files;
    free(bytes);
}

Test(import_files, published_packages_bring_their_files)
{
    NEED_CORPUS();
    struct counting counting = {0};
    char *dir = corpus_path("corpus/templates");
    registry = fixture_open();
    files_each(dir, ".aasx", import_published, &counting);
    free(dir);
    struct registry_verification found = verified();
    fprintf(stderr, "%zu packages: %zu files attached, %lu kept, %lu blobs\n", counting.packages,
        counting.files, (unsigned long)found.files, (unsigned long)found.blobs);
    cr_expect_eq(counting.packages, 70);
    cr_expect_geq(counting.files, 10);
    registry_close(registry);
}

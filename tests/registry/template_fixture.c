/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/registry/template_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define ARENA_BYTES ((size_t)256 << 20)

void template_json(char json[TEMPLATE_JSON], const char *name, int version)
{
    int len = snprintf(json, TEMPLATE_JSON,
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"idShort\":\"T_%s\",\"administration\":"
        "{\"version\":\"%d\",\"creator\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
        "\"GlobalReference\",\"value\":\"Example Works\"}]}},\"id\":\"https://a.example/%s\","
        "\"kind\":\"Template\",\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
        "\"GlobalReference\",\"value\":\"https://a.example/smt/%s\"}]},\"submodelElements\":["
        "{\"modelType\":\"Property\",\"idShort\":\"Force%d\",\"valueType\":\"xs:int\"}]}],"
        "\"conceptDescriptions\":[{\"modelType\":\"ConceptDescription\",\"idShort\":\"C_%s\","
        "\"id\":\"urn:concept:%s\"}]}",
        name, version, name, name, version, name, name);
    cr_assert(len > 0 && len < TEMPLATE_JSON);
}

static void add(zip_t *zip, const char *name, const char *bytes, size_t len)
{
    zip_source_t *content = zip_source_buffer(zip, bytes, len, 0);
    zip_int64_t at = zip_file_add(zip, name, content, ZIP_FL_ENC_UTF_8);
    cr_assert_geq(at, 0);
    cr_assert_eq(zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0), 0);
}

static char *read_all(zip_source_t *source, size_t *len)
{
    zip_stat_t stat;
    cr_assert_eq(zip_source_stat(source, &stat), 0);
    char *bytes = malloc(stat.size);
    cr_assert_not_null(bytes);
    cr_assert_eq(zip_source_open(source), 0);
    cr_assert_eq(zip_source_read(source, bytes, stat.size), (zip_int64_t)stat.size);
    zip_source_close(source);
    *len = stat.size;
    return bytes;
}

#define RELS(type, target)                                                                         \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"       \
    "<Relationship Id=\"r1\" Type=\"http://admin-shell.io/aasx/relationships/" type                \
    "\" Target=\"" target "\"/></Relationships>"

char *template_package(const char *json, size_t filler, size_t *len)
{
    static const char types[] =
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        "<Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"json\" ContentType=\"application/json\"/>"
        "<Default Extension=\"bin\" ContentType=\"application/octet-stream\"/></Types>";
    static const char root[] = RELS("aasx-origin", "/aasx/aasx-origin");
    static const char origin[] = RELS("aas-spec", "/aasx/data.json");
    static const char spec[] = RELS("aas-suppl", "/aasx/files/filler.bin");
    char *fill = malloc(filler + 1);
    cr_assert_not_null(fill);
    memset(fill, 'x', filler);
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    cr_assert_not_null(zip);
    add(zip, "[Content_Types].xml", types, sizeof types - 1);
    add(zip, "_rels/.rels", root, sizeof root - 1);
    add(zip, "aasx/aasx-origin", "", 0);
    add(zip, "aasx/_rels/aasx-origin.rels", origin, sizeof origin - 1);
    add(zip, "aasx/data.json", json, strlen(json));
    add(zip, "aasx/_rels/data.json.rels", spec, sizeof spec - 1);
    add(zip, "aasx/files/filler.bin", fill, filler);
    cr_assert_eq(zip_close(zip), 0);
    char *bytes = read_all(source, len);
    zip_source_free(source);
    free(fill);
    return bytes;
}

static enum err_code import(
    struct registry *registry, const struct registry_import *input, struct err *err)
{
    static const struct registry_author author = {.name = "tester"};
    struct arena arena;
    struct report report;
    struct registry_import_result result;
    arena_init(&arena, ARENA_BYTES);
    report_init(&report);
    enum err_code code = registry_import(registry, &arena, input, &author, &report, &result, err);
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

enum err_code template_import(
    struct registry *registry, const char *bytes, size_t len, const char *source, struct err *err)
{
    const struct registry_import input = {.bytes = bytes, .len = len, .source = source};
    return import(registry, &input, err);
}

enum err_code template_import_replacing(
    struct registry *registry, const char *bytes, size_t len, const char *source, struct err *err)
{
    const struct registry_import input = {
        .bytes = bytes, .len = len, .source = source, .replace = true};
    return import(registry, &input, err);
}

bool template_version_exists(struct registry *registry, const char *name, int version)
{
    char family[64];
    char label[32];
    struct arena arena;
    struct registry_view view;
    struct registry_version found;
    const char *json = NULL;
    size_t len = 0;
    snprintf(family, sizeof family, "a.example-smt-%s", name);
    snprintf(label, sizeof label, "%d.0", version);
    arena_init(&arena, ARENA_BYTES);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    enum err_code code = registry_version(&view, &arena, family, label, &found, &json, &len, NULL);
    registry_view_end(&view);
    arena_finish(&arena);
    return code == ERR_OK;
}

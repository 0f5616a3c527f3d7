/* SPDX-License-Identifier: Apache-2.0 */
/* What we write ourselves is judged like everybody's: nothing is found in it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx_write.h"
#include "aas/json.h"
#include "conformance/judge.h"
#include "tests/support/corpus.h"

#define FILE_AT(name, path)                                                                        \
    "{\"modelType\":\"File\",\"idShort\":\"" name                                                  \
    "\",\"contentType\":\"application/pdf\",\"value\":\"" path "\"}"

static const char environment[] =
    "{\"assetAdministrationShells\":[{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:s\","
    "\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset\","
    "\"defaultThumbnail\":{\"path\":\"/aasx/files/t.png\",\"contentType\":\"image/png\"}}}],"
    "\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:sm\",\"submodelElements\":[" FILE_AT(
        "Plain", "/aasx/files/a.pdf") "," FILE_AT("Spaced",
        "/aasx/files/a%20b.pdf") "," FILE_AT("Korean",
        "file:///aasx/files/%EC%84%A4%EB%AA%85.pdf") "," FILE_AT("Bare",
        "/aasx/files/no_extension") "," FILE_AT("Relative", "files/r.pdf") "," FILE_AT("Address",
        "https://example.com/x.pdf") "]}]}";

static enum err_code find_any(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *err)
{
    (void)context;
    (void)node;
    (void)err;
    if (strncmp(value, "https:", 6) == 0) {
        return ERR_NOT_FOUND;
    }
    *content = (struct aasx_content){.size = strlen(value), .content_type = NULL};
    const char *end = value + strlen(value);
    for (size_t i = 0; i < AASX_KEY_BYTES && value < end; i++) {
        content->key[i] = (unsigned char)*--end; /* the samples differ in their last bytes */
    }
    return ERR_OK;
}

static enum err_code read_any(void *context, const struct aasx_content *content, uint64_t offset,
    char *to, size_t len, struct err *err)
{
    (void)context;
    (void)content;
    (void)offset;
    (void)err;
    memset(to, 'x', len);
    return ERR_OK;
}

static void expect_clean(const char *path)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    const struct judge_input input = {.bytes = bytes, .len = len};
    arena_init(&arena, 64 << 20);
    report_init(&report);
    cr_expect_eq(judge_document(&arena, &input, &report, &result, NULL), ERR_OK);
    cr_expect_eq(result.format, JUDGE_AASX);
    cr_expect_eq(report.count, 0, "%s", report.count == 0 ? "" : report.findings[0].text);
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

static void write_and_judge(const struct aasx_form *form)
{
    const struct aasx_source source = {NULL, find_any, read_any};
    struct arena arena;
    struct aas_node *root = NULL;
    struct err err = {.code = ERR_OK};
    char path[300];
    char *dir = scratch_new();
    snprintf(path, sizeof path, "%s/out.aasx", dir);
    arena_init(&arena, 64 << 20);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_assert_eq(
        aas_json_read(&arena, environment, strlen(environment), NULL, NULL, &root, &err), ERR_OK);
    cr_assert_eq(aasx_write(&arena, root, form, &source, path, &err), ERR_OK, "%s", err.text);
    expect_clean(path);
    arena_finish(&arena);
    scratch_remove(dir);
}

Test(written_package, has_no_findings_in_any_form)
{
    write_and_judge(&(struct aasx_form){.version = META_V31});
    write_and_judge(&(struct aasx_form){.version = META_V30});
    write_and_judge(&(struct aasx_form){.json = true});
}

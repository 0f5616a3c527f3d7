/* SPDX-License-Identifier: Apache-2.0 */
/* jig export of packages: models with their files, template versions as they came. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/aasx_write.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "tests/api/command.h"
#include "tests/support/corpus.h"

TestSuite(export_package, .init = command_prepare, .fini = command_clean_up, .timeout = 120);

#define MODEL                                                                                      \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[{"         \
    "\"modelType\":\"File\",\"idShort\":\"doc\",\"value\":\"/aasx/m.txt\",\"contentType\":"        \
    "\"text/plain\"}]}]}"

static enum err_code find(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *err)
{
    (void)context;
    (void)node;
    (void)value;
    (void)err;
    *content = (struct aasx_content){.size = 6, .content_type = "text/plain"};
    return ERR_OK;
}

static enum err_code read_manual(void *context, const struct aasx_content *content, uint64_t offset,
    char *to, size_t len, struct err *err)
{
    (void)context;
    (void)content;
    (void)err;
    memcpy(to, &"manual"[offset], len);
    return ERR_OK;
}

/* models.aasx in the scratch folder. */
static void make_package(void)
{
    static const struct aasx_source source = {.find = find, .read = read_manual};
    char path[300];
    struct arena arena;
    struct aas_node *root = NULL;
    aas_xml_start();
    arena_init(&arena, 16 << 20);
    snprintf(path, sizeof path, "%s/models.aasx", command_dir);
    cr_assert_eq(aas_json_read(&arena, MODEL, strlen(MODEL), meta_class(CLASS_Environment), NULL,
                     &root, NULL),
        ERR_OK);
    cr_assert_eq(aasx_write(&arena, root, NULL, &source, path, NULL), ERR_OK);
    arena_finish(&arena);
}

static void expect_same(const char *a, const char *b)
{
    char path[300];
    size_t a_len = 0;
    size_t b_len = 0;
    snprintf(path, sizeof path, "%s/%s", command_dir, a);
    char *first = file_read(path, &a_len);
    snprintf(path, sizeof path, "%s/%s", command_dir, b);
    char *second = file_read(path, &b_len);
    cr_assert(first != NULL && second != NULL, "%s and %s", a, b);
    cr_expect(a_len == b_len && memcmp(first, second, a_len) == 0, "%s is not %s", a, b);
    free(first);
    free(second);
}

Test(export_package, what_was_imported_with_files_is_exported_with_them)
{
    make_package();
    command_expect("import --store one --without-library models.aasx", 0, "1 stored");
    command_expect("export --store one --output again.aasx", 0, "");
    command_expect("import --store two --without-library again.aasx", 0, "1 stored");
    command_expect("export --store two urn:s --output third.aasx", 0, "");
    expect_same("models.aasx", "again.aasx");
    expect_same("models.aasx", "third.aasx");
    command_expect("verify-store --store two", 0, "1 files: 0 problems");
}

Test(export_package, a_folder_of_packages_gives_the_same_again)
{
    make_package();
    command_expect("import --store one models.aasx", 0, "1 stored");
    command_expect("export --store one --format aasx --output all/", 0, "files in all/");
    command_expect("import --store two --without-library all", 0, "0 refused");
    command_expect("verify-store --store two", 0, "0 problems");
    command_expect("export --store two urn:s --output third.aasx", 0, "");
    expect_same("models.aasx", "third.aasx");
}

Test(export_package, a_package_needs_a_name_and_a_place)
{
    make_package();
    command_expect("import --store one --without-library models.aasx", 0, "1 stored");
    command_expect("export --store one --format aasx", 2, "a package needs a name");
    command_expect("export --store one --output none/such/a.aasx", 3, "cannot be written");
}

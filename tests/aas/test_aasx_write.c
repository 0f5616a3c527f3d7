/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aas/aasx_write.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "tests/support/corpus.h"

#define ARENA_BYTES ((size_t)256 << 20)

static struct arena arena;
static struct err err;
static char *dir;
static char path[256];

static void begin(void)
{
    aas_xml_start();
    arena_init(&arena, ARENA_BYTES);
    memset(&err, 0, sizeof err);
    dir = scratch_new();
    snprintf(path, sizeof path, "%s/out.aasx", dir);
}

static void end(void)
{
    arena_finish(&arena);
    scratch_remove(dir);
}

TestSuite(aasx_write, .init = begin, .fini = end);

/* ------------------------------------------------------------------ files of a test */

struct stored {
    const char *value; /* of the element that leads to it */
    const char *bytes;
    uint64_t size; /* 0: strlen(bytes) */
    const char *type;
};

struct shelf {
    const struct stored *files;
    size_t count;
    size_t broken; /* position + 1 of a file that cannot be read, 0: none */
};

static enum err_code find_stored(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *e)
{
    const struct shelf *shelf = context;
    const char *id_short = aas_text(node, PROP_idShort);
    (void)e;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct stored *file = &shelf->files[i];
        bool named = id_short != NULL && strcmp(file->value, id_short) == 0;
        if (named || strcmp(file->value, value) == 0) {
            *content =
                (struct aasx_content){.size = file->size > 0 ? file->size : strlen(file->bytes),
                    .content_type = file->type};
            content->key[0] = (unsigned char)(i + 1);
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

static enum err_code read_stored(void *context, const struct aasx_content *content, uint64_t offset,
    char *to, size_t len, struct err *e)
{
    const struct shelf *shelf = context;
    if (content->key[0] == shelf->broken) {
        return err_set(e, ERR_STORE, "the shelf is broken");
    }
    memcpy(to, shelf->files[content->key[0] - 1].bytes + offset, len);
    return ERR_OK;
}

static struct aas_node *read_json(const char *json)
{
    struct aas_node *root = NULL;
    cr_assert_eq(
        aas_json_read(&arena, json, strlen(json), meta_class(CLASS_Environment), NULL, &root, &err),
        ERR_OK, "%s", err.text);
    return root;
}

/* ------------------------------------------------------------------ reading back */

struct reopened {
    char *bytes;
    size_t len;
    struct aasx package;
    struct aasx_index index;
    struct aas_node *root;
};

static void reopen(struct reopened *again)
{
    again->bytes = file_read(path, &again->len);
    cr_assert_not_null(again->bytes);
    cr_assert_eq(aasx_open(&arena, again->bytes, again->len, NULL, NULL, &again->package, &err),
        ERR_OK, "%s", err.text);
    cr_assert_eq(aasx_index_make(&arena, &again->package, &again->index, &err), ERR_OK);
    const struct aasx_part *spec = &again->package.parts[0];
    struct aas_xml xml = {.doc = NULL};
    const struct meta_class *environment = meta_class(CLASS_Environment);
    enum err_code code =
        spec->kind == AASX_SPEC_JSON
            ? aas_json_read(
                  &arena, spec->bytes, (size_t)spec->size, environment, NULL, &again->root, &err)
            : aas_xml_read(&arena, spec->bytes, (size_t)spec->size, environment, NULL, &xml, &err);
    cr_assert_eq(code, ERR_OK, "%s", err.text);
    again->root = spec->kind == AASX_SPEC_JSON ? again->root : xml.root;
    aas_xml_finish(&xml);
}

static enum err_code collect(void *context, const char *bytes, size_t len, struct err *e)
{
    (void)e;
    buf_add(context, bytes, len);
    return ERR_OK;
}

/* The content of the part that a value leads to, malloc'd; NULL: no part. */
static char *content_of(const struct reopened *again, const char *value, size_t *len)
{
    const struct aasx_part *part = aasx_index_find(&arena, &again->index, value);
    struct buf buf;
    if (part == NULL) {
        return NULL;
    }
    buf_init(&buf, 64 << 20);
    cr_assert_eq(aasx_pour(again->bytes, again->len, part, collect, &buf, &err), ERR_OK);
    buf_add_char(&buf, '\0');
    *len = buf.len - 1;
    size_t all = 0;
    return buf_take(&buf, &all);
}

static void expect_content(const struct reopened *again, const char *value, const char *wanted)
{
    size_t len = 0;
    char *content = content_of(again, value, &len);
    cr_assert_not_null(content, "%s leads nowhere", value);
    cr_expect_str_eq(content, wanted, "%s", value);
    free(content);
}

static enum err_code write_shelf(
    struct aas_node *root, const struct shelf *shelf, const struct aasx_form *form)
{
    /* The callbacks only read it. */
    struct shelf own = *shelf;
    const struct aasx_source source = {.context = &own, .find = find_stored, .read = read_stored};
    return aasx_write(&arena, root, form, &source, path, &err);
}

#define FILE_JSON(name, value)                                                                     \
    "{\"modelType\":\"File\",\"idShort\":\"" name "\",\"value\":\"" value                          \
    "\",\"contentType\":\"application/pdf\"}"
#define SUBMODEL_JSON(id, elements)                                                                \
    "{\"modelType\":\"Submodel\",\"id\":\"" id "\",\"submodelElements\":[" elements "]}"
#define SHELL_JSON(id, thumbnail)                                                                  \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"" id                                     \
    "\",\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:a\","             \
    "\"defaultThumbnail\":{\"path\":\"" thumbnail "\",\"contentType\":\"image/png\"}}}"

Test(aasx_write, files_and_thumbnails_come_back_with_their_content_types)
{
    struct aas_node *root = read_json(
        "{\"assetAdministrationShells\":[" SHELL_JSON("urn:1", "/aasx/one.png") "," SHELL_JSON(
            "urn:2", "/aasx/two.png") "],\"submodels\":[" SUBMODEL_JSON("urn:s",
            FILE_JSON("a", "/aasx/files/설명서.pdf") "," FILE_JSON("b", "file:///b:c&d.pdf")) "]}");
    const struct stored files[] = {{"/aasx/one.png", "one", 0, "image/png"},
        {"/aasx/two.png", "two", 0, "image/png"}, {"a", "korean", 0, "application/pdf"},
        {"b", "spaced", 0, "no type"}};
    struct aas_node *before = aas_copy(&arena, root);
    struct reopened again;
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 4, 0}, NULL), ERR_OK, "%s", err.text);
    reopen(&again);
    cr_expect(aas_equal(before, again.root));
    cr_expect_eq(again.package.count, 5);
    expect_content(&again, "/aasx/one.png", "one");
    expect_content(&again, "/aasx/two.png", "two");
    expect_content(&again, "/aasx/files/설명서.pdf", "korean");
    expect_content(&again, "file:///b:c&d.pdf", "spaced");
    cr_expect_str_eq(aasx_index_find(&arena, &again.index, "/aasx/files/설명서.pdf")->content_type,
        "application/pdf");
    cr_expect_str_eq(aasx_index_find(&arena, &again.index, "/b:c&d.pdf")->content_type,
        "application/octet-stream");
    cr_expect_eq(aasx_index_find(&arena, &again.index, "/aasx/one.png")->kind, AASX_THUMBNAIL);
    free(again.bytes);
}

Test(aasx_write, two_files_of_one_name_get_two_names_and_values)
{
    struct aas_node *root = read_json("{\"submodels\":[" SUBMODEL_JSON("urn:1",
        FILE_JSON("a", "/aasx/m.pdf") "," FILE_JSON("c", "/aasx/M.pdf")) "," SUBMODEL_JSON("urn:2",
        FILE_JSON("b", "/aasx/m.pdf") "," FILE_JSON("d", "/aasx/data.xml")) "]}");
    const struct stored files[] = {{"a", "first", 0, NULL}, {"b", "second", 0, NULL},
        {"c", "third", 0, NULL}, {"d", "fourth", 0, NULL}};
    struct reopened again;
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 4, 0}, NULL), ERR_OK, "%s", err.text);
    reopen(&again);
    cr_expect(aas_equal(root, again.root));
    static const char *const wanted[] = {"first", "third", "second", "fourth"};
    size_t count = 0;
    struct aas_node **submodels = aas_list(again.root, PROP_submodels, &count);
    for (size_t i = 0; i < 4; i++) {
        struct aas_node **elements = aas_children(submodels[i / 2], &count);
        expect_content(&again, aas_text(elements[i % 2], PROP_value), wanted[i]);
    }
    struct aas_node **first = aas_children(submodels[0], &count);
    cr_expect_str_eq(aas_text(first[0], PROP_value), "/aasx/m.pdf");
    free(again.bytes);
}

Test(aasx_write, a_file_used_twice_is_packed_once)
{
    struct aas_node *root = read_json("{\"submodels\":[" SUBMODEL_JSON(
        "urn:1", FILE_JSON("x", "/aasx/m.pdf") "," FILE_JSON("y", "/aasx/m.pdf")) "]}");
    const struct stored files[] = {{"/aasx/m.pdf", "same", 0, NULL}};
    struct reopened again;
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 1, 0}, NULL), ERR_OK);
    reopen(&again);
    cr_expect_eq(again.package.count, 2);
    free(again.bytes);
}

Test(aasx_write, what_leads_nowhere_is_written_as_it_is)
{
    struct aas_node *root = read_json("{\"submodels\":[" SUBMODEL_JSON(
        "urn:1", FILE_JSON("a", "https://example.com/a.pdf") "," FILE_JSON(
                     "b", "/not/here.pdf") "," FILE_JSON("c", "../../etc/passwd")) "]}");
    struct aas_node *before = aas_copy(&arena, root);
    const struct stored files[] = {{"a", "never asked for", 0, NULL}, {"c", "nor this", 0, NULL}};
    struct reopened again;
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 2, 0}, NULL), ERR_OK);
    reopen(&again);
    cr_expect(aas_equal(before, again.root));
    cr_expect_eq(again.package.count, 1);
    free(again.bytes);
}

Test(aasx_write, json_and_both_versions_are_written_on_request)
{
    static const struct {
        struct aasx_form form;
        const char *holds;
    } rows[] = {{{META_V31, false}, "https://admin-shell.io/aas/3/1"},
        {{META_V30, false}, "https://admin-shell.io/aas/3/0"},
        {{META_V31, true}, "{\"submodels\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct aas_node *root =
            read_json("{\"submodels\":[" SUBMODEL_JSON("urn:1", FILE_JSON("a", "/a.pdf")) "]}");
        struct reopened again;
        cr_assert_eq(aasx_write(&arena, root, &rows[i].form, NULL, path, &err), ERR_OK);
        reopen(&again);
        cr_expect(aas_equal(root, again.root));
        const struct aasx_part *spec = &again.package.parts[0];
        cr_expect_not_null(
            memmem(spec->bytes, (size_t)spec->size, rows[i].holds, strlen(rows[i].holds)));
        free(again.bytes);
    }
}

Test(aasx_write, a_content_that_fails_leaves_the_old_package)
{
    struct aas_node *root =
        read_json("{\"submodels\":[" SUBMODEL_JSON("urn:1", FILE_JSON("a", "/a.pdf")) "]}");
    const struct stored files[] = {{"a", "content", 0, NULL}};
    FILE *old = fopen(path, "wb");
    cr_assert_not_null(old);
    fputs("old", old);
    fclose(old);
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 1, 1}, NULL), ERR_STORE);
    cr_expect_str_eq(err.text, "the shelf is broken");
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_expect_str_eq(bytes, "old");
    free(bytes);
    cr_expect_eq(aasx_write(&arena, root, NULL, NULL, "/nowhere/x.aasx", &err), ERR_IO);
}

Test(aasx_write, what_shrinks_like_a_bomb_can_still_be_read)
{
    struct buf json;
    char *big = calloc(1, 8 << 20);
    buf_init(&json, 16 << 20);
    buf_add_text(&json, "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:1\","
                        "\"submodelElements\":[");
    for (size_t i = 0; i < 40000; i++) {
        buf_add_text(&json, "{\"modelType\":\"Capability\",\"idShort\":\"aaaaaaaaaaaaaa\"},");
    }
    buf_add_text(&json, FILE_JSON("z", "/z.bin") "]}]}");
    struct aas_node *root = read_json(buf_text(&json));
    const struct stored files[] = {{"z", big, 8 << 20, NULL}};
    struct reopened again;
    cr_assert_eq(write_shelf(root, &(struct shelf){files, 1, 0}, NULL), ERR_OK, "%s", err.text);
    reopen(&again);
    cr_expect(aas_equal(root, again.root));
    size_t len = 0;
    char *content = content_of(&again, "/z.bin", &len);
    cr_expect_eq(len, 8 << 20);
    free(content);
    free(again.bytes);
    free(big);
    buf_finish(&json);
}

Test(aasx_write, values_mean_part_names)
{
    static const struct {
        const char *value;
        const char *folder;
        const char *name; /* NULL: none */
    } rows[] = {{"/aasx/files/a.pdf", "", "/aasx/files/a.pdf"}, {"a.pdf", "", "/a.pdf"},
        {"a.pdf", "/aasx", "/aasx/a.pdf"}, {"./x/../a.pdf", "/aasx", "/aasx/a.pdf"},
        {"../a.pdf", "/aasx", "/a.pdf"}, {"../../a.pdf", "/aasx", NULL}, {"/../a", "", NULL},
        {"file:///a/b.pdf", "/aasx", "/a/b.pdf"}, {"file:/a", "", "/a"}, {"file:a", "/x", "/a"},
        {"FILE://aasx/a.pdf", "", "/aasx/a.pdf"}, {"/a%20b.pdf", "", "/a b.pdf"},
        {"/a%2Fb", "", "/a%2Fb"}, {"/a%00b", "", "/a%00b"}, {"https://x/a.pdf", "", NULL},
        {"//host/a.pdf", "", NULL}, {"C:\\a.pdf", "", NULL}, {"\\aasx\\a.pdf", "", "/aasx/a.pdf"},
        {"/a.pdf#page=2", "", "/a.pdf"}, {"/", "", NULL}, {"", "", NULL}, {".", "/aasx", NULL},
        {"urn:x:y", "", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = aasx_value_name(&arena, rows[i].value, rows[i].folder);
        if (rows[i].name == NULL) {
            cr_expect_null(name, "%s gave %s", rows[i].value, name);
        } else {
            cr_expect_str_eq(name == NULL ? "" : name, rows[i].name, "%s", rows[i].value);
        }
    }
}

/* ------------------------------------------------------------------ published packages */

/* A published package as the source of a new one. */
struct published {
    struct reopened *from;
    size_t files;
};

static enum err_code find_part(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *e)
{
    const struct published *published = context;
    const struct aasx_part *part = aasx_index_find(&arena, &published->from->index, value);
    (void)node;
    (void)e;
    if (part == NULL) {
        return ERR_NOT_FOUND;
    }
    *content = (struct aasx_content){.size = part->size, .content_type = part->content_type};
    memcpy(content->key, &part, sizeof part);
    return ERR_OK;
}

static enum err_code read_part(void *context, const struct aasx_content *content, uint64_t offset,
    char *to, size_t len, struct err *e)
{
    const struct published *published = context;
    const struct aasx_part *part = NULL;
    const char *bytes = NULL;
    struct arena own;
    memcpy(&part, content->key, sizeof part);
    arena_init(&own, ARENA_BYTES);
    enum err_code code =
        aasx_inflate(&own, published->from->bytes, published->from->len, part, &bytes, e);
    if (code == ERR_OK) {
        memcpy(to, bytes + offset, len);
    }
    arena_finish(&own);
    return code;
}

struct comparison {
    const struct reopened *a;
    const struct reopened *b;
    size_t files;
};

static enum err_code compare_file(const struct aas_node *node, void *context)
{
    struct comparison *c = context;
    const char *value = aasx_file_value(node);
    size_t a_len = 0;
    size_t b_len = 0;
    char *a = value == NULL ? NULL : content_of(c->a, value, &a_len);
    char *b = value == NULL ? NULL : content_of(c->b, value, &b_len);
    cr_expect_eq(a == NULL, b == NULL, "%s", value);
    if (a != NULL && b != NULL) {
        cr_expect_eq(a_len, b_len, "%s", value);
        cr_expect(a_len == b_len && memcmp(a, b, a_len) == 0, "%s", value);
        c->files++;
    }
    free(a);
    free(b);
    return ERR_OK;
}

static void write_again(const char *from_path, void *context)
{
    struct comparison *all = context;
    struct reopened from;
    struct reopened again;
    char out[256];
    begin();
    snprintf(out, sizeof out, "%s", path);
    snprintf(path, sizeof path, "%s", from_path);
    reopen(&from);
    snprintf(path, sizeof path, "%s", out);
    struct aas_node *copy = aas_copy(&arena, from.root);
    struct published published = {.from = &from};
    const struct aasx_source source = {.context = &published, .find = find_part, .read = read_part};
    cr_assert_eq(aasx_write(&arena, copy, NULL, &source, path, &err), ERR_OK, "%s", err.text);
    reopen(&again);
    cr_expect(aas_equal(from.root, again.root), "%s", from_path);
    struct comparison c = {.a = &from, .b = &again};
    cr_assert_eq(aas_walk(from.root, compare_file, &c), ERR_OK);
    all->files += c.files;
    cr_assert_eq(aasx_write(&arena, copy, NULL, &source, path, &err), ERR_OK);
    size_t len = 0;
    char *second = file_read(path, &len);
    cr_expect(len == again.len && memcmp(second, again.bytes, len) == 0, "%s", from_path);
    free(second);
    free(from.bytes);
    free(again.bytes);
    end();
}

Test(aasx_write, every_published_package_comes_back_the_same)
{
    NEED_CORPUS();
    struct comparison all = {.files = 0};
    char *templates = corpus_path("corpus/templates");
    end();
    size_t packages = files_each(templates, ".aasx", write_again, &all);
    begin();
    free(templates);
    fprintf(stderr, "%zu packages with %zu files and thumbnails\n", packages, all.files);
    cr_expect_eq(packages, 70);
    cr_expect_gt(all.files, 0);
}

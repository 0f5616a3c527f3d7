/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "registry/documents.h"
#include "registry/keys.h"
#include "registry/path_index.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"
#include "tests/support/corpus.h"

TestSuite(documents, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

static enum err_code put(struct registry *registry, enum registry_operation operation,
    const char *id, const char *id_short, int speed)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, id, id_short, speed);
    return fixture_write(registry, operation, id, json, NULL);
}

static enum err_code element(struct registry *registry, const char *id, const char *path, char *to,
    size_t size, const char **cls)
{
    struct registry_view view;
    struct registry_document document;
    const char *json = "";
    size_t len = 0;
    const struct meta_class *found = NULL;
    struct err err = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, id, strlen(id), &document, NULL), ERR_OK);
    enum err_code code = registry_element(&document, path, strlen(path), &json, &len, &found, &err);
    snprintf(to, size, "%.*s", (int)len, code == ERR_OK ? json : err.text);
    *cls = found == NULL ? "" : found->name;
    if (code != ERR_OK) {
        snprintf(to, size, "%s", err.text);
    }
    registry_view_end(&view);
    return code;
}

Test(documents, created_document_is_given_back_byte_for_byte)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_document document;
    char json[FIXTURE_JSON];
    fixture_submodel(json, "urn:a", "Motor", 7);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:a", json, NULL), ERR_OK);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, "urn:a", 5, &document, NULL), ERR_OK);
    cr_expect_eq(document.json_len, strlen(json));
    cr_expect_eq(memcmp(document.json, json, document.json_len), 0);
    cr_expect_eq(document.revision, 1);
    cr_expect_eq(document.number, 1);
    cr_expect_eq(document.id_len, 5);
    cr_expect_gt(document.created_ms, 0);
    cr_expect_eq(registry_count(&view, REGISTRY_SUBMODEL), 1);
    cr_expect_eq(registry_count(&view, REGISTRY_SHELL), 0);
    registry_view_end(&view);
    fixture_verify(registry);
    registry_close(registry);
}

Test(documents, operations_answer_to_what_is_there)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_expect_eq(put(registry, REGISTRY_REPLACE, "urn:a", "A", 1), ERR_NOT_FOUND);
    cr_expect_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 1), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 2), ERR_EXISTS);
    cr_expect_eq(put(registry, REGISTRY_REPLACE, "urn:a", "A", 2), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_UPSERT, "urn:a", "A", 3), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_UPSERT, "urn:b", "B", 1), ERR_OK);
    cr_expect_eq(fixture_write(registry, REGISTRY_DELETE, "urn:a", NULL, NULL), ERR_OK);
    cr_expect_eq(fixture_write(registry, REGISTRY_DELETE, "urn:a", NULL, &err), ERR_NOT_FOUND);
    cr_expect_not_null(strstr(err.text, "urn:a"));
    fixture_verify(registry);
    registry_close(registry);
}

Test(documents, id_of_the_address_must_be_the_id_inside)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char json[FIXTURE_JSON];
    fixture_submodel(json, "urn:inside", "A", 1);
    cr_expect_eq(
        fixture_write(registry, REGISTRY_UPSERT, "urn:address", json, &err), ERR_BAD_INPUT);
    cr_expect_not_null(strstr(err.text, "urn:inside"));
    cr_expect_not_null(strstr(err.text, "urn:address"));
    registry_close(registry);
}

/* One thread asks for them in turns, so that what it keeps of the last ones is of another. */
Test(documents, ids_that_end_alike_are_told_apart)
{
    static const char *const ids[] = {
        "urn:a:12345678", "urn:b:12345678", "urn:bb:12345678", "12345678", "urn:none:12345678"};
    enum { STORED = 4 };
    struct registry *registry = fixture_open();
    struct registry_view view;
    for (int i = 0; i < STORED; i++) {
        cr_assert_eq(put(registry, REGISTRY_CREATE, ids[i], "A", i), ERR_OK);
    }
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i <= STORED; i++) {
            struct registry_document document;
            enum err_code code =
                registry_get(&view, REGISTRY_SUBMODEL, ids[i], strlen(ids[i]), &document, NULL);
            cr_assert_eq(code, i < STORED ? ERR_OK : ERR_NOT_FOUND, "%s", ids[i]);
            cr_assert(i == STORED || document.number == (uint64_t)i + 1, "%s", ids[i]);
        }
    }
    registry_view_end(&view);
    registry_close(registry);
}

Test(documents, ids_of_two_thousand_characters_are_told_apart)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_document document;
    char id[2049];
    char json[3 * FIXTURE_JSON];
    memset(id, 'i', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    for (char last = 'a'; last <= 'c'; last++) {
        id[2047] = last;
        snprintf(json, sizeof json, "{\"modelType\":\"Submodel\",\"id\":\"%s\"}", id);
        cr_expect_eq(fixture_write(registry, REGISTRY_CREATE, id, json, NULL), ERR_OK);
    }
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    id[2047] = 'b';
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, id, 2048, &document, NULL), ERR_OK);
    cr_expect_eq(document.number, 2);
    cr_expect_eq(memcmp(document.id, id, 2048), 0);
    cr_expect_eq(registry_get(&view, REGISTRY_SUBMODEL, id, 2047, &document, NULL), ERR_NOT_FOUND);
    registry_view_end(&view);
    registry_close(registry);
}

struct foreign {
    const char *id;
    uint64_t number;
};

/* Puts another id where the hash of "urn:a" leads. */
static enum err_code plant_collision(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    const struct foreign *foreign = context;
    struct store_key key;
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char value[64];
    store_hash("urn:a", 5, hash);
    key_id(&key, REGISTRY_SUBMODEL, hash, 0);
    value_set_u64(value, foreign->number);
    memcpy(value + 8, foreign->id, strlen(foreign->id));
    return store_put(txn, STORE_IDS, key.bytes, key.len, value, 8 + strlen(foreign->id));
}

Test(documents, ids_with_the_same_hash_are_told_apart)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct registry_document document;
    struct foreign foreign = {.id = "urn:other", .number = 99};
    cr_assert_eq(store_write(registry_store(registry), plant_collision, &foreign, NULL), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_REPLACE, "urn:a", "A", 1), ERR_NOT_FOUND);
    cr_expect_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 1), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 1), ERR_EXISTS);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, "urn:a", 5, &document, NULL), ERR_OK);
    cr_expect_eq(document.number, 1);
    registry_view_end(&view);
    registry_close(registry);
}

/* ------------------------------------------------------------------ elements */

Test(documents, elements_are_slices_found_by_path)
{
    static const struct {
        const char *path, *cls, *holds;
    } rows[] = {
        {"Speed", "Property", "\"value\":\"7\"}"},
        {"Tech", "SubmodelElementCollection", "\"idShort\":\"Torque\""},
        {"Tech.Torque", "Property", "\"value\":\"1.50\"}"},
        {"Axes", "SubmodelElementList", "\"typeValueListElement\""},
        {"Axes[0]", "Property", "\"value\":\"10\"}"},
        {"Axes[1]", "Property", "\"value\":\"20\"}"},
    };
    struct registry *registry = fixture_open();
    cr_assert_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 7), ERR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char json[FIXTURE_JSON];
        const char *cls = "";
        cr_expect_eq(element(registry, "urn:a", rows[i].path, json, sizeof json, &cls), ERR_OK);
        cr_expect_str_eq(cls, rows[i].cls, "%s", rows[i].path);
        cr_expect_not_null(strstr(json, rows[i].holds), "%s: %s", rows[i].path, json);
        cr_expect_eq(json[0], '{');
        cr_expect_eq(json[strlen(json) - 1], '}');
    }
    registry_close(registry);
}

Test(documents, wrong_paths_are_refused_as_in_the_tree)
{
    static const char *const paths[] = {"speed", "Nothing", "Tech.Nothing", "Speed.More", "Axes[2]",
        "Axes.first", "Tech[0]", "Axes[0].x", "Axes[00]", "", ".Speed", "Speed.", "A[", "Tech..T",
        "[0]", "Sp\"eed"};
    struct registry *registry = fixture_open();
    struct arena arena;
    char json[FIXTURE_JSON];
    fixture_submodel(json, "urn:a", "A", 7);
    arena_init(&arena, SIZE_MAX);
    struct aas_node *tree = fixture_tree(&arena, json);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:a", json, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct aas_path path;
        struct aas_node *node = NULL;
        struct err expected = {0};
        const char *cls = "";
        enum err_code code = aas_path_parse(paths[i], strlen(paths[i]), &path, &expected);
        if (code == ERR_OK) {
            code = aas_path_resolve(tree, &path, &node, &expected);
        }
        cr_expect_neq(code, ERR_OK);
        cr_expect_eq(element(registry, "urn:a", paths[i], json, sizeof json, &cls), code);
        cr_expect_str_eq(json, expected.text, "%s", paths[i]);
    }
    arena_finish(&arena);
    registry_close(registry);
}

/* Every element of a real template is found by the path the tree prints for it. */
struct comparison {
    struct path_index index;
    const struct aas_node *root;
    size_t compared;
    size_t wrong;
};

static enum err_code compare_element(const struct aas_node *node, void *context)
{
    struct comparison *c = context;
    char path[2048];
    struct aas_path steps;
    struct aas_node *found = NULL;
    struct path_entry entry;
    size_t at = 0;
    aas_print_path(node, path, sizeof path);
    if (!(node->cls->is & META_IS_SUBMODEL_ELEMENT) || strchr(path, '?') != NULL ||
        aas_path_parse(path, strlen(path), &steps, NULL) != ERR_OK ||
        aas_path_resolve(c->root, &steps, &found, NULL) != ERR_OK) {
        return ERR_OK;
    }
    struct buf buf;
    char printed[2048];
    buf_init(&buf, SIZE_MAX);
    aas_json_write(&buf, found, 0, NULL);
    c->compared++;
    if (path_index_find(&c->index, path, strlen(path), &at, &entry, NULL) != ERR_OK ||
        entry.len != buf.len || memcmp(c->index.json + entry.offset, buf.bytes, buf.len) != 0) {
        c->wrong++;
    } else if (found == node) {
        path_index_print(&c->index, at, printed, sizeof printed);
        c->wrong += strcmp(printed, path) != 0;
    }
    buf_finish(&buf);
    return ERR_OK;
}

static void compare_template(const char *file, void *context)
{
    struct comparison *total = context;
    struct arena arena;
    struct aas_node *root = NULL;
    size_t len = 0;
    size_t count = 0;
    char *bytes = file_read(file, &len);
    arena_init(&arena, SIZE_MAX);
    if (aas_json_read(&arena, bytes, len, NULL, NULL, &root, NULL) == ERR_OK) {
        struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
        for (size_t i = 0; i < count; i++) {
            struct document_prepared prepared;
            if (document_prepare_unpacked(&arena, submodels[i], &prepared, NULL) != ERR_OK) {
                continue;
            }
            total->root = submodels[i];
            total->index = (struct path_index){.entries = prepared.index,
                .count = prepared.index_len / PATH_ENTRY_BYTES,
                .json = prepared.json,
                .json_len = prepared.json_len};
            cr_expect_eq(aas_walk(submodels[i], compare_element, total), ERR_OK);
        }
    }
    arena_finish(&arena);
    free(bytes);
}

Test(documents, every_element_of_the_published_templates_is_found_by_its_path)
{
    NEED_CORPUS();
    struct comparison total = {.compared = 0};
    char *dir = corpus_path("corpus/templates");
    cr_assert_gt(files_each(dir, ".json", compare_template, &total), 0);
    cr_expect_gt(total.compared, 1000);
    cr_expect_eq(total.wrong, 0);
    free(dir);
}

/* ------------------------------------------------------------------ lists */

static size_t list(struct registry *registry, struct registry_filter filter, char *numbers,
    size_t size, uint64_t *next)
{
    struct registry_view view;
    struct arena arena;
    struct registry_page page;
    size_t used = 0;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_list(&view, &arena, REGISTRY_SUBMODEL, &filter, &page, NULL), ERR_OK);
    numbers[0] = '\0';
    for (size_t i = 0; i < page.count && used < size; i++) {
        used += (size_t)snprintf(
            numbers + used, size - used, "%llu ", (unsigned long long)page.documents[i].number);
    }
    *next = page.next;
    registry_view_end(&view);
    arena_finish(&arena);
    return page.count;
}

static struct registry *with_ten(void)
{
    struct registry *registry = fixture_open();
    for (int i = 1; i <= 10; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:%d", i);
        cr_assert_eq(put(registry, REGISTRY_CREATE, id, i % 3 == 0 ? "Third" : "Other", i), ERR_OK);
    }
    return registry;
}

Test(documents, lists_are_cut_into_pages)
{
    struct registry *registry = with_ten();
    char numbers[256];
    uint64_t next = 0;
    cr_expect_eq(list(registry, (struct registry_filter){.limit = 4}, numbers, 256, &next), 4);
    cr_expect_str_eq(numbers, "1 2 3 4 ");
    cr_expect_eq(
        list(registry, (struct registry_filter){.limit = 4, .after = next}, numbers, 256, &next),
        4);
    cr_expect_str_eq(numbers, "5 6 7 8 ");
    cr_expect_eq(
        list(registry, (struct registry_filter){.limit = 4, .after = next}, numbers, 256, &next),
        2);
    cr_expect_str_eq(numbers, "9 10 ");
    cr_expect_eq(next, 0);
    cr_expect_eq(list(registry, (struct registry_filter){.limit = 10}, numbers, 256, &next), 10);
    cr_expect_eq(next, 0, "a full last page has no next one");
    registry_close(registry);
}

Test(documents, filters_follow_creation_change_and_deletion)
{
    struct registry *registry = with_ten();
    struct registry_filter third = {.id_short = "Third"};
    struct registry_filter semantic = {.semantic_id = "urn:semantic:Third"};
    struct registry_filter both = {.id_short = "Other", .semantic_id = "urn:semantic:Third"};
    char numbers[256];
    uint64_t next = 0;
    list(registry, third, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "3 6 9 ");
    list(registry, both, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "");
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "urn:6", "Other", 6), ERR_OK);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "urn:7", "Third", 7), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:3", NULL, NULL), ERR_OK);
    list(registry, semantic, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "7 9 ");
    third.limit = 1;
    list(registry, third, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "7 ");
    third.after = next;
    list(registry, third, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "9 ");
    cr_expect_eq(next, 0);
    fixture_verify(registry);
    registry_close(registry);
}

Test(documents, cursor_stays_where_it_was_while_documents_come_and_go)
{
    struct registry *registry = with_ten();
    char numbers[256];
    uint64_t next = 0;
    list(registry, (struct registry_filter){.limit = 5}, numbers, sizeof numbers, &next);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:5", NULL, NULL), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:6", NULL, NULL), ERR_OK);
    cr_assert_eq(put(registry, REGISTRY_CREATE, "urn:11", "New", 1), ERR_OK);
    list(registry, (struct registry_filter){.after = next}, numbers, sizeof numbers, &next);
    cr_expect_str_eq(numbers, "7 8 9 10 11 ");
    registry_close(registry);
}

static void put_shell(struct registry *registry, const char *id, const char *global, int serial)
{
    char json[1024];
    snprintf(json, sizeof json,
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"%s\",\"assetInformation\":{"
        "\"assetKind\":\"Instance\",\"globalAssetId\":\"%s\",\"specificAssetIds\":["
        "{\"name\":\"maker\",\"value\":\"Acme\"},{\"name\":\"serial\",\"value\":\"%d\"}]}}",
        id, global, serial);
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, NULL), ERR_OK);
}

static size_t count_shells(
    struct registry *registry, const struct registry_asset_id *asset_ids, size_t count)
{
    struct registry_view view;
    struct arena arena;
    struct registry_page page = {0};
    struct registry_filter filter = {.asset_ids = asset_ids, .asset_id_count = count};
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_list(&view, &arena, REGISTRY_SHELL, &filter, &page, NULL), ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    return page.count;
}

Test(documents, shells_are_found_by_all_asset_ids_asked_for)
{
    struct registry *registry = fixture_open();
    put_shell(registry, "urn:s1", "urn:asset:1", 1);
    put_shell(registry, "urn:s2", "urn:asset:2", 2);
    put_shell(registry, "urn:s3", "urn:asset:2", 3);
    const struct registry_asset_id global = {"globalAssetId", "urn:asset:2"};
    const struct registry_asset_id both[] = {global, {"serial", "3"}};
    const struct registry_asset_id three[] = {both[0], both[1], {"maker", "Acme"}};
    const struct registry_asset_id wrong[] = {both[0], {"serial", "1"}};
    const struct registry_asset_id swapped = {"urn:asset:2", "globalAssetId"};
    cr_expect_eq(count_shells(registry, &three[2], 1), 3);
    cr_expect_eq(count_shells(registry, &global, 1), 2);
    cr_expect_eq(count_shells(registry, both, 2), 1);
    cr_expect_eq(count_shells(registry, three, 3), 1);
    cr_expect_eq(count_shells(registry, wrong, 2), 0);
    cr_expect_eq(count_shells(registry, &swapped, 1), 0);
    put_shell(registry, "urn:s3", "urn:asset:9", 3);
    cr_expect_eq(count_shells(registry, &global, 1), 1);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ what verification finds */

static enum err_code break_store(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    struct store_key key;
    struct store_bytes value;
    key_document(&key, REGISTRY_SUBMODEL, 1);
    cr_assert_eq(store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value), ERR_OK);
    char *copy = malloc(value.len);
    memcpy(copy, value.bytes, value.len);
    copy[value.len - *(const size_t *)context] ^= 1;
    enum err_code code = store_put(txn, STORE_DOCUMENTS, key.bytes, key.len, copy, value.len);
    free(copy);
    return code;
}

Test(documents, verification_finds_changed_bytes)
{
    struct registry *registry = fixture_open();
    struct registry_verification found = {0};
    size_t from_end = 40;
    cr_assert_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 1), ERR_OK);
    fixture_verify(registry);
    cr_assert_eq(store_write(registry_store(registry), break_store, &from_end, NULL), ERR_OK);
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_gt(found.problems, 0);
    cr_expect_eq(found.documents, 1);
    cr_expect_eq(found.ids, 1);
    cr_expect_eq(found.rows, 2);
    cr_expect_eq(found.revisions, 1);
    cr_expect_eq(found.searched, 1);
    cr_expect_gt(found.postings, 1);
    registry_close(registry);
}

static enum err_code lose_term(struct store_txn *txn, void *context, struct err *err)
{
    (void)context;
    (void)err;
    struct store_cursor cursor;
    cr_assert_eq(store_cursor_open(txn, STORE_POSTINGS, &cursor), ERR_OK);
    cr_assert(store_cursor_seek(&cursor, "speed", 5));
    struct store_key key = {.len = cursor.key.len};
    memcpy(key.bytes, cursor.key.bytes, cursor.key.len);
    store_cursor_close(&cursor);
    return store_delete(txn, STORE_POSTINGS, key.bytes, key.len);
}

Test(documents, verification_finds_lost_postings)
{
    struct registry *registry = fixture_open();
    struct registry_verification found = {0};
    cr_assert_eq(put(registry, REGISTRY_CREATE, "urn:a", "A", 1), ERR_OK);
    cr_assert_eq(store_write(registry_store(registry), lose_term, NULL, NULL), ERR_OK);
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_gt(found.problems, 0);
    registry_close(registry);
}

static enum err_code lose_row(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    struct store_cursor cursor;
    enum store_table table = *(const enum store_table *)context;
    cr_assert_eq(store_cursor_open(txn, table, &cursor), ERR_OK);
    cr_assert(store_cursor_last(&cursor));
    struct store_key key = {.len = cursor.key.len};
    memcpy(key.bytes, cursor.key.bytes, cursor.key.len);
    store_cursor_close(&cursor);
    return store_delete(txn, table, key.bytes, key.len);
}

Test(documents, verification_finds_a_lost_row_of_any_table)
{
    static const enum store_table tables[] = {STORE_IDS, STORE_DOCUMENTS, STORE_REVISIONS,
        STORE_CONTENT, STORE_INDEX, STORE_SEARCHED, STORE_TERMS, STORE_POSTINGS};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct registry *registry = fixture_open();
        struct registry_verification found = {0};
        cr_assert_eq(put(registry, REGISTRY_UPSERT, "urn:a", "A", (int)i), ERR_OK);
        cr_assert_eq(
            store_write(registry_store(registry), lose_row, (void *)&tables[i], NULL), ERR_OK);
        cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
        cr_expect_gt(found.problems, 0, "table %d", (int)tables[i]);
        registry_close(registry);
        fixture_stop();
        fixture_start();
    }
}

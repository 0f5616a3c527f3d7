/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "registry/documents.h"
#include "tests/registry/registry_fixture.h"

TestSuite(history, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

static const char id[] = "urn:a";
enum { ID_LEN = sizeof id - 1 };

static enum err_code put(
    struct registry *registry, enum registry_operation operation, const char *name, int speed)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, id, name, speed);
    return fixture_write(registry, operation, id, json, NULL);
}

struct setting {
    const char *path;
    const char *value;
    int calls;
};

static enum err_code set_value(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err)
{
    struct setting *setting = context;
    struct aas_path path;
    struct aas_node *node = NULL;
    setting->calls++;
    enum err_code code = aas_path_parse(setting->path, strlen(setting->path), &path, err);
    if (code == ERR_OK) {
        code = aas_path_resolve(identifiable, &path, &node, err);
    }
    if (code == ERR_OK) {
        code = aas_set_text(arena, node, PROP_value, setting->value, strlen(setting->value));
    }
    return code;
}

static enum err_code set(struct registry *registry, const char *path, const char *value,
    const unsigned char *if_match, const char *log_operation)
{
    static const struct registry_author author = {.name = "sensor", .message = NULL};
    struct setting setting = {.path = path, .value = value};
    struct err err = {0};
    return registry_edit(registry, REGISTRY_SUBMODEL, id, ID_LEN, if_match, log_operation,
        set_value, &setting, &author, NULL, &err);
}

/* The revisions as "number operation summary" lines, newest first. */
static size_t tell(struct registry *registry, uint64_t before, size_t limit, char *to, size_t size)
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    size_t used = 0;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, before, limit,
                     &list, &count, NULL),
        ERR_OK);
    to[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        used += (size_t)snprintf(to + used, size - used, "%llu %s: %s\n",
            (unsigned long long)list[i].revision, list[i].operation, list[i].summary);
    }
    registry_view_end(&view);
    arena_finish(&arena);
    return count;
}

/* True when the content of a revision says this value. */
static bool said(struct registry *registry, uint64_t revision, const char *value)
{
    struct registry_view view;
    struct arena arena;
    const char *json = NULL;
    size_t len = 0;
    char wanted[64];
    arena_init(&arena, SIZE_MAX);
    snprintf(wanted, sizeof wanted, "\"value\":\"%s\"", value);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    enum err_code code = registry_revision_content(
        &view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, revision, &json, &len, NULL);
    bool found = code == ERR_OK && memmem(json, len, wanted, strlen(wanted)) != NULL;
    registry_view_end(&view);
    arena_finish(&arena);
    return found;
}

Test(history, every_change_is_told_with_what_changed)
{
    struct registry *registry = fixture_open();
    char lines[1024];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", 2), ERR_OK);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "B", 2), ERR_OK);
    cr_assert_eq(set(registry, "Tech.Torque", "9.5", NULL, NULL), ERR_OK);
    cr_assert_eq(set(registry, "Axes[1]", "21", NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect_eq(tell(registry, 0, 0, lines, sizeof lines), 6);
    cr_expect_str_eq(lines, "6 delete: deleted\n"
                            "5 value: changed Axes[1]\n"
                            "4 replace: changed Tech.Torque\n"
                            "3 replace: attributes or order changed\n"
                            "2 replace: changed Speed\n"
                            "1 create: 3 elements\n");
    cr_expect_eq(tell(registry, 3, 1, lines, sizeof lines), 1);
    cr_expect_str_eq(lines, "2 replace: changed Speed\n");
    fixture_verify(registry);
    registry_close(registry);
}

Test(history, added_and_removed_elements_are_counted)
{
    static const char shorter[] =
        "{\"modelType\":\"Submodel\",\"idShort\":\"A\",\"id\":\"urn:a\",\"submodelElements\":["
        "{\"modelType\":\"Property\",\"idShort\":\"New\",\"valueType\":\"xs:int\"},"
        "{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\"}]}";
    struct registry *registry = fixture_open();
    char lines[1024];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, id, shorter, NULL), ERR_OK);
    tell(registry, 0, 1, lines, sizeof lines);
    cr_expect_str_eq(lines, "2 replace: 1 of 2 elements changed, 1 added, 2 removed\n");
    registry_close(registry);
}

Test(history, author_message_and_hashes_are_kept)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", 2), ERR_OK);
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, 0, &list, &count, NULL),
        ERR_OK);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(list[0].author, "tester");
    cr_expect_str_eq(list[0].message, "because");
    cr_expect_gt(list[0].time_ms, 0);
    cr_expect_eq(memcmp(list[0].before, list[1].after, STORE_HASH_BYTES), 0);
    cr_expect_eq(memcmp(list[1].before, none, STORE_HASH_BYTES), 0);
    cr_expect_neq(memcmp(list[0].after, list[1].after, STORE_HASH_BYTES), 0);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(history, a_message_that_is_no_text_is_made_one)
{
    struct registry *registry = fixture_open();
    char json[FIXTURE_JSON];
    struct arena arena;
    struct registry_view view;
    struct registry_revision *list = NULL;
    size_t count = 0;
    struct aas_node *tree = NULL;
    const struct registry_author author = {.message = "a\xEB\x8F b\xFF \xEC\x98\xA8"};
    arena_init(&arena, SIZE_MAX);
    fixture_submodel(json, id, "A", 1);
    cr_assert_eq(
        aas_json_read(&arena, json, strlen(json), meta_class(CLASS_Submodel), NULL, &tree, NULL),
        ERR_OK);
    const struct registry_change change = {.operation = REGISTRY_CREATE,
        .kind = REGISTRY_SUBMODEL,
        .id = id,
        .id_len = ID_LEN,
        .tree = tree};
    cr_assert_eq(registry_write(registry, &change, &author, NULL, NULL, NULL), ERR_OK);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, 0, &list, &count, NULL),
        ERR_OK);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(list[0].message, "a?? b? \xEC\x98\xA8");
    registry_view_end(&view);
    arena_finish(&arena);
    fixture_verify(registry);
    registry_close(registry);
}

Test(history, same_content_makes_no_revision)
{
    struct registry *registry = fixture_open();
    char lines[1024];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_expect_eq(put(registry, REGISTRY_REPLACE, "A", 1), ERR_OK);
    cr_expect_eq(set(registry, "Speed", "1", NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    cr_expect_eq(tell(registry, 0, 0, lines, sizeof lines), 1);
    registry_close(registry);
}

Test(history, document_that_comes_back_goes_on_with_its_history)
{
    struct registry *registry = fixture_open();
    char lines[1024];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect(said(registry, 1, "1"), "history of a deleted document");
    cr_expect_not(said(registry, 2, "1"), "a deletion has no content");
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 3), ERR_OK);
    cr_expect_eq(tell(registry, 0, 0, lines, sizeof lines), 3);
    cr_expect_eq(strncmp(lines, "3 create", 8), 0);
    cr_expect(said(registry, 1, "1"));
    cr_expect(said(registry, 3, "3"));
    fixture_verify(registry);
    registry_close(registry);
}

/* Values of every length, so that the changed range moves and grows. */
static void nth_value(int n, char value[16])
{
    static const char *const shapes[] = {"%d", "-%d", "10%d", "%d000"};
    snprintf(value, 16, shapes[n % 4], n);
}

Test(history, every_value_of_a_sensor_can_be_read_again)
{
    enum { VALUES = 200 };
    struct registry *registry = fixture_open();
    char value[16];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 77777), ERR_OK);
    for (int i = 2; i < VALUES; i++) {
        nth_value(i, value);
        cr_assert_eq(set(registry, "Speed", value, NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    }
    cr_expect(said(registry, 1, "77777"));
    for (int i = 2; i < VALUES; i++) {
        nth_value(i, value);
        cr_expect(said(registry, (uint64_t)i, value), "revision %d", i);
    }
    fixture_verify(registry);
    registry_close(registry);
}

static uint64_t contents_kept(struct registry *registry)
{
    struct registry_view view;
    struct store_cursor cursor;
    uint64_t count = 0;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(store_cursor_open(&view.txn, STORE_CONTENT, &cursor), ERR_OK);
    for (bool more = store_cursor_seek(&cursor, "", 0); more; more = store_cursor_next(&cursor)) {
        count++;
    }
    store_cursor_close(&cursor);
    registry_view_end(&view);
    return count;
}

Test(history, values_are_logged_compactly_and_designs_in_full)
{
    struct registry *registry = fixture_open();
    char value[16];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 0), ERR_OK);
    for (int i = 1; i <= 63; i++) {
        snprintf(value, sizeof value, "%d", i);
        cr_assert_eq(set(registry, "Speed", value, NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    }
    cr_expect_eq(contents_kept(registry), 1);
    cr_assert_eq(set(registry, "Speed", "64", NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    cr_expect_eq(contents_kept(registry), 2, "a full content after 63 compact ones");
    cr_assert_eq(set(registry, "Speed", "65", NULL, NULL), ERR_OK);
    cr_expect_eq(contents_kept(registry), 3);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", 0), ERR_OK);
    cr_expect_eq(contents_kept(registry), 3, "the same content is kept once");
    fixture_verify(registry);
    registry_close(registry);
}

Test(history, a_replace_is_kept_as_what_it_changed_when_that_is_little)
{
    struct registry *registry = fixture_open();
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 0), ERR_OK);
    for (int i = 1; i <= 63; i++) {
        cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", i), ERR_OK);
    }
    cr_expect_eq(contents_kept(registry), 1);
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", 64), ERR_OK);
    cr_expect_eq(contents_kept(registry), 2, "a full content after 63 compact ones");
    cr_assert_eq(set(registry, "Speed", "65", NULL, DOCUMENT_LOG_VALUE), ERR_OK);
    cr_expect_eq(contents_kept(registry), 2, "a value stands on what comes before it");
    cr_assert_eq(put(registry, REGISTRY_REPLACE, "A", 66), ERR_OK);
    cr_expect_eq(contents_kept(registry), 3, "what stays does not stand on what goes");
    cr_expect(said(registry, 1, "0"));
    cr_expect(said(registry, 64, "63"));
    cr_expect(said(registry, 65, "64"));
    cr_expect(said(registry, 66, "65"));
    cr_expect(said(registry, 67, "66"));
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, id,
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":\"Other\"}", NULL),
        ERR_OK);
    cr_expect_eq(contents_kept(registry), 4, "hardly anything is the same");
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ editing */

static void current_hash(struct registry *registry, unsigned char hash[STORE_HASH_BYTES])
{
    struct registry_view view;
    struct registry_document document;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, id, ID_LEN, &document, NULL), ERR_OK);
    memcpy(hash, document.hash, STORE_HASH_BYTES);
    registry_view_end(&view);
}

Test(history, edit_with_an_old_hash_is_refused)
{
    struct registry *registry = fixture_open();
    unsigned char old[STORE_HASH_BYTES];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    current_hash(registry, old);
    cr_expect_eq(set(registry, "Speed", "2", old, NULL), ERR_OK);
    cr_expect_eq(set(registry, "Speed", "3", old, NULL), ERR_PRECONDITION);
    cr_expect(said(registry, 2, "2"));
    registry_close(registry);
}

Test(history, failed_edit_leaves_everything_as_it_was)
{
    struct registry *registry = fixture_open();
    unsigned char before[STORE_HASH_BYTES];
    unsigned char after[STORE_HASH_BYTES];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    current_hash(registry, before);
    cr_expect_eq(set(registry, "Nothing.Here", "2", NULL, NULL), ERR_NOT_FOUND);
    current_hash(registry, after);
    cr_expect_eq(memcmp(before, after, STORE_HASH_BYTES), 0);
    registry_close(registry);
}

static void *add_many(void *context)
{
    intptr_t wrong = 0;
    for (int i = 0; i < 25; i++) {
        wrong += registry_edit(context, REGISTRY_SUBMODEL, id, ID_LEN, NULL, DOCUMENT_LOG_VALUE,
                     fixture_add_one, NULL, NULL, NULL, NULL) != ERR_OK;
    }
    return (void *)wrong;
}

Test(history, concurrent_edits_do_not_overwrite_each_other)
{
    enum { THREADS = 8 };
    struct registry *registry = fixture_open();
    pthread_t threads[THREADS];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 0), ERR_OK);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, add_many, registry);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        cr_expect_null(wrong);
    }
    cr_expect(said(registry, 1 + 25 * THREADS, "200"));
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ values of one element */

static enum err_code set_own_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

static enum err_code set_id_short(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_idShort, context, strlen(context));
}

static enum err_code edit_value(struct registry *registry, const char *path,
    const unsigned char *if_match, registry_edit_fn edit, char *value, struct err *err)
{
    return registry_edit_value(registry, REGISTRY_SUBMODEL, id, ID_LEN, path, strlen(path),
        if_match, edit, value, NULL, NULL, err);
}

Test(history, value_of_an_element_is_set_without_reading_the_rest)
{
    static const char *const paths[] = {"Speed", "Tech.Torque", "Axes[0]", "Axes[1]"};
    static char *const values[] = {"123456789", "2.5e3", "-1", "2147483647"};
    struct registry *registry = fixture_open();
    struct err err = {0};
    char lines[1024];
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    uint64_t revision = 1;
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(edit_value(registry, paths[i], NULL, set_own_value, values[i], &err), ERR_OK,
            "%s: %s", paths[i], err.text);
        cr_expect(said(registry, ++revision, values[i]));
    }
    tell(registry, 0, 1, lines, sizeof lines);
    cr_expect_str_eq(lines, "5 value: changed Axes[1]\n");
    cr_expect(said(registry, 5, "123456789"));
    fixture_verify(registry);
    registry_close(registry);
}

Test(history, only_values_can_be_set_in_an_element)
{
    struct registry *registry = fixture_open();
    unsigned char hash[STORE_HASH_BYTES] = {0};
    cr_assert_eq(put(registry, REGISTRY_CREATE, "A", 1), ERR_OK);
    cr_expect_eq(edit_value(registry, "Speed", NULL, set_id_short, "Fast", NULL), ERR_BAD_INPUT);
    cr_expect_eq(edit_value(registry, "Sped", NULL, set_own_value, "1", NULL), ERR_NOT_FOUND);
    cr_expect_eq(edit_value(registry, "Speed", hash, set_own_value, "2", NULL), ERR_PRECONDITION);
    current_hash(registry, hash);
    cr_expect_eq(edit_value(registry, "Speed", hash, set_own_value, "2", NULL), ERR_OK);
    fixture_verify(registry);
    registry_close(registry);
}

static enum err_code set_asset(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_globalAssetId, context, strlen(context));
}

/* The asset of an entity is a value and something it is found by. */
Test(history, asset_of_an_entity_is_set_and_searched)
{
    static const char entity[] =
        "{\"modelType\":\"Submodel\",\"idShort\":\"A\",\"id\":\"urn:a\",\"submodelElements\":["
        "{\"modelType\":\"Entity\",\"idShort\":\"Part\",\"entityType\":\"SelfManagedEntity\","
        "\"globalAssetId\":\"urn:asset:one\"}]}";
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, id, entity, NULL), ERR_OK);
    cr_expect_eq(edit_value(registry, "Part", NULL, set_asset, "urn:asset:two", &err), ERR_OK, "%s",
        err.text);
    cr_expect_eq(edit_value(registry, "Part.x", NULL, set_asset, "urn:x", NULL), ERR_NOT_FOUND);
    fixture_verify(registry);
    registry_close(registry);
}

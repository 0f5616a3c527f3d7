/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the history is good for: restoring, annotating, what changed lately, and the log that proves
 * that nothing was altered.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "aas/path.h"
#include "registry/changes.h"
#include "registry/documents.h"
#include "registry/keys.h"
#include "registry/log.h"
#include "registry/prune.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(changes, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

static const char id[] = "urn:a";
enum { ID_LEN = sizeof id - 1, TEXT = 4096, RANDOM_EDITS = 60 };

static enum err_code put(struct registry *registry, const char *name, int speed)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, id, name, speed);
    return fixture_write(registry, REGISTRY_UPSERT, id, json, NULL);
}

static enum registry_outcome restore(struct registry *registry, uint64_t revision)
{
    enum registry_outcome outcome = REGISTRY_DELETED;
    struct err err = {0};
    cr_assert_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, revision,
                     REGISTRY_UPSERT, NULL, NULL, NULL, &outcome, &err),
        ERR_OK, "%s", err.text);
    return outcome;
}

static uint64_t newest(struct registry *registry)
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, 1, &list, &count, NULL),
        ERR_OK);
    uint64_t revision = list[0].revision;
    registry_view_end(&view);
    arena_finish(&arena);
    return revision;
}

/* ------------------------------------------------------------------ restoring */

Test(changes, an_old_revision_comes_back_as_a_new_one)
{
    struct registry *registry = fixture_open();
    cr_assert_eq(put(registry, "A", 1), ERR_OK);
    cr_assert_eq(put(registry, "A", 2), ERR_OK);
    cr_expect_eq(restore(registry, 1), REGISTRY_REPLACED);
    char *first = fixture_content(registry, id, 1, NULL);
    char *third = fixture_content(registry, id, 3, NULL);
    cr_expect_str_eq(first, third);
    cr_expect_eq(restore(registry, 1), REGISTRY_UNCHANGED, "it is there already");
    cr_expect_eq(newest(registry), 3);
    free(first);
    free(third);
    fixture_verify(registry);
    registry_close(registry);
}

Test(changes, a_deleted_thing_is_brought_back)
{
    struct registry *registry = fixture_open();
    enum registry_outcome outcome;
    struct err err = {0};
    cr_assert_eq(put(registry, "A", 1), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect_eq(restore(registry, 1), REGISTRY_CREATED);
    cr_expect_eq(newest(registry), 3);
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 2, REGISTRY_UPSERT, NULL,
                     NULL, NULL, &outcome, &err),
        ERR_NOT_FOUND, "a deletion has no content");
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 9, REGISTRY_UPSERT, NULL,
                     NULL, NULL, &outcome, &err),
        ERR_NOT_FOUND);
    fixture_verify(registry);
    registry_close(registry);
}

Test(changes, nothing_is_restored_over_what_must_not_be_there_or_must)
{
    struct registry *registry = fixture_open();
    enum registry_outcome outcome;
    cr_assert_eq(put(registry, "A", 1), ERR_OK);
    cr_assert_eq(put(registry, "A", 2), ERR_OK);
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 1, REGISTRY_CREATE, NULL,
                     NULL, NULL, &outcome, NULL),
        ERR_EXISTS);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 1, REGISTRY_REPLACE,
                     NULL, NULL, NULL, &outcome, NULL),
        ERR_NOT_FOUND);
    cr_expect_eq(newest(registry), 3, "nothing was stored");
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 1, REGISTRY_CREATE, NULL,
                     NULL, NULL, &outcome, NULL),
        ERR_OK);
    registry_close(registry);
}

/* ------------------------------------------------------------------ random edits */

struct random_edit {
    unsigned *seed;
    bool value_only;
};

static struct aas_node *any_child(struct aas_node *node, unsigned *seed, size_t *at)
{
    size_t count;
    struct aas_node **children = aas_children(node, &count);
    *at = count == 0 ? 0 : (size_t)rand_r(seed) % count;
    return count == 0 ? NULL : children[*at];
}

static enum err_code add_property(struct arena *arena, struct aas_node *parent, unsigned *seed)
{
    char name[32];
    size_t count;
    aas_children(parent, &count);
    enum meta_prop_id list = parent->cls->props[meta_children_slot(parent->cls)].id;
    struct aas_node *property = aas_node_new(arena, meta_class(CLASS_Property));
    snprintf(name, sizeof name, "P%d", rand_r(seed) % 100000);
    bool indexed = parent->cls->props[meta_children_slot(parent->cls)].flags & META_INDEXED;
    if (!indexed) {
        cr_assert_eq(aas_set_text(arena, property, PROP_idShort, name, strlen(name)), ERR_OK);
    }
    cr_assert_eq(aas_set_text(arena, property, PROP_valueType, "xs:int", 6), ERR_OK);
    cr_assert_eq(aas_set_text(arena, property, PROP_value, "5", 1), ERR_OK);
    return aas_list_insert(arena, parent, list, count, property);
}

/* Changes one thing somewhere in the submodel of the fixture. */
static enum err_code edit_at_random(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    struct random_edit *edit = context;
    size_t at;
    char value[16];
    struct aas_node *node = any_child(submodel, edit->seed, &at);
    struct aas_node *parent = submodel;
    (void)err;
    while (meta_children_slot(node->cls) >= 0 && rand_r(edit->seed) % 3 != 0) {
        struct aas_node *below = any_child(node, edit->seed, &at);
        if (below == NULL) {
            break;
        }
        parent = node;
        node = below;
    }
    if (meta_children_slot(node->cls) < 0) {
        snprintf(value, sizeof value, "%d", rand_r(edit->seed) % 5000);
        if (!edit->value_only && parent != submodel && rand_r(edit->seed) % 4 == 0) {
            size_t count;
            aas_children(parent, &count);
            if (count > 1) {
                aas_list_remove(parent, parent->cls->props[meta_children_slot(parent->cls)].id, at);
                return ERR_OK;
            }
        }
        return aas_set_text(arena, node, PROP_value, value, strlen(value));
    }
    return edit->value_only ? ERR_OK : add_property(arena, node, edit->seed);
}

static void edit_often(struct registry *registry, unsigned seed)
{
    static const char *const names[] = {"kim", "lee", "sensor"};
    for (int i = 0; i < RANDOM_EDITS; i++) {
        bool value_only = rand_r(&seed) % 2 == 0;
        struct random_edit edit = {.seed = &seed, .value_only = value_only};
        struct registry_author author = {.name = names[rand_r(&seed) % 3]};
        struct err err = {0};
        cr_assert_eq(
            registry_edit(registry, REGISTRY_SUBMODEL, id, ID_LEN, NULL,
                value_only ? DOCUMENT_LOG_VALUE : NULL, edit_at_random, &edit, &author, NULL, &err),
            ERR_OK, "%s", err.text);
        if (rand_r(&seed) % 25 == 0) {
            cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
            cr_assert_eq(put(registry, "B", i), ERR_OK);
        }
    }
}

Test(changes, every_revision_of_random_edits_is_restored_byte_by_byte)
{
    struct registry *registry = fixture_open();
    for (unsigned seed = 1; seed <= 3; seed++) {
        cr_assert_eq(put(registry, "A", (int)seed), ERR_OK);
        edit_often(registry, seed);
        uint64_t last = newest(registry);
        for (uint64_t revision = 1; revision <= last; revision++) {
            char *old = fixture_content(registry, id, revision, NULL);
            if (old == NULL) {
                continue;
            }
            restore(registry, revision);
            char *now = fixture_content(registry, id, newest(registry), NULL);
            cr_assert_str_eq(
                now, old, "seed %u, revision %llu", seed, (unsigned long long)revision);
            free(now);
            free(old);
        }
    }
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ annotating */

/* A document as lines "path TAB attributes without children", for the naive replay. */
static void own_text(const struct aas_node *node, struct buf *to)
{
    int slot = meta_children_slot(node->cls);
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    struct aas_node *copy = aas_copy(&arena, node);
    size_t count = 0;
    if (slot >= 0) {
        aas_children(copy, &count);
        while (count > 0) {
            aas_list_remove(copy, node->cls->props[slot].id, --count);
        }
    }
    buf_clear(to);
    aas_json_write(to, copy, 0, NULL);
    arena_finish(&arena);
}

/* True when the element at `path` is in both documents and says the same by itself. */
static bool same_element(const char *before, const char *after, const char *path)
{
    struct arena arena;
    struct buf texts[2];
    const char *const json[2] = {before, after};
    bool found = true;
    arena_init(&arena, SIZE_MAX);
    for (int i = 0; i < 2; i++) {
        struct aas_path steps;
        struct aas_node *tree = fixture_tree(&arena, json[i]);
        struct aas_node *node = tree;
        buf_init(&texts[i], SIZE_MAX);
        if (path[0] != '\0') {
            cr_assert_eq(aas_path_parse(path, strlen(path), &steps, NULL), ERR_OK);
            found = found && aas_path_resolve(tree, &steps, &node, NULL) == ERR_OK;
        }
        if (found) {
            own_text(node, &texts[i]);
        }
    }
    bool same = found && texts[0].len == texts[1].len &&
                memcmp(texts[0].bytes, texts[1].bytes, texts[0].len) == 0;
    buf_finish(&texts[0]);
    buf_finish(&texts[1]);
    arena_finish(&arena);
    return same;
}

/* The revision that last changed an element, found by reading all of them. */
static uint64_t replay(struct registry *registry, const char *path, uint64_t at)
{
    for (; at > 1; at--) {
        char *after = fixture_content(registry, id, at, NULL);
        char *before = fixture_content(registry, id, at - 1, NULL);
        bool same = before != NULL && same_element(before, after, path);
        free(after);
        free(before);
        if (!same) {
            return at;
        }
    }
    return 1;
}

static void check_annotations(struct registry *registry, uint64_t at)
{
    struct registry_view view;
    struct arena arena;
    struct registry_annotation *list = NULL;
    size_t count = 0;
    struct err err = {0};
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_annotate(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, at, &list, &count, &err),
        ERR_OK, "%s", err.text);
    cr_expect_geq(count, 4);
    cr_expect_str_eq(list[0].path, "");
    for (size_t i = 0; i < count; i++) {
        cr_assert_not_null(list[i].revision);
        cr_expect_eq(list[i].revision->revision, replay(registry, list[i].path, at),
            "element '%s' at revision %llu: %llu", list[i].path, (unsigned long long)at,
            (unsigned long long)list[i].revision->revision);
    }
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(changes, annotations_agree_with_a_naive_replay)
{
    struct registry *registry = fixture_open();
    for (unsigned seed = 11; seed <= 13; seed++) {
        cr_assert_eq(put(registry, "A", (int)seed), ERR_OK);
        edit_often(registry, seed);
        uint64_t last = newest(registry);
        check_annotations(registry, last);
        check_annotations(registry, last - RANDOM_EDITS / 2);
    }
    registry_close(registry);
}

Test(changes, a_value_belongs_to_who_wrote_it_and_the_collection_to_who_made_it)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_annotation *list = NULL;
    size_t count = 0;
    cr_assert_eq(put(registry, "A", 1), ERR_OK);
    cr_assert_eq(put(registry, "A", 2), ERR_OK);
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_annotate(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, &list, &count, NULL),
        ERR_OK);
    static const struct {
        const char *path;
        uint64_t revision;
    } wanted[] = {{"", 1}, {"Speed", 2}, {"Tech", 1}, {"Tech.Torque", 1}, {"Axes", 1},
        {"Axes[0]", 1}, {"Axes[1]", 1}};
    cr_assert_eq(count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        cr_expect_str_eq(list[i].path, wanted[i].path);
        cr_expect_eq(list[i].revision->revision, wanted[i].revision, "%s", wanted[i].path);
        cr_expect_str_eq(list[i].revision->author, "tester");
    }
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ at a moment, lately */

Test(changes, the_state_of_a_moment_is_found)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    uint64_t revision = 0;
    struct timespec pause = {.tv_nsec = 5000000};
    for (int i = 1; i <= 3; i++) {
        cr_assert_eq(put(registry, "A", i), ERR_OK);
        nanosleep(&pause, NULL);
    }
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, 0, &list, &count, NULL),
        ERR_OK);
    for (size_t i = 1; i < count; i++) { /* newest first; the first is the deletion */
        cr_expect_eq(registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN,
                         list[i - 1].time_ms - 1, &revision, NULL),
            ERR_OK);
        cr_expect_eq(revision, list[i].revision);
    }
    cr_expect_eq(registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN,
                     list[count - 1].time_ms - 1, &revision, NULL),
        ERR_NOT_FOUND, "before it was made");
    struct err err = {0};
    cr_expect_eq(registry_revision_at(&view, REGISTRY_SUBMODEL, "urn:x", 5, 0, &revision, &err),
        ERR_NOT_FOUND);
    cr_expect_str_eq(err.text, "there never was a thing with the id 'urn:x'");
    cr_expect_eq(
        registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN, INT64_MAX, &revision, NULL),
        ERR_NOT_FOUND, "it is deleted");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

static void write_some(struct registry *registry)
{
    char json[FIXTURE_JSON];
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "urn:%d", i);
        fixture_submodel(json, name, "A", i);
        cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, name, json, NULL), ERR_OK);
    }
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:3", NULL, NULL), ERR_OK);
}

/* Pages of two, put together as "id operation" words. */
static void tell_changes(
    struct registry *registry, const struct registry_change_filter *which, char text[TEXT])
{
    struct registry_change_filter filter = *which;
    size_t used = 0;
    text[0] = '\0';
    filter.limit = 2;
    do {
        struct registry_view view;
        struct arena arena;
        struct registry_changed *list = NULL;
        size_t count = 0;
        uint64_t next = 0;
        arena_init(&arena, SIZE_MAX);
        cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
        cr_assert_eq(registry_changes(&view, &arena, &filter, &list, &count, &next, NULL), ERR_OK);
        for (size_t i = 0; i < count; i++) {
            used += (size_t)snprintf(text + used, TEXT - used, "%s %s%s;", list[i].id,
                list[i].revision.operation, list[i].deleted ? "!" : "");
        }
        registry_view_end(&view);
        arena_finish(&arena);
        filter.after = next;
    } while (filter.after != 0);
}

Test(changes, nothing_is_behind_the_last_change)
{
    static const uint64_t cursors[] = {6, 7, UINT64_MAX - 1, UINT64_MAX};
    struct registry *registry = fixture_open();
    write_some(registry); /* six changes */
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        struct registry_view view;
        struct arena arena;
        struct registry_changed *list = NULL;
        const struct registry_change_filter filter = {.after = cursors[i]};
        size_t count = 9;
        uint64_t next = 9;
        arena_init(&arena, SIZE_MAX);
        cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
        cr_expect_eq(registry_changes(&view, &arena, &filter, &list, &count, &next, NULL), ERR_OK);
        cr_expect_eq(count, 0);
        cr_expect_eq(next, 0);
        registry_view_end(&view);
        arena_finish(&arena);
    }
    registry_close(registry);
}

Test(changes, all_changes_are_told_in_their_order_with_deletions)
{
    struct registry *registry = fixture_open();
    char text[TEXT];
    struct registry_change_filter filter = {.kind = REGISTRY_SUBMODEL};
    write_some(registry);
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(
        text, "urn:0 create;urn:1 create;urn:2 create;urn:3 create;urn:4 create;urn:3 delete!;");
    filter.kind = REGISTRY_SHELL;
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "");
    registry_close(registry);
}

Test(changes, newest_come_first_and_only_ids_that_begin_so_when_asked_for)
{
    struct registry *registry = fixture_open();
    char text[TEXT];
    struct registry_change_filter filter = {.newest_first = true};
    write_some(registry);
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(
        text, "urn:3 delete!;urn:4 create;urn:3 create;urn:2 create;urn:1 create;urn:0 create;");
    filter.id_prefix = "urn:3";
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "urn:3 delete!;urn:3 create;");
    filter.newest_first = false;
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "urn:3 create;urn:3 delete!;");
    filter = (struct registry_change_filter){.newest_first = true, .after = 7};
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "", "a cursor that was made up");
    registry_close(registry);
}

Test(changes, only_what_changed_since_a_moment_is_told)
{
    struct registry *registry = fixture_open();
    char text[TEXT];
    struct timespec pause = {.tv_nsec = 5000000};
    struct timespec now;
    write_some(registry);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    nanosleep(&pause, NULL);
    int64_t since = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    char json[FIXTURE_JSON];
    fixture_submodel(json, "urn:1", "A", 9);
    cr_assert_eq(fixture_write(registry, REGISTRY_REPLACE, "urn:1", json, NULL), ERR_OK);
    fixture_submodel(json, "urn:new", "A", 9);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:new", json, NULL), ERR_OK);
    struct registry_change_filter filter = {.kind = REGISTRY_SUBMODEL, .updated_from = since};
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "urn:1 replace;urn:new create;");
    filter = (struct registry_change_filter){.kind = REGISTRY_SUBMODEL, .created_from = since};
    tell_changes(registry, &filter, text);
    cr_expect_str_eq(text, "urn:new create;");
    registry_close(registry);
}

/* ------------------------------------------------------------------ the chain */

struct row {
    enum store_table table;
    unsigned char key[STORE_MAX_KEY];
    size_t key_len;
    unsigned char bytes[TEXT];
    size_t len;
};

static enum err_code put_row(struct store_txn *txn, void *context, struct err *err)
{
    const struct row *row = context;
    (void)err;
    return store_put(txn, row->table, row->key, row->key_len, row->bytes, row->len);
}

/* The row number `at` of a table; false behind the last. */
static bool read_row(struct registry *registry, enum store_table table, size_t at, struct row *row)
{
    struct registry_view view;
    struct store_cursor cursor;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(store_cursor_open(&view.txn, table, &cursor), ERR_OK);
    bool found = store_cursor_seek(&cursor, "", 0);
    for (size_t i = 0; i < at && found; i++) {
        found = store_cursor_next(&cursor);
    }
    if (found) {
        cr_assert(cursor.key.len <= STORE_MAX_KEY && cursor.value.len <= TEXT);
        *row = (struct row){.table = table, .key_len = cursor.key.len, .len = cursor.value.len};
        memcpy(row->key, cursor.key.bytes, row->key_len);
        memcpy(row->bytes, cursor.value.bytes, row->len);
    }
    store_cursor_close(&cursor);
    registry_view_end(&view);
    return found;
}

static uint64_t problems(struct registry *registry)
{
    struct registry_verification found;
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    return found.problems;
}

/* Flips bits of each byte of each row in turn. */
static void flip_all(struct registry *registry, enum store_table table)
{
    struct row row;
    for (size_t at = 0; read_row(registry, table, at, &row); at++) {
        for (size_t i = 0; i < row.len; i++) {
            row.bytes[i] ^= 0x21;
            cr_assert_eq(store_write(registry_store(registry), put_row, &row, NULL), ERR_OK);
            cr_expect_gt(problems(registry), 0, "table %d, row %zu, byte %zu", (int)table, at, i);
            row.bytes[i] ^= 0x21;
        }
        cr_assert_eq(store_write(registry_store(registry), put_row, &row, NULL), ERR_OK);
    }
    cr_expect_eq(problems(registry), 0);
}

static struct registry *with_history(void)
{
    struct registry *registry = fixture_open();
    struct random_edit edit = {.seed = &(unsigned){5}, .value_only = true};
    cr_assert_eq(put(registry, "A", 1), ERR_OK);
    cr_assert_eq(registry_edit(registry, REGISTRY_SUBMODEL, id, ID_LEN, NULL, DOCUMENT_LOG_VALUE,
                     edit_at_random, &edit, NULL, NULL, NULL),
        ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
    return registry;
}

Test(changes, any_flipped_byte_of_the_log_is_found)
{
    struct registry *registry = with_history();
    flip_all(registry, STORE_LOG);
    registry_close(registry);
}

Test(changes, any_flipped_byte_of_a_revision_is_found)
{
    struct registry *registry = with_history();
    flip_all(registry, STORE_REVISIONS);
    registry_close(registry);
}

Test(changes, any_flipped_byte_is_found_after_pruning)
{
    struct registry *registry = with_history();
    const struct prune_rule rule = {.structure_before_ms = INT64_MAX, .said = "all"};
    struct prune_result result;
    cr_assert_eq(registry_prune(registry, &rule, NULL, NULL, &result, NULL), ERR_OK);
    cr_assert_eq(result.revisions, 2, "the deletion stays");
    flip_all(registry, STORE_LOG);
    flip_all(registry, STORE_REVISIONS);
    registry_close(registry);
}

/* ------------------------------------------------------------------ older stores */

static enum err_code make_old(struct store_txn *txn, void *context, struct err *err)
{
    unsigned char bytes[8];
    (void)context;
    (void)err;
    struct log_entry last;
    while (log_last(txn, &last) == ERR_OK) {
        struct store_key key;
        key_start(&key);
        key_add_number(&key, last.sequence);
        enum err_code code = store_delete(txn, STORE_LOG, key.bytes, key.len);
        if (code != ERR_OK) {
            return code;
        }
    }
    value_set_u64(bytes, 1);
    return store_put(txn, STORE_META, "format", 6, bytes, sizeof bytes);
}

Test(changes, a_store_without_a_log_is_given_one)
{
    struct registry *registry = fixture_open();
    char before[TEXT];
    char after[TEXT];
    const struct registry_change_filter filter = {.kind = REGISTRY_SUBMODEL};
    write_some(registry);
    tell_changes(registry, &filter, before);
    cr_assert_eq(store_write(registry_store(registry), make_old, NULL, NULL), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    cr_expect_eq(problems(registry), 0);
    tell_changes(registry, &filter, after);
    cr_expect_eq(strlen(after), strlen(before), "%s", after);
    registry_close(registry);
}

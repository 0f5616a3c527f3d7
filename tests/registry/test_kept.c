/* SPDX-License-Identifier: Apache-2.0 */
/* What is restored gets the files back that were kept, and tells those that were not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry/changes.h"
#include "registry/kept.h"
#include "registry/keys.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

#define ID "urn:a"
#define FILE_JSON(value)                                                                           \
    "{\"modelType\":\"File\",\"idShort\":\"one\",\"value\":\"" value                               \
    "\",\"contentType\":\"text/plain\"}"
#define SUBMODEL(elements)                                                                         \
    "{\"modelType\":\"Submodel\",\"id\":\"" ID "\",\"submodelElements\":[" elements "]}"
#define PROPERTY(value)                                                                            \
    "{\"modelType\":\"Property\",\"idShort\":\"speed\",\"valueType\":\"xs:int\",\"value\":"        \
    "\"" value "\"}"

static struct registry *registry;
static struct report report; /* of the last restoration */
static struct err err;

static void start(void)
{
    fixture_start();
    registry = fixture_open();
    report_init(&report);
}

static void stop(void)
{
    fixture_verify(registry);
    registry_close(registry);
    report_finish(&report);
    fixture_stop();
}

TestSuite(kept, .init = start, .fini = stop, .timeout = 120);

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* So that no two changes are of one moment. */
static void pass(void)
{
    static const struct timespec pause = {.tv_nsec = 3000000};
    nanosleep(&pause, NULL);
}

static void write_json(enum registry_operation operation, const char *json)
{
    pass();
    cr_assert_eq(fixture_write(registry, operation, ID, json, &err), ERR_OK, "%s", err.text);
}

static void keep(const char *rule)
{
    cr_assert_eq(kept_set_rule(registry, rule, &err), ERR_OK, "%s", err.text);
}

/* ------------------------------------------------------------------ attaching and restoring */

struct attaching {
    const char *value;
    struct registry_attachment *attachment;
};

static enum err_code set_value(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *e)
{
    struct attaching *a = context;
    size_t count = 0;
    struct aas_node **elements = aas_list(submodel, PROP_submodelElements, &count);
    (void)e;
    a->attachment->value = a->value;
    return aas_set_text(arena, elements[0], PROP_value, a->value, strlen(a->value));
}

/* Attaches a text to the first element of the submodel. */
static void attach(const char *value, const char *text)
{
    struct blob_content content = {.bytes = text, .len = strlen(text)};
    struct registry_attachment attachment = {
        .content = &content, .content_type = "text/plain", .name = "sent.txt"};
    struct attaching a = {.value = value, .attachment = &attachment};
    struct store *store = registry_store(registry);
    pass();
    cr_assert_eq(blob_stage(store, &content, 1, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(registry_edit_file(registry, REGISTRY_SUBMODEL, ID, strlen(ID), NULL, set_value,
                     &a, &attachment, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
    blob_release(store, &content, 1);
}

static void restore(uint64_t revision)
{
    enum registry_outcome outcome;
    pass();
    report_clear(&report);
    cr_assert_eq(registry_restore(registry, REGISTRY_SUBMODEL, ID, strlen(ID), revision,
                     REGISTRY_UPSERT, NULL, NULL, &report, &outcome, &err),
        ERR_OK, "%s", err.text);
}

/* What the newest revision says of itself. */
static void expect_summary(const char *wanted)
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(
                     &view, &arena, REGISTRY_SUBMODEL, ID, strlen(ID), 0, 0, &list, &count, &err),
        ERR_OK);
    cr_expect_str_eq(list[0].summary, wanted);
    registry_view_end(&view);
    arena_finish(&arena);
}

/* `wanted` NULL: it leads to nothing. */
static void expect_file(const char *value, const char *wanted)
{
    char bytes[100] = "";
    struct registry_view view;
    struct registry_document document;
    struct registry_file file;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_get(&view, REGISTRY_SUBMODEL, ID, strlen(ID), &document, &err), ERR_OK);
    enum err_code code = registry_file_find(&view, &document, value, &file, &err);
    cr_expect_eq(code == ERR_OK, wanted != NULL, "%s: %s", value, err.text);
    if (code == ERR_OK) {
        cr_expect_str_eq(file.name, "sent.txt");
        cr_expect_str_eq(file.content_type, "text/plain");
        cr_assert_lt(file.size, sizeof bytes);
        cr_expect_eq(blob_read(&view.txn, file.blob, 0, bytes, (size_t)file.size, &err), ERR_OK);
        cr_expect_str_eq(bytes, wanted == NULL ? "" : wanted);
    }
    registry_view_end(&view);
}

static uint64_t blobs(void)
{
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    return found.blobs;
}

/* Revision 1 without a file, 2 with one, then deleted: 3. */
static void attach_and_delete(void)
{
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x") "," PROPERTY("1")));
    attach("/files/a.txt", "content");
    write_json(REGISTRY_DELETE, NULL);
}

/* ------------------------------------------------------------------ kept or not */

Test(kept, without_a_rule_the_bytes_go_and_the_restoration_tells_it)
{
    attach_and_delete();
    cr_expect_eq(blobs(), 0);
    restore(2);
    cr_assert_eq(report.count, 1);
    cr_expect_str_eq(report.findings[0].rule, "file-not-kept");
    cr_expect_eq(report.findings[0].severity, AAS_WARNING);
    cr_expect_str_eq(report.findings[0].text, "the file '/files/a.txt' of 7 bytes was not kept");
    expect_summary("revision 2 is there again, but 1 file was not kept");
    expect_file("/files/a.txt", NULL);
    attach("/files/a.txt", "sent again");
    expect_file("/files/a.txt", "sent again");
}

Test(kept, with_a_rule_what_was_deleted_comes_back_with_its_files)
{
    keep("90d");
    attach_and_delete();
    cr_expect_eq(blobs(), 1, "kept");
    restore(2);
    cr_expect_eq(report.count, 0);
    expect_summary("revision 2 is there again");
    expect_file("/files/a.txt", "content");
    cr_expect_eq(blobs(), 1);
    write_json(REGISTRY_DELETE, NULL);
    restore(2);
    expect_file("/files/a.txt", "content");
}

Test(kept, what_was_taken_out_of_a_submodel_comes_back_into_it)
{
    keep("90d");
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x") "," PROPERTY("1")));
    attach("/files/a.txt", "content");
    write_json(REGISTRY_REPLACE, SUBMODEL(PROPERTY("1")));
    restore(2);
    expect_file("/files/a.txt", "content");
    restore(1);
    cr_expect_eq(report.count, 0, "nothing ever was under /x");
    expect_file("/x", NULL);
}

Test(kept, each_revision_gets_the_content_of_its_time)
{
    keep("90d");
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x") "," PROPERTY("1")));
    attach("/files/a.txt", "first");
    write_json(REGISTRY_REPLACE, SUBMODEL(FILE_JSON("/files/a.txt") "," PROPERTY("2")));
    attach("/files/a.txt", "second");
    write_json(REGISTRY_DELETE, NULL);
    restore(3);
    expect_file("/files/a.txt", "second");
    write_json(REGISTRY_DELETE, NULL);
    restore(2);
    expect_file("/files/a.txt", "first");
}

Test(kept, a_file_that_is_there_stays_as_it_is)
{
    keep("90d");
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x") "," PROPERTY("1")));
    attach("/files/a.txt", "first");
    write_json(REGISTRY_REPLACE, SUBMODEL(FILE_JSON("/files/a.txt") "," PROPERTY("2")));
    attach("/files/a.txt", "second");
    restore(2);
    expect_file("/files/a.txt", "second");
}

Test(kept, another_spelling_is_no_file_that_is_missing)
{
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x") "," PROPERTY("1")));
    attach("/files/a.txt", "content");
    write_json(REGISTRY_REPLACE, SUBMODEL(FILE_JSON("a.txt") "," PROPERTY("1")));
    expect_file("a.txt", "content");
    restore(2);
    cr_expect_eq(report.count, 0);
    expect_file("/files/a.txt", "content");
}

Test(kept, what_others_have_too_comes_back_by_a_rule_only)
{
    static const char other[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:b\",\"submodelElements\":"
                                "[" FILE_JSON("/files/a.txt") "]}";
    attach_and_delete();
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, other, &err), ERR_OK);
    restore(2);
    expect_file("/files/a.txt", NULL);
    cr_expect_eq(report.count, 1, "files of others are not lent");
}

/* ------------------------------------------------------------------ older stores */

static enum err_code make_old(struct store_txn *txn, void *context, struct err *e)
{
    unsigned char format[8];
    (void)context;
    (void)e;
    value_set_u64(format, 4);
    return store_put(txn, STORE_META, "format", 6, format, sizeof format);
}

Test(kept, a_store_of_an_older_format_knows_what_is_dropped_from_now_on)
{
    struct registry_view view;
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x")));
    attach("/files/a.txt", "content");
    cr_assert_eq(store_write(registry_store(registry), make_old, NULL, NULL), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_expect_eq(store_last_number(&view.txn, "format"), 7);
    registry_view_end(&view);
    write_json(REGISTRY_DELETE, NULL);
    restore(2);
    cr_expect_eq(report.count, 1);
}

/* ------------------------------------------------------------------ damage */

enum damage { CUT, OTHER_TEXT, NO_BYTES, OTHER_PLACE };

static enum err_code damage_row(struct store_txn *txn, void *context, struct err *e)
{
    static char bytes[1000];
    const enum damage *damage = context;
    struct store_cursor cursor;
    char key[KEPT_KEY_BYTES];
    const char kept = FILES_KEPT;
    (void)e;
    cr_assert_eq(store_cursor_open(txn, STORE_FILES, &cursor), ERR_OK);
    cr_assert(store_cursor_seek(&cursor, &kept, 1));
    cr_assert_eq(cursor.key.len, KEPT_KEY_BYTES);
    size_t len = cursor.value.len;
    cr_assert_lt(len, sizeof bytes);
    memcpy(bytes, cursor.value.bytes, len);
    memcpy(key, cursor.key.bytes, sizeof key);
    store_cursor_close(&cursor);
    bytes[0] = *damage == NO_BYTES ? (char)(bytes[0] ^ 1) : bytes[0];
    bytes[STORE_HASH_BYTES + 8] = *damage == OTHER_TEXT ? '?' : bytes[STORE_HASH_BYTES + 8];
    size_t key_len = *damage == OTHER_PLACE ? sizeof key - 1 : sizeof key;
    return store_put(txn, STORE_FILES, key, key_len, bytes, *damage == CUT ? len - 1 : len);
}

Test(kept, a_damaged_row_is_found_by_the_verification)
{
    for (enum damage damage = CUT; damage <= OTHER_PLACE; damage++) {
        struct registry_verification found = {0};
        keep("90d");
        write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x")));
        attach("/files/a.txt", "content");
        write_json(REGISTRY_DELETE, NULL);
        cr_assert_eq(store_write(registry_store(registry), damage_row, &damage, NULL), ERR_OK);
        cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
        cr_expect_gt(found.problems, 0, "damage %d", (int)damage);
        registry_close(registry);
        fixture_stop();
        fixture_start();
        registry = fixture_open();
    }
}

/* ------------------------------------------------------------------ how long */

static struct kept_result prune(int64_t bytes_before_ms, int64_t rows_before_ms, bool dry_run)
{
    struct kept_result result = {0};
    const struct kept_pruning pruning = {
        .bytes_before_ms = bytes_before_ms, .rows_before_ms = rows_before_ms, .dry_run = dry_run};
    cr_assert_eq(kept_prune(registry, &pruning, &result, &err), ERR_OK, "%s", err.text);
    return result;
}

Test(kept, what_was_kept_for_long_enough_goes)
{
    int64_t before = now_ms();
    keep("90d");
    attach_and_delete();
    cr_expect_eq(prune(before, 0, false).files, 0, "it is younger");
    cr_expect_eq(blobs(), 1);
    struct kept_result dry = prune(now_ms() + 1000, 0, true);
    cr_expect_eq(dry.files, 1);
    cr_expect_eq(dry.bytes, 7);
    cr_expect_eq(blobs(), 1, "only counted");
    struct kept_result done = prune(now_ms() + 1000, 0, false);
    cr_expect_eq(done.files, 1);
    cr_expect_eq(done.bytes, 7);
    cr_expect_eq(blobs(), 0);
    cr_expect_eq(prune(now_ms() + 1000, 0, false).files, 0, "once");
    restore(2);
    cr_expect_eq(report.count, 1, "that it was there is still known");
}

Test(kept, what_is_not_known_any_more_is_not_missed)
{
    attach_and_delete();
    prune(0, now_ms() + 1000, false);
    restore(2);
    cr_expect_eq(report.count, 0);
    expect_summary("revision 2 is there again");
}

Test(kept, many_files_go_in_several_transactions)
{
    enum { FILES = 700 };
    keep("1h");
    write_json(REGISTRY_CREATE, SUBMODEL(FILE_JSON("/x")));
    for (int i = 0; i < FILES; i++) {
        char text[20];
        snprintf(text, sizeof text, "content %d", i);
        attach(i % 2 == 0 ? "/files/a.txt" : "/files/b.txt", text);
    }
    cr_expect_eq(blobs(), FILES);
    cr_expect_eq(prune(now_ms() + 1000, 0, false).files, FILES - 1);
    cr_expect_eq(blobs(), 1);
    expect_file("/files/b.txt", "content 699");
}

Test(kept, a_rule_stays_with_the_store_until_another_one_is_said)
{
    const struct registry_options options = {
        .store = {.dir = fixture_dir}, .without_library = true, .keep_files = "none"};
    keep("2h");
    registry_close(registry);
    registry = fixture_open();
    struct registry_view view;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_expect_eq(kept_rule(&view.txn), 2 * 3600 * 1000);
    registry_view_end(&view);
    registry_close(registry);
    cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
    attach_and_delete();
    cr_expect_eq(blobs(), 0);
    cr_expect_eq(kept_set_rule(registry, "long", &err), ERR_BAD_INPUT);
    cr_expect_eq(kept_set_rule(registry, "90", &err), ERR_BAD_INPUT);
}

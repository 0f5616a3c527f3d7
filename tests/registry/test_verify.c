/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row of a store that agrees is removed or altered at a time: verification says so in a
 * sentence that names the thing, and is content again when the row is as it was.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/documents.h"
#include "registry/packages.h"
#include "registry/keys.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(verify, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { FILLER = 3 * BLOB_CHUNK_BYTES, SAID = 8192, LOST = -1, LONGER = -2 };

/* A file of the submodel "urn:file", whose element leads to it. */
static enum err_code attach_file(struct store_txn *txn, void *context, struct err *err)
{
    const struct blob_content *content = context;
    struct registry_document document;
    struct registry_file file = {.size = content->len, .content_type = "text/plain", .name = "a"};
    memcpy(file.blob, content->hold.hash, STORE_HASH_BYTES);
    enum err_code code = document_find(txn, REGISTRY_SUBMODEL, "urn:file", 8, &document, err);
    if (code == ERR_OK) {
        code = file_put(txn, REGISTRY_SUBMODEL, document.number, "/a.txt", &file, 1);
    }
    return code == ERR_OK ? blob_let_go(txn, &content->hold) : code;
}

/* A submodel with a file, and a package with a shell. */
static void fill_files(struct registry *registry)
{
    static const char *const shells[] = {"urn:shell"};
    struct arena arena;
    struct err err = {0};
    enum registry_outcome outcome;
    struct blob_content contents[] = {
        {.bytes = "attached", .len = 8}, {.bytes = "package", .len = 7}};
    const struct registry_package_change change = {.operation = REGISTRY_CREATE,
        .file_name = "a.aasx",
        .shells = shells,
        .shell_count = 1,
        .content = &contents[1]};
    struct store *store = registry_store(registry);
    arena_init(&arena, 1 << 20);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:file",
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:file\",\"submodelElements\":[{"
                     "\"modelType\":\"File\",\"idShort\":\"aa\",\"value\":\"/a.txt\","
                     "\"contentType\":\"text/plain\"}]}",
                     &err),
        ERR_OK, "%s", err.text);
    cr_assert_eq(blob_stage(store, contents, 2, NULL), ERR_OK);
    cr_assert_eq(store_write(store, attach_file, &contents[0], NULL), ERR_OK);
    cr_assert_eq(registry_package_change(registry, &arena, &change, NULL, &outcome, NULL), ERR_OK);
    arena_finish(&arena);
}

/* A template in two versions, one as package, and a submodel with history that came back. */
static struct registry *filled(void)
{
    struct registry *registry = fixture_open();
    char json[FIXTURE_JSON];
    struct err err = {0};
    template_json(json, "press", 1);
    cr_assert_eq(template_import(registry, json, strlen(json), "press-1.json", &err), ERR_OK, "%s",
        err.text);
    size_t len = 0;
    template_json(json, "press", 2);
    char *package = template_package(json, FILLER, &len);
    cr_assert_eq(
        template_import(registry, package, len, "press-2.aasx", &err), ERR_OK, "%s", err.text);
    free(package);
    fixture_submodel(json, "urn:a", "A", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:a", json, NULL), ERR_OK);
    fixture_submodel(json, "urn:gone", "Gone", 1);
    cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, "urn:gone", json, NULL), ERR_OK);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:gone", NULL, NULL), ERR_OK);
    return registry;
}

/* ------------------------------------------------------------------ damage */

struct row {
    enum store_table table;
    struct store_key key;
    char *bytes; /* NULL: no such row */
    size_t len;
};

static enum err_code change_set(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    const struct row *row = context;
    return row->bytes == NULL
               ? store_delete(txn, row->table, row->key.bytes, row->key.len)
               : store_put(txn, row->table, row->key.bytes, row->key.len, row->bytes, row->len);
}

static void set(struct registry *registry, struct row *row)
{
    cr_assert_eq(store_write(registry_store(registry), change_set, row, NULL), ERR_OK);
}

/* The first row whose key is not before `from`; false when there is none. */
static bool find_row(struct registry *registry, enum store_table table, const void *from,
    size_t from_len, struct row *row)
{
    struct registry_view view;
    struct store_cursor cursor;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(store_cursor_open(&view.txn, table, &cursor), ERR_OK);
    bool found = store_cursor_seek(&cursor, from, from_len);
    if (found) {
        *row = (struct row){.table = table, .len = cursor.value.len};
        key_start(&row->key);
        key_add(&row->key, cursor.key.bytes, cursor.key.len);
        row->bytes = malloc(row->len + 1);
        memcpy(row->bytes, cursor.value.bytes, row->len);
    }
    store_cursor_close(&cursor);
    registry_view_end(&view);
    return found;
}

static struct row copy_row(
    struct registry *registry, enum store_table table, const char *from, size_t from_len)
{
    struct row row;
    cr_assert(find_row(registry, table, from, from_len, &row), "table %d", (int)table);
    return row;
}

static void collect(void *context, const char *text)
{
    char *said = context;
    size_t len = strlen(said);
    snprintf(said + len, SAID - len, "%s\n", text);
}

/* Verifies and gives what was said; at least one problem, or at least one warning, is expected. */
static void expect_said(struct registry *registry, const char *wanted, bool warning)
{
    char *said = calloc(1, SAID);
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, collect, said, &found, NULL), ERR_OK);
    cr_expect_gt(warning ? found.warnings : found.problems, 0, "nothing says '%s'", wanted);
    cr_expect_not_null(strstr(said, wanted), "'%s' is not in:\n%s", wanted, said);
    free(said);
}

struct damage {
    enum store_table table;
    const char *from; /* start of the key */
    size_t from_len;
    int at; /* byte of the value that is changed, LOST, or LONGER by a byte */
    const char *said;
};

#define KEY(text) text, sizeof text - 1

static void damage_one(struct registry *registry, const struct damage *damage)
{
    struct row row = copy_row(registry, damage->table, damage->from, damage->from_len);
    struct row damaged = row;
    damaged.bytes = damage->at == LOST ? NULL : malloc(row.len + 1);
    if (damaged.bytes != NULL) {
        memcpy(damaged.bytes, row.bytes, row.len);
        damaged.bytes[row.len] = 'x';
        damaged.len += damage->at == LONGER;
        damaged.bytes[damage->at >= 0 ? damage->at : (int)row.len] ^= 1;
    }
    set(registry, &damaged);
    expect_said(registry, damage->said, false);
    set(registry, &row);
    free(row.bytes);
    free(damaged.bytes);
}

#define PRESS "a.example-smt-press"

Test(verify, every_damaged_row_is_noticed_by_its_name)
{
    static const struct damage damages[] = {
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "1.0"),
            LOST, "template " PRESS},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "1.0"),
            LOST, PRESS " version 1.0 was imported"},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "2.0"),
            LOST, "version 2.0 is shown under its id"},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "1.0"),
            0, PRESS " version 1.0: the record is damaged"},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "1.0"),
            4, "version 1.0: the search has another state"},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "1.0"),
            24, "version 1.0: its content is not there"},
        {STORE_VERSIONS,
            KEY(PRESS "\0"
                      "2.0"),
            40, "version 2.0: the package it came in"},
        {STORE_FAMILIES, KEY(PRESS), LOST, "version 1.0: its family is not there"},
        {STORE_FAMILIES, KEY(PRESS), 0, "template " PRESS ": the record of the family is damaged"},
        {STORE_FAMILIES, KEY(PRESS), 4, PRESS ": there are 2 versions, the family says 3"},
        {STORE_FAMILIES, KEY(PRESS), 8, PRESS ": the title is not that"},
        {STORE_FAMILIES, KEY(PRESS), 16, PRESS ": the newest published version is '2.0'"},
        {STORE_FAMILIES, KEY("\x01"), 0, "version 2.0 is shown under its id and is not there"},
        {STORE_IMPORTS, KEY(""), 0, "a record of an import is damaged"},
        {STORE_IMPORTS, KEY(""), 4, "a record of an import"},
        {STORE_IMPORTS, KEY(""), LONGER, "ends too early or too late"},
        {STORE_IMPORTS, KEY(""), 12, " was imported and is not there"},
        {STORE_BLOBS, KEY(""), 7, "is not whole"},
        {STORE_BLOBS, KEY(""), LONGER, "is not whole"},
        {STORE_BLOBS, KEY(""), LOST, "version 2.0: the package it came in"},
        {STORE_CONTENT, KEY(""), 0, "cannot be inflated"},
        {STORE_CONTENT, KEY(""), LONGER, "cannot be inflated"},
        {STORE_IDS, KEY("\x02"), LOST, "Submodel number"},
        {STORE_IDS, KEY("\x03"), LOST, "'urn:concept:press' was imported and its id"},
        {STORE_DOCUMENTS, KEY("\x02"), LOST, "Submodel number 1"},
        {STORE_DOCUMENTS, KEY("\x02"), 21, "there are bytes in its record that say nothing"},
        {STORE_DOCUMENTS, KEY("\x02"), 40, "its newest revision is of another moment"},
        {STORE_REVISIONS, KEY("\x03"), LOST, "ConceptDescription number 1"},
        {STORE_INDEX, KEY(""), LOST, "the index does not know"},
        {STORE_SEARCHED, KEY("kv"), LOST, "version 1.0: it is not searched"},
        {STORE_SEARCHED, KEY("kv"), 0, "version 1.0: it is not searched"},
        {STORE_SEARCHED, KEY("n"), LOST, "something leads to search entry 1"},
        {STORE_SEARCHED, KEY("n\0\0\0\0\0\0\0\2"), 50,
            "its search entry does not fit the document"},
        {STORE_TERMS, KEY("force"), LOST, "force"},
        {STORE_POSTINGS, KEY("force"), LOST, "force"},
        {STORE_PHRASES, KEY(""), LOST, "the phrases of search entry 1"},
        {STORE_PHRASES, KEY(""), 0, "the phrases listed in row 0"},
        {STORE_PHRASES, KEY(""), LONGER, "the phrases of search entry 1"},
        {STORE_NAMES, KEY(""), LOST, "is not found by its name"},
        {STORE_NAMES, KEY(""), LONGER, "is not found by its name"},
        {STORE_META, KEY("count/2"), 0, "the counter of kind 2"},
        {STORE_META, KEY("number/2"), LOST, "Submodel number 3: the next number"},
        {STORE_META, KEY("search-number"), LOST, "the next number to be given would be 1"},
        {STORE_META, KEY("search-totals"), LOST, "the totals of the search"},
    };
    struct registry *registry = filled();
    fixture_verify(registry);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        damage_one(registry, &damages[i]);
    }
    fixture_verify(registry);
    registry_close(registry);
}

Test(verify, everything_is_counted)
{
    struct registry *registry = filled();
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    cr_expect_eq(found.warnings, 0);
    cr_expect_eq(found.documents, 3);
    cr_expect_eq(found.ids, 6, "template, concept, a, gone, two versions");
    cr_expect_eq(found.revisions, 8, "template twice, concept once, a once, gone twice, versions");
    cr_expect_eq(found.families, 1);
    cr_expect_eq(found.versions, 2);
    cr_expect_eq(found.imports, 2);
    cr_expect_eq(found.blobs, 1);
    cr_expect_eq(found.contents, 7, "five of revisions, two environments");
    registry_close(registry);
}

/* ------------------------------------------------------------------ rows nobody needs */

static char *bytes_of(const char *text, size_t len)
{
    char *bytes = malloc(len + 1);
    memcpy(bytes, text, len);
    return bytes;
}

Test(verify, what_nothing_refers_to_is_a_warning)
{
    struct registry *registry = filled();
    struct row blob = {.table = STORE_BLOBS, .bytes = bytes_of("stray", 5), .len = 5};
    unsigned char hash[STORE_HASH_BYTES];
    store_hash("stray", 5, hash);
    key_start(&blob.key);
    key_add(&blob.key, hash, sizeof hash);
    key_add_number(&blob.key, 0);
    set(registry, &blob);
    expect_said(registry, "warning: blob ", true);
    struct row content = copy_row(registry, STORE_CONTENT, "", 0);
    struct row version = copy_row(registry, STORE_VERSIONS, "", 0);
    struct registry_verification found = {0};
    version.bytes[24] = (char)(version.bytes[24] ^ 1);
    set(registry, &version);
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.warnings, 1, "its history still has the content");
    cr_expect_eq(found.problems, 2, "no such content, and not what the history says");
    free(blob.bytes);
    free(content.bytes);
    free(version.bytes);
    registry_close(registry);
}

Test(verify, content_under_another_hash_is_noticed)
{
    struct registry *registry = filled();
    struct row first = copy_row(registry, STORE_CONTENT, "", 0);
    struct row moved = first;
    moved.key.bytes[0] ^= 1;
    set(registry, &moved);
    expect_said(registry, "has another hash than its key", false);
    free(first.bytes);
    registry_close(registry);
}

Test(verify, chunk_in_the_middle_of_a_blob_is_missed)
{
    struct registry *registry = filled();
    struct row first = copy_row(registry, STORE_BLOBS, "", 0);
    struct row second = first;
    second.key.bytes[second.key.len - 1] = 1;
    second.bytes = NULL;
    set(registry, &second);
    expect_said(registry, "is not whole", false);
    free(first.bytes);
    registry_close(registry);
}

/* ------------------------------------------------------------------ files */

Test(verify, files_that_nothing_leads_to_and_false_counts_are_noticed)
{
    static const struct {
        char from; /* first byte of the key */
        int at;    /* byte of the value that is changed, LOST */
        const char *said;
    } rows[] = {{'b', 0, "references, there are"}, {'b', 9, "has another size"},
        {'b', 16, "has not come in wholly"}, {'b', LOST, "does not count its references"},
        {'f', 0, "its content is not there"}, {'f', 24, "stands in another one's place"},
        {'f', LOST, "references, there are 0"}, {'p', 0, "its content is not there"},
        {'p', LOST, "which is another one"}, {'i', LOST, "is not found by its id"},
        {'a', LOST, "is not found by its id"}, {'c', LOST, "is not found by its id"}};
    struct registry *registry = filled();
    fill_files(registry);
    fixture_verify(registry);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct row row = copy_row(registry, STORE_FILES, &rows[i].from, 1);
        struct row damaged = row;
        char *bytes = malloc(row.len + 1);
        memcpy(bytes, row.bytes, row.len);
        if (rows[i].at != LOST) {
            bytes[rows[i].at] = (char)(bytes[rows[i].at] ^ 1);
        }
        damaged.bytes = rows[i].at == LOST ? NULL : bytes;
        set(registry, &damaged);
        expect_said(registry, rows[i].said, false);
        set(registry, &row);
        free(bytes);
        free(row.bytes);
    }
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ any damage */

enum { ROWS_TRIED = 12 };

/* What is not noticed when the last byte is missing or all are: nothing derives from it. */
static bool is_plain(const struct row *row)
{
    return row->len == 0 ||
           (row->table == STORE_META && (memcmp(row->key.bytes, "format", 6) == 0 ||
                                            memcmp(row->key.bytes, "journal", 7) == 0));
}

static void truncate_one(struct registry *registry, const struct row *row, size_t len)
{
    struct registry_verification found = {0};
    struct row cut = *row;
    cut.len = len;
    set(registry, &cut);
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_gt(found.problems, 0, "a row of table %d with %zu of %zu bytes is taken as whole",
        (int)row->table, len, row->len);
}

/* Nothing is promised about what is found here, only that reading stays inside of the row. */
static void scramble_one(struct registry *registry, const struct row *row, unsigned *random)
{
    struct registry_verification found = {0};
    struct row other = *row;
    other.bytes = malloc(row->len);
    memcpy(other.bytes, row->bytes, row->len);
    for (int i = 0; i < 3; i++) {
        size_t head = row->len < 64 ? row->len : 64;
        other.bytes[(size_t)rand_r(random) % head] = (char)rand_r(random);
        other.bytes[(size_t)rand_r(random) % row->len] = (char)rand_r(random);
    }
    set(registry, &other);
    cr_expect_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    free(other.bytes);
}

static void damage_row(struct registry *registry, struct row *row, unsigned *random)
{
    if (!is_plain(row)) {
        truncate_one(registry, row, 0);
        truncate_one(registry, row, row->len / 2);
        truncate_one(registry, row, row->len - 1);
        scramble_one(registry, row, random);
        scramble_one(registry, row, random);
    }
    set(registry, row);
}

Test(verify, cut_rows_are_noticed_and_scrambled_ones_are_survived)
{
    struct registry *registry = filled();
    fill_files(registry);
    unsigned random = 1;
    for (int table = 0; table < STORE_TABLE_COUNT; table++) {
        struct row row;
        struct store_key from = {.len = 0};
        for (int i = 0; i < ROWS_TRIED &&
                        find_row(registry, (enum store_table)table, from.bytes, from.len, &row);
             i++) {
            damage_row(registry, &row, &random);
            from = row.key;
            key_add_byte(&from, 0); /* the next key there could be */
            free(row.bytes);
        }
    }
    fixture_verify(registry);
    registry_close(registry);
}

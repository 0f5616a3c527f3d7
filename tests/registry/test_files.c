/* SPDX-License-Identifier: Apache-2.0 */
/* Files of documents and packages: stored once, found by what leads to them, gone with the last
 * reference. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aas/path.h"
#include "aas/xml.h"
#include "registry/documents.h"
#include "registry/files.h"
#include "registry/packages.h"
#include "registry/keys.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"

TestSuite(files, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define FILE_JSON(name, value)                                                                     \
    "{\"modelType\":\"File\",\"idShort\":\"" name "\",\"value\":\"" value                          \
    "\",\"contentType\":\"text/plain\"}"
#define SUBMODEL(id, elements)                                                                     \
    "{\"modelType\":\"Submodel\",\"id\":\"" id "\",\"submodelElements\":[" elements "]}"
#define PROPERTY                                                                                   \
    "{\"modelType\":\"Property\",\"idShort\":\"speed\",\"valueType\":\"xs:int\",\"value\":\"1\"}"

static struct registry *registry;
static struct err err;

static void write_json(enum registry_operation operation, const char *id, const char *json)
{
    cr_assert_eq(fixture_write(registry, operation, id, json, &err), ERR_OK, "%s", err.text);
}

/* ------------------------------------------------------------------ attaching */

struct attaching {
    const char *path;
    const char *value;
    struct registry_attachment *attachment;
};

static enum err_code set_value(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *e)
{
    struct attaching *a = context;
    struct aas_path path;
    struct aas_node *element = NULL;
    enum err_code code = aas_path_parse(a->path, strlen(a->path), &path, e);
    if (code == ERR_OK) {
        code = aas_path_resolve(submodel, &path, &element, e);
    }
    if (code == ERR_OK) {
        code = aas_set_text(arena, element, PROP_value, a->value, strlen(a->value));
        a->attachment->value = a->value;
    }
    return code;
}

static enum err_code attach_bytes(
    const char *id, const char *path, const char *value, const char *bytes, size_t len)
{
    struct blob_content content = {.bytes = bytes, .len = len};
    struct registry_attachment attachment = {
        .content = &content, .content_type = "text/plain", .name = "sent.txt"};
    struct attaching a = {.path = path, .value = value, .attachment = &attachment};
    struct store *store = registry_store(registry);
    cr_assert_eq(blob_stage(store, &content, 1, &err), ERR_OK, "%s", err.text);
    enum err_code code = registry_edit_file(registry, REGISTRY_SUBMODEL, id, strlen(id), NULL,
        set_value, &a, &attachment, NULL, NULL, &err);
    blob_release(store, &content, 1);
    return code;
}

static enum err_code attach(const char *id, const char *path, const char *value, const char *text)
{
    return attach_bytes(id, path, value, text, strlen(text));
}

/* What `value` leads to in a submodel, malloc'd; NULL: nothing. */
static char *content_of(const char *id, const char *value, size_t *len)
{
    struct registry_view view;
    struct registry_document document;
    struct registry_file file;
    char *bytes = NULL;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    if (registry_get(&view, REGISTRY_SUBMODEL, id, strlen(id), &document, NULL) == ERR_OK &&
        registry_file_find(&view, &document, value, &file, &err) == ERR_OK) {
        *len = (size_t)file.size;
        bytes = calloc(1, *len + 1);
        cr_expect_eq(blob_read(&view.txn, file.blob, 0, bytes, *len, &err), ERR_OK);
    }
    registry_view_end(&view);
    return bytes;
}

static void expect_content(const char *id, const char *value, const char *wanted)
{
    size_t len = 0;
    char *bytes = content_of(id, value, &len);
    if (wanted == NULL) {
        cr_expect_null(bytes, "%s still leads to a file", value);
    } else {
        cr_expect_not_null(bytes, "%s leads to nothing", value);
        cr_expect_str_eq(bytes == NULL ? "" : bytes, wanted);
    }
    free(bytes);
}

static uint64_t blobs(void)
{
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    cr_expect_eq(found.warnings, 0);
    return found.blobs;
}

static void start(void)
{
    registry = fixture_open();
    write_json(REGISTRY_CREATE, "urn:a",
        SUBMODEL("urn:a", FILE_JSON("one", "/x") "," FILE_JSON("two", "/y") "," PROPERTY));
}

/* ------------------------------------------------------------------ references */

Test(files, an_attached_file_is_found_by_the_value_that_leads_to_it)
{
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK, "%s", err.text);
    expect_content("urn:a", "/files/a.txt", "content");
    expect_content("urn:a", "/files/b.txt", NULL);
    fixture_verify(registry);
    registry_close(registry);
}

Test(files, the_last_reference_takes_the_content_with_it)
{
    static const struct {
        enum registry_operation operation;
        const char *json; /* NULL: deleted */
    } rows[] = {{REGISTRY_DELETE, NULL}, {REGISTRY_REPLACE, SUBMODEL("urn:a", PROPERTY)},
        {REGISTRY_REPLACE, SUBMODEL("urn:a", FILE_JSON("one", "https://x.example/a"))},
        {REGISTRY_REPLACE, SUBMODEL("urn:a", FILE_JSON("one", "/files/other.txt"))}};
    start();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_json(REGISTRY_UPSERT, "urn:a", SUBMODEL("urn:a", FILE_JSON("one", "/x")));
        cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK, "%s", err.text);
        cr_expect_eq(blobs(), 1);
        write_json(rows[i].operation, "urn:a", rows[i].json);
        cr_expect_eq(blobs(), 0, "row %zu", i);
    }
    registry_close(registry);
}

Test(files, a_new_content_takes_the_place_of_the_old_one)
{
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "first"), ERR_OK);
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "second"), ERR_OK);
    expect_content("urn:a", "/files/a.txt", "second");
    cr_expect_eq(blobs(), 1);
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "second"), ERR_OK, "the same again");
    cr_expect_eq(blobs(), 1);
    cr_assert_eq(attach("urn:a", "one", "/files/b.txt", "third"), ERR_OK);
    expect_content("urn:a", "/files/a.txt", NULL);
    cr_expect_eq(blobs(), 1);
    registry_close(registry);
}

Test(files, one_content_stays_for_everything_that_refers_to_it)
{
    start();
    write_json(REGISTRY_CREATE, "urn:b", SUBMODEL("urn:b", FILE_JSON("one", "/x")));
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "same"), ERR_OK);
    cr_assert_eq(attach("urn:a", "two", "/files/b.txt", "same"), ERR_OK);
    cr_assert_eq(attach("urn:b", "one", "/files/a.txt", "same"), ERR_OK);
    cr_expect_eq(blobs(), 1);
    write_json(REGISTRY_DELETE, "urn:a", NULL);
    cr_expect_eq(blobs(), 1);
    expect_content("urn:b", "/files/a.txt", "same");
    write_json(REGISTRY_DELETE, "urn:b", NULL);
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

Test(files, a_value_in_another_spelling_leads_to_the_same_file)
{
    static const char *const spellings[] = {
        "a.txt", "/a.txt", "file:///aasx/a.txt", "sent.txt", "/other/folder/sent.txt"};
    start();
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        char json[FIXTURE_JSON];
        cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK);
        snprintf(json, sizeof json, SUBMODEL("urn:a", FILE_JSON("one", "%s")), spellings[i]);
        write_json(REGISTRY_REPLACE, "urn:a", json);
        expect_content("urn:a", spellings[i], "content");
        cr_expect_eq(blobs(), 1);
    }
    registry_close(registry);
}

Test(files, a_file_that_two_elements_share_stays_until_both_are_gone)
{
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK);
    write_json(REGISTRY_REPLACE, "urn:a",
        SUBMODEL("urn:a", FILE_JSON("one", "/files/a.txt") "," FILE_JSON("two", "/files/a.txt")));
    write_json(REGISTRY_REPLACE, "urn:a", SUBMODEL("urn:a", FILE_JSON("two", "/files/a.txt")));
    expect_content("urn:a", "/files/a.txt", "content");
    write_json(REGISTRY_REPLACE, "urn:a", SUBMODEL("urn:a", PROPERTY));
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

static enum err_code set_text_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *e)
{
    (void)e;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

Test(files, setting_values_follows_the_files_too)
{
    char other[] = "/elsewhere.txt";
    char two[] = "2";
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK);
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, "urn:a", 5, "speed", 5, NULL,
                     set_text_value, two, NULL, NULL, &err),
        ERR_OK);
    expect_content("urn:a", "/files/a.txt", "content");
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, "urn:a", 5, "one", 3, NULL,
                     set_text_value, other, NULL, NULL, &err),
        ERR_OK);
    expect_content("urn:a", "/files/a.txt", NULL);
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

Test(files, an_edit_that_fails_leaves_no_content)
{
    start();
    cr_assert_eq(attach("urn:a", "none", "/files/a.txt", "content"), ERR_NOT_FOUND);
    cr_assert_eq(attach("urn:none", "one", "/files/a.txt", "content"), ERR_NOT_FOUND);
    char too_long[3000] = "/";
    memset(too_long + 1, 'a', sizeof too_long - 2);
    cr_assert_eq(attach("urn:a", "one", too_long, "content"), ERR_INVALID, "%s", err.text);
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

/* ------------------------------------------------------------------ large ones */

enum { LARGE = 21 * 1024 * 1024 + 17 };

static char *large_bytes(void)
{
    char *bytes = malloc(LARGE);
    unsigned random = 7;
    for (size_t i = 0; i < LARGE; i++) {
        random = random * 1103515245U + 12345U;
        bytes[i] = (char)(random >> 16);
    }
    return bytes;
}

Test(files, large_contents_are_read_from_anywhere)
{
    static const uint64_t offsets[] = {
        0, 1, BLOB_CHUNK_BYTES - 1, BLOB_CHUNK_BYTES, 5 * BLOB_CHUNK_BYTES + 3, LARGE - 9};
    char *bytes = large_bytes();
    size_t len = 0;
    start();
    cr_assert_eq(attach_bytes("urn:a", "one", "/files/l", bytes, LARGE), ERR_OK, "%s", err.text);
    char *got = content_of("urn:a", "/files/l", &len);
    cr_assert_eq(len, LARGE);
    cr_expect_eq(memcmp(got, bytes, LARGE), 0);
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(bytes, LARGE, hash);
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        char piece[9];
        cr_assert_eq(registry_blob_read(registry, hash, offsets[i], piece, 9, &err), ERR_OK);
        cr_expect_eq(memcmp(piece, bytes + offsets[i], 9), 0);
    }
    char piece[9];
    cr_expect_eq(registry_blob_read(registry, hash, LARGE - 8, piece, 9, &err), ERR_NOT_FOUND);
    fixture_verify(registry);
    free(got);
    free(bytes);
    registry_close(registry);
}

/* ------------------------------------------------------------------ holds */

Test(files, what_a_dead_process_held_is_gone_at_the_next_opening)
{
    start();
    struct blob_content left[2] = {{.bytes = "left behind", .len = 11}, {.bytes = "", .len = 0}};
    cr_assert_eq(blob_stage(registry_store(registry), left, 2, &err), ERR_OK);
    cr_expect_eq(blobs(), 2, "held contents are no problem");
    registry_close(registry);
    registry = fixture_open();
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

Test(files, a_held_content_outlives_its_last_reference)
{
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/a.txt", "content"), ERR_OK);
    struct blob_content again = {.bytes = "content", .len = 7};
    cr_assert_eq(blob_stage(registry_store(registry), &again, 1, &err), ERR_OK);
    write_json(REGISTRY_DELETE, "urn:a", NULL);
    cr_expect_eq(blobs(), 1);
    blob_release(registry_store(registry), &again, 1);
    cr_expect_eq(blobs(), 0);
    blob_release(registry_store(registry), &again, 1);
    registry_close(registry);
}

enum { THREADS = 8, ROUNDS = 25 };

static void *attach_and_remove(void *context)
{
    char id[32];
    char json[FIXTURE_JSON];
    struct err own;
    snprintf(id, sizeof id, "urn:t%d", *(const int *)context % 3);
    snprintf(json, sizeof json, SUBMODEL("%s", FILE_JSON("one", "/x")), id);
    for (int i = 0; i < ROUNDS; i++) {
        struct blob_content content = {.bytes = i % 2 ? "shared" : "other", .len = i % 2 ? 6 : 5};
        struct registry_attachment attachment = {
            .content = &content, .content_type = "", .name = "n"};
        struct attaching a = {.path = "one", .value = "/files/t", .attachment = &attachment};
        (void)fixture_write(registry, REGISTRY_CREATE, id, json, &own);
        cr_expect_eq(blob_stage(registry_store(registry), &content, 1, &own), ERR_OK);
        enum err_code code = registry_edit_file(registry, REGISTRY_SUBMODEL, id, strlen(id), NULL,
            set_value, &a, &attachment, NULL, NULL, &own);
        cr_expect(code == ERR_OK || code == ERR_NOT_FOUND, "%s", own.text);
        blob_release(registry_store(registry), &content, 1);
        if (i % 3 == 0) {
            (void)fixture_write(registry, REGISTRY_DELETE, id, NULL, &own);
        }
    }
    return NULL;
}

Test(files, many_threads_leave_counts_that_agree)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    start();
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        cr_assert_eq(pthread_create(&threads[i], NULL, attach_and_remove, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    (void)blobs();
    for (int i = 0; i < 3; i++) {
        char id[32];
        snprintf(id, sizeof id, "urn:t%d", i);
        (void)fixture_write(registry, REGISTRY_DELETE, id, NULL, &err);
    }
    cr_expect_eq(blobs(), 0);
    registry_close(registry);
}

enum { KILLS = 5, KILLED_BYTES = 3 * BLOB_CHUNK_BYTES };

/* Attaches one content after the other, a byte in the pipe for each, until it is killed. */
static void attach_for_ever(int pipe_end)
{
    char *bytes = malloc(KILLED_BYTES);
    registry = fixture_open();
    for (int i = 0;; i++) {
        memset(bytes, 'a' + i % 26, KILLED_BYTES);
        if (attach_bytes("urn:a", "one", "/files/k", bytes, KILLED_BYTES) != ERR_OK ||
            write(pipe_end, "", 1) != 1) {
            _exit(1);
        }
    }
}

Test(files, a_kill_leaves_the_whole_file_of_before_or_after)
{
    start();
    cr_assert_eq(attach("urn:a", "one", "/files/k", "first"), ERR_OK);
    for (int round = 0; round < KILLS; round++) {
        int ends[2];
        char byte;
        registry_close(registry);
        cr_assert_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            attach_for_ever(ends[1]);
        }
        close(ends[1]);
        cr_assert_eq(read(ends[0], &byte, 1), 1);
        usleep((useconds_t)(1000 * (1 + 7 * round)));
        kill(child, SIGKILL);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        close(ends[0]);
        registry = fixture_open();
        cr_expect_eq(blobs(), 1);
        size_t len = 0;
        char *content = content_of("urn:a", "/files/k", &len);
        cr_expect_eq(len, KILLED_BYTES);
        cr_expect(content != NULL && content[0] == content[KILLED_BYTES - 1]);
        free(content);
    }
    registry_close(registry);
}

Test(files, temporary_files_of_a_dead_process_are_swept_away)
{
    static const struct {
        const char *name;
        bool old;
        bool stays;
    } rows[] = {{"spool-aaaaaa", true, false}, {"spool-bbbbbb.cccccc", true, false},
        {"spool-dddddd", false, true}, {"other", true, true}};
    char path[300];
    start();
    registry_close(registry);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(path, sizeof path, "%s/%s", fixture_dir, rows[i].name);
        FILE *file = fopen(path, "wb");
        cr_assert_not_null(file);
        fclose(file);
        const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
        cr_assert(!rows[i].old || utimensat(AT_FDCWD, path, times, 0) == 0);
    }
    registry = fixture_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(path, sizeof path, "%s/%s", fixture_dir, rows[i].name);
        cr_expect_eq(access(path, F_OK) == 0, rows[i].stays, "%s", rows[i].name);
    }
    registry_close(registry);
}

/* ------------------------------------------------------------------ older stores */

static enum err_code forget_counts(struct store_txn *txn, void *context, struct err *e)
{
    (void)e;
    struct store_key *head = context;
    enum err_code code = store_delete(txn, STORE_META, "blobs/counted", 13);
    return code == ERR_OK ? store_delete(txn, STORE_FILES, head->bytes, head->len) : code;
}

Test(files, a_store_made_before_references_were_counted_counts_them)
{
    char json[FIXTURE_JSON];
    size_t len = 0;
    struct store_key head;
    unsigned char hash[STORE_HASH_BYTES];
    registry = fixture_open();
    template_json(json, "press", 1);
    char *package = template_package(json, 10, &len);
    cr_assert_eq(template_import(registry, package, len, "p.aasx", &err), ERR_OK);
    store_hash(package, len, hash);
    key_start(&head);
    key_add_byte(&head, FILES_BLOB);
    key_add(&head, hash, sizeof hash);
    cr_assert_eq(store_write(registry_store(registry), forget_counts, &head, &err), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    cr_expect_eq(blobs(), 1);
    free(package);
    registry_close(registry);
}

/* ------------------------------------------------------------------ packages */

static enum err_code change_package(enum registry_operation operation, const char *id,
    const char *bytes, const char *const *shells, size_t shell_count, const char **made)
{
    static struct arena arena;
    struct blob_content content = {.bytes = bytes, .len = bytes == NULL ? 0 : strlen(bytes)};
    struct registry_package_change change = {.operation = operation,
        .id = id,
        .file_name = "a.aasx",
        .shells = shells,
        .shell_count = shell_count,
        .content = bytes == NULL ? NULL : &content};
    enum registry_outcome outcome;
    arena_finish(&arena);
    arena_init(&arena, 1 << 20);
    if (bytes != NULL) {
        cr_assert_eq(blob_stage(registry_store(registry), &content, 1, &err), ERR_OK);
    }
    enum err_code code = registry_package_change(registry, &arena, &change, made, &outcome, &err);
    blob_release(registry_store(registry), &content, bytes == NULL ? 0 : 1);
    return code;
}

/* Ids of the packages on a page, with commas. */
static void list(const char *shell, uint64_t after, size_t limit, char to[256], uint64_t *next)
{
    struct registry_view view;
    struct arena arena;
    struct registry_package *packages = NULL;
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_package_list(&view, &arena, shell, after, limit, &packages, &count, next, &err),
        ERR_OK);
    to[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        snprintf(to + strlen(to), 256 - strlen(to), "%s,", packages[i].id);
    }
    registry_view_end(&view);
    arena_finish(&arena);
}

Test(files, packages_are_listed_filtered_and_replaced)
{
    static const char *const shells[] = {"urn:shell:1", "urn:shell:2"};
    char ids[256];
    uint64_t next = 0;
    registry = fixture_open();
    cr_assert_eq(change_package(REGISTRY_CREATE, NULL, "one", shells, 2, NULL), ERR_OK);
    cr_assert_eq(change_package(REGISTRY_UPSERT, "mine", "two", shells, 1, NULL), ERR_OK);
    cr_assert_eq(change_package(REGISTRY_CREATE, NULL, "one", NULL, 0, NULL), ERR_EXISTS);
    cr_expect_not_null(strstr(err.text, "package-1"));
    list(NULL, 0, 10, ids, &next);
    cr_expect_str_eq(ids, "package-1,mine,");
    cr_expect_eq(next, 0);
    list(NULL, 0, 1, ids, &next);
    cr_expect_str_eq(ids, "package-1,");
    list(NULL, next, 1, ids, &next);
    cr_expect_str_eq(ids, "mine,");
    list("urn:shell:2", 0, 10, ids, &next);
    cr_expect_str_eq(ids, "package-1,");
    cr_assert_eq(change_package(REGISTRY_REPLACE, "mine", "three", shells + 1, 1, NULL), ERR_OK);
    list("urn:shell:1", 0, 10, ids, &next);
    cr_expect_str_eq(ids, "package-1,");
    list("urn:shell:2", 0, 10, ids, &next);
    cr_expect_str_eq(ids, "package-1,mine,");
    cr_expect_eq(blobs(), 2);
    cr_assert_eq(change_package(REGISTRY_DELETE, "mine", NULL, NULL, 0, NULL), ERR_OK);
    cr_assert_eq(change_package(REGISTRY_DELETE, "mine", NULL, NULL, 0, NULL), ERR_NOT_FOUND);
    cr_assert_eq(change_package(REGISTRY_REPLACE, "mine", "x", NULL, 0, NULL), ERR_NOT_FOUND);
    cr_assert_eq(change_package(REGISTRY_CREATE, "package-1", "x", NULL, 0, NULL), ERR_EXISTS);
    cr_expect_eq(blobs(), 1);
    registry_close(registry);
}

Test(files, a_package_and_an_attachment_share_their_content)
{
    start();
    cr_assert_eq(change_package(REGISTRY_UPSERT, "p", "same bytes", NULL, 0, NULL), ERR_OK);
    cr_assert_eq(attach("urn:a", "one", "/files/p.aasx", "same bytes"), ERR_OK);
    cr_expect_eq(blobs(), 1);
    cr_assert_eq(change_package(REGISTRY_DELETE, "p", NULL, NULL, 0, NULL), ERR_OK);
    expect_content("urn:a", "/files/p.aasx", "same bytes");
    cr_expect_eq(blobs(), 1);
    registry_close(registry);
}

Test(files, a_made_id_evades_one_that_is_taken)
{
    const char *made = NULL;
    registry = fixture_open();
    cr_assert_eq(change_package(REGISTRY_UPSERT, "package-2", "one", NULL, 0, NULL), ERR_OK);
    cr_assert_eq(change_package(REGISTRY_CREATE, NULL, "two", NULL, 0, &made), ERR_OK);
    cr_expect_str_eq(made, "package-3");
    cr_expect_eq(blobs(), 2);
    registry_close(registry);
}

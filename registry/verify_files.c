/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of documents, packages, and the counts of blobs: whether each leads to what it should and
 * nothing is kept that nothing leads to.
 */
#include <string.h>

#include "registry/kept.h"
#include "registry/packages_inside.h"
#include "registry/verify_inside.h"

#define VERIFY_ARENA_BYTES ((size_t)1 << 30) /* for one document at a time */

enum { TEXT_SHOWN = 200 };

/* Rows of one document stand together, so that it is read once. */
struct files_walk {
    struct verification *v;
    enum registry_kind kind;
    uint64_t number;
    bool read; /* the document above is the one in `files` */
    struct document_files files;
    struct arena arena;
    uint64_t largest; /* number of any package */
};

static int shown(const char *text)
{
    return text_shown(text, strlen(text), TEXT_SHOWN);
}

static bool has_row(struct verification *v, const struct store_key *key, struct store_bytes *value)
{
    return store_get(&v->view.txn, STORE_FILES, key->bytes, key->len, value) == ERR_OK;
}

/* Something refers to a blob, whose size it knows. */
static void check_reference(struct verification *v, const unsigned char blob[STORE_HASH_BYTES],
    uint64_t size, const char *what, const char *name)
{
    struct blob_head head;
    verify_set_add(&v->packages, blob);
    if (!blob_head_find(&v->view.txn, blob, &head) || !head.complete) {
        verify_problem(v, "%s '%.*s': its content is not there", what, shown(name), name);
    } else if (head.size != size) {
        verify_problem(v, "%s '%.*s': its content has another size", what, shown(name), name);
    }
}

/* ------------------------------------------------------------------ files of documents */

static void read_document(struct files_walk *walk, enum registry_kind kind, uint64_t number)
{
    struct document_record record;
    struct aas_node *tree = NULL;
    if (walk->read && walk->kind == kind && walk->number == number) {
        return;
    }
    arena_finish(&walk->arena);
    arena_init(&walk->arena, VERIFY_ARENA_BYTES);
    walk->kind = kind;
    walk->number = number;
    walk->read = true;
    walk->files = (struct document_files){.count = 0};
    if (registry_class(kind) != NULL && verify_document(walk->v, kind, number, &record) &&
        aas_json_read(&walk->arena, record.document.json, record.document.json_len,
            registry_class(kind), NULL, &tree, NULL) == ERR_OK &&
        document_files_find(&walk->arena, tree, &walk->files, NULL) != ERR_OK) {
        walk->v->packages.failed = true;
    }
}

static void check_file(struct files_walk *walk, const struct store_cursor *cursor)
{
    char place[64];
    struct verification *v = walk->v;
    struct registry_file file;
    unsigned char hash[STORE_HASH_BYTES];
    const char *text = NULL;
    const unsigned char *key = cursor->key.bytes;
    v->found.files++;
    if (cursor->key.len != FILE_KEY_BYTES || !file_record_read(cursor->value, &text, &file)) {
        verify_problem(v, "a row of the files is damaged");
        return;
    }
    enum registry_kind kind = (enum registry_kind)key[1];
    uint64_t number = key_number_at(cursor->key, 2);
    verify_place(kind, number, place);
    store_hash(text, strlen(text), hash);
    read_document(walk, kind, number);
    if (memcmp(hash, key + 10, sizeof hash) != 0) {
        verify_problem(
            v, "%s: the file '%.*s' stands in another one's place", place, shown(text), text);
    }
    if (!document_files_have(&walk->files, text)) {
        verify_problem(v, "%s: the file '%.*s' is kept though no element leads to it", place,
            shown(text), text);
    }
    check_reference(v, file.blob, file.size, "file", text);
}

/* What nothing leads to any more; its bytes may be kept. */
static void check_kept(struct verification *v, const struct store_cursor *cursor)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct registry_file file;
    unsigned char hash[STORE_HASH_BYTES];
    const char *text = NULL;
    const unsigned char *key = cursor->key.bytes;
    if (cursor->key.len != KEPT_KEY_BYTES || !file_record_read(cursor->value, &text, &file)) {
        verify_problem(v, "a row of the kept files is damaged");
        return;
    }
    store_hash(text, strlen(text), hash);
    if (memcmp(hash, key + 10, sizeof hash) != 0) {
        verify_problem(v, "the kept file '%.*s' stands in another one's place", shown(text), text);
    }
    if (memcmp(file.blob, none, sizeof none) != 0) {
        check_reference(v, file.blob, file.size, "kept file", text);
    }
}

/* ------------------------------------------------------------------ packages */

static void check_package(struct files_walk *walk, const struct store_cursor *cursor)
{
    struct verification *v = walk->v;
    struct registry_package package;
    struct store_bytes value;
    struct store_key key;
    struct arena arena;
    uint64_t number = key_number_at(cursor->key, 1);
    v->found.packages++;
    walk->largest = number > walk->largest ? number : walk->largest;
    arena_init(&arena, VERIFY_ARENA_BYTES);
    if (!package_record_read(cursor->value, number, &arena, &package)) {
        verify_problem(
            v, "the record of package number %llu is damaged", (unsigned long long)number);
        arena_finish(&arena);
        return;
    }
    key_package_id(&key, package.id);
    bool found = has_row(v, &key, &value) && value.len == 8 && value_u64(value.bytes) == number;
    key_package_content(&key, package.blob, number);
    found = found && has_row(v, &key, &value);
    for (size_t i = 0; i < package.shell_count && found; i++) {
        key_package_shell(&key, package.shells[i], number);
        found = has_row(v, &key, &value);
    }
    if (!found) {
        verify_problem(v, "package '%.*s': it is not found by its id, content or shells",
            shown(package.id), package.id);
    }
    check_reference(v, package.blob, package.size, "package", package.id);
    arena_finish(&arena);
}

static bool holds_shell(
    const struct registry_package *package, const unsigned char wanted[STORE_HASH_BYTES])
{
    unsigned char hash[STORE_HASH_BYTES];
    for (size_t i = 0; i < package->shell_count; i++) {
        store_hash(package->shells[i], strlen(package->shells[i]), hash);
        if (memcmp(hash, wanted, sizeof hash) == 0) {
            return true;
        }
    }
    return false;
}

/* A row that leads to a package: by id, shell or content. */
static void check_way(struct verification *v, const struct store_cursor *cursor)
{
    struct registry_package package;
    struct store_bytes value;
    struct store_key key;
    struct arena arena;
    unsigned char hash[STORE_HASH_BYTES];
    const unsigned char *at = cursor->key.bytes;
    bool by_id = at[0] == FILES_PACKAGE_ID;
    bool whole = by_id ? cursor->value.len == 8 && cursor->key.len == 1 + STORE_HASH_BYTES
                       : cursor->key.len == 1 + STORE_HASH_BYTES + 8;
    uint64_t number = !whole  ? 0
                      : by_id ? value_u64(cursor->value.bytes)
                              : key_number_at(cursor->key, 1 + STORE_HASH_BYTES);
    key_package(&key, number);
    arena_init(&arena, VERIFY_ARENA_BYTES);
    bool fits =
        whole && has_row(v, &key, &value) && package_record_read(value, number, &arena, &package);
    if (fits && by_id) {
        store_hash(package.id, strlen(package.id), hash);
        fits = memcmp(hash, at + 1, sizeof hash) == 0;
    } else if (fits && at[0] == FILES_PACKAGE_SHELL) {
        fits = holds_shell(&package, at + 1);
    } else if (fits) {
        fits = memcmp(package.blob, at + 1, STORE_HASH_BYTES) == 0;
    }
    if (!fits) {
        verify_problem(v, "a row leads to package number %llu, which is another one",
            (unsigned long long)number);
    }
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ walking */

/* A count without chunks; chunks without a count are found where those are walked over. */
static void check_head(struct verification *v, const struct store_cursor *cursor)
{
    struct blob_head head;
    struct store_key key;
    struct store_bytes value;
    bool whole = cursor->key.len == 1 + STORE_HASH_BYTES && blob_head_read(cursor->value, &head);
    if (whole) {
        key_start(&key);
        key_add(&key, (const unsigned char *)cursor->key.bytes + 1, STORE_HASH_BYTES);
        key_add_number(&key, 0);
        whole = store_get(&v->view.txn, STORE_BLOBS, key.bytes, key.len, &value) == ERR_OK;
    }
    if (!whole) {
        verify_problem(v, "the count of a blob is damaged or has no blob");
    }
}

static void check_row(struct files_walk *walk, const struct store_cursor *cursor)
{
    switch (((const unsigned char *)cursor->key.bytes)[0]) {
    case FILES_ATTACHED:
        check_file(walk, cursor);
        break;
    case FILES_KEPT:
        check_kept(walk->v, cursor);
        break;
    case FILES_PACKAGE:
        check_package(walk, cursor);
        break;
    case FILES_PACKAGE_ID:
    case FILES_PACKAGE_SHELL:
    case FILES_PACKAGE_CONTENT:
        check_way(walk->v, cursor);
        break;
    case FILES_BLOB:
        check_head(walk->v, cursor);
        break;
    case FILES_HOLD:
        break;
    default:
        verify_problem(walk->v, "the files have a row of no known kind");
    }
}

enum err_code verify_files(struct verification *v, struct err *err)
{
    struct files_walk walk = {.v = v};
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(&v->view.txn, STORE_FILES, &cursor);
    if (code == ERR_OK) {
        for (bool more = store_cursor_seek(&cursor, "", 0); more;
             more = store_cursor_next(&cursor)) {
            check_row(&walk, &cursor);
        }
        store_cursor_close(&cursor);
        code = v->view.txn.failed;
    }
    if (store_last_number(&v->view.txn, PACKAGE_COUNTER) < walk.largest) {
        verify_problem(v, "the next number to be given to a package is taken");
    }
    arena_finish(&walk.arena);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
}

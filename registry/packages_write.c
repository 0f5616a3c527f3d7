/* SPDX-License-Identifier: Apache-2.0 */
/* Storing and deleting packages. */
#include <stdio.h>
#include <string.h>

#include "registry/document_record.h"
#include "registry/packages_inside.h"
#include "registry/registry_inside.h"

enum { ID_SHOWN = 300, MADE_ID = 40 };

struct changing {
    const struct registry_package_change *change;
    struct arena arena; /* of the current run */
    char made[MADE_ID];
    enum registry_outcome outcome;
    int64_t time_ms;
};

/* ------------------------------------------------------------------ rows beside the record */

static enum err_code put_row(struct store_txn *txn, const struct store_key *key)
{
    return store_put(txn, STORE_FILES, key->bytes, key->len, "", 0);
}

static enum err_code delete_row(struct store_txn *txn, const struct store_key *key)
{
    enum err_code code = store_delete(txn, STORE_FILES, key->bytes, key->len);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* What a package is found by; `put`: written, else removed. */
static enum err_code change_rows(
    struct store_txn *txn, const struct registry_package *package, bool put)
{
    struct store_key key;
    key_package_content(&key, package->blob, package->number);
    enum err_code code = put ? put_row(txn, &key) : delete_row(txn, &key);
    for (size_t i = 0; i < package->shell_count && code == ERR_OK; i++) {
        key_package_shell(&key, package->shells[i], package->number);
        code = put ? put_row(txn, &key) : delete_row(txn, &key);
    }
    return code;
}

/* ------------------------------------------------------------------ deciding */

/* A package with the same bytes, for those that get a new id. */
static enum err_code refuse_twin(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES], struct err *err)
{
    struct store_cursor cursor;
    struct store_key prefix;
    struct store_key key;
    struct store_bytes value;
    struct registry_package twin;
    key_package_content(&prefix, hash, 0);
    prefix.len -= 8;
    enum err_code code = store_cursor_open(txn, STORE_FILES, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the packages cannot be read");
    }
    bool there = store_cursor_seek(&cursor, prefix.bytes, prefix.len) &&
                 key_starts_with(cursor.key, &prefix);
    uint64_t number = there ? key_number_at(cursor.key, prefix.len) : 0;
    store_cursor_close(&cursor);
    if (!there) {
        return txn->failed;
    }
    key_package(&key, number);
    if (store_get(txn, STORE_FILES, key.bytes, key.len, &value) != ERR_OK ||
        !package_record_read(value, number, NULL, &twin)) {
        return err_set(err, ERR_STORE, "the packages cannot be read");
    }
    err_set(err, ERR_EXISTS, "the package '%.*s' has the same content already",
        text_shown(twin.id, strlen(twin.id), ID_SHOWN), twin.id);
    err_rule(err, NULL, "Use that one, or store it under an id of your own with PUT.");
    return ERR_EXISTS;
}

static enum err_code check_operation(const struct registry_package_change *change, bool exists,
    const struct registry_package *before, struct err *err)
{
    if (change->operation == REGISTRY_CREATE && exists) {
        return err_set(err, ERR_EXISTS, "there is a package with the id '%.*s' already",
            text_shown(change->id, strlen(change->id), ID_SHOWN), change->id);
    }
    bool needed = change->operation == REGISTRY_REPLACE || change->operation == REGISTRY_DELETE;
    if (needed && !exists) {
        return package_say(ERR_NOT_FOUND, change->id, err);
    }
    if (change->if_match != NULL &&
        (!exists || memcmp(change->if_match, before->blob, STORE_HASH_BYTES) != 0)) {
        err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
        err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
        return ERR_PRECONDITION;
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ storing */

static enum err_code remove_package(
    struct store_txn *txn, const struct registry_package *before, bool with_id)
{
    struct store_key key;
    enum err_code code = change_rows(txn, before, false);
    if (code == ERR_OK && with_id) {
        key_package_id(&key, before->id);
        code = delete_row(txn, &key);
    }
    if (code == ERR_OK && with_id) {
        key_package(&key, before->number);
        code = delete_row(txn, &key);
    }
    return code;
}

/* An id for a package that has none, and its number. */
static enum err_code make_id(struct store_txn *txn, struct changing *c, uint64_t *number)
{
    struct store_key key;
    struct store_bytes value;
    for (;;) {
        enum err_code code = package_next_number(txn, number);
        if (code != ERR_OK) {
            return code;
        }
        snprintf(c->made, sizeof c->made, "package-%llu", (unsigned long long)*number);
        key_package_id(&key, c->made);
        code = store_get(txn, STORE_FILES, key.bytes, key.len, &value);
        if (code != ERR_OK) {
            return code == ERR_NOT_FOUND ? ERR_OK : code;
        }
    }
}

static enum err_code put_package(
    struct store_txn *txn, struct changing *c, const struct registry_package *before)
{
    const struct registry_package_change *change = c->change;
    struct store_key key;
    unsigned char number[8];
    struct registry_package package = {.number = before->number,
        .id = change->id,
        .file_name = change->file_name,
        .size = change->content->len,
        .created_ms = before->number != 0 ? before->created_ms : c->time_ms,
        .updated_ms = c->time_ms,
        .shells = change->shells,
        .shell_count = change->shell_count};
    memcpy(package.blob, change->content->hold.hash, STORE_HASH_BYTES);
    enum err_code code = ERR_OK;
    if (change->id == NULL) {
        code = make_id(txn, c, &package.number);
        package.id = c->made;
    } else if (before->number == 0) {
        code = package_next_number(txn, &package.number);
    }
    if (code == ERR_OK) {
        code = blob_refer(txn, package.blob);
    }
    if (code == ERR_OK) {
        key_package_id(&key, package.id);
        value_set_u64(number, package.number);
        code = store_put(txn, STORE_FILES, key.bytes, key.len, number, sizeof number);
    }
    if (code == ERR_OK) {
        code = package_record_put(txn, &package);
    }
    return code == ERR_OK ? change_rows(txn, &package, true) : code;
}

/* Texts of the store are valid only until the next change, so what is needed is copied. */
static enum err_code find_before(struct store_txn *txn, struct changing *c,
    struct registry_package *before, bool *exists, struct err *err)
{
    *exists = false;
    *before = (struct registry_package){.number = 0};
    if (c->change->id == NULL) {
        return refuse_twin(txn, c->change->content->hold.hash, err);
    }
    enum err_code code = package_find(txn, &c->arena, c->change->id, before);
    if (code == ERR_NOT_FOUND) {
        *before = (struct registry_package){.number = 0};
        return ERR_OK;
    }
    const char **shells =
        code == ERR_OK ? arena_alloc(&c->arena, (before->shell_count + 1) * sizeof *shells) : NULL;
    for (size_t i = 0; shells != NULL && i < before->shell_count; i++) {
        shells[i] = arena_copy(&c->arena, before->shells[i], strlen(before->shells[i]));
        shells = shells[i] == NULL ? NULL : shells;
    }
    if (code != ERR_OK || shells == NULL) {
        return package_say(code == ERR_OK ? ERR_NO_MEMORY : code, c->change->id, err);
    }
    before->id = c->change->id;
    before->file_name = "";
    before->shells = shells;
    *exists = true;
    return ERR_OK;
}

static enum err_code apply(
    struct store_txn *txn, struct changing *c, struct registry_package *before, bool exists)
{
    bool deleting = c->change->operation == REGISTRY_DELETE;
    enum err_code code = exists ? remove_package(txn, before, deleting) : ERR_OK;
    if (code == ERR_OK && !deleting) {
        code = put_package(txn, c, before);
    }
    if (code == ERR_OK && exists) {
        code = blob_forget(txn, before->blob);
    }
    if (code == ERR_OK && !deleting) {
        code = blob_let_go(txn, &c->change->content->hold);
    }
    c->outcome = deleting ? REGISTRY_DELETED : exists ? REGISTRY_REPLACED : REGISTRY_CREATED;
    return code;
}

static enum err_code run(struct store_txn *txn, void *context, struct err *err)
{
    struct changing *c = context;
    struct registry_package before;
    bool exists = false;
    arena_init(&c->arena, SIZE_MAX);
    enum err_code code = find_before(txn, c, &before, &exists, err);
    if (code == ERR_OK) {
        code = check_operation(c->change, exists, &before, err);
    }
    if (code == ERR_OK) {
        code = apply(txn, c, &before, exists);
        code = code == ERR_OK ? ERR_OK : err_set(err, code, "the package cannot be stored");
    }
    arena_finish(&c->arena);
    return code;
}

enum err_code registry_package_change(struct registry *registry, struct arena *arena,
    const struct registry_package_change *change, const char **id, enum registry_outcome *outcome,
    struct err *err)
{
    struct changing c = {.change = change, .time_ms = write_now_ms()};
    if (change->id != NULL && strlen(change->id) > PACKAGE_ID_MAX) {
        return err_set(
            err, ERR_BAD_INPUT, "the id of a package has at most %d bytes", (int)PACKAGE_ID_MAX);
    }
    enum err_code code = store_write(registry->store, run, &c, err);
    if (code != ERR_OK) {
        return code;
    }
    if (change->content != NULL) {
        change->content->hold.held = false;
    }
    *outcome = c.outcome;
    if (id != NULL) {
        const char *kept = change->id != NULL ? change->id : c.made;
        *id = arena_copy(arena, kept, strlen(kept));
        code = *id == NULL ? err_set(err, ERR_TOO_LARGE, "the id is too long") : ERR_OK;
    }
    return code;
}

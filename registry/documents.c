/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Putting and deleting documents. Everything that can refuse a change is looked at before the first
 * byte is written, so that a refusal costs the other writes of the group nothing.
 */
#include "registry/documents.h"

#include <stdlib.h>
#include <string.h>

#include "registry/curated.h"
#include "registry/registered_record.h"

enum { SUMMARY_BYTES = 512, ID_SHOWN = 200 };

/* ------------------------------------------------------------------ finding */

static enum err_code read_document(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    struct document_record *record, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_document(&key, kind, number);
    enum err_code code = store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    if (code == ERR_OK && !record_read(value, kind, number, record)) {
        return err_set(err, ERR_STORE, "the stored document number %llu is damaged",
            (unsigned long long)number);
    }
    return code;
}

static enum err_code say_not_found(
    enum registry_kind kind, const char *id, size_t id_len, struct err *err)
{
    const struct meta_class *cls = registry_class(kind);
    const char *name = cls == NULL ? "identifiable" : cls->name;
    size_t shown = id_len <= ID_SHOWN ? id_len : (size_t)text_shown(id, id_len, ID_SHOWN);
    const struct err_piece pieces[] = {ERR_PIECE("there is no "), {name, strlen(name)},
        ERR_PIECE(" with the id '"), {id, shown}, ERR_PIECE("'")};
    return err_join(err, ERR_NOT_FOUND, pieces, sizeof pieces / sizeof *pieces);
}

enum err_code record_find(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, struct document_record *record, struct err *err)
{
    struct id_place place;
    enum err_code code = id_find(txn, kind, id, id_len, &place, err);
    if (code == ERR_OK) {
        code = place.known ? read_document(txn, kind, place.number, record, err) : ERR_NOT_FOUND;
    }
    return code == ERR_NOT_FOUND ? say_not_found(kind, id, id_len, err) : code;
}

enum err_code document_find(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, struct registry_document *document, struct err *err)
{
    struct document_record record;
    enum err_code code = record_find(txn, kind, id, id_len, &record, err);
    if (code == ERR_OK) {
        *document = record.document;
    }
    return code;
}

bool document_before_find(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, bool sets_value, struct content_cache *contents, struct document_before *before)
{
    struct document_record now;
    struct revision_record last;
    if (record_find(txn, kind, id, id_len, &now, NULL) != ERR_OK) {
        return false;
    }
    *before = (struct document_before){.json = now.document.json,
        .json_len = now.document.json_len,
        .search_hash = now.search_hash,
        .followed = revision_last(txn, kind, now.document.number, UINT64_MAX, &last) == ERR_OK &&
                    revision_may_follow(&last, sets_value),
        .contents = contents};
    memcpy(before->hash, now.document.hash, STORE_HASH_BYTES);
    return true;
}

/* ------------------------------------------------------------------ changing */

/* What is known before anything is written. The old rows are a copy, because bytes of the store
 * are valid only until the next change. */
struct change {
    struct id_place place;
    bool exists;
    struct document_record before; /* when it exists; its rows are the copy */
    struct revision_record revision;
    uint32_t chain; /* of the revision before */
    bool follows;   /* a compact revision may follow it */
    bool sets_value;
    struct record_head head;
    const struct search_entry *search; /* NULL: it is found as before */
    struct search_entry search_made;
    const void *packed; /* content of a full revision */
    size_t packed_len;
    struct arena arena; /* copies */
    char summary[SUMMARY_BYTES];
};

static enum err_code change_look(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, struct change *change, struct err *err)
{
    enum err_code code = id_find(txn, kind, id, id_len, &change->place, err);
    if (code == ERR_OK && change->place.known) {
        code = read_document(txn, kind, change->place.number, &change->before, err);
        change->exists = code == ERR_OK;
        code = code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    return code;
}

static enum err_code check_match(
    const struct change *change, const unsigned char *if_match, struct err *err)
{
    if (if_match == NULL ||
        (change->exists && memcmp(if_match, change->before.document.hash, STORE_HASH_BYTES) == 0)) {
        return ERR_OK;
    }
    err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
    return ERR_PRECONDITION;
}

static enum err_code check_put(const struct document_prepared *prepared,
    enum registry_operation operation, const struct change *change, struct err *err)
{
    if (operation == REGISTRY_CREATE && change->exists) {
        return err_set(err, ERR_EXISTS, "there is a %s with the id '%.*s' already",
            registry_class(prepared->kind)->name,
            text_shown(prepared->id, prepared->id_len, ID_SHOWN), prepared->id);
    }
    if (operation == REGISTRY_REPLACE && !change->exists) {
        return say_not_found(prepared->kind, prepared->id, prepared->id_len, err);
    }
    return ERR_OK;
}

/* Takes over what is needed of the old document. */
static enum err_code copy_before(struct change *change, struct err *err)
{
    struct document_record *before = &change->before;
    const char *rows = arena_copy(&change->arena, (const char *)before->rows, before->rows_len);
    if (rows == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to change the document");
    }
    before->rows = (const unsigned char *)rows;
    return ERR_OK;
}

/* The number of the next revision; a document that comes back goes on with its history. */
static enum err_code next_revision(
    struct store_txn *txn, enum registry_kind kind, struct change *change, struct err *err)
{
    struct revision_record last;
    change->revision.said.revision = 1;
    if (!change->place.known) {
        return ERR_OK;
    }
    enum err_code code = revision_last(txn, kind, change->place.number, UINT64_MAX, &last);
    if (code == ERR_NOT_FOUND && registered_names(txn, kind, change->place.number)) {
        return ERR_OK;
    }
    if (code != ERR_OK) {
        return err_set(err, ERR_STORE, "the history of the document is damaged");
    }
    change->revision.said.revision = last.said.revision + 1;
    change->chain = last.chain;
    change->follows = revision_may_follow(&last, change->sets_value);
    return ERR_OK;
}

/* Compares with what is stored, unless that was done before the transaction. */
static struct document_alike compare(
    const struct document_prepared *prepared, const struct registry_document *old)
{
    struct document_alike alike = prepared->alike;
    if (!alike.known || memcmp(alike.with, old->hash, STORE_HASH_BYTES) != 0) {
        bytes_differ(
            old->json, old->json_len, prepared->json, prepared->json_len, &alike.same, &alike.tail);
    }
    return alike;
}

/* A compact revision when it saves something and may follow the one before. */
static enum err_code make_compact(
    const struct document_prepared *prepared, struct change *change, struct err *err)
{
    const struct registry_document *old = &change->before.document;
    struct revision_record *revision = &change->revision;
    if (!change->follows) {
        return ERR_OK;
    }
    const struct document_alike alike = compare(prepared, old);
    size_t common = alike.same + alike.tail;
    if (!revision_is_little(old->json_len, prepared->json_len, common)) {
        return ERR_OK;
    }
    size_t old_len = old->json_len - common;
    revision->old_bytes = arena_copy(&change->arena, old->json + alike.same, old_len);
    if (revision->old_bytes == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to change the document");
    }
    revision->form = REVISION_COMPACT;
    revision->chain = change->chain + 1;
    revision->offset = (uint32_t)alike.same;
    revision->old_len = (uint32_t)old_len;
    revision->new_bytes = prepared->json + alike.same;
    revision->new_len = (uint32_t)(prepared->json_len - common);
    return ERR_OK;
}

static void say_who(struct registry_revision *said, const struct registry_author *author,
    const char *operation, const char *summary, int64_t time_ms)
{
    said->operation = operation;
    said->author = author == NULL ? NULL : author->name;
    said->message = author == NULL ? NULL : author->message;
    said->summary = summary;
    said->time_ms = time_ms;
}

/* What a full revision keeps, unless it was compressed before the transaction. */
static enum err_code plan_content(
    const struct document_prepared *prepared, struct change *change, struct err *err)
{
    change->packed = prepared->packed;
    change->packed_len = prepared->packed_len;
    if (change->revision.form != REVISION_FULL || change->packed != NULL) {
        return ERR_OK;
    }
    return content_pack(&change->arena, prepared->json, prepared->json_len, &change->packed,
        &change->packed_len, err);
}

/* The terms are known to be the same, or were made before the transaction, unless somebody else was
 * faster and has stored other texts in the meantime. */
static enum err_code plan_search(
    const struct document_prepared *prepared, struct change *change, struct err *err)
{
    if (change->exists &&
        memcmp(change->before.search_hash, prepared->search_hash, STORE_HASH_BYTES) == 0) {
        return ERR_OK;
    }
    change->search = prepared->search_made ? &prepared->search : &change->search_made;
    if (prepared->search_made) {
        return ERR_OK;
    }
    if (prepared->tree == NULL) { /* what a value was set in is found by something else now */
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    return search_prepare(&change->arena, prepared->tree, NULL, NULL, 0, &change->search_made, err);
}

/* Everything that is drawn from the old document. */
static enum err_code plan_replace(
    const struct document_prepared *prepared, struct change *change, struct err *err)
{
    const struct document_record *before = &change->before;
    memcpy(change->revision.said.before, before->document.hash, STORE_HASH_BYTES);
    enum err_code code = make_compact(prepared, change, err);
    return code == ERR_OK ? copy_before(change, err) : code;
}

/* Decides everything before the first change. */
static enum err_code plan_put(struct store_txn *txn, const struct document_prepared *prepared,
    bool with_summary, struct change *change, struct err *err)
{
    enum err_code code = next_revision(txn, prepared->kind, change, err);
    memcpy(change->revision.said.after, prepared->hash, STORE_HASH_BYTES);
    if (code == ERR_OK && with_summary) {
        struct path_index before = record_path_index(&change->before.document);
        struct path_index after = {.entries = prepared->index,
            .count = prepared->index_len / PATH_ENTRY_BYTES,
            .json = prepared->json,
            .json_len = prepared->json_len};
        summary_write(change->exists ? &before : NULL, &after, change->summary, SUMMARY_BYTES);
    }
    if (code == ERR_OK && change->exists) {
        code = plan_replace(prepared, change, err);
    }
    if (code == ERR_OK) {
        code = plan_search(prepared, change, err);
    }
    return code == ERR_OK ? plan_content(prepared, change, err) : code;
}

static enum err_code put_new_id(
    struct store_txn *txn, const struct document_prepared *prepared, struct change *change)
{
    if (change->place.known) {
        return ERR_OK;
    }
    enum err_code code =
        store_next_number(txn, document_counter(prepared->kind), &change->place.number);
    return code == ERR_OK
               ? id_put(txn, prepared->kind, prepared->id, prepared->id_len, &change->place)
               : code;
}

/* Writes everything that belongs to the document. */
static enum err_code apply_put(struct store_txn *txn, const struct document_prepared *prepared,
    struct change *change, struct err *err)
{
    struct store_key searched;
    const struct document_record *before = &change->before;
    enum err_code code = put_new_id(txn, prepared, change);
    uint64_t number = change->place.number;
    change->head.number = number;
    change->head.revision = change->revision.said.revision;
    change->head.updated_ms = change->revision.said.time_ms;
    change->head.created_ms =
        change->exists ? before->document.created_ms : change->head.updated_ms;
    if (code == ERR_OK) {
        code = record_put(txn, prepared, &change->head);
    }
    if (code == ERR_OK) {
        code = record_change_rows(txn, prepared->kind, number, before->rows, before->rows_len,
            prepared->rows, prepared->rows_len);
    }
    if (code == ERR_OK) {
        code = revision_put(txn, prepared->kind, number, change->place.hash, &change->revision);
    }
    if (code == ERR_OK && change->revision.form == REVISION_FULL) {
        code = content_put(txn, prepared->hash, change->packed, change->packed_len);
    }
    if (code == ERR_OK && !change->exists) {
        code = document_count_change(txn, prepared->kind, 1);
    }
    if (code == ERR_OK && change->search != NULL) {
        key_searched(&searched, prepared->kind, number);
        code = search_put(txn, searched.bytes, searched.len, change->search, err);
        if (code == ERR_OK && !change->exists) {
            code = curated_wake_model(txn, prepared->kind, number);
        }
        if (code == ERR_OK && curated_is_model(txn, prepared->kind, number)) {
            code = curated_renew_model(txn, prepared->kind, number, err);
        }
    }
    if (code == ERR_OK && change->exists && prepared->files_known) {
        bool respelled = strcmp(change->revision.said.operation, DOCUMENT_LOG_IMPORT) != 0;
        code = files_follow(txn, prepared->kind, number, &prepared->files, respelled,
            change->revision.said.time_ms);
    }
    return code;
}

enum err_code document_put(struct store_txn *txn, const struct document_prepared *prepared,
    enum registry_operation operation, const unsigned char *if_match, const char *log_operation,
    const struct registry_author *author, const char *summary, int64_t time_ms,
    enum registry_outcome *outcome, struct err *err)
{
    struct change change = {0};
    enum err_code code =
        change_look(txn, prepared->kind, prepared->id, prepared->id_len, &change, err);
    if (code == ERR_OK) {
        code = check_put(prepared, operation, &change, err);
    }
    if (code == ERR_OK) {
        code = check_match(&change, if_match, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (change.exists &&
        memcmp(change.before.document.hash, prepared->hash, STORE_HASH_BYTES) == 0) {
        *outcome = REGISTRY_UNCHANGED;
        return ERR_OK;
    }
    arena_init(&change.arena, SIZE_MAX);
    change.sets_value = document_sets_value(log_operation);
    const char *said = change.exists ? "replace" : "create";
    code = plan_put(txn, prepared, summary == NULL, &change, err);
    if (code == ERR_OK) {
        say_who(&change.revision.said, author, log_operation == NULL ? said : log_operation,
            summary == NULL ? change.summary : summary, time_ms);
        code = apply_put(txn, prepared, &change, err);
    }
    arena_finish(&change.arena);
    if (code == ERR_OK) {
        *outcome = change.exists ? REGISTRY_REPLACED : REGISTRY_CREATED;
    }
    return code;
}

/* ------------------------------------------------------------------ deleting */

static enum err_code apply_delete(
    struct store_txn *txn, enum registry_kind kind, const struct change *change, struct err *err)
{
    struct store_key key;
    uint64_t number = change->place.number;
    key_document(&key, kind, number);
    enum err_code code = store_delete(txn, STORE_DOCUMENTS, key.bytes, key.len);
    if (code == ERR_OK) {
        code = record_change_rows(
            txn, kind, number, change->before.rows, change->before.rows_len, NULL, 0);
    }
    if (code == ERR_OK) {
        code = revision_put(txn, kind, number, change->place.hash, &change->revision);
    }
    if (code == ERR_OK) {
        code = document_count_change(txn, kind, -1);
    }
    if (code == ERR_OK) {
        key_searched(&key, kind, number);
        code = search_remove(txn, key.bytes, key.len, err);
    }
    if (code == ERR_OK) {
        code = curated_sleep_model(txn, kind, number);
    }
    if (code == ERR_OK) {
        code = files_follow(txn, kind, number, NULL, false, change->revision.said.time_ms);
    }
    return code;
}

enum err_code document_delete(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, const unsigned char *if_match, const struct registry_author *author,
    int64_t time_ms, struct err *err)
{
    struct change change = {0};
    enum err_code code = change_look(txn, kind, id, id_len, &change, err);
    if (code == ERR_OK && !change.exists) {
        code = say_not_found(kind, id, id_len, err);
    }
    if (code == ERR_OK) {
        code = check_match(&change, if_match, err);
    }
    if (code == ERR_OK) {
        code = next_revision(txn, kind, &change, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    arena_init(&change.arena, SIZE_MAX);
    memcpy(change.revision.said.before, change.before.document.hash, STORE_HASH_BYTES);
    change.revision.form = REVISION_NONE;
    say_who(&change.revision.said, author, "delete", "deleted", time_ms);
    code = copy_before(&change, err);
    if (code == ERR_OK) {
        code = apply_delete(txn, kind, &change, err);
    }
    arena_finish(&change.arena);
    return code;
}

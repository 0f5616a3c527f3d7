/* SPDX-License-Identifier: Apache-2.0 */
/* An edit of an identifiable together with a file that belongs to it: both or nothing. */
#include <string.h>

#include "registry/document_record.h"
#include "registry/files.h"
#include "registry/registry_inside.h"

struct file_edit {
    struct registry *registry;
    enum registry_kind kind;
    const char *id;
    size_t id_len;
    const unsigned char *if_match;
    registry_edit_fn edit;
    void *context;
    struct registry_attachment *attachment;
    const struct registry_author *author;
    struct report *report;
};

struct file_write {
    struct write *write;
    const struct registry_attachment *attachment;
};

/* The content is there since it is held. */
static enum err_code store_both(struct store_txn *txn, void *context, struct err *err)
{
    const struct file_write *both = context;
    const struct registry_change *change = both->write->change;
    const struct registry_attachment *attachment = both->attachment;
    struct id_place place;
    struct registry_file file = {.size = attachment->content->len,
        .content_type = attachment->content_type,
        .name = attachment->name};
    memcpy(file.blob, attachment->content->hold.hash, STORE_HASH_BYTES);
    enum err_code code = write_apply(txn, both->write, err);
    if (code != ERR_OK) {
        return code;
    }
    code = id_find(txn, change->kind, change->id, change->id_len, &place, err);
    if (code == ERR_OK) {
        code = file_put(txn, change->kind, place.number, attachment->value, &file);
    }
    if (code == ERR_OK) {
        code = blob_let_go(txn, &attachment->content->hold);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the file cannot be stored");
}

/* `*lost`: somebody else has changed it between reading and storing. */
static enum err_code try_edit(
    const struct file_edit *edit, struct arena *arena, bool *lost, struct err *err)
{
    struct aas_node *tree = NULL;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = write_read_current(
        edit->registry, edit->kind, edit->id, edit->id_len, arena, &tree, hash, err);
    if (code == ERR_OK && edit->if_match != NULL &&
        memcmp(edit->if_match, hash, STORE_HASH_BYTES) != 0) {
        code = err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    if (code == ERR_OK) {
        code = edit->edit(arena, tree, edit->context, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct registry_change change = {.operation = REGISTRY_REPLACE,
        .kind = edit->kind,
        .id = edit->id,
        .id_len = edit->id_len,
        .tree = tree,
        .if_match = hash};
    struct write write = {.change = &change, .author = edit->author, .time_ms = write_now_ms()};
    struct file_write both = {.write = &write, .attachment = edit->attachment};
    code = write_prepare(edit->registry, arena, &write, edit->report, err);
    if (code == ERR_OK) {
        code = store_write(edit->registry->store, store_both, &both, err);
    }
    *lost = code == ERR_PRECONDITION;
    return code;
}

enum err_code registry_edit_file(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, const unsigned char *if_match, registry_edit_fn edit, void *context,
    struct registry_attachment *attachment, const struct registry_author *author,
    struct report *report, struct err *err)
{
    const struct file_edit what = {.registry = registry,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .if_match = if_match,
        .edit = edit,
        .context = context,
        .attachment = attachment,
        .author = author,
        .report = report};
    pthread_mutex_t *stripe = write_stripe(registry, id, id_len);
    enum err_code code = ERR_OK;
    bool lost = true;
    pthread_mutex_lock(stripe);
    for (int i = 0; lost && i < EDIT_ATTEMPTS; i++) {
        struct arena arena;
        arena_init(&arena, WRITE_ARENA_BYTES);
        lost = false;
        code = try_edit(&what, &arena, &lost, err);
        arena_finish(&arena);
    }
    pthread_mutex_unlock(stripe);
    if (lost) {
        return err_set(err, ERR_BUSY, "it is being changed by others without a pause, try again");
    }
    attachment->content->hold.held = attachment->content->hold.held && code != ERR_OK;
    return code;
}

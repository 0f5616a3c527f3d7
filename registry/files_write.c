/* SPDX-License-Identifier: Apache-2.0 */
/* An edit of an identifiable together with a file that belongs to it: both or nothing. */
#include <string.h>

#include "registry/document_record.h"
#include "registry/files.h"
#include "registry/registry_inside.h"

/* The content is there since it is held. */
static enum err_code store_file(struct store_txn *txn, const struct write *write, struct err *err)
{
    const struct registry_change *change = write->change;
    const struct registry_attachment *attachment = write->with;
    struct id_place place;
    struct registry_file file = {.size = attachment->content->len,
        .content_type = attachment->content_type,
        .name = attachment->name};
    memcpy(file.blob, attachment->content->hold.hash, STORE_HASH_BYTES);
    enum err_code code = id_find(txn, change->kind, change->id, change->id_len, &place, err);
    if (code == ERR_OK) {
        code = file_put(txn, change->kind, place.number, attachment->value, &file, write->time_ms);
    }
    if (code == ERR_OK) {
        code = blob_let_go(txn, &attachment->content->hold);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the file cannot be stored");
}

enum err_code registry_edit_file(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, const unsigned char *if_match, registry_edit_fn edit, void *context,
    struct registry_attachment *attachment, const struct registry_author *author,
    struct report *report, struct err *err)
{
    const struct write_edit what = {.registry = registry,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .if_match = if_match,
        .change = edit,
        .context = context,
        .author = author,
        .report = report,
        .also = store_file,
        .with = attachment};
    enum err_code code = write_edit(&what, err);
    attachment->content->hold.held = attachment->content->hold.held && code != ERR_OK;
    return code;
}

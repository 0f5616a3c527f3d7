/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/event.h"

#include <string.h>

#include "registry/document_record.h"

/* Goes on after the newest revision; a content that stays is named on both sides. */
static enum err_code follow(struct store_txn *txn, const struct event *event,
    struct id_place *place, struct revision_record *record)
{
    struct revision_record last;
    record->said.revision = 1;
    if (place->known) {
        enum err_code code = revision_last(txn, event->kind, place->number, UINT64_MAX, &last);
        if (code != ERR_OK) {
            return ERR_STORE;
        }
        record->said.revision = last.said.revision + 1;
        memcpy(record->said.before, last.said.after, STORE_HASH_BYTES);
        return ERR_OK;
    }
    enum err_code code = store_next_number(txn, document_counter(event->kind), &place->number);
    return code == ERR_OK ? id_put(txn, event->kind, event->id, event->id_len, place) : code;
}

enum err_code event_put(struct store_txn *txn, const struct event *event,
    const struct registry_author *author, struct err *err)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct id_place place;
    struct revision_record record = {.form = REVISION_NONE};
    enum err_code code = id_find(txn, event->kind, event->id, event->id_len, &place, err);
    if (code == ERR_OK) {
        code = follow(txn, event, &place, &record);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the history cannot be continued");
    }
    const unsigned char *after = event->content != NULL ? event->content : record.said.before;
    if (!event->ended && memcmp(after, none, sizeof none) != 0) {
        memcpy(record.said.after, after, STORE_HASH_BYTES);
        record.form = REVISION_FULL;
    }
    if (event->pruned != NULL) {
        record.form = REVISION_PRUNING;
        record.new_bytes = event->pruned;
        record.new_len = (uint32_t)event->pruned_len;
    }
    record.said.operation = event->operation;
    record.said.author = author == NULL ? NULL : author->name;
    record.said.message = author == NULL ? NULL : author->message;
    record.said.summary = event->summary;
    record.said.time_ms = event->time_ms;
    code = revision_put(txn, event->kind, place.number, place.hash, &record);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the history cannot be continued");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* How what is kept beside templates and models is stored, and what the history says of it. */
#include <string.h>

#include "registry/curated_inside.h"
#include "registry/event.h"

enum { ID_ROOM = 2600 };

enum err_code curated_put(
    struct store_txn *txn, const struct store_key *key, struct buf *buf, struct err *err)
{
    enum err_code code = key->cut || buf_failed(buf) ? ERR_TOO_LARGE
                                                     : store_put(txn, STORE_CURATED, key->bytes,
                                                           key->len, buf->bytes, buf->len);
    code = code == ERR_OK ? curated_count(txn) : code;
    return code == ERR_OK ? ERR_OK : err_set(err, code, "it cannot be stored");
}

const char *curated_model_prefix(enum registry_kind kind)
{
    return kind == REGISTRY_SHELL ? "shell/" : "submodel/";
}

enum err_code curated_log(struct store_txn *txn, const struct curated_event *event,
    const struct registry_author *author, int64_t time_ms, struct err *err)
{
    char name[ID_ROOM];
    size_t head = strlen(event->prefix);
    size_t len = strlen(event->id);
    if (head + len > sizeof name) {
        return err_set(err, ERR_BAD_INPUT, "the id is too long");
    }
    memcpy(name, event->prefix, head);
    memcpy(name + head, event->id, len);
    const struct event said = {.kind = REGISTRY_CURATION,
        .id = name,
        .id_len = head + len,
        .operation = event->operation,
        .summary = event->summary,
        .ended = event->ended,
        .time_ms = time_ms};
    return event_put(txn, &said, author, err);
}

void curated_summarise_node(struct buf *buf, const struct curated_node *node)
{
    buf_printf(buf, "%s%s%s", curated_node_name(node, "ko"),
        node->parent[0] != '\0' ? ", below " : "", node->parent);
}

void curated_summarise_row(struct buf *buf, const struct curated_row *row)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            buf_printf(buf, "%s%s%s",
                i > 0          ? " "
                : buf->len > 0 ? "; "
                               : "",
                i > 0 ? "" : curated_tree_name((enum overlay_tree)tree), i > 0 ? "" : " ");
            buf_add_text(buf, row->tags[tree][i]);
        }
    }
    for (size_t i = 0; i < row->name_count; i++) {
        buf_printf(
            buf, "%s%s: %s", buf->len > 0 ? "; " : "", row->names[i].language, row->names[i].text);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* How what is kept beside templates and models is stored, and what the history says of it. */
#include <string.h>

#include "registry/curated_inside.h"
#include "registry/document_record.h"
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

/* ------------------------------------------------------------------ what has changed */

static void begin_piece(struct buf *buf)
{
    buf_add_text(buf, buf->len > 0 ? "; " : "");
}

static void add_pair(struct buf *buf, const char *name, const char *text)
{
    begin_piece(buf);
    buf_add_text(buf, name);
    buf_add_text(buf, ": ");
    buf_add_text(buf, text);
}

static const char *find_name(const struct curated_name *names, size_t count, const char *language)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].language, language) == 0) {
            return names[i].text;
        }
    }
    return NULL;
}

static void add_names(struct buf *buf, const struct curated_name *before, size_t before_count,
    const struct curated_name *after, size_t after_count)
{
    for (size_t i = 0; i < after_count; i++) {
        const char *old = find_name(before, before_count, after[i].language);
        if (old == NULL || strcmp(old, after[i].text) != 0) {
            add_pair(buf, after[i].language, after[i].text);
        }
    }
    for (size_t i = 0; i < before_count; i++) {
        if (find_name(after, after_count, before[i].language) == NULL) {
            add_pair(buf, before[i].language, "none");
        }
    }
}

static bool has_tag(const struct curated_row *row, unsigned tree, const char *tag)
{
    for (size_t i = 0; i < row->tag_count[tree]; i++) {
        if (strcmp(row->tags[tree][i], tag) == 0) {
            return true;
        }
    }
    return false;
}

/* Those of one row that the other has not, each with a sign. */
static void add_tags(struct buf *buf, unsigned tree, const struct curated_row *of,
    const struct curated_row *without, const char *sign, bool *any)
{
    for (size_t i = 0; i < of->tag_count[tree]; i++) {
        const char *tag = of->tags[tree][i];
        if (has_tag(without, tree, tag)) {
            continue;
        }
        if (!*any) {
            begin_piece(buf);
            buf_add_text(buf, curated_tree_name((enum overlay_tree)tree));
        }
        buf_add_text(buf, sign);
        buf_add_text(buf, tag);
        *any = true;
    }
}

void curated_summarise_row(
    struct buf *buf, const struct curated_row *before, const struct curated_row *after)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        bool any = false;
        add_tags(buf, tree, after, before, " +", &any);
        add_tags(buf, tree, before, after, " -", &any);
    }
    add_names(buf, before->names, before->name_count, after->names, after->name_count);
    if (strcmp(before->words, after->words) != 0) {
        add_pair(buf, "words", after->words[0] != '\0' ? after->words : "none");
    }
}

void curated_summarise_node(
    struct buf *buf, const struct curated_node *before, const struct curated_node *after)
{
    if (before == NULL) {
        buf_add_text(buf, curated_node_name(after, "ko"));
        buf_add_text(buf, after->parent[0] != '\0' ? ", below " : "");
        buf_add_text(buf, after->parent);
        return;
    }
    add_names(buf, before->names, before->name_count, after->names, after->name_count);
    if (strcmp(before->parent, after->parent) != 0) {
        begin_piece(buf);
        buf_add_text(buf, after->parent[0] != '\0' ? "below " : "at the top");
        buf_add_text(buf, after->parent);
    }
}

const char *curated_summary(struct buf *buf)
{
    if (buf_failed(buf) || buf->len == 0) {
        return NULL;
    }
    if (buf->len > CURATED_SUMMARY_BYTES) {
        buf->len = (size_t)text_shown(buf->bytes, buf->len, CURATED_SUMMARY_BYTES);
        buf_add_text(buf, " …");
    }
    return buf_text(buf);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file says beside templates and models comes into the store: first is decided what becomes
 * of each entry, then all of it is stored, then trees and tags are looked at as a whole, and last
 * everything that is found by something else is searched anew, once.
 */
#include <stdlib.h>
#include <string.h>

#include "registry/curated_file.h"
#include "registry/curated_inside.h"
#include "registry/document_record.h"

#define ROW_ROOM ((size_t)4 << 20) /* for one row */

static const char operation[] = "import";

struct storing {
    struct curated_file *file;
    const struct registry_author *author;
    bool replace;
    int64_t time_ms;
    struct store_txn *txn;
    struct arena *arena;
    struct store_bytes *keys; /* of what is to be searched anew */
    size_t key_count;
    size_t key_room;
};

/* ------------------------------------------------------------------ deciding */

static bool same_node(const struct curated_node *a, const struct curated_node *b)
{
    unsigned char first[STORE_HASH_BYTES];
    unsigned char second[STORE_HASH_BYTES];
    curated_nodes_hash(a, 1, first);
    curated_nodes_hash(b, 1, second);
    return memcmp(first, second, sizeof first) == 0;
}

/* Nobody has said anything else than what is shipped. */
static bool is_shipped_node(const struct curated_node *now)
{
    struct curated_node node;
    struct curated_name names[OVERLAY_LANGUAGES];
    const struct overlay_node *shipped = overlay_find(now->tree, now->value, strlen(now->value));
    if (shipped == NULL) {
        return false;
    }
    curated_shipped_node(shipped, names, &node);
    return same_node(&node, now);
}

static enum err_code decide_node(
    struct storing *s, struct curated_file_node *entry, bool removed, struct err *err)
{
    struct curated_node now;
    const struct curated_node *node = &entry->node;
    enum err_code code = curated_node_find(s->txn, s->arena, node->tree, node->value, &now);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return err_set(err, code, "the categories cannot be read");
    }
    bool there = code == ERR_OK;
    bool same = removed ? !there : there && same_node(&now, node);
    bool free = !there || s->replace || is_shipped_node(&now);
    entry->fate = same ? CURATED_SAME : free ? CURATED_STORED : CURATED_KEPT;
    return entry->fate == CURATED_STORED ? life_may(s->txn, s->author, RIGHT_CURATE, NULL, err)
                                         : ERR_OK;
}

static bool same_row(const struct curated_row *a, const struct curated_row *b)
{
    unsigned char first[STORE_HASH_BYTES];
    unsigned char second[STORE_HASH_BYTES];
    curated_row_hash(a, first);
    curated_row_hash(b, second);
    return memcmp(first, second, sizeof first) == 0;
}

static bool is_shipped_row(
    struct arena *arena, const struct curated_file_row *entry, const struct curated_row *now)
{
    struct curated_row row = {.words = ""};
    const struct overlay_family *shipped = entry->family == NULL ? NULL : overlay_of(entry->family);
    return (shipped == NULL || curated_shipped_row(arena, shipped, &row)) && same_row(&row, now);
}

/* What is said now; of a model whose number is known. */
static enum err_code read_row(struct storing *s, struct arena *arena,
    const struct curated_file_row *entry, struct curated_row *now, struct err *err)
{
    return entry->family != NULL
               ? curated_family(s->txn, arena, entry->family, now, err)
               : curated_model(s->txn, arena, entry->kind, entry->number, now, err);
}

static enum err_code decide_row(
    struct storing *s, struct arena *arena, struct curated_file_row *entry, struct err *err)
{
    struct curated_row now;
    struct registry_document document = {.number = 0};
    enum err_code code = ERR_OK;
    if (entry->family == NULL) {
        code = document_find(s->txn, entry->kind, entry->id, strlen(entry->id), &document, err);
        if (code == ERR_NOT_FOUND) {
            entry->fate = CURATED_ABSENT;
            return ERR_OK;
        }
    }
    entry->number = document.number;
    code = code == ERR_OK ? read_row(s, arena, entry, &now, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    bool same = same_row(&now, &entry->row);
    bool free = s->replace || is_shipped_row(arena, entry, &now);
    entry->fate = same ? CURATED_SAME : free ? CURATED_STORED : CURATED_KEPT;
    return entry->fate == CURATED_STORED
               ? curated_row_may(s->txn, s->author, entry->family == NULL, entry->family, err)
               : ERR_OK;
}

static enum err_code decide(struct storing *s, struct err *err)
{
    struct curated_file *file = s->file;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < file->node_count && code == ERR_OK; i++) {
        code = decide_node(s, &file->nodes[i], false, err);
    }
    for (size_t i = 0; i < file->removed_count && code == ERR_OK; i++) {
        code = decide_node(s, &file->removed[i], true, err);
    }
    for (size_t i = 0; i < file->row_count && code == ERR_OK; i++) {
        struct arena scratch; /* there may be very many */
        arena_init(&scratch, ROW_ROOM);
        code = decide_row(s, &scratch, &file->rows[i], err);
        arena_finish(&scratch);
    }
    return code;
}

/* ------------------------------------------------------------------ storing */

static enum err_code log_node(struct storing *s, const struct curated_node *node, bool removed,
    struct buf *summary, struct err *err)
{
    const char *id = arena_printf(s->arena, "%s/%s", curated_tree_name(node->tree), node->value);
    const struct curated_event event = {"tree/", id, removed ? "delete" : operation,
        removed ? NULL : curated_summary(summary), removed};
    return id == NULL ? err_set(err, ERR_NO_MEMORY, "the categories cannot be stored")
                      : curated_log(s->txn, &event, s->author, s->time_ms, err);
}

static enum err_code store_node(struct storing *s, const struct curated_node *node, struct err *err)
{
    struct store_key key;
    struct buf buf;
    struct buf summary;
    struct curated_node now;
    bool there = curated_node_find(s->txn, s->arena, node->tree, node->value, &now) == ERR_OK;
    key_curated_node(&key, node->tree, node->value);
    buf_init(&buf, CURATED_RECORD_CEILING);
    buf_init(&summary, CURATED_SUMMARY_CEILING);
    curated_node_write(&buf, node);
    curated_summarise_node(&summary, there ? &now : NULL, node);
    enum err_code code = curated_put(s->txn, &key, &buf, err);
    code = code == ERR_OK ? log_node(s, node, false, &summary, err) : code;
    buf_finish(&summary);
    buf_finish(&buf);
    return code;
}

static enum err_code renew_later(struct storing *s, const void *bytes, size_t len, struct err *err)
{
    if (s->key_count == s->key_room) {
        size_t room = s->key_room == 0 ? 256 : 2 * s->key_room;
        struct store_bytes *keys = arena_alloc(s->arena, room * sizeof *keys);
        if (keys == NULL) {
            return curated_refuse_many(err);
        }
        if (s->key_count > 0) {
            memcpy(keys, s->keys, s->key_count * sizeof *keys);
        }
        s->keys = keys;
        s->key_room = room;
    }
    const char *copy = arena_copy(s->arena, bytes, len);
    if (copy == NULL) {
        return curated_refuse_many(err);
    }
    s->keys[s->key_count++] = (struct store_bytes){copy, len};
    return ERR_OK;
}

static enum err_code store_row(
    struct storing *s, const struct curated_file_row *entry, struct err *err)
{
    struct store_key key;
    struct buf buf;
    struct buf summary;
    struct arena scratch;
    struct curated_row now;
    struct curated_event event = {.prefix = "family/", .id = entry->family, .operation = operation};
    if (entry->family != NULL) {
        key_curated_family(&key, entry->family);
    } else {
        key_curated_model(&key, entry->kind, entry->number);
        event.prefix = curated_model_prefix(entry->kind);
        event.id = entry->id;
    }
    arena_init(&scratch, ROW_ROOM);
    buf_init(&buf, CURATED_RECORD_CEILING);
    buf_init(&summary, CURATED_SUMMARY_CEILING);
    curated_row_write(&buf, &entry->row);
    enum err_code code = read_row(s, &scratch, entry, &now, err);
    if (code == ERR_OK) {
        curated_summarise_row(&summary, &now, &entry->row);
        event.summary = curated_summary(&summary);
        code = curated_put(s->txn, &key, &buf, err);
    }
    code = code == ERR_OK ? curated_log(s->txn, &event, s->author, s->time_ms, err) : code;
    code = code == ERR_OK ? renew_later(s, key.bytes, key.len, err) : code;
    arena_finish(&scratch);
    buf_finish(&summary);
    buf_finish(&buf);
    return code;
}

/* ------------------------------------------------------------------ taken out */

static struct curated_file_node *find_removed(
    struct curated_file *file, enum overlay_tree tree, const char *value)
{
    for (size_t i = 0; i < file->removed_count; i++) {
        struct curated_file_node *entry = &file->removed[i];
        if (entry->fate == CURATED_STORED && entry->node.tree == tree &&
            strcmp(entry->node.value, value) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* A value that something has as a tag, or that stays above something, is not taken out. */
static void keep_tags(struct storing *s, const struct curated_row *row)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            struct curated_file_node *entry =
                find_removed(s->file, (enum overlay_tree)tree, row->tags[tree][i]);
            if (entry != NULL) {
                entry->fate = CURATED_KEPT;
            }
        }
    }
}

static enum err_code keep_parents(struct storing *s, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = curated_nodes(s->txn, s->arena, &nodes, &count, err);
    for (size_t i = count; i > 0 && code == ERR_OK; i--) { /* children before parents */
        const struct curated_node *node = &nodes[i - 1];
        struct curated_file_node *above =
            node->parent[0] == '\0' ? NULL : find_removed(s->file, node->tree, node->parent);
        if (above != NULL && find_removed(s->file, node->tree, node->value) == NULL) {
            above->fate = CURATED_KEPT;
        }
    }
    return code;
}

static enum err_code remove_nodes(struct storing *s, struct err *err)
{
    enum err_code code = keep_parents(s, err);
    for (size_t i = 0; i < s->file->removed_count && code == ERR_OK; i++) {
        const struct curated_file_node *entry = &s->file->removed[i];
        struct store_key key;
        if (entry->fate != CURATED_STORED) {
            continue;
        }
        key_curated_node(&key, entry->node.tree, entry->node.value);
        code = store_delete(s->txn, STORE_CURATED, key.bytes, key.len);
        code = code == ERR_OK ? curated_count(s->txn) : code;
        code = code == ERR_OK ? log_node(s, &entry->node, true, NULL, err)
                              : err_set(err, code, "the categories cannot be stored");
    }
    return code;
}

/* ------------------------------------------------------------------ what it leads to */

static int by_place(const void *a, const void *b)
{
    const struct curated_node *const *x = a;
    const struct curated_node *const *y = b;
    int order = ((*x)->tree > (*y)->tree) - ((*x)->tree < (*y)->tree);
    return order != 0 ? order : strcmp((*x)->value, (*y)->value);
}

/* Values that have changed, sorted. */
struct changed {
    const struct curated_node **nodes;
    size_t count;
};

static bool has_changed(
    struct storing *s, const struct changed *changed, const struct curated_row *row)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            struct curated_node at = {.parent = row->tags[tree][i]};
            for (size_t up = 0; at.parent[0] != '\0' && up <= CURATED_DEPTH_MOST; up++) {
                const struct curated_node wanted = {
                    .tree = (enum overlay_tree)tree, .value = at.parent};
                const struct curated_node *key = &wanted;
                if (bsearch(&key, changed->nodes, changed->count, sizeof key, by_place) != NULL) {
                    return true;
                }
                if (curated_node_find(s->txn, s->arena, wanted.tree, wanted.value, &at) != ERR_OK) {
                    break;
                }
            }
        }
    }
    return false;
}

/* All rows: which values are in use, and which rows have a changed one as a tag, or below it. */
static enum err_code look_at_rows(struct storing *s, const struct changed *changed, struct err *err)
{
    static const char kinds[] = {'d', 'f'};
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(s->txn, STORE_CURATED, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the tags cannot be read");
    }
    for (size_t i = 0; i < sizeof kinds && code == ERR_OK; i++) {
        bool more = store_cursor_seek(&cursor, &kinds[i], 1);
        for (; more && code == ERR_OK && ((const char *)cursor.key.bytes)[0] == kinds[i];
             more = store_cursor_next(&cursor)) {
            struct arena scratch;
            struct curated_row row;
            struct storing inside = *s;
            arena_init(&scratch, ROW_ROOM);
            inside.arena = &scratch;
            if (curated_row_read(&scratch, cursor.value, &row)) {
                keep_tags(s, &row);
                code = has_changed(&inside, changed, &row)
                           ? renew_later(s, cursor.key.bytes, cursor.key.len, err)
                           : ERR_OK;
            }
            arena_finish(&scratch);
        }
    }
    store_cursor_close(&cursor);
    return code == ERR_OK && s->txn->failed != ERR_OK
               ? err_set(err, s->txn->failed, "the tags cannot be read")
               : code;
}

static enum err_code look_around(struct storing *s, struct err *err)
{
    struct changed changed = {.count = 0};
    bool removes = false;
    changed.nodes = arena_alloc(s->arena, (s->file->node_count + 1) * sizeof *changed.nodes);
    if (changed.nodes == NULL) {
        return curated_refuse_many(err);
    }
    for (size_t i = 0; i < s->file->node_count; i++) {
        if (s->file->nodes[i].fate == CURATED_STORED) {
            changed.nodes[changed.count++] = &s->file->nodes[i].node;
        }
    }
    for (size_t i = 0; i < s->file->removed_count; i++) {
        removes |= s->file->removed[i].fate == CURATED_STORED;
    }
    qsort(changed.nodes, changed.count, sizeof *changed.nodes, by_place);
    return changed.count > 0 || removes ? look_at_rows(s, &changed, err) : ERR_OK;
}

/* ------------------------------------------------------------------ does it fit together? */

static uint32_t line_of(const struct curated_file *file, const struct curated_node *node)
{
    for (size_t i = 0; i < file->node_count; i++) {
        if (file->nodes[i].node.tree == node->tree &&
            strcmp(file->nodes[i].node.value, node->value) == 0) {
            return file->nodes[i].line;
        }
    }
    return 0;
}

static enum err_code refuse_node(
    const struct storing *s, const struct curated_node *node, const char *remedy, struct err *err)
{
    err_rule(err, "import-tags", remedy);
    err_place(err, NULL, line_of(s->file, node), 0);
    return ERR_BAD_INPUT;
}

static enum err_code check_way_up(
    struct storing *s, const struct curated_node *node, struct err *err)
{
    struct curated_node at = *node;
    for (size_t up = 1; at.parent[0] != '\0'; up++) {
        const char *above = at.parent;
        if (up == CURATED_DEPTH_MOST) {
            err_set(err, ERR_BAD_INPUT,
                "'%.64s' of the tree '%s' would stand below itself, or below more than %d values",
                node->value, curated_tree_name(node->tree), CURATED_DEPTH_MOST - 1);
            return refuse_node(
                s, node, "Give it another parent, in the file or in the store.", err);
        }
        if (curated_node_find(s->txn, s->arena, node->tree, above, &at) != ERR_OK) {
            err_set(err, ERR_BAD_INPUT,
                "'%.64s' would stand below '%.64s', which the tree '%s' "
                "has not",
                node->value, above, curated_tree_name(node->tree));
            return refuse_node(s, node, "Add it to the trees of the file, too.", err);
        }
    }
    return ERR_OK;
}

static enum err_code check_trees(struct storing *s, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    size_t in_tree[OVERLAY_TREES] = {0};
    enum err_code code = curated_nodes(s->txn, s->arena, &nodes, &count, err);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        code = check_way_up(s, &nodes[i], err);
        if (code == ERR_OK && ++in_tree[nodes[i].tree] > CURATED_NODES_MOST) {
            code = err_set(err, ERR_STATE, "the tree '%s' would have more than %d values",
                curated_tree_name(nodes[i].tree), (int)CURATED_NODES_MOST);
        }
    }
    return code;
}

static enum err_code check_rows(struct storing *s, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < s->file->row_count && code == ERR_OK; i++) {
        const struct curated_file_row *entry = &s->file->rows[i];
        struct arena scratch;
        arena_init(&scratch, ROW_ROOM);
        if (entry->fate == CURATED_STORED) {
            code = curated_check_tags(s->txn, &scratch, &entry->row, err);
        }
        arena_finish(&scratch);
        if (code == ERR_BAD_INPUT) {
            err_rule(err, "import-tags", "Add it to the trees of the file, too.");
            err_place(err, NULL, entry->line, 0);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ searched anew */

static int by_key(const void *a, const void *b)
{
    const struct store_bytes *x = a;
    const struct store_bytes *y = b;
    int order = memcmp(x->bytes, y->bytes, x->len < y->len ? x->len : y->len);
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static enum err_code renew(struct storing *s, struct err *err)
{
    size_t left = CURATED_FILE_RENEWED_MOST;
    enum err_code code = ERR_OK;
    if (s->key_count > 0) {
        qsort(s->keys, s->key_count, sizeof *s->keys, by_key);
    }
    for (size_t i = 0; i < s->key_count && code == ERR_OK; i++) {
        if (i == 0 || by_key(&s->keys[i - 1], &s->keys[i]) != 0) {
            code = curated_renew_key(s->txn, s->keys[i], &left, err);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ the whole */

static enum err_code store_all(struct storing *s, struct err *err)
{
    struct curated_file *file = s->file;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < file->node_count && code == ERR_OK; i++) {
        if (file->nodes[i].fate == CURATED_STORED) {
            code = store_node(s, &file->nodes[i].node, err);
        }
    }
    for (size_t i = 0; i < file->row_count && code == ERR_OK; i++) {
        if (file->rows[i].fate == CURATED_STORED) {
            code = store_row(s, &file->rows[i], err);
        }
    }
    code = code == ERR_OK ? look_around(s, err) : code;
    code = code == ERR_OK ? remove_nodes(s, err) : code;
    code = code == ERR_OK ? check_trees(s, err) : code;
    code = code == ERR_OK ? check_rows(s, err) : code;
    return code == ERR_OK ? renew(s, err) : code;
}

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    struct storing s = *(const struct storing *)context; /* it may run again */
    struct arena arena;
    arena_init(&arena, LIFE_ARENA_BYTES);
    s.txn = txn;
    s.arena = &arena;
    enum err_code code = decide(&s, err);
    code = code == ERR_OK ? store_all(&s, err) : code;
    arena_finish(&arena);
    return code == ERR_OK || (err != NULL && err->code == code)
               ? code
               : err_set(err, code, "the tags and categories cannot be stored");
}

enum err_code curated_file_store(struct registry *registry, struct curated_file *file, bool replace,
    const struct registry_author *author, struct report *report, size_t *stored, struct err *err)
{
    struct storing s = {
        .file = file, .author = author, .replace = replace, .time_ms = write_now_ms()};
    enum err_code code = store_write(registry->store, change, &s, err);
    return code == ERR_OK ? curated_file_report(file, report, stored, err) : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/curated_file.h"

#include <stdlib.h>
#include <string.h>

#include "registry/curated_inside.h"
#include "registry/curated_json.h"
#include "registry/document_record.h"

#define ROWS_ROOM ((size_t)1 << 30)
#define ROW_ROOM ((size_t)4 << 20) /* for one row */

static const char mend[] = "Mend that place, or export the folder again.";

/* ------------------------------------------------------------------ writing */

static bool says_something(const struct curated_row *row)
{
    bool tagged = false;
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        tagged |= row->tag_count[tree] > 0;
    }
    return tagged || row->name_count > 0 || row->words[0] != '\0';
}

static void begin_list(struct buf *buf, const char *name)
{
    buf_printf(buf, "%s\"%s\":[", buf->len == 0 ? "{" : "\n],\n", name);
}

/* Each entry stands in a line of its own. */
static void begin_entry(struct buf *buf)
{
    buf_add_text(buf, buf->bytes[buf->len - 1] == '[' ? "\n" : ",\n");
}

static void add_text(struct buf *buf, const char *before, const char *text, size_t len)
{
    buf_add_text(buf, before);
    buf_add_json_string(buf, text, len);
}

static enum err_code write_trees(
    struct registry_view *view, struct arena *arena, struct buf *buf, struct err *err)
{
    struct curated_node *nodes = NULL;
    struct curated_node node;
    size_t count = 0;
    size_t shipped_count = 0;
    const struct overlay_node *shipped = overlay_nodes(&shipped_count);
    enum err_code code = curated_nodes(&view->txn, arena, &nodes, &count, err);
    begin_list(buf, "trees");
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        begin_entry(buf);
        curated_json_node(buf, &nodes[i]);
    }
    begin_list(buf, "removed");
    for (size_t i = 0; i < shipped_count && code == ERR_OK; i++) {
        const struct overlay_node *one = &shipped[i];
        if (curated_node_find(&view->txn, arena, one->tree, one->value, &node) == ERR_NOT_FOUND) {
            const char *tree = curated_tree_name(one->tree);
            begin_entry(buf);
            add_text(buf, "{\"facet\":", tree, strlen(tree));
            add_text(buf, ",\"value\":", one->value, strlen(one->value));
            buf_add_char(buf, '}');
        }
    }
    return code;
}

/* What was said of a family and taken back is nothing, unless something is shipped of it. */
static enum err_code write_family(struct buf *buf, const struct store_cursor *cursor)
{
    struct arena arena;
    struct curated_row row;
    const char *bytes = cursor->key.bytes;
    arena_init(&arena, ROW_ROOM);
    const char *family = arena_copy(&arena, bytes + 1, cursor->key.len - 1);
    bool fine = family != NULL && curated_row_read(&arena, cursor->value, &row);
    if (fine && (says_something(&row) || overlay_of(family) != NULL)) {
        begin_entry(buf);
        add_text(buf, "{\"family\":", family, strlen(family));
        buf_add_char(buf, ',');
        curated_json_row(buf, &row);
        buf_add_char(buf, '}');
    }
    arena_finish(&arena);
    return fine ? ERR_OK : ERR_STORE;
}

/* One model of which something is said. */
struct said {
    enum registry_kind kind;
    const char *id;
    size_t id_len;
    struct store_bytes row; /* points into the map */
};

struct models {
    struct store_txn *txn;
    struct arena *arena;
    struct said *list;
    size_t count;
    size_t room;
};

static enum err_code add_model(struct models *models, const struct store_cursor *cursor)
{
    struct store_key key;
    struct store_bytes value;
    struct document_record record;
    enum registry_kind kind = (enum registry_kind)((const unsigned char *)cursor->key.bytes)[1];
    uint64_t number = key_number_at(cursor->key, 2);
    key_document(&key, kind, number);
    enum err_code code = store_get(models->txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    if (code != ERR_OK || !record_read(value, kind, number, &record)) {
        return ERR_STORE;
    }
    if (models->count == models->room) {
        size_t room = models->room == 0 ? 256 : 2 * models->room;
        struct said *list = arena_alloc(models->arena, room * sizeof *list);
        if (list == NULL) {
            return ERR_TOO_LARGE;
        }
        if (models->count > 0) {
            memcpy(list, models->list, models->count * sizeof *list);
        }
        models->list = list;
        models->room = room;
    }
    models->list[models->count++] =
        (struct said){kind, record.document.id, record.document.id_len, cursor->value};
    return ERR_OK;
}

/* Numbers say in which order models came in, which is not the same everywhere. */
static int by_id(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    size_t least = x->id_len < y->id_len ? x->id_len : y->id_len;
    int order = memcmp(x->id, y->id, least);
    return order != 0 ? order : (x->id_len > y->id_len) - (x->id_len < y->id_len);
}

static enum err_code write_models(struct models *models, struct buf *buf)
{
    bool fine = true;
    if (models->count > 0) {
        qsort(models->list, models->count, sizeof *models->list, by_id);
    }
    for (size_t i = 0; i < models->count && fine; i++) {
        const struct said *said = &models->list[i];
        const char *kind = registry_kind_name(said->kind);
        struct arena arena;
        struct curated_row row;
        arena_init(&arena, ROW_ROOM);
        fine = curated_row_read(&arena, said->row, &row);
        if (fine && says_something(&row)) {
            begin_entry(buf);
            add_text(buf, "{\"kind\":", kind, strlen(kind));
            add_text(buf, ",\"id\":", said->id, said->id_len);
            buf_add_char(buf, ',');
            curated_json_row(buf, &row);
            buf_add_char(buf, '}');
        }
        arena_finish(&arena);
    }
    return fine ? ERR_OK : ERR_STORE;
}

static enum err_code write_rows(
    struct registry_view *view, struct arena *arena, struct buf *buf, struct err *err)
{
    struct store_cursor cursor;
    struct models models = {.txn = &view->txn, .arena = arena};
    enum err_code code = store_cursor_open(&view->txn, STORE_CURATED, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the tags cannot be read");
    }
    begin_list(buf, "families");
    bool more = store_cursor_seek(&cursor, "f", 1);
    for (; more && code == ERR_OK && *(const char *)cursor.key.bytes == 'f';
         more = store_cursor_next(&cursor)) {
        code = write_family(buf, &cursor);
    }
    more = code == ERR_OK && store_cursor_seek(&cursor, "d", 1);
    for (; more && code == ERR_OK && *(const char *)cursor.key.bytes == 'd';
         more = store_cursor_next(&cursor)) {
        code = add_model(&models, &cursor);
    }
    store_cursor_close(&cursor);
    begin_list(buf, "models");
    code = code == ERR_OK ? write_models(&models, buf) : code;
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the tags cannot be read");
}

enum err_code curated_file_write(struct registry_view *view, struct buf *buf, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ROWS_ROOM);
    enum err_code code = write_trees(view, &arena, buf, err);
    code = code == ERR_OK ? write_rows(view, &arena, buf, err) : code;
    buf_add_text(buf, "\n]}\n");
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ reading */

static enum err_code at_line(uint32_t line, enum err_code code, struct err *err)
{
    if (err != NULL) {
        err->line = err->line > 0 ? err->line : line;
        err_rule(err, NULL, err->remedy[0] == '\0' ? mend : NULL);
    }
    return code;
}

static const char *member_text(const struct json *object, const char *name)
{
    const struct json *member = json_member(object, name);
    return member != NULL && member->kind == JSON_STRING && member->len > 0 ? member->text : NULL;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Tree and value of an entry. */
static enum err_code read_place(
    const struct json *item, struct curated_file_node *entry, struct err *err)
{
    *entry = (struct curated_file_node){.node = {.parent = ""}, .line = item->line};
    const char *facet = item->kind == JSON_OBJECT ? member_text(item, "facet") : NULL;
    entry->node.value = item->kind == JSON_OBJECT ? member_text(item, "value") : NULL;
    return facet != NULL && entry->node.value != NULL && curated_tree_read(facet, &entry->node.tree)
               ? ERR_OK
               : err_set(err, ERR_BAD_INPUT,
                     "a value of a tree has a facet (category, equipment, process or phase) and a "
                     "value");
}

static enum err_code read_node(
    struct arena *arena, const struct json *item, struct curated_file_node *entry, struct err *err)
{
    static const char *const known[] = {"facet", "value"};
    enum err_code code = read_place(item, entry, err);
    for (const struct json *at = code == ERR_OK ? item->first : NULL; at != NULL && code == ERR_OK;
         at = at->next) {
        if (!is_one_of(at->name, known, 2)) {
            code = curated_json_take_node(arena, at, &entry->node, err);
        }
    }
    return code == ERR_OK ? curated_check_node(&entry->node, err) : code;
}

static enum err_code read_subject(
    const struct json *item, bool family, struct curated_file_row *entry, struct err *err)
{
    const char *kind = family ? NULL : member_text(item, "kind");
    const char *name = member_text(item, family ? "family" : "id");
    if (family) {
        entry->family = name;
        return name != NULL && lifecycle_family_fits(name)
                   ? ERR_OK
                   : err_set(err, ERR_BAD_INPUT, "\"%.100s\" is no name for a family",
                         name == NULL ? "" : name);
    }
    static const enum registry_kind kinds[] = {REGISTRY_SHELL, REGISTRY_SUBMODEL};
    for (size_t i = 0; i < 2 && kind != NULL && name != NULL; i++) {
        if (strcmp(registry_kind_name(kinds[i]), kind) == 0) {
            entry->kind = kinds[i];
            entry->id = name;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_BAD_INPUT, "a model has a kind (%s or %s) and an id",
        registry_kind_name(kinds[0]), registry_kind_name(kinds[1]));
}

static enum err_code read_row(struct arena *arena, const struct json *item, bool family,
    struct curated_file_row *entry, struct err *err)
{
    static const char *const known[] = {"family", "kind", "id"};
    *entry = (struct curated_file_row){.row = {.words = ""}, .line = item->line};
    if (item->kind != JSON_OBJECT) {
        return err_set(err, ERR_BAD_INPUT, "tags and names stand in an object");
    }
    enum err_code code = read_subject(item, family, entry, err);
    for (const struct json *at = code == ERR_OK ? item->first : NULL; at != NULL && code == ERR_OK;
         at = at->next) {
        if (!is_one_of(at->name, family ? known : known + 1, family ? 1 : 2)) {
            code = curated_json_take_row(arena, at, &entry->row, err);
        }
    }
    return code == ERR_OK ? curated_check_texts(&entry->row, err) : code;
}

/* ------------------------------------------------------------------ what is there twice */

static int by_place(const void *a, const void *b)
{
    const struct curated_file_node *const *x = a;
    const struct curated_file_node *const *y = b;
    if ((*x)->node.tree != (*y)->node.tree) {
        return (*x)->node.tree < (*y)->node.tree ? -1 : 1;
    }
    int order = strcmp((*x)->node.value, (*y)->node.value);
    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static enum err_code check_nodes(
    struct arena *arena, const struct curated_file *file, struct err *err)
{
    size_t count = file->node_count + file->removed_count;
    const struct curated_file_node **all = arena_alloc(arena, (count + 1) * sizeof *all);
    if (all == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    for (size_t i = 0; i < count; i++) {
        all[i] = i < file->node_count ? &file->nodes[i] : &file->removed[i - file->node_count];
    }
    qsort(all, count, sizeof *all, by_place);
    for (size_t i = 1; i < count; i++) {
        const struct curated_node *a = &all[i - 1]->node;
        const struct curated_node *b = &all[i]->node;
        if (a->tree == b->tree && strcmp(a->value, b->value) == 0) {
            err_set(err, ERR_BAD_INPUT, "the value '%.64s' of the tree '%s' stands there twice",
                b->value, curated_tree_name(b->tree));
            return at_line(all[i]->line, ERR_BAD_INPUT, err);
        }
    }
    return ERR_OK;
}

static const char *name_of(const struct curated_file_row *row)
{
    return row->family != NULL ? row->family : row->id;
}

static int by_name(const void *a, const void *b)
{
    const struct curated_file_row *const *x = a;
    const struct curated_file_row *const *y = b;
    if ((*x)->kind != (*y)->kind) { /* none of a family */
        return (*x)->kind < (*y)->kind ? -1 : 1;
    }
    int order = strcmp(name_of(*x), name_of(*y));
    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static enum err_code check_rows(
    struct arena *arena, const struct curated_file *file, struct err *err)
{
    const struct curated_file_row **all = arena_alloc(arena, (file->row_count + 1) * sizeof *all);
    if (all == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    for (size_t i = 0; i < file->row_count; i++) {
        all[i] = &file->rows[i];
    }
    qsort(all, file->row_count, sizeof *all, by_name);
    for (size_t i = 1; i < file->row_count; i++) {
        if (all[i - 1]->kind == all[i]->kind && strcmp(name_of(all[i - 1]), name_of(all[i])) == 0) {
            err_set(err, ERR_BAD_INPUT, "'%.200s' stands there twice", name_of(all[i]));
            return at_line(all[i]->line, ERR_BAD_INPUT, err);
        }
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ the whole */

enum { TREES, REMOVED, FAMILIES, MODELS, LISTS };

static const char *const list_names[LISTS] = {"trees", "removed", "families", "models"};

static enum err_code find_lists(
    const struct json *root, const struct json *lists[LISTS], struct err *err)
{
    if (root->kind != JSON_OBJECT) {
        return at_line(
            root->line, err_set(err, ERR_BAD_INPUT, "tags and names are an object of lists"), err);
    }
    for (const struct json *at = root->first; at != NULL; at = at->next) {
        size_t i = 0;
        while (i < LISTS && strcmp(list_names[i], at->name) != 0) {
            i++;
        }
        if (i == LISTS || at->kind != JSON_ARRAY) {
            return at_line(at->line,
                curated_json_refuse(at, i == LISTS ? "is not known here" : "must be an array", err),
                err);
        }
        lists[i] = at;
    }
    return ERR_OK;
}

static enum err_code read_list(struct arena *arena, const struct json *list, size_t which,
    struct curated_file *file, struct err *err)
{
    for (const struct json *item = list->first; item != NULL; item = item->next) {
        enum err_code code =
            which == TREES ? read_node(arena, item, &file->nodes[file->node_count++], err)
            : which == REMOVED
                ? read_place(item, &file->removed[file->removed_count++], err)
                : read_row(arena, item, which == FAMILIES, &file->rows[file->row_count++], err);
        if (code != ERR_OK) {
            return at_line(item->line, code, err);
        }
    }
    return ERR_OK;
}

enum err_code curated_file_read(
    struct arena *arena, const char *bytes, size_t len, struct curated_file *file, struct err *err)
{
    static const struct json none = {.kind = JSON_ARRAY};
    const struct json *lists[LISTS] = {&none, &none, &none, &none};
    struct json *root = NULL;
    struct curated_file made = {.node_count = 0};
    enum err_code code = json_read(arena, bytes, len, &root, err);
    if (code != ERR_OK) {
        return at_line(0, code, err);
    }
    code = find_lists(root, lists, err);
    if (code != ERR_OK) {
        return code;
    }
    size_t rows = (size_t)lists[FAMILIES]->count + lists[MODELS]->count;
    made.nodes = arena_alloc(arena, (lists[TREES]->count + 1) * sizeof *made.nodes);
    made.removed = arena_alloc(arena, (lists[REMOVED]->count + 1) * sizeof *made.removed);
    made.rows = arena_alloc(arena, (rows + 1) * sizeof *made.rows);
    if (made.nodes == NULL || made.removed == NULL || made.rows == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    for (size_t i = 0; i < LISTS && code == ERR_OK; i++) {
        code = read_list(arena, lists[i], i, &made, err);
    }
    code = code == ERR_OK ? check_nodes(arena, &made, err) : code;
    code = code == ERR_OK ? check_rows(arena, &made, err) : code;
    if (code == ERR_OK) {
        *file = made;
    }
    return code;
}

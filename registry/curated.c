/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/curated.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "registry/curated_record.h"

#define SMALL_ARENA ((size_t)4 << 20) /* for one look at a family */

static const char *const tree_names[OVERLAY_TREES] = {"category", "equipment", "process", "phase"};

const char *curated_tree_name(enum overlay_tree tree)
{
    return (unsigned)tree < OVERLAY_TREES ? tree_names[tree] : "";
}

bool curated_tree_read(const char *name, enum overlay_tree *tree)
{
    for (unsigned i = 0; i < OVERLAY_TREES; i++) {
        if (strcmp(tree_names[i], name) == 0) {
            *tree = (enum overlay_tree)i;
            return true;
        }
    }
    return false;
}

enum err_code curated_tree_find(const char *name, enum overlay_tree *tree, struct err *err)
{
    return curated_tree_read(name, tree)
               ? ERR_OK
               : err_set(err, ERR_NOT_FOUND,
                     "there is no tree \"%.60s\"; there are category, equipment, process and phase",
                     name);
}

static enum err_code damaged(struct err *err)
{
    return err_set(err, ERR_STORE, "what is kept beside the templates cannot be read");
}

/* ------------------------------------------------------------------ the beginning */

static const char *const shipped_languages[OVERLAY_LANGUAGES] = {"ko", "en", "de"};

void curated_shipped_node(const struct overlay_node *shipped,
    struct curated_name names[OVERLAY_LANGUAGES], struct curated_node *node)
{
    for (size_t i = 0; i < OVERLAY_LANGUAGES; i++) {
        names[i] = (struct curated_name){shipped_languages[i], shipped->names[i]};
    }
    *node = (struct curated_node){.tree = shipped->tree,
        .value = shipped->value,
        .parent = shipped->parent,
        .names = names,
        .name_count = OVERLAY_LANGUAGES};
}

/* The tags of a shipped row stand with blanks between. */
static bool split(struct arena *arena, const char *text, const char *const **tags, size_t *count)
{
    const char **list = arena_alloc(arena, CURATED_TAGS_MOST * sizeof *list);
    char *copy = arena_copy(arena, text, strlen(text));
    char *rest = NULL;
    *count = 0;
    if (list == NULL || copy == NULL) {
        return false;
    }
    for (char *at = strtok_r(copy, " ", &rest); at != NULL && *count < CURATED_TAGS_MOST;
         at = strtok_r(NULL, " ", &rest)) {
        list[(*count)++] = at;
    }
    *tags = list;
    return true;
}

bool curated_shipped_row(
    struct arena *arena, const struct overlay_family *shipped, struct curated_row *row)
{
    struct curated_name *name = arena_alloc(arena, sizeof *name);
    if (name == NULL) {
        return false;
    }
    *name = (struct curated_name){"ko", shipped->name};
    *row = (struct curated_row){
        .words = shipped->words, .names = name, .name_count = shipped->name[0] != '\0'};
    for (unsigned i = 0; i < OVERLAY_TREES; i++) {
        if (!split(arena, shipped->tags[i], &row->tags[i], &row->tag_count[i])) {
            return false;
        }
    }
    return true;
}

static enum err_code put(struct store_txn *txn, const struct store_key *key, struct buf *buf)
{
    enum err_code code = key->cut || buf_failed(buf) ? ERR_TOO_LARGE
                                                     : store_put(txn, STORE_CURATED, key->bytes,
                                                           key->len, buf->bytes, buf->len);
    buf_clear(buf);
    return code;
}

static enum err_code seed_node(
    struct store_txn *txn, const struct overlay_node *shipped, struct buf *buf)
{
    struct store_key key;
    struct curated_name names[OVERLAY_LANGUAGES];
    struct curated_node node;
    curated_shipped_node(shipped, names, &node);
    key_curated_node(&key, node.tree, node.value);
    curated_node_write(buf, &node);
    return put(txn, &key, buf);
}

static enum err_code seed_family(
    struct store_txn *txn, const struct overlay_family *shipped, struct buf *buf)
{
    struct store_key key;
    struct arena arena;
    struct curated_row row;
    arena_init(&arena, SMALL_ARENA);
    enum err_code code = curated_shipped_row(&arena, shipped, &row) ? ERR_OK : ERR_NO_MEMORY;
    if (code == ERR_OK) {
        key_curated_family(&key, shipped->family);
        curated_row_write(buf, &row);
        code = put(txn, &key, buf);
    }
    arena_finish(&arena);
    return code;
}

static enum err_code change_seed(struct store_txn *txn, void *context, struct err *err)
{
    enum { CEILING = 64 * 1024 };
    size_t node_count = 0;
    size_t family_count = 0;
    const struct overlay_node *nodes = overlay_nodes(&node_count);
    const struct overlay_family *families = overlay_families(&family_count);
    struct buf buf;
    enum err_code code = ERR_OK;
    (void)context;
    if (curated_generation(txn) > 0) {
        return ERR_OK; /* by another process meanwhile */
    }
    buf_init(&buf, CEILING);
    for (size_t i = 0; i < node_count && code == ERR_OK; i++) {
        code = seed_node(txn, &nodes[i], &buf);
    }
    for (size_t i = 0; i < family_count && code == ERR_OK; i++) {
        code = seed_family(txn, &families[i], &buf);
    }
    buf_finish(&buf);
    code = code == ERR_OK ? curated_count(txn) : code;
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the categories cannot be stored");
}

enum err_code curated_seed(struct store *store, struct err *err)
{
    struct store_txn txn;
    enum err_code code = store_read(store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    bool seeded = curated_generation(&txn) > 0;
    store_end(&txn);
    return seeded ? ERR_OK : store_write(store, change_seed, NULL, err);
}

/* ------------------------------------------------------------------ nodes */

enum err_code curated_node_find(struct store_txn *txn, struct arena *arena, enum overlay_tree tree,
    const char *value, struct curated_node *node)
{
    struct store_key key;
    struct store_bytes bytes;
    key_curated_node(&key, tree, value);
    if (key.cut || value[0] == '\0') {
        return ERR_NOT_FOUND;
    }
    enum err_code code = store_get(txn, STORE_CURATED, key.bytes, key.len, &bytes);
    const struct store_bytes name = {key.bytes, key.len};
    return code == ERR_OK && !curated_node_read(arena, name, bytes, node) ? ERR_STORE : code;
}

struct ordered {
    struct curated_node node;
    size_t depth;
};

static int by_depth(const void *a, const void *b)
{
    const struct ordered *x = a;
    const struct ordered *y = b;
    if (x->node.tree != y->node.tree) {
        return x->node.tree < y->node.tree ? -1 : 1;
    }
    if (x->depth != y->depth) {
        return x->depth < y->depth ? -1 : 1;
    }
    return strcmp(x->node.value, y->node.value);
}

static size_t depth_of(struct store_txn *txn, struct arena *arena, const struct curated_node *node)
{
    struct curated_node at = *node;
    size_t depth = 0;
    while (at.parent[0] != '\0' && depth <= CURATED_DEPTH_MOST &&
           curated_node_find(txn, arena, at.tree, at.parent, &at) == ERR_OK) {
        depth++;
    }
    return depth;
}

enum err_code curated_nodes(struct store_txn *txn, struct arena *arena, struct curated_node **nodes,
    size_t *count, struct err *err)
{
    struct store_cursor cursor;
    size_t room = OVERLAY_TREES * CURATED_NODES_MOST;
    struct ordered *list = malloc(room * sizeof *list);
    size_t found = 0;
    enum err_code code =
        list == NULL ? ERR_NO_MEMORY : store_cursor_open(txn, STORE_CURATED, &cursor);
    if (code != ERR_OK) {
        free(list);
        return damaged(err);
    }
    bool more = store_cursor_seek(&cursor, "n", 1);
    for (; more && found < room && ((const char *)cursor.key.bytes)[0] == 'n' && code == ERR_OK;
         more = store_cursor_next(&cursor)) {
        code = curated_node_read(arena, cursor.key, cursor.value, &list[found++].node) ? ERR_OK
                                                                                       : ERR_STORE;
    }
    store_cursor_close(&cursor);
    for (size_t i = 0; i < found && code == ERR_OK; i++) {
        list[i].depth = depth_of(txn, arena, &list[i].node);
    }
    struct curated_node *given =
        code == ERR_OK ? arena_alloc(arena, (found + 1) * sizeof *given) : NULL;
    if (given != NULL) {
        qsort(list, found, sizeof *list, by_depth);
        for (size_t i = 0; i < found; i++) {
            given[i] = list[i].node;
        }
        *nodes = given;
        *count = found;
    }
    free(list);
    return given != NULL ? ERR_OK : damaged(err);
}

size_t curated_tree_of(struct curated_node **nodes, size_t count, enum overlay_tree tree)
{
    size_t from = 0;
    while (from < count && (*nodes)[from].tree != tree) {
        from++;
    }
    size_t to = from;
    while (to < count && (*nodes)[to].tree == tree) {
        to++;
    }
    *nodes += from;
    return to - from;
}

static bool is_language(const char *asked, const char *language)
{
    size_t len = strcspn(asked, "-_");
    return len > 0 && strncasecmp(language, asked, len) == 0 &&
           (language[len] == '\0' || language[len] == '-');
}

static const char *name_in(const struct curated_name *names, size_t count, const char *language)
{
    for (size_t i = 0; i < count; i++) {
        if (is_language(language, names[i].language)) {
            return names[i].text;
        }
    }
    return NULL;
}

const char *curated_node_name(const struct curated_node *node, const char *language)
{
    const char *name = language == NULL ? NULL : name_in(node->names, node->name_count, language);
    name = name != NULL ? name : name_in(node->names, node->name_count, "en");
    return name != NULL ? name : node->name_count > 0 ? node->names[0].text : node->value;
}

/* ------------------------------------------------------------------ rows */

static enum err_code find_row(struct store_txn *txn, struct arena *arena,
    const struct store_key *key, struct curated_row *row, struct err *err)
{
    struct store_bytes value;
    *row = (struct curated_row){.words = ""};
    enum err_code code =
        key->cut ? ERR_NOT_FOUND : store_get(txn, STORE_CURATED, key->bytes, key->len, &value);
    if (code == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    return code == ERR_OK && curated_row_read(arena, value, row) ? ERR_OK : damaged(err);
}

enum err_code curated_family(struct store_txn *txn, struct arena *arena, const char *family,
    struct curated_row *row, struct err *err)
{
    struct store_key key;
    key_curated_family(&key, family);
    return find_row(txn, arena, &key, row, err);
}

enum err_code curated_model(struct store_txn *txn, struct arena *arena, enum registry_kind kind,
    uint64_t number, struct curated_row *row, struct err *err)
{
    struct store_key key;
    key_curated_model(&key, kind, number);
    return find_row(txn, arena, &key, row, err);
}

bool curated_is_model(struct store_txn *txn, enum registry_kind kind, uint64_t number)
{
    struct store_key key;
    struct store_bytes value;
    key_curated_model(&key, kind, number);
    return store_get(txn, STORE_CURATED, key.bytes, key.len, &value) == ERR_OK;
}

const char *curated_row_name(const struct curated_row *row, const char *language)
{
    return name_in(row->names, row->name_count, language);
}

/* A row and one question about it. */
typedef bool (*row_test)(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, const char *what);

static bool ask(struct store_txn *txn, const char *family, row_test test, const char *what)
{
    struct arena arena;
    struct curated_row row;
    arena_init(&arena, SMALL_ARENA);
    bool said =
        curated_family(txn, &arena, family, &row, NULL) == ERR_OK && test(txn, &arena, &row, what);
    arena_finish(&arena);
    return said;
}

bool curated_row_has(struct store_txn *txn, struct arena *arena, const struct curated_row *row,
    enum overlay_tree tree, const char *value)
{
    for (size_t i = 0; i < row->tag_count[tree]; i++) {
        struct curated_node node = {.parent = row->tags[tree][i]};
        for (size_t up = 0; node.parent[0] != '\0' && up <= CURATED_DEPTH_MOST; up++) {
            if (strcmp(node.parent, value) == 0) {
                return true;
            }
            if (curated_node_find(txn, arena, tree, node.parent, &node) != ERR_OK) {
                break;
            }
        }
    }
    return false;
}

static bool test_tag(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, const char *what)
{
    bool has = false;
    for (unsigned tree = 0; !has && tree < OVERLAY_TREES; tree++) {
        has = curated_row_has(txn, arena, row, (enum overlay_tree)tree, what);
    }
    return has;
}

static bool test_category(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, const char *what)
{
    (void)txn;
    (void)arena;
    (void)what;
    return row->tag_count[OVERLAY_CATEGORY] > 0;
}

static bool test_name(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, const char *what)
{
    (void)txn;
    (void)arena;
    return curated_row_name(row, what) != NULL;
}

bool curated_has_tag(struct store_txn *txn, const char *family, const char *value)
{
    return ask(txn, family, test_tag, value);
}

bool curated_has_category(struct store_txn *txn, const char *family)
{
    return ask(txn, family, test_category, NULL);
}

bool curated_has_name(struct store_txn *txn, const char *family, const char *language)
{
    return ask(txn, family, test_name, language);
}

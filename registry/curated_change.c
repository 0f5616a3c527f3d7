/* SPDX-License-Identifier: Apache-2.0 */
/* Changing what is kept beside templates and models; what is searched changes in the same
 * transaction. */
#include <string.h>

#include "registry/curated_inside.h"
#include "registry/document_record.h"

/* One change on its way into the store. */
struct curating {
    const struct registry_author *author;
    const struct curated_node *node; /* a value of a tree … */
    const struct curated_match *match;
    const char *family;      /* … or a family … */
    enum registry_kind kind; /* … or a model */
    const char *id;
    size_t id_len;
    const struct curated_row *row;
    const unsigned char *if_match;
    bool delete;
    size_t left; /* how many more may be searched anew */
    int64_t time_ms;
};

/* ------------------------------------------------------------------ searched anew */

/* Families and models that have a value of a tree as a tag, or something below it. */
struct tagged {
    struct store_key *keys;
    size_t count;
    bool full;
};

static enum err_code find_tagged(struct store_txn *txn, struct arena *arena,
    const struct curated_node *node, struct tagged *tagged, struct err *err)
{
    static const char kinds[] = {'d', 'f'};
    struct store_cursor cursor;
    tagged->keys = arena_alloc(arena, CURATED_RENEWED_MOST * sizeof *tagged->keys);
    enum err_code code =
        tagged->keys == NULL ? ERR_NO_MEMORY : store_cursor_open(txn, STORE_CURATED, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the tags cannot be read");
    }
    for (size_t i = 0; i < sizeof kinds; i++) {
        bool more = store_cursor_seek(&cursor, &kinds[i], 1);
        for (; more && ((const char *)cursor.key.bytes)[0] == kinds[i];
             more = store_cursor_next(&cursor)) {
            struct arena scratch;
            struct curated_row row;
            arena_init(&scratch, (size_t)4 << 20);
            bool has = curated_row_read(&scratch, cursor.value, &row) &&
                       curated_row_has(txn, &scratch, &row, node->tree, node->value);
            arena_finish(&scratch);
            if (has && tagged->count == CURATED_RENEWED_MOST) {
                tagged->full = true;
            } else if (has) {
                struct store_key *key = &tagged->keys[tagged->count++];
                key_start(key);
                key_add(key, cursor.key.bytes, cursor.key.len);
            }
        }
    }
    store_cursor_close(&cursor);
    return txn->failed == ERR_OK ? ERR_OK : err_set(err, txn->failed, "the tags cannot be read");
}

static enum err_code renew_tagged(
    struct store_txn *txn, struct curating *curating, const struct tagged *tagged, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < tagged->count && code == ERR_OK; i++) {
        const struct store_bytes key = {tagged->keys[i].bytes, tagged->keys[i].len};
        code = curated_renew_key(txn, key, &curating->left, err);
    }
    return code;
}

/* ------------------------------------------------------------------ storing */

static enum err_code count_nodes(
    struct store_txn *txn, const struct curated_node *node, size_t *count)
{
    struct store_cursor cursor;
    struct store_key prefix;
    key_curated_node(&prefix, node->tree, "");
    enum err_code code = store_cursor_open(txn, STORE_CURATED, &cursor);
    for (bool more = code == ERR_OK && store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && key_starts_with(cursor.key, &prefix); more = store_cursor_next(&cursor)) {
        (*count)++;
    }
    if (code == ERR_OK) {
        store_cursor_close(&cursor);
    }
    return code;
}

static enum err_code refuse_stale(struct err *err)
{
    return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
}

/* The value (`now` NULL: there is none), its tree or all trees are still what they were. */
static bool is_still(struct store_txn *txn, struct arena *arena, enum overlay_tree tree,
    const struct curated_node *now, const unsigned char *wanted)
{
    unsigned char hashes[3][STORE_HASH_BYTES];
    struct curated_node *nodes = NULL;
    size_t count = 0;
    if (curated_nodes(txn, arena, &nodes, &count, NULL) != ERR_OK) {
        return false;
    }
    curated_nodes_hash(nodes, count, hashes[0]);
    count = curated_tree_of(&nodes, count, tree);
    curated_nodes_hash(nodes, count, hashes[1]);
    if (now != NULL) {
        curated_nodes_hash(now, 1, hashes[2]);
    }
    for (size_t i = 0; i < (now != NULL ? 3 : 2); i++) {
        if (memcmp(hashes[i], wanted, STORE_HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

/* `now` NULL: there is none. */
static enum err_code check_node_match(struct store_txn *txn, struct arena *arena,
    const struct curating *curating, const struct curated_node *now, struct err *err)
{
    const struct curated_match *match = curating->match;
    if (match == NULL) {
        return ERR_OK;
    }
    if (match->must_be_new && now != NULL) {
        return err_set(err, ERR_EXISTS, "'%.64s' of the tree '%s' is there already", now->value,
            curated_tree_name(now->tree));
    }
    if (match->must_exist && now == NULL) {
        return refuse_stale(err);
    }
    return match->hash == NULL || is_still(txn, arena, curating->node->tree, now, match->hash)
               ? ERR_OK
               : refuse_stale(err);
}

static enum err_code put_node(
    struct store_txn *txn, struct arena *arena, struct curating *curating, struct err *err)
{
    const struct curated_node *node = curating->node;
    struct curated_node before;
    struct tagged tagged = {.count = 0};
    struct store_key key;
    struct buf buf;
    size_t count = 0;
    enum err_code code = curated_check_node(node, err);
    code = code == ERR_OK ? curated_check_parent(txn, arena, node, err) : code;
    bool new = code == ERR_OK &&curated_node_find(txn, arena, node->tree, node->value, &before) ==
               ERR_NOT_FOUND;
    if (code == ERR_OK) {
        code = check_node_match(txn, arena, curating, new ? NULL : &before, err);
    }
    if (code == ERR_OK && new &&count_nodes(txn, node, &count) == ERR_OK &&
        count >= CURATED_NODES_MOST) {
        return err_set(err, ERR_STATE, "the tree has %d values already", (int)CURATED_NODES_MOST);
    }
    if (code == ERR_OK && !new) {
        code = find_tagged(txn, arena, node, &tagged, err);
    }
    if (code == ERR_OK && tagged.full) {
        code = curated_refuse_many(err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *id = arena_printf(arena, "%s/%s", curated_tree_name(node->tree), node->value);
    struct buf summary;
    key_curated_node(&key, node->tree, node->value);
    buf_init(&buf, CURATED_RECORD_CEILING);
    buf_init(&summary, CURATED_SUMMARY_CEILING);
    curated_node_write(&buf, node);
    curated_summarise_node(&summary, new ? NULL : &before, node);
    code = id == NULL ? ERR_NO_MEMORY : curated_put(txn, &key, &buf, err);
    if (code == ERR_OK) {
        const struct curated_event event = {
            "tree/", id, new ? "add" : "change", curated_summary(&summary), false};
        code = curated_log(txn, &event, curating->author, curating->time_ms, err);
    }
    buf_finish(&summary);
    buf_finish(&buf);
    return code == ERR_OK ? renew_tagged(txn, curating, &tagged, err) : code;
}

static enum err_code has_children(
    struct store_txn *txn, struct arena *arena, const struct curated_node *node, const char **child)
{
    struct store_cursor cursor;
    struct store_key prefix;
    *child = NULL;
    key_curated_node(&prefix, node->tree, "");
    enum err_code code = store_cursor_open(txn, STORE_CURATED, &cursor);
    for (bool more = code == ERR_OK && store_cursor_seek(&cursor, prefix.bytes, prefix.len);
         more && key_starts_with(cursor.key, &prefix) && *child == NULL;
         more = store_cursor_next(&cursor)) {
        struct curated_node other;
        if (curated_node_read(arena, cursor.key, cursor.value, &other) &&
            strcmp(other.parent, node->value) == 0) {
            *child = other.value;
        }
    }
    if (code == ERR_OK) {
        store_cursor_close(&cursor);
    }
    return code;
}

static enum err_code delete_node(
    struct store_txn *txn, struct arena *arena, struct curating *curating, struct err *err)
{
    const struct curated_node *node = curating->node;
    struct curated_node before;
    struct tagged tagged = {.count = 0};
    struct store_key key;
    const char *child = NULL;
    enum err_code code = curated_node_find(txn, arena, node->tree, node->value, &before);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no value '%.64s' in the tree '%s'", node->value,
            curated_tree_name(node->tree));
    }
    code = code == ERR_OK ? check_node_match(txn, arena, curating, &before, err) : code;
    code = code == ERR_OK ? has_children(txn, arena, node, &child) : code;
    code = code == ERR_OK ? find_tagged(txn, arena, node, &tagged, err) : code;
    if (code == ERR_OK && (child != NULL || tagged.count > 0)) {
        const struct store_key *first = tagged.count > 0 ? &tagged.keys[tagged.count - 1] : NULL;
        bool family = first != NULL && first->bytes[0] == 'f';
        const char *user =
            family ? arena_copy(arena, (const char *)first->bytes + 1, first->len - 1) : "a model";
        err_set(err, ERR_STATE, "'%.64s' is used: %s '%.200s'", node->value,
            child != NULL ? "above it stands" : "as a tag of",
            child != NULL  ? child
            : user == NULL ? ""
                           : user);
        err_rule(err, NULL, "Take it away there first.");
        return ERR_STATE;
    }
    const char *id = arena_printf(arena, "%s/%s", curated_tree_name(node->tree), node->value);
    key_curated_node(&key, node->tree, node->value);
    if (code == ERR_OK) {
        code = store_delete(txn, STORE_CURATED, key.bytes, key.len);
    }
    if (code == ERR_OK) {
        code = curated_count(txn);
    }
    const struct curated_event event = {"tree/", id, "delete", NULL, true};
    return code == ERR_OK && id != NULL
               ? curated_log(txn, &event, curating->author, curating->time_ms, err)
               : err_set(err, code == ERR_OK ? ERR_NO_MEMORY : code, "it cannot be taken away");
}

/* What is said now, which must be what was asked for. */
static enum err_code read_now(struct store_txn *txn, struct arena *arena,
    const struct curating *curating, uint64_t number, struct curated_row *now, struct err *err)
{
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = curating->family != NULL
                             ? curated_family(txn, arena, curating->family, now, err)
                             : curated_model(txn, arena, curating->kind, number, now, err);
    if (code != ERR_OK || curating->if_match == NULL) {
        return code;
    }
    curated_row_hash(now, hash);
    return memcmp(hash, curating->if_match, sizeof hash) == 0 ? ERR_OK : refuse_stale(err);
}

/* The key and the name in the history of what a row is said of. */
static enum err_code find_subject(struct store_txn *txn, struct arena *arena,
    const struct curating *curating, struct store_key *key, struct curated_event *event,
    uint64_t *number, struct err *err)
{
    struct registry_document document = {.number = 0};
    if (curating->family != NULL) {
        key_curated_family(key, curating->family);
        event->prefix = "family/";
        event->id = curating->family;
        return ERR_OK;
    }
    enum err_code code =
        document_find(txn, curating->kind, curating->id, curating->id_len, &document, err);
    *number = document.number;
    key_curated_model(key, curating->kind, document.number);
    event->prefix = curated_model_prefix(curating->kind);
    event->id = arena_copy(arena, curating->id, curating->id_len);
    return code != ERR_OK || event->id != NULL ? code
                                               : err_set(err, ERR_NO_MEMORY, "it cannot be stored");
}

static enum err_code put_row(
    struct store_txn *txn, struct arena *arena, struct curating *curating, struct err *err)
{
    struct store_key key;
    struct buf buf;
    struct buf summary;
    struct curated_row now;
    struct curated_event event = {.operation = "tag"};
    uint64_t number = 0;
    enum err_code code = curated_check_tags(txn, arena, curating->row, err);
    code = code == ERR_OK ? curated_check_texts(curating->row, err) : code;
    code = code == ERR_OK ? find_subject(txn, arena, curating, &key, &event, &number, err) : code;
    code = code == ERR_OK ? read_now(txn, arena, curating, number, &now, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&buf, CURATED_RECORD_CEILING);
    buf_init(&summary, CURATED_SUMMARY_CEILING);
    curated_row_write(&buf, curating->row);
    curated_summarise_row(&summary, &now, curating->row);
    event.summary = curated_summary(&summary);
    code = curated_put(txn, &key, &buf, err);
    if (code == ERR_OK) {
        code = curated_log(txn, &event, curating->author, curating->time_ms, err);
    }
    if (code == ERR_OK) {
        const struct store_bytes bytes = {key.bytes, key.len};
        code = curated_renew_key(txn, bytes, &curating->left, err);
    }
    buf_finish(&summary);
    buf_finish(&buf);
    return code;
}

enum err_code curated_row_may(struct store_txn *txn, const struct registry_author *author,
    bool model, const char *family, struct err *err)
{
    static const struct access_object object = {.cls = ACCESS_MODEL};
    if (!model) {
        return life_may(txn, author, RIGHT_CURATE, family, err);
    }
    return access_decide(
        author == NULL ? NULL : author->principal, RIGHT_CURATE, &object, txn, err);
}

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    struct curating *curating = context;
    struct arena arena;
    curating->left = CURATED_RENEWED_MOST;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code =
        curated_row_may(txn, curating->author, curating->id != NULL, curating->family, err);
    if (code == ERR_OK && curating->node != NULL) {
        code = (curating->delete ? delete_node : put_node)(txn, &arena, curating, err);
    } else if (code == ERR_OK) {
        code = put_row(txn, &arena, curating, err);
    }
    arena_finish(&arena);
    return code == ERR_OK || (err != NULL && err->code == code)
               ? code
               : err_set(err, code, "it cannot be stored");
}

enum err_code curated_node_put(struct registry *registry, const struct curated_node *node,
    const struct curated_match *match, const struct registry_author *author, struct err *err)
{
    struct curating curating = {
        .author = author, .node = node, .match = match, .time_ms = write_now_ms()};
    return store_write(registry->store, change, &curating, err);
}

enum err_code curated_node_delete(struct registry *registry, enum overlay_tree tree,
    const char *value, const struct curated_match *match, const struct registry_author *author,
    struct err *err)
{
    const struct curated_node node = {.tree = tree, .value = value, .parent = ""};
    struct curating curating = {
        .author = author, .node = &node, .match = match, .delete = true, .time_ms = write_now_ms()};
    return store_write(registry->store, change, &curating, err);
}

enum err_code curated_family_put(struct registry *registry, const char *family,
    const struct curated_row *row, const unsigned char *if_match,
    const struct registry_author *author, struct err *err)
{
    struct curating curating = {.author = author,
        .family = family,
        .row = row,
        .if_match = if_match,
        .time_ms = write_now_ms()};
    if (!lifecycle_family_fits(family)) {
        return err_set(err, ERR_BAD_INPUT, "\"%.100s\" is no name for a family", family);
    }
    return store_write(registry->store, change, &curating, err);
}

enum err_code curated_model_put(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, const struct curated_row *row, const unsigned char *if_match,
    const struct registry_author *author, struct err *err)
{
    struct curating curating = {.author = author,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .row = row,
        .if_match = if_match,
        .time_ms = write_now_ms()};
    return store_write(registry->store, change, &curating, err);
}

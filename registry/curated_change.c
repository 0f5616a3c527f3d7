/* SPDX-License-Identifier: Apache-2.0 */
/* Changing what is kept beside templates and models; what is searched changes in the same
 * transaction. */
#include <string.h>

#include "registry/curated_record.h"
#include "registry/document_record.h"
#include "registry/event.h"
#include "registry/lifecycle_inside.h"

enum { RECORD_CEILING = 256 * 1024, SUMMARY_ROOM = 1000, ID_ROOM = 2600, LANGUAGE_MOST = 35 };

/* One change on its way into the store. */
struct curating {
    const struct registry_author *author;
    const struct curated_node *node; /* a value of a tree … */
    const char *family;              /* … or a family … */
    enum registry_kind kind;         /* … or a model */
    const char *id;
    size_t id_len;
    const struct curated_row *row;
    const unsigned char *if_match;
    bool delete;
    size_t renewed;
    int64_t time_ms;
};

/* ------------------------------------------------------------------ what can be */

static bool is_value(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= CURATED_VALUE_BYTES &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static enum err_code check_names(const struct curated_name *names, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *language = names[i].language;
        size_t len = strlen(language);
        bool tag = len >= 2 && len <= LANGUAGE_MOST &&
                   strspn(language,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == len;
        if (!tag) {
            return err_set(err, ERR_BAD_INPUT, "\"%.40s\" is no language", language);
        }
        if (names[i].text[0] == '\0' || strlen(names[i].text) > CURATED_TEXT_BYTES) {
            return err_set(err, ERR_BAD_INPUT, "the name in %.40s is empty or longer than %d bytes",
                language, (int)CURATED_TEXT_BYTES);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(names[k].language, language) == 0) {
                return err_set(err, ERR_BAD_INPUT, "there are two names in %.40s", language);
            }
        }
    }
    return ERR_OK;
}

static bool has_name(const struct curated_node *node, const char *language)
{
    for (size_t i = 0; i < node->name_count; i++) {
        if (strcmp(node->names[i].language, language) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code check_node(const struct curated_node *node, struct err *err)
{
    if (!is_value(node->value)) {
        err_set(err, ERR_BAD_INPUT, "\"%.100s\" is no value of a tree", node->value);
        err_rule(err, NULL, "Use lower case letters, digits and dashes, at most 64 of them.");
        return ERR_BAD_INPUT;
    }
    if (!has_name(node, "ko") || !has_name(node, "en")) {
        return err_set(err, ERR_BAD_INPUT, "a value of a tree needs names in ko and en");
    }
    return check_names(node->names, node->name_count, err);
}

/* How many values stand below each other under a node, itself included. */
static enum err_code height_of(struct store_txn *txn, struct arena *arena,
    const struct curated_node *node, size_t *height, struct err *err)
{
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = curated_nodes(txn, arena, &nodes, &count, err);
    *height = 1;
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        struct curated_node at = nodes[i];
        bool below = false;
        size_t steps = 1;
        for (;
             at.tree == node->tree && !below && at.parent[0] != '\0' && steps <= CURATED_DEPTH_MOST;
             steps++) {
            below = strcmp(at.parent, node->value) == 0;
            if (!below && curated_node_find(txn, arena, node->tree, at.parent, &at) != ERR_OK) {
                break;
            }
        }
        *height = below && steps > *height ? steps : *height;
    }
    return code;
}

/* The parent must be there, not below the node itself, and not too deep with what is below. */
static enum err_code check_parent(
    struct store_txn *txn, struct arena *arena, const struct curated_node *node, struct err *err)
{
    const char *above = node->parent;
    size_t height = 1;
    enum err_code code = above[0] == '\0' ? ERR_OK : height_of(txn, arena, node, &height, err);
    if (code != ERR_OK) {
        return code;
    }
    for (size_t depth = height; above[0] != '\0'; depth++) {
        struct curated_node parent;
        if (strcmp(above, node->value) == 0) {
            return err_set(err, ERR_BAD_INPUT, "'%.64s' would stand below itself", node->value);
        }
        if (depth >= CURATED_DEPTH_MOST) {
            return err_set(err, ERR_BAD_INPUT, "the tree would be deeper than %d values",
                (int)CURATED_DEPTH_MOST);
        }
        if (curated_node_find(txn, arena, node->tree, above, &parent) != ERR_OK) {
            return err_set(err, ERR_BAD_INPUT, "there is no value '%.64s' in the tree '%s'", above,
                curated_tree_name(node->tree));
        }
        above = parent.parent;
    }
    return ERR_OK;
}

static enum err_code check_row(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, struct err *err)
{
    struct curated_node node;
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            const char *tag = row->tags[tree][i];
            if (curated_node_find(txn, arena, (enum overlay_tree)tree, tag, &node) != ERR_OK) {
                err_set(err, ERR_BAD_INPUT, "there is no value '%.64s' in the tree '%s'", tag,
                    curated_tree_name((enum overlay_tree)tree));
                err_rule(err, NULL, "See /categories for those there are, or add it there.");
                return ERR_BAD_INPUT;
            }
        }
    }
    if (strlen(row->words) > CURATED_TEXT_BYTES) {
        return err_set(
            err, ERR_BAD_INPUT, "the words are longer than %d bytes", (int)CURATED_TEXT_BYTES);
    }
    return check_names(row->names, row->name_count, err);
}

/* ------------------------------------------------------------------ searched anew */

static enum err_code count_renewed(struct curating *curating, struct err *err)
{
    if (curating->renewed++ < CURATED_RENEWED_MOST) {
        return ERR_OK;
    }
    err_set(err, ERR_STATE, "more than %d templates and models would have to be searched anew",
        (int)CURATED_RENEWED_MOST);
    err_rule(err, NULL, "Add a new value beside it and move the tags over in parts.");
    return ERR_STATE;
}

static enum err_code renew_family(
    struct store_txn *txn, struct curating *curating, const char *family, struct err *err)
{
    struct store_key prefix;
    char after[LABEL_BYTES_MAX + 1] = "";
    enum err_code code = ERR_OK;
    key_version(&prefix, family, "");
    for (bool more = true; more && code == ERR_OK;) {
        struct store_cursor cursor; /* none lives through changes */
        struct store_key key;
        char label[LABEL_BYTES_MAX + 1] = "";
        key_version(&key, family, after);
        code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
        if (code != ERR_OK) {
            break;
        }
        more = store_cursor_seek(&cursor, key.bytes, key.len);
        if (more && after[0] != '\0' && cursor.key.len == key.len &&
            memcmp(cursor.key.bytes, key.bytes, key.len) == 0) {
            more = store_cursor_next(&cursor);
        }
        more = more && key_starts_with(cursor.key, &prefix) &&
               cursor.key.len - prefix.len <= LABEL_BYTES_MAX;
        if (more) {
            memcpy(label, (const char *)cursor.key.bytes + prefix.len, cursor.key.len - prefix.len);
        }
        store_cursor_close(&cursor);
        if (more) {
            code = count_renewed(curating, err);
            code = code == ERR_OK ? curated_renew_version(txn, family, label, err) : code;
            memcpy(after, label, sizeof after);
        }
    }
    return code;
}

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
        const struct store_key *key = &tagged->keys[i];
        const struct store_bytes bytes = {key->bytes, key->len};
        if (key->bytes[0] == 'f') {
            char family[FAMILY_BYTES_MAX + 1] = "";
            memcpy(family, key->bytes + 1, key->len - 1 < sizeof family ? key->len - 1 : 0);
            code = renew_family(txn, curating, family, err);
        } else {
            code = count_renewed(curating, err);
            code = code == ERR_OK ? curated_renew_model(txn, (enum registry_kind)key->bytes[1],
                                        key_number_at(bytes, 2), err)
                                  : code;
        }
    }
    return code;
}

/* ------------------------------------------------------------------ storing */

static void summarise(const struct curated_row *row, struct buf *buf)
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

static enum err_code log_it(struct store_txn *txn, const struct curating *curating,
    const char *prefix, const char *id, const char *operation, const char *summary, bool ended,
    struct err *err)
{
    char name[ID_ROOM];
    size_t head = strlen(prefix);
    size_t len = strlen(id);
    if (head + len > sizeof name) {
        return err_set(err, ERR_BAD_INPUT, "the id is too long");
    }
    memcpy(name, prefix, head);
    memcpy(name + head, id, len);
    const struct event event = {.kind = REGISTRY_CURATION,
        .id = name,
        .id_len = head + len,
        .operation = operation,
        .summary = summary,
        .ended = ended,
        .time_ms = curating->time_ms};
    return event_put(txn, &event, curating->author, err);
}

static enum err_code put(
    struct store_txn *txn, const struct store_key *key, struct buf *buf, struct err *err)
{
    enum err_code code = key->cut || buf_failed(buf) ? ERR_TOO_LARGE
                                                     : store_put(txn, STORE_CURATED, key->bytes,
                                                           key->len, buf->bytes, buf->len);
    code = code == ERR_OK ? curated_count(txn) : code;
    return code == ERR_OK ? ERR_OK : err_set(err, code, "it cannot be stored");
}

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

static enum err_code put_node(
    struct store_txn *txn, struct arena *arena, struct curating *curating, struct err *err)
{
    const struct curated_node *node = curating->node;
    struct curated_node before;
    struct tagged tagged = {.count = 0};
    struct store_key key;
    struct buf buf;
    size_t count = 0;
    enum err_code code = check_node(node, err);
    code = code == ERR_OK ? check_parent(txn, arena, node, err) : code;
    bool new = code == ERR_OK &&curated_node_find(txn, arena, node->tree, node->value, &before) ==
               ERR_NOT_FOUND;
    if (code == ERR_OK && new &&count_nodes(txn, node, &count) == ERR_OK &&
        count >= CURATED_NODES_MOST) {
        return err_set(err, ERR_STATE, "the tree has %d values already", (int)CURATED_NODES_MOST);
    }
    if (code == ERR_OK && !new) {
        code = find_tagged(txn, arena, node, &tagged, err);
    }
    if (code == ERR_OK && tagged.full) {
        curating->renewed = CURATED_RENEWED_MOST;
        code = count_renewed(curating, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *id = arena_printf(arena, "%s/%s", curated_tree_name(node->tree), node->value);
    const char *summary = arena_printf(arena, "%s%s%s", curated_node_name(node, "ko"),
        node->parent[0] != '\0' ? ", below " : "", node->parent);
    key_curated_node(&key, node->tree, node->value);
    buf_init(&buf, RECORD_CEILING);
    curated_node_write(&buf, node);
    code = id == NULL ? ERR_NO_MEMORY : put(txn, &key, &buf, err);
    buf_finish(&buf);
    if (code == ERR_OK) {
        code = log_it(txn, curating, "tree/", id, new ? "add" : "change", summary, false, err);
    }
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
    return code == ERR_OK && id != NULL
               ? log_it(txn, curating, "tree/", id, "delete", NULL, true, err)
               : err_set(err, code == ERR_OK ? ERR_NO_MEMORY : code, "it cannot be taken away");
}

static enum err_code check_match(struct store_txn *txn, struct arena *arena,
    const struct curating *curating, uint64_t number, struct err *err)
{
    struct curated_row now;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = curating->family != NULL
                             ? curated_family(txn, arena, curating->family, &now, err)
                             : curated_model(txn, arena, curating->kind, number, &now, err);
    if (code != ERR_OK || curating->if_match == NULL) {
        return code;
    }
    curated_row_hash(&now, hash);
    return memcmp(hash, curating->if_match, sizeof hash) == 0
               ? ERR_OK
               : err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
}

static enum err_code put_row(
    struct store_txn *txn, struct arena *arena, struct curating *curating, struct err *err)
{
    struct store_key key;
    struct buf buf;
    struct buf summary;
    struct registry_document document = {.number = 0};
    enum err_code code = check_row(txn, arena, curating->row, err);
    if (code == ERR_OK && curating->family == NULL) {
        code = document_find(txn, curating->kind, curating->id, curating->id_len, &document, err);
    }
    uint64_t number = document.number;
    if (code == ERR_OK) {
        code = check_match(txn, arena, curating, number, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *id = curating->family != NULL ? curating->family
                                              : arena_copy(arena, curating->id, curating->id_len);
    const char *prefix = curating->family != NULL           ? "family/"
                         : curating->kind == REGISTRY_SHELL ? "shell/"
                                                            : "submodel/";
    if (curating->family != NULL) {
        key_curated_family(&key, curating->family);
    } else {
        key_curated_model(&key, curating->kind, number);
    }
    buf_init(&buf, RECORD_CEILING);
    buf_init(&summary, SUMMARY_ROOM);
    curated_row_write(&buf, curating->row);
    summarise(curating->row, &summary);
    code = id == NULL ? ERR_NO_MEMORY : put(txn, &key, &buf, err);
    if (code == ERR_OK) {
        code = log_it(txn, curating, prefix, id, "tag",
            buf_failed(&summary) ? NULL : buf_text(&summary), false, err);
    }
    if (code == ERR_OK) {
        code = curating->family != NULL ? renew_family(txn, curating, curating->family, err)
                                        : curated_renew_model(txn, curating->kind, number, err);
    }
    buf_finish(&summary);
    buf_finish(&buf);
    return code;
}

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    struct curating *curating = context;
    struct arena arena;
    curating->renewed = 0;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = life_may(txn, curating->author, RIGHT_CURATE, curating->family, err);
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
    const struct registry_author *author, struct err *err)
{
    struct curating curating = {.author = author, .node = node, .time_ms = write_now_ms()};
    return store_write(registry->store, change, &curating, err);
}

enum err_code curated_node_delete(struct registry *registry, enum overlay_tree tree,
    const char *value, const struct registry_author *author, struct err *err)
{
    const struct curated_node node = {.tree = tree, .value = value, .parent = ""};
    struct curating curating = {
        .author = author, .node = &node, .delete = true, .time_ms = write_now_ms()};
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

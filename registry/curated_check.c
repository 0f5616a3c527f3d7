/* SPDX-License-Identifier: Apache-2.0 */
/* What can be kept beside templates and models. */
#include <string.h>

#include "registry/curated_inside.h"

enum { LANGUAGE_MOST = 35 };

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

enum err_code curated_check_node(const struct curated_node *node, struct err *err)
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
enum err_code curated_check_parent(
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

enum err_code curated_check_tags(
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
    return ERR_OK;
}

enum err_code curated_check_texts(const struct curated_row *row, struct err *err)
{
    if (strlen(row->words) > CURATED_TEXT_BYTES) {
        return err_set(
            err, ERR_BAD_INPUT, "the words are longer than %d bytes", (int)CURATED_TEXT_BYTES);
    }
    return check_names(row->names, row->name_count, err);
}

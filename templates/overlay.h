/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TEMPLATES_OVERLAY_H
#define JIG_TEMPLATES_OVERLAY_H
/*
 * What we say of template families beside their content, never inside it: a Korean name where the
 * template has none, other words that people look for it by, and tags out of small trees of
 * categories, equipment, processes and phases of the life cycle. The rows are in overlay_rows.h.
 * Everything is constant.
 */
#include <stdbool.h>
#include <stddef.h>

enum overlay_tree {
    OVERLAY_CATEGORY,
    OVERLAY_EQUIPMENT,
    OVERLAY_PROCESS,
    OVERLAY_PHASE,
    OVERLAY_TREES
};

enum { OVERLAY_LANGUAGES = 3 }; /* ko, en, de */

/* A value of one of the trees. */
struct overlay_node {
    enum overlay_tree tree;
    const char *value;                    /* "machine-tool"; unique in its tree */
    const char *parent;                   /* "" at the top */
    const char *names[OVERLAY_LANGUAGES]; /* ko, en, de */
};

struct overlay_family {
    const char *family;              /* "idta-02006" */
    const char *name;                /* Korean, "" when the template has one itself */
    const char *words;               /* other words in any language, "" */
    const char *tags[OVERLAY_TREES]; /* values with a space between, "" */
};

/* The row of a family, NULL when we say nothing of it. */
const struct overlay_family *overlay_of(const char *family);

/* One tag after the other, each followed by what it is below, so that a value finds everything
 * under it: `*at` starts at 0; false at the end. */
bool overlay_tag(const struct overlay_family *family, enum overlay_tree tree, size_t *at,
    const struct overlay_node **node);

/* All nodes, parents before children, tree after tree. */
const struct overlay_node *overlay_nodes(size_t *count);
/* All families. */
const struct overlay_family *overlay_families(size_t *count);

/* The node of a value; NULL when the tree has none. */
const struct overlay_node *overlay_find(enum overlay_tree tree, const char *value, size_t len);

/* The name of a node in the language of a tag ("de-AT"), else in English. */
const char *overlay_node_name(const struct overlay_node *node, const char *language);

#endif

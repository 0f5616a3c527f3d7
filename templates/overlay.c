/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/overlay.h"

#include <string.h>

static const struct overlay_node nodes[] = {
#define NODE(tree, value, parent, ko, en, de) {OVERLAY_##tree, value, parent, {ko, en, de}},
#define FAMILY(family, name, words, category, equipment, process, phase)
#include "templates/overlay_rows.h"
#undef NODE
#undef FAMILY
};

static const struct overlay_family families[] = {
#define NODE(tree, value, parent, ko, en, de)
#define FAMILY(family, name, words, category, equipment, process, phase)                           \
    {family, name, words, {category, equipment, process, phase}},
#include "templates/overlay_rows.h"
#undef NODE
#undef FAMILY
};

enum { NODES = sizeof nodes / sizeof *nodes, FAMILIES = sizeof families / sizeof *families };

const struct overlay_node *overlay_nodes(size_t *count)
{
    *count = NODES;
    return nodes;
}

const struct overlay_family *overlay_families(size_t *count)
{
    *count = FAMILIES;
    return families;
}

const struct overlay_family *overlay_of(const char *family)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        if (strcmp(families[i].family, family) == 0) {
            return &families[i];
        }
    }
    return NULL;
}

const struct overlay_node *overlay_find(enum overlay_tree tree, const char *value, size_t len)
{
    for (size_t i = 0; i < NODES; i++) {
        if (nodes[i].tree == tree && strlen(nodes[i].value) == len &&
            memcmp(nodes[i].value, value, len) == 0) {
            return &nodes[i];
        }
    }
    return NULL;
}

/* Sets `*node` to what comes after it among the tags that begin at `*at`: its parent, else the next
 * tag of the row. */
bool overlay_tag(const struct overlay_family *family, enum overlay_tree tree, size_t *at,
    const struct overlay_node **node)
{
    const char *tags = family->tags[tree];
    if (*node != NULL && (*node)->parent[0] != '\0') {
        *node = overlay_find(tree, (*node)->parent, strlen((*node)->parent));
        return *node != NULL;
    }
    *at += strspn(tags + *at, " ");
    size_t len = strcspn(tags + *at, " ");
    *node = overlay_find(tree, tags + *at, len);
    *at += len;
    return len > 0 && *node != NULL;
}

const char *overlay_node_name(const struct overlay_node *node, const char *language)
{
    static const char *const languages[OVERLAY_LANGUAGES] = {"ko", "en", "de"};
    for (size_t i = 0; language != NULL && i < OVERLAY_LANGUAGES; i++) {
        if (strncasecmp(language, languages[i], 2) == 0) {
            return node->names[i];
        }
    }
    return node->names[1];
}

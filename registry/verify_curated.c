/* SPDX-License-Identifier: Apache-2.0 */
/* Categories and tags: readable, and leading to what is there. */
#include <string.h>

#include "registry/curated_record.h"
#include "registry/verify_inside.h"

#define ROW_ARENA ((size_t)4 << 20)

static void check_node(struct verification *v, struct arena *arena, const struct curated_node *node)
{
    struct curated_node at = *node;
    for (size_t up = 0; at.parent[0] != '\0'; up++) {
        if (up > CURATED_DEPTH_MOST) {
            verify_problem(v, "category '%s': it stands below itself, or too deep", node->value);
            return;
        }
        if (curated_node_find(&v->view.txn, arena, node->tree, at.parent, &at) != ERR_OK) {
            verify_problem(v, "category '%s': what it stands below is not there", node->value);
            return;
        }
    }
}

static void check_tags(struct verification *v, struct arena *arena, const struct curated_row *row)
{
    struct curated_node node;
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            if (curated_node_find(&v->view.txn, arena, (enum overlay_tree)tree, row->tags[tree][i],
                    &node) != ERR_OK) {
                verify_problem(v, "the tag '%s' is no value of its tree", row->tags[tree][i]);
            }
        }
    }
}

static void check_row(struct verification *v, const struct store_cursor *cursor)
{
    struct arena arena;
    struct curated_node node;
    struct curated_row row;
    unsigned char mark[STORE_HASH_BYTES];
    const unsigned char *key = cursor->key.bytes;
    arena_init(&arena, ROW_ARENA);
    if (key[0] == 'n' && curated_node_read(&arena, cursor->key, cursor->value, &node)) {
        check_node(v, &arena, &node);
    } else if (key[0] != 'n' && curated_row_read(&arena, cursor->value, &row)) {
        if (key[0] != 'x') { /* of what is deleted, values may be gone */
            check_tags(v, &arena, &row);
        }
    } else {
        verify_problem(v, "a category or tag is damaged");
    }
    if ((key[0] == 'd' || key[0] == 'x') && cursor->key.len == 10 &&
        !verify_set_has(&v->numbers,
            verify_number((enum registry_kind)key[1], key_number_at(cursor->key, 2), mark))) {
        verify_problem(v, "there are tags of a model that never was");
    }
    arena_finish(&arena);
}

enum err_code verify_curated(struct verification *v, struct err *err)
{
    if (curated_generation(&v->view.txn) == 0) {
        verify_problem(v, "it is not known how often categories and tags were changed");
    }
    return verify_each(v, STORE_CURATED, check_row, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/children.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_CHILDREN = 16 }; /* up to this many are looked through one by one */

static const char *name_of(const struct aas_node *node)
{
    const char *id_short = aas_text(node, PROP_idShort);
    return id_short == NULL ? "" : id_short;
}

static int by_name(const void *x, const void *y)
{
    const struct aas_node *const *a = x;
    const struct aas_node *const *b = y;
    int order = strcmp(name_of(*a), name_of(*b));
    return order != 0 ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

enum err_code aas_children_gather(
    struct arena *arena, const struct aas_node *node, struct aas_children_named *named)
{
    *named = (struct aas_children_named){.count = 0};
    named->children = aas_children(node, &named->count);
    if (named->count <= FEW_CHILDREN) {
        return ERR_OK;
    }
    named->sorted = arena_alloc(arena, named->count * sizeof *named->sorted);
    if (named->sorted == NULL) {
        return ERR_TOO_LARGE;
    }
    memcpy(named->sorted, named->children, named->count * sizeof *named->sorted);
    qsort(named->sorted, named->count, sizeof *named->sorted, by_name);
    return ERR_OK;
}

struct aas_node *aas_children_find(const struct aas_children_named *named, const char *id_short)
{
    size_t low = 0;
    size_t high = named->count;
    if (named->sorted == NULL) {
        while (low < high && strcmp(name_of(named->children[low]), id_short) != 0) {
            low++;
        }
        return low < high ? named->children[low] : NULL;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(name_of(named->sorted[middle]), id_short) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < named->count && strcmp(name_of(named->sorted[low]), id_short) == 0;
    return found ? named->sorted[low] : NULL;
}

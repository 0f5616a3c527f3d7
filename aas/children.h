/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_CHILDREN_H
#define JIG_AAS_CHILDREN_H
/*
 * The elements directly below one, for many look-ups by idShort. Lives in the caller's memory and
 * arena; the tree must stay as it is meanwhile.
 */
#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"

struct aas_children_named {
    struct aas_node **children; /* in their order */
    size_t count;
    struct aas_node **sorted; /* by idShort when there are many, else NULL */
};

/* Gathers the elements below a node. ERR_TOO_LARGE without words when the arena is full. */
ERR_MUST_USE enum err_code aas_children_gather(
    struct arena *arena, const struct aas_node *node, struct aas_children_named *named);

/* The element with this idShort, NULL when there is none. Of several with one name the first
 * counts, as it does for paths. "" finds one without idShort. */
struct aas_node *aas_children_find(const struct aas_children_named *named, const char *id_short);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_DIFFERENCE_H
#define JIG_AAS_DIFFERENCE_H
/*
 * What differs between two trees of one class, attribute by attribute. Items of lists belong
 * together when they say the same, else when they have the same name (language, name, idShort,
 * type), else when they follow each other.
 */
#include "aas/tree.h"

enum aas_difference_kind {
    AAS_DIFFERENCE_ADDED,
    AAS_DIFFERENCE_REMOVED,
    AAS_DIFFERENCE_CHANGED,
    AAS_DIFFERENCE_REORDERED, /* a list has the same items in another order */
};

/* One difference: a whole attribute (`slot` >= 0 of `node`), or an item of a list (`slot` -1, the
 * node itself). What was added or reordered is pointed at in the new tree, what was removed in the
 * old one; of what was changed, `node` is in the new tree and `old` in the old one. */
struct aas_difference {
    enum aas_difference_kind kind;
    const struct aas_node *node;
    const struct aas_node *old;
    int slot;
};

/* Calls `found` for each difference, in the order of the metamodel; stops at the first result other
 * than ERR_OK and gives it back. ERR_NO_MEMORY. */
typedef enum err_code (*aas_difference_found)(
    const struct aas_difference *difference, void *context);
ERR_MUST_USE enum err_code aas_differences(const struct aas_node *old, const struct aas_node *now,
    aas_difference_found found, void *context);

#endif

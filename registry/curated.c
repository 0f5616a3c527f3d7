/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/curated.h"

#include <string.h>

#include "templates/overlay.h"

bool curated_has_tag(struct store_txn *txn, const char *family, const char *value)
{
    const struct overlay_family *row = overlay_of(family);
    (void)txn;
    for (unsigned tree = 0; row != NULL && tree < OVERLAY_TREES; tree++) {
        const struct overlay_node *node = NULL;
        for (size_t at = 0; overlay_tag(row, (enum overlay_tree)tree, &at, &node);) {
            if (strcmp(node->value, value) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool curated_has_category(struct store_txn *txn, const char *family)
{
    const struct overlay_family *row = overlay_of(family);
    (void)txn;
    return row != NULL && row->tags[OVERLAY_CATEGORY][0] != '\0';
}

bool curated_has_name(struct store_txn *txn, const char *family, const char *language)
{
    const struct overlay_family *row = overlay_of(family);
    (void)txn;
    return row != NULL && row->name[0] != '\0' && strcmp(language, "ko") == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_H
#define JIG_REGISTRY_CURATED_H
/*
 * What is kept of template families beside their content: tags out of the trees of categories,
 * equipment, processes and phases, and names in languages that the template has none in.
 */
#include <stdbool.h>

#include "registry/store.h"

/* True when a family has this tag in any of the trees, itself or by something below it. */
bool curated_has_tag(struct store_txn *txn, const char *family, const char *value);

/* True when a family has any tag in the tree of categories. */
bool curated_has_category(struct store_txn *txn, const char *family);

/* True when a family has a name in this language beside its content. */
bool curated_has_name(struct store_txn *txn, const char *family, const char *language);

#endif

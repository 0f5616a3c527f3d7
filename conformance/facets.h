/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_FACETS_H
#define JIG_CONFORMANCE_FACETS_H
/*
 * What the schema says about an element tree, checked along the metamodel table: required
 * attributes, empty lists, lengths, patterns, enumerations, base64. It gives the verdict of the XSD
 * on everything a tree can hold, and says it in words.
 *
 * facets_start compiles the patterns once; after that everything may be used by several threads.
 */
#include <stdbool.h>

#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/report.h"

/* Compiles the patterns of both versions. ERR_INTERNAL when one does not compile. Free to repeat.
 */
ERR_MUST_USE enum err_code facets_start(struct err *err);
void facets_stop(void);

/* Bytes of a text that has a pattern and no length of its own (language tags, durations, points in
 * time). Longer ones are refused unmatched: matching takes time that grows with the square of the
 * length, and the longest registered language tags have 35 bytes. */
enum { FACETS_PATTERN_CEILING = 256 };

/* True when the tree has a text beyond that ceiling; it must not be given to the schema, which
 * knows no ceiling. facets_walk names the text. */
bool facets_beyond_ceiling(const struct aas_node *root);

/* Which findings are wanted. */
enum facets_scope {
    FACETS_ALL,
    FACETS_PRESENT, /* only about texts that are there: for trees that lack what was unreadable */
};

/* Told about every finding: the node and its attribute, -1 when something is missing in the node.
 */
struct facets_listener {
    void (*found)(void *context, const struct aas_node *node, int slot);
    void *context;
};

/* Checks a whole tree. `listener` may be NULL. */
void facets_walk(const struct aas_node *root, enum meta_version version, enum facets_scope scope,
    struct report *report, const struct facets_listener *listener);

/* Checks one attribute of type base64; true when it is absent or fits. Apart because libxml2 skips
 * foreign characters in xs:base64Binary, so that its verdict alone does not do. */
bool facets_base64_fits(const struct aas_node *node, int slot, struct report *report);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_FIX_H
#define JIG_CONFORMANCE_FIX_H
/*
 * Repair of what has exactly one mechanical remedy, in a tree in memory:
 *   spaces around identifiers, idShorts, names, versions, language tags, media types and values of
 *   enumerations; empty lists and empty texts of optional attributes, and language strings without
 *   text; the kind of well-known template qualifiers that say none inside of a template; idShorts
 *   of list items in 3.0. Whatever leaves a choice is left alone.
 */
#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/report.h"

/* Changes the tree and adds an info per change to `changes` (rule, place before the change, what
 * was done). ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code fix_tree(
    struct arena *arena, struct aas_node *root, enum meta_version version, struct report *changes);

#endif

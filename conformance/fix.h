/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_FIX_H
#define JIG_CONFORMANCE_FIX_H
/*
 * Repair of what has exactly one mechanical remedy, in a tree in memory:
 *   spaces around identifiers, idShorts, names, versions, language tags, media types and values of
 *   enumerations; empty lists and empty texts of optional attributes, and language strings without
 *   text; the kind of well-known template qualifiers that say none inside of a template; idShorts
 *   of list items in 3.0. Whatever leaves a choice is left alone.
 * Writing the tree again puts XML elements into the order of the schema. In a package every
 * specification part is repaired, and relationship types lose their www.
 */
#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/judge.h"
#include "conformance/report.h"

/* Changes the tree and adds an info per change to `changes` (rule, place before the change, what
 * was done). ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code fix_tree(
    struct arena *arena, struct aas_node *root, enum meta_version version, struct report *changes);

/* Repairs a document that was judged and could be read, and appends the corrected copy to `to`, in
 * the format it came in; nothing is appended when nothing changed. `report` is what the judgement
 * found. The tree of a JSON or XML document changes with it. ERR_TOO_LARGE when the arena or the
 * buffer is full, and as aasx_open. */
ERR_MUST_USE enum err_code fix_document(struct arena *arena, const struct judge_input *input,
    const struct judge_result *result, const struct report *report, struct buf *to,
    struct report *changes, struct err *err);

#endif

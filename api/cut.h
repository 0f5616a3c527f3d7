/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CUT_H
#define JIG_API_CUT_H
/*
 * Forms of a stored document that are its canonical bytes with whole arrays left out: level=core
 * and, for what has no value of its own, $metadata. The path index says where the arrays stand, so
 * nothing is parsed. Blob values are not looked at: ask blobs_in_document first.
 */
#include <stdbool.h>

#include "aas/buf.h"
#include "registry/path_index.h"
#include "registry/registry.h"

/* True when a submodel is of kind Template: told by the bytes before its elements. */
bool cut_is_template(const struct registry_document *document);

/* The path index of a document. */
struct path_index cut_index(const struct registry_document *document);

/* Appends the element at entry `at` (0: the identifiable) without the children of its children.
 * False, with nothing appended, when the index does not fit the bytes. */
bool cut_core(struct buf *buf, const struct path_index *index, size_t at);

/* Appends it without the elements below it. False, with nothing appended, when its class has other
 * attributes that are values as well (then its tree must be written). */
bool cut_metadata(struct buf *buf, const struct path_index *index, size_t at);

/* Appends the elements directly below entry 0, separated by commas: from position `from` on, at
 * most `limit`; *more tells whether some are left. */
bool cut_children(
    struct buf *buf, const struct path_index *index, size_t from, size_t limit, bool *more);

/* One child of entry 0 after the other. */
struct cut_walk {
    const struct path_index *index;
    size_t next;  /* entry of the next child */
    size_t end;   /* entry behind the last one */
    bool damaged; /* the index ended early */
};

/* Begins at the child at position `from`. */
struct cut_walk cut_walk_from(const struct path_index *index, size_t from);

/* False behind the last child, or when the index is damaged. */
bool cut_walk_next(struct cut_walk *walk, size_t *at, struct path_entry *entry);

/* The position of the element directly below entry 0 with this idShort (as written in JSON); false
 * when there is none. Of several, the last one that stands before position `before`, or the first.
 */
bool cut_find(const struct path_index *index, const char *id_short, size_t len, size_t before,
    size_t *position);

/* The idShort of the element directly below entry 0 at a position, in the document; false when
 * there is none. */
bool cut_name(const struct path_index *index, size_t position, const char **id_short, size_t *len);

#endif

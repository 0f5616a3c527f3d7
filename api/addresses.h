/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ADDRESSES_H
#define JIG_API_ADDRESSES_H
/*
 * What elements are addressed by: the forms $path and $reference, drawn from the path index of the
 * stored document, so that nothing is parsed.
 */
#include <stdbool.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "registry/path_index.h"

/* Room to work in for addresses_paths, in the arena, for any number of calls; NULL: it is full. */
struct addresses_room;
struct addresses_room *addresses_room(struct arena *arena);

/* Appends the idShort paths of entry `at` (unless it is the identifiable) and of everything below,
 * or with `core` directly below, as JSON strings with commas between them. `*any` tells whether
 * something stands before them already, and afterwards. ERR_TOO_LARGE without room or for a path
 * beyond AAS_PATH_MAX_BYTES, ERR_STORE for an index that does not fit. */
ERR_MUST_USE enum err_code addresses_paths(struct addresses_room *room, struct buf *buf,
    const struct path_index *index, size_t at, bool core, bool *any, struct err *err);

/* Appends the ModelReference to entry `at` of the identifiable `id` (one key per step, AASd-125;
 * the key of a list item is its position, AASd-128). `cls`: class of the identifiable. */
ERR_MUST_USE enum err_code addresses_reference(struct buf *buf, const struct path_index *index,
    size_t at, const struct meta_class *cls, const char *id, size_t id_len, struct err *err);

#endif

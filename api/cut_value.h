/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CUT_VALUE_H
#define JIG_API_CUT_VALUE_H
/*
 * The value-only form out of the stored bytes: collections and lists are followed along the path
 * index, the literal of a Property stands at its end, and only elements of other kinds are read
 * into a tree. Gives what aas_value_write gives for the tree of the whole.
 */
#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "registry/path_index.h"

/* Appends the value of entry `at`; `flags` of enum aas_value_flag. The arena needs room for the
 * largest element that is read. ERR_BAD_INPUT for a kind without value, ERR_TOO_LARGE, ERR_STORE.
 */
ERR_MUST_USE enum err_code cut_value(struct arena *arena, struct buf *buf,
    const struct path_index *index, size_t at, unsigned flags, struct err *err);

#endif

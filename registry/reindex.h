/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REINDEX_H
#define JIG_REGISTRY_REINDEX_H
/* The path index of a content of the history, which is kept without one. */
#include "registry/path_index.h"
#include "registry/registry.h"

/* Reads canonical JSON of an identifiable and makes its index, both in the arena. ERR_STORE when it
 * is not canonical, ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code reindex(struct arena *arena, enum registry_kind kind, const char *json,
    size_t len, struct path_index *index, struct err *err);

#endif

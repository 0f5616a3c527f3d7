/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_VALUES_H
#define JIG_REGISTRY_SEARCH_VALUES_H
/*
 * Which elements are also found by their values. Nothing is, unless the operator names elements by
 * idShort or by a semantic id; the names stand in the store, so that all who write to it agree, and
 * are read when it is opened. They hold for the process: of two registries with different ones, the
 * one opened later decides. Thread-safe.
 */
#include <stdbool.h>

#include "aas/tree.h"
#include "registry/store.h"

enum { SEARCH_VALUES_BYTES = 8192 /* of all names together */ };

struct registry;

/* Takes what the store says; with `names` (comma-separated, "none" for none; NULL: as it is) first
 * makes all search entries again when they are others than so far, which may take minutes.
 * ERR_BAD_INPUT when they are too long. */
ERR_MUST_USE enum err_code search_values_open(
    struct registry *registry, const char *names, struct err *err);

/* True when the value of this element is searched. */
bool search_values_has(const struct aas_node *element);

/* True when the canonical bytes of an element may hold one whose value is searched. */
bool search_values_may(const char *json, size_t len);

#endif

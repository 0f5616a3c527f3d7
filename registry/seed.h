/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEED_H
#define JIG_REGISTRY_SEED_H
/*
 * The shipped template library in a new store.
 */
#include "registry/registry.h"

/* Imports the shipped templates as registry_import does. Called by registry_open until it has
 * succeeded once for a store, so it may find some of them there already. */
ERR_MUST_USE enum err_code registry_seed(struct registry *registry, struct err *err);

#endif

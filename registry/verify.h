/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERIFY_H
#define JIG_REGISTRY_VERIFY_H
/*
 * Verification: walks everything a store holds of identifiables and looks whether its parts agree:
 * ids, documents, path indexes, index rows, revisions, contents, search entries and counters. Reads
 * one moment of the store and changes nothing.
 */
#include <stdint.h>

#include "registry/registry.h"

struct registry_verification {
    uint64_t documents; /* looked at */
    uint64_t ids;
    uint64_t rows;
    uint64_t revisions;
    uint64_t searched; /* entries of the search, templates included */
    uint64_t postings;
    uint64_t problems; /* found; 0: everything agrees */
};

/* Called for each problem with one sentence; valid during the call only. */
typedef void (*registry_verify_say)(void *context, const char *text);

/* `say` may be NULL. ERR_OK also with problems; errors are those of reading the store. */
ERR_MUST_USE enum err_code registry_verify(struct registry *registry, registry_verify_say say,
    void *context, struct registry_verification *result, struct err *err);

#endif

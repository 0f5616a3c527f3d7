/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERIFY_H
#define JIG_REGISTRY_VERIFY_H
/*
 * Verification: walks everything a store holds and looks whether its parts agree: ids, documents,
 * path indexes, index rows, revisions, the log with its chain of hashes, families, versions,
 * records of imports, contents, blobs, search entries and counters. Reads one moment of the store
 * and changes nothing.
 */
#include <stdint.h>

#include "registry/registry.h"

struct registry_verification {
    uint64_t documents; /* looked at */
    uint64_t ids;
    uint64_t rows;
    uint64_t revisions;
    uint64_t logged;                       /* entries of the log */
    uint64_t pruned;                       /* of them, whose revision a logged rule took out */
    unsigned char chain[STORE_HASH_BYTES]; /* of the last one, see log.h */
    uint64_t searched;                     /* entries of the search, templates included */
    uint64_t postings;
    uint64_t registered; /* descriptors and asset links registered or removed by hand */
    uint64_t families;
    uint64_t versions;
    uint64_t imports;
    uint64_t contents;
    uint64_t blobs;
    uint64_t files; /* of documents */
    uint64_t packages;
    uint64_t problems; /* found; 0: everything agrees */
    uint64_t warnings; /* contents and blobs that nothing refers to: they only take room */
};

/* Called for each problem with one sentence that names the thing, valid during the call only; for a
 * warning it begins with "warning: ". */
typedef void (*registry_verify_say)(void *context, const char *text);

/* `say` may be NULL. ERR_OK also with problems; errors are those of reading the store. */
ERR_MUST_USE enum err_code registry_verify(struct registry *registry, registry_verify_say say,
    void *context, struct registry_verification *result, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_FAMILIES_H
#define JIG_REGISTRY_FAMILIES_H
/*
 * Template families and versions inside a store transaction.
 *
 * STORE_VERSIONS: family, NUL, label → state, times, numbers of findings, hashes of the environment
 * and of the package it came in, texts. STORE_FAMILIES: family → title, newest published label,
 * number of versions; and 0x01, hash of a submodel id → the version shown under that id.
 */
#include "registry/keys.h"
#include "registry/registry.h"

enum { FAMILY_BYTES_MAX = 300, LABEL_BYTES_MAX = 150 };

/* A version with what only the registry itself needs. */
struct version_record {
    struct registry_version version;
    unsigned char package[STORE_HASH_BYTES]; /* blob of the AASX package, zeroes without */
};

/* Keys; cut when the texts are too long. */
void key_version(struct store_key *key, const char *family, const char *label);
void key_version_searched(struct store_key *key, const char *family, const char *label);

/* Reads a version; its texts point into the store. ERR_NOT_FOUND without words. */
ERR_MUST_USE enum err_code version_find(
    struct store_txn *txn, const char *family, const char *label, struct version_record *record);

/* Puts or replaces a version; texts that are NULL count as "". family_refresh must follow in the
 * same transaction. */
ERR_MUST_USE enum err_code version_put(struct store_txn *txn, const struct version_record *record);
/* Takes a version out with everything that is kept of it but its history; family_refresh as above.
 */
ERR_MUST_USE enum err_code version_remove(
    struct store_txn *txn, const char *family, const char *label, struct err *err);
/* A version whose content is another from now on is no longer what came in its package. */
ERR_MUST_USE enum err_code version_drop_package(
    struct store_txn *txn, struct version_record *record);
/* Copies the texts of a record that is to be changed: they point into the store. */
ERR_MUST_USE enum err_code version_keep(struct arena *arena, struct version_record *record);

/* Counts the versions of a family again, finds its newest published one and marks that one as the
 * newest for the search. */
ERR_MUST_USE enum err_code family_refresh(
    struct store_txn *txn, const char *family, struct err *err);

/* The version shown under a submodel id; texts of at most the sizes above, with NUL. */
struct version_shown {
    char family[FAMILY_BYTES_MAX + 1];
    char label[LABEL_BYTES_MAX + 1];
};
/* ERR_NOT_FOUND when no version is. */
ERR_MUST_USE enum err_code version_shown_find(
    struct store_txn *txn, const char *id, size_t id_len, struct version_shown *shown);
ERR_MUST_USE enum err_code version_shown_put(
    struct store_txn *txn, const char *id, size_t id_len, const char *family, const char *label);
/* Nothing is shown under the id any longer. */
ERR_MUST_USE enum err_code version_shown_remove(
    struct store_txn *txn, const char *id, size_t id_len);

#endif

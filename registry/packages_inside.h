/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PACKAGES_INSIDE_H
#define JIG_REGISTRY_PACKAGES_INSIDE_H
/* Inside of packages.c (records, reading), packages_write.c (changing) and the verification. */
#include "registry/keys.h"
#include "registry/packages.h"

/* What numbers packages. */
#define PACKAGE_COUNTER "number/package"

void key_package(struct store_key *key, uint64_t number);
void key_package_id(struct store_key *key, const char *id);
void key_package_shell(struct store_key *key, const char *shell, uint64_t number);
void key_package_content(
    struct store_key *key, const unsigned char hash[STORE_HASH_BYTES], uint64_t number);

ERR_MUST_USE enum err_code package_record_put(
    struct store_txn *txn, const struct registry_package *package);

/* The package with this id; texts point into the store. ERR_NOT_FOUND without words. */
ERR_MUST_USE enum err_code package_find(
    struct store_txn *txn, struct arena *arena, const char *id, struct registry_package *package);

ERR_MUST_USE enum err_code package_next_number(struct store_txn *txn, uint64_t *number);

/* Puts words to a code. */
enum err_code package_say(enum err_code code, const char *id, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PACKAGES_H
#define JIG_REGISTRY_PACKAGES_H
/*
 * Packages kept as they came (IDTA-01002, AASX File Server): bytes, a file name and the ids of the
 * shells inside. They stand beside the repository: storing one changes no shell and no submodel.
 *
 * STORE_FILES: 'p', number → record; 'i', hash of the id → number; 'a', hash of a shell's id,
 * number → ""; 'c', hash of the bytes, number → "".
 */
#include "registry/blobs.h"
#include "registry/registry.h"

enum {
    FILES_PACKAGE = 'p',
    FILES_PACKAGE_ID = 'i',
    FILES_PACKAGE_SHELL = 'a',
    FILES_PACKAGE_CONTENT = 'c',
    PACKAGE_ID_MAX = 8192, /* bytes */
};

struct registry_package {
    uint64_t number;
    const char *id;
    const char *file_name;
    unsigned char blob[STORE_HASH_BYTES];
    uint64_t size; /* bytes */
    int64_t created_ms;
    int64_t updated_ms;
    const char *const *shells; /* ids, in the arena */
    size_t shell_count;
};

/* One package by id; its texts point into the view, the list of shells is in the arena.
 * ERR_NOT_FOUND with a sentence. */
ERR_MUST_USE enum err_code registry_package_get(struct registry_view *view, struct arena *arena,
    const char *id, struct registry_package *package, struct err *err);

/* Packages in the order they were stored, behind number `after`; with `shell` those that hold the
 * shell with this id. `*next` is 0 at the end. */
ERR_MUST_USE enum err_code registry_package_list(struct registry_view *view, struct arena *arena,
    const char *shell, uint64_t after, size_t limit, struct registry_package **packages,
    size_t *count, uint64_t *next, struct err *err);

struct registry_package_change {
    enum registry_operation operation; /* all four */
    const char *id;                    /* NULL for REGISTRY_CREATE: one is made */
    const unsigned char *if_match;     /* hash of the bytes that must be there, NULL: any */
    const char *file_name;
    const char *const *shells;
    size_t shell_count;
    struct blob_content *content; /* staged; the hold is let go */
};

/* Stores, replaces or deletes a package in one durable transaction. REGISTRY_CREATE without an id
 * refuses bytes that are stored already (ERR_EXISTS names the package). ERR_EXISTS, ERR_NOT_FOUND,
 * ERR_PRECONDITION. `*id` (NULL allowed) gets its id, in the arena. */
ERR_MUST_USE enum err_code registry_package_change(struct registry *registry, struct arena *arena,
    const struct registry_package_change *change, const char **id, enum registry_outcome *outcome,
    struct err *err);

/* ------------------------------------------------------------------ inside */

/* Takes a record apart; texts point into it. False: damaged. `arena` NULL: the shells are left out,
 * but counted. */
bool package_record_read(struct store_bytes value, uint64_t number, struct arena *arena,
    struct registry_package *package);

#endif

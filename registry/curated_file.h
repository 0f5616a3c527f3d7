/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_FILE_H
#define JIG_REGISTRY_CURATED_FILE_H
/*
 * What an exported folder says beside templates and models: the trees of values, and tags, names
 * and words of families, shells and submodels.
 *
 *   {"trees":[{"facet":"equipment","value":"press","parent":"machine","names":{"ko":…,"en":…}},…],
 *    "removed":[{"facet":"phase","value":"…"},…],
 *    "families":[{"family":"idta-02006","category":[…],…,"names":{…},"words":…},…],
 *    "models":[{"kind":"Submodel","id":…,"category":[…],…},…]}
 *
 * The trees are written as a whole, so that the file stands by itself whatever the program that
 * reads it ships; "removed" names the values that the program ships and that were taken out. In the
 * same way families are written with what the program ships of them. Lists have an order of their
 * own, so equal stores give equal files.
 *
 * When it is stored, what the store has as it was shipped is nobody's word and gives way; what
 * somebody has said there and the file says otherwise stays, or is replaced when that is asked for.
 */
#include "registry/curated.h"

/* What an export calls it. */
#define CURATED_FILE "_curated.json"

enum { CURATED_FILE_RENEWED_MOST = 100000 }; /* versions and models searched anew for one file */

/* What became of an entry, when it was stored. */
enum curated_fate {
    CURATED_SAME,   /* is there with the same content */
    CURATED_STORED, /* new, or in place of something else */
    CURATED_KEPT,   /* is there with other content, which stays; of "removed": it is in use */
    CURATED_ABSENT, /* of a model that is not in the store */
};

struct curated_file_node {
    struct curated_node node; /* of "removed": only tree and value */
    uint32_t line;
    enum curated_fate fate;
};

struct curated_file_row {
    const char *family; /* NULL: a model */
    enum registry_kind kind;
    const char *id;
    struct curated_row row;
    uint32_t line;
    uint64_t number; /* of the model, when it was stored */
    enum curated_fate fate;
};

struct curated_file {
    struct curated_file_node *nodes;
    size_t node_count;
    struct curated_file_node *removed;
    size_t removed_count;
    struct curated_file_row *rows;
    size_t row_count;
};

/* Appends the whole file. */
ERR_MUST_USE enum err_code curated_file_write(
    struct registry_view *view, struct buf *buf, struct err *err);

/* Reads one into the arena, into which texts point. ERR_UNREADABLE, ERR_BAD_INPUT with the place:
 * whatever can be wrong without looking into a store. */
ERR_MUST_USE enum err_code curated_file_read(
    struct arena *arena, const char *bytes, size_t len, struct curated_file *file, struct err *err);

/* Stores what a file says in one durable transaction, all or nothing, and says of each entry what
 * became of it; what stays, and models that are not there, are findings in `report`. *stored counts
 * what is new. Needs RIGHT_CURATE for what it changes. ERR_BAD_INPUT when trees and tags would not
 * fit together, ERR_EXISTS or ERR_NOT_FOUND when nothing of it is new because other things are
 * there, or because its models are not. */
ERR_MUST_USE enum err_code curated_file_store(struct registry *registry, struct curated_file *file,
    bool replace, const struct registry_author *author, struct report *report, size_t *stored,
    struct err *err);

#endif

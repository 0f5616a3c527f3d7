/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERSION_H
#define JIG_REGISTRY_VERSION_H
/*
 * The content of a template version on its way into the store: everything costly is made outside
 * of the transaction. Used by the files of the life cycle only.
 */
#include "registry/documents.h"
#include "registry/families.h"

/* Lives in an arena together with the tree it was made of. */
struct version_prepared {
    const char *family;
    const char *label;
    const char *title;
    const char *publisher;
    const char *submodel_id;
    const char *semantic_id;
    const char *source;
    const void *packed; /* the environment */
    size_t packed_len;
    unsigned char content[STORE_HASH_BYTES];
    uint32_t errors; /* findings */
    uint32_t warnings;
    struct search_entry search;
    uint64_t curated;                  /* curated_generation that `search` was made with */
    struct document_prepared document; /* the submodel as it is shown under its id */
};

/* What a version is made of. */
struct version_source {
    const char *family; /* NULL: by the identity of the submodel */
    const char *label;  /* NULL: the same */
    const struct aas_node *environment;
    const struct aas_node *submodel; /* in it */
    enum template_state state;
    const char *publisher; /* NULL: the creator that the submodel names */
    const char *source;    /* file, NULL: none */
};

/* Judges (what is found is counted and told in `report`, NULL allowed, and refuses nothing) and
 * prepares. ERR_TOO_LARGE, ERR_BAD_INPUT when the submodel has no id. */
ERR_MUST_USE enum err_code version_prepare(struct registry *registry, struct arena *arena,
    const struct version_source *source, struct report *report, struct version_prepared *prepared,
    struct err *err);

/* The words of the file it came from that a version is found by; NULL when the arena is full. */
const char *version_source_words(struct arena *arena, const char *source);

/* What a version of a family is found by beside its content: `extra` and what is curated of the
 * family, as it is now (`generation`). */
ERR_MUST_USE enum err_code version_extras(struct registry *registry, struct arena *arena,
    const char *family, const struct search_facet *extra, size_t extra_count,
    const struct search_facet **all, size_t *count, uint64_t *generation, struct err *err);

/* The template submodel that an environment is about: the one with this id (NULL: the only
 * template, else the only submodel). NULL without words when there is none or there are several. */
struct aas_node *version_submodel(const struct aas_node *environment, const char *id);

/* The environment of a version as a tree in the arena. */
ERR_MUST_USE enum err_code version_read(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct aas_node **environment, struct err *err);

/* Makes all references to an id, and the thing that has it, name another one. */
ERR_MUST_USE enum err_code version_rename(
    struct arena *arena, struct aas_node *environment, const char *id, const char *to);

/* Writes the numbers of a label into the administration of a submodel, as far as the metamodel has
 * a place for them. */
ERR_MUST_USE enum err_code version_number(
    struct arena *arena, struct aas_node *submodel, const char *label);

#endif

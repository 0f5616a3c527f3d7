/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_H
#define JIG_REGISTRY_CURATED_H
/*
 * What is kept beside templates and models, never inside them: four small trees of values
 * (category, equipment, process, phase of the life cycle) with names in several languages, tags out
 * of them for families, shells and submodels, names in languages that a template has none in, and
 * other words that people look for it by.
 *
 * A new store begins with the rows of templates/overlay.h; from then on the store is what counts.
 * Every change is an event in the history (kind REGISTRY_CURATION; ids "family/NAME",
 * "tree/TREE/VALUE", "shell/ID", "submodel/ID") and makes what is searched anew in its transaction.
 *
 * STORE_CURATED: 'n', tree, value → parent, names; 'f', family → tags, words, names; 'd', kind,
 * number → the same of a shell or submodel, 'x' when that is deleted. STORE_META "curated" counts
 * the changes.
 */
#include <stdbool.h>
#include <stdint.h>

#include "registry/registry.h"
#include "registry/search.h"
#include "templates/overlay.h"

enum {
    CURATED_NODES_MOST = 10000,  /* of one tree */
    CURATED_DEPTH_MOST = 8,      /* of a tree */
    CURATED_NAMES_MOST = 20,     /* languages */
    CURATED_TAGS_MOST = 32,      /* of one thing out of one tree */
    CURATED_RENEWED_MOST = 2000, /* versions and models searched anew in one change */
    CURATED_VALUE_BYTES = 64,
    CURATED_TEXT_BYTES = 1000, /* of a name, or of all words */
};

struct curated_name {
    const char *language; /* "ko" */
    const char *text;
};

/* A value of a tree. */
struct curated_node {
    enum overlay_tree tree;
    const char *value;
    const char *parent; /* "" at the top */
    const struct curated_name *names;
    size_t name_count;
};

/* What is said of a family, a shell or a submodel. */
struct curated_row {
    const char *const *tags[OVERLAY_TREES];
    size_t tag_count[OVERLAY_TREES];
    const char *words;
    const struct curated_name *names;
    size_t name_count;
};

/* "category", "equipment", "process", "phase". */
const char *curated_tree_name(enum overlay_tree tree);
bool curated_tree_read(const char *name, enum overlay_tree *tree);
/* The same; ERR_NOT_FOUND with the names of those there are. */
ERR_MUST_USE enum err_code curated_tree_find(
    const char *name, enum overlay_tree *tree, struct err *err);

/* Puts the shipped rows into a store that has none. */
ERR_MUST_USE enum err_code curated_seed(struct store *store, struct err *err);

/* ------------------------------------------------------------------ reading */

/* All values of all trees, parents before children, in the arena. */
ERR_MUST_USE enum err_code curated_nodes(struct store_txn *txn, struct arena *arena,
    struct curated_node **nodes, size_t *count, struct err *err);

/* The values of one tree in a list of all: they stand beside each other. */
size_t curated_tree_of(struct curated_node **nodes, size_t count, enum overlay_tree tree);

/* One value; ERR_NOT_FOUND without words. */
ERR_MUST_USE enum err_code curated_node_find(struct store_txn *txn, struct arena *arena,
    enum overlay_tree tree, const char *value, struct curated_node *node);

/* The hash of values: what they are called, and where they stand. */
void curated_nodes_hash(
    const struct curated_node *nodes, size_t count, unsigned char hash[STORE_HASH_BYTES]);

/* Its name in the language of a tag ("de-AT"), else in English, else any; never NULL. */
const char *curated_node_name(const struct curated_node *node, const char *language);

/* What is said of a family, or of a shell or submodel; nothing said is an empty row. */
ERR_MUST_USE enum err_code curated_family(struct store_txn *txn, struct arena *arena,
    const char *family, struct curated_row *row, struct err *err);
ERR_MUST_USE enum err_code curated_model(struct store_txn *txn, struct arena *arena,
    enum registry_kind kind, uint64_t number, struct curated_row *row, struct err *err);

/* The name of a row in a language; NULL when it has none in it. */
const char *curated_row_name(const struct curated_row *row, const char *language);

/* Whether somebody may change what stands beside a model, or beside a family or in the trees
 * (NULL): the first is for those who change models, everything else for those who make templates.
 * ERR_FORBIDDEN. */
ERR_MUST_USE enum err_code curated_row_may(struct store_txn *txn,
    const struct registry_author *author, bool model, const char *family, struct err *err);

/* True when a row has this value as a tag in a tree, itself or by something below it. */
bool curated_row_has(struct store_txn *txn, struct arena *arena, const struct curated_row *row,
    enum overlay_tree tree, const char *value);
/* True when a family has this tag in any of the trees, itself or by something below it. */
bool curated_has_tag(struct store_txn *txn, const char *family, const char *value);
/* True when a family has any tag in the tree of categories. */
bool curated_has_category(struct store_txn *txn, const char *family);
/* True when a family has a name in this language beside its content. */
bool curated_has_name(struct store_txn *txn, const char *family, const char *language);

/* ------------------------------------------------------------------ the search */

/* How often curated data was changed: what was prepared under another number is made again. */
uint64_t curated_generation(struct store_txn *txn);

/* What a thing is found by beside its content, as extras for search_prepare: tags with all they are
 * below, names, words. `extra` of `count` is copied in front. */
ERR_MUST_USE enum err_code curated_extras(struct store_txn *txn, struct arena *arena,
    const struct curated_row *row, const struct search_facet *extra, size_t count,
    const struct search_facet **all, size_t *all_count, struct err *err);

/* Makes the search entry of a version, or of a shell or submodel, from what is stored. */
ERR_MUST_USE enum err_code curated_renew_version(
    struct store_txn *txn, const char *family, const char *label, struct err *err);
ERR_MUST_USE enum err_code curated_renew_model(
    struct store_txn *txn, enum registry_kind kind, uint64_t number, struct err *err);
/* A shell or submodel is deleted: what is said of it is put aside and holds no value in its tree;
 * it comes back: what is still a value in its tree is said of it again. */
ERR_MUST_USE enum err_code curated_sleep_model(
    struct store_txn *txn, enum registry_kind kind, uint64_t number);
ERR_MUST_USE enum err_code curated_wake_model(
    struct store_txn *txn, enum registry_kind kind, uint64_t number);
/* True when something is said of a shell or submodel. */
bool curated_is_model(struct store_txn *txn, enum registry_kind kind, uint64_t number);

/* ------------------------------------------------------------------ changing */

/* All of them need RIGHT_CURATE on templates (on a family: on that one), and give ERR_BAD_INPUT
 * with what is wrong. */

/* What must be so when a value is changed. */
struct curated_match {
    const unsigned char *hash; /* curated_nodes_hash of the value, of all of its tree or of all
                                * trees; NULL: any. Else ERR_PRECONDITION */
    bool must_exist;           /* else ERR_PRECONDITION */
    bool must_be_new;          /* else ERR_EXISTS */
};

/* Puts or replaces a value (`match` NULL: whatever is there). ERR_STATE when too much would have to
 * be searched anew. */
ERR_MUST_USE enum err_code curated_node_put(struct registry *registry,
    const struct curated_node *node, const struct curated_match *match,
    const struct registry_author *author, struct err *err);
/* Takes a value out; ERR_NOT_FOUND, ERR_STATE when something is below it or has it as a tag. */
ERR_MUST_USE enum err_code curated_node_delete(struct registry *registry, enum overlay_tree tree,
    const char *value, const struct curated_match *match, const struct registry_author *author,
    struct err *err);

/* Replaces what is said of a family (which needs no version yet). `if_match` (NULL: any): what was
 * said must have this curated_row_hash, else ERR_PRECONDITION. */
ERR_MUST_USE enum err_code curated_family_put(struct registry *registry, const char *family,
    const struct curated_row *row, const unsigned char *if_match,
    const struct registry_author *author, struct err *err);
/* The same of a shell or submodel, which must be there. */
ERR_MUST_USE enum err_code curated_model_put(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, const struct curated_row *row, const unsigned char *if_match,
    const struct registry_author *author, struct err *err);
void curated_row_hash(const struct curated_row *row, unsigned char hash[STORE_HASH_BYTES]);

#endif

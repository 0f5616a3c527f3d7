/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_DOCUMENTS_H
#define JIG_REGISTRY_DOCUMENTS_H
/*
 * Identifiables inside a store transaction: canonical bytes, path index, revisions, secondary
 * indexes. Used by registry_write, registry_edit and registry_import only; everything expensive
 * (canonical bytes, path index, compression, search terms) is prepared before the transaction.
 */
#include "registry/content_hash.h"
#include "registry/files.h"
#include "registry/registry.h"
#include "registry/search.h"

/* What a document has in common with another, named by its hash. */
struct document_alike {
    bool known;
    unsigned char with[STORE_HASH_BYTES];
    size_t same; /* bytes that both begin with */
    size_t tail; /* … and end with, behind those */
};

/* What is stored of one identifiable, made outside the transaction; lives in an arena. */
struct document_prepared {
    enum registry_kind kind;
    const char *id;
    size_t id_len;
    const char *json;
    size_t json_len;
    const void *index; /* path index */
    size_t index_len;
    const void *packed; /* compressed canonical bytes for STORE_CONTENT; NULL: packed when needed */
    size_t packed_len;
    const void *rows; /* what goes to the index table, see document_record.h */
    size_t rows_len;
    unsigned char hash[STORE_HASH_BYTES];
    const struct aas_node *tree; /* what it was made of; NULL: a value was set in what is stored,
                                  * which stays found as it is */
    unsigned char search_hash[STORE_HASH_BYTES]; /* see search_hash */
    struct document_alike alike;                 /* with the one that was stored */
    struct search_entry search;
    bool search_made;            /* false: what is stored is found by the same */
    struct document_files files; /* what may lead to files; texts of the tree */
    bool files_known;            /* false: the change cannot have touched them */
};

/* Makes all of it out of a tree whose root is an identifiable (it may hang in an environment).
 * ERR_BAD_INPUT for another class or without an id, ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code document_prepare(struct arena *arena, const struct aas_node *tree,
    struct document_prepared *prepared, struct err *err);

/* The same without `packed`. */
ERR_MUST_USE enum err_code document_prepare_unpacked(struct arena *arena,
    const struct aas_node *tree, struct document_prepared *prepared, struct err *err);

/* The document that is stored now, as a transaction shows it. What stays as it is in the one that
 * takes its place costs less. */
struct document_before {
    const char *json;
    size_t json_len;
    unsigned char hash[STORE_HASH_BYTES];
    const unsigned char *search_hash;
    bool followed; /* a compact revision may come behind it */
    struct content_cache *contents;
};
/* Looks it up; false: there is none. `sets_value`: for a change that is logged as such. */
bool document_before_find(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, bool sets_value, struct content_cache *contents, struct document_before *before);

/* The same for what is to take the place of `before`, which may be NULL: without `packed` when so
 * little differs that a compact revision does, without the search entry when what is stored now is
 * searched by the same. Should another document stand there when it is stored, document_put makes
 * them; the tree must live until then. */
ERR_MUST_USE enum err_code document_prepare_change(struct arena *arena, const struct aas_node *tree,
    const struct document_before *before, struct document_prepared *prepared, struct err *err);

/* Adds the search entry, unless it is there; adds `packed`. */
ERR_MUST_USE enum err_code document_prepare_search(
    struct arena *arena, struct document_prepared *prepared, struct err *err);
ERR_MUST_USE enum err_code document_pack(
    struct arena *arena, struct document_prepared *prepared, struct err *err);

/* What a change that only sets a value is called in `log_operation`. Such revisions go first when a
 * history is pruned. */
#define DOCUMENT_LOG_VALUE "value"
/* True when a change is called so; NULL: it has no name of its own. */
bool document_sets_value(const char *log_operation);
/* … and one that came with a file. */
#define DOCUMENT_LOG_IMPORT "import"

/* Stores one prepared identifiable in a write transaction: document, index rows, revision, content,
 * search postings. REGISTRY_CREATE on an existing id: ERR_EXISTS before any change;
 * REGISTRY_REPLACE on a missing one: ERR_NOT_FOUND; same content: REGISTRY_UNCHANGED and no new
 * revision. `log_operation` NULL: "create" or "replace". `summary` NULL: made here. Where
 * little has changed the revision keeps the changed bytes instead of the whole content. */
ERR_MUST_USE enum err_code document_put(struct store_txn *txn,
    const struct document_prepared *prepared, enum registry_operation operation,
    const unsigned char *if_match, const char *log_operation, const struct registry_author *author,
    const char *summary, int64_t time_ms, enum registry_outcome *outcome, struct err *err);

/* Removes one; its revisions and contents stay. */
ERR_MUST_USE enum err_code document_delete(struct store_txn *txn, enum registry_kind kind,
    const char *id, size_t id_len, const unsigned char *if_match,
    const struct registry_author *author, int64_t time_ms, struct err *err);

/* The stored document, as registry_get, inside any transaction. */
ERR_MUST_USE enum err_code document_find(struct store_txn *txn, enum registry_kind kind,
    const char *id, size_t id_len, struct registry_document *document, struct err *err);

/* Content by hash (compressed with zstd), used for revisions and template environments. */
ERR_MUST_USE enum err_code content_put(struct store_txn *txn,
    const unsigned char hash[STORE_HASH_BYTES], const void *packed, size_t packed_len);
ERR_MUST_USE enum err_code content_get(struct store_txn *txn, struct arena *arena,
    const unsigned char hash[STORE_HASH_BYTES], const char **bytes, size_t *len, struct err *err);
/* Compresses bytes into the arena. */
ERR_MUST_USE enum err_code content_pack(struct arena *arena, const char *bytes, size_t len,
    const void **packed, size_t *packed_len, struct err *err);

#endif

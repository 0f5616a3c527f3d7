/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERIFY_INSIDE_H
#define JIG_REGISTRY_VERIFY_INSIDE_H
/*
 * The state of one verification, shared by the verify*.c files only.
 */
#include "registry/document_record.h"
#include "registry/families.h"
#include "registry/log.h"
#include "registry/pruned.h"
#include "registry/verify.h"

/* Hashes that something refers to. Starts zeroed; verify_set_finish frees it. */
struct verify_set {
    unsigned char (*hashes)[STORE_HASH_BYTES];
    size_t count;
    size_t room;
    bool sorted;
    bool failed; /* out of memory: what it says is not to be trusted */
};
void verify_set_add(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES]);
bool verify_set_has(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES]);
/* How often it was added. */
uint64_t verify_set_count(struct verify_set *set, const unsigned char hash[STORE_HASH_BYTES]);
void verify_set_finish(struct verify_set *set);

/* Revisions that the log says were pruned; each stands in it once, so ranges do not overlap. Starts
 * zeroed; free its list. */
struct verify_pruned_range {
    enum registry_kind kind;
    uint64_t number;
    uint64_t first;
    uint64_t last;
};
struct verify_pruned {
    struct verify_pruned_range *list;
    size_t count;
    size_t room;
    bool sorted;
    bool failed; /* out of memory */
};
void verify_pruned_add(struct verify_pruned *pruned, enum registry_kind kind, uint64_t number,
    struct pruned_range range);
bool verify_pruned_has(
    struct verify_pruned *pruned, enum registry_kind kind, uint64_t number, uint64_t revision);

struct verification {
    struct registry_view view;
    registry_verify_say say;
    void *context;
    struct registry_verification found;
    uint64_t counted[REGISTRY_KIND_END]; /* documents by kind */
    uint64_t largest[REGISTRY_KIND_END]; /* number of any document by kind */
    uint64_t search_largest;             /* number of any search entry */
    uint64_t search_length;              /* weights of all search entries */
    uint64_t phrases_row;                /* the one of phrases that was looked at last */
    struct verify_set numbers;           /* of things with an id, see verify_number */
    struct verify_set contents;          /* that a revision or a version has */
    struct verify_set logged;            /* revisions that stand in the log */
    struct verify_pruned pruned;         /* revisions that the log says are gone */
    struct log_entry log;                /* the last one */
    struct verify_set packages; /* blobs that something refers to, once for each reference */
};

/* Counts a problem and tells it. */
void verify_problem(struct verification *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for what takes room and does no harm. */
void verify_warning(struct verification *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Where a problem is, for "%s". */
const char *verify_place(enum registry_kind kind, uint64_t number, char place[64]);
/* The record of a document; false when there is none or it is damaged. */
bool verify_document(struct verification *v, enum registry_kind kind, uint64_t number,
    struct document_record *record);
/* A kind and a number as something that fits a set of hashes. */
const unsigned char *verify_number(
    enum registry_kind kind, uint64_t number, unsigned char mark[STORE_HASH_BYTES]);
/* Calls `check` for every row of a table. */
ERR_MUST_USE enum err_code verify_each(struct verification *v, enum store_table table,
    void (*check)(struct verification *v, const struct store_cursor *cursor), struct err *err);

/* Categories and tags. After the ids. */
ERR_MUST_USE enum err_code verify_curated(struct verification *v, struct err *err);
/* Proposals and their contents. */
ERR_MUST_USE enum err_code verify_proposals(struct verification *v, struct err *err);
/* Who has approved and edited versions. */
ERR_MUST_USE enum err_code verify_lifecycle(struct verification *v, struct err *err);
/* Families, versions, what is shown under an id, and records of imports against each other. */
ERR_MUST_USE enum err_code verify_templates(struct verification *v, struct err *err);
/* Files of documents, packages, counts of blobs. */
ERR_MUST_USE enum err_code verify_files(struct verification *v, struct err *err);
/* Contents and blobs: whole, and used by something. After everything that uses them. */
ERR_MUST_USE enum err_code verify_contents(struct verification *v, struct err *err);

/* Notes what the log says was pruned. Before the revisions are looked at. */
ERR_MUST_USE enum err_code verify_note_pruned(struct verification *v, struct err *err);
/* The log against the revisions. After these have been counted. */
ERR_MUST_USE enum err_code verify_log(struct verification *v, struct err *err);

/* Descriptors and asset links registered by hand against ids and the index. After the ids. */
ERR_MUST_USE enum err_code verify_registered(struct verification *v, struct err *err);
/* True when a row of the index, of a kind byte and a number, belongs to a registration. */
bool verify_registered_row(
    struct verification *v, unsigned kind, uint64_t number, const unsigned char *index_key);

/* Users and tokens against each other and their histories. */
ERR_MUST_USE enum err_code verify_users(struct verification *v, struct err *err);

/* Search entries against documents, postings against search entries, frequencies and totals. */
ERR_MUST_USE enum err_code verify_search(struct verification *v, struct err *err);

#endif

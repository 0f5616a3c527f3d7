/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERIFY_INSIDE_H
#define JIG_REGISTRY_VERIFY_INSIDE_H
/*
 * The state of one verification, shared by verify.c and verify_search.c only.
 */
#include "registry/document_record.h"
#include "registry/verify.h"

struct verification {
    struct registry_view view;
    registry_verify_say say;
    void *context;
    struct registry_verification found;
    uint64_t counted[REGISTRY_CONCEPT_DESCRIPTION + 1]; /* documents by kind */
    uint64_t search_length;                             /* weights of all search entries */
};

/* Counts a problem and tells it. */
void verify_problem(struct verification *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Where a problem is, for "%s". */
const char *verify_place(enum registry_kind kind, uint64_t number, char place[64]);
/* The record of a document; false when there is none or it is damaged. */
bool verify_document(struct verification *v, enum registry_kind kind, uint64_t number,
    struct document_record *record);
/* Calls `check` for every row of a table. */
ERR_MUST_USE enum err_code verify_each(struct verification *v, enum store_table table,
    void (*check)(struct verification *v, const struct store_cursor *cursor), struct err *err);

/* Search entries against documents, postings against search entries, frequencies and totals. */
ERR_MUST_USE enum err_code verify_search(struct verification *v, struct err *err);

#endif

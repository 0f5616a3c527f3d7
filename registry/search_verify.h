/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_VERIFY_H
#define JIG_REGISTRY_SEARCH_VERIFY_H
/*
 * Verification of the search: that postings, frequencies, records and totals agree. Reads only.
 */
#include "registry/store.h"
#include "registry/verify.h"

/* Walks everything; counts problems and says each (`say` may be NULL). */
ERR_MUST_USE enum err_code search_verify(struct store_txn *txn, registry_verify_say say,
    void *context, uint64_t *problems, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PROPOSAL_RECORD_H
#define JIG_REGISTRY_PROPOSAL_RECORD_H
/*
 * Layout of what STORE_PROPOSALS holds; only proposals*.c and the verification include it. Its own
 * length (4), state (4), errors (4), created (8), decided (8), base (16), content (16); then seven
 * texts with a NUL behind each.
 */
#include "registry/keys.h"
#include "registry/proposals.h"

void key_proposal(struct store_key *key, uint64_t number);
/* Takes a stored value apart; its texts point into it. False: damaged. */
bool proposal_read(struct store_bytes value, uint64_t number, struct proposal *proposal);
ERR_MUST_USE enum err_code proposal_put(struct store_txn *txn, const struct proposal *proposal);

#endif

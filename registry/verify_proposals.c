/* SPDX-License-Identifier: Apache-2.0 */
/* Proposals: readable, with their content and their history. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "registry/proposal_record.h"
#include "registry/verify_inside.h"

static void check_proposal(struct verification *v, const struct store_cursor *cursor)
{
    char id[24];
    struct proposal proposal;
    struct id_place place = {.known = false};
    struct revision_record last;
    struct store_bytes content;
    uint64_t number = key_number_at(cursor->key, 0);
    if (cursor->key.len != 8 || !proposal_read(cursor->value, number, &proposal)) {
        verify_problem(v, "a proposal is damaged");
        return;
    }
    int len = snprintf(id, sizeof id, "%" PRIu64, number);
    verify_set_add(&v->contents, proposal.content);
    if (store_get(&v->view.txn, STORE_CONTENT, proposal.content, STORE_HASH_BYTES, &content) !=
        ERR_OK) {
        verify_problem(v, "proposal %s: its content is not there", id);
    }
    if (id_find(&v->view.txn, REGISTRY_PROPOSAL, id, (size_t)len, &place, NULL) != ERR_OK ||
        !place.known ||
        revision_last(&v->view.txn, REGISTRY_PROPOSAL, place.number, UINT64_MAX, &last) != ERR_OK) {
        verify_problem(v, "proposal %s: it has no history", id);
    } else if ((proposal.state == PROPOSAL_OPEN) != (last.said.revision == 1)) {
        verify_problem(v, "proposal %s: its history says another state", id);
    }
}

enum err_code verify_proposals(struct verification *v, struct err *err)
{
    return verify_each(v, STORE_PROPOSALS, check_proposal, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: proposals. Who takes back one's own needs no
 * other right than to propose; the registry looks whose it is. */
OWN(POST, "/templates/{family}/versions/{version}/$proposals", proposal_make, PROPOSE,
    "ProposeTemplateChange", REGISTRY_TEMPLATE_VERSION),
    OWN(GET, "/proposals", proposals_list, READ, "GetProposals", REGISTRY_PROPOSAL),
    OWN(GET, "/proposals/{proposal}", proposal_get, READ, "GetProposal", REGISTRY_PROPOSAL),
    OWN(GET, "/proposals/{proposal}/$content", proposal_content, READ, "GetProposalContent",
        REGISTRY_PROPOSAL),
    OWN(GET, "/proposals/{proposal}/$diff", proposal_diff, READ, "CompareProposal",
        REGISTRY_PROPOSAL),
    OWN(GET, "/proposals/{proposal}/$history", history_list, READ, "GetProposalHistory",
        REGISTRY_PROPOSAL),
    OWN(POST, "/proposals/{proposal}/$accept", proposal_accept, UPDATE, "AcceptProposal",
        REGISTRY_PROPOSAL),
    OWN(POST, "/proposals/{proposal}/$refuse", proposal_refuse, REVIEW, "RefuseProposal",
        REGISTRY_PROPOSAL),
    OWN(POST, "/proposals/{proposal}/$take-back", proposal_take_back, PROPOSE, "TakeProposalBack",
        REGISTRY_PROPOSAL),

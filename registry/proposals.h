/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PROPOSALS_H
#define JIG_REGISTRY_PROPOSALS_H
/*
 * Proposals: somebody who may not change a template says what it should be; somebody who may sees
 * the comparison, and accepts or refuses with a reason. An accepted proposal becomes the content of
 * the draft that it is about or, for a version whose content does not change any more, a new draft.
 * Its author counts as one who has worked on that draft, so that nobody approves their own change.
 *
 * Every step is an event (kind REGISTRY_PROPOSAL, id: the number), in the same transaction.
 * STORE_PROPOSALS: number → state, times, hashes of contents, texts. Thread-safe; what is given
 * lives in the caller's arena.
 */
#include "conformance/compare.h"
#include "registry/registry.h"

enum proposal_state {
    PROPOSAL_OPEN,
    PROPOSAL_ACCEPTED,
    PROPOSAL_REFUSED,
    PROPOSAL_TAKEN_BACK,
    PROPOSAL_STATES
};
/* "open", "accepted", "refused", "taken back" */
const char *proposal_state_text(enum proposal_state state);
bool proposal_state_read(const char *text, enum proposal_state *state);

struct proposal {
    uint64_t number;
    enum proposal_state state;
    const char *family;
    const char *label;   /* of the version that it is about */
    const char *author;  /* "" */
    const char *message; /* why, "" */
    const char *decider; /* "" while it is open */
    const char *reason;  /* of the decision, "" */
    const char *became;  /* label of the draft that it went into, "" */
    int64_t created_ms;
    int64_t decided_ms;                      /* 0 while it is open */
    uint32_t errors;                         /* findings about its content */
    unsigned char base[STORE_HASH_BYTES];    /* content of the version when it was made */
    unsigned char content[STORE_HASH_BYTES]; /* what is proposed */
};

/* Makes a proposal; `content` is an environment or the submodel alone. Needs RIGHT_PROPOSE.
 * ERR_NOT_FOUND, ERR_BAD_INPUT for another template, ERR_STATE when nothing would change. */
ERR_MUST_USE enum err_code proposal_make(struct registry *registry, struct arena *arena,
    const char *family, const char *label, struct aas_node *content,
    const struct registry_author *author, struct report *report, struct proposal *proposal,
    struct err *err);

/* One proposal, and (json not NULL) the environment that it proposes. */
ERR_MUST_USE enum err_code proposal_get(struct registry_view *view, struct arena *arena,
    uint64_t number, struct proposal *proposal, const char **json, size_t *len, struct err *err);

struct proposal_filter {
    const char *family; /* NULL: any */
    const char *author; /* NULL: any */
    bool by_state;
    enum proposal_state state;
    uint64_t before; /* number of the last one seen, 0: from the newest */
    size_t limit;
};
/* Newest first; `*next` goes on, 0 at the end. */
ERR_MUST_USE enum err_code proposal_list(struct registry_view *view, struct arena *arena,
    const struct proposal_filter *filter, struct proposal **proposals, size_t *count,
    uint64_t *next, struct err *err);

/* Accepts. `label` (NULL: the least number that the changes ask for) is that of the new draft; for
 * a draft it is left out. A draft that has changed since the proposal was made is refused
 * (ERR_STATE) unless `even_so`. Needs RIGHT_UPDATE. */
ERR_MUST_USE enum err_code proposal_accept(struct registry *registry, struct arena *arena,
    uint64_t number, const char *label, bool even_so, const struct registry_author *author,
    struct report *report, struct proposal *proposal, struct err *err);

/* Refuses, with the author's message as reason. Needs RIGHT_REVIEW. */
ERR_MUST_USE enum err_code proposal_refuse(struct registry *registry, struct arena *arena,
    uint64_t number, const struct registry_author *author, struct proposal *proposal,
    struct err *err);

/* Takes back one's own; whoever may decide about it may, too. */
ERR_MUST_USE enum err_code proposal_take_back(struct registry *registry, struct arena *arena,
    uint64_t number, const struct registry_author *author, struct proposal *proposal,
    struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_LIFECYCLE_H
#define JIG_REGISTRY_LIFECYCLE_H
/*
 * The life of a template version: draft → in review → published → deprecated → withdrawn.
 *
 * Steps from one state to the next are rows of a table (lifecycle_table.c): where they start and
 * end, which right they need, whether a reason must be given. What is published never changes
 * again by any way in; a correction is a new version. Drafts are changed as a whole here, or
 * piece by piece through the submodel that shows them, as long as they are drafts.
 *
 * Every step and every change of a draft is an event in the history of the version (kind
 * REGISTRY_TEMPLATE_VERSION, id "family@label") in the transaction that carries it out.
 *
 * STORE_LIFE: family, NUL, label, NUL, 'a' or 'e', name → who has approved ('a': time (8), message)
 * and who has edited ('e': nothing) a version.
 *
 * All functions are thread-safe; what they give lives in the caller's arena.
 */
#include "registry/registry.h"

/* ------------------------------------------------------------------ the table */

/* clang-format off */
#define LIFECYCLE_STEPS(X)                                                                         \
    X(STEP_SUBMIT, "submit") X(STEP_RECALL, "recall") X(STEP_APPROVE, "approve")                   \
    X(STEP_REJECT, "reject") X(STEP_PUBLISH, "publish") X(STEP_DEPRECATE, "deprecate")             \
    X(STEP_WITHDRAW, "withdraw")
/* clang-format on */
enum lifecycle_step {
#define LIFECYCLE_SYMBOL(symbol, name) symbol,
    LIFECYCLE_STEPS(LIFECYCLE_SYMBOL)
#undef LIFECYCLE_SYMBOL
        STEP_COUNT
};

struct lifecycle_row {
    enum lifecycle_step step;
    const char *name; /* of the operation: "/$submit", `jig template submit` */
    unsigned from;    /* mask 1 << enum template_state of where it can start */
    enum template_state to;
    unsigned right;     /* enum access_right on the template */
    bool needs_reason;  /* the author's message must say why */
    const char *logged; /* operation in the history */
};
const struct lifecycle_row *lifecycle_row(enum lifecycle_step step);
bool lifecycle_step_read(const char *name, enum lifecycle_step *step);

/* ------------------------------------------------------------------ drafts */

/* True for "2.1", "2.1.3", "2.1+variant": what a new version may be called. */
bool lifecycle_label_fits(const char *label);
/* True for what a family may be called: lower case letters, digits, dots and dashes. */
bool lifecycle_family_fits(const char *family);

struct lifecycle_draft {
    const char *family;           /* NULL: by the identity of the submodel */
    const char *label;            /* NULL: by the identity; must be given with `from` */
    const char *from;             /* version of the family that is copied, NULL: none */
    const char *submodel_id;      /* of the copy; NULL: made from the old one and the new label */
    struct aas_node *environment; /* content, NULL: that of `from`; may be changed */
    const char *publisher;        /* NULL: as the submodel says */
    const char *source;           /* file it came from, NULL */
};

/* Makes a draft; `version` gets it. What breaks rules is kept as it is and told in `report` and in
 * the version's numbers: a draft may be unfinished. ERR_EXISTS when the label is taken,
 * ERR_NOT_FOUND for `from`, ERR_BAD_INPUT, ERR_INVALID without a template submodel. */
ERR_MUST_USE enum err_code lifecycle_draft_create(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err);

/* Puts another content in the place of a draft's. `if_match` (NULL: any) is the hash of the
 * content that is to be replaced. ERR_STATE when it is no draft. */
ERR_MUST_USE enum err_code lifecycle_draft_replace(struct registry *registry, struct arena *arena,
    const char *family, const char *label, struct aas_node *environment,
    const unsigned char *if_match, const struct registry_author *author, struct report *report,
    struct registry_version *version, struct err *err);

/* Takes a draft away; its history stays. ERR_STATE when it is no draft. */
ERR_MUST_USE enum err_code lifecycle_draft_discard(struct registry *registry, const char *family,
    const char *label, const unsigned char *if_match, const struct registry_author *author,
    struct err *err);

/* Says that a draft (or what is in review) takes into account what was published meanwhile, and
 * follows the version `onto` (NULL: the newest published one below it). Approvals are given anew.
 */
ERR_MUST_USE enum err_code lifecycle_draft_rebase(struct registry *registry, struct arena *arena,
    const char *family, const char *label, const char *onto, const struct registry_author *author,
    struct registry_version *version, struct err *err);

/* The content of an old revision of a draft becomes its content again, as a new revision. */
ERR_MUST_USE enum err_code lifecycle_draft_restore(struct registry *registry, struct arena *arena,
    const char *family, const char *label, uint64_t revision, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err);

/* The same for a draft that was discarded and is not there: it begins anew with that content.
 * ERR_EXISTS when there is a version of this number. */
ERR_MUST_USE enum err_code lifecycle_draft_revive(struct registry *registry, struct arena *arena,
    const char *family, const char *label, uint64_t revision, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err);

/* ------------------------------------------------------------------ steps */

enum { LIFECYCLE_MAX_APPROVALS = 20 };
/* Languages in which a template must have a name when nobody says anything else. */
#define LIFECYCLE_LANGUAGES "ko,en"
struct lifecycle_policy {
    unsigned approvals;    /* by others than the authors, needed to publish */
    const char *languages; /* "ko,en": in which a template must have a name; "": none */
};

struct lifecycle_request {
    const char *family;
    const char *label;
    enum lifecycle_step step;
    const char *successor;         /* STEP_DEPRECATE: label, or family@label */
    const char *overrule;          /* STEP_PUBLISH: why the number may be too small, NULL */
    const unsigned char *if_match; /* content it is about, NULL: any */
    struct lifecycle_policy policy;
};

/* Carries out one step. ERR_STATE when the version is in another state, and when the gate refuses
 * to publish: `report` has everything that is missing, at once. ERR_BAD_INPUT without a reason that
 * is needed, ERR_FORBIDDEN when an author approves. */
ERR_MUST_USE enum err_code lifecycle_step(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err);

/* Looks what is missing to publish a version, which must be a draft or in review: one finding of
 * severity error for each. */
ERR_MUST_USE enum err_code lifecycle_gate(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, struct report *report, struct err *err);

struct lifecycle_approval {
    const char *name;
    const char *message;
    int64_t time_ms;
};
/* Who has approved a version, by name. */
ERR_MUST_USE enum err_code lifecycle_approvals(struct registry_view *view, struct arena *arena,
    const char *family, const char *label, struct lifecycle_approval **approvals, size_t *count,
    struct err *err);

/* The version that is shown under a submodel id, when it should not be used any more; false when
 * there is none or it may be used. Texts are in the arena. */
bool lifecycle_outdated(struct registry_view *view, struct arena *arena, const char *submodel_id,
    size_t len, struct registry_version *version);

#endif

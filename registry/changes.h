/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CHANGES_H
#define JIG_REGISTRY_CHANGES_H
/*
 * What the history is good for: the state that was valid at a moment, bringing an old state back,
 * who last changed each element, and what changed lately in the whole store.
 */
#include "registry/registry.h"

/* The newest revision that was there at a moment (Unix time in ms). ERR_NOT_FOUND when the
 * identifiable is younger, was deleted at that moment, or when the state of then was pruned. */
ERR_MUST_USE enum err_code registry_revision_at(struct registry_view *view, enum registry_kind kind,
    const char *id, size_t id_len, int64_t time_ms, uint64_t *revision, struct err *err);

/* Makes the content of an old revision the newest one again, as a new revision ("restore"); also
 * brings back what was deleted. `operation` says what may be there now: REGISTRY_UPSERT for
 * anything, REGISTRY_CREATE for nothing (else ERR_EXISTS), REGISTRY_REPLACE for something. The
 * content is judged as any other write. Restoring what is there already changes nothing
 * (REGISTRY_UNCHANGED). Files come back that were kept (kept.h); for each that was not, `report`
 * gets a warning. ERR_NOT_FOUND, ERR_PRECONDITION, ERR_INVALID. */
ERR_MUST_USE enum err_code registry_restore(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, uint64_t revision, enum registry_operation operation,
    const unsigned char *if_match, const struct registry_author *author, struct report *report,
    enum registry_outcome *outcome, struct err *err);

/* Who gave an element the attributes it has, its children not counted: a change inside a collection
 * is the child's. Elements are followed by idShort path; one that got another path is as new. */
struct registry_annotation {
    const char *path; /* idShort path, "" for the identifiable itself */
    const struct registry_revision *revision;
    uint64_t pruned_from; /* it was this revision, or one of those pruned before it, from this one
                           * on; 0: it was this revision */
};
enum { REGISTRY_ANNOTATE_REVISIONS = 10000 }; /* looked back at most */
/* All elements of the current state (or of revision `at`, 0: the newest) in document order, in the
 * arena. What is older than REGISTRY_ANNOTATE_REVISIONS is said to be of the oldest revision looked
 * at. ERR_NOT_FOUND for what is unknown or deleted, ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code registry_annotate(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, uint64_t at,
    struct registry_annotation **annotations, size_t *count, struct err *err);

/* What changed lately, in the order in which it became durable. */
struct registry_change_filter {
    enum registry_kind kind; /* 0: any */
    const char *id;          /* only of this id, NULL: any */
    const char *id_prefix;   /* only of ids that begin so, NULL: any */
    int64_t created_from;    /* Unix time in ms: only what was created since then; 0: any */
    int64_t updated_from;    /* only changes since then; 0: any */
    int64_t updated_to;      /* only changes up to then; 0: any */
    bool with_pruned;        /* also changes whose revision was pruned */
    bool newest_first;       /* and then on to older ones; else the oldest first */
    uint64_t after;          /* sequence of the last one seen, 0: from the start */
    size_t limit;            /* at most this many; 0: 1,000 */
};
struct registry_changed {
    uint64_t sequence;
    enum registry_kind kind;
    const char *id;
    bool deleted; /* by this change */
    bool pruned;  /* of the revision only number and time are known */
    struct registry_revision revision;
    unsigned char chain[STORE_HASH_BYTES]; /* of the log up to this change */
};
enum { REGISTRY_CHANGES_SCANNED = 100000 }; /* entries of the log looked at for one page */
/* A page, in the arena; `*next` is the sequence to go on after, 0 at the end. A page may hold fewer
 * than `limit`, even none, and still have a next one. */
ERR_MUST_USE enum err_code registry_changes(struct registry_view *view, struct arena *arena,
    const struct registry_change_filter *filter, struct registry_changed **changes, size_t *count,
    uint64_t *next, struct err *err);

/* The chain hash of the log at a sequence, for comparison with one that was noted down.
 * ERR_NOT_FOUND when the log is shorter. */
ERR_MUST_USE enum err_code registry_log_chain(struct registry_view *view, uint64_t sequence,
    unsigned char chain[STORE_HASH_BYTES], struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_EVENT_H
#define JIG_REGISTRY_EVENT_H
/*
 * The history of what is no identifiable: template versions, accounts, categories, proposals. Each
 * event is a revision of the thing it is about and stands in the same log, chained with all others,
 * so that nobody can take a decision out of it unseen. registry_history and registry_changes read
 * them like any other.
 */
#include "registry/registry.h"

struct event {
    enum registry_kind kind; /* REGISTRY_TEMPLATE_VERSION or a later one */
    const char *id;
    size_t id_len;
    const char *operation;        /* "publish", "refused", … */
    const char *summary;          /* what changed, one line; NULL: nothing to say */
    const unsigned char *content; /* hash of the content from now on, which must stand in
                                   * STORE_CONTENT; NULL: as before */
    bool ended;                   /* it is there no longer */
    const void *pruned;           /* names what was taken out, see pruned.h; NULL: nothing */
    size_t pruned_len;
    int64_t time_ms;
};

/* Stores an event in a write transaction; the first one makes the thing known. */
ERR_MUST_USE enum err_code event_put(struct store_txn *txn, const struct event *event,
    const struct registry_author *author, struct err *err);

#endif

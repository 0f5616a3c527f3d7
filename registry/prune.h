/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PRUNE_H
#define JIG_REGISTRY_PRUNE_H
/*
 * Rules for keeping: takes old values out of the histories, so that a sensor that writes every
 * second does not make the store grow for ever. Each thing's history keeps
 *   - everything that was not logged as "value", unless the rule names a moment for that, too;
 *   - the newest revision, and the state that was valid at the moment of the rule;
 *   - the last state before each deletion, so that what was deleted can be brought back;
 *   - whatever a kept revision is made from (at most REVISION_CHAIN_MAX more for each of these);
 *     when structure goes, the content of the oldest revision that stays is stored instead.
 * So every revision that is left can be read as before. Entries of the log stay, and an entry of
 * its own says what was taken out, when, by whom and why (pruned.h). Works in small transactions;
 * may be ended between any two of them, and begun again.
 */
#include <stdatomic.h>

#include "registry/registry.h"

struct prune_rule {
    int64_t values_before_ms;    /* values of before this moment go; 0: they stay */
    int64_t structure_before_ms; /* whatever was there before this moment goes; 0: it stays */
    enum registry_kind kind;     /* only things of this kind, 0: all */
    const char *id;              /* only the thing with this id, NULL: all */
    const char *said;            /* why, kept with the history: "values are kept for 90d" */
    bool dry_run;                /* only counts */
};

struct prune_result {
    uint64_t things; /* that had something to take out */
    uint64_t revisions;
    uint64_t contents; /* that nothing referred to any more */
    uint64_t bytes;    /* of both, as they were stored */
};

/* Carries a rule out. `stop` (NULL: never) ends it early when it becomes true. ERR_NOT_FOUND for an
 * unknown id. `result` is filled as far as it came, also when it fails. */
ERR_MUST_USE enum err_code registry_prune(struct registry *registry, const struct prune_rule *rule,
    const struct registry_author *author, const atomic_bool *stop, struct prune_result *result,
    struct err *err);

/* How long something is kept: "90d", "36h", "30m", "45s" (days, hours, minutes, seconds), in ms.
 * False when it says nothing of the kind or more than 100 years. */
bool prune_read_age(const char *text, int64_t *age_ms);

#endif

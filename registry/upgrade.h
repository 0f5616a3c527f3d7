/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_UPGRADE_H
#define JIG_REGISTRY_UPGRADE_H
/*
 * Bringing a store of an older format up to date. Every step may be interrupted and repeated: the
 * number of the format is written when all are done.
 *
 *   1 → 2  documents and template versions are found by more than before (kind, kind and type of
 *          the asset; fields, phrases, ids without their version, tags): what is derived from them
 *          is made again
 *   2 → 3  versions, accounts, categories and proposals have a history, too; the versions that
 *          are there get its first entry, and an instance that somebody has put under the id of
 *          one is no longer taken for it
 *   3 → 4  documents are marked with a hash of the texts that they are found by, where a hash of
 *          the terms stood; what uses a template is counted
 *   4 → 5  what stands beside each other in the texts of a document, and where it is in the order
 *          of names, is kept beside its search entry; files that nothing leads to any more are
 *          known (kept.h), from now on
 *   5 → 6  any revision that changed little may be compact, and a compact one the oldest of a
 *          history (prune.h); what is there stays as it is
 *   6 → 7  after a loss of power the last change may be in the journal only (store_journal.h),
 *          which a program that does not know of it would pass over
 */
#include "registry/registry.h"

/* Nothing to do for a store of the present format. */
ERR_MUST_USE enum err_code registry_upgrade(struct registry *registry, struct err *err);

/* Makes what documents and template versions are found by again, where it would be different now.
 */
ERR_MUST_USE enum err_code registry_renew_search(struct registry *registry, struct err *err);

#endif

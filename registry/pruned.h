/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PRUNED_H
#define JIG_REGISTRY_PRUNED_H
/*
 * Revisions that are there no longer because a rule for keeping took them out (prune.h). Their
 * entries stay in the log. What took them out is an entry itself: a revision of the kind
 * REGISTRY_PRUNING, whose record names them, so that what is missing without one was lost.
 *
 * New bytes of such a record, little endian: kind (4), zero (4), number (8), the moment before
 * which the rule took things out (8); then for each run of revisions without a gap: first (8), last
 * (8), their times (8 each). Prunings of one thing have one history, under the id "Submodel/12".
 */
#include "registry/document_record.h"

enum { PRUNED_HEAD = 24, PRUNED_RANGE = 32, PRUNED_ID = 64 };

struct pruned_range {
    uint64_t first;
    uint64_t last;
    int64_t first_ms; /* when they were made */
    int64_t last_ms;
};

/* What one record names; points into it. */
struct pruning {
    enum registry_kind kind;
    uint64_t number;
    int64_t before_ms;
    const unsigned char *ranges;
    size_t count;
};

/* Takes a record apart. False: it is no pruning, or damaged. */
bool pruning_read(const struct revision_record *record, struct pruning *pruning);
struct pruned_range pruning_range(const struct pruning *pruning, size_t at);
/* The other way round. */
void pruning_fill_head(
    unsigned char to[PRUNED_HEAD], enum registry_kind kind, uint64_t number, int64_t before_ms);
void pruning_fill_range(unsigned char to[PRUNED_RANGE], const struct pruned_range *range);

/* The id under which the prunings of a thing stand. */
void pruning_id(enum registry_kind kind, uint64_t number, char id[PRUNED_ID]);

/* Whether anything was taken out of a history. */
bool pruned_any(struct store_txn *txn, enum registry_kind kind, uint64_t number);

/* The run that a revision was taken out with, and what the log says of it (`by` may be NULL).
 * ERR_NOT_FOUND when it was not taken out, ERR_STORE. */
ERR_MUST_USE enum err_code pruned_find(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, uint64_t revision, struct pruned_range *range, struct registry_revision *by);

/* Says why there is no such revision; `code` is how looking it up has ended, and is given back. */
ERR_MUST_USE enum err_code pruned_refuse(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, uint64_t revision, enum err_code code, struct err *err);

/* A moment as text ("2026-11-30T05:48:21Z"). */
enum { PRUNED_TIME = 32 };
void pruned_time(int64_t time_ms, char text[PRUNED_TIME]);

#endif

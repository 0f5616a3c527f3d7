/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/pruned.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool pruning_read(const struct revision_record *record, struct pruning *pruning)
{
    const unsigned char *at = (const unsigned char *)record->new_bytes;
    if (record->form != REVISION_PRUNING || record->new_len < PRUNED_HEAD ||
        (record->new_len - PRUNED_HEAD) % PRUNED_RANGE != 0) {
        return false;
    }
    *pruning = (struct pruning){.kind = (enum registry_kind)value_u32(at),
        .number = value_u64(at + 8),
        .before_ms = (int64_t)value_u64(at + 16),
        .ranges = at + PRUNED_HEAD,
        .count = (record->new_len - PRUNED_HEAD) / PRUNED_RANGE};
    return registry_class(pruning->kind) != NULL;
}

struct pruned_range pruning_range(const struct pruning *pruning, size_t at)
{
    const unsigned char *bytes = pruning->ranges + at * PRUNED_RANGE;
    return (struct pruned_range){.first = value_u64(bytes),
        .last = value_u64(bytes + 8),
        .first_ms = (int64_t)value_u64(bytes + 16),
        .last_ms = (int64_t)value_u64(bytes + 24)};
}

void pruning_fill_head(
    unsigned char to[PRUNED_HEAD], enum registry_kind kind, uint64_t number, int64_t before_ms)
{
    value_set_u32(to, (uint32_t)kind);
    value_set_u32(to + 4, 0);
    value_set_u64(to + 8, number);
    value_set_u64(to + 16, (uint64_t)before_ms);
}

void pruning_fill_range(unsigned char to[PRUNED_RANGE], const struct pruned_range *range)
{
    value_set_u64(to, range->first);
    value_set_u64(to + 8, range->last);
    value_set_u64(to + 16, (uint64_t)range->first_ms);
    value_set_u64(to + 24, (uint64_t)range->last_ms);
}

void pruning_id(enum registry_kind kind, uint64_t number, char id[PRUNED_ID])
{
    snprintf(id, PRUNED_ID, "%s/%llu", registry_kind_name(kind), (unsigned long long)number);
}

static bool find_history(
    struct store_txn *txn, enum registry_kind kind, uint64_t number, uint64_t *prunings)
{
    char id[PRUNED_ID];
    struct id_place place;
    if (registry_class(kind) == NULL) {
        return false;
    }
    pruning_id(kind, number, id);
    bool known =
        id_find(txn, REGISTRY_PRUNING, id, strlen(id), &place, NULL) == ERR_OK && place.known;
    *prunings = known ? place.number : 0;
    return known;
}

bool pruned_any(struct store_txn *txn, enum registry_kind kind, uint64_t number)
{
    uint64_t prunings;
    return find_history(txn, kind, number, &prunings);
}

enum err_code pruned_find(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    uint64_t revision, struct pruned_range *range, struct registry_revision *by)
{
    uint64_t prunings;
    struct pruning pruning;
    struct revision_record record = {.said = {.revision = 0}};
    if (!find_history(txn, kind, number, &prunings)) {
        return ERR_NOT_FOUND;
    }
    enum err_code code = revision_last(txn, REGISTRY_PRUNING, prunings, UINT64_MAX, &record);
    while (code == ERR_OK) {
        if (!pruning_read(&record, &pruning)) {
            return ERR_STORE;
        }
        for (size_t i = 0; i < pruning.count; i++) {
            struct pruned_range one = pruning_range(&pruning, i);
            if (one.first <= revision && revision <= one.last) {
                *range = one;
                if (by != NULL) {
                    *by = record.said;
                }
                return ERR_OK;
            }
        }
        code = revision_last(txn, REGISTRY_PRUNING, prunings, record.said.revision - 1, &record);
    }
    return code;
}

void pruned_time(int64_t time_ms, char text[PRUNED_TIME])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(text, PRUNED_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

enum err_code pruned_refuse(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    uint64_t revision, enum err_code code, struct err *err)
{
    char when[PRUNED_TIME];
    struct pruned_range range;
    struct registry_revision by;
    if (code != ERR_NOT_FOUND || pruned_find(txn, kind, number, revision, &range, &by) != ERR_OK) {
        return err_set(err, code, "there is no revision %llu", (unsigned long long)revision);
    }
    pruned_time(by.time_ms, when);
    err_set(err, ERR_NOT_FOUND, "revision %llu was pruned on %s by %s: %s",
        (unsigned long long)revision, when, by.author[0] != '\0' ? by.author : "nobody named",
        by.message);
    err_rule(err, NULL, "The list of revisions says which are there.");
    return ERR_NOT_FOUND;
}

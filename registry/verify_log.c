/* SPDX-License-Identifier: Apache-2.0 */
/* The log against the revisions: every revision stands in it once, unaltered, and the chain holds.
 */
#include <stdlib.h>
#include <string.h>

#include "registry/log.h"
#include "registry/verify_inside.h"

enum { FIRST_ROOM = 64 };

/* ------------------------------------------------------------------ what was pruned */

void verify_pruned_add(struct verify_pruned *pruned, enum registry_kind kind, uint64_t number,
    struct pruned_range range)
{
    if (pruned->count == pruned->room) {
        size_t room = pruned->room == 0 ? FIRST_ROOM : 2 * pruned->room;
        struct verify_pruned_range *more = realloc(pruned->list, room * sizeof *more);
        if (more == NULL) {
            pruned->failed = true;
            return;
        }
        pruned->list = more;
        pruned->room = room;
    }
    pruned->list[pruned->count++] =
        (struct verify_pruned_range){kind, number, range.first, range.last};
    pruned->sorted = false;
}

static int compare_ranges(const void *a, const void *b)
{
    const struct verify_pruned_range *x = a;
    const struct verify_pruned_range *y = b;
    const uint64_t left[] = {(uint64_t)x->kind, x->number, x->first};
    const uint64_t right[] = {(uint64_t)y->kind, y->number, y->first};
    for (size_t i = 0; i < 3; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

bool verify_pruned_has(
    struct verify_pruned *pruned, enum registry_kind kind, uint64_t number, uint64_t revision)
{
    const struct verify_pruned_range wanted = {kind, number, revision, revision};
    size_t low = 0;
    size_t high = pruned->count;
    if (!pruned->sorted && pruned->count > 0) {
        qsort(pruned->list, pruned->count, sizeof *pruned->list, compare_ranges);
        pruned->sorted = true;
    }
    while (low < high) { /* the first one that begins behind it */
        size_t middle = low + (high - low) / 2;
        if (compare_ranges(&pruned->list[middle], &wanted) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct verify_pruned_range *at = low > 0 ? &pruned->list[low - 1] : NULL;
    return at != NULL && at->kind == kind && at->number == number && revision <= at->last;
}

/* ------------------------------------------------------------------ the log */

/* A revision as something that fits a set of hashes. */
static const unsigned char *revision_mark(
    const struct log_entry *entry, unsigned char mark[STORE_HASH_BYTES])
{
    unsigned char bytes[17];
    bytes[0] = (unsigned char)entry->kind;
    value_set_u64(bytes + 1, entry->number);
    value_set_u64(bytes + 9, entry->revision);
    store_hash(bytes, sizeof bytes, mark);
    return mark;
}

static void check_chain(struct verification *v, const struct log_entry *entry)
{
    unsigned char chain[STORE_HASH_BYTES];
    if (entry->sequence != v->log.sequence + 1) {
        verify_problem(v, "log: entry %llu follows entry %llu", (unsigned long long)entry->sequence,
            (unsigned long long)v->log.sequence);
    }
    log_chain(v->log.chain, entry, chain);
    if (memcmp(chain, entry->chain, sizeof chain) != 0) {
        verify_problem(v, "log: the chain is broken at entry %llu: it or one before it was altered",
            (unsigned long long)entry->sequence);
    }
}

/* What a record of a pruning names. Whether that record is what was logged is looked at as for any
 * other. */
static void note_pruned(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    char id[PRUNED_ID];
    struct pruning pruning;
    struct id_place named;
    struct revision_record record;
    if (cursor->key.len != 17 || *(const unsigned char *)cursor->key.bytes != REGISTRY_PRUNING) {
        return;
    }
    uint64_t number = key_number_at(cursor->key, 1);
    verify_place(REGISTRY_PRUNING, number, place);
    if (!revision_read(cursor->value, key_number_at(cursor->key, 9), &record) ||
        !pruning_read(&record, &pruning)) {
        verify_problem(v, "%s: what was pruned cannot be read", place);
        return;
    }
    pruning_id(pruning.kind, pruning.number, id);
    if (id_find(&v->view.txn, REGISTRY_PRUNING, id, strlen(id), &named, NULL) != ERR_OK ||
        !named.known || named.number != number) {
        verify_problem(v, "%s: it names what was pruned of something else", place);
    }
    for (size_t i = 0; i < pruning.count; i++) {
        verify_pruned_add(&v->pruned, pruning.kind, pruning.number, pruning_range(&pruning, i));
    }
}

static void check_record(struct verification *v, const struct log_entry *entry)
{
    char place[64];
    struct store_key key;
    struct store_bytes value;
    unsigned char hash[STORE_HASH_BYTES];
    key_revision(&key, entry->kind, entry->number, entry->revision);
    verify_place(entry->kind, entry->number, place);
    if (store_get(&v->view.txn, STORE_REVISIONS, key.bytes, key.len, &value) != ERR_OK) {
        if (verify_pruned_has(&v->pruned, entry->kind, entry->number, entry->revision)) {
            v->found.pruned++;
            return;
        }
        verify_problem(v, "%s: revision %llu stands in the log and is gone", place,
            (unsigned long long)entry->revision);
        return;
    }
    store_hash(value.bytes, value.len, hash);
    if (memcmp(hash, entry->record, sizeof hash) != 0) {
        verify_problem(v, "%s: revision %llu was altered after it was logged", place,
            (unsigned long long)entry->revision);
    }
}

static void check_entry(struct verification *v, const struct store_cursor *cursor)
{
    struct log_entry entry;
    unsigned char mark[STORE_HASH_BYTES];
    v->found.logged++;
    if (!log_read(cursor->key, cursor->value, &entry)) {
        verify_problem(v, "log: an entry is damaged");
        return;
    }
    check_chain(v, &entry);
    check_record(v, &entry);
    verify_set_add(&v->logged, revision_mark(&entry, mark));
    v->log = entry;
}

static void check_logged(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    unsigned char mark[STORE_HASH_BYTES];
    const unsigned char *key = cursor->key.bytes;
    if (cursor->key.len != 17) {
        verify_problem(v, "a row of the revisions is damaged");
        return;
    }
    const struct log_entry entry = {.kind = (enum registry_kind)key[0],
        .number = key_number_at(cursor->key, 1),
        .revision = key_number_at(cursor->key, 9)};
    if (!verify_set_has(&v->logged, revision_mark(&entry, mark))) {
        verify_problem(v, "%s: revision %llu does not stand in the log",
            verify_place(entry.kind, entry.number, place), (unsigned long long)entry.revision);
    }
}

enum err_code verify_note_pruned(struct verification *v, struct err *err)
{
    return verify_each(v, STORE_REVISIONS, note_pruned, err);
}

enum err_code verify_log(struct verification *v, struct err *err)
{
    enum err_code code = verify_each(v, STORE_LOG, check_entry, err);
    if (code == ERR_OK) {
        code = verify_each(v, STORE_REVISIONS, check_logged, err);
    }
    if (code == ERR_OK && v->found.logged != v->found.revisions + v->found.pruned) {
        verify_problem(v, "log: %llu entries for %llu revisions and %llu pruned ones",
            (unsigned long long)v->found.logged, (unsigned long long)v->found.revisions,
            (unsigned long long)v->found.pruned);
    }
    memcpy(v->found.chain, v->log.chain, STORE_HASH_BYTES);
    return code;
}

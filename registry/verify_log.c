/* SPDX-License-Identifier: Apache-2.0 */
/* The log against the revisions: every revision stands in it once, unaltered, and the chain holds.
 */
#include <string.h>

#include "registry/log.h"
#include "registry/verify_inside.h"

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

static void check_record(struct verification *v, const struct log_entry *entry)
{
    char place[64];
    struct store_key key;
    struct store_bytes value;
    unsigned char hash[STORE_HASH_BYTES];
    key_revision(&key, entry->kind, entry->number, entry->revision);
    verify_place(entry->kind, entry->number, place);
    if (store_get(&v->view.txn, STORE_REVISIONS, key.bytes, key.len, &value) != ERR_OK) {
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

enum err_code verify_log(struct verification *v, struct err *err)
{
    enum err_code code = verify_each(v, STORE_LOG, check_entry, err);
    if (code == ERR_OK) {
        code = verify_each(v, STORE_REVISIONS, check_logged, err);
    }
    if (code == ERR_OK && v->found.logged != v->found.revisions) {
        verify_problem(v, "log: %llu entries for %llu revisions",
            (unsigned long long)v->found.logged, (unsigned long long)v->found.revisions);
    }
    memcpy(v->found.chain, v->log.chain, STORE_HASH_BYTES);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_LOG_H
#define JIG_REGISTRY_LOG_H
/*
 * The log: one entry for every revision of everything, in the order in which they became durable.
 * Each entry holds the hash of its revision record and a chain hash over itself and all entries
 * before it, so that whoever kept the last chain hash can prove that nothing before it was altered,
 * left out or put in.
 *
 * STORE_LOG: sequence (8, big endian, from 1) → kind (4), zero (4), number (8), revision (8), time
 * (8), hash of the id (16), hash of the revision record (16), chain hash (16); little endian.
 */
#include "registry/registry.h"
#include "registry/store.h"

enum { LOG_ENTRY_BYTES = 80 };

struct log_entry {
    uint64_t sequence;
    enum registry_kind kind;
    uint64_t number;
    uint64_t revision;
    int64_t time_ms;
    unsigned char id[STORE_HASH_BYTES];     /* hash of the id */
    unsigned char record[STORE_HASH_BYTES]; /* hash of the stored revision record */
    unsigned char chain[STORE_HASH_BYTES];
};

/* Appends an entry; sequence and chain are made here. */
ERR_MUST_USE enum err_code log_append(struct store_txn *txn, const struct log_entry *entry);

/* Takes a stored row apart. False: damaged. */
bool log_read(struct store_bytes key, struct store_bytes value, struct log_entry *entry);

/* One entry by its sequence, or the last one; ERR_NOT_FOUND, ERR_STORE when damaged. */
ERR_MUST_USE enum err_code log_at(
    struct store_txn *txn, uint64_t sequence, struct log_entry *entry);
ERR_MUST_USE enum err_code log_last(struct store_txn *txn, struct log_entry *entry);

/* The chain hash that an entry must have behind one with the chain hash `before` (zeroes for the
 * first). */
void log_chain(const unsigned char before[STORE_HASH_BYTES], const struct log_entry *entry,
    unsigned char chain[STORE_HASH_BYTES]);

/* Gives a store from before there was a log its log, made of the revisions in the order of their
 * times; nothing to do for any other store. */
ERR_MUST_USE enum err_code log_upgrade(struct store *store, struct err *err);

#endif

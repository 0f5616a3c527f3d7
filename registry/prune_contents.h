/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PRUNE_CONTENTS_H
#define JIG_REGISTRY_PRUNE_CONTENTS_H
/*
 * Which contents nothing refers to any more when revisions of one thing go. A content is a whole
 * state under the hash of its bytes; the same state can come back in the thing's own history, and
 * be named by what has a history besides (versions, proposals). Counts both in one view and goes on
 * with what the log says has come since.
 */
#include "registry/document_record.h"

struct prune_hash {
    unsigned char hash[STORE_HASH_BYTES];
    uint32_t count;
};
struct prune_hashes {
    struct prune_hash *list; /* sorted, each once */
    size_t count;
    size_t room;
};

struct prune_contents {
    struct prune_hashes others; /* what is no identifiable refers to these */
    struct prune_hashes own;    /* the thing's, with the number of references */
    enum registry_kind kind;    /* of the thing, 0: none yet */
    uint64_t number;
    uint64_t seen; /* last entry of the log that is counted */
};

/* Counts what is there besides things. Starts zeroed; finish frees it. */
ERR_MUST_USE enum err_code prune_contents_start(
    struct store_txn *txn, struct prune_contents *contents);
void prune_contents_finish(struct prune_contents *contents);

/* Counts the contents of one thing, in place of the one before. */
ERR_MUST_USE enum err_code prune_contents_of(struct store_txn *txn, struct prune_contents *contents,
    enum registry_kind kind, uint64_t number);
/* Counts what came since. */
ERR_MUST_USE enum err_code prune_contents_go_on(
    struct store_txn *txn, struct prune_contents *contents);

/* A revision with this content goes. True when it was the last reference. */
bool prune_contents_drop(
    struct prune_contents *contents, const unsigned char hash[STORE_HASH_BYTES]);

/* Inside the transaction that removes contents: takes those out of a list (its new length is
 * returned) that something refers to since they were counted; all of them when that is too much to
 * look through. */
size_t prune_contents_unused(struct store_txn *txn, const struct prune_contents *contents,
    unsigned char (*hashes)[STORE_HASH_BYTES], size_t count);

#endif

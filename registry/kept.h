/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_KEPT_H
#define JIG_REGISTRY_KEPT_H
/*
 * Files that nothing leads to any more: a row for each says what was there, until when, and, as
 * long as the rule of the store keeps it, holds its bytes. Without a rule (the default) bytes go
 * with the last element, thumbnail or package that leads to them, and the row is all that is left.
 * A revision that is restored gets the files back that it had, as far as they were kept, and tells
 * those that were not.
 *
 * The rule stands in the store, so that every process follows it. Thread-safe.
 *
 * STORE_FILES: 'k', kind, number, hash of the text, until (8, ms) → as 'f', see files.h; the blob
 * is all zero when it was not kept.
 * STORE_META: "keep-files" → how long, ms (8); none: not at all.
 */
#include <stdatomic.h>

#include "registry/files.h"

enum { FILES_KEPT = 'k', KEPT_KEY_BYTES = FILE_KEY_BYTES + 8 };

/* Sets for how long files are kept: "90d" as prune_read_age has it, "none". ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code kept_set_rule(
    struct registry *registry, const char *rule, struct err *err);
/* How long, ms; 0: not at all. */
int64_t kept_rule(struct store_txn *txn);

struct kept_pruning {
    int64_t bytes_before_ms; /* bytes of what was dropped before this moment go; 0: they stay */
    int64_t rows_before_ms;  /* what was dropped before this moment is not known any more */
    bool dry_run;            /* only counts */
    const atomic_bool *stop; /* ends it early, NULL: never */
};
struct kept_result {
    uint64_t files; /* whose bytes were kept */
    uint64_t bytes;
};
/* Takes out what was kept for long enough. Works in small transactions. */
ERR_MUST_USE enum err_code kept_prune(struct registry *registry, const struct kept_pruning *pruning,
    struct kept_result *result, struct err *err);

/* ------------------------------------------------------------------ inside of transactions */

/* Nothing leads to a file of a document from this moment on. Its row in 'f' is gone already; its
 * reference is kept or given up here. */
ERR_MUST_USE enum err_code kept_drop(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const char *text, const struct registry_file *file, int64_t time_ms);

/* A file that a revision had. */
struct kept_file {
    const char *text;
    struct registry_file file;
    bool bytes; /* they are kept */
};
/* What became of the files of a revision: those of `files` that are not there. In the arena;
 * ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code kept_find(struct store_txn *txn, struct arena *arena,
    enum registry_kind kind, uint64_t number, uint64_t revision, const struct document_files *files,
    struct kept_file **list, size_t *count);
/* Gives the document those back whose bytes are kept, unless it has a file under that text. */
ERR_MUST_USE enum err_code kept_bring_back(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const struct kept_file *list, size_t count, int64_t time_ms);

#endif

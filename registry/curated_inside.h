/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_INSIDE_H
#define JIG_REGISTRY_CURATED_INSIDE_H
/*
 * What changes of one thing (curated_change.c) and of all that a file brings
 * (curated_file_store.c) share: what can be, what is searched anew, how it is stored and logged.
 * Only curated*.c include it.
 */
#include "registry/curated_record.h"
#include "registry/lifecycle_inside.h"

enum {
    CURATED_RECORD_CEILING = 256 * 1024,
    CURATED_SUMMARY_CEILING = 256 * 1024,
    CURATED_SUMMARY_BYTES = 2000, /* of it in the history */
};

/* ------------------------------------------------------------------ what can be */

/* A value with its names, whatever it stands below; the names and words of a row. ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code curated_check_node(const struct curated_node *node, struct err *err);
ERR_MUST_USE enum err_code curated_check_texts(const struct curated_row *row, struct err *err);
/* The tags of a row are values of their trees. */
ERR_MUST_USE enum err_code curated_check_tags(
    struct store_txn *txn, struct arena *arena, const struct curated_row *row, struct err *err);
/* What a value is to stand below is there, not below the value, and not too deep with all that is
 * below the value. */
ERR_MUST_USE enum err_code curated_check_parent(
    struct store_txn *txn, struct arena *arena, const struct curated_node *node, struct err *err);

/* ------------------------------------------------------------------ searched anew */

/* Makes the search entries of all versions of a family anew. `*left` counts down how many more may
 * be made in this change; ERR_STATE when that is none. */
ERR_MUST_USE enum err_code curated_renew_family(
    struct store_txn *txn, const char *family, size_t *left, struct err *err);
/* The same of whatever has this key in STORE_CURATED: a family, or a shell or submodel. */
ERR_MUST_USE enum err_code curated_renew_key(
    struct store_txn *txn, struct store_bytes key, size_t *left, struct err *err);
enum err_code curated_refuse_many(struct err *err);

/* ------------------------------------------------------------------ storing */

/* Stores the bytes of a value or row under its key and counts the change. */
ERR_MUST_USE enum err_code curated_put(
    struct store_txn *txn, const struct store_key *key, struct buf *buf, struct err *err);

/* "shell/" or "submodel/". */
const char *curated_model_prefix(enum registry_kind kind);

/* What happened to what: `prefix` and `id` are "tree/" and "equipment/press", "family/" and a
 * family, "shell/" or "submodel/" and an id. */
struct curated_event {
    const char *prefix;
    const char *id;
    const char *operation;
    const char *summary; /* NULL: nothing to say */
    bool ended;
};
ERR_MUST_USE enum err_code curated_log(struct store_txn *txn, const struct curated_event *event,
    const struct registry_author *author, int64_t time_ms, struct err *err);

/* Appends what has changed of a value (`before` NULL: it is new), or of a row: "equipment +press
 * -robot; ko: 프레스; words: none". */
void curated_summarise_node(
    struct buf *buf, const struct curated_node *before, const struct curated_node *after);
void curated_summarise_row(
    struct buf *buf, const struct curated_row *before, const struct curated_row *after);
/* The appended as one line for the history, cut when it is long; NULL when there is nothing to say.
 */
const char *curated_summary(struct buf *buf);

/* ------------------------------------------------------------------ a file */

/* Tells what became of the entries of a file that was stored, see curated_file_store. */
struct curated_file;
struct report;
ERR_MUST_USE enum err_code curated_file_report(
    const struct curated_file *file, struct report *report, size_t *stored, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_LIFECYCLE_INSIDE_H
#define JIG_REGISTRY_LIFECYCLE_INSIDE_H
/*
 * What the files of the life cycle share: small steps inside a write transaction. Everything that
 * can refuse is looked at before the first change.
 */
#include "registry/access.h"
#include "conformance/compare.h"
#include "registry/family_record.h"
#include "registry/lifecycle.h"
#include "registry/registry_inside.h"
#include "registry/version.h"

enum { LIFE_NUMBER_MOST = 9999 };            /* of what a label counts, see lifecycle_label_fits */
#define LIFE_ARENA_BYTES ((size_t)512 << 20) /* inside of a transaction, for one version */

/* May the author of a change do this to a template of this family (NULL: none yet)? */
ERR_MUST_USE enum err_code life_may(struct store_txn *txn, const struct registry_author *author,
    enum access_right right, const char *family, struct err *err);

/* A version with its texts in the arena; ERR_NOT_FOUND with a sentence. */
ERR_MUST_USE enum err_code life_load(struct store_txn *txn, struct arena *arena, const char *family,
    const char *label, struct version_record *record, struct err *err);

/* Refuses a version that is no draft, with the way out; also when its content is another than
 * `if_match` (NULL: any): ERR_PRECONDITION. */
ERR_MUST_USE enum err_code life_is_draft(struct store_txn *txn, const struct version_record *record,
    const unsigned char *if_match, struct err *err);

/* The way out of a state in which the content cannot be changed. It names a number that no version
 * of the family has, whatever its state. */
ERR_MUST_USE enum err_code life_refuse_change(
    struct store_txn *txn, const struct registry_version *version, struct err *err);

/* Logs what happened to a version. `content`: see struct event. */
ERR_MUST_USE enum err_code life_event(struct store_txn *txn, const struct registry_version *version,
    const char *operation, const char *summary, const unsigned char *content, bool ended,
    const struct registry_author *author, int64_t time_ms, struct err *err);

/* Stores a new version or a new content of one, with its search entry, and who has edited it. The
 * record's texts must not point into the store. */
ERR_MUST_USE enum err_code life_put(struct store_txn *txn, const struct version_record *record,
    const struct version_prepared *prepared, const struct registry_author *author, struct err *err);

/* Another content takes the place of a draft's, with its event; it is no longer what came in its
 * package. The record is of life_load. */
ERR_MUST_USE enum err_code life_put_content(struct store_txn *txn, struct version_record *record,
    const struct version_prepared *prepared, const char *operation, const char *summary,
    const struct registry_author *author, int64_t time_ms, struct err *err);

/* Shows the submodel of a version under its id, as a document. */
ERR_MUST_USE enum err_code life_show(struct store_txn *txn, const struct registry_version *version,
    const struct document_prepared *document, const char *log_operation,
    const struct registry_author *author, int64_t time_ms, struct err *err);

/* Takes out a draft and all that is kept of it but its history (and its document). */
ERR_MUST_USE enum err_code life_remove(struct store_txn *txn,
    const struct registry_version *version, const struct registry_author *author, int64_t time_ms,
    struct err *err);

/* True for a text that says something: not NULL, and more than white space. */
bool life_says(const char *text);

/* How many versions of a family are or were published. */
ERR_MUST_USE enum err_code life_published(
    struct store_txn *txn, const char *family, uint32_t *count, struct err *err);
/* The highest label of a published or deprecated version below `label`; "" when there is none. */
ERR_MUST_USE enum err_code life_predecessor(struct store_txn *txn, const char *family,
    const char *label, char predecessor[LABEL_BYTES_MAX + 1], struct err *err);

/* A label that no version of the family has: the next revision behind all of the label's version,
 * of the same variant. */
ERR_MUST_USE enum err_code life_next_label(struct store_txn *txn, const char *family,
    const char *label, char next[LABEL_BYTES_MAX + 1], struct err *err);

/* Who has approved ('a') or edited ('e') a version. */
ERR_MUST_USE enum err_code life_note(struct store_txn *txn, const struct registry_version *version,
    char what, const struct registry_author *author, int64_t time_ms);
bool life_noted(
    struct store_txn *txn, const struct registry_version *version, char what, const char *name);
/* How many have approved who have not edited. */
unsigned life_count_approvals(struct store_txn *txn, const struct registry_version *version);
ERR_MUST_USE enum err_code life_forget(
    struct store_txn *txn, const struct registry_version *version, char what);

/* ------------------------------------------------------------------ drafts with something else */

/* What is decided and stored in the transaction that makes or changes a draft; either may be
 * NULL. */
struct life_also {
    enum err_code (*check)(struct store_txn *txn, void *context, struct err *err); /* before */
    enum err_code (*store)(struct store_txn *txn, const struct registry_version *version,
        void *context, struct err *err); /* behind */
    void *context;
    const char *operation;                /* in the history of the version */
    const char *summary;                  /* the same */
    const struct registry_author *editor; /* whose content it is: cannot approve it either */
};

/* lifecycle_draft_create and lifecycle_draft_replace with it (NULL: nothing). With `from` and a
 * content, the content gets the id and the numbers of the new version. */
ERR_MUST_USE enum err_code life_draft_create(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, const struct registry_author *author,
    const struct life_also *also, struct report *report, struct registry_version *version,
    struct err *err);
ERR_MUST_USE enum err_code life_draft_replace(struct registry *registry, struct arena *arena,
    const char *family, const char *label, struct aas_node *environment,
    const unsigned char *if_match, const struct registry_author *author,
    const struct life_also *also, struct report *report, struct registry_version *version,
    struct err *err);

/* ------------------------------------------------------------------ ordinary writes */

/* An ordinary write of a submodel can be the change of a draft, or make one: reads what is known
 * of it and prepares the version's new content, outside of the transaction. */
ERR_MUST_USE enum err_code life_look(
    struct registry *registry, struct arena *arena, struct write *write, struct err *err);
/* Decides inside the transaction, before anything is changed: whether its author may, whether the
 * content may change. ERR_PRECONDITION and write->life.stale when something is no longer as it was
 * looked at. */
ERR_MUST_USE enum err_code life_check(struct store_txn *txn, struct write *write, struct err *err);
/* Stores what the write means for the version, behind the write itself. */
ERR_MUST_USE enum err_code life_follow(
    struct store_txn *txn, const struct write *write, struct err *err);

#endif

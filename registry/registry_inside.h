/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REGISTRY_INSIDE_H
#define JIG_REGISTRY_REGISTRY_INSIDE_H
/*
 * The registry's own state, shared by registry.c and write*.c. It holds nothing that is read from
 * the store, so that several processes may work on one store.
 */
#include <pthread.h>

#include "registry/content_hash.h"
#include "registry/documents.h"
#include "registry/families.h"
#include "registry/registry.h"

enum { REGISTRY_STRIPES = 256 };

struct registry {
    struct store *store;
    bool judging; /* judge_start succeeded */
    /* Edits of one identifiable follow each other: the lock is chosen by the hash of the id. */
    pthread_mutex_t stripes[REGISTRY_STRIPES];
    struct content_cache contents;
};

/* What an ordinary write of a submodel means for a template version, see lifecycle_inside.h. */
struct version_prepared;
struct life_write {
    bool template;                           /* the new content is a template */
    bool shown;                              /* a version is shown under the id */
    bool stale;                              /* it is no longer as it was looked at: look again */
    struct version_shown name;               /* of the version shown, when it is */
    unsigned char content[STORE_HASH_BYTES]; /* of its environment as it was read */
    struct version_prepared *prepared; /* new content of that draft, or a new draft; or NULL */
};

/* One write on its way into the store. `also` (NULL: nothing) is stored in the same transaction,
 * behind the write itself. */
struct write {
    const struct registry_change *change;
    const struct registry_author *author;
    struct document_prepared prepared; /* unused when deleting */
    const char *summary;               /* NULL: made when storing */
    int64_t time_ms;
    enum registry_outcome outcome;
    enum err_code (*also)(struct store_txn *txn, const struct write *write, struct err *err);
    const void *with; /* what `also` stores */
    struct life_write life;
};

#define WRITE_ARENA_BYTES                                                                          \
    ((size_t)512 << 20) /* of one write, tree and prepared document together */

/* Unix time. */
int64_t write_now_ms(void);
/* Judges by the policy of ordinary writes: what breaks a rule is ERR_INVALID. */
ERR_MUST_USE enum err_code write_judge(
    struct registry *registry, const struct aas_node *tree, struct report *report, struct err *err);
/* Checks the id, judges and makes what is stored; nothing to do for a deletion. */
ERR_MUST_USE enum err_code write_prepare(struct registry *registry, struct arena *arena,
    struct write *write, struct report *report, struct err *err);
/* Carries out one prepared write inside a transaction. */
ERR_MUST_USE enum err_code write_apply(struct store_txn *txn, struct write *write, struct err *err);
/* The tree of what is stored now, and its hash. The view ends before anything else is done. */
ERR_MUST_USE enum err_code write_read_current(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, struct arena *arena, struct aas_node **tree,
    unsigned char hash[STORE_HASH_BYTES], struct err *err);
/* Stores a write that is complete; fills in its outcome. */
ERR_MUST_USE enum err_code write_store(
    struct registry *registry, struct write *write, struct err *err);
/* One attempt at an edit: reads, changes and stores. `*lost` (false before): somebody else was
 * faster, and it may be tried again. */
typedef enum err_code (*write_attempt)(
    struct arena *arena, void *context, bool *lost, struct err *err);
/* Attempts an edit of the thing with this id until it is not lost, a few times and each in an arena
 * of its own, counted by `meter` (may be NULL); edits of one id follow each other. ERR_BUSY when
 * all were lost. */
ERR_MUST_USE enum err_code write_until_stored(struct registry *registry, const char *id,
    size_t id_len, struct meter *meter, write_attempt attempt, void *context, struct err *err);

/* The answer when all attempts were lost: ERR_BUSY. What it was about is nobody's precondition. */
ERR_MUST_USE enum err_code write_lost(struct err *err);

/* registry_edit with what is stored besides, see struct write. */
struct write_edit {
    struct registry *registry;
    enum registry_kind kind;
    const char *id;
    size_t id_len;
    const unsigned char *if_match;
    const char *log_operation;
    registry_edit_fn change;
    void *context;
    const struct registry_author *author;
    struct report *report;
    enum err_code (*also)(struct store_txn *txn, const struct write *write, struct err *err);
    const void *with;
};
ERR_MUST_USE enum err_code write_edit(const struct write_edit *edit, struct err *err);

#endif

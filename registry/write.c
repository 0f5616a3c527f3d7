/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in for one identifiable: judge, prepare outside of the transaction, store. An edit reads
 * what it changes first and stores only when that is still what is there.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry/concept_lookup.h"
#include "registry/document_record.h"
#include "registry/lifecycle_inside.h"

enum { EDIT_ATTEMPTS = 16 };

int64_t write_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum err_code apply_change(struct store_txn *txn, struct write *write, struct err *err)
{
    const struct registry_change *change = write->change;
    if (change->operation == REGISTRY_DELETE) {
        write->outcome = REGISTRY_DELETED;
        return document_delete(txn, change->kind, change->id, change->id_len, change->if_match,
            write->author, write->time_ms, err);
    }
    return document_put(txn, &write->prepared, change->operation, change->if_match,
        change->log_operation, write->author, write->summary, write->time_ms, &write->outcome, err);
}

enum err_code write_apply(struct store_txn *txn, struct write *write, struct err *err)
{
    enum err_code code = life_check(txn, write, err);
    if (code == ERR_OK) {
        code = apply_change(txn, write, err);
    }
    if (code == ERR_OK) {
        code = life_follow(txn, write, err);
    }
    return code == ERR_OK && write->also != NULL ? write->also(txn, write, err) : code;
}

static enum err_code change_write(struct store_txn *txn, void *context, struct err *err)
{
    return write_apply(txn, context, err);
}

enum err_code write_store(struct registry *registry, struct write *write, struct err *err)
{
    write->time_ms = write_now_ms();
    return store_write(registry->store, change_write, write, err);
}

/* The judge has put its first finding into `err`; a code is all that is missing. */
static enum err_code refuse(struct err *err)
{
    if (err != NULL) {
        err->code = ERR_INVALID;
        if (err->text[0] == '\0') {
            err_set(err, ERR_INVALID, "%s", err_default_text(ERR_INVALID));
        }
    }
    return ERR_INVALID;
}

static enum err_code judge_into(
    struct registry *registry, const struct aas_node *tree, struct report *report, struct err *err)
{
    struct arena arena;
    struct concept_lookup concepts;
    if (err != NULL) {
        err->text[0] = '\0';
    }
    arena_init(&arena, WRITE_ARENA_BYTES);
    arena.meter = report_meter(report);
    const struct judge_lookup lookup = concept_lookup_begin(&concepts, registry, &arena);
    /* The walk along the metamodel table finds what the schema finds, which the tests prove on the
     * corpora and on damaged trees; it costs a fifth of it. */
    enum err_code code = judge_tree_with(tree, 0, true, &lookup, report, NULL, err);
    concept_lookup_end(&concepts);
    arena_finish(&arena);
    return code == ERR_OK && report->errors > 0 ? refuse(err) : code;
}

/* Ordinary writes enforce: what breaks a rule is not stored. */
enum err_code write_judge(
    struct registry *registry, const struct aas_node *tree, struct report *report, struct err *err)
{
    struct report found;
    report_init(&found);
    found.arena.meter = report_meter(report);
    enum err_code code = judge_into(registry, tree, &found, err);
    if (report != NULL) {
        report_merge(report, &found);
    }
    report_finish(&found);
    return code;
}

static bool is_in(const struct finding *finding, const struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct finding *other = &report->findings[i];
        if (strcmp(finding->rule, other->rule) == 0 && strcmp(finding->path, other->path) == 0 &&
            strcmp(finding->text, other->text) == 0) {
            return true;
        }
    }
    return false;
}

/* What came in by an import may break rules (it is kept as it is and marked). Changing something
 * else in it must be possible: the errors that were there before do not count. */
enum { OLD_ERRORS_COMPARED = 1000 };
static bool errors_are_old(
    struct registry *registry, const struct registry_change *change, const struct report *found)
{
    struct arena arena;
    struct report before;
    struct aas_node *tree = NULL;
    unsigned char hash[STORE_HASH_BYTES];
    const struct aas_slot *own = aas_slot(change->tree, PROP_id);
    const char *id = change->id != NULL ? change->id : own->u.text;
    size_t id_len = change->id != NULL ? change->id_len : own->len;
    bool possible = change->operation != REGISTRY_CREATE && own->state == AAS_TEXT &&
                    found->errors <= OLD_ERRORS_COMPARED && found->unreadable == 0;
    if (!possible) {
        return false;
    }
    arena_init(&arena, WRITE_ARENA_BYTES);
    report_init(&before);
    arena.meter = before.arena.meter = report_meter(found);
    bool old = write_read_current(registry, change->kind, id, id_len, &arena, &tree, hash, NULL) ==
                   ERR_OK &&
               judge_into(registry, tree, &before, NULL) == ERR_INVALID;
    for (size_t i = 0; i < found->count && old; i++) {
        const struct finding *finding = &found->findings[i];
        old = finding->severity < AAS_ERROR || is_in(finding, &before);
    }
    report_finish(&before);
    arena_finish(&arena);
    return old;
}

static enum err_code judge_change(struct registry *registry, const struct registry_change *change,
    struct report *report, struct err *err)
{
    struct report found;
    report_init(&found);
    found.arena.meter = report_meter(report);
    enum err_code code = judge_into(registry, change->tree, &found, err);
    if (code == ERR_INVALID && errors_are_old(registry, change, &found)) {
        code = ERR_OK;
        if (err != NULL) {
            *err = (struct err){.code = ERR_OK};
        }
    }
    if (code != ERR_OK && report != NULL) {
        report_merge(report, &found);
    }
    report_finish(&found);
    return code;
}

static enum err_code check_identity(const struct registry_change *change, struct err *err)
{
    const struct aas_node *tree = change->tree;
    if (registry_kind_of(tree->cls) != change->kind) {
        return err_set(err, ERR_BAD_INPUT, "a %s is expected here, not a %s",
            registry_class(change->kind)->name, tree->cls->name);
    }
    const struct aas_slot *id = aas_slot(tree, PROP_id);
    bool same = change->id == NULL || id->state != AAS_TEXT ||
                (change->id_len == id->len && memcmp(change->id, id->u.text, id->len) == 0);
    if (!same) {
        err_set(err, ERR_BAD_INPUT, "the id '%.*s' in the body is not the id '%.*s' of the address",
            text_shown(id->u.text, id->len, 200), id->u.text,
            text_shown(change->id, change->id_len, 200), change->id);
        err_rule(err, NULL, "An id cannot be changed: use the same one, or make a new thing.");
    }
    return same ? ERR_OK : ERR_BAD_INPUT;
}

static enum err_code prepare(struct registry *registry, struct arena *arena,
    const struct registry_change *change, struct document_prepared *prepared, struct err *err)
{
    struct registry_view view;
    struct document_before before;
    const struct aas_slot *id = aas_slot(change->tree, PROP_id);
    bool sets_value = document_sets_value(change->log_operation);
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    bool stored = id->state == AAS_TEXT && document_before_find(&view.txn, change->kind, id->u.text,
                                               id->len, sets_value, &registry->contents, &before);
    code = document_prepare_change(arena, change->tree, stored ? &before : NULL, prepared, err);
    registry_view_end(&view);
    return code;
}

enum err_code write_prepare(struct registry *registry, struct arena *arena, struct write *write,
    struct report *report, struct err *err)
{
    const struct registry_change *change = write->change;
    if (change->operation == REGISTRY_DELETE) {
        return ERR_OK;
    }
    enum err_code code = check_identity(change, err);
    if (code == ERR_OK) {
        code = judge_change(registry, change, report, err);
    }
    if (code == ERR_OK) {
        code = life_look(registry, arena, write, err);
    }
    return code == ERR_OK ? prepare(registry, arena, change, &write->prepared, err) : code;
}

/* Judges, prepares and stores one change. */
static enum err_code write_change(struct registry *registry, struct arena *arena,
    struct write *write, struct report *report, struct err *err)
{
    enum err_code code = write_prepare(registry, arena, write, report, err);
    return code == ERR_OK ? write_store(registry, write, err) : code;
}

/* ------------------------------------------------------------------ again */

/* The lock under which edits of this id follow each other. */
static pthread_mutex_t *stripe_of(struct registry *registry, const char *id, size_t id_len)
{
    unsigned char hash[STORE_HASH_BYTES];
    store_hash(id, id_len, hash);
    return &registry->stripes[hash[0] % REGISTRY_STRIPES];
}

enum err_code write_lost(struct err *err)
{
    return err_set(err, ERR_BUSY, "it is being changed by others without a pause, try again");
}

enum err_code write_until_stored(struct registry *registry, const char *id, size_t id_len,
    struct meter *meter, write_attempt attempt, void *context, struct err *err)
{
    pthread_mutex_t *stripe = stripe_of(registry, id, id_len);
    enum err_code code = ERR_OK;
    bool lost = true;
    pthread_mutex_lock(stripe);
    for (int i = 0; lost && i < EDIT_ATTEMPTS; i++) {
        struct arena arena;
        arena_init(&arena, WRITE_ARENA_BYTES);
        arena.meter = meter;
        lost = false;
        code = attempt(&arena, context, &lost, err);
        arena_finish(&arena);
    }
    pthread_mutex_unlock(stripe);
    return lost ? write_lost(err) : code;
}

/* ------------------------------------------------------------------ writing */

struct writing {
    struct registry *registry;
    struct write *write;
    struct report *report;
};

/* Lost when the draft that the submodel shows was changed since it was looked at. */
static enum err_code try_write(struct arena *arena, void *context, bool *lost, struct err *err)
{
    struct writing *writing = context;
    enum err_code code =
        write_change(writing->registry, arena, writing->write, writing->report, err);
    *lost = code == ERR_PRECONDITION && writing->write->life.stale;
    return code;
}

enum err_code registry_write(struct registry *registry, const struct registry_change *change,
    const struct registry_author *author, struct report *report, enum registry_outcome *outcome,
    struct err *err)
{
    bool deleting = change->operation == REGISTRY_DELETE;
    if (registry_class(change->kind) == NULL || (deleting && change->id == NULL) ||
        (!deleting && change->tree == NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the change names nothing to write");
    }
    struct write write = {.change = change, .author = author};
    struct writing writing = {registry, &write, report};
    struct arena arena;
    bool lost = false;
    arena_init(&arena, WRITE_ARENA_BYTES);
    arena.meter = report_meter(report);
    enum err_code code = try_write(&arena, &writing, &lost, err);
    arena_finish(&arena);
    if (lost) { /* once more, one after the other */
        const struct aas_slot *own = deleting ? NULL : aas_slot(change->tree, PROP_id);
        code = write_until_stored(registry, own == NULL ? change->id : own->u.text,
            own == NULL ? change->id_len : own->len, report_meter(report), try_write, &writing,
            err);
    }
    if (code == ERR_OK && outcome != NULL) {
        *outcome = write.outcome;
    }
    return code;
}

/* ------------------------------------------------------------------ editing */

enum err_code write_read_current(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, struct arena *arena, struct aas_node **tree,
    unsigned char hash[STORE_HASH_BYTES], struct err *err)
{
    struct registry_view view;
    struct registry_document document;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, kind, id, id_len, &document, err);
    if (code == ERR_OK) {
        memcpy(hash, document.hash, STORE_HASH_BYTES);
        code = aas_json_read(
            arena, document.json, document.json_len, registry_class(kind), NULL, tree, err);
    }
    registry_view_end(&view);
    return code;
}

static enum err_code try_edit(struct arena *arena, void *context, bool *lost, struct err *err)
{
    const struct write_edit *edit = context;
    struct aas_node *tree = NULL;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = write_read_current(
        edit->registry, edit->kind, edit->id, edit->id_len, arena, &tree, hash, err);
    if (code != ERR_OK) {
        return code;
    }
    if (edit->if_match != NULL && memcmp(edit->if_match, hash, STORE_HASH_BYTES) != 0) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    code = edit->change(arena, tree, edit->context, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct registry_change change = {.operation = REGISTRY_REPLACE,
        .kind = edit->kind,
        .id = edit->id,
        .id_len = edit->id_len,
        .tree = tree,
        .if_match = hash,
        .log_operation = edit->log_operation};
    struct write write = {
        .change = &change, .author = edit->author, .also = edit->also, .with = edit->with};
    code = write_change(edit->registry, arena, &write, edit->report, err);
    *lost = code == ERR_PRECONDITION;
    return code;
}

enum err_code write_edit(const struct write_edit *edit, struct err *err)
{
    struct write_edit what = *edit;
    if (registry_class(edit->kind) == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the change names nothing to write");
    }
    return write_until_stored(
        edit->registry, edit->id, edit->id_len, report_meter(edit->report), try_edit, &what, err);
}

enum err_code registry_edit(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, const unsigned char *if_match, const char *log_operation, registry_edit_fn edit,
    void *context, const struct registry_author *author, struct report *report, struct err *err)
{
    const struct write_edit what = {.registry = registry,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .if_match = if_match,
        .log_operation = log_operation,
        .change = edit,
        .context = context,
        .author = author,
        .report = report};
    return write_edit(&what, err);
}

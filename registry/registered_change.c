/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registering and removing by hand. Judgement and canonical bytes are made before the transaction;
 * inside of it, everything is decided by reading before the first change is made.
 */
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/registered_record.h"
#include "registry/registry_inside.h"

enum { ID_SHOWN = 200 };

struct batch {
    struct registry *registry;
    const struct registered_change *changes;
    struct registered_prepared *prepared; /* as many; in the arena */
    enum registry_outcome *outcomes;
    struct registered *before; /* what was decided by; in the arena */
    size_t count;
    size_t failed;
    int64_t time_ms;
    struct arena *arena;
};

/* ------------------------------------------------------------------ preparing */

static bool is_mark(const struct aas_node *extension)
{
    const char *name = aas_text(extension, PROP_name);
    return name != NULL && strcmp(name, REGISTERED_MARK) == 0;
}

/* A copy of a derived descriptor is not derived. */
static void drop_marks(struct aas_node *descriptor)
{
    size_t count = 0;
    struct aas_node **list = aas_list(descriptor, PROP_extensions, &count);
    for (size_t i = count; i > 0; i--) {
        if (is_mark(list[i - 1])) {
            aas_list_remove(descriptor, PROP_extensions, i - 1);
        }
    }
    list = aas_list(descriptor, PROP_submodelDescriptors, &count);
    for (size_t i = 0; i < count; i++) {
        drop_marks(list[i]);
    }
}

/* The id of a change, and that it is the one of the tree. */
static enum err_code take_id(
    const struct registered_change *change, struct registered_prepared *prepared, struct err *err)
{
    const char *said = change->tree == NULL ? NULL : aas_text(change->tree, PROP_id);
    prepared->id = change->id != NULL ? change->id : said;
    prepared->id_len = change->id != NULL ? change->id_len : said == NULL ? 0 : strlen(said);
    if (prepared->id_len == 0) {
        return err_set(
            err, ERR_BAD_INPUT, "the %s has no id", registered_class(change->kind)->name);
    }
    bool same = said == NULL || (strlen(said) == prepared->id_len &&
                                    memcmp(said, prepared->id, prepared->id_len) == 0);
    if (!same) {
        err_set(err, ERR_BAD_INPUT, "the id '%.*s' in the body is not the id '%.*s' of the address",
            text_shown(said, strlen(said), ID_SHOWN), said,
            text_shown(prepared->id, prepared->id_len, ID_SHOWN), prepared->id);
        err_rule(err, NULL, "An id cannot be changed: use the same one, or make a new thing.");
    }
    return same ? ERR_OK : ERR_BAD_INPUT;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Descriptors inside of one descriptor are told apart by their ids. */
static enum err_code check_inner_ids(
    struct arena *arena, const struct aas_node *tree, struct err *err)
{
    size_t count = 0;
    struct aas_node **list = aas_list(tree, PROP_submodelDescriptors, &count);
    const char **ids = arena_alloc(arena, (count + 1) * sizeof *ids);
    if (ids == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the descriptor is too large");
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = aas_text(list[i], PROP_id); /* judged: it is there */
    }
    qsort(ids, count, sizeof *ids, compare_texts);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(ids[i - 1], ids[i]) == 0) {
            return err_set(err, ERR_BAD_INPUT, "submodelDescriptors has the id '%.*s' twice",
                text_shown(ids[i], strlen(ids[i]), ID_SHOWN), ids[i]);
        }
    }
    return ERR_OK;
}

static enum err_code prepare_one(
    struct batch *batch, size_t i, struct report *report, struct err *err)
{
    const struct registered_change *change = &batch->changes[i];
    struct registered_prepared *prepared = &batch->prepared[i];
    *prepared = (struct registered_prepared){.id = NULL};
    if (change->tree == NULL) {
        return take_id(change, prepared, err);
    }
    drop_marks(change->tree);
    enum err_code code = write_judge(batch->registry, change->tree, report, err);
    if (code == ERR_OK) {
        code = take_id(change, prepared, err);
    }
    if (code == ERR_OK) {
        code = check_inner_ids(batch->arena, change->tree, err);
    }
    return code == ERR_OK
               ? registered_prepare(batch->arena, change->kind, change->tree, prepared, err)
               : code;
}

/* ------------------------------------------------------------------ ids that occur twice */

static int compare_prepared(const void *a, const void *b)
{
    const struct registered_prepared *x = *(const struct registered_prepared *const *)a;
    const struct registered_prepared *y = *(const struct registered_prepared *const *)b;
    size_t shorter = x->id_len < y->id_len ? x->id_len : y->id_len;
    int order = memcmp(x->id, y->id, shorter);
    order = order != 0 ? order : (x->id_len > y->id_len) - (x->id_len < y->id_len);
    return order != 0 ? order : (x > y) - (x < y);
}

static enum err_code check_twins(struct batch *batch, struct err *err)
{
    const struct registered_prepared **sorted =
        arena_alloc(batch->arena, batch->count * sizeof *sorted);
    if (sorted == NULL) {
        return err_set(err, ERR_TOO_LARGE, "there is too much to be registered at once");
    }
    for (size_t i = 0; i < batch->count; i++) {
        sorted[i] = &batch->prepared[i];
    }
    qsort(sorted, batch->count, sizeof *sorted, compare_prepared);
    for (size_t i = 1; i < batch->count; i++) {
        const struct registered_prepared *a = sorted[i - 1];
        const struct registered_prepared *b = sorted[i];
        if (batch->changes[a - batch->prepared].kind == batch->changes[b - batch->prepared].kind &&
            a->id_len == b->id_len && memcmp(a->id, b->id, a->id_len) == 0) {
            batch->failed = (size_t)(b - batch->prepared);
            return err_set(err, ERR_BAD_INPUT, "the id '%.*s' occurs twice",
                text_shown(a->id, a->id_len, ID_SHOWN), a->id);
        }
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ deciding */

static enum err_code decide(struct batch *batch, struct store_txn *txn, size_t i, struct err *err)
{
    const struct registered_change *change = &batch->changes[i];
    const struct registered_prepared *prepared = &batch->prepared[i];
    struct registered *now = &batch->before[i];
    enum err_code code =
        registered_look_in(txn, change->kind, prepared->id, prepared->id_len, now, err);
    if (code != ERR_OK) {
        return code;
    }
    if (change->expected != NULL && !registered_same(change->expected, &now->state)) {
        err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
        err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
        return ERR_PRECONDITION;
    }
    if (change->operation == REGISTRY_CREATE && now->state.given) {
        return err_set(err, ERR_EXISTS, "the id '%.*s' is registered already",
            text_shown(prepared->id, prepared->id_len, ID_SHOWN), prepared->id);
    }
    bool must_be = change->operation == REGISTRY_DELETE || change->operation == REGISTRY_REPLACE;
    if (must_be && !now->visible) {
        return registered_missing(change->kind, prepared->id, prepared->id_len, err);
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ applying */

/* The number of the id; one that nobody has used before is marked as a registration's. */
static enum err_code take_number(struct store_txn *txn, enum registry_kind about, const char *id,
    size_t id_len, uint64_t *number, struct err *err)
{
    struct id_place place;
    struct store_key key;
    enum err_code code = id_find(txn, about, id, id_len, &place, err);
    if (code == ERR_OK && !place.known) {
        code = store_next_number(txn, document_counter(about), &place.number);
        if (code == ERR_OK) {
            code = id_put(txn, about, id, id_len, &place);
        }
        if (code == ERR_OK) {
            key_registered_id(&key, about, place.number);
            code = store_put(txn, STORE_REGISTERED, key.bytes, key.len, "", 0);
        }
    }
    if (code == ERR_OK) {
        *number = place.number;
    }
    return code;
}

/* The rows that stand in the index now, copied: bytes of the store move with the next change. */
static enum err_code copy_rows(struct batch *batch, struct store_txn *txn,
    enum registered_kind kind, uint64_t number, struct registered_record *old, struct err *err)
{
    *old = (struct registered_record){.rows = NULL};
    enum err_code code = registered_find(txn, kind, number, old, err);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    old->rows =
        (const unsigned char *)arena_copy(batch->arena, (const char *)old->rows, old->rows_len);
    return old->rows == NULL
               ? err_set(err, ERR_NO_MEMORY, "not enough memory to change the registration")
               : ERR_OK;
}

static enum err_code apply_given(struct batch *batch, struct store_txn *txn, size_t i,
    const struct registered_record *old, uint64_t number)
{
    const struct registered_prepared *prepared = &batch->prepared[i];
    enum registered_kind kind = batch->changes[i].kind;
    struct registered_record record = {.form = REGISTERED_GIVEN,
        .created_ms = batch->before[i].state.given ? old->created_ms : batch->time_ms,
        .updated_ms = batch->time_ms,
        .id = prepared->id,
        .id_len = prepared->id_len,
        .rows = prepared->made.rows,
        .rows_len = prepared->made.rows_len,
        .json = prepared->made.json,
        .json_len = prepared->made.json_len};
    memcpy(record.hash, prepared->made.hash, STORE_HASH_BYTES);
    enum err_code code = registered_put(txn, kind, number, &record);
    return code == ERR_OK ? record_change_rows(txn, registered_index(kind), number, old->rows,
                                old->rows_len, record.rows, record.rows_len)
                          : code;
}

/* What is registered by hand goes; what is derived is hidden. */
static enum err_code apply_removal(struct batch *batch, struct store_txn *txn, size_t i,
    const struct registered_record *old, uint64_t number)
{
    const struct registered_prepared *prepared = &batch->prepared[i];
    const struct registered *before = &batch->before[i];
    enum registered_kind kind = batch->changes[i].kind;
    struct store_key key;
    if (!before->state.given) {
        const struct registered_record hidden = {.form = REGISTERED_HIDDEN,
            .created_ms = batch->time_ms,
            .updated_ms = batch->time_ms,
            .hides_ms = before->stored.created_ms,
            .id = prepared->id,
            .id_len = prepared->id_len};
        return registered_put(txn, kind, number, &hidden);
    }
    key_registered(&key, kind, number);
    enum err_code code = store_delete(txn, STORE_REGISTERED, key.bytes, key.len);
    return code == ERR_OK ? record_change_rows(txn, registered_index(kind), number, old->rows,
                                old->rows_len, NULL, 0)
                          : code;
}

static bool is_unchanged(const struct batch *batch, size_t i)
{
    const struct registered_state *now = &batch->before[i].state;
    return batch->changes[i].tree != NULL && now->given &&
           memcmp(now->given_hash, batch->prepared[i].made.hash, STORE_HASH_BYTES) == 0;
}

static enum err_code apply(struct batch *batch, struct store_txn *txn, size_t i, struct err *err)
{
    const struct registered_change *change = &batch->changes[i];
    const struct registered_prepared *prepared = &batch->prepared[i];
    struct registered_record old;
    uint64_t number = 0;
    if (is_unchanged(batch, i)) {
        batch->outcomes[i] = REGISTRY_UNCHANGED;
        return ERR_OK;
    }
    enum err_code code = take_number(
        txn, registered_about(change->kind), prepared->id, prepared->id_len, &number, err);
    if (code == ERR_OK) {
        code = copy_rows(batch, txn, change->kind, number, &old, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (change->tree == NULL) {
        batch->outcomes[i] = REGISTRY_DELETED;
        return apply_removal(batch, txn, i, &old, number);
    }
    bool created = change->operation == REGISTRY_CREATE || !batch->before[i].visible;
    batch->outcomes[i] = created ? REGISTRY_CREATED : REGISTRY_REPLACED;
    return apply_given(batch, txn, i, &old, number);
}

static enum err_code change_all(struct store_txn *txn, void *context, struct err *err)
{
    struct batch *batch = context;
    enum err_code code = ERR_OK;
    batch->failed = batch->count;
    for (size_t i = 0; i < batch->count && code == ERR_OK; i++) {
        code = decide(batch, txn, i, err);
        batch->failed = code == ERR_OK ? batch->count : i;
    }
    for (size_t i = 0; i < batch->count && code == ERR_OK; i++) {
        code = apply(batch, txn, i, err);
    }
    return code;
}

/* ------------------------------------------------------------------ entry */

static enum err_code change_batch(
    struct registry *registry, struct batch *batch, struct report *report, struct err *err)
{
    size_t count = batch->count;
    batch->prepared = arena_alloc(batch->arena, count * sizeof *batch->prepared);
    batch->before = arena_alloc(batch->arena, count * sizeof *batch->before);
    if (batch->outcomes == NULL) {
        batch->outcomes = arena_alloc(batch->arena, count * sizeof *batch->outcomes);
    }
    if (batch->prepared == NULL || batch->before == NULL || batch->outcomes == NULL) {
        return err_set(err, ERR_TOO_LARGE, "there is too much to be registered at once");
    }
    for (size_t i = 0; i < count; i++) {
        enum err_code code = prepare_one(batch, i, report, err);
        if (code != ERR_OK) {
            batch->failed = i;
            return code;
        }
    }
    enum err_code code = check_twins(batch, err);
    batch->time_ms = write_now_ms();
    return code == ERR_OK ? store_write(registry->store, change_all, batch, err) : code;
}

enum err_code registered_change(struct registry *registry, const struct registered_change *changes,
    size_t count, struct report *report, enum registry_outcome *outcomes, size_t *failed,
    struct err *err)
{
    struct arena arena;
    struct batch batch = {.registry = registry,
        .changes = changes,
        .count = count,
        .failed = count,
        .outcomes = outcomes,
        .arena = &arena};
    if (count == 0 || count > REGISTERED_CHANGES_MAX) {
        return err_set(err, ERR_BAD_INPUT, "between 1 and %d things can be registered at once",
            (int)REGISTERED_CHANGES_MAX);
    }
    arena_init(&arena, WRITE_ARENA_BYTES);
    enum err_code code = change_batch(registry, &batch, report, err);
    arena_finish(&arena);
    if (failed != NULL) {
        *failed = batch.failed;
    }
    return code;
}

/* ------------------------------------------------------------------ editing */

/* The descriptor as it is shown now, as a tree. */
static enum err_code read_shell(struct registry *registry, struct arena *arena, const char *id,
    size_t id_len, const char *base, struct registered *entry, struct aas_node **tree,
    struct err *err)
{
    struct registry_view view;
    struct buf buf;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&buf, WRITE_ARENA_BYTES);
    code = registered_look(&view, REGISTERED_SHELL, id, id_len, entry, err);
    if (code == ERR_OK && !entry->visible) {
        code = registered_missing(REGISTERED_SHELL, id, id_len, err);
    }
    if (code == ERR_OK) {
        registered_write(&buf, &view, entry, base);
    }
    registry_view_end(&view);
    if (code == ERR_OK) {
        code = buf_failed(&buf) ? err_set(err, ERR_TOO_LARGE, "the descriptor is too large")
                                : aas_json_read(arena, buf.bytes, buf.len,
                                      registered_class(REGISTERED_SHELL), NULL, tree, err);
    }
    buf_finish(&buf);
    return code == ERR_UNREADABLE ? err_set(err, ERR_STORE, "the descriptor cannot be read") : code;
}

struct shell_edit {
    struct registry *registry;
    const char *id;
    size_t id_len;
    const struct registered_state *expected;
    const char *base;
    registry_edit_fn edit;
    void *context;
    struct report *report;
};

/* With an expected state, to be overtaken is an answer. */
static enum err_code try_edit(struct arena *arena, void *context, bool *lost, struct err *err)
{
    const struct shell_edit *edit = context;
    struct aas_node *tree = NULL;
    struct registered entry;
    enum err_code code =
        read_shell(edit->registry, arena, edit->id, edit->id_len, edit->base, &entry, &tree, err);
    if (code == ERR_OK && edit->expected != NULL &&
        !registered_same(edit->expected, &entry.state)) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    if (code == ERR_OK) {
        code = edit->edit(arena, tree, edit->context, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct registered_state seen = entry.state;
    const struct registered_change change = {.kind = REGISTERED_SHELL,
        .operation = REGISTRY_REPLACE,
        .id = edit->id,
        .id_len = edit->id_len,
        .tree = tree,
        .expected = &seen};
    code = registered_change(edit->registry, &change, 1, edit->report, NULL, NULL, err);
    *lost = code == ERR_PRECONDITION && edit->expected == NULL;
    return code;
}

enum err_code registered_edit_shell(struct registry *registry, const char *id, size_t id_len,
    const struct registered_state *expected, const char *base, registry_edit_fn edit, void *context,
    struct report *report, struct err *err)
{
    struct shell_edit what = {.registry = registry,
        .id = id,
        .id_len = id_len,
        .expected = expected,
        .base = base,
        .edit = edit,
        .context = context,
        .report = report};
    return write_until_stored(registry, id, id_len, report_meter(report), try_edit, &what, err);
}

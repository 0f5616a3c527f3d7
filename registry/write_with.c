/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two identifiables in one transaction: one is written, another one edited. The edited one is read
 * before, and stored only when that is still what is there.
 */
#include <string.h>

#include "registry/registry_inside.h"

enum { BOTH_ATTEMPTS = 16 };

struct both {
    struct registry *registry;
    const struct registry_companion *companion;
    struct report *report;
    struct write first;
    struct write second;
    bool lost; /* somebody else has changed the second one between reading and storing */
};

/* May be run again when the group it stands in cannot be committed as a whole. */
static enum err_code change_both(struct store_txn *txn, void *context, struct err *err)
{
    struct both *both = context;
    enum err_code code = write_apply(txn, &both->second, err);
    both->lost = code == ERR_PRECONDITION;
    return code == ERR_OK ? write_apply(txn, &both->first, err) : code;
}

static enum err_code try_both(struct arena *arena, void *context, bool *lost, struct err *err)
{
    struct both *both = context;
    const struct registry_companion *companion = both->companion;
    struct aas_node *tree = NULL;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = write_read_current(
        both->registry, companion->kind, companion->id, companion->id_len, arena, &tree, hash, err);
    if (code == ERR_OK) {
        code = companion->edit(arena, tree, companion->context, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct registry_change change = {.operation = REGISTRY_REPLACE,
        .kind = companion->kind,
        .id = companion->id,
        .id_len = companion->id_len,
        .tree = tree,
        .if_match = hash};
    both->second = (struct write){.change = &change, .author = both->first.author};
    both->lost = false;
    code = write_prepare(both->registry, arena, &both->second, both->report, err);
    if (code == ERR_OK) {
        both->first.time_ms = both->second.time_ms = write_now_ms();
        code = store_write(both->registry->store, change_both, both, err);
    }
    *lost = both->lost;
    return code;
}

enum err_code registry_write_with(struct registry *registry, const struct registry_change *change,
    const struct registry_companion *companion, const struct registry_author *author,
    struct report *report, enum registry_outcome *outcome, struct err *err)
{
    struct both both = {.registry = registry,
        .companion = companion,
        .report = report,
        .first = {.change = change, .author = author}};
    struct arena arena;
    if (registry_class(change->kind) == NULL || registry_class(companion->kind) == NULL ||
        (change->operation == REGISTRY_DELETE ? change->id == NULL : change->tree == NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the change names nothing to write");
    }
    enum err_code code = ERR_OK;
    bool again = true;
    for (int i = 0; again && i < BOTH_ATTEMPTS; i++) {
        arena_init(&arena, WRITE_ARENA_BYTES);
        arena.meter = report_meter(report);
        code = write_prepare(registry, &arena, &both.first, report, err);
        if (code == ERR_OK) {
            code = write_until_stored(registry, companion->id, companion->id_len,
                report_meter(report), try_both, &both, err);
        }
        arena_finish(&arena);
        again = code == ERR_PRECONDITION && both.first.life.stale;
    }
    code = again ? write_lost(err) : code;
    if (code == ERR_OK && outcome != NULL) {
        *outcome = both.first.outcome;
    }
    return code;
}

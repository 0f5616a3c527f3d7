/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/kept.h"
#include "registry/registry.h"

#include <stdlib.h>
#include <string.h>

#include "registry/blobs.h"
#include "registry/curated.h"
#include "registry/document_record.h"
#include "registry/registry_inside.h"
#include "registry/search_values.h"
#include "registry/seed.h"
#include "registry/upgrade.h"

static const enum meta_class_id kind_classes[] = {
    [REGISTRY_SHELL] = CLASS_AssetAdministrationShell,
    [REGISTRY_SUBMODEL] = CLASS_Submodel,
    [REGISTRY_CONCEPT_DESCRIPTION] = CLASS_ConceptDescription,
};
enum { KIND_END = sizeof kind_classes / sizeof *kind_classes };

const struct meta_class *registry_class(enum registry_kind kind)
{
    size_t at = (size_t)kind;
    return at >= REGISTRY_SHELL && at < KIND_END ? meta_class(kind_classes[at]) : NULL;
}

enum registry_kind registry_kind_of(const struct meta_class *cls)
{
    for (unsigned kind = REGISTRY_SHELL; cls != NULL && kind < KIND_END; kind++) {
        if (kind_classes[kind] == cls->id) {
            return (enum registry_kind)kind;
        }
    }
    return (enum registry_kind)0;
}

const char *registry_kind_name(enum registry_kind kind)
{
    static const char *const others[] = {
        "TemplateVersion", "Account", "Curation", "Proposal", "Pruning"};
    const struct meta_class *cls = registry_class(kind);
    bool other = kind >= REGISTRY_TEMPLATE_VERSION && kind < REGISTRY_KIND_END;
    return cls != NULL ? cls->name : other ? others[kind - REGISTRY_TEMPLATE_VERSION] : NULL;
}

/* ------------------------------------------------------------------ opening */

static const char seeded_key[] = "seeded";

static enum err_code note_seeded(struct store_txn *txn, void *context, struct err *err)
{
    (void)context;
    (void)err;
    return store_put(txn, STORE_META, seeded_key, strlen(seeded_key), "1", 1);
}

/* Also finishes a seeding that was interrupted. */
static enum err_code seed(struct registry *registry, struct err *err)
{
    struct store_txn txn;
    struct store_bytes value;
    enum err_code code = store_read(registry->store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    code = store_get(&txn, STORE_META, seeded_key, strlen(seeded_key), &value);
    store_end(&txn);
    if (code != ERR_NOT_FOUND) {
        return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
    }
    code = registry_seed(registry, err);
    return code == ERR_OK ? store_write(registry->store, note_seeded, NULL, err) : code;
}

enum err_code registry_open(
    const struct registry_options *options, struct registry **registry, struct err *err)
{
    struct registry *r = calloc(1, sizeof *r);
    if (r == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to open the registry");
    }
    for (size_t i = 0; i < REGISTRY_STRIPES; i++) {
        pthread_mutex_init(&r->stripes[i], NULL);
    }
    content_cache_init(&r->contents);
    enum err_code code = judge_start(err);
    r->judging = code == ERR_OK;
    if (code == ERR_OK) {
        code = store_open(&options->store, &r->store, err);
    }
    if (code == ERR_OK) {
        code = blobs_open(r->store, err);
    }
    if (code == ERR_OK) {
        code = curated_seed(r->store, err);
    }
    if (code == ERR_OK) {
        code = search_values_open(r, options->search_values, err);
    }
    if (code == ERR_OK) {
        code = registry_upgrade(r, err);
    }
    if (code == ERR_OK && options->keep_files != NULL) {
        code = kept_set_rule(r, options->keep_files, err);
    }
    if (code == ERR_OK && !options->without_library) {
        code = seed(r, err);
    }
    if (code != ERR_OK) {
        registry_close(r);
        return code;
    }
    *registry = r;
    return ERR_OK;
}

void registry_close(struct registry *registry)
{
    if (registry == NULL) {
        return;
    }
    store_close(registry->store);
    if (registry->judging) {
        judge_stop();
    }
    for (size_t i = 0; i < REGISTRY_STRIPES; i++) {
        pthread_mutex_destroy(&registry->stripes[i]);
    }
    content_cache_finish(&registry->contents);
    free(registry);
}

struct store *registry_store(struct registry *registry)
{
    return registry->store;
}

/* ------------------------------------------------------------------ reading */

enum err_code registry_view_begin(
    struct registry *registry, struct registry_view *view, struct err *err)
{
    view->registry = registry;
    return store_read(registry->store, &view->txn, err);
}

void registry_view_end(struct registry_view *view)
{
    store_end(&view->txn);
}

enum err_code registry_get(struct registry_view *view, enum registry_kind kind, const char *id,
    size_t id_len, struct registry_document *document, struct err *err)
{
    return document_find(&view->txn, kind, id, id_len, document, err);
}

enum err_code registry_element(const struct registry_document *document, const char *path,
    size_t path_len, const char **json, size_t *json_len, const struct meta_class **cls,
    struct err *err)
{
    struct path_index index = record_path_index(document);
    struct path_entry entry;
    size_t at = 0;
    enum err_code code = path_index_find(&index, path, path_len, &at, &entry, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct meta_class *found = path_index_class(&index, &entry);
    if (found == NULL) {
        return err_set(err, ERR_STORE, "the stored document has an element of no known class");
    }
    *json = document->json + entry.offset;
    *json_len = entry.len;
    if (cls != NULL) {
        *cls = found;
    }
    return ERR_OK;
}

uint64_t registry_count(struct registry_view *view, enum registry_kind kind)
{
    return document_count(&view->txn, kind);
}

/* ------------------------------------------------------------------ history */

enum { HISTORY_PAGE = 1000 };

struct history {
    struct registry_revision *list;
    size_t count;
    size_t room;
};

static bool add_revision(
    struct arena *arena, struct history *history, const struct registry_revision *revision)
{
    if (history->count == history->room) {
        size_t room = history->room == 0 ? 32 : 2 * history->room;
        struct registry_revision *list = arena_alloc(arena, room * sizeof *list);
        if (list == NULL) {
            return false;
        }
        if (history->count > 0) {
            memcpy(list, history->list, history->count * sizeof *list);
        }
        history->list = list;
        history->room = room;
    }
    history->list[history->count++] = *revision;
    return true;
}

static enum err_code collect_history(struct store_cursor *cursor, bool found, struct arena *arena,
    const struct store_key *prefix, size_t limit, struct history *history, struct err *err)
{
    while (found && history->count < limit && key_starts_with(cursor->key, prefix)) {
        struct revision_record record;
        uint64_t revision = key_number_at(cursor->key, prefix->len);
        if (!revision_read(cursor->value, revision, &record)) {
            return err_set(
                err, ERR_STORE, "revision %llu is damaged", (unsigned long long)revision);
        }
        if (!add_revision(arena, history, &record.said)) {
            return err_set(err, ERR_TOO_LARGE, "the history is too long for this request");
        }
        found = store_cursor_previous(cursor);
    }
    return cursor->txn->failed == ERR_OK
               ? ERR_OK
               : err_set(err, cursor->txn->failed, "the history cannot be read");
}

enum err_code registry_history(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, uint64_t before_revision, size_t limit,
    struct registry_revision **revisions, size_t *count, struct err *err)
{
    uint64_t number = 0;
    struct store_key key;
    struct store_key prefix;
    struct store_cursor cursor;
    struct history history = {0};
    enum err_code code = history_number(&view->txn, kind, id, id_len, &number, err);
    if (code == ERR_OK) {
        code = store_cursor_open(&view->txn, STORE_REVISIONS, &cursor);
    }
    if (code != ERR_OK) {
        return code;
    }
    key_document(&prefix, kind, number);
    key_revision(&key, kind, number, before_revision == 0 ? UINT64_MAX : before_revision - 1);
    bool found = store_cursor_seek_back(&cursor, key.bytes, key.len);
    code = collect_history(
        &cursor, found, arena, &prefix, limit == 0 ? HISTORY_PAGE : limit, &history, err);
    store_cursor_close(&cursor);
    if (code == ERR_OK) {
        *revisions = history.list;
        *count = history.count;
    }
    return code;
}

enum err_code registry_revision_content(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, uint64_t revision, const char **json,
    size_t *len, struct err *err)
{
    uint64_t number = 0;
    enum err_code code = history_number(&view->txn, kind, id, id_len, &number, err);
    if (code != ERR_OK) {
        return code;
    }
    return revision_content(&view->txn, arena, kind, number, revision, json, len, err);
}

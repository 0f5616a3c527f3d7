/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept beside templates and models, for the search. */
#include <string.h>

#include "aas/json.h"
#include "registry/curated_record.h"
#include "registry/document_record.h"
#include "registry/lifecycle_inside.h"

static const enum registry_facet tree_facets[OVERLAY_TREES] = {
    FACET_CATEGORY, FACET_EQUIPMENT, FACET_PROCESS, FACET_PHASE};

/* ------------------------------------------------------------------ extras */

struct extras {
    struct store_txn *txn;
    struct arena *arena;
    struct search_facet *list;
    size_t count;
    size_t room;
    bool full;
};

static void add(struct extras *to, unsigned facet, const char *value)
{
    for (size_t i = 0; i < to->count; i++) {
        if (to->list[i].facet == facet && strcmp(to->list[i].value, value) == 0) {
            return;
        }
    }
    if (to->count == to->room) {
        size_t room = to->room == 0 ? 32 : 2 * to->room;
        struct search_facet *list = arena_alloc(to->arena, room * sizeof *list);
        if (list == NULL) {
            to->full = true;
            return;
        }
        if (to->count > 0) {
            memcpy(list, to->list, to->count * sizeof *list);
        }
        to->list = list;
        to->room = room;
    }
    to->list[to->count++] = (struct search_facet){.facet = facet, .value = value};
}

/* A tag and everything it is below. */
static void add_tag(struct extras *to, enum overlay_tree tree, const char *tag)
{
    struct curated_node node;
    const char *value = tag;
    for (size_t up = 0; value[0] != '\0' && up <= CURATED_DEPTH_MOST; up++) {
        if (curated_node_find(to->txn, to->arena, tree, value, &node) != ERR_OK) {
            return;
        }
        add(to, tree_facets[tree], node.value);
        for (size_t i = 0; i < node.name_count; i++) {
            add(to, SEARCH_TAG_NAME, node.names[i].text);
        }
        value = node.parent;
    }
}

enum err_code curated_extras(struct store_txn *txn, struct arena *arena,
    const struct curated_row *row, const struct search_facet *extra, size_t count,
    const struct search_facet **all, size_t *all_count, struct err *err)
{
    struct extras to = {.txn = txn, .arena = arena};
    for (size_t i = 0; i < count; i++) {
        add(&to, extra[i].facet, extra[i].value);
    }
    for (size_t i = 0; i < row->name_count; i++) {
        add(&to, SEARCH_OTHER_NAME, row->names[i].text);
    }
    if (row->words != NULL && row->words[0] != '\0') {
        add(&to, SEARCH_OTHER_WORDS, row->words);
    }
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            add_tag(&to, (enum overlay_tree)tree, row->tags[tree][i]);
        }
    }
    if (to.full || txn->failed != ERR_OK) {
        return err_set(err, ERR_TOO_LARGE, "there are too many tags to be searched by");
    }
    *all = to.list;
    *all_count = to.count;
    return ERR_OK;
}

/* ------------------------------------------------------------------ again */

enum err_code curated_version_entry(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct search_entry *entry, struct err *err)
{
    struct curated_row row;
    struct aas_node *environment = NULL;
    const struct search_facet *all = NULL;
    size_t count = 0;
    const struct registry_version *version = &record->version;
    enum err_code code = version_read(txn, arena, record, &environment, err);
    struct aas_node *submodel =
        code == ERR_OK ? version_submodel(environment, version->submodel_id) : NULL;
    if (code != ERR_OK || submodel == NULL) {
        return code != ERR_OK ? code : ERR_NOT_FOUND;
    }
    const char *file = version_source_words(arena, version->source);
    const struct search_facet extra[] = {{.facet = FACET_FAMILY, .value = version->family},
        {.facet = FACET_STATE, .value = template_state_text(version->state)},
        {.facet = FACET_PUBLISHER, .value = version->publisher},
        {.facet = SEARCH_WORDS, .value = file == NULL ? "" : file}};
    code = curated_family(txn, arena, version->family, &row, err);
    if (code == ERR_OK) {
        code = curated_extras(
            txn, arena, &row, extra, sizeof extra / sizeof *extra, &all, &count, err);
    }
    return code == ERR_OK ? search_prepare(arena, submodel, environment, all, count, entry, err)
                          : code;
}

static enum err_code renew_version(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct err *err)
{
    struct store_key key;
    struct search_entry entry;
    enum err_code code = curated_version_entry(txn, arena, record, &entry, err);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    key_version_searched(&key, record->version.family, record->version.label);
    return search_put(txn, key.bytes, key.len, &entry, err);
}

enum err_code curated_renew_version(
    struct store_txn *txn, const char *family, const char *label, struct err *err)
{
    struct arena arena;
    struct version_record record;
    struct family_record known;
    struct store_bytes value;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = life_load(txn, &arena, family, label, &record, err);
    if (code == ERR_OK) {
        code = renew_version(txn, &arena, &record, err);
    }
    /* The new entry does not know that it is that of the newest version. */
    if (code == ERR_OK &&
        store_get(txn, STORE_FAMILIES, family, strlen(family), &value) == ERR_OK &&
        family_record_read(value, &known) && strcmp(known.latest, label) == 0) {
        struct store_key key;
        key_version_searched(&key, family, label);
        code = search_set_facet(txn, key.bytes, key.len, SEARCH_NEWEST, "1", err);
    }
    arena_finish(&arena);
    return code;
}

enum err_code curated_renew_model(
    struct store_txn *txn, enum registry_kind kind, uint64_t number, struct err *err)
{
    struct arena arena;
    struct store_key key;
    struct store_bytes value;
    struct document_record record;
    struct curated_row row;
    struct search_entry entry;
    struct aas_node *tree = NULL;
    const struct search_facet *all = NULL;
    size_t count = 0;
    key_document(&key, kind, number);
    enum err_code code = store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    if (code != ERR_OK || !record_read(value, kind, number, &record)) {
        return code == ERR_NOT_FOUND ? ERR_OK : err_set(err, ERR_STORE, "the model is damaged");
    }
    arena_init(&arena, LIFE_ARENA_BYTES);
    code = aas_json_read(&arena, record.document.json, record.document.json_len,
        registry_class(kind), NULL, &tree, err);
    if (code == ERR_OK) {
        code = curated_model(txn, &arena, kind, number, &row, err);
    }
    if (code == ERR_OK) {
        code = curated_extras(txn, &arena, &row, NULL, 0, &all, &count, err);
    }
    if (code == ERR_OK) {
        code = search_prepare(&arena, tree, NULL, all, count, &entry, err);
    }
    if (code == ERR_OK) {
        key_searched(&key, kind, number);
        code = search_put(txn, key.bytes, key.len, &entry, err);
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ deleted and back */

static enum err_code move_row(
    struct store_txn *txn, const struct store_key *from, const struct store_key *to, bool check)
{
    struct arena arena;
    struct curated_row row;
    struct store_bytes value;
    struct buf buf;
    enum err_code code = store_get(txn, STORE_CURATED, from->bytes, from->len, &value);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    arena_init(&arena, (size_t)4 << 20);
    buf_init(&buf, 256 * 1024);
    code = curated_row_read(&arena, value, &row) ? ERR_OK : ERR_STORE;
    for (unsigned tree = 0; code == ERR_OK && check && tree < OVERLAY_TREES; tree++) {
        const char **kept = arena_alloc(&arena, CURATED_TAGS_MOST * sizeof *kept);
        size_t count = 0;
        struct curated_node node;
        for (size_t i = 0; kept != NULL && i < row.tag_count[tree]; i++) {
            const char *tag = row.tags[tree][i];
            if (curated_node_find(txn, &arena, (enum overlay_tree)tree, tag, &node) == ERR_OK) {
                kept[count++] = tag;
            }
        }
        row.tags[tree] = kept;
        row.tag_count[tree] = count;
        code = kept == NULL ? ERR_NO_MEMORY : code;
    }
    if (code == ERR_OK) {
        curated_row_write(&buf, &row);
        code = buf_failed(&buf)
                   ? ERR_NO_MEMORY
                   : store_put(txn, STORE_CURATED, to->bytes, to->len, buf.bytes, buf.len);
    }
    if (code == ERR_OK) {
        code = store_delete(txn, STORE_CURATED, from->bytes, from->len);
    }
    buf_finish(&buf);
    arena_finish(&arena);
    return code;
}

enum err_code curated_sleep_model(struct store_txn *txn, enum registry_kind kind, uint64_t number)
{
    struct store_key awake;
    struct store_key asleep;
    key_curated_model(&awake, kind, number);
    key_curated_asleep(&asleep, kind, number);
    return move_row(txn, &awake, &asleep, false);
}

enum err_code curated_wake_model(struct store_txn *txn, enum registry_kind kind, uint64_t number)
{
    struct store_key awake;
    struct store_key asleep;
    key_curated_model(&awake, kind, number);
    key_curated_asleep(&asleep, kind, number);
    return move_row(txn, &asleep, &awake, true);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ordinary writes of submodels and the life cycle: whether the content may change at all, and what
 * the change means for the draft that the submodel shows. A new submodel of kind Template is the
 * draft of a new version.
 */
#include <string.h>

#include "registry/document_record.h"
#include "registry/lifecycle_inside.h"
#include "templates/identity.h"

/* ------------------------------------------------------------------ before the transaction */

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the template is too large for this request");
}

/* The environment of the draft with the new submodel in it. */
static enum err_code look_at_draft(struct registry *registry, struct registry_view *view,
    struct arena *arena, struct write *write, struct version_record *record, struct err *err)
{
    struct life_write *life = &write->life;
    struct aas_node *environment = NULL;
    struct aas_node *copy = NULL;
    enum err_code code = version_read(&view->txn, arena, record, &environment, err);
    struct aas_node *before =
        code == ERR_OK ? version_submodel(environment, record->version.submodel_id) : NULL;
    if (code != ERR_OK || before == NULL) {
        return code != ERR_OK ? code : err_set(err, ERR_STORE, "the draft cannot be read");
    }
    copy = aas_copy(arena, write->change->tree);
    life->prepared = arena_alloc(arena, sizeof *life->prepared);
    if (copy == NULL || life->prepared == NULL) {
        return full(err);
    }
    aas_list_replace(environment, PROP_submodels, before->index, copy);
    memcpy(life->content, record->version.content, STORE_HASH_BYTES);
    const struct version_source source = {.family = record->version.family,
        .label = record->version.label,
        .environment = environment,
        .submodel = copy,
        .state = TEMPLATE_DRAFT,
        .publisher = record->version.publisher,
        .source = record->version.source};
    return version_prepare(registry, arena, &source, NULL, life->prepared, err);
}

/* A label that another content has claimed is told apart by the content, as with imports. */
static enum err_code look_at_new(struct registry *registry, struct registry_view *view,
    struct arena *arena, struct write *write, struct err *err)
{
    struct version_record taken;
    struct life_write *life = &write->life;
    struct aas_node *copy = aas_copy(arena, write->change->tree);
    struct aas_node *environment = aas_node_new(arena, meta_class(CLASS_Environment));
    struct version_prepared *prepared = arena_alloc(arena, sizeof *prepared);
    if (copy == NULL || environment == NULL || prepared == NULL ||
        aas_set_list(arena, environment, PROP_submodels, &copy, 1) != ERR_OK) {
        return full(err);
    }
    const struct version_source source = {
        .environment = environment, .submodel = copy, .state = TEMPLATE_DRAFT};
    enum err_code code = version_prepare(registry, arena, &source, NULL, prepared, err);
    if (code == ERR_OK &&
        version_find(&view->txn, prepared->family, prepared->label, &taken) == ERR_OK) {
        prepared->label = arena_printf(arena, "%s~%02x%02x%02x", prepared->label,
            prepared->content[0], prepared->content[1], prepared->content[2]);
    }
    life->prepared = prepared;
    if (code == ERR_OK && prepared->label == NULL) {
        return full(err);
    }
    if (code == ERR_OK &&
        version_find(&view->txn, prepared->family, prepared->label, &taken) == ERR_OK) {
        return err_set(err, ERR_EXISTS,
            "this template is there already, as version %.100s of %.200s", prepared->label,
            prepared->family);
    }
    return code;
}

static enum err_code look(struct registry *registry, struct registry_view *view,
    struct arena *arena, struct write *write, struct err *err)
{
    struct version_record record;
    struct life_write *life = &write->life;
    const struct aas_slot *id = aas_slot(write->change->tree, PROP_id);
    enum err_code code = version_shown_find(&view->txn, id->u.text, id->len, &life->name);
    life->shown = code == ERR_OK;
    life->template = template_is(write->change->tree);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return err_set(err, code, "the versions cannot be read");
    }
    if (!life->shown) {
        return life->template ? look_at_new(registry, view, arena, write, err) : ERR_OK;
    }
    code = life_load(&view->txn, arena, life->name.family, life->name.label, &record, err);
    if (code != ERR_OK || record.version.state != TEMPLATE_DRAFT) {
        return code; /* refused in the transaction */
    }
    if (!life->template) {
        err_set(err, ERR_STATE, "this submodel is the draft of version %.100s of %.200s",
            life->name.label, life->name.family);
        err_rule(err, "template-kind",
            "Keep kind Template, or delete the draft and create the submodel anew.");
        return ERR_STATE;
    }
    return look_at_draft(registry, view, arena, write, &record, err);
}

enum err_code life_look(
    struct registry *registry, struct arena *arena, struct write *write, struct err *err)
{
    struct registry_view view;
    write->life = (struct life_write){.template = false};
    if (write->change->kind != REGISTRY_SUBMODEL || write->change->tree == NULL) {
        return ERR_OK;
    }
    const struct aas_slot *id = aas_slot(write->change->tree, PROP_id);
    if (id == NULL || id->state != AAS_TEXT) {
        return ERR_OK; /* refused when it is prepared */
    }
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code == ERR_OK) {
        code = look(registry, &view, arena, write, err);
        registry_view_end(&view);
    }
    return code;
}

/* ------------------------------------------------------------------ inside */

static enum access_right right_of(const struct write *write, bool exists)
{
    if (write->change->operation == REGISTRY_DELETE) {
        return RIGHT_DELETE;
    }
    return exists ? RIGHT_UPDATE : RIGHT_CREATE;
}

static bool is_template(const struct document_record *record)
{
    struct record_row row;
    for (size_t at = 0; record_row_next(record->rows, record->rows_len, &at, &row);) {
        if (row.index == KEY_INDEX_KIND) {
            return true;
        }
    }
    return false;
}

static const char *id_of(const struct write *write, size_t *len)
{
    const struct registry_change *change = write->change;
    bool named = change->id != NULL;
    *len = named ? change->id_len : write->prepared.id_len;
    return named ? change->id : write->prepared.id;
}

/* What is no version's submodel. */
static enum err_code check_plain(struct store_txn *txn, const struct write *write, struct err *err)
{
    static const enum access_class classes[] = {[REGISTRY_SHELL] = ACCESS_MODEL,
        [REGISTRY_SUBMODEL] = ACCESS_MODEL,
        [REGISTRY_CONCEPT_DESCRIPTION] = ACCESS_CONCEPT};
    struct document_record stored;
    size_t len = 0;
    const char *id = id_of(write, &len);
    if (write->author == NULL || write->author->principal == NULL) {
        return ERR_OK;
    }
    enum registry_kind kind = write->change->kind;
    bool exists = record_find(txn, kind, id, len, &stored, NULL) == ERR_OK;
    bool template =
        kind == REGISTRY_SUBMODEL && (write->life.template || (exists && is_template(&stored)));
    const struct version_prepared *prepared = write->life.prepared;
    const struct access_object object = {.cls = template ? ACCESS_TEMPLATE : classes[kind],
        .family = prepared != NULL ? prepared->family : NULL};
    enum err_code code =
        access_decide(write->author->principal, right_of(write, exists), &object, txn, err);
    /* What makes a template of an instance, or the other way round, changes both. */
    bool turned = exists && template && write->change->operation != REGISTRY_DELETE &&
                  is_template(&stored) != write->life.template;
    const struct access_object instance = {.cls = ACCESS_MODEL};
    return code == ERR_OK && turned
               ? access_decide(write->author->principal, RIGHT_UPDATE, &instance, txn, err)
               : code;
}

static enum err_code say_stale(struct write *write, struct err *err)
{
    write->life.stale = true;
    return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
}

static enum err_code check_shown(
    struct store_txn *txn, struct write *write, const struct version_shown *shown, struct err *err)
{
    struct version_record record;
    const struct life_write *life = &write->life;
    enum err_code code = life_may(txn, write->author, right_of(write, true), shown->family, err);
    if (code == ERR_OK && version_find(txn, shown->family, shown->label, &record) != ERR_OK) {
        code = err_set(err, ERR_STORE, "the version that is shown under this id is not there");
    }
    if (code == ERR_OK && record.version.state != TEMPLATE_DRAFT) {
        code = life_refuse_change(txn, &record.version, err);
        bool stands = record.version.state == TEMPLATE_PUBLISHED ||
                      record.version.state == TEMPLATE_DEPRECATED;
        if (stands && write->change->operation == REGISTRY_DELETE) {
            err_rule(err, "immutable",
                "Withdraw the version instead: what was made from it can still read it.");
        }
    }
    if (code != ERR_OK || write->change->operation == REGISTRY_DELETE) {
        return code;
    }
    bool same = life->shown && life->prepared != NULL &&
                strcmp(life->name.family, shown->family) == 0 &&
                strcmp(life->name.label, shown->label) == 0 &&
                memcmp(life->content, record.version.content, STORE_HASH_BYTES) == 0;
    return same ? ERR_OK : say_stale(write, err);
}

enum err_code life_check(struct store_txn *txn, struct write *write, struct err *err)
{
    struct version_shown shown;
    struct version_record taken;
    size_t len = 0;
    const char *id = id_of(write, &len);
    const struct version_prepared *prepared = write->life.prepared;
    write->life.stale = false;
    if (write->change->kind != REGISTRY_SUBMODEL) {
        return check_plain(txn, write, err);
    }
    enum err_code code = version_shown_find(txn, id, len, &shown);
    if (code == ERR_OK) {
        return check_shown(txn, write, &shown, err);
    }
    if (code != ERR_NOT_FOUND) {
        return err_set(err, code, "the versions cannot be read");
    }
    if (write->life.shown || (prepared != NULL && version_find(txn, prepared->family,
                                                      prepared->label, &taken) == ERR_OK)) {
        return say_stale(write, err);
    }
    return check_plain(txn, write, err);
}

/* ------------------------------------------------------------------ behind the write */

static enum err_code follow_new(struct store_txn *txn, const struct write *write, struct err *err)
{
    const struct version_prepared *prepared = write->life.prepared;
    char base[LABEL_BYTES_MAX + 1] = "";
    struct version_record record = {
        .version = {.family = prepared->family,
            .label = prepared->label,
            .title = prepared->title,
            .publisher = prepared->publisher,
            .submodel_id = prepared->submodel_id,
            .semantic_id = prepared->semantic_id,
            .state = TEMPLATE_DRAFT,
            .created_ms = write->time_ms,
            .changed_ms = write->time_ms,
            .source = "",
            .errors = prepared->errors,
            .warnings = prepared->warnings,
            .base = base,
            .author = write->author == NULL ? NULL : write->author->name}};
    memcpy(record.version.content, prepared->content, STORE_HASH_BYTES);
    enum err_code code = life_published(txn, prepared->family, &record.version.seen, err);
    if (code == ERR_OK) {
        code = life_predecessor(txn, prepared->family, prepared->label, base, err);
    }
    if (code == ERR_OK) {
        code = life_put(txn, &record, prepared, write->author, err);
    }
    if (code == ERR_OK) {
        code = version_shown_put(txn, prepared->submodel_id, strlen(prepared->submodel_id),
            prepared->family, prepared->label);
    }
    return code == ERR_OK ? life_event(txn, &record.version, "create", NULL, prepared->content,
                                false, write->author, write->time_ms, err)
                          : code;
}

static enum err_code follow_draft(struct store_txn *txn, struct arena *arena,
    const struct write *write, const struct version_shown *shown, struct err *err)
{
    struct version_record record;
    const struct version_prepared *prepared = write->life.prepared;
    enum err_code code = life_load(txn, arena, shown->family, shown->label, &record, err);
    if (code != ERR_OK) {
        return code;
    }
    if (write->change->operation == REGISTRY_DELETE) {
        return life_remove(txn, &record.version, write->author, write->time_ms, err);
    }
    return life_put_content(
        txn, &record, prepared, "edit", write->summary, write->author, write->time_ms, err);
}

enum err_code life_follow(struct store_txn *txn, const struct write *write, struct err *err)
{
    struct version_shown shown;
    struct arena arena;
    size_t len = 0;
    const char *id = id_of(write, &len);
    if (write->change->kind != REGISTRY_SUBMODEL || write->outcome == REGISTRY_UNCHANGED) {
        return ERR_OK;
    }
    enum err_code code = version_shown_find(txn, id, len, &shown);
    if (code == ERR_NOT_FOUND) {
        return write->life.prepared != NULL ? follow_new(txn, write, err) : ERR_OK;
    }
    arena_init(&arena, LIFE_ARENA_BYTES);
    code = code == ERR_OK ? follow_draft(txn, &arena, write, &shown, err) : code;
    arena_finish(&arena);
    return code == ERR_OK || (err != NULL && err->code == code)
               ? code
               : err_set(err, code, "the draft cannot be stored");
}

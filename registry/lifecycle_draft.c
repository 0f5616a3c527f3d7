/* SPDX-License-Identifier: Apache-2.0 */
/* Making, changing and taking away drafts as a whole. */
#include <string.h>

#include "aas/json.h"
#include "registry/document_record.h"
#include "registry/lifecycle_inside.h"
#include "templates/identity.h"

/* One change of a draft on its way into the store. */
struct drafting {
    struct registry *registry;
    const struct registry_author *author;
    const char *family;
    const char *label;
    const char *operation;
    const char *summary;
    const char *base;
    bool copied;   /* of another version of the family, */
    uint32_t seen; /* when so many were published */
    const unsigned char *if_match;
    struct aas_node *tree;                /* the new content */
    struct report *report;                /* what is found in it, NULL allowed */
    bool part;                            /* it was put in among the rest of the old one, */
    unsigned char rest[STORE_HASH_BYTES]; /* which must still be there, */
    bool stale;                           /* and is not any more */
    struct version_prepared prepared;
    const struct life_also *also; /* NULL: nothing */
    int64_t time_ms;
};

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the template is too large for this request");
}

static enum err_code give(struct registry *registry, struct arena *arena, const char *family,
    const char *label, struct registry_version *version, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_version(&view, arena, family, label, version, NULL, NULL, err);
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ trees */

static enum err_code no_template(struct err *err)
{
    err_set(err, ERR_INVALID,
        "a template is an environment with one submodel of kind Template, or "
        "such a submodel by itself");
    err_rule(err, "template-kind", "Set kind to Template.");
    return ERR_INVALID;
}

/* An environment out of what came, which may be a submodel alone. */
static enum err_code take_root(
    struct arena *arena, struct aas_node *root, struct aas_node **environment, struct err *err)
{
    *environment = root;
    if (root->cls->id == CLASS_Environment) {
        return ERR_OK;
    }
    if (root->cls->id != CLASS_Submodel) {
        return no_template(err);
    }
    struct aas_node *made = aas_node_new(arena, meta_class(CLASS_Environment));
    if (made == NULL || aas_set_list(arena, made, PROP_submodels, &root, 1) != ERR_OK) {
        return full(err);
    }
    *environment = made;
    return ERR_OK;
}

static enum err_code find_template(
    const struct aas_node *environment, const char *id, struct aas_node **submodel, struct err *err)
{
    *submodel = version_submodel(environment, id);
    return *submodel != NULL && template_is(*submodel) ? ERR_OK : no_template(err);
}

/* "2.1.3+x" as "/2/1/3" */
static void segments(const char *label, char text[LABEL_BYTES_MAX + 2])
{
    size_t len = strspn(label, "0123456789.");
    text[0] = '/';
    memcpy(text + 1, label, len);
    text[len + 1] = '\0';
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '.' ? '/' : *at;
    }
}

/* The id of a new version: the old one with the numbers in its path replaced, or with the new ones
 * behind when it has none. NULL when the arena is full. */
static const char *new_id(
    struct arena *arena, const char *old, const char *old_label, const char *label)
{
    char before[LABEL_BYTES_MAX + 2];
    char after[LABEL_BYTES_MAX + 2];
    const char *found = NULL;
    segments(old_label, before);
    segments(label, after);
    size_t len = strlen(before);
    for (const char *at = strstr(old, before); at != NULL; at = strstr(at + 1, before)) {
        bool whole = at[len] == '\0' || at[len] == '/';
        found = whole && len > 1 ? at : found;
    }
    size_t head = found != NULL ? (size_t)(found - old) : strlen(old);
    return arena_printf(arena, "%.*s%s%s", (int)head, old, after, found != NULL ? found + len : "");
}

/* ------------------------------------------------------------------ making */

/* True when nothing else is known under the id. */
static enum err_code is_free(
    struct store_txn *txn, const struct document_prepared *document, bool *free, struct err *err)
{
    struct registry_document stored;
    struct version_shown shown;
    enum err_code code =
        document_find(txn, REGISTRY_SUBMODEL, document->id, document->id_len, &stored, NULL);
    bool same = code == ERR_OK && memcmp(stored.hash, document->hash, STORE_HASH_BYTES) == 0;
    bool unshown =
        same && version_shown_find(txn, document->id, document->id_len, &shown) == ERR_NOT_FOUND;
    *free = code == ERR_NOT_FOUND || unshown;
    return code == ERR_OK || code == ERR_NOT_FOUND ? ERR_OK
                                                   : err_set(err, code, "the store cannot be read");
}

static struct version_record new_record(const struct drafting *drafting, uint32_t published)
{
    const struct version_prepared *prepared = &drafting->prepared;
    const struct registry_author *author = drafting->author;
    struct version_record record = {.version = {.family = drafting->family,
                                        .label = drafting->label,
                                        .title = prepared->title,
                                        .publisher = prepared->publisher,
                                        .submodel_id = prepared->submodel_id,
                                        .semantic_id = prepared->semantic_id,
                                        .state = TEMPLATE_DRAFT,
                                        .created_ms = drafting->time_ms,
                                        .changed_ms = drafting->time_ms,
                                        .source = prepared->source,
                                        .errors = prepared->errors,
                                        .warnings = prepared->warnings,
                                        .base = drafting->base,
                                        .author = author == NULL ? NULL : author->name,
                                        .seen = drafting->copied ? drafting->seen : published}};
    memcpy(record.version.content, prepared->content, STORE_HASH_BYTES);
    return record;
}

static enum err_code also_check(
    struct store_txn *txn, const struct drafting *drafting, struct err *err)
{
    const struct life_also *also = drafting->also;
    bool checks = also != NULL && also->check != NULL;
    return checks ? also->check(txn, also->context, err) : ERR_OK;
}

static enum err_code also_store(struct store_txn *txn, const struct drafting *drafting,
    const struct registry_version *version, struct err *err)
{
    const struct life_also *also = drafting->also;
    enum err_code code = ERR_OK;
    if (also != NULL && also->editor != NULL) {
        code = life_note(txn, version, 'e', also->editor, drafting->time_ms);
    }
    bool stores = also != NULL && also->store != NULL;
    return code == ERR_OK && stores ? also->store(txn, version, also->context, err) : code;
}

static enum err_code change_create(struct store_txn *txn, void *context, struct err *err)
{
    const struct drafting *drafting = context;
    struct version_record there;
    uint32_t published = 0;
    bool free = false;
    enum err_code code = life_may(txn, drafting->author, RIGHT_CREATE, drafting->family, err);
    code = code == ERR_OK ? also_check(txn, drafting, err) : code;
    if (code == ERR_OK) {
        code = version_find(txn, drafting->family, drafting->label, &there);
        if (code == ERR_OK) {
            err_set(err, ERR_EXISTS, "there is a version %.100s of %.200s already, it is %s",
                drafting->label, drafting->family, template_state_text(there.version.state));
            err_rule(err, NULL, "Give the draft another number.");
            return ERR_EXISTS;
        }
        code = code == ERR_NOT_FOUND ? life_published(txn, drafting->family, &published, err)
                                     : err_set(err, code, "the versions cannot be read");
    }
    if (code == ERR_OK) {
        code = is_free(txn, &drafting->prepared.document, &free, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct version_record record = new_record(drafting, published);
    char base[LABEL_BYTES_MAX + 1] = "";
    if (drafting->base[0] == '\0') { /* what follows nothing follows what is below it */
        record.version.base = base;
        code = life_predecessor(txn, drafting->family, drafting->label, base, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = life_put(txn, &record, &drafting->prepared, drafting->author, err);
    if (code == ERR_OK) {
        code = life_event(txn, &record.version, drafting->operation, drafting->summary,
            record.version.content, false, drafting->author, drafting->time_ms, err);
    }
    if (code == ERR_OK && free) {
        code = life_show(txn, &record.version, &drafting->prepared.document, NULL, drafting->author,
            drafting->time_ms, err);
    }
    return code == ERR_OK ? also_store(txn, drafting, &record.version, err) : code;
}

/* What a draft that follows another version begins with. */
static enum err_code copy_from(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, struct version_record *old, struct aas_node **environment,
    uint32_t *published, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = life_load(&view.txn, arena, draft->family, draft->from, old, err);
    if (code == ERR_OK) {
        code = version_read(&view.txn, arena, old, environment, err);
    }
    if (code == ERR_OK) {
        code = life_published(&view.txn, draft->family, published, err);
    }
    registry_view_end(&view);
    return code;
}

static enum err_code derive(struct arena *arena, const struct lifecycle_draft *draft,
    const struct version_record *old, struct aas_node *environment, struct aas_node **submodel,
    struct err *err)
{
    const char *id = old->version.submodel_id;
    const char *to = draft->submodel_id != NULL ? draft->submodel_id
                                                : new_id(arena, id, draft->from, draft->label);
    struct aas_node *found = version_submodel(environment, id);
    if (to == NULL) {
        return full(err);
    }
    if (found == NULL || !template_is(found)) {
        return err_set(err, ERR_STATE,
            "version %.100s of %.200s holds no template that a new one could be made from",
            draft->from, draft->family);
    }
    enum err_code code = version_rename(arena, environment, id, to);
    if (code == ERR_OK) {
        code = version_number(arena, found, draft->label);
    }
    *submodel = found;
    return code == ERR_OK ? ERR_OK : full(err);
}

static enum err_code check_names(const struct lifecycle_draft *draft, struct err *err)
{
    if (draft->family != NULL && !lifecycle_family_fits(draft->family)) {
        return err_set(err, ERR_BAD_INPUT,
            "\"%.100s\" is no name for a family: lower case letters, digits, dots and dashes are",
            draft->family);
    }
    if (draft->label != NULL && !lifecycle_label_fits(draft->label)) {
        return err_set(err, ERR_BAD_INPUT,
            "\"%.100s\" is no version: two or three numbers with dots are, such as 2.1 or 2.1.3, "
            "and a variant behind a +",
            draft->label);
    }
    if (draft->from != NULL && (draft->label == NULL || draft->family == NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the number of the new version is missing");
    }
    return ERR_OK;
}

/* The tree of the new draft. */
static enum err_code begin(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, struct drafting *drafting, const char **publisher,
    struct aas_node **environment, struct aas_node **submodel, struct err *err)
{
    struct version_record old;
    struct aas_node *copied = NULL;
    enum err_code code = check_names(draft, err);
    if (code == ERR_OK && draft->from != NULL) {
        code = copy_from(registry, arena, draft, &old, &copied, &drafting->seen, err);
        /* What follows a draft is measured by what that one follows, and knows no more. */
        bool unpublished = code == ERR_OK && old.version.state < TEMPLATE_PUBLISHED;
        drafting->base = unpublished ? old.version.base : draft->from;
        drafting->seen = unpublished ? old.version.seen : drafting->seen;
        drafting->copied = draft->environment == NULL;
        if (code == ERR_OK && draft->environment != NULL) {
            code = take_root(arena, draft->environment, &copied, err);
        }
        if (code == ERR_OK) {
            *environment = copied;
            *publisher = old.version.publisher;
            return derive(arena, draft, &old, copied, submodel, err);
        }
    }
    if (code == ERR_OK) {
        code = take_root(arena, draft->environment, environment, err);
    }
    return code == ERR_OK ? find_template(*environment, NULL, submodel, err) : code;
}

enum err_code lifecycle_draft_create(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err)
{
    return life_draft_create(registry, arena, draft, author, NULL, report, version, err);
}

enum err_code life_draft_create(struct registry *registry, struct arena *arena,
    const struct lifecycle_draft *draft, const struct registry_author *author,
    const struct life_also *also, struct report *report, struct registry_version *version,
    struct err *err)
{
    struct aas_node *environment = NULL;
    struct aas_node *submodel = NULL;
    const char *publisher = draft->publisher;
    struct drafting drafting = {.registry = registry,
        .author = author,
        .operation = also != NULL ? also->operation : "create",
        .base = "",
        .also = also,
        .time_ms = write_now_ms()};
    enum err_code code =
        begin(registry, arena, draft, &drafting, &publisher, &environment, &submodel, err);
    if (code == ERR_OK) {
        const struct version_source source = {.family = draft->family,
            .label = draft->label,
            .environment = environment,
            .submodel = submodel,
            .state = TEMPLATE_DRAFT,
            .publisher = publisher,
            .source = draft->source};
        code = version_prepare(registry, arena, &source, report, &drafting.prepared, err);
    }
    drafting.family = drafting.prepared.family;
    drafting.label = drafting.prepared.label;
    if (code == ERR_OK && (also != NULL || draft->from != NULL)) {
        drafting.summary =
            also != NULL ? also->summary : arena_printf(arena, "made from %s", draft->from);
    }
    if (code == ERR_OK) {
        code = store_write(registry->store, change_create, &drafting, err);
    }
    return code == ERR_OK ? give(registry, arena, drafting.family, drafting.label, version, err)
                          : code;
}

/* ------------------------------------------------------------------ changing */

/* What comes by itself is put in among the concept descriptions that were read: none that somebody
 * else has changed meanwhile may be undone by that. */
static enum err_code check_rest(
    struct drafting *drafting, const struct version_record *record, struct err *err)
{
    drafting->stale =
        drafting->part && memcmp(record->version.content, drafting->rest, STORE_HASH_BYTES) != 0;
    return drafting->stale
               ? err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION))
               : ERR_OK;
}

static enum err_code store_content(
    struct store_txn *txn, struct arena *arena, struct drafting *drafting, struct err *err)
{
    struct version_record record;
    struct version_shown shown;
    const struct version_prepared *prepared = &drafting->prepared;
    const struct document_prepared *document = &prepared->document;
    enum err_code code = life_may(txn, drafting->author, RIGHT_UPDATE, drafting->family, err);
    if (code == ERR_OK) {
        code = life_load(txn, arena, drafting->family, drafting->label, &record, err);
    }
    if (code == ERR_OK) {
        code = life_is_draft(txn, &record, drafting->if_match, err);
    }
    code = code == ERR_OK ? check_rest(drafting, &record, err) : code;
    code = code == ERR_OK ? also_check(txn, drafting, err) : code;
    if (code != ERR_OK) {
        return code;
    }
    if (memcmp(record.version.content, prepared->content, STORE_HASH_BYTES) == 0) {
        return also_store(txn, drafting, &record.version, err);
    }
    bool is_shown = version_shown_find(txn, document->id, document->id_len, &shown) == ERR_OK &&
                    strcmp(shown.family, drafting->family) == 0 &&
                    strcmp(shown.label, drafting->label) == 0;
    code = life_put_content(txn, &record, prepared, drafting->operation, drafting->summary,
        drafting->author, drafting->time_ms, err);
    if (code == ERR_OK && is_shown) {
        code = life_show(
            txn, &record.version, document, NULL, drafting->author, drafting->time_ms, err);
    }
    return code == ERR_OK ? also_store(txn, drafting, &record.version, err) : code;
}

static enum err_code change_content(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = store_content(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

/* The new content as an environment: a submodel alone takes the place of the old one. */
static enum err_code place_root(struct aas_node *old, const char *id, struct aas_node *root,
    struct aas_node **environment, struct aas_node **submodel, struct err *err)
{
    *environment = root;
    if (root->cls->id == CLASS_Submodel) {
        struct aas_node *before = version_submodel(old, id);
        if (before == NULL) {
            return full(err);
        }
        aas_list_replace(old, PROP_submodels, before->index, root);
        *environment = old;
    } else if (root->cls->id != CLASS_Environment) {
        return no_template(err);
    }
    *submodel = version_submodel(*environment, id);
    if (*submodel == NULL || !template_is(*submodel)) {
        err_set(err, ERR_BAD_INPUT,
            "the content has no submodel of kind Template with the draft's id '%.300s'", id);
        err_rule(err, "template-id", "Keep the id, or make another draft with the other one.");
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

static enum err_code replace(struct drafting *drafting, struct arena *arena, struct err *err)
{
    struct registry_view view;
    struct version_record old;
    struct aas_node *before = NULL;
    struct aas_node *environment = NULL;
    struct aas_node *submodel = NULL;
    struct report found;
    enum err_code code = registry_view_begin(drafting->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = life_load(&view.txn, arena, drafting->family, drafting->label, &old, err);
    if (code == ERR_OK) {
        code = life_is_draft(&view.txn, &old, drafting->if_match, err);
    }
    if (code == ERR_OK) {
        code = version_read(&view.txn, arena, &old, &before, err);
    }
    registry_view_end(&view);
    if (code == ERR_OK) {
        code = place_root(
            before, old.version.submodel_id, drafting->tree, &environment, &submodel, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    drafting->part = environment != drafting->tree;
    memcpy(drafting->rest, old.version.content, STORE_HASH_BYTES);
    const struct version_source source = {.family = drafting->family,
        .label = drafting->label,
        .environment = environment,
        .submodel = submodel,
        .state = TEMPLATE_DRAFT,
        .publisher = old.version.publisher,
        .source = old.version.source};
    report_init(&found);
    code = version_prepare(drafting->registry, arena, &source, &found, &drafting->prepared, err);
    if (code == ERR_OK) {
        code = store_write(drafting->registry->store, change_content, drafting, err);
    }
    if (drafting->report != NULL && !drafting->stale) {
        report_merge(drafting->report, &found);
    }
    report_finish(&found);
    return code;
}

static enum err_code try_replace(struct arena *arena, void *context, bool *lost, struct err *err)
{
    struct drafting *drafting = context;
    drafting->stale = false;
    enum err_code code = replace(drafting, arena, err);
    *lost = drafting->stale;
    return code;
}

enum err_code lifecycle_draft_replace(struct registry *registry, struct arena *arena,
    const char *family, const char *label, struct aas_node *environment,
    const unsigned char *if_match, const struct registry_author *author, struct report *report,
    struct registry_version *version, struct err *err)
{
    return life_draft_replace(
        registry, arena, family, label, environment, if_match, author, NULL, report, version, err);
}

enum err_code life_draft_replace(struct registry *registry, struct arena *arena, const char *family,
    const char *label, struct aas_node *environment, const unsigned char *if_match,
    const struct registry_author *author, const struct life_also *also, struct report *report,
    struct registry_version *version, struct err *err)
{
    struct drafting drafting = {.registry = registry,
        .also = also,
        .author = author,
        .family = family,
        .label = label,
        .operation = also != NULL ? also->operation : "edit",
        .summary = also != NULL ? also->summary : NULL,
        .if_match = if_match,
        .tree = environment,
        .report = report,
        .time_ms = write_now_ms()};
    enum err_code code = write_until_stored(
        registry, family, strlen(family), report_meter(report), try_replace, &drafting, err);
    return code == ERR_OK ? give(registry, arena, family, label, version, err) : code;
}

enum err_code lifecycle_draft_restore(struct registry *registry, struct arena *arena,
    const char *family, const char *label, uint64_t revision, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err)
{
    struct registry_view view;
    const char *json = NULL;
    size_t len = 0;
    const char *id = arena_printf(arena, "%s@%s", family, label);
    struct drafting drafting = {.registry = registry,
        .author = author,
        .family = family,
        .label = label,
        .operation = "restore",
        .summary =
            arena_printf(arena, "revision %llu is there again", (unsigned long long)revision),
        .report = report,
        .time_ms = write_now_ms()};
    enum err_code code = id == NULL ? full(err) : registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_revision_content(
        &view, arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), revision, &json, &len, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        code = aas_json_read(
            arena, json, len, meta_class(CLASS_Environment), NULL, &drafting.tree, err);
    }
    if (code == ERR_OK) {
        code = replace(&drafting, arena, err);
    }
    return code == ERR_OK ? give(registry, arena, family, label, version, err) : code;
}

/* ------------------------------------------------------------------ taking away */

static enum err_code discard(
    struct store_txn *txn, struct arena *arena, const struct drafting *drafting, struct err *err)
{
    struct version_record record;
    struct version_shown shown;
    enum err_code code = life_may(txn, drafting->author, RIGHT_DELETE, drafting->family, err);
    if (code == ERR_OK) {
        code = life_load(txn, arena, drafting->family, drafting->label, &record, err);
    }
    if (code == ERR_OK) {
        code = life_is_draft(txn, &record, drafting->if_match, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *id = record.version.submodel_id;
    bool is_shown = version_shown_find(txn, id, strlen(id), &shown) == ERR_OK &&
                    strcmp(shown.family, drafting->family) == 0 &&
                    strcmp(shown.label, drafting->label) == 0;
    if (is_shown) {
        code = document_delete(txn, REGISTRY_SUBMODEL, id, strlen(id), NULL, drafting->author,
            drafting->time_ms, NULL);
        code = code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    return code == ERR_OK
               ? life_remove(txn, &record.version, drafting->author, drafting->time_ms, err)
               : err_set(err, code, "the draft cannot be taken away");
}

static enum err_code change_discard(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = discard(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

enum err_code lifecycle_draft_discard(struct registry *registry, const char *family,
    const char *label, const unsigned char *if_match, const struct registry_author *author,
    struct err *err)
{
    struct drafting drafting = {.registry = registry,
        .author = author,
        .family = family,
        .label = label,
        .if_match = if_match,
        .time_ms = write_now_ms()};
    return store_write(registry->store, change_discard, &drafting, err);
}

/* ------------------------------------------------------------------ following another one */

static enum err_code check_onto(
    struct store_txn *txn, const struct drafting *drafting, const char *onto, struct err *err)
{
    struct version_record record;
    enum err_code code = version_find(txn, drafting->family, onto, &record);
    bool may = code == ERR_OK && record.version.state >= TEMPLATE_PUBLISHED;
    return may ? ERR_OK
               : err_set(err, code == ERR_OK ? ERR_STATE : ERR_NOT_FOUND,
                     "there is no published version '%.100s' of '%.200s'", onto, drafting->family);
}

static enum err_code rebase(
    struct store_txn *txn, struct arena *arena, const struct drafting *drafting, struct err *err)
{
    struct version_record record;
    char predecessor[LABEL_BYTES_MAX + 1] = "";
    const char *onto = drafting->base;
    enum err_code code = life_may(txn, drafting->author, RIGHT_UPDATE, drafting->family, err);
    if (code == ERR_OK) {
        code = life_load(txn, arena, drafting->family, drafting->label, &record, err);
    }
    if (code == ERR_OK && record.version.state > TEMPLATE_IN_REVIEW) {
        return life_refuse_change(txn, &record.version, err);
    }
    if (code == ERR_OK && onto == NULL) {
        code = life_predecessor(txn, drafting->family, drafting->label, predecessor, err);
        onto = predecessor;
    } else if (code == ERR_OK) {
        code = check_onto(txn, drafting, onto, err);
    }
    if (code == ERR_OK) {
        code = life_published(txn, drafting->family, &record.version.seen, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    record.version.base = onto;
    record.version.changed_ms = drafting->time_ms;
    const char *summary = arena_printf(arena, "follows %s", onto[0] == '\0' ? "no version" : onto);
    code = version_put(txn, &record);
    if (code == ERR_OK) {
        code = life_forget(txn, &record.version, 'a');
    }
    return code == ERR_OK ? life_event(txn, &record.version, "rebase", summary, NULL, false,
                                drafting->author, drafting->time_ms, err)
                          : err_set(err, code, "the version cannot be stored");
}

static enum err_code change_rebase(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = rebase(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

enum err_code lifecycle_draft_rebase(struct registry *registry, struct arena *arena,
    const char *family, const char *label, const char *onto, const struct registry_author *author,
    struct registry_version *version, struct err *err)
{
    struct drafting drafting = {.registry = registry,
        .author = author,
        .family = family,
        .label = label,
        .base = onto,
        .time_ms = write_now_ms()};
    enum err_code code = store_write(registry->store, change_rebase, &drafting, err);
    return code == ERR_OK ? give(registry, arena, family, label, version, err) : code;
}

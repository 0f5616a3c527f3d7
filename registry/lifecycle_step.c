/* SPDX-License-Identifier: Apache-2.0 */
/* Steps from one state of a version to the next. */
#include <string.h>

#include "registry/document_record.h"
#include "registry/lifecycle_gate.h"
#include "templates/identity.h"

/* One step on its way into the store. */
struct stepping {
    struct registry *registry;
    const struct lifecycle_request *request;
    const struct lifecycle_row *row;
    const struct registry_author *author;
    unsigned char gated[STORE_HASH_BYTES]; /* content that the gate has seen */
    struct document_prepared document;     /* to be shown from now on, when `show` */
    const char *show;                      /* label of the version whose document it is, NULL */
    struct document_prepared *concepts;    /* of its environment, that nobody has stored yet */
    size_t concept_count;
    const char *overruled; /* why the number may be too small, "" when it is not */
    const char *summary;
    int64_t time_ms;
    bool moved; /* it changed between the gate and the transaction: again */
};

/* ------------------------------------------------------------------ refusing */

static enum err_code refuse_state(
    const struct stepping *stepping, const struct registry_version *version, struct err *err)
{
    const char *can[STEP_COUNT];
    size_t count = 0;
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        const struct lifecycle_row *row = lifecycle_row((enum lifecycle_step)i);
        if ((row->from >> version->state & 1) != 0) {
            can[count++] = row->name;
        }
    }
    struct err way = {0};
    switch (count) {
    case 0:
        err_set(&way, ERR_STATE, "Nothing can be done with it any more; make a new version.");
        break;
    case 1:
        err_set(&way, ERR_STATE, "What can be done now is: %s.", can[0]);
        break;
    case 2:
        err_set(&way, ERR_STATE, "What can be done now is: %s, %s.", can[0], can[1]);
        break;
    default:
        err_set(&way, ERR_STATE, "What can be done now is: %s, %s, %s%s%s.", can[0], can[1], can[2],
            count > 3 ? ", " : "", count > 3 ? can[3] : "");
    }
    err_set(err, ERR_STATE, "version %.100s of %.200s is %s; it cannot be told to %s",
        version->label, version->family, template_state_text(version->state), stepping->row->name);
    err_rule(err, "transition", way.text);
    return ERR_STATE;
}

static enum err_code check_reason(const struct stepping *stepping, struct err *err)
{
    const char *message = stepping->author == NULL ? NULL : stepping->author->message;
    if (!stepping->row->needs_reason || life_says(message)) {
        return ERR_OK;
    }
    err_set(err, ERR_BAD_INPUT, "to %s a version, a reason is needed", stepping->row->name);
    err_rule(err, "reason", "Say why in \"message\"; it stays in the history.");
    return ERR_BAD_INPUT;
}

/* Who has worked on a version cannot approve it. */
static enum err_code check_approver(struct store_txn *txn, const struct stepping *stepping,
    const struct version_record *record, struct err *err)
{
    const struct registry_author *author = stepping->author;
    const char *name = author == NULL || author->name == NULL ? "" : author->name;
    if (name[0] == '\0') {
        err_set(err, ERR_BAD_INPUT, "an approval needs somebody's name");
        err_rule(err, "approver", "Send the request as a user.");
        return ERR_BAD_INPUT;
    }
    if (life_noted(txn, &record->version, 'e', name)) {
        err_set(
            err, ERR_FORBIDDEN, "%.100s has worked on this version and cannot approve it", name);
        err_rule(err, "approver", "Ask somebody else to review it.");
        return ERR_FORBIDDEN;
    }
    return ERR_OK;
}

static enum err_code check_successor(struct store_txn *txn, const struct stepping *stepping,
    const struct version_record *record, struct err *err)
{
    char family[FAMILY_BYTES_MAX + 1] = "";
    struct version_record successor;
    const char *named = stepping->request->successor;
    const char *at = named == NULL ? NULL : strchr(named, '@');
    if (named == NULL || named[0] == '\0') {
        err_set(err, ERR_BAD_INPUT, "what is to be used instead is missing");
        err_rule(err, "successor",
            "Name it in \"successor\" as VERSION, or FAMILY@VERSION; without one, withdraw.");
        return ERR_BAD_INPUT;
    }
    if (at != NULL && (size_t)(at - named) < sizeof family) {
        memcpy(family, named, (size_t)(at - named));
    }
    const char *in = at == NULL ? record->version.family : family;
    const char *label = at == NULL ? named : at + 1;
    bool itself =
        strcmp(in, record->version.family) == 0 && strcmp(label, record->version.label) == 0;
    enum err_code code = itself ? ERR_NOT_FOUND : version_find(txn, in, label, &successor);
    if (code != ERR_OK || successor.version.state != TEMPLATE_PUBLISHED) {
        err_set(err, ERR_BAD_INPUT, "'%.150s' is no other published version", named);
        err_rule(err, "successor", "Name a published version as VERSION, or FAMILY@VERSION.");
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

static enum err_code check_again(struct store_txn *txn, struct stepping *stepping,
    const struct version_record *record, struct err *err)
{
    uint32_t published = 0;
    enum err_code code = life_published(txn, record->version.family, &published, err);
    stepping->moved =
        code == ERR_OK &&
        (memcmp(record->version.content, stepping->gated, STORE_HASH_BYTES) != 0 ||
            published != record->version.seen ||
            life_count_approvals(txn, &record->version) < stepping->request->policy.approvals);
    return stepping->moved ? err_set(err, ERR_PRECONDITION, "it was changed meanwhile") : code;
}

static enum err_code check(struct store_txn *txn, struct stepping *stepping,
    const struct version_record *record, struct err *err)
{
    const struct lifecycle_request *request = stepping->request;
    enum err_code code = life_may(
        txn, stepping->author, (enum access_right)stepping->row->right, request->family, err);
    if (code == ERR_OK && request->if_match != NULL &&
        memcmp(request->if_match, record->version.content, STORE_HASH_BYTES) != 0) {
        code = err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    if (code == ERR_OK && (stepping->row->from >> record->version.state & 1) == 0) {
        code = refuse_state(stepping, &record->version, err);
    }
    if (code == ERR_OK) {
        code = check_reason(stepping, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    switch (stepping->row->step) {
    case STEP_APPROVE:
        return check_approver(txn, stepping, record, err);
    case STEP_DEPRECATE:
        return check_successor(txn, stepping, record, err);
    case STEP_PUBLISH:
        return check_again(txn, stepping, record, err);
    default:
        return ERR_OK;
    }
}

/* ------------------------------------------------------------------ carrying out */

/* Shows a version under its id, unless something is shown there that must stay. */
static enum err_code show(struct store_txn *txn, const struct stepping *stepping,
    const struct registry_version *version, struct err *err)
{
    struct version_shown shown;
    struct version_record other;
    const struct document_prepared *document = &stepping->document;
    struct registry_version named = *version;
    if (stepping->show == NULL) {
        return ERR_OK;
    }
    named.label = stepping->show;
    enum err_code code = version_shown_find(txn, document->id, document->id_len, &shown);
    bool own = code == ERR_OK && strcmp(shown.family, version->family) == 0;
    bool older = own && template_label_compare(shown.label, named.label) < 0;
    bool replaced = own && strcmp(shown.label, version->label) == 0 &&
                    strcmp(named.label, version->label) != 0; /* by withdrawing it */
    struct registry_document stored;
    bool hidden = code == ERR_OK &&
                  version_find(txn, shown.family, shown.label, &other) == ERR_OK &&
                  other.version.state < TEMPLATE_PUBLISHED; /* a draft keeps its content */
    bool unclaimed = code == ERR_NOT_FOUND && document_find(txn, REGISTRY_SUBMODEL, document->id,
                                                  document->id_len, &stored, NULL) == ERR_NOT_FOUND;
    if (!older && !replaced && !hidden && !unclaimed) {
        return ERR_OK;
    }
    if (version_find(txn, named.family, named.label, &other) != ERR_OK) {
        return ERR_OK;
    }
    return life_show(
        txn, &named, document, stepping->row->logged, stepping->author, stepping->time_ms, err);
}

/* What a published version means by its ids is known from then on; what is known already stays. */
static enum err_code store_concepts(
    struct store_txn *txn, const struct stepping *stepping, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < stepping->concept_count && code == ERR_OK; i++) {
        const struct document_prepared *concept = &stepping->concepts[i];
        struct registry_document stored;
        enum registry_outcome outcome;
        code = document_find(
            txn, REGISTRY_CONCEPT_DESCRIPTION, concept->id, concept->id_len, &stored, NULL);
        if (code == ERR_NOT_FOUND) {
            code = document_put(txn, concept, REGISTRY_UPSERT, NULL, stepping->row->logged,
                stepping->author, NULL, stepping->time_ms, &outcome, err);
        }
    }
    return code;
}

static enum err_code set_state(struct store_txn *txn, const struct stepping *stepping,
    struct version_record *record, struct err *err)
{
    struct store_key key;
    struct registry_version *version = &record->version;
    version->state = stepping->row->to;
    version->changed_ms = stepping->time_ms;
    if (stepping->row->step == STEP_PUBLISH) {
        version->published_ms = stepping->time_ms;
        version->overruled = stepping->overruled;
    }
    if (stepping->row->step == STEP_DEPRECATE) {
        version->successor = stepping->request->successor;
    }
    key_version_searched(&key, version->family, version->label);
    enum err_code code = version_put(txn, record);
    if (code == ERR_OK) {
        code = search_set_facet(
            txn, key.bytes, key.len, FACET_STATE, template_state_text(version->state), err);
    }
    return code == ERR_OK ? family_refresh(txn, version->family, err) : code;
}

static enum err_code carry_out(struct store_txn *txn, struct stepping *stepping,
    struct version_record *record, struct err *err)
{
    const struct registry_version *version = &record->version;
    enum lifecycle_step step = stepping->row->step;
    enum err_code code = ERR_OK;
    if (step == STEP_APPROVE) {
        code = life_note(txn, version, 'a', stepping->author, stepping->time_ms);
    } else {
        code = set_state(txn, stepping, record, err);
    }
    if (code == ERR_OK && (step == STEP_REJECT || step == STEP_RECALL)) {
        code = life_forget(txn, version, 'a');
    }
    if (code == ERR_OK) {
        code = show(txn, stepping, version, err);
    }
    if (code == ERR_OK) {
        code = store_concepts(txn, stepping, err);
    }
    return code == ERR_OK ? life_event(txn, version, stepping->row->logged, stepping->summary, NULL,
                                false, stepping->author, stepping->time_ms, err)
                          : code;
}

static enum err_code change_step(struct store_txn *txn, void *context, struct err *err)
{
    struct stepping *stepping = context;
    const struct lifecycle_request *request = stepping->request;
    struct version_record record;
    struct arena arena;
    stepping->moved = false;
    arena_init(&arena, LIFE_ARENA_BYTES);
    enum err_code code = life_load(txn, &arena, request->family, request->label, &record, err);
    if (code == ERR_OK) {
        code = check(txn, stepping, &record, err);
    }
    if (code == ERR_OK) {
        code = carry_out(txn, stepping, &record, err);
        if (code != ERR_OK && (err == NULL || err->code != code)) {
            err_set(err, code, "the step cannot be stored");
        }
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ before the transaction */

static enum err_code prepare_concepts(struct stepping *stepping, struct registry_view *view,
    struct arena *arena, const struct aas_node *environment, struct err *err)
{
    size_t count = 0;
    struct aas_node **nodes = aas_list(environment, PROP_conceptDescriptions, &count);
    enum err_code code = ERR_OK;
    stepping->concept_count = 0;
    stepping->concepts = arena_alloc(arena, (count + 1) * sizeof *stepping->concepts);
    if (stepping->concepts == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the version is too large to be published");
    }
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        const char *id = aas_text(nodes[i], PROP_id);
        struct registry_document stored;
        if (id != NULL && document_find(&view->txn, REGISTRY_CONCEPT_DESCRIPTION, id, strlen(id),
                              &stored, NULL) == ERR_NOT_FOUND) {
            code = document_prepare(
                arena, nodes[i], &stepping->concepts[stepping->concept_count++], err);
        }
    }
    return code;
}

/* Makes the document of a version ready to be shown, and of one that is published the concept
 * descriptions, too. */
static enum err_code prepare_shown(struct stepping *stepping, struct registry_view *view,
    struct arena *arena, const struct version_record *record, const char *label, struct err *err)
{
    struct aas_node *environment = NULL;
    enum err_code code = version_read(&view->txn, arena, record, &environment, err);
    struct aas_node *submodel =
        code == ERR_OK ? version_submodel(environment, record->version.submodel_id) : NULL;
    if (submodel == NULL) {
        return code;
    }
    code = document_prepare(arena, submodel, &stepping->document, err);
    stepping->show = code == ERR_OK ? label : NULL;
    if (code == ERR_OK && stepping->row->step == STEP_PUBLISH) {
        code = prepare_concepts(stepping, view, arena, environment, err);
    }
    return code;
}

/* The newest published version that has the same submodel id as one that is withdrawn. */
static enum err_code find_other(
    struct stepping *stepping, struct registry_view *view, struct arena *arena, struct err *err)
{
    const struct lifecycle_request *request = stepping->request;
    struct version_record own;
    struct version_record other;
    struct registry_family family;
    struct registry_version *versions = NULL;
    size_t count = 0;
    enum err_code code = life_load(&view->txn, arena, request->family, request->label, &own, err);
    if (code == ERR_OK) {
        code = registry_family(view, arena, request->family, &family, &versions, &count, err);
    }
    for (size_t i = 0; i < count && code == ERR_OK; i++) { /* newest first */
        bool fits = versions[i].state == TEMPLATE_PUBLISHED &&
                    strcmp(versions[i].label, request->label) != 0 &&
                    strcmp(versions[i].submodel_id, own.version.submodel_id) == 0;
        if (fits) {
            code = life_load(&view->txn, arena, request->family, versions[i].label, &other, err);
            return code == ERR_OK
                       ? prepare_shown(stepping, view, arena, &other, versions[i].label, err)
                       : code;
        }
    }
    return code;
}

static enum err_code refuse_publication(
    const struct stepping *stepping, const struct report *report, struct err *err)
{
    err_set(err, ERR_STATE, "version %.100s of %.200s cannot be published: %zu thing%s missing",
        stepping->request->label, stepping->request->family, report->errors,
        report->errors == 1 ? " is" : "s are");
    err_rule(err, "gate", "See the other messages; all of them must be settled.");
    return ERR_STATE;
}

static enum err_code prepare(
    struct stepping *stepping, struct arena *arena, struct report *report, struct err *err)
{
    const struct lifecycle_request *request = stepping->request;
    enum lifecycle_step step = stepping->row->step;
    struct version_record record;
    struct registry_view view;
    size_t errors = report->errors;
    if (step != STEP_PUBLISH && step != STEP_WITHDRAW) {
        return ERR_OK;
    }
    enum err_code code = registry_view_begin(stepping->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = life_load(&view.txn, arena, request->family, request->label, &record, err);
    if (code == ERR_OK) { /* before the costly part */
        code = life_may(&view.txn, stepping->author, (enum access_right)stepping->row->right,
            request->family, err);
    }
    if (code == ERR_OK && (stepping->row->from >> record.version.state & 1) == 0) {
        code = refuse_state(stepping, &record.version, err);
    }
    if (code == ERR_OK && step == STEP_WITHDRAW) {
        code = find_other(stepping, &view, arena, err);
    }
    if (code == ERR_OK && step == STEP_PUBLISH) {
        code = prepare_shown(stepping, &view, arena, &record, request->label, err);
    }
    registry_view_end(&view);
    if (code != ERR_OK || step == STEP_WITHDRAW) {
        return code;
    }
    code = gate_check(stepping->registry, arena, request, report, &record, err);
    if (code != ERR_OK) {
        return code;
    }
    memcpy(stepping->gated, record.version.content, STORE_HASH_BYTES);
    stepping->overruled = record.version.overruled;
    if (life_says(stepping->overruled)) {
        stepping->summary = arena_printf(arena, "number overruled: %s", stepping->overruled);
    }
    return report->errors > errors ? refuse_publication(stepping, report, err) : code;
}

static const char *summary_of(struct arena *arena, const struct lifecycle_request *request)
{
    if (request->step == STEP_DEPRECATE && request->successor != NULL) {
        return arena_printf(arena, "use %s instead", request->successor);
    }
    return NULL;
}

enum err_code lifecycle_step(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err)
{
    enum { ATTEMPTS = 4 };
    enum err_code code = ERR_OK;
    bool again = true;
    for (int i = 0; i < ATTEMPTS && again; i++) {
        struct stepping stepping = {.registry = registry,
            .request = request,
            .row = lifecycle_row(request->step),
            .author = author,
            .summary = summary_of(arena, request),
            .time_ms = write_now_ms()};
        code = prepare(&stepping, arena, report, err);
        if (code == ERR_OK) {
            code = store_write(registry->store, change_step, &stepping, err);
        }
        again = code == ERR_PRECONDITION && stepping.moved;
    }
    code = again ? write_lost(err) : code;
    struct registry_view view;
    if (code == ERR_OK) {
        code = registry_view_begin(registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code =
        registry_version(&view, arena, request->family, request->label, version, NULL, NULL, err);
    registry_view_end(&view);
    return code;
}

bool lifecycle_outdated(struct registry_view *view, struct arena *arena, const char *submodel_id,
    size_t len, struct registry_version *version)
{
    struct version_shown shown;
    return version_shown_find(&view->txn, submodel_id, len, &shown) == ERR_OK &&
           registry_version(view, arena, shown.family, shown.label, version, NULL, NULL, NULL) ==
               ERR_OK &&
           version->state >= TEMPLATE_DEPRECATED;
}

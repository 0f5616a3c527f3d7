/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/proposals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "registry/document_record.h"
#include "registry/event.h"
#include "registry/lifecycle_inside.h"
#include "registry/proposal_record.h"
#include "templates/identity.h"

#define PROPOSAL_COUNTER "proposal"

enum { LIST_MOST = 1000, LOOKED_AT_MOST = 100000, NUMBER_ROOM = 24 };

static const char *const state_texts[PROPOSAL_STATES] = {
    "open", "accepted", "refused", "taken back"};

const char *proposal_state_text(enum proposal_state state)
{
    return (unsigned)state < PROPOSAL_STATES ? state_texts[state] : "";
}

bool proposal_state_read(const char *text, enum proposal_state *state)
{
    for (unsigned i = 0; i < PROPOSAL_STATES; i++) {
        if (strcmp(text, state_texts[i]) == 0) {
            *state = (enum proposal_state)i;
            return true;
        }
    }
    return false;
}

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the proposal is too large for this request");
}

/* ------------------------------------------------------------------ reading */

static enum err_code keep(struct arena *arena, struct proposal *proposal, struct err *err)
{
    const char **const texts[] = {&proposal->family, &proposal->label, &proposal->author,
        &proposal->message, &proposal->decider, &proposal->reason, &proposal->became};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_copy(arena, *texts[i], strlen(*texts[i]));
        if (*texts[i] == NULL) {
            return full(err);
        }
    }
    return ERR_OK;
}

static enum err_code load(struct store_txn *txn, struct arena *arena, uint64_t number,
    struct proposal *proposal, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    key_proposal(&key, number);
    enum err_code code = store_get(txn, STORE_PROPOSALS, key.bytes, key.len, &value);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no proposal %" PRIu64, number);
    }
    if (code != ERR_OK || !proposal_read(value, number, proposal)) {
        return err_set(err, ERR_STORE, "the proposal cannot be read");
    }
    return keep(arena, proposal, err);
}

enum err_code proposal_get(struct registry_view *view, struct arena *arena, uint64_t number,
    struct proposal *proposal, const char **json, size_t *len, struct err *err)
{
    enum err_code code = load(&view->txn, arena, number, proposal, err);
    return code == ERR_OK && json != NULL
               ? content_get(&view->txn, arena, proposal->content, json, len, err)
               : code;
}

static bool fits(const struct proposal_filter *filter, const struct proposal *proposal)
{
    return (filter->family == NULL || strcmp(filter->family, proposal->family) == 0) &&
           (filter->author == NULL || strcmp(filter->author, proposal->author) == 0) &&
           (!filter->by_state || filter->state == proposal->state);
}

enum err_code proposal_list(struct registry_view *view, struct arena *arena,
    const struct proposal_filter *filter, struct proposal **proposals, size_t *count,
    uint64_t *next, struct err *err)
{
    struct store_cursor cursor;
    struct store_key key;
    size_t room = filter->limit > 0 && filter->limit < LIST_MOST ? filter->limit : LIST_MOST;
    struct proposal *list = arena_alloc(arena, room * sizeof *list);
    size_t found = 0;
    uint64_t last = 0;
    enum err_code code =
        list == NULL ? full(err) : store_cursor_open(&view->txn, STORE_PROPOSALS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    key_proposal(&key, filter->before > 0 ? filter->before - 1 : UINT64_MAX);
    bool more = store_cursor_seek_back(&cursor, key.bytes, key.len);
    for (size_t looked = 0; more && code == ERR_OK && found < room && looked < LOOKED_AT_MOST;
         more = store_cursor_previous(&cursor), looked++) {
        last = key_number_at(cursor.key, 0);
        if (!proposal_read(cursor.value, last, &list[found])) {
            code = err_set(err, ERR_STORE, "a proposal cannot be read");
        } else if (fits(filter, &list[found])) {
            code = keep(arena, &list[found++], err);
        }
    }
    store_cursor_close(&cursor);
    *proposals = list;
    *count = found;
    *next = more ? last : 0;
    return code == ERR_OK ? view->txn.failed : code;
}

/* ------------------------------------------------------------------ storing */

static enum err_code log_it(struct store_txn *txn, const struct proposal *proposal,
    const char *operation, const struct registry_author *author, int64_t time_ms, struct err *err)
{
    char id[NUMBER_ROOM];
    char summary[FAMILY_BYTES_MAX + 2 * LABEL_BYTES_MAX + 32];
    snprintf(id, sizeof id, "%" PRIu64, proposal->number);
    snprintf(summary, sizeof summary, "%.300s@%.150s%s%.150s", proposal->family, proposal->label,
        proposal->became != NULL && proposal->became[0] != '\0' ? ", became " : "",
        proposal->became != NULL ? proposal->became : "");
    const struct event event = {.kind = REGISTRY_PROPOSAL,
        .id = id,
        .id_len = strlen(id),
        .operation = operation,
        .summary = summary,
        .content = proposal->content,
        .time_ms = time_ms};
    return event_put(txn, &event, author, err);
}

/* A new proposal on its way into the store. */
struct making {
    const struct registry_author *author;
    struct version_prepared prepared;
    struct proposal proposal;
};

static enum err_code change_make(struct store_txn *txn, void *context, struct err *err)
{
    struct making *making = context;
    struct proposal *proposal = &making->proposal;
    struct version_record record;
    enum err_code code = life_may(txn, making->author, RIGHT_PROPOSE, proposal->family, err);
    if (code == ERR_OK && version_find(txn, proposal->family, proposal->label, &record) != ERR_OK) {
        code = err_set(err, ERR_NOT_FOUND, "the version is not there any more");
    }
    if (code == ERR_OK) {
        code = store_next_number(txn, PROPOSAL_COUNTER, &proposal->number);
    }
    if (code == ERR_OK) {
        code = content_put(
            txn, making->prepared.content, making->prepared.packed, making->prepared.packed_len);
    }
    if (code == ERR_OK) {
        code = proposal_put(txn, proposal);
    }
    return code == ERR_OK
               ? log_it(txn, proposal, "propose", making->author, proposal->created_ms, err)
               : code;
}

/* What is proposed, as an environment with the version's submodel in it. */
static enum err_code place(struct aas_node *before, const char *id, struct aas_node *content,
    struct aas_node **environment, struct aas_node **submodel, struct err *err)
{
    *environment = content;
    if (content->cls->id == CLASS_Submodel) {
        struct aas_node *old = version_submodel(before, id);
        if (old == NULL) {
            return err_set(err, ERR_STORE, "the version cannot be read");
        }
        aas_list_replace(before, PROP_submodels, old->index, content);
        *environment = before;
    }
    *submodel =
        (*environment)->cls->id == CLASS_Environment ? version_submodel(*environment, id) : NULL;
    if (*submodel == NULL || !template_is(*submodel)) {
        err_set(err, ERR_BAD_INPUT,
            "the content has no submodel of kind Template with the version's id '%.300s'", id);
        err_rule(err, "template-id", "Propose a change of this version: keep its id and kind.");
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

static enum err_code read_version(struct registry *registry, struct arena *arena,
    const char *family, const char *label, const struct registry_author *author,
    struct version_record *record, struct aas_node **environment, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = life_may(&view.txn, author, RIGHT_PROPOSE, family, err); /* before the costly part */
    if (code == ERR_OK) {
        code = life_load(&view.txn, arena, family, label, record, err);
    }
    if (code == ERR_OK) {
        code = version_read(&view.txn, arena, record, environment, err);
    }
    registry_view_end(&view);
    return code;
}

enum err_code proposal_make(struct registry *registry, struct arena *arena, const char *family,
    const char *label, struct aas_node *content, const struct registry_author *author,
    struct report *report, struct proposal *proposal, struct err *err)
{
    struct making making = {.author = author};
    struct version_record record;
    struct aas_node *before = NULL;
    struct aas_node *environment = NULL;
    struct aas_node *submodel = NULL;
    enum err_code code =
        read_version(registry, arena, family, label, author, &record, &before, err);
    if (code == ERR_OK) {
        code = place(before, record.version.submodel_id, content, &environment, &submodel, err);
    }
    if (code == ERR_OK) {
        const struct version_source source = {.family = family,
            .label = label,
            .environment = environment,
            .submodel = submodel,
            .state = TEMPLATE_DRAFT};
        code = version_prepare(registry, arena, &source, report, &making.prepared, err);
    }
    if (code == ERR_OK &&
        memcmp(making.prepared.content, record.version.content, STORE_HASH_BYTES) == 0) {
        code = err_set(err, ERR_STATE, "nothing is proposed: it is what the version is already");
    }
    if (code != ERR_OK) {
        return code;
    }
    making.proposal = (struct proposal){.family = family,
        .label = label,
        .author = author == NULL || author->name == NULL ? "" : author->name,
        .message = author == NULL || author->message == NULL ? "" : author->message,
        .decider = "",
        .reason = "",
        .became = "",
        .created_ms = write_now_ms(),
        .errors = making.prepared.errors};
    memcpy(making.proposal.base, record.version.content, STORE_HASH_BYTES);
    memcpy(making.proposal.content, making.prepared.content, STORE_HASH_BYTES);
    code = store_write(registry->store, change_make, &making, err);
    if (code == ERR_OK) {
        *proposal = making.proposal;
        code = keep(arena, proposal, err);
    }
    return code;
}

/* ------------------------------------------------------------------ deciding */

static enum err_code is_open(const struct proposal *proposal, struct err *err)
{
    if (proposal->state == PROPOSAL_OPEN) {
        return ERR_OK;
    }
    err_set(err, ERR_STATE, "proposal %" PRIu64 " is %s already%s%.100s", proposal->number,
        proposal_state_text(proposal->state), proposal->decider[0] != '\0' ? ", by " : "",
        proposal->decider);
    err_rule(err, "proposal", "Make another proposal.");
    return ERR_STATE;
}

/* One decision on its way into the store. */
struct deciding {
    const struct registry_author *author;
    uint64_t number;
    enum proposal_state state;
    const char *operation;
    int64_t time_ms;
};

static void decide(struct proposal *proposal, const struct deciding *deciding)
{
    const struct registry_author *author = deciding->author;
    proposal->state = deciding->state;
    proposal->decider = author == NULL || author->name == NULL ? "" : author->name;
    proposal->reason = author == NULL || author->message == NULL ? "" : author->message;
    proposal->decided_ms = deciding->time_ms;
}

static bool is_own(const struct proposal *proposal, const struct registry_author *author)
{
    const char *name = author == NULL || author->name == NULL ? "" : author->name;
    return name[0] != '\0' && strcmp(name, proposal->author) == 0;
}

static enum err_code change_decide(struct store_txn *txn, void *context, struct err *err)
{
    const struct deciding *deciding = context;
    struct proposal proposal;
    struct arena arena;
    arena_init(&arena, (size_t)1 << 20);
    enum err_code code = load(txn, &arena, deciding->number, &proposal, err);
    bool own = code == ERR_OK && deciding->state == PROPOSAL_TAKEN_BACK &&
               is_own(&proposal, deciding->author);
    if (code == ERR_OK && !own) {
        code = life_may(txn, deciding->author, RIGHT_REVIEW, proposal.family, err);
    }
    code = code == ERR_OK ? is_open(&proposal, err) : code;
    if (code == ERR_OK) {
        decide(&proposal, deciding);
        code = proposal_put(txn, &proposal);
    }
    if (code == ERR_OK) {
        code =
            log_it(txn, &proposal, deciding->operation, deciding->author, deciding->time_ms, err);
    }
    arena_finish(&arena);
    return code;
}

static enum err_code give(struct registry *registry, struct arena *arena, uint64_t number,
    struct proposal *proposal, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code == ERR_OK) {
        code = load(&view.txn, arena, number, proposal, err);
        registry_view_end(&view);
    }
    return code;
}

static enum err_code decide_alone(struct registry *registry, struct arena *arena, uint64_t number,
    enum proposal_state state, const char *operation, const struct registry_author *author,
    struct proposal *proposal, struct err *err)
{
    struct deciding deciding = {.author = author,
        .number = number,
        .state = state,
        .operation = operation,
        .time_ms = write_now_ms()};
    enum err_code code = store_write(registry->store, change_decide, &deciding, err);
    return code == ERR_OK ? give(registry, arena, number, proposal, err) : code;
}

enum err_code proposal_refuse(struct registry *registry, struct arena *arena, uint64_t number,
    const struct registry_author *author, struct proposal *proposal, struct err *err)
{
    if (author == NULL || author->message == NULL || author->message[0] == '\0') {
        err_set(err, ERR_BAD_INPUT, "to refuse a proposal, a reason is needed");
        err_rule(err, "reason", "Say why in \"message\"; it stays in the history.");
        return ERR_BAD_INPUT;
    }
    return decide_alone(registry, arena, number, PROPOSAL_REFUSED, "refuse", author, proposal, err);
}

enum err_code proposal_take_back(struct registry *registry, struct arena *arena, uint64_t number,
    const struct registry_author *author, struct proposal *proposal, struct err *err)
{
    return decide_alone(
        registry, arena, number, PROPOSAL_TAKEN_BACK, "take back", author, proposal, err);
}

/* ------------------------------------------------------------------ accepting */

enum { ACCEPT_ATTEMPTS = 16 };

static enum err_code accept_check(struct store_txn *txn, void *context, struct err *err)
{
    const struct deciding *deciding = context;
    struct proposal proposal;
    struct arena arena;
    arena_init(&arena, (size_t)1 << 20);
    enum err_code code = load(txn, &arena, deciding->number, &proposal, err);
    code = code == ERR_OK ? is_open(&proposal, err) : code;
    arena_finish(&arena);
    return code;
}

static enum err_code accept_store(
    struct store_txn *txn, const struct registry_version *version, void *context, struct err *err)
{
    const struct deciding *deciding = context;
    struct proposal proposal;
    struct arena arena;
    arena_init(&arena, (size_t)1 << 20);
    enum err_code code = load(txn, &arena, deciding->number, &proposal, err);
    if (code == ERR_OK) {
        decide(&proposal, deciding);
        proposal.became = version->label;
        code = proposal_put(txn, &proposal);
    }
    if (code == ERR_OK) {
        code = log_it(txn, &proposal, "accept", deciding->author, deciding->time_ms, err);
    }
    arena_finish(&arena);
    return code;
}

/* The least number that the changes ask for. */
static enum err_code least_label(struct arena *arena, const struct version_record *record,
    struct aas_node *before, struct aas_node *after, const char **label, struct err *err)
{
    struct comparison comparison;
    const char *id = record->version.submodel_id;
    const struct compare_input input = {
        .submodel = {version_submodel(before, id), version_submodel(after, id)},
        .environment = {before, after},
        .number = {compare_number_of(record->version.label, NULL), {0, 0, 0, false}}};
    if (input.submodel[0] == NULL || input.submodel[1] == NULL) {
        return err_set(err, ERR_STORE, "the version cannot be read");
    }
    enum err_code code = compare_run(arena, &input, &comparison, err);
    if (code != ERR_OK) {
        return code;
    }
    struct compare_number next = compare_next(&comparison, COMPARE_EXACT);
    if (!next.known) {
        err_set(err, ERR_BAD_INPUT, "the number of the new version is missing");
        err_rule(err, NULL, "Give it in \"version\".");
        return ERR_BAD_INPUT;
    }
    *label = next.bugfix > 0
                 ? arena_printf(arena, "%u.%u.%u", next.version, next.revision, next.bugfix)
                 : arena_printf(arena, "%u.%u", next.version, next.revision);
    return *label == NULL ? full(err) : ERR_OK;
}

/* Everything that accepting looks at, of one moment. */
static enum err_code read_both(struct registry *registry, struct arena *arena, uint64_t number,
    struct proposal *proposal, struct version_record *record, struct aas_node **before,
    struct aas_node **after, struct err *err)
{
    struct registry_view view;
    const char *json = NULL;
    size_t len = 0;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = proposal_get(&view, arena, number, proposal, &json, &len, err);
    if (code == ERR_OK) {
        code = life_load(&view.txn, arena, proposal->family, proposal->label, record, err);
    }
    if (code == ERR_OK) {
        code = version_read(&view.txn, arena, record, before, err);
    }
    registry_view_end(&view);
    return code == ERR_OK
               ? aas_json_read(arena, json, len, meta_class(CLASS_Environment), NULL, after, err)
               : code;
}

static enum err_code refuse_changed(const struct proposal *proposal, struct err *err)
{
    err_set(err, ERR_STATE,
        "version %.100s of %.200s has changed since proposal %" PRIu64
        " was made; accepting it would undo that",
        proposal->label, proposal->family, proposal->number);
    err_rule(
        err, "proposal", "Compare the two; accept it all the same with \"evenSo\", or refuse it.");
    return ERR_STATE;
}

static enum err_code try_accept(struct registry *registry, struct arena *arena, uint64_t number,
    const char *label, bool even_so, const struct registry_author *author, struct report *report,
    struct err *err)
{
    struct proposal wish;
    struct version_record record;
    struct aas_node *before = NULL;
    struct aas_node *after = NULL;
    struct registry_version version;
    enum err_code code = read_both(registry, arena, number, &wish, &record, &before, &after, err);
    code = code == ERR_OK ? is_open(&wish, err) : code;
    bool draft = code == ERR_OK && record.version.state == TEMPLATE_DRAFT;
    if (draft && !even_so && memcmp(wish.base, record.version.content, STORE_HASH_BYTES) != 0) {
        code = refuse_changed(&wish, err);
    }
    if (code == ERR_OK && !draft && label == NULL) {
        code = least_label(arena, &record, before, after, &label, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct deciding deciding = {
        .author = author, .number = number, .state = PROPOSAL_ACCEPTED, .time_ms = write_now_ms()};
    const struct registry_author editor = {.name = wish.author, .message = wish.message};
    const struct life_also also = {.check = accept_check,
        .store = accept_store,
        .context = &deciding,
        .operation = "accept proposal",
        .summary = arena_printf(arena, "proposal %" PRIu64 " of %s", number,
            wish.author[0] != '\0' ? wish.author : "somebody unknown"),
        .editor = &editor};
    const struct lifecycle_draft made = {
        .family = wish.family, .from = wish.label, .label = label, .environment = after};
    return draft ? life_draft_replace(registry, arena, wish.family, wish.label, after,
                       record.version.content, author, &also, report, &version, err)
                 : life_draft_create(registry, arena, &made, author, &also, report, &version, err);
}

enum err_code proposal_accept(struct registry *registry, struct arena *arena, uint64_t number,
    const char *label, bool even_so, const struct registry_author *author, struct report *report,
    struct proposal *proposal, struct err *err)
{
    enum err_code code = ERR_PRECONDITION;
    /* A draft that changed since it was looked at is looked at again: nobody has set a condition.
     */
    for (int i = 0; code == ERR_PRECONDITION && i < ACCEPT_ATTEMPTS; i++) {
        struct arena attempt;
        struct report found;
        arena_init(&attempt, WRITE_ARENA_BYTES);
        report_init(&found);
        attempt.meter = found.arena.meter = report_meter(report);
        code = try_accept(registry, &attempt, number, label, even_so, author, &found, err);
        if (code != ERR_PRECONDITION && report != NULL) {
            report_merge(report, &found);
        }
        report_finish(&found);
        arena_finish(&attempt);
    }
    code = code == ERR_PRECONDITION ? write_lost(err) : code;
    return code == ERR_OK ? give(registry, arena, number, proposal, err) : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What a version must have to be published; everything that is missing is told at once. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "registry/concept_lookup.h"
#include "registry/curated.h"
#include "registry/lifecycle_gate.h"
#include "templates/identity.h"

enum { LANGUAGE_BYTES = 36, NUMBER_BYTES = 40 };

struct gate {
    struct registry *registry;
    struct arena *arena;
    const struct lifecycle_request *request;
    struct registry_view view;
    struct version_record record;
    struct aas_node *environment;
    struct aas_node *submodel;
    struct report *report;
};

#define MISSING(gate, rule, remedy, ...)                                                           \
    report_add((gate)->report, AAS_ERROR, rule, NULL, -1, remedy, __VA_ARGS__)

/* ------------------------------------------------------------------ content */

/* Publication always enforces: schema and all constraints. */
static enum err_code check_content(struct gate *gate, struct err *err)
{
    struct report found;
    struct concept_lookup concepts;
    struct err ignored = {0};
    report_init(&found);
    const struct judge_lookup lookup = concept_lookup_begin(&concepts, gate->registry, gate->arena);
    enum err_code code =
        judge_tree_with(gate->environment, 0, false, &lookup, &found, NULL, &ignored);
    concept_lookup_end(&concepts);
    if (found.errors > 0) {
        report_merge(gate->report, &found);
    }
    report_finish(&found);
    return code == ERR_OK || code == ERR_INVALID
               ? ERR_OK
               : err_set(err, code, "the version is too large to be judged");
}

static bool has_language(const struct aas_node *node, const char *language, size_t len)
{
    size_t count = 0;
    struct aas_node **names = aas_list(node, PROP_displayName, &count);
    for (size_t i = 0; i < count; i++) {
        const char *tag = aas_text(names[i], PROP_language);
        if (tag != NULL && strncasecmp(tag, language, len) == 0 &&
            !isalnum((unsigned char)tag[len])) {
            return true;
        }
    }
    return false;
}

static void check_names(struct gate *gate)
{
    const struct registry_version *version = &gate->record.version;
    const char *at = gate->request->policy.languages;
    while (at != NULL && *at != '\0') {
        char language[LANGUAGE_BYTES] = "";
        at += strspn(at, " ");
        size_t len = strcspn(at, ", ");
        memcpy(language, at, len < sizeof language - 1 ? len : sizeof language - 1);
        bool named = has_language(gate->submodel, language, strlen(language)) ||
                     curated_has_name(&gate->view.txn, version->family, language);
        if (len > 0 && !named) {
            MISSING(gate, "gate-name",
                "Add a displayName to the submodel, or a name beside the template (its tags).",
                "the template has no name in the language '%s'", language);
        }
        at += len;
        at += strspn(at, " ");
        at += *at == ',';
    }
}

static void check_metadata(struct gate *gate)
{
    const struct registry_version *version = &gate->record.version;
    if (version->semantic_id[0] == '\0') {
        MISSING(gate, "gate-semantic-id", "Give the submodel a semanticId.",
            "the template has no semantic id, so that nothing can be recognised as made from it");
    }
    if (!curated_has_category(&gate->view.txn, version->family)) {
        MISSING(gate, "gate-category", "Tag the family with a category.",
            "the family %.200s has no category, so that people looking for one do not find it",
            version->family);
    }
    check_names(gate);
}

/* ------------------------------------------------------------------ number */

static bool is_less(const struct compare_number *a, const struct compare_number *b)
{
    if (a->version != b->version) {
        return a->version < b->version;
    }
    return a->revision != b->revision ? a->revision < b->revision : a->bugfix < b->bugfix;
}

/* The worst thing that was found, for the sentence. */
static const struct compare_finding *worst_of(const struct comparison *comparison)
{
    const struct compare_finding *worst = NULL;
    for (size_t i = 0; i < comparison->finding_count; i++) {
        const struct compare_finding *finding = &comparison->findings[i];
        bool counts = (finding->modes & 1U << COMPARE_EXACT) != 0;
        if (counts && (worst == NULL ||
                          compare_finding_severity(finding) > compare_finding_severity(worst))) {
            worst = finding;
        }
    }
    return worst;
}

/* The number as short as it can be written. */
static void print_number(char text[NUMBER_BYTES], const struct compare_number *number)
{
    int len = snprintf(text, NUMBER_BYTES, "%u.%u", number->version, number->revision);
    if (number->bugfix > 0) {
        snprintf(text + len, NUMBER_BYTES - (size_t)len, ".%u", number->bugfix);
    }
}

/* The number itself, or one above it when some version has it already. */
static enum err_code find_free(
    struct gate *gate, const char *number, char free[LABEL_BYTES_MAX + 1], struct err *err)
{
    struct version_record taken;
    struct store_txn *txn = &gate->view.txn;
    const char *family = gate->record.version.family;
    snprintf(free, LABEL_BYTES_MAX + 1, "%s", number);
    enum err_code code = version_find(txn, family, number, &taken);
    if (code == ERR_OK) {
        return life_next_label(txn, family, number, free, err);
    }
    return code == ERR_NOT_FOUND ? ERR_OK : err_set(err, code, "the versions cannot be read");
}

static enum err_code refuse_number(struct gate *gate, const char *since,
    const struct comparison *comparison, const struct compare_number *least, struct err *err)
{
    const struct registry_version *version = &gate->record.version;
    char number[NUMBER_BYTES];
    char free[LABEL_BYTES_MAX + 1];
    const struct compare_finding *worst = worst_of(comparison);
    char path[512] = "";
    if (worst != NULL) {
        const struct compare_side *side = &comparison->side[worst->from == COMPARE_NONE];
        uint32_t element = worst->from != COMPARE_NONE ? worst->from : worst->to;
        aas_print_path(side->elements[element].node, path, sizeof path);
    }
    print_number(number, least);
    enum err_code code = find_free(gate, number, free, err);
    if (code != ERR_OK) {
        return code;
    }
    const char *remedy = arena_printf(gate->arena,
        "Make a draft %s from this one, take the change back, or give a reason to overrule.", free);
    MISSING(gate, "gate-number", remedy,
        "what changed since %.60s asks for the number %s at least, it is called %.60s: %s at "
        "%s%.300s",
        since, number, version->label,
        worst == NULL ? "a change" : compare_rule_id(compare_reason_rule(worst->reason)),
        path[0] == '\0' ? "the submodel" : "", path);
    return ERR_OK;
}

/* The version is called one thing; what it says of itself must not be another. */
static void check_said(struct gate *gate)
{
    const struct registry_version *version = &gate->record.version;
    struct compare_number named = compare_number_of(version->label, NULL);
    struct compare_number said = compare_number_of(NULL, gate->submodel);
    const char *remedy = arena_printf(gate->arena,
        "Set version %u and revision %u in the administration of the submodel.", named.version,
        named.revision);
    if (strchr(version->label, '~') != NULL) {
        MISSING(gate, "gate-number", "Make a draft from it with a number of its own.",
            "the number of %.60s was claimed by another version before", version->label);
    }
    if (said.known && (said.version != named.version || said.revision != named.revision)) {
        MISSING(gate, "gate-administration", remedy,
            "the submodel says that it is version %u.%u, and is called %.60s", said.version,
            said.revision, version->label);
    }
}

/* What the change is measured by: the version that it follows, or the newest one that was published
 * below it when that one is newer, so that nobody gets around it by following an old one. */
static enum err_code find_measure(
    struct gate *gate, char label[LABEL_BYTES_MAX + 1], struct err *err)
{
    const struct registry_version *version = &gate->record.version;
    enum err_code code =
        life_predecessor(&gate->view.txn, version->family, version->label, label, err);
    struct compare_number newest = compare_number_of(label, NULL);
    struct compare_number base = compare_number_of(version->base, NULL);
    if (code == ERR_OK && version->base[0] != '\0' &&
        (label[0] == '\0' || !is_less(&base, &newest))) {
        snprintf(label, LABEL_BYTES_MAX + 1, "%s", version->base);
    }
    return code;
}

static enum err_code check_number(struct gate *gate, struct err *err)
{
    const struct registry_version *version = &gate->record.version;
    struct version_record base;
    struct aas_node *before = NULL;
    struct comparison comparison;
    char since[LABEL_BYTES_MAX + 1] = "";
    enum err_code code = find_measure(gate, since, err);
    if (code != ERR_OK || since[0] == '\0') {
        return code;
    }
    code = life_load(&gate->view.txn, gate->arena, version->family, since, &base, err);
    if (code == ERR_OK) {
        code = version_read(&gate->view.txn, gate->arena, &base, &before, err);
    }
    struct aas_node *old =
        code == ERR_OK ? version_submodel(before, base.version.submodel_id) : NULL;
    if (old == NULL) {
        return code == ERR_OK ? err_set(err, ERR_STORE, "the version before cannot be read") : code;
    }
    const struct compare_input input = {.submodel = {old, gate->submodel},
        .environment = {before, gate->environment},
        .number = {compare_number_of(since, NULL), compare_number_of(version->label, NULL)},
        .name = {since, version->label}};
    code = compare_run(gate->arena, &input, &comparison, err);
    if (code != ERR_OK) {
        return code;
    }
    struct compare_number least = compare_next(&comparison, COMPARE_EXACT);
    bool small = least.known && is_less(&input.number[1], &least);
    if (small && life_says(gate->request->overrule)) {
        gate->record.version.overruled = gate->request->overrule;
    } else if (small) {
        return refuse_number(gate, since, &comparison, &least, err);
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ the others */

static enum err_code check_others(struct gate *gate, struct err *err)
{
    const struct registry_version *version = &gate->record.version;
    uint32_t published = 0;
    unsigned approvals = life_count_approvals(&gate->view.txn, version);
    unsigned needed = gate->request->policy.approvals;
    enum err_code code = life_published(&gate->view.txn, version->family, &published, err);
    if (code == ERR_OK && published != version->seen) {
        MISSING(gate, "gate-published-meanwhile",
            "Compare with the newest version, take over what is needed, and rebase the draft.",
            "%u version%s of %.200s came out since this one was begun", published - version->seen,
            published - version->seen == 1 ? "" : "s", version->family);
    }
    if (approvals < needed) {
        MISSING(gate, "gate-approvals",
            "Let reviewers who have not worked on it approve it while it is in review.",
            "%u of %u approvals are there", approvals, needed);
    }
    return code;
}

static enum err_code look(struct gate *gate, struct err *err)
{
    const struct lifecycle_request *request = gate->request;
    enum err_code code = life_load(
        &gate->view.txn, gate->arena, request->family, request->label, &gate->record, err);
    if (code == ERR_OK && gate->record.version.state > TEMPLATE_IN_REVIEW) {
        return err_set(err, ERR_STATE, "version %.100s of %.200s is %s already", request->label,
            request->family, template_state_text(gate->record.version.state));
    }
    if (code == ERR_OK) {
        code = version_read(&gate->view.txn, gate->arena, &gate->record, &gate->environment, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    gate->submodel = version_submodel(gate->environment, gate->record.version.submodel_id);
    if (gate->submodel == NULL || !template_is(gate->submodel)) {
        return err_set(err, ERR_STATE, "the version holds no submodel of kind Template");
    }
    code = check_content(gate, err);
    check_metadata(gate);
    check_said(gate);
    if (code == ERR_OK) {
        code = check_number(gate, err);
    }
    return code == ERR_OK ? check_others(gate, err) : code;
}

enum err_code gate_check(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, struct report *report, struct version_record *record,
    struct err *err)
{
    struct gate gate = {.registry = registry, .arena = arena, .request = request, .report = report};
    enum err_code code = registry_view_begin(registry, &gate.view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = look(&gate, err);
    registry_view_end(&gate.view);
    *record = gate.record;
    return code;
}

enum err_code lifecycle_gate(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, struct report *report, struct err *err)
{
    struct version_record record;
    return gate_check(registry, arena, request, report, &record, err);
}

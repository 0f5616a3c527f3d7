/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "registry/concept_lookup.h"
#include "registry/curated.h"
#include "templates/identity.h"

enum { ENVIRONMENT_CEILING = 1 << 30, TITLE_KEPT = 1000, NUMBER_BYTES = 16 };

static enum err_code too_large(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the template is too large to be prepared for storing");
}

/* ------------------------------------------------------------------ preparing */

static enum err_code judge(struct registry *registry, struct arena *arena,
    const struct version_source *source, struct report *report, struct version_prepared *prepared)
{
    struct report found;
    struct concept_lookup concepts;
    struct err ignored = {0};
    report_init(&found);
    const struct judge_lookup lookup = concept_lookup_begin(&concepts, registry, arena);
    enum err_code code =
        judge_tree_with(source->environment, 0, true, &lookup, &found, NULL, &ignored);
    concept_lookup_end(&concepts);
    prepared->errors = (uint32_t)found.errors;
    prepared->warnings = (uint32_t)found.warnings;
    if (report != NULL) {
        report_merge(report, &found);
    }
    report_finish(&found);
    return code == ERR_INVALID ? ERR_OK : code;
}

static enum err_code pack(struct arena *arena, const struct aas_node *environment,
    struct version_prepared *prepared, struct err *err)
{
    struct buf buf;
    buf_init(&buf, ENVIRONMENT_CEILING);
    aas_json_write(&buf, environment, 0, NULL);
    enum err_code code = buf_failed(&buf) ? too_large(err) : ERR_OK;
    if (code == ERR_OK) {
        store_hash(buf.bytes, buf.len, prepared->content);
        code =
            content_pack(arena, buf.bytes, buf.len, &prepared->packed, &prepared->packed_len, err);
    }
    buf_finish(&buf);
    return code;
}

static const char *publisher_of(const struct version_source *source)
{
    const struct aas_node *administration = aas_child(source->submodel, PROP_administration);
    const char *creator =
        administration == NULL ? NULL : aas_last_key(aas_child(administration, PROP_creator));
    const char *named = source->publisher != NULL ? source->publisher : creator;
    return named == NULL ? "" : named;
}

static enum err_code name_it(struct arena *arena, const struct version_source *source,
    struct version_prepared *prepared, struct err *err)
{
    struct template_identity identity;
    if (template_identify(arena, source->submodel, source->source, &identity) != ERR_OK) {
        return too_large(err);
    }
    const char *id = aas_text(source->submodel, PROP_id);
    const char *semantic = aas_last_key(aas_child(source->submodel, PROP_semanticId));
    prepared->family = source->family != NULL ? source->family : identity.family;
    prepared->label = source->label != NULL ? source->label : identity.label;
    prepared->title = arena_copy(arena, identity.title, strnlen(identity.title, TITLE_KEPT));
    prepared->publisher = publisher_of(source);
    prepared->submodel_id = id == NULL ? "" : id;
    prepared->semantic_id = semantic == NULL ? "" : semantic;
    prepared->source = source->source == NULL ? "" : source->source;
    if (prepared->title == NULL) {
        return too_large(err);
    }
    bool fits =
        strlen(prepared->family) <= FAMILY_BYTES_MAX && strlen(prepared->label) <= LABEL_BYTES_MAX;
    return fits ? ERR_OK
                : err_set(err, ERR_BAD_INPUT, "the name of the family or version is too long");
}

const char *version_source_words(struct arena *arena, const char *source)
{
    const char *dot = strrchr(source, '.');
    size_t len = dot == NULL ? strlen(source) : (size_t)(dot - source);
    return arena_copy(arena, source, aas_utf8_valid(source, len, NULL) ? len : 0);
}

enum err_code version_extras(struct registry *registry, struct arena *arena, const char *family,
    const struct search_facet *extra, size_t extra_count, const struct search_facet **all,
    size_t *count, uint64_t *generation, struct err *err)
{
    struct registry_view view;
    struct curated_row row;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    *generation = curated_generation(&view.txn);
    code = curated_family(&view.txn, arena, family, &row, err);
    if (code == ERR_OK) {
        code = curated_extras(&view.txn, arena, &row, extra, extra_count, all, count, err);
    }
    registry_view_end(&view);
    return code;
}

enum err_code version_prepare(struct registry *registry, struct arena *arena,
    const struct version_source *source, struct report *report, struct version_prepared *prepared,
    struct err *err)
{
    *prepared = (struct version_prepared){.family = NULL};
    enum err_code code = name_it(arena, source, prepared, err);
    if (code == ERR_OK && judge(registry, arena, source, report, prepared) != ERR_OK) {
        code = too_large(err);
    }
    if (code == ERR_OK) {
        code = pack(arena, source->environment, prepared, err);
    }
    if (code == ERR_OK) {
        code = document_prepare(arena, source->submodel, &prepared->document, err);
    }
    const char *words = code == ERR_OK ? version_source_words(arena, prepared->source) : NULL;
    const struct search_facet extra[] = {
        {.facet = FACET_FAMILY, .value = prepared->family},
        {.facet = FACET_STATE, .value = template_state_text(source->state)},
        {.facet = FACET_PUBLISHER, .value = prepared->publisher},
        {.facet = SEARCH_WORDS, .value = words == NULL ? "" : words},
    };
    const struct search_facet *all = NULL;
    size_t count = 0;
    if (code == ERR_OK) {
        code = version_extras(registry, arena, prepared->family, extra,
            sizeof extra / sizeof *extra, &all, &count, &prepared->curated, err);
    }
    return code == ERR_OK ? search_prepare(arena, source->submodel, source->environment, all, count,
                                &prepared->search, err)
                          : code;
}

/* ------------------------------------------------------------------ trees */

struct aas_node *version_submodel(const struct aas_node *environment, const char *id)
{
    size_t count = 0;
    size_t templates = 0;
    struct aas_node *found = NULL;
    struct aas_node **nodes = aas_list(environment, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        const char *own = aas_text(nodes[i], PROP_id);
        if (id != NULL && own != NULL && strcmp(own, id) == 0) {
            return nodes[i];
        }
        if (id == NULL && template_is(nodes[i])) {
            found = nodes[i];
            templates++;
        }
    }
    if (id == NULL && templates == 0 && count == 1) {
        return nodes[0];
    }
    return templates == 1 ? found : NULL;
}

enum err_code version_read(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct aas_node **environment, struct err *err)
{
    const char *json = NULL;
    size_t len = 0;
    enum err_code code = content_get(txn, arena, record->version.content, &json, &len, err);
    return code == ERR_OK ? aas_json_read(arena, json, len, meta_class(CLASS_Environment), NULL,
                                environment, err)
                          : code;
}

static enum err_code rename_text(struct arena *arena, struct aas_node *node,
    enum meta_prop_id attribute, const char *id, const char *to)
{
    const char *text = aas_text(node, attribute);
    bool same = text != NULL && strcmp(text, id) == 0;
    return same ? aas_set_text(arena, node, attribute, to, strlen(to)) : ERR_OK;
}

static enum err_code rename_below(
    struct arena *arena, struct aas_node *node, const char *id, const char *to)
{
    enum err_code code = ERR_OK;
    if (node->cls->id == CLASS_Key) {
        return rename_text(arena, node, PROP_value, id, to);
    }
    if (node->cls->id == CLASS_Submodel) {
        code = rename_text(arena, node, PROP_id, id, to);
    }
    if (node->cls->id == CLASS_AdministrativeInformation) {
        code = rename_text(arena, node, PROP_templateId, id, to);
    }
    for (size_t i = 0; i < node->cls->prop_count && code == ERR_OK; i++) {
        struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_NODE) {
            code = rename_below(arena, slot->u.node, id, to);
        }
        for (size_t k = 0; slot->state == AAS_NODES && k < slot->len && code == ERR_OK; k++) {
            code = rename_below(arena, slot->u.nodes[k], id, to);
        }
    }
    return code;
}

enum err_code version_rename(
    struct arena *arena, struct aas_node *environment, const char *id, const char *to)
{
    return strcmp(id, to) == 0 ? ERR_OK : rename_below(arena, environment, id, to);
}

enum err_code version_number(struct arena *arena, struct aas_node *submodel, const char *label)
{
    char version[NUMBER_BYTES];
    char revision[NUMBER_BYTES];
    struct aas_node *administration = aas_child(submodel, PROP_administration);
    size_t len = strcspn(label, ".");
    size_t more = label[len] == '.' ? strspn(label + len + 1, "0123456789") : 0;
    if (len == 0 || more == 0 || len >= sizeof version || more >= sizeof revision) {
        return ERR_OK;
    }
    snprintf(version, sizeof version, "%.*s", (int)len, label);
    snprintf(revision, sizeof revision, "%.*s", (int)more, label + len + 1);
    enum err_code code = ERR_OK;
    if (administration == NULL) {
        administration = aas_node_new(arena, meta_class(CLASS_AdministrativeInformation));
        code = administration == NULL ? ERR_TOO_LARGE
                                      : aas_set_node(submodel, PROP_administration, administration);
    }
    if (code == ERR_OK) {
        code = aas_set_text(arena, administration, PROP_version, version, strlen(version));
    }
    return code == ERR_OK
               ? aas_set_text(arena, administration, PROP_revision, revision, strlen(revision))
               : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What is in a file and what has to be known of it before the transaction. */
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/access.h"
#include "registry/import.h"
#include "registry/version.h"

enum {
    ENVIRONMENT_CEILING = 1 << 30,
    TEXT_SHOWN = 1000, /* bytes of titles and sources that are kept */
    ID_KEPT = 2500,
};

static enum err_code too_large(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the file is too large to be prepared for storing");
}

/* ------------------------------------------------------------------ the environment */

static enum err_code pack_environment(struct import *import, struct err *err)
{
    struct buf buf;
    buf_init(&buf, ENVIRONMENT_CEILING);
    aas_json_write(&buf, import->environment, 0, NULL);
    enum err_code code = buf_failed(&buf) ? too_large(err) : ERR_OK;
    if (code == ERR_OK) {
        store_hash(buf.bytes, buf.len, import->content);
        code = content_pack(
            import->arena, buf.bytes, buf.len, &import->packed, &import->packed_len, err);
    }
    buf_finish(&buf);
    return code;
}

/* ------------------------------------------------------------------ versions */

/* Without another source the creator of the submodel has published it. */
static const char *publisher_of(const struct import *import, const struct import_version *version)
{
    if (import->publisher != NULL) {
        return import->publisher;
    }
    if (strncmp(version->family, "idta-", 5) == 0) {
        return "IDTA";
    }
    const struct aas_node *administration = aas_child(version->submodel, PROP_administration);
    const char *value =
        administration == NULL ? NULL : aas_last_key(aas_child(administration, PROP_creator));
    return value == NULL ? "" : value;
}

static bool is_taken(const struct import *import, const char *family, const char *label)
{
    for (size_t i = 0; i < import->version_count; i++) {
        if (strcmp(import->versions[i].family, family) == 0 &&
            strcmp(import->versions[i].label, label) == 0) {
            return true;
        }
    }
    return false;
}

/* Two templates of one file that nothing tells apart get numbers. */
static const char *free_family(
    const struct import *import, const struct template_identity *identity)
{
    const char *family = identity->family;
    for (unsigned number = 2; family != NULL && is_taken(import, family, identity->label);
         number++) {
        family = arena_printf(import->arena, "%s.%u", identity->family, number);
    }
    return family;
}

/* The name of the file without folder and ending: what people call the template. */
static const char *file_title(const struct import *import)
{
    const char *source = import->input->source == NULL ? "" : import->input->source;
    const char *slash = strrchr(source, '/');
    const char *name = slash == NULL ? source : slash + 1;
    const char *words = version_source_words(import->arena, name);
    return words == NULL ? "" : words;
}

static const struct registry_version *find_said(
    const struct import *import, const char *family, const char *label)
{
    for (size_t i = 0; i < import->input->said_count; i++) {
        const struct registry_version *said = &import->input->said[i];
        if (strcmp(said->family, family) == 0 && strcmp(said->label, label) == 0) {
            return said;
        }
    }
    return NULL;
}

/* What comes in is what somebody else has published; only who may publish can vouch for that. */
static enum err_code decide_state(
    const struct import *import, struct import_version *version, struct err *err)
{
    const struct registry_author *author = import->author;
    const struct access_object object = {.cls = ACCESS_TEMPLATE, .family = version->family};
    struct registry_view view;
    /* The second to claim a number is told from the first by its content, and stays the second. */
    version->said = find_said(import, version->family, version->label_two);
    version->label = version->said != NULL ? version->label_two : version->label;
    if (version->said == NULL) {
        version->said = find_said(import, version->family, version->label);
    }
    if (version->said != NULL) {
        version->state = version->said->state;
        version->publisher = version->said->publisher;
        return ERR_OK;
    }
    version->state = import->input->drafts ? TEMPLATE_DRAFT : TEMPLATE_PUBLISHED;
    if (import->input->drafts || author == NULL || author->principal == NULL) {
        return ERR_OK;
    }
    enum err_code code = registry_view_begin(import->registry, &view, err);
    if (code == ERR_OK) {
        bool may =
            access_decide(author->principal, RIGHT_PUBLISH, &object, &view.txn, NULL) == ERR_OK;
        version->state = may ? TEMPLATE_PUBLISHED : TEMPLATE_DRAFT;
        registry_view_end(&view);
    }
    return code;
}

static enum err_code plan_version(
    struct import *import, const struct aas_node *submodel, bool only, struct err *err)
{
    struct import_version version = {.submodel = submodel};
    struct template_identity identity;
    if (template_identify(import->arena, submodel, import->input->source, &identity) != ERR_OK) {
        return too_large(err);
    }
    if (!template_is(submodel) && !(only && template_is_sample(submodel, &identity))) {
        return ERR_OK;
    }
    enum err_code code = import->packed == NULL ? pack_environment(import, err) : ERR_OK;
    if (code != ERR_OK) {
        return code;
    }
    version.family = free_family(import, &identity);
    version.label = identity.label;
    version.label_two = arena_printf(import->arena, "%s~%02x%02x%02x", identity.label,
        import->content[0], import->content[1], import->content[2]);
    version.title = arena_copy(import->arena, identity.title, strnlen(identity.title, TEXT_SHOWN));
    if (version.family == NULL || version.label_two == NULL || version.title == NULL) {
        return too_large(err);
    }
    if (strlen(version.family) > FAMILY_BYTES_MAX || strlen(version.label_two) > LABEL_BYTES_MAX) {
        return err_set(err, ERR_INVALID, "the family '%.100s' has too long a name", version.family);
    }
    version.publisher = publisher_of(import, &version);
    code = decide_state(import, &version, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct search_facet extra[] = {
        {.facet = FACET_FAMILY, .value = version.family},
        {.facet = FACET_STATE, .value = template_state_text(version.state)},
        {.facet = FACET_PUBLISHER, .value = version.publisher},
        {.facet = SEARCH_WORDS, .value = file_title(import)},
    };
    const struct search_facet *all = NULL;
    size_t count = 0;
    code = version_extras(import->registry, import->arena, version.family, extra,
        sizeof extra / sizeof *extra, &all, &count, &version.curated, err);
    if (code == ERR_OK) {
        code = search_prepare(
            import->arena, submodel, import->environment, all, count, &version.search, err);
    }
    if (code == ERR_OK) {
        import->versions[import->version_count++] = version;
    }
    return code;
}

static enum err_code plan_versions(struct import *import, struct err *err)
{
    size_t count = 0;
    struct aas_node **submodels = aas_list(import->environment, PROP_submodels, &count);
    import->versions = arena_alloc(import->arena, (count + 1) * sizeof *import->versions);
    enum err_code code = import->versions == NULL ? too_large(err) : ERR_OK;
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        code = plan_version(import, submodels[i], count == 1, err);
    }
    return code;
}

/* ------------------------------------------------------------------ documents */

static const struct import_version *version_of(
    const struct import *import, const struct aas_node *node)
{
    for (size_t i = 0; i < import->version_count; i++) {
        if (import->versions[i].submodel == node) {
            return &import->versions[i];
        }
    }
    return NULL;
}

/* What has no id cannot be found again: the judgement has said so, the rest is stored. */
static bool has_id(const struct aas_node *node)
{
    const struct aas_slot *id = aas_slot(node, PROP_id);
    return id != NULL && id->state == AAS_TEXT && id->len > 0 && id->len <= ID_KEPT;
}

static enum err_code plan_list(struct import *import, enum meta_prop_id list, struct err *err)
{
    size_t count = 0;
    enum err_code code = ERR_OK;
    struct aas_node **nodes = aas_list(import->environment, list, &count);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        if (has_id(nodes[i])) {
            struct import_document *document = &import->documents[import->document_count];
            document->node = nodes[i];
            document->version = version_of(import, nodes[i]);
            code = document_prepare(import->arena, nodes[i], &document->prepared, err);
            import->document_count += code == ERR_OK;
        }
    }
    return code;
}

static int compare_ids(const void *a, const void *b)
{
    const struct import_document *left = *(struct import_document *const *)a;
    const struct import_document *right = *(struct import_document *const *)b;
    const struct document_prepared *l = &left->prepared;
    const struct document_prepared *r = &right->prepared;
    if (l->kind != r->kind) {
        return l->kind < r->kind ? -1 : 1;
    }
    int order = memcmp(l->id, r->id, l->id_len < r->id_len ? l->id_len : r->id_len);
    if (order != 0 || l->id_len != r->id_len) {
        return order != 0 ? order : l->id_len < r->id_len ? -1 : 1;
    }
    return left < right ? -1 : left > right; /* the first one of the file counts */
}

static bool same_id(const struct import_document *a, const struct import_document *b)
{
    return a->prepared.kind == b->prepared.kind && a->prepared.id_len == b->prepared.id_len &&
           memcmp(a->prepared.id, b->prepared.id, a->prepared.id_len) == 0;
}

/* Marks what stands in the file twice under one id. */
static enum err_code find_twins(struct import *import, struct err *err)
{
    size_t count = import->document_count;
    struct import_document **sorted = arena_alloc(import->arena, (count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return too_large(err);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &import->documents[i];
    }
    qsort(sorted, count, sizeof *sorted, compare_ids);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (!same_id(sorted[first], sorted[i])) {
            first = i;
            continue;
        }
        sorted[i]->twice = true;
        sorted[i]->twice_other =
            memcmp(sorted[first]->prepared.hash, sorted[i]->prepared.hash, STORE_HASH_BYTES) != 0;
    }
    return ERR_OK;
}

enum err_code import_plan(struct import *import, struct err *err)
{
    static const enum meta_prop_id lists[] = {
        PROP_assetAdministrationShells, PROP_submodels, PROP_conceptDescriptions};
    enum { LISTS = sizeof lists / sizeof *lists };
    size_t total = 0;
    for (size_t i = 0; i < LISTS; i++) {
        size_t count = 0;
        (void)aas_list(import->environment, lists[i], &count);
        total += count;
    }
    enum err_code code = plan_versions(import, err);
    import->documents = arena_alloc(import->arena, (total + 1) * sizeof *import->documents);
    if (code == ERR_OK && import->documents == NULL) {
        code = too_large(err);
    }
    for (size_t i = 0; i < LISTS && code == ERR_OK; i++) {
        code = plan_list(import, lists[i], err);
    }
    return code == ERR_OK ? find_twins(import, err) : code;
}

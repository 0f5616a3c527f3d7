/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/concept_lookup.h"

#include "aas/json.h"

/* What cannot be read now is told as not checked, which is what happens to it. */
static const struct aas_node *find(void *context, const char *id, size_t len)
{
    struct concept_lookup *lookup = context;
    struct registry_document document;
    struct aas_node *root = NULL;
    if (!lookup->open) {
        lookup->open = registry_view_begin(lookup->registry, &lookup->view, NULL) == ERR_OK;
    }
    if (!lookup->open || registry_get(&lookup->view, REGISTRY_CONCEPT_DESCRIPTION, id, len,
                             &document, NULL) != ERR_OK) {
        return NULL;
    }
    enum err_code code = aas_json_read(lookup->arena, document.json, document.json_len,
        meta_class(CLASS_ConceptDescription), NULL, &root, NULL);
    return code == ERR_OK ? root : NULL;
}

struct judge_lookup concept_lookup_begin(
    struct concept_lookup *lookup, struct registry *registry, struct arena *arena)
{
    *lookup = (struct concept_lookup){.registry = registry, .arena = arena, .open = false};
    return (struct judge_lookup){.concept = find, .context = lookup};
}

void concept_lookup_end(struct concept_lookup *lookup)
{
    if (lookup->open) {
        registry_view_end(&lookup->view);
        lookup->open = false;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/concept_lookup.h"

#include <stdlib.h>
#include <string.h>

#include "aas/json.h"

enum { FIRST_ROOM = 64 };
#define SCRATCH_BYTES ((size_t)512 << 20) /* for one concept description */

/* What came of a question. A model asks for the same concept a thousand times. */
struct concept_known {
    unsigned char id[STORE_HASH_BYTES];
    bool used;
    const struct aas_node *node; /* NULL: the store has none */
};

static struct concept_known *place_of(
    struct concept_known *known, size_t room, const unsigned char id[STORE_HASH_BYTES])
{
    size_t at;
    memcpy(&at, id, sizeof at);
    at &= room - 1;
    while (known[at].used && memcmp(known[at].id, id, STORE_HASH_BYTES) != 0) {
        at = (at + 1) & (room - 1);
    }
    return &known[at];
}

/* Room for one more; at most half of it is taken. */
static bool grow(struct concept_lookup *lookup)
{
    if (2 * (lookup->known_count + 1) <= lookup->known_room) {
        return true;
    }
    size_t room = lookup->known_room == 0 ? FIRST_ROOM : 2 * lookup->known_room;
    struct concept_known *known = calloc(room, sizeof *known);
    if (known == NULL) {
        return false;
    }
    for (size_t i = 0; i < lookup->known_room; i++) {
        if (lookup->known[i].used) {
            *place_of(known, room, lookup->known[i].id) = lookup->known[i];
        }
    }
    free(lookup->known);
    lookup->known = known;
    lookup->known_room = room;
    return true;
}

/* ------------------------------------------------------------------ one concept description */

static struct aas_node *keep_spec(struct arena *arena, const struct aas_node *spec)
{
    const struct aas_node *content = aas_child(spec, PROP_dataSpecificationContent);
    const char *value = content == NULL ? NULL : aas_text(content, PROP_value);
    struct aas_node *kept = aas_node_new(arena, spec->cls);
    struct aas_node *inner = value == NULL ? NULL : aas_node_new(arena, content->cls);
    if (kept == NULL || value == NULL) {
        return kept;
    }
    bool fine = inner != NULL &&
                aas_set_text(arena, inner, PROP_value, value, strlen(value)) == ERR_OK &&
                aas_set_node(kept, PROP_dataSpecificationContent, inner) == ERR_OK;
    return fine ? kept : NULL;
}

/* What the rules compare; the rest can be a thousand times larger. */
static struct aas_node *keep(struct arena *arena, const struct aas_node *concept)
{
    size_t count = 0;
    const char *id = aas_text(concept, PROP_id);
    struct aas_node **specs = aas_list(concept, PROP_embeddedDataSpecifications, &count);
    struct aas_node **list = arena_alloc(arena, (count + 1) * sizeof *list);
    struct aas_node *kept = aas_node_new(arena, concept->cls);
    bool fine = list != NULL && kept != NULL && id != NULL &&
                aas_set_text(arena, kept, PROP_id, id, strlen(id)) == ERR_OK;
    for (size_t i = 0; fine && i < count; i++) {
        list[i] = keep_spec(arena, specs[i]);
        fine = list[i] != NULL;
    }
    fine = fine && (count == 0 || aas_set_list(arena, kept, PROP_embeddedDataSpecifications, list,
                                      count) == ERR_OK);
    return fine ? kept : NULL;
}

static const struct aas_node *read_concept(
    struct concept_lookup *lookup, const char *id, size_t len)
{
    struct registry_document document;
    struct aas_node *root = NULL;
    struct arena scratch;
    if (registry_get(&lookup->view, REGISTRY_CONCEPT_DESCRIPTION, id, len, &document, NULL) !=
        ERR_OK) {
        return NULL;
    }
    arena_init(&scratch, SCRATCH_BYTES);
    enum err_code code = aas_json_read(&scratch, document.json, document.json_len,
        meta_class(CLASS_ConceptDescription), NULL, &root, NULL);
    const struct aas_node *kept = code == ERR_OK ? keep(lookup->arena, root) : NULL;
    arena_finish(&scratch);
    return kept;
}

/* What cannot be read now is told as not checked, which is what happens to it. */
static const struct aas_node *find(void *context, const char *id, size_t len)
{
    struct concept_lookup *lookup = context;
    unsigned char hash[STORE_HASH_BYTES];
    if (!lookup->open) {
        lookup->open = registry_view_begin(lookup->registry, &lookup->view, NULL) == ERR_OK;
    }
    if (!lookup->open || !grow(lookup)) {
        return NULL;
    }
    store_hash(id, len, hash);
    struct concept_known *known = place_of(lookup->known, lookup->known_room, hash);
    if (!known->used) {
        *known = (struct concept_known){.used = true, .node = read_concept(lookup, id, len)};
        memcpy(known->id, hash, sizeof hash);
        lookup->known_count++;
    }
    return known->node;
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
    free(lookup->known);
    lookup->known = NULL;
    lookup->known_count = lookup->known_room = 0;
}

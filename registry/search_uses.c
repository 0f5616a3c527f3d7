/* SPDX-License-Identifier: Apache-2.0 */
/* Who uses a semantic id, and as what: the postings say which things may, their documents say
 * where. */
#include <string.h>

#include "aas/json.h"
#include "conformance/compare_parts.h"
#include "registry/search_query.h"

enum {
    LOOKED_INTO = 200, /* candidates of one page */
    LISTED_NORMALLY = 20,
    PATH_ROOM = 1024,
    ID_LONGEST = 8192,
};

/* Attributes whose values say what something means, and what they are called in the answer. */
static const char *role_of(enum meta_prop_id id)
{
    switch (id) {
    case PROP_semanticId:
        return "semanticId";
    case PROP_supplementalSemanticIds:
        return "supplementalSemanticId";
    case PROP_semanticIdListElement:
        return "semanticIdListElement";
    case PROP_isCaseOf:
        return "isCaseOf";
    case PROP_valueId:
        return "valueId";
    case PROP_unitId:
        return "unitId";
    case PROP_id:
        return "id";
    default:
        return NULL;
    }
}

/* The id looked for, and the thing being looked into. */
struct lookup {
    struct arena *arena;
    const char *id;
    size_t len;
    const char *plain; /* without version, NULL: exactly */
    size_t plain_len;
    char *scratch; /* room for an id without its version */
    const char *inside;
    struct registry_user *user;
    bool full; /* the arena is */
};

static bool fits(const struct lookup *lookup, const char *id, size_t len)
{
    if (lookup->plain == NULL) {
        return len == lookup->len && memcmp(id, lookup->id, len) == 0;
    }
    if (len > ID_LONGEST) {
        return false;
    }
    size_t plain = names_without_version(id, len, lookup->scratch);
    return plain == lookup->plain_len && strncasecmp(lookup->scratch, lookup->plain, plain) == 0;
}

static void add_use(struct lookup *lookup, const struct aas_node *node, enum meta_prop_id prop,
    const struct aas_slot *value)
{
    char path[PATH_ROOM];
    struct registry_user *user = lookup->user;
    if (user->use_total++ >= REGISTRY_USES_LISTED || lookup->full) {
        return;
    }
    if (user->uses == NULL) {
        user->uses = arena_alloc(lookup->arena, REGISTRY_USES_LISTED * sizeof *user->uses);
    }
    aas_print_path(node, path, sizeof path);
    const char *kept = arena_copy(lookup->arena, path, strlen(path));
    const char *id = arena_copy(lookup->arena, value->u.text, value->len);
    lookup->full = user->uses == NULL || kept == NULL || id == NULL;
    if (!lookup->full) {
        user->uses[user->use_count++] = (struct registry_use){.role = role_of(prop),
            .path = kept,
            .model_type = node->cls->name,
            .inside = lookup->inside,
            .id = id};
    }
}

/* One use, however many of the keys fit. */
static void look_at_reference(struct lookup *lookup, const struct aas_node *node,
    enum meta_prop_id prop, const struct aas_node *reference)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(reference, PROP_keys, &count);
    for (size_t i = 0; i < count; i++) {
        const struct aas_slot *value = aas_slot(keys[i], PROP_value);
        if (value != NULL && value->state == AAS_TEXT && fits(lookup, value->u.text, value->len)) {
            add_use(lookup, node, prop, value);
            return;
        }
    }
}

static enum err_code look_at(const struct aas_node *node, void *context)
{
    struct lookup *lookup = context;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        enum meta_prop_id prop = node->cls->props[i].id;
        const struct aas_slot *slot = &node->slots[i];
        if (role_of(prop) == NULL) {
            continue;
        }
        if (slot->state == AAS_TEXT && fits(lookup, slot->u.text, slot->len)) {
            add_use(lookup, node, prop, slot);
        } else if (slot->state == AAS_NODE) {
            look_at_reference(lookup, node, prop, slot->u.node);
        }
        for (size_t k = 0; slot->state == AAS_NODES && k < slot->len; k++) {
            look_at_reference(lookup, node, prop, slot->u.nodes[k]);
        }
    }
    return lookup->full ? ERR_TOO_LARGE : ERR_OK;
}

static enum err_code look_below(struct lookup *lookup, const struct aas_node *node, struct err *err)
{
    enum err_code code = aas_walk(node, look_at, lookup);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "too many uses are asked for at once");
}

/* ------------------------------------------------------------------ things */

static enum err_code look_into_document(struct registry_view *view, struct lookup *lookup,
    struct arena *scratch, const struct registry_hit *hit, struct err *err)
{
    struct registry_document document;
    struct aas_node *tree = NULL;
    enum err_code code = registry_get(view, hit->kind, hit->id, strlen(hit->id), &document, err);
    if (code == ERR_OK) {
        code = aas_json_read(
            scratch, document.json, document.json_len, registry_class(hit->kind), NULL, &tree, err);
    }
    return code == ERR_OK ? look_below(lookup, tree, err) : code;
}

/* The submodel of the version and the concept descriptions that came with it. */
static enum err_code look_into_environment(
    struct lookup *lookup, const struct aas_node *root, const char *submodel_id, struct err *err)
{
    size_t count = 0;
    enum err_code code = ERR_OK;
    struct aas_node **nodes = aas_list(root, PROP_submodels, &count);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        const char *id = aas_text(nodes[i], PROP_id);
        if (count == 1 || (id != NULL && strcmp(id, submodel_id) == 0)) {
            code = look_below(lookup, nodes[i], err);
        }
    }
    nodes = aas_list(root, PROP_conceptDescriptions, &count);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        const char *id = aas_text(nodes[i], PROP_id);
        lookup->inside = id == NULL ? "" : arena_copy(lookup->arena, id, strlen(id));
        lookup->full = lookup->inside == NULL;
        code = look_below(lookup, nodes[i], err);
    }
    return code;
}

static enum err_code look_into_version(struct registry_view *view, struct lookup *lookup,
    struct arena *scratch, const struct registry_hit *hit, struct err *err)
{
    struct registry_version version;
    const char *json = NULL;
    size_t len = 0;
    struct aas_node *root = NULL;
    enum err_code code =
        registry_version(view, scratch, hit->family, hit->label, &version, &json, &len, err);
    if (code == ERR_OK) {
        code = aas_json_read(scratch, json, len, meta_class(CLASS_Environment), NULL, &root, err);
    }
    return code == ERR_OK ? look_into_environment(lookup, root, version.submodel_id, err) : code;
}

/* Adds the thing when it does use the id. */
static enum err_code look_into(struct registry_view *view, struct lookup *lookup, uint64_t document,
    struct registry_users *users, struct err *err)
{
    struct arena scratch;
    struct registry_user *user = &users->users[users->count];
    *user = (struct registry_user){.use_count = 0};
    enum err_code code = query_read_hit(view, lookup->arena, document, &user->hit, err);
    if (code != ERR_OK) {
        return code;
    }
    lookup->user = user;
    lookup->inside = "";
    arena_init(&scratch, SIZE_MAX);
    code = user->hit.is_template ? look_into_version(view, lookup, &scratch, &user->hit, err)
                                 : look_into_document(view, lookup, &scratch, &user->hit, err);
    arena_finish(&scratch);
    users->count += code == ERR_OK && user->use_total > 0;
    return code;
}

/* ------------------------------------------------------------------ all of them */

static bool lookup_start(
    struct lookup *lookup, struct arena *arena, const char *id, bool any_version)
{
    *lookup = (struct lookup){.arena = arena, .id = id, .len = strlen(id)};
    lookup->scratch = arena_alloc(arena, ID_LONGEST + 1);
    if (!any_version || lookup->scratch == NULL) {
        return lookup->scratch != NULL;
    }
    char *plain = arena_alloc(arena, lookup->len + 1);
    if (plain != NULL) {
        lookup->plain_len = names_without_version(id, lookup->len, plain);
        lookup->plain = plain;
    }
    return plain != NULL;
}

enum err_code registry_uses(struct registry_view *view, struct arena *arena, const char *id,
    bool any_version, uint64_t after, size_t limit, struct registry_users *users, struct err *err)
{
    char term[SEARCH_TERM_MAX];
    struct lookup lookup;
    struct postings postings;
    size_t len = strlen(id);
    struct registry_users made = {.count = 0};
    limit = limit == 0 ? LISTED_NORMALLY : limit;
    limit = limit > LOOKED_INTO ? LOOKED_INTO : limit;
    if (len == 0 || len > ID_LONGEST) {
        return err_set(err, ERR_BAD_INPUT, "the id to look for is empty or longer than %d bytes",
            (int)ID_LONGEST);
    }
    made.users = arena_alloc(arena, (limit + 1) * sizeof *made.users);
    if (made.users == NULL || !lookup_start(&lookup, arena, id, any_version)) {
        return err_set(err, ERR_TOO_LARGE, "too many uses are asked for at once");
    }
    size_t term_len =
        any_version ? search_plain_id_term(id, len, term) : search_text_id(id, len, term);
    enum err_code code = postings_open(&view->txn, term, term_len, &postings);
    if (code != ERR_OK) {
        return err_set(err, code, "the search index cannot be read");
    }
    bool more = postings_seek(&postings, after + 1);
    uint64_t last = after;
    for (size_t looked = 0; code == ERR_OK && more && made.count < limit && looked < LOOKED_INTO;
         looked++) {
        last = postings.at.document;
        code = look_into(view, &lookup, last, &made, err);
        more = postings_next(&postings);
    }
    postings_close(&postings);
    if (code == ERR_OK) {
        made.next = more ? last : 0;
        *users = made;
    }
    return code;
}

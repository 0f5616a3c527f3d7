/* SPDX-License-Identifier: Apache-2.0 */
/* GenerateSerializationByIds: chosen shells and submodels with the concept descriptions that they
 * refer to, as one environment. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/xml.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/support.h"

enum { MAX_MEMBERS = 20000, MAX_BYTES = 256 * 1024 * 1024 };

struct gathering {
    struct api_request *request;
    struct registry_view *view;
    struct registry_document *members; /* in the arena */
    size_t count;
    size_t room;
    size_t bytes;
};

static bool has(const struct gathering *g, const struct registry_document *document)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct registry_document *other = &g->members[i];
        if (other->kind == document->kind && other->number == document->number) {
            return true;
        }
    }
    return false;
}

static enum err_code add(
    struct gathering *g, const struct registry_document *document, struct err *err)
{
    if (has(g, document)) {
        return ERR_OK;
    }
    g->bytes += document->json_len;
    if (g->count == MAX_MEMBERS || g->bytes > MAX_BYTES) {
        return err_set(err, ERR_TOO_LARGE, "that is more than one serialization may hold");
    }
    if (g->count == g->room) {
        size_t room = g->room == 0 ? 64 : 2 * g->room;
        struct registry_document *members = arena_alloc(&g->request->arena, room * sizeof *members);
        if (members == NULL) {
            return support_full(err);
        }
        if (g->count > 0) {
            memcpy(members, g->members, g->count * sizeof *members);
        }
        g->members = members;
        g->room = room;
    }
    g->members[g->count++] = *document;
    return ERR_OK;
}

/* The things that one parameter names; real clients repeat it. */
static enum err_code add_named(
    struct gathering *g, const char *name, enum registry_kind kind, struct err *err)
{
    struct api_request *request = g->request;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < request->parameter_count && code == ERR_OK; i++) {
        const struct api_parameter *parameter = &request->parameters[i];
        char *id;
        size_t len;
        struct registry_document document;
        if (strcmp(parameter->name.text, name) != 0 || parameter->value.len == 0) {
            continue;
        }
        if (aas_base64url_decode(&request->arena, parameter->value.text, parameter->value.len, &id,
                &len, NULL) != ERR_OK) {
            return err_set(err, ERR_BAD_INPUT, "%s must hold base64url-encoded identifiers", name);
        }
        code = registry_get(g->view, kind, id, len, &document, err);
        if (code == ERR_OK) {
            code = add(g, &document, err);
        }
    }
    return code;
}

static enum err_code add_if_concept(const struct aas_node *node, void *context)
{
    struct gathering *g = context;
    struct registry_document document;
    const char *value = node->cls->id == CLASS_Key ? aas_text(node, PROP_value) : NULL;
    if (value == NULL) {
        return ERR_OK;
    }
    enum err_code code =
        registry_get(g->view, REGISTRY_CONCEPT_DESCRIPTION, value, strlen(value), &document, NULL);
    return code == ERR_OK ? add(g, &document, NULL) : code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Concept descriptions refer to others (value lists, isCaseOf), so those found are searched too. */
static enum err_code add_concepts(struct gathering *g, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < g->count && code == ERR_OK; i++) {
        const struct registry_document member = g->members[i]; /* the array may move */
        const struct registry_document *document = &member;
        struct arena arena;
        struct aas_node *root;
        arena_init(&arena, 64 * document->json_len + 65536);
        code = aas_json_read(&arena, document->json, document->json_len,
            registry_class(document->kind), NULL, &root, err);
        if (code == ERR_OK) {
            code = aas_walk(root, add_if_concept, g);
        }
        arena_finish(&arena);
        if (code != ERR_OK) {
            err_set(err, code, "%s", err_default_text(code));
        }
    }
    return code;
}

static void write_json(struct buf *buf, const struct gathering *g)
{
    static const struct {
        enum registry_kind kind;
        const char *name;
    } lists[] = {{REGISTRY_SHELL, "assetAdministrationShells"}, {REGISTRY_SUBMODEL, "submodels"},
        {REGISTRY_CONCEPT_DESCRIPTION, "conceptDescriptions"}};
    bool any = false;
    buf_add_char(buf, '{');
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        bool first = true;
        for (size_t i = 0; i < g->count; i++) {
            const struct registry_document *document = &g->members[i];
            if (document->kind != lists[k].kind) {
                continue;
            }
            if (first) {
                buf_printf(buf, "%s\"%s\":[", any ? "," : "", lists[k].name);
            } else {
                buf_add_char(buf, ',');
            }
            buf_add(buf, document->json, document->json_len);
            first = false;
            any = true;
        }
        if (!first) {
            buf_add_char(buf, ']');
        }
    }
    buf_add_char(buf, '}');
}

static enum err_code write_xml(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *root;
    enum err_code code = support_tree(request, response->body.bytes + API_HEAD_ROOM,
        api_response_length(response), meta_class(CLASS_Environment), &root, err);
    if (code == ERR_OK) {
        api_response_clear(response);
        reply_ok(response, "application/xml");
        aas_xml_write(&response->body, root, META_V31, false);
    }
    return code;
}

static enum err_code gather(struct gathering *g, bool with_concepts, struct err *err)
{
    enum err_code code = add_named(g, "aasIds", REGISTRY_SHELL, err);
    if (code == ERR_OK) {
        code = add_named(g, "submodelIds", REGISTRY_SUBMODEL, err);
    }
    if (code == ERR_OK && g->count == 0) {
        code = err_set(err, ERR_BAD_INPUT,
            "name at least one shell (aasIds) or submodel "
            "(submodelIds)");
    }
    return code == ERR_OK && with_concepts ? add_concepts(g, err) : code;
}

enum err_code handle_serialization(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum api_media media;
    bool with_concepts = true;
    struct registry_view view;
    enum err_code code = accept_json_or_xml(request, &media, err);
    if (code == ERR_OK) {
        code = parameter_bool(request, "includeConceptDescriptions", &with_concepts, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct gathering g = {.request = request, .view = &view};
    code = gather(&g, with_concepts, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        write_json(&response->body, &g);
    }
    registry_view_end(&view);
    if (code == ERR_OK && media == API_MEDIA_XML) {
        code = write_xml(request, response, err);
    }
    return code;
}

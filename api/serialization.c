/* SPDX-License-Identifier: Apache-2.0 */
/* GenerateSerializationByIds: chosen shells and submodels with the concept descriptions that they
 * refer to, as one environment. */
#include "api/handlers.h"

#include <string.h>
#include <unistd.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/xml.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/package_make.h"
#include "api/reply.h"
#include "api/stream.h"
#include "api/support.h"

enum { MAX_MEMBERS = 20000, MAX_BYTES = 256 * 1024 * 1024, PATH_ROOM = 4096 };

#define PACKAGE "application/asset-administration-shell-package"

/* What can be given; the first one when the client takes anything. */
enum { OFFERED_JSON = 0, OFFERED_XML = 2, OFFERED_PACKAGE };
static const char *const offered[] = {"application/json", "application/xml", "text/xml",
    PACKAGE "+xml", PACKAGE, "application/aasx+xml", "application/aas+zip", "application/zip",
    "application/octet-stream"};

struct gathering {
    struct api_request *request;
    struct registry_view *view;
    struct registry_document *members; /* in the arena */
    size_t count;
    size_t room;
    uint32_t *places; /* position + 1 of a member by its hash, 0: free; twice `room` of them */
    size_t bytes;
};

/* Where a document stands in the table of places, or would. */
static uint32_t *place_of(const struct gathering *g, const struct registry_document *document)
{
    size_t mask = 2 * g->room - 1; /* room is a power of two */
    size_t at =
        (size_t)((document->number * 4 + document->kind) * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
        mask;
    for (;; at = (at + 1) & mask) {
        const struct registry_document *other =
            g->places[at] == 0 ? NULL : &g->members[g->places[at] - 1];
        if (other == NULL || (other->kind == document->kind && other->number == document->number)) {
            return &g->places[at];
        }
    }
}

static enum err_code grow(struct gathering *g, struct err *err)
{
    struct arena *arena = &g->request->arena;
    size_t room = g->room == 0 ? 64 : 2 * g->room;
    struct registry_document *members = arena_alloc(arena, room * sizeof *members);
    uint32_t *places = arena_alloc(arena, 2 * room * sizeof *places);
    if (members == NULL || places == NULL) {
        return support_full(err);
    }
    if (g->count > 0) {
        memcpy(members, g->members, g->count * sizeof *members);
    }
    memset(places, 0, 2 * room * sizeof *places);
    g->members = members;
    g->places = places;
    g->room = room;
    for (size_t i = 0; i < g->count; i++) {
        *place_of(g, &members[i]) = (uint32_t)i + 1;
    }
    return ERR_OK;
}

static enum err_code add(
    struct gathering *g, const struct registry_document *document, struct err *err)
{
    if (g->room > 0 && *place_of(g, document) != 0) {
        return ERR_OK;
    }
    g->bytes += document->json_len;
    if (g->count == MAX_MEMBERS || g->bytes > MAX_BYTES) {
        return err_set(err, ERR_TOO_LARGE, "that is more than one serialization may hold");
    }
    enum err_code code = g->count == g->room ? grow(g, err) : ERR_OK;
    if (code != ERR_OK) {
        return code;
    }
    *place_of(g, document) = (uint32_t)g->count + 1;
    g->members[g->count++] = *document;
    return ERR_OK;
}

static enum err_code add_one(struct gathering *g, const char *name, enum registry_kind kind,
    const char *encoded, size_t encoded_len, struct err *err)
{
    char *id;
    size_t len;
    struct registry_document document;
    if (aas_base64url_decode(&g->request->arena, encoded, encoded_len, &id, &len, NULL) != ERR_OK) {
        return err_set(err, ERR_BAD_INPUT, "%s must hold base64url-encoded identifiers", name);
    }
    enum err_code code = registry_get(g->view, kind, id, len, &document, err);
    if (code == ERR_OK && g->request->templates &&
        (kind != REGISTRY_SUBMODEL || !cut_is_template(&document))) {
        return err_set(err, ERR_NOT_FOUND, "\"%.200s\" is no submodel of kind Template", id);
    }
    return code == ERR_OK ? add(g, &document, err) : code;
}

/* The things that one parameter names; real clients repeat it, or put commas between. */
static enum err_code add_named(
    struct gathering *g, const char *name, enum registry_kind kind, struct err *err)
{
    const struct api_request *request = g->request;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < request->parameter_count && code == ERR_OK; i++) {
        const struct api_parameter *parameter = &request->parameters[i];
        const char *at = parameter->value.text;
        const char *end = at + parameter->value.len;
        if (strcmp(parameter->name.text, name) != 0) {
            continue;
        }
        while (at < end && code == ERR_OK) {
            size_t len = strcspn(at, ",");
            code = len == 0 ? ERR_OK : add_one(g, name, kind, at, len, err);
            at += len + 1;
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
        arena.meter = g->request->arena.meter;
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

/* ------------------------------------------------------------------ forms */

/* The environment that stands as JSON in the response, which becomes empty. */
static enum err_code take_environment(struct api_request *request, struct api_response *response,
    struct aas_node **root, struct err *err)
{
    enum err_code code = support_tree(request, response->body.bytes + API_HEAD_ROOM,
        api_response_length(response), meta_class(CLASS_Environment), root, err);
    if (code == ERR_OK) {
        api_response_clear(response);
    }
    return code;
}

static enum err_code write_xml(struct api_request *request, struct api_response *response,
    enum meta_version version, struct err *err)
{
    struct aas_node *root;
    enum err_code code = take_environment(request, response, &root, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/xml");
        aas_xml_write(&response->body, root, version, false);
    }
    return code;
}

/* The package is made in a temporary file, which is sent piece by piece and gone then. */
static enum err_code write_package(struct api_request *request, struct api_response *response,
    const char *type, enum meta_version version, struct err *err)
{
    struct aas_node *root;
    struct registry *registry = request->context->registry;
    const struct aasx_form form = {.version = version};
    char *path = arena_alloc(&request->arena, PATH_ROOM);
    if (path == NULL || response->stream == NULL) {
        return support_full(err);
    }
    enum err_code code = take_environment(request, response, &root, err);
    if (code == ERR_OK) {
        code = spool_name(registry_store(registry), path, PATH_ROOM, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct api_stream *stream = response->stream;
    request->arena.ceiling += request->arena.ceiling; /* the tree took its share */
    code = package_make(registry, &request->arena, root, &form, path, err);
    if (code != ERR_OK) {
        unlink(path);
        return code;
    }
    code = spool_take(path, &stream->file, err);
    if (code == ERR_OK) {
        stream->opened = true;
        stream->from = 0;
        stream->left = stream->file.len;
        reply_ok(response, type);
        api_response_field(
            response, "Content-Disposition", "attachment; filename=\"environment.aasx\"");
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

/* `metamodel` is ours: which version XML and packages are written in. */
static enum err_code read_wishes(struct api_request *request, size_t *form, bool *with_concepts,
    enum meta_version *version, struct err *err)
{
    const char *accept = api_request_header(request, "Accept");
    const char *said = NULL;
    int chosen = accept_choose(accept, offered, sizeof offered / sizeof *offered);
    if (chosen < 0) {
        return err_set(err, ERR_NOT_ACCEPTABLE,
            "the request accepts only \"%.200s\"; this address gives application/json, "
            "application/xml and " PACKAGE,
            accept);
    }
    *form = (size_t)chosen;
    *version = META_V31;
    enum err_code code = parameter_bool(request, "includeConceptDescriptions", with_concepts, err);
    if (code == ERR_OK) {
        code = parameter_text(request, "metamodel", &said, err);
    }
    if (code == ERR_OK && said != NULL) {
        *version = strcmp(said, "3.0") == 0 ? META_V30 : META_V31;
        if (*version == META_V31 && strcmp(said, "3.1") != 0) {
            code = err_set(err, ERR_BAD_INPUT, "metamodel must be 3.0 or 3.1");
        }
    }
    return code;
}

enum err_code handle_serialization(
    struct api_request *request, struct api_response *response, struct err *err)
{
    size_t form = OFFERED_JSON;
    bool with_concepts = true;
    enum meta_version version = META_V31;
    struct registry_view view;
    enum err_code code = read_wishes(request, &form, &with_concepts, &version, err);
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
        code = buf_failed(&response->body) ? support_full(err) : ERR_OK;
    }
    registry_view_end(&view);
    if (code != ERR_OK || form == OFFERED_JSON) {
        return code;
    }
    return form < OFFERED_PACKAGE ? write_xml(request, response, version, err)
                                  : write_package(request, response, offered[form], version, err);
}

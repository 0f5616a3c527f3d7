/* SPDX-License-Identifier: Apache-2.0 */
/* Submodels and shells under their other addresses: /shells/…/submodels/…, /aas, /submodel. */
#include <string.h>

#include "aas/path.h"
#include "api/context.h"
#include "api/routes.h"
#include "api/support.h"

/* Puts the chosen identifier in front of the captures. */
static enum err_code choose(struct api_request *request, const char *id, const char *what,
    const char *option, struct err *err)
{
    if (id == NULL) {
        enum err_code code =
            err_set(err, ERR_NOT_OFFERED, "no %s is chosen to be served at this address", what);
        err_rule(err, NULL, option);
        return code;
    }
    char *encoded = aas_base64url_encode(&request->arena, id, strlen(id));
    if (encoded == NULL) {
        return support_full(err);
    }
    memmove(&request->captures[1], &request->captures[0],
        (API_MAX_CAPTURES - 1) * sizeof *request->captures);
    request->captures[0] = (struct api_text){encoded, strlen(encoded)};
    request->capture_count += request->capture_count < API_MAX_CAPTURES;
    return ERR_OK;
}

/* Takes the shell's identifier out of the captures. */
static void take_shell(struct api_request *request)
{
    request->shell = request->captures[0];
    request->capture_count--;
    memmove(&request->captures[0], &request->captures[1],
        request->capture_count * sizeof *request->captures);
}

/* The references are the last attribute of a stored shell, and the keys the last one of a
 * reference, so that the id of a submodel stands in `"value":"…"}]}`; quotes inside of texts are
 * escaped. What `,"keys"` follows is the meaning of a reference (referredSemanticId). */
static bool refers_to(struct api_request *request, const struct registry_document *shell,
    const struct api_text *submodel, bool *refers)
{
    static const char list[] = ",\"submodels\":[";
    static const char more[] = ",\"keys\"";
    const char *end = shell->json + shell->json_len;
    const char *at = memmem(shell->json, shell->json_len, list, sizeof list - 1);
    struct buf key;
    buf_init(&key, request->arena.ceiling);
    buf_add_text(&key, "\"value\":");
    buf_add_json_string(&key, submodel->text, submodel->len);
    buf_add_text(&key, "}]}");
    bool fine = !buf_failed(&key);
    *refers = false;
    while (fine && at != NULL && !*refers) {
        at = memmem(at, (size_t)(end - at), key.bytes, key.len);
        if (at != NULL) {
            at += key.len;
            *refers = (size_t)(end - at) < sizeof more || memcmp(at, more, sizeof more - 1) != 0;
        }
    }
    buf_finish(&key);
    return fine;
}

static enum err_code check_shell(struct api_request *request, struct err *err)
{
    struct api_text shell_id;
    struct api_text submodel_id;
    struct registry_view view;
    struct registry_document document;
    bool refers = false;
    enum err_code code = api_shell_identifier(request, &shell_id, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &submodel_id, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, REGISTRY_SHELL, shell_id.text, shell_id.len, &document, err);
    if (code == ERR_OK && !refers_to(request, &document, &submodel_id, &refers)) {
        code = support_full(err);
    }
    if (code == ERR_OK && !refers) {
        code = err_set(err, ERR_NOT_FOUND,
            "the shell \"%.200s\" has no reference to the submodel \"%.200s\"", shell_id.text,
            submodel_id.text);
    }
    registry_view_end(&view);
    return code;
}

static const char *address_below(struct api_request *request)
{
    struct arena *arena = &request->arena;
    switch (request->route->root) {
    case ROOT_SHELL_SUBMODEL:
        return arena_printf(
            arena, "/shells/%s/submodels/%s", request->shell.text, request->captures[0].text);
    case ROOT_AAS:
        return "/aas";
    case ROOT_AAS_SUBMODEL:
        return arena_printf(arena, "/aas/submodels/%s", request->captures[0].text);
    case ROOT_SUBMODEL:
        return "/submodel";
    default:
        return NULL;
    }
}

enum err_code api_shell_identifier(
    struct api_request *request, struct api_text *id, struct err *err)
{
    struct api_text first = request->captures[0];
    request->captures[0] = request->shell;
    enum err_code code = support_identifier(request, 0, id, err);
    request->captures[0] = first;
    return code;
}

enum err_code api_target(struct api_request *request, struct err *err)
{
    const struct api_route *route = request->route;
    enum err_code code = ERR_OK;
    if (route->root == ROOT_NONE) {
        return ERR_OK;
    }
    if (route->root == ROOT_AAS || route->root == ROOT_AAS_SUBMODEL) {
        code = choose(request, request->context->shell_id, "shell",
            "start the server with --aas and the id of the shell", err);
    }
    if (route->root == ROOT_SUBMODEL) {
        code = choose(request, request->context->submodel_id, "submodel",
            "start the server with --submodel and the id of the submodel", err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (route->root == ROOT_AAS_SUBMODEL || route->root == ROOT_SHELL_SUBMODEL) {
        take_shell(request);
    }
    request->below = address_below(request);
    if (request->below == NULL) {
        return support_full(err);
    }
    return request->shell.len > 0 && !route->joins ? check_shell(request, err) : ERR_OK;
}

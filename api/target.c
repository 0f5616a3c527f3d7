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

static bool refers_to(const struct aas_node *shell, const struct api_text *submodel)
{
    size_t count;
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        size_t key_count;
        struct aas_node **keys = aas_list(references[i], PROP_keys, &key_count);
        const char *value = key_count > 0 ? aas_text(keys[key_count - 1], PROP_value) : NULL;
        if (value != NULL && strcmp(value, submodel->text) == 0) {
            return true;
        }
    }
    return false;
}

static enum err_code check_shell(struct api_request *request, struct err *err)
{
    struct api_text shell_id;
    struct api_text submodel_id;
    struct registry_view view;
    struct registry_document document;
    struct aas_node *shell;
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
    if (code == ERR_OK) {
        code = support_tree(
            request, document.json, document.json_len, registry_class(REGISTRY_SHELL), &shell, err);
    }
    if (code == ERR_OK && !refers_to(shell, &submodel_id)) {
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

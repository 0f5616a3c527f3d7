/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a shell: asset information and references to submodels. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "api/context.h"
#include "api/element.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

/* The shell's tree; the 304 of an unchanged one is told apart by `*unchanged`. */
static enum err_code read_shell(struct api_request *request, struct api_response *response,
    struct aas_node **shell, bool *unchanged, struct err *err)
{
    struct registry_document document;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = element_submodel(request, &document, shell, err);
    }
    if (code == ERR_OK) {
        *unchanged = reply_etag(request, response, document.hash, "");
    }
    return code;
}

enum err_code handle_asset_information_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *shell;
    bool unchanged;
    enum err_code code = read_shell(request, response, &shell, &unchanged, err);
    if (code != ERR_OK || unchanged) {
        return code;
    }
    const struct aas_node *information = aas_child(shell, PROP_assetInformation);
    if (information == NULL) {
        return err_set(err, ERR_NOT_FOUND, "the shell has no asset information");
    }
    support_write_tree(response, information, 0);
    return ERR_OK;
}

static enum err_code set_information(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    struct aas_node *copy = aas_copy(arena, context);
    return copy == NULL ? support_full(err) : aas_set_node(shell, PROP_assetInformation, copy);
}

enum err_code handle_asset_information_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *information;
    enum err_code code =
        support_body(request, meta_class(CLASS_AssetInformation), &information, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", set_information, information, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

/* ------------------------------------------------------------------ references to submodels */

static const char *last_key(const struct aas_node *reference)
{
    const char *value = aas_last_key(reference);
    return value != NULL ? value : "";
}

/* Behind the last reference of the page before; when that is gone, where it stood. */
static size_t continue_at(
    struct aas_node *const *references, size_t count, const struct api_place *place)
{
    size_t before = (size_t)place->position;
    size_t found = 0;
    if (place->last.len == 0) {
        return before;
    }
    for (size_t i = 0; i < count && (found == 0 || i < before); i++) {
        if (strcmp(last_key(references[i]), place->last.text) == 0) {
            found = i + 1;
        }
    }
    return found > 0 ? found : before - (before > 0);
}

enum err_code handle_submodel_refs_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *shell;
    bool unchanged;
    size_t limit;
    size_t count;
    struct api_place place;
    enum err_code code = parameter_limit(request, API_DEFAULT_LIMIT, &limit, err);
    if (code == ERR_OK) {
        code = parameter_place(request, &place, err);
    }
    if (code == ERR_OK) {
        code = read_shell(request, response, &shell, &unchanged, err);
    }
    if (code != ERR_OK || unchanged) {
        return code;
    }
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    reply_ok(response, "application/json");
    buf_add_text(&response->body, PAGE_BEGIN);
    size_t from = continue_at(references, count, &place);
    size_t at = from;
    for (; at < count && at - from < limit; at++) {
        if (at > from) {
            buf_add_char(&response->body, ',');
        }
        aas_json_write(&response->body, references[at], 0, NULL);
    }
    const char *last = at > 0 && at < count ? last_key(references[at - 1]) : "";
    place = (struct api_place){.position = at, .last = {last, strlen(last)}};
    page_end_place(request, &response->body, ']', at < count ? &place : NULL);
    return ERR_OK;
}

static enum err_code add_reference(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    const struct aas_node *reference = context;
    size_t count;
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        if (aas_equal(references[i], reference)) {
            return err_set(err, ERR_EXISTS, "the shell has this reference already");
        }
    }
    struct aas_node *copy = aas_copy(arena, reference);
    return copy == NULL ? support_full(err)
                        : aas_list_insert(arena, shell, PROP_submodels, count, copy);
}

enum err_code handle_submodel_refs_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *reference;
    enum err_code code = support_body(request, meta_class(CLASS_Reference), &reference, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", add_reference, reference, err);
    }
    if (code == ERR_OK) {
        support_write_tree(response, reference, 0);
        response->status = 201;
        const char *shell = support_address(request);
        if (shell != NULL) {
            support_location(request, response, "%s/submodel-refs", shell);
        }
    }
    return code;
}

static enum err_code remove_reference(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    (void)arena;
    const struct api_text *id = context;
    size_t count;
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(last_key(references[i]), id->text) == 0) {
            aas_list_remove(shell, PROP_submodels, i);
            return ERR_OK;
        }
    }
    return err_set(
        err, ERR_NOT_FOUND, "the shell has no reference to the submodel \"%.200s\"", id->text);
}

enum err_code handle_submodel_refs_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    enum err_code code = support_identifier(request, 1, &id, err);
    if (code == ERR_OK) {
        code = element_apply(request, "replace", remove_reference, &id, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

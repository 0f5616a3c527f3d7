/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A submodel as a part of its shell: PUT stores it and makes the shell refer to it, DELETE takes
 * both away. Submodel and shell change in one transaction. A PUT that creates answers the reference
 * that the shell has got, which is what clients made from version 3.0 read.
 */
#include "api/handlers.h"

#include <string.h>

#include "aas/path.h"
#include "api/context.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

struct membership {
    struct api_text shell;
    struct api_text submodel;
};

static bool refers_to(const struct aas_node *reference, const char *submodel_id)
{
    const char *value = aas_last_key(reference);
    return value != NULL && strcmp(value, submodel_id) == 0;
}

/* ModelReference with the one key (Submodel); NULL when the arena is full. */
static struct aas_node *make_reference(struct arena *arena, const struct api_text *id)
{
    struct aas_node *reference = aas_node_new(arena, meta_class(CLASS_Reference));
    struct aas_node *key = aas_node_new(arena, meta_class(CLASS_Key));
    bool made = reference != NULL && key != NULL &&
                aas_set_text(arena, reference, PROP_type, "ModelReference", 14) == ERR_OK &&
                aas_set_text(arena, key, PROP_type, "Submodel", 8) == ERR_OK &&
                aas_set_text(arena, key, PROP_value, id->text, id->len) == ERR_OK &&
                aas_set_list(arena, reference, PROP_keys, &key, 1) == ERR_OK;
    return made ? reference : NULL;
}

static enum err_code join(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    const struct membership *membership = context;
    size_t count;
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        if (refers_to(references[i], membership->submodel.text)) {
            return ERR_OK;
        }
    }
    struct aas_node *reference = make_reference(arena, &membership->submodel);
    return reference == NULL ? support_full(err)
                             : aas_list_insert(arena, shell, PROP_submodels, count, reference);
}

static enum err_code leave(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    const struct membership *membership = context;
    size_t count;
    struct aas_node **references = aas_list(shell, PROP_submodels, &count);
    (void)arena;
    (void)err;
    for (size_t i = count; i-- > 0;) {
        if (refers_to(references[i], membership->submodel.text)) {
            aas_list_remove(shell, PROP_submodels, i);
        }
    }
    return ERR_OK;
}

static enum err_code write_both(struct api_request *request, struct registry_change *change,
    struct membership *membership, registry_edit_fn edit, enum registry_outcome *outcome,
    struct err *err)
{
    struct precondition condition;
    struct registry_author author = support_author(request);
    change->kind = REGISTRY_SUBMODEL;
    change->id = membership->submodel.text;
    change->id_len = membership->submodel.len;
    enum err_code code = precondition_read(request, change->id, change->id_len, &condition, err);
    if (code == ERR_OK) {
        code = precondition_apply(&condition, change, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const struct registry_companion shell = {.kind = REGISTRY_SHELL,
        .id = membership->shell.text,
        .id_len = membership->shell.len,
        .edit = edit,
        .context = membership};
    code = registry_write_with(
        request->context->registry, change, &shell, &author, &request->report, outcome, err);
    return precondition_outcome(&condition, change, code, err);
}

static enum err_code read_membership(
    struct api_request *request, struct membership *membership, struct err *err)
{
    enum err_code code = api_shell_identifier(request, &membership->shell, err);
    return code == ERR_OK ? support_identifier(request, 0, &membership->submodel, err) : code;
}

enum err_code handle_shell_submodel_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct membership membership;
    struct aas_node *tree = NULL;
    struct api_modifiers ignored;
    enum registry_outcome outcome = REGISTRY_UNCHANGED;
    enum err_code code = read_membership(request, &membership, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &ignored, err);
    }
    if (code == ERR_OK) {
        code = support_body(request, meta_class(CLASS_Submodel), &tree, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct registry_change change = {.operation = REGISTRY_UPSERT, .tree = tree};
    code = write_both(request, &change, &membership, join, &outcome, err);
    if (code != ERR_OK) {
        return code;
    }
    if (outcome != REGISTRY_CREATED) {
        reply_no_content(response);
        return ERR_OK;
    }
    struct aas_node *reference = make_reference(&request->arena, &membership.submodel);
    if (reference != NULL) { /* it is done: an answer without body is still right */
        support_write_tree(response, reference, 0);
    }
    response->status = 201;
    support_location(request, response, "%s", request->below);
    return ERR_OK;
}

enum err_code handle_shell_submodel_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct membership membership;
    enum registry_outcome outcome;
    struct registry_change change = {.operation = REGISTRY_DELETE};
    enum err_code code = read_membership(request, &membership, err);
    if (code == ERR_OK) {
        code = write_both(request, &change, &membership, leave, &outcome, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

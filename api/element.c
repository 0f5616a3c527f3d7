/* SPDX-License-Identifier: Apache-2.0 */
#include "api/element.h"

#include <string.h>

#include "api/context.h"
#include "api/cut.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "api/template_life.h"

enum err_code element_slice(struct api_request *request, struct registry_view *view,
    struct element_slice *slice, struct err *err)
{
    enum err_code code = support_document(request, view, &slice->document, err);
    if (code != ERR_OK) {
        return code;
    }
    slice->index = cut_index(&slice->document);
    slice->at = 0;
    if (request->capture_count < 2) {
        slice->json = slice->document.json;
        slice->len = slice->document.json_len;
        slice->cls = registry_class(slice->document.kind);
        return ERR_OK;
    }
    const struct api_text *path = &request->captures[1];
    struct path_entry entry;
    code = path_index_find(&slice->index, path->text, path->len, &slice->at, &entry, err);
    if (code != ERR_OK) {
        return code;
    }
    slice->json = slice->document.json + entry.offset;
    slice->len = entry.len;
    slice->cls = path_index_class(&slice->index, &entry);
    return slice->cls != NULL ? ERR_OK : err_set(err, ERR_STORE, "the stored element has no class");
}

enum err_code element_slice_read(struct api_request *request, struct api_response *response,
    struct registry_view *view, struct element_slice *slice, struct err *err)
{
    enum err_code code = element_slice(request, view, slice, err);
    if (code == ERR_OK) {
        template_life_warn_reader(request, response, view, &slice->document);
    }
    return code;
}

static enum err_code read_tree(struct api_request *request, struct registry_document *document,
    struct aas_node **tree, struct err *err)
{
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice(request, &view, &slice, err);
    if (code == ERR_OK) {
        code = support_tree(request, slice.json, slice.len, slice.cls, tree, err);
        *document = slice.document;
        document->json = NULL;
        document->index = NULL;
        document->id = NULL;
    }
    registry_view_end(&view);
    return code;
}

enum err_code element_tree(struct api_request *request, struct registry_document *document,
    struct aas_node **tree, struct err *err)
{
    return read_tree(request, document, tree, err);
}

enum err_code element_submodel(struct api_request *request, struct registry_document *document,
    struct aas_node **submodel, struct err *err)
{
    size_t captures = request->capture_count;
    request->capture_count = captures > 0 ? 1 : 0;
    enum err_code code = read_tree(request, document, submodel, err);
    request->capture_count = captures;
    return code;
}

enum err_code element_apply(struct api_request *request, const char *log_operation,
    registry_edit_fn edit, void *context, struct err *err)
{
    return element_apply_new(request, log_operation, edit, context, NULL, err);
}

enum err_code element_apply_new(struct api_request *request, const char *log_operation,
    registry_edit_fn edit, void *context, const bool *created, struct err *err)
{
    struct api_text id;
    struct precondition condition;
    struct registry_author author = support_author(request);
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = support_room_to_edit(request, err);
    }
    if (code == ERR_OK) {
        code = precondition_read(request, id.text, id.len, &condition, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct precondition_edit run = {.condition = &condition,
        .edit = edit,
        .context = context,
        .creates = request->method == API_POST,
        .created = created,
        .templates_only = request->templates};
    return registry_edit(request->context->registry, request->route->kind, id.text, id.len,
        condition.if_match, log_operation, precondition_run, &run, &author, &request->report, err);
}

const char *element_encode_path(struct arena *arena, const char *path)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_alloc(arena, 3 * strlen(path) + 1);
    if (text == NULL) {
        return NULL;
    }
    size_t at = 0;
    for (; *path != '\0'; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            text[at++] = (char)c;
        } else {
            text[at++] = '%';
            text[at++] = digits[c >> 4];
            text[at++] = digits[c & 15];
        }
    }
    return text;
}

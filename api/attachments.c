/* SPDX-License-Identifier: Apache-2.0 */
/* The contents of File elements and the thumbnails of shells. */
#include <ctype.h>
#include <string.h>

#include "aas/aasx_write.h"
#include "aas/path.h"
#include "api/context.h"
#include "api/element.h"
#include "api/file_form.h"
#include "api/file_reply.h"
#include "api/handlers.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

#define FOLDER "/aasx/files/"

/* What an address names, as it is stored now. */
struct target {
    unsigned char hash[STORE_HASH_BYTES]; /* of the identifiable */
    const char *value;                    /* that leads to a file, in the arena; NULL: none */
    const char *type;                     /* contentType of the model, in the arena; may be NULL */
    bool stored;                          /* `file` is there */
    struct registry_file file;            /* texts in the arena */
};

/* ------------------------------------------------------------------ finding */

/* Only File elements have attachments (IDTA-01002, GetFileByPath). */
static enum err_code check_kind(
    struct api_response *response, const struct meta_class *cls, struct err *err)
{
    if (cls->id == CLASS_File) {
        return ERR_OK;
    }
    api_response_field(response, "Allow", "OPTIONS");
    err_set(err, ERR_METHOD, "only a File element has an attachment; this is a %s", cls->name);
    err_rule(err, NULL,
        cls->id == CLASS_Blob ? "The content of a Blob is its value: ask for it with "
                                "extent=withBlobValue, set it through $value."
                              : NULL);
    return ERR_METHOD;
}

static enum err_code find_file(struct api_request *request, struct registry_view *view,
    const struct registry_document *document, struct target *target, struct err *err)
{
    struct registry_file *file = &target->file;
    struct err ignored;
    memcpy(target->hash, document->hash, STORE_HASH_BYTES);
    if (target->value == NULL) {
        return ERR_OK;
    }
    enum err_code code = registry_file_find(view, document, target->value, file, &ignored);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : err_set(err, code, "%s", ignored.text);
    }
    target->stored = true;
    file->name = arena_copy(&request->arena, file->name, strlen(file->name));
    file->content_type =
        arena_copy(&request->arena, file->content_type, strlen(file->content_type));
    return file->name == NULL || file->content_type == NULL ? support_full(err) : ERR_OK;
}

static enum err_code read_element(struct api_request *request, struct api_response *response,
    struct registry_view *view, struct target *target, struct err *err)
{
    struct element_slice slice;
    struct aas_node *element = NULL;
    enum err_code code = element_slice_read(request, response, view, &slice, err);
    if (code == ERR_OK) {
        code = check_kind(response, slice.cls, err);
    }
    if (code == ERR_OK) {
        code = support_tree(request, slice.json, slice.len, slice.cls, &element, err);
    }
    if (code == ERR_OK) {
        target->value = aasx_file_value(element);
        target->type = aas_text(element, PROP_contentType);
        code = find_file(request, view, &slice.document, target, err);
    }
    return code;
}

static struct aas_node *thumbnail_of(const struct aas_node *shell)
{
    const struct aas_node *information = aas_child(shell, PROP_assetInformation);
    return information == NULL ? NULL : aas_child(information, PROP_defaultThumbnail);
}

static enum err_code read_thumbnail(struct api_request *request, struct api_response *response,
    struct registry_view *view, struct target *target, struct err *err)
{
    struct registry_document document;
    struct aas_node *shell = NULL;
    (void)response;
    enum err_code code = support_document(request, view, &document, err);
    if (code == ERR_OK) {
        code = support_tree(
            request, document.json, document.json_len, registry_class(REGISTRY_SHELL), &shell, err);
    }
    const struct aas_node *thumbnail = code == ERR_OK ? thumbnail_of(shell) : NULL;
    if (thumbnail != NULL) {
        target->value = aasx_file_value(thumbnail);
        target->type = aas_text(thumbnail, PROP_contentType);
    }
    return code == ERR_OK ? find_file(request, view, &document, target, err) : code;
}

typedef enum err_code (*read_target)(struct api_request *request, struct api_response *response,
    struct registry_view *view, struct target *target, struct err *err);

static enum err_code look(struct api_request *request, struct api_response *response,
    read_target read, struct target *target, struct err *err)
{
    struct registry_view view;
    *target = (struct target){.value = NULL};
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code == ERR_OK) {
        code = read(request, response, &view, target, err);
        registry_view_end(&view);
    }
    return code;
}

/* ------------------------------------------------------------------ giving */

static enum err_code say_missing(const struct target *target, const char *what, struct err *err)
{
    if (target->value == NULL) {
        return err_set(err, ERR_NOT_FOUND, "%s has no file", what);
    }
    err_set(err, ERR_NOT_FOUND, "no file is stored for the value \"%.300s\" of %s", target->value,
        what);
    err_rule(err, NULL,
        strstr(target->value, "://") != NULL ? "It leads to another place: fetch it from there."
                                             : "Send the file with PUT.");
    return ERR_NOT_FOUND;
}

static enum err_code give(struct api_request *request, struct api_response *response,
    read_target read, const char *what, struct err *err)
{
    struct target target;
    enum err_code code = look(request, response, read, &target, err);
    if (code == ERR_OK && !target.stored) {
        code = say_missing(&target, what, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    bool typed = target.type != NULL && target.type[0] != '\0';
    struct file_reply reply = {.size = target.file.size,
        .type = typed ? target.type : target.file.content_type,
        .name = target.file.name};
    memcpy(reply.blob, target.file.blob, STORE_HASH_BYTES);
    return file_reply_send(request, response, &reply, err);
}

enum err_code handle_attachment_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return give(request, response, read_element, "the element", err);
}

enum err_code handle_thumbnail_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return give(request, response, read_thumbnail, "the shell's thumbnail", err);
}

/* ------------------------------------------------------------------ preconditions */

/* The file has an entity tag of its own; that of the element, which is the whole identifiable's,
 * counts as well. `*if_match` gets what must still be there when it is written. */
static enum err_code check_conditions(const struct api_request *request,
    const struct target *target, const unsigned char **if_match, struct err *err)
{
    const unsigned char *blob = target->stored ? target->file.blob : NULL;
    struct precondition_tags match = precondition_tags(request, "If-Match", false, blob);
    struct precondition_tags whole = precondition_tags(request, "If-Match", false, target->hash);
    struct precondition_tags none = precondition_tags(request, "If-None-Match", true, blob);
    *if_match = match.present || none.present ? target->hash : NULL;
    if (match.present && !match.current && !whole.current && !(match.any && target->stored)) {
        err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
        err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
        return ERR_PRECONDITION;
    }
    if (none.current || (none.any && target->stored)) {
        return err_set(
            err, ERR_PRECONDITION, "there is a file already; If-None-Match allows a new one only");
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ setting */

struct setting {
    const struct api_text *path; /* NULL: the thumbnail */
    const struct file_form *form;
    struct registry_attachment *attachment;
    bool clear;
};

/* A name as the last part of a URI path: what IDTA-01001 lets a PathType hold. */
static char *uri_name(struct arena *arena, const char *name)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = arena_alloc(arena, 3 * strlen(name) + 1);
    size_t len = 0;
    for (; text != NULL && *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;
        if (c < 0x80 && (isalnum(c) || strchr("-._~()+,=@", c) != NULL)) {
            text[len++] = (char)c;
        } else {
            text[len++] = '%';
            text[len++] = digits[c >> 4];
            text[len++] = digits[c & 15];
        }
    }
    return text;
}

struct others {
    const struct aas_node *self;
    const char *value;
    bool taken;
};

static enum err_code look_at_other(const struct aas_node *node, void *context)
{
    struct others *others = context;
    const char *value = node == others->self ? NULL : aasx_file_value(node);
    others->taken |= value != NULL && strcmp(value, others->value) == 0;
    return ERR_OK;
}

/* True when another element of the document leads to the same file. */
static bool is_taken(const struct aas_node *root, const struct aas_node *self, const char *value)
{
    struct others others = {.self = self, .value = value};
    return aas_walk(root, look_at_other, &others) != ERR_OK || others.taken;
}

/* The text that leads to the file: the old one when the file has the same name still. */
static const char *choose_value(
    struct arena *arena, const struct aas_node *root, const struct aas_node *self, const char *name)
{
    const char *old = aasx_file_value(self);
    const char *uri = uri_name(arena, name);
    if (uri == NULL) {
        return NULL;
    }
    const char *slash = old == NULL ? NULL : strrchr(old, '/');
    const char *old_name = old == NULL ? NULL : slash == NULL ? old : slash + 1;
    if (old_name != NULL && strcmp(old_name, uri) == 0 && aasx_value_name(arena, old, "") != NULL &&
        !is_taken(root, self, old)) {
        return old;
    }
    const char *dot = strrchr(uri, '.');
    size_t stem = dot == NULL || dot == uri ? strlen(uri) : (size_t)(dot - uri);
    const char *value = arena_printf(arena, FOLDER "%s", uri);
    for (unsigned number = 2; value != NULL && is_taken(root, self, value); number++) {
        value = arena_printf(arena, FOLDER "%.*s-%u%s", (int)stem, uri, number, uri + stem);
    }
    return value;
}

static enum err_code set_texts(struct arena *arena, struct aas_node *node, enum meta_prop_id prop,
    const struct setting *setting, const char *value, struct err *err)
{
    const char *type = setting->attachment->content_type;
    enum err_code code = aas_set_text(arena, node, prop, value, strlen(value));
    if (code == ERR_OK && type[0] != '\0') {
        code = aas_set_text(arena, node, PROP_contentType, type, strlen(type));
    }
    setting->attachment->value = value;
    return code == ERR_OK ? ERR_OK : support_full(err);
}

static enum err_code edit_element(
    struct arena *arena, struct aas_node *submodel, void *context, struct err *err)
{
    const struct setting *setting = context;
    struct aas_path path;
    struct aas_node *element = NULL;
    enum err_code code = aas_path_parse(setting->path->text, setting->path->len, &path, err);
    if (code == ERR_OK) {
        code = aas_path_resolve(submodel, &path, &element, err);
    }
    if (code == ERR_OK && element->cls->id != CLASS_File) {
        code = err_set(err, ERR_METHOD, "the element is no File any more");
    }
    if (code != ERR_OK) {
        return code;
    }
    if (setting->clear) {
        aas_clear(element, PROP_value);
        return ERR_OK;
    }
    const char *value = choose_value(arena, submodel, element, setting->attachment->name);
    return value == NULL ? support_full(err)
                         : set_texts(arena, element, PROP_value, setting, value, err);
}

static enum err_code edit_thumbnail(
    struct arena *arena, struct aas_node *shell, void *context, struct err *err)
{
    const struct setting *setting = context;
    struct aas_node *information = aas_child(shell, PROP_assetInformation);
    if (information == NULL) {
        return err_set(err, ERR_NOT_FOUND, "the shell has no asset information");
    }
    if (setting->clear) {
        aas_clear(information, PROP_defaultThumbnail);
        return ERR_OK;
    }
    struct aas_node *thumbnail = aas_child(information, PROP_defaultThumbnail);
    if (thumbnail == NULL) {
        thumbnail = aas_node_new(arena, meta_class(CLASS_Resource));
    }
    const char *value =
        thumbnail == NULL ? NULL : choose_value(arena, shell, thumbnail, setting->attachment->name);
    if (value == NULL || aas_set_node(information, PROP_defaultThumbnail, thumbnail) != ERR_OK) {
        return support_full(err);
    }
    return set_texts(arena, thumbnail, PROP_path, setting, value, err);
}

/* A file that came without a name keeps that of the one before. */
static const char *name_of(const struct file_form *form, const struct target *target)
{
    if (form->name != NULL) {
        return form->name;
    }
    return target->stored ? target->file.name : "file";
}

static enum err_code put(struct api_request *request, struct api_response *response,
    read_target read, registry_edit_fn edit, struct setting *setting, struct err *err)
{
    struct file_form form = {.bytes = NULL};
    struct target target;
    struct api_text id;
    struct registry *registry = request->context->registry;
    struct registry_author author = support_author(request);
    const unsigned char *if_match = NULL;
    enum err_code code = look(request, response, read, &target, err);
    if (code == ERR_OK) {
        code = file_form_read(request, &form, err);
    }
    if (code == ERR_OK) {
        code = check_conditions(request, &target, &if_match, err);
    }
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct blob_content content = {.bytes = form.bytes, .len = form.len};
    struct registry_attachment attachment = {.content = &content,
        .content_type = form.type[0] != '\0' ? form.type : "application/octet-stream",
        .name = name_of(&form, &target)};
    /* The setting ends with this call, as both do. */
    setting->form = &form;             /* cppcheck-suppress autoVariables */
    setting->attachment = &attachment; /* cppcheck-suppress autoVariables */
    code = blob_stage(registry_store(registry), &content, 1, err);
    if (code == ERR_OK) {
        code = registry_edit_file(registry, request->route->kind, id.text, id.len, if_match, edit,
            setting, &attachment, &author, &request->report, err);
        blob_release(registry_store(registry), &content, 1);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

enum err_code handle_attachment_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct setting setting = {.path = &request->captures[1]};
    return put(request, response, read_element, edit_element, &setting, err);
}

enum err_code handle_thumbnail_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct setting setting = {.path = NULL};
    return put(request, response, read_thumbnail, edit_thumbnail, &setting, err);
}

/* ------------------------------------------------------------------ removing */

static enum err_code remove_file(struct api_request *request, struct api_response *response,
    read_target read, registry_edit_fn edit, struct setting *setting, const char *what,
    struct err *err)
{
    struct target target;
    struct api_text id;
    struct registry_author author = support_author(request);
    const unsigned char *if_match = NULL;
    enum err_code code = look(request, response, read, &target, err);
    if (code == ERR_OK && !target.stored) {
        code = say_missing(&target, what, err);
    }
    if (code == ERR_OK) {
        code = check_conditions(request, &target, &if_match, err);
    }
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    setting->clear = true;
    return code == ERR_OK
               ? registry_edit(request->context->registry, request->route->kind, id.text, id.len,
                     if_match, NULL, edit, setting, &author, &request->report, err)
               : code;
}

/* 200 is what IDTA-01002 has for an attachment, 204 for a thumbnail. */
enum err_code handle_attachment_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct setting setting = {.path = &request->captures[1]};
    enum err_code code =
        remove_file(request, response, read_element, edit_element, &setting, "the element", err);
    if (code == ERR_OK) {
        response->status = 200;
        response->content_type = NULL;
    }
    return code;
}

enum err_code handle_thumbnail_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct setting setting = {.path = NULL};
    enum err_code code = remove_file(
        request, response, read_thumbnail, edit_thumbnail, &setting, "the shell's thumbnail", err);
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

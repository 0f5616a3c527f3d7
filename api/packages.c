/* SPDX-License-Identifier: Apache-2.0 */
/* AASX File Server (IDTA-01002): packages kept as they came. */
#include "registry/packages.h"

#include <string.h>

#include "aas/path.h"
#include "api/context.h"
#include "api/file_form.h"
#include "api/file_reply.h"
#include "api/handlers.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/support.h"
#include "api/text_set.h"
#include "conformance/judge.h"

enum { ID_CHARACTERS = 128 }; /* of a packageId (IDTA-01002, PackageDescription) */

#define PACKAGE_TYPE "application/asset-administration-shell-package"

/* ------------------------------------------------------------------ descriptions */

static void write_description(
    struct buf *buf, const char *id, const char *const *shells, size_t count)
{
    buf_add_text(buf, "{\"aasIds\":[");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(buf, i == 0 ? "" : ",");
        buf_add_json_string(buf, shells[i], strlen(shells[i]));
    }
    buf_add_char(buf, ']');
    support_member(buf, false, "packageId", id);
    buf_add_char(buf, '}');
}

static enum err_code read_shell_filter(
    struct api_request *request, const char **shell, struct err *err)
{
    const char *text = NULL;
    char *decoded = NULL;
    size_t len = 0;
    enum err_code code = parameter_text(request, "aasId", &text, err);
    *shell = NULL;
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    if (aas_base64url_decode(&request->arena, text, strlen(text), &decoded, &len, NULL) != ERR_OK) {
        return err_set(err, ERR_BAD_INPUT, "aasId must be a base64url-encoded identifier");
    }
    *shell = decoded;
    return ERR_OK;
}

enum err_code handle_packages_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const char *shell = NULL;
    size_t limit = 0;
    uint64_t after = 0;
    uint64_t next = 0;
    size_t count = 0;
    struct registry_package *packages = NULL;
    struct registry_view view;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_shell_filter(request, &shell, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &after, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_package_list(
        &view, &request->arena, shell, after, limit, &packages, &count, &next, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&response->body, i == 0 ? "" : ",");
            write_description(
                &response->body, packages[i].id, packages[i].shells, packages[i].shell_count);
        }
        page_end(&response->body, next);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ giving */

/* The package as it is now, its texts in the arena. */
static enum err_code find_package(struct api_request *request, struct api_text *id,
    struct registry_package *package, struct err *err)
{
    struct registry_view view;
    enum err_code code = support_identifier(request, 0, id, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_package_get(&view, &request->arena, id->text, package, err);
    if (code == ERR_OK) {
        const char *name = package->file_name;
        package->file_name = arena_copy(&request->arena, name, strlen(name));
        package->shells = NULL;
        code = package->file_name == NULL ? support_full(err) : ERR_OK;
    }
    registry_view_end(&view);
    return code;
}

enum err_code handle_package_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct api_text id;
    struct registry_package package;
    enum err_code code = find_package(request, &id, &package, err);
    if (code != ERR_OK) {
        return code;
    }
    struct file_reply reply = {.size = package.size,
        .type = PACKAGE_TYPE,
        .name = package.file_name,
        .prefer_bytes = true,
        .x_file_name = true};
    memcpy(reply.blob, package.blob, STORE_HASH_BYTES);
    return file_reply_send(request, response, &reply, err);
}

/* ------------------------------------------------------------------ storing */

/* The ids of the shells in a package, each once. */
static enum err_code find_shells(struct arena *arena, const struct aas_node *environment,
    const char ***shells, size_t *count, struct err *err)
{
    size_t all = 0;
    size_t kept = 0;
    struct text_set known = {.room = 0};
    struct aas_node **nodes = aas_list(environment, PROP_assetAdministrationShells, &all);
    const char **ids = arena_alloc(arena, (all + 1) * sizeof *ids);
    if (ids == NULL) {
        return support_full(err);
    }
    for (size_t i = 0; i < all; i++) {
        const char *id = aas_text(nodes[i], PROP_id);
        bool is_new = false;
        if (id != NULL && text_set_add(&known, arena, id, &is_new, err) != ERR_OK) {
            return support_full(err);
        }
        if (is_new) {
            ids[kept++] = id;
        }
    }
    *shells = ids;
    *count = kept;
    return ERR_OK;
}

/* Rules that the content breaks do not matter here, as long as it can be read. */
static enum err_code read_package(struct api_request *request, const struct file_form *form,
    const char ***shells, size_t *count, struct err *err)
{
    const struct aasx_limits limits = {.max_entry = request->context->max_file,
        .max_total = 4 * (uint64_t)request->context->max_file};
    const struct judge_input input = {
        .bytes = form->bytes, .len = form->len, .format = JUDGE_AASX, .limits = &limits};
    struct judge_result result = {.root = NULL};
    struct report own;
    if (!aasx_looks_like(form->bytes, form->len)) {
        return err_set(err, ERR_BAD_INPUT, "the file is no AASX package: it is no ZIP archive");
    }
    report_init(&own);
    enum err_code code = judge_document(&request->arena, &input, &own, &result, err);
    if (code == ERR_OK && (result.root == NULL || result.root->cls->id != CLASS_Environment)) {
        code = err_set(err, ERR_BAD_INPUT, "the package holds no environment");
    }
    if (code == ERR_OK) {
        code = find_shells(&request->arena, result.root, shells, count, err);
    }
    report_finish(&own);
    return code;
}

static enum err_code store_package(struct api_request *request,
    struct registry_package_change *change, const char **id, enum registry_outcome *outcome,
    struct err *err)
{
    struct file_form form = {.bytes = NULL};
    const char **shells = NULL;
    struct store *store = registry_store(request->context->registry);
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = file_form_read(request, &form, err);
    }
    if (code == ERR_OK) {
        code = read_package(request, &form, &shells, &change->shell_count, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct blob_content content = {.bytes = form.bytes, .len = form.len};
    change->file_name = form.name != NULL ? form.name : "package.aasx";
    change->shells = shells;
    change->content = &content;
    code = blob_stage(store, &content, 1, err);
    if (code == ERR_OK) {
        code = registry_package_change(
            request->context->registry, &request->arena, change, id, outcome, err);
        blob_release(store, &content, 1);
    }
    change->content = NULL;
    return code;
}

static void answer_stored(struct api_request *request, struct api_response *response,
    const struct registry_package_change *change, const char *id)
{
    const char *encoded = aas_base64url_encode(&request->arena, id, strlen(id));
    reply_ok(response, "application/json");
    response->status = 201;
    if (encoded != NULL) {
        support_location(request, response, "/packages/%s", encoded);
    }
    write_description(&response->body, id, change->shells, change->shell_count);
}

enum err_code handle_package_post(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_package_change change = {.operation = REGISTRY_CREATE};
    const char *id = NULL;
    enum registry_outcome outcome = REGISTRY_CREATED;
    enum err_code code = store_package(request, &change, &id, &outcome, err);
    if (code == ERR_OK) {
        answer_stored(request, response, &change, id);
    }
    return code;
}

/* What must be there, or not, when the package is changed. */
static enum err_code read_conditions(struct api_request *request, struct api_text *id,
    struct registry_package_change *change, struct err *err)
{
    struct registry_package now;
    enum err_code code = find_package(request, id, &now, err);
    bool there = code == ERR_OK;
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return code;
    }
    const unsigned char *blob = there ? now.blob : NULL;
    struct precondition_tags match = precondition_tags(request, "If-Match", false, blob);
    struct precondition_tags none = precondition_tags(request, "If-None-Match", true, blob);
    if (match.present && !match.current && !(match.any && there)) {
        err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
        err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
        return ERR_PRECONDITION;
    }
    if (none.current || (none.any && there)) {
        return err_set(err, ERR_PRECONDITION, "it exists; If-None-Match allows a new one only");
    }
    if (match.present && there) {
        unsigned char *kept = arena_alloc(&request->arena, STORE_HASH_BYTES);
        if (kept == NULL) {
            return support_full(err);
        }
        memcpy(kept, now.blob, STORE_HASH_BYTES);
        change->if_match = kept;
    }
    if (none.any && change->operation == REGISTRY_UPSERT) {
        change->operation = REGISTRY_CREATE;
    }
    if (!there && aas_utf8_length(id->text, id->len) > ID_CHARACTERS) {
        return err_set(err, ERR_BAD_INPUT, "the id of a package has at most %d characters",
            (int)ID_CHARACTERS);
    }
    change->id = id->text;
    return ERR_OK;
}

enum err_code handle_package_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_package_change change = {.operation = REGISTRY_UPSERT};
    struct api_text id;
    enum registry_outcome outcome = REGISTRY_CREATED;
    enum err_code code = read_conditions(request, &id, &change, err);
    if (code == ERR_OK) {
        code = store_package(request, &change, NULL, &outcome, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (outcome == REGISTRY_REPLACED) {
        reply_no_content(response);
    } else {
        answer_stored(request, response, &change, change.id);
    }
    return ERR_OK;
}

enum err_code handle_package_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_package_change change = {.operation = REGISTRY_DELETE};
    struct api_text id;
    enum registry_outcome outcome = REGISTRY_DELETED;
    enum err_code code = read_conditions(request, &id, &change, err);
    if (code == ERR_OK) {
        code = registry_package_change(
            request->context->registry, &request->arena, &change, NULL, &outcome, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

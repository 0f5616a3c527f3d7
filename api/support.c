/* SPDX-License-Identifier: Apache-2.0 */
#include "api/support.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "aas/path.h"
#include "aas/xml.h"
#include "api/base_url.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/reply.h"
#include "api/routes.h"
#include "conformance/judge.h"

enum err_code support_full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the request needs more memory than one request may have");
}

enum err_code support_identifier(
    struct api_request *request, size_t at, struct api_text *id, struct err *err)
{
    const struct api_text *encoded = &request->captures[at];
    char *decoded;
    size_t len;
    struct err inner;
    enum err_code code =
        aas_base64url_decode(&request->arena, encoded->text, encoded->len, &decoded, &len, &inner);
    if (code != ERR_OK) {
        return err_set(err, code, "the identifier in the address is not base64url: %s", inner.text);
    }
    if (len == 0) {
        return err_set(err, ERR_BAD_INPUT, "the identifier in the address is empty");
    }
    size_t characters = len > API_MAX_IDENTIFIER ? aas_utf8_length(decoded, len) : 0;
    if (characters > API_MAX_IDENTIFIER) {
        return err_set(err, ERR_BAD_INPUT,
            "the identifier in the address has %zu characters; identifiers have at most %d",
            characters, API_MAX_IDENTIFIER);
    }
    *id = (struct api_text){decoded, len};
    return ERR_OK;
}

enum err_code support_document(struct api_request *request, struct registry_view *view,
    struct registry_document *document, struct err *err)
{
    struct api_text id;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(view, request->route->kind, id.text, id.len, document, err);
    if (code == ERR_OK && request->templates && !cut_is_template(document)) {
        return err_set(err, ERR_NOT_FOUND, "the submodel \"%.200s\" is of kind Instance", id.text);
    }
    return code;
}

/* The XML library takes as much memory as the document asks for, about MARKUP_NODE_BYTES for every
 * tag and every attribute. Templates ask for less than 6 times their size. */
enum { MARKUP_NODE_BYTES = 128, MARKUP_MEMORY = 64 * 1024 * 1024, MARKUP_MEMORY_PER_BYTE = 8 };

enum err_code support_check_markup(const char *bytes, size_t len, struct err *err)
{
    size_t most = (MARKUP_MEMORY + MARKUP_MEMORY_PER_BYTE * len) / MARKUP_NODE_BYTES;
    size_t count = 0;
    if (len <= most || bytes[0] == 'P' || bytes[0] == '{' || bytes[0] == '[') {
        return ERR_OK;
    }
    for (size_t i = 0; i < len; i++) {
        count += bytes[i] == '<' || bytes[i] == '=';
    }
    return count <= most ? ERR_OK
                         : err_set(err, ERR_TOO_LARGE,
                               "the document has more elements than can be taken at once");
}

/* XML has an order of elements that a tree does not keep, so the schema judges the bytes. */
static enum err_code read_xml(struct api_request *request, const struct meta_class *wanted,
    struct aas_node **root, struct err *err)
{
    const struct judge_input input = {
        .bytes = request->body, .len = request->body_len, .format = JUDGE_XML, .as = wanted};
    struct judge_result result = {.root = NULL};
    enum err_code code = support_check_markup(request->body, request->body_len, err);
    if (code != ERR_OK) {
        return code;
    }
    code = judge_document(&request->arena, &input, &request->report, &result, err);
    if (code == ERR_OK && result.verdict == REPORT_INVALID) {
        code = err_set(err, ERR_INVALID, "%s", err_default_text(ERR_INVALID));
    }
    *root = result.root;
    return code;
}

static enum err_code read_json(struct api_request *request, const struct meta_class *wanted,
    struct aas_node **root, struct err *err)
{
    struct aas_sink sink = report_sink(&request->report);
    return aas_json_read(
        &request->arena, request->body, request->body_len, wanted, &sink, root, err);
}

enum err_code support_body(struct api_request *request, const struct meta_class *as,
    struct aas_node **root, struct err *err)
{
    enum api_media media = accept_body_media(request);
    if (media != API_MEDIA_JSON && media != API_MEDIA_XML) {
        return err_set(err, ERR_MEDIA_TYPE,
            "the body must be application/json or application/xml, not %.100s",
            api_request_header(request, "Content-Type"));
    }
    if (request->body_len == 0) {
        return err_set(err, ERR_BAD_INPUT, "the body is empty; it must hold a %s", as->name);
    }
    const struct meta_class *wanted = as->is & META_IS_ABSTRACT ? NULL : as;
    struct aas_node *read = NULL;
    enum err_code code = media == API_MEDIA_JSON ? read_json(request, wanted, &read, err)
                                                 : read_xml(request, wanted, &read, err);
    if (code == ERR_OK && (read == NULL || !meta_class_fits(read->cls, as))) {
        code = err_set(err, ERR_BAD_INPUT, "the body is no %s", as->name);
    }
    if (code == ERR_OK) {
        *root = read;
    }
    return code;
}

void support_allow(struct api_request *request, size_t len)
{
    enum { MEMORY_PER_BYTE = 64 };
    size_t needed = MEMORY_PER_BYTE * len;
    if (request->arena.ceiling < needed) {
        request->arena.ceiling = needed;
    }
}

enum err_code support_room_to_edit(struct api_request *request, struct err *err)
{
    struct share *share = &request->share;
    struct registry_view view;
    struct registry_document document = {.json_len = 0};
    struct api_text id;
    enum err_code code = support_identifier(request, 0, &id, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, request->route->kind, id.text, id.len, &document, NULL);
    size_t needed = code == ERR_OK ? share->used + SHARE_WRITE * document.json_len : 0;
    registry_view_end(&view);
    return share_reserve(share, needed, share->held == 0 ? SHARE_WAIT_MS : 0)
               ? ERR_OK
               : share_refusal(share, err);
}

enum err_code support_tree(struct api_request *request, const char *json, size_t len,
    const struct meta_class *as, struct aas_node **root, struct err *err)
{
    struct aas_sink sink = report_sink(&request->report);
    enum err_code code = share_expect(&request->share, SHARE_TREE * len, err);
    if (code != ERR_OK) {
        return code;
    }
    /* What is stored was readable once. */
    support_allow(request, len);
    code = aas_json_read(&request->arena, json, len, as, &sink, root, err);
    if (code == ERR_UNREADABLE) {
        return err_set(err, ERR_INTERNAL, "the stored document cannot be read");
    }
    return code;
}

/* The JSON writer knows the modifiers; reading its output back gives a tree without the rest. */
static enum err_code support_reduce(
    struct api_request *request, struct aas_node **root, unsigned flags, struct err *err)
{
    struct buf json;
    buf_init(&json, request->arena.ceiling);
    buf_count(&json, request->arena.meter);
    aas_json_write(&json, *root, flags, NULL);
    enum err_code code = buf_failed(&json)
                             ? support_full(err)
                             : support_tree(request, json.bytes, json.len, (*root)->cls, root, err);
    buf_finish(&json);
    return code;
}

struct registry_author support_author(const struct api_request *request)
{
    static const struct access_principal nobody = {.name = ""};
    const struct access_principal *principal =
        request->principal != NULL ? request->principal : &nobody;
    return (struct registry_author){.name = principal->known ? principal->name : NULL,
        .message = api_request_header(request, "X-Change-Message"),
        .principal = principal};
}

const char *support_address(struct api_request *request)
{
    const char *list = request->route->kind == REGISTRY_SHELL ? "shells" : "submodels";
    return request->below != NULL
               ? request->below
               : arena_printf(&request->arena, "/%s/%s", list, request->captures[0].text);
}

void support_location(
    struct api_request *request, struct api_response *response, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    const char *base = base_path(request);
    size_t before = strlen(base) + strlen(request->prefix);
    char *text = len < 0 ? NULL : arena_alloc(&request->arena, before + (size_t)len + 1);
    if (text != NULL) {
        memcpy(text, base, strlen(base));
        memcpy(text + strlen(base), request->prefix, strlen(request->prefix));
        vsnprintf(text + before, (size_t)len + 1, format, again);
    }
    va_end(again);
    api_response_field(response, "Location", text);
}

void support_write_tree(struct api_response *response, const struct aas_node *node, unsigned flags)
{
    reply_ok(response, "application/json");
    aas_json_write(&response->body, node, flags, NULL);
}

enum err_code support_write_document(struct api_request *request, struct api_response *response,
    const struct registry_document *document, unsigned flags, enum api_media media, struct err *err)
{
    struct aas_node *root;
    enum err_code code = support_tree(
        request, document->json, document->json_len, registry_class(document->kind), &root, err);
    return code == ERR_OK ? support_write_form(request, response, root, flags, media, err) : code;
}

enum err_code support_write_form(struct api_request *request, struct api_response *response,
    struct aas_node *root, unsigned flags, enum api_media media, struct err *err)
{
    enum err_code code = ERR_OK;
    if (media == API_MEDIA_JSON) {
        support_write_tree(response, root, flags);
        return ERR_OK;
    }
    if (flags & (AAS_JSON_CORE | AAS_JSON_WITHOUT_BLOB)) {
        code = support_reduce(request, &root, flags, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    reply_ok(response, "application/xml");
    aas_xml_write(&response->body, root, META_V31, false);
    return ERR_OK;
}

void support_member(struct buf *buf, bool first, const char *name, const char *text)
{
    buf_add_text(buf, first ? "\"" : ",\"");
    buf_add_text(buf, name);
    buf_add_text(buf, "\":");
    buf_add_json_string(buf, text, strlen(text));
}

void support_time(struct buf *buf, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    char text[40];
    gmtime_r(&seconds, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    buf_printf(buf, "\"%s.%03dZ\"", text, (int)(time_ms % 1000));
}

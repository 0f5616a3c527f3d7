/* SPDX-License-Identifier: Apache-2.0 */
/* Template families and their versions: one family, one version as a whole environment. */
#include "api/handlers.h"

#include <string.h>

#include "aas/xml.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/support.h"
#include "api/template_life.h"

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        support_member(buf, false, name, text);
    }
}

enum err_code handle_template_family(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions;
    size_t count;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_family(
        &view, &request->arena, request->captures[0].text, &family, &versions, &count, err);
    if (code == ERR_OK) {
        struct buf *buf = &response->body;
        reply_ok(response, "application/json");
        buf_add_char(buf, '{');
        support_member(buf, true, "family", family.family);
        add_text(buf, "title", family.title);
        add_text(buf, "latest", family.latest);
        buf_add_text(buf, ",\"versions\":[");
        for (size_t i = 0; i < count; i++) {
            if (i > 0) {
                buf_add_char(buf, ',');
            }
            template_life_write(buf, &versions[i]);
        }
        buf_add_text(buf, "]}");
    }
    registry_view_end(&view);
    return code;
}

static enum err_code send_version(struct api_request *request, struct api_response *response,
    const struct registry_version *version, const char *json, size_t len, enum api_media media,
    struct err *err)
{
    template_life_warn(request, response, version);
    if (reply_etag(request, response, version->content, media == API_MEDIA_XML ? "-xml" : "")) {
        return ERR_OK;
    }
    if (media == API_MEDIA_JSON) {
        reply_ok(response, "application/json");
        buf_add(&response->body, json, len);
        return ERR_OK;
    }
    struct aas_node *root;
    enum err_code code =
        support_tree(request, json, len, meta_class(CLASS_Environment), &root, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/xml");
        aas_xml_write(&response->body, root, META_V31, false);
    }
    return code;
}

enum err_code handle_template_version(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum api_media media;
    struct registry_view view;
    struct registry_version version;
    const char *json;
    size_t len;
    const char *label = request->captures[1].text;
    enum err_code code = accept_json_or_xml(request, &media, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_version(&view, &request->arena, request->captures[0].text,
        strcmp(label, "latest") == 0 ? NULL : label, &version, &json, &len, err);
    if (code == ERR_OK) {
        code = send_version(request, response, &version, json, len, media, err);
    }
    registry_view_end(&view);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Import of whole files: JSON, XML or AASX, as a form or as the body itself. */
#include "api/handlers.h"

#include <string.h>

#include "api/body_file.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/support.h"

#define IGNORE_DUPLICATES "ignore-duplicates"

/* What to do about things that are there with other content. Unless the client says something,
 * they stay, and a file that brings nothing else is refused. */
enum duplicates { DUPLICATES_STAY, DUPLICATES_IGNORED, DUPLICATES_REPLACED };

/* Clients send settings beside the file as well as in the address. */
static enum err_code read_duplicates(
    const char *text, size_t len, enum duplicates *duplicates, struct err *err)
{
    bool yes = len == 4 && memcmp(text, "true", 4) == 0;
    if (!yes && (len != 5 || memcmp(text, "false", 5) != 0)) {
        return err_set(err, ERR_BAD_INPUT, IGNORE_DUPLICATES " must be true or false");
    }
    *duplicates = yes ? DUPLICATES_IGNORED : DUPLICATES_REPLACED;
    return ERR_OK;
}

static enum err_code read_input(struct api_request *request, struct registry_import *input,
    enum duplicates *duplicates, struct err *err)
{
    struct body_file file;
    enum err_code code = body_file_read(request, &file, err);
    if (code != ERR_OK) {
        return code;
    }
    input->bytes = file.bytes;
    input->len = file.len;
    input->source = file.name;
    input->format = file.format;
    const struct multipart_part *setting = multipart_find(&file.form, IGNORE_DUPLICATES);
    return setting == NULL ? ERR_OK
                           : read_duplicates(setting->bytes, setting->len, duplicates, err);
}

static void add_count(struct buf *buf, const char *name, size_t count, bool first)
{
    buf_printf(buf, "%s\"%s\":%zu", first ? "" : ",", name, count);
}

static void write_outcome(struct api_request *request, struct api_response *response,
    const struct registry_import_result *result)
{
    struct buf *buf = &response->body;
    enum language language = language_by_header(api_request_header(request, "Accept-Language"));
    api_response_field(response, "Content-Language", language_tag(language));
    api_response_field(response, "Vary", "Accept-Language");
    buf_add_char(buf, '{');
    support_member(buf, true, "outcome", registry_import_outcome_text(result->outcome));
    if (result->family != NULL && result->family[0] != '\0') {
        support_member(buf, false, "family", result->family);
        support_member(buf, false, "version", result->label != NULL ? result->label : "");
    }
    buf_add_text(buf, ",\"counts\":{");
    add_count(buf, "shells", result->shells, true);
    add_count(buf, "submodels", result->submodels, false);
    add_count(buf, "conceptDescriptions", result->concept_descriptions, false);
    add_count(buf, "templateVersions", result->versions, false);
    add_count(buf, "files", result->files, false);
    add_count(buf, "kept", result->kept, false);
    buf_add_text(buf, "},\"findings\":");
    report_write_findings_in(buf, &request->report, language);
    buf_add_char(buf, '}');
}

static enum err_code read_upload(struct api_request *request, struct registry_import *input,
    enum duplicates *duplicates, struct err *err)
{
    const char *said = NULL;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = parameter_text(request, IGNORE_DUPLICATES, &said, err);
    }
    if (code == ERR_OK && said != NULL) {
        code = read_duplicates(said, strlen(said), duplicates, err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "strict", &input->strict, err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "drafts", &input->drafts, err);
    }
    if (code == ERR_OK) {
        code = read_input(request, input, duplicates, err);
    }
    /* Only packages may be larger: what is in them is looked at piece by piece. */
    if (code == ERR_OK && input->len > request->context->max_body &&
        !aasx_looks_like(input->bytes, input->len)) {
        code = err_set(err, ERR_TOO_LARGE, "the file has %zu bytes, at most %zu are taken",
            input->len, request->context->max_body);
    }
    return code;
}

enum err_code handle_upload(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct aasx_limits limits = {.max_entry = request->context->max_file,
        .max_total = 4 * (uint64_t)request->context->max_file};
    struct registry_import input = {.format = JUDGE_AUTO, .limits = &limits};
    struct registry_import_result result = {0};
    struct registry_author author = support_author(request);
    enum duplicates duplicates = DUPLICATES_STAY;
    enum err_code code = read_upload(request, &input, &duplicates, err);
    if (code != ERR_OK) {
        return code;
    }
    input.replace = duplicates == DUPLICATES_REPLACED;
    code = registry_import(request->context->registry, &request->arena, &input, &author,
        &request->report, &result, err);
    if (code == ERR_EXISTS && duplicates == DUPLICATES_IGNORED) {
        result.outcome = REGISTRY_IMPORT_UNCHANGED;
        code = ERR_OK;
    }
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    response->status = result.outcome == REGISTRY_IMPORT_UNCHANGED ? 200 : 201;
    write_outcome(request, response, &result);
    return ERR_OK;
}

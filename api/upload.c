/* SPDX-License-Identifier: Apache-2.0 */
/* Import of whole files: JSON, XML or AASX, as a form or as the body itself. */
#include "api/handlers.h"

#include <string.h>

#include "api/context.h"
#include "api/multipart.h"
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

/* The media type is only a hint: clients send packages as octet-stream and JSON as text. */
static enum err_code read_form(struct api_request *request, struct registry_import *input,
    enum duplicates *duplicates, struct err *err)
{
    struct multipart form;
    enum err_code code = multipart_read(&request->arena,
        api_request_header(request, "Content-Type"), request->body, request->body_len, &form, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct multipart_part *file = multipart_find(&form, "file");
    if (file == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the form has no part named \"file\"");
    }
    size_t files = 0;
    for (size_t i = 0; i < form.count; i++) {
        files += strcmp(form.parts[i].name, "file") == 0;
    }
    if (files > 1) {
        return err_set(err, ERR_BAD_INPUT,
            "the form has %zu parts named \"file\"; send one file in a request, nothing was stored",
            files);
    }
    input->bytes = file->bytes;
    input->len = file->len;
    input->source = file->file_name;
    const struct multipart_part *setting = multipart_find(&form, IGNORE_DUPLICATES);
    return setting == NULL ? ERR_OK
                           : read_duplicates(setting->bytes, setting->len, duplicates, err);
}

static enum err_code read_input(struct api_request *request, struct registry_import *input,
    enum duplicates *duplicates, struct err *err)
{
    static const enum judge_format formats[] = {
        [API_MEDIA_JSON] = JUDGE_JSON, [API_MEDIA_XML] = JUDGE_XML, [API_MEDIA_AASX] = JUDGE_AUTO};
    enum api_media media = accept_body_media(request);
    if (media == API_MEDIA_FORM) {
        return read_form(request, input, duplicates, err);
    }
    if (media == API_MEDIA_OTHER) {
        return err_set(err, ERR_MEDIA_TYPE,
            "a file is taken as multipart/form-data (part \"file\"), JSON, XML or AASX, not %.100s",
            api_request_header(request, "Content-Type"));
    }
    input->format =
        api_request_header(request, "Content-Type") != NULL ? formats[media] : JUDGE_AUTO;
    input->bytes = request->body;
    input->len = request->body_len;
    return parameter_text(request, "fileName", &input->source, err);
}

static void add_count(struct buf *buf, const char *name, size_t count, bool first)
{
    buf_printf(buf, "%s\"%s\":%zu", first ? "" : ",", name, count);
}

static void write_outcome(struct api_request *request, struct api_response *response,
    const struct registry_import_result *result)
{
    struct buf *buf = &response->body;
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
    add_count(buf, "kept", result->kept, false);
    buf_add_text(buf, "},\"findings\":");
    report_write_findings(buf, &request->report);
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
        code = read_input(request, input, duplicates, err);
    }
    if (code == ERR_OK && input->len == 0) {
        code = err_set(err, ERR_BAD_INPUT, "the file is empty");
    }
    return code == ERR_OK ? support_check_markup(input->bytes, input->len, err) : code;
}

enum err_code handle_upload(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_import input = {.format = JUDGE_AUTO};
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

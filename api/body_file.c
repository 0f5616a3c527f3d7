/* SPDX-License-Identifier: Apache-2.0 */
#include "api/body_file.h"

#include <string.h>

#include "api/support.h"

/* The media type of a part is only a hint: clients send packages as octet-stream and JSON as text.
 */
static enum err_code read_form(struct api_request *request, struct body_file *file, struct err *err)
{
    enum err_code code =
        multipart_read(&request->arena, api_request_header(request, "Content-Type"), request->body,
            request->body_len, &file->form, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct multipart_part *part = multipart_find(&file->form, "file");
    if (part == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the form has no part named \"file\"");
    }
    size_t files = 0;
    for (size_t i = 0; i < file->form.count; i++) {
        files += strcmp(file->form.parts[i].name, "file") == 0;
    }
    if (files > 1) {
        return err_set(err, ERR_BAD_INPUT,
            "the form has %zu parts named \"file\"; send one file in a request, nothing was stored",
            files);
    }
    file->bytes = part->bytes;
    file->len = part->len;
    file->name = part->file_name;
    return ERR_OK;
}

static enum err_code find_file(struct api_request *request, struct body_file *file, struct err *err)
{
    static const enum judge_format formats[] = {
        [API_MEDIA_JSON] = JUDGE_JSON, [API_MEDIA_XML] = JUDGE_XML, [API_MEDIA_AASX] = JUDGE_AUTO};
    const char *type = api_request_header(request, "Content-Type");
    enum api_media media = accept_body_media(request);
    if (media == API_MEDIA_FORM) {
        return read_form(request, file, err);
    }
    if (media == API_MEDIA_OTHER) {
        return err_set(err, ERR_MEDIA_TYPE,
            "a file is taken as multipart/form-data (part \"file\"), JSON, XML or AASX, not %.100s",
            type);
    }
    file->format = type != NULL ? formats[media] : JUDGE_AUTO;
    file->bytes = request->body;
    file->len = request->body_len;
    return parameter_text(request, "fileName", &file->name, err);
}

enum err_code body_file_read(struct api_request *request, struct body_file *file, struct err *err)
{
    *file = (struct body_file){.format = JUDGE_AUTO};
    enum err_code code = find_file(request, file, err);
    if (code == ERR_OK && file->len == 0) {
        code = err_set(err, ERR_BAD_INPUT, "the file is empty");
    }
    return code == ERR_OK ? support_check_markup(file->bytes, file->len, err) : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/file_form.h"

#include <string.h>
#include <strings.h>

#include "aas/path.h"
#include "api/accept.h"
#include "api/support.h"
#include "registry/files.h"

enum { TYPE_MAX = 100 }; /* characters of a ContentType (IDTA-01001) */

const char *file_type_of(const char *name)
{
    static const struct {
        const char *ending;
        const char *type;
    } known[] = {{"aasx", "application/asset-administration-shell-package"}, {"bmp", "image/bmp"},
        {"csv", "text/csv"},
        {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"gif", "image/gif"}, {"htm", "text/html"}, {"html", "text/html"}, {"jpeg", "image/jpeg"},
        {"jpg", "image/jpeg"}, {"json", "application/json"}, {"md", "text/markdown"},
        {"mp3", "audio/mpeg"}, {"mp4", "video/mp4"}, {"pdf", "application/pdf"},
        {"png", "image/png"},
        {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {"step", "model/step"}, {"stp", "model/step"}, {"stl", "model/stl"},
        {"svg", "image/svg+xml"}, {"tif", "image/tiff"}, {"tiff", "image/tiff"},
        {"txt", "text/plain"}, {"wav", "audio/wav"}, {"webm", "video/webm"}, {"webp", "image/webp"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"xml", "application/xml"}, {"zip", "application/zip"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcasecmp(known[i].ending, dot + 1) == 0) {
            return known[i].type;
        }
    }
    return "";
}

/* The type of a part as "type/subtype"; NULL for what says nothing or is none. */
static const char *said_type(struct arena *arena, const char *text)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t first = text == NULL ? 0 : strspn(text, token);
    size_t second = first > 0 && text[first] == '/' ? strspn(text + first + 1, token) : 0;
    size_t len = first + 1 + second;
    if (second == 0 || len > TYPE_MAX || strncasecmp(text, "application/octet-stream", len) == 0) {
        return NULL;
    }
    return text[len] == '\0' || text[len] == ';' || text[len] == ' ' ? arena_copy(arena, text, len)
                                                                     : NULL;
}

static const char *last_part(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        name = *at == '/' || *at == '\\' ? at + 1 : name;
    }
    return name;
}

static enum err_code check_name(const char *name, size_t len, struct err *err)
{
    if (len == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return err_set(err, ERR_BAD_INPUT, "the file needs a name; \"%.100s\" is none", name);
    }
    if (len > FILE_NAME_MAX) {
        return err_set(err, ERR_BAD_INPUT, "the file's name has %zu bytes, at most %d are taken",
            len, (int)FILE_NAME_MAX);
    }
    if (!aas_utf8_valid(name, len, NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the file's name is not UTF-8");
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x20 || c == 0x7F) {
            return err_set(err, ERR_BAD_INPUT, "the file's name has a control character");
        }
    }
    return ERR_OK;
}

/* Folders come from old browsers and from attackers: only the last part of a name is kept. */
static enum err_code read_name(struct api_request *request, const struct multipart_part *file,
    const struct multipart_part *said, const char **name, struct err *err)
{
    const char *text = file->file_name;
    if (said != NULL) {
        if (memchr(said->bytes, '\0', said->len) != NULL) {
            return err_set(err, ERR_BAD_INPUT, "the file's name has a control character");
        }
        text = arena_copy(&request->arena, said->bytes, said->len);
        if (text == NULL) {
            return support_full(err);
        }
    }
    if (text == NULL) {
        *name = NULL;
        return ERR_OK;
    }
    text = last_part(text);
    enum err_code code = check_name(text, strlen(text), err);
    *name = text;
    return code;
}

/* The one part of a name; NULL when there is none. */
static enum err_code only_part(const struct multipart *form, const char *name,
    const struct multipart_part **part, struct err *err)
{
    *part = multipart_find(form, name);
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++) {
        count += strcmp(form->parts[i].name, name) == 0;
    }
    return count < 2 ? ERR_OK
                     : err_set(err, ERR_BAD_INPUT,
                           "the form has %zu parts named \"%s\"; send one, nothing was stored",
                           count, name);
}

enum err_code file_form_read(struct api_request *request, struct file_form *form, struct err *err)
{
    const struct multipart_part *file = NULL;
    const struct multipart_part *name = NULL;
    const char *type = api_request_header(request, "Content-Type");
    if (type == NULL || accept_body_media(request) != API_MEDIA_FORM) {
        return err_set(err, ERR_MEDIA_TYPE,
            "a file is taken as multipart/form-data with the parts \"file\" and \"fileName\", not "
            "%.100s",
            type == NULL ? "without a Content-Type" : type);
    }
    enum err_code code =
        multipart_read(&request->arena, type, request->body, request->body_len, &form->form, err);
    if (code == ERR_OK) {
        code = only_part(&form->form, "file", &file, err);
    }
    if (code == ERR_OK) {
        code = only_part(&form->form, "fileName", &name, err);
    }
    if (code == ERR_OK && file == NULL) {
        code = err_set(err, ERR_BAD_INPUT, "the form has no part named \"file\"");
    }
    if (code == ERR_OK && file->len == 0) {
        code = err_set(err, ERR_BAD_INPUT, "the file is empty");
    }
    if (code == ERR_OK) {
        code = read_name(request, file, name, &form->name, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    const char *said = said_type(&request->arena, file->content_type);
    form->bytes = file->bytes;
    form->len = file->len;
    form->type = said != NULL ? said : form->name != NULL ? file_type_of(form->name) : "";
    return ERR_OK;
}

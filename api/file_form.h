/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_FILE_FORM_H
#define JIG_API_FILE_FORM_H
/* The form that brings an attachment, a thumbnail or a package: parts "file" and "fileName". */
#include "api/http.h"
#include "api/multipart.h"

struct file_form {
    const char *bytes; /* inside of the body */
    size_t len;
    const char *name; /* without any folder; UTF-8, at most FILE_NAME_MAX bytes; NULL: none said */
    const char *type; /* media type by the part or the name's ending; "" when neither says */
    struct multipart form;
};

/* Reads the body. ERR_MEDIA_TYPE for another than multipart/form-data; ERR_BAD_INPUT for a broken
 * form, a missing, empty or second file, and a name that is none. */
ERR_MUST_USE enum err_code file_form_read(
    struct api_request *request, struct file_form *form, struct err *err);

/* The media type of a name's ending, "" when it is none of the usual. */
const char *file_type_of(const char *name);

#endif

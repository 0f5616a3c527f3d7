/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BODY_FILE_H
#define JIG_API_BODY_FILE_H
/* A whole file in the body of a request: as it is, or as the part "file" of a form. */
#include "api/http.h"
#include "api/multipart.h"
#include "conformance/judge.h"

struct body_file {
    const char *bytes; /* inside of the body */
    size_t len;
    const char *name;         /* file name of the part or `fileName` of the address; may be NULL */
    enum judge_format format; /* by Content-Type, JUDGE_AUTO when that is no more than a hint */
    struct multipart form;    /* the other parts; without parts when the body is the file itself */
};

/* Finds the file in the body. ERR_BAD_INPUT for a malformed form, one with no or several parts
 * named "file", and for an empty file; ERR_MEDIA_TYPE for what is no model; ERR_TOO_LARGE for XML
 * that would take too much memory. */
ERR_MUST_USE enum err_code body_file_read(
    struct api_request *request, struct body_file *file, struct err *err);

#endif

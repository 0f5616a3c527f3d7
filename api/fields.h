/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_FIELDS_H
#define JIG_API_FIELDS_H
/* Bodies that are small JSON objects of this server's own: their members as a table. */
#include "aas/json.h"
#include "api/http.h"

enum field_kind {
    FIELD_TEXT,  /* const char * */
    FIELD_FLAG,  /* enum field_flag */
    FIELD_TEXTS, /* const struct json *: an array of strings */
};
enum field_flag { FLAG_ABSENT, FLAG_FALSE, FLAG_TRUE };

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    void *to; /* stays as it is when the member is absent */
};

/* Reads the body as an object with these members and no others. ERR_MEDIA_TYPE, ERR_UNREADABLE,
 * ERR_BAD_INPUT with the member, a sentence and what to do. */
ERR_MUST_USE enum err_code fields_read(
    struct api_request *request, const struct field *fields, size_t count, struct err *err);

/* The same for a body that may be left out. */
ERR_MUST_USE enum err_code fields_read_if_any(
    struct api_request *request, const struct field *fields, size_t count, struct err *err);

/* The same for a body that was parsed already. */
ERR_MUST_USE enum err_code fields_take(struct api_request *request, const struct json *body,
    const struct field *fields, size_t count, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_PARAMETERS_H
#define JIG_API_PARAMETERS_H
/*
 * Query parameters (IDTA-01002): each is checked where it is asked for; wrong and repeated ones are
 * refused with a sentence that names them, unknown ones are ignored.
 */
#include "api/http.h"

/* Decodes the query string into the request. ERR_BAD_INPUT, ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code parameters_read(struct api_request *request, struct err *err);

/* The text of a parameter, NULL when absent or empty; ERR_BAD_INPUT when it occurs twice. */
ERR_MUST_USE enum err_code parameter_text(
    const struct api_request *request, const char *name, const char **text, struct err *err);

/* `true` or `false`; `*value` keeps what it is when absent. */
ERR_MUST_USE enum err_code parameter_bool(
    const struct api_request *request, const char *name, bool *value, struct err *err);

/* `limit`: at least 1, cut at API_MAX_LIMIT; `normal` when absent, empty or "undefined". */
ERR_MUST_USE enum err_code parameter_limit(
    const struct api_request *request, size_t normal, size_t *limit, struct err *err);

/* A moment with its time zone ("2026-03-01T08:00:00Z", or a day) as Unix time in ms; false for any
 * other text. */
bool parameter_moment(const char *text, int64_t *time_ms);
/* A moment, `2026-03-01T08:00:00Z` (xs:dateTime with time zone, or a date, which begins at midnight
 * UTC), as Unix time in milliseconds; `*time_ms` keeps what it is when absent. ERR_BAD_INPUT. */
#define PARAMETER_NO_TIME INT64_MIN
ERR_MUST_USE enum err_code parameter_time(
    const struct api_request *request, const char *name, int64_t *time_ms, struct err *err);
/* The same of a text; false when it is no moment. */
bool parameter_moment(const char *text, int64_t *time_ms);

/* `cursor` as made by page_end; 0 when absent or empty. ERR_BAD_INPUT when malformed. */
ERR_MUST_USE enum err_code parameter_cursor(
    struct api_request *request, uint64_t *after, struct err *err);

/* A place in a list whose members can go away: how many came before, and the name of the last of
 * them, so that the page goes on behind it wherever it stands now. */
struct api_place {
    uint64_t position;
    struct api_text last; /* bytes, text NULL: from the beginning */
};

/* `cursor` as made by page_end_place; from the beginning when absent or empty. ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code parameter_place(
    struct api_request *request, struct api_place *place, struct err *err);

/* `level` (deep, core) and `extent` (withBlobValue, withoutBlobValue). */
struct api_modifiers {
    bool core;
    bool with_blob;
};
ERR_MUST_USE enum err_code parameter_modifiers(
    const struct api_request *request, struct api_modifiers *modifiers, struct err *err);

/* The forms in which something is given (IDTA-01002, content modifier): the last segment of the
 * route's address says which. */
enum api_form { FORM_NORMAL, FORM_METADATA, FORM_VALUE, FORM_REFERENCE, FORM_PATH };
enum api_form parameter_form(const struct api_request *request);

/* The modifiers that go with a form: level and extent with the normal and the value-only form,
 * level with $path (lists of elements take extent there, as one of the official files has it),
 * a legal level with $reference, none with $metadata but level=core, which a real client sends.
 * ERR_BAD_INPUT for others. */
ERR_MUST_USE enum err_code parameter_form_modifiers(const struct api_request *request,
    enum api_form form, struct api_modifiers *modifiers, struct err *err);

/* For what has no forms of its own (`what`): a legal `level` is taken, as IDTA-01002 lists it there
 * (deprecated for $reference), and changes nothing; an `extent` or another `level` is
 * ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code parameter_level_only(
    const struct api_request *request, const char *what, struct err *err);

/* Decodes `assetIds`, `assetType` or a cursor out of base64url. Beside the form without padding
 * that IDTA-01002 asks for, right padding and the letters of plain base64 are taken, which real
 * clients send here; identifiers are read strictly. The text is in the arena. ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code parameter_decode(struct api_request *request, const char *text,
    size_t len, char **decoded, size_t *decoded_len, struct err *err);

/* `semanticId`, `isCaseOf`, `dataSpecificationRef`: the base64url of a Reference in JSON, as the
 * value of its first key. The base64url of anything that is no JSON object is taken as that value
 * itself, so that an IRDI or URL can be asked for without a Reference around it. In the arena; NULL
 * when absent. */
ERR_MUST_USE enum err_code parameter_reference(
    struct api_request *request, const char *name, const char **value, struct err *err);

/* Appends the end of a page: `],"paging_metadata":{...}}` with a cursor when `next` is not 0. The
 * page begins with PAGE_BEGIN. */
#define PAGE_BEGIN "{\"result\":["
void page_end(struct buf *buf, uint64_t next);

/* The same with the cursor of a place; NULL: there is nothing more. `bracket` closes the result. */
void page_end_place(
    struct api_request *request, struct buf *buf, char bracket, const struct api_place *next);

#endif

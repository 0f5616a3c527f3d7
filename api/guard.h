/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_GUARD_H
#define JIG_API_GUARD_H
/*
 * What HTTP asks of a request and the library below lets pass (RFC 9110, RFC 9112), checked before
 * anything is dispatched. After a refusal by the guard the connection is closed: what follows on it
 * cannot be trusted to be the next request.
 *
 * Not detectable here, because the library answers or closes by itself (still with our own error
 * body where it asks for one): control characters and NUL in the header, non-ASCII bytes in the
 * target, a method it does not know, a header larger than its buffer (it calls that malformed, so
 * the status is 400), an HTTP version other than 1.0 and 1.1, `OPTIONS *`.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/err.h"
#include "api/http.h"

/* How the body of a request is delimited. */
struct guard_body {
    bool chunked;
    bool expects_continue;     /* the client waits for "100 Continue" */
    unsigned long long length; /* bytes, when not chunked */
};

/* Checks method, target and header fields; fills `body`. ERR_BAD_INPUT, ERR_URI_TOO_LONG,
 * ERR_HEADERS_TOO_LARGE, ERR_NOT_OFFERED with a sentence. */
ERR_MUST_USE enum err_code guard_check(
    const struct api_request *request, struct guard_body *body, struct err *err);

/* Checks the layout the library's in-place parser leaves behind: header fields it dropped silently
 * (more than API_MAX_HEADERS, folded lines, lines that are no field) and bare line feeds. `version`
 * is the library's pointer to the HTTP version. All pointers must point into one buffer, in order,
 * with at least 3 readable bytes behind the last value. */
ERR_MUST_USE enum err_code guard_layout(
    const char *version, const struct api_header *headers, size_t count, struct err *err);

/* Decodes percent escapes of `len` bytes into `to` (room for len + 1 bytes), NUL-terminates and
 * sets *decoded. `plus`: '+' means a space. ERR_BAD_INPUT for broken escapes, escaped control
 * characters and bytes that are no UTF-8. */
ERR_MUST_USE enum err_code guard_unescape(
    const char *text, size_t len, bool plus, char *to, size_t *decoded, struct err *err);

#endif

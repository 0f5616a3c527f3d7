/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_KEEP_ALIVE_H
#define JIG_API_KEEP_ALIVE_H
/*
 * Whether a connection goes on after an answer. HTTP/1.1 keeps it unless the client says close, 1.0
 * closes it unless the client says keep-alive (RFC 9112, 9.3). Most requests say neither.
 */
#include "api/http.h"

/* What the two below do with a field Connection. */
bool keep_alive_is_said(const struct api_request *request, const char *connection);
void keep_alive_say(const char *connection);

/* True when the client wants to go on and the library can be made to. */
static inline bool keep_alive_is_wanted(const struct api_request *request)
{
    const char *connection = api_request_header(request, "Connection");
    return connection == NULL ? !request->http_1_0 : keep_alive_is_said(request, connection);
}

/* Makes the library go on after the answer to a request for which that is wanted; nobody may read
 * the field Connection any more. */
static inline void keep_alive_make_sure(const struct api_request *request)
{
    const char *connection = api_request_header(request, "Connection");
    if (connection != NULL) {
        keep_alive_say(connection);
    }
}

#endif

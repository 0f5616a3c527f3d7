/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CREDENTIALS_H
#define JIG_API_CREDENTIALS_H
/*
 * Who sends a request: the field Authorization, with a name and a password (Basic, RFC 7617) or a
 * token (Bearer, RFC 6750). Account and roles are read from the store each time, so that what
 * changes them, here or in another process, holds for the next request.
 */
#include "api/http.h"
#include "registry/access.h"

/* Sets request->principal, in its arena: somebody known, or somebody unknown when nothing is shown.
 * ERR_UNAUTHENTICATED for what is wrong (ignored where everybody may do everything), ERR_TOO_OFTEN
 * and ERR_BUSY with request->retry_s. */
ERR_MUST_USE enum err_code credentials_read(struct api_request *request, struct err *err);

/* Where the request comes from, as guesses are counted: the client's address, or what a proxy that
 * is trusted (trust_proxy) has put last into X-Forwarded-For. In the arena. */
const char *credentials_peer(struct api_request *request);

#endif

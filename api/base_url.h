/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BASE_URL_H
#define JIG_API_BASE_URL_H
/*
 * Under which address the client reaches this server, for links that must be absolute (endpoints of
 * descriptors), and below which path, for Location. What the operator has set comes first
 * (--external-url); else it is the host that the request names, with what a reverse proxy says
 * about itself (X-Forwarded-Proto, -Host, -Prefix) only when the operator trusts one
 * (--trust-proxy): anybody can send these fields.
 */
#include "api/http.h"

/* *url in the arena, "https://host/path" without a slash at its end, of characters that stand in
 * JSON as they are. ERR_BAD_INPUT when the field Host is no host. */
ERR_MUST_USE enum err_code base_url(struct api_request *request, const char **url, struct err *err);

/* What stands before the path that the client used and that this server does not see, since a proxy
 * takes it away: "/jig", in the arena; "" when there is nothing, or when the proxy passes it on. */
const char *base_path(struct api_request *request);

/* True for what may be set: http or https, a host, perhaps a port and a path; no query, no quote.
 */
bool base_url_fits(const char *url);

/* True when the host of such an address, without its port, is this one. */
bool base_url_names(const char *url, const char *host);

#endif

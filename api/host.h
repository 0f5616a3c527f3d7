/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HOST_H
#define JIG_API_HOST_H
/*
 * Under which names a server on the loopback may be changed. A page of a foreign site can make its
 * own name resolve to 127.0.0.1 and then send requests that look like those of the same origin
 * (DNS rebinding); the Host field still has the foreign name.
 */
#include "api/http.h"

/* ERR_FORBIDDEN for a change addressed to a name that is neither localhost, nor an IP address, nor
 * one of context->host_names (comma-separated; "*": any), nor the host of context->external_url,
 * when the server listens on the loopback.
 * A server that listens elsewhere has names that only its operator knows: any is taken. */
ERR_MUST_USE enum err_code host_check(const struct api_request *request, struct err *err);

/* True for "127.…": an address of the machine itself. */
bool host_is_loopback(const char *address);

#endif

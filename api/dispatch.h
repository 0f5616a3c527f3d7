/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_DISPATCH_H
#define JIG_API_DISPATCH_H
/*
 * From a request to a response, without a network: everything the server does between reading and
 * writing. Also the entry for fuzzing.
 */
#include "api/guard.h"
#include "api/http.h"

/* Gives the request its id: the client's X-Request-ID when that is short and plain, else a new one.
 */
void dispatch_identify(struct api_request *request);

/* True when the body is a form or a package that an address takes files in; a document in JSON or
 * XML is none. */
bool dispatch_brings_file(const struct api_request *request);

/* What can be said before the body has arrived, after guard_check: address, method, parameters,
 * origin, size of the body. On a refusal `err` says why; the request can then be answered with
 * dispatch_refuse. */
ERR_MUST_USE enum err_code dispatch_prepare(
    struct api_request *request, const struct guard_body *body, struct err *err);

/* Runs the handler of a prepared request whose body is there; always fills the response. */
void dispatch_run(struct api_request *request, struct api_response *response);

/* Fills the response with a refusal. */
void dispatch_refuse(
    struct api_request *request, struct api_response *response, const struct err *err);

#endif

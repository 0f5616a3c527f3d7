/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_RESULT_H
#define JIG_API_RESULT_H
/*
 * The Result object of IDTA-01002 ("Result", "Message") as the body of every refusal:
 * {"code":404,"messages":[{"messageType":"Error","code":…,"text":…,"correlationId":…,
 * "timestamp":…}]}. The numeric code at the top is there for clients that take a body without it
 * for success.
 */
#include "api/http.h"

enum { API_MAX_MESSAGES = 200 }; /* findings named in one answer; the rest is counted */

/* Makes the response a Result about `err`: its status comes from err->code; the findings of the
 * request's report become one message each when the input was refused because of them. */
void result_error(
    const struct api_request *request, struct api_response *response, const struct err *err);

/* The same with a status that no error code has (505 of the library). `code` is the message code.
 */
void result_plain(const char *request_id, struct api_response *response, int status,
    const char *code, const char *text);

#endif

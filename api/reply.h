/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_REPLY_H
#define JIG_API_REPLY_H
/*
 * From a response to bytes: header and body in one buffer, so that one write sends both. What the
 * handlers use to fill a response is here as well.
 */
#include "api/http.h"

/* Puts the header into the free room before the body (or moves the body when the header is longer)
 * and gives the bytes to send; they stay in response->body. A HEAD answer, 204 and 304 carry no
 * body. ERR_TOO_LARGE when the buffer's ceiling was reached. */
ERR_MUST_USE enum err_code reply_bytes(const struct api_request *request,
    struct api_response *response, bool keep_alive, const char **bytes, size_t *len);

/* Origins that may read and write: see struct api_server_options. Adds the CORS fields to the
 * response when the request came from another origin that is allowed. */
void reply_cors(struct api_request *request, struct api_response *response);

/* ERR_FORBIDDEN for a change asked for by a page of an origin that may not change anything. */
ERR_MUST_USE enum err_code reply_check_origin(const struct api_request *request, struct err *err);

/* The answer to OPTIONS: Allow, and the CORS preflight when it is one. */
void reply_options(struct api_request *request, struct api_response *response);

/* 200 with this media type; the handler appends to response->body. */
void reply_ok(struct api_response *response, const char *content_type);

/* 204 */
void reply_no_content(struct api_response *response);

/* Sets ETag from a content hash; `variant` ("" or "-xml") tells representations apart. True when
 * If-None-Match names it: the response is then a complete 304. */
bool reply_etag(struct api_request *request, struct api_response *response,
    const unsigned char hash[STORE_HASH_BYTES], const char *variant);

#endif

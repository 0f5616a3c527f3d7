/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ACCEPT_H
#define JIG_API_ACCEPT_H
/* Content negotiation (RFC 9110, 12.5.1) and the media types of bodies. */
#include "api/http.h"

enum api_media { API_MEDIA_JSON, API_MEDIA_XML, API_MEDIA_AASX, API_MEDIA_FORM, API_MEDIA_OTHER };

/* The best of the offered types (in order of our preference) for an Accept header; `accept` NULL
 * means anything. -1 when none of them is accepted. */
int accept_choose(const char *accept, const char *const *offered, size_t count);

/* ERR_NOT_ACCEPTABLE unless JSON is accepted. */
ERR_MUST_USE enum err_code accept_json(const struct api_request *request, struct err *err);

/* JSON or XML, JSON when both are equally welcome. */
ERR_MUST_USE enum err_code accept_json_or_xml(
    const struct api_request *request, enum api_media *media, struct err *err);

/* ERR_MEDIA_TYPE unless the body is application/json or application/merge-patch+json. */
ERR_MUST_USE enum err_code accept_json_patch(const struct api_request *request, struct err *err);

/* What the request's Content-Type says its body is; JSON when there is no Content-Type,
 * API_MEDIA_OTHER when it names a charset other than UTF-8. */
enum api_media accept_body_media(const struct api_request *request);

#endif

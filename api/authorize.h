/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_AUTHORIZE_H
#define JIG_API_AUTHORIZE_H
/*
 * Whether a request may be carried out, before its body is read: who sends it (credentials.h), the
 * right in the row of its route, and what it is about. No handler decides by itself; only what
 * shows in a body or in the store (which family, template or model) is decided again where it is
 * stored, by the same access_decide.
 */
#include "api/http.h"
#include "registry/access.h"

/* What a routed request is about, as far as its address tells. */
void authorize_object(const struct api_request *request, struct access_object *object);

/* ERR_OK, or the refusal with its reason: ERR_UNAUTHENTICATED, ERR_FORBIDDEN (which is put down,
 * see refusals.h), ERR_TOO_OFTEN, ERR_BUSY. Routes that need no right are not asked for anything.
 */
ERR_MUST_USE enum err_code authorize(struct api_request *request, struct err *err);

#endif

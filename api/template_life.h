/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_TEMPLATE_LIFE_H
#define JIG_API_TEMPLATE_LIFE_H
/* What answers say of a template version. */
#include "api/http.h"
#include "registry/lifecycle.h"

/* Appends a version as a JSON object. */
void template_life_write(struct buf *buf, const struct registry_version *version);

/* Tells readers of a version that should not be used any more: Deprecation (RFC 9745) and, when
 * there is one, the successor as Link with rel="successor-version" (RFC 5829). */
void template_life_warn(struct api_request *request, struct api_response *response,
    const struct registry_version *version);

/* The same for whoever reads a submodel or a part of it; nothing is done for what is no template.
 */
void template_life_warn_reader(struct api_request *request, struct api_response *response,
    struct registry_view *view, const struct registry_document *document);

/* A template as it comes in a body: an environment or a submodel, in JSON or XML. */
ERR_MUST_USE enum err_code template_life_body(
    struct api_request *request, struct aas_node **root, struct err *err);

#endif

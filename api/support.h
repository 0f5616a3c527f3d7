/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_SUPPORT_H
#define JIG_API_SUPPORT_H
/* What several handlers need: identifiers and trees out of requests, trees out of documents. */
#include "api/accept.h"
#include "api/http.h"
#include "api/parameters.h"

/* The identifier in capture `at` (base64url). ERR_BAD_INPUT when undecodable, empty or longer than
 * API_MAX_IDENTIFIER characters. */
ERR_MUST_USE enum err_code support_identifier(
    struct api_request *request, size_t at, struct api_text *id, struct err *err);

/* The stored identifiable of the route's kind named by the first capture, in an open view. */
ERR_MUST_USE enum err_code support_document(struct api_request *request, struct registry_view *view,
    struct registry_document *document, struct err *err);

/* Reads the body (JSON or XML by Content-Type) as an object of `as`, or of any subclass when it is
 * abstract. XML is judged completely, by the schema too; JSON is only read here, since the registry
 * judges what it stores. ERR_UNREADABLE and ERR_INVALID with findings in request->report,
 * ERR_MEDIA_TYPE, ERR_BAD_INPUT for an empty body. */
ERR_MUST_USE enum err_code support_body(struct api_request *request, const struct meta_class *as,
    struct aas_node **root, struct err *err);

/* ERR_TOO_LARGE for XML of which a parser would make far more memory than it has bytes (elements
 * without content by the million). Other formats pass. */
ERR_MUST_USE enum err_code support_check_markup(const char *bytes, size_t len, struct err *err);

/* Lets the arena hold what is made of `len` bytes of stored documents, which may be more than a
 * small request has. */
void support_allow(struct api_request *request, size_t len);

/* Waits for the memory that it takes to read, change and store anew what the first capture names,
 * when that is large. To be asked before anything is done, without an open view. ERR_BUSY; of what
 * is not there nothing is said. */
ERR_MUST_USE enum err_code support_room_to_edit(struct api_request *request, struct err *err);

/* Reads stored canonical JSON back into a tree in the request's arena. */
ERR_MUST_USE enum err_code support_tree(struct api_request *request, const char *json, size_t len,
    const struct meta_class *as, struct aas_node **root, struct err *err);

/* Who asks and why, for the revision: X-Change-Message is kept with it. Lives as long as the
 * request. */
struct registry_author support_author(const struct api_request *request);

/* Out of memory of the request. */
ERR_MUST_USE enum err_code support_full(struct err *err);

/* The address of the submodel or shell that the request is about, as the client named it and
 * without prefix; NULL when the arena is full. */
const char *support_address(struct api_request *request);

/* Sets Location to what the client has in front of the addresses (a proxy's path, prefix) and the
 * printf-formatted path. */
void support_location(struct api_request *request, struct api_response *response,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Appends canonical JSON of a tree as the body with status 200. */
void support_write_tree(struct api_response *response, const struct aas_node *node, unsigned flags);

/* Writes a stored document from its tree: JSON with flags, or XML. */
ERR_MUST_USE enum err_code support_write_document(struct api_request *request,
    struct api_response *response, const struct registry_document *document, unsigned flags,
    enum api_media media, struct err *err);

/* Writes a tree: JSON with flags, or XML. */
ERR_MUST_USE enum err_code support_write_form(struct api_request *request,
    struct api_response *response, struct aas_node *root, unsigned flags, enum api_media media,
    struct err *err);

/* Appends `,"name":"text"` (the comma unless first) to an object. */
void support_member(struct buf *buf, bool first, const char *name, const char *text);
/* Appends `"…Z"`, Unix time in milliseconds as ISO 8601. */
void support_time(struct buf *buf, int64_t time_ms);

#endif

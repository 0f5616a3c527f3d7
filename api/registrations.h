/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_REGISTRATIONS_H
#define JIG_API_REGISTRATIONS_H
/* What descriptors, asset links and bulk operations share: bodies, preconditions, answers. */
#include "api/http.h"
#include "registry/registered.h"

/* Reads the body (JSON only: these classes have no XML) as one object of a class. ERR_MEDIA_TYPE,
 * ERR_BAD_INPUT, ERR_UNREADABLE with findings. */
ERR_MUST_USE enum err_code registrations_body(struct api_request *request,
    const struct meta_class *cls, struct aas_node **tree, struct err *err);

/* Checks that the body can be JSON: its media type, and that it is not empty. */
ERR_MUST_USE enum err_code registrations_check_media(
    const struct api_request *request, const char *what, struct err *err);

/* Objects of one class. */
struct registrations_items {
    struct aas_node **nodes; /* in the request's arena */
    size_t count;
};

/* Reads an array of objects, or (when `one` is set) a single one, and judges each. Findings name
 * the position in the array at the beginning of their JSON pointer. As soon as
 * REGISTRATIONS_FINDINGS are together, the rest is not looked at. ERR_BAD_INPUT, ERR_UNREADABLE,
 * ERR_INVALID. */
enum { REGISTRATIONS_FINDINGS = 100 };
ERR_MUST_USE enum err_code registrations_items(struct api_request *request,
    const struct meta_class *cls, bool one, struct registrations_items *items, struct err *err);

/* If-Match and If-None-Match of a change of an entry against what it looks like now; *expected is
 * what the change must find then, NULL when the request has no condition. `part` (NULL: the whole)
 * picks the bytes that the tag is about out of the entry; it gives false when there are none. */
struct registrations_part {
    bool (*pick)(
        const char *json, size_t len, const void *context, const char **part, size_t *part_len);
    const void *context;
};
ERR_MUST_USE enum err_code registrations_conditions(struct api_request *request,
    enum registered_kind kind, const struct api_text *id, const struct registrations_part *part,
    const struct registered_state **expected, struct err *err);

/* Makes what stands in the response's body the answer: 200 with its ETag, or 304. `entry` (NULL
 * allowed) says in X-Descriptor-Source where it comes from. */
void registrations_answer(
    struct api_request *request, struct api_response *response, const struct registered *entry);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HISTORY_H
#define JIG_API_HISTORY_H
/* How a revision is told, wherever one is. */
#include "api/http.h"
#include "registry/changes.h"

/* Appends its members without braces: revision, time, operation and, where there is something to
 * say, author, message, summary, before and after. */
void history_members(struct buf *buf, const struct registry_revision *revision);

/* How one change is told, as a JSON object. */
typedef void (*history_change)(
    struct api_request *request, struct buf *buf, const struct registry_changed *change);

/* What the parameters of a request choose. */
typedef enum err_code (*history_filter)(
    struct api_request *request, struct registry_change_filter *filter, struct err *err);

/* Answers with a page, in JSON, of the changes that are chosen. */
ERR_MUST_USE enum err_code history_page(struct api_request *request, struct api_response *response,
    history_filter read, history_change add, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HISTORY_LINE_H
#define JIG_API_HISTORY_LINE_H
/* One change as a line of JSON, the same from the server and from the command line. */
#include "aas/buf.h"
#include "registry/changes.h"

/* Writes an object and a line feed: sequence, modelType, id, revision, time, operation, author,
 * message, summary, the hashes of the content before and after, and the chain hash. */
void history_line(struct buf *out, const struct registry_changed *change);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HISTORY_H
#define JIG_API_HISTORY_H
/* How a revision is told, wherever one is. */
#include "aas/buf.h"
#include "registry/registry.h"

/* Appends its members without braces: revision, time, operation and, where there is something to
 * say, author, message, summary, before and after. */
void history_members(struct buf *buf, const struct registry_revision *revision);

#endif

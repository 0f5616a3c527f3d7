/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HITS_H
#define JIG_API_HITS_H
/* What a search found, as JSON: the same over HTTP and on the command line. */
#include "aas/buf.h"
#include "registry/registry.h"

/* "template", "shell", "submodel", "concept description" */
const char *hits_kind(const struct registry_hit *hit);

/* Appends `,"name":"text"`, nothing for an empty text; the comma unless `*first`. */
void hits_member(struct buf *buf, bool *first, const char *name, const char *text);

/* Appends a thing with the places where it uses an id. */
void hits_write_user(struct buf *buf, const struct registry_user *user);

#endif

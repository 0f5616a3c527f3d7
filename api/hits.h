/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HITS_H
#define JIG_API_HITS_H
/* What a search found, as JSON: the same over HTTP and on the command line. */
#include "aas/buf.h"
#include "registry/registry.h"

/* "relevance", "name", "date", "uses"; false for another text. */
bool hits_read_sort(const char *text, enum registry_sort *sort);

/* "template", "shell", "submodel", "concept description" */
const char *hits_kind(const struct registry_hit *hit);

/* What stands behind a title on the command line: " (given)" when it is not the thing's own. */
const char *hits_mark(const struct registry_hit *hit);

/* Appends `,"name":"text"`, nothing for an empty text; the comma unless `*first`. */
void hits_member(struct buf *buf, bool *first, const char *name, const char *text);

/* Appends `{"total":…`, the words that were tried in place of misspelled ones, and the facets
 * (their values with names in the language of the query); the object stays open. */
void hits_write_head(struct buf *buf, const struct registry_result *result, bool facets);

/* Appends a hit: what it is, its texts, and "highlights": the texts in pieces, which say of each
 * whether it was looked for, so that nothing has to be read as HTML. */
void hits_write(struct buf *buf, struct arena *arena, const struct registry_result *result,
    const struct registry_hit *hit);

/* Appends a thing with the places where it uses an id. */
void hits_write_user(struct buf *buf, const struct registry_user *user);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SPAN_H
#define JIG_REGISTRY_SPAN_H
/*
 * Pieces of canonical JSON (no white space, written by aas_json_write) as they stand in the store,
 * found without parsing what is inside of them. Anything else than canonical JSON ends a walk
 * early and is never read beyond its end.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/arena.h"

struct span {
    const char *at; /* NULL: absent */
    size_t len;
};

/* A walk over the members of an object or the items of an array. */
struct span_walk {
    const char *at;
    const char *end;
};
struct span_walk span_inside(struct span container);

/* The next member; false at the end. The name stands without its quotes and as it is written. */
bool span_member(struct span_walk *walk, struct span *name, struct span *value);
/* The next item; false at the end. */
bool span_item(struct span_walk *walk, struct span *value);

/* The value of a member of an object, absent when there is none. */
struct span span_find(struct span object, const char *name);

/* True when the bytes are exactly these. */
bool span_is(struct span span, const char *text, size_t len);

/* The text of a JSON string; points into the span when nothing is escaped, else into the arena.
 * False when it is no string or the arena is full. */
bool span_text(struct arena *arena, struct span string, const char **text, size_t *len);

#endif

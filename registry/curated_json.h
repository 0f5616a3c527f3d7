/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_JSON_H
#define JIG_REGISTRY_CURATED_JSON_H
/*
 * What is kept beside templates and models as JSON, as it is sent and exported:
 *
 *   a value  {"facet":"equipment","value":"press","parent":"machine","names":{"ko":…,"en":…}}
 *   a row    "category":[…],"equipment":[…],"process":[…],"phase":[…],"names":{…},"words":…
 *
 * Errors are ERR_BAD_INPUT with the place, or ERR_TOO_LARGE when the arena is full.
 */
#include "aas/buf.h"
#include "aas/json.h"
#include "registry/curated.h"

/* Appends a value as an object; the members of a row without braces. */
void curated_json_node(struct buf *buf, const struct curated_node *node);
void curated_json_row(struct buf *buf, const struct curated_row *row);

/* Takes one member of an object that says a value's parent and names, or of one that says a row. A
 * member that neither has is refused. */
ERR_MUST_USE enum err_code curated_json_take_node(
    struct arena *arena, const struct json *member, struct curated_node *node, struct err *err);
ERR_MUST_USE enum err_code curated_json_take_row(
    struct arena *arena, const struct json *member, struct curated_row *row, struct err *err);

/* ERR_BAD_INPUT: the member (or the whole) is not what is wanted of it ("must be a text"). */
enum err_code curated_json_refuse(const struct json *at, const char *wanted, struct err *err);

#endif

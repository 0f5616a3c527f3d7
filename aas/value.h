/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_VALUE_H
#define JIG_AAS_VALUE_H
/*
 * The value-only form of submodels and submodel elements (IDTA-01001, "ValueOnly-Serialization in
 * JSON"; IDTA-01002, content modifier $value), both directions, driven by the form column of the
 * metamodel table.
 *
 * A value keeps its lexical form: a literal that is also a JSON number in exactly the same spelling
 * is written as that number; everything else ("1e5" of xs:double is, "INF", "+5", "007", integers
 * beyond 2^53) is written as a string.
 */
#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/json.h"
#include "aas/tree.h"

enum aas_value_flag {
    AAS_VALUE_CORE = 1,         /* level=core */
    AAS_VALUE_WITHOUT_BLOB = 2, /* extent=withoutBlobValue */
};

/* False for an element that is left out inside of containers: one whose kind has no value-only
 * form, or one without value. */
bool aas_value_present(const struct aas_node *node);

/* True when a literal of an XSD type is written as it stands, as a JSON number or true or false;
 * others are strings. `type` NULL: unknown. */
bool aas_value_is_bare(const char *type, const char *text);

/* Appends the value-only JSON of an element or submodel. ERR_BAD_INPUT when the kind has no
 * value-only form (Capability, Operation). An element without value gives `null` ({} and [] where
 * elements could stand inside) when it is the addressed one or an item of a list, so that items
 * keep their index; inside other containers it is left out. Of siblings with one idShort only the
 * first is written. */
ERR_MUST_USE enum err_code aas_value_write(
    struct buf *buf, const struct aas_node *node, unsigned flags, struct err *err);

/* The same for an element inside of the addressed one: level=core cuts there, and what has no
 * value-only form is null. */
ERR_MUST_USE enum err_code aas_value_write_below(
    struct buf *buf, const struct aas_node *node, unsigned flags, struct err *err);

/* Applies a value-only document to an element or submodel (PATCH $value): all or nothing. Strings
 * are accepted for numbers and booleans, and native JSON for strings where the literal fits the
 * valueType. Every named element must exist; a literal outside its valueType is ERR_BAD_INPUT with
 * rule ("value-type", "value-structure", "value-path", "AASd-130"), idShort path and remedy. null
 * clears a value. Lists take one value for each item. The tree is changed in place only on ERR_OK;
 * the err of a full arena is ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code aas_value_apply(
    struct arena *arena, struct aas_node *node, const struct json *value, struct err *err);

/* The same for level=core: takes what aas_value_write gives with AAS_VALUE_CORE. What the document
 * holds for elements below the children of the addressed one is passed over. */
ERR_MUST_USE enum err_code aas_value_apply_core(
    struct arena *arena, struct aas_node *node, const struct json *value, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_VALUE_PARTS_H
#define JIG_AAS_VALUE_PARTS_H
/*
 * Inside of aas/value_*.c: applying a value-only document. Nothing else includes this.
 *
 * Values come in two steps: the document is checked against the tree while every change is put on a
 * list with all memory it needs; then the list is carried out, and nothing can fail any more.
 */
#include "aas/value.h"

/* Refusing needs room for texts; out of line it does not weigh on every level of the recursion. */
#define VALUE_APART __attribute__((noinline, cold))

struct value_change {
    struct value_change *next;
    struct aas_slot *slot;
    struct aas_slot value;
};

struct value_applying {
    struct arena *arena;
    struct value_change *first;
    struct value_change **tail;
    struct err *err;
    bool core;      /* level=core: what stands below the children of the addressed element stays */
    unsigned level; /* of the element at hand, 0 for the addressed one */
};

/* Completes an err whose sentence is set: rule, remedy and the places in tree and document. Gives
 * ERR_BAD_INPUT. */
VALUE_APART enum err_code value_refuse(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *rule, const char *remedy);

/* Refuses a value because it is, say, an array; `wanted` says what it should be. */
VALUE_APART enum err_code value_wrong_kind(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *wanted);

/* "an array", "a number", ... */
const char *value_kind_name(const struct json *value);

enum err_code value_no_room(struct value_applying *ap);

/* Put a change of an attribute on the list. The text is copied; an empty list clears. */
enum err_code value_clear(struct value_applying *ap, struct aas_node *node, enum meta_prop_id id);
enum err_code value_change_text(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, const char *text, size_t len);
enum err_code value_change_node(
    struct value_applying *ap, struct aas_node *node, enum meta_prop_id id, struct aas_node *child);
enum err_code value_change_list(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, struct aas_node **list, size_t count);

/* Check a value and put its change on the list: a literal of the element's valueType, a plain text
 * or enumeration value, the texts of a multi-language property, a Reference, a list of objects in
 * their normal form (SpecificAssetId also as {"name":"value"}). */
enum err_code value_apply_literal(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, const struct json *value);
enum err_code value_apply_text(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value);
enum err_code value_apply_languages(
    struct value_applying *ap, struct aas_node *node, const struct json *value);
enum err_code value_apply_normal(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value);
enum err_code value_apply_normals(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value);

/* Refuses a text with characters that XML 1.0 does not know (AASd-130); `value` is its place. */
enum err_code value_check_characters(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *text, size_t len);

#endif

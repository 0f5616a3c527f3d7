/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_TREE_H
#define JIG_AAS_TREE_H
/*
 * The element tree: one document of the metamodel in memory, whatever format it came in.
 *
 * A node is an object of a class; it has one slot per attribute of its class, in the order of the
 * metamodel table. The tree can hold documents that break rules (missing attributes, wrong
 * enumeration values, empty lists), so that a report can name every slip; it cannot hold what has
 * no place in the table. Texts are UTF-8, NUL-terminated, without NUL inside; their lexical form is
 * kept. All memory belongs to the arena the tree was made in. Read-only use is free to share
 * between threads.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/err.h"
#include "aas/meta.h"

enum aas_state {
    AAS_ABSENT = 0,
    AAS_TEXT,  /* META_TEXT, META_ENUM and META_BOOL ("true"/"false") */
    AAS_NODE,  /* META_NODE */
    AAS_NODES, /* META_LIST, possibly with count 0 (then AASd rules complain) */
};

struct aas_node;

struct aas_slot {
    union {
        const char *text;
        struct aas_node *node;
        struct aas_node **nodes;
    } u;
    uint32_t len;    /* bytes of text, or count of nodes */
    uint32_t line;   /* 1-based place of the attribute in the input, 0 when unknown */
    uint32_t column; /* 1-based, bytes; 0 when unknown (XML has lines only) */
    enum aas_state state;
};

struct aas_node {
    const struct meta_class *cls;
    struct aas_node *parent; /* NULL for the root */
    uint32_t parent_slot;    /* slot of the parent that holds this node */
    uint32_t index;          /* position in that list, 0 for a single node */
    uint32_t line;           /* place of the object in the input; 0 when unknown */
    uint32_t column;
    struct aas_slot slots[]; /* cls->prop_count of them */
};

/* A new node with every attribute absent; NULL when the arena is full. `cls` is not abstract. */
struct aas_node *aas_node_new(struct arena *arena, const struct meta_class *cls);

/* The slot of an attribute, or NULL when the class has no such attribute. A slot that is there may
 * still be AAS_ABSENT. */
static inline struct aas_slot *aas_slot_mut(struct aas_node *node, enum meta_prop_id id)
{
    int slot = meta_slot(node->cls, id);
    return slot < 0 ? NULL : &node->slots[slot];
}
static inline const struct aas_slot *aas_slot(const struct aas_node *node, enum meta_prop_id id)
{
    int slot = meta_slot(node->cls, id);
    return slot < 0 ? NULL : &node->slots[slot];
}

/* The text of an attribute, or NULL when it is absent or no text. */
static inline const char *aas_text(const struct aas_node *node, enum meta_prop_id id)
{
    const struct aas_slot *slot = aas_slot(node, id);
    return slot != NULL && slot->state == AAS_TEXT ? slot->u.text : NULL;
}

/* The node of a single-object attribute, or NULL. */
static inline struct aas_node *aas_child(const struct aas_node *node, enum meta_prop_id id)
{
    const struct aas_slot *slot = aas_slot(node, id);
    return slot != NULL && slot->state == AAS_NODE ? slot->u.node : NULL;
}

/* The nodes of a list; *count is 0 and the result NULL when there are none, or no slot. */
static inline struct aas_node **aas_nodes(const struct aas_slot *slot, size_t *count)
{
    bool some = slot != NULL && slot->state == AAS_NODES && slot->len > 0;
    *count = some ? slot->len : 0;
    return some ? slot->u.nodes : NULL;
}

/* The nodes of a list attribute; *count is 0 and the result NULL when absent. */
static inline struct aas_node **aas_list(
    const struct aas_node *node, enum meta_prop_id id, size_t *count)
{
    return aas_nodes(aas_slot(node, id), count);
}

/* What a reference leads to: the value of its last key, or NULL (also for no reference). */
const char *aas_last_key(const struct aas_node *reference);

/* The submodel elements directly below (submodelElements, value of a collection or list,
 * statements, annotations); *count is 0 and the result NULL when there are none. */
struct aas_node **aas_children(const struct aas_node *node, size_t *count);

/* Set an attribute. The text is copied into the arena; nodes are linked and get their parent,
 * parent_slot and index. ERR_TOO_LARGE when the arena is full, ERR_BAD_INPUT when the class has no
 * such attribute. Setting an absent attribute is aas_clear. */
ERR_MUST_USE enum err_code aas_set_text(
    struct arena *arena, struct aas_node *node, enum meta_prop_id id, const char *text, size_t len);
ERR_MUST_USE enum err_code aas_set_node(
    struct aas_node *node, enum meta_prop_id id, struct aas_node *child);
ERR_MUST_USE enum err_code aas_set_list(struct arena *arena, struct aas_node *node,
    enum meta_prop_id id, struct aas_node *const *nodes, size_t count);
void aas_clear(struct aas_node *node, enum meta_prop_id id);

/* List editing: insert before position `at` (at == count appends), remove, replace. The node's
 * class must have the attribute as a list; an absent list counts as empty, a list that becomes
 * empty becomes absent. */
ERR_MUST_USE enum err_code aas_list_insert(struct arena *arena, struct aas_node *node,
    enum meta_prop_id id, size_t at, struct aas_node *child);
void aas_list_remove(struct aas_node *node, enum meta_prop_id id, size_t at);
void aas_list_replace(
    struct aas_node *node, enum meta_prop_id id, size_t at, struct aas_node *child);

/* A deep copy into another arena, without parent. NULL when the arena is full. */
struct aas_node *aas_copy(struct arena *arena, const struct aas_node *node);

/* True when both trees say the same: same classes, same attributes, same texts, same order. */
bool aas_equal(const struct aas_node *a, const struct aas_node *b);

/* How deep objects and arrays lie inside each other when the tree is written as JSON: 1 for an
 * object without any below. */
unsigned aas_depth(const struct aas_node *node);

/* Calls `visit` for the node and everything below it, parents first, in document order; stops at
 * the first result other than ERR_OK and gives it back. */
typedef enum err_code (*aas_visit)(const struct aas_node *node, void *context);
ERR_MUST_USE enum err_code aas_walk(const struct aas_node *node, aas_visit visit, void *context);

/* The same for objects of some classes only (a set of META_BIT), without looking where the
 * metamodel has none of them. */
ERR_MUST_USE enum err_code aas_walk_to(
    const struct aas_node *node, uint64_t classes, aas_visit visit, void *context);

/* The idShort path of the nearest submodel element at or above `node` ("Technical.Speed[3]"), as
 * NUL-terminated text cut to `size` bytes; "" at or above the submodel. Elements without idShort
 * outside lists appear as "?" with their position: "?2". Operation variables count as children. */
void aas_print_path(const struct aas_node *node, char *to, size_t size);

/* The JSON pointer (RFC 6901) of `node`, and of its attribute `slot` when slot >= 0, from the root
 * of the tree, cut to `size` bytes. */
void aas_print_pointer(const struct aas_node *node, int slot, char *to, size_t size);

#endif

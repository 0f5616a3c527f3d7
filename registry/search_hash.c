/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tells whether a document is still found by the same: a hash of the texts that its search
 * entry is made of, in one walk and without any of its terms.
 *
 * Hashed are the texts of the attributes that are searched, with everything in the references and
 * the texts in languages that stand there; all languages; the classes of the elements; and the
 * objects on the way to each of them. Objects without any of it, such as the reference that is the
 * value of an element, leave no trace: a value may be set without making the hash again.
 */
#include <sodium.h>
#include <string.h>

#include "registry/keys.h"
#include "registry/search_record.h"
#include "registry/search_values.h"

enum {
    BUFFERED = 2048, /* the hash costs per call as much as for a hundred bytes */
    BEGINS = 0xfe,   /* in the place of an attribute: an object begins */
    ENDS = 0xff,     /* … ends */
};

/* An object whose beginning is hashed when there is something in it. */
struct opened {
    struct opened *outer;
    const struct aas_node *node;
    bool told;
};

struct hashing {
    crypto_generichash_state state;
    unsigned char buffer[BUFFERED];
    size_t len;
};

static void add(struct hashing *to, const void *bytes, size_t len)
{
    if (len > sizeof to->buffer - to->len) {
        crypto_generichash_update(&to->state, to->buffer, to->len);
        to->len = 0;
    }
    if (len > sizeof to->buffer) {
        crypto_generichash_update(&to->state, bytes, len);
    } else {
        memcpy(to->buffer + to->len, bytes, len);
        to->len += len;
    }
}

static void add_beginning(struct hashing *to, unsigned cls, uint32_t slot)
{
    const unsigned char mark[] = {BEGINS, (unsigned char)cls, (unsigned char)slot};
    add(to, mark, sizeof mark);
}

/* The objects around what is hashed now, outer ones first; at most as deep as a tree is. */
static void tell(struct hashing *to, struct opened *opened)
{
    if (opened == NULL || opened->told) {
        return;
    }
    tell(to, opened->outer);
    bool root = opened->outer == NULL; /* which may hang in an environment */
    add_beginning(to, opened->node->cls->id, root ? 0 : opened->node->parent_slot);
    opened->told = true;
}

static void hash_text(
    struct hashing *to, struct opened *in, size_t slot, const struct aas_slot *text)
{
    unsigned char head[1 + 4];
    tell(to, in);
    head[0] = (unsigned char)slot;
    value_set_u32(head + 1, text->len);
    add(to, head, sizeof head);
    add(to, text->u.text, text->len);
}

static void hash_node(
    struct hashing *to, const struct aas_node *node, struct opened *outer, bool searched)
{
    struct opened here = {.outer = outer, .node = node};
    const struct meta_class *cls = node->cls;
    bool language = (cls->is & META_IS_LANG_STRING) != 0;
    bool values = false; /* of an element that the operator names */
    if ((cls->is & META_IS_SUBMODEL_ELEMENT) != 0) {
        tell(to, &here);
        values = search_values_has(node);
    }
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_ABSENT) {
            continue;
        }
        enum meta_prop_id prop = cls->props[i].id;
        bool taken = searched || values || search_reads(prop) || prop == PROP_templateId;
        if (slot->state == AAS_TEXT && (taken || (language && prop == PROP_language))) {
            hash_text(to, &here, i, slot);
        } else if (slot->state == AAS_NODE) {
            hash_node(to, slot->u.node, &here, taken);
        }
        for (size_t k = 0; slot->state == AAS_NODES && k < slot->len; k++) {
            hash_node(to, slot->u.nodes[k], &here, taken);
        }
    }
    if (here.told) {
        const unsigned char end = ENDS;
        add(to, &end, 1);
    }
}

void search_hash(const struct aas_node *identifiable, unsigned char hash[STORE_HASH_BYTES])
{
    struct hashing to;
    to.len = 0;
    crypto_generichash_init(&to.state, NULL, 0, STORE_HASH_BYTES);
    hash_node(&to, identifiable, NULL, false);
    crypto_generichash_update(&to.state, to.buffer, to.len);
    crypto_generichash_final(&to.state, hash, STORE_HASH_BYTES);
}

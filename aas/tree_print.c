/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "aas/tree.h"

/* Both printers walk from the node up to the root and write their text from the back, so that
 * neither depth nor length needs memory of its own. */
struct back_writer {
    char *start;
    char *at; /* first byte written so far */
};

static void put_back(struct back_writer *out, const char *text, size_t len)
{
    size_t room = (size_t)(out->at - out->start);
    if (len > room) { /* too long: the end of a path says more than its beginning */
        text += len - room;
        len = room;
    }
    out->at -= len;
    memcpy(out->at, text, len);
}

static void begin(struct back_writer *out, char *to, size_t size)
{
    out->start = to;
    out->at = to + size - 1;
    *out->at = '\0';
}

static void finish(struct back_writer *out, char *to, size_t size)
{
    memmove(to, out->at, (size_t)(to + size - out->at));
}

static const struct meta_prop *prop_in_parent(const struct aas_node *node)
{
    return &node->parent->cls->props[node->parent_slot];
}

static void put_step(struct back_writer *out, const struct aas_node *node, bool last)
{
    char number[24];
    if (!last && *out->at != '[') {
        put_back(out, ".", 1);
    }
    if (node->parent != NULL && (prop_in_parent(node)->flags & META_INDEXED)) {
        int len = snprintf(number, sizeof number, "[%u]", node->index);
        put_back(out, number, (size_t)len);
        return;
    }
    const char *id_short = aas_text(node, PROP_idShort);
    if (id_short != NULL && id_short[0] != '\0') {
        put_back(out, id_short, strlen(id_short));
        return;
    }
    int len = snprintf(number, sizeof number, "?%u", node->index);
    put_back(out, number, (size_t)len);
}

void aas_print_path(const struct aas_node *node, char *to, size_t size)
{
    if (size == 0) {
        return;
    }
    struct back_writer out;
    begin(&out, to, size);
    bool last = true;
    for (const struct aas_node *at = node; at != NULL; at = at->parent) {
        if (at->cls->is & META_IS_SUBMODEL_ELEMENT) {
            put_step(&out, at, last);
            last = false;
        }
    }
    finish(&out, to, size);
}

void aas_print_pointer(const struct aas_node *node, int slot, char *to, size_t size)
{
    if (size == 0) {
        return;
    }
    struct back_writer out;
    begin(&out, to, size);
    if (slot >= 0 && (size_t)slot < node->cls->prop_count && !(node->cls->is & META_IS_BARE)) {
        const char *name = node->cls->props[slot].name;
        put_back(&out, name, strlen(name));
        put_back(&out, "/", 1);
    }
    for (const struct aas_node *at = node; at->parent != NULL; at = at->parent) {
        const struct meta_prop *prop = prop_in_parent(at);
        if (prop->kind == META_LIST) {
            char number[24];
            int len = snprintf(number, sizeof number, "/%u", at->index);
            put_back(&out, number, (size_t)len);
        }
        put_back(&out, prop->name, strlen(prop->name));
        put_back(&out, "/", 1);
    }
    finish(&out, to, size);
}

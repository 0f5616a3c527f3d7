/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "aas/xml.h"

/* Recursion is as deep as the tree, so what does not change is kept out of the frames. */
struct writer {
    struct buf *buf;
    bool pretty;
    unsigned depth; /* open elements */
};

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* ------------------------------------------------------------------ texts */

/* Bytes of the character at `at` when XML 1.0 cannot carry it, else 0. Only JSON can bring such a
 * character into a tree: a control character, U+FFFE or U+FFFF. */
static size_t forbidden(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    if (c < 0x20) {
        return c != '\t' && c != '\n' && c != '\r';
    }
    return c == 0xEF && end - at >= 3 && (unsigned char)at[1] == 0xBF &&
                   (unsigned char)at[2] >= 0xBE
               ? 3
               : 0;
}

static void write_text(struct buf *buf, const char *text, size_t len)
{
    const char *end = text + len;
    const char *clean = text;
    for (const char *at = text; at < end; at++) {
        size_t bad = forbidden(at, end);
        if (bad > 0) {
            buf_add_xml_text(buf, clean, (size_t)(at - clean));
            buf_add_text(buf, REPLACEMENT);
            at += bad - 1;
            clean = at + 1;
        }
    }
    buf_add_xml_text(buf, clean, (size_t)(end - clean));
}

/* ------------------------------------------------------------------ tags */

static void start_line(struct writer *w)
{
    if (w->pretty) {
        buf_add_char(w->buf, '\n');
        for (unsigned i = 0; i < w->depth; i++) {
            buf_add(w->buf, "  ", 2);
        }
    }
}

static void open_tag(struct writer *w, const char *name)
{
    start_line(w);
    buf_add_char(w->buf, '<');
    buf_add_text(w->buf, name);
    buf_add_char(w->buf, '>');
    w->depth++;
}

/* Turns the tag just opened into an empty one when nothing was written behind it. */
static void close_tag(struct writer *w, const char *name, size_t opened_at)
{
    w->depth--;
    if (w->buf->len == opened_at && !buf_failed(w->buf)) {
        w->buf->len--;
        buf_add(w->buf, "/>", 2);
        return;
    }
    start_line(w);
    buf_add(w->buf, "</", 2);
    buf_add_text(w->buf, name);
    buf_add_char(w->buf, '>');
}

static void write_leaf(struct writer *w, const char *name, const struct aas_slot *slot)
{
    start_line(w);
    buf_add_char(w->buf, '<');
    buf_add_text(w->buf, name);
    buf_add_char(w->buf, '>');
    write_text(w->buf, slot->u.text, slot->len);
    buf_add(w->buf, "</", 2);
    buf_add_text(w->buf, name);
    buf_add_char(w->buf, '>');
}

/* ------------------------------------------------------------------ nodes */

static void write_object(struct writer *w, const struct aas_node *node, const char *name);

static void write_items(struct writer *w, const struct meta_prop *prop, const struct aas_slot *slot)
{
    open_tag(w, prop->name);
    size_t opened_at = w->buf->len;
    if (slot->state == AAS_NODE) {
        write_object(w, slot->u.node, slot->u.node->cls->xml_name);
    }
    for (size_t i = 0; slot->state == AAS_NODES && i < slot->len; i++) {
        write_object(w, slot->u.nodes[i], slot->u.nodes[i]->cls->xml_name);
    }
    close_tag(w, prop->name, opened_at);
}

static void write_slots(struct writer *w, const struct aas_node *node)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_TEXT) {
            write_leaf(w, prop->name, slot);
        } else if (slot->state == AAS_NODE && !(prop->cls->is & META_IS_ABSTRACT)) {
            write_object(w, slot->u.node, prop->name);
        } else if (slot->state != AAS_ABSENT) {
            write_items(w, prop, slot);
        }
    }
}

static void write_object(struct writer *w, const struct aas_node *node, const char *name)
{
    open_tag(w, name);
    size_t opened_at = w->buf->len;
    write_slots(w, node);
    close_tag(w, name, opened_at);
}

void aas_xml_write(
    struct buf *buf, const struct aas_node *node, enum meta_version version, bool pretty)
{
    struct writer w = {.buf = buf, .pretty = pretty};
    const char *name = node->cls->xml_name;
    buf_add_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    if (!pretty) {
        buf_add_char(buf, '\n');
    }
    start_line(&w);
    buf_add_char(buf, '<');
    buf_add_text(buf, name);
    buf_add_text(buf, " xmlns=\"");
    buf_add_text(buf, meta_xml_namespace(version));
    buf_add_text(buf, "\">");
    w.depth = 1;
    size_t opened_at = buf->len;
    write_slots(&w, node);
    close_tag(&w, name, opened_at);
    buf_add_char(buf, '\n');
}

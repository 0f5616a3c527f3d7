/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "aas/json.h"
#include "aas/meta_text.h"

/* Names as they stand in a document, of one size so that they are copied as a whole. */
struct piece {
    size_t len;
    char text[56];
};

static const struct piece keys[PROP_COUNT] = {
#define KEY_PIECE(name) [PROP_##name] = {sizeof ",\"" #name "\":" - 1, ",\"" #name "\":"},
    META_PROPS(KEY_PIECE)
#undef KEY_PIECE
};

static const struct piece types[CLASS_COUNT] = {
#define TYPE_PIECE(name)                                                                           \
    [CLASS_##name] = {sizeof "{\"modelType\":\"" #name "\"" - 1, "{\"modelType\":\"" #name "\""},
    META_CLASSES(TYPE_PIECE)
#undef TYPE_PIECE
};

static void add_piece(struct buf *buf, const struct piece *piece)
{
    char *to = buf_spare(buf, sizeof piece->text);
    if (to == NULL) {
        buf_add(buf, piece->text, piece->len);
        return;
    }
    memcpy(to, piece->text, sizeof piece->text);
    buf->len += piece->len;
}

struct writer {
    struct buf *buf;
    size_t start; /* length of the buffer before this write */
    unsigned flags;
    const struct aas_json_marks *marks;
};

/* Metadata drops the values of the addressed element only where they are values: children keep
 * their place in the tree of a collection but are values too, so the whole attribute is left out.
 */
static bool left_out(const struct writer *w, const struct aas_node *node,
    const struct meta_prop *prop, unsigned level)
{
    if (w->flags == 0) {
        return false;
    }
    if ((w->flags & AAS_JSON_METADATA) && (prop->flags & META_IS_VALUE)) {
        return true;
    }
    if ((w->flags & AAS_JSON_CORE) && level > 0 && (prop->flags & META_CHILDREN)) {
        return true;
    }
    return (w->flags & AAS_JSON_WITHOUT_BLOB) && (prop->flags & META_IS_VALUE) &&
           prop->text == &meta_text_base64 && node->cls->form == META_FORM_BLOB;
}

static void write_node(struct writer *w, const struct aas_node *node, unsigned level);

static void write_text(struct writer *w, const struct meta_prop *prop, const struct aas_slot *slot)
{
    bool word = prop->kind == META_BOOL &&
                (strcmp(slot->u.text, "true") == 0 || strcmp(slot->u.text, "false") == 0);
    if (word) {
        buf_add(w->buf, slot->u.text, slot->len);
    } else {
        buf_add_json_string(w->buf, slot->u.text, slot->len);
    }
}

static void write_list(struct writer *w, const struct aas_slot *slot, unsigned level)
{
    buf_add_char(w->buf, '[');
    for (uint32_t i = 0; i < slot->len; i++) {
        if (i > 0) {
            buf_add_char(w->buf, ',');
        }
        write_node(w, slot->u.nodes[i], level);
    }
    buf_add_char(w->buf, ']');
}

static void write_slot(
    struct writer *w, const struct meta_prop *prop, const struct aas_slot *slot, unsigned level)
{
    unsigned below = level + ((prop->flags & META_CHILDREN) ? 1U : 0U);
    switch (slot->state) {
    case AAS_TEXT:
        write_text(w, prop, slot);
        break;
    case AAS_NODE:
        write_node(w, slot->u.node, below);
        break;
    case AAS_NODES:
        write_list(w, slot, below);
        break;
    case AAS_ABSENT:
        break;
    }
}

/* Every attribute begins with a comma; the first one's becomes the bracket when there is no type
 * before it. */
static void write_node(struct writer *w, const struct aas_node *node, unsigned level)
{
    const struct meta_class *cls = node->cls;
    size_t start = w->buf->len;
    if ((cls->is & META_IS_BARE) && node->slots[0].state == AAS_TEXT) {
        buf_add_json_string(w->buf, node->slots[0].u.text, node->slots[0].len);
        return;
    }
    if (cls->is & META_HAS_MODEL_TYPE) {
        add_piece(w->buf, &types[cls->id]);
    }
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state != AAS_ABSENT && !left_out(w, node, prop, level)) {
            add_piece(w->buf, &keys[prop->id]);
            write_slot(w, prop, slot, level);
        }
    }
    if (w->buf->len == start) {
        buf_add_char(w->buf, '{');
    } else {
        w->buf->bytes[start] = '{';
    }
    buf_add_char(w->buf, '}');
    if (w->marks != NULL) {
        size_t offset = start - w->start;
        w->marks->object(w->marks->context, node, offset, w->buf->len - w->start - offset);
    }
}

void aas_json_write(struct buf *buf, const struct aas_node *node, unsigned flags,
    const struct aas_json_marks *marks)
{
    struct writer w = {.buf = buf, .start = buf->len, .flags = flags, .marks = marks};
    write_node(&w, node, 0);
}

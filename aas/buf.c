/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/plain.h"
#include "aas/rare.h"

void buf_init(struct buf *buf, size_t ceiling)
{
    *buf = (struct buf){.ceiling = ceiling};
}

/* Without bytes, whoever has them now. */
static void become_empty(struct buf *buf)
{
    struct meter *meter = buf->meter;
    buf_count(buf, NULL);
    buf_init(buf, buf->ceiling);
    buf->meter = meter;
}

void buf_finish(struct buf *buf)
{
    if (buf != NULL) {
        free(buf->bytes);
        become_empty(buf);
    }
}

static bool make_room(struct buf *buf, size_t more)
{
    if (buf->failed || more > buf->ceiling || buf->len > buf->ceiling - more) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->len + more;
    if (need < buf->room) {
        return true;
    }
    size_t room = buf->room < 256 ? 256 : buf->room;
    while (room <= need) {
        room += room / 2;
    }
    size_t growth = room - buf->room;
    if (!meter_take(buf->meter, growth)) {
        buf->failed = true;
        return false;
    }
    char *bytes = realloc(buf->bytes, room);
    if (bytes == NULL) {
        meter_give(buf->meter, growth);
        buf->failed = true;
        return false;
    }
    buf->counted += buf->meter != NULL ? growth : 0;
    buf->bytes = bytes;
    buf->room = room;
    return true;
}

void buf_reserve(struct buf *buf, size_t more)
{
    (void)make_room(buf, more);
}

void buf_add_more(struct buf *buf, const void *bytes, size_t len)
{
    if (len > 0 && make_room(buf, len)) {
        memcpy(buf->bytes + buf->len, bytes, len);
        buf->len += len;
    }
}

void buf_skip_more(struct buf *buf, size_t len)
{
    if (len > 0 && make_room(buf, len)) {
        buf->len += len;
    }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        buf->failed = true;
    } else if (make_room(buf, (size_t)len + 1)) {
        vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

static const char *json_escape(unsigned char c, char hex[8])
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        snprintf(hex, 8, "\\u%04x", c);
        return hex;
    }
}

static RARE void add_escaped(struct buf *buf, const char *text, size_t len)
{
    uint64_t ignored = 0;
    size_t clean = 0;
    size_t i = plain_json_run(text, len, &ignored);
    buf_add_char(buf, '"');
    while (i < len) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            i++;
            continue;
        }
        char hex[8];
        buf_add(buf, text + clean, i - clean);
        buf_add_text(buf, json_escape(c, hex));
        clean = i + 1;
        i = clean + plain_json_run(text + clean, len - clean, &ignored);
    }
    buf_add(buf, text + clean, len - clean);
    buf_add_char(buf, '"');
}

static RARE char *find_spare(struct buf *buf, size_t most)
{
    buf_reserve(buf, most);
    return buf_spare(buf, most);
}

/* Nearly all texts stand in JSON as they are. */
void buf_add_json_string(struct buf *buf, const char *text, size_t len)
{
    char *to = buf_spare(buf, len + 2);
    if (to == NULL) {
        to = find_spare(buf, len + 2);
    }
    if (to == NULL || !plain_json_copy(to + 1, text, len)) {
        add_escaped(buf, text, len);
        return;
    }
    to[0] = '"';
    to[len + 1] = '"';
    buf->len += len + 2;
}

static const char *xml_escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

void buf_add_xml_text(struct buf *buf, const char *text, size_t len)
{
    size_t clean = 0;
    for (size_t i = 0; i < len; i++) {
        const char *escape = xml_escape(text[i]);
        if (escape != NULL) {
            buf_add(buf, text + clean, i - clean);
            buf_add_text(buf, escape);
            clean = i + 1;
        }
    }
    buf_add(buf, text + clean, len - clean);
}

const char *buf_text(struct buf *buf)
{
    if (buf->failed || !make_room(buf, 1)) {
        return "";
    }
    buf->bytes[buf->len] = '\0';
    return buf->bytes;
}

char *buf_take(struct buf *buf, size_t *len)
{
    char *bytes = buf->bytes;
    if (len != NULL) {
        *len = buf->len;
    }
    become_empty(buf);
    return bytes;
}

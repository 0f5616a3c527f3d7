/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "aas/xml_parse.h"

/*
 * libxml2 2.9 compares each attribute of a tag with all before it: a tag of a megabyte keeps it
 * busy for twenty seconds, and no hook is called before. So the length of tags is looked at first.
 * That needs an encoding in which markup can be recognised; the exotic ones are refused.
 */

/* The document as characters: bytes, or the 16 bits of UTF-16. */
struct units {
    const unsigned char *bytes;
    size_t count;
    size_t width; /* 1 or 2 bytes */
    size_t low;   /* which of two bytes is the low one */
};

enum { NO_MARKUP = 0xFFFF, DECLARATION_SIZE = 200 };

static unsigned unit(const struct units *u, size_t at)
{
    if (at >= u->count) {
        return NO_MARKUP;
    }
    if (u->width == 1) {
        return u->bytes[at];
    }
    const unsigned char *pair = u->bytes + 2 * at;
    return pair[1 - u->low] == 0 ? pair[u->low] : NO_MARKUP;
}

static bool stands(const struct units *u, size_t at, const char *text)
{
    for (; *text != '\0'; text++, at++) {
        if (unit(u, at) != (unsigned char)*text) {
            return false;
        }
    }
    return true;
}

/* The place behind the next `text`, or the end. */
static size_t behind(const struct units *u, size_t at, const char *text)
{
    while (at < u->count && (unit(u, at) != (unsigned char)*text || !stands(u, at, text))) {
        at++;
    }
    return at < u->count ? at + strlen(text) : at;
}

/* The place behind the tag that starts at `at`; quoted values may contain ">". */
static size_t behind_tag(const struct units *u, size_t at)
{
    unsigned quote = 0;
    for (; at < u->count; at++) {
        unsigned c = unit(u, at);
        if (quote == 0 && c == '>') {
            return at + 1;
        }
        if (c == '"' || c == '\'') {
            quote = quote == 0 ? c : quote == c ? 0 : quote;
        }
    }
    return at;
}

static size_t behind_markup(const struct units *u, size_t at)
{
    unsigned next = unit(u, at + 1);
    if (next == '?') {
        return behind(u, at + 2, "?>");
    }
    if (next == '!' && stands(u, at, "<!--")) {
        return behind(u, at + 4, "-->");
    }
    if (next == '!' && stands(u, at, "<![CDATA[")) {
        return behind(u, at + 9, "]]>");
    }
    return next == '!' || next == '/' ? at + 2 : behind_tag(u, at);
}

static bool is_tag(const struct units *u, size_t at)
{
    unsigned next = unit(u, at + 1);
    return next != '!' && next != '?' && next != '/';
}

/* ------------------------------------------------------------------ encodings */

static bool begins(const char *bytes, size_t len, const char *with, size_t size)
{
    return len >= size && memcmp(bytes, with, size) == 0;
}

/* True when the encoding is one with the characters of ASCII where ASCII has them. */
static bool is_plain(const char *name, size_t len)
{
    static const char *const prefixes[] = {"UTF-8", "UTF8", "UTF-16", "UTF16", "US-ASCII", "ASCII",
        "ISO-8859-", "ISO8859-", "windows-125", "cp125", "latin1", "EUC-", "CP949", "KS_C_5601"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t size = strlen(prefixes[i]);
        if (len >= size && strncasecmp(name, prefixes[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* Looks at every "encoding" of the XML declaration, however it is written; a declaration without
 * end is as good as an exotic encoding. */
static bool declares_plain(const struct units *u)
{
    char text[DECLARATION_SIZE + 1];
    size_t len = 0;
    size_t end = behind_tag(u, 0);
    while (len < DECLARATION_SIZE && len < end) {
        unsigned c = unit(u, len);
        text[len++] = (char)(c > 0 && c < 0x80 ? c : '?');
    }
    text[len] = '\0';
    if (len < end) {
        return false;
    }
    for (char *at = strstr(text, "encoding"); at != NULL; at = strstr(at, "encoding")) {
        at += strlen("encoding");
        at += strspn(at, " \t\r\n=\"'");
        if (!is_plain(at, strcspn(at, "\"' \t\r\n?"))) {
            return false;
        }
    }
    return true;
}

static bool set_units(struct units *u, const char *bytes, size_t len)
{
    *u = (struct units){.bytes = (const unsigned char *)bytes, .count = len, .width = 1};
    if (begins(bytes, len, "\xFF\xFE\0\0", 4) || begins(bytes, len, "\0\0", 2) ||
        begins(bytes, len, "<\0\0", 3) || begins(bytes, len, "\x4C\x6F\xA7\x94", 4)) {
        return false;
    }
    if (begins(bytes, len, "\xFF\xFE", 2) || begins(bytes, len, "<\0", 2)) {
        *u = (struct units){(const unsigned char *)bytes, len / 2, 2, 0};
    } else if (begins(bytes, len, "\xFE\xFF", 2) || begins(bytes, len, "\0<", 2)) {
        *u = (struct units){(const unsigned char *)bytes, len / 2, 2, 1};
    }
    bool marked = u->width == 2 || begins(bytes, len, "\xEF\xBB\xBF", 3);
    struct units declaration = *u;
    if (marked) {
        size_t mark = u->width == 1 ? 3 : unit(u, 0) == NO_MARKUP ? 2 : 0;
        declaration.bytes += mark;
        declaration.count -= mark / u->width;
    }
    return !stands(&declaration, 0, "<?xml") || declares_plain(&declaration);
}

enum xml_scan xml_scan(const char *bytes, size_t len, uint32_t *line)
{
    struct units u;
    *line = 1;
    if (!set_units(&u, bytes, len)) {
        return XML_SCAN_ENCODING;
    }
    for (size_t at = 0; len > XML_MAX_TAG && at < u.count;) {
        if (unit(&u, at) != '<') {
            *line += unit(&u, at) == '\n';
            at++;
            continue;
        }
        size_t end = behind_markup(&u, at);
        if (end - at > XML_MAX_TAG && is_tag(&u, at)) {
            return XML_SCAN_TAG;
        }
        for (; at < end; at++) {
            *line += unit(&u, at) == '\n';
        }
    }
    return XML_SCAN_OK;
}

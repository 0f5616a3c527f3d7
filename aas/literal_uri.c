/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IRI references as RFC 3987, section 2.2 writes them: the grammar of RFC 3986 with characters
 * beyond ASCII. A text is cut at its delimiters first; each part then allows a set of characters.
 */
#include <string.h>

#include "aas/literal_parts.h"

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* One character of well-formed UTF-8. */
static uint32_t scan_char(struct scan *s)
{
    unsigned char first = (unsigned char)*s->at++;
    int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = more == 0 ? first : first & (0x3Fu >> more);
    while (more-- > 0 && s->at < s->end) {
        code = code << 6 | ((unsigned char)*s->at++ & 0x3Fu);
    }
    return code;
}

/* ucschar of RFC 3987 */
static bool is_letter_beyond_ascii(uint32_t c)
{
    if (c < 0x10000) {
        return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
               (c >= 0xFDF0 && c <= 0xFFEF);
    }
    return c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD && (c < 0xE0000 || c >= 0xE1000);
}

/* iprivate of RFC 3987 */
static bool is_private(uint32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xF0000 && (c & 0xFFFF) <= 0xFFFD);
}

/* True when the part has only unreserved characters, sub-delimiters, escapes and those of `more`.
 */
static bool part_fits(struct scan s, const char *more, bool with_private)
{
    while (!scan_done(&s)) {
        uint32_t c = scan_char(&s);
        if (c == '%') {
            if (s.end - s.at < 2 || !is_hex(s.at[0]) || !is_hex(s.at[1])) {
                return false;
            }
            s.at += 2;
        } else if (c < 0x80) {
            char ascii = (char)c;
            if (!is_alpha(ascii) && !is_digit(ascii) &&
                (ascii == '\0' ||
                    (strchr("-._~!$&'()*+,;=", ascii) == NULL && strchr(more, ascii) == NULL))) {
                return false;
            }
        } else if (!is_letter_beyond_ascii(c) && !(with_private && is_private(c))) {
            return false;
        }
    }
    return true;
}

/* Cuts off what stands before the first of `stops`; the rest stays in `s`. */
static struct scan cut(struct scan *s, const char *stops)
{
    struct scan part = {s->at, s->at};
    while (part.end < s->end && strchr(stops, *part.end) == NULL) {
        part.end++;
    }
    s->at = part.end;
    return part;
}

/* Takes "scheme:" when the text begins with one. */
static bool scan_scheme(struct scan *s)
{
    const char *c = s->at;
    if (c == s->end || !is_alpha(*c)) {
        return false;
    }
    while (c < s->end && (is_alpha(*c) || is_digit(*c) || *c == '+' || *c == '-' || *c == '.')) {
        c++;
    }
    if (c == s->end || *c != ':') {
        return false;
    }
    s->at = c + 1;
    return true;
}

/* Address in brackets: hexadecimal digits, colons and dots, or a future form "v1.…". */
static bool literal_address_fits(struct scan s)
{
    if (scan_take(&s, 'v') || scan_take(&s, 'V')) {
        const char *from = s.at;
        while (!scan_done(&s) && is_hex(*s.at)) {
            s.at++;
        }
        return s.at > from && scan_take(&s, '.') && !scan_done(&s) && part_fits(s, ":", false);
    }
    size_t colons = 0;
    for (; !scan_done(&s); s.at++) {
        colons += *s.at == ':';
        if (!is_hex(*s.at) && *s.at != ':' && *s.at != '.') {
            return false;
        }
    }
    return colons >= 2;
}

static bool authority_fits(struct scan s)
{
    struct scan rest = s;
    struct scan user = cut(&rest, "@");
    if (!scan_done(&rest)) {
        if (!part_fits(user, ":", false)) {
            return false;
        }
        s.at = rest.at + 1;
    }
    if (scan_take(&s, '[')) {
        struct scan address = cut(&s, "]");
        if (!scan_take(&s, ']') || !literal_address_fits(address)) {
            return false;
        }
    } else if (!part_fits(cut(&s, ":"), "", false)) {
        return false;
    }
    if (scan_take(&s, ':')) {
        (void)scan_digits(&s);
    }
    return scan_done(&s);
}

const char *literal_uri(struct scan s)
{
    bool absolute = scan_scheme(&s);
    if (s.end - s.at >= 2 && s.at[0] == '/' && s.at[1] == '/') {
        s.at += 2;
        if (!authority_fits(cut(&s, "/?#"))) {
            return "the host part of the address is malformed";
        }
    } else if (!absolute) {
        struct scan rest = s;
        struct scan first = cut(&rest, "/?#");
        if (memchr(first.at, ':', (size_t)(first.end - first.at)) != NULL) {
            return "what stands before the colon is not the name of a scheme";
        }
    }
    if (!part_fits(cut(&s, "?#"), ":@/", false)) {
        return "the path has characters that must be percent-encoded";
    }
    if (scan_take(&s, '?') && !part_fits(cut(&s, "#"), ":@/?", true)) {
        return "the query has characters that must be percent-encoded";
    }
    if (scan_take(&s, '#') && !part_fits(s, ":@/?", false)) {
        return "the fragment has characters that must be percent-encoded";
    }
    return NULL;
}

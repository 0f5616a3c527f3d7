/* SPDX-License-Identifier: Apache-2.0 */
/* Ids as terms, the dictionaries they are out of, and the streams that phrases are looked for in.
 */
#include <string.h>

#include "aas/fnv.h"
#include "conformance/compare_parts.h"
#include "registry/search_record.h"

enum { HASH_BITS = 0x7FFFFF, HASH_SET = 0x800000 };

size_t search_plain_id_term(const char *id, size_t len, char term[SEARCH_TERM_MAX])
{
    char whole[SEARCH_TERM_MAX];
    char plain[SEARCH_TERM_MAX + 1];
    size_t used = search_text_id(id, len, whole); /* bounds long ones by their hash */
    used = names_without_version(whole, used, plain);
    used = used < SEARCH_TERM_MAX ? used : SEARCH_TERM_MAX - 1;
    term[0] = SEARCH_PLAIN_ID_MARK;
    memcpy(term + 1, plain, used);
    return used + 1;
}

const char *search_dictionary_of(const char *id)
{
    static const struct {
        const char *start;
        const char *name;
    } known[] = {
        {"0173-1#", "ECLASS"},
        {"0173/1///", "ECLASS"},
        {"https://eclass.eu/", "ECLASS"},
        {"https://www.eclass.eu/", "ECLASS"},
        {"https://api.eclass-cdp.com/", "ECLASS"},
        {"https://eclass-cdp.com/", "ECLASS"},
        {"0112/2///", "IEC CDD"},
        {"https://cdd.iec.ch/", "IEC CDD"},
        {"https://api.iec.ch/", "IEC CDD"},
        {"https://admin-shell.io/", "IDTA"},
        {"http://admin-shell.io/", "IDTA"},
        {"https://www.w3.org/", "W3C"},
        {"http://www.w3.org/", "W3C"},
        {"https://schema.org/", "schema.org"},
        {"http://schema.org/", "schema.org"},
        {"http://opcfoundation.org/", "OPC UA"},
        {"https://opcfoundation.org/", "OPC UA"},
        {"http://qudt.org/", "QUDT"},
        {"https://qudt.org/", "QUDT"},
        {"https://jig.example/concept/", "Jig"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strncasecmp(id, known[i].start, strlen(known[i].start)) == 0) {
            return known[i].name;
        }
    }
    return "";
}

/* ------------------------------------------------------------------ streams */

uint32_t search_term_hash(const char *term, size_t len)
{
    return fnv_bytes(term, len);
}

void search_stream_unit(const char *term, size_t len, unsigned char unit[SEARCH_UNIT])
{
    uint32_t hash = search_term_hash(term, len);
    uint32_t bits = ((hash ^ hash >> 23) & HASH_BITS) | HASH_SET; /* never two zeroes first */
    unit[0] = (unsigned char)(bits >> 16);
    unit[1] = (unsigned char)(bits >> 8 & 0xff);
    unit[2] = (unsigned char)(bits & 0xff);
}

void search_stream_break(struct buf *stream, uint8_t fields)
{
    const unsigned char unit[SEARCH_UNIT] = {0, 0, fields};
    buf_add(stream, unit, sizeof unit);
}

/* memmem for short needles in random bytes: looks for one byte of the needle, which the C library
 * does many at a time. */
static const char *find_bytes(
    const char *at, const char *end, const char *needle, size_t len, size_t pivot)
{
    at += pivot;
    end -= len - pivot - 1; /* behind the last place of the pivot */
    while (at < end && (at = memchr(at, needle[pivot], (size_t)(end - at))) != NULL) {
        if (memcmp(at - pivot, needle, len) == 0) {
            return at - pivot;
        }
        at++;
    }
    return NULL;
}

static uint8_t stream_fields(const unsigned char *start, const unsigned char *at)
{
    while (at > start && (at[0] != 0 || at[1] != 0)) {
        at -= SEARCH_UNIT;
    }
    return at[2];
}

bool search_stream_has(
    struct store_bytes stream, const unsigned char *units, size_t len, uint8_t fields)
{
    const char *start = stream.bytes;
    const char *at = start;
    if (len == 0 || len > stream.len) {
        return false;
    }
    while ((at = find_bytes(at, start + stream.len, (const char *)units, len, 1)) != NULL) {
        if ((size_t)(at - start) % SEARCH_UNIT == 0 &&
            (fields == SEARCH_IN_ANY ||
                (stream_fields((const unsigned char *)start, (const unsigned char *)at) & fields) !=
                    0)) {
            return true;
        }
        at++;
    }
    return false;
}

/* ------------------------------------------------------------------ runs of syllables */

static uint8_t text_fields(const char *start, const char *at)
{
    while (at > start && (unsigned char)*at >= ' ') {
        at--;
    }
    return (unsigned char)*at < ' ' ? (uint8_t)(*at - SEARCH_TEXT_MARK) : 0;
}

bool search_text_has(struct store_bytes text, const char *run, size_t len, uint8_t fields)
{
    const char *start = text.bytes;
    const char *at = start;
    if (len == 0 || len > text.len) {
        return false;
    }
    while ((at = find_bytes(at, start + text.len, run, len, len - 1)) != NULL) {
        if (fields == SEARCH_IN_ANY || (text_fields(start, at) & fields) != 0) {
            return true;
        }
        at++;
    }
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "aas/path.h"

/* The high bit of each of eight bytes: none is set as long as text is ASCII. */
#define HIGH_BITS 0x8080808080808080ULL

static size_t ascii_run(const char *bytes, size_t at, size_t len)
{
    uint64_t words[2];
    while (len - at >= sizeof words) {
        memcpy(words, bytes + at, sizeof words);
        if ((words[0] | words[1]) & HIGH_BITS) {
            break;
        }
        at += sizeof words;
    }
    if (len - at >= sizeof *words) {
        memcpy(words, bytes + at, sizeof *words);
        at += words[0] & HIGH_BITS ? 0 : sizeof *words;
    }
    while (at < len && (unsigned char)bytes[at] < 0x80) {
        at++;
    }
    return at;
}

/* Bytes of the sequence that `lead` begins and the range of its second byte (RFC 3629, section 4);
 * 0 when no sequence begins like this. The second byte alone decides about overlong forms,
 * surrogates and the end of Unicode. */
static size_t sequence(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0xC2) {
        return 0;
    }
    if (lead < 0xE0) {
        return 2;
    }
    if (lead < 0xF0) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    *low = lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xF4 ? 0x8F : 0xBF;
    return lead < 0xF5 ? 4 : 0;
}

static bool sequence_valid(const unsigned char *at, size_t room, size_t *len)
{
    unsigned char low = 0;
    unsigned char high = 0;
    *len = sequence(at[0], &low, &high);
    if (*len == 0 || *len > room || at[1] < low || at[1] > high) {
        return false;
    }
    for (size_t i = 2; i < *len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

bool aas_utf8_valid(const char *bytes, size_t len, size_t *bad)
{
    size_t at = ascii_run(bytes, 0, len);
    while (at < len) {
        size_t step = 0;
        if (!sequence_valid((const unsigned char *)bytes + at, len - at, &step)) {
            if (bad != NULL) {
                *bad = at;
            }
            return false;
        }
        at += step;
        /* Text in other scripts has one sequence after the other. */
        if (at < len && (unsigned char)bytes[at] < 0x80) {
            at = ascii_run(bytes, at, len);
        }
    }
    return true;
}

size_t aas_utf8_length(const char *bytes, size_t len)
{
    size_t characters = 0;
    for (size_t i = 0; i < len; i++) {
        characters += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    return characters;
}

int aas_utf8_cut(const char *bytes, size_t len, int limit)
{
    if (len <= (size_t)limit) {
        return (int)len;
    }
    while (limit > 0 && ((unsigned char)bytes[limit] & 0xC0) == 0x80) {
        limit--;
    }
    return limit;
}

void aas_utf8_mend(char *text)
{
    size_t len = strlen(text);
    size_t at = 0;
    size_t bad = 0;
    while (!aas_utf8_valid(text + at, len - at, &bad)) {
        at += bad;
        memmove(text + at, text + at + 1, len - at);
        len--;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/language.h"

#include <string.h>
#include <strings.h>

static const char *const tags[LANGUAGE_COUNT] = {"en", "ko", "de"};

const char *language_tag(enum language language)
{
    return tags[language];
}

bool language_by_tag(const char *tag, size_t len, enum language *language)
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        size_t own = strlen(tags[i]);
        if (len >= own && strncasecmp(tag, tags[i], own) == 0 &&
            (len == own || strchr("-_.@", tag[own]) != NULL)) {
            *language = (enum language)i;
            return true;
        }
    }
    return false;
}

/* The weight of "de;q=0.8" in thousandths; 1000 when it says none, 0 when it is malformed. */
static unsigned weight_of(const char *range, size_t len)
{
    const char *end = range + len;
    const char *semicolon = memchr(range, ';', len);
    unsigned weight = 0;
    if (semicolon == NULL) {
        return 1000;
    }
    const char *at = semicolon + 1 + strspn(semicolon + 1, " \t");
    if (end - at < 3 || strncasecmp(at, "q=", 2) != 0) {
        return 0;
    }
    at += 2;
    if (*at == '1') {
        return 1000;
    }
    unsigned scale = 100;
    for (at++; at < end && scale > 0; at++) {
        if (*at >= '0' && *at <= '9') {
            weight += (unsigned)(*at - '0') * scale;
            scale /= 10;
        }
    }
    return weight;
}

enum language language_by_header(const char *header)
{
    enum language best = LANGUAGE_EN;
    unsigned best_weight = 0;
    while (header != NULL && *header != '\0') {
        header += strspn(header, ", \t");
        size_t len = strcspn(header, ",");
        size_t tag = strcspn(header, ",; \t");
        enum language language;
        unsigned weight = weight_of(header, len);
        if (weight > best_weight && language_by_tag(header, tag, &language)) {
            best = language;
            best_weight = weight;
        }
        header += len;
    }
    return best;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_LITERAL_PARTS_H
#define JIG_AAS_LITERAL_PARTS_H
/*
 * The pieces of aas/literal.h: a scanner over bytes and one check per family of types. Internal to
 * the literal files. Every check takes the whole text and gives NULL when it is a literal, else a
 * constant sentence part that says why not.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of the text. */
struct scan {
    const char *at;
    const char *end;
};

static inline bool scan_done(const struct scan *s)
{
    return s->at == s->end;
}

/* Takes the byte `c` when it is next. */
static inline bool scan_take(struct scan *s, char c)
{
    if (s->at < s->end && *s->at == c) {
        s->at++;
        return true;
    }
    return false;
}

/* Takes decimal digits, as many as there are, and gives their number. */
static inline size_t scan_digits(struct scan *s)
{
    const char *from = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        s->at++;
    }
    return (size_t)(s->at - from);
}

/* Dates and times (XML Schema part 2, 3.2.6 to 3.2.14) */
const char *literal_date_time(struct scan s);
const char *literal_date(struct scan s);
const char *literal_time(struct scan s);
const char *literal_year(struct scan s);
const char *literal_year_month(struct scan s);
const char *literal_month_day(struct scan s);
const char *literal_month(struct scan s);
const char *literal_day(struct scan s);
const char *literal_duration(struct scan s);

/* An IRI reference (RFC 3987), which is what xs:anyURI holds */
const char *literal_uri(struct scan s);

#endif

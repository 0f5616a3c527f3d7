/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/literal_parts.h"

enum { MIN_YEAR_DIGITS = 4, LEAP_CYCLE = 400 };

static const char not_a_date[] = "the date is not written as year-month-day";
static const char not_a_time[] = "the time is not written as hours:minutes:seconds";
static const char no_such_month[] = "there is no such month";
static const char no_such_day[] = "the month has no such day";

/* Exactly two digits as a number, or -1. */
static int two_digits(struct scan *s)
{
    if (s->end - s->at < 2 || s->at[0] < '0' || s->at[0] > '9' || s->at[1] < '0' ||
        s->at[1] > '9') {
        return -1;
    }
    int value = (s->at[0] - '0') * 10 + (s->at[1] - '0');
    s->at += 2;
    return value;
}

static const char no_year_zero[] = "there is no year 0";

/* Takes a year of any size. `*in_cycle` gets its place in the 400-year cycle of leap years; before
 * the common era one year is missing, so that -0001, -0005, ... are leap years. */
static const char *scan_year(struct scan *s, int *in_cycle)
{
    bool before = scan_take(s, '-');
    const char *from = s->at;
    size_t count = scan_digits(s);
    if (count < MIN_YEAR_DIGITS) {
        return "the year has fewer than four digits";
    }
    if (count > MIN_YEAR_DIGITS && *from == '0') {
        return "a year of more than four digits must not begin with 0";
    }
    int cycle = 0;
    bool zero = true;
    for (const char *digit = from; digit < s->at; digit++) {
        cycle = (cycle * 10 + (*digit - '0')) % LEAP_CYCLE;
        zero = zero && *digit == '0';
    }
    if (zero) {
        return no_year_zero;
    }
    *in_cycle = before ? (cycle + LEAP_CYCLE - 1) % LEAP_CYCLE : cycle;
    return NULL;
}

static bool is_leap(int in_cycle)
{
    return in_cycle % 4 == 0 && (in_cycle % 100 != 0 || in_cycle == 0);
}

static const char *scan_month(struct scan *s, int *month)
{
    *month = two_digits(s);
    if (*month < 0) {
        return not_a_date;
    }
    return *month < 1 || *month > 12 ? no_such_month : NULL;
}

static const char *scan_day(struct scan *s, int month, bool leap)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int day = two_digits(s);
    if (day < 0) {
        return not_a_date;
    }
    if (month == 2 && day == 29 && !leap) {
        return "February has only 28 days in that year";
    }
    return day < 1 || day > days[month - 1] ? no_such_day : NULL;
}

/* Nothing, "Z" or an offset up to 14:00, and then the end. */
static const char *scan_zone(struct scan *s)
{
    if (scan_done(s) || (scan_take(s, 'Z') && scan_done(s))) {
        return NULL;
    }
    if (!scan_take(s, '+') && !scan_take(s, '-')) {
        return "something unexpected follows";
    }
    int hours = two_digits(s);
    bool colon = scan_take(s, ':');
    int minutes = two_digits(s);
    if (hours < 0 || !colon || minutes < 0 || !scan_done(s)) {
        return "the time zone is not written as +hh:mm, -hh:mm or Z";
    }
    if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0)) {
        return "time zones go up to 14:00";
    }
    return NULL;
}

static const char *scan_date(struct scan *s)
{
    int in_cycle = 0;
    int month = 0;
    const char *reason = scan_year(s, &in_cycle);
    if (reason == NULL) {
        reason = scan_take(s, '-') ? scan_month(s, &month) : not_a_date;
    }
    if (reason == NULL) {
        reason = scan_take(s, '-') ? scan_day(s, month, is_leap(in_cycle)) : not_a_date;
    }
    return reason;
}

static const char *scan_clock(struct scan *s)
{
    int hours = two_digits(s);
    bool first = scan_take(s, ':');
    int minutes = two_digits(s);
    bool second = scan_take(s, ':');
    int seconds = two_digits(s);
    if (hours < 0 || !first || minutes < 0 || !second || seconds < 0) {
        return not_a_time;
    }
    bool exact = minutes == 0 && seconds == 0;
    if (scan_take(s, '.')) {
        const char *from = s->at;
        if (scan_digits(s) == 0) {
            return not_a_time;
        }
        for (; from < s->at; from++) {
            exact = exact && *from == '0';
        }
    }
    if (hours > 24 || minutes > 59 || seconds > 59 || (hours == 24 && !exact)) {
        return "there is no such time of day";
    }
    return NULL;
}

const char *literal_date_time(struct scan s)
{
    const char *reason = scan_date(&s);
    if (reason == NULL) {
        reason = scan_take(&s, 'T') ? scan_clock(&s) : "there is no time after the date";
    }
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_date(struct scan s)
{
    const char *reason = scan_date(&s);
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_time(struct scan s)
{
    const char *reason = scan_clock(&s);
    return reason == NULL ? scan_zone(&s) : reason;
}

/* A year that is no part of a day: the official examples of 3.1 have the year 0000, which XML
 * Schema 1.1 knows, while days in it are refused. */
static const char *scan_bare_year(struct scan *s)
{
    int in_cycle = 0;
    bool before = !scan_done(s) && *s->at == '-';
    const char *reason = scan_year(s, &in_cycle);
    return reason == no_year_zero && !before ? NULL : reason;
}

const char *literal_year(struct scan s)
{
    const char *reason = scan_bare_year(&s);
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_year_month(struct scan s)
{
    int month = 0;
    const char *reason = scan_bare_year(&s);
    if (reason == NULL) {
        reason = scan_take(&s, '-') ? scan_month(&s, &month) : "there is no month after the year";
    }
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_month_day(struct scan s)
{
    int month = 0;
    if (!scan_take(&s, '-') || !scan_take(&s, '-')) {
        return "it is not written as --month-day";
    }
    const char *reason = scan_month(&s, &month);
    if (reason == NULL) {
        reason =
            scan_take(&s, '-') ? scan_day(&s, month, true) : "it is not written as --month-day";
    }
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_month(struct scan s)
{
    int month = 0;
    if (!scan_take(&s, '-') || !scan_take(&s, '-')) {
        return "it is not written as --month";
    }
    const char *reason = scan_month(&s, &month);
    return reason == NULL ? scan_zone(&s) : reason;
}

const char *literal_day(struct scan s)
{
    if (!scan_take(&s, '-') || !scan_take(&s, '-') || !scan_take(&s, '-')) {
        return "it is not written as ---day";
    }
    const char *reason = scan_day(&s, 1, true);
    return reason == NULL ? scan_zone(&s) : reason;
}

/* Takes numbers followed by the letters of `units`, in their order, each at most once; the last
 * unit "S" may have a fraction. Gives how many there were, -1 when something else stands there. */
static int scan_units(struct scan *s, const char *units)
{
    int count = 0;
    while (!scan_done(s) && *s->at != 'T') {
        bool fraction = false;
        if (scan_digits(s) == 0) {
            return -1;
        }
        if (scan_take(s, '.')) {
            fraction = true;
            if (scan_digits(s) == 0) {
                return -1;
            }
        }
        while (*units != '\0' && !scan_done(s) && *units != *s->at) {
            units++;
        }
        if (*units == '\0' || scan_done(s) || (fraction && *units != 'S')) {
            return -1;
        }
        units++;
        s->at++;
        count++;
    }
    return count;
}

const char *literal_duration(struct scan s)
{
    static const char malformed[] = "it is not written as PnYnMnDTnHnMnS";
    (void)scan_take(&s, '-');
    if (!scan_take(&s, 'P')) {
        return "a duration begins with P";
    }
    int parts = scan_units(&s, "YMD");
    if (parts < 0) {
        return malformed;
    }
    if (scan_take(&s, 'T')) {
        int clock = scan_units(&s, "HMS");
        if (clock <= 0 || !scan_done(&s)) {
            return malformed;
        }
        parts += clock;
    }
    return parts > 0 ? NULL : "it has no length";
}

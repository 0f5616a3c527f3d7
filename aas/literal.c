/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/literal.h"

#include <stdint.h>
#include <string.h>

#include "aas/literal_parts.h"
#include "aas/plain.h"

/* ------------------------------------------------------------------ numbers */

/* Digits without sign and leading zeros: what is compared with a bound. */
static struct scan significant(struct scan digits)
{
    while (digits.at < digits.end && *digits.at == '0') {
        digits.at++;
    }
    return digits;
}

/* Compares two runs of digits without leading zeros as numbers. */
static int compare_digits(struct scan a, struct scan b)
{
    size_t a_len = (size_t)(a.end - a.at);
    size_t b_len = (size_t)(b.end - b.at);
    if (a_len != b_len) {
        return a_len < b_len ? -1 : 1;
    }
    return memcmp(a.at, b.at, a_len);
}

static struct scan scan_text(const char *text)
{
    return (struct scan){text, text + strlen(text)};
}

/* `low` is the largest allowed number behind a minus sign, `high` the largest without one; both as
 * digits, NULL: no bound. `low` "none" forbids negative numbers, `high` "none" positive ones. */
static const char *check_integer(struct scan s, const char *low, const char *high)
{
    bool negative = scan_take(&s, '-');
    if (!negative) {
        (void)scan_take(&s, '+');
    }
    struct scan digits = s;
    if (scan_digits(&s) == 0 || !scan_done(&s)) {
        return "it is not a whole number";
    }
    digits = significant(digits);
    const char *bound = negative ? low : high;
    if (digits.at == digits.end || bound == NULL) {
        return NULL;
    }
    if (strcmp(bound, "none") == 0) {
        return negative ? "it must not be negative" : "it must not be positive";
    }
    if (compare_digits(digits, scan_text(bound)) > 0) {
        return negative ? "it is below the smallest number of the type"
                        : "it is above the largest number of the type";
    }
    return NULL;
}

static bool only_zero(struct scan s)
{
    (void)(scan_take(&s, '-') || scan_take(&s, '+'));
    return significant(s).at == s.end;
}

static const char *check_positive(struct scan s)
{
    const char *reason = check_integer(s, "none", NULL);
    return reason == NULL && only_zero(s) ? "it must be at least 1" : reason;
}

static const char *check_negative(struct scan s)
{
    const char *reason = check_integer(s, NULL, "none");
    return reason == NULL && only_zero(s) ? "it must be at most -1" : reason;
}

/* Takes digits with an optional point; false when there is no digit at all. */
static bool scan_mantissa(struct scan *s, struct scan *whole, struct scan *fraction)
{
    *whole = *s;
    size_t count = scan_digits(s);
    whole->end = s->at;
    *fraction = (struct scan){s->at, s->at};
    if (scan_take(s, '.')) {
        fraction->at = s->at;
        count += scan_digits(s);
        fraction->end = s->at;
    }
    return count > 0;
}

static const char *check_decimal(struct scan s)
{
    struct scan whole;
    struct scan fraction;
    (void)(scan_take(&s, '-') || scan_take(&s, '+'));
    return scan_mantissa(&s, &whole, &fraction) && scan_done(&s) ? NULL
                                                                 : "it is not a decimal number";
}

enum { EXPONENT_CEILING = 1000000000 };

/* The number after "e"; past the ceiling it stays there, which no float can hold anyway. */
static bool scan_exponent(struct scan *s, int64_t *exponent)
{
    bool negative = scan_take(s, '-');
    if (!negative) {
        (void)scan_take(s, '+');
    }
    const char *from = s->at;
    size_t count = scan_digits(s);
    int64_t value = 0;
    for (size_t i = 0; i < count && value < EXPONENT_CEILING; i++) {
        value = value * 10 + (from[i] - '0');
    }
    *exponent = negative ? -value : value;
    return count > 0;
}

/* Smallest numbers that round to infinity: digits and power of ten of the first digit. */
struct overflow {
    const char *digits;
    int64_t power;
};
/* 2^1024 - 2^970 and 2^128 - 2^103; cut digits are followed by others than 0 */
static const struct overflow double_overflow = {
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977"
    "58720709633028641669288791094655554785194040263065748867150582068190890200070838367627385484",
    308};
static const struct overflow float_overflow = {"340282356779733661637539395458142568448", 38};

/* The digit number `i` of whole and fraction written one behind the other; '0' behind the end. */
static char digit_at(struct scan whole, struct scan fraction, size_t i)
{
    size_t len = (size_t)(whole.end - whole.at);
    if (i < len) {
        return whole.at[i];
    }
    return i - len < (size_t)(fraction.end - fraction.at) ? fraction.at[i - len] : '0';
}

static bool overflows(
    struct scan whole, struct scan fraction, int64_t exponent, const struct overflow *limit)
{
    size_t whole_len = (size_t)(whole.end - whole.at);
    size_t len = whole_len + (size_t)(fraction.end - fraction.at);
    size_t first = 0;
    while (first < len && digit_at(whole, fraction, first) == '0') {
        first++;
    }
    if (first == len) {
        return false;
    }
    int64_t power = (int64_t)whole_len - 1 - (int64_t)first + exponent;
    if (power != limit->power) {
        return power > limit->power;
    }
    for (size_t i = 0; limit->digits[i] != '\0'; i++) {
        char digit = digit_at(whole, fraction, first + i);
        if (digit != limit->digits[i]) {
            return digit > limit->digits[i];
        }
    }
    return true;
}

static const char *check_float(struct scan s, const struct overflow *limit)
{
    size_t len = (size_t)(s.end - s.at);
    if ((len == 3 && (memcmp(s.at, "INF", 3) == 0 || memcmp(s.at, "NaN", 3) == 0)) ||
        (len == 4 && memcmp(s.at, "-INF", 4) == 0)) {
        return NULL;
    }
    struct scan whole;
    struct scan fraction;
    int64_t exponent = 0;
    (void)(scan_take(&s, '-') || scan_take(&s, '+'));
    if (!scan_mantissa(&s, &whole, &fraction)) {
        return "it is not a floating-point number";
    }
    if ((scan_take(&s, 'e') || scan_take(&s, 'E')) && !scan_exponent(&s, &exponent)) {
        return "there is no number after the exponent sign";
    }
    if (!scan_done(&s)) {
        return "it is not a floating-point number";
    }
    return overflows(whole, fraction, exponent, limit) ? "it is too large for the type" : NULL;
}

/* ------------------------------------------------------------------ other types */

static const char *check_boolean(struct scan s)
{
    size_t len = (size_t)(s.end - s.at);
    bool right = (len == 4 && memcmp(s.at, "true", 4) == 0) ||
                 (len == 5 && memcmp(s.at, "false", 5) == 0) ||
                 (len == 1 && (*s.at == '0' || *s.at == '1'));
    return right ? NULL : "only true, false, 1 and 0 are truth values";
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static const char *check_hex(struct scan s)
{
    for (const char *c = s.at; c < s.end; c++) {
        if (!is_hex(*c)) {
            return "there are characters other than hexadecimal digits";
        }
    }
    return (s.end - s.at) % 2 == 0 ? NULL : "the number of hexadecimal digits is odd";
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* White space may stand between characters (the type collapses it), so that folded lines pass. */
static const char *check_base64(struct scan s)
{
    size_t digits = 0;
    size_t padding = 0;
    int last = 0;
    for (const char *c = s.at; c < s.end; c++) {
        if (*c == ' ' || *c == '\n' || *c == '\r' || *c == '\t') {
            continue;
        }
        if (*c == '=') {
            padding++;
            continue;
        }
        int digit = base64_digit(*c);
        if (digit < 0 || padding > 0) {
            return digit < 0 ? "there are characters other than those of base64"
                             : "something follows the padding";
        }
        digits++;
        last = digit;
    }
    if ((digits + padding) % 4 != 0 || padding > 2) {
        return "the length with padding is no multiple of four";
    }
    if ((padding == 1 && (last & 3) != 0) || (padding == 2 && (last & 15) != 0)) {
        return "the last character before the padding has bits that mean nothing";
    }
    return NULL;
}

/* XML 1.0 characters (production 2). The text is valid UTF-8 already, so that only the controls and
 * U+FFFE, U+FFFF are left to look for. */
static const char *check_string(struct scan s)
{
    for (const char *c = s.at; c < s.end; c++) {
        unsigned char u = (unsigned char)*c;
        bool control = u < 0x20 && u != '\t' && u != '\n' && u != '\r';
        bool not_char = u == 0xEF && s.end - c >= 3 && (unsigned char)c[1] == 0xBF &&
                        (unsigned char)c[2] >= 0xBE;
        if (control || not_char) {
            return "there is a character that XML cannot hold";
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ the table */

static const char *check_double_range(struct scan s)
{
    return check_float(s, &double_overflow);
}

static const char *check_float_range(struct scan s)
{
    return check_float(s, &float_overflow);
}

struct literal_row {
    const char *type;
    size_t type_len;
    const char *(*check)(struct scan s); /* NULL: an integer with the bounds below */
    const char *low;
    const char *high;
};

#define TYPE(name) "xs:" name, sizeof "xs:" name - 1
static const struct literal_row rows[] = {
    {TYPE("string"), check_string, NULL, NULL},
    {TYPE("boolean"), check_boolean, NULL, NULL},
    {TYPE("int"), NULL, "2147483648", "2147483647"},
    {TYPE("double"), check_double_range, NULL, NULL},
    {TYPE("float"), check_float_range, NULL, NULL},
    {TYPE("decimal"), check_decimal, NULL, NULL},
    {TYPE("integer"), NULL, NULL, NULL},
    {TYPE("long"), NULL, "9223372036854775808", "9223372036854775807"},
    {TYPE("short"), NULL, "32768", "32767"},
    {TYPE("byte"), NULL, "128", "127"},
    {TYPE("unsignedLong"), NULL, "none", "18446744073709551615"},
    {TYPE("unsignedInt"), NULL, "none", "4294967295"},
    {TYPE("unsignedShort"), NULL, "none", "65535"},
    {TYPE("unsignedByte"), NULL, "none", "255"},
    {TYPE("nonNegativeInteger"), NULL, "none", NULL},
    {TYPE("nonPositiveInteger"), NULL, NULL, "none"},
    {TYPE("positiveInteger"), check_positive, NULL, NULL},
    {TYPE("negativeInteger"), check_negative, NULL, NULL},
    {TYPE("date"), literal_date, NULL, NULL},
    {TYPE("dateTime"), literal_date_time, NULL, NULL},
    {TYPE("time"), literal_time, NULL, NULL},
    {TYPE("duration"), literal_duration, NULL, NULL},
    {TYPE("gYear"), literal_year, NULL, NULL},
    {TYPE("gYearMonth"), literal_year_month, NULL, NULL},
    {TYPE("gMonthDay"), literal_month_day, NULL, NULL},
    {TYPE("gMonth"), literal_month, NULL, NULL},
    {TYPE("gDay"), literal_day, NULL, NULL},
    {TYPE("hexBinary"), check_hex, NULL, NULL},
    {TYPE("base64Binary"), check_base64, NULL, NULL},
    {TYPE("anyURI"), literal_uri, NULL, NULL},
};

bool aas_literal_valid(const char *xsd_type, const char *text, size_t len, const char **reason)
{
    const char *why = NULL;
    struct scan s = {text, text + len};
    size_t type_len = strlen(xsd_type);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].type_len == type_len && plain_equal(rows[i].type, xsd_type, type_len)) {
            why = rows[i].check != NULL ? rows[i].check(s)
                                        : check_integer(s, rows[i].low, rows[i].high);
            break;
        }
    }
    if (reason != NULL) {
        *reason = why;
    }
    return why == NULL;
}

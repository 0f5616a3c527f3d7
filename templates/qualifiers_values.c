/* SPDX-License-Identifier: Apache-2.0 */
/* Allowed ranges and allowed values: reading them, and whether one lies within the other. */
#include <stdlib.h>
#include <string.h>

#include "templates/qualifiers.h"

/* ------------------------------------------------------------------ ranges */

/* One end: "*" or nothing is open. */
static void read_end(const char *text, size_t len, const char **end, size_t *end_len)
{
    qualifier_trim(&text, &len);
    bool open = len == 0 || (len == 1 && text[0] == '*');
    *end = open ? NULL : text;
    *end_len = open ? 0 : len;
}

static bool read_interval(const char *text, size_t len, struct value_interval *interval)
{
    qualifier_trim(&text, &len);
    if (len < 3 || strchr("[(", text[0]) == NULL || strchr("])", text[len - 1]) == NULL) {
        return false;
    }
    *interval = (struct value_interval){
        .low_excluded = text[0] == '(', .high_excluded = text[len - 1] == ')'};
    const char *comma = memchr(text, ';', len);
    comma = comma != NULL ? comma : memchr(text, ',', len);
    if (comma == NULL) {
        return false;
    }
    const char *behind = text + len - 1;
    read_end(text + 1, (size_t)(comma - text - 1), &interval->low, &interval->low_len);
    read_end(comma + 1, (size_t)(behind - comma - 1), &interval->high, &interval->high_len);
    return true;
}

bool value_range_read(const char *text, size_t len, struct value_range *range)
{
    const char *bar = text;
    range->count = 0;
    while (bar != NULL) {
        bar = memchr(text, '|', len);
        size_t part = bar != NULL ? (size_t)(bar - text) : len;
        if (range->count == QUALIFIER_MAX_INTERVALS ||
            !read_interval(text, part, &range->intervals[range->count])) {
            return false;
        }
        range->count++;
        part += bar != NULL;
        text += part;
        len -= part;
    }
    return true;
}

/* One end of an interval as something that has an order. */
struct end {
    const char *text; /* NULL: open */
    size_t len;
    int side; /* -1: just below the value, 0: at it, 1: just above it */
};

static bool read_number(const char *text, size_t len, long double *number)
{
    char copy[64];
    char *stop = NULL;
    if (len == 0 || len >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    *number = strtold(copy, &stop);
    return stop == copy + len && *number == *number;
}

/* Numbers by size, anything else (points in time) by its characters. */
static int compare_literals(const char *a, size_t a_len, const char *b, size_t b_len)
{
    long double x;
    long double y;
    if (read_number(a, a_len, &x) && read_number(b, b_len, &y)) {
        return (x > y) - (x < y);
    }
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int compare_ends(const struct end *a, const struct end *b, bool low)
{
    if (a->text == NULL || b->text == NULL) {
        int order = (a->text == NULL) - (b->text == NULL);
        return low ? -order : order;
    }
    int order = compare_literals(a->text, a->len, b->text, b->len);
    return order != 0 ? order : (a->side > b->side) - (a->side < b->side);
}

static struct end low_of(const struct value_interval *interval)
{
    return (struct end){interval->low, interval->low_len, interval->low_excluded ? 1 : 0};
}

static struct end high_of(const struct value_interval *interval)
{
    return (struct end){interval->high, interval->high_len, interval->high_excluded ? -1 : 0};
}

/* True when `next` begins where `high` ends or before, so that no value lies between them. */
static bool joins(const struct end *high, const struct value_interval *next)
{
    if (high->text == NULL || next->low == NULL) {
        return true;
    }
    int order = compare_literals(next->low, next->low_len, high->text, high->len);
    return order < 0 || (order == 0 && !(high->side < 0 && next->low_excluded));
}

/* Stretches without a gap, in order, each from low to high. */
struct stretches {
    struct end low[QUALIFIER_MAX_INTERVALS];
    struct end high[QUALIFIER_MAX_INTERVALS];
    size_t count;
};

static void insert_sorted(struct value_range *sorted, const struct value_interval *interval)
{
    struct end low = low_of(interval);
    size_t at = sorted->count++;
    while (at > 0) {
        struct end before = low_of(&sorted->intervals[at - 1]);
        if (compare_ends(&before, &low, true) <= 0) {
            break;
        }
        sorted->intervals[at] = sorted->intervals[at - 1];
        at--;
    }
    sorted->intervals[at] = *interval;
}

static void join_intervals(const struct value_range *range, struct stretches *stretches)
{
    struct value_range sorted = {.count = 0};
    stretches->count = 0;
    for (size_t i = 0; i < range->count; i++) {
        insert_sorted(&sorted, &range->intervals[i]);
    }
    for (size_t i = 0; i < sorted.count; i++) {
        struct end high = high_of(&sorted.intervals[i]);
        struct end *last = stretches->count > 0 ? &stretches->high[stretches->count - 1] : NULL;
        if (last == NULL || !joins(last, &sorted.intervals[i])) {
            stretches->low[stretches->count] = low_of(&sorted.intervals[i]);
            stretches->high[stretches->count++] = high;
        } else if (compare_ends(&high, last, false) > 0) {
            *last = high;
        }
    }
}

static bool covered(const struct value_interval *inner, const struct stretches *outer)
{
    struct end low = low_of(inner);
    struct end high = high_of(inner);
    for (size_t i = 0; i < outer->count; i++) {
        if (compare_ends(&outer->low[i], &low, true) <= 0 &&
            compare_ends(&high, &outer->high[i], false) <= 0) {
            return true;
        }
    }
    return false;
}

bool value_range_within(const struct value_range *inner, const struct value_range *outer)
{
    struct stretches stretches;
    join_intervals(outer, &stretches);
    for (size_t i = 0; i < inner->count; i++) {
        if (!covered(&inner->intervals[i], &stretches)) {
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ values */

static char separator_of(const char *text)
{
    if (strpbrk(text, "()[]{}*+?^$\\") != NULL) {
        return '\0';
    }
    if (strchr(text, ';') != NULL) {
        return ';';
    }
    return strchr(text, '.') == NULL || strchr(text, '|') != NULL ? '|' : '\0';
}

char **allowed_value_list(struct arena *arena, const char *text, size_t *count)
{
    char separator = separator_of(text);
    size_t room = 1;
    *count = 0;
    for (const char *at = text; *at != '\0'; at++) {
        room += *at == separator;
    }
    char **list = separator == '\0' ? NULL : arena_alloc(arena, room * sizeof *list);
    for (size_t i = 0; list != NULL && i < room; i++) {
        const char *behind = strchr(text, separator);
        size_t len = behind != NULL ? (size_t)(behind - text) : strlen(text);
        const char *member = text;
        size_t member_len = len;
        qualifier_trim(&member, &member_len);
        list[i] = arena_copy(arena, member, member_len);
        if (list[i] == NULL) {
            return NULL;
        }
        text += len + (behind != NULL);
    }
    *count = list != NULL ? room : 0;
    return list;
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

bool allowed_value_within(struct arena *arena, const char *inner, const char *outer)
{
    size_t count;
    size_t outer_count;
    if (strcmp(inner, outer) == 0) {
        return true;
    }
    char **members = allowed_value_list(arena, inner, &count);
    char **others = allowed_value_list(arena, outer, &outer_count);
    if (members == NULL || others == NULL) {
        return false;
    }
    qsort(others, outer_count, sizeof *others, compare_texts);
    for (size_t i = 0; i < count; i++) {
        if (bsearch(&members[i], others, outer_count, sizeof *others, compare_texts) == NULL) {
            return false;
        }
    }
    return true;
}

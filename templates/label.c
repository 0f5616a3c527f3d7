/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the versions of a family. */
#include <stdbool.h>
#include <string.h>

#include "templates/identity.h"

enum {
    LABEL_NUMBERS = 3,    /* version, revision, bug-fix */
    LABEL_NUMBER_MAX = 9, /* digits read of one number */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *read_label(const char *label, unsigned long numbers[LABEL_NUMBERS])
{
    memset(numbers, 0, LABEL_NUMBERS * sizeof *numbers);
    for (size_t i = 0; i < LABEL_NUMBERS && is_digit(*label); i++) {
        for (size_t digits = 0; is_digit(*label); label++, digits++) {
            if (digits < LABEL_NUMBER_MAX) {
                numbers[i] = numbers[i] * 10 + (unsigned long)(*label - '0');
            }
        }
        label += *label == '.';
    }
    return label;
}

/* Nothing said counts as newer than a variant: the plain template is what people look for. */
static int compare_said(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len == 0 || b_len == 0) {
        return (a_len == 0) - (b_len == 0);
    }
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int template_label_compare(const char *a, const char *b)
{
    unsigned long a_numbers[LABEL_NUMBERS];
    unsigned long b_numbers[LABEL_NUMBERS];
    a = read_label(a, a_numbers);
    b = read_label(b, b_numbers);
    for (size_t i = 0; i < LABEL_NUMBERS; i++) {
        if (a_numbers[i] != b_numbers[i]) {
            return a_numbers[i] < b_numbers[i] ? -1 : 1;
        }
    }
    size_t a_variant = strcspn(a, "~");
    size_t b_variant = strcspn(b, "~");
    int order = compare_said(a, a_variant, b, b_variant);
    return order != 0 ? order
                      : compare_said(a + a_variant, strlen(a + a_variant), b + b_variant,
                            strlen(b + b_variant));
}

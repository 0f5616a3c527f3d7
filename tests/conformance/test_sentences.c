/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of the catalogue of sentences can be reached and says all that the English one says. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "conformance/sentences.h"

enum { ROOM = 2000, MAX_VALUES = 6 };

static const struct sentence_part *const parts[] = {&sentences_texts, &sentences_formats,
    &sentences_remedies, &sentences_writes, &sentences_access, &sentences_life, &sentences_curated};

/* A value for a placeholder; "null" is a text that is the same in all languages. */
static void value_for(char kind, size_t position, char value[40])
{
    if (kind == 't') {
        strcpy(value, "null");
    } else {
        snprintf(value, 40, kind == 'w' ? "word%zu" : "some text %zu", position);
    }
}

/* The English sentence of a row with values in it; how many there are. */
static size_t fill_in(const char *pattern, char *sentence, char values[MAX_VALUES][40])
{
    size_t count = 0;
    while (*pattern != '\0') {
        if (*pattern != '{') {
            *sentence++ = *pattern++;
            continue;
        }
        cr_assert_lt(count, MAX_VALUES);
        value_for(pattern[1], count, values[count]);
        sentence = stpcpy(sentence, values[count++]);
        pattern += pattern[1] == '}' ? 2 : 3;
    }
    *sentence = '\0';
    return count;
}

/* The sentence that should come out: {1}, {2} are the values by position. */
static void compose(const char *pattern, char values[MAX_VALUES][40], size_t count, char *sentence)
{
    while (*pattern != '\0') {
        if (*pattern != '{') {
            *sentence++ = *pattern++;
            continue;
        }
        size_t position = (size_t)(pattern[1] - '1');
        cr_assert_lt(position, count, "no value for %s", pattern);
        sentence = stpcpy(sentence, values[position]);
        pattern += 3;
    }
    *sentence = '\0';
}

static void check_row(const struct sentence *row, enum language language)
{
    char values[MAX_VALUES][40];
    char english[ROOM];
    char expected[ROOM];
    struct buf got;
    const char *other = row->other[language - 1];
    cr_assert_not_null(other, "%s", row->en);
    size_t count = fill_in(row->en, english, values);
    compose(other, values, count, expected);
    buf_init(&got, ROOM);
    cr_expect(sentence_translate(&got, english, language), "%s", english);
    cr_expect_str_eq(
        buf_text(&got), expected, "%s: %s instead of %s", row->en, buf_text(&got), expected);
    buf_finish(&got);
}

Test(sentences, every_row_is_reached_and_keeps_its_values)
{
    size_t rows = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t n = 0; n < parts[i]->count; n++) {
            for (int language = LANGUAGE_EN + 1; language < LANGUAGE_COUNT; language++) {
                check_row(&parts[i]->rows[n], (enum language)language);
            }
            rows++;
        }
    }
    cr_expect_gt(rows, 300);
}

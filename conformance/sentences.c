/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/sentences.h"

#include <string.h>

#include "conformance/report.h"
#include "conformance/rules.h"

enum { MAX_VALUES = 6, MAX_NESTING = 2 };

struct value {
    const char *text;
    size_t len;
    char kind; /* '}': any, 'w', 't' */
};

struct match {
    struct value values[MAX_VALUES];
    size_t count;
};

/* ------------------------------------------------------------------ matching */

static bool may_hold(char kind, const char *text, size_t len)
{
    return kind != 'w' || (len > 0 && memchr(text, ' ', len) == NULL);
}

/* Matches from a placeholder on: tries the shortest value first. Sentences have at most 768 bytes
 * and six values. */
static bool match_from(const char *pattern, const char *text, struct match *match)
{
    while (*pattern != '\0' && *pattern != '{') {
        if (*pattern++ != *text++) {
            return false;
        }
    }
    if (*pattern == '\0') {
        return *text == '\0';
    }
    char kind = pattern[1];
    const char *behind = pattern + (kind == '}' ? 2 : 3);
    size_t position = match->count++;
    size_t rest = strlen(text);
    for (size_t len = *behind == '\0' ? rest : 0; position < MAX_VALUES && len <= rest; len++) {
        if ((*behind == '\0' || *behind == text[len]) && may_hold(kind, text, len) &&
            match_from(behind, text + len, match)) {
            match->values[position] = (struct value){text, len, kind};
            return true;
        }
    }
    match->count = position;
    return false;
}

/* ------------------------------------------------------------------ writing */

static bool translate(struct buf *buf, const char *text, enum language language, int nesting);

static void write_value(
    struct buf *buf, const struct value *value, enum language language, int nesting)
{
    char text[512];
    if (value->kind == 't' && nesting < MAX_NESTING && value->len < sizeof text) {
        memcpy(text, value->text, value->len);
        text[value->len] = '\0';
        if (translate(buf, text, language, nesting + 1)) {
            return;
        }
    }
    buf_add(buf, value->text, value->len);
}

static void write_sentence(struct buf *buf, const char *pattern, const struct match *match,
    enum language language, int nesting)
{
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        buf_add(buf, pattern, plain);
        pattern += plain;
        if (*pattern == '{') {
            size_t position = (size_t)(pattern[1] - '1');
            if (position < match->count) {
                write_value(buf, &match->values[position], language, nesting);
            }
            pattern += 3;
        }
    }
}

static bool translate(struct buf *buf, const char *text, enum language language, int nesting)
{
    static const struct sentence_part *const parts[] = {&sentences_texts, &sentences_formats,
        &sentences_remedies, &sentences_writes, &sentences_access, &sentences_life,
        &sentences_curated, &sentences_examples};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t n = 0; n < parts[i]->count; n++) {
            const struct sentence *row = &parts[i]->rows[n];
            struct match match = {.count = 0};
            if ((row->en[0] == '{' || row->en[0] == text[0]) && match_from(row->en, text, &match)) {
                write_sentence(buf, row->other[language - 1], &match, language, nesting);
                return true;
            }
        }
    }
    return false;
}

bool sentence_translate(struct buf *buf, const char *text, enum language language)
{
    return translate(buf, text, language, 0);
}

void sentence_text(struct buf *buf, const struct finding *finding, enum language language)
{
    const struct rule *rule = rule_find(finding->rule);
    if (language == LANGUAGE_EN) {
        buf_add_text(buf, finding->text);
    } else if (!sentence_translate(buf, finding->text, language)) {
        if (rule == NULL) {
            buf_add_text(buf, finding->text);
        } else {
            buf_printf(buf, "%s (%s)", rule->words[language].says, finding->text);
        }
    }
}

void sentence_remedy(struct buf *buf, const struct finding *finding, enum language language)
{
    if (language == LANGUAGE_EN || !sentence_translate(buf, finding->remedy, language)) {
        buf_add_text(buf, finding->remedy);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_SENTENCES_H
#define JIG_CONFORMANCE_SENTENCES_H
/*
 * The sentences of findings in other languages. The code says everything in English; a row of the
 * catalogue has the English sentence with its values as placeholders, and the same sentence in
 * Korean and German. What a finding says is matched against the rows when it is written out, so
 * that readers and checks need not know languages.
 */
#include "aas/buf.h"
#include "conformance/language.h"

struct report;
struct finding;

/* Placeholders of `en`: {} any text, {w} a word without spaces, {t} a text that is translated, too.
 * `other` names them by position: {1}, {2}. The first row that fits counts. */
struct sentence {
    const char *en;
    const char *other[LANGUAGE_COUNT - 1]; /* ko, de */
};

/* Appends `text` in another language; false, with nothing appended, when no row fits. */
bool sentence_translate(struct buf *buf, const char *text, enum language language);

/* Appends what is wrong, as one sentence: `text` in the language asked for. Where the catalogue has
 * no row (messages of libxml2), the title of the rule with the English text in brackets. */
void sentence_text(struct buf *buf, const struct finding *finding, enum language language);

/* Appends what to do; English where the catalogue has no row. */
void sentence_remedy(struct buf *buf, const struct finding *finding, enum language language);

struct sentence_part {
    const struct sentence *rows;
    size_t count;
};
extern const struct sentence_part sentences_texts;
extern const struct sentence_part sentences_formats;
extern const struct sentence_part sentences_remedies;
extern const struct sentence_part sentences_examples;
extern const struct sentence_part sentences_writes;
extern const struct sentence_part sentences_access;
extern const struct sentence_part sentences_life;
extern const struct sentence_part sentences_curated;

#endif

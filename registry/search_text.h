/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_TEXT_H
#define JIG_REGISTRY_SEARCH_TEXT_H
/*
 * From text to search terms. A term is lower case, without accents, with a light English and German
 * plural removed; names in CamelCase and with_underscores are found by their parts; Korean, Chinese
 * and Japanese runs become pairs of syllables, because their words are not split by spaces.
 *
 * Nothing allocates; the terms given to a sink are valid during the call only. Thread-safe.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/buf.h"

/* Bytes of a term at most; longer words are cut, longer identifiers end with a hash. */
enum { SEARCH_TERM_MAX = 200 };

/* Runs of so many syllables are more than one pair and have to be looked for as a whole. */
enum { SEARCH_PHRASE = 3 };

struct search_sink {
    void (*term)(void *context, const char *term, size_t len);
    void *context;
};

/* Gives all terms that `text` (well-formed UTF-8) is found by; repeated as often as they occur. */
void search_text_index(const char *text, size_t len, const struct search_sink *sink);

/* Gives the terms that must all occur for `text` to be found: the parts of a CamelCase word rather
 * than the word. */
void search_text_query(const char *text, size_t len, const struct search_sink *sink);

/* The same terms in the same order with the endings they were written with. */
void search_text_words(const char *text, size_t len, const struct search_sink *sink);

/* Appends the Korean, Chinese and Japanese runs of `text`, composed, a space after each. In it a
 * query word of three syllables and more is looked for as a whole. */
void search_text_syllables(const char *text, size_t len, struct buf *to);

/* True when a query word is an identifier (an IRI or IRDI) to be looked for as a whole. */
bool search_text_is_id(const char *text, size_t len);

/* The one term of an identifier: lower case, without a slash at the end. Gives its length. */
size_t search_text_id(const char *id, size_t len, char term[SEARCH_TERM_MAX]);

#endif

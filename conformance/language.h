/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_LANGUAGE_H
#define JIG_CONFORMANCE_LANGUAGE_H
/* The languages in which the report speaks. English is what the code says; the others are columns
 * of the tables rules_*.c and sentences_*.c. */
#include <stdbool.h>
#include <stddef.h>

enum language { LANGUAGE_EN, LANGUAGE_KO, LANGUAGE_DE, LANGUAGE_COUNT };

/* "en", "ko", "de" */
const char *language_tag(enum language language);

/* By a tag such as "ko", "de-AT" or a locale such as "ko_KR.UTF-8"; false for other languages. */
bool language_by_tag(const char *tag, size_t len, enum language *language);

/* The best of ours for an Accept-Language header (RFC 9110, 12.5.4); English without one or when
 * it names none of ours. */
enum language language_by_header(const char *accept_language);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_QUOTE_H
#define JIG_CONFORMANCE_QUOTE_H
/*
 * Quoting what a document says inside the sentence of a finding: cut to a readable length at a
 * whole character, control characters made visible.
 */
#include <stddef.h>

enum { QUOTE_BYTES = 60, QUOTE_ROOM = QUOTE_BYTES + 4 };

struct quote {
    char text[QUOTE_ROOM];
};

/* A quotable form of `len` bytes of UTF-8; "..." stands behind what was cut. */
struct quote quote_make(const char *text, size_t len);

/* Length in characters of UTF-8. */
size_t quote_characters(const char *text, size_t len);

#endif

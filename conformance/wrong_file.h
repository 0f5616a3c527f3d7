/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_WRONG_FILE_H
#define JIG_CONFORMANCE_WRONG_FILE_H
/*
 * Files that are something else: pictures, archives, web pages, other encodings. Told by their
 * first bytes, before a parser stumbles over them with words that help nobody.
 */
#include <stdbool.h>
#include <stddef.h>

struct wrong_file {
    const char *rule;
    const char *text;   /* what the file is, one sentence */
    const char *remedy; /* what to do, one sentence */
};

/* What the bytes are when they can be no document of the model; NULL when they may be one. With
 * `any_format`, also bytes with which neither JSON nor XML begins. */
const struct wrong_file *wrong_file_find(const char *bytes, size_t len, bool any_format);

#endif

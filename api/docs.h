/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_DOCS_H
#define JIG_API_DOCS_H
/*
 * The page at /docs as part of the program: made from api/web when it is built, packed with gzip.
 * Without Node.js at that time there are no files, and the page says so.
 */
#include <stddef.h>

enum { DOCS_MAX_FILE = 8 * 1024 * 1024 }; /* bytes of a file, unpacked */

struct docs_file {
    const char *name; /* "docs.html" is the page itself, the others stand below /docs/ */
    const char *type;
    const unsigned char *packed;
    size_t packed_len;
    size_t len; /* bytes, unpacked */
};

extern const struct docs_file docs_files[];
extern const size_t docs_file_count;

#endif

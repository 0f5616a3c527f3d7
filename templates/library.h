/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TEMPLATES_LIBRARY_H
#define JIG_TEMPLATES_LIBRARY_H
/*
 * The shipped template library: our own templates, embedded in the binary from
 * templates/library/ *.json at build time and seeded into a new store.
 */
#include <stddef.h>

struct library_template {
    const char *name;  /* file name, e.g. "press.json" */
    const char *bytes; /* JSON of an Environment */
    size_t len;
};

/* All shipped templates; constant. */
const struct library_template *library_templates(size_t *count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TEMPLATES_EXPORTED_H
#define JIG_TEMPLATES_EXPORTED_H
/*
 * File names that an export gives to template versions, FAMILY@LABEL.json, .xml or .aasx: they say
 * family and version exactly, so that what was exported is imported as what it was.
 */
#include <stdbool.h>

#include "aas/arena.h"
#include "templates/identity.h"

/* Reads such a name (`source` may be a path or NULL) into family, version, revision, bugfix and
 * variant of `identity`, in the arena; title and label are left alone. A "~..." behind the label is
 * left out: it only tells two contents of one version apart, which importing does anew. False when
 * the name is no such name or the arena is full. */
bool template_exported_read(
    struct arena *arena, const char *source, struct template_identity *identity);

/* The file name of a version without ending; NULL when the arena is full. */
const char *template_exported_name(struct arena *arena, const char *family, const char *label);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CHECK_NAMES_H
#define JIG_API_CHECK_NAMES_H
/* What the users of jig check and POST /conformance name: versions, classes, rules. Static data. */
#include <stdbool.h>
#include <stddef.h>

#include "aas/buf.h"
#include "aas/meta.h"
#include "conformance/rules.h"

/* "any", "3.0" or "3.1" as a mask of enum meta_version; false for other texts. */
bool check_versions(const char *text, unsigned *versions);

/* "any", "3.0" or "3.1" for a version or a mask of them. */
const char *check_versions_text(unsigned versions);

/* The class of the metamodel of this name, abstract ones such as SubmodelElement included; NULL
 * when there is none. */
const struct meta_class *check_class(const char *name);

/* The rule of this id in any case, NULL when there is none. */
const struct rule *check_rule(const char *id);

/* Appends " (did you mean A, B or C?)" with the names that differ least, nothing when all of them
 * differ much. */
void check_suggest_class(struct buf *buf, const char *name);
void check_suggest_rule(struct buf *buf, const char *id);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_PACKAGE_H
#define JIG_CONFORMANCE_PACKAGE_H
/*
 * Judgement of a package beyond its content (IDTA-01005; ECMA-376 part 2): names and content types
 * of parts, relationships and where they lead, files that the model names and files that nothing
 * names. What cannot be bridged is told by aas/aasx.h when the package is opened.
 *
 * Order: package_read, package_judge_content for each specification part while its tree stands
 * alone, package_judge for the rest. Everything lives in the arena.
 */
#include "aas/aasx.h"
#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/report.h"

struct package;

/* Reads the structure. Errors as aasx_open. */
ERR_MUST_USE enum err_code package_read(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, struct package **package, struct err *err);

/* Looks for the files that the content of the specification part `name` names by a path
 * ("AASX-file-missing", "AASX-file-relationship"). The report's part is set by the caller.
 * ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code package_judge_content(struct package *package, const char *name,
    const struct aas_node *root, struct report *report, struct err *err);

/* Tells about the structure and about files that nothing names ("AASX-name", "AASX-content-type",
 * "AASX-relationship-type", "AASX-structure", "AASX-file-unreferenced"). */
void package_judge(const struct package *package, struct report *report);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_AASX_PLAN_H
#define JIG_AAS_AASX_PLAN_H
/*
 * Inside of aas/aasx_write.c: which files a package gets, and under which names. Everything lives
 * in the arena. Nothing else includes this.
 */
#include "aas/aasx_write.h"

/* Fixed parts of what is written. */
#define AASX_FOLDER "/aasx"
#define AASX_ORIGIN AASX_FOLDER "/aasx-origin"
#define AASX_SPEC AASX_FOLDER "/data"

enum { AASX_PLAN_FILES = 9900 }; /* and the parts of OPC: what a reader takes */

struct aasx_planned {
    const char *name; /* decoded, beginning with "/" */
    const char *uri;  /* the same as a URI of ASCII */
    struct aasx_content content;
    bool supplementary; /* a File element leads to it */
    bool thumbnail;     /* it is the thumbnail of a shell */
};

struct aasx_plan {
    struct aasx_planned *files; /* in document order */
    size_t count;
};

/* Asks `source` for what every File element and thumbnail leads to. Values that would mean another
 * file's part, or one of OPC, are changed. */
ERR_MUST_USE enum err_code aasx_plan_make(struct arena *arena, struct aas_node *environment,
    const struct aasx_source *source, struct aasx_plan *plan, struct err *err);

#endif

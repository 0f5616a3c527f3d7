/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_LIFECYCLE_GATE_H
#define JIG_REGISTRY_LIFECYCLE_GATE_H
/* The gate in front of publication; only the files of the life cycle use it. */
#include "registry/lifecycle_inside.h"

/* Adds an error to the report for everything that is missing; `record` gets the version that was
 * looked at, its texts in the arena; `overruled` in it is the reason in the request when one was
 * needed. */
ERR_MUST_USE enum err_code gate_check(struct registry *registry, struct arena *arena,
    const struct lifecycle_request *request, struct report *report, struct version_record *record,
    struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_PACKAGE_MAKE_H
#define JIG_API_PACKAGE_MAKE_H
/* AASX packages of what is in the registry, with the files that are attached to it. */
#include "aas/aasx_write.h"
#include "registry/registry.h"

/* Writes `environment`, whose shells and submodels are stored in the registry, and their files to
 * `path`; see aasx_write. Files are looked up and read as they are now: when one is removed
 * meanwhile, nothing is written (ERR_BUSY). */
ERR_MUST_USE enum err_code package_make(struct registry *registry, struct arena *arena,
    struct aas_node *environment, const struct aasx_form *form, const char *path, struct err *err);

#endif

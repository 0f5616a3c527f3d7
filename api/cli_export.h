/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CLI_EXPORT_H
#define JIG_API_CLI_EXPORT_H
/* What the two forms of jig export share: one document (cli_export.c), a folder of them
 * (cli_export_folder.c). */
#include "api/cli.h"
#include "registry/registry.h"

/* ERR_TOO_LARGE with its words. */
enum err_code export_no_room(struct err *err);

/* Writes bytes to `path`, or to standard output when it is NULL. ERR_IO. */
ERR_MUST_USE enum err_code export_write(const char *path, const struct buf *buf, struct err *err);

/* Writes an environment of what is stored with the files attached to it to `path`; `json`: as JSON
 * inside of the package, which keeps what XML cannot hold (empty lists and the like). */
ERR_MUST_USE enum err_code export_package(struct registry_view *view, struct arena *arena,
    struct aas_node *environment, bool json, const char *path, struct err *err);

/* True when `output` names a folder: one that is there, or a name that ends with a slash. */
bool export_is_folder(const char *output);

/* Writes the whole store into a folder: each template version with its environment as
 * FAMILY@VERSION.json (or .xml; for packages the one it came in, as .aasx, when it came in one),
 * everything else as _models.json, what was registered by hand as _registered.json, states of
 * versions as _versions.json, trees, tags and names as _curated.json. `files` gets how many there
 * are.
 * Importing the folder into an empty store gives the same families, versions and models. */
ERR_MUST_USE enum err_code export_folder(struct registry_view *view, const char *folder,
    enum cli_format format, size_t *files, struct err *err);

/* How many template versions the store has. */
ERR_MUST_USE enum err_code export_count_versions(
    struct registry_view *view, size_t *count, struct err *err);

#endif

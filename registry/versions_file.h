/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VERSIONS_FILE_H
#define JIG_REGISTRY_VERSIONS_FILE_H
/*
 * What an exported folder says of its template versions beside their content: the state each of
 * them is in, and what belongs to it. Without, everything in a folder would come back as published.
 *
 *   {"versions":[{"family":…,"version":…,"state":…,"publisher":…,"author":…,"base":…,
 *     "successor":…,"overruled":…,"seen":N,"created":N,"changed":N,"published":N},…]}
 *
 * Times are Unix times in ms; texts that are empty are left out.
 */
#include "registry/registry.h"

/* What an export calls it. */
#define VERSIONS_FILE "_versions.json"

/* Appends the whole file. */
ERR_MUST_USE enum err_code versions_file_write(
    struct registry_view *view, struct buf *buf, struct err *err);

/* Reads one into the arena. ERR_UNREADABLE, ERR_BAD_INPUT with the place. */
ERR_MUST_USE enum err_code versions_file_read(struct arena *arena, const char *bytes, size_t len,
    struct registry_version **versions, size_t *count, struct err *err);

#endif

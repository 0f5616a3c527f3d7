/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_AASX_H
#define JIG_AAS_AASX_H
/*
 * AASX packages (IDTA-01005, an OPC/ZIP package): finding and inflating the specification parts and
 * listing the supplementary files. Built on libzip; the archive is read from memory.
 *
 * Ceilings are checked before inflating: number of entries, size of one entry, total size, ratio of
 * inflated to stored size. Entry names with "..", absolute drive paths, backslashes or control
 * characters are refused. Relationship types are accepted with and without "www.".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/err.h"
#include "aas/problem.h"

struct aasx_limits {
    size_t max_entries; /* 0: 10,000 */
    uint64_t max_entry; /* bytes inflated, 0: 256 MiB */
    uint64_t max_total; /* bytes inflated, 0: 1 GiB */
    uint32_t max_ratio; /* inflated ÷ stored for entries over 1 MiB, 0: 200 */
};

enum aasx_part_kind { AASX_SPEC_JSON, AASX_SPEC_XML, AASX_SUPPLEMENTARY, AASX_THUMBNAIL };

struct aasx_part {
    enum aasx_part_kind kind;
    const char *name;         /* part name beginning with "/", e.g. "/aasx/files/a.pdf" */
    const char *content_type; /* from [Content_Types].xml, NULL when unknown */
    uint64_t size;            /* bytes inflated */
    const char *bytes;        /* spec parts: inflated content, in the arena; else NULL */
    uint64_t zip_index;
};

struct aasx {
    struct aasx_part *parts; /* in the arena; spec parts first */
    size_t count;
};

/* Opens a package held in memory. ERR_UNREADABLE (rule "AASX-zip", "AASX-structure", "AASX-name")
 * or ERR_TOO_LARGE ("AASX-bomb" for a ceiling, "AASX-size" for a full arena); warnings go to
 * `sink`. At least one specification part is there on ERR_OK. Everything lives in `arena`. */
ERR_MUST_USE enum err_code aasx_open(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, const struct aas_sink *sink, struct aasx *package,
    struct err *err);

/* Inflates one supplementary part of an opened package into the arena. */
ERR_MUST_USE enum err_code aasx_inflate(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_part *part, const char **content, struct err *err);

/* Inflates every part that is no specification, one after the other, opening the archive once.
 * `content` has part->size bytes and lives during the call only; `visit` reports its own errors and
 * stops the walk with any code but ERR_OK, which is given back. */
typedef enum err_code (*aasx_visit)(
    const struct aasx_part *part, const char *content, void *context);
ERR_MUST_USE enum err_code aasx_each_file(const char *bytes, size_t len, const struct aasx *package,
    aasx_visit visit, void *context, struct err *err);

/* True when the bytes begin like a ZIP archive. */
bool aasx_looks_like(const char *bytes, size_t len);

#endif

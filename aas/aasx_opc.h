/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_AASX_OPC_H
#define JIG_AAS_AASX_OPC_H
/*
 * The structure of a package as it is written (ECMA-376 part 2, OPC): its parts with their content
 * types and all relationships, whatever they are for. aas/aasx.h bridges what is broken; here it is
 * shown, for judging and mending. Everything given out lives in the arena.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/aasx.h"
#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"

/* What a relationship type says, with or without "www.". */
enum aasx_rel_type {
    AASX_REL_OTHER,
    AASX_REL_ORIGIN,
    AASX_REL_SPEC,
    AASX_REL_SUPPL,
    AASX_REL_THUMB
};

struct aasx_rel {
    enum aasx_rel_type type;
    const char *target; /* resolved part name, NULL: outside of the package */
    const char *raw;    /* as written */
    const char *uri;    /* the type as written */
    bool external;      /* TargetMode says so */
    uint32_t line;      /* in the relationship file, 0 when unknown */
};

enum { AASX_OPC_NONE = -1 };

/* Inflated bytes of [Content_Types].xml or of one relationship file at most. */
enum { AASX_OPC_MAX_FILE = 1024 * 1024 };

struct aasx_opc_part {
    const char *name;         /* beginning with "/" */
    const char *key;          /* the same with percent escapes decoded */
    const char *content_type; /* NULL when the package does not say */
    uint64_t zip_index;
    uint64_t size; /* bytes inflated */
    bool is_rels;  /* a relationship file */
    bool is_types; /* [Content_Types].xml, which is no part */
};

struct aasx_opc_rel {
    struct aasx_rel rel;
    int file; /* position of the relationship file among the parts */
    int from; /* position of the part it belongs to, AASX_OPC_NONE: the package or no part */
    int to;   /* position of the part it leads to, AASX_OPC_NONE: none */
};

struct aasx_archive;

struct aasx_opc {
    struct aasx_archive *archive; /* closed; for looking up names */
    struct aasx_opc_part *parts;  /* in the order of the ZIP */
    size_t count;
    struct aasx_opc_rel *rels;
    size_t rel_count;
    size_t rel_room;
    bool has_types; /* [Content_Types].xml is there and readable */
};

/* Reads the structure of a package held in memory. Relationship files that are not readable have no
 * relationships here. Errors as aasx_open. */
ERR_MUST_USE enum err_code aasx_opc_read(struct arena *arena, const char *bytes, size_t len,
    const struct aasx_limits *limits, struct aasx_opc *opc, struct err *err);

/* The position of the part that a name beginning with "/" means, apart from percent escapes and
 * case; AASX_OPC_NONE when there is none. */
int aasx_opc_find(const struct aasx_opc *opc, const char *name);

/* The part that a path means which is written in the part `source` ("/" for the package): *name
 * gets the part name, NULL when the path leads out of the package, *part the position or
 * AASX_OPC_NONE. ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code aasx_opc_locate(
    const struct aasx_opc *opc, const char *source, const char *path, const char **name, int *part);

/* The name of another part that is the same apart from percent escapes and case and stands before
 * this one in their order; NULL when there is none. */
const char *aasx_opc_twin(const struct aasx_opc *opc, int part);

/* What is wrong with the name of a part beyond what aasx_open refuses (ECMA-376 part 2, 6.2.2);
 * NULL when nothing is. */
const char *aasx_opc_name_fault(const char *name);

/* New content for one file of a package. */
struct aasx_patch {
    uint64_t zip_index;
    const char *bytes;
    size_t len;
};

/* Appends a copy of the package with some files replaced; all others stay as they are packed.
 * ERR_UNREADABLE when the archive cannot be read, ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code aasx_patch(const char *bytes, size_t len,
    const struct aasx_patch *patches, size_t count, struct buf *to, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_AASX_ZIP_H
#define JIG_AAS_AASX_ZIP_H
/*
 * Inside of aas/aasx*.c: the ZIP archive under a package, with its ceilings, and the small XML
 * files of OPC (ECMA-376 part 2) that say what its parts are. Nothing else includes this.
 *
 * Everything given out lives in the archive's arena.
 */
#include "aas/aasx.h"
#include "aas/aasx_opc.h"

struct zip;

struct aasx_entry {
    const char *name; /* "/" and the entry name */
    const char *key;  /* the same with percent escapes decoded: what targets are compared with */
    uint64_t size;    /* bytes inflated, as declared */
    uint64_t stored;  /* bytes in the archive, as declared */
    uint64_t index;   /* in the archive */
    bool taken;       /* has become a part or belongs to the structure of the package */
};

struct aasx_archive {
    struct zip *zip;
    struct arena *arena;
    struct aasx_limits limits;  /* without zeroes */
    struct aasx_entry *entries; /* files only, in the order of the archive */
    struct aasx_entry **sorted; /* the same by key */
    size_t count;
    uint64_t inflated; /* bytes inflated so far */
    bool full;         /* the arena gave no room to look for a file: what is missing may be there */
    struct err *err;
};

/* Opens the archive and checks every entry's name, method and declared sizes. The archive, limits
 * and err of `archive` are set by the caller. Close it in every case. */
ERR_MUST_USE enum err_code aasx_archive_open(
    struct aasx_archive *archive, const char *bytes, size_t len);
void aasx_archive_close(struct aasx_archive *archive);

/* The file that a part name means: the same spelling first, then apart from percent escapes and
 * case. NULL when there is none. */
struct aasx_entry *aasx_archive_find(struct aasx_archive *archive, const char *name);

/* Inflates one file; never more than it declares or the ceilings allow, whatever comes out. */
ERR_MUST_USE enum err_code aasx_archive_read(
    struct aasx_archive *archive, const struct aasx_entry *entry, char **content);

/* Inflates an entry into `to`, which has room for `size` bytes and one more. */
ERR_MUST_USE enum err_code aasx_zip_inflate(
    struct zip *zip, uint64_t index, const char *name, char *to, uint64_t size, struct err *err);

/* Opens the bytes with libzip, read-only. NULL after filling err. */
struct zip *aasx_zip_open(const char *bytes, size_t len, struct err *err);
void aasx_zip_close(struct zip *zip);

/* The first bytes of a file, at most `size`; gives how many there are, 0 when unreadable. */
size_t aasx_archive_peek(
    struct aasx_archive *archive, const struct aasx_entry *entry, char *to, size_t size);

/* `text` with its percent escapes decoded, NULL when the arena is full. */
char *aasx_percent_decode(struct arena *arena, const char *text);

/* ------------------------------------------------------------------ files of OPC */

struct aasx_rels {
    struct aasx_rel *list;
    size_t count;
};

/* Reads a relationship file that belongs to the part `source` ("/" for the package). ERR_UNREADABLE
 * when it is no such XML file, ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code aasx_rels_read(struct arena *arena, const char *bytes, size_t len,
    const char *source, struct aasx_rels *rels, struct err *err);

/* The part name that a target means, seen from the part `source` ("/" for the package), in the
 * arena; NULL outside of the package or, with *full set, when the arena is full. */
char *aasx_target_resolve(struct arena *arena, const char *source, const char *target, bool *full);

/* The name of the relationship file of a part: "/a/_rels/b.rels" of "/a/b"; the reverse, for a name
 * that is one. NULL when the arena is full. */
char *aasx_rels_name(struct arena *arena, const char *part);
char *aasx_rels_source(struct arena *arena, const char *rels_name);
bool aasx_is_rels(const char *name);

struct aasx_content_type {
    const char *key; /* part name, or extension without its dot */
    const char *type;
    bool is_part; /* one part, not all of an extension */
};

struct aasx_content_types {
    struct aasx_content_type *list; /* sorted for aasx_content_type_of */
    size_t count;
};

/* Reads [Content_Types].xml; errors as aasx_rels_read. */
ERR_MUST_USE enum err_code aasx_content_types_read(struct arena *arena, const char *bytes,
    size_t len, struct aasx_content_types *types, struct err *err);

/* The content type of a part, NULL when the package does not say. */
const char *aasx_content_type_of(const struct aasx_content_types *types, const char *part);

#endif

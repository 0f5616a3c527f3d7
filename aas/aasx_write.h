/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_AASX_WRITE_H
#define JIG_AAS_AASX_WRITE_H
/*
 * Writing AASX packages (IDTA-01005) and what the value of a File element means in one.
 *
 * A package holds the environment as XML or JSON, the files that File elements and thumbnails lead
 * to, and the relationships and content types of OPC (ECMA-376 part 2). The same environment and
 * files give the same bytes. Contents are asked for piece by piece, so that no file is in memory
 * as a whole. What is written reads back as the same environment with the same files: entries are
 * never packed more tightly than aasx_open takes.
 */
#include "aas/aasx.h"
#include "aas/tree.h"

enum { AASX_KEY_BYTES = 16 };

/* What a File element or a thumbnail leads to. */
struct aasx_content {
    unsigned char key[AASX_KEY_BYTES]; /* equal keys: equal bytes */
    uint64_t size;                     /* bytes */
    const char *content_type; /* NULL or "": not known; kept until the package is written */
};

/* Where contents come from. Both functions report their own errors. */
struct aasx_source {
    void *context;
    /* What `value` of a File element or Resource leads to. ERR_NOT_FOUND: it is no file that can
     * be given; the value is written as it is. */
    enum err_code (*find)(void *context, const struct aas_node *node, const char *value,
        struct aasx_content *content, struct err *err);
    /* Exactly `len` bytes from `offset` on. */
    enum err_code (*read)(void *context, const struct aasx_content *content, uint64_t offset,
        char *to, size_t len, struct err *err);
};

struct aasx_form {
    enum meta_version version; /* 0: 3.1; namespace of the XML */
    bool json;                 /* the environment as JSON instead of XML */
};

/* Writes a package to the file `path`, which is replaced only when everything has succeeded; the
 * folder must have room for a second one meanwhile. Values of File elements and thumbnails that
 * mean different files under one name are changed in `environment` (and so in the package).
 * ERR_TOO_LARGE for more files than a package may have or a full arena, ERR_NO_SPACE, ERR_IO, and
 * the errors of `source` (NULL: no files are included). */
ERR_MUST_USE enum err_code aasx_write(struct arena *arena, struct aas_node *environment,
    const struct aasx_form *form, const struct aasx_source *source, const char *path,
    struct err *err);

/* ------------------------------------------------------------------ values and part names */

/* The text of a node that leads to a file: value of a File, path of a Resource; NULL for other
 * nodes and without one. The set of the classes that can have one. */
const char *aasx_file_value(const struct aas_node *node);
#define AASX_NAMES_FILES (META_BIT(CLASS_File) | META_BIT(CLASS_Resource))

/* The part name, decoded and beginning with "/", that such a text means when relative ones start at
 * `folder` ("" or "/aasx"); NULL when it leads outside of a package (a URL), to nothing, or the
 * arena is full. */
char *aasx_value_name(struct arena *arena, const char *value, const char *folder);

/* Parts of an opened package by name. */
struct aasx_index {
    struct aasx_named {
        const char *key; /* decoded name */
        const struct aasx_part *part;
    } * list; /* in the arena, sorted */
    size_t count;
    const char *folder; /* of the first specification part */
};
ERR_MUST_USE enum err_code aasx_index_make(
    struct arena *arena, const struct aasx *package, struct aasx_index *index, struct err *err);

/* The part that a value means: the very name, then apart from case; relative values start at the
 * folder of the specification, then at the root. NULL when there is none. */
const struct aasx_part *aasx_index_find(
    struct arena *arena, const struct aasx_index *index, const char *value);

/* Inflates one part of an opened package piece by piece, in order; `take` stops with any code but
 * ERR_OK, which is given back. aasx_pour_each does so with all parts that `wants` says yes to, one
 * after the other, opening the archive once. */
typedef enum err_code (*aasx_take)(void *context, const char *bytes, size_t len, struct err *err);
typedef bool (*aasx_wants)(void *context, const struct aasx_part *part);
ERR_MUST_USE enum err_code aasx_pour_each(const char *bytes, size_t len, const struct aasx *package,
    aasx_wants wants, aasx_take take, void *context, struct err *err);
ERR_MUST_USE enum err_code aasx_pour(const char *bytes, size_t len, const struct aasx_part *part,
    aasx_take take, void *context, struct err *err);

#endif

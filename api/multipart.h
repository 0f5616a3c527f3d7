/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_MULTIPART_H
#define JIG_API_MULTIPART_H
/*
 * multipart/form-data (RFC 7578, RFC 2046) over a body that is in memory. Strict: lines end with
 * CR LF, each part has one Content-Disposition with a name, the closing delimiter is there, nothing
 * but white space follows it. Nothing is copied but decoded names: contents point into the body.
 */
#include <stddef.h>

#include "aas/arena.h"
#include "aas/err.h"

enum {
    MULTIPART_MAX_PARTS = 64,
    MULTIPART_MAX_HEADER = 8192, /* bytes of the header of one part */
    MULTIPART_MAX_BOUNDARY = 70, /* characters (RFC 2046) */
};

struct multipart_part {
    const char *name;      /* of the form field; NUL-terminated */
    const char *file_name; /* NULL when there is none; without any folder; that of filename* counts
                            * before that of filename */
    const char *content_type; /* NULL when there is none */
    const char *bytes;        /* inside the body */
    size_t len;
};

struct multipart {
    struct multipart_part *parts; /* in the arena */
    size_t count;
};

/* Reads a body whose Content-Type is `content_type`. ERR_BAD_INPUT with the reason, ERR_TOO_LARGE
 * for too many parts or when the arena is full. */
ERR_MUST_USE enum err_code multipart_read(struct arena *arena, const char *content_type,
    const char *body, size_t len, struct multipart *form, struct err *err);

/* The part with this name, NULL when there is none. */
const struct multipart_part *multipart_find(const struct multipart *form, const char *name);

#endif

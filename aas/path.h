/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_PATH_H
#define JIG_AAS_PATH_H
/*
 * idShort paths (IDTA-01002, "idShortPath"): idShort ("." idShort | "[" index "]")*.
 * Case-sensitive; an index has no leading zeros. Children of a SubmodelElementList are addressed by
 * index only.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/tree.h"

enum { AAS_PATH_MAX_STEPS = 64, AAS_PATH_MAX_BYTES = 8192 };

struct aas_step {
    const char *id_short; /* not NUL-terminated, points into the parsed text; NULL: an index */
    uint32_t len;         /* bytes of id_short */
    uint32_t index;       /* when id_short is NULL */
};

struct aas_path {
    struct aas_step steps[AAS_PATH_MAX_STEPS];
    size_t count;
};

/* Parses `text` (already percent-decoded UTF-8). The steps point into `text`. ERR_BAD_INPUT names
 * the position and what was expected: empty step, leading zero, index beyond 2^31-1, character that
 * no idShort has, too many steps, too long. A path may begin with an index ("[0]") only when
 * addressing below a list; the parser allows it. */
ERR_MUST_USE enum err_code aas_path_parse(
    const char *text, size_t len, struct aas_path *path, struct err *err);

/* The element at `path` below `from` (a submodel or element). ERR_NOT_FOUND names the first step
 * that leads nowhere, also when it is an idShort below a list or an index elsewhere. */
ERR_MUST_USE enum err_code aas_path_resolve(const struct aas_node *from,
    const struct aas_path *path, struct aas_node **found, struct err *err);

/* base64url without padding (RFC 4648, section 5), as used for identifiers in URLs. Decoding
 * refuses padding, foreign characters, non-zero rest bits, invalid UTF-8 and NUL with
 * ERR_BAD_INPUT; the result is NUL-terminated in the arena. */
ERR_MUST_USE enum err_code aas_base64url_decode(struct arena *arena, const char *text, size_t len,
    char **decoded, size_t *decoded_len, struct err *err);
/* Encoded text in the arena, NULL when the arena is full. */
char *aas_base64url_encode(struct arena *arena, const char *bytes, size_t len);
/* Appends the encoded text. */
void aas_base64url_write(struct buf *buf, const char *bytes, size_t len);

/* True when the bytes are well-formed UTF-8 (no overlong forms, surrogates, or beyond U+10FFFF);
 * `*bad` (NULL allowed) gets the offset of the first bad byte. */
bool aas_utf8_valid(const char *bytes, size_t len, size_t *bad);

/* Length in characters of well-formed UTF-8. */
size_t aas_utf8_length(const char *bytes, size_t len);

/* Bytes of the longest beginning of well-formed UTF-8 that has at most `limit` bytes and cuts no
 * character in two: for texts inside messages. */
int aas_utf8_cut(const char *bytes, size_t len, int limit);

/* Takes out of a short text what is no whole character, as printf leaves it when a precision or the
 * room for the text ends inside of one. */
void aas_utf8_mend(char *text);

#endif

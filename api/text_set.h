/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_TEXT_SET_H
#define JIG_API_TEXT_SET_H
/* A set of texts in an arena, for lists in which nothing may stand twice. One thread at a time. */
#include <stdbool.h>
#include <stddef.h>

#include "aas/arena.h"
#include "aas/err.h"

/* Empty when zeroed. */
struct text_set {
    const char **slots; /* by hash; `room` of them, a power of two, at most half of them in use */
    size_t room;
    size_t count;
};

/* Puts a text in, which must live as long as the set; *is_new: it was not there. ERR_TOO_LARGE when
 * the arena is full. */
ERR_MUST_USE enum err_code text_set_add(
    struct text_set *set, struct arena *arena, const char *text, bool *is_new, struct err *err);

#endif

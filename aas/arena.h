/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_ARENA_H
#define JIG_AAS_ARENA_H
/*
 * Arena: memory of one request. Everything allocated from it lives until arena_finish.
 *
 * An arena declares its ceiling in bytes; past it every allocation gives NULL, so that hostile
 * input ends as ERR_TOO_LARGE and not as a dead process. Where many arenas share what there is, a
 * meter counts them. One thread at a time.
 */
#include <stddef.h>
#include <stdint.h>

#include "aas/meter.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;                 /* free part of the newest block */
    char *end;
    size_t used;         /* bytes taken so far, those that the caller lent included */
    size_t ceiling;      /* bytes that may be taken at most */
    struct meter *meter; /* counts what is taken, NULL: nobody does; set while the arena is empty */
    size_t counted;      /* bytes it knows of: all but what the caller lent */
};

/* Prepares an empty arena in the caller's memory; takes nothing from the system yet. */
static inline void arena_init(struct arena *arena, size_t ceiling)
{
    *arena = (struct arena){.ceiling = ceiling};
}

/* The same; the first `size` bytes come from memory that the caller lends (aligned for any type)
 * and has back after arena_finish: a thread's own stays warm from one request to the next. */
static inline void arena_init_with(struct arena *arena, size_t ceiling, void *memory, size_t size)
{
    char *bytes = (char *)memory;
    *arena = (struct arena){.ceiling = ceiling, .used = size, .next = bytes, .end = bytes + size};
}

/* Frees everything allocated from the arena, which keeps its ceiling and meter; a zeroed or NULL
 * arena is fine. */
void arena_finish(struct arena *arena);

/* Frees everything allocated since `*mark` was copied from the arena, and sets its ceiling back. */
void arena_back(struct arena *arena, const struct arena *mark);

/* What arena_take does when the newest block has no room. */
void *arena_take_more(struct arena *arena, size_t size);

/* `size` bytes aligned for `align`, a power of two, with anything in them; or NULL past the ceiling
 * or without memory. Documents are made of thousands of small pieces, so the usual case is decided
 * where it is called. */
static inline void *arena_take(struct arena *arena, size_t size, size_t align)
{
    size_t gap = (size_t)(-(uintptr_t)arena->next & (align - 1));
    size_t room = (size_t)(arena->end - arena->next);
    if (arena->next == NULL || size > room || gap > room - size) {
        return arena_take_more(arena, size);
    }
    char *at = arena->next + gap;
    arena->next = at + size;
    return at;
}

/* `size` zeroed bytes aligned for any type, or NULL as above. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `len` bytes, or NULL as above. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len);

/* A printf-formatted text, or NULL as above. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

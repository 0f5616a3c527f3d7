/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_ARENA_H
#define JIG_AAS_ARENA_H
/*
 * Arena: memory of one request. Everything allocated from it lives until arena_finish.
 *
 * An arena declares its ceiling in bytes; past it every allocation gives NULL, so that hostile
 * input ends as ERR_TOO_LARGE and not as a dead process. One thread at a time.
 */
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;                 /* free part of the newest block */
    char *end;
    size_t used;    /* bytes taken so far, those that the caller lent included */
    size_t ceiling; /* bytes that may be taken at most */
};

/* Prepares an empty arena in the caller's memory; takes nothing from the system yet. */
void arena_init(struct arena *arena, size_t ceiling);

/* The same; the first `size` bytes come from memory that the caller lends (aligned for any type)
 * and has back after arena_finish: a thread's own stays warm from one request to the next. */
void arena_init_with(struct arena *arena, size_t ceiling, void *memory, size_t size);

/* Frees everything allocated from the arena; a zeroed or NULL arena is fine. */
void arena_finish(struct arena *arena);

/* `size` zeroed bytes aligned for any type, or NULL past the ceiling or without memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `len` bytes, or NULL as above. */
char *arena_copy(struct arena *arena, const char *bytes, size_t len);

/* A printf-formatted text, or NULL as above. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *older;
    alignas(max_align_t) char bytes[];
};

enum { FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024 };

void arena_back(struct arena *arena, const struct arena *mark)
{
    struct arena_block *block = arena->blocks;
    while (block != mark->blocks) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
    meter_give(arena->meter, arena->counted - mark->counted);
    *arena = *mark;
}

void arena_finish(struct arena *arena)
{
    if (arena != NULL && arena->blocks == NULL) { /* all of it was lent, if anything was taken */
        arena->next = arena->end = NULL;
        arena->used = 0;
    } else if (arena != NULL) {
        arena_back(arena, &(struct arena){.ceiling = arena->ceiling, .meter = arena->meter});
    }
}

/* Blocks double with the arena's size, so that small requests stay small and large ones are not
 * cut into thousands of pieces. */
static int add_block(struct arena *arena, size_t size)
{
    size_t room = arena->used < FIRST_BLOCK ? FIRST_BLOCK : arena->used;
    if (room > LARGEST_BLOCK) {
        room = LARGEST_BLOCK;
    }
    if (room < size) {
        room = size;
    }
    if (arena->used + room > arena->ceiling || arena->used + room < room) {
        if (arena->used + size > arena->ceiling || arena->used + size < size) {
            return 0;
        }
        room = size;
    }
    if (!meter_take(arena->meter, room)) {
        return 0;
    }
    struct arena_block *block = malloc(sizeof *block + room);
    if (block == NULL) {
        meter_give(arena->meter, room);
        return 0;
    }
    block->older = arena->blocks;
    arena->blocks = block;
    arena->next = block->bytes;
    arena->end = block->bytes + room;
    arena->used += room;
    arena->counted += arena->meter != NULL ? room : 0;
    return 1;
}

void *arena_take_more(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2 || !add_block(arena, size)) { /* no sum there can wrap around */
        return NULL;
    }
    char *at = arena->next;
    arena->next = at + size;
    return at;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *at = arena_take(arena, size, alignof(max_align_t));
    return at == NULL ? NULL : memset(at, 0, size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : arena_take(arena, len + 1, 1);
    if (copy == NULL) {
        return NULL;
    }
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    copy[len] = '\0';
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : arena_alloc(arena, (size_t)len + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    return text;
}

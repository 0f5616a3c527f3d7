/* SPDX-License-Identifier: Apache-2.0 */
#include "api/text_set.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

/* FNV-1a */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return hash ^ hash >> 32;
}

/* Where a text stands, or would. */
static const char **slot_of(const char **slots, size_t room, const char *text)
{
    size_t at = (size_t)hash_of(text) & (room - 1);
    while (slots[at] != NULL && strcmp(slots[at], text) != 0) {
        at = (at + 1) & (room - 1);
    }
    return &slots[at];
}

static bool grow(struct text_set *set, struct arena *arena)
{
    size_t room = set->room == 0 ? FIRST_ROOM : 2 * set->room;
    const char **slots = arena_alloc(arena, room * sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->room; i++) {
        if (set->slots[i] != NULL) {
            *slot_of(slots, room, set->slots[i]) = set->slots[i];
        }
    }
    set->slots = slots;
    set->room = room;
    return true;
}

enum err_code text_set_add(
    struct text_set *set, struct arena *arena, const char *text, bool *is_new, struct err *err)
{
    if (2 * set->count >= set->room && !grow(set, arena)) {
        return err_set(err, ERR_TOO_LARGE, "there are more than fit into memory");
    }
    const char **slot = slot_of(set->slots, set->room, text);
    *is_new = *slot == NULL;
    if (*is_new) {
        *slot = text;
        set->count++;
    }
    return ERR_OK;
}

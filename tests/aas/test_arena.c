/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "aas/arena.h"

Test(arena, sizes_beyond_any_memory_are_refused_and_the_arena_goes_on)
{
    static const size_t sizes[] = {
        SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16, SIZE_MAX - 31, SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct arena arena;
        arena_init(&arena, SIZE_MAX);
        cr_expect_null(arena_alloc(&arena, sizes[i]), "%zu at the start", sizes[i]);
        cr_expect_not_null(arena_alloc(&arena, 100));
        cr_expect_null(arena_alloc(&arena, sizes[i]), "%zu later", sizes[i]);
        cr_expect_str_eq(arena_copy(&arena, "text", 4), "text");
        arena_finish(&arena);
    }
}

Test(arena, memory_is_aligned_and_zeroed_up_to_the_ceiling)
{
    enum { CEILING = 100000 };
    struct arena arena;
    size_t given = 0;
    arena_init(&arena, CEILING);
    for (size_t size = 1;; size = size % 977 + 13) {
        unsigned char *at = arena_alloc(&arena, size);
        if (at == NULL) {
            break;
        }
        cr_assert_eq((uintptr_t)at % _Alignof(max_align_t), 0);
        cr_assert_eq(at[0] | at[size - 1], 0);
        memset(at, 0xff, size);
        given += size;
    }
    cr_expect_leq(given, CEILING);
    cr_expect_gt(given, CEILING / 2);
    arena_finish(&arena);
}

Test(arena, lent_memory_comes_first_and_is_used_again)
{
    _Alignas(max_align_t) char lent[64];
    for (int round = 0; round < 3; round++) {
        struct arena arena;
        memset(lent, 0x5a, sizeof lent);
        arena_init_with(&arena, 200, lent, sizeof lent);
        char *first = arena_alloc(&arena, 30);
        cr_assert_eq((void *)first, (void *)lent);
        cr_expect_eq(first[0] | first[29], 0);
        cr_expect_str_eq(arena_copy(&arena, "rest", 4), "rest");
        char *beyond = arena_alloc(&arena, 100); /* 164 of 200 with it */
        cr_assert_not_null(beyond);
        cr_expect(beyond + 100 <= lent || beyond >= lent + sizeof lent);
        cr_expect_null(arena_alloc(&arena, 100), "past the ceiling");
        arena_finish(&arena);
    }
}

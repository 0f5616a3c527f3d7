/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aas/arena.h"
#include "aas/buf.h"

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

/* Counts, and gives at most `most`. */
struct counting {
    struct meter meter;
    size_t counted;
    size_t most;
};

static bool count(struct meter *meter, size_t bytes)
{
    struct counting *counting = (struct counting *)meter;
    bool fits = counting->most - counting->counted >= bytes;
    counting->counted += fits ? bytes : 0;
    return fits;
}

static void uncount(struct meter *meter, size_t bytes)
{
    struct counting *counting = (struct counting *)meter;
    counting->counted -= bytes;
}

Test(arena, a_meter_knows_all_of_it_and_can_say_no)
{
    struct counting counting = {{count, uncount}, 0, 100000};
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    arena.meter = &counting.meter;
    cr_assert_not_null(arena_alloc(&arena, 60000));
    cr_assert_eq(counting.counted, arena.used);
    cr_assert_null(arena_alloc(&arena, 60000));
    cr_assert_eq(counting.counted, arena.used, "what was refused is not counted");
    arena_finish(&arena);
    cr_assert_eq(counting.counted, 0);
    cr_assert_eq(arena.meter, &counting.meter, "it stays for what comes next");
}

Test(arena, what_was_lent_is_not_counted)
{
    _Alignas(max_align_t) char lent[64];
    struct counting counting = {{count, uncount}, 0, SIZE_MAX};
    struct arena arena;
    arena_init_with(&arena, 100000, lent, sizeof lent);
    arena.meter = &counting.meter;
    cr_assert_not_null(arena_alloc(&arena, 30));
    cr_assert_eq(counting.counted, 0);
    const struct arena mark = arena;
    cr_assert_not_null(arena_alloc(&arena, 20000));
    cr_assert_eq(counting.counted, arena.used - sizeof lent);
    arena_back(&arena, &mark);
    cr_assert_eq(counting.counted, 0);
    cr_assert_eq((void *)arena_copy(&arena, "x", 1), (void *)(lent + 30));
    arena_finish(&arena);
    cr_assert_eq(counting.counted, 0);
}

Test(arena, going_back_frees_what_came_later_and_nothing_else)
{
    struct counting counting = {{count, uncount}, 0, SIZE_MAX};
    struct arena arena;
    arena_init(&arena, 1000000);
    arena.meter = &counting.meter;
    char *early = arena_copy(&arena, "early", 5);
    const struct arena mark = arena;
    arena.ceiling = 2000000;
    for (int i = 0; i < 100; i++) {
        cr_assert_not_null(arena_alloc(&arena, 9000));
    }
    arena_back(&arena, &mark);
    cr_assert_str_eq(early, "early");
    cr_assert_eq(counting.counted, mark.used);
    cr_assert_eq(arena.ceiling, 1000000);
    cr_assert_str_eq(arena_copy(&arena, "later", 5), "later");
    arena_finish(&arena);
    cr_assert_eq(counting.counted, 0);
}

Test(buf, a_meter_knows_by_how_much_it_grew)
{
    struct counting counting = {{count, uncount}, 0, 10000};
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    buf_reserve(&buf, 1000);
    size_t before = buf.room;
    buf_count(&buf, &counting.meter);
    cr_assert_eq(counting.counted, 0, "what it had is not counted");
    for (int i = 0; i < 300; i++) {
        buf_add_text(&buf, "0123456789");
    }
    cr_assert_eq(counting.counted, buf.room - before);
    buf_reserve(&buf, 20000);
    cr_assert(buf_failed(&buf));
    cr_assert_eq(counting.counted, buf.room - before);
    buf_finish(&buf);
    cr_assert_eq(counting.counted, 0);
    buf_add_text(&buf, "again");
    cr_assert_eq(counting.counted, buf.room);
    free(buf_take(&buf, NULL));
    cr_assert_eq(counting.counted, 0);
}

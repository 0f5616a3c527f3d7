/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing any two documents, JSON with a NUL between them: each equals itself, every element has
 * a pair or none, the other way round everything is the other way round, and what is written is
 * JSON.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "conformance/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 256 * 1024 * 1024, OUTPUT_ROOM = 64 * 1024 * 1024 };

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool compare(struct arena *arena, const struct aas_node *a, const struct aas_node *b,
    struct comparison *comparison)
{
    const struct aas_node *const root[2] = {a, b};
    static const char *const names[2] = {NULL, NULL};
    struct compare_input input = {.name = {"a", "b"}};
    return compare_pick(root, names, &input, NULL) == ERR_OK &&
           compare_run(arena, &input, comparison, NULL) == ERR_OK;
}

static void check_pairs(const struct comparison *comparison)
{
    const struct compare_side *old = &comparison->side[0];
    const struct compare_side *new = &comparison->side[1];
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < old->count; i++) {
        uint32_t match = old->elements[i].match;
        demand(match == COMPARE_NONE || new->elements[match].match == i);
        pairs += match != COMPARE_NONE;
    }
    demand(pairs == comparison->counts.matched);
    demand(old->count == pairs + comparison->counts.removed);
    demand(new->count == pairs + comparison->counts.added);
}

static void check_mirrored(const struct comparison *there, const struct comparison *back)
{
    demand(there->counts.matched == back->counts.matched);
    demand(there->counts.added == back->counts.removed);
    demand(there->counts.moved == back->counts.moved);
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        enum compare_verdict verdict = there->verdict[mode];
        enum compare_verdict other = verdict == COMPARE_FORWARD    ? COMPARE_BACKWARD
                                     : verdict == COMPARE_BACKWARD ? COMPARE_FORWARD
                                                                   : verdict;
        demand(back->verdict[mode] == other);
    }
}

static void check_written(const struct comparison *comparison)
{
    struct arena arena;
    struct buf buf;
    struct json *json;
    const struct compare_output output = {.mode = COMPARE_VALUE, .rows = true};
    arena_init(&arena, ROOM);
    buf_init(&buf, OUTPUT_ROOM);
    compare_write_json(&buf, comparison, &output);
    demand(buf_failed(&buf) || json_read(&arena, buf.bytes, buf.len, &json, NULL) == ERR_OK);
    buf_clear(&buf);
    compare_write_text(&buf, comparison, &output);
    buf_finish(&buf);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct aas_node *a = NULL;
    struct aas_node *b = NULL;
    struct comparison there;
    struct comparison back;
    const uint8_t *middle = size > 0 ? memchr(data, '\0', size) : NULL;
    if (middle == NULL) {
        return 0;
    }
    const char *second = (const char *)middle + 1;
    size_t first_len = (size_t)(middle - data);
    size_t second_len = size - first_len - 1;
    arena_init(&arena, ROOM);
    if (aas_json_read(&arena, (const char *)data, first_len, NULL, NULL, &a, NULL) == ERR_OK &&
        aas_json_read(&arena, second, second_len, NULL, NULL, &b, NULL) == ERR_OK) {
        demand(!compare(&arena, a, a, &there) || compare_equal(&there));
        if (compare(&arena, a, b, &there) && compare(&arena, b, a, &back)) {
            check_pairs(&there);
            check_mirrored(&there, &back);
            check_written(&there);
        }
    }
    arena_finish(&arena);
    return 0;
}

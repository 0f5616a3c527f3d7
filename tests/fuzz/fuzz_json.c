/* SPDX-License-Identifier: Apache-2.0 */
/* Decode → encode → decode → encode: what was read once must read and write the same again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024 };

static void check(const char *bytes, size_t len)
{
    struct arena arena;
    arena_init(&arena, ROOM);
    struct aas_node *first = NULL;
    struct aas_node *second = NULL;
    struct buf a;
    struct buf b;
    buf_init(&a, ROOM);
    buf_init(&b, ROOM);
    if (aas_json_read(&arena, bytes, len, NULL, NULL, &first, NULL) == ERR_OK) {
        aas_json_write(&a, first, 0, NULL);
        if (!buf_failed(&a)) {
            if (aas_json_read(&arena, a.bytes, a.len, first->cls, NULL, &second, NULL) != ERR_OK ||
                !aas_equal(first, second)) {
                abort();
            }
            aas_json_write(&b, second, 0, NULL);
            if (a.len != b.len || memcmp(a.bytes, b.bytes, a.len) != 0) {
                abort();
            }
        }
    }
    buf_finish(&a);
    buf_finish(&b);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check((const char *)data, size);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The multipart reader over any bytes: the first line is the Content-Type, the rest the body. Every
 * part must lie inside the body, in order, with a name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/multipart.h"

enum { FUZZ_MEMORY = 1 << 20 };

static void check(const struct multipart *form, const char *body, size_t len)
{
    const char *at = body;
    for (size_t i = 0; i < form->count; i++) {
        const struct multipart_part *part = &form->parts[i];
        if (part->name == NULL || part->bytes < at || part->len > len ||
            part->bytes + part->len > body + len) {
            abort();
        }
        if (part->file_name != NULL && strchr(part->file_name, '/') != NULL) {
            abort();
        }
        if (multipart_find(form, part->name) == NULL) {
            abort();
        }
        at = part->bytes + part->len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    const char *line = size == 0 ? NULL : memchr(bytes, '\n', size);
    if (line == NULL) {
        return 0;
    }
    struct arena arena;
    struct err err;
    struct multipart form;
    size_t type_len = (size_t)(line - bytes);
    size_t len = size - type_len - 1;
    arena_init(&arena, FUZZ_MEMORY);
    char *type = arena_copy(&arena, bytes, type_len);
    char *body = malloc(len + 1); /* of its own, so that reading behind it is seen */
    if (type != NULL && body != NULL) {
        memcpy(body, line + 1, len);
        char *exact = realloc(body, len > 0 ? len : 1);
        body = exact != NULL ? exact : body;
        if (multipart_read(&arena, type, body, len, &form, &err) == ERR_OK) {
            check(&form, body, len);
        }
    }
    free(body);
    arena_finish(&arena);
    return 0;
}

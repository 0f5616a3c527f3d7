/* SPDX-License-Identifier: Apache-2.0 */
/* Packages: opening never takes more than its ceilings allow; what opens can be inflated, or says
 * what is wrong. */
#include <stdlib.h>
#include <string.h>

#include "aas/aasx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static enum err_code touch(const struct aasx_part *part, const char *content, void *context)
{
    size_t *sum = context;
    *sum += strlen(part->name) + (unsigned char)content[part->size];
    for (uint64_t i = 0; i < part->size; i += 512) {
        *sum += (unsigned char)content[i];
    }
    return ERR_OK;
}

static void check_parts(
    struct arena *arena, const char *bytes, size_t len, const struct aasx *package)
{
    struct err err = {.code = ERR_OK};
    size_t sum = 0;
    demand(package->count > 0 && package->parts[0].bytes != NULL);
    for (size_t i = 0; i < package->count && i < 8; i++) {
        const struct aasx_part *part = &package->parts[i];
        const char *content = NULL;
        demand(part->name[0] == '/' && strstr(part->name, "/../") == NULL);
        enum err_code code = aasx_inflate(arena, bytes, len, part, &content, &err);
        demand((code == ERR_OK) == (content != NULL));
        demand(part->bytes == NULL || code != ERR_OK ||
               memcmp(part->bytes, content, (size_t)part->size) == 0);
    }
    enum err_code code = aasx_each_file(bytes, len, package, touch, &sum, &err);
    demand(code == ERR_OK || err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct aasx_limits limits = {
        .max_entries = 100, .max_entry = 1U << 20, .max_total = 4U << 20, .max_ratio = 200};
    struct arena arena;
    arena_init(&arena, 16U << 20);
    struct aasx package = {NULL, 0};
    struct err err = {.code = ERR_OK};
    enum err_code code = aasx_open(&arena, (const char *)data, size, &limits, NULL, &package, &err);
    if (code == ERR_OK) {
        check_parts(&arena, (const char *)data, size, &package);
    } else {
        demand(err.rule[0] != '\0' && err.text[0] != '\0' && package.parts == NULL);
    }
    arena_finish(&arena);
    return 0;
}

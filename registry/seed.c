/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/seed.h"

#include "registry/import.h"
#include "templates/library.h"

#define SEED_ARENA_BYTES ((size_t)512 << 20) /* for one template at a time */

static enum err_code seed_one(
    struct registry *registry, const struct library_template *template, struct err *err)
{
    const struct registry_author author = {.name = "Jig", .message = "shipped template library"};
    const struct registry_import input = {
        .bytes = template->bytes, .len = template->len, .source = template->name};
    struct arena arena;
    struct report report;
    struct registry_import_result result;
    arena_init(&arena, SEED_ARENA_BYTES);
    report_init(&report);
    enum err_code code =
        import_run(registry, &arena, &input, "Jig", &author, &report, &result, err);
    report_finish(&report);
    arena_finish(&arena);
    return code;
}

enum err_code registry_seed(struct registry *registry, struct err *err)
{
    size_t count = 0;
    const struct library_template *templates = library_templates(&count);
    for (size_t i = 0; i < count; i++) {
        enum err_code code = seed_one(registry, &templates[i], err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

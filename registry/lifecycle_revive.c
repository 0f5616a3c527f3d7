/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing a draft back that was discarded. */
#include <string.h>

#include "aas/json.h"
#include "registry/lifecycle_inside.h"

/* The content that a version had after a revision, whether or not it is there now. */
static enum err_code read_revision(struct registry *registry, struct arena *arena, const char *id,
    uint64_t revision, struct aas_node **tree, struct err *err)
{
    struct registry_view view;
    const char *json = NULL;
    size_t len = 0;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_revision_content(
        &view, arena, REGISTRY_TEMPLATE_VERSION, id, strlen(id), revision, &json, &len, err);
    registry_view_end(&view);
    return code == ERR_OK
               ? aas_json_read(arena, json, len, meta_class(CLASS_Environment), NULL, tree, err)
               : code;
}

enum err_code lifecycle_draft_revive(struct registry *registry, struct arena *arena,
    const char *family, const char *label, uint64_t revision, const struct registry_author *author,
    struct report *report, struct registry_version *version, struct err *err)
{
    struct lifecycle_draft draft = {.family = family, .label = label};
    const struct life_also restored = {.operation = "restore",
        .summary =
            arena_printf(arena, "revision %llu is there again", (unsigned long long)revision)};
    const char *id = arena_printf(arena, "%s@%s", family, label);
    if (id == NULL || restored.summary == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the template is too large for this request");
    }
    enum err_code code = read_revision(registry, arena, id, revision, &draft.environment, err);
    return code == ERR_OK
               ? life_draft_create(registry, arena, &draft, author, &restored, report, version, err)
               : code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/package_make.h"

#include <string.h>

#include "registry/files.h"

_Static_assert((int)AASX_KEY_BYTES == (int)STORE_HASH_BYTES, "a content is known by its hash");

struct making {
    struct registry *registry;
    struct arena *arena;
};

/* The shell or submodel that a node belongs to; NULL: none. */
static const struct aas_node *owner_of(const struct aas_node *node)
{
    while (node != NULL && registry_kind_of(node->cls) == 0) {
        node = node->parent;
    }
    return node;
}

/* The type that the model says counts before the one that came with the file. */
static const char *type_of(
    struct arena *arena, const struct aas_node *node, const struct registry_file *file)
{
    const char *said = aas_text(node, PROP_contentType);
    const char *type = said != NULL && said[0] != '\0' ? said : file->content_type;
    return arena_copy(arena, type, strlen(type));
}

static enum err_code find(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *err)
{
    const struct making *making = context;
    const struct aas_node *owner = owner_of(node);
    const char *id = owner == NULL ? NULL : aas_text(owner, PROP_id);
    struct registry_view view;
    struct registry_document document;
    struct registry_file file;
    if (id == NULL) {
        return ERR_NOT_FOUND;
    }
    enum err_code code = registry_view_begin(making->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, registry_kind_of(owner->cls), id, strlen(id), &document, err);
    if (code == ERR_OK) {
        code = registry_file_find(&view, &document, value, &file, err);
    }
    if (code == ERR_OK) {
        content->size = file.size;
        content->content_type = type_of(making->arena, node, &file);
        memcpy(content->key, file.blob, STORE_HASH_BYTES);
        code = content->content_type == NULL
                   ? err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed")
                   : ERR_OK;
    }
    registry_view_end(&view);
    return code;
}

static enum err_code read_content(void *context, const struct aasx_content *content,
    uint64_t offset, char *to, size_t len, struct err *err)
{
    const struct making *making = context;
    enum err_code code = registry_blob_read(making->registry, content->key, offset, to, len, err);
    return code == ERR_NOT_FOUND
               ? err_set(err, ERR_BUSY, "a file was removed while it was packed; try again")
               : code;
}

enum err_code package_make(struct registry *registry, struct arena *arena,
    struct aas_node *environment, const struct aasx_form *form, const char *path, struct err *err)
{
    struct making making = {.registry = registry, .arena = arena};
    const struct aasx_source source = {.context = &making, .find = find, .read = read_content};
    return aasx_write(arena, environment, form, &source, path, err);
}

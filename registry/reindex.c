/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/reindex.h"

#include <string.h>

enum err_code reindex(struct arena *arena, enum registry_kind kind, const char *json, size_t len,
    struct path_index *index, struct err *err)
{
    struct aas_node *tree = NULL;
    struct buf buf;
    struct aas_json_marks marks;
    struct path_index_builder builder;
    const void *entries = NULL;
    size_t entries_len = 0;
    enum err_code code = aas_json_read(arena, json, len, registry_class(kind), NULL, &tree, err);
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&buf, len + 1);
    path_index_start(&builder, arena, &buf, tree, &marks);
    aas_json_write(&buf, tree, 0, &marks);
    code = path_index_finish(&builder, &entries, &entries_len, err);
    bool canonical = buf.len == len && memcmp(buf.bytes, json, len) == 0;
    buf_finish(&buf);
    if (code == ERR_OK && !canonical) {
        return err_set(err, ERR_STORE, "a content of the history is not canonical");
    }
    if (code == ERR_OK) {
        *index = (struct path_index){.entries = entries,
            .count = entries_len / PATH_ENTRY_BYTES,
            .json = json,
            .json_len = len};
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Trees, tags and names of an exported folder: what is read and written is read as the same; what
 * is refused is told with its place and a remedy. */
#include <stdlib.h>
#include <string.h>

#include "registry/curated_file.h"
#include "registry/curated_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void add_member(struct buf *buf, const char *before, const char *text)
{
    buf_add_text(buf, before);
    buf_add_json_string(buf, text, strlen(text));
}

static void add_rows(struct buf *buf, const struct curated_file *file, bool families)
{
    size_t count = 0;
    for (size_t i = 0; i < file->row_count; i++) {
        const struct curated_file_row *row = &file->rows[i];
        if ((row->family != NULL) != families) {
            continue;
        }
        buf_add_text(buf, count++ > 0 ? "," : "");
        if (families) {
            add_member(buf, "{\"family\":", row->family);
        } else {
            add_member(buf, "{\"kind\":", registry_kind_name(row->kind));
            add_member(buf, ",\"id\":", row->id);
        }
        buf_add_char(buf, ',');
        curated_json_row(buf, &row->row);
        buf_add_char(buf, '}');
    }
}

static void write_file(struct buf *buf, const struct curated_file *file)
{
    buf_add_text(buf, "{\"trees\":[");
    for (size_t i = 0; i < file->node_count; i++) {
        buf_add_text(buf, i > 0 ? "," : "");
        curated_json_node(buf, &file->nodes[i].node);
    }
    buf_add_text(buf, "],\"removed\":[");
    for (size_t i = 0; i < file->removed_count; i++) {
        add_member(buf,
            i > 0 ? ",{\"facet\":" : "{\"facet\":", curated_tree_name(file->removed[i].node.tree));
        add_member(buf, ",\"value\":", file->removed[i].node.value);
        buf_add_char(buf, '}');
    }
    buf_add_text(buf, "],\"families\":[");
    add_rows(buf, file, true);
    buf_add_text(buf, "],\"models\":[");
    add_rows(buf, file, false);
    buf_add_text(buf, "]}");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct curated_file file;
    struct curated_file again;
    struct err err = {0};
    arena_init(&arena, (size_t)256 << 20);
    enum err_code code = curated_file_read(&arena, (const char *)data, size, &file, &err);
    if (code == ERR_OK) {
        struct buf first;
        struct buf second;
        buf_init(&first, (size_t)64 << 20);
        buf_init(&second, (size_t)64 << 20);
        write_file(&first, &file);
        demand(curated_file_read(&arena, first.bytes, first.len, &again, NULL) == ERR_OK);
        demand(again.node_count == file.node_count && again.row_count == file.row_count);
        write_file(&second, &again);
        demand(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0);
        buf_finish(&second);
        buf_finish(&first);
    } else if (code != ERR_TOO_LARGE) {
        demand(err.text[0] != '\0' && err.remedy[0] != '\0' && err.line > 0);
    }
    arena_finish(&arena);
    return 0;
}

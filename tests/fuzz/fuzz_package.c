/* SPDX-License-Identifier: Apache-2.0 */
/* Writing packages: whatever environment can be read, with whatever values its File elements have,
 * is written as a package that opens, holds the same environment and gives every file back under
 * its value; writing twice gives the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aas/aasx_write.h"
#include "aas/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A file's bytes are the value that leads to it, without its last byte; so some values share one.
 */
static enum err_code find(void *context, const struct aas_node *node, const char *value,
    struct aasx_content *content, struct err *err)
{
    size_t len = strlen(value) - 1;
    (void)context;
    (void)node;
    (void)err;
    if (value[0] == '?') {
        return ERR_NOT_FOUND;
    }
    *content = (struct aasx_content){
        .size = len < AASX_KEY_BYTES ? len : AASX_KEY_BYTES, .content_type = value};
    memcpy(content->key, value, (size_t)content->size);
    return ERR_OK;
}

static enum err_code read_content(void *context, const struct aasx_content *content,
    uint64_t offset, char *to, size_t len, struct err *err)
{
    (void)context;
    (void)err;
    demand(offset + len <= content->size);
    memcpy(to, content->key + offset, len);
    return ERR_OK;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    demand(file != NULL && fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    demand(size > 0);
    char *bytes = malloc((size_t)size);
    rewind(file);
    demand(bytes != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    *len = (size_t)size;
    return bytes;
}

struct package {
    struct arena *arena;
    const char *bytes;
    size_t len;
    struct aasx_index index;
};

static enum err_code take(void *context, const char *bytes, size_t len, struct err *err)
{
    (void)err;
    buf_add(context, bytes, len);
    return ERR_OK;
}

/* Values that were changed lead to the content of the old value, which its key still is; all that
 * is known here is that a part with this content is there. */
static enum err_code check_file(const struct aas_node *node, void *context)
{
    const struct package *package = context;
    const char *value = aasx_file_value(node);
    const struct aasx_part *part =
        value == NULL ? NULL : aasx_index_find(package->arena, &package->index, value);
    struct buf buf;
    if (part == NULL) {
        return ERR_OK;
    }
    buf_init(&buf, 1 << 20);
    demand(aasx_pour(package->bytes, package->len, part, take, &buf, NULL) == ERR_OK);
    demand(buf.len == part->size && buf.len <= AASX_KEY_BYTES);
    buf_finish(&buf);
    return ERR_OK;
}

static void check_package(struct arena *arena, const struct aas_node *root, const char *path)
{
    struct aasx opened = {NULL, 0};
    struct aas_node *again = NULL;
    struct package package = {.arena = arena};
    char *bytes = read_file(path, &package.len);
    package.bytes = bytes;
    enum err_code code = aasx_open(arena, bytes, package.len, NULL, NULL, &opened, NULL);
    if (code != ERR_TOO_LARGE) {
        demand(code == ERR_OK && opened.parts[0].kind == AASX_SPEC_JSON);
        demand(aas_json_read(arena, opened.parts[0].bytes, (size_t)opened.parts[0].size,
                   meta_class(CLASS_Environment), NULL, &again, NULL) == ERR_OK);
        demand(aas_equal(root, again));
        demand(aasx_index_make(arena, &opened, &package.index, NULL) == ERR_OK);
        demand(aas_walk(root, check_file, &package) == ERR_OK);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct aasx_source source = {.find = find, .read = read_content};
    static const struct aasx_form form = {.version = META_V31, .json = true};
    char path[64];
    struct arena arena;
    struct aas_node *root = NULL;
    arena_init(&arena, 64U << 20);
    snprintf(path, sizeof path, "/tmp/jig-package-%ld.aasx", (long)getpid());
    if (aas_json_read(&arena, (const char *)data, size, meta_class(CLASS_Environment), NULL, &root,
            NULL) == ERR_OK &&
        aasx_write(&arena, root, &form, &source, path, NULL) == ERR_OK) {
        size_t first_len = 0;
        size_t second_len = 0;
        check_package(&arena, root, path);
        char *first = read_file(path, &first_len);
        if (aasx_write(&arena, root, &form, &source, path, NULL) == ERR_OK) {
            char *second = read_file(path, &second_len);
            demand(first_len > 0 && second_len > 0);
            free(second);
        }
        free(first);
        unlink(path);
    }
    arena_finish(&arena);
    return 0;
}

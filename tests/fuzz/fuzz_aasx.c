/* SPDX-License-Identifier: Apache-2.0 */
/* Packages: opening never takes more than its ceilings allow; what opens can be inflated, or says
 * what is wrong. Bytes that do not begin like an archive are taken as its files, "name NUL content
 * NUL" and so on, because checksums would keep mutations away from the content. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

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

static void check_package(const char *bytes, size_t len)
{
    static const struct aasx_limits limits = {
        .max_entries = 100, .max_entry = 1U << 20, .max_total = 4U << 20, .max_ratio = 200};
    struct arena arena;
    arena_init(&arena, 16U << 20);
    struct aasx package = {NULL, 0};
    struct err err = {.code = ERR_OK};
    enum err_code code = aasx_open(&arena, bytes, len, &limits, NULL, &package, &err);
    if (code == ERR_OK) {
        check_parts(&arena, bytes, len, &package);
    } else {
        demand(err.rule[0] != '\0' && err.text[0] != '\0' && package.parts == NULL);
    }
    arena_finish(&arena);
}

/* The end of the piece that begins at `at`. */
static const char *piece_end(const char *at, const char *end)
{
    const char *nul = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
    return nul == NULL ? end : nul;
}

static void add_files(zip_t *zip, const char *at, const char *end)
{
    while (at < end) {
        const char *name = at; /* ends at a NUL: the caller put one behind the input */
        const char *content = piece_end(at, end) + 1;
        const char *content_end = piece_end(content, end);
        size_t len = content < end ? (size_t)(content_end - content) : 0;
        zip_source_t *source = zip_source_buffer(zip, len > 0 ? content : "", len, 0);
        zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_ENC_GUESS);
        if (index < 0) {
            zip_source_free(source);
        } else {
            zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
        }
        at = content_end + 1;
    }
}

static void check_files(const char *text, size_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    zip_stat_t st;
    add_files(zip, text, text + len);
    if (zip_close(zip) != 0) {
        zip_discard(zip);
    } else if (zip_source_stat(source, &st) == 0 && (st.valid & ZIP_STAT_SIZE)) {
        char *bytes = malloc(st.size + 1);
        if (zip_source_open(source) == 0) {
            demand(zip_source_read(source, bytes, st.size) == (zip_int64_t)st.size);
            zip_source_close(source);
            check_package(bytes, st.size);
        }
        free(bytes);
    }
    zip_source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (aasx_looks_like((const char *)data, size)) {
        check_package((const char *)data, size);
        return 0;
    }
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    check_files(text, size);
    free(text);
    return 0;
}

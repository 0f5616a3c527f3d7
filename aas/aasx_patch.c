/* SPDX-License-Identifier: Apache-2.0 */
/* A package with some of its files replaced. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "aas/aasx_opc.h"

enum { COPY_ROOM = 64 * 1024 };

static enum err_code fail(struct err *err, const char *what)
{
    err_set(err, ERR_UNREADABLE, "the package cannot be written again: %s", what);
    err_rule(err, "AASX-zip", "Save the package again.");
    return ERR_UNREADABLE;
}

/* The source takes the archive over; libzip changes the copy and leaves the bytes alone. */
static zip_source_t *make_source(const char *bytes, size_t len)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_error_fini(&error);
    return source;
}

static bool replace(zip_t *zip, const struct aasx_patch *patch)
{
    zip_source_t *content = zip_source_buffer(zip, patch->bytes, patch->len, 0);
    if (content != NULL && zip_file_replace(zip, patch->zip_index, content, 0) == 0) {
        return true;
    }
    zip_source_free(content);
    return false;
}

static bool copy_out(zip_source_t *source, struct buf *to)
{
    char *chunk = malloc(COPY_ROOM);
    zip_int64_t got = chunk == NULL || zip_source_open(source) != 0 ? -1 : 1;
    bool opened = got == 1;
    while (got > 0) {
        got = zip_source_read(source, chunk, COPY_ROOM);
        if (got > 0) {
            buf_add(to, chunk, (size_t)got);
        }
    }
    if (opened) {
        zip_source_close(source);
    }
    free(chunk);
    return got == 0;
}

enum err_code aasx_patch(const char *bytes, size_t len, const struct aasx_patch *patches,
    size_t count, struct buf *to, struct err *err)
{
    enum err_code code = ERR_OK;
    zip_t *zip = NULL;
    zip_source_t *source = make_source(bytes, len);
    if (source == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory for a corrected package");
    }
    zip_source_keep(source);
    zip = zip_open_from_source(source, 0, NULL);
    if (zip == NULL) {
        zip_source_free(source); /* the reference the archive would have owned */
        code = fail(err, "it is no readable ZIP archive");
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        if (!replace(zip, &patches[i])) {
            code = fail(err, zip_strerror(zip));
            goto out;
        }
    }
    if (zip_close(zip) != 0) {
        code = fail(err, zip_strerror(zip));
        goto out;
    }
    zip = NULL;
    if (!copy_out(source, to) || buf_failed(to)) {
        code = err_set(err, ERR_NO_MEMORY, "not enough memory for a corrected package");
    }
out:
    if (zip != NULL) {
        zip_discard(zip);
    }
    zip_source_free(source);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/conformance/packing.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

char *pack(const struct file *files, size_t count, size_t *len)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (size_t i = 0; i < count && files[i].name != NULL; i++) {
        zip_source_t *content =
            zip_source_buffer(zip, files[i].content, strlen(files[i].content), 0);
        cr_assert_geq(zip_file_add(zip, files[i].name, content, ZIP_FL_ENC_UTF_8), 0);
    }
    cr_assert_eq(zip_close(zip), 0);
    zip_stat_t st;
    zip_source_stat(source, &st);
    char *bytes = malloc(st.size);
    zip_source_open(source);
    cr_assert_eq(zip_source_read(source, bytes, st.size), (zip_int64_t)st.size);
    zip_source_close(source);
    zip_source_free(source);
    *len = st.size;
    return bytes;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_WHOLE_FILE_H
#define JIG_API_WHOLE_FILE_H
/*
 * Writing a file as a whole: into a new one beside it, which takes its place when everything is on
 * disk. Until then, and after a failure, what was there before stays as it was. What is no ordinary
 * file (a pipe, a terminal) is written as it is.
 */
#include <stdbool.h>
#include <stdio.h>

#include "aas/err.h"

struct whole_file {
    FILE *stream;
    char *path;   /* of the file itself */
    char *beside; /* of the new one; NULL: it is written in place */
};

/* Opens for writing; whole_file_close must follow. ERR_IO, ERR_NO_MEMORY with a sentence. */
ERR_MUST_USE enum err_code whole_file_open(
    const char *path, struct whole_file *file, struct err *err);

/* With ERR_OK as `code` the new file takes its place, else it is removed. Gives `code` back, or
 * ERR_IO when the end failed. */
ERR_MUST_USE enum err_code whole_file_close(
    struct whole_file *file, enum err_code code, struct err *err);

#endif

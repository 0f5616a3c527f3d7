/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_SUPPORT_CORPUS_H
#define JIG_TESTS_SUPPORT_CORPUS_H
/*
 * What several test programs share: reading files, walking the official corpora, a scratch folder.
 * Everything given out is malloc'd and freed by the caller.
 */
#include <stdbool.h>
#include <stddef.h>

/* Skips the running test with a visible message when the shared folder is missing. */
#define NEED_CORPUS()                                                                              \
    do {                                                                                           \
        if (!corpus_exists()) {                                                                    \
            cr_skip_test("the folder with the official corpora is missing");                       \
        }                                                                                          \
    } while (0)

bool corpus_exists(void);

/* The whole file, NUL-terminated behind; NULL when it cannot be read. */
char *file_read(const char *path, size_t *len);

/* JIG_SHARED + "/" + relative, malloc'd. */
char *corpus_path(const char *relative);

/* Calls `each` for every regular file below `dir` whose name ends with `ending`, in sorted order;
 * returns how many there were. */
size_t files_each(const char *dir, const char *ending,
    void (*each)(const char *path, void *context), void *context);

/* A new empty folder below /tmp, malloc'd path; scratch_remove deletes it with all content. */
char *scratch_new(void);
void scratch_remove(char *dir);

#endif

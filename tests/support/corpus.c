/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/corpus.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool corpus_exists(void)
{
    struct stat st;
    return stat(JIG_SHARED "/corpus", &st) == 0 && S_ISDIR(st.st_mode);
}

char *file_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *bytes = size < 0 ? NULL : malloc((size_t)size + 1);
    if (bytes != NULL) {
        *len = fread(bytes, 1, (size_t)size, file);
        bytes[*len] = '\0';
    }
    fclose(file);
    return bytes;
}

char *corpus_path(const char *relative)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", JIG_SHARED, relative) < 0 ? NULL : path;
}

static bool has_ending(const char *name, const char *ending)
{
    size_t len = strlen(name);
    size_t end = strlen(ending);
    return len >= end && strcmp(name + len - end, ending) == 0;
}

size_t files_each(const char *dir, const char *ending,
    void (*each)(const char *path, void *context), void *context)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);
    size_t seen = 0;
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        struct stat st;
        if (entries[i]->d_name[0] != '.' &&
            asprintf(&path, "%s/%s", dir, entries[i]->d_name) >= 0 && stat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode)) {
                seen += files_each(path, ending, each, context);
            } else if (has_ending(path, ending)) {
                each(path, context);
                seen++;
            }
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    return seen;
}

char *scratch_new(void)
{
    char *dir = strdup("/tmp/jig-test-XXXXXX");
    return dir != NULL && mkdtemp(dir) != NULL ? dir : NULL;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void scratch_remove(char *dir)
{
    if (dir != NULL) {
        nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(dir);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds a corpus to a fuzz target without libFuzzer, so that it runs as an ordinary test.
 *
 *     replay_<name> TAP_FILE FILE_OR_FOLDER...
 *
 * Writes one TAP line per input to TAP_FILE. An input that brings the target down leaves the file
 * one line short, with the name of the culprit as the last comment.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { REPLAY_MAX_BYTES = 64 * 1024 * 1024 }; /* of one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct inputs {
    char **paths; /* malloc'd, as is each path */
    size_t count;
};

static void inputs_add(struct inputs *inputs, const char *path)
{
    char **paths = realloc(inputs->paths, (inputs->count + 1) * sizeof *paths);
    char *copy = strdup(path);
    if (paths == NULL || copy == NULL) {
        perror("replay");
        exit(2);
    }
    inputs->paths = paths;
    inputs->paths[inputs->count++] = copy;
}

/* Adds a file, or the files directly in a folder; a path that does not exist adds nothing. */
static void inputs_collect(struct inputs *inputs, const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return;
    }
    if (!S_ISDIR(info.st_mode)) {
        inputs_add(inputs, path);
        return;
    }
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char below[4096];
        int len = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof below) {
            inputs_add(inputs, below);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Exactly as many bytes as the file has, so that a sanitizer sees a step beyond them. */
static uint8_t *input_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    uint8_t *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        if (end >= 0 && end <= REPLAY_MAX_BYTES) {
            rewind(file);
            *size = (size_t)end;
            bytes = malloc(*size > 0 ? *size : 1);
        }
    }
    if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

static int replay(const char *path, FILE *tap)
{
    size_t size = 0;
    uint8_t *bytes = input_read(path, &size);
    if (bytes == NULL) {
        fprintf(tap, "not ok - %s cannot be read\n", path);
        return 1;
    }
    fprintf(tap, "# %s\n", path);
    fflush(tap);
    LLVMFuzzerTestOneInput(bytes, size);
    fprintf(tap, "ok - %s\n", path);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s TAP_FILE FILE_OR_FOLDER...\n", argv[0]);
        return 2;
    }
    FILE *tap = fopen(argv[1], "w");
    if (tap == NULL) {
        perror(argv[1]);
        return 2;
    }
    struct inputs inputs = {0};
    for (int i = 2; i < argc; i++) {
        inputs_collect(&inputs, argv[i]);
    }
    if (inputs.count > 0) {
        qsort(inputs.paths, inputs.count, sizeof *inputs.paths, by_path);
    }
    fprintf(tap, "TAP version 13\n1..%zu\n", inputs.count);
    int failed = 0;
    for (size_t i = 0; i < inputs.count; i++) {
        failed += replay(inputs.paths[i], tap);
        free(inputs.paths[i]);
    }
    free(inputs.paths);
    fclose(tap);
    printf("%zu inputs, %d failed\n", inputs.count, failed);
    return failed > 0 || inputs.count == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading into the element tree against a plain cJSON parse, side by side over the files named on
 * the command line. Prints MB/s of both and the ratio; medians of the rounds.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "aas/json.h"

enum { ROUNDS = 9, ROOM = 1024 * 1024 * 1024 };

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size < 0 ? NULL : malloc((size_t)size + 1);
        *len = bytes == NULL ? 0 : fread(bytes, 1, (size_t)size, file);
        fclose(file);
    }
    return bytes;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static double time_tree(char **files, const size_t *lens, int count, size_t *peak)
{
    double start = now_seconds();
    for (int i = 0; i < count; i++) {
        struct arena arena;
        arena_init(&arena, ROOM);
        struct aas_node *root = NULL;
        if (aas_json_read(&arena, files[i], lens[i], NULL, NULL, &root, NULL) != ERR_OK) {
            fprintf(stderr, "file %d was not read\n", i);
        }
        *peak = arena.used > *peak ? arena.used : *peak;
        arena_finish(&arena);
    }
    return now_seconds() - start;
}

static double time_cjson(char **files, const size_t *lens, int count)
{
    double start = now_seconds();
    for (int i = 0; i < count; i++) {
        cJSON *root = cJSON_ParseWithLength(files[i], lens[i]);
        cJSON_Delete(root);
    }
    return now_seconds() - start;
}

int main(int argc, char **argv)
{
    int count = argc - 1;
    char **files = calloc((size_t)argc, sizeof *files);
    size_t *lens = calloc((size_t)argc, sizeof *lens);
    double tree[ROUNDS];
    double plain[ROUNDS];
    size_t total = 0;
    size_t peak = 0;
    for (int i = 0; i < count; i++) {
        files[i] = read_file(argv[i + 1], &lens[i]);
        total += lens[i];
    }
    for (int round = 0; round < ROUNDS; round++) {
        plain[round] = time_cjson(files, lens, count);
        tree[round] = time_tree(files, lens, count, &peak);
    }
    qsort(tree, ROUNDS, sizeof *tree, by_size);
    qsort(plain, ROUNDS, sizeof *plain, by_size);
    double mb = (double)total / 1e6;
    printf("%d files, %.1f MB: element tree %.0f MB/s, cJSON %.0f MB/s, ratio %.2f, "
           "largest arena %.1f MB\n",
        count, mb, mb / tree[ROUNDS / 2], mb / plain[ROUNDS / 2],
        plain[ROUNDS / 2] / tree[ROUNDS / 2], (double)peak / 1e6);
    for (int i = 0; i < count; i++) {
        free(files[i]);
    }
    free(files);
    free(lens);
    return 0;
}

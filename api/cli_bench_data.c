/* SPDX-License-Identifier: Apache-2.0 */
/* jig bench-data: made-up templates and submodels for measuring, as files or in a store. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "api/cli.h"
#include "registry/bench_data.h"

enum { FILE_ROOM = 64 * 1024 * 1024, PATH_ROOM = 4096 };
#define MOST_THINGS ((uint64_t)100000000)

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void tell(size_t done, size_t total)
{
    cli_progress("making", done, total, "");
}

static enum err_code write_file(const char *path, const struct buf *bytes, struct err *err)
{
    FILE *file = fopen(path, "w");
    bool written = file != NULL && fwrite(bytes->bytes, 1, bytes->len, file) == bytes->len;
    bool closed = file == NULL || fclose(file) == 0;
    return written && closed
               ? ERR_OK
               : err_set(err, ERR_IO, "%s cannot be written: %s", path, strerror(errno));
}

static enum err_code write_files(
    const char *folder, const struct bench_fill *asked, struct err *err)
{
    struct buf bytes;
    size_t total = bench_data_files(asked);
    enum err_code code = ERR_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return err_set(err, ERR_IO, "%s cannot be made: %s", folder, strerror(errno));
    }
    buf_init(&bytes, FILE_ROOM);
    for (size_t at = 0; at < total && code == ERR_OK; at++) {
        char name[64];
        char path[PATH_ROOM];
        buf_clear(&bytes);
        bench_data_file(&bytes, name, sizeof name, asked, at);
        int len = snprintf(path, sizeof path, "%s/%s", folder, name);
        code = len < 0 || (size_t)len >= sizeof path || buf_failed(&bytes)
                   ? err_set(err, ERR_IO, "the path of %s is too long", name)
                   : write_file(path, &bytes, err);
        if (at % 100 == 0) {
            tell(at, total);
        }
    }
    buf_finish(&bytes);
    return code;
}

static enum err_code fill_store(const char *dir, struct bench_fill *asked, struct err *err)
{
    struct registry *registry = NULL;
    const struct registry_options options = {.store = {.dir = dir}, .without_library = true};
    enum err_code code = registry_open(&options, &registry, err);
    if (code == ERR_OK) {
        asked->told = tell;
        code = bench_data_fill(registry, asked, err);
        registry_close(registry);
    }
    return code;
}

int cli_bench_data(const struct cli_values *values)
{
    struct bench_fill asked = {.seed = 1, .templates = 1000};
    struct err err = {.code = ERR_OK};
    if ((values->seed != NULL &&
            !cli_number("--seed", values->seed, 0, UINT64_MAX - 1, &asked.seed)) ||
        (values->templates != NULL &&
            !cli_number("--templates", values->templates, 0, MOST_THINGS, &asked.templates)) ||
        (values->submodels != NULL &&
            !cli_number("--submodels", values->submodels, 0, MOST_THINGS, &asked.submodels))) {
        return CLI_USAGE;
    }
    double start = now_seconds();
    enum err_code code = values->output != NULL ? write_files(values->output, &asked, &err)
                                                : fill_store(values->store, &asked, &err);
    cli_progress_clear();
    if (code != ERR_OK) {
        return cli_fail("bench-data", &err);
    }
    double seconds = now_seconds() - start;
    printf("%zu files in %.1f s: %llu templates, %llu submodels, %.0f/s\n",
        bench_data_files(&asked), seconds, (unsigned long long)asked.templates,
        (unsigned long long)asked.submodels,
        (double)(asked.templates + asked.submodels) / (seconds > 0 ? seconds : 1));
    return CLI_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aas/path.h"
#include "api/cli.h"

static bool add_path(struct cli_files *files, const char *path)
{
    if (files->count == files->room) {
        size_t room = files->room == 0 ? 64 : files->room * 2;
        char **paths = realloc(files->paths, room * sizeof *paths);
        if (paths == NULL) {
            return false;
        }
        files->paths = paths;
        files->room = room;
    }
    files->paths[files->count] = strdup(path);
    return files->paths[files->count] != NULL && ++files->count > 0;
}

static bool is_model_file(const char *name)
{
    static const char *const endings[] = {".json", ".xml", ".aasx"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t end = strlen(endings[i]);
        if (len > end && strcasecmp(name + len - end, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The folders that are open on the way down: a link that leads back into one of them is left out.
 */
struct way {
    const struct way *up;
    dev_t device;
    ino_t inode;
};

static bool is_open(const struct way *way, const struct stat *st)
{
    for (; way != NULL; way = way->up) {
        if (way->device == st->st_dev && way->inode == st->st_ino) {
            return true;
        }
    }
    return false;
}

static bool add_folder(struct cli_files *files, const char *dir, const struct way *up);

static bool add_entry(
    struct cli_files *files, const char *dir, const char *name, const struct way *way)
{
    char *path = NULL;
    struct stat st;
    if (name[0] == '.') {
        return true;
    }
    if (asprintf(&path, "%s/%s", dir, name) < 0) {
        return false;
    }
    bool fine = true;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            fine = is_open(way, &st) || add_folder(files, path, way);
        } else if (S_ISREG(st.st_mode) && is_model_file(name)) {
            fine = add_path(files, path);
        }
    }
    free(path);
    return fine;
}

static bool add_folder(struct cli_files *files, const char *dir, const struct way *up)
{
    struct dirent **entries = NULL;
    struct stat st;
    int count = stat(dir, &st) == 0 ? scandir(dir, &entries, NULL, alphasort) : -1;
    if (count < 0) { /* an unreadable folder is reported when it is read as a file */
        return add_path(files, dir);
    }
    const struct way way = {.up = up, .device = st.st_dev, .inode = st.st_ino};
    bool fine = true;
    for (int i = 0; i < count; i++) {
        fine = fine && add_entry(files, dir, entries[i]->d_name, &way);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

bool cli_file_is(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

enum err_code cli_files_collect(
    const struct cli_values *values, struct cli_files *files, struct err *err)
{
    if (values->word_count == 0) {
        err_set(err, ERR_UNREADABLE, "no file or folder is named");
        err_rule(err, NULL, "Name at least one PATH.");
        return ERR_UNREADABLE;
    }
    for (size_t i = 0; i < values->word_count; i++) {
        const char *word = values->words[i];
        struct stat st;
        bool folder = stat(word, &st) == 0 && S_ISDIR(st.st_mode);
        if (!(folder ? add_folder(files, word, NULL) : add_path(files, word))) {
            return err_set(err, ERR_NO_MEMORY, "not enough memory for the list of files");
        }
    }
    return ERR_OK;
}

void cli_files_finish(struct cli_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->paths[i]);
    }
    free(files->paths);
    *files = (struct cli_files){.paths = NULL};
}

static enum err_code too_large(const char *path, struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "%s is larger than %d MiB", path, CLI_MAX_FILE / 1024 / 1024);
    err_rule(err, "size", "Split it into smaller files.");
    return ERR_TOO_LARGE;
}

static enum err_code io_error(const char *path, int error, struct err *err)
{
    err_set(err, ERR_UNREADABLE, "%s cannot be read: %s", path, strerror(error));
    err_rule(err, "file", "Check the path and its permissions.");
    return ERR_UNREADABLE;
}

static enum err_code read_all(int fd, const char *path, char **bytes, size_t *len, struct err *err)
{
    struct buf buf;
    buf_init(&buf, (size_t)CLI_MAX_FILE + 1);
    char *chunk = malloc(1024 * 1024);
    ssize_t got = chunk == NULL ? -1 : 1;
    while (got > 0 && !buf_failed(&buf)) {
        got = read(fd, chunk, 1024 * 1024);
        if (got > 0) {
            buf_add(&buf, chunk, (size_t)got);
        }
    }
    int error = errno;
    free(chunk);
    if (got < 0 || buf_failed(&buf)) {
        buf_finish(&buf);
        return got < 0 ? io_error(path, error, err) : too_large(path, err);
    }
    buf_text(&buf);
    *bytes = buf_take(&buf, len);
    return ERR_OK;
}

enum err_code cli_file_read(const char *path, char **bytes, size_t *len, struct err *err)
{
    if (strstr(path, "://") != NULL) {
        err_set(err, ERR_UNREADABLE, "%s is an address, not a file", path);
        err_rule(err, "file", "Download it first and name the file.");
        return ERR_UNREADABLE;
    }
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, "standard input", bytes, len, err);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        enum err_code code = io_error(path, errno, err);
        if (fd >= 0) {
            close(fd);
        }
        return code;
    }
    enum err_code code =
        st.st_size > CLI_MAX_FILE ? too_large(path, err) : read_all(fd, path, bytes, len, err);
    close(fd);
    return code;
}

/* ------------------------------------------------------------------ what is shown */

void cli_printable(char *text)
{
    size_t len = strlen(text);
    size_t bad = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        text[i] = c < 0x20 || c == 0x7F ? '?' : text[i];
    }
    for (size_t at = 0; !aas_utf8_valid(text + at, len - at, &bad); at += bad + 1) {
        text[at + bad] = '?';
    }
}

static bool progress_shown;

void cli_progress(const char *doing, size_t done, size_t total, const char *now)
{
    if (!isatty(STDERR_FILENO) || total < 2) {
        return;
    }
    char bar[25];
    size_t filled = done * (sizeof bar - 1) / total;
    for (size_t i = 0; i < sizeof bar - 1; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[sizeof bar - 1] = '\0';
    const char *slash = strrchr(now, '/');
    char name[41];
    snprintf(name, sizeof name, "%s", slash != NULL ? slash + 1 : now);
    cli_printable(name);
    fprintf(stderr, "\r\033[K%s [%s] %zu/%zu %s", doing, bar, done, total, name);
    progress_shown = true;
    if (done == total) {
        cli_progress_clear();
    }
}

void cli_progress_clear(void)
{
    if (progress_shown) {
        fputs("\r\033[K", stderr);
        progress_shown = false;
    }
}

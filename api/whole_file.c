/* SPDX-License-Identifier: Apache-2.0 */
#include "api/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err_code refuse(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, "%s cannot be written: %s", path, strerror(errno));
}

/* The rights that a new file gets, or those of the one it replaces. */
static void take_rights(int fd, const char *path)
{
    struct stat old;
    mode_t mask = umask(0);
    umask(mask);
    mode_t mode = stat(path, &old) == 0 ? old.st_mode & 07777 : 0666 & ~mask;
    (void)!fchmod(fd, mode);
}

enum err_code whole_file_open(const char *path, struct whole_file *file, struct err *err)
{
    struct stat st;
    *file = (struct whole_file){.stream = NULL};
    bool there = stat(path, &st) == 0;
    bool plain = !there || S_ISREG(st.st_mode);
    char *real = there ? realpath(path, NULL) : NULL; /* a link stays one */
    file->path = real != NULL ? real : strdup(path);
    if (file->path == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to write %s", path);
    }
    if (!plain) {
        file->stream = fopen(path, "wb");
        return file->stream != NULL ? ERR_OK : refuse(path, err);
    }
    if (asprintf(&file->beside, "%s.XXXXXX", file->path) < 0) {
        file->beside = NULL;
        return err_set(err, ERR_NO_MEMORY, "not enough memory to write %s", path);
    }
    int fd = mkstemp(file->beside);
    if (fd < 0) {
        free(file->beside);
        file->beside = NULL;
        return refuse(path, err);
    }
    take_rights(fd, file->path);
    file->stream = fdopen(fd, "wb");
    if (file->stream == NULL) {
        close(fd);
        return refuse(path, err);
    }
    return ERR_OK;
}

/* The name is safe when the folder is. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!fsync(fd);
        close(fd);
    }
    free(folder);
}

enum err_code whole_file_close(struct whole_file *file, enum err_code code, struct err *err)
{
    bool fine = file->stream != NULL;
    if (fine) {
        fine = fflush(file->stream) == 0;
        fine = (file->beside == NULL || fsync(fileno(file->stream)) == 0) && fine;
        fine = fclose(file->stream) == 0 && fine;
    }
    if (code == ERR_OK && fine && file->beside != NULL) {
        fine = rename(file->beside, file->path) == 0;
    }
    if (code == ERR_OK && !fine) {
        code = refuse(file->path, err);
    }
    if (file->beside != NULL && code != ERR_OK) {
        (void)unlink(file->beside);
    } else if (file->beside != NULL) {
        sync_folder(file->path);
    }
    free(file->beside);
    free(file->path);
    *file = (struct whole_file){.stream = NULL};
    return code;
}

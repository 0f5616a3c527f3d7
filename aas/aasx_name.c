/* SPDX-License-Identifier: Apache-2.0 */
/* What values of File elements mean inside of a package, and finding parts by them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "aas/aasx_write.h"
#include "aas/aasx_zip.h"

enum { POUR_BYTES = 64 * 1024 };

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    err_rule(err, "AASX-size", "Split the package into smaller ones.");
    return ERR_TOO_LARGE;
}

const char *aasx_file_value(const struct aas_node *node)
{
    const char *text = node->cls->id == CLASS_File       ? aas_text(node, PROP_value)
                       : node->cls->id == CLASS_Resource ? aas_text(node, PROP_path)
                                                         : NULL;
    return text == NULL || text[0] == '\0' ? NULL : text;
}

/* The path of a value, without "file:"; NULL for what has another scheme or a host. `*absolute`:
 * it starts at the root of the package. */
static const char *path_of(const char *value, bool *absolute)
{
    static const char file[] = "file:";
    bool is_file = strncasecmp(value, file, sizeof file - 1) == 0;
    if (is_file) {
        value += sizeof file - 1;
        value += strspn(value, "/");
    } else {
        size_t scheme = strcspn(value, ":/\\?#");
        if (value[scheme] == ':' || (value[0] == '/' && value[1] == '/')) {
            return NULL;
        }
    }
    *absolute = is_file || value[0] == '/' || value[0] == '\\';
    return value;
}

/* Appends the steps of `path` to the name; false when they leave the root. */
static bool append_steps(char *to, size_t *len, const char *path)
{
    while (*path != '\0') {
        size_t step = strcspn(path, "/\\");
        if (step == 2 && memcmp(path, "..", 2) == 0) {
            if (*len == 0) {
                return false;
            }
            while (to[--*len] != '/') {
            }
        } else if (step > 0 && !(step == 1 && path[0] == '.')) {
            to[(*len)++] = '/';
            memcpy(to + *len, path, step);
            *len += step;
        }
        path += step + (path[step] != '\0');
    }
    to[*len] = '\0';
    return *len > 0;
}

char *aasx_value_name(struct arena *arena, const char *value, const char *folder)
{
    bool absolute = false;
    const char *path = value == NULL ? NULL : path_of(value, &absolute);
    char *plain = path == NULL ? NULL : arena_copy(arena, path, strcspn(path, "?#"));
    char *decoded = plain == NULL ? NULL : aasx_percent_decode(arena, plain);
    char *name = decoded == NULL ? NULL : arena_alloc(arena, strlen(folder) + strlen(decoded) + 3);
    size_t len = 0;
    if (name == NULL || (!absolute && folder[0] != '\0' && !append_steps(name, &len, folder))) {
        return NULL;
    }
    size_t start = len;
    return append_steps(name, &len, decoded) && len > start ? name : NULL;
}

/* ------------------------------------------------------------------ parts by name */

static int by_key(const void *a, const void *b)
{
    const struct aasx_named *x = a;
    const struct aasx_named *y = b;
    int order = strcasecmp(x->key, y->key);
    return order != 0 ? order : strcmp(x->key, y->key);
}

static char *folder_of(struct arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    return arena_copy(arena, name, slash == NULL ? 0 : (size_t)(slash - name));
}

enum err_code aasx_index_make(
    struct arena *arena, const struct aasx *package, struct aasx_index *index, struct err *err)
{
    struct aasx_index made = {.list = arena_alloc(arena, (package->count + 1) * sizeof *made.list),
        .folder = package->count == 0 ? "" : folder_of(arena, package->parts[0].name)};
    if (made.list == NULL || made.folder == NULL) {
        return no_room(err);
    }
    for (size_t i = 0; i < package->count; i++) {
        char *key = aasx_percent_decode(arena, package->parts[i].name);
        if (key == NULL) {
            return no_room(err);
        }
        if (package->parts[i].bytes == NULL) {
            made.list[made.count++] = (struct aasx_named){.key = key, .part = &package->parts[i]};
        }
    }
    qsort(made.list, made.count, sizeof *made.list, by_key);
    *index = made;
    return ERR_OK;
}

/* The first one that is the same apart from case, or better the very same. */
static const struct aasx_part *find_name(const struct aasx_index *index, const char *name)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(index->list[middle].key, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct aasx_part *found = NULL;
    for (; low < index->count && strcasecmp(index->list[low].key, name) == 0; low++) {
        bool same = strcmp(index->list[low].key, name) == 0;
        found = found == NULL || same ? index->list[low].part : found;
    }
    return found;
}

const struct aasx_part *aasx_index_find(
    struct arena *arena, const struct aasx_index *index, const char *value)
{
    const char *const folders[] = {index->folder, ""};
    const struct aasx_part *found = NULL;
    for (size_t i = 0; i < 2 && found == NULL; i++) {
        const char *name = aasx_value_name(arena, value, folders[i]);
        found = name == NULL ? NULL : find_name(index, name);
    }
    return found;
}

/* ------------------------------------------------------------------ contents */

static enum err_code damaged(const struct aasx_part *part, struct err *err)
{
    err_set(err, ERR_UNREADABLE, "\"%.200s\" is damaged", part->name);
    err_rule(err, "AASX-zip", "Save the package again.");
    return ERR_UNREADABLE;
}

/* Never more than the part declares, whatever comes out. */
static enum err_code pour_file(zip_file_t *file, char *piece, const struct aasx_part *part,
    aasx_take take, void *context, struct err *err)
{
    uint64_t got = 0;
    for (;;) {
        zip_int64_t more = zip_fread(file, piece, POUR_BYTES);
        if (more < 0) {
            return damaged(part, err);
        }
        got += (uint64_t)more;
        if (got > part->size || (more == 0 && got < part->size)) {
            return damaged(part, err);
        }
        if (more == 0) {
            return ERR_OK;
        }
        enum err_code code = take(context, piece, (size_t)more, err);
        if (code != ERR_OK) {
            return code;
        }
    }
}

static enum err_code pour_part(struct zip *zip, char *piece, const struct aasx_part *part,
    aasx_take take, void *context, struct err *err)
{
    zip_file_t *file = zip_fopen_index(zip, part->zip_index, 0);
    if (file == NULL) {
        return damaged(part, err);
    }
    enum err_code code = pour_file(file, piece, part, take, context, err);
    zip_fclose(file);
    return code;
}

enum err_code aasx_pour_each(const char *bytes, size_t len, const struct aasx *package,
    aasx_wants wants, aasx_take take, void *context, struct err *err)
{
    struct zip *zip = aasx_zip_open(bytes, len, err);
    char *piece = malloc(POUR_BYTES);
    enum err_code code = zip == NULL ? ERR_UNREADABLE : ERR_OK;
    if (code == ERR_OK && piece == NULL) {
        code = err_set(err, ERR_NO_MEMORY, "not enough memory for a file");
    }
    for (size_t i = 0; i < package->count && code == ERR_OK; i++) {
        if (wants(context, &package->parts[i])) {
            code = pour_part(zip, piece, &package->parts[i], take, context, err);
        }
    }
    free(piece);
    aasx_zip_close(zip);
    return code;
}

/* The one part there is. */
struct only {
    aasx_take take;
    void *context;
};

static bool wants_all(void *context, const struct aasx_part *part)
{
    (void)context;
    (void)part;
    return true;
}

static enum err_code take_only(void *context, const char *bytes, size_t len, struct err *err)
{
    const struct only *only = context;
    return only->take(only->context, bytes, len, err);
}

enum err_code aasx_pour(const char *bytes, size_t len, const struct aasx_part *part, aasx_take take,
    void *context, struct err *err)
{
    struct only only = {.take = take, .context = context};
    struct aasx_part copy = *part;
    const struct aasx package = {.parts = &copy, .count = 1};
    return aasx_pour_each(bytes, len, &package, wants_all, take_only, &only, err);
}

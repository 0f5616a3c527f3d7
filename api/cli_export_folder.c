/* SPDX-License-Identifier: Apache-2.0 */
/* jig export into a folder: every template version a file, everything else in one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "api/cli_export.h"
#include "api/whole_file.h"
#include "registry/curated_file.h"
#include "registry/registered.h"
#include "registry/files.h"
#include "registry/versions_file.h"
#include "templates/exported.h"

enum { PAGE = 1000, FAMILY_ROOM = 64 * 1024 * 1024 };

/* Submodels that a template version brings along; they are not written a second time. */
struct shown {
    char **ids;
    size_t count;
    size_t room;
};

struct folder {
    struct registry_view *view;
    const char *path;
    enum cli_format format;
    struct shown shown;
    size_t files;
};

bool export_is_folder(const char *output)
{
    struct stat st;
    size_t len = output == NULL ? 0 : strlen(output);
    return len > 0 && (output[len - 1] == '/' || (stat(output, &st) == 0 && S_ISDIR(st.st_mode)));
}

static bool remember(struct shown *shown, const char *id)
{
    if (shown->count == shown->room) {
        size_t room = shown->room == 0 ? 64 : shown->room * 2;
        char **ids = realloc(shown->ids, room * sizeof *ids);
        if (ids == NULL) {
            return false;
        }
        shown->ids = ids;
        shown->room = room;
    }
    shown->ids[shown->count] = strdup(id);
    return shown->ids[shown->count] != NULL && ++shown->count > 0;
}

static int compare_texts(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

static void forget(struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++) {
        free(shown->ids[i]);
    }
    free(shown->ids);
}

/* ------------------------------------------------------------------ one file */

static char *file_path(const struct folder *folder, const char *name, enum cli_format format)
{
    const char *ending = format == CLI_XML ? "xml" : format == CLI_AASX ? "aasx" : "json";
    char *path = NULL;
    return asprintf(&path, "%s/%s.%s", folder->path, name, ending) < 0 ? NULL : path;
}

static enum err_code write_text(
    const char *path, bool xml, const struct aas_node *root, struct err *err)
{
    struct buf buf;
    buf_init(&buf, CLI_OUTPUT_ROOM);
    if (xml) {
        aas_xml_write(&buf, root, META_V31, true);
    } else {
        aas_json_write(&buf, root, 0, NULL);
        buf_add_char(&buf, '\n');
    }
    enum err_code code = buf_failed(&buf) ? export_no_room(err) : export_write(path, &buf, err);
    buf_finish(&buf);
    return code;
}

static enum err_code write_tree(struct folder *folder, struct arena *arena, const char *name,
    enum cli_format format, struct aas_node *root, struct err *err)
{
    char *path = file_path(folder, name, format);
    if (path == NULL) {
        return export_no_room(err);
    }
    enum err_code code = format == CLI_AASX
                             ? export_package(folder->view, arena, root, true, path, err)
                             : write_text(path, format == CLI_XML, root, err);
    folder->files += code == ERR_OK;
    free(path);
    return code;
}

/* The package a version came in, as it came. */
static enum err_code copy_package(
    struct folder *folder, const char *name, const struct registry_file *package, struct err *err)
{
    struct whole_file file = {.stream = NULL};
    char *path = file_path(folder, name, CLI_AASX);
    char *piece = malloc(BLOB_CHUNK_BYTES);
    enum err_code code =
        path == NULL || piece == NULL ? export_no_room(err) : whole_file_open(path, &file, err);
    for (uint64_t at = 0; code == ERR_OK && at < package->size;) {
        uint64_t left = package->size - at;
        size_t len = left < BLOB_CHUNK_BYTES ? (size_t)left : BLOB_CHUNK_BYTES;
        code = registry_blob_read(folder->view->registry, package->blob, at, piece, len, err);
        if (code == ERR_OK && fwrite(piece, 1, len, file.stream) != len) {
            code = err_set(err, ERR_IO, "%s cannot be written: %s", path, strerror(errno));
        }
        at += len;
    }
    code = path != NULL && piece != NULL ? whole_file_close(&file, code, err) : code;
    folder->files += code == ERR_OK;
    free(piece);
    free(path);
    return code;
}

/* ------------------------------------------------------------------ template versions */

static enum err_code write_version(
    struct folder *folder, const char *family, const char *label, struct err *err)
{
    struct arena arena;
    struct registry_version version;
    struct aas_node *root = NULL;
    const char *json = NULL;
    size_t len = 0;
    arena_init(&arena, CLI_ARENA_ROOM);
    enum err_code code =
        registry_version(folder->view, &arena, family, label, &version, &json, &len, err);
    if (code == ERR_OK) {
        code = aas_json_read(&arena, json, len, meta_class(CLASS_Environment), NULL, &root, err);
    }
    if (code == ERR_OK && !remember(&folder->shown, version.submodel_id)) {
        code = export_no_room(err);
    }
    if (code == ERR_OK) {
        const char *name = template_exported_name(&arena, family, label);
        struct registry_file package;
        bool packed = name != NULL && folder->format == CLI_AASX &&
                      registry_version_package(folder->view, family, label, &package) == ERR_OK;
        /* What came in no package has no files; JSON says exactly what there is. */
        enum cli_format format = folder->format == CLI_AASX ? CLI_JSON : folder->format;
        code = name == NULL ? export_no_room(err)
               : packed     ? copy_package(folder, name, &package, err)
                            : write_tree(folder, &arena, name, format, root, err);
    }
    arena_finish(&arena);
    return code;
}

typedef enum err_code (*each_version)(
    void *context, const struct registry_version *version, struct err *err);

/* Calls `each` for every version, oldest first within its family. */
static enum err_code walk_versions(
    struct registry_view *view, each_version each, void *context, struct err *err)
{
    struct arena arena;
    struct registry_family *families = NULL;
    size_t count = 0;
    arena_init(&arena, FAMILY_ROOM);
    enum err_code code = registry_families(view, &arena, NULL, 0, &families, &count, err);
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        struct registry_family family;
        struct registry_version *versions = NULL;
        size_t n = 0;
        code = registry_family(view, &arena, families[i].family, &family, &versions, &n, err);
        while (code == ERR_OK && n > 0) {
            code = each(context, &versions[--n], err);
        }
    }
    arena_finish(&arena);
    return code;
}

static enum err_code count_one(
    void *context, const struct registry_version *version, struct err *err)
{
    size_t *count = context;
    (void)version;
    (void)err;
    ++*count;
    return ERR_OK;
}

enum err_code export_count_versions(struct registry_view *view, size_t *count, struct err *err)
{
    *count = 0;
    return walk_versions(view, count_one, count, err);
}

static enum err_code write_one(
    void *context, const struct registry_version *version, struct err *err)
{
    return write_version(context, version->family, version->label, err);
}

/* ------------------------------------------------------------------ everything else */

static bool is_shown(const struct shown *shown, const char *id)
{
    return id != NULL && shown->count > 0 &&
           bsearch(&id, shown->ids, shown->count, sizeof *shown->ids, compare_texts) != NULL;
}

/* Appends one page's documents to the environment's list, leaving out what versions bring. */
static enum err_code add_page(struct folder *folder, struct arena *arena,
    const struct registry_page *page, struct aas_node ***nodes, size_t *count, size_t *room,
    struct err *err)
{
    for (size_t i = 0; i < page->count; i++) {
        struct aas_node *node = NULL;
        const struct registry_document *document = &page->documents[i];
        enum err_code code = aas_json_read(arena, document->json, document->json_len,
            registry_class(document->kind), NULL, &node, err);
        if (code != ERR_OK) {
            return code;
        }
        const char *kind = aas_text(node, PROP_kind);
        bool template = kind != NULL && strcmp(kind, "Template") == 0;
        if (template && is_shown(&folder->shown, aas_text(node, PROP_id))) {
            continue;
        }
        if (*count == *room) {
            size_t more = *room == 0 ? PAGE : *room * 2;
            struct aas_node **grown = arena_alloc(arena, more * sizeof *grown);
            if (grown == NULL) {
                return export_no_room(err);
            }
            if (*count > 0) {
                memcpy(grown, *nodes, *count * sizeof *grown);
            }
            *nodes = grown;
            *room = more;
        }
        (*nodes)[(*count)++] = node;
    }
    return ERR_OK;
}

static enum err_code add_kind(struct folder *folder, struct arena *arena,
    struct aas_node *environment, enum registry_kind kind, enum meta_prop_id list, struct err *err)
{
    struct registry_filter filter = {.limit = PAGE};
    struct registry_page page = {.count = 0};
    struct aas_node **nodes = NULL;
    size_t count = 0;
    size_t room = 0;
    enum err_code code = ERR_OK;
    do {
        code = registry_list(folder->view, arena, kind, &filter, &page, err);
        if (code == ERR_OK) {
            code = add_page(folder, arena, &page, &nodes, &count, &room, err);
        }
        filter.after = page.next;
    } while (code == ERR_OK && page.next != 0);
    if (code == ERR_OK && count > 0 &&
        aas_set_list(arena, environment, list, nodes, count) != ERR_OK) {
        code = export_no_room(err);
    }
    return code;
}

static enum err_code write_models(struct folder *folder, struct err *err)
{
    struct arena arena;
    arena_init(&arena, CLI_ARENA_ROOM);
    struct aas_node *environment = aas_node_new(&arena, meta_class(CLASS_Environment));
    enum err_code code = environment == NULL ? export_no_room(err) : ERR_OK;
    if (code == ERR_OK) {
        code = add_kind(
            folder, &arena, environment, REGISTRY_SHELL, PROP_assetAdministrationShells, err);
    }
    if (code == ERR_OK) {
        code = add_kind(folder, &arena, environment, REGISTRY_SUBMODEL, PROP_submodels, err);
    }
    if (code == ERR_OK) {
        code = add_kind(folder, &arena, environment, REGISTRY_CONCEPT_DESCRIPTION,
            PROP_conceptDescriptions, err);
    }
    if (code == ERR_OK) {
        code = write_tree(folder, &arena, "_models", folder->format, environment, err);
    }
    arena_finish(&arena);
    return code;
}

/* What was registered by hand; it has no XML. */
static enum err_code write_registered(struct folder *folder, struct err *err)
{
    struct buf buf;
    size_t count = 0;
    char *path = NULL;
    if (asprintf(&path, "%s/" REGISTERED_FILE, folder->path) < 0) {
        return export_no_room(err);
    }
    buf_init(&buf, CLI_OUTPUT_ROOM);
    enum err_code code = registered_export(folder->view, &buf, &count, err);
    if (code == ERR_OK && buf_failed(&buf)) {
        code = export_no_room(err);
    }
    if (code == ERR_OK && count > 0) {
        code = export_write(path, &buf, err);
        folder->files += code == ERR_OK;
    }
    buf_finish(&buf);
    free(path);
    return code;
}

typedef enum err_code (*write_file)(struct registry_view *view, struct buf *buf, struct err *err);

/* What is said of all that the folder holds: the states of versions; trees, tags and names. */
static enum err_code write_said(
    struct folder *folder, const char *name, write_file write, struct err *err)
{
    struct buf buf;
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder->path, name) < 0) {
        return export_no_room(err);
    }
    buf_init(&buf, CLI_OUTPUT_ROOM);
    enum err_code code = write(folder->view, &buf, err);
    if (code == ERR_OK) {
        code = buf_failed(&buf) ? export_no_room(err) : export_write(path, &buf, err);
    }
    folder->files += code == ERR_OK;
    buf_finish(&buf);
    free(path);
    return code;
}

enum err_code export_folder(struct registry_view *view, const char *path, enum cli_format format,
    size_t *files, struct err *err)
{
    struct folder folder = {.view = view, .path = path, .format = format};
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        return err_set(err, ERR_IO, "the folder %s cannot be made: %s", path, strerror(errno));
    }
    enum err_code code = walk_versions(view, write_one, &folder, err);
    if (code == ERR_OK && folder.shown.count > 0) {
        qsort(folder.shown.ids, folder.shown.count, sizeof *folder.shown.ids, compare_texts);
    }
    if (code == ERR_OK) {
        code = write_models(&folder, err);
    }
    if (code == ERR_OK) {
        code = write_registered(&folder, err);
    }
    if (code == ERR_OK) {
        code = write_said(&folder, VERSIONS_FILE, versions_file_write, err);
    }
    if (code == ERR_OK) {
        code = write_said(&folder, CURATED_FILE, curated_file_write, err);
    }
    *files = folder.files;
    forget(&folder.shown);
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* jig export: templates and models as one Environment. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "api/cli_export.h"
#include "api/whole_file.h"
#include "api/package_make.h"
#include "api/text_set.h"

static const enum registry_kind kinds[] = {
    REGISTRY_SHELL, REGISTRY_SUBMODEL, REGISTRY_CONCEPT_DESCRIPTION};
static const enum meta_prop_id lists[] = {
    PROP_assetAdministrationShells, PROP_submodels, PROP_conceptDescriptions};

enum { KINDS = 3 };

struct collected {
    struct aas_node **nodes;
    size_t count;
    size_t room;
    struct text_set ids; /* of what things that were named brought along */
};

struct export
{
    struct registry_view view;
    struct arena arena;
    struct collected kinds[KINDS];
};

enum err_code export_no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "what is to be exported does not fit into memory");
    err_rule(err, "size", "Name what you need and export in parts.");
    return ERR_TOO_LARGE;
}

/* An id that two named things bring along is written once: the first one counts. */
static enum err_code collect(
    struct export *export, size_t kind, struct aas_node *node, bool unique, struct err *err)
{
    struct collected *to = &export->kinds[kind];
    const char *id = unique ? NULL : aas_text(node, PROP_id);
    bool is_new = true;
    if (id != NULL && text_set_add(&to->ids, &export->arena, id, &is_new, err) != ERR_OK) {
        return export_no_room(err);
    }
    if (!is_new) {
        return ERR_OK;
    }
    if (to->count == to->room) {
        size_t room = to->room == 0 ? 64 : to->room * 2;
        struct aas_node **nodes = arena_alloc(&export->arena, room * sizeof *nodes);
        if (nodes == NULL) {
            return export_no_room(err);
        }
        if (to->count > 0) {
            memcpy(nodes, to->nodes, to->count * sizeof *nodes);
        }
        to->nodes = nodes;
        to->room = room;
    }
    to->nodes[to->count++] = node;
    return ERR_OK;
}

static enum err_code collect_environment(
    struct export *export, const char *json, size_t len, struct err *err)
{
    struct aas_node *root = NULL;
    const struct meta_class *environment = meta_class(CLASS_Environment);
    enum err_code code = aas_json_read(&export->arena, json, len, environment, NULL, &root, err);
    for (size_t kind = 0; code == ERR_OK && kind < KINDS; kind++) {
        size_t count = 0;
        struct aas_node **nodes = aas_list(root, lists[kind], &count);
        for (size_t i = 0; code == ERR_OK && i < count; i++) {
            code = collect(export, kind, nodes[i], false, err);
        }
    }
    return code;
}

static enum err_code collect_document(struct export *export, size_t kind,
    const struct registry_document *document, bool unique, struct err *err)
{
    struct aas_node *node = NULL;
    enum err_code code = aas_json_read(&export->arena, document->json, document->json_len,
        registry_class(kinds[kind]), NULL, &node, err);
    return code == ERR_OK ? collect(export, kind, node, unique, err) : code;
}

static enum err_code collect_all(struct export *export, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t kind = 0; code == ERR_OK && kind < KINDS; kind++) {
        struct registry_filter filter = {.limit = 1000};
        struct registry_page page = {.count = 0};
        do {
            code = registry_list(&export->view, &export->arena, kinds[kind], &filter, &page, err);
            for (size_t i = 0; code == ERR_OK && i < page.count; i++) {
                code = collect_document(export, kind, &page.documents[i], true, err);
            }
            filter.after = page.next;
        } while (code == ERR_OK && page.next != 0);
    }
    return code;
}

static enum err_code collect_by_id(struct export *export, const char *name, struct err *err)
{
    for (size_t kind = 0; kind < KINDS; kind++) {
        struct registry_document document;
        enum err_code code =
            registry_get(&export->view, kinds[kind], name, strlen(name), &document, err);
        if (code != ERR_NOT_FOUND) {
            return code == ERR_OK ? collect_document(export, kind, &document, false, err) : code;
        }
    }
    err_set(err, ERR_NOT_FOUND, "the store has no template family and no id \"%.200s\"", name);
    err_rule(err, NULL, "Find names with jig search.");
    return ERR_NOT_FOUND;
}

static enum err_code collect_name(struct export *export, const char *name, struct err *err)
{
    const char *at = strrchr(name, '@');
    size_t len = at != NULL ? (size_t)(at - name) : strlen(name);
    char *family = arena_copy(&export->arena, name, len);
    struct registry_version version;
    const char *json = NULL;
    size_t json_len = 0;
    if (family == NULL) {
        return export_no_room(err);
    }
    enum err_code code = registry_version(&export->view, &export->arena, family,
        at != NULL ? at + 1 : NULL, &version, &json, &json_len, err);
    if (code == ERR_OK) {
        return collect_environment(export, json, json_len, err);
    }
    return code == ERR_NOT_FOUND ? collect_by_id(export, name, err) : code;
}

static enum err_code build(struct export *export, struct aas_node **root, struct err *err)
{
    *root = aas_node_new(&export->arena, meta_class(CLASS_Environment));
    for (size_t kind = 0; kind < KINDS; kind++) {
        const struct collected *from = &export->kinds[kind];
        if (*root == NULL || (from->count > 0 && aas_set_list(&export->arena, *root, lists[kind],
                                                     from->nodes, from->count) != ERR_OK)) {
            return export_no_room(err);
        }
    }
    return ERR_OK;
}

enum err_code export_package(struct registry_view *view, struct arena *arena,
    struct aas_node *environment, bool json, const char *path, struct err *err)
{
    const struct aasx_form form = {.version = META_V31, .json = json};
    return package_make(view->registry, arena, environment, &form, path, err);
}

enum err_code export_write(const char *output, const struct buf *buf, struct err *err)
{
    struct whole_file file;
    if (output == NULL) {
        bool fine = fwrite(buf->bytes, 1, buf->len, stdout) == buf->len && fflush(stdout) == 0;
        return fine
                   ? ERR_OK
                   : err_set(err, ERR_IO, "standard output cannot be written: %s", strerror(errno));
    }
    enum err_code code = whole_file_open(output, &file, err);
    if (code == ERR_OK && fwrite(buf->bytes, 1, buf->len, file.stream) != buf->len) {
        code = err_set(err, ERR_IO, "%s cannot be written: %s", output, strerror(errno));
    }
    return whole_file_close(&file, code, err);
}

static enum err_code run(
    struct export *export, const struct cli_values *values, enum cli_format format, struct err *err)
{
    enum err_code code = values->word_count == 0 ? collect_all(export, err) : ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < values->word_count; i++) {
        code = collect_name(export, values->words[i], err);
    }
    struct aas_node *root = NULL;
    if (code == ERR_OK) {
        code = build(export, &root, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (format == CLI_AASX) {
        return export_package(&export->view, &export->arena, root, false, values->output, err);
    }
    struct buf buf;
    buf_init(&buf, CLI_OUTPUT_ROOM);
    if (format == CLI_XML) {
        aas_xml_write(&buf, root, META_V31, true);
    } else {
        aas_json_write(&buf, root, 0, NULL);
        buf_add_char(&buf, '\n');
    }
    code = buf_failed(&buf) ? export_no_room(err) : export_write(values->output, &buf, err);
    buf_finish(&buf);
    return code;
}

/* One document shows each template id once; whoever wants all versions is told how. */
static enum err_code mention_versions(struct registry_view *view, struct err *err)
{
    size_t versions = 0;
    enum err_code code = export_count_versions(view, &versions, err);
    if (code == ERR_OK && versions > 0) {
        fprintf(stderr,
            "jig export: of the %zu template versions the newest of each id is written; "
            "--output FOLDER/ writes all of them\n",
            versions);
    }
    return code;
}

static enum err_code run_all(
    struct export *export, const struct cli_values *values, enum cli_format format, struct err *err)
{
    if (!export_is_folder(values->output)) {
        enum err_code code = run(export, values, format, err);
        return code == ERR_OK && values->word_count == 0 ? mention_versions(&export->view, err)
                                                         : code;
    }
    size_t files = 0;
    if (values->word_count > 0) {
        err_set(err, ERR_BAD_INPUT, "a folder takes the whole store, not single names");
        err_rule(err, NULL, "Leave the names out, or name a file behind --output.");
        return ERR_BAD_INPUT;
    }
    enum err_code code = export_folder(&export->view, values->output, format, &files, err);
    if (code == ERR_OK) {
        printf("%zu file%s in %s\n", files, files == 1 ? "" : "s", values->output);
    }
    return code;
}

/* The name of the file says what is wanted in it. */
static enum cli_format usual_format(const char *output)
{
    size_t len = output == NULL ? 0 : strlen(output);
    return len > 5 && strcasecmp(output + len - 5, ".aasx") == 0 ? CLI_AASX : CLI_JSON;
}

int cli_export(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_JSON, CLI_XML, CLI_AASX};
    enum cli_format format = CLI_JSON;
    struct err err = {.code = ERR_OK};
    struct registry *registry = NULL;
    if (!cli_format(values, formats, 3, usual_format(values->output), &format)) {
        return CLI_USAGE;
    }
    if (format == CLI_AASX && values->output == NULL) {
        fprintf(stderr, "jig export: a package needs a name: --output FILE.aasx\n");
        return CLI_USAGE;
    }
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (registry_open(&options, &registry, &err) != ERR_OK) {
        return cli_fail("export", &err);
    }
    struct export export = {.view = {.registry = NULL}};
    arena_init(&export.arena, CLI_ARENA_ROOM);
    enum err_code code = registry_view_begin(registry, &export.view, &err);
    if (code == ERR_OK) {
        code = run_all(&export, values, format, &err);
        registry_view_end(&export.view);
    }
    arena_finish(&export.arena);
    registry_close(registry);
    return code == ERR_OK ? CLI_OK : cli_fail("export", &err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* jig tags and jig categories: what is kept beside the templates, on the command line. */
#include <string.h>

#include "api/cli.h"
#include "registry/curated.h"

#define TAGS_ARENA ((size_t)64 << 20)

/* One call of a command. */
struct call {
    const struct cli_values *values;
    struct registry *registry;
    struct arena arena;
    struct registry_author author;
};

/* Words with blanks or commas between; "" is none. */
static size_t split(struct arena *arena, const char *text, const char ***list)
{
    size_t count = 0;
    *list = arena_alloc(arena, CURATED_TAGS_MOST * sizeof **list);
    for (const char *at = text; *list != NULL && count < CURATED_TAGS_MOST; count++) {
        at += strspn(at, " ,");
        size_t len = strcspn(at, " ,");
        if (len == 0) {
            break;
        }
        (*list)[count] = arena_copy(arena, at, len);
        at += len;
        for (size_t i = 0; i < count && (*list)[count] != NULL; i++) {
            if (strcmp((*list)[i], (*list)[count]) == 0) {
                count--; /* once is enough */
                break;
            }
        }
    }
    return count;
}

/* "ko=프레스;en=Press"; false when a part has no =. */
static bool read_names(
    struct arena *arena, const char *text, const struct curated_name **names, size_t *count)
{
    struct curated_name *list = arena_alloc(arena, CURATED_NAMES_MOST * sizeof *list);
    *count = 0;
    for (const char *at = text; list != NULL && *at != '\0' && *count < CURATED_NAMES_MOST;) {
        size_t len = strcspn(at, ";");
        const char *equals = memchr(at, '=', len);
        if (equals == NULL) {
            return false;
        }
        list[*count].language = arena_copy(arena, at, (size_t)(equals - at));
        list[*count].text = arena_copy(arena, equals + 1, len - (size_t)(equals - at) - 1);
        (*count)++;
        at += len + (at[len] == ';');
    }
    *names = list;
    return list != NULL;
}

static void print_names(const struct curated_name *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf("  %s=%s", names[i].language, names[i].text);
    }
}

static enum err_code open_registry(struct call *call, struct err *err)
{
    const struct registry_options options = {
        .store = {.dir = call->values->store, .must_exist = true}, .without_library = true};
    return registry_open(&options, &call->registry, err);
}

/* ------------------------------------------------------------------ tags */

static enum err_code show_tags(struct call *call, const char *family, struct err *err)
{
    struct registry_view view;
    struct curated_row row;
    enum err_code code = registry_view_begin(call->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = curated_family(&view.txn, &call->arena, family, &row, err);
    registry_view_end(&view);
    for (unsigned tree = 0; code == ERR_OK && tree < OVERLAY_TREES; tree++) {
        printf("%-10s", curated_tree_name((enum overlay_tree)tree));
        for (size_t i = 0; i < row.tag_count[tree]; i++) {
            printf(" %s", row.tags[tree][i]);
        }
        putchar('\n');
    }
    if (code == ERR_OK) {
        fputs("names    ", stdout);
        print_names(row.names, row.name_count);
        printf("\nwords      %s\n", row.words);
    }
    return code;
}

static enum err_code set_tags(struct call *call, const char *family, struct err *err)
{
    const struct cli_values *values = call->values;
    const char *const given[OVERLAY_TREES] = {
        values->category, values->equipment, values->process, values->phase};
    struct registry_view view;
    struct curated_row row;
    unsigned char hash[STORE_HASH_BYTES];
    enum err_code code = registry_view_begin(call->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = curated_family(&view.txn, &call->arena, family, &row, err);
    registry_view_end(&view);
    if (code != ERR_OK) {
        return code;
    }
    curated_row_hash(&row, hash);
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        if (given[tree] != NULL) {
            const char **tags = NULL;
            row.tag_count[tree] =
                split(&call->arena, strcmp(given[tree], "none") == 0 ? "" : given[tree], &tags);
            row.tags[tree] = tags;
        }
    }
    if (values->names != NULL &&
        !read_names(&call->arena, values->names, &row.names, &row.name_count)) {
        return err_set(err, ERR_BAD_INPUT, "names are written as ko=NAME;en=NAME");
    }
    row.words = values->other_words != NULL ? values->other_words : row.words;
    return curated_family_put(call->registry, family, &row, hash, &call->author, err);
}

/* ------------------------------------------------------------------ categories */

static enum err_code list_categories(struct call *call, struct err *err)
{
    struct registry_view view;
    struct curated_node *nodes = NULL;
    size_t count = 0;
    enum err_code code = registry_view_begin(call->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = curated_nodes(&view.txn, &call->arena, &nodes, &count, err);
    registry_view_end(&view);
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        printf("%s/%s", curated_tree_name(nodes[i].tree), nodes[i].value);
        if (nodes[i].parent[0] != '\0') {
            printf(" < %s", nodes[i].parent);
        }
        print_names(nodes[i].names, nodes[i].name_count);
        putchar('\n');
    }
    return code;
}

static enum err_code change_category(
    struct call *call, const char *what, const char *place, struct err *err)
{
    const struct cli_values *values = call->values;
    const char *slash = strchr(place, '/');
    const char *tree =
        slash == NULL ? NULL : arena_copy(&call->arena, place, (size_t)(slash - place));
    struct curated_node node = {.value = slash == NULL ? "" : slash + 1,
        .parent = values->parent != NULL ? values->parent : ""};
    if (tree == NULL || !curated_tree_read(tree, &node.tree)) {
        return err_set(err, ERR_BAD_INPUT,
            "a value is named TREE/VALUE; trees are category, equipment, process and phase");
    }
    if (strcmp(what, "delete") == 0) {
        return curated_node_delete(call->registry, node.tree, node.value, NULL, &call->author, err);
    }
    if (values->names != NULL &&
        !read_names(&call->arena, values->names, &node.names, &node.name_count)) {
        return err_set(err, ERR_BAD_INPUT, "names are written as ko=NAME;en=NAME");
    }
    return curated_node_put(call->registry, &node, NULL, &call->author, err);
}

/* ------------------------------------------------------------------ calling */

static int finish(struct call *call, const char *command, enum err_code code, const struct err *err)
{
    registry_close(call->registry);
    arena_finish(&call->arena);
    return code == ERR_OK ? CLI_OK : cli_fail(command, err);
}

static void begin(struct call *call, const struct cli_values *values)
{
    *call = (struct call){.values = values,
        .author = {.name = values->author != NULL ? values->author : cli_login_name(),
            .message = values->message}};
    arena_init(&call->arena, TAGS_ARENA);
}

int cli_tags(const struct cli_values *values)
{
    struct call call;
    struct err err = {.code = ERR_OK};
    if (values->word_count != 1) {
        fputs("jig tags: name a template family\n", stderr);
        return CLI_USAGE;
    }
    const char *family = values->words[0];
    bool change = values->category != NULL || values->equipment != NULL ||
                  values->process != NULL || values->phase != NULL || values->names != NULL ||
                  values->other_words != NULL;
    begin(&call, values);
    enum err_code code = open_registry(&call, &err);
    if (code == ERR_OK && change) {
        code = set_tags(&call, family, &err);
    }
    if (code == ERR_OK) {
        code = show_tags(&call, family, &err);
    }
    return finish(&call, "tags", code, &err);
}

int cli_categories(const struct cli_values *values)
{
    struct call call;
    struct err err = {.code = ERR_OK};
    const char *what = values->word_count > 0 ? values->words[0] : "list";
    bool listing = strcmp(what, "list") == 0 && values->word_count <= 1;
    bool changing =
        (strcmp(what, "put") == 0 || strcmp(what, "delete") == 0) && values->word_count == 2;
    if (!listing && !changing) {
        fputs("jig categories: say list, put TREE/VALUE or delete TREE/VALUE\n", stderr);
        return CLI_USAGE;
    }
    begin(&call, values);
    enum err_code code = open_registry(&call, &err);
    if (code == ERR_OK) {
        code = listing ? list_categories(&call, &err)
                       : change_category(&call, what, values->words[1], &err);
    }
    return finish(&call, "categories", code, &err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* jig diff: what changed between two submodels, out of files or the store, and what it breaks. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aas/json.h"
#include "api/cli.h"
#include "conformance/compare.h"
#include "conformance/judge.h"
#include "registry/registry.h"
#include "templates/identity.h"

struct diff {
    const struct cli_values *values;
    struct arena arena;
    struct report report;
    struct registry *registry; /* NULL until a version out of the store is asked for */
    struct registry_view view;
    const struct aas_node *root[2];
    const char *label[2]; /* of a version out of the store, NULL: a file */
    const char *name[2];  /* which submodel, NULL: the only one */
};

/* ------------------------------------------------------------------ both sides */

static bool is_file(const char *word)
{
    return strcmp(word, "-") == 0 || access(word, F_OK) == 0 || strchr(word, '/') != NULL;
}

static enum err_code load_file(struct diff *diff, int side, const char *path, struct err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    struct judge_result result = {.root = NULL};
    enum err_code code = cli_file_read(path, &bytes, &len, err);
    if (code == ERR_OK) {
        const struct judge_input input = {.bytes = bytes, .len = len, .without_schema = true};
        code = judge_document(&diff->arena, &input, &diff->report, &result, err);
    }
    free(bytes);
    diff->root[side] = result.root;
    return code;
}

static enum err_code open_store(struct diff *diff, struct err *err)
{
    if (diff->registry != NULL) {
        return ERR_OK;
    }
    const struct registry_options options = {
        .store = {.dir = diff->values->store, .must_exist = true}, .without_library = true};
    enum err_code code = registry_open(&options, &diff->registry, err);
    if (code == ERR_OK) {
        code = registry_view_begin(diff->registry, &diff->view, err);
        if (code != ERR_OK) {
            registry_close(diff->registry);
            diff->registry = NULL;
        }
    }
    return code;
}

static enum err_code load_version(struct diff *diff, int side, const char *name, struct err *err)
{
    const char *at = strchr(name, '@');
    const char *family =
        arena_copy(&diff->arena, name, at != NULL ? (size_t)(at - name) : strlen(name));
    struct registry_version version;
    struct aas_node *root = NULL;
    const char *json;
    size_t len;
    enum err_code code = open_store(diff, err);
    if (code == ERR_OK && family == NULL) {
        code = err_set(err, ERR_TOO_LARGE, "%s", err_default_text(ERR_TOO_LARGE));
    }
    if (code == ERR_OK) {
        code = registry_version(&diff->view, &diff->arena, family, at != NULL ? at + 1 : NULL,
            &version, &json, &len, err);
    }
    if (code == ERR_OK) {
        code =
            aas_json_read(&diff->arena, json, len, meta_class(CLASS_Environment), NULL, &root, err);
        diff->root[side] = root;
        diff->label[side] = version.label;
        if (diff->name[side] == NULL && version.submodel_id[0] != '\0') {
            diff->name[side] = version.submodel_id;
        }
    } else if (code == ERR_NOT_FOUND) {
        err_rule(err, NULL, "Name a file, or FAMILY@VERSION as jig search prints it.");
    }
    return code;
}

static struct compare_number number_of(
    struct diff *diff, int side, const struct aas_node *submodel, const char *path)
{
    struct template_identity identity;
    if (diff->label[side] != NULL) {
        return compare_number_of(diff->label[side], NULL);
    }
    if (template_identify(&diff->arena, submodel, path, &identity) != ERR_OK ||
        identity.version == 0) {
        return compare_number_of(NULL, submodel);
    }
    return (struct compare_number){identity.version, identity.revision, identity.bugfix, true};
}

/* Which of the two it is, and where in it. */
static enum err_code say_which(const char *word, enum err_code code, struct err *err)
{
    struct err said = *err;
    if (said.line > 0) {
        err_set(err, code, "%.200s, line %lu: %s", word, (unsigned long)said.line, said.text);
    } else if (strstr(said.text, word) == NULL) {
        err_set(err, code, "%.200s: %s", word, said.text);
    }
    err_rule(err, said.rule, said.remedy);
    return code;
}

static enum err_code load(struct diff *diff, int side, const char *word, struct err *err)
{
    enum err_code code =
        is_file(word) ? load_file(diff, side, word, err) : load_version(diff, side, word, err);
    if (code == ERR_NOT_FOUND && !is_file(word) && diff->registry == NULL) {
        const char *dir = diff->values->store;
        err_set(err, code, "there is neither a file '%.200s' nor a store in '%.300s'", word, dir);
        err_rule(err, NULL, "Name a file, or FAMILY@VERSION as jig search prints it.");
    }
    return code == ERR_OK ? ERR_OK : say_which(word, code, err);
}

/* ------------------------------------------------------------------ comparing */

static enum err_code print(const struct comparison *comparison, const struct compare_output *output,
    enum cli_format format, struct err *err)
{
    struct buf out;
    enum err_code code = ERR_OK;
    buf_init(&out, CLI_OUTPUT_ROOM);
    if (format == CLI_JSON) {
        compare_write_json(&out, comparison, output);
        buf_add_char(&out, '\n');
    } else {
        compare_write_text(&out, comparison, output);
    }
    if (buf_failed(&out)) {
        code = err_set(err, ERR_TOO_LARGE, "the comparison does not fit into memory");
    } else if (fwrite(out.bytes, 1, out.len, stdout) != out.len || fflush(stdout) != 0) {
        code = err_set(err, ERR_IO, "standard output cannot be written");
    }
    buf_finish(&out);
    return code;
}

static enum err_code run(struct diff *diff, const struct compare_output *output,
    enum cli_format format, bool *compatible, struct err *err)
{
    const char *const *words = diff->values->words;
    struct compare_input input = {.name = {words[0], words[1]}};
    struct comparison comparison;
    enum err_code code = ERR_OK;
    for (int side = 0; code == ERR_OK && side < 2; side++) {
        code = load(diff, side, words[side], err);
    }
    if (code == ERR_OK) {
        code = compare_pick(diff->root, diff->name, &input, err);
    }
    for (int side = 0; code == ERR_OK && side < 2; side++) {
        input.number[side] = number_of(diff, side, input.submodel[side], words[side]);
    }
    if (code == ERR_OK) {
        code = compare_run(&diff->arena, &input, &comparison, err);
    }
    if (code == ERR_OK) {
        enum compare_verdict verdict = comparison.verdict[output->mode];
        *compatible = verdict == COMPARE_FULL || verdict == COMPARE_BACKWARD;
        code = print(&comparison, output, format, err);
    }
    return code;
}

static bool read_output(
    const struct cli_values *values, struct compare_output *output, enum cli_format *format)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSON};
    const char *none = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    *output = (struct compare_output){.mode = COMPARE_EXACT, .rows = values->rows};
    output->colour = isatty(STDOUT_FILENO) == 1 && (none == NULL || none[0] == '\0') &&
                     (terminal == NULL || strcmp(terminal, "dumb") != 0);
    if (values->word_count != 2) {
        fputs("jig diff: name two files or versions; see jig diff --help\n", stderr);
        return false;
    }
    if (values->mode != NULL && !compare_mode_read(values->mode, &output->mode)) {
        fprintf(stderr,
            "jig diff: --mode is exact, value, ignore-version or supplemental, not \"%s\"\n",
            values->mode);
        return false;
    }
    return cli_format(values, formats, 2, CLI_TEXT, format) &&
           cli_language("diff", values, &output->language);
}

int cli_diff(const struct cli_values *values)
{
    struct diff diff = {.values = values, .name = {values->submodel_id, values->submodel_id}};
    struct compare_output output;
    enum cli_format format = CLI_TEXT;
    struct err err = {.code = ERR_OK};
    bool compatible = false;
    if (!read_output(values, &output, &format)) {
        return CLI_USAGE;
    }
    enum err_code code = judge_start(&err);
    arena_init(&diff.arena, CLI_ARENA_ROOM);
    report_init(&diff.report);
    if (code == ERR_OK) {
        code = run(&diff, &output, format, &compatible, &err);
    }
    report_finish(&diff.report);
    arena_finish(&diff.arena);
    if (diff.registry != NULL) {
        registry_view_end(&diff.view);
        registry_close(diff.registry);
    }
    judge_stop();
    if (code != ERR_OK) {
        int exit_code = cli_fail("diff", &err);
        return exit_code == CLI_FINDINGS ? CLI_USAGE : exit_code; /* 1 says: not compatible */
    }
    return compatible ? CLI_OK : CLI_FINDINGS;
}

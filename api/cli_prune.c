/* SPDX-License-Identifier: Apache-2.0 */
/* jig prune: takes old values out of histories, and old files out of what is kept. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/cli.h"
#include "registry/kept.h"
#include "registry/prune.h"

enum { SAID = 160 };

static bool complain_age(
    const char *command, const char *option, const char *text, const char *others)
{
    fprintf(stderr,
        "jig %s: %s is \"%s\"; write a number of days, hours, minutes or seconds, for example 90d, "
        "36h, 30m or 45s%s\n",
        command, option, text, others);
    return false;
}

bool cli_age(const char *command, const char *option, const char *text, int64_t *age_ms)
{
    return text == NULL || prune_read_age(text, age_ms) || complain_age(command, option, text, "");
}

bool cli_age_or_none(const char *command, const char *option, const char *text, int64_t *age_ms)
{
    return text == NULL || strcmp(text, "none") == 0 || prune_read_age(text, age_ms) ||
           complain_age(command, option, text, ", or none");
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Files are looked after in the whole store; false after a complaint. */
static bool read_files(
    const struct cli_values *values, const struct prune_rule *rule, struct kept_pruning *files)
{
    int64_t age_ms = 0;
    const char *keep = values->keep_files;
    bool whole = values->word_count == 0 && rule->kind == 0;
    *files = (struct kept_pruning){.dry_run = values->dry_run};
    if (!cli_age_or_none("prune", "--keep-files", keep, &age_ms)) {
        return false;
    }
    if (keep != NULL && !whole) {
        fputs(
            "jig prune: --keep-files is about all files, not those of one thing or kind\n", stderr);
        return false;
    }
    files->bytes_before_ms = keep != NULL ? now_ms() - age_ms : 0;
    files->rows_before_ms = whole ? rule->structure_before_ms : 0;
    return true;
}

/* What the command line says; false after a complaint. */
static bool read_rule(const struct cli_values *values, struct prune_rule *rule, char said[SAID])
{
    int64_t age_ms = 0;
    const char *keep = values->keep_values;
    const char *before = values->structure_before;
    *rule = (struct prune_rule){.said = said, .dry_run = values->dry_run};
    if (keep == NULL && before == NULL && values->keep_files == NULL) {
        fputs("jig prune: say how long values are kept, as in --keep-values 90d\n", stderr);
        return false;
    }
    if (!cli_age("prune", "--keep-values", keep, &age_ms) ||
        !cli_moment("prune", "--structure-before", before, &rule->structure_before_ms) ||
        !cli_kind("prune", values->kind, &rule->kind)) {
        return false;
    }
    if (keep != NULL) {
        rule->values_before_ms = now_ms() - age_ms;
    }
    if (values->word_count > 1) {
        fputs("jig prune: name one id, or none for everything\n", stderr);
        return false;
    }
    rule->id = values->word_count > 0 ? values->words[0] : NULL;
    snprintf(said, SAID, "%s%.60s%s%s%.60s%s", keep != NULL ? "values are kept for " : "",
        keep != NULL ? keep : "", keep != NULL && before != NULL ? ", " : "",
        before != NULL ? "nothing is kept of before " : "", before != NULL ? before : "",
        before != NULL ? ", but the newest state" : "");
    return true;
}

/* The id can be one of a shell, a submodel or a concept description; --kind says which. */
static enum err_code prune_named(struct registry *registry, struct prune_rule *rule,
    const struct registry_author *author, struct prune_result *result, struct err *err)
{
    enum err_code code = ERR_NOT_FOUND;
    if (rule->id == NULL || rule->kind != 0) {
        return registry_prune(registry, rule, author, NULL, result, err);
    }
    for (unsigned kind = REGISTRY_SHELL;
         code == ERR_NOT_FOUND && kind <= REGISTRY_CONCEPT_DESCRIPTION; kind++) {
        rule->kind = (enum registry_kind)kind;
        code = registry_prune(registry, rule, author, NULL, result, err);
    }
    return code;
}

static enum err_code prune_files(
    struct registry *registry, const struct kept_pruning *files, struct err *err)
{
    struct kept_result result = {0};
    if (files->bytes_before_ms == 0 && files->rows_before_ms == 0) {
        return ERR_OK;
    }
    enum err_code code = kept_prune(registry, files, &result, err);
    if (code == ERR_OK) {
        printf("%s%" PRIu64 " kept files, %" PRIu64 " bytes\n",
            files->dry_run ? "would be pruned: " : "pruned: ", result.files, result.bytes);
    }
    return code;
}

static bool has_rule(const struct prune_rule *rule)
{
    return rule->values_before_ms > 0 || rule->structure_before_ms > 0;
}

static void tell(const struct prune_rule *rule, const struct prune_result *result)
{
    printf("%s%" PRIu64 " revisions of %" PRIu64 " things and %" PRIu64 " contents, %" PRIu64
           " bytes\n",
        rule->dry_run ? "would be pruned: " : "pruned: ", result->revisions, result->things,
        result->contents, result->bytes);
}

int cli_prune(const struct cli_values *values)
{
    char said[SAID];
    struct prune_rule rule;
    struct kept_pruning files;
    struct prune_result result = {.things = 0};
    struct registry *registry = NULL;
    struct err err = {.code = ERR_OK};
    const struct registry_author author = {
        .name = values->author != NULL ? values->author : "jig prune"};
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (!read_rule(values, &rule, said) || !read_files(values, &rule, &files)) {
        return CLI_USAGE;
    }
    enum err_code code = registry_open(&options, &registry, &err);
    if (code != ERR_OK) {
        return cli_fail("prune", &err);
    }
    if (has_rule(&rule)) {
        code = prune_named(registry, &rule, &author, &result, &err);
    }
    if (code == ERR_OK && has_rule(&rule)) {
        tell(&rule, &result);
    }
    if (code == ERR_OK) {
        code = prune_files(registry, &files, &err);
    }
    registry_close(registry);
    return code == ERR_OK ? CLI_OK : cli_fail("prune", &err);
}

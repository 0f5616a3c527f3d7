/* SPDX-License-Identifier: Apache-2.0 */
/* jig prune: takes old values out of histories. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/cli.h"
#include "registry/prune.h"

enum { SAID = 160 };

bool cli_age(const char *command, const char *text, int64_t *age_ms)
{
    if (prune_read_age(text, age_ms)) {
        return true;
    }
    fprintf(stderr,
        "jig %s: --keep-values is \"%s\"; write a number of days, hours, minutes or seconds, for "
        "example 90d, 36h, 30m or 45s\n",
        command, text);
    return false;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the command line says; false after a complaint. */
static bool read_rule(const struct cli_values *values, struct prune_rule *rule, char said[SAID])
{
    int64_t age_ms = 0;
    const char *keep = values->keep_values;
    const char *before = values->structure_before;
    *rule = (struct prune_rule){.said = said, .dry_run = values->dry_run};
    if (keep == NULL && before == NULL) {
        fputs("jig prune: say how long values are kept, as in --keep-values 90d\n", stderr);
        return false;
    }
    if ((keep != NULL && !cli_age("prune", keep, &age_ms)) ||
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

int cli_prune(const struct cli_values *values)
{
    char said[SAID];
    struct prune_rule rule;
    struct prune_result result = {.things = 0};
    struct registry *registry = NULL;
    struct err err = {.code = ERR_OK};
    const struct registry_author author = {
        .name = values->author != NULL ? values->author : "jig prune"};
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (!read_rule(values, &rule, said)) {
        return CLI_USAGE;
    }
    enum err_code code = registry_open(&options, &registry, &err);
    if (code != ERR_OK) {
        return cli_fail("prune", &err);
    }
    code = prune_named(registry, &rule, &author, &result, &err);
    registry_close(registry);
    if (code != ERR_OK) {
        return cli_fail("prune", &err);
    }
    printf("%s%" PRIu64 " revisions of %" PRIu64 " things and %" PRIu64 " contents, %" PRIu64
           " bytes\n",
        rule.dry_run ? "would be pruned: " : "pruned: ", result.revisions, result.things,
        result.contents, result.bytes);
    return CLI_OK;
}

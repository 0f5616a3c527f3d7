/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with the published templates: template_expectations.txt says for each file which
 * rules fire how often, and was looked through by eye. A change of a rule shows here as a list of
 * files to look at again.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge.h"
#include "tests/support/corpus.h"

enum { ARENA_CEILING = 256 << 20, LINE_ROOM = 1024, MAX_FILES = 400 };

struct expectations {
    char *text;
    char *files[MAX_FILES]; /* "PATH | RULE COUNT, RULE COUNT" split at the bar */
    char *rules[MAX_FILES];
    bool seen[MAX_FILES];
    size_t count;
    size_t root_len; /* of the corpus folder and the slash behind it */
    size_t wrong;
};

static void read_expectations(struct expectations *all)
{
    size_t len = 0;
    all->text = file_read(JIG_SOURCE "/tests/conformance/template_expectations.txt", &len);
    cr_assert_not_null(all->text, "the expectations are missing");
    for (char *line = strtok(all->text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *bar = strstr(line, " | ");
        if (line[0] == '#') {
            continue;
        }
        cr_assert(bar != NULL && all->count < MAX_FILES, "%s", line);
        *bar = '\0';
        all->files[all->count] = line;
        all->rules[all->count++] = bar + strlen(" | ");
    }
}

static int compare_rules(const void *a, const void *b)
{
    const struct finding *x = a;
    const struct finding *y = b;
    return strcmp(x->rule, y->rule);
}

/* Notes about what was not checked are no findings. */
static void drop_notes(struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (report->findings[i].severity != AAS_INFO) {
            report->findings[kept++] = report->findings[i];
        }
    }
    report->count = kept;
}

/* "AASd-109 8, unique-language 2" in the order of the rules' names; "-" without findings */
static void count_rules(struct report *report, char *to, size_t size)
{
    drop_notes(report);
    size_t used = (size_t)snprintf(to, size, "%s", report->count == 0 ? "-" : "");
    if (report->count > 0) {
        qsort(report->findings, report->count, sizeof *report->findings, compare_rules);
    }
    for (size_t i = 0; i < report->count;) {
        size_t from = i;
        while (i < report->count &&
               compare_rules(&report->findings[from], &report->findings[i]) == 0) {
            i++;
        }
        used += (size_t)snprintf(to + used, size - used, "%s%s %zu", from == 0 ? "" : ", ",
            report->findings[from].rule, i - from);
        cr_assert_lt(used, size);
    }
}

static void judge_file(const char *path, char *rules, size_t size)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    const struct judge_input input = {.bytes = bytes, .len = len};
    arena_init(&arena, ARENA_CEILING);
    report_init(&report);
    cr_expect_eq(judge_document(&arena, &input, &report, &result, NULL), ERR_OK, "%s", path);
    count_rules(&report, rules, size);
    report_finish(&report);
    arena_finish(&arena);
    free(bytes);
}

static void compare_file(const char *path, void *context)
{
    struct expectations *all = context;
    const char *name = path + all->root_len;
    char rules[LINE_ROOM];
    judge_file(path, rules, sizeof rules);
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->files[i], name) == 0) {
            all->seen[i] = true;
            if (strcmp(all->rules[i], rules) != 0) {
                all->wrong++;
                cr_log_error("%s | %s\n  expected: %s", name, rules, all->rules[i]);
            }
            return;
        }
    }
    all->wrong++;
    cr_log_error("%s | %s\n  is not among the expectations", name, rules);
}

Test(templates_corpus, every_rule_fires_as_often_as_a_reader_expects)
{
    NEED_CORPUS();
    static struct expectations all;
    char *dir = corpus_path("corpus/templates");
    read_expectations(&all);
    all.root_len = strlen(dir) + 1;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t files = files_each(dir, ".json", compare_file, &all);
    files += files_each(dir, ".aasx", compare_file, &all);
    free(dir);
    cr_expect_gt(files, 0);
    for (size_t i = 0; i < all.count; i++) {
        cr_expect(all.seen[i], "%s is not in the corpus any more", all.files[i]);
    }
    cr_expect_eq(all.wrong, 0, "%zu of %zu files differ", all.wrong, files);
    free(all.text);
}

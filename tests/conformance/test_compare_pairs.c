/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Published versions against each other: version_pairs/ *.txt say for each pair how many elements
 * are the same, came and went, which rules fire where, and the verdict. They were written by
 * reading both files. Lines:
 *   old FILE, new FILE         below corpus/templates
 *   submodel NAME              where a file has several
 *   counts NAME NUMBER ...     all six
 *   verdict V V V V            exact, value, ignore-version, supplemental
 *   level LEVEL
 *   rules Cnn NUMBER, ...      all that fire; * for any number; - for none
 *   Cnn PATH                   a place, "OLD -> NEW" where they differ, "." for the submodel;
 *                              all places of C01 to C14, the important ones of C15 and C16
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/compare.h"
#include "conformance/judge.h"
#include "tests/support/corpus.h"

enum { ARENA_CEILING = 1 << 30, PATH_ROOM = 1024, MAX_PAIRS = 100 };

struct pair {
    struct arena arena;
    char *old;
    char *new;
    char *submodel;
    bool compared;
    struct comparison comparison;
    unsigned seen[COMPARE_RULES + 1]; /* places named per rule */
};

struct pairs {
    struct pair now;
    size_t count;
    char *new_files[MAX_PAIRS];
    size_t lines;
};

/* ------------------------------------------------------------------ comparing */

static const struct aas_node *read_document(struct arena *arena, const char *name)
{
    struct report report;
    struct judge_result result = {.root = NULL};
    size_t len = 0;
    char relative[PATH_ROOM];
    snprintf(relative, sizeof relative, "corpus/templates/%s", name);
    char *path = corpus_path(relative);
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s", path);
    const struct judge_input input = {.bytes = bytes, .len = len, .without_schema = true};
    report_init(&report);
    cr_assert_eq(judge_document(arena, &input, &report, &result, NULL), ERR_OK, "%s", path);
    report_finish(&report);
    free(bytes);
    free(path);
    return result.root;
}

static void compare_files(struct arena *arena, const char *old, const char *new,
    const char *submodel, struct comparison *comparison)
{
    const struct aas_node *const root[2] = {read_document(arena, old), read_document(arena, new)};
    const char *const names[2] = {submodel, submodel};
    struct compare_input input = {.name = {old, new}};
    struct err err = {.code = ERR_OK};
    cr_assert_eq(compare_pick(root, names, &input, &err), ERR_OK, "%s: %s", new, err.text);
    cr_assert_eq(compare_run(arena, &input, comparison, &err), ERR_OK, "%s", err.text);
}

static void need_comparison(struct pair *pair)
{
    if (!pair->compared) {
        cr_assert(pair->old != NULL && pair->new != NULL);
        compare_files(&pair->arena, pair->old, pair->new, pair->submodel, &pair->comparison);
        pair->compared = true;
    }
}

/* ------------------------------------------------------------------ expectations */

static unsigned rule_count(const struct comparison *comparison, unsigned rule)
{
    unsigned count = 0;
    for (size_t i = 0; i < comparison->finding_count; i++) {
        count += compare_reason_rule(comparison->findings[i].reason) == rule;
    }
    return count;
}

static void check_counts(const struct pair *pair, char *line)
{
    const struct compare_counts *counts = &pair->comparison.counts;
    char text[200];
    snprintf(text, sizeof text, "matched %u renamed %u moved %u changed %u added %u removed %u",
        counts->matched, counts->renamed, counts->moved, counts->changed, counts->added,
        counts->removed);
    cr_expect_str_eq(text, line, "%s: %s", pair->new, text);
}

static void check_verdicts(const struct pair *pair, const char *line)
{
    char text[100] = "";
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        strcat(text, mode > 0 ? " " : "");
        strcat(text, compare_verdict_text(pair->comparison.verdict[mode]));
    }
    cr_expect_str_eq(text, line, "%s: %s", pair->new, text);
}

static void check_rules(const struct pair *pair, char *line)
{
    bool told[COMPARE_RULES + 1] = {false};
    for (char *part = strtok(line, ","); part != NULL; part = strtok(NULL, ",")) {
        unsigned rule = 0;
        char number[20] = "";
        if (sscanf(part, " C%u %19s", &rule, number) != 2) {
            cr_expect_str_eq(part, "-", "%s: %s", pair->new, part);
            continue;
        }
        unsigned count = rule_count(&pair->comparison, rule);
        told[rule] = true;
        cr_expect(strcmp(number, "*") == 0 ? count > 0 : count == (unsigned)atoi(number),
            "%s: C%02u fires %u times", pair->new, rule, count);
    }
    for (unsigned rule = 1; rule <= COMPARE_RULES; rule++) {
        cr_expect(told[rule] || rule_count(&pair->comparison, rule) == 0, "%s: C%02u fires",
            pair->new, rule);
    }
}

static void write_place(
    const struct comparison *comparison, const struct compare_finding *finding, char *to)
{
    char paths[2][PATH_ROOM] = {"", ""};
    const uint32_t elements[2] = {finding->from, finding->to};
    for (int side = 0; side < 2; side++) {
        if (elements[side] == 0) {
            strcpy(paths[side], ".");
        } else if (elements[side] != COMPARE_NONE) {
            aas_print_path(
                comparison->side[side].elements[elements[side]].node, paths[side], PATH_ROOM);
        }
    }
    const char *arrow = paths[0][0] == '\0' ? "-> " : paths[1][0] == '\0' ? " ->" : " -> ";
    bool same = strcmp(paths[0], paths[1]) == 0;
    snprintf(
        to, (size_t)2 * PATH_ROOM + 5, "%s%s%s", paths[0], same ? "" : arrow, same ? "" : paths[1]);
}

static void check_place(struct pair *pair, const char *line)
{
    unsigned rule = (unsigned)atoi(line + 1);
    char place[2 * PATH_ROOM + 5];
    bool found = false;
    for (size_t i = 0; i < pair->comparison.finding_count && !found; i++) {
        const struct compare_finding *finding = &pair->comparison.findings[i];
        if (compare_reason_rule(finding->reason) == rule) {
            write_place(&pair->comparison, finding, place);
            found = strcmp(place, line + 4) == 0;
        }
    }
    cr_expect(found, "%s: no finding %s", pair->new, line);
    pair->seen[rule]++;
}

static void end_pair(struct pairs *pairs)
{
    struct pair *pair = &pairs->now;
    for (unsigned rule = 1; pair->compared && rule < 15; rule++) {
        unsigned count = rule_count(&pair->comparison, rule);
        cr_expect_eq(pair->seen[rule], count, "%s: %u of %u places of C%02u", pair->new,
            pair->seen[rule], count, rule);
    }
    arena_finish(&pair->arena);
    free(pair->old);
    free(pair->new);
    free(pair->submodel);
    *pair = (struct pair){.compared = false};
    arena_init(&pair->arena, ARENA_CEILING);
}

static void take_line(struct pairs *pairs, char *line)
{
    struct pair *pair = &pairs->now;
    char *rest = strchr(line, ' ');
    rest = rest != NULL ? rest + 1 : line + strlen(line);
    if (strncmp(line, "old ", 4) == 0) {
        end_pair(pairs);
        pair->old = strdup(rest);
    } else if (strncmp(line, "new ", 4) == 0) {
        pair->new = strdup(rest);
        cr_assert_lt(pairs->count, MAX_PAIRS);
        pairs->new_files[pairs->count++] = strdup(rest);
    } else if (strncmp(line, "submodel ", 9) == 0) {
        pair->submodel = strdup(rest);
    } else if (line[0] != '#' && line[0] != '\0') {
        need_comparison(pair);
        pairs->lines++;
        if (strncmp(line, "counts ", 7) == 0) {
            check_counts(pair, rest);
        } else if (strncmp(line, "verdict ", 8) == 0) {
            check_verdicts(pair, rest);
        } else if (strncmp(line, "level ", 6) == 0) {
            cr_expect_str_eq(
                compare_level_text(pair->comparison.level[COMPARE_EXACT]), rest, "%s", pair->new);
        } else if (strncmp(line, "rules ", 6) == 0) {
            check_rules(pair, rest);
        } else {
            cr_assert(line[0] == 'C', "%s", line);
            check_place(pair, line);
        }
    }
}

static void take_file(const char *path, void *context)
{
    struct pairs *pairs = context;
    size_t len = 0;
    char *text = file_read(path, &len);
    cr_assert_not_null(text);
    for (char *line = text; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        take_line(pairs, line);
        line = end != NULL ? end + 1 : NULL;
    }
    end_pair(pairs);
    free(text);
}

/* ------------------------------------------------------------------ which pairs there must be */

/* Files of bug-fix releases lie three numbers deep. */
static bool is_bugfix(const char *path)
{
    unsigned run = 0;
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t digits = strspn(slash + 1, "0123456789");
        run = digits > 0 && slash[1 + digits] == '/' ? run + 1 : 0;
        if (run == 3) {
            return true;
        }
    }
    return false;
}

struct needed {
    const struct pairs *pairs;
    size_t root_len;
};

static void need_pair(const char *path, void *context)
{
    const struct needed *needed = context;
    const char *name = path + needed->root_len;
    bool found = !is_bugfix(path) || strstr(name, "V3.1") != NULL;
    for (size_t i = 0; i < needed->pairs->count && !found; i++) {
        found = strcmp(needed->pairs->new_files[i], name) == 0;
    }
    cr_expect(found, "%s has no pair", name);
}

Test(compare_pairs, published_versions_differ_as_a_reader_expects, .timeout = 300)
{
    NEED_CORPUS();
    static struct pairs pairs;
    char *dir = corpus_path("corpus/templates");
    cr_assert_eq(judge_start(NULL), ERR_OK);
    arena_init(&pairs.now.arena, ARENA_CEILING);
    size_t files =
        files_each(JIG_SOURCE "/tests/conformance/version_pairs", ".txt", take_file, &pairs);
    cr_expect_gt(files, 10);
    cr_expect_gt(pairs.count, 20);
    struct needed needed = {&pairs, strlen(dir) + 1};
    cr_expect_gt(files_each(dir, ".json", need_pair, &needed), 0);
    for (size_t i = 0; i < pairs.count; i++) {
        free(pairs.new_files[i]);
    }
    free(dir);
}

/* ------------------------------------------------------------------ twins */

struct twins {
    size_t root_len;
    size_t count;
};

/* What says to be for metamodel 3.1 beside a file of the same name says the same; but in the older
 * Production Calendar one semantic id ends with a space. */
static void compare_twins(const char *path, void *context)
{
    struct twins *twins = context;
    struct arena arena;
    struct comparison comparison;
    char plain[PATH_ROOM];
    const char *mark = strstr(path, "_forAASMetamodelV3.1");
    if (mark == NULL) {
        return;
    }
    size_t stem = (size_t)(mark - path);
    stem -= path[stem - 1] == '_';
    snprintf(plain, sizeof plain, "%.*s.json", (int)stem, path);
    size_t len = 0;
    char *bytes = file_read(plain, &len);
    free(bytes);
    if (bytes == NULL) {
        return;
    }
    arena_init(&arena, ARENA_CEILING);
    const char *submodel = strstr(path, "MTP") != NULL ? "ModuleTypePackage" : NULL;
    compare_files(&arena, plain + twins->root_len, path + twins->root_len, submodel, &comparison);
    cr_expect_eq(
        compare_equal(&comparison), strstr(path, "ProductionCalendar") == NULL, "%s", path);
    arena_finish(&arena);
    twins->count++;
}

Test(compare_pairs, twins_for_metamodel_31_say_the_same, .timeout = 300)
{
    NEED_CORPUS();
    char *dir = corpus_path("corpus/templates");
    struct twins twins = {strlen(dir) + 1, 0};
    cr_assert_eq(judge_start(NULL), ERR_OK);
    files_each(dir, ".json", compare_twins, &twins);
    cr_expect_gt(twins.count, 10);
    free(dir);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/conformance/compare_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"

enum { ROOM = 512 << 20 };

struct aas_node *read_quoted(struct arena *arena, const char *text)
{
    struct aas_node *root = NULL;
    struct err err = {.code = ERR_OK};
    char *copy = strdup(text);
    cr_assert_not_null(copy);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    enum err_code code = aas_json_read(arena, copy, strlen(copy), NULL, NULL, &root, &err);
    cr_assert_eq(code, ERR_OK, "%s at column %u of\n%s", err.text, err.column, copy);
    free(copy);
    return root;
}

void compared_trees(
    struct compared *compared, const struct aas_node *old, const struct aas_node *new)
{
    struct compare_input input = {.name = {NULL, NULL}};
    struct err err = {.code = ERR_OK};
    compared->root[0] = old;
    compared->root[1] = new;
    static const char *const names[2] = {NULL, NULL};
    enum err_code code = compare_pick(compared->root, names, &input, &err);
    cr_assert_eq(code, ERR_OK, "%s", err.text);
    input.number[0] = compare_number_of(NULL, input.submodel[0]);
    input.number[1] = compare_number_of(NULL, input.submodel[1]);
    code = compare_run(&compared->arena, &input, &compared->comparison, &err);
    cr_assert_eq(code, ERR_OK, "%s", err.text);
}

void compared_init(struct compared *compared, const char *old, const char *new)
{
    arena_init(&compared->arena, ROOM);
    struct aas_node *a = read_quoted(&compared->arena, old);
    struct aas_node *b = read_quoted(&compared->arena, new);
    compared_trees(compared, a, b);
}

void compared_finish(struct compared *compared)
{
    arena_finish(&compared->arena);
}

/* ------------------------------------------------------------------ as text */

static void add(struct compared *compared, const char *text)
{
    size_t used = strlen(compared->text);
    cr_assert_lt(used + strlen(text), sizeof compared->text);
    strcpy(compared->text + used, text);
}

static void path_of(const struct compared *compared, int side, uint32_t element, char *to)
{
    strcpy(to, element == 0 ? "." : "");
    if (element > 0 && element != COMPARE_NONE) {
        aas_print_path(compared->comparison.side[side].elements[element].node, to, 256);
    }
}

static void add_place(struct compared *compared, const struct compare_finding *finding)
{
    char from[256];
    char to[256];
    path_of(compared, 0, finding->from, from);
    path_of(compared, 1, finding->to, to);
    add(compared, from);
    if (strcmp(from, to) != 0) {
        add(compared, "->");
        add(compared, to);
    }
}

static void add_modes(struct compared *compared, unsigned modes)
{
    const char *separator = " [";
    for (int mode = 0; modes != COMPARE_ALL_MODES && mode < COMPARE_MODE_COUNT; mode++) {
        if (modes & 1U << mode) {
            add(compared, separator);
            add(compared, compare_mode_text((enum compare_mode)mode));
            separator = ",";
        }
    }
    add(compared, modes == COMPARE_ALL_MODES ? "" : "]");
}

void compared_describe(struct compared *compared)
{
    compared->text[0] = '\0';
    for (size_t i = 0; i < compared->comparison.finding_count; i++) {
        const struct compare_finding *finding = &compared->comparison.findings[i];
        add(compared, compare_rule_id(compare_reason_rule(finding->reason)));
        add(compared, " ");
        add_place(compared, finding);
        if (finding->attribute[0] != '\0') {
            add(compared, " ");
            add(compared, finding->attribute);
            add(compared, " ");
            add(compared, finding->old_value != NULL ? finding->old_value : "-");
            add(compared, ">");
            add(compared, finding->new_value != NULL ? finding->new_value : "-");
        }
        add(compared, finding->backward && finding->forward ? "" : " ");
        add(compared, finding->backward ? "" : "b");
        add(compared, finding->forward ? "" : "f");
        add_modes(compared, finding->modes);
        add(compared, "\n");
    }
}

void expect_findings(const char *old, const char *new, const char *lines)
{
    struct compared compared;
    compared_init(&compared, old, new);
    compared_describe(&compared);
    cr_expect_str_eq(compared.text, lines, "got\n%sinstead of\n%sfrom %s\nto %s", compared.text,
        lines, old, new);
    compared_finish(&compared);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What values and annotations tell of a history whose oldest revision only set a value. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/changes.h"
#include "registry/document_record.h"
#include "registry/prune.h"
#include "registry/value_history.h"
#include "tests/registry/registry_fixture.h"

TestSuite(prune_told, .init = fixture_start, .fini = fixture_stop, .timeout = 240);

enum { LONG = 2200, TOLD_MOST = 20 };

static const char id[] = "urn:a";
enum { ID_LEN = sizeof id - 1 };

/* The newest values of an element as "revision=value" with blanks between. */
static void tell_values(struct registry *registry, const char *path, char *to, size_t size)
{
    struct registry_view view;
    struct arena arena;
    struct registry_values values;
    struct err err = {0};
    const struct registry_value_filter filter = {
        .from_ms = INT64_MIN, .to_ms = INT64_MAX, .limit = TOLD_MOST};
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_value_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, path,
                     strlen(path), &filter, &values, &err),
        ERR_OK, "%s", err.text);
    to[0] = '\0';
    for (size_t i = 0; i < values.count; i++) {
        size_t at = strlen(to);
        snprintf(to + at, size - at, "%s%llu=%s", i > 0 ? " " : "",
            (unsigned long long)values.list[i].revision, values.list[i].value);
    }
    registry_view_end(&view);
    arena_finish(&arena);
}

/* The revision that an element is attributed to. */
static uint64_t annotated(struct registry *registry, const char *path, uint64_t *pruned_from)
{
    struct registry_view view;
    struct arena arena;
    struct registry_annotation *list = NULL;
    size_t count = 0;
    uint64_t revision = 0;
    struct err err = {0};
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_annotate(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, &list, &count, &err),
        ERR_OK, "%s", err.text);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].path, path) == 0) {
            revision = list[i].revision->revision;
            *pruned_from = list[i].pruned_from;
        }
    }
    registry_view_end(&view);
    arena_finish(&arena);
    return revision;
}

Test(prune_told, what_the_oldest_did_not_touch_is_said_to_be_of_it)
{
    struct registry *registry = fixture_open();
    char told[256];
    uint64_t pruned_from = 0;
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_set(registry, id, 3);
    const struct prune_rule rule = {.structure_before_ms = fixture_moment()};
    struct prune_result result;
    fixture_set(registry, id, 4);
    tell_values(registry, "Tech.Torque", told, sizeof told);
    cr_expect_eq(strncmp(told, "1=", 2), 0, "%s", told);
    char before[256];
    snprintf(before, sizeof before, "3%s", told + 1);
    cr_assert_eq(registry_prune(registry, &rule, NULL, NULL, &result, NULL), ERR_OK);
    cr_expect_eq(result.revisions, 2, "1 and 2");
    tell_values(registry, "Tech.Torque", told, sizeof told);
    cr_expect_str_eq(told, before);
    tell_values(registry, "Speed", told, sizeof told);
    cr_expect_str_eq(told, "4=4 3=3");
    cr_expect_eq(annotated(registry, "Tech.Torque", &pruned_from), 3);
    cr_expect_eq(pruned_from, 1);
    cr_expect_eq(annotated(registry, "Speed", &pruned_from), 4);
    cr_expect_eq(pruned_from, 0);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ half done */

struct pruning {
    struct registry *registry;
    int64_t before_ms;
    atomic_bool stop;
};

static void *prune(void *context)
{
    struct pruning *pruning = context;
    struct prune_result result;
    const struct prune_rule rule = {.structure_before_ms = pruning->before_ms};
    cr_assert_eq(
        registry_prune(pruning->registry, &rule, NULL, &pruning->stop, &result, NULL), ERR_OK);
    return NULL;
}

static bool is_there(struct registry *registry, uint64_t revision)
{
    struct registry_view view;
    struct revision_record record;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    bool there = revision_find(&view.txn, REGISTRY_SUBMODEL, 1, revision, &record) == ERR_OK;
    registry_view_end(&view);
    return there;
}

/* Each value that is told stood in its revision, which may be gone by now when `going`. */
static void check_told(struct registry *registry, bool going)
{
    char told[1024];
    char *rest = NULL;
    tell_values(registry, "Speed", told, sizeof told);
    for (char *one = strtok_r(told, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest)) {
        char *value = strchr(one, '=');
        char wanted[64];
        *value++ = '\0';
        char *content = fixture_content(registry, id, strtoull(one, NULL, 10), NULL);
        snprintf(wanted, sizeof wanted, "\"value\":\"%s\"", value);
        cr_expect(content != NULL ? strstr(content, wanted) != NULL : going, "%s=%s", one, value);
        free(content);
    }
}

Test(prune_told, of_a_pruning_that_was_ended_early_nothing_wrong_is_told)
{
    struct registry *registry = fixture_open();
    struct pruning pruning = {.registry = registry};
    pthread_t thread;
    char told[1024];
    uint64_t pruned_from = 0;
    fixture_put(registry, id, 1);
    for (int i = 2; i <= LONG; i++) {
        fixture_set(registry, id, i);
    }
    pruning.before_ms = fixture_moment();
    fixture_set(registry, id, LONG + 1);
    cr_assert_eq(pthread_create(&thread, NULL, prune, &pruning), 0);
    while (is_there(registry, LONG - 1)) {
    }
    atomic_store(&pruning.stop, true);
    check_told(registry, true);
    pthread_join(thread, NULL);
    cr_expect(is_there(registry, LONG));
    check_told(registry, false);
    tell_values(registry, "Tech.Torque", told, sizeof told);
    cr_expect_gt(annotated(registry, "Tech.Torque", &pruned_from), 0);
    cr_expect_eq(annotated(registry, "Speed", &pruned_from), LONG + 1);
    fixture_verify(registry);
    registry_close(registry);
}

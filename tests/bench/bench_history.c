/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A submodel of about 10 kB with 1,000 revisions, half of them written values, half replaced as a
 * whole; every figure as a ratio within one run to reading the newest revision through the same
 * function:
 *   reading any old revision, a page of the list, annotating, the values of one element.
 * Usage: bench_history [folder], default /tmp.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "aas/path.h"
#include "registry/changes.h"
#include "registry/documents.h"
#include "registry/value_history.h"
#include "tests/support/corpus.h"

enum { REVISIONS = 1000, PROPERTIES = 50, ROUNDS = 2000, FEW = 20 };
static const char id[] = "urn:bench:history";
enum { ID_LEN = sizeof id - 1 };

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(enum err_code code, const struct err *err, const char *what)
{
    if (code != ERR_OK) {
        fprintf(stderr, "%s: %s\n", what, err->text);
        exit(1);
    }
}

static void put(struct registry *registry, int round)
{
    struct buf buf;
    struct err err = {0};
    struct arena arena;
    struct aas_node *tree = NULL;
    enum registry_outcome outcome;
    arena_init(&arena, SIZE_MAX);
    buf_init(&buf, SIZE_MAX);
    buf_printf(&buf,
        "{\"modelType\":\"Submodel\",\"idShort\":\"Bench\",\"id\":\"%s\",\"submodelElements\":[",
        id);
    for (int i = 0; i < PROPERTIES; i++) {
        buf_printf(&buf,
            "%s{\"modelType\":\"Property\",\"idShort\":\"P%d\",\"semanticId\":{\"type\":"
            "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"
            "\"0173-1#02-AAA%03d#001\"}]},\"valueType\":\"xs:int\",\"value\":\"%d\"}",
            i == 0 ? "" : ",", i, i, i == round % PROPERTIES ? 1000 + round : i);
    }
    buf_add_text(&buf, "]}");
    must(aas_json_read(&arena, buf.bytes, buf.len, NULL, NULL, &tree, &err), &err, "document");
    struct registry_change change = {
        .operation = REGISTRY_UPSERT, .kind = REGISTRY_SUBMODEL, .tree = tree};
    must(registry_write(registry, &change, NULL, NULL, &outcome, &err), &err, "put");
    buf_finish(&buf);
    arena_finish(&arena);
}

static enum err_code set_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

static void set(struct registry *registry, int round)
{
    char value[16];
    struct err err = {0};
    snprintf(value, sizeof value, "%d", 5000 + round);
    must(registry_edit_value(registry, REGISTRY_SUBMODEL, id, ID_LEN, "P7", 2, NULL, set_value,
             value, NULL, NULL, &err),
        &err, "value");
}

/* ------------------------------------------------------------------ what is measured */

struct task {
    struct registry_view *view;
    uint64_t revision;
};

static void read_revision(const struct task *task)
{
    struct arena arena;
    struct err err = {0};
    const char *json = NULL;
    size_t len = 0;
    arena_init(&arena, SIZE_MAX);
    must(registry_revision_content(
             task->view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, task->revision, &json, &len, &err),
        &err, "revision");
    arena_finish(&arena);
}

static void list(const struct task *task)
{
    struct arena arena;
    struct err err = {0};
    struct registry_revision *revisions = NULL;
    size_t count = 0;
    arena_init(&arena, SIZE_MAX);
    must(registry_history(task->view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, task->revision, 100,
             &revisions, &count, &err),
        &err, "list");
    arena_finish(&arena);
}

static void annotate(const struct task *task)
{
    struct arena arena;
    struct err err = {0};
    struct registry_annotation *annotations = NULL;
    size_t count = 0;
    arena_init(&arena, SIZE_MAX);
    must(registry_annotate(task->view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, task->revision,
             &annotations, &count, &err),
        &err, "annotate");
    arena_finish(&arena);
}

static void values(const struct task *task)
{
    struct arena arena;
    struct err err = {0};
    struct registry_values found;
    const struct registry_value_filter filter = {
        .from_ms = INT64_MIN, .to_ms = INT64_MAX, .limit = REVISIONS};
    arena_init(&arena, SIZE_MAX);
    must(registry_value_history(
             task->view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, "P7", 2, &filter, &found, &err),
        &err, "values");
    arena_finish(&arena);
}

/* Microseconds of one call; `revision` 0 means another old one each time. */
static double cost(struct registry_view *view, void (*work)(const struct task *task),
    uint64_t revision, int rounds)
{
    double begun = now_seconds();
    for (int i = 0; i < rounds; i++) {
        const struct task task = {.view = view,
            .revision = revision > 0 ? revision : 2 + (uint64_t)i * 7919 % (REVISIONS - 1)};
        work(&task);
    }
    return (now_seconds() - begun) / rounds * 1e6;
}

int main(int argc, char **argv)
{
    char dir[256];
    struct err err = {0};
    struct registry *registry = NULL;
    struct registry_view view;
    snprintf(dir, sizeof dir, "%s/jig-bench-history-XXXXXX", argc > 1 ? argv[1] : "/tmp");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        return 1;
    }
    struct registry_options options = {.store = {.dir = dir}, .without_library = true};
    must(registry_open(&options, &registry, &err), &err, "open");
    for (int i = 0; i < REVISIONS; i++) {
        if (i % 100 < 50) {
            put(registry, i);
        } else {
            set(registry, i);
        }
    }
    must(registry_view_begin(registry, &view, &err), &err, "view");
    (void)cost(&view, read_revision, 0, ROUNDS);
    double newest = cost(&view, read_revision, REVISIONS - REVISIONS % 100 - 50, ROUNDS);
    double any = cost(&view, read_revision, 0, ROUNDS);
    double first_page = cost(&view, list, 0, ROUNDS);
    double last_page = cost(&view, list, 101, ROUNDS);
    printf("reading a full revision: %.1f us\n", newest);
    printf("any revision / a full one: %.2f\n", any / newest);
    printf("oldest 100 of the list / any 100: %.2f (%.1f us)\n", last_page / first_page, last_page);
    double annotated = cost(&view, annotate, REVISIONS, FEW);
    printf("annotate over %d revisions / reading them one by one: %.2f (%.0f us)\n", REVISIONS,
        annotated / (any * REVISIONS), annotated);
    double followed = cost(&view, values, REVISIONS, FEW);
    printf("values of one element / reading all revisions: %.2f (%.0f us)\n",
        followed / (any * REVISIONS), followed);
    registry_view_end(&view);
    registry_close(registry);
    scratch_remove(strdup(dir));
    return 0;
}

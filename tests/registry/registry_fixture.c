/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/registry/registry_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "registry/verify.h"
#include "tests/support/corpus.h"

char *fixture_dir;

void fixture_start(void)
{
    fixture_dir = scratch_new();
    cr_assert_not_null(fixture_dir);
}

void fixture_stop(void)
{
    scratch_remove(fixture_dir);
}

struct registry *fixture_open(void)
{
    struct registry_options options = {.store = {.dir = fixture_dir}, .without_library = true};
    struct registry *registry = NULL;
    struct err err = {0};
    cr_assert_eq(registry_open(&options, &registry, &err), ERR_OK, "%s", err.text);
    return registry;
}

struct aas_node *fixture_tree(struct arena *arena, const char *json)
{
    struct aas_node *tree = NULL;
    struct err err = {0};
    cr_assert_eq(
        aas_json_read(arena, json, strlen(json), NULL, NULL, &tree, &err), ERR_OK, "%s", err.text);
    return tree;
}

enum err_code fixture_write(struct registry *registry, enum registry_operation operation,
    const char *id, const char *json, struct err *err)
{
    static const struct registry_author author = {.name = "tester", .message = "because"};
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    struct registry_change change = {.operation = operation,
        .kind = REGISTRY_SUBMODEL,
        .id = id,
        .id_len = id == NULL ? 0 : strlen(id),
        .tree = json == NULL ? NULL : fixture_tree(&arena, json)};
    if (change.tree != NULL) {
        change.kind = registry_kind_of(change.tree->cls);
    }
    enum registry_outcome outcome;
    enum err_code code = registry_write(registry, &change, &author, NULL, &outcome, err);
    arena_finish(&arena);
    return code;
}

void fixture_submodel(char json[FIXTURE_JSON], const char *id, const char *id_short, int speed)
{
    int len = snprintf(json, FIXTURE_JSON,
        "{\"modelType\":\"Submodel\",\"idShort\":\"%s\",\"id\":\"%s\","
        "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
        "\"value\":\"urn:semantic:%s\"}]},\"submodelElements\":["
        "{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\","
        "\"value\":\"%d\"},"
        "{\"modelType\":\"SubmodelElementCollection\",\"idShort\":\"Tech\",\"value\":["
        "{\"modelType\":\"Property\",\"idShort\":\"Torque\",\"valueType\":\"xs:double\","
        "\"value\":\"1.50\"}]},"
        "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Axes\","
        "\"typeValueListElement\":\"Property\",\"valueTypeListElement\":\"xs:int\",\"value\":["
        "{\"modelType\":\"Property\",\"valueType\":\"xs:int\",\"value\":\"10\"},"
        "{\"modelType\":\"Property\",\"valueType\":\"xs:int\",\"value\":\"20\"}]}]}",
        id_short, id, id_short, speed);
    cr_assert(len > 0 && len < FIXTURE_JSON);
}

void fixture_put(struct registry *registry, const char *id, int speed)
{
    char json[FIXTURE_JSON];
    fixture_submodel(json, id, "A", speed);
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, id, json, NULL), ERR_OK);
}

static enum err_code set_text(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

void fixture_set(struct registry *registry, const char *id, int speed)
{
    char value[16];
    struct err err = {0};
    snprintf(value, sizeof value, "%d", speed);
    cr_assert_eq(registry_edit_value(registry, REGISTRY_SUBMODEL, id, strlen(id), "Speed", 5, NULL,
                     set_text, value, NULL, NULL, &err),
        ERR_OK, "%s", err.text);
}

int64_t fixture_moment(void)
{
    const struct timespec pause = {.tv_nsec = 3000000};
    struct timespec now;
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    nanosleep(&pause, NULL);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err_code fixture_add_one(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err)
{
    (void)context;
    (void)err;
    size_t count = 0;
    struct aas_node **elements = aas_children(identifiable, &count);
    char text[16];
    snprintf(text, sizeof text, "%d", atoi(aas_text(elements[0], PROP_value)) + 1);
    return aas_set_text(arena, elements[0], PROP_value, text, strlen(text));
}

static void say(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "verify: %s\n", text);
}

void fixture_verify(struct registry *registry)
{
    struct registry_verification found;
    struct err err = {0};
    cr_assert_eq(registry_verify(registry, say, NULL, &found, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(found.problems, 0);
    cr_expect_eq(found.warnings, 0);
}

char *fixture_content(struct registry *registry, const char *id, uint64_t revision, struct err *err)
{
    struct registry_view view;
    struct arena arena;
    const char *json = NULL;
    size_t len = 0;
    char *copy = NULL;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    if (registry_revision_content(&view, &arena, REGISTRY_SUBMODEL, id, strlen(id), revision, &json,
            &len, err) == ERR_OK) {
        copy = strndup(json, len);
    }
    registry_view_end(&view);
    arena_finish(&arena);
    return copy;
}

void fixture_search(struct registry *registry, struct arena *arena,
    const struct registry_query *query, struct registry_result *result)
{
    struct registry_view view;
    struct err err = {0};
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, arena, query, result, &err), ERR_OK, "%s: %s",
        query->words != NULL ? query->words : "", err.text);
    registry_view_end(&view);
}

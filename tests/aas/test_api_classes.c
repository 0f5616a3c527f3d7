/* SPDX-License-Identifier: Apache-2.0 */
/* Classes that only the API knows, read and written along the same table as all others. */
#include <criterion/criterion.h>
#include <string.h>

#include "aas/json.h"

static const char shell[] =
    "{\"description\":[],\"assetKind\":\"Instance\",\"endpoints\":[{\"interface\":\"AAS-3.0\","
    "\"protocolInformation\":{\"href\":\"http://a/shells/eA\",\"endpointProtocolVersion\":[\"1.0\","
    "\"1.1\"],\"securityAttributes\":[{\"type\":\"NONE\",\"key\":\"k\",\"value\":\"\"}]}}],"
    "\"id\":\"x\",\"specificAssetIds\":[],\"submodelDescriptors\":[{\"endpoints\":[{\"interface\":"
    "\"SUBMODEL-3.0\",\"protocolInformation\":{\"href\":\"\"}}],\"id\":\"y\"}]}";

static struct aas_node *read_as(
    struct arena *arena, const char *json, enum meta_class_id cls, struct err *err)
{
    struct aas_node *root = NULL;
    enum err_code code =
        aas_json_read(arena, json, strlen(json), meta_class(cls), NULL, &root, err);
    return code == ERR_OK ? root : NULL;
}

Test(api_classes, a_descriptor_comes_back_as_it_was_empty_lists_and_bare_texts_too)
{
    struct arena arena;
    struct err err = {0};
    struct buf buf;
    arena_init(&arena, SIZE_MAX);
    buf_init(&buf, SIZE_MAX);
    struct aas_node *root = read_as(&arena, shell, CLASS_AssetAdministrationShellDescriptor, &err);
    cr_assert_not_null(root, "%s", err.text);
    aas_json_write(&buf, root, 0, NULL);
    cr_expect_str_eq(buf_text(&buf), shell);
    buf_finish(&buf);
    arena_finish(&arena);
}

Test(api_classes, a_protocol_version_that_is_no_text_is_refused_at_its_place)
{
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, SIZE_MAX);
    cr_expect_null(read_as(&arena, "{\"href\":\"a\",\n\"endpointProtocolVersion\":[\"1.1\",1.1]}",
        CLASS_ProtocolInformation, &err));
    cr_expect_eq(err.line, 2);
    cr_expect_str_eq(err.path, "/endpointProtocolVersion");
    cr_expect_str_eq(
        err.text, "item 1 of endpointProtocolVersion must be a string and is a number");
    arena_finish(&arena);
}

Test(api_classes, are_not_recognised_unless_asked_for)
{
    static const char *const documents[] = {
        "{\"id\":\"x\",\"endpoints\":[]}", "{\"modelType\":\"SubmodelDescriptor\",\"id\":\"x\"}"};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct arena arena;
        struct aas_node *root = NULL;
        arena_init(&arena, SIZE_MAX);
        cr_expect_eq(
            aas_json_read(&arena, documents[i], strlen(documents[i]), NULL, NULL, &root, NULL),
            ERR_UNREADABLE);
        arena_finish(&arena);
    }
}

Test(api_classes, an_item_of_an_array_is_read_by_itself_with_its_place)
{
    static const char links[] = "[{\"name\":\"a\",\"value\":\"1\"},\n {\"nam\":\"a\"}, 7]";
    struct arena arena;
    struct err err = {0};
    struct json *array = NULL;
    struct aas_node *root = NULL;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(json_read(&arena, links, strlen(links), &array, NULL), ERR_OK);
    const struct meta_class *cls = meta_class(CLASS_AssetLink);
    const struct json *item = array->first;
    cr_expect_eq(aas_json_read_value(&arena, item, cls, NULL, &root, &err), ERR_OK);
    cr_expect_str_eq(aas_text(root, PROP_value), "1");
    item = item->next;
    cr_expect_eq(aas_json_read_value(&arena, item, cls, NULL, &root, &err), ERR_UNREADABLE);
    cr_expect_eq(err.line, 2);
    item = item->next;
    cr_expect_eq(aas_json_read_value(&arena, item, cls, NULL, &root, &err), ERR_UNREADABLE);
    cr_expect_str_eq(err.text, "AssetLink must be an object and is a number");
    arena_finish(&arena);
}

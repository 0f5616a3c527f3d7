/* SPDX-License-Identifier: Apache-2.0 */
/* Values: a document applied to a submodel of all kinds and written gives a document that, applied
 * and written again, is the same; what is refused changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "aas/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REFERENCE                                                                                  \
    "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"u\"}]}"
#define PROPERTY(name, type, value)                                                                \
    "{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" type                   \
    "\",\"value\":\"" value "\"}"
#define ELEMENT(kind, name, rest) "{\"modelType\":\"" kind "\",\"idShort\":\"" name "\"" rest "}"

static const char submodel[] =
    "{\"modelType\":\"Submodel\",\"id\":\"s\",\"submodelElements\":[" PROPERTY(
        "S", "xs:string", "a") "," PROPERTY("I", "xs:int", "1") "," PROPERTY("D", "xs:double",
        "1.0") "," PROPERTY("B", "xs:boolean", "true") "," PROPERTY("T", "xs:dateTime",
        "2024-01-01T00:00:00Z") "," ELEMENT("MultiLanguageProperty", "M",
        ",\"value\":[{\"language\":\"en\",\"text\":\"a\"}]") "," ELEMENT("Range", "R",
        ",\"valueType\":\"xs:int\",\"min\":\"1\",\"max\":\"2\"") "," ELEMENT("File", "F",
        ",\"value\":\"/a\",\"contentType\":\"a/b\"") "," ELEMENT("Blob", "L",
        ",\"value\":\"AAAA\",\"contentType\":\"a/b\"") "," ELEMENT("ReferenceElement", "E",
        ",\"value\":" REFERENCE) "," ELEMENT("RelationshipElement", "H",
        ",\"first\":" REFERENCE
        ",\"second\":" REFERENCE) "," ELEMENT("AnnotatedRelationshipElement", "A",
        ",\"first\":" REFERENCE ",\"second\":" REFERENCE ",\"annotations\":[" PROPERTY(
            "X", "xs:int", "1") "," PROPERTY("Y", "xs:int", "2") "]") "," ELEMENT("Entity", "N",
        ",\"entityType\":\"SelfManagedEntity\",\"globalAssetId\":\"g\","
        "\"specificAssetIds\":[{\"name\":\"n\",\"value\":\"v\"}],\"statements\":[" PROPERTY(
            "X", "xs:int", "1") "]") "," ELEMENT("BasicEventElement", "V",
        ",\"observed\":" REFERENCE
        ",\"direction\":\"input\",\"state\":\"on\"") "," ELEMENT("SubmodelElementCollection", "C",
        ",\"value\":[" PROPERTY("X", "xs:float", "1") "," ELEMENT(
            "Capability", "K", "") "]") "," ELEMENT("SubmodelElementList", "O",
        ",\"typeValueListElement\":\"Property\",\"value\":["
        "{\"modelType\":\"Property\",\"valueType\":\"xs:integer\",\"value\":\"1\"},"
        "{\"modelType\":\"Property\",\"valueType\":\"xs:integer\"}]") "," ELEMENT("Operation", "Q",
        "") "]}";

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static struct json *parse(struct arena *arena, const struct buf *buf)
{
    struct json *value = NULL;
    enum err_code code = json_read(arena, buf->bytes, buf->len, &value, NULL);
    demand(code == ERR_OK);
    return value;
}

static void check(struct arena *arena, struct aas_node *node, const struct json *value)
{
    struct err err;
    struct aas_node *before = aas_copy(arena, node);
    enum err_code code = aas_value_apply(arena, node, value, &err);
    if (code != ERR_OK) {
        demand(err.rule[0] != '\0' && err.text[0] != '\0' && err.remedy[0] != '\0');
        demand(before == NULL || aas_equal(before, node));
        return;
    }
    struct buf first;
    struct buf second;
    buf_init(&first, 64U << 20);
    buf_init(&second, 64U << 20);
    code = aas_value_write(&first, node, 0, &err);
    demand(code == ERR_OK && !buf_failed(&first));
    code = aas_value_apply(arena, node, parse(arena, &first), &err);
    demand(code == ERR_OK);
    code = aas_value_write(&second, node, 0, &err);
    demand(code == ERR_OK && first.len == second.len);
    demand(memcmp(first.bytes, second.bytes, first.len) == 0);
    buf_finish(&first);
    buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    arena_init(&arena, 64U << 20);
    struct aas_node *node = NULL;
    struct json *value = NULL;
    enum err_code code =
        aas_json_read(&arena, submodel, sizeof submodel - 1, NULL, NULL, &node, NULL);
    demand(code == ERR_OK);
    if (json_read(&arena, (const char *)data, size, &value, NULL) == ERR_OK) {
        check(&arena, node, value);
    }
    arena_finish(&arena);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas of the OpenAPI document: a walk over the metamodel table, and the interface's own. */
#include "api/openapi.h"

#include <string.h>

#include "aas/meta.h"

/* What a step of a version may be told. */
#define STEP_BODY(more)                                                                            \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"message\":{"            \
    "\"type\":\"string\",\"description\":\"Why; stays in the history\"}" more "}}"

/* Objects of IDTA-01002 and of this server that are no classes of the metamodel. */
static const struct {
    const char *name;
    const char *schema;
} own[] = {
    {"Message",
        "{\"type\":\"object\",\"properties\":{\"messageType\":{\"type\":\"string\",\"enum\":["
        "\"Undefined\",\"Info\",\"Warning\",\"Error\",\"Exception\"]},\"code\":{\"type\":"
        "\"string\",\"minLength\":1,\"maxLength\":128,\"description\":\"Constraint or status "
        "code\"},\"text\":{\"type\":\"string\"},\"correlationId\":{\"type\":\"string\","
        "\"description\":\"X-Request-ID of the request\"},\"timestamp\":{\"type\":\"string\","
        "\"format\":\"date-time\"}}}"},
    {"Result",
        "{\"type\":\"object\",\"required\":[\"code\",\"messages\"],\"properties\":{\"code\":{"
        "\"type\":\"integer\",\"description\":\"The HTTP status\"},\"messages\":{\"type\":"
        "\"array\",\"items\":{\"$ref\":\"#/components/schemas/Message\"}}},\"examples\":[{"
        "\"code\":400,\"messages\":[{\"messageType\":\"Error\",\"code\":\"AASd-117\",\"text\":"
        "\"?2: Property has no idShort. Add an idShort.\",\"correlationId\":\"6b00d7d3-3\","
        "\"timestamp\":\"2026-01-31T08:15:00.000Z\"}]}]}"},
    {"PagingMetadata",
        "{\"type\":\"object\",\"properties\":{\"cursor\":{\"type\":\"string\",\"description\":"
        "\"For the next page; absent on the last one\"}}}"},
    {"ValueOnly",
        "{\"description\":\"The values alone: an object by idShort, an array for lists, a JSON "
        "value "
        "for a property\",\"examples\":[{\"TotalTonnage\":1240,\"DieNumber\":\"D-2231-P2\"}]}"},
    {"Metadata", "{\"type\":\"object\",\"description\":\"The object without its values\"}"},
    {"PathItem", "{\"type\":\"string\",\"description\":\"idShort path\"}"},
    {"ExecutionState",
        "{\"type\":\"string\",\"enum\":[\"Initiated\",\"Running\",\"Completed\",\"Canceled\","
        "\"Failed\",\"Timeout\"]}"},
    {"OperationRequest",
        "{\"type\":\"object\",\"properties\":{\"inputArguments\":{\"type\":\"array\",\"items\":{"
        "\"$ref\":\"#/components/schemas/OperationVariable\"}},\"inoutputArguments\":{\"type\":"
        "\"array\",\"items\":{\"$ref\":\"#/components/schemas/OperationVariable\"}},"
        "\"clientTimeoutDuration\":{\"$ref\":\"#/components/schemas/Duration\"}}}"},
    {"OperationRequestValueOnly",
        "{\"type\":\"object\",\"properties\":{\"inputArguments\":{\"type\":\"object\"},"
        "\"inoutputArguments\":{\"type\":\"object\"},\"clientTimeoutDuration\":{\"$ref\":"
        "\"#/components/schemas/Duration\"}}}"},
    {"BaseOperationResult",
        "{\"type\":\"object\",\"properties\":{\"executionState\":{\"$ref\":"
        "\"#/components/schemas/ExecutionState\"},\"success\":{\"type\":\"boolean\"},\"messages\":"
        "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Message\"}}}}"},
    {"OperationResult",
        "{\"allOf\":[{\"$ref\":\"#/components/schemas/BaseOperationResult\"}],\"properties\":{"
        "\"inoutputArguments\":{\"type\":\"array\",\"items\":{\"$ref\":"
        "\"#/components/schemas/OperationVariable\"}},\"outputArguments\":{\"type\":\"array\","
        "\"items\":{\"$ref\":\"#/components/schemas/OperationVariable\"}}}}"},
    {"OperationResultValueOnly",
        "{\"allOf\":[{\"$ref\":\"#/components/schemas/BaseOperationResult\"}],\"properties\":{"
        "\"inoutputArguments\":{\"type\":\"object\"},\"outputArguments\":{\"type\":\"object\"}}}"},
    {"ServiceDescription",
        "{\"type\":\"object\",\"properties\":{\"profiles\":{\"type\":\"array\",\"items\":{"
        "\"type\":\"string\"}}}}"},
    {"PackageDescription",
        "{\"type\":\"object\",\"properties\":{\"packageId\":{\"type\":\"string\"},\"aasIds\":{"
        "\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Identifier\"}}}}"},
    {"Reason", STEP_BODY("")},
    {"Publication",
        STEP_BODY(",\"overrule\":{\"type\":\"string\",\"description\":\"Why the number may "
                  "be less than the changes ask for\"}")},
    {"Deprecation",
        STEP_BODY(
            ",\"successor\":{\"type\":\"string\",\"description\":\"What is to be used instead: "
            "VERSION or FAMILY@VERSION\"}")},
    {"Rebase",
        STEP_BODY(",\"onto\":{\"type\":\"string\",\"description\":\"The published version that "
                  "the draft follows; without, the newest one below it\"}")},
    {"User", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"pattern\":"
             "\"^[A-Za-z0-9_][A-Za-z0-9._-]*$\",\"maxLength\":64},\"disabled\":{\"type\":\"boo"
             "lean\"},\"hasOneTimePassword\":{\"type\":\"boolean\"},\"roles\":{\"type\":\"arra"
             "y\",\"items\":{\"type\":\"string\",\"examples\":[\"reader\",\"modeller:family=id"
             "ta-02006\",\"reviewer:category=NAME\"]},\"maxItems\":16},\"created\":{\"type\":"
             "\"string\",\"format\":\"date-time\"},\"changed\":{\"type\":\"string\",\"format\""
             ":\"date-time\"},\"oneTimePassword\":{\"type\":\"string\",\"description\":\"Made "
             "here and shown once; must be changed before anything else is allowed\"}}}"},
    {"NewUser", "{\"type\":\"object\",\"required\":[\"name\",\"roles\"],\"properties\":{\"name\":"
                "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9._-]*$\",\"maxLength\""
                ":64},\"roles\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"examples\":["
                "\"reader\",\"modeller:family=idta-02006\",\"reviewer:category=NAME\"]},\"maxItem"
                "s\":16},\"password\":{\"type\":\"string\",\"minLength\":10},\"oneTime\":{\"type"
                "\":\"boolean\"}}}"},
    {"UserChange",
        "{\"type\":\"object\",\"properties\":{\"roles\":{\"type\":\"array\",\"items\":{\""
        "type\":\"string\",\"examples\":[\"reader\",\"modeller:family=idta-02006\",\"revi"
        "ewer:category=NAME\"]},\"maxItems\":16},\"disabled\":{\"type\":\"boolean\"}}}"},
    {"NewPassword",
        "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\",\"minLeng"
        "th\":10},\"oneTime\":{\"type\":\"boolean\"}}}"},
    {"OwnPassword",
        "{\"type\":\"object\",\"required\":[\"old\",\"new\"],\"properties\":{\"old\":{\"t"
        "ype\":\"string\"},\"new\":{\"type\":\"string\",\"minLength\":10}}}"},
    {"WhoAmI", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"known\":{"
               "\"type\":\"boolean\"},\"token\":{\"type\":\"string\"},\"hasOneTimePassword\":{\""
               "type\":\"boolean\"},\"unrestricted\":{\"type\":\"boolean\"},\"roles\":{\"type\":"
               "\"array\",\"items\":{\"type\":\"string\",\"examples\":[\"reader\",\"modeller:fam"
               "ily=idta-02006\",\"reviewer:category=NAME\"]},\"maxItems\":16}}}"},
    {"Token", "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"pattern\":"
              "\"^[A-Za-z0-9_][A-Za-z0-9._-]*$\",\"maxLength\":64},\"user\":{\"type\":\"string"
              "\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9._-]*$\",\"maxLength\":64},\"roles\":{\""
              "type\":\"array\",\"items\":{\"type\":\"string\",\"examples\":[\"reader\",\"model"
              "ler:family=idta-02006\",\"reviewer:category=NAME\"]},\"maxItems\":16},\"created"
              "\":{\"type\":\"string\",\"format\":\"date-time\"},\"expires\":{\"type\":\"string"
              "\",\"format\":\"date-time\"},\"secret\":{\"type\":\"string\",\"description\":\"F"
              "or Authorization: Bearer; shown once\"}}}"},
    {"NewToken", "{\"type\":\"object\",\"required\":[\"name\",\"expires\"],\"properties\":{"
                 "\"name\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z0-9._-]*$\",\""
                 "maxLength\":64},\"user\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_][A-Za-z"
                 "0-9._-]*$\",\"maxLength\":64},\"roles\":{\"type\":\"array\",\"items\":{\"type\":"
                 "\"string\",\"examples\":[\"reader\",\"modeller:family=idta-02006\",\"reviewer:ca"
                 "tegory=NAME\"]},\"maxItems\":16},\"expires\":{\"type\":\"string\",\"format\":\"d"
                 "ate-time\"}}}"},
    {"Query", "{\"type\":\"object\",\"description\":\"Query language of IDTA-01002\"}"},
};

static void add_ref(struct buf *buf, const char *name)
{
    buf_printf(buf, "{\"$ref\":\"#/components/schemas/%s\"}", name);
}

static void add_name(struct buf *buf, const char *name)
{
    buf_printf(buf, "\"%s\":", name);
}

/* ------------------------------------------------------------------ texts and enumerations */

static void add_text(struct buf *buf, const struct meta_text *text)
{
    const char *pattern = meta_text_pattern(text, META_V31);
    uint32_t most = meta_text_max(text, META_V31);
    buf_add_text(buf, "{\"type\":\"string\"");
    if (text->min_len > 0) {
        buf_printf(buf, ",\"minLength\":%u", text->min_len);
    }
    if (most > 0) {
        buf_printf(buf, ",\"maxLength\":%u", most);
    }
    if (strcmp(text->xsd_base, "xs:base64Binary") == 0) {
        buf_add_text(buf, ",\"contentEncoding\":\"base64\"");
    }
    if (pattern != NULL) {
        struct buf anchored;
        buf_init(&anchored, OPENAPI_BYTES);
        buf_printf(&anchored, "^(%s)$", pattern);
        buf_add_text(buf, ",\"pattern\":");
        buf_add_json_string(buf, buf_text(&anchored), anchored.len);
        buf_finish(&anchored);
    }
    buf_add_char(buf, '}');
}

static void add_enum(struct buf *buf, const struct meta_enum *e)
{
    bool any = false;
    buf_add_text(buf, "{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; i < e->count; i++) {
        if (e->values[i].versions & META_V31) {
            buf_printf(buf, "%s\"%s\"", any ? "," : "", e->values[i].text);
            any = true;
        }
    }
    buf_add_text(buf, "]}");
}

/* Each once: those of attributes before this one have been written. */
static bool is_first(const struct meta_class *cls, size_t slot)
{
    const struct meta_prop *prop = &cls->props[slot];
    for (size_t c = 0; c < CLASS_COUNT; c++) {
        const struct meta_class *other = meta_class((enum meta_class_id)c);
        for (size_t i = 0; i < other->prop_count; i++) {
            if (other == cls && i == slot) {
                return true;
            }
            if ((prop->text != NULL && other->props[i].text == prop->text) ||
                (prop->enumeration != NULL && other->props[i].enumeration == prop->enumeration)) {
                return false;
            }
        }
    }
    return true;
}

static void add_types_of(struct buf *buf, const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        if ((prop->text == NULL && prop->enumeration == NULL) || !is_first(cls, i)) {
            continue;
        }
        buf_add_char(buf, ',');
        add_name(buf, prop->text != NULL ? prop->text->name : prop->enumeration->name);
        if (prop->text != NULL) {
            add_text(buf, prop->text);
        } else {
            add_enum(buf, prop->enumeration);
        }
    }
}

/* ------------------------------------------------------------------ classes */

static void add_type(struct buf *buf, const struct meta_prop *prop)
{
    switch (prop->kind) {
    case META_TEXT:
        add_ref(buf, prop->text->name);
        break;
    case META_ENUM:
        add_ref(buf, prop->enumeration->name);
        break;
    case META_BOOL:
        buf_add_text(buf, "{\"type\":\"boolean\"}");
        break;
    case META_NODE:
        add_ref(buf, prop->cls->name);
        break;
    case META_LIST:
        buf_add_text(buf, "{\"type\":\"array\",\"minItems\":1,\"items\":");
        add_ref(buf, prop->cls->name);
        buf_add_char(buf, '}');
        break;
    }
}

static void add_required(struct buf *buf, const struct meta_class *cls)
{
    bool any = false;
    for (size_t i = 0; i <= cls->prop_count; i++) {
        bool model_type = i == cls->prop_count;
        if (model_type ? (cls->is & META_HAS_MODEL_TYPE) != 0
                       : meta_required(&cls->props[i], META_V31)) {
            buf_printf(buf, "%s\"%s\"", any ? "," : ",\"required\":[",
                model_type ? "modelType" : cls->props[i].name);
            any = true;
        }
    }
    if (any) {
        buf_add_char(buf, ']');
    }
}

static void add_object(struct buf *buf, const struct meta_class *cls)
{
    bool any = false;
    buf_add_text(buf, "{\"type\":\"object\"");
    add_required(buf, cls);
    buf_add_text(buf, ",\"properties\":{");
    if (cls->is & META_HAS_MODEL_TYPE) {
        buf_printf(buf, "\"modelType\":{\"const\":\"%s\"}", cls->name);
        any = true;
    }
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (any) {
            buf_add_char(buf, ',');
        }
        any = true;
        add_name(buf, cls->props[i].name);
        add_type(buf, &cls->props[i]);
    }
    buf_add_text(buf, "}}");
}

/* One of the classes that may stand for an abstract one; modelType says which. */
static void add_choice(struct buf *buf, const struct meta_class *cls)
{
    bool any = false;
    buf_add_text(buf, "{\"oneOf\":[");
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        const struct meta_class *sub = meta_class((enum meta_class_id)i);
        if (sub != cls && !(sub->is & META_IS_ABSTRACT) && meta_class_fits(sub, cls)) {
            buf_add_text(buf, any ? "," : "");
            add_ref(buf, sub->name);
            any = true;
        }
    }
    buf_add_text(buf, "],\"discriminator\":{\"propertyName\":\"modelType\"}}");
}

static void add_class(struct buf *buf, const struct meta_class *cls)
{
    if (cls->is & META_IS_ABSTRACT) {
        add_choice(buf, cls);
    } else if (cls->is & META_IS_BARE) {
        add_type(buf, &cls->props[0]);
    } else {
        add_object(buf, cls);
    }
}

void openapi_write_schemas(struct buf *buf)
{
    buf_add_text(buf, "\"schemas\":{");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        buf_add_text(buf, i > 0 ? "," : "");
        add_name(buf, own[i].name);
        buf_add_text(buf, own[i].schema);
    }
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)i);
        buf_add_char(buf, ',');
        add_name(buf, cls->name);
        add_class(buf, cls);
        add_types_of(buf, cls);
    }
    buf_add_char(buf, '}');
}

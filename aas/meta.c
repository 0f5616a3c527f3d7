/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/meta.h"

#include <string.h>

#include "aas/meta_text.h"
#include "aas/plain.h"

/* ------------------------------------------------------------------ enumerations */

#define SINCE(versions, value)                                                                     \
    {                                                                                              \
        value, sizeof value - 1, versions                                                          \
    }
#define BOTH(value) SINCE(META_V_ANY, value)
#define ENUM_TABLE(symbol, name_, values_)                                                         \
    const struct meta_enum symbol = {                                                              \
        .name = name_, .values = values_, .count = sizeof values_ / sizeof *values_}

static const struct meta_enum_value asset_kinds[] = {
    BOTH("Type"), BOTH("Instance"), SINCE(META_V31, "Role"), BOTH("NotApplicable")};
static const struct meta_enum_value modelling_kinds[] = {BOTH("Template"), BOTH("Instance")};
static const struct meta_enum_value qualifier_kinds[] = {
    BOTH("ValueQualifier"), BOTH("ConceptQualifier"), BOTH("TemplateQualifier")};
static const struct meta_enum_value entity_types[] = {
    BOTH("CoManagedEntity"), BOTH("SelfManagedEntity")};
static const struct meta_enum_value directions[] = {BOTH("input"), BOTH("output")};
static const struct meta_enum_value event_states[] = {BOTH("on"), BOTH("off")};
static const struct meta_enum_value reference_types[] = {
    BOTH("ExternalReference"), BOTH("ModelReference")};
static const struct meta_enum_value key_types[] = {BOTH("AnnotatedRelationshipElement"),
    BOTH("AssetAdministrationShell"), BOTH("BasicEventElement"), BOTH("Blob"), BOTH("Capability"),
    BOTH("ConceptDescription"), BOTH("DataElement"), BOTH("Entity"), BOTH("EventElement"),
    BOTH("File"), BOTH("FragmentReference"), BOTH("GlobalReference"), BOTH("Identifiable"),
    BOTH("MultiLanguageProperty"), BOTH("Operation"), BOTH("Property"), BOTH("Range"),
    BOTH("Referable"), BOTH("ReferenceElement"), BOTH("RelationshipElement"), BOTH("Submodel"),
    BOTH("SubmodelElement"), BOTH("SubmodelElementCollection"), BOTH("SubmodelElementList")};
static const struct meta_enum_value element_types[] = {BOTH("AnnotatedRelationshipElement"),
    BOTH("BasicEventElement"), BOTH("Blob"), BOTH("Capability"), BOTH("DataElement"),
    BOTH("Entity"), BOTH("EventElement"), BOTH("File"), BOTH("MultiLanguageProperty"),
    BOTH("Operation"), BOTH("Property"), BOTH("Range"), BOTH("ReferenceElement"),
    BOTH("RelationshipElement"), BOTH("SubmodelElement"), BOTH("SubmodelElementList"),
    BOTH("SubmodelElementCollection")};
static const struct meta_enum_value xsd_types[] = {BOTH("xs:anyURI"), BOTH("xs:base64Binary"),
    BOTH("xs:boolean"), BOTH("xs:byte"), BOTH("xs:date"), BOTH("xs:dateTime"), BOTH("xs:decimal"),
    BOTH("xs:double"), BOTH("xs:duration"), BOTH("xs:float"), BOTH("xs:gDay"), BOTH("xs:gMonth"),
    BOTH("xs:gMonthDay"), BOTH("xs:gYear"), BOTH("xs:gYearMonth"), BOTH("xs:hexBinary"),
    BOTH("xs:int"), BOTH("xs:integer"), BOTH("xs:long"), BOTH("xs:negativeInteger"),
    BOTH("xs:nonNegativeInteger"), BOTH("xs:nonPositiveInteger"), BOTH("xs:positiveInteger"),
    BOTH("xs:short"), BOTH("xs:string"), BOTH("xs:time"), BOTH("xs:unsignedByte"),
    BOTH("xs:unsignedInt"), BOTH("xs:unsignedLong"), BOTH("xs:unsignedShort")};
static const struct meta_enum_value iec_types[] = {BOTH("DATE"), BOTH("STRING"),
    BOTH("STRING_TRANSLATABLE"), BOTH("INTEGER_MEASURE"), BOTH("INTEGER_COUNT"),
    BOTH("INTEGER_CURRENCY"), BOTH("REAL_MEASURE"), BOTH("REAL_COUNT"), BOTH("REAL_CURRENCY"),
    BOTH("BOOLEAN"), BOTH("IRI"), BOTH("IRDI"), BOTH("RATIONAL"), BOTH("RATIONAL_MEASURE"),
    BOTH("TIME"), BOTH("TIMESTAMP"), BOTH("FILE"), BOTH("HTML"), BOTH("BLOB")};

static const struct meta_enum_value security_types[] = {
    BOTH("NONE"), BOTH("RFC_TLSA"), BOTH("W3C_DID")};

static ENUM_TABLE(enum_asset_kind, "AssetKind", asset_kinds);
static ENUM_TABLE(enum_modelling_kind, "ModellingKind", modelling_kinds);
static ENUM_TABLE(enum_qualifier_kind, "QualifierKind", qualifier_kinds);
static ENUM_TABLE(enum_entity_type, "EntityType", entity_types);
static ENUM_TABLE(enum_direction, "Direction", directions);
static ENUM_TABLE(enum_state, "StateOfEvent", event_states);
static ENUM_TABLE(enum_reference_type, "ReferenceTypes", reference_types);
static ENUM_TABLE(enum_element_type, "AasSubmodelElements", element_types);
static ENUM_TABLE(enum_iec_type, "DataTypeIec61360", iec_types);
static ENUM_TABLE(enum_security_type, "SecurityTypeEnum", security_types);
ENUM_TABLE(meta_enum_key_types, "KeyTypes", key_types);
ENUM_TABLE(meta_enum_data_type_def_xsd, "DataTypeDefXsd", xsd_types);

/* ------------------------------------------------------------------ attributes */

static const struct meta_class classes[CLASS_COUNT];

#define OPTIONAL 0
#define REQUIRED META_REQUIRED
#define ROW(prop, kind_, flags_, text_, enum_, cls_)                                               \
    {                                                                                              \
        PROP_##prop, #prop, kind_, flags_, text_, enum_, cls_                                      \
    }
#define TEXT(prop, flags, type) ROW(prop, META_TEXT, flags, &meta_text_##type, NULL, NULL)
#define ENUM(prop, flags, type) ROW(prop, META_ENUM, flags, NULL, &type, NULL)
#define BOOL(prop, flags) ROW(prop, META_BOOL, flags, NULL, NULL, NULL)
#define NODE(prop, flags, type) ROW(prop, META_NODE, flags, NULL, NULL, &classes[CLASS_##type])
#define LIST(prop, flags, type) ROW(prop, META_LIST, flags, NULL, NULL, &classes[CLASS_##type])

/* Abstract classes, as what they add to the classes that inherit them. */
#define HAS_EXTENSIONS LIST(extensions, OPTIONAL, Extension)
#define REFERABLE                                                                                  \
    HAS_EXTENSIONS, TEXT(category, OPTIONAL, name), TEXT(idShort, OPTIONAL, id_short),             \
        LIST(displayName, OPTIONAL, LangStringNameType),                                           \
        LIST(description, OPTIONAL, LangStringTextType)
#define IDENTIFIABLE                                                                               \
    REFERABLE, NODE(administration, OPTIONAL, AdministrativeInformation),                          \
        TEXT(id, REQUIRED, identifier)
#define HAS_KIND ENUM(kind, OPTIONAL, enum_modelling_kind)
#define HAS_SEMANTICS                                                                              \
    NODE(semanticId, OPTIONAL, Reference), LIST(supplementalSemanticIds, OPTIONAL, Reference)
#define QUALIFIABLE LIST(qualifiers, OPTIONAL, Qualifier)
#define HAS_DATA_SPECIFICATION LIST(embeddedDataSpecifications, OPTIONAL, EmbeddedDataSpecification)
#define SUBMODEL_ELEMENT REFERABLE, HAS_SEMANTICS, QUALIFIABLE, HAS_DATA_SPECIFICATION
#define RELATIONSHIP                                                                               \
    SUBMODEL_ELEMENT, NODE(first, META_REQUIRED_30 | META_IS_VALUE, Reference),                    \
        NODE(second, META_REQUIRED_30 | META_IS_VALUE, Reference)
#define LANG_STRING(type) TEXT(language, REQUIRED, language), TEXT(text, REQUIRED, type)

#define PROPS(cls) static const struct meta_prop props_##cls[]

PROPS(Environment) = {
    LIST(assetAdministrationShells, OPTIONAL, AssetAdministrationShell),
    LIST(submodels, OPTIONAL, Submodel),
    LIST(conceptDescriptions, OPTIONAL, ConceptDescription),
};
PROPS(AssetAdministrationShell) = {
    IDENTIFIABLE,
    HAS_DATA_SPECIFICATION,
    NODE(derivedFrom, OPTIONAL, Reference),
    NODE(assetInformation, REQUIRED | META_IS_VALUE, AssetInformation),
    LIST(submodels, META_IS_VALUE, Reference),
};
PROPS(Submodel) = {
    IDENTIFIABLE,
    HAS_KIND,
    HAS_SEMANTICS,
    QUALIFIABLE,
    HAS_DATA_SPECIFICATION,
    LIST(submodelElements, META_CHILDREN | META_IS_VALUE, SubmodelElement),
};
PROPS(ConceptDescription) = {
    IDENTIFIABLE,
    HAS_DATA_SPECIFICATION,
    LIST(isCaseOf, OPTIONAL, Reference),
};
PROPS(EventPayload) = {
    NODE(source, REQUIRED, Reference),
    NODE(sourceSemanticId, OPTIONAL, Reference),
    NODE(observableReference, REQUIRED, Reference),
    NODE(observableSemanticId, OPTIONAL, Reference),
    TEXT(topic, OPTIONAL, topic),
    NODE(subjectId, OPTIONAL, Reference),
    TEXT(timeStamp, REQUIRED, date_time_utc),
    TEXT(payload, OPTIONAL, base64),
};
PROPS(RelationshipElement) = {RELATIONSHIP};
PROPS(AnnotatedRelationshipElement) = {
    RELATIONSHIP,
    LIST(annotations, META_CHILDREN | META_IS_VALUE, DataElement),
};
PROPS(BasicEventElement) = {
    SUBMODEL_ELEMENT,
    NODE(observed, REQUIRED | META_IS_VALUE, Reference),
    ENUM(direction, REQUIRED, enum_direction),
    ENUM(state, REQUIRED, enum_state),
    TEXT(messageTopic, OPTIONAL, topic),
    NODE(messageBroker, OPTIONAL, Reference),
    TEXT(lastUpdate, OPTIONAL, date_time_utc),
    TEXT(minInterval, OPTIONAL, duration),
    TEXT(maxInterval, OPTIONAL, duration),
};
PROPS(Blob) = {
    SUBMODEL_ELEMENT,
    TEXT(value, META_IS_VALUE, base64),
    TEXT(contentType, META_REQUIRED_30 | META_IS_VALUE, content_type),
};
PROPS(Capability) = {SUBMODEL_ELEMENT};
PROPS(Entity) = {
    SUBMODEL_ELEMENT,
    LIST(statements, META_CHILDREN | META_IS_VALUE, SubmodelElement),
    ENUM(entityType, META_REQUIRED_30, enum_entity_type),
    TEXT(globalAssetId, META_IS_VALUE, identifier),
    LIST(specificAssetIds, META_IS_VALUE, SpecificAssetId),
};
PROPS(File) = {
    SUBMODEL_ELEMENT,
    TEXT(value, META_IS_VALUE, path),
    TEXT(contentType, META_REQUIRED_30 | META_IS_VALUE, content_type),
};
PROPS(MultiLanguageProperty) = {
    SUBMODEL_ELEMENT,
    LIST(value, META_IS_VALUE, LangStringTextType),
    NODE(valueId, META_IS_VALUE, Reference),
};
PROPS(Operation) = {
    SUBMODEL_ELEMENT,
    LIST(inputVariables, OPTIONAL, OperationVariable),
    LIST(outputVariables, OPTIONAL, OperationVariable),
    LIST(inoutputVariables, OPTIONAL, OperationVariable),
};
PROPS(Property) = {
    SUBMODEL_ELEMENT,
    ENUM(valueType, REQUIRED, meta_enum_data_type_def_xsd),
    TEXT(value, META_IS_VALUE | META_TYPED_VALUE, any),
    NODE(valueId, META_IS_VALUE, Reference),
};
PROPS(Range) = {
    SUBMODEL_ELEMENT,
    ENUM(valueType, REQUIRED, meta_enum_data_type_def_xsd),
    TEXT(min, META_IS_VALUE | META_TYPED_VALUE, any),
    TEXT(max, META_IS_VALUE | META_TYPED_VALUE, any),
};
PROPS(ReferenceElement) = {
    SUBMODEL_ELEMENT,
    NODE(value, META_IS_VALUE, Reference),
};
PROPS(SubmodelElementCollection) = {
    SUBMODEL_ELEMENT,
    LIST(value, META_CHILDREN | META_IS_VALUE, SubmodelElement),
};
PROPS(SubmodelElementList) = {
    SUBMODEL_ELEMENT,
    BOOL(orderRelevant, OPTIONAL),
    NODE(semanticIdListElement, OPTIONAL, Reference),
    ENUM(typeValueListElement, REQUIRED, enum_element_type),
    ENUM(valueTypeListElement, OPTIONAL, meta_enum_data_type_def_xsd),
    LIST(value, META_CHILDREN | META_INDEXED | META_IS_VALUE, SubmodelElement),
};
PROPS(AdministrativeInformation) = {
    HAS_DATA_SPECIFICATION,
    TEXT(version, OPTIONAL, version),
    TEXT(revision, OPTIONAL, version),
    NODE(creator, OPTIONAL, Reference),
    TEXT(templateId, OPTIONAL, identifier),
};
PROPS(AssetInformation) = {
    ENUM(assetKind, REQUIRED, enum_asset_kind),
    TEXT(globalAssetId, OPTIONAL, identifier),
    LIST(specificAssetIds, OPTIONAL, SpecificAssetId),
    TEXT(assetType, OPTIONAL, identifier),
    NODE(defaultThumbnail, OPTIONAL, Resource),
};
PROPS(Resource) = {
    TEXT(path, REQUIRED, path),
    TEXT(contentType, OPTIONAL, content_type),
};
PROPS(SpecificAssetId) = {
    HAS_SEMANTICS,
    TEXT(name, REQUIRED, label),
    TEXT(value, REQUIRED, identifier),
    NODE(externalSubjectId, OPTIONAL, Reference),
};
PROPS(Reference) = {
    ENUM(type, REQUIRED, enum_reference_type),
    NODE(referredSemanticId, OPTIONAL, Reference),
    LIST(keys, REQUIRED, Key),
};
PROPS(Key) = {
    ENUM(type, REQUIRED, meta_enum_key_types),
    TEXT(value, REQUIRED, identifier),
};
PROPS(Extension) = {
    HAS_SEMANTICS,
    TEXT(name, REQUIRED, name),
    ENUM(valueType, OPTIONAL, meta_enum_data_type_def_xsd),
    TEXT(value, META_TYPED_VALUE, any),
    LIST(refersTo, OPTIONAL, Reference),
};
PROPS(Qualifier) = {
    HAS_SEMANTICS,
    ENUM(kind, OPTIONAL, enum_qualifier_kind),
    TEXT(type, REQUIRED, name),
    ENUM(valueType, REQUIRED, meta_enum_data_type_def_xsd),
    TEXT(value, META_TYPED_VALUE, any),
    NODE(valueId, OPTIONAL, Reference),
};
PROPS(OperationVariable) = {NODE(value, REQUIRED, SubmodelElement)};
PROPS(EmbeddedDataSpecification) = {
    NODE(dataSpecification, REQUIRED, Reference),
    NODE(dataSpecificationContent, REQUIRED, DataSpecificationContent),
};
PROPS(DataSpecificationIec61360) = {
    LIST(preferredName, REQUIRED, LangStringPreferredNameTypeIec61360),
    LIST(shortName, OPTIONAL, LangStringShortNameTypeIec61360),
    TEXT(unit, OPTIONAL, non_empty),
    NODE(unitId, OPTIONAL, Reference),
    TEXT(sourceOfDefinition, OPTIONAL, non_empty),
    TEXT(symbol, OPTIONAL, non_empty),
    ENUM(dataType, OPTIONAL, enum_iec_type),
    LIST(definition, OPTIONAL, LangStringDefinitionTypeIec61360),
    TEXT(valueFormat, OPTIONAL, non_empty),
    NODE(valueList, OPTIONAL, ValueList),
    TEXT(value, OPTIONAL, identifier),
    NODE(levelType, OPTIONAL, LevelType),
};
PROPS(LevelType) = {
    BOOL(min, REQUIRED),
    BOOL(nom, REQUIRED),
    BOOL(typ, REQUIRED),
    BOOL(max, REQUIRED),
};
PROPS(ValueList) = {LIST(valueReferencePairs, REQUIRED, ValueReferencePair)};
PROPS(ValueReferencePair) = {
    TEXT(value, REQUIRED, identifier),
    NODE(valueId, META_REQUIRED_30, Reference),
};
PROPS(LangStringNameType) = {LANG_STRING(name_text)};
PROPS(LangStringTextType) = {LANG_STRING(text)};
PROPS(LangStringPreferredNameTypeIec61360) = {LANG_STRING(preferred)};
PROPS(LangStringShortNameTypeIec61360) = {LANG_STRING(short_name)};
PROPS(LangStringDefinitionTypeIec61360) = {LANG_STRING(definition)};

/* ------------------------------------------------------------------ classes of the API */

/* IDTA-01002, Descriptor; its lists, other than those of the metamodel, may be empty. */
#define DESCRIPTOR                                                                                 \
    LIST(description, META_MAY_BE_EMPTY, LangStringTextType),                                      \
        LIST(displayName, META_MAY_BE_EMPTY, LangStringNameType), HAS_EXTENSIONS,                  \
        NODE(administration, OPTIONAL, AdministrativeInformation)

PROPS(AssetAdministrationShellDescriptor) = {
    DESCRIPTOR,
    ENUM(assetKind, OPTIONAL, enum_asset_kind),
    TEXT(assetType, OPTIONAL, identifier),
    LIST(endpoints, OPTIONAL, Endpoint),
    TEXT(globalAssetId, OPTIONAL, identifier),
    TEXT(idShort, OPTIONAL, id_short),
    TEXT(id, REQUIRED, identifier),
    LIST(specificAssetIds, META_MAY_BE_EMPTY, SpecificAssetId),
    LIST(submodelDescriptors, META_MAY_BE_EMPTY, SubmodelDescriptor),
};
PROPS(SubmodelDescriptor) = {
    DESCRIPTOR,
    LIST(endpoints, REQUIRED, Endpoint),
    TEXT(idShort, OPTIONAL, id_short),
    TEXT(id, REQUIRED, identifier),
    HAS_SEMANTICS,
};
PROPS(Endpoint) = {
    TEXT(interface, REQUIRED, endpoint_word),
    NODE(protocolInformation, REQUIRED, ProtocolInformation),
};
PROPS(ProtocolInformation) = {
    TEXT(href, REQUIRED, endpoint_text),
    TEXT(endpointProtocol, OPTIONAL, endpoint_word),
    LIST(endpointProtocolVersion, META_MAY_BE_EMPTY, ProtocolVersion),
    TEXT(subprotocol, OPTIONAL, endpoint_word),
    TEXT(subprotocolBody, OPTIONAL, endpoint_text),
    TEXT(subprotocolBodyEncoding, OPTIONAL, endpoint_word),
    LIST(securityAttributes, OPTIONAL, SecurityAttribute),
};
PROPS(ProtocolVersion) = {TEXT(text, REQUIRED, endpoint_word)};
PROPS(SecurityAttribute) = {
    ENUM(type, REQUIRED, enum_security_type),
    TEXT(key, REQUIRED, any),
    TEXT(value, REQUIRED, any),
};
PROPS(AssetLink) = {
    TEXT(name, REQUIRED, label),
    TEXT(value, REQUIRED, identifier),
};
/* All links of one shell, as they are kept. */
PROPS(AssetLinks) = {LIST(specificAssetIds, REQUIRED | META_MAY_BE_EMPTY, SpecificAssetId)};

/* ------------------------------------------------------------------ classes */

#define IS_REFERABLE (META_IS_REFERABLE | META_HAS_MODEL_TYPE | META_HAS_DATA_SPECIFICATION)
#define IS_IDENTIFIABLE (IS_REFERABLE | META_IS_IDENTIFIABLE)
#define IS_ELEMENT                                                                                 \
    (IS_REFERABLE | META_IS_SUBMODEL_ELEMENT | META_HAS_SEMANTICS | META_IS_QUALIFIABLE)
#define IS_DATA (IS_ELEMENT | META_IS_DATA_ELEMENT)
#define IS_RELATIONSHIP (IS_ELEMENT | META_IS_RELATIONSHIP_ELEMENT)

#define CLASS(name_, xml_, is_, form_)                                                             \
    [CLASS_##name_] = {.id = CLASS_##name_,                                                        \
        .name = #name_,                                                                            \
        .xml_name = xml_,                                                                          \
        .is = is_,                                                                                 \
        .form = META_FORM_##form_,                                                                 \
        .props = props_##name_,                                                                    \
        .prop_count = sizeof props_##name_ / sizeof *props_##name_}
#define ABSTRACT(name_, xml_, bit)                                                                 \
    [CLASS_##name_] = {.id = CLASS_##name_,                                                        \
        .name = #name_,                                                                            \
        .xml_name = xml_,                                                                          \
        .is = META_IS_ABSTRACT,                                                                    \
        .accepts = bit}

static const struct meta_class classes[CLASS_COUNT] = {
    CLASS(Environment, "environment", 0, NONE),
    CLASS(AssetAdministrationShell, "assetAdministrationShell", IS_IDENTIFIABLE, NONE),
    CLASS(
        Submodel, "submodel", IS_IDENTIFIABLE | META_HAS_SEMANTICS | META_IS_QUALIFIABLE, SUBMODEL),
    CLASS(ConceptDescription, "conceptDescription", IS_IDENTIFIABLE, NONE),
    CLASS(EventPayload, "eventPayload", 0, NONE),
    ABSTRACT(SubmodelElement, "submodelElement", META_IS_SUBMODEL_ELEMENT),
    ABSTRACT(DataElement, "dataElement", META_IS_DATA_ELEMENT),
    ABSTRACT(
        DataSpecificationContent, "dataSpecificationContent", META_IS_DATA_SPECIFICATION_CONTENT),
    CLASS(RelationshipElement, "relationshipElement", IS_RELATIONSHIP, RELATIONSHIP),
    CLASS(AnnotatedRelationshipElement, "annotatedRelationshipElement", IS_RELATIONSHIP,
        ANNOTATED_RELATIONSHIP),
    CLASS(BasicEventElement, "basicEventElement", IS_ELEMENT | META_IS_EVENT_ELEMENT, EVENT),
    CLASS(Blob, "blob", IS_DATA, BLOB),
    CLASS(Capability, "capability", IS_ELEMENT, NONE),
    CLASS(Entity, "entity", IS_ELEMENT, ENTITY),
    CLASS(File, "file", IS_DATA, FILE),
    CLASS(MultiLanguageProperty, "multiLanguageProperty", IS_DATA, MULTI_LANGUAGE),
    CLASS(Operation, "operation", IS_ELEMENT, NONE),
    CLASS(Property, "property", IS_DATA, PROPERTY),
    CLASS(Range, "range", IS_DATA, RANGE),
    CLASS(ReferenceElement, "referenceElement", IS_DATA, REFERENCE),
    CLASS(SubmodelElementCollection, "submodelElementCollection", IS_ELEMENT, COLLECTION),
    CLASS(SubmodelElementList, "submodelElementList", IS_ELEMENT, LIST),
    CLASS(
        AdministrativeInformation, "administrativeInformation", META_HAS_DATA_SPECIFICATION, NONE),
    CLASS(AssetInformation, "assetInformation", 0, NONE),
    CLASS(Resource, "resource", 0, NONE),
    CLASS(SpecificAssetId, "specificAssetId", META_HAS_SEMANTICS, NONE),
    CLASS(Reference, "reference", 0, NONE),
    CLASS(Key, "key", 0, NONE),
    CLASS(Extension, "extension", META_HAS_SEMANTICS, NONE),
    CLASS(Qualifier, "qualifier", META_HAS_SEMANTICS, NONE),
    CLASS(OperationVariable, "operationVariable", 0, NONE),
    CLASS(EmbeddedDataSpecification, "embeddedDataSpecification", 0, NONE),
    CLASS(DataSpecificationIec61360, "dataSpecificationIec61360",
        META_IS_DATA_SPECIFICATION_CONTENT | META_HAS_MODEL_TYPE, NONE),
    CLASS(LevelType, "levelType", 0, NONE),
    CLASS(ValueList, "valueList", 0, NONE),
    CLASS(ValueReferencePair, "valueReferencePair", 0, NONE),
    CLASS(LangStringNameType, "langStringNameType", META_IS_LANG_STRING, NONE),
    CLASS(LangStringTextType, "langStringTextType", META_IS_LANG_STRING, NONE),
    CLASS(LangStringPreferredNameTypeIec61360, "langStringPreferredNameTypeIec61360",
        META_IS_LANG_STRING, NONE),
    CLASS(LangStringShortNameTypeIec61360, "langStringShortNameTypeIec61360", META_IS_LANG_STRING,
        NONE),
    CLASS(LangStringDefinitionTypeIec61360, "langStringDefinitionTypeIec61360", META_IS_LANG_STRING,
        NONE),
    CLASS(AssetAdministrationShellDescriptor, "", META_IS_API, NONE),
    CLASS(SubmodelDescriptor, "", META_IS_API | META_HAS_SEMANTICS, NONE),
    CLASS(Endpoint, "", META_IS_API, NONE),
    CLASS(ProtocolInformation, "", META_IS_API, NONE),
    CLASS(ProtocolVersion, "", META_IS_API | META_IS_BARE, NONE),
    CLASS(SecurityAttribute, "", META_IS_API, NONE),
    CLASS(AssetLink, "", META_IS_API, NONE),
    CLASS(AssetLinks, "", META_IS_API, NONE),
};

static const char *const prop_names[PROP_COUNT] = {
#define META_PROP_NAME(name) [PROP_##name] = #name,
    META_PROPS(META_PROP_NAME)
#undef META_PROP_NAME
};

/* ------------------------------------------------------------------ look-ups */

/* Attributes and classes are told apart by their first letter, so one index has the names of both:
 * the attributes first. */
enum { NAME_COUNT = PROP_COUNT + CLASS_COUNT, NAME_BUCKETS = 512, NO_SLOT = -1, NO_NAME = -1 };

struct meta_index meta_index;

/* Made before main begins, too: names by their hash. */
static struct {
    short buckets[NAME_BUCKETS];
    const char *texts[NAME_COUNT];
    unsigned char lens[NAME_COUNT];
} names;

_Static_assert(NAME_COUNT < NAME_BUCKETS / 2 && PROP_COUNT < 255, "the index of names is full");

static unsigned name_bucket(const char *name, size_t len)
{
    unsigned first = (unsigned char)name[0];
    unsigned middle = (unsigned char)name[len / 2];
    unsigned last = (unsigned char)name[len - 1];
    return (first * 7 + middle * 31 + last * 131 + (unsigned)len * 17) % NAME_BUCKETS;
}

static void index_name(int id, const char *name)
{
    size_t len = strlen(name);
    unsigned at = name_bucket(name, len);
    names.texts[id] = name;
    names.lens[id] = (unsigned char)len;
    while (names.buckets[at] != NO_NAME) {
        at = (at + 1) % NAME_BUCKETS;
    }
    names.buckets[at] = (short)id;
}

static void index_class(const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        meta_index.slots[cls->id][prop->id] = (signed char)i;
        if (prop->flags & META_CHILDREN) {
            meta_index.children[cls->id] = (signed char)i;
        }
    }
}

/* What stands directly below an object of a class, and below that as far as it is known; true when
 * something is new. */
static bool add_below(const struct meta_class *cls)
{
    uint64_t below = meta_index.below[cls->id];
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_class *type = cls->props[i].cls;
        for (int id = 0; type != NULL && id < CLASS_COUNT; id++) {
            below |= meta_class_fits(&classes[id], type) ? meta_within(&classes[id]) : 0;
        }
    }
    bool more = below != meta_index.below[cls->id];
    meta_index.below[cls->id] = below;
    return more;
}

__attribute__((constructor)) static void make_index(void)
{
    memset(meta_index.slots, NO_SLOT, sizeof meta_index.slots);
    memset(meta_index.children, NO_SLOT, sizeof meta_index.children);
    memset(names.buckets, NO_NAME, sizeof names.buckets);
    for (int id = 0; id < PROP_COUNT; id++) {
        index_name(id, prop_names[id]);
    }
    for (int id = 0; id < CLASS_COUNT; id++) {
        index_name(PROP_COUNT + id, classes[id].name);
        index_class(&classes[id]);
    }
    for (bool more = true; more;) {
        more = false;
        for (int id = 0; id < CLASS_COUNT; id++) {
            more |= add_below(&classes[id]);
        }
    }
}

static bool same(const char *text, const char *bytes, size_t len)
{
    /* Most names differ in their first character. */
    return len > 0 && text[0] == bytes[0] && strncmp(text, bytes, len) == 0 && text[len] == '\0';
}

const struct meta_class *meta_class(enum meta_class_id id)
{
    return &classes[id];
}

/* The number of a name, or NO_NAME. */
static int name_id(const char *name, size_t len)
{
    if (len == 0) {
        return NO_NAME;
    }
    for (unsigned at = name_bucket(name, len);; at = (at + 1) % NAME_BUCKETS) {
        int id = names.buckets[at];
        if (id == NO_NAME || (names.lens[id] == len && plain_equal(names.texts[id], name, len))) {
            return id;
        }
    }
}

const struct meta_class *meta_class_by_name(const char *name, size_t len)
{
    int id = name_id(name, len) - PROP_COUNT;
    return id >= 0 && !(classes[id].is & META_IS_ABSTRACT) ? &classes[id] : NULL;
}

const struct meta_class *meta_class_by_xml_name(const char *name, size_t len)
{
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        if (!(classes[i].is & (META_IS_ABSTRACT | META_IS_API)) &&
            same(classes[i].xml_name, name, len)) {
            return &classes[i];
        }
    }
    return NULL;
}

int meta_prop_by_name(const char *name, size_t len)
{
    int id = name_id(name, len);
    return id < PROP_COUNT ? id : NO_NAME;
}

int meta_slot_by_name(const struct meta_class *cls, const char *name, size_t len)
{
    int id = meta_prop_by_name(name, len);
    return id == NO_NAME ? NO_SLOT : meta_index.slots[cls->id][id];
}

const char *meta_prop_name(enum meta_prop_id id)
{
    return prop_names[id];
}

size_t meta_prop_name_len(enum meta_prop_id id)
{
    return names.lens[id];
}

bool meta_enum_has(const struct meta_enum *e, const char *text, size_t len, unsigned versions)
{
    for (size_t i = 0; i < e->count && len > 0; i++) {
        const struct meta_enum_value *value = &e->values[i];
        /* Values of one length often begin alike, xs: for example. */
        if (value->len == len && value->text[len - 1] == text[len - 1] &&
            (value->versions & versions) && plain_equal(value->text, text, len)) {
            return true;
        }
    }
    return false;
}

const char *meta_xml_namespace(enum meta_version version)
{
    return version == META_V30 ? "https://admin-shell.io/aas/3/0"
                               : "https://admin-shell.io/aas/3/1";
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_META_H
#define JIG_AAS_META_H
/*
 * The metamodel of the Asset Administration Shell as one table (IDTA-01001, versions 3.0 and 3.1),
 * and the classes that only the API knows: descriptors, endpoints, asset links (IDTA-01002,
 * META_IS_API).
 *
 * A row says everything that a codec, the schema, the constraint walk, the search extraction or a
 * form needs to know about one attribute. Everything in this header is constant, static and free to
 * share between threads. Adding an attribute means adding its name to META_PROPS and a row to its
 * class in meta.c; nothing else names a class where a row can.
 *
 * Order: a class lists its attributes in canonical order, inherited ones first (the order of the
 * sequences in the official XSD); JSON is written in the same order behind "modelType".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Versions of the metamodel, usable as a bit mask. */
enum meta_version { META_V30 = 1, META_V31 = 2, META_V_ANY = 3 };

/* Every attribute name of the metamodel, once. Names are those of the specification and are the
 * same in JSON and XML. */
/* clang-format off */
#define META_PROPS(X)                                                                              \
    X(extensions) X(category) X(idShort) X(displayName) X(description) X(administration) X(id)     \
    X(kind) X(semanticId) X(supplementalSemanticIds) X(qualifiers) X(embeddedDataSpecifications)   \
    X(submodelElements) X(value) X(valueType) X(valueId) X(min) X(max) X(contentType) X(first)     \
    X(second) X(annotations) X(statements) X(entityType) X(globalAssetId) X(specificAssetIds)      \
    X(observed) X(direction) X(state) X(messageTopic) X(messageBroker) X(lastUpdate)               \
    X(minInterval) X(maxInterval) X(inputVariables) X(outputVariables) X(inoutputVariables)        \
    X(orderRelevant) X(semanticIdListElement) X(typeValueListElement) X(valueTypeListElement)      \
    X(derivedFrom) X(assetInformation) X(submodels) X(assetKind) X(assetType)                      \
    X(defaultThumbnail) X(path) X(name) X(externalSubjectId) X(isCaseOf) X(version) X(revision)    \
    X(creator) X(templateId) X(type) X(keys) X(referredSemanticId) X(language) X(text)             \
    X(refersTo) X(dataSpecification) X(dataSpecificationContent) X(preferredName) X(shortName)     \
    X(unit) X(unitId) X(sourceOfDefinition) X(symbol) X(dataType) X(definition) X(valueFormat)     \
    X(valueList) X(levelType) X(nom) X(typ) X(valueReferencePairs) X(assetAdministrationShells)    \
    X(conceptDescriptions) X(source) X(sourceSemanticId) X(observableReference)                    \
    X(observableSemanticId) X(topic) X(subjectId) X(timeStamp) X(payload) X(endpoints)             \
    X(submodelDescriptors) X(interface) X(protocolInformation) X(href) X(endpointProtocol)         \
    X(endpointProtocolVersion) X(subprotocol) X(subprotocolBody) X(subprotocolBodyEncoding)        \
    X(securityAttributes) X(key)
/* clang-format on */

enum meta_prop_id {
#define META_PROP_SYMBOL(name) PROP_##name,
    META_PROPS(META_PROP_SYMBOL)
#undef META_PROP_SYMBOL
        PROP_COUNT
};

/* Every class that can stand in a document, abstract ones that are used as a type included. */
/* clang-format off */
#define META_CLASSES(X)                                                                            \
    X(Environment) X(AssetAdministrationShell) X(Submodel) X(ConceptDescription) X(EventPayload)   \
    X(SubmodelElement) X(DataElement) X(DataSpecificationContent) X(RelationshipElement)           \
    X(AnnotatedRelationshipElement) X(BasicEventElement) X(Blob) X(Capability) X(Entity) X(File)   \
    X(MultiLanguageProperty) X(Operation) X(Property) X(Range) X(ReferenceElement)                 \
    X(SubmodelElementCollection) X(SubmodelElementList) X(AdministrativeInformation)               \
    X(AssetInformation) X(Resource) X(SpecificAssetId) X(Reference) X(Key) X(Extension)            \
    X(Qualifier) X(OperationVariable) X(EmbeddedDataSpecification) X(DataSpecificationIec61360)    \
    X(LevelType) X(ValueList) X(ValueReferencePair) X(LangStringNameType) X(LangStringTextType)    \
    X(LangStringPreferredNameTypeIec61360) X(LangStringShortNameTypeIec61360)                      \
    X(LangStringDefinitionTypeIec61360) X(AssetAdministrationShellDescriptor)                      \
    X(SubmodelDescriptor) X(Endpoint) X(ProtocolInformation) X(ProtocolVersion)                    \
    X(SecurityAttribute) X(AssetLink) X(AssetLinks)
/* clang-format on */

enum meta_class_id {
#define META_CLASS_SYMBOL(name) CLASS_##name,
    META_CLASSES(META_CLASS_SYMBOL)
#undef META_CLASS_SYMBOL
        CLASS_COUNT
};

/* What a class is (bit mask): used for polymorphic attributes and by the constraint walk. */
enum meta_is {
    META_IS_REFERABLE = 1 << 0,
    META_IS_IDENTIFIABLE = 1 << 1,
    META_IS_SUBMODEL_ELEMENT = 1 << 2,
    META_IS_DATA_ELEMENT = 1 << 3,
    META_IS_EVENT_ELEMENT = 1 << 4,
    META_IS_RELATIONSHIP_ELEMENT = 1 << 5,
    META_IS_DATA_SPECIFICATION_CONTENT = 1 << 6,
    META_IS_LANG_STRING = 1 << 7,
    META_HAS_MODEL_TYPE = 1 << 8, /* carries "modelType" in JSON */
    META_IS_ABSTRACT = 1 << 9,    /* never instantiated: only the type of an attribute */
    META_HAS_SEMANTICS = 1 << 10,
    META_HAS_DATA_SPECIFICATION = 1 << 11,
    META_IS_QUALIFIABLE = 1 << 12,
    META_IS_API = 1 << 13,  /* class of IDTA-01002, not of the metamodel: JSON only, in no schema,
                             * never recognised in a document unless asked for */
    META_IS_BARE = 1 << 14, /* stands in JSON as the text of its only attribute, without object */
};

/* How the value-only form of a class looks (IDTA-01001, Annex "ValueOnly"). */
enum meta_value_form {
    META_FORM_NONE, /* left out of value-only: Capability, Operation, everything that is no element
                     */
    META_FORM_PROPERTY,
    META_FORM_MULTI_LANGUAGE,
    META_FORM_RANGE,
    META_FORM_FILE,
    META_FORM_BLOB,
    META_FORM_REFERENCE,
    META_FORM_RELATIONSHIP,
    META_FORM_ANNOTATED_RELATIONSHIP,
    META_FORM_ENTITY,
    META_FORM_EVENT,
    META_FORM_COLLECTION,
    META_FORM_LIST,
    META_FORM_SUBMODEL,
};

/* Facets of a text: lengths in characters, pattern in the dialect of XML Schema (anchored). */
struct meta_text {
    const char *name;       /* for messages and the schema, e.g. "idShortType" */
    const char *xsd_base;   /* "xs:string" or "xs:base64Binary" */
    uint32_t min_len;       /* 0: may be empty */
    uint32_t max_len_30;    /* 0: no limit */
    uint32_t max_len_31;    /* 0: no limit */
    const char *pattern_30; /* NULL: none */
    const char *pattern_31;
    bool max_not_in_xsd; /* the specification limits the length, the official XSD does not */
    const char *rule;    /* constraint that the pattern stands for, e.g. "AASd-002"; NULL: none */
};

struct meta_enum_value {
    const char *text;
    size_t len;        /* bytes of text */
    unsigned versions; /* mask of enum meta_version */
};

struct meta_enum {
    const char *name; /* e.g. "AssetKind" */
    const struct meta_enum_value *values;
    size_t count;
};

enum meta_kind {
    META_TEXT, /* a string; .text says which */
    META_ENUM, /* a string out of .enumeration */
    META_BOOL, /* true or false */
    META_NODE, /* one object of .cls (polymorphic when .cls is abstract) */
    META_LIST, /* one or more objects of .cls */
};

enum meta_prop_flag {
    META_REQUIRED_30 = 1 << 0,
    META_REQUIRED_31 = 1 << 1,
    META_REQUIRED = META_REQUIRED_30 | META_REQUIRED_31,
    META_CHILDREN = 1 << 2,     /* the submodel elements below: steps of an idShort path */
    META_INDEXED = 1 << 3,      /* children are addressed by [index], not by idShort */
    META_IS_VALUE = 1 << 4,     /* part of the value, left out of the metadata form */
    META_TYPED_VALUE = 1 << 5,  /* text is a literal of the XSD type named by valueType */
    META_MAY_BE_EMPTY = 1 << 6, /* a list of no items is as good as none */
};

struct meta_class;

struct meta_prop {
    enum meta_prop_id id;
    const char *name;
    enum meta_kind kind;
    unsigned flags; /* enum meta_prop_flag */
    const struct meta_text *text;
    const struct meta_enum *enumeration;
    const struct meta_class *cls;
};

struct meta_class {
    enum meta_class_id id;
    const char *name;     /* "SubmodelElementList", also the JSON modelType */
    const char *xml_name; /* "submodelElementList" */
    unsigned is;          /* enum meta_is */
    unsigned accepts;     /* abstract classes: the bit every subclass has in .is */
    enum meta_value_form form;
    const struct meta_prop *props; /* flattened, in canonical order */
    size_t prop_count;
};

/* The row of a class. Never NULL for a valid id. */
const struct meta_class *meta_class(enum meta_class_id id);

/* The class with this name ("Property") or XML name ("property"); NULL when there is none or it is
 * abstract; classes of the API have no XML. `len` is the length of `name` in bytes. */
const struct meta_class *meta_class_by_name(const char *name, size_t len);
const struct meta_class *meta_class_by_xml_name(const char *name, size_t len);

/* True when an object of class `cls` may stand where `type` is asked for. */
static inline bool meta_class_fits(const struct meta_class *cls, const struct meta_class *type)
{
    return cls == type || (cls->is & type->accepts) != 0;
}

/* A class in a set of classes. */
#define META_BIT(class_id) (UINT64_C(1) << (class_id))
_Static_assert(CLASS_COUNT <= 64, "there are more classes than bits");

/* What is asked of every node of every document, made of the rows before main begins. */
struct meta_index {
    signed char slots[CLASS_COUNT][PROP_COUNT]; /* of an attribute in a class; -1: it has none */
    signed char children[CLASS_COUNT];          /* slot of the META_CHILDREN; -1: there is none */
    uint64_t below[CLASS_COUNT];                /* META_BIT of all classes that can stand below */
};
extern struct meta_index meta_index;

/* Slot number of an attribute in its class, or -1 when the class has no such attribute. */
static inline int meta_slot(const struct meta_class *cls, enum meta_prop_id id)
{
    return meta_index.slots[cls->id][id];
}

/* The attribute (enum meta_prop_id) of that name in any class, or -1. */
int meta_prop_by_name(const char *name, size_t len);

/* Slot number by name, or -1. */
int meta_slot_by_name(const struct meta_class *cls, const char *name, size_t len);

/* Slot number of the attribute that holds the submodel elements below (META_CHILDREN), or -1. */
static inline int meta_children_slot(const struct meta_class *cls)
{
    return meta_index.children[cls->id];
}

/* The set of the class itself and of all that can stand anywhere below an object of it. */
static inline uint64_t meta_within(const struct meta_class *cls)
{
    return meta_index.below[cls->id] | META_BIT(cls->id);
}

/* The name of an attribute, and its length in bytes. */
const char *meta_prop_name(enum meta_prop_id id);
size_t meta_prop_name_len(enum meta_prop_id id);

/* True when `text` is one of the enumeration's values in (one of) the given version(s). */
bool meta_enum_has(const struct meta_enum *e, const char *text, size_t len, unsigned versions);

/* Facets of a text in one version (not META_V_ANY). */
static inline uint32_t meta_text_max(const struct meta_text *text, enum meta_version version)
{
    return version == META_V30 ? text->max_len_30 : text->max_len_31;
}
static inline const char *meta_text_pattern(const struct meta_text *text, enum meta_version version)
{
    return version == META_V30 ? text->pattern_30 : text->pattern_31;
}

/* True when the attribute must be there in that version. */
static inline bool meta_required(const struct meta_prop *prop, enum meta_version version)
{
    return (prop->flags & (version == META_V30 ? META_REQUIRED_30 : META_REQUIRED_31)) != 0;
}

/* The enumerations that other floors ask for by name. */
extern const struct meta_enum meta_enum_key_types;
extern const struct meta_enum meta_enum_data_type_def_xsd;

/* The XML namespace of a version: "https://admin-shell.io/aas/3/0" or ".../3/1". */
const char *meta_xml_namespace(enum meta_version version);

#endif

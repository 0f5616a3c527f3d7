/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/constraint.h"

#include <pthread.h>

#include "aas/meta_text.h"
#include "conformance/constraint_checks.h"

#define BOTH META_V_ANY
#define BY_CLASS(name) 0, CLASS_##name, NULL, PROP_COUNT, 0
#define BY_KIND(bits) (bits), CLASS_COUNT, NULL, PROP_COUNT, 0
#define WITH(bits, attribute, least) (bits), CLASS_COUNT, NULL, PROP_##attribute, least
#define WITH_KEYS(least) 0, CLASS_Reference, NULL, PROP_keys, least
#define WHERE(concerns) 0, CLASS_COUNT, concerns, PROP_COUNT, 0

static bool has_languages(const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (cls->props[i].kind == META_LIST && (cls->props[i].cls->is & META_IS_LANG_STRING)) {
            return true;
        }
    }
    return false;
}

static bool has_dates(const struct meta_class *cls)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (cls->props[i].text == &meta_text_date_time_utc) {
            return true;
        }
    }
    return false;
}

/* Whose children are told apart by their names. */
static bool has_names_below(const struct meta_class *cls)
{
    int slot = meta_children_slot(cls);
    return slot >= 0 && (cls->props[slot].flags & META_INDEXED) == 0;
}

/* id, versions, where, severity, check, what it says, what to do */
static const struct constraint rows[] = {
    {"AASd-005", BOTH, BY_CLASS(AdministrativeInformation), AAS_ERROR, check_revision,
        "A revision needs a version.", "Add a version or remove the revision."},
    {"AASd-014", BOTH, BY_CLASS(Entity), AAS_ERROR, check_entity,
        "A self-managed entity has a globalAssetId or a specific asset id.",
        "Add globalAssetId or specificAssetIds, or make the entity a CoManagedEntity."},
    {"AASd-014", META_V30, BY_CLASS(Entity), AAS_ERROR, check_co_managed,
        "A co-managed entity names no asset.",
        "Remove globalAssetId and specificAssetIds, or make the entity a SelfManagedEntity."},
    {"AASd-020", BOTH, BY_CLASS(Qualifier), AAS_ERROR, check_typed_values,
        "The value of a qualifier is a literal of its valueType.",
        "Write a value of that type or choose the valueType that fits."},
    {"value-type", BOTH, BY_CLASS(Property), AAS_ERROR, check_typed_values,
        "The value of a property is a literal of its valueType.",
        "Write a value of that type, leave it out, or choose the valueType that fits."},
    {"value-type", BOTH, BY_CLASS(Range), AAS_ERROR, check_typed_values,
        "Minimum and maximum of a range are literals of its valueType.",
        "Write a value of that type, leave it out, or choose the valueType that fits."},
    {"value-type", BOTH, BY_CLASS(Extension), AAS_ERROR, check_typed_values,
        "The value of an extension is a literal of its valueType.",
        "Write a value of that type, leave it out, or choose the valueType that fits."},
    {"AASd-021", BOTH, WITH(META_IS_QUALIFIABLE, qualifiers, 2), AAS_ERROR, check_qualifiers_unique,
        "A qualifiable object has at most one qualifier of each type.",
        "Keep one qualifier of this type."},
    {"AASd-022", BOTH, WHERE(has_names_below), AAS_ERROR, check_id_shorts_unique,
        "The idShorts in one namespace differ, case counts.", "Give the element another idShort."},
    {"AASd-077", BOTH, WITH(META_IS_REFERABLE, extensions, 2), AAS_ERROR, check_extensions_unique,
        "The names of the extensions of one object differ.", "Give the extension another name."},
    {"AASd-090", META_V30, WITH(META_IS_DATA_ELEMENT, category, 1), AAS_ERROR, check_data_category,
        "The category of a data element is CONSTANT, PARAMETER or VARIABLE.",
        "Use CONSTANT, PARAMETER or VARIABLE, or leave the category out."},
    {"AASd-107", BOTH, BY_CLASS(SubmodelElementList), AAS_ERROR, check_list_semantics,
        "Items of a list have the semanticId that the list names, or none.",
        "Use the semanticId of semanticIdListElement or leave it out."},
    {"AASd-108", BOTH, BY_CLASS(SubmodelElementList), AAS_ERROR, check_list_type,
        "Items of a list are of the kind that the list names.",
        "Change typeValueListElement or move the item elsewhere."},
    {"AASd-109", BOTH, BY_CLASS(SubmodelElementList), AAS_ERROR, check_list_value_type,
        "A list of properties or ranges names the valueType of its items.",
        "Set valueTypeListElement and the valueType of the items to the same type."},
    {"AASd-114", BOTH, BY_CLASS(SubmodelElementList), AAS_ERROR, check_list_same_semantics,
        "Items of one list have equal semanticIds.",
        "Use one semanticId for all items or put them into a collection."},
    {"AASd-116", BOTH, BY_CLASS(SpecificAssetId), AAS_ERROR, check_reserved_asset_id,
        "The name globalAssetId is reserved for the global asset id.",
        "Use another name or the value of globalAssetId."},
    {"AASd-117", BOTH, BY_KIND(META_IS_SUBMODEL_ELEMENT), AAS_ERROR, check_id_short_there,
        "A submodel element outside a list has an idShort.", "Add an idShort."},
    {"AASd-118", BOTH, WITH(META_HAS_SEMANTICS, supplementalSemanticIds, 1), AAS_ERROR,
        check_supplemental, "Supplemental semantic ids stand beside a semanticId.",
        "Make the main one of them the semanticId."},
    {"AASd-119", BOTH, BY_CLASS(Submodel), AAS_ERROR, check_template_kind,
        "Only a template has template qualifiers.",
        "Set the kind to Template or remove the qualifier."},
    {"AASd-120", META_V30, BY_KIND(META_IS_SUBMODEL_ELEMENT), AAS_ERROR, check_id_short_in_list,
        "Items of a list have no idShort.", "Remove the idShort."},
    {"AASd-121", BOTH, WITH_KEYS(1), AAS_ERROR, check_first_key,
        "The first key of a reference is globally identifiable.",
        "Begin with GlobalReference, AssetAdministrationShell, Submodel, ConceptDescription or "
        "Identifiable."},
    {"AASd-122", BOTH, WITH_KEYS(1), AAS_ERROR, check_external_first_key,
        "The first key of an external reference is a GlobalReference.",
        "Use GlobalReference or make it a ModelReference."},
    {"AASd-123", BOTH, WITH_KEYS(1), AAS_ERROR, check_model_first_key,
        "The first key of a model reference names an identifiable of the model.",
        "Begin with AssetAdministrationShell, Submodel, ConceptDescription or Identifiable, or "
        "make it an ExternalReference."},
    {"AASd-124", BOTH, WITH_KEYS(2), AAS_ERROR, check_external_last_key,
        "The last key of an external reference is a GlobalReference or a FragmentReference.",
        "End with GlobalReference or FragmentReference."},
    {"AASd-125", BOTH, WITH_KEYS(2), AAS_ERROR, check_fragment_keys,
        "The keys behind the first one of a model reference lead into it.",
        "Use the kinds of the submodel elements on the way, or FragmentReference at the end."},
    {"AASd-126", BOTH, WITH_KEYS(2), AAS_ERROR, check_generic_fragment,
        "In a model reference FragmentReference is the last key.", "Remove the keys behind it."},
    {"AASd-127", BOTH, WITH_KEYS(2), AAS_ERROR, check_fragment_after_file,
        "In a model reference FragmentReference follows a File or a Blob.",
        "Name the File or Blob before the fragment."},
    {"AASd-128", BOTH, WITH_KEYS(2), AAS_ERROR, check_list_index,
        "The key behind a SubmodelElementList has a position as its value.",
        "Use the position of the item in the list, beginning with 0."},
    {"AASd-129", BOTH, WITH(META_IS_SUBMODEL_ELEMENT, qualifiers, 1), AAS_ERROR,
        check_template_element, "Template qualifiers stand in submodel templates only.",
        "Set the kind of the submodel to Template or remove the qualifier."},
    {"AASd-130", BOTH, WHERE(NULL), AAS_ERROR, check_characters,
        "Texts consist of characters that XML 1.0 can hold.",
        "Remove control characters other than tab and line ends."},
    {"AASd-131", BOTH, BY_CLASS(AssetInformation), AAS_ERROR, check_asset_information,
        "Asset information has a globalAssetId or a specific asset id.",
        "Add globalAssetId or specificAssetIds."},
    {"AASd-133", BOTH, BY_CLASS(SpecificAssetId), AAS_ERROR, check_subject,
        "externalSubjectId is an external reference.",
        "Use the type ExternalReference with a GlobalReference key."},
    {"AASd-134", BOTH, BY_CLASS(Operation), AAS_ERROR, check_variables_unique,
        "The idShorts of all variables of an operation differ.",
        "Give the variable another idShort."},
    {"AASc-3a-002", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_preferred_name,
        "The preferred name is there in English.", "Add a preferredName with the language en."},
    {"AASc-3a-004", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_property_data_type,
        "A concept description of category PROPERTY or VALUE has a dataType of values.",
        "Use one of DATE, STRING, STRING_TRANSLATABLE, BOOLEAN, TIME, TIMESTAMP, RATIONAL or the "
        "INTEGER_, REAL_ and RATIONAL_ types."},
    {"AASc-3a-005", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_reference_data_type,
        "A concept description of category REFERENCE has the dataType STRING, IRI or IRDI.",
        "Use STRING, IRI or IRDI."},
    {"AASc-3a-006", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_document_data_type,
        "A concept description of category DOCUMENT has the dataType FILE, BLOB or HTML.",
        "Use FILE, BLOB or HTML."},
    {"AASc-3a-007", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_qualifier_data_type,
        "A concept description of category QUALIFIER_TYPE has a dataType.", "Add a dataType."},
    {"AASc-3a-008", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_definition,
        "A concept description that is no value has a definition in English.",
        "Add a definition with the language en."},
    {"AASc-3a-009", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_unit,
        "Measures and currencies have a unit.", "Add unit or unitId."},
    {"AASc-3a-010", BOTH, BY_CLASS(DataSpecificationIec61360), AAS_ERROR, check_value_or_list,
        "There is a value or a value list, not both.", "Keep one of value and valueList."},
    /* The official examples use identifiers of their own, hence a warning. */
    {"AASc-3a-050", BOTH, BY_CLASS(EmbeddedDataSpecification), AAS_WARNING, check_specification_id,
        "IEC 61360 content names the identifier of its template.",
        "Refer to https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3."},
    {"unique-language", BOTH, WHERE(has_languages), AAS_ERROR, check_languages_unique,
        "There is one text per language.", "Keep one text in this language."},
    {"unique-id", BOTH, BY_CLASS(Environment), AAS_ERROR, check_ids_unique,
        "The ids of shells, submodels and concept descriptions differ.", "Keep one of them."},
    /* No harm is done, hence a warning. */
    {"unique-submodel", BOTH, BY_CLASS(AssetAdministrationShell), AAS_WARNING,
        check_submodels_unique, "A shell refers to a submodel once.",
        "Remove the second reference."},
    {"schema-length", BOTH, BY_KIND(META_IS_LANG_STRING), AAS_ERROR, check_text_lengths,
        "Texts keep the length the specification allows.", "Shorten the text."},
    {"schema-type", BOTH, BY_CLASS(Blob), AAS_ERROR, check_base64, "The value of a blob is base64.",
        "Write the content as base64."},
    {"schema-type", BOTH, BY_CLASS(EventPayload), AAS_ERROR, check_base64,
        "The payload of an event is base64.", "Write the content as base64."},
    {"real-date", BOTH, WHERE(has_dates), AAS_ERROR, check_real_dates,
        "Points in time name days of the calendar.", "Use a day that exists."},
    {"reference-target", BOTH, BY_CLASS(AssetAdministrationShell), AAS_ERROR, check_reference_kinds,
        "References of a shell lead to shells and submodels.",
        "Use a ModelReference to an object of that kind."},
    {"reference-target", BOTH, BY_CLASS(BasicEventElement), AAS_ERROR, check_reference_kinds,
        "An event observes something in the model.",
        "Use a ModelReference to an object of the model."},
    {"reference-target", BOTH, BY_CLASS(EventPayload), AAS_ERROR, check_reference_kinds,
        "An event payload names something in the model as its source.",
        "Use a ModelReference to an object of the model."},
    {"event-max-interval", BOTH, BY_CLASS(BasicEventElement), AAS_ERROR, check_max_interval,
        "An input event has no maxInterval.", "Remove maxInterval or make the direction output."},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows, VERSIONS = 2 };

const struct constraint *constraint_rows(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

/* ------------------------------------------------------------------ which rows for which class */

/* Rows that look at a class, by position, per version; made once. */
struct agenda {
    struct {
        unsigned char row;
        unsigned char needs; /* slot; ALWAYS: the row needs none */
        unsigned char least;
    } items[ROW_COUNT];
    size_t count;
};

enum { ALWAYS = 0xff };

static struct agenda agendas[VERSIONS][CLASS_COUNT];
static pthread_once_t agendas_made = PTHREAD_ONCE_INIT;

static bool looks_at(const struct constraint *row, const struct meta_class *cls)
{
    bool lacks = row->needs != PROP_COUNT && meta_slot(cls, row->needs) < 0;
    if (lacks || (row->concerns != NULL && !row->concerns(cls))) {
        return false;
    }
    if (row->is != 0) {
        return (cls->is & row->is) != 0;
    }
    return row->cls == CLASS_COUNT || row->cls == cls->id;
}

static void make_agenda(
    enum meta_version version, const struct meta_class *cls, struct agenda *agenda)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((rows[i].versions & version) && looks_at(&rows[i], cls)) {
            int slot = rows[i].needs == PROP_COUNT ? ALWAYS : meta_slot(cls, rows[i].needs);
            agenda->items[agenda->count].row = (unsigned char)i;
            agenda->items[agenda->count].least = rows[i].least;
            agenda->items[agenda->count++].needs = (unsigned char)slot;
        }
    }
}

static void make_agendas(void)
{
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        make_agenda(META_V30, cls, &agendas[0][id]);
        make_agenda(META_V31, cls, &agendas[1][id]);
    }
}

/* ------------------------------------------------------------------ the walk */

struct walk {
    const struct agenda *agendas; /* by class */
    struct report *report;
};

static enum err_code visit(const struct aas_node *node, void *context)
{
    const struct walk *walk = context;
    const struct agenda *agenda = &walk->agendas[node->cls->id];
    for (size_t i = 0; i < agenda->count; i++) {
        unsigned needs = agenda->items[i].needs;
        const struct constraint *row = &rows[agenda->items[i].row];
        if (needs == ALWAYS || node->slots[needs].len >= agenda->items[i].least) {
            row->check(node, row, walk->report);
        }
    }
    return ERR_OK;
}

void constraint_walk(const struct aas_node *root, enum meta_version version, struct report *report)
{
    (void)pthread_once(&agendas_made, make_agendas);
    struct walk walk = {agendas[version == META_V30 ? 0 : 1], report};
    (void)!aas_walk(root, visit, &walk);
}

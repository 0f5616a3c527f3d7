/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every row of the constraint table with a document that breaks it and nothing else, and one that
 * keeps it. Documents are written with ' for ".
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/constraint.h"
#include "conformance/judge.h"

#define SUBMODEL(more) "{'submodels':[{'modelType':'Submodel','id':'urn:sm'" more "}]}"
#define ELEMENTS(list) SUBMODEL(",'submodelElements':[" list "]")
#define ELEMENT(type, name, more) "{'modelType':'" type "','idShort':'" name "'" more "}"
#define PROPERTY(name, more) ELEMENT("Property", name, ",'valueType':'xs:int'" more)
#define KEY(type, value) "{'type':'" type "','value':'" value "'}"
#define EXTERNAL(keys) "{'type':'ExternalReference','keys':[" keys "]}"
#define MODEL(keys) "{'type':'ModelReference','keys':[" keys "]}"
#define GLOBAL(value) EXTERNAL(KEY("GlobalReference", value))
#define REFERENCE(reference) ELEMENTS(ELEMENT("ReferenceElement", "re", ",'value':" reference))
#define QUALIFIER(type, more) "{'type':'" type "','valueType':'xs:int'" more "}"
#define TEXT(language, text) "{'language':'" language "','text':'" text "'}"
#define SHELL(information, more)                                                                   \
    "{'assetAdministrationShells':[{'modelType':'AssetAdministrationShell','id':'urn:aas'" more    \
    ",'assetInformation':{'assetKind':'Instance'" information "}}]}"
#define WITH_ASSET ",'globalAssetId':'urn:asset'"
#define LIST(kind, more, items)                                                                    \
    ELEMENTS(ELEMENT("SubmodelElementList", "list",                                                \
        ",'typeValueListElement':'" kind "'" more ",'value':[" items "]"))
#define OF_INT ",'valueTypeListElement':'xs:int'"
#define ITEM(more) "{'modelType':'Property','valueType':'xs:int'" more "}"
#define EVENT(observed, more)                                                                      \
    ELEMENTS(ELEMENT("BasicEventElement", "ev", ",'observed':" observed ",'state':'on'" more))
#define OBSERVED MODEL(KEY("Submodel", "urn:sm"))
#define PAYLOAD_WITH(source, content)                                                              \
    "{'source':" source ",'observableReference':" OBSERVED ",'payload':'" content "',"             \
    "'timeStamp':'2024-02-29T12:00:00Z'}"
#define PAYLOAD(source) PAYLOAD_WITH(source, "")
#define VARIABLE(name) "{'value':" ELEMENT("Capability", name, "") "}"
#define IEC "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#define CONCEPT_BY(id, category, content)                                                          \
    "{'conceptDescriptions':[{'modelType':'ConceptDescription','id':'urn:cd'" category             \
    ",'embeddedDataSpecifications':[{'dataSpecification':" GLOBAL(                                 \
        id) ",'dataSpecificationContent':{'modelType':'DataSpecificationIec61360'" content         \
            "}}]}]}"
#define CONCEPT(category, content) CONCEPT_BY(IEC, category, NAMED content)
#define NAMED ",'preferredName':[" TEXT("en", "n") "]"
#define DEFINED ",'definition':[" TEXT("en-GB", "d") "]"
#define CATEGORY(name) ",'category':'" name "'"
#define TYPE(name) ",'dataType':'" name "'"
#define CONTENT "/conceptDescriptions/0/embeddedDataSpecifications/0/dataSpecificationContent"
#define PAIRS "{'valueReferencePairs':[{'value':'v','valueId':" GLOBAL("urn:v") "}]}"
#define FIRST "/submodels/0/submodelElements/0"

struct sample {
    const char *rule;
    enum meta_class_id cls; /* of the row when several have this id; CLASS_COUNT: the only one */
    const char *pointer;    /* where the wrong document is wrong */
    const char *wrong;
    const char *right;
    unsigned versions; /* 0: both */
};

#define ONLY CLASS_COUNT

static const struct sample samples[] = {
    {"AASd-005", ONLY, "/submodels/0/administration/revision",
        SUBMODEL(",'administration':{'revision':'1'}"),
        SUBMODEL(",'administration':{'version':'2','revision':'1'}"), 0},
    {"AASd-014", ONLY, FIRST,
        ELEMENTS(ELEMENT("Entity", "en", ",'entityType':'SelfManagedEntity'")),
        ELEMENTS(ELEMENT("Entity", "en", ",'entityType':'SelfManagedEntity'" WITH_ASSET)), 0},
    {"AASd-014", ONLY, FIRST "/entityType",
        ELEMENTS(ELEMENT("Entity", "en", ",'entityType':'CoManagedEntity'" WITH_ASSET)),
        ELEMENTS(ELEMENT("Entity", "en", ",'entityType':'CoManagedEntity'")), META_V30},
    {"AASd-130", ONLY, FIRST "/value",
        ELEMENTS(ELEMENT("Property", "pr", ",'valueType':'xs:string','value':'\\u001F'")),
        ELEMENTS(ELEMENT("Property", "pr", ",'valueType':'xs:string','value':''")), 0},
    {"AASd-020", ONLY, FIRST "/qualifiers/0/value",
        ELEMENTS(PROPERTY("pr", ",'qualifiers':[" QUALIFIER("q", ",'value':'1.0'") "]")),
        ELEMENTS(PROPERTY("pr", ",'qualifiers':[" QUALIFIER("q", ",'value':'-1'") "]")), 0},
    {"value-type", CLASS_Property, FIRST "/value", ELEMENTS(PROPERTY("pr", ",'value':'one'")),
        ELEMENTS(PROPERTY("pr", ",'value':'1'")), 0},
    {"value-type", CLASS_Range, FIRST "/max",
        ELEMENTS(ELEMENT("Range", "ra", ",'valueType':'xs:byte','min':'-128','max':'128'")),
        ELEMENTS(ELEMENT("Range", "ra", ",'valueType':'xs:byte','min':'-128','max':'127'")), 0},
    {"value-type", CLASS_Extension, "/submodels/0/extensions/0/value",
        SUBMODEL(",'extensions':[{'name':'e','valueType':'xs:date','value':'2023-02-29'}]"),
        SUBMODEL(",'extensions':[{'name':'e','value':'2023-02-29'}]"), 0},
    {"AASd-021", ONLY, FIRST "/qualifiers/1/type",
        ELEMENTS(PROPERTY("pr", ",'qualifiers':[" QUALIFIER("q", "") "," QUALIFIER("q", "") "]")),
        ELEMENTS(PROPERTY("pr", ",'qualifiers':[" QUALIFIER("q", "") "," QUALIFIER("Q", "") "]")),
        0},
    {"AASd-022", ONLY, "/submodels/0/submodelElements/2/idShort",
        ELEMENTS(PROPERTY("ab", "") "," PROPERTY("cd", "") "," PROPERTY("ab", "")),
        ELEMENTS(PROPERTY("ab", "") "," PROPERTY("cd", "") "," PROPERTY("AB", "")), 0},
    {"AASd-077", ONLY, "/submodels/0/extensions/1/name",
        SUBMODEL(",'extensions':[{'name':'e'},{'name':'e'}]"),
        SUBMODEL(",'extensions':[{'name':'e'},{'name':'f'}]"), 0},
    {"AASd-090", ONLY, FIRST "/category", ELEMENTS(PROPERTY("pr", CATEGORY("SOMETIMES"))),
        ELEMENTS(PROPERTY("pr", CATEGORY("PARAMETER")) "," ELEMENT(
            "Capability", "ca", CATEGORY("SOMETIMES"))),
        META_V30},
    {"AASd-107", ONLY, FIRST "/value/1/semanticId",
        LIST("Property", OF_INT ",'semanticIdListElement':" GLOBAL("urn:s"),
            ITEM("") "," ITEM(",'semanticId':" GLOBAL("urn:t"))),
        LIST("Property", OF_INT ",'semanticIdListElement':" GLOBAL("urn:s"),
            ITEM("") "," ITEM(",'semanticId':" GLOBAL("urn:s"))),
        0},
    {"AASd-108", ONLY, FIRST "/value/1",
        LIST("Property", OF_INT, ITEM("") ",{'modelType':'Capability'}"),
        LIST("SubmodelElement", "", ITEM("") ",{'modelType':'Capability'}"), 0},
    {"AASd-109", ONLY, FIRST, LIST("Property", "", ITEM("")), LIST("Property", OF_INT, ITEM("")),
        0},
    {"AASd-109", ONLY, FIRST "/value/0/valueType",
        LIST("Property", ",'valueTypeListElement':'xs:long'", ITEM("")),
        LIST("Property", OF_INT, ITEM("")), 0},
    {"AASd-114", ONLY, FIRST "/value/2/semanticId",
        LIST("Property", OF_INT,
            ITEM(",'semanticId':" GLOBAL("urn:s")) "," ITEM("") "," ITEM(
                ",'semanticId':" GLOBAL("urn:t"))),
        LIST("Property", OF_INT,
            ITEM(",'semanticId':" GLOBAL("urn:s")) "," ITEM("") "," ITEM(
                ",'semanticId':" GLOBAL("urn:s"))),
        0},
    {"AASd-116", ONLY, "/assetAdministrationShells/0/assetInformation/specificAssetIds/0/name",
        SHELL(WITH_ASSET ",'specificAssetIds':[{'name':'GlobalAssetID','value':'urn:other'}]", ""),
        SHELL(WITH_ASSET ",'specificAssetIds':[{'name':'GlobalAssetID','value':'urn:asset'}]", ""),
        0},
    {"AASd-117", ONLY, FIRST, ELEMENTS("{'modelType':'Capability'}"),
        ELEMENTS(ELEMENT("Capability", "ca", "")), 0},
    {"AASd-118", ONLY, FIRST "/supplementalSemanticIds",
        ELEMENTS(PROPERTY("pr", ",'supplementalSemanticIds':[" GLOBAL("urn:s") "]")),
        ELEMENTS(PROPERTY("pr",
            ",'semanticId':" GLOBAL("urn:t") ",'supplementalSemanticIds':[" GLOBAL("urn:s") "]")),
        0},
    {"AASd-119", ONLY, "/submodels/0/qualifiers/0/kind",
        SUBMODEL(",'qualifiers':[" QUALIFIER("q", ",'kind':'TemplateQualifier'") "]"),
        SUBMODEL(
            ",'kind':'Template','qualifiers':[" QUALIFIER("q", ",'kind':'TemplateQualifier'") "]"),
        0},
    {"AASd-120", ONLY, FIRST "/value/0/idShort", LIST("Property", OF_INT, ITEM(",'idShort':'ab'")),
        LIST("Property", OF_INT, ITEM("")), META_V30},
    {"AASd-121", ONLY, FIRST "/value/keys/0/type", REFERENCE(MODEL(KEY("Property", "p"))),
        REFERENCE(MODEL(KEY("Submodel", "urn:sm"))), 0},
    {"AASd-122", ONLY, FIRST "/value/keys/0/type", REFERENCE(EXTERNAL(KEY("Submodel", "urn:sm"))),
        REFERENCE(GLOBAL("urn:sm")), 0},
    {"AASd-123", ONLY, FIRST "/value/keys/0/type",
        REFERENCE(MODEL(KEY("GlobalReference", "urn:sm"))),
        REFERENCE(MODEL(KEY("ConceptDescription", "urn:sm"))), 0},
    {"AASd-124", ONLY, FIRST "/value/keys/1/type",
        REFERENCE(EXTERNAL(KEY("GlobalReference", "urn:a") "," KEY("Property", "p"))),
        REFERENCE(EXTERNAL(KEY("GlobalReference", "urn:a") "," KEY("FragmentReference", "p"))), 0},
    {"AASd-125", ONLY, FIRST "/value/keys/1/type",
        REFERENCE(MODEL(KEY("AssetAdministrationShell", "urn:a") "," KEY("Submodel", "urn:b"))),
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("Property", "p"))), 0},
    {"AASd-126", ONLY, FIRST "/value/keys/2/type",
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("File", "f") "," KEY(
            "FragmentReference", "x") "," KEY("Property", "p"))),
        REFERENCE(
            MODEL(KEY("Submodel", "urn:a") "," KEY("File", "f") "," KEY("FragmentReference", "x"))),
        0},
    {"AASd-127", ONLY, FIRST "/value/keys/2/type",
        REFERENCE(MODEL(
            KEY("Submodel", "urn:a") "," KEY("Property", "p") "," KEY("FragmentReference", "x"))),
        REFERENCE(
            MODEL(KEY("Submodel", "urn:a") "," KEY("Blob", "b") "," KEY("FragmentReference", "x"))),
        0},
    {"AASd-128", ONLY, FIRST "/value/keys/2/value",
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "li") "," KEY(
            "Property", "-1"))),
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "li") "," KEY(
            "Property", "1"))),
        0},
    {"AASd-128", ONLY, FIRST "/value/keys/2/value",
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "li") "," KEY(
            "Property", "01"))),
        REFERENCE(MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "li") "," KEY(
            "Property", "0"))),
        0},
    {"AASd-129", ONLY, FIRST "/qualifiers/0/kind",
        ELEMENTS(
            PROPERTY("pr", ",'qualifiers':[" QUALIFIER("q", ",'kind':'TemplateQualifier'") "]")),
        SUBMODEL(",'kind':'Template','submodelElements':[" PROPERTY(
            "pr", ",'qualifiers':[" QUALIFIER("q", ",'kind':'TemplateQualifier'") "]") "]"),
        0},
    {"AASd-130", ONLY, FIRST "/displayName/0/text",
        ELEMENTS(PROPERTY("pr", ",'displayName':[" TEXT("en", "a\\uFFFEb") "]")),
        ELEMENTS(PROPERTY("pr", ",'displayName':[" TEXT("en", "a\\t\\uFFFDb") "]")), 0},
    {"AASd-131", ONLY, "/assetAdministrationShells/0/assetInformation", SHELL("", ""),
        SHELL(",'specificAssetIds':[{'name':'n','value':'v'}]", ""), 0},
    {"AASd-133", ONLY,
        "/assetAdministrationShells/0/assetInformation/specificAssetIds/0/externalSubjectId/type",
        SHELL(",'specificAssetIds':[{'name':'n','value':'v','externalSubjectId':" MODEL(
                  KEY("Submodel", "urn:s")) "}]",
            ""),
        SHELL(",'specificAssetIds':[{'name':'n','value':'v','externalSubjectId':" GLOBAL(
                  "urn:s") "}]",
            ""),
        0},
    {"AASd-134", ONLY, FIRST "/outputVariables/0/value/idShort",
        ELEMENTS(ELEMENT("Operation", "op",
            ",'inputVariables':[" VARIABLE("va") "],'outputVariables':[" VARIABLE("va") "]")),
        ELEMENTS(ELEMENT("Operation", "op",
            ",'inputVariables':[" VARIABLE("va") "],'outputVariables':[" VARIABLE("vb") "]")),
        0},
    {"AASc-3a-002", ONLY, CONTENT "/preferredName",
        CONCEPT_BY(IEC, "", ",'preferredName':[" TEXT("de", "n") "]" DEFINED),
        CONCEPT_BY(
            IEC, "", ",'preferredName':[" TEXT("de", "n") "," TEXT("EN-us", "n") "]" DEFINED),
        0},
    {"AASc-3a-004", ONLY, CONTENT "/dataType", CONCEPT(CATEGORY("PROPERTY"), TYPE("FILE") DEFINED),
        CONCEPT(CATEGORY("PROPERTY"), TYPE("BOOLEAN") DEFINED), 0},
    {"AASc-3a-004", ONLY, CONTENT, CONCEPT(CATEGORY("VALUE"), DEFINED),
        CONCEPT(CATEGORY("VALUE"), TYPE("DATE") DEFINED), 0},
    {"AASc-3a-005", ONLY, CONTENT "/dataType",
        CONCEPT(CATEGORY("REFERENCE"), TYPE("BOOLEAN") DEFINED),
        CONCEPT(CATEGORY("REFERENCE"), TYPE("IRDI") DEFINED), 0},
    {"AASc-3a-006", ONLY, CONTENT "/dataType",
        CONCEPT(CATEGORY("DOCUMENT"), TYPE("STRING") DEFINED),
        CONCEPT(CATEGORY("DOCUMENT"), TYPE("HTML") DEFINED), 0},
    {"AASc-3a-007", ONLY, CONTENT, CONCEPT(CATEGORY("QUALIFIER_TYPE"), DEFINED),
        CONCEPT(CATEGORY("QUALIFIER_TYPE"), TYPE("TIME") DEFINED), 0},
    {"AASc-3a-008", ONLY, CONTENT, CONCEPT("", ",'definition':[" TEXT("fr", "d") "]"),
        CONCEPT("", ",'value':'v'"), 0},
    {"AASc-3a-009", ONLY, CONTENT, CONCEPT("", TYPE("REAL_MEASURE") DEFINED),
        CONCEPT("", TYPE("REAL_MEASURE") DEFINED ",'unit':'mm'"), 0},
    {"AASc-3a-010", ONLY, CONTENT "/valueList", CONCEPT("", ",'value':'v','valueList':" PAIRS),
        CONCEPT("", DEFINED ",'valueList':" PAIRS), 0},
    {"AASc-3a-050", ONLY, "/conceptDescriptions/0/embeddedDataSpecifications/0/dataSpecification",
        CONCEPT_BY("urn:other", "", NAMED DEFINED),
        CONCEPT_BY("http://admin-shell.io/DataSpecificationTemplates/DataSpecificationIEC61360/3/0",
            "", NAMED DEFINED),
        0},
    {"unique-language", ONLY, "/submodels/0/description/1/language",
        SUBMODEL(",'description':[" TEXT("en", "a") "," TEXT("EN", "b") "]"),
        SUBMODEL(",'description':[" TEXT("en", "a") "," TEXT("en-GB", "b") "]"), 0},
    {"unique-id", ONLY, "/submodels/1/id",
        "{'submodels':[{'modelType':'Submodel','id':'urn:sm'},"
        "{'modelType':'Submodel','id':'urn:sm','idShort':'ab'}]}",
        "{'submodels':[{'modelType':'Submodel','id':'urn:sm'},"
        "{'modelType':'Submodel','id':'urn:SM','idShort':'ab'}]}",
        0},
    {"unique-submodel", ONLY, "/assetAdministrationShells/0/submodels/1",
        SHELL(WITH_ASSET,
            ",'submodels':[" MODEL(KEY("Submodel", "s")) "," MODEL(KEY("Submodel", "s")) "]"),
        SHELL(WITH_ASSET,
            ",'submodels':[" MODEL(KEY("Submodel", "s")) "," MODEL(KEY("Submodel", "t")) "]"),
        0},
    {"schema-length", ONLY, CONTENT "/shortName/0/text",
        CONCEPT("", DEFINED ",'shortName':[" TEXT("en", "nineteen_characters") "]"),
        CONCEPT("", DEFINED ",'shortName':[" TEXT("en", "eighteen_of_\\u00E9\\u00E9\\u00E9\\u00E9"
                                                        "\\u00E9\\u00E9") "]"),
        0},
    {"schema-type", CLASS_Blob, FIRST "/value",
        ELEMENTS(ELEMENT("Blob", "bl", ",'contentType':'a/b','value':'\u00E9QUI='")),
        ELEMENTS(ELEMENT("Blob", "bl", ",'contentType':'a/b','value':'QUI='")), 0},
    {"schema-type", CLASS_EventPayload, "/payload", PAYLOAD_WITH(OBSERVED, "#"),
        PAYLOAD_WITH(OBSERVED, "QUJD"), 0},
    {"real-date", ONLY, FIRST "/lastUpdate",
        EVENT(OBSERVED, ",'direction':'output','lastUpdate':'2023-02-29T00:00:00Z'"),
        EVENT(OBSERVED, ",'direction':'output','lastUpdate':'2024-02-29T00:00:00Z'"), 0},
    {"reference-target", CLASS_AssetAdministrationShell,
        "/assetAdministrationShells/0/submodels/0/keys/0/type",
        SHELL(WITH_ASSET, ",'submodels':[" MODEL(KEY("ConceptDescription", "urn:s")) "]"),
        SHELL(WITH_ASSET, ",'submodels':[" MODEL(KEY("Submodel", "urn:s")) "]"), 0},
    {"reference-target", CLASS_AssetAdministrationShell,
        "/assetAdministrationShells/0/derivedFrom/type",
        SHELL(WITH_ASSET, ",'derivedFrom':" GLOBAL("urn:s")),
        SHELL(WITH_ASSET, ",'derivedFrom':" MODEL(KEY("AssetAdministrationShell", "urn:s"))), 0},
    {"reference-target", CLASS_BasicEventElement, FIRST "/observed/type",
        EVENT(GLOBAL("urn:s"), ",'direction':'output'"), EVENT(OBSERVED, ",'direction':'output'"),
        0},
    {"reference-target", CLASS_EventPayload, "/source/type", PAYLOAD(GLOBAL("urn:s")),
        PAYLOAD(MODEL(KEY("Submodel", "urn:s") "," KEY("EventElement", "ev"))), 0},
    {"event-max-interval", ONLY, FIRST "/maxInterval",
        EVENT(OBSERVED, ",'direction':'input','maxInterval':'PT1S'"),
        EVENT(OBSERVED, ",'direction':'output','maxInterval':'PT1S'"), 0},
};

enum { SAMPLES = sizeof samples / sizeof *samples, ARENA_CEILING = 1 << 20 };

/* Judges a document written with ' for ". */
static void judge_quoted(const char *quoted, enum meta_version version, struct report *report)
{
    struct arena arena;
    struct judge_result result;
    char *json = strdup(quoted);
    for (char *c = strchr(json, '\''); c != NULL; c = strchr(c, '\'')) {
        *c = '"';
    }
    struct judge_input input = {.bytes = json, .len = strlen(json), .versions = version};
    arena_init(&arena, ARENA_CEILING);
    cr_expect_eq(judge_document(&arena, &input, report, &result, NULL), ERR_OK, "%s", json);
    arena_finish(&arena);
    free(json);
}

/* Notes about objects that are in no sample are not asked for here. */
static void drop_notes(struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (report->findings[i].severity != AAS_INFO) {
            report->findings[kept++] = report->findings[i];
        }
    }
    report->count = kept;
}

static void expect_one(const struct sample *sample, const struct report *report)
{
    cr_assert_eq(report->count, 1, "%s: %zu findings instead of one, the first is %s: %s",
        sample->rule, report->count, report->count == 0 ? "" : report->findings[0].rule,
        report->count == 0 ? "" : report->findings[0].text);
    const struct finding *finding = &report->findings[0];
    cr_expect_str_eq(finding->rule, sample->rule);
    cr_expect_str_eq(
        finding->pointer, sample->pointer, "%s is found at %s", sample->rule, finding->pointer);
    cr_expect_neq(finding->text[0], '\0');
    cr_expect_neq(finding->remedy[0], '\0');
    cr_expect_eq(finding->line, 1);
}

static void try_sample(const struct sample *sample, enum meta_version version)
{
    if (sample->versions != 0 && !(sample->versions & version)) {
        return;
    }
    struct report report;
    report_init(&report);
    judge_quoted(sample->wrong, version, &report);
    drop_notes(&report);
    expect_one(sample, &report);
    report_clear(&report);
    judge_quoted(sample->right, version, &report);
    drop_notes(&report);
    cr_expect_eq(report.count, 0, "%s: the right document has %s: %s", sample->rule,
        report.count == 0 ? "" : report.findings[0].rule,
        report.count == 0 ? "" : report.findings[0].text);
    report_finish(&report);
}

Test(constraints, each_is_found_where_it_is_broken_and_only_there)
{
    cr_assert_eq(judge_start(NULL), ERR_OK);
    for (size_t i = 0; i < SAMPLES; i++) {
        try_sample(&samples[i], META_V30);
        try_sample(&samples[i], META_V31);
    }
}

static bool has_sample(const struct constraint *row)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        if (strcmp(samples[i].rule, row->id) == 0 &&
            (samples[i].cls == ONLY || samples[i].cls == row->cls)) {
            return true;
        }
    }
    return false;
}

Test(constraints, every_row_has_a_document_that_breaks_it)
{
    size_t count = 0;
    const struct constraint *rows = constraint_rows(&count);
    cr_assert_geq(count, 45);
    for (size_t i = 0; i < count; i++) {
        cr_expect(has_sample(&rows[i]), "%s has no sample", rows[i].id);
        cr_expect_neq(rows[i].says[0], '\0');
    }
}

Test(constraints, rules_of_3_0_only_are_silent_in_3_1)
{
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t silent = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct report report;
        report_init(&report);
        if (samples[i].versions == META_V30) {
            judge_quoted(samples[i].wrong, META_V31, &report);
            cr_expect_eq(report.count, 0, "%s is found in 3.1", samples[i].rule);
            silent++;
        }
        report_finish(&report);
    }
    cr_assert_eq(silent, 3);
}

Test(constraints, many_equal_id_shorts_are_all_found_at_once)
{
    enum { COUNT = 3000, ROOM = COUNT * 64 };
    char *json = malloc(ROOM);
    struct report report;
    cr_assert_eq(judge_start(NULL), ERR_OK);
    size_t len = (size_t)snprintf(json, ROOM, "%s",
        "{'submodels':[{'modelType':'Submodel','id':'urn:sm','submodelElements':[");
    for (int i = 0; i < COUNT; i++) {
        len += (size_t)snprintf(json + len, ROOM - len,
            "%s{'modelType':'Capability','idShort':'n%04d'}", i == 0 ? "" : ",", i / 2);
    }
    snprintf(json + len, ROOM - len, "]}]}");
    report_init(&report);
    struct arena arena;
    struct judge_result result;
    for (char *c = strchr(json, '\''); c != NULL; c = strchr(c, '\'')) {
        *c = '"';
    }
    struct judge_input input = {.bytes = json, .len = strlen(json), .versions = META_V31};
    arena_init(&arena, 64 << 20);
    cr_assert_eq(judge_document(&arena, &input, &report, &result, NULL), ERR_OK);
    cr_expect_eq(report.errors, COUNT / 2);
    arena_finish(&arena);
    report_finish(&report);
    free(json);
}

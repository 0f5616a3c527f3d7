/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about other objects: in the file, where the caller looks, or told as not checked. */
#include "conformance/others.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/judge.h"

#define TO(id) "{'type':'ExternalReference','keys':[{'type':'GlobalReference','value':'" id "'}]}"
#define IEC "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#define CONCEPT(id, more)                                                                          \
    "{'modelType':'ConceptDescription','id':'" id                                                  \
    "','embeddedDataSpecifications':[{'dataSpecification':" TO(                                    \
        IEC) ",'dataSpecificationContent':{'modelType':'DataSpecificationIec61360',"               \
             "'preferredName':[{'language':'en','text':'n'}],"                                     \
             "'definition':[{'language':'en','text':'d'}]" more "}}]}"
#define RED CONCEPT("urn:red", ",'value':'red'")
#define VALUELESS CONCEPT("urn:red", "")
#define PAIRS                                                                                      \
    CONCEPT("urn:list",                                                                            \
        ",'valueList':{'valueReferencePairs':[{'value':'red','valueId':" TO("urn:red") "}]}")
#define WITH(submodel, concepts)                                                                   \
    "{'submodels':[{'modelType':'Submodel','id':'urn:sm'," submodel "}]" concepts "}"
#define CONCEPTS(list) ",'conceptDescriptions':[" list "]"
#define QUALIFIER(value)                                                                           \
    "'qualifiers':[{'type':'t','valueType':'xs:string','value':'" value                            \
    "','valueId':" TO("urn:red") "}]"
#define PROPERTY(name, value)                                                                      \
    "{'modelType':'Property','idShort':'" name "','valueType':'xs:string','value':'" value         \
    "','valueId':" TO("urn:red") "}"
#define ELEMENTS(list) "'submodelElements':[" list "]"
#define TEXTS                                                                                      \
    "{'modelType':'MultiLanguageProperty','idShort':'ml','value':[{'language':'en','text':'red'}]" \
    ",'valueId':" TO("urn:red") "}"

struct sample {
    const char *rule;
    enum aas_severity severity; /* of the one finding */
    const char *pointer;        /* NULL: no finding */
    const char *json;
};

#define FIRST "/submodels/0/submodelElements/0"
#define PAIR                                                                                       \
    "/conceptDescriptions/0/embeddedDataSpecifications/0/dataSpecificationContent/valueList/"      \
    "valueReferencePairs/0/valueId"

static const struct sample samples[] = {
    {"AASd-006", AAS_ERROR, "/submodels/0/qualifiers/0/value",
        WITH(QUALIFIER("rot"), CONCEPTS(RED))},
    {"AASd-006", AAS_ERROR, NULL, WITH(QUALIFIER("red"), CONCEPTS(RED))},
    {"AASd-006", AAS_INFO, "/submodels/0/qualifiers/0/valueId", WITH(QUALIFIER("red"), "")},
    {"AASd-006", AAS_INFO, "/submodels/0/qualifiers/0/valueId",
        WITH(QUALIFIER("red"), CONCEPTS(VALUELESS))},
    {"AASd-007", AAS_ERROR, FIRST "/value", WITH(ELEMENTS(PROPERTY("pr", "rot")), CONCEPTS(RED))},
    {"AASd-007", AAS_ERROR, NULL, WITH(ELEMENTS(PROPERTY("pr", "red")), CONCEPTS(RED))},
    {"AASd-007", AAS_INFO, FIRST "/valueId", WITH(ELEMENTS(PROPERTY("pr", "red")), "")},
    {"AASd-012", AAS_INFO, FIRST "/valueId", WITH(ELEMENTS(TEXTS), CONCEPTS(RED))},
    {"AASc-3a-003", AAS_ERROR, PAIR, "{'conceptDescriptions':[" PAIRS "," VALUELESS "]}"},
    {"AASc-3a-003", AAS_ERROR, NULL, "{'conceptDescriptions':[" PAIRS "," RED "]}"},
    {"AASc-3a-003", AAS_INFO, PAIR, "{'conceptDescriptions':[" PAIRS "]}"},
};

static void judge_quoted(const char *quoted, const struct judge_lookup *lookup, struct arena *arena,
    struct report *report, struct judge_result *result)
{
    char *json = strdup(quoted);
    for (char *c = strchr(json, '\''); c != NULL; c = strchr(c, '\'')) {
        *c = '"';
    }
    struct judge_input input = {.bytes = json, .len = strlen(json), .lookup = lookup};
    arena_init(arena, 1 << 20);
    report_init(report);
    cr_assert_eq(judge_start(NULL), ERR_OK);
    cr_expect_eq(judge_document(arena, &input, report, result, NULL), ERR_OK, "%s", json);
    free(json);
}

Test(others, are_compared_when_they_are_in_the_file_and_told_when_not)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];
        struct arena arena;
        struct report report;
        struct judge_result result;
        judge_quoted(sample->json, NULL, &arena, &report, &result);
        cr_expect_eq(report.count, sample->pointer == NULL ? 0 : 1, "%s %zu: %zu findings",
            sample->rule, i, report.count);
        if (sample->pointer != NULL && report.count > 0) {
            cr_expect_str_eq(report.findings[0].rule, sample->rule);
            cr_expect_str_eq(report.findings[0].pointer, sample->pointer);
            cr_expect_eq(report.findings[0].severity, sample->severity, "%zu", i);
        }
        cr_expect_eq(result.verdict, report.errors > 0 ? REPORT_INVALID : REPORT_VALID);
        report_finish(&report);
        arena_finish(&arena);
    }
}

Test(others, that_are_not_at_hand_are_one_note_with_their_number)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    judge_quoted(
        WITH(ELEMENTS(PROPERTY("pa", "red") "," PROPERTY("pb", "red") "," PROPERTY("pc", "red")),
            ""),
        NULL, &arena, &report, &result);
    cr_assert_eq(report.count, 1);
    cr_expect_str_eq(report.findings[0].text,
        "values of properties not compared with their valueId: 3, the first one refers to "
        "'urn:red'");
    cr_expect_eq(result.verdict, REPORT_VALID);
    report_finish(&report);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ the caller's place to look */

struct store {
    const struct aas_node *concept;
    size_t asked;
};

static const struct aas_node *look(void *context, const char *id, size_t len)
{
    struct store *store = context;
    store->asked++;
    return len == strlen("urn:red") && memcmp(id, "urn:red", len) == 0 ? store->concept : NULL;
}

Test(others, are_looked_for_where_the_caller_says)
{
    struct arena stored_arena;
    struct report stored_report;
    struct judge_result stored;
    judge_quoted(RED, NULL, &stored_arena, &stored_report, &stored);
    struct store store = {stored.root, 0};
    const struct judge_lookup lookup = {look, &store};
    struct arena arena;
    struct report report;
    struct judge_result result;
    judge_quoted(WITH(ELEMENTS(PROPERTY("pr", "rot")), ""), &lookup, &arena, &report, &result);
    cr_expect_eq(store.asked, 1);
    cr_assert_eq(report.errors, 1);
    cr_expect_str_eq(report.findings[0].rule, "AASd-007");
    report_clear(&report);
    size_t count = 0;
    struct aas_node **submodels = aas_list(result.root, PROP_submodels, &count);
    cr_expect_eq(judge_tree_with(submodels[0], 0, false, &lookup, &report, NULL, NULL), ERR_OK);
    cr_expect_eq(report.errors, 1, "an edited tree is compared, too");
    report_clear(&report);
    cr_expect_eq(judge_tree(submodels[0], 0, false, &report, NULL, NULL), ERR_OK);
    cr_expect_eq(report.count, 0, "without a place to look an edit has no notes");
    report_finish(&report);
    arena_finish(&arena);
    report_finish(&stored_report);
    arena_finish(&stored_arena);
}

/* ------------------------------------------------------------------ ids */

Test(others, the_same_id_is_an_error_when_something_would_be_lost)
{
    static const struct {
        const char *json;
        size_t errors;
        size_t warnings;
    } rows[] = {
        {"{'submodels':[{'modelType':'Submodel','id':'u'},{'modelType':'Submodel','id':'u'}]}", 0,
            1},
        {"{'submodels':[{'modelType':'Submodel','id':'u'}],'conceptDescriptions':[{'modelType':"
         "'ConceptDescription','id':'u'}]}",
            0, 1},
        {"{'submodels':[{'modelType':'Submodel','id':'u'},{'modelType':'Submodel','id':'u',"
         "'idShort':'ab'},{'modelType':'Submodel','id':'u','idShort':'cd'}]}",
            2, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        struct report report;
        struct judge_result result;
        judge_quoted(rows[i].json, NULL, &arena, &report, &result);
        cr_expect_eq(report.errors, rows[i].errors, "%zu: %zu errors", i, report.errors);
        cr_expect_eq(report.warnings, rows[i].warnings, "%zu: %zu", i, report.warnings);
        report_finish(&report);
        arena_finish(&arena);
    }
}

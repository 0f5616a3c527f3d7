/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of comparison, by small submodels and the findings a reader expects. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/conformance/compare_fixture.h"

struct row {
    const char *old;
    const char *new;
    const char *lines;
};

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_findings(rows[i].old, rows[i].new, rows[i].lines);
    }
}
#define EXPECT_ROWS(rows) expect_rows(rows, sizeof rows / sizeof *rows)

#define TYPED(type) ELEMENT("Property", "P", ",'valueType':'" type "'")
#define CARDINALITY(value) PROPERTY("P", QUALIFIED(QUALIFIER("SMT/Cardinality", value)))
#define WITH(type, value) PROPERTY("P", QUALIFIED(QUALIFIER(type, value)))
#define BARE PROPERTY("P", "")
#define LONG_REF(value) "ExternalReference (GlobalReference)" value

Test(compare, the_same_submodel_has_no_findings)
{
    struct compared compared;
    compared_init(&compared, SUBMODEL(BARE), SUBMODEL(BARE));
    cr_expect(compare_equal(&compared.comparison));
    cr_expect_eq(compared.comparison.counts.matched, 2);
    cr_expect_eq(compared.comparison.verdict[COMPARE_EXACT], COMPARE_FULL);
    cr_expect_eq(compared.comparison.level[COMPARE_EXACT], LEVEL_NONE);
    cr_expect_eq(compared.comparison.change_count, 0);
    compared_finish(&compared);
}

Test(compare, c01_another_semantic_id_of_the_submodel_breaks_both_ways_where_no_mode_links_them)
{
    static const struct row rows[] = {
        {SUBMODEL_WITH(SEMANTIC("urn:a"), ""), SUBMODEL_WITH(SEMANTIC("urn:b"), ""),
            "C01 . semanticId " LONG_REF("urn:a") ">" LONG_REF("urn:b") " bf\n"},
        {SUBMODEL_WITH(SEMANTIC("https://e.org/t/1/0"), ""),
            SUBMODEL_WITH(SEMANTIC("https://e.org/t/1/1"), ""),
            "C01 . semanticId " LONG_REF("https://e.org/t/1/0") ">" LONG_REF(
                "https://e.org/t/1/1") " bf [exact,value,supplemental]\n"},
        {SUBMODEL_WITH(",'semanticId':{'type':'ModelReference','keys':[{'type':'Submodel',"
                       "'value':'urn:a'}]}",
             ""),
            SUBMODEL_WITH(SEMANTIC("urn:a"), ""),
            "C01 . semanticId ModelReference (Submodel)urn:a>" LONG_REF("urn:a") " bf [exact]\n"},
        {SUBMODEL_WITH("", ""), SUBMODEL_WITH(SEMANTIC("urn:a"), ""),
            "C01 . semanticId ->" LONG_REF("urn:a") " bf\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c02_to_c05_what_comes_and_goes_breaks_one_way_when_mandatory)
{
    static const struct row rows[] = {
        {SUBMODEL(BARE), SUBMODEL(BARE "," PROPERTY("Q", OPTIONAL_ELEMENT)), "C02 ->Q\n"},
        {SUBMODEL(BARE), SUBMODEL(BARE "," PROPERTY("Q", "")), "C03 ->Q b\n"},
        {SUBMODEL(BARE "," PROPERTY("Q", OPTIONAL_ELEMENT)), SUBMODEL(BARE), "C04 Q->\n"},
        {SUBMODEL(BARE "," PROPERTY("Q", "")), SUBMODEL(BARE), "C05 Q-> f\n"},
        /* Below something that came or went nothing more is told. */
        {SUBMODEL(BARE), SUBMODEL(BARE "," COLLECTION("Q", OPTIONAL_ELEMENT, PROPERTY("R", ""))),
            "C02 ->Q\n"},
        {SUBMODEL(BARE "," COLLECTION("Q", "", PROPERTY("R", ""))), SUBMODEL(BARE), "C05 Q-> f\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c06_and_c07_cardinality_is_compared_by_meaning)
{
    static const struct row rows[] = {
        {SUBMODEL(CARDINALITY("ZeroToOne")), SUBMODEL(CARDINALITY("One")),
            "C06 P SMT/Cardinality ZeroToOne>One b\n"},
        {SUBMODEL(CARDINALITY("One")), SUBMODEL(CARDINALITY("ZeroToMany")),
            "C07 P SMT/Cardinality One>ZeroToMany f\n"},
        {SUBMODEL(CARDINALITY("OneToMany")), SUBMODEL(CARDINALITY("ZeroToOne")),
            "C06 P SMT/Cardinality OneToMany>ZeroToOne b\n"
            "C07 P SMT/Cardinality OneToMany>ZeroToOne f\n"},
        {SUBMODEL(BARE), SUBMODEL(CARDINALITY("ZeroToOne")),
            "C07 P SMT/Cardinality ->ZeroToOne f\n"},
        {SUBMODEL(BARE), SUBMODEL(CARDINALITY("One")), "C16 P SMT/Cardinality ->One\n"},
        {SUBMODEL(CARDINALITY("ZerotoOne ")), SUBMODEL(CARDINALITY("ZeroToOne")),
            "C16 P SMT/Cardinality ZerotoOne >ZeroToOne\n"},
        {SUBMODEL(CARDINALITY("TwoToMany")), SUBMODEL(CARDINALITY("OneToMany")),
            "C15 P SMT/Cardinality TwoToMany>OneToMany\n"},
        {SUBMODEL(WITH("Multiplicity", "One")), SUBMODEL(WITH("Cardinality", "ZeroToOne")),
            "C07 P Cardinality One>ZeroToOne f\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c08_another_semantic_id_breaks_where_no_mode_links_them)
{
    static const struct row rows[] = {
        {SUBMODEL(PROPERTY("P", SEMANTIC("urn:a"))), SUBMODEL(PROPERTY("P", SEMANTIC("urn:b"))),
            "C08 P semanticId " LONG_REF("urn:a") ">" LONG_REF("urn:b") " bf\n"},
        {SUBMODEL(PROPERTY("P", SEMANTIC("0173-1#02-AAO677#002"))),
            SUBMODEL(PROPERTY("P", SEMANTIC("0173-1#02-AAO677#003"))),
            "C08 P semanticId " LONG_REF("0173-1#02-AAO677#002") ">" LONG_REF(
                "0173-1#02-AAO677#003") " bf [exact,value,supplemental]\n"},
        {SUBMODEL(PROPERTY("P", SEMANTIC("urn:a"))),
            SUBMODEL(
                PROPERTY("P", SEMANTIC("urn:b") ",'supplementalSemanticIds':[" REF("urn:a") "]")),
            "C08 P semanticId " LONG_REF("urn:a") ">" LONG_REF(
                "urn:b") " bf [exact,value,ignore-version]\n"
                         "C16 P supplementalSemanticIds ->" LONG_REF("urn:a") "\n"},
        {SUBMODEL(BARE), SUBMODEL(PROPERTY("P", SEMANTIC("urn:a"))),
            "C08 P semanticId ->" LONG_REF("urn:a") " bf\n"},
        {SUBMODEL(PROPERTY("P", SEMANTIC("urn:a"))), SUBMODEL(BARE),
            "C08 P semanticId " LONG_REF("urn:a") ">- bf\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c09_a_new_name_with_the_same_meaning_only_changes_paths)
{
    static const struct row rows[] = {
        {SUBMODEL(PROPERTY("Old", SEMANTIC("urn:a"))), SUBMODEL(PROPERTY("New", SEMANTIC("urn:a"))),
            "C09 Old->New idShort Old>New\n"},
        {SUBMODEL(COLLECTION("Old", SEMANTIC("urn:a"), PROPERTY("P", ""))),
            SUBMODEL(COLLECTION("New", SEMANTIC("urn:a"), PROPERTY("P", ""))),
            "C09 Old->New idShort Old>New\n"},
        {SUBMODEL(PROPERTY("Doc__00__", "")), SUBMODEL(PROPERTY("Doc", "")),
            "C09 Doc__00__->Doc idShort Doc__00__>Doc\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c10_to_c12_types_break_both_ways)
{
#define LIST(more) ELEMENT("SubmodelElementList", "L", more)
#define OF_PROPERTIES ",'typeValueListElement':'Property'"
#define OF_RANGES ",'typeValueListElement':'Range'"
    static const struct row rows[] = {
        {SUBMODEL(BARE), SUBMODEL(ELEMENT("Capability", "P", "")),
            "C10 P modelType Property>Capability bf\n"},
        {SUBMODEL(TYPED("xs:int")), SUBMODEL(TYPED("xs:double")),
            "C11 P valueType xs:int>xs:double bf\n"},
        {SUBMODEL(LIST(OF_PROPERTIES)), SUBMODEL(LIST(OF_RANGES)),
            "C12 L typeValueListElement Property>Range bf\n"},
        {SUBMODEL(LIST(OF_RANGES ",'valueTypeListElement':'xs:int'")),
            SUBMODEL(LIST(OF_RANGES ",'valueTypeListElement':'xs:long'")),
            "C12 L valueTypeListElement xs:int>xs:long bf\n"},
        {SUBMODEL(LIST(OF_RANGES ",'semanticIdListElement':" REF("https://e.org/i/1/0"))),
            SUBMODEL(LIST(OF_RANGES ",'semanticIdListElement':" REF("https://e.org/i/2/0"))),
            "C12 L semanticIdListElement " LONG_REF("https://e.org/i/1/0") ">" LONG_REF(
                "https://e.org/i/2/0") " bf [exact,value,supplemental]\n"},
        {SUBMODEL(ELEMENT("Entity", "E", ",'entityType':'CoManagedEntity'")),
            SUBMODEL(ELEMENT("Entity", "E", ",'entityType':'SelfManagedEntity'")),
            "C12 E entityType CoManagedEntity>SelfManagedEntity bf\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c13_allowed_values_are_compared_as_sets)
{
#define RANGE(value) WITH("SMT/AllowedRange", value)
#define VALUES(value) WITH("SMT/AllowedValue", value)
    static const struct row rows[] = {
        {SUBMODEL(RANGE("[0,100]")), SUBMODEL(RANGE("[0,50]")),
            "C13 P SMT/AllowedRange [0,100]>[0,50] b\n"},
        {SUBMODEL(RANGE("[0,50]")), SUBMODEL(RANGE("[0,*]")),
            "C13 P SMT/AllowedRange [0,50]>[0,*] f\n"},
        {SUBMODEL(RANGE("[0,50]")), SUBMODEL(RANGE("[20,80]")),
            "C13 P SMT/AllowedRange [0,50]>[20,80] b\n"
            "C13 P SMT/AllowedRange [0,50]>[20,80] f\n"},
        {SUBMODEL(RANGE("[0,50)|[50,90]")), SUBMODEL(RANGE("[0.0, 90.00]")),
            "C16 P SMT/AllowedRange [0,50)|[50,90]>[0.0, 90.00]\n"},
        {SUBMODEL(BARE), SUBMODEL(RANGE("[0,1]")), "C13 P SMT/AllowedRange ->[0,1] b\n"},
        {SUBMODEL(RANGE("[0,1]")), SUBMODEL(BARE), "C13 P SMT/AllowedRange [0,1]>- f\n"},
        {SUBMODEL(VALUES("red;green")), SUBMODEL(VALUES("red")),
            "C13 P SMT/AllowedValue red;green>red b\n"},
        {SUBMODEL(VALUES("red;green")), SUBMODEL(VALUES("green | red | blue")),
            "C13 P SMT/AllowedValue red;green>green | red | blue f\n"},
        {SUBMODEL(VALUES("red;green")), SUBMODEL(VALUES("green; red")),
            "C16 P SMT/AllowedValue red;green>green; red\n"},
        {SUBMODEL(VALUES("[a-z]+")), SUBMODEL(VALUES("[a-y]+")),
            "C13 P SMT/AllowedValue [a-z]+>[a-y]+ b\n"
            "C13 P SMT/AllowedValue [a-z]+>[a-y]+ f\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c14_languages_and_alternatives_break_one_way)
{
#define LANG(value) WITH("SMT/RequiredLang", value)
#define CHOICE(name) PROPERTY(name, QUALIFIED(QUALIFIER("SMT/EitherOr", "which")))
    static const struct row rows[] = {
        {SUBMODEL(LANG("en")), SUBMODEL(LANG("en, ko")), "C14 P SMT/RequiredLang en>en, ko b\n"},
        {SUBMODEL(LANG("en, ko")), SUBMODEL(LANG("EN")), "C14 P SMT/RequiredLang en, ko>EN f\n"},
        {SUBMODEL(BARE), SUBMODEL(LANG("en")), "C14 P SMT/RequiredLang ->en b\n"},
        {SUBMODEL(BARE), SUBMODEL(CHOICE("P")), "C14 P SMT/EitherOr ->which b\n"},
        {SUBMODEL(CHOICE("P")), SUBMODEL(BARE), "C14 P SMT/EitherOr which>- f\n"},
        {SUBMODEL(CHOICE("P")), SUBMODEL(CHOICE("P") "," CHOICE("Q")), "C14 ->Q f\n"},
        {SUBMODEL(CHOICE("P") "," CHOICE("Q")), SUBMODEL(CHOICE("P")), "C14 Q-> b\n"},
        {SUBMODEL(BARE), SUBMODEL(BARE "," CHOICE("Q")), "C14 ->Q b\n"},
        {SUBMODEL(BARE "," CHOICE("Q")), SUBMODEL(BARE), "C14 Q-> f\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, c15_and_c16_break_nothing)
{
#define FILE_OF(type) ELEMENT("File", "F", ",'contentType':'" type "'")
#define ORDERED(value) LIST(OF_PROPERTIES ",'orderRelevant':" value)
#define UNIT(unit)                                                                                 \
    ",'embeddedDataSpecifications':[{'dataSpecification':" REF(                                    \
        "urn:iec") ","                                                                             \
                   "'dataSpecificationContent':{'modelType':'DataSpecificationIec61360','"         \
                   "preferredName':"                                                               \
                   "[{'language':'en','text':'n'}],'unit':'" unit "'}}]"
    static const struct row rows[] = {
        {SUBMODEL(FILE_OF("text/plain")), SUBMODEL(FILE_OF("application/pdf")),
            "C15 F contentType text/plain>application/pdf\n"},
        {SUBMODEL(ORDERED("true")), SUBMODEL(ORDERED("false")), "C15 L orderRelevant true>false\n"},
        {SUBMODEL(LIST(OF_PROPERTIES)), SUBMODEL(ORDERED("true")), "C16 L orderRelevant ->true\n"},
        {SUBMODEL(PROPERTY("P", SEMANTIC("urn:a") ",'supplementalSemanticIds':[" REF("urn:b") "]")),
            SUBMODEL(PROPERTY("P", SEMANTIC("urn:a"))),
            "C15 P supplementalSemanticIds " LONG_REF("urn:b") ">-\n"},
        {SUBMODEL(PROPERTY("P", UNIT("mm"))), SUBMODEL(PROPERTY("P", UNIT("m"))),
            "C15 P unit mm>m\n"},
        {SUBMODEL(WITH("Constraint", "x")), SUBMODEL(WITH("Constraint", "y")),
            "C15 P Constraint x>y\n"},
        {SUBMODEL(WITH("FormInfo", "x")), SUBMODEL(BARE), "C16 P FormInfo x>-\n"},
        {SUBMODEL(WITH("SMT/ExampleValue", "x")), SUBMODEL(WITH("ExampleValue", "y")),
            "C16 P ExampleValue x>y\n"},
        {SUBMODEL(PROPERTY("P", ",'value':'x'")), SUBMODEL(BARE), "C16 P value x>-\n"},
        {SUBMODEL(PROPERTY("P", ",'description':[{'language':'en','text':'a'},"
                                "{'language':'de','text':'b'}]")),
            SUBMODEL(PROPERTY("P", ",'description':[{'language':'ko','text':'c'},"
                                   "{'language':'en','text':'d'}]")),
            "C16 P description@de b>-\nC16 P description@en a>d\nC16 P description@ko ->c\n"},
        {SUBMODEL(PROPERTY("P", "") "," PROPERTY("Q", "")),
            SUBMODEL(PROPERTY("Q", "") "," PROPERTY("P", "")), "C16 .\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare, concept_descriptions_that_are_referred_to_are_compared_once)
{
#define CONCEPT(unit, definition)                                                                  \
    "{'submodels':[" SUBMODEL(PROPERTY("P", SEMANTIC("urn:c")) "," PROPERTY("Q",                   \
        SEMANTIC("urn:c"))) "],'conceptDescriptions':[{'modelType':"                               \
                            "'ConceptDescription','id':'urn:c','embeddedDataSpecifications':[{'"   \
                            "dataSpecification':" REF(                                             \
                                "urn:iec") ",'dataSpecificationContent':{'modelType':'"            \
                                           "DataSpecificationIec61360',"                           \
                                           "'preferredName':[{'language':'en','text':'n'}],'unit'" \
                                           ":'" unit "','definition':"                             \
                                           "[{'language':'en','text':'" definition "'}]}}]}]}"
    expect_findings(CONCEPT("mm", "far"), CONCEPT("m", "wide"),
        "C15 P unit mm>m\nC16 P definition@en far>wide\n");
}

Test(compare, the_verdict_follows_from_the_worst_finding_and_asks_for_a_number)
{
#define NUMBERED(elements)                                                                         \
    SUBMODEL_WITH(",'administration':{'version':'2','revision':'3'}", elements)
    static const struct {
        const char *new;
        enum compare_verdict verdict;
        enum compare_level level;
        const char *number;
    } rows[] = {
        {NUMBERED(TYPED("xs:int")), COMPARE_FULL, LEVEL_NONE, "2.3.0"},
        {NUMBERED(ELEMENT("Property", "P", ",'valueType':'xs:int','value':'3'")), COMPARE_FULL,
            LEVEL_BUGFIX, "2.3.1"},
        {NUMBERED(TYPED("xs:int") "," PROPERTY("Q", OPTIONAL_ELEMENT)), COMPARE_FULL,
            LEVEL_REVISION, "2.4.0"},
        {NUMBERED(""), COMPARE_BACKWARD, LEVEL_REVISION, "2.4.0"},
        {NUMBERED(TYPED("xs:int") "," BARE), COMPARE_FORWARD, LEVEL_VERSION, "3.0.0"},
        {NUMBERED(TYPED("xs:long")), COMPARE_BREAKING, LEVEL_VERSION, "3.0.0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct compared compared;
        char number[40];
        compared_init(&compared, NUMBERED(TYPED("xs:int")), rows[i].new);
        struct compare_number next = compare_next(&compared.comparison, COMPARE_EXACT);
        snprintf(number, sizeof number, "%u.%u.%u", next.version, next.revision, next.bugfix);
        cr_expect_eq(compared.comparison.verdict[COMPARE_EXACT], rows[i].verdict, "row %zu", i);
        cr_expect_eq(compared.comparison.level[COMPARE_EXACT], rows[i].level, "row %zu", i);
        cr_expect_str_eq(number, rows[i].number, "row %zu: %s", i, number);
        compared_finish(&compared);
    }
}

Test(compare, numbers_are_read_from_labels_and_administration)
{
    static const struct {
        const char *label;
        unsigned numbers[3];
        bool known;
    } rows[] = {{"3.0.1+aas-3.1", {3, 0, 1}, true}, {"2.1", {2, 1, 0}, true},
        {"4", {4, 0, 0}, true}, {"sample", {0, 0, 0}, false}, {"1.0~2", {1, 0, 0}, true},
        {"", {0, 0, 0}, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct compare_number number = compare_number_of(rows[i].label, NULL);
        cr_expect_eq(number.known, rows[i].known, "%s", rows[i].label);
        cr_expect_eq(number.version, rows[i].numbers[0], "%s", rows[i].label);
        cr_expect_eq(number.revision, rows[i].numbers[1], "%s", rows[i].label);
        cr_expect_eq(number.bugfix, rows[i].numbers[2], "%s", rows[i].label);
    }
}

Test(compare, every_reason_and_rule_speaks_every_language)
{
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        unsigned rule = compare_reason_rule((enum compare_reason)reason);
        cr_expect(rule >= 1 && rule <= COMPARE_RULES, "reason %d has rule %u", reason, rule);
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
            const char *text =
                compare_reason_text((enum compare_reason)reason, (enum language)language);
            const char *title = compare_rule_title(rule, (enum language)language);
            cr_expect(text != NULL && text[0] != '\0', "reason %d in %d", reason, language);
            cr_expect(title != NULL && title[0] != '\0', "rule %u in %d", rule, language);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: the data specification template IEC 61360. */
#include "conformance/rules_parts.h"

#define C(number, ...)                                                                             \
    RULE("AASc-3a-" number, "IDTA-01003-a, constraint AASc-3a-" number, __VA_ARGS__)
#define IRI "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#define CONTENT(iri, name, rest)                                                                   \
    "'embeddedDataSpecifications':[{'dataSpecification':{'type':'ExternalReference','keys':[{"     \
    "'type':'GlobalReference','value':'" iri "'}]},'dataSpecificationContent':{'modelType':"       \
    "'DataSpecificationIec61360','preferredName':[{'language':'" name "','text':'Speed'}]" rest    \
    "}}]}"
#define CD(category, iri, name, rest)                                                              \
    "{'modelType':'ConceptDescription','id':'urn:c'," category CONTENT(iri, name, rest)
#define MEANING ",'definition':[{'language':'en','text':'Turns per minute'}]"
#define PLAIN(rest) CD("", IRI, "en", rest)
#define OF(category, rest) CD("'category':'" category "',", IRI, "en", MEANING rest)
#define PAIRS                                                                                      \
    "'valueList':{'valueReferencePairs':[{'value':'a','valueId':{'type':'ExternalReference',"      \
    "'keys':[{'type':'GlobalReference','value':'urn:v'}]}}]}"

/* A concept with a value list, and the concept urn:v that the list refers to. */
#define LIST_OF_ONE(value)                                                                         \
    "{'conceptDescriptions':[" PLAIN(MEANING "," PAIRS) ",{'modelType':'ConceptDescription','id':" \
                                                        "'urn:v'," CONTENT(                        \
                                                            IRI, "en", MEANING value) "]}"

static const struct rule rows[] = {
    C("002", 0, NULL, CD("", IRI, "en", MEANING), CD("", IRI, "de", MEANING),
        "The preferred name is there in English.",
        "English is the language everybody can fall back on.",
        "preferredName은 영어로도 있어야 합니다.",
        "영어는 모두가 공통으로 참고할 수 있는 언어입니다.",
        "Der bevorzugte Name ist auf Englisch vorhanden.",
        "Englisch ist die Sprache, auf die alle zurückgreifen können."),
    C("003", 0, NULL, LIST_OF_ONE(",'value':'a'"), LIST_OF_ONE(""),
        "A concept description that a value list refers to has a value.",
        "The list offers values; an entry that is none cannot be chosen.",
        "값 목록이 가리키는 개념 설명에는 value가 있어야 합니다.",
        "목록은 고를 값을 제공하므로 값이 아닌 항목은 고를 수 없습니다.",
        "Eine Concept Description, auf die eine Werteliste verweist, hat einen Wert.",
        "Die Liste bietet Werte an; ein Eintrag, der keiner ist, lässt sich nicht wählen."),
    C("004", 0, NULL, OF("PROPERTY", ",'dataType':'STRING'"), OF("PROPERTY", ",'dataType':'FILE'"),
        "A concept description of category PROPERTY or VALUE has a dataType of values.",
        "Without it nobody knows how the property's value is written.",
        "category가 PROPERTY 또는 VALUE인 개념 설명에는 값의 dataType이 있어야 합니다.",
        "dataType이 없으면 속성 값을 어떻게 쓰는지 알 수 없습니다.",
        "Eine Concept Description der Kategorie PROPERTY oder VALUE hat einen dataType für Werte.",
        "Ohne ihn weiß niemand, wie der Wert der Property geschrieben wird."),
    C("005", 0, NULL, OF("REFERENCE", ",'dataType':'IRI'"), OF("REFERENCE", ",'dataType':'DATE'"),
        "A concept description of category REFERENCE has the dataType STRING, IRI or IRDI.",
        "A reference is written as an identifier.",
        "category가 REFERENCE인 개념 설명의 dataType은 STRING, IRI, IRDI 중 하나입니다.",
        "참조는 식별자로 씁니다.",
        "Eine Concept Description der Kategorie REFERENCE hat den dataType STRING, IRI oder IRDI.",
        "Eine Referenz wird als Bezeichner geschrieben."),
    C("006", 0, NULL, OF("DOCUMENT", ",'dataType':'FILE'"), OF("DOCUMENT", ",'dataType':'DATE'"),
        "A concept description of category DOCUMENT has the dataType FILE, BLOB or HTML.",
        "A document is a file or embedded content.",
        "category가 DOCUMENT인 개념 설명의 dataType은 FILE, BLOB, HTML 중 하나입니다.",
        "문서는 파일이거나 내장된 내용입니다.",
        "Eine Concept Description der Kategorie DOCUMENT hat den dataType FILE, BLOB oder HTML.",
        "Ein Dokument ist eine Datei oder eingebetteter Inhalt."),
    C("007", 0, NULL, OF("QUALIFIER_TYPE", ",'dataType':'STRING'"), OF("QUALIFIER_TYPE", ""),
        "A concept description of category QUALIFIER_TYPE has a dataType.",
        "Without it nobody knows how the qualifier's value is written.",
        "category가 QUALIFIER_TYPE인 개념 설명에는 dataType이 있어야 합니다.",
        "dataType이 없으면 한정자 값을 어떻게 쓰는지 알 수 없습니다.",
        "Eine Concept Description der Kategorie QUALIFIER_TYPE hat einen dataType.",
        "Ohne ihn weiß niemand, wie der Wert des Qualifiers geschrieben wird."),
    C("008", 0, NULL, PLAIN(MEANING), PLAIN(",'dataType':'STRING'"),
        "A concept description that is no value has a definition in English.",
        "A name alone is not enough to tell whether two parties mean the same thing.",
        "값이 아닌 개념 설명에는 영어 definition이 있어야 합니다.",
        "이름만으로는 서로 같은 것을 말하는지 알 수 없습니다.",
        "Eine Concept Description, die kein Wert ist, hat eine Definition auf Englisch.",
        "Ein Name allein zeigt nicht, ob zwei Seiten dasselbe meinen."),
    C("009", 0, NULL, PLAIN(MEANING ",'dataType':'REAL_MEASURE','unit':'1/min'"),
        PLAIN(MEANING ",'dataType':'REAL_MEASURE'"), "Measures and currencies have a unit.",
        "A number without unit cannot be used: 5 bar and 5 MPa differ fifty times.",
        "측정값과 금액에는 단위가 있어야 합니다.",
        "단위 없는 숫자는 쓸 수 없습니다. 5 bar와 5 MPa는 50배 차이입니다.",
        "Maße und Währungen haben eine Einheit.",
        "Eine Zahl ohne Einheit ist nicht zu gebrauchen: 5 bar und 5 MPa sind fünfzigfach "
        "verschieden."),
    C("010", 0, NULL, PLAIN(MEANING "," PAIRS), PLAIN(MEANING ",'value':'a'," PAIRS),
        "There is a value or a value list, not both.",
        "A concept is one value, or has a choice of values.",
        "value와 valueList 중 하나만 있어야 합니다.",
        "개념은 하나의 값이거나, 고를 수 있는 값의 목록을 가집니다.",
        "Es gibt einen Wert oder eine Werteliste, nicht beides.",
        "Ein Konzept ist ein Wert oder hat eine Auswahl von Werten."),
    C("050", 0, NULL, PLAIN(MEANING), CD("", "urn:my-specification", "en", MEANING),
        "IEC 61360 content names the identifier of its template.",
        "Readers recognise the content by that identifier.",
        "IEC 61360 내용은 그 템플릿의 식별자를 가리켜야 합니다.",
        "읽는 쪽은 이 식별자로 내용의 종류를 알아봅니다.",
        "IEC-61360-Inhalt nennt den Bezeichner seiner Vorlage.",
        "Leser erkennen den Inhalt an diesem Bezeichner."),
};

const struct rule_part rules_concept = {rows, sizeof rows / sizeof *rows};

/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: the schema, values of XSD types, and what the specification says without a number. */
#include "conformance/rules_parts.h"

#define S(id, ...) RULE("schema-" id, "IDTA-01001, XML and JSON schemas", __VA_ARGS__)
#define PROPERTY(rest) "{'modelType':'Property','idShort':'Speed'" rest "}"
#define EVENT(rest)                                                                                \
    "{'modelType':'BasicEventElement','idShort':'Ev','observed':{'type':'ModelReference','keys':"  \
    "[{'type':'Submodel','value':'urn:a'}]},'state':'on'" rest "}"
#define XML31 "<submodel xmlns='https://admin-shell.io/aas/3/1'>"

#define TO_SUBMODEL(id) "{'type':'ModelReference','keys':[{'type':'Submodel','value':'" id "'}]}"
#define SHELL_OF(references)                                                                       \
    "{'modelType':'AssetAdministrationShell','id':'urn:s','assetInformation':{'assetKind':"        \
    "'Instance','globalAssetId':'urn:g'},'submodels':[" references "]}"

static const struct rule rows[] = {
    S("required", 0, NULL, PROPERTY(",'valueType':'xs:int'"), PROPERTY(""),
        "Mandatory attributes are there.", "Every reader relies on them.",
        "필수 속성이 있어야 합니다.", "읽는 쪽은 필수 속성이 있다고 믿고 처리합니다.",
        "Pflichtattribute sind vorhanden.", "Jeder Leser verlässt sich auf sie."),
    S("length", 0, NULL, "{'modelType':'Submodel','id':'urn:a'}",
        "{'modelType':'Submodel','id':''}",
        "Texts are not empty and not longer than the specification allows.",
        "Readers and databases reserve that much room; an empty text says nothing and is left out.",
        "텍스트는 비어 있거나 사양이 정한 길이보다 길면 안 됩니다.",
        "읽는 쪽과 데이터베이스는 그만큼의 공간만 준비하며, 빈 텍스트는 의미가 없으므로 쓰지 "
        "않습니다.",
        "Texte sind nicht leer und nicht länger, als die Spezifikation erlaubt.",
        "Leser und Datenbanken halten so viel Platz vor; ein leerer Text sagt nichts und "
        "entfällt."),
    S("pattern", 0, NULL,
        "{'modelType':'File','idShort':'Manual','contentType':'application/pdf','value':'/a.pdf'}",
        "{'modelType':'File','idShort':'Manual','contentType':'pdf','value':'/a.pdf'}",
        "Texts of a fixed form (language tags, media types, versions, times) have that form.",
        "Programs compare and sort by them.",
        "형식이 정해진 텍스트(언어 태그, 미디어 타입, 버전, 시각)는 그 형식을 지켜야 합니다.",
        "프로그램이 이 텍스트로 비교하고 정렬합니다.",
        "Texte mit fester Form (Sprachkennzeichen, Medientypen, Versionen, Zeiten) haben diese "
        "Form.",
        "Programme vergleichen und sortieren nach ihnen."),
    S("enumeration", 0, NULL, PROPERTY(",'valueType':'xs:int'"), PROPERTY(",'valueType':'integer'"),
        "Attributes with a fixed choice have one of its values.",
        "A reader has a case for each of the values and none for others.",
        "선택지가 정해진 속성은 그 값 중 하나여야 합니다.",
        "읽는 쪽은 정해진 값만 처리할 수 있습니다.",
        "Attribute mit fester Auswahl haben einen ihrer Werte.",
        "Ein Leser kennt jeden dieser Werte und keinen anderen."),
    S("type", 0, NULL,
        "{'modelType':'Blob','idShort':'Icon','contentType':'image/png','value':'aGVsbG8='}",
        "{'modelType':'Blob','idShort':'Icon','contentType':'image/png','value':'hello!'}",
        "The content of an attribute fits its type, base64 or a truth value for example.",
        "What does not fit cannot be decoded.",
        "속성의 내용은 base64나 참/거짓처럼 정해진 형식에 맞아야 합니다.",
        "맞지 않는 내용은 해독할 수 없습니다.",
        "Der Inhalt eines Attributs passt zu seinem Typ, etwa Base64 oder Wahrheitswert.",
        "Was nicht passt, ist nicht zu entschlüsseln."),
    S("empty-list", 0, NULL, "{'modelType':'Submodel','id':'urn:a'}",
        "{'modelType':'Submodel','id':'urn:a','submodelElements':[]}",
        "Lists have at least one item or are left out.",
        "There is one way to say 'none', so that equal models look equal.",
        "목록에는 항목이 하나 이상 있거나, 목록 자체를 쓰지 않아야 합니다.",
        "'없음'을 나타내는 방법이 하나여야 같은 모델이 같게 보입니다.",
        "Listen haben mindestens einen Eintrag oder entfallen.",
        "Es gibt einen Weg, „keine“ zu sagen, damit gleiche Modelle gleich aussehen."),
    S("order", 0, NULL, XML31 "<idShort>Ab</idShort><id>urn:a</id></submodel>",
        XML31 "<id>urn:a</id><idShort>Ab</idShort></submodel>",
        "XML elements stand in the order of the schema.",
        "Readers made from the schema read them in that order and stop at others.",
        "XML 요소는 스키마가 정한 순서대로 써야 합니다.",
        "스키마로 만든 읽기 프로그램은 그 순서로만 읽습니다.",
        "XML-Elemente stehen in der Reihenfolge des Schemas.",
        "Aus dem Schema erzeugte Leser lesen in dieser Reihenfolge und scheitern an anderen."),
    S("unexpected", 0, NULL, "Only what the metamodel knows stands in a document.",
        "An element of the schema stands where the schema does not expect it.",
        "Nothing stands where the schema does not expect it.",
        "Foreign content is lost in every tool that follows the schema.",
        "스키마가 예상하지 않는 곳에는 아무것도 쓰지 않습니다.",
        "스키마를 따르는 도구에서는 이런 내용이 사라집니다.",
        "Nichts steht, wo das Schema es nicht erwartet.",
        "Fremder Inhalt geht in jedem Werkzeug verloren, das dem Schema folgt."),
    S("root", 0, NULL, "An <environment>, or any document without --schema.",
        "A single <submodel> with --schema and the official file.",
        "The schema given declares the root element of the document.",
        "The official schemas declare <environment> only; other documents are judged by the table "
        "they are generated from.",
        "지정한 스키마가 문서의 루트 요소를 선언해야 합니다.",
        "공식 스키마는 <environment>만 선언하므로 다른 문서는 메타모델 표로 판정합니다.",
        "Das angegebene Schema deklariert das Wurzelelement des Dokuments.",
        "Die offiziellen Schemas deklarieren nur <environment>; andere Dokumente werden nach der "
        "Tabelle des Metamodells beurteilt."),
    RULE("value-type", "IDTA-01001, Property, Range and Extension", 0, NULL,
        PROPERTY(",'valueType':'xs:double','value':'1240'"),
        PROPERTY(",'valueType':'xs:double','value':'1240 kN'"),
        "The value of a property, range or extension is a literal of its valueType.",
        "Software reads the value by its type and fails on anything else; units belong into the "
        "concept description.",
        "Property, Range, Extension의 값은 valueType에 맞게 표기해야 합니다.",
        "소프트웨어는 값을 형식에 따라 읽으므로 맞지 않으면 읽지 못합니다. 단위는 개념 설명에 "
        "씁니다.",
        "Der Wert einer Property, Range oder Extension ist ein Literal ihres valueType.",
        "Software liest den Wert nach seinem Typ und scheitert an allem anderen; Einheiten gehören "
        "in die Concept Description."),
    RULE("unique-language", "IDTA-01001, LangStringSet", 0, NULL,
        "{'modelType':'Submodel','id':'urn:a','description':[{'language':'en','text':'A'},{"
        "'language':'ko','text':'B'}]}",
        "{'modelType':'Submodel','id':'urn:a','description':[{'language':'en','text':'A'},{"
        "'language':'en','text':'B'}]}",
        "There is one text per language.",
        "Tools show the text of the user's language and drop a second one.",
        "언어마다 텍스트는 하나만 있어야 합니다.",
        "도구는 사용자 언어의 텍스트 하나만 보여 주고 두 번째는 버립니다.",
        "Je Sprache gibt es einen Text.",
        "Werkzeuge zeigen den Text der Sprache des Nutzers und lassen einen zweiten weg."),
    RULE("unique-id", "IDTA-01001, Identifiable/id", 0, NULL,
        "{'submodels':[{'modelType':'Submodel','id':'urn:a'},{'modelType':'Submodel','id':'urn:b'}]"
        "}",
        "{'submodels':[{'modelType':'Submodel','id':'urn:a'},{'modelType':'Submodel','id':'urn:a',"
        "'idShort':'Other'}]}",
        "The ids of shells, submodels and concept descriptions differ.",
        "References lead to one object per id; of two, a registry can keep only one.",
        "AAS, 서브모델, 개념 설명의 식별자는 서로 달라야 합니다.",
        "참조는 식별자로 객체 하나를 찾으며, 레지스트리는 둘 중 하나만 보관할 수 있습니다.",
        "Die Ids von Verwaltungsschalen, Submodels und Concept Descriptions sind verschieden.",
        "Referenzen führen je Id zu einem Objekt; von zweien kann eine Registry nur eines "
        "behalten."),
    RULE("unique-submodel", "IDTA-01001, AssetAdministrationShell/submodels", 0, NULL,
        SHELL_OF(TO_SUBMODEL("urn:a") "," TO_SUBMODEL("urn:b")),
        SHELL_OF(TO_SUBMODEL("urn:a") "," TO_SUBMODEL("urn:a")),
        "A shell refers to a submodel once.",
        "Tools show the submodel twice or fail to add and remove it.",
        "AAS는 같은 서브모델을 한 번만 참조합니다.",
        "도구가 서브모델을 두 번 보여 주거나 추가와 삭제에 실패합니다.",
        "Eine Verwaltungsschale verweist einmal auf ein Submodel.",
        "Werkzeuge zeigen das Submodel doppelt oder scheitern beim Hinzufügen und Entfernen."),
    RULE("real-date", "IDTA-01001, dateTimeUtc", 0, NULL,
        EVENT(",'direction':'output','lastUpdate':'2024-02-29T00:00:00Z'"),
        EVENT(",'direction':'output','lastUpdate':'2023-02-29T00:00:00Z'"),
        "Points in time name days of the calendar.",
        "The pattern of the schema lets February 30 pass; no clock ever shows it.",
        "시각은 달력에 있는 날짜여야 합니다.",
        "스키마의 패턴은 2월 30일도 통과시키지만 그런 날은 없습니다.",
        "Zeitpunkte nennen Tage des Kalenders.",
        "Das Muster des Schemas lässt den 30. Februar zu; keine Uhr zeigt ihn je."),
    RULE("event-max-interval", "IDTA-01001, BasicEventElement/maxInterval", 0, NULL,
        EVENT(",'direction':'output','maxInterval':'PT10S'"),
        EVENT(",'direction':'input','maxInterval':'PT10S'"), "An input event has no maxInterval.",
        "The interval is for what is sent; what comes in is not timed by the receiver.",
        "입력 이벤트에는 maxInterval을 쓰지 않습니다.",
        "maxInterval은 보내는 이벤트의 주기이며 받는 쪽이 정하지 않습니다.",
        "Ein Eingangsereignis hat kein maxInterval.",
        "Das Intervall gilt für Gesendetes; den Takt des Empfangenen bestimmt nicht der "
        "Empfänger."),
};

const struct rule_part rules_schema = {rows, sizeof rows / sizeof *rows};

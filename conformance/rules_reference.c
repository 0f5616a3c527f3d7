/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: AASd constraints about references and about items of lists. */
#include "conformance/rules_parts.h"

#define D(number, ...) RULE("AASd-" number, "IDTA-01001, constraint AASd-" number, __VA_ARGS__)
#define KEY(type, value) "{'type':'" type "','value':'" value "'}"
#define EXTERNAL(keys) "{'type':'ExternalReference','keys':[" keys "]}"
#define MODEL(keys) "{'type':'ModelReference','keys':[" keys "]}"
#define LIST(type, rest)                                                                           \
    "{'modelType':'SubmodelElementList','idShort':'List','typeValueListElement':'" type "'" rest "}"
#define SEMANTIC(id) EXTERNAL(KEY("GlobalReference", id))
#define ITEM(semantic) "{'modelType':'Capability','semanticId':" SEMANTIC(semantic) "}"

static const struct rule rows[] = {
    D("107", 0, NULL,
        LIST("Capability",
            ",'semanticIdListElement':" SEMANTIC("urn:s") ",'value':[" ITEM("urn:s") "]"),
        LIST("Capability",
            ",'semanticIdListElement':" SEMANTIC("urn:s") ",'value':[" ITEM("urn:t") "]"),
        "Items of a list have the semanticId that the list names, or none.",
        "A list holds things of one meaning; a program reads them all alike.",
        "목록 항목의 semanticId는 목록이 정한 것과 같거나 없어야 합니다.",
        "목록은 같은 의미의 것들을 담으며 프로그램은 모두 같은 방식으로 읽습니다.",
        "Einträge einer Liste haben die semanticId, die die Liste nennt, oder keine.",
        "Eine Liste enthält Dinge einer Bedeutung; ein Programm liest alle gleich."),
    D("108", 0, NULL, LIST("Capability", ",'value':[{'modelType':'Capability'}]"),
        LIST("Capability", ",'value':[{'modelType':'SubmodelElementCollection'}]"),
        "Items of a list are of the kind that the list names.",
        "A reader of the list relies on typeValueListElement.",
        "목록의 항목은 목록이 정한 종류의 요소여야 합니다.",
        "목록을 읽는 쪽은 typeValueListElement를 믿고 처리합니다.",
        "Einträge einer Liste sind von der Art, die die Liste nennt.",
        "Wer die Liste liest, verlässt sich auf typeValueListElement."),
    D("109", 0, NULL,
        LIST("Property", ",'valueTypeListElement':'xs:int','value':[{'modelType':'Property',"
                         "'valueType':'xs:int'}]"),
        LIST("Property", ",'value':[{'modelType':'Property','valueType':'xs:int'}]"),
        "A list of properties or ranges names the valueType of its items, and they all have it.",
        "Values of one list are compared and computed with; they need one type.",
        "Property나 Range의 목록은 valueTypeListElement를 정하고 모든 항목이 그 형식을 가져야 "
        "합니다.",
        "한 목록의 값은 서로 비교하고 계산하므로 같은 형식이어야 합니다.",
        "Eine Liste von Properties oder Ranges nennt den valueType ihrer Einträge, und alle haben "
        "ihn.",
        "Werte einer Liste werden verglichen und verrechnet; sie brauchen einen Typ."),
    D("114", 0, NULL, LIST("Capability", ",'value':[" ITEM("urn:s") "," ITEM("urn:s") "]"),
        LIST("Capability", ",'value':[" ITEM("urn:s") "," ITEM("urn:t") "]"),
        "Items of one list have equal semanticIds.",
        "A list holds things of one meaning; different things belong into a collection.",
        "한 목록의 항목들은 같은 semanticId를 가져야 합니다.",
        "목록은 같은 의미의 것들을 담습니다. 서로 다른 것은 컬렉션에 넣습니다.",
        "Einträge einer Liste haben gleiche semanticIds.",
        "Eine Liste enthält Dinge einer Bedeutung; Verschiedenes gehört in eine Collection."),
    D("121", 0, "Reference", EXTERNAL(KEY("GlobalReference", "urn:a")),
        MODEL(KEY("Property", "Speed")), "The first key of a reference is globally identifiable.",
        "Otherwise nobody could tell where the way begins.",
        "참조의 첫 번째 키는 전역으로 식별되는 것이어야 합니다.",
        "그렇지 않으면 어디에서 시작하는지 알 수 없습니다.",
        "Der erste Key einer Referenz ist global identifizierbar.",
        "Sonst wüsste niemand, wo der Weg beginnt."),
    D("122", 0, "Reference", EXTERNAL(KEY("GlobalReference", "urn:a")),
        EXTERNAL(KEY("Submodel", "urn:a")),
        "The first key of an external reference is a GlobalReference.",
        "An external reference leads out of the model, to dictionaries for example.",
        "ExternalReference의 첫 번째 키는 GlobalReference여야 합니다.",
        "ExternalReference는 사전과 같은 모델 밖의 것을 가리킵니다.",
        "Der erste Key einer externen Referenz ist eine GlobalReference.",
        "Eine externe Referenz führt aus dem Modell hinaus, etwa zu Wörterbüchern."),
    D("123", 0, "Reference", MODEL(KEY("Submodel", "urn:a")),
        MODEL(KEY("GlobalReference", "urn:a")),
        "The first key of a model reference names an identifiable of the model.",
        "A model reference is followed inside a repository, beginning at a shell, a submodel or a "
        "concept description.",
        "ModelReference의 첫 번째 키는 모델의 식별 가능한 객체여야 합니다.",
        "ModelReference는 저장소 안에서 AAS, 서브모델 또는 개념 설명(ConceptDescription)에서 "
        "시작합니다.",
        "Der erste Key einer Modellreferenz nennt ein Identifiable des Modells.",
        "Einer Modellreferenz wird im Repository gefolgt, ab einer Verwaltungsschale, einem "
        "Submodel oder einer Concept Description."),
    D("124", 0, "Reference",
        EXTERNAL(KEY("GlobalReference", "urn:a") "," KEY("FragmentReference", "p1")),
        EXTERNAL(KEY("GlobalReference", "urn:a") "," KEY("Property", "Speed")),
        "The last key of an external reference is a GlobalReference or a FragmentReference.",
        "Elements of the model do not exist outside of it.",
        "ExternalReference의 마지막 키는 GlobalReference 또는 FragmentReference여야 합니다.",
        "모델의 요소는 모델 밖에 존재하지 않습니다.",
        "Der letzte Key einer externen Referenz ist eine GlobalReference oder FragmentReference.",
        "Elemente des Modells gibt es außerhalb des Modells nicht."),
    D("125", 0, "Reference", MODEL(KEY("Submodel", "urn:a") "," KEY("Property", "Speed")),
        MODEL(KEY("Submodel", "urn:a") "," KEY("Submodel", "urn:b")),
        "The keys behind the first one of a model reference lead into it.",
        "Each key goes one step down, from element to element.",
        "ModelReference에서 두 번째부터의 키는 그 안의 요소를 가리켜야 합니다.",
        "각 키는 요소에서 요소로 한 단계씩 내려갑니다.",
        "Die Keys nach dem ersten einer Modellreferenz führen in dieses hinein.",
        "Jeder Key geht einen Schritt tiefer, von Element zu Element."),
    D("126", 0, "Reference",
        MODEL(
            KEY("Submodel", "urn:a") "," KEY("File", "Manual") "," KEY("FragmentReference", "p1")),
        MODEL(KEY("Submodel", "urn:a") "," KEY("File", "Manual") "," KEY(
            "FragmentReference", "p1") "," KEY("Property", "Speed")),
        "In a model reference FragmentReference is the last key.",
        "A fragment lies inside of a file; there is no way on from it.",
        "ModelReference에서 FragmentReference는 마지막 키여야 합니다.",
        "Fragment는 파일 안의 위치이므로 그 뒤로 이어질 수 없습니다.",
        "In einer Modellreferenz ist FragmentReference der letzte Key.",
        "Ein Fragment liegt in einer Datei; von dort führt kein Weg weiter."),
    D("127", 0, "Reference",
        MODEL(
            KEY("Submodel", "urn:a") "," KEY("File", "Manual") "," KEY("FragmentReference", "p1")),
        MODEL(KEY("Submodel", "urn:a") "," KEY("Property", "Speed") "," KEY(
            "FragmentReference", "p1")),
        "In a model reference FragmentReference follows a File or a Blob.",
        "Only they have content with fragments.",
        "ModelReference에서 FragmentReference는 File 또는 Blob 뒤에 와야 합니다.",
        "File과 Blob에만 Fragment를 가진 내용이 있습니다.",
        "In einer Modellreferenz folgt FragmentReference auf ein File oder einen Blob.",
        "Nur diese haben Inhalt mit Fragmenten."),
    D("128", 0, "Reference",
        MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "List") "," KEY(
            "Property", "0")),
        MODEL(KEY("Submodel", "urn:a") "," KEY("SubmodelElementList", "List") "," KEY(
            "Property", "Speed")),
        "The key behind a SubmodelElementList has a position as its value.",
        "Items of a list are addressed by position, beginning with 0.",
        "SubmodelElementList 뒤의 키 값은 위치 번호여야 합니다.",
        "목록의 항목은 0부터 시작하는 위치로 가리킵니다.",
        "Der Key nach einer SubmodelElementList hat eine Position als Wert.",
        "Einträge einer Liste werden über die Position angesprochen, beginnend mit 0."),
    D("133", 0, "SpecificAssetId",
        "{'name':'serial','value':'7','externalSubjectId':" EXTERNAL(
            KEY("GlobalReference", "urn:company")) "}",
        "{'name':'serial','value':'7','externalSubjectId':" MODEL(KEY("Submodel", "urn:a")) "}",
        "externalSubjectId is an external reference.",
        "It names who may know the id: a company or role outside of the model.",
        "externalSubjectId는 ExternalReference여야 합니다.",
        "이 식별자를 알 수 있는 모델 밖의 회사나 역할을 가리킵니다.",
        "externalSubjectId ist eine externe Referenz.",
        "Sie nennt, wer die Id kennen darf: eine Firma oder Rolle außerhalb des Modells."),
    RULE("reference-target", "IDTA-01001, typed references", 0, "AssetAdministrationShell",
        "{'modelType':'AssetAdministrationShell','id':'urn:x','assetInformation':{'assetKind':"
        "'Instance','globalAssetId':'urn:y'},'submodels':[" MODEL(KEY("Submodel", "urn:a")) "]}",
        "{'modelType':'AssetAdministrationShell','id':'urn:x','assetInformation':{'assetKind':"
        "'Instance','globalAssetId':'urn:y'},'submodels':[" EXTERNAL(
            KEY("GlobalReference", "urn:a")) "]}",
        "A reference that the metamodel types leads to an object of that type.",
        "A viewer follows derivedFrom, submodels and observed without asking what is there.",
        "메타모델이 대상을 정한 참조는 그 종류의 객체를 가리켜야 합니다.",
        "뷰어는 derivedFrom, submodels, observed를 확인 없이 따라갑니다.",
        "Eine Referenz, deren Ziel das Metamodell festlegt, führt zu einem Objekt dieser Art.",
        "Ein Betrachter folgt derivedFrom, submodels und observed, ohne nachzusehen."),
};

const struct rule_part rules_reference = {rows, sizeof rows / sizeof *rows};

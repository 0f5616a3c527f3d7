/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: AASd constraints about objects of the model, their names and their kinds. */
#include "conformance/rules_parts.h"

#define D(number, ...) RULE("AASd-" number, "IDTA-01001, constraint AASd-" number, __VA_ARGS__)
#define SM(rest) "{'modelType':'Submodel','id':'urn:a'" rest "}"
/* A submodel with an object that refers to the concept urn:red, which has the value red. */
#define WITH_RED(rest)                                                                             \
    "{'submodels':[{'modelType':'Submodel','id':'urn:a'," rest                                     \
    "}],'conceptDescriptions':[{'modelType':'ConceptDescription','id':'urn:red',"                  \
    "'embeddedDataSpecifications':[{'dataSpecification':{'type':'ExternalReference','keys':[{"     \
    "'type':'GlobalReference','value':'https://admin-shell.io/DataSpecificationTemplates/"         \
    "DataSpecificationIec61360/3'}]},'dataSpecificationContent':{'modelType':"                     \
    "'DataSpecificationIec61360','preferredName':[{'language':'en','text':'Red'}],'value':"        \
    "'red'}}]}]}"
#define TO_RED                                                                                     \
    ",'valueId':{'type':'ExternalReference','keys':[{'type':'GlobalReference','value':'urn:red'}]" \
    "}"

static const struct rule rows[] = {
    D("002", META_V31, NULL, SM(",'idShort':'TechnicalData'"), SM(",'idShort':'Technical Data'"),
        "An idShort consists of letters, digits and underscores and begins with a letter; 3.1 also "
        "allows hyphens inside and asks for two characters.",
        "idShorts are parts of paths and addresses; spaces and other characters would break them.",
        "idShort는 영문자로 시작하고 영문자, 숫자, 밑줄로만 이루어집니다. 3.1에서는 중간에 "
        "하이픈을 "
        "쓸 수 있고 두 글자 이상이어야 합니다.",
        "idShort는 경로와 주소의 일부이므로 공백 같은 문자가 있으면 경로가 깨집니다.",
        "Eine idShort besteht aus Buchstaben, Ziffern und Unterstrichen und beginnt mit einem "
        "Buchstaben; 3.1 erlaubt innen auch Bindestriche und verlangt zwei Zeichen.",
        "idShorts sind Teile von Pfaden und Adressen; Leerzeichen und andere Zeichen würden sie "
        "zerbrechen."),
    D("005", 0, "AdministrativeInformation", "{'version':'1','revision':'2'}", "{'revision':'2'}",
        "A revision needs a version.",
        "A revision counts changes within a version; alone it says nothing.",
        "revision은 version과 함께 있어야 합니다.",
        "revision은 한 version 안의 변경을 세는 번호이므로 혼자서는 의미가 없습니다.",
        "Eine Revision braucht eine Version.",
        "Eine Revision zählt Änderungen innerhalb einer Version; allein sagt sie nichts."),
    D("006", 0, NULL,
        WITH_RED("'qualifiers':[{'type':'Paint','valueType':'xs:string','value':'red'" TO_RED "}]"),
        WITH_RED("'qualifiers':[{'type':'Paint','valueType':'xs:string','value':'rot'" TO_RED "}]"),
        "The value of a qualifier is the value of the concept that its valueId refers to.",
        "Software compares either of the two and must come to the same result.",
        "한정자의 값은 valueId가 가리키는 개념의 값과 같아야 합니다.",
        "소프트웨어가 둘 중 어느 쪽을 비교해도 결과가 같아야 합니다.",
        "Der Wert eines Qualifiers ist der Wert des Konzepts, auf das valueId verweist.",
        "Software vergleicht das eine oder das andere und muss zum selben Ergebnis kommen."),
    D("007", 0, NULL,
        WITH_RED("'submodelElements':[{'modelType':'Property','idShort':'Paint','valueType':"
                 "'xs:string','value':'red'" TO_RED "}]"),
        WITH_RED("'submodelElements':[{'modelType':'Property','idShort':'Paint','valueType':"
                 "'xs:string','value':'rot'" TO_RED "}]"),
        "The value of a property is the value of the concept that its valueId refers to.",
        "Software compares either of the two and must come to the same result.",
        "속성(Property)의 값은 valueId가 가리키는 개념의 값과 같아야 합니다.",
        "소프트웨어가 둘 중 어느 쪽을 비교해도 결과가 같아야 합니다.",
        "Der Wert einer Property ist der Wert des Konzepts, auf das valueId verweist.",
        "Software vergleicht das eine oder das andere und muss zum selben Ergebnis kommen."),
    D("012", 0, NULL, "The texts 'red' and 'rot' with a valueId that stands for the colour red.",
        "The texts 'red' and 'grün' with a valueId that stands for the colour red.",
        "The texts of a multi-language property mean what its valueId stands for.",
        "Readers of different languages must be told the same; only a person can tell whether they "
        "are.",
        "다국어 속성의 텍스트는 모두 valueId와 같은 뜻이어야 합니다.",
        "언어가 다른 독자도 같은 내용을 읽어야 하며, 이는 사람만 판단할 수 있습니다.",
        "Die Texte einer mehrsprachigen Property bedeuten das, wofür valueId steht.",
        "Leser verschiedener Sprachen müssen dasselbe erfahren; ob es so ist, kann nur ein Mensch "
        "sagen."),
    D("014", 0, NULL,
        "{'modelType':'Entity','idShort':'Pump','entityType':'SelfManagedEntity','globalAssetId':"
        "'urn:pump'}",
        "{'modelType':'Entity','idShort':'Pump','entityType':'SelfManagedEntity'}",
        "A self-managed entity names its asset; in 3.0 a co-managed one names none.",
        "A self-managed entity has a shell of its own, which is found by its asset id.",
        "SelfManagedEntity는 자산을 가리켜야 하고, 3.0에서 CoManagedEntity는 자산을 가리키지 "
        "않습니다.",
        "SelfManagedEntity는 자신의 AAS를 가지며, 그 AAS는 자산 식별자로 찾습니다.",
        "Eine selbstverwaltete Entity nennt ihr Asset; in 3.0 nennt eine mitverwaltete keines.",
        "Eine selbstverwaltete Entity hat eine eigene Verwaltungsschale, die über die Asset-Id "
        "gefunden wird."),
    D("020", 0, "Qualifier", "{'type':'Limit','valueType':'xs:int','value':'10'}",
        "{'type':'Limit','valueType':'xs:int','value':'[0;10]'}",
        "The value of a qualifier is a literal of its valueType.",
        "Software reads the value by its type and fails on anything else.",
        "한정자(Qualifier)의 값은 valueType에 맞게 표기해야 합니다.",
        "소프트웨어는 값을 형식에 따라 읽으므로 맞지 않는 값은 읽지 못합니다.",
        "Der Wert eines Qualifiers ist ein Literal seines valueType.",
        "Software liest den Wert nach seinem Typ und scheitert an allem anderen."),
    D("021", 0, NULL, SM(",'qualifiers':[{'type':'A','valueType':'xs:string'}]"),
        SM(",'qualifiers':[{'type':'A','valueType':'xs:string'},{'type':'A','valueType':'xs:int'}"
           "]"),
        "A qualifiable object has at most one qualifier of each type.",
        "With two of one type nobody can tell which one counts.",
        "한 객체에는 같은 type의 한정자가 하나만 있어야 합니다.",
        "같은 type이 둘이면 어느 것이 유효한지 알 수 없습니다.",
        "Ein Objekt hat höchstens einen Qualifier je Typ.",
        "Bei zweien eines Typs weiß niemand, welcher gilt."),
    D("022", 0, NULL,
        SM(",'submodelElements':[{'modelType':'Capability','idShort':'Cut'},{'modelType':"
           "'Capability','idShort':'Drill'}]"),
        SM(",'submodelElements':[{'modelType':'Capability','idShort':'Cut'},{'modelType':"
           "'Capability','idShort':'Cut'}]"),
        "The idShorts in one namespace differ; case counts.",
        "An idShort path leads to exactly one element.",
        "같은 이름공간의 idShort는 서로 달라야 하며 대소문자를 구별합니다.",
        "idShort 경로는 정확히 한 요소를 가리켜야 합니다.",
        "Die idShorts eines Namensraums sind verschieden; Groß- und Kleinschreibung zählt.",
        "Ein idShort-Pfad führt zu genau einem Element."),
    D("077", 0, NULL, SM(",'extensions':[{'name':'a'},{'name':'b'}]"),
        SM(",'extensions':[{'name':'a'},{'name':'a'}]"),
        "The names of the extensions of one object differ.", "Extensions are looked up by name.",
        "한 객체의 확장(Extension) 이름은 서로 달라야 합니다.", "확장은 이름으로 찾기 때문입니다.",
        "Die Namen der Erweiterungen eines Objekts sind verschieden.",
        "Erweiterungen werden über ihren Namen gefunden."),
    D("090", META_V30, NULL,
        "{'modelType':'Property','idShort':'a1','category':'PARAMETER',"
        "'valueType':'xs:int'}",
        "{'modelType':'Property','idShort':'a1','category':'SETTING','valueType':'xs:int'}",
        "The category of a data element is CONSTANT, PARAMETER or VARIABLE (3.0 only).",
        "Clients tell by it whether a value is fixed, set once or changing.",
        "데이터 요소의 category는 CONSTANT, PARAMETER, VARIABLE 중 하나입니다(3.0에만 해당).",
        "값이 고정인지, 설정값인지, 변하는 값인지 category로 구별합니다.",
        "Die Kategorie eines Datenelements ist CONSTANT, PARAMETER oder VARIABLE (nur 3.0).",
        "An ihr ist abzulesen, ob ein Wert fest ist, eingestellt wird oder sich ändert."),
    D("116", 0, "AssetInformation",
        "{'assetKind':'Instance','globalAssetId':'urn:a','specificAssetIds':[{'name':'serial',"
        "'value':'7'}]}",
        "{'assetKind':'Instance','globalAssetId':'urn:a','specificAssetIds':[{'name':"
        "'globalAssetId','value':'urn:b'}]}",
        "A specific asset id named globalAssetId has the value of globalAssetId.",
        "The name is reserved: discovery treats both as the same id.",
        "이름이 globalAssetId인 specificAssetId는 globalAssetId와 같은 값이어야 합니다.",
        "이 이름은 예약되어 있으며 검색에서 두 값을 같은 식별자로 다룹니다.",
        "Eine specificAssetId namens globalAssetId hat den Wert von globalAssetId.",
        "Der Name ist reserviert: Die Suche behandelt beide als dieselbe Id."),
    D("117", 0, NULL, SM(",'submodelElements':[{'modelType':'Capability','idShort':'Cut'}]"),
        SM(",'submodelElements':[{'modelType':'Capability'}]"),
        "A submodel element outside a list has an idShort.",
        "Without it the element has no path and cannot be read or written by itself.",
        "목록 밖의 서브모델 요소에는 idShort가 있어야 합니다.",
        "idShort가 없으면 경로가 없어 그 요소만 읽거나 쓸 수 없습니다.",
        "Ein Submodel-Element außerhalb einer Liste hat eine idShort.",
        "Ohne sie hat das Element keinen Pfad und ist einzeln nicht les- oder schreibbar."),
    D("118", 0, NULL,
        SM(",'semanticId':{'type':'ExternalReference','keys':[{'type':'GlobalReference','value':"
           "'urn:s'}]},'supplementalSemanticIds':[{'type':'ExternalReference','keys':[{'type':"
           "'GlobalReference','value':'urn:t'}]}]"),
        SM(",'supplementalSemanticIds':[{'type':'ExternalReference','keys':[{'type':"
           "'GlobalReference','value':'urn:t'}]}]"),
        "Supplemental semantic ids stand beside a semanticId.",
        "They add to the main meaning, which must be there first.",
        "supplementalSemanticIds는 semanticId가 있을 때만 쓸 수 있습니다.",
        "보조 의미는 주된 의미를 보충하므로 주된 의미가 먼저 있어야 합니다.",
        "Ergänzende semantische Ids stehen neben einer semanticId.",
        "Sie ergänzen die Hauptbedeutung, die zuerst da sein muss."),
    D("119", 0, NULL,
        SM(",'kind':'Template','qualifiers':[{'kind':'TemplateQualifier','type':'SMT/Cardinality',"
           "'valueType':'xs:string','value':'One'}]"),
        SM(",'qualifiers':[{'kind':'TemplateQualifier','type':'SMT/Cardinality','valueType':"
           "'xs:string','value':'One'}]"),
        "Only a submodel of kind Template has template qualifiers.",
        "They are instructions for making instances and mean nothing in an instance.",
        "템플릿 한정자는 kind가 Template인 서브모델에만 쓸 수 있습니다.",
        "템플릿 한정자는 인스턴스를 만드는 지시이므로 인스턴스에서는 의미가 없습니다.",
        "Nur ein Submodel der Art Template hat Template-Qualifier.",
        "Sie sind Anweisungen zum Erzeugen von Instanzen und bedeuten in einer Instanz nichts."),
    D("120", META_V30, NULL,
        "{'modelType':'SubmodelElementList','idShort':'List','typeValueListElement':'Capability',"
        "'value':[{'modelType':'Capability'}]}",
        "{'modelType':'SubmodelElementList','idShort':'List','typeValueListElement':'Capability',"
        "'value':[{'modelType':'Capability','idShort':'Cut'}]}",
        "Items of a list have no idShort (3.0 only).",
        "They are addressed by their position; a name would be a second way.",
        "목록의 항목에는 idShort를 쓰지 않습니다(3.0에만 해당).",
        "목록의 항목은 위치로 가리키므로 이름이 있으면 가리키는 방법이 둘이 됩니다.",
        "Einträge einer Liste haben keine idShort (nur 3.0).",
        "Sie werden über ihre Position angesprochen; ein Name wäre ein zweiter Weg."),
    D("129", 0, NULL,
        SM(",'kind':'Template','submodelElements':[{'modelType':'Capability','idShort':'Cut',"
           "'qualifiers':[{'kind':'TemplateQualifier','type':'SMT/Cardinality','valueType':"
           "'xs:string','value':'One'}]}]"),
        SM(",'submodelElements':[{'modelType':'Capability','idShort':'Cut','qualifiers':[{'kind':"
           "'TemplateQualifier','type':'SMT/"
           "Cardinality','valueType':'xs:string','value':'One'}]}]"),
        "Elements have template qualifiers only inside of a submodel of kind Template.",
        "They are instructions for making instances and mean nothing in an instance.",
        "요소의 템플릿 한정자는 kind가 Template인 서브모델 안에서만 쓸 수 있습니다.",
        "템플릿 한정자는 인스턴스를 만드는 지시이므로 인스턴스에서는 의미가 없습니다.",
        "Elemente haben Template-Qualifier nur in einem Submodel der Art Template.",
        "Sie sind Anweisungen zum Erzeugen von Instanzen und bedeuten in einer Instanz nichts."),
    D("130", 0, NULL,
        "{'modelType':'Property','idShort':'Note','valueType':'xs:string','value':"
        "'tab\\tand line\\nend'}",
        "{'modelType':'Property','idShort':'Note','valueType':'xs:string','value':'bell\\u0007'}",
        "Texts consist of characters that XML 1.0 can hold.",
        "Every model can be written as XML as well as JSON; XML has no way to write the others.",
        "텍스트에는 XML 1.0이 담을 수 있는 문자만 쓸 수 있습니다.",
        "모든 모델은 JSON과 XML 양쪽으로 쓸 수 있어야 하는데, XML에는 다른 문자를 쓸 방법이 "
        "없습니다.",
        "Texte bestehen aus Zeichen, die XML 1.0 aufnehmen kann.",
        "Jedes Modell kann als XML wie als JSON geschrieben werden; XML kennt keinen Weg für die "
        "anderen Zeichen."),
    D("131", 0, "AssetInformation", "{'assetKind':'Instance','globalAssetId':'urn:press-17'}",
        "{'assetKind':'Instance'}", "Asset information has a globalAssetId or a specific asset id.",
        "A shell that names no asset cannot be found from the asset.",
        "자산 정보에는 globalAssetId 또는 specificAssetId가 있어야 합니다.",
        "자산을 가리키지 않는 AAS는 자산으로부터 찾을 수 없습니다.",
        "Asset-Informationen haben eine globalAssetId oder eine specificAssetId.",
        "Eine Verwaltungsschale, die kein Asset nennt, ist vom Asset aus nicht zu finden."),
    D("134", 0, NULL,
        "{'modelType':'Operation','idShort':'Start','inputVariables':[{'value':{'modelType':"
        "'Capability','idShort':'In'}}],'outputVariables':[{'value':{'modelType':'Capability',"
        "'idShort':'Out'}}]}",
        "{'modelType':'Operation','idShort':'Start','inputVariables':[{'value':{'modelType':"
        "'Capability','idShort':'Job'}}],'outputVariables':[{'value':{'modelType':'Capability',"
        "'idShort':'Job'}}]}",
        "The idShorts of all variables of an operation differ.",
        "Arguments and results are matched by name when the operation is called.",
        "한 Operation의 모든 변수의 idShort는 서로 달라야 합니다.",
        "호출할 때 인수와 결과를 이름으로 연결하기 때문입니다.",
        "Die idShorts aller Variablen einer Operation sind verschieden.",
        "Beim Aufruf werden Argumente und Ergebnisse über den Namen zugeordnet."),
};

const struct rule_part rules_model = {rows, sizeof rows / sizeof *rows};

/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of comparison as rows: what each is about, and per reason what it does and why, in
 * English, Korean and German. */
#include "conformance/compare_parts.h"

/* ------------------------------------------------------------------ rules */

struct rule_row {
    const char *id;
    const char *title[LANGUAGE_COUNT];
};

static const struct rule_row rule_rows[COMPARE_RULES + 1] = {
    {"", {"", "", ""}},
    {"C01", {"semantic id of the submodel changed", "서브모델의 의미 ID 변경",
                "semantische Id des Submodels geändert"}},
    {"C02", {"optional element added", "선택 요소 추가", "optionales Element hinzugekommen"}},
    {"C03", {"mandatory element added", "필수 요소 추가", "verpflichtendes Element hinzugekommen"}},
    {"C04", {"optional element removed", "선택 요소 삭제", "optionales Element entfallen"}},
    {"C05", {"mandatory element removed", "필수 요소 삭제", "verpflichtendes Element entfallen"}},
    {"C06", {"cardinality tightened", "개수 제한 강화", "Kardinalität verengt"}},
    {"C07", {"cardinality loosened", "개수 제한 완화", "Kardinalität gelockert"}},
    {"C08", {"semantic id of an element changed", "요소의 의미 ID 변경",
                "semantische Id eines Elements geändert"}},
    {"C09", {"renamed", "이름 변경", "umbenannt"}},
    {"C10", {"kind of element changed", "요소 종류 변경", "Art des Elements geändert"}},
    {"C11", {"value type changed", "값 형식 변경", "Werttyp geändert"}},
    {"C12", {"type of list items or of an entity changed", "목록 항목 또는 엔티티의 유형 변경",
                "Typ der Listeneinträge oder einer Entity geändert"}},
    {"C13", {"allowed values changed", "허용 값 변경", "erlaubte Werte geändert"}},
    {"C14", {"required languages or alternatives changed", "필수 언어 또는 대안 변경",
                "geforderte Sprachen oder Alternativen geändert"}},
    {"C15", {"worth a look", "확인이 필요한 변경", "bitte ansehen"}},
    {"C16", {"texts, examples, hints, order", "텍스트·예시·힌트·순서",
                "Texte, Beispiele, Hinweise, Reihenfolge"}},
};

const char *compare_rule_id(unsigned rule)
{
    return rule_rows[rule].id;
}

const char *compare_rule_title(unsigned rule, enum language language)
{
    return rule_rows[rule].title[language];
}

/* ------------------------------------------------------------------ reasons */

static const unsigned reason_rules[REASON_COUNT] = {
#define REASON_RULE(symbol, rule) [symbol] = rule,
    COMPARE_REASONS(REASON_RULE)
#undef REASON_RULE
};

unsigned compare_reason_rule(enum compare_reason reason)
{
    return reason_rules[reason];
}

/* What a reason breaks. */
enum effect { HARMLESS, BREAKS_BACKWARD, BREAKS_FORWARD, BREAKS_BOTH };

struct words_row {
    enum effect effect;
    const char *text[LANGUAGE_COUNT];
};

static const struct words_row words[REASON_COUNT] = {
    [REASON_SUBMODEL_SEMANTIC_ID] = {BREAKS_BOTH,
        {"A submodel says by its semantic id which template it follows: what names the one is not "
         "taken for the other.",
            "서브모델은 의미 ID로 따르는 템플릿을 밝히므로, 한쪽을 가리키는 서브모델은 다른 "
            "쪽으로 인정되지 않습니다.",
            "Ein Submodel sagt durch seine semantische Id, welchem Template es folgt: Was das eine "
            "nennt, gilt nicht als das andere."}},
    [REASON_OPTIONAL_ADDED] = {HARMLESS,
        {"Submodels without it stay right, and the old version takes it as something additional.",
            "이 요소가 없는 서브모델도 그대로 유효하며, 이전 버전은 이를 추가 요소로 봅니다.",
            "Submodelle ohne es bleiben richtig, und die alte Fassung sieht darin etwas "
            "Zusätzliches."}},
    [REASON_OPTIONAL_ARRIVED] = {HARMLESS,
        {"It was moved here and may be missing here.", "이 위치로 옮겨졌으며 없어도 됩니다.",
            "Es wurde hierher verschoben und darf hier fehlen."}},
    [REASON_MANDATORY_ADDED] = {BREAKS_BACKWARD,
        {"Submodels made for the old version lack it.",
            "이전 버전에 맞춘 서브모델에는 이 요소가 없습니다.",
            "Submodellen nach der alten Fassung fehlt es."}},
    [REASON_MANDATORY_ARRIVED] = {BREAKS_BACKWARD,
        {"It was moved here and must be here: submodels made for the old version have it at the "
         "old place.",
            "필수 요소가 이 위치로 옮겨졌으며, 이전 버전에 맞춘 서브모델에는 예전 위치에 "
            "있습니다.",
            "Es wurde hierher verschoben und muss hier stehen: Submodelle nach der alten Fassung "
            "haben es am alten Platz."}},
    [REASON_OPTIONAL_REMOVED] = {HARMLESS,
        {"Where it is still there it counts as something additional, and the old version can do "
         "without it.",
            "남아 있으면 추가 요소로 취급되며, 이전 버전에서도 없어도 됩니다.",
            "Wo es noch steht, gilt es als zusätzlich, und die alte Fassung kommt ohne es aus."}},
    [REASON_OPTIONAL_LEFT] = {HARMLESS,
        {"It was moved away from here, where it could be missing anyway.",
            "없어도 되던 이 위치에서 다른 곳으로 옮겨졌습니다.",
            "Es wurde von hier verschoben, wo es ohnehin fehlen durfte."}},
    [REASON_MANDATORY_REMOVED] = {BREAKS_FORWARD,
        {"Submodels made for the new version lack what the old version asks for.",
            "새 버전에 맞춘 서브모델에는 이전 버전이 요구하는 요소가 없습니다.",
            "Submodellen nach der neuen Fassung fehlt, was die alte verlangt."}},
    [REASON_MANDATORY_LEFT] = {BREAKS_FORWARD,
        {"It was moved away from here, where the old version asks for it.",
            "이전 버전이 요구하는 위치에서 다른 곳으로 옮겨졌습니다.",
            "Es wurde von hier verschoben, wo die alte Fassung es verlangt."}},
    [REASON_CARDINALITY_TIGHTENED] = {BREAKS_BACKWARD,
        {"The number that submodels made for the old version have may not be allowed any more.",
            "이전 버전에 맞춘 서브모델의 개수가 더 이상 허용되지 않을 수 있습니다.",
            "Die Anzahl in Submodellen nach der alten Fassung ist womöglich nicht mehr "
            "erlaubt."}},
    [REASON_CARDINALITY_LOOSENED] = {BREAKS_FORWARD,
        {"Submodels made for the new version may have a number that the old version does not "
         "allow.",
            "새 버전에 맞춘 서브모델의 개수를 이전 버전이 허용하지 않을 수 있습니다.",
            "Submodelle nach der neuen Fassung können eine Anzahl haben, die die alte nicht "
            "erlaubt."}},
    [REASON_SEMANTIC_ID_CHANGED] = {BREAKS_BOTH,
        {"Elements are found by their semantic id: neither version finds those of the other.",
            "요소는 의미 ID로 찾으므로, 두 버전은 서로의 요소를 찾지 못합니다.",
            "Elemente werden an ihrer semantischen Id erkannt: Keine Fassung erkennt die der "
            "anderen."}},
    [REASON_SEMANTIC_ID_ADDED] = {BREAKS_BOTH,
        {"Elements made for the old version have no semantic id to be found by.",
            "이전 버전에 맞춘 요소에는 찾을 수 있는 의미 ID가 없습니다.",
            "Elemente nach der alten Fassung haben keine semantische Id, an der man sie "
            "erkennt."}},
    [REASON_SEMANTIC_ID_REMOVED] = {BREAKS_BOTH,
        {"Elements made for the new version have no semantic id to be found by.",
            "새 버전에 맞춘 요소에는 찾을 수 있는 의미 ID가 없습니다.",
            "Elemente nach der neuen Fassung haben keine semantische Id, an der man sie "
            "erkennt."}},
    [REASON_RENAMED] = {HARMLESS,
        {"The meaning is kept, but paths to it are others now: look at programs that use the old "
         "one.",
            "의미는 그대로지만 경로가 바뀌었습니다. 이전 경로를 쓰는 프로그램을 확인하십시오.",
            "Die Bedeutung bleibt, aber Pfade dorthin lauten nun anders: Programme mit dem alten "
            "Pfad bitte prüfen."}},
    [REASON_SUBMODEL_RENAMED] = {HARMLESS,
        {"Submodels are told apart by id and semantic id, but programs may look for the old "
         "idShort.",
            "서브모델은 id와 의미 ID로 구별되지만, 프로그램이 이전 idShort를 찾을 수 있습니다.",
            "Submodelle unterscheidet man an id und semantischer Id, aber Programme suchen "
            "womöglich die alte idShort."}},
    [REASON_MODEL_TYPE] = {BREAKS_BOTH,
        {"An element of the one kind cannot stand for one of the other.",
            "한 종류의 요소는 다른 종류의 요소를 대신할 수 없습니다.",
            "Ein Element der einen Art kann nicht für eines der anderen stehen."}},
    [REASON_VALUE_TYPE] = {BREAKS_BOTH,
        {"Values of the one type are not declared as the other.",
            "한 형식으로 선언된 값은 다른 형식으로 인정되지 않습니다.",
            "Werte des einen Typs sind nicht als der andere ausgewiesen."}},
    [REASON_LIST_TYPE] = {BREAKS_BOTH,
        {"Lists say what their items are: those of the one version are not those of the other.",
            "목록은 항목의 유형을 선언하므로, 두 버전의 목록은 서로 맞지 않습니다.",
            "Listen sagen, was ihre Einträge sind: Die der einen Fassung sind nicht die der "
            "anderen."}},
    [REASON_ENTITY_TYPE] = {BREAKS_BOTH,
        {"A self-managed entity is an asset of its own, a co-managed one is not.",
            "SelfManagedEntity는 독립된 자산이지만 CoManagedEntity는 그렇지 않습니다.",
            "Eine selbstverwaltete Entity ist ein eigenes Asset, eine mitverwaltete nicht."}},
    [REASON_RANGE_NARROWED] = {BREAKS_BACKWARD,
        {"Values of submodels made for the old version may lie outside the new range.",
            "이전 버전에 맞춘 서브모델의 값이 새 범위를 벗어날 수 있습니다.",
            "Werte in Submodellen nach der alten Fassung können außerhalb des neuen Bereichs "
            "liegen."}},
    [REASON_RANGE_WIDENED] = {BREAKS_FORWARD,
        {"Values of submodels made for the new version may lie outside the old range.",
            "새 버전에 맞춘 서브모델의 값이 이전 범위를 벗어날 수 있습니다.",
            "Werte in Submodellen nach der neuen Fassung können außerhalb des alten Bereichs "
            "liegen."}},
    [REASON_VALUES_NARROWED] = {BREAKS_BACKWARD,
        {"Values that the old version allows may not be allowed any more.",
            "이전 버전이 허용하던 값이 더 이상 허용되지 않을 수 있습니다.",
            "Werte, die die alte Fassung erlaubt, sind womöglich nicht mehr erlaubt."}},
    [REASON_VALUES_WIDENED] = {BREAKS_FORWARD,
        {"Values may be chosen that the old version does not allow.",
            "이전 버전이 허용하지 않는 값을 고를 수 있습니다.",
            "Es können Werte gewählt werden, die die alte Fassung nicht erlaubt."}},
    [REASON_LANGUAGE_ADDED] = {BREAKS_BACKWARD,
        {"Submodels made for the old version need not have a text in this language.",
            "이전 버전에 맞춘 서브모델에는 이 언어의 텍스트가 없을 수 있습니다.",
            "Submodelle nach der alten Fassung haben womöglich keinen Text in dieser Sprache."}},
    [REASON_LANGUAGE_REMOVED] = {BREAKS_FORWARD,
        {"Submodels made for the new version need not have the text the old version asks for.",
            "새 버전에 맞춘 서브모델에는 이전 버전이 요구하는 텍스트가 없을 수 있습니다.",
            "Submodelle nach der neuen Fassung haben womöglich den Text nicht, den die alte "
            "verlangt."}},
    [REASON_CHOICE_ADDED] = {BREAKS_BACKWARD,
        {"Exactly one of the alternatives must be there, which submodels made for the old version "
         "do not know.",
            "대안 가운데 정확히 하나가 있어야 하지만, 이전 버전에 맞춘 서브모델은 이를 "
            "모릅니다.",
            "Genau eine der Alternativen muss da sein, wovon Submodelle nach der alten Fassung "
            "nichts wissen."}},
    [REASON_CHOICE_REMOVED] = {BREAKS_FORWARD,
        {"The old version asks for exactly one of the alternatives.",
            "이전 버전은 대안 가운데 정확히 하나를 요구합니다.",
            "Die alte Fassung verlangt genau eine der Alternativen."}},
    [REASON_ALTERNATIVE_ADDED] = {BREAKS_FORWARD,
        {"Who chooses the new alternative has none that the old version knows.",
            "새 대안을 고르면 이전 버전이 아는 대안이 없게 됩니다.",
            "Wer die neue Alternative wählt, hat keine, die die alte Fassung kennt."}},
    [REASON_ALTERNATIVE_REMOVED] = {BREAKS_BACKWARD,
        {"Submodels that chose this alternative have none that the new version knows.",
            "이 대안을 고른 서브모델에는 새 버전이 아는 대안이 없습니다.",
            "Submodelle mit dieser Alternative haben keine, die die neue Fassung kennt."}},
    [REASON_CONTENT_TYPE] = {HARMLESS,
        {"The content is expected in another format: look whether stored files fit.",
            "다른 형식의 내용을 기대합니다. 저장된 파일이 맞는지 확인하십시오.",
            "Der Inhalt wird in einem anderen Format erwartet: Bitte prüfen, ob vorhandene Dateien "
            "passen."}},
    [REASON_ORDER_RELEVANT] = {HARMLESS,
        {"Whether the order of the items means something has changed.",
            "항목 순서에 의미가 있는지가 바뀌었습니다.",
            "Ob die Reihenfolge der Einträge etwas bedeutet, hat sich geändert."}},
    [REASON_SUPPLEMENTAL_REMOVED] = {HARMLESS,
        {"Whoever looked for the element by this supplemental id does not find it any more.",
            "이 보조 의미 ID로 요소를 찾던 쪽은 더 이상 찾지 못합니다.",
            "Wer das Element an dieser ergänzenden Id suchte, findet es nicht mehr."}},
    [REASON_UNIT] = {HARMLESS,
        {"Numbers may mean something else now: look at stored values.",
            "숫자의 뜻이 달라질 수 있습니다. 저장된 값을 확인하십시오.",
            "Zahlen bedeuten nun womöglich etwas anderes: Vorhandene Werte bitte prüfen."}},
    [REASON_VALUE_LIST] = {HARMLESS,
        {"The values to choose from are others: look at stored values.",
            "고를 수 있는 값이 바뀌었습니다. 저장된 값을 확인하십시오.",
            "Zur Wahl stehen andere Werte: Vorhandene Werte bitte prüfen."}},
    [REASON_QUALIFIER] = {HARMLESS,
        {"No rule says what this qualifier does: look at it.",
            "이 한정자의 효과를 정한 규칙이 없습니다. 직접 확인하십시오.",
            "Keine Regel sagt, was dieser Qualifier bewirkt: Bitte ansehen."}},
    [REASON_BEHAVIOUR] = {HARMLESS,
        {"It says how the element is used, which no rule judges: look at it.",
            "요소의 사용 방식에 관한 것으로 판정 규칙이 없습니다. 직접 확인하십시오.",
            "Es sagt, wie das Element verwendet wird, was keine Regel beurteilt: Bitte "
            "ansehen."}},
    [REASON_KIND] = {HARMLESS,
        {"The one is a template and the other is not.", "한쪽만 템플릿입니다.",
            "Das eine ist ein Template, das andere nicht."}},
    [REASON_TEXT] = {HARMLESS,
        {"It is a text for people.", "사람을 위한 텍스트입니다.", "Es ist ein Text für Menschen."}},
    [REASON_VALUE] = {HARMLESS, {"In a template a value is an example or a suggestion.",
                                    "템플릿의 값은 예시이거나 제안입니다.",
                                    "In einem Template ist ein Wert ein Beispiel oder Vorschlag."}},
    [REASON_FORM_HINT] = {HARMLESS,
        {"It only helps to fill in a form.", "양식 작성을 돕기만 합니다.",
            "Es hilft nur beim Ausfüllen eines Formulars."}},
    [REASON_ORDER] = {HARMLESS,
        {"The same elements stand in another order, which means nothing.",
            "같은 요소의 순서만 바뀌었으며 의미는 없습니다.",
            "Dieselben Elemente stehen in anderer Reihenfolge, was nichts bedeutet."}},
    [REASON_SUPPLEMENTAL_ADDED] = {HARMLESS,
        {"The element can be found by one more id.", "요소를 찾을 수 있는 ID가 하나 늘었습니다.",
            "Das Element ist an einer weiteren Id zu finden."}},
    [REASON_SPELLING] = {HARMLESS,
        {"It is written otherwise and means the same.", "표기만 다르고 뜻은 같습니다.",
            "Es ist anders geschrieben und bedeutet dasselbe."}},
    [REASON_ADMINISTRATION] = {HARMLESS,
        {"It names the version itself.", "버전 자체를 나타내는 정보입니다.",
            "Es bezeichnet die Fassung selbst."}},
    [REASON_CONCEPT] = {HARMLESS,
        {"It explains what is meant and is no part of the structure.",
            "뜻을 설명할 뿐 구조의 일부가 아닙니다.",
            "Es erklärt, was gemeint ist, und gehört nicht zur Struktur."}},
};

const char *compare_reason_text(enum compare_reason reason, enum language language)
{
    return words[reason].text[language];
}

bool reason_backward(enum compare_reason reason)
{
    return !(words[reason].effect & BREAKS_BACKWARD);
}

bool reason_forward(enum compare_reason reason)
{
    return !(words[reason].effect & BREAKS_FORWARD);
}

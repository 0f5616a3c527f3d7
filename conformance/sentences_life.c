/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences of the life of template versions: steps that are refused, what is missing to publish.
 */
#include "conformance/sentences.h"

static const struct sentence rows[] = {
    /* what does not change */
    {"version {w} of {w} is in review, its content stays as it is",
        {"{2}의 버전 {1}은(는) 검토 중이므로 내용을 바꿀 수 없습니다",
            "Version {1} von {2} ist in Prüfung, ihr Inhalt bleibt, wie er ist"}},
    {"version {w} of {w} is {t}, its content does not change any more",
        {"{2}의 버전 {1}은(는) {3} 상태이므로 내용을 더 이상 바꿀 수 없습니다",
            "Version {1} von {2} ist {3}, ihr Inhalt ändert sich nicht mehr"}},
    {"Recall it, then change the draft.",
        {"검토를 취소한 다음 초안을 고치십시오.", "Ziehen Sie sie zurück und ändern Sie dann den "
                                                  "Entwurf."}},
    {"Make a new version from it, for example {w}: POST {w} with {}, or propose a change.",
        {"이 버전에서 새 버전(예: {1})을 만들거나(POST {2}, 본문 {3}) 변경을 제안하십시오.",
            "Legen Sie daraus eine neue Version an, zum Beispiel {1}: POST {2} mit {3}, oder "
            "schlagen Sie eine Änderung vor."}},
    {"Withdraw the version instead: what was made from it can still read it.",
        {"대신 버전을 철회하십시오. 이 버전으로 만든 것에서 계속 읽을 수 있습니다.",
            "Ziehen Sie stattdessen die Version aus dem Verkehr: Was daraus entstanden ist, kann "
            "sie weiter lesen."}},
    {"this submodel is the draft of version {w} of {w}",
        {"이 서브모델은 {2} 버전 {1}의 초안입니다",
            "dieses Submodel ist der Entwurf der Version {1} von {2}"}},
    {"Keep kind Template, or delete the draft and create the submodel anew.",
        {"kind를 Template으로 두거나, 초안을 삭제하고 서브모델을 새로 만드십시오.",
            "Behalten Sie kind Template bei oder löschen Sie den Entwurf und legen Sie das "
            "Submodel "
            "neu an."}},
    /* states */
    {"draft", {"초안", "Entwurf"}},
    {"in review", {"검토 중", "in Prüfung"}},
    {"published", {"공개됨", "veröffentlicht"}},
    {"deprecated", {"사용 중단 예정", "überholt"}},
    {"withdrawn", {"철회됨", "zurückgezogen"}},
    /* steps */
    {"version {w} of {w} is {t}; it cannot be told to {w}",
        {"{2}의 버전 {1}은(는) {3} 상태이므로 {4} 단계를 수행할 수 없습니다",
            "Version {1} von {2} ist {3}; der Schritt {4} ist damit nicht möglich"}},
    {"What can be done now is: {}.", {"지금 할 수 있는 단계: {1}.", "Möglich ist jetzt: {1}."}},
    {"Nothing can be done with it any more; make a new version.",
        {"더 이상 할 수 있는 단계가 없습니다. 새 버전을 만드십시오.",
            "Damit ist nichts mehr möglich; legen Sie eine neue Version an."}},
    {"to {w} a version, a reason is needed",
        {"버전의 {1} 단계에는 이유가 필요합니다",
            "für den Schritt {1} einer Version ist eine Begründung nötig"}},
    {"Say why in \"message\"; it stays in the history.",
        {"\"message\"에 이유를 적으십시오. 이력에 남습니다.",
            "Nennen Sie den Grund in \"message\"; er bleibt in der Historie."}},
    {"an approval needs somebody's name",
        {"승인에는 승인하는 사람의 이름이 필요합니다", "eine Freigabe braucht einen Namen"}},
    {"Send the request as a user.",
        {"사용자로 요청을 보내십시오.", "Senden Sie die Anfrage als Benutzer."}},
    {"{} has worked on this version and cannot approve it",
        {"{1}은(는) 이 버전을 작업했으므로 승인할 수 없습니다",
            "{1} hat an dieser Version gearbeitet und kann sie nicht freigeben"}},
    {"Ask somebody else to review it.",
        {"다른 사람에게 검토를 부탁하십시오.", "Bitten Sie jemand anderen um die Prüfung."}},
    {"what is to be used instead is missing",
        {"대신 쓸 버전이 빠졌습니다", "es fehlt, was stattdessen zu verwenden ist"}},
    {"Name it in \"successor\" as VERSION, or FAMILY@VERSION; without one, withdraw.",
        {"\"successor\"에 VERSION 또는 FAMILY@VERSION으로 적으십시오. 없으면 철회하십시오.",
            "Nennen Sie es in \"successor\" als VERSION oder FAMILY@VERSION; gibt es nichts, "
            "ziehen "
            "Sie die Version zurück."}},
    {"'{}' is no other published version",
        {"'{1}': 공개된 다른 버전이 아닙니다", "'{1}' ist keine andere veröffentlichte Version"}},
    {"Name a published version as VERSION, or FAMILY@VERSION.",
        {"공개된 버전을 VERSION 또는 FAMILY@VERSION으로 적으십시오.",
            "Nennen Sie eine veröffentlichte Version als VERSION oder FAMILY@VERSION."}},
    /* the gate */
    {"version {w} of {w} cannot be published: {w} thing is missing",
        {"{2}의 버전 {1}을(를) 공개할 수 없습니다. {3}가지가 빠졌습니다",
            "Version {1} von {2} kann nicht veröffentlicht werden: {3} Sache fehlt"}},
    {"version {w} of {w} cannot be published: {w} things are missing",
        {"{2}의 버전 {1}을(를) 공개할 수 없습니다. {3}가지가 빠졌습니다",
            "Version {1} von {2} kann nicht veröffentlicht werden: {3} Sachen fehlen"}},
    {"See the other messages; all of them must be settled.",
        {"다른 메시지를 보십시오. 모두 해결해야 합니다.",
            "Siehe die anderen Meldungen; alle müssen erledigt sein."}},
    {"the template has no semantic id, so that nothing can be recognised as made from it",
        {"템플릿에 semantic id가 없어 이 템플릿으로 만든 것을 알아볼 수 없습니다",
            "die Vorlage hat keine semantische Id, so dass nichts als aus ihr entstanden erkannt "
            "werden kann"}},
    {"Give the submodel a semanticId.",
        {"서브모델에 semanticId를 넣으십시오.", "Geben Sie dem Submodel eine semanticId."}},
    {"the family {w} has no category, so that people looking for one do not find it",
        {"{1}에 분류가 없어 분류로 찾는 사람이 찾을 수 없습니다",
            "die Familie {1} hat keine Kategorie, so dass sie darüber nicht gefunden wird"}},
    {"Tag the family with a category.",
        {"이 템플릿 계열에 분류를 붙이십시오.", "Geben Sie der Familie eine Kategorie."}},
    {"the template has no name in the language '{w}'",
        {"템플릿에 언어 '{1}'의 이름이 없습니다",
            "die Vorlage hat keinen Namen in der Sprache '{1}'"}},
    {"Add a displayName to the submodel, or a name beside the template (its tags).",
        {"서브모델에 displayName을 넣거나 템플릿의 태그에 이름을 넣으십시오.",
            "Ergänzen Sie im Submodel einen displayName oder einen Namen neben der Vorlage (in "
            "ihren Tags)."}},
    {"what changed since {w} asks for the number {w} at least, it is called {w}: {w} at {}",
        {"{1} 이후의 변경에는 적어도 번호 {2}이(가) 필요한데 {3}(으)로 되어 있습니다: {4}, {5}",
            "was sich seit {1} geändert hat, verlangt mindestens die Nummer {2}, sie heißt aber "
            "{3}: {4} bei {5}"}},
    {"Make a draft {w} from this one, take the change back, or give a reason to overrule.",
        {"이 초안에서 초안 {1}을(를) 만들거나, 변경을 되돌리거나, 예외의 이유를 적으십시오.",
            "Legen Sie daraus einen Entwurf {1} an, nehmen Sie die Änderung zurück oder begründen "
            "Sie die Ausnahme."}},
    {"{w} version of {w} came out since this one was begun",
        {"이 초안을 시작한 뒤 {2}의 버전 {1}개가 공개되었습니다",
            "seit dem Beginn dieser Version ist {1} Version von {2} erschienen"}},
    {"{w} versions of {w} came out since this one was begun",
        {"이 초안을 시작한 뒤 {2}의 버전 {1}개가 공개되었습니다",
            "seit dem Beginn dieser Version sind {1} Versionen von {2} erschienen"}},
    {"Compare with the newest version, take over what is needed, and rebase the draft.",
        {"최신 버전과 비교하여 필요한 것을 가져온 다음 초안의 기준을 다시 정하십시오(rebase).",
            "Vergleichen Sie mit der neuesten Version, übernehmen Sie das Nötige und setzen Sie "
            "den "
            "Entwurf neu auf (rebase)."}},
    {"{w} of {w} approvals are there",
        {"승인이 {2}개 필요한데 {1}개 있습니다", "{1} von {2} Freigaben liegen vor"}},
    {"Let reviewers who have not worked on it approve it while it is in review.",
        {"검토 중일 때 이 버전을 작업하지 않은 검토자가 승인하게 하십시오.",
            "Lassen Sie Prüfer, die nicht daran gearbeitet haben, sie während der Prüfung "
            "freigeben."}},
    {"version {w} of {w} is {t} already",
        {"{2}의 버전 {1}은(는) 이미 {3} 상태입니다", "Version {1} von {2} ist schon {3}"}},
    {"there is no version '{}' of '{}'",
        {"'{2}'의 버전 '{1}'이(가) 없습니다", "es gibt keine Version '{1}' von '{2}'"}},
    {"there is a version {w} of {w} already, it is {t}",
        {"{2}의 버전 {1}은(는) 이미 있으며 {3} 상태입니다",
            "es gibt schon eine Version {1} von {2}, sie ist {3}"}},
    {"Give the draft another number.",
        {"초안에 다른 번호를 주십시오.", "Geben Sie dem Entwurf eine andere Nummer."}},
};

const struct sentence_part sentences_life = {rows, sizeof rows / sizeof *rows};

/* SPDX-License-Identifier: Apache-2.0 */
/* Refused writes name rule, place and remedy in the language of the client. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

static struct test_server server;
static char submodel[200];

/* A submodel with one element of each kind that is written below. */
static void start(void)
{
    server_up(&server, NULL);
    snprintf(submodel, sizeof submodel, "/submodels/%s", id64("urn:press"));
    int status = client_status(server.port, "POST", "/submodels", "",
        "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"submodelElements\":["
        "{\"modelType\":\"Property\",\"idShort\":\"Count\",\"valueType\":\"xs:int\",\"value\":"
        "\"1\"}"
        ",{\"modelType\":\"MultiLanguageProperty\",\"idShort\":\"Name\"},"
        "{\"modelType\":\"Capability\",\"idShort\":\"Cut\"},"
        "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"Dies\",\"typeValueListElement\":"
        "\"Capability\"}]}");
    cr_assert_eq(status, 201);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(refusals, .init = start, .fini = stop, .timeout = 60);

/* A row of a table of refusals: the rule, and the text in English, Korean and German. */
struct refusal {
    const char *method;
    const char *target; /* '/': from the root on; '!' or nothing: behind the submodel's address */
    const char *body;
    const char *rule;
    const char *texts[3];
};

static const char *const tags[] = {"en", "ko", "de"};

static void expect_refusal(const struct refusal *row, size_t language, const char *media)
{
    char target[400];
    char headers[200];
    char rule[100];
    char text[600];
    snprintf(target, sizeof target, "%s%s", row->target[0] == '/' ? "" : submodel,
        row->target[0] == '!' ? row->target + 1 : row->target);
    snprintf(headers, sizeof headers, "Content-Type: %s\r\nAccept-Language: %s\r\n", media,
        tags[language]);
    snprintf(rule, sizeof rule, "\"code\":\"%s\"", row->rule);
    snprintf(text, sizeof text, "\"text\":\"%s\"", row->texts[language]);
    struct answer answer = client_ask(server.port, row->method, target, headers, row->body);
    cr_expect_geq(answer.status, 400, "%s %s", row->method, target);
    cr_expect_lt(answer.status, 500, "%s %s", row->method, target);
    cr_expect_not_null(strstr(answer.body, rule), "no %s in %s", rule, answer.body);
    cr_expect_not_null(strstr(answer.body, text), "no %s in %s", text, answer.body);
    const char *tag = answer_field(&answer, "Content-Language");
    cr_assert_not_null(tag);
    cr_expect_str_eq(tag, tags[language]);
    answer_free(&answer);
}

static void expect_refusals(const struct refusal *rows, size_t count, const char *media)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t language = 0; language < 3; language++) {
            expect_refusal(&rows[i], language, media);
        }
    }
}

Test(refusals, of_documents_name_rule_place_and_remedy_in_three_languages)
{
    static const struct refusal rows[] = {
        {"POST", "/submodels",
            "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"submodelElements\":[\n{\"modelType\":"
            "\"Property\",\"valueType\":\"xs:int\"}]}",
            "AASd-117",
            {"?0 (line 2): Property has no idShort. Add an idShort.",
                "?0 (2행): Property: idShort이(가) 없습니다. idShort를 추가하십시오.",
                "?0 (Zeile 2): Property hat kein idShort. Fügen Sie eine idShort hinzu."}},
        {"POST", "/submodels", "{\"modelType\":\"Submodel\"", "JSON-syntax",
            {"(line 1): the document ends too early. Send the whole document.",
                "(1행): 문서가 중간에 끝납니다. 문서 전체를 보내십시오.",
                "(Zeile 1): das Dokument endet zu früh. Senden Sie das ganze Dokument."}},
        {"PUT", "", "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"submodelElements\":[]}",
            "schema-empty-list",
            {"/submodelElements (line 1): submodelElements is an empty list. Lists must have at "
             "least one item or be left out.",
                "/submodelElements (1행): submodelElements: 빈 목록입니다. 항목을 하나 이상 넣거나 "
                "목록을 생략하십시오.",
                "/submodelElements (Zeile 1): submodelElements ist eine leere Liste. Listen müssen "
                "mindestens einen Eintrag haben oder entfallen."}},
        {"POST", "/upload", "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":null}]}",
            "JSON-null",
            {"/submodels/0/id (line 1): id must be a string and is null. Leave the attribute out "
             "instead of writing null.",
                "/submodels/0/id (1행): id: 문자열이어야 하는데 null입니다. null을 쓰지 말고 "
                "속성을 "
                "생략하십시오.",
                "/submodels/0/id (Zeile 1): id muss eine Zeichenkette sein und ist null. Lassen "
                "Sie das Attribut weg, statt null zu schreiben."}},
    };
    expect_refusals(rows, sizeof rows / sizeof *rows, "application/json");
}

Test(refusals, of_xml_name_the_same)
{
    static const struct refusal rows[] = {
        {"POST", "/submodels",
            "<submodel xmlns=\"https://admin-shell.io/aas/3/1\">\n<id/></submodel>",
            "schema-length",
            {"/id (line 2): id is empty. Write a text or leave the attribute out.",
                "/id (2행): id: 비어 있습니다. 텍스트를 쓰거나 속성을 생략하십시오.",
                "/id (Zeile 2): id ist leer. Schreiben Sie einen Text oder lassen Sie das Attribut "
                "weg."}},
    };
    expect_refusals(rows, sizeof rows / sizeof *rows, "application/xml");
}

Test(refusals, of_values_name_element_and_remedy_in_three_languages)
{
    static const struct refusal rows[] = {
        {"PATCH", "!/submodel-elements/Count/$value", "\"fast\"", "value-type",
            {"Count (line 1): \\\"fast\\\" is no value of type xs:int: it is not a whole number. "
             "Send a value that is written as xs:int asks for.",
                "Count (1행): \\\"fast\\\": xs:int 값이 아닙니다. 정수가 아닙니다. xs:int 형식에 "
                "맞게 쓴 값을 보내십시오.",
                "Count (Zeile 1): \\\"fast\\\" ist kein Wert vom Typ xs:int: es ist keine ganze "
                "Zahl. Senden Sie einen Wert, der so geschrieben ist, wie xs:int es verlangt."}},
        {"PATCH", "!/submodel-elements/Count/$value", "{}", "value-structure",
            {"Count (line 1): the value of a Property cannot be an object. Send a string, a "
             "number, true or false.",
                "Count (1행): Property의 값은 객체일 수 없습니다. 문자열, 숫자, true 또는 false를 "
                "보내십시오.",
                "Count (Zeile 1): der Wert von Property darf nicht ein Objekt sein. Senden Sie "
                "eine Zeichenkette, eine Zahl, true oder false."}},
        {"PATCH", "!/submodel-elements/Cut/$value", "1", "value-structure",
            {"Cut (line 1): a Capability has no value. Leave the element out.",
                "Cut (1행): Capability에는 값이 없습니다. 그 요소를 생략하십시오.",
                "Cut (Zeile 1): Capability hat keinen Wert. Lassen Sie das Element weg."}},
        {"PATCH", "!/$value", "{\"Speed\":1}", "value-path",
            {"(line 1): there is no element \\\"Speed\\\" here. Check the idShort; values cannot "
             "create elements.",
                "(1행): 여기에는 \\\"Speed\\\" 요소가 없습니다. idShort를 확인하십시오. 값으로는 "
                "요소를 만들 수 없습니다.",
                "(Zeile 1): hier gibt es kein Element \\\"Speed\\\". Prüfen Sie die idShort; Werte "
                "können keine Elemente anlegen."}},
    };
    expect_refusals(rows, sizeof rows / sizeof *rows, "application/json");
}

Test(refusals, of_elements_and_identities_speak_three_languages)
{
    static const struct refusal rows[] = {
        {"POST", "!/submodel-elements", "{\"modelType\":\"Capability\",\"idShort\":\"Cut\"}",
            "ClientResourceConflict",
            {"there is an element \\\"Cut\\\" already", "\\\"Cut\\\" 요소가 이미 있습니다",
                "es gibt schon ein Element \\\"Cut\\\""}},
        {"PUT", "!/submodel-elements/Cut", "{\"modelType\":\"Capability\",\"idShort\":\"C t\"}",
            "AASd-002",
            {"C t (line 1): idShort 'C t' is not written as it must be. Use at least two letters, "
             "digits, underscores or hyphens, begin with a letter and do not end with a hyphen.",
                "C t (1행): idShort 'C t': 형식에 맞지 않습니다. 영문자로 시작하고 하이픈으로 "
                "끝나지 않는 두 글자 이상의 영문자, 숫자, 밑줄, 하이픈을 쓰십시오.",
                "C t (Zeile 1): idShort 'C t' ist nicht so geschrieben, wie es sein muss. "
                "Verwenden Sie mindestens zwei Buchstaben, Ziffern, Unterstriche oder "
                "Bindestriche, beginnen Sie mit einem Buchstaben und enden Sie nicht mit einem "
                "Bindestrich."}},
        {"PUT", "", "{\"modelType\":\"Submodel\",\"id\":\"urn:other\"}", "ClientErrorBadRequest",
            {"the body has the id \\\"urn:other\\\", the address names \\\"urn:press\\\"",
                "본문의 id는 \\\"urn:other\\\"인데 주소의 id는 \\\"urn:press\\\"입니다",
                "der Rumpf hat die id \\\"urn:other\\\", die Adresse nennt \\\"urn:press\\\""}},
    };
    expect_refusals(rows, sizeof rows / sizeof *rows, "application/json");
}

Test(refusals, without_words_in_the_language_are_told_in_english_and_say_so)
{
    struct answer answer =
        client_ask(server.port, "GET", "/submodels?limit=none", "Accept-Language: ko\r\n", NULL);
    cr_expect_eq(answer.status, 400);
    cr_expect_not_null(strstr(answer.body, "limit must be a whole number"), "%s", answer.body);
    cr_expect_str_eq(answer_field(&answer, "Content-Language"), "en");
    cr_expect_str_eq(answer_field(&answer, "Vary"), "Accept-Language");
    answer_free(&answer);
}

Test(refusals, and_findings_of_what_was_stored_speak_the_same_language)
{
    struct answer answer = client_ask(server.port, "POST", "/upload", "Accept-Language: ko\r\n",
        "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:z\",\"submodelElements\":[{"
        "\"modelType\":\"Property\",\"valueType\":\"xs:int\"}]}]}");
    cr_expect_eq(answer.status, 201);
    cr_expect_not_null(strstr(answer.body, "\"outcome\":\"stored_with_findings\""));
    cr_expect_not_null(strstr(answer.body, "\"remedy\":\"idShort를 추가하십시오.\""));
    cr_expect_str_eq(answer_field(&answer, "Content-Language"), "ko");
    answer_free(&answer);
}

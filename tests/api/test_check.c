/* SPDX-License-Identifier: Apache-2.0 */
/* jig check as people and machines read it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "aas/buf.h"
#include "aas/json.h"
#include "conformance/rules.h"
#include "tests/api/command.h"

TestSuite(check, .init = command_prepare, .fini = command_clean_up, .timeout = 120);

#define NAMESPACE "xmlns=\"https://admin-shell.io/aas/3/1\""
#define JSON_SUBMODEL_REFERENCE                                                                    \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s\"}]}"
#define XML_SUBMODEL_REFERENCE                                                                     \
    "<type>ModelReference</type><keys><key><type>Submodel</type><value>urn:s</value></key></keys>"

static const char invalid[] = "{\"modelType\":\"Property\",\"valueType\":\"xs:int\","
                              "\"idShort\":\"Count\",\"value\":\"one\"}";

/* What may stand alone, in both formats; none of the others is taken for it. */
static const struct {
    const char *cls;
    const char *json;
    const char *xml;
} alone[] = {
    {"Environment", "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:s\"}]}",
        "<environment " NAMESPACE "/>"},
    {"AssetAdministrationShell",
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:a\",\"assetInformation\":"
        "{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:press\"}}",
        "<assetAdministrationShell " NAMESPACE "><id>urn:a</id><assetInformation><assetKind>"
        "Instance</assetKind><globalAssetId>urn:press</globalAssetId></assetInformation>"
        "</assetAdministrationShell>"},
    {"Submodel", "{\"modelType\":\"Submodel\",\"id\":\"urn:s\"}",
        "<submodel " NAMESPACE "><id>urn:s</id></submodel>"},
    {"SubmodelElement", "{\"modelType\":\"Capability\",\"idShort\":\"Cut\"}",
        "<capability " NAMESPACE "><idShort>Cut</idShort></capability>"},
    {"ConceptDescription", "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\"}",
        "<conceptDescription " NAMESPACE "><id>urn:c</id></conceptDescription>"},
    {"EventPayload",
        "{\"source\":" JSON_SUBMODEL_REFERENCE ",\"observableReference\":" JSON_SUBMODEL_REFERENCE
        ",\"timeStamp\":\"2026-01-01T00:00:00Z\"}",
        "<eventPayload " NAMESPACE "><source>" XML_SUBMODEL_REFERENCE
        "</source><observableReference>" XML_SUBMODEL_REFERENCE
        "</observableReference><timeStamp>2026-01-01T00:00:00Z</timeStamp></eventPayload>"},
};

enum { ALONE = sizeof alone / sizeof *alone };

/* What a file is must not matter to the formats: reads "verdict" of a jsonl line. */
static bool is_unreadable(void)
{
    return strstr(command_output, "\"verdict\":\"unreadable\"") != NULL;
}

Test(check, what_may_stand_alone_is_recognised_or_told_and_nothing_else_is_taken_for_it)
{
    for (size_t i = 0; i < ALONE; i++) {
        command_file("a.json", alone[i].json);
        command_file("a.xml", alone[i].xml);
        for (size_t as = 0; as <= ALONE; as++) {
            char arguments[120];
            bool told = as < ALONE;
            snprintf(arguments, sizeof arguments, "check --format jsonl %s %s a.json a.xml",
                told ? "--as" : "", told ? alone[as].cls : "");
            int exit_code = command_run(arguments);
            if (!told || as == i) {
                cr_expect_eq(is_unreadable(), false, "%s\n%s", arguments, command_output);
            } else {
                cr_expect_eq(exit_code, 2, "%s as %s\n%s", alone[i].cls, arguments, command_output);
            }
        }
    }
}

Test(check, a_document_that_does_not_say_what_it_is_is_asked_to)
{
    command_file("bare.json", "{\"idShort\":\"Count\",\"valueType\":\"xs:int\"}");
    command_expect("check bare.json", 2, "Add modelType, or the lists of an Environment");
}

Test(check, the_root_element_asked_for_exists)
{
    command_file("a.xml", alone[2].xml);
    command_expect("check --as Property a.xml", 2, "Use <property> as root element.");
    command_expect("check --as SubmodelElement a.xml", 2,
        "Use the element of a SubmodelElement as root element.");
    command_expect("check --language ko --as SubmodelElement a.xml", 2,
        "루트 요소로 SubmodelElement의 요소를 쓰십시오.");
}

Test(check, standard_input_is_a_file_like_others)
{
    command_file("bad.json", invalid);
    command_expect("check - < bad.json", 1, "invalid  -  (1 error, 0 warnings)");
    command_expect("check -", 2, "unreadable  -");
    command_expect("check --format jsonl - bad.json < bad.json", 1, "{\"file\":\"-\",");
}

Test(check, colour_is_for_people_at_a_terminal_who_want_it)
{
    static const char red[] = "\033[31minvalid\033[0m  bad.json";
    command_file("bad.json", invalid);
    cr_expect_eq(command_run_terminal("", "check bad.json"), 1);
    cr_expect_not_null(strstr(command_output, red), "%s", command_output);
    cr_expect_eq(command_run_terminal("NO_COLOR=", "check bad.json"), 1);
    cr_expect_not_null(strstr(command_output, red), "%s", command_output);
    cr_expect_eq(command_run_terminal("NO_COLOR=1", "check bad.json"), 1);
    cr_expect_null(strchr(command_output, '\033'), "%s", command_output);
    cr_expect_eq(command_run_terminal("TERM=dumb", "check bad.json"), 1);
    cr_expect_null(strchr(command_output, '\033'), "%s", command_output);
    cr_expect_eq(command_run_terminal("", "check --format json bad.json"), 1);
    cr_expect_null(strchr(command_output, '\033'), "%s", command_output);
    command_expect("check bad.json", 1, "invalid  bad.json");
    cr_expect_null(strchr(command_output, '\033'), "%s", command_output);
}

static void many_files(int count)
{
    for (int i = 0; i < count; i++) {
        char name[40];
        snprintf(name, sizeof name, "%03d.json", i);
        command_file(name, alone[2].json);
    }
}

Test(check, progress_is_shown_on_a_terminal_only)
{
    many_files(30);
    cr_expect_eq(command_run_terminal("", "check . > report.txt"), 0);
    cr_expect_not_null(strstr(command_output, "checking ["), "%s", command_output);
    cr_expect_not_null(strstr(command_output, "/30 "), "%s", command_output);
    command_expect("check .", 0, "30 files: 30 valid, 0 invalid, 0 unreadable");
    cr_expect_null(strstr(command_output, "checking ["));
}

Test(check, unknown_names_are_answered_with_the_nearest_ones)
{
    static const struct {
        const char *arguments;
        const char *part;
    } rows[] = {
        {"check --explain aasd109", "\"aasd109\" (did you mean AASd-109?)"},
        {"check --explain AASc-3b-002", "(did you mean AASc-3a-002?)"},
        {"check --explain Schemapatern", "did you mean schema-pattern?"},
        {"check --explain weather", "no rule \"weather\"; jig check --explain all lists them"},
        {"check --as submodel x", "(did you mean Submodel?)"},
        {"check --as Weather x", "no class \"Weather\"\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        command_expect(rows[i].arguments, 2, rows[i].part);
    }
}

Test(check, every_rule_is_explained_in_every_language)
{
    static const char *const languages[][2] = {
        {"en", "Right:"}, {"ko", "올바른 예"}, {"de", "Richtig"}};
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        for (size_t n = 0; n < 3; n++) {
            char arguments[120];
            snprintf(arguments, sizeof arguments, "check --explain %s --language %s",
                rule_at(i)->id, languages[n][0]);
            command_expect(arguments, 0, languages[n][1]);
        }
    }
}

/* A submodel of `count` properties whose values do not fit. */
static void file_with_errors(const char *name, int count)
{
    struct buf buf;
    buf_init(&buf, 16 << 20);
    buf_add_text(&buf, "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[");
    for (int i = 0; i < count; i++) {
        buf_printf(&buf,
            "%s{\"modelType\":\"Property\",\"idShort\":\"P%d\",\"valueType\":\"xs:int\","
            "\"value\":\"x\"}\n",
            i > 0 ? "," : "", i);
    }
    buf_add_text(&buf, "]}");
    command_file(name, buf_text(&buf));
    buf_finish(&buf);
}

Test(check, thousands_of_findings_are_counted_and_the_first_ones_shown)
{
    file_with_errors("many.json", 12000);
    command_expect("check many.json", 1,
        "invalid  many.json  (12000 errors, 0 warnings)\n"
        "  error value-type (12000): ");
    cr_expect_not_null(strstr(command_output, "\n      and 11980 more\n      -> Write a value"));
    cr_expect_null(strstr(command_output, "P20 (line"));
    command_expect("check --language ko many.json", 1, "그 밖에 11980개");
    command_expect("check --language de many.json", 1, "und 11980 weitere");
}

/* The object that jig check --format json prints about one file. */
static const struct json *read_object(struct arena *arena)
{
    struct json *list = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(json_read(arena, command_output, strlen(command_output), &list, &err), ERR_OK,
        "%s", err.text);
    cr_assert_eq(list->count, 1);
    return list->first;
}

Test(check, json_has_verdict_counts_by_rule_and_all_findings)
{
    struct arena arena;
    arena_init(&arena, 16 << 20);
    file_with_errors("some.json", 100);
    cr_expect_eq(command_run("check --format json some.json"), 1);
    const struct json *object = read_object(&arena);
    cr_expect_str_eq(json_member(object, "verdict")->text, "invalid");
    cr_expect_eq(json_member(object, "passed")->kind, JSON_FALSE);
    cr_expect_str_eq(json_member(object, "metamodel")->text, "3.1");
    cr_expect_str_eq(json_member(json_member(object, "counts"), "errors")->text, "100");
    const struct json *rule = json_member(object, "rules")->first;
    cr_expect_str_eq(json_member(rule, "rule")->text, "value-type");
    cr_expect_str_eq(json_member(rule, "count")->text, "100");
    cr_expect_eq(json_member(object, "findings")->count, 100);
    const struct json *finding = json_member(object, "findings")->first;
    static const char *const members[] = {
        "rule", "clause", "severity", "path", "id", "pointer", "line", "column", "text", "remedy"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        cr_expect_not_null(json_member(finding, members[i]), "no %s", members[i]);
    }
    arena_finish(&arena);
}

Test(check, passed_follows_what_makes_it_fail)
{
    command_file("warned.json",
        "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\",\"embeddedDataSpecifications\":[{"
        "\"dataSpecification\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"
        "\"GlobalReference\",\"value\":\"urn:mine\"}]},\"dataSpecificationContent\":{\"modelType\":"
        "\"DataSpecificationIec61360\",\"preferredName\":[{\"language\":\"en\",\"text\":\"A\"}],"
        "\"definition\":[{\"language\":\"en\",\"text\":\"A\"}]}}]}");
    command_expect("check --format jsonl warned.json", 0, "\"verdict\":\"valid\",\"passed\":true");
    command_expect("check --format jsonl --fail-on warning warned.json", 1,
        "\"verdict\":\"valid\",\"passed\":false");
}

Test(check, junit_says_what_to_do_once_for_a_rule)
{
    file_with_errors("two.json", 2);
    command_expect("check --format junit two.json", 1,
        "P0 (line 1): value 'x' is no value of xs:int: it is not a whole number\n"
        "P1 (line 2): value 'x' is no value of xs:int: it is not a whole number\n"
        "-&gt; Write a value of that type, leave it out, or choose the valueType that fits.\n"
        "</failure>");
}

/* The column of the only result of a SARIF document. */
static const char *sarif_column(struct arena *arena)
{
    struct json *document = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(json_read(arena, command_output, strlen(command_output), &document, &err), ERR_OK,
        "%s", err.text);
    const struct json *results = json_member(json_member(document, "runs")->first, "results");
    cr_assert_eq(results->count, 1);
    const struct json *place = json_member(results->first, "locations")->first;
    const struct json *region = json_member(json_member(place, "physicalLocation"), "region");
    return json_member(region, "startColumn")->text;
}

Test(check, sarif_columns_of_long_lines_count_characters)
{
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 16 << 20);
    buf_init(&buf, 1 << 20);
    buf_add_text(&buf, "{\"modelType\":\"Property\",\"idShort\":\"Pa\",\n\"description\":[{"
                       "\"language\":\"ko\",\"text\":\"");
    for (int i = 0; i < 1000; i++) {
        buf_add_text(&buf, "프");
    }
    buf_add_text(&buf, "\"}],\"valueType\":\"xs:int\",\"value\":\"x\"}");
    command_file("long.json", buf_text(&buf));
    cr_expect_eq(command_run("check --format sarif long.json"), 1);
    cr_expect_str_eq(sarif_column(&arena), "1066"); /* of "value" */
    buf_finish(&buf);
    arena_finish(&arena);
}

Test(check, control_characters_of_a_document_do_not_reach_the_reader)
{
    command_file("ring.json", "{\"modelType\":\"Property\",\"idShort\":\"Pa\",\"valueType\":"
                              "\"xs:int\",\"value\":\"\\u0007\\u001b[2J\"}");
    cr_expect_eq(command_run("check ring.json"), 1);
    cr_expect_null(strpbrk(command_output, "\a\033"));
    cr_expect_eq(command_run("check --format junit ring.json"), 1);
    cr_expect_null(strpbrk(command_output, "\a\033"));
    cr_expect_eq(command_run("check --format sarif ring.json"), 1);
    cr_expect_null(strpbrk(command_output, "\a\033"));
}

Test(check, names_of_files_do_not_break_the_report)
{
    struct arena arena;
    arena_init(&arena, 16 << 20);
    command_file("a\x1b[2J\xFF.json", invalid);
    command_expect("check .", 1, "invalid  ./a?[2J?.json");
    command_expect("check --format junit .", 1, "<testsuite name=\"./a?[2J?.json\"");
    command_expect("check --format sarif .", 1, "\"uri\":\"./a%1B%5B2J%FF.json\"");
    cr_expect_eq(command_run("check --format json ."), 1);
    cr_expect_str_eq(json_member(read_object(&arena), "file")->text, "./a?[2J?.json");
    cr_expect_eq(command_run("check --format json \"$(printf 'nowhere\\377')\""), 2);
    cr_expect_not_null(strstr(command_output, "nowhere cannot be read"), "%s", command_output);
    (void)read_object(&arena);
    arena_finish(&arena);
}

Test(check, names_of_files_are_no_options_behind_two_hyphens)
{
    command_file("-x.json", invalid);
    command_expect("check -x.json", 2, "there is no option -x.json");
    command_expect("check -- -x.json", 1, "invalid  -x.json");
}

Test(check, the_import_tells_the_same_report)
{
    command_file("bad.json", "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[{"
                             "\"modelType\":\"Property\",\"idShort\":\"Count\",\"valueType\":"
                             "\"xs:int\",\"value\":\"one\"}]}");
    static const char report[] =
        "  (1 error, 0 warnings)\n"
        "  error value-type (1): The value of a property, range or extension is a literal of its "
        "valueType.\n"
        "      Count (line 1): value 'one' is no value of xs:int: it is not a whole number\n"
        "      -> Write a value of that type, leave it out, or choose the valueType that fits.\n";
    command_expect("check bad.json", 1, report);
    command_expect("import --store s --without-library --strict bad.json", 1, report);
    command_expect("import --store s --without-library bad.json", 0, report);
    command_expect("import --store t --without-library --language ko bad.json", 0,
        "알맞은 valueType을 고르십시오.");
    command_expect("import --store t --language fr bad.json", 2, "en, ko or de");
}

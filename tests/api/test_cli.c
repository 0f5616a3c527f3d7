/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as a user has it: the real program, real files, a real store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aas/json.h"
#include "tests/api/command.h"
#include "tests/support/corpus.h"

static const char valid[] =
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:cli:press\",\"idShort\":\"Press\","
    "\"displayName\":[{\"language\":\"ko\",\"text\":\"유압 프레스\"}],"
    "\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Force\","
    "\"valueType\":\"xs:double\",\"value\":\"1.0\"}]}]}";
static const char invalid[] =
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:cli:bad\",\"submodelElements\":["
    "{\"modelType\":\"Property\",\"valueType\":\"xs:int\",\"value\":\"one\"}]}]}";
static const char unreadable[] = "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":null}]}";

static void prepare(void)
{
    command_prepare();
    command_file("valid.json", valid);
    command_file("invalid.json", invalid);
    command_file("unreadable.json", unreadable);
    command_file("notes.txt", "no model");
}

TestSuite(cli, .init = prepare, .fini = command_clean_up, .timeout = 120);

Test(cli, check_tells_clean_invalid_and_unreadable_apart)
{
    command_expect("check valid.json", 0, "valid");
    command_expect("check invalid.json", 1, "AASd-117");
    command_expect("check unreadable.json", 2, "JSON-null");
    command_expect("check .", 2, "3 files: 1 valid, 1 invalid, 1 unreadable");
}

Test(cli, check_refuses_what_it_cannot_use_with_the_reason)
{
    command_expect("check nowhere.json", 2, "No such file");
    command_expect("check https://example.org/a.json", 2, "is an address");
    command_expect("check", 2, "no file or folder is named");
    command_expect("check --metamodel 4.0 valid.json", 2, "3.0, 3.1 or any");
    command_expect("check --as Nothing valid.json", 2, "no class");
    command_expect("check --colour valid.json", 2, "there is no option --colour");
    command_expect("check --format", 2, "needs a value");
    command_expect("check --format xml valid.json", 2, "cannot be \"xml\"");
    command_expect("frobnicate", 2, "there is no command frobnicate");
    command_expect("", 2, "Usage: jig");
}

/* The member `name` of the JSON line that names `file`; "" when there is none. */
static const char *line_member(struct arena *arena, const char *file, const char *name)
{
    for (char *line = strtok(command_output, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        struct json *object = NULL;
        cr_assert_eq(json_read(arena, line, strlen(line), &object, NULL), ERR_OK, "%s", line);
        const struct json *named = json_member(object, "file");
        const struct json *member = json_member(object, name);
        if (named != NULL && strcmp(named->text, file) == 0 && member != NULL) {
            return member->kind == JSON_STRING ? member->text : "";
        }
    }
    return "";
}

Test(cli, check_prints_one_json_object_a_line)
{
    static const struct {
        const char *file;
        const char *verdict;
        int exit_code;
    } rows[] = {{"valid.json", "valid", 0}, {"invalid.json", "invalid", 1},
        {"unreadable.json", "unreadable", 2}};
    for (size_t i = 0; i < 3; i++) {
        struct arena arena;
        char arguments[100];
        arena_init(&arena, 1024 * 1024);
        snprintf(arguments, sizeof arguments, "check --format jsonl %s", rows[i].file);
        cr_expect_eq(command_run(arguments), rows[i].exit_code);
        cr_expect_str_eq(line_member(&arena, rows[i].file, "verdict"), rows[i].verdict);
        arena_finish(&arena);
    }
}

Test(cli, check_fails_on_warnings_when_asked)
{
    static const char warned[] =
        "{\"conceptDescriptions\":[{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\","
        "\"embeddedDataSpecifications\":[{\"dataSpecification\":{\"type\":\"ExternalReference\","
        "\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:mine\"}]},"
        "\"dataSpecificationContent\":{\"modelType\":\"DataSpecificationIec61360\","
        "\"preferredName\":[{\"language\":\"en\",\"text\":\"A\"}],\"definition\":[{\"language\":"
        "\"en\",\"text\":\"A\"}]}}]}]}";
    command_file("warned.json", warned);
    command_expect("check warned.json", 0, "warning AASc-3a-050 (1)");
    command_expect("check --fail-on error warned.json", 0, "1 warning)");
    command_expect("check --fail-on warning warned.json", 1, "valid  warned.json");
    command_expect("check --fail-on info warned.json", 2, "error or warning");
}

Test(cli, check_groups_findings_by_rule_with_their_count)
{
    command_expect("check invalid.json", 1,
        "  error AASd-117 (1): A submodel element outside a list has an idShort.\n"
        "      ?0 (line 1): Property has no idShort\n"
        "      -> Add an idShort.\n");
}

Test(cli, check_speaks_korean_and_german)
{
    command_expect(
        "check --language ko invalid.json", 1, "부적합  invalid.json  (오류 2개, 경고 0개)");
    command_expect("check --language ko invalid.json", 1, "idShort를 추가하십시오.");
    command_expect("check --language de invalid.json", 1, "Zeile 1");
    command_expect("check --language de --format jsonl invalid.json", 1, "\"remedy\":\"Fügen Sie");
    command_expect("check --language fr invalid.json", 2, "en, ko or de");
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "cd '%s' && LC_ALL=ko_KR.UTF-8 '%s' check valid.json",
                      command_dir, JIG_BINARY),
        0);
    FILE *pipe = popen(command, "r");
    command_output[fread(command_output, 1, sizeof command_output - 1, pipe)] = '\0';
    cr_expect_eq(pclose(pipe), 0);
    cr_expect_str_eq(command_output, "적합  valid.json\n");
    free(command);
}

Test(cli, check_explains_rules)
{
    command_expect("check --explain AASd-117", 0, "Wrong:\n  {\"modelType\":\"Submodel\"");
    command_expect("check --explain aasd-109 --language ko", 0, "올바른 예");
    command_expect("check --explain all", 0, "JSON-duplicate-key");
    command_expect("check --explain gate-number", 0, "The number of a version fits what has");
    command_expect("check --explain gate-number --language ko", 0,
        "잘못된 예:\n  필수가 된 요소가 있고, 1.4 다음의 번호가 1.5.");
    command_expect("check --explain AASd-999", 2, "there is no rule \"AASd-999\"");
}

Test(cli, check_writes_junit_with_a_case_for_each_rule)
{
    command_expect("check --format junit .", 2,
        "<testsuite name=\"./valid.json\" tests=\"1\" "
        "failures=\"0\" errors=\"0\">");
    cr_expect_not_null(strstr(command_output, "<failure type=\"AASd-117\""));
    cr_expect_not_null(strstr(command_output, "<error type=\"JSON-null\""));
    cr_expect_str_eq(
        command_output + strlen(command_output) - strlen("</testsuites>\n"), "</testsuites>\n");
}

/* The results of the SARIF document in `command_output`. */
static const struct json *sarif_results(struct arena *arena, const struct json **rules)
{
    struct json *document = NULL;
    struct err err = {.code = ERR_OK};
    cr_assert_eq(json_read(arena, command_output, strlen(command_output), &document, &err), ERR_OK,
        "%s", err.text);
    const struct json *run = json_member(document, "runs")->first;
    *rules = json_member(json_member(json_member(run, "tool"), "driver"), "rules");
    return json_member(run, "results");
}

Test(cli, check_writes_sarif_with_rules_and_places)
{
    struct arena arena;
    const struct json *rules = NULL;
    arena_init(&arena, 16 << 20);
    command_file("two words.json", invalid);
    cr_expect_eq(
        command_run("check --format sarif 'two words.json' valid.json unreadable.json"), 2);
    const struct json *results = sarif_results(&arena, &rules);
    cr_expect_eq(results->count, 3);
    cr_expect_gt(rules->count, 60);
    const struct json *location = json_member(results->first, "locations")->first;
    const struct json *physical = json_member(location, "physicalLocation");
    cr_expect_str_eq(
        json_member(json_member(physical, "artifactLocation"), "uri")->text, "two%20words.json");
    cr_expect_str_eq(json_member(json_member(physical, "region"), "startLine")->text, "1");
    cr_expect_eq(command_run("check --format sarif valid.json"), 0);
    cr_expect_eq(sarif_results(&arena, &rules)->count, 0);
    arena_finish(&arena);
}

Test(cli, sarif_columns_count_characters)
{
    struct arena arena;
    const struct json *rules = NULL;
    arena_init(&arena, 16 << 20);
    command_file(
        "korean.json", "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"프레스\",\"x\":1}]}");
    cr_expect_eq(command_run("check --format sarif korean.json"), 2);
    const struct json *location = json_member(sarif_results(&arena, &rules)->first, "locations");
    const struct json *region =
        json_member(json_member(location->first, "physicalLocation"), "region");
    cr_expect_str_eq(json_member(region, "startColumn")->text, "50");
    arena_finish(&arena);
}

Test(cli, check_prints_files_in_their_order_whatever_thread_judges_them)
{
    char path[300];
    snprintf(path, sizeof path, "%s/many", command_dir);
    cr_assert_eq(mkdir(path, 0777), 0);
    for (int i = 0; i < 400; i++) {
        char name[40];
        snprintf(name, sizeof name, "many/%03d.json", i);
        command_file(name, i % 3 == 0 ? invalid : valid);
    }
    cr_expect_eq(command_run("check many"), 1);
    const char *at = command_output;
    for (int i = 0; i < 400 && at != NULL; i++) {
        snprintf(path, sizeof path, "valid  many/%03d.json", i);
        at = strstr(at, path);
        cr_expect_not_null(at, "%s is out of order", path);
    }
    cr_expect_not_null(strstr(command_output, "400 files: 266 valid, 134 invalid, 0 unreadable"));
}

Test(cli, check_takes_the_users_own_schema)
{
    NEED_CORPUS();
    char *schema = corpus_path("spec/schema/AAS-3.1.xsd");
    char arguments[600];
    snprintf(arguments, sizeof arguments, "check --schema '%s' valid.json", schema);
    command_expect(arguments, 0, "valid");
    snprintf(arguments, sizeof arguments, "check --schema '%s' invalid.json", schema);
    command_expect(arguments, 1, "AASd-117");
    snprintf(arguments, sizeof arguments, "check --metamodel 3.0 --schema '%s' valid.json", schema);
    command_expect(arguments, 2, "--metamodel asks for 3.0");
    free(schema);
    command_expect("check --schema nowhere.xsd valid.json", 2, "cannot be read");
    command_expect("check --schema valid.json valid.json", 2, "the schema is no XML");
    command_file("bad.xsd",
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace="
        "'https://admin-shell.io/aas/3/1'>\n<xs:element/></xs:schema>");
    command_expect("check --schema bad.xsd valid.json", 2, "the schema does not compile: line 2");
    command_file("other.xsd", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>");
    command_expect("check --schema other.xsd valid.json", 2, "target namespace");
}

static char *read_file(const char *name)
{
    char path[300];
    size_t len = 0;
    snprintf(path, sizeof path, "%s/%s", command_dir, name);
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s is missing", name);
    return bytes;
}

static const char slips[] =
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"kind\":\"Template\",\"id\":\" urn:slips \","
    "\"description\":[{\"language\":\"en\",\"text\":\"\"}],\"qualifiers\":[{\"type\":"
    "\"SMT/Cardinality\",\"valueType\":\"xs:string\",\"value\":\"One\"}],"
    "\"submodelElements\":[]}],\"conceptDescriptions\":[]}";

Test(cli, check_fix_writes_a_copy_that_is_valid_and_leaves_the_original)
{
    command_file("slips.json", slips);
    command_expect("check --fix slips.json", 1, "corrected copy: slips.fixed.json");
    cr_expect_not_null(strstr(command_output, "spaces around id ' urn:slips ' removed"));
    cr_expect_not_null(strstr(command_output, "item of description without text removed"));
    cr_expect_not_null(strstr(command_output, "kind TemplateQualifier added"));
    cr_expect_not_null(strstr(command_output, "empty list submodelElements removed"));
    char *original = read_file("slips.json");
    cr_expect_str_eq(original, slips);
    free(original);
    command_expect("check slips.fixed.json", 0, "valid");
    command_expect("check --fix slips.fixed.json", 0, "valid");
    cr_expect_null(strstr(command_output, "corrected copy"));
    command_expect("check --fix slips.json", 1, "slips.fixed.json cannot be written: File exists");
}

Test(cli, check_fix_puts_xml_elements_in_order_and_copies_into_a_folder)
{
    char path[300];
    command_file("order.xml", "<submodel xmlns=\"https://admin-shell.io/aas/3/1\"><id>urn:a</id>"
                              "<idShort>Ab</idShort></submodel>");
    snprintf(path, sizeof path, "%s/copies", command_dir);
    cr_assert_eq(mkdir(path, 0777), 0);
    command_expect("check --fix --output copies order.xml", 1, "in the order of the schema");
    command_expect("check copies/order.xml", 0, "valid");
    command_expect("check --output copies order.xml", 2, "for the copies of --fix");
    command_expect("check --fix --output nowhere order.xml", 2, "is no folder");
    command_expect("check --fix --output . order.xml", 1, "File exists");
}

Test(cli, check_fix_mends_a_package_and_judges_the_copy)
{
    static const char package[] = JIG_SOURCE "/tests/fuzz/corpus/judge/slips.aasx";
    char line[1024];
    char path[200];
    snprintf(path, sizeof path, "%s/copies", command_dir);
    cr_assert_eq(mkdir(path, 0777), 0);
    snprintf(line, sizeof line, "check --fix --output copies %s", package);
    command_expect(line, 1, "relationship types written without www.");
    cr_expect_not_null(strstr(command_output, "spaces around idShort 'Ab ' removed"));
    command_expect(line, 1, "File exists");
    command_expect("check copies/slips.aasx", 1, "no element names the file");
    cr_expect_null(strstr(command_output, "AASX-relationship-type"));
    cr_expect_null(strstr(command_output, "schema-order"));
}

Test(cli, check_fix_removes_id_shorts_of_list_items_in_3_0_only)
{
    static const char list[] =
        "{\"modelType\":\"SubmodelElementList\",\"idShort\":\"List\",\"typeValueListElement\":"
        "\"Capability\",\"value\":[{\"modelType\":\"Capability\",\"idShort\":\"Cut\"}]}";
    command_file("list.json", list);
    command_expect("check --fix list.json", 0, "valid");
    cr_expect_null(strstr(command_output, "corrected copy"));
    command_expect(
        "check --fix --metamodel 3.0 list.json", 1, "idShort 'Cut' of a list item removed");
    command_expect("check --metamodel 3.0 list.fixed.json", 0, "valid");
}

Test(cli, check_takes_a_file_larger_than_allowed_as_unreadable)
{
    char path[200];
    snprintf(path, sizeof path, "%s/large.json", command_dir);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(ftruncate(fileno(file), 1024L * 1024 * 1024), 0); /* sparse */
    fclose(file);
    command_expect("check large.json", 2, "larger than 512 MiB");
}

Test(cli, import_stores_once_and_says_so_the_second_time)
{
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    cr_expect_eq(command_run("import --store s --without-library --format jsonl valid.json"), 0);
    cr_expect_str_eq(line_member(&arena, "valid.json", "outcome"), "stored");
    cr_expect_eq(command_run("import --store s --format jsonl valid.json"), 0);
    cr_expect_str_eq(line_member(&arena, "valid.json", "outcome"), "unchanged");
    arena_finish(&arena);
}

Test(cli, import_marks_what_has_errors_and_strict_refuses_it)
{
    command_expect("import --store s --strict invalid.json", 1, "refused");
    command_expect("import --store s invalid.json", 0, "stored with findings");
    command_expect("import --store s unreadable.json", 2, "refused");
    command_expect("import --store s notes.txt", 2, "refused");
}

Test(cli, what_was_imported_is_found_and_exported)
{
    cr_assert_eq(command_run("import --store s --without-library valid.json"), 0);
    command_expect("search --store s 프레스", 0, "urn:cli:press");
    command_expect("search --store s 선반", 0, "0 of 0 hits");
    cr_assert_eq(command_run("export --store s --output out.json urn:cli:press"), 0);
    char path[200];
    size_t len = 0;
    snprintf(path, sizeof path, "%s/out.json", command_dir);
    char *bytes = file_read(path, &len);
    struct arena arena;
    struct aas_node *before = NULL;
    struct aas_node *after = NULL;
    arena_init(&arena, 1024 * 1024);
    cr_assert_eq(aas_json_read(&arena, valid, strlen(valid), NULL, NULL, &before, NULL), ERR_OK);
    cr_assert_eq(aas_json_read(&arena, bytes, len, NULL, NULL, &after, NULL), ERR_OK);
    cr_expect(aas_equal(before, after));
    arena_finish(&arena);
    free(bytes);
    command_expect("export --store s --format xml", 0, "<id>urn:cli:press</id>");
    command_expect("export --store s urn:nobody", 1, "no template family and no id");
}

Test(cli, an_exported_folder_imports_as_the_same_versions_and_models)
{
    cr_assert_eq(command_run("import --store s valid.json"), 0);
    command_expect("export --store s --output out/", 0, "files in out/");
    cr_assert_eq(command_run("import --store t --without-library out"), 0, "%s", command_output);
    command_expect("export --store t --output again/", 0, "files in again/");
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "diff -r '%s/out' '%s/again'", command_dir, command_dir), 0);
    cr_expect_eq(system(command), 0);
    free(command);
    command_expect("check out", 0, "out/_versions.json is no document");
    cr_expect_not_null(strstr(command_output, "out/_curated.json is no document"));
    cr_expect_not_null(strstr(command_output, " 0 unreadable"), "%s", command_output);
    command_expect("export --store s --output out/ urn:cli:press", 1, "not single names");
    command_expect("export --store s --output one.json", 0, "--output FOLDER/ writes all of them");
}

Test(cli, verify_store_finds_nothing_wrong_with_a_new_store)
{
    cr_assert_eq(command_run("import --store s valid.json"), 0);
    command_expect("verify-store --store s", 0, "0 problems, 0 warnings");
    command_expect("verify-store --store nowhere", 1, "nowhere");
}

Test(cli, a_link_back_into_its_folder_is_walked_once)
{
    char path[200];
    snprintf(path, sizeof path, "%s/loop", command_dir);
    cr_assert_eq(symlink(".", path), 0);
    command_expect("check .", 2, "3 files: 1 valid, 1 invalid, 1 unreadable");
}

Test(cli, a_new_store_has_the_shipped_templates)
{
    cr_assert_eq(command_run("import --store s valid.json"), 0);
    command_expect("search --store s 사출", 0, "Injection");
    command_expect("search --store nowhere press", 1, "nowhere");
}

Test(cli, help_of_every_command_names_its_options)
{
    command_expect("--help", 0, "jig import");
    command_expect("serve --help", 0, "--listen HOST:PORT");
    command_expect("import --help", 0, "--strict");
    command_expect("check --help", 0, "--metamodel VERSION");
    command_expect("search --help", 0, "--store DIR");
    command_expect("search --help", 0, "is compared: exact (default), ignore-version");
    command_expect("export --help", 0, "--output FILE");
    command_expect("verify-store --help", 0, "may run beside a server");
    command_expect("--version", 0, "jig ");
}

Test(cli, makes_data_for_measuring_as_files_and_in_a_store)
{
    command_expect("bench-data --templates 3 --submodels 2 --output made", 0, "4 files in ");
    command_expect("check made", 0, "4 files: 4 valid, 0 invalid, 0 unreadable");
    command_expect(
        "bench-data --templates 3 --submodels 2 --store store", 0, "3 templates, 2 submodels");
    command_expect("verify-store --store store", 0, "0 problems, 0 warnings");
    command_expect("search --store store --kind template", 0, "3 of 3 hits");
    command_expect(
        "search --store store --kind template --sort uses --format json --limit 1", 0, "\"uses\":");
    command_expect(
        "search --store store --sort size", 2, "--sort is relevance, name, date or uses");
    command_expect("import --store store --without-library made", 0, "4 unchanged, 0 refused");
    command_expect("bench-data --templates many --output made", 2, "--templates must be a whole");
}

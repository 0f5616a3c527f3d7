/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as a user has it: the real program, real files, a real store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aas/json.h"
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

static char *dir;
static char output[256 * 1024];

static void put_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fwrite(text, 1, strlen(text), file);
    fclose(file);
}

static void prepare(void)
{
    dir = scratch_new();
    put_file("valid.json", valid);
    put_file("invalid.json", invalid);
    put_file("unreadable.json", unreadable);
    put_file("notes.txt", "no model");
}

static void clean_up(void)
{
    scratch_remove(dir);
}

TestSuite(cli, .init = prepare, .fini = clean_up, .timeout = 120);

/* Runs jig inside the scratch folder; returns the exit code, the output is in `output`. */
static int run(const char *arguments)
{
    char *command = NULL;
    cr_assert_geq(
        asprintf(&command, "cd '%s' && '%s' %s 2>&1 < /dev/null", dir, JIG_BINARY, arguments), 0);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    size_t len = fread(output, 1, sizeof output - 1, pipe);
    output[len] = '\0';
    int status = pclose(pipe);
    free(command);
    cr_assert(WIFEXITED(status), "%s ended by a signal: %s", arguments, output);
    return WEXITSTATUS(status);
}

static void expect(const char *arguments, int exit_code, const char *part)
{
    int got = run(arguments);
    cr_expect_eq(got, exit_code, "jig %s: exit code %d\n%s", arguments, got, output);
    cr_expect_not_null(strstr(output, part), "jig %s: no \"%s\" in\n%s", arguments, part, output);
}

Test(cli, check_tells_clean_invalid_and_unreadable_apart)
{
    expect("check valid.json", 0, "valid");
    expect("check invalid.json", 1, "AASd-117");
    expect("check unreadable.json", 2, "JSON-null");
    expect("check .", 2, "3 files: 1 valid, 1 invalid, 1 unreadable");
}

Test(cli, check_refuses_what_it_cannot_use_with_the_reason)
{
    expect("check nowhere.json", 2, "No such file");
    expect("check https://example.org/a.json", 2, "is an address");
    expect("check", 2, "no file or folder is named");
    expect("check --metamodel 4.0 valid.json", 2, "3.0, 3.1 or any");
    expect("check --as Nothing valid.json", 2, "no class");
    expect("check --colour valid.json", 2, "there is no option --colour");
    expect("check --format", 2, "needs a value");
    expect("check --format xml valid.json", 2, "cannot be \"xml\"");
    expect("frobnicate", 2, "there is no command frobnicate");
    expect("", 2, "Usage: jig");
}

/* The member `name` of the JSON line that names `file`; "" when there is none. */
static const char *line_member(struct arena *arena, const char *file, const char *name)
{
    for (char *line = strtok(output, "\n"); line != NULL; line = strtok(NULL, "\n")) {
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
        cr_expect_eq(run(arguments), rows[i].exit_code);
        cr_expect_str_eq(line_member(&arena, rows[i].file, "verdict"), rows[i].verdict);
        arena_finish(&arena);
    }
}

Test(cli, check_takes_a_file_larger_than_allowed_as_unreadable)
{
    char path[200];
    snprintf(path, sizeof path, "%s/large.json", dir);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(ftruncate(fileno(file), 1024L * 1024 * 1024), 0); /* sparse */
    fclose(file);
    expect("check large.json", 2, "larger than 512 MiB");
}

Test(cli, import_stores_once_and_says_so_the_second_time)
{
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    cr_expect_eq(run("import --store s --without-library --format jsonl valid.json"), 0);
    cr_expect_str_eq(line_member(&arena, "valid.json", "outcome"), "stored");
    cr_expect_eq(run("import --store s --format jsonl valid.json"), 0);
    cr_expect_str_eq(line_member(&arena, "valid.json", "outcome"), "unchanged");
    arena_finish(&arena);
}

Test(cli, import_marks_what_has_errors_and_strict_refuses_it)
{
    expect("import --store s --strict invalid.json", 1, "refused");
    expect("import --store s invalid.json", 0, "stored with findings");
    expect("import --store s unreadable.json", 2, "refused");
    expect("import --store s notes.txt", 2, "refused");
}

Test(cli, what_was_imported_is_found_and_exported)
{
    cr_assert_eq(run("import --store s --without-library valid.json"), 0);
    expect("search --store s 프레스", 0, "urn:cli:press");
    expect("search --store s 선반", 0, "0 of 0 hits");
    cr_assert_eq(run("export --store s --output out.json urn:cli:press"), 0);
    char path[200];
    size_t len = 0;
    snprintf(path, sizeof path, "%s/out.json", dir);
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
    expect("export --store s --format xml", 0, "<id>urn:cli:press</id>");
    expect("export --store s urn:nobody", 1, "no template family and no id");
}

Test(cli, an_exported_folder_imports_as_the_same_versions_and_models)
{
    cr_assert_eq(run("import --store s valid.json"), 0);
    expect("export --store s --output out/", 0, "files in out/");
    cr_assert_eq(run("import --store t --without-library out"), 0, "%s", output);
    expect("export --store t --output again/", 0, "files in again/");
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "diff -r '%s/out' '%s/again'", dir, dir), 0);
    cr_expect_eq(system(command), 0);
    free(command);
    expect("export --store s --output out/ urn:cli:press", 1, "not single names");
    expect("export --store s --output one.json", 0, "--output FOLDER/ writes all of them");
}

Test(cli, verify_store_finds_nothing_wrong_with_a_new_store)
{
    cr_assert_eq(run("import --store s valid.json"), 0);
    expect("verify-store --store s", 0, "0 problems, 0 warnings");
    expect("verify-store --store nowhere", 1, "nowhere");
}

Test(cli, a_link_back_into_its_folder_is_walked_once)
{
    char path[200];
    snprintf(path, sizeof path, "%s/loop", dir);
    cr_assert_eq(symlink(".", path), 0);
    expect("check .", 2, "3 files: 1 valid, 1 invalid, 1 unreadable");
}

Test(cli, a_new_store_has_the_shipped_templates)
{
    cr_assert_eq(run("import --store s valid.json"), 0);
    expect("search --store s 사출", 0, "Injection");
    expect("search --store nowhere press", 1, "nowhere");
}

Test(cli, help_of_every_command_names_its_options)
{
    expect("--help", 0, "jig import");
    expect("serve --help", 0, "--listen HOST:PORT");
    expect("import --help", 0, "--strict");
    expect("check --help", 0, "--metamodel VERSION");
    expect("search --help", 0, "--store DIR");
    expect("export --help", 0, "--output FILE");
    expect("verify-store --help", 0, "may run beside a server");
    expect("--version", 0, "jig ");
}

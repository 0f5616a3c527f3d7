/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a store on the command line, and its proof. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/command.h"

#define SUBMODEL(speed)                                                                            \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"urn:press\",\"submodelElements\":" \
    "[{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":\"xs:int\",\"value\":"       \
    "\"" speed "\"}]}"

static void prepare(void)
{
    command_prepare();
    command_file("one.json", SUBMODEL("1"));
    command_file("two.json", SUBMODEL("2"));
    command_expect("import --store s --without-library one.json", 0, "1 stored");
    command_expect(
        "import --store s --replace --author kim --message faster two.json", 0, "1 stored");
}

TestSuite(cli_history, .init = prepare, .fini = command_clean_up, .timeout = 120);

Test(cli_history, every_change_is_a_line)
{
    command_expect("history --store s", 0, "Submodel  urn:press  revision 1  import: ");
    command_expect("history --store s urn:press", 0, "changed Speed  by kim  (faster)");
    command_expect(
        "history --store s --format jsonl", 0, "{\"sequence\":1,\"modelType\":\"Submodel\"");
    command_expect("history --store s --format jsonl", 0, "\"author\":\"kim\"");
    command_expect("history --store nowhere", 1, "nowhere");
    command_expect("history --store s a b", 2, "one id");
}

Test(cli_history, a_log_that_was_noted_down_is_found_again)
{
    char noted[128];
    char arguments[256];
    command_expect("verify-store --store s", 0, "\nlog: ");
    cr_assert_eq(sscanf(strstr(command_output, "log: "), "log: %100s", noted), 1);
    command_file("two.json", SUBMODEL("3"));
    command_expect("import --store s --replace two.json", 0, "1 stored");
    snprintf(arguments, sizeof arguments, "verify-store --store s --expect %s", noted);
    command_expect(arguments, 0, "0 problems");
    noted[strlen(noted) - 1] = noted[strlen(noted) - 1] == '0' ? '1' : '0';
    snprintf(arguments, sizeof arguments, "verify-store --store s --expect %s", noted);
    command_expect(arguments, 1, "something was altered or lost");
    command_expect("verify-store --store s --expect 9999:00000000000000000000000000000000", 1,
        "something was altered or lost");
    command_expect("verify-store --store s --expect 9", 1, "NUMBER:HASH");
}

Test(cli_history, a_log_whose_end_was_taken_away_is_found)
{
    char noted[128];
    char arguments[256];
    command_expect("verify-store --store s", 0, "\nlog: ");
    cr_assert_eq(sscanf(strstr(command_output, "log: "), "log: %100s", noted), 1);
    command_expect("import --store shorter --without-library one.json", 0, "1 stored");
    command_expect("verify-store --store shorter", 0, "0 problems");
    snprintf(arguments, sizeof arguments, "verify-store --store shorter --expect %s", noted);
    command_expect(arguments, 1, "something was altered or lost");
}

Test(cli_history, changes_are_chosen_by_kind_and_time)
{
    command_expect("history --store s --kind Submodel --format jsonl", 0, "\"sequence\":2");
    command_expect("history --store s --kind Account", 0, "");
    cr_expect_str_eq(command_output, "");
    command_expect("history --store s --kind Press", 2, "it is one of AssetAdministrationShell");
    command_expect("history --store s --from 2099-01-01T00:00:00Z", 0, "");
    cr_expect_str_eq(command_output, "");
    command_expect("history --store s --to 2099-01-01T00:00:00Z", 0, "by kim");
    command_expect("history --store s --to 2000-01-01T00:00:00Z", 0, "");
    cr_expect_str_eq(command_output, "");
    command_expect("history --store s --from yesterday", 2, "--from is no moment: \"yesterday\"");
}

Test(cli_history, an_id_that_nothing_ever_had_is_an_error)
{
    command_expect("history --store s urn:nothing", 1, "has or had the id 'urn:nothing'");
    command_expect("history --store s --kind Account urn:press", 0, "");
}

Test(cli_history, what_is_pruned_is_told_and_proved)
{
    command_expect("prune --store s --keep-values 90d", 0, "pruned: 0 revisions of 0 things");
    command_expect("prune --store s --structure-before 2099-01-01T00:00:00Z --dry-run", 0,
        "would be pruned: 1 revisions of 1 things and 1 contents");
    command_expect("history --store s", 0, "revision 1  import: ");
    command_expect("prune --store s --structure-before 2099-01-01T00:00:00Z --author kim urn:press",
        0, "pruned: 1 revisions of 1 things and 1 contents");
    command_expect("history --store s --format jsonl", 0,
        "{\"sequence\":1,\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"revision\":1");
    command_expect("history --store s", 0, "by kim  (nothing is kept of before 2099-01-01");
    command_expect("verify-store --store s", 0, "1 revisions were pruned, as the log says\n");
}

Test(cli_history, files_that_were_kept_are_pruned_by_age)
{
    command_expect("prune --store s --keep-files 90d", 0, "pruned: 0 kept files, 0 bytes");
    command_expect("prune --store s --keep-files none --dry-run", 0, "would be pruned: 0 kept");
    command_expect("prune --store s --keep-files none --keep-values 90d", 0,
        "pruned: 0 revisions of 0 things and 0 contents, 0 bytes\npruned: 0 kept files, 0 bytes\n");
    command_expect("prune --store s --keep-files 1d urn:press", 2, "is about all files");
    command_expect("prune --store s --keep-files 1d --kind shells", 2, "");
    command_expect("prune --store s --keep-files long", 2, "--keep-files is \"long\"");
    command_expect("serve --store s --keep-files 90", 2, "36h, 30m or 45s, or none");
}

Test(cli_history, a_rule_that_says_nothing_is_refused)
{
    command_expect("prune --store s", 2, "say how long values are kept");
    command_expect("prune --store s --keep-values 90", 2, "for example 90d, 36h");
    command_expect("prune --store s --structure-before soon", 2, "is no moment");
    command_expect("prune --store s --keep-values 1d a b", 2, "name one id");
    command_expect("prune --store s --keep-values 1d urn:other", 1, "urn:other");
    command_expect("serve --store s --keep-values long", 2, "--keep-values is \"long\"");
}

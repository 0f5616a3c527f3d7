/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts, steps and refusals on the command line. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/command.h"

#define TEMPLATE_OF(type)                                                                          \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"displayName\":[{\"language\":\"en\","     \
    "\"text\":\"Press\"}],\"id\":\"https://a.example/press\",\"administration\":{\"version\":"     \
    "\"1\",\"revision\":\"0\"},\"kind\":\"Template\",\"semanticId\":{\"type\":"                    \
    "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"                     \
    "\"https://jig.example/smt/press\"}]},\"submodelElements\":[{\"modelType\":\"Property\","      \
    "\"idShort\":\"Force\",\"valueType\":\"xs:" type "\"}]}"
#define TEMPLATE TEMPLATE_OF("int")
#define PRESS "jig.example-smt-press"
#define JIG(what) "template --store s " what

static void prepare(void)
{
    command_prepare();
    command_file("press.json", TEMPLATE);
    command_expect("import --store s --without-library press.json", 0, "1 stored");
}

TestSuite(cli_template, .init = prepare, .fini = command_clean_up, .timeout = 120);

Test(cli_template, a_version_goes_all_the_way)
{
    command_expect(JIG("show " PRESS), 0, PRESS "@1.0  published");
    command_expect(JIG("draft --version 1.1 --author anna " PRESS "@1.0"), 0, PRESS "@1.1  draft");
    command_expect(JIG("gate " PRESS "@1.1"), 1, "no name in the language 'ko'");
    command_expect(JIG("gate " PRESS "@1.1"), 1, "0 of 1 approvals are there");
    command_expect(JIG("gate --approvals 0 --names en " PRESS "@1.1"), 0, "nothing is missing");
    command_expect(JIG("gate --approvals 0 --names none " PRESS "@1.1"), 0, "nothing is missing");
    command_expect(JIG("publish " PRESS "@1.1"), 1, "What can be done now is: submit.");
    command_expect(JIG("submit --author anna " PRESS "@1.1"), 0, "in review");
    command_expect(JIG("approve --author anna " PRESS "@1.1"), 1, "cannot approve it");
    command_expect(JIG("approve --author rita --message fine " PRESS "@1.1"), 0, "in review");
    command_expect(JIG("show " PRESS "@1.1"), 0, "approved by rita: fine");
    command_expect(JIG("publish --author rita " PRESS "@1.1"), 1, "no name in the language 'ko'");
    command_expect(
        JIG("publish --author rita --names en " PRESS "@1.1"), 0, PRESS "@1.1  published");
    command_expect(JIG("deprecate --successor 1.1 " PRESS "@1.0"), 1, "a reason is needed");
    command_expect(JIG("deprecate --message old " PRESS "@1.0"), 1, "instead is missing");
    command_expect(JIG("deprecate --message old --successor 1.1 " PRESS "@1.0"), 0,
        "deprecated, use 1.1 instead");
    command_expect(JIG("withdraw --message wrong " PRESS "@1.0"), 0, "withdrawn");
    command_expect("history --store s", 0, "withdraw");
    cr_expect_not_null(strstr(command_output, "by rita"));
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_template, drafts_are_recalled_rejected_rebased_and_discarded)
{
    command_expect(JIG("draft --version 2.0 --id urn:new " PRESS "@1.0"), 0, "2.0  draft");
    command_expect(JIG("submit " PRESS "@2.0"), 0, "in review");
    command_expect(JIG("recall " PRESS "@2.0"), 0, "draft");
    command_expect(JIG("submit " PRESS "@2.0"), 0, "in review");
    command_expect(JIG("reject " PRESS "@2.0"), 1, "a reason is needed");
    command_expect(JIG("reject --message no " PRESS "@2.0"), 0, "draft");
    command_expect(JIG("rebase " PRESS "@2.0"), 0, "follows 1.0");
    command_expect(JIG("rebase --version 7.0 " PRESS "@2.0"), 1, "no published version '7.0'");
    command_expect(JIG("discard " PRESS "@2.0"), 0, "discarded");
    command_expect(JIG("discard " PRESS "@2.0"), 1, "no version '2.0'");
    command_expect(JIG("discard " PRESS "@1.0"), 1, "Make a new version from it");
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_template, what_is_not_understood_is_said)
{
    command_expect(JIG("dance " PRESS "@1.0"), 2, "there is no \"dance\"");
    command_expect(JIG("submit " PRESS), 2, "FAMILY@VERSION");
    command_expect(JIG("submit " PRESS "@"), 2, "FAMILY@VERSION");
    command_expect(JIG("submit"), 2, "FAMILY@VERSION");
    command_expect(JIG("show nobody"), 1, "nobody");
    command_expect(JIG("submit nobody@1.0"), 1, "no version '1.0' of 'nobody'");
    command_expect(JIG("show " PRESS "@7.0"), 1, "no version '7.0'");
    command_expect(JIG("publish --approvals x " PRESS "@1.0"), 2, "--approvals");
    command_expect(JIG("draft --version x " PRESS "@1.0"), 1, "is no version");
    command_expect(JIG("draft " PRESS "@1.0"), 1, "number of the new version is missing");
    command_expect("template --store nowhere show " PRESS, 1, "nowhere");
}

Test(cli_template, templates_are_imported_as_drafts)
{
    command_file("other.json", "{\"modelType\":\"Submodel\",\"id\":\"urn:o\",\"kind\":\"Template\","
                               "\"administration\":{\"version\":\"1\",\"revision\":\"0\"},"
                               "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{"
                               "\"type\":\"GlobalReference\",\"value\":"
                               "\"https://jig.example/smt/other\"}]}}");
    command_expect("import --store s --without-library --drafts other.json", 0, "1 stored");
    command_expect(JIG("show jig.example-smt-other"), 0, "@1.0  draft");
}

/* What is told of the versions of a store. */
static char *shown(const char *arguments)
{
    command_expect(arguments, 0, PRESS "@1.0~");
    char *text = strdup(command_output);
    cr_assert_not_null(text);
    return text;
}

/* Everything goes into a folder and out of it into another store. */
static void expect_all_back(const char *export, const char *show)
{
    command_expect(export, 0, "files in out/");
    command_expect("import --store t --without-library out", 0, "0 refused");
    char *before = shown(show);
    char *after = shown("template --store t show " PRESS);
    cr_expect_str_eq(after, before);
    free(before);
    free(after);
}

Test(cli_template, two_that_claim_one_version_keep_their_states_in_a_folder)
{
    command_file("other.json", TEMPLATE_OF("double"));
    command_expect("import --store s --without-library --drafts other.json", 0, "1 stored");
    command_expect(JIG("withdraw --message wrong " PRESS "@1.0"), 0, "withdrawn");
    command_expect(JIG("show " PRESS), 0, "draft");
    expect_all_back("export --store s --output out/", JIG("show " PRESS));
}

Test(cli_template, who_has_claimed_a_version_second_keeps_its_name_in_a_folder)
{
    command_file("other.json", TEMPLATE_OF("double"));
    command_expect("import --store r --without-library --drafts press.json", 0, "1 stored");
    command_expect("import --store r --without-library other.json", 0, "1 stored");
    command_expect("template --store r discard " PRESS "@1.0", 0, "discarded");
    expect_all_back("export --store r --output out/", "template --store r show " PRESS);
}

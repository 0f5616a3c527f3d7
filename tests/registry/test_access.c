/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what: the whole table as it should be, limits of roles, tokens, one-time passwords. */
#include <criterion/criterion.h>
#include <string.h>

#include "registry/access.h"

/* Rights by letter, in the order of enum access_right; "none" and "self" are for everybody known,
 * "tokens" for everybody with his own. */
static const char letters[] = "-rcudxpvbka--";

/* What each role may do with models, concept descriptions, templates and the server. */
static const struct {
    const char *role;
    const char *allowed[4];
} expected[] = {
    {"reader", {"r", "r", "r", "r"}},
    {"integrator", {"rcudxk", "rcud", "rp", "r"}},
    {"modeller", {"r", "rcud", "rcudpk", "r"}},
    {"reviewer", {"r", "r", "rpvbk", "r"}},
    {"administrator", {"rcudxpvbka", "rcudxpvbka", "rcudxpvbka", "rcudxpvbka"}},
};

static enum err_code decide(const struct access_principal *principal, enum access_right right,
    enum access_class cls, const char *family)
{
    struct err err = {0};
    const struct access_object object = {.cls = cls, .family = family};
    enum err_code code = access_decide(principal, right, &object, NULL, &err);
    cr_expect(code == ERR_OK || err.text[0] != '\0', "a refusal has a reason");
    return code;
}

static struct access_principal somebody(const struct access_grant *grant)
{
    return (struct access_principal){
        .name = "anna", .known = true, .grants = grant, .grant_count = grant != NULL ? 1 : 0};
}

Test(access, every_role_has_the_rights_of_the_table_and_no_others)
{
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct access_grant grant = {.limit = ACCESS_UNLIMITED, .value = ""};
        cr_assert(access_role_read(expected[i].role, &grant.role));
        struct access_principal principal = somebody(&grant);
        for (unsigned right = RIGHT_READ; right <= RIGHT_ADMINISTER; right++) {
            bool any = false;
            for (unsigned cls = ACCESS_MODEL; cls < ACCESS_CLASS_COUNT; cls++) {
                bool allowed =
                    strchr(expected[i].allowed[cls - ACCESS_MODEL], letters[right]) != NULL;
                any |= allowed;
                cr_expect_eq(
                    decide(&principal, (enum access_right)right, (enum access_class)cls, NULL),
                    allowed ? ERR_OK : ERR_FORBIDDEN, "%s, %s, class %u", expected[i].role,
                    access_right_name((enum access_right)right), cls);
            }
            cr_expect_eq(decide(&principal, (enum access_right)right, ACCESS_ANYTHING, NULL),
                any ? ERR_OK : ERR_FORBIDDEN, "%s, %s, anything", expected[i].role,
                access_right_name((enum access_right)right));
        }
        cr_expect_eq(decide(&principal, RIGHT_SELF, ACCESS_SERVER, NULL), ERR_OK);
        cr_expect_eq(decide(&principal, RIGHT_NONE, ACCESS_SERVER, NULL), ERR_OK);
    }
}

static enum err_code decide_tokens(
    const struct access_principal *principal, const char *user, bool undecided)
{
    struct err err = {0};
    const struct access_object object = {
        .cls = ACCESS_SERVER, .user = user, .undecided = undecided};
    return access_decide(principal, RIGHT_TOKENS, &object, NULL, &err);
}

Test(access, tokens_are_everybodys_own_and_for_administrators_those_of_all)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        const struct access_grant grant = {(enum access_role)role, ACCESS_UNLIMITED, ""};
        const struct access_grant limited = {(enum access_role)role, ACCESS_LIMIT_FAMILY, "f"};
        struct access_principal anna = somebody(&grant);
        enum err_code of_others = role == ROLE_ADMINISTRATOR ? ERR_OK : ERR_FORBIDDEN;
        cr_expect_eq(decide_tokens(&anna, "anna", false), ERR_OK, "%u", role);
        cr_expect_eq(decide_tokens(&anna, NULL, true), ERR_OK, "whose shows later");
        cr_expect_eq(decide_tokens(&anna, "bert", false), of_others, "%u", role);
        cr_expect_eq(decide_tokens(&anna, NULL, false), of_others, "those of all, %u", role);
        anna.grants = &limited;
        cr_expect_eq(decide_tokens(&anna, "anna", false), ERR_OK, "%u", role);
        cr_expect_eq(decide_tokens(&anna, "bert", false), ERR_FORBIDDEN, "%u", role);
        anna.grants = &grant;
        anna.token = "t";
        cr_expect_eq(decide_tokens(&anna, "anna", false), of_others, "with a token, %u", role);
        anna.token = NULL;
        anna.one_time = true;
        cr_expect_eq(decide_tokens(&anna, "anna", false), ERR_FORBIDDEN, "one-time, %u", role);
    }
    struct access_principal unknown = {.name = ""};
    cr_expect_eq(decide_tokens(&unknown, "", false), ERR_UNAUTHENTICATED);
    cr_expect_eq(decide_tokens(&unknown, NULL, true), ERR_UNAUTHENTICATED);
}

Test(access, whoever_has_no_role_may_do_nothing_and_whoever_is_not_known_is_asked)
{
    struct access_principal known = somebody(NULL);
    struct access_principal unknown = {.name = ""};
    cr_expect_eq(decide(&known, RIGHT_READ, ACCESS_MODEL, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&unknown, RIGHT_READ, ACCESS_MODEL, NULL), ERR_UNAUTHENTICATED);
    cr_expect_eq(decide(&unknown, RIGHT_SELF, ACCESS_SERVER, NULL), ERR_UNAUTHENTICATED);
    cr_expect_eq(decide(&unknown, RIGHT_NONE, ACCESS_SERVER, NULL), ERR_OK);
    unknown.unrestricted = true;
    cr_expect_eq(decide(&unknown, RIGHT_ADMINISTER, ACCESS_SERVER, NULL), ERR_OK);
    cr_expect_eq(decide(NULL, RIGHT_ADMINISTER, ACCESS_SERVER, NULL), ERR_OK,
        "who has the files of the store");
}

Test(access, a_role_for_one_family_changes_that_family_and_reads_the_rest)
{
    const struct access_grant grant = {ROLE_MODELLER, ACCESS_LIMIT_FAMILY, "idta-02006"};
    struct access_principal anna = somebody(&grant);
    cr_expect_eq(decide(&anna, RIGHT_UPDATE, ACCESS_TEMPLATE, "idta-02006"), ERR_OK);
    cr_expect_eq(decide(&anna, RIGHT_UPDATE, ACCESS_TEMPLATE, "idta-02003"), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_UPDATE, ACCESS_TEMPLATE, "idta-0200"), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_UPDATE, ACCESS_TEMPLATE, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_UPDATE, ACCESS_CONCEPT, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_READ, ACCESS_TEMPLATE, "idta-02003"), ERR_OK);
    cr_expect_eq(decide(&anna, RIGHT_READ, ACCESS_MODEL, NULL), ERR_OK);
    struct err err;
    const struct access_object undecided = {.cls = ACCESS_TEMPLATE, .undecided = true};
    cr_expect_eq(access_decide(&anna, RIGHT_UPDATE, &undecided, NULL, &err), ERR_OK,
        "decided again when the family is known");
    cr_expect_eq(access_decide(&anna, RIGHT_PUBLISH, &undecided, NULL, &err), ERR_FORBIDDEN);
}

Test(access, an_administrator_of_one_family_administers_no_users)
{
    const struct access_grant grant = {ROLE_ADMINISTRATOR, ACCESS_LIMIT_FAMILY, "idta-02006"};
    struct access_principal anna = somebody(&grant);
    cr_expect_eq(decide(&anna, RIGHT_PUBLISH, ACCESS_TEMPLATE, "idta-02006"), ERR_OK);
    cr_expect_eq(decide(&anna, RIGHT_ADMINISTER, ACCESS_SERVER, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_DELETE, ACCESS_MODEL, NULL), ERR_FORBIDDEN);
}

Test(access, a_token_may_do_what_both_it_and_its_user_may)
{
    const struct access_grant administrator = {ROLE_ADMINISTRATOR, ACCESS_UNLIMITED, ""};
    const struct access_grant integrator = {ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""};
    const struct access_grant modeller = {ROLE_MODELLER, ACCESS_UNLIMITED, ""};
    struct access_principal owner = somebody(&modeller);
    struct access_principal token = somebody(&administrator);
    token.token = "t";
    token.owner = &owner;
    cr_expect_eq(decide(&token, RIGHT_UPDATE, ACCESS_TEMPLATE, NULL), ERR_OK);
    cr_expect_eq(decide(&token, RIGHT_UPDATE, ACCESS_MODEL, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&token, RIGHT_ADMINISTER, ACCESS_SERVER, NULL), ERR_FORBIDDEN);
    token.grants = &integrator;
    cr_expect_eq(decide(&token, RIGHT_UPDATE, ACCESS_TEMPLATE, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&token, RIGHT_READ, ACCESS_MODEL, NULL), ERR_OK);
}

Test(access, with_a_one_time_password_nothing_is_allowed_but_changing_it)
{
    const struct access_grant administrator = {ROLE_ADMINISTRATOR, ACCESS_UNLIMITED, ""};
    struct access_principal anna = somebody(&administrator);
    anna.one_time = true;
    cr_expect_eq(decide(&anna, RIGHT_READ, ACCESS_MODEL, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_ADMINISTER, ACCESS_SERVER, NULL), ERR_FORBIDDEN);
    cr_expect_eq(decide(&anna, RIGHT_SELF, ACCESS_SERVER, NULL), ERR_OK);
    cr_expect_eq(decide(&anna, RIGHT_NONE, ACCESS_SERVER, NULL), ERR_OK);
}

Test(access, a_refusal_says_who_what_and_on_what)
{
    static const struct {
        enum access_class cls;
        const char *family;
        const char *text;
    } rows[] = {{ACCESS_ANYTHING, NULL, "anna does not have the right \"update\""},
        {ACCESS_MODEL, NULL, "anna does not have the right \"update\" on shells and submodels"},
        {ACCESS_TEMPLATE, "press",
            "anna does not have the right \"update\" on templates, family press"}};
    const struct access_principal anna = somebody(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = {0};
        const struct access_object object = {.cls = rows[i].cls, .family = rows[i].family};
        cr_expect_eq(access_decide(&anna, RIGHT_UPDATE, &object, NULL, &err), ERR_FORBIDDEN);
        cr_expect_str_eq(err.text, rows[i].text);
    }
}

Test(access, a_refusal_says_when_only_the_token_lacks_the_right)
{
    static const char token_lacks[] =
        "This token has fewer roles than its user; use one that has the right.";
    const struct access_grant reader = {ROLE_READER, ACCESS_UNLIMITED, ""};
    const struct access_grant integrator = {ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""};
    const struct access_object model = {.cls = ACCESS_MODEL};
    const struct access_object template = {.cls = ACCESS_TEMPLATE};
    struct access_principal owner = somebody(&integrator);
    struct access_principal token = somebody(&reader);
    struct err err = {0};
    token.token = "t";
    token.owner = &owner;
    cr_expect_eq(access_decide(&token, RIGHT_UPDATE, &model, NULL, &err), ERR_FORBIDDEN);
    cr_expect_str_eq(err.remedy, token_lacks);
    cr_expect_eq(access_decide(&token, RIGHT_UPDATE, &template, NULL, &err), ERR_FORBIDDEN);
    cr_expect_str_neq(err.remedy, token_lacks, "its user has it neither");
}

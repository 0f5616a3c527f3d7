/* SPDX-License-Identifier: Apache-2.0 */
/* Users, tokens and grants in a store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry/keys.h"
#include "registry/users.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(users, .init = fixture_start, .fini = fixture_stop);

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static const struct access_grant administrator[] = {{ROLE_ADMINISTRATOR, ACCESS_UNLIMITED, ""}};
static const struct access_grant reader[] = {{ROLE_READER, ACCESS_UNLIMITED, ""}};

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static enum err_code add(struct registry *registry, const char *name, const char *password,
    const struct access_grant *grants, struct err *err)
{
    const struct user_new user = {name, password, grants, 1, false};
    return users_add(registry, &user, NULL, err);
}

/* The user as stored, in an arena that the test leaves to its end. */
static struct user stored(struct registry *registry, const char *name)
{
    static struct arena arena;
    struct registry_view view;
    struct user user = {.name = NULL};
    struct err err = {0};
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, &err), ERR_OK);
    cr_assert_eq(users_find(&view.txn, &arena, name, &user, &err), ERR_OK, "%s", err.text);
    registry_view_end(&view);
    return user;
}

static enum err_code by_secret(struct registry *registry, const char *secret, struct token *token)
{
    static struct arena arena;
    struct registry_view view;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    enum err_code code = tokens_find_secret(&view.txn, &arena, secret, token, NULL);
    registry_view_end(&view);
    return code;
}

static size_t history(struct registry *registry, const char *id, struct registry_revision **list)
{
    static struct arena arena;
    struct registry_view view;
    struct err err = {0};
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, &err), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_ACCOUNT, id, strlen(id), 0, 0, list, &count, &err),
        ERR_OK, "%s", err.text);
    registry_view_end(&view);
    return count;
}

Test(users, a_password_is_known_again_and_no_other)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(add(registry, "anna", "correct horse", reader, &err), ERR_OK, "%s", err.text);
    struct user user = stored(registry, "anna");
    cr_expect(users_check(user.hash, "correct horse"));
    cr_expect_not(users_check(user.hash, "correct horsf"));
    cr_expect_not(users_check(users_no_hash(), "correct horse"));
    cr_expect_eq(strncmp(user.hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31), 0, "%s", user.hash);
    cr_expect_eq(strncmp(users_no_hash(), user.hash, 31), 0, "costs as much as any other");
    cr_expect_eq(user.grant_count, 1);
    cr_expect_eq(user.grants[0].role, ROLE_READER);
    cr_expect_not(user.one_time || user.disabled);
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, names_and_passwords_that_cannot_be_are_refused_with_a_sentence)
{
    static const struct {
        const char *name;
        const char *password;
        const char *said;
    } cases[] = {
        {"", "long enough pw", "no name"},
        {"a/b", "long enough pw", "no name"},
        {"-a", "long enough pw", "no name"},
        {"a:b", "long enough pw", "no name"},
        {"anna", "short", "at least 10 characters"},
        {"anna", "\xEA\xB0\x80\xEA\xB0\x80\xEA\xB0\x80\xEA\xB0\x80", "at least 10 characters"},
        {"anna", "bad \xFF bytes here", "UTF-8"},
        {"anna", "with a\ttabulator", "control characters"},
        {"annaannaanna", "annaannaanna", "must not be the name"},
    };
    struct registry *registry = fixture_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        cr_expect_eq(add(registry, cases[i].name, cases[i].password, reader, &err), ERR_BAD_INPUT);
        cr_expect_not_null(strstr(err.text, cases[i].said), "%s: %s", cases[i].name, err.text);
    }
    registry_close(registry);
}

Test(users, a_user_has_a_role_and_a_name_of_its_own)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    const struct user_new without = {.name = "nobody", .password = "long enough pw"};
    cr_expect_eq(users_add(registry, &without, NULL, &err), ERR_BAD_INPUT);
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    cr_expect_eq(add(registry, "anna", "another long pw", reader, &err), ERR_EXISTS);
    cr_expect(users_check(stored(registry, "anna").hash, "long enough pw"), "as it was");
    registry_close(registry);
}

static enum err_code add_token(struct registry *registry, const char *name, const char *user,
    const struct registry_author *author, char secret[TOKENS_SECRET], struct err *err)
{
    const struct token_new token = {.name = name, .user = user, .expires_ms = now_ms() + DAY_MS};
    return tokens_add(registry, &token, author, secret, err);
}

Test(users, who_is_removed_leaves_a_history_and_no_secret)
{
    struct registry *registry = fixture_open();
    struct registry_revision *list = NULL;
    const struct registry_author chief = {.name = "chief", .message = "has left"};
    struct err err = {0};
    char secret[TOKENS_SECRET];
    char other[TOKENS_SECRET];
    struct token token;
    cr_assert_eq(add(registry, "chief", "long enough pw", administrator, &err), ERR_OK);
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    cr_assert_eq(add(registry, "annab", "long enough pw", reader, &err), ERR_OK);
    cr_assert_eq(add_token(registry, "b", "annab", NULL, other, &err), ERR_OK);
    for (int i = 0; i < 120; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%d", i);
        cr_assert_eq(add_token(registry, name, "anna", NULL, secret, &err), ERR_OK);
    }
    cr_assert_eq(users_remove(registry, "anna", &chief, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(by_secret(registry, secret, &token), ERR_NOT_FOUND);
    cr_expect_eq(by_secret(registry, other, &token), ERR_OK, "that of somebody else");
    cr_expect_eq(users_remove(registry, "anna", &chief, &err), ERR_NOT_FOUND);
    cr_assert_eq(history(registry, "user/anna", &list), 2);
    cr_expect_str_eq(list[0].operation, "remove");
    cr_expect_str_eq(list[0].author, "chief");
    cr_expect_str_eq(list[0].message, "has left");
    cr_expect_str_eq(list[1].operation, "add");
    cr_assert_eq(history(registry, "token/t119", &list), 2);
    cr_expect_str_eq(list[0].operation, "revoke");
    cr_expect_str_eq(list[0].summary, "anna is removed");
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, the_name_of_somebody_removed_is_given_to_nobody_else)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char secret[TOKENS_SECRET];
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    cr_assert_eq(users_remove(registry, "anna", NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(add(registry, "anna", "another long pw", reader, &err), ERR_EXISTS);
    cr_expect_str_eq(err.text, "there was a user with the name \"anna\"");
    cr_expect_eq(
        users_set_password(registry, "anna", "another long pw", false, NULL, &err), ERR_NOT_FOUND);
    cr_expect_eq(users_set_disabled(registry, "anna", false, NULL, &err), ERR_NOT_FOUND);
    cr_expect_eq(add_token(registry, "t", "anna", NULL, secret, &err), ERR_NOT_FOUND);
    cr_expect_eq(add(registry, "Anna", "another long pw", reader, &err), ERR_OK);
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, the_last_administrator_is_not_removed)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(add(registry, "anna", "long enough pw", administrator, &err), ERR_OK);
    cr_assert_eq(add(registry, "bert", "long enough pw", administrator, &err), ERR_OK);
    cr_assert_eq(users_remove(registry, "anna", NULL, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(users_remove(registry, "bert", NULL, &err), ERR_EXISTS);
    cr_expect_not_null(strstr(err.text, "bert is the last administrator"), "%s", err.text);
    cr_expect(users_check(stored(registry, "bert").hash, "long enough pw"));
    registry_close(registry);
}

Test(users, nobody_but_administrators_takes_all_the_room_for_tokens)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char secret[TOKENS_SECRET];
    const struct access_principal anna = {
        .name = "anna", .known = true, .grants = reader, .grant_count = 1};
    const struct access_principal chief = {
        .name = "chief", .known = true, .grants = administrator, .grant_count = 1};
    const struct registry_author by_anna = {.name = "anna", .principal = &anna};
    const struct registry_author by_chief = {.name = "chief", .principal = &chief};
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    cr_expect_eq(add_token(registry, "x", "chief", &by_anna, secret, &err), ERR_FORBIDDEN);
    for (int i = 0; i < TOKENS_OF_ONE; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%d", i);
        cr_assert_eq(add_token(registry, name, "anna", &by_anna, secret, &err), ERR_OK);
    }
    cr_expect_eq(add_token(registry, "x", "anna", &by_anna, secret, &err), ERR_TOO_LARGE);
    cr_expect_str_eq(err.text, "anna has 50 tokens already");
    cr_expect_eq(add_token(registry, "x", "anna", &by_chief, secret, &err), ERR_OK);
    cr_assert_eq(tokens_revoke(registry, "t0", &by_anna, &err), ERR_OK);
    cr_assert_eq(tokens_revoke(registry, "x", &by_anna, &err), ERR_OK);
    cr_expect_eq(add_token(registry, "x", "anna", &by_anna, secret, &err), ERR_OK);
    registry_close(registry);
}

Test(users, the_last_administrator_stays_one)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    cr_assert_eq(add(registry, "anna", "long enough pw", administrator, &err), ERR_OK);
    cr_assert_eq(add(registry, "bert", "long enough pw", reader, &err), ERR_OK);
    cr_expect_eq(users_set_disabled(registry, "anna", true, NULL, &err), ERR_EXISTS);
    cr_expect_not_null(strstr(err.text, "anna is the last administrator"), "%s", err.text);
    cr_expect_eq(users_set_grants(registry, "anna", reader, 1, NULL, &err), ERR_EXISTS);
    cr_expect_not(stored(registry, "anna").disabled);
    const struct access_grant limited[] = {{ROLE_ADMINISTRATOR, ACCESS_LIMIT_FAMILY, "f"}};
    cr_assert_eq(users_set_grants(registry, "bert", limited, 1, NULL, &err), ERR_OK);
    cr_expect_eq(users_set_disabled(registry, "anna", true, NULL, &err), ERR_EXISTS,
        "who is limited to a family gives no roles");
    cr_assert_eq(users_set_grants(registry, "bert", administrator, 1, NULL, &err), ERR_OK);
    cr_assert_eq(users_set_disabled(registry, "anna", true, NULL, &err), ERR_OK, "%s", err.text);
    cr_expect(stored(registry, "anna").disabled);
    cr_expect_eq(users_set_disabled(registry, "bert", true, NULL, &err), ERR_EXISTS,
        "a disabled administrator does not count");
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, the_first_administrator_is_made_once_and_must_change_the_password)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char password[USERS_ONE_TIME] = "";
    char other[USERS_ONE_TIME] = "";
    bool made = false;
    cr_assert_eq(users_add_first(registry, password, &made, &err), ERR_OK, "%s", err.text);
    cr_assert(made);
    struct user user = stored(registry, "administrator");
    cr_expect(user.one_time);
    cr_expect(users_check(user.hash, password));
    cr_expect_eq(strlen(password), 23);
    cr_assert_eq(users_add_first(registry, other, &made, &err), ERR_OK);
    cr_expect_not(made);
    cr_assert_eq(
        users_set_password(registry, "administrator", "my own password", false, NULL, &err),
        ERR_OK);
    user = stored(registry, "administrator");
    cr_expect_not(user.one_time);
    cr_expect(users_check(user.hash, "my own password"));
    cr_expect_not(users_check(user.hash, password));
    registry_close(registry);
}

Test(users, a_token_is_found_by_its_secret_until_it_is_revoked)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char secret[TOKENS_SECRET] = "";
    struct token token;
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    const struct token_new wanted = {.name = "line-3",
        .user = "anna",
        .grants = reader,
        .grant_count = 1,
        .expires_ms = now_ms() + DAY_MS};
    cr_assert_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_OK, "%s", err.text);
    cr_expect_eq(strlen(secret), 47);
    cr_expect_eq(strncmp(secret, "jig_", 4), 0);
    cr_assert_eq(by_secret(registry, secret, &token), ERR_OK);
    cr_expect_str_eq(token.name, "line-3");
    cr_expect_str_eq(token.user, "anna");
    cr_expect_eq(token.expires_ms, wanted.expires_ms);
    cr_expect_eq(token.grant_count, 1);
    cr_expect_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_EXISTS);
    cr_assert_eq(tokens_revoke(registry, "line-3", NULL, &err), ERR_OK);
    cr_expect_eq(by_secret(registry, secret, &token), ERR_NOT_FOUND);
    cr_expect_eq(tokens_revoke(registry, "line-3", NULL, &err), ERR_NOT_FOUND);
    cr_assert_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_OK, "a name is free again");
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, a_token_has_an_owner_and_an_end_and_makes_no_others)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    char secret[TOKENS_SECRET] = "";
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    struct token_new wanted = {.name = "t", .user = "bert", .expires_ms = now_ms() + DAY_MS};
    cr_expect_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_NOT_FOUND);
    wanted.user = "anna";
    wanted.expires_ms = now_ms() - 1000;
    cr_expect_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_BAD_INPUT);
    wanted.expires_ms = now_ms() + 4000 * DAY_MS;
    cr_expect_eq(tokens_add(registry, &wanted, NULL, secret, &err), ERR_BAD_INPUT);
    wanted.expires_ms = now_ms() + DAY_MS;
    const struct access_principal shown = {.name = "anna", .token = "other", .known = true};
    const struct registry_author author = {.name = "anna", .principal = &shown};
    cr_expect_eq(tokens_add(registry, &wanted, &author, secret, &err), ERR_FORBIDDEN);
    cr_expect_str_eq(secret, "");
    registry_close(registry);
}

Test(users, everything_done_to_an_account_stands_in_its_history)
{
    static const char *const operations[] = {
        "refused", "enable", "disable", "grants", "password", "add"};
    struct registry *registry = fixture_open();
    struct err err = {0};
    const struct registry_author author = {.name = "chief"};
    const struct access_principal anna = {.name = "anna", .known = true};
    const struct user_new user = {"anna", "long enough pw", reader, 1, false};
    struct registry_revision *list = NULL;
    cr_assert_eq(users_add(registry, &user, &author, &err), ERR_OK);
    cr_assert_eq(
        users_set_password(registry, "anna", "another long pw", true, &author, &err), ERR_OK);
    const struct access_grant modeller[] = {{ROLE_MODELLER, ACCESS_LIMIT_FAMILY, "idta-02006"}};
    cr_assert_eq(users_set_grants(registry, "anna", modeller, 1, &author, &err), ERR_OK);
    cr_assert_eq(users_set_disabled(registry, "anna", true, &author, &err), ERR_OK);
    cr_assert_eq(users_set_disabled(registry, "anna", false, &author, &err), ERR_OK);
    cr_assert_eq(users_note_refusal(registry, &anna, "delete on shells", &err), ERR_OK);
    cr_assert_eq(history(registry, "user/anna", &list), 6);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_str_eq(list[i].operation, operations[i]);
        cr_expect_str_eq(list[i].author, i == 0 ? "anna" : "chief");
        cr_expect_null(strstr(list[i].summary, "long"), "no password: %s", list[i].summary);
    }
    cr_expect_str_eq(list[0].summary, "delete on shells");
    cr_expect_str_eq(list[3].summary, "roles: modeller:family=idta-02006");
    fixture_verify(registry);
    registry_close(registry);
}

Test(users, grants_are_read_as_they_are_written)
{
    struct users_grants grants = {.count = 0};
    struct err err = {0};
    struct buf text;
    const char *good =
        "integrator,modeller:family=idta-02006,reviewer:category=\xEA\xB8\x88\xED\x98\x95";
    cr_assert_eq(users_grants_add(&grants, good, strlen(good), &err), ERR_OK, "%s", err.text);
    cr_assert_eq(grants.count, 3);
    cr_expect_eq(grants.list[1].limit, ACCESS_LIMIT_FAMILY);
    cr_expect_str_eq(grants.list[1].value, "idta-02006");
    cr_expect_eq(grants.list[2].limit, ACCESS_LIMIT_CATEGORY);
    buf_init(&text, 1000);
    users_grants_write(&text, grants.list, grants.count);
    cr_expect_str_eq(buf_text(&text), good);
    buf_finish(&text);
    static const char *const bad[] = {"", "owner", "modeller:", "modeller:family",
        "modeller:family=", "modeller:site=3", "Reader"};
    for (size_t i = 1; i < sizeof bad / sizeof *bad; i++) {
        struct users_grants other = {.count = 0};
        cr_expect_eq(
            users_grants_add(&other, bad[i], strlen(bad[i]), &err), ERR_BAD_INPUT, "%s", bad[i]);
    }
}

Test(users, accounts_are_listed_by_name_and_kept_when_the_store_is_opened_again)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    struct user *users = NULL;
    size_t count = 0;
    struct registry_view view;
    struct arena arena;
    cr_assert_eq(add(registry, "chris", "long enough pw", reader, &err), ERR_OK);
    cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
    cr_assert_eq(add(registry, "ann", "long enough pw", reader, &err), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(registry, &view, &err), ERR_OK);
    cr_expect(users_any(&view.txn));
    cr_assert_eq(users_list(&view.txn, &arena, "", 100, &users, &count, &err), ERR_OK);
    cr_assert_eq(count, 3);
    cr_expect_str_eq(users[0].name, "ann");
    cr_expect_str_eq(users[1].name, "anna");
    cr_expect_str_eq(users[2].name, "chris");
    cr_assert_eq(users_list(&view.txn, &arena, "ann", 1, &users, &count, &err), ERR_OK);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(users[0].name, "anna");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ verification */

struct damage {
    enum key_account kind;
    const char *name;
    const char *value; /* NULL: the row is removed */
    size_t len;
};

static enum err_code do_damage(struct store_txn *txn, void *context, struct err *err)
{
    const struct damage *damage = context;
    struct store_key key;
    (void)err;
    key_account(&key, damage->kind, damage->name);
    return damage->value == NULL
               ? store_delete(txn, STORE_USERS, key.bytes, key.len)
               : store_put(txn, STORE_USERS, key.bytes, key.len, damage->value, damage->len);
}

static void hear(void *context, const char *text)
{
    strncat(context, text, 1000);
}

Test(users, an_account_that_did_not_come_in_by_the_front_door_is_found)
{
    static const struct {
        struct damage damage;
        const char *said;
    } cases[] = {
        {{KEY_USER, "mallory", "x", 1}, "user/mallory: it has no history"},
        {{KEY_USER, "anna", "x", 1}, "user 'anna': it is damaged"},
        {{KEY_TOKEN, "t", NULL, 0}, "a secret of a token leads to none"},
        {{KEY_USER, "anna", NULL, 0}, "token 't': there is no user 'anna'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct damage damage = cases[i].damage;
        struct registry_verification found;
        char secret[TOKENS_SECRET];
        char said[8000] = "";
        fixture_stop();
        fixture_start();
        struct registry *registry = fixture_open();
        cr_assert_eq(add(registry, "anna", "long enough pw", reader, &err), ERR_OK);
        const struct token_new token = {
            .name = "t", .user = "anna", .expires_ms = now_ms() + DAY_MS};
        cr_assert_eq(tokens_add(registry, &token, NULL, secret, &err), ERR_OK);
        fixture_verify(registry);
        cr_assert_eq(store_write(registry_store(registry), do_damage, &damage, &err), ERR_OK);
        cr_assert_eq(registry_verify(registry, hear, said, &found, &err), ERR_OK);
        cr_expect_gt(found.problems, 0);
        cr_expect_not_null(strstr(said, cases[i].said), "%zu: %s", i, said);
        registry_close(registry);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A guarded server: passwords, tokens, guesses, what is put down, and users over REST. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "registry/users.h"
#include "tests/api/accounts.h"
#include "tests/support/corpus.h"

#define SUBMODEL "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":\"A\"}"

static struct answer get(struct test_server *server, const char *target, const char *headers)
{
    return client_ask(server->port, "GET", target, headers, NULL);
}

static int status_of(struct test_server *server, const char *target, const char *headers)
{
    return client_status(server->port, "GET", target, headers, NULL);
}

/* Guarded, and nobody unknown may do anything. */
static void up(struct test_server *server)
{
    const struct api_server_options options = {.anonymous = "none"};
    server_up_guarded(server, &options);
}

static unsigned long checks(struct test_server *server, const char *headers)
{
    struct answer answer = get(server, "/metrics", headers);
    const char *row = strstr(answer.body, "\njig_password_checks_total ");
    cr_assert_not_null(row, "%s", answer.body);
    unsigned long count = strtoul(row + strlen("\njig_password_checks_total "), NULL, 10);
    answer_free(&answer);
    return count;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

/* ------------------------------------------------------------------ who one is */

Test(accounts, a_refusal_says_both_ways_to_say_who_one_is)
{
    struct test_server server;
    up(&server);
    struct answer answer = get(&server, "/submodels", "Origin: http://localhost:3000\r\n");
    cr_expect_eq(answer.status, 401);
    cr_expect_not_null(
        strstr(answer.head, "WWW-Authenticate: Basic realm=\"Jig\", charset=\"UTF-8\"\r\n"));
    cr_expect_not_null(strstr(answer.head, "WWW-Authenticate: Bearer realm=\"Jig\"\r\n"));
    cr_expect_not_null(strstr(answer.body, "\"code\":\"ClientNotAuthorized\""));
    cr_expect_str_eq(answer_field(&answer, "Access-Control-Allow-Origin"), "*");
    answer_free(&answer);
    server_down(&server);
}

Test(accounts, a_name_and_a_password_or_a_token_open_the_server)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "rita", "reader");
    account_user(server.registry, "\x6a\x75\x6e", "reader");
    struct err err;
    cr_assert_eq(
        users_set_password(server.registry, "jun", "비밀번호는 길어야 한다", false, NULL, &err),
        ERR_OK);
    const char *token = account_token(server.registry, "t", "rita", 3600);
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pw")), 200);
    cr_expect_eq(
        status_of(&server, "/submodels", account_basic("jun", "비밀번호는 길어야 한다")), 200);
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pW")), 401);
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rito", "long enough pw")), 401);
    cr_expect_eq(status_of(&server, "/submodels", token), 200);
    cr_expect_eq(
        client_status(server.port, "POST", "/submodels", token, SUBMODEL), 403, "reads only");
    server_down(&server);
}

Test(accounts, what_cannot_be_read_is_401_and_never_something_else)
{
    static const char *const fields[] = {"Authorization: \r\n", "Authorization: Basic\r\n",
        "Authorization: Basic !!!!\r\n", "Authorization: Basic cml0YQ==\r\n",
        "Authorization: Basic cml0YTpsAG9uZw==\r\n", "Authorization: Bearer\r\n",
        "Authorization: Bearer jig_\r\n", "Authorization: Bearer x\r\n",
        "Authorization: Digest username=\"rita\"\r\n", "Authorization: cml0YTp4\r\n",
        "Authorization: Bearer jig_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"};
    struct test_server server;
    up(&server);
    account_user(server.registry, "rita", "reader");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        cr_expect_eq(status_of(&server, "/submodels", fields[i]), 401, "%s", fields[i]);
    }
    cr_expect_eq(status_of(&server, "/health", "Authorization: Basic !!!!\r\n"), 200,
        "what needs no right asks for nothing");
    server_down(&server);
}

Test(accounts, whoami_tells_name_token_and_roles)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "mona", "modeller");
    struct answer answer = get(&server, "/whoami", account_basic("mona", "long enough pw"));
    cr_expect_eq(answer.status, 200);
    cr_expect_str_eq(answer.body,
        "{\"name\":\"mona\",\"known\":true,\"hasOneTimePassword\":false,\"unrestricted\":false,"
        "\"roles\":[\"modeller\"]}");
    cr_expect_str_eq(answer_field(&answer, "Cache-Control"), "no-store");
    answer_free(&answer);
    answer = get(&server, "/whoami", account_token(server.registry, "line-3", "mona", 3600));
    cr_expect_not_null(strstr(answer.body, "\"name\":\"mona\",\"token\":\"line-3\""));
    answer_free(&answer);
    server_down(&server);
}

Test(accounts, a_token_ends_with_its_time_with_its_user_and_when_it_is_revoked)
{
    struct test_server server;
    struct err err;
    up(&server);
    account_user(server.registry, "chief", "administrator");
    account_user(server.registry, "rita", "reader");
    char lasting[200];
    char revoked[200];
    snprintf(lasting, sizeof lasting, "%s", account_token(server.registry, "a", "rita", 3600));
    snprintf(revoked, sizeof revoked, "%s", account_token(server.registry, "b", "rita", 3600));
    const char *brief = account_token(server.registry, "c", "rita", 2);
    cr_expect_eq(status_of(&server, "/submodels", brief), 200);
    cr_expect_eq(status_of(&server, "/submodels", revoked), 200);
    cr_assert_eq(tokens_revoke(server.registry, "b", NULL, &err), ERR_OK);
    cr_expect_eq(status_of(&server, "/submodels", revoked), 401);
    sleep(3);
    struct answer answer = get(&server, "/submodels", brief);
    cr_expect_eq(answer.status, 401);
    cr_expect_not_null(strstr(answer.body, "the token has expired"), "%s", answer.body);
    answer_free(&answer);
    cr_expect_eq(status_of(&server, "/submodels", lasting), 200);
    cr_assert_eq(users_set_disabled(server.registry, "rita", true, NULL, &err), ERR_OK);
    cr_expect_eq(status_of(&server, "/submodels", lasting), 401);
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pw")), 401);
    cr_assert_eq(users_set_disabled(server.registry, "rita", false, NULL, &err), ERR_OK);
    cr_expect_eq(status_of(&server, "/submodels", lasting), 200);
    cr_assert_eq(users_remove(server.registry, "rita", NULL, &err), ERR_OK);
    cr_expect_eq(status_of(&server, "/submodels", lasting), 401);
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pw")), 401);
    server_down(&server);
}

Test(accounts, a_token_of_ones_own_gives_no_more_than_one_has)
{
    static const char wish[] = "{\"name\":\"mine\",\"roles\":[\"administrator\"],"
                               "\"expires\":\"2030-01-01T00:00:00Z\"}";
    struct test_server server;
    char field[200];
    up(&server);
    account_user(server.registry, "ines", "integrator");
    const char *ines = account_basic("ines", "long enough pw");
    struct answer answer = client_ask(server.port, "POST", "/tokens", ines, wish);
    cr_assert_eq(answer.status, 201, "%s", answer.body);
    const char *secret = strstr(answer.body, "jig_");
    cr_assert_not_null(secret, "%s", answer.body);
    snprintf(field, sizeof field, "Authorization: Bearer %.47s\r\n", secret);
    answer_free(&answer);
    cr_expect_eq(client_status(server.port, "POST", "/submodels", field, SUBMODEL), 201);
    cr_expect_eq(status_of(&server, "/users", field), 403);
    cr_expect_eq(status_of(&server, "/tokens", field), 403, "only with the password");
    cr_expect_eq(client_status(server.port, "POST", "/tokens", field, wish), 403);
    answer = client_ask(server.port, "POST", "/tokens", "", wish);
    cr_expect_eq(answer.status, 401);
    answer_free(&answer);
    server_down(&server);
}

Test(accounts, a_new_password_or_role_holds_for_the_next_request)
{
    static const struct access_grant integrator[] = {{ROLE_INTEGRATOR, ACCESS_UNLIMITED, ""}};
    struct test_server server;
    struct err err;
    up(&server);
    account_user(server.registry, "ines", "reader");
    const char *before = account_basic("ines", "long enough pw");
    const char *after = account_basic("ines", "another good one");
    cr_expect_eq(client_status(server.port, "POST", "/submodels", before, SUBMODEL), 403);
    cr_assert_eq(users_set_grants(server.registry, "ines", integrator, 1, NULL, &err), ERR_OK);
    cr_expect_eq(client_status(server.port, "POST", "/submodels", before, SUBMODEL), 201);
    cr_assert_eq(
        users_set_password(server.registry, "ines", "another good one", false, NULL, &err), ERR_OK);
    cr_expect_eq(status_of(&server, "/submodels", before), 401);
    cr_expect_eq(status_of(&server, "/submodels", after), 200);
    server_down(&server);
}

Test(accounts, the_name_stands_in_the_history)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "ines", "integrator");
    const char *ines = account_basic("ines", "long enough pw");
    cr_assert_eq(client_status(server.port, "POST", "/submodels", ines, SUBMODEL), 201);
    struct answer answer = get(&server, "/submodels/dXJuOmE/$history", ines);
    cr_expect_not_null(strstr(answer.body, "\"author\":\"ines\""), "%s", answer.body);
    answer_free(&answer);
    server_down(&server);
}

Test(accounts, a_refusal_is_told_in_the_language_that_is_asked_for)
{
    struct test_server server;
    char fields[300];
    up(&server);
    account_user(server.registry, "rita", "reader");
    struct answer answer = get(&server, "/shells", "Accept-Language: ko\r\n");
    cr_expect_not_null(
        strstr(answer.body, "셸과 서브모델에 대한 \\\"read\\\" 권한에는 사용자 또는 토큰이 "
                            "필요합니다. 요청과 함께"),
        "%s", answer.body);
    answer_free(&answer);
    snprintf(fields, sizeof fields, "Accept-Language: de\r\n%s",
        account_basic("rita", "long enough pw"));
    answer = client_ask(server.port, "POST", "/shells", fields, "{}");
    cr_expect_not_null(
        strstr(answer.body, "rita hat das Recht \\\"create\\\" auf Shells und Submodelle nicht. "
                            "Bitten Sie"),
        "%s", answer.body);
    answer_free(&answer);
    server_down(&server);
}

/* ------------------------------------------------------------------ open servers */

Test(accounts, an_open_server_lets_everybody_in_and_still_knows_names)
{
    struct test_server server;
    server_up(&server, NULL);
    account_user(server.registry, "rita", "reader");
    const char *wrong = account_basic("rita", "not her password");
    cr_expect_eq(client_status(server.port, "POST", "/submodels", wrong, SUBMODEL), 201);
    cr_expect_eq(status_of(&server, "/users", ""), 200);
    cr_expect_eq(client_status(server.port, "DELETE", "/submodels/dXJuOmE",
                     account_basic("rita", "long enough pw"), NULL),
        204);
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list;
    size_t count = 0;
    struct err err;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(server.registry, &view, &err), ERR_OK);
    cr_assert_eq(
        registry_history(&view, &arena, REGISTRY_SUBMODEL, "urn:a", 5, 0, 0, &list, &count, &err),
        ERR_OK);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(list[0].author, "rita");
    cr_expect_str_eq(list[1].author, "", "who shows a wrong password is nobody");
    registry_view_end(&view);
    arena_finish(&arena);
    server_down(&server);
}

Test(accounts, behind_a_proxy_nobody_unknown_reads_unless_it_is_said)
{
    static const struct api_server_options options[] = {{.anonymous = NULL}, {.trust_proxy = true},
        {.external_url = "https://aas.example"}, {.host_names = "aas"},
        {.trust_proxy = true, .anonymous = "reader"}};
    static const int expected[] = {200, 401, 401, 401, 200};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct test_server server;
        server_up_guarded(&server, &options[i]);
        cr_expect_eq(status_of(&server, "/submodels", ""), expected[i], "%zu", i);
        server_down(&server);
    }
}

Test(accounts, a_server_that_must_not_be_reached_does_not_start)
{
    struct test_server server;
    struct err err = {0};
    struct api_server *other = NULL;
    server_up(&server, NULL);
    struct api_server_options options = {
        .registry = server.registry, .host = "0.0.0.0", .open = true, .threads = 2};
    cr_expect_eq(api_server_start(&options, &other, &err), ERR_BAD_INPUT);
    cr_expect_not_null(strstr(err.text, "loopback only"), "%s", err.text);
    options.open = false;
    cr_expect_eq(api_server_start(&options, &other, &err), ERR_BAD_INPUT, "there are no users");
    cr_expect_not_null(strstr(err.text, "without users"), "%s", err.text);
    options.host = "127.0.0.1";
    options.anonymous = "administrator";
    cr_expect_eq(api_server_start(&options, &other, &err), ERR_BAD_INPUT);
    options.anonymous = "everybody";
    cr_expect_eq(api_server_start(&options, &other, &err), ERR_BAD_INPUT);
    server_down(&server);
}

/* ------------------------------------------------------------------ guessing */

Test(accounts, a_password_is_hashed_once_in_a_while_and_guesses_are_slowed_down, .timeout = 60)
{
    enum { GUESSES = 1000 };
    struct test_server server;
    size_t slowed = 0;
    up(&server);
    account_user(server.registry, "rita", "reader");
    char rita[200];
    snprintf(rita, sizeof rita, "%s", account_basic("rita", "long enough pw"));
    for (int i = 0; i < 50; i++) {
        cr_assert_eq(status_of(&server, "/submodels", rita), 200);
    }
    cr_expect_eq(checks(&server, rita), 1);
    double start = client_now();
    for (int i = 0; i < GUESSES; i++) {
        char guess[40];
        snprintf(guess, sizeof guess, "guess number %d", i);
        struct answer answer = get(&server, "/submodels", account_basic("rita", guess));
        cr_assert(answer.status == 401 || answer.status == 429, "%d", answer.status);
        if (answer.status == 429) {
            const char *after = answer_field(&answer, "Retry-After");
            cr_expect(after != NULL && atoi(after) >= 1 && atoi(after) <= 60, "%s", after);
            slowed++;
        }
        answer_free(&answer);
    }
    unsigned long hashed = checks(&server, rita) - 1;
    cr_expect_lt(hashed, 20, "%lu of the guesses were hashed", hashed);
    cr_expect_gt(slowed, (size_t)GUESSES - 20);
    cr_expect_lt(client_now() - start, 20.0);
    cr_expect_eq(status_of(&server, "/submodels", rita), 200, "who was right stays so");
    server_down(&server);
}

Test(accounts, many_names_from_one_address_are_slowed_down_together, .timeout = 60)
{
    struct test_server server;
    unsigned slowed = 0;
    up(&server);
    account_user(server.registry, "rita", "reader");
    for (int i = 0; i < 60; i++) {
        char name[40];
        snprintf(name, sizeof name, "name%d", i);
        slowed += status_of(&server, "/submodels", account_basic(name, "long enough pw")) == 429;
    }
    cr_expect_gt(slowed, 20);
    server_down(&server);
}

Test(accounts, behind_a_trusted_proxy_each_client_is_counted_for_itself, .timeout = 60)
{
    struct test_server server;
    const struct api_server_options options = {.trust_proxy = true};
    int status = 0;
    char fields[400];
    server_up_guarded(&server, &options);
    account_user(server.registry, "rita", "reader");
    for (int i = 0; i < 12; i++) {
        char guess[40];
        snprintf(guess, sizeof guess, "guess number %d", i);
        snprintf(fields, sizeof fields, "X-Forwarded-For: 10.9.9.9, 10.0.0.1\r\n%s",
            account_basic("rita", guess));
        status = status_of(&server, "/submodels", fields);
    }
    cr_expect_eq(status, 429);
    snprintf(fields, sizeof fields, "X-Forwarded-For: 10.9.9.9, 10.0.0.2\r\n%s",
        account_basic("rita", "long enough pw"));
    cr_expect_eq(status_of(&server, "/submodels", fields), 200);
    server_down(&server);
}

Test(accounts, the_same_wrong_password_again_is_no_other_guess)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "rita", "reader");
    const char *old = account_basic("rita", "an old password");
    for (int i = 0; i < 30; i++) {
        cr_expect_eq(status_of(&server, "/submodels", old), 401);
    }
    cr_expect_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pw")), 200);
    server_down(&server);
}

/* ------------------------------------------------------------------ what is put down */

static size_t refusals(struct test_server *server, const char *id)
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list;
    size_t count = 0;
    size_t found = 0;
    struct err err;
    arena_init(&arena, 1 << 20);
    cr_assert_eq(registry_view_begin(server->registry, &view, &err), ERR_OK);
    cr_assert_eq(registry_history(
                     &view, &arena, REGISTRY_ACCOUNT, id, strlen(id), 0, 0, &list, &count, &err),
        ERR_OK, "%s", err.text);
    for (size_t i = 0; i < count; i++) {
        found += strcmp(list[i].operation, "refused") == 0;
    }
    if (found > 0) {
        cr_expect_not_null(
            strstr(list[0].summary, "does not have the right"), "%s", list[0].summary);
    }
    registry_view_end(&view);
    arena_finish(&arena);
    return found;
}

Test(accounts, what_is_refused_to_somebody_known_is_put_down_once_a_minute)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "rita", "reader");
    const char *rita = account_basic("rita", "long enough pw");
    const char *token = account_token(server.registry, "t", "rita", 3600);
    for (int i = 0; i < 20; i++) {
        cr_assert_eq(client_status(server.port, "POST", "/submodels", rita, SUBMODEL), 403);
    }
    cr_expect_eq(refusals(&server, "user/rita"), 1);
    cr_assert_eq(client_status(server.port, "POST", "/shells", rita, "{}"), 403);
    cr_expect_eq(refusals(&server, "user/rita"), 2);
    cr_assert_eq(client_status(server.port, "POST", "/shells", token, "{}"), 403);
    cr_expect_eq(refusals(&server, "user/rita"), 2);
    cr_expect_eq(refusals(&server, "token/t"), 1);
    cr_assert_eq(status_of(&server, "/submodels", account_basic("rita", "wrong password")), 401);
    cr_expect_eq(refusals(&server, "user/rita"), 2, "a stranger writes nothing");
    server_down(&server);
}

Test(accounts, administrators_read_what_was_done_and_refused_to_an_account)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "chief", "administrator");
    account_user(server.registry, "rita", "reader");
    const char *chief = account_basic("chief", "long enough pw");
    const char *rita = account_basic("rita", "long enough pw");
    (void)account_token(server.registry, "t", "rita", 3600);
    cr_assert_eq(client_status(server.port, "DELETE", "/shells/dXJuOmE", rita, NULL), 403);
    cr_assert_eq(client_status(server.port, "DELETE", "/tokens/t", chief, NULL), 204);
    struct answer answer = get(&server, "/users/rita/$history", chief);
    cr_expect_eq(answer.status, 200, "%s", answer.body);
    cr_expect_not_null(
        strstr(answer.body, "\"operation\":\"refused\",\"author\":\"rita\",\"summary\":\"DELETE "
                            "/shells/dXJuOmE: rita does not have the right"),
        "%s", answer.body);
    cr_expect_not_null(strstr(answer.body, "\"operation\":\"add\""), "%s", answer.body);
    answer_free(&answer);
    answer = get(&server, "/tokens/t/$history", chief);
    cr_expect_not_null(
        strstr(answer.body, "\"operation\":\"revoke\",\"author\":\"chief\""), "%s", answer.body);
    answer_free(&answer);
    cr_expect_eq(status_of(&server, "/users/nobody/$history", chief), 404);
    cr_expect_eq(status_of(&server, "/users/rita/$history", rita), 403);
    server_down(&server);
}

Test(accounts, nobody_fills_the_disk_by_being_refused)
{
    struct test_server server;
    up(&server);
    account_user(server.registry, "rita", "reader");
    const char *rita = account_basic("rita", "long enough pw");
    for (int i = 0; i < 150; i++) {
        char target[60];
        snprintf(target, sizeof target, "/shells/c2hlbGw%d", i);
        cr_assert_eq(client_status(server.port, "DELETE", target, rita, NULL), 403);
    }
    cr_expect_eq(refusals(&server, "user/rita"), 60);
    server_down(&server);
}

/* ------------------------------------------------------------------ one-time passwords */

Test(accounts, with_a_one_time_password_one_changes_it_and_then_works)
{
    struct test_server server;
    struct err err;
    char password[USERS_ONE_TIME];
    char body[200];
    bool made = false;
    up(&server);
    cr_assert_eq(users_add_first(server.registry, password, &made, &err), ERR_OK);
    const char *first = account_basic("administrator", password);
    struct answer answer = get(&server, "/users", first);
    cr_expect_eq(answer.status, 403);
    cr_expect_not_null(strstr(answer.body, "PUT /whoami/password"), "%s", answer.body);
    answer_free(&answer);
    cr_expect_eq(status_of(&server, "/whoami", first), 200);
    snprintf(body, sizeof body, "{\"old\":\"%s\",\"new\":\"short\"}", password);
    cr_expect_eq(client_status(server.port, "PUT", "/whoami/password", first, body), 400);
    cr_expect_eq(client_status(server.port, "PUT", "/whoami/password", first,
                     "{\"old\":\"guessed\",\"new\":\"my own password\"}"),
        400);
    snprintf(body, sizeof body, "{\"old\":\"%s\",\"new\":\"my own password\"}", password);
    cr_expect_eq(client_status(server.port, "PUT", "/whoami/password", first, body), 204);
    cr_expect_eq(status_of(&server, "/users", first), 401);
    cr_expect_eq(
        status_of(&server, "/users", account_basic("administrator", "my own password")), 200);
    server_down(&server);
}

/* ------------------------------------------------------------------ REST */

struct call {
    const char *method;
    const char *target;
    const char *body;
    int status;
    const char *part; /* of the answer, NULL: any */
};

static void expect_calls(
    struct test_server *server, const char *headers, const struct call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct answer answer =
            client_ask(server->port, calls[i].method, calls[i].target, headers, calls[i].body);
        cr_expect_eq(answer.status, calls[i].status, "%s %s: %d %s", calls[i].method,
            calls[i].target, answer.status, answer.body);
        cr_expect(calls[i].part == NULL || strstr(answer.body, calls[i].part) != NULL, "%s %s: %s",
            calls[i].method, calls[i].target, answer.body);
        answer_free(&answer);
    }
}

Test(accounts, users_are_made_read_changed_and_disabled)
{
    static const struct call calls[] = {
        {"POST", "/users",
            "{\"name\":\"anna\",\"roles\":[\"modeller:family=idta-02006\"],"
            "\"password\":\"long enough pw\"}",
            201, "\"roles\":[\"modeller:family=idta-02006\"]"},
        {"POST", "/users", "{\"name\":\"anna\",\"roles\":[\"reader\"]}", 409, NULL},
        {"POST", "/users", "{\"name\":\"bert\",\"roles\":[\"reader\"]}", 201, "oneTimePassword\":"},
        {"POST", "/users", "{\"name\":\"carl\",\"roles\":[]}", 400, "at least one role"},
        {"POST", "/users", "{\"name\":\"carl\",\"roles\":[\"king\"]}", 400, "no role"},
        {"POST", "/users", "{\"name\":\"carl\",\"role\":\"reader\"}", 400,
            "there is no member \\\"role\\\" here. Known are: name, roles, password, oneTime"},
        {"PUT", "/whoami/password", "{\"oldPassword\":\"x\",\"password\":\"y\"}", 400,
            "Known are: old, new."},
        {"POST", "/users", "{\"name\":\"carl\"}", 400, "\\\"roles\\\" is missing"},
        {"POST", "/users", "{\"name\":7,\"roles\":[\"reader\"]}", 400, "must be a string"},
        {"GET", "/users/bert", NULL, 200, "\"hasOneTimePassword\":true"},
        {"GET", "/users/nobody", NULL, 404, NULL},
        {"GET", "/users?limit=1", NULL, 200, "\"cursor\":"},
        {"PATCH", "/users/anna", "{\"disabled\":true,\"roles\":[\"reader\"]}", 200,
            "\"disabled\":true,\"hasOneTimePassword\":false,\"roles\":[\"reader\"]"},
        {"PATCH", "/users/anna", "{\"disabled\":false}", 200, "\"roles\":[\"reader\"]"},
        {"PATCH", "/users/chief", "{\"disabled\":true}", 409, "last administrator"},
        {"DELETE", "/users/bert", NULL, 204, NULL},
        {"GET", "/users/bert", NULL, 404, NULL},
        {"DELETE", "/users/bert", NULL, 404, NULL},
        {"POST", "/users", "{\"name\":\"bert\",\"roles\":[\"reader\"]}", 409, "there was a user"},
        {"GET", "/users/bert/$history", NULL, 200, "\"operation\":\"remove\",\"author\":\"chief\""},
        {"DELETE", "/users/chief", NULL, 409, "last administrator"},
        {"PUT", "/users/anna/password", "{\"password\":\"a newer one here\"}", 200, "false"},
        {"PUT", "/users/anna/password", "{}", 200, "\"oneTimePassword\":"},
        {"PUT", "/users/nobody/password", "{\"password\":\"a newer one here\"}", 404, NULL},
    };
    struct test_server server;
    up(&server);
    account_user(server.registry, "chief", "administrator");
    expect_calls(
        &server, account_basic("chief", "long enough pw"), calls, sizeof calls / sizeof *calls);
    server_down(&server);
}

Test(accounts, users_are_listed_page_by_page_and_each_once)
{
    struct test_server server;
    char target[300] = "/users?limit=2";
    size_t seen = 0;
    up(&server);
    account_user(server.registry, "chief", "administrator");
    for (char name[2] = "a"; name[0] < 'f'; name[0]++) {
        account_user(server.registry, name, "reader");
    }
    const char *chief = account_basic("chief", "long enough pw");
    for (int page = 0; page < 3; page++) {
        struct answer answer = get(&server, target, chief);
        cr_assert_eq(answer.status, 200, "%s", answer.body);
        cr_expect_eq(occurrences(answer.body, "\"name\":"), 2);
        seen += occurrences(answer.body, "\"name\":");
        const char *cursor = strstr(answer.body, "\"cursor\":\"");
        cr_expect_eq(cursor != NULL, page < 2, "%s", answer.body);
        if (cursor != NULL) {
            cursor += strlen("\"cursor\":\"");
            snprintf(target, sizeof target, "/users?limit=2&cursor=%.*s",
                (int)strcspn(cursor, "\""), cursor);
        }
        answer_free(&answer);
    }
    cr_expect_eq(seen, 6);
    server_down(&server);
}

Test(accounts, tokens_are_made_shown_once_and_revoked)
{
    static const struct call calls[] = {
        {"POST", "/tokens",
            "{\"name\":\"mes\",\"user\":\"chief\",\"roles\":[\"reader\"],"
            "\"expires\":\"2030-01-01T00:00:00Z\"}",
            201, "\"secret\":\"jig_"},
        {"POST", "/tokens", "{\"name\":\"mes\",\"user\":\"chief\",\"expires\":\"2030-01-01\"}", 409,
            NULL},
        {"POST", "/tokens", "{\"name\":\"x\",\"user\":\"nobody\",\"expires\":\"2030-01-01\"}", 404,
            NULL},
        {"POST", "/tokens", "{\"name\":\"x\",\"user\":\"chief\",\"expires\":\"soon\"}", 400,
            "no moment"},
        {"POST", "/tokens", "{\"name\":\"x\",\"user\":\"chief\",\"expires\":\"2001-01-01\"}", 400,
            "in the future"},
        {"GET", "/tokens", NULL, 200, "\"expires\":\"2030-01-01T00:00:00.000Z\"}]"},
        {"GET", "/tokens/mes", NULL, 200, "\"user\":\"chief\""},
        {"DELETE", "/tokens/mes", NULL, 204, NULL},
        {"DELETE", "/tokens/mes", NULL, 404, NULL},
    };
    struct test_server server;
    up(&server);
    account_user(server.registry, "chief", "administrator");
    expect_calls(
        &server, account_basic("chief", "long enough pw"), calls, sizeof calls / sizeof *calls);
    const char *token = account_token(server.registry, "all", "chief", 3600);
    cr_expect_eq(client_status(server.port, "POST", "/tokens", token,
                     "{\"name\":\"y\",\"user\":\"chief\",\"expires\":\"2030-01-01\"}"),
        403, "a token makes no tokens");
    server_down(&server);
}

/* ------------------------------------------------------------------ secrets */

static bool file_has(const char *path, const char *text)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    fseek(file, 0, SEEK_END);
    size_t len = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(len + 1);
    len = fread(bytes, 1, len, file);
    fclose(file);
    bool found = memmem(bytes, len, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

Test(accounts, neither_passwords_nor_secrets_stand_in_the_store)
{
    struct test_server server;
    char secret[TOKENS_SECRET];
    char path[500];
    up(&server);
    account_user(server.registry, "rita", "reader");
    const char *token = account_token(server.registry, "line-3", "rita", 3600);
    snprintf(secret, sizeof secret, "%s", strstr(token, "jig_"));
    secret[strcspn(secret, "\r")] = '\0';
    cr_assert_eq(status_of(&server, "/submodels", token), 200);
    cr_assert_eq(status_of(&server, "/submodels", account_basic("rita", "long enough pw")), 200);
    api_server_stop(server.server);
    registry_close(server.registry);
    snprintf(path, sizeof path, "%s/data.mdb", server.dir);
    cr_assert(file_has(path, "line-3"), "the file is the right one");
    cr_assert(file_has(path, "$argon2id$"));
    cr_expect_not(file_has(path, "long enough pw"));
    cr_expect_not(file_has(path, secret));
    cr_expect_not(file_has(path, secret + 4));
    scratch_remove(server.dir);
}

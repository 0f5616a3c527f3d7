/* SPDX-License-Identifier: Apache-2.0 */
/* Every address of the server and who may use it: all rows of the route table, each with nobody
 * known and with each role. What is expected is written down here once more, by hand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/routes.h"
#include "registry/users.h"
#include "tests/api/accounts.h"
#include "tests/api/client.h"

enum { ROLES = 5, DAY_S = 24 * 60 * 60 };

static const char *const roles[ROLES] = {
    "reader", "integrator", "modeller", "reviewer", "administrator"};

/* What an address is about when it is read, and when it is changed: m(odels), c(oncepts),
 * t(emplates), s(erver), a(nything). The first beginning that fits counts. */
static const struct {
    const char *beginning;
    char read;
    char changed;
} about[] = {
    {"/shells/{aasIdentifier}/submodels/{submodelIdentifier}/", 'm', 'a'},
    {"/shells/{aasIdentifier}/submodels/{submodelIdentifier}", 'm', 'm'},
    {"/aas/submodels/{submodelIdentifier}/", 'm', 'a'},
    {"/aas/submodels/{submodelIdentifier}", 'm', 'm'},
    {"/shells", 'm', 'm'},
    {"/shell-descriptors", 'm', 'm'},
    {"/submodel-descriptors", 'm', 'm'},
    {"/aas", 'm', 'm'},
    {"/submodel", 'm', 'a'}, /* /submodels, too */
    {"/concept-descriptions", 'c', 'c'},
    {"/templates", 't', 't'},
    {"/categories", 't', 't'},
    {"/proposals", 't', 't'},
    {"/history", 'm', 'm'},
    {"/search", 'm', 'm'},
    {"/lookup", 'm', 'm'},
    {"/bulk", 'm', 'm'},
    {"/query", 'm', 'm'},
    {"/packages", 'm', 'm'},
    {"/serialization", 'm', 'm'},
    {"/conformance", 'm', 'm'},
    {"/upload", 'm', 'a'},
    {"/metrics", 's', 's'},
    {"/users", 's', 's'},
    {"/tokens", 's', 's'},
    {"/whoami", 's', 's'},
};

/* The same table as in tests/registry/test_access.c; m, c, t, s. T are tokens, which are asked for
 * with a token here. */
static const char *const allowed[ROLES][4] = {
    {"r", "r", "r", "r"},
    {"rcudxk", "rcud", "rp", "r"},
    {"r", "rcud", "rcudpk", "r"},
    {"r", "r", "rpvbk", "r"},
    {"rcudxpvbkaT", "rcudxpvbkaT", "rcudxpvbkaT", "rcudxpvbkaT"},
};

static char letter(const struct api_route *route)
{
    static const char letters[] = "-rcudxpvbkaTS";
    return letters[route->right];
}

/* PATCH of the whole goes to the submodel alone, PUT and DELETE to the shell, too. */
static char class_of(const struct api_route *route)
{
    char right = letter(route);
    if (route->method == API_DELETE &&
        strcmp(route->pattern, "/submodels/{submodelIdentifier}") == 0) {
        return 'm'; /* let in like any other, and then there is no template to delete */
    }
    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        if (strncmp(route->pattern, about[i].beginning, strlen(about[i].beginning)) == 0) {
            bool read = right == 'r' || right == 'x';
            bool whole = route->pattern[strlen(about[i].beginning)] == '\0';
            bool patched = route->method == API_PATCH && whole && route->root != ROOT_NONE;
            if (right == 'k' && about[i].changed == 'a') {
                return 'm'; /* tags of a submodel */
            }
            return read ? about[i].read : patched ? 'a' : about[i].changed;
        }
    }
    return '?';
}

static bool expect_allowed(unsigned role, const struct api_route *route)
{
    static const char classes[] = "mcts";
    char right = letter(route);
    char cls = class_of(route);
    if (right == '-' || right == 'S') {
        return true;
    }
    for (size_t i = 0; i < 4; i++) {
        if ((cls == 'a' || cls == classes[i]) && strchr(allowed[role][i], right) != NULL) {
            return true;
        }
    }
    return false;
}

/* The address of a row with something in the place of every capture. */
static void fill(const char *pattern, char target[500])
{
    size_t len = 0;
    while (*pattern != '\0') {
        if (*pattern == '{') {
            len += (size_t)snprintf(target + len, 500 - len, "dXJuOmE");
            pattern = strchr(pattern, '}') + 1;
        } else {
            target[len++] = *pattern++;
        }
    }
    target[len] = '\0';
}

static int ask(uint16_t port, const struct api_route *route, const char *headers)
{
    char target[500];
    fill(route->pattern, target);
    bool body = route->method != API_GET && route->method != API_DELETE;
    return client_status(
        port, api_method_name(route->method), target, headers, body ? "{\"broken\":" : NULL);
}

/* A token for each role, all of one administrator; the header fields that show them. */
static void make_tokens(struct registry *registry, char headers[ROLES][200])
{
    static const struct access_grant all[] = {{ROLE_ADMINISTRATOR, ACCESS_UNLIMITED, ""}};
    const struct user_new chief = {"chief", "long enough pw", all, 1, false};
    struct err err = {0};
    cr_assert_eq(users_add(registry, &chief, NULL, &err), ERR_OK, "%s", err.text);
    for (unsigned i = 0; i < ROLES; i++) {
        char secret[TOKENS_SECRET];
        struct access_grant grant = {.limit = ACCESS_UNLIMITED, .value = ""};
        cr_assert(access_role_read(roles[i], &grant.role));
        const struct token_new token = {
            roles[i], "chief", &grant, 1, ((int64_t)time(NULL) + DAY_S) * 1000};
        cr_assert_eq(tokens_add(registry, &token, NULL, secret, &err), ERR_OK, "%s", err.text);
        snprintf(headers[i], 200, "Authorization: Bearer %s\r\n", secret);
    }
}

Test(access_routes, every_row_is_about_something_that_this_test_knows)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        cr_expect(routes[i].right == RIGHT_NONE || class_of(&routes[i]) != '?',
            "%s: who may use it? It needs a row here, and perhaps one in api/authorize.c",
            routes[i].pattern);
    }
}

Test(access_routes, only_the_server_itself_is_shown_to_everybody)
{
    static const char *const open[] = {
        "/description", "/openapi.json", "/docs", "/docs/{file}", "/health", "/"};
    size_t count;
    size_t found = 0;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        bool named = false;
        for (size_t n = 0; n < sizeof open / sizeof *open; n++) {
            named |= strcmp(routes[i].pattern, open[n]) == 0;
        }
        found += named;
        cr_expect_eq(routes[i].right == RIGHT_NONE, named, "%s", routes[i].pattern);
    }
    cr_expect_eq(found, sizeof open / sizeof *open);
}

Test(access_routes, nobody_known_is_answered_401_everywhere, .timeout = 120)
{
    struct test_server server;
    const struct api_server_options options = {.anonymous = "none"};
    size_t count;
    const struct api_route *routes = api_routes(&count);
    server_up_guarded(&server, &options);
    for (size_t i = 0; i < count; i++) {
        int status = ask(server.port, &routes[i], "");
        cr_expect_eq(status == 401, routes[i].right != RIGHT_NONE, "%s %s: %d",
            api_method_name(routes[i].method), routes[i].pattern, status);
        cr_expect_neq(status, 403);
    }
    server_down(&server);
}

Test(access_routes, nobody_known_reads_by_default_and_is_asked_for_the_rest, .timeout = 120)
{
    struct test_server server;
    size_t count;
    const struct api_route *routes = api_routes(&count);
    server_up_guarded(&server, NULL);
    for (size_t i = 0; i < count; i++) {
        bool reads = routes[i].right == RIGHT_NONE || routes[i].right == RIGHT_READ;
        int status = ask(server.port, &routes[i], "");
        cr_expect_eq(status == 401, !reads, "%s %s: %d", api_method_name(routes[i].method),
            routes[i].pattern, status);
        cr_expect_neq(status, 403);
    }
    server_down(&server);
}

Test(access_routes, each_role_is_let_in_and_refused_as_the_table_says, .timeout = 240)
{
    struct test_server server;
    const struct api_server_options options = {.anonymous = "none"};
    char headers[ROLES][200];
    size_t count;
    const struct api_route *routes = api_routes(&count);
    server_up_guarded(&server, &options);
    make_tokens(server.registry, headers);
    for (unsigned role = 0; role < ROLES; role++) {
        for (size_t i = 0; i < count; i++) {
            int status = ask(server.port, &routes[i], headers[role]);
            cr_expect_eq(status == 403, !expect_allowed(role, &routes[i]), "%s: %s %s: %d",
                roles[role], api_method_name(routes[i].method), routes[i].pattern, status);
            cr_expect_neq(status, 401, "%s: %s", roles[role], routes[i].pattern);
        }
    }
    server_down(&server);
}

#define TOKEN(name, user) "{\"name\":\"" name "\"," user "\"expires\":\"2030-01-01T00:00:00Z\"}"

/* What somebody with a password gets who asks for tokens, one after the other. */
static const struct {
    const char *method;
    const char *target;
    const char *body;
    int others; /* status for whoever is no administrator */
    int administrator;
} token_calls[] = {
    {"POST", "/tokens", TOKEN("mine", ""), 201, 201},
    {"POST", "/tokens", TOKEN("mine-too", "\"user\":\"me\","), 201, 201},
    {"POST", "/tokens", TOKEN("not-mine", "\"user\":\"chief\","), 403, 201},
    {"GET", "/tokens", NULL, 200, 200},
    {"GET", "/tokens/mine", NULL, 200, 200},
    {"GET", "/tokens/reader", NULL, 403, 200}, /* one of chief's */
    {"DELETE", "/tokens/reader", NULL, 403, 204},
    {"DELETE", "/tokens/mine", NULL, 204, 204},
    {"DELETE", "/tokens/mine", NULL, 404, 404},
    {"GET", "/tokens/mine-too/$history", NULL, 403, 200},
    {"DELETE", "/users/chief", NULL, 403, 204},
};

Test(access_routes, everybody_makes_lists_and_revokes_tokens_of_his_own, .timeout = 240)
{
    for (unsigned role = 0; role < ROLES; role++) {
        struct test_server server;
        char headers[ROLES][200];
        const struct api_server_options options = {.anonymous = "none"};
        server_up_guarded(&server, &options);
        make_tokens(server.registry, headers);
        account_user(server.registry, "me", roles[role]);
        const char *me = account_basic("me", "long enough pw");
        bool all = strcmp(roles[role], "administrator") == 0;
        for (size_t i = 0; i < sizeof token_calls / sizeof *token_calls; i++) {
            struct answer answer = client_ask(
                server.port, token_calls[i].method, token_calls[i].target, me, token_calls[i].body);
            int wanted = all ? token_calls[i].administrator : token_calls[i].others;
            cr_expect_eq(answer.status, wanted, "%s: %s %s: %d %s", roles[role],
                token_calls[i].method, token_calls[i].target, answer.status, answer.body);
            if (strcmp(token_calls[i].target, "/tokens") == 0 && token_calls[i].body == NULL) {
                cr_expect_not_null(strstr(answer.body, "\"name\":\"mine-too\",\"user\":\"me\""));
                cr_expect_eq(strstr(answer.body, "\"user\":\"chief\"") != NULL, all, "%s: %s",
                    roles[role], answer.body);
            }
            answer_free(&answer);
        }
        server_down(&server);
    }
}

Test(access_routes, the_service_for_templates_is_for_those_who_make_templates)
{
    struct test_server server;
    char headers[ROLES][200];
    server_up_guarded(&server, NULL);
    make_tokens(server.registry, headers);
    for (unsigned role = 0; role < ROLES; role++) {
        bool makes = strchr(allowed[role][2], 'u') != NULL;
        int put = client_status(
            server.port, "PUT", "/templates-api/submodels/dXJuOmE", headers[role], "{\"broken\":");
        int get =
            client_status(server.port, "GET", "/templates-api/submodels", headers[role], NULL);
        cr_expect_eq(put, makes ? 400 : 403, "%s: %d", roles[role], put);
        cr_expect_eq(get, 200, "%s: %d", roles[role], get);
    }
    server_down(&server);
}

Test(access_routes, of_submodels_templates_are_for_modellers_and_the_others_for_integrators)
{
    static const char model[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":\"A\"}";
    static const char template[] =
        "{\"modelType\":\"Submodel\",\"id\":\"urn:t\",\"idShort\":\"T\",\"kind\":\"Template\","
        "\"administration\":{\"version\":\"1\",\"revision\":\"0\"},\"semanticId\":{\"type\":"
        "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"urn:t:1:0\"}]}}";
    static const int of_model[ROLES] = {403, 201, 403, 403, 201};
    static const int of_template[ROLES] = {403, 403, 201, 403, 201};
    for (unsigned role = 0; role < ROLES; role++) {
        struct test_server server;
        char headers[ROLES][200];
        server_up_guarded(&server, NULL);
        make_tokens(server.registry, headers);
        int first = client_status(server.port, "POST", "/submodels", headers[role], model);
        int second = client_status(server.port, "POST", "/submodels", headers[role], template);
        cr_expect_eq(first, of_model[role], "%s: %d", roles[role], first);
        cr_expect_eq(second, of_template[role], "%s: %d", roles[role], second);
        server_down(&server);
    }
}

Test(access_routes, who_may_tag_one_family_changes_no_tree_of_categories)
{
    struct test_server server;
    struct err err;
    char secret[TOKENS_SECRET];
    char headers[ROLES][200];
    char limited[200];
    const struct access_grant grant = {ROLE_MODELLER, ACCESS_LIMIT_FAMILY, "press"};
    const struct token_new token = {
        "limited", "chief", &grant, 1, ((int64_t)time(NULL) + DAY_S) * 1000};
    server_up_guarded(&server, NULL);
    make_tokens(server.registry, headers);
    cr_assert_eq(tokens_add(server.registry, &token, NULL, secret, &err), ERR_OK);
    snprintf(limited, sizeof limited, "Authorization: Bearer %s\r\n", secret);
    static const struct {
        const char *target;
        bool allowed;
    } cases[] = {{"/categories/category/metal", false}, {"/templates/press/tags", true},
        {"/templates/robot/tags", false}, {"/shells/dXJuOmE/$tags", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = client_status(server.port, "PUT", cases[i].target, limited, "{\"broken\":");
        cr_expect_eq(status != 403, cases[i].allowed, "%s: %d", cases[i].target, status);
    }
    server_down(&server);
}

Test(access_routes, tags_of_models_are_for_integrators)
{
    static const char model[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:a\",\"idShort\":\"A\"}";
    static const int tagged[ROLES] = {403, 200, 403, 403, 200};
    struct test_server server;
    char headers[ROLES][200];
    server_up_guarded(&server, NULL);
    make_tokens(server.registry, headers);
    cr_assert_eq(client_status(server.port, "POST", "/submodels", headers[1], model), 201);
    for (unsigned role = 0; role < ROLES; role++) {
        int status = client_status(server.port, "PUT", "/submodels/dXJuOmE/$tags", headers[role],
            "{\"equipment\":[\"press\"]}");
        cr_expect_eq(status, tagged[role], "%s: %d", roles[role], status);
    }
    server_down(&server);
}

Test(access_routes, options_are_answered_to_everybody)
{
    struct test_server server;
    const struct api_server_options options = {.anonymous = "none"};
    server_up_guarded(&server, &options);
    struct answer answer = client_ask(server.port, "OPTIONS", "/submodels",
        "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n", NULL);
    cr_expect_eq(answer.status, 204);
    cr_expect_not_null(
        strstr(answer_field(&answer, "Access-Control-Allow-Headers"), "authorization"));
    answer_free(&answer);
    server_down(&server);
}

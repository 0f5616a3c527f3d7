/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many clients at the same shells, submodels, descriptors and links: nobody is told of an error of
 * the server's, and afterwards lists, single answers, look-ups and the store agree.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/verify.h"
#include "tests/api/client.h"

TestSuite(registry_load, .timeout = 300);

enum { CLIENTS = 32, IDS = 6, SECONDS = 3, BODY = 1200, TARGET = 400 };

static struct test_server server;
static atomic_int asked;
static atomic_int wrong;
static atomic_int stop;

struct client {
    pthread_t thread;
    unsigned random;
    int fd;
};

static unsigned chance(struct client *client, unsigned of)
{
    return (unsigned)rand_r(&client->random) % of;
}

/* base64url of "urn:a:<digit>" and "urn:s:<digit>" without the static buffers of the client. */
static const char *const shells[IDS] = {
    "dXJuOmE6MA", "dXJuOmE6MQ", "dXJuOmE6Mg", "dXJuOmE6Mw", "dXJuOmE6NA", "dXJuOmE6NQ"};
static const char *const submodels[IDS] = {
    "dXJuOnM6MA", "dXJuOnM6MQ", "dXJuOnM6Mg", "dXJuOnM6Mw", "dXJuOnM6NA", "dXJuOnM6NQ"};

#define REFERENCE                                                                                  \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s:%u\"}]}"
#define ENDPOINT "\"endpoints\":[{\"interface\":\"X\",\"protocolInformation\":{\"href\":\"a:b\"}}]"

static void shell_json(char body[BODY], unsigned i, unsigned k)
{
    snprintf(body, BODY,
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:a:%u\",\"assetInformation\":{"
        "\"assetKind\":\"%s\",\"globalAssetId\":\"urn:g:%u\",\"specificAssetIds\":[{\"name\":"
        "\"serial\",\"value\":\"%u\"}]},\"submodels\":[" REFERENCE "," REFERENCE "]}",
        i, k % 2 == 0 ? "Type" : "Instance", k, k, k % IDS, (k + 1) % IDS);
}

/* One request of a client's choice. */
static void choose(struct client *client, const char **method, char target[TARGET], char body[BODY])
{
    unsigned i = chance(client, IDS);
    unsigned k = chance(client, IDS);
    body[0] = '\0';
    switch (chance(client, 16)) {
    case 0:
    case 1:
        *method = "PUT";
        snprintf(target, TARGET, "/shells/%s", shells[i]);
        shell_json(body, i, k);
        return;
    case 2:
        *method = "DELETE";
        snprintf(target, TARGET, "/shells/%s", shells[i]);
        return;
    case 3:
        *method = "PUT";
        snprintf(target, TARGET, "/submodels/%s", submodels[i]);
        snprintf(body, BODY,
            "{\"modelType\":\"Submodel\",\"id\":\"urn:s:%u\",\"idShort\":\"Sm%u\"}", i, k);
        return;
    case 4:
        *method = "DELETE";
        snprintf(target, TARGET, "/submodels/%s", submodels[i]);
        return;
    case 5:
        *method = "PUT";
        snprintf(target, TARGET, "/shell-descriptors/%s", shells[i]);
        snprintf(body, BODY, "{\"assetKind\":\"Type\"," ENDPOINT ",\"id\":\"urn:a:%u\"}", i);
        return;
    case 6:
        *method = "DELETE";
        snprintf(target, TARGET, "/shell-descriptors/%s", shells[i]);
        return;
    case 7:
        *method = k % 2 == 0 ? "PUT" : "DELETE";
        snprintf(target, TARGET, "/shell-descriptors/%s/submodel-descriptors/%s", shells[i],
            submodels[k]);
        snprintf(body, BODY, "{" ENDPOINT ",\"id\":\"urn:s:%u\"}", k);
        return;
    case 8:
        *method = k % 2 == 0 ? "PUT" : "DELETE";
        snprintf(target, TARGET, "/submodel-descriptors/%s", submodels[i]);
        snprintf(body, BODY, "{" ENDPOINT ",\"id\":\"urn:s:%u\"}", i);
        return;
    case 9:
        *method = k % 2 == 0 ? "POST" : "DELETE";
        snprintf(target, TARGET, "/lookup/shells/%s", shells[i]);
        snprintf(body, BODY, "[{\"name\":\"serial\",\"value\":\"%u\"}]", k);
        return;
    case 10:
        *method = "PUT";
        snprintf(target, TARGET, "/bulk/shell-descriptors");
        snprintf(body, BODY, "[{\"id\":\"urn:a:%u\"},{\"id\":\"urn:a:%u\"}]", i, (i + 1) % IDS);
        return;
    case 11:
        *method = "POST";
        snprintf(target, TARGET, "/lookup/shellsByAssetLink");
        snprintf(body, BODY, "[{\"name\":\"serial\",\"value\":\"%u\"}]", k);
        return;
    case 12:
        *method = "GET";
        snprintf(target, TARGET, "/shell-descriptors?limit=%u%s", k + 1,
            i % 2 == 0 ? "&assetKind=Type" : "");
        return;
    case 13:
        *method = "GET";
        snprintf(target, TARGET, "/submodel-descriptors?limit=%u", k + 1);
        return;
    case 14:
        *method = "GET";
        snprintf(target, TARGET, "/shell-descriptors/%s/submodel-descriptors", shells[i]);
        return;
    default:
        *method = "GET";
        snprintf(target, TARGET, "/shell-descriptors/%s", shells[i]);
        return;
    }
}

static void ask_once(struct client *client)
{
    const char *method = "GET";
    char target[TARGET];
    char body[BODY];
    char request[BODY + TARGET + 300];
    choose(client, &method, target, body);
    int len = snprintf(request, sizeof request,
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        method, target, strlen(body), body);
    if (!client_send(client->fd, request, (size_t)len)) {
        client_close(client->fd);
        client->fd = client_connect(server.port);
        return;
    }
    struct answer answer = client_read(client->fd, 20000, false);
    atomic_fetch_add(&asked, 1);
    if (answer.status == 0 || (answer.status >= 500 && answer.status != 503)) {
        atomic_fetch_add(&wrong, 1);
        fprintf(stderr, "%s %s: %d %s\n", method, target, answer.status,
            answer.body == NULL ? "" : answer.body);
    }
    if (answer.closed || answer.status == 0) {
        client_close(client->fd);
        client->fd = client_connect(server.port);
    }
    answer_free(&answer);
}

static void *ask_on(void *context)
{
    struct client *client = context;
    client->fd = client_connect(server.port);
    while (!atomic_load(&stop)) {
        ask_once(client);
    }
    client_close(client->fd);
    return NULL;
}

static char *body_of(const char *method, const char *target, const char *body, int *status)
{
    struct answer answer = client_ask(server.port, method, target, "", body);
    char *text = strdup(answer.body == NULL ? "" : answer.body);
    *status = answer.status;
    answer_free(&answer);
    return text;
}

/* What a list says of an id is what is said of it alone. */
static void compare(const char *list, const char *one, const char *const *ids, const char *format)
{
    int status = 0;
    char *all = body_of("GET", list, NULL, &status);
    cr_assert_eq(status, 200);
    for (unsigned i = 0; i < IDS; i++) {
        char target[TARGET];
        char wanted[64];
        snprintf(target, sizeof target, "%s/%s", one, ids[i]);
        snprintf(wanted, sizeof wanted, format, i);
        char *body = body_of("GET", target, NULL, &status);
        cr_expect(status == 200 || status == 404, "%d", status);
        cr_expect_eq(status == 200, strstr(all, status == 200 ? body : wanted) != NULL,
            "%s: %d %s\n%s", target, status, body, all);
        free(body);
    }
    free(all);
}

/* A shell is found by exactly the links it has. */
static void compare_links(void)
{
    for (unsigned i = 0; i < IDS; i++) {
        char target[TARGET];
        int status = 0;
        snprintf(target, sizeof target, "/lookup/shells/%s", shells[i]);
        char *links = body_of("GET", target, NULL, &status);
        for (unsigned k = 0; k < IDS; k++) {
            char link[100];
            char id[40];
            snprintf(link, sizeof link, "{\"name\":\"serial\",\"value\":\"%u\"}", k);
            snprintf(id, sizeof id, "\"urn:a:%u\"", i);
            int found = 0;
            char *ids = body_of("POST", "/lookup/shellsByAssetLink", link, &found);
            cr_expect_eq(found, 200);
            cr_expect_eq(status == 200 && strstr(links, link) != NULL, strstr(ids, id) != NULL,
                "%s: %s, %s: %s", id, links, link, ids);
            free(ids);
        }
        free(links);
    }
}

/* Bulk lists go on behind their answers: two of our own have to come behind all others. */
static void wait_for_lists(void)
{
    int status = 0;
    char place[TARGET];
    struct answer answer = client_ask(server.port, "PUT", "/bulk/submodel-descriptors", "",
        "[{" ENDPOINT ",\"id\":\"urn:end\"}]");
    cr_assert_eq(answer.status, 202);
    snprintf(place, sizeof place, "%s", answer_field(&answer, "Location"));
    answer_free(&answer);
    while (status != 302) {
        status = client_status(server.port, "GET", place, "", NULL);
        cr_assert(status == 200 || status == 302);
    }
}

static void say(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
}

Test(registry_load, clients_at_the_same_things_leave_everything_in_agreement)
{
    static struct client clients[CLIENTS];
    const char *wanted = getenv("JIG_LOAD_SECONDS");
    int seconds = wanted != NULL ? atoi(wanted) : SECONDS;
    struct registry_verification found = {.problems = 0};
    const struct api_server_options options = {.threads = 2 * CLIENTS};
    server_up(&server, &options);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].random = (unsigned)i + 1;
        cr_assert_eq(pthread_create(&clients[i].thread, NULL, ask_on, &clients[i]), 0);
    }
    for (double end = client_now() + seconds; client_now() < end;) {
        client_status(server.port, "GET", "/health", "", NULL);
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
    }
    cr_expect_eq(wrong, 0);
    cr_expect_gt(asked, CLIENTS * seconds);
    wait_for_lists();
    compare("/shell-descriptors", "/shell-descriptors", shells, "\"id\":\"urn:a:%u\"");
    compare("/submodel-descriptors", "/submodel-descriptors", submodels, "\"id\":\"urn:s:%u\"");
    compare_links();
    cr_assert_eq(registry_verify(server.registry, say, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    fprintf(stderr, "load: %d requests, %llu registrations\n", asked,
        (unsigned long long)found.registered);
    server_down(&server);
}

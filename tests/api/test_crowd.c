/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many clients read, write, patch, delete and list the same few things at once: every answer is one
 * that somebody working alone could get, and afterwards all parts of the store agree.
 *
 * JIG_CROWD_SECONDS says for how long (3 when not set).
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/verify.h"
#include "tests/api/client.h"

enum { CLIENTS = 32, SUBMODELS = 5, SHELLS = 3, CONCEPTS = 3, PATIENCE_MS = 60000, PLACE = 512 };

struct crowd {
    struct test_server server;
    double end;
    atomic_ulong requests;
    atomic_ulong changes;
    pthread_mutex_t lock;
    char wrong[2000]; /* the first answer that may not be */
};

struct member {
    struct crowd *crowd;
    pthread_t thread;
    unsigned number;
    uint64_t random;
    int fd;
};

static unsigned pick(struct member *member, unsigned count)
{
    member->random ^= member->random << 13;
    member->random ^= member->random >> 7;
    member->random ^= member->random << 17;
    return (unsigned)(member->random >> 11) % count;
}

/* ------------------------------------------------------------------ one request */

static void tell(
    struct crowd *crowd, const char *method, const char *target, int status, const char *body)
{
    pthread_mutex_lock(&crowd->lock);
    if (crowd->wrong[0] == '\0') {
        snprintf(crowd->wrong, sizeof crowd->wrong, "%s %s: %d %.1500s", method, target, status,
            body != NULL ? body : "");
    }
    pthread_mutex_unlock(&crowd->lock);
}

static bool is_listed(const char *statuses, int status)
{
    char text[8];
    snprintf(text, sizeof text, "%d", status);
    return strstr(statuses, text) != NULL;
}

/* Sends on the member's kept connection and frees the answer unless `keep` wants it. */
static void ask(struct member *member, const char *method, const char *target, const char *headers,
    const char *body, const char *statuses, struct answer *keep)
{
    char head[2048];
    struct answer answer = {0};
    int len = snprintf(head, sizeof head,
        "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%sContent-Length: %zu\r\n\r\n", method, target,
        headers,
        strstr(headers, "Content-Type") == NULL ? "Content-Type: application/json\r\n" : "",
        strlen(body));
    for (int attempt = 0; attempt < 3 && answer.status == 0; attempt++) {
        if (member->fd < 0) {
            member->fd = client_connect(member->crowd->server.port);
        }
        answer_free(&answer);
        if (member->fd >= 0 && client_send(member->fd, head, (size_t)len) &&
            client_send(member->fd, body, strlen(body))) {
            answer = client_read(member->fd, PATIENCE_MS, strcmp(method, "HEAD") == 0);
        }
        if (answer.status == 0 || answer.closed) { /* an idle connection may have been closed */
            client_close(member->fd);
            member->fd = -1;
        }
    }
    atomic_fetch_add(&member->crowd->requests, 1);
    bool changed = strcmp(method, "GET") != 0 && answer.status < 300;
    atomic_fetch_add(&member->crowd->changes, changed ? 1 : 0);
    if (!is_listed(statuses, answer.status)) {
        tell(member->crowd, method, target, answer.status, answer.body);
    }
    if (keep != NULL) {
        *keep = answer;
    } else {
        answer_free(&answer);
    }
}

/* ------------------------------------------------------------------ things */

/* base64url of "urn:s:N", "urn:a:N", "urn:c:N" for N below ten; id64 is not for many threads. */
static const char *const submodel_ids[] = {
    "dXJuOnM6MA", "dXJuOnM6MQ", "dXJuOnM6Mg", "dXJuOnM6Mw", "dXJuOnM6NA"};
static const char *const shell_ids[] = {"dXJuOmE6MA", "dXJuOmE6MQ", "dXJuOmE6Mg"};
static const char *const concept_ids[] = {"dXJuOmM6MA", "dXJuOmM6MQ", "dXJuOmM6Mg"};

static void submodel_body(struct member *member, unsigned n, char *to, size_t size)
{
    snprintf(to, size,
        "{\"modelType\":\"Submodel\",\"id\":\"urn:s:%u\",\"idShort\":\"Name%u\","
        "\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Speed\",\"valueType\":"
        "\"xs:int\",\"value\":\"%u\"},{\"modelType\":\"File\",\"idShort\":\"Manual\","
        "\"contentType\":\"text/plain\"},{\"modelType\":\"SubmodelElementList\",\"idShort\":"
        "\"List\",\"typeValueListElement\":\"Property\",\"valueTypeListElement\":\"xs:int\"}]}",
        n, pick(member, 3), pick(member, 1000));
}

static void shell_body(struct member *member, unsigned n, char *to, size_t size)
{
    snprintf(to, size,
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:a:%u\",\"idShort\":\"Shell%u\","
        "\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:%u\"},"
        "\"submodels\":[{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":"
        "\"urn:s:%u\"}]}]}",
        n, pick(member, 3), pick(member, 4), pick(member, SUBMODELS));
}

static void concept_body(struct member *member, unsigned n, char *to, size_t size)
{
    snprintf(to, size,
        "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c:%u\",\"idShort\":"
        "\"Word%u\"}",
        n, pick(member, 5));
}

/* One of the three kinds and one thing of it. */
struct thing {
    const char *list;
    char place[PLACE];
    char body[1024];
};

static void choose(struct member *member, struct thing *thing)
{
    static const char *const lists[] = {"/submodels", "/shells", "/concept-descriptions"};
    unsigned kind = pick(member, 4);
    kind = kind > 2 ? 0 : kind;
    unsigned n = pick(member, kind == 0 ? SUBMODELS : kind == 1 ? SHELLS : CONCEPTS);
    const char *id = kind == 0 ? submodel_ids[n] : kind == 1 ? shell_ids[n] : concept_ids[n];
    thing->list = lists[kind];
    snprintf(thing->place, sizeof thing->place, "%s/%s", lists[kind], id);
    (kind == 0      ? submodel_body
        : kind == 1 ? shell_body
                    : concept_body)(member, n, thing->body, sizeof thing->body);
}

/* ------------------------------------------------------------------ what they do */

static void add_thing(struct member *member)
{
    struct thing thing;
    choose(member, &thing);
    ask(member, "POST", thing.list, "", thing.body, "201 409", NULL);
}

static void put_thing(struct member *member)
{
    struct thing thing;
    choose(member, &thing);
    ask(member, "PUT", thing.place, "", thing.body, "201 204", NULL);
}

static void remove_thing(struct member *member)
{
    struct thing thing;
    choose(member, &thing);
    ask(member, "DELETE", thing.place, "", "", "204 404", NULL);
}

static void read_thing(struct member *member)
{
    static const char *const headers[] = {
        "", "Accept-Encoding: gzip\r\n", "Accept: application/xml\r\n"};
    struct thing thing;
    choose(member, &thing);
    ask(member, "GET", thing.place, headers[pick(member, 3)], "", "200 404", NULL);
}

/* As an editor does: what somebody else changed meanwhile is not overwritten. */
static void edit_thing(struct member *member)
{
    struct thing thing;
    struct answer answer;
    char headers[300] = "";
    choose(member, &thing);
    ask(member, "GET", thing.place, "", "", "200 404", &answer);
    const char *tag = answer.head != NULL ? strstr(answer.head, "\r\nETag: ") : NULL;
    if (tag != NULL) {
        tag += strlen("\r\nETag: ");
        snprintf(headers, sizeof headers, "If-Match: %.*s\r\n", (int)strcspn(tag, "\r"), tag);
        ask(member, "PUT", thing.place, headers, thing.body, "204 412", NULL);
    }
    answer_free(&answer);
}

static void submodel_place(struct member *member, const char *below, char to[PLACE])
{
    snprintf(to, PLACE, "/submodels/%s%s", submodel_ids[pick(member, SUBMODELS)], below);
}

static void set_value(struct member *member)
{
    char place[PLACE];
    char value[20];
    submodel_place(member, "/submodel-elements/Speed/$value", place);
    snprintf(value, sizeof value, "%u", pick(member, 1000));
    ask(member, "PATCH", place, "", value, "204 404", NULL);
}

static void add_element(struct member *member)
{
    static const char *const bodies[] = {
        "{\"modelType\":\"Property\",\"valueType\":\"xs:int\",\"value\":\"1\"}",
        "{\"modelType\":\"Property\",\"idShort\":\"Extra\",\"valueType\":\"xs:string\"}"};
    char place[PLACE];
    unsigned which = pick(member, 2);
    submodel_place(member, which == 0 ? "/submodel-elements/List" : "/submodel-elements", place);
    ask(member, "POST", place, "", bodies[which], "201 404 409", NULL);
}

static void remove_element(struct member *member)
{
    static const char *const paths[] = {
        "/submodel-elements/List%5B0%5D", "/submodel-elements/Extra"};
    char place[PLACE];
    submodel_place(member, paths[pick(member, 2)], place);
    ask(member, "DELETE", place, "", "", "204 404", NULL);
}

static void attach(struct member *member)
{
    char place[PLACE];
    char body[400];
    submodel_place(member, "/submodel-elements/Manual/attachment", place);
    switch (pick(member, 3)) {
    case 0:
        snprintf(body, sizeof body,
            "--b\r\nContent-Disposition: form-data; name=\"fileName\"\r\n\r\nmanual%u.txt\r\n"
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
            "Content-Type: text/plain\r\n\r\nPages %u\r\n--b--\r\n",
            pick(member, 3), pick(member, 3));
        ask(member, "PUT", place, "Content-Type: multipart/form-data; boundary=b\r\n", body,
            "204 404", NULL);
        break;
    case 1:
        ask(member, "DELETE", place, "", "", "200 204 404", NULL);
        break;
    default:
        ask(member, "GET", place, "", "", "200 404", NULL);
    }
}

static void refer(struct member *member)
{
    char place[PLACE];
    char body[200];
    unsigned n = pick(member, SUBMODELS);
    snprintf(place, sizeof place, "/shells/%s/submodel-refs%s%s", shell_ids[pick(member, SHELLS)],
        n % 2 == 0 ? "/" : "", n % 2 == 0 ? submodel_ids[n] : "");
    snprintf(body, sizeof body,
        "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s:%u\"}]}",
        n);
    if (n % 2 == 0) {
        ask(member, "DELETE", place, "", "", "204 404", NULL);
    } else {
        ask(member, "POST", place, "", body, "201 404 409", NULL);
    }
}

/* Registered by hand beside what is derived from the shells. */
static void register_shell(struct member *member)
{
    char place[PLACE];
    char body[300];
    unsigned n = pick(member, SHELLS);
    snprintf(place, sizeof place, "/%s/%s",
        pick(member, 2) == 0 ? "shell-descriptors" : "lookup/shells", shell_ids[n]);
    bool descriptor = place[1] == 's';
    snprintf(body, sizeof body,
        descriptor ? "{\"id\":\"urn:a:%u\",\"idShort\":\"Known%u\"}"
                   : "[{\"name\":\"serial\",\"value\":\"%u-%u\"}]",
        n, pick(member, 3));
    switch (pick(member, 3)) {
    case 0:
        ask(member, "DELETE", place, "", "", "204 404", NULL);
        break;
    case 1:
        ask(member, "GET", place, "", "", "200 404", NULL);
        break;
    default:
        ask(member, descriptor ? "PUT" : "POST", place, "", body, "201 204 404", NULL);
    }
}

static void list(struct member *member)
{
    static const char *const targets[] = {"/submodels", "/submodels?limit=2", "/shells",
        "/concept-descriptions", "/submodels/$value", "/shell-descriptors", "/submodel-descriptors",
        "/lookup/shells", "/submodels/$recent-changes", "/health", "/metrics", "/description"};
    enum { TARGETS = sizeof targets / sizeof *targets };
    ask(member, "GET", targets[pick(member, TARGETS)], "", "", "200", NULL);
}

static void *work(void *context)
{
    static void (*const deeds[])(struct member *) = {add_thing, put_thing, remove_thing, read_thing,
        read_thing, edit_thing, set_value, set_value, add_element, remove_element, attach, refer,
        register_shell, list, list};
    struct member *member = context;
    while (client_now() < member->crowd->end) {
        deeds[pick(member, sizeof deeds / sizeof *deeds)](member);
    }
    client_close(member->fd);
    return NULL;
}

/* ------------------------------------------------------------------ the test */

static double wanted_seconds(void)
{
    const char *text = getenv("JIG_CROWD_SECONDS");
    double seconds = text != NULL ? strtod(text, NULL) : 0;
    return seconds > 0 ? seconds : 3;
}

static void say(void *context, const char *text)
{
    struct crowd *crowd = context;
    tell(crowd, "verify", "store", 0, text);
}

Test(crowd, clients_at_the_same_things_get_legal_answers_and_the_store_agrees, .timeout = 900)
{
    static struct crowd crowd = {.lock = PTHREAD_MUTEX_INITIALIZER};
    static struct member members[CLIENTS];
    struct registry_verification found;
    struct err err = {0};
    server_up(&crowd.server,
        &(struct api_server_options){
            .threads = CLIENTS + 8, .keep_alive_ms = 20000, .body_ms = 30000, .header_ms = 30000});
    crowd.end = client_now() + wanted_seconds();
    for (unsigned i = 0; i < CLIENTS; i++) {
        members[i] = (struct member){
            .crowd = &crowd, .number = i, .random = 0x9e3779b97f4a7c15u * (i + 1), .fd = -1};
        cr_assert_eq(pthread_create(&members[i].thread, NULL, work, &members[i]), 0);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        pthread_join(members[i].thread, NULL);
    }
    cr_assert_eq(crowd.wrong[0], '\0', "%s", crowd.wrong);
    cr_assert_eq(
        registry_verify(crowd.server.registry, say, &crowd, &found, &err), ERR_OK, "%s", err.text);
    cr_assert_eq(found.problems, 0, "%s", crowd.wrong);
    cr_assert_gt(atomic_load(&crowd.changes), CLIENTS);
    fprintf(stderr, "crowd: %lu requests, %lu changes, %llu revisions\n",
        atomic_load(&crowd.requests), atomic_load(&crowd.changes),
        (unsigned long long)found.revisions);
    server_down(&crowd.server);
}

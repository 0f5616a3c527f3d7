/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api/client.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aas/buf.h"
#include "aas/path.h"
#include "tests/support/corpus.h"

enum { ANSWER_CEILING = 64 * 1024 * 1024, PATIENCE_MS = 60000 };

void server_up_as_shipped(struct test_server *server, const struct api_server_options *options)
{
    struct api_server_options used = options != NULL ? *options : (struct api_server_options){0};
    used.open = true;
    server_up_guarded(server, &used);
}

void server_up_guarded(struct test_server *server, const struct api_server_options *options)
{
    struct err err = {0};
    struct api_server_options used = options != NULL ? *options : (struct api_server_options){0};
    server->dir = scratch_new();
    struct registry_options store = {
        .store = {.dir = server->dir, .map_bytes = 1ull << 30}, .without_library = true};
    cr_assert_eq(registry_open(&store, &server->registry, &err), ERR_OK, "%s", err.text);
    used.registry = server->registry;
    cr_assert_eq(api_server_start(&used, &server->server, &err), ERR_OK, "%s", err.text);
    server->port = api_server_port(server->server);
}

void server_up(struct test_server *server, const struct api_server_options *options)
{
    struct api_server_options used = options != NULL ? *options : (struct api_server_options){0};
    used.threads = used.threads != 0 ? used.threads : 16;
    used.body_ms = used.body_ms != 0 ? used.body_ms : 1500;
    used.header_ms = used.header_ms != 0 ? used.header_ms : 1500;
    used.keep_alive_ms = used.keep_alive_ms != 0 ? used.keep_alive_ms : 1500;
    server_up_as_shipped(server, &used);
}

void server_down(struct test_server *server)
{
    api_server_stop(server->server);
    registry_close(server->registry);
    scratch_remove(server->dir);
}

int client_connect(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void client_close(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

bool client_send(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* One more piece; false at the end of the stream or of the patience. */
static bool receive(int fd, struct buf *buf, int ms, bool *closed)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char piece[8192];
    if (poll(&ready, 1, ms) <= 0) {
        return false;
    }
    ssize_t got = recv(fd, piece, sizeof piece, 0);
    if (got <= 0) {
        *closed = true;
        return false;
    }
    buf_add(buf, piece, (size_t)got);
    return true;
}

static long length_of(const char *head)
{
    const char *field = strcasestr(head, "\r\nContent-Length:");
    return field == NULL ? 0 : strtol(field + strlen("\r\nContent-Length:"), NULL, 10);
}

struct answer client_read(int fd, int ms, bool head_only)
{
    struct answer answer = {0};
    struct buf buf;
    buf_init(&buf, ANSWER_CEILING);
    const char *end = NULL;
    while ((end = strstr(buf_text(&buf), "\r\n\r\n")) == NULL) {
        if (!receive(fd, &buf, ms, &answer.closed)) {
            buf_finish(&buf);
            return answer;
        }
    }
    size_t head = (size_t)(end - buf.bytes) + 4;
    answer.head = strndup(buf.bytes, head);
    answer.status = atoi(answer.head + strlen("HTTP/1.1 "));
    size_t want = head_only ? 0 : (size_t)length_of(answer.head);
    while (buf.len < head + want && receive(fd, &buf, ms, &answer.closed)) {
    }
    size_t have = buf.len - head < want ? buf.len - head : want;
    answer.body = calloc(1, have + 1);
    memcpy(answer.body, buf.bytes + head, have);
    answer.body_len = have;
    const char *connection = answer_field(&answer, "Connection");
    answer.closed = answer.closed || (connection != NULL && strcmp(connection, "close") == 0);
    buf_finish(&buf);
    return answer;
}

void answer_free(struct answer *answer)
{
    free(answer->head);
    free(answer->body);
    *answer = (struct answer){0};
}

const char *answer_field(const struct answer *answer, const char *name)
{
    static _Thread_local char value[20000];
    size_t len = strlen(name);
    for (const char *line = answer->head; line != NULL; line = strstr(line, "\r\n")) {
        line += line == answer->head ? 0 : 2;
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            line += len + 1;
            line += strspn(line, " ");
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line, "\r"), line);
            return value;
        }
    }
    return NULL;
}

struct answer client_raw(uint16_t port, const char *bytes, size_t len)
{
    int fd = client_connect(port);
    cr_assert(fd >= 0, "the server does not take connections");
    client_send(fd, bytes, len);
    struct answer answer = client_read(fd, PATIENCE_MS, false);
    client_close(fd);
    return answer;
}

struct answer client_ask(
    uint16_t port, const char *method, const char *target, const char *headers, const char *body)
{
    struct buf buf;
    buf_init(&buf, ANSWER_CEILING);
    buf_printf(&buf, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, target);
    buf_add_text(&buf, headers);
    if (body != NULL) {
        if (strcasestr(headers, "Content-Type:") == NULL) {
            buf_add_text(&buf, "Content-Type: application/json\r\n");
        }
        buf_printf(&buf, "Content-Length: %zu\r\n", strlen(body));
    }
    buf_add_text(&buf, "\r\n");
    buf_add_text(&buf, body != NULL ? body : "");
    int fd = client_connect(port);
    cr_assert(fd >= 0, "the server does not take connections");
    client_send(fd, buf.bytes, buf.len);
    struct answer answer = client_read(fd, PATIENCE_MS, strcmp(method, "HEAD") == 0);
    client_close(fd);
    buf_finish(&buf);
    return answer;
}

int client_status(
    uint16_t port, const char *method, const char *target, const char *headers, const char *body)
{
    struct answer answer = client_ask(port, method, target, headers, body);
    int status = answer.status;
    answer_free(&answer);
    return status;
}

struct answer client_post(
    uint16_t port, const char *target, const char *headers, const char *bytes, size_t len)
{
    char head[2048];
    int head_len = snprintf(head, sizeof head,
        "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n", target, headers,
        len);
    int fd = client_connect(port);
    cr_assert(fd >= 0, "the server does not take connections");
    (void)(client_send(fd, head, (size_t)head_len) && client_send(fd, bytes, len));
    struct answer answer = client_read(fd, PATIENCE_MS, false);
    client_close(fd);
    return answer;
}

double client_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

const char *id64(const char *text)
{
    static char ring[8][16384];
    static unsigned next;
    char *room = ring[next++ % 8];
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *encoded = aas_base64url_encode(&arena, text, strlen(text));
    cr_assert(encoded != NULL && strlen(encoded) < sizeof ring[0]);
    memcpy(room, encoded, strlen(encoded) + 1);
    arena_finish(&arena);
    return room;
}

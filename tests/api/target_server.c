/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api/target_server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 512, REQUEST_BYTES = 64 * 1024, SLOW_MS = 5000, LARGE = 3 * 1024 * 1024 };

struct target_server {
    int fd;
    uint16_t port;
    pthread_t thread;
    atomic_bool stopped;
    pthread_mutex_t lock;
    char head[REQUEST_BYTES];
    char body[REQUEST_BYTES];
    unsigned count;
    pthread_t workers[CONNECTIONS];
    size_t worker_count;
};

struct connection {
    struct target_server *target;
    int fd;
};

#define PROPERTY(name, type, value)                                                                \
    "{\"value\":{\"modelType\":\"Property\",\"idShort\":\"" name "\",\"valueType\":\"" type        \
    "\",\"value\":\"" value "\"}}"

struct canned {
    const char *path;
    const char *status;
    const char *fields; /* %u is the server's port */
    const char *body;
};

static const struct canned answers[] = {
    {"/sum", "200 OK", "", "[" PROPERTY("Sum", "xs:int", "5") "]"},
    {"/sum-and-total", "200 OK", "",
        "[" PROPERTY("Sum", "xs:int", "5") "," PROPERTY("Total", "xs:int", "15") "]"},
    {"/nothing", "204 No Content", "", ""},
    {"/empty-list", "200 OK", "", "[]"},
    {"/words", "200 OK", "", "all done"},
    {"/object", "200 OK", "", "{\"Sum\":5}"},
    {"/undeclared", "200 OK", "",
        "[" PROPERTY("Sum", "xs:int", "5") "," PROPERTY("Mean", "xs:int", "2") "]"},
    {"/twice", "200 OK", "",
        "[" PROPERTY("Sum", "xs:int", "5") "," PROPERTY("Sum", "xs:int", "5") "]"},
    {"/other-type", "200 OK", "", "[" PROPERTY("Sum", "xs:double", "5.5") "]"},
    {"/other-kind", "200 OK", "",
        "[{\"value\":{\"modelType\":\"Capability\",\"idShort\":\"Sum\"}}]"},
    {"/no-number", "200 OK", "", "[" PROPERTY("Sum", "xs:int", "five") "]"},
    {"/broken", "500 Internal Server Error", "", "out of order"},
    {"/moved", "307 Temporary Redirect", "Location: http://127.0.0.1:%u/sum\r\n", ""},
    {"/moved-by-name", "308 Permanent Redirect", "Location: http://localhost:%u/sum\r\n", ""},
    {"/moved-to-file", "307 Temporary Redirect", "Location: file:///etc/passwd\r\n", ""},
    {"/found", "302 Found", "Location: http://127.0.0.1:%u/sum\r\n", ""},
    {"/round", "307 Temporary Redirect", "Location: /round\r\n", ""},
};

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void send_answer(int fd, const char *status, const char *fields, const char *body)
{
    char head[1024];
    snprintf(head, sizeof head,
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n"
        "Connection: close\r\n\r\n",
        status, fields, strlen(body));
    send_all(fd, head, strlen(head));
    send_all(fd, body, strlen(body));
}

/* Until the other side gives up. */
static void stall(const struct target_server *target, int fd)
{
    char rest[16];
    for (int waited = 0; waited < SLOW_MS && !atomic_load(&target->stopped); waited += 20) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        if (poll(&poll_fd, 1, 20) > 0 && recv(fd, rest, sizeof rest, 0) <= 0) {
            return;
        }
    }
}

/* Without a length, so that only counting the bytes shows that it is too much. */
static void flood(int fd, bool in_header)
{
    static const char line[] = "X-Filler: ................................................\r\n";
    const char *head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    send_all(fd, head, strlen(head));
    send_all(fd, in_header ? line : "\r\n", in_header ? sizeof line - 1 : 2);
    for (size_t sent = 0; sent < LARGE; sent += sizeof line - 1) {
        send_all(fd, line, sizeof line - 1);
    }
}

static void serve(const struct target_server *target, int fd, const char *path)
{
    char fields[200];
    if (strcmp(path, "/slow") == 0) {
        stall(target, fd);
        return;
    }
    if (strcmp(path, "/large") == 0 || strcmp(path, "/large-header") == 0) {
        flood(fd, strcmp(path, "/large-header") == 0);
        return;
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (strcmp(answers[i].path, path) == 0) {
            snprintf(fields, sizeof fields, answers[i].fields, target->port);
            send_answer(fd, answers[i].status, fields, answers[i].body);
            return;
        }
    }
    send_answer(fd, "404 Not Found", "", "");
}

/* The whole request as far as there is room; the header's length, 0 when it never ended. */
static size_t receive(int fd, char *bytes)
{
    size_t len = 0;
    for (;;) {
        bytes[len] = '\0';
        const char *end = strstr(bytes, "\r\n\r\n");
        const char *field = strcasestr(bytes, "\r\nContent-Length:");
        size_t wanted = field != NULL ? strtoul(field + 17, NULL, 10) : 0;
        if (end != NULL && len >= (size_t)(end - bytes) + 4 + wanted) {
            return (size_t)(end - bytes) + 4;
        }
        ssize_t got = recv(fd, bytes + len, REQUEST_BYTES - 1 - len, 0);
        if (got <= 0) {
            return 0;
        }
        len += (size_t)got;
    }
}

static void *converse(void *context)
{
    struct connection *connection = context;
    struct target_server *target = connection->target;
    char *bytes = calloc(1, REQUEST_BYTES);
    char path[100] = "";
    size_t head = receive(connection->fd, bytes);
    if (head > 0 && sscanf(bytes, "POST %99[^ ] ", path) == 1) {
        pthread_mutex_lock(&target->lock);
        target->count++;
        snprintf(target->head, sizeof target->head, "%.*s", (int)head, bytes);
        snprintf(target->body, sizeof target->body, "%s", bytes + head);
        pthread_mutex_unlock(&target->lock);
        serve(target, connection->fd, path);
    }
    close(connection->fd);
    free(bytes);
    free(connection);
    return NULL;
}

static void *listen_on(void *context)
{
    struct target_server *target = context;
    while (target->worker_count < CONNECTIONS) {
        int fd = accept(target->fd, NULL, NULL);
        if (fd < 0) {
            break;
        }
        struct connection *connection = malloc(sizeof *connection);
        *connection = (struct connection){target, fd};
        if (pthread_create(&target->workers[target->worker_count], NULL, converse, connection) ==
            0) {
            target->worker_count++;
        }
    }
    return NULL;
}

struct target_server *target_up(void)
{
    struct target_server *target = calloc(1, sizeof *target);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target->fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(target->fd, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(target->fd, CONNECTIONS), 0);
    cr_assert_eq(getsockname(target->fd, (struct sockaddr *)&address, &len), 0);
    target->port = ntohs(address.sin_port);
    pthread_mutex_init(&target->lock, NULL);
    cr_assert_eq(pthread_create(&target->thread, NULL, listen_on, target), 0);
    return target;
}

uint16_t target_port(const struct target_server *target)
{
    return target->port;
}

static const char *copy_out(struct target_server *target, const char *from, char *to)
{
    pthread_mutex_lock(&target->lock);
    strcpy(to, from);
    pthread_mutex_unlock(&target->lock);
    return to;
}

const char *target_body(struct target_server *target)
{
    static char body[REQUEST_BYTES];
    return copy_out(target, target->body, body);
}

const char *target_head(struct target_server *target)
{
    static char head[REQUEST_BYTES];
    return copy_out(target, target->head, head);
}

unsigned target_count(struct target_server *target)
{
    pthread_mutex_lock(&target->lock);
    unsigned count = target->count;
    pthread_mutex_unlock(&target->lock);
    return count;
}

void target_down(struct target_server *target)
{
    atomic_store(&target->stopped, true);
    shutdown(target->fd, SHUT_RDWR);
    pthread_join(target->thread, NULL);
    for (size_t i = 0; i < target->worker_count; i++) {
        pthread_join(target->workers[i], NULL);
    }
    close(target->fd);
    pthread_mutex_destroy(&target->lock);
    free(target);
}

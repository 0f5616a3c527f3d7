/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_API_CLIENT_H
#define JIG_TESTS_API_CLIENT_H
/*
 * A server on the loopback with a store of its own, and a client that sends exactly the bytes a
 * test wants. Criterion forks for every test, so a test may leave its server to the exit.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/server.h"
#include "registry/registry.h"

struct test_server {
    char *dir;
    struct registry *registry;
    struct api_server *server;
    uint16_t port;
};

/* Starts with short time limits (1.5 s for a body) and few threads, open to everybody; `options`
 * (NULL allowed) may change host-independent fields. Fails the test when it cannot. */
void server_up(struct test_server *server, const struct api_server_options *options);
/* Starts with the settings a server has when nothing is said; `options` as above. */
void server_up_as_shipped(struct test_server *server, const struct api_server_options *options);
/* The same, and not open: only those who are known may change anything. */
void server_up_guarded(struct test_server *server, const struct api_server_options *options);
void server_down(struct test_server *server);

struct answer {
    int status; /* 0: the connection was closed without an answer */
    char *head; /* status line and fields */
    char *body; /* NUL-terminated */
    size_t body_len;
    bool closed; /* the server ended the connection behind it */
};

/* Connects to the server, -1 on failure. */
int client_connect(uint16_t port);
void client_close(int fd);
bool client_send(int fd, const void *bytes, size_t len);
/* Reads one answer; waits at most `ms` for each piece. `head_only` for answers to HEAD. */
struct answer client_read(int fd, int ms, bool head_only);
void answer_free(struct answer *answer);

/* Value of a header field of an answer, cut at the line end, in a static buffer of each thread;
 * NULL if absent. */
const char *answer_field(const struct answer *answer, const char *name);

/* Sends raw bytes on a connection of their own and reads one answer. */
struct answer client_raw(uint16_t port, const char *bytes, size_t len);

/* One ordinary request. `headers` are extra lines, each with CR LF, "" for none; body NULL: none
 * (a JSON Content-Type is added when there is one and `headers` has none). */
struct answer client_ask(
    uint16_t port, const char *method, const char *target, const char *headers, const char *body);

/* client_ask that frees the answer and gives its status. */
int client_status(
    uint16_t port, const char *method, const char *target, const char *headers, const char *body);

/* A POST of bytes of any content and size with a Content-Length; `headers` as above. */
struct answer client_post(
    uint16_t port, const char *target, const char *headers, const char *bytes, size_t len);

/* Seconds of a clock that only goes forward. */
double client_now(void);

/* base64url of a text, in a static ring of buffers. */
const char *id64(const char *text);

#endif

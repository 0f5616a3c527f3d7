/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_SERVER_H
#define JIG_API_SERVER_H
/*
 * The HTTP server: one thread per connection, plain HTTP/1.1 over IPv4. TLS belongs in front of it
 * (a reverse proxy): the packaged library cannot do it.
 *
 * Keep-alive connections hold a thread while they are idle, so there are many threads with small
 * stacks, and idle connections are closed after a few seconds. Each connection is an open file: the
 * process's soft limit is raised when it starts, and when the hard one is too low, it says so.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/err.h"
#include "registry/lifecycle.h"
#include "registry/registry.h"

struct api_server_options {
    const char *host;          /* IPv4 address to listen on; NULL: "127.0.0.1" */
    uint16_t port;             /* 0: any free one */
    struct registry *registry; /* must outlive the server */
    unsigned threads;          /* 0: 1,100; connections served at the same time */
    size_t max_body;           /* bytes of a request body; 0: 64 MiB */
    size_t max_file;           /* bytes of a body that brings a file or package; 0: 1 GiB, at least
                                * max_body. Large ones wait in the folder of the store; all of
                                * them together take four times as much there */
    size_t memory_bytes;       /* of what all requests together make of bodies and for answers;
                                * 0: half of the machine's, 1 GiB at most. A body takes about ten
                                * times its size; bodies as they come in take a quarter of it
                                * beside, at least twice max_body */
    unsigned keep_alive_ms;    /* idle time of a connection; 0: 3,000 */
    unsigned header_ms;        /* time for a request's header; 0: 8,000 */
    unsigned body_ms;          /* time for a body, plus 1 ms per 32 bytes so far; 0: 20,000 */
    /* Pages of which origins may use the API from a browser. NULL: pages of this machine
     * (http or https, localhost, 127.0.0.1 or [::1], any port) may do everything, all others may
     * read only; "": none; "*": any may do everything; else a comma-separated list of origins. */
    const char *cors_origins;
    /* Names under which a server on the loopback may be changed, beside localhost and IP addresses:
     * comma-separated, "*": any; NULL: none. Must outlive the server. */
    const char *host_names;
    /* Where clients reach this server ("https://host/path"), for addresses that must be absolute;
     * NULL: the host that a request names. With trust_proxy also what a reverse proxy says in the
     * fields X-Forwarded-Proto, -Host, -Prefix and -For. Must outlive the server. */
    const char *external_url;
    bool trust_proxy;
    const char *shell_id;    /* id of the shell served at /aas, NULL: none; both
                              * texts must outlive the server */
    const char *submodel_id; /* id of the submodel served at /submodel, NULL: none */
    const char *delegate;    /* hosts that may do the work of operations, see api/delegate.h;
                              * NULL: none */
    /* What publishing asks for; NULL: one approval and names in ko and en. Texts must outlive the
     * server. */
    const struct lifecycle_policy *policy;
    /* Everybody may do everything; what somebody shows only gives the name for the history. Needs a
     * host on the loopback. */
    bool open;
    /* Role of somebody who shows nothing: "none", "reader", …; NULL: "reader" when the host is on
     * the loopback and no proxy is spoken of (host_names, external_url, trust_proxy), else "none".
     */
    const char *anonymous;
    bool access_log; /* one line per request to stderr */
};

struct api_server;

/* Starts serving and returns. ERR_BAD_INPUT for options that cannot be (also for a host beyond the
 * loopback while there are no users), ERR_IO when the port cannot
 * be had, with a sentence. */
ERR_MUST_USE enum err_code api_server_start(
    const struct api_server_options *options, struct api_server **server, struct err *err);

/* Ends all connections and waits for their threads. NULL is fine. */
void api_server_stop(struct api_server *server);

/* The port it listens on. */
uint16_t api_server_port(const struct api_server *server);

#endif

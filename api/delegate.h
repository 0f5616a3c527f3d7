/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_DELEGATE_H
#define JIG_API_DELEGATE_H
/*
 * Asking another server to do the work of an operation: one POST of JSON over HTTP or HTTPS.
 *
 * Only hosts that the operator has named are asked, nobody else however the address was come by: a
 * redirect (307 and 308 only, which keep the body) leads to a named host or nowhere, proxies of the
 * environment are not used, and the address a name resolves to is looked at when the connection is
 * made, so that a name cannot lead to this machine, to link-local or to group addresses unless the
 * operator has named that address itself (or "localhost").
 *
 * Threads: a list of hosts is read-only once parsed; calls are independent of each other. Must run
 * on a thread with an ordinary stack, not on the small ones of the HTTP server.
 */
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/buf.h"
#include "aas/err.h"

enum {
    DELEGATE_MAX_HOSTS = 64,               /* named by the operator */
    DELEGATE_HOST_BYTES = 256,             /* of one host */
    DELEGATE_URL_BYTES = 2048,             /* of a target */
    DELEGATE_MAX_ANSWER = 2 * 1024 * 1024, /* bytes of an answer's body */
    DELEGATE_MAX_HEADER = 64 * 1024,       /* bytes of an answer's header, redirects included */
    DELEGATE_MAX_REDIRECTS = 3,
    DELEGATE_CONNECT_MS = 10000, /* for one connection; less when the whole has less */
};

struct delegate_host {
    char name[DELEGATE_HOST_BYTES]; /* as in a URL, lower case: IPv6 addresses in brackets */
    uint16_t port;                  /* 0: any */
};

struct delegate_hosts {
    struct delegate_host list[DELEGATE_MAX_HOSTS];
    size_t count; /* 0: nothing may be asked */
};

/* Reads "HOST[:PORT][,HOST[:PORT]…]"; NULL and "" name nobody. ERR_BAD_INPUT with a sentence. */
ERR_MUST_USE enum err_code delegate_hosts_read(
    const char *text, struct delegate_hosts *hosts, struct err *err);

/* Whether this URL may be asked. ERR_BAD_INPUT when it is no http or https URL, has a user name in
 * it or is too long; ERR_NOT_OFFERED when no host is named at all; ERR_FORBIDDEN when its host is
 * not. */
ERR_MUST_USE enum err_code delegate_check(
    const struct delegate_hosts *hosts, const char *url, struct err *err);

/* False for addresses of this machine, of its link and of groups, also where one of version 4 is
 * carried inside (mapped, translated by RFC 6052, tunnelled by RFC 3056): no name may lead there.
 */
bool delegate_ordinary_v6(const struct in6_addr *address);

struct delegate_call {
    const struct delegate_hosts *hosts;
    const char *url;
    const char *body; /* JSON */
    size_t body_len;
    const char *request_id;     /* sent along as X-Request-ID */
    int64_t timeout_ms;         /* for everything together, at least 1 */
    const atomic_bool *stopped; /* ends the call within a second when it becomes true */
};

/* Posts and appends the body of the answer (status 2xx) to `answer`. ERR_TIMEOUT when the time is
 * over, ERR_BUSY when it was stopped, ERR_FORBIDDEN, ERR_BAD_INPUT and ERR_NOT_OFFERED as above
 * (for redirects too), ERR_TOO_LARGE, ERR_IO for everything else that can happen, with a sentence
 * about the other server. */
ERR_MUST_USE enum err_code delegate_post(
    const struct delegate_call *call, struct buf *answer, struct err *err);

#endif

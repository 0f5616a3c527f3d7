/* SPDX-License-Identifier: Apache-2.0 */
#include "api/transfer.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    PIECE = 64 * 1024,          /* read at once; the deadline is looked at between pieces */
    WATCHED_WRITE = 128 * 1024, /* smaller answers fit into the socket's buffer */
    UNCOUNTED = 256 * 1024,     /* bytes of a body that need no share of the budget */
    DRAIN_BYTES = 4 * 1024 * 1024,
    DRAIN_MS = 1000,
    SILENCE_MS = 500, /* a read that fails sooner has met broken framing, not silence */
};

static bool is_peer(int fd, const struct mg_request_info *info, const struct in_addr *address)
{
    struct sockaddr_in name;
    socklen_t len = sizeof name;
    if (getpeername(fd, (struct sockaddr *)&name, &len) != 0 || name.sin_family != AF_INET ||
        ntohs(name.sin_port) != info->remote_port || name.sin_addr.s_addr != address->s_addr) {
        return false;
    }
    len = sizeof name;
    return getsockname(fd, (struct sockaddr *)&name, &len) == 0 &&
           ntohs(name.sin_port) == info->server_port;
}

/* The library keeps the descriptor to itself. Both ends of the connection are known, and they are
 * unique, so the descriptor is found by asking; once per connection that needs a deadline. */
static int look_up(const struct mg_connection *conn)
{
    const struct mg_request_info *info = mg_get_request_info(conn);
    struct in_addr address;
    struct rlimit most;
    if (inet_pton(AF_INET, info->remote_addr, &address) != 1 ||
        getrlimit(RLIMIT_NOFILE, &most) != 0) {
        return -2;
    }
    int end = most.rlim_cur > 65536 ? 65536 : (int)most.rlim_cur;
    for (int fd = 3; fd < end; fd++) {
        if (is_peer(fd, info, &address)) {
            return fd;
        }
    }
    return -2;
}

static int descriptor(const struct mg_connection *conn)
{
    struct transfer_peer *peer = mg_get_user_connection_data(conn);
    if (peer == NULL) {
        return -2;
    }
    if (peer->fd == -1) {
        peer->fd = look_up(conn);
    }
    return peer->fd;
}

/* Why a read came back early: the peer has ended its stream, or it is silent. */
static enum err_code why_short(
    int fd, bool late, int64_t waited_ms, const struct guard_body *how, struct err *err)
{
    char byte;
    bool silent = waited_ms >= SILENCE_MS && fd >= 0 &&
                  recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
                  (errno == EAGAIN || errno == EWOULDBLOCK);
    if (late || silent) {
        return err_set(err, ERR_TIMEOUT, "the body did not arrive in time");
    }
    if (how->chunked) {
        return err_set(err, ERR_BAD_INPUT, "the chunked body is broken or ends too early");
    }
    return err_set(
        err, ERR_BAD_INPUT, "the body ends before the %llu bytes of Content-Length", how->length);
}

/* Grows as bytes arrive: a large announced length alone takes no memory. */
static enum err_code grow(const struct transfer_limits *limits, size_t want, size_t *taken,
    struct buf *body, struct err *err)
{
    if (body->room - body->len > want) {
        return ERR_OK;
    }
    size_t len = body->len;
    if (len + want > UNCOUNTED) {
        /* The buffer grows by half of itself. */
        size_t share = len / 2 + want;
        if (!budget_take(limits->bodies, share, 0)) {
            return err_set(err, ERR_BUSY, "too many large bodies at the moment; try again");
        }
        *taken += share;
    }
    buf_reserve(body, want);
    if (buf_failed(body)) {
        return err_set(err, ERR_TOO_LARGE, "the body has more than %zu bytes", limits->max_body);
    }
    return ERR_OK;
}

/* Where the pieces of a body go: into memory, or through it into a temporary file. */
struct landing {
    const struct transfer_limits *limits;
    struct buf *body;
    struct spool *spool; /* NULL: memory */
    size_t *taken;
    size_t most;
    unsigned long long total; /* bytes so far */
};

static enum err_code make_room(struct landing *landing, size_t want, struct err *err)
{
    if (landing->spool == NULL) {
        return grow(landing->limits, want, landing->taken, landing->body, err);
    }
    if (!budget_take(landing->limits->files, want, 0)) {
        return err_set(err, ERR_BUSY, "too many large files at the moment; try again");
    }
    *landing->taken += want;
    return ERR_OK;
}

static enum err_code land(struct landing *landing, size_t got, struct err *err)
{
    landing->total += got;
    if (landing->total > landing->most) {
        return err_set(err, ERR_TOO_LARGE, "the body has more than %zu bytes", landing->most);
    }
    if (landing->spool != NULL) {
        return spool_add(landing->spool, landing->body->bytes, got, err);
    }
    landing->body->len += got;
    return ERR_OK;
}

static enum err_code read_pieces(struct mg_connection *conn, struct watchdog *watchdog,
    const struct guard_body *how, struct landing *landing, struct watch *watch, struct err *err)
{
    const struct transfer_limits *limits = landing->limits;
    int64_t start = watchdog_now_ms();
    for (;;) {
        size_t want = PIECE;
        if (!how->chunked) {
            unsigned long long left = how->length - landing->total;
            want = left < PIECE ? (size_t)left : PIECE;
        }
        if (want == 0) {
            return ERR_OK;
        }
        enum err_code code = make_room(landing, want, err);
        if (code != ERR_OK) {
            return code;
        }
        int64_t earned = (int64_t)(landing->total / limits->bytes_per_ms);
        watchdog_arm(watchdog, watch, start + limits->grace_ms + earned);
        int64_t before = watchdog_now_ms();
        int got = mg_read(conn, landing->body->bytes + landing->body->len, want);
        code = land(landing, got > 0 ? (size_t)got : 0, err);
        if (code != ERR_OK) {
            return code;
        }
        if (how->chunked ? got < 0 : got != (int)want) {
            bool late = watchdog_disarm(watchdog, watch);
            return why_short(watch->fd, late, watchdog_now_ms() - before, how, err);
        }
        if (how->chunked && got == 0) {
            return ERR_OK;
        }
    }
}

static enum err_code receive(struct mg_connection *conn, struct watchdog *watchdog,
    const struct guard_body *how, struct landing *landing, struct err *err)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (how->expects_continue && mg_write(conn, go_on, sizeof go_on - 1) < 0) {
        return err_set(err, ERR_BAD_INPUT, "the client went away");
    }
    struct watch watch = {.fd = descriptor(conn), .how = SHUT_RD};
    enum err_code code = read_pieces(conn, watchdog, how, landing, &watch, err);
    if (watchdog_disarm(watchdog, &watch) && code == ERR_OK) {
        code = err_set(err, ERR_TIMEOUT, "the body did not arrive in time");
    }
    return code;
}

enum err_code transfer_read(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const struct guard_body *how, size_t *taken,
    struct buf *body, struct err *err)
{
    struct landing landing = {
        .limits = limits, .body = body, .taken = taken, .most = limits->max_body};
    if (!how->chunked && how->length == 0) {
        return ERR_OK;
    }
    body->ceiling = limits->max_body + 2 * (size_t)PIECE;
    return receive(conn, watchdog, how, &landing, err);
}

enum err_code transfer_spool(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const struct guard_body *how, size_t *taken,
    struct spool *spool, struct err *err)
{
    struct buf piece;
    struct landing landing = {
        .limits = limits, .body = &piece, .spool = spool, .taken = taken, .most = limits->max_file};
    buf_init(&piece, 2 * (size_t)PIECE);
    buf_reserve(&piece, PIECE);
    enum err_code code = buf_failed(&piece)
                             ? err_set(err, ERR_NO_MEMORY, "%s", err_default_text(ERR_NO_MEMORY))
                             : receive(conn, watchdog, how, &landing, err);
    buf_finish(&piece);
    return code;
}

bool transfer_write(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const char *bytes, size_t len)
{
    if (len < WATCHED_WRITE) {
        return mg_write(conn, bytes, len) == (int)len;
    }
    struct watch watch = {.fd = descriptor(conn), .how = SHUT_RDWR};
    int64_t time = limits->grace_ms + (int64_t)(len / limits->bytes_per_ms);
    watchdog_arm(watchdog, &watch, watchdog_now_ms() + time);
    int sent = mg_write(conn, bytes, len);
    return !watchdog_disarm(watchdog, &watch) && sent == (int)len;
}

void transfer_drain(struct mg_connection *conn)
{
    int fd = descriptor(conn);
    if (fd < 0) {
        return;
    }
    shutdown(fd, SHUT_WR);
    char bytes[4096];
    size_t taken = 0;
    int64_t end = watchdog_now_ms() + DRAIN_MS;
    while (taken < DRAIN_BYTES) {
        int64_t left = end - watchdog_now_ms();
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&ready, 1, (int)left) <= 0) {
            break;
        }
        ssize_t got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got <= 0) {
            break;
        }
        taken += (size_t)got;
    }
}

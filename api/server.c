/* SPDX-License-Identifier: Apache-2.0 */
#include "api/server.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aas/rare.h"
#include "api/access_setup.h"
#include "api/bulk.h"
#include "api/context.h"
#include "api/dispatch.h"
#include "api/host.h"
#include "api/keep_alive.h"
#include "api/gzip.h"
#include "api/open_files.h"
#include "api/operations.h"
#include "api/pool.h"
#include "api/reply.h"
#include "api/result.h"
#include "api/routes.h"
#include "api/stream.h"

enum {
    DEFAULT_THREADS = 1100,
    MAX_THREADS = 4000,
    WAITING = 1024, /* connections that wait for a thread */
    DEFAULT_BODY = 64 * 1024 * 1024,
    DEFAULT_FILE = 1024 * 1024 * 1024,
    FILES_FACTOR = 4,          /* all files that come in at once take this many of the largest */
    SPOOLED_FROM = 512 * 1024, /* bytes of a body with a file that is not kept in memory */
    DEFAULT_KEEP_ALIVE_MS = 3000,
    DEFAULT_HEADER_MS = 8000,
    DEFAULT_BODY_MS = 20000,
    BYTES_PER_MS = 32,
    REQUEST_MEMORY = 64 * 1024 * 1024, /* arena of a request without a body */
    BODY_MEMORY = 16 * 1024 * 1024,    /* arena of a request with a body, and for each of its … */
    MEMORY_PER_BODY_BYTE = 10,         /* … bytes: an element tree takes 4 to 8 times its text */
    DISCARD = 64 * 1024,      /* body of a refused request that is read to stay connected */
    BESIDE_PER_BODY_BYTE = 1, /* bytes that nobody counts: what the store makes of a body */
    FILES_AT_ONCE = 4,        /* large packages that are taken in at the same time */
    BODIES_SHARE = 4, /* bodies take the memory of all requests divided by this, beside it … */
    BODIES_LEAST = 2, /* … and at least as much as so many of the largest */
};

struct api_server {
    struct api_context context;
    struct transfer_limits limits;
    struct watchdog watchdog;
    struct pool pool;
    struct gzip gzip;
    struct mg_context *http;
    struct sockaddr_in address; /* it listens on */
    atomic_bool stopped;
    bool access_log;
    struct budget bodies; /* in memory, as they come in */
    struct budget memory; /* of what is made of them, and of answers */
    struct budget files;  /* in temporary files */
    char *cors_origins;
};

enum {
#ifdef __SANITIZE_ADDRESS__
    LENT_BYTES = 16, /* so that each block has its own guards */
#else
    LENT_BYTES = 8 * 1024,
#endif
};

/* What a thread keeps from one request to the next. */
struct worker {
    struct buf answer;
    alignas(max_align_t) char memory[LENT_BYTES]; /* what a request's arena begins with */
};

/* One request on its way through the server. */
struct exchange {
    struct api_server *server;
    struct mg_connection *conn;
    struct api_request request;
    struct api_response response;
    struct guard_body how;
    struct buf body;
    struct spool spool; /* in place of it */
    struct api_stream stream;
    size_t in_memory; /* taken from server->bodies */
    size_t in_files;  /* taken from server->files */
    bool unread;      /* (part of) the body is still on the wire */
    bool close;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool fill_request(struct api_request *request, const struct mg_request_info *info)
{
    request->method = api_method_of(info->request_method);
    request->path = info->request_uri[0] == '/' ? info->request_uri : info->local_uri_raw;
    request->query = info->query_string;
    request->peer = info->remote_addr;
    request->http_1_0 = strcmp(info->http_version, "1.0") == 0;
    size_t count = info->num_headers > 0 ? (size_t)info->num_headers : 0;
    struct api_header *headers =
        arena_take(&request->arena, (count + 1) * sizeof *headers, alignof(struct api_header));
    if (headers == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        headers[i] = (struct api_header){info->http_headers[i].name, info->http_headers[i].value};
    }
    api_request_take_headers(request, headers, count);
    return true;
}

/* After an error in the framing nothing more on this connection can be trusted. */
static RARE void break_off(struct exchange *x)
{
    x->close = x->unread = true;
    atomic_fetch_add(&x->server->context.metrics.protocol_errors, 1);
}

/* Framing first. */
static enum err_code check_protocol(struct exchange *x, struct err *err)
{
    const struct mg_request_info *info = mg_get_request_info(x->conn);
    if (!fill_request(&x->request, info)) {
        x->close = true;
        return err_set(err, ERR_NO_MEMORY, "%s", err_default_text(ERR_NO_MEMORY));
    }
    dispatch_identify(&x->request);
    enum err_code code =
        guard_layout(info->http_version, x->request.headers, x->request.header_count, err);
    if (code == ERR_OK) {
        code = guard_check(&x->request, &x->how, err);
    }
    if (code != ERR_OK) {
        break_off(x);
    }
    return code;
}

/* Files are not held in memory; what has to be unpacked first comes in as any other body. */
static bool is_spooled(const struct exchange *x)
{
    return dispatch_brings_file(&x->request) && (x->how.chunked || x->how.length > SPOOLED_FROM) &&
           api_request_header(&x->request, "Content-Encoding") == NULL;
}

static enum err_code read_file(struct exchange *x, struct err *err)
{
    struct api_server *server = x->server;
    struct store *store = registry_store(server->context.registry);
    enum err_code code = spool_open(store, &x->spool, err);
    if (code == ERR_OK) {
        code = transfer_spool(
            x->conn, &server->watchdog, &server->limits, &x->how, &x->in_files, &x->spool, err);
    }
    size_t len = x->spool.len;
    if (code == ERR_OK) {
        x->unread = false;
        code = spool_add(&x->spool, "", 1, err); /* bodies end with a NUL behind them */
    }
    if (code == ERR_OK) {
        code = spool_map(&x->spool, &x->request.body, err);
    }
    x->request.body_len = code == ERR_OK ? len : 0;
    x->close = x->close || code != ERR_OK;
    return code;
}

static bool brings_body(const struct exchange *x)
{
    return x->how.chunked || x->how.length > 0;
}

static enum err_code read_body(struct exchange *x, struct err *err)
{
    struct api_server *server = x->server;
    x->unread = true;
    if (is_spooled(x)) {
        return read_file(x, err);
    }
    enum err_code code = transfer_read(
        x->conn, &server->watchdog, &server->limits, &x->how, &x->in_memory, &x->body, err);
    if (code != ERR_OK) {
        x->close = true;
        return code;
    }
    x->unread = false;
    x->request.body = buf_text(&x->body);
    x->request.body_len = x->body.len;
    return ERR_OK;
}

static enum err_code unpack_body(struct exchange *x, struct err *err)
{
    struct api_server *server = x->server;
    if (x->spool.fd >= 0) { /* files come as they are */
        return ERR_OK;
    }
    enum err_code code = gzip_unpack(api_request_header(&x->request, "Content-Encoding"),
        server->context.max_body, &server->bodies, &x->in_memory, &x->body, err);
    if (code == ERR_OK) {
        x->request.body = buf_text(&x->body);
        x->request.body_len = x->body.len;
    }
    return code;
}

/* The memory of a request follows its body; what is packed says little by its size. Bodies whose
 * trees would be too much together wait for each other. What is made of a body beside its tree is
 * counted as half of all there is at most, so that there is a way for every body. Of a large
 * package most is files, which never come into memory. */
static enum err_code admit(struct exchange *x, struct err *err)
{
    size_t packed = x->request.route != NULL ? x->request.route->memory : 0;
    size_t len = x->request.body_len;
    if (len == 0 || (x->spool.fd >= 0 && packed == 0)) { /* of a file no trees are made */
        return ERR_OK;
    }
    len = len < x->server->context.max_body ? len : x->server->context.max_body;
    size_t memory = BODY_MEMORY + MEMORY_PER_BODY_BYTE * len;
    bool file = x->spool.fd >= 0;
    size_t most = x->server->memory.most;
    size_t beside = file ? 0 : BESIDE_PER_BODY_BYTE * len;
    size_t half = most / 2;
    size_t wanted = SHARE_WRITE * len;
    struct share *share = &x->request.share;
    if (file && wanted > most / FILES_AT_ONCE) {
        wanted = most / FILES_AT_ONCE;
    }
    if (!share_reserve(share, wanted, SHARE_WAIT_MS)) {
        return share_refusal(share, err);
    }
    share->used += beside < half ? beside : half;
    x->request.arena.ceiling = memory > packed ? memory : packed;
    return ERR_OK;
}

/* A refused request's body: small ones are taken in so that the connection can go on. */
static void pass_over_body(struct exchange *x)
{
    if (x->close || !brings_body(x)) {
        return;
    }
    struct err ignored;
    bool small = !x->how.chunked && x->how.length <= DISCARD && !x->how.expects_continue;
    if (!small || read_body(x, &ignored) != ERR_OK) {
        x->close = x->unread = true;
    }
}

static RARE enum err_code take_body(struct exchange *x, struct err *err)
{
    enum err_code code = brings_body(x) ? read_body(x, err) : ERR_OK;
    if (code == ERR_OK) {
        code = unpack_body(x, err);
    }
    return code == ERR_OK ? admit(x, err) : code;
}

static RARE void refuse(struct exchange *x, bool prepared, const struct err *err)
{
    if (!prepared) {
        pass_over_body(x);
    }
    dispatch_refuse(&x->request, &x->response, err);
}

static void answer(struct exchange *x)
{
    struct err err;
    err_clear(&err);
    enum err_code code = check_protocol(x, &err);
    bool prepared = false;
    if (code == ERR_OK) {
        code = dispatch_prepare(&x->request, &x->how, &err);
        prepared = code == ERR_OK;
    }
    bool body = brings_body(x) || api_request_header(&x->request, "Content-Encoding") != NULL;
    if (prepared && body) {
        code = take_body(x, &err);
    }
    if (code == ERR_OK) {
        dispatch_run(&x->request, &x->response);
    } else {
        refuse(x, prepared, &err);
    }
}

/* Before the answer is sent: a slow reader must not hold the memory of the work. */
static void let_go(struct exchange *x)
{
    if (x->body.bytes != NULL) {
        buf_finish(&x->body);
    }
    if (x->spool.fd >= 0) {
        spool_finish(&x->spool);
    }
    api_request_finish(&x->request);
    budget_give(&x->server->files, x->in_files);
    budget_give(&x->server->bodies, x->in_memory);
}

static RARE void pack_answer(struct exchange *x)
{
    struct buf other = pool_take(&x->server->pool, NULL);
    buf_count(&other, &x->request.share.meter);
    gzip_pack(&x->server->gzip, &x->request, &x->response, &other);
    pool_give(&x->server->pool, NULL, &other);
}

static RARE void send_behind(struct exchange *x)
{
    bool sent = stream_send(x->conn, &x->server->watchdog, &x->server->limits,
        x->server->context.registry, &x->stream, &x->response.body);
    x->close = x->close || !sent;
}

static RARE void end_connection(struct exchange *x)
{
    mg_disable_connection_keep_alive(x->conn);
    if (x->unread) {
        transfer_drain(x->conn);
    }
}

static size_t send_answer(struct exchange *x, int64_t start_us)
{
    bool keep = !x->close && !x->response.close && keep_alive_is_wanted(&x->request);
    const char *bytes = NULL;
    size_t len = 0;
    if (gzip_applies(&x->request, &x->response)) {
        pack_answer(x);
    }
    if (reply_bytes(&x->request, &x->response, keep, &bytes, &len) != ERR_OK) {
        x->close = true;
    }
    bool streams = len > 0 && x->stream.left > 0 && x->request.method != API_HEAD;
    size_t behind = streams ? (size_t)x->stream.left : 0;
    /* Counted first: who has an answer finds it in /metrics. */
    metrics_count(&x->server->context.metrics, x->request.route, x->response.status,
        (uint64_t)(now_us() - start_us), x->body.len + x->spool.len, len + behind);
    if (keep) {
        keep_alive_make_sure(&x->request);
    }
    let_go(x);
    if (len > 0 && !transfer_write(x->conn, &x->server->watchdog, &x->server->limits, bytes, len)) {
        x->close = true;
    } else if (len > 0 && streams) {
        len += behind;
        send_behind(x);
    }
    if (x->stream.opened) {
        stream_finish(&x->stream);
    }
    if (x->close || !keep) {
        end_connection(x);
    }
    return len;
}

static RARE void log_access(const struct exchange *x, size_t sent, int64_t microseconds)
{
    const struct mg_request_info *info = mg_get_request_info(x->conn);
    fprintf(stderr, "%s %s %s%s%s %d %zu bytes %lld us %s\n", info->remote_addr,
        info->request_method, x->request.path, x->request.query != NULL ? "?" : "",
        x->request.query != NULL ? x->request.query : "", x->response.status, sent,
        (long long)microseconds, x->request.id);
}

static struct buf *own_answer(struct worker *worker)
{
    return worker == NULL ? NULL : &worker->answer;
}

/* Each member once: request and response are most of it and know how they begin. */
static void exchange_init(struct exchange *x, struct api_server *server, struct mg_connection *conn,
    struct worker *worker)
{
    x->server = server;
    x->conn = conn;
    x->how = (struct guard_body){0};
    x->body = (struct buf){0};
    x->spool = (struct spool){.fd = -1};
    x->stream = (struct api_stream){0};
    x->in_memory = x->in_files = 0;
    x->unread = x->close = false;
    api_request_init(&x->request, &server->context, REQUEST_MEMORY);
    if (worker != NULL) {
        arena_init_with(&x->request.arena, REQUEST_MEMORY, worker->memory, sizeof worker->memory);
        x->request.arena.meter = &x->request.share.meter;
    }
    api_response_init(&x->response, pool_take(&server->pool, own_answer(worker)));
    x->response.stream = &x->stream;
}

static int on_request(struct mg_connection *conn)
{
    struct api_server *server = mg_get_user_data(mg_get_context(conn));
    struct worker *worker = mg_get_thread_pointer(conn);
    int64_t start = now_us();
    struct exchange x;
    exchange_init(&x, server, conn, worker);
    answer(&x);
    size_t sent = send_answer(&x, start);
    if (server->access_log) {
        log_access(&x, sent, now_us() - start);
    }
    int status = x.response.status;
    pool_give(&server->pool, own_answer(worker), &x.response.body);
    share_close(&x.request.share);
    return status;
}

/* The library's own words say little; it tells these two kinds apart. */
static const char *in_words(const char *message)
{
    if (strcmp(message, "Bad request") == 0) {
        return "the request line cannot be read: the method is unknown, the HTTP version is "
               "missing, or it has bytes that must be percent-encoded";
    }
    if (strcmp(message, "Malformed message") == 0) {
        return "the header has control characters or is larger than 32 kB";
    }
    return message;
}

/* What the library refuses by itself gets our kind of body; the library closes afterwards. */
static int on_error(struct mg_connection *conn, int status, const char *message)
{
    struct api_server *server = mg_get_user_data(mg_get_context(conn));
    struct api_request request;
    struct api_response response;
    api_request_init(&request, &server->context, REQUEST_MEMORY);
    struct buf *own = own_answer(mg_get_thread_pointer(conn));
    api_response_init(&response, pool_take(&server->pool, own));
    dispatch_identify(&request);
    /* The library's word for a header beyond its buffer. */
    int shown = status == 413 ? 431 : status == 411 ? 400 : status;
    result_plain(request.id, &response, shown, "ProtocolError", in_words(message));
    const char *bytes;
    size_t len;
    if (reply_bytes(&request, &response, false, &bytes, &len) == ERR_OK) {
        (void)mg_write(conn, bytes, len);
    }
    mg_disable_connection_keep_alive(conn);
    atomic_fetch_add(&server->context.metrics.protocol_errors, 1);
    metrics_count(&server->context.metrics, NULL, shown, 0, 0, len);
    pool_give(&server->pool, own, &response.body);
    api_request_finish(&request);
    return 0;
}

static int on_connection(const struct mg_connection *conn, void **data)
{
    struct api_server *server = mg_get_user_data(mg_get_context(conn));
    atomic_fetch_add(&server->context.metrics.connections, 1);
    atomic_fetch_add(&server->context.metrics.connections_total, 1);
    struct transfer_peer *peer = malloc(sizeof *peer);
    if (peer != NULL) {
        peer->fd = -1;
    }
    *data = peer;
    return 0;
}

/* The library forgets the connection's data right after this one. */
static void on_close(const struct mg_connection *conn)
{
    struct api_server *server = mg_get_user_data(mg_get_context(conn));
    atomic_fetch_sub(&server->context.metrics.connections, 1);
    free(mg_get_user_connection_data(conn));
}

/* Without memory for a thread's own, what is common to all serves. */
static void *on_thread(const struct mg_context *http, int type)
{
    (void)http;
    (void)type;
    return calloc(1, sizeof(struct worker));
}

static void on_thread_end(const struct mg_context *http, int type, void *own)
{
    (void)http;
    (void)type;
    struct worker *worker = own;
    buf_finish(own_answer(worker));
    free(worker);
}

/* The library's complaints about single connections are not for the operator's terminal. */
static int on_message(const struct mg_connection *conn, const char *message)
{
    (void)conn;
    (void)message;
    return 1;
}

static void start_library(void)
{
    mg_init_library(MG_FEATURES_DEFAULT);
}

static enum err_code start_http(
    struct api_server *server, const struct api_server_options *options, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    unsigned threads = options->threads != 0 ? options->threads : DEFAULT_THREADS;
    unsigned keep = options->keep_alive_ms != 0 ? options->keep_alive_ms : DEFAULT_KEEP_ALIVE_MS;
    unsigned header = options->header_ms != 0 ? options->header_ms : DEFAULT_HEADER_MS;
    const char *host = options->host != NULL ? options->host : "127.0.0.1";
    if (threads > MAX_THREADS) {
        return err_set(err, ERR_BAD_INPUT, "at most %d threads are possible", MAX_THREADS);
    }
    open_files_allow(threads, WAITING);
    char port[64], threads_text[16], keep_text[16], header_text[16], waiting[16];
    snprintf(port, sizeof port, "%s:%u", host, options->port);
    snprintf(threads_text, sizeof threads_text, "%u", threads);
    snprintf(keep_text, sizeof keep_text, "%u", keep);
    snprintf(header_text, sizeof header_text, "%u", header);
    snprintf(waiting, sizeof waiting, "%d", WAITING);
    const char *settings[] = {"listening_ports", port, "num_threads", threads_text,
        "enable_keep_alive", "yes", "keep_alive_timeout_ms", keep_text, "request_timeout_ms",
        header_text, "tcp_nodelay", "1", "decode_url", "no", "enable_directory_listing", "no",
        "enable_auth_domain_check", "no", "connection_queue", waiting, "listen_backlog", waiting,
        "max_request_size", "32768", "access_control_allow_methods", "", NULL};
    const struct mg_callbacks callbacks = {.begin_request = on_request,
        .http_error = on_error,
        .init_connection = on_connection,
        .connection_close = on_close,
        .init_thread = on_thread,
        .exit_thread = on_thread_end,
        .log_message = on_message};
    server->http = mg_start(&callbacks, server, settings);
    struct mg_server_port bound[1];
    if (server->http == NULL || mg_get_server_ports(server->http, 1, bound) != 1) {
        return err_set(err, ERR_IO,
            "cannot listen on %s; is the port in use, or the address not one of this machine?",
            port);
    }
    server->address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)bound[0].port)};
    inet_pton(AF_INET, host, &server->address.sin_addr);
    return ERR_OK;
}

enum err_code api_server_start(
    const struct api_server_options *options, struct api_server **server, struct err *err)
{
    struct api_server *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory for the server");
    }
    s->context.registry = options->registry;
    s->context.max_body = options->max_body != 0 ? options->max_body : DEFAULT_BODY;
    s->context.max_file = options->max_file != 0 ? options->max_file : DEFAULT_FILE;
    if (s->context.max_file < s->context.max_body) {
        s->context.max_file = s->context.max_body;
    }
    s->context.boot = (uint64_t)time(NULL);
    s->access_log = options->access_log;
    s->context.loopback = options->host == NULL || host_is_loopback(options->host);
    s->context.host_names = options->host_names;
    s->context.external_url = options->external_url;
    s->context.trust_proxy = options->trust_proxy;
    s->context.shell_id = options->shell_id;
    s->context.submodel_id = options->submodel_id;
    s->context.policy_said = options->policy != NULL;
    s->context.policy = options->policy != NULL ? *options->policy
                                                : (struct lifecycle_policy){.approvals = 1,
                                                      .languages = LIFECYCLE_LANGUAGES};
    s->limits = (struct transfer_limits){
        .grace_ms = options->body_ms != 0 ? options->body_ms : DEFAULT_BODY_MS,
        .bytes_per_ms = BYTES_PER_MS,
        .max_body = s->context.max_body,
        .max_file = s->context.max_file,
        .files = &s->files,
        .bodies = &s->bodies};
    size_t memory = options->memory_bytes != 0 ? options->memory_bytes : share_usual();
    size_t bodies = BODIES_LEAST * s->context.max_body;
    budget_init(&s->memory, memory);
    budget_init(&s->bodies, memory / BODIES_SHARE > bodies ? memory / BODIES_SHARE : bodies);
    budget_init(&s->files, FILES_FACTOR * s->context.max_file);
    s->context.memory = &s->memory;
    pool_init(&s->pool);
    gzip_init(&s->gzip);
    if (options->cors_origins != NULL) {
        s->cors_origins = strdup(options->cors_origins);
        s->context.cors_origins = s->cors_origins;
    }
    enum err_code code = access_setup(&s->context, options, err);
    if (code == ERR_OK) {
        code = watchdog_start(&s->watchdog, err);
    }
    if (code == ERR_OK) {
        code = operations_start(options->delegate, memory, &s->context.operations, err);
    }
    if (code == ERR_OK) {
        s->context.bulk = bulk_start(&s->context);
        code = s->context.bulk != NULL
                   ? ERR_OK
                   : err_set(err, ERR_NO_MEMORY, "not enough memory for the server");
    }
    if (code == ERR_OK) {
        code = start_http(s, options, err);
    }
    if (code != ERR_OK) {
        api_server_stop(s);
        return code;
    }
    *server = s;
    return ERR_OK;
}

/* The library notices the end only when it next looks up from waiting for connections, up to two
 * seconds later; a connection makes it look up. */
static void *nudge(void *context)
{
    struct api_server *server = context;
    while (!atomic_load(&server->stopped)) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (fd >= 0) {
            (void)connect(fd, (struct sockaddr *)&server->address, sizeof server->address);
        }
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
        if (fd >= 0) {
            close(fd);
        }
    }
    return NULL;
}

static void stop_http(struct api_server *server)
{
    pthread_t nudger;
    bool nudged = pthread_create(&nudger, NULL, nudge, server) == 0;
    mg_stop(server->http);
    atomic_store(&server->stopped, true);
    if (nudged) {
        pthread_join(nudger, NULL);
    }
}

void api_server_stop(struct api_server *server)
{
    if (server == NULL) {
        return;
    }
    operations_cancel(server->context.operations);
    if (server->http != NULL) {
        stop_http(server);
    }
    bulk_stop(server->context.bulk);
    operations_stop(server->context.operations);
    watchdog_stop(&server->watchdog);
    pool_finish(&server->pool);
    gzip_finish(&server->gzip);
    budget_finish(&server->memory);
    budget_finish(&server->bodies);
    budget_finish(&server->files);
    access_teardown(&server->context);
    free(server->cors_origins);
    free(server);
}

uint16_t api_server_port(const struct api_server *server)
{
    return ntohs(server->address.sin_port);
}

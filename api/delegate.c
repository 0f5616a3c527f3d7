/* SPDX-License-Identifier: Apache-2.0 */
#include "api/delegate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

/* ------------------------------------------------------------------ who may be asked */

/* Splits "host", "host:port", "[v6]" and "[v6]:port". */
static bool read_host(const char *text, size_t len, struct delegate_host *host)
{
    const char *bracket = text[0] == '[' ? memchr(text, ']', len) : NULL;
    size_t name = bracket != NULL ? (size_t)(bracket - text) + 1 : 0;
    if (text[0] != '[') {
        const char *colon = memchr(text, ':', len);
        name = colon != NULL ? (size_t)(colon - text) : len;
    }
    if (name == 0 || name >= sizeof host->name) {
        return false;
    }
    for (size_t i = 0; i < name; i++) {
        char c = text[i];
        if (!isalnum((unsigned char)c) && strchr("-._[]:", c) == NULL) {
            return false;
        }
        host->name[i] = (char)tolower((unsigned char)c);
    }
    host->name[name] = '\0';
    host->port = 0;
    if (name == len) {
        return true;
    }
    unsigned long port = 0;
    for (size_t i = name + 1; i < len && port <= UINT16_MAX; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        port = port * 10 + (unsigned long)(text[i] - '0');
    }
    host->port = (uint16_t)port;
    return text[name] == ':' && port > 0 && port <= UINT16_MAX;
}

enum err_code delegate_hosts_read(const char *text, struct delegate_hosts *hosts, struct err *err)
{
    memset(hosts, 0, sizeof *hosts);
    while (text != NULL && *text != '\0') {
        text += strspn(text, ", ");
        size_t len = strcspn(text, ", ");
        if (len == 0) {
            break;
        }
        if (hosts->count == DELEGATE_MAX_HOSTS) {
            return err_set(
                err, ERR_BAD_INPUT, "at most %d hosts can be named", (int)DELEGATE_MAX_HOSTS);
        }
        if (!read_host(text, len, &hosts->list[hosts->count])) {
            enum err_code code =
                err_set(err, ERR_BAD_INPUT, "\"%.*s\" is no host to delegate operations to",
                    (int)(len < 200 ? len : 200), text);
            err_rule(err, NULL, "Name a host, or a host and a port: machine.example:8443.");
            return code;
        }
        hosts->count++;
        text += len;
    }
    return ERR_OK;
}

static const struct delegate_host *find_host(
    const struct delegate_hosts *hosts, const char *name, uint16_t port)
{
    for (size_t i = 0; i < hosts->count; i++) {
        const struct delegate_host *host = &hosts->list[i];
        if (strcasecmp(host->name, name) == 0 && (host->port == 0 || host->port == port)) {
            return host;
        }
    }
    return NULL;
}

/* Parts of a URL as the library that will ask for it sees them. */
struct parts {
    char *scheme;
    char *host;
    char *port;
    char *user;
};

static void parts_finish(struct parts *parts)
{
    curl_free(parts->scheme);
    curl_free(parts->host);
    curl_free(parts->port);
    curl_free(parts->user);
}

static bool parts_read(const char *url, struct parts *parts)
{
    CURLU *handle = curl_url();
    *parts = (struct parts){NULL, NULL, NULL, NULL};
    if (handle == NULL) {
        return false;
    }
    bool read = curl_url_set(handle, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                curl_url_get(handle, CURLUPART_SCHEME, &parts->scheme, 0) == CURLUE_OK;
    (void)curl_url_get(handle, CURLUPART_HOST, &parts->host, 0);
    (void)curl_url_get(handle, CURLUPART_PORT, &parts->port, CURLU_DEFAULT_PORT);
    (void)curl_url_get(handle, CURLUPART_USER, &parts->user, 0);
    curl_url_cleanup(handle);
    return read;
}

static enum err_code check_parts(const struct delegate_hosts *hosts, const struct parts *parts,
    const struct delegate_host **host, struct err *err)
{
    if (strcmp(parts->scheme, "http") != 0 && strcmp(parts->scheme, "https") != 0) {
        return err_set(err, ERR_BAD_INPUT,
            "the operation's target must begin with http:// or https://, not with %.40s://",
            parts->scheme);
    }
    if (parts->host == NULL || parts->port == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the operation's target names no host");
    }
    if (parts->user != NULL) {
        return err_set(err, ERR_BAD_INPUT, "the operation's target must not have a user name");
    }
    if (hosts->count == 0) {
        enum err_code code =
            err_set(err, ERR_NOT_OFFERED, "this server asks no other server to run operations");
        err_rule(err, NULL, "The operator can allow hosts with --delegate HOST[:PORT].");
        return code;
    }
    *host = find_host(hosts, parts->host, (uint16_t)strtoul(parts->port, NULL, 10));
    if (*host == NULL) {
        enum err_code code = err_set(err, ERR_FORBIDDEN,
            "operations may not be delegated to %.200s:%.8s", parts->host, parts->port);
        err_rule(err, NULL, "The operator can allow that host with --delegate HOST[:PORT].");
        return code;
    }
    return ERR_OK;
}

/* The rule that lets the URL pass. */
static enum err_code find_rule(const struct delegate_hosts *hosts, const char *url,
    const struct delegate_host **host, struct err *err)
{
    struct parts parts;
    if (strlen(url) > DELEGATE_URL_BYTES) {
        return err_set(err, ERR_BAD_INPUT, "the operation's target has more than %d bytes",
            (int)DELEGATE_URL_BYTES);
    }
    enum err_code code = parts_read(url, &parts)
                             ? check_parts(hosts, &parts, host, err)
                             : err_set(err, ERR_BAD_INPUT,
                                   "the operation's target \"%.200s\" is no complete URL", url);
    parts_finish(&parts);
    return code;
}

enum err_code delegate_check(const struct delegate_hosts *hosts, const char *url, struct err *err)
{
    const struct delegate_host *host;
    return find_rule(hosts, url, &host, err);
}

/* ------------------------------------------------------------------ one call */

struct exchange {
    const struct delegate_call *call;
    const struct delegate_host *host; /* the rule of the URL that is being asked */
    struct buf *answer;
    size_t header_bytes;
    bool too_large;
    bool wrong_address;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t len = size * count;
    if (x->answer->len + len > DELEGATE_MAX_ANSWER) {
        x->too_large = true;
        return 0;
    }
    buf_add(x->answer, bytes, len);
    return buf_failed(x->answer) ? 0 : len;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    (void)bytes;
    x->header_bytes += size * count;
    x->too_large = x->too_large || x->header_bytes > DELEGATE_MAX_HEADER;
    return x->too_large ? 0 : size * count;
}

static int look_up(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct exchange *x = context;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return x->call->stopped != NULL && atomic_load(x->call->stopped) ? 1 : 0;
}

static bool ordinary_v4(uint32_t address)
{
    return address >> 24 != 0 && address >> 24 != 127 && address >> 16 != 0xa9fe &&
           address >> 28 < 0xe;
}

/* Where an address of version 6 carries one of version 4 (mapped, compatible, RFC 6052, RFC 3056);
 * -1: nowhere. */
static int v4_inside(const struct in6_addr *address)
{
    static const unsigned char translated[12] = {0x00, 0x64, 0xff, 0x9b};
    if (IN6_IS_ADDR_V4MAPPED(address) || IN6_IS_ADDR_V4COMPAT(address) ||
        memcmp(address->s6_addr, translated, sizeof translated) == 0) {
        return 12;
    }
    return address->s6_addr[0] == 0x20 && address->s6_addr[1] == 0x02 ? 2 : -1;
}

bool delegate_ordinary_v6(const struct in6_addr *address)
{
    int inside = v4_inside(address);
    if (inside >= 0) {
        uint32_t v4;
        memcpy(&v4, address->s6_addr + inside, sizeof v4);
        return ordinary_v4(ntohl(v4));
    }
    return !IN6_IS_ADDR_LOOPBACK(address) && !IN6_IS_ADDR_UNSPECIFIED(address) &&
           !IN6_IS_ADDR_LINKLOCAL(address) && !IN6_IS_ADDR_MULTICAST(address);
}

/* An address that is written out was meant; so was "localhost". */
static bool is_written_out(const char *host)
{
    struct in_addr v4;
    return host[0] == '[' || strcmp(host, "localhost") == 0 || inet_pton(AF_INET, host, &v4) == 1;
}

/* Called with the address of the connection to be made: nothing can change it any more. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct exchange *x = context;
    bool ordinary = true;
    (void)purpose;
    if (!is_written_out(x->host->name)) {
        if (to->family == AF_INET) {
            struct sockaddr_in v4;
            memcpy(&v4, &to->addr, sizeof v4);
            ordinary = ordinary_v4(ntohl(v4.sin_addr.s_addr));
        } else if (to->family == AF_INET6 && to->addrlen >= sizeof(struct sockaddr_in6)) {
            const void *address = &to->addr;
            struct sockaddr_in6 v6;
            memcpy(&v6, address, sizeof v6);
            ordinary = delegate_ordinary_v6(&v6.sin6_addr);
        }
    }
    if (!ordinary) {
        x->wrong_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void set_limits(CURL *curl, int64_t left_ms)
{
    long connect_ms = left_ms < DELEGATE_CONNECT_MS ? (long)left_ms : (long)DELEGATE_CONNECT_MS;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)DELEGATE_MAX_ANSWER);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static void set_callbacks(CURL *curl, struct exchange *x)
{
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, x);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum err_code failure(const struct exchange *x, CURLcode result, struct err *err)
{
    if (x->too_large || result == CURLE_FILESIZE_EXCEEDED) {
        return err_set(err, ERR_TOO_LARGE,
            "the operation's target answered with more than %d bytes", (int)DELEGATE_MAX_ANSWER);
    }
    if (x->wrong_address) {
        return err_set(err, ERR_FORBIDDEN,
            "the name %.200s leads to this machine, a link-local or a group address",
            x->host->name);
    }
    if (result == CURLE_OPERATION_TIMEDOUT) {
        return err_set(err, ERR_TIMEOUT, "the operation's target did not answer in time");
    }
    if (result == CURLE_ABORTED_BY_CALLBACK) {
        return err_set(err, ERR_BUSY, "the server is stopping");
    }
    return err_set(
        err, ERR_IO, "the operation's target could not be asked: %s", curl_easy_strerror(result));
}

/* 2xx is an answer, 307 and 308 lead on: *next is set; the caller frees it. */
static enum err_code judge_status(CURL *curl, char **next, struct err *err)
{
    long status = 0;
    char *location = NULL;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
    if (status >= 200 && status < 300) {
        return ERR_OK;
    }
    if ((status == 307 || status == 308) && location != NULL) {
        *next = strdup(location);
        return *next != NULL ? ERR_OK : err_set(err, ERR_NO_MEMORY, "not enough memory");
    }
    if (status >= 300 && status < 400) {
        return err_set(err, ERR_IO,
            "the operation's target answered with status %ld; of redirects only 307 and 308 are "
            "followed, since others drop the body",
            status);
    }
    return err_set(err, ERR_IO, "the operation's target answered with status %ld", status);
}

static enum err_code ask(CURL *curl, struct exchange *x, int64_t end_ms, struct err *err)
{
    char *next = NULL;
    enum err_code code = find_rule(x->call->hosts, x->call->url, &x->host, err);
    curl_easy_setopt(curl, CURLOPT_URL, x->call->url);
    for (int hops = 0; code == ERR_OK; hops++) {
        int64_t left = end_ms - now_ms();
        set_limits(curl, left > 0 ? left : 1);
        buf_clear(x->answer);
        CURLcode result = curl_easy_perform(curl);
        if (result != CURLE_OK) {
            code = failure(x, result, err);
            break;
        }
        free(next);
        next = NULL;
        code = judge_status(curl, &next, err);
        if (code != ERR_OK || next == NULL) {
            break;
        }
        if (hops == DELEGATE_MAX_REDIRECTS) {
            code = err_set(err, ERR_IO, "the operation's target redirects more than %d times",
                (int)DELEGATE_MAX_REDIRECTS);
            break;
        }
        code = find_rule(x->call->hosts, next, &x->host, err);
        curl_easy_setopt(curl, CURLOPT_URL, next);
    }
    free(next);
    return code;
}

static struct curl_slist *header_lines(const struct delegate_call *call)
{
    char line[200];
    static const char *const fixed[] = {
        "Content-Type: application/json", "Accept: application/json", "Expect:"};
    struct curl_slist *list = NULL;
    snprintf(line, sizeof line, "X-Request-ID: %.100s", call->request_id);
    for (size_t i = 0; i <= sizeof fixed / sizeof *fixed; i++) {
        struct curl_slist *longer =
            curl_slist_append(list, i < sizeof fixed / sizeof *fixed ? fixed[i] : line);
        if (longer == NULL) {
            curl_slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return list;
}

static void start_library(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum err_code delegate_post(const struct delegate_call *call, struct buf *answer, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    struct exchange x = {.call = call, .answer = answer};
    int64_t end_ms = now_ms() + call->timeout_ms;
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = header_lines(call);
    enum err_code code;
    if (curl == NULL || lines == NULL) {
        code = err_set(err, ERR_NO_MEMORY, "not enough memory to ask the operation's target");
        goto out;
    }
    set_callbacks(curl, &x);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Jig/" JIG_VERSION);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body_len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
    code = ask(curl, &x, end_ms, err);
out:
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
    return code;
}

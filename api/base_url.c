/* SPDX-License-Identifier: Apache-2.0 */
#include "api/base_url.h"

#include <string.h>
#include <strings.h>

#include "api/context.h"
#include "api/support.h"

enum { HOST_MAX = 255, PREFIX_MAX = 512 };

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"
#define PATH_CHARACTERS HOST_CHARACTERS "/~%!$&()*+,;=@"

static bool is_host(const char *text, size_t len)
{
    return len > 0 && len <= HOST_MAX && strspn(text, HOST_CHARACTERS) >= len;
}

bool base_url_fits(const char *url)
{
    size_t scheme = strncmp(url, "http://", 7) == 0 ? 7 : strncmp(url, "https://", 8) == 0 ? 8 : 0;
    const char *host = url + scheme;
    const char *path = host + strcspn(host, "/");
    size_t len = strlen(path);
    return scheme > 0 && is_host(host, (size_t)(path - host)) && len <= PREFIX_MAX &&
           strspn(path, PATH_CHARACTERS) == len;
}

bool base_url_names(const char *url, const char *host)
{
    const char *at = strstr(url, "://");
    size_t len = strlen(host);
    return at != NULL && strncasecmp(at + 3, host, len) == 0 &&
           (at[3 + len] == '\0' || at[3 + len] == ':' || at[3 + len] == '/');
}

/* The first element of a field's list, trimmed; length 0 when there is none. */
static struct api_text first_of(const struct api_request *request, const char *name)
{
    const char *value = api_request_header(request, name);
    if (value == NULL) {
        return (struct api_text){"", 0};
    }
    value += strspn(value, " \t");
    size_t len = strcspn(value, ",");
    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t')) {
        len--;
    }
    return (struct api_text){value, len};
}

static size_t without_slash(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '/') {
        len--;
    }
    return len;
}

/* What a trusted proxy takes away in front of the path; length 0 when it says nothing usable. */
static struct api_text forwarded_prefix(const struct api_request *request)
{
    struct api_text before = {"", 0};
    if (request->context->trust_proxy) {
        before = first_of(request, "X-Forwarded-Prefix");
    }
    bool path = before.len > 0 && before.len <= PREFIX_MAX && before.text[0] == '/' &&
                strspn(before.text, PATH_CHARACTERS) >= before.len;
    before.len = path ? without_slash(before.text, before.len) : 0;
    return before;
}

const char *base_path(struct api_request *request)
{
    const char *external = request->context->external_url;
    struct api_text path = forwarded_prefix(request);
    if (external != NULL) {
        const char *host = strstr(external, "://");
        path.text = host == NULL ? "" : host + 3 + strcspn(host + 3, "/");
        path.len = without_slash(path.text, strlen(path.text));
    }
    const char *passed = request->prefix;
    if (path.len == 0 || (strncmp(passed, path.text, path.len) == 0 &&
                             (passed[path.len] == '/' || passed[path.len] == '\0'))) {
        return "";
    }
    const char *copy = arena_copy(&request->arena, path.text, path.len);
    return copy != NULL ? copy : "";
}

enum err_code base_url(struct api_request *request, const char **url, struct err *err)
{
    const struct api_context *context = request->context;
    if (context->external_url != NULL) {
        size_t len = without_slash(context->external_url, strlen(context->external_url));
        *url = arena_copy(&request->arena, context->external_url, len);
        return *url == NULL ? support_full(err) : ERR_OK;
    }
    struct api_text host = first_of(request, "Host");
    struct api_text prefix = forwarded_prefix(request);
    const char *scheme = "http";
    if (context->trust_proxy) {
        struct api_text proto = first_of(request, "X-Forwarded-Proto");
        struct api_text forwarded = first_of(request, "X-Forwarded-Host");
        bool tls = proto.len == 5 && strncasecmp(proto.text, "https", 5) == 0;
        scheme = tls ? "https" : scheme;
        host = forwarded.len > 0 ? forwarded : host;
    }
    if (host.len == 0) { /* HTTP/1.0 */
        host = (struct api_text){"localhost", 9};
    }
    if (!is_host(host.text, host.len)) {
        err_set(err, ERR_BAD_INPUT, "the header field Host names no host: \"%.*s\"",
            (int)(host.len < 100 ? host.len : 100), host.text);
        err_rule(err, NULL, "Send the name and port under which you reach this server.");
        return ERR_BAD_INPUT;
    }
    *url = arena_printf(&request->arena, "%s://%.*s%.*s%s", scheme, (int)host.len, host.text,
        (int)prefix.len, prefix.text, request->prefix);
    return *url == NULL ? support_full(err) : ERR_OK;
}

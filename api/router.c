/* SPDX-License-Identifier: Apache-2.0 */
#include "api/guard.h"
#include "api/routes.h"

#include <string.h>

static const char base[] = "/api/v3";

struct segments {
    struct api_text list[API_MAX_SEGMENTS];
    size_t count;
};

/* Splits at slashes first and decodes then, so that %2F stays inside its segment. */
static enum err_code split(
    struct api_request *request, const char *path, struct segments *segments, struct err *err)
{
    char *room = arena_alloc(&request->arena, strlen(path) + API_MAX_SEGMENTS + 1);
    if (room == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the address needs too much memory");
    }
    segments->count = 0;
    while (*path == '/') {
        path++;
        size_t len = strcspn(path, "/");
        if (len == 0 && path[0] == '\0') {
            break;
        }
        if (segments->count == API_MAX_SEGMENTS) {
            return err_set(err, ERR_NO_OPERATION, "no operation has an address of that many parts");
        }
        struct api_text *segment = &segments->list[segments->count++];
        segment->text = room;
        enum err_code code = guard_unescape(path, len, false, room, &segment->len, err);
        if (code != ERR_OK) {
            return code;
        }
        room += segment->len + 1;
        path += len;
    }
    return ERR_OK;
}

static bool fits(const char *pattern, size_t len, const struct api_text *segment)
{
    if (pattern[0] == '{') {
        return segment->len > 0 && segment->text[0] != '$';
    }
    return len == segment->len && memcmp(pattern, segment->text, len) == 0;
}

/* Most rows differ within the first two characters; no row begins with a placeholder. */
static bool begins_alike(const char *pattern, const struct segments *segments)
{
    const char *first = segments->count > 0 ? segments->list[0].text : "";
    return pattern[1] == first[0] &&
           (first[0] == '\0' || pattern[2] == first[1] || pattern[2] == '/');
}

static bool matches(const char *pattern, const struct segments *segments)
{
    size_t at = 0;
    while (*pattern == '/' && pattern[1] != '\0') {
        pattern++;
        size_t len = strcspn(pattern, "/");
        if (at == segments->count || !fits(pattern, len, &segments->list[at])) {
            return false;
        }
        at++;
        pattern += len;
    }
    return at == segments->count;
}

static void capture(struct api_request *request, const struct segments *segments)
{
    const char *pattern = request->route->pattern;
    request->capture_count = 0;
    for (size_t at = 0; *pattern == '/' && at < segments->count; at++) {
        pattern++;
        if (pattern[0] == '{' && request->capture_count < API_MAX_CAPTURES) {
            request->captures[request->capture_count++] = segments->list[at];
        }
        pattern += strcspn(pattern, "/");
    }
}

enum err_code api_route_find(struct api_request *request, struct err *err)
{
    struct segments segments;
    const char *path = request->path;
    size_t prefix = sizeof base - 1;
    if (strncmp(path, base, prefix) == 0 && (path[prefix] == '/' || path[prefix] == '\0')) {
        request->prefix = base;
        path += prefix;
    }
    enum err_code code = split(request, path, &segments, err);
    if (code != ERR_OK) {
        return code;
    }
    enum api_method method = request->method == API_HEAD ? API_GET : request->method;
    size_t count;
    const struct api_route *routes = api_routes(&count);
    request->allowed = 0;
    request->route = NULL;
    for (size_t i = 0; i < count; i++) {
        if (begins_alike(routes[i].pattern, &segments) && matches(routes[i].pattern, &segments)) {
            request->allowed |= 1u << routes[i].method;
            if (routes[i].method == method && request->route == NULL) {
                request->route = &routes[i];
                capture(request, &segments);
                return ERR_OK;
            }
        }
    }
    if (request->allowed == 0) {
        return err_set(err, ERR_NO_OPERATION,
            "there is no operation at this address; look at /description for what is offered");
    }
    if (request->method == API_OPTIONS) {
        return ERR_OK;
    }
    bool known = request->method != API_METHOD_UNKNOWN;
    return err_set(err, ERR_METHOD, "this address does not take %s",
        known ? api_method_name(request->method) : "this method");
}

const char *api_allow(struct arena *arena, unsigned allowed)
{
    const char *list = "";
    for (size_t i = 0; i < API_METHOD_COUNT && list != NULL; i++) {
        if (allowed & 1u << i) {
            list = arena_printf(arena, "%s%s, %s", list, api_method_name((enum api_method)i),
                i == API_GET ? "HEAD, " : "");
        }
    }
    list = list == NULL ? NULL : arena_printf(arena, "%sOPTIONS", list);
    return list == NULL ? "" : list;
}

size_t api_route_index(const struct api_route *route)
{
    size_t count;
    return (size_t)(route - api_routes(&count));
}

const char *api_route_semantics(struct arena *arena, const struct api_route *route)
{
    if (!route->standard) {
        return NULL;
    }
    size_t len = strcspn(route->operation, "_");
    return arena_printf(
        arena, "https://admin-shell.io/aas/API/%.*s/3/1", (int)len, route->operation);
}

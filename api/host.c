/* SPDX-License-Identifier: Apache-2.0 */
#include "api/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "api/base_url.h"
#include "api/context.h"

enum { NAME_BYTES = 256 };

bool host_is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0;
}

/* The name without port; false for what is no host. */
static bool name_of(const char *host, char name[NAME_BYTES])
{
    bool bracket = host[0] == '[';
    size_t len = bracket ? strcspn(host, "]") : strcspn(host, ":");
    if (bracket && host[len] == ']') {
        len++;
    }
    if (len == 0 || len >= NAME_BYTES || (host[len] != '\0' && host[len] != ':')) {
        return false;
    }
    memcpy(name, host, len);
    name[len] = '\0';
    return true;
}

static bool is_address(const char *name)
{
    struct in_addr ignored;
    return name[0] == '[' || inet_pton(AF_INET, name, &ignored) == 1;
}

static bool is_local(const char *name)
{
    static const char below[] = ".localhost";
    size_t len = strlen(name);
    return strcasecmp(name, below + 1) == 0 ||
           (len > sizeof below - 1 && strcasecmp(name + len - (sizeof below - 1), below) == 0);
}

enum err_code host_check(const struct api_request *request, struct err *err)
{
    const struct api_context *context = request->context;
    if (!context->loopback || !api_method_changes(request->method)) {
        return ERR_OK;
    }
    const char *host = api_request_header(request, "Host");
    char name[NAME_BYTES] = "";
    if (host == NULL) {
        return ERR_OK;
    }
    bool readable = name_of(host, name);
    bool named = context->host_names != NULL &&
                 (strcmp(context->host_names, "*") == 0 || api_list_has(context->host_names, name));
    named = named || (context->external_url != NULL && base_url_names(context->external_url, name));
    if (readable && (named || is_address(name) || is_local(name))) {
        return ERR_OK;
    }
    err_set(err, ERR_FORBIDDEN,
        "this server is reached by its address only; nothing is changed under the name \"%.200s\"",
        host);
    err_rule(err, NULL, "Use localhost, or start the server with --host-name and this name.");
    return ERR_FORBIDDEN;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "api/accept.h"

#include <string.h>
#include <strings.h>

#define XML_TYPES "application/xml", "text/xml"

/* Thousandths of `;q=`; 1000 when absent or unreadable. */
static int quality(const char *item, size_t len)
{
    for (size_t i = 0; i + 3 <= len; i++) {
        if (item[i] != ';') {
            continue;
        }
        size_t at = i + 1;
        while (at < len && (item[at] == ' ' || item[at] == '\t')) {
            at++;
        }
        if (at + 2 < len && (item[at] == 'q' || item[at] == 'Q') && item[at + 1] == '=') {
            int value = 0;
            int scale = 1000;
            for (at += 2; at < len && scale > 0; at++) {
                if (item[at] == '.') {
                    continue;
                }
                if (item[at] < '0' || item[at] > '9') {
                    break;
                }
                value += (item[at] - '0') * scale;
                scale /= 10;
            }
            return value > 1000 ? 1000 : value;
        }
    }
    return 1000;
}

/* 3: the very type, 2: type/ *, 1: * / *, 0: no match. */
static int match(const char *range, size_t len, const char *type)
{
    size_t name = 0;
    while (name < len && range[name] != ';' && range[name] != ' ' && range[name] != '\t') {
        name++;
    }
    if (name == strlen(type) && strncasecmp(range, type, name) == 0) {
        return 3;
    }
    if (name == 3 && memcmp(range, "*/*", 3) == 0) {
        return 1;
    }
    const char *slash = strchr(type, '/');
    size_t major = (size_t)(slash - type) + 1;
    if (name == major + 1 && range[major] == '*' && strncasecmp(range, type, major) == 0) {
        return 2;
    }
    return 0;
}

/* The quality of one type: that of the most specific range that matches it. */
static int quality_of(const char *accept, const char *type)
{
    int best_match = 0;
    int best = 0;
    while (*accept != '\0') {
        accept += strspn(accept, ", \t");
        size_t len = strcspn(accept, ",");
        int fits = match(accept, len, type);
        if (fits > best_match) {
            best_match = fits;
            best = quality(accept, len);
        }
        accept += len;
    }
    return best;
}

int accept_choose(const char *accept, const char *const *offered, size_t count)
{
    if (accept == NULL || accept[strspn(accept, " \t")] == '\0') {
        return 0;
    }
    int chosen = -1;
    int best = 0;
    for (size_t i = 0; i < count; i++) {
        int q = quality_of(accept, offered[i]);
        if (q > best) {
            best = q;
            chosen = (int)i;
        }
    }
    return chosen;
}

static enum err_code refuse(const char *accept, const char *offered, struct err *err)
{
    return err_set(err, ERR_NOT_ACCEPTABLE,
        "the request accepts only \"%.200s\"; this address gives %s", accept, offered);
}

enum err_code accept_json(const struct api_request *request, struct err *err)
{
    static const char *const offered[] = {"application/json"};
    const char *accept = api_request_header(request, "Accept");
    return accept_choose(accept, offered, 1) < 0 ? refuse(accept, offered[0], err) : ERR_OK;
}

enum err_code accept_json_or_xml(
    const struct api_request *request, enum api_media *media, struct err *err)
{
    static const char *const offered[] = {"application/json", XML_TYPES};
    const char *accept = api_request_header(request, "Accept");
    int chosen = accept_choose(accept, offered, 3);
    if (chosen < 0) {
        return refuse(accept, "application/json and application/xml", err);
    }
    *media = chosen == 0 ? API_MEDIA_JSON : API_MEDIA_XML;
    return ERR_OK;
}

/* JSON is UTF-8 always (RFC 8259, 8.1), and so is all that is read here. */
static bool is_utf8(const char *type)
{
    const char *at = strcasestr(type, "charset=");
    if (at == NULL || strncasecmp(type, "multipart/", 10) == 0) {
        return true;
    }
    at += strlen("charset=");
    at += *at == '"' ? 1 : 0;
    size_t len = strcspn(at, "\"; \t");
    return (len == 5 && strncasecmp(at, "utf-8", len) == 0) ||
           (len == 4 && strncasecmp(at, "utf8", len) == 0) ||
           (len == 8 && strncasecmp(at, "us-ascii", len) == 0);
}

enum api_media accept_body_media(const struct api_request *request)
{
    static const struct {
        const char *type;
        enum api_media media;
    } known[] = {{"application/json", API_MEDIA_JSON}, {"text/json", API_MEDIA_JSON},
        {"application/xml", API_MEDIA_XML}, {"text/xml", API_MEDIA_XML},
        {"application/asset-administration-shell-package", API_MEDIA_AASX},
        {"application/asset-administration-shell-package+xml", API_MEDIA_AASX},
        {"application/aasx+xml", API_MEDIA_AASX}, {"application/aas+zip", API_MEDIA_AASX},
        {"application/zip", API_MEDIA_AASX}, {"application/octet-stream", API_MEDIA_AASX},
        {"multipart/form-data", API_MEDIA_FORM}};
    const char *type = api_request_header(request, "Content-Type");
    if (type == NULL) {
        return API_MEDIA_JSON;
    }
    if (!is_utf8(type)) {
        return API_MEDIA_OTHER;
    }
    size_t len = strcspn(type, "; \t");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].type) == len && strncasecmp(known[i].type, type, len) == 0) {
            return known[i].media;
        }
    }
    return API_MEDIA_OTHER;
}

enum err_code accept_json_patch(const struct api_request *request, struct err *err)
{
    static const char merge_patch[] = "application/merge-patch+json";
    const char *type = api_request_header(request, "Content-Type");
    bool merge = type != NULL && strcspn(type, "; \t") == sizeof merge_patch - 1 &&
                 strncasecmp(type, merge_patch, sizeof merge_patch - 1) == 0 && is_utf8(type);
    return merge || accept_body_media(request) == API_MEDIA_JSON
               ? ERR_OK
               : err_set(err, ERR_MEDIA_TYPE, "changes are taken as application/json only");
}
